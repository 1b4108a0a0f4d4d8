births <- MASS::birthwt

test_that("the right side is one arm", {
  expect_error(response_rate(low ~ smoke + race, births), "more than one term")
  expect_error(response_rate(low ~ smoke | race, births), "names an id")
  expect_error(response_threshold(bwt ~ smoke + race, births), "more than one term")
  expect_error(response_threshold(bwt ~ smoke | race, births), "names an id")
  expect_error(response_rate(low ~ low, births), "response and arm at once")
  expect_error(response_rate(low ~ smoke), "not given")
})

test_that("words that would be passed over are refused", {
  expect_error(response_rate(low ~ smoke, births, variance = "ye"), "word of the adjusted figures")
  expect_error(response_rate(low ~ smoke, births, estimator = "flic"), "word of the adjusted figures")
  expect_error(response_rate(low ~ smoke, births, simultaneous = "sison_glaz"), "one by one")
  expect_error(response_rate(low ~ smoke, births, adjust = ~age, method = "fisher"), "by the model")
})

test_that("an infinite covariate is named with its row", {
  births$age[7] <- Inf
  expect_error(response_rate(low ~ smoke, births, adjust = ~age), "infinite in row 7")
})

visits <- data.frame(id = rep(1:20, each = 3), visit = factor(rep(c("base", "m3", "m6"), 20), c("base", "m3", "m6")),
  hb = 8 + (seq_len(60) * 7 %% 11) / 5, arm = rep(c("a", "b"), each = 30))
rule <- response_rule(main = change(hb) > 1, none = otherwise())

test_that("several visits of a patient are not counted as several patients", {
  classes <- classify_response(visits, rule, id = id, visit = visit, keep = arm)
  expect_error(response_rate(class ~ arm, classes), "as if they were several patients")
  expect_error(response_rate(class ~ visit, classes), "as if they were several patients")
  by_visit <- response_rate(class ~ arm, classes, by = visit, missing = "excluded")
  expect_equal(unique(by_visit$n[by_visit$estimand == "rate"]), 10L)
  one <- response_rate(class ~ arm, classes, subset = visit == "m6", missing = "excluded")
  same <- c("estimate", "conf_low", "p_value")
  expect_equal(as.data.frame(one)[same], as.data.frame(by_visit)[by_visit$visit == "m6", same], ignore_attr = TRUE)
  last <- classify_response(visits, update(rule, at = "last"), id = id, visit = visit, keep = arm)
  expect_equal(response_rate(class ~ arm, last, missing = "excluded")$estimate, one$estimate)
})

test_that("Sison and Glaz with few classes and too few replicates of a band are said so", {
  d <- data.frame(cl = factor(c("a", "b", "b", "c"), ordered = TRUE))
  text <- function(x) paste(format(x), collapse = " ")
  expect_match(text(response_rate(cl ~ 1, d, at_least = FALSE, simultaneous = "sison_glaz")), "seven or more classes")
  expect_match(text(response_threshold(bwt ~ smoke, births, cuts = 2500, band = "bootstrap", replicates = 10, seed = 1)),
    "at least 19 replicates")
})
