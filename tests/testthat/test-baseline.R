# Evidence: byhand, oracle, property, edge.

base_data <- function(n = 25) {
  i <- seq_len(n)
  before <- 60 + (i * 17) %% 31
  data.frame(before, after = 20 + 0.7 * before + (i * i * 13) %% 19, arm = letters[1 + i %% 2])
}
row_of <- function(x, method) as.data.frame(x)[x$method == method, , drop = FALSE]

test_that("every line of the table agrees with the naive program", {
  d <- base_data()
  x <- baseline_change(after ~ before, d, reliability = 0.8, population_mean = 70)
  o <- oracle_baseline(d$before, d$after, 0.8, 70)
  pick <- function(m, names) unlist(row_of(x, m)[names], use.names = FALSE)
  four <- c("estimate", "conf_low", "conf_high", "p_value")
  expect_equal(pick("naive", four), unlist(o$naive[c("slope", "conf_low", "conf_high", "p_value")], use.names = FALSE))
  expect_equal(pick("oldham", c(four, "effect")), unlist(o$oldham[c("slope", "conf_low", "conf_high", "p_value", "r")],
    use.names = FALSE))
  expect_equal(pick("pitman_morgan", c(four, "statistic")),
    unlist(o$pitman_morgan[c("ratio", "conf_low", "conf_high", "p_value", "statistic")], use.names = FALSE))
  expect_equal(pick("blomqvist", c("estimate", "std_error")), unlist(o$blomqvist, use.names = FALSE))
  expect_equal(pick("mee_chua", four),
    unlist(o$mee_chua[c("intercept", "intercept_low", "intercept_high", "intercept_p")], use.names = FALSE))
  expect_equal(pick("mee_chua", "estimate") + pick("mee_chua", "effect"), mean(d$after - d$before))
})

test_that("four patients by hand", {
  d <- data.frame(before = c(0, 0, 2, 2), after = c(1, 3, 3, 5))
  x <- baseline_change(after ~ before, d, reliability = 0.5)
  expect_equal(row_of(x, "naive")$estimate, 0)             # slope of after on before is 1
  expect_equal(row_of(x, "pitman_morgan")$estimate, 2)     # sums of squares 8 and 4
  expect_equal(row_of(x, "blomqvist")$estimate, 1)         # 1 / .5 - 1
  expect_equal(row_of(x, "oldham")$estimate, 0.4)          # (8 - 4) / 2 over (8 + 4 + 2 * 4) / 4
})

test_that("Oldham's test is Pitman and Morgan's, each p goes with its interval", {
  d <- base_data()
  x <- baseline_change(after ~ before, d, reliability = c(0.6, 0.9), error_variance = 9, population_mean = 75)
  expect_equal(row_of(x, "oldham")$p_value, row_of(x, "pitman_morgan")$p_value)
  for (m in levels(x$method)) {
    r <- row_of(x, m)[1, ]
    at <- baseline_change(after ~ before, d, reliability = 0.6, error_variance = 9, population_mean = 75, method =
      sub("_error", "", m), conf_level = 1 - r$p_value)
    at <- row_of(at, m)[1, ]
    expect_lt(min(abs(c(at$conf_low, at$conf_high) - r$null_value)), 1e-8)
  }
})

test_that("a reliability of 1 and an error variance of 0 give the naive slope; Fieller's limits solve their equation", {
  d <- base_data()
  x <- baseline_change(after ~ before, d, reliability = 1, error_variance = c(0, 9))
  naive <- row_of(x, "naive")
  expect_equal(row_of(x, "blomqvist")$conf_low, naive$conf_low)
  expect_equal(row_of(x, "blomqvist_error")$estimate[1], naive$estimate)
  r <- row_of(x, "blomqvist_error")[2, ]
  n <- nrow(d)
  for (b in 1 + c(r$conf_low, r$conf_high)) {
    e <- d$after - b * d$before
    left <- cov(d$before, e) + b * 9
    expect_equal(left^2, qt(0.975, n - 2)^2 * (var(d$before) * var(e) + b^2 * 81) / (n - 1))
  }
})

test_that("the naive slope is below 0 without any relation, where Oldham's is not", {
  i <- 1:400
  true <- stats::qnorm((i - 0.5) / 400) * 3 + 50
  e1 <- stats::qnorm(((i * 149) %% 400 + 0.5) / 400) * 2
  e2 <- stats::qnorm(((i * 263 + 57) %% 400 + 0.5) / 400) * 2
  x <- baseline_change(after ~ before, data.frame(before = true + e1, after = true + e2 + 5), reliability = 9 / 13)
  expect_lt(row_of(x, "naive")$conf_high, 0)
  expect_true(row_of(x, "oldham")$conf_low < 0 && row_of(x, "oldham")$conf_high > 0)
  expect_equal(row_of(x, "blomqvist")$estimate, 0, tolerance = 0.15)
})

test_that("units and offsets change nothing but the scale", {
  d <- base_data()
  d$after <- round(64 * d$after) / 64
  a <- baseline_change(after ~ before, d, reliability = 0.8, method = c("naive", "oldham", "pitman_morgan", "blomqvist"))
  b <- baseline_change(I(8 * after + 2^30) ~ I(8 * before + 2^30), d, reliability = 0.8,
    method = c("naive", "oldham", "pitman_morgan", "blomqvist"))
  expect_equal(b$estimate, a$estimate, tolerance = 1e-12)
  expect_equal(b$p_value, a$p_value, tolerance = 1e-12)
})

test_that("impossible and hard inputs have a status or an error", {
  d <- base_data()
  flat <- baseline_change(after ~ before, transform(d, before = 5), reliability = 0.8, population_mean = 5)
  expect_true(all(flat$status[flat$method != "oldham"] == "no_variance"))
  exact <- baseline_change(after ~ before, transform(d, after = 3 + 2 * before))
  expect_identical(as.character(exact$status), c("no_variance", "no_variance", "no_variance", "ok")[c(1, 1, 1, 4)])
  expect_true(all(is.na(exact$p_value[1:3])))
  low <- baseline_change(after ~ before, d, error_variance = c(var(d$before), 200), reliability = 0.3)
  expect_true(all(row_of(low, "blomqvist_error")$status == "not_estimable"))
  expect_match(as.character(row_of(low, "blomqvist")$note), "correlate beyond 1")
  expect_error(baseline_change(after ~ before, d, reliability = 1.2), class = "respondr_error_number")
  expect_error(baseline_change(after ~ before, d, reliability = 0), class = "respondr_error_number")
  expect_error(baseline_change(after ~ before, d, method = "mee_chua"), "population_mean", class = "respondr_error_method")
  expect_error(baseline_change(after ~ before + arm, d), class = "respondr_error_formula")
  few <- baseline_change(after ~ before, d[1:2, ])
  expect_true(all(few$status == "too_few"))
  expect_match(report_text(few), "nothing can be said")
  gap <- baseline_change(after ~ before, transform(d, after = replace(after, 1:4, NA), before = replace(before, 25,
    -1)), by = arm)
  expect_identical(sum(gap$n_dropped[gap$method == "naive"]), 4L)
  expect_match(paste(gap$note, collapse = " "), "no logarithm")
})
