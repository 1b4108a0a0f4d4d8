#pragma once
// Tests of coefficients and of terms.
//
// Coefficient: t = b / se with the interval of the same t. Term: F = (Lb)' (L V L')^-1 (Lb) / q, where L holds what the
// term adds to all terms that do not contain it (type II; with the classical covariance the difference of two residual
// sums of squares over s^2). Partial R2 = SS / (SS + RSS) of the classical sums of squares; its limits are l / (l + df1 +
// df2 + 1), l the noncentrality at which F is the upper and the lower (1 - level) / 2 point (Steiger 2004, Psychol Methods
// 9:164), predictors held fixed.

#include <cmath>
#include <vector>

#include "respondr/linear/covariance.hpp"
#include "respondr/rm/effect.hpp"
#include "respondr/row.hpp"
#include "respondr/special.hpp"

namespace respondr::linear {

struct TestRow {
  double estimate = missing, std_error = missing, conf_low = missing, conf_high = missing;
  double sum_sq = missing, statistic = missing, df = missing, df_denominator = missing, p_value = missing;
  double effect = missing, effect_low = missing, effect_high = missing;
  Status status = Status::ok;
};

template <class F>
void visit_columns(const TestRow*, F&& f) {
  f("estimate", [](auto& r) -> auto& { return r.estimate; });
  f("std_error", [](auto& r) -> auto& { return r.std_error; });
  f("conf_low", [](auto& r) -> auto& { return r.conf_low; });
  f("conf_high", [](auto& r) -> auto& { return r.conf_high; });
  f("sum_sq", [](auto& r) -> auto& { return r.sum_sq; });
  f("statistic", [](auto& r) -> auto& { return r.statistic; });
  f("df", [](auto& r) -> auto& { return r.df; });
  f("df_denominator", [](auto& r) -> auto& { return r.df_denominator; });
  f("p_value", [](auto& r) -> auto& { return r.p_value; });
  f("effect", [](auto& r) -> auto& { return r.effect; });
  f("effect_low", [](auto& r) -> auto& { return r.effect_low; });
  f("effect_high", [](auto& r) -> auto& { return r.effect_high; });
  f("status", [](auto& r) -> auto& { return r.status; });
}

inline TestRow t_row(double estimate, double variance, double df, double conf_level) {
  TestRow row;
  row.estimate = estimate;
  row.df = df;
  if (!(variance >= 0.0) || !(df > 0.0)) {
    return row;
  }
  row.std_error = std::sqrt(variance);
  const double reach = special::t_quantile(0.5 * (1.0 + conf_level), df) * row.std_error;
  row.conf_low = estimate - reach;
  row.conf_high = estimate + reach;
  if (row.std_error > 0.0) {
    row.statistic = estimate / row.std_error;
    row.p_value = special::t_two_sided(row.statistic, df);
  }
  return row;
}

// F of the rows of l (q x p, by column) that are independent; b and v with 0 for aliased coefficients.
inline TestRow f_row(const std::vector<double>& l, std::size_t q, const std::vector<double>& b,
                     const std::vector<double>& v, double df2) {
  const std::size_t p = b.size();
  TestRow row;
  std::vector<double> at(q, 0.0), lv(q * p, 0.0), m(q * q, 0.0);
  for (std::size_t j = 0; j < p; ++j) {
    detail::subtract(at.data(), &l[j * q], -b[j], q);
    for (std::size_t k = 0; k < p; ++k) {
      detail::subtract(&lv[k * q], &l[j * q], -v[j + k * p], q);
    }
  }
  for (std::size_t k = 0; k < p; ++k) {
    for (std::size_t j = 0; j < q; ++j) {
      detail::subtract(&m[j * q], &lv[k * q], -l[j + k * q], q);
    }
  }
  std::vector<double> vectors;
  detail::eigen(m, vectors, q);
  double most = 0.0, sum = 0.0, rank = 0.0;
  for (std::size_t k = 0; k < q; ++k) {
    most = std::max(most, m[k + k * q]);
  }
  for (std::size_t k = 0; k < q; ++k) {
    if (m[k + k * q] > 1e-12 * most) {
      const double along = detail::dot(&vectors[k * q], at.data(), q);
      sum += along * along / m[k + k * q];
      rank += 1.0;
    }
  }
  row.df = static_cast<double>(q);
  row.df_denominator = df2;
  if (rank < row.df || !(df2 > 0.0)) {
    row.status = Status::not_estimable;  // fewer clusters than coefficients, or no variance
    return row;
  }
  row.statistic = sum / rank;
  row.p_value = special::f_cdf(row.statistic, rank, df2, special::Tail::upper);
  return row;
}

// What the columns of `own` add to those of `before`, given that the columns of `after` contain them: rows of L, q x p by
// column.
inline std::vector<double> added_by(const Fit& f, const std::vector<std::size_t>& before,
  const std::vector<std::size_t>& own,
                                    const std::vector<std::size_t>& after, std::size_t& q) {
  const std::size_t p = f.kept.size(), r = f.rank;
  std::vector<double> work = f.root;
  std::size_t done = 0, first = 0;
  std::vector<double> v(r);
  const auto take = [&](std::size_t j) {
    double* column = &work[j * r];
    const double spread = std::sqrt(detail::dot(column, column, r));
    const double rest = done < r ? std::sqrt(detail::dot(column + done, column + done, r - done)) : 0.0;
    if (f.kept[j] == 0 || !(rest > 1e-11 * spread)) {
      return;
    }
    std::copy(column + done, column + r, v.begin());
    v[0] += column[done] > 0.0 ? rest : -rest;
    const std::size_t m = r - done;
    const double square = detail::dot(v.data(), v.data(), m);
    for (std::size_t k = 0; k < p; ++k) {
      double* other = &work[k * r] + done;
      detail::subtract(other, v.data(), 2.0 * detail::dot(v.data(), other, m) / square, m);
    }
    ++done;
  };
  std::for_each(before.begin(), before.end(), take);
  first = done;
  std::for_each(own.begin(), own.end(), take);
  q = done - first;
  std::vector<double> l(q * p, 0.0);
  for (const std::vector<std::size_t>* set : {&own, &after}) {
    for (const std::size_t j : *set) {
      for (std::size_t i = 0; i < q && f.kept[j] != 0; ++i) {
        l[i + j * q] = work[first + i + j * r];
      }
    }
  }
  return l;
}

inline TestRow term_row(const Fit& f, const std::vector<double>& v, double df2, const std::vector<std::size_t>& before,
                        const std::vector<std::size_t>& own, const std::vector<std::size_t>& after, double conf_level) {
  std::size_t q = 0;
  const std::vector<double> l = added_by(f, before, own, after, q);
  if (q == 0) {
    TestRow row;
    row.status = Status::rank_deficient;
    return row;
  }
  std::vector<double> b(f.beta), known(v);
  for (std::size_t j = 0; j < b.size(); ++j) {
    b[j] = f.kept[j] != 0 ? b[j] : 0.0;
  }
  for (double& x : known) {
    x = x == x ? x : 0.0;
  }
  TestRow row = f_row(l, q, b, known, df2);
  row.sum_sq = 0.0;
  for (std::size_t i = 0; i < q; ++i) {
    double along = 0.0;
    for (std::size_t j = 0; j < b.size(); ++j) {
      along += l[i + j * q] * b[j];
    }
    row.sum_sq += along * along;
  }
  if (f.df < 1.0 || !(f.rss > 0.0)) {
    return row;
  }
  const double df1 = static_cast<double>(q), classical = row.sum_sq / df1 / (f.rss / f.df);
  row.effect = row.sum_sq / (row.sum_sq + f.rss);
  const rm::anova::Limits ncp = rm::anova::noncentrality(classical, df1, f.df, conf_level);
  const rm::anova::Limits limits = rm::anova::share_limits(ncp, df1 + f.df + 1.0);
  row.effect_low = limits.low;
  row.effect_high = limits.high;
  return row;
}

}  // namespace respondr::linear
