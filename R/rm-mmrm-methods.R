# What a model is asked for.

#' Methods of a mixed model for repeated measures
#'
#' @param object,x A model of [rm_mmrm()].
#' @param ... Further models for `anova()`; else not used.
#' @param type For `anova()`: 2 or 3, the sums-of-squares logic of the tests of terms (estimable functions as in SAS). For
#'   `residuals()`: `"raw"`, `"pearson"` (divided by their standard deviation) or `"normalized"` (by the Cholesky factor of the
#'   patient's covariance).
#' @param parm Coefficients wanted.
#' @param level Confidence level.
#' @param newdata Rows to predict for: the within and between variables of the formula.
#' @param se.fit,interval Standard errors; `"none"` or `"confidence"`.
#' @param nsim,seed Simulated outcomes and their seed.
#' @param complete Not used.
#' @param conf.int,conf.level As in broom.
#' @param data Not used.
#' @return As the generics say. `anova()` of one model: a table of F tests; of several: likelihood-ratio tests (models that
#'   differ in their fixed effects must be fitted by `method = "ml"`).
#' @examples
#' long <- data.frame(
#'   id = rep(1:8, 3), month = rep(c(0, 3, 12), each = 8), arm = rep(c("a", "b"), 12),
#'   hb = c(7.1, 8.0, 6.9, 7.4, 8.2, 7.7, 7.3, 6.8, 9.3, 8.9, 7.8, 9.6, 9.9, 7.6, 8.4, NA,
#'          9.0, 9.1, NA, 9.9, 9.3, 8.5, NA, NA)
#' )
#' fit <- rm_mmrm(hb ~ arm * month | id, long)
#' anova(fit)
#' anova(fit, update(fit, covariance = "cs"))
#' @importFrom stats anova coef confint fitted formula logLik model.frame model.matrix predict residuals simulate update vcov
#' @name mmrm_methods
NULL

#' @rdname mmrm_methods
#' @export
coef.respondr_mmrm <- function(object, complete = TRUE, ...) object$coefficients

#' @rdname mmrm_methods
#' @export
vcov.respondr_mmrm <- function(object, complete = TRUE, ...) object$vcov

#' Covariance between visits
#'
#' @param x A model of [rm_mmrm()].
#' @return A matrix, visits x visits, the estimated covariance of a patient's measurements; with `covariance_by` a list of
#'   matrices, one a group.
#' @examples
#' long <- data.frame(
#'   id = rep(1:5, 2), month = rep(c(0, 3), each = 5), hb = c(7, 8, 6, 7, 8, 9, 9, 8, 10, 9.5)
#' )
#' rm_covariance(rm_mmrm(hb ~ month | id, long))
#' @export
rm_covariance <- function(x) {
  if (!inherits(x, "respondr_mmrm")) {
    stop_input("x", "`x` must be a model of `rm_mmrm()`.", "x", rlang::current_call())
  }
  if (length(x$covariance) == 1L) x$covariance[[1]] else x$covariance
}

#' @rdname mmrm_methods
#' @export
confint.respondr_mmrm <- function(object, parm = NULL, level = object$settings$conf_level, ...) {
  table <- coefficient_table(object, level)
  out <- cbind(table$conf_low, table$conf_high)
  dimnames(out) <- list(table$term, paste(format(100 * c((1 - level) / 2, (1 + level) / 2), trim = TRUE), "%"))
  if (is.null(parm)) out else out[parm, , drop = FALSE]
}

# One row a coefficient, with the df of the fit; aliased ones stay as NA.
coefficient_table <- function(object, level = object$settings$conf_level) {
  kept <- object$kept
  rows <- mmrm_test(object, diag(length(kept))[kept, , drop = FALSE], level)
  place <- function(x) replace(rep(NA_real_, length(kept)), kept, x)
  quick_frame(c(list(term = names(object$coefficients)),
    lapply(rows[c("estimate", "std_error", "df", "statistic", "p_value", "conf_low", "conf_high")], place)))
}

#' @rdname mmrm_methods
#' @export
logLik.respondr_mmrm <- function(object, ...) {
  reml <- object$settings$method == "reml"
  parameters <- length(object$theta) + if (reml) 0 else sum(object$kept)
  structure(object$log_likelihood, df = parameters, nobs = object$n, class = "logLik") # BIC counts patients, as SAS does
}

#' @importFrom stats nobs
#' @export
stats::nobs

#' @rdname mmrm_methods
#' @export
nobs.respondr_mmrm <- function(object, ...) length(object$problem$y)

#' @rdname mmrm_methods
#' @export
formula.respondr_mmrm <- function(x, ...) x$settings$formula

#' @rdname mmrm_methods
#' @export
model.frame.respondr_mmrm <- function(formula, ...) {
  out <- formula$frame
  out <- cbind(stats::setNames(data.frame(formula$problem$y), formula$outcome), out)
  out$id <- formula$ids[formula$patient]
  out
}

#' @rdname mmrm_methods
#' @param formula For `model.frame()`, a model.
#' @export
model.matrix.respondr_mmrm <- function(object, ...) object$x

#' @rdname mmrm_methods
#' @export
fitted.respondr_mmrm <- function(object, ...) {
  b <- object$coefficients
  b[is.na(b)] <- 0
  as.vector(object$x %*% b)
}

#' @rdname mmrm_methods
#' @export
residuals.respondr_mmrm <- function(object, type = c("raw", "pearson", "normalized"), ...) {
  check_word(type[1], c("raw", "pearson", "normalized"), "type", rlang::current_call())
  ask_core(rm_mmrm_residuals(object$problem, object$fits), object$call)[[1]][[type[1]]]
}

patient_covariance <- function(object, at) {
  visit <- object$problem$visit[at]
  group <- object$problem$group[at[1]]
  s <- object$covariance[[if (is.null(group)) 1L else group]][visit, visit, drop = FALSE]
  w <- object$problem$weights
  if (is.null(w)) s else s / tcrossprod(sqrt(w[at]))
}

#' @rdname mmrm_methods
#' @export
update.respondr_mmrm <- function(object, ...) {
  call <- rlang::current_call()
  changed <- as.list(rlang::call_match(object$call, rm_mmrm))
  given <- as.list(substitute(list(...)))[-1]
  names(given) <- names(given) %||% rep("", length(given))
  names(given)[!nzchar(names(given))] <- "formula"
  if ("formula" %in% names(given) && "." %in% all.vars(given$formula)) {
    stop_input("formula", c("`.` cannot stand for parts of a formula with `| id`.", i = "Write the whole formula."),
      "formula", call)
  }
  changed[names(given)] <- given
  eval(as.call(changed), object$env)
}

#' @rdname mmrm_methods
#' @export
simulate.respondr_mmrm <- function(object, nsim = 1, seed = NULL, ...) {
  if (!is.null(seed)) set.seed(seed)
  centre <- fitted(object)
  rows <- split(seq_along(centre), object$problem$patient)
  roots <- lapply(rows, function(at) t(chol(patient_covariance(object, at))))
  out <- lapply(seq_len(nsim), function(i) {
    y <- centre
    for (k in seq_along(rows)) {
      at <- rows[[k]]
      y[at] <- y[at] + drop(roots[[k]] %*% stats::rnorm(length(at)))
    }
    y
  })
  stats::setNames(as.data.frame(out), paste0("sim_", seq_len(nsim)))
}

#' @rdname mmrm_methods
#' @export
predict.respondr_mmrm <- function(object, newdata = NULL, se.fit = FALSE, interval = c("none", "confidence"), # nolint: object_name_linter
                                  level = object$settings$conf_level, ...) {
  x <- if (is.null(newdata)) object$x else new_matrix(object, newdata, rlang::current_call())
  if (!se.fit && interval[1] == "none") {
    b <- object$coefficients
    b[is.na(b)] <- 0
    return(as.vector(x %*% b))
  }
  rows <- mmrm_test(object, x, level)
  fit <- rows$estimate
  if (interval[1] == "confidence") fit <- cbind(fit = rows$estimate, lwr = rows$conf_low, upr = rows$conf_high)
  if (se.fit) list(fit = fit, se.fit = rows$std_error, df = rows$df) else fit
}

new_matrix <- function(object, newdata, call) {
  names <- names(object$frame)
  frame <- lapply(stats::setNames(names, names), function(name) {
    x <- eval_column(str2lang(name), newdata, object$env, "newdata", nrow(newdata), call)
    known <- levels(object$frame[[name]])
    if (is.null(known)) {
      return(as.double(x))
    }
    text <- if (is.numeric(x) && !is.object(x)) format_numbers(x) else as.character(x)
    strange <- setdiff(text, known)
    if (length(strange)) {
      stop_input("newdata", paste0("`", name, "` has levels the model does not know: ", quoted(strange), "."), "newdata",
        call)
    }
    factor(text, levels = known)
  })
  frame <- quick_frame(frame, nrow(newdata))
  mmrm_matrix(object$input, frame, object$settings)$x
}

#' @rdname mmrm_methods
#' @export
tidy.respondr_mmrm <- function(x, conf.int = TRUE, conf.level = x$settings$conf_level, ...) { # nolint: object_name_linter
  table <- coefficient_table(x, conf.level)
  out <- list(term = table$term, estimate = table$estimate, std.error = table$std_error, parameter = table$df,
    statistic = table$statistic, p.value = table$p_value)
  quick_frame(if (conf.int) c(out, list(conf.low = table$conf_low, conf.high = table$conf_high)) else out)
}

#' @rdname mmrm_methods
#' @export
glance.respondr_mmrm <- function(x, ...) {
  ll <- logLik(x)
  data.frame(covariance = x$structure, method = x$settings$method, df.method = x$settings$df, nobs = nobs(x),
    n.patients = x$n, logLik = as.numeric(ll), AIC = stats::AIC(ll), BIC = stats::BIC(ll),
    iterations = x$iterations, converged = x$status == "ok", status = x$status)
}

#' @importFrom generics augment
#' @export
generics::augment

#' @rdname mmrm_methods
#' @export
augment.respondr_mmrm <- function(x, data = NULL, ...) {
  out <- stats::model.frame(x)
  out$.fitted <- fitted(x)
  out$.resid <- stats::residuals(x)
  out$.std.resid <- stats::residuals(x, "normalized")
  out
}
