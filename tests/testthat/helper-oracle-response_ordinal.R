# A second program for the proportional-odds model, written from McCullagh (1980): differences of the logistic function.
naive_ordinal <- function(x, y, w = rep(1, length(y))) {
  k <- max(y) - 1L
  x <- as.matrix(x)
  loglik <- function(par) {
    if (is.unsorted(par[seq_len(k)], strictly = TRUE)) {
      return(-1e10)
    }
    eta <- drop(x %*% par[-seq_len(k)])
    cum <- cbind(0, outer(-eta, par[seq_len(k)], function(e, t) stats::plogis(t + e)), 1)
    sum(w * log(cum[cbind(seq_along(y), y + 1L)] - cum[cbind(seq_along(y), y)]))
  }
  slope <- function(par, h = 1e-5) vapply(seq_along(par), function(i) {
    e <- replace(numeric(length(par)), i, h)
    (loglik(par + e) - loglik(par - e)) / (2 * h)
  }, 0)
  list(loglik = loglik, slope = slope)
}

# Wins pair by pair, and the variance of the share of wins from the placements (Brunner and Munzel 2000; DeLong).
naive_wins <- function(level, reference) {
  s <- outer(level, reference, function(a, b) (a > b) + (a == b) / 2)
  p <- mean(s)
  v1 <- stats::var(rowMeans(s)) / length(level)
  v0 <- stats::var(colMeans(s)) / length(reference)
  df <- (v1 + v0)^2 / (v1^2 / (length(level) - 1) + v0^2 / (length(reference) - 1))
  list(p = p, se = sqrt(v1 + v0), df = df)
}

# Brant's test from his paper, with glm() for the logistic models and full matrices.
naive_brant <- function(x, y, columns = seq_len(ncol(x))) {
  k <- max(y)
  u <- cbind(1, x)
  fits <- lapply(seq_len(k), function(j) {
    stats::glm(as.integer(y >= j) ~ x, family = stats::binomial, control = list(epsilon = 1e-15, maxit = 100))
  })
  p <- lapply(fits, stats::fitted)
  inverse <- lapply(p, function(q) solve(crossprod(u, u * q * (1 - q))))
  at <- function(j) (j - 1) * ncol(u) + seq_len(ncol(u))
  v <- matrix(0, k * ncol(u), k * ncol(u))
  for (j in seq_len(k)) for (l in seq_len(k)) {
    both <- p[[max(j, l)]] - p[[j]] * p[[l]]
    v[at(j), at(l)] <- inverse[[j]] %*% crossprod(u, u * both) %*% inverse[[l]]
  }
  b <- unlist(lapply(fits, stats::coef))
  d <- do.call(rbind, lapply(seq_len(k)[-1], function(j) {
    t(vapply(columns, function(a) replace(replace(numeric(length(b)), at(1)[a + 1], 1), at(j)[a + 1], -1), b))
  }))
  apart <- d %*% b
  c(statistic = sum(apart * solve(d %*% v %*% t(d), apart)), df = nrow(d))
}

# The win ratio pair by pair, with the delta method on the two U-statistics (Bebchuk and Lachin 2016).
naive_win_ratio <- function(level, reference) {
  won <- outer(level, reference, ">")
  lost <- outer(level, reference, "<")
  cov <- function(f) stats::cov(cbind(f(won), f(lost)))
  v <- list(cov(rowMeans) / length(level), cov(colMeans) / length(reference))
  slope <- c(1 / mean(won), -1 / mean(lost))
  parts <- vapply(v, function(m) sum(slope * m %*% slope), 0)
  df <- sum(parts)^2 / sum(parts^2 / (c(length(level), length(reference)) - 1))
  list(estimate = mean(won) / mean(lost), se = sqrt(sum(parts)), df = df)
}
