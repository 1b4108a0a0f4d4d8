# From the columns of C++ to rows with words, methods bound together, families adjusted, choices traced.

result_frame <- function(labels, solved, words, method, effect, kind) {
  n <- length(solved$status)
  same <- function(word) constant_factor(word, n)
  equivalence <- words$alternative == "equivalence"
  has_effect <- effect != "none"
  out <- c(
    labels,
    list(method = same(method), alternative = same(words$alternative), null_value = rep.int(words$null, n)),
    if (equivalence) list(margin_low = rep.int(words$margins[1], n), margin_high = rep.int(words$margins[2], n)),
    list(two_sided = same(words$two_sided), distribution = distribution_factor(solved$distribution)),
    solved[c("n_pairs", "n_dropped", "n_zeros", "n_ties")],
    list(estimand = same(estimand_words(method, words$scale, kind))),
    solved[c("estimate", "std_error", "conf_low", "conf_high")],
    list(conf_level = rep.int(if (equivalence) 2 * words$conf_level - 1 else words$conf_level, n)),
    solved["conf_attained"],
    list(conf_method = conf_method_factor(solved$conf_method), p_matches = solved$p_matches == 1L),
    solved[c("statistic", "df", "p_value", "p_low", "p_high")],
    list(effect_name = if (has_effect) same(effect_label(effect, words$hedges)) else rep.int(factor(NA), n)),
    solved[c("effect", "effect_low", "effect_high")],
    list(status = status_factor(solved$status), note = note_factor(solved$notes))
  )
  attr(out, "row.names") <- .set_row_names(n)
  class(out) <- "data.frame"
  out
}

# structure() would copy and check; a batch has hundreds of thousands of rows.
constant_factor <- function(word, n) {
  x <- rep.int(1L, n)
  attributes(x) <- list(levels = word, class = "factor")
  x
}

# Rows of several methods, comparison by comparison.
bind_methods <- function(frames) {
  if (length(frames) == 1L) {
    return(frames[[1]])
  }
  n <- nrow(frames[[1]])
  out <- do.call(rbind, frames)
  out <- out[order(rep(seq_len(n), length(frames)), rep(seq_along(frames), each = n)), , drop = FALSE]
  row.names(out) <- NULL
  out
}

check_adjust <- function(p_adjust, adjust_over, input, words, call) {
  check_word(p_adjust, c(stats::p.adjust.methods, "max_t"), "p_adjust", call)
  columns <- c("outcome", names(input$by), "contrast", "method")
  if (!is.null(adjust_over)) {
    check_words(adjust_over, columns, "adjust_over", call)
  }
  if (p_adjust == "max_t") {
    if (input$kind == "figures") {
      stop_input("p_adjust", "`p_adjust = \"max_t\"` needs patient rows, not summary figures.", "p_adjust", call)
    }
    bad <- setdiff(words$method, c("t", "permutation", "signed_rank"))
    if (length(bad) || words$alternative == "equivalence") {
      stop_input("p_adjust", c(
        "`p_adjust = \"max_t\"` flips the signs of changes or of their ranks.",
        i = "Use `method = \"t\"`, `\"signed_rank\"` or `\"permutation\"` and a one- or two-sided alternative."
      ), "p_adjust", call)
    }
  }
  list(method = p_adjust, over = adjust_over)
}

# Rows of one family share the columns that adjust_over does not name; methods are never mixed unless named.
adjust_families <- function(out, over, by) {
  columns <- c("outcome", by, "contrast", "method")
  apart <- if (is.null(over)) "method" else setdiff(columns, over)
  if (!length(apart)) {
    return(rep(1L, nrow(out)))
  }
  as.integer(interaction(lapply(out[apart], as.integer), drop = TRUE))
}

# solve: the function that answers one method again, at another level.
adjust_rows <- function(out, input, words, seed, call, solve = solve_one_method) {
  how <- words$adjust$method
  if (how == "none") {
    return(out)
  }
  family <- adjust_families(out, words$adjust$over, names(input$by))
  test <- test_number(out, input)  # several effect sizes repeat the row of a test, which counts once
  first <- !duplicated(test)
  adjusted <- rep(NA_real_, nrow(out))
  for (rows in split(which(first), family[first])) {
    adjusted[rows] <- if (how == "max_t") {
      max_t_adjusted(out, rows, input, words, seed, call)
    } else {
      stats::p.adjust(out$p_value[rows], how)
    }
  }
  adjusted <- adjusted[first][match(test, test[first])]
  adjusted[is.na(adjusted)] <- NA_real_
  after <- match("p_high", names(out))
  tail <- out[(after + 1L):ncol(out)]
  head <- out[seq_len(after)]
  head$p_adjusted <- adjusted
  head$conf_low_adjusted <- NA_real_
  head$conf_high_adjusted <- NA_real_
  if (how == "bonferroni") {
    simultaneous <- bonferroni_limits(out, family, first, input, words, seed, call, solve)
    head$conf_low_adjusted <- simultaneous$low
    head$conf_high_adjusted <- simultaneous$high
  }
  cbind(head, tail)
}

max_t_adjusted <- function(out, rows, input, words, seed, call) {
  problem <- problem_number(out, input)[rows]
  method <- as.character(out$method[rows[1]])
  labels <- result_labels(input, words$scale)
  options <- core_options(words, method, "none", seed)
  options$patient_labels <- patient_keys(input)
  options$problem_labels <- do.call(paste, c(lapply(labels, as.character), sep = "\r"))
  kinds <- match(as.character(out$method[rows]), paired_methods) - 1L
  ask_core(paired_max_t(input, options, problem - 1L, kinds, words$threads), call)$p_adjusted
}

# The number of the problem a row came from: methods and effects repeat problems.
problem_number <- function(out, input) {
  problems <- length(outcome_names(input)) * nrow(input$by) * length(input$contrasts)
  rep(seq_len(problems), each = nrow(out) / problems)
}

# The number of the test of each row: its comparison and method.
test_number <- function(out, input) {
  (problem_number(out, input) - 1L) * nlevels(out$method) + as.integer(out$method)
}

# Bonferroni has simultaneous intervals by inversion: each at level 1 - alpha / m, m the tests of the family.
bonferroni_limits <- function(out, family, first, input, words, seed, call, solve) {
  low <- high <- rep(NA_real_, nrow(out))
  tested <- stats::ave(as.numeric(!is.na(out$p_value) & first), family, FUN = sum)
  from <- (problem_number(out, input) - 1L) * length(words$method) + match(as.character(out$method), words$method)
  for (m in unique(tested[tested > 0])) {
    again <- words
    again$conf_level <- 1 - (1 - words$conf_level) / m
    again$core_level <- again$conf_level
    again$effect <- "none"
    rows <- bind_methods(lapply(words$method, function(k) solve(input, again, k, seed, call)))
    hit <- which(tested == m)
    low[hit] <- rows$conf_low[from[hit]]
    high[hit] <- rows$conf_high[from[hit]]
  }
  list(low = low, high = high)
}

paired_trace <- function(input, words) {
  setup <- lapply(stats::setNames(words$method, words$method), function(m) convention_settings(words$convention, m))
  ranks <- "signed_rank" %in% words$method
  discrete <- intersect(words$method, c("signed_rank", "sign", "permutation"))
  rule <- c(
    work = paste0("exact below ", format(words$exact_limit), " steps, else Monte Carlo"), n20 = "exact for n <= 20",
    never = "asymptotic", n50_no_ties = "exact for n < 50 without ties and zeros", n25 = "exact for n <= 25"
  )
  choice <- function(name, value, detail = "") c(name, value, detail)
  rows <- list(
    choice("convention", words$convention),
    choice("contrast", if (input$kind == "change") "change as given" else "after minus before", input$visit_note),
    choice("pairing", switch(input$kind, long = "by id", wide = "one row per patient", change = "none needed",
      figures = "summary figures")),
    choice("scale", words$scale, switch(words$scale, ratio = "exp of the mean log ratio", log_percent = "100 ln(after/before)",
      symmetric_percent = "100 (after - before) / (after + before)", difference = "")),
    if (ranks) choice("zeros", words$zeros, "signed-rank test"),
    if (ranks) choice("ties", "midranks", "decimals are compared exactly on their last place"),
    if (length(discrete)) choice("distribution", words$distribution,
      paste(unique(paste0(discrete, ": ", rule[vapply(setup[discrete], `[[`, "", "exact_rule")])), collapse = "; ")),
    if (length(discrete)) choice("continuity", paste(unique(vapply(setup[discrete],
      function(s) as.character(words$continuity %||% s$continuity), "")), collapse = ", "), "asymptotic tests only"),
    if (ranks && setup$signed_rank$approximation == "student") choice("approximation", "student", "t approximation of SAS"),
    if ("bootstrap" %in% words$method) choice("bootstrap interval", words$boot_conf, paste(words$replicates, "replicates")),
    choice("effect interval", words$effect_conf),
    choice("quantiles", paste("type", words$quantile_type), "Hyndman and Fan (1996)"),
    choice("adjustment", words$adjust$method, paste(words$adjust$over, collapse = ", "))
  )
  trace_table(rows)
}

# Choices as one table: three texts each, NULL for those that do not arise.
trace_table <- function(rows) {
  text <- unlist(rows, use.names = FALSE)
  n <- length(text) %/% 3L
  at <- 3L * seq_len(n)
  quick_frame(list(choice = text[at - 2L], value = text[at - 1L], detail = text[at]), n)
}
