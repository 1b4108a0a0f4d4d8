random_changes <- function(seed, n = 60, step = 0.5) {
  set.seed(seed)
  data.frame(change = round(stats::rnorm(n, rep(0:2, length.out = n)) / step) * step,
    arm = factor(rep(c("x", "y", "z"), length.out = n)))
}

test_that("counts, differences, p and bands are those of a loop over the cut-offs, both ways", {
  for (direction in c("greater", "less")) {
    d <- random_changes(4)
    x <- as.data.frame(response_threshold(change ~ arm, d, direction = direction))
    x <- x[x$estimand != "rate", ]
    y <- naive_threshold(d$change, d$arm, sort(unique(d$change)), direction == "greater")
    expect_equal(as.character(x$level), y$level)
    expect_equal(x$cutoff, y$cutoff)
    expect_equal(x$events, y$events)
    expect_equal(x$events_reference, y$events_reference)
    expect_equal(x$estimate, y$estimate, tolerance = 1e-12)
    expect_equal(x$p_value, y$p_value, tolerance = 1e-10)
    expect_equal(x$conf_low_adjusted, y$low, tolerance = 1e-12)
    expect_equal(x$conf_high_adjusted, y$high, tolerance = 1e-12)
  }
})

test_that("pointwise rows are those of compare_rates() and response_rate() at that cut-off", {
  d <- random_changes(5)
  x <- as.data.frame(response_threshold(change ~ arm, d, cuts = 1, method = "score"))
  r <- as.data.frame(response_rate(change >= 1 ~ arm, d, method = "score", missing = "excluded"))
  same <- c("events", "n", "estimate", "conf_low", "conf_high", "p_value")
  expect_equal(x[same], r[same], ignore_attr = TRUE)
})

test_that("the sup-t band is that of a naive bootstrap within Monte Carlo error", {
  d <- droplevels(subset(random_changes(6, 90, 0.25), arm != "z"))
  x <- as.data.frame(response_threshold(change ~ arm, d, band = "bootstrap", replicates = 4000, seed = 1))
  x <- x[x$estimand != "rate" & !is.na(x$conf_high_adjusted) & x$conf_high_adjusted < 1, ]
  s <- sqrt(x$events / x$n * (1 - x$events / x$n) / x$n +
    x$events_reference / x$n_reference * (1 - x$events_reference / x$n_reference) / x$n_reference)
  q <- (x$conf_high_adjusted - x$estimate) / s
  expect_equal(q, rep(q[1], length(q)), tolerance = 1e-10)
  set.seed(2)
  # The 95 % quantile of about 4000 draws has a standard error of about 0.03 here.
  expect_equal(q[1], naive_sup_t(d$change, d$arm, sort(unique(d$change)), 4000), tolerance = 0.05)
})

test_that("the anchor is the continuous comparison", {
  d <- random_changes(7)
  x <- response_threshold(change ~ arm, d, reference = "y")
  a <- attr(x, "settings")$anchor
  w <- stats::t.test(d$change[d$arm == "x"], d$change[d$arm == "y"])
  expect_equal(a$p_value[a$method == "welch" & a$level == "x"], w$p.value, tolerance = 1e-10)
  expect_true(any(grepl("Mann-Whitney", format(x))))
})
