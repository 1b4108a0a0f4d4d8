# A second, deliberately naive program for proportions of one and of two arms, written from the papers alone: sums
# over every outcome, limits by asking the p-value itself. Nothing here calls the package. x1 of n1 is the level arm,
# x0 of n0 the reference; a difference is p1 - p0, a ratio p1 / p0, an odds ratio that of the level arm.

# ---- tests of two proportions by chi-square -------------------------------------------------------------------------

# Pearson (1900); Yates (1934); N - 1 instead of N (E. S. Pearson 1947, Campbell 2007); likelihood ratio G (Wilks 1938).
# A margin of zero has nothing to test: 0, p = 1.
oracle_chisq <- function(x1, n1, x0, n0, method = "chisq") {
  o <- c(x1, n1 - x1, x0, n0 - x0)
  n <- sum(o)
  m <- x1 + x0
  e <- c(n1 * m, n1 * (n - m), n0 * m, n0 * (n - m)) / n
  gap <- abs(o[1] - e[1])
  statistic <- if (any(e == 0)) {
    0
  } else {
    switch(method,
      chisq = sum((o - e)^2 / e),
      yates = sum(max(0, gap - 0.5)^2 / e),
      n1_chisq = sum((o - e)^2 / e) * (n - 1) / n,
      g = 2 * sum(ifelse(o == 0, 0, o * log(o / e)))
    )
  }
  list(statistic = statistic, df = 1, p_value = pchisq(statistic, 1, lower.tail = FALSE))
}

# ---- exact p-values of one-parameter families -----------------------------------------------------------------------

# P(k) proportional to weight(k) exp(k theta): the binomial (theta = logit), and the hypergeometric (theta = log odds
# ratio; Fisher 1935). `k` the possible counts, `lw` the logs of their weights.
oracle_binomial_family <- function(n) list(k = 0:n, lw = lchoose(n, 0:n))

oracle_fisher_family <- function(x1, n1, x0, n0) {
  k <- max(0, x1 + x0 - n0):min(n1, x1 + x0)
  list(k = k, lw = lchoose(n1, k) + lchoose(n0, x1 + x0 - k))
}

oracle_family_density <- function(family, theta) {
  if (is.infinite(theta)) {
    return((family$k == if (theta < 0) min(family$k) else max(family$k)) + 0)
  }
  w <- family$lw + family$k * theta
  w <- exp(w - max(w))
  w / sum(w)
}

# Two-sided rules: `minlike` all counts no likelier than the one seen (Freeman and Halton 1951), `central` twice the
# smaller tail, `blaker` all counts whose smaller tail is no larger (Blaker 2000). Equal up to `slack` counts as equal
# (R takes 1e-7). Mid-p (Lancaster 1961) takes half of every count tied with the one seen (Lydersen and Laake 2003);
# `midp = "seen"` half of the seen one only (Hwang and Yang 2001).
oracle_family_p <- function(family, x, theta = 0, two_sided = "minlike", alternative = "two.sided", midp = FALSE,
                            slack = 1e-7) {
  d <- oracle_family_density(family, theta)
  at <- which(family$k == x)
  half <- if (isFALSE(midp)) 0 else d[at] / 2
  lower <- sum(d[family$k <= x]) - half
  upper <- sum(d[family$k >= x]) - half
  if (alternative != "two.sided" || two_sided == "central") {
    return(oracle_choose(lower, upper, alternative))
  }
  order <- if (two_sided == "minlike") d else pmin(cumsum(d), rev(cumsum(rev(d))))
  extreme <- order <= order[at] * (1 + slack)
  tied <- extreme & order >= order[at] * (1 - slack)
  p <- sum(d[extreme])
  min(1, p - if (isTRUE(midp)) sum(d[tied]) / 2 else half)
}

# The theta at which that p can jump: where another count becomes exactly as extreme as the one seen.
oracle_family_jumps <- function(family, x, two_sided = "minlike", reach = 60) {
  k <- family$k
  at <- which(k == x)
  if (two_sided == "minlike") {
    return(((family$lw[at] - family$lw) / (k - x))[-at])
  }
  unlist(lapply(k[-at], function(other) {
    gap <- function(theta) {
      d <- oracle_family_density(family, theta)
      sum(d[if (other > x) k >= other else k <= other]) - sum(d[if (other > x) k <= x else k >= x])
    }
    if (gap(-reach) * gap(reach) < 0) uniroot(gap, c(-reach, reach), tol = 1e-14)$root
  }))
}

# Ends of {theta: p > alpha} within [low, high], its convex hull: every piece between jumps looked at, then halved.
oracle_hull <- function(p_at, low, high, alpha, jumps = NULL, each = 12) {
  at <- sort(unique(c(low, high, jumps[jumps > low & jumps < high])))
  at <- sort(unique(c(at, unlist(lapply(seq_along(at)[-1], function(i) seq(at[i - 1], at[i], length.out = each))))))
  yes <- vapply(at, function(t) p_at(t) > alpha, NA)
  edge <- function(out, inn) {
    for (i in 1:80) {
      mid <- (out + inn) / 2
      if (p_at(mid) > alpha) inn <- mid else out <- mid
    }
    inn
  }
  first <- which(yes)[1]
  last <- rev(which(yes))[1]
  c(
    if (first == 1) low else edge(at[first - 1], at[first]),
    if (last == length(at)) high else edge(at[last + 1], at[last]),
    any(!yes[first:last])
  )
}

# Limits of theta, and whether the set has a hole. At an extreme count the set reaches to infinity.
oracle_family_interval <- function(family, x, conf_level = 0.95, two_sided = "minlike", alternative = "two.sided",
                                   midp = FALSE, reach = 60) {
  jumps <- NULL
  if (alternative == "two.sided" && two_sided != "central") jumps <- oracle_family_jumps(family, x, two_sided)
  p_at <- function(theta) oracle_family_p(family, x, theta, two_sided, alternative, midp, slack = 1e-11)
  set <- oracle_hull(p_at, -reach, reach, 1 - conf_level, c(jumps, seq(-8, 8, 0.5)))
  low <- if (x == min(family$k) || alternative == "less") -Inf else set[1]
  high <- if (x == max(family$k) || alternative == "greater") Inf else set[2]
  list(low = low, high = high, hole = set[3] == 1)
}

# Conditional maximum likelihood of theta: the expected count is the one seen (Cornfield 1956).
oracle_family_estimate <- function(family, x) {
  if (length(family$k) == 1) {
    return(NaN)
  }
  if (x == min(family$k)) {
    return(-Inf)
  }
  if (x == max(family$k)) {
    return(Inf)
  }
  uniroot(function(t) sum(family$k * oracle_family_density(family, t)) - x, c(-60, 60), tol = 1e-14)$root
}

oracle_fisher <- function(x1, n1, x0, n0, two_sided = "minlike", alternative = "two.sided", midp = FALSE,
                          conf_level = 0.95, null = 1) {
  family <- oracle_fisher_family(x1, n1, x0, n0)
  set <- oracle_family_interval(family, x1, conf_level, two_sided, alternative, midp)
  list(
    estimate = exp(oracle_family_estimate(family, x1)),
    p_value = oracle_family_p(family, x1, log(null), two_sided, alternative, midp),
    conf_low = exp(set$low), conf_high = exp(set$high), hole = set$hole
  )
}

# ---- one proportion -------------------------------------------------------------------------------------------------

# Wilson (1927), with the continuity correction as in Newcombe (1998, method 4).
oracle_wilson <- function(x, n, conf_level = 0.95, correct = FALSE) {
  z <- qnorm((1 + conf_level) / 2)
  p <- x / n
  half <- if (correct) 0.5 / n else 0
  inside <- function(pi) max(0, abs(p - pi) - half) <= z * sqrt(pi * (1 - pi) / n)
  edge <- function(out, inn) {
    if (inside(out)) {
      return(out)
    }
    for (i in 1:100) if (inside((out + inn) / 2)) inn <- (out + inn) / 2 else out <- (out + inn) / 2
    inn
  }
  c(edge(0, p), edge(1, p))
}

# Wald; Agresti and Coull (1998); Jeffreys (Brown, Cai and DasGupta 2001: 0 and 1 at the ends); logit; likelihood ratio.
oracle_proportion_interval <- function(x, n, method, conf_level = 0.95) {
  z <- qnorm((1 + conf_level) / 2)
  a <- (1 - conf_level) / 2
  p <- x / n
  se <- sqrt(p * (1 - p) / n)
  logl <- function(pi) (if (x > 0) x * log(pi) else 0) + (if (x < n) (n - x) * log(1 - pi) else 0)
  away <- function(pi) 2 * (logl(p) - logl(pi)) - z^2
  far <- function(end) uniroot(away, sort(c(end, p)), tol = 1e-15)$root
  switch(method,
    wald = p + c(-1, 1) * z * se,
    wald_cc = p + c(-1, 1) * (z * se + 0.5 / n),
    agresti_coull = {
      m <- (x + z^2 / 2) / (n + z^2)
      m + c(-1, 1) * z * sqrt(m * (1 - m) / (n + z^2))
    },
    jeffreys = c(if (x == 0) 0 else qbeta(a, x + 0.5, n - x + 0.5),
      if (x == n) 1 else qbeta(1 - a, x + 0.5, n - x + 0.5)),
    logit = plogis(qlogis(p) + c(-1, 1) * z / sqrt(n * p * (1 - p))),
    lr = c(if (x == 0) 0 else far(1e-300), if (x == n) 1 else far(1 - 1e-16))
  )
}

# Clopper and Pearson (1934) `central`; Sterne (1954) `minlike`; Blaker (2000); each with mid-p.
oracle_binomial <- function(x, n, null = 0.5, two_sided = "central", alternative = "two.sided", midp = FALSE,
                            conf_level = 0.95) {
  family <- oracle_binomial_family(n)
  set <- oracle_family_interval(family, x, conf_level, two_sided, alternative, midp)
  list(p_value = oracle_family_p(family, x, qlogis(null), two_sided, alternative, midp),
    conf_low = plogis(set$low), conf_high = plogis(set$high), hole = set$hole)
}

# Score test of one proportion, z = (p - null) / sqrt(null (1 - null) / n).
oracle_score_p <- function(x, n, null, alternative = "two.sided") {
  z <- (x / n - null) / sqrt(null * (1 - null) / n)
  oracle_choose(pnorm(z), pnorm(-z), alternative)
}

# Where P(a <= X <= b) >= level as a function of p: one stretch, or none (c(Inf, -Inf)).
oracle_window <- function(a, b, n, level) {
  if (a > b) {
    return(c(Inf, -Inf))
  }
  cover <- function(p) pbinom(b, n, p) - pbinom(a - 1, n, p) - level
  top <- if (a == 0 && b == n) 0.5 else if (a == 0) 0 else if (b == n) 1 else {
    plogis((lchoose(n - 1, a - 1) - lchoose(n - 1, b)) / (b - a + 1))
  }
  if (cover(top) < 0) {
    return(c(Inf, -Inf))
  }
  c(if (cover(0) >= 0) 0 else uniroot(cover, c(0, top), tol = 1e-15)$root,
    if (cover(1) >= 0) 1 else uniroot(cover, c(top, 1), tol = 1e-15)$root)
}

# Blyth and Still (1983), Casella (1986): as p goes up, the set of accepted counts is a window as short as can be,
# both of whose ends only go up. A window drops its first count as soon as it can, else moves on by one where the old
# and the new window both hold, else takes one count more. Each step has a stretch of p where it may fall: a single
# point, or for a move the overlap (Casella's coincidental endpoints, any of which has the same total length).
# Stretches are cut so that the ends can only go up and stay on their side of 1/2, then their middle is taken.
oracle_blyth_still_casella <- function(n, conf_level = 0.95) {
  a <- b <- 0
  steps <- NULL
  while (!(a == n && b == n)) {
    now <- oracle_window(a, b, n, conf_level)
    shorter <- oracle_window(a + 1, b, n, conf_level)
    moved <- if (b < n) oracle_window(a + 1, b + 1, n, conf_level) else c(Inf, -Inf)
    drop <- shorter[1] <= now[2]
    step <- !drop && moved[1] <= now[2]
    from <- if (drop) shorter[1] else if (step) moved[1] else now[2]
    to <- if (drop) shorter[1] else now[2]
    if (step && a + b + 1 < n) to <- min(to, 0.5)
    if (step && a + b + 1 > n) from <- max(from, 0.5)
    steps <- rbind(steps, c(from, to, if (drop || step) a else NA, if (drop) NA else b + 1))
    a <- a + (drop || step)
    b <- b + !drop
  }
  p <- (cummax(steps[, 1]) + rev(cummin(rev(steps[, 2])))) / 2
  up <- !is.na(steps[, 3])
  down <- !is.na(steps[, 4])
  low <- c(0, p[down][order(steps[down, 4])])
  high <- c(p[up][order(steps[up, 3])], 1)
  cbind(low, high)
}

# ---- difference, ratio and odds ratio of two proportions ------------------------------------------------------------

# The likeliest (p1, p0) with p1 - p0, p1 / p0 or their odds ratio equal to `null`: the slope of the log likelihood in
# p0 is followed to zero (Miettinen and Nurminen 1985 solve the same by a cubic).
oracle_constrained <- function(x1, n1, x0, n0, null, scale = "difference") {
  if (scale == "odds_ratio") {
    slope <- function(t) x1 + x0 - n1 * plogis(t + log(null)) - n0 * plogis(t)
    if (any(x1 + x0 == c(0, n1 + n0))) {
      return(rep(x1 + x0 > 0, 2) + 0)
    }
    t <- uniroot(slope, c(-1, 1) * (50 + abs(log(null))), tol = 1e-14)$root
    return(c(plogis(t + log(null)), plogis(t)))
  }
  ratio <- scale == "ratio"
  first <- function(p0) if (ratio) null * p0 else p0 + null
  ends <- if (ratio) c(0, min(1, 1 / null)) else c(max(0, -null), min(1, 1 - null))
  part <- function(count, over) if (count == 0) 0 else count / over
  slope <- function(p0) {
    p1 <- first(p0)
    (part(x1, p1) - part(n1 - x1, 1 - p1)) * (if (ratio) null else 1) + part(x0, p0) - part(n0 - x0, 1 - p0)
  }
  inner <- ends + c(1, -1) * 1e-13 * min(1, diff(ends))
  p0 <- if (diff(ends) <= 0 || slope(inner[1]) <= 0) ends[1] else if (slope(inner[2]) >= 0) ends[2] else {
    uniroot(slope, inner, tol = 1e-16, maxiter = 2000)$root
  }
  c(first(p0), p0)
}

# Score statistic at `null`: Mee (1984) and Farrington and Manning (1990) for the difference, Koopman (1984) for the
# ratio, Cornfield (1956) for the odds ratio; `mn` takes N - 1 for N in all three (Miettinen and Nurminen 1985).
oracle_score_z <- function(x1, n1, x0, n0, null, scale = "difference", mn = FALSE) {
  p <- oracle_constrained(x1, n1, x0, n0, null, scale)
  v <- pmax(0, p * (1 - p)) / c(n1, n0)
  gap <- switch(scale,
    difference = x1 / n1 - x0 / n0 - null, ratio = x1 / n1 - null * x0 / n0, odds_ratio = x1 / n1 - p[1]
  )
  variance <- switch(scale,
    difference = sum(v), ratio = v[1] + null^2 * v[2],
    odds_ratio = if (all(v > 0)) 1 / (1 / v[1] + n1^2 / (n0^2 * v[2])) else 0
  )
  if (mn) variance <- variance * (n1 + n0) / (n1 + n0 - 1)
  if (abs(gap) < 1e-12) 0 else gap / sqrt(variance)
}

oracle_score_p2 <- function(x1, n1, x0, n0, null, scale = "difference", mn = FALSE, alternative = "two.sided") {
  z <- oracle_score_z(x1, n1, x0, n0, null, scale, mn)
  oracle_choose(pnorm(z), pnorm(-z), alternative)
}

# {null: |z| <= quantile}: z falls with the null, so each end is found by halving. One-sided intervals end at the
# natural bound.
oracle_score_interval <- function(x1, n1, x0, n0, scale = "difference", mn = FALSE, conf_level = 0.95,
                                  alternative = "two.sided") {
  q <- qnorm((1 - conf_level) / if (alternative == "two.sided") 2 else 1, lower.tail = FALSE)
  log_scale <- scale != "difference"
  back <- function(t) if (log_scale) exp(t) else t
  ends <- if (log_scale) c(-46, 46) else c(-1, 1)
  z <- function(t) oracle_score_z(x1, n1, x0, n0, back(t), scale, mn)
  solve_for <- function(target, end) {
    open <- if (log_scale) c(0, Inf)[1 + (end > 0)] else end
    if (if (end < 0) z(end) <= target else z(end) >= target) {
      return(open)
    }
    low <- ends[1]
    high <- ends[2]
    for (i in 1:100) if (z((low + high) / 2) > target) low <- (low + high) / 2 else high <- (low + high) / 2
    back((low + high) / 2)
  }
  natural <- if (log_scale) c(0, Inf) else c(-1, 1)
  c(if (alternative == "less") natural[1] else solve_for(q, ends[1]),
    if (alternative == "greater") natural[2] else solve_for(-q, ends[2]))
}

# Newcombe (1998, methods 10 and 11): the Wilson limits of the two arms, squared and added.
oracle_newcombe <- function(x1, n1, x0, n0, conf_level = 0.95, correct = FALSE) {
  w1 <- oracle_wilson(x1, n1, conf_level, correct)
  w0 <- oracle_wilson(x0, n0, conf_level, correct)
  p <- c(x1 / n1, x0 / n0)
  p[1] - p[2] + c(-sqrt((p[1] - w1[1])^2 + (w0[2] - p[2])^2), sqrt((w1[2] - p[1])^2 + (p[2] - w0[1])^2))
}

# Wald (plain, with the correction (1/n1 + 1/n0) / 2), Agresti and Caffo (2000), Hauck and Anderson (1986); Katz (1978)
# for the ratio, Woolf (1955) for the odds ratio (`add` to every cell, as Haldane's 1/2).
oracle_wald <- function(x1, n1, x0, n0, method = "wald", conf_level = 0.95, add = 0) {
  z <- c(-1, 1) * qnorm((1 + conf_level) / 2)
  if (method == "agresti_caffo") {
    return(oracle_wald(x1 + 1, n1 + 2, x0 + 1, n0 + 2, "wald", conf_level))
  }
  p <- c(x1 / n1, x0 / n0)
  n <- c(n1, n0)
  d <- p[1] - p[2]
  se <- sqrt(sum(p * (1 - p) / n))
  ha <- 1 / (2 * min(n)) + qnorm((1 + conf_level) / 2) * sqrt(sum(p * (1 - p) / (n - 1)))
  cell <- c(x1, n1 - x1, x0, n0 - x0) + add
  switch(method,
    wald = d + z * se,
    wald_cc = d + z * se + c(-1, 1) * sum(1 / n) / 2,
    hauck_anderson = d + c(-1, 1) * ha,
    katz = exp(log(p[1] / p[2]) + z * sqrt(1 / x1 - 1 / n1 + 1 / x0 - 1 / n0)),
    woolf = exp(log(cell[1] * cell[4] / (cell[2] * cell[3])) + z * sqrt(sum(1 / cell)))
  )
}

# Altman (1998): the reciprocals of the difference and its limits. Positive is benefit, negative harm; when the interval
# of the difference holds 0 the numbers run from one limit through infinity to the other.
oracle_nnt <- function(difference, limits) {
  list(estimate = 1 / difference, from = 1 / limits[2], to = 1 / limits[1],
    through_infinity = limits[1] < 0 && limits[2] > 0)
}
