# Second programs for the power family: every table with R's own tests, integrals by integrate().

naive_two_arms <- function(n_level, n, p, reference, p_value, alpha = 0.05) {
  power <- 0
  for (x in 0:n_level) for (y in 0:n) {
    p_here <- p_value(x, y)
    if (!is.na(p_here) && p_here <= alpha) power <- power + dbinom(x, n_level, p) * dbinom(y, n, reference)
  }
  power
}

naive_mcnemar <- function(n, gains, losses, alpha = 0.05) {
  power <- 0
  for (b in 0:n) for (c in 0:(n - b)) {
    if (b + c > 0 && min(1, 2 * pbinom(min(b, c), b + c, 0.5)) <= alpha) {
      power <- power + dmultinom(c(b, c, n - b - c), prob = c(gains, losses, 1 - gains - losses))
    }
  }
  power
}

# Owen's Q by another road: the spread s is the outer variable.
naive_equivalence <- function(effect, low, high, sd, n, alpha = 0.05) {
  df <- n - 1
  t <- qt(1 - alpha, df)
  error <- sd / sqrt(n)
  inner <- function(v) {
    s <- sqrt(v / df)
    pmax(0, pnorm((high - effect) / error - t * s) - pnorm((low - effect) / error + t * s)) * dchisq(v, df)
  }
  integrate(inner, 0, df * ((high - low) / (2 * error * t))^2, rel.tol = 1e-12, subdivisions = 2000)$value
}

# Welch: the two estimated variances are integrated one inside the other; given them the difference is normal.
naive_welch <- function(effect, n1, n2, sd1, sd2, alpha = 0.05) {
  error <- sqrt(sd1^2 / n1 + sd2^2 / n2)
  outer <- function(v1) vapply(v1, function(a) integrate(function(b) {
    e1 <- sd1^2 * a / (n1 - 1) / n1
    e2 <- sd2^2 * b / (n2 - 1) / n2
    t <- qt(1 - alpha / 2, (e1 + e2)^2 / (e1^2 / (n1 - 1) + e2^2 / (n2 - 1))) * sqrt(e1 + e2)
    (pnorm((effect - t) / error) + pnorm((-effect - t) / error)) * dchisq(b, n2 - 1)
  }, 0, Inf, rel.tol = 1e-9)$value * dchisq(a, n1 - 1), 0)
  integrate(outer, 0, Inf, rel.tol = 1e-8)$value
}
