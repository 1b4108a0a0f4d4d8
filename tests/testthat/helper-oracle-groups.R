# A second, deliberately naive program for two independent groups, written from the papers alone: every null
# distribution is listed in full, every interval is found by asking the p-value at every candidate. Nothing here calls
# the package. `x` is the level arm, `y` the reference arm; every contrast is x minus y. Give integers where ties must
# be exact.

# ---- means ----------------------------------------------------------------------------------------------------------

# From n, mean and SD of two arms (level, reference). Student (1908): pooled variance, n1 + n2 - 2 df; Welch (1938) with
# the df of Satterthwaite (1946); z: the standard deviations taken as known, df infinite.
oracle_two_means_from <- function(n, mean, sd, method = "student", null = 0, alternative = "two.sided",
                                  conf_level = 0.95) {
  v <- sd^2 / n
  if (method == "student") {
    df <- sum(n) - 2
    se <- sqrt(sum((n - 1) * sd^2) / df * sum(1 / n))
  } else {
    se <- sqrt(sum(v))
    df <- if (method == "z") Inf else 1 / sum((v / sum(v))^2 / (n - 1))
  }
  estimate <- mean[1] - mean[2]
  t <- (estimate - null) / se
  lower <- pt(t, df)
  upper <- pt(t, df, lower.tail = FALSE)
  q <- qt((1 - conf_level) / if (alternative == "two.sided") 2 else 1, df, lower.tail = FALSE)
  list(
    estimate = estimate, std_error = se, statistic = t, df = df,
    p_value = switch(alternative, less = lower, greater = upper, two.sided = 2 * min(lower, upper)),
    conf_low = if (alternative == "less") -Inf else estimate - q * se,
    conf_high = if (alternative == "greater") Inf else estimate + q * se
  )
}

oracle_two_means <- function(x, y, method = "student", sigma = c(sd(x), sd(y)), ...) {
  s <- if (method == "z") sigma else c(sd(x), sd(y))
  oracle_two_means_from(c(length(x), length(y)), c(mean(x), mean(y)), s, method, ...)
}

# Cohen (1969): d = (mean x - mean y) / pooled SD, limits from the noncentral t (Steiger and Fouladi 1997); Hedges
# (1981): g = J(n1 + n2 - 2) d, its limits those of d times J.
oracle_cohen_d <- function(x, y, conf_level = 0.95, hedges = FALSE) {
  t <- oracle_two_means(x, y, "student")
  scale <- sqrt(1 / length(x) + 1 / length(y))
  j <- if (hedges) oracle_hedges_j(t$df) else 1
  if (!is.finite(t$statistic)) {
    return(rep(NaN, 3))
  }
  j * scale * c(t$statistic, oracle_ncp(t$statistic, t$df, conf_level))
}

# ---- variances ------------------------------------------------------------------------------------------------------

# Ratio of variances x over y against F (Fisher 1924), with its interval.
oracle_var_ratio <- function(x, y, conf_level = 0.95) {
  f <- var(x) / var(y)
  df <- c(length(x), length(y)) - 1
  alpha <- 1 - conf_level
  lower <- pf(f, df[1], df[2])
  upper <- pf(f, df[1], df[2], lower.tail = FALSE)
  list(
    estimate = f, df = df[1], df_denominator = df[2], p_value = 2 * min(lower, upper),
    conf_low = f / qf(1 - alpha / 2, df[1], df[2]), conf_high = f / qf(alpha / 2, df[1], df[2])
  )
}

# Levene (1960) with the means, Brown and Forsythe (1974) with the medians: one-way analysis of |value - centre|.
oracle_levene <- function(groups, centre = median) oracle_anova(lapply(groups, function(g) abs(g - centre(g))))

# Fligner and Killeen (1976) as in Conover, Johnson and Johnson (1981): ranks of |value - median| over all groups,
# scores qnorm(1/2 + rank / (2 (N + 1))), chi-square on k - 1 df.
oracle_fligner <- function(groups) {
  z <- unlist(lapply(groups, function(g) abs(g - median(g))))
  arm <- rep(seq_along(groups), lengths(groups))
  a <- qnorm(0.5 + rank(z) / (2 * (length(z) + 1)))
  statistic <- sum(lengths(groups) * (tapply(a, arm, mean) - mean(a))^2) / var(a)
  df <- length(groups) - 1
  list(statistic = statistic, df = df, p_value = pchisq(statistic, df, lower.tail = FALSE))
}

# ---- two arms: all ways of dealing out the patients -----------------------------------------------------------------

# The sum of the first arm for every way to give it m of the values, one by one (Fisher 1935, Pitman 1937).
oracle_arm_sums <- function(values, m) {
  if (m == 0) 0 else colSums(matrix(values[combn(length(values), m)], m))
}

# p of the sum of the first m values. `distance`: as far or farther from the mean of the null distribution; `central`:
# twice the smaller one-sided p. Sums equal up to 1e-12 of `scale` are equal.
oracle_arm_sum_p <- function(values, m, alternative = "two.sided", two_sided = "distance",
                             scale = max(abs(values))) {
  all <- oracle_arm_sums(values, m)
  seen <- sum(values[seq_len(m)])
  middle <- m * sum(values) / length(values)
  slack <- 1e-12 * scale
  if (alternative == "two.sided" && two_sided == "distance") {
    return(mean(abs(all - middle) >= abs(seen - middle) - slack))
  }
  oracle_choose(mean(all <= seen + slack), mean(all >= seen - slack), alternative)
}

# Mann and Whitney (1947), Wilcoxon (1945): the values are the midranks of x - null and y together.
oracle_mann_whitney_p <- function(x, y, null = 0, alternative = "two.sided", two_sided = "distance") {
  oracle_arm_sum_p(rank(c(x - null, y)), length(x), alternative, two_sided)
}

# The same where the arms are too large to list: the number of ways to reach each doubled rank sum, one patient at a
# time (Streitberg and Roehmel 1986).
oracle_mann_whitney_counted_p <- function(x, y, null = 0, alternative = "two.sided", two_sided = "distance") {
  r <- as.integer(round(2 * rank(c(x - null, y))))
  m <- length(x)
  ways <- matrix(0, m + 1, sum(r) + 1) # row: patients in the first arm; column: doubled rank sum, from zero
  ways[1, 1] <- 1
  for (one in r) {
    at <- seq_len(ncol(ways) - one)
    for (k in m:1) ways[k + 1, at + one] <- ways[k + 1, at + one] + ways[k, at]
  }
  s <- seq_len(ncol(ways)) - 1
  share <- ways[m + 1, ] / sum(ways[m + 1, ])
  seen <- sum(r[seq_len(m)])
  n <- length(r)
  if (alternative == "two.sided" && two_sided == "distance") {
    return(sum(share[abs(n * s - m * sum(r)) >= abs(n * seen - m * sum(r))]))
  }
  oracle_choose(sum(share[s <= seen]), sum(share[s >= seen]), alternative)
}

# Normal approximation with the variance m n / 12 (N + 1 - sum (t^3 - t) / (N (N - 1))) given the ties (Lehmann 1975,
# section 1.4); the correction moves U by 1/2 towards its mean. `t_df` (SAS): the same number as Student t on N - 1 df.
oracle_mann_whitney_normal <- function(x, y, null = 0, alternative = "two.sided", continuity = TRUE) {
  m <- length(x)
  n <- length(y)
  r <- rank(c(x - null, y))
  tied <- as.vector(table(r))
  u <- sum(r[seq_len(m)]) - m * (m + 1) / 2
  sd <- sqrt(m * n / 12 * (m + n + 1 - sum(tied^3 - tied) / ((m + n) * (m + n - 1))))
  off <- u - m * n / 2
  half <- if (continuity) 0.5 else 0
  below <- (off + half) / sd
  above <- (off - half) / sd
  if (sd == 0) below <- above <- 0
  z <- switch(alternative, less = below, greater = above, two.sided = sign(off) * max(0, abs(off) - half) / sd)
  if (sd == 0) z <- 0
  p <- function(cdf) {
    if (sd == 0) 1 else oracle_choose(cdf(below), cdf(-above), alternative)
  }
  list(u = u, sd = sd, z = z, p_value = p(pnorm), p_t = p(function(q) pt(q, m + n - 1)))
}

oracle_differences <- function(x, y) as.vector(outer(x, y, "-"))

# Hodges and Lehmann (1963): the median of all m n differences.
oracle_shift <- function(x, y) median(oracle_differences(x, y))

# {shift: p > alpha} of any p(x, y, null, ...): p changes only at the differences.
oracle_shift_interval <- function(x, y, conf_level = 0.95, p = oracle_mann_whitney_p, ...) {
  oracle_invert(oracle_differences(x, y), function(theta) p(x, y, theta, ...), 1 - conf_level)
}

# Moses (1965) as SAS prints it: difference number floor(m n / 2 - z sqrt(m n (N + 1) / 12)) from each end.
oracle_moses <- function(x, y, conf_level = 0.95) {
  m <- length(x)
  n <- length(y)
  d <- sort(oracle_differences(x, y))
  at <- floor(m * n / 2 - qnorm((1 + conf_level) / 2) * sqrt(m * n * (m + n + 1) / 12))
  if (at < 1) c(-Inf, Inf) else c(d[at], d[m * n + 1 - at])
}

# ---- permutation of the mean difference -----------------------------------------------------------------------------

oracle_permutation_p <- function(x, y, null = 0, alternative = "two.sided", two_sided = "distance") {
  oracle_arm_sum_p(c(x - null, y), length(x), alternative, two_sided, max(abs(c(x, y, null))))
}

# Where that p can change. Swap k of x for k of y: the new difference of means passes the old one where the shift is the
# difference of the two means swapped (Pitman 1937), and its mirror image where both differences sum to zero.
oracle_permutation_candidates <- function(x, y) {
  m <- length(x)
  n <- length(y)
  out <- NULL
  for (k in seq_len(min(m, n))) {
    gone <- colSums(matrix(x[combn(m, k)], k))
    come <- colSums(matrix(y[combn(n, k)], k))
    swap <- as.vector(outer(gone, come, "-"))
    new <- mean(x) - mean(y) - swap * (1 / m + 1 / n)
    slope <- 2 - k / m - k / n
    out <- c(out, swap / k, if (slope > 0) (mean(x) - mean(y) + new) / slope)
  }
  scale <- max(abs(out))
  if (scale == 0) 0 else unique(round(out / scale, 13)) * scale
}

oracle_permutation_interval <- function(x, y, conf_level = 0.95, alternative = "two.sided", two_sided = "distance") {
  oracle_invert(oracle_permutation_candidates(x, y), function(theta) {
    oracle_permutation_p(x, y, theta, alternative, two_sided)
  }, 1 - conf_level)
}

# ---- probability of superiority -------------------------------------------------------------------------------------

# P(X > Y) + P(X = Y) / 2 by looking at every pair.
oracle_superiority <- function(x, y) mean(outer(x, y, ">") + outer(x, y, "==") / 2)

# Brunner and Munzel (2000): placements by pairs (equal to theirs by ranks), t with the df of Satterthwaite; interval of
# the same t, not cut off at 0 and 1.
oracle_brunner_munzel <- function(x, y, null = 0.5, alternative = "two.sided", conf_level = 0.95) {
  wins <- outer(x, y, ">") + outer(x, y, "==") / 2
  v <- c(var(rowMeans(wins)) / length(x), var(colMeans(wins)) / length(y))
  df <- 1 / sum((v / sum(v))^2 / (c(length(x), length(y)) - 1))
  estimate <- mean(wins)
  se <- sqrt(sum(v))
  t <- (estimate - null) / se
  q <- qt((1 - conf_level) / if (alternative == "two.sided") 2 else 1, df, lower.tail = FALSE)
  list(
    estimate = estimate, std_error = se, statistic = t, df = df,
    p_value = oracle_choose(pt(t, df), pt(-t, df), alternative),
    conf_low = if (alternative == "less") -Inf else estimate - q * se,
    conf_high = if (alternative == "greater") Inf else estimate + q * se
  )
}
