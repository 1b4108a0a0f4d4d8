# A second, deliberately naive program for exact unconditional tests of two proportions and for exact tests of r x c
# tables and trends, written from the papers alone: every table listed, every nuisance parameter searched. Nothing here
# calls the package.

# ---- unconditional ---------------------------------------------------------------------------------------------------

# How far each of the (n1 + 1)(n0 + 1) tables leans to p1 > p0: `score` at the null (pooled Z of Barnard's test when the
# null is no difference; Chan and Zhang 1999), `unpooled` Z, raw `difference` (Santner and Snell 1980), `fisher` the
# one-sided conditional p itself (Boschloo 1970; small p = large, hence 1 - p at that odds ratio).
oracle_ordering <- function(n1, n0, order = "score", null = 0, scale = "difference") {
  out <- matrix(0, n1 + 1, n0 + 1)
  for (k1 in 0:n1) {
    for (k0 in 0:n0) {
      p <- c(k1 / n1, k0 / n0)
      gap <- if (scale == "ratio") p[1] - null * p[2] else p[1] - p[2] - if (scale == "difference") null else 0
      v <- sum(p * (1 - p) / c(n1, n0) * if (scale == "ratio") c(1, null^2) else 1)
      out[k1 + 1, k0 + 1] <- switch(order,
        score = oracle_score_z(k1, n1, k0, n0, null, scale),
        unpooled = if (abs(gap) < 1e-12) 0 else gap / sqrt(v),
        difference = gap,
        fisher = -oracle_family_p(oracle_fisher_family(k1, n1, k0, n0), k1, if (scale == "odds_ratio") log(null) else 0,
          alternative = "greater")
      )
    }
  }
  out
}

# The largest probability of the tables marked `extreme` over the nuisance p0: 2,001 points, then optimize() around the
# five best. `within` limits p0 (Berger and Boos 1994).
oracle_worst_case <- function(extreme, n1, n0, null = 0, scale = "difference", within = c(0, 1)) {
  first <- function(p0) {
    p <- switch(scale, difference = p0 + null, ratio = p0 * null, odds_ratio = null * p0 / (1 - p0 + null * p0))
    pmin(1, pmax(0, p))
  }
  low <- max(within[1], if (scale == "difference") -null else 0)
  high <- min(within[2], if (scale == "difference") 1 - null else if (scale == "ratio") 1 / null else 1)
  at <- function(p0) {
    colSums(outer(0:n1, first(p0), function(k, p) dbinom(k, n1, p)) *
      (extreme %*% outer(0:n0, p0, function(k, p) dbinom(k, n0, p))))
  }
  grid <- seq(low, high, length.out = 2001)
  p <- at(grid)
  step <- grid[2] - grid[1]
  best <- order(-p)[1:5]
  max(p, vapply(grid[best], function(g) {
    optimize(at, c(max(low, g - step), min(high, g + step)), maximum = TRUE, tol = 1e-13)$objective
  }, 0))
}

# Barnard (1945), Boschloo (1970), Suissa and Shuster (1985). `distance`: |ordering| at least as large (for `fisher` the
# two-sided minlike p at most as large); `central`: twice the smaller one-sided p. Ties within 1e-9 count.
oracle_unconditional_p <- function(x1, n1, x0, n0, order = "score", null = 0, scale = "difference",
                                   alternative = "two.sided", two_sided = "distance", gamma = 0) {
  if (alternative == "two.sided" && two_sided == "central") {
    one <- function(side) oracle_unconditional_p(x1, n1, x0, n0, order, null, scale, side, gamma = gamma)
    return(min(1, 2 * one("less"), 2 * one("greater")))
  }
  if (order == "fisher" && alternative != "greater") {
    theta <- if (scale == "odds_ratio") log(null) else 0
    t <- -outer(0:n1, 0:n0, Vectorize(function(k1, k0) {
      oracle_family_p(oracle_fisher_family(k1, n1, k0, n0), k1, theta, "minlike", alternative)
    }))
  } else {
    t <- oracle_ordering(n1, n0, order, null, scale)
    t <- switch(alternative, greater = t, less = -t, two.sided = abs(t))
  }
  seen <- t[x1 + 1, x0 + 1]
  extreme <- (if (seen == Inf) t == seen else t >= seen - 1e-9 * max(abs(seen), 1e-9)) + 0
  within <- c(0, 1)
  if (gamma > 0) { # null of no difference only: Clopper-Pearson of the common proportion
    limits <- oracle_binomial(x1 + x0, n1 + n0, conf_level = 1 - gamma)
    within <- c(limits$conf_low, limits$conf_high)
  }
  min(1, oracle_worst_case(extreme, n1, n0, null, scale, within) + gamma)
}

# Convex hull of the nulls not rejected, on a grid and then by halving (p jumps: only the outermost pieces as wide as
# the grid are sure to be seen).
oracle_unconditional_interval <- function(x1, n1, x0, n0, order = "score", scale = "difference", conf_level = 0.95,
                                          alternative = "two.sided", two_sided = "central", points = 81) {
  back <- function(t) if (scale == "difference") t else exp(t)
  p_at <- function(t) oracle_unconditional_p(x1, n1, x0, n0, order, back(t), scale, alternative, two_sided)
  end <- if (scale == "difference") 1 - 1e-9 else 12
  set <- oracle_hull(p_at, -end, end, 1 - conf_level, each = points)
  natural <- if (scale == "difference") c(-1, 1) else c(0, Inf)
  c(if (set[1] == -end) natural[1] else back(set[1]), if (set[2] == end) natural[2] else back(set[2]))
}

# ---- r x c tables ----------------------------------------------------------------------------------------------------

# All tables with these margins, one a row (cells by columns), first column dealt out first.
oracle_tables <- function(rows, columns) {
  if (length(columns) == 1) {
    return(matrix(rows, 1))
  }
  first <- as.matrix(expand.grid(lapply(pmin(rows, columns[1]), function(top) 0:top)))
  first <- first[rowSums(first) == columns[1], , drop = FALSE]
  do.call(rbind, lapply(seq_len(nrow(first)), function(i) {
    rest <- oracle_tables(rows - first[i, ], columns[-1])
    cbind(matrix(first[i, ], nrow(rest), length(rows), byrow = TRUE), rest)
  }))
}

# Their hypergeometric probabilities.
oracle_table_probability <- function(tables, rows, columns) {
  exp(sum(lfactorial(rows)) + sum(lfactorial(columns)) - lfactorial(sum(rows)) - rowSums(lfactorial(tables)))
}

# Freeman and Halton (1951) `probability`; `chisq` orders by Pearson's statistic, `g` by the likelihood ratio. Equal up
# to 1e-7 counts as equal. Mid-p takes half of every table tied with the one seen.
oracle_table_p <- function(table, order = "probability", midp = FALSE) {
  rows <- rowSums(table)
  columns <- colSums(table)
  all <- oracle_tables(rows, columns)
  p <- oracle_table_probability(all, rows, columns)
  e <- as.vector(rows %o% columns / sum(table))
  far <- switch(order,
    probability = -log(p),
    chisq = apply(all, 1, function(o) sum(((o - e)^2 / e)[e > 0])),
    g = apply(all, 1, function(o) 2 * sum((o * log(o / e))[o > 0]))
  )
  seen <- far[which(colSums(t(all) != as.vector(table)) == 0)]
  slack <- 1e-7 * max(1, abs(seen))
  sum(p[far >= seen - slack]) - if (midp) sum(p[abs(far - seen) <= slack]) / 2 else 0
}

oracle_pearson <- function(table, method = "chisq") {
  e <- rowSums(table) %o% colSums(table) / sum(table)
  use <- e > 0
  terms <- if (method == "g") 2 * ifelse(table > 0, table * log(table / e), 0) else (table - e)^2 / e
  df <- (sum(rowSums(table) > 0) - 1) * (sum(colSums(table) > 0) - 1)
  statistic <- sum(terms[use]) * if (method == "n1_chisq") (sum(table) - 1) / sum(table) else 1
  list(statistic = statistic, df = df, p_value = pchisq(statistic, df, lower.tail = FALSE))
}

# ---- trends ----------------------------------------------------------------------------------------------------------

# Linear by linear (Mantel 1963; Agresti 2002): T = sum u_i v_j n_ij; M^2 = (N - 1) r^2, or N r^2 (`n`: Cochran 1954 and
# Armitage 1955 for 2 x k). Exact over all tables with the same margins.
oracle_linear <- function(table, u = seq_len(nrow(table)), v = seq_len(ncol(table)), alternative = "two.sided",
                          two_sided = "distance", exact = FALSE, variance = "n_minus_1") {
  n <- sum(table)
  rows <- rowSums(table)
  columns <- colSums(table)
  t <- sum(u %o% v * table)
  middle <- sum(u * rows) * sum(v * columns) / n
  spread <- function(s, m) sum(m * s^2) - sum(m * s)^2 / n
  sd <- sqrt(spread(u, rows) * spread(v, columns) / if (variance == "n") n else n - 1)
  z <- if (sd > 0) (t - middle) / sd else 0 # one row or one column: nothing to test
  p <- oracle_choose(pnorm(z), pnorm(-z), alternative)
  if (exact) {
    all <- oracle_tables(rows, columns)
    weight <- oracle_table_probability(all, rows, columns)
    far <- drop(all %*% as.vector(u %o% v))
    slack <- 1e-9 * max(1, abs(far))
    p <- oracle_choose(sum(weight[far <= t + slack]), sum(weight[far >= t - slack]), alternative)
    if (alternative == "two.sided" && two_sided == "distance") {
      p <- sum(weight[abs(far - middle) >= abs(t - middle) - slack])
    }
  }
  list(statistic = z, p_value = min(1, p))
}

# Events x of n in ordered arms.
oracle_trend <- function(x, n, scores = seq_along(x), ...) oracle_linear(cbind(n - x, x), scores, 0:1, ...)
