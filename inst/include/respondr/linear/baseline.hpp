#pragma once
// Does the change depend on the baseline? x before, y after, d = y - x of the same patients, n of them.
//
// naive          slope of d on x. Measurement error in x stands in d with the other sign, so that the slope is below 0
//                without any relation; shown beside the others.
// oldham         slope and correlation of d on (x + y) / 2 (Oldham 1962, J Chronic Dis 15:969).
// pitman_morgan  s_y^2 / s_x^2 by t = r_sd sqrt((n - 2) / (1 - r_sd^2)), s = x + y (Pitman 1939, Biometrika 31:9; Morgan
//                1939); limits F (K -+ sqrt(K^2 - 1)), K = 1 + 2 (1 - r^2) t^2 / (n - 2), F the ratio, t the quantile on n
//                - 2 degrees of freedom. The same test as Oldham's.
// log_ratio      the same of logarithms: do the coefficients of variation differ, does the percent change depend on the
//                baseline?
// reliability    Blomqvist (1977, J Am Stat Assoc 72:746) with the reliability l = (s_x^2 - error variance) / s_x^2 taken
//                as known: slope of true change on true baseline b / l - 1, b the slope of y on x; limits from those of b.
// error_variance Blomqvist with the error variance v taken as known: s_xy / (s_x^2 - v) - 1; limits by Fieller: the slopes
//                B of y for which (s_xy - B s_x^2 + B v)^2 <= t^2 (s_x^2 s_e^2 + B^2 v^2) / (n - 1), e = y - B x
//                (normal data).
// mee_chua       of a group chosen by its baseline, population mean m taken as known: change at x = m on the line of y on
//                x (Mee and Chua 1991, Am Stat 45:39); t on n - 2 degrees of freedom. effect: the part of the mean change
//                that is regression to the mean.
//
// status         estimate  p
// no_data        -         -    no patient with both values
// too_few        -         -    fewer than 3 patients
// no_variance    (naive)   -    no spread of x or of what the test divides by, or no scatter about the line
// not_estimable  -         -    the error variance leaves no variance to the true baseline
// hull           yes       yes  the slopes accepted by Fieller's test have no finite limits

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/linear/baseline_row.hpp"
#include "respondr/linear/tests.hpp"
#include "respondr/moments.hpp"

namespace respondr::linear {

// Complete patients of one group.
struct BaselineSample {
  std::vector<double> before, after;
  int dropped = 0;
};

namespace detail {

struct Line {
  double slope = missing, std_error = missing, rss = missing, r = missing;
  Comoments m;
  bool flat = true, exact = true;
};

// Least squares of y on x with one scatter; spreads within rounding of the values are none.
inline Line line_of(const std::vector<double>& x, const std::vector<double>& y) {
  Line out;
  out.m = Comoments::of({x.data(), x.size()}, {y.data(), y.size()});
  const Comoments& m = out.m;
  constexpr double unit = 1e-30;
  out.flat = !(m.ss_x > m.n * unit * m.mean_x * m.mean_x);
  if (out.flat) {
    return out;
  }
  out.slope = m.sp / m.ss_x;
  CompensatedSum rss;
  double size = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double e = (y[i] - m.mean_y) - out.slope * (x[i] - m.mean_x);
    rss.add(e * e);
    size = std::max(size, std::fabs(y[i]) + std::fabs(out.slope * x[i]));
  }
  out.rss = rss.value();
  out.exact = !(out.rss > m.n * 4e-31 * size * size);
  out.r = m.ss_y > m.n * unit * m.mean_y * m.mean_y ? m.correlation() : missing;
  if (m.n > 2.0) {
    out.std_error = std::sqrt(out.rss / (m.n - 2.0) / m.ss_x);
  }
  return out;
}

inline void effect_correlation(double r, double n, double conf_level, BaselineRow& row) {
  row.effect = r;
  if (std::fabs(r) < 1.0 && n > 3.0) {
    const double reach = special::normal_quantile(0.5 * (1.0 + conf_level)) / std::sqrt(n - 3.0);
    row.effect_low = std::tanh(std::atanh(r) - reach);
    row.effect_high = std::tanh(std::atanh(r) + reach);
  }
}

// slope = scale * (slope of the line) + shift, tested against 0.
inline void slope_row(const Line& line, double scale, double shift, double conf_level, BaselineRow& row) {
  row.estimate = scale * line.slope + shift;
  row.df = line.m.n - 2.0;
  if (line.exact) {
    row.status = Status::no_variance;
    return;
  }
  const TestRow t = t_row(row.estimate, std::pow(scale * line.std_error, 2), row.df, conf_level);
  row.std_error = t.std_error;
  row.conf_low = t.conf_low;
  row.conf_high = t.conf_high;
  row.statistic = t.statistic;
  row.p_value = t.p_value;
  row.conf_method = ConfMethod::t;
  row.p_matches = true;
}

inline void oldham(const BaselineSample& s, const std::vector<double>& change, double conf_level, BaselineRow& row) {
  std::vector<double> middle(s.before.size());
  for (std::size_t i = 0; i < middle.size(); ++i) {
    middle[i] = 0.5 * (s.before[i] + s.after[i]);
  }
  const Line line = line_of(middle, change);
  if (line.flat) {
    row.status = Status::no_variance;
    return;
  }
  slope_row(line, 1.0, 0.0, conf_level, row);
  effect_correlation(line.r, line.m.n, conf_level, row);
}

inline void pitman_morgan(const std::vector<double>& x, const std::vector<double>& y, double conf_level, BaselineRow& row) {
  const Line xy = line_of(x, y);
  const double n = xy.m.n;
  row.df = n - 2.0;
  if (xy.flat || !(xy.r == xy.r)) {
    row.status = Status::no_variance;
    return;
  }
  row.estimate = xy.m.ss_y / xy.m.ss_x;
  const double open = xy.rss / xy.m.ss_y;  // 1 - r^2
  if (xy.exact) {
    row.status = Status::no_variance;
    return;
  }
  row.statistic = (row.estimate - 1.0) * std::sqrt(row.df) / (2.0 * std::sqrt(row.estimate * open));
  row.p_value = special::t_two_sided(row.statistic, row.df);
  const double t = special::t_quantile(0.5 * (1.0 + conf_level), row.df);
  const double k = 1.0 + 2.0 * open * t * t / row.df, root = std::sqrt((k - 1.0) * (k + 1.0));
  row.conf_low = row.estimate / (k + root);  // (K - sqrt(K^2 - 1)) (K + sqrt(K^2 - 1)) = 1
  row.conf_high = row.estimate * (k + root);
  row.conf_method = ConfMethod::pitman_morgan;
  row.p_matches = true;
}

inline void log_ratio(const BaselineSample& s, double conf_level, BaselineRow& row) {
  std::vector<double> x, y;
  for (std::size_t i = 0; i < s.before.size(); ++i) {
    if (s.before[i] > 0.0 && s.after[i] > 0.0) {
      x.push_back(std::log(s.before[i]));
      y.push_back(std::log(s.after[i]));
    } else {
      row.add(Note::not_positive);
      --row.n;
      ++row.n_dropped;
    }
  }
  if (x.size() < 3) {
    row.status = x.empty() ? Status::no_data : Status::too_few;
    return;
  }
  pitman_morgan(x, y, conf_level, row);
}

// The true correlation that the reliability implies, if both visits are measured with the same error.
inline void note_over_corrected(const Line& xy, double error, BaselineRow& row) {
  const double n1 = xy.m.n - 1.0, vx = xy.m.ss_x / n1 - error, vy = xy.m.ss_y / n1 - error, c = xy.m.sp / n1;
  if (!(vy > 0.0) || c * c > vx * vy) {
    row.add(Note::over_corrected);
  }
}

inline void by_reliability(const Line& xy, double reliability, double conf_level, BaselineRow& row) {
  row.assumed = reliability;
  if (!(reliability > 0.0 && reliability <= 1.0)) {
    row.status = Status::not_estimable;
    return;
  }
  slope_row(xy, 1.0 / reliability, -1.0, conf_level, row);
  row.conf_method = row.status == Status::ok ? ConfMethod::reliability_t : ConfMethod::none;
  note_over_corrected(xy, (1.0 - reliability) * xy.m.ss_x / (xy.m.n - 1.0), row);
}

inline void by_error_variance(const Line& xy, double error, double conf_level, BaselineRow& row) {
  const double n1 = xy.m.n - 1.0, vx = xy.m.ss_x / n1, vy = xy.m.ss_y / n1, c = xy.m.sp / n1, left = vx - error;
  row.assumed = error;
  if (!(error >= 0.0) || !(left > 1e-12 * vx)) {
    row.status = Status::not_estimable;
    return;
  }
  row.estimate = c / left - 1.0;
  row.df = xy.m.n - 2.0;
  const auto spread = [&](double b) {  // variance of s_xy - b s_x^2 + b v
    return (vx * (vy - 2.0 * b * c + b * b * vx) + b * b * error * error) / n1;
  };
  const double b = c / left;
  row.std_error = std::sqrt(spread(b)) / left;
  if (xy.exact && error == 0.0) {
    row.status = Status::no_variance;
    row.std_error = missing;
    return;
  }
  row.statistic = (c - left) / std::sqrt(spread(1.0));
  row.p_value = special::t_two_sided(row.statistic, row.df);
  const double t = special::t_quantile(0.5 * (1.0 + conf_level), row.df), t2 = t * t / n1;
  const double a2 = left * left - t2 * (vx * vx + error * error), a1 = -c * left + t2 * vx * c, a0 = c * c - t2 * vx * vy;
  const double root = a1 * a1 - a2 * a0;
  row.conf_method = ConfMethod::error_fieller;
  row.p_matches = true;
  note_over_corrected(xy, error, row);
  if (!(a2 > 0.0) || !(root >= 0.0)) {
    row.conf_low = -infinity;
    row.conf_high = infinity;
    row.status = Status::hull;
    return;
  }
  row.conf_low = (-a1 - std::sqrt(root)) / a2 - 1.0;
  row.conf_high = (-a1 + std::sqrt(root)) / a2 - 1.0;
}

inline void mee_chua(const Line& xy, double population, double conf_level, BaselineRow& row) {
  const Comoments& m = xy.m;
  const double away = m.mean_x - population;
  row.assumed = population;
  row.df = m.n - 2.0;
  row.estimate = (m.mean_y - m.mean_x) + (1.0 - xy.slope) * away;
  row.effect = -(1.0 - xy.slope) * away;
  if (xy.exact) {
    row.status = Status::no_variance;
    return;
  }
  const double variance = xy.rss / row.df * (1.0 / m.n + away * away / m.ss_x);
  const TestRow t = t_row(row.estimate, variance, row.df, conf_level);
  row.std_error = t.std_error;
  row.conf_low = t.conf_low;
  row.conf_high = t.conf_high;
  row.statistic = t.statistic;
  row.p_value = t.p_value;
  row.conf_method = ConfMethod::t;
  row.p_matches = true;
}

}  // namespace detail

inline BaselineRow solve_baseline(const BaselineSample& s, BaselineMethod method, double assumed, double conf_level) {
  BaselineRow row;
  const std::size_t n = s.before.size();
  row.n = static_cast<int>(n);
  row.n_dropped = s.dropped;
  if (n < 3) {
    row.status = n == 0 ? Status::no_data : Status::too_few;
    return row;
  }
  std::vector<double> change(n);
  for (std::size_t i = 0; i < n; ++i) {
    change[i] = s.after[i] - s.before[i];
  }
  const detail::Line xy = detail::line_of(s.before, s.after);
  if (method == BaselineMethod::pitman_morgan) {
    detail::pitman_morgan(s.before, s.after, conf_level, row);
  } else if (method == BaselineMethod::log_ratio) {
    detail::log_ratio(s, conf_level, row);
  } else if (method == BaselineMethod::oldham) {
    detail::oldham(s, change, conf_level, row);
  } else if (xy.flat) {
    row.status = Status::no_variance;
  } else if (method == BaselineMethod::naive) {
    const detail::Line line = detail::line_of(s.before, change);
    detail::slope_row(line, 1.0, 0.0, conf_level, row);
    detail::effect_correlation(line.r, line.m.n, conf_level, row);
  } else if (method == BaselineMethod::reliability) {
    detail::by_reliability(xy, assumed, conf_level, row);
  } else if (method == BaselineMethod::error_variance) {
    detail::by_error_variance(xy, assumed, conf_level, row);
  } else {
    detail::mee_chua(xy, assumed, conf_level, row);
  }
  return row;
}

}  // namespace respondr::linear
