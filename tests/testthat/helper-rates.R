# The oracle of the rates tests: definitions in plain R, nothing shared with the package.

# Two-sided p of a conditional distribution f at place i by the three rules.
naive_p <- function(f, i, rule) {
  less <- sum(f[seq_len(i)])
  greater <- sum(f[i:length(f)])
  tails <- pmin(cumsum(f), rev(cumsum(rev(f))))
  min(1, switch(rule,
    minlike = sum(f[f <= f[i] * (1 + 1e-7)]), central = 2 * min(less, greater),
    blaker = sum(f[tails <= tails[i] * (1 + 1e-7)])
  ))
}

naive_fisher <- function(x1, n1, x0, n0, rule, odds = 1) {
  m <- x1 + x0
  k <- max(0, m - n0):min(n1, m)
  f <- choose(n1, k) * choose(n0, m - k) * odds^k
  naive_p(f / sum(f), match(x1, k), rule)
}

# The largest probability of a set of tables over a fine grid of the common rate.
naive_unconditional <- function(n1, n0, extreme, grid = seq(0, 1, length.out = 4001)) {
  max(vapply(grid, function(p) sum(outer(dbinom(0:n1, n1, p), dbinom(0:n0, n0, p)) * extreme), 0))
}

naive_z <- function(x1, n1, x0, n0) {
  p <- (x1 + x0) / (n1 + n0)
  z <- (x1 / n1 - x0 / n0) / sqrt(p * (1 - p) * (1 / n1 + 1 / n0))
  ifelse(is.nan(z), 0, z)
}

# One comparison from four numbers, the first arm the level.
rate_pair <- function(x1, n1, x0, n0, ...) {
  compare_rates(events = c(level = x1, reference = x0), n = c(level = n1, reference = n0), reference = "reference", ...)
}
