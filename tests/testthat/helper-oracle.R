# A second, deliberately naive program for the paired family, written from the papers alone: every null distribution is
# listed in full, every interval is found by asking the p-value at every candidate. Nothing here calls the package.
# `d` is after - before. Give integers wherever ties or zeros must be exact.

# ---- small tools ----------------------------------------------------------------------------------------------------

# The sums of all 2^n subsets of `scores`: the sign-vector enumeration of Fisher (1935), one line a score.
oracle_subset_sums <- function(scores) {
  sums <- 0
  for (s in scores) sums <- c(sums, sums + s)
  sums
}

# P(X >= x), P(X <= x) of the listed values; equal up to rounding counts as equal.
oracle_upper <- function(all, x) mean(all >= x - 1e-9 * max(1, abs(x)))
oracle_lower <- function(all, x) mean(all <= x + 1e-9 * max(1, abs(x)))

# One p from the two one-sided ones; the two-sided one doubles the smaller (HOUSE: symmetric null distributions).
oracle_choose <- function(lower, upper, alternative) {
  switch(alternative, less = lower, greater = upper, two.sided = min(1, 2 * min(lower, upper)))
}

# {theta: p(theta) > alpha} over the candidates (points) and the open pieces between and beyond them.
# Returns the convex hull, whether the set has a hole, and the largest p on either side outside the hull: a point that is
# rejected beside an accepted gap is the end of the (closed) hull, not outside it.
oracle_invert <- function(candidates, p_at, alpha) {
  points <- sort(unique(candidates))
  k <- length(points)
  width <- max(1, diff(range(points)))
  inside <- if (k > 1) (points[-1] + points[-k]) / 2
  where <- c(points[1] - width, points, inside, points[k] + width)
  low_end <- c(-Inf, points, if (k > 1) points[-k], points[k])
  high_end <- c(points[1], points, if (k > 1) points[-1], Inf)
  o <- order(where)
  p <- vapply(where[o], p_at, 0)
  accepted <- which(p > alpha)
  first <- accepted[1]
  last <- accepted[length(accepted)]
  low <- low_end[o][first]
  high <- high_end[o][last]
  below <- p[where[o] < low]
  above <- p[where[o] > high]
  list(
    low = low, high = high, hole = any(p[first:last] <= alpha),
    p_below = max(0, below), p_above = max(0, above)
  )
}

# ---- paired t -------------------------------------------------------------------------------------------------------

# Student (1908): t = (mean - null) / (sd / sqrt(n)) on n - 1 df; the interval of the same test.
oracle_t <- function(d, null = 0, alternative = "two.sided", conf_level = 0.95) {
  n <- length(d)
  mean_d <- sum(d) / n
  se <- sqrt(sum((d - mean_d)^2) / (n - 1) / n)
  t <- (mean_d - null) / se
  lower <- pt(t, n - 1)
  upper <- pt(t, n - 1, lower.tail = FALSE)
  alpha <- 1 - conf_level
  q <- qt(1 - if (alternative == "two.sided") alpha / 2 else alpha, n - 1)
  list(
    estimate = mean_d, std_error = se, statistic = t, df = n - 1,
    p_value = switch(alternative, less = lower, greater = upper, two.sided = 2 * min(lower, upper)),
    conf_low = if (alternative == "less") -Inf else mean_d - q * se,
    conf_high = if (alternative == "greater") Inf else mean_d + q * se
  )
}

# Schuirmann (1987): the larger of the two one-sided p; interval of level 1 - 2 alpha.
oracle_tost <- function(d, margins, conf_level = 0.95) {
  above <- oracle_t(d, margins[1], "greater", conf_level)
  below <- oracle_t(d, margins[2], "less", conf_level)
  list(p_value = max(above$p_value, below$p_value), conf_low = above$conf_low, conf_high = below$conf_high)
}

# Changes on the four scales. Berry and Ayers (2006): 100 (after - before) / (after + before).
oracle_change <- function(before, after, scale) {
  switch(scale,
    difference = after - before,
    ratio = log(after) - log(before),
    log_percent = 100 * (log(after) - log(before)),
    symmetric_percent = 100 * (after - before) / (after + before)
  )
}

# ---- signed rank ----------------------------------------------------------------------------------------------------

# Wilcoxon (1945): zeros leave before ranking. Pratt (1959): zeros are ranked with the rest, then their ranks leave.
oracle_signed_ranks <- function(d, null = 0, zeros = "wilcoxon") {
  x <- d - null
  if (zeros == "wilcoxon") x <- x[x != 0]
  ranks <- rank(abs(x))
  list(rank = ranks[x != 0], positive = (x > 0)[x != 0])
}

oracle_signed_rank_p <- function(d, null = 0, alternative = "two.sided", zeros = "wilcoxon") {
  r <- oracle_signed_ranks(d, null, zeros)
  t_plus <- sum(r$rank[r$positive])
  all <- oracle_subset_sums(r$rank)
  oracle_choose(oracle_lower(all, t_plus), oracle_upper(all, t_plus), alternative)
}

# Mean sum(r) / 2 and variance sum(r^2) / 4 of T+ given the midranks (Lehmann 1975, section 3.2 and appendix 5); the
# correction moves T+ by 1/2 towards the tail that is summed.
oracle_signed_rank_normal_p <- function(d, null = 0, alternative = "two.sided", zeros = "wilcoxon",
                                        continuity = FALSE) {
  r <- oracle_signed_ranks(d, null, zeros)
  if (!length(r$rank)) {
    return(1)
  }
  off <- sum(r$rank[r$positive]) - sum(r$rank) / 2
  sd <- sqrt(sum(r$rank^2) / 4)
  half <- if (continuity) 0.5 else 0
  oracle_choose(pnorm((off + half) / sd), pnorm((off - half) / sd, lower.tail = FALSE), alternative)
}

# PROC UNIVARIATE above 20 non-zero values: S sqrt(n - 1) / sqrt(n V - S^2) as Student t on n - 1 df,
# S = T+ - n (n + 1) / 4, V = n (n + 1) (2 n + 1) / 24 - sum t (t + 1) (t - 1) / 48.
oracle_signed_rank_sas_p <- function(d, null = 0) {
  x <- d[d != null] - null
  n <- length(x)
  s <- sum(rank(abs(x))[x > 0]) - n * (n + 1) / 4
  tied <- as.vector(table(abs(x)))
  v <- n * (n + 1) * (2 * n + 1) / 24 - sum(tied * (tied + 1) * (tied - 1)) / 48
  2 * pt(-abs(s * sqrt(n - 1) / sqrt(n * v - s^2)), n - 1)
}

oracle_walsh <- function(d) {
  sums <- outer(d, d, "+") / 2
  sums[upper.tri(sums, diag = TRUE)]
}

# Hodges and Lehmann (1963): the median of all Walsh averages, every pair counted.
oracle_hodges_lehmann <- function(d) median(oracle_walsh(d))

oracle_signed_rank_interval <- function(d, conf_level = 0.95, alternative = "two.sided", zeros = "wilcoxon",
                                        p = oracle_signed_rank_p, ...) {
  oracle_invert(oracle_walsh(d), function(theta) p(d, theta, alternative, zeros, ...), 1 - conf_level)
}

# ---- sign test ------------------------------------------------------------------------------------------------------

oracle_sign_p <- function(d, null = 0, alternative = "two.sided") {
  plus <- sum(d > null)
  n <- sum(d != null)
  density <- choose(n, 0:n) / 2^n
  oracle_choose(sum(density[0:n <= plus]), sum(density[0:n >= plus]), alternative)
}

oracle_sign_normal_p <- function(d, null = 0, alternative = "two.sided", continuity = FALSE) {
  n <- sum(d != null)
  if (n == 0) {
    return(1)
  }
  off <- sum(d > null) - n / 2
  half <- if (continuity) 0.5 else 0
  oracle_choose(pnorm((off + half) / sqrt(n / 4)), pnorm((off - half) / sqrt(n / 4), lower.tail = FALSE), alternative)
}

oracle_sign_interval <- function(d, conf_level = 0.95, alternative = "two.sided", p = oracle_sign_p, ...) {
  oracle_invert(d, function(theta) p(d, theta, alternative, ...), 1 - conf_level)
}

# ---- sign flips -----------------------------------------------------------------------------------------------------

# Fisher (1935): the sum of the changes from the null among the sums of all 2^n sign vectors.
oracle_flip_p <- function(d, null = 0, alternative = "two.sided") {
  x <- d - null
  all <- 2 * oracle_subset_sums(abs(x)) - sum(abs(x))
  oracle_choose(oracle_lower(all, sum(x)), oracle_upper(all, sum(x)), alternative)
}

# Hartigan (1969): the p changes only at the means of the non-empty subsets.
oracle_subset_means <- function(d) {
  (oracle_subset_sums(d) / oracle_subset_sums(rep(1, length(d))))[-1]
}

oracle_flip_interval <- function(d, conf_level = 0.95, alternative = "two.sided") {
  oracle_invert(oracle_subset_means(d), function(theta) oracle_flip_p(d, theta, alternative), 1 - conf_level)
}

# ---- bootstrap of the mean ------------------------------------------------------------------------------------------

# All n^n resamples of n changes as a matrix of indices, one resample a row: the ideal bootstrap.
oracle_all_resamples <- function(n) as.matrix(expand.grid(rep(list(seq_len(n)), n)))

oracle_resample_means <- function(d, index) rowMeans(matrix(d[index], nrow(index)))

oracle_percentile <- function(d, index, conf_level = 0.95) {
  alpha <- 1 - conf_level
  unname(quantile(oracle_resample_means(d, index), c(alpha / 2, 1 - alpha / 2), type = 1))
}

# Efron (1987): z0 from the share of resampled means below the mean (half of those equal to it), acceleration from the
# jackknife: for a mean, sum(d - mean)^3 / (6 (sum (d - mean)^2)^1.5).
oracle_bca <- function(d, index, conf_level = 0.95) {
  means <- oracle_resample_means(d, index)
  below <- mean(means < mean(d) - 1e-9) + mean(abs(means - mean(d)) <= 1e-9) / 2
  z0 <- qnorm(below)
  jack <- vapply(seq_along(d), function(i) mean(d[-i]), 0)
  u <- mean(jack) - jack
  a <- sum(u^3) / (6 * sum(u^2)^1.5)
  z <- qnorm(c((1 - conf_level) / 2, (1 + conf_level) / 2))
  unname(quantile(means, pnorm(z0 + (z0 + z) / (1 - a * (z0 + z))), type = 1))
}

# ---- effect sizes ---------------------------------------------------------------------------------------------------

# Noncentral t by its definition: a normal with mean ncp over the root of a chi-square divided by its df. Numerical
# integral, for any ncp (pt() is an approximation above 37.6).
oracle_noncentral_t <- function(t, df, ncp) {
  middle <- sqrt(df)
  integrand <- function(y) pnorm(t * y / sqrt(df) - ncp) * 2 * y * dchisq(y^2, df)
  cuts <- c(0, pmax(0, middle + c(-9, -3, 3, 9)), middle + 40)
  sum(vapply(which(diff(cuts) > 0), function(k) {
    integrate(integrand, cuts[k], cuts[k + 1], rel.tol = 1e-12, subdivisions = 1000)$value
  }, 0))
}

# Limits of the noncentrality parameter by Steiger and Fouladi (1997): the two at which t is the upper and the lower
# (1 - conf_level) / 2 point.
oracle_ncp <- function(t, df, conf_level = 0.95) {
  alpha <- 1 - conf_level
  reach <- c(-1, 1) * (10 + 2 * abs(t))
  find <- function(p) uniroot(function(x) oracle_noncentral_t(t, df, x) - p, t + reach, tol = 1e-13)$root
  c(find(1 - alpha / 2), find(alpha / 2))
}

# Hedges (1981): J(m) = gamma(m / 2) / (sqrt(m / 2) gamma((m - 1) / 2)).
oracle_hedges_j <- function(m) exp(lgamma(m / 2) - lgamma((m - 1) / 2)) / sqrt(m / 2)

# Estimate and limits of the d family. Intervals of d_av and d_b: Bonett (2008), variances not taken as equal (the
# function ci.stdmean.ps of statpsych); d_rm: limits of d_z times sqrt(2 (1 - r)) (Algina and Keselman 2003).
oracle_d <- function(before, after, which, conf_level = 0.95) {
  n <- length(before)
  d <- after - before
  v1 <- var(before)
  v2 <- var(after)
  r <- cor(before, after)
  z <- qnorm(1 - (1 - conf_level) / 2)
  d_z <- mean(d) / sd(d)
  limits_z <- if (which %in% c("d_z", "d_rm")) oracle_ncp(d_z * sqrt(n), n - 1, conf_level) / sqrt(n)
  bonett <- function(est, variance) c(est, est - z * sqrt(variance), est + z * sqrt(variance))
  switch(which,
    d_z = c(d_z, limits_z),
    d_rm = c(d_z, limits_z) * sqrt(2 * (1 - r)),
    d_av = {
      s2 <- (v1 + v2) / 2
      est <- mean(d) / sqrt(s2)
      bonett(est, est^2 * (v1^2 + v2^2 + 2 * r^2 * v1 * v2) / (8 * (n - 1) * s2^2) + var(d) / ((n - 1) * s2))
    },
    d_b = {
      est <- mean(d) / sqrt(v1)
      bonett(est, est^2 / (2 * (n - 1)) + var(d) / ((n - 1) * v1))
    }
  )
}

# Kerby (2014); Fisher z limits with the standard error sqrt(n (n + 1) (2 n + 1) / 6) / (n (n + 1) / 2) of n non-zero
# changes (rank_biserial of effectsize).
oracle_rank_biserial <- function(d, null = 0, conf_level = 0.95) {
  r <- oracle_signed_ranks(d, null)
  n <- length(r$rank)
  est <- (sum(r$rank[r$positive]) - sum(r$rank[!r$positive])) / sum(r$rank)
  se <- sqrt(n * (n + 1) * (2 * n + 1) / 6) / (n * (n + 1) / 2)
  if (abs(est) == 1) {
    return(c(est, NA, NA)) # Fisher's z of 1 is infinite
  }
  c(est, tanh(atanh(est) + c(-1, 1) * qnorm((1 + conf_level) / 2) * se))
}

# P(after > before) + P(equal) / 2 with the interval of Wilson (1927) at the same proportion of n.
oracle_prob_superiority <- function(d, null = 0, conf_level = 0.95) {
  n <- length(d)
  p <- (sum(d > null) + sum(d == null) / 2) / n
  z <- qnorm((1 + conf_level) / 2)
  middle <- (p + z^2 / (2 * n)) / (1 + z^2 / n)
  c(p, middle + c(-1, 1) * z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2)) / (1 + z^2 / n))
}

# ---- step-down max-T ------------------------------------------------------------------------------------------------

oracle_max_t_statistic <- function(x) {
  x <- x[!is.na(x)]
  mean(x) / sqrt(sum((x - mean(x))^2) / (length(x) - 1) / length(x))
}

# Standardised signed-rank statistic, so that outcomes with other numbers of pairs share one scale.
oracle_max_rank_statistic <- function(x) {
  r <- oracle_signed_ranks(x[!is.na(x)])
  (sum(r$rank[r$positive]) - sum(r$rank) / 2) / sqrt(sum(r$rank^2) / 4)
}

# Westfall and Young (1993), algorithm 4.1, over all 2^n sign vectors of the patients; NA is a missing pair.
# The p of each outcome, in the order of the columns.
oracle_max_t <- function(change, alternative = "two.sided", statistic = oracle_max_t_statistic) {
  side <- switch(alternative, two.sided = abs, less = function(t) -t, greater = identity)
  observed <- side(apply(change, 2, statistic))
  n <- nrow(change)
  flips <- as.matrix(expand.grid(rep(list(c(-1, 1)), n)))
  null <- t(apply(flips, 1, function(s) side(apply(change * s, 2, statistic))))
  down <- order(-observed)
  p <- vapply(seq_along(down), function(k) {
    largest <- apply(null[, down[k:length(down)], drop = FALSE], 1, max)
    mean(largest >= observed[down[k]] - 1e-9)
  }, 0)
  p[down] <- cummax(p)
  p
}

# ---- data sets ------------------------------------------------------------------------------------------------------

# Seeded integer changes of several shapes: heavy ties, zeros, no ties, one sign, skewed.
oracle_data_sets <- function(sizes = 4:9, seed = 20240) {
  set.seed(seed)
  shapes <- list(
    ties = function(n) sample(-2:3, n, TRUE),
    zeros = function(n) sample(c(0, 0, -3:6), n, TRUE),
    distinct = function(n) sample(-20:40, n),
    positive = function(n) sample(1:7, n, TRUE),
    skewed = function(n) round(exp(rnorm(n, 1.5)) - 3)
  )
  sets <- list()
  for (n in sizes) {
    for (shape in names(shapes)) {
      d <- shapes[[shape]](n)
      if (length(unique(d)) > 2) sets[[paste(shape, n)]] <- d
    }
  }
  sets
}

# One-decimal measurements (haemoglobin, g/dL) with exactly these changes in tenths.
as_measurements <- function(d, seed = 1) {
  set.seed(seed)
  base <- 60 + sample(0:40, length(d), TRUE)
  list(before = base / 10, after = (base + d) / 10)
}

# The columns of a result as a list of plain numbers.
plain <- function(x, columns) lapply(as.list(as.data.frame(x))[columns], as.vector)
