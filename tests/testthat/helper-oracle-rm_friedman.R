# A second, deliberately naive program for ranks within patients: every null distribution is listed in full, block by
# block. Written from the papers alone; nothing here calls the package. `y` is blocks (patients) x treatments (visits).

# ---- null distributions ---------------------------------------------------------------------------------------------

# All orderings of the numbers x, one a row, ties kept as separate rows (each has the same weight).
oracle_orderings <- function(x) {
  if (length(x) < 2) {
    return(matrix(x, 1))
  }
  do.call(rbind, lapply(seq_along(x), function(i) cbind(x[i], oracle_orderings(x[-i]))))
}

# Column sums under all orderings within each row of `scores` (NA cells stay empty), every combination listed with its
# number of ways: the joint null distribution, equal sums put together after each block. Returns `sums` and `ways`.
oracle_column_sums <- function(scores) {
  sums <- matrix(0, 1, ncol(scores))
  ways <- 1
  for (i in seq_len(nrow(scores))) {
    there <- !is.na(scores[i, ])
    block <- oracle_orderings(scores[i, there])
    at <- expand.grid(before = seq_len(nrow(sums)), now = seq_len(nrow(block)))
    wide <- sums[at$before, , drop = FALSE]
    wide[, there] <- wide[, there] + block[at$now, ]
    key <- apply(round(wide, 8), 1, paste, collapse = " ")
    first <- !duplicated(key)
    total <- rowsum(ways[at$before] / nrow(block), factor(key, levels = key[first]))
    sums <- wide[first, , drop = FALSE]
    ways <- as.vector(total)
  }
  list(sums = sums, ways = ways)
}

# The same without putting anything together: all orderings of the first block times all of the second and so on.
oracle_all_column_sums <- function(scores) {
  blocks <- lapply(seq_len(nrow(scores)), function(i) oracle_orderings(scores[i, ]))
  index <- as.matrix(expand.grid(lapply(blocks, function(b) seq_len(nrow(b)))))
  t(apply(index, 1, function(pick) colSums(do.call(rbind, Map(function(b, j) b[j, ], blocks, pick)))))
}

# P(statistic >= observed) over the null distribution; equal up to rounding counts as equal.
oracle_rank_tail <- function(null, statistic, observed) {
  values <- apply(null$sums, 1, statistic)
  sum(null$ways[values >= observed - 1e-9 * max(1, abs(observed))])
}

oracle_block_ranks <- function(y) t(apply(y, 1, rank, na.last = "keep"))

# ---- Friedman and its kin -------------------------------------------------------------------------------------------

# Friedman (1937) with the correction for ties (Conover 1999, section 5.8), Iman and Davenport (1980) F, Kendall's W.
oracle_friedman <- function(y, exact = FALSE) {
  r <- oracle_block_ranks(y)
  n <- nrow(r)
  k <- ncol(r)
  statistic <- function(sums) (k - 1) * sum((sums - n * (k + 1) / 2)^2) / (sum(r^2) - n * k * (k + 1)^2 / 4)
  q <- statistic(colSums(r))
  f <- (n - 1) * q / (n * (k - 1) - q)
  list(
    statistic = q, df = k - 1, p = stats::pchisq(q, k - 1, lower.tail = FALSE),
    f = f, df1 = k - 1, df2 = (k - 1) * (n - 1),
    p_f = stats::pf(f, k - 1, (k - 1) * (n - 1), lower.tail = FALSE),
    w = q / (n * (k - 1)), rank_sums = colSums(r),
    p_exact = if (exact) oracle_rank_tail(oracle_column_sums(r), statistic, q)
  )
}

# Quade (1979): blocks weighted by the rank of their range; exact: all orderings within blocks, block ranks fixed. The
# F grows with the treatment sum of squares, so that sum is what is enumerated.
oracle_quade <- function(y, exact = FALSE) {
  r <- oracle_block_ranks(y)
  n <- nrow(r)
  k <- ncol(r)
  weight <- rank(apply(y, 1, function(row) max(row) - min(row)))
  s <- weight * (r - (k + 1) / 2)
  total <- sum(s^2)
  between <- sum(colSums(s)^2) / n
  f <- (n - 1) * between / (total - between)
  list(
    statistic = f, df1 = k - 1, df2 = (k - 1) * (n - 1),
    p = stats::pf(f, k - 1, (k - 1) * (n - 1), lower.tail = FALSE),
    p_exact = if (exact) oracle_rank_tail(oracle_column_sums(s), function(sums) sum(sums^2) / n, between)
  )
}

# Page (1963): L = sum of score j times rank sum j; normal approximation with the permutation variance of the midranks,
# which is n k^2 (k + 1)^2 (k - 1) / 144 without ties and scores 1..k. Upper tail: ranks rise with the scores.
oracle_page <- function(y, scores = seq_len(ncol(y)), exact = FALSE) {
  r <- oracle_block_ranks(y)
  k <- ncol(r)
  l <- sum(scores * colSums(r))
  mean_l <- nrow(r) * (k + 1) / 2 * sum(scores)
  variance <- sum((scores - mean(scores))^2) / (k - 1) * sum((r - (k + 1) / 2)^2)
  z <- (l - mean_l) / sqrt(variance)
  out <- list(statistic = l, z = z, p_upper = stats::pnorm(z, lower.tail = FALSE), p_lower = stats::pnorm(z))
  if (exact) {
    null <- oracle_column_sums(r)
    out$p_upper_exact <- oracle_rank_tail(null, function(sums) sum(scores * sums), l)
    out$p_lower_exact <- oracle_rank_tail(null, function(sums) -sum(scores * sums), -l)
  }
  out
}

# Skillings and Mack (1981): midranks of what is there, (k + 1) / 2 for what is not, block weights sqrt(12 / (k + 1));
# blocks with one observation leave. `ties = "paper"`: their covariance, one entry -1 for each block with both visits.
# `ties = "permutation"`: the covariance of the midranks in hand (the same without ties). g-inverse for gaps in the net.
oracle_skillings_mack <- function(y, ties = "paper", exact = FALSE) {
  y <- y[rowSums(!is.na(y)) > 1, colSums(!is.na(y)) > 0, drop = FALSE]
  k <- ncol(y)
  r <- oracle_block_ranks(y)
  size <- rowSums(!is.na(y))
  a <- (r - (size + 1) / 2) * sqrt(12 / (size + 1))
  cover <- matrix(0, k, k)
  for (i in seq_len(nrow(y))) {
    there <- !is.na(y[i, ])
    spread <- if (ties == "paper") size[i] * (size[i] - 1) else sum(a[i, there]^2)
    block <- -matrix(spread / (size[i] * (size[i] - 1)), size[i], size[i])
    diag(block) <- spread / size[i]
    cover[there, there] <- cover[there, there] + block
  }
  inverse <- MASS::ginv(cover, tol = 1e-9)
  rank <- qr(cover, tol = 1e-9)$rank
  statistic <- function(sums) sum(sums * (inverse %*% sums))
  t <- statistic(colSums(a, na.rm = TRUE))
  list(
    statistic = t, df = rank, p = stats::pchisq(t, rank, lower.tail = FALSE), a = colSums(a, na.rm = TRUE),
    covariance = cover, p_exact = if (exact) oracle_rank_tail(oracle_column_sums(a), statistic, t)
  )
}

# ---- pairs ----------------------------------------------------------------------------------------------------------

# Conover and Iman (1979); Conover (1999), equation 5.8.9: t of a difference of rank sums on (n - 1)(k - 1) df.
oracle_conover <- function(y) {
  r <- oracle_block_ranks(y)
  n <- nrow(r)
  k <- ncol(r)
  sums <- colSums(r)
  df <- (n - 1) * (k - 1)
  se <- sqrt(2 * (n * sum(r^2) - sum(sums^2)) / df)
  t <- outer(sums, sums, "-") / se
  list(t = t, df = df, p = 2 * stats::pt(-abs(t), df))
}

# The studentized range by its definition (Copenhaver and Holland 1988): for infinite df
# k integral of phi(z) (Phi(z) - Phi(z - q))^(k - 1) dz, else that integrated over s = sqrt(chi2 / df). Upper tail.
# stats::ptukey() is off by up to about 1e-6 for small df, and loses all relative precision in the far upper tail.
oracle_studentized_range <- function(q, k, df = Inf) {
  wide <- function(f, from, to, pieces) {
    cuts <- seq(from, to, length.out = pieces + 1)
    sum(vapply(seq_len(pieces), function(i) {
      stats::integrate(f, cuts[i], cuts[i + 1], rel.tol = 1e-11, abs.tol = 0, stop.on.error = FALSE)$value
    }, 0))
  }
  upper <- function(q) { # 1 - x^(k-1) with x = Phi(z) - Phi(z - q), and Phi(z)^(k-1) integrating to 1 / k
    integrand <- function(z) {
      full <- stats::pnorm(z, log.p = TRUE)
      part <- log1p(-exp(stats::pnorm(z - q, log.p = TRUE) - full))
      -stats::dnorm(z) * exp((k - 1) * full) * expm1((k - 1) * part)
    }
    k * wide(integrand, -9, q + 9, 24)
  }
  if (is.infinite(df)) {
    return(upper(q))
  }
  outer_integrand <- function(s) {
    density <- exp(log(2) + df / 2 * log(df / 2) - lgamma(df / 2) + (df - 1) * log(s) - df * s^2 / 2)
    density * vapply(s, function(one) upper(q * one), 0)
  }
  wide(outer_integrand, 0, sqrt(stats::qchisq(1e-20, df, lower.tail = FALSE) / df) + 1, 12)
}

# Nemenyi (1963): the difference of mean ranks over sqrt(k (k + 1) / (12 n)) as a studentized range of infinite df.
oracle_nemenyi <- function(y) {
  r <- oracle_block_ranks(y)
  k <- ncol(r)
  means <- colMeans(r)
  q <- abs(outer(means, means, "-")) / sqrt(k * (k + 1) / (12 * nrow(r)))
  p <- q
  p[] <- vapply(as.vector(q), function(one) if (one == 0) 1 else oracle_studentized_range(one, k), 0)
  list(q = q, p = p, p_ptukey = stats::ptukey(q, k, Inf, lower.tail = FALSE))
}

# Eisinga, Heskes, Pelzer and Te Grotenhuis (2017): exact P(|D| >= |d|) of a difference of two rank sums. In each block
# the pair takes any two of the ranks in hand, ordered, with equal chance; blocks are convolved. Without ties their
# equation for D: each difference m has chance (k - m) / (k (k - 1)).
oracle_rank_sum_difference <- function(y, a, b) {
  r <- oracle_block_ranks(y)
  k <- ncol(r)
  values <- 0
  chance <- 1
  for (i in seq_len(nrow(r))) {
    step <- outer(r[i, ], r[i, ], "-")[!diag(k)]
    all <- round(as.vector(outer(values, step, "+")), 8)
    total <- tapply(rep(chance, length(step)) / length(step), factor(all, levels = unique(all)), sum)
    values <- unique(all)
    chance <- as.vector(total)
  }
  d <- sum(r[, a]) - sum(r[, b])
  list(d = d, p = sum(chance[abs(values) >= abs(d) - 1e-9]), p_greater = sum(chance[values >= d - 1e-9]))
}
