labelled <- function(x, ...) structure(x, ..., class = c("haven_labelled", "vctrs_vctr", "double"))
labelled_spss <- function(x, ...) {
  structure(x, ..., class = c("haven_labelled_spss", "haven_labelled", "vctrs_vctr", "double"))
}
births <- transform(MASS::birthwt, low = as.double(low))
births$response <- labelled(births$low, labels = c(normal = 0, low = 1), label = "Low weight")
births$arm <- labelled(births$smoke + 1, labels = c(No = 1, Yes = 2))
births$group <- labelled(as.double(births$race), labels = c(White = 1, Black = 2, Other = 3))

test_that("labels of labelled columns stand for response, arm, group and stratum, in the order of the values", {
  x <- as.data.frame(response_rate(response ~ arm, births, by = group, missing = "excluded"))
  expect_equal(levels(x$counted), "low")
  expect_equal(as.character(unique(x$contrast)), c("No", "Yes", "Yes - No"))
  expect_equal(levels(x$group), c("White", "Black", "Other"))
  y <- as.data.frame(response_rate(low ~ smoke, births, by = race, missing = "excluded"))
  expect_identical(x$p_value, y$p_value)
  x <- as.data.frame(response_rate(response ~ arm, births, strata = group, missing = "excluded"))
  y <- as.data.frame(response_rate(low ~ smoke, births, strata = race, missing = "excluded"))
  expect_identical(x$p_value, y$p_value)
})

test_that("event and reference are taken by label or by value", {
  one <- response_rate(group ~ arm, births, event = "Black", reference = "Yes", missing = "excluded")
  two <- response_rate(group ~ arm, births, event = 2, reference = 2, missing = "excluded")
  expect_identical(as.data.frame(one), as.data.frame(two))
  expect_equal(as.character(one$contrast[3]), "No - Yes")
})

test_that("a labelled 0/1 response without any event keeps its two levels", {
  none <- births
  none$response <- labelled(0 * births$low, labels = c(normal = 0, low = 1))
  x <- response_rate(response ~ arm, none, missing = "excluded")
  expect_equal(x$events[x$estimand == "rate"], c(0L, 0L))
  expect_equal(levels(x$counted), "low")
})

test_that("values that SPSS declares missing are missing responses and missing arms, never levels", {
  births$asked <- labelled_spss(replace(births$low, 1:5, 9), labels = c(No = 0, Yes = 1, Refused = 9), na_values = 9)
  x <- as.data.frame(response_rate(asked ~ smoke, births, missing = c("nonresponder", "excluded")))
  expect_equal(sum(x$n_dropped[x$missing == "excluded" & x$estimand == "rate"]), 5L)
  expect_equal(levels(x$counted), "Yes")
  births$asked <- labelled_spss(replace(births$smoke + 1, 1:5, 9), labels = c(No = 1, Yes = 2, Refused = 9),
    na_range = c(8, 9))
  x <- response_rate(low ~ asked, births, missing = "excluded")
  expect_equal(as.character(x$contrast), c("No", "Yes", "Yes - No"))
  expect_equal(sum(x$n[x$estimand == "rate"]), 184L)
})

test_that("arms of a threshold curve bear their labels", {
  x <- response_threshold(bwt ~ arm, births, cuts = 2500)
  expect_equal(as.character(x$contrast), c("No", "Yes", "Yes - No"))
})
