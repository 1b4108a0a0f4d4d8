# A logistic model in words.

#' @rdname report_text
#' @export
report_text.respondr_logistic <- function(x, ...) {
  terms <- x$input$labels
  first <- paste0("Logistic regression of ", event_title(x$input), " (", x$events, " of ", x$n, " patients) on ",
    if (length(terms)) paste(terms, collapse = ", ") else "no predictor", ", ", estimator_line(x),
    if (x$separation$verdict != "none") paste0("; ", separation_words(x$separation)), lost_words(x), ".")
  if (x$status %in% c("one_level", "no_data")) {
    return(paste0(sub("\\.$", "", first), ": all responses are the same, so nothing can be estimated."))
  }
  c(first, if (length(terms)) report_text(odds_ratios(x)))
}

lost_words <- function(x) {
  n <- x$input$n_dropped
  why <- x$input$missing
  if (n > 0L) paste0("; ", n, if (n == 1L) " row was" else " rows were", " left out for want of a value (",
    paste(names(why), why, collapse = ", "), ")")
}

#' @rdname report_text
#' @export
report_text.respondr_odds <- function(x, ...) {
  places <- result_places(x)
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) odds_sentence(structure(row_list(x, i), settings = settings), places[i]), "")
}

odds_sentence <- function(one, places) {
  subject <- if (!is.na(one$reference)) {
    paste0(one$term, " ", one$level, " (", one$events, "/", one$n, ") against ", one$reference, " (",
      one$events_reference, "/",
      one$n_reference, ")")
  } else if (grepl("^per ", one$contrast)) {
    paste(one$term, one$contrast)
  } else {
    as.character(one$contrast)
  }
  estimate <- if (is.na(one$estimate)) paste("no", one$estimand, "can be given") else
    paste0(one$estimand, " ", format_places(one$estimate, places))
  interval <- as.character(one$conf_method)
  test <- if (is.na(interval)) "test" else c(profile = "likelihood-ratio test",
    profile_penalised = "penalised likelihood-ratio test", wald = "Wald test",
    score_model = "score test", conditional = "exact conditional test", conditional_midp = "mid-p conditional test",
    rubin = "t by Rubin's rules", clip = "combined penalised likelihood profiles")[[interval]]
  paste0(subject, sentence_group(one), ": ", estimate, sentence_interval(one, places, ""), "; ",
    if (is.na(one$p_value)) "no p-value" else paste0(sentence_p(one$p_value), ", ", test), sentence_problem(one), ".")
}

#' @rdname report_text
#' @export
report_text.respondr_effects <- function(x, ...) {
  places <- result_places(x)
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) {
    one <- structure(row_list(x, i), settings = settings)
    paste0(one$term, ", ", one$contrast, ": ", one$estimand, " of ", one$outcome, " = ", one$event, " ",
      format_places(one$estimate, places[i]), sentence_interval(one, places[i], ""),
      if (!is.na(one$p_value)) paste0("; ", sentence_p(one$p_value), ", Wald test"), sentence_problem(one), ".")
  }, "")
}

#' @rdname report_text
#' @export
report_text.respondr_terms <- function(x, ...) {
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) {
    one <- structure(row_list(x, i), settings = settings)
    name <- c(lr = "chi-square", wald = "Wald chi-square", score = "score chi-square", exact = "exact score",
      f = "F")[[as.character(one$method)]]
    denominator <- one$df_denominator %||% NA
    df <- paste(c(format_statistic(one$df), if (!is.na(denominator)) format_statistic(denominator)), collapse = " and ")
    paste0(capitalised(as.character(one$term)), ": ", if (is.na(one$p_value)) "no p-value" else
      paste0(name, " ", format_statistic(one$statistic), " on ", df, " df, ", sentence_p(one$p_value)),
        sentence_problem(one), ".")
  }, "")
}
