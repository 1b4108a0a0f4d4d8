#pragma once
// What means, SDs, n and the p of a paired t-test imply. With change d = after - before, the SD of change is
//   s_d^2 = s1^2 + s2^2 - 2 r s1 s2,  t = d / (s_d / sqrt(n)) on n - 1 degrees of freedom,
// so p gives s_d and s_d gives r. Cochrane Handbook (Higgins et al. 2019), 6.5.2.8.
// Extremes over the box of printed figures: s_d^2 is a convex form in (s1, s2) for |r| <= 1, its maximum stands at a vertex,
// its minimum at a vertex or a stationary point of an edge. r at given s_d first decreases, then increases in s1 (and in
// s2): maximum at a vertex, minimum at a vertex or where s1^2 = s2^2 - s_d^2 on an edge. All else is monotone.

#include <algorithm>
#include <cmath>

#include "respondr/audit/interval.hpp"

namespace respondr::audit {

struct PairedFigures {
  double n = missing;
  Figure mean_before, sd_before, mean_after, sd_after, p;
};

struct PairedRow {
  Figure change, r, sd_change, d_z;    // implied by p
  Figure p_first, p_last, p_zero;      // p at r = 1, at r = -1 and at r = 0
};

template <class F>
void visit_columns(const PairedRow*, F f) {
  const auto three = [&](const char* a, const char* b, const char* c, Figure PairedRow::*x) {
    f(a, [x](const PairedRow& row) -> const double& { return (row.*x).value; });
    f(b, [x](const PairedRow& row) -> const double& { return (row.*x).low; });
    f(c, [x](const PairedRow& row) -> const double& { return (row.*x).high; });
  };
  three("change", "change_low", "change_high", &PairedRow::change);
  three("r", "r_low", "r_high", &PairedRow::r);
  three("sd_change", "sd_change_low", "sd_change_high", &PairedRow::sd_change);
  three("d_z", "d_z_low", "d_z_high", &PairedRow::d_z);
  three("p_first", "p_first_low", "p_first_high", &PairedRow::p_first);
  three("p_last", "p_last_low", "p_last_high", &PairedRow::p_last);
  three("p_zero", "p_zero_low", "p_zero_high", &PairedRow::p_zero);
}

namespace detail {

inline double change_variance(double a, double b, double r) {
  return std::max(0.0, r == 1.0 ? (a - b) * (a - b) : a * a + b * b - 2.0 * r * a * b);
}

// s_d at correlation r over the box.
inline Figure change_sd(const Figure& a, const Figure& b, double r) {
  double low = infinity, high = 0.0;
  for (const double x : {a.low, a.high}) {
    for (const double y : {b.low, b.high}) {
      low = std::min(low, change_variance(x, y, r));
      high = std::max(high, change_variance(x, y, r));
    }
    low = std::min(low, change_variance(x, std::clamp(r * x, b.low, b.high), r));
  }
  for (const double y : {b.low, b.high}) {
    low = std::min(low, change_variance(std::clamp(r * y, a.low, a.high), y, r));
  }
  return {std::sqrt(low), std::sqrt(change_variance(a.value, b.value, r)), std::sqrt(high)};
}

inline double correlation(double a, double b, double sd) {
  return a > 0.0 && b > 0.0 ? (a * a + b * b - sd * sd) / (2.0 * a * b) : missing;
}

// Lowest r over one edge: x fixed, the other free in [low, high].
inline double lowest_on_edge(double x, double low, double high, double sd) {
  double r = std::min(correlation(x, low, sd), correlation(x, high, sd));
  if (x > sd) {
    r = std::min(r, correlation(x, std::clamp(std::sqrt((x - sd) * (x + sd)), low, high), sd));
  }
  return r;
}

inline Figure implied_correlation(const Figure& a, const Figure& b, const Figure& sd) {
  Figure r{-infinity, correlation(a.value, b.value, sd.value), infinity};
  if (!(a.low > 0.0) || !(b.low > 0.0)) {
    return r;
  }
  if (std::isfinite(sd.high)) {
    r.low = std::min({lowest_on_edge(a.low, b.low, b.high, sd.high), lowest_on_edge(a.high, b.low, b.high, sd.high),
                      lowest_on_edge(b.low, a.low, a.high, sd.high), lowest_on_edge(b.high, a.low, a.high, sd.high)});
  }
  r.high = std::max({correlation(a.low, b.low, sd.low), correlation(a.low, b.high, sd.low),
                     correlation(a.high, b.low, sd.low), correlation(a.high, b.high, sd.low)});
  return {r.low - 1e-11 * (1.0 + std::fabs(r.low)), r.value, r.high + 1e-11 * (1.0 + std::fabs(r.high))};
}

}  // namespace detail

inline Figure paired_p(const PairedFigures& x, double r) {
  const Figure d = magnitude(minus(x.mean_after, x.mean_before));
  const Figure t = over(times(d, std::sqrt(x.n)), detail::change_sd(x.sd_before, x.sd_after, r));
  return p_of(t, x.n - 1.0);
}

inline PairedRow solve_paired(const PairedFigures& x) {
  PairedRow row;
  row.change = minus(x.mean_after, x.mean_before);
  if (!(x.n >= 2.0) || !x.sd_before.known() || !x.sd_after.known() || !row.change.known()) {
    return row;
  }
  row.p_first = paired_p(x, 1.0);
  row.p_last = paired_p(x, -1.0);
  row.p_zero = paired_p(x, 0.0);
  if (!x.p.known()) {
    return row;
  }
  const double df = x.n - 1.0;
  const Figure t{t_of(x.p.high, df), t_of(x.p.value, df), t_of(x.p.low, df)};
  row.sd_change = widened(over(times(magnitude(row.change), std::sqrt(x.n)), t));
  row.d_z = widened(times(t, 1.0 / std::sqrt(x.n)));
  row.r = detail::implied_correlation(x.sd_before, x.sd_after, row.sd_change);
  return row;
}

}  // namespace respondr::audit
