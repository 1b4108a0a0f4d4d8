ordinal_example <- function(n = 90, seed = 11) {
  set.seed(seed)
  d <- data.frame(arm = factor(rep_len(c("a", "b", "c"), n)), hbf = round(rnorm(n, 30, 12), 1))
  z <- 0.8 * (d$arm == "b") + 0.03 * d$hbf + rlogis(n)
  d$class <- cut(z, c(-Inf, 0, 1.2, 2.2, Inf), labels = c("none", "minor", "main", "complete"))
  d
}

test_that("at the estimate the naive likelihood has the same value and no slope, and -H is the inverse of vcov()", {
  d <- ordinal_example()
  x <- response_ordinal(class ~ arm + hbf, d)
  m <- naive_ordinal(cbind(d$arm == "b", d$arm == "c", d$hbf), as.integer(d$class))
  b <- coef(x)
  par <- unname(c(b[4:6], b[1:3]))
  expect_equal(as.numeric(logLik(x)), m$loglik(par), tolerance = 1e-12)
  expect_lt(max(abs(m$slope(par))), 1e-5)  # error of central differences
  h <- -stats::optimHess(par, m$loglik, control = list(ndeps = rep(1e-4, 6)))
  v <- vcov(x)[c(4:6, 1:3), c(4:6, 1:3)]
  expect_equal(solve(h), v, tolerance = 1e-4, ignore_attr = TRUE)  # second differences
})

test_that("MASS::polr has the same coefficients, covariance and predictions, to its own stopping rule", {
  skip_if_not_installed("MASS")
  x <- response_ordinal(Sat ~ Infl + Type + Cont, MASS::housing, weights = Freq)
  m <- MASS::polr(Sat ~ Infl + Type + Cont, MASS::housing, weights = Freq, Hess = TRUE)
  expect_equal(coef(x), c(stats::coef(m), m$zeta), tolerance = 1e-5, ignore_attr = TRUE)
  expect_equal(vcov(x), stats::vcov(m), tolerance = 1e-5, ignore_attr = TRUE)
  expect_equal(predict(x), predict(m, type = "probs"), tolerance = 1e-5, ignore_attr = TRUE)
  expect_gte(as.numeric(logLik(x)), as.numeric(logLik(m)) - 1e-8)
  # its example prints 0.5664, 1.2888, -0.5724, -0.3662, -1.0910, 0.3603 and a residual deviance of 3479.149
  expect_equal(unname(round(coef(x)[1:6], 4)), c(0.5664, 1.2888, -0.5724, -0.3662, -1.0910, 0.3603))
  expect_equal(round(-2 * as.numeric(logLik(x)), 3), 3479.149)
})

test_that("a profile limit is where the naive profile likelihood has fallen by half the chi-squared quantile", {
  d <- ordinal_example()
  x <- response_ordinal(class ~ arm + hbf, d)
  m <- naive_ordinal(cbind(d$arm == "b", d$arm == "c", d$hbf), as.integer(d$class))
  start <- unname(coef(x)[c(4:6, 1:3)])
  for (limit in c(x$conf_low[1], x$conf_high[1])) {
    free <- function(p) -m$loglik(c(p[1:3], log(limit), p[4:5]))
    best <- stats::optim(start[-4], free, method = "BFGS", control = list(reltol = 1e-15, maxit = 500))$value
    expect_equal(as.numeric(logLik(x)) + best, stats::qchisq(0.95, 1) / 2, tolerance = 1e-6)  # optim's stop
  }
})

test_that("with two classes the model is logistic regression", {
  d <- ordinal_example()
  d$yes <- factor(d$class %in% c("main", "complete"))
  x <- response_ordinal(yes ~ arm + hbf, d)
  g <- fit_logistic(yes ~ arm + hbf, d, method = "ml")
  o <- odds_ratios(g)
  for (name in c("estimate", "std_error", "conf_low", "conf_high", "p_value")) {
    expect_equal(x[[name]], o[[name]], tolerance = 1e-8, info = name)
  }
})

test_that("wins are those counted pair by pair, and the interval is that of the log odds", {
  d <- ordinal_example()
  d <- d[d$arm != "c", ]
  w <- naive_wins(as.integer(d$class[d$arm == "b"]), as.integer(d$class[d$arm == "a"]))
  x <- as.data.frame(response_wins(class ~ arm, d, method = "logit"))
  odds <- x[x$estimand == "win odds", ]
  s <- w$se / (w$p * (1 - w$p))
  expect_equal(odds$estimate, w$p / (1 - w$p), tolerance = 1e-12)
  expect_equal(odds$df, w$df, tolerance = 1e-10)
  expect_equal(log(c(odds$conf_low, odds$conf_high)), stats::qlogis(w$p) + c(-1, 1) * stats::qt(0.975, w$df) * s,
    tolerance = 1e-10)
  expect_equal(odds$p_value, 2 * stats::pt(-abs(stats::qlogis(w$p) / s), w$df), tolerance = 1e-9)
  expect_equal(x$estimate[x$estimand == "net benefit"], 2 * w$p - 1, tolerance = 1e-12)
})

test_that("the exact trend is the permutation distribution of the correlation, over all relabellings of 8 patients", {
  d <- data.frame(arm = rep(c("a", "b"), each = 4), class = factor(c(1, 1, 2, 3, 2, 3, 3, 3)))
  x <- as.data.frame(response_wins(class ~ arm, d, method = "linear"))
  y <- as.integer(d$class)
  sums <- utils::combn(8, 4, function(i) sum(y[i]))
  seen <- sum(y[5:8])
  expect_equal(x$p_value, mean(abs(sums - mean(sums)) >= abs(seen - mean(sums)) - 1e-9), tolerance = 1e-12)
  expect_equal(x$estimate, stats::cor(y, rep(0:1, each = 4)), tolerance = 1e-12)
})

test_that("Brant's test is that of the paper written out, for all terms, one column and a factor", {
  set.seed(21)
  n <- 150
  d <- data.frame(arm = rep(c("a", "b", "c"), n / 3), hb = 7 + rnorm(n))
  d$class <- cut(0.6 * (d$arm == "b") + 0.4 * d$hb + rlogis(n), c(-Inf, 2, 3, 4.5, Inf), labels = c("none", "minor", "main",
    "full"))
  x <- response_ordinal(class ~ arm + hb, d)
  tests <- as.data.frame(ordinal_tests(x, "brant"))
  columns <- cbind(d$arm == "b", d$arm == "c", d$hb)
  y <- as.integer(d$class) - 1L
  for (case in list(list("all terms", 1:3), list("arm", 1:2), list("hb", 3))) {
    naive <- naive_brant(columns, y, case[[2]])
    row <- tests[tests$term == case[[1]], ]
    expect_equal(row$statistic, naive[["statistic"]], tolerance = 1e-9)
    expect_equal(row$df, naive[["df"]])
    expect_equal(row$p_value, stats::pchisq(naive[["statistic"]], naive[["df"]], lower.tail = FALSE), tolerance = 1e-9)
  }
  cuts <- as.data.frame(ordinal_cuts(x))
  for (j in 1:3) {
    fit <- stats::glm(as.integer(y >= j) ~ arm + hb, stats::binomial, d, control = list(epsilon = 1e-15))
    own <- cuts[as.integer(cuts$event) %in% match(c("minor or better", "main or better", "full")[j], levels(cuts$event)), ]
    expect_equal(own$estimate, exp(unname(coef(fit)[-1])), tolerance = 1e-9)
    expect_equal(own$std_error, unname(sqrt(diag(vcov(fit)))[-1]), tolerance = 1e-9)
    expect_equal(unique(own$events), sum(y >= j))
  }
})

test_that("the win ratio is that of the pairs counted one by one, its interval that of the delta method", {
  d <- ordinal_example()
  d <- d[d$arm != "c", ]
  naive <- naive_win_ratio(as.integer(d$class[d$arm == "b"]), as.integer(d$class[d$arm == "a"]))
  x <- as.data.frame(response_wins(class ~ arm, d, estimand = "win_ratio", method = "logit"))
  expect_equal(x$estimate, naive$estimate, tolerance = 1e-12)
  expect_equal(x$std_error, naive$se, tolerance = 1e-11)
  expect_equal(x$df, naive$df, tolerance = 1e-10)
  expect_equal(log(c(x$conf_low, x$conf_high)), log(naive$estimate) + c(-1, 1) * stats::qt(0.975, naive$df) * naive$se,
    tolerance = 1e-10)
  expect_equal(x$p_value, 2 * stats::pt(-abs(log(naive$estimate)) / naive$se, naive$df), tolerance = 1e-9)
})
