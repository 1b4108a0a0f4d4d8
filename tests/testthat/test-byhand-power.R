# Evidence: byhand.

test_that("five of five at a rate of one half is 1 / 32", {
  one <- power_rates(5, 0.8, reference = 0.5, test = "binomial", alternative = "greater")
  expect_equal(one$size, 1 / 32, tolerance = 1e-12)
  expect_equal(one$power, 0.8^5, tolerance = 1e-12)
})

test_that("three against three: Fisher rejects the two extreme tables only at 0.1", {
  one <- power_rates(3, 1, reference = 0.5, test = "fisher", alpha = 0.1)
  expect_equal(one$power, 0.125, tolerance = 1e-12)  # 3 of 3 against 0 of 3
})

test_that("the spread of change comes from both visits and their correlation", {
  expect_equal(power_paired(10, 1, sd_before = 3, sd_after = 4, r = 0.5)$sd, sqrt(9 + 16 - 12), tolerance = 1e-14)
})

test_that("sd and effect come from a comparison, a published effect shrunken and with a warning", {
  x <- compare_paired(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia, method = "t")
  change <- MASS::anorexia$Postwt - MASS::anorexia$Prewt
  expect_equal(power_paired(10, 1, from = x)$sd, sd(change), tolerance = 1e-12)
  expect_warning(y <- power_paired(10, "published", from = x, shrink = 0.4), class = "respondr_warning_published")
  expect_equal(y$effect, 0.4 * mean(change), tolerance = 1e-12)
})

test_that("enrolment allows for dropout", {
  expect_equal(power_paired(90, 1, sd_change = 3, dropout = 0.1)$n_enrolled, 100)
  expect_equal(power_paired(5, 1, sd_change = 3, dropout = 0.99)$n_enrolled, 500)
})
