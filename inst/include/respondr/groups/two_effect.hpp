#pragma once
// Effect sizes of two arms, level against reference, each with its interval. D = difference of means less the null.
//
//   d             D / pooled SD. Interval: noncentral t, ncp sqrt(1/n1 + 1/n0) (Steiger and Fouladi 1997).
//   d_av          D / sqrt((s1^2 + s0^2) / 2). Interval: normal (Bonett 2008, Psychol Methods 13:99, unequal variances).
//   glass_delta   D / SD of the reference (Glass 1976). Interval: normal (Bonett 2008).
//   Hedges' correction J (Hedges 1981, exact), J(n1 + n0 - 2) or J(n0 - 1) of glass_delta, multiplies estimate and limits.
//   prob_superiority  P(level > reference) + P(equal) / 2 = U / (n1 n0). Interval: the score-like one of Newcombe (2006,
//   Stat
//                     Med 25:559, method 5): |theta - estimate| = z sqrt(V(theta)), V(theta) = theta (1 - theta) (1 + k
//                     ((1 - theta) /
//                     (2 - theta) + theta / (1 + theta))) / (n1 n0), k = (n1 + n0) / 2 - 1.
//   rank_biserial     2 prob_superiority - 1 (Cureton 1956), limits likewise.
// One-sided alternatives give one-sided intervals; the open side is infinite, or the end of the range of a probability.

#include <algorithm>
#include <cmath>

#include "respondr/effect_size.hpp"
#include "respondr/groups/two_types.hpp"
#include "respondr/moments.hpp"
#include "respondr/sides.hpp"
#include "respondr/special.hpp"

namespace respondr::groups {

struct TwoEffectValue {
  double estimate = missing, low = missing, high = missing;
};

namespace detail {

inline bool is_standardised(TwoEffect e) { return e == TwoEffect::d || e == TwoEffect::d_av || e == TwoEffect::glass_delta; }

// Limit of Newcombe's interval below (sign -1) or above (sign 1) the estimate.
inline double newcombe_limit(double estimate, double m, double n, double z, double sign) {
  const double end = sign < 0.0 ? 0.0 : 1.0, k = 0.5 * (m + n) - 1.0;
  const auto excess = [&](double t) {
    const double v = t * (1.0 - t) * (1.0 + k * ((1.0 - t) / (2.0 - t) + t / (1.0 + t))) / (m * n);
    return (t - estimate) * (t - estimate) - z * z * v;
  };
  if (estimate == end) {
    return end;
  }
  // At the estimate excess is negative, at the end of the range positive; an estimate of 0 or 1 has V = 0 there.
  const double at = estimate == 1.0 - end ? estimate + sign * 1e-12 : estimate;
  return special::detail::bracketed_root(excess, at, excess(at), end, excess(end), 1e-14);
}

inline TwoEffectValue standardised(const TwoOptions& options, const Moments& x, const Moments& y, double null) {
  TwoEffectValue v;
  const double df1 = x.n - 1.0, df0 = y.n - 1.0, df = df1 + df0, difference = x.mean - y.mean - null;
  const Sides side = sides(options.alternative, options.conf_level);
  const bool each = df1 >= 1.0 && df0 >= 1.0;
  double s = missing, se = missing;
  if (options.effect == TwoEffect::d && df >= 1.0) {
    s = std::sqrt((x.ss + y.ss) / df);
  } else if (options.effect == TwoEffect::d_av && each) {
    s = std::sqrt(0.5 * (x.variance() + y.variance()));
  } else if (options.effect == TwoEffect::glass_delta && each) {
    s = y.sd();
  }
  if (!(s > 0.0) || !std::isfinite(s) || !std::isfinite(difference)) {
    return v;
  }
  v.estimate = difference / s;
  if (options.effect == TwoEffect::d) {
    const double factor = std::sqrt(1.0 / x.n + 1.0 / y.n), t = v.estimate / factor;
    v.low = side.low ? special::noncentral_t_ncp(t, df, 1.0 - side.alpha) * factor : -infinity;
    v.high = side.high ? special::noncentral_t_ncp(t, df, side.alpha) * factor : infinity;
    return v;
  }
  const double a = x.sd() / s, b = y.sd() / s, d = v.estimate;
  if (options.effect == TwoEffect::d_av) {
    se = std::sqrt(d * d * (a * a * a * a / df1 + b * b * b * b / df0) / 8.0 + a * a / df1 + b * b / df0);
  } else {
    se = std::sqrt(d * d / (2.0 * df0) + 1.0 / df0 + a * a / df1);
  }
  const double half = -special::normal_quantile(side.alpha) * se;
  v.low = side.low ? d - half : -infinity;
  v.high = side.high ? d + half : infinity;
  return v;
}

inline void store_effect(const TwoOptions& options, double df, TwoEffectValue v, TwoRow& row) {
  if (options.hedges && is_standardised(options.effect)) {
    const double j = hedges_correction(df);
    for (double* x : {&v.estimate, &v.low, &v.high}) {
      *x = j > 0.0 ? j * *x : missing;
    }
  }
  row.effect = v.estimate;
  row.effect_low = v.low;
  row.effect_high = v.high;
  if (!(v.low == v.low && v.high == v.high)) {
    row.add(Note::effect_unavailable);
  }
}

}  // namespace detail

// superiority: share of pairs in which the level is the larger, ties one half.
inline TwoEffectValue superiority_effect(const TwoOptions& options, double superiority, double m, double n) {
  const Sides side = sides(options.alternative, options.conf_level);
  const double z = -special::normal_quantile(side.alpha);
  TwoEffectValue v{superiority, 0.0, 1.0};
  v.low = side.low ? detail::newcombe_limit(superiority, m, n, z, -1.0) : 0.0;
  v.high = side.high ? detail::newcombe_limit(superiority, m, n, z, 1.0) : 1.0;
  if (options.effect == TwoEffect::rank_biserial) {
    v = {2.0 * v.estimate - 1.0, 2.0 * v.low - 1.0, 2.0 * v.high - 1.0};
  }
  return v;
}

// The d family from moments. Writes the effect, its limits and notes only.
inline void finish_effect(const TwoOptions& options, const Moments& x, const Moments& y, double null, TwoRow& row) {
  if (!detail::is_standardised(options.effect) || !(x.n > 0.0 && y.n > 0.0)) {
    return;
  }
  const double df = options.effect == TwoEffect::glass_delta ? y.n - 1.0 : x.n + y.n - 2.0;
  detail::store_effect(options, df, detail::standardised(options, x, y, null), row);
}

}  // namespace respondr::groups
