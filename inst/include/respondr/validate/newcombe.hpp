#pragma once
// The interval of Newcombe (2006, Stat Med 25:559, method 5, doi:10.1002/sim.2324) for the area under the ROC curve: all
// theta with (A - theta)^2 <= z^2 V(theta), where V is the variance of Hanley and McNeil (1982, Radiology 143:29) under
// exponential scores with both sample sizes but the outer ones replaced by their mean:
//   V(theta) = theta (1 - theta) / (m n) (1 + N ((1 - theta) / (2 - theta) + theta / (1 + theta))),  N = (m + n) / 2 - 1.
// At theta = 1/2 V is (m + n + 1) / (12 m n), the variance of the Mann-Whitney statistic without ties: the interval
// inverts a
// test whose hypothesis of no discrimination is the asymptotic Mann-Whitney test.

#include <cmath>

#include "respondr/special/central.hpp"
#include "respondr/types.hpp"

namespace respondr::validate {

inline double newcombe_variance(double theta, double m, double n) {
  const double mean = 0.5 * (m + n) - 1.0;
  return theta * (1.0 - theta) / (m * n) * (1.0 + mean * ((1.0 - theta) / (2.0 - theta) + theta / (1.0 + theta)));
}

namespace detail {

// Lower root of the quartic (A - t)^2 m n (2 - t)(1 + t) = z^2 t (1 - t)(2 + N + (1 + 2 N) t (1 - t)); at A = 1 one factor
// 1 - t is common.
inline double newcombe_low(double area, double m, double n, double z) {
  if (area <= 0.0) {
    return 0.0;
  }
  const double mean = 0.5 * (m + n) - 1.0;
  const bool one = area >= 1.0;
  const auto excess = [=](double t) {
    const double outer = one ? 1.0 - t : (area - t) * (area - t);
    const double spread = t * (one ? 1.0 : 1.0 - t) * (2.0 + mean + (1.0 + 2.0 * mean) * t * (1.0 - t));
    return outer * m * n * (2.0 - t) * (1.0 + t) - z * z * spread;
  };
  return special::detail::bracketed_root(excess, 0.0, excess(0.0), area, excess(area), 1e-15);
}

}  // namespace detail

inline double newcombe_limit(double area, double m, double n, double z, bool low) {
  return low ? detail::newcombe_low(area, m, n, z) : 1.0 - detail::newcombe_low(1.0 - area, m, n, z);
}

}  // namespace respondr::validate
