# Evidence: oracle. The power of tests of two arms is the probability of the tables that compare_rates() rejects one by one.

test_that("every table is rejected as compare_rates() would", {
  n <- 6
  m <- 9
  g <- expand.grid(x1 = 0:m, x0 = 0:n)
  mass <- dbinom(g$x1, m, 0.8) * dbinom(g$x0, n, 0.3)
  for (test in c("boschloo", "barnard", "n1_chisq")) {
    for (side in c("two.sided", "greater", "less")) {
      p <- vapply(seq_len(nrow(g)), function(i) {
        compare_rates(events = c(a = g$x0[i], b = g$x1[i]), n = c(a = n, b = m), method = test, alternative = side)$p_value
      }, 0)
      ours <- power_rates(n, 0.8, reference = 0.3, test = test, alternative = side, ratio = m / n)$power
      expect_equal(ours, sum(mass[p <= 0.05]), tolerance = 1e-10, label = paste(test, side))
    }
  }
})

test_that("exact tests keep their level at every rate and Boschloo's is never weaker than Fisher's", {
  for (rate in c(0.1, 0.35, 0.5)) {
    size <- power_rates(12, rate, reference = rate, test = c("fisher", "boschloo", "barnard"))$power
    expect_lte(max(size), 0.05)
    expect_gte(size[2], size[1])
  }
  both <- power_rates(c(9, 17), 0.75, reference = 0.3, test = c("fisher", "boschloo"))
  expect_true(all(both$power[3:4] >= both$power[1:2]))
})

test_that("the smallest number of patients has the power and the arms may be of different size", {
  x <- power_rates(rate = 0.8, reference = 0.3, power = 0.8, test = "boschloo", ratio = 0.5, smallest = "first")
  expect_equal(x$n_level, ceiling(x$n / 2))
  expect_gte(x$power, 0.8)
  expect_lt(power_rates(x$n - 1, 0.8, reference = 0.3, test = "boschloo", ratio = 0.5)$power, 0.8)
  expect_match(report_text(x), "Boschloo's test at the two-sided 0.05 level .* against 0.3")
  expect_error(power_rates(251, 0.8, reference = 0.3, test = "barnard"), class = "respondr_error_number")
})
