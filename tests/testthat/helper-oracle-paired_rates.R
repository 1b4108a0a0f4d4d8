# A second, deliberately naive program for proportions of the same patients at two or more visits, written from the
# papers alone. `gained`: patients with the event after only, `lost`: before only, `both`, `neither`; a difference is
# after minus before, a ratio after over before, the conditional odds ratio gained over lost. Square tables: rows
# before, columns after. Nothing here calls the package.

# ---- McNemar --------------------------------------------------------------------------------------------------------

# McNemar (1947), with the correction of Edwards (1948). No discordant pair: 0, p = 1.
oracle_mcnemar <- function(gained, lost, correct = FALSE) {
  gap <- max(0, abs(gained - lost) - if (correct) 1 else 0)
  statistic <- if (gained + lost == 0) 0 else gap^2 / (gained + lost)
  list(statistic = statistic, df = 1, p_value = pchisq(statistic, 1, lower.tail = FALSE))
}

# Given the discordant pairs, gained is binomial with odds equal to the conditional odds ratio (Cox 1958): exact,
# mid-p (Lancaster 1961), and the intervals of the same p. Under no difference the binomial is symmetric and `central`
# is `minlike`; of the mid-p it is not where gained = lost: `central` gives 1, `minlike` 1 - P(seen) / 2 (Fagerland,
# Lydersen and Laake 2013).
oracle_mcnemar_exact <- function(gained, lost, two_sided = "central", alternative = "two.sided", midp = FALSE,
                                 conf_level = 0.95, null = 1) {
  family <- oracle_binomial_family(gained + lost)
  set <- oracle_family_interval(family, gained, conf_level, two_sided, alternative, midp)
  list(estimate = gained / lost, p_value = oracle_family_p(family, gained, log(null), two_sided, alternative, midp),
    conf_low = exp(set$low), conf_high = exp(set$high), hole = set$hole)
}

# ---- difference -----------------------------------------------------------------------------------------------------

# The likeliest P(before only) given that P(after only) is that plus `null`: the slope of the log likelihood followed to
# zero (Tango 1998 solves the same by a quadratic).
oracle_paired_constrained <- function(gained, lost, n, null) {
  part <- function(count, over) if (count == 0) 0 else count / over
  slope <- function(q) part(gained, q + null) + part(lost, q) - 2 * part(n - gained - lost, 1 - 2 * q - null)
  ends <- c(max(0, -null), (1 - null) / 2)
  inner <- ends + c(1, -1) * 1e-13
  if (diff(inner) <= 0 || slope(inner[1]) <= 0) ends[1] else if (slope(inner[2]) >= 0) ends[2] else {
    uniroot(slope, inner, tol = 1e-16, maxiter = 2000)$root
  }
}

# Tango (1998): (gained - lost - n null) / sqrt(n (2 q + null (1 - null))); McNemar's z at no difference.
oracle_tango_z <- function(gained, lost, n, null = 0) {
  gap <- gained - lost - n * null
  q <- oracle_paired_constrained(gained, lost, n, null)
  if (abs(gap) < 1e-11) 0 else gap / sqrt(n * max(0, 2 * q + null * (1 - null)))
}

oracle_tango <- function(gained, lost, n, conf_level = 0.95, alternative = "two.sided") {
  q <- qnorm((1 - conf_level) / if (alternative == "two.sided") 2 else 1, lower.tail = FALSE)
  edge <- function(target, natural) {
    at <- oracle_tango_z(gained, lost, n, natural)
    if (if (natural < 0) at <= target else at >= target) {
      return(natural)
    }
    low <- -1
    high <- 1
    for (i in 1:80) {
      mid <- (low + high) / 2
      if (oracle_tango_z(gained, lost, n, mid) > target) low <- mid else high <- mid
    }
    (low + high) / 2
  }
  c(if (alternative == "less") -1 else edge(q, -1), if (alternative == "greater") 1 else edge(-q, 1))
}

# Wald; Bonett and Price (2012): (gained + 1, lost + 1) of n + 2.
oracle_paired_wald <- function(gained, lost, n, conf_level = 0.95, adjust = FALSE) {
  p <- c(gained, lost) / n
  if (adjust) p <- (c(gained, lost) + 1) / (n + 2)
  m <- n + if (adjust) 2 else 0
  se <- sqrt((sum(p) - (p[1] - p[2])^2) / m)
  p[1] - p[2] + c(-1, 1) * qnorm((1 + conf_level) / 2) * se
}

# Newcombe (1998c, method 10): the Wilson limits of the two margins, squared and added with their correlation; n / 2 is
# taken off both x neither - gained x lost where that is positive, down to 0.
oracle_paired_newcombe <- function(both, gained, lost, neither, conf_level = 0.95) {
  n <- both + gained + lost + neither
  after <- both + gained
  before <- both + lost
  a <- oracle_wilson(after, n, conf_level)
  b <- oracle_wilson(before, n, conf_level)
  cross <- both * neither - gained * lost
  if (cross > 0) cross <- max(0, cross - n / 2)
  margins <- after * (n - after) * before * (n - before)
  phi <- if (margins == 0) 0 else cross / sqrt(margins)
  far <- function(u, v) sqrt(u^2 - 2 * phi * u * v + v^2)
  d <- (gained - lost) / n
  c(d - far(after / n - a[1], b[2] - before / n), d + far(a[2] - after / n, before / n - b[1]))
}

# ---- ratio ----------------------------------------------------------------------------------------------------------

# Bonett and Price (2006): Wilson limits of the two margins among the m patients with any event, at a quantile made
# smaller by sqrt((gained + lost + 2) / ((after + 1)(before + 1))) over the sum of the two log standard errors.
oracle_paired_ratio_bonett_price <- function(both, gained, lost, conf_level = 0.95) {
  m <- both + gained + lost
  if (m == 0) {
    return(c(0, Inf))
  }
  x <- c(both + gained, both + lost)
  s <- sqrt((1 - (x + 1) / (m + 2)) / (x + 1))
  z <- qnorm((1 + conf_level) / 2) * sqrt((gained + lost + 2) / prod(x + 1)) / sum(s)
  level <- 2 * pnorm(z) - 1
  a <- oracle_wilson(x[1], m, level)
  b <- oracle_wilson(x[2], m, level)
  c(a[1] / b[2], a[2] / b[1])
}

# The likeliest four probabilities given after = null before. With multiplier mu they are count / (n + mu c), c the
# part of the cell in after - null before; a cell without patients has none unless mu reaches the end of its range,
# where it takes what is left. Order: both, gained, lost, neither.
oracle_paired_ratio_constrained <- function(both, gained, lost, neither, null) {
  count <- c(both, gained, lost, neither)
  n <- sum(count)
  c <- c(1 - null, 1, -null, 0)
  use <- count > 0
  sum_at <- function(mu) sum((c * count / (n + mu * c))[use])
  ends <- c(-n, n / null)
  rest <- 0
  if (gained == 0 && sum_at(ends[1]) <= 0) {
    mu <- ends[1]
    rest <- 2
  } else if (lost == 0 && sum_at(ends[2]) >= 0) {
    mu <- ends[2]
    rest <- 3
  } else {
    for (i in 1:100) if (sum_at(mean(ends)) > 0) ends[1] <- mean(ends) else ends[2] <- mean(ends)
    mu <- mean(ends)
  }
  p <- ifelse(use, count / (n + mu * c), 0)
  if (rest > 0) p[rest] <- 1 - sum(p[use])
  p
}

# Score statistic of the ratio (Nam and Blackwelder 2002, Tang, Tang and Chan 2003):
# (after - null before) / sqrt(n null (P(gained) + P(lost))) at those probabilities.
oracle_paired_ratio_z <- function(both, gained, lost, neither, null) {
  p <- oracle_paired_ratio_constrained(both, gained, lost, neither, null)
  gap <- both + gained - null * (both + lost)
  if (abs(gap) < 1e-11) 0 else gap / sqrt((both + gained + lost + neither) * null * max(0, p[2] + p[3]))
}

oracle_paired_ratio_score <- function(both, gained, lost, neither, conf_level = 0.95) {
  q <- qnorm((1 + conf_level) / 2)
  z <- function(t) oracle_paired_ratio_z(both, gained, lost, neither, exp(t))
  edge <- function(target) {
    low <- -18
    high <- 18
    for (i in 1:80) if (z((low + high) / 2) > target) low <- (low + high) / 2 else high <- (low + high) / 2
    exp((low + high) / 2)
  }
  c(if (both + gained == 0) 0 else edge(q), if (both + lost == 0) Inf else edge(-q))
}

# ---- unconditional --------------------------------------------------------------------------------------------------

# Suissa and Shuster (1991): all (gained, lost) with |z| (or z on one side) at least the one seen, the largest trinomial
# probability over the nuisance q = P(before only) with P(after only) = q + null. z is Tango's score (McNemar's at no
# difference); Sidik (2003) and Hsueh, Liu and Chen (2001) at other nulls.
oracle_paired_unconditional_p <- function(gained, lost, n, null = 0, alternative = "two.sided",
                                          two_sided = "distance") {
  if (alternative == "two.sided" && two_sided == "central") {
    one <- function(side) oracle_paired_unconditional_p(gained, lost, n, null, side)
    return(min(1, 2 * one("less"), 2 * one("greater")))
  }
  all <- expand.grid(g = 0:n, l = 0:n)
  all <- all[all$g + all$l <= n, ]
  z <- mapply(oracle_tango_z, all$g, all$l, n, null)
  side <- switch(alternative, two.sided = abs, less = function(z) -z, greater = identity)
  far <- side(z)
  seen <- far[all$g == gained & all$l == lost]
  hit <- all[if (seen == Inf) far == seen else far >= seen - 1e-9 * max(1, abs(seen)), ]
  ways <- lfactorial(n) - lfactorial(hit$g) - lfactorial(hit$l) - lfactorial(n - hit$g - hit$l)
  times <- function(count, p) ifelse(count == 0, 0, count * log(pmax(p, 0)))
  at <- function(q) {
    vapply(q, function(q) {
      sum(exp(ways + times(hit$g, q + null) + times(hit$l, q) + times(n - hit$g - hit$l, 1 - 2 * q - null)))
    }, 0)
  }
  ends <- c(max(0, -null), (1 - null) / 2)
  grid <- seq(ends[1], ends[2], length.out = 1001)
  p <- at(grid)
  step <- grid[2] - grid[1]
  best <- order(-p)[1:4]
  min(1, max(p, vapply(grid[best], function(g) {
    optimize(at, c(max(ends[1], g - step), min(ends[2], g + step)), maximum = TRUE, tol = 1e-13)$objective
  }, 0)))
}
