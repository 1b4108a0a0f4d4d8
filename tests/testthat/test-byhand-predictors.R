# Evidence: byhand. Cases small enough for paper; each expected figure is written as the sum it comes from.

two_by_two <- data.frame(arm = rep(c("A", "B"), each = 4), r = c(1, 1, 1, 0, 1, 0, 0, 0))  # 3 of 4, 1 of 4

test_that("fit_logistic() and odds_ratios() of a 2 x 2 table are its cross-product ratio and its standard error", {
  fit <- fit_logistic(r ~ arm, two_by_two)
  expect_equal(unname(coef(fit)), c(log(3), log(1 / 9)), tolerance = 1e-10)
  expect_equal(unname(vcov(fit)[2, 2]), 1 / 3 + 1 + 1 + 1 / 3, tolerance = 1e-9)
  odds <- odds_ratios(fit)
  expect_equal(odds$estimate, 1 / 9, tolerance = 1e-10)
  expect_equal(odds$std_error, sqrt(8 / 3), tolerance = 1e-9)
  firth <- odds_ratios(fit_logistic(r ~ arm, two_by_two, method = "firth"))
  expect_equal(firth$estimate, 1.5 * 1.5 / (3.5 * 3.5), tolerance = 1e-9)  # half a patient more in each cell
})

test_that("term_tests() of a 2 x 2 table is its G statistic", {
  g <- 2 * (2 * (3 * log(3 / 4) + log(1 / 4)) - 8 * log(1 / 2))
  test <- term_tests(fit_logistic(r ~ arm, two_by_two))
  expect_equal(c(test$statistic, test$df), c(g, 1), tolerance = 1e-10)
  expect_equal(test$p_value, pchisq(g, 1, lower.tail = FALSE), tolerance = 1e-9)
})

test_that("risk_effects() and marginal_effects() of a 2 x 2 table are differences and ratios of its shares", {
  fit <- fit_logistic(r ~ arm, two_by_two)
  risks <- risk_effects(fit)
  expect_equal(risks$estimate, c(3 / 4, 1 / 4, -1 / 2, 1 / 3), tolerance = 1e-9)
  expect_equal(risks$std_error[3], sqrt(2 * (3 / 16) / 4), tolerance = 1e-9)
  effect <- marginal_effects(fit)
  expect_equal(effect$estimate, -1 / 2, tolerance = 1e-9)
  expect_equal(effect$std_error, sqrt(2 * (3 / 16) / 4), tolerance = 1e-9)
})

test_that("check_separation() sees a cut that makes no error, one that makes some on its edge, and none", {
  verdict <- function(r) check_separation(r ~ x, data.frame(x = c(1, 2, 3, 3, 4, 5), r = r))$verdict
  expect_identical(verdict(c(0, 0, 0, 0, 1, 1)), "complete")
  expect_identical(verdict(c(0, 0, 0, 1, 1, 1)), "quasi")
  expect_identical(verdict(c(0, 1, 0, 1, 0, 1)), "none")
})

test_that("collinearity() of two predictors is 1 / (1 - r^2)", {
  d <- data.frame(x = 1:4, z = c(1, 2, 4, 3), y = c(2, 1, 4, 3))  # r = 4 / 5
  inflation <- collinearity(fit_linear(y ~ x + z, d))
  expect_equal(inflation$gvif, rep(1 / (1 - 16 / 25), 2), tolerance = 1e-10)
})

test_that("pool_logistic() adds the spread between imputed data sets by Rubin's rules", {
  other <- transform(two_by_two, r = c(1, 1, 0, 0, 1, 0, 0, 0))
  pooled <- pool_logistic(r ~ arm, list(two_by_two, other), interval = "wald")
  each <- c(log(1 / 9), log(1 / 3))
  within <- mean(c(8 / 3, 1 / 2 + 1 / 2 + 1 + 1 / 3))
  expect_equal(unname(coef(pooled)[2]), mean(each), tolerance = 1e-9)
  expect_equal(unname(vcov(pooled)[2, 2]), within + (1 + 1 / 2) * var(each), tolerance = 1e-8)
})

test_that("baseline_change() of five patients is what sums on paper give", {
  x <- baseline_change(after ~ before, data.frame(before = 1:5, after = c(3, 3, 5, 4, 6)))
  # change 2, 1, 2, 0, 1; sums of squares: before 10, after 6.8, products of before and after 7
  expect_equal(x$estimate[1], (7 - 10) / 10, tolerance = 1e-12)
  expect_equal(x$estimate[2], 0.5 * (6.8 - 10) / (0.25 * (10 + 6.8 + 14)), tolerance = 1e-12)  # change on the mean of both
  expect_equal(x$estimate[3], 6.8 / 10, tolerance = 1e-12)
})

test_that("correlate() of three patients is counted on the fingers", {
  x <- correlate(y ~ x, data.frame(x = 1:3, y = c(1, 3, 2)), method = c("pearson", "spearman", "kendall"))
  expect_equal(x$estimate, c(1 / 2, 1 / 2, 1 / 3), tolerance = 1e-12)
  expect_equal(x$p_value[2:3], c(1, 1))  # five of six orders are as far from none, and the sixth too
})

test_that("fit_linear(), pool_studies() and augment() of four patients are what least squares on paper gives", {
  d <- data.frame(x = 0:3, y = c(0, 1, 2, 4))  # Sxx = 5, Sxy = 6.5, residual sum of squares 8.75 - 8.45
  fit <- fit_linear(y ~ x, d)
  expect_equal(unname(coef(fit)), c(7 / 4 - 1.3 * 1.5, 1.3), tolerance = 1e-12)
  expect_equal(unname(vcov(fit)[2, 2]), (0.3 / 2) / 5, tolerance = 1e-11)
  rows <- generics::augment(fit)
  expect_equal(rows$.fitted, -0.2 + 1.3 * 0:3, tolerance = 1e-12)
  expect_equal(rows$.hat, 1 / 4 + (0:3 - 1.5)^2 / 5, tolerance = 1e-12)
  expect_identical(nobs(fit), 4L)
})

test_that("validate_predictors(), roc_curve(), decision_curve() and marker_cutpoint() of five patients are counted", {
  v <- data.frame(y = c(0, 0, 1, 1, 1), p = c(.1, .6, .4, .8, .9))
  x <- validate_predictors(y ~ p, v)
  expect_equal(x$estimate[x$method == "auc"], 5 / 6)  # only .4 is below .6
  expect_equal(x$estimate[x$method == "brier"], (.01 + .36 + .36 + .04 + .01) / 5, tolerance = 1e-12)
  roc <- roc_curve(x)
  expect_equal(roc$sensitivity, c(0, 1, 2, 2, 3, 3) / 3)
  expect_equal(roc$specificity, c(2, 2, 2, 1, 1, 0) / 2)
  net <- decision_curve(x, thresholds = c(.25, .5), seed = 1)
  expect_equal(net$net_benefit, c(3 / 5 - 1 / 5 * 1 / 3, 2 / 5 - 1 / 5), tolerance = 1e-12)
  expect_equal(net$treat_all, c(3 / 5 - 2 / 5 * 1 / 3, 3 / 5 - 2 / 5), tolerance = 1e-12)
  cut <- marker_cutpoint(y ~ p, v, replicates = 20, seed = 1)
  expect_equal(cut$estimate, c(.8, 2 / 3, 1, 1, 2 / 3))
})

test_that("compare_aucs() of four patients is DeLong's variance of the pairs won", {
  a <- data.frame(y = c(0, 0, 1, 1), m = c(1, 3, 2, 4), k = c(1, 2, 3, 4))
  x <- compare_aucs(y ~ m + k, a)
  # shares of pairs won by each patient: m events (1/2, 1), others (1, 1/2); k all 1. Variance 1/8 / 2 of each class.
  expect_equal(x$estimate, c(3 / 4, 1, 1 / 4))
  expect_equal(x$std_error[c(1, 3)], rep(sqrt(1 / 16 + 1 / 16), 2), tolerance = 1e-12)
})

test_that("calibration_curve() of probabilities that are the shares is the diagonal", {
  v <- data.frame(p = rep(1:19 / 20, each = 20))
  v$y <- as.integer(rep(1:20, 19) <= round(20 * v$p))
  curve <- calibration_curve(validate_predictors(y ~ p, v, smooth = "loess"))
  expect_equal(curve$estimate, curve$predicted, tolerance = 1e-8)
})
