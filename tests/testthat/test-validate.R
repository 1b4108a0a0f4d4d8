# Evidence: byhand, oracle (helper-oracle-validate.R), property, edge. Bootstrap against hand work: tests/cpp.

tight <- 1e-10

test_that("models may be given under names of one's own", {
  d <- validate_case()
  first <- suppressWarnings(fit_logistic(y ~ x, d))
  second <- suppressWarnings(fit_logistic(y ~ x + z, d))
  named <- compare_aucs(small = first, large = second)
  plain <- compare_aucs(first, second)
  expect_identical(as.character(named$level[1:2]), c("small", "large"))
  expect_identical(named$estimate, plain$estimate)
})

test_that("by hand: three events against three others, with ties", {
  x <- validate_predictors(rep(1:0, each = 3), c(3, 5, 5, 1, 3, 5))
  expect_equal(x$estimate, 6.5 / 9, tolerance = tight)
  expect_equal(x$std_error, sqrt((1 / 27 + 13 / 108) / 3), tolerance = tight)
  expect_equal(x$statistic, (6.5 / 9 - 0.5) / x$std_error, tolerance = tight)
})

test_that("areas, their limits and their comparison are those of the double loop", {
  d <- validate_case()
  area <- function(interval) as.data.frame(validate_predictors(y ~ z, d, interval = interval))
  delong <- area("delong")
  expect_equal(delong$estimate, oracle_auc(d$y, d$z), tolerance = tight)
  expect_equal(c(delong$conf_low, delong$conf_high), oracle_delong_limits(d$y, d$z), tolerance = tight)
  logit <- area("logit")
  expect_equal(c(logit$conf_low, logit$conf_high), oracle_delong_limits(d$y, d$z, logit = TRUE), tolerance = tight)
  newcombe <- area("newcombe")
  expect_equal(c(newcombe$conf_low, newcombe$conf_high), oracle_newcombe_auc(newcombe$estimate, sum(d$y), sum(1 - d$y)),
    tolerance = tight)
  expect_equal(newcombe$std_error, oracle_hanley_se_mean(newcombe$estimate, sum(d$y), sum(1 - d$y)), tolerance = tight)
  pair <- as.data.frame(compare_aucs(y ~ x + z, d))[3, ]
  naive <- oracle_delong_paired(d$y, d$z, d$x)
  for (name in names(naive)[-1]) expect_equal(pair[[name]], unname(naive[[name]]), tolerance = tight, info = name)
  expect_equal(pair$estimate, unname(naive$difference), tolerance = tight)
})

test_that("each interval leaves out one half exactly when its p is below alpha", {
  d <- validate_case(40, 5)
  for (interval in c("delong", "logit", "newcombe")) {
    x <- validate_predictors(y ~ z, d, interval = interval)
    at <- validate_predictors(y ~ z, d, interval = interval, conf_level = 1 - x$p_value)
    expect_true(x$p_matches)
    expect_equal(at$conf_low, 0.5, tolerance = 1e-8, info = interval)  # a root search on both sides
  }
})

test_that("without ties Newcombe's p is that of the asymptotic Mann-Whitney test", {
  d <- validate_case(40, 6, ties = FALSE)
  ours <- validate_predictors(y ~ z, d, interval = "newcombe")$p_value
  expect_equal(ours, wilcox.test(z ~ y, d, exact = FALSE, correct = FALSE)$p.value, tolerance = tight)
})

test_that("Brier, calibration and Hosmer-Lemeshow are those of the naive program", {
  d <- validate_case(80, 2)
  x <- validate_predictors(y ~ p, d)
  value <- function(method, name = "estimate") measure_of(x, method)[[name]]
  brier <- oracle_brier(d$y, d$p)
  expect_equal(value("brier"), brier[["brier"]], tolerance = tight)
  expect_equal(value("brier", "std_error"), sd((d$y - d$p)^2) / sqrt(80), tolerance = tight)
  expect_equal(value("scaled_brier"), brier[["scaled"]], tolerance = tight)
  expect_equal(value("log_score"), -mean(ifelse(d$y == 1, log(d$p), log(1 - d$p))), tolerance = tight)
  line <- oracle_calibration(d$y, d$p)
  loose <- 1e-8  # glm stops on the deviance
  expect_equal(value("intercept"), line[["intercept"]], tolerance = loose)
  expect_equal(value("intercept", "std_error"), line[["intercept_se"]], tolerance = loose)
  expect_equal(value("slope"), line[["slope"]], tolerance = loose)
  expect_equal(value("slope", "std_error"), line[["slope_se"]], tolerance = loose)
  expect_equal(value("slope", "p_value"), 2 * pnorm(-abs(line[["slope"]] - 1) / line[["slope_se"]]), tolerance = 1e-6)
  hosmer <- oracle_hosmer_lemeshow(d$y, d$p, new_data = TRUE)
  expect_equal(value("hosmer_lemeshow", "statistic"), hosmer$statistic, tolerance = tight)
  expect_equal(value("hosmer_lemeshow", "df"), hosmer$df)
  curve <- predict(loess(y ~ p, d), d)
  ici <- oracle_ici(d$p, pmin(1, pmax(0, curve)))
  for (name in names(ici)) expect_equal(value(name), ici[[name]], tolerance = tight, info = name)
})

test_that("the scaled Brier score has the standard error of a jackknife", {
  d <- validate_case(200, 3)
  x <- measure_of(validate_predictors(y ~ p, d), "scaled_brier")
  each <- vapply(seq_len(200), function(i) oracle_brier(d$y[-i], d$p[-i])[["scaled"]], 0)
  expect_equal(x$std_error, sqrt(199 / 200 * sum((each - mean(each))^2)), tolerance = 0.02)  # equal to first order
})

test_that("a weight of two is two patients", {
  d <- validate_case(50, 4)
  d$w <- rep(1:2, 25)
  many <- d[rep(1:50, d$w), ]
  a <- as.data.frame(validate_predictors(y ~ p, d, weights = w, smooth = "spline"))
  b <- as.data.frame(validate_predictors(y ~ p, many, smooth = "spline"))
  for (name in c("n", "events", "estimate", "std_error", "conf_low", "conf_high", "p_value")) {
    expect_equal(a[[name]], b[[name]], tolerance = 1e-8, info = name)
  }
  p <- as.data.frame(compare_aucs(y ~ x + z, d, weights = w))
  q <- as.data.frame(compare_aucs(y ~ x + z, many))
  expect_equal(p$std_error, q$std_error, tolerance = tight)
})

test_that("order of rows, monotone scores and swapped labels change what they must and no more", {
  d <- validate_case(60, 7)
  x <- as.data.frame(validate_predictors(y ~ z, d))
  back <- as.data.frame(validate_predictors(y ~ z, d[60:1, ]))
  expect_identical(x$estimate, back$estimate)
  expect_identical(x$std_error, back$std_error)
  d$up <- exp(d$z)
  expect_identical(as.data.frame(validate_predictors(y ~ up, d))$estimate, x$estimate)
  other <- as.data.frame(validate_predictors(y ~ z, d, event = 0))
  expect_equal(other$estimate, 1 - x$estimate, tolerance = tight)
  expect_equal(other$std_error, x$std_error, tolerance = tight)
})

test_that("an area of 1 or 0 has a usable interval and says so", {
  x <- validate_predictors(rep(0:1, c(8, 5)), 1:13)
  expect_equal(as.character(x$status), "boundary")
  expect_equal(as.character(x$conf_method), "newcombe_auc")
  expect_equal(c(x$conf_low, x$conf_high), oracle_newcombe_auc(1, 5, 8), tolerance = tight)
  expect_lt(x$conf_low, 0.9)
  expect_match(as.character(x$note), "Newcombe")
  y <- validate_predictors(rep(1:0, c(5, 8)), 1:13)
  expect_equal(y$conf_high, 1 - x$conf_low, tolerance = tight)
})

test_that("what cannot be judged has its status", {
  status <- function(y, p, method = "auc", ...) as.character(measure_of(validate_predictors(y, p, ...), method)$status)
  expect_equal(status(rep(1, 5), 1:5), "one_group_empty")
  expect_equal(status(c(0, 1, 0, 1), rep(0.5, 4)), "no_variance")
  expect_equal(status(c(0, 1, 0, 1), rep(0.5, 4), "slope"), "no_variance")
  expect_equal(status(c(0, 1, 0, 0), c(1, 2, 3, 2)), "too_few")
  expect_equal(status(c(0, 1, 0, 1), c(0, 0, 1, 1), "log_score"), "boundary")
  expect_equal(status(c(0, 1, 0, 1), c(0, 0, 1, 1), "slope"), "not_estimable")
  expect_equal(status(c(0, 0, 1, 1), c(0.1, 0.2, 0.3, 0.4), "slope"), "separated")
  expect_equal(status(c(0, 0, 1, 1), c(0, 0, 1, 1), "brier"), "no_variance")
  expect_true(is.infinite(measure_of(validate_predictors(c(0, 1, 0, 1), c(0, 0, 1, 1)), "log_score")$estimate))
  x <- validate_predictors(c(0, 1, NA, 1, 0), c(0.1, 0.5, 0.2, NA, 0.3))
  expect_equal(x$n[1], 3L)
  expect_equal(x$n_dropped[1], 2L)
})

test_that("wrong words are named", {
  expect_error(validate_predictors(c("a", "b"), 1:2), class = "respondr_error_event")
  expect_error(validate_predictors(0:1, c("x", "y")), class = "respondr_error_marker")
  expect_error(validate_predictors(0:1, c(-1, 2), type = "probability"), class = "respondr_error_probability")
  expect_error(validate_predictors(0:1, 1:3), class = "respondr_error_markers")
  expect_error(validate_predictors(lm(dist ~ speed, cars)), class = "respondr_error")
  expect_error(validate_predictors(glm(dist ~ speed, data = cars)), class = "respondr_error_x")
  expect_error(validate_predictors(y ~ x, validate_case(), interval = "wald"), class = "respondr_error_word")
  expect_error(validate_predictors(y ~ x * z, validate_case()), class = "respondr_error_formula")
  expect_error(validate_predictors(y ~ x, data.frame(y = 0:1, x = c(1, Inf))), class = "respondr_error_infinite")
  expect_error(compare_aucs(y ~ x, validate_case()), class = "respondr_error_formula")
  expect_error(marker_cutpoint(y ~ x + z, validate_case()), class = "respondr_error_formula")
})

test_that("a model is validated with the same figures for one thread and two, and its seed is kept", {
  d <- validate_case(62, 8)
  fit <- glm(y ~ x + z, binomial(), d)
  a <- validate_predictors(fit, replicates = 100, seed = 3)
  b <- validate_predictors(fit, replicates = 100, seed = 3, threads = 2)
  expect_identical(as.data.frame(a), as.data.frame(b))
  again <- validate_predictors(fit, replicates = 100, seed = attr(a, "settings")$seed)
  expect_identical(a$corrected, again$corrected)
  expect_equal(a$corrected, a$estimate - a$optimism, tolerance = tight)
  expect_lt(measure_of(a, "slope")$corrected, 1)
  expect_lt(measure_of(a, "auc")$corrected, measure_of(a, "auc")$estimate)
  expect_true(is.na(measure_of(a, "slope")$p_value))
  set.seed(1)
  before <- .Random.seed
  validate_predictors(fit, validation = "none")
  expect_identical(.Random.seed, before)
})

test_that("58 of 62 with the event: resamples that separate are refitted and counted", {
  set.seed(2)
  d <- data.frame(y = rep(1:0, c(58, 4)), x = c(rnorm(58, 2.5), rnorm(4)), z = rnorm(62))
  x <- validate_predictors(glm(y ~ x + z, binomial(), d), replicates = 200, seed = 1)
  expect_gt(attr(x, "settings")$validation$penalised, 0)
  expect_equal(attr(x, "settings")$validation$failed, 0)
  expect_true(is.finite(measure_of(x, "slope")$corrected))
  expect_match(paste(format(x), collapse = " "), "separated")
  cv <- validate_predictors(glm(y ~ x + z, binomial(), d), validation = "cv", repeats = 3, seed = 1)
  expect_equal(attr(cv, "settings")$validation$folds, 4)
})

test_that("counts of events are patients", {
  d <- data.frame(dose = 1:6, yes = c(1, 2, 3, 5, 6, 7), no = c(7, 6, 6, 4, 2, 1))
  a <- validate_predictors(glm(cbind(yes, no) ~ dose, binomial(), d), validation = "none")
  long <- data.frame(dose = rep(rep(1:6, 2), c(d$yes, d$no)), y = rep(1:0, c(sum(d$yes), sum(d$no))))
  b <- validate_predictors(glm(y ~ dose, binomial(), long), validation = "none")
  expect_equal(a$estimate[1:4], b$estimate[1:4], tolerance = 1e-8)
  expect_equal(a$n, b$n)
})

test_that("a model on other patients is judged with the degrees of freedom of external validation", {
  d <- validate_case(90, 9)
  fit <- glm(y ~ x, binomial(), d[1:50, ])
  x <- validate_predictors(fit, newdata = d[51:90, ])
  p <- predict(fit, d[51:90, ], type = "response")
  expect_equal(measure_of(x, "auc")$estimate, oracle_auc(d$y[51:90], p), tolerance = tight)
  expect_equal(measure_of(x, "slope")$estimate, oracle_calibration(d$y[51:90], p)[["slope"]], tolerance = 1e-8)
  groups <- nrow(as.data.frame(attr(x, "settings")$groups$model))
  expect_equal(measure_of(x, "hosmer_lemeshow")$df, groups)
})

test_that("a cut-point is that of the naive search, with its counts and intervals", {
  d <- validate_case(70, 10)
  x <- as.data.frame(marker_cutpoint(y ~ z, d, direction = "higher", replicates = 100, seed = 1))
  best <- oracle_youden(d$y, d$z)
  expect_equal(x$estimate[1], best$cut)
  expect_equal(x$estimate[2:3], unname(oracle_cut(d$y, d$z, best$cut)), tolerance = tight)
  wilson <- compare_rates(events = x$events[2], n = x$n[2], interval = "wilson")
  expect_equal(c(x$conf_low[2], x$conf_high[2]), c(wilson$conf_low, wilson$conf_high), tolerance = tight)
  expect_equal(x$corrected[2:3], x$estimate[2:3] - x$optimism[2:3], tolerance = tight)
  expect_gt(x$optimism[2] + x$optimism[3], 0)
  low <- as.data.frame(marker_cutpoint(y ~ I(-z), d, replicates = 20, seed = 1))
  expect_equal(low$estimate[1], -best$cut)
  expect_equal(low$estimate[2:3], x$estimate[2:3])
})

test_that("net benefit, roc_curve() and calibration_curve() are those of their formulas", {
  d <- validate_case(60, 11)
  x <- validate_predictors(y ~ p, d)
  curve <- decision_curve(x, thresholds = c(0.2, 0.4), replicates = 50, seed = 1)
  for (i in 1:2) {
    naive <- oracle_net_benefit(d$y, d$p, curve$threshold[i])
    expect_equal(c(curve$net_benefit[i], curve$treat_all[i]), unname(naive[1:2]), tolerance = tight)
  }
  expect_true(all(curve$conf_low <= curve$net_benefit & curve$conf_high >= curve$net_benefit))
  roc <- roc_curve(x)
  expect_equal(nrow(roc), length(unique(d$p)) + 1L)
  area <- sum(diff(1 - roc$specificity) * (head(roc$sensitivity, -1) + tail(roc$sensitivity, -1)) / 2)
  expect_equal(area, x$estimate[1], tolerance = tight)
  smooth <- calibration_curve(x, points = 5)
  naive <- predict(loess(y ~ p, d), data.frame(p = smooth$predicted))
  expect_equal(smooth$estimate, unname(pmin(1, pmax(0, naive))), tolerance = tight)
})

test_that("pictures are drawn with and without ggplot2, and sentences name what they judge", {
  d <- validate_case(60, 12)
  x <- validate_predictors(glm(y ~ x + z, binomial(), d), replicates = 20, seed = 1)
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  for (base in c(TRUE, FALSE)) {
    old <- options(respondr.base_graphics = base)
    for (type in c("roc", "calibration", "decision")) expect_invisible(plot(x, type = type))
    expect_invisible(plot(marker_cutpoint(y ~ z, d, replicates = 20, seed = 1)))
    expect_invisible(plot(compare_aucs(y ~ x + z, d)))
    options(old)
  }
  grDevices::dev.off()
  unlink(file)
  expect_error(plot(validate_predictors(y ~ x + z, d), type = "decision"), class = "respondr_error_plot")
  text <- report_text(x)
  expect_length(text, nrow(x))
  expect_match(text[1], "Area under the ROC curve of model in 60 patients .*corrected for optimism")
  expect_match(report_text(compare_aucs(y ~ x + z, d))[3], "Difference of areas of z - x")
  expect_match(report_text(marker_cutpoint(y ~ z, d, replicates = 20, seed = 1))[2], "Sensitivity of z: positive")
})

test_that("a model of fit_logistic() is validated as the same model of glm(), and after Firth by FLIC", {
  formula <- low ~ age + lwt + smoke
  ours <- validate_predictors(fit_logistic(formula, MASS::birthwt), replicates = 50, seed = 1)
  theirs <- validate_predictors(glm(formula, binomial, MASS::birthwt), replicates = 50, seed = 1)
  expect_equal(ours$estimate, theirs$estimate, tolerance = 1e-6)  # glm stops at a relative deviance of 1e-8
  expect_equal(ours$corrected, theirs$corrected, tolerance = 1e-6)
  few <- data.frame(response = rep(1:0, c(58, 4)), spleen = rep(c("removed", "present"), c(27, 35)),
    hbf = c(rep(c(60, 45, 30, 22, 15, 70, 8), length.out = 58), 12, 5, 20, 9))
  x <- validate_predictors(suppressMessages(fit_logistic(response ~ hbf + spleen, few)), replicates = 50, seed = 1)
  expect_match(paste(format(x), collapse = " "), "FLIC")
  expect_equal(x$estimate[x$method == "intercept"], 0, tolerance = 1e-6)
  expect_true(is.finite(x$corrected[x$method == "auc"]))
})
