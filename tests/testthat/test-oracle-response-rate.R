test_that("adjusted difference and ratio are those of glm and predict", {
  d <- MASS::birthwt
  d$arm <- factor(ifelse(d$smoke == 1, "yes", "no"))
  x <- as.data.frame(response_rate(low ~ arm, d, adjust = ~ age + lwt + factor(race), missing = "excluded"))
  ours <- naive_standardised(d, low ~ arm + age + lwt + factor(race), "arm")
  difference <- x[x$estimand == "adjusted risk difference", ]
  ratio <- x[x$estimand == "adjusted risk ratio", ]
  expect_equal(difference$estimate, ours$difference, tolerance = 1e-10)
  expect_equal(ratio$estimate, ours$ratio, tolerance = 1e-10)
  expect_equal(difference$std_error, ours$se, tolerance = 1e-6)  # numerical derivatives
  z <- stats::qnorm(0.975)
  expect_equal(c(ratio$conf_low, ratio$conf_high), ours$ratio * exp(c(-z, z) * ours$log_se), tolerance = 1e-6)
  expect_equal(difference$p_value, 2 * stats::pnorm(-abs(ours$difference / ours$se)), tolerance = 1e-5)
})

test_that("simultaneous limits are Goodman's", {
  count <- c(56L, 72L, 73L, 59L, 62L, 87L, 68L)
  d <- data.frame(class = factor(rep(letters[1:7], count), ordered = TRUE))
  x <- as.data.frame(response_rate(class ~ 1, d, at_least = FALSE, missing = "excluded"))
  expect_equal(unname(as.matrix(x[c("conf_low_adjusted", "conf_high_adjusted")])), naive_goodman(count, 0.95),
    tolerance = 1e-10)
})

test_that("unadjusted differences are those of compare_rates()", {
  d <- MASS::birthwt
  x <- as.data.frame(response_rate(low ~ smoke, d, missing = "excluded", method = c("n1_chisq", "barnard")))
  y <- as.data.frame(compare_rates(low ~ smoke, d, method = c("n1_chisq", "barnard")))
  same <- c("estimate", "conf_low", "conf_high", "p_value", "n", "n_reference", "events", "events_reference")
  expect_equal(x[x$estimand != "rate", same], y[same], ignore_attr = TRUE, tolerance = 1e-12)
})
