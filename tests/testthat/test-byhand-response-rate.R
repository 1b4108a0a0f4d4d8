four <- data.frame(
  cl = factor(c("none", "minor", "main", NA, "none", "main", "main", NA, "minor"),
    c("none", "minor", "main"), ordered = TRUE),
  arm = rep(c("a", "b"), c(4, 5))
)
rates_of <- function(x) as.data.frame(x)[x$estimand == "rate", ]

test_that("each way to count a missing response has its own numerator and denominator", {
  x <- rates_of(response_rate(cl ~ arm, four, missing = c("nonresponder", "excluded", "responder", "best", "worst")))
  main <- x[x$counted == "main", ]
  expect_equal(main$events, c(1L, 2L, 1L, 2L, 2L, 3L, 1L, 3L, 2L, 2L))
  expect_equal(main$n, c(4L, 5L, 3L, 4L, 4L, 5L, 4L, 5L, 4L, 5L))
  expect_equal(main$n_dropped, c(0L, 0L, 1L, 1L, 0L, 0L, 0L, 0L, 0L, 0L))
  minor <- x[x$counted == "at least minor", ]
  expect_equal(minor$events, c(2L, 3L, 2L, 3L, 3L, 4L, 2L, 4L, 3L, 3L))
})

test_that("classes counted one by one add up to the patients, a missing one in the worst class", {
  x <- rates_of(response_rate(cl ~ 1, four, at_least = FALSE))
  expect_equal(x$events, c(4L, 2L, 3L, 2L, 2L, 3L))
  expect_equal(x$n, rep(c(9L, 7L), each = 3))
})

test_that("an event that is the first level is not what a missing response counts as", {
  x <- rates_of(response_rate(cl ~ 1, transform(four, cl = factor(cl, ordered = FALSE)), event = "none"))
  expect_equal(x$events, c(2L, 2L))
  expect_equal(x$n, c(9L, 7L))
})

test_that("the ratio adjusted for nothing but the arm's mirror is the ratio of the rates", {
  d <- data.frame(y = rep(c(1, 0, 1, 0), c(6, 4, 3, 7)), arm = rep(c("drug", "control"), each = 10), z = rep(0:1, 10))
  d$z <- stats::ave(seq_len(20), d$arm, d$y, FUN = function(i) rep_len(c(-1, 1), length(i)))
  d <- rbind(d, transform(d, z = -z))
  x <- as.data.frame(response_rate(y ~ arm, d, adjust = ~z, missing = "excluded"))
  expect_equal(x$estimate[x$estimand == "adjusted risk difference"], 0.3, tolerance = 1e-10)
  expect_equal(x$estimate[x$estimand == "adjusted risk ratio"], 2, tolerance = 1e-10)
})

test_that("a class that a rule gave for a missing value counts as missing, one that was carried does not", {
  d <- data.frame(class = factor(c("main", "none", "none", "main"), c("none", "main"), ordered = TRUE),
    reason = factor(c("observed", "observed", "missing: counted as nonresponder", "missing: carried")))
  class(d) <- c("respondr_classes", "data.frame")
  x <- as.data.frame(response_rate(class ~ 1, d))
  expect_equal(x$n, c(4L, 3L))
  expect_equal(x$events, c(2L, 2L))
})
