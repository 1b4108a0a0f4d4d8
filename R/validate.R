#' What a prediction is worth
#'
#' How well a model, a column of probabilities or a single marker tells patients with the event from the others
#' (discrimination), how well its probabilities agree with what happened (calibration), and what is left of both on new
#' patients. A model is validated by fitting it again in resamples. One row is one measure; [roc_curve()],
#' [calibration_curve()] and [decision_curve()] give the curves, `plot()` draws them, [compare_aucs()] compares areas and
#' [marker_cutpoint()] chooses a cut-point.
#'
#' @section Measures:
#' With y = 1 for an event, p the probability, w the patients of a row, m events and n others:
#' * `auc`: share of the m n pairs in which the event has the higher value, ties counted half. Intervals: `"delong"`, cut
#'   at 0
#'   and 1; `"logit"`, DeLong's on the scale of the log odds; `"newcombe"`, method 5 of Newcombe (2006), which inverts the
#'   asymptotic Mann-Whitney test (no tie correction) and exists at areas of 0 and 1. Where DeLong's variance is 0 or not
#'   defined Newcombe's interval stands in its place, and a note says so. The p-value is that of an area of 1/2.
#' * `brier`: mean of (p - y)^2. `scaled_brier`: 1 - Brier / (s (1 - s)), s the share of events. `log_score`: mean of
#'   -log(probability of what happened), infinite where that was 0. Intervals from the standard error of a mean.
#' * `intercept`: a of logit P = a + logit(p), null 0 (calibration in the large: above 0, too few events were
#'   predicted). `slope`: b of logit P = a + b logit(p), null 1 (below 1, the predictions are too extreme). Wald.
#' * `ici`, `e50`, `e90`, `emax`: mean, median, 90th percentile and maximum of |smooth curve - p| (Austin and Steyerberg
#'   2019).
#' * `hosmer_lemeshow`: sum over groups of (O - E)^2 / (E (1 - E / n)); G - 2 degrees of freedom for a model on its own
#'   patients, G for probabilities from elsewhere. Patients with equal probabilities stay together. `convention = "sas"`
#'   cuts as
#'   PROC LOGISTIC does, else as Stata.
#'
#' @section Validation of a model:
#' `"bootstrap"`: the model is fitted again in each of `replicates` resamples, drawn within response classes, so that rare
#' events survive. `optimism` is the mean of (measure in the resample - measure of the same model on the original patients),
#' `corrected` the estimate less that (Harrell et al. 1996), `corrected_low` and `corrected_high` its location-shifted
#' percentiles (Noma et al. 2021), `plus632` the .632+ estimate (Efron and Tibshirani 1997). `"cv"`: folds stratified by
#' response, repeated; the area is a mean over folds. A resample in which maximum likelihood separates is refitted by Firth's
#' penalised likelihood with FLIC; the print counts these. With few events the slope of some resamples is huge, for their
#' model
#' is nearly constant; where the mean hangs on them (Monte Carlo standard error above 0.05) the print says so. Predictors
#' chosen by looking at the data make the model better than
#' these figures say unless the choice is repeated too.
#'
#' @param x A formula `response ~ p` (or several markers, `response ~ hbf + spleen`), a model of `fit_logistic()` or a
#'   logistic
#'   [stats::glm()], or a response (logical, 0/1 or two-level factor).
#' @param data A data frame.
#' @param ... For a response: predictions, one vector or several; else empty.
#' @param newdata Other patients on whom the model is judged (external validation); nothing is refitted.
#' @param type `"probability"` or `"marker"` (only the area); by default probability for one column within 0 and 1.
#' @param subset,weights A condition on the rows and the number of patients of each row (expressions in `data`).
#' @param event The response that is counted.
#' @param interval Of the area: `"delong"`, `"logit"` or `"newcombe"`.
#' @param conf_level Level of the intervals.
#' @param groups Groups of the Hosmer-Lemeshow test.
#' @param convention `"respondr"` or `"sas"`.
#' @param smooth `"loess"` (span 0.75), `"spline"` (logistic, natural spline of 3 df), or `"auto"`: loess up to 2,000
#'   patients.
#' @param validation `"bootstrap"`, `"cv"` or `"none"`.
#' @param replicates Resamples.
#' @param folds,repeats Of cross-validation.
#' @param seed Whole number; by default drawn from R's generator and stored.
#' @param threads Threads; the result is the same for any number.
#' @return A result with one row a measure and the [columns][result_columns] of all results.
#' @section Errors:
#' `respondr_error_marker` for text, `respondr_error_probability` for values outside 0 and 1 where probabilities are
#' asked for.
#' One class of response only: rows with status `one_group_empty`.
#' @references DeLong ER et al. (1988) \doi{10.2307/2531595}. Newcombe RG (2006) \doi{10.1002/sim.2324}. Sun X, Xu W (2014)
#'   \doi{10.1109/LSP.2014.2337313}. Harrell FE et al. (1996) Stat Med 15:361. Efron B, Tibshirani R (1997)
#'   \doi{10.1080/01621459.1997.10474007}. Noma H et al. (2021) \doi{10.1002/sim.9148}. Austin PC, Steyerberg EW (2019)
#'   \doi{10.1002/sim.8281}. Hosmer DW, Lemeshow S (1980) \doi{10.1080/03610928008827941}.
#' @examples
#' fit <- glm(low ~ age + lwt + smoke, binomial(), MASS::birthwt)
#' x <- validate_predictors(fit, replicates = 200, seed = 1)
#' x
#' validate_predictors(low ~ lwt + age, MASS::birthwt)
#' validate_predictors(MASS::birthwt$low, fitted(fit))
#' @export
validate_predictors <- function(x, ...) UseMethod("validate_predictors")

#' @rdname validate_predictors
#' @export
validate_predictors.formula <- function(x, data = NULL, ..., type = "auto", subset = NULL, weights = NULL, event = NULL,
                                        interval = "delong", conf_level = 0.95, groups = 10, convention = "respondr",
                                        smooth = "auto") {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  env <- parent.frame()
  words <- validate_words(type, interval, conf_level, groups, convention, smooth, call)
  columns <- lapply(list(subset = substitute(subset), weights = substitute(weights)), null_word, env)
  input <- marker_input(x, data, columns, event, env, call)
  judge_markers(input, spread_patients(input$scores, input), words, call)
}

#' @rdname validate_predictors
#' @export
validate_predictors.default <- function(x, ..., type = "auto", event = NULL, interval = "delong", conf_level = 0.95,
                                        groups = 10, convention = "respondr", smooth = "auto") {
  call <- rlang::current_call()
  if (is.list(x) || is.null(x)) model_parts(x, call)
  words <- validate_words(type, interval, conf_level, groups, convention, smooth, call)
  given <- vectors_as_data(x, list(...), call)
  input <- marker_input(given$formula, given$data, list(), event, baseenv(), call)
  judge_markers(input, spread_patients(input$scores, input), words, call)
}

#' @rdname validate_predictors
#' @export
validate_predictors.glm <- function(x, newdata = NULL, ..., interval = "delong", conf_level = 0.95, groups = 10,
                                    convention = "respondr", smooth = "auto", validation = "bootstrap", replicates = 2000,
                                    folds = 10, repeats = 20, seed = NULL, threads = getOption("respondr.threads", 1L)) {
  call <- rlang::current_call()
  check_dots_empty(call, ...)
  words <- validate_words("probability", interval, conf_level, groups, convention, smooth, call)
  words$validation <- check_word(validation, c("bootstrap", "cv", "none"), "validation", call)
  words$replicates <- check_whole(replicates, "replicates", call, 20, 1e6)
  words$folds <- check_whole(folds, "folds", call, 2, 1000)
  words$repeats <- check_whole(repeats, "repeats", call, 1, 1e5)
  words$threads <- check_threads(threads, call)
  parts <- model_parts(x, call)
  if (!is.null(newdata)) {
    return(judge_model(new_patients(x, parts, newdata, call), parts, words, NULL, external = TRUE, call))
  }
  judge_model(parts, parts, words, seed, external = FALSE, call)
}

#' @rdname validate_predictors
#' @export
validate_predictors.respondr_logistic <- validate_predictors.glm

validate_words <- function(type, interval, conf_level, groups, convention, smooth, call) {
  list(
    type = check_word(type, c("auto", "probability", "marker"), "type", call),
    interval = check_word(interval, validate_intervals, "interval", call),
    conf_level = check_number(conf_level, "conf_level", call, 0, 1, open = TRUE),
    groups = check_whole(groups, "groups", call, 2, 1000),
    convention = check_word(convention, c("respondr", "sas"), "convention", call),
    smooth = check_word(smooth, smooth_kinds, "smooth", call)
  )
}

judge_markers <- function(input, scores, words, call) {
  inside <- vapply(scores, function(p) length(p) > 0L && all(p >= 0 & p <= 1), NA)
  probability <- words$type == "probability" || (words$type == "auto" && length(scores) == 1L && inside[1])
  if (probability && !all(inside)) {
    stop_input("probability", c(paste0("`", names(scores)[!inside][1], "` has values outside 0 and 1."),
      i = "Probabilities are between 0 and 1; for a measurement say `type = \"marker\"`."), names(scores)[!inside][1], call)
  }
  lines <- c(event_line(input, input), if (probability && words$type == "auto") {
    paste0(names(scores),
      " is taken as a probability of the event (all values within 0 and 1; `type = \"marker\"` for a measurement)")
  })
  if (!probability) {
    title <- if (length(scores) > 1L) "Markers on the same patients" else "Marker"
    return(validation_result(marker_rows(input, scores, words, call), input, words, list(lines = lines, title = title,
      kind = "marker"), list(patients = input, scores = scores), call))
  }
  done <- lapply(names(scores), function(name) probability_rows(input, scores[[name]], name, words, FALSE, call))
  columns <- do.call(Map, c(list(c), lapply(done, `[[`, "columns")))
  validation_result(columns, input, words, list(lines = c(lines, elsewhere_line, smooth_line(done[[1]]$smooth),
    hosmer_warning),
    title = "Predicted probabilities", kind = "probability",
    groups = lapply(stats::setNames(done, names(scores)), `[[`, "groups")),
    list(patients = input, scores = scores), call)
}

elsewhere_line <- paste("the probabilities are taken as fitted to other patients (Hosmer-Lemeshow with as many degrees",
  "of freedom as groups); for a model on its own patients give the model")

smooth_line <- function(smooth) {
  how <- switch(smooth$kind, loess = "loess (degree 2, span 0.75)",
    spline = "logistic regression on a natural spline (3 df)")
  paste0("smooth calibration curve: ", how, if (anyNA(smooth$distance)) "; too few patients or values for it")
}

judge_model <- function(source, parts, words, seed, external, call) {
  patients <- patients_of(source)
  p <- spread(source$p, patients)
  done <- probability_rows(patients, p, parts$name, words, !external, call)
  lines <- c(event_line(source, patients), judged_line(parts))
  columns <- done$columns
  if (!external) {
    columns <- without_own_calibration(columns)
    lines <- c(lines,
      paste("intercept and slope of a model on the patients it was fitted to are set by the fit (0 and 1 by maximum",
      "likelihood, a slope above 1 after a penalty): read the corrected ones"))
  }
  drawn <- NULL
  if (!external && words$validation != "none") {
    drawn <- resample_model(patients, parts, words, seed, call)
    columns[corrected_columns] <- corrected_rows(drawn$summary, columns)
    lines <- c(lines, drawn$lines)
  }
  settings <- list(lines = c(lines, smooth_line(done$smooth), hosmer_warning), kind = "model", external = external,
    title = if (external) "Model on other patients (external validation)" else "Model on the patients it was fitted to",
    groups = list(model = done$groups), validation = drawn$summary, seed = drawn$seed, replicates = drawn$replicates)
  validation_result(columns, source, words, settings[lengths(settings) > 0L],
    list(patients = patients, scores = list(model = p)), call)
}

# No interval and no test of what the fit itself has set; an intercept of a rounding error is 0.
without_own_calibration <- function(columns) {
  at <- columns$method %in% c("intercept", "slope")
  columns$estimate[at & abs(columns$estimate) < 1e-6] <- 0
  for (name in c("conf_low", "conf_high", "statistic", "p_value")) columns[[name]][at] <- NA_real_
  columns$conf_method[at] <- NA_character_
  columns$p_matches[at] <- FALSE
  columns
}

judged_line <- function(parts) {
  how <- switch(parts$method, ml = "maximum likelihood", firth = ,
    flic = "Firth's penalised likelihood, probabilities by FLIC",
    flac = "Firth's penalised likelihood with an added covariate (FLAC)", logf = "a logF prior", parts$method)
  paste0("model: ", deparse_one(parts$formula), ", by ", how)
}
