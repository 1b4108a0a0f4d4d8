# Change within and between arms in one table: the change of each arm by itself, contrasts of change scores, contrasts of the
# outcome at equal baseline (ANCOVA), adjusted means, and the tests that go with them.
#
# input: as for groups_k(), with baselines beside outcomes (a list of double columns or a matrix). Patients are used who have
# both.

groups_change <- function(input, options = list(), call = NULL) {
  words <- groups_k_words(options, "ancova", call)
  count <- function(x) if (is.matrix(x)) ncol(x) else length(x)
  if (count(input$baselines) != count(input$outcomes)) {
    stop_input("baseline", c(
      paste0("There are ", count(input$outcomes), " outcomes and ", count(input$baselines), " baselines."),
      i = "Give one baseline for each outcome."
    ), "baseline", call)
  }
  pairs <- groups_k_contrasts(input, words)
  solved <- groups_change_core(input, words, pairs, call)
  solved$rows[c("conf_low_adjusted", "conf_high_adjusted")] <- NULL
  if (words$p_adjust == "bonferroni") {
    wide <- words
    wide$conf_level <- 1 - (1 - words$conf_level) / length(pairs$level)
    wide <- groups_change_core(input, wide, pairs, call)$rows
    solved$rows[c("conf_low_adjusted", "conf_high_adjusted")] <- wide[c("conf_low", "conf_high")]
  }
  rows <- groups_k_frame(groups_change_columns(solved$rows, input, words, pairs))
  lost <- c(groups_k_labels(input, input$k), list(arm = factor(rep_len(input$arms, length(solved$no_baseline)), input$arms)),
    solved[c("no_baseline", "no_outcome")])
  structure(rows, lost = as.data.frame(lost))
}

groups_change_core <- function(input, words, pairs, call) {
  core <- c(groups_k_options(words, "ancova", character()), pairs, list(hc3 = words$covariance == "hc3"))
  baselines <- if (is.matrix(input$baselines)) input$baselines else unname(input$baselines)
  solved <- groups_change_solve(c(groups_k_core_input(input, call), list(baselines = baselines)), core, words$threads)
  ask_core(name_infinite(solved, input), call)
}

# The rows of one problem, in the order of C++ (inst/include/respondr/groups/change.hpp).
groups_change_layout <- function(k, pairs) {
  p <- length(pairs$level)
  arm <- seq_len(k)
  none <- function(n) rep(NA_integer_, n)
  data.frame(
    block = rep(c("within", "change_score", "ancova", "adjusted_mean", "test"), c(k, p, p, k, 4L)),
    method = rep(c("t", "change_score", "ancova", "ancova", "change_score", "ancova"), c(k, p, p, k, 1L, 3L)),
    level = c(arm, pairs$level, pairs$level, arm, none(4L)),
    reference = c(none(k), pairs$reference, pairs$reference, none(k + 4L)),
    term = c(rep(NA, 2L * k + 2L * p), "all arms", "all arms", "slope on baseline", "arm x baseline"),
    estimand = c(
      rep(c("mean change", "difference of mean changes", "difference at equal baseline", "mean at the mean baseline"),
        c(k, p, p, k)),
      NA, NA, "slope on baseline", NA
    )
  )
}

groups_change_columns <- function(solved, input, words, pairs) {
  n <- length(solved$status)
  layout <- groups_change_layout(input$k, pairs)
  at <- rep_len(seq_len(nrow(layout)), n)
  arms <- input$arms
  level <- arms[layout$level]
  contrast <- ifelse(is.na(layout$reference), level, paste(level, "-", arms[layout$reference]))
  contrast <- ifelse(layout$block == "within", paste0("change in ", level), contrast)
  contrast <- ifelse(layout$block == "adjusted_mean", paste0("mean of ", level), contrast)
  contrast <- ifelse(layout$block == "test", layout$term, contrast)
  labels <- groups_k_labels(input, nrow(layout))
  pair <- !is.na(layout$reference)[at]
  word <- function(x) factor(x[at], levels = unique(x[!is.na(x)]))
  c(
    labels,
    list(contrast = word(contrast), level = factor(level[at], arms),
      reference = factor(arms[layout$reference][at], arms), method = word(layout$method),
      alternative = factor(ifelse(pair, words$alternative, "two.sided")),
      null_value = ifelse(is.na(solved$estimate) | layout$block[at] == "adjusted_mean", NA_real_, 0)),
    solved[c("n", "n_reference", "n_dropped")], list(estimand = word(layout$estimand)),
    solved[c("estimate", "std_error", "conf_low", "conf_high")],
    list(conf_level = rep(words$conf_level, n), conf_method = conf_method_factor(solved$conf_method),
      p_matches = ifelse(is.na(solved$conf_low), NA, solved$p_matches == 1L)),
    solved[c("sum_sq", "sum_sq_error", "statistic", "df", "df_denominator", "p_value")],
    groups_change_adjusted(solved, pair, labels, word(layout$method), words),
    list(status = status_factor(solved$status), note = note_factor(solved$notes))
  )
}

# The contrasts of a method are one family; bonferroni has simultaneous intervals too.
groups_change_adjusted <- function(solved, pair, labels, method, words) {
  if (words$p_adjust == "none") {
    return(NULL)
  }
  only_pairs <- function(x) if (is.null(x)) rep(NA_real_, length(pair)) else ifelse(pair, x, NA_real_)
  list(
    p_adjusted = adjust_within(solved, pair, labels, method, words$p_adjust),
    conf_low_adjusted = only_pairs(solved$conf_low_adjusted), conf_high_adjusted = only_pairs(solved$conf_high_adjusted)
  )
}
