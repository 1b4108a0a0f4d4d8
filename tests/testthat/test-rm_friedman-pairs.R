jasp_table <- matrix(c(1, 4, 8, 0, 2, 3, 13, 1, 10, 0, 11, 3, 12, 11, 13, 10, 1, 3, 10, 0, 10, 3, 11, 9, 4, 12, 10, 11, 10, 4, 5,
  3, 10, 4, 9, 3, 14, 4, 7, 2, 3, 2, 4, 13), ncol = 4, byrow = TRUE)
jasp_fit <- function() rm_friedman(y ~ visit | id, long_rows(jasp_table, TRUE), effect_conf = "none")

test_that("every visit is compared with the reference, or all with all, later minus earlier", {
  x <- rm_friedman_pairs(jasp_fit())
  expect_equal(as.character(x$contrast), c("2 - 1", "3 - 1", "4 - 1"))
  y <- rm_friedman_pairs(jasp_fit(), "pairwise")
  expect_equal(as.character(y$contrast), c("2 - 1", "3 - 1", "4 - 1", "3 - 2", "4 - 2", "4 - 3"))
  expect_equal(y$estimate[1:3], x$estimate)
  means <- colMeans(rank_table(jasp_table))
  expect_equal(y$estimate, means[c(2, 3, 4, 3, 4, 4)] - means[c(1, 1, 1, 2, 2, 3)], tolerance = 1e-12)
  z <- rm_friedman_pairs(rm_friedman(y ~ visit | id, long_rows(jasp_table), reference = 3, effect_conf = "none"))
  expect_equal(as.character(z$contrast), c("1 - 3", "2 - 3", "4 - 3"))
})

test_that("Conover is the analysis of variance of the ranks", {
  d <- long_rows(rank_table(jasp_table))
  fit <- stats::aov(y ~ factor(visit) + factor(id), d)
  s2 <- sum(fit$residuals^2) / fit$df.residual
  x <- rm_friedman_pairs(jasp_fit(), "pairwise", p_adjust = "none")
  expect_equal(x$std_error, rep(sqrt(2 * s2 / 11), 6), tolerance = 1e-10)
  expect_equal(x$df, rep(fit$df.residual, 6))
  expect_equal(x$p_value, 2 * stats::pt(-abs(x$estimate / x$std_error), x$df), tolerance = 1e-10)
  expect_equal(x$conf_high - x$estimate, stats::qt(0.975, x$df) * x$std_error, tolerance = 1e-10)
  expect_null(x$p_adjusted)
})

# ptukey on infinite degrees of freedom has no outer integral and is good to 1e-9.
test_that("Nemenyi is the studentized range, for all pairs together", {
  x <- rm_friedman_pairs(jasp_fit(), "pairwise", method = "nemenyi")
  q <- abs(x$estimate) / sqrt(4 * 5 / (12 * 11))
  expect_equal(x$statistic, q, tolerance = 1e-12)
  expect_equal(x$p_value, stats::ptukey(q, 4, Inf, lower.tail = FALSE), tolerance = 1e-7)
  expect_equal(x$p_adjusted, x$p_value)
  expect_equal(x$conf_high - x$estimate, rep(stats::qtukey(0.95, 4, Inf) * sqrt(20 / 132), 6), tolerance = 1e-6)
  expect_equal(x$conf_low_adjusted, x$conf_low)
})

test_that("the exact p of a pair is the share of all arrangements", {
  pair <- function(m) abs(sum(rank_table(m)[, 2] - rank_table(m)[, 1]))
  for (m in list(matrix(c(1, 3, 2, 1, 2, 3, 1, 3, 2, 4, 5, 6), 4, byrow = TRUE), matrix(c(1, 2, 2, 3, 3, 3, 1, 2, 2), 3,
    byrow = TRUE))) {
    x <- rm_friedman_pairs(rm_friedman(y ~ visit | id, long_rows(m), effect_conf = "none"), method = "exact")
    expect_equal(x$p_value[1], naive_exact(m, pair), tolerance = 1e-12)
    expect_true(is.na(x$conf_low[1]))
  }
})

test_that("p-values are adjusted within outcome, group and method", {
  d <- rbind(cbind(long_rows(jasp_table), arm = "a"), transform(long_rows(jasp_table[, 4:1]), id = id + 50, arm = "b"))
  x <- rm_friedman_pairs(rm_friedman(y ~ visit | id, d, by = arm, effect_conf = "none"), method = c("conover", "exact"))
  for (a in c("a", "b")) {
    for (m in c("conover", "exact")) {
      rows <- x[x$arm == a & x$method == m, ]
      expect_equal(rows$p_adjusted, stats::p.adjust(rows$p_value, "holm"), tolerance = 1e-14)
    }
  }
})

test_that("Bonferroni gives simultaneous intervals at its own level", {
  x <- rm_friedman_pairs(jasp_fit(), p_adjust = "bonferroni")
  expect_equal(x$conf_high_adjusted - x$estimate, stats::qt(1 - 0.05 / 6, 30) * x$std_error, tolerance = 1e-10)
  expect_equal(x$p_adjusted < 0.05, x$conf_low_adjusted > 0 | x$conf_high_adjusted < 0)
})

test_that("pairs that cannot be tested say so", {
  agree <- rm_friedman(y ~ visit | id, long_rows(matrix(1:3, 3, 3, byrow = TRUE)), effect_conf = "none")
  x <- rm_friedman_pairs(agree, method = c("conover", "exact"))
  expect_equal(as.character(x$status), c("no_variance", "ok", "no_variance", "ok"))
  expect_true(is.na(x$p_value[1]))
  tied <- rm_friedman(y ~ visit | id, long_rows(matrix(1, 3, 3)), effect_conf = "none")
  y <- rm_friedman_pairs(tied)
  expect_equal(as.character(y$status), c("all_zero", "all_zero"))
  expect_equal(y$p_value, c(1, 1))
  none <- rm_friedman(y ~ visit | id, long_rows(matrix(c(1, NA, NA, 2), 2)), effect_conf = "none")
  expect_equal(as.character(rm_friedman_pairs(none)$status), "no_data")
})
