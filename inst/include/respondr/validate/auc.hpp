#pragma once
// Areas under ROC curves with their intervals, and comparisons of two.
//
//   interval   test of A = 1/2                                p_matches
//   delong     (A - 1/2) / se                                 yes (limits cut at 0 and 1)
//   logit      logit(A) / (se / (A (1 - A)))                  yes (Pepe 2003, section 5.2.4)
//   newcombe   Mann-Whitney, asymptotic without ties          yes (newcombe.hpp)
// Where DeLong's variance is 0 or not defined Newcombe's interval and test stand in its place, with a note:
//   status           AUC              interval
//   no_data, one_group_empty  missing  none
//   boundary         0 or 1           newcombe
//   no_variance      1/2, one score   newcombe
//   too_few          a class of one   newcombe
// Two areas: the same patients, z of DeLong; different patients, t with the df of Satterthwaite (each area has its number of
// patients less 1). newcombe: limits of the difference by square and add of the limits of the areas (Zou and Donner
// 2008), no
// test of which they are the inversion.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/sides.hpp"
#include "respondr/special.hpp"
#include "respondr/validate/newcombe.hpp"
#include "respondr/validate/placements.hpp"

namespace respondr::validate {

enum class AucInterval : int { delong = 0, logit, newcombe };

// One marker on its patients.
struct Marker {
  Classes classes;
  double area = missing, variance = missing;
  bool constant = false;
  std::vector<double> placement;
};

inline void measure(const Patients& patients, const double* score, Ascending& order, Marker& out) {
  out.classes = count_classes(patients);
  out.area = out.variance = missing;
  out.placement.assign(patients.n, missing);
  if (class_status(out.classes) != Status::ok) {
    return;
  }
  order.sort(patients, score);
  out.constant = order.constant();
  out.area = area(patients, order, out.classes);
  place(patients, order, out.classes, out.placement.data());
  if (out.classes.events > 1.0 && out.classes.others > 1.0) {
    out.variance = delong_variance(patients, out.classes, out.placement.data(), nullptr, out.area);
  }
}

namespace detail {

inline double two_sided(double z) { return std::fmin(1.0, 2.0 * special::normal_cdf(-std::fabs(z))); }

inline double cut(double x) { return std::fmin(1.0, std::fmax(0.0, x)); }

inline void newcombe_row(const Marker& m, double z, MeasureRow& row) {
  const double events = m.classes.events, others = m.classes.others;
  row.std_error = std::sqrt(newcombe_variance(m.area, events, others));
  row.conf_low = newcombe_limit(m.area, events, others, z, true);
  row.conf_high = newcombe_limit(m.area, events, others, z, false);
  row.statistic = (m.area - 0.5) / std::sqrt(newcombe_variance(0.5, events, others));
  row.conf_method = ConfMethod::newcombe_auc;
}

inline void delong_row(const Marker& m, bool logit, double z, MeasureRow& row) {
  const double se = std::sqrt(m.variance), a = m.area;
  row.std_error = se;
  if (logit) {
    const double slope = 1.0 / (a * (1.0 - a)), centre = std::log(a / (1.0 - a));
    row.conf_low = 1.0 / (1.0 + std::exp(-(centre - z * se * slope)));
    row.conf_high = 1.0 / (1.0 + std::exp(-(centre + z * se * slope)));
    row.statistic = centre / (se * slope);
    row.conf_method = ConfMethod::delong_logit;
    return;
  }
  row.conf_low = cut(a - z * se);
  row.conf_high = cut(a + z * se);
  row.statistic = (a - 0.5) / se;
  row.conf_method = ConfMethod::delong;
}

inline Status area_status(const Marker& m) {
  if (m.constant) {
    return Status::no_variance;
  }
  if (m.area <= 0.0 || m.area >= 1.0) {
    return Status::boundary;
  }
  return m.variance != m.variance ? Status::too_few : Status::ok;
}

}  // namespace detail

inline MeasureRow auc_row(const Marker& m, AucInterval interval, double conf_level) {
  MeasureRow row;
  row.count(m.classes);
  if (row.status != Status::ok) {
    return row;
  }
  row.estimate = m.area;
  row.status = detail::area_status(m);
  const double z = -special::normal_quantile(0.5 * rounded_alpha(conf_level));
  if (interval == AucInterval::newcombe || !(m.variance > 0.0)) {
    detail::newcombe_row(m, z, row);
    if (interval != AucInterval::newcombe) {
      row.add(Note::delong_unavailable);
    }
  } else {
    detail::delong_row(m, interval == AucInterval::logit, z, row);
  }
  row.p_value = detail::two_sided(row.statistic);
  row.p_matches = true;
  return row;
}

namespace detail {

inline bool difference_by_newcombe(const Marker& a, const Marker& b, double z, MeasureRow& row) {
  const auto limit = [z](const Marker& m, bool low) {
    return newcombe_limit(m.area, m.classes.events, m.classes.others, z, low);
  };
  const double down_a = a.area - limit(a, true), up_a = limit(a, false) - a.area;
  const double down_b = b.area - limit(b, true), up_b = limit(b, false) - b.area;
  row.conf_low = row.estimate - std::hypot(down_a, up_b);
  row.conf_high = row.estimate + std::hypot(up_a, down_b);
  row.conf_method = ConfMethod::newcombe_auc_difference;
  return true;
}

inline bool both_areas(const Marker& a, const Marker& b, MeasureRow& row) {
  row.status = std::max(class_status(a.classes), class_status(b.classes));
  if (row.status != Status::ok) {
    return false;
  }
  row.estimate = a.area - b.area;
  return true;
}

}  // namespace detail

// a - b, both measured on these patients.
inline MeasureRow compare_paired_areas(const Patients& patients, const Marker& a, const Marker& b, double conf_level) {
  MeasureRow row;
  row.count(a.classes);
  if (!detail::both_areas(a, b, row)) {
    return row;
  }
  if (a.variance != a.variance) {
    row.status = Status::too_few;
    return row;
  }
  const double variance = delong_variance(patients, a.classes, a.placement.data(), b.placement.data(), row.estimate);
  row.std_error = std::sqrt(variance);
  if (!(variance > 0.0)) {
    row.status = Status::no_variance;
    return row;
  }
  const double z = -special::normal_quantile(0.5 * rounded_alpha(conf_level));
  row.conf_low = std::fmax(-1.0, row.estimate - z * row.std_error);
  row.conf_high = std::fmin(1.0, row.estimate + z * row.std_error);
  row.statistic = row.estimate / row.std_error;
  row.p_value = detail::two_sided(row.statistic);
  row.conf_method = ConfMethod::delong;
  row.p_matches = true;
  return row;
}

// a - b, measured on different patients.
inline MeasureRow compare_independent_areas(const Marker& a, const Marker& b, AucInterval interval, double conf_level) {
  MeasureRow row;
  row.count(a.classes);
  if (!detail::both_areas(a, b, row)) {
    return row;
  }
  const double z = -special::normal_quantile(0.5 * rounded_alpha(conf_level));
  const bool defined = a.variance == a.variance && b.variance == b.variance && a.variance + b.variance > 0.0;
  if (defined) {
    const double sum = a.variance + b.variance;
    row.std_error = std::sqrt(sum);
    row.statistic = row.estimate / row.std_error;
    row.df = sum * sum / (a.variance * a.variance / (a.classes.total() - 1.0) +
                          b.variance * b.variance / (b.classes.total() - 1.0));
    row.p_value = special::t_two_sided(std::fabs(row.statistic), row.df);
  }
  if (interval == AucInterval::newcombe || !defined) {
    detail::difference_by_newcombe(a, b, z, row);
    if (!defined) {
      row.status = a.variance == a.variance && b.variance == b.variance ? Status::boundary : Status::too_few;
      row.add(Note::delong_unavailable);
    }
    return row;
  }
  const double half = special::t_quantile(1.0 - 0.5 * rounded_alpha(conf_level), row.df) * row.std_error;
  row.conf_low = std::fmax(-1.0, row.estimate - half);
  row.conf_high = std::fmin(1.0, row.estimate + half);
  row.conf_method = ConfMethod::delong_t;
  row.p_matches = true;
  return row;
}

}  // namespace respondr::validate
