#pragma once
// Equal margins of ordered levels with scores s: T = sum over the patients of the change of their score, T / n the mean
// change. Z = T / sqrt(sum of the squared changes), the score test of Agresti (2013, Categorical Data Analysis, 3rd
// edition, section 11.3), which SPSS calls the marginal homogeneity test. Interval: T / n +- z sqrt(sum of squares) / n,
// which leaves out 0 exactly if the asymptotic p is at most alpha (Fagerland, Lydersen and Laake 2017, Statistical
// Analysis of Contingency Tables, 9.4). Exact: the sign of each change is + or - with probability one half
// (subset_sum.hpp), for scores that are decimals of at most nine places; other scores by Monte Carlo.
//
//   status     statistic  p    estimate
//   no_data    -          -    -
//   one_level  -          1    0
//   all_zero   0          1    0       no change of the score
//   too_large  yes        -    yes

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/paired_rates/distribution.hpp"
#include "respondr/paired_rates/score.hpp"
#include "respondr/paired_rates/square.hpp"
#include "respondr/ranks.hpp"
#include "respondr/special/central.hpp"
#include "respondr/subset_sum.hpp"

namespace respondr::paired_rates {

struct ScoreWorkspace {
  SquareWorkspace square;
  std::vector<double> score;             // of the levels that are used, in units of the grid
  std::vector<std::int64_t> change;      // of each patient who moved, without sign, ascending
  SubsetSum sum;
};

namespace detail {

inline double score_sum(const std::vector<LevelPair>& pairs, const std::vector<double>& score) {
  double sum = 0.0;
  for (const LevelPair& p : pairs) {
    sum += (2.0 * p.up - p.moved) * (score[p.high] - score[p.low]);
  }
  return sum;
}

// true if the scores are on a grid and the changes can be listed.
inline bool whole_changes(const Grid& grid, double most, ScoreWorkspace& w) {
  w.change.clear();
  for (const LevelPair& p : w.square.swaps.pairs()) {
    const double step = std::fabs(w.score[p.high] - w.score[p.low]);
    most -= p.moved;
    if (!grid.on || step > 1e15 || most < 0.0) {
      return false;
    }
    w.change.insert(w.change.end(), static_cast<std::size_t>(p.moved), static_cast<std::int64_t>(step));
  }
  std::sort(w.change.begin(), w.change.end());
  return true;
}

// One-sided p-values of T; the distribution is symmetric.
inline Tails exact_score_tails(double t, ScoreWorkspace& w) {
  double total = 0.0;
  for (const std::int64_t c : w.change) {
    total += static_cast<double>(c);
  }
  // P(T >= |t|) = P(the changes downwards add to at most (total - |t|) / 2)
  const double cap = 0.5 * (total - std::fabs(t));
  const SubsetTail tail = w.sum.tail({w.change.data(), w.change.size()}, static_cast<std::size_t>(cap));
  const double beyond = tail.at_most, others = std::fmin(1.0, 1.0 - tail.at_most + tail.at);
  return t >= 0.0 ? Tails{others, beyond} : Tails{beyond, others};
}

inline double side_of(Alternative alternative, double t) {
  return alternative == Alternative::less ? -t : alternative == Alternative::greater ? t : std::fabs(t);
}

inline void score_p(const Options& o, double t, double spread, const Grid& grid, std::uint64_t problem, ScoreWorkspace& w,
                    RateRow& row) {
  double work = infinity;  // each change takes a step at least
  if (o.distribution != Distribution::asymptotic && whole_changes(grid, o.exact_limit, w)) {
    double total = 0.0;
    for (const std::int64_t c : w.change) {
      total += static_cast<double>(c);
    }
    work = SubsetSum::cells({w.change.data(), w.change.size()}, 0.5 * (total - std::fabs(t)));
  }
  const Distribution how = choose_distribution(o, work, w.square.swaps.draw_steps(), row);
  if (how == Distribution::exact) {
    row.p_value = exact_score_tails(t, w).p(o.alternative);
  } else if (how == Distribution::monte_carlo) {
    const auto statistic = [&](const std::vector<LevelPair>& pairs) {
      return side_of(o.alternative, score_sum(pairs, w.score));
    };
    const double least = side_of(o.alternative, t) - 1e-10 * spread;
    store_monte_carlo(w.square.swaps.draw(o, problem, statistic, least), false, o, row);
  } else if (how == Distribution::asymptotic) {
    row.p_value = normal_p(o.alternative, t / spread);
    row.p_matches = true;
  }
}

}  // namespace detail

// `score`: one a level of the table.
inline void solve_marginal_homogeneity(const Options& o, const std::vector<double>& score, const SquareTable& table,
                                       std::uint64_t problem, ScoreWorkspace& w, RateRow& row) {
  const bool moved = detail::square_status(table, w.square, row);
  if (row.status == Status::no_data) {
    return;
  }
  row.estimate = 0.0;
  const Grid grid = find_grid({score.data(), score.size()}, {});
  w.score.clear();
  for (const std::size_t level : w.square.kept) {
    w.score.push_back(to_units(score[level], grid));
  }
  double squares = 0.0;
  for (const LevelPair& p : w.square.swaps.pairs()) {
    const double step = w.score[p.high] - w.score[p.low];
    squares += p.moved * step * step;
  }
  if (!moved || squares <= 0.0) {
    row.status = row.status == Status::ok ? Status::all_zero : row.status;
    row.p_value = 1.0;
    row.distribution = Distribution::exact;
    return;
  }
  const double t = detail::score_sum(w.square.swaps.pairs(), w.score), n = table.n(), spread = std::sqrt(squares);
  const Sides s = sides(o.alternative, o.conf_level);
  const double half = -special::normal_quantile(s.alpha) * spread, scale = n * (grid.on ? grid.per_unit : 1.0);
  row.statistic = t / spread;
  row.estimate = t / scale;
  row.std_error = spread / scale;
  row.conf_low = s.low ? (t - half) / scale : -infinity;
  row.conf_high = s.high ? (t + half) / scale : infinity;
  row.conf_method = ConfMethod::marginal_score;
  detail::score_p(o, t, spread, grid, problem, w, row);
  if (row.distribution != Distribution::asymptotic) {
    row.add(Note::conf_asymptotic);
  }
}

}  // namespace respondr::paired_rates
