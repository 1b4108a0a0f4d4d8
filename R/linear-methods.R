# What a linear model is asked for, beyond what all models of predictors answer (R/model*.R).

#' Methods of a linear model
#'
#' @param object,x,model A model of [fit_linear()].
#' @param ... For `anova()`, further models fitted to the same patients; else not used.
#' @param parm Coefficients wanted.
#' @param level,conf.level Confidence level.
#' @param newdata Rows to predict for; the patients of the fit if absent.
#' @param se.fit,interval Standard errors; `"none"`, `"confidence"` (of the mean) or `"prediction"` (of a new patient of
#'   weight 1: its variance is that of the mean plus s^2).
#' @param type Of residuals: `"response"`, `"pearson"` (times root weight), `"standard"` (divided by s sqrt(1 - h)) or
#'   `"student"` (by the s of all other patients).
#' @param nsim,seed Simulated responses and their seed.
#' @param conf.int As in broom.
#' @param data Not used.
#' @return As the generics say; `predict()` as [stats::predict.lm()]. `anova()` of one model: a result with the F test
#'   and the partial R2 of each term; of several: F tests of each against the one before.
#' @name linear_methods
#' @examples
#' fit <- fit_linear(Postwt ~ Prewt + Treat, MASS::anorexia)
#' confint(fit)
#' head(cooks.distance(fit))
NULL

#' @rdname linear_methods
#' @export
confint.respondr_linear <- function(object, parm = NULL, level = object$settings$conf_level, ...) {
  rows <- linear_coefficients(object, level)
  out <- cbind(rows$conf_low, rows$conf_high)
  dimnames(out) <- list(names(object$coefficients), paste(format(100 * c((1 - level) / 2, (1 + level) / 2),
    trim = TRUE), "%"))
  if (is.null(parm)) out else out[parm, , drop = FALSE]
}

# One row a coefficient; in steps if `steps` are given.
linear_coefficients <- function(object, level = object$settings$conf_level, steps = NULL) {
  names <- names(object$coefficients)
  step <- rep(1, length(names))
  if (length(steps)) step[match(names(steps), names)] <- steps
  v <- diag(object$vcov)
  if (object$status == "no_variance") v[] <- NA_real_
  rows <- ask_core(linear_t(unname(object$coefficients) * step, v * step^2, unname(object$df), level), object$call)
  rows$term <- ifelse(step == 1, names, paste0(names, " (per ", format(step, trim = TRUE), ")"))
  rows
}

#' @rdname linear_methods
#' @importFrom stats sigma
#' @export
sigma.respondr_linear <- function(object, ...) object$sigma

#' @rdname linear_methods
#' @export
logLik.respondr_linear <- function(object, ...) {
  n <- object$n
  value <- if (object$method == "mm") NA_real_ else {
    0.5 * (object$core$log_weight - n * (log(2 * pi) + 1 - log(n) + log(object$rss)))
  }
  structure(value, df = object$rank + 1L, nobs = n, class = "logLik")
}

#' @rdname linear_methods
#' @export
residuals.respondr_linear <- function(object, type = c("response", "pearson", "standard", "student"), ...) {
  type <- check_word(type[1], c("response", "pearson", "standard", "student"), "type", rlang::current_call())
  root <- if (is.null(object$weights)) 1 else sqrt(object$weights)
  switch(type, response = object$residuals, pearson = root * object$residuals, standard = rstandard.respondr_linear(object),
    student = rstudent.respondr_linear(object))
}

#' @rdname linear_methods
#' @importFrom stats hatvalues cooks.distance rstandard rstudent dfbetas
#' @export
hatvalues.respondr_linear <- function(model, ...) {
  core <- model$core
  core$status <- match(core$status, status_table$word) - 1L
  ask_core(linear_leverage(model$problem, core), model$call)$leverage
}

#' @rdname linear_methods
#' @export
rstandard.respondr_linear <- function(model, ...) {
  h <- hatvalues.respondr_linear(model)
  out <- residuals.respondr_linear(model, "pearson") / (model$sigma * sqrt(1 - h))
  replace(out, h > 1 - 1e-10, NaN)
}

#' @rdname linear_methods
#' @export
rstudent.respondr_linear <- function(model, ...) {
  r <- rstandard.respondr_linear(model)
  r * sqrt((model$df.residual - 1) / pmax(model$df.residual - r^2, 0))
}

#' @rdname linear_methods
#' @export
cooks.distance.respondr_linear <- function(model, ...) {
  h <- hatvalues.respondr_linear(model)
  rstandard.respondr_linear(model)^2 * h / ((1 - h) * model$rank)
}

# Change of each coefficient without the patient, over its standard error with the s of the others.
#' @rdname linear_methods
#' @export
dfbetas.respondr_linear <- function(model, ...) {
  h <- hatvalues.respondr_linear(model)
  core <- model$core
  map <- matrix(core$map, ncol = model$rank)
  root <- if (is.null(model$weights)) 1 else sqrt(model$weights)
  x <- root * model$problem$x
  x[, !model$kept] <- 0
  change <- tcrossprod(x, tcrossprod(map)) * (residuals.respondr_linear(model, "pearson") / (1 - h))
  s <- model$sigma * abs(rstandard.respondr_linear(model) / rstudent.respondr_linear(model))
  s[is.nan(s)] <- model$sigma
  out <- change / outer(s, sqrt(rowSums(map^2)))
  dimnames(out) <- list(NULL, names(model$coefficients))
  replace(out, h > 1 - 1e-10, NaN)[, model$kept, drop = FALSE]
}

#' @rdname linear_methods
#' @export
predict.respondr_linear <- function(object, newdata = NULL, se.fit = FALSE, interval = c("none", "confidence",
  "prediction"),
                                    level = object$settings$conf_level, ...) {
  call <- rlang::current_call()
  interval <- check_word(interval[1], c("none", "confidence", "prediction"), "interval", call)
  new <- if (is.null(newdata)) list(x = object$problem$x, offset = object$offset) else {
    predictor_matrix(object$input, newdata, call, offset = TRUE)
  }
  kept <- object$kept
  x <- new$x[, kept, drop = FALSE]
  fit <- drop(x %*% object$coefficients[kept])
  if (!is.null(new$offset)) fit <- fit + new$offset
  if (is.null(newdata)) fit <- object$fitted.values
  if (!se.fit && interval == "none") {
    return(unname(fit))
  }
  variance <- rowSums((x %*% object$vcov[kept, kept, drop = FALSE]) * x)
  if (interval == "prediction") spread <- variance + object$sigma^2 else spread <- variance
  df <- linear_test_df(object)
  limits <- ask_core(linear_t(as.double(fit), as.double(spread), rep(df, length(fit)), level), call)
  out <- if (interval == "none") unname(fit) else cbind(fit = unname(fit), lwr = limits$conf_low, upr = limits$conf_high)
  if (se.fit) list(fit = out, se.fit = unname(sqrt(variance)), df = df, residual.scale = object$sigma) else out
}

# Degrees of freedom of what is no single coefficient.
linear_test_df <- function(object) {
  if (startsWith(object$settings$vcov, "CR")) max(object$clusters) - 1 else object$df.residual
}

#' @rdname linear_methods
#' @export
simulate.respondr_linear <- function(object, nsim = 1, seed = NULL, ...) {
  if (!is.null(seed)) set.seed(seed)
  w <- object$weights %||% rep(1, length(object$fitted.values))
  out <- replicate(nsim, object$fitted.values + stats::rnorm(length(w), sd = object$sigma / sqrt(w)))
  out <- as.data.frame(matrix(out, ncol = nsim))
  names(out) <- paste0("sim_", seq_len(nsim))
  out
}

# Columns before, of, and after each term; `all` for the model as a whole.
term_sets <- function(input) {
  factors <- attr(input$terms, "factors")
  assign <- input$assign
  k <- length(input$labels)
  contains <- function(j, i) i != j && all(factors[factors[, i] > 0, j] > 0)
  sets <- lapply(seq_len(k), function(i) {
    above <- which(vapply(seq_len(k), contains, NA, i))
    list(which(!assign %in% c(i, above)), which(assign == i), which(assign %in% above))
  })
  c(sets, if (k > 1L) list(list(which(assign == 0L), which(assign > 0L), integer())))
}

linear_term_tests <- function(object, core, sets, call) {
  level <- object$settings$conf_level
  v <- as.vector(object$vcov)
  if (object$settings$vcov == "CR2" && object$status %in% c("ok", "no_variance")) {
    return(ask_core(linear_cluster_terms(object$problem, core, v, object$clusters, max(object$clusters), sets, level),
      call))
  }
  ask_core(linear_terms(core, v, rep(as.double(linear_test_df(object)), length(sets)), sets, level), call)
}

#' @rdname linear_methods
#' @export
anova.respondr_linear <- function(object, ...) {
  call <- rlang::current_call()
  others <- list(...)
  if (length(others)) {
    return(linear_compare(c(list(object), others), call))
  }
  input <- object$input
  sets <- term_sets(input)
  if (!length(sets)) {
    stop_input("formula", "The model has no terms to test.", "object", call)
  }
  core <- object$core
  core$status <- match(core$status, status_table$word) - 1L
  core$beta <- unname(object$coefficients)
  raw <- linear_term_tests(object, core, sets, call)
  mm <- object$method == "mm"
  known <- function(x) if (mm) rep(NA_real_, length(x)) else x
  n <- length(sets)
  build_result(c(list(
    outcome = rep(input$outcome, n), term = c(input$labels, if (n > length(input$labels)) "all terms"),
    method = rep(if (mm) "wald" else "f", n), alternative = rep("two.sided", n), estimand = rep(NA_character_, n),
      n = rep(as.integer(object$n), n), estimate = rep(NA_real_, n), conf_low = rep(NA_real_, n),
    conf_high = rep(NA_real_, n),
    conf_level = rep(object$settings$conf_level, n), conf_method = rep(if (mm) NA else "noncentral_f_steiger", n),
    p_matches = rep(FALSE, n), sum_sq = known(raw$sum_sq)), raw[c("statistic", "df", "df_denominator", "p_value")], list(
    effect_name = rep(if (mm) NA_character_ else "partial R2", n), effect = known(raw$effect),
      effect_low = known(raw$effect_low),
    effect_high = known(raw$effect_high), status = status_factor(raw$status))
  ), class = "respondr_terms", settings = list(family = "linear",
    title = "Tests of terms, each given those that do not contain it",
    conf_level = object$settings$conf_level, lines = linear_lines(object)), call = call)
}

# Nested models: F of the residual sums of squares, over s^2 of the largest.
linear_compare <- function(models, call) {
  same <- vapply(models, function(m) inherits(m, "respondr_linear") && identical(m$input$y, models[[1]]$input$y) &&
    identical(m$input$rows, models[[1]]$input$rows) && identical(m$weights, models[[1]]$weights), NA)
  if (!all(same)) {
    stop_input("models", c("`anova()` compares linear models of the same response in the same patients.",
      i = "Fit them to the complete rows of the larger model."), "...", call)
  }
  if (any(vapply(models, function(m) m$method == "mm" || m$settings$vcov != "classical", NA))) {
    stop_input("models", c("Nested models are compared by classical least squares.",
      i = "Use `anova()` of the larger one."),
      "...", call)
  }
  df <- vapply(models, `[[`, 0, "df.residual")
  rss <- vapply(models, `[[`, 0, "rss")
  best <- which.min(df)
  change <- c(NA, -diff(df))
  f <- c(NA, -diff(rss)) / change / (rss[best] / df[best])
  out <- data.frame(Res.Df = df, RSS = rss, Df = change, "Sum of Sq" = c(NA, -diff(rss)), F = f,
    "Pr(>F)" = stats::pf(ifelse(change > 0, f, NA), change, df[best], lower.tail = FALSE), check.names = FALSE)
  words <- vapply(models, function(m) deparse_one(m$settings$formula), "")
  structure(out, heading = c("Analysis of variance of nested models\n",
    paste0("Model ", seq_along(words), ": ", words, collapse = "\n")), class = c("anova", "data.frame"))
}

#' @rdname linear_methods
#' @export
tidy.respondr_linear <- function(x, conf.int = TRUE, conf.level = x$settings$conf_level, ...) {
  rows <- linear_coefficients(x, conf.level, x$settings$steps)
  out <- data.frame(term = rows$term, estimate = rows$estimate, std.error = rows$std_error, statistic = rows$statistic,
    df = rows$df, p.value = rows$p_value)
  if (conf.int) out <- cbind(out, conf.low = rows$conf_low, conf.high = rows$conf_high)
  out
}

#' @rdname linear_methods
#' @export
glance.respondr_linear <- function(x, ...) {
  r2 <- linear_r2(x)
  data.frame(r.squared = r2[1], adj.r.squared = r2[2], sigma = x$sigma, df.residual = x$df.residual, rank = x$rank,
    nobs = as.integer(x$n), log.lik = as.numeric(stats::logLik(x)), AIC = stats::AIC(x), BIC = stats::BIC(x),
      vcov = x$settings$vcov,
    method = x$method, status = x$status)
}

#' @rdname linear_methods
#' @export
augment.respondr_linear <- function(x, data = NULL, ...) {
  out <- model.frame.respondr_model(x)
  attr(out, "terms") <- NULL
  cbind(out, .row = x$input$rows, .fitted = x$fitted.values, .resid = x$residuals, .hat = hatvalues.respondr_linear(x),
    .std.resid = rstandard.respondr_linear(x), .cooksd = cooks.distance.respondr_linear(x))
}

linear_r2 <- function(x) {
  if (x$method == "mm" || !isTRUE(x$tss > 0)) {
    return(c(NA_real_, NA_real_))
  }
  r2 <- 1 - x$rss / x$tss
  free <- x$n - if (x$core$intercept) 1 else 0
  c(r2, 1 - (1 - r2) * free / x$df.residual)
}
