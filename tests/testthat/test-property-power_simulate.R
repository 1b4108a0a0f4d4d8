# Evidence: property. What simulated power must not depend on, what it must rise with, and words that stop.

test_that("threads and the other tests asked for change nothing, and a seed gives the same power again", {
  ask <- function(...) power_paired(20, 0.5, sd_change = 1, shape = "laplace", trials = 1000, seed = 9, ...)
  both <- ask(test = c("t", "signed_rank"))
  expect_identical(ask(test = c("t", "signed_rank"), threads = 3), both)
  expect_equal(ask(test = "signed_rank")$power, both$power[2])
  set.seed(1)
  one <- power_paired(20, 0.5, sd_change = 1, test = "signed_rank", trials = 500)
  again <- power_paired(20, 0.5, sd_change = 1, test = "signed_rank", trials = 500, seed = attr(one, "settings")$seed)
  expect_equal(again$power, one$power)
})

test_that("a formula draws no random number", {
  set.seed(4)
  state <- .Random.seed
  power_logistic(100, 2, rate = 0.4)
  power_rm(c(1, 2, 3), n = 10, r = 0.5)
  power_paired(10, 1, sd_change = 1, test = "sign", shape = "t5", decimals = 1)
  expect_identical(.Random.seed, state)
})

test_that("the number of patients asked for has the power, and one fewer has not", {
  for (f in list(
    function(...) power_paired(..., effect = 0.7, sd_change = 1, test = "signed_rank", trials = 2000, seed = 3),
    function(...) power_groups(..., effect = 1, sd = 1, test = "mann_whitney", shape = "normal", trials = 2000, seed = 3),
    function(...) power_logistic(..., odds_ratio = 3, rate = 0.3, test = "lr", trials = 2000, seed = 3),
    function(...) power_rm(c(0, 0.5, 0.8), ..., r = 0.4, structure = "ar1", test = "gg", trials = 2000, seed = 3))) {
    found <- f(power = 0.8)
    expect_gte(found$power, 0.8)
    expect_lt(f(n = found$n - 1)$power, 0.8)
    expect_equal(f(n = found$n)$power, found$power)
  }
})

test_that("the detectable effect has the power and scale does not matter", {
  effect <- power_paired(18, power = 0.9, sd_change = 2, test = "signed_rank", trials = 2000, seed = 5)
  expect_gte(effect$power, 0.9)
  other <- power_paired(18, power = 0.9, sd_change = 200, test = "signed_rank", trials = 2000, seed = 5)
  expect_equal(other$effect, 100 * effect$effect, tolerance = 1e-6)
  down <- power_paired(18, power = 0.9, sd_change = 2, test = "t", shape = "uniform", alternative = "less",
    trials = 2000, seed = 5)
  expect_lt(down$effect, 0)
  odds <- power_logistic(80, power = 0.8, rate = 0.5, test = c("information", "lr"), trials = 2000, seed = 5)
  expect_gt(min(odds$effect), 1)
  expect_lt(power_logistic(80, power = 0.8, rate = 0.5, alternative = "less")$effect, 1)
})

test_that("prints say that power is simulated, how often and how sure", {
  x <- power_groups(12, 1, sd = 1, test = "mann_whitney", shape = "t5", decimals = 1, trials = 500, seed = 2, dropout = 0.2)
  expect_output(print(x), "500 simulated trials of t5 values rounded to 1 decimal; conf_low")
  expect_match(report_text(x), "the Mann-Whitney test .* \\(500 simulated trials: .* to .*\\) for a difference of 1")
  expect_equal(x$n_enrolled, 30)
  expect_match(report_text(power_rm(c(1, 2), n = 10, r = 0.5, scale = 0.5)), "a course that is the given one times 0.5")
  expect_s3_class(plot(power_paired(10:14, 0.8, sd_change = 1, test = c("t", "sign"), trials = 200, seed = 1)), "ggplot")
})

test_that("wrong words and numbers name the argument", {
  for (call in expression(
    power_paired(10, 1, sd_change = 1, test = "wilcox"), power_paired(10, 1, sd_change = 1, shape = "gamma"),
    power_paired(10, 1, sd_change = 1, test = "sign", alternative = "equivalence", margin = 1),
    power_groups(10, 1, test = "ancova", shape = "normal"), power_logistic(10, 2, rate = 0.5, test = "score"),
    power_logistic(10, 2, rate = 0.5, predictor = "count"), power_rm(c(1, 2), n = 5, r = 0.2, test = "wilks"))) {
    expect_error(eval(call), class = "respondr_error_word")
  }
  for (call in expression(
    power_paired(10, 1, sd_change = 1, test = "sign", trials = 10), power_rm(1:3, n = 10, r = -0.9),
    power_rm(1:3, n = 10, covariance = 1.9 * diag(3) - 0.9), power_rm(1:3, n = 5, sd = 1e200, r = 0.5),
    power_groups(10, 1, shape = "normal", sd = c(1, 2)),
    power_logistic(10, -2, rate = 0.5), power_logistic(10, 2, rate = 1), power_logistic(10, 2, rate = 0.5, r2 = 1),
    power_rm(c(1, 1, 1), n = 5, r = 0.5), power_rm("a", n = 5, r = 0.5),
    power_rm(c(1, 2), n = 5, sd = c(1, 2, 3), r = 0.5), power_rm(c(1, 2, 3), n = 5, covariance = diag(2)))) {
    expect_error(eval(call), class = "respondr_error_number")
  }
  for (call in expression(
    power_logistic(10, 2), power_rm(c(1, 2), n = 5), power_rm(c(1, 2), r = 0.5),
    power_groups(10, 1, shape = "normal", r = 0.5))) {
    expect_error(eval(call), class = "respondr_error_argument")
  }
  expect_error(power_rm(c(1, 2, 3), n = 5, covariance = matrix(1, 3, 3)), class = "respondr_error")
  expect_error(power_rm(c(1, 2, 3), n = 5, r = 0.5, effect = "interaction"), class = "respondr_error_word")
})

test_that("too few patients are a status", {
  expect_equal(as.character(power_rm(c(1, 2, 3, 4), n = 3, r = 0.5)$status), "too_few")
  none <- power_paired(power = 0.9, effect = 0, sd_change = 1, test = c("sign", "signed_rank"), trials = 200, seed = 1)
  expect_equal(as.character(none$status), rep("not_estimable", 2))
})
