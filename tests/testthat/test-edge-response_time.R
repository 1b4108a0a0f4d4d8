time_example <- function() {
  data.frame(id = rep(1:3, each = 3), month = rep(c(0, 3, 6), 3), class = factor(
    c("none", "main", "main", "none", "none", NA, "none", "none", "main"), levels = c("none", "main")), arm = rep(c("a",
      "b", "a"), each = 3))
}

test_that("wrong words say what to do", {
  skip_if_not_installed("survival")
  d <- time_example()
  d$visit <- factor(c("baseline", "3 months", "6 months"), levels = c("baseline", "3 months", "6 months"))
  expect_error(response_time(class ~ visit | id, d), class = "respondr_error_times")
  expect_error(response_time(class ~ month | id, d, event = "complete"), class = "respondr_error_event")
  expect_error(response_time(class ~ month, d), class = "respondr_error_no_id")
  expect_false(grepl("baseline =", tryCatch(response_time(class ~ month, d), error = conditionMessage), fixed = TRUE))
  expect_error(response_time(class ~ month | id, d, death = class), class = "respondr_error_column")
  expect_error(response_time(class ~ month | id, d, at = -1), class = "respondr_error_number")
  d$died <- c(1, 2, NA, rep(NA, 6))
  expect_error(response_time(class ~ month | id, d, death = died), class = "respondr_error_column")
  named <- response_time(class ~ visit | id, d, times = c(baseline = 0, "3 months" = 3, "6 months" = 6))
  expect_equal(time_patients(named)$time, time_patients(response_time(class ~ month | id, d))$time)
})

test_that("no response, nobody seen, one patient and shuffled rows keep what is true", {
  skip_if_not_installed("survival")
  d <- time_example()
  none <- transform(d, class = factor("none", levels = c("none", "main")))
  x <- response_time(class ~ month | id, none, by = arm, at = 6)
  expect_true(all(is.na(x$estimate[1])) && all(x$events == 0L))
  expect_true(is.na(x$p_value[x$method == "log_rank"]))
  one <- response_time(class ~ month | id, d[d$id == 1, ])
  expect_equal(one$estimate, 3)
  lost <- response_time(class ~ month | id, transform(d, class = ifelse(month > 0, NA, 1)), event = "1")
  expect_true(all(lost$n == 0L) && all(lost$status == "no_data"))
  a <- response_time(class ~ month | id, d, by = arm)
  b <- response_time(class ~ month | id, d[c(5, 1, 9, 3, 2, 8, 4, 7, 6), ], by = arm)
  expect_equal(a$estimate[match(c("a", "b"), a$arm)], b$estimate[match(c("a", "b"), b$arm)])
  expect_output(print(a), "seen only at visits")
})

test_that("pictures draw with ggplot2 and without", {
  skip_if_not_installed("survival")
  x <- response_time(class ~ month | id, time_example(), by = arm)
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  if (requireNamespace("ggplot2", quietly = TRUE)) expect_s3_class(ggplot2::autoplot(x), "ggplot")
  old <- options(respondr.base_graphics = TRUE)
  on.exit(options(old), add = TRUE)
  expect_invisible(plot(x))
})

test_that("Gray's test is asked of competing events only, and named or left out by name", {
  skip_if_not_installed("survival")
  d <- time_example()
  expect_error(response_time(class ~ month | id, d, by = arm, test = "gray"), class = "respondr_error_word")
  expect_error(response_time(class ~ month | id, d, by = arm, test = "grey"), class = "respondr_error_word")
  d$died <- rep(c(NA, 4, NA), each = 3)
  only <- response_time(class ~ month | id, d, by = arm, death = died, test = "log_rank")
  expect_false("gray" %in% only$method)
  skip_if_not_installed("cmprsk")
  both <- response_time(class ~ month | id, d, by = arm, death = died)
  expect_identical(as.character(both$method[is.na(both$estimand)]), c("gray", "log_rank"))
  expect_output(print(both), "Gray's, of the cumulative incidences")
  expect_match(report_text(both)[3], "^Gray's test of the cumulative incidences over the groups: ")
  none <- transform(d, class = factor("none", levels = c("none", "main")))
  expect_true(all(is.na(response_time(class ~ month | id, none, by = arm, death = died)$p_value)))
})

test_that("a response after death is refused with the patient named; classes of the dead that are no response are not", {
  skip_if_not_installed("survival")
  d <- time_example()
  d$died <- rep(c(2, NA, NA), each = 3)
  expect_error(response_time(class ~ month | id, d, death = died), "Patient `1` has a response at 3, after death at 2",
    class = "respondr_error_column")
  d$died <- rep(c(3, NA, NA), each = 3)
  expect_identical(as.character(time_patients(response_time(class ~ month | id, transform(d, class = factor(ifelse(id == 1 &
    month == 6, "none", as.character(class)), levels = c("none", "main"))), death = died))$ended[1]), "response")
})

test_that("classes of classify_response() where the dead count as nonresponders: the dead are dead, not lost from view", {
  skip_if_not_installed("survival")
  d <- data.frame(id = rep(1:3, each = 4), month = rep(c(0, 3, 6, 12), 3), hb = c(7, 9.5, 9, 9, 7, 7, NA, NA, 7, 7, 7, 9.1),
    dead = rep(c(FALSE, TRUE, FALSE), each = 4) & rep(c(FALSE, FALSE, TRUE, TRUE), 3), died = rep(c(NA, 5, NA), each = 4))
  rule <- response_rule(main = change(hb) > 2, none = otherwise(), death = "nonresponder")
  classes <- classify_response(d, rule, id = id, visit = month, death = dead, keep = died)
  expect_identical(as.character(classes$class[classes$id == 2]), rep("none", 3))
  p <- time_patients(response_time(class ~ visit | id, classes, death = died))
  expect_equal(p$time, c(3, 5, 12))
  expect_identical(as.character(p$ended), c("response", "death", "response"))
})
