# What every model of predictors (class respondr_model) answers alike: it has coefficients, vcov, fitted.values, n,
# call, input
# (respondr_predictors), settings$formula.

#' Methods of a model of predictors
#'
#' What [fit_logistic()] and [fit_linear()] answer alike. `model.matrix()` and `model.frame()` hold the rows used; the
#' response of
#' the frame of a logistic model is 0 or 1, or the share of events.
#'
#' @param object,x,formula A model.
#' @param complete FALSE leaves out coefficients that could not be estimated.
#' @param formula. Change of the formula, such as `. ~ . + age`.
#' @param ... For `update()`, changed arguments of the verb; else not used.
#' @param evaluate FALSE gives the call instead of the model.
#' @return As the generics say.
#' @examples
#' fit <- fit_logistic(low ~ age + smoke, MASS::birthwt)
#' coef(fit)
#' update(fit, . ~ . - age, method = "firth")
#' @name respondr_model
NULL

#' @rdname respondr_model
#' @export
coef.respondr_model <- function(object, complete = TRUE, ...) {
  b <- object$coefficients
  if (complete) b else b[!is.na(b)]
}

#' @rdname respondr_model
#' @export
vcov.respondr_model <- function(object, complete = TRUE, ...) {
  known <- complete | !is.na(object$coefficients)
  if (complete) object$vcov else object$vcov[known, known, drop = FALSE]
}

#' @rdname respondr_model
#' @export
fitted.respondr_model <- function(object, ...) object$fitted.values

#' @rdname respondr_model
#' @export
nobs.respondr_model <- function(object, ...) as.integer(object$n)

#' @rdname respondr_model
#' @export
formula.respondr_model <- function(x, ...) x$settings$formula

#' @rdname respondr_model
#' @importFrom stats terms
#' @export
terms.respondr_model <- function(x, ...) {
  out <- stats::terms(model_formula(x))
  attr(out, "dataClasses") <- c(stats::setNames("numeric", x$input$outcome), attr(x$input$terms, "dataClasses"))
  out
}

# The formula with what `.` stands for.
model_formula <- function(x) {
  f <- stats::formula(x$settings$formula)
  if ("." %in% all.vars(f)) f[[3]] <- str2lang(paste(c(x$input$labels, if (!attr(x$input$terms, "intercept")) "0"),
    collapse = " + "))
  f
}

#' @rdname respondr_model
#' @export
model.frame.respondr_model <- function(formula, ...) {
  input <- formula$input
  out <- cbind(stats::setNames(data.frame(input$y), input$outcome), input$frame)
  if (!is.null(input$trials) && any(input$trials != 1)) out[["(trials)"]] <- input$trials
  if (!is.null(input$weights)) out[["(weights)"]] <- input$weights
  attr(out, "terms") <- input$terms
  out
}

#' @rdname respondr_model
#' @export
model.matrix.respondr_model <- function(object, ...) {
  structure(object$input$x, assign = object$input$assign, contrasts = model_contrasts(object))
}

# Words where a factor has treatment contrasts, as model.matrix() gives them.
model_contrasts <- function(object) {
  own <- object$input$contrasts
  if (length(own)) {
    lapply(own, function(m) if (isTRUE(all.equal(m, stats::contr.treatment(rownames(m))))) "contr.treatment" else m)
  }
}

#' @rdname respondr_model
#' @export
update.respondr_model <- function(object, formula. = NULL, ..., evaluate = TRUE) { # nolint: object_name_linter
  verb <- object$call[[1]]
  env <- environment(object$settings$formula) %||% parent.frame()
  changed <- as.list(rlang::call_match(object$call, eval(verb, env)))
  if (!is.null(formula.)) changed$formula <- stats::update.formula(model_formula(object), formula.)
  given <- as.list(substitute(list(...)))[-1]
  for (name in names(given)) changed[[name]] <- given[[name]]
  call <- as.call(changed)
  if (evaluate) eval(call, env, parent.frame()) else call
}

#' @rdname respondr_model
#' @export
df.residual.respondr_model <- function(object, ...) {
  object$df.residual %||% (nrow(object$input$x) - sum(!is.na(object$coefficients)))
}

#' @rdname respondr_model
#' @importFrom stats family
#' @export
family.respondr_model <- function(object, ...) object$family

# `steps`: units of numeric predictors that are a column of their own.
check_steps <- function(steps, input, call) {
  if (is.null(steps)) {
    return(NULL)
  }
  named <- names(steps)
  numeric <- input$labels[input$labels %in% colnames(input$x) & !input$labels %in% names(input$xlevels)]
  if (!is.numeric(steps) || is.null(named) || any(!is.finite(steps) | steps == 0) || anyDuplicated(named) ||
        !all(named %in% numeric)) {
    stop_input("steps", c("`steps` must name numeric predictors, such as `c(hbf = 10)`.",
      i = paste0("Numeric predictors: ", if (length(numeric)) quoted(numeric, 12) else "none", ".")), "steps", call)
  }
  steps
}
