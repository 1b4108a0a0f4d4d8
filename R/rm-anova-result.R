# From the columns of the core to rows with words.

# All problems: outcomes x groups. Each set of between terms of a group is one call of the core for all its outcomes.
solve_rm_anova <- function(input, words, call) {
  groups <- seq_len(nrow(input$by))
  parts <- lapply(groups, function(g) if (input$kind == "figures") input else rm_group_input(input, g))
  solved <- lapply(parts, anova_part, words, call)
  rows <- anova_rows(solved, input, words)
  account <- anova_account(input, solved)
  drawn <- words$replicates > 0 && startsWith(words$effect, "generalised")
  if (words$replicates > 0 && !drawn) restore_seed(words$seed)
  settings <- list(
    family = "rm_anova", by = names(input$by), conf_level = words$conf_level, scale = "difference", p_adjust = "none",
    title = paste0("Repeated-measures ANOVA, type ", words$type, " sums of squares"), kind = input$kind,
    warning = account$warning, lines = c(input$notes, account$lines), words = words,
    seed = if (drawn) words$seed$value, replicates = if (drawn) words$replicates
  )
  sphericity <- sphericity_rows(solved, input)
  settings$lines <- c(settings$lines, sphericity_line(sphericity))
  build_result(rows, class = "respondr_rm_anova", settings = c(settings, list(sphericity = sphericity)),
    trace = anova_trace(input, words), input = input, call = call)
}

# One `by` group: the raw columns of the core for every outcome. Outcomes whose patients lack a level of a factor have a
# design of their own.
anova_part <- function(part, words, call) {
  outcomes <- seq_along(part$outcomes)
  lost <- if (part$kind == "figures") rep(FALSE, length(outcomes)) else lost_levels(part)
  calls <- c(if (any(!lost)) list(list(part = part, outcomes = outcomes[!lost])), lapply(outcomes[lost], function(o) {
    used <- which(complete_patients(part, o)$complete)
    list(part = if (length(used)) rm_take_patients(part, used) else part, outcomes = o)
  }))
  solved <- lapply(calls, function(one) {
    lapply(rm_designs(one$part), function(design) {
      design <- core_design(one$part, design, words$type, words$observed)
      raw <- anova_core(one$part, one$outcomes, design, words, call)
      raw$tests$outcome <- one$outcomes[raw$tests$problem]
      raw$problems$outcome <- one$outcomes
      c(one, list(design = design, tests = raw$tests, problems = raw$problems))
    })
  })
  list(part = part, calls = unlist(solved, recursive = FALSE))
}

# What the core wants to know of a design beside its matrices; the constant comes first among the within bases.
core_design <- function(part, design, type, observed = character()) {
  factors <- factor_names(part)
  numbers <- setdiff(names(part$between), factors)
  sets <- unique(c("", design$sets))
  split <- function(x) strsplit(x, ":", fixed = TRUE)
  measured <- vapply(split(c("", design$terms)), function(v) any(v %in% c(observed, numbers)), NA)
  sizes <- vapply(part$within, nlevels, 0L)
  list(
    x = design$x, assign = design$assign, contains = design$contains, within = rm_within_bases(part$within, sets),
    within_levels = as.integer(vapply(split(sets), function(v) prod(sizes[v]), 0)), sets = sets, terms = design$terms,
    observed = matrix(measured, length(sets), length(measured), byrow = TRUE),
    between_cell = if (length(factors)) as.integer(interaction(part$between[factors], drop = TRUE)), type = type
  )
}

anova_core <- function(part, outcomes, design, words, call) {
  options <- list(grand_mean = FALSE, multivariate = any(words$method %in% anova_multivariate), sphericity = TRUE,
    structure = TRUE, effect_limits = if (startsWith(words$effect, "partial")) 1L else 0L,
    effect_level = words$conf_level, progress = progress_hook())
  solved <- if (part$kind == "figures") {
    rm_anova_figures(part$figures, design, options)
  } else {
    rm_anova_solve(core_rows(part, outcomes), design, options, words$threads)
  }
  solved <- ask_core(name_infinite(solved, list(outcomes = part$outcomes[outcomes])), call)
  if (words$replicates > 0 && startsWith(words$effect, "generalised") && part$kind != "figures") {
    solved$tests <- with_bootstrap(solved$tests, part, outcomes, design, words, call)
  }
  solved
}

# Limits of the generalised sizes by resampling patients within the cells between patients; rows as those of the core.
with_bootstrap <- function(tests, part, outcomes, design, words, call) {
  by <- paste(vapply(part$by, function(x) as.character(x[1]), ""), collapse = "\r")
  options <- list(replicates = words$replicates, bca = TRUE, conf_level = words$conf_level, seed = words$seed$value,
    problem_labels = paste(names(part$outcomes)[outcomes], by, sep = "\r"), progress = progress_hook())
  drawn <- ask_core(rm_anova_bootstrap(core_rows(part, outcomes), design, options, words$threads), call)
  at <- match(paste(tests$problem, tests$within, tests$between), paste(drawn$problem, drawn$within, drawn$between))
  for (name in c("eta2_generalised_low", "eta2_generalised_high", "omega2_generalised_low", "omega2_generalised_high")) {
    tests[[name]] <- drawn[[name]][at]
  }
  tests
}

core_rows <- function(part, outcomes) {
  list(outcomes = unname(part$outcomes[outcomes]), rows = part$rows, group_start = c(0L, nrow(part$rows)))
}

# Outcomes whose complete patients do not have every level of the factors between patients.
lost_levels <- function(part) {
  factors <- factor_names(part)
  if (!length(factors)) {
    return(rep(FALSE, length(part$outcomes)))
  }
  n <- nrow(part$rows)
  whole <- !anyNA(part$rows) && !anyNA(part$between)
  vapply(seq_along(part$outcomes), function(o) {
    if (whole && !anyNA(part$outcomes[[o]])) {
      return(FALSE)
    }
    used <- complete_patients(part, o)$complete
    any(vapply(part$between[factors], function(x) any(tabulate(x[used], nlevels(x)) == 0L), NA))
  }, NA)
}

# Terms of the formula in its order; a row a method.
anova_rows <- function(solved, input, words) {
  terms <- rm_term_parts(input)
  frames <- list()
  for (g in seq_along(solved)) {
    for (one in solved[[g]]$calls) {
      raw <- one$tests
      sets <- one$design$sets[raw$within]
      between <- c("", one$design$terms)[raw$between + 1L]
      at <- match(paste(sets, between, sep = "\r"), paste(terms$within, terms$between, sep = "\r"))
      raw$n_dropped <- measured_patients(one$part, one$outcomes)[raw$problem] - raw$n
      raw$several <- vapply(one$design$within, ncol, 0L)[raw$within] > 1L
      keep <- which(!is.na(at))
      frame <- method_rows(lapply(raw, `[`, keep), words)
      frame$term_at <- at[keep][frame$row]
      frame$g <- rep(g, length(frame$row))
      frames[[length(frames) + 1L]] <- frame
    }
  }
  out <- bind_columns(frames)
  out <- lapply(out, `[`, order(out$outcome, out$g, out$term_at, out$method_at))
  n <- length(out$outcome)
  rows <- list(outcome = enumerated(names(input$outcomes), out$outcome))
  for (b in names(input$by)) rows[[b]] <- input$by[[b]][out$g]
  rows$term <- factor(terms$term[out$term_at], levels = terms$term)
  all <- c(anova_univariate, anova_multivariate)
  rows$method <- factor(all[out$method_at], levels = all)
  effect <- words$effect
  c(rows, out[c("n", "n_dropped", "sum_sq", "sum_sq_error", "epsilon", "statistic", "df", "df_denominator",
    "p_value")], list(
    estimate = rep(NA_real_, n),
    effect_name = if (effect == "none") rep(factor(NA), n) else constant_factor(effect, n),
    effect = out$effect, effect_low = out$effect_low, effect_high = out$effect_high,
    conf_level = rep(words$conf_level, n), status = status_factor(out$status),
    note = structure(rep(1L, n), levels = "", class = "factor")
  ))
}

# Patients with at least one measurement of each outcome: those who are not used are dropped.
measured_patients <- function(part, outcomes) {
  if (part$kind == "figures") {
    return(rep(sum(part$figures$n), length(outcomes)))
  }
  n <- nrow(part$rows)
  whole <- !anyNA(part$rows)
  vapply(part$outcomes[outcomes], function(x) {
    if (whole && !anyNA(x)) {
      return(n)
    }
    known <- matrix(!is.na(x[part$rows]), n)
    sum(rowSums(known) > 0)
  }, 0L)
}

# The core's column of each word.
epsilon_columns <- c(greenhouse_geisser = "gg", huynh_feldt = "hf_used", huynh_feldt_lecoutre = "hf_lecoutre_used",
  lower_bound = "lower")
p_columns <- c(anova = "p", greenhouse_geisser = "p_gg", huynh_feldt = "p_hf", huynh_feldt_lecoutre = "p_hf_lecoutre",
  lower_bound = "p_lower")
multivariate_columns <- c(pillai = "pillai", wilks = "wilks", hotelling_lawley = "hotelling", roy = "roy")
effect_columns <- c(partial_eta2 = "eta2", partial_omega2 = "omega2", generalised_eta2 = "eta2_generalised",
  generalised_omega2 = "omega2_generalised")

# The rows of each method, from the wide columns of the core. Corrected and multivariate tests exist where the term has more
# than one contrast within patients.
method_rows <- function(raw, words) {
  frames <- lapply(words$method, function(method) {
    rows <- if (method == "anova") seq_along(raw$n) else which(raw$several)
    part <- lapply(raw, `[`, rows)
    n <- length(rows)
    values <- if (method %in% anova_multivariate) multivariate_values(part, method) else univariate_values(part, method)
    effect <- function(suffix) {
      x <- if (method == "anova" && words$effect != "none") part[[paste0(effect_columns[[words$effect]], suffix)]]
      if (is.null(x)) rep(NA_real_, n) else x
    }
    c(
      list(outcome = part$outcome, row = rows,
        method_at = rep(match(method, c(anova_univariate, anova_multivariate)), n), n = part$n, n_dropped = part$n_dropped,
        sum_sq = part$ss, sum_sq_error = part$ss_error), values,
      list(effect = effect(""), effect_low = effect("_low"), effect_high = effect("_high"))
    )
  })
  bind_columns(frames)
}

# Tables held as lists of columns, one below the other; data frames cost a millisecond each to bind.
bind_columns <- function(frames) {
  frames <- frames[!vapply(frames, is.null, NA)]
  if (length(frames) == 1L) {
    return(frames[[1]])
  }
  names <- names(frames[[1]])
  lapply(stats::setNames(names, names), function(name) unlist(lapply(frames, `[[`, name), use.names = FALSE))
}

univariate_values <- function(raw, method) {
  n <- length(raw$n)
  plain <- method == "anova"
  epsilon <- if (plain) rep(1, n) else raw[[paste0("epsilon_", epsilon_columns[[method]])]]
  list(epsilon = if (plain) rep(NA_real_, n) else epsilon, statistic = raw$f, df = raw$df * epsilon,
    df_denominator = raw$df_error * epsilon, p_value = raw[[p_columns[[method]]]], status = raw$status)
}

multivariate_values <- function(raw, method) {
  name <- multivariate_columns[[method]]
  list(epsilon = rep(NA_real_, length(raw$n)), statistic = raw[[paste0(name, "_f")]], df = raw[[paste0(name, "_df1")]],
    df_denominator = raw[[paste0(name, "_df2")]], p_value = raw[[paste0(name, "_p")]],
    status = ifelse(raw$status != 0L, raw$status, raw$status_multivariate))
}

# What the print says of patients. Batches of many problems are counted only.
anova_account <- function(input, solved) {
  if (input$kind == "figures") {
    return(list(lines = paste0("summary figures of ", sum(input$figures$n), " patients")))
  }
  problems <- length(input$outcomes) * nrow(input$by)
  if (problems > 20L) {
    return(list())
  }
  account <- rm_account(input)
  loss <- rm_loss(account)
  list(
    warning = if (loss$share > 0.2) paste0("CAUTION: ", loss$measured - loss$used, " of ", loss$measured,
      " patients (", round(100 * loss$share), "%) have no complete set of visits and are not in this ANOVA; ",
      "rm_mmrm() with the same formula uses all of them."),
    lines = if (problems == 1L) rm_loss_lines(account)
  )
}

anova_trace <- function(input, words) {
  trace_table(list(
    c("sums of squares", paste("type", words$type), c("sequential", "adjusted for terms that do not contain it",
      "sum-to-zero contrasts")[words$type]),
    c("patients", "complete", "every visit and every variable between patients"),
    c("covariates", "centred at their mean", ""),
    c("epsilon", "at most 1", "huynh_feldt: the formula of SPSS; huynh_feldt_lecoutre: that of SAS (HFL)"),
    c("effect size", words$effect, if (startsWith(words$effect, "partial")) {
      "limits from the noncentral F, eta2 = ncp / (ncp + df1 + df2 + 1)"
    } else {
      ""
    })
  ))
}
