test_that("tidy() gives broom's names and every row", {
  x <- study_result()
  out <- tidy(x)
  expect_s3_class(out, "data.frame", exact = TRUE)
  expect_equal(nrow(out), nrow(x))
  wanted <- c("estimate", "std.error", "statistic", "parameter", "p.value", "conf.low", "conf.high", "method",
    "alternative")
  expect_equal(setdiff(wanted, names(out)), character())
  expect_equal(out$p.value, x$p_value)
  expect_equal(out$parameter, x$df)
})

test_that("the by columns keep their names", {
  expect_true("arm" %in% names(tidy(study_result())))
})

test_that("conf.int = FALSE leaves the intervals out and nothing else", {
  out <- tidy(study_result(), conf.int = FALSE)
  expect_false(any(grepl("^conf|effect.low|effect.high", names(out))))
  expect_true(all(c("estimate", "p.value", "effect", "status") %in% names(out)))
})

test_that("another level than that of the result is refused, with what to do", {
  x <- study_result()
  cnd <- expect_error(tidy(x, conf.level = 0.9), class = "respondr_error_number")
  expect_equal(cnd$argument, "conf.level")
  expect_match(conditionMessage(cnd), "conf_level = 0.9", fixed = TRUE)
  expect_equal(tidy(x, conf.level = 0.95), tidy(x))
})

test_that("glance() is one row with what holds for the whole result", {
  x <- study_result(methods = c("t", "signed_rank"), settings = list(seed = c(1L, 2L)))
  x$status[1] <- "one_pair"
  out <- glance(x)
  expect_equal(nrow(out), 1L)
  expect_equal(out$n.rows, 16L)
  expect_equal(out$n.not.ok, 1L)
  expect_equal(out$method, "t, signed_rank")
  expect_equal(out$seed, "1 2")
})

test_that("glance() of a result without random numbers has no seed", {
  expect_identical(glance(study_result())$seed, NA_character_)
})

test_that("as_htest() keeps our sign and says so", {
  x <- study_result()
  h <- as_htest(x, row = 2)
  expect_s3_class(h, "htest", exact = TRUE)
  expect_equal(unname(h$estimate), x$estimate[2])
  expect_equal(unname(h$statistic), x$statistic[2])
  expect_match(h$method, "after - before", fixed = TRUE)
  expect_equal(h$data.name, "hb, arm high, contrast month 3 - baseline")
})

test_that("as_htest() carries what t.test() returns, by the same names", {
  x <- study_result()[1, ]
  h <- as_htest(x)
  ref <- t.test(with(input_changes(attr(x, "input")),
    change[outcome == "hb" & arm == "low" & contrast == "month 3 - baseline"]))
  expect_equal(setdiff(names(ref), names(h)), character())
  expect_equal(h$p.value, ref$p.value)
  expect_equal(as.vector(h$conf.int), as.vector(ref$conf.int))
  expect_equal(attr(h$conf.int, "conf.level"), 0.95)
})

test_that("several rows need a choice, and the error says how", {
  x <- study_result()
  cnd <- expect_error(as_htest(x), class = "respondr_error_rows")
  expect_equal(cnd$argument, "row")
  expect_match(conditionMessage(cnd), "as_htest(x, row = 1)", fixed = TRUE)
  expect_error(as_htest(x, row = 9), class = "respondr_error_rows")
  expect_error(as_htest(x, row = 1.5), class = "respondr_error_rows")
})

test_that("a row without a p-value is an htest that names its status", {
  x <- study_result()[1, ]
  x$p_value <- x$statistic <- x$conf_low <- x$conf_high <- NA_real_
  x$status <- status_factor(3L)
  h <- as_htest(x)
  expect_true(is.na(h$p.value))
  expect_null(h$conf.int)
  expect_match(h$method, "no_variance", fixed = TRUE)
})

test_that("an equivalence row carries both margins as null values", {
  x <- study_result(alternative = "equivalence", margin_low = -1, margin_high = 1)
  h <- as_htest(x, row = 1)
  expect_equal(unname(h$null.value), c(-1, 1))
  expect_equal(h$alternative, "equivalence")
  expect_match(h$method, "Two one-sided paired t-tests", fixed = TRUE)
})

test_that("an htest of ours prints", {
  out <- capture.output(print(as_htest(study_result(), row = 1)))
  expect_true(any(grepl("Paired t-test, after - before", out, fixed = TRUE)))
  expect_true(any(grepl("true mean difference is not equal to 0", out, fixed = TRUE)))
})
