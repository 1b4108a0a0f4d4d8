plain_rule <- function(...) response_rule(yes = change(x) >= 2, no = otherwise(), ...)

test_that("a patient with two rows at a visit is named", {
  d <- data.frame(id = c("a", "a", "b", "b", "b"), visit = c(0, 1, 0, 1, 1), x = 1:5)
  expect_error(classify_response(d, plain_rule(), id = id, visit = visit), "Id `b` has 2 rows for visit `1` \\(rows 4, 5\\)",
    class = "respondr_error_duplicate_id")
  expect_error(classify_response(d, plain_rule(), visit = visit), class = "respondr_error_no_id")
  wide <- data.frame(id = c(1, 1), x0 = 1:2, x = 3:4)
  expect_error(classify_response(wide, plain_rule(), id = id, baseline = x0), class = "respondr_error_duplicate_id")
})

test_that("one patient, a patient without a baseline, and one with nothing else", {
  one <- data.frame(id = 1, visit = c(0, 1), x = c(1, 4))
  expect_identical(as.character(classify_response(one, plain_rule(), id = id, visit = visit)$class), "yes")
  d <- data.frame(id = c(1, 2, 3, 3), visit = c(0, 1, 0, 1), x = c(1, 4, 1, 4))
  x <- classify_response(d, plain_rule(missing = "open"), id = id, visit = visit)
  expect_identical(as.character(x$class), c(NA, NA, "yes"))
  expect_identical(as.character(x$reason), c("missing: left open", "no baseline: left open", "observed"))
})

test_that("infinite values, text and columns that are not there are refused", {
  d <- data.frame(id = c(1, 1), visit = c(0, 1), x = c(1, Inf), y = "a")
  expect_error(classify_response(d, plain_rule(), id = id, visit = visit), "infinite in row 2",
    class = "respondr_error_outcome")
  expect_error(classify_response(transform(d, x = c("1", "2")), plain_rule(), id = id, visit = visit),
    class = "respondr_error_outcome")
  expect_error(classify_response(d["id"], plain_rule(), id = id), class = "respondr_error_column")
  expect_error(classify_response(d, "x > 2", id = id, visit = visit), class = "respondr_error_rule")
  expect_error(classify_response(d[0, ], plain_rule(), id = id, visit = visit), class = "respondr_error_no_rows")
  expect_error(classify_response(d, plain_rule(), id = id), class = "respondr_error_baseline")
})

test_that("huge and tiny values are compared", {
  d <- data.frame(x0 = c(1e8 + 7.1, 0, -1e308, 1e-150), x = c(1e8 + 9.2, 1e150, 1e308, 2e-150))
  expect_identical(as.character(classify_response(d, plain_rule(), baseline = x0)$class), c("yes", "yes", "yes", "no"))
  ratio <- response_rule(yes = ratio(x) >= 2, no = otherwise())
  expect_identical(as.character(classify_response(d[4, ], ratio, baseline = x0)$class), "yes")
})

test_that("subgroups that change are refused, those without levels named", {
  d <- data.frame(id = rep(1:3, each = 2), visit = rep(0:1, 3), phenotype = c("TDT", "NTDT", "TDT", NA, "other", "other"),
    hb = 8, units = 0)
  expect_error(classify_response(d, thalidomide_rule(), id = id, visit = visit), "changes within patient `1`",
    class = "respondr_error_by")
  x <- classify_response(d[-(1:2), ], thalidomide_rule(), id = id, visit = visit)
  expect_identical(as.character(x$class), c("main", NA))
  expect_identical(as.character(x$reason)[2], "no levels for the subgroup: left open")
  expect_true(any(grepl("No levels for the subgroup of 1 patients: `3`", format(x))))
})

test_that("text visits need an order, as everywhere", {
  d <- data.frame(id = rep(1:2, each = 3), visit = rep(c("start", "late", "early"), 2), x = c(1, 5, 2, 1, 1, 1))
  expect_error(classify_response(d, plain_rule(), id = id, visit = visit), class = "respondr_error_visit_order")
  x <- classify_response(d, plain_rule(at = "last"), id = id, visit = visit, visits = c("start", "early", "late"))
  expect_identical(as.character(x$visit), c("late", "late"))
  expect_identical(as.character(x$class), c("yes", "no"))
  expect_error(classify_response(d, plain_rule(at = visit("month 9")), id = id, visit = visit,
    visits = c("start", "early", "late")), "month 9", class = "respondr_error_visits")
})

test_that("a table of data.table's, a tibble's class and labelled columns are read", {
  d <- data.frame(id = rep(1:2, each = 2), visit = rep(0:1, 2), x = c(1, 4, 1, 2))
  plain <- as.data.frame(classify_response(d, plain_rule(), id = id, visit = visit))
  odd <- structure(d, class = c("tbl_df", "tbl", "data.frame"))
  expect_identical(as.data.frame(classify_response(odd, plain_rule(), id = id, visit = visit)), plain)
  d$x <- structure(as.double(d$x), label = "Hemoglobin", format.sas = "8.1",
    class = c("haven_labelled", "vctrs_vctr", "double"))
  expect_identical(as.data.frame(classify_response(d, plain_rule(), id = id, visit = visit)), plain)
})

test_that("the print counts classes and says what was done with the missing", {
  d <- data.frame(id = c(1, 1, 2), visit = c(0, 1, 0), arm = c("a", "a", "b"), x = c(1, 4, 1))
  text <- format(classify_response(d, plain_rule(), id = id, visit = visit, keep = arm))
  expect_true(any(grepl("^a +1 +0 +0$", text)))
  expect_true(any(grepl("missing: counted as nonresponder 1", text)))
  expect_true(any(grepl("Levels|levels", text)))
})

test_that("the result keeps its rule, and becomes a plain data frame", {
  d <- data.frame(x0 = 1:3, x = c(5, 2, 3))
  x <- classify_response(d, plain_rule(), baseline = x0)
  expect_true(attr(x, "rule") == plain_rule())
  expect_identical(class(as.data.frame(x)), "data.frame")
  expect_identical(tidy(x), as.data.frame(x))
  expect_identical(levels(x$class), c("no", "yes"))
})

test_that("a named visit that the data do not have is refused by name, in long data and in wide", {
  rule <- response_rule(yes = at(x, "month 3") > 1, no = otherwise())
  d <- data.frame(id = c(1, 1), month = factor(c("baseline", "month 6")), x = 1:2)
  expect_error(classify_response(d, rule, id = id, visit = month), "month 3.*not among the visits",
    class = "respondr_error_visits")
  expect_error(classify_response(d[1, ], rule), "no visits", class = "respondr_error_visits")
  # the baseline visit itself can be named, and visits named by a variable of the caller
  which <- "baseline"
  base <- response_rule(yes = at(x, which) == 1, no = otherwise())
  expect_identical(as.character(classify_response(d, base, id = id, visit = month)$class), "yes")
  # baselines from columns
  d <- data.frame(id = rep(1:2, each = 2), month = rep(c(3, 6), 2), x = c(2, 5, 4, 9), x0 = c(1, 1, 3, 3))
  rule <- response_rule(yes = at(change(x), 3) >= 1 & baseline(x) < 3, no = otherwise())
  out <- classify_response(d, rule, id = id, visit = month, baseline = c(x = x0))
  expect_identical(as.character(out$class), c("yes", "yes", "no", "no"))
  expect_equal(out$x_at_3_change, c(1, 1, 1, 1))
  expect_equal(out$x_baseline, c(1, 1, 3, 3))
})

test_that("columns carried along keep their kind: an age is a number in the models, not a class", {
  rule <- response_rule(yes = change(x) > 1, no = otherwise())
  d <- data.frame(id = rep(1:4, each = 2), month = rep(0:1, 4), x = c(1, 3, 1, 1, 2, 4, 2, 2),
    age = rep(c(34, 20.5, NA, 61), each = 2), arm = rep(c("b", "a", "b", "a"), each = 2),
    born = rep(as.Date("1980-01-02") + 0:3, each = 2), smokes = rep(c(TRUE, FALSE, NA, TRUE), each = 2))
  d$age[2] <- NA # known at the first visit only
  out <- classify_response(d, rule, id = id, visit = month, keep = c(age, arm, born, smokes))
  expect_identical(out$age, c(34, 20.5, NA, 61))
  expect_identical(as.character(out$arm), c("b", "a", "b", "a"))
  expect_s3_class(out$arm, "factor")
  expect_identical(out$born, as.Date("1980-01-02") + 0:3)
  expect_identical(out$smokes, c(TRUE, FALSE, NA, TRUE))
  expect_false(any(grepl("20.5", format(out), fixed = TRUE))) # the print does not count each age
  expect_error(classify_response(transform(d, age = seq_len(8)), rule, id = id, visit = month, keep = age),
    "changes within patient", class = "respondr_error_by")
  labelled <- structure(rep(c(1, 2, 1, 2), each = 2), labels = c(male = 1, female = 2), class = "haven_labelled")
  d$sex <- labelled
  expect_identical(as.character(classify_response(d, rule, id = id, visit = month, keep = sex)$sex),
    c("male", "female", "male", "female"))
})
