# Sison and Glaz (1995) with the moments of the truncated Poisson counts summed term by term.
naive_within <- function(count, c) {
  n <- sum(count)
  parts <- vapply(count, function(x) {
    at <- seq(max(0, x - c), x + c)
    p <- stats::dpois(at, x)
    m <- sum(p * at) / sum(p)
    central <- function(r) sum(p * (at - m)^r) / sum(p)
    c(sum(p), m, central(2), central(3), central(4) - 3 * central(2)^2)
  }, numeric(5))
  s <- sqrt(sum(parts[3, ]))
  z <- (n - sum(parts[2, ])) / s
  g1 <- sum(parts[4, ]) / s^3
  g2 <- sum(parts[5, ]) / s^4
  series <- 1 + g1 * (z^3 - 3 * z) / 6 + g2 * (z^4 - 6 * z^2 + 3) / 24 + g1^2 * (z^6 - 15 * z^4 + 45 * z^2 - 15) / 72
  prod(parts[1, ]) * stats::dnorm(z) * series / s / stats::dpois(n, n)
}

naive_sison_glaz <- function(count, level) {
  before <- 0
  for (c in seq_len(sum(count))) {
    now <- naive_within(count, c)
    if (now > level && before < level) break
    before <- now
  }
  reach <- c - 1 + 2 * (level - before) / (now - before)
  cbind(pmax(0, count - c + 1), pmin(sum(count), count + reach)) / sum(count)
}

# The roots of n (x / n - P)^2 = b P (1 - P).
naive_score_limits <- function(count, b) {
  n <- sum(count)
  t(vapply(count, function(x) sort(Re(polyroot(c(x^2 / n, -2 * x - b, n + b)))), numeric(2)))
}

share_limits <- function(count, ...) {
  d <- data.frame(class = factor(rep(seq_along(count), count), seq_along(count), ordered = TRUE))
  x <- as.data.frame(response_rate(class ~ 1, d, at_least = FALSE, missing = "excluded", ...))
  unname(as.matrix(x[c("conf_low_adjusted", "conf_high_adjusted")]))
}
