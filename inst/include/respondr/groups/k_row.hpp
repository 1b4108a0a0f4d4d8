#pragma once
// Several arms: the words of the methods, the options and the row of a result.

#include <cstdint>

#include "respondr/paired/sample.hpp"
#include "respondr/row.hpp"
#include "respondr/types.hpp"

namespace respondr::groups {

enum class KMethod : int { anova = 0, welch_anova, f_star, kruskal_wallis, jonckheere };
enum class PairsMethod : int { tukey = 0, games_howell, dunnett, steel, dscf, dunn };
// Of tests of means eta2, omega2, epsilon2; of ranks rank_epsilon2, rank_eta2.
enum class KEffect : int { none = 0, eta2, omega2, epsilon2 };
enum class RankEffect : int { none = 0, rank_epsilon2, rank_eta2 };
// l is the noncentrality at the limit of F. steiger: l / (l + N) for all three; error: l / (l + df2); stata: as steiger,
// and for omega2 and epsilon2 the limits of eta2 adjusted like epsilon2 (esize of Stata).
enum class EffectLimits : int { none = 0, steiger, error, stata };

struct KOptions {
  Distribution distribution = Distribution::automatic;
  Alternative alternative = Alternative::two_sided;  // Jonckheere, Dunnett, Steel
  bool central = false;                              // two-sided exact rule of Jonckheere: central rather than distance
  bool mehrotra = false;                             // Brown and Forsythe: numerator df of Mehrotra (1997) in place of k - 1
  double conf_level = 0.95;
  double exact_limit = 1e8;  // elementary steps an exact answer may take
  int replicates = 10000;
  std::uint64_t seed = 0;
  KEffect effect = KEffect::eta2;
  EffectLimits effect_limits = EffectLimits::steiger;
  RankEffect rank_effect = RankEffect::rank_epsilon2;
  bool rank_interval = true;  // bootstrap interval of the rank effect
  paired::BootstrapInterval bootstrap_interval = paired::BootstrapInterval::bca;
};

// One row of a result; the names are those of the dictionary (R/dictionary.R).
struct KRow {
  int n = 0, n_reference = missing_int, n_dropped = 0, n_ties = missing_int;
  double estimate = missing, std_error = missing, conf_low = missing, conf_high = missing;
  double sum_sq = missing, sum_sq_error = missing;
  double statistic = missing, df = missing, df_denominator = missing;
  double p_value = missing, p_low = missing, p_high = missing;
  double p_adjusted = missing, conf_low_adjusted = missing, conf_high_adjusted = missing;
  double effect = missing, effect_low = missing, effect_high = missing;
  Distribution distribution = Distribution::none;
  ConfMethod conf_method = ConfMethod::none;  // of the effect, or of the estimate of a contrast
  bool p_matches = false;
  Status status = Status::ok;
  std::uint32_t notes = 0;

  void add(Note note) { notes |= static_cast<std::uint32_t>(note); }
};

// f(name, get) for every column; get(row) is a reference to the field.
template <class F>
void visit_columns(const KRow*, F&& f) {
  f(
      "n", [](auto& r) -> auto& { return r.n; });
  f(
      "n_reference", [](auto& r) -> auto& { return r.n_reference; });
  f(
      "n_dropped", [](auto& r) -> auto& { return r.n_dropped; });
  f(
      "n_ties", [](auto& r) -> auto& { return r.n_ties; });
  f(
      "estimate", [](auto& r) -> auto& { return r.estimate; });
  f(
      "std_error", [](auto& r) -> auto& { return r.std_error; });
  f(
      "conf_low", [](auto& r) -> auto& { return r.conf_low; });
  f(
      "conf_high", [](auto& r) -> auto& { return r.conf_high; });
  f(
      "sum_sq", [](auto& r) -> auto& { return r.sum_sq; });
  f(
      "sum_sq_error", [](auto& r) -> auto& { return r.sum_sq_error; });
  f(
      "statistic", [](auto& r) -> auto& { return r.statistic; });
  f(
      "df", [](auto& r) -> auto& { return r.df; });
  f(
      "df_denominator", [](auto& r) -> auto& { return r.df_denominator; });
  f(
      "p_value", [](auto& r) -> auto& { return r.p_value; });
  f(
      "p_low", [](auto& r) -> auto& { return r.p_low; });
  f(
      "p_high", [](auto& r) -> auto& { return r.p_high; });
  f(
      "p_adjusted", [](auto& r) -> auto& { return r.p_adjusted; });
  f(
      "conf_low_adjusted", [](auto& r) -> auto& { return r.conf_low_adjusted; });
  f(
      "conf_high_adjusted", [](auto& r) -> auto& { return r.conf_high_adjusted; });
  f(
      "effect", [](auto& r) -> auto& { return r.effect; });
  f(
      "effect_low", [](auto& r) -> auto& { return r.effect_low; });
  f(
      "effect_high", [](auto& r) -> auto& { return r.effect_high; });
  f(
      "distribution", [](auto& r) -> auto& { return r.distribution; });
  f(
      "conf_method", [](auto& r) -> auto& { return r.conf_method; });
  f(
      "p_matches", [](auto& r) -> auto& { return r.p_matches; });
  f(
      "status", [](auto& r) -> auto& { return r.status; });
  f(
      "notes", [](auto& r) -> auto& { return r.notes; });
}

}  // namespace respondr::groups
