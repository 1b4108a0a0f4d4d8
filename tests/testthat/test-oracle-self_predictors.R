# Evidence for the naive programs themselves: against glm, lm and cor.test, against printed values
# (inst/validation/predictors), and one oracle against another that knows a different formula.

printed_data <- function(name) {
  read.csv(system.file("validation", "predictors", paste0(name, ".csv"), package = "respondr", mustWork = TRUE))
}

expect_printed <- function(case, names, ours) {
  all <- printed_data("expected")
  for (i in seq_along(names)) {
    row <- all[all$case == case & all$name == names[i], ]
    testthat::expect_equal(nrow(row), 1L, info = names[i])
    testthat::expect_true(isTRUE(abs(ours[i] - row$value) <= row$tolerance * (1 + 1e-6)), info = sprintf(
      "%s %s: ours %.12g, printed %.12g, tolerance %.3g", case, names[i], ours[i], row$value, row$tolerance
    ))
  }
}

sex2_design <- function() {
  d <- printed_data("sex2")
  list(x = unname(model.matrix(~ age + oc + vic + vicl + vis + dia, d)), y = d$case)
}

test_that("maximum likelihood of the oracle is that of glm wherever it exists", {
  for (name in names(predictor_cases())) {
    case <- predictor_cases()[[name]]
    if (case$separation != "none" || name == "nearly_aliased") next
    d <- case_design(case)
    ours <- oracle_logistic(d$x, d$y, d$weight, d$offset)
    peer <- suppressWarnings(glm.fit(d$x, d$y, d$weight, offset = d$offset, family = binomial(),
                                     control = list(epsilon = 1e-10, maxit = 100)))
    expect_true(ours$converged, info = name)
    expect_equal(which(ours$kept), which(!is.na(unname(peer$coefficients))), info = name)
    # 1e-8: near_separated has an information of condition 1e9.
    expect_equal(ours$beta[ours$kept], unname(peer$coefficients)[ours$kept], tolerance = 1e-8, info = name)
  }
})

test_that("the oracle's Firth fit agrees with sex2, SAS and with a search that knows only the objective", {
  d <- sex2_design()
  fit <- oracle_logistic(d$x, d$y, method = "firth")
  terms <- c("intercept", "age", "oc", "vic", "vicl", "vis", "dia")
  expect_printed("firth_logistf_sex2", paste0("est_", terms), fit$beta)
  expect_equal(oracle_firth_by_objective(d$x, d$y), fit$beta, tolerance = 1e-6)
  for (j in c(1, 7)) {
    limits <- oracle_limits(d$x, d$y, column = j, method = "firth")
    expect_printed("firth_logistf_sex2", paste0(c("pl_low_", "pl_high_"), terms[j]), limits)
  }
  lung <- printed_data("lung")
  x <- unname(model.matrix(~ age + sex + ph_ecog + meal_cal, lung))
  terms <- c("intercept", "age", "sex", "ph_ecog", "meal_cal")
  fit <- oracle_logistic(x, lung$y, method = "firth")
  expect_printed("firth_sas_lung", paste0("est_", terms), fit$beta)
  expect_printed("firth_sas_lung", paste0("se_wald_", terms), sqrt(diag(fit$vcov)))
  expect_printed("logistic_sas_lung", paste0("est_", terms), oracle_logistic(x, lung$y)$beta)
})

test_that("profile limits and the likelihood ratio are those SAS prints for the remission data", {
  d <- printed_data("remission")
  x <- cbind(1, d$LI)
  expect_printed("profile_ci_agresti_remission", c("li_profile_low", "li_profile_high"),
                 oracle_limits(x, d$remissions, column = 2))
  expect_printed("profile_ci_agresti_remission", c("int_profile_low", "int_profile_high"),
                 oracle_limits(x, d$remissions, column = 1))
  lr <- oracle_set_test(x, d$remissions, set = 2)
  expect_printed("profile_ci_agresti_remission", c("li_lr_chisq", "li_lr_p"), c(lr$statistic, lr$p_value))
})

test_that("score test of one 2 x 2 column is Pearson's chi-squared and its limits are where it reaches the quantile", {
  y <- rep(c(1, 0, 1, 0), c(9, 3, 4, 8))
  x <- cbind(1, rep(1:0, each = 12))
  expect_equal(oracle_set_test(x, y, set = 2, kind = "score")$statistic,
               unname(chisq.test(table(y, x[, 2]), correct = FALSE)$statistic), tolerance = 1e-10)
  limits <- oracle_limits(x, y, column = 2, kind = "score")
  at <- vapply(limits, function(b) oracle_set_test(x, y, set = 2, kind = "score", at = b)$statistic, 0)
  expect_equal(unname(at), rep(qchisq(0.95, 1), 2), tolerance = 1e-8)
})

test_that("logF by penalty and by added data are the same fit", {
  for (name in c("clinic", "spleen_58_4", "weighted", "complete_two")) {
    d <- case_design(predictor_cases()[[name]])
    prior <- c(FALSE, rep(TRUE, ncol(d$x) - 1))
    a <- oracle_logistic(d$x, d$y, d$weight, d$offset, "logf", 1, prior)
    b <- oracle_logf_by_data(d$x, d$y, d$weight, d$offset, 1, prior)
    expect_equal(a$beta, b$beta, tolerance = 1e-8, info = name)
    expect_equal(a$vcov, b$vcov, tolerance = 1e-8, info = name)
  }
})

test_that("FLIC and FLAC have the observed number of events among their probabilities", {
  for (name in c("clinic", "spleen_58_4", "rare", "weighted")) {
    d <- case_design(predictor_cases()[[name]])
    for (f in list(oracle_flic, oracle_flac)) {
      fitted <- f(d$x, d$y, d$weight, d$offset)$fitted
      expect_equal(sum(d$weight * fitted), sum(d$weight * d$y), tolerance = 1e-9, info = name)
    }
  }
  # logistf 1.26.1: flic() and flac() of sex2.
  d <- sex2_design()
  expect_equal(oracle_flac(d$x, d$y)$beta, c(0.12226743, -1.09634003, -0.06602631, 2.28220298, -2.11416934, -0.78731686,
                                             3.18173484), tolerance = 1e-7)
})

test_that("the listing of directions gives the verdict that each case was made for", {
  for (name in setdiff(names(predictor_cases()), c("clinic", "clinic_interaction", "sex2_like", "rare", "strong"))) {
    case <- predictor_cases()[[name]]
    d <- case_design(case)
    found <- oracle_separation(d$x, d$y, d$weight)
    expect_equal(found$verdict, case$separation, info = name)
    if (case$separation != "none") expect_setequal(d$names[found$guilty], case$columns)
  }
})

test_that("standardised differences and marginal effects have the closed forms of the simplest models", {
  y <- rep(c(1, 0, 1, 0), c(9, 3, 4, 8))
  x <- cbind(1, rep(1:0, each = 12))
  fit <- oracle_logistic(x, y)
  s <- oracle_standardised(cbind(1, 1), cbind(1, 0), fit$beta, fit$vcov)
  expect_equal(s$difference[["estimate"]], 9 / 12 - 4 / 12, tolerance = 1e-10)
  expect_equal(s$difference[["std_error"]], sqrt(0.75 * 0.25 / 12 + 1 / 3 * 2 / 3 / 12), tolerance = 1e-8)
  expect_equal(s$log_ratio[["std_error"]], sqrt(1 / 9 - 1 / 12 + 1 / 4 - 1 / 12), tolerance = 1e-8)
  d <- case_design(predictor_cases()$offset)
  fit <- oracle_logistic(d$x, d$y, d$weight, d$offset)
  m <- oracle_marginal(function(h) d$x + cbind(0, rep(h, nrow(d$x))), fit$beta, fit$vcov, offset = d$offset)
  expect_equal(m[["estimate"]], mean(fit$fitted * (1 - fit$fitted)) * fit$beta[2], tolerance = 1e-9)
})

test_that("sample sizes are those of pmsampsize and of the papers", {
  # pmsampsize(type = "b", csrsquared = .288, parameters = 24, prevalence = .174)
  r <- oracle_riley_binary(24, 0.174, 0.288)
  expect_equal(r$n, c(623, 662, 221))
  expect_equal(round(c(r$epp, r$r2_most, r$nagelkerke, r$shrinkage[2]), 3), c(4.8, 0.603, 0.477, 0.905), tolerance = 1e-3)
  # pmsampsize(type = "c", rsquared = .9, parameters = 25, intercept = 26.7, sd = 8.7)
  expect_equal(oracle_riley_continuous(25, 0.9, 26.7, 8.7)$n, c(87, 51, 259, 259))
  # 1e6 simulated patients of pmsampsize give .1817.
  expect_equal(oracle_r2_of_c(0.8, 0.2), 0.1817, tolerance = 0.01)
})

test_that("areas, their covariance and their tests are those of pROC", {
  d <- printed_data("asah")
  y <- as.integer(d$outcome == "Poor")
  a <- oracle_delong_paired(y, d$wfns, d$s100b)
  b <- oracle_delong_paired(y, d$wfns, d$ndka)
  u <- oracle_delong_unpaired(y, d$wfns, y, d$s100b)
  expect_printed("delong_proc_asah", c("z_wfns_s100b", "p_wfns_s100b", "ci_low_wfns_s100b", "ci_high_wfns_s100b",
    "z_wfns_ndka", "p_wfns_ndka", "z_ndka_s100b", "unpaired_D_wfns_s100b", "unpaired_p_wfns_s100b"),
    c(a$statistic, a$p_value, a$conf_low, a$conf_high, b$statistic, b$p_value,
      oracle_delong_paired(y, d$ndka, d$s100b)$statistic, u$statistic, u$p_value))
  expect_equal(oracle_auc(y, d$ndka), oracle_delong(y, d$ndka)$auc, tolerance = 1e-12)
})

test_that("Newcombe's limits solve his equation, turn round with the marker and exist at 0 and 1", {
  for (auc in c(0, 0.02, 0.61, 0.95, 1)) {
    limits <- oracle_newcombe_auc(auc, 4, 58)
    expect_equal(limits, 1 - rev(oracle_newcombe_auc(1 - auc, 4, 58)), tolerance = 1e-10)
    for (t in limits[limits > 0 & limits < 1]) {
      v <- t * (1 - t) / (4 * 58) * (1 + 30 * ((1 - t) / (2 - t) + t / (1 + t)))
      expect_equal((auc - t)^2, qnorm(0.975)^2 * v, tolerance = 1e-7)
    }
  }
})

test_that("Hosmer and Lemeshow's groups and statistic are those of Stata", {
  d <- printed_data("spector")
  x <- cbind(1, d$GPA, d$TUCE, d$PSI)
  fit <- oracle_logistic(x, d$GRADE)
  expect_printed("logistic_hl_stata_spector", c("est_intercept", "est_GPA", "est_TUCE", "est_PSI", "llf"),
                 c(fit$beta, fit$loglik))
  hl <- oracle_hosmer_lemeshow(d$GRADE, fit$fitted, 5)
  expect_printed("logistic_hl_stata_spector", c("hl_chisq", "hl_df", "hl_p"), c(hl$statistic, hl$df, hl$p_value))
  expect_equal(hl$sizes, c(7L, 6L, 7L, 6L, 6L))
  expect_equal(unname(oracle_calibration(d$GRADE, fit$fitted)[c(1, 3)]), c(0, 1), tolerance = 1e-8)
})

test_that(".632+ lies between .632 and the error left out, and is the apparent error where nothing is learned", {
  y <- rep(0:1, 10)
  half <- rep(0.5, 20)
  inside <- matrix(rep(c(TRUE, FALSE, TRUE), length.out = 20 * 7), 20)
  flat <- oracle_632_plus(y, half, matrix(0.5, 20, 7), inside)
  expect_equal(flat$err632_plus, 0.25, tolerance = 1e-12)
  # One nearest neighbour on noise (Efron and Tibshirani 1997, section 4): apparent 0, no information .5, left out .5.
  noise <- oracle_632_combine(0, 0.5, 0.5)
  expect_equal(c(noise$err632, noise$err632_plus), c(0.316, 0.5), tolerance = 1e-12)
})

test_that("least squares is certified for Norris and is lm on every case it can fit", {
  d <- printed_data("norris")
  f <- oracle_least_squares(cbind(1, d$x), d$y)
  expect_printed("nist_lls_norris", c("b0", "b1", "se_b0", "se_b1", "resid_sd", "ss_res", "F"),
                 c(f$beta, sqrt(diag(f$vcov)), f$sigma, f$rss, oracle_partial(cbind(1, d$x), d$y, set = 2)$statistic))
  for (name in names(linear_cases())) {
    case <- linear_cases()[[name]]
    if (name %in% c("constant_response", "far_offset")) next
    x <- unname(model.matrix(case$formula, case$data))
    y <- case$data$change
    w <- if (is.null(case$weights)) rep(1, nrow(x)) else case$weights
    x <- x[, oracle_kept(x, w), drop = FALSE]
    expect_equal(oracle_least_squares(x, y, w)$beta, unname(lm.wfit(x, y, w, tol = 1e-12)$coefficients), tolerance = 1e-10,
                 info = name)
  }
})

test_that("robust covariances have the values of sandwich, and clusters of one patient are HC0 and HC2", {
  x <- cbind(1, c(1, 2, 3, 4, 5, 7, 9, 20))
  f <- oracle_least_squares(x, c(1, 3, 2, 5, 4, 6, 9, 12))
  # sandwich 3.1, vcovHC(), slope.
  slope <- vapply(paste0("HC", 0:4), function(t) oracle_hc(f, t)[2, 2], 0)
  expect_equal(unname(slope), c(0.00441362444030444, 0.00588483258707259, 0.0197923020186901, 0.113723251759243,
                                1.33437973779725), tolerance = 1e-12)
  expect_equal(oracle_cluster(f, 1:8, "CR0")$vcov, oracle_hc(f, "HC0"), tolerance = 1e-12)
  expect_equal(oracle_cluster(f, 1:8, "CR2")$vcov, oracle_hc(f, "HC2"), tolerance = 1e-12)
})

test_that("correlations are those JASP prints, and exact p-values those of cor.test", {
  d <- printed_data("correlation")
  r <- oracle_association(d$x, d$y)
  expect_printed("correlation_jasp", c("pearson", "pearson_p", "pearson_low", "pearson_high"), unlist(r[-2]))
  for (m in c("spearman", "kendall")) {
    r <- oracle_association(d$x, d$y, m)
    expect_printed("correlation_jasp", c(c(spearman = "spearman", kendall = "kendall_b")[[m]], paste0(m, "_p")),
                   c(r$estimate, r$p_value))
    x <- c(3, 1.5, 4, 1, 5, 9, 2)
    y <- c(2, 7, 1, 8, 2.5, 8.2, 1.1)
    expect_equal(unname(oracle_association_exact(x, y, m)["central"]), cor.test(x, y, method = m, exact = TRUE)$p.value,
                 tolerance = 1e-10)
  }
})

test_that("pooled estimates and tau2 are those of metafor for the BCG trials", {
  vaccinated <- c(4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27)
  n1 <- vaccinated + c(119, 300, 228, 13536, 5036, 1361, 2537, 87886, 7470, 1699, 50448, 2493, 16886)
  control <- c(11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29)
  n0 <- control + c(128, 274, 209, 12619, 5761, 1079, 619, 87892, 7232, 1600, 27197, 2338, 17825)
  b <- log(vaccinated / n1 / (control / n0))
  s <- sqrt(1 / vaccinated - 1 / n1 + 1 / control - 1 / n0)
  # metafor 4.x, rma(test = "knha"): tau2, estimate, standard error.
  stored <- list(dl = c(0.3087602629, -0.7141172221, 0.1806966283), pm = c(0.3180684522, -0.7149681535, 0.1808921915),
                 reml = c(0.3132432581, -0.7145323422, 0.1807917441))
  for (t in names(stored)) {
    r <- oracle_pool(b, s, t)
    expect_equal(c(r$tau2, r$estimate, r$hk_se), stored[[t]], tolerance = 1e-8, info = t)
  }
})

test_that("change against baseline: the test of variances is the correlation of sum and difference", {
  before <- c(10, 8.5, 12, 9, 7, 11, 10.5, 13)
  after <- c(10.5, 9, 11, 10, 9, 11.5, 10, 12)
  r <- oracle_baseline(before, after, 0.8, 9)
  peer <- cor.test(before + after, after - before)
  expect_equal(r$pitman_morgan$p_value, peer$p.value, tolerance = 1e-10)
  expect_equal(r$oldham$r, unname(peer$estimate), tolerance = 1e-12)
  expect_equal(r$oldham$p_value, peer$p.value, tolerance = 1e-10)
  # The limits of the ratio are the ratios that the test just keeps: scaling `after` by their root moves p to .05.
  for (limit in c(r$pitman_morgan$conf_low, r$pitman_morgan$conf_high)) {
    expect_equal(oracle_baseline(before, after / sqrt(limit))$pitman_morgan$p_value, 0.05, tolerance = 1e-8)
  }
  expect_equal(r$blomqvist$slope, (r$naive$slope + 0.2) / 0.8, tolerance = 1e-12)
  expect_equal(r$mee_chua$intercept_p, summary(lm(I(after - 9) ~ I(before - 9)))$coefficients[1, 4], tolerance = 1e-10)
})
