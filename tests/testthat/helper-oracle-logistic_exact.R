# Exact conditional logistic regression a second time, by listing: every response vector is written down, those with the
# observed sums of the nuisance columns are kept. Nothing here calls the package. Values should be whole numbers or decimals.

# All 0/1 vectors of length n, one a row.
oracle_responses <- function(n) as.matrix(expand.grid(rep(list(0:1), n)))

# Distribution of the sums of the columns `set` given those of all others and the events of each stratum: `values` one point
# a row, `mass`, and the observed point.
oracle_exact_distribution <- function(x, y, set, strata = NULL, offset = rep(0, length(y))) {
  all <- oracle_responses(length(y))
  given <- x[, setdiff(seq_len(ncol(x)), set), drop = FALSE]
  if (!is.null(strata)) given <- cbind(given, model.matrix(~ 0 + factor(strata)))
  same <- rep(TRUE, nrow(all))
  for (j in seq_len(ncol(given))) same <- same & abs(all %*% given[, j] - sum(y * given[, j])) < 1e-8
  sums <- round(all[same, , drop = FALSE] %*% x[, set, drop = FALSE], 8)
  key <- apply(sums, 1, paste, collapse = " ")
  weight <- exp(drop(all[same, , drop = FALSE] %*% offset))
  first <- !duplicated(key)
  mass <- as.numeric(tapply(weight, factor(key, levels = key[first]), sum)) / sum(weight)
  list(values = sums[first, , drop = FALSE], mass = mass, observed = round(colSums(x[, set, drop = FALSE] * y), 8))
}

# One 2 x 2 table a stratum: the sum of hypergeometric numbers by convolution. Columns x1, n1, x0, n0.
oracle_exact_tables <- function(tables) {
  values <- 0
  mass <- 1
  for (i in seq_len(nrow(tables))) {
    t <- tables[i, ]
    x <- max(0, t$x1 + t$x0 - t$n0):min(t$n1, t$x1 + t$x0)
    sums <- outer(values, x, "+")
    p <- outer(mass, dhyper(x, t$n1, t$n0, t$x1 + t$x0))
    values <- sort(unique(as.numeric(sums)))
    mass <- vapply(values, function(v) sum(p[sums == v]), 0)
  }
  list(values = matrix(values), mass = mass, observed = sum(tables$x1))
}

oracle_exact_at <- function(d, beta) {
  u <- d$values[, 1] - d$observed
  w <- log(d$mass) + beta * u
  w <- exp(w - max(w))
  w <- w / sum(w)
  list(upper = sum(w[u > 0]), equal = sum(w[u == 0]), lower = sum(w[u < 0]), mean = sum(w * u))
}

# Conditional estimate (median unbiased at the ends), limits by inverting each tail at alpha / 2, p = twice the smaller tail;
# with midp half of the observed point is taken off. Root search on [-far, far].
oracle_exact_one <- function(d, conf_level = 0.95, midp = FALSE, far = 60) {
  u <- d$values[, 1] - d$observed
  if (length(u) == 1) return(NULL)
  own <- if (midp) 0.5 else 1
  upper <- function(b, own) with(oracle_exact_at(d, b), upper + own * equal)
  lower <- function(b, own) with(oracle_exact_at(d, b), lower + own * equal)
  root <- function(f) uniroot(f, c(-far, far), tol = 1e-13, maxiter = 5000)$root
  alpha <- (1 - conf_level) / 2
  lowest <- all(u >= 0)
  highest <- all(u <= 0)
  estimate <- if (highest) root(function(b) upper(b, 1) - 0.5) else if (lowest) root(function(b) lower(b, 1) - 0.5) else
    root(function(b) oracle_exact_at(d, b)$mean)
  list(estimate = estimate, conf_low = if (lowest) -Inf else root(function(b) upper(b, own) - alpha),
       conf_high = if (highest) Inf else root(function(b) lower(b, own) - alpha),
       p_value = min(1, 2 * min(upper(0, own), lower(0, own))))
}

# Score (t - mean)' V^- (t - mean) and probability test of no effect of all columns of d.
oracle_exact_test <- function(d) {
  mean <- colSums(d$mass * d$values)
  centred <- sweep(d$values, 2, mean)
  v <- crossprod(centred * sqrt(d$mass))
  s <- svd(v)
  keep <- s$d > 1e-10 * s$d[1]
  inverse <- s$v[, keep, drop = FALSE] %*% (t(s$u[, keep, drop = FALSE]) / s$d[keep])
  score <- rowSums((centred %*% inverse) * centred)
  here <- which(rowSums(abs(sweep(d$values, 2, d$observed))) < 1e-7)
  list(score = score[here], df = sum(keep), p_score = sum(d$mass[score >= score[here] * (1 - 1e-9)]),
       probability = d$mass[here], p_probability = sum(d$mass[d$mass <= d$mass[here] * (1 + 1e-7)]))
}
