#pragma once
// The largest of m correlated t: T_i = (sqrt(1 - l_i^2) E_i + l_i Z) / s, with E_i and Z independent standard normals, so
// that the correlation of two is l_i l_j, and df s^2 chi-square on df degrees of freedom (Dunnett 1955, JASA 50:1096). df
// may be infinite.
//
// Given Z and s the T_i are independent, so that P(max > c) is a double integral of a sum of positive terms, and small
// tails keep their relative error. Both integrands are analytic on the whole line (the outer one in ln s): the trapezoidal
// rule converges faster than any power of its step (Trefethen and Weideman 2014, SIAM Rev 56:385). Absolute error below
// 1e-11.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/special.hpp"
#include "respondr/types.hpp"

namespace respondr::groups {

// Of m comparisons with one reference. `loading` is 0 <= l_i < 1.
struct OneFactor {
  std::vector<double> loading;
  double df = infinity;
  bool two_sided = true;  // max |T_i|, else max T_i
};

namespace detail {

// P(max > w) for s = 1.
inline double one_factor_normal(const OneFactor& f, double w) {
  constexpr double far = 39.0;  // a normal tail beyond it is below the smallest number
  if (w > far || w < (f.two_sided ? 0.0 : -far)) {
    return w > 0.0 ? 0.0 : 1.0;
  }
  double slope = 1.0;
  for (const double l : f.loading) {
    slope = std::max(slope, l / std::sqrt(1.0 - l * l));
  }
  const double step = (f.loading.size() <= 20 ? 0.25 : 0.125) / slope, reach = 9.5 + std::fabs(w);
  double sum = 0.0, mass = 0.0;
  // Two-sided, the integrand is even in z.
  for (double i = f.two_sided ? 0.0 : -std::ceil(reach / step); i * step <= reach; i += 1.0) {
    const double z = i * step, density = std::exp(-0.5 * z * z) * (f.two_sided && i > 0.0 ? 2.0 : 1.0);
    double ln_inside = 0.0;
    for (const double l : f.loading) {
      const double sd = std::sqrt(1.0 - l * l);
      double outside = special::normal_cdf((w - l * z) / sd, special::Tail::upper);
      outside += f.two_sided ? special::normal_cdf((w + l * z) / sd, special::Tail::upper) : 0.0;
      ln_inside += std::log1p(-std::min(outside, 1.0));
    }
    sum -= density * std::expm1(ln_inside);
    mass += density;
  }
  return std::min(1.0, sum / mass);
}

}  // namespace detail

// P(max > c).
inline double one_factor_tail(const OneFactor& f, double c) {
  if (f.loading.empty() || !(c == c) || !(f.df > 0.0)) {
    return missing;
  }
  if (std::isinf(f.df) || std::isinf(c) || c == 0.0) {
    return std::isinf(c) ? (c > 0.0 ? 0.0 : 1.0) : detail::one_factor_normal(f, c);
  }
  // Integral over x = ln s, whose density is proportional to exp(df (x - (exp(2x) - 1) / 2)), largest at 0; it falls like
  // exp(df x) to the left and like exp(-df exp(2x) / 2) to the right.
  const double df = f.df, step = std::fmin(0.08, 0.5 / std::sqrt(df));
  const auto density = [df](double x) { return std::exp(df * (x - 0.5 * std::expm1(2.0 * x))); };
  const double left = 40.0 / df + 13.0 / std::sqrt(df), right = std::fmin(8.0 / std::sqrt(df), 2.3);
  // A small tail lies where s is small.
  const double from = std::fmin(0.0, 2.0 - std::log(std::fmax(std::fabs(c), 1.0))) - left;
  double mass = 0.0, sum = 0.0;
  for (double i = std::ceil(right / step); i * step >= from; i -= 1.0) {
    const double x = i * step, weight = density(x);
    mass += weight;
    sum += weight * detail::one_factor_normal(f, c * std::exp(x));
    // To the left densities fall by this factor a step or faster, so that what is left adds nothing.
    if (x < 0.0 && weight < 1e-18 * std::min(sum, mass) * -std::expm1(df * std::expm1(2.0 * x) * step)) {
      break;
    }
  }
  return std::fmin(1.0, sum / mass);
}

// The c with P(max > c) = alpha. By Bonferroni's inequality it lies between the quantiles of one T at alpha and at alpha /
// m; found on the probit scale, where the tail is nearly a line.
inline double one_factor_quantile(const OneFactor& f, double alpha) {
  const double m = static_cast<double>(f.loading.size()), sides = f.two_sided ? 2.0 : 1.0;
  if (f.loading.empty() || !(alpha > 0.0 && alpha < 1.0) || !(f.df > 0.0)) {
    return missing;
  }
  const double target = special::normal_quantile(alpha);
  const auto excess = [&](double c) {
    const double tail = one_factor_tail(f, c);
    return special::normal_quantile(std::fmin(std::fmax(tail, 1e-300), 1.0 - 1e-16)) - target;
  };
  double low = -special::t_quantile(alpha / sides, f.df), high = -special::t_quantile(alpha / sides / m, f.df);
  low -= 1e-9 * (1.0 + std::fabs(low));
  high += 1e-9 * (1.0 + std::fabs(high));
  const double f_low = excess(low), f_high = excess(high);
  if (!(f_low >= 0.0 && f_high <= 0.0)) {
    return missing;
  }
  return special::detail::bracketed_root(excess, low, f_low, high, f_high, 1e-13);
}

}  // namespace respondr::groups
