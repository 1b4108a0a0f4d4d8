# Coefficients with their intervals and tests; odds ratios as a result.

# One row a coefficient, on the log scale: interval and p of the same test.
logistic_coefficients <- function(object, level = object$settings$conf_level, interval = object$settings$interval) {
  if (object$method == "exact" && length(object$exact$rows)) {
    return(exact_coefficients(object, level))
  }
  p <- length(object$coefficients)
  blank <- rep(NA_real_, p)
  out <- data.frame(column = names(object$coefficients) %||% character(), estimate = unname(object$coefficients),
    std_error = sqrt(unname(diag(object$vcov))), conf_low = blank, conf_high = blank,
    statistic = blank, df = blank, p_value = blank, conf_method = rep(NA_character_, p), reason = rep("", p))
  at <- which(object$kept)
  if (object$status %in% c("one_level", "no_data") || !length(at)) {
    return(out)
  }
  asked <- logistic_ask(object)
  limits <- logistic_limits(asked$problem, asked$options, at, level, interval, object$call)
  tests <- logistic_tests(asked$problem, asked$options, as.list(at), c(profile = "lr", wald = "wald",
    score = "score")[[interval]],
    call = object$call)
  out[at, c("conf_low", "conf_high")] <- limits[c("low", "high")]
  out[at, c("statistic", "df", "p_value")] <- tests[c("statistic", "df", "p_value")]
  out$conf_method[at] <- interval_word(object, interval)
  out$reason[at] <- limit_sentences(limits)
  if (object$method == "flic" && !is.null(object$flic)) out <- flic_intercept(out, object, level)
  out
}

interval_word <- function(object, interval) {
  switch(interval, profile = if (object$method == "ml") "profile" else "profile_penalised", wald = "wald", "score_model")
}

# The intercept of FLIC is no maximum of a likelihood of its own: Wald.
flic_intercept <- function(out, object, level) {
  z <- out$estimate[1] / out$std_error[1]
  out[1, c("conf_low", "conf_high")] <- out$estimate[1] + c(-1, 1) * stats::qnorm((1 + level) / 2) * out$std_error[1]
  out[1, c("statistic", "df", "p_value")] <- c(z^2, 1, 2 * stats::pnorm(-abs(z)))
  out$conf_method[1] <- "wald"
  out
}

limit_sentences <- function(limits) {
  words <- c(infinite = "a limit is infinite, because the likelihood stays close to its maximum all the way (separation)",
    flat = "a limit was not reached as far as the search went", not_converged = "the search for a limit did not converge",
    not_estimable = "the interval cannot be computed")
  one <- function(low, high) {
    hit <- unique(c(low, high))
    paste(words[hit[hit %in% names(words)]], collapse = "; ")
  }
  mapply(one, limits$low_reason, limits$high_reason, USE.NAMES = FALSE)
}

exact_coefficients <- function(object, level) {
  names <- names(object$coefficients)
  rows <- object$exact$rows
  if (level != object$settings$conf_level) {
    object$settings$conf_level <- level
    rows <- logistic_exact_part(object$problem, object$settings, object$input, object$call)$exact$rows
  }
  out <- data.frame(column = names[rows$column], estimate = rows$estimate, std_error = rows$std_error,
    conf_low = rows$conf_low, conf_high = rows$conf_high, statistic = NA_real_, df = NA_real_, p_value = rows$p_value,
    conf_method = if (object$settings$midp) "conditional_midp" else "conditional",
    reason = ifelse(rows$unbiased == 1,
      "the statistic is at the end of its range: one limit is infinite and the estimate is the median unbiased one", ""))
  out$status <- rows$status
  fill_columns(out[match(names, out$column), ], names)
}

fill_columns <- function(out, names) {
  out$column <- names
  out$reason[is.na(out$reason)] <- ""
  row.names(out) <- NULL
  out
}

#' Odds ratios of a logistic model
#'
#' One row for each coefficient but the intercept: the odds ratio for `steps` units of a numeric predictor, or of a
#' level against
#' the reference, with the interval of the test that its p-value comes from. A predictor that is part of an interaction
#' has the odds
#' ratio that holds where the others are 0 or at their reference, and the interaction the ratio of two odds ratios; both
#' say so.
#'
#' @param fit A model of [fit_logistic()].
#' @param steps Units of numeric predictors, such as `c(hbf = 10)`; those of the model by default.
#' @param conf_level Confidence level.
#' @param interval `"profile"`, `"wald"` or `"score"`, with the likelihood-ratio, Wald or score test.
#' @return A data frame of class `respondr_odds`, a result ([result_columns]). `events`, `n` are those of the level,
#'   `events_reference`, `n_reference` of the reference; for numeric predictors those of all patients. `std_error` is
#'   that of the
#'   logarithm.
#' @examples
#' fit <- fit_logistic(low ~ age + smoke, MASS::birthwt)
#' odds_ratios(fit, steps = c(age = 5))
#' @export
odds_ratios <- function(fit, steps = fit$settings$steps, conf_level = fit$settings$conf_level,
                        interval = fit$settings$interval) {
  call <- rlang::current_call()
  check_logistic(fit, call)
  conf_level <- check_number(conf_level, "conf_level", call, 0, 1, open = TRUE)
  check_word(interval, logistic_intervals, "interval", call)
  steps <- check_steps(steps, fit$input, call)
  columns <- if (inherits(fit, "respondr_pooled")) pooled_coefficients(fit, conf_level) else
    logistic_coefficients(fit, conf_level, interval)
  rows <- odds_rows(fit, columns, steps, conf_level)
  build_result(rows, class = "respondr_odds", settings = list(
    family = "logistic", title = paste0("Odds ratios of ", event_title(fit$input)), scale = "ratio",
    conf_level = conf_level, lines = logistic_lines(fit), call_words = fit$settings, interval = interval
  ), trace = logistic_trace(fit, interval), input = NULL, call = call)
}

check_logistic <- function(fit, call, argument = "fit") {
  if (!inherits(fit, "respondr_logistic")) {
    stop_input("fit", paste0("`", argument, "` must be a model of `fit_logistic()`, not ", given_value(fit), "."),
      argument, call)
  }
  fit
}

odds_rows <- function(fit, columns, steps, conf_level) {
  input <- fit$input
  told <- predictor_columns(input)
  at <- which(input$assign > 0L)
  # What an exact answer is conditioned on has no estimate: the header names what was asked.
  if (fit$method == "exact") at <- at[told$term[at] %in% fit$exact$terms]
  step <- rep(1, nrow(told))
  if (length(steps)) step[match(names(steps), told$column)] <- steps
  log_scale <- function(name) columns[[name]][at] * step[at]
  low <- exp(pmin(log_scale("conf_low"), log_scale("conf_high")))
  high <- exp(pmax(log_scale("conf_low"), log_scale("conf_high")))
  count <- level_counts(fit, told)
  several <- interacting(input)
  order <- attr(input$terms, "order")[pmax(input$assign, 1L)]
  note <- paste_notes(columns$reason[at], ifelse(several[input$assign[at]] & order[at] == 1L,
    "part of an interaction: where the other variables are 0 or at their reference", ""))
  n <- length(at)
  status <- coefficient_status(fit, columns)[at]
  list(
    outcome = rep(input$outcome, n), contrast = contrast_labels(told, step, input)[at],
    term = told$term[at], level = told$level[at], reference = told$reference[at],
    event = rep(input$event, n), method = rep(fit$method, n), n = count$n[at], n_reference = count$n_reference[at],
    events = count$events[at], events_reference = count$events_reference[at],
    estimand = ifelse(order[at] > 1L, "ratio of odds ratios", "odds ratio"), estimate = exp(log_scale("estimate")),
    std_error = abs(log_scale("std_error")), conf_low = low, conf_high = high, conf_level = rep(conf_level, n),
    conf_method = factor(columns$conf_method[at], levels = conf_method_table$word[-1]),
    p_matches = ifelse(is.na(columns$p_value[at]), NA, TRUE), statistic = columns$statistic[at], df = columns$df[at],
    p_value = columns$p_value[at], status = factor(status, levels = status_table$word), note = note
  )
}

paste_notes <- function(a, b) {
  factor(ifelse(nzchar(a) & nzchar(b), paste(a, b, sep = "; "), paste0(a, b)))
}

contrast_labels <- function(told, step, input) {
  unit <- ifelse(step == 1, "per unit", paste("per", vapply(step, format_number, "")))
  factor_row <- !is.na(told$level)
  numeric <- !factor_row & told$column == told$term & !vapply(told$term, function(t) t %in% names(input$xlevels), NA)
  ifelse(factor_row, ifelse(is.na(told$reference), told$level, paste(told$level, "/", told$reference)),
    ifelse(numeric, unit, told$column))
}

# Patients and events of the level and of the reference; of all patients where there is no level.
level_counts <- function(fit, told) {
  input <- fit$input
  w <- input$trials * ((input$weights %||% 1) > 0)
  whole <- function(x) as.integer(round(x))
  p <- nrow(told)
  out <- list(n = rep(fit$n, p), events = rep(fit$events, p), n_reference = rep(NA_integer_, p),
    events_reference = rep(NA_integer_, p))
  for (j in which(!is.na(told$level))) {
    value <- as.character(input$frame[[told$term[j]]])
    here <- value == told$level[j]
    out$n[j] <- whole(sum(w[here]))
    out$events[j] <- whole(sum((w * input$y)[here]))
    if (is.na(told$reference[j])) next
    there <- value == told$reference[j]
    out$n_reference[j] <- whole(sum(w[there]))
    out$events_reference[j] <- whole(sum((w * input$y)[there]))
  }
  out
}

# Is the term part of another?
interacting <- function(input) {
  factors <- attr(input$terms, "factors")
  k <- length(input$labels)
  vapply(seq_len(k), function(i) {
    any(vapply(setdiff(seq_len(k), i), function(j) all(factors[factors[, i] > 0, j] > 0), NA))
  }, NA)
}

coefficient_status <- function(fit, columns) {
  if (fit$method == "exact") {
    return(ifelse(is.na(columns$status), "not_estimable", columns$status))
  }
  out <- rep(if (fit$status == "separated") "ok" else fit$status, length(fit$coefficients))
  out[runs(fit$coefficients) & !is.finite(fit$coefficients)] <- "separated"
  out[!fit$kept] <- "rank_deficient"
  out
}

# A limit of 0.8 must not print as 1 beside one of 1,000, nor 0.998 as 1.00: decimals follow the smallest ratio and the
# limit that
# is closest to 1.
odds_places <- function(x) {
  value <- unlist(unclass(x)[c("estimate", "conf_low", "conf_high")], use.names = FALSE)
  value <- value[is.finite(value) & value > 0]
  small <- 1 - floor(log10(min(value, 1)))
  apart <- abs(c(x$conf_low, x$conf_high) - 1)
  near <- -floor(log10(min(apart[is.finite(apart) & apart > 1e-6], 1)))
  rep(as.integer(max(2, min(4, max(small, near)))), nrow(x))
}
