# Independent groups in words: one sentence a row.

#' @rdname report_text
#' @export
report_text.respondr_groups <- function(x, ...) {
  places <- result_places(x)
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) {
    one <- structure(row_list(x, i), settings = settings)
    if (is.null(one$contrast)) several_arms_sentence(one) else groups_sentence(one, places[i])
  }, "")
}

# A test of all arms has no contrast.
several_arms_sentence <- function(one) {
  subject <- paste0(capitalised_first(rm_where(one, attr(one, "settings"))), ", ", one$term, " (", one$n, " patient",
    if (one$n != 1L) "s", "): ")
  if (is.na(one$p_value)) {
    return(paste0(subject, "no p-value from ", with_article(method_name(one)), sentence_problem(one), groups_dropped(one), "."))
  }
  ratio <- !is.na(one$df_denominator)
  statistic <- if (ratio) {
    paste0("F(", format_statistic(one$df), ", ", format_statistic(one$df_denominator), ") = ",
      format_statistic(one$statistic))
  } else {
    paste0("statistic ", format_statistic(one$statistic),
      if (!is.na(one$df)) paste0(" on ", format_statistic(one$df), " df"))
  }
  parts <- c(paste0(statistic, ", ", sentence_p(one$p_value), sentence_monte_carlo(one), ", ", method_name(one)),
    groups_effect(one))
  paste0(subject, paste(parts, collapse = "; "), sentence_problem(one), groups_dropped(one), ".")
}

groups_sentence <- function(one, places) {
  subject <- paste0(capitalised_first(rm_where(one, attr(one, "settings"))), ", ", one$level, " against ", one$reference)
  if (one$status %in% c("no_data", "one_group_empty")) {
    return(paste0(subject, " (", groups_sizes(one), "): no comparison", groups_dropped(one), "."))
  }
  parts <- c(
    paste0(as.character(one$estimand), " ", if (is.na(one$estimate)) "not available" else
      paste0(format_places(one$estimate, places), groups_interval(one, places))),
    groups_test(one, places), groups_effect(one)
  )
  paste0(subject, " (", groups_sizes(one), "): ", paste(parts, collapse = "; "), sentence_problem(one),
    groups_dropped(one), ".")
}

# "the F test", but "Welch's t-test".
with_article <- function(name) if (grepl("^[A-Z][a-z]+'s ", name)) name else paste("the", name)

capitalised_first <- function(x) if (identical(x, "the outcome")) "The outcome" else x

groups_sizes <- function(one) {
  paste0(one$n, " and ", one$n_reference, " patient", if (one$n + one$n_reference != 1L) "s")
}

# The natural end of a range is no limit worth naming, an infinite one even less.
groups_interval <- function(one, places) {
  if (is.na(one$conf_low) && is.na(one$conf_high)) {
    return(", no confidence interval")
  }
  sentence_interval(one, places, "")
}

groups_test <- function(one, places) {
  if (is.na(one$p_value)) {
    return(paste("no p-value from", with_article(method_name(one))))
  }
  adjusted <- sentence_adjusted(one, attr(one, "settings")$p_adjust, places)
  paste0(sentence_p(one$p_value), sentence_monte_carlo(one), adjusted, ", ", method_name(one), groups_hypothesis(one))
}

groups_hypothesis <- function(one) {
  alternative <- as.character(one$alternative)
  if (identical(alternative, "equivalence")) {
    return(paste0(" for equivalence within ", format_number(one$margin_low), " to ", format_number(one$margin_high)))
  }
  null <- if (one$null_value != two_null(as.character(one$method))) {
    paste0(" of a ", one$estimand, " of ", format_number(one$null_value))
  }
  side <- c(two.sided = "", less = ", one-sided (less)", greater = ", one-sided (greater)")[[alternative]]
  paste0(null, side)
}

groups_effect <- function(one) {
  if (is.null(one$effect) || is.na(one$effect)) {
    return(NULL)
  }
  places <- effect_places(one$effect)
  limits <- format_places(c(one$effect_low, one$effect_high), places)
  name <- as.character(one$effect_name)
  known <- c(rank_biserial = "rank-biserial correlation", prob_superiority = "probability of superiority",
    glass_delta = "Glass's delta", glass_delta_corrected = "Glass's delta, corrected")
  paste0(if (name %in% names(known)) known[[name]] else paste("effect size", name), " ", format_places(one$effect, places),
    if (!is.na(one$effect_low) && !is.na(one$effect_high)) paste0(" (", limits[1], " to ", limits[2], ")"))
}

groups_dropped <- function(one) {
  n <- one$n_dropped
  if (is.na(n) || n == 0L) {
    return("")
  }
  paste0("; ", n, if (n == 1L) " patient without a value was" else " patients without a value were", " left out")
}
