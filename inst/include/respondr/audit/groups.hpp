#pragma once
// Tests of independent groups from n, means and SDs that are known to their printed decimals: Student, Welch (Welch 1947,
// Biometrika 34:28), z and one-way ANOVA (Fisher).
// Student, z: |t| increases in |difference| and decreases in each SD. ANOVA: the sum of squares between is a convex form in
// the means (maximum at a vertex, or bounded by the minimax over a common centre beyond ten groups; minimum by the convex
// minimum over that centre), the sum within increases in each SD. Welch: the box of the two SDs is cut in cells; in each,
// |t| and the degrees of freedom (unimodal in the ratio of the variances of the two means) have exact ranges, and p
// decreases in
// both: the hull of the cells encloses p and tightens with their number.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/audit/interval.hpp"

namespace respondr::audit {

enum class GroupTest { student, welch, z, anova };

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

inline double pooled_error(double s, double u, const Group& a, const Group& b) {
  return std::sqrt(((a.n - 1.0) * s * s + (b.n - 1.0) * u * u) / (a.n + b.n - 2.0) * (1.0 / a.n + 1.0 / b.n));
}
inline double separate_error(double s, double u, const Group& a, const Group& b) {
  return std::sqrt(s * s / a.n + u * u / b.n);
}

// Degrees of freedom of Welch at the ratio u of the two variances of the means; its maximum is n1 + n2 - 2.
inline double welch_df(double u, double m1, double m2) {
  return std::isinf(u) ? m1 : (1.0 + u) * (1.0 + u) / (u * u / m1 + 1.0 / m2);
}

inline double variance_ratio(double s, double u, const Group& a, const Group& b) {
  return u > 0.0 ? s * s * b.n / (u * u * a.n) : (s > 0.0 ? infinity : (a.n - 1.0) / (b.n - 1.0));
}

inline Figure welch_p(const Figure& difference, const Group& a, const Group& b, double df_face) {
  constexpr int cells = 6;
  const double m1 = a.n - 1.0, m2 = b.n - 1.0, ds = (a.sd.high - a.sd.low) / cells, du = (b.sd.high - b.sd.low) / cells;
  const Figure face = over(exact(difference.value), exact(separate_error(a.sd.value, b.sd.value, a, b)));
  Figure p{1.0, two_sided_p(face.value, df_face), 0.0};
  for (int i = 0; i < cells; ++i) {
    for (int j = 0; j < cells; ++j) {
      const Figure s{a.sd.low + i * ds, 0.0, a.sd.low + (i + 1) * ds}, u{b.sd.low + j * du, 0.0, b.sd.low + (j + 1) * du};
      const double first = variance_ratio(s.low, u.high, a, b), last = variance_ratio(s.high, u.low, a, b);
      const double df1 = welch_df(first, m1, m2), df2 = welch_df(last, m1, m2), top = m1 / m2;
      const double most = first <= top && top <= last ? m1 + m2 : std::max(df1, df2);
      const Figure error{separate_error(s.low, u.low, a, b), 0.0, separate_error(s.high, u.high, a, b)};
      const Figure t = over(difference, error);
      p.low = std::min(p.low, two_sided_p(t.high, most));
      p.high = std::max(p.high, two_sided_p(t.low, std::min(df1, df2)));
    }
  }
  p = widened(p);
  p.high = std::min(p.high, 1.0);
  return p;
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
  const auto p = [&](double f) {
    return f == f ? (std::isinf(f) ? 0.0 : special::f_cdf(f, row.df, row.df_denominator, special::Tail::upper)) : missing;
  };
  row.p = widened({p(row.statistic.high), p(row.statistic.value), p(row.statistic.low)});
  return row;
}

inline GroupRow solve_groups(GroupTest test, const std::vector<Group>& g) {
  for (const Group& x : g) {
    if (!(x.n >= 2.0) || !x.mean.known() || !x.sd.known()) {
      return {};
    }
  }
  if (test == GroupTest::anova) {
    return solve_anova(g);
  }
  GroupRow row;
  const Group &a = g[0], &b = g[1];
  const auto error = [&](double s, double u) {
    return test == GroupTest::student ? detail::pooled_error(s, u, a, b) : detail::separate_error(s, u, a, b);
  };
  const Figure d = magnitude(minus(b.mean, a.mean));
  row.statistic = over(d, {error(a.sd.low, b.sd.low), error(a.sd.value, b.sd.value), error(a.sd.high, b.sd.high)});
  row.df = test == GroupTest::student ? a.n + b.n - 2.0 : infinity;
  if (test == GroupTest::welch) {
    row.df = detail::welch_df(detail::variance_ratio(a.sd.value, b.sd.value, a, b), a.n - 1.0, b.n - 1.0);
  }
  row.p = test == GroupTest::welch ? detail::welch_p(d, a, b, row.df) : p_of(row.statistic, row.df);
  return row;
}

}  // namespace respondr::audit
