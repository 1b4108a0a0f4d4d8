#pragma once
// Distribution of the studentized range q = (max - min of k standard normals) / s, with df s^2 chi-square on df degrees of
// freedom and independent of the normals (Tukey 1953). R's ptukey errs by up to 4e-6 where df is small.
//
// With Z the smallest of the k, P(range > w) = k int phi(z) Q(z)^(k-1) [1 - (1 - Q(z + w) / Q(z))^(k-1)] dz, a sum of positive
// terms, so that small tails keep their relative error. Both integrals are of functions analytic on the whole line (the outer
// one in ln s), for which the trapezoidal rule converges faster than any power of its step (Trefethen and Weideman 2014, SIAM
// Rev 56:385).
//
// Domain: 2 <= k <= 1000, 1 <= df <= Inf; missing outside. Absolute error below 1e-12, and below 1e-9 of the tail itself where
// that is above 1e-200.

#include <algorithm>
#include <cmath>

#include "respondr/special/central.hpp"

namespace respondr::special {

namespace detail {

constexpr double normal_scale = 0.3989422804014326779399461;  // 1 / sqrt(2 pi)

// Phi(z + w) - Phi(z), from the tails on whose side it lies. Near one another the two lose their difference, which Taylor
// about the middle gives (w < 0.01: the next term is 1e-16 of it wherever phi matters).
inline double normal_between(double z, double w) {
  if (w >= 0.01) {
    const double near = z < -0.5 * w ? -z - w : z;
    return normal_cdf(near, Tail::upper) - normal_cdf(near + w, Tail::upper);
  }
  const double m = z + 0.5 * w, m2 = m * m, w2 = w * w;
  const double second = (m2 - 1.0) * w2 / 24.0, fourth = (m2 * m2 - 6.0 * m2 + 3.0) * w2 * w2 / 1920.0;
  return w * normal_scale * std::exp(-0.5 * m2) * (1.0 + second + fourth);
}

// P(range of k normals <= w), or > w.
inline double range_cdf(double w, double k, Tail tail) {
  constexpr double reach = 9.5, far = 56.0;  // beyond far the upper tail is below 1e-330
  if (!(w > 0.0) || w > far) {
    return (w > far) == (tail == Tail::lower) ? 1.0 : 0.0;
  }
  // A third of the spread of the smallest; in a small range, where all k are close, of 1 / sqrt(k).
  const bool close = tail == Tail::lower && w < 3.0;
  const double step = std::fmin(k <= 20.0 ? 0.25 : 0.125, close ? 0.6 / std::sqrt(k) : 1.0);
  // Where the smallest lies: for a large range about -w / 2, for a small one where all k are.
  const double first = std::floor((-0.5 * w - reach) / step), last = std::ceil(reach / step);
  double sum = 0.0;
  for (double i = first; i <= last; i += 1.0) {
    const double z = i * step;
    const double density = std::exp(-0.5 * z * z);
    if (tail == Tail::lower) {
      sum += density * std::pow(normal_between(z, w), k - 1.0);
    } else {
      const double above = normal_cdf(z, Tail::upper), beyond = normal_cdf(z + w, Tail::upper);
      sum -= density * std::pow(above, k - 1.0) * std::expm1((k - 1.0) * std::log1p(-beyond / above));
    }
  }
  return std::fmin(1.0, k * step * normal_scale * sum);
}

// Integral over x = ln s. The density of x is proportional to exp(df (x - (exp(2x) - 1) / 2)), largest at 0.
inline double studentized_range_finite(double q, double k, double df, Tail tail) {
  const double step = std::fmin(0.08, 0.5 / std::sqrt(df));
  const double log_q = std::log(q);
  const auto density = [df](double x) { return std::exp(df * (x - 0.5 * std::expm1(2.0 * x))); };
  // To the left the density falls like exp(df x), to the right like exp(-df exp(2x) / 2).
  const double left = 40.0 / df + 13.0 / std::sqrt(df), right = std::fmin(8.0 / std::sqrt(df), 2.3);
  double mass = 0.0, sum = 0.0;
  for (double i = -std::ceil(left / step); i * step <= right; i += 1.0) {
    mass += density(i * step);
  }
  // A small tail lies where s is small: go on to the left of both.
  const double from = std::fmin(0.0, 2.0 - log_q) - left;
  for (double i = std::ceil(right / step); i * step >= from; i -= 1.0) {
    const double x = i * step, weight = density(x);
    const double part = weight * range_cdf(std::exp(log_q + x), k, tail);
    sum += part;
    if (x >= 0.0) {
      continue;
    }
    // To the left densities fall by this factor a step or faster, so that what is left adds nothing. So does the lower tail once
    // the range is small.
    const double fall = -std::expm1(df * std::expm1(2.0 * x) * step);
    const double rest = tail == Tail::lower && log_q + x < 0.0 ? part : weight;
    if (weight == 0.0 || rest < 1e-18 * sum * fall) {
      break;
    }
  }
  return std::fmin(1.0, sum / mass);
}

}  // namespace detail

inline bool studentized_range_domain(double k, double df) { return k >= 2.0 && k <= 1000.0 && df >= 1.0; }

inline double studentized_range_cdf(double q, double k, double df, Tail tail = Tail::lower) {
  if (!studentized_range_domain(k, df) || !(q == q)) {
    return missing;
  }
  if (q <= 0.0 || q == infinity) {
    return (q <= 0.0) == (tail == Tail::lower) ? 0.0 : 1.0;
  }
  return std::isinf(df) ? detail::range_cdf(q, k, tail) : detail::studentized_range_finite(q, k, df, tail);
}

// The q with P(Q <= q) = p (lower) or P(Q > q) = p (upper). Found in ln q, on the probit scale, where the distribution is nearly
// a line.
inline double studentized_range_quantile(double p, double k, double df, Tail tail = Tail::lower) {
  if (!studentized_range_domain(k, df) || !(p >= 0.0 && p <= 1.0)) {
    return missing;
  }
  if (p == 0.0 || p == 1.0) {
    return (p == 0.0) == (tail == Tail::lower) ? 0.0 : infinity;
  }
  // The smaller tail keeps its relative error.
  const bool flip = p > 0.5;
  const Tail side = (tail == Tail::lower) != flip ? Tail::lower : Tail::upper;
  const double target = normal_quantile(flip ? 1.0 - p : p), sign = side == Tail::lower ? 1.0 : -1.0;
  const auto excess = [=](double log_q) {
    const double tail_p = std::fmin(std::fmax(studentized_range_cdf(std::exp(log_q), k, df, side), 1e-300), 1.0 - 1e-16);
    return sign * (normal_quantile(tail_p) - target);
  };
  double low = std::log(1.0 + std::sqrt(std::log(k))), high = low;
  double f_low = excess(low), f_high = f_low;
  for (double width = 0.25; f_low > 0.0 && low > -700.0; width *= 2.0) {
    high = low;
    f_high = f_low;
    low -= width;
    f_low = excess(low);
  }
  for (double width = 0.25; f_high < 0.0 && high < 700.0; width *= 2.0) {
    low = high;
    f_low = f_high;
    high += width;
    f_high = excess(high);
  }
  if (!(f_low <= 0.0 && f_high >= 0.0)) {
    return missing;
  }
  return std::exp(f_low == 0.0 ? low : f_high == 0.0 ? high : detail::bracketed_root(excess, low, f_low, high, f_high, 1e-14));
}

}  // namespace respondr::special
