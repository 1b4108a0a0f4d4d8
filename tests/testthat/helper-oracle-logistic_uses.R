# What is done with a logistic model, a second time and naively: separation by listing every edge of the cone of directions,
# effects by standardisation with derivatives taken numerically, sample size by the criteria of the papers.

# ---- separation -----------------------------------------------------------------------------------------------------

# Albert and Anderson (1984): directions d with x_i d >= 0 at every event, <= 0 at every other row, = 0 at rows with both.
# Where the columns are independent that cone has edges, and each edge is fixed by p - 1 rows at which x_i d = 0: all such
# sets of rows are tried. `rays` has one edge a row; a column that any of them moves is `guilty`.
oracle_separation <- function(x, y, w = rep(1, length(y)), tolerance = 1e-8) {
  kept <- oracle_kept(x, w)
  z <- x[w > 0, kept, drop = FALSE]
  z <- sweep(z, 2, apply(abs(z), 2, max), "/")
  y <- y[w > 0]
  p <- ncol(z)
  one_sided <- rbind(z[y == 1, , drop = FALSE], -z[y == 0, , drop = FALSE], z[y > 0 & y < 1, , drop = FALSE],
                     -z[y > 0 & y < 1, , drop = FALSE])
  one_sided <- unique(one_sided)
  planes <- one_sided[rowSums(one_sided != 0) > 0, , drop = FALSE]
  planes <- unique(matrix(apply(planes, 1, function(v) v * sign(v[v != 0][1])), ncol = p, byrow = TRUE))
  rays <- matrix(0, 0, p)
  sets <- if (p == 1) matrix(0L, 0, 1) else if (nrow(planes) < p - 1) NULL else combn(nrow(planes), p - 1)
  for (i in seq_len(ncol(sets))) {
    d <- oracle_normal(planes[sets[, i], , drop = FALSE], p)
    if (is.null(d)) next
    for (s in c(-1, 1)) if (all(one_sided %*% (s * d) >= -tolerance)) rays <- rbind(rays, s * d)
  }
  rays <- unique(round(rays, 9))
  if (nrow(rays) == 0) return(list(verdict = "none", guilty = rep(FALSE, ncol(x)), rays = rays))
  inside <- colSums(rays)
  guilty <- rep(FALSE, ncol(x))
  guilty[kept] <- colSums(abs(rays) > 1e-7) > 0
  list(verdict = if (all(one_sided %*% inside > tolerance)) "complete" else "quasi", guilty = guilty, rays = rays)
}

# The direction at right angles to p - 1 rows, by cofactors; NULL if the rows leave more than one.
oracle_normal <- function(rows, p) {
  if (p == 1) return(1)
  d <- vapply(seq_len(p), function(k) (-1)^k * det(rows[, -k, drop = FALSE]), 0)
  size <- max(abs(d))
  if (size < 1e-10) NULL else d / size
}

# ---- effects --------------------------------------------------------------------------------------------------------

# Derivative by five points.
oracle_derivative <- function(f, at, h = 1e-3 * max(1, abs(at))) {
  (f(at - 2 * h) - 8 * f(at - h) + 8 * f(at + h) - f(at + 2 * h)) / (12 * h)
}

oracle_numeric_gradient <- function(f, at, h) {
  vapply(seq_along(at), function(j) oracle_derivative(function(b) f(replace(at, j, b)), at[j], h[j]), 0)
}

# Any function of the coefficients with its standard error by the delta method; derivatives numerical, steps in units of the
# standard errors.
oracle_delta <- function(f, beta, vcov, conf_level = 0.95) {
  g <- oracle_numeric_gradient(f, beta, 1e-3 * sqrt(diag(vcov)))
  se <- sqrt(drop(g %*% vcov %*% g))
  z <- qnorm((1 + conf_level) / 2)
  c(estimate = f(beta), std_error = se, conf_low = f(beta) - z * se, conf_high = f(beta) + z * se)
}

# Standardisation (g-computation): everybody at `x1` against everybody at `x0`, two model matrices; the average is over
# patients with weights `w`. Limits of the ratio by way of its logarithm.
oracle_standardised <- function(x1, x0, beta, vcov, w = rep(1, nrow(x1)), offset = 0, conf_level = 0.95) {
  share <- function(x) function(b) sum(w * plogis(drop(x %*% b) + offset)) / sum(w)
  difference <- function(b) share(x1)(b) - share(x0)(b)
  log_ratio <- function(b) log(share(x1)(b)) - log(share(x0)(b))
  ratio <- oracle_delta(log_ratio, beta, vcov, conf_level)
  list(level = oracle_delta(share(x1), beta, vcov, conf_level), reference = oracle_delta(share(x0), beta, vcov, conf_level),
       difference = oracle_delta(difference, beta, vcov, conf_level), log_ratio = ratio, ratio = exp(ratio[c(1, 3, 4)]))
}

# Average marginal effect of a number: the derivative of the mean probability when everybody's value moves. `matrix_at(d)` is
# the model matrix with d added to the value.
oracle_marginal <- function(matrix_at, beta, vcov, w = NULL, offset = 0, h = 1e-3, conf_level = 0.95) {
  if (is.null(w)) w <- rep(1, nrow(matrix_at(0)))
  mean_at <- function(b) function(d) sum(w * plogis(drop(matrix_at(d) %*% b) + offset)) / sum(w)
  oracle_delta(function(b) oracle_derivative(mean_at(b), 0, h), beta, vcov, conf_level)
}

# Probability of new rows with limits by way of the log odds.
oracle_probability <- function(x, beta, vcov, offset = 0, conf_level = 0.95) {
  eta <- drop(x %*% beta) + offset
  se <- sqrt(rowSums((x %*% vcov) * x))
  z <- qnorm((1 + conf_level) / 2)
  cbind(estimate = plogis(eta), conf_low = plogis(eta - z * se), conf_high = plogis(eta + z * se))
}

# ---- sample size for a prediction model -----------------------------------------------------------------------------

# Riley, Snell, Ensor, Burke, Harrell, Moons and Collins (2019, Statistics in Medicine 38, 1276): (i) expected shrinkage S
# (Van Houwelingen) of at least `shrinkage`; (ii) optimism of Nagelkerke's R2 of at most .05; (iii) overall risk within .05.
oracle_riley_binary <- function(parameters, prevalence, r2_cs, shrinkage = 0.9) {
  size <- function(s) parameters / ((s - 1) * log(1 - r2_cs / s))
  log_null <- prevalence * log(prevalence) + (1 - prevalence) * log(1 - prevalence)
  r2_most <- 1 - exp(2 * log_null)
  s2 <- r2_cs / (r2_cs + 0.05 * r2_most)
  n <- ceiling(c(size(shrinkage), size(s2), (1.96 / 0.05)^2 * prevalence * (1 - prevalence)))
  list(n = n, n_final = max(n), events = max(n) * prevalence, epp = max(n) * prevalence / parameters, r2_most = r2_most,
       nagelkerke = r2_cs / r2_most, shrinkage = c(shrinkage, s2))
}

# Cox and Snell's R2 that a C statistic stands for (Riley, Van Calster and Collins 2021): the predictor normal with SD 1 in
# both classes, means sqrt(2) qnorm(C) apart, in an endless sample. There the logistic model holds, its slope that distance.
oracle_r2_of_c <- function(c_statistic, prevalence) {
  mu <- sqrt(2) * qnorm(c_statistic)
  log_lik <- function(u, event) {
    eta <- qlogis(prevalence) + mu * u - mu^2 / 2
    if (event) -oracle_log1pexp(-eta) else -oracle_log1pexp(eta)
  }
  mean_of <- function(event) {
    integrate(function(u) dnorm(u, if (event) mu else 0) * log_lik(u, event), -12, 12 + mu, rel.tol = 1e-12,
              subdivisions = 2000)$value
  }
  full <- prevalence * mean_of(TRUE) + (1 - prevalence) * mean_of(FALSE)
  null <- prevalence * log(prevalence) + (1 - prevalence) * log(1 - prevalence)
  1 - exp(2 * (null - full))
}

# Riley, Snell, Ensor, Burke, Harrell, Moons and Collins (2019, Statistics in Medicine 38, 1262): (i) shrinkage; (ii) R2 less
# adjusted R2 at most .05; (iii) residual SD within 10 %; (iv) the mean of the outcome within `mmoe` (95 % limits, t).
# pmsampsize 1.1.3 steps (iv) with the sign of the t quantile lost, so it stops one patient above (i) to (iii).
oracle_riley_continuous <- function(parameters, r2_adjusted, intercept, sd, shrinkage = 0.9, mmoe = 1.1) {
  expected <- function(n) {
    r2 <- (r2_adjusted * (n - parameters - 1) + parameters) / (n - 1)
    1 + (parameters - 2) / (n * log(1 - r2))
  }
  n1 <- parameters + 2
  while (!isTRUE(expected(n1) >= shrinkage)) n1 <- n1 + 1
  n2 <- ceiling(1 + parameters * (1 - r2_adjusted) / 0.05)
  n3 <- 234 + parameters
  n4 <- max(n1, n2, n3)
  upper <- function(n) 1 + sqrt(sd^2 * (1 - r2_adjusted) / n) * qt(0.975, n - parameters - 1) / abs(intercept)
  while (upper(n4) > mmoe) n4 <- n4 + 1
  list(n = c(n1, n2, n3, n4), n_final = n4, spp = n4 / parameters, shrinkage = expected(n4))
}
