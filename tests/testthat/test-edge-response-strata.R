d <- data.frame(y = c(1, 0, 1, 1, 0, 1), arm = c("a", "b", "a", "b", "a", "b"), s = c("p", "p", "q", NA, "q", "q"))

test_that("a patient without a stratum is left out of every count, and said so", {
  x <- response_rate(y ~ arm, d, strata = s, missing = "excluded")
  expect_equal(x$n[x$estimand == "rate"], c(3L, 2L))
  expect_match(paste(format(x), collapse = "\n"), "1 rows without arm, group or stratum left out")
})

test_that("strata that say nothing are counted, and no stratum with both arms is a row with a status", {
  alone <- transform(d, s = letters[1:6])
  x <- as.data.frame(response_rate(y ~ arm, alone, strata = s, missing = "excluded"))
  last <- x[nrow(x), ]
  expect_true(is.na(last$p_value) && last$status != "ok")
  expect_equal(last$n_strata_dropped, 6L)
})

test_that("tests that know no strata are refused with them", {
  expect_error(response_rate(y ~ arm, d, strata = s, method = "fisher"), "cmh")
  expect_error(response_rate(y ~ arm, d, strata = y), class = "respondr_error")
})

test_that("every row in strata has a sentence", {
  x <- response_rate(low ~ smoke, MASS::birthwt, strata = race)
  expect_length(report_text(x), nrow(x))
  expect_match(report_text(x)[nrow(x)], "cmh")
})
