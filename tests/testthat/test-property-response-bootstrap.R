some_trial <- function(n = 60, arms = c("a", "b", "c")) {
  set.seed(3)
  d <- data.frame(arm = factor(rep(arms, length.out = n)), z = round(stats::rnorm(n), 2), f = sample(c("u", "v"), n, TRUE))
  d$y <- stats::rbinom(n, 1, stats::plogis(0.5 * d$z))
  d
}
ask <- function(d, ..., seed = 1, adjust = ~ z + f) {
  as.data.frame(response_rate(y ~ arm, d, adjust = adjust, missing = "excluded", replicates = 300, seed = seed, ...))
}

test_that("the order of rows and the number of threads change nothing", {
  d <- some_trial()
  x <- ask(d)
  set.seed(6)
  y <- ask(d[sample(nrow(d)), ], threads = 2L)
  same <- c("estimate", "std_error", "conf_low", "conf_high", "p_value")
  boot <- x$conf_method %in% c("percentile", "basic")
  expect_equal(sum(boot), 8L)
  expect_equal(x[boot, c("std_error", "conf_low", "conf_high")], y[boot, c("std_error", "conf_low", "conf_high")],
    tolerance = 1e-10)
  expect_equal(x[same], y[same], tolerance = 1e-7)
  expect_identical(x, ask(d, threads = 2L))
})

test_that("counting the other response turns the difference and its percentiles round", {
  d <- some_trial()
  x <- ask(d)
  y <- ask(transform(d, y = 1 - y))
  x <- x[x$estimand == "adjusted risk difference" & x$conf_method == "percentile", ]
  y <- y[y$estimand == "adjusted risk difference" & y$conf_method == "percentile", ]
  # Patients are sorted by response before they are drawn, so the resamples differ: Monte Carlo error of 300 replicates.
  expect_equal(x$estimate, -y$estimate, tolerance = 1e-7)
  expect_equal(x$conf_low, -y$conf_high, tolerance = 0.35)
})

test_that("rows of the bootstrap stand beside those of the delta method and leave them as they were", {
  d <- some_trial()
  x <- ask(d)
  plain <- as.data.frame(response_rate(y ~ arm, d, adjust = ~ z + f, missing = "excluded"))
  kept <- x[!x$conf_method %in% c("percentile", "basic"), ]
  same <- c("estimate", "std_error", "conf_low", "conf_high", "p_value", "n", "events")
  expect_equal(kept[same], plain[same], ignore_attr = TRUE)
  expect_true(all(is.na(x$p_value[x$conf_method %in% c("percentile", "basic")])))
  expect_equal(as.character(x$conf_method[x$estimand == "adjusted risk ratio"]), rep(c("delta", "percentile", "basic"), 2))
})
