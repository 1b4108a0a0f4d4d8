#pragma once
// Which limits an alternative asks for, at what error each, and how one-sided p-values make the p of a row.

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "respondr/row.hpp"
#include "respondr/types.hpp"

namespace respondr {

// The hypotheses of a call in the units of the solver.
struct Shift {
  double null = 0.0;
  double margin_low = missing, margin_high = missing;
};

struct Sides {
  bool low = true, high = true;
  double alpha = 0.0;  // error allowed to each limit
};

// A p belongs to the accepted set if it is above alpha by more than its own rounding.
constexpr double level_slack = 1e-12;

// 1 - .95 is 4e-17 above .05, and one step in a count of replicates hangs on it.
inline double rounded_alpha(double conf_level) { return std::rint((1.0 - conf_level) * 1e14) / 1e14; }

inline Sides sides(Alternative alternative, double conf_level) {
  Sides s;
  s.alpha = rounded_alpha(conf_level);
  s.low = alternative != Alternative::less;
  s.high = alternative != Alternative::greater;
  if (alternative == Alternative::two_sided) {
    s.alpha /= 2.0;
  }
  return s;
}

// One-sided p-values of one hypothesis: `greater` is small where the data lie above it.
struct Tails {
  double greater = missing, less = missing;
};

// Which of the hypotheses made the p is kept in theta.
struct CombinedP {
  double value = missing;
  double theta = missing;
  double one_sided = missing;
  bool doubled = false;
};

// tails_at(theta) gives the Tails at theta.
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

template <class AnyRow>
void note_unbounded(const Sides& s, AnyRow& row) {
  if ((s.low && std::isinf(row.conf_low)) || (s.high && std::isinf(row.conf_high))) {
    row.add(Note::unbounded);
  }
}

// A hull is the status, or where another cause stands there already, a note.
template <class AnyRow>
void note_hull(AnyRow& row) {
  if (row.status == Status::ok) {
    row.status = Status::hull;
  } else if (row.status != Status::hull) {
    row.add(Note::hull);
  }
}

}  // namespace respondr
