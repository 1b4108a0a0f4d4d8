#pragma once
// What t and P two means with their SDs may have, over everything that prints like them.
//     student  t = (m1 - m2) / sqrt(s^2 (1/n1 + 1/n2)), s^2 pooled, n1 + n2 - 2 df
//     welch    t = (m1 - m2) / sqrt(s1^2/n1 + s2^2/n2), Satterthwaite's df
// |t| grows with the distance of the means and falls with each SD, so that its range is that of the corners of the box,
// and the range
// of P of Student's test is exact. For Welch's the df over the box are enclosed too, which can only widen the range of P.

#include <cmath>

#include "respondr/special.hpp"
#include "respondr/types.hpp"

namespace respondr::audit {

struct Side {
  double n = missing, mean = missing, mean_low = missing, mean_high = missing, sd = missing, sd_low = missing,
    sd_high = missing;
};

struct TwoMeansRow {
  double statistic = missing, statistic_low = missing, statistic_high = missing, df = missing;  // of |t|
  double p_value = missing, p_low = missing, p_high = missing;
  Status status = Status::ok;
};

template <class F>
void visit_columns(const TwoMeansRow*, F&& f) {
  f("statistic", [](const TwoMeansRow& r) -> const double& { return r.statistic; });
  f("statistic_low", [](const TwoMeansRow& r) -> const double& { return r.statistic_low; });
  f("statistic_high", [](const TwoMeansRow& r) -> const double& { return r.statistic_high; });
  f("df", [](const TwoMeansRow& r) -> const double& { return r.df; });
  f("p_value", [](const TwoMeansRow& r) -> const double& { return r.p_value; });
  f("p_low", [](const TwoMeansRow& r) -> const double& { return r.p_low; });
  f("p_high", [](const TwoMeansRow& r) -> const double& { return r.p_high; });
  f("status", [](const TwoMeansRow& r) -> const Status& { return r.status; });
}

struct Spread {
  double std_error, df;
};

inline Spread spread_of(double n1, double s1, double n2, double s2, bool welch) {
  const double v1 = s1 * s1 / n1, v2 = s2 * s2 / n2;
  if (welch) {
    const double v = v1 + v2;
    return {std::sqrt(v), v > 0.0 ? v * v / (v1 * v1 / (n1 - 1.0) + v2 * v2 / (n2 - 1.0)) : missing};
  }
  const double df = n1 + n2 - 2.0, pooled = ((n1 - 1.0) * s1 * s1 + (n2 - 1.0) * s2 * s2) / df;
  return {std::sqrt(pooled * (1.0 / n1 + 1.0 / n2)), df};
}

inline double two_sided_t(double t, double df) { return std::isinf(t) ? 0.0 : 2.0 * special::t_cdf(-std::fabs(t), df); }

// Least and largest df of Welch's test over the box: those at its corners, and n1 + n2 - 2 if the ratio of variances that
// has them
// lies in it.
inline void welch_df(const Side& x, const Side& y, double& least, double& most) {
  least = infinity;
  most = 0.0;
  for (const double s1 : {x.sd_low, x.sd_high}) {
    for (const double s2 : {y.sd_low, y.sd_high}) {
      const double df = spread_of(x.n, s1, y.n, s2, true).df;
      least = std::fmin(least, df);
      most = std::fmax(most, df);
    }
  }
  const double peak = (y.n - 1.0) * y.n, at = (x.n - 1.0) * x.n;  // s2^2 / s1^2 = peak / at has the most df
  if (y.sd_low * y.sd_low * at <= x.sd_high * x.sd_high * peak &&
    y.sd_high * y.sd_high * at >= x.sd_low * x.sd_low * peak) {
    most = x.n + y.n - 2.0;
  }
}

inline TwoMeansRow solve_two_means(const Side& x, const Side& y, bool welch) {
  TwoMeansRow row;
  if (!(x.n >= 2.0) || !(y.n >= 2.0) || !std::isfinite(x.mean + y.mean + x.sd + y.sd)) {
    row.status = x.n >= 0.0 && y.n >= 0.0 && (x.n < 2.0 || y.n < 2.0) ? Status::too_few : Status::no_data;
    return row;
  }
  const double gap_low = std::fmax(0.0, std::fmax(x.mean_low - y.mean_high, y.mean_low - x.mean_high));
  const double gap_high = std::fmax(x.mean_high - y.mean_low, y.mean_high - x.mean_low);
  const Spread tight = spread_of(x.n, x.sd_low, y.n, y.sd_low, welch), wide = spread_of(x.n, x.sd_high, y.n, y.sd_high,
    welch);
  const Spread face = spread_of(x.n, x.sd, y.n, y.sd, welch);
  if (!(wide.std_error > 0.0)) {
    row.status = Status::no_variance;
    return row;
  }
  double df_low = face.df, df_high = face.df;
  if (welch) welch_df(x, y, df_low, df_high);
  if (!(df_low >= 1.0)) df_low = std::fmin(x.n, y.n) - 1.0;
  row.statistic = face.std_error > 0.0 ? std::fabs(x.mean - y.mean) / face.std_error : missing;
  row.df = face.df;
  row.statistic_low = gap_low / wide.std_error;
  row.statistic_high = tight.std_error > 0.0 ? gap_high / tight.std_error : infinity;
  row.p_value = face.std_error > 0.0 ? two_sided_t(row.statistic, face.df) : missing;
  row.p_low = two_sided_t(row.statistic_high, df_high);
  row.p_high = two_sided_t(row.statistic_low, df_low);
  return row;
}

}  // namespace respondr::audit
