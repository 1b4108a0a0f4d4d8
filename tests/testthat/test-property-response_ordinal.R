test_that("the score test of two arms is Wilcoxon's with ties, times n / (n - 1)", {
  d <- data.frame(arm = rep(c("a", "b"), c(14, 11)), class = c(1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1, 3, 3, 4, 3, 1,
    2, 3, 1, 1, 5, 4))
  x <- response_ordinal(class ~ arm, d, method = "score")
  k <- stats::kruskal.test(class ~ arm, d)
  expect_equal(x$statistic, unname(k$statistic) * nrow(d) / (nrow(d) - 1), tolerance = 1e-10)
  expect_false(x$p_matches)
})

test_that("a model does not depend on order of rows, units, counts or rows; turned classes turn it", {
  set.seed(5)
  d <- data.frame(class = factor(sample(c("none", "minor", "main"), 70, TRUE), levels = c("none", "minor", "main")),
    hbf = rnorm(70, 30, 10), arm = rep_len(c("a", "b"), 70))
  x <- as.data.frame(response_ordinal(class ~ arm + hbf, d))
  columns <- c("estimate", "conf_low", "conf_high", "p_value", "std_error")
  expect_equal(as.data.frame(response_ordinal(class ~ arm + hbf, d[sample(70), ]))[columns], x[columns], tolerance = 1e-9)
  shifted <- transform(d, hbf = (hbf + 1e6) * 1e-3)
  y <- as.data.frame(response_ordinal(class ~ arm + hbf, shifted))
  expect_equal(log(y$conf_low) / c(1, 1e3), log(x$conf_low), tolerance = 1e-6)  # 1e6 leaves ten digits of hbf
  counted <- stats::aggregate(list(n = rep(1, 70)), d[c("class", "arm")], sum)
  expect_equal(as.data.frame(response_ordinal(class ~ arm, counted, weights = n))[columns],
    as.data.frame(response_ordinal(class ~ arm, d))[columns], tolerance = 1e-9)
  d$turned <- factor(d$class, levels = rev(levels(d$class)))
  z <- as.data.frame(response_ordinal(turned ~ arm + hbf, d))
  expect_equal(z$estimate, 1 / x$estimate, tolerance = 1e-9)
  expect_equal(z$conf_low, 1 / x$conf_high, tolerance = 1e-8)
})

test_that("p and interval agree: a limit at 1 has p at alpha", {
  set.seed(6)
  d <- data.frame(class = sample(1:4, 60, TRUE), z = rnorm(60))
  for (method in c("lr", "wald")) {
    p <- response_ordinal(class ~ z, d, method = method)$p_value
    x <- response_ordinal(class ~ z, d, method = method, conf_level = 1 - p)
    expect_equal(min(abs(log(c(x$conf_low, x$conf_high)))), 0, tolerance = 1e-7, info = method)
  }
  d$arm <- rep_len(c("a", "b"), 60)
  p <- response_wins(class ~ arm, d, estimand = "win_odds", method = "logit")$p_value
  x <- response_wins(class ~ arm, d, estimand = "win_odds", method = "logit", conf_level = 1 - p)
  expect_equal(min(abs(log(c(x$conf_low, x$conf_high)))), 0, tolerance = 1e-9)
})

test_that("changing sides inverts win odds and turns the net benefit", {
  d <- data.frame(arm = rep(c("a", "b"), each = 6), class = c(1, 1, 2, 3, 2, 1, 3, 2, 3, 3, 1, 2))
  x <- as.data.frame(response_wins(class ~ arm, d, method = "logit"))
  y <- as.data.frame(response_wins(class ~ arm, d, method = "logit", reference = "b"))
  odds <- x$estimand == "win odds"
  expect_equal(x$estimate[odds], 1 / y$estimate[odds], tolerance = 1e-12)
  expect_equal(x$conf_low[odds], 1 / y$conf_high[odds], tolerance = 1e-12)
  expect_equal(x$estimate[x$estimand == "net benefit"], -y$estimate[y$estimand == "net benefit"], tolerance = 1e-12)
})

test_that("Brant's test does not depend on order of rows, units, or counts against rows; turned classes leave it", {
  d <- MASS::housing
  x <- as.data.frame(ordinal_tests(response_ordinal(Sat ~ Infl + Cont, d, weights = Freq), "brant"))
  rows <- d[rep(seq_len(nrow(d)), d$Freq), ]
  set.seed(3)
  shuffled <- as.data.frame(ordinal_tests(response_ordinal(Sat ~ Infl + Cont, rows[sample(nrow(rows)), ]), "brant"))
  expect_equal(shuffled$statistic, x$statistic, tolerance = 1e-9)
  turned <- transform(d, Sat = factor(Sat, levels = rev(levels(Sat)), ordered = TRUE))
  expect_equal(as.data.frame(ordinal_tests(response_ordinal(Sat ~ Infl + Cont, turned, weights = Freq), "brant"))$statistic,
    x$statistic, tolerance = 1e-9)
  d$scaled <- 1e8 + 1e3 * as.integer(d$Infl)
  d$plain <- as.integer(d$Infl)
  of <- function(f) as.data.frame(ordinal_tests(response_ordinal(f, d, weights = Freq), "brant"))$statistic
  expect_equal(of(Sat ~ scaled + Cont), of(Sat ~ plain + Cont), tolerance = 1e-8)
})

test_that("changing sides inverts the win ratio; without ties it is the win odds, with the same p and interval", {
  set.seed(5)
  d <- data.frame(class = sample(30), arm = rep(c("a", "b"), 15))
  x <- as.data.frame(response_wins(class ~ arm, d, estimand = c("win_odds", "win_ratio"), method = "logit"))
  for (column in c("estimate", "std_error", "conf_low", "conf_high", "df", "p_value")) {
    expect_equal(x[[column]][1], x[[column]][2], tolerance = 1e-9)
  }
  d$class <- d$class %/% 5
  x <- as.data.frame(response_wins(class ~ arm, d, estimand = "win_ratio", method = "logit"))
  y <- as.data.frame(response_wins(class ~ arm, d, reference = "b", estimand = "win_ratio", method = "logit"))
  expect_equal(c(x$estimate, x$conf_low, x$p_value), c(1 / y$estimate, 1 / y$conf_high, y$p_value), tolerance = 1e-12)
  expect_equal((x$conf_low > 1 || x$conf_high < 1), x$p_value < 0.05)
})
