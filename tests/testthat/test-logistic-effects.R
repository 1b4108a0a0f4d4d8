# Risks, marginal effects, comparisons of models, imputed data, sentences and pictures.

clinic <- case_clinic()
model <- fit_logistic(response ~ hbf * sex + age, clinic)

test_that("risks, differences and ratios are those of the naive standardisation", {
  set <- function(value) model.matrix(response ~ hbf * sex + age, transform(clinic, sex = factor(value, levels(clinic$sex))))
  naive <- oracle_standardised(set("male"), set("female"), coef(model), vcov(model))
  ours <- as.data.frame(risk_effects(model, "sex"))
  expect_identical(as.character(ours$estimand), c("risk", "risk", "risk difference", "risk ratio"))
  expect_equal(ours$estimate, unname(c(naive$reference[1], naive$level[1], naive$difference[1], naive$ratio[1])),
    tolerance = 1e-9)
  expect_equal(ours$std_error[3:4], unname(c(naive$difference[2], naive$log_ratio[2])),
    tolerance = 1e-6) # numerical derivative
  expect_equal(ours$conf_low[3:4], unname(c(naive$difference[3], naive$ratio[2])), tolerance = 1e-6)
  expect_equal(ours$conf_high[3:4], unname(c(naive$difference[4], naive$ratio[3])), tolerance = 1e-6)
  moved <- as.data.frame(risk_effects(model, "hbf", steps = c(hbf = 10)))
  at <- function(by) mean(predict(model, transform(clinic, hbf = hbf + by), "response"))
  expect_equal(moved$estimate[3], at(10) - at(0), tolerance = 1e-12)
})

test_that("average marginal effects are the derivative of the mean risk, splines included", {
  for (formula in list(response ~ hbf * sex + age, response ~ splines::ns(hbf, 3) + age)) {
    fit <- fit_logistic(formula, clinic)
    at <- function(by) predictor(fit, by)
    predictor <- function(fit, by) respondr:::predictor_matrix(fit$input, transform(clinic, hbf = hbf + by), quote(f()))$x
    naive <- oracle_marginal(at, coef(fit), vcov(fit))
    ours <- as.data.frame(marginal_effects(fit, "hbf"))
    expect_equal(ours$estimate, naive[["estimate"]], tolerance = 1e-6) # numerical derivative in the naive program
    expect_equal(ours$std_error, naive[["std_error"]], tolerance = 1e-4)
  }
})

test_that("an indicator of 0 and 1 is set to both, and a factor made in the formula by the values of its variable", {
  d <- transform(clinic, male = as.numeric(sex == "male"), code = as.integer(phenotype))
  a <- as.data.frame(risk_effects(fit_logistic(response ~ male + factor(code), d), "male"))
  b <- as.data.frame(risk_effects(fit_logistic(response ~ sex + phenotype, d), "sex"))
  expect_equal(a$estimate, b$estimate, tolerance = 1e-10)
  e <- as.data.frame(risk_effects(fit_logistic(response ~ male + factor(code), d), "code"))
  f <- as.data.frame(risk_effects(fit_logistic(response ~ sex + phenotype, d), "phenotype"))
  expect_equal(e$estimate, f$estimate, tolerance = 1e-10)
  expect_equal(e$std_error, f$std_error, tolerance = 1e-10)
})

test_that("after Firth risks use FLIC: without the predictor's effect they average to the share of events", {
  fit <- suppressMessages(fit_logistic(response ~ hbf + spleen + age, case_spleen()))
  x <- function(value) {
    d <- transform(case_spleen(), spleen = factor(value, levels(spleen)))
    model.matrix(response ~ hbf + spleen + age, d)
  }
  naive <- oracle_standardised(x("removed"), x("present"), fit$flic$coefficients, fit$flic$vcov)
  ours <- as.data.frame(risk_effects(fit, "spleen"))
  expect_equal(ours$estimate[3], naive$difference[["estimate"]], tolerance = 1e-9)
  expect_equal(ours$std_error[3], naive$difference[["std_error"]], tolerance = 1e-6)
  expect_match(paste(format(risk_effects(fit, "spleen"), width = 200), collapse = " "), "FLIC")
})

test_that("nested models: anova is the difference of log likelihoods, whatever the columns are written on", {
  small <- fit_logistic(response ~ hbf, clinic)
  a <- anova(small, model)
  expect_equal(a$Chisq[2], 2 * as.numeric(logLik(model) - logLik(small)), tolerance = 1e-8)
  expect_equal(a$Df[2], 3)
  b <- anova(fit_logistic(response ~ I(hbf / 7 + 3), clinic), fit_logistic(response ~ poly(hbf, 2), clinic))
  expect_equal(b$Chisq[2], 2 * as.numeric(logLik(fit_logistic(response ~ poly(hbf, 2), clinic)) - logLik(small)),
    tolerance = 1e-6)
  firth <- lapply(list(response ~ hbf, response ~ hbf + sex + phenotype), fit_logistic, clinic, method = "firth")
  x <- unname(model.matrix(response ~ hbf + sex + phenotype, clinic))
  expect_equal(anova(firth[[1]], firth[[2]])$Chisq[2], oracle_set_test(x, clinic$response, set = 3:5,
    method = "firth")$statistic,
    tolerance = 1e-6)
  expect_error(anova(fit_logistic(response ~ hbf, clinic[-1, ]), model), class = "respondr_error_models")
  expect_error(anova(fit_logistic(response ~ age, clinic), small), class = "respondr_error_models")
  expect_error(anova(fit_logistic(response ~ age, clinic), fit_logistic(response ~ hbf * sex, clinic)),
    class = "respondr_error_models")
})

test_that("a term is tested without the terms that contain it", {
  tests <- as.data.frame(term_tests(model))
  plain <- fit_logistic(response ~ hbf + sex + age, clinic)
  expect_equal(tests$statistic[1], as.data.frame(term_tests(plain))$statistic[1], tolerance = 1e-9)
  expect_equal(tests$statistic[4], 2 * as.numeric(logLik(model) - logLik(plain)), tolerance = 1e-7)
  expect_identical(as.character(tests$term), c("hbf", "sex", "age", "hbf:sex", "all terms"))
})

test_that("Rubin's rules are those of mice::pool, stored, and CLIP solves the mean of the profile distributions", {
  sets <- lapply(c(100, 120, 140), function(w) transform(MASS::birthwt, lwt = ifelse(lwt > 200, w, lwt)))
  wald <- tidy(pool_logistic(low ~ lwt + smoke, sets, interval = "wald"))
  # mice 3.16: summary(pool(), conf.int = TRUE) of glm; glm stops 1e-6 short of the maximum
  expect_equal(wald$estimate, c(0.112735175, -0.009456251, 0.666945402), tolerance = 1e-6)
  expect_equal(wald$std.error, c(0.922559188, 0.007132391, 0.322344840), tolerance = 1e-6)
  expect_equal(wald$p.value, c(0.90299488, 0.18806683, 0.03993991), tolerance = 1e-5)
  expect_equal(wald$conf.low, c(-1.71829944, -0.02361512, 0.03097810), tolerance = 1e-5)
  fit <- pool_logistic(low ~ lwt + smoke, sets, method = "firth")
  limit <- confint(fit)[3, 2]
  share <- mean(vapply(sets, function(d) {
    x <- unname(cbind(1, d$lwt, d$smoke))
    test <- oracle_set_test(x, d$low, set = 3, method = "firth", at = limit)
    pnorm(sign(limit - oracle_logistic(x, d$low, method = "firth")$beta[3]) * sqrt(test$statistic))
  }, 0))
  expect_equal(share, 0.975, tolerance = 1e-7)
  expect_identical(unique(as.character(odds_ratios(fit)$conf_method)), "clip")
  expect_error(risk_effects(fit), class = "respondr_error_pooled")
  same <- pool_logistic(low ~ lwt + smoke, sets[c(1, 1, 1)])
  expect_equal(confint(same), confint(fit_logistic(low ~ lwt + smoke, sets[[1]])), tolerance = 1e-7)
})

test_that("sentences give the odds ratio, its interval, p and test, and the separation", {
  fit <- suppressMessages(fit_logistic(response ~ spleen, case_spleen()))
  text <- report_text(fit)
  expect_match(text[1], "58 of 62 patients", fixed = TRUE)
  expect_match(text[1], "quasi-complete separation of the data by spleen", fixed = TRUE)
  expect_match(text[2], "^spleen removed \\(27/27\\) against present \\(31/35\\): odds ratio .* p = 0\\.086, penalised likelihood-ratio test\\.$")
  expect_length(report_text(risk_effects(fit)), 4L)
  expect_length(report_text(term_tests(fit)), 1L)
})

test_that("a limit below 1 never prints as 1", {
  fit <- suppressMessages(fit_logistic(response ~ spleen, case_spleen()))
  expect_match(paste(format(fit), collapse = " "), "[0.78, 1058.89]", fixed = TRUE)
})

test_that("each picture draws, with ggplot2 and without, and holds what it shows", {
  skip_if_not_installed("ggplot2")
  for (type in respondr:::logistic_pictures) expect_s3_class(ggplot2::autoplot(model, type), "ggplot")
  old <- options(respondr.base_graphics = TRUE)
  on.exit(options(old))
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off(), add = TRUE)
  for (type in respondr:::logistic_pictures) expect_identical(plot(model, type), model)
  curve <- respondr:::roc_points(model)
  pairs <- outer(fitted(model)[clinic$response == 1], fitted(model)[clinic$response == 0], function(a,
    b) (a > b) + (a == b) / 2)
  expect_match(curve$title, formatC(mean(pairs), digits = 3, format = "f"), fixed = TRUE)
  expect_error(plot(model, "pie"), class = "respondr_error_word")
})
