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
