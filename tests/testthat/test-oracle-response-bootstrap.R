trial <- function(n = 120) {
  set.seed(8)
  d <- data.frame(arm = factor(rep(c("a", "b"), length.out = n)), z = stats::rnorm(n))
  d$y <- stats::rbinom(n, 1, stats::plogis(-0.4 + 0.9 * (d$arm == "b") + 0.8 * d$z))
  d
}
boot_rows <- function(x, estimand, method) {
  x <- as.data.frame(x)
  x[x$estimand == paste("adjusted risk", estimand) & x$conf_method %in% method, ]
}

test_that("percentile and basic limits are those of a naive bootstrap within Monte Carlo error", {
  d <- trial()
  x <- response_rate(y ~ arm, d, adjust = ~z, missing = "excluded", replicates = 10000, seed = 4)
  set.seed(11)
  r <- naive_risk_bootstrap(d, 1500)
  difference <- r[, 2] - r[, 1]
  q <- unname(stats::quantile(difference, c(0.025, 0.975)))
  p <- boot_rows(x, "difference", "percentile")
  b <- boot_rows(x, "difference", "basic")
  se <- stats::sd(difference)
  # A 2.5 % quantile of 1,500 draws has a standard error of 0.07 SD; the SD itself one of 2 %. Three of each.
  expect_lt(abs(p$conf_low - q[1]), 0.21 * se)
  expect_lt(abs(p$conf_high - q[2]), 0.21 * se)
  expect_equal(p$std_error, se, tolerance = 0.06)
  expect_equal(b$conf_low, 2 * b$estimate - p$conf_high, tolerance = 1e-7)
  expect_equal(b$conf_high, 2 * b$estimate - p$conf_low, tolerance = 1e-7)
  ratio <- boot_rows(x, "ratio", "percentile")
  expect_equal(ratio$std_error, stats::sd(log(r[, 2] / r[, 1])), tolerance = 0.06)
  basic <- boot_rows(x, "ratio", "basic")
  expect_equal(log(basic$conf_low), 2 * log(basic$estimate) - log(ratio$conf_high), tolerance = 1e-6)
})

test_that("the risks of the observed patients are those of glm, FLIC and FLAC, to the last figures", {
  d <- trial()
  for (estimator in c("ml", "flic", "flac")) {
    fit <- fit_logistic(y ~ arm + z, d, method = estimator, interval = "wald")
    answer <- respondr:::response_risk_bootstrap(list(x = unname(stats::model.matrix(~ arm + z, d)), y = as.double(d$y),
      arm = as.integer(d$arm), code = cbind(0:1) + 0, first = 1L, model = match(estimator, c("flic", "flac"), 0L),
      conf_level = 0.95, replicates = 3L, seed = c(1L, 0L), problem = 1L, threads = 1L))
    e <- as.data.frame(risk_effects(fit, of = "arm"))
    expect_equal(diff(answer$risk), e$estimate[e$estimand == "risk difference"], tolerance = 1e-7)
    if (estimator == "ml") expect_equal(answer$risk, unname(naive_risks(d)), tolerance = 1e-7)
  }
})
