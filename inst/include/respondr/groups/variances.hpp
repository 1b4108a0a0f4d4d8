#pragma once
// Tests of two spreads.
//
//   f               v1 / v0 against null, F on n1 - 1 and n0 - 1 df; estimate the ratio of variances, its interval the
//   inversion.
//   levene          Student's t of |x - mean of its arm|, F = t^2 on 1 and n1 + n0 - 2 df (Levene 1960).
//   brown_forsythe  the same of |x - median of its arm| (Brown and Forsythe 1974, J Am Stat Assoc 69:364). The estimate
//   of both is
//                   the difference of the mean absolute deviations, the interval that of the t.
//   fligner         Normal scores a = Phi^-1(1/2 + rank / (2 (N + 1))) of the midranks of |x - median of its arm|
//   (Conover, Johnson
//                   and Johnson 1981, Technometrics 23:351): difference of mean scores over sqrt(V (1/n1 + 1/n0)), V the
//                   variance
//                   of all scores; its square is the chi-square on 1 df. The difference has no interval.
//
//   status           estimate  p, limits
//   no_data          -         -
//   one_group_empty  -         -
//   too_few          -         -
//   no_variance      f: where v0 > 0; others: yes   -

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "respondr/groups/mann_whitney.hpp"
#include "respondr/groups/two_t.hpp"
#include "respondr/moments.hpp"
#include "respondr/ranks.hpp"

namespace respondr::groups {

struct VarianceWorkspace {
  std::vector<double> sorted, level, reference;
  std::vector<std::pair<double, std::size_t>> pooled;
};

// From moments, so that rows and summary figures end in the same function.
inline void finish_variance_ratio(const TwoOptions& options, const Moments& x, const Moments& y, const Shift& shift,
                                  TwoRow& row) {
  if (!both_arms(x.n, y.n, row)) {
    return;
  }
  if (x.n < 2.0 || y.n < 2.0) {
    row.status = Status::too_few;
    return;
  }
  const double df1 = x.n - 1.0, df0 = y.n - 1.0;
  row.df = df1;
  row.df_denominator = df0;
  const bool spread_x = detail::has_spread(x), spread_y = detail::has_spread(y);
  if (spread_y) {
    row.estimate = spread_x ? std::exp(2.0 * (std::log(x.sd()) - std::log(y.sd()))) : 0.0;
  }
  if (!spread_x || !spread_y) {
    row.status = Status::no_variance;
    return;
  }
  const CombinedP p = combine_p(options.alternative, shift, [&](double null) {
    const double f = row.estimate / null;
    return Tails{special::f_cdf(f, df1, df0, special::Tail::upper), special::f_cdf(f, df1, df0, special::Tail::lower)};
  });
  row.p_value = p.value;
  row.statistic = row.estimate / p.theta;
  const Sides s = sides(options.alternative, options.conf_level);
  row.conf_low = s.low ? row.estimate / special::f_quantile(s.alpha, df1, df0, special::Tail::upper) : 0.0;
  row.conf_high = s.high ? row.estimate / special::f_quantile(s.alpha, df1, df0, special::Tail::lower) : infinity;
  row.conf_method = ConfMethod::f_ratio;
  row.p_matches = true;
}

namespace detail {

inline double median_of(Span<double> x, std::vector<double>& sorted) {
  sorted.assign(x.begin(), x.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t n = sorted.size();
  return n % 2 == 1 ? sorted[n / 2] : sorted[n / 2 - 1] + 0.5 * (sorted[n / 2] - sorted[n / 2 - 1]);
}

// Deviations within rounding of each other are equal.
inline void deviations(Span<double> x, double centre, double rounding, std::vector<double>& out) {
  out.resize(x.size);
  std::transform(x.begin(), x.end(), out.begin(), [centre](double v) { return std::fabs(v - centre); });
  const auto range = std::minmax_element(out.begin(), out.end());
  if (*range.second - *range.first <= rounding) {
    std::fill(out.begin(), out.end(), *range.first);
  }
}

// Deviations become normal scores of their midranks; those within tolerance of each other are tied.
inline void normal_scores(double tolerance, VarianceWorkspace& w) {
  w.pooled.clear();
  for (std::size_t i = 0; i < w.level.size() + w.reference.size(); ++i) {
    w.pooled.emplace_back(i < w.level.size() ? w.level[i] : w.reference[i - w.level.size()], i);
  }
  std::sort(w.pooled.begin(), w.pooled.end());
  const double total = static_cast<double>(w.pooled.size());
  for (std::size_t first = 0; first < w.pooled.size();) {
    std::size_t last = first;
    while (last + 1 < w.pooled.size() && w.pooled[last + 1].first - w.pooled[last].first <= tolerance) {
      ++last;
    }
    const double rank = 0.5 * static_cast<double>(first + last + 2);
    const double score = special::normal_quantile(0.5 + 0.5 * rank / (total + 1.0));
    for (std::size_t k = first; k <= last; ++k) {
      const std::size_t i = w.pooled[k].second;
      (i < w.level.size() ? w.level[i] : w.reference[i - w.level.size()]) = score;
    }
    first = last + 1;
  }
}

inline void finish_fligner(const TwoOptions& options, const Moments& x, const Moments& y, const Shift& shift, TwoRow& row) {
  const Moments all = Moments::merge(x, y);
  row.estimate = x.mean - y.mean;
  row.df = 1.0;
  if (!has_spread(all)) {
    row.status = Status::no_variance;
    return;
  }
  row.std_error = all.sd() * std::sqrt(1.0 / x.n + 1.0 / y.n);
  const double z = (row.estimate - shift.null) / row.std_error;
  row.statistic = z * z;
  row.p_value = options.alternative == Alternative::two_sided ? special::chisq_cdf(z * z, 1.0, special::Tail::upper)
                : options.alternative == Alternative::greater ? special::normal_cdf(z, special::Tail::upper)
                                                              : special::normal_cdf(z, special::Tail::lower);
}

}  // namespace detail

// levene, brown_forsythe and fligner; equivalence has no meaning for fligner.
inline void solve_deviations(const TwoOptions& options, const TwoArms& arms, const Shift& shift, TwoQuantiles& quantiles,
                             VarianceWorkspace& w, TwoRow& row) {
  if (!both_arms(static_cast<double>(arms.level.size), static_cast<double>(arms.reference.size), row)) {
    return;
  }
  if (arms.level.size < 2 || arms.reference.size < 2) {
    row.status = Status::too_few;
    return;
  }
  const bool mean = options.method == TwoMethod::levene;
  const auto centre = [&](Span<double> x) { return mean ? Moments::of(x).mean : detail::median_of(x, w.sorted); };
  const double rounding = 8.0 * std::numeric_limits<double>::epsilon() * arms.magnitude;
  detail::deviations(arms.level, centre(arms.level), rounding, w.level);
  detail::deviations(arms.reference, centre(arms.reference), rounding, w.reference);
  const bool scores = options.method == TwoMethod::fligner;
  if (scores) {
    detail::normal_scores(4.0 * value_rounding(arms), w);
  }
  const Moments x = Moments::of({w.level.data(), w.level.size()}), y = Moments::of({w.reference.data(), w.reference.size()});
  if (scores) {
    detail::finish_fligner(options, x, y, shift, row);
    return;
  }
  TwoOptions student = options;
  student.method = TwoMethod::student;
  finish_means(student, x, y, KnownSd(), shift, quantiles, row);
  row.statistic *= row.statistic;
  row.df_denominator = row.df;
  row.df = 1.0;
}

}  // namespace respondr::groups
