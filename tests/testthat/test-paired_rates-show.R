# What a reader sees: print, sentences, htest, pictures, agreement and shift tables.

test_that("the print shows gains and losses, the event and the interval", {
  x <- compare_paired_rates(both = 59, lost = 6, gained = 16, neither = 80, method = "mcnemar")
  lines <- paste(format(x, width = 110), collapse = "\n")
  expect_match(lines, "gained +lost")
  expect_match(lines, "[0.005, 0.124]", fixed = TRUE)
  expect_match(lines, "method mcnemar", fixed = TRUE)
  inf <- paste(format(compare_paired_rates(rep(FALSE, 10), rep(TRUE, 10))), collapse = "\n")
  expect_match(inf, "[2.24, Inf]", fixed = TRUE)
  expect_no_match <- function(text, what) expect_false(grepl(what, text, fixed = TRUE))
  expect_no_match(inf, "zeros")
})

test_that("sentences name both rates, the change, the test and who was left out", {
  x <- compare_paired_rates(c(TRUE, FALSE, FALSE, NA), c(TRUE, TRUE, FALSE, TRUE))
  expect_equal(report_text(x), paste0(
    "In 3 patients, the response (TRUE) was seen in 1 of 3 (33%) before and 2 of 3 (67%) after: 1 gained it and 0 lost it; ",
    "conditional odds ratio Inf (95% confidence interval from 0.0256 up); p = 1, exact McNemar conditional test; ",
    "difference of rates 0.33 (-0.32 to 0.72); the estimate lies on the boundary of its range; ",
    "1 patient without both responses was left out."))
  none <- report_text(compare_paired_rates(c(NA, TRUE), c(TRUE, NA)))
  expect_match(none, "no patient had both responses", fixed = TRUE)
  d <- data.frame(id = rep(1:4, 3), visit = rep(1:3, each = 4), r = c(0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, NA))
  q <- report_text(compare_paired_rates(r ~ visit | id, d, method = "cochran_q"))
  expect_match(q[1], "In 3 patients, r (1) over all visits: statistic", fixed = TRUE)
  expect_match(q[2], "In 4 patients", fixed = TRUE)
  k <- report_text(rate_agreement(matrix(c(10, 4, 1, 7), 2)))
  expect_match(k, "equal readings in 77%", fixed = TRUE)
})

test_that("an htest carries our sign and the statistic's name", {
  x <- compare_paired_rates(both = 59, lost = 6, gained = 16, neither = 80, method = c("mcnemar", "mcnemar_exact"))
  h <- as_htest(x, row = 1)
  m <- stats::mcnemar.test(matrix(c(80, 6, 16, 59), 2), correct = FALSE)
  expect_s3_class(h, "htest")
  expect_equal(unname(h$statistic), unname(m$statistic))
  expect_equal(h$p.value, m$p.value)
  expect_named(as_htest(x, row = 2)$statistic, "gained")
  b <- as_htest(compare_paired_rates(matrix(c(3, 1, 2, 4), 2), method = "bowker"))
  expect_null(b$conf.int)
  expect_equal(class(as_htest(rate_agreement(matrix(c(3, 1, 2, 4), 2)))), "htest")
})

test_that("tidy, glance and subsetting go through the shared methods", {
  x <- compare_paired_rates(both = 5, lost = 2, gained = 6, neither = 3, method = c("mcnemar", "mcnemar_exact"))
  expect_true(all(c("n.gained", "n.lost", "events.reference", "p.value") %in% names(tidy(x))))
  expect_equal(glance(x)$family, "paired_rates")
  expect_s3_class(x[2, ], "respondr_paired_rates")
  expect_s3_class(summary(x), "summary.respondr_result")
  expect_match(paste(format(summary(x)), collapse = "\n"), "Tango 1998", fixed = TRUE)
})

test_that("a shift table counts by label, with margins and percent", {
  f <- function(v) factor(v, c("none", "minor", "major"))
  s <- shift_table(f(c("none", "none", "minor", NA)), f(c("minor", "none", "major", "none")))
  cell <- function(before, after, what = "n") s[[what]][s$before == before & s$after == after]
  expect_equal(cell("none", "minor"), 1L)
  expect_equal(cell("none", "minor", "percent"), 50)
  expect_equal(cell("none", "total"), 2L)
  expect_equal(cell("total", "total"), 3L)
  expect_true(is.na(cell("major", "none", "percent")))
  expect_equal(unique(s$n_dropped), 1L)
  expect_match(paste(format(s), collapse = "\n"), "1 patient without both responses left out", fixed = TRUE)
  x <- compare_paired_rates(f(c("none", "none", "minor")), f(c("minor", "none", "major")), event = c("minor", "major"))
  expect_equal(shift_table(x)$n, shift_table(f(c("none", "none", "minor")), f(c("minor", "none", "major")))$n)
  binary <- shift_table(x, event = c("minor", "major"))
  expect_equal(binary$n[binary$before == "not minor or major" & binary$after == "minor or major"], 1L)
})

test_that("kappa does not depend on the order of rows of the table's labels and knows its weights", {
  t <- matrix(c(10, 4, 1, 5, 10, 12, 2, 4, 12), 3, byrow = TRUE, dimnames = list(letters[1:3], letters[1:3]))
  k <- rate_agreement(t)
  expect_equal(rate_agreement(t[3:1, 3:1])$estimate, k$estimate)
  w <- 1 - abs(outer(1:3, 1:3, "-")) / 2
  expect_equal(rate_agreement(t, weights = w)$estimate, rate_agreement(t, weights = "linear")$estimate)
  expect_equal(as.character(rate_agreement(t, weights = w)$method), "kappa_custom")
  expect_error(rate_agreement(t[c(2, 1, 3), ], weights = "linear"), class = "respondr_error_order")
  expect_error(rate_agreement(t, weights = w + 1), class = "respondr_error_weights")
  expect_error(rate_agreement(t, weights = diag(2)), class = "respondr_error_weights")
  expect_false(k$p_matches)
  turned <- rate_agreement(t(t))
  expect_equal(c(turned$estimate, turned$std_error), c(k$estimate, k$std_error))
  one <- rate_agreement(c("a", "a"), c("a", "a"))
  expect_equal(as.character(one$status), "one_level")
  expect_true(is.na(one$estimate))
})

test_that("pictures of rates and contrasts draw with and without ggplot2", {
  d <- data.frame(id = rep(1:8, 3), visit = rep(c(0, 4, 8), each = 8), arm = rep(c("a", "b"), 12),
    r = c(0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, NA, 1, 1))
  x <- compare_paired_rates(r ~ visit | id, d, by = arm, method = c("mcnemar", "cochran_q"))
  path <- tempfile(fileext = ".pdf")
  grDevices::pdf(path)
  on.exit({
    grDevices::dev.off()
    unlink(path)
  })
  for (base in c(TRUE, FALSE)) {
    old <- options(respondr.base_graphics = base)
    expect_identical(plot(x), x)
    expect_identical(plot(x, type = "contrasts"), x)
    options(old)
  }
  old <- options(respondr.base_graphics = TRUE)
  rates <- prates_plot_visits(x, NULL)
  options(old)
  expect_equal(rates$n, c(4L, 4L, 4L, 4L, 4L, 3L))
  expect_equal(rates$events, c(1L, 4L, 4L, 1L, 1L, 2L))
  expect_error(plot(compare_paired_rates(matrix(c(3, 1, 2, 4), 2), method = "bowker")), class = "respondr_error_plot")
})
