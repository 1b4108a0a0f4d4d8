#pragma once
// Test of Mann and Whitney (1947, Ann Math Stat 18:50), which is Wilcoxon's (1945) rank-sum test, with ties, the shift
// of Hodges
// and Lehmann (1963, Ann Math Stat 34:598) and the interval that inverts the test.
//
// Hypothesis theta: the level less theta has the distribution of the reference. U is the number of pairs (level,
// reference) in
// which the level less theta is the larger, ties counted one half; given the midranks all choices of n of the values for
// the level
// are equally likely. p: P(U >= observed) (greater), P(U <= observed) (less), P(|U - mean| >= |observed - mean|) (two-sided,
// distance), or twice the smaller tail (central). The estimate is the median of all differences.
//
//   status           estimate  p     limits                     note
//   no_data          -         -     -
//   one_group_empty  -         -     -
//   no_variance      yes       1     infinite, or the shift     unbounded
//   hull             yes       yes   hull of the accepted set   hull, beside another status
//   too_large        yes       -     -

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/groups/rank_sum_at.hpp"
#include "respondr/groups/shift_limits.hpp"
#include "respondr/groups/shifts.hpp"
#include "respondr/groups/swaps.hpp"
#include "respondr/groups/two_t.hpp"
#include "respondr/monte_carlo_p.hpp"

namespace respondr::groups {

struct MannWhitneyWorkspace {
  Shifts shifts;
  RankSumAt ranks;
  RankSumExact counts;
  ShiftInversion inversion;
  Swaps swaps;
  std::vector<double> values, twice_rank;
};

// Absolute error that one value may carry; differences are exact on the decimal grid.
inline double value_rounding(const TwoArms& arms) {
  return arms.on_grid ? 0.0 : std::numeric_limits<double>::epsilon() * arms.magnitude;
}

namespace detail {

// One answer to a hypothesis and, of Monte Carlo, how it was counted.
struct RankP {
  double value = missing, theta = missing, counted = missing;
  bool doubled = false;
};

template <class TailsAt>
RankP rank_p(Alternative alternative, TwoSided rule, const Shift& shift, TailsAt&& tails_at) {
  RankP p;
  if (alternative == Alternative::equivalence) {
    const double low = tails_at(shift.margin_low).greater, high = tails_at(shift.margin_high).less;
    p.theta = low >= high ? shift.margin_low : shift.margin_high;
    p.value = p.counted = std::max(low, high);
    return p;
  }
  const RankTails t = tails_at(shift.null);
  p.theta = shift.null;
  p.value = alternative == Alternative::two_sided ? t.two_sided : alternative == Alternative::greater ? t.greater : t.less;
  p.doubled = alternative == Alternative::two_sided && rule == TwoSided::central;
  p.counted = p.doubled ? std::min(t.greater, t.less) : p.value;
  return p;
}

inline void rank_at(double theta, MannWhitneyWorkspace& w) {
  w.ranks.build(w.shifts.level(), w.shifts.reference(), theta, w.shifts.tolerance());
}

// Steps of an exact p and both limits, which take some twenty more of its kind.
inline double exact_work(const MannWhitneyWorkspace& w) { return 20.0 * w.ranks.work(); }

// w.ranks at the null.
inline Distribution rank_sum_distribution(const TwoOptions& options, const TwoArms& arms, const MannWhitneyWorkspace& w) {
  if (options.distribution != Distribution::automatic) {
    return options.distribution;
  }
  if (options.exact_rule == TwoExactRule::never) {
    return Distribution::asymptotic;
  }
  if (options.exact_rule == TwoExactRule::n50_no_ties) {
    const bool small = arms.level.size < 50 && arms.reference.size < 50 && w.ranks.n_ties() == 0.0;
    return small ? Distribution::exact : Distribution::asymptotic;
  }
  return exact_work(w) <= options.exact_limit ? Distribution::exact : Distribution::monte_carlo;
}

// Twice the midranks of the pooled values at theta, ascending.
inline void pooled_ranks(const TwoArms& arms, double theta, MannWhitneyWorkspace& w) {
  w.values.clear();
  for (const double x : arms.level) {
    w.values.push_back(x - theta);
  }
  w.values.insert(w.values.end(), arms.reference.begin(), arms.reference.end());
  std::sort(w.values.begin(), w.values.end());
  const std::size_t total = w.values.size();
  w.twice_rank.resize(total);
  for (std::size_t first = 0; first < total;) {
    std::size_t last = first;
    while (last + 1 < total && w.values[last + 1] - w.values[last] <= w.shifts.tolerance()) {
      ++last;
    }
    std::fill(w.twice_rank.begin() + first, w.twice_rank.begin() + last + 1, static_cast<double>(first + last + 2));
    first = last + 1;
  }
}

// Relabellings drawn at random, the observed one counted as one more.
inline RankTails rank_sum_draws(const TwoOptions& options, const TwoArms& arms, double theta, MannWhitneyWorkspace& w) {
  rank_at(theta, w);
  pooled_ranks(arms, theta, w);
  const double m = static_cast<double>(arms.level.size), n = static_cast<double>(arms.reference.size);
  const double observed = 2.0 * w.ranks.statistic() + m * (m + 1.0), mean = m * (m + n + 1.0);
  const double distance = std::fabs(observed - mean), total = options.replicates + 1.0;
  double at_least = 1.0, at_most = 1.0, far = 1.0;
  w.swaps.begin(w.values.size(), arms.level.size);
  for (int r = 0; r < options.replicates; ++r) {
    const std::uint32_t* place = w.swaps.draw(options.seed, Tag::rank_sum, arms.problem, static_cast<std::uint64_t>(r));
    double sum = 0.0;
    for (std::size_t i = 0; i < w.swaps.picks(); ++i) {
      sum += w.twice_rank[place[i]];
    }
    at_least += sum >= observed ? 1.0 : 0.0;
    at_most += sum <= observed ? 1.0 : 0.0;
    far += std::fabs(sum - mean) >= distance ? 1.0 : 0.0;
  }
  RankTails t{at_least / total, at_most / total, far / total};
  if (options.two_sided == TwoSided::central) {
    t.two_sided = larger_half(t.greater, t.less);
  }
  return t;
}

// Order statistics of the differences of rank C from each end, C = m n / 2 - z sqrt(m n (N + 1) / 12) rounded down
// (Moses; SAS).
inline void moses_limits(const Sides& s, Shifts& shifts, double m, double n, TwoRow& row) {
  const double sd = std::sqrt(m * n * (m + n + 1.0) / 12.0);
  const double c = std::floor(0.5 * m * n + special::normal_quantile(s.alpha) * sd);
  row.conf_low = !s.low || c < 1.0 ? -infinity : shifts.select(c);
  row.conf_high = !s.high || c < 1.0 ? infinity : shifts.select(m * n + 1.0 - c);
  row.conf_method = ConfMethod::rank_sum_moses;
  note_unbounded(s, row);
}

inline void shift_limits(const TwoOptions& options, const TwoArms& arms, bool exact, MannWhitneyWorkspace& w, TwoRow& row) {
  const Sides s = sides(options.alternative, options.conf_level);
  if (!exact && options.limits == ShiftLimits::moses) {
    moses_limits(s, w.shifts, static_cast<double>(arms.level.size), static_cast<double>(arms.reference.size), row);
    return;
  }
  const ShiftTest test{options.alternative, options.conf_level, exact, options.two_sided, options.continuity};
  const ShiftHull hull = w.inversion.run(w.shifts, test, options.exact_limit);
  row.conf_low = hull.low;
  row.conf_high = hull.high;
  row.conf_method = exact ? ConfMethod::rank_sum_exact : ConfMethod::rank_sum_asymptotic;
  row.p_matches = true;
  if (exact) {
    row.conf_attained = 1.0 - hull.outside_low - hull.outside_high;
  }
  if (hull.hole) {
    note_hull(row);
  }
  if (hull.local) {
    row.add(Note::local_scan);
  }
  note_unbounded(s, row);
}

}  // namespace detail

inline void solve_mann_whitney(const TwoOptions& options, const TwoArms& arms, const Shift& shift, MannWhitneyWorkspace& w,
                               TwoRow& row) {
  if (!both_arms(static_cast<double>(arms.level.size), static_cast<double>(arms.reference.size), row)) {
    return;
  }
  w.shifts.prepare(arms.level, arms.reference, value_rounding(arms));
  row.estimate = w.shifts.median();
  detail::rank_at(shift.null, w);
  row.n_ties = static_cast<int>(w.ranks.n_ties());
  if (w.shifts.level().values().size == 1 && w.shifts.reference().values().size == 1 && arms.size() > 2) {
    row.status = Status::no_variance;
  }
  const Distribution how = detail::rank_sum_distribution(options, arms, w);
  const bool exact = how == Distribution::exact, drawn = how == Distribution::monte_carlo;
  if (exact && detail::exact_work(w) > options.exact_limit) {
    row.status = Status::too_large;
    return;
  }
  const detail::RankP p = detail::rank_p(options.alternative, options.two_sided, shift, [&](double theta) {
    if (drawn) {
      return detail::rank_sum_draws(options, arms, theta, w);
    }
    detail::rank_at(theta, w);
    return exact ? w.ranks.exact(options.two_sided, w.counts) : w.ranks.approximate(options.continuity);
  });
  row.p_value = p.value;
  row.distribution = how;
  detail::rank_at(p.theta, w);
  row.statistic = w.ranks.statistic();
  detail::shift_limits(options, arms, exact, w, row);
  if (drawn) {
    row.p_matches = false;
    row.add(Note::conf_asymptotic);
    monte_carlo_range(p.counted, p.doubled, static_cast<double>(options.replicates), row);
  }
}

}  // namespace respondr::groups
