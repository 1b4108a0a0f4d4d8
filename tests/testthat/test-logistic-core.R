# The logistic core through its glue. Evidence: published (inst/validation/logistic), byhand (2 x 2 tables), property
# (units, order and replication of rows, p against limit), edge (separation, rank, one class, no rows).

logistic_file <- function(name) {
  read.csv(system.file("validation", "logistic", paste0(name, ".csv"), package = "respondr", mustWork = TRUE))
}

logistic_case <- function(case, formula, data = case) {
  d <- logistic_file(data)
  expected <- logistic_file("expected")
  list(input = list(x = model.matrix(formula, d), y = eval(formula[[2]], d)), name = case,
    expected = expected[expected$case == case, ])
}

expect_printed <- function(case, prefix, terms, ours) {
  rows <- match(paste0(prefix, terms), case$expected$name)
  expect_false(anyNA(rows), info = prefix)
  off <- abs(unname(ours) - case$expected$value[rows]) / case$expected$tolerance[rows]
  expect_true(all(off <= 1 + 1e-6), info = paste(case$name, prefix, paste(format(off), collapse = " ")))
}

drawn_logistic <- function(n = 62L, seed = 1L) {
  i <- seq_len(n)
  x <- cbind(`(Intercept)` = 1, hbf = (i * 37L + seed) %% 19L, spleen = (i * 7L + seed) %% 3L == 0L, age = (i * 53L) %% 41L)
  list(x = x, y = as.double((i * 29L + 5L * x[, "hbf"]) %% 31L > 14L))
}

test_that("Firth's fit of sex2 is that of logistf: estimates, limits, tests, FLIC and FLAC", {
  case <- logistic_case("sex2", case ~ age + oc + vic + vicl + vis + dia)
  terms <- c("intercept", "age", "oc", "vic", "vicl", "vis", "dia")
  firth <- list(estimator = "firth")
  fit <- logistic_fit(case$input, firth)
  expect_printed(case, "est_", terms, fit$beta)
  expect_printed(case, "log", "lik", fit$penalised)
  limits <- logistic_limits(case$input, firth, 1:7)
  expect_printed(case, "pl_low_", terms, limits$low)
  expect_printed(case, "pl_high_", terms, limits$high)
  expect_printed(case, "p_", terms, logistic_tests(case$input, firth, as.list(1:7))$p_value)
  expect_printed(case, "plr_", "vic_vicl", logistic_tests(case$input, firth, list(4:5))$statistic)
  expect_printed(case, "flic_", "intercept", logistic_flic(case$input)$beta[1])
  flac <- logistic_flac(case$input)
  expect_printed(case, "flac_", terms, flac$beta)
  expect_printed(case, "flac_low_", terms, logistic_limits(flac$augmented, list(), 1:7)$low)
})

test_that("Firth's fit of the endometrial data is that of logistf", {
  case <- logistic_case("endometrial", HG ~ NV + PI + EH)
  terms <- c("intercept", "NV", "PI", "EH")
  firth <- list(estimator = "firth")
  expect_printed(case, "est_", terms, logistic_fit(case$input, firth)$beta)
  limits <- logistic_limits(case$input, firth, 1:4)
  expect_printed(case, "pl_low_", terms, limits$low)
  expect_printed(case, "pl_high_", terms, limits$high)
  expect_printed(case, "p_", terms, logistic_tests(case$input, firth, as.list(1:4))$p_value)
  ml <- logistic_limits(case$input, list(), 2)
  expect_identical(c(ml$low_reason, ml$high_reason, format(ml$high)), c("ok", "infinite", "Inf"))
  found <- logistic_recession(case$input)
  expect_identical(found$separated, "quasi")
  expect_identical(names(which(found$columns)), "NV")
})

test_that("the lung model is that of SAS, by maximum likelihood and by Firth", {
  terms <- c("intercept", "age", "sex", "ph_ecog", "meal_cal")
  case <- logistic_case("lung", y ~ age + sex + ph_ecog + meal_cal)
  firth <- list(estimator = "firth")
  fit <- logistic_fit(case$input, firth)
  expect_printed(case, "est_", terms, fit$beta)
  expect_printed(case, "se_wald_", terms, sqrt(diag(fit$vcov)))
  limits <- logistic_limits(case$input, firth, 1:5)
  expect_printed(case, "pl_low_", terms, limits$low)
  expect_printed(case, "pl_high_", terms, limits$high)
  case <- logistic_case("lung_ml", y ~ age + sex + ph_ecog + meal_cal, "lung")
  fit <- logistic_fit(case$input)
  expect_printed(case, "est_", terms, fit$beta)
  expect_printed(case, "se_", terms, sqrt(diag(fit$vcov)))
  wald <- logistic_limits(case$input, list(), 1:5, kind = "wald")
  expect_printed(case, "wald_low_", terms, wald$low)
  expect_printed(case, "wald_high_", terms, wald$high)
  expect_printed(case, "p_", terms, logistic_tests(case$input, list(), as.list(1:5), "wald")$p_value)
})

test_that("Spector and Mazzeo's model is Stata's, the profile of Agresti's remission SAS's", {
  case <- logistic_case("spector", GRADE ~ GPA + TUCE + PSI)
  terms <- c("intercept", "GPA", "TUCE", "PSI")
  fit <- logistic_fit(case$input)
  expect_printed(case, "est_", terms, fit$beta)
  expect_printed(case, "se_", terms, sqrt(diag(fit$vcov)))
  expect_printed(case, "ll", "f", fit$log_likelihood)
  expect_printed(case, "lr_", "chisq", logistic_tests(case$input, list(), list(2:4))$statistic)
  case <- logistic_case("remission", cbind(remissions / n) ~ LI)
  case$input$y <- as.vector(case$input$y)
  fit <- logistic_fit(case$input)
  expect_printed(case, "est_", c("intercept", "li"), fit$beta)
  expect_printed(case, "se_", c("intercept", "li"), sqrt(diag(fit$vcov)))
  limits <- logistic_limits(case$input, list(), 1:2)
  expect_printed(case, c("int_profile_", "li_profile_"), "low", limits$low)
  expect_printed(case, c("int_profile_", "li_profile_"), "high", limits$high)
  lr <- logistic_tests(case$input, list(), list(2))
  expect_printed(case, "li_lr_", c("chisq", "p"), c(lr$statistic, lr$p_value))
})

test_that("a table of four counts has the closed form of its odds ratio", {
  cells <- list(x = cbind(1, c(1, 1, 0, 0)), y = c(1, 0, 1, 0), weight = c(41, 0, 21, 4))
  firth <- logistic_fit(cells, list(estimator = "firth"))
  expect_equal(firth$beta[2], log(41.5 * 4.5 / (0.5 * 21.5)), tolerance = 1e-11)
  ml <- logistic_fit(cells)
  expect_identical(ml$status, "separated")
  expect_false(ml$converged)
  expect_equal(ml$log_likelihood, 21 * log(21 / 25) + 4 * log(4 / 25), tolerance = 1e-11)
  cells$weight[2] <- 3
  pearson <- 69 * (41 * 4 - 3 * 21)^2 / (44 * 25 * 62 * 7)
  expect_equal(logistic_tests(cells, list(), list(2), "score")$statistic, pearson, tolerance = 1e-10)
})

test_that("glm agrees on weights, offsets, grouped responses and influence", {
  input <- drawn_logistic()
  input$weight <- rep(c(1, 3, 2), length.out = 62)
  input$y <- round(input$y * 0.6 * input$weight) / input$weight
  input$offset <- seq(-1, 1, length.out = 62)
  peer <- glm.fit(input$x, input$y, weights = input$weight, offset = input$offset, family = binomial(),
    control = list(epsilon = 1e-15, maxit = 100))
  class(peer) <- c("glm", "lm")
  fit <- logistic_fit(input)
  expect_equal(fit$beta, coef(peer), tolerance = 1e-10)
  expect_equal(fit$fitted, unname(fitted(peer)), tolerance = 1e-10)
  expect_equal(fit$leverage, unname(hatvalues(peer)), tolerance = 1e-8)  # glm keeps the weights of one step before
  found <- logistic_influence(input, fit)
  expect_equal(found$cook, unname(cooks.distance(peer)), tolerance = 1e-8)
  expect_equal(found$standardised, unname(rstandard(peer, type = "pearson")), tolerance = 1e-8)
  expect_equal(found$deviance, unname(residuals(peer)), tolerance = 1e-8)
  expect_identical(colnames(found$dfbeta), colnames(input$x))
})

test_that("units, order and replication of rows change nothing but units", {
  input <- drawn_logistic()
  for (estimator in c("ml", "firth")) {
    o <- list(estimator = estimator)
    plain <- logistic_fit(input, o)
    limits <- logistic_limits(input, o, 2:4)
    scale <- c(1e150, 1e-150, 3)
    moved <- input
    moved$x[, -1] <- sweep(input$x[, -1], 2, scale, `*`)
    moved$x[, 4] <- moved$x[, 4] + 2^27
    far <- logistic_fit(moved, o)
    expect_equal(far$beta[-1] * scale, plain$beta[-1], tolerance = 1e-12)
    expect_equal(logistic_limits(moved, o, 2:4)$low * scale, limits$low, tolerance = 1e-9)
    back <- logistic_fit(list(x = input$x[62:1, ], y = rev(input$y)), o)
    expect_equal(back$beta, plain$beta, tolerance = 1e-12)
    twice <- logistic_fit(list(x = input$x[rep(1:62, 2), ], y = rep(input$y, 2)), o)
    expect_equal(logistic_fit(c(input, list(weight = rep(2, 62))), o)$beta, twice$beta, tolerance = 1e-11)
  }
})

test_that("every limit is where its own test has the error of the level", {
  input <- drawn_logistic(70, 3)
  kinds <- c(profile = "lr", score = "score", wald = "wald")
  for (estimator in logistic_estimators) {
    o <- list(estimator = estimator, logf_m = 2)
    for (kind in names(kinds)) {
      limits <- logistic_limits(input, o, 1:4, 0.9, kind)
      for (j in 1:4) {
        for (b in c(limits$low[j], limits$high[j])) {
          test <- logistic_tests(input, o, list(j), kinds[[kind]], null = replace(numeric(4), j, b))
          expect_equal(test$p_value, 0.1, tolerance = 1e-8, info = paste(estimator, kind, j))
        }
      }
    }
  }
})

test_that("aliased columns are named and keep out of tests, and a core error has its class", {
  input <- drawn_logistic()
  input$x <- cbind(input$x, twice = 2 * input$x[, "hbf"] - input$x[, "age"], zero = 0)
  fit <- logistic_fit(input)
  expect_identical(names(which(!fit$kept)), c("twice", "zero"))
  expect_identical(unname(is.na(fit$beta)), c(rep(FALSE, 4), TRUE, TRUE))
  expect_identical(logistic_limits(input, list(), 5)$low_reason, "aliased")
  expect_identical(logistic_tests(input, list(), list(c(2, 5), 5))$df, c(1, 0))
  expect_identical(logistic_tests(input, list(), list(5))$status, "rank_deficient")
})

test_that("data without an answer have a status", {
  input <- drawn_logistic()
  none <- list(x = input$x[0, ], y = numeric())
  expect_identical(logistic_fit(none)$status, "no_data")
  expect_identical(logistic_limits(none, list(), 1:4)$low_reason, rep("not_estimable", 4))
  input$y <- rep(1, 62)
  expect_identical(logistic_fit(input)$status, "one_level")
  expect_identical(logistic_flic(input)$status, "one_level")
  expect_identical(logistic_fit(input, list(estimator = "firth"))$status, "ok")
  expect_identical(logistic_recession(input)$separated, "complete")
  input$x[3, 2] <- NaN
  expect_identical(logistic_fit(input)$status, "not_estimable")
})

test_that("the constrained likelihood of Firth is searched for its highest maximum", {
  # 17 patients; held at 17.794 the likelihood has three maxima of the other coefficients, 3.841 (the highest), 5.44 and
  # 5.57 below the top (twice the logarithm; 40 random starts of nlminb)
  x2 <- c(0, 2, 1, 1, 2, 1, 2, 1, 2, 2, 2, 1, 1, 1, 0, 0, 1)
  x3 <- c(1, 1, 2, 2, 2, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1)
  x4 <- c(0.3220459, 1.7871066, -0.4350065, -0.8196706, -0.7853588, 0.6810748, -0.9292828, -0.3968111, -0.8679067,
    -1.5445601, 0.6299195, 0.5301932, 0.1796110, -1.0812408, -0.3812419, -0.9033013, 0.2133853)
  input <- list(x = cbind(1, x2, x3, x4), y = c(rep(1, 9), 0, 1, 1, 1, 0, 1, 0, 1))
  firth <- list(estimator = "firth")
  limits <- logistic_limits(input, firth, 4)
  expect_equal(c(limits$low, limits$high), c(0.11835, 17.79397), tolerance = 1e-5)
  expect_equal(logistic_tests(input, firth, list(4), null = c(0, 0, 0, limits$high))$p_value, 0.05, tolerance = 1e-8)
})
