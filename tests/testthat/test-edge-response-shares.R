test_that("no patients have no limits, one patient and one class have those of ignorance", {
  none <- as.data.frame(response_rate(cl ~ 1, data.frame(cl = factor(NA, c("a", "b"), ordered = TRUE)),
    at_least = FALSE, missing = "excluded", simultaneous = "sison_glaz"))
  expect_true(all(is.na(none$conf_low_adjusted)))
  expect_equal(share_limits(c(1, 0), simultaneous = "sison_glaz"), naive_sison_glaz(c(1, 0), 0.95))
  expect_true(all(is.na(share_limits(5, simultaneous = "sison_glaz"))))
})

test_that("many patients lose no digits", {
  x <- respondr:::response_share_limits(matrix(c(4e8, 5e8, 1e8)), 2L, 0.95)
  half <- 2.39 * sqrt(c(0.4 * 0.6, 0.5 * 0.5, 0.1 * 0.9) / 1e9)  # near Bonferroni's, the same for all classes
  expect_equal(x$high - x$low, matrix(rep(x$high[2] - x$low[2], 3)), tolerance = 1e-9)
  expect_equal((x$high[2] - x$low[2]) / 2, half[2], tolerance = 0.15)
})

test_that("the simultaneous method is printed, and a wrong word refused", {
  d <- data.frame(cl = factor(c("a", "b", "b", "c"), ordered = TRUE))
  x <- response_rate(cl ~ 1, d, at_least = FALSE, simultaneous = "sison_glaz")
  expect_match(paste(format(x), collapse = "\n"), "Sison and Glaz \\(1995\\)")
  expect_error(response_rate(cl ~ 1, d, at_least = FALSE, simultaneous = "sison"), "simultaneous")
})
