#pragma once
// Which limits an alternative asks for, at what error each, and how two one-sided p-values make the p of the row.

#include <algorithm>
#include <cmath>

#include "respondr/paired/sample.hpp"
#include "respondr/special.hpp"

namespace respondr::paired {

struct Sides {
  bool low = true, high = true;
  double alpha = 0.0;  // error allowed to each limit
};

// A p belongs to the accepted set if it is above alpha by more than its own rounding.
constexpr double level_slack = 1e-12;

inline Sides sides(const Options& options) {
  Sides s;
  // 1 - .95 is 4e-17 above .05, and one step in a count of replicates hangs on it.
  s.alpha = std::rint((1.0 - options.conf_level) * 1e14) / 1e14;
  s.low = options.alternative != Alternative::less;
  s.high = options.alternative != Alternative::greater;
  if (options.alternative == Alternative::two_sided) {
    s.alpha /= 2.0;
  }
  return s;
}

// One-sided p-values of one hypothesis: `greater` is small where the changes lie above it.
struct Tails {
  double greater = missing, less = missing;
};

// tails(theta) gives the Tails at theta. Which of them made the p is kept in `deciding` (its hypothesis).
struct CombinedP {
  double value = missing;
  double theta = missing;  // hypothesis that decided
  double one_sided = missing;
  bool doubled = false;
};

template <class TailsAt>
CombinedP combine_p(Alternative alternative, const Shift& shift, TailsAt&& tails_at) {
  CombinedP p;
  p.theta = shift.null;
  if (alternative == Alternative::equivalence) {
    const double low = tails_at(shift.margin_low).greater;
    const double high = tails_at(shift.margin_high).less;
    p.theta = low >= high ? shift.margin_low : shift.margin_high;
    p.one_sided = std::max(low, high);
    p.value = p.one_sided;
    return p;
  }
  const Tails t = tails_at(shift.null);
  p.doubled = alternative == Alternative::two_sided;
  p.one_sided = p.doubled ? std::min(t.greater, t.less) : (alternative == Alternative::greater ? t.greater : t.less);
  p.value = p.doubled ? std::min(1.0, 2.0 * p.one_sided) : p.one_sided;
  return p;
}

// Number of ordered values that a limit at error alpha steps over, of `total` equally likely gaps; 0: no finite limit.
inline double limit_rank(double alpha, double total) { return std::floor(alpha * total * (1.0 + level_slack)); }

// Absolute error that one change may carry from the rounding of its measurements.
inline double change_rounding(const Sample& sample) {
  return sample.on_grid ? 0.0 : 2.0 * std::numeric_limits<double>::epsilon() * sample.magnitude;
}

// All changes equal but for rounding; then `value` is that change.
inline bool constant_change(const Sample& sample, double& value) {
  const auto range = std::minmax_element(sample.change.begin(), sample.change.end());
  value = *range.first;
  return *range.second - *range.first <= 2.0 * change_rounding(sample);
}

// The status that the changes themselves give the row.
inline void status_of_changes(const Sample& sample, const Shift& shift, Row& row) {
  double constant = 0.0;
  if (sample.size() == 0) {
    row.status = Status::no_data;
  } else if (sample.size() == 1) {
    row.status = Status::one_pair;
  } else if (constant_change(sample, constant)) {
    const bool at_null = std::fabs(constant - shift.null) <= 2.0 * change_rounding(sample);
    row.status = at_null ? Status::all_zero : Status::no_variance;
  }
}

inline void note_unbounded(const Sides& s, Row& row) {
  if ((s.low && std::isinf(row.conf_low)) || (s.high && std::isinf(row.conf_high))) {
    row.add(Note::unbounded);
  }
}

// A hull is the status, or where another cause stands there already, a note.
inline void note_hull(Row& row) {
  if (row.status == Status::ok) {
    row.status = Status::hull;
  } else if (row.status != Status::hull) {
    row.add(Note::hull);
  }
}

// A sum of changes in the units of the outcome.
inline double outcome_units(const Sample& sample, double x) {
  return sample.unit < 1.0 ? x / sample.per_unit : x * sample.unit;
}

}  // namespace respondr::paired
