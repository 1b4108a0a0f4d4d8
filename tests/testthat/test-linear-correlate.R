# Evidence: byhand, oracle, property, edge.

corr_data <- function(n, ties = FALSE) {
  i <- seq_len(n)
  x <- (i * 37) %% 53
  y <- (i * i * 11 + 5 * i) %% 47 + x / 3
  if (ties) data.frame(x = x %/% 8, y = round(y / 9)) else data.frame(x = x + i / 1000, y = y + i / 777)
}

test_that("three patients by hand: Spearman 1/2 and tau 1/3 with every order counted", {
  d <- data.frame(x = 1:3, y = c(1, 3, 2))
  s <- correlate(y ~ x, d, method = c("spearman", "kendall"))
  expect_equal(s$estimate, c(0.5, 1 / 3))
  expect_equal(s$p_value, c(1, 1))
  one <- correlate(y ~ x, d, method = c("spearman", "kendall"), alternative = "greater")
  expect_equal(one$p_value, c(3 / 6, 3 / 6))
  full <- correlate(x ~ x2, data.frame(x = 1:5, x2 = 2:6), method = c("spearman", "kendall"))
  expect_equal(full$p_value, rep(2 / 120, 2))
  expect_identical(as.character(full$status), rep("boundary", 2))
})

test_that("all three coefficients, their p and their limits agree with the naive program", {
  for (ties in c(FALSE, TRUE)) {
    d <- corr_data(30, ties)
    for (m in c("pearson", "spearman", "kendall")) {
      o <- oracle_association(d$x, d$y, m)
      x <- correlate(y ~ x, d, method = m, distribution = "asymptotic")
      for (name in c("estimate", "statistic", "p_value", "conf_low", "conf_high")) {
        expect_equal(x[[name]], o[[name]], tolerance = 1e-10, info = paste(m, name))
      }
    }
  }
})

test_that("exact p-values count all orders, with ties too", {
  for (ties in c(FALSE, TRUE)) {
    d <- corr_data(7, ties)
    o <- oracle_association_exact(d$x, d$y, "spearman")
    for (side in c("two.sided", "less", "greater")) {
      x <- correlate(y ~ x, d, method = "spearman", distribution = "exact", alternative = side)
      expect_equal(x$p_value, o[[c(two.sided = "distance", less = "lower", greater = "upper")[[side]]]], tolerance = 1e-12)
    }
  }
  d <- corr_data(7)
  o <- oracle_association_exact(d$x, d$y, "kendall")
  expect_equal(correlate(y ~ x, d, method = "kendall")$p_value, o[["distance"]], tolerance = 1e-12)
  expect_equal(correlate(y ~ x, d, method = "kendall", alternative = "less")$p_value, o[["lower"]], tolerance = 1e-12)
})

test_that("Kendall's exact p with ties is the share of all orders", {
  cases <- list(list(x = c(1, 1, 2, 3, 3, 4, 5), y = c(1, 2, 2, 2, 5, 4, 5)), list(x = 1:7, y = c(1, 1, 3, 2, 3, 3, 7)),
    list(x = c(0, 0, 0, 1, 1, 1, 1), y = c(0, 1, 0, 1, 1, 0, 1)), list(x = c(2, 2, 1, 5, 5), y = 5:1))
  for (case in cases) {
    o <- oracle_association_exact(case$x, case$y, "kendall")
    for (side in c("two.sided", "less", "greater")) {
      x <- correlate(y ~ x, as.data.frame(case), method = "kendall", alternative = side)
      expect_identical(as.character(x$distribution), "exact")
      expect_equal(x$p_value, o[[c(two.sided = "distance", less = "lower", greater = "upper")[[side]]]], tolerance = 1e-12)
    }
  }
})

test_that("Kendall's exact p with many ties is that of the Mann-Whitney test of two groups, of any size", {
  d <- data.frame(arm = rep(0:1, c(21, 19)), y = (1:40 * 17) %% 41)
  expect_equal(correlate(y ~ arm, d, method = "kendall")$p_value, stats::wilcox.test(y ~ arm, d, exact = TRUE)$p.value,
    tolerance = 1e-12)
  d$y <- (1:40 * 17) %% 4
  tied <- correlate(y ~ arm, d, method = "kendall")
  expect_identical(as.character(tied$distribution), "exact")
  expect_equal(tied$p_value, compare_groups(y ~ arm, d, method = "mann_whitney", distribution = "exact")$p_value,
    tolerance = 1e-12)
})

test_that("exact p of middling n is that of cor.test", {
  d <- corr_data(9)
  expect_equal(correlate(y ~ x, d, method = "spearman")$p_value, cor.test(d$x, d$y, method = "spearman",
    exact = TRUE)$p.value)
  d <- corr_data(40)
  expect_equal(correlate(y ~ x, d, method = "kendall")$p_value, cor.test(d$x, d$y, method = "kendall",
    exact = TRUE)$p.value)
})

test_that("random orders come close to the exact p, are the same for any order of rows and say their interval", {
  d <- corr_data(9, TRUE)
  exact <- correlate(y ~ x, d, method = "spearman", distribution = "exact")$p_value
  for (m in c("spearman", "kendall", "pearson")) {
    a <- correlate(y ~ x, d, method = m, distribution = "monte_carlo", seed = 3, replicates = 4000)
    b <- correlate(y ~ x, d[c(5, 9, 1, 3, 2, 8, 7, 6, 4), ], method = m, distribution = "monte_carlo", seed = 3,
      replicates = 4000)
    expect_identical(a$p_value, b$p_value)
    expect_true(a$p_low < a$p_value && a$p_value < a$p_high)
    if (m == "spearman") expect_true(a$p_low < exact && exact < a$p_high)
  }
})

test_that("monotone changes leave ranks alone, reversal turns the sign, threads change no bit", {
  d <- corr_data(25)
  base <- correlate(y ~ x, d, method = c("spearman", "kendall"))
  expect_identical(correlate(exp(y / 50) ~ log(x + 1), d, method = c("spearman", "kendall"))$p_value, base$p_value)
  expect_equal(correlate(I(-y) ~ x, d, method = c("spearman", "kendall"))$estimate, -base$estimate)
  many <- as.data.frame(lapply(1:30, function(k) (seq_len(25) * k * 13) %% 29))
  many$y <- d$y
  one <- correlate(y ~ ., many, method = c("pearson", "spearman", "kendall"))
  expect_identical(one, correlate(y ~ ., many, method = c("pearson", "spearman", "kendall"), threads = 2),
    ignore_attr = TRUE)
  expect_equal(one$estimate[2], cor(many$y, many[[1]], method = "spearman"))
})

test_that("no spread, too few patients, missing values and no exact answer have their status", {
  d <- data.frame(y = c(1, 2, 3, NA, 5), flat = 7, x = c(2, NA, 1, 4, 3), g = c("a", "a", "a", "a", "b"))
  x <- correlate(y ~ flat + x, d, method = c("pearson", "kendall", "spearman"))
  expect_identical(as.character(x$status), rep(c("no_variance", "ok"), each = 3))
  expect_identical(x$n, rep(c(4L, 3L), each = 3))
  expect_identical(x$n_dropped, rep(c(1L, 2L), each = 3))
  expect_true(all(x$conf_low[4:6] == -1 & x$conf_high[4:6] == 1))
  g <- correlate(y ~ x, d, by = g)
  expect_identical(as.character(g$status), c("too_few", "too_few"))
  big <- correlate(y ~ x, corr_data(40), method = "spearman", distribution = "exact")
  expect_identical(as.character(big$status), "too_large")
  tied <- correlate(y ~ x, corr_data(40, TRUE), method = "kendall", distribution = "exact", exact_limit = 1e6)
  expect_identical(as.character(tied$status), "too_large")
  expect_true(is.na(tied$p_value))
  expect_error(correlate(y ~ g, d), class = "respondr_error_outcome")
  expect_error(correlate(y ~ x, transform(d, x = Inf)), class = "respondr_error_infinite")
})

test_that("large offsets take no digits of Pearson's r", {
  d <- corr_data(30)
  d <- round(d * 64) / 64
  expect_equal(correlate(I(y + 2^30) ~ I(x + 2^30), d)$estimate, correlate(y ~ x, d)$estimate, tolerance = 1e-13)
})
