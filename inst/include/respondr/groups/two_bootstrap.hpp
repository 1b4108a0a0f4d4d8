#pragma once
// Bootstrap of a difference of means, each arm resampled by itself (Efron and Tibshirani 1993, section 8.3); the limits
// and their
// p are those of bootstrap.hpp. Acceleration: the skewness of the influence values (x - mean) / n of the level and the
// reversed of
// the reference.
//
//   status           estimate  std_error, p, limits
//   no_data          -         -
//   one_group_empty  -         -
//   too_few          yes       -
//   no_variance      yes       -

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/bootstrap.hpp"
#include "respondr/groups/mann_whitney.hpp"
#include "respondr/moments.hpp"

namespace respondr::groups {

struct TwoBootstrapWorkspace {
  Bootstrap bootstrap;
  std::vector<double> level, reference, replicate, influence;
};

namespace detail {

inline double resampled_mean(const std::vector<double>& values, Stream& stream) {
  const std::uint32_t n = static_cast<std::uint32_t>(values.size());
  double sum = 0.0;
  for (std::uint32_t i = 0; i < n; ++i) {
    sum += values[stream.bounded(n)];
  }
  return sum / static_cast<double>(n);
}

inline void influence_of_means(Span<double> values, const Moments& m, double sign, std::vector<double>& out) {
  for (const double v : values) {
    out.push_back(sign * (v - m.mean) / m.n);
  }
}

}  // namespace detail

inline void solve_two_bootstrap(const TwoOptions& options, const TwoArms& arms, const Shift& shift, TwoBootstrapWorkspace& w,
                                TwoRow& row) {
  if (!both_arms(static_cast<double>(arms.level.size), static_cast<double>(arms.reference.size), row)) {
    return;
  }
  // In ascending order, so that a draw does not hang on the order of the rows.
  w.level.assign(arms.level.begin(), arms.level.end());
  w.reference.assign(arms.reference.begin(), arms.reference.end());
  std::sort(w.level.begin(), w.level.end());
  std::sort(w.reference.begin(), w.reference.end());
  const Moments x = Moments::of(arms.level), y = Moments::of(arms.reference);
  row.estimate = x.mean - y.mean;
  if (x.n < 2.0 || y.n < 2.0) {
    row.status = Status::too_few;
    return;
  }
  if (!detail::has_spread(x) && !detail::has_spread(y)) {
    row.status = Status::no_variance;
    return;
  }
  w.replicate.clear();
  for (int r = 0; r < options.replicates; ++r) {
    Stream stream(options.seed, static_cast<std::uint64_t>(Tag::arms_bootstrap), arms.problem,
                  static_cast<std::uint64_t>(r));
    const double mean = detail::resampled_mean(w.level, stream);
    w.replicate.push_back(mean - detail::resampled_mean(w.reference, stream));
  }
  Bootstrap& b = w.bootstrap;
  b.take({w.replicate.data(), w.replicate.size()});
  if (options.bca) {
    w.influence.clear();
    detail::influence_of_means(arms.level, x, 1.0, w.influence);
    detail::influence_of_means(arms.reference, y, -1.0, w.influence);
    const double acceleration = Bootstrap::skewness_sixth({w.influence.data(), w.influence.size()});
    if (!b.correct(row.estimate, acceleration, 1e-13 * (std::fabs(row.estimate) + arms.magnitude))) {
      row.add(Note::skewed);
    }
  }
  if (std::min(x.n, y.n) < 10.0) {
    row.add(Note::small_arms);
  }
  row.std_error = b.std_error();
  const CombinedP p = combine_p(options.alternative, shift, [&b](double theta) { return b.tails(theta); });
  row.p_value = p.value;
  const Sides s = sides(options.alternative, options.conf_level);
  row.conf_low = s.low ? b.limit(s.alpha, true) : -infinity;
  row.conf_high = s.high ? b.limit(s.alpha, false) : infinity;
  row.conf_method = b.method();
  row.p_matches = true;
  note_unbounded(s, row);
}

}  // namespace respondr::groups
