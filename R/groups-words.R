# The words of the groups family and their place in the C++ enumerations (inst/include/respondr/groups/two_types.hpp).

two_methods <- c("student", "welch", "z", "mann_whitney", "brunner_munzel", "permutation", "bootstrap")
variance_methods <- c("f", "levene", "brown_forsythe", "fligner")
two_effects <- c("none", "d", "d_av", "glass_delta", "rank_biserial", "prob_superiority")
two_exact_rules <- c("work", "never", "n50_no_ties")
rank_rules <- c("distance", "central")
group_contrasts <- c("reference", "pairwise")

default_two_effect <- c(
  student = "d", welch = "d_av", z = "none", mann_whitney = "prob_superiority", brunner_munzel = "rank_biserial",
  permutation = "d", bootstrap = "d_av", f = "none", levene = "none", brown_forsythe = "none", fligner = "none"
)

# What another program would do on the same data; NULL entries leave the user's word.
# SAS: PROC NPAR1WAY (asymptotic unless EXACT is asked for, continuity correction, Moses' limits).
# SPSS: NPAR TESTS M-W (asymptotic without continuity).
# R: wilcox.test before 4.6 (exact where both arms are below 50 without ties, else normal with continuity).
two_convention <- function(convention) {
  base <- list(exact_rule = "work", limits = "inversion", continuity = FALSE)
  change <- switch(convention,
    sas = list(exact_rule = "never", limits = "moses", continuity = TRUE),
    spss = list(exact_rule = "never"),
    r = list(exact_rule = "n50_no_ties", continuity = TRUE),
    list()
  )
  utils::modifyList(base, change)
}

two_estimands <- c(
  student = "difference of means", welch = "difference of means", z = "difference of means",
  mann_whitney = "Hodges-Lehmann shift", brunner_munzel = "probability of superiority", permutation = "difference of means",
  bootstrap = "difference of means", f = "ratio of variances", levene = "difference of mean absolute deviations",
  brown_forsythe = "difference of mean absolute deviations", fligner = "difference of mean normal scores"
)

# No difference, on the scale of the estimate.
two_nulls <- c(brunner_munzel = 0.5, f = 1)

two_null <- function(method) if (method %in% names(two_nulls)) two_nulls[[method]] else 0

two_method_names <- c(
  student = "Student's t-test", welch = "Welch's t-test", z = "z-test with known SDs", mann_whitney = "Mann-Whitney test",
  brunner_munzel = "Brunner-Munzel test", permutation = "permutation test of means", bootstrap = "bootstrap of two means",
  f = "F test of two variances", levene = "Levene's test about the mean", brown_forsythe = "Brown-Forsythe test of spread",
  fligner = "Fligner-Killeen test about the median", anova = "one-way analysis of variance",
  welch_anova = "Welch's analysis of variance", f_star = "F* test of Brown and Forsythe",
  kruskal_wallis = "Kruskal-Wallis test", jonckheere = "Jonckheere-Terpstra test", tukey = "Tukey-Kramer test",
  games_howell = "Games-Howell test",
  dunnett = "Dunnett test", steel = "Steel test", dscf = "Dwass-Steel-Critchlow-Fligner test", dunn = "Dunn test"
)

two_statistics <- c(
  student = "t", welch = "t", z = "z", mann_whitney = "U", brunner_munzel = "t", permutation = "difference", f = "F",
  levene = "F", brown_forsythe = "F", fligner = "Fligner-Killeen chi-squared"
)

two_effect_label <- function(effect, hedges) {
  if (hedges && effect %in% c("d", "d_av", "glass_delta")) {
    return(c(d = "g", d_av = "g_av", glass_delta = "glass_delta_corrected")[[effect]])
  }
  effect
}

two_words <- function(family, method, alternative, null, margins, conf_level, distribution, two_sided, continuity, contrasts,
                      effect, hedges, boot_conf, convention, replicates, exact_limit, input, call) {
  words <- list(
    family = family,
    method = check_words(method, if (family == "groups") two_methods else variance_methods, "method", call),
    alternative = check_word(alternative, alternatives, "alternative", call),
    conf_level = check_number(conf_level, "conf_level", call, 0, 1, open = TRUE),
    distribution = check_word(distribution, distributions[-1], "distribution", call),
    two_sided = check_word(two_sided, rank_rules, "two_sided", call),
    continuity = if (!is.null(continuity)) check_flag(continuity, "continuity", call),
    contrasts = check_word(contrasts, group_contrasts, "contrasts", call),
    effect = check_words(effect, c("default", two_effects), "effect", call),
    hedges = check_flag(hedges, "hedges", call),
    boot_conf = check_word(boot_conf, boot_intervals, "boot_conf", call),
    convention = check_word(convention, conventions, "convention", call),
    replicates = check_whole(replicates, "replicates", call, 1, 1e9),
    exact_limit = if (identical(exact_limit, Inf)) Inf else check_number(exact_limit, "exact_limit", call, 0)
  )
  words <- c(words, two_hypotheses(words, null, margins, call))
  check_two_combination(words, input, call)
  words
}

# Several methods share a null or margins only where their estimates are of one kind.
two_hypotheses <- function(words, null, margins, call) {
  kinds <- unique(two_estimands[words$method] %in% c("probability of superiority", "ratio of variances"))
  equivalence <- words$alternative == "equivalence"
  if ((!is.null(null) || equivalence) && length(kinds) > 1L) {
    stop_input("number", c("`null` and `margins` cannot hold for estimates of different kinds in one call.",
      i = "Call once for each method."), if (is.null(null)) "margins" else "null", call)
  }
  range <- if ("brunner_munzel" %in% words$method) c(0, 1) else if ("f" %in% words$method) c(0, Inf) else c(-Inf, Inf)
  if (!is.null(null)) {
    null <- check_number(null, "null", call)
    if (null <= range[1] || null >= range[2]) {
      stop_input("number", paste0("`null` must lie strictly between ", range[1], " and ", range[2], ", not ", null, "."),
        "null", call)
    }
  }
  if (!equivalence) {
    if (!is.null(margins)) {
      stop_input("margins", "`margins` go with `alternative = \"equivalence\"`.", "margins", call)
    }
    return(list(null = null, margins = c(NA_real_, NA_real_)))
  }
  if (!is.numeric(margins) || length(margins) != 2L || !all(is.finite(margins)) || margins[1] >= margins[2] ||
    margins[1] <= range[1] || margins[2] >= range[2]) {
    stop_input("margins", c("`margins` must be two numbers on the scale of the estimate, the lower below the upper.",
      i = if ("brunner_munzel" %in% words$method) "For example `margins = c(0.4, 0.6)`." else
        "For example `margins = c(-0.5, 0.5)`."), "margins", call)
  }
  if (words$conf_level <= 0.5) {
    stop_input("number", "Equivalence needs `conf_level` above 0.5.", "conf_level", call)
  }
  list(null = null, margins = as.double(margins))
}

check_two_combination <- function(words, input, call) {
  if (words$distribution == "asymptotic" && "permutation" %in% words$method) {
    stop_input("word", c("`method = \"permutation\"` has no asymptotic distribution here.",
      i = "Leave `distribution = \"auto\"`, or use `method = \"student\"`, its large-sample form."), "distribution", call)
  }
  if (words$alternative == "equivalence" && "fligner" %in% words$method) {
    stop_input("word", c("`method = \"fligner\"` compares normal scores, which have no margins.",
      i = "Use `method = \"f\"` or `\"brown_forsythe\"` for equivalence."), "alternative", call)
  }
  if (length(words$effect) > 1L && any(c("default", "none") %in% words$effect)) {
    stop_input("word", "`effect` mixes \"default\" or \"none\" with names; give the names only.", "effect", call)
  }
  if ("z" %in% words$method && is.null(input$sigma) && input$kind != "figures") {
    stop_input("sigma", c("`method = \"z\"` needs the known standard deviations.",
      i = "Give `sigma`: one number, or one for each arm named by it."), "sigma", call)
  }
  if (input$kind == "figures") {
    bad <- setdiff(words$method, c("student", "welch", "z", "f"))
    if (length(bad) || any(words$effect %in% c("rank_biserial", "prob_superiority"))) {
      stop_input("figures", c("Means and SDs allow Student, Welch, z and F tests and the d effect sizes only.",
        i = "Other methods need patient rows."), "method", call)
    }
  }
}
