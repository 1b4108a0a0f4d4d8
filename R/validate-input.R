# From a formula, vectors or a model to what the core judges: event (0/1), weight (patients of a row), markers.

# Numbers on the right of `response ~ marker + marker`; complete rows, so that all markers judge the same patients. No model
# matrix is made: a million patients are read as columns.
marker_input <- function(formula, data, columns, event, env, call) {
  data <- as_data(data, call)
  parsed <- parse_predictors(formula, env, "binary", call)
  keep <- if (length(data)) subset_rows(columns$subset, data, parsed$env, call)
  if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  size <- if (length(data)) nrow(data)
  check_rows(size, call)
  read <- predictor_response(parsed, data, size, event, "binary", call)
  size <- size %||% length(read$y)
  weights <- predictor_weights(columns$weights, data, parsed$env, size, call)
  markers <- lapply(marker_terms(parsed, data, call), function(e) {
    name <- deparse_one(e)
    finite_column(marker_numbers(eval_column(e, data, parsed$env, "formula", size, call), name, call), name, call)
  })
  names(markers) <- vapply(marker_terms(parsed, data, call), deparse_one, "")
  gaps <- lapply(c(stats::setNames(list(read$y), read$outcome), markers, list(weights = weights)[!is.null(weights)]), is.na)
  missing <- vapply(gaps, sum, 0L)
  known <- if (any(missing > 0L)) !Reduce(`|`, gaps)
  take <- function(x) if (is.null(known) || is.null(x)) x else x[known]
  patients <- patients_of(list(y = take(read$y), trials = take(read$trials), weights = take(weights)))
  c(patients, list(scores = lapply(markers, take), n_dropped = if (is.null(known)) 0L else sum(!known),
    missing = missing[missing > 0L], event_label = read$event), read[c("outcome", "levels")])
}

# The terms as expressions; `.` is every other column.
marker_terms <- function(parsed, data, call) {
  others <- data[setdiff(names(data), all.vars(parsed$response))]
  tt <- tryCatch(stats::terms(parsed$formula, data = if (length(others)) others), error = function(cnd) {
    stop_input("formula", paste0("The formula cannot be read: ", conditionMessage(cnd), "."), "formula", call)
  })
  labels <- attr(tt, "term.labels")
  if (!length(labels) || any(attr(tt, "order") > 1L) || length(attr(tt, "offset"))) {
    stop_input("formula", c("The formula must name markers: columns of numbers.",
      i = "Write `response ~ hbf`, or several: `response ~ hbf + spleen`; products and offsets belong to a model."),
        "formula", call)
  }
  lapply(labels, str2lang)
}

marker_numbers <- function(x, name, call) {
  if (is.ordered(x)) {
    return(as.double(as.integer(x)))
  }
  if (is.factor(x) || is.character(x) || !is.null(dim(x))) {
    stop_input("marker", c(paste0("Marker `", name, "` is ", if (!is.null(dim(x))) "a matrix" else class(x)[1],
      ", not numbers."),
      i = "A marker is a number, TRUE or FALSE, or an ordered factor; for other predictors fit a model."), name, call)
  }
  as.double(x)
}

# One row a patient, or a row with its weight; shares of events (`cbind()`) become a row of events and one of others.
patients_of <- function(input) {
  n <- length(input$y)
  trials <- input$trials %||% 1
  weights <- input$weights %||% 1
  if (n == 0L || ((is.null(input$trials) || all(trials == 1)) && all(input$y == 0 | input$y == 1))) {
    return(list(event = as.double(input$y), weight = if (!is.null(input$weights) && any(weights != 1)) as.double(weights)))
  }
  list(event = rep(c(1, 0), each = n), weight = c(input$y * trials * weights, (1 - input$y) * trials * weights),
    row = rep(seq_len(n), 2L))
}

# Values of rows for the patients made of them.
spread <- function(x, patients) if (is.null(patients$row)) x else x[patients$row]

spread_patients <- function(x, patients) lapply(x, spread, patients)

# Vectors as a formula of their names.
vectors_as_data <- function(response, markers, call) {
  if (!length(markers)) {
    stop_input("markers", c("There is nothing to judge.",
      i = "Give a response and predictions of the same patients: `validate_predictors(y, p)`."),
      "...", call)
  }
  sizes <- lengths(markers)
  if (any(sizes != length(response)) || any(!vapply(markers, is.atomic, NA))) {
    stop_input("markers", paste0("The response has ", length(response), " values and the predictions ",
      paste(sizes, collapse = ", "), "."), "...", call)
  }
  names <- names(markers) %||% rep("", length(markers))
  names[!nzchar(names)] <- if (length(markers) == 1L) "prediction" else paste0("prediction_", which(!nzchar(names)))
  data <- quick_frame(stats::setNames(c(list(response), unname(markers)), c("response", names)))
  list(data = data, formula = stats::reformulate(sprintf("`%s`", names), "response", env = baseenv()))
}

# What a model hands over: design, response, weights and how it was estimated.
model_parts <- function(x, call) UseMethod("model_parts")

#' @exportS3Method
model_parts.default <- function(x, call) {
  stop_input("x", c(paste0("`x` is ", class(x)[1], ", which cannot be judged."),
    i = paste("Give a model of `fit_logistic()` (or a binomial `glm()`), a formula `response ~ p`, or a response and",
      "predictions.")),
    "x", call)
}

#' @exportS3Method
model_parts.respondr_logistic <- function(x, call) {
  if (identical(x$method, "exact")) {
    stop_input("method", c("Exact conditional regression has no probabilities to judge.",
      i = "Fit with `method = \"auto\"`, \"firth\" or \"flac\"."), "x", call)
  }
  method <- if (identical(x$asked, "auto")) "ml" else x$method
  list(x = x$input$x, y = x$input$y, trials = x$input$trials, weights = x$input$weights, offset = x$input$offset,
    p = as.double(stats::fitted(x)), outcome = x$input$outcome, event_label = x$input$event, levels = x$input$levels,
    n_dropped = x$input$n_dropped, method = x$method, estimator = switch(method, firth = , flic = , flac = 1L, logf = 2L,
      0L),
    flac = method == "flac", logf_m = x$settings$m %||% 1, name = "model", formula = stats::formula(x))
}

#' @exportS3Method
model_parts.glm <- function(x, call) {
  if (x$family$family != "binomial" || x$family$link != "logit") {
    stop_input("x", c(paste0("`x` is a ", x$family$family, " model with link ", x$family$link, "."),
      i = "Give a logistic model: `family = binomial()`."), "x", call)
  }
  response <- deparse_one(stats::formula(x)[[2]])
  weights <- x$prior.weights
  list(x = unname(stats::model.matrix(x)), y = unname(x$y), trials = NULL, weights = if (any(weights != 1)) unname(weights),
    offset = x$offset, p = unname(x$fitted.values), outcome = response, event_label = glm_event(x), levels = NULL,
    n_dropped = length(x$na.action), method = "ml", estimator = 0L, flac = FALSE, logf_m = 1, name = "model",
    formula = stats::formula(x))
}

glm_event <- function(x) {
  y <- stats::model.response(stats::model.frame(x))
  if (is.factor(y)) paste(levels(y)[-1L], collapse = " + ") else if (is.matrix(y)) colnames(y)[1L] %||% "event" else "1"
}

# The patients of new data, with the probabilities that the model gives them.
new_patients <- function(x, parts, newdata, call) {
  newdata <- as_data(newdata, call)
  event <- if (length(parts$levels)) strsplit(parts$levels[2], " + ", fixed = TRUE)[[1]]
  response <- tryCatch(predictor_input(stats::update(parts$formula, . ~ 1), newdata, NULL, NULL, NULL, event, NULL, "binary",
    environment(parts$formula), call), respondr_error_event = function(cnd) {
    predictor_input(stats::update(parts$formula, . ~ 1), newdata, NULL, NULL, NULL, NULL, NULL, "binary",
      environment(parts$formula), call)
  })
  p <- as.double(stats::predict(x, newdata = newdata[response$rows, , drop = FALSE], type = "response"))
  known <- !is.na(p)
  part <- lapply(response[c("y", "trials", "weights")], function(v) if (length(v)) v[known])
  c(part, list(p = p[known], outcome = response$outcome, event_label = response$event,
    n_dropped = nrow(newdata) - sum(known)))
}
