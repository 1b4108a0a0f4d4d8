#pragma once
// Trend over ordered arms, arms i with score u_i, responses j with score v_j, T = sum u_i v_j x_ij:
//   trend   two responses, the second is the event (v = 0, 1): z = (T - E) / sqrt(p (1 - p) sum n_i (u_i - mean)^2)
//           (Cochran 1954, Biometrics 10:417; Armitage 1955, Biometrics 11:375). Estimate: slope of the event rate per unit
//           of score by least squares, with its Wald interval, variance sum (n_i d_i)^2 p_i (1 - p_i) / n_i / (sum n_i
//           d_i^2)^2, d_i = u_i - mean; it inverts another test than z.
//   linear  linear-by-linear association, z = sqrt(n - 1) r, r the correlation of the scores (Mantel 1963, J Am Stat Assoc
//           58:690). Estimate: r, without interval.
// The exact distribution of T is that of all tables with the margins. Two-sided: as far from the mean (distance), or twice
// the smaller tail (central).
//
// status                                 estimate  statistic  p
// no_data, one_group_empty               -         -          -
// one_level                              -         -          1, exact; - otherwise
// no_variance (scores all equal)         -         -          -
// too_large                              yes       yes        -

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/rates/table_tests.hpp"
#include "respondr/rates/trend_scores.hpp"
#include "respondr/special/central.hpp"

namespace respondr::rates {

namespace table_detail {

// Sums about the means of the scores: of rows, of columns, of products.
struct ScoreMoments {
  double ss_row = 0.0, ss_col = 0.0, sp = 0.0, mean_row = 0.0, mean_col = 0.0;
};

inline double mean_score(const std::vector<int>& margin, const std::vector<std::size_t>& from,
                         const std::vector<double>& score, double n) {
  CompensatedSum sum;
  for (std::size_t i = 0; i < margin.size(); ++i) {
    sum.add(static_cast<double>(margin[i]) * (score[from[i]] - score[from[0]]));
  }
  return score[from[0]] + sum.value() / n;
}

inline double sum_squares(const std::vector<int>& margin, const std::vector<std::size_t>& from,
                          const std::vector<double>& score, double mean) {
  CompensatedSum sum;
  for (std::size_t i = 0; i < margin.size(); ++i) {
    const double d = score[from[i]] - mean;
    sum.add(static_cast<double>(margin[i]) * d * d);
  }
  return sum.value();
}

inline ScoreMoments score_moments(const CountTable& t, const std::vector<double>& row_score,
                                  const std::vector<double>& col_score) {
  ScoreMoments m;
  const double n = static_cast<double>(t.n);
  m.mean_row = mean_score(t.row, t.from_row, row_score, n);
  m.mean_col = mean_score(t.col, t.from_col, col_score, n);
  m.ss_row = sum_squares(t.row, t.from_row, row_score, m.mean_row);
  m.ss_col = sum_squares(t.col, t.from_col, col_score, m.mean_col);
  CompensatedSum sp;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    for (std::size_t j = 0; j < t.cols(); ++j) {
      sp.add(static_cast<double>(t(i, j)) * (row_score[t.from_row[i]] - m.mean_row) *
             (col_score[t.from_col[j]] - m.mean_col));
    }
  }
  m.sp = sp.value();
  return m;
}

// Slope of the event rate and its Wald interval.
inline void fill_slope(const TableOptions& options, const CountTable& t, const std::vector<double>& score,
                       const ScoreMoments& m, TableRow& row) {
  row.estimate = m.sp / m.ss_row;
  CompensatedSum variance;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    const double d = score[t.from_row[i]] - m.mean_row, n = static_cast<double>(t.row[i]), x = static_cast<double>(t(i, 1));
    variance.add(d * d * x * (n - x) / n);
  }
  row.std_error = std::sqrt(variance.value()) / m.ss_row;
  const bool two = options.alternative == Alternative::two_sided;
  const double z = -special::normal_quantile((1.0 - options.conf_level) / (two ? 2.0 : 1.0));
  row.conf_low = options.alternative == Alternative::less ? -infinity : row.estimate - z * row.std_error;
  row.conf_high = options.alternative == Alternative::greater ? infinity : row.estimate + z * row.std_error;
  row.conf_method = ConfMethod::trend_wald;
}

// The tails the alternative asks for: one, or both for twice the smaller.
inline std::vector<Alternative> asked_tails(const TableOptions& options) {
  if (options.alternative == Alternative::two_sided && options.two_sided == TableTwoSided::central) {
    return {Alternative::greater, Alternative::less};
  }
  return {options.alternative};
}

inline bool exact_trend(const TableOptions& options, const Scores& scores, TableWorkspace& w, TableRow& row) {
  const CountTable& t = w.table;
  if (t.n > most_patients_exact) {
    return false;
  }
  w.ln.prepare(static_cast<std::size_t>(t.n));
  const bool across = t.rows() > t.cols();  // as turn() will have it
  const std::vector<std::int64_t>&u = across ? scores.col : scores.row, &v = across ? scores.row : scores.col;
  const Turned turned = turn(t, [&](std::size_t a, std::size_t b, const std::vector<int>& size) {
    return u[a] != u[b] ? u[a] < u[b] : size[a] > size[b];
  });
  fill_network(turned, [&](std::size_t i, std::size_t j, int x) { return u[i] * v[j] * x; },
               [&](std::size_t a, std::size_t b) { return u[a] == u[b]; }, w.network);
  const std::int64_t observed = observed_sum(t, turned, w.network);
  const double range = static_cast<double>(*std::max_element(u.begin(), u.end())) *
                       static_cast<double>(*std::max_element(v.begin(), v.end())) * static_cast<double>(t.n);
  double p = 1.0;
  const std::vector<Alternative> tails = asked_tails(options);
  for (const Alternative side : tails) {
    Thresholds thresholds = score_thresholds(t, scores, observed, side);
    thresholds.ties = options.mid_p;
    TailWeights tail;
    if (!solve_network(thresholds, range, options.exact_limit, w, tail)) {
      return false;
    }
    p = std::min(p, options.mid_p ? 0.5 * (tail.reached + tail.beyond) : tail.reached);
  }
  row.p_value = std::min(1.0, tails.size() > 1 ? 2.0 * p : p);
  row.distribution = Distribution::exact;
  return true;
}

inline void monte_carlo_trend(const TableOptions& options, const Scores& scores, std::uint64_t problem, TableWorkspace& w,
                              TableRow& row) {
  const CountTable& t = w.table;
  w.ln.prepare(static_cast<std::size_t>(t.n));
  const std::int64_t observed = score_sum(t, t.cell, scores);
  const std::vector<Alternative> tails = asked_tails(options);
  std::vector<Thresholds> thresholds;
  for (const Alternative side : tails) {
    thresholds.push_back(score_thresholds(t, scores, observed, side));
  }
  double reached[2] = {0.0, 0.0}, tied[2] = {0.0, 0.0};
  for (int replicate = 0; replicate < options.replicates; ++replicate) {
    Stream stream(options.seed, table_tag, problem, static_cast<std::uint64_t>(replicate));
    draw_table(stream, t, w.ln, w.draw);
    const std::int64_t sum = score_sum(t, w.draw.cell, scores);
    for (std::size_t k = 0; k < tails.size(); ++k) {
      const Thresholds& th = thresholds[k];
      const bool in = sum >= th.above || sum <= th.below, beyond = sum >= th.above_tie || sum <= th.below_tie;
      reached[k] += in ? 1.0 : 0.0;
      tied[k] += in && !beyond ? 1.0 : 0.0;
    }
  }
  const double half = options.mid_p ? 0.5 : 0.0;
  const std::size_t k = tails.size() > 1 && reached[1] - half * tied[1] < reached[0] - half * tied[0] ? 1 : 0;
  store_monte_carlo(reached[k], tied[k], options, row);
  if (tails.size() > 1) {
    row.p_value = std::min(1.0, 2.0 * row.p_value);
    row.p_low = std::min(1.0, 2.0 * row.p_low);
    row.p_high = std::min(1.0, 2.0 * row.p_high);
  }
}

inline double normal_p(double z, Alternative alternative) {
  return alternative == Alternative::greater ? special::normal_cdf(z, special::Tail::upper)
         : alternative == Alternative::less  ? special::normal_cdf(z)
                                             : std::fmin(1.0, 2.0 * special::normal_cdf(-std::fabs(z)));
}

}  // namespace table_detail

// Scores of all rows and columns of the table, empty or not. For trend col_score is {0, 1}.
inline void solve_trend(const TableOptions& options, TableMethod method, const std::vector<double>& row_score,
                        const std::vector<double>& col_score, std::uint64_t problem, TableWorkspace& w, TableRow& row) {
  using namespace table_detail;
  const CountTable& t = w.table;
  row.n = t.n;
  row.status = table_status(t);
  if (method == TableMethod::trend && t.n > 0) {
    row.events = t.from_col.back() == 1 ? t.col.back() : 0;
  }
  if (row.status != Status::ok) {
    if (row.status == Status::one_level && options.distribution != Distribution::asymptotic) {
      row.p_value = options.mid_p && asked_tails(options).size() == 1 ? 0.5 : 1.0;
      row.distribution = Distribution::exact;
    }
    return;
  }
  const ScoreMoments m = score_moments(t, row_score, col_score);
  if (!(m.ss_row > 0.0) || !(m.ss_col > 0.0)) {
    row.status = Status::no_variance;
    return;
  }
  const double n = static_cast<double>(t.n), r = m.sp / (std::sqrt(m.ss_row) * std::sqrt(m.ss_col));
  row.statistic = std::sqrt(method == TableMethod::trend ? n : n - 1.0) * r;
  if (method == TableMethod::trend) {
    fill_slope(options, t, row_score, m, row);
  } else {
    row.estimate = r;
  }
  const Scores scores = load_scores(t, row_score, col_score);
  if (options.distribution == Distribution::exact || options.distribution == Distribution::automatic) {
    if (exact_trend(options, scores, w, row)) {
      return;
    }
    if (options.distribution == Distribution::exact) {
      row.status = Status::too_large;
      return;
    }
  }
  if (options.distribution != Distribution::asymptotic && t.n <= most_patients_drawn) {
    monte_carlo_trend(options, scores, problem, w, row);
    return;
  }
  if (options.distribution == Distribution::monte_carlo) {
    row.status = Status::too_large;
    return;
  }
  row.p_value = normal_p(row.statistic, options.alternative);
  row.distribution = Distribution::asymptotic;
}

}  // namespace respondr::rates
