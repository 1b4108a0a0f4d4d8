# Evidence: edge. What a rule says of missing values and excluded patients holds in the rates.

test_that("patients whom the rule excludes are in no denominator, those it leaves open are", {
  d <- data.frame(id = rep(1:8, each = 3), v = rep(c(0, 3, 6), 8), arm = rep(c("a", "b"), each = 12),
    u = c(0, 1, 2, 0, 0, 3, 4, 2, 1, 4, 4, NA, 6, 2, 2, 8, 1, NA, 0, 1, 1, 9, 1, 1))
  classes <- function(zero) {
    rule <- response_rule(main = percent_change(u) <= -50, none = otherwise(), missing = "open", zero_baseline = zero,
      at = visit("6"))
    classify_response(d, rule, id = id, visit = v, keep = arm)
  }
  rates <- function(x, missing) {
    out <- as.data.frame(response_rate(class ~ arm, x, reference = "a", missing = missing))
    out <- out[out$estimand == "rate", ]
    paste(out$events, out$n, sep = "/")
  }
  # Baseline 0: patients 1, 2 and 7. Open: 4 and 6.
  expect_identical(rates(classes("excluded"), "nonresponder"), c("1/2", "2/3"))
  expect_identical(rates(classes("open"), "nonresponder"), c("1/4", "2/4"))
  expect_identical(rates(classes("excluded"), "excluded"), c("1/1", "2/2"))
  expect_output(print(response_rate(class ~ arm, classes("excluded"), reference = "a")), "3 that the rule excludes")
})

test_that("a patient without a baseline is a missing response, under whatever name and after a merge", {
  d <- data.frame(pt = 1:5, hb0 = c(7, 7, NA, 7, NA), hb = c(9.5, NA, 9.5, 7, NA), centre = c("x", "y", "x", "y", "x"))
  x <- classify_response(d, response_rule(main = change(hb) >= 2, none = otherwise()), id = pt, baseline = hb0)
  rates <- function(formula, data) {
    out <- as.data.frame(response_rate(formula, data, missing = c("nonresponder", "excluded", "responder")))
    paste(out$events, out$n, sep = "/")
  }
  expect_identical(rates(class ~ 1, x), c("1/5", "1/2", "4/5"))
  x$grade <- x$class
  expect_identical(rates(grade ~ 1, x), c("1/5", "1/2", "4/5"))
  expect_identical(rates(class ~ 1, merge(x, d[c("pt", "centre")])), c("1/5", "1/2", "4/5"))
})
