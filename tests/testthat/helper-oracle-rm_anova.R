# A second, deliberately naive program for repeated-measures analysis of variance: explicit projection matrices on the
# long model, dense matrices, numerical maximisation. Written from the papers alone; nothing here calls the package.
# `y` is patients x cells and complete.

# ---- projections ----------------------------------------------------------------------------------------------------

# The orthogonal projection on the columns of x, of any rank; of no columns: zero.
oracle_projection <- function(x) {
  if (!length(x)) {
    return(matrix(0, NROW(x), NROW(x)))
  }
  u <- svd(x)
  u <- u$u[, u$d > 1e-9 * max(u$d), drop = FALSE]
  u %*% t(u)
}

# Terms of the full factorial of `factors` (data frame) with sum-to-zero columns, covariates (centred, main effects
# only) before them: a list of column blocks, each with its variables. The first block is the intercept.
oracle_rm_terms <- function(factors, rows, covariates = NULL) {
  blocks <- list("(Intercept)" = list(x = matrix(1, rows, 1), variables = character()))
  for (name in names(covariates)) {
    z <- covariates[[name]]
    blocks[[name]] <- list(x = matrix(z - mean(z)), variables = name)
  }
  k <- length(factors)
  sets <- unlist(lapply(seq_len(k), function(m) utils::combn(names(factors), m, simplify = FALSE)), recursive = FALSE)
  for (set in sets) {
    columns <- matrix(1, rows, 1)
    for (name in set) {
      f <- factor(factors[[name]])
      coding <- stats::contr.sum(nlevels(f))[as.integer(f), , drop = FALSE]
      columns <- do.call(cbind, lapply(seq_len(ncol(coding)), function(j) columns * coding[, j]))
    }
    blocks[[paste(set, collapse = ":")]] <- list(x = columns, variables = set)
  }
  blocks
}

# Difference of two projections that a sum of squares of type 1, 2 or 3 stands for (Searle 1987, chapters 4 and 12;
# SAS/STAT, "The four types of estimable functions"). Type 2: adjusted for the terms that do not contain this one.
oracle_rm_hypothesis <- function(blocks, t, type) {
  bind <- function(keep) do.call(cbind, lapply(blocks[keep], `[[`, "x"))
  n <- nrow(blocks[[1]]$x)
  all <- seq_along(blocks)
  contains <- vapply(blocks, function(b) all(blocks[[t]]$variables %in% b$variables), NA)
  others <- switch(type, all[all < t], all[!contains], setdiff(all, t))
  none <- matrix(0, n, n)
  small <- if (length(others)) oracle_projection(bind(others)) else none
  oracle_projection(bind(c(others, t))) - small
}

# ---- sphericity -----------------------------------------------------------------------------------------------------

# Greenhouse and Geisser (1959); Huynh and Feldt (1976) as SPSS prints it (N patients, rank r of the between design);
# Lecoutre (1991): N - r + 1 in place of N in the first product. Unclipped.
oracle_epsilon <- function(e, n, r) {
  d <- nrow(e)
  gg <- sum(diag(e))^2 / (d * sum(e * t(e)))
  below <- d * (n - r - d * gg)
  c(gg = gg, hf = (n * d * gg - 2) / below, hf_lecoutre = ((n - r + 1) * d * gg - 2) / below, lower = 1 / d)
}

# Mauchly (1940); the chi-square approximation with Box's factor and its second term (Anderson 1958, section 10.7.4).
oracle_mauchly <- function(e, v) {
  d <- nrow(e)
  if (d < 2 || v < d) {
    return(c(w = if (d < 2) 1 else NA, chisq = NA, df = 0, p = NA, p_second = NA))
  }
  w <- prod(eigen(e, TRUE)$values) / (sum(diag(e)) / d)^d
  rho <- 1 - (2 * d^2 + d + 2) / (6 * d * v)
  chisq <- -v * rho * log(w)
  df <- d * (d + 1) / 2 - 1
  p <- stats::pchisq(chisq, df, lower.tail = FALSE)
  omega <- (d + 2) * (d - 1) * (d - 2) * (2 * d^3 + 6 * d^2 + 3 * d + 2) / (288 * d^2 * v^2 * rho^2)
  p_second <- p + omega * (stats::pchisq(chisq, df + 4, lower.tail = FALSE) - p)
  c(w = w, chisq = chisq, df = df, p = p, p_second = p_second)
}

# Gaussian log likelihood of a residual SSP matrix e on v df, up to a constant.
oracle_wishart_loglik <- function(sigma, e, v) {
  -v / 2 * as.numeric(determinant(sigma)$modulus) - sum(solve(sigma) * e) / 2
}

# Likelihood-ratio test of compound symmetry (Wilks 1946; Box 1949, 1950): both likelihoods maximised, the one of
# compound symmetry numerically; e is the pooled residual SSP of the cells on v = N - rank df. `chisq` has Box's factor.
oracle_compound_symmetry <- function(e, v) {
  k <- nrow(e)
  build <- function(log_roots) exp(log_roots[2]) * diag(k) + (exp(log_roots[1]) - exp(log_roots[2])) / k
  mean_variance <- sum(diag(e)) / v / k
  best <- stats::nlminb(rep(log(mean_variance), 2), function(p) -oracle_wishart_loglik(build(p), e, v),
    control = list(rel.tol = 1e-15, x.tol = 1e-12))
  lr <- 2 * (oracle_wishart_loglik(e / v, e, v) + best$objective)
  df <- k * (k + 1) / 2 - 2
  factor <- 1 - k * (k + 1)^2 * (2 * k - 3) / (6 * v * (k - 1) * (k^2 + k - 4))
  c(lr = lr, chisq = factor * lr, df = df, p_lr = stats::pchisq(lr, df, lower.tail = FALSE),
    p = stats::pchisq(factor * lr, df, lower.tail = FALSE))
}

# Box (1949): equality of the covariance matrices of the groups; chi-square and F approximations (as SPSS prints M, F).
oracle_box_m <- function(y, group) {
  group <- factor(group)
  v <- as.vector(table(group)) - 1
  s <- lapply(levels(group), function(g) stats::cov(y[group == g, , drop = FALSE]))
  p <- ncol(y)
  g <- length(v)
  pooled <- Reduce(`+`, Map(`*`, s, v)) / sum(v)
  logdet <- function(a) sum(log(eigen(a, TRUE)$values))
  m <- sum(v) * logdet(pooled) - sum(v * vapply(s, logdet, 0))
  a1 <- (sum(1 / v) - 1 / sum(v)) * (2 * p^2 + 3 * p - 1) / (6 * (p + 1) * (g - 1))
  a2 <- (sum(1 / v^2) - 1 / sum(v)^2) * (p - 1) * (p + 2) / (6 * (g - 1))
  df1 <- p * (p + 1) * (g - 1) / 2
  df2 <- (df1 + 2) / abs(a2 - a1^2)
  f <- if (a2 > a1^2) {
    m * (1 - a1 - df1 / df2) / df1
  } else {
    b <- df2 / (1 - a1 + 2 / df2)
    df2 * m / (df1 * (b - m))
  }
  c(m = m, chisq = m * (1 - a1), df = df1, p = stats::pchisq(m * (1 - a1), df1, lower.tail = FALSE),
    f = f, df1 = df1, df2 = df2, p_f = stats::pf(f, df1, df2, lower.tail = FALSE))
}

# ---- multivariate tests ---------------------------------------------------------------------------------------------

# Four criteria from the roots of e^-1 h (h of rank q, v error df) with the F approximations of Pillai (1960), Rao
# (1951), Pillai and Samson (1959) and the bound for Roy's largest root; McKeon (1974) for Hotelling-Lawley beside.
oracle_manova <- function(h, e, q, v) {
  p <- nrow(e)
  names <- c("value", "f", "df1", "df2", "p")
  out <- matrix(NA_real_, 5, 5,
    dimnames = list(c("pillai", "wilks", "hotelling", "roy", "hotelling_mckeon"), names))
  if (v < p) {
    return(out)
  }
  roots <- Re(eigen(solve(e, h), only.values = TRUE)$values)
  s <- min(p, q)
  m <- (abs(p - q) - 1) / 2
  n <- (v - p - 1) / 2
  v1 <- sum(roots / (1 + roots))
  out["pillai", 1:4] <- c(v1, (2 * n + s + 1) / (2 * m + s + 1) * v1 / (s - v1), s * (2 * m + s + 1),
    s * (2 * n + s + 1))
  lambda <- prod(1 / (1 + roots))
  r <- v - (p - q + 1) / 2
  t <- if (p^2 + q^2 > 5) sqrt((p^2 * q^2 - 4) / (p^2 + q^2 - 5)) else 1
  df2 <- r * t - (p * q - 2) / 2
  out["wilks", 1:4] <- c(lambda, (1 - lambda^(1 / t)) / lambda^(1 / t) * df2 / (p * q), p * q, df2)
  u <- sum(roots)
  out["hotelling", 1:4] <- c(u, 2 * (s * n + 1) * u / (s^2 * (2 * m + s + 1)), s * (2 * m + s + 1), 2 * (s * n + 1))
  larger <- max(p, q)
  out["roy", 1:4] <- c(max(roots), max(roots) * (v - larger + q) / larger, larger, v - larger + q)
  if (n > 0) {
    b <- (p + 2 * n) * (q + 2 * n) / (2 * (2 * n + 1) * (n - 1))
    df2 <- 4 + (p * q + 2) / (b - 1)
    c <- (2 + (p * q + 2) / (b - 1)) / (2 * n)
    out["hotelling_mckeon", 1:4] <- c(u, u / c * df2 / (p * q), p * q, df2)
  }
  out[, "p"] <- stats::pf(out[, "f"], out[, "df1"], out[, "df2"], lower.tail = FALSE)
  out
}

# ---- effect sizes ---------------------------------------------------------------------------------------------------

# Limits of the noncentrality of F: where F is the upper and the lower (1 - level) / 2 point (Steiger 2004).
oracle_ncp_f <- function(f, df1, df2, level = 0.95) {
  alpha <- 1 - level
  find <- function(p) {
    gap <- function(x) stats::pf(f, df1, df2, ncp = x) - p
    if (stats::pf(f, df1, df2) < p) {
      return(0)
    }
    top <- 10
    while (gap(top) > 0) top <- top * 2
    stats::uniroot(gap, c(0, top), tol = 1e-12)$root
  }
  c(find(1 - alpha / 2), find(alpha / 2))
}

# Limits of partial eta2 from those of the noncentrality: `steiger` ncp / (ncp + df1 + df2 + 1) (Steiger 2004,
# equation 9, with N the df of F plus one); `error` ncp / (ncp + df2) (the same transform as of the estimate).
oracle_eta2_limits <- function(f, df1, df2, level = 0.95, convention = "steiger") {
  ncp <- oracle_ncp_f(f, df1, df2, level)
  ncp / (ncp + if (convention == "steiger") df1 + df2 + 1 else df2)
}

# Generalised eta2, Olejnik and Algina (2003), equation 6: the effect over (the effect if it is manipulated) + every sum
# of squares with a measured factor + every error sum of squares (each within stratum counted once).
oracle_generalised_eta2 <- function(ss, measured, error_total) {
  ss / (ifelse(measured, 0, ss) + sum(ss[measured]) + error_total)
}

# Generalised omega2 for manipulated factors, from variance components (Olejnik and Algina 2003): the effect's
# df (MS - MS error) / N observations over itself plus the mean variance of the cells, the trace of their pooled
# covariance matrix / k. With one within factor this is their [df (MS - MSe)] / (SST + MS patients).
oracle_generalised_omega2 <- function(ss, df, mse, n, k, trace) {
  component <- (ss - df * mse) / (n * k)
  component / (component + trace / k)
}

# Partial omega2 (Keren and Lewis 1979): df (F - 1) / (df (F - 1) + N), N = all observations, the error of the effect's
# own stratum.
oracle_partial_omega2 <- function(f, df, observations) df * (f - 1) / (df * (f - 1) + observations)

# ---- the table ------------------------------------------------------------------------------------------------------

# One row for each within term x between term but the grand mean. `between`: data frame of factors of the patients,
# `within`: data frame of factors of the cells (NULL: one factor), `covariates`: data frame of numbers, `measured`:
# names of measured factors. `ss`, `ss_error`: projections of the long model; `ss_multivariate`: the SSP matrices.
oracle_rm_anova <- function(y, between = NULL, type = 3, covariates = NULL, within = NULL, level = 0.95,
                            measured = character()) {
  y <- as.matrix(y)
  n <- nrow(y)
  k <- ncol(y)
  if (is.null(within)) within <- data.frame(visit = factor(seq_len(k)))
  cells <- oracle_rm_terms(within, k)
  patients <- oracle_rm_terms(between, n, covariates)
  model <- oracle_projection(do.call(cbind, lapply(patients, `[[`, "x")))
  rank <- round(sum(diag(model)))
  trace <- sum(diag(t(y) %*% (diag(n) - model) %*% y)) / (n - rank)
  rows <- list()
  for (w in names(cells)) {
    for (b in seq_along(patients)) {
      if (w == "(Intercept)" && b == 1) next
      row <- oracle_rm_row(y, cells[[w]]$x, oracle_rm_hypothesis(patients, b, type), model, rank, level)
      variables <- c(cells[[w]]$variables, patients[[b]]$variables)
      row <- data.frame(within = w, between = names(patients)[b], row, measured = any(variables %in% measured))
      rows[[length(rows) + 1]] <- row
    }
  }
  out <- do.call(rbind, rows)
  error_total <- trace * (n - rank)
  out$eta2_generalised <- oracle_generalised_eta2(out$ss, out$measured, error_total)
  out$omega2 <- oracle_partial_omega2(out$f, out$df, n * k)
  out$omega2_generalised <- oracle_generalised_omega2(out$ss, out$df, out$ss_error / out$df_error, n, k, trace)
  out
}

oracle_rm_row <- function(y, columns, hypothesis, model, rank, level) {
  n <- nrow(y)
  p_within <- oracle_projection(columns)
  d <- round(sum(diag(p_within)))
  q <- round(sum(diag(hypothesis)))
  long <- as.vector(y)
  ss <- sum(long * (p_within %x% hypothesis) %*% long)
  ss_error <- sum(long * (p_within %x% (diag(n) - model)) %*% long)
  orthonormal <- qr.Q(qr(columns))[, seq_len(d), drop = FALSE]
  m <- y %*% orthonormal
  h <- t(m) %*% hypothesis %*% m
  e <- t(m) %*% (diag(n) - model) %*% m
  v <- n - rank
  f <- ss / (d * q) / (ss_error / (d * v))
  eps <- oracle_epsilon(e, n, rank)
  used <- pmin(eps, 1)
  p_eps <- stats::pf(f, d * q * used, d * v * used, lower.tail = FALSE)
  multi <- oracle_manova(h, e, q, v)
  flat <- as.list(as.vector(t(multi)))
  names(flat) <- as.vector(t(outer(rownames(multi), colnames(multi), paste, sep = "_")))
  limits <- oracle_eta2_limits(f, d * q, d * v, level)
  ncp <- oracle_ncp_f(f, d * q, d * v, level)
  mauchly <- oracle_mauchly(e, v)
  c(
    list(ss = ss, ss_error = ss_error, ss_multivariate = sum(diag(h)), ss_error_multivariate = sum(diag(e)),
      df = d * q, df_error = d * v, f = f, p = stats::pf(f, d * q, d * v, lower.tail = FALSE)),
    as.list(eps), stats::setNames(as.list(p_eps), paste0("p_", names(eps))),
    stats::setNames(as.list(mauchly), paste0("mauchly_", names(mauchly))), flat,
    list(eta2 = ss / (ss + ss_error), eta2_low = limits[1], eta2_high = limits[2], ncp_low = ncp[1], ncp_high = ncp[2])
  )
}
