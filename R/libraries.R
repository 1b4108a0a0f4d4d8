# Calls of libraries that have an R interface only, one function each.

# Shapiro-Wilk p of the changes of every problem, in the order of result_labels(); NA outside 3 to 5,000 pairs or without
# spread.
lib_shapiro <- function(input) {
  group <- factor(group_of_patient(input), levels = seq_len(length(input$group_start) - 1L))
  unlist(lapply(seq_along(outcome_names(input)), function(o) {
    columns <- lapply(input$contrasts, function(v) {
      vapply(split(input_pair(input, o, v)$change, group), shapiro_p, 0)
    })
    as.vector(do.call(rbind, columns))
  }), use.names = FALSE)
}

shapiro_p <- function(change) {
  change <- change[is.finite(change)]
  spread <- diff(range(change, 0))
  if (length(change) < 3L || length(change) > 5000L || diff(range(change)) <= 1e-10 * max(spread, 1e-300)) {
    return(NA_real_)
  }
  stats::shapiro.test(change)$p.value
}

# Welch's t-test of two groups, with what it compares; NA where a group has fewer than two values or no spread.
lib_welch <- function(used, others, conf_level) {
  figures <- function(x) c(length(x), if (length(x)) mean(x) else NA, if (length(x) > 1L) stats::sd(x) else NA)
  a <- figures(used)
  b <- figures(others)
  test <- if (!anyNA(c(a, b)) && a[3] + b[3] > 0) {
    tryCatch(stats::t.test(used, others, conf.level = conf_level), error = function(cnd) NULL)
  }
  value <- function(x) if (is.null(test)) NA_real_ else unname(x)
  data.frame(
    n_used = as.integer(a[1]), n_others = as.integer(b[1]), mean_used = a[2], mean_others = b[2],
    difference = a[2] - b[2], conf_low = value(test$conf.int[1]), conf_high = value(test$conf.int[2]),
    statistic = value(test$statistic), df = value(test$parameter), p_value = value(test$p.value),
    standardised_difference = (a[2] - b[2]) / sqrt((a[3]^2 + b[3]^2) / 2)
  )
}

# Two-sided single-step adjusted p-values and the common quantile of a multivariate t; the smallest df where they differ.
# The generator's state is put back.
lib_mvt <- function(t, correlation, df, conf_level, call) {
  if (!requireNamespace("mvtnorm", quietly = TRUE)) {
    stop_input("package", c("`p_adjust = \"mvt\"` needs the package mvtnorm.",
      i = "Install it, or use `p_adjust = \"holm\"`."), "p_adjust", call)
  }
  old <- if (exists(".Random.seed", globalenv(), inherits = FALSE)) get(".Random.seed", globalenv(), inherits = FALSE)
  on.exit(restore_seed(list(given = FALSE, old = old)))
  set.seed(20081)
  k <- length(t)
  nu <- min(df)
  nu <- if (is.finite(nu)) max(1L, as.integer(floor(nu + 1e-8))) else 0L
  control <- mvtnorm::GenzBretz(maxpts = 1e5, abseps = 1e-5)
  p <- vapply(abs(t), function(limit) {
    if (k == 1L) {
      return(2 * (if (nu > 0) stats::pt(-limit, nu) else stats::pnorm(-limit)))
    }
    inside <- mvtnorm::pmvt(lower = rep(-limit, k), upper = rep(limit, k), df = nu, corr = correlation,
      algorithm = control)
    max(0, 1 - as.numeric(inside))
  }, 0)
  quantile <- if (k == 1L) {
    if (nu > 0) stats::qt((1 + conf_level) / 2, nu) else stats::qnorm((1 + conf_level) / 2)
  } else {
    mvtnorm::qmvt(conf_level, tail = "both.tails", df = nu, corr = correlation)$quantile
  }
  list(p = p, quantile = quantile)
}

# Restricted cubic spline with knots at the quantiles of Harrell (2015, Regression Modeling Strategies, table 2.3): the
# variable itself, then splines::ns() on the same knots without its first column. `knots`: their number (3 to 7) or their
# places.
lib_rcs <- function(x, knots = 3) {
  if (length(knots) == 1L) knots <- stats::quantile(x, harrell_quantiles(knots), na.rm = TRUE, names = FALSE)
  knots <- sort(unique(knots))
  if (length(knots) < 3L) stop("rcs() needs three distinct knots")
  k <- length(knots)
  basis <- splines::ns(x, knots = knots[-c(1, k)], Boundary.knots = knots[c(1, k)])
  out <- cbind(x, unclass(basis)[, -1L, drop = FALSE])
  dimnames(out) <- list(NULL, c("", strrep("'", seq_len(k - 2L))))
  structure(out, knots = knots, class = c("respondr_rcs", "matrix"))
}

harrell_quantiles <- function(k) {
  if (!k %in% 3:7) stop("rcs() takes 3 to 7 knots, or their places")
  list(c(.1, .5, .9), c(.05, .35, .65, .95), c(.05, .275, .5, .725, .95), c(.05, .23, .41, .59, .77, .95),
    c(.025, .1833, .3417, .5, .6583, .8167, .975))[[k - 2]]
}

# New rows get the knots of the rows fitted.
#' @importFrom stats makepredictcall
#' @export
makepredictcall.respondr_rcs <- function(var, call) {
  call <- match.call(lib_rcs, call)
  call$knots <- attr(var, "knots")
  call
}

# MM estimate of the columns kept, with robustbase's recommended settings; the generator's state is put back.
lib_lmrob <- function(problem, kept, call) {
  if (!requireNamespace("robustbase", quietly = TRUE)) {
    stop_input("package", c("`method = \"mm\"` needs the package robustbase.",
      i = "Install it, or use `method = \"ls\"` with `vcov = \"HC3\"`."),
      "method", call)
  }
  old <- if (exists(".Random.seed", globalenv(), inherits = FALSE)) get(".Random.seed", globalenv(), inherits = FALSE)
  on.exit(restore_seed(list(given = FALSE, old = old)))
  set.seed(20081)
  x <- problem$x[, kept, drop = FALSE]
  offset <- problem$offset %||% rep(0, nrow(x))
  y <- problem$y - offset
  weight <- problem$weight %||% rep(1, nrow(x))
  fit <- tryCatch(
    suppressWarnings(robustbase::lmrob(y ~ x - 1, weights = weight, control = robustbase::lmrob.control("KS2014"))),
    error = function(cnd) {
      stop_input("not_converged", c(paste0("robustbase::lmrob() found no MM estimate: ", conditionMessage(cnd), "."),
        i = "Use `method = \"ls\"`."), "method", call)
    }
  )
  list(coefficients = unname(fit$coefficients), vcov = unname(fit$cov), scale = fit$scale, weights = fit$rweights,
    converged = isTRUE(fit$converged), fitted = drop(x %*% fit$coefficients) + offset)
}

# Does a linear combination of the columns separate events from the others (Albert and Anderson 1984, doi:10.1093/biomet/71.1.1;
# linear programming after Konis 2007, Linear programming algorithms for detecting separated data, thesis, Oxford)? The rows
# s x, s = 1 for events and -1 for others, are separated if some b has s x b >= 0 in all and > 0 in one; the programme maximises
# the sum of s x b for |b_j| <= 1. Rows so separated are taken out and the rest is asked again: `rows` are those that some
# direction separates. A coefficient that the other rows determine is finite (0 in `runs_to`); any other runs to -Inf or Inf, or to
# either (NaN). NA: it depends on others.
lib_separation <- function(x, y, weights = NULL) {
  scaled <- separation_scale(x)
  use <- if (is.null(weights)) rep(TRUE, length(y)) else weights > 0
  at <- c(which(use & y > 0), which(use & y < 1))
  side <- rep(c(1, -1), c(sum(use & y > 0), sum(use & y < 1)))
  a <- scaled$x[at, , drop = FALSE] * side
  kept <- independent_columns(a)
  open <- rows_left(a, kept)
  runs_to <- ifelse(kept, 0, NA)
  if (!all(open)) {
    free <- which(kept)[!determined_columns(x[at[open], kept, drop = FALSE])]
    runs_to[free] <- vapply(free, function(j) runs_where(a, kept, column_functional(scaled, j)), 0)
  }
  list(verdict = if (all(open)) "none" else if (any(open)) "quasi" else "complete",
    runs_to = stats::setNames(runs_to, colnames(x)), rows = use & !seq_along(y) %in% at[open])
}

# Columns of like size, so that one tolerance serves all; centred where there is an intercept.
separation_scale <- function(x) {
  intercept <- ncol(x) > 0L && nrow(x) > 0L && all(x[, 1] == 1)
  centre <- if (intercept) c(0, colMeans(x)[-1]) else numeric(ncol(x))
  x <- x - rep(centre, each = nrow(x))
  scale <- if (nrow(x)) apply(abs(x), 2L, max) else rep(1, ncol(x))
  scale[scale == 0] <- 1
  list(x = x / rep(scale, each = nrow(x)), centre = centre, scale = scale, intercept = intercept)
}

# A coefficient of the columns as given, from those of the scaled columns.
column_functional <- function(scaled, j) {
  out <- numeric(length(scaled$scale))
  out[j] <- 1 / scaled$scale[j]
  if (j == 1L && scaled$intercept) out <- out - c(0, (scaled$centre / scaled$scale)[-1])
  out / max(abs(out))
}

independent_columns <- function(a) {
  fit <- qr(a, tol = 1e-9)
  seq_len(ncol(a)) %in% fit$pivot[seq_len(fit$rank)]
}

# Which coefficients do these rows determine? Those whose column is no combination of the others.
determined_columns <- function(x) {
  rank <- sum(independent_columns(separation_scale(x)$x))
  vapply(seq_len(ncol(x)), function(j) {
    sum(independent_columns(separation_scale(x[, -j, drop = FALSE])$x)) < rank
  }, NA)
}

# TRUE for the rows that no direction separates.
rows_left <- function(a, kept) {
  rest <- rep(TRUE, nrow(a))
  while (any(rest)) {
    open <- a[rest, , drop = FALSE]
    columns <- kept
    columns[kept] <- independent_columns(open[, kept, drop = FALSE])
    b <- separating_direction(open[, columns, drop = FALSE])
    if (is.null(b)) break
    rest[rest] <- drop(open[, columns, drop = FALSE] %*% b) <= 1e-8
  }
  rest
}

# The ends that a coefficient can run to within the directions that separate: -Inf, Inf, NaN for both.
runs_where <- function(a, kept, functional) {
  p <- sum(kept)
  rows <- a[, kept, drop = FALSE]
  limits <- rbind(cbind(diag(p), -diag(p)), cbind(-diag(p), diag(p)))
  reach <- vapply(c(1, -1), function(side) {
    gain <- side * functional[kept]
    lpSolve::lp("max", c(gain, -gain), rbind(cbind(rows, -rows), limits), rep(c(">=", "<="), c(nrow(a), 2L * p)),
      rep(0:1, c(nrow(a), 2L * p)))$objval > 1e-7
  }, NA)
  if (reach[1] && !reach[2]) Inf else if (reach[2] && !reach[1]) -Inf else NaN
}

# NULL: none. The dual, whose optimum is 0 without separation, has few rows and is quick; the direction comes from the primal.
separating_direction <- function(a) {
  p <- ncol(a)
  gain <- colSums(a)
  if (!p) {
    return(NULL)
  }
  dual <- lpSolve::lp("min", rep(0:1, c(nrow(a), 2L * p)), cbind(-t(a), diag(p), -diag(p)), rep("=", p), gain)
  if (dual$status == 0L && dual$objval <= 1e-9 * nrow(a)) {
    return(NULL)
  }
  limits <- rbind(cbind(diag(p), -diag(p)), cbind(-diag(p), diag(p)))
  primal <- lpSolve::lp("max", c(gain, -gain), rbind(cbind(a, -a), limits), rep(c(">=", "<="), c(nrow(a), 2L * p)),
    rep(0:1, c(nrow(a), 2L * p)))
  b <- primal$solution[seq_len(p)] - primal$solution[p + seq_len(p)]
  if (primal$status != 0L || max(a %*% b) <= 1e-8) NULL else b
}

# A function of predicted probabilities that gives the smoothed share of events with its pointwise interval: stats::loess of
# the response (degree 2, span 0.75), or logistic regression on a natural cubic spline (splines::ns, 3 degrees of freedom).
# NULL where it cannot be computed.
lib_calibration_curve <- function(p, event, weight, kind) {
  fit <- tryCatch(suppressWarnings(
    if (kind == "loess") loess_curve(p, event, weight) else spline_curve(p, event, weight)
  ), error = function(cnd) NULL)
  fit
}

loess_curve <- function(p, event, weight) {
  data <- data.frame(p = p, event = event)
  fit <- stats::loess(event ~ p, data, weights = weight, degree = 2, span = 0.75,
    control = stats::loess.control(statistics = if (length(p) > 500) "approximate" else "exact"))
  inside <- function(x) pmin(1, pmax(0, x))
  function(at, conf_level = NULL) {
    if (is.null(conf_level)) {
      return(list(estimate = inside(unname(suppressWarnings(stats::predict(fit, data.frame(p = at)))))))
    }
    out <- suppressWarnings(stats::predict(fit, data.frame(p = at), se = TRUE))
    half <- stats::qt((1 + conf_level) / 2, out$df) * out$se.fit
    list(estimate = inside(unname(out$fit)), low = inside(unname(out$fit - half)), high = inside(unname(out$fit + half)))
  }
}

spline_curve <- function(p, event, weight) {
  certain <- any(p <= 0 | p >= 1)
  scale <- if (certain) identity else stats::qlogis
  eta <- scale(p)
  basis <- splines::ns(eta, knots = weighted_quantiles(eta, weight, c(1, 2) / 3))
  fit <- stats::glm.fit(cbind(1, basis), event, weights = weight, family = stats::binomial())
  covariance <- chol2inv(fit$qr$qr[seq_len(4L), seq_len(4L), drop = FALSE])
  function(at, conf_level = 0.95) {
    x <- cbind(1, stats::predict(basis, scale(at)))
    eta <- drop(x %*% fit$coefficients)
    half <- stats::qnorm((1 + conf_level) / 2) * sqrt(rowSums((x %*% covariance) * x))
    list(estimate = stats::plogis(eta), low = stats::plogis(eta - half), high = stats::plogis(eta + half))
  }
}
