reference_of <- function(visit, ...) {
  d <- thal_like()
  d$v <- visit
  x <- compare_paired(hb ~ v | id, d, ...)
  c(as.character(x$reference[1]), as.character(x$level))
}

test_that("numbers, dates, logicals, factors and labelled columns order themselves", {
  m <- thal_like()$month
  expect_equal(reference_of(m), c("0", "3", "12"))
  expect_equal(reference_of(as.Date("2024-01-09") + m), c("2024-01-09", "2024-01-12", "2024-01-21"))
  expect_equal(reference_of(factor(m, c(12, 0, 3))), c("12", "0", "3"))
  skip_if_not_installed("haven")
  labelled <- haven::labelled(c(2, 1, 3)[match(m, c(0, 3, 12))], c(end = 1, start = 2, late = 3))
  expect_equal(reference_of(labelled), c("end", "start", "late"))
})

test_that("text visits take a single baseline word as reference and the numbers in the rest as order", {
  m <- thal_like()$month
  text <- ifelse(m == 0, "Baseline", paste("month", m))
  expect_equal(reference_of(text), c("Baseline", "month 3", "month 12"))
})

test_that("text visits without an order are refused, not sorted by the alphabet", {
  m <- thal_like()$month
  text <- c("first", "second", "third")[match(m, c(0, 3, 12))]
  expect_error(reference_of(text), class = "respondr_error_visit_order")
  expect_equal(reference_of(text, visits = c("first", "second", "third")), c("first", "second", "third"))
  expect_equal(reference_of(text, visits = c("third", "first")), c("third", "first"))
})

test_that("two words for baseline are not resolved by guessing", {
  m <- thal_like()$month
  text <- c("screening", "baseline", "after")[match(m, c(0, 3, 12))]
  expect_error(reference_of(text), class = "respondr_error_visit_order")
})

test_that("unused levels of a factor are not visits", {
  m <- thal_like()$month
  expect_equal(reference_of(factor(m, c(0, 1, 3, 12))), c("0", "3", "12"))
})
