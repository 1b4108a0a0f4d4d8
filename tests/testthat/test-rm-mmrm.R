# What a mixed model answers.

mixed_fit <- function(...) rm_mmrm(y ~ group * visit | patient, rm_holes(), ...)

test_that("the model answers its generics", {
  fit <- mixed_fit()
  expect_equal(names(coef(fit)), rownames(vcov(fit)))
  expect_equal(nobs(fit), nrow(rm_holes()))
  expect_equal(dim(confint(fit)), c(8L, 2L))
  expect_equal(confint(fit, "groupb")[1], tidy(fit)$conf.low[2])
  expect_equal(fitted(fit) + residuals(fit), fit$problem$y)
  expect_equal(predict(fit), fitted(fit))
  expect_s3_class(formula(fit), "formula")
  expect_equal(nrow(model.frame(fit)), nobs(fit))
  expect_equal(ncol(model.matrix(fit)), 8L)
  expect_equal(nrow(augment(fit)), nobs(fit))
  expect_true(glance(fit)$converged)
  expect_equal(attr(logLik(fit), "df"), 10)
})

test_that("normalised residuals have the inverse Cholesky factor of each patient's covariance", {
  fit <- mixed_fit()
  at <- which(fit$problem$patient == 2)
  s <- rm_covariance(fit)[fit$problem$visit[at], fit$problem$visit[at]]
  expect_equal(residuals(fit, "normalized")[at], forwardsolve(t(chol(s)), residuals(fit)[at]), tolerance = 1e-10)
  expect_equal(residuals(fit, "pearson")[at], residuals(fit)[at] / sqrt(unname(diag(s))), tolerance = 1e-10)
})

test_that("predictions for new rows are the means of their cells", {
  fit <- mixed_fit()
  new <- data.frame(group = c("a", "b"), visit = c("1", "3"))
  m <- rm_means(fit)
  p <- predict(fit, new, interval = "confidence")
  expect_equal(p[, "fit"], m$estimate[c(1, 7)], ignore_attr = TRUE)
  expect_equal(p[, "lwr"], m$conf_low[c(1, 7)], ignore_attr = TRUE)
  expect_error(predict(fit, data.frame(group = "z", visit = "1")), class = "respondr_error_newdata")
})

test_that("update() changes one word and likelihood-ratio tests compare the models", {
  fit <- mixed_fit()
  small <- update(fit, covariance = "cs")
  expect_equal(small$structure, "cs")
  lr <- anova(small, fit)
  expect_equal(lr$statistic[2], 2 * (as.numeric(logLik(fit)) - as.numeric(logLik(small))))
  expect_equal(lr$df[2], 8)
  expect_error(update(fit, . ~ .), class = "respondr_error_formula")
  expect_error(anova(fit, rm_mmrm(y ~ visit | patient, rm_holes())), class = "respondr_error_models")
})

test_that("simulated outcomes have the model's mean and covariance", {
  fit <- rm_mmrm(y ~ visit | id, rm_long(rm_mixed()$y[, 1:2]))
  s <- simulate(fit, 4000, seed = 1)
  first <- as.matrix(s)[1:2, ]
  expect_equal(rowMeans(first), fitted(fit)[1:2], tolerance = 0.05, ignore_attr = TRUE) # four standard errors of 4,000 draws
  expect_equal(stats::cov(t(first)), unname(rm_covariance(fit)), tolerance = 0.15, ignore_attr = TRUE) # a variance of 4,000 draws errs by 2 %
})

test_that("type 2 and 3 tests of a model without interaction are the same", {
  fit <- rm_mmrm(y ~ group + visit | patient, rm_holes())
  expect_equal(anova(fit, type = 2)$statistic, anova(fit, type = 3)$statistic, tolerance = 1e-8)
  one <- anova(fit)
  t <- tidy(fit)
  expect_equal(one$statistic[one$term == "group"], t$statistic[t$term == "groupb"]^2, tolerance = 1e-8)
})

test_that("emmeans sees the same means, standard errors and degrees of freedom", {
  skip_if_not_installed("emmeans")
  fit <- mixed_fit()
  ours <- rm_means(fit)
  theirs <- as.data.frame(emmeans::emmeans(fit, ~ visit | group))
  expect_equal(ours$estimate, theirs$emmean, tolerance = 1e-10)
  expect_equal(ours$std_error, theirs$SE, tolerance = 1e-10)
  expect_equal(ours$df, theirs$df, tolerance = 1e-8)
})

test_that("an aliased coefficient is NA and warned of", {
  d <- rm_holes()
  d$twice <- as.numeric(d$group == "b") * 2
  expect_warning(fit <- rm_mmrm(y ~ group + twice + visit | patient, d), class = "respondr_warning_rank_deficient")
  expect_true(is.na(coef(fit)[["twice"]]))
  expect_equal(as.numeric(logLik(fit)), as.numeric(logLik(rm_mmrm(y ~ group + visit | patient, d))), tolerance = 1e-10)
})

test_that("a model prints its covariance, degrees of freedom, patients and coefficients", {
  lines <- paste(format(mixed_fit(), width = 100), collapse = "\n")
  expect_match(lines, "Unstructured covariance of 4 visits; Kenward-Roger degrees of freedom")
  expect_match(lines, "16 patients")
  expect_match(lines, "groupb:visit4")
})

# Four outcomes with missing values of their own, one of them complete.
several_outcomes <- function() {
  d <- expand.grid(id = 1:24, visit = 0:2)
  d$arm <- factor(ifelse(d$id %% 3 == 0, "b", "a"))
  d$base <- (d$id * 7) %% 11 / 10
  for (k in 1:4) d[[paste0("y", k)]] <- sin(d$id * k) + d$visit * cos(d$id + k) / 3 + cos(k * d$id * (d$visit + 1)) / 2
  d$y2[c(30, 55)] <- NA
  d$y3[d$id %in% 2:5 & d$visit == 2] <- NA
  d$y4[d$id == 7] <- NA
  d
}

test_that("many outcomes in one call have the numbers of each alone (property)", {
  d <- several_outcomes()
  names <- paste0("y", 1:4)
  for (formula in list(~ arm * visit | id, ~ base + arm * visit | id)) {
    together <- rm_mmrm(formula, d, outcomes = names, threads = 2)
    alone <- do.call(rbind, lapply(names, function(y) {
      as.data.frame(rm_contrasts(rm_mmrm(formula, d, outcomes = y)))
    }))
    number <- vapply(alone, is.numeric, NA)
    expect_equal(as.data.frame(together)[number], alone[number], tolerance = 1e-12)
    expect_equal(as.character(together$outcome), as.character(alone$outcome))
    expect_equal(as.character(together$contrast), as.character(alone$contrast))
    fit <- attr(together, "fits")[[3]]
    one <- rm_mmrm(formula, d, outcomes = "y3")
    expect_equal(tidy(fit), tidy(one), tolerance = 1e-12)
    expect_equal(residuals(fit), residuals(one), tolerance = 1e-12)
    expect_equal(nobs(fit), nobs(one))
  }
})

test_that("many outcomes by group, or with a covariance for each arm, have the numbers of each alone (property)", {
  d <- several_outcomes()
  together <- rm_mmrm(~ visit | id, d, outcomes = c("y1", "y3"), by = "arm")
  one <- rm_mmrm(~ visit | id, d[d$arm == "b", ], outcomes = "y3")
  at <- together$outcome == "y3" & together$arm == "b"
  expect_equal(together$p_value[at], rm_contrasts(one)$p_value, tolerance = 1e-12)
  d$y3[d$arm == "b"] <- NA
  expect_warning(apart <- rm_mmrm(~ arm * visit | id, d, outcomes = c("y1", "y3"), covariance_by = "arm", covariance = "cs"),
    class = "respondr_warning_rank_deficient")
  expect_warning(alone <- rm_mmrm(~ arm * visit | id, d, outcomes = "y3", covariance_by = "arm", covariance = "cs"),
    class = "respondr_warning_rank_deficient")
  expect_equal(apart$p_value[apart$outcome == "y3"], rm_contrasts(alone)$p_value, tolerance = 1e-12)
})

test_that("contrasts of many outcomes can be asked for again", {
  d <- several_outcomes()
  many <- rm_mmrm(~ arm * visit | id, d, outcomes = c("y1", "y2"))
  again <- rm_contrasts(many, of = "arm", by = "visit", p_adjust = "holm")
  one <- rm_contrasts(rm_mmrm(~ arm * visit | id, d, outcomes = "y2"), of = "arm", by = "visit", p_adjust = "holm")
  expect_equal(again$p_adjusted[again$outcome == "y2"], one$p_adjusted, tolerance = 1e-12)
  expect_error(rm_contrasts(again), class = "respondr_error_x")
})

test_that("models whose covariances differ are named with theirs", {
  long <- cohort_long(stored_cohort("thalidomide"))
  x <- rm_mmrm(hb ~ visit | id, long, by = phenotype, covariance = c("us", "toeph"))
  expect_identical(vapply(attr(x, "fits"), `[[`, "", "structure"), c("us", "toeph"))
  words <- "unstructured covariance (NTDT), heterogeneous Toeplitz covariance (TDT)"
  expect_match(gsub("\\s+", " ", paste(format(x), collapse = " ")), words, fixed = TRUE)
  expect_match(attr(rm_contrasts(x, of = "visit"), "settings")$lines[1], words, fixed = TRUE)
  alike <- rm_mmrm(hb ~ visit | id, long, by = phenotype, covariance = "cs")
  expect_match(attr(alike, "settings")$lines[1], "mixed model, compound symmetry covariance, Kenward", fixed = TRUE)
})
