# The curves behind the figures of validate_predictors(), as plain data frames.

#' Curves of a validation
#'
#' `roc_curve()` gives sensitivity and specificity at every cut-point with the Wilson interval of each;
#' `calibration_curve()` the
#' smoothed share of events over the predicted probability with its pointwise interval; `decision_curve()` the net benefit of
#' treating patients whose probability is at least a threshold, beside treating all and none.
#'
#' @section Formulas:
#' Net benefit at threshold t: TP / n - FP / n * t / (1 - t); of treating all: s - (1 - s) t / (1 - t), s the share of
#' events; of
#' treating none: 0 (Vickers and Elkin 2006). Its interval: percentiles over resamples of patients. The smooth curve is
#' that of
#' [validate_predictors()]. The band of the ROC curve is pointwise: it is not one of the whole curve.
#' @param x A result of [validate_predictors()], or for `roc_curve()` also of [compare_aucs()] and [marker_cutpoint()].
#' @param thresholds Increasing, between 0 and 1.
#' @param points Number of predicted probabilities at which the smooth curve is computed.
#' @param conf_level,replicates,seed,threads See [validate_predictors()]; `replicates = 0` leaves the interval out.
#' @return A data frame; `term` names the marker or model.
#' @section Errors:
#' `respondr_error_plot` where the result holds no probabilities.
#' @references Vickers AJ, Elkin EB (2006) \doi{10.1177/0272989X06295361}. Austin PC, Steyerberg EW (2019)
#' \doi{10.1002/sim.8281}.
#' @examples
#' fit <- glm(low ~ age + lwt + smoke, binomial(), MASS::birthwt)
#' x <- validate_predictors(fit, validation = "none")
#' head(roc_curve(x))
#' head(calibration_curve(x))
#' decision_curve(x, thresholds = c(0.2, 0.3), replicates = 200, seed = 1)
#' @export
roc_curve <- function(x, conf_level = attr(x, "settings")$conf_level) {
  call <- rlang::current_call()
  input <- validation_input(x, FALSE, call)
  check_number(conf_level, "conf_level", call, 0, 1, open = TRUE)
  sign <- if (identical(attr(x, "settings")$higher, FALSE)) -1 else 1  # a cut-point below which patients are positive
  frames <- lapply(names(input$scores), function(name) {
    patients <- if (is.null(input$groups)) input$patients else input$groups[[match(name, names(input$scores))]]
    roc_frame(patients, sign * input$scores[[name]], name, conf_level, call)
  })
  out <- do.call(rbind, frames)
  out$threshold <- sign * out$threshold
  out
}

roc_frame <- function(patients, score, name, conf_level, call) {
  points <- ask_core(validate_roc(list(event = patients$event, weight = patients$weight, scores = list(score))), call)
  events <- max(points$true_positive)
  others <- max(points$false_positive)
  threshold <- points$threshold
  threshold[1] <- Inf
  limits <- function(count, n) {
    if (n <= 0 || n != round(n) || any(count != round(count)) || length(count) > 5000L) {
      return(list(conf_low = rep(NA_real_, length(count)), conf_high = rep(NA_real_, length(count))))
    }
    ask_core(rates_solve_arms(list(events = as.integer(count), n = rep(as.integer(n), length(count)), arms = length(count),
      level = 1L, reference = 1L), wilson_options(conf_level), 1L), call)
  }
  sensitivity <- limits(points$true_positive, events)
  specificity <- limits(others - points$false_positive, others)
  data.frame(term = name, threshold = threshold, sensitivity = points$true_positive / events,
    specificity = 1 - points$false_positive / others, sensitivity_low = sensitivity$conf_low,
    sensitivity_high = sensitivity$conf_high, specificity_low = specificity$conf_low,
      specificity_high = specificity$conf_high)
}

wilson_options <- function(conf_level) {
  rates_options(list(estimand = "rate", interval = "wilson", alternative = "two.sided", two_sided = "central",
    distribution = "auto", null = NULL, midp = FALSE, continuity = FALSE, convention = "respondr", pooled = TRUE,
      exact_limit = 1e8),
    "score", conf_level)
}

#' @rdname roc_curve
#' @export
calibration_curve <- function(x, points = 100, conf_level = attr(x, "settings")$conf_level) {
  call <- rlang::current_call()
  input <- validation_input(x, TRUE, call)
  points <- check_whole(points, "points", call, 2, 1e5)
  smooth <- attr(x, "trace")
  kind <- smooth$value[smooth$choice == "smooth calibration curve"]
  frames <- lapply(names(input$scores), function(name) {
    p <- input$scores[[name]]
    at <- seq(min(p), max(p), length.out = points)
    curve <- smooth_calibration(input$patients, p, kind, at, conf_level)$curve
    if (!is.null(curve)) data.frame(term = name, curve)
  })
  frames <- frames[lengths(frames) > 0L]
  if (!length(frames)) {
    stop_input("plot", "There are too few patients or distinct predictions for a smooth curve.", "x", call)
  }
  do.call(rbind, frames)
}

#' @rdname roc_curve
#' @export
decision_curve <- function(x, thresholds = seq(0.01, 0.99, by = 0.01), conf_level = attr(x, "settings")$conf_level,
                           replicates = 1000, seed = NULL, threads = getOption("respondr.threads", 1L)) {
  call <- rlang::current_call()
  input <- validation_input(x, TRUE, call)
  if (!is.numeric(thresholds) || !length(thresholds) || anyNA(thresholds) || any(thresholds <= 0 | thresholds >= 1) ||
    is.unsorted(thresholds, strictly = TRUE)) {
    stop_input("thresholds", "`thresholds` must increase within 0 and 1, both excluded.", "thresholds", call)
  }
  replicates <- check_whole(replicates, "replicates", call, 0, 1e6)
  drawn <- if (replicates > 0L) new_seed(seed, call) else list(value = c(0L, 0L))
  options <- list(conf_level = conf_level, replicates = replicates, seed = drawn$value, progress = progress_hook())
  frames <- lapply(names(input$scores), function(name) {
    solved <- ask_core(validate_decisions(list(event = input$patients$event, weight = input$patients$weight,
      p = input$scores[[name]]), as.double(thresholds), options, check_threads(threads, call)), call)
    data.frame(term = name, solved, treat_none = 0)
  })
  structure(do.call(rbind, frames), seed = if (replicates > 0L) drawn$value)
}

validation_input <- function(x, probabilities, call) {
  if (!inherits(x, "respondr_validation")) {
    stop_input("x", "`x` must be a result of `validate_predictors()`.", "x", call)
  }
  if (probabilities && !attr(x, "settings")$kind %in% c("model", "probability")) {
    stop_input("plot", c("These are markers, not probabilities.",
      i = "Calibration and decisions need probabilities: give a model, or `type = \"probability\"`."), "x", call)
  }
  attr(x, "input")
}
