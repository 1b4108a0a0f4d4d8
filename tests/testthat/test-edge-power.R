# Evidence: edge.

test_that("too few patients and effects out of reach are a status", {
  expect_equal(as.character(power_paired(1, 1, sd_change = 1)$status), "too_few")
  expect_equal(as.character(power_paired(effect = 0, power = 0.8, sd_change = 1)$status), "not_estimable")
  expect_equal(as.character(power_groups(effect = -1, power = 0.8, alternative = "greater")$status), "not_estimable")
  expect_equal(as.character(power_rates(2, power = 0.8, reference = 0.5, test = "binomial")$status), "not_estimable")
  expect_true(all(is.na(power_two_stage(0.5, 0.51, most = 20)$n)))
})

test_that("power without an effect is the level", {
  expect_equal(power_paired(2, 0, sd_change = 1)$power, 0.05, tolerance = 1e-9)
  expect_equal(power_groups(4, 0, alpha = 1e-12)$power, 1e-12, tolerance = 1e-6)  # the far tail of the noncentral t
  expect_equal(power_groups(6, 0.5, test = "mann_whitney")$power, 0.05, tolerance = 1e-12)
})

test_that("rates of 0 and 1 are no errors", {
  three <- power_rates(10, 1, reference = 0, test = c("fisher", "chisq", "binomial"))
  expect_equal(three$power, c(1, 1, 1), tolerance = 1e-12)
  expect_equal(power_rates(10, 0, reference = 0, test = "mcnemar_exact")$power, 0)
})

test_that("scale changes nothing", {
  rm <- function(s) {
    power_rm(c(0, 0.5, 0.8) * s, n = 12, sd = s, r = 0.4, structure = "ar1", test = c("gg", "hf", "multivariate"),
      trials = 200, seed = 3)$power
  }
  for (s in c(1e-150, 1e-140, 1e140, 1e150)) {
    expect_equal(power_paired(9, s, sd_change = s)$power, power_paired(9, 1, sd_change = 1)$power)
    expect_equal(rm(s), rm(1), tolerance = 1e-10)
  }
})

test_that("wrong words name the argument", {
  expect_error(power_paired(10, 1, 0.8, sd_change = 1), class = "respondr_error_argument")
  expect_error(power_paired(10, sd_change = 1), class = "respondr_error_argument")
  expect_error(power_paired(10, 1), class = "respondr_error_argument")
  expect_error(power_paired(10, 1, sd_before = 2, sd_after = 2, r = 1), class = "respondr_error_number")
  expect_error(power_paired(10, 1, sd_before = 2, sd_after = 2, r = 1.2), class = "respondr_error_number")
  expect_error(power_paired(10, 1, sd_change = 0), class = "respondr_error_number")
  expect_error(power_paired(10.5, 1, sd_change = 1), class = "respondr_error_number")
  expect_error(power_paired(10, NA, sd_change = 1), class = "respondr_error_number")
  expect_error(power_paired(10, 1, sd_change = 1, alternative = "equivalence"), class = "respondr_error_margin")
  expect_error(power_groups(10, 1, test = "ancova"), class = "respondr_error_number")
  expect_error(power_groups(10, 1, test = "anova"), class = "respondr_error_number")
  expect_error(power_rates(10, 1.2, reference = 0.5), class = "respondr_error_number")
  expect_error(power_rates(10, 0.7, reference = 0.5, test = "mcnemar_exact"), class = "respondr_error_number")
  expect_error(power_two_stage(0.5, 0.4), class = "respondr_error_number")
})

test_that("correlations that can just be are planned with", {
  expect_equal(as.character(power_rm(1:3, n = 10, r = -0.5)$status), "ok")
  expect_equal(as.character(power_rm(1:2, n = 10, r = -0.9)$status), "ok")
})

test_that("a plan is a data frame, tidy with broom's names", {
  x <- power_paired(10, 1, sd_change = 1, test = c("signed_rank", "sign"), trials = 200, seed = 1)
  expect_identical(class(as.data.frame(x)), "data.frame")
  expect_null(attr(as.data.frame(x), "settings"))
  expect_true(all(c("null.value", "conf.low", "conf.high") %in% names(generics::tidy(x))))
})

test_that("results print a sentence for a protocol and keep their curves", {
  x <- power_rates(rate = 0.6, reference = 0.3, power = 0.8, dropout = 0.1)
  expect_match(report_text(x), "Fisher's exact test at the two-sided 0.05 level .* are enrolled")
  expect_output(print(x), "Number of patients")
  two <- power_paired(10:11, 1, sd_change = 1, dropout = 0.1)
  expect_length(report_text(two[2, ]), 1L)
  expect_output(print(x[c("n", "effect")]), "effect")
})
