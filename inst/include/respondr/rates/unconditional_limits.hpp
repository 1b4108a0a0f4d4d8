#pragma once
// The p of an unconditional test for any alternative, and the values it accepts.

#include <algorithm>
#include <cmath>

#include "respondr/rates/unconditional.hpp"

namespace respondr::rates {

struct UnconditionalWorkspace {
  Unconditional up, down;  // the table as it is, and with its arms exchanged
};

// Fixed for one table.
struct UnconditionalTest {
  Table table;
  Estimand estimand = Estimand::difference;
  Order order = Order::score;
  TwoSided two_sided = TwoSided::minlike;
  Alternative alternative = Alternative::two_sided;
  double null = 0.0;  // orders that stay those of the hypothesis tested

  bool difference() const { return estimand == Estimand::difference || estimand == Estimand::nnt; }
  bool fixed() const { return is_fixed(order); }
  // Two one-sided tests make the p.
  bool tails() const { return alternative != Alternative::two_sided || two_sided == TwoSided::central || fixed(); }
  Table exchanged() const { return {table.x0, table.n0, table.x1, table.n1}; }
  double exchanged(double theta) const { return difference() ? -theta : 1.0 / theta; }
  double at(double s) const { return difference() ? s : std::exp(s); }

  void plan(UnconditionalWorkspace& w) const {
    w.up.plan(table, estimand, order, two_sided, null);
    if (tails()) w.down.plan(exchanged(), estimand, order, two_sided, exchanged(null));
  }

  double p(UnconditionalWorkspace& w, double theta) const {
    if (!tails()) return std::fmin(1.0, w.up.both(theta));
    const double greater = alternative == Alternative::less ? 1.0 : w.up.greater(theta);
    const double less = alternative == Alternative::greater ? 1.0 : w.down.greater(exchanged(theta));
    return std::fmin(1.0, combine(alternative, greater, less));
  }

  // Elementary steps of one p.
  double work() const {
    const double rows = table.n1 + 1.0, columns = table.n0 + 1.0, steps = 16.0 * std::sqrt(rows + columns);
    const double statistic = order == Order::fisher     ? rows * columns * std::fmin(rows, columns)
                             : order == Order::unpooled ? rows * columns
                                                        : 20.0 * (rows + columns);
    return statistic + steps * 4.0 * (rows + columns);
  }
};

namespace detail {

constexpr double difference_step = 1.0 / 128.0, log_step = 1.0 / 16.0;

// The farthest accepted value on one side of the estimate s, `sign` the direction, between `nearest` (accepted) and
// `farthest`.
template <class Accepts>
double scanned_limit(Accepts&& accepts, double nearest, double farthest, double step, bool& hole) {
  const double sign = farthest > nearest ? 1.0 : -1.0;
  const int count = static_cast<int>(std::ceil(std::fabs(farthest - nearest) / step));
  const auto place = [&](int i) { return i == count ? farthest : nearest + sign * i * step; };
  if (count == 0) return nearest;
  int i = count;
  while (i > 0 && !accepts(place(i))) --i;
  if (i == count) return farthest;
  for (int j = i - 1; j > 0 && !hole; --j) hole = !accepts(place(j));
  double inside = place(i), outside = place(i + 1);
  for (int round = 0; round < 40 && std::fabs(outside - inside) > 1e-11 * (1.0 + std::fabs(inside)); ++round) {
    const double middle = 0.5 * (inside + outside);
    (accepts(middle) ? inside : outside) = middle;
  }
  return inside;
}

}  // namespace detail

// Where the search starts: the estimate, on the scale of the search; half an event for a ratio at the end of its range.
inline double search_centre(const UnconditionalTest& test) {
  const Table& t = test.table;
  if (test.difference()) return t.p1() - t.p0();
  const bool interior = t.x1 > 0 && t.x0 > 0 && t.x1 < t.n1 && t.x0 < t.n0;
  const double p1 = interior ? t.p1() : (t.x1 + 0.5) / (t.n1 + 1.0),
               p0 = interior ? t.p0() : (t.x0 + 0.5) / (t.n0 + 1.0);
  return test.estimand == Estimand::ratio ? std::log(p1 / p0) : std::log(p1 / (1.0 - p1)) - std::log(p0 / (1.0 - p0));
}

// One limit, on the scale of the search, looked for between the estimate and `far`; a ratio that is accepted there is
// followed further, to infinity if need be.
inline double unconditional_limit(const UnconditionalTest& test, const Sides& side, bool low, double centre, double far,
                                  UnconditionalWorkspace& w, bool& hole) {
  const double level = (test.tails() ? side.each() : side.alpha) * (1.0 + alpha_slack);
  const auto p = [&](double s, double enough) {
    const double theta = test.at(s);
    if (!test.tails()) return w.up.both(theta, enough);
    return low ? w.up.greater(theta, enough) : w.down.greater(test.exchanged(theta), enough);
  };
  const auto accepts = [&](double s) { return p(s, level) > level; };
  if (!test.difference()) {
    constexpr double end = 40.0;
    while (std::fabs(far) < end && accepts(far)) far += low ? -4.0 : 4.0;
    if (std::fabs(far) >= end) return low ? -infinity : infinity;
  }
  if (!test.fixed()) {
    const double step = test.difference() ? detail::difference_step : detail::log_step;
    return detail::scanned_limit(accepts, centre, far, step, hole);
  }
  const auto excess = [&](double s) { return std::log(p(s, 2.0)) - std::log(level); };
  const double f_near = excess(centre), f_far = excess(far);
  if (f_far > 0.0) return far;
  return f_near > 0.0 ? special::detail::bracketed_root(excess, far, f_far, centre, f_near, 1e-12) : centre;
}

// The values that the test accepts. The score interval says which sides are open, and how far a ratio may go.
inline Limits unconditional_limits(const UnconditionalTest& test, const Sides& side, UnconditionalWorkspace& w) {
  Limits out = score_limits(test.estimand, test.table, side, ScoreRule());
  const double centre = search_centre(test);
  for (const bool low : {true, false}) {
    double& limit = low ? out.low : out.high;
    if (!(low ? side.low : side.high)) continue;
    if (test.difference()) {
      limit = unconditional_limit(test, side, low, centre, low ? -1.0 : 1.0, w, out.hole);
    } else if (limit > 0.0 && std::isfinite(limit)) {
      const double far = std::log(limit) + (low ? -4.0 : 4.0);
      limit = std::exp(unconditional_limit(test, side, low, centre, far, w, out.hole));
    }
  }
  return out;
}

}  // namespace respondr::rates
