three <- data.frame(change = c(1, 2, 3, 2, 4, 5), arm = rep(c("a", "b"), each = 3))

test_that("three and three patients are counted at every cut-off by hand", {
  x <- as.data.frame(response_threshold(change ~ arm, three))
  rates <- x[x$estimand == "rate", ]
  expect_equal(rates$cutoff, rep(1:5, each = 2))
  expect_equal(rates$events[rates$level == "a"], c(3L, 2L, 1L, 0L, 0L))
  expect_equal(rates$events[rates$level == "b"], c(3L, 3L, 2L, 2L, 1L))
  d <- x[x$estimand != "rate", ]
  expect_equal(d$estimate, c(0, 1, 1, 2, 1) / 3)
  expect_equal(as.character(d$contrast), rep("b - a", 5))
})

test_that("the band of a rate is its distance by Massart's constant, cut at 0 and 1", {
  x <- as.data.frame(response_threshold(change ~ 1, data.frame(change = 1:200)))
  half <- sqrt(log(2 / 0.05) / 400)
  expect_equal(half, 0.0960323, tolerance = 1e-6)
  expect_equal(x$conf_low_adjusted[101], 0.5 - half)
  expect_equal(x$conf_high_adjusted[101], 0.5 + half)
  expect_equal(x$conf_high_adjusted[1], 1)
})

test_that("a fall is counted up to the cut-off, its own value included", {
  x <- as.data.frame(response_threshold(change ~ 1, three, direction = "less", cuts = c(1.5, 2)))
  expect_equal(x$events, c(1L, 3L))
})

test_that("the cut-offs where the conclusion changes are those where p crosses alpha", {
  d <- data.frame(change = c(1:20, 11:30), arm = rep(c("a", "b"), each = 20))
  x <- as.data.frame(response_threshold(change ~ arm, d))
  d <- x[x$estimand != "rate", ]
  small <- d$p_value <= 0.05
  expect_true(any(small) && !all(small))
  expect_equal(d$changes, c(FALSE, diff(small) != 0))
  expect_equal(as.character(d$conclusion), ifelse(small, "higher", "no difference"))
})
