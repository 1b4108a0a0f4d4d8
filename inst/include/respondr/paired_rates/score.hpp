#pragma once
// Score tests of paired rates: the asymptotic McNemar test and the intervals that invert it.
//
// Difference D of the rates (Tango 1998, Stat Med 17:891): with g gained, l lost of n, Z(D) = (g - l - n D) / sqrt(n (2 q
// + D (1 - D))), q the likeliest probability of a loss given D, a root of 2 n q^2 + (2 n D - g - l - (g - l) D) q - l D (1
// - D) = 0. Z(0)^2 = (g - l)^2 / (g + l), McNemar (1947, Psychometrika 12:153).
//
// Ratio R (Nam and Blackwelder 2002, Stat Med 21:689; Tang, Tang and Chan 2003, Stat Med 22:1217): with x after and y
// before, Z(R) = (x - R y) / sqrt(R n (P(gain) + P(loss))), the probabilities the likeliest ones given R. Patients with
// the event at neither visit say nothing on R. Z(1) = Z of the difference at 0.
//
// Odds ratio of change g / l: Wilson's (1927) interval of g / (g + l) as odds, which inverts the same test once more.
//
// Every Z falls as the hypothesis grows. The limits solve Z = z and Z = -z.

#include <algorithm>
#include <cmath>

#include "respondr/paired_rates/types.hpp"
#include "respondr/special/central.hpp"

namespace respondr::paired_rates {

namespace detail {

inline double standardised(double excess, double variance) {
  return excess == 0.0 ? 0.0 : variance > 0.0 ? excess / std::sqrt(variance) : std::copysign(infinity, excess);
}

// Where a falling Z equals z, between `inside` (the estimate, Z = 0) and `outside`. Z is bounded by z / sqrt(1 + z^2), so
// that infinite values make no trouble.
template <class Z>
double score_limit(Z&& statistic, double inside, double outside, double z) {
  const auto bounded = [](double x) { return std::isinf(x) ? std::copysign(1.0, x) : x / std::sqrt(1.0 + x * x); };
  const double target = bounded(z);
  const auto excess = [&](double x) { return bounded(statistic(x)) - target; };
  const double f_outside = excess(outside);
  if (inside == outside || (f_outside > 0.0) != (z > 0.0)) {
    return outside;
  }
  return special::detail::bracketed_root(excess, inside, -target, outside, f_outside, 1e-15);
}

}  // namespace detail

inline double tango_statistic(const PairCounts& c, double difference) {
  if (difference < 0.0) {
    return -tango_statistic(c.reversed(), -difference);
  }
  const double n = c.n(), spread = difference * (1.0 - difference);
  const double b = 2.0 * n * difference - c.gained - c.lost - (c.gained - c.lost) * difference;
  const double root = std::sqrt(b * b + 8.0 * n * c.lost * spread);
  const double q = b > 0.0 ? 2.0 * c.lost * spread / (b + root) : (root - b) / (4.0 * n);
  return detail::standardised(c.gained - c.lost - n * difference, n * (2.0 * q + spread));
}

inline double ratio_statistic(const PairCounts& c, double ratio) {
  if (ratio > 1.0) {
    return -ratio_statistic(c.reversed(), 1.0 / ratio);
  }
  const double m = c.both + c.discordant(), r2 = ratio * ratio;
  const double l = r2 * (c.before() + 2.0 * c.gained) - c.after();
  const double root = std::sqrt(l * l + 4.0 * m * r2 * (1.0 - r2) * c.gained);
  const double scale = ratio * (1.0 + ratio);
  const double u = l < 0.0 ? 2.0 * c.gained * ratio * (1.0 - ratio) / (root - l) : (l + root) / (2.0 * m * scale);
  return detail::standardised(c.after() - ratio * c.before(), ratio * m * ((1.0 + ratio) * u + 1.0 - ratio));
}

// Z of g of m patients who changed against a share p of gains.
inline double share_statistic(const PairCounts& c, double p) {
  const double m = c.discordant();
  return detail::standardised(c.gained - m * p, m * p * (1.0 - p));
}

inline Limits tango_limits(const PairCounts& c, const Sides& s) {
  const double z = -special::normal_quantile(s.alpha), estimate = (c.gained - c.lost) / c.n();
  const auto statistic = [&](double d) { return tango_statistic(c, d); };
  return {s.low ? detail::score_limit(statistic, estimate, -1.0, z) : -1.0,
          s.high ? detail::score_limit(statistic, estimate, 1.0, -z) : 1.0};
}

// On the scale R / (1 + R), which runs from 0 to 1.
inline Limits ratio_score_limits(const PairCounts& c, const Sides& s) {
  const double z = -special::normal_quantile(s.alpha), estimate = c.after() / (c.after() + c.before());
  const auto statistic = [&](double share) {
    return share <= 0.0   ? (c.after() > 0.0 ? infinity : 0.0)
           : share >= 1.0 ? (c.before() > 0.0 ? -infinity : 0.0)
                          : ratio_statistic(c, share / (1.0 - share));
  };
  const double low = s.low ? detail::score_limit(statistic, estimate, 0.0, z) : 0.0;
  const double high = s.high ? detail::score_limit(statistic, estimate, 1.0, -z) : 1.0;
  return {low / (1.0 - low), high >= 1.0 ? infinity : high / (1.0 - high)};
}

// Wilson (1927, JASA 22:209) interval of x of n.
inline Limits wilson(double x, double n, double z) {
  const double z2 = z * z, root = z * std::sqrt(z2 + 4.0 * x * (1.0 - x / n)), scale = 2.0 * (n + z2);
  const double low = (2.0 * x + z2 - root) / scale, high = (2.0 * x + z2 + root) / scale;
  return {x <= 0.0 ? 0.0 : std::fmax(0.0, low), x >= n ? 1.0 : std::fmin(1.0, high)};
}

inline Limits wilson_odds_limits(const PairCounts& c, const Sides& s) {
  const double z = -special::normal_quantile(s.alpha);
  const Limits up = wilson(c.gained, c.discordant(), z), down = wilson(c.lost, c.discordant(), z);
  return {s.low ? up.low / down.high : 0.0, s.high ? (down.low > 0.0 ? up.high / down.low : infinity) : infinity};
}

// p of a Z that is large where the estimate lies above the hypothesis; `correction` is taken off |Z| first.
inline double normal_p(Alternative alternative, double z, double correction = 0.0) {
  const double shrunk = std::copysign(std::fmax(0.0, std::fabs(z) - correction), z);
  const Tails t{special::normal_cdf(shrunk), special::normal_cdf(shrunk, special::Tail::upper)};
  return t.p(alternative);
}

}  // namespace respondr::paired_rates
