# Evidence: published. The core of rm_anova() against figures printed by SPSS, JASP, jamovi and ezANOVA and certified by
# NIST; where each comes from stands in inst/validation/<source>/README.md.

core_validation <- function(source, file) {
  utils::read.csv(system.file("validation", source, paste0(file, ".csv"), package = "respondr", mustWork = TRUE))
}

# Every stored figure of the case that ours names; the tolerance is stored beside it.
expect_core <- function(source, case, ours) {
  rows <- core_validation(source, "expected")
  rows <- rows[rows$case == case, ]
  testthat::expect_true(all(names(ours) %in% rows$name), info = case)
  for (name in names(ours)) {
    row <- rows[rows$name == name, ]
    gap <- abs(ours[[name]] - row$value)
    testthat::expect_true(isTRUE(gap <= row$tolerance * (1 + 1e-6)), info = sprintf(
      "%s %s: ours %.12g, printed %.12g", case, name, ours[[name]], row$value
    ))
  }
}

wide_of <- function(d, value, subject, cell) {
  cells <- unique(cell)
  ids <- unique(d[[subject]])
  y <- matrix(NA_real_, length(ids), length(cells))
  y[cbind(match(d[[subject]], ids), match(cell, cells))] <- d[[value]]
  list(y = y, ids = ids, cells = cells)
}

test_that("SPSS GLM: five subjects, three conditions", {
  out <- matrix_tests(as.matrix(core_validation("spss", "rm_anova_spss_ucla")))
  expect_core("spss", "rm_anova_spss_ucla", list(
    F = out$f, p = out$p, ss_effect = out$ss, ss_error = out$ss_error, gg = out$epsilon_gg, p_gg = out$p_gg,
    hf = out$epsilon_hf, p_hf = out$p_hf, lb = out$epsilon_lower, p_lb = out$p_lower, mauchly_W = out$mauchly_w,
    mauchly_chisq = out$mauchly_chisq, mauchly_df = out$mauchly_df, manova_F = out$pillai_f, manova_p = out$pillai_p,
    wilks = out$wilks
  ))
})

test_that("jamovi and ezANOVA: two factors within", {
  d <- core_validation("jamovi_ezanova", "rm_anova_jamovi_two_factor")
  w <- wide_of(d, "performance", "subject", paste(d$time, d$metric))
  within <- list(core_constant(6), core_helmert(2) %x% core_constant(3), core_constant(2) %x% core_helmert(3),
    core_helmert(2) %x% core_helmert(3))
  out <- matrix_tests(w$y, within = within)
  ms <- out$ss / out$df
  expect_core("jamovi_ezanova", "rm_anova_jamovi_two_factor", list(
    ms_time = ms[1], ms_metric = ms[2], ms_int = ms[3], F_time = out$f[1], F_metric = out$f[2], F_int = out$f[3],
    ges_time = out$eta2_generalised[1], ges_metric = out$eta2_generalised[2], ges_int = out$eta2_generalised[3],
    pes_time = out$eta2[1], pes_metric = out$eta2[2], pes_int = out$eta2[3], gg_metric = out$epsilon_gg[2],
    gg_int = out$epsilon_gg[3], hf_int = out$epsilon_hf[3], W_metric = out$mauchly_w[2], p_W_metric = out$mauchly_p[2],
    W_int = out$mauchly_w[3], p_W_int = out$mauchly_p[3]
  ))
})

test_that("JASP and ezANOVA: two groups, three months, balanced; and the same patients without groups", {
  d <- core_validation("jamovi_ezanova", "mixed_anova_jasp_balanced")
  w <- wide_of(d, "score", "subject", d$time)
  group <- factor(d$group[match(w$ids, d$subject)])
  alone <- matrix_tests(w$y)
  for (type in 1:3) {
    out <- matrix_tests(w$y, data.frame(group = group), type = type)
    expect_core("jamovi_ezanova", "mixed_anova_jasp_balanced", list(
      ss_group = out$ss[1], ss_time = out$ss[2], ss_int = out$ss[3], F_group = out$f[1], F_time = out$f[2],
      F_int = out$f[3], pes_group = out$eta2[1], pes_time = out$eta2[2], pes_int = out$eta2[3],
      ges_group = out$eta2_generalised[1],
      ges_time = out$eta2_generalised[2], ges_int = out$eta2_generalised[3],
      gg_rm = alone$epsilon_gg, W_rm = alone$mauchly_w,
      p_W_rm = alone$mauchly_p, rm_F = alone$f, rm_p = alone$p, rm_ges = alone$eta2_generalised, rm_pes = alone$eta2
    ))
  }
})

test_that("JASP: groups of 30 and 25, type 2", {
  d <- core_validation("jamovi_ezanova", "mixed_anova_jasp_balanced")
  d <- d[d$subject <= 54, ]
  w <- wide_of(d, "score", "subject", d$time)
  out <- matrix_tests(w$y, data.frame(group = factor(d$group[match(w$ids, d$subject)])), type = 2L)
  expect_core("jamovi_ezanova", "mixed_anova_pingouin_subset", list(F_group = out$f[1], F_time = out$f[2],
    F_int = out$f[3], pes_group = out$eta2[1], pes_time = out$eta2[2], pes_int = out$eta2[3]))
})

test_that("JASP: two visits", {
  out <- matrix_tests(as.matrix(core_validation("jasp", "rm_anova_jasp_two_level")))
  expect_core("jasp", "rm_anova_jasp_two_level",
    list(F = out$f, p = out$p, ss_effect = out$ss, ss_error = out$ss_error))
})

test_that("NIST: one-way designs keep every certified digit at offsets of 1e6 and 1e12", {
  for (case in c("sirstv", "smls01", "smls04", "smls07")) {
    d <- core_validation("nist", paste0("nist_anova_", case))
    out <- matrix_tests(cbind(d$y), data.frame(group = factor(d$group)), within = list(core_constant(1)))
    expect_core("nist", paste0("nist_anova_", case), list(F = out$f, ss_between = out$ss,
      ss_within = out$ss_error, r2 = out$eta2, resid_sd = sqrt(out$ss_error / out$df_error)))
    if (case != "sirstv") expect_equal(out$f, 21, tolerance = 1e-12)
  }
})
