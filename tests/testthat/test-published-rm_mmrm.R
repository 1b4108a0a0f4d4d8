# PROC MIXED's figures (inst/validation/sas_mmrm) from the core of rm_mmrm(), by way of its glue.

sas_problem <- function(columns) {
  d <- utils::read.csv(system.file("validation", "sas_mmrm", "fev.csv", package = "respondr", mustWork = TRUE))
  d <- d[order(d$patient, d$visit), ]
  x <- cbind(1, d$arm == "TRT", d$sex == "Female")[, seq_len(columns)]
  list(
    x = x, y = d$fev1, patient = d$patient, visit = d$visit, n_visits = 4L, group = NULL, n_groups = 1L,
    weights = NULL, times = NULL
  )
}

sas_tests <- function(problem, fit, df) {
  rows <- lapply(seq_len(ncol(problem$x)), function(k) t(diag(ncol(problem$x))[k, ]))
  rm_mmrm_test(problem, list(fit), rows, list(reml = TRUE, df = df, conf_level = 0.95), 1L)
}

expect_listing <- function(case, ours) {
  rows <- utils::read.csv(system.file("validation", "sas_mmrm", "expected.csv", package = "respondr", mustWork = TRUE))
  rows <- rows[rows$case == case, ]
  for (i in seq_len(nrow(rows))) {
    value <- ours[[rows$name[i]]]
    testthat::expect_true(abs(value - rows$value[i]) <= rows$tolerance[i] * (1 + 1e-6),
      info = sprintf("%s %s: ours %.12g, stored %.12g", case, rows$name[i], value, rows$value[i])
    )
  }
  testthat::expect_setequal(names(ours), rows$name)
}

test_that("AR(1) with Satterthwaite is PROC MIXED's", {
  p <- sas_problem(3)
  fit <- rm_mmrm_fit(p, list(structures = "ar1", reml = TRUE), 1L)[[1]]
  t <- sas_tests(p, fit, 0L)
  expect_listing("mmrm_sas_ar1", list(
    neg2_res_ll = -2 * fit$log_likelihood, rho = fit$theta[2], residual = fit$theta[1], est_intercept = t$estimate[1],
    se_intercept = t$std_error[1], est_trt = t$estimate[2], se_trt = t$std_error[2], est_female = t$estimate[3],
    se_female = t$std_error[3], df_intercept = t$df[1], df_trt = t$df[2], trt_ci_low = t$conf_low[2],
    trt_ci_high = t$conf_high[2]
  ))
})

test_that("the unstructured matrix with Satterthwaite is PROC MIXED's", {
  p <- sas_problem(3)
  fit <- rm_mmrm_fit(p, list(structures = "us", reml = TRUE), 1L)[[1]]
  t <- sas_tests(p, fit, 0L)
  sigma <- stats::setNames(as.list(fit$theta), paste0("sigma_", fit$theta_high, fit$theta_low))
  expect_listing("mmrm_sas_us", c(sigma, list(
    neg2_res_ll = -2 * fit$log_likelihood, est_intercept = t$estimate[1], se_intercept = t$std_error[1],
    df_intercept = t$df[1], est_trt = t$estimate[2], se_trt = t$std_error[2], df_trt = t$df[2],
    est_female = t$estimate[3], se_female = t$std_error[3], df_female = t$df[3]
  )))
})

test_that("Kenward-Roger, full and first order, is PROC MIXED's for eight structures", {
  p <- sas_problem(2)
  for (structure in c("us", "toep", "toeph", "ar1", "ar1h", "cs", "csh", "adh")) {
    fit <- rm_mmrm_fit(p, list(structures = structure, reml = TRUE), 1L)[[1]]
    full <- sas_tests(p, fit, 1L)
    linear <- sas_tests(p, fit, 2L)
    expect_listing(paste0("mmrm_kr_", structure), list(
      se_kr = full$std_error[2], se_kr_linear = linear$std_error[2], df_kr = full$df[2]
    ))
    # What PROC MIXED left undone in its fit is in both standard errors: their ratio is free of it.
    rows <- utils::read.csv(system.file("validation", "sas_mmrm", "expected.csv", package = "respondr"))
    sas <- rows$value[rows$case == paste0("mmrm_kr_", structure)][1:2]
    if (structure != "cs") {
      expect_equal(full$std_error[2] / linear$std_error[2], sas[1] / sas[2], tolerance = 3e-7, info = structure)
    }
  }
})
