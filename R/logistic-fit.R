# Estimates of each method. A part: coefficients, vcov, fitted.values, leverage, kept, log_likelihood, penalised,
# iterations, converged,
# status; flic (coefficients and vcov of the probabilities) after Firth; augmented (the data of FLAC); exact (its rows).

logistic_estimate <- function(problem, method, found, words, input, call) {
  if (method == "exact") {
    return(logistic_exact_part(problem, words, input, call))
  }
  options <- logistic_asked(method, words)
  if (method == "ml" && found$verdict != "none") {
    return(logistic_limit_part(problem, found, options, call))
  }
  fit <- switch(method,
    flac = logistic_flac(problem, options, call), logistic_fit(problem, options, call))
  part <- as_part(fit)
  part$augmented <- fit$augmented
  if (method %in% c("firth", "flic")) part <- add_flic(part, logistic_flic(problem, options, call), method)
  part
}

# Options of the core that maximise what the method maximises.
logistic_asked <- function(method, words) {
  estimator <- switch(method, firth = , flic = , flac = "firth", logf = "logf", "ml")
  logistic_options(estimator, logf_m = words$m, max_iterations = words$max_iterations, tolerance = words$tolerance,
    threads = words$threads)
}

as_part <- function(fit) {
  list(coefficients = fit$beta, vcov = fit$vcov, fitted.values = fit$fitted, leverage = fit$leverage, kept = fit$kept,
    log_likelihood = fit$log_likelihood, penalised = fit$penalised, iterations = fit$iterations, converged = fit$converged,
    status = fit$status)
}

# Probabilities after Firth are those of FLIC; without an intercept there is nothing to correct.
add_flic <- function(part, corrected, method) {
  if (corrected$status != "ok") {
    return(part)
  }
  part$flic <- list(coefficients = corrected$beta, vcov = corrected$vcov)
  part$fitted.values <- corrected$fitted
  part$leverage <- corrected$leverage
  if (method == "flic") {
    part$coefficients <- corrected$beta
    part$vcov <- corrected$vcov
    part$log_likelihood <- corrected$log_likelihood
  }
  part
}

# Maximum likelihood of separated data: the limit. Rows told apart have probability 0 or 1; the others give the finite
# coefficients.
logistic_limit_part <- function(problem, found, options, call) {
  names <- colnames(problem$x)
  runs_to <- found$columns$runs_to
  rest <- which(!found$used)
  fit <- if (length(rest)) {
    logistic_fit(list(x = problem$x[rest, , drop = FALSE], y = problem$y[rest], weight = problem$weight[rest],
      offset = problem$offset[rest]), options, call)
  }
  finite <- !is.na(runs_to) & runs_to == 0
  beta <- runs_to
  beta[finite] <- if (is.null(fit)) NA else fit$beta[finite]
  vcov <- matrix(NA_real_, length(names), length(names), dimnames = list(names, names))
  if (!is.null(fit)) vcov[finite, finite] <- fit$vcov[finite, finite]
  fitted <- as.double(problem$y > 0.5)
  leverage <- numeric(length(fitted))
  if (!is.null(fit)) {
    fitted[rest] <- fit$fitted
    leverage[rest] <- fit$leverage
  }
  log_likelihood <- if (is.null(fit)) 0 else fit$log_likelihood
  list(coefficients = stats::setNames(beta, names), vcov = vcov, fitted.values = fitted, leverage = leverage,
    kept = stats::setNames(finite | runs(runs_to), names), log_likelihood = log_likelihood, penalised = log_likelihood,
    iterations = if (is.null(fit)) 0L else fit$iterations, converged = FALSE, status = "separated")
}

# No answer: all responses the same, or no rows.
logistic_empty <- function(problem, method, status) {
  names <- colnames(problem$x) %||% character()
  p <- length(names)
  n <- nrow(problem$x)
  list(coefficients = stats::setNames(rep(NA_real_, p), names), vcov = matrix(NA_real_, p, p, dimnames = list(names, names)),
    fitted.values = rep(NA_real_, n), leverage = rep(NA_real_, n), kept = stats::setNames(rep(TRUE, p), names),
    log_likelihood = NA_real_, penalised = NA_real_, iterations = 0L, converged = FALSE, status = status)
}

# The data and options on which limits and tests of a model are asked.
logistic_ask <- function(object) {
  options <- logistic_asked(object$method, object$settings)
  if (object$method != "flac" || is.null(object$augmented)) {
    return(list(problem = object$problem, options = options))
  }
  options$estimator <- 0L
  list(problem = object$augmented, options = options)
}

# Exact conditional inference on the columns of one or two terms, given all other columns.
logistic_exact_part <- function(problem, words, input, call) {
  labels <- exact_terms(words$exact, input, call)
  sets <- lapply(match(labels, input$labels), function(k) which(input$assign == k))
  found <- ask_core(logistic_exact(logistic_core_input(problem), list(sets = sets, conf_level = words$conf_level,
    midp = words$midp, exact_limit = words$exact_limit)), call)
  rows <- as.data.frame(found$parameters)
  rows$status <- status_word(rows$status)
  tests <- as.data.frame(found$tests)
  tests$status <- status_word(tests$status)
  part <- logistic_empty(problem, "exact", "ok")
  part$coefficients[rows$column] <- rows$estimate
  diag(part$vcov)[rows$column] <- rows$std_error^2
  part$kept[] <- seq_along(part$kept) %in% rows$column
  bad <- rows$status[!rows$status %in% c("ok", "boundary")]
  part$status <- if (length(bad)) bad[1] else if ("boundary" %in% rows$status) "boundary" else "ok"
  part$converged <- !length(bad)
  part$exact <- list(rows = rows, tests = tests, terms = labels)
  part
}

exact_terms <- function(wanted, input, call) {
  if (is.null(wanted) && length(input$labels) %in% 1:2) {
    return(input$labels)
  }
  if (!is.character(wanted) || !length(wanted) %in% 1:2 || !all(wanted %in% input$labels)) {
    stop_input("exact", c("`exact` must name one or two terms of the formula.",
      i = paste0("Terms: ", quoted(input$labels, 12), ".")), "exact", call)
  }
  wanted
}
