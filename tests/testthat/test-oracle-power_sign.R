# Evidence: oracle. The sign test over every number of changes above, at and below the hypothesis, each with the P of
# binom.test() or of compare_paired(); the chances come from R's distributions.

tail_of <- list(
  normal = pnorm,
  uniform = function(z) punif(z, -sqrt(3), sqrt(3)),
  logistic = function(z) plogis(z * pi / sqrt(3)),
  laplace = function(z) ifelse(z < 0, exp(sqrt(2) * z) / 2, 1 - exp(-sqrt(2) * z) / 2),
  lognormal = function(z) plnorm(exp(0.125) * (1 + z * sqrt(exp(0.25) - 1)), 0, 0.5),
  t5 = function(z) pt(z * sqrt(5 / 3), 5)
)

naive_sign <- function(n, above, at, below, p_value, alpha = 0.05) {
  power <- 0
  for (up in 0:n) for (down in 0:(n - up)) {
    if (up + down > 0 && p_value(up, down) <= alpha) {
      power <- power + dmultinom(c(up, n - up - down, down), prob = c(above, at, below))
    }
  }
  power
}

two_sided <- function(up, down) binom.test(up, up + down)$p.value
greater <- function(up, down) binom.test(up, up + down, alternative = "greater")$p.value

test_that("values that are not rounded lie above with the chance of their shape", {
  for (shape in names(tail_of)) {
    below <- tail_of[[shape]](-0.9 / 1.7)
    expect_equal(power_paired(13, 0.9, sd_change = 1.7, test = "sign", shape = shape)$power,
      naive_sign(13, 1 - below, 0, below, two_sided), tolerance = 1e-10, label = shape)
  }
})

test_that("rounded values leave where they lie at the hypothesis", {
  for (shape in names(tail_of)) for (null in c(0, 0.3, 0.5)) {
    f <- function(x) tail_of[[shape]]((x - 0.9) / 1.7)
    steps <- (-400:400) / 2  # measured in halves
    below <- f(max(steps[steps < null]) + 0.25)
    above <- 1 - f(min(steps[steps > null]) - 0.25)
    ours <- power_paired(9, 1.8, sd_change = 3.4, null = 2 * null, test = "sign", shape = shape, decimals = 0)
    expect_equal(ours$power, naive_sign(9, above, 1 - above - below, below, two_sided), tolerance = 1e-10, label = shape)
  }
  ours <- power_paired(9, 1.8, sd_change = 3.4, test = "sign", decimals = 0, alternative = "greater")
  above <- 1 - pnorm((0.5 - 1.8) / 3.4)
  below <- pnorm((-0.5 - 1.8) / 3.4)
  expect_equal(ours$power, naive_sign(9, above, 1 - above - below, below, greater), tolerance = 1e-10)
})

test_that("the P of every outcome is that of compare_paired()", {
  p <- function(up, down) {
    x <- rep(c(1, 0, -1), c(up, 7 - up - down, down))
    compare_paired(x ~ 1, data.frame(x = x), method = "sign", effect = "none")$p_value
  }
  above <- 1 - pnorm((0.5 - 1.2) / 1.4)
  below <- pnorm((-0.5 - 1.2) / 1.4)
  expect_equal(power_paired(7, 1.2, sd_change = 1.4, test = "sign", decimals = 0)$power,
    naive_sign(7, above, 1 - above - below, below, p), tolerance = 1e-10)
})
