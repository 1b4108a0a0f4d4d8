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

test_that("a cut that a predictor separates has no slope to compare, two classes have one cut, and both are said", {
  d <- data.frame(arm = rep(c("a", "b"), each = 12), class = factor(rep(c("none", "minor", "main"), c(4, 13, 7)),
    levels = c("none", "minor", "main")), hb = rep(c(7, 8, 9), 8))
  # nobody of arm b is below minor, and nobody of arm a is above it
  x <- response_ordinal(class ~ hb, d)
  whole <- response_ordinal(class ~ arm + hb, d)
  tests <- as.data.frame(ordinal_tests(whole, "brant"))
  expect_true(all(tests$status == "separated") && all(is.na(tests$p_value)))
  cuts <- as.data.frame(ordinal_cuts(whole))
  expect_true(all(is.na(cuts$estimate)) && all(cuts$status == "separated"))
  expect_output(print(ordinal_tests(whole, "brant")), "cannot be judged here")
  expect_true(all(as.data.frame(ordinal_cuts(x))$status == "ok"))
  two <- response_ordinal(factor(class == "main") ~ hb, d)
  tests <- as.data.frame(ordinal_tests(two, "brant"))
  expect_true(is.na(tests$statistic) && tests$status == "not_estimable")
  expect_output(print(ordinal_tests(two, "brant")), "nothing to be proportional")
  expect_error(ordinal_cuts(d), class = "respondr_error_x")
})

test_that("the advice names the term that departs, and what to report", {
  d <- expand.grid(arm = c("a", "b"), class = factor(c("none", "minor", "main"), levels = c("none", "minor", "main")),
    sex = c("f", "m"))
  d$patients <- c(60, 10, 20, 90, 60, 40, 60, 10, 20, 90, 60, 40)
  x <- response_ordinal(class ~ arm + sex, d, weights = patients)
  expect_output(print(ordinal_tests(x, "brant"), width = 300), "odds ratio of arm differs between the cuts")
  expect_output(print(ordinal_tests(x, "brant"), width = 300), "nominal = ~ arm", fixed = TRUE)
  expect_lt(as.data.frame(ordinal_tests(x, "brant"))$p_value[1], 1e-6)
})

test_that("a win ratio without losses, without wins, without either, and of one patient says so", {
  of <- function(class, arm, ...) as.data.frame(response_wins(class ~ arm, data.frame(class = class, arm = arm),
    estimand = "win_ratio", method = "logit", ...))
  arms <- rep(c("a", "b"), each = 3)
  x <- of(c(1, 1, 2, 2, 3, 3), arms)
  expect_identical(list(x$estimate, as.character(x$status), x$p_value), list(Inf, "boundary", NA_real_))
  expect_identical(of(c(2, 3, 3, 1, 1, 2), arms)$estimate, 0)
  x <- of(c(2, 2, 2, 2, 2, 2), arms)
  expect_identical(list(x$estimate, as.character(x$status)), list(NA_real_, "no_variance"))
  x <- of(c(1, 3, 2), c("a", "a", "b"))
  expect_identical(list(x$estimate, x$p_value, as.character(x$status)), list(1, NA_real_, "not_estimable"))
  expect_error(response_wins(class ~ arm, data.frame(class = 1:6, arm = arms), estimand = "win_ratio",
    method = "brunner_munzel"), class = "respondr_error_word")
  expect_output(print(response_wins(class ~ arm, data.frame(class = c(1, 1, 2, 2, 3, 3), arm = arms),
    estimand = "win_ratio")), "win ratio")
})

test_that("a class that has many values is told by its ends, and cuts have sentences", {
  set.seed(1)
  d <- data.frame(x = rnorm(30), arm = rep(c("a", "b"), 15))
  expect_output(print(response_wins(x ~ arm, d, method = "logit")), "30 values, worst first, from -2.215 to 1.595")
  two <- data.frame(class = factor(rep(c("none", "minor", "main"), 8), levels = c("none", "minor", "main")),
    arm = rep(c("a", "b"), 12))
  expect_match(report_text(ordinal_cuts(response_ordinal(class ~ arm, two)))[1],
    "^The odds ratio of class minor or better, arm \\(b / a\\) was 1")
})
