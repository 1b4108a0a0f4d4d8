#pragma once
// One row of a result: what a solver writes and the glue turns into columns. The names are those of the dictionary in
// R/dictionary.R, one for one; a field that a method does not fill stays missing.

#include <cstdint>

#include "respondr/types.hpp"

namespace respondr {

// Where an interval comes from; R/dictionary.R holds the printed words.
enum class ConfMethod : int {
  none = 0,
  t,
  signed_rank_exact,
  signed_rank_asymptotic,
  sign_exact,
  sign_asymptotic,
  flip_exact,
  flip_monte_carlo,
  bca,
  percentile,
  rank_t,
  rank_range,
  // groups
  t_pooled,
  t_welch,
  z,
  rank_sum_exact,
  rank_sum_asymptotic,
  rank_sum_moses,
  brunner_munzel_t,
  brunner_munzel_permutation,
  permutation_exact,
  permutation_monte_carlo,
  f_ratio,
  noncentral_f_steiger,
  noncentral_f_error,
  noncentral_f_stata,
  pooled_t,
  welch_pair,
  rank_sum_shift,
  hc3_t,
  ancova_t,
  // rates
  mee,
  miettinen_nurminen,
  koopman,
  score_odds,
  wald,
  newcombe,
  katz,
  woolf,
  profile,
  conditional,
  conditional_midp,
  chan_zhang,
  agresti_min,
  unconditional,
  santner_snell,
  score_continuity,
  newcombe_continuity,
  clopper_pearson,
  wilson,
  jeffreys,
  agresti_coull,
  binomial_midp,
  blaker,
  blyth_still_casella,
  sterne,
  trend_wald,
  strata_score_mh,
  strata_score_iv,
  strata_conditional_score,
  robins_breslow_greenland,
  greenland_robins,
  sato,
  klingenberg,
  strata_newcombe,
  strata_exact,
  // paired_rates
  tango,
  paired_newcombe,
  paired_bonett_price,
  paired_unconditional,
  ratio_score,
  ratio_bonett_price,
  conditional_wilson,
  conditional_central,
  conditional_minlike,
  conditional_blaker,
  paired_midp,
  marginal_score,
  kappa_asymptotic,
  // linear
  fisher_z,
  kendall_z,
  spearman_bonett_wright,
  spearman_fieller,
  spearman_caruso_cliff,
  pitman_morgan,
  reliability_t,
  error_fieller,
  hartung_knapp,
  // logistic
  profile_penalised,
  score_model,
  delta,
  rubin,
  clip,
  // validate
  delong,
  delong_logit,
  delong_t,
  newcombe_auc,
  newcombe_auc_difference,
  mean_wald,
  percentile_shifted,
  // response
  log_log,
  basic
};

// Things worth saying that are not the status. A set of bits; R/status.R holds the sentences, in this order.
enum class Note : std::uint32_t {
  hull = 1u << 0,               // the accepted set has a hole, the interval is its convex hull
  baseline_not_positive = 1u << 1,  // percent change left out patients whose baseline is 0 or negative
  not_positive = 1u << 2,       // a value at or below 0 has no logarithm
  unbounded = 1u << 3,          // too few pairs for a finite limit at this level
  local_scan = 1u << 4,         // the inversion searched near the limits only, not the whole range
  small_bootstrap = 1u << 5,    // too few pairs for the bootstrap interval to hold its level
  skewed = 1u << 6,             // bias correction of the bootstrap not available
  conf_asymptotic = 1u << 7,    // interval asymptotic although the p is not
  effect_unavailable = 1u << 8, // the effect size or its interval cannot be computed
  zero_sum = 1u << 9,           // before + after is 0: no symmetrised percent change
  negative = 1u << 10,          // a negative value has no symmetrised percent change
  visit_left_out = 1u << 11,    // a visit that no patient used here has is left out
  ties_conservative = 1u << 12, // the asymptotic p does not allow for ties and is too large
  small_arms = 1u << 13,        // an arm too small for the bootstrap interval to hold its level
  arm_left_out = 1u << 14,      // an arm without values is left out
  nnt_two_sided = 1u << 15,     // the number needed to treat runs through infinity
  beyond_limit = 1u << 16,      // the exact answer was beyond the limit, an asymptotic one stands there
  strata_left_out = 1u << 17,   // strata with an empty arm, or without or with nothing but events, say nothing
  zero_cells = 1u << 18,        // a half was added to the cells of strata that have an empty one
  no_finite_interval = 1u << 19,  // the estimate is 0 or infinite, where this interval does not exist
  level_left_out = 1u << 20,    // a level that no patient has at either visit is left out
  empty_pairs = 1u << 21,       // pairs of levels that no patient moved between count in the degrees of freedom
  levels_apart = 1u << 22,      // no patient moved between two sets of levels: each is tested within itself
  over_corrected = 1u << 23,    // the measurement error given leaves true values that correlate beyond 1
  delong_unavailable = 1u << 24,  // DeLong's variance is 0 or not defined; Newcombe's interval stands there
  certain_predictions = 1u << 25, // predicted probabilities of exactly 0 or 1 have no log odds
  groups_joined = 1u << 26,     // equal predictions kept together: fewer groups than asked for
  few_replicates = 1u << 27     // too few replicates for a finite limit at this level
};

struct Row {
  int n_pairs = 0, n_dropped = 0, n_zeros = 0, n_ties = 0;
  double estimate = missing, std_error = missing, conf_low = missing, conf_high = missing, conf_attained = missing;
  double statistic = missing, df = missing, p_value = missing, p_low = missing, p_high = missing;
  double effect = missing, effect_low = missing, effect_high = missing;
  Distribution distribution = Distribution::none;
  ConfMethod conf_method = ConfMethod::none;
  bool p_matches = false;
  Status status = Status::ok;
  std::uint32_t notes = 0;

  void add(Note note) { notes |= static_cast<std::uint32_t>(note); }
};

// Calls f(name, member pointer) for every numeric column, in the order of the dictionary.
template <class F>
void visit_integer_columns(F&& f) {
  f("n_pairs", &Row::n_pairs);
  f("n_dropped", &Row::n_dropped);
  f("n_zeros", &Row::n_zeros);
  f("n_ties", &Row::n_ties);
}

template <class F>
void visit_double_columns(F&& f) {
  f("estimate", &Row::estimate);
  f("std_error", &Row::std_error);
  f("conf_low", &Row::conf_low);
  f("conf_high", &Row::conf_high);
  f("conf_attained", &Row::conf_attained);
  f("statistic", &Row::statistic);
  f("df", &Row::df);
  f("p_value", &Row::p_value);
  f("p_low", &Row::p_low);
  f("p_high", &Row::p_high);
  f("effect", &Row::effect);
  f("effect_low", &Row::effect_low);
  f("effect_high", &Row::effect_high);
}

}  // namespace respondr
