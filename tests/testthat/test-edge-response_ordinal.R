test_that("separation is named, with the LR p, a finite limit on one side, and the other coefficients kept", {
  d <- data.frame(class = factor(rep(c("none", "minor", "main"), each = 4), levels = c("none", "minor", "main")),
    arm = rep(c("a", "b"), c(4, 8)), z = c(1, 3, 2, 5, 2, 6, 3, 1, 4, 2, 7, 5))
  x <- response_ordinal(class ~ arm + z, d)
  expect_identical(as.character(x$status), c("separated", "ok"))
  expect_identical(x$estimate[1], Inf)
  expect_identical(x$conf_high[1], Inf)
  expect_true(is.finite(x$conf_low[1]) && x$conf_low[1] > 1)
  expect_lt(x$p_value[1], 0.01)
  without <- response_ordinal(class ~ z, d)
  expect_equal(x$statistic[1], 2 * (as.numeric(logLik(x)) - as.numeric(logLik(without))), tolerance = 1e-8)  # a supremum
  wald <- response_ordinal(class ~ arm, d, method = "wald")
  expect_true(is.na(wald$p_value) && is.na(wald$conf_low))
  turned <- response_ordinal(class ~ arm, transform(d, arm = ifelse(arm == "a", "b", "a")))
  expect_identical(c(turned$estimate, turned$conf_low), c(0, 0))
})

test_that("columns that depend on others, unused levels and classes without patients are named, not fitted", {
  set.seed(2)
  d <- data.frame(class = factor(sample(c("a", "c"), 30, TRUE), levels = c("a", "b", "c")), z = rnorm(30))
  d$twice <- 2 * d$z
  x <- response_ordinal(class ~ z + twice, d)
  expect_identical(as.character(x$status), c("ok", "rank_deficient"))
  expect_true(is.na(x$estimate[2]) && is.na(x$p_value[2]))
  expect_match(paste(format(x), collapse = " "), "Classes without patients: b")
})

test_that("missing values are dropped and counted; offsets of 1e8 and scales of 1e150 change nothing", {
  set.seed(3)
  d <- data.frame(class = sample(1:3, 40, TRUE), z = rnorm(40))
  x <- response_ordinal(class ~ z, d)
  expect_equal(response_ordinal(class ~ z, transform(d, z = z * 1e150))$p_value, x$p_value, tolerance = 1e-9)
  far <- response_ordinal(class ~ z, transform(d, z = z + 1e8))
  expect_equal(far$p_value, x$p_value, tolerance = 1e-5)  # z keeps 8 digits
  d$z[1:3] <- NA
  expect_match(paste(format(response_ordinal(class ~ z, d)), collapse = " "), "Rows left out for want of a value: 3")
})

test_that("wrong words say what to do", {
  d <- data.frame(class = c("none", "main", "none", "main"), z = 1:4)
  expect_error(response_ordinal(class ~ z, d), class = "respondr_error_levels")
  expect_error(response_ordinal(z ~ 1, d), class = "respondr_error_formula")
  expect_error(response_ordinal(~z, d), class = "respondr_error_formula")
  expect_error(response_ordinal(factor(rep("a", 4)) ~ z, d), class = "respondr_error_levels")
  expect_error(response_ordinal(z ~ class, d, method = "exact"), class = "respondr_error_word")
  expect_error(response_wins(class ~ z, d), class = "respondr_error_levels")
})

test_that("wins of complete separation, of one patient, and of no data keep what is true", {
  d <- data.frame(class = c(1, 1, 1, 2, 2, 2), arm = rep(c("a", "b"), each = 3))
  x <- response_wins(class ~ arm, d)
  odds <- x[x$estimand == "win odds", ]
  expect_identical(odds$estimate, Inf)
  expect_true(is.na(odds$conf_low) && as.character(odds$status) == "boundary")
  expect_equal(x$p_value[x$method == "linear"], 0.1, tolerance = 1e-12)  # 2 of 20 relabellings
  one <- response_wins(class ~ arm, d[c(1, 4, 5), ])
  expect_true(all(is.na(one$p_value[one$method == "logit"])))
  expect_output(print(one), "Wins of an ordered response")
})
