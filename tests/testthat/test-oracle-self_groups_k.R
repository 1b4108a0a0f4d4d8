# Evidence for the naive second programs of k groups and of change between arms themselves: base R, figures printed by
# SAS, SPSS, JASP, Stata, NIST and in papers. What the package computes is compared with them elsewhere.

# ---- analysis of variance -------------------------------------------------------------------------------------------

test_that("one-way, Welch and Levene's F are those of oneway.test(), from rows and from summary figures", {
  g <- list(c(5.1, 4.4, 6.0, 5.7), c(7.0, 6.1, 9.9), c(5.0, 5.5, 8.8, 7.1, 6.6))
  d <- data.frame(y = unlist(g), arm = factor(rep(1:3, lengths(g))))
  n <- lengths(g)
  for (equal in c(TRUE, FALSE)) {
    base <- stats::oneway.test(y ~ arm, d, var.equal = equal)
    ours <- if (equal) oracle_anova(g) else oracle_welch_anova(n, vapply(g, mean, 0), vapply(g, sd, 0))
    expect_equal(unlist(ours[1:4]), c(base$statistic, base$parameter, base$p.value), ignore_attr = TRUE)
  }
})

test_that("one-way analysis of variance is NIST's certified one", {
  for (case in c("nist_anova_sirstv", "nist_anova_smls01", "nist_anova_smls04", "nist_anova_smls07")) {
    d <- oracle_stored("nist", case)
    y <- d[[ncol(d)]] - round(mean(d[[ncol(d)]])) # offsets of 1e6 and 1e12 leave first
    a <- oracle_anova(split(y, d[[1]]))
    rows <- oracle_stored("nist", "expected")
    f <- rows[rows$case == case & rows$name == "F", ]
    expect_lte(abs(a$statistic - f$value), f$tolerance)
  }
})

test_that("one-way and Kruskal-Wallis print as in JASP", {
  d <- oracle_stored("jasp", "oneway_kw_jasp")
  part <- function(p) split(d$value[d$part == p], d$group[d$part == p], drop = TRUE)
  a <- oracle_anova(part("a"))
  k <- oracle_kruskal(part("k"))
  expect_oracle_stored("jasp", "oneway_kw_jasp", list(
    a_F = a$statistic, a_p = a$p_value, a_ss = a$ss, a_ms_error = a$ms_error, k_H = k$statistic, k_p = k$p_value,
    k_F = oracle_anova(part("k"))$statistic
  ))
})

test_that("one-way and Welch print as in Jan and Shieh (2019)", {
  d <- oracle_stored("statsmodels", "oneway_welch_jan_shieh")
  g <- split(d$value, d$group)
  a <- oracle_anova(g)
  w <- oracle_welch_anova(lengths(g), vapply(g, mean, 0), vapply(g, sd, 0))
  expect_oracle_stored("statsmodels", "oneway_welch_jan_shieh", list(
    F = a$statistic, df2 = a$df_denominator, welch_df2 = w$df_denominator, welch_F = w$statistic
  ))
})

test_that("Brown-Forsythe F* is F with equal sizes and the square of Welch's t with two groups", {
  n <- c(5, 5, 5)
  m <- c(1, 2, 4)
  s <- c(1, 2, 1.5)
  expect_equal(oracle_brown_forsythe(n, m, s)$statistic, oracle_anova_from(n, m, s)$statistic)
  two <- oracle_brown_forsythe(c(4, 9), c(1, 3), c(1, 2.5))
  t <- oracle_two_means_from(c(4, 9), c(1, 3), c(1, 2.5), "welch")
  expect_equal(c(two$statistic, two$df_denominator, two$p_value), c(t$statistic^2, t$df, t$p_value))
  expect_equal(oracle_brown_forsythe(c(4, 9), c(1, 3), c(1, 2.5), mehrotra = TRUE)$df, 1)
})

test_that("eta2 and epsilon2 with noncentral-F limits print as in Stata and Steiger (2004)", {
  f <- oracle_stored("statsmodels", "eta2_ci_stata")
  eta <- oracle_explained(f$F, f$df1, f$df2, "eta2", 0.9)
  # Stata calls this omega2; it is the adjusted R2, epsilon2, and its limits are eta2's put through the same formula.
  adjust <- function(e) e - (1 - e) * f$df1 / f$df2
  expect_equal(oracle_explained(f$F, f$df1, f$df2, "epsilon2")[1], adjust(eta[1]))
  ncp <- oracle_ncp_f(f$F2, f$df1_2, f$df2_2, 0.95)
  expect_oracle_stored("statsmodels", "eta2_ci_stata", list(
    eta2 = eta[1], eta2_low = eta[2], eta2_high = eta[3], omega2_stata = adjust(eta[1]),
    omega2_low_stata = adjust(eta[2]), omega2_high_stata = adjust(eta[3]), nc_low = ncp[1], nc_high = ncp[2]
  ))
})

test_that("omega2 is (SSB - df MSE) / (SST + MSE), epsilon2 the same over SST", {
  a <- oracle_anova(list(c(1, 2, 4), c(3, 6, 7, 8), c(5, 9)))
  top <- a$ss - a$df * a$ms_error
  f <- function(which) oracle_explained(a$statistic, a$df, a$df_denominator, which)[1]
  expect_equal(f("omega2"), top / (a$ss + a$ss_error + a$ms_error))
  expect_equal(f("epsilon2"), top / (a$ss + a$ss_error))
})

# ---- k groups by ranks ----------------------------------------------------------------------------------------------

test_that("all deals are listed once and Kruskal-Wallis with two groups is Mann-Whitney", {
  deals <- oracle_deals(c(2, 3, 2))
  expect_equal(ncol(deals), factorial(7) / (2 * 6 * 2))
  expect_equal(anyDuplicated(t(deals)), 0L)
  expect_true(all(apply(deals, 2, tabulate, 3) == c(2, 3, 2)))
  g <- list(c(1, 3, 3, 7), c(2, 3, 9, 9, 10))
  expect_equal(oracle_kruskal(g, exact = TRUE)$p_value, oracle_mann_whitney_p(g[[1]], g[[2]]))
  base <- stats::kruskal.test(g)
  expect_equal(unlist(oracle_kruskal(g)), c(base$statistic, base$parameter, base$p.value), ignore_attr = TRUE)
})

test_that("exact Kruskal-Wallis has the tabled tail of Hollander and Wolfe (n = 3, 3, 3: P(H >= 5.600) = .050)", {
  h <- oracle_kruskal(list(c(1, 2, 6), c(3, 4, 5), c(7, 8, 9)), exact = TRUE)
  expect_equal(h$statistic, 5.6)
  expect_equal(h$p_value, 84 / 1680)
})

test_that("the variance of Jonckheere given ties is that of all deals, and its mean too", {
  sets <- list(list(c(1, 3, 3), c(2, 3), c(3, 5, 5)), list(c(1, 2), c(3, 4, 6), c(5, 7)), list(c(1, 1), 1:2, c(2, 2)))
  for (g in sets) {
    j <- oracle_jonckheere(g, exact = TRUE)
    expect_equal(mean(j$all), j$mean)
    expect_equal(mean((j$all - j$mean)^2), j$variance)
  }
})

test_that("Jonckheere with two groups is Mann-Whitney", {
  g <- list(c(1, 3, 3, 7), c(2, 3, 9, 9))
  for (side in c("two.sided", "less", "greater")) {
    expect_equal(oracle_jonckheere(g, side, exact = TRUE)$p_value, oracle_mann_whitney_p(g[[2]], g[[1]], 0, side))
    for (cc in c(TRUE, FALSE)) {
      expect_equal(oracle_jonckheere(g, side, cc)$p_value,
        oracle_mann_whitney_normal(g[[2]], g[[1]], 0, side, cc)$p_value)
    }
  }
})

# ---- pairs and arms against the reference ---------------------------------------------------------------------------

test_that("the studentized range is that of mpmath", {
  d <- oracle_stored("mpmath", "studentized_range")
  ours <- mapply(function(q, k, df) 1 - oracle_range_tail(q, k, df), d$q, d$k, d$df)
  expect_lt(max(abs(ours - d$cdf)), 1e-11)
  expect_equal(oracle_range_tail(3, 4), oracle_studentized_range(3, 4), tolerance = 1e-11)
})

test_that("Tukey-Kramer prints as in SAS and agrees with TukeyHSD() as far as ptukey() goes", {
  d <- oracle_stored("sas_statxact", "tukey_sas_unequal")
  ours <- oracle_all_pairs(split(d$value, d$group))
  named <- list()
  for (i in 1:3) {
    pair <- sprintf("d%d-%d_", ours$level[i], ours$reference[i])
    named[paste0(pair, c("diff", "low", "high"))] <- ours[i, c("estimate", "conf_low", "conf_high")]
  }
  expect_oracle_stored("sas_statxact", "tukey_sas_unequal", named)
  base <- stats::TukeyHSD(stats::aov(value ~ factor(group), d))[[1]]
  expect_equal(ours$p_adjusted, base[, "p adj"], ignore_attr = TRUE, tolerance = 1e-6) # ptukey() is off by 1e-7
})

test_that("Games-Howell prints as in SPSS", {
  # SPSS prints level minus later level; ours is turned. stats::ptukey() misses these limits by 1e-3.
  d <- oracle_stored("spss", "games_howell_spss_equal")
  ours <- oracle_all_pairs(split(d$value, d$group), "games_howell")
  named <- list()
  for (i in 1:3) {
    pair <- sprintf("g%d_g%d_", ours$reference[i], ours$level[i])
    named[paste0(pair, c("diff", "low", "high", "p"))] <-
      c(-1, -1, -1, 1) * ours[i, c("estimate", "conf_high", "conf_low", "p_adjusted")]
  }
  expect_oracle_stored("spss", "games_howell_spss_equal", named)
})

test_that("Dunn prints as in UniStat under Bonferroni", {
  d <- oracle_stored("unistat", "dunn_unistat_ponds")
  ours <- oracle_dunn(split(d$pH, d$pond))
  named <- as.list(pmin(1, 6 * ours$p_value))
  names(named) <- sprintf("p_%d_%d", ours$reference, ours$level)
  expect_oracle_stored("unistat", "dunn_unistat_ponds", named)
})

test_that("Dunnett is the multivariate t of mvtnorm", {
  skip_if_not_installed("mvtnorm")
  g <- list(c(7.4, 8.5, 7.2, 8.24, 9.84, 8.32), c(9.76, 8.8, 7.68, 9.36), c(12.8, 9.68, 12.16, 9.2, 10.55))
  ours <- oracle_dunnett(g) # Dunnett (1955), blood counts
  b <- sqrt(c(4 / 10, 5 / 11))
  corr <- b %o% b
  diag(corr) <- 1
  below <- function(u, v) {
    as.vector(mvtnorm::pmvt(c(-Inf, -Inf), c(u, v), df = 12, corr = corr, algorithm = mvtnorm::TVPACK(1e-12)))
  }
  for (i in 1:2) {
    t <- abs(ours$statistic[i])
    p <- 1 - (below(t, t) - below(-t, t) - below(t, -t) + below(-t, -t))
    expect_equal(ours$p_adjusted[i], p, tolerance = 1e-7)
  }
  one <- oracle_dunnett(g, alternative = "greater")
  expect_equal(one$p_adjusted[2], 1 - below(one$statistic[2], one$statistic[2]), tolerance = 1e-7)
  q <- (ours$conf_high - ours$estimate) / ours$std_error
  expect_equal(1 - (below(q[1], q[1]) - 2 * below(-q[1], q[1]) + below(-q[1], -q[1])), 0.05, tolerance = 1e-6)
})

test_that("with one arm Dunnett is Student's t and Steel the normal Mann-Whitney", {
  g <- list(c(3, 5, 5, 8), c(6, 7, 9, 9, 12))
  s <- oracle_two_means(g[[2]], g[[1]])
  d <- oracle_dunnett(g)
  expect_equal(unlist(d[c("p_adjusted", "conf_low", "conf_high")]), unlist(s[c("p_value", "conf_low", "conf_high")]),
    ignore_attr = TRUE, tolerance = 1e-7)
  z <- oracle_mann_whitney_normal(g[[2]], g[[1]], continuity = FALSE)
  for (correlation in c("exact", "dunnett")) {
    expect_equal(oracle_steel(g, correlation)$p_adjusted, z$p_value, tolerance = 1e-9)
  }
  expect_equal(oracle_dscf(g)$p_adjusted, z$p_value, tolerance = 1e-9)
})

test_that("the correlation of Steel's rank sums is that of all deals", {
  n <- c(3, 2, 3)
  deals <- oracle_deals(n)
  u <- vapply(2:3, function(a) apply(deals, 2, function(arm) {
    r <- rank(seq_along(arm)[arm %in% c(1, a)])
    sum(r[arm[arm %in% c(1, a)] == a])
  }), numeric(ncol(deals)))
  expect_equal(stats::cor(u)[1, 2], sqrt(2 / (2 + 3 + 1)) * sqrt(3 / (3 + 3 + 1)))
})

# ---- change between arms --------------------------------------------------------------------------------------------

test_that("analysis of covariance prints as in SAS PROC GLM", {
  d <- oracle_stored("sas_statxact", "ancova_sas_drugtest")
  arm <- stats::relevel(factor(d$drug), "F")
  a <- oracle_ancova(d$post, arm, d$pre)
  other <- oracle_ancova(d$post, factor(d$drug), d$pre)
  total <- sum((d$post - mean(d$post))^2)
  only <- oracle_anova(split(d$post, d$drug))
  p <- function(t) 2 * pt(-abs(t), a$df)
  ss3_pre <- (a$b[4] / a$se[4])^2 * a$ss_error / a$df
  expect_oracle_stored("sas_statxact", "ancova_sas_drugtest", list(
    F_model = (total - a$ss_error) / 3 / (a$ss_error / a$df), ss_error = a$ss_error, r2 = 1 - a$ss_error / total,
    ss1_drug = only$ss, ss3_drug = a$arms[["f"]] * 2 * a$ss_error / a$df, ss3_pre = ss3_pre,
    F3_drug = a$arms[["f"]], p3_drug = a$arms[["p"]], F3_pre = (a$b[4] / a$se[4])^2, b_intercept = a$b[1],
    b_A = a$b[2], b_D = a$b[3], b_pre = a$b[4], se_A = a$se[2], se_D = a$se[3], se_pre = a$se[4],
    p_A = p(a$b[2] / a$se[2]), p_D = p(a$b[3] / a$se[3]), lsm_A = a$adjusted[2], lsm_D = a$adjusted[3],
    lsm_F = a$adjusted[1], se_lsm_A = a$adjusted_se[2], se_lsm_D = a$adjusted_se[3], se_lsm_F = a$adjusted_se[1],
    p_A_D = p(other$b[2] / other$se[2])
  ))
})

test_that("the interaction test is the drop of lm(), and HC3 is what leaving patients out says", {
  d <- oracle_stored("sas_statxact", "ancova_sas_drugtest")
  arm <- factor(d$drug)
  base <- stats::anova(stats::lm(post ~ arm + pre, d), stats::lm(post ~ arm * pre, d))
  expect_equal(oracle_ancova(d$post, arm, d$pre, interaction = TRUE)$interaction[c("f", "p")],
    unlist(base[2, 5:6]), ignore_attr = TRUE)
  # e_i / (1 - h_i) is the residual of patient i from the fit to all others.
  fit <- stats::lm(post ~ arm + pre, d)
  out <- vapply(1:30, function(i) d$post[i] - predict(stats::lm(post ~ arm + pre, data.frame(d, arm), subset = -i),
    data.frame(d, arm)[i, ]), 0)
  x <- stats::model.matrix(fit)
  bread <- solve(crossprod(x))
  expect_equal(oracle_ancova(d$post, arm, d$pre, hc3 = TRUE)$vcov, bread %*% crossprod(x * out) %*% bread,
    ignore_attr = TRUE)
})
