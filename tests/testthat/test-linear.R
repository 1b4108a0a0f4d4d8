# Evidence: oracle (helper-oracle-linear.R, from the papers alone), property, edge. Tolerance 1e-10 relative unless a line
# says why.

linear_table <- function(n = 40, seed = 1) {
  i <- seq_len(n)
  u <- function(k) (i * k %% 101 + k * i^2 %% 89) %% 97 / 97
  data.frame(y = 3 + 2 * u(17) - u(29) + 3 * u(53) * (1 + u(17)), x = u(17), z = u(29), w = 0.5 + u(41),
    arm = letters[1 + i %% 3],
    centre = 1 + i %% 7)
}

close <- function(ours, theirs, tolerance = 1e-10) {
  testthat::expect_equal(unname(ours), unname(theirs), tolerance = tolerance, ignore_attr = TRUE)
}

test_that("coefficients, covariances, leverage and deviances agree with the naive program, weighted too", {
  d <- linear_table()
  for (weighted in c(FALSE, TRUE)) {
    fit <- if (weighted) fit_linear(y ~ x * arm + z, d, weights = w) else fit_linear(y ~ x * arm + z, d)
    o <- oracle_least_squares(model.matrix(~ x * arm + z, d), d$y, if (weighted) d$w else rep(1, 40))
    close(coef(fit), o$beta)
    close(vcov(fit), o$vcov)
    close(hatvalues(fit), o$leverage)
    close(residuals(fit), o$residual)
    for (kind in paste0("HC", 0:4)) close(vcov(update(fit, vcov = kind)), oracle_hc(o, kind))
  }
})

test_that("cluster covariances and Satterthwaite's degrees of freedom agree with the naive program", {
  d <- linear_table()
  o <- oracle_least_squares(model.matrix(~ x + arm, d), d$y)
  for (kind in c("CR0", "CR1", "CR2")) {
    fit <- fit_linear(y ~ x + arm, d, vcov = kind, cluster = centre)
    naive <- oracle_cluster(o, d$centre, kind)
    close(vcov(fit), naive$vcov)
    close(fit$df, if (kind == "CR2") naive$df else rep(6, 4))
  }
})

test_that("a term is tested given all that do not contain it, with the partial R2 of two residual sums of squares", {
  d <- linear_table()
  x <- model.matrix(~ x * arm + z, d)
  a <- anova(fit_linear(y ~ x * arm + z, d))
  full <- oracle_least_squares(x, d$y)
  inter <- oracle_partial(x, d$y, set = 6:7)
  main <- oracle_partial(x[, 1:5], d$y, set = 3:4)
  close(a$effect[a$term == "x:arm"], inter$partial_r2)
  close(a$statistic[a$term == "x:arm"], inter$statistic)
  close(a$p_value[a$term == "x:arm"], inter$p_value)
  rest <- oracle_least_squares(x[, c(1, 2, 5)], d$y)$rss - oracle_least_squares(x[, 1:5], d$y)$rss
  close(a$sum_sq[a$term == "arm"], rest)
  close(a$statistic[a$term == "arm"], rest / 2 / (full$rss / full$df))
  expect_identical(a$df_denominator, rep(full$df, 5) * 1)
})

test_that("limits of partial R2 put F at the two tails of the noncentral F", {
  a <- anova(fit_linear(mpg ~ wt + hp, mtcars))
  ncp <- function(r2) r2 * (1 + 29 + 1) / (1 - r2)
  close(pf(a$statistic[1], 1, 29, ncp(a$effect_low[1]), lower.tail = FALSE), 0.025, 1e-6)  # R's own series
  close(pf(a$statistic[1], 1, 29, ncp(a$effect_high[1])), 0.025, 1e-6)
})

test_that("influence is that of leaving the patient out", {
  d <- linear_table(20)
  fit <- fit_linear(y ~ x + z, d)
  without <- lapply(1:20, function(i) fit_linear(y ~ x + z, d[-i, ]))
  change <- t(vapply(without, function(f) coef(fit) - coef(f), numeric(3)))
  s <- vapply(without, sigma, 0)
  bread <- diag(vcov(fit)) / sigma(fit)^2
  close(dfbetas(fit), change / outer(s, sqrt(bread)))
  x <- cbind(1, d$x, d$z)
  close(cooks.distance(fit), rowSums((x %*% t(change)) ^ 2)[1:20] * 0 + vapply(1:20, function(i) {
    sum((x %*% change[i, ])^2) / (3 * sigma(fit)^2)
  }, 0))
  close(rstudent(fit), vapply(1:20, function(i) {
    p <- predict(without[[i]], d[i, ], se.fit = TRUE)
    (d$y[i] - p$fit) / sqrt(s[i]^2 + p$se.fit^2)
  }, 0))
})

test_that("predictions have the interval of the mean and of a new patient, by the degrees of freedom of the fit", {
  fit <- fit_linear(mpg ~ wt + factor(cyl), mtcars)
  new <- data.frame(wt = c(2.5, 3), cyl = c(4, 8))
  m <- lm(mpg ~ wt + factor(cyl), mtcars)
  for (kind in c("confidence", "prediction")) close(predict(fit, new, interval = kind), predict(m, new, interval = kind))
  expect_identical(predict(fit), unname(fit$fitted.values))
  expect_true(is.na(predict(fit, data.frame(wt = NA, cyl = 4))))
})

test_that("a common offset of 1e8 and a scale of 1e150 or 1e-150 take no digits", {
  d <- linear_table()
  d$x <- round(d$x * 1024) / 1024
  d$y <- round(d$y * 1024) / 1024
  base <- fit_linear(y ~ x + z, d, vcov = "HC3")
  far <- fit_linear(I(y + 2^27) ~ I(x + 2^27) + z, d, vcov = "HC3")
  close(coef(far)[2:3], coef(base)[2:3])
  close(vcov(far)[2:3, 2:3], vcov(base)[2:3, 2:3])
  for (k in c(500, -500)) {
    s <- fit_linear(I(y * 2^k) ~ I(x * 2^k) + z, d)
    expect_identical(unname(coef(s)[2]), unname(coef(update(base, vcov = "classical"))[2]))
  }
})

test_that("the order of rows, the scale of weights and rows of weight 0 change nothing", {
  d <- linear_table()
  fit <- fit_linear(y ~ x + arm, d, weights = w)
  mixed <- d[order(d$z), ]
  close(coef(fit_linear(y ~ x + arm, mixed, weights = w)), coef(fit))
  close(vcov(fit_linear(y ~ x + arm, d, weights = 8 * w)), vcov(fit))
  extra <- rbind(cbind(d, keep = 1), cbind(transform(d[1:3, ], y = 1e6), keep = 0))
  weighted <- fit_linear(y ~ x + arm, extra, weights = keep * w)
  close(vcov(weighted), vcov(fit))
  expect_identical(nobs(weighted), 40L)
  close(logLik(weighted), logLik(lm(y ~ x + arm, d, weights = w)))
})

test_that("an offset is a predictor with slope 1, inside the formula or beside it", {
  d <- linear_table()
  close(coef(fit_linear(y ~ x, d, offset = z)), coef(fit_linear(I(y - z) ~ x, d)))
  inside <- fit_linear(y ~ x + offset(z), d)
  close(fitted(inside), fitted(lm(y ~ x + offset(z), d)))
  close(predict(inside, d[1:3, ]), fitted(inside)[1:3])
})

test_that("columns that depend on others are named and the rest is fitted", {
  d <- transform(linear_table(), twice = 2 * x, sum = x + z, one = 1)
  expect_warning(fit <- fit_linear(y ~ x + twice + z + sum + one, d), "twice.*sum.*one",
    class = "respondr_warning_rank_deficient")
  expect_identical(unname(is.na(coef(fit))), c(FALSE, FALSE, TRUE, FALSE, TRUE, TRUE))
  close(coef(fit)[fit$kept], coef(fit_linear(y ~ x + z, d)))
  expect_match(paste(format(fit), collapse = " "), "depend on others: twice, sum, one")
  far <- suppressWarnings(fit_linear(y ~ I(x + 1e8) + I(2 * x + 3e8 + z) + z, d))
  expect_identical(sum(far$kept), 3L)
})

test_that("as many patients as coefficients, a constant response and an empty table have a status", {
  expect_warning(fit <- fit_linear(mpg ~ wt, mtcars[1:2, ]), class = "respondr_warning_too_few")
  expect_true(all(is.finite(coef(fit))) && all(is.na(vcov(fit))))
  expect_warning(flat <- fit_linear(I(0 * mpg + 7) ~ wt, mtcars), class = "respondr_warning_no_variance")
  expect_identical(unname(coef(flat)), c(7, 0))
  expect_true(all(is.na(tidy(flat)$p.value)))
  expect_output(print(flat), "no_variance")
  expect_error(fit_linear(mpg ~ wt, mtcars[0, ]), class = "respondr_error")
  expect_warning(none <- fit_linear(mpg ~ wt, mtcars, weights = 0 * wt), class = "respondr_warning_no_data")
  expect_output(print(none), "no_data")
})

test_that("a patient who alone determines a coefficient has no HC3, and the row is named", {
  d <- transform(linear_table(), only = as.numeric(seq_len(40) == 9))
  expect_warning(fit <- fit_linear(y ~ x + only, d, vcov = "HC3"), "row 9", class = "respondr_warning_not_estimable")
  expect_true(all(is.na(vcov(fit))))
  expect_true(all(is.finite(vcov(update(fit, vcov = "HC1")))))
  expect_true(is.nan(rstandard(fit)[9]) && is.nan(cooks.distance(fit)[9]))
})

test_that("one cluster, missing clusters and clusters without a covariance of theirs are said", {
  d <- transform(linear_table(), one = 1, gap = replace(centre, 4, NA))
  expect_warning(fit_linear(y ~ x, d, cluster = one), class = "respondr_warning_one_level")
  expect_error(fit_linear(y ~ x, d, cluster = gap), "no cluster", class = "respondr_error")
  expect_error(fit_linear(y ~ x, d, vcov = "CR1"), class = "respondr_error_cluster")
  expect_error(fit_linear(y ~ x, d, vcov = "HC3", cluster = centre), class = "respondr_error_cluster")
  pairs <- fit_linear(y ~ x + z + arm, d, vcov = "CR1", cluster = centre > 3)
  expect_identical(as.character(anova(pairs)$status), c("ok", "ok", "not_estimable", "not_estimable")[c(1, 2, 3, 4)])
})

test_that("steps rescale what is shown and nothing else", {
  a <- tidy(fit_linear(mpg ~ wt + hp, mtcars))
  b <- tidy(fit_linear(mpg ~ wt + hp, mtcars, steps = c(hp = 10)))
  close(b$estimate, a$estimate * c(1, 1, 10))
  close(b$p.value, a$p.value)
  expect_match(b$term[3], "per 10")
  expect_error(fit_linear(mpg ~ wt, mtcars, steps = c(hp = 10)), class = "respondr_error_steps")
})

test_that("splines predict at new values from the knots of the fit", {
  fit <- fit_linear(mpg ~ ns(wt, 3) + rcs(hp, 3), mtcars)
  close(predict(fit, mtcars[3:5, ]), fitted(fit)[3:5])
})

test_that("the robust fit is that of robustbase and leaves the generator alone", {
  skip_if_not_installed("robustbase")
  set.seed(4)
  before <- .Random.seed
  fit <- fit_linear(mpg ~ wt + hp, mtcars, method = "mm")
  expect_identical(.Random.seed, before)
  expect_identical(coef(fit), coef(update(fit)))
  theirs <- robustbase::lmrob(mpg ~ wt + hp, mtcars, control = robustbase::lmrob.control("KS2014"))
  close(coef(fit), coef(theirs), 1e-6)  # both iterate to 1e-7
  expect_error(update(fit, vcov = "HC3"), class = "respondr_error_vcov")
})

test_that("nested models are compared by F", {
  a <- fit_linear(mpg ~ wt, mtcars)
  b <- fit_linear(mpg ~ wt + hp + qsec, mtcars)
  t <- anova(a, b)
  r <- anova(lm(mpg ~ wt, mtcars), lm(mpg ~ wt + hp + qsec, mtcars))
  close(t$F[2], r$F[2])
  close(t[["Pr(>F)"]][2], r[["Pr(>F)"]][2])
  expect_error(anova(a, fit_linear(mpg ~ wt, mtcars[-1, ])), class = "respondr_error_models")
})

test_that("every row of the family converts to an htest, a tidy table and a summary", {
  results <- list(
    correlate(mpg ~ wt + hp, mtcars, method = correlation_methods), anova(fit_linear(mpg ~ wt + hp, mtcars)),
    pool_studies(mpg ~ wt, mtcars, study = cyl),
    baseline_change(Postwt ~ Prewt, MASS::anorexia, reliability = 0.8, error_variance = 4, population_mean = 80)
  )
  for (x in results) {
    for (i in seq_len(nrow(x))) {
      h <- as_htest(x, i)
      expect_identical(unname(h$p.value), x$p_value[i])
      expect_false(anyNA(h$method))
      expect_output(print(h))
    }
    expect_identical(nrow(tidy(x)), nrow(x))
    expect_output(print(summary(x)))
    expect_output(print(x), "Tests: ")
  }
})

test_that("a cluster of weight 0 is no cluster", {
  d <- transform(linear_table(), weight = ifelse(centre == 4, 0, w))
  a <- fit_linear(y ~ x, d, weights = weight, vcov = "CR1", cluster = centre)
  b <- fit_linear(y ~ x, d[d$centre != 4, ], weights = weight, vcov = "CR1", cluster = centre)
  close(vcov(a), vcov(b))
  expect_identical(a$df, b$df)
})

test_that("emmeans, marginaleffects and insight read the model", {
  skip_if_not_installed("emmeans")
  fit <- fit_linear(Postwt ~ Prewt + Treat, MASS::anorexia)
  m <- lm(Postwt ~ Prewt + Treat, MASS::anorexia)
  ours <- as.data.frame(emmeans::emmeans(fit, "Treat"))
  theirs <- as.data.frame(emmeans::emmeans(m, "Treat"))
  close(ours$emmean, theirs$emmean)
  close(ours$SE, theirs$SE)
  close(ours$df, theirs$df)
})

# Tipton and Pustejovsky (2015) by full n x n matrices: the sum of variances of the elements of the covariance.
naive_hotelling <- function(x, y, cluster, l) {
  n <- nrow(x)
  bread <- solve(crossprod(x))
  hat <- x %*% bread %*% t(x)
  e <- drop(y - hat %*% y)
  root <- function(m, power) {
    s <- eigen(m, symmetric = TRUE)
    s$vectors %*% (t(s$vectors) * ifelse(s$values > 1e-10, s$values^power, 0))
  }
  white <- root(l %*% bread %*% t(l), -0.5) %*% l %*% bread
  groups <- split(seq_len(n), cluster)
  q <- nrow(l)
  parts <- lapply(groups, function(g) {
    adjusted <- root(diag(length(g)) - hat[g, g], -0.5) %*% x[g, , drop = FALSE] %*% t(white)
    list(p = (diag(n) - hat)[, g, drop = FALSE] %*% adjusted, d = drop(crossprod(adjusted, e[g])))
  })
  d <- Reduce(`+`, lapply(parts, function(p) tcrossprod(p$d)))
  total <- 0
  for (a in parts) for (b in parts) {
    m <- crossprod(a$p, b$p)
    total <- total + sum(diag(m))^2 + sum(m * t(m))
  }
  eta <- q * (q + 1) / total
  b <- root(l %*% bread %*% t(l), -0.5) %*% l %*% bread %*% crossprod(x, y)
  statistic <- drop(t(b) %*% solve(d) %*% b) / q * (eta - q + 1) / eta
  c(statistic = statistic, df2 = eta - q + 1, p = pf(statistic, q, eta - q + 1, lower.tail = FALSE))
}

test_that("terms by CR2 are tested as Tipton and Pustejovsky do, a single coefficient by Satterthwaite", {
  d <- linear_table(60)
  d$centre <- seq_len(60) %% 11
  fit <- fit_linear(y ~ x + arm + z, d, cluster = centre)
  a <- anova(fit)
  x <- model.matrix(~ x + arm + z, d)
  o <- naive_hotelling(x, d$y, d$centre, diag(5)[3:4, ])
  close(c(a$statistic[2], a$df_denominator[2], a$p_value[2]), o)
  close(a$p_value[c(1, 3)], tidy(fit)$p.value[c(2, 5)])
  close(a$df_denominator[c(1, 3)], fit$df[c(2, 5)])
})

test_that("new patients get the offset of the call, computed from their own row", {
  d <- linear_table()
  fit <- fit_linear(y ~ x, d, offset = 2 * z)
  expect_equal(predict(fit, d[3:5, ]), unname(fitted(fit)[3:5]), tolerance = 1e-12)
  expect_error(predict(fit, d[3:5, c("x", "y")]), "z")
  d$event <- as.integer(d$y > 3.5)
  logistic <- suppressWarnings(fit_logistic(event ~ x, d, offset = z))
  expect_equal(predict(logistic, d[3:5, ]), unname(predict(logistic)[3:5]), tolerance = 1e-12)
  risks <- risk_effects(logistic)
  expect_equal(risks$estimate[1], mean(plogis(predict(logistic))), tolerance = 1e-10)
})
