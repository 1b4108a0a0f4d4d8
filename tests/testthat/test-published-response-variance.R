trial01 <- utils::read.csv(system.file("validation", "beeca", "trial01.csv", package = "respondr"))
printed <- utils::read.csv(system.file("validation", "beeca", "expected.csv", package = "respondr"))

test_that("Ge's and Ye's variances are those of SAS and beeca on trial01", {
  x <- as.data.frame(response_rate(aval ~ trtp, trial01, adjust = ~bl_cov, missing = "excluded",
    variance = c("ge", "ge_hc0", "ye", "ye_residual")))
  for (i in seq_len(nrow(printed))) {
    one <- printed[i, ]
    method <- if (one$variance == "ge") "ml" else paste("ml", one$variance)
    row <- x[x$estimand == one$estimand & x$method == method, ]
    expect_equal(nrow(row), 1L)
    expect_lt(abs(row[[one$quantity]] - one$value), one$tolerance)
  }
})

test_that("randomisation within strata takes away what beeca takes away", {
  x <- as.data.frame(response_rate(aval ~ trtp, trial01, adjust = ~ bl_cov + bl_cov_c, strata = bl_cov_c,
    missing = "excluded", variance = c("ye", "ye_residual")))
  error <- function(estimand, method) x$std_error[x$estimand == estimand & x$method == method]
  expect_equal(error("adjusted risk difference", "ml ye"), 0.0608973235399, tolerance = 1e-11)
  expect_equal(error("adjusted risk ratio", "ml ye_residual"), 0.134612064291, tolerance = 1e-11)
})
