adam_rows <- function() {
  data.frame(USUBJID = rep(c("b", "a"), each = 4), PARAMCD = "HGB", AVISIT = rep(c("Baseline", "Week 10", "Week 2",
    "Unscheduled 1.1"), 2), AVISITN = rep(c(0, 10, 2, 1.1), 2), AVAL = c(8, 10, 9, 1, 7, 9, 8, 1),
    BASE = rep(c(8, 7), each = 4), ABLFL = rep(c("Y", "", "", ""), 2), TRT01A = rep(c("x", "y"), each = 4))
}

test_that("visits stand by AVISITN, unscheduled ones are left out and counted", {
  x <- adam_data(adam_rows())
  expect_identical(levels(x$visit), c("Baseline", "Week 2", "Week 10"))
  expect_identical(x$HGB, c(7, 8, 9, 8, 9, 10))
  expect_identical(as.character(x$TRT01A), rep(c("y", "x"), each = 3))
  expect_output(print(x), "left out at unscheduled visits or without a visit: 2")
  expect_identical(as.data.frame(adam_data(adam_rows()[8:1, ])), as.data.frame(x))
})

test_that("a BASE that is not the flagged value is named, and stands in where no record is flagged", {
  d <- adam_rows()
  d$BASE[2] <- 8.5
  expect_output(print(adam_data(d)), "BASE is not the value flagged by ABLFL \\(which is used\\) in 1 records of `b`")
  d <- adam_rows()[-1, ]
  x <- adam_data(d)
  expect_identical(x$HGB[x$USUBJID == "b"], c(8, 9, 10))
  expect_output(print(x), "Baselines taken from BASE for want of ABLFL: 1")
})

test_that("several records at a visit are named unless a word or ANL01FL chooses", {
  d <- adam_rows()
  d <- rbind(d, transform(d[3, ], AVAL = 11))
  expect_error(adam_data(d), "Patient `b` has 2 records of HGB at visit `Week 2` \\(rows 3, 9\\)",
    class = "respondr_error_duplicate_id")
  x <- adam_data(d, several = "mean")
  expect_identical(x$HGB[x$USUBJID == "b"], c(8, 10, 10))
  expect_error(adam_data(d, several = "last"), class = "respondr_error_column")
  d$ANL01FL <- "Y"
  d$ANL01FL[3] <- ""
  y <- adam_data(d)
  expect_identical(y$HGB[y$USUBJID == "b"], c(8, 11, 10))
})

test_that("what is no BDS data, or has an arm that changes, is refused", {
  d <- adam_rows()
  expect_error(adam_data(d[-2]), "PARAMCD", class = "respondr_error_column")
  expect_error(adam_data(d, "ALT"), class = "respondr_error_word")
  d$TRT01A[2] <- "y"
  expect_error(adam_data(d), "changes within patient `b`", class = "respondr_error_by")
  d <- adam_rows()
  d$AVISITN[2] <- 11
  expect_error(adam_data(d), "several AVISITN", class = "respondr_error_visits")
})

test_that("time points of a visit are asked for, means beside the record they are made of left out", {
  d <- adam_rows()[rep(1:8, each = 2), ]
  d$ATPT <- c("lying", "standing")
  d$AVAL <- d$AVAL + c(0, 5)
  d$BASE <- d$BASE + c(0, 5)
  expect_error(adam_data(d), "time points", class = "respondr_error_word")
  expect_error(adam_data(d, timepoint = "sitting"), class = "respondr_error_word")
  lying <- adam_data(d, timepoint = "lying")
  expect_identical(as.data.frame(lying), as.data.frame(adam_data(adam_rows())))
  expect_output(print(lying), "at other time points")
  d <- adam_rows()
  d$DTYPE <- ""
  twice <- adam_data(rbind(d, transform(d, DTYPE = "AVERAGE", ABLFL = "")))
  expect_identical(as.data.frame(twice), as.data.frame(adam_data(d)))
})

test_that("a baseline is not taken from several values of BASE", {
  d <- adam_rows()[-1, ]
  d$BASE[1] <- 9
  expect_error(adam_data(d), "several values of BASE", class = "respondr_error_duplicate_id")
  expect_error(adam_data(d[7:1, ]), "several values of BASE", class = "respondr_error_duplicate_id")
})

test_that("names in lower case, factors and columns as SAS labels them are read", {
  d <- adam_rows()
  plain <- as.data.frame(adam_data(d))
  names(d) <- tolower(names(d))
  d$usubjid <- factor(d$usubjid)
  d$aval <- structure(d$aval, label = "Analysis Value", format.sas = "8.2")
  d$avisit <- structure(d$avisit, label = "Analysis Visit")
  expect_identical(as.data.frame(adam_data(d)), plain)
})
