# A second, deliberately naive program for least squares, correlation, pooled studies and change against baseline, written
# from the papers alone. Sums run in pairs of doubles (106 bits). Nothing here calls the package.

# ---- arithmetic in pairs of doubles (Dekker 1971) -------------------------------------------------------------------

# A number is c(high, low).
dd <- function(x) c(x, 0)
dd_sum2 <- function(a, b) {
  s <- a + b
  v <- s - a
  c(s, (a - (s - v)) + (b - v))
}
dd_add <- function(x, y) {
  s <- dd_sum2(x[1], y[1])
  t <- dd_sum2(x[2], y[2])
  s <- dd_sum2(s[1], s[2] + t[1])
  dd_sum2(s[1], s[2] + t[2])
}
dd_mul2 <- function(a, b) {
  split <- function(v) {
    t <- 134217729 * v
    h <- t - (t - v)
    c(h, v - h)
  }
  p <- a * b
  x <- split(a)
  y <- split(b)
  c(p, ((x[1] * y[1] - p) + x[1] * y[2] + x[2] * y[1]) + x[2] * y[2])
}
dd_mul <- function(x, y) {
  p <- dd_mul2(x[1], y[1])
  dd_sum2(p[1], p[2] + (x[1] * y[2] + x[2] * y[1]))
}
dd_div <- function(x, y) {
  q1 <- x[1] / y[1]
  r <- dd_add(x, -dd_mul(y, dd(q1)))
  q2 <- r[1] / y[1]
  r <- dd_add(r, -dd_mul(y, dd(q2)))
  dd_add(dd_sum2(q1, q2), dd(r[1] / y[1]))
}
dd_dot <- function(a, b, w = rep(1, length(a))) {
  total <- dd(0)
  for (i in seq_along(a)) total <- dd_add(total, dd_mul(dd_mul2(a[i], b[i]), dd(w[i])))
  total
}

# Gauss with the largest pivot; a is a list of rows of pairs, b a list of pairs.
dd_solve <- function(a, b) {
  p <- length(b)
  for (k in seq_len(p)) {
    best <- k - 1 + which.max(vapply(k:p, function(i) abs(a[[i]][[k]][1]), 0))
    a[c(k, best)] <- a[c(best, k)]
    b[c(k, best)] <- b[c(best, k)]
    for (i in seq_len(p)[-seq_len(k)]) {
      f <- dd_div(a[[i]][[k]], a[[k]][[k]])
      for (j in k:p) a[[i]][[j]] <- dd_add(a[[i]][[j]], -dd_mul(f, a[[k]][[j]]))
      b[[i]] <- dd_add(b[[i]], -dd_mul(f, b[[k]]))
    }
  }
  x <- vector("list", p)
  for (i in rev(seq_len(p))) {
    s <- b[[i]]
    for (j in seq_len(p)[-seq_len(i)]) s <- dd_add(s, -dd_mul(a[[i]][[j]], x[[j]]))
    x[[i]] <- dd_div(s, a[[i]][[i]])
  }
  x
}

# ---- least squares --------------------------------------------------------------------------------------------------

# Normal equations X'WX b = X'Wy in pairs of doubles; columns are scaled by powers of two first. x of full rank.
oracle_least_squares <- function(x, y, w = rep(1, length(y))) {
  n <- sum(w > 0)
  p <- ncol(x)
  power <- function(v) 2^round(log2(max(abs(v), .Machine$double.xmin)))
  scale <- apply(x, 2, power)
  size <- power(y)
  z <- sweep(x, 2, scale, "/")
  u <- y / size
  a <- lapply(seq_len(p), function(i) lapply(seq_len(p), function(j) dd_dot(z[, i], z[, j], w)))
  b <- dd_solve(a, lapply(seq_len(p), function(i) dd_dot(z[, i], u, w)))
  residual <- vapply(seq_along(u), function(i) {
    r <- dd(u[i])
    for (j in seq_len(p)) r <- dd_add(r, -dd_mul(b[[j]], dd(z[i, j])))
    sum(r)
  }, 0)
  unit <- function(k) lapply(seq_len(p), function(i) dd(as.numeric(i == k)))
  inverse <- vapply(seq_len(p), function(k) vapply(dd_solve(a, unit(k)), sum, 0), numeric(p))
  inverse <- matrix(inverse, p)
  beta <- vapply(b, sum, 0) * size / scale
  rss <- sum(w * residual^2) * size^2
  sigma2 <- sum(w * residual^2) / (n - p) * size * size
  bread <- inverse / outer(scale, scale)
  leverage <- w * rowSums((z %*% inverse) * z)
  list(beta = beta, bread = bread, vcov = sigma2 * bread, residual = residual * size, leverage = leverage, rss = rss,
       sigma = sqrt(sigma2), df = n - p, x = x, y = y, w = w)
}

# Sandwich X'X^-1 (sum of x x' (w e)^2 omega) X'X^-1: HC0 White (1980), HC1 n / (n - p), HC2 1 / (1 - h), HC3 1 / (1 - h)^2
# (MacKinnon and White 1985), HC4 1 / (1 - h)^min(4, n h / p) (Cribari-Neto 2004).
oracle_hc <- function(fit, type = "HC3") {
  use <- fit$w > 0
  n <- sum(use)
  p <- ncol(fit$x)
  h <- fit$leverage
  factor <- switch(type, HC0 = 1, HC1 = n / (n - p), HC2 = 1 / (1 - h), HC3 = 1 / (1 - h)^2,
                   HC4 = (1 - h)^-pmin(4, n * h / p))
  meat <- matrix(0, p, p)
  each <- (fit$w * fit$residual)^2 * factor
  for (i in which(use)) meat <- meat + each[i] * outer(fit$x[i, ], fit$x[i, ])
  fit$bread %*% meat %*% fit$bread
}

# By cluster: CR0 Liang and Zeger (1986); CR1 times G / (G - 1) (n - 1) / (n - p), as Stata; CR2 Bell and McCaffrey (2002),
# residuals of a cluster times the symmetric (I - H_gg)^-1/2, for unweighted fits. `df`: Satterthwaite's for CR2.
oracle_cluster <- function(fit, cluster, type = "CR1") {
  groups <- split(seq_along(fit$y), as.character(cluster))
  n <- length(fit$y)
  p <- ncol(fit$x)
  hat <- fit$x %*% fit$bread %*% t(fit$x)
  inverse_root <- function(m) {
    e <- eigen(m, symmetric = TRUE)
    keep <- e$values > 1e-10
    e$vectors[, keep, drop = FALSE] %*% (t(e$vectors[, keep, drop = FALSE]) / sqrt(e$values[keep]))
  }
  meat <- matrix(0, p, p)
  parts <- vector("list", p)
  for (g in groups) {
    adjust <- if (type == "CR2") inverse_root(diag(length(g)) - hat[g, g, drop = FALSE]) else diag(length(g))
    s <- crossprod(fit$x[g, , drop = FALSE], adjust %*% (fit$w * fit$residual)[g])
    meat <- meat + tcrossprod(s)
    if (type == "CR2") {
      part <- t((diag(n) - hat)[g, , drop = FALSE]) %*% adjust %*% fit$x[g, , drop = FALSE] %*% fit$bread
      for (j in seq_len(p)) parts[[j]] <- cbind(parts[[j]], part[, j])
    }
  }
  k <- length(groups)
  factor <- if (type == "CR1") k / (k - 1) * (n - 1) / (n - p) else 1
  list(vcov = factor * fit$bread %*% meat %*% fit$bread, clusters = k,
       df = if (type == "CR2") vapply(parts, function(g) sum(diag(crossprod(g)))^2 / sum(crossprod(g)^2), 0))
}

# Share of what the other columns leave unexplained that `set` explains; F of the set.
oracle_partial <- function(x, y, w = rep(1, length(y)), set) {
  full <- oracle_least_squares(x, y, w)
  rest <- if (length(set) == ncol(x)) sum(w * y^2) else oracle_least_squares(x[, -set, drop = FALSE], y, w)$rss
  f <- (rest - full$rss) / length(set) / (full$rss / full$df)
  list(partial_r2 = (rest - full$rss) / rest, statistic = f, df = length(set), df_denominator = full$df,
       p_value = pf(f, length(set), full$df, lower.tail = FALSE))
}

# ---- correlation ----------------------------------------------------------------------------------------------------

oracle_permutations <- function(n) {
  if (n == 1) return(matrix(1L))
  shorter <- oracle_permutations(n - 1)
  do.call(rbind, lapply(seq_len(n), function(k) cbind(k, matrix(seq_len(n)[-k][shorter], nrow(shorter)))))
}

# Sum of the signs of all pairs.
oracle_kendall_s <- function(x, y) {
  s <- 0
  for (i in seq_along(x)) for (j in seq_len(i - 1)) s <- s + sign(x[i] - x[j]) * sign(y[i] - y[j])
  s
}

# Pearson (limits by Fisher's z), Spearman, Kendall's tau-b. Limits of Bonett and Wright (2000): variance of z
# (1 + r^2 / 2) / (n - 3) and .437 / (n - 4). `p_exact` lists all n! orders of y: two-sided `central` doubles the smaller
# tail, `distance` counts what lies as far from 0. `p_value` is t on n - 2 (Pearson, Spearman), normal with the variance
# for ties of Kendall (1970) for tau.
oracle_association <- function(x, y, method = "pearson", conf_level = 0.95, exact = FALSE) {
  n <- length(x)
  if (method == "kendall") {
    a <- tabulate(match(x, unique(x)))
    b <- tabulate(match(y, unique(y)))
    pairs <- n * (n - 1) / 2
    s <- oracle_kendall_s(x, y)
    r <- s / sqrt((pairs - sum(a * (a - 1) / 2)) * (pairs - sum(b * (b - 1) / 2)))
    v <- (n * (n - 1) * (2 * n + 5) - sum(a * (a - 1) * (2 * a + 5)) - sum(b * (b - 1) * (2 * b + 5))) / 18 +
      sum(a * (a - 1)) * sum(b * (b - 1)) / (2 * n * (n - 1)) +
      sum(a * (a - 1) * (a - 2)) * sum(b * (b - 1) * (b - 2)) / (9 * n * (n - 1) * (n - 2))
    statistic <- s / sqrt(v)
    p <- 2 * pnorm(-abs(statistic))
    se <- sqrt(0.437 / (n - 4))
  } else {
    u <- if (method == "spearman") rank(x) else x
    v <- if (method == "spearman") rank(y) else y
    r <- sum((u - mean(u)) * (v - mean(v))) / sqrt(sum((u - mean(u))^2) * sum((v - mean(v))^2))
    statistic <- r * sqrt((n - 2) / (1 - r^2))
    p <- 2 * pt(-abs(statistic), n - 2)
    se <- if (method == "spearman") sqrt((1 + r^2 / 2) / (n - 3)) else 1 / sqrt(n - 3)
  }
  z <- atanh(r) + c(-1, 1) * qnorm((1 + conf_level) / 2) * se
  out <- list(estimate = r, statistic = statistic, p_value = p, conf_low = tanh(z[1]), conf_high = tanh(z[2]))
  if (exact) out$p_exact <- oracle_association_exact(x, y, method)
  out
}

oracle_association_exact <- function(x, y, method) {
  orders <- oracle_permutations(length(y))
  u <- 2 * rank(x)
  v <- 2 * rank(y)
  figure <- function(o) if (method == "kendall") oracle_kendall_s(x, y[o]) else sum(u * v[o])
  all <- apply(orders, 1, figure)
  centre <- if (method == "kendall") 0 else sum(u) * sum(v) / length(u)
  seen <- figure(seq_along(y))
  upper <- mean(all >= seen)
  lower <- mean(all <= seen)
  c(lower = lower, upper = upper, central = min(1, 2 * min(lower, upper)),
    distance = mean(abs(all - centre) >= abs(seen - centre) - 1e-9))
}

# ---- pooled studies -------------------------------------------------------------------------------------------------

# Estimates b with standard errors s. tau2: DerSimonian and Laird (1986); Paule and Mandel (1982), the generalised Q equals
# k - 1; REML. Pooled with weights 1 / (s^2 + tau2), z limits, and by Hartung and Knapp (2001), Sidik and Jonkman (2002):
# t on k - 1, variance sum w (b - mean)^2 / ((k - 1) sum w).
oracle_pool <- function(b, s, tau = "reml", conf_level = 0.95) {
  k <- length(b)
  v <- s^2
  mean_at <- function(t2) sum(b / (v + t2)) / sum(1 / (v + t2))
  q_at <- function(t2) sum((b - mean_at(t2))^2 / (v + t2))
  w <- 1 / v
  q <- q_at(0)
  restricted <- function(t2) -0.5 * (sum(log(v + t2)) + log(sum(1 / (v + t2))) + q_at(t2))
  most <- 100 * (max(v) + diff(range(b))^2)
  tau2 <- switch(tau,
    fixed = 0,
    dl = max(0, (q - (k - 1)) / (sum(w) - sum(w^2) / sum(w))),
    pm = if (q <= k - 1) 0 else uniroot(function(t2) q_at(t2) - (k - 1), c(0, most), tol = 1e-15, maxiter = 5000)$root,
    reml = oracle_largest(restricted, most)
  )
  w <- 1 / (v + tau2)
  centre <- mean_at(tau2)
  z <- qnorm((1 + conf_level) / 2)
  t <- if (k > 1) qt((1 + conf_level) / 2, k - 1) else NaN
  se <- sqrt(1 / sum(w))
  hk <- sqrt(sum(w * (b - centre)^2) / ((k - 1) * sum(w)))
  list(estimate = centre, std_error = se, conf_low = centre - z * se, conf_high = centre + z * se, tau2 = tau2, q = q,
       df = k - 1, p_heterogeneity = pchisq(q, k - 1, lower.tail = FALSE), i2 = max(0, 1 - (k - 1) / q),
       hk_se = hk, hk_low = centre - t * hk, hk_high = centre + t * hk, hk_p = 2 * pt(-abs(centre / hk), k - 1))
}

# The largest value on [0, most]: a grid, then the root of the slope beside the best point.
oracle_largest <- function(f, most) {
  grid <- c(0, most * 10^seq(-12, 0, length.out = 600))
  best <- which.max(vapply(grid, f, 0))
  if (best == 1) {
    return(0)
  }
  around <- c(grid[best - 1], grid[min(best + 1, length(grid))])
  slope <- function(t2) oracle_derivative(f, t2, h = 1e-4 * t2)
  if (slope(max(around[1], 1e-3 * around[2])) <= 0) return(optimize(f, around, maximum = TRUE, tol = 1e-12)$maximum)
  uniroot(slope, c(max(around[1], 1e-3 * around[2]), around[2]), tol = 1e-14 * most)$root
}

# ---- change against baseline ----------------------------------------------------------------------------------------

# Change is after minus before. `naive`: slope of the change on the baseline. `oldham` (1962): correlation and slope of the
# change on the mean of both. `pitman_morgan` (1939): ratio of the variances after over before, with its limits and the t of
# the correlation of sum and difference. `blomqvist` (1977): slope on the true baseline, reliability known:
# (b + 1 - reliability) / reliability. `mee_chua` (1991): mean change that regression to the mean `mu` leaves over:
# the intercept of after - mu on before - mu.
oracle_baseline <- function(before, after, reliability = 1, mu = mean(before), conf_level = 0.95) {
  n <- length(before)
  change <- after - before
  line <- function(u, v) {
    b <- sum((u - mean(u)) * (v - mean(v))) / sum((u - mean(u))^2)
    a <- mean(v) - b * mean(u)
    s2 <- sum((v - a - b * u)^2) / (n - 2)
    se <- sqrt(s2 / sum((u - mean(u))^2))
    se_a <- sqrt(s2 * (1 / n + mean(u)^2 / sum((u - mean(u))^2)))
    t <- qt((1 + conf_level) / 2, n - 2)
    list(slope = b, std_error = se, conf_low = b - t * se, conf_high = b + t * se, p_value = 2 * pt(-abs(b / se), n - 2),
         intercept = a, intercept_se = se_a, intercept_low = a - t * se_a, intercept_high = a + t * se_a,
         intercept_p = 2 * pt(-abs(a / se_a), n - 2))
  }
  naive <- line(before, change)
  r <- cor(before, after)
  ratio <- var(after) / var(before)
  t <- qt((1 + conf_level) / 2, n - 2)
  k <- 1 + 2 * (1 - r^2) * t^2 / (n - 2)
  statistic <- (ratio - 1) * sqrt(n - 2) / (2 * sqrt(ratio * (1 - r^2)))
  list(naive = naive, oldham = c(line((before + after) / 2, change), r = cor((before + after) / 2, change)),
       pitman_morgan = list(ratio = ratio, conf_low = ratio * (k - sqrt(k^2 - 1)), conf_high = ratio * (k + sqrt(k^2 - 1)),
                            statistic = statistic, df = n - 2, p_value = 2 * pt(-abs(statistic), n - 2)),
       blomqvist = list(slope = (naive$slope + 1 - reliability) / reliability, std_error = naive$std_error / reliability),
       mee_chua = line(before - mu, after - mu))
}
