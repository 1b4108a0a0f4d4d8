# Evidence: oracles of rm_mmrm(), by dense likelihoods and the formulas of the papers (helper-oracle-rm_mmrm.R), and the
# identities that tie it to simpler tests.

test_that("two complete visits are the paired t-test under three rules for the degrees of freedom", {
  y <- rm_mixed()$y[, c(1, 4)]
  t <- stats::t.test(y[, 2], y[, 1], paired = TRUE)
  for (df in c("satterthwaite", "kenward_roger", "kenward_roger_linear", "between_within")) {
    x <- rm_contrasts(rm_mmrm(y ~ visit | id, rm_long(y), df = df))
    expect_equal(c(x$estimate, x$std_error, x$df, x$p_value), c(t$estimate, t$stderr, t$parameter, t$p.value),
      tolerance = 1e-8, ignore_attr = TRUE, info = df)
  }
})

test_that("compound symmetry on complete data is the repeated-measures ANOVA", {
  d <- rm_mixed()
  long <- rm_long(d$y, list(group = d$group))
  a <- rm_anova(y ~ group * visit | id, long, method = "anova")
  fit <- rm_mmrm(y ~ group * visit | id, long, covariance = "cs")
  m <- stats::anova(fit)
  at <- match(as.character(a$term), as.character(m$term))
  expect_equal(m$statistic[at], a$statistic, tolerance = 1e-7)
  expect_equal(m$df_denominator[at], a$df_denominator, tolerance = 1e-6)
})

test_that("unstructured covariance on complete data is the sample covariance and the cell means", {
  y <- rm_mixed()$y[, 1:4]
  fit <- rm_mmrm(y ~ visit | id, rm_long(y))
  expect_equal(rm_covariance(fit), stats::cov(y), tolerance = 1e-9, ignore_attr = TRUE)
  expect_equal(rm_means(fit)$estimate, colMeans(y), tolerance = 1e-12, ignore_attr = TRUE)
})

test_that("every structure reaches the maximum the oracle finds", {
  d <- rm_holes()
  for (structure in c("us", "toep", "toeph", "ar1", "ar1h", "cs", "csh", "ad", "adh")) {
    fit <- rm_mmrm(y ~ group * visit | patient, d, covariance = structure)
    oracle <- mmrm_oracle(d, ~ group * visit, structure)
    expect_equal(as.numeric(logLik(fit)), oracle$loglik, tolerance = 1e-9, info = structure)
    expect_equal(unname(coef(fit)[c("(Intercept)", "groupb")]), oracle$beta[1:2], tolerance = 1e-6, info = structure,
      ignore_attr = TRUE)
  }
  fit <- rm_mmrm(y ~ group * visit | patient, d, covariance = "sp_exp", method = "ml")
  oracle <- mmrm_oracle(d, ~ group * visit, "sp_exp", FALSE, times = 1:4)
  expect_equal(as.numeric(logLik(fit)), oracle$loglik, tolerance = 1e-9)
})

test_that("Satterthwaite and Kenward-Roger agree with the papers' formulas", {
  d <- rm_holes()
  d$visit <- factor(d$visit)
  for (structure in c("us", "ar1h")) {
    oracle <- mmrm_oracle(d, ~ group * visit, structure)
    l <- rbind(c(0, 1, 0, 0, 0, 0, 0, 0), c(0, 1, 0, 0, 0, 0, 0, 1))
    for (i in 1:2) {
      fit <- rm_mmrm(y ~ group * visit | patient, d, covariance = structure, df = "satterthwaite")
      ours <- respondr:::mmrm_test(fit, l[i, , drop = FALSE], 0.95)
      # the oracle's derivatives are numerical
      expect_equal(ours$df, unname(unlist(oracle_satterthwaite(oracle, l[i, ])["df"])), tolerance = 1e-4, info = structure)
      for (form in c("natural", "linear")) {
        df <- c(natural = "kenward_roger", linear = "kenward_roger_linear")[[form]]
        fit <- rm_mmrm(y ~ group * visit | patient, d, covariance = structure, df = df)
        ours <- respondr:::mmrm_test(fit, l[i, , drop = FALSE], 0.95)
        theirs <- oracle_kenward_roger(oracle, l[i, ], form)
        # the oracle's derivatives are numerical
        expect_equal(c(ours$std_error, ours$df), c(theirs$se, theirs$df), tolerance = 1e-4, info = paste(structure, form))
      }
    }
  }
})

test_that("robust covariances agree with the sandwich of the papers", {
  d <- rm_holes()
  d$visit <- factor(d$visit)
  oracle <- mmrm_oracle(d, ~ group * visit, "us")
  l <- c(0, 1, 0, 0, 0, 0, 0, 1)
  for (type in c("CR0", "CR2", "CR3")) {
    fit <- rm_mmrm(y ~ group * visit | patient, d, vcov = type, df = "satterthwaite")
    ours <- respondr:::mmrm_test(fit, matrix(l, 1), 0.95)
    theirs <- oracle_sandwich(oracle, type, l)
    expect_equal(ours$std_error, sqrt(drop(l %*% theirs$vcov %*% l)), tolerance = 1e-6, info = type)
  }
})

test_that("nlme::gls finds the same fit", {
  skip_if_not_installed("nlme")
  d <- rm_holes()
  d$visit <- factor(d$visit)
  g <- nlme::gls(y ~ group * visit, d, nlme::corSymm(form = ~ as.integer(visit) | patient), nlme::varIdent(form = ~ 1 | visit))
  fit <- rm_mmrm(y ~ group * visit | patient, d)
  expect_equal(as.numeric(logLik(fit)), as.numeric(logLik(g)), tolerance = 1e-7)
  expect_equal(coef(fit), coef(g), tolerance = 1e-4)
})

test_that("a constrained baseline has one mean at the reference visit", {
  d <- rm_holes()
  fit <- rm_mmrm(y ~ group * visit | patient, d, constrained = "group")
  m <- rm_means(fit)
  expect_equal(m$estimate[m$visit == "1"][1], m$estimate[m$visit == "1"][2])
  d$visit <- factor(d$visit)
  x <- stats::model.matrix(~ visit + group:visit, d)
  x <- x[, !colnames(x) %in% "visit1:groupb"]
  oracle <- oracle_mmrm(d$y, x, d$patient, as.integer(d$visit))
  expect_equal(as.numeric(logLik(fit)), oracle$loglik, tolerance = 1e-9)
})

test_that("a covariate that changes over time, weights and groups of covariances reach the oracle's maximum", {
  d <- rm_holes()
  d$dose <- (d$patient * 3 + d$visit * 5) %% 4
  fit <- rm_mmrm(y ~ dose + group * visit | patient, d, within = "visit", weights = weight, covariance = "cs",
    covariance_by = "group")
  d$visit <- factor(d$visit)
  oracle <- oracle_mmrm(d$y, stats::model.matrix(~ dose + group * visit, d), d$patient, as.integer(d$visit), "cs",
    group = as.integer(d$group), weights = d$weight)
  expect_equal(as.numeric(logLik(fit)), oracle$loglik, tolerance = 1e-9)
})
