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
      design <- core_design(one$part, design, words)
      raw <- anova_core(one$part, one$outcomes, design, words, call)
      for (name in names(raw)) raw[[name]]$outcome <- one$outcomes[raw[[name]]$outcome %||% seq_along(one$outcomes)]
      list(design = design, raw = raw, part = one$part, outcomes = one$outcomes)
    })
  })
  list(part = part, calls = unlist(solved, recursive = FALSE))
}

core_design <- function(part, design, words) {
  factors <- factor_names(part)
  group <- if (length(factors)) as.integer(interaction(part$between[factors], drop = TRUE))
  names <- strsplit(design$terms, ":", fixed = TRUE)
  numbers <- setdiff(names(part$between), factors)
  design$observed <- vapply(names, function(v) any(v %in% c(words$observed, numbers)), NA)
  if (anyNA(group)) group[is.na(group)] <- 1L
  c(design, list(group = group, groups = max(1L, group), type = words$type))
}

anova_core <- function(part, outcomes, design, words, call) {
  options <- list(conf_level = words$conf_level, multivariate = any(words$method %in% anova_multivariate),
    limits = startsWith(words$effect, "partial"), intercept = FALSE, progress = progress_hook())
  solved <- if (part$kind == "figures") {
    rm_anova_figures(part$figures, design, options)
  } else {
    rm_anova_solve(list(outcomes = unname(part$outcomes[outcomes]), rows = part$rows), design, options, words$threads)
  }
  ask_core(name_infinite(solved, list(outcomes = part$outcomes[outcomes])), call)
}

# Outcomes whose complete patients do not have every level of the factors between patients.
lost_levels <- function(part) {
  factors <- factor_names(part)
  if (!length(factors)) {
    return(rep(FALSE, length(part$outcomes)))
  }
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
      raw <- one$raw$rows
      sets <- one$design$sets[raw$within]
      between <- c("", one$design$terms)[raw$between + 1L]
      at <- match(paste(sets, between, sep = "\r"), paste(terms$within, terms$between, sep = "\r"))
      keep <- which(!is.na(at))
      frame <- method_rows(lapply(raw, `[`, keep), words)
      frame$term_at <- at[keep][frame$row]
      frame$g <- g
      frames[[length(frames) + 1L]] <- frame
    }
  }
  out <- do.call(rbind, frames)
  out <- out[order(out$outcome, out$g, out$term_at, out$method_at), , drop = FALSE]
  rows <- list(outcome = enumerated(names(input$outcomes), out$outcome))
  for (b in names(input$by)) rows[[b]] <- input$by[[b]][out$g]
  rows$term <- factor(terms$term[out$term_at], levels = terms$term)
  all <- c(anova_univariate, anova_multivariate)
  rows$method <- factor(all[out$method_at], levels = all)
  effect <- words$effect
  c(rows, as.list(out[c("n", "n_dropped", "sum_sq", "sum_sq_error", "epsilon", "statistic", "df", "df_denominator",
    "p_value")]), list(
    estimate = rep(NA_real_, nrow(out)),
    effect_name = if (effect == "none") rep(factor(NA), nrow(out)) else constant_factor(effect, nrow(out)),
    effect = out$effect, effect_low = out$effect_low, effect_high = out$effect_high,
    conf_level = rep(words$conf_level, nrow(out)), status = status_factor(out$status),
    note = factor(rep("", nrow(out)))
  ))
}

# The rows of each method, from the wide columns of the core. Corrected and multivariate tests exist where the term has more
# than one contrast within patients.
method_rows <- function(raw, words) {
  several <- !is.na(raw$epsilon_lower_bound) | raw$multivariate_status != 0L | !is.na(raw$pillai)
  frames <- lapply(words$method, function(method) {
    rows <- if (method == "anova") seq_along(raw$n) else which(several)
    part <- lapply(raw, `[`, rows)
    values <- if (method %in% anova_multivariate) multivariate_columns(part, method) else univariate_columns(part, method)
    plain <- method == "anova"
    effect <- function(name) if (plain && !is.null(part[[name]])) part[[name]] else rep(NA_real_, length(rows))
    limits <- startsWith(words$effect, "partial")
    data.frame(
      outcome = part$outcome, row = rows, method_at = match(method, c(anova_univariate, anova_multivariate)), n = part$n,
      n_dropped = rep(NA_integer_, length(rows)), sum_sq = part$ss, sum_sq_error = part$ss_error, values,
      effect = effect(words$effect), effect_low = effect(if (limits) "partial_low" else "none"),
      effect_high = effect(if (limits) "partial_high" else "none")
    )
  })
  do.call(rbind, frames)
}

univariate_columns <- function(raw, method) {
  plain <- method == "anova"
  estimated <- if (plain) rep(1, length(raw$n)) else raw[[paste0("epsilon_", method)]]
  used <- pmin(1, pmax(estimated, raw$epsilon_lower_bound, na.rm = TRUE))
  used[is.na(estimated)] <- NA
  data.frame(
    epsilon = if (plain) rep(NA_real_, length(raw$n)) else used, statistic = raw$f,
    df = raw$df * used, df_denominator = raw$df_error * used,
    p_value = if (plain) raw$p else raw[[paste0("p_", method)]], status = raw$status
  )
}

multivariate_columns <- function(raw, method) {
  status <- ifelse(raw$status != 0L, raw$status, raw$multivariate_status)
  data.frame(
    epsilon = rep(NA_real_, length(raw$n)), statistic = raw[[paste0(method, "_f")]], df = raw[[paste0(method, "_df")]],
    df_denominator = raw[[paste0(method, "_df_error")]], p_value = raw[[paste0(method, "_p")]], status = status
  )
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
  choice <- function(name, value, detail = "") data.frame(choice = name, value = value, detail = detail)
  rbind(
    choice("sums of squares", paste("type", words$type), c("sequential", "adjusted for terms that do not contain it",
      "sum-to-zero contrasts")[words$type]),
    choice("patients", "complete", "every visit and every variable between patients"),
    choice("covariates", "centred at their mean"),
    choice("epsilon", "at most 1", "huynh_feldt: the formula of SPSS; huynh_feldt_lecoutre: that of SAS (HFL)"),
    choice("effect size", words$effect, if (startsWith(words$effect, "partial")) {
      "limits from the noncentral F, eta2 = ncp / (ncp + df1 + df2 + 1)"
    } else "")
  )
}
