# Rates in words: one sentence a row.

#' @rdname report_text
#' @export
report_text.respondr_rates <- function(x, ...) {
  places <- result_places(x)
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) {
    one <- structure(row_list(x, i), settings = settings)
    if (is.null(one$level)) rate_sentence(one, places[i]) else rates_sentence(one, places[i])
  }, "")
}

rate_share <- function(events, n) {
  if (is.na(n) || n == 0L) {
    return("no patient")
  }
  paste0(events, " of ", n, " (", formatC(100 * events / n, digits = 1, format = "f"), "%)")
}

# The event is named where its own word says more than "yes".
rate_subject <- function(one) {
  event <- as.character(one$event)
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
    if (tested) paste0("; ", sentence_test(one)), sentence_problem(one), rate_dropped(one), ".")
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
    sentence_test(one), sentence_problem(one), rate_dropped(one), ".")
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
