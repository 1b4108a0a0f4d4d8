# Columns as haven reads them from SPSS: values declared missing count as missing in every verb. The methods of vctrs and
# haven apply to such columns as soon as one of the packages is loaded.

if (requireNamespace("haven", quietly = TRUE)) loadNamespace("haven")

spss <- function(x, na_values = NULL, na_range = NULL, labels = NULL) {
  structure(x, na_values = na_values, na_range = na_range, labels = labels,
    class = c("haven_labelled_spss", "haven_labelled", "vctrs_vctr", "double"))
}

test_that("a value declared missing is missing before and after, in long and in wide data", {
  hb <- c(7, 9, 8, 99, 6, 9, 7, 8, 98, 9)
  d <- data.frame(id = rep(1:5, each = 2), visit = rep(0:1, 5), hb = hb)
  plain <- transform(d, hb = replace(hb, hb >= 98, NA))
  d$hb <- spss(hb, na_values = c(98, 99), labels = c("not done" = 99))
  ranged <- d
  ranged$hb <- spss(hb, na_range = c(98, Inf))
  expected <- as.data.frame(compare_paired(hb ~ visit | id, plain))
  expect_identical(as.data.frame(compare_paired(hb ~ visit | id, d)), expected)
  expect_identical(as.data.frame(compare_paired(hb ~ visit | id, ranged)), expected)
  expect_identical(expected$n_pairs, 3L)
  wide <- data.frame(before = hb[c(TRUE, FALSE)])
  wide$after <- spss(hb[c(FALSE, TRUE)], na_values = c(98, 99))
  wide$before <- spss(wide$before, na_values = c(98, 99))
  expect_equal(as.data.frame(compare_paired(after ~ 1, wide, baseline = before))$estimate, expected$estimate)
  expect_equal(as.data.frame(with(wide, compare_paired(before, after)))$estimate, expected$estimate)
  rule <- response_rule(up = change(hb) >= 1, no = otherwise(), missing = "open")
  expect_identical(as.character(classify_response(d, rule, id = id, visit = visit)$class), c("up", NA, "up", "up", NA))
})

test_that("arms, responses, visits and predictors declared missing are missing", {
  arm <- rep(c(1, 2, 9), c(12, 12, 2))
  y <- rep(c(0, 1, 1, 0, 1, 0), length.out = 26)
  x <- c(3, 8, 6, 5, 9, 2, 7, 4, 1, 99, 6, 3, 8, 5, 2, 7, 9, 4, 3, 6, 1, 8, 5, 7, 2, 4)
  plain <- data.frame(arm = replace(arm, arm == 9, NA), y = y, x = replace(x, x == 99, NA))
  odd <- data.frame(arm = arm, y = y, x = x)
  odd$arm <- spss(arm, na_values = 9)
  odd$x <- spss(x, na_values = 99)
  estimate <- function(z) as.data.frame(z)$estimate
  expect_equal(estimate(compare_rates(y ~ arm, odd, event = 1)), estimate(compare_rates(y ~ arm, plain, event = 1)))
  expect_equal(estimate(compare_groups(x ~ arm, odd)), estimate(compare_groups(x ~ arm, plain)))
  expect_equal(unname(coef(fit_logistic(y ~ x, odd))), unname(coef(fit_logistic(y ~ x, plain))))
  expect_equal(unname(coef(fit_linear(x ~ y, odd))), unname(coef(fit_linear(x ~ y, plain))))
  expect_equal(estimate(screen_predictors(y ~ x, odd)), estimate(screen_predictors(y ~ x, plain)))
})
