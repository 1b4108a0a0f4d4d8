#pragma once
// Intervals of paired rates that invert no test.
//
// Difference: Newcombe (1998, Stat Med 17:2635) method 10, Wilson intervals of both rates joined by square-and-add with the
// correlation phi, whose numerator is shrunk by n / 2 where it is positive; Bonett and Price (2012, J Educ Behav Stat
// 37:479), Wald after adding one half to each cell: (g + 1) / (n + 2) and (l + 1) / (n + 2).
// Ratio: Bonett and Price (2006, J Educ Behav Stat 31:309), Wilson intervals of both rates among the patients with the
// event at either visit, with z times sqrt((g + l + 2) / ((x + 1)(y + 1))) / (b(x) + b(y)), b(x) = sqrt((1 - (x + 1) / (m
// + 2)) / (x + 1)), x after, y before, m = both + g + l.

#include <algorithm>
#include <cmath>

#include "respondr/paired_rates/score.hpp"
#include "respondr/paired_rates/types.hpp"

namespace respondr::paired_rates {

namespace detail {

inline double newcombe_phi(const PairCounts& c) {
  const double margins = c.after() * (c.n() - c.after()) * c.before() * (c.n() - c.before());
  if (!(margins > 0.0)) {
    return 0.0;
  }
  const double cross = c.both * c.neither - c.gained * c.lost;
  return (cross > 0.0 ? std::fmax(0.0, cross - 0.5 * c.n()) : cross) / std::sqrt(margins);
}

inline Limits within(Limits x, const Sides& s, double lowest, double highest) {
  x.low = s.low ? std::fmax(lowest, x.low) : lowest;
  x.high = s.high ? std::fmin(highest, x.high) : highest;
  return x;
}

}  // namespace detail

inline Limits newcombe_limits(const PairCounts& c, const Sides& s) {
  const double n = c.n(), z = -special::normal_quantile(s.alpha), phi = detail::newcombe_phi(c);
  const double p1 = c.after() / n, p2 = c.before() / n, estimate = (c.gained - c.lost) / n;
  const Limits after = wilson(c.after(), n, z), before = wilson(c.before(), n, z);
  const auto joined = [phi](double a, double b) { return std::sqrt(std::fmax(0.0, a * a - 2.0 * phi * a * b + b * b)); };
  return detail::within({estimate - joined(p1 - after.low, before.high - p2),
                         estimate + joined(after.high - p1, p2 - before.low)}, s, -1.0, 1.0);
}

inline Limits bonett_price_limits(const PairCounts& c, const Sides& s) {
  const double n = c.n() + 2.0, gain = (c.gained + 1.0) / n, loss = (c.lost + 1.0) / n, d = gain - loss;
  const double half = -special::normal_quantile(s.alpha) * std::sqrt((gain + loss - d * d) / n);
  return detail::within({d - half, d + half}, s, -1.0, 1.0);
}

inline Limits ratio_bonett_price_limits(const PairCounts& c, const Sides& s) {
  const double m = c.both + c.discordant(), x = c.after(), y = c.before();
  if (m <= 0.0) {
    return {0.0, infinity};
  }
  const auto part = [m](double v) { return std::sqrt((1.0 - (v + 1.0) / (m + 2.0)) / (v + 1.0)); };
  const double whole = std::sqrt((c.discordant() + 2.0) / ((x + 1.0) * (y + 1.0)));
  const double z = -special::normal_quantile(s.alpha) * whole / (part(x) + part(y));
  const Limits after = wilson(x, m, z), before = wilson(y, m, z);
  return {s.low ? after.low / before.high : 0.0, s.high && before.low > 0.0 ? after.high / before.low : infinity};
}

}  // namespace respondr::paired_rates
