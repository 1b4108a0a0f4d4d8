# A covariate that is the same number in every cell of arm and response changes no probability: the model gives each
# patient the rate of the arm, and Ye's variance is that of two binomial samples with divisors n_a - 1.
flat <- data.frame(y = rep(c(1, 0, 1, 0), c(6, 4, 3, 7)), arm = rep(c("drug", "control"), each = 10))
flat <- rbind(transform(flat, z = 1), transform(flat, z = -1))

test_that("without a covariate that matters Ye's variance is that of two independent rates", {
  x <- as.data.frame(response_rate(y ~ arm, flat, adjust = ~z, missing = "excluded", variance = "ye"))
  at <- x$estimand == "adjusted risk difference"
  expect_equal(x$estimate[at], 0.3, tolerance = 1e-10)
  expect_equal(x$std_error[at], sqrt((0.6 * 0.4 + 0.3 * 0.7) / 19), tolerance = 1e-8)
})
