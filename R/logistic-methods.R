# What a logistic model is asked for.

#' Methods of a logistic model
#'
#' @param object,x,model A model of [fit_logistic()].
#' @param parm Coefficients wanted.
#' @param level,conf.level Confidence level.
#' @param interval Of `confint()`, `"profile"`, `"wald"` or `"score"`, as the model by default. Of `predict()`, `"none"` or
#'   `"confidence"`: Wald on the log odds.
#' @param newdata Rows to predict for; the rows used if absent. After Firth the probabilities are those of FLIC.
#' @param type Of `predict()`: `"link"` (log odds) or `"response"` (probability). Of `residuals()`: `"deviance"`,
#'   `"pearson"`,
#'   `"response"` or `"working"`.
#' @param se.fit Standard errors too (on the scale of `type`).
#' @param nsim,seed Simulated responses (numbers of events) and their seed.
#' @param conf.int,exponentiate As in broom; log odds unless `exponentiate`. `tidy()` is per unit, whatever the `steps`.
#' @param data Not used.
#' @param ... Not used.
#' @return As the generics say. `predict()` without `se.fit` and `interval` a vector; with `interval` a matrix `fit`,
#'   `lwr`, `upr`;
#'   with `se.fit` a list. `tidy()`: one row a coefficient, its `statistic` and `p.value` those of the test that the
#'   interval inverts.
#'   `dfbetas()`: one-step change of each coefficient without the patient, over its standard error. `cooks.distance()`:
#'   Pregibon's
#'   (1981) one-step distance over the number of coefficients.
#' @references Pregibon D (1981) Logistic regression diagnostics. Ann Stat 9:705. \doi{10.1214/aos/1176345513}.
#' @examples
#' fit <- fit_logistic(low ~ age + smoke, MASS::birthwt)
#' confint(fit, interval = "score")
#' predict(fit, data.frame(age = 20, smoke = 1), type = "response", interval = "confidence")
#' tidy(fit, exponentiate = TRUE)
#' @name logistic_methods
NULL

#' @rdname logistic_methods
#' @export
confint.respondr_logistic <- function(object, parm = NULL, level = object$settings$conf_level,
                                      interval = object$settings$interval, ...) {
  call <- rlang::current_call()
  check_number(level, "level", call, 0, 1, open = TRUE)
  check_word(interval, logistic_intervals, "interval", call)
  rows <- coefficient_rows(object, level, interval)
  out <- cbind(rows$conf_low, rows$conf_high)
  dimnames(out) <- list(rows$column, paste(format(100 * c((1 - level) / 2, (1 + level) / 2), trim = TRUE), "%"))
  if (is.null(parm)) out else out[parm, , drop = FALSE]
}

coefficient_rows <- function(object, level = object$settings$conf_level, interval = object$settings$interval) {
  if (inherits(object, "respondr_pooled")) pooled_coefficients(object, level) else
    logistic_coefficients(object, level, interval)
}

#' @rdname logistic_methods
#' @export
logLik.respondr_logistic <- function(object, ...) {
  structure(object$log_likelihood, df = sum(object$kept), nobs = as.integer(object$n), class = "logLik")
}

#' @rdname logistic_methods
#' @importFrom stats deviance
#' @export
deviance.respondr_logistic <- function(object, ...) sum(stats::residuals(object, "deviance")^2)

#' @rdname logistic_methods
#' @export
residuals.respondr_logistic <- function(object, type = c("deviance", "pearson", "response", "working"), ...) {
  type <- check_word(type[1], c("deviance", "pearson", "response", "working"), "type", rlang::current_call())
  y <- object$problem$y
  mu <- object$fitted.values
  switch(type, response = y - mu, working = (y - mu) / (mu * (1 - mu)), model_influence(object)[[type]])
}

# Pearson and deviance residuals, Cook's distance and one-step changes of the core, at the coefficients of the probabilities.
model_influence <- function(object) {
  n <- length(object$problem$y)
  if (object$status %in% c("one_level", "no_data") || object$method == "exact") {
    blank <- rep(NA_real_, n)
    return(list(pearson = blank, standardised = blank, deviance = blank, cook = blank,
      dfbeta = matrix(NA_real_, n, length(object$coefficients), dimnames = list(NULL, names(object$coefficients)))))
  }
  logistic_influence(object$problem, list(fitted = object$fitted.values, leverage = object$leverage,
    vcov = probability_coefficients(object)$vcov, kept = is.finite(object$coefficients)), object$call)
}

#' @rdname logistic_methods
#' @importFrom stats hatvalues cooks.distance rstandard dfbetas dfbeta
#' @export
hatvalues.respondr_logistic <- function(model, ...) model$leverage

#' @rdname logistic_methods
#' @export
rstandard.respondr_logistic <- function(model, type = c("deviance", "pearson"), ...) {
  type <- check_word(type[1], c("deviance", "pearson"), "type", rlang::current_call())
  stats::residuals(model, type) / sqrt(1 - model$leverage)
}

#' @rdname logistic_methods
#' @export
cooks.distance.respondr_logistic <- function(model, ...) model_influence(model)$cook

#' @rdname logistic_methods
#' @export
dfbeta.respondr_logistic <- function(model, ...) {
  model_influence(model)$dfbeta[, is.finite(model$coefficients), drop = FALSE]
}

#' @rdname logistic_methods
#' @export
dfbetas.respondr_logistic <- function(model, ...) {
  out <- stats::dfbeta(model)
  out / rep(sqrt(diag(model$vcov))[colnames(out)], each = nrow(out))
}

# Coefficients and covariance of the probabilities: FLIC's after Firth.
probability_coefficients <- function(object) {
  if (is.null(object$flic)) object[c("coefficients", "vcov")] else object$flic
}

# Probabilities of new rows.
probabilities <- function(fit, newdata = NULL) stats::predict(fit, newdata, type = "response")

#' @rdname logistic_methods
#' @export
predict.respondr_logistic <- function(object, newdata = NULL, type = c("link", "response"), se.fit = FALSE, # nolint: object_name_linter
                                      interval = c("none", "confidence"), level = object$settings$conf_level, ...) {
  call <- rlang::current_call()
  type <- check_word(type[1], c("link", "response"), "type", call)
  interval <- check_word(interval[1], c("none", "confidence"), "interval", call)
  check_flag(se.fit, "se.fit", call)
  check_number(level, "level", call, 0, 1, open = TRUE)
  check_predicts(object, call)
  new <- if (is.null(newdata)) list(x = object$problem$x, offset = object$offset) else predictor_matrix(object$input,
    newdata, call, offset = TRUE)
  at <- linear_predictor(object, new)
  turn <- if (type == "response") stats::plogis else identity
  if (!se.fit && interval == "none") {
    return(turn(at$eta))
  }
  half <- stats::qnorm((1 + level) / 2) * at$se
  fit <- turn(at$eta)
  slope <- if (type == "response") fit * (1 - fit) else 1
  if (interval == "confidence") fit <- cbind(fit = fit, lwr = turn(at$eta - half), upr = turn(at$eta + half))
  if (se.fit) list(fit = fit, se.fit = slope * at$se) else fit
}

check_predicts <- function(object, call) {
  if (object$method == "exact") {
    stop_input("method", c("Exact conditional regression has no intercept, so no probabilities.",
      i = "Use `method = \"firth\"` or \"flac\" for predictions."), "object", call)
  }
}

# Infinite coefficients carry rows to probability 0 or 1, where their standard error is unknown; rows on the border keep the
# finite part.
linear_predictor <- function(object, new) {
  use <- probability_coefficients(object)
  b <- use$coefficients
  finite <- is.finite(b)
  eta <- drop(new$x[, finite, drop = FALSE] %*% b[finite])
  if (!is.null(new$offset)) eta <- eta + new$offset
  if (any(is.nan(b)) || object$status %in% c("one_level", "no_data")) eta[] <- NA_real_
  se <- sqrt(pmax(rowSums((new$x[, finite, drop = FALSE] %*% use$vcov[finite, finite, drop = FALSE]) * new$x[, finite,
    drop = FALSE]), 0))
  infinite <- which(is.infinite(b))
  if (length(infinite)) {
    far <- separated_side(object, new$x)
    away <- which(far != 0)
    eta[away] <- far[away] * Inf
    se[away] <- NA_real_
    eta[is.na(far)] <- se[is.na(far)] <- NA_real_
  }
  list(eta = unname(eta), se = unname(se))
}

# 1, -1: the side to which the infinite coefficients carry a row; 0: none; NA: it depends on how they grow.
separated_side <- function(object, x) {
  b <- object$coefficients
  part <- x[, is.infinite(b), drop = FALSE] * rep(sign(b[is.infinite(b)]), each = nrow(x))
  up <- rowSums(part > 0) > 0
  down <- rowSums(part < 0) > 0
  ifelse(up & down, NA, up - down)
}

#' @rdname logistic_methods
#' @export
simulate.respondr_logistic <- function(object, nsim = 1, seed = NULL, ...) {
  if (!is.null(seed)) set.seed(seed)
  trials <- as.integer(round(object$input$trials))
  out <- lapply(seq_len(nsim), function(i) stats::rbinom(length(trials), trials, object$fitted.values))
  stats::setNames(as.data.frame(out), paste0("sim_", seq_len(nsim)))
}

#' @rdname logistic_methods
#' @export
tidy.respondr_logistic <- function(x, conf.int = TRUE, conf.level = x$settings$conf_level, exponentiate = FALSE, ...) { # nolint: object_name_linter
  rows <- coefficient_rows(x, conf.level)
  turn <- if (isTRUE(exponentiate)) exp else identity
  out <- list(term = rows$column, estimate = turn(rows$estimate), std.error = rows$std_error, statistic = rows$statistic,
    p.value = rows$p_value)
  if (conf.int) out <- c(out, list(conf.low = turn(rows$conf_low), conf.high = turn(rows$conf_high)))
  as.data.frame(out)
}

#' @rdname logistic_methods
#' @export
glance.respondr_logistic <- function(x, ...) {
  ll <- logLik(x)
  data.frame(method = x$method, asked = x$asked, separation = x$separation$verdict, nobs = nobs(x), n.events = x$events,
    logLik = as.numeric(ll), penalised = x$penalised, AIC = stats::AIC(ll), BIC = stats::BIC(ll),
    deviance = if (x$method == "exact") NA_real_ else stats::deviance(x), df.residual = stats::df.residual(x),
    iterations = x$iterations, converged = x$converged, status = x$status)
}

#' @rdname logistic_methods
#' @export
augment.respondr_logistic <- function(x, data = NULL, ...) {
  out <- stats::model.frame(x)
  attr(out, "terms") <- NULL
  cbind(out, .row = x$input$rows, .fitted = x$fitted.values, .resid = stats::residuals(x), .hat = stats::hatvalues(x),
    .std.resid = stats::rstandard(x), .cooksd = stats::cooks.distance(x))
}
