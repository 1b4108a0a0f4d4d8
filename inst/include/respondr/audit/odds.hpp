#pragma once
// An estimate, its interval and its P against each other, on the scale where the interval is symmetric (the logarithm for
// odds,
// risk and hazard ratios). With a and b the limits on that scale and z the normal quantile of the level,
//     estimate = (a + b) / 2,   SE = (b - a) / (2 z),   Wald z = z (a + b - 2 null) / (b - a),   P = 2 Phi(-|Wald z|)
// (Altman and Bland 2011, BMJ 343:d2090 and d2304). Printed limits are boxes: a and b lie anywhere in a rectangle, cut by
// the strip
// of (a + b) / 2 that prints as the estimate. Wald z is a quotient of two linear functions, so that its extremes over this
// polygon lie at corners, and the range of P is exact. If the polygon is empty the estimate is not the middle of its
// interval.

#include <array>
#include <cmath>
#include <cstddef>

#include "respondr/special.hpp"
#include "respondr/types.hpp"

namespace respondr::audit {

struct Box {
  double low = missing, at = missing, high = missing;
};

// All on the symmetric scale.
struct OddsInput {
  Box estimate, lower, upper;
  double null = 0.0, conf_level = 0.95;
};

struct OddsRow {
  double middle = missing, middle_low = missing, middle_high = missing;  // of the interval
  double std_error = missing, std_error_low = missing, std_error_high = missing;
  double statistic = missing, p_value = missing, p_low = missing, p_high = missing;
  bool middle_fits = false;
  Status status = Status::ok;
};

template <class F>
void visit_columns(const OddsRow*, F&& f) {
  f("middle", [](const OddsRow& r) -> const double& { return r.middle; });
  f("middle_low", [](const OddsRow& r) -> const double& { return r.middle_low; });
  f("middle_high", [](const OddsRow& r) -> const double& { return r.middle_high; });
  f("std_error", [](const OddsRow& r) -> const double& { return r.std_error; });
  f("std_error_low", [](const OddsRow& r) -> const double& { return r.std_error_low; });
  f("std_error_high", [](const OddsRow& r) -> const double& { return r.std_error_high; });
  f("statistic", [](const OddsRow& r) -> const double& { return r.statistic; });
  f("p_value", [](const OddsRow& r) -> const double& { return r.p_value; });
  f("p_low", [](const OddsRow& r) -> const double& { return r.p_low; });
  f("p_high", [](const OddsRow& r) -> const double& { return r.p_high; });
  f("middle_fits", [](const OddsRow& r) -> const bool& { return r.middle_fits; });
  f("status", [](const OddsRow& r) -> const Status& { return r.status; });
}

struct Corner {
  double a, b;
};

struct Polygon {
  std::array<Corner, 8> corner;
  std::size_t size = 0;
  void add(Corner c) { corner[size++] = c; }
};

// What of the polygon lies where sign * ((a + b) / 2 - cut) >= 0; a corner on the line belongs to it, with its rounding.
inline Polygon clip(const Polygon& p, double cut, double sign) {
  Polygon out;
  const double slack = 1e-13 * (1.0 + std::fabs(cut));
  for (std::size_t i = 0; i < p.size; ++i) {
    const Corner u = p.corner[i], v = p.corner[(i + 1) % p.size];
    const double at_u = sign * (0.5 * (u.a + u.b) - cut), at_v = sign * (0.5 * (v.a + v.b) - cut);
    if (at_u >= -slack) out.add(u);
    if ((at_u > slack && at_v < -slack) || (at_u < -slack && at_v > slack)) {
      const double t = at_u / (at_u - at_v);
      out.add({u.a + t * (v.a - u.a), u.b + t * (v.b - u.b)});
    }
  }
  return out;
}

inline double wald_z(const OddsInput& x, Corner c, double z) { return z * (c.a + c.b - 2.0 * x.null) / (c.b - c.a); }

inline void range_of_p(const OddsInput& x, const Polygon& area, double z, OddsRow& row) {
  double least = infinity, most = -infinity;
  for (std::size_t i = 0; i < area.size; ++i) {
    const double w = wald_z(x, area.corner[i], z);
    least = std::fmin(least, w);
    most = std::fmax(most, w);
  }
  const double near = least <= 0.0 && most >= 0.0 ? 0.0 : std::fmin(std::fabs(least), std::fabs(most));
  row.p_high = 2.0 * special::normal_cdf(-near);
  row.p_low = 2.0 * special::normal_cdf(-std::fmax(std::fabs(least), std::fabs(most)));
}

inline OddsRow solve_odds(const OddsInput& x) {
  OddsRow row;
  const auto known = [](const Box& b) { return std::isfinite(b.low) && std::isfinite(b.at) && std::isfinite(b.high); };
  if (!known(x.lower) || !known(x.upper)) {
    row.status = Status::not_estimable;
    return row;
  }
  if (!(x.upper.at > x.lower.at) || !(x.upper.low > x.lower.high)) {
    row.status = x.upper.high > x.lower.low ? Status::no_variance : Status::not_estimable;
    return row;
  }
  const double z = -special::normal_quantile(0.5 * (1.0 - x.conf_level));
  const bool given = known(x.estimate);
  row.middle = 0.5 * (x.lower.at + x.upper.at);
  row.middle_low = 0.5 * (x.lower.low + x.upper.low);
  row.middle_high = 0.5 * (x.lower.high + x.upper.high);
  row.std_error = (x.upper.at - x.lower.at) / (2.0 * z);
  row.std_error_low = (x.upper.low - x.lower.high) / (2.0 * z);
  row.std_error_high = (x.upper.high - x.lower.low) / (2.0 * z);
  row.statistic = ((given ? x.estimate.at : row.middle) - x.null) / row.std_error;
  row.p_value = 2.0 * special::normal_cdf(-std::fabs(row.statistic));
  Polygon area;
  area.add({x.lower.low, x.upper.low});
  area.add({x.lower.high, x.upper.low});
  area.add({x.lower.high, x.upper.high});
  area.add({x.lower.low, x.upper.high});
  if (given) {
    const Polygon cut = clip(clip(area, x.estimate.low, 1.0), x.estimate.high, -1.0);
    row.middle_fits = cut.size > 0;
    if (row.middle_fits) area = cut;
  } else {
    row.middle_fits = true;
  }
  range_of_p(x, area, z, row);
  return row;
}

}  // namespace respondr::audit
