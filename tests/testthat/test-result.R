test_that("rows of a result are a result with the same settings, trace and input", {
  x <- study_result()
  y <- x[x$outcome == "hb", ]
  expect_s3_class(y, c("respondr_paired", "respondr_result", "data.frame"), exact = TRUE)
  expect_equal(nrow(y), 4)
  for (name in c("settings", "trace", "input", "call")) expect_identical(attr(y, name), attr(x, name))
})

test_that("fewer columns that are still a result keep its settings, trace and input", {
  x <- study_result()
  y <- x[setdiff(names(x), c("n_zeros", "n_ties"))]
  for (name in c("settings", "trace", "input", "call")) expect_identical(attr(y, name), attr(x, name))
})

test_that("a subset without a core column is a plain data frame without attributes", {
  x <- study_result()
  y <- x[c("outcome", "estimate")]
  expect_s3_class(y, "data.frame", exact = TRUE)
  expect_setequal(names(attributes(y)), c("names", "row.names", "class"))
  expect_equal(y$estimate, x$estimate)
})

test_that("one column is a vector", {
  x <- study_result()
  expect_equal(x[, "estimate"], x$estimate)
  expect_equal(x[2, "p_value"], x$p_value[2])
})

test_that("a result without counts stays a result", {
  x <- study_result()
  expect_s3_class(x[setdiff(names(x), c("n_zeros", "n_ties"))], "respondr_result")
})

test_that("as.data.frame() drops class and attributes and keeps every value", {
  x <- study_result()
  y <- as.data.frame(x)
  expect_s3_class(y, "data.frame", exact = TRUE)
  expect_setequal(names(attributes(y)), c("names", "row.names", "class"))
  expect_equal(y$conf_low, x$conf_low)
  expect_equal(names(y), names(x))
})

test_that("print() gives its argument back and writes what format() says", {
  x <- study_result()
  out <- capture.output(back <- print(x))
  expect_identical(back, x)
  expect_equal(cli::ansi_strip(out), format(x))
})

test_that("a print of several outcomes, groups and visits reads like this", {
  local_reproducible_output(width = 80)
  expect_snapshot(study_result(methods = c("t", "signed_rank"), settings = list(seed = c(1L, 2L), replicates = 10000)))
})

test_that("a print with statuses and notes reads like this", {
  local_reproducible_output(width = 80)
  x <- study_result(
    rows = study_rows(outcomes = "hb"), status = c("ok", "no_variance", "ok", "hull"),
    note = rep(c("", note_sentences[4]), each = 2), p_value = c(0.2, NA, 0.00001, 0.9999)
  )
  expect_snapshot(x)
})

test_that("a single row prints its labels in the header and its test in full", {
  local_reproducible_output(width = 80)
  expect_snapshot(study_result()[1, ])
})

test_that("no line of a print is wider than asked, whatever the width", {
  x <- study_result(methods = c("t", "signed_rank"))
  for (width in c(40, 60, 80, 100, 200)) {
    expect_lte(max(nchar(format(x, width = width), type = "width")), width)
  }
})

test_that("more rows than asked are counted, not shown", {
  x <- study_result()
  out <- format(x, max_rows = 3)
  expect_true(any(grepl("... and 5 more rows", out, fixed = TRUE)))
  expect_false(any(grepl("more row", format(x, max_rows = Inf))))
})

test_that("columns that do not fit are named below", {
  x <- study_result()
  expect_true(any(grepl("Not shown for want of width: .*statistic", format(x, width = 80))))
  expect_false(any(grepl("Not shown", format(x, width = 200))))
})

test_that("a label that differs only beyond the rows shown still has its column", {
  x <- study_result()
  out <- format(x, max_rows = 2, width = 200)
  expect_true(any(grepl("^outcome", out)))
})

test_that("the header counts tests and says how p-values were adjusted", {
  x <- study_result()
  expect_true("Tests: 8, p-values not adjusted" %in% format(x))
  attr(x, "settings")$p_adjust <- "holm"
  attr(x, "settings")$adjust_over <- c("outcome", "contrast")
  expect_true("Tests: 8, p-values adjusted by Holm over outcome and contrast" %in% format(x))
})

test_that("rows without a p-value are not counted as tests", {
  x <- study_result(p_value = c(NA, rep(0.5, 7)))
  expect_true("Tests: 7, p-values not adjusted" %in% format(x))
})

test_that("notes are counted sentence by sentence", {
  both <- paste(note_sentences[c(4, 6)], collapse = "; ")
  x <- study_result(note = c(both, note_sentences[4], rep("", 6)))
  counts <- note_counts(x)
  expect_equal(as.integer(counts), c(2L, 1L))
})

test_that("an empty result prints one line", {
  x <- study_result()[0, ]
  expect_equal(length(format(x)), 1L)
})

test_that("summary() shows every column of every row and the trace", {
  x <- study_result(methods = c("t", "signed_rank"))
  attr(x, "input") <- NULL
  out <- format(summary(x), width = 80)
  expect_true(any(grepl("attained", out)) && any(grepl("effect size", out)) && any(grepl("SE", out)))
  expect_true(any(grepl("pairing: by id", out, fixed = TRUE)))
  expect_equal(sum(grepl("^ *16 ", out)) >= 2, TRUE)
})

test_that("summary() prints p-values in full", {
  x <- study_result(p_value = c(1e-12, rep(0.5, 7)))
  attr(x, "input") <- NULL
  expect_true(any(grepl("1.0e-12", format(summary(x), width = 200), fixed = TRUE)))
})

test_that("p-values are never printed as 0 or rounded up to 1", {
  expect_equal(
    format_p(c(0, 1e-300, 0.00099, 0.001, 0.0496, 0.9994, 0.99999, 1, NA)),
    c("<0.001", "<0.001", "<0.001", "0.001", "0.050", ">0.999", ">0.999", "1", "-")
  )
})

test_that("the decimals of an estimate follow the width of its interval", {
  expect_equal(estimate_places(7.26, 3.58, 10.94, NA), 2L)
  expect_equal(estimate_places(1234.5, 800, 1669, NA), 0L)
  expect_equal(estimate_places(0.01234, 0.0021, 0.0226, NA), 4L)
})

test_that("one-sided and missing intervals still give decimals", {
  expect_equal(estimate_places(0.65, -Inf, 1.63, 0.4), 2L)
  expect_equal(estimate_places(0.65, NA, NA, NA), 3L)
  expect_equal(estimate_places(NA_real_, NA_real_, NA_real_, NA_real_), 0L)
})

test_that("huge offsets do not print more digits than a double holds", {
  expect_lte(estimate_places(1e8 + 0.001, 1e8, 1e8 + 0.002, NA), 2L)
})

test_that("a negative number that rounds to zero loses its sign", {
  expect_equal(format_places(c(-0.001, -0.4), 1L), c("0.0", "-0.4"))
})

test_that("infinite limits and missing intervals are words", {
  expect_equal(format_interval(c(-Inf, 0.2, NA), c(1, Inf, NA), 1L), c("[-Inf, 1.0]", "[0.2, Inf]", "-"))
})

test_that("sums of ranks print as whole or half numbers", {
  expect_equal(format_statistic(c(63, 63.5, 1.70993, NA)), c("63", "63.5", "1.71", "-"))
})

test_that("levels print as percent with a decimal only where needed", {
  expect_equal(format_level(c(0.95, 0.9531, NA)), c("95%", "95.3%", "-"))
})

test_that("wide characters keep columns aligned", {
  column <- table_column("name", c("\u8840\u7ea2\u86cb\u767d", "hb"), FALSE)
  lines <- table_lines(list(column, table_column("n", c("1", "20"))), 80)
  expect_equal(unique(nchar(lines, type = "width")), nchar(lines[1], type = "width"))
})

test_that("long labels go on in further lines, numbers never", {
  x <- study_result(rows = study_rows(outcomes = "hb",
    arms = c("a very long name of an arm of a trial", "another arm with a long name")))
  out <- format(x, width = 60)
  words <- unlist(strsplit(out, " +"))
  expect_true(all(c("very", "trial", "another", "name") %in% words))
  expect_lte(max(nchar(out)), 60)
  expect_true(any(grepl("[-0.33, 1.63]", out, fixed = TRUE)))
})

test_that("a table that does not fit goes on below under its labels", {
  columns <- list(arm = table_column("arm", c("deferasirox + deferoxamine", "none"), FALSE),
    n = table_column("n", c("20", "1"), keep = 0), n_reference = table_column("n reference", c("21", "-"), keep = 0),
    low = table_column("low", c("-1.234567", "2"), keep = 0), high = table_column("high", c("11.234567", "3"), keep = 0))
  fitted <- fit_columns(columns, 46)
  lines <- table_lines(fitted$columns, 46, lead = fitted$lead)
  expect_snapshot(cat(lines, sep = "\n"))
  expect_snapshot(cat(table_lines(fit_columns(columns, 26)$columns, 26, lead = fit_columns(columns, 26)$lead), sep = "\n"))
})

test_that("the before/after table prints its visits, quartiles and shape like this", {
  local_reproducible_output(width = 80)
  d <- study_description(study_rows(outcomes = "hb"))
  expect_snapshot(d[1:2, ])
})

test_that("the before/after table names the rule of its quartiles", {
  d <- study_description()
  attr(d, "settings")$quantile_type <- 6L
  expect_true(any(grepl("Quartiles: type 6 of Hyndman and Fan (SPSS)", format(d), fixed = TRUE)))
})

test_that("as.data.frame() and subsets of the before/after table behave as those of a result", {
  d <- study_description()
  expect_s3_class(d[1:2, ], "respondr_description")
  expect_s3_class(d[c("outcome", "mean_before")], "data.frame", exact = TRUE)
  expect_s3_class(as.data.frame(d), "data.frame", exact = TRUE)
  expect_null(attr(as.data.frame(d), "settings"))
})

test_that("patients dropped are named in the heading of their comparison", {
  d <- study_description(study_rows(outcomes = "hb"))
  expect_true(any(grepl("5 pairs (1 dropped)", format(d), fixed = TRUE)))
})

test_that("a column of changes is described by its change alone", {
  d <- study_description(study_rows(outcomes = "hb"))
  for (name in grep("_(before|after)$", names(d), value = TRUE)) d[[name]] <- NA_real_
  attr(d, "settings")$kind <- "change"
  out <- format(d)
  expect_equal(sum(grepl("^ +change", out)), nrow(d))
  expect_false(any(grepl("^ +(baseline|before|after) ", out)))
})
