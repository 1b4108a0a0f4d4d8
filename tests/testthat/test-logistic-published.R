# fit_logistic() against figures printed by other programs (inst/validation/predictors), by way of the verbs a user calls.

stored_rows <- function(case) {
  d <- oracle_stored("predictors", "expected")
  split(d, d$case)[[case]]
}

expect_stored_rows <- function(case, ours) {
  rows <- stored_rows(case)
  rows <- rows[rows$name %in% names(ours), ]
  expect_identical(sort(rows$name), sort(names(ours)))
  gap <- abs(unlist(ours)[rows$name] - rows$value)
  expect_true(all(gap <= rows$tolerance * (1 + 1e-6) + 1e-15), info = paste(rows$name[gap > rows$tolerance],
    collapse = ", "))
}

named <- function(prefix, values, names) as.list(setNames(values, paste0(prefix, names)))

test_that("Firth's estimates and profile limits of separated data are those of logistf, asked for by auto", {
  expect_message(fit <- fit_logistic(case ~ age + oc + vic + vicl + vis + dia, oracle_stored("predictors", "sex2")),
    class = "respondr_message_separated")
  names <- c("intercept", "age", "oc", "vic", "vicl", "vis", "dia")
  expect_identical(fit$method, "firth")
  expect_identical(fit$separation$terms, "dia")
  limits <- confint(fit)
  expect_stored_rows("firth_logistf_sex2", c(named("est_", coef(fit), names), named("pl_low_", limits[, 1], names),
    named("pl_high_", limits[, 2], names)))
})

test_that("coefficients, Wald limits and p of SAS PROC LOGISTIC come out, and its profile limits after FIRTH", {
  lung <- oracle_stored("predictors", "lung")
  names <- c("intercept", "age", "sex", "ph_ecog", "meal_cal")
  fit <- fit_logistic(y ~ age + sex + ph_ecog + meal_cal, lung, interval = "wald")
  tidied <- tidy(fit)
  expect_stored_rows("logistic_sas_lung", c(named("est_", tidied$estimate, names), named("se_", tidied$std.error, names),
    named("wald_low_", tidied$conf.low, names), named("wald_high_", tidied$conf.high, names), named("p_",
      tidied$p.value, names)))
  firth <- update(fit, method = "firth", interval = "profile")
  limits <- confint(firth)
  expect_stored_rows("firth_sas_lung", c(named("est_", coef(firth), names),
    named("se_wald_", sqrt(diag(vcov(firth))), names), named("pl_low_", limits[, 1], names), named("pl_high_", limits[,
      2], names)))
})

test_that("the profile limits and the likelihood-ratio test of Agresti's remission data come out", {
  d <- oracle_stored("predictors", "remission")
  names(d) <- tolower(names(d))
  fit <- fit_logistic(cbind(remissions, n - remissions) ~ li, d, event = NULL)
  tests <- term_tests(fit)
  limits <- confint(fit)
  expect_stored_rows("profile_ci_agresti_remission", list(est_intercept = coef(fit)[[1]], est_li = coef(fit)[[2]],
    se_intercept = sqrt(vcov(fit)[1, 1]), se_li = sqrt(vcov(fit)[2, 2]), li_profile_low = limits[2, 1],
    li_profile_high = limits[2, 2], int_profile_low = limits[1, 1], int_profile_high = limits[1, 2],
    li_lr_chisq = tests$statistic[1], li_lr_p = tests$p_value[1]))
})

test_that("the log likelihood and the test of the whole model of Stata come out", {
  fit <- fit_logistic(GRADE ~ GPA + TUCE + PSI, oracle_stored("predictors", "spector"))
  names <- c("intercept", "GPA", "TUCE", "PSI")
  all <- tail(as.data.frame(term_tests(fit)), 1)
  expect_identical(as.character(all$term), "all terms")
  expect_stored_rows("logistic_hl_stata_spector", c(named("est_", coef(fit), names), named("se_",
    sqrt(diag(vcov(fit))), names),
    list(llf = as.numeric(logLik(fit)), lr_chisq = all$statistic)))
})
