# Evidence: oracle. The trials that the core draws, sent through the package's own tests one by one, must reject as often
# (a test without an answer does not); formulas against the same in base R.

means_words <- function(seed, shape = 0L, decimals = -1L, alternative = 0L, sd = 1, sd_level = 1, null = 0,
                        alpha = 0.05) {
  list(shape = shape, decimals = decimals, sd = sd, sd_level = sd_level, null = null, alpha = alpha,
    alternative = alternative, seed = as.integer(c(seed, 0L)))
}
asked <- function(x) as.data.frame(x)$power

test_that("changes reject where compare_paired() does, with and without ties", {
  trials <- 120
  tests <- c("t", "signed_rank")
  for (one in list(list("normal", NULL, "two.sided", 14), list("lognormal", 1, "greater", 14),
    list("t5", 0, "two.sided", 14), list("uniform", 0, "two.sided", 3))) {
    words <- means_words(7, match(one[[1]], power_shapes) - 1L, as.integer(one[[2]] %||% -1L), sd = one[[4]] / 7)
    p <- vapply(seq_len(trials), function(b) {
      change <- ask_core(power_trial_values(words, one[[4]], 0L, 1.1, b - 1L))$change
      compare_paired(change ~ 1, data.frame(change = change), method = tests, effect = "none",
        alternative = one[[3]])$p_value
    }, numeric(2))
    ours <- power_paired(one[[4]], 1.1, sd_change = one[[4]] / 7, test = tests, shape = one[[1]], decimals = one[[2]],
      alternative = one[[3]], trials = trials, seed = 7)
    expect_equal(asked(ours), rowMeans(!is.na(p) & p <= 0.05), label = one[[1]])
  }
})

test_that("arms reject where compare_groups() does, with and without ties", {
  trials <- 120
  tests <- c("student", "welch", "mann_whitney")
  for (one in list(list(NULL, 9L, 14L, 3), list(0, 9L, 14L, 3), list(0, 2L, 3L, 0.4))) {
    words <- means_words(3, 4L, as.integer(one[[1]] %||% -1L), sd = one[[4]], sd_level = one[[4]] * 4 / 3)
    p <- vapply(seq_len(trials), function(b) {
      arms <- ask_core(power_trial_values(words, one[[2]], one[[3]], one[[4]], b - 1L))
      level <- c("reference", "level")
      d <- data.frame(y = unlist(arms), arm = factor(rep(level, one[2:3]), level))
      compare_groups(y ~ arm, d, method = tests, effect = "none")$p_value
    }, numeric(3))
    ours <- power_groups(one[[2]], one[[4]], test = tests, sd = one[[4]], sd_level = one[[4]] * 4 / 3,
      ratio = one[[3]] / one[[2]], shape = "lognormal", decimals = one[[1]], trials = trials, seed = 3)
    expect_equal(asked(ours), rowMeans(!is.na(p) & p <= 0.05))
  }
})

test_that("patients reject where fit_logistic() does", {
  trials <- 100
  words <- list(predictor = 1L, rate = 0.3, prevalence = 0.4, r2 = 0.2, alpha = 0.05, alternative = 0L, seed = c(5L, 0L))
  p <- vapply(seq_len(trials), function(b) {
    one <- ask_core(power_trial_patients(words, 40L, log(5), b - 1L))
    d <- data.frame(y = one$y, x = one$x[, 2], z = one$x[, 3])
    test <- function(estimator, kind) {
      tryCatch(suppressWarnings({
        fit <- fit_logistic(y ~ x + z, d, method = estimator)
        as.data.frame(term_tests(fit, test = kind))$p_value[1]
      }), error = function(e) NA)
    }
    c(test("ml", "lr"), test("ml", "wald"), test("firth", "lr"))
  }, numeric(3))
  ours <- power_logistic(40, 5, rate = 0.3, predictor = "binary", prevalence = 0.4, r2 = 0.2,
    test = c("lr", "wald", "firth"), trials = trials, seed = 5)
  expect_equal(asked(ours), rowMeans(!is.na(p) & p <= 0.05))
})

test_that("shapes have mean 0 and standard deviation 1 and the skewness and tails they are named for", {
  draw <- function(k) ask_core(power_trial_values(means_words(1, k), 200000L, 0L, 0, 0L))$change
  moments <- vapply(0:5, function(k) {
    x <- draw(k)
    c(mean(x), sd(x), mean(x^3))
  }, numeric(3))
  expect_equal(moments[1, ], rep(0, 6), tolerance = 0.01)  # six standard errors of 200,000 draws
  expect_equal(moments[2, ], rep(1, 6), tolerance = 0.02)
  expect_equal(moments[3, 5], 1.75, tolerance = 0.1)
  expect_lt(max(abs(moments[3, c(1, 2, 3, 4)])), 0.06)
  quantiles <- c(0.1, 0.5, 0.9, 0.99)
  expect_equal(unname(quantile(draw(0L), quantiles)), qnorm(quantiles), tolerance = 0.02)
  expect_equal(unname(quantile(draw(5L), quantiles)), qt(quantiles, 5) / sqrt(5 / 3), tolerance = 0.03)
  expect_equal(unname(quantile(draw(2L), quantiles)), qlogis(quantiles) * sqrt(3) / pi, tolerance = 0.03)
})

test_that("the t-test by simulation is the exact one within its interval", {
  exact <- power_paired(25, 0.5, sd_change = 1)$power
  normal <- power_paired(25, 0.5, sd_change = 1, test = c("t", "signed_rank"), trials = 40000, seed = 11)[1, ]
  expect_true(normal$conf_low <= exact && exact <= normal$conf_high)
  groups <- power_groups(20, 0.8, sd = 1, shape = "normal", test = c("student", "welch"), trials = 40000, seed = 12)
  expect_equal(groups$power, c(power_groups(20, 0.8)$power, power_groups(20, 0.8, test = "welch")$power), tolerance = 0.015)
})

test_that("repeated measures by formula are noncentral F, by simulation within their interval", {
  m <- c(7.9, 9.1, 9.6, 9.2)
  covariance <- 1.2^2 * (0.5 + 0.5 * diag(4))
  n <- 8
  power <- function(df1, df2, ncp) pf(qf(0.95, df1, df2), df1, df2, ncp, lower.tail = FALSE)
  anova <- power_rm(m, n = n, sd = 1.2, r = 0.5, scale = 0.7, test = c("anova", "multivariate"))
  ncp <- n * sum((0.7 * (m - mean(m)))^2) / (1.2^2 * 0.5)
  expect_equal(asked(anova)[1], power(3, 3 * (n - 1), ncp), tolerance = 1e-9)
  contrast <- diff(diag(4))
  delta <- 0.7 * contrast %*% m
  t2 <- n * drop(t(delta) %*% solve(contrast %*% covariance %*% t(contrast)) %*% delta)
  expect_equal(asked(anova)[2], power(3, n - 3, t2), tolerance = 1e-9)
  # Two arms: T2 of the difference of courses; GG against the ANOVA where it has nothing to correct but its own doubt.
  arms <- rbind(m * 0 + 8, m)
  ar <- 1.2^2 * 0.6^abs(outer(1:4, 1:4, `-`))
  two <- power_rm(arms, n = 12, covariance = ar, scale = 0.8, test = c("multivariate", "gg"), trials = 4000, seed = 4)
  delta <- 0.8 * contrast %*% (m - 8)
  t2 <- 6 * drop(t(delta) %*% solve(contrast %*% ar %*% t(contrast)) %*% delta)
  expect_equal(asked(two)[1], power(3, 22 - 2, t2), tolerance = 1e-9)
  spherical <- power_rm(m, n = n, sd = 1.2, r = 0.5, scale = 0.7, test = "gg", trials = 4000, seed = 4)
  expect_lt(spherical$conf_low, asked(anova)[1])
  expect_gt(asked(anova)[1] + 0.02, asked(spherical))
})

test_that("trials of repeated measures reject where rm_anova() does, corrected or not", {
  covariance <- outer(1:4, 1:4, function(i, j) 0.8^abs(i - j)) * outer(c(1, 1, 2, 3), c(1, 1, 2, 3))
  means <- cbind(c(0, 0.4, 0.9, 1.6), c(0, 0.3, 0.3, -0.4))
  helmert <- t(contr.helmert(4)) / -sqrt(colSums(contr.helmert(4)^2))  # length 1, the sign of the core
  trials <- 100
  for (arms in 1:2) {
    words <- list(mean = means[, seq_len(arms), drop = FALSE], covariance = covariance, rm_effect = arms - 1L, alpha = 0.05,
      seed = c(6L, 0L))
    p <- vapply(seq_len(trials), function(b) {
      y <- t(helmert) %*% ask_core(power_trial_courses(words, 7L, 1, b - 1L))$contrasts
      d <- data.frame(id = rep(seq_len(ncol(y)), each = 4), visit = rep(1:4, ncol(y)), y = c(y),
        arm = rep(rep(c("a", "b"), each = 7)[seq_len(ncol(y))], each = 4))
      a <- as.data.frame(rm_anova(if (arms == 1L) y ~ visit | id else y ~ arm * visit | id, d, effect = "none"))
      a <- a[a$term == if (arms == 1L) "visit" else "arm:visit", ]
      a$p_value[match(c("anova", "greenhouse_geisser", "huynh_feldt"), a$method)]
    }, numeric(3))
    ours <- power_rm(t(words$mean), n = 7, covariance = covariance, test = c("anova", "gg", "hf"), trials = trials, seed = 6)
    expect_equal(asked(ours), rowMeans(p <= 0.05))
    expect_gt(diff(range(asked(ours))), 0)
  }
})

test_that("trials of repeated measures reject as often as rm_anova() does on other numbers", {
  # Under the hypothesis (an effect too small to see) GG keeps its level and the uncorrected test of AR(1) does not.
  null <- power_rm(c(0, 0, 0, 1e-9), n = 10, sd = 1, r = 0.9, structure = "ar1", test = c("anova", "gg", "hf"),
    trials = 20000, seed = 2)
  set.seed(3)
  root <- chol(0.9^abs(outer(1:4, 1:4, `-`)))
  p <- vapply(1:150, function(b) {
    y <- matrix(rnorm(40), 10) %*% root
    d <- data.frame(id = rep(1:10, 4), visit = rep(1:4, each = 10), y = c(y))
    a <- as.data.frame(rm_anova(y ~ visit | id, d, effect = "none"))
    c(a$p_value[1], a$p_gg[1] %||% NA)
  }, numeric(2))
  expect_equal(asked(null)[1], 0.09, tolerance = 0.25)
  expect_lt(abs(mean(p[1, ] <= 0.05) - asked(null)[1]), 0.075)  # three standard errors of 150 trials
  expect_lt(asked(null)[2], 0.06)
})

test_that("the Wald formula is the information averaged over the predictor", {
  b <- c(log(0.2 / 0.8), log(2))
  information <- function(f) {
    integrate(function(x) dnorm(x) * f(x) * dlogis(b[1] + b[2] * x), -Inf, Inf, rel.tol = 1e-10)$value
  }
  i <- matrix(c(information(function(x) 1), information(identity), information(identity), information(function(x) x^2)), 2)
  se <- sqrt(solve(i)[2, 2] / (150 * 0.9))
  expected <- pnorm(b[2] / se - qnorm(0.975)) + pnorm(-b[2] / se - qnorm(0.975))
  expect_equal(asked(power_logistic(150, 2, rate = 0.2, r2 = 0.1)), expected, tolerance = 1e-7)
})
