# Words and sentences of the enumerations that C++ hands over as integers: Status (types.hpp), Note and ConfMethod
# (row.hpp), Distribution (types.hpp). The order is theirs; the lists only grow at the end.

status_table <- data.frame(
  word = c(
    "ok", "no_data", "one_pair", "no_variance", "all_zero", "one_group_empty", "one_level", "rank_deficient",
    "separated", "not_converged", "boundary", "hull", "too_large", "not_estimable", "too_few", "singular"
  ),
  sentence = c(
    "everything was computed",
    "no complete pair",
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

note_sentences <- c(
  "the values that the test accepts have a gap, so the interval is their convex hull",
  "patients with a baseline of 0 or below are left out of the percent change",
  "values at or below 0 have no logarithm, so their pairs are dropped",
  "too few pairs for a finite limit at this level",
  "the interval was searched near its limits only",
  "too few pairs for the bootstrap interval to hold its level",
  "the bias correction of the bootstrap is not available",
  "the interval is asymptotic, the p-value is not",
  "the effect size or its interval cannot be computed",
  "pairs whose before and after add to 0 have no symmetrised percent change and are dropped",
  "pairs with a negative value have no symmetrised percent change and are dropped",
  "a visit that no patient used here has is left out",
  "there are ties, for which the asymptotic p-value makes no allowance: it is too large",
  paste0("reserved ", 13:16),
  "the interval of the difference holds 0: the number needed to treat runs from its lower limit through infinity to its upper one",
  "the exact answer takes more steps than exact_limit allows, so an asymptotic one stands there",
  "reserved 19",
  "strata with an empty arm, without events or with events only say nothing and are left out",
  "a half was added to the cells of strata that have an empty one",
  "the estimate is 0 or infinite, where this interval does not exist: use the interval of the test or the exact one"
)

conf_method_table <- data.frame(
  word = c(
    "none", "t", "signed_rank_exact", "signed_rank_asymptotic", "sign_exact", "sign_asymptotic", "flip_exact",
    "flip_monte_carlo", "bca", "percentile", "rank_t", "rank_range", paste0("reserved_", 12:34), "mee", "miettinen_nurminen",
    "koopman", "score_odds", "wald", "newcombe", "katz", "woolf", "profile", "conditional", "conditional_midp", "chan_zhang",
    "agresti_min", "unconditional", "santner_snell", "score_continuity", "newcombe_continuity", "clopper_pearson", "wilson",
    "jeffreys", "agresti_coull", "binomial_midp", "blaker", "blyth_still_casella", "sterne",
    "trend_wald", "strata_score_mh", "strata_score_iv", "strata_conditional_score", "robins_breslow_greenland",
    "greenland_robins", "sato", "klingenberg", "strata_newcombe", "strata_exact"
  ),
  sentence = c(
    "no interval",
    "inversion of the t-test",
    "inversion of the exact signed-rank test (Hodges-Lehmann)",
    "inversion of the asymptotic signed-rank test (Hodges-Lehmann)",
    "order statistics, inversion of the exact sign test",
    "order statistics, inversion of the asymptotic sign test",
    "inversion of the exact sign-flip permutation test",
    "inversion of the Monte Carlo sign-flip permutation test",
    "bias-corrected and accelerated bootstrap",
    "percentile bootstrap",
    "inversion of Conover's t of mean ranks",
    "inversion of Nemenyi's studentized range of mean ranks, for all pairs together",
    rep("reserved", 23L),
    "inversion of the score test of a difference of two rates (Mee)",
    "inversion of the score test with variance times N / (N - 1) (Miettinen and Nurminen)",
    "inversion of the score test of a ratio of two rates (Koopman)",
    "inversion of the score test of an odds ratio",
    "estimate and its standard error (Wald)",
    "hybrid of the Wilson intervals of the two rates (Newcombe)",
    "logarithm of the ratio and its standard error (Katz)",
    "logarithm of the odds ratio and its standard error (Woolf)",
    "inversion of the likelihood-ratio test (profile likelihood)",
    "inversion of the exact conditional test of an odds ratio",
    "inversion of the mid-p conditional test of an odds ratio",
    "inversion of two one-sided exact unconditional score tests (Chan and Zhang)",
    "inversion of the two-sided exact unconditional score test (Agresti and Min)",
    "inversion of the exact unconditional test in its own order of tables (Boschloo, Barnard)",
    "inversion of the exact unconditional test that orders by the difference (Santner and Snell)",
    "inversion of the score test with continuity correction",
    "hybrid of the Wilson intervals with continuity correction (Newcombe)",
    "inversion of two one-sided binomial tests (Clopper and Pearson)",
    "inversion of the score test of one rate (Wilson)",
    "equal-tailed posterior of Jeffreys' prior",
    "estimate and standard error after adding half of z squared to both counts (Agresti and Coull)",
    "inversion of the mid-p binomial test",
    "inversion of Blaker's binomial test",
    "Casella's refinement of the interval of Blyth and Still",
    "inversion of the binomial test that orders by probability (Sterne)",
    "Wald interval of the slope of the event rate by least squares",
    "inversion of the stratified score test with Mantel-Haenszel weights (Miettinen-Nurminen)",
    "inversion of the stratified score test with inverse-variance weights (Miettinen-Nurminen)",
    "inversion of the Cochran-Mantel-Haenszel test, given the margins of every stratum",
    "Robins-Breslow-Greenland interval of the Mantel-Haenszel odds ratio",
    "Greenland-Robins interval of the Mantel-Haenszel risk ratio",
    "Sato's interval of the Mantel-Haenszel difference",
    "Klingenberg's interval of the Mantel-Haenszel difference",
    "stratified Newcombe interval with Mantel-Haenszel weights (Yan-Su)",
    "inversion of the exact conditional test of the common odds ratio"
  )
)

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
