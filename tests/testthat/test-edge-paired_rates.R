# Evidence: edge. compare_paired_rates(), rate_agreement() and shift_table() on what a hurried user gives them.

edge_visits <- expand.grid(id = 1:8, v = c("w0", "w4", "w8"))
edge_visits$v <- factor(edge_visits$v, levels = c("w0", "w4", "w8", "w12"))
edge_visits$r <- c(0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1, 1)
edge_visits$class <- factor(c("none", "part", "full")[1 + edge_visits$r + rep(c(0, 0, 0, 1), 6) * edge_visits$r],
  levels = c("none", "part", "full", "super"), ordered = TRUE)
edge_visits$arm <- rep(c("a", "b"), 12)
mcnemar_four <- c("mcnemar", "mcnemar_exact", "mcnemar_midp", "mcnemar_unconditional")

expect_stop <- function(expression, argument, class = "respondr_error") {
  cnd <- expect_error(expression, class = class)
  expect_equal(cnd$argument, argument)
}

test_that("a column has one part: response, visit, id or group", {
  expect_stop(compare_paired_rates(r ~ v | id, edge_visits, by = v), "by", "respondr_error_overlap")
  expect_stop(compare_paired_rates(r ~ v | id, edge_visits, by = "r"), "by", "respondr_error_overlap")
  expect_stop(rate_agreement(r ~ v | id, edge_visits, by = v), "by", "respondr_error_overlap")
  wide <- data.frame(before = c(0, 1, 1), after = c(1, 1, 0))
  expect_stop(compare_paired_rates(after ~ 1, wide, baseline = after), "baseline")
  expect_equal(compare_paired_rates(after ~ 1, wide, baseline = before)$n_gained, 1)
})

test_that("swapped or missing words stop with what to write", {
  expect_stop(compare_paired_rates(v ~ r | id, edge_visits), "id")
  expect_stop(compare_paired_rates(r ~ v | arm, edge_visits), "id")
  expect_stop(compare_paired_rates(r ~ v, edge_visits), "formula")
  expect_stop(compare_paired_rates(r ~ 1, edge_visits), "formula")
  expect_stop(compare_paired_rates(r ~ v | id, rbind(edge_visits, edge_visits[1, ])), "id")
  expect_stop(compare_paired_rates(r ~ v | id, edge_visits, subset = v == "w0"), "visit")
  expect_stop(compare_paired_rates(r ~ v | id, edge_visits[1, ]), "visit")
  expect_stop(compare_paired_rates(r ~ v | id, transform(edge_visits, v = as.character(v))), "reference")
  expect_stop(compare_paired_rates(r ~ v | id, edge_visits, event = c(0, 1)), "event")
  expect_stop(compare_paired_rates(class ~ v | id, edge_visits, event = levels(edge_visits$class)), "event")
  expect_stop(compare_paired_rates(c(0, 1, 1), c(1, 1)), "after")
  expect_stop(shift_table(edge_visits), "x")
})

test_that("tables and counts that cannot be matched or counted stop", {
  names <- function(rows, columns) matrix(1:4, 2, dimnames = list(rows, columns))
  expect_stop(compare_paired_rates(names(c("no", "yes"), c("ja", "nein"))), "x", "respondr_error_counts")
  expect_stop(compare_paired_rates(matrix(1:6, 2)), "x")
  for (bad in list(-1, 0.5, NA, Inf)) {
    expect_stop(compare_paired_rates(both = 1, lost = bad, gained = 2, neither = 3), "lost", "respondr_error_counts")
    expect_stop(rate_agreement(matrix(c(1, 2, bad, 4), 2)), "x", "respondr_error_counts")
  }
  expect_stop(compare_paired_rates(both = 1, lost = 2, gained = 2), "neither")
  expect_stop(compare_paired_rates(both = 9e8, lost = 1, gained = 2, neither = 9e8), "both")
})

test_that("rows out of order, unused levels and tibbles change nothing", {
  plain <- as.data.frame(compare_paired_rates(r ~ v | id, edge_visits))
  expect_equal(as.data.frame(compare_paired_rates(r ~ v | id, edge_visits[c(24:13, 1, 12:2), ])), plain)
  expect_equal(as.data.frame(compare_paired_rates(r ~ v | id, transform(edge_visits, v = droplevels(v)))), plain)
  expect_equal(as.data.frame(compare_paired_rates(r ~ v | id, structure(edge_visits, class = c("tbl_df", "tbl", "data.frame")))), plain)
  labelled <- structure(edge_visits$r, labels = c(no = 0, yes = 1), class = "haven_labelled")
  edge_visits$r <- labelled
  x <- as.data.frame(compare_paired_rates(r ~ v | id, edge_visits))
  expect_equal(as.character(x$event[1]), "yes")
  expect_equal(x$p_value, plain$p_value)
})

test_that("nobody measured, nobody changed and everybody alike have their status", {
  expect_true(all(compare_paired_rates(r ~ v | id, transform(edge_visits, r = NA))$status == "no_data"))
  still <- compare_paired_rates(r ~ v | id, transform(edge_visits, r = 0))
  expect_true(all(still$status == "all_zero" & still$p_value == 1))
  empty <- compare_paired_rates(both = 0, lost = 0, gained = 0, neither = 0, method = mcnemar_four)
  expect_true(all(empty$status == "no_data" & is.na(empty$p_value)))
  one <- compare_paired_rates(both = 0, lost = 0, gained = 1, neither = 0, method = mcnemar_four)
  expect_equal(one$p_value, c(pchisq(1, 1, lower.tail = FALSE), 1, 0.5, 1))
  expect_true(all(one$conf_high >= one$conf_low))
  expect_equal(as.character(rate_agreement(c(1, 1, 1), c(1, 1, 1))$status), "one_level")
  expect_equal(rate_agreement(c(1, 1, 1), c(1, 1, 1))$effect, 1)
})

test_that("hundreds of millions of patients do not overflow", {
  x <- compare_paired_rates(both = 4e8, lost = 1e8, gained = 1.0001e8, neither = 3e8, method = mcnemar_four)
  expect_equal(x$statistic[1], 1e4^2 / 2.0001e8, tolerance = 1e-12)
  expect_true(all(abs(x$p_value[1:3] - 0.4795) < 1e-3))
  expect_equal(as.character(x$status), c("ok", "ok", "ok", "too_large"))
  expect_equal(as.character(x$conf_method[4]), "tango")
  expect_match(as.character(x$note[4]), "exact_limit")
  expect_true(all(is.finite(x$conf_low) & x$conf_low < x$conf_high))
  k <- rate_agreement(matrix(c(4e8, 1e8, 1e8, 4e8), 2))
  expect_equal(k$estimate, 0.6)
  expect_equal(compare_paired_rates(matrix(c(3e8, 1e8, 1.0001e8, 4e8), 2), method = "mcnemar")$statistic, x$statistic[1])
})

test_that("tests over all visits print beside the pairs, each with its patients", {
  lines <- format(compare_paired_rates(r ~ v | id, edge_visits), width = 80)
  expect_false(any(grepl("NA|/-|[0-9]/ ", lines)))
  expect_false(any(grepl("..", lines, fixed = TRUE)))
  expect_match(lines, "all visits +cochran_q +8 ", all = FALSE)
  expect_match(lines, "w4 / w0 +mcnemar_exact +5/8 +4 +1 +4.0 +.0.4, 197.0", all = FALSE)
  expect_false(any(grepl("null NA", format(compare_paired_rates(class ~ v | id, edge_visits)))))
})

test_that("a shift table keeps levels that nobody has, and a reading without patients", {
  x <- shift_table(compare_paired_rates(class ~ v | id, edge_visits))
  expect_match(format(x), "super", all = FALSE)
  expect_stop(shift_table(compare_paired_rates(class ~ v | id, edge_visits), by = arm), "by")
  counts <- shift_table(compare_paired_rates(both = 3, lost = 1, gained = 2, neither = 4))
  expect_equal(counts$n[1:5], c(4, 1, 5, 2, 3))
})

test_that("level .999 and one-sided intervals hold the usual ones", {
  for (method in mcnemar_four) {
    usual <- compare_paired_rates(both = 13, lost = 2, gained = 9, neither = 5, method = method)
    wide <- compare_paired_rates(both = 13, lost = 2, gained = 9, neither = 5, method = method, conf_level = 0.999)
    greater <- compare_paired_rates(both = 13, lost = 2, gained = 9, neither = 5, method = method, alternative = "greater")
    expect_lt(wide$conf_low, usual$conf_low)
    expect_gt(wide$conf_high, usual$conf_high)
    expect_gt(greater$conf_low, usual$conf_low)
    expect_equal(greater$conf_high, if (method %in% c("mcnemar", "mcnemar_unconditional")) 1 else Inf)
    none <- if (method %in% c("mcnemar", "mcnemar_unconditional")) 0 else 1
    expect_equal(greater$p_value < 0.05, greater$conf_low > none)
  }
})
