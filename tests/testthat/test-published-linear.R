# Evidence: published. NIST's certified least squares and JASP's correlations; inst/validation/{nist,jasp} say where from.

linear_case <- function(source, case) {
  e <- read.csv(system.file("validation", source, "expected.csv", package = "respondr", mustWork = TRUE))
  e[e$case == case, ]
}

expect_published <- function(case, name, ours) {
  row <- case[case$name == name, ]
  testthat::expect_true(nrow(row) == 1L && isTRUE(abs(ours - row$value) <= row$tolerance * (1 + 1e-6)),
    info = sprintf("%s: ours %.15g, printed %.15g, tolerance %.3g", name, ours, row$value, row$tolerance))
}

linear_data <- function(source, file) read.csv(system.file("validation", source, file, package = "respondr",
  mustWork = TRUE))

expect_fit <- function(case, fit, se = TRUE) {
  b <- coef(fit)
  for (k in seq_along(b)) {
    expect_published(case, paste0("b", k - 1), b[[k]])
    if (se) expect_published(case, paste0("se_b", k - 1), sqrt(diag(vcov(fit)))[[k]])
  }
  expect_published(case, "resid_sd", sigma(fit))
}

test_that("Norris is what NIST certifies", {
  case <- linear_case("nist", "nist_lls_norris")
  fit <- fit_linear(y ~ x, linear_data("nist", "nist_lls_norris.csv"))
  expect_fit(case, fit)
  expect_published(case, "r2", glance(fit)$r.squared)
  expect_published(case, "F", anova(fit)$statistic)
  expect_published(case, "ss_reg", anova(fit)$sum_sq)
  expect_published(case, "ss_res", fit$rss)
})

test_that("Longley's nearly dependent columns give the digits that NIST certifies", {
  d <- datasets::longley
  d <- data.frame(y = round(1000 * d$Employed), x1 = d$GNP.deflator, x2 = round(1000 * d$GNP),
    x3 = round(10 * d$Unemployed),
    x4 = round(10 * d$Armed.Forces), x5 = round(1000 * d$Population), x6 = d$Year)
  fit <- fit_linear(y ~ ., d)
  expect_fit(linear_case("nist", "nist_lls_longley"), fit)
  expect_published(linear_case("nist", "nist_lls_longley"), "r2", glance(fit)$r.squared)
})

test_that("Filip's polynomial of degree 10 keeps all its columns and NIST's digits", {
  fit <- fit_linear(y ~ x + I(x^2) + I(x^3) + I(x^4) + I(x^5) + I(x^6) + I(x^7) + I(x^8) + I(x^9) + I(x^10),
    linear_data("nist", "nist_lls_filip.csv"))
  expect_fit(linear_case("nist", "nist_lls_filip"), fit, se = FALSE)
})

test_that("Wampler's exact polynomials come back exact", {
  x <- 0:20
  y <- rowSums(outer(x, 0:5, `^`))
  fit <- suppressWarnings(fit_linear(y ~ x + I(x^2) + I(x^3) + I(x^4) + I(x^5), data.frame(x, y)))
  expect_equal(unname(coef(fit)), rep(1, 6), tolerance = 1e-12)
  expect_identical(fit$status, "no_variance")
  z <- rowSums(outer(0.1 * x, 0:5, `^`))
  fit <- suppressWarnings(fit_linear(z ~ x + I(x^2) + I(x^3) + I(x^4) + I(x^5), data.frame(x, z)))
  expect_equal(unname(coef(fit)) * 10^(0:5), rep(1, 6), tolerance = 1e-9)  # z is rounded to doubles
})

test_that("correlations are those of JASP, R, SPSS, SAS and Minitab", {
  case <- linear_case("jasp", "correlation_jasp")
  x <- correlate(y ~ x, linear_data("jasp", "correlation_jasp.csv"), method = c("pearson", "spearman", "kendall"))
  for (i in 1:3) {
    name <- c("pearson", "spearman", "kendall_b")[i]
    expect_published(case, name, x$estimate[i])
    expect_published(case, sub("_b", "", paste0(name, "_p")), x$p_value[i])
  }
  expect_published(case, "pearson_low", x$conf_low[1])
  expect_published(case, "pearson_high", x$conf_high[1])
})

test_that("pooled estimates of the tuberculosis trials are those metafor prints", {
  d <- linear_data("metafor", "bcg.csv")
  n1 <- d$tpos + d$tneg
  n0 <- d$cpos + d$cneg
  y <- log(d$tpos / n1) - log(d$cpos / n0)
  v <- 1 / d$tpos - 1 / n1 + 1 / d$cpos - 1 / n0
  case <- linear_case("metafor", "bcg")
  wald <- respondr:::linear_pool(y, v, c(0L, 1L, 3L), FALSE, 0.95)
  for (i in 1:3) {
    name <- c("fixed", "dl", "reml")[i]
    expect_published(case, name, wald$estimate[i])
    expect_published(case, paste0(name, "_se"), wald$std_error[i])
    expect_published(case, paste0(name, "_low"), wald$conf_low[i])
    expect_published(case, paste0(name, "_high"), wald$conf_high[i])
    if (i > 1L) expect_published(case, paste0(name, "_tau2"), wald$effect[i])
  }
  expect_published(case, "q", wald$statistic[4])
  expect_published(case, "i2", wald$effect[4])
  t <- respondr:::linear_pool(y, v, 1L, TRUE, 0.95)
  for (i in 1:5) {
    field <- c("std_error", "statistic", "p_value", "conf_low", "conf_high")[i]
    expect_published(case, paste0("dl_knha_", c("se", "t", "p", "low", "high")[i]), t[[field]][1])
  }
})
