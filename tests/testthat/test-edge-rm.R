# Evidence: edges of repeated measures. What cannot be answered has a status; the rest goes on.

test_that("one complete patient, none, and a visit nobody has are statuses", {
  g <- rm_degenerate()
  one <- rm_anova(y ~ visit | id, rm_long(g$one_complete), method = "all")
  expect_true(all(one$status != "ok"))
  expect_true(all(is.na(one$p_value)))
  expect_equal(unique(one$n), 1L)
  none <- rm_anova(y ~ visit | id, rm_long(g$no_patient))
  expect_equal(as.character(none$status[1]), "no_data")
  empty <- rm_anova(y ~ visit | id, rm_long(g$empty_visit))
  expect_equal(unique(empty$n), 0L)
  expect_match(format(empty)[1], "^CAUTION")
})

test_that("collinear visits leave the univariate tests and give the others a status", {
  x <- rm_anova(y ~ visit | id, rm_long(rm_degenerate()$collinear_visits), method = "all")
  expect_true(all(is.finite(x$p_value[x$method %in% c("anova", "greenhouse_geisser")])))
  s <- rm_sphericity(x)
  expect_true(all(is.finite(s$p_value) | s$status != "ok"))
})

test_that("more visits than patients still have univariate tests", {
  y <- rm_mixed()$y[1:4, ]
  x <- rm_anova(y ~ visit | id, rm_long(y), method = "all")
  expect_true(all(is.finite(x$p_value[x$method == "anova"])))
  expect_true(all(is.na(x$p_value[x$method == "wilks"])))
  expect_equal(unique(as.character(x$status[x$method == "wilks"])), "too_few")
})

test_that("a group whose patients all dropped out leaves the tests of the others", {
  d <- rm_mixed()
  long <- rm_long(d$y, list(group = factor(ifelse(d$age > 45, "c", as.character(d$group)))))
  long$y[long$group == "c" & long$visit == 3] <- NA
  x <- rm_anova(y ~ group * visit | id, long, method = "anova")
  kept <- long[long$group != "c", ]
  y <- rm_anova(y ~ group * visit | id, kept, method = "anova")
  expect_equal(x$statistic, y$statistic)
  expect_equal(x$df, y$df)
  expect_equal(rm_contrasts(x, by = "group")$status[1:4] == "ok", rep(TRUE, 4))
  expect_true(all(is.na(utils::tail(rm_contrasts(x, by = "group")$estimate, 4))))
})

test_that("loss of a fifth is said first and patients are named", {
  x <- rm_anova(hb ~ phenotype * visit | id, rm_cohort())
  lines <- format(x)
  expect_match(lines[1], "^CAUTION: 32 of 39 patients")
  expect_match(paste(lines, collapse = " "), "rm_mmrm()", fixed = TRUE)
  p <- rm_patients(x)
  expect_equal(p$measured, c(39, 39, 20, 7))
  expect_equal(p$used, c(7, 7, 7, 7))
  expect_equal(lengths(strsplit(p$dropped_ids[1:3], ", ")), c(32, 32, 13))
  fit <- rm_mmrm(hb ~ phenotype * visit | id, rm_cohort())
  expect_equal(sum(rm_patients(fit)$dropped), 0)
})

test_that("values of any size and offset give the same tests", {
  y <- rm_mixed()$y
  base <- rm_anova(y ~ visit | id, rm_long(y), method = "all")
  for (factor in c(1e-150, 1e150)) {
    x <- rm_anova(y ~ visit | id, rm_long(y * factor), method = "all")
    expect_equal(x$statistic, base$statistic, tolerance = 1e-9)
  }
  x <- rm_anova(y ~ visit | id, rm_long(y + 1e8), method = "all")
  expect_equal(x$statistic, base$statistic, tolerance = 1e-9)
  fit <- rm_mmrm(y ~ visit | id, rm_long(y[, 1:3] + 1e8))
  expect_equal(stats::anova(fit)$statistic, stats::anova(rm_mmrm(y ~ visit | id, rm_long(y[, 1:3])))$statistic,
    tolerance = 1e-6)
})

test_that("infinite values and wrong words stop the call by name", {
  d <- rm_long(rm_mixed()$y)
  d$y[3] <- Inf
  expect_error(rm_anova(y ~ visit | id, d), class = "respondr_error_infinite")
  expect_error(rm_anova(y ~ visit | id, d, type = 4), class = "respondr_error_word")
  expect_error(rm_anova(y ~ visit | id, d, method = "huynh"), class = "respondr_error_word")
  expect_error(rm_anova(n = 10), class = "respondr_error_figures")
  expect_error(rm_mmrm(y ~ visit | id, d, covariance = "un"), class = "respondr_error_word")
  expect_error(rm_contrasts(1), class = "respondr_error_x")
})

test_that("a mixed model that cannot be fitted says so", {
  g <- rm_degenerate()
  expect_warning(fit <- rm_mmrm(y ~ visit | id, rm_long(g$collinear_visits)), class = "respondr_warning")
  expect_false(fit$status == "ok")
  expect_match(paste(format(fit), collapse = " "), "Status: ")
  expect_warning(two <- rm_mmrm(y ~ visit | id, rm_long(g$collinear_visits), covariance = c("us", "cs")), NA)
  expect_equal(two$structure, "cs")
})

test_that("patients who were never measured are no dropped patients", {
  d <- rm_cohort() # 62 patients, of whom 39 have values
  expect_equal(unique(rm_anova(hb ~ month | id, d)$n_dropped), 32L)
  f <- rm_friedman(hb ~ month | id, d, method = c("friedman", "skillings_mack"), distribution = "asymptotic",
    effect_conf = "none")
  expect_equal(f$n_dropped, c(32L, 0L))
  both <- rm_friedman(~ month | id, d, outcomes = c("hb", "hbf"), by = "phenotype", distribution = "asymptotic",
    effect_conf = "none")
  expect_equal(sum(both$n_dropped[both$outcome == "hb"]), 32L)
})

test_that("summary figures have no patients to list, and an empty outcome no warning of its columns", {
  figures <- rm_anova(n = c(a = 20, b = 18), mean = rbind(c(7.9, 9.2, 9.6), c(8.1, 8.4, 8.6)), sd = 1.1, r = 0.6)
  expect_error(rm_patients(figures), class = "respondr_error_rows")
  expect_error(plot(figures, type = "trajectories"), class = "respondr_error_rows")
  d <- rm_long(rm_mixed()$y[, 1:3])
  d$y <- NA_real_
  expect_silent(fit <- rm_mmrm(y ~ visit | id, d))
  expect_equal(fit$status, "no_data")
})

test_that("adjustments of contrasts that have no p leave them without", {
  none <- rm_anova(y ~ visit | id, rm_long(rm_degenerate()$no_patient))
  for (how in c("bonferroni", "holm", if (requireNamespace("mvtnorm", quietly = TRUE)) "mvt")) {
    x <- rm_contrasts(none, p_adjust = how)
    expect_true(all(is.na(x$p_adjusted)), info = how)
    expect_true(all(is.na(x$conf_low_adjusted)), info = how)
  }
})

test_that("infinite measurements and covariates stop a mixed model, as everywhere", {
  d <- expand.grid(id = 1:8, visit = 0:2)
  d$y <- cos(d$id * 3) + d$visit * sin(d$id)
  d$x <- d$id
  bad <- d
  bad$y[4] <- -Inf
  expect_error(rm_mmrm(y ~ visit | id, bad), "`y` holds infinite", class = "respondr_error_infinite")
  d$z <- d$y
  bad$z <- d$y
  expect_error(rm_mmrm(~ visit | id, bad, outcomes = c("z", "y")), "`y` holds infinite", class = "respondr_error_infinite")
  d$x[d$id == 3] <- Inf
  expect_error(rm_mmrm(y ~ x + visit | id, d), "`x` holds infinite", class = "respondr_error_infinite")
})

test_that("a mixed model of no more measurements than coefficients says so", {
  d <- data.frame(id = 1, visit = 0:2, y = c(1, 3, 2))
  expect_warning(fit <- rm_mmrm(y ~ visit | id, d), "3 measurements for 3 coefficients", class = "respondr_warning_too_few")
  expect_true(all(is.na(rm_contrasts(fit)$p_value)))
  expect_equal(as.character(rm_contrasts(fit)$status), rep("too_few", 2))
})
