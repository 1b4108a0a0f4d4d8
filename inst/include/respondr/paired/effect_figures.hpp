#pragma once
// Effect sizes of a paired comparison, each with its interval. `change` is taken from the null: (mean change - null).
//
//   d_z   change / SD of change. Interval: exact, noncentral t (Steiger and Fouladi 1997), ncp / sqrt(n).
//   d_rm  d_z sqrt(2 (1 - r)). Interval: that of d_z times the same factor (Algina and Keselman 2003).
//   d_av  change / sqrt((SD before^2 + SD after^2) / 2). Interval: normal (Bonett 2008, Psychol Methods 13:99, eq. 10-11).
//   d_b   change / SD before (Becker 1988). Interval: normal (Bonett 2008).
//   Hedges' correction J(n - 1) (Hedges 1981, exact) multiplies the estimate and both limits.
//   rank_biserial     (T+ - T-) / (T+ + T-) of the signed ranks (Kerby 2014). Interval: normal on Fisher's z with the null
//                     standard error of the ranks without ties.
//   prob_superiority  share of changes above the null, ties counted half. Interval: Wilson (1927).
// One-sided alternatives give one-sided intervals. Where the effect does not exist (no spread, one pair, a change column for an
// effect that needs both visits) the cells stay missing and the row has the note effect_unavailable; likewise its interval.

#include <algorithm>
#include <cmath>

#include "respondr/effect_size.hpp"
#include "respondr/paired/sides.hpp"
#include "respondr/special.hpp"

namespace respondr::paired {

// What the d family needs, all on the scale on which the change is taken. Missing where not known.
struct EffectFigures {
  double n = missing;
  double mean_change = missing, sd_change = missing;
  double sd_before = missing, sd_after = missing, r = missing;
};

// From printed figures; r or sd_change may be missing, one gives the other if both SD are there.
inline EffectFigures effect_figures(double n, double mean_change, double sd_before, double sd_after, double r,
                                    double sd_change) {
  EffectFigures f{n, mean_change, sd_change, sd_before, sd_after, r};
  const double sum = sd_before * sd_before + sd_after * sd_after, product = 2.0 * sd_before * sd_after;
  if (!(sd_change == sd_change)) {
    f.sd_change = std::sqrt(sum - r * product);
  }
  if (!(r == r)) {
    f.r = (sum - sd_change * sd_change) / product;
  }
  return f;
}

namespace detail {

struct EffectValue {
  double estimate = missing, low = missing, high = missing;
};

inline bool is_d(Effect e) { return e == Effect::d_z || e == Effect::d_av || e == Effect::d_rm || e == Effect::d_b; }
inline bool needs_visits(Effect e) { return e == Effect::d_av || e == Effect::d_rm || e == Effect::d_b; }

// Standardiser of the change; 0 or not a number where there is none.
inline double standardiser(Effect effect, const EffectFigures& f) {
  switch (effect) {
    case Effect::d_z: return f.sd_change;
    case Effect::d_rm: return f.sd_change / std::sqrt(2.0 * (1.0 - f.r));
    case Effect::d_av: return std::sqrt(0.5 * (f.sd_before * f.sd_before + f.sd_after * f.sd_after));
    case Effect::d_b: return f.sd_before;
    default: return missing;
  }
}

// Bonett (2008): variance of change / standardiser by the delta method, normal data. All in units of the standardiser.
inline double bonett_se(Effect effect, const EffectFigures& f, double d) {
  const double df = f.n - 1.0, s = standardiser(effect, f);
  const double c = f.sd_change / s, b = f.sd_before / s, a = f.sd_after / s;
  if (effect == Effect::d_b) {
    return std::sqrt(d * d / (2.0 * df) + c * c / df);
  }
  const double spread = (b * b * b * b + a * a * a * a + 2.0 * f.r * f.r * b * b * a * a) / (8.0 * df);
  return std::sqrt(d * d * spread + c * c / df);
}

inline EffectValue d_effect(const Options& options, const EffectFigures& f, double null) {
  EffectValue v;
  const double s = standardiser(options.effect, f);
  if (!(f.n >= 2.0) || !(s > 0.0) || !std::isfinite(s)) {
    return v;
  }
  const Sides side = sides(options);
  v.estimate = (f.mean_change - null) / s;
  if (options.effect == Effect::d_z || options.effect == Effect::d_rm) {
    const double root_n = std::sqrt(f.n), df = f.n - 1.0;
    const double t = (f.mean_change - null) / f.sd_change * root_n, factor = f.sd_change / (s * root_n);
    v.low = side.low ? special::noncentral_t_ncp(t, df, 1.0 - side.alpha) * factor : -infinity;
    v.high = side.high ? special::noncentral_t_ncp(t, df, side.alpha) * factor : infinity;
  } else {
    const double half = -special::normal_quantile(side.alpha) * bonett_se(options.effect, f, v.estimate);
    v.low = side.low ? v.estimate - half : -infinity;
    v.high = side.high ? v.estimate + half : infinity;
  }
  return v;
}

// Fisher's z with the standard error of effectsize: that of (T+ - T-) / (T+ + T-) under the null, ranks without ties.
inline void rank_biserial_interval(const Options& options, double n, double n_zeros, EffectValue& v) {
  const double first = options.zeros == Zeros::pratt ? n_zeros : 0.0, last = options.zeros == Zeros::pratt ? n : n - n_zeros;
  const auto sum = [](double k) { return 0.5 * k * (k + 1.0); };
  const auto squares = [](double k) { return k * (k + 1.0) * (2.0 * k + 1.0) / 6.0; };
  const double se = std::sqrt(squares(last) - squares(first)) / (sum(last) - sum(first));
  const Sides side = sides(options);
  const double z = -special::normal_quantile(side.alpha);
  if (!(std::fabs(v.estimate) < 1.0)) {
    return;  // Fisher's z of 1 is infinite: an interval without width would claim certainty
  }
  v.low = side.low ? std::tanh(std::atanh(v.estimate) - z * se) : -1.0;
  v.high = side.high ? std::tanh(std::atanh(v.estimate) + z * se) : 1.0;
}

inline void wilson_interval(const Options& options, double n, EffectValue& v) {
  const Sides side = sides(options);
  const double z = -special::normal_quantile(side.alpha), p = v.estimate;
  const double centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
  const double half = z / (1.0 + z * z / n) * std::sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
  v.low = side.low && p > 0.0 ? std::max(0.0, centre - half) : 0.0;
  v.high = side.high && p < 1.0 ? std::min(1.0, centre + half) : 1.0;
}

inline void store_effect(const Options& options, double n, EffectValue v, Row& row) {
  if (options.hedges && is_d(options.effect)) {
    const double j = hedges_correction(n - 1.0);
    v.estimate = j > 0.0 ? j * v.estimate : missing;
    v.low = j > 0.0 ? j * v.low : missing;
    v.high = j > 0.0 ? j * v.high : missing;
  }
  row.effect = v.estimate;
  row.effect_low = v.low;
  row.effect_high = v.high;
  if (!(v.low == v.low && v.high == v.high)) {
    row.add(Note::effect_unavailable);
  }
}

}  // namespace detail

// The d family from figures. null on the scale of the figures.
inline void finish_effect(const Options& options, const EffectFigures& f, double null, Row& row) {
  if (options.effect == Effect::none) {
    return;
  }
  detail::store_effect(options, f.n, detail::d_effect(options, f, null), row);
}

}  // namespace respondr::paired
