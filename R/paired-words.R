# The words of the paired family and their place in the C++ enumerations (inst/include/respondr/paired/sample.hpp).

paired_methods <- c("t", "signed_rank", "sign", "permutation", "bootstrap")
scales <- c("difference", "ratio", "log_percent", "symmetric_percent")
alternatives <- c("two.sided", "less", "greater", "equivalence")
distributions <- c("none", "auto", "exact", "asymptotic", "monte_carlo")
zero_rules <- c("wilcoxon", "pratt")
exact_rules <- c("work", "n20", "never", "n50_no_ties", "n25")
boot_intervals <- c("bca", "percentile")
paired_effects <- c("none", "d_z", "d_av", "d_rm", "d_b", "rank_biserial", "prob_superiority")
effect_intervals <- c("analytic", "bootstrap")
conventions <- c("respondr", "sas", "spss", "r")

default_effect <- c(
  t = "d_z", signed_rank = "rank_biserial", sign = "prob_superiority", permutation = "d_z", bootstrap = "d_z"
)

# What another program would do on the same data; NULL entries leave the user's word.
# SAS: PROC UNIVARIATE (signed rank exact for n <= 20, else a t approximation), quantile definition 5 = type 2.
# SPSS: NPAR TESTS (asymptotic signed rank without continuity; sign test exact up to 25), HAVERAGE = type 6.
# R: wilcox.test before 4.6 (exact below 50 without ties and zeros, else normal with continuity), type 7.
convention_settings <- function(convention, method) {
  base <- list(exact_rule = "work", approximation = "normal", continuity = FALSE, quantile_type = 7L)
  change <- switch(convention,
    sas = list(
      exact_rule = if (method == "signed_rank") "n20" else "work",
      approximation = if (method == "signed_rank") "student" else "normal", quantile_type = 2L
    ),
    spss = list(
      exact_rule = if (method == "sign") "n25" else if (method == "signed_rank") "never" else "work",
      continuity = method == "sign", quantile_type = 6L
    ),
    r = list(exact_rule = if (method == "signed_rank") "n50_no_ties" else "work", continuity = TRUE),
    list()
  )
  utils::modifyList(base, change)
}

# What the estimate is, in words.
estimand_words <- function(method, scale, kind) {
  location <- c(t = "mean", signed_rank = "pseudomedian", sign = "median", permutation = "mean", bootstrap = "mean")[[method]]
  switch(scale,
    difference = paste(location, if (kind == "change") "change" else "difference"),
    ratio = if (location == "mean") "geometric mean ratio" else paste(location, "ratio"),
    log_percent = paste(location, "log percent change"),
    symmetric_percent = paste(location, "symmetrised percent change")
  )
}

effect_label <- function(effect, hedges) {
  if (hedges) sub("^d_", "g_", effect) else effect
}
