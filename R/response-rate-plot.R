# Print, pictures and sentences of response rates.

# Where no response is missing every way to count gives the same rows: they are printed once.
#' @export
format.respondr_response_rate <- function(x, ..., max_rows = getOption("respondr.max_rows", 20L),
                                          width = getOption("width")) {
  settings <- attr(x, "settings")
  if (isTRUE(settings$complete) && is_whole_result(x) && is.factor(x$missing) && nrow(x)) {
    ways <- as.character(unique(x$missing))
    if (length(ways) > 1L) {
      settings$lines <- c(settings$lines, paste0("no response is missing: the same rows for ", paste(ways, collapse = ", ")))
      x <- x[x$missing == ways[1], , drop = FALSE]
      x$missing <- factor(rep("none", nrow(x)))
      attr(x, "settings") <- settings
    }
  }
  lines <- NextMethod(x = x)
  lines[lines != "Tests: 0"]
}

#' Bars of response rates
#'
#' The rate of each arm with its interval, one panel for each class that is counted and each `by` combination, under one
#' way to count missing responses.
#'
#' @param x,object A result of [response_rate()].
#' @param missing The way to count missing responses; by default the first of `x`.
#' @param ... Not used.
#' @return `autoplot()` a ggplot; `plot()` draws and returns `x` invisibly.
#' @section Errors:
#' `respondr_error_plot` where there is nothing to draw or more than 40 panels.
#' @examples
#' plot(response_rate(y ~ trt, MASS::bacteria, by = week, event = "n", subset = week %in% c(2, 11)))
#' @export
plot.respondr_response_rate <- function(x, missing = NULL, ...) {
  data <- response_bars(x, missing, rlang::current_call())
  if (has_ggplot()) print(gg_rates(data)) else base_rates(data)
  invisible(x)
}

#' @rdname plot.respondr_response_rate
#' @exportS3Method ggplot2::autoplot
autoplot.respondr_response_rate <- function(object, missing = NULL, ...) {
  rlang::check_installed("ggplot2", "for `autoplot()`; `plot()` also draws without it.")
  gg_rates(response_bars(object, missing, rlang::current_call()))
}

response_bars <- function(x, missing, call) {
  settings <- attr(x, "settings")
  rows <- as.data.frame(x)
  rows <- rows[rows$estimand == "rate", , drop = FALSE]
  if (nrow(rows)) {
    found <- unique(as.character(rows$missing))
    missing <- check_word(missing %||% found[1], found, "missing", call)
    rows <- rows[rows$missing == missing, , drop = FALSE]
  }
  panel <- setdiff(settings$by, "missing")
  shown <- panel[vapply(panel, function(b) length(unique(rows[[b]])) > 1L, NA)]
  out <- data.frame(arm = factor(as.character(rows$level), levels = settings$arms),
    panel = panel_labels(rows, shown, rows), rate = 100 * rows$estimate, low = 100 * rows$conf_low,
    high = 100 * rows$conf_high, text = paste0(rows$events, "/", rows$n))
  out <- some_rows(out[!is.na(out$rate), , drop = FALSE], "patient", call)
  rates_panels(out, call)
  counted <- if ("counted" %in% shown) "" else paste0(": ", rows$counted[1])
  list(rows = out, title = paste0(rows$outcome[1], counted, " (missing: ", missing, ")"), level = rows$conf_level[1],
    label = NULL)
}

#' @rdname report_text
#' @export
report_text.respondr_response_rate <- function(x, ...) {
  places <- result_places(x)
  settings <- attr(x, "settings")
  vapply(seq_len(nrow(x)), function(i) response_rate_sentence(row_list(x, i), settings, places[i]), "")
}

response_rate_sentence <- function(one, settings, places) {
  groups <- setdiff(settings$by, c("counted", "missing"))
  where <- vapply(groups, function(b) paste0(", ", b, " ", one[[b]]), "")
  rule <- c(nonresponder = "missing counted as non-responders", excluded = "missing left out",
    responder = "missing counted as responders", best = "missing as responders, in the reference as non-responders",
    worst = "missing as non-responders, in the reference as responders")[[as.character(one$missing)]]
  head <- paste0(one$outcome, " (", one$counted, paste(where, collapse = ""), "; ", rule, ")")
  if (is.na(one$estimate)) {
    return(paste0(head, ": no ", one$estimand, " of ", one$contrast, sentence_problem(one), "."))
  }
  limits <- if (is.na(one$conf_low)) "" else paste0(" (", format_level(one$conf_level), " interval ",
    format_places(one$conf_low, places), " to ", format_places(one$conf_high, places), ")")
  if (one$estimand == "rate") {
    return(paste0(head, ": ", one$contrast, " ", rate_share(one$events, one$n), ", rate ",
      format_places(one$estimate, places), limits, "."))
  }
  paste0(head, ": ", one$estimand, " (", one$contrast, ") ", format_places(one$estimate, places), limits, ", ",
    response_tested(one), ", ", response_method_words(one$method), sentence_problem(one), ".")
}

# "ml ye" is the model and its variance; the bootstrap is named beside the limits.
response_method_words <- function(method) {
  parts <- strsplit(as.character(method), " ", fixed = TRUE)[[1]]
  variance <- intersect(parts[-1], response_variances)
  paste0(parts[1], if (length(variance)) paste0(" with variance ", variance))
}

# The rows of the bootstrap have no test.
response_tested <- function(one) {
  by <- as.character(one$conf_method)
  if (by %in% c("percentile", "basic")) paste(by, "bootstrap") else sentence_p(one$p_value)
}
