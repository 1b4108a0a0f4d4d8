#pragma once
// Paired t-test (Student 1908) and two one-sided t-tests (Schuirmann 1987) from the moments of the change.
// Rows and summary figures end in the same finisher.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/paired/sample.hpp"
#include "respondr/sides.hpp"
#include "respondr/special.hpp"

namespace respondr::paired {

// Quantiles of t by degrees of freedom, computed once a worker.
class TQuantiles {
 public:
  // Upper quantile at probability 1 - tail.
  double operator()(double df, double tail) {
    const std::size_t key = static_cast<std::size_t>(df);
    if (tail != tail_) {
      known_.clear();
      tail_ = tail;
    }
    if (static_cast<double>(key) != df || key > 100000) {
      return -special::t_quantile(tail, df);
    }
    if (known_.size() <= key) {
      known_.resize(key + 1, missing);
    }
    if (!(known_[key] == known_[key])) {
      known_[key] = -special::t_quantile(tail, df);
    }
    return known_[key];
  }

 private:
  double tail_ = missing;
  std::vector<double> known_;
};

struct TWorkspace {
  TQuantiles quantiles;
};

namespace detail {

inline void t_test(const Options& options, const Shift& shift, double df, double se, Row& row) {
  const double t = (row.estimate - shift.null) / se;
  row.statistic = t;
  switch (options.alternative) {
    case Alternative::two_sided: row.p_value = 2.0 * special::t_cdf(-std::fabs(t), df, special::Tail::lower); break;
    case Alternative::less: row.p_value = special::t_cdf(t, df, special::Tail::lower); break;
    case Alternative::greater: row.p_value = special::t_cdf(t, df, special::Tail::upper); break;
    case Alternative::equivalence: {
      const double above_low = (row.estimate - shift.margin_low) / se;
      const double below_high = (row.estimate - shift.margin_high) / se;
      const double p_low = special::t_cdf(above_low, df, special::Tail::upper);
      const double p_high = special::t_cdf(below_high, df, special::Tail::lower);
      row.p_value = std::max(p_low, p_high);
      row.statistic = p_low >= p_high ? above_low : below_high;
      break;
    }
  }
}

}  // namespace detail

// change: moments of the change in sample units. rounding: absolute error that a single change may carry from its inputs;
// a spread within it is no spread.
inline void finish_t(const Options& options, const Moments& change, double rounding, const Shift& shift, TWorkspace& w,
                     Row& row) {
  if (change.n < 1.0) {
    row.status = Status::no_data;
    return;
  }
  row.estimate = change.mean;
  if (change.n < 2.0) {
    row.status = Status::one_pair;
    return;
  }
  const double df = change.n - 1.0;
  row.df = df;
  if (!(change.ss > change.n * rounding * rounding)) {
    const bool at_null = std::fabs(change.mean - shift.null) <= rounding;
    row.status = at_null ? Status::all_zero : Status::no_variance;
    return;
  }
  const double se = std::sqrt(change.ss / df) / std::sqrt(change.n);
  row.std_error = se;
  detail::t_test(options, shift, df, se, row);
  const bool one_sided = options.alternative == Alternative::less || options.alternative == Alternative::greater;
  const double alpha = 1.0 - options.conf_level;
  const bool whole_alpha = one_sided || options.alternative == Alternative::equivalence;
  const double half_width = se * w.quantiles(df, whole_alpha ? alpha : alpha / 2.0);
  row.conf_low = options.alternative == Alternative::less ? -infinity : row.estimate - half_width;
  row.conf_high = options.alternative == Alternative::greater ? infinity : row.estimate + half_width;
  row.conf_method = ConfMethod::t;
  row.p_matches = true;
}

inline void solve_t(const Options& options, const Sample& sample, const Shift& shift, TWorkspace& w, Row& row) {
  // A change of two measurements carries at most one unit in the last place of the larger of them.
  const double rounding = sample.on_grid ? 0.0 : 2.0 * std::numeric_limits<double>::epsilon() * sample.magnitude;
  finish_t(options, Moments::of({sample.change.data(), sample.size()}), rounding, shift, w, row);
}

}  // namespace respondr::paired
