# Evidence: edge. Empty arms, one response, no patients, unused levels, large counts.

test_that("empty arms, no events and only events give rows with a status", {
  d <- data.frame(y = c(FALSE, FALSE, FALSE, NA, TRUE, TRUE), arm = factor(c("a", "a", "b", "c", "d", "d"),
    levels = letters[1:5]))
  for (method in c("n1_chisq", "chisq", "score", "g", "fisher", "boschloo", "barnard")) {
    x <- compare_rates(y ~ arm, d, method = method, estimand = "difference")
    expect_equal(as.character(x$level), c("b", "c", "d", "e"))
    expect_equal(as.character(x$status), c("one_level", "one_group_empty", "ok", "one_group_empty"))
    expect_equal(x$p_value[1], 1)
    expect_true(all(is.na(x$p_value[c(2, 4)])))
    expect_equal(x$estimate, c(0, NA, 1, NA))
    expect_equal(x$n_dropped, c(0, 1, 0, 0))
    expect_equal(x$conf_high[3], 1)
  }
  expect_equal(length(report_text(x)), 4L)
})

test_that("a response without any value is no data, in every group by itself", {
  d <- data.frame(y = c(NA, NA, 1, 0), arm = c("a", "b", "a", "b"), g = c(1, 1, 2, 2))
  x <- compare_rates(y ~ arm, d, by = g)
  expect_equal(as.character(x$status), c("no_data", "ok"))
  expect_equal(x$n_dropped, c(2, 0))
})

test_that("rows without arm or group are counted in the header", {
  d <- data.frame(y = rep(0:1, 6), arm = rep(c("a", "b", NA), 4), g = c(NA, rep(1, 11)))
  x <- compare_rates(y ~ arm, d, by = g)
  expect_match(format(x), "left out: 4 without an arm, 1 without a group", all = FALSE)
})

test_that("ratios at the end of their range say so", {
  x <- rate_pair(0, 12, 3, 8, estimand = "ratio")
  expect_equal(c(x$estimate, x$conf_low), c(0, 0))
  expect_equal(as.character(x$status), "boundary")
  y <- rate_pair(3, 8, 0, 12, estimand = "odds_ratio")
  expect_equal(c(y$estimate, y$conf_high), c(Inf, Inf))
  woolf <- rate_pair(3, 8, 0, 12, estimand = "odds_ratio", interval = "wald")
  expect_true(is.na(woolf$conf_low))
  expect_false(woolf$p_matches)
})

test_that("beyond exact_limit an asymptotic answer stands there, or the row says that the exact one is too large", {
  x <- rate_pair(400, 1000, 300, 1000, method = "barnard", exact_limit = 1e4)
  expect_equal(as.character(x$distribution), "asymptotic")
  expect_match(as.character(x$note), "exact_limit")
  y <- rate_pair(400, 1000, 300, 1000, method = "barnard", exact_limit = 1e4, distribution = "exact")
  expect_equal(as.character(y$status), "too_large")
  expect_true(is.na(y$p_value))
})

test_that("a million patients are no obstacle", {
  x <- rate_pair(400200, 1e6, 400000, 1e6, method = c("n1_chisq", "fisher"), two_sided = "central",
    estimand = "odds_ratio")
  expect_equal(x$p_value[1], x$p_value[2], tolerance = 0.01)  # two tests of the same data
  expect_true(all(x$conf_low < 1 & x$conf_high > 1))
  z <- compare_rates(events = 300, n = 1e6, null = 3e-4, two_sided = "central")
  expect_equal(c(z$conf_low, z$conf_high), c(qbeta(0.025, 300, 1e6 - 299), qbeta(0.975, 301, 1e6 - 300)),
    tolerance = 1e-8)
})

test_that("the generator of R is left alone", {
  set.seed(9)
  before <- .Random.seed
  rate_pair(9, 14, 4, 17, method = c("fisher", "barnard"))
  expect_identical(.Random.seed, before)
})

test_that("groups of two columns, a subset and a grouped data frame split the patients alike", {
  d <- MASS::bacteria
  x <- compare_rates(y ~ trt, d, by = c(week, hilo), subset = week < 6 & trt != "drug+", event = "n")
  expect_equal(names(x)[2:3], c("week", "hilo"))
  expect_equal(as.character(unique(x$status[x$level == "drug+"])), "one_group_empty")
  grouped <- structure(d, class = c("grouped_df", "data.frame"), groups = data.frame(week = c(0, 2, 4, 6, 11), .rows = 1:5))
  expect_equal(as.data.frame(compare_rates(y ~ trt, grouped, event = "n")),
    as.data.frame(compare_rates(y ~ trt, d, by = "week", event = "n")))
  pooled <- compare_rates(cbind(y == "n", y == "y") ~ 1, transform(d, y = as.character(y)), event = "y == \"n\"")
  expect_equal(c(pooled$events, pooled$n), c(sum(d$y == "n"), nrow(d)))
})
