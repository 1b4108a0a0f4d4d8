# The core of rm_mmrm() as its glue gives it, against the naive program of helper-oracle-rm_mmrm.R and stored values of nlme.

glue_problem <- function(y, x, patient, visit, group = NULL, weights = NULL, times = NULL) {
  list(
    x = unname(x) + 0, y = y + 0, patient = as.integer(patient), visit = as.integer(visit), n_visits = max(visit),
    group = group, n_groups = if (is.null(group)) 1L else max(group), weights = weights, times = times
  )
}

glue_fit <- function(problem, structure, reml = TRUE) {
  rm_mmrm_fit(problem, list(structures = structure, reml = reml), 1L)[[1]]
}

glue_test <- function(problem, fit, l, df = 0L, vcov = 0L, information = 0L, convention = 0L, reml = TRUE) {
  options <- list(
    reml = reml, df = df, vcov = vcov, conf_level = 0.95, information = information, convention = convention
  )
  contrast <- if (is.matrix(l)) l else t(l)
  rm_mmrm_test(problem, list(fit), list(contrast), options, 1L)
}

structures <- c("us", "toep", "toeph", "ar1", "ar1h", "cs", "csh", "ad", "adh", "sp_exp")

holes_problem <- function(structure) {
  h <- rm_holes()
  h$v <- factor(h$visit)
  times <- if (structure == "sp_exp") c(0, 3, 12, 24)
  glue_problem(h$y, stats::model.matrix(~ group * v, h), h$patient, h$visit, times = times)
}

holes_oracle <- function(structure, reml = TRUE) {
  p <- holes_problem(structure)
  oracle_mmrm(p$y, p$x, p$patient, p$visit, structure, reml, times = p$times)
}

# The naive search stops at steps of 1e-12; what is left of its likelihood shows in the estimates as its root.
test_that("every structure has the naive program's maximum", {
  for (structure in structures) {
    for (reml in c(TRUE, FALSE)) {
      ours <- glue_fit(holes_problem(structure), structure, reml)
      naive <- holes_oracle(structure, reml)
      expect_identical(ours$status, 0L, info = structure)
      expect_equal(ours$log_likelihood, naive$loglik, tolerance = 1e-10, info = structure)
      expect_equal(ours$beta, naive$beta, tolerance = 1e-8, info = structure)
      expect_equal(ours$vcov, naive$vcov, tolerance = 1e-8, info = structure)
      expect_equal(ours$sigma[[1]], naive$sigma[[1]], tolerance = 1e-8, ignore_attr = TRUE, info = structure)
      if (structure != "us") expect_equal(ours$theta[, 1], unname(naive$theta), tolerance = 1e-8, info = structure)
      expect_lt(ours$convergence, 1e-15)
    }
  }
})

test_that("informations are those of the naive program", {
  for (structure in c("toeph", "ar1", "sp_exp")) {
    ours <- glue_fit(holes_problem(structure), structure)
    naive <- holes_oracle(structure)
    expect_equal(solve(ours$information_observed), oracle_theta_vcov(naive), tolerance = 1e-6, info = structure)
    expect_equal(solve(ours$information_expected), oracle_theta_vcov(naive, information = "expected"),
      tolerance = 1e-7, info = structure
    )
  }
})

# Tolerances: the naive derivatives of V are numerical.
test_that("Satterthwaite, Kenward-Roger in its forms, between-within and sandwich are the naive program's", {
  many <- diag(8)[6:8, ]
  one <- c(0, 1, 0, 0, 0, 0, 0, 1)
  for (structure in c("us", "ar1h")) {
    p <- holes_problem(structure)
    ours <- glue_fit(p, structure)
    naive <- holes_oracle(structure)
    for (l in list(one, many)) {
      expected <- oracle_satterthwaite(naive, l)
      got <- glue_test(p, ours, l)
      expect_equal(got$p_value, expected$p, tolerance = 1e-6, info = structure)
      expect_equal(if (is.matrix(l)) got$df_denominator else got$df, if (is.matrix(l)) expected$df2 else expected$df,
        tolerance = 1e-6, info = structure
      )
      forms <- c(natural = 1L, linear = 2L, mmrm = 3L)
      for (form in names(forms)) {
        expected <- oracle_kenward_roger(naive, l, form, "observed")
        got <- glue_test(p, ours, l, df = forms[[form]])
        expect_equal(got$p_value, expected$p, tolerance = 1e-6, info = paste(structure, form))
        if (is.matrix(l)) expect_equal(got$statistic, expected$f, tolerance = 1e-6, info = paste(structure, form))
      }
    }
    expect_equal(glue_test(p, ours, one, df = 4L)$df, oracle_between_within(naive, one))
    expect_equal(glue_test(p, ours, one, df = 4L, convention = 1L)$df > 0, TRUE)
    types <- c(CR0 = 1L, CR2 = 2L, CR3 = 3L)
    for (type in names(types)) {
      expected <- oracle_sandwich(naive, type, one)
      got <- glue_test(p, ours, one, vcov = types[[type]])
      expect_equal(c(got$std_error, got$df), c(expected$se_contrast, expected$df), tolerance = 1e-7, info = type)
    }
    expected <- oracle_sandwich(naive, "CR2", one, root = "mmrm")
    got <- glue_test(p, ours, one, vcov = 2L, convention = 1L)
    expect_equal(c(got$std_error, got$df), c(expected$se_contrast, expected$df), tolerance = 1e-7)
  }
})

test_that("covariance groups and weights are the naive program's", {
  h <- rm_holes()
  h$v <- factor(h$visit)
  x <- stats::model.matrix(~ group * v, h)
  p <- glue_problem(h$y, x, h$patient, h$visit, group = as.integer(h$group), weights = h$weight)
  ours <- glue_fit(p, "csh")
  naive <- oracle_mmrm(h$y, x, h$patient, h$visit, "csh", group = h$group, weights = h$weight)
  expect_equal(ours$log_likelihood, naive$loglik, tolerance = 1e-10)
  expect_equal(ours$sigma, lapply(naive$sigma, unname), tolerance = 1e-7)
  expect_equal(glue_test(p, ours, diag(8)[2, ])$df, oracle_satterthwaite(naive, diag(8)[2, ])$df, tolerance = 1e-6)
  types <- list(CR2 = 2L, CR3 = 3L)
  for (type in names(types)) {
    expected <- oracle_sandwich(naive, type, diag(8)[2, ])
    got <- glue_test(p, ours, diag(8)[2, ], vcov = types[[type]])
    expect_equal(c(got$std_error, got$df), c(expected$se_contrast, expected$df), tolerance = 1e-6, info = type)
  }
})

# nlme 3.1-162, gls() with tolerance 1e-13: logLik, coefficients 2 and 8 and their standard errors (for ML times
# sqrt((n - p) / n): gls() divides by n - p there). It stops where the likelihood is flat to about 1e-9.
test_that("fits are those stored from nlme::gls()", {
  stored <- utils::read.csv(text = "structure, method, loglik, b2, b8, s2, s8
    us, REML, -55.7243134717, 1.2801807103, 0.3825881427, 0.6209478923, 0.4420631312
    cs, REML, -61.3974192838, 1.2430384358, 0.5673784777, 0.6371282795, 0.5536379355
    csh, REML, -58.9515864263, 1.2022162144, 0.5436530269, 0.6448243210, 0.5026683984
    ar1, REML, -63.9604386898, 1.3539423929, 0.4810067838, 0.6464309112, 0.7470347160
    ar1h, REML, -60.7115623808, 1.3491983578, 0.3806988823, 0.6405752794, 0.6464080311
    sp_exp, REML, -63.4613255545, 1.3453052973, 0.4039102107, 0.6151296569, 0.7735194454
    us, ML, -52.6940205106, 1.2839430638, 0.3671244779, 0.6318660433, 0.4419449389
    cs, ML, -59.9827987031, 1.2416661518, 0.5713064362, 0.6445366425, 0.5487873653
    csh, ML, -57.0614532615, 1.2008222057, 0.5472257218, 0.6517967393, 0.4983559444
    ar1, ML, -62.9847034639, 1.3544236008, 0.4870501881, 0.6536161597, 0.7429041564
    ar1h, ML, -59.0705783757, 1.3494372796, 0.3840296117, 0.6466170866, 0.6412582277
    sp_exp, ML, -62.3614351854, 1.3454709242, 0.4129481498, 0.6218046750, 0.7703378850", strip.white = TRUE)
  for (i in seq_len(nrow(stored))) {
    s <- stored[i, ]
    p <- holes_problem(s$structure)
    fit <- glue_fit(p, s$structure, s$method == "REML")
    n <- fit$n_observations
    scale <- if (s$method == "ML") sqrt((n - 8) / n) else 1
    expect_equal(fit$log_likelihood, s$loglik, tolerance = 1e-9, info = s$structure)
    expect_gte(fit$log_likelihood, s$loglik - 1e-9)
    # gls() stops at a relative change of the likelihood, which fixes the estimates to about its root
    expect_equal(fit$beta[c(2, 8)], c(s$b2, s$b8), tolerance = 1e-4, info = s$structure)
    expect_equal(sqrt(diag(fit$vcov))[c(2, 8)], c(s$s2, s$s8) * scale, tolerance = 1e-4, info = s$structure)
  }
})

test_that("residuals are raw, over their standard deviation, and whitened by the Cholesky factor", {
  p <- holes_problem("us")
  fit <- glue_fit(p, "us")
  got <- rm_mmrm_residuals(p, list(fit))[[1]]
  raw <- as.vector(p$y - p$x %*% fit$beta)
  expect_equal(got$raw, raw, tolerance = 1e-10)
  expect_equal(got$fitted, p$y - raw, tolerance = 1e-10)
  expect_equal(got$pearson, raw / sqrt(diag(fit$sigma[[1]])[p$visit]), tolerance = 1e-10)
  whitened <- unlist(lapply(split(seq_along(raw), p$patient), function(rows) {
    at <- p$visit[rows]
    forwardsolve(t(chol(fit$sigma[[1]][at, at, drop = FALSE])), raw[rows])
  }), use.names = FALSE)
  expect_equal(got$normalized, whitened, tolerance = 1e-10)
})

test_that("many outcomes are each their own fit, whatever the threads", {
  p <- holes_problem("us")
  shifted <- p$y + 0.3 * rm_noise(seq_along(p$y), 4)
  shifted[c(3, 17)] <- NA
  many <- p
  many$y <- list(p$y, shifted, p$y * 1e150, p$y * 1e-150)
  options <- list(structures = "us", reml = TRUE)
  all <- rm_mmrm_fit(many, options, 1L)
  expect_identical(rm_mmrm_fit(many, options, 3L), all)
  expect_identical(all[[1]], glue_fit(p, "us"))
  expect_identical(all[[2]]$n_observations, length(p$y) - 2L)
  expect_equal(all[[3]]$beta / 1e150, all[[1]]$beta, tolerance = 1e-11)
  expect_equal(all[[4]]$beta * 1e150, all[[1]]$beta, tolerance = 1e-11)
  tests <- rm_mmrm_test(many, all, list(t(diag(8)[2, ])), list(reml = TRUE, df = 1L, conf_level = 0.95), 2L)
  expect_equal(tests$statistic[c(3, 4)], tests$statistic[c(1, 1)], tolerance = 1e-10)
  expect_identical(tests$outcome, 1:4)
})

test_that("patterns without a maximum have a status, and structures follow each other only then", {
  words <- function(y, structures = "us") {
    rows <- which(t(!is.na(y)))
    visit <- (rows - 1) %% ncol(y) + 1
    x <- stats::model.matrix(~v, data.frame(v = factor(visit)))
    p <- glue_problem(t(y)[rows], x, (rows - 1) %/% ncol(y) + 1, visit)
    p$n_visits <- ncol(y)
    fit <- glue_fit(p, structures)
    c(fit$structure, as.character(status_factor(fit$status)))
  }
  d <- rm_degenerate()
  expect_identical(words(d$one_complete), c("us", "boundary")) # its likelihood grows towards a singular matrix
  expect_identical(words(d$empty_visit), c("us", "not_estimable"))
  expect_identical(words(d$empty_visit, c("us", "csh", "ar1")), c("ar1", "ok"))
  expect_identical(words(d$constant_visit), c("us", "boundary"))
  expect_identical(words(d$constant_visit, c("us", "cs")), c("cs", "ok"))
  expect_identical(words(d$collinear_visits), c("us", "boundary"))
  expect_identical(words(d$parallel_visits), c("us", "boundary"))
  expect_identical(words(d$more_visits), c("us", "boundary"))
  expect_identical(words(d$more_visits, c("us", "cs")), c("cs", "ok"))
  expect_identical(words(d$all_equal), c("us", "no_variance"))
  expect_identical(words(d$one_patient), c("us", "too_few"))
})

test_that("Kenward-Roger refuses a robust covariance", {
  p <- holes_problem("us")
  error <- glue_test(p, glue_fit(p, "us"), diag(8)[2, ], df = 1L, vcov = 2L)
  expect_s3_class(error, "respondr_core_error")
  expect_identical(error$argument, "vcov")
})
