#pragma once
// Wald tests of several coefficients by the covariance CR2: Q / q times (e - q + 1) / e against F on q and e - q + 1
// degrees of freedom (approximate Hotelling's T2; Tipton and Pustejovsky 2015, J Educ Behav Stat 40:604), where e = q (q +
// 1) over the sum of the variances of the elements of the covariance under the working model, in coordinates in which its
// mean is 1. For one coefficient that is Satterthwaite's t squared.

#include "respondr/linear/tests.hpp"

namespace respondr::linear {

namespace detail {

// Sum over s, t of the variance of element (s, t); rows: q directions in the basis, orthonormal.
inline double variance_of_elements(const Fit& f, const std::vector<double>& inner, std::size_t clusters,
                                   const std::vector<double>& rows, std::size_t q) {
  const std::size_t r = f.rank;
  std::vector<double> u(clusters * q * r), v(clusters * q * r), adjust;
  for (std::size_t g = 0; g < clusters; ++g) {
    const std::vector<double> m(inner.begin() + g * r * r, inner.begin() + (g + 1) * r * r);
    adjustment(m, r, adjust);
    for (std::size_t s = 0; s < q; ++s) {
      multiply(adjust, &rows[s * r], r, &u[(g * q + s) * r]);
      multiply(m, &u[(g * q + s) * r], r, &v[(g * q + s) * r]);
    }
  }
  double total = 0.0;
  std::vector<double> p(q * q);
  for (std::size_t g = 0; g < clusters; ++g) {
    for (std::size_t h = 0; h < clusters; ++h) {
      double trace = 0.0;
      for (std::size_t s = 0; s < q; ++s) {
        for (std::size_t t = 0; t < q; ++t) {
          p[s + t * q] = (g == h ? dot(&u[(g * q + s) * r], &v[(g * q + t) * r], r) : 0.0) -
                         dot(&v[(g * q + s) * r], &v[(h * q + t) * r], r);
        }
        trace += p[s + s * q];
      }
      total += trace * trace;
      for (std::size_t s = 0; s < q; ++s) {
        for (std::size_t t = 0; t < q; ++t) {
          total += p[s + t * q] * p[t + s * q];
        }
      }
    }
  }
  return total;
}

}  // namespace detail

// The rows of term_row() with the degrees of freedom of CR2. status: not_estimable if there are fewer than the test needs.
inline TestRow cluster_term_row(const Problem& problem, const Fit& f, const std::vector<double>& v, const int* cluster,
                                std::size_t clusters, const std::vector<std::vector<std::size_t>>& sets,
                                  double conf_level) {
  TestRow row = term_row(f, v, 1.0, sets[0], sets[1], sets[2], conf_level);
  if (row.status != Status::ok) {
    return row;
  }
  std::size_t q = 0;
  const std::vector<double> l = added_by(f, sets[0], sets[1], sets[2], q);
  const std::size_t p = f.kept.size(), r = f.rank;
  std::vector<double> rows(q * r, 0.0), score, inner;
  for (std::size_t s = 0; s < q; ++s) {
    for (std::size_t k = 0; k < r; ++k) {
      for (std::size_t j = 0; j < p; ++j) {
        rows[s * r + k] += l[s + j * q] * f.map[j + k * p];
      }
    }
  }
  detail::cluster_sums(problem, f, cluster, clusters, true, score, inner);
  const double count = static_cast<double>(q);
  const double e = count * (count + 1.0) / detail::variance_of_elements(f, inner, clusters, rows, q);
  row.df_denominator = e - count + 1.0;
  if (!(row.df_denominator > 0.0)) {
    row.statistic = row.p_value = row.df_denominator = missing;
    row.status = Status::not_estimable;
    return row;
  }
  row.statistic *= row.df_denominator / e;
  row.p_value = special::f_cdf(row.statistic, count, row.df_denominator, special::Tail::upper);
  return row;
}

}  // namespace respondr::linear
