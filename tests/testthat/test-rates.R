# compare_rates(): forms, words, labels, print, conversions.

test_that("0 of 12 against 3 of 8: p below 0.05 stands beside an interval without 1", {
  x <- compare_rates(events = c(control = 3, drug = 0), n = c(control = 8, drug = 12), method = "fisher")
  expect_equal(x$p_value, 56 / 1140, tolerance = 1e-12)
  expect_lt(x$conf_high, 1)
  expect_equal(c(x$estimate, x$conf_low), c(0, 0))
  expect_true(x$p_matches)
  expect_gt(compare_rates(events = c(control = 3, drug = 0), n = c(control = 8, drug = 12), method = "fisher",
    two_sided = "central")$conf_high, 1)
})

test_that("the result names contrast, event, reference and what belongs to what", {
  d <- MASS::bacteria[MASS::bacteria$week == 2, ]
  x <- compare_rates(y ~ trt, d, event = "n", method = c("n1_chisq", "fisher"))
  expect_s3_class(x, c("respondr_rates", "respondr_result"))
  expect_equal(as.character(x$contrast), rep(c("drug - placebo", "drug+ - placebo"), each = 2))
  expect_equal(as.character(x$estimand), rep(c("difference of rates", "conditional odds ratio"), 2))
  expect_equal(as.character(x$conf_method), rep(c("miettinen_nurminen", "conditional"), 2))
  expect_equal(x$null_value, rep(c(0, 1), 2))
  printed <- format(x)
  expect_match(printed, "event n", all = FALSE)
  expect_match(printed, "Reference arm: placebo, first level", all = FALSE)
  expect_match(printed, "placebo 1/20", all = FALSE)
  ratio <- compare_rates(y ~ trt, d, event = "n", estimand = "ratio", reference = "drug+")
  expect_equal(as.character(ratio$contrast), c("placebo / drug+", "drug / drug+"))
  pairs <- compare_rates(y ~ trt, d, event = "n", contrasts = "pairwise")
  expect_equal(as.character(pairs$contrast), c("drug - placebo", "drug+ - placebo", "drug+ - drug"))
})

test_that("the event is TRUE, 1 or the second level; all else needs a word", {
  arm <- rep(c("a", "b"), 4)
  events <- function(response, ...) compare_rates(response ~ arm, data.frame(response, arm), ...)$events
  expect_equal(events(c(TRUE, TRUE, FALSE, TRUE, NA, TRUE, FALSE, FALSE)), 3)
  expect_equal(events(c(1, 1, 0, 1, NA, 1, 0, 0)), 3)
  expect_equal(events(factor(c("y", "y", "n", "y", "n", "y", "n", "n"), levels = c("n", "y"))), 3)
  expect_equal(events(factor(c("y", "y", "n", "y", "n", "y", "n", "n"), levels = c("y", "n"))), 1)
  text <- c("main", "minor", "none", "main", "none", "minor", "none", "none")
  expect_error(events(text), class = "respondr_error_event")
  expect_equal(events(text, event = c("main", "minor")), 3)
  expect_error(events(c(1, 2, 1, 2, 1, 2, 1, 2)), class = "respondr_error_event")
  expect_equal(events(c(1, 2, 1, 2, 1, 2, 1, 2), event = 2), 4)
  cnd <- expect_error(events(text, event = "mian"), class = "respondr_error_event")
  expect_match(conditionMessage(cnd), "Responses found: `main`, `minor`, `none`", fixed = TRUE)
  expect_match(format(compare_rates(text ~ arm, event = c("main", "minor"))), "event main + minor", fixed = TRUE,
    all = FALSE)
})

test_that("wrong words are named", {
  d <- data.frame(y = rep(c(TRUE, FALSE), 10), arm = rep(c("a", "b"), each = 10), g = "x")
  expect_error(compare_rates(y ~ arm | g, d), class = "respondr_error_formula")
  expect_error(compare_rates(y ~ arm + g, d), class = "respondr_error_formula")
  expect_error(compare_rates(~arm, d), class = "respondr_error_formula")
  expect_error(compare_rates(y ~ g, d), class = "respondr_error_arm")
  expect_error(compare_rates(y ~ nope, d), class = "respondr_error_column")
  expect_error(compare_rates(y ~ arm, d, reference = "c"), class = "respondr_error_reference")
  expect_error(compare_rates(y ~ arm, d, method = "exact"), class = "respondr_error_word")
  expect_error(compare_rates(y ~ 1, d, method = "fisher"), class = "respondr_error_word")
  expect_error(compare_rates(y ~ arm, d, interval = "wilson"), class = "respondr_error_word")
  expect_error(compare_rates(y ~ arm, d, midp = TRUE), class = "respondr_error_word")
  expect_error(compare_rates(y ~ arm, d, method = "fisher", midp = TRUE, two_sided = "blaker"),
    class = "respondr_error_word")
  expect_error(compare_rates(y ~ arm, d, method = "fisher", distribution = "asymptotic"), class = "respondr_error_word")
  expect_error(compare_rates(y ~ arm, d, estimand = "nnt", null = 5), class = "respondr_error_null")
  expect_error(compare_rates(y ~ arm, d, method = "fisher", estimand = "difference", null = 0.1),
    class = "respondr_error_null")
  expect_error(compare_rates(y ~ arm, d, null = 1), class = "respondr_error_number")
  expect_error(compare_rates(y ~ 1, d, null = 0), class = "respondr_error_number")
  expect_error(compare_rates(y ~ 1, d, interval = "blyth_still_casella", alternative = "less"),
    class = "respondr_error_word")
  expect_error(compare_rates(events = 1:2, n = 3), class = "respondr_error_figures")
  expect_error(compare_rates(events = c(a = 4, b = 1), n = c(a = 3, b = 3)), class = "respondr_error_figures")
  expect_error(compare_rates(events = c(a = 1, b = 1), n = c(a = 3, c = 3)), class = "respondr_error_figures")
  expect_error(compare_rates(cbind(y = 0.5, no = 1) ~ arm, d), class = "respondr_error")
  expect_error(compare_rates(events = 1, n = 3, by = g), class = "respondr_error_argument")
})

test_that("one sample against a stated rate", {
  x <- compare_rates(y ~ 1, data.frame(y = rep(c(TRUE, FALSE, NA), c(12, 18, 2))), null = 0.3)
  expect_equal(c(x$events, x$n, x$n_dropped), c(12, 30, 2))
  expect_equal(x$p_value, binom.test(12, 30, 0.3)$p.value, tolerance = 1e-9)
  expect_equal(as.character(x$contrast), "rate - 0.3")
  expect_equal(as.character(x$conf_method), "sterne")
  bare <- compare_rates(events = 12, n = 30)
  expect_true(is.na(bare$p_value))
  expect_false(bare$p_matches)
  by <- compare_rates(y ~ 1, MASS::bacteria, by = trt, event = "n", null = 0.2, method = "score")
  expect_equal(as.character(by$trt), c("placebo", "drug", "drug+"))
  expect_equal(sum(by$n), 220)
})

test_that("tidy, glance, as_htest and summary speak of rates", {
  x <- rate_pair(9, 14, 4, 17)
  expect_equal(tidy(x)$events.reference, 4)
  expect_equal(glance(x)$family, "rates")
  h <- as_htest(x)
  expect_equal(h$method, "Asymptotic N - 1 chi-square test, level - reference")
  expect_named(h$statistic, "X-squared")
  expect_match(format(summary(x)), "two-sided rule: minlike", all = FALSE)
  expect_equal(as_htest(rate_pair(9, 14, 4, 17, method = "boschloo"))$p.value, rate_pair(9, 14, 4, 17,
    method = "boschloo")$p_value)
})

test_that("rates_arms gives every arm its interval", {
  x <- compare_rates(y ~ trt, MASS::bacteria, by = week, event = "n")
  arms <- rates_arms(x)
  expect_equal(nrow(arms), 15L)
  expect_equal(as.character(arms$trt)[1:3], c("placebo", "drug", "drug+"))
  one <- compare_rates(events = arms$events[2], n = arms$n[2], interval = "wilson")
  expect_equal(c(arms$conf_low[2], arms$conf_high[2]), c(one$conf_low, one$conf_high))
  expect_equal(unique(rates_arms(x, "jeffreys", conf_level = 0.9)$conf_level), 0.9)
  expect_error(rates_arms(1), class = "respondr_error_x")
  expect_error(rates_arms(x, "mee"), class = "respondr_error_word")
})

test_that("sentences hold figures and directions", {
  x <- compare_rates(events = c(control = 3, drug = 0), n = c(control = 8, drug = 12), method = "fisher")
  expect_equal(report_text(x),
    paste("Event: drug 0 of 12 (0.0%), control 3 of 8 (37.5%); conditional odds ratio (drug / control)",
    "0.000 (95% confidence interval 0.000 to 0.990); p = 0.049, exact Fisher test;",
    "the estimate lies on the boundary of its range."))
  nnt <- rate_pair(36, 154, 12, 77, estimand = "nnt")
  expect_match(report_text(nnt), "-27.7 through infinity to 5.6", fixed = TRUE)
  expect_match(report_text(compare_rates(events = 12, n = 30, null = 0.3)), "exact binomial test of a rate of 0.3",
    fixed = TRUE)
  expect_no_match(report_text(compare_rates(events = 12, n = 30)), "p-value")
})

test_that("pictures are drawn with and without ggplot2", {
  x <- compare_rates(y ~ trt, MASS::bacteria, by = week, event = "n", estimand = "odds_ratio")
  skip_if_not_installed("ggplot2")
  expect_s3_class(plot_rates(x), "ggplot")
  expect_s3_class(plot_rate_contrasts(x), "ggplot")
  expect_error(ggplot2::autoplot(x, type = "bars"), class = "respondr_error_word")
  expect_error(plot_rate_contrasts(compare_rates(events = 1, n = 3)), class = "respondr_error_plot")
  old <- options(respondr.base_graphics = TRUE)
  on.exit(options(old))
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off(), add = TRUE)
  expect_equal(nrow(plot_rates(x)), 15L)
  expect_equal(nrow(plot_rate_contrasts(x)), 10L)
})
