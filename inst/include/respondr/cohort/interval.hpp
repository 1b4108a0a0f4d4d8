#pragma once
// Intervals for proofs that no cohort exists. Every result is widened a little, so that rounding never proves anything.

#include <algorithm>
#include <cmath>

#include "respondr/types.hpp"

namespace respondr::cohort {

struct Interval {
  double low = -infinity, high = infinity;

  bool empty() const { return !(low <= high); }
  bool point() const { return high - low < 0.5; }  // of whole numbers

  // Keeps what both hold; true if that is less than before.
  bool meet(double a, double b) {
    const double slack_a = 1e-10 * (1.0 + std::fabs(a)), slack_b = 1e-10 * (1.0 + std::fabs(b));
    const double l = std::isfinite(a) ? a - slack_a : -infinity, h = std::isfinite(b) ? b + slack_b : infinity;
    const double gain = 1e-7 * (1.0 + std::fabs(low) + std::fabs(high));
    const bool less = l > low + (std::isfinite(low) ? gain : 0.0) || h < high - (std::isfinite(high) ? gain : 0.0);
    low = std::fmax(low, l);
    high = std::fmin(high, h);
    return less;
  }
  bool meet(const Interval& other) { return meet(other.low, other.high); }
};

namespace detail {
inline double times(double a, double b) { return a == 0.0 || b == 0.0 ? 0.0 : a * b; }
}  // namespace detail

inline Interval operator+(Interval a, Interval b) { return {a.low + b.low, a.high + b.high}; }
inline Interval operator-(Interval a, Interval b) { return {a.low - b.high, a.high - b.low}; }

inline Interval operator*(Interval a, Interval b) {
  const double p[4] = {detail::times(a.low, b.low), detail::times(a.low, b.high), detail::times(a.high, b.low),
                       detail::times(a.high, b.high)};
  return {*std::min_element(p, p + 4), *std::max_element(p, p + 4)};
}

// b > 0; where b may be 0 the quotient has no bound on that side.
inline Interval over(Interval a, Interval b) {
  if (!(b.low > 0.0)) {
    return {a.low >= 0.0 && b.high > 0.0 ? a.low / b.high : -infinity, infinity};
  }
  return a * Interval{1.0 / b.high, 1.0 / b.low};
}

inline Interval square(Interval a) {
  const double l = a.low * a.low, h = a.high * a.high;
  return {a.low <= 0.0 && a.high >= 0.0 ? 0.0 : std::fmin(l, h), std::fmax(l, h)};
}

inline Interval root(Interval a) { return {std::sqrt(std::fmax(0.0, a.low)), std::sqrt(std::fmax(0.0, a.high))}; }

inline Interval scaled(Interval a, double by) { return a * Interval{by, by}; }

}  // namespace respondr::cohort
