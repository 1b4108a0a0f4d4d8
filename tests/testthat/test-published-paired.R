# Evidence: published. Figures printed by other programs, papers and NIST; where each comes from, with version and
# digits, stands in inst/validation/<source>/README.md. The tolerance of each figure is stored beside it: half a unit of
# its last digit.

validation_file <- function(source, file) {
  path <- system.file("validation", source, paste0(file, ".csv"), package = "respondr", mustWork = TRUE)
  read.csv(path)
}

# The stored figures of one case, by name.
published <- function(source, case) {
  rows <- validation_file(source, "expected")
  rows[rows$case == case, ]
}

# One figure against its stored value; a hair of slack for figures that end in 5.
expect_printed <- function(rows, name, ours) {
  row <- rows[rows$name == name, ]
  testthat::expect_equal(nrow(row), 1L, info = name)
  gap <- abs(ours - row$value)
  testthat::expect_true(isTRUE(gap <= row$tolerance * (1 + 1e-6)), info = sprintf(
    "%s %s: ours %.15g, printed %.15g, tolerance %.3g", row$case, name, ours, row$value, row$tolerance
  ))
}

test_that("the paired t of a and b is the one that R, JASP and Matlab print (pingouin)", {
  d <- validation_file("pingouin", "ttest_paired_pingouin")
  ref <- published("pingouin", "ttest_paired_pingouin")
  two <- compare_paired(d$b, d$a)
  expect_printed(ref, "paired_t", two$statistic)
  expect_printed(ref, "paired_p", two$p_value)
  expect_printed(ref, "paired_ci_low", two$conf_low)
  expect_printed(ref, "paired_ci_high", two$conf_high)
  expect_printed(ref, "paired_p_less", compare_paired(d$b, d$a, alternative = "less")$p_value)
  greater <- compare_paired(d$b, d$a, alternative = "greater", conf_level = 0.99)
  expect_printed(ref, "paired_p_greater", greater$p_value)
  expect_printed(ref, "paired_ci99_greater_low", greater$conf_low)
  expect_identical(greater$conf_high, Inf)
})

test_that("a column tested against 4 gives the one-sample t of pingouin", {
  d <- validation_file("pingouin", "ttest_paired_pingouin")
  ref <- published("pingouin", "ttest_paired_pingouin")
  one <- compare_paired(a ~ 1, d, null = 4)
  expect_printed(ref, "one_t_mu4", one$statistic)
  expect_printed(ref, "one_p_mu4", one$p_value)
})

test_that("the matched rank-biserial correlation is the one JASP prints (pingouin)", {
  d <- validation_file("pingouin", "rank_biserial_jasp_pairwise")
  x <- compare_paired(d$C, d$B, method = "signed_rank", effect = "rank_biserial")
  expect_printed(published("pingouin", "rank_biserial_jasp_pairwise"), "rbc_paired_BC", x$effect)
})

test_that("the paired t of blood pressures is the one SAS PROC TTEST prints", {
  d <- validation_file("sas_statxact", "ttest_paired_sas_sbp")
  ref <- published("sas_statxact", "ttest_paired_sas_sbp")
  x <- compare_paired(d$after, d$before) # SAS prints before - after
  expect_printed(ref, "n", x$n_pairs)
  expect_printed(ref, "mean_diff", x$estimate)
  expect_printed(ref, "se_diff", x$std_error)
  expect_printed(ref, "ci_low", x$conf_low)
  expect_printed(ref, "ci_high", x$conf_high)
  expect_printed(ref, "df", x$df)
  expect_printed(ref, "t", x$statistic)
  expect_printed(ref, "p", x$p_value)
  expect_printed(ref, "sd_diff", describe_paired(d$after, d$before)$sd_change)
})

test_that("the exact signed-rank test of 240 patients is the one StatXact prints", {
  d <- validation_file("sas_statxact", "wilcoxon_sr_statxact_ttr240")
  ref <- published("sas_statxact", "wilcoxon_sr_statxact_ttr240")
  exact <- compare_paired(d$trt_a, d$trt_b, method = "signed_rank", distribution = "exact", conf_level = 0.9)
  expect_printed(ref, "t_plus", exact$statistic)
  expect_printed(ref, "p_exact", exact$p_value)
  expect_printed(ref, "hl", exact$estimate)
  expect_printed(ref, "exact_ci_low", exact$conf_low)
  expect_printed(ref, "exact_ci_high", exact$conf_high)
  greater <- compare_paired(d$trt_a, d$trt_b, method = "signed_rank", distribution = "exact", alternative = "greater")
  expect_printed(ref, "p_exact_one_sided", greater$p_value)
})

test_that("the asymptotic signed-rank test of 240 patients is the one StatXact prints", {
  d <- validation_file("sas_statxact", "wilcoxon_sr_statxact_ttr240")
  ref <- published("sas_statxact", "wilcoxon_sr_statxact_ttr240")
  x <- compare_paired(d$trt_a, d$trt_b, method = "signed_rank", distribution = "asymptotic", conf_level = 0.9)
  expect_printed(ref, "p_asymptotic", x$p_value)
  expect_printed(ref, "asym_ci_low", x$conf_low)
  expect_printed(ref, "asym_ci_high", x$conf_high)
})

test_that("the SAS convention prints the p-values of PROC UNIVARIATE", {
  d <- validation_file("sas_statxact", "wilcoxon_sr_statxact_ttr240")
  ref <- published("sas_statxact", "wilcoxon_sr_statxact_ttr240")
  x <- compare_paired(d$trt_a, d$trt_b, method = c("t", "signed_rank", "sign"), convention = "sas")
  expect_printed(ref, "t", x$statistic[1])
  expect_printed(ref, "p_t", x$p_value[1])
  expect_printed(ref, "mean", x$estimate[1])
  expect_printed(ref, "p_t_approx_sas", x$p_value[2])
  expect_printed(ref, "p_sign", x$p_value[3])
  expect_printed(ref, "median", x$estimate[3])
})

test_that("the depression data of Hollander and Wolfe give their p, estimate, interval and level of 0.961", {
  d <- validation_file("hollander_wolfe", "wilcoxon_sr_hollander_wolfe")
  ref <- published("hollander_wolfe", "wilcoxon_sr_hollander_wolfe")
  x <- compare_paired(d$x, d$y, method = "signed_rank", conf_level = 0.96)
  expect_printed(ref, "p_exact", x$p_value)
  expect_printed(ref, "hl", x$estimate)
  expect_printed(ref, "ci_low", x$conf_low)
  expect_printed(ref, "ci_high", x$conf_high)
  expect_equal(x$conf_attained, 1 - 2 * 10 / 2^9, tolerance = 1e-12)
})

test_that("the signed-rank test with continuity correction is the one JASP prints", {
  d <- validation_file("jasp", "wilcoxon_sr_jasp")
  ref <- published("jasp", "wilcoxon_sr_jasp")
  x <- compare_paired(d$treatment, d$control, method = "signed_rank", distribution = "asymptotic",
    continuity = TRUE)
  expect_printed(ref, "V", x$statistic)
  expect_printed(ref, "p_asym_cc", x$p_value)
  base_r <- compare_paired(d$treatment, d$control, method = "signed_rank", convention = "r")
  expect_printed(ref, "p_asym_cc", base_r$p_value)
})

test_that("one sample against 3 gives t, interval and d with its noncentral t limits as JASP prints them", {
  d <- validation_file("jasp", "cohend_ci_jasp_onesample")
  ref <- published("jasp", "cohend_ci_jasp_onesample")
  x <- compare_paired(rep(3, nrow(d)), d$x)
  expect_printed(ref, "t", x$statistic)
  expect_printed(ref, "df", x$df)
  expect_printed(ref, "p", x$p_value)
  expect_printed(ref, "mean_diff", x$estimate)
  expect_printed(ref, "ci_low", x$conf_low)
  expect_printed(ref, "ci_high", x$conf_high)
  expect_printed(ref, "d", x$effect)
  expect_printed(ref, "d_low", x$effect_low)
  expect_printed(ref, "d_high", x$effect_high)
})

test_that("the square of the paired t is the F of a two-level repeated-measures ANOVA (JASP)", {
  d <- validation_file("jasp", "rm_anova_jasp_two_level")
  ref <- published("jasp", "rm_anova_jasp_two_level")
  x <- compare_paired(d$level_1, d$level_2)
  expect_printed(ref, "F", x$statistic^2)
  expect_printed(ref, "p", x$p_value)
  expect_printed(ref, "mse", x$std_error^2 * x$n_pairs / 2)
  expect_printed(ref, "ss_effect", x$n_pairs * x$estimate^2 / 2)
  expect_printed(ref, "ss_error", x$std_error^2 * x$n_pairs * x$df / 2)
})

test_that("the two- and one-sided signed-rank intervals are those of HypothesisTests.jl", {
  d <- validation_file("hypothesistests_jl", "wilcoxon_sr_julia_ci")
  ref <- published("hypothesistests_jl", "wilcoxon_sr_julia_ci")
  x <- compare_paired(x ~ 1, d, method = "signed_rank")
  expect_printed(ref, "ci_low", x$conf_low)
  expect_printed(ref, "ci_high", x$conf_high)
  greater <- compare_paired(x ~ 1, d, method = "signed_rank", alternative = "greater")
  expect_printed(ref, "one_sided_low", greater$conf_low)
  expect_identical(greater$conf_high, Inf)
  less <- compare_paired(x ~ 1, d, method = "signed_rank", alternative = "less")
  expect_printed(ref, "one_sided_high", less$conf_high)
})

test_that("exact signed-rank p-values are those asserted in SciPy", {
  ref <- published("scipy", "wilcoxon_sr_scipy_exact")
  alternatives <- c(two = "two.sided", less = "less", greater = "greater")
  one <- validation_file("scipy", "wilcoxon_sr_scipy_exact_1")
  two <- validation_file("scipy", "wilcoxon_sr_scipy_exact_2")
  for (side in names(alternatives)) {
    x <- compare_paired(one$y, one$x, method = "signed_rank", alternative = alternatives[[side]])
    expect_printed(ref, paste0("p_", side), x$p_value)
    x <- compare_paired(two$y2, two$x2, method = "signed_rank", alternative = alternatives[[side]])
    expect_printed(ref, paste0("p2_", side), x$p_value)
  }
})

test_that("means and SDs are certified: NIST Lottery", {
  d <- validation_file("nist", "nist_univariate_lottery")
  ref <- published("nist", "nist_univariate_lottery")
  x <- compare_paired(y ~ 1, d)
  expect_printed(ref, "n", x$n_pairs)
  expect_printed(ref, "mean", x$estimate)
  expect_printed(ref, "sd", x$std_error * sqrt(x$n_pairs))
})

test_that("means and SDs are certified: NIST NumAcc3, also as a change from a constant baseline", {
  d <- validation_file("nist", "nist_univariate_numacc3")
  ref <- published("nist", "nist_univariate_numacc3")
  x <- compare_paired(y ~ 1, d)
  expect_printed(ref, "n", x$n_pairs)
  expect_printed(ref, "mean", x$estimate)
  expect_printed(ref, "sd", x$std_error * sqrt(x$n_pairs))
  change <- compare_paired(rep(1000000, nrow(d)), d$y)
  expect_equal(change$estimate, 0.2, tolerance = 1e-13)
  expect_equal(change$std_error * sqrt(1001), 0.1, tolerance = 1e-13)
})

test_that("d_av and d_b with their Bonett limits are those of statpsych, from summary figures", {
  figures <- validation_file("statpsych", "bonett_d")
  for (i in seq_len(nrow(figures))) {
    f <- figures[i, ]
    ref <- published("statpsych", f$case)
    second_before <- compare_paired(n = f$n, mean_before = f$m2, sd_before = f$sd2, mean_after = f$m1, sd_after = f$sd1,
      r = f$cor, effect = c("d_av", "d_b"))
    expect_printed(ref, "d_av", second_before$effect[1])
    expect_printed(ref, "d_av_low", second_before$effect_low[1])
    expect_printed(ref, "d_av_high", second_before$effect_high[1])
    first_before <- compare_paired(n = f$n, mean_before = f$m1, sd_before = f$sd1, mean_after = f$m2, sd_after = f$sd2,
      r = f$cor, effect = "d_b")
    expect_printed(ref, "d_1", -first_before$effect)
    expect_printed(ref, "d_1_low", -first_before$effect_high)
    expect_printed(ref, "d_1_high", -first_before$effect_low)
    if (i == 1) {
      expect_printed(ref, "d_2", second_before$effect[2])
      expect_printed(ref, "d_2_low", second_before$effect_low[2])
      expect_printed(ref, "d_2_high", second_before$effect_high[2])
    }
  }
})

test_that("thirty tied changes with zeros give the exact p-values of exactRankTests and coin, both zero rules", {
  d <- validation_file("exactranktests_coin", "tied_30")
  ref <- published("exactranktests_coin", "tied_30")
  x <- compare_paired(change ~ 1, d, method = "signed_rank", distribution = "exact")
  expect_printed(ref, "n_zeros", x$n_zeros)
  expect_printed(ref, "wilcox_exact_p", x$p_value)
  expect_printed(ref, "coin_wilcoxon_p", x$p_value)
  greater <- compare_paired(change ~ 1, d, method = "signed_rank", distribution = "exact", alternative = "greater")
  expect_printed(ref, "wilcox_exact_p_greater", greater$p_value)
  pratt <- compare_paired(change ~ 1, d, method = "signed_rank", distribution = "exact", zeros = "pratt")
  expect_printed(ref, "coin_pratt_p", pratt$p_value)
  pratt <- compare_paired(change ~ 1, d, method = "signed_rank", zeros = "pratt", alternative = "greater")
  expect_printed(ref, "coin_pratt_p_greater", pratt$p_value)
})

test_that("twenty-five sign-flipped changes give the exact permutation p of exactRankTests", {
  d <- validation_file("exactranktests_coin", "flip_25")
  ref <- published("exactranktests_coin", "flip_25")
  two <- compare_paired(change ~ 1, d, method = "permutation", distribution = "exact")
  expect_printed(ref, "perm_test_p", two$p_value)
  greater <- compare_paired(change ~ 1, d, method = "permutation", distribution = "exact", alternative = "greater")
  expect_printed(ref, "perm_test_p_greater", greater$p_value)
})

test_that("forty-five distinct changes give the exact p, estimate and interval of wilcox.test", {
  d <- validation_file("exactranktests_coin", "distinct_45")
  ref <- published("exactranktests_coin", "distinct_45")
  x <- compare_paired(change ~ 1, d, method = "signed_rank", distribution = "exact")
  expect_printed(ref, "wilcox_test_v", x$statistic)
  expect_printed(ref, "wilcox_test_p", x$p_value)
  expect_printed(ref, "wilcox_test_low", x$conf_low)
  expect_printed(ref, "wilcox_test_high", x$conf_high)
  expect_printed(ref, "wilcox_test_estimate", x$estimate)
})
