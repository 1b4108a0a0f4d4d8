# Validation in words: one sentence a row.

#' @rdname report_text
#' @export
report_text.respondr_validation <- function(x, ...) {
  places <- result_places(x)
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) validation_sentence(structure(row_list(x, i), settings = settings), places[i]), "")
}

validation_sentence <- function(one, places) {
  method <- as.character(one$method)
  who <- as.character(one$contrast %||% one$term %||% attr(one, "settings")$marker)
  patients <- if (method %in% names(cut_shares)) "" else paste0(" in ", one$n, " patients (", one$events, " with ",
    one$outcome, " ", one$event, ")")
  if (method == "hosmer_lemeshow") {
    return(hosmer_sentence(one, who, patients))
  }
  if (is.na(one$estimate)) {
    return(paste0("No ", one$estimand, " of ", who, patients, ": ", status_sentence(as.character(one$status)), "."))
  }
  value <- paste0(format_places(one$estimate, places), sentence_interval(one, places, ""))
  what <- if (method %in% names(cut_shares)) paste0(cut_shares[[method]], " ", one$events, " of ", one$n, ": ") else ""
  p <- if (!is.na(one$p_value)) paste0("; ", sentence_p(one$p_value), " for ", format_number(one$null_value))
  paste0(capitalised(as.character(one$estimand)), " of ", who, patients, ": ", what, value, p, corrected_words(one, places),
    if (one$status != "ok") paste0(" (", status_sentence(as.character(one$status)), ")"), ".")
}

cut_shares <- c(sensitivity = "positive", specificity = "negative", ppv = "with the event", npv = "without the event")

hosmer_sentence <- function(one, who, patients) {
  if (is.na(one$p_value)) {
    return(paste0("No Hosmer-Lemeshow test of ", who, patients, ": ", status_sentence(as.character(one$status)), "."))
  }
  paste0("Hosmer-Lemeshow test of ", who, patients, ": chi-square ", format_statistic(one$statistic), " on ",
    format_number(one$df), " degrees of freedom, ", sentence_p(one$p_value), ".")
}

corrected_words <- function(one, places) {
  if (is.null(one$corrected) || is.na(one$corrected)) {
    return("")
  }
  limits <- if (!is.na(one$corrected_low)) paste0(" (", format_level(one$conf_level), " interval ",
    format_places(one$corrected_low, places), " to ", format_places(one$corrected_high, places), ")")
  paste0("; corrected for optimism ", format_places(one$corrected, places), limits)
}
