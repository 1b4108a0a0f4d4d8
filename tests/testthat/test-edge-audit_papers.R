# Evidence: edge. Tables as papers print them, and the arguments left out; right values by base R.

verdicts <- function(x) as.character(x$verdict)

table_of <- function(...) {
  n <- data.frame(variable = "n", level = NA, statistic = "count", A = "41", B = "21", p_value = NA)
  rbind(n, data.frame(...))
}

test_that("rows without a P are audited, beside rows with one", {
  x <- audit_paired(c(10, 10), "5.0", "1.0", "6.0", "1.0", p = c("0.01", NA))
  expect_identical(verdicts(x), c("consistent", NA))
  expect_identical(verdicts(audit_paired(10, "5.0", "1.0", "6.0", "1.0")), NA_character_)
  rows <- data.frame(item = c("a", "b"), n = 10, mean_before = "5.0", sd_before = "1.0", mean_after = "6.0", sd_after = "1.0",
    p_value = c("0.01", NA))
  expect_identical(verdicts(audit_table(rows)), c("consistent", NA))
})

test_that("the printed change, its SD and P are held against each other", {
  x <- audit_paired(25, "10.0", "3.0", "11.0", "3.0", p = "0.20", change = "1.0", sd_change = "2.0")
  row <- x[x$check == "P of the printed change", ]
  expect_identical(verdicts(row), "not reproducible by the named test")
  p <- function(change, sd) 2 * pt(-5 * change / sd, 24)
  expect_equal(c(row$low, row$high), c(p(1.05, 1.95), p(0.95, 2.05)), tolerance = 1e-9)
  right <- audit_paired(25, "10.0", "3.0", "11.0", "3.0", p = "0.020", change = "1.0", sd_change = "2.0")
  expect_true(all(verdicts(right) %in% c("consistent", "consistent only through rounding")))
  set.seed(8)  # true figures of random data are never refuted
  for (i in 1:200) {
    d <- rnorm(n <- sample(3:40, 1), runif(1, -2, 2), 2)
    side <- sample(c("two.sided", "less", "greater"), 1)
    x <- audit_paired(n, "0.0", "9.0", "0.0", "9.0", change = sprintf("%.1f", mean(d)), sd_change = sprintf("%.1f", sd(d)),
      p = sprintf("%.3f", t.test(d, alternative = side)$p.value), alternative = side)
    row <- x[startsWith(x$check, "P of the printed change"), ]
    expect_true(verdicts(row) %in% c("consistent", "consistent only through rounding"))
  }
})

test_that("a denominator in the cell is that of the cell", {
  x <- audit_table(table_of(variable = "spleen", level = "yes", statistic = "count (%)", A = "20/40 (50.0%)",
    B = "7/20 (35.0%)", p_value = "0.271"), tests = list(counts = "chisq"))
  expect_identical(verdicts(x), rep("consistent", 3))
  expect_equal(x$low[3], chisq.test(rbind(c(20, 20), c(7, 13)), correct = FALSE)$p.value)
})

test_that("every mean of a variable has its P, and what stands after it is read", {
  x <- audit_table(table_of(variable = "hb", level = c("baseline", "month 3"), statistic = "mean (SD)",
    A = c("7.0 (1.0)", "9.0 (1.0)"), B = c("7.1 (1.0)", "7.0 (1.0)"), p_value = c("0.71", "0.99")))
  expect_identical(x$item, c("hb baseline", "hb month 3"))
  expect_identical(verdicts(x), c("consistent", "not reproducible by the named test"))
  mixed <- audit_table(table_of(variable = "hb", level = c(NA, "low"), statistic = c("mean (SD)", "count (%)"),
    A = c("7.0 (1.0)", "20 (10.0%)"), B = c("7.1 (1.0)", "7 (33.3%)"), p_value = c("0.71", NA)))
  expect_true("impossible" %in% verdicts(mixed))
  expect_true("consistent" %in% verdicts(mixed[mixed$check == "P", ]))
})

test_that("a P of each level is judged for that level, one P wherever it stands for all", {
  levels <- list(variable = "age (y)", level = c("<30", "30 to 50", ">50"), statistic = "count (%)",
    A = c("20 (48.8%)", "11 (26.8%)", "10 (24.4%)"), B = c("7 (33.3%)", "4 (19.0%)", "10 (47.6%)"))
  each <- do.call(table_of, c(levels, list(p_value = c("0.246", "0.498", "0.9"))))
  x <- audit_table(each, tests = list(counts = "chisq"))
  x <- x[x$check == "P", ]
  expect_identical(x$item, paste("age (y)", levels$level))
  right <- vapply(list(c(20, 7), c(11, 4), c(10, 10)), function(k) {
    suppressWarnings(chisq.test(rbind(k, c(41, 21) - k), correct = FALSE)$p.value)
  }, 0)
  expect_equal(x$low, right)
  expect_identical(verdicts(x), c("consistent", "consistent", "not reproducible by the named test"))
  one <- do.call(table_of, c(levels, list(p_value = c(NA, NA, "0.182"))))
  y <- audit_table(one, tests = list(counts = "chisq"))
  expect_equal(y$low[y$check == "P"], suppressWarnings(chisq.test(cbind(c(20, 11, 10), c(7, 4, 10)), correct = FALSE)$p.value))
})

test_that("missing patients and percentages of the row are no contradiction; too many patients are", {
  missing <- table_of(variable = "spleen", level = c("yes", "no"), statistic = "count (%)", A = c("20 (50.0%)", "20 (50.0%)"),
    B = c("7 (35.0%)", "13 (65.0%)"), p_value = c(NA, "0.271"))
  x <- audit_table(missing)
  expect_false("impossible" %in% verdicts(x))
  expect_match(x$note[x$check == "total, A"], "1 patient is in none of the printed levels", fixed = TRUE)
  row <- table_of(variable = "sex", level = c("m", "f"), statistic = "count (%)", A = c("20 (74.1%)", "21 (60.0%)"),
    B = c("7 (25.9%)", "14 (40.0%)"), p_value = c("0.246", NA))
  expect_identical(verdicts(audit_table(row)), rep("consistent", 7))
  many <- missing
  many$A[3] <- "22 (53.7%)"
  expect_true("impossible" %in% verdicts(audit_table(many)))
  wrong <- row
  wrong$A[2] <- "20 (12.3%)"
  expect_true("impossible" %in% verdicts(audit_table(wrong)))
})

test_that("names of variables are names", {
  x <- audit_table(table_of(variable = "dose [mg", level = "50", statistic = "count (%)", A = "20 (48.8%)", B = "7 (33.3%)",
    p_value = "0.246"))
  expect_identical(x$check[1], "percentage 50, A")
})

test_that("a P of tables too many to count is not refuted by chance", {
  x <- rbind(c(13, 6, 7, 10), c(9, 8, 9, 5), c(5, 7, 16, 8), c(2, 9, 14, 5))
  right <- fisher.test(x, workspace = 2e8)$p.value
  a <- audit_counts(x, sprintf("%.3f", right), "fisher")
  expect_identical(verdicts(a), "consistent")
  expect_true(a$low < right && right < a$high)
  expect_match(a$note, "were drawn")
  expect_identical(verdicts(audit_counts(x, "0.070", "fisher")), "not reproducible by the named test")
})

test_that("mid-p is tried by both conventions, and between them is neither", {
  x <- rbind(c(8, 12), c(3, 17))
  data <- fisher.test(x)$p.value - dhyper(8, 20, 20, 11) / 2
  tied <- fisher.test(x)$p.value - sum(dhyper(c(3, 8), 20, 20, 11)) / 2
  for (p in c(data, tied)) expect_identical(verdicts(audit_counts(x, sprintf("%.3f", p), "fisher_midp")), "consistent")
  expect_identical(verdicts(audit_counts(x, "0.110", "fisher_midp")), "not reproducible by the named test")
})

test_that("a P that no limits give is not consistent for the sake of the middle", {
  x <- audit_odds("0.9", "0.8", "1.2", "0.31")
  expect_identical(verdicts(x)[2], "not reproducible by the named test")
  # All limits that print so and whose middle prints as 0.9:
  g <- expand.grid(low = seq(0.75, 0.85, length.out = 201), high = seq(1.15, 1.25, length.out = 201))
  g <- g[abs(sqrt(g$low * g$high) - 0.9) <= 0.05, ]
  z <- abs(log(g$low) + log(g$high)) / 2 / ((log(g$high) - log(g$low)) / 2 / qnorm(0.975))
  expect_equal(range(2 * pnorm(-z)), c(x$low[2], x$high[2]), tolerance = 0.005)  # the grid is that coarse
})

test_that("numbers with more decimals than were printed, and beyond a computer, are refused", {
  expect_error(printed(0.043, decimals = 1), "more than the 1 decimals", class = "respondr_error_figure")
  expect_error(audit_groups(c(20, 20), c(5.1, 5.9), c(1, 1), p = 0.04, decimals = 1), class = "respondr_error_figure")
  expect_error(printed("1e400"), class = "respondr_error_figure")
  expect_equal(unclass(printed(c(0.1, 27.5, 1e6), decimals = 1))$decimals, c(1, 1, 1))
})

test_that("another divisor is named, and tried where it is asked for", {
  one <- audit_grim("2.5", "1.12", n = 4)
  expect_match(one$remedy[2], "Fits with the SD divided by n", fixed = TRUE)
  both <- audit_grim("2.5", "1.12", n = 4, sd_denominator = c("n-1", "n"))
  expect_identical(verdicts(both), c("consistent", "consistent"))
  expect_equal(round(sd(1:4) * sqrt(3 / 4), 2), 1.12)
})

test_that("Fisher's z of three patients has no standard error", {
  expect_identical(verdicts(audit_correlation("0.5", 3, p = "0.33", test = "fisher_z")), "cannot be judged")
})

test_that("what cannot be said is not said in numbers", {
  none <- audit_counts(rbind(c(3, 0), c(5, 0)), p = ".05")
  expect_identical(as.character(none$verdict), "cannot be judged")
  expect_true(is.na(none$low) && is.na(none$high) && nzchar(none$test))
  still <- audit_paired(25, "10.0", "0.0", "11.0", "0.0", p = ".05")
  expect_no_match(format(still), "Inf")
  expect_match(still$recomputed, "r not determined", fixed = TRUE)
  outside <- audit_odds("0.9", "0.8", "1.2", p = ".31")
  # limits that print so and whose middle prints as 0.9; P at face value, .308, is none of theirs
  ends <- expand.grid(low = log(seq(0.75, 0.85, length.out = 400)), high = log(seq(1.15, 1.25, length.out = 400)))
  middle <- with(ends, (low + high) / 2)
  p <- with(ends, 2 * pnorm(-abs(middle) / (high - low) * 2 * qnorm(0.975)))[exp(middle) >= 0.85 & exp(middle) <= 0.95]
  expect_equal(c(outside$low[2], outside$high[2]), range(p), tolerance = 2e-3) # a step of the grid
  expect_lt(2 * pnorm(-abs(log(0.9)) / log(1.2 / 0.8) * 2 * qnorm(0.975)), outside$low[2])
  expect_match(outside$recomputed[2], "^0[.][0-9]+ to 0[.][0-9]+$")
  expect_identical(audit_percent(26, 62, "41.5")$remedy, "Neither any count of 62 nor 26 of any number prints as 41.5.")
  expect_false(any(round(100 * 0:62 / 62, 1) == 41.5) || any(round(100 * 26 / 26:1000, 1) == 41.5))
})

test_that("a cell without its second figure is one that is not printed", {
  table <- data.frame(variable = c("n", "hemoglobin"), statistic = c("count", "mean (SD)"), drug = c("20", "3.2 (1.1)"),
    control = c("20", "3.3 (NA)"), p_value = c(NA, ".3"))
  for (cell in c("3.3 (NA)", "3.3 (-)", "3.3 ()", "3.3 (\u2013)")) {
    table$control[2] <- cell
    x <- audit_table(table)
    expect_identical(as.character(x$verdict), "cannot be judged")
    expect_identical(x$note, "A mean or an SD is not printed.")
  }
})

test_that("every audit is said in sentences, each verdict with its verb", {
  x <- rbind(audit_correlation("0.5", 30, c("0.005")), audit_correlation("0.5", 3, "0.2"), audit_correlation(NA, 20, ".31"),
    audit_correlation("0.5", 30))
  said <- report_text(x)
  expect_identical(said[1], paste("Of 4 checks of printed figures, 1 is consistent, 1 cannot be judged, 1 is not",
    "reproducible by the named test, 1 is without a printed figure."))
  expect_length(said, 2L)
  p <- 2 * pt(-c(0.55, 0.45) / sqrt(1 - c(0.55, 0.45)^2), 1)
  expect_match(said[2], sprintf("printed as 0.2, recomputed %.3f to %.3f", p[1], p[2]), fixed = TRUE)
  expect_identical(report_text(audit_correlation("0.5", 30, "0.005")), "One check of printed figures: consistent.")
  expect_identical(report_text(x[0, ]), character())
})

test_that("a number prints as a figure where rounding, either way at halves, gives it", {
  expect_identical(prints_as(c(0.0249, 0.02549, 0.0256), ".025"), c(TRUE, TRUE, FALSE))
  expect_identical(prints_as(c(5.65, 5.65, 5.651, 5.55), c("5.6", "5.7", "5.6", "5.6")), c(TRUE, TRUE, FALSE, TRUE))
  expect_true(prints_as(mean(c(5.6, 5.7)), "5.6"))
  expect_identical(prints_as(c(0.0009, 0.02, NA, 0.06, 30.2), c("<0.001", "<0.001", "1", ">0.05", "30")),
    c(TRUE, FALSE, NA, TRUE, TRUE))
  expect_identical(prints_as(1.2e-5, "1.2e-5"), TRUE)
  expect_identical(prints_as(c(1, 2), c(NA, "2")), c(NA, TRUE))
  expect_error(prints_as("1", "1"), class = "respondr_error_number")
  expect_error(prints_as(1:3, c("1", "2")), class = "respondr_error_length")
  x <- round(rnorm(500, 10, 20), 3)
  expect_true(all(prints_as(x, sprintf("%.1f", x))))
})
