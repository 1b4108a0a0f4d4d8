# Paired rates in words: one sentence a row.

#' @rdname report_text
#' @export
report_text.respondr_paired_rates <- function(x, ...) {
  places <- result_places(x)
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) {
    one <- row_list(x, i)
    method <- as.character(one$method)
    settings$scale <- if (method %in% prates_pair_methods && !grepl("difference", one$estimand)) "ratio" else "difference"
    if (is.na(one$null_value)) one$null_value <- 0
    one <- structure(one, settings = settings)
    sentence <- if (method %in% prates_pair_methods) prates_pair_rate_sentence else prates_other_rate_sentence
    sentence(one, places[i])
  }, "")
}

#' @rdname report_text
#' @export
report_text.respondr_agreement <- function(x, ...) {
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) prates_agreement_sentence(structure(row_list(x, i), settings = settings)), "")
}

prates_share <- function(events, n) {
  paste0(events, " of ", n, " (", format_places(100 * events / n, if (n >= 200) 1L else 0L), "%)")
}

prates_who <- function(one) {
  outcome <- as.character(one$outcome)
  if (outcome %in% c("outcome", "table", "counts")) "the response" else outcome
}

prates_dropped <- function(one, why) {
  n <- one$n_dropped
  if (is.na(n) || n == 0L) {
    return("")
  }
  paste0("; ", n, if (n == 1L) " patient " else " patients ", why, if (n == 1L) " was" else " were", " left out")
}

prates_visit_words <- function(visit) {
  visit <- as.character(visit)
  if (is.na(suppressWarnings(as.numeric(visit)))) visit else paste("visit", visit)
}

prates_at_visit <- function(visit) {
  words <- prates_visit_words(visit)
  if (words %in% c("before", "after")) words else paste("at", words)
}

prates_pair_rate_sentence <- function(one, places) {
  if (one$n_pairs == 0L) {
    return(paste0("No comparison of ", prates_who(one), sentence_group(one), " between ",
      prates_visit_words(one$reference), " and ", prates_visit_words(one$level), ": no patient had both responses", prates_dropped(one, "without both responses"), "."))
  }
  patients <- paste0("in ", one$n_pairs, " patient", if (one$n_pairs != 1L) "s", sentence_group(one))
  rates <- paste0(prates_who(one), " (", one$event, ") was seen in ", prates_share(one$events_reference, one$n_pairs), " ",
    prates_at_visit(one$reference), " and ", prates_share(one$events, one$n_pairs), " ", prates_at_visit(one$level), ": ",
    one$n_gained, " gained it and ", one$n_lost, " lost it")
  value <- if (is.na(one$estimate)) "not available" else format_places(one$estimate, places)
  estimate <- paste0(one$estimand, " ", value, sentence_interval(one, places, ""))
  parts <- c(rates, estimate, sentence_test(one, places), prates_effect(one))
  paste0(capitalised(patients), ", ", paste(parts, collapse = "; "), sentence_problem(one),
    prates_dropped(one, "without both responses"), ".")
}

prates_effect <- function(one) {
  if (is.null(one$effect) || is.na(one$effect)) {
    return(NULL)
  }
  places <- effect_places(one$effect)
  limits <- format_places(c(one$effect_low, one$effect_high), places)
  words <- c(difference = "difference of rates", ratio = "ratio of rates", odds_ratio = "conditional odds ratio")
  paste0(words[[as.character(one$effect_name)]], " ", format_places(one$effect, places), " (", limits[1], " to ", limits[2], ")")
}

prates_other_rate_sentence <- function(one, places) {
  over <- as.character(one$method) %in% prates_visit_methods
  n <- if (over) one$n else one$n_pairs
  why <- if (over) "with too few visits" else "without both responses"
  who <- paste0("In ", n, " patient", if (n != 1L) "s", sentence_group(one), ", ", prates_who(one),
    if (over) paste0(" (", one$event, ") over all visits") else
      paste0(" from ", prates_visit_words(one$reference), " to ", prates_visit_words(one$level)))
  statistic <- if (!is.na(one$statistic)) {
    paste0("statistic ", format_statistic(one$statistic), if (!is.na(one$df)) paste0(" on ", format_statistic(one$df), " df"))
  }
  estimate <- if (!is.null(one$estimate) && !is.na(one$estimate)) {
    paste0(one$estimand, " ", format_places(one$estimate, places), sentence_interval(one, places, ""))
  }
  paste0(who, ": ", paste(c(estimate, statistic, sentence_test(one, places)), collapse = "; "), sentence_problem(one),
    prates_dropped(one, why), ".")
}

prates_agreement_sentence <- function(one) {
  who <- paste0("In ", one$n_pairs, " patient", if (one$n_pairs != 1L) "s", sentence_group(one), ", ", prates_who(one), ", ",
    one$contrast)
  if (is.na(one$estimate)) {
    return(paste0(who, ": no kappa", sentence_problem(one), prates_dropped(one, "without both readings"), "."))
  }
  name <- c(kappa = "kappa", kappa_linear = "kappa with linear weights", kappa_quadratic = "kappa with quadratic weights",
    kappa_custom = "kappa with the weights given")[[as.character(one$method)]]
  paste0(who, ": ", name, " ", format_places(one$estimate, 2L), sentence_interval(one, 2L, ""), "; ",
    if (is.na(one$p_value)) "no p-value" else sentence_p(one$p_value), "; equal readings in ",
    format_places(100 * one$effect, 0L), "% (", format_places(100 * one$effect_low, 0L), "% to ",
    format_places(100 * one$effect_high, 0L), "%)", sentence_problem(one), prates_dropped(one, "without both readings"), ".")
}
