#pragma once
// The one door to special functions. Nothing here warns, throws or asks R, so any thread may call it. Central distributions
// come from Rmath (special/central.hpp), the quantile of t and the noncentral t and F from Boost.Math: Rmath's own may warn
// through R, and its noncentral t is an approximation where |ncp| > 37.6.

#include <boost/math/distributions/non_central_f.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/policies/policy.hpp>

#include <cmath>

#include "respondr/detail/rmath.hpp"
#include "respondr/special/central.hpp"
#include "respondr/types.hpp"

namespace respondr::special {

namespace detail {

using namespace boost::math::policies;
using Quiet = policy<domain_error<ignore_error>, pole_error<ignore_error>, overflow_error<ignore_error>,
                     underflow_error<ignore_error>, denorm_error<ignore_error>, evaluation_error<ignore_error>,
                     rounding_error<ignore_error>, indeterminate_result_error<ignore_error>, promote_double<false>>;

}  // namespace detail

inline double t_quantile(double p, double df) {
  if (!(df > 0.0) || !(p >= 0.0 && p <= 1.0)) {
    return missing;
  }
  if (p == 0.0 || p == 1.0) {
    return p == 0.0 ? -infinity : infinity;
  }
  if (std::isinf(df)) {
    return normal_quantile(p);
  }
  return boost::math::quantile(boost::math::students_t_distribution<double, detail::Quiet>(df), p);
}

namespace detail {

// P(T <= t) for t and ncp where Boost's series is slow and then wrong (1e-8 at 1e4, no answer beyond 6e4): T <= t exactly if
// the chi-square is at least df (Z + ncp)^2 / t^2, whose tail is a smooth function of the normal Z. The trapezoidal rule is then
// exact to rounding.
inline double noncentral_t_far(double t, double df, double ncp) {
  constexpr double step = 0.0625, reach = 9.0;
  double sum = 0.0, weight = 0.0;
  for (double z = -reach; z <= reach; z += step) {
    const double density = std::exp(-0.5 * z * z), root = (z + ncp) / t;
    sum += density * respondr::detail::rmath::chisq(df * root * root, df, false);
    weight += density;
  }
  return sum / weight;
}

}  // namespace detail

inline double noncentral_t_cdf(double t, double df, double ncp) {
  if (!(df > 0.0) || !(t == t) || !(ncp == ncp)) {
    return missing;
  }
  constexpr double far = 1e3;
  if (ncp < -far) {
    return t < 0.0 ? 1.0 - detail::noncentral_t_far(-t, df, -ncp) : 1.0;
  }
  if (ncp > far) {
    return t > 0.0 ? detail::noncentral_t_far(t, df, ncp) : 0.0;
  }
  // Far in its tail the series leaves a remainder of some 1e-16 of either sign.
  const double p = boost::math::cdf(boost::math::non_central_t_distribution<double, detail::Quiet>(df, ncp), t);
  return p == p ? std::fmin(1.0, std::fmax(0.0, p)) : missing;
}

// The ncp at which P(T <= t) = p for T noncentral t on df degrees of freedom; the limit of an interval for ncp.
inline double noncentral_t_ncp(double t, double df, double p) {
  if (!(df > 0.0) || !std::isfinite(t) || !(p > 0.0 && p < 1.0)) {
    return missing;
  }
  const auto excess = [=](double ncp) { return normal_quantile(noncentral_t_cdf(t, df, ncp)) - normal_quantile(p); };
  // T is about normal with mean ncp and variance 1 + t^2 / (2 df); on the probit scale excess is nearly a line in ncp.
  const double spread = std::sqrt(1.0 + t * t / (2.0 * df));
  const double centre = t - normal_quantile(p) * spread;
  double step = 0.05 * spread + 1e-3;
  double low = centre - step;
  double high = centre + step;
  double f_low = excess(low);
  double f_high = excess(high);
  for (int i = 0; i < 60 && !(f_low > 0.0); ++i, step *= 2.0) {
    high = low;
    f_high = f_low;
    low -= step;
    f_low = excess(low);
  }
  for (int i = 0; i < 60 && !(f_high < 0.0); ++i, step *= 2.0) {
    low = high;
    f_low = f_high;
    high += step;
    f_high = excess(high);
  }
  if (!(f_low > 0.0 && f_high < 0.0)) {
    return missing;
  }
  if (!std::isfinite(f_low) || !std::isfinite(f_high)) {
    const auto plain = [=](double ncp) { return noncentral_t_cdf(t, df, ncp) - p; };
    return detail::bracketed_root(plain, low, plain(low), high, plain(high), 1e-13);
  }
  return detail::bracketed_root(excess, low, f_low, high, f_high, 1e-13);
}

namespace detail {

// P(F <= f) or P(F > f) where the series of Boost takes too many terms: the noncentral chi-square is (Z + sqrt(ncp))^2 and a
// chi-square on df1 - 1 degrees of freedom that is nothing beside it, so that its mean and variance (put into s) will do.
inline double noncentral_f_far(double f, double df1, double df2, double ncp, bool lower) {
  constexpr double step = 0.0625, reach = 9.0;
  const double s = std::sqrt(1.0 + (df1 - 1.0) / (2.0 * ncp)), root = std::sqrt(ncp);
  double sum = 0.0, weight = 0.0;
  for (double z = -reach; z <= reach; z += step) {
    const double density = std::exp(-0.5 * z * z), x = (s * z + root) * (s * z + root) + df1 - s * s;
    sum += density * respondr::detail::rmath::chisq(x / (df1 * f) * df2, df2, !lower);
    weight += density;
  }
  return sum / weight;
}

}  // namespace detail

// P(F <= f) or P(F > f) for F noncentral on df1 and df2 degrees of freedom.
inline double noncentral_f_cdf(double f, double df1, double df2, double ncp, Tail tail = Tail::lower) {
  constexpr double far = 1e6;
  if (!(df1 > 0.0) || !(df2 > 0.0) || !(ncp >= 0.0) || std::isinf(ncp) || !(f == f)) {
    return missing;
  }
  if (f <= 0.0 || std::isinf(f)) {
    return (f <= 0.0) == (tail == Tail::lower) ? 0.0 : 1.0;
  }
  if (ncp > far) {
    return detail::noncentral_f_far(f, df1, df2, ncp, tail == Tail::lower);
  }
  if (ncp == 0.0) {
    return f_cdf(f, df1, df2, tail);
  }
  const boost::math::non_central_f_distribution<double, detail::Quiet> distribution(df1, df2, ncp);
  const double p = tail == Tail::lower ? boost::math::cdf(distribution, f)
                                       : boost::math::cdf(boost::math::complement(distribution, f));
  return p == p ? std::fmin(1.0, std::fmax(0.0, p)) : missing;
}

// The ncp at which P(F <= f) = p; 0 where P(F <= f) is below p for every ncp. The limit of an interval for ncp.
inline double noncentral_f_ncp(double f, double df1, double df2, double p) {
  if (!(df1 > 0.0) || !(df2 > 0.0) || !(f >= 0.0) || std::isinf(f) || !(p > 0.0 && p < 1.0)) {
    return missing;
  }
  const auto excess = [=](double ncp) { return normal_quantile(noncentral_f_cdf(f, df1, df2, ncp)) - normal_quantile(p); };
  double low = 0.0, f_low = excess(0.0);
  if (!(f_low > 0.0)) {
    return f_low == f_low ? 0.0 : missing;
  }
  // Mean and spread of F give a first step; sqrt(ncp) moves by about a standard normal.
  const double centre = std::sqrt(df1 * f) - normal_quantile(p);
  double high = std::fmax(1.0, centre * centre), f_high = excess(high);
  for (int i = 0; i < 60 && f_high > 0.0; ++i) {
    low = high;
    f_low = f_high;
    high *= 2.0;
    f_high = excess(high);
  }
  if (!(f_low > 0.0 && f_high <= 0.0)) {
    return missing;
  }
  if (!std::isfinite(f_low) || !std::isfinite(f_high)) {
    const auto plain = [=](double ncp) { return noncentral_f_cdf(f, df1, df2, ncp) - p; };
    return detail::bracketed_root(plain, low, plain(low), high, plain(high), 1e-12);
  }
  return detail::bracketed_root(excess, low, f_low, high, f_high, 1e-12);
}

}  // namespace respondr::special
