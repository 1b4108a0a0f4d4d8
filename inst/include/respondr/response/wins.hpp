#pragma once
// The win ratio of an ordered response: of all pairs of a patient of the level and one of the reference, those won over
// those lost; pairs of equal classes are left out.
//
// W and L, the shares of pairs won and lost, are U-statistics. A patient of the level moves log(W / L) by
// a = w / W - l / L, with w and l the shares of the reference that he wins and loses against, a patient of the reference by
// the like b; both have mean 0, and the variance is sum(a^2) / (n (n - 1)) + sum(b^2) / (m (m - 1)) (Bebchuk and Lachin
// 2016, Biostatistics 17:178, doi:10.1093/biostatistics/kxv032; the estimator of DeLong et al. 1988). The ratio of
// log(W / L) to its standard error is taken as t with the degrees of freedom of Satterthwaite, as for the win odds.

#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/special.hpp"
#include "respondr/types.hpp"

namespace respondr::response {

struct WinRatio {
  double estimate = missing, std_error = missing;  // of the logarithm
  double statistic = missing, df = missing, p_value = missing, low = missing, high = missing;
  Status status = Status::not_estimable;
};

namespace wins_detail {

// For each class the share of the patients in classes below it and above it.
struct Beside {
  std::vector<double> below, above;
};

inline double total(const double* count, std::size_t classes) {
  double out = 0.0;
  for (std::size_t k = 0; k < classes; ++k) out += count[k];
  return out;
}

inline Beside beside(const double* count, std::size_t classes) {
  const double n = total(count, classes);
  Beside out{std::vector<double>(classes), std::vector<double>(classes)};
  double seen = 0.0;
  for (std::size_t k = 0; k < classes; ++k) {
    out.below[k] = seen / n;
    seen += count[k];
    out.above[k] = (n - seen) / n;
  }
  return out;
}

inline double share(const double* count, const std::vector<double>& of, double n) {
  CompensatedSum sum;
  for (std::size_t k = 0; k < of.size(); ++k) sum.add(count[k] * of[k]);
  return sum.value() / n;
}

// sum(a^2) / (n (n - 1)).
inline double spread(const double* count, const std::vector<double>& won, const std::vector<double>& lost, double w,
                     double l, double n) {
  CompensatedSum sum;
  for (std::size_t k = 0; k < won.size(); ++k) {
    const double a = won[k] / w - lost[k] / l;
    sum.add(count[k] * a * a);
  }
  return sum.value() / (n * (n - 1.0));
}

}  // namespace wins_detail

// Patients by class, worst first.
inline WinRatio win_ratio(const double* level, const double* reference, std::size_t classes, double conf_level) {
  using namespace wins_detail;
  WinRatio out;
  const double n = total(level, classes), m = total(reference, classes);
  if (!(n > 0.0) || !(m > 0.0)) {
    out.status = Status::one_group_empty;
    return out;
  }
  const Beside of_reference = beside(reference, classes), of_level = beside(level, classes);
  const double w = share(level, of_reference.below, n), l = share(level, of_reference.above, n);
  if (!(w > 0.0) && !(l > 0.0)) {
    out.status = Status::no_variance;
    return out;
  }
  out.estimate = w / l;
  if (!(w > 0.0) || !(l > 0.0)) {
    out.estimate = w > 0.0 ? infinity : 0.0;
    out.status = Status::boundary;
    return out;
  }
  if (n < 2.0 || m < 2.0) return out;
  const double a = spread(level, of_reference.below, of_reference.above, w, l, n);
  const double b = spread(reference, of_level.above, of_level.below, w, l, m);
  if (!(a + b > 0.0)) {
    out.status = Status::no_variance;
    return out;
  }
  out.std_error = std::sqrt(a + b);
  out.df = (a + b) * (a + b) / (a * a / (n - 1.0) + b * b / (m - 1.0));
  out.statistic = std::log(out.estimate) / out.std_error;
  out.p_value = 2.0 * special::t_cdf(-std::fabs(out.statistic), out.df);
  const double half = special::t_quantile(0.5 + 0.5 * conf_level, out.df) * out.std_error;
  out.low = std::exp(std::log(out.estimate) - half);
  out.high = std::exp(std::log(out.estimate) + half);
  out.status = Status::ok;
  return out;
}

}  // namespace respondr::response
