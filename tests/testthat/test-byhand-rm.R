# Six patients at three visits; 3 and 5 lack the last one. The used four have 7, 8, 7, 8 at baseline (mean 7.5, variance 1/3).
small_rm <- function() {
  d <- expand.grid(id = 1:6, visit = c(0, 3, 12))
  d$hb <- c(7, 8, 6, 7, 8, 8, 9, 9, 8, 8, 12, 10, 10, 9, NA, 9, NA, 11)
  d
}

test_that("dropouts at baseline are compared by Welch's test of two means, on paper (byhand)", {
  x <- compare_dropouts(rm_anova(hb ~ visit | id, small_rm()))
  # others: 6 and 8, mean 7, variance 2; squared error (1/3)/4 + 2/2 = 13/12
  expect_equal(x$n_used, 4)
  expect_equal(x$n_others, 2)
  expect_equal(x$difference, 0.5)
  expect_equal(x$statistic, 0.5 / sqrt(13 / 12), tolerance = 1e-12)
  df <- (13 / 12)^2 / ((1 / 12)^2 / 3 + 1)
  expect_equal(x$df, df, tolerance = 1e-12)
  expect_equal(x$p_value, 2 * stats::pt(-0.5 / sqrt(13 / 12), df), tolerance = 1e-12)
  expect_equal(x$conf_high, 0.5 + stats::qt(0.975, df) * sqrt(13 / 12), tolerance = 1e-10)
  expect_equal(x$standardised_difference, 0.5 / sqrt((1 / 3 + 2) / 2), tolerance = 1e-12)
})

test_that("means of visits have the error of their own visit, on paper (byhand)", {
  x <- rm_means(rm_anova(hb ~ visit | id, small_rm()))
  expect_equal(x$estimate, c(7.5, 9, 9.75), tolerance = 1e-12)
  expect_equal(x$std_error, sqrt(c(1 / 3, 2 / 3, 11 / 12) / 4), tolerance = 1e-12)
  expect_equal(x$df, rep(3, 3))
  expect_equal(x$conf_low[1], 7.5 - stats::qt(0.975, 3) * sqrt(1 / 12), tolerance = 1e-12)
})

test_that("patients measured, used and dropped are counted by visit, on paper (byhand)", {
  x <- rm_patients(rm_anova(hb ~ visit | id, small_rm()))
  expect_equal(x$measured, c(6, 6, 4))
  expect_equal(x$used, rep(4, 3))
  expect_equal(x$dropped, c(2, 2, 0))
  expect_equal(as.character(x$dropped_ids), c("3, 5", "3, 5", ""))
})

test_that("Conover's pairs have the t of their rank sums, on paper (byhand)", {
  x <- rm_friedman_pairs(rm_friedman(hb ~ visit | id, small_rm()))
  # rank sums 4, 8.5, 11.5 of 4 patients; squared ranks 55.5; error sqrt(2 (4 * 55.5 - 220.5) / (3 * 2)) = sqrt(1 / 2)
  expect_equal(x$statistic, c(4.5, 7.5) / sqrt(1 / 2), tolerance = 1e-12)
  expect_equal(x$estimate, c(4.5, 7.5) / 4, tolerance = 1e-12)
  expect_equal(x$df, c(6, 6))
})

test_that("an unstructured covariance of complete patients is the sample covariance, on paper (byhand)", {
  d <- small_rm()
  fit <- rm_mmrm(hb ~ visit | id, d[d$id %in% c(1, 2, 4, 6), ])
  expect_equal(unname(rm_covariance(fit)), matrix(c(2, 2, 1, 2, 4, 4, 1, 4, 5.5), 3) / 6, tolerance = 1e-7)
  # the optimiser stops at a relative gradient of 1e-8, which leaves the variances to about 1e-8
})
