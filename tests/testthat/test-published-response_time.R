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

# 177 patients after transplantation; inst/validation/competing says where the figures come from. A patient's time is a
# visit of its own.
transplant <- function(event) {
  d <- utils::read.csv(system.file("validation", "competing", "transplant.csv", package = "respondr", mustWork = TRUE))
  n <- nrow(d)
  had <- d$status == event
  data.frame(id = rep(seq_len(n), 2), disease = rep(d$disease, 2), month = c(rep(0, n), d$time),
    class = factor(c(rep("none", n), ifelse(had, "event", "none")), levels = c("none", "event")),
    other = rep(ifelse(d$status == 3L - event, d$time, NA), 2))
}

test_that("transplantation: Gray's test as cmprsk prints it, whichever of the two events is asked", {
  skip_if_not_installed("survival")
  skip_if_not_installed("cmprsk")
  printed <- utils::read.csv(system.file("validation", "competing", "expected.csv", package = "respondr",
    mustWork = TRUE))
  for (case in c("relapse", "death")) {
    x <- as.data.frame(response_time(class ~ month | id, transplant(match(case, c("relapse", "death"))), by = disease,
      death = other))
    test <- x[x$method == "gray", ]
    for (name in c("statistic", "p")) {
      row <- printed[printed$case == case & printed$name == paste0("gray_", name), ]
      expect_lt(abs(test[[c(statistic = "statistic", p = "p_value")[[name]]]] - row$value), row$tolerance)
    }
    expect_equal(test$df, 1)
    expect_equal(test$n, 177L)
  }
})
