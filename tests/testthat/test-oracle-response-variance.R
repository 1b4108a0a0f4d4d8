three <- local({
  d <- MASS::birthwt
  data.frame(y = d$low, arm = factor(c("c", "a", "b")[1 + d$ftv %% 3]), z = (d$age - 20) / 5, s = d$race)
})

test_that("each variance of three arms is that of the papers' formulas", {
  for (variance in c("ge", "ge_hc0", "ye", "ye_residual")) {
    x <- as.data.frame(response_rate(y ~ arm, three, adjust = ~z, missing = "excluded", variance = variance))
    ours <- naive_risk_covariance(three$y, three$arm, three$z, variance)
    for (k in 2:3) {
      g <- replace(replace(numeric(3), k, 1), 1, -1)
      row <- x[x$level == levels(three$arm)[k], ]
      difference <- row[row$estimand == "adjusted risk difference", ]
      ratio <- row[row$estimand == "adjusted risk ratio", ]
      expect_equal(difference$estimate, sum(g * ours$risk), tolerance = 1e-10)
      # glm stops one step before its last figure
      expect_equal(difference$std_error, sqrt(drop(g %*% ours$v %*% g)), tolerance = 1e-9)
      h <- g / ours$risk
      expect_equal(ratio$std_error, sqrt(drop(h %*% ours$v %*% h)), tolerance = 1e-9)
      z <- log(ratio$estimate) / ratio$std_error
      expect_equal(ratio$p_value, 2 * stats::pnorm(-abs(z)), tolerance = 1e-10)
    }
  }
})

test_that("randomisation strata enter Ye's variance by their mean residuals", {
  x <- as.data.frame(response_rate(y ~ arm, three, adjust = ~z, missing = "excluded", strata = s,
    variance = c("ge", "ye")))
  ours <- naive_risk_covariance(three$y, three$arm, three$z, "ye", three$s)
  at <- x$estimand == "adjusted risk difference" & x$method == "ml ye"
  expect_equal(x$std_error[at], sqrt(c(ours$v[1, 1] + ours$v[2, 2] - 2 * ours$v[1, 2],
    ours$v[1, 1] + ours$v[3, 3] - 2 * ours$v[1, 3])), tolerance = 1e-9)
  plain <- as.data.frame(response_rate(y ~ arm, three, adjust = ~z, missing = "excluded"))
  same <- x$method == "ml" & x$estimand != "rate"
  expect_identical(x$std_error[same], plain$std_error[plain$estimand != "rate"])
})
