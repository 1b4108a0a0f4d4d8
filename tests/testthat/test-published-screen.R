# Sample sizes as pmsampsize prints them.

test_that("sample sizes are those of pmsampsize", {
  printed <- read.csv(system.file("validation", "pmsampsize", "expected.csv", package = "respondr", mustWork = TRUE))
  x <- predictor_sample_size(24, prevalence = 0.174, r2 = 0.288)
  expect_identical(x$n, as.numeric(printed$n[printed$case == "binary"]))
  expect_equal(round(x$events_per_parameter, 2), c(4.52, 4.80, 1.60, 4.80))
  expect_identical(predictor_sample_size(25, r2 = 0.2)$n, as.numeric(printed$n[printed$case == "continuous"]))
  expect_error(predictor_sample_size(5, prevalence = 0.1, r2 = 0.6), class = "respondr_error_number")
  expect_error(predictor_sample_size(5), "needs `r2`")
})
