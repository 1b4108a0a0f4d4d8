# Evidence: property. Power that goes up and down as n grows.

test_that("no number of pairs above the one found falls short, and the one below it does", {
  for (shape in c("normal", "lognormal", "t5")) for (wanted in c(0.5, 0.8, 0.9)) {
    ask <- function(...) power_paired(effect = 0.6, sd_change = 1, test = "sign", shape = shape, ...)
    n <- ask(power = wanted)$n
    power <- ask(n = 2:(3 * n))$power
    expect_true(all(power[seq_along(power) + 1 >= n] >= wanted))
    expect_lt(power[n - 2], wanted)
  }
})

test_that("forty pairs have the power that 41 have not", {
  power <- power_paired(40:42, 0.6, sd_change = 1, test = "sign")$power
  expect_true(power[1] >= 0.8 && power[2] < 0.8 && power[3] >= 0.8)
  expect_equal(power_paired(effect = 0.6, sd_change = 1, power = 0.8, test = "sign")$n, 42)
})

test_that("simulated rank tests do not fall short above the number found", {
  pairs <- function(...) power_paired(effect = 0.9, sd_change = 1, test = "signed_rank", trials = 1000, seed = 4, ...)
  arms <- function(...) {
    power_groups(effect = 1.4, sd = 1, ratio = 0.3, test = "mann_whitney", shape = "normal", trials = 1000, seed = 4, ...)
  }
  for (ask in list(pairs, arms)) for (wanted in c(0.4, 0.6, 0.8)) {
    n <- ask(power = wanted)$n
    power <- ask(n = 4:(n + 24))$power
    expect_true(all(power[4:(n + 24) >= n] >= wanted))
    expect_lt(max(power[n - 4], 0, na.rm = TRUE), wanted)
  }
})
