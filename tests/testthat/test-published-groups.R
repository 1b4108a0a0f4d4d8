# Evidence: published. Figures printed by SAS, JASP, R, SciPy, statpsych and a textbook; where each comes from stands in
# inst/validation/two_groups/README.md, the tolerance of each figure beside it.

group_values <- function(case) {
  file <- system.file("validation", "two_groups", "values.csv", package = "respondr", mustWork = TRUE)
  d <- read.csv(file, colClasses = c("character", "character", "numeric"))
  d[d$case == case, ]
}

expect_group_figures <- function(case, ours) {
  rows <- read.csv(system.file("validation", "two_groups", "expected.csv", package = "respondr", mustWork = TRUE))
  rows <- rows[rows$case == case, ]
  for (name in names(ours)) {
    row <- rows[rows$name == name, ]
    testthat::expect_equal(nrow(row), 1L, info = name)
    gap <- abs(ours[[name]] - row$value)
    testthat::expect_true(isTRUE(gap <= row$tolerance * (1 + 1e-6)), info = sprintf(
      "%s %s: ours %.15g, printed %.15g, tolerance %.3g", case, name, ours[[name]], row$value, row$tolerance))
  }
}

test_that("Student and Welch of 275 patients are those of JASP", {
  x <- compare_groups(value ~ arm, group_values("ttest_two_sample_jasp_275"), reference = "2",
    method = c("student", "welch"))
  expect_group_figures("ttest_two_sample_jasp_275", list(
    student_t = x$statistic[1], student_df = x$df[1], student_p = x$p_value[1], student_ci_low = x$conf_low[1],
    student_ci_high = x$conf_high[1], student_se = x$std_error[1], welch_t = x$statistic[2], welch_df = x$df[2],
    welch_p = x$p_value[2], welch_ci_low = x$conf_low[2], welch_ci_high = x$conf_high[2]
  ))
})

test_that("Student and Welch of 16 against 16 are those of SAS PROC TTEST", {
  x <- compare_groups(value ~ arm, group_values("ttest_two_sample_sas_d1"), reference = "treatment",
    method = c("student", "welch"))
  expect_group_figures("ttest_two_sample_sas_d1", list(
    diff = x$estimate[1], pooled_se = x$std_error[1], pooled_ci_low = x$conf_low[1], pooled_ci_high = x$conf_high[1],
    pooled_t = x$statistic[1], pooled_p = x$p_value[1], welch_df = x$df[2], welch_ci_low = x$conf_low[2],
    welch_ci_high = x$conf_high[2], welch_t = x$statistic[2], welch_p = x$p_value[2]
  ))
})

test_that("the exact rank-sum test and shift of permeability are those of Hollander and Wolfe", {
  x <- compare_groups(value ~ arm, group_values("mannwhitney_hollander_wolfe"), reference = "x", method = "mann_whitney")
  expect_group_figures("mannwhitney_hollander_wolfe", list(p_exact = x$p_value, hl = x$estimate, ci_low = x$conf_low,
    ci_high = x$conf_high))
})

test_that("the exact rank-sum test of 4 against 5 is that of JASP", {
  x <- compare_groups(value ~ arm, group_values("mannwhitney_jasp"), reference = "b", method = "mann_whitney")
  expect_group_figures("mannwhitney_jasp", list(U_a = x$statistic, p_exact = x$p_value))
})

test_that("birth weights with ties give SAS's exact and asymptotic p, shift and limits", {
  d <- group_values("mannwhitney_sas_bw")
  exact <- compare_groups(value ~ arm, d, reference = "ns", method = "mann_whitney")
  less <- compare_groups(value ~ arm, d, reference = "ns", method = "mann_whitney", alternative = "less")
  central <- compare_groups(value ~ arm, d, reference = "ns", method = "mann_whitney", two_sided = "central")
  sas <- compare_groups(value ~ arm, d, reference = "ns", method = "mann_whitney", convention = "sas", continuity = FALSE)
  expect_equal(as.character(sas$distribution), "asymptotic")
  expect_group_figures("mannwhitney_sas_bw", list(
    rank_sum_s = exact$statistic + 14 * 15 / 2, p_exact = exact$p_value, p_exact_one_sided = less$p_value,
    hl = exact$estimate,
    exact_ci_low = central$conf_low, exact_ci_high = central$conf_high, p_asym = sas$p_value, asym_ci_low = sas$conf_low,
    asym_ci_high = sas$conf_high
  ))
  # SAS's limits leave 2.5 % at each end. By distance a shift between -0.77 and -0.76 has p = .02499 + .02504 > .05.
  expect_equal(exact$conf_low, -0.77)
  gap <- compare_groups(value ~ arm, d, reference = "ns", method = "mann_whitney", null = -0.765)
  expect_equal(gap$p_value, 0.05003056, tolerance = 1e-6)  # coin 1.4-2 at the same shift, seven digits
})

test_that("the asymptotic test with ties and continuity is that of R, as SciPy asserts", {
  d <- group_values("mannwhitney_scipy_ties_asym")
  p <- vapply(1:7, function(i) {
    compare_groups(value ~ arm, d, subset = arm %in% c("x", paste0("y", i)), method = "mann_whitney",
      distribution = "asymptotic", continuity = TRUE)$p_value
  }, 0)
  expect_group_figures("mannwhitney_scipy_ties_asym", stats::setNames(as.list(p), paste0("p", 1:7)))
})

test_that("the Brunner-Munzel test is that of lawstat", {
  x <- compare_groups(value ~ arm, group_values("brunner_munzel_lawstat_a"), reference = "x", method = "brunner_munzel")
  expect_group_figures("brunner_munzel_lawstat_a", list(stat = x$statistic, p = x$p_value))
})

test_that("the rank-biserial correlation of two independent groups is the one JASP prints", {
  x <- compare_groups(value ~ arm, group_values("rank_biserial_jasp_pairwise"), reference = "F", method = "mann_whitney",
    effect = "rank_biserial")
  expect_group_figures("rank_biserial_jasp_pairwise", list(rbc_indep_abs = abs(x$effect)))
})

test_that("standardised differences from summary figures are those of statpsych", {
  x <- compare_groups(n = c(30, 30), mean = c(26.7, 35.1), sd = c(6.98, 7.32), effect = c("d_av", "glass_delta"))
  expect_group_figures("stdmean2_bonett", list(
    d_av = x$effect[1], d_av_low = x$effect_low[1], d_av_high = x$effect_high[1], glass = x$effect[2],
    glass_low = x$effect_low[2], glass_high = x$effect_high[2]
  ))
})
