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
