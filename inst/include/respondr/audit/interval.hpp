#pragma once
// A printed figure is every number that prints like it: [low, high], with the number at face value between. The kernels of
// audit give guaranteed enclosures over such boxes: monotone in each figure where that is provable, else the exact extremes
// (vertices, stationary points of the edges). `widened` covers the last bits of the arithmetic and of the special functions.

#include <algorithm>
#include <cmath>

#include "respondr/special.hpp"
#include "respondr/types.hpp"

namespace respondr::audit {

struct Figure {
  double low = missing, value = missing, high = missing;
  bool known() const { return value == value; }
};

inline Figure widened(Figure x, double relative = 1e-11) {
  return {x.low - relative * std::fabs(x.low), x.value, x.high + relative * std::fabs(x.high)};
}

inline Figure exact(double x) { return {x, x, x}; }

inline Figure minus(const Figure& a, const Figure& b) { return {a.low - b.high, a.value - b.value, a.high - b.low}; }

inline Figure magnitude(const Figure& x) {
  const double low = x.low > 0.0 ? x.low : (x.high < 0.0 ? -x.high : 0.0);
  return {low, std::fabs(x.value), std::max(std::fabs(x.low), std::fabs(x.high))};
}

// Positive factor.
inline Figure times(const Figure& x, double factor) { return {x.low * factor, x.value * factor, x.high * factor}; }

// Both non-negative; 0/0 is anything.
inline Figure over(const Figure& a, const Figure& b) {
  const auto ratio = [](double x, double y, double none) { return y > 0.0 ? x / y : (x > 0.0 ? infinity : none); };
  return {ratio(a.low, b.high, 0.0), ratio(a.value, b.value, missing), ratio(a.high, b.low, infinity)};
}

// Two-sided p of |t|, decreasing in |t|; df may be infinite (normal).
inline double two_sided_p(double t, double df) {
  if (!(t == t)) {
    return missing;
  }
  if (std::isinf(t)) {
    return 0.0;
  }
  return std::isinf(df) ? 2.0 * special::normal_cdf(-std::fabs(t)) : special::t_two_sided(t, df);
}

inline Figure p_of(const Figure& t, double df) {
  Figure p = widened({two_sided_p(t.high, df), two_sided_p(t.value, df), two_sided_p(t.low, df)});
  p.high = std::min(p.high, 1.0);
  return p;
}

// |t| of a two-sided p.
inline double t_of(double p, double df) {
  return p >= 1.0 ? 0.0 : (p <= 0.0 ? infinity : -special::t_quantile(0.5 * p, df));
}

}  // namespace respondr::audit
