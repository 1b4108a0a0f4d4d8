# The words of compare_paired(), checked and put together.

paired_words <- function(method, scale, alternative, null, margins, conf_level, distribution, two_sided, zeros,
                         continuity, effect, hedges, effect_conf, boot_conf, convention, replicates, exact_limit,
                         input, call) {
  words <- list(
    method = check_words(method, paired_methods, "method", call),
    scale = check_word(scale, scales, "scale", call),
    alternative = check_word(alternative, alternatives, "alternative", call),
    conf_level = check_number(conf_level, "conf_level", call, 0, 1, open = TRUE),
    distribution = check_word(distribution, distributions[-1], "distribution", call),
    two_sided = check_word(two_sided, c("distance", "central"), "two_sided", call),
    zeros = check_word(zeros, zero_rules, "zeros", call),
    continuity = if (!is.null(continuity)) check_flag(continuity, "continuity", call),
    effect = check_words(effect, c("default", paired_effects), "effect", call),
    hedges = check_flag(hedges, "hedges", call),
    effect_conf = check_word(effect_conf, effect_intervals, "effect_conf", call),
    boot_conf = check_word(boot_conf, boot_intervals, "boot_conf", call),
    convention = check_word(convention, conventions, "convention", call),
    replicates = check_whole(replicates, "replicates", call, 1, 1e9),
    exact_limit = if (identical(exact_limit, Inf)) Inf else check_number(exact_limit, "exact_limit", call, 0)
  )
  words$quantile_type <- convention_settings(words$convention, words$method[1])$quantile_type
  words$core_level <- words$conf_level
  words <- c(words, check_hypotheses(words, null, margins, call))
  check_combination(words, input, call)
  words
}

check_hypotheses <- function(words, null, margins, call) {
  ratio <- words$scale == "ratio"
  null <- if (is.null(null)) as.double(ratio) else check_number(null, "null", call)
  if (ratio && null <= 0) {
    stop_input("number", "`null` is a ratio here: a number above 0, 1 for no change.", "null", call)
  }
  if (words$alternative != "equivalence") {
    if (!is.null(margins)) {
      stop_input("margins", "`margins` go with `alternative = \"equivalence\"`.", "margins", call)
    }
    return(list(null = null, margins = c(NA_real_, NA_real_)))
  }
  if (!is.numeric(margins) || length(margins) != 2L || !all(is.finite(margins)) || margins[1] >= margins[2] ||
    (ratio && margins[1] <= 0)) {
    stop_input("margins", c(
      "`margins` must be two numbers, the lower below the upper.",
      i = if (ratio) "On the ratio scale, for example `margins = c(0.8, 1.25)`." else "For example `margins = c(-0.5, 0.5)`."
    ), "margins", call)
  }
  if (words$conf_level <= 0.5) {
    stop_input("number", "Equivalence needs `conf_level` above 0.5.", "conf_level", call)
  }
  list(null = null, margins = as.double(margins))
}

check_combination <- function(words, input, call) {
  if (words$distribution == "asymptotic" && "permutation" %in% words$method) {
    stop_input("word", c("`method = \"permutation\"` has no asymptotic distribution here.",
      i = "Leave `distribution = \"auto\"`, or use `method = \"t\"`, its large-sample form."), "distribution", call)
  }
  if (length(words$effect) > 1L && any(c("default", "none") %in% words$effect)) {
    stop_input("word", "`effect` mixes \"default\" or \"none\" with names; give the names only.", "effect", call)
  }
  if (input$kind == "change" && words$scale != "difference") {
    stop_input("scale", c(
      paste0("`scale = \"", words$scale, "\"` needs measurements before and after; a column of changes was given."),
      i = "Use `after ~ 1` with `baseline = before`."
    ), "scale", call)
  }
  if (input$kind == "figures") {
    rank_effect <- intersect(words$effect, c("rank_biserial", "prob_superiority"))
    if (!identical(words$method, "t") || words$scale != "difference" || length(rank_effect) ||
      words$effect_conf == "bootstrap") {
      stop_input("figures", c(
        "Means and SDs allow the paired t-test on differences and the d effect sizes only.",
        i = "Other methods, scales and bootstrap intervals need patient rows."
      ), "method", call)
    }
  }
}

# Summary figures, one or many; names of columns of `data` or values.
input_from_figures <- function(figures, data, by, env, call) {
  data <- as_data(data, call)
  columns <- lapply(as.list(figures)[-1], function(e) if (is.null(e)) NULL else eval(e, data, env))
  check_spread(columns, call)
  columns <- columns[!vapply(columns, is.null, NA)]
  need <- c("n", "mean_before", "mean_after")
  absent <- setdiff(need, names(columns))
  if (!length(columns)) {
    stop_input("x", c("Nothing to compare was given.",
      i = "Give a formula, two vectors, or summary figures (`n`, means, SDs, `r`)."), "x", call)
  }
  both <- all(c("sd_before", "sd_after", "r") %in% names(columns))
  if (length(absent) || (!both && !"sd_change" %in% names(columns))) {
    stop_input("figures", c(
      "Summary figures are incomplete.",
      i = "Give `n`, `mean_before`, `mean_after`, and either `sd_change` or `sd_before`, `sd_after` and `r`."
    ), if (length(absent)) absent[1] else "sd_change", call)
  }
  size <- max(lengths(columns))
  for (name in names(columns)) {
    x <- columns[[name]]
    if (!is.numeric(x) || !length(x) %in% c(1L, size)) {
      stop_input("figures", paste0("`", name, "` must hold ", if (size > 1L) "1 or ", size, " number", if (size > 1L) "s",
        ", not ", given_value(x), "."), name, call)
    }
    low <- switch(name, n = 0, sd_before = 0, sd_after = 0, sd_change = 0, r = -1, -Inf)
    high <- if (name == "r") 1 else Inf
    if (name == "n" && any(x != round(x) | x > 1e9, na.rm = TRUE)) {
      stop_input("figures", "`n` must hold whole numbers of pairs, at most a billion.", "n", call)
    }
    if (any(is.infinite(x)) || any(x < low | x > high, na.rm = TRUE)) {
      stop_input("figures", paste0("`", name, "` holds a value outside ", low, " to ", high, "."), name, call)
    }
    columns[[name]] <- rep_len(as.double(x), size)
  }
  for (name in setdiff(c("sd_before", "sd_after", "r", "sd_change"), names(columns))) {
    columns[[name]] <- rep(NA_real_, size)
  }
  new_input(
    kind = "figures", figures = columns, outcomes = stats::setNames(vector("list", size), figure_names(data, size)),
    before = NULL, rows = NULL, visits = c("before", "after"), reference = 1L, contrasts = 1L,
    group_start = c(0L, 0L), by = data.frame(row.names = 1L), id_columns = NULL, visit_note = "summary figures",
    skipped = c(id = 0L, visit = 0L, by = 0L)
  )
}

figure_names <- function(data, size) {
  if (nrow(data) == size && "outcome" %in% names(data)) {
    return(make.unique(as.character(data$outcome)))
  }
  if (size == 1L) "figures" else paste0("figures ", seq_len(size))
}

# Two accounts of the spread of the changes must agree to the precision a table prints.
check_spread <- function(columns, call) {
  if (!all(c("sd_change", "sd_before", "sd_after", "r") %in% names(columns)) || !all(vapply(columns, is.numeric, NA))) {
    return(invisible())
  }
  implied <- sqrt(pmax(0, columns$sd_before^2 + columns$sd_after^2 - 2 * columns$r * columns$sd_before * columns$sd_after))
  off <- abs(columns$sd_change - implied) > 0.05 * pmax(columns$sd_change, implied)
  if (any(off, na.rm = TRUE)) {
    at <- which(off)[1]
    stop_input("figures", c(paste0("`sd_change` is ", format_number(rep_len(columns$sd_change, at)[at]),
      ", and `sd_before`, `sd_after` and `r` give ", format_number(signif(implied[at], 4)), "."),
      i = "Give one of the two: `sd_change`, or `sd_before`, `sd_after` and `r`."), "sd_change", call)
  }
}
