# The models that pool_studies() fits: least squares, or logistic regression of a binary response.
#
# slope(problem, at, estimator, call): estimate, variance, df and status (code) of the coefficient of column `at`.
# test(problem, own, estimator, call): the test that the coefficients of the columns `own` are 0, as a row.
linear_model <- list(
  slope = function(problem, at, estimator, call) {
    raw <- ask_core(linear_fit(problem, 1L), call)
    v <- ask_core(linear_variance(problem, raw, 0L, NULL, 0L), call)
    status <- if (!raw$kept[at]) match("rank_deficient", status_table$word) - 1L else raw$status
    v <- if (status == 0L) matrix(v$vcov, length(raw$beta))[at, at] else NA_real_
    c(estimate = raw$beta[at], variance = v, df = raw$df, status = status)
  },
  test = function(problem, own, estimator, call) {
    raw <- ask_core(linear_fit(problem, 1L), call)
    v <- ask_core(linear_variance(problem, raw, 0L, NULL, 0L), call)
    sets <- list(list(setdiff(seq_along(raw$beta), own), own, integer()))
    out <- ask_core(linear_terms(raw, v$vcov, raw$df, sets, 0.95), call)
    if (raw$status != 0L) out[c("statistic", "p_value")] <- NA_real_
    out[c("effect", "estimate")] <- NA_real_
    out
  },
  interval = "t", estimand = "slope"
)

binary_model <- list(
  slope = function(problem, at, estimator, call) {
    fit <- logistic_fit(problem, list(estimator = estimator), call)
    status <- if (!fit$kept[[at]]) "rank_deficient" else fit$status
    ok <- status == "ok"
    c(estimate = if (ok) fit$beta[[at]] else NA_real_, variance = if (ok) fit$vcov[at, at] else NA_real_, df = Inf,
      status = match(status, status_table$word) - 1L)
  },
  test = function(problem, own, estimator, call) {
    out <- logistic_tests(problem, list(estimator = estimator), list(own), "lr", call = call)
    none <- NA_real_
    list(estimate = none, std_error = none, conf_low = none, conf_high = none, statistic = out$statistic,
      df = as.double(out$df), df_denominator = none, p_value = out$p_value, effect = none,
      status = match(out$status, status_table$word) - 1L)
  },
  interval = "wald", estimand = "odds ratio"
)

# Logical, 0/1, text, a factor, or counts.
pooled_is_binary <- function(formula, data, env, call) {
  if (!inherits(formula, "formula") || length(formula) != 3L) {
    return(FALSE)
  }
  e <- formula[[2]]
  if (is.call(e) && identical(e[[1]], as.name("cbind"))) {
    return(TRUE)
  }
  y <- eval_column(e, data, environment(formula) %||% env, "response", NULL, call)
  is.logical(y) || is.factor(y) || is.character(y) || all(is.na(y) | y %in% 0:1)
}
