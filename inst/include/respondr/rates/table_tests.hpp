#pragma once
// Tests of association in an r x c table of independent counts x with margins r_i, c_j, n in all and e = r_i c_j / n:
//   chisq     sum (x - e)^2 / e on (r - 1)(c - 1) df (Pearson 1900); exact: all tables with the margins, ordered by it
//   n1_chisq  chisq (n - 1) / n (Pearson 1947, Biometrika 34:139)
//   g         2 sum x ln(x / e)
//   fisher    all tables with the margins that are no more probable than the data (Freeman and Halton 1951, Biometrika
//             38:141); its statistic is -2 ln(P) less the constant that makes it a chi-square on (r - 1)(c - 1) df
// Probabilities within a factor of 1 + 1e-7 are equal, as in R. mid_p counts half of what ties with the data.
//
// status           statistic  p                     effect (Cramer's V)
// no_data          -          -                     -
// one_group_empty  -          -                     -
// one_level        -          1, exact; - otherwise -
// too_large        yes        -                     yes

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/rates/table_network.hpp"
#include "respondr/rates/table_statistic.hpp"
#include "respondr/special/central.hpp"

namespace respondr::rates {

namespace table_detail {

// The tables at least as extreme as the data, by the network. false beyond the limit.
inline bool exact_table(const TableOptions& options, TableMethod method, TableWorkspace& w, TableRow& row) {
  const CountTable& t = w.table;
  if (t.n > most_patients_exact) {
    return false;
  }
  const Turned turned =
      turn(t, [](std::size_t a, std::size_t b, const std::vector<int>& size) { return size[a] > size[b]; });
  std::int64_t tolerance = static_cast<std::int64_t>(table_tie * log_steps);
  w.ln.prepare(static_cast<std::size_t>(t.n));
  if (method == TableMethod::chisq || method == TableMethod::n1_chisq) {
    tolerance = fill_pearson(turned, w.network);
  } else {
    w.log.prepare(static_cast<std::size_t>(t.n));
    const bool fisher = method == TableMethod::fisher;
    fill_network(turned, [&](std::size_t, std::size_t, int x) {
      return fisher ? w.log.factorial(static_cast<std::size_t>(x)) : w.log.product(static_cast<std::size_t>(x));
    }, [](std::size_t, std::size_t) { return true; }, w.network);
  }
  const std::int64_t observed = observed_sum(t, turned, w.network);
  Thresholds thresholds;
  thresholds.above = observed - tolerance;
  thresholds.above_tie = observed + tolerance + 1;
  thresholds.ties = options.mid_p;
  TailWeights tail;
  if (!solve_network(thresholds, infinity, options.exact_limit, w, tail)) {
    return false;
  }
  row.p_value = std::min(1.0, options.mid_p ? 0.5 * (tail.reached + tail.beyond) : tail.reached);
  row.distribution = Distribution::exact;
  return true;
}

// What Monte Carlo compares: sum ln x!, sum x^2 / (r_i c_j) or sum x ln x. All grow as the table grows more extreme.
inline double drawn_statistic(const CountTable& t, const std::vector<int>& cell, TableMethod method,
                              const std::vector<double>& per_count) {
  double sum = 0.0;
  if (method == TableMethod::chisq || method == TableMethod::n1_chisq) {
    for (std::size_t i = 0; i < t.rows(); ++i) {
      double in_row = 0.0;
      for (std::size_t j = 0; j < t.cols(); ++j) {
        const double x = cell[i * t.cols() + j];
        in_row += x * x / static_cast<double>(t.col[j]);
      }
      sum += in_row / static_cast<double>(t.row[i]);
    }
    return sum;
  }
  for (const int x : cell) {
    sum += per_count[static_cast<std::size_t>(x)];
  }
  return sum;
}

inline void monte_carlo_table(const TableOptions& options, TableMethod method, std::uint64_t problem, TableWorkspace& w,
                              TableRow& row) {
  const CountTable& t = w.table;
  w.ln.prepare(static_cast<std::size_t>(t.n));
  const bool squares = method == TableMethod::chisq || method == TableMethod::n1_chisq;
  w.per_count.clear();
  for (int x = 0; !squares && x <= t.n; ++x) {
    const double count = x;
    w.per_count.push_back(method == TableMethod::fisher ? static_cast<double>(w.ln(static_cast<std::size_t>(x)))
                          : x > 0                       ? count * std::log(count)
                                                        : 0.0);
  }
  const double observed = drawn_statistic(t, t.cell, method, w.per_count);
  const double tolerance = squares ? 1e-12 * observed : table_tie;
  double reached = 0.0, tied = 0.0;
  for (int replicate = 0; replicate < options.replicates; ++replicate) {
    Stream stream(options.seed, table_tag, problem, static_cast<std::uint64_t>(replicate));
    draw_table(stream, t, w.ln, w.draw);
    const double drawn = drawn_statistic(t, w.draw.cell, method, w.per_count);
    reached += drawn >= observed - tolerance ? 1.0 : 0.0;
    tied += std::fabs(drawn - observed) <= tolerance ? 1.0 : 0.0;
  }
  store_monte_carlo(reached, tied, options, row);
}

// `automatic` of a method whose name is a limiting distribution is that distribution.
inline Distribution table_distribution(const TableOptions& options, TableMethod method) {
  if (options.distribution != Distribution::automatic || method == TableMethod::fisher) {
    return options.distribution;
  }
  return Distribution::asymptotic;
}

}  // namespace table_detail

inline void solve_table(const TableOptions& options, TableMethod method, std::uint64_t problem, TableWorkspace& w,
                        TableRow& row) {
  using namespace table_detail;
  const CountTable& t = w.table;
  row.n = t.n;
  row.status = table_status(t);
  const Distribution distribution = table_distribution(options, method);
  if (row.status != Status::ok) {
    if (row.status == Status::one_level && distribution != Distribution::asymptotic) {
      row.p_value = options.mid_p ? 0.5 : 1.0;
      row.distribution = Distribution::exact;
    }
    return;
  }
  const double chisq = pearson(t), n = static_cast<double>(t.n);
  row.effect = cramer_v(t, chisq);
  row.statistic = method == TableMethod::chisq      ? chisq
                  : method == TableMethod::n1_chisq ? chisq * (n - 1.0) / n
                  : method == TableMethod::g        ? likelihood_ratio(t)
                                                    : fisher_statistic(t);
  if (distribution == Distribution::exact || distribution == Distribution::automatic) {
    if (exact_table(options, method, w, row)) {
      return;
    }
    if (distribution == Distribution::exact) {
      row.status = Status::too_large;
      return;
    }
  }
  if (distribution != Distribution::asymptotic && t.n <= most_patients_drawn) {
    monte_carlo_table(options, method, problem, w, row);
    return;
  }
  if (distribution == Distribution::monte_carlo) {
    row.status = Status::too_large;
    return;
  }
  row.df = (static_cast<double>(t.rows()) - 1.0) * (static_cast<double>(t.cols()) - 1.0);
  row.p_value = special::chisq_cdf(row.statistic, row.df, special::Tail::upper);
  row.distribution = Distribution::asymptotic;
}

}  // namespace respondr::rates
