#pragma once
// Central distributions, from Rmath. A header of its own because Boost.Math, which special.hpp needs for the rest, takes a
// compiler longer than all else.

#include <algorithm>
#include <cmath>

#include "respondr/detail/rmath.hpp"
#include "respondr/types.hpp"

namespace respondr::special {

enum class Tail { lower, upper };

namespace detail {

// Root of an increasing or decreasing f on [low, high] with f(low), f(high) of different sign: Illinois steps kept inside
// the bracket, bisection where they stall (Dowell and Jarratt 1971).
template <class F>
double bracketed_root(F&& f, double low, double f_low, double high, double f_high, double tolerance) {
  int side = 0;
  for (int i = 0; i < 200 && std::fabs(high - low) > tolerance * (1.0 + std::fabs(low)); ++i) {
    double x = i % 8 == 7 ? 0.5 * (low + high) : high - f_high * (high - low) / (f_high - f_low);
    if (!(x > std::min(low, high) && x < std::max(low, high))) {
      x = 0.5 * (low + high);
    }
    const double value = f(x);
    if (value == 0.0) {
      return x;
    }
    if ((value > 0.0) == (f_high > 0.0)) {
      high = x;
      f_high = value;
      f_low *= side == 1 ? 0.5 : 1.0;
      side = 1;
    } else {
      low = x;
      f_low = value;
      f_high *= side == -1 ? 0.5 : 1.0;
      side = -1;
    }
  }
  return 0.5 * (low + high);
}

}  // namespace detail

inline double normal_cdf(double x, Tail tail = Tail::lower) {
  return respondr::detail::rmath::normal(x, tail == Tail::lower);
}

inline double normal_quantile(double p) {
  return p >= 0.0 && p <= 1.0 ? respondr::detail::rmath::normal_quantile(p) : missing;
}

inline double t_cdf(double t, double df, Tail tail = Tail::lower) {
  return df > 0.0 ? respondr::detail::rmath::t(t, df, tail == Tail::lower) : missing;
}

namespace detail {

// Coefficients of the finite series for P(|T| <= t) in cos^2 = df / (df + t^2): 1, 1/2, 1 3 / 2 4, ... for even degrees of
// freedom and 1, 2/3, 2 4 / 3 5, ... for odd ones (Abramowitz and Stegun 1964, 26.7.3-4).
struct TSeries {
  static constexpr int most = 128;
  double even[most] = {}, odd[most] = {};
  constexpr TSeries() {
    even[0] = odd[0] = 1.0;
    for (int k = 1; k < most; ++k) {
      even[k] = even[k - 1] * (2.0 * k - 1.0) / (2.0 * k);
      odd[k] = odd[k - 1] * (2.0 * k) / (2.0 * k + 1.0);
    }
  }
};
constexpr TSeries t_series;

// Four chains of Horner, so that their multiplications overlap.
inline double truncated_series(const double* a, int terms, double x) {
  const double x2 = x * x, x4 = x2 * x2;
  double sum[4] = {0.0, 0.0, 0.0, 0.0};
  int k = (terms + 3) / 4 * 4;
  while (k > 0) {
    k -= 4;
    for (int j = 0; j < 4; ++j) {
      sum[j] = sum[j] * x4 + (k + j < terms ? a[k + j] : 0.0);
    }
  }
  return (sum[0] + x * sum[1]) + x2 * (sum[2] + x * sum[3]);
}

}  // namespace detail

// P(|T| >= |t|). For whole degrees of freedom up to 257 a finite series serves where the answer is not small.
inline double t_two_sided(double t, double df) {
  const int whole = df <= 257.0 && df >= 2.0 ? static_cast<int>(df) : 0;
  if (static_cast<double>(whole) == df) {
    const double cosine = df / (df + t * t), sine = std::fabs(t) / std::sqrt(df + t * t);
    double inside = 0.0;
    if (whole % 2 == 0) {
      inside = sine * detail::truncated_series(detail::t_series.even, whole / 2, cosine);
    } else {
      const double series = detail::truncated_series(detail::t_series.odd, (whole - 1) / 2, cosine);
      inside = (std::atan(std::fabs(t) / std::sqrt(df)) + sine * std::sqrt(cosine) * series) * 0.63661977236758134;
    }
    if (inside < 0.98) {
      return 1.0 - inside;
    }
  }
  return 2.0 * t_cdf(-std::fabs(t), df);
}

inline double f_cdf(double f, double df1, double df2, Tail tail = Tail::lower) {
  return df1 > 0.0 && df2 > 0.0 ? respondr::detail::rmath::f(f, df1, df2, tail == Tail::lower) : missing;
}

// The value with probability p below (lower) or above it (upper), by its logarithm.
inline double f_quantile(double p, double df1, double df2, Tail tail = Tail::lower) {
  if (!(df1 > 0.0) || !(df2 > 0.0) || !(p > 0.0 && p < 1.0)) {
    return missing;
  }
  const double sign = tail == Tail::lower ? 1.0 : -1.0;
  const auto excess = [=](double x) { return sign * (f_cdf(std::exp(x), df1, df2, tail) - p); };
  double low = -1.0, high = 1.0;
  while (excess(low) > 0.0 && low > -700.0) {
    low *= 2.0;
  }
  while (excess(high) < 0.0 && high < 700.0) {
    high *= 2.0;
  }
  return std::exp(detail::bracketed_root(excess, low, excess(low), high, excess(high), 1e-15));
}

inline double chisq_cdf(double x, double df, Tail tail = Tail::lower) {
  return df > 0.0 ? respondr::detail::rmath::chisq(x, df, tail == Tail::lower) : missing;
}

inline double beta_cdf(double x, double a, double b, Tail tail = Tail::lower) {
  return a > 0.0 && b > 0.0 ? respondr::detail::rmath::beta(x, a, b, tail == Tail::lower) : missing;
}

// ln |gamma(x)|, x > 0.
inline double ln_gamma(double x) { return x > 0.0 ? respondr::detail::rmath::ln_gamma(x) : missing; }

inline double ln_choose(double n, double k) { return ln_gamma(n + 1.0) - ln_gamma(k + 1.0) - ln_gamma(n - k + 1.0); }

// lower: P(X <= k); upper: P(X >= k), X binomial(n, p).
inline double binomial_cdf(double k, double n, double p, Tail tail = Tail::lower) {
  if (tail == Tail::lower) {
    return k < 0.0 ? 0.0 : k >= n ? 1.0 : beta_cdf(p, k + 1.0, n - k, Tail::upper);
  }
  return k <= 0.0 ? 1.0 : k > n ? 0.0 : beta_cdf(p, k, n - k + 1.0, Tail::lower);
}

}  // namespace respondr::special
