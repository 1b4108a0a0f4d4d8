#pragma once
// Sign test (Arbuthnot 1710; Dixon and Mood 1946, JASA 41:557) with the median of the changes and the interval between order
// statistics that inverts the test.
//
// Hypothesis theta: changes above and below theta are equally likely; changes equal to theta leave. Statistic: S, the changes
// above. p: binomial(N, 1/2), N the changes that differ from theta; twice the smaller tail (two-sided). Asymptotic: the normal
// distribution with mean N / 2 and variance N / 4.
//
//   status       estimate  p      limits                      note
//   no_data      -         -      -
//   one_pair     yes       exact  infinite                    unbounded
//   no_variance  yes       exact  the change, or infinite     unbounded
//   all_zero     yes       1      as no_variance
//   hull         asymptotic only: hull of the accepted set    hull

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/paired/sides.hpp"
#include "respondr/special/central.hpp"

namespace respondr::paired {

struct SignWorkspace {
  std::vector<double> sorted;
};

namespace detail {

// Changes on either side of a hypothesis.
struct SignCounts {
  double below = 0.0, above = 0.0;
  double n() const { return below + above; }
};

inline SignCounts count_signs(const std::vector<double>& sorted, double theta, double rounding) {
  const auto low = std::lower_bound(sorted.begin(), sorted.end(), theta - rounding);
  const auto high = std::upper_bound(sorted.begin(), sorted.end(), theta + rounding);
  return {static_cast<double>(low - sorted.begin()), static_cast<double>(sorted.end() - high)};
}

inline Tails sign_tails(const SignCounts& c, bool exact, bool continuity) {
  const double n = c.n();
  if (n == 0.0) {
    return {1.0, 1.0};
  }
  if (exact) {
    return {special::binomial_cdf(c.above, n, 0.5, special::Tail::upper),
            special::binomial_cdf(c.above, n, 0.5, special::Tail::lower)};
  }
  const double half = continuity ? 0.5 : 0.0, off = c.above - 0.5 * n, sd = 0.5 * std::sqrt(n);
  return {special::normal_cdf((off - half) / sd, special::Tail::upper),
          special::normal_cdf((off + half) / sd, special::Tail::lower)};
}

inline bool sign_is_exact(const Options& options, double n) {
  if (options.distribution != Distribution::automatic) {
    return options.distribution != Distribution::asymptotic;  // the exact p costs no draws
  }
  return options.exact_rule == ExactRule::n25 ? n <= 25.0 : options.exact_rule != ExactRule::never;
}

// One limit of the exact interval. In the gap above the k-th smallest change, k changes lie below, and the p of `greater` is
// P(X <= k): the limit is the first change whose gap is accepted. At a change itself the p lies between those of the gaps on
// either side, so that there are no holes.
inline void exact_sign_limit(const std::vector<double>& sorted, double alpha, bool low, Row& row, double& outside) {
  const double n = static_cast<double>(sorted.size());
  const auto p = [n](double k) { return special::binomial_cdf(k, n, 0.5, special::Tail::lower); };
  double rejected = -1.0, accepted = n;  // P(X <= rejected) <= alpha < P(X <= accepted)
  while (accepted - rejected > 1.0) {
    const double middle = std::floor(0.5 * (rejected + accepted));
    (p(middle) > alpha ? accepted : rejected) = middle;
  }
  double& limit = low ? row.conf_low : row.conf_high;
  if (rejected < 0.0) {
    limit = low ? -infinity : infinity;
    return;
  }
  const std::size_t at = static_cast<std::size_t>(accepted) - 1;
  limit = low ? sorted[at] : sorted[sorted.size() - 1 - at];
  const SignCounts beyond = count_signs(sorted, limit, 0.0);  // ties at the limit leave fewer changes beyond it
  outside += p(low ? beyond.below : beyond.above);
}

// The asymptotic p is not monotone at changes that are tied: every gap and every change is asked.
inline void asymptotic_sign_limits(const std::vector<double>& sorted, const Options& options, const Sides& s, Row& row) {
  const double alpha = s.alpha * (1.0 + level_slack), n = static_cast<double>(sorted.size());
  const auto accepts = [&](const SignCounts& c) {
    const Tails t = sign_tails(c, false, options.continuity);
    return (!s.low || t.greater > alpha) && (!s.high || t.less > alpha);
  };
  double low = infinity, high = -infinity;
  bool before = false, left = false;
  const auto visit = [&](double from, double to, const SignCounts& c) {
    const bool now = accepts(c);
    if (now) {
      low = std::min(low, from);
      high = std::max(high, to);
      if (left) {
        note_hull(row);
      }
    }
    left = left || (before && !now);
    before = now;
  };
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t end = i;
    while (end < sorted.size() && sorted[end] == sorted[i]) {
      ++end;
    }
    const double below = static_cast<double>(i), above = n - static_cast<double>(end);
    visit(i == 0 ? -infinity : sorted[i - 1], sorted[i], {below, n - below});
    visit(sorted[i], sorted[i], {below, above});
    i = end;
  }
  visit(sorted.back(), infinity, {n, 0.0});
  row.conf_low = s.low ? low : -infinity;
  row.conf_high = s.high ? high : infinity;
}

inline double median_of_sorted(const std::vector<double>& x) {
  const double low = x[(x.size() - 1) / 2], high = x[x.size() / 2];
  return low + 0.5 * (high - low);
}

}  // namespace detail

inline void solve_sign(const Options& options, const Sample& sample, const Shift& shift, SignWorkspace& w, Row& row) {
  status_of_changes(sample, shift, row);
  if (sample.size() == 0) {
    return;
  }
  w.sorted = sample.change;
  std::sort(w.sorted.begin(), w.sorted.end());
  row.estimate = detail::median_of_sorted(w.sorted);
  const double rounding = change_rounding(sample);
  const detail::SignCounts at_null = detail::count_signs(w.sorted, shift.null, rounding);
  row.n_zeros = static_cast<int>(sample.size() - at_null.n());
  const bool exact = detail::sign_is_exact(options, at_null.n());
  const CombinedP p = combine_p(options.alternative, shift, [&](double theta) {
    return detail::sign_tails(detail::count_signs(w.sorted, theta, rounding), exact, options.continuity);
  });
  row.p_value = p.value;
  row.statistic = detail::count_signs(w.sorted, p.theta, rounding).above;
  row.distribution = exact ? Distribution::exact : Distribution::asymptotic;
  row.conf_method = exact ? ConfMethod::sign_exact : ConfMethod::sign_asymptotic;
  row.p_matches = true;
  const Sides s = sides(options);
  if (!exact) {
    detail::asymptotic_sign_limits(w.sorted, options, s, row);
    note_unbounded(s, row);
    return;
  }
  double outside = 0.0;
  row.conf_low = -infinity;
  row.conf_high = infinity;
  for (const bool low : {true, false}) {
    if (low ? s.low : s.high) {
      detail::exact_sign_limit(w.sorted, s.alpha * (1.0 + level_slack), low, row, outside);
    }
  }
  row.conf_attained = 1.0 - outside;
  note_unbounded(s, row);
}

}  // namespace respondr::paired
