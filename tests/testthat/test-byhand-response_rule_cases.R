# Evidence: by hand. Each kind of clause at its boundary, just below and just above it, as decimals a chart would hold: many
# of these differences are not the cut-off in doubles (10.2 - 8.2 is 1.9999999999999991).

# Does the condition hold for each pair of before and after?
fires <- function(condition, before, after) {
  n <- length(after)
  data <- data.frame(id = rep(seq_len(n), 2), visit = rep(0:1, each = n), x = c(before, after))
  rule <- response_rule(!!!list(yes = condition, no = "otherwise"), range = list(x = c(-Inf, Inf)))
  classes <- classify_response(data, rule, id = "id", visit = "visit", baseline = 0)
  classes$class[match(paste(seq_len(n), 1), paste(classes$id, classes$visit))] == "yes"
}

test_that("an absolute change at its boundary", {
  before <- c(8.2, 8.2, 8.2, 0.1, 7.1, 100.3)
  after <- c(10.2, 10.19, 10.21, 2.1, 9.1, 102.3) # at, below, above, at, at, at
  expect_identical(fires("change(x) > 2.0", before, after), c(FALSE, FALSE, TRUE, FALSE, FALSE, FALSE))
  expect_identical(fires("change(x) >= 2.0", before, after), c(TRUE, FALSE, TRUE, TRUE, TRUE, TRUE))
  expect_identical(fires("change(x) < 2.0", before, after), c(FALSE, TRUE, FALSE, FALSE, FALSE, FALSE))
  expect_identical(fires("change(x) <= 2.0", before, after), c(TRUE, TRUE, FALSE, TRUE, TRUE, TRUE))
  expect_identical(fires("change(x) == 2.0", before, after), c(TRUE, FALSE, FALSE, TRUE, TRUE, TRUE))
  expect_identical(fires("change(x) != 2.0", before, after), c(FALSE, TRUE, TRUE, FALSE, FALSE, FALSE))
  expect_identical(fires("change(x) > -2.0", after, before), c(FALSE, TRUE, FALSE, FALSE, FALSE, FALSE))
  expect_identical(fires("change(x) <= -2.0", after, before), c(TRUE, FALSE, TRUE, TRUE, TRUE, TRUE))
  expect_identical(fires("fall(x) >= 2.0", after, before), c(TRUE, FALSE, TRUE, TRUE, TRUE, TRUE))
  expect_identical(fires("fall(x) > 2.0", after, before), c(FALSE, FALSE, TRUE, FALSE, FALSE, FALSE))
})

test_that("a percent change and a ratio at their boundary", {
  before <- c(20.7, 20.7, 20.7, 0.3, 1234.5)
  after <- c(14.49, 14.5, 14.48, 0.21, 864.15) # 70 % of the baseline, a little more, a little less, 70 %, 70 %
  for (condition in c("percent_change(x) <= -30", "percent_fall(x) >= 30.0", "ratio(x) <= 0.7")) {
    expect_identical(fires(condition, before, after), c(TRUE, FALSE, TRUE, TRUE, TRUE))
  }
  for (condition in c("percent_change(x) < -30", "percent_fall(x) > 30", "ratio(x) < 0.70")) {
    expect_identical(fires(condition, before, after), c(FALSE, FALSE, TRUE, FALSE, FALSE))
  }
  expect_identical(fires("percent_change(x) > -30", before, after), c(FALSE, TRUE, FALSE, FALSE, FALSE))
  expect_identical(fires("percent_change(x) >= -30", before, after), c(TRUE, TRUE, FALSE, TRUE, TRUE))
  expect_identical(fires("ratio(x) == 0.7", before, after), c(TRUE, FALSE, FALSE, TRUE, TRUE))
  expect_identical(fires("percent_rise(x) >= 10", c(7.3, 7.3, 7.3), c(8.03, 8.02, 8.04)), c(TRUE, FALSE, TRUE))
  expect_identical(fires("percent_rise(x) > 10", c(7.3, 7.3, 7.3), c(8.03, 8.02, 8.04)), c(FALSE, FALSE, TRUE))
})

test_that("between at both ends, open and closed", {
  before <- rep(8.2, 6)
  after <- c(9.19, 9.2, 9.21, 10.19, 10.2, 10.21)
  expect_identical(fires("between(change(x), 1.0, 2.0)", before, after), c(FALSE, TRUE, TRUE, TRUE, TRUE, FALSE))
  expect_identical(fires("between(change(x), 1.0, 2.0, closed = 'left')", before, after),
    c(FALSE, TRUE, TRUE, TRUE, FALSE, FALSE))
  expect_identical(fires("between(change(x), 1.0, 2.0, closed = 'right')", before, after),
    c(FALSE, FALSE, TRUE, TRUE, TRUE, FALSE))
  expect_identical(fires("between(change(x), 1.0, 2.0, closed = 'none')", before, after),
    c(FALSE, FALSE, TRUE, TRUE, FALSE, FALSE))
  expect_identical(fires("between(fall(x), 1.0, 2.0, closed = 'left')", after, before),
    c(FALSE, TRUE, TRUE, TRUE, FALSE, FALSE))
})

test_that("a value at its boundary", {
  after <- c(12.09, 12.1, 12.11)
  before <- rep(9, 3)
  expect_identical(fires("x > 12.1", before, after), c(FALSE, FALSE, TRUE))
  expect_identical(fires("x >= 12.10", before, after), c(FALSE, TRUE, TRUE))
  expect_identical(fires("x < 1.21e1", before, after), c(TRUE, FALSE, FALSE))
  expect_identical(fires("x <= 12.1", before, after), c(TRUE, TRUE, FALSE))
  expect_identical(fires("x == 0", before, c(0, 0.01, -0.01)), c(TRUE, FALSE, FALSE))
  expect_identical(fires("between(x, 0, 12.1, closed = 'right')", rep(9, 4), c(0, 0.01, 12.1, 12.11)),
    c(FALSE, TRUE, TRUE, FALSE))
})

test_that("a reliable-change index and a minimal important difference at their boundary", {
  # SD 10, reliability 0.5: one unit of the index is a change of 10, so that 1.96 is a change of 19.6.
  before <- c(10.4, 10.4, 10.4)
  after <- c(30, 29.99, 30.01)
  expect_identical(fires("rci(x, sd_baseline = 10, reliability = 0.5) >= 1.96", before, after), c(TRUE, FALSE, TRUE))
  expect_identical(fires("rci(x, sd_baseline = 10, reliability = 0.5) > 1.96", before, after), c(FALSE, FALSE, TRUE))
  expect_identical(fires("rise(x) >= mid(19.6, 'made up')", before, after), c(TRUE, FALSE, TRUE))
})

test_that("and, or, not and at_least() of conditions at their boundary", {
  before <- c(8.2, 8.2, 8.2, 11, 9)
  after <- c(10.2, 10.19, 12.1, 12.1, 12.09)
  expect_identical(fires("change(x) >= 2.0 & x >= 12.1", before, after), c(FALSE, FALSE, TRUE, FALSE, FALSE))
  expect_identical(fires("change(x) >= 2.0 | x >= 12.1", before, after), c(TRUE, FALSE, TRUE, TRUE, TRUE))
  expect_identical(fires("not (change(x) >= 2.0)", before, after), c(FALSE, TRUE, FALSE, TRUE, FALSE))
  expect_identical(fires("at_least(2, change(x) >= 2.0, x >= 12.1, percent_rise(x) >= 10)", before, after),
    c(TRUE, FALSE, TRUE, TRUE, TRUE))
})

test_that("the rule of the thalidomide paper at each of its boundaries", {
  data <- data.frame(
    id = rep(c("n1", "n2", "n3", "n4", "t1", "t2", "t3", "t4"), 2), visit = rep(c(0, 3), each = 8),
    phenotype = rep(c("NTDT", "TDT"), 2, each = 4),
    hb = c(8.2, 8.2, 8.2, 8.2, NA, NA, NA, NA, 10.21, 10.2, 9.2, 9.19, NA, NA, NA, NA),
    units = c(NA, NA, NA, NA, 21, 21, 21, 21, NA, NA, NA, NA, 0, 10.5, 10.6, 0.1)
  )
  classes <- classify_response(data, thalidomide_rule(), id = "id", visit = "visit", baseline = 0)
  at <- classes[classes$visit == 3, ]
  expect_identical(as.character(at$class[match(c("n1", "n2", "n3", "n4", "t1", "t2", "t3", "t4"), at$id)]),
    c("main", "minor", "minor", "none", "main", "minor", "none", "minor"))
})

test_that("a baseline at its boundary, whatever the value after", {
  before <- c(6.99, 7, 7.01, 7.0)
  after <- c(9, 6, 12, NA)
  expect_identical(fires("baseline(x) < 7.0", before, after), c(TRUE, FALSE, FALSE, FALSE))
  expect_identical(fires("baseline(x) <= 7", before, after), c(TRUE, TRUE, FALSE, TRUE))
  expect_identical(fires("baseline(x) > 7", before, after), c(FALSE, FALSE, TRUE, FALSE))
  expect_identical(fires("baseline(x) >= 7", before, after), c(FALSE, TRUE, TRUE, TRUE))
  expect_identical(fires("between(baseline(x), 7, 7.01, closed = 'left')", before, after), c(FALSE, TRUE, FALSE, TRUE))
  expect_identical(fires("baseline(x) < 7 | change(x) >= 5", before, c(7, 11.9, 12.01, 12)), c(TRUE, FALSE, TRUE, TRUE))
})

test_that("a condition at a named visit at its boundary, at every visit judged", {
  d <- data.frame(id = rep(1:4, each = 4), month = rep(c(0, 3, 6, 12), 4), x = c(
    8.2, 9.2, 12, 8, # at 3: a rise of exactly 1.0
    8.2, 9.19, 12, 8, # just below
    8.2, 9.21, NA, 8, # just above, and nothing at 6
    8.2, NA, 12, 8)) # nothing at 3
  class <- function(condition, ...) {
    rule <- response_rule(!!!list(yes = condition, no = "otherwise"), missing = "open")
    out <- classify_response(d, rule, id = id, visit = month, baseline = 0, ...)
    matrix(out$class == "yes", 4, byrow = TRUE)
  }
  three <- c(TRUE, FALSE, TRUE, NA)
  expect_identical(class("at(change(x), 3) >= 1.0"), matrix(three, 4, 3))
  expect_identical(class("at(change(x), 3) > 1.0"), matrix(c(FALSE, FALSE, TRUE, NA), 4, 3))
  expect_identical(class("at(percent_rise(x), 3) >= 12"), matrix(c(TRUE, TRUE, TRUE, NA), 4, 3))
  # and of the visit judged: known where either part settles it
  expect_identical(class("change(x) >= 2 & at(change(x), '3') >= 1.0"),
    cbind(c(FALSE, FALSE, FALSE, NA), c(TRUE, FALSE, NA, NA), c(FALSE, FALSE, FALSE, FALSE)))
  at12 <- response_rule(yes = "at(x, 3) >= 9.2", no = "otherwise", at = visit(12), missing = "open")
  out <- classify_response(d, at12, id = id, visit = month, baseline = 0)
  expect_identical(out$class == "yes", three)
  expect_equal(out[["x_at_3"]], c(9.2, 9.19, 9.21, NA))
  expect_identical(as.character(out$visit), rep("12", 4))
})
