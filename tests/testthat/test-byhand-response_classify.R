# Each kind of condition at, just below and just above its boundary, in decimals.

test_that("a rise of exactly 2.0 is 2.0, whatever binary makes of 8.2 - 6.2", {
  over <- response_rule(yes = change(x) > "2.0", no = otherwise())
  least <- response_rule(yes = change(x) >= "2.0", no = otherwise())
  expect_false(8.2 - 6.2 >= 2 || 8.8 - 6.8 <= 2)
  before <- c(7.1, 7.1, 7.1, 6.2, 6.8, 100.7)
  after <- c(9.1, 9.09, 9.11, 8.2, 8.8, 102.7)
  expect_identical(judged(over, before, after), c("no", "no", "yes", "no", "no", "no"))
  expect_identical(judged(least, before, after), c("yes", "no", "yes", "yes", "yes", "yes"))
  expect_identical(judged(response_rule(yes = change(x) == "2.0", no = otherwise()), before, after),
    c("yes", "no", "no", "yes", "yes", "yes"))
  expect_identical(judged(response_rule(yes = change(x) != "2.0", no = otherwise()), before, after),
    c("no", "yes", "yes", "no", "no", "no"))
})

test_that("half of the units is half", {
  half <- response_rule(yes = percent_change(x) <= -50, no = otherwise())
  more <- response_rule(yes = percent_change(x) < -50, no = otherwise())
  before <- c(3, 0.3, 0.7, 3, 3, 1.1)
  after <- c(1.5, 0.15, 0.35, 1.51, 1.49, 0.55)
  expect_identical(judged(half, before, after), c("yes", "yes", "yes", "no", "yes", "yes"))
  expect_identical(judged(more, before, after), c("no", "no", "no", "no", "yes", "no"))
  fall <- response_rule(yes = percent_fall(x) >= 30, no = otherwise())
  expect_identical(judged(fall, c(10, 10, 10, 0.1), c(7, 7.01, 6.99, 0.07)), c("yes", "no", "yes", "yes"))
})

test_that("a percent change of a negative baseline has its sign", {
  up <- response_rule(yes = percent_change(x) >= 50, no = otherwise(), range = list(x = c(-Inf, Inf)))
  expect_identical(judged(up, c(-2, -2, -2), c(-3, -2.9, -1)), c("yes", "no", "no"))
})

test_that("values, ratios, ranges and reliable change at their boundaries", {
  expect_identical(judged(response_rule(yes = x <= "0.3", no = otherwise()), 1, c(0.1 + 0.2, 0.29, 0.31)),
    c("yes", "yes", "no"))
  expect_identical(judged(response_rule(yes = x == 0, no = otherwise()), 1, c(0, 1e-12)), c("yes", "no"))
  ratio <- response_rule(yes = ratio(x) < "0.7", no = otherwise())
  expect_identical(judged(ratio, c(0.1, 0.1, 0.1), c(0.07, 0.0701, 0.0699)), c("no", "no", "yes"))
  left <- response_rule(yes = between(change(x), "1.0", "2.0", closed = "left"), no = otherwise())
  expect_identical(judged(left, 7.1, c(8.1, 8.09, 9.1, 9.09)), c("yes", "no", "no", "yes"))
  # sd 7.5, reliability .8: 7.5 sqrt(0.4) = 4.743416; times 1.96: 9.297096
  rci <- response_rule(yes = rci(x, sd_baseline = 7.5, reliability = 0.8) >= 1.96, no = otherwise())
  expect_identical(judged(rci, 10, c(19.297, 19.2971)), c("no", "yes"))
})

test_that("what is missing counts only if it could change the class", {
  d <- data.frame(id = 1:4, phenotype = "TDT", hb0 = NA, units0 = c(NA, 0, 4, NA), hb = NA, units = c(0, 1, 2, 3))
  x <- classify_response(d, thalidomide_rule(), id = id, baseline = c(hb = hb0, units = units0))
  expect_identical(as.character(x$class), c("main", NA, "minor", "none"))
  expect_identical(as.character(x$reason), c("observed", "baseline 0: excluded", "observed",
    "no baseline: counted as nonresponder"))
})

test_that("each word for a missing visit does what it says", {
  d <- data.frame(id = c(1, 1, 2, 2, 2, 3), visit = c(0, 6, 0, 6, 12, 0), x = c(5, 8, 5, NA, 8, 5))
  shown <- function(word) {
    x <- classify_response(d, response_rule(yes = change(x) >= 2, no = otherwise(), missing = word), id = id, visit = visit)
    paste(x$class, x$reason)
  }
  seen <- "yes observed"
  expect_identical(shown("nonresponder"), c(seen, "no missing: counted as nonresponder",
    "no missing: counted as nonresponder", seen, rep("no missing: counted as nonresponder", 2)))
  expect_identical(shown("excluded"), c(seen, "NA missing: excluded", "NA missing: excluded", seen,
    rep("NA missing: excluded", 2)))
  expect_identical(shown("open"), c(seen, "NA missing: left open", "NA missing: left open", seen,
    rep("NA missing: left open", 2)))
  expect_identical(shown("carried"), c(seen, "yes missing: carried", "NA missing: left open", seen,
    rep("NA missing: left open", 2)))
})

test_that("death between visits counts from the next one, by a flag and by a time", {
  d <- data.frame(id = rep(1:2, each = 4), visit = rep(c(0, 3, 6, 12), 2), x = c(5, 8, NA, NA, 5, 8, 8, 8))
  d$died <- d$id == 1 & d$visit == 6
  d$time <- ifelse(d$id == 1, 4.5, NA)
  rule <- response_rule(yes = change(x) >= 2, no = otherwise(), missing = "open", death = "nonresponder")
  flag <- classify_response(d, rule, id = id, visit = visit, death = died)
  expect_identical(as.character(flag$reason[1:3]), c("observed", rep("died: counted as nonresponder", 2)))
  expect_identical(as.data.frame(flag), as.data.frame(classify_response(d, rule, id = id, visit = visit, death = time)))
  last <- classify_response(d, update(rule, at = "last"), id = id, visit = visit, death = died)
  expect_identical(as.character(last$class), c("no", "yes"))
  best <- classify_response(d, update(rule, at = "best"), id = id, visit = visit, death = died)
  expect_identical(as.character(best$class), c("yes", "yes"))
  d$x[4] <- 7
  expect_error(classify_response(d, rule, id = id, visit = visit, death = died), "Patient `1` has values at visit `12`",
    class = "respondr_error_death")
})

test_that("sustained, confirmed, at a visit, last and best on one course", {
  # levels at visits 1 to 5: minor, main, minor, none, main
  d <- data.frame(id = 1, visit = 0:5, x = c(5, 6, 8, 6.5, 5, 9))
  rule <- function(...) response_rule(main = change(x) > "2.0", minor = change(x) >= "1.0", none = otherwise(), ...)
  run <- function(...) as.character(classify_response(d, rule(...), id = id, visit = visit)$class)
  expect_identical(run(), c("minor", "main", "minor", "none", "main"))
  expect_identical(run(sustained = 2), c("none", "minor", "minor", "none", "none"))
  expect_identical(run(sustained = 3), c("none", "none", "minor", "none", "none"))
  expect_identical(run(confirmed = TRUE), c("minor", "minor", "none", "none", "none"))
  expect_identical(run(at = "best", confirmed = TRUE), "minor")
  expect_identical(run(at = "best"), "main")
  expect_identical(run(at = visit(4)), "none")
  expect_identical(run(at = "last"), "main")
  first <- classify_response(d, rule(at = "best"), id = id, visit = visit)
  expect_identical(as.character(first$visit), "2")
})
