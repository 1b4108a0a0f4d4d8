#pragma once
// Tests of independent groups from n, means and SDs that are known to their printed decimals: Student, Welch (Welch 1947,
// Biometrika 34:28), z, and those of k groups (anova.hpp).
// Student, z: |t| increases in |difference| and decreases in each SD. Welch: the box of the two SDs is cut in cells; in
// each, |t| and the degrees of freedom (unimodal in the ratio of the variances of the two means) have exact ranges, and p
// decreases in both: the hull of the cells encloses p and tightens with their number.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/audit/anova.hpp"
#include "respondr/audit/interval.hpp"

namespace respondr::audit {

enum class GroupTest { student, welch, z, anova, welch_anova };

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

}  // namespace detail

inline GroupRow solve_groups(GroupTest test, const std::vector<Group>& g) {
  for (const Group& x : g) {
    if (!(x.n >= 2.0) || !x.mean.known() || !x.sd.known()) {
      return {};
    }
  }
  if (test == GroupTest::anova) {
    return solve_anova(g);
  }
  if (test == GroupTest::welch_anova) {
    return solve_welch_anova(g);
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
