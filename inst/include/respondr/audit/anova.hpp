#pragma once
// One-way ANOVA (Fisher) and Welch's (Welch 1951, Biometrika 38:330) from n, means and SDs that are known to their printed
// decimals.
// ANOVA: the sum of squares between is a convex form in the means (maximum at a vertex, or bounded by the minimax over a
// common centre beyond ten groups; minimum by the convex minimum over that centre), the sum within increases in each SD.
// Welch's, with w = n / s^2 and
//   A = min over c of sum w (m - c)^2,  L = sum (1 - w / sum w)^2 / (n - 1),
//   F = A / (k - 1) / (1 + 2 (k - 2) L / (k^2 - 1))  on k - 1 and (k^2 - 1) / (3 L):
// the box of the SDs is cut in cells; in each, A increases in every w, and L has bounds by the least and largest share of
// each w. The hull of the cells encloses F and p and tightens with their number.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/audit/interval.hpp"

namespace respondr::audit {

struct Group {
  double n = missing;
  Figure mean, sd;
};

struct GroupRow {
  Figure statistic, p;
  double df = missing, df_denominator = missing;
};

template <class F>
void visit_columns(const GroupRow*, F f) {
  f("statistic", [](const GroupRow& r) -> const double& { return r.statistic.value; });
  f("statistic_low", [](const GroupRow& r) -> const double& { return r.statistic.low; });
  f("statistic_high", [](const GroupRow& r) -> const double& { return r.statistic.high; });
  f("df", [](const GroupRow& r) -> const double& { return r.df; });
  f("df_denominator", [](const GroupRow& r) -> const double& { return r.df_denominator; });
  f("p", [](const GroupRow& r) -> const double& { return r.p.value; });
  f("p_low", [](const GroupRow& r) -> const double& { return r.p.low; });
  f("p_high", [](const GroupRow& r) -> const double& { return r.p.high; });
}

namespace detail {

inline double upper_f(double f, double df1, double df2) {
  if (!(f == f)) {
    return missing;
  }
  return std::isinf(f) ? 0.0 : special::f_cdf(f, df1, df2, special::Tail::upper);
}

template <class Pick>
double between_squares(const std::vector<Group>& g, Pick pick) {
  double n = 0.0, sum = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < g.size(); ++i) {
    n += g[i].n;
    sum += g[i].n * pick(i);
  }
  for (std::size_t i = 0; i < g.size(); ++i) {
    squares += g[i].n * (pick(i) - sum / n) * (pick(i) - sum / n);
  }
  return squares;
}

// Smallest and largest over a common centre c of sum n_i distance_i(c)^2, a convex function of c: golden section, then the
// value at the centre found bounds the minimum from above, its slope over the bracket from below.
template <class Distance>
double least_over_centre(const std::vector<Group>& g, double low, double high, Distance distance, bool from_below) {
  const auto slope = [&](double c) {
    double s = 0.0;
    for (const Group& x : g) s += 2.0 * x.n * distance(x, c);
    return s;
  };
  const auto value = [&](double c) {
    double s = 0.0;
    for (const Group& x : g) s += x.n * distance(x, c) * distance(x, c);
    return s;
  };
  for (int i = 0; i < 60; ++i) {
    const double c = 0.5 * (low + high);
    (slope(c) > 0.0 ? high : low) = c;
  }
  const double c = 0.5 * (low + high);
  return from_below ? std::max(0.0, value(c) - std::fabs(slope(c)) * (high - low)) : value(c);
}

}  // namespace detail

// Sum of squares between the groups over the box of their means.
inline Figure between_squares(const std::vector<Group>& g) {
  Figure out;
  out.value = detail::between_squares(g, [&](std::size_t i) { return g[i].mean.value; });
  double low = infinity, high = -infinity;
  for (const Group& x : g) {
    low = std::min(low, x.mean.low);
    high = std::max(high, x.mean.high);
  }
  out.low = detail::least_over_centre(g, low, high, [](const Group& x, double c) {
    return c > x.mean.high ? c - x.mean.high : (c < x.mean.low ? c - x.mean.low : 0.0); }, true);
  if (g.size() <= 10) {
    out.high = 0.0;
    for (unsigned vertex = 0; vertex < 1u << g.size(); ++vertex) {
      out.high = std::max(out.high, detail::between_squares(g, [&](std::size_t i) {
        return vertex >> i & 1u ? g[i].mean.high : g[i].mean.low; }));
    }
  } else {
    out.high = detail::least_over_centre(g, low, high, [](const Group& x, double c) {
      return 2.0 * c > x.mean.high + x.mean.low ? c - x.mean.low : c - x.mean.high; }, false);
  }
  return widened(out);
}

inline Figure within_squares(const std::vector<Group>& g) {
  Figure out{0.0, 0.0, 0.0};
  for (const Group& x : g) {
    out.low += (x.n - 1.0) * x.sd.low * x.sd.low;
    out.value += (x.n - 1.0) * x.sd.value * x.sd.value;
    out.high += (x.n - 1.0) * x.sd.high * x.sd.high;
  }
  return out;
}

inline GroupRow solve_anova(const std::vector<Group>& g) {
  GroupRow row;
  double n = 0.0;
  for (const Group& x : g) n += x.n;
  row.df = static_cast<double>(g.size()) - 1.0;
  row.df_denominator = n - static_cast<double>(g.size());
  row.statistic = over(times(between_squares(g), 1.0 / row.df), times(within_squares(g), 1.0 / row.df_denominator));
  const auto p = [&](double f) { return detail::upper_f(f, row.df, row.df_denominator); };
  row.p = widened({p(row.statistic.high), p(row.statistic.value), p(row.statistic.low)});
  return row;
}

namespace detail {

// Range of p over f in [low, high] and df2 in [least, most]. The ratio of two densities of F with equal df1 falls up to
// f = 1 and rises from there, so two tails cross once; and P(F > 1) decreases in df2 (looked at on a grid, df1 to 60, df2
// from 0.5 to 10,000), so from f = 1 on p decreases in df2. Below, |d p / d log df2| <= sqrt(I) / 2 (Cauchy-Schwarz) with
// I < 1/2 + 1 / (3 df2), the information of log df2 in a gamma variable, bounds how far p leaves its values at the ends.
inline Figure upper_f_range(double low, double high, double df1, double least, double most) {
  const double slack = 0.25 * std::log(most / least) * std::sqrt(0.5 + 1.0 / (3.0 * least));
  Figure p;
  p.low = upper_f(high, df1, most);
  if (high < 1.0) p.low = std::max(0.0, std::min(p.low, upper_f(high, df1, least)) - slack);
  p.high = upper_f(low, df1, least);
  if (low < 1.0) p.high = std::min(1.0, std::max(p.high, upper_f(low, df1, most)) + slack);
  return p;
}

// Weights w = n / s^2 as sizes, each SD in cell `at` of `cells`, counted in mixed radix.
inline void weigh(const std::vector<Group>& g, unsigned at, unsigned cells, std::vector<Group>& light,
                  std::vector<Group>& heavy) {
  for (std::size_t i = 0; i < g.size(); ++i, at /= cells) {
    const double step = (g[i].sd.high - g[i].sd.low) / cells, low = g[i].sd.low + step * (at % cells);
    light[i] = heavy[i] = g[i];
    light[i].n = g[i].n / ((low + step) * (low + step));
    heavy[i].n = low > 0.0 ? g[i].n / (low * low) : infinity;
  }
}

struct WelchCell {
  Figure f, p;
};

// Light and heavy weights of a cell; from and to: least and largest sum of squares at them.
inline WelchCell welch_cell(const std::vector<Group>& g, const std::vector<Group>& light, const std::vector<Group>& heavy,
                            double from, double to) {
  const double k = static_cast<double>(g.size());
  double least = 0.0, most = 0.0, all_light = 0.0, all_heavy = 0.0;
  for (std::size_t i = 0; i < g.size(); ++i) {
    all_light += light[i].n;
    all_heavy += heavy[i].n;
  }
  for (std::size_t i = 0; i < g.size(); ++i) {
    double others = std::isinf(heavy[i].n) ? infinity : all_heavy - heavy[i].n;
    if (std::isinf(all_heavy)) {
      others = 0.0;
      for (std::size_t j = 0; j < g.size(); ++j) others += j == i ? 0.0 : heavy[j].n;
    }
    const double rest = std::max(0.0, all_light - light[i].n);
    const double small = std::isinf(others) ? 0.0 : light[i].n / (light[i].n + others);
    const double large = std::isinf(heavy[i].n) ? 1.0 : heavy[i].n / (heavy[i].n + rest);
    least += (1.0 - large) * (1.0 - large) / (g[i].n - 1.0);
    most += (1.0 - small) * (1.0 - small) / (g[i].n - 1.0);
  }
  // sum of (1 - share) is k - 1, so the sum of squares over n - 1 cannot fall below (k - 1)^2 / sum (n - 1)
  double sizes = 0.0;
  for (const Group& x : g) sizes += x.n - 1.0;
  least = std::max(least, (k - 1.0) * (k - 1.0) / sizes);
  const double slope = 2.0 * (k - 2.0) / (k * k - 1.0), scale = (k * k - 1.0) / 3.0;
  WelchCell out;
  out.f = {from / (k - 1.0) / (1.0 + slope * most), missing, to / (k - 1.0) / (1.0 + slope * least)};
  out.p = upper_f_range(out.f.low, out.f.high, k - 1.0, scale / most, scale / least);
  return out;
}

}  // namespace detail

inline GroupRow solve_welch_anova(const std::vector<Group>& g) {
  GroupRow row;
  const double k = static_cast<double>(g.size());
  row.df = k - 1.0;
  for (const Group& x : g) {
    if (!(x.sd.high > 0.0)) {
      return row;
    }
  }
  std::vector<Group> face = g, light = g, heavy = g;
  double total = 0.0, spread = 0.0;
  for (std::size_t i = 0; i < g.size(); ++i) total += face[i].n = g[i].n / (g[i].sd.value * g[i].sd.value);
  if (std::isfinite(total)) {
    for (std::size_t i = 0; i < g.size(); ++i) spread += std::pow(1.0 - face[i].n / total, 2) / (g[i].n - 1.0);
    const double squares = detail::between_squares(face, [&](std::size_t i) { return face[i].mean.value; });
    row.df_denominator = (k * k - 1.0) / (3.0 * spread);
    row.statistic.value = squares / (k - 1.0) / (1.0 + 2.0 * (k - 2.0) / (k * k - 1.0) * spread);
    row.p.value = detail::upper_f(row.statistic.value, row.df, row.df_denominator);
  }
  row.statistic.low = infinity;
  row.statistic.high = row.p.high = 0.0;
  row.p.low = 1.0;
  unsigned cells = g.size() <= 2 ? 8u : (g.size() == 3 ? 6u : (g.size() == 4 ? 4u : (g.size() <= 6 ? 3u : 1u))), all = 1;
  for (std::size_t i = 0; i < g.size(); ++i) all *= cells;
  for (unsigned at = 0; at < all; ++at) {
    detail::weigh(g, at, cells, light, heavy);
    bool open = false;
    for (const Group& x : heavy) open = open || std::isinf(x.n);
    const detail::WelchCell cell = detail::welch_cell(g, light, heavy, between_squares(light).low,
                                                      open ? infinity : between_squares(heavy).high);
    row.statistic.low = std::min(row.statistic.low, cell.f.low);
    row.statistic.high = std::max(row.statistic.high, cell.f.high);
    row.p.low = std::min(row.p.low, cell.p.low);
    row.p.high = std::max(row.p.high, cell.p.high);
  }
  row.statistic = widened(row.statistic);
  row.p = widened(row.p);
  row.p.high = std::min(row.p.high, 1.0);
  return row;
}

}  // namespace respondr::audit
