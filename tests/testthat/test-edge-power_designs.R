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

test_that("ratio, correlation and the power asked for stand in the rows", {
  x <- power_groups(effect = 5, power = c(0.8, 0.9), sd = 10, r = c(0.4, 0.6), ratio = c(1, 2),
    test = c("student", "change", "ancova"))
  expect_identical(nrow(x), 20L)
  expect_identical(as.integer(table(x$test)[c("ancova", "change", "student")]), c(8L, 8L, 4L))
  expect_true(all(is.na(x$r[x$test == "student"])))
  expect_equal(x$sd[x$test == "ancova"], 10 * sqrt(1 - x$r[x$test == "ancova"]^2))
  expect_equal(x$sd[x$test == "change"], 10 * sqrt(2 - 2 * x$r[x$test == "change"]))
  expect_equal(x$n_level, ceiling(x$n * x$ratio))
  expect_true(all(x$power >= x$power_target) && setequal(x$power_target, c(0.8, 0.9)))
  for (i in c(1, 7, 12, 20)) {
    alone <- power_groups(effect = 5, power = x$power_target[i], sd = 10, r = if (!is.na(x$r[i])) x$r[i], ratio = x$ratio[i],
      test = x$test[i])
    expect_identical(alone$n, x$n[i])
  }
  simulated <- power_groups(n = 15, effect = 1, ratio = c(1, 2), shape = "normal", trials = 200, seed = 1)
  expect_identical(simulated$ratio, c(1, 2))
  expect_true(all(is.na(simulated$power_target)))
  one <- power_paired(effect = 1, power = c(0.8, 0.9), sd_change = 2, test = c("signed_rank", "sign"), trials = 200, seed = 1)
  expect_identical(one$power_target, c(0.8, 0.9, 0.8, 0.9))
  expect_true(all(is.na(one$ratio)))
})

test_that("a print says once what is the same in all rows", {
  x <- power_groups(effect = 5, power = c(0.8, 0.9), sd = 10, ratio = 2)
  wide <- options(width = 100)
  on.exit(options(wide))
  lines <- capture.output(print(x))
  expect_match(lines[1], "n counts patients in the reference arm, two-sided, alpha 0.05", fixed = TRUE)
  expect_match(lines[2], "ratio", fixed = TRUE)
  expect_match(lines[2], "power_target", fixed = TRUE)
  expect_no_match(lines[2], "alternative|alpha|null_value|n_enrolled")
  margin <- capture.output(print(power_groups(effect = 0, power = 0.8, null = -4, sd = 10, alternative = "greater", alpha = c(0.025,
    0.05), dropout = 0.1)))
  expect_match(margin[1], "one-sided (greater)", fixed = TRUE)
  expect_match(margin[2], "alpha.*null_value.*n_enrolled")
})

test_that("curves tell every design apart, and draw points where there is no course", {
  skip_if_not_installed("ggplot2")
  lines_of <- function(x) {
    data <- plot(x)$data
    list(lines = levels(data$line), most = max(table(data$line, data$across)))
  }
  designs <- list(
    power_groups(effect = 5, power = c(0.8, 0.9), sd = 10, r = c(0.4, 0.6), test = c("student", "change", "ancova")),
    power_groups(n = 10:40, effect = 4, sd = 5, ratio = c(0.5, 1, 2)),
    power_rates(rate = c(0.5, 0.6), reference = 0.3, power = c(0.8, 0.9), test = c("chisq", "fisher")),
    power_groups(n = c(20, 40), power = c(0.8, 0.9), sd = c(5, 10)),
    power_groups(means = c(1, 2, 3), sd = c(2, 3), power = c(0.8, 0.9), test = "anova"),
    power_groups(n = 30, effect = 3, sd = c(5, 6, 7), test = "welch"))
  got <- lapply(designs, lines_of)
  expect_identical(vapply(got, `[[`, 1L, "most"), rep(1L, 6))
  expect_identical(lengths(lapply(got, `[[`, "lines")), c(5L, 3L, 4L, 4L, 2L, 1L))
  expect_identical(got[[1]]$lines[2], "change, r 0.4")
  expect_identical(got[[3]]$lines[2], "chisq, power 0.9")
  kinds <- function(x) vapply(plot(x)$layers, function(layer) class(layer$geom)[1], "")
  expect_identical(kinds(designs[[2]]), "GeomLine")
  expect_identical(kinds(designs[[4]]), c("GeomLine", "GeomPoint"))
  expect_identical(kinds(power_groups(effect = 5, power = 0.8)), "GeomPoint")
})

test_that("a number of patients never falls short of the power asked for, and no larger one does", {
  designs <- list(list(0.01, 0.0005, 0.8, "greater", 0.1), list(0.00025, 0.0048, 0.8, "less", 0.05), list(0.02, 0.001, 0.7, "greater", 0.05))
  for (d in designs) {
    x <- power_rates(rate = d[[1]], reference = d[[2]], power = d[[3]], alternative = d[[4]], alpha = d[[5]], test = "binomial")
    expect_gte(x$power, d[[3]])
    n <- x$n:(ceiling(1.5 * x$n) + 30)
    reach <- vapply(n, function(m) {
      k <- 0:m
      reject <- if (d[[4]] == "less") pbinom(k, m, d[[2]]) <= d[[5]] else pbinom(k - 1, m, d[[2]], lower.tail = FALSE) <= d[[5]]
      sum(dbinom(k[reject], m, d[[1]]))
    }, 0)
    expect_true(all(reach >= d[[3]]))
  }
  score <- power_rates(rate = 0.0633, reference = 0.000165, power = 0.5, alpha = 0.025, ratio = 0.2, test = "score")
  expect_gte(score$power, 0.5)
})

test_that("enough are enrolled in each arm", {
  four <- power_groups(effect = 0.4, groups = 4, power = 0.8, test = "anova", dropout = 0.15)
  expect_identical(four$n_enrolled, 4 * ceiling(four$n / 0.85))
  two <- power_groups(effect = 5, sd = 10, power = 0.8, dropout = 0.05, ratio = c(1, 1.5))
  expect_identical(two$n_enrolled, ceiling(two$n / 0.95) + ceiling(two$n_level / 0.95))
  trials <- power_groups(n = 19, effect = 5, sd = 10, shape = "normal", trials = 200, seed = 1, dropout = 0.15)
  expect_identical(trials$n_enrolled, 2 * ceiling(19 / 0.85))
  rm <- power_rm(list(c(8, 8), c(8, 9)), n = 19, sd = 1, r = 0.5, dropout = 0.15)
  expect_identical(rm$n_enrolled, 2 * ceiling(19 / 0.85))
})

test_that("what a plan does not use is refused, and errors name the argument", {
  expect_error(power_groups(n = 30, effect = 0, sd = 1, alternative = "equivalence", margin = 0.5, null = 0.3), "no `null`",
    class = "respondr_error_argument")
  expect_error(power_paired(n = 30, effect = 0, sd_change = 1, alternative = "equivalence", margin = 0.5, null = c(0, 0.3)), "no `null`",
    class = "respondr_error_argument")
  audit <- audit_paired(n = 30, mean_before = "10.0", sd_before = "2.0", mean_after = "11.0", sd_after = "2.2", p = "0.01")
  expect_error(power_groups(effect = 2, power = 0.8, from = audit, test = "student"), "do not use", class = "respondr_error_argument")
  expect_s3_class(power_groups(effect = 2, power = 0.8, sd = 2, from = audit, test = c("student", "ancova")), "respondr_power")
  none <- response_rate(y ~ 1, data = data.frame(y = factor(rep("n", 20), levels = c("n", "y"))), event = "y")
  zero <- power_rates(rate = 0.4, power = 0.8, from = none[1, ], test = "binomial")
  expect_identical(zero$null_value[1], 0)
  expect_identical(nrow(zero), 2L)
  expect_error(power_rates(rate = 0.7, power = 0.8, from = audit_percent(n = 30, percent = "40"), test = "binomial"), "left open",
    class = "respondr_error_argument")
  expect_error(power_groups(effect = 2, power = 0.8, sd = 5, r = numeric(0), test = "ancova"), "`r` is missing", class = "respondr_error_number")
  expect_error(power_rm(NULL, n = 10, r = 0.5), "`means` must be numbers", class = "respondr_error_number")
  expect_error(power_rm(c(1, 2, 3), n = 10, r = 0.5, scale = "a"), "`scale` must", class = "respondr_error_number")
  expect_error(power_rates(reference = 0.2), "Of `n`, `rate` and `power`", class = "respondr_error_argument")
  expect_error(power_logistic(rate = 0.2), "Of `n`, `odds_ratio` and `power`", class = "respondr_error_argument")
  mixed <- capture.output(print(power_rates(rate = 0.7, power = 0.8, reference = 0.4, test = c("chisq", "binomial"))))
  expect_match(gsub(" +", " ", paste(mixed[1:2], collapse = " ")), "n counts patients in the reference arm, or patients", fixed = TRUE)
})

test_that("sentences name the spread they are about", {
  two <- report_text(power_groups(effect = 5, power = 0.8, sd = c(5, 10)))
  expect_match(two[1], "for a difference of 5 (SD 5).", fixed = TRUE)
  expect_match(two[2], "for a difference of 5 (SD 10).", fixed = TRUE)
  expect_match(report_text(power_groups(effect = 5, power = 0.8, sd = 5, sd_level = 8, test = "welch")), "(SD 5 and 8)", fixed = TRUE)
  expect_match(report_text(power_groups(effect = 5, power = 0.8, sd = 10, r = 0.6, test = "ancova")), "(SD 8 at r = 0.6)", fixed = TRUE)
  expect_no_match(report_text(power_rates(rate = 0.7, power = 0.8, reference = 0.4)), "SD")
})
