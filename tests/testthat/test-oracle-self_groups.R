# Evidence for the naive second programs of the groups family themselves: base R where it does the same thing, figures
# printed by SAS, SPSS, JASP, Stata, NIST and in papers. What the package computes is compared with them elsewhere.

by_sample <- function(d, name = "value") split(d[[name]], factor(d$sample, levels = unique(d$sample)))

# ---- two means, two variances ---------------------------------------------------------------------------------------

test_that("Student, Welch and F are those of t.test() and var.test(), one-sided too", {
  x <- c(7.1, 9.2, 9.0, 8.0, 8.9, 9.4)
  y <- c(6.9, 7.8, 8.8, 7.4, 5.6)
  for (side in c("two.sided", "less", "greater")) {
    for (equal in c(TRUE, FALSE)) {
      base <- stats::t.test(x, y, var.equal = equal, mu = 0.3, alternative = side, conf.level = 0.9)
      method <- if (equal) "student" else "welch"
      ours <- oracle_two_means(x, y, method, null = 0.3, alternative = side, conf_level = 0.9)
      expect_equal(unlist(ours[c("statistic", "df", "p_value", "conf_low", "conf_high", "std_error")]),
        c(base$statistic, base$parameter, base$p.value, base$conf.int, base$stderr), ignore_attr = TRUE,
        tolerance = 1e-12)
    }
  }
  base <- stats::var.test(x, y)
  ours <- oracle_var_ratio(x, y)
  expect_equal(unlist(ours, use.names = FALSE), c(base$statistic, base$parameter, base$p.value, base$conf.int),
    ignore_attr = TRUE, tolerance = 1e-12)
})

test_that("the z test uses the given standard deviations and the normal", {
  ours <- oracle_two_means(c(1, 2, 3), c(0, 0, 0, 2), "z", sigma = c(3, 4)) # SE sqrt(9/3 + 16/4), difference 1.5
  expect_equal(ours$statistic, 1.5 / sqrt(7))
  expect_equal(ours$p_value, 2 * pnorm(-1.5 / sqrt(7)))
  expect_equal(ours$conf_high, 1.5 + qnorm(0.975) * sqrt(7))
})

test_that("Student, Welch and F print as in SAS PROC TTEST", {
  d <- by_sample(oracle_stored("sas_statxact", "ttest_two_sample_sas_d1"))
  pooled <- oracle_two_means(d$placebo, d$treatment)
  welch <- oracle_two_means(d$placebo, d$treatment, "welch")
  expect_oracle_stored("sas_statxact", "ttest_two_sample_sas_d1", list(
    mean_placebo = mean(d$placebo), sd_placebo = sd(d$placebo), mean_treatment = mean(d$treatment),
    sd_treatment = sd(d$treatment), diff = pooled$estimate, pooled_sd = pooled$std_error / sqrt(2 / 16),
    pooled_se = pooled$std_error, pooled_ci_low = pooled$conf_low, pooled_ci_high = pooled$conf_high,
    pooled_t = pooled$statistic, pooled_p = pooled$p_value, welch_df = welch$df, welch_ci_low = welch$conf_low,
    welch_ci_high = welch$conf_high, welch_t = welch$statistic, welch_p = welch$p_value,
    p_fold = oracle_var_ratio(d$placebo, d$treatment)$p_value
  ))
})

test_that("Student and Welch print as in JASP", {
  d <- oracle_stored("jasp", "ttest_two_sample_jasp_275")
  x <- split(d$score, d$group)
  s <- oracle_two_means(x[[1]], x[[2]])
  w <- oracle_two_means(x[[1]], x[[2]], "welch")
  expect_oracle_stored("jasp", "ttest_two_sample_jasp_275", list(
    student_t = s$statistic, student_df = s$df, student_p = s$p_value, student_ci_low = s$conf_low,
    student_ci_high = s$conf_high, student_se = s$std_error, welch_t = w$statistic, welch_df = w$df,
    welch_p = w$p_value, welch_ci_low = w$conf_low, welch_ci_high = w$conf_high
  ))
})

test_that("Cohen's d is t times sqrt(1/m + 1/n), and t is a limit of its own noncentrality", {
  x <- c(7, 9, 9, 8, 10)
  y <- c(6, 7, 8, 7)
  d <- oracle_cohen_d(x, y)
  scale <- sqrt(1 / 5 + 1 / 4)
  expect_equal(d[1] / scale, stats::t.test(x, y, var.equal = TRUE)$statistic[[1]])
  expect_equal(stats::pt(d[1] / scale, 7, d[2] / scale), 0.975, tolerance = 1e-9) # pt() is good to about 1e-10 here
  expect_equal(stats::pt(d[1] / scale, 7, d[3] / scale), 0.025, tolerance = 1e-8)
  expect_equal(oracle_cohen_d(x, y, hedges = TRUE) / d, rep(oracle_hedges_j(7), 3))
})

test_that("Fligner is fligner.test(), Levene is the analysis of variance of deviations", {
  g <- list(c(1, 4, 2, 8, 5), c(7, 1, 3, 3), c(9, 2, 2, 11, 30, 6))
  base <- stats::fligner.test(g)
  expect_equal(unlist(oracle_fligner(g)), c(base$statistic, base$parameter, base$p.value), ignore_attr = TRUE)
  d <- data.frame(y = unlist(g), arm = factor(rep(1:3, lengths(g))))
  for (centre in c(mean, median)) {
    d$z <- abs(d$y - ave(d$y, d$arm, FUN = centre))
    base <- stats::anova(stats::lm(z ~ arm, d))
    expect_equal(unlist(oracle_levene(g, centre)[c("statistic", "p_value")]), unlist(base[1, 4:5]), ignore_attr = TRUE)
  }
})

# ---- Mann-Whitney ---------------------------------------------------------------------------------------------------

test_that("the listed Mann-Whitney p is that of wilcox.test() without ties, and doubles as it does", {
  x <- c(8, 3, 4, 6.5)
  y <- c(1, 7, 9, 10, 12)
  for (side in c("two.sided", "less", "greater")) {
    base <- stats::wilcox.test(x, y, alternative = side, exact = TRUE)
    expect_equal(oracle_mann_whitney_p(x, y, 0, side), base$p.value)
    expect_equal(oracle_mann_whitney_p(x, y, 0, side, "central"), base$p.value)
  }
  base <- stats::wilcox.test(x, y, exact = TRUE, conf.int = TRUE)
  set <- oracle_shift_interval(x, y)
  expect_equal(c(set$low, set$high), as.vector(base$conf.int))
  expect_equal(oracle_shift(x, y), base$estimate[[1]])
})

test_that("counting rank sums gives the p of listing them, ties or none", {
  set.seed(11)
  for (i in 1:12) {
    x <- sample(1:6, sample(2:5, 1), TRUE)
    y <- sample(1:8, sample(2:6, 1), TRUE)
    for (side in c("two.sided", "less", "greater")) {
      for (rule in c("distance", "central")) {
        expect_equal(oracle_mann_whitney_counted_p(x, y, 1, side, rule), oracle_mann_whitney_p(x, y, 1, side, rule))
      }
    }
  }
})

test_that("the normal approximation is that of wilcox.test() with and without the correction", {
  x <- c(3, 3, 5, 7, 7, 8)
  y <- c(1, 3, 4, 5, 7)
  for (side in c("two.sided", "less", "greater")) {
    for (correct in c(TRUE, FALSE)) {
      base <- suppressWarnings(stats::wilcox.test(x, y, alternative = side, exact = FALSE, correct = correct))
      ours <- oracle_mann_whitney_normal(x, y, 0, side, correct)
      expect_equal(c(ours$u, ours$p_value), c(base$statistic[[1]], base$p.value))
    }
  }
  d <- by_sample(oracle_stored("scipy", "mannwhitney_scipy_ties_asym"))
  p <- lapply(d[-1], function(y) oracle_mann_whitney_normal(d$x, y)$p_value)
  names(p) <- paste0("p", 1:7)
  expect_oracle_stored("scipy", "mannwhitney_scipy_ties_asym", p)
})

test_that("Mann-Whitney prints as in JASP and in Hollander and Wolfe", {
  d <- by_sample(oracle_stored("jasp", "mannwhitney_jasp"))
  expect_oracle_stored("jasp", "mannwhitney_jasp", list(
    U_a = oracle_mann_whitney_normal(d$a, d$b)$u, p_exact = oracle_mann_whitney_p(d$a, d$b)
  ))
  d <- lapply(by_sample(oracle_stored("hollander_wolfe", "mannwhitney_hollander_wolfe")), function(v) round(100 * v))
  set <- oracle_shift_interval(d$y, d$x)
  expect_oracle_stored("hollander_wolfe", "mannwhitney_hollander_wolfe", list(
    p_exact = oracle_mann_whitney_p(d$y, d$x), hl = oracle_shift(d$y, d$x) / 100,
    ci_low = set$low / 100, ci_high = set$high / 100
  ))
})

test_that("Mann-Whitney with ties, exact interval and Moses limits print as in SAS PROC NPAR1WAY", {
  d <- lapply(by_sample(oracle_stored("sas_statxact", "mannwhitney_sas_bw")), function(v) round(100 * v))
  set <- oracle_shift_interval(d$s, d$ns, p = oracle_mann_whitney_counted_p, two_sided = "central")
  z <- oracle_mann_whitney_normal(d$s, d$ns, continuity = FALSE)
  moses <- oracle_moses(d$s, d$ns)
  expect_oracle_stored("sas_statxact", "mannwhitney_sas_bw", list(
    rank_sum_s = z$u + 14 * 15 / 2, rank_sum_ns = 29 * 30 / 2 - z$u - 14 * 15 / 2, sd_null = z$sd, z_no_cc = z$z,
    p_asym = z$p_value, p_exact = oracle_mann_whitney_counted_p(d$s, d$ns),
    p_exact_one_sided = oracle_mann_whitney_counted_p(d$s, d$ns, 0, "less"), hl = oracle_shift(d$s, d$ns) / 100,
    asym_ci_low = moses[1] / 100, asym_ci_high = moses[2] / 100, exact_ci_low = set$low / 100,
    exact_ci_high = set$high / 100, kw_chisq = oracle_kruskal(d)$statistic, p_t_approx = z$p_t
  ))
})

# ---- permutation, superiority ---------------------------------------------------------------------------------------

test_that("the permutation p of mean differences lists what a hand count finds", {
  # 6, 9 against 1, 4, 6: of the ten ways to choose two of 6 9 1 4 6 the sums are 15 7 10 12 10 13 15 5 7 10.
  expect_equal(oracle_permutation_p(c(6, 9), c(1, 4, 6), 0, "greater"), 2 / 10)
  # Mean 10.4, distance 4.6: sums 15, 15 and 5 (distance 5.4).
  expect_equal(oracle_permutation_p(c(6, 9), c(1, 4, 6)), 3 / 10)
  expect_equal(oracle_permutation_p(c(6, 9), c(1, 4, 6), two_sided = "central"), 4 / 10)
})

test_that("every jump of the permutation p lies at a candidate", {
  x <- c(6, 9, 13, 2)
  y <- c(1, 4, 6)
  at <- sort(oracle_permutation_candidates(x, y))
  for (rule in c("distance", "central")) {
    for (k in seq_along(at)[-1]) {
      inside <- at[k - 1] + (at[k] - at[k - 1]) * c(0.01, 0.37, 0.62, 0.99)
      expect_length(unique(vapply(inside, function(t) oracle_permutation_p(x, y, t, "two.sided", rule), 0)), 1)
    }
  }
  set <- oracle_permutation_interval(x, y, 0.8)
  expect_true(set$low < mean(x) - mean(y) && set$high > mean(x) - mean(y))
})

test_that("Brunner-Munzel prints as lawstat does, with the direction turned", {
  d <- by_sample(oracle_stored("statsmodels", "brunner_munzel_lawstat_a"))
  ours <- oracle_brunner_munzel(d$y, d$x)
  expect_oracle_stored("statsmodels", "brunner_munzel_lawstat_a", list(stat = ours$statistic, p = ours$p_value))
  expect_equal(ours$estimate, 0.788961038961039, tolerance = 1e-12) # lawstat: .5952169, .9827052 for the interval
  expect_equal(c(ours$conf_low, ours$conf_high), c(0.595216864253737, 0.982705213668342), tolerance = 1e-12)
  expect_equal(oracle_superiority(d$x, d$y), 1 - ours$estimate)
})

test_that("probability of superiority is U / (m n), and the rank-biserial of JASP is 2 P - 1", {
  d <- by_sample(oracle_stored("pingouin", "rank_biserial_jasp_independent"))
  expect_equal(oracle_superiority(d$M, d$F), oracle_mann_whitney_normal(d$M, d$F)$u / (18 * 15))
  expect_oracle_stored("pingouin", "rank_biserial_jasp_independent",
    list(rbc_indep_abs = abs(2 * oracle_superiority(d$M, d$F) - 1)))
})

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
