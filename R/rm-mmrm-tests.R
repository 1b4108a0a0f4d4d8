# Tests of whole terms, estimates of targets, the door of emmeans.

#' @rdname mmrm_methods
#' @export
anova.respondr_mmrm <- function(object, ..., type = 3) {
  call <- rlang::current_call()
  others <- list(...)
  if (length(others)) {
    return(compare_models(c(list(object), others), call))
  }
  if (!type %in% 2:3) {
    stop_input("word", "`type` must be 2 or 3.", "type", call)
  }
  blocks <- if (type == 3) type3_blocks(object) else type2_blocks(object)
  rows <- lapply(blocks, function(l) mmrm_joint_test(object, l))
  number <- function(name) vapply(rows, function(r) as.numeric(r[[name]]), 0, USE.NAMES = FALSE)
  n <- length(blocks)
  columns <- list(
    outcome = rep(object$outcome, n), term = factor(names(blocks), levels = names(blocks)),
    method = constant_factor(object$settings$method, n), n = rep(object$n, n), n_observations = rep(nobs(object), n),
    estimate = rep(NA_real_, n), statistic = number("statistic"), df = number("df"),
    df_denominator = number("df_denominator"), p_value = number("p_value"),
    status = status_factor(vapply(rows, function(r) as.integer(r$status), 0L))
  )
  build_result(columns, class = "respondr_rm_tests", settings = list(
    family = "rm_mmrm", by = character(), title = paste0("Tests of terms, type ", type, ", F on ",
      object$settings$df_words), p_adjust = "none", scale = "difference", kind = "long"
  ), input = object$input, call = call)
}

# Likelihood-ratio tests of models in the order of their parameters.
compare_models <- function(models, call) {
  if (!all(vapply(models, inherits, NA, "respondr_mmrm"))) {
    stop_input("x", "`anova()` compares models of `rm_mmrm()` with each other.", "...", call)
  }
  method <- vapply(models, function(m) m$settings$method, "")
  sizes <- vapply(models, nobs, 0L)
  if (length(unique(sizes)) > 1L || length(unique(method)) > 1L) {
    stop_input("models", "The models have different measurements or methods, so their likelihoods do not compare.", "...",
      call)
  }
  fixed <- vapply(models, function(m) paste(sort(colnames(m$x)), collapse = " "), "")
  if (method[1] == "reml" && length(unique(fixed)) > 1L) {
    stop_input("models", c("Models with different fixed effects have no comparable restricted likelihoods.",
      i = "Fit them with `method = \"ml\"`."), "...", call)
  }
  ll <- lapply(models, logLik)
  df <- vapply(ll, attr, 0, "df")
  order <- order(df)
  value <- vapply(ll, as.numeric, 0)[order]
  df <- df[order]
  chisq <- c(NA, 2 * diff(value))
  data.frame(
    covariance = vapply(models, `[[`, "", "structure")[order], parameters = df, AIC = -2 * value + 2 * df,
    BIC = vapply(ll, stats::BIC, 0)[order], log_likelihood = value, statistic = chisq, df = c(NA, diff(df)),
    p_value = stats::pchisq(chisq, c(NA, diff(df)), lower.tail = FALSE)
  )
}

# Type 3: the coefficients of sum-to-zero contrasts, as linear functions of those of the model.
type3_blocks <- function(object) {
  tt <- stats::delete.response(object$input$model)
  frame <- object$frame
  factors <- names(frame)[vapply(frame, is.factor, NA)]
  sum <- stats::model.matrix(tt, structure(frame, terms = tt),
    contrasts.arg = stats::setNames(rep(list("contr.sum"), length(factors)), factors))
  if (ncol(sum) != ncol(object$x) || !all(object$kept) || length(object$settings$constrained)) {
    return(type2_blocks(object, whole = TRUE))
  }
  map <- qr.coef(qr(sum), object$x)
  assign <- attr(sum, "assign")
  blocks_of(map, assign, object$terms)
}

blocks_of <- function(map, assign, terms) {
  out <- lapply(seq_along(terms), function(t) map[assign == t, , drop = FALSE])
  names(out) <- terms
  out[vapply(out, nrow, 0L) > 0L]
}

# Type 2: each term adjusted for all that do not contain it; the estimable functions of ordinary least squares (SAS).
# whole: adjusted for the terms that contain it as well where its columns stay estimable (constrained models).
type2_blocks <- function(object, whole = FALSE) {
  factors <- attr(object$input$model, "factors") > 0
  x <- object$x[, object$kept, drop = FALSE]
  assign <- object$assign[object$kept]
  out <- list()
  for (t in seq_along(object$terms)) {
    mine <- which(assign == t)
    if (!length(mine)) next
    contains <- vapply(seq_along(object$terms), function(u) u != t && all(factors[factors[, t], u]), NA)
    later <- which(assign %in% which(contains))
    first <- setdiff(seq_along(assign), c(mine, later))
    if (whole) later <- integer()
    residual <- x[, c(mine, later), drop = FALSE]
    if (length(first)) residual <- stats::lm.fit(x[, first, drop = FALSE], residual)$residuals
    residual <- matrix(residual, nrow(x))
    l <- matrix(0, length(mine), length(assign))
    l[, c(mine, later)] <- crossprod(residual[, seq_along(mine), drop = FALSE], residual)
    full <- matrix(0, length(mine), length(object$kept))
    full[, object$kept] <- l
    out[[object$terms[t]]] <- full
  }
  out
}

# Targets of means and contrasts; see rm_targets_result() for what a method hands back.
rm_estimates <- function(x, words, call) UseMethod("rm_estimates")

#' @export
rm_estimates.respondr_mmrm <- function(x, words, call) {
  targets <- make_targets(x$input, words, call)
  l <- mmrm_target_matrix(x, targets)
  rows <- mmrm_test(x, l, words$conf_level)
  n <- nrow(l)
  correlation <- if (words$p_adjust == "mvt") array(stats::cov2cor(l %*% mmrm_filled_vcov(x) %*% t(l)), c(n, n, 1L))
  list(list(outcome = x$outcome, by = x$by, labels = targets$labels, rows = mmrm_rows(x$settings, x$n, nobs(x), rows),
    correlation = correlation))
}

# A table of contrasts of several models holds the models.
#' @export
rm_estimates.respondr_rm_contrasts <- function(x, words, call) {
  fits <- attr(x, "fits")
  if (is.null(fits)) {
    stop_input("x", c("`x` is a table of contrasts.", i = "Give the result of `rm_anova()` or `rm_mmrm()` that it came from."),
      "x", call)
  }
  unlist(lapply(fits, rm_estimates, words, call), recursive = FALSE)
}

# n and n_observations have one value a model, the rows of tests follow model after model.
mmrm_rows <- function(settings, n, n_observations, rows) {
  each <- length(rows$estimate) / length(n)
  c(list(method = constant_factor(settings$method, length(rows$estimate)), n = rep(n, each = each),
    n_observations = rep(n_observations, each = each)), rows)
}

mmrm_filled_vcov <- function(x) {
  v <- x$vcov
  v[is.na(v)] <- 0
  v
}

# Rows of the model matrix for every grid row and cell, weighted. Covariates stand at their mean over the measurements.
mmrm_target_matrix <- function(x, targets) {
  input <- x$input
  grid <- targets$grid$grid
  for (name in names(grid)) if (is.numeric(grid[[name]])) grid[[name]] <- mean(x$frame[[name]])
  cells <- nrow(input$within)
  at <- expand.grid(cell = seq_len(cells), row = seq_len(nrow(grid)))
  frame <- c(lapply(input$within, function(w) w[at$cell]), lapply(grid, function(g) g[at$row]))
  for (name in names(input$varying)) {
    v <- x$frame[[name]]
    frame[[name]] <- if (is.factor(v)) factor(rep(levels(v)[1], nrow(at)), levels(v)) else rep(mean(v), nrow(at))
  }
  frame <- quick_frame(frame)
  m <- mmrm_matrix(input, frame, x$settings, lapply(Filter(is.factor, x$frame), levels))$x
  t(vapply(seq_len(nrow(targets$within)), function(k) {
    colSums(m * as.vector(outer(targets$within[k, ], targets$between[k, ])))
  }, numeric(ncol(m))))
}

# emmeans calls these through its own generics.
#' @exportS3Method emmeans::recover_data
recover_data.respondr_mmrm <- function(object, data, ...) {
  frame <- object$frame
  tt <- stats::delete.response(object$input$model)
  emmeans::recover_data(object$call, tt, na.action = NULL, data = frame, ...)
}

#' @exportS3Method emmeans::emm_basis
emm_basis.respondr_mmrm <- function(object, trms, xlev, grid, ...) { # nolint: object_name_linter
  frame <- as.data.frame(lapply(names(object$frame), function(name) {
    x <- grid[[name]]
    known <- levels(object$frame[[name]])
    if (is.null(known)) as.double(x) else factor(as.character(x), levels = known)
  }))
  names(frame) <- names(object$frame)
  x <- mmrm_matrix(object$input, frame, object$settings)$x
  list(
    X = x, bhat = object$coefficients, nbasis = matrix(NA), V = mmrm_filled_vcov(object),
    dffun = function(k, dfargs) dfargs$df_of(k), dfargs = list(df_of = function(k) mmrm_test(object, matrix(k, 1L), 0.95)$df),
    misc = list()
  )
}
