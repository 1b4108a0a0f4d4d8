noisy <- local({
  d <- MASS::birthwt
  d$arm <- factor(ifelse(d$smoke == 1, "yes", "no"))
  d$low[c(3, 50, 120)] <- NA
  d
})

test_that("the order of the rows does not matter", {
  back <- noisy[rev(seq_len(nrow(noisy))), ]
  x <- response_rate(low ~ arm, noisy, by = race)
  y <- response_rate(low ~ arm, back, by = race)
  expect_identical(as.data.frame(x), as.data.frame(y))
})

test_that("the other reference turns the difference round", {
  one <- as.data.frame(response_rate(low ~ arm, noisy, adjust = ~age, missing = "excluded"))
  two <- as.data.frame(response_rate(low ~ arm, noisy, adjust = ~age, missing = "excluded", reference = "yes"))
  at <- function(x, what) x[x$estimand == paste("adjusted risk", what), ]
  expect_equal(at(one, "difference")$estimate, -at(two, "difference")$estimate, tolerance = 1e-10)
  expect_equal(at(one, "ratio")$estimate, 1 / at(two, "ratio")$estimate, tolerance = 1e-10)
  expect_equal(at(one, "difference")$p_value, at(two, "difference")$p_value, tolerance = 1e-8)
})

test_that("the worst and the best case hold the rate that leaves missing responses out between them", {
  x <- as.data.frame(response_rate(low ~ arm, noisy, missing = c("worst", "excluded", "best")))
  d <- x$estimate[x$estimand == "difference of rates"]
  expect_true(d[1] <= d[2] && d[2] <= d[3])
})

test_that("each level of by is what its rows alone give", {
  whole <- as.data.frame(response_rate(low ~ arm, noisy, by = race))
  part <- as.data.frame(response_rate(low ~ arm, noisy, subset = race == 2))
  same <- c("estimate", "conf_low", "conf_high", "p_value", "n", "events")
  expect_equal(whole[whole$race == "2", same], part[same], ignore_attr = TRUE)
})
