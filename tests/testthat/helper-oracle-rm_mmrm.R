# A second, deliberately naive program for mixed models for repeated measures: the full n x n covariance matrix of all
# observations, numerical derivatives, no cleverness. Written from the papers alone; nothing here calls the package.

# ---- numerical derivatives ------------------------------------------------------------------------------------------

# Central differences of a vector-valued function along coordinate i, improved three times by Richardson (1911).
oracle_slope <- function(f, theta, i, step = 0.02) {
  h <- step * max(abs(theta[i]), 0.05)
  level <- lapply(0:3, function(m) {
    d <- replace(numeric(length(theta)), i, h / 2^m)
    (f(theta + d) - f(theta - d)) / (2 * h / 2^m)
  })
  for (m in 1:3) {
    level <- lapply(seq_len(4 - m), function(j) (4^m * level[[j + 1]] - level[[j]]) / (4^m - 1))
  }
  level[[1]]
}

# One column for each coordinate of theta; a smaller step, for functions with poles where Sigma is singular.
oracle_jacobian <- function(f, theta, step = 0.003) {
  columns <- lapply(seq_along(theta), function(i) as.vector(oracle_slope(f, theta, i, step)))
  matrix(unlist(columns), ncol = length(theta))
}

# ---- covariance structures ------------------------------------------------------------------------------------------

oracle_tri <- function(m) which(lower.tri(diag(m), TRUE), arr.ind = TRUE)

# Correlation matrix of one structure from its correlation parameters. `gap`: |t_i - t_j| of the visits.
oracle_correlation <- function(structure, rho, m, gap) {
  lag <- abs(row(diag(m)) - col(diag(m)))
  switch(sub("h$", "", structure),
    cs = ifelse(lag == 0, 1, rho),
    ar1 = rho^lag,
    toep = matrix(c(1, rho)[lag + 1], m),
    ad = outer(seq_len(m), seq_len(m), Vectorize(function(i, j) {
      if (i == j) 1 else prod(rho[min(i, j):(max(i, j) - 1)])
    })),
    sp_exp = rho^gap
  )
}

# The correlations that are parameters, read off a correlation matrix.
oracle_correlation_parameters <- function(structure, r, gap) {
  m <- nrow(r)
  switch(sub("h$", "", structure),
    cs = , ar1 = r[2, 1],
    toep = r[-1, 1],
    ad = r[cbind(2:m, 1:(m - 1))],
    sp_exp = r[2, 1]^(1 / gap[2, 1])
  )
}

oracle_is_heterogeneous <- function(structure) structure %in% c("csh", "ar1h", "toeph", "adh")

# Sigma from theta in one of three forms.
# natural: what PROC MIXED prints. us: elements, cs: covariance and residual, toep: bands (all linear); the
#   others: variances, then correlations; sp_exp: variance and range, exp(-distance / range).
# cholesky (us only): the elements of the lower Cholesky factor.
# mmrm: the form of the R package mmrm (its vignette "Covariance structures"). us: Sigma = D L L' D, D = diag(exp(.)), L
#   unit lower triangular; the others: log standard deviations and rho / sqrt(1 - rho^2); sp_exp: logit of rho.
oracle_sigma <- function(theta, structure, form, m, gap = NULL) {
  if (structure == "us") {
    low <- matrix(0, m, m)
    low[lower.tri(low, form != "mmrm")] <- if (form == "mmrm") theta[-seq_len(m)] else theta
    if (form == "natural") {
      return(low + t(low) - diag(diag(low), m))
    }
    if (form == "mmrm") low <- diag(exp(theta[seq_len(m)]), m) %*% (low + diag(m))
    return(low %*% t(low))
  }
  if (form == "natural" && structure == "cs") {
    return(theta[1] + diag(theta[2], m))
  }
  if (form == "natural" && structure == "toep") {
    return(stats::toeplitz(theta))
  }
  count <- if (oracle_is_heterogeneous(structure)) m else 1
  first <- theta[seq_len(count)]
  rest <- theta[-seq_len(count)]
  sd <- rep_len(if (form == "natural") sqrt(first) else exp(first), m)
  rho <- if (structure == "sp_exp") {
    if (form == "natural") exp(-1 / rest) else stats::plogis(rest)
  } else {
    if (form == "natural") rest else rest / sqrt(1 + rest^2)
  }
  outer(sd, sd) * oracle_correlation(structure, rho, m, gap)
}

# The way back: theta from Sigma.
oracle_theta <- function(sigma, structure, form, gap = NULL) {
  m <- nrow(sigma)
  if (structure == "us") {
    if (form == "natural") {
      return(sigma[oracle_tri(m)])
    }
    low <- t(chol(sigma))
    unit <- low / diag(low)
    return(if (form == "cholesky") low[oracle_tri(m)] else c(log(diag(low)), unit[lower.tri(unit)]))
  }
  if (form == "natural" && structure == "cs") {
    return(c(sigma[2, 1], sigma[1, 1] - sigma[2, 1]))
  }
  if (form == "natural" && structure == "toep") {
    return(sigma[, 1])
  }
  variances <- if (oracle_is_heterogeneous(structure)) diag(sigma) else sigma[1, 1]
  rho <- oracle_correlation_parameters(structure, stats::cov2cor(sigma), gap)
  if (structure == "sp_exp") {
    return(if (form == "natural") c(variances, -1 / log(rho)) else c(log(variances) / 2, stats::qlogis(rho)))
  }
  if (form == "natural") c(variances, rho) else c(log(variances) / 2, rho / sqrt(1 - rho^2))
}

# ---- the likelihood -------------------------------------------------------------------------------------------------

# Everything about the data: x n x p of full rank, y, id (any), visit 1..m, group (covariance group), weights, times.
oracle_mmrm_problem <- function(y, x, id, visit, structure = "us", reml = TRUE, group = NULL, weights = NULL,
                                times = NULL) {
  n <- length(y)
  m <- max(visit)
  if (is.null(times)) times <- seq_len(m)
  list(
    y = y, x = as.matrix(x), id = id, visit = visit, m = m, structure = structure, reml = reml,
    group = if (is.null(group)) rep(1L, n) else as.integer(factor(group)),
    weights = if (is.null(weights)) rep(1, n) else weights, same = outer(id, id, "=="),
    gap = abs(outer(times, times, "-"))
  )
}

# The n x n matrix of a linear function of the Sigmas (m x m, one for each group): entry (i, j) is
# Sigma[visit i, visit j] / sqrt(w_i w_j) if both rows are of one patient.
oracle_spread <- function(sigmas, problem) {
  out <- matrix(0, length(problem$y), length(problem$y))
  for (g in seq_along(sigmas)) {
    rows <- which(problem$group == g)
    at <- problem$visit[rows]
    out[rows, rows] <- sigmas[[g]][at, at]
  }
  out * problem$same / sqrt(outer(problem$weights, problem$weights))
}

oracle_split <- function(theta, problem) {
  groups <- max(problem$group)
  lapply(seq_len(groups), function(g) theta[(g - 1) * length(theta) / groups + seq_len(length(theta) / groups)])
}

oracle_v <- function(theta, problem, form = "natural") {
  sigmas <- lapply(oracle_split(theta, problem), oracle_sigma, problem$structure, form, problem$m, problem$gap)
  oracle_spread(sigmas, problem)
}

# Generalised least squares and the (restricted) log likelihood with all constants, as nlme and PROC MIXED count them:
# REML: -((n - p) log 2 pi + log|V| + log|X'V^-1 X| + r'V^-1 r) / 2 (Harville 1977).
oracle_gls <- function(v, problem) {
  x <- problem$x
  root <- tryCatch(chol(v), error = function(e) NULL)
  if (is.null(root)) {
    return(list(loglik = -Inf))
  }
  inverse <- chol2inv(root)
  information <- t(x) %*% inverse %*% x
  phi <- solve(information)
  beta <- as.vector(phi %*% (t(x) %*% (inverse %*% problem$y)))
  r <- problem$y - as.vector(x %*% beta)
  n <- length(r)
  minus_twice <- 2 * sum(log(diag(root))) + sum(r * (inverse %*% r)) + n * log(2 * pi)
  if (problem$reml) {
    minus_twice <- minus_twice - ncol(x) * log(2 * pi) + as.numeric(determinant(information)$modulus)
  }
  list(loglik = -minus_twice / 2, beta = beta, vcov = phi, residual = r, inverse = inverse)
}

# First derivatives of V by theta, a list of n x n matrices.
oracle_dv <- function(theta, problem, form) {
  lapply(seq_along(theta), function(i) oracle_slope(function(t) oracle_v(t, problem, form), theta, i))
}

# Score of the (restricted) likelihood (Harville 1977): -(tr(P V_i) - r'V^-1 V_i V^-1 r) / 2, P without the projection
# for full maximum likelihood; and the expected information tr(P V_i P V_j) / 2.
oracle_score <- function(theta, problem, form, expected = FALSE) {
  fit <- oracle_gls(oracle_v(theta, problem, form), problem)
  dv <- oracle_dv(theta, problem, form)
  p <- fit$inverse
  if (problem$reml) p <- p - p %*% problem$x %*% fit$vcov %*% t(problem$x) %*% p
  u <- fit$inverse %*% fit$residual
  score <- vapply(dv, function(d) -(sum(p * d) - sum(u * (d %*% u))) / 2, 0)
  if (!expected) {
    return(score)
  }
  pd <- lapply(dv, function(d) p %*% d)
  list(score = score, information = outer(seq_along(dv), seq_along(dv),
    Vectorize(function(i, j) sum(pd[[i]] * t(pd[[j]])) / 2)))
}

# ---- the fit --------------------------------------------------------------------------------------------------------

# Starts: the visits' own least-squares variances, correlations falling from a tenth and from a half.
oracle_mmrm_starts <- function(problem) {
  r <- stats::lm.fit(problem$x, problem$y)$residuals
  own <- vapply(seq_len(problem$m), function(v) mean(r[problem$visit == v]^2), 0)
  if (!oracle_is_heterogeneous(problem$structure) && problem$structure != "us") own[] <- mean(r^2)
  form <- "mmrm"
  lapply(c(0.1, 0.5), function(rho) {
    sd <- sqrt(own)
    correlation <- if (problem$structure == "sp_exp") rho^problem$gap else rho^abs(outer(1:problem$m, 1:problem$m, "-"))
    if (grepl("^cs", problem$structure)) correlation[] <- ifelse(diag(problem$m) == 1, 1, rho)
    rep(oracle_theta(outer(sd, sd) * correlation, problem$structure, form, problem$gap), max(problem$group))
  })
}

# Maximum of the likelihood: a quasi-Newton search in the unconstrained mmrm form from several starts, the best polished
# by Fisher scoring in the natural form until the steps are rounding errors.
oracle_mmrm <- function(y, x, id, visit, structure = "us", reml = TRUE, group = NULL, weights = NULL, times = NULL,
                        starts = 2) {
  problem <- oracle_mmrm_problem(y, x, id, visit, structure, reml, group, weights, times)
  value <- function(theta) -oracle_gls(oracle_v(theta, problem, "mmrm"), problem)$loglik
  gradient <- function(theta) -oracle_score(theta, problem, "mmrm")
  found <- lapply(oracle_mmrm_starts(problem)[seq_len(starts)], function(start) {
    stats::nlminb(start, value, gradient, control = list(rel.tol = 1e-13, iter.max = 500, eval.max = 1000))
  })
  best <- found[[which.min(vapply(found, `[[`, 0, "objective"))]]$par
  sigmas <- lapply(oracle_split(best, problem), oracle_sigma, structure, "mmrm", problem$m, problem$gap)
  theta <- unlist(lapply(sigmas, oracle_theta, structure, "natural", problem$gap))
  for (iteration in 1:60) {
    now <- oracle_score(theta, problem, "natural", expected = TRUE)
    step <- solve(now$information, now$score)
    theta <- theta + step
    if (all(abs(step) < 1e-12 * (1 + abs(theta)))) break
  }
  fit <- oracle_gls(oracle_v(theta, problem), problem)
  list(
    problem = problem, theta = theta, beta = fit$beta, vcov = fit$vcov, loglik = fit$loglik, score = now$score,
    sigma = lapply(oracle_split(theta, problem), oracle_sigma, structure, "natural", problem$m, problem$gap),
    objectives = -vapply(found, `[[`, 0, "objective"), iterations = iteration
  )
}
