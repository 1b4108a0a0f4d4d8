# Tests of several arms: from an input by group and arm, and options as words, through C++ to rows of the dictionary.
#
# input    outcomes (named list of double columns, or a matrix), order, start, k, arms (labels in their order), by (one row
#          of labels a group) as R/groups-input.R makes them; or arm_figures: n, mean, sd, one entry an outcome, group and
#          arm, the arm running fastest. `jonckheere` takes the arms in the order in which they stand.
# options  a list of words that replace those of groups_k_defaults

groups_k_methods <- c("anova", "welch_anova", "f_star", "kruskal_wallis", "jonckheere")
groups_k_effects <- c("none", "eta2", "omega2", "epsilon2")
groups_k_rank_effects <- c("none", "rank_epsilon2", "rank_eta2")
groups_k_limits <- c("none", "steiger", "error", "stata")

groups_k_defaults <- list(
  method = NULL,
  alternative = "two.sided", two_sided = "distance",   # jonckheere; dunnett and steel have the alternative
  distribution = "auto", exact_limit = 1e8, replicates = 10000L, seed = c(0L, 0L),
  conf_level = 0.95,
  effect = "eta2",                  # of anova, welch_anova, f_star
  effect_limits = "steiger",        # l / (l + N); "error": l / (l + df2); "stata"; "none"
  rank_effect = "rank_epsilon2",    # of kruskal_wallis; "none" leaves out the tau b of jonckheere too
  effect_conf = "bca",              # of rank effects: "bca", "percentile", "none"
  numerator_df = "classic",         # of f_star (Brown and Forsythe): k - 1, or "mehrotra"
  contrast = "reference",           # or "pairwise"
  p_adjust = NULL,                  # of dunn (then "holm") and of contrasts of change (then "none")
  covariance = "classical",         # of change: or "hc3"
  threads = 1L
)

groups_k_words <- function(options, methods, call) {
  strange <- setdiff(names(options), names(groups_k_defaults))
  if (length(strange)) {
    stop_input("internal", paste0("Options unknown to the tests of several arms: ", quoted(strange), "."), strange[1], call)
  }
  words <- groups_k_defaults
  words[names(options)] <- options
  words$p_adjust <- words$p_adjust %||% if ("dunn" %in% methods) "holm" else "none"
  words$method <- check_words(words$method %||% methods[1], methods, "method", call)
  words$alternative <- check_word(words$alternative, alternatives[1:3], "alternative", call)
  words$two_sided <- check_word(words$two_sided, c("distance", "central"), "two_sided", call)
  words$distribution <- check_word(words$distribution, distributions[-1], "distribution", call)
  words$effect <- check_word(words$effect, groups_k_effects, "effect", call)
  words$effect_limits <- check_word(words$effect_limits, groups_k_limits, "effect_limits", call)
  words$rank_effect <- check_word(words$rank_effect, groups_k_rank_effects, "rank_effect", call)
  words$effect_conf <- check_word(words$effect_conf, c(boot_intervals, "none"), "effect_conf", call)
  words$numerator_df <- check_word(words$numerator_df, c("classic", "mehrotra"), "numerator_df", call)
  words$contrast <- check_word(words$contrast, c("reference", "pairwise"), "contrast", call)
  words$p_adjust <- check_word(words$p_adjust, stats::p.adjust.methods, "p_adjust", call)
  words$covariance <- check_word(words$covariance, c("classical", "hc3"), "covariance", call)
  words$conf_level <- check_number(words$conf_level, "conf_level", call, 0, 1, open = TRUE)
  words$exact_limit <- check_number(words$exact_limit, "exact_limit", call, 0)
  words$replicates <- check_whole(words$replicates, "replicates", call, 1, 1e9)
  words$threads <- check_threads(words$threads, call)
  words
}

# A direction needs a method that has one.
check_k_direction <- function(words, directed, call) {
  other <- setdiff(words$method, directed)
  if (words$alternative != "two.sided" && length(other)) {
    stop_input("alternative", c(
      paste0("`alternative = \"", words$alternative, "\"` is a direction, and ", quoted(other), " ",
        if (length(other) > 1L) "have" else "has", " none."),
      i = paste0("Methods with a direction: ", quoted(directed), ".")
    ), "alternative", call)
  }
}

groups_k_options <- function(words, methods, labels) {
  at <- function(word, table) match(word, table) - 1L
  list(
    methods = at(words$method, methods), distribution = at(words$distribution, distributions),
    alternative = at(words$alternative, alternatives), central = words$two_sided == "central",
    mehrotra = words$numerator_df == "mehrotra", conf_level = words$conf_level, exact_limit = words$exact_limit,
    replicates = words$replicates, seed = words$seed, effect = at(words$effect, groups_k_effects),
    effect_limits = at(words$effect_limits, groups_k_limits), rank_effect = at(words$rank_effect, groups_k_rank_effects),
    rank_interval = words$effect_conf != "none",
    bootstrap_interval = max(0L, at(words$effect_conf, boot_intervals), na.rm = TRUE), problem_labels = labels,
    progress = progress_hook()
  )
}

groups_k_core_input <- function(input, call) {
  if (!is.null(input$arm_figures)) {
    figures <- lapply(input$arm_figures[c("n", "mean", "sd")], as.double)
    check_arm_figures(figures, call)
    return(list(k = input$k, figures = figures))
  }
  list(
    outcomes = if (is.matrix(input$outcomes)) input$outcomes else unname(input$outcomes),
    order = input$order, start = input$start, k = input$k
  )
}

groups_k_rows_only <- function(input, methods, needs, call) {
  if (!is.null(input$arm_figures) && any(methods %in% needs)) {
    stop_input("method", c(
      paste0("Ranks need patients, not summary figures: ", quoted(intersect(methods, needs)), "."),
      i = "Give rows, or a test of means."
    ), "method", call)
  }
}

# An arm without an entry has no n; one with patients has a mean, and with several a standard deviation.
check_arm_figures <- function(figures, call) {
  there <- !is.na(figures$n) & figures$n > 0
  several <- there & figures$n > 1
  bad <- c(
    mean = any(!is.finite(figures$mean[there])), sd = any(!is.finite(figures$sd[several]) | figures$sd[several] < 0)
  )
  if (any(bad)) {
    name <- names(bad)[bad][1]
    stop_input("figures", c(paste0("An arm with patients has no ", c(mean = "mean", sd = "standard deviation")[[name]], "."),
      i = paste0("Give `", name, "` for every arm that has `n`.")), name, call)
  }
}

# Outcome first, then group: the order that C++ numbers problems in; `each` rows a problem.
groups_k_labels <- function(input, each) {
  outcome <- outcome_names(input)
  groups <- if (is.null(input$by) || !ncol(input$by)) 1L else nrow(input$by)
  out <- list(outcome = enumerated(outcome, rep(seq_along(outcome), each = groups * each)))
  for (b in names(input$by)) out[[b]] <- rep(rep(input$by[[b]], each = each), length(outcome))
  out
}

# Keys of the random streams: other outcomes and groups change nothing.
groups_k_keys <- function(input) {
  do.call(paste, c(lapply(unname(groups_k_labels(input, 1L)), as.character), sep = "\r"))
}

groups_k_frame <- function(columns) {
  columns <- columns[!vapply(columns, is.null, NA)]
  attr(columns, "row.names") <- .set_row_names(length(columns$status))
  class(columns) <- "data.frame"
  columns
}

# One row for each outcome, group and method. The attribute `drawn` says whether random numbers were used.
groups_k <- function(input, options = list(), call = NULL) {
  words <- groups_k_words(options, groups_k_methods, call)
  check_k_direction(words, "jonckheere", call)
  groups_k_rows_only(input, words$method, c("kruskal_wallis", "jonckheere"), call)
  ranks <- any(words$method %in% c("kruskal_wallis", "jonckheere"))
  core <- groups_k_options(words, groups_k_methods, if (ranks) groups_k_keys(input) else character())
  solved <- groups_k_solve(groups_k_core_input(input, call), core, words$threads)
  solved <- ask_core(name_infinite(solved, input), call)
  rows <- groups_k_frame(groups_k_columns(solved, input, words))
  drawn <- any(rows$distribution %in% "monte_carlo") || ranks && words$effect_conf != "none" && words$rank_effect != "none"
  structure(rows, drawn = drawn)
}

groups_k_columns <- function(solved, input, words) {
  n <- length(solved$status)
  method <- enumerated(words$method, rep_len(seq_along(words$method), n))
  trend <- method == "jonckheere"
  ranks <- trend | method == "kruskal_wallis"
  two_sided <- trend & solved$distribution != 3L & words$alternative == "two.sided"
  effect <- ifelse(trend, "kendall_tau_b", ifelse(ranks, words$rank_effect, words$effect))
  effect[effect == "none" | (ranks & words$rank_effect == "none")] <- NA
  c(
    groups_k_labels(input, length(words$method)),
    list(term = constant_factor(input$arm %||% "arm", n), method = method),
    if (any(trend)) {
      list(alternative = factor(ifelse(trend, words$alternative, NA)),
        two_sided = factor(ifelse(two_sided, words$two_sided, NA)))
    },
    list(distribution = distribution_factor(solved$distribution)),
    solved[c("n", "n_dropped", "n_ties")],
    if (any(trend)) list(estimand = factor(ifelse(trend, "pairs in the order of their arms", NA))),
    solved[c("estimate", "std_error")],
    list(conf_level = rep(words$conf_level, n), conf_method = conf_method_factor(solved$conf_method)),
    solved[c("sum_sq", "sum_sq_error", "statistic", "df", "df_denominator", "p_value", "p_low", "p_high")],
    list(effect_name = factor(effect)), solved[c("effect", "effect_low", "effect_high")],
    list(status = status_factor(solved$status), note = note_factor(solved$notes))
  )
}
