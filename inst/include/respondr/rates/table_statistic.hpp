#pragma once
// Statistics of an r x c table x with margins r_i, c_j, n in all and e = r_i c_j / n.

#include <cmath>

#include "respondr/moments.hpp"
#include "respondr/rates/table_row.hpp"
#include "respondr/special/central.hpp"

namespace respondr::rates::table_detail {

inline double pearson(const CountTable& t) {
  CompensatedSum sum;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    for (std::size_t j = 0; j < t.cols(); ++j) {
      const double e = static_cast<double>(t.row[i]) * static_cast<double>(t.col[j]) / static_cast<double>(t.n);
      const double d = static_cast<double>(t(i, j)) - e;
      sum.add(d * d / e);
    }
  }
  return sum.value();
}

inline double likelihood_ratio(const CountTable& t) {
  CompensatedSum sum;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    for (std::size_t j = 0; j < t.cols(); ++j) {
      const double x = t(i, j), e = static_cast<double>(t.row[i]) * static_cast<double>(t.col[j]) / static_cast<double>(t.n);
      sum.add(x > 0.0 ? x * std::log(x / e) : 0.0);
    }
  }
  return std::fmax(0.0, 2.0 * sum.value());
}

// -2 ln(gamma P), gamma = (2 pi)^(df / 2) n^(-(rc - 1) / 2) prod r_i^((c - 1) / 2) prod c_j^((r - 1) / 2).
inline double fisher_statistic(const CountTable& t) {
  const double r = static_cast<double>(t.rows()), c = static_cast<double>(t.cols()), n = static_cast<double>(t.n);
  CompensatedSum ln;
  ln.add(0.5 * (r - 1.0) * (c - 1.0) * std::log(6.283185307179586));
  ln.add(-0.5 * (r * c - 1.0) * std::log(n));
  ln.add(-special::ln_gamma(n + 1.0));
  for (const int x : t.row) {
    ln.add(0.5 * (c - 1.0) * std::log(x) + special::ln_gamma(x + 1.0));
  }
  for (const int x : t.col) {
    ln.add(0.5 * (r - 1.0) * std::log(x) + special::ln_gamma(x + 1.0));
  }
  for (const int x : t.cell) {
    ln.add(-special::ln_gamma(x + 1.0));
  }
  return -2.0 * ln.value();
}

// Cramer's V, sqrt(chisq / (n (min(r, c) - 1))).
inline double cramer_v(const CountTable& t, double chisq) {
  const double side = static_cast<double>(std::min(t.rows(), t.cols())) - 1.0;
  return std::fmin(1.0, std::sqrt(chisq / (static_cast<double>(t.n) * side)));
}

}  // namespace respondr::rates::table_detail
