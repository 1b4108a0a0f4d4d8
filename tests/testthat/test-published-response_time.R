# Acute myelogenous leukaemia (Miller 1997; survival::aml): the help of survival prints medians 31 and 23, and for the
# log-rank test chi-squared 3.4 on 1 degree of freedom, p = .0653 (Miller's figure). A patient's time is a visit of its
# own here.

aml_visits <- function() {
  time <- c(9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161, 5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45)
  status <- c(1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1)
  d <- data.frame(id = rep(seq_along(time), 2), arm = rep(c("Maintained", "Nonmaintained"), c(11, 12)),
    week = c(rep(0, 23), time), class = factor(c(rep("none", 23), ifelse(status == 1, "main", "none")),
      levels = c("none", "main")))
  d
}

test_that("aml: events, medians and the log-rank test as survival prints them", {
  skip_if_not_installed("survival")
  x <- as.data.frame(response_time(class ~ week | id, aml_visits(), by = arm))
  expect_identical(x$events[1:2], c(7L, 11L))
  expect_equal(x$estimate[1:2], c(31, 23))
  test <- x[x$method == "log_rank", ]
  expect_equal(round(test$statistic, 1), 3.4)
  expect_equal(round(test$p_value, 4), 0.0653)
  expect_equal(test$df, 1)
})
