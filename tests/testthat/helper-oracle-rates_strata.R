# A second, deliberately naive program for 2 x 2 tables in strata, written from the papers alone. x1 of n1 (level) and
# x0 of n0 (reference) are vectors, one place a stratum. Strata without one of the arms tell nothing and leave first;
# strata without events (or with nothing but events) stay. Nothing here calls the package.

oracle_strata <- function(x1, n1, x0, n0) {
  d <- data.frame(x1, n1, x0, n0)
  d <- d[n1 > 0 & n0 > 0, ]
  d$n <- d$n1 + d$n0
  d$m <- d$x1 + d$x0
  d$w <- d$n1 * d$n0 / d$n
  d
}

# Cochran (1954), Mantel and Haenszel (1959): (|sum x1 - E| - 1/2)^2 / sum n1 n0 m (n - m) / (n^2 (n - 1)).
oracle_cmh <- function(x1, n1, x0, n0, correct = FALSE) {
  d <- oracle_strata(x1, n1, x0, n0)
  gap <- abs(sum(d$x1 - d$n1 * d$m / d$n))
  v <- sum(d$n1 * d$n0 * d$m * (d$n - d$m) / (d$n^2 * (d$n - 1)))
  statistic <- if (v == 0) 0 else max(0, gap - if (correct) 0.5 else 0)^2 / v
  list(statistic = statistic, df = 1, p_value = pchisq(statistic, 1, lower.tail = FALSE))
}

# Mantel and Haenszel (1959). Variances: log odds ratio by Robins, Breslow and Greenland (1986), log ratio by Greenland
# and Robins (1985), difference by Sato (1989) or Greenland and Robins (1985).
oracle_mantel_haenszel <- function(x1, n1, x0, n0, scale = "odds_ratio", conf_level = 0.95, variance = "sato") {
  d <- oracle_strata(x1, n1, x0, n0)
  b <- d$n1 - d$x1
  e <- d$n0 - d$x0
  z <- c(-1, 1) * qnorm((1 + conf_level) / 2)
  if (scale == "difference") {
    est <- sum(d$w * (d$x1 / d$n1 - d$x0 / d$n0)) / sum(d$w)
    p <- (d$n1^2 * d$x0 - d$n0^2 * d$x1 + d$n1 * d$n0 * (d$n0 - d$n1) / 2) / d$n^2
    q <- (d$x1 * e + d$x0 * b) / (2 * d$n)
    v <- if (variance == "sato") est * sum(p) + sum(q) else {
      sum((d$x1 * b * d$n0^3 + d$x0 * e * d$n1^3) / (d$n1 * d$n0 * d$n^2))
    }
    se <- sqrt(v) / sum(d$w)
    return(list(estimate = est, std_error = se, conf_low = est + z[1] * se, conf_high = est + z[2] * se))
  }
  if (scale == "odds_ratio") {
    r <- d$x1 * e / d$n
    s <- b * d$x0 / d$n
    p <- (d$x1 + e) / d$n
    q <- (b + d$x0) / d$n
    v <- sum(p * r) / (2 * sum(r)^2) + sum(p * s + q * r) / (2 * sum(r) * sum(s)) + sum(q * s) / (2 * sum(s)^2)
  } else {
    r <- d$x1 * d$n0 / d$n
    s <- d$x0 * d$n1 / d$n
    v <- sum((d$n1 * d$n0 * d$m - d$x1 * d$x0 * d$n) / d$n^2) / (sum(r) * sum(s))
  }
  est <- sum(r) / sum(s)
  list(estimate = est, std_error = sqrt(v), conf_low = est * exp(z[1] * sqrt(v)), conf_high = est * exp(z[2] * sqrt(v)))
}

# Breslow and Day (1980, 4.30) at the Mantel-Haenszel odds ratio; Tarone (1985) takes off (sum x1 - E)^2 / sum V.
# Expected counts by root search. Only strata with events and non-events count (and in the df).
oracle_breslow_day <- function(x1, n1, x0, n0, tarone = TRUE) {
  psi <- oracle_mantel_haenszel(x1, n1, x0, n0)$estimate
  d <- oracle_strata(x1, n1, x0, n0)
  d <- d[d$m > 0 & d$m < d$n, ]
  if (!is.finite(psi) || psi == 0) {
    return(list(statistic = NaN, df = nrow(d) - 1, p_value = NaN))
  }
  a <- vapply(seq_len(nrow(d)), function(i) {
    with(d[i, ], uniroot(function(a) a * (n0 - m + a) - psi * (n1 - a) * (m - a), c(max(0, m - n0), min(n1, m)),
      tol = 1e-14)$root)
  }, 0)
  v <- 1 / (1 / a + 1 / (d$n1 - a) + 1 / (d$m - a) + 1 / (d$n0 - d$m + a))
  statistic <- sum((d$x1 - a)^2 / v) - if (tarone) sum(d$x1 - a)^2 / sum(v) else 0
  list(statistic = statistic, df = nrow(d) - 1, p_value = pchisq(statistic, nrow(d) - 1, lower.tail = FALSE))
}

# Every combination of the strata's counts x1 given all margins, and its weight (product of hypergeometric weights).
oracle_strata_counts <- function(x1, n1, x0, n0) {
  d <- oracle_strata(x1, n1, x0, n0)
  families <- lapply(seq_len(nrow(d)), function(i) with(d[i, ], oracle_fisher_family(x1, n1, x0, n0)))
  index <- as.matrix(expand.grid(lapply(families, function(f) seq_along(f$k))))
  pick <- function(part) {
    each <- vapply(seq_along(families), function(j) families[[j]][[part]][index[, j]] + 0, numeric(nrow(index)))
    rowSums(matrix(each, nrow(index)))
  }
  list(total = pick("k"), lw = pick("lw"), seen = sum(d$x1),
    at = which(colSums(t(index) != mapply(function(f, x) match(x, f$k), families, d$x1)) == 0))
}

# Zelen (1971): given the total of x1, the combinations no likelier than the one seen.
oracle_zelen <- function(x1, n1, x0, n0) {
  all <- oracle_strata_counts(x1, n1, x0, n0)
  same <- all$total == all$seen
  w <- exp(all$lw[same] - max(all$lw[same]))
  seen <- exp(all$lw[all$at] - max(all$lw[same]))
  sum(w[w <= seen * (1 + 1e-7)]) / sum(w)
}

# The common odds ratio given all margins (Gart 1970, Mehta, Patel and Gray 1985): a family like Fisher's, weights
# summed.
oracle_common_family <- function(x1, n1, x0, n0) {
  all <- oracle_strata_counts(x1, n1, x0, n0)
  k <- sort(unique(all$total))
  list(k = k, lw = vapply(k, function(t) log(sum(exp(all$lw[all$total == t]))), 0))
}

oracle_common_odds_ratio <- function(x1, n1, x0, n0, two_sided = "minlike", alternative = "two.sided", midp = FALSE,
                                     conf_level = 0.95, null = 1) {
  family <- oracle_common_family(x1, n1, x0, n0)
  seen <- sum(oracle_strata(x1, n1, x0, n0)$x1)
  set <- oracle_family_interval(family, seen, conf_level, two_sided, alternative, midp)
  list(estimate = exp(oracle_family_estimate(family, seen)),
    p_value = oracle_family_p(family, seen, log(null), two_sided, alternative, midp),
    conf_low = exp(set$low), conf_high = exp(set$high), hole = set$hole)
}

# Stratified Wilson limits of one arm (Yan and Su 2010): z_w = z sqrt(sum w^2 v) / sum (w sqrt v), v = p (1 - p) / n,
# the strata's own Wilson limits at z_w weighted together. Where no stratum varies, v = 1 / n (the limit of a common
# p).
oracle_stratified_wilson <- function(x, n, w, conf_level = 0.95) {
  v <- x / n * (1 - x / n) / n
  if (all(v == 0)) v <- 1 / n
  z <- qnorm((1 + conf_level) / 2) * sqrt(sum(w^2 * v)) / sum(w * sqrt(v))
  colSums(w * t(mapply(function(x, n) oracle_wilson(x, n, 2 * pnorm(z) - 1), x, n)))
}

# Stratified Newcombe (Yan and Su 2010) with Mantel-Haenszel weights:
# d - z sqrt(l1 L1 (1 - L1) + l0 U0 (1 - U0)), d + z sqrt(l1 U1 (1 - U1) + l0 L0 (1 - L0)), l = sum w^2 / n.
oracle_stratified_newcombe <- function(x1, n1, x0, n0, conf_level = 0.95) {
  d <- oracle_strata(x1, n1, x0, n0)
  w <- d$w / sum(d$w)
  a <- oracle_stratified_wilson(d$x1, d$n1, w, conf_level)
  b <- oracle_stratified_wilson(d$x0, d$n0, w, conf_level)
  l <- c(sum(w^2 / d$n1), sum(w^2 / d$n0))
  z <- qnorm((1 + conf_level) / 2)
  est <- sum(w * (d$x1 / d$n1 - d$x0 / d$n0))
  c(est, est - z * sqrt(l[1] * a[1] * (1 - a[1]) + l[2] * b[2] * (1 - b[2])),
    est + z * sqrt(l[1] * a[2] * (1 - a[2]) + l[2] * b[1] * (1 - b[1])))
}

# Miettinen and Nurminen (1985) over strata: z = sum w (d_h - delta) / sqrt(sum w^2 V_h), V_h the score variance at
# delta times n_h / (n_h - 1) (`mn`); weights `mh` n1 n0 / n or `inverse` 1 / V_h at that delta.
oracle_stratified_score_z <- function(x1, n1, x0, n0, null = 0, weights = "mh", mn = TRUE) {
  d <- oracle_strata(x1, n1, x0, n0)
  v <- vapply(seq_len(nrow(d)), function(i) {
    with(d[i, ], {
      p <- oracle_constrained(x1, n1, x0, n0, null)
      sum(pmax(0, p * (1 - p)) / c(n1, n0)) * if (mn) n / (n - 1) else 1
    })
  }, 0)
  w <- if (weights == "mh") d$w else ifelse(v > 0, 1 / v, 0)
  gap <- sum(w * (d$x1 / d$n1 - d$x0 / d$n0 - null))
  if (abs(gap) < 1e-13) 0 else gap / sqrt(sum(w^2 * v))
}

oracle_stratified_score_interval <- function(x1, n1, x0, n0, weights = "mh", mn = TRUE, conf_level = 0.95) {
  q <- qnorm((1 + conf_level) / 2)
  z <- function(null) oracle_stratified_score_z(x1, n1, x0, n0, null, weights, mn)
  edge <- function(target) {
    low <- -1
    high <- 1
    for (i in 1:60) if (z((low + high) / 2) > target) low <- (low + high) / 2 else high <- (low + high) / 2
    (low + high) / 2
  }
  c(edge(q), edge(-q))
}
