# Evidence: edge. Names in a call are matched, not passed over, and a sentence names the test that was done.

test_that("figures of two arms are matched by their names, whatever their order", {
  right <- compare_groups(n = c(10, 20), mean = c(3, 5), sd = c(1, 2), arms = c("R", "L"))
  for (x in list(
    compare_groups(n = c(R = 10, L = 20), mean = c(R = 3, L = 5), sd = c(L = 2, R = 1)),
    compare_groups(n = c(L = 20, R = 10), mean = c(R = 3, L = 5), sd = c(R = 1, L = 2)),
    compare_groups(n = c(L = 20, R = 10), mean = c(3, 5), sd = c(1, 2), arms = c("R", "L")))) {
    expect_equal(x$p_value, right$p_value)
    expect_identical(as.character(x$contrast), "L - R")
    expect_equal(c(x$n, x$n_reference), c(20, 10))
  }
  welch <- (5 - 3) / sqrt(1 / 10 + 4 / 20)
  expect_equal(right$statistic, welch)
  f <- compare_variances(n = c(R = 10, L = 20), mean = c(R = 5, L = 3), sd = c(L = 2, R = 1), method = "f")
  expect_equal(f$estimate, 4)
  expect_error(compare_groups(n = c(L = 10, R = 20), mean = c(A = 3, B = 5), sd = c(1, 2)), class = "respondr_error_figures")
  expect_error(compare_groups(n = c(L = 10, R = 20), mean = c(3, 5), sd = c(1, 2), arms = c("R", "Q")),
    class = "respondr_error_figures")
})

two_outcomes <- function() {
  set.seed(1)
  d <- data.frame(arm = rep(c("p", "q"), 12), u0 = rnorm(24), v0 = rnorm(24, 100, 10))
  transform(d, u1 = u0 + rnorm(24), v1 = v0 + rnorm(24) * 10, x0 = u0 > 0, y0 = v0 > 100, x1 = u0 > -0.5, y1 = v0 > 97)
}

test_that("baselines are matched by their names, and the print says which belongs to which", {
  d <- two_outcomes()
  plain <- compare_groups(u1 + v1 ~ arm, d, baseline = c(u0, v0), method = "change_score")
  expect_equal(compare_groups(u1 + v1 ~ arm, d, baseline = c(v1 = v0, u1 = u0), method = "change_score")$p_value, plain$p_value)
  expect_equal(compare_groups(u1 + v1 ~ arm, d, baseline = c(v1 = "v0", u1 = "u0"), method = "change_score")$p_value,
    plain$p_value)
  expect_output(print(plain), "Baseline columns u0 for u1, v0 for v1")
  expect_output(print(compare_groups(u1 + v1 ~ arm, d, baseline = u0)), "Baseline column u0 for every outcome")
  paired <- compare_paired(u1 + v1 ~ 1, d, baseline = c(v1 = v0, u1 = u0), method = "t")
  expect_equal(paired$p_value, compare_paired(u1 + v1 ~ 1, d, baseline = c(u0, v0), method = "t")$p_value)
  rates <- compare_paired_rates(x1 + y1 ~ 1, d, baseline = c(y1 = y0, x1 = x0))
  expect_equal(rates$p_value, compare_paired_rates(x1 + y1 ~ 1, d, baseline = c(x0, y0))$p_value)
  expect_output(print(rates), "Baseline columns x0 for x1, y0 for y1")
  for (call in expression(compare_groups(u1 + v1 ~ arm, d, baseline = c(v1 = v0, u2 = u0)),
    compare_groups(u1 + v1 ~ arm, d, baseline = c(u0, v0, u0)), compare_paired(u1 + v1 ~ 1, d, baseline = c(v1 = v0, u2 = u0)),
    compare_paired(u1 + v1 ~ 1, d, baseline = c(u0, v0, u0)))) {
    expect_error(eval(call), class = "respondr_error_baseline")
  }
})

test_that("two outcomes may share a baseline that stands in the call twice", {
  d <- two_outcomes()
  twice <- compare_groups(u1 + v1 ~ arm, d, baseline = c(u0, u0), method = "change_score")
  expect_equal(twice$p_value, compare_groups(u1 + v1 ~ arm, d, baseline = u0, method = "change_score")$p_value)
})

test_that("mid-p, a correction for continuity, another statistic and HC3 are said", {
  two <- function(...) compare_rates(events = c(placebo = 3, drug = 9), n = c(placebo = 12, drug = 12), ...)
  expect_match(report_text(two(method = "fisher", midp = TRUE)), "exact Fisher test (mid-p)", fixed = TRUE)
  expect_no_match(report_text(two(method = "fisher")), "mid-p")
  expect_match(report_text(two(method = "chisq", continuity = TRUE)), "(with continuity correction)", fixed = TRUE)
  expect_match(report_text(two(method = "chisq", convention = "r")), "(with continuity correction)", fixed = TRUE)
  expect_no_match(report_text(two(method = "chisq")), "continuity")
  expect_match(report_text(two(method = "barnard", pooled = FALSE)), "(unpooled statistic)", fixed = TRUE)
  expect_output(print(two(method = "fisher", midp = TRUE)), "Exact tests by mid-p")
  expect_match(report_text(compare_rates(events = 12, n = 20, null = 0.4, midp = TRUE)), "binomial test (mid-p)", fixed = TRUE)
  four <- compare_paired_rates(both = 5, lost = 2, gained = 9, neither = 9, method = "mcnemar", continuity = TRUE)
  expect_match(report_text(four), "(with continuity correction)", fixed = TRUE)
  d <- two_outcomes()
  hc3 <- compare_groups(u1 ~ arm, d, baseline = u0, covariance = "hc3", method = "change_score")
  expect_match(report_text(hc3)[3], "HC3 standard errors")
  expect_output(print(hc3), "Standard errors: HC3")
  d$arm <- rep(c("p", "q", "r"), 8)
  expect_match(report_text(compare_groups(u1 ~ arm, d, baseline = u0, method = "change_score")), "variance of the changes",
    all = FALSE)
})

test_that("an empty cell of text is a missing response", {
  d <- data.frame(y = c("yes", "", "yes", "no", " ", "no", "yes", "no"), arm = rep(c("a", "b"), each = 4))
  x <- compare_rates(y ~ arm, d, event = "yes")
  expect_equal(c(x$n, x$n_reference), c(3, 3))
  d$y <- factor(d$y)
  expect_equal(compare_rates(y ~ arm, d, event = "yes")$p_value, x$p_value)
  expect_match(report_text(x), "2 patients without a response were left out")
  pairs <- data.frame(before = c("yes", "", "no", "no"), after = c("yes", "yes", "yes", "no"))
  expect_equal(compare_paired_rates(after ~ 1, pairs, baseline = before, event = "yes")$n_pairs[1], 3)
})
