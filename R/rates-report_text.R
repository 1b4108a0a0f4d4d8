# Rates in words: one sentence a row.

#' @rdname report_text
#' @export
report_text.respondr_rates <- function(x, ...) {
  places <- result_places(x)
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) {
    one <- structure(row_list(x, i), settings = settings)
    kind <- settings$call_words$kind
    if (kind %in% c("overall", "strata")) return(rate_table_sentence(one, places[i]))
    if (is.null(one$level)) rate_sentence(one, places[i]) else rates_sentence(one, places[i])
  }, "")
}

# What makes a test of rates another one under the same name.
rate_choices <- function(one) {
  settings <- attr(one, "settings")
  method <- as.character(one$method)
  words <- settings$call_words %||% settings$words
  if (is.null(words) || is.null(settings$family)) {
    return("")
  }
  exact <- is.null(one$distribution) || as.character(one$distribution) %in% "exact"
  chosen <- switch(settings$family,
    rates = c(if (exact && isTRUE(words$midp) && method %in% c("fisher", "binomial")) "mid-p",
      if (rate_continuity(words, method)) "with continuity correction",
      if (method == "barnard" && isFALSE(words$pooled)) "unpooled statistic"),
    paired_rates = if (method == "mcnemar" && isTRUE(words$continuity)) "with continuity correction",
    NULL)
  if (length(chosen)) paste0(" (", paste(chosen, collapse = ", "), ")") else ""
}

rate_share <- function(events, n) {
  if (is.na(n) || n == 0L) {
    return("no patient")
  }
  paste0(events, " of ", n, " (", formatC(100 * events / n, digits = 1, format = "f"), "%)")
}

# The event is named where its own word says more than "yes".
rate_subject <- function(one) {
  event <- if (is.null(one$event)) NA else as.character(one$event)
  plain <- is.na(event) || event %in% c("TRUE", "1", "event", as.character(one$outcome))
  outcome <- as.character(one$outcome)
  paste0(if (outcome == "response") "Event" else outcome, if (!plain) paste0(" = ", event), sentence_group(one))
}

rate_sentence <- function(one, places) {
  if (one$n == 0L) {
    return(paste0("No rate of ", rate_subject(one), ": there was no patient", rate_dropped(one), "."))
  }
  tested <- !is.na(one$p_value)
  paste0(rate_subject(one), ": ", rate_share(one$events, one$n), sentence_interval(one, places, ""),
    if (tested) paste0("; ", sentence_test(one, places)), sentence_problem(one), rate_dropped(one), ".")
}

rates_sentence <- function(one, places) {
  arms <- paste0(one$level, " ", rate_share(one$events, one$n), ", ", one$reference, " ",
    rate_share(one$events_reference, one$n_reference))
  estimate <- if (is.na(one$estimate)) {
    paste("no", one$estimand, "can be given")
  } else {
    paste0(one$estimand, " (", one$contrast, ") ", format_places(one$estimate, places))
  }
  paste0(rate_subject(one), ": ", arms, "; ", estimate, rate_interval_words(one, places), "; ",
    sentence_test(one, places), sentence_problem(one), rate_dropped(one), ".")
}

rate_table_names <- c(
  chisq = "chi-square test", n1_chisq = "N - 1 chi-square test", g = "likelihood-ratio test", fisher = "Fisher test",
  trend = "Cochran-Armitage test of a trend", linear = "linear-by-linear association test",
  cmh = "Cochran-Mantel-Haenszel test", score_iv = "stratified score test", exact = "test of the common odds ratio",
  breslow_day = "Breslow-Day test of equal odds ratios", tarone = "Breslow-Day-Tarone test of equal odds ratios",
  woolf = "Woolf test of equal odds ratios", zelen = "Zelen test of equal odds ratios",
  general = "general association test in strata", row_means = "test of row means in strata",
  correlation = "correlation test in strata"
)

# All arms together, or two arms in strata.
rate_table_sentence <- function(one, places) {
  who <- if (is.null(one$contrast)) paste("all arms of", one$term) else as.character(one$contrast)
  how <- c(exact = "exact ", asymptotic = "asymptotic ", monte_carlo = "Monte Carlo ")[as.character(one$distribution)]
  name <- paste0(if (!is.na(how)) how, rate_table_names[[as.character(one$method)]], rate_choices(one))
  estimate <- if (!is.na(one$estimate)) paste0(one$estimand, " ", format_places(one$estimate, places),
    sentence_interval(one, places, ""), "; ")
  p <- if (is.na(one$p_value)) paste("no p-value from the", name) else
    paste0(sentence_p(one$p_value), sentence_monte_carlo(one), ", ", name)
  paste0(rate_subject(one), ", ", who, " (", one$n, " patients): ", estimate, p, sentence_problem(one),
    rate_dropped(one), ".")
}

# Between its limits the number needed to treat is not 0 but infinite.
rate_interval_words <- function(one, places) {
  through <- one$estimand == "number needed to treat" && !is.na(one$conf_low) && one$conf_low < 0 && one$conf_high > 0
  if (!through) {
    return(sentence_interval(one, places, ""))
  }
  ends <- format_places(c(one$conf_low, one$conf_high), places)
  paste0(" (", format_level(one$conf_level), " confidence interval ", ends[1], " through infinity to ", ends[2], ")")
}

rate_dropped <- function(row) {
  n <- row$n_dropped
  if (is.null(n) || is.na(n) || n == 0L) {
    return("")
  }
  one <- n == 1L
  paste0("; ", n, if (one) " patient" else " patients", " without a response ", if (one) "was" else "were", " left out")
}
