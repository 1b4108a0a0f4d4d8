# Rows of validate_predictors(): one measure a row, for each marker or for the model.

validate_measures <- c("auc", "brier", "scaled_brier", "log_score", "intercept", "slope",
  "hosmer_lemeshow", "ici", "e50", "e90", "emax")
validate_estimands <- c(auc = "area under the ROC curve", brier = "Brier score", scaled_brier = "scaled Brier score",
  log_score = "log score", intercept = "calibration in the large", slope = "calibration slope",
  hosmer_lemeshow = "Hosmer-Lemeshow chi-square", ici = "mean distance of the smooth calibration curve",
  e50 = "median distance of the smooth calibration curve", e90 = "90th percentile of that distance",
  emax = "largest distance of the smooth calibration curve")
validate_intervals <- c("delong", "logit", "newcombe")
validate_nulls <- c(auc = 0.5, intercept = 0, slope = 1)

# The columns that C++ hands over, as columns of the dictionary.
measure_frame <- function(solved, keep = TRUE) {
  solved <- lapply(solved, `[`, keep)
  list(n = solved$n, events = solved$events, estimate = solved$estimate, std_error = solved$std_error,
    conf_low = solved$conf_low, conf_high = solved$conf_high, conf_method = conf_method_factor(solved$conf_method),
    p_matches = solved$p_matches == 1L, statistic = solved$statistic, df = solved$df, p_value = solved$p_value,
    status = status_factor(solved$status), note = note_factor(solved$notes))
}

auc_options <- function(words) list(interval = match(words$interval, validate_intervals) - 1L, conf_level = words$conf_level)

solve_areas <- function(patients, scores, words, call, first = integer(), second = integer()) {
  ask_core(validate_areas(list(event = patients$event, weight = patients$weight, scores = unname(scores), first = first,
    second = second), auc_options(words)), call)
}

# Brier to Hosmer-Lemeshow, and its groups.
solve_probabilities <- function(patients, p, words, fitted, call) {
  ask_core(validate_probabilities(
    list(event = patients$event, weight = patients$weight, p = p, eta = stats::qlogis(p)),
    list(conf_level = words$conf_level, groups = words$groups, fitted = fitted,
      grouping = if (words$convention == "sas") 1L else 0L)
  ), call)
}

# Measures of one set of probabilities. fitted: to these very patients.
probability_rows <- function(patients, p, name, words, fitted, call) {
  area <- measure_frame(solve_areas(patients, list(p), words, call))
  solved <- solve_probabilities(patients, p, words, fitted, call)
  smooth <- smooth_calibration(patients, p, words$smooth)
  n <- area$n
  curve <- list(n = rep(n, 4L), events = rep(area$events, 4L), estimate = unname(smooth$distance),
    std_error = rep(NA_real_, 4L),
    conf_low = rep(NA_real_, 4L), conf_high = rep(NA_real_, 4L), conf_method = conf_method_factor(integer(4L)),
    p_matches = logical(4L), statistic = rep(NA_real_, 4L), df = rep(NA_real_, 4L), p_value = rep(NA_real_, 4L),
    status = status_factor(rep(if (anyNA(smooth$distance)) 13L else 0L, 4L)), note = note_factor(integer(4L)))
  parts <- list(area, measure_frame(solved$rows), curve)
  joined <- lapply(stats::setNames(nm = names(area)), function(column) join_columns(lapply(parts, `[[`, column)))
  list(columns = c(list(term = rep(name, 11L), method = validate_measures), joined), groups = solved$groups,
    smooth = smooth)
}

join_columns <- function(parts) if (is.factor(parts[[1]])) unlist(lapply(parts, as.character)) else unlist(parts)

marker_rows <- function(patients, scores, words, call) {
  joined <- measure_frame(solve_areas(patients, scores, words, call))
  c(list(term = names(scores), method = rep("auc", length(scores))), lapply(joined,
    function(x) if (is.factor(x)) as.character(x) else x))
}

# Columns of all rows as a result.
validation_result <- function(columns, source, words, settings, input, call) {
  n <- length(columns$term)
  method <- factor(columns$method, levels = validate_measures[validate_measures %in% columns$method])
  frame <- c(
    list(outcome = constant_factor(source$outcome, n), term = factor(columns$term, levels = unique(columns$term)),
      event = constant_factor(source$event_label, n), method = method, alternative = constant_factor("two.sided", n),
      null_value = unname(validate_nulls[as.character(method)]), n_dropped = rep(as.integer(source$n_dropped), n),
      estimand = factor(unname(validate_estimands[as.character(method)])), conf_level = rep(words$conf_level, n)),
    columns[c("n", "events", "estimate", "std_error", "conf_low", "conf_high", "p_matches", "statistic", "df", "p_value")],
    list(conf_method = factor(columns$conf_method, levels = conf_method_table$word),
      status = factor(columns$status, levels = status_table$word), note = factor(columns$note)),
    columns[intersect(names(columns), corrected_columns)]
  )
  build_result(frame, class = "respondr_validation", settings = c(settings, list(family = "validate", by = character(),
    conf_level = words$conf_level, alternative = "two.sided", p_adjust = "none", mixed_scales = TRUE)),
    trace = validation_trace(source, words), input = input, call = call)
}

corrected_columns <- c("optimism", "corrected", "corrected_low", "corrected_high", "plus632")

validation_trace <- function(source, words) {
  choice <- function(name, value, detail = "") c(name, value, detail)
  trace_table(list(
    choice("event", source$event_label),
    choice("interval of the area", words$interval, "Newcombe's where DeLong's variance is 0 or not defined"),
    choice("groups of Hosmer and Lemeshow", if (words$convention == "sas") "blocks of equal size (SAS)" else
      "quantiles, averaged at steps (Stata)", paste(words$groups, "wanted")),
    choice("smooth calibration curve", words$smooth)
  ))
}

hosmer_warning <- paste("the Hosmer-Lemeshow test hangs on how its groups are cut and sees little in small samples:",
  "a large p is no proof of calibration; read slope, intercept and curve")

event_line <- function(source, patients) {
  weight <- patients$weight
  events <- if (is.null(weight)) sum(patients$event) else sum(weight * patients$event)
  total <- if (is.null(weight)) length(patients$event) else sum(weight)
  paste0("event of ", source$outcome, ": ", source$event_label, ", ", format_number(events), " of ", format_number(total),
    " patients", if (source$n_dropped > 0) paste0("; ", source$n_dropped, " without a value left out"))
}
