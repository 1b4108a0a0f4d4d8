# Evidence: oracle. R's power functions and naive enumerations and integrals (helper-oracle-power.R).

test_that("t-tests have the power of power.t.test with both tails", {
  for (n in c(2, 5, 20, 300)) for (d in c(0, 0.1, 0.5, 2)) {
    paired <- power.t.test(n, d, type = "paired", strict = TRUE)$power
    expect_equal(power_paired(n, d, sd_change = 1)$power, paired, tolerance = 1e-9)  # R's noncentral t stops there
    expect_equal(power_groups(n, d)$power, power.t.test(n, d, strict = TRUE)$power, tolerance = 1e-9)
    expect_equal(power_groups(n, d, alternative = "greater")$power, power.t.test(n, d, alternative = "one.sided")$power,
      tolerance = 1e-9)
  }
})

test_that("the analysis of variance has the power of a Poisson mixture of beta tails, and that of power.anova.test", {
  ours <- power_groups(n = 10, means = c(1, 2, 4, 4), sd = 3, test = "anova")$power
  f <- qf(0.05, 3, 36, lower.tail = FALSE)
  k <- 0:200
  half <- 10 * sum((c(1, 2, 4, 4) - 2.75)^2) / 9 / 2
  expect_equal(ours, sum(dpois(k, half) * pbeta(3 * f / (3 * f + 36), 1.5 + k, 18, lower.tail = FALSE)), tolerance = 1e-10)
  r <- power.anova.test(4, 10, between.var = var(c(1, 2, 4, 4)), within.var = 9)$power
  expect_equal(ours, r, tolerance = 1e-8)  # R stops its series there
})

test_that("equivalence is the integral over the spread", {
  for (n in c(4, 12, 40)) for (effect in c(0, 0.2, -0.3)) {
    ours <- power_paired(n, effect, sd_change = 0.9, alternative = "equivalence", margin = c(-0.5, 0.6))$power
    expect_equal(ours, naive_equivalence(effect, -0.5, 0.6, 0.9, n), tolerance = 1e-7)  # integrate() gives no more
  }
})

test_that("Welch's test is the double integral over both variances", {
  ours <- power_groups(n = 8, effect = 1.5, sd = 1, sd_level = 3, ratio = 2, test = "welch")$power
  expect_equal(ours, naive_welch(1.5, 8, 16, 1, 3), tolerance = 1e-6)  # integrate() inside integrate()
})

test_that("two arms have the power of all their tables", {
  fisher <- function(x, y) fisher.test(matrix(c(x, 14 - x, y, 11 - y), 2))$p.value
  chisq <- function(x, y) suppressWarnings(chisq.test(matrix(c(x, 14 - x, y, 11 - y), 2), correct = FALSE)$p.value)
  greater <- function(x, y) fisher.test(matrix(c(x, 14 - x, y, 11 - y), 2), alternative = "greater")$p.value
  rate <- function(test, ...) power_rates(11, 0.7, reference = 0.2, ratio = 14 / 11, test = test, ...)$power
  expect_equal(rate("fisher"), naive_two_arms(14, 11, 0.7, 0.2, fisher), tolerance = 1e-10)
  expect_equal(rate("chisq"), naive_two_arms(14, 11, 0.7, 0.2, chisq), tolerance = 1e-10)
  expect_equal(rate("fisher", alternative = "greater"), naive_two_arms(14, 11, 0.7, 0.2, greater), tolerance = 1e-10)
})

test_that("exact McNemar has the power of all its outcomes", {
  expect_equal(power_rates(25, 0.35, reference = 0.1, test = "mcnemar_exact")$power, naive_mcnemar(25, 0.35, 0.1),
    tolerance = 1e-10)
})

test_that("one arm has the power of the rejected counts", {
  k <- 0:30
  rejected <- pbinom(k - 1, 30, 0.2, lower.tail = FALSE) <= 0.025 | pbinom(k, 30, 0.2) <= 0.025
  ours <- power_rates(30, 0.45, reference = 0.2, test = "binomial")
  expect_equal(ours$power, sum(dbinom(k, 30, 0.45)[rejected]), tolerance = 1e-10)
  expect_equal(ours$size, sum(dbinom(k, 30, 0.2)[rejected]), tolerance = 1e-10)
})
