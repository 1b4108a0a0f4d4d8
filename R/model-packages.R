# The doors of emmeans, marginaleffects and insight to models of predictors; each package calls its own generic.

#' @exportS3Method emmeans::recover_data
recover_data.respondr_model <- function(object, data = NULL, ...) {
  frame <- data %||% model_data(object)
  emmeans::recover_data(object$call, stats::delete.response(object$input$terms), na.action = NULL, data = frame, ...)
}

#' @exportS3Method emmeans::emm_basis
emm_basis.respondr_model <- function(object, trms, xlev, grid, ...) { # nolint: object_name_linter
  kept <- is.finite(object$coefficients)
  x <- predictor_matrix(object$input, grid, object$call)$x
  logistic <- inherits(object, "respondr_logistic")
  beta <- if (logistic) probability_coefficients(object) else list(coefficients = object$coefficients, vcov = object$vcov)
  nbasis <- matrix(NA)
  if (any(!kept)) nbasis <- aliased_basis(object$input$x, kept)
  list(
    X = x, bhat = replace(beta$coefficients, !kept, NA), nbasis = nbasis, V = beta$vcov[kept, kept, drop = FALSE],
    dffun = function(k, dfargs) dfargs$df, dfargs = list(df = if (logistic) Inf else stats::df.residual(object)),
    misc = if (logistic) list(tran = "logit", inv.lbl = "response") else list()
  )
}

# Directions in which the coefficients are not determined.
aliased_basis <- function(x, kept) {
  free <- which(!kept)
  fit <- qr(x[, kept, drop = FALSE])
  out <- matrix(0, ncol(x), length(free))
  out[cbind(free, seq_along(free))] <- 1
  out[kept, ] <- -qr.coef(fit, x[, free, drop = FALSE])
  out
}

# The variables of the formula, of the rows used; the response as the model counts it.
model_data <- function(object) {
  response <- stats::setNames(data.frame(object$input$y), object$input$outcome)
  data <- object$data
  if (is.null(data)) data <- object$input$frame
  cbind(response, data[setdiff(names(data), names(response))])
}

#' @exportS3Method insight::get_data
get_data.respondr_model <- function(x, ...) model_data(x)

#' @exportS3Method insight::find_formula
find_formula.respondr_model <- function(x, ...) {
  structure(list(conditional = model_formula(x)), class = c("insight_formula", "list"))
}

#' @exportS3Method insight::find_statistic
find_statistic.respondr_model <- function(x, ...) if (inherits(x,
  "respondr_logistic")) "chi-squared statistic" else "t-statistic"

#' @exportS3Method insight::model_info
model_info.respondr_logistic <- function(x, ...) {
  insight::model_info(stats::glm(c(0, 1) ~ 1, family = stats::binomial()), ...)
}

#' @exportS3Method marginaleffects::get_coef
get_coef.respondr_model <- function(model, ...) {
  b <- model$coefficients
  b[is.finite(b)]
}

#' @exportS3Method marginaleffects::set_coef
set_coef.respondr_model <- function(model, coefs, ...) {
  at <- is.finite(model$coefficients)
  if (!is.null(model$flic)) model$flic$coefficients[at] <- model$flic$coefficients[at] + coefs - model$coefficients[at]
  model$coefficients[at] <- coefs
  model
}

#' @exportS3Method marginaleffects::get_vcov
get_vcov.respondr_model <- function(model, ...) {
  at <- is.finite(model$coefficients)
  v <- if (inherits(model, "respondr_logistic")) probability_coefficients(model)$vcov else model$vcov
  v[at, at, drop = FALSE]
}

#' @exportS3Method marginaleffects::get_predict
get_predict.respondr_model <- function(model, newdata = NULL, type = "response", ...) {
  data <- newdata %||% model_data(model)
  value <- if (inherits(model, "respondr_logistic")) stats::predict(model, data,
    type = type) else stats::predict(model, data)
  row <- if ("rowid" %in% names(data)) data$rowid else seq_along(value)
  data.frame(rowid = row, estimate = as.double(value))
}

#' @exportS3Method insight::get_statistic
get_statistic.respondr_model <- function(x, ...) {
  rows <- generics::tidy(x, conf.int = FALSE)
  structure(data.frame(Parameter = rows$term, Statistic = rows$statistic), statistic = insight::find_statistic(x))
}
