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
  "an arm is too small for the bootstrap interval to hold its level"
)

conf_method_table <- data.frame(
  word = c(
    "none", "t", "signed_rank_exact", "signed_rank_asymptotic", "sign_exact", "sign_asymptotic", "flip_exact",
    "flip_monte_carlo", "bca", "percentile", "rank_t", "rank_range", "t_pooled", "t_welch", "z", "rank_sum_exact",
    "rank_sum_asymptotic", "rank_sum_moses", "brunner_munzel_t", "brunner_munzel_permutation", "permutation_exact",
    "permutation_monte_carlo", "f_ratio"
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
    "inversion of Student's t-test with the pooled variance",
    "inversion of Welch's t-test",
    "inversion of the z-test with known standard deviations",
    "inversion of the exact rank-sum test (Hodges-Lehmann)",
    "inversion of the asymptotic rank-sum test (Hodges-Lehmann)",
    "order statistics of the differences, asymptotic without tie correction (Moses)",
    "inversion of the Brunner-Munzel t",
    "inversion of the studentized permutation test of Brunner and Munzel",
    "inversion of the exact permutation test of two means",
    "inversion of the Monte Carlo permutation test of two means",
    "inversion of the F test of two variances"
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
