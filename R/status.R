# Words and sentences of the enumerations that C++ hands over as integers: Status (types.hpp), Note and ConfMethod
# (row.hpp), Distribution (types.hpp). The order is theirs; the lists only grow at the end.

status_table <- data.frame(
  word = c(
    "ok", "no_data", "one_pair", "no_variance", "all_zero", "one_group_empty", "one_level", "rank_deficient",
    "separated", "not_converged", "boundary", "hull", "too_large", "not_estimable", "too_few", "singular"
  ),
  sentence = c(
    "everything was computed",
    "no patient with the values that are needed",
    "a single pair shows no spread",
    "all values are equal, so nothing can be measured against their spread",
    "no change differs from the null value",
    "one of the groups is empty",
    "the factor has one level only",
    "the columns of the model depend on each other",
    "a predictor separates the responders from the others",
    "the computation did not converge",
    "the estimate lies on the boundary of its range",
    "the values that the test accepts have a gap, so the interval is their convex hull",
    "the exact answer takes more steps than exact_limit allows",
    "this quantity cannot be estimated from these data",
    "too few complete patients for this test",
    "the visits depend on each other, so their covariance matrix has no inverse"
  )
)

# In the order of the bits of Note.
note_sentences <- c(
  "the values that the test accepts have a gap, so the interval is their convex hull",
  "patients with a baseline of 0 or below are left out of the percent change",
  "values at or below 0 have no logarithm, so their pairs are dropped",
  "too few patients for a finite limit at this level",
  "the interval was searched near its limits only",
  "too few pairs for the bootstrap interval to hold its level",
  "the bias correction of the bootstrap is not available",
  "the interval is asymptotic, the p-value is not",
  "the effect size or its interval cannot be computed",
  "pairs whose before and after add to 0 have no symmetrised percent change and are dropped",
  "pairs with a negative value have no symmetrised percent change and are dropped",
  "a visit that no patient used here has is left out",
  "there are ties, for which the asymptotic p-value makes no allowance: it is too large",
  "an arm is too small for the bootstrap interval to hold its level",
  "an arm without values is left out",
  "the interval of the difference holds 0: the number needed to treat runs from its lower limit through infinity to its upper one",
  "the exact answer takes more steps than exact_limit allows, so an asymptotic one stands there",
  "strata with an empty arm, without events or with events only say nothing and are left out",
  "a half was added to the cells of strata that have an empty one",
  "the estimate is 0 or infinite, where this interval does not exist: use the interval of the test or the exact one",
  "a level that no patient has at either visit is left out",
  "pairs of levels that no patient moved between count in the degrees of freedom",
  "no patient moved between two sets of levels, so each is tested within itself",
  "if both visits are measured with the error given, the true values would correlate beyond 1: the error is too large",
  "DeLong's variance is 0 or not defined here, so Newcombe's interval (2006) stands there",
  "predicted probabilities of exactly 0 or 1 have no log odds, so calibration cannot be measured on them",
  "patients with equal predictions stay together, so there are fewer groups than asked for",
  "too few replicates of the bootstrap for a finite limit at this level: ask for more"
)

# Word and sentence of each ConfMethod, in its order.
conf_method_sentences <- c(
  none = "no interval",
  t = "inversion of the t-test",
  signed_rank_exact = "inversion of the exact signed-rank test (Hodges-Lehmann)",
  signed_rank_asymptotic = "inversion of the asymptotic signed-rank test (Hodges-Lehmann)",
  sign_exact = "order statistics, inversion of the exact sign test",
  sign_asymptotic = "order statistics, inversion of the asymptotic sign test",
  flip_exact = "inversion of the exact sign-flip permutation test",
  flip_monte_carlo = "inversion of the Monte Carlo sign-flip permutation test",
  bca = "bias-corrected and accelerated bootstrap",
  percentile = "percentile bootstrap",
  rank_t = "inversion of Conover's t of mean ranks",
  rank_range = "inversion of Nemenyi's studentized range of mean ranks, for all pairs together",
  # groups
  t_pooled = "inversion of Student's t-test with the pooled variance",
  t_welch = "inversion of Welch's t-test",
  z = "inversion of the z-test with known standard deviations",
  rank_sum_exact = "inversion of the exact rank-sum test (Hodges-Lehmann)",
  rank_sum_asymptotic = "inversion of the asymptotic rank-sum test (Hodges-Lehmann)",
  rank_sum_moses = "order statistics of the differences, asymptotic without tie correction (Moses)",
  brunner_munzel_t = "inversion of the Brunner-Munzel t",
  brunner_munzel_permutation = "inversion of the studentized permutation test of Brunner and Munzel",
  permutation_exact = "inversion of the exact permutation test of two means",
  permutation_monte_carlo = "inversion of the Monte Carlo permutation test of two means",
  f_ratio = "inversion of the F test of two variances",
  noncentral_f_steiger = "limits of the noncentrality l of F, as l / (l + N)",
  noncentral_f_error = "limits of the noncentrality l of F, as l / (l + denominator df)",
  noncentral_f_stata = "limits of the noncentrality l of F as Stata prints them",
  pooled_t = "inversion of the t-test with the spread of all arms together",
  welch_pair = "inversion of Welch's t-test of the two arms",
  rank_sum_shift = "inversion of the asymptotic rank-sum test of the two arms (Hodges-Lehmann)",
  hc3_t = "t with the standard error HC3",
  ancova_t = "inversion of the t-test of the arms at equal baseline",
  # rates
  mee = "inversion of the score test of a difference of two rates (Mee)",
  miettinen_nurminen = "inversion of the score test with variance times N / (N - 1) (Miettinen and Nurminen)",
  koopman = "inversion of the score test of a ratio of two rates (Koopman)",
  score_odds = "inversion of the score test of an odds ratio",
  wald = "estimate and its standard error (Wald)",
  newcombe = "hybrid of the Wilson intervals of the two rates (Newcombe)",
  katz = "logarithm of the ratio and its standard error (Katz)",
  woolf = "logarithm of the odds ratio and its standard error (Woolf)",
  profile = "inversion of the likelihood-ratio test (profile likelihood)",
  conditional = "inversion of the exact conditional test of an odds ratio",
  conditional_midp = "inversion of the mid-p conditional test of an odds ratio",
  chan_zhang = "inversion of two one-sided exact unconditional score tests (Chan and Zhang)",
  agresti_min = "inversion of the two-sided exact unconditional score test (Agresti and Min)",
  unconditional = "inversion of the exact unconditional test in its own order of tables (Boschloo, Barnard)",
  santner_snell = "inversion of the exact unconditional test that orders by the difference (Santner and Snell)",
  score_continuity = "inversion of the score test with continuity correction",
  newcombe_continuity = "hybrid of the Wilson intervals with continuity correction (Newcombe)",
  clopper_pearson = "inversion of two one-sided binomial tests (Clopper and Pearson)",
  wilson = "inversion of the score test of one rate (Wilson)",
  jeffreys = "equal-tailed posterior of Jeffreys' prior",
  agresti_coull = "estimate and standard error after adding half of z squared to both counts (Agresti and Coull)",
  binomial_midp = "inversion of the mid-p binomial test",
  blaker = "inversion of Blaker's binomial test",
  blyth_still_casella = "Casella's refinement of the interval of Blyth and Still",
  sterne = "inversion of the binomial test that orders by probability (Sterne)",
  trend_wald = "Wald interval of the slope of the event rate by least squares",
  strata_score_mh = "inversion of the stratified score test with Mantel-Haenszel weights (Miettinen-Nurminen)",
  strata_score_iv = "inversion of the stratified score test with inverse-variance weights (Miettinen-Nurminen)",
  strata_conditional_score = "inversion of the Cochran-Mantel-Haenszel test, given the margins of every stratum",
  robins_breslow_greenland = "Robins-Breslow-Greenland interval of the Mantel-Haenszel odds ratio",
  greenland_robins = "Greenland-Robins interval of the Mantel-Haenszel risk ratio",
  sato = "Sato's interval of the Mantel-Haenszel difference",
  klingenberg = "Klingenberg's interval of the Mantel-Haenszel difference",
  strata_newcombe = "stratified Newcombe interval with Mantel-Haenszel weights (Yan-Su)",
  strata_exact = "inversion of the exact conditional test of the common odds ratio",
  # paired_rates
  tango = "inversion of the score test of the difference (Tango 1998)",
  paired_newcombe = "square-and-add of Wilson intervals (Newcombe 1998, method 10)",
  paired_bonett_price = "Wald after adding one half to each cell (Bonett and Price 2012)",
  paired_unconditional = "inversion of the exact unconditional test of the difference",
  ratio_score = "inversion of the score test of the ratio (Nam and Blackwelder 2002; Tang 2003)",
  ratio_bonett_price = "joined Wilson intervals of the ratio (Bonett and Price 2006)",
  conditional_wilson = "inversion of the score test of gains among changes (Wilson)",
  conditional_central = "inversion of the exact conditional test, central (Clopper and Pearson)",
  conditional_minlike = "inversion of the exact conditional test, minlike",
  conditional_blaker = "inversion of the exact conditional test, Blaker's rule",
  paired_midp = "inversion of the mid-p conditional test of gains among changes",
  marginal_score = "mean change of scores with the spread of the hypothesis, inversion of the score test",
  kappa_asymptotic = "Wald with the standard error of Fleiss, Cohen and Everitt (1969)",
  # linear
  fisher_z = "Fisher's z of Pearson's correlation",
  kendall_z = "z of Kendall's tau with variance .437 / (n - 4) (Fieller, Hartley and Pearson; Bonett and Wright)",
  spearman_bonett_wright = "z of Spearman's correlation with variance (1 + r^2 / 2) / (n - 3) (Bonett and Wright)",
  spearman_fieller = "z of Spearman's correlation with variance 1.06 / (n - 3) (Fieller, Hartley and Pearson)",
  spearman_caruso_cliff = "z of Spearman's correlation with the variance of Caruso and Cliff",
  pitman_morgan = "inversion of the test of Pitman and Morgan of two variances in the same patients",
  reliability_t = "inversion of the t-test, the reliability taken as known",
  error_fieller = "inversion of Fieller's test, the error variance taken as known",
  hartung_knapp = "t with the variance of Hartung and Knapp (Sidik and Jonkman)",
  # logistic
  profile_penalised = "inversion of the penalised likelihood-ratio test (profile penalised likelihood)",
  score_model = "inversion of the score test of a coefficient",
  delta = "estimate and its standard error by the delta method",
  rubin = "Rubin's rules, t with the degrees of freedom of Barnard and Rubin (1999)",
  clip = "combined profiles of the imputed data sets (CLIP; Heinze, Ploner and Beyea 2013)",
  # validate
  delong = "estimate and DeLong's standard error",
  delong_logit = "log odds of the area and DeLong's standard error",
  delong_t = "t of two independent areas with DeLong's standard errors and Satterthwaite's degrees of freedom",
  newcombe_auc = "inversion of the Mann-Whitney test under exponential scores (Newcombe 2006, method 5)",
  newcombe_auc_difference = "hybrid of the Newcombe intervals of the two areas",
  mean_wald = "estimate and the standard error of a mean",
  percentile_shifted = "percentile bootstrap, shifted by the optimism",
  # response
  log_log = "log(-log) interval of the curve; of a median, where the limits of the curve cross one half",
  basic = "basic bootstrap: percentiles of the replicates mirrored at the estimate"
)
conf_method_table <- data.frame(word = names(conf_method_sentences), sentence = unname(conf_method_sentences))

distribution_words <- c("none", "auto", "exact", "asymptotic", "monte_carlo")

# codes: 0-based integers of an enumeration. The cost is one addition a row.
enumeration_factor <- function(codes, words, what) {
  codes <- as.integer(codes)
  if (length(codes) && (anyNA(codes) || min(codes) < 0L || max(codes) >= length(words))) {
    stop_input("internal", paste0("A ", what, " outside its list."), what, NULL)
  }
  codes <- codes + 1L
  attributes(codes) <- list(levels = words, class = "factor")
  codes
}

status_factor <- function(codes) enumeration_factor(codes, status_table$word, "status")

# 0, no distribution or no interval, is a missing value.
drop_none <- function(codes, words, what) {
  codes <- as.integer(codes)
  if (length(codes) && (anyNA(codes) || min(codes) < 0L || max(codes) >= length(words))) {
    stop_input("internal", paste0("A ", what, " outside its list."), what, NULL)
  }
  none <- codes == 0L
  if (any(none)) codes[none] <- NA_integer_
  attributes(codes) <- list(levels = words[-1], class = "factor")
  codes
}

distribution_factor <- function(codes) drop_none(codes, distribution_words, "distribution")

conf_method_factor <- function(codes) drop_none(codes, conf_method_table$word, "conf_method")

# bits: sums of 2^k, k the place in note_sentences. Each distinct sum becomes one level, in the order of the sums, so
# that the levels do not depend on the order of rows.
note_factor <- function(bits) {
  bits <- as.integer(bits)
  if (!any(bits != 0L)) {
    return(structure(rep.int(1L, length(bits)), levels = "", class = "factor"))
  }
  sums <- sort(unique(c(0L, bits)))
  text <- vapply(sums, function(sum) {
    on <- bitwAnd(sum, bitwShiftL(1L, seq_along(note_sentences) - 1L)) != 0L
    paste(note_sentences[on], collapse = "; ")
  }, "")
  structure(match(bits, sums), levels = text, class = "factor")
}

status_sentence <- function(word) status_table$sentence[match(word, status_table$word)]

conf_method_sentence <- function(word) conf_method_table$sentence[match(word, conf_method_table$word)]
