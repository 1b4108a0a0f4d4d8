# Evidence: edge. Several designs in one call, sources on another scale, and words that belong to another test. Right values are
# those of power.t.test(), power.anova.test() and of each design alone.

test_that("several standard deviations are several designs", {
  welch <- power_groups(effect = 5, power = 0.9, sd = c(5, 20), test = "welch")
  expect_equal(welch$n[2], power_groups(effect = 5, power = 0.9, sd = 20, test = "welch")$n)
  expect_equal(welch$n[2], power_groups(effect = 5, power = 0.9, sd = 20)$n, tolerance = 0.01)  # Welch costs a patient at most
  both <- power_groups(effect = 5, power = 0.9, sd = c(5, 20), sd_level = c(6, 30), test = "welch")
  expect_equal(nrow(both), 4)
  alone <- mapply(function(a, b) power_groups(effect = 5, power = 0.9, sd = a, sd_level = b, test = "welch")$n, both$sd,
    both$sd_level)
  expect_equal(both$n, alone)
})

test_that("the means of an analysis of variance belong to each standard deviation", {
  x <- power_groups(n = 30, means = c(1, 2, 3), sd = c(2, 4), test = "anova")
  r <- vapply(c(2, 4), function(sd) power.anova.test(3, 30, between.var = 1, within.var = sd^2)$power, 0)
  expect_equal(x$power, r, tolerance = 1e-7)  # R stops its series there
  expect_equal(x$sd, c(2, 4))
})

test_that("what a test does not use is refused", {
  for (call in expression(
    power_groups(effect = 1, power = 0.8, sd = 2, sd_level = 8),
    power_groups(effect = 1, power = 0.8, sd_level = 3, test = c("student", "welch")),
    power_groups(effect = 0.4, groups = 2, power = 0.8, test = "anova", ratio = 2),
    power_groups(effect = 0.4, groups = 2, power = 0.8, test = "anova", null = 1),
    power_groups(means = c(1, 2, 3), groups = 6, sd = 2, power = 0.8, test = "anova"))) {
    expect_error(eval(call), class = "respondr_error_argument")
  }
  expect_error(power_groups(effect = -0.2, groups = 3, power = 0.8, test = "anova"), class = "respondr_error_number")
  expect_error(power_groups(effect = 0.3, power = 0.8, test = "anova"), "`groups` is missing", class = "respondr_error_number")
  expect_error(power_paired(effect = 1, power = 0.8, sd_before = 1:3, sd_after = 1:2, r = 0.5), class = "respondr_error_length")
  expect_error(power_logistic(40, 1.5, rate = 0.3, test = "lr", alternative = "greater", alpha = 0.6),
    class = "respondr_error_number")
  for (shape in list(NULL, NA, c("normal", "t5"))) {
    expect_error(power_paired(20, 1, sd_change = 1, shape = shape), class = "respondr_error_word")
  }
})

test_that("a comparison of ratios is no source of a plan of differences", {
  x <- compare_paired(Postwt ~ 1, baseline = Prewt, data = MASS::anorexia, method = "t", scale = "ratio")
  expect_error(power_paired(power = 0.8, effect = "published", from = x), "ratios", class = "respondr_error_argument")
  logs <- transform(MASS::anorexia, before = log(Prewt), after = log(Postwt))
  y <- compare_paired(after ~ 1, baseline = before, data = logs, method = "t")
  n <- suppressWarnings(power_paired(power = 0.8, effect = "published", from = y))$n
  change <- logs$after - logs$before
  expect_equal(n, ceiling(power.t.test(delta = mean(change) / 2, sd = sd(change), power = 0.8, type = "paired")$n))
})

test_that("sentences say every patient, and what n counts", {
  many <- power_paired(effect = 0.01, sd_change = 1, power = 0.8, dropout = 0.1)
  expect_match(report_text(many), paste("With", many$n, "pairs"), fixed = TRUE)
  expect_match(report_text(many), paste(many$n_enrolled, "are enrolled"), fixed = TRUE)
  expect_match(report_text(power_groups(n = 1e5, effect = 0.01)), "With 100000 and 100000 patients", fixed = TRUE)
  mixed <- power_rates(rate = 0.4, reference = 0.2, power = 0.8, test = c("mcnemar_exact", "binomial", "fisher"))
  expect_match(report_text(mixed)[1], "pairs analysed")
  expect_match(report_text(mixed)[2], "[0-9] patients analysed")
  margin <- power_groups(effect = 0, null = -3, sd = 6, power = 0.9, alternative = "greater", alpha = 0.025)
  expect_match(report_text(margin), "a difference of 0 against a hypothesis of -3", fixed = TRUE)
})

test_that("detectable effects are found at any size and below the top of a Wald test", {
  for (m in c(1, 1e5, 1e9)) {
    x <- power_rm(c(0, m), n = 10, power = 0.8, scale = NULL, sd = 1, r = 0.5)
    expect_equal(x$power, 0.8, tolerance = 1e-9)
    expect_equal(x$effect * m, power.t.test(10, power = 0.8, type = "paired", strict = TRUE, tol = 1e-12)$delta, tolerance = 1e-6)
  }
  x <- power_logistic(n = 80, power = 0.9, rate = 0.3, predictor = "binary", prevalence = 0.2)
  expect_equal(x$power, 0.9, tolerance = 1e-9)
  expect_lt(x$effect, 9.1)
})

test_that("no larger Welch trial falls short where one arm is tiny", {
  ask <- function(...) power_groups(effect = 3, ratio = 0.1, test = "welch", ...)
  n <- ask(power = 0.8)$n
  power <- ask(n = (n - 1):(n + 60))$power
  expect_lt(power[1], 0.8)
  expect_true(all(power[-1] >= 0.8))
})

test_that("no level is attained by a hypothesis that cannot be", {
  expect_true(is.na(power_rates(n = 50, rate = 0.3, reference = 0.6, test = "mcnemar_exact")$size))
  expect_false(is.na(power_rates(n = 50, rate = 0.4, reference = 0.5, test = "mcnemar_exact")$size))
})
