# Evidence: published. Hsieh, Bloch and Larsen (1998); inst/validation/hsieh_1998/README.md.

test_that("sample sizes are those of the paper", {
  printed <- read.csv(system.file("validation", "hsieh_1998", "expected.csv", package = "respondr", mustWork = TRUE))
  one <- printed[1, ]
  ours <- power_logistic(odds_ratio = exp(one$log_odds_ratio), rate = one$rate, power = one$power, test = "hsieh")
  expect_equal(ours$n, one$n)
  two <- printed[2, ]
  odds <- two$rate_other / (1 - two$rate_other) / (two$rate / (1 - two$rate))
  expect_equal(power_logistic(odds_ratio = odds, rate = two$rate, power = two$power, predictor = "binary",
    prevalence = two$prevalence, test = "hsieh")$n, two$n)
})
