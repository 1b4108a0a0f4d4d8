# Evidence for the naive mixed model itself: nlme, SAS, and what is exact on complete data.

holes_case <- function() {
  h <- rm_holes()
  h$v <- factor(h$visit)
  h$months <- c(0, 3, 12, 24)[h$visit]
  h
}

holes_fit <- function(h, structure, reml = TRUE, ...) {
  oracle_mmrm(h$y, stats::model.matrix(~ group * v, h), h$patient, h$visit, structure, reml, ...)
}

test_that("fits are those of nlme::gls() for the structures that nlme has", {
  h <- holes_case()
  own <- nlme::varIdent(form = ~ 1 | v)
  cases <- list(
    us = list(correlation = nlme::corSymm(form = ~ visit | patient), weights = own),
    cs = list(correlation = nlme::corCompSymm(form = ~ 1 | patient)),
    csh = list(correlation = nlme::corCompSymm(form = ~ 1 | patient), weights = own),
    ar1 = list(correlation = nlme::corAR1(form = ~ visit | patient)),
    ar1h = list(correlation = nlme::corAR1(form = ~ visit | patient), weights = own),
    sp_exp = list(correlation = nlme::corExp(form = ~ months | patient))
  )
  control <- nlme::glsControl(tolerance = 1e-12, msTol = 1e-12, msMaxIter = 500, maxIter = 500)
  for (structure in names(cases)) {
    for (method in c("REML", "ML")) {
      arguments <- c(list(y ~ group * v, h, method = method, control = control), cases[[structure]])
      peer <- do.call(nlme::gls, arguments)
      fit <- holes_fit(h, structure, method == "REML", times = if (structure == "sp_exp") c(0, 3, 12, 24))
      expect_equal(fit$loglik, as.numeric(stats::logLik(peer)), tolerance = 1e-8, info = structure)
      expect_equal(fit$beta, unname(stats::coef(peer)), tolerance = 1e-5, info = structure)
      # gls() stops at a relative change of the likelihood, which fixes the estimates to about its root
      scale <- if (method == "ML") (nrow(h) - 8) / nrow(h) else 1 # gls() divides by n - p in its vcov
      expect_equal(fit$vcov, peer$varBeta * scale, tolerance = 1e-4, ignore_attr = TRUE, info = structure)
    }
  }
})

test_that("weights divide the variance as in nlme", {
  h <- holes_case()
  h$inverse <- 1 / h$weight
  peer <- nlme::gls(y ~ group * v, h, nlme::corAR1(form = ~ visit | patient), nlme::varFixed(~inverse))
  expect_equal(holes_fit(h, "ar1", weights = h$weight)$loglik, as.numeric(stats::logLik(peer)), tolerance = 1e-7)
})

test_that("separate matrices for the groups are separate fits when the means are separate", {
  h <- holes_case()
  both <- holes_fit(h, "csh", group = h$group)
  apart <- lapply(split(h, h$group), function(g) {
    oracle_mmrm(g$y, stats::model.matrix(~v, g), g$patient, g$visit, "csh")
  })
  x <- stats::model.matrix(~v, h)
  one <- oracle_mmrm(h$y, cbind(x * (h$group == "a"), x * (h$group == "b")), h$patient, h$visit, "csh",
    group = h$group)
  expect_equal(one$loglik, apart$a$loglik + apart$b$loglik, tolerance = 1e-10)
  expect_equal(both$sigma, list(apart$a$sigma[[1]], apart$b$sigma[[1]]), tolerance = 1e-6)
})

test_that("theta and Sigma are each other's inverse in every form", {
  sigma <- list(us = crossprod(matrix(c(2, 1, 0.5, 0.3, -1, 2, 0.2, 0.7, 0.1, 0.4, 1.5, 0.2, 0, 0, 0.3, 1), 4)))
  times <- c(0, 3, 12, 24)
  gap <- abs(outer(times, times, "-"))
  natural <- list(us = sigma$us[lower.tri(sigma$us, TRUE)], cs = c(0.4, 1.2), csh = c(1:4, 0.3), ar1 = c(2, 0.6),
    ar1h = c(1:4, -0.4), toep = c(2, 0.9, 0.5, 0.1), toeph = c(1:4, 0.5, 0.3, 0.1), ad = c(2, 0.5, 0.7, -0.2),
    adh = c(1:4, 0.5, 0.7, -0.2), sp_exp = c(2, 8))
  for (structure in names(natural)) {
    s <- oracle_sigma(natural[[structure]], structure, "natural", 4, gap)
    expect_true(isSymmetric(s) && all(eigen(s)$values > 0), info = structure)
    for (form in c("natural", "mmrm", if (structure == "us") "cholesky")) {
      theta <- oracle_theta(s, structure, form, gap)
      expect_equal(oracle_sigma(theta, structure, form, 4, gap), s, tolerance = 1e-12, info = paste(structure, form))
    }
  }
  expect_equal(oracle_sigma(c(2, 0.5, 0.5, 0.5), "ad", "natural", 4), oracle_sigma(c(2, 0.5), "ar1", "natural", 4))
})

test_that("the score is the slope of the likelihood and is zero at the fit", {
  h <- holes_case()
  for (reml in c(TRUE, FALSE)) {
    for (structure in c("us", "toeph", "adh", "sp_exp")) {
      fit <- holes_fit(h, structure, reml)
      expect_lt(max(abs(oracle_score(fit$theta, fit$problem, "natural"))), 1e-7)
      away <- fit$theta * 1.05
      slope <- oracle_jacobian(function(t) oracle_gls(oracle_v(t, fit$problem), fit$problem)$loglik, away)
      expect_equal(oracle_score(away, fit$problem, "natural"), as.vector(slope), tolerance = 1e-7)
    }
  }
})

test_that("two complete visits, unstructured REML, are the paired t-test under three kinds of df", {
  y <- rm_mixed()$y[, c(1, 4)]
  x <- cbind(1, rep(0:1, 16))
  fit <- oracle_mmrm(as.vector(t(y)), x, rep(1:16, each = 2), rep(1:2, 16))
  t <- stats::t.test(y[, 2], y[, 1], paired = TRUE)
  s <- oracle_satterthwaite(fit, c(0, 1))
  expect_equal(c(s$estimate, s$se, s$df, s$p), c(t$estimate, t$stderr, t$parameter, t$p.value), tolerance = 1e-8,
    ignore_attr = TRUE)
  for (information in c("observed", "expected")) {
    k <- oracle_kenward_roger(fit, c(0, 1), "natural", information)
    expect_equal(c(k$se, k$df, k$p), c(t$stderr, t$parameter, t$p.value), tolerance = 1e-8, ignore_attr = TRUE)
  }
  expect_equal(oracle_between_within(fit, c(0, 1)), 15)
  mmrm <- oracle_kenward_roger(fit, c(0, 1), "mmrm")
  expect_gt(abs(mmrm$se / t$stderr - 1), 1e-3) # that package's form is another quantity
})

test_that("compound symmetry on complete data is the analysis of variance", {
  d <- rm_mixed()
  long <- data.frame(group = d$group[rep(1:16, each = 4)], v = factor(rep(1:4, 16)))
  x <- stats::model.matrix(~ group * v, long, contrasts.arg = list(group = "contr.sum", v = "contr.sum"))
  fit <- oracle_mmrm(as.vector(t(d$y[, 1:4])), x, rep(1:16, each = 4), rep(1:4, 16), "cs")
  anova <- oracle_rm_anova(d$y[, 1:4], data.frame(group = d$group))
  parts <- oracle_kenward_roger_parts(fit)
  for (row in 1:3) {
    l <- diag(8)[list(2, 3:5, 6:8)[[row]], , drop = FALSE]
    s <- oracle_satterthwaite(fit, l)
    k <- oracle_kenward_roger(fit, l, parts = parts)
    satterthwaite <- if (row == 1) c(s$t^2, s$df) else c(s$f, s$df2)
    expect_equal(satterthwaite, c(anova$f[row], anova$df_error[row]), tolerance = 1e-6)
    expect_equal(c(k$f, k$df, k$scale), c(anova$f[row], anova$df_error[row], 1), tolerance = 1e-6)
  }
})

test_that("Kenward-Roger's R is zero in linear parameters, and Satterthwaite is the same in every form", {
  h <- holes_case()
  fit <- holes_fit(h, "us")
  l <- c(0, 0, 0, 0, 0, 0, 0, 1)
  natural <- oracle_kenward_roger(fit, l)
  linear <- oracle_kenward_roger(fit, l, "linear")
  expect_equal(natural$vcov, linear$vcov, tolerance = 1e-8)
  expect_gt(abs(oracle_kenward_roger(fit, l, "cholesky")$se / linear$se - 1), 1e-4)
  expect_equal(oracle_kenward_roger(fit, l, "mmrm")$df, linear$df, tolerance = 1e-6)
  variance <- function(t) {
    sum(l * (oracle_gls(oracle_v(t, fit$problem, "mmrm"), fit$problem)$vcov %*% l))
  }
  g <- as.vector(oracle_jacobian(variance, oracle_theta_in(fit, "mmrm")))
  df <- 2 * sum(l * (fit$vcov %*% l))^2 / sum(g * (oracle_theta_vcov(fit, "mmrm") %*% g))
  expect_equal(oracle_satterthwaite(fit, l)$df, df, tolerance = 1e-6)
})

test_that("CR2 is unbiased under the working model with each root, CR3 is the jackknife at fixed V", {
  h <- holes_case()
  fit <- holes_fit(h, "ar1h")
  v <- oracle_v(fit$theta, fit$problem)
  x <- fit$problem$x
  free <- diag(nrow(x)) - x %*% fit$vcov %*% t(x) %*% solve(v)
  for (root in c("cholesky", "symmetric")) {
    mean_vcov <- 0
    for (id in unique(h$patient)) {
      rows <- which(h$patient == id)
      a <- oracle_adjustment(v[rows, rows, drop = FALSE], x[rows, , drop = FALSE], fit$vcov, "CR2", root)
      to <- fit$vcov %*% t(x[rows, , drop = FALSE]) %*% solve(v[rows, rows, drop = FALSE]) %*% a
      mean_vcov <- mean_vcov + to %*% (free %*% v %*% t(free))[rows, rows] %*% t(to)
    }
    expect_equal(mean_vcov, fit$vcov, tolerance = 1e-8)
  }
  jackknife <- 0
  for (id in unique(h$patient)) {
    stay <- h$patient != id
    w <- solve(v[stay, stay])
    b <- solve(t(x[stay, ]) %*% w %*% x[stay, ], t(x[stay, ]) %*% w %*% h$y[stay])
    jackknife <- jackknife + (b - fit$beta) %*% t(b - fit$beta)
  }
  expect_equal(oracle_sandwich(fit, "CR3")$vcov, jackknife, tolerance = 1e-8, ignore_attr = TRUE)
})

test_that("CR2 and its df of a mean change are those of the one-sample t-test", {
  y <- rm_mixed()$y[, c(1, 4)]
  fit <- oracle_mmrm(as.vector(t(y)), cbind(1, rep(0:1, 16)), rep(1:16, each = 2), rep(1:2, 16))
  out <- oracle_sandwich(fit, "CR2", c(0, 1))
  expect_equal(c(out$se_contrast, out$df), c(stats::t.test(y[, 2] - y[, 1])$stderr, 15), tolerance = 1e-8)
})

test_that("several contrasts have the df at which F has the mean of a mean of squared t", {
  fit <- holes_fit(holes_case(), "us")
  out <- oracle_satterthwaite(fit, diag(8)[6:8, ])
  expect_gt(diff(range(out$each)), 0.5)
  expect_equal(out$df2 / (out$df2 - 2), mean(out$each / (out$each - 2)))
})

test_that("between-within df add up to the residual ones, and unstructured matrices have the between part", {
  h <- holes_case()
  fit <- holes_fit(h, "cs")
  expect_equal(oracle_between_within(fit, c(0, 1, 0, 0, 0, 0, 0, 0)), 16 - 2)
  expect_equal(oracle_between_within(fit, c(0, 0, 0, 0, 0, 1, 0, 0)), nrow(h) - 8 - 14)
  fit$problem$structure <- "us"
  expect_equal(oracle_between_within(fit, c(0, 0, 0, 0, 0, 1, 0, 0)), 14)
  expect_equal(oracle_between_within(fit, c(0, 0, 0, 0, 0, 1, 0, 0), exception = FALSE), nrow(h) - 8 - 14)
})

# The SAS figures: the patients of the R package mmrm with a value, 537 rows.
fev_case <- function() {
  d <- rm_validation_mmrm("fev")
  d$trt <- as.numeric(d$arm == "TRT")
  d
}

rm_validation_mmrm <- function(file) {
  path <- testthat::test_path("..", "..", "inst", "validation", "sas_mmrm", paste0(file, ".csv"))
  if (!file.exists(path)) path <- system.file("validation", "sas_mmrm", paste0(file, ".csv"), package = "respondr")
  utils::read.csv(path)
}

expect_sas <- function(case, ours) {
  rows <- rm_validation_mmrm("expected")
  rows <- rows[rows$case == case, ]
  for (i in seq_len(nrow(rows))) {
    value <- ours[[rows$name[i]]]
    testthat::expect_true(abs(value - rows$value[i]) <= rows$tolerance[i] * (1 + 1e-6),
      info = sprintf("%s: ours %.12g, stored %.12g", rows$name[i], value, rows$value[i]))
  }
  testthat::expect_setequal(names(ours), rows$name)
}

test_that("PROC MIXED's AR(1) with Satterthwaite comes out", {
  wide_proof()
  d <- fev_case()
  fit <- oracle_mmrm(d$fev1, cbind(1, d$trt, d$sex == "Female"), d$patient, d$visit, "ar1", starts = 1)
  a <- oracle_theta_vcov(fit)
  s <- lapply(1:3, function(j) oracle_satterthwaite(fit, diag(3)[j, ], a))
  ends <- s[[2]]$estimate + c(-1, 1) * stats::qt(0.975, s[[2]]$df) * s[[2]]$se
  expect_sas("mmrm_sas_ar1", list(
    neg2_res_ll = -2 * fit$loglik, rho = fit$theta[2], residual = fit$theta[1], est_intercept = s[[1]]$estimate,
    se_intercept = s[[1]]$se, est_trt = s[[2]]$estimate, se_trt = s[[2]]$se, est_female = s[[3]]$estimate,
    se_female = s[[3]]$se, df_intercept = s[[1]]$df, df_trt = s[[2]]$df, trt_ci_low = ends[1], trt_ci_high = ends[2]
  ))
})

test_that("PROC MIXED's Kenward-Roger has the observed information and variances with correlations as parameters", {
  wide_proof()
  d <- fev_case()
  fit <- oracle_mmrm(d$fev1, cbind(1, d$trt), d$patient, d$visit, "ar1", starts = 1)
  parts <- oracle_kenward_roger_parts(fit)
  full <- oracle_kenward_roger(fit, c(0, 1), parts = parts)
  parts$r <- lapply(parts$r, lapply, function(r) 0 * r)
  linear <- oracle_kenward_roger(fit, c(0, 1), parts = parts)
  expect_sas("mmrm_kr_ar1", list(se_kr = full$se, se_kr_linear = linear$se, df_kr = full$df))
  parts$w <- oracle_theta_vcov(fit, "natural", "expected")
  expect_gt(oracle_kenward_roger(fit, c(0, 1), parts = parts)$df, 200) # SAS: 188.5
})
