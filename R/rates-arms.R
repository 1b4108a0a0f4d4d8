#' The rate of each arm
#'
#' Events, patients, rate and interval of every arm of a comparison, the reference first.
#'
#' @param x A result of [compare_rates()].
#' @param interval `"wilson"` (Wilson 1927), or another interval of one rate, see [compare_rates()].
#' @param conf_level Confidence level; by default that of `x`.
#' @param ... Must be empty.
#' @return A data frame of class `respondr_rates`, one row for each `by` combination and arm, without tests.
#' @section Errors:
#' `respondr_error_x` if `x` is no result of [compare_rates()].
#' @examples
#' x <- compare_rates(y ~ trt, MASS::bacteria, subset = week == 2, event = "n")
#' rates_arms(x)
#' @export
rates_arms <- function(x, interval = "wilson", ..., conf_level = NULL) {
  call <- sys.call()
  check_dots_empty(call, ...)
  input <- attr(x, "input")
  if (!inherits(x, "respondr_rates") || is.null(input$counts)) {
    stop_input("x", paste0("`x` must be a result of `compare_rates()`, not ", given_value(x), "."), "x", call)
  }
  words <- attr(x, "settings")$call_words
  words[c("interval", "method", "estimand")] <- list(check_word(interval, arm_intervals[-1], "interval", call),
    "binomial", "rate")
  words$conf_level <- check_number(conf_level %||% words$conf_level, "conf_level", call, 0, 1, open = TRUE)
  words[c("alternative", "two_sided", "midp")] <- list("two.sided", "central", FALSE)
  words$null <- NULL
  solved <- rates_core(rates_counts(input, call), NULL, words, "binomial", words$conf_level, call)
  k <- length(input$arms)
  groups <- nrow(input$by)
  n <- k * groups
  arm <- if (input$arm_name %in% c(result_dictionary$name, names(input$by))) "arm" else input$arm_name
  labels <- list(outcome = constant_factor(input$outcome, n))
  for (b in names(input$by)) labels[[b]] <- rep(input$by[[b]], each = k)
  labels[[arm]] <- factor(rep(input$arms, groups), levels = input$arms)
  rows <- c(labels, list(event = constant_factor(input$event_label, n), method = constant_factor("binomial", n)),
    solved["n"], list(n_dropped = as.vector(input$n_dropped)), solved["events"],
    list(estimand = constant_factor("rate", n)), solved[c("estimate", "std_error", "conf_low", "conf_high")],
    list(conf_level = rep(words$conf_level, n), conf_method = conf_method_factor(solved$conf_method),
      p_value = rep(NA_real_, n), status = status_factor(solved$status), note = note_factor(solved$notes)))
  settings <- list(family = "rates", by = c(names(input$by), arm), conf_level = words$conf_level, p_adjust = "none",
    skipped = input$skipped, kind = input$kind, title = "Rate of each arm", arms = TRUE, call_words = words)
  build_result(rows, class = "respondr_rates", settings = settings, input = input, call = call)
}
