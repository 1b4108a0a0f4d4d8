test_that("with one arm only in each of two classes the odds ratio and its standard error are those of the 2 x 2 table", {
  d <- data.frame(class = factor(c("none", "main", "none", "main"), levels = c("none", "main")), arm = c("a", "a", "b", "b"),
    n = c(3, 5, 2, 9))
  x <- response_ordinal(class ~ arm, d, weights = n, method = "wald")
  expect_equal(x$estimate, (9 * 3) / (2 * 5), tolerance = 1e-9)
  expect_equal(x$std_error, sqrt(1 / 3 + 1 / 5 + 1 / 2 + 1 / 9), tolerance = 1e-8)
  expect_equal(x$conf_high, 2.7 * exp(stats::qnorm(0.975) * sqrt(1 / 3 + 1 / 5 + 1 / 2 + 1 / 9)), tolerance = 1e-8)
})

test_that("two arms of three patients: four wins, three ties and two losses of nine pairs", {
  d <- data.frame(class = c(1, 1, 3, 1, 2, 3), arm = rep(c("a", "b"), each = 3))
  # b: 1 against 1, 1, 3: tie, tie, loss; 2: win, win, loss; 3: win, win, tie
  x <- response_wins(class ~ arm, d, method = "logit")
  p <- (4 + 3 / 2) / 9
  expect_equal(x$estimate, c(p / (1 - p), p, 2 * p - 1), tolerance = 1e-12)
  expect_match(paste(format(x), collapse = " "), "9, of which 44.4% won, 33.3% tied, 22.2% lost")
})

test_that("Brant's test of two arms of three classes is worked from the two collapsed tables", {
  # none, minor, main: control 10, 6, 4; treated 4, 10, 6
  d <- data.frame(arm = rep(c("control", "treated"), each = 3), class = factor(rep(c("none", "minor", "main"), 2),
    levels = c("none", "minor", "main")), patients = c(10, 6, 4, 4, 10, 6))
  x <- response_ordinal(class ~ arm, d, weights = patients)
  apart <- log(16 * 10 / (4 * 10)) - log(6 * 16 / (14 * 4))
  # variance of a logit of share p of n: 1 / (n p (1 - p)); of two logits of shares p > q: 1 / (n p (1 - q))
  arm <- function(p, q, n) 1 / (n * p * (1 - p)) + 1 / (n * q * (1 - q)) - 2 / (n * p * (1 - q))
  statistic <- apart^2 / (arm(0.5, 0.2, 20) + arm(0.8, 0.3, 20))
  expect_equal(as.data.frame(ordinal_tests(x, "brant"))$statistic, statistic, tolerance = 1e-10)
  expect_equal(as.data.frame(ordinal_cuts(x))$estimate, c(4, 96 / 56), tolerance = 1e-10)
})

test_that("the same nine pairs: two wins for each loss, whatever the ties", {
  d <- data.frame(class = c(1, 2, 3, 2, 2, 3), arm = rep(c("a", "b"), each = 3))
  # b: 2, 2, 3 against a: 1, 2, 3: wins 1 + 1 + 2, losses 1 + 1 + 0
  x <- response_wins(class ~ arm, d, estimand = c("win_ratio", "win_odds"), method = "logit")
  expect_equal(x$estimate[x$estimand == "win ratio"], 2)
  expect_equal(x$estimate[x$estimand == "win odds"], (4 + 3 / 2) / (2 + 3 / 2))
})
