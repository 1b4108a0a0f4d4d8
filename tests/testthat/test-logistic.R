# fit_logistic(): estimators and words, against a naive second program, glm and closed forms.

birth <- transform(MASS::birthwt, race = factor(race, labels = c("white", "black", "other")))

test_that("each estimator, its limits and its tests are those of the naive program", {
  d <- case_clinic()
  formula <- response ~ hbf + age + sex + phenotype
  x <- model.matrix(formula, d)
  y <- d$response
  for (method in c("ml", "firth", "logf")) {
    fit <- fit_logistic(formula, d, method = method, m = 2)
    naive <- oracle_logistic(unname(x), y, method = method, m = 2)
    expect_equal(unname(coef(fit)), naive$beta, tolerance = 1e-8, info = method) # the naive search stops at 1e-9
    expect_equal(unname(vcov(fit)), naive$vcov, tolerance = 1e-6, info = method)
    prior <- if (method == "logf") 2:ncol(x)
    expect_equal(unname(confint(fit, "hbf")[1, ]), unname(oracle_limits(unname(x), y, column = 2, method = method, m = 2,
      prior = prior)), tolerance = 1e-7, info = method)
    expect_equal(unname(confint(fit, "hbf", interval = "score")[1, ]), unname(oracle_limits(unname(x), y, column = 2,
      kind = "score", method = method, m = 2, prior = prior)), tolerance = 1e-7, info = method)
    for (test in c("lr", "wald", "score")) {
      ours <- as.data.frame(term_tests(fit, test))
      expect_equal(ours$statistic[4], oracle_set_test(unname(x), y, set = 5:6, kind = test, method = method, m = 2,
        prior = prior)$statistic, tolerance = 1e-6, info = paste(method, test))
      expect_equal(ours$df, c(1, 1, 1, 2, 5))
    }
  }
})

test_that("FLIC and FLAC are those of the naive program, and after Firth the probabilities are those of FLIC", {
  d <- case_spleen()
  x <- unname(model.matrix(response ~ hbf + spleen + age, d))
  firth <- fit_logistic(response ~ hbf + spleen + age, d, method = "firth")
  flic <- update(firth, method = "flic")
  flac <- update(firth, method = "flac")
  expect_equal(unname(coef(flic)), oracle_flic(x, d$response)$beta, tolerance = 1e-8)
  expect_equal(unname(coef(flac)), oracle_flac(x, d$response)$beta, tolerance = 1e-8)
  expect_equal(fitted(firth), oracle_flic(x, d$response)$fitted, tolerance = 1e-8)
  expect_equal(predict(firth, type = "response"), fitted(flic), tolerance = 1e-12)
  expect_equal(mean(fitted(firth)), 58 / 62, tolerance = 1e-10)
  expect_equal(predict(flac, d[c(1, 30), ], "response"), fitted(flac)[c(1, 30)], tolerance = 1e-12)
  expect_identical(confint(flic)[-1, ], confint(firth)[-1, ])
  expect_match(paste(format(firth), collapse = " "), "by FLIC", fixed = TRUE)
})

test_that("by hand: a 2 x 2 table has the odds ratio, standard error and fitted shares of its cells", {
  d <- data.frame(y = rep(c(1, 0, 1, 0), c(12, 8, 5, 15)), g = rep(c("b", "a"), each = 20))
  fit <- fit_logistic(y ~ g, d, reference = c(g = "a"), interval = "wald")
  odds <- odds_ratios(fit)
  expect_equal(odds$estimate, 12 * 15 / (8 * 5), tolerance = 1e-10)
  expect_equal(odds$std_error, sqrt(1 / 12 + 1 / 8 + 1 / 5 + 1 / 15), tolerance = 1e-10)
  expect_equal(c(odds$events, odds$n, odds$events_reference, odds$n_reference), c(12, 20, 5, 20))
  expect_equal(unique(round(fitted(fit), 12)), c(0.6, 0.25))
  expect_identical(as.character(odds$contrast), "b / a")
})

test_that("each interval leaves out 1 exactly when its p is below alpha, and says that it inverts its test", {
  fit <- fit_logistic(low ~ age + lwt + race + smoke, birth)
  for (interval in c("profile", "wald", "score")) {
    odds <- odds_ratios(fit, interval = interval)
    for (k in seq_len(nrow(odds))) {
      edge <- odds_ratios(fit, interval = interval, conf_level = 1 - odds$p_value[k])
      nearest <- if (odds$estimate[k] > 1) edge$conf_low[k] else edge$conf_high[k]
      expect_equal(nearest, 1, tolerance = 1e-6, info = interval) # the limit is searched to 1e-8 on the log scale
    }
    expect_true(all(odds$p_matches))
  }
})

test_that("a step multiplies the log odds ratio and its limits, a negative one turns them round", {
  fit <- fit_logistic(low ~ age + smoke, birth)
  one <- odds_ratios(fit)
  five <- odds_ratios(fit, steps = c(age = 5))
  back <- odds_ratios(fit, steps = c(age = -5))
  expect_equal(five$estimate[1], one$estimate[1]^5, tolerance = 1e-12)
  expect_equal(five$conf_low[1], one$conf_low[1]^5, tolerance = 1e-12)
  expect_equal(back$conf_low[1], 1 / five$conf_high[1], tolerance = 1e-12)
  expect_identical(five$p_value, one$p_value)
  expect_identical(as.character(five$contrast[1]), "per 5")
})

test_that("weights count as copies, grouped counts as rows, and the order of rows changes no bit", {
  d <- case_clinic()
  w <- 1 + seq_len(nrow(d)) %% 3
  weighted <- fit_logistic(response ~ hbf + sex, d, weights = w)
  copies <- fit_logistic(response ~ hbf + sex, d[rep(seq_len(nrow(d)), w), ])
  expect_equal(coef(weighted), coef(copies), tolerance = 1e-10)
  expect_equal(confint(weighted), confint(copies), tolerance = 1e-8)
  groups <- data.frame(dose = 0:4, events = c(1, 3, 4, 5, 9), others = c(11, 9, 8, 5, 2))
  rows <- data.frame(dose = rep(rep(0:4, 2), c(groups$events, groups$others)), y = rep(1:0, c(22, 35)))
  a <- fit_logistic(cbind(events, others) ~ dose, groups)
  b <- fit_logistic(y ~ dose, rows)
  expect_equal(coef(a), coef(b), tolerance = 1e-10)
  expect_identical(c(a$n, a$events), c(57L, 22L))
  expect_identical(coef(fit_logistic(y ~ dose, rows, threads = 2)), coef(b))
})

test_that("the words of the event, the reference and the rows left out are printed", {
  d <- data.frame(response = c("main", "none", "main", "minor", NA, "none", "main", "none", "minor", "main"),
    hbf = c(10, 20, 30, NA, 5, 12, 14, 33, 21, 9), spleen = rep(c("yes", "no"), 5))
  fit <- fit_logistic(response ~ hbf + spleen, d, event = c("main", "minor"), reference = c(spleen = "yes"), method = "firth")
  text <- paste(format(fit, width = 200), collapse = "\n")
  expect_match(text, "Event: main + minor, 5 of 8 patients (62.5%); the others: none", fixed = TRUE)
  expect_match(text, "Reference: spleen yes", fixed = TRUE)
  expect_match(text, "Left out: 2 rows without a value (response 1, hbf 1)", fixed = TRUE)
  expect_match(text, "Estimated by Firth's penalised likelihood", fixed = TRUE)
  expect_error(fit_logistic(response ~ hbf, d), class = "respondr_error_event")
})

test_that("data without an answer give a status and a warning, not an error", {
  d <- data.frame(y = c(1, 1, 1, 1), x = 1:4)
  expect_warning(fit <- fit_logistic(y ~ x, d, event = 1), class = "respondr_warning_one_level")
  expect_identical(fit$status, "one_level")
  expect_true(all(is.na(coef(fit))))
  expect_true(is.na(odds_ratios(fit)$p_value))
  expect_match(paste(format(fit), collapse = " "), "all responses are the same")
  expect_length(report_text(fit), 1L)
  d <- transform(case_clinic(), hb = 2 * hbf - age, site = 3)
  expect_warning(fit <- fit_logistic(response ~ hbf + age + hb + site, d), class = "respondr_warning_rank_deficient")
  odds <- odds_ratios(fit)
  expect_identical(as.character(odds$status), c("ok", "ok", "rank_deficient", "rank_deficient"))
  expect_equal(odds$estimate[1], exp(coef(fit_logistic(response ~ hbf + age, d))[["hbf"]]), tolerance = 1e-8)
})

test_that("wrong words stop the call and name the argument", {
  expect_error(fit_logistic(low ~ age, birth, method = "lasso"), class = "respondr_error_word")
  expect_error(fit_logistic(low ~ age, birth, metod = "ml"), class = "respondr_error_argument")
  expect_error(fit_logistic(low ~ age + race, birth, steps = c(race = 2)), class = "respondr_error_steps")
  expect_error(fit_logistic(low ~ age, birth, exact = "age"), class = "respondr_error_exact")
  expect_error(fit_logistic(low ~ age | id, birth), class = "respondr_error_formula")
  expect_error(fit_logistic(low ~ nobody, birth), class = "respondr_error")
  expect_error(odds_ratios(3), class = "respondr_error_fit")
})

test_that("one model in each group is the model of its rows, and a group without an answer keeps its row", {
  d <- rbind(birth[c("low", "age", "race")], data.frame(low = 0L, age = 20:25, race = "none"))
  by <- fit_logistic(low ~ age, d, by = race)
  own <- odds_ratios(fit_logistic(low ~ age, subset(birth, race == "black")))
  expect_identical(as.character(by$race), c("white", "black", "other", "none"))
  expect_identical(by$estimate[2], own$estimate)
  expect_identical(by$conf_high[2], own$conf_high)
  expect_identical(as.character(by$status), c("ok", "ok", "ok", "one_level"))
  expect_identical(by$n[4], 6L)
})

test_that("exact: one term is the conditional odds ratio of fisher.test, and predictions are refused", {
  table <- matrix(c(1, 6, 7, 2), 2)
  d <- data.frame(y = rep(c(1, 0, 1, 0), c(1, 6, 7, 2)), g = rep(c("b", "a"), c(7, 9)))
  fit <- fit_logistic(y ~ g, d, method = "exact")
  fisher <- fisher.test(table)
  odds <- odds_ratios(fit)
  expect_equal(odds$estimate, unname(fisher$estimate), tolerance = 1e-3) # fisher.test searches to 1e-4 of a unit
  expect_equal(c(odds$conf_low, odds$conf_high), as.vector(fisher$conf.int), tolerance = 1e-3)
  expect_identical(as.character(odds$conf_method), "conditional")
  expect_error(predict(fit), class = "respondr_error_method")
  expect_error(fit_logistic(y ~ g, d, method = "exact", exact = "age"), class = "respondr_error_exact")
  wide <- odds_ratios(fit, conf_level = 0.99)
  expect_true(wide$conf_low < odds$conf_low && wide$conf_high > odds$conf_high)
})

test_that("splines, powers and logarithms predict for new rows as for the rows of the fit", {
  d <- case_clinic()
  fit <- fit_logistic(response ~ ns(hbf, 3) + rcs(age, 3) + I(hbf^2) + log(age) + poly(age, 2), d, method = "firth") |>
    suppressWarnings()
  expect_equal(predict(fit, d[c(5, 40, 7), ], "response"), fitted(fit)[c(5, 40, 7)], tolerance = 1e-10)
  expect_true(is.na(predict(fit, transform(d[1:2, ], hbf = c(NA, 20)))[1]))
  expect_error(predict(fit, d[1:2, "hbf", drop = FALSE]), class = "respondr_error_newdata")
})

test_that("an exact fit of one class answers with missing limits and its status", {
  fit <- suppressWarnings(fit_logistic(low ~ smoke, MASS::birthwt[MASS::birthwt$low == 1, ], method = "exact"))
  expect_identical(fit$status, "one_level")
  expect_identical(dim(confint(fit)), c(2L, 2L))
  expect_true(all(is.na(confint(fit))))
})
