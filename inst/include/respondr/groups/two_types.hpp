#pragma once
// Two arms: the words of the methods, the options of a call and the row that a method fills. Estimates are those of the
// level
// minus (or over) the reference.

#include <cstdint>

#include "respondr/row.hpp"
#include "respondr/types.hpp"

namespace respondr::groups {

enum class TwoMethod : int {
  student = 0, welch, z, mann_whitney, brunner_munzel, permutation, bootstrap, f, levene, brown_forsythe, fligner
};
enum class TwoEffect : int { none = 0, d, d_av, glass_delta, rank_biserial, prob_superiority };
// The two-sided exact p of ranks: as far from the mean as observed or farther, or twice the smaller tail.
enum class TwoSided : int { distance = 0, central };
// What decides between exact and asymptotic under `automatic`: the work estimate (respondr), always asymptotic (SAS,
// SPSS), or
// both arms below 50 without ties (base R before 4.6).
enum class TwoExactRule : int { work = 0, never, n50_no_ties };
// Asymptotic limits of a shift: inversion of the test, or the order statistics of Moses with the variance without ties
// (SAS).
enum class ShiftLimits : int { inversion = 0, moses };

struct TwoOptions {
  TwoMethod method = TwoMethod::student;
  Alternative alternative = Alternative::two_sided;
  double null = 0.0;                                   // on the scale of the estimate
  double margin_low = missing, margin_high = missing;  // equivalence only
  double conf_level = 0.95;
  Distribution distribution = Distribution::automatic;
  TwoSided two_sided = TwoSided::distance;
  TwoExactRule exact_rule = TwoExactRule::work;
  ShiftLimits limits = ShiftLimits::inversion;
  bool continuity = false;
  double exact_limit = 1e8;
  TwoEffect effect = TwoEffect::none;
  bool hedges = false;
  bool bca = true;
  int replicates = 10000;
  std::uint64_t seed = 0;
};

struct TwoRow {
  int n = 0, n_reference = 0, n_dropped = 0, n_ties = 0;
  double estimate = missing, std_error = missing, conf_low = missing, conf_high = missing, conf_attained = missing;
  double statistic = missing, df = missing, df_denominator = missing, p_value = missing, p_low = missing, p_high = missing;
  double effect = missing, effect_low = missing, effect_high = missing;
  Distribution distribution = Distribution::none;
  ConfMethod conf_method = ConfMethod::none;
  bool p_matches = false;
  Status status = Status::ok;
  std::uint32_t notes = 0;

  void add(Note note) { notes |= static_cast<std::uint32_t>(note); }
};

// Calls f(name, get) for every column of a result.
template <class F>
void visit_columns(const TwoRow*, F&& f) {
  const auto column = [&f](const char* name, auto field) {
    f(name, [field](const TwoRow& row) -> const auto& { return row.*field; });
  };
  column("n", &TwoRow::n);
  column("n_reference", &TwoRow::n_reference);
  column("n_dropped", &TwoRow::n_dropped);
  column("n_ties", &TwoRow::n_ties);
  column("estimate", &TwoRow::estimate);
  column("std_error", &TwoRow::std_error);
  column("conf_low", &TwoRow::conf_low);
  column("conf_high", &TwoRow::conf_high);
  column("conf_attained", &TwoRow::conf_attained);
  column("statistic", &TwoRow::statistic);
  column("df", &TwoRow::df);
  column("df_denominator", &TwoRow::df_denominator);
  column("p_value", &TwoRow::p_value);
  column("p_low", &TwoRow::p_low);
  column("p_high", &TwoRow::p_high);
  column("effect", &TwoRow::effect);
  column("effect_low", &TwoRow::effect_low);
  column("effect_high", &TwoRow::effect_high);
  column("distribution", &TwoRow::distribution);
  column("conf_method", &TwoRow::conf_method);
  column("p_matches", &TwoRow::p_matches);
  column("status", &TwoRow::status);
  column("notes", &TwoRow::notes);
}

// Two arms as every solver sees them. Where all measurements are decimals of at most nine places they are held in units
// of the
// last place, as integers, so that ties and differences are exact; `unit` turns them back.
struct TwoArms {
  Span<double> level, reference;
  double unit = 1.0, per_unit = 1.0;
  bool on_grid = false;
  double magnitude = 0.0;     // largest absolute measurement: bounds the rounding of a difference
  std::uint64_t problem = 0;  // hash of the outcome, contrast and by labels

  std::size_t size() const { return level.size + reference.size; }
};

}  // namespace respondr::groups
