admissions <- function() {
  d <- as.data.frame(UCBAdmissions)
  transform(d, yes = ifelse(Admit == "Admitted", Freq, 0L), no = ifelse(Admit == "Admitted", 0L, Freq))
}

test_that("strata give the test and the estimate of mantelhaen.test (oracle)", {
  x <- compare_rates(cbind(yes, no) ~ Gender, admissions(), strata = Dept, method = c("cmh", "exact"))
  table <- aperm(UCBAdmissions, c(2, 1, 3))
  base <- stats::mantelhaen.test(table, correct = FALSE)
  expect_equal(x$p_value[1], base$p.value, tolerance = 1e-10)
  expect_equal(x$estimate[1], 1 / unname(base$estimate), tolerance = 1e-10)
  expect_equal(x$p_value[2], stats::mantelhaen.test(table, exact = TRUE)$p.value, tolerance = 1e-6)  # optimise() in its odds ratio
  expect_equal(as.character(x$contrast[1]), "Female / Male")
  expect_equal(x$n_strata[1], 6L)
  expect_match(report_text(x)[1], "Female / Male .*common odds ratio")
  robust <- compare_rates(cbind(yes, no) ~ Gender, admissions(), strata = Dept, interval = "mantel_haenszel")
  expect_equal(c(robust$conf_low, robust$conf_high), 1 / rev(as.numeric(base$conf.int)), tolerance = 1e-8)
})

test_that("strata without events stay harmless and are counted", {
  d <- data.frame(stratum = rep(1:3, each = 2), arm = rep(c("a", "b"), 3), x = c(3, 7, 0, 0, 2, 5), n = c(10, 10, 8, 9, 0, 12))
  x <- compare_rates(cbind(x, n - x) ~ arm, d[d$n >= d$x, ], strata = stratum, event = "x")
  expect_equal(x$n_strata_dropped, 2L)
  expect_equal(x$p_value, stats::pchisq((7 - 5)^2 / (10 * 10 * 10 * 10 / (20^2 * 19)), 1, lower.tail = FALSE), tolerance = 1e-10)
})

test_that("all arms together are the tests of base R (oracle)", {
  b <- MASS::bacteria
  x <- compare_rates(y ~ trt, b, event = "n", contrasts = "overall", method = c("chisq", "fisher"))
  expect_equal(x$p_value[1], stats::chisq.test(table(b$trt, b$y))$p.value, tolerance = 1e-10)
  expect_equal(x$p_value[2], stats::fisher.test(table(b$trt, b$y))$p.value, tolerance = 1e-7)
  trend <- compare_rates(y ~ trt, b, event = "n", method = "trend", distribution = "asymptotic")
  events <- tapply(b$y == "n", b$trt, sum)
  expect_equal(trend$p_value, stats::prop.trend.test(events, table(b$trt))$p.value, tolerance = 1e-10)
  expect_match(report_text(x)[1], "all arms of trt \\(220 patients\\)")
  expect_output(print(x), "Rates of all arms together: 2 rows")
})

test_that("responses without an event are a table of all of them", {
  d <- data.frame(arm = rep(c("a", "b", "c"), c(9, 8, 10)), class = rep_len(c("main", "minor", "none", "main", "none"), 27))
  x <- compare_rates(class ~ arm, d, contrasts = "overall", method = "fisher")
  expect_equal(x$p_value, stats::fisher.test(table(d$arm, d$class))$p.value, tolerance = 1e-7)
})

test_that("words that do not go together stop the call", {
  b <- MASS::bacteria
  expect_error(compare_rates(y ~ trt, b, event = "n", method = "trend", reference = "drug"), class = "respondr_error_reference")
  expect_error(compare_rates(y ~ trt, b, event = "n", strata = week, null = 2), class = "respondr_error_null")
  expect_error(compare_rates(y ~ trt, b, event = "n", strata = week, method = "barnard"), class = "respondr_error_word")
  expect_error(compare_rates(y ~ trt, b, event = "n", contrasts = "overall", estimand = "ratio"), class = "respondr_error_word")
})
