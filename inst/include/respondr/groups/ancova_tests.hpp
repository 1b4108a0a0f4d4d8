#pragma once
// The rows of a fitted model of change: contrasts of arms, adjusted means, the slope, and the tests of arms and of equal
// slopes.
//
//   status           estimate  p, limits
//   no_data          -         -           no complete patient
//   one_group_empty  -         -           the level or the reference has none; for tests, fewer than two arms have
//   rank_deficient   -         -           ANCOVA: the baseline does not vary within the arms
//   too_few          yes       -           no residual degrees of freedom (slopes: no patients beyond the slopes)
//   no_variance      yes       -           no residual spread
//   not_estimable    yes       -           HC3: an arm of one patient, or one patient alone determines the slope

#include <cmath>
#include <vector>

#include "respondr/groups/ancova.hpp"

namespace respondr::groups {

namespace detail {

// false: the row says why no test follows.
inline bool ancova_status(const AncovaFit& f, KRow& row) {
  row.status = f.status;
  if (row.status == Status::ok && f.hc3 && f.full_leverage) {
    row.status = Status::not_estimable;
  }
  return row.status == Status::ok;
}

inline ConfMethod ancova_method(const AncovaFit& f) {
  return f.hc3 ? ConfMethod::hc3_t : f.change_score ? ConfMethod::pooled_t : ConfMethod::ancova_t;
}

inline void note_left_out(const AncovaFit& f, KRow& row) {
  if (f.used.size() < f.arm.size()) {
    row.add(Note::arm_left_out);
  }
}

// x' C^-1 x / size by Cholesky, C symmetric by column; missing where C is not positive definite.
inline double quadratic_share(std::vector<double> c, std::vector<double> x) {
  const std::size_t n = x.size();
  double sum = 0.0;
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t i = j; i < n; ++i) {
      for (std::size_t l = 0; l < j; ++l) {
        c[i + j * n] -= c[i + l * n] * c[j + l * n];
      }
      if (i > j) {
        c[i + j * n] /= c[j + j * n];
      } else if (c[j + j * n] > 0.0) {
        c[j + j * n] = std::sqrt(c[j + j * n]);
      } else {
        return missing;
      }
    }
    for (std::size_t l = 0; l < j; ++l) {
      x[j] -= c[j + l * n] * x[l];
    }
    x[j] /= c[j + j * n];
    sum += x[j] * x[j];
  }
  return sum / static_cast<double>(n);
}

inline void store_f(double f, double df1, double df2, KRow& row) {
  row.statistic = f;
  row.df = df1;
  row.df_denominator = df2;
  row.p_value = f == f ? special::f_cdf(f, df1, df2, special::Tail::upper) : missing;
  row.status = f == f ? row.status : Status::not_estimable;
}

}  // namespace detail

inline void solve_arm_contrast(const KOptions& options, const ChangeSample& data, const AncovaFit& f, std::size_t level,
                               std::size_t reference, KRow& row) {
  row.n = static_cast<int>(data.n(level));
  row.n_reference = static_cast<int>(data.n(reference));
  row.n_dropped = data.dropped[level] + data.dropped[reference];
  detail::note_left_out(f, row);
  if (row.n == 0 || row.n_reference == 0) {
    row.status = f.used.empty() ? Status::no_data : Status::one_group_empty;
    return;
  }
  const AncovaContrast c = contrast_of(f, level, reference);
  row.estimate = (f.arm[level].mean_y - f.arm[reference].mean_y) - f.slope * c.distance;
  if (detail::ancova_status(f, row)) {
    row.std_error = std::sqrt(contrast_covariance(data, f, c, c));
    store_t(options, options.alternative, f.df, detail::ancova_method(f), row);
  }
}

// Mean outcome of an arm at the mean baseline of all patients.
inline void solve_adjusted_mean(const KOptions& options, const ChangeSample& data, const AncovaFit& f, std::size_t level,
                                KRow& row) {
  row.n = static_cast<int>(data.n(level));
  row.n_dropped = data.dropped[level];
  detail::note_left_out(f, row);
  if (row.n == 0) {
    row.status = f.used.empty() ? Status::no_data : Status::one_group_empty;
    return;
  }
  const AncovaContrast c = adjusted_mean_of(f, level);
  row.estimate = f.arm[level].mean_y - f.slope * c.distance;
  if (detail::ancova_status(f, row)) {
    row.std_error = std::sqrt(contrast_covariance(data, f, c, c));
    store_t(options, Alternative::two_sided, f.df, detail::ancova_method(f), row);
    row.statistic = row.p_value = missing;  // a mean is compared with nothing
    row.p_matches = false;
  }
}

// All arms alike.
inline void solve_arms(const ChangeSample& data, const AncovaFit& f, KRow& row) {
  row.n = static_cast<int>(f.n);
  row.n_dropped = std::accumulate(data.dropped.begin(), data.dropped.end(), 0);
  detail::note_left_out(f, row);
  if (f.arm.size() < 2 || f.used.size() < 2) {
    row.status = f.used.empty() ? Status::no_data : f.arm.size() < 2 ? Status::one_level : Status::one_group_empty;
    return;
  }
  if (!detail::ancova_status(f, row)) {
    return;
  }
  const std::size_t m = f.used.size() - 1;
  std::vector<AncovaContrast> contrast;
  std::vector<double> estimate, covariance(m * m);
  for (std::size_t i = 0; i < m; ++i) {
    const std::size_t level = f.used[i + 1], reference = f.used[0];
    contrast.push_back(contrast_of(f, level, reference));
    estimate.push_back((f.arm[level].mean_y - f.arm[reference].mean_y) - f.slope * contrast[i].distance);
  }
  for (std::size_t i = 0; i < m; ++i) {
    for (std::size_t j = 0; j < m; ++j) {
      covariance[i + j * m] = contrast_covariance(data, f, contrast[i], contrast[j]);
    }
  }
  detail::store_f(detail::quadratic_share(covariance, estimate), static_cast<double>(m), f.df, row);
  if (!f.hc3) {
    row.sum_sq = row.statistic * row.df * f.s2;
    row.sum_sq_error = f.ss_residual;
  }
}

// The common slope of ANCOVA.
inline void solve_slope(const KOptions& options, const ChangeSample& data, const AncovaFit& f, KRow& row) {
  row.n = static_cast<int>(f.n);
  row.n_dropped = std::accumulate(data.dropped.begin(), data.dropped.end(), 0);
  detail::note_left_out(f, row);
  row.estimate = f.slope;
  if (!detail::ancova_status(f, row)) {
    return;
  }
  // The slope is minus the contrast of no arms at distance 1.
  AncovaContrast c;
  c.share.assign(f.arm.size(), 0.0);
  c.distance = -1.0;
  row.std_error = std::sqrt(contrast_covariance(data, f, c, c));
  store_t(options, Alternative::two_sided, f.df, detail::ancova_method(f), row);
}

namespace detail {

// Residual sum of squares with a slope for each arm, and with HC3 the variance of each slope.
struct ArmSlopes {
  std::vector<double> slope, ss_x, variance;
  double ss_residual = 0.0;
  bool full_leverage = false;
};

inline ArmSlopes fit_slopes(const ChangeSample& data, const AncovaFit& f) {
  ArmSlopes out;
  CompensatedSum residual;
  for (const std::size_t j : f.used) {
    const Comoments& m = f.arm[j];
    const bool varies = spreads(m.ss_x, m.n, data.rounding_baseline);
    const double slope = varies ? m.sp / m.ss_x : 0.0;
    CompensatedSum variance;
    for (std::size_t i = data.start[j]; i < data.start[j + 1]; ++i) {
      const double x = data.baseline[i] - m.mean_x, e = (data.outcome[i] - m.mean_y) - slope * x;
      residual.add(e * e);
      if (varies) {
        const double rest = 1.0 - 1.0 / m.n - x * x / m.ss_x, v = x / m.ss_x * e / rest;
        out.full_leverage = out.full_leverage || rest < 1e-10;
        variance.add(v * v);
      }
    }
    if (varies) {
      out.slope.push_back(slope);
      out.ss_x.push_back(m.ss_x);
      out.variance.push_back(variance.value());
    }
  }
  out.ss_residual = residual.value();
  return out;
}

}  // namespace detail

// Equal slopes in all arms (the assumption of ANCOVA): heterogeneity of slopes.
inline void solve_equal_slopes(const ChangeSample& data, const AncovaFit& f, KRow& row) {
  row.n = static_cast<int>(f.n);
  row.n_dropped = std::accumulate(data.dropped.begin(), data.dropped.end(), 0);
  detail::note_left_out(f, row);
  if (!detail::ancova_status(f, row)) {
    return;
  }
  const detail::ArmSlopes s = detail::fit_slopes(data, f);
  const double m = static_cast<double>(s.slope.size()), df = f.n - static_cast<double>(f.used.size()) - m;
  const double rounding = 2.0 * (data.rounding_outcome + std::fabs(f.slope) * data.rounding_baseline);
  if (m < 2.0 || df < 1.0) {
    row.status = m < 2.0 && f.used.size() < 2 ? Status::one_group_empty : Status::too_few;
  } else if (!spreads(s.ss_residual, f.n, rounding)) {
    row.status = Status::no_variance;
  } else if (f.hc3 && s.full_leverage) {
    row.status = Status::not_estimable;
  } else {
    // Weights of the slopes: their precision.
    double total = 0.0, mean = 0.0, spread = 0.0;
    for (std::size_t i = 0; i < s.slope.size(); ++i) {
      const double w = f.hc3 ? 1.0 / s.variance[i] : s.ss_x[i];
      total += w;
      mean += w * (s.slope[i] - s.slope[0]);
    }
    mean = s.slope[0] + mean / total;
    for (std::size_t i = 0; i < s.slope.size(); ++i) {
      const double d = s.slope[i] - mean;
      spread += (f.hc3 ? 1.0 / s.variance[i] : s.ss_x[i]) * d * d;
    }
    detail::store_f(spread / (m - 1.0) / (f.hc3 ? 1.0 : s.ss_residual / df), m - 1.0, df, row);
    if (!f.hc3) {
      row.sum_sq = spread;
      row.sum_sq_error = s.ss_residual;
    }
  }
}

}  // namespace respondr::groups
