# A second, deliberately naive program for square tables, agreement and more than two visits, written from the papers
# alone. Tables: rows before, columns after, in the same order of levels. Nothing here calls the package.

# ---- square tables --------------------------------------------------------------------------------------------------

# Bowker (1948): every pair of cells off the diagonal; pairs without a patient give 0 and keep their df unless
# `count_empty` is FALSE.
oracle_bowker <- function(table, count_empty = TRUE) {
  a <- table[upper.tri(table)]
  b <- t(table)[upper.tri(table)]
  seen <- a + b > 0
  statistic <- sum(((a - b)^2 / (a + b))[seen])
  df <- if (count_empty) length(a) else sum(seen)
  list(statistic = statistic, df = df, p_value = pchisq(statistic, df, lower.tail = FALSE))
}

# d' V^- d by the eigenvectors of V, and the rank of V.
oracle_quadratic <- function(d, v) {
  e <- eigen(v, symmetric = TRUE)
  keep <- e$values > 1e-9 * max(1, e$values)
  c(sum(((crossprod(e$vectors, d))^2 / e$values)[keep]), sum(keep))
}

# Stuart (1955), Maxwell (1970): differences of the margins with their covariance under equal margins; Bhapkar (1966)
# with the covariance that is left when their square is taken off (the same as W / (1 - W / N), Ireland, Ku and Kullback
# 1969). Levels nobody holds and levels tied only to themselves leave by the rank.
oracle_marginal_homogeneity <- function(table, method = "stuart_maxwell") {
  d <- rowSums(table) - colSums(table)
  v <- diag(rowSums(table) + colSums(table), nrow(table)) - table - t(table)
  if (method == "bhapkar") v <- v - d %o% d / sum(table)
  q <- if (all(v == 0)) c(0, 0) else oracle_quadratic(d, v)
  list(statistic = q[1], df = q[2], p_value = if (q[2] == 0) 1 else pchisq(q[1], q[2], lower.tail = FALSE))
}

# Ordered levels (Agresti 1983; White, Landis and Cooper 1982): sum of score after - score before over its standard
# error sqrt(sum of squares).
oracle_ordered_margins <- function(table, scores = seq_len(nrow(table)), alternative = "two.sided") {
  change <- outer(scores, scores, function(before, after) after - before)
  v <- sum(change^2 * table)
  z <- if (v == 0) 0 else sum(change * table) / sqrt(v)
  list(statistic = z, p_value = if (v == 0) 1 else oracle_choose(pnorm(z), pnorm(-z), alternative))
}

# Exact given the number of patients in each pair of cells: every split of every pair (each patient turns round with
# probability 1/2). Returns P(far(table) >= far(table seen)) for any function `far`.
oracle_square_exact <- function(table, far) {
  at <- which(upper.tri(table), arr.ind = TRUE)
  total <- table[at] + table[at[, 2:1, drop = FALSE]]
  at <- at[total > 0, , drop = FALSE]
  total <- total[total > 0]
  if (!length(total)) {
    return(1)
  }
  splits <- as.matrix(expand.grid(lapply(total, function(m) 0:m)))
  weight <- exp(rowSums(matrix(lchoose(rep(total, each = nrow(splits)), splits), nrow(splits)))) / 2^sum(total)
  value <- apply(splits, 1, function(k) {
    new <- table
    new[at] <- k
    new[at[, 2:1, drop = FALSE]] <- total - k
    far(new)
  })
  sum(weight[value >= far(table) - 1e-9])
}

# ---- many visits ----------------------------------------------------------------------------------------------------

# Cochran (1950) on a 0/1 matrix, patients x visits, all visits there; exact over every way to place each patient's
# events among the visits.
oracle_cochran_q <- function(y, exact = FALSE) {
  k <- ncol(y)
  r <- rowSums(y)
  bottom <- k * sum(r) - sum(r^2)
  q_of <- function(sums) if (bottom == 0) 0 else k * (k - 1) * sum((sums - mean(sums))^2) / bottom
  q <- q_of(colSums(y))
  p <- if (bottom == 0) 1 else pchisq(q, k - 1, lower.tail = FALSE)
  if (exact) {
    moving <- y[r > 0 & r < k, , drop = FALSE]
    fixed <- colSums(y) - colSums(moving)
    null <- oracle_placements(moving)
    p <- sum(null$share[apply(null$sums, 1, function(s) q_of(s + fixed)) >= q - 1e-9])
  }
  list(statistic = q, df = k - 1, p_value = p)
}

# The joint distribution of the visits' totals, patient by patient.
oracle_placements <- function(y) {
  k <- ncol(y)
  sums <- matrix(0, 1, k)
  share <- 1
  for (i in seq_len(nrow(y))) {
    ways <- combn(k, sum(y[i, ]))
    new <- do.call(rbind, lapply(seq_len(ncol(ways)), function(j) {
      sums + matrix(seq_len(k) %in% ways[, j], nrow(sums), k, byrow = TRUE)
    }))
    key <- apply(new, 1, paste, collapse = " ")
    first <- !duplicated(key)
    share <- as.vector(rowsum(rep(share, ncol(ways)) / ncol(ways), factor(key, levels = key[first])))
    sums <- new[first, , drop = FALSE]
  }
  list(sums = sums, share = share)
}

# Cochran-Mantel-Haenszel with the patient as stratum (Landis, Heyman and Koch 1978), NA where a visit is missing:
# events at each visit less their expectation r / m, covariance r (m - r) / (m^2 (m - 1)) (m I - 1) within each
# patient of m >= 2 visits.
oracle_cmh_patients <- function(y) {
  k <- ncol(y)
  gap <- numeric(k)
  v <- matrix(0, k, k)
  used <- 0
  for (i in seq_len(nrow(y))) {
    there <- which(!is.na(y[i, ]))
    m <- length(there)
    if (m < 2) next
    used <- used + 1
    r <- sum(y[i, there])
    gap[there] <- gap[there] + y[i, there] - r / m
    v[there, there] <- v[there, there] + r * (m - r) / (m^2 * (m - 1)) * (m * diag(m) - 1)
  }
  q <- if (all(v == 0)) c(0, 0) else oracle_quadratic(gap, v)
  list(statistic = q[1], df = q[2], p_value = if (q[2] == 0) 1 else pchisq(q[1], q[2], lower.tail = FALSE), n = used)
}

# ---- agreement ------------------------------------------------------------------------------------------------------

# Cohen (1960, 1968): weights `none`, `linear` 1 - |i - j| / (k - 1), `quadratic` 1 - (i - j)^2 / (k - 1)^2; standard
# errors of Fleiss, Cohen and Everitt (1969): the second for the interval, the first (under no agreement but chance)
# for z.
oracle_kappa <- function(table, weights = "none", conf_level = 0.95) {
  k <- nrow(table)
  n <- sum(table)
  p <- table / n
  away <- abs(outer(seq_len(k), seq_len(k), "-"))
  w <- switch(weights, none = (away == 0) + 0, linear = 1 - away / (k - 1), quadratic = 1 - (away / (k - 1))^2)
  rows <- rowSums(p)
  columns <- colSums(p)
  seen <- sum(w * p)
  chance <- sum(w * (rows %o% columns))
  kappa <- (seen - chance) / (1 - chance)
  mean_weights <- outer(drop(w %*% columns), drop(rows %*% w), "+")
  spread <- sum(p * (w - mean_weights * (1 - kappa))^2) - (kappa - chance * (1 - kappa))^2
  null_spread <- sum((rows %o% columns) * (w - mean_weights)^2) - chance^2
  se <- sqrt(spread / n) / (1 - chance)
  null_se <- sqrt(null_spread / n) / (1 - chance)
  z <- qnorm((1 + conf_level) / 2)
  list(estimate = kappa, std_error = se, null_std_error = null_se, conf_low = kappa - z * se,
    conf_high = kappa + z * se, statistic = kappa / null_se, p_value = 2 * pnorm(-abs(kappa / null_se)))
}
