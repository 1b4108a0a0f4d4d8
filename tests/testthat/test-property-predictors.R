# Evidence: property. What must not matter: the order of rows, the units of a predictor, threads, the name of the event.

shuffled <- function(d) d[rev(seq_len(nrow(d))), ]
same_numbers <- function(a, b, tolerance = 1e-9, sign = 1) {
  for (name in c("estimate", "std_error", "conf_low", "conf_high", "statistic", "p_value")) {
    if (!is.null(a[[name]])) expect_equal(a[[name]], sign * b[[name]], tolerance = tolerance, label = name)
  }
}
births <- MASS::birthwt

test_that("the order of the patients changes nothing", {
  ask <- list(
    function(d) odds_ratios(fit_logistic(low ~ lwt + smoke, d)),
    function(d) term_tests(fit_logistic(low ~ lwt + factor(race), d)),
    function(d) risk_effects(fit_logistic(low ~ lwt + smoke, d)),
    function(d) marginal_effects(fit_logistic(low ~ lwt + smoke, d)),
    function(d) correlate(bwt ~ lwt + age, d, method = c("pearson", "spearman", "kendall")),
    function(d) pool_studies(bwt ~ lwt, d, study = race),
    function(d) baseline_change(bwt ~ lwt, d),
    function(d) validate_predictors(low ~ lwt, d),
    function(d) compare_aucs(low ~ lwt + age, d),
    function(d) marker_cutpoint(low ~ lwt, d, replicates = 20, seed = 1)[2:5, ],
    function(d) screen_predictors(low ~ lwt + smoke, d, seed = 1)
  )
  for (f in ask) same_numbers(as.data.frame(f(births)), as.data.frame(f(shuffled(births))))
})

test_that("another unit of a predictor changes its odds ratio by that power and no test", {
  pounds <- fit_logistic(low ~ lwt + smoke, births)
  kilos <- fit_logistic(low ~ lwt + smoke, transform(births, lwt = lwt / 8))
  expect_equal(odds_ratios(kilos)$estimate[1], odds_ratios(pounds)$estimate[1]^8, tolerance = 1e-9)
  same_numbers(as.data.frame(term_tests(kilos)), as.data.frame(term_tests(pounds)))
  smokers <- function(fit) subset(as.data.frame(risk_effects(fit)), term == "smoke")
  same_numbers(smokers(kilos), smokers(pounds))
  expect_equal(marginal_effects(kilos)$estimate, marginal_effects(pounds)$estimate * c(8, 1), tolerance = 1e-9)
  expect_equal(collinearity(kilos)$gvif, collinearity(pounds)$gvif, tolerance = 1e-10)
  expect_identical(check_separation(low ~ lwt, transform(births, lwt = 1e6 * lwt))$verdict,
    check_separation(low ~ lwt, births)$verdict)
})

test_that("the other response as the event turns every log odds ratio and risk difference round", {
  one <- fit_logistic(low ~ lwt + smoke, births)
  other <- fit_logistic(low ~ lwt + smoke, births, event = 0)
  expect_equal(coef(other), -coef(one), tolerance = 1e-9)
  expect_equal(odds_ratios(other)$conf_low, 1 / odds_ratios(one)$conf_high, tolerance = 1e-6)
  expect_equal(marginal_effects(other)$estimate, -marginal_effects(one)$estimate, tolerance = 1e-9)
  expect_equal(validate_predictors(low ~ lwt, births, event = 0)$estimate[1],
    1 - validate_predictors(low ~ lwt, births)$estimate[1], tolerance = 1e-12)
})

test_that("curves of a marker and of an increasing function of it are the same, the cut-point that function of the other", {
  double <- transform(births, lwt = exp(lwt / 100))
  area <- function(d) validate_predictors(low ~ lwt, d)
  expect_equal(roc_curve(area(births))$sensitivity, roc_curve(area(double))$sensitivity)
  cut <- function(d) marker_cutpoint(low ~ lwt, d, replicates = 20, seed = 1)$estimate
  expect_equal(cut(double)[1], exp(cut(births)[1] / 100), tolerance = 1e-12)
  expect_equal(cut(double)[-1], cut(births)[-1])
})

test_that("net benefit treats as many at a threshold of 0 as there are, and curves do not depend on the order of patients", {
  model <- fit_logistic(low ~ lwt + smoke, births)
  turned <- fit_logistic(low ~ lwt + smoke, shuffled(births))
  net <- function(fit) as.data.frame(decision_curve(validate_predictors(fit), thresholds = c(1e-9, .3), seed = 1))
  expect_equal(net(model)$net_benefit[1], mean(births$low), tolerance = 1e-8)
  expect_equal(net(model)$net_benefit, net(turned)$net_benefit, tolerance = 1e-9)
  smooth <- function(fit) calibration_curve(validate_predictors(fit))$estimate
  expect_equal(smooth(model), smooth(turned), tolerance = 1e-8)
})

test_that("pooled imputations that agree are the model of one of them", {
  one <- fit_logistic(low ~ lwt + smoke, births, interval = "wald")
  pooled <- pool_logistic(low ~ lwt + smoke, list(births, births, births), interval = "wald")
  expect_equal(coef(pooled), coef(one), tolerance = 1e-10)
  expect_equal(vcov(pooled), vcov(one), tolerance = 1e-10)
})

test_that("a stricter sample size is asked of more parameters, a rarer response and less shrinkage", {
  n <- function(...) max(predictor_sample_size(...)$n, na.rm = TRUE)
  base <- n(parameters = 8, prevalence = .3, r2 = .2)
  expect_gt(n(parameters = 12, prevalence = .3, r2 = .2), base)
  expect_gt(n(parameters = 8, prevalence = .3, r2 = .2, shrinkage = .95), base)
})
