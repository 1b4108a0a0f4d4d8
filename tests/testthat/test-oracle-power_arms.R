# Evidence: oracle. The power of tests of two arms is the probability of the tables that compare_rates() rejects one by one.

test_that("every table is rejected as compare_rates() would", {
  n <- 6
  m <- 9
  g <- expand.grid(x1 = 0:m, x0 = 0:n)
  mass <- dbinom(g$x1, m, 0.8) * dbinom(g$x0, n, 0.3)
  for (test in c("boschloo", "barnard", "n1_chisq")) {
    for (side in c("two.sided", "greater", "less")) {
      p <- vapply(seq_len(nrow(g)), function(i) {
        compare_rates(events = c(a = g$x0[i], b = g$x1[i]), n = c(a = n, b = m), method = test, alternative = side)$p_value
      }, 0)
      ours <- power_rates(n, 0.8, reference = 0.3, test = test, alternative = side, ratio = m / n)$power
      expect_equal(ours, sum(mass[p <= 0.05]), tolerance = 1e-10, label = paste(test, side))
    }
  }
})

test_that("exact tests keep their level at every rate and Boschloo's is never weaker than Fisher's", {
  for (rate in c(0.1, 0.35, 0.5)) {
    size <- power_rates(12, rate, reference = rate, test = c("fisher", "boschloo", "barnard"))$power
    expect_lte(max(size), 0.05)
    expect_gte(size[2], size[1])
  }
  both <- power_rates(c(9, 17), 0.75, reference = 0.3, test = c("fisher", "boschloo"))
  expect_true(all(both$power[3:4] >= both$power[1:2]))
})

test_that("the smallest number of patients has the power and the arms may be of different size", {
  x <- power_rates(rate = 0.8, reference = 0.3, power = 0.8, test = "boschloo", ratio = 0.5, smallest = "first")
  expect_equal(x$n_level, ceiling(x$n / 2))
  expect_gte(x$power, 0.8)
  expect_lt(power_rates(x$n - 1, 0.8, reference = 0.3, test = "boschloo", ratio = 0.5)$power, 0.8)
  expect_match(report_text(x), "Boschloo's test at the two-sided 0.05 level .* against 0.3")
  expect_error(power_rates(601, 0.8, reference = 0.3, test = "barnard"), class = "respondr_error_number")
})

test_that("the score test against a margin rejects the tables that compare_rates() does", {
  g <- expand.grid(x1 = 0:8, x0 = 0:6)
  mass <- dbinom(g$x1, 8, 0.75) * dbinom(g$x0, 6, 0.6)
  for (null in c(-0.25, 0, 0.1)) for (side in c("two.sided", "greater", "less")) {
    p <- mapply(function(x1, x0) {
      compare_rates(events = c(a = x0, b = x1), n = c(a = 6, b = 8), method = "score", null = null,
        alternative = side)$p_value
    }, g$x1, g$x0)
    ours <- power_rates(6, 0.75, reference = 0.6, test = "score", null = null, alternative = side, ratio = 8 / 6,
      alpha = 0.1)
    expect_equal(ours$power, sum(mass[p <= 0.1]), tolerance = 1e-10, label = paste(null, side))
  }
})

test_that("without a margin the score test is the chi-square test, and its size is that at the margin", {
  one <- power_rates(c(10, 37), 0.6, reference = 0.3, test = c("chisq", "score"))
  expect_equal(one$power[one$test == "score"], one$power[one$test == "chisq"], tolerance = 1e-12)
  ni <- power_rates(40, 0.8, reference = 0.8, null = -0.15, test = "score", alternative = "greater")
  expect_equal(ni$size, power_rates(40, 0.65, reference = 0.8, null = -0.15, test = "score", alternative = "greater")$power)
})

test_that("no number of patients above the one found for a margin falls short", {
  ask <- function(...) {
    power_rates(rate = 0.9, reference = 0.9, null = -0.08, test = "score", alternative = "greater", alpha = 0.025, ...)
  }
  n <- ask(power = 0.8)$n
  power <- ask(n = (n - 1):(n + 150))$power
  expect_lt(power[1], 0.8)
  expect_true(all(power[-1] >= 0.8))
  # Large trials from the asymptotic formula, one sample of n an arm: (z_a + z_b)^2 * 2 p q / d^2 = 1570.
  large <- power_rates(rate = 0.9, reference = 0.9, null = -0.03, test = "score", alternative = "greater", alpha = 0.025,
    power = 0.8)
  expect_equal(large$n, 1570, tolerance = 0.02)
})

test_that("margins belong to the score test and leave a rate", {
  expect_error(power_rates(10, 0.5, reference = 0.5, null = -0.1), class = "respondr_error_argument")
  expect_error(power_rates(10, 0.5, reference = 0.05, null = -0.1, test = "score"), class = "respondr_error_number")
  expect_match(report_text(power_rates(10, 0.5, reference = 0.5, null = -0.1, test = "score")),
    "the score test against a difference of -0.1", fixed = TRUE)
})
