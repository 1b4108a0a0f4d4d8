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
