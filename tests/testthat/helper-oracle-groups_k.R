# A second, deliberately naive program for k independent groups and for change between arms, written from the papers
# alone. `groups` is a list of numeric vectors, the first the reference. Nothing here calls the package.

# ---- analysis of variance -------------------------------------------------------------------------------------------

# Fisher (1925). From n, mean and SD of the groups; the SD of one patient counts for nothing.
oracle_anova_from <- function(n, mean, sd) {
  sd[n == 1] <- 0
  grand <- sum(n * mean) / sum(n)
  between <- sum(n * (mean - grand)^2)
  within <- sum((n - 1) * sd^2)
  df1 <- length(n) - 1
  df2 <- sum(n) - length(n)
  f <- (between / df1) / (within / df2)
  list(
    statistic = f, df = df1, df_denominator = df2, p_value = pf(f, df1, df2, lower.tail = FALSE),
    ss = between, ss_error = within, ms_error = within / df2
  )
}

oracle_anova <- function(groups) {
  oracle_anova_from(lengths(groups), vapply(groups, mean, 0), vapply(groups, function(g) sqrt(var(g)), 0))
}

# Welch (1951): weights n / s^2.
oracle_welch_anova <- function(n, mean, sd) {
  k <- length(n)
  w <- n / sd^2
  centre <- sum(w * mean) / sum(w)
  lambda <- sum((1 - w / sum(w))^2 / (n - 1))
  f <- sum(w * (mean - centre)^2) / (k - 1) / (1 + 2 * (k - 2) / (k^2 - 1) * lambda)
  df2 <- (k^2 - 1) / (3 * lambda)
  list(statistic = f, df = k - 1, df_denominator = df2, p_value = pf(f, k - 1, df2, lower.tail = FALSE))
}

# Brown and Forsythe (1974): F* = between SS / sum (1 - n / N) s^2, denominator df of Satterthwaite; `mehrotra` (1997)
# corrects the numerator df as well.
oracle_brown_forsythe <- function(n, mean, sd, mehrotra = FALSE) {
  grand <- sum(n * mean) / sum(n)
  part <- (1 - n / sum(n)) * sd^2
  f <- sum(n * (mean - grand)^2) / sum(part)
  df2 <- 1 / sum((part / sum(part))^2 / (n - 1))
  df1 <- length(n) - 1
  if (mehrotra) {
    v <- sd^2 / max(sd^2)
    df1 <- sum((1 - n / sum(n)) * v)^2 / (sum(v^2) + (sum(n * v) / sum(n))^2 - 2 * sum(n * v^2) / sum(n))
  }
  list(statistic = f, df = df1, df_denominator = df2, p_value = pf(f, df1, df2, lower.tail = FALSE))
}

# eta2 (Pearson 1911), epsilon2 (Kelley 1935), omega2 (Hays 1963) from F; their limits from those of the noncentrality
# (Steiger 2004): `steiger` ncp / (ncp + N) for all three; `error` puts ncp / df1 in the place of F.
oracle_explained <- function(f, df1, df2, which = "eta2", level = 0.95, convention = "steiger") {
  from_f <- function(f) {
    switch(which,
      eta2 = df1 * f / (df1 * f + df2),
      epsilon2 = df1 * (f - 1) / (df1 * f + df2),
      omega2 = df1 * (f - 1) / (df1 * (f - 1) + df1 + df2 + 1)
    )
  }
  ncp <- oracle_ncp_f(f, df1, df2, level)
  limits <- if (convention == "steiger") ncp / (ncp + df1 + df2 + 1) else from_f(ncp / df1)
  c(from_f(f), limits)
}

# ---- ranks of k groups ----------------------------------------------------------------------------------------------

# Every way to deal the values out to groups of these sizes, as a matrix of group numbers, one deal a column.
oracle_deals <- function(sizes) {
  if (length(sizes) == 1) {
    return(matrix(1L, sizes, 1))
  }
  n <- sum(sizes)
  rest <- oracle_deals(sizes[-1]) + 1L
  first <- combn(n, sizes[1])
  out <- matrix(1L, n, ncol(first) * ncol(rest))
  for (i in seq_len(ncol(first))) {
    at <- (i - 1) * ncol(rest) + seq_len(ncol(rest))
    out[-first[, i], at] <- rest
  }
  out
}

# The rank sum of each group under every deal: groups by deals.
oracle_deal_sums <- function(values, sizes) {
  deals <- oracle_deals(sizes)
  do.call(rbind, lapply(seq_along(sizes), function(g) colSums((deals == g) * values)))
}

# Kruskal and Wallis (1952) with their correction for ties; exact over all deals. All values equal: 0, p = 1.
oracle_kruskal <- function(groups, exact = FALSE) {
  r <- rank(unlist(groups))
  n <- length(r)
  sizes <- lengths(groups)
  arm <- rep(seq_along(groups), sizes)
  spread <- max(sum((r - (n + 1) / 2)^2), 1e-9)
  h_of <- function(sums) (n - 1) * sum((sums / sizes - (n + 1) / 2)^2 * sizes) / spread
  h <- h_of(tapply(r, arm, sum))
  df <- length(groups) - 1
  p <- pchisq(h, df, lower.tail = FALSE)
  if (exact) p <- mean(apply(oracle_deal_sums(r, sizes), 2, h_of) >= h - 1e-9 * max(1, h))
  list(statistic = h, df = df, p_value = p)
}

# Tomczak and Tomczak (2014): epsilon2 = H (N + 1) / (N^2 - 1), eta2 of H = (H - k + 1) / (N - k).
oracle_rank_effect <- function(h, n, k) c(epsilon2 = h * (n + 1) / (n^2 - 1), eta2 = (h - k + 1) / (n - k))

oracle_jonckheere_statistic <- function(values, arm) {
  later <- outer(arm, arm, ">")
  sum(later * (outer(values, values, ">") + outer(values, values, "==") / 2))
}

# Jonckheere (1954), Terpstra (1952): pairs in the order of the groups. Variance given the ties by Lehmann (1975, A.67;
# Hollander and Wolfe 1999, 6.19).
oracle_jonckheere <- function(groups, alternative = "two.sided", continuity = FALSE, exact = FALSE,
                              two_sided = "distance") {
  x <- unlist(groups)
  s <- lengths(groups)
  n <- length(x)
  t <- as.vector(table(x))
  j <- oracle_jonckheere_statistic(x, rep(seq_along(groups), s))
  middle <- (n^2 - sum(s^2)) / 4
  five <- function(a) sum(a * (a - 1) * (2 * a + 5))
  two <- function(a) sum(a * (a - 1))
  three <- function(a) sum(a * (a - 1) * (a - 2))
  v <- (five(n) - five(s) - five(t)) / 72 + two(s) * two(t) / (8 * n * (n - 1))
  if (n > 2) v <- v + three(s) * three(t) / (36 * n * (n - 1) * (n - 2))
  half <- if (continuity) 0.5 else 0
  sd <- sqrt(max(v, 1e-20)) # all values equal: j is its mean
  p <- oracle_choose(pnorm((j - middle + half) / sd), pnorm(-(j - middle - half) / sd), alternative)
  all <- NULL
  if (exact) {
    all <- apply(oracle_deals(s), 2, function(arm) oracle_jonckheere_statistic(x, arm))
    p <- oracle_choose(mean(all <= j + 1e-9), mean(all >= j - 1e-9), alternative)
    if (alternative == "two.sided" && two_sided == "distance") p <- mean(abs(all - middle) >= abs(j - middle) - 1e-9)
  }
  list(statistic = j, mean = middle, variance = v, z = (j - middle) / sd, p_value = p, all = all)
}

# ---- every pair -----------------------------------------------------------------------------------------------------

# Pairs i < j, level j minus level i.
oracle_pairs <- function(k) t(combn(k, 2))

# Upper tail of the studentized range (its definition stands at oracle_studentized_range) by the plain trapezium rule
# over the standard normal z and the log of s, which converges exponentially here: 1e-12 absolute, and quick.
oracle_range_tail <- function(q, k, df = Inf) {
  z <- seq(-9, 9, 0.04)
  s <- 1
  weight <- 1
  if (is.finite(df)) {
    ends <- log(c(qchisq(1e-17, df), qchisq(1e-17, df, lower.tail = FALSE)) / df) / 2
    u <- seq(ends[1] - 1, ends[2] + 0.3, length.out = 300)
    s <- exp(u)
    weight <- 2 * s^2 * df * dchisq(df * s^2, df) * (u[2] - u[1])
  }
  below <- (pnorm(z) - pnorm(outer(z, q * s, "-")))^(k - 1)
  1 - sum(k * 0.04 * colSums(dnorm(z) * below) * weight)
}

# The q with upper tail `alpha`, by root search.
oracle_range_point <- function(alpha, k, df) {
  near <- suppressWarnings(qtukey(1 - alpha, k, df)) * c(0.99, 1.01)
  if (anyNA(near)) near <- c(10, 60)
  uniroot(function(q) oracle_range_tail(q, k, df) - alpha, near, extendInt = "downX", tol = 1e-11)$root
}

# Tukey (1953) and Kramer (1956) with the pooled variance; Games and Howell (1976) with the two own variances and the df
# of Satterthwaite for the pair. q = |difference| / (SE / sqrt 2).
oracle_all_pairs <- function(groups, method = "tukey", conf_level = 0.95) {
  n <- unname(lengths(groups))
  k <- length(groups)
  m <- unname(vapply(groups, mean, 0))
  v <- unname(vapply(groups, var, 0)) # NA for one patient
  pooled <- sum((n - 1) * v, na.rm = TRUE) / (sum(n) - k)
  q <- if (method == "tukey") oracle_range_point(1 - conf_level, k, sum(n) - k)
  rows <- apply(oracle_pairs(k), 1, function(ij) {
    part <- (if (method == "tukey") pooled else v[ij]) / n[ij]
    df <- if (method == "tukey") sum(n) - k else 1 / sum((part / sum(part))^2 / (n[ij] - 1))
    se <- sqrt(sum(part))
    d <- m[ij[2]] - m[ij[1]]
    if (is.na(df) || se == 0) {
      return(c(reference = ij[1], level = ij[2], estimate = d, std_error = se, df = df, statistic = NaN,
        p_adjusted = NaN, conf_low = NaN, conf_high = NaN))
    }
    if (method != "tukey") q <- oracle_range_point(1 - conf_level, k, df)
    reach <- q * se / sqrt(2)
    c(reference = ij[1], level = ij[2], estimate = d, std_error = se, df = df, statistic = d / se,
      p_adjusted = oracle_range_tail(sqrt(2) * abs(d) / se, k, df), conf_low = d - reach, conf_high = d + reach)
  })
  as.data.frame(t(rows))
}

# Steel (1960), Dwass (1960), Critchlow and Fligner (1991): |z| of each pair ranked alone (variance given its ties, no
# correction) times sqrt 2 as a studentized range of infinite df; the shifts not rejected at each candidate difference.
oracle_dscf <- function(groups, conf_level = 0.95) {
  k <- length(groups)
  q <- oracle_range_point(1 - conf_level, k, Inf)
  z_of <- function(x, y, null = 0) oracle_mann_whitney_normal(x, y, null, continuity = FALSE)$z
  rows <- apply(oracle_pairs(k), 1, function(ij) {
    x <- groups[[ij[2]]]
    y <- groups[[ij[1]]]
    z <- z_of(x, y)
    set <- oracle_invert(oracle_differences(x, y), function(theta) sqrt(2) * abs(z_of(x, y, theta)) < q, 0.5)
    c(reference = ij[1], level = ij[2], estimate = oracle_shift(x, y), statistic = z,
      p_adjusted = if (z == 0) 1 else oracle_range_tail(sqrt(2) * abs(z), k),
      conf_low = set$low, conf_high = set$high)
  })
  as.data.frame(t(rows))
}

# Dunn (1964): difference of mean ranks over all groups; variance (N (N + 1) / 12 - sum (t^3 - t) / (12 (N - 1))) times
# (1 / n_i + 1 / n_j).
oracle_dunn <- function(groups) {
  r <- rank(unlist(groups))
  big <- length(r)
  arm <- rep(seq_along(groups), lengths(groups))
  tied <- as.vector(table(r))
  s2 <- max(1e-9, big * (big + 1) / 12 - sum(tied^3 - tied) / (12 * (big - 1))) # all values equal: z = 0
  rows <- apply(oracle_pairs(length(groups)), 1, function(ij) {
    z <- (mean(r[arm == ij[2]]) - mean(r[arm == ij[1]])) / sqrt(s2 * sum(1 / lengths(groups)[ij]))
    c(reference = ij[1], level = ij[2], statistic = z, p_value = 2 * pnorm(-abs(z)))
  })
  as.data.frame(t(rows))
}

# ---- every arm against the reference --------------------------------------------------------------------------------

# P(one of |T_i| > t): T multivariate t with correlations b_i b_j (Dunnett 1955), as an integral over the reference arm
# and over the pooled SD. `df` may be infinite.
oracle_dunnett_tail <- function(t, b, df, two_sided = TRUE) {
  inside <- function(t) {
    integrate(function(z) {
      out <- dnorm(z)
      for (one in b) {
        s <- sqrt(1 - one^2)
        out <- out * (pnorm((t - one * z) / s) - if (two_sided) pnorm((-t - one * z) / s) else 0)
      }
      out
    }, -9, 9, rel.tol = 1e-10, subdivisions = 500)$value
  }
  if (is.infinite(df)) {
    return(1 - inside(t))
  }
  density <- function(s) exp(log(2) + df / 2 * log(df / 2) - lgamma(df / 2) + (df - 1) * log(s) - df * s^2 / 2)
  ends <- sqrt(qchisq(c(1e-14, 1 - 1e-14), df) / df)
  1 - integrate(function(s) density(s) * vapply(s, function(u) inside(t * u), 0), ends[1], ends[2],
    rel.tol = 1e-9, subdivisions = 500)$value
}

# Dunnett (1955): b_i = sqrt(n_i / (n_i + n_0)), common variance, all arms in the variance.
oracle_dunnett <- function(groups, conf_level = 0.95, alternative = "two.sided") {
  n <- lengths(groups)
  m <- vapply(groups, mean, 0)
  df <- sum(n) - length(n)
  se <- sqrt(sum((n - 1) * vapply(groups, var, 0), na.rm = TRUE) / df * (1 / n[-1] + 1 / n[1]))
  d <- m[-1] - m[1]
  b <- sqrt(n[-1] / (n[-1] + n[1]))
  two <- alternative == "two.sided"
  t <- switch(alternative, two.sided = abs(d / se), greater = d / se, less = -d / se)
  reach <- se * uniroot(function(q) oracle_dunnett_tail(q, b, df, two) - (1 - conf_level), c(0, 60), tol = 1e-9)$root
  data.frame(estimate = d, std_error = se, statistic = d / se,
    p_adjusted = vapply(t, oracle_dunnett_tail, 0, b, df, two),
    conf_low = if (alternative == "less") -Inf else d - reach,
    conf_high = if (alternative == "greater") Inf else d + reach)
}

# Steel (1959): each arm ranked with the reference alone, |z| (variance given the ties of the pair) against the largest
# of normals with correlations b_i b_j. `exact` b_i^2 = n_i / (n_i + n_0 + 1), the null correlation of the untied rank
# sums; `dunnett` b_i^2 = n_i / (n_i + n_0), their limit.
oracle_steel <- function(groups, correlation = "exact") {
  n <- lengths(groups)
  b <- sqrt(n[-1] / (n[-1] + n[1] + if (correlation == "exact") 1 else 0))
  z <- vapply(groups[-1], function(x) oracle_mann_whitney_normal(x, groups[[1]], continuity = FALSE)$z, 0)
  data.frame(statistic = z, p_adjusted = vapply(abs(z), oracle_dunnett_tail, 0, b, Inf))
}

# ---- change between arms --------------------------------------------------------------------------------------------

# Analysis of covariance by the normal equations. Arms matched by `arm` (factor, first level the reference), one
# baseline; HC3 of MacKinnon and White (1985): meat from residuals / (1 - leverage). Adjusted means at the mean
# baseline.
oracle_ancova <- function(y, arm, baseline, hc3 = FALSE, interaction = FALSE) {
  arm <- droplevels(arm)
  k <- nlevels(arm)
  middle <- mean(baseline)
  dummies <- outer(as.integer(arm), seq_len(k)[-1], "==") + 0
  x <- cbind(1, dummies, baseline - middle, if (interaction) dummies * (baseline - middle))
  inverse <- solve(crossprod(x))
  b <- drop(inverse %*% crossprod(x, y))
  e <- drop(y - x %*% b)
  df <- length(y) - ncol(x)
  v <- inverse * sum(e^2) / df
  if (hc3) {
    leverage <- rowSums((x %*% inverse) * x)
    v <- inverse %*% crossprod(x * (e / (1 - leverage))) %*% inverse
  }
  wald <- function(b, v, at) {
    f <- drop(b[at] %*% solve(v[at, at]) %*% b[at]) / length(at)
    c(f = f, df = length(at), df_denominator = df, p = pf(f, length(at), df, lower.tail = FALSE))
  }
  l <- cbind(1, rbind(0, diag(k - 1)), matrix(0, k, ncol(x) - k)) # adjusted means: baseline at its mean
  back <- diag(ncol(x)) # to coefficients of the baseline as measured
  back[1, k + 1] <- -middle
  if (interaction) back[cbind(1 + seq_len(k - 1), k + 1 + seq_len(k - 1))] <- -middle
  raw <- drop(back %*% b)
  raw_v <- back %*% v %*% t(back)
  list(
    b = raw, se = sqrt(diag(raw_v)), df = df, vcov = raw_v, ss_error = sum(e^2), arms = wald(b, v, 1 + seq_len(k - 1)),
    interaction = if (interaction) wald(b, v, k + 1 + seq_len(k - 1)),
    adjusted = drop(l %*% b), adjusted_se = sqrt(diag(l %*% v %*% t(l)))
  )
}
