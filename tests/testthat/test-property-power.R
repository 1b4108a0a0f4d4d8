# Evidence: property.

test_that("the number found has the power and one patient less has not", {
  for (test in c("student", "welch", "mann_whitney")) {
    effect <- if (test == "mann_whitney") 0.65 else 0.6
    n <- power_groups(effect = effect, power = 0.85, test = test)$n
    expect_gte(power_groups(n, effect, test = test)$power, 0.85)
    expect_lt(power_groups(n - 1, effect, test = test)$power, 0.85)
  }
})

test_that("the detectable effect has exactly the power", {
  for (test in c("student", "welch", "ancova", "change")) {
    effect <- power_groups(n = 17, power = 0.8, test = test, sd = 2, r = 0.3)$effect
    expect_equal(power_groups(n = 17, effect, test = test, sd = 2, r = 0.3)$power, 0.8, tolerance = 1e-9)
  }
})

test_that("power grows with n and with the effect", {
  expect_true(all(diff(power_groups(n = 3:60, effect = 0.5)$power) > 0))
  expect_true(all(diff(power_groups(n = 20, effect = seq(0, 2, 0.1), test = "welch", sd_level = 3)$power) > 0))
  expect_true(all(diff(power_rates(20, seq(0.3, 1, 0.05), reference = 0.3, alternative = "greater")$power) > 0))
})

test_that("exact tests keep their level whatever the rate", {
  for (test in c("binomial", "fisher", "mcnemar_exact")) {
    size <- power_rates(c(1, 2, 7, 23), c(0.3), reference = c(0, 0.1, 0.3, 0.5), test = test)$size
    expect_true(all(size <= 0.05 + 1e-12))
  }
})

test_that("no larger n up to the limit named falls short, and the first n is not larger", {
  one <- function(...) power_rates(rate = 0.4, reference = 0.2, test = "binomial", alternative = "greater", ...)
  all <- one(power = 0.8)$n
  expect_lte(one(power = 0.8, smallest = "first")$n, all)
  expect_true(all(one(n = all:(all + 60))$power >= 0.8))
  expect_lt(one(n = all - 1)$power, 0.8)
})

test_that("less and greater mirror each other, and threads change no bit", {
  up <- power_rates(13, 0.7, reference = 0.4, alternative = "greater")$power
  expect_equal(power_rates(13, 0.3, reference = 0.6, alternative = "less")$power, up, tolerance = 1e-12)
  expect_identical(power_groups(n = 5:50, effect = 1, test = "welch", sd_level = 2, threads = 2),
    power_groups(n = 5:50, effect = 1, test = "welch", sd_level = 2))
})

test_that("rows of several designs hold what they were computed from", {
  x <- as.data.frame(power_logistic(n = c(50, 90), odds_ratio = c(1.5, 0.4), rate = c(0.2, 0.5), prevalence = c(0.3, 0.5),
    r2 = c(0, 0.3), alpha = c(0.01, 0.05), predictor = "binary", test = c("hsieh", "information")))
  expect_equal(nrow(x), 128)
  again <- vapply(seq_len(nrow(x)), function(i) with(x[i, ], power_logistic(n, effect, rate = rate, prevalence = prevalence,
    r2 = r2, alpha = alpha, predictor = "binary", test = test)$power), 0)
  expect_equal(x$power, again, tolerance = 1e-12)
  y <- as.data.frame(power_paired(n = c(5, 9), effect = c(0.3, 1), sd_change = c(1, 2), alpha = c(0.01, 0.05),
    null = c(0, 0.2), test = c("sign", "signed_rank"), trials = 200, seed = 1))
  again <- vapply(seq_len(nrow(y)), function(i) with(y[i, ], power_paired(n, effect, sd_change = sd, alpha = alpha,
    null = null_value, test = test, trials = 200, seed = 1)$power), 0)
  expect_equal(y$power, again)
  z <- as.data.frame(power_rates(n = c(8, 15), rate = c(0.6, 0.9), reference = c(0.2, 0.4), alpha = c(0.02, 0.05),
    test = c("fisher", "binomial"), ratio = c(1, 2)))
  again <- vapply(seq_len(nrow(z)), function(i) with(z[i, ], power_rates(n, effect, reference = null_value, alpha = alpha,
    test = test, ratio = if (is.na(n_level)) 1 else n_level / n)$power), 0)
  expect_equal(z$power, again, tolerance = 1e-12)
})
