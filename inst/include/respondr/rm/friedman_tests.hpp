#pragma once
// Tests of equal visits on complete blocks, with n blocks and k visits.
//
// Friedman (1937, JASA 32:675): with r the midranks and R the rank sums, Q = (k - 1) sum (R - n (k + 1) / 2)^2 / sum (r -
// (k + 1) / 2)^2, which allows for ties; chi-square on k - 1 df. Exact and Monte Carlo: every block permuted on its own.
// Iman and Davenport (1980, Commun Stat A 9:571): F = (n - 1) Q / (n (k - 1) - Q) on k - 1 and (n - 1)(k - 1) df.
// Quade (1979, JASA 74:680): ranks less their mean, times the midrank of the range of the block; F = (n - 1) B / (A - B), A the
// sum of the squared scores, B the sum of the squared column sums over n; df as above.
//
//   status       statistic  p            meaning
//   no_data      -          -            no complete block
//   too_few      yes        exact, or -  a single block: every order of the visits is as extreme as any other
//   all_zero     -          1            all visits tied in every block
//   boundary     Inf        exact        F only: all blocks agree, so that F has no denominator; p is 1 / arrangements^(n - 1)
//   too_large    yes        -

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/rm/friedman_blocks.hpp"
#include "respondr/rm/friedman_draws.hpp"
#include "respondr/rm/friedman_exact.hpp"
#include "respondr/special/central.hpp"

namespace respondr::rm {

struct RankTestWorkspace {
  ScoreSums sums;
  RankSumConvolution convolution;
  BlockValues values;
  DrawWorkspace draws;
  Scores weighted;                  // Quade
  std::vector<double> range;
  std::vector<std::size_t> order;
};

namespace detail {

// Counts and the status that the blocks themselves give the row. false: nothing can be tested.
inline bool blocks_status(const Blocks& blocks, const Scores& scores, RankRow& row) {
  row.n = static_cast<int>(scores.n);
  row.n_dropped = static_cast<int>(blocks.n_patients - scores.n);
  row.n_ties = scores.n_ties;
  if (scores.n == 0) {
    row.status = Status::no_data;
  } else if (std::all_of(scores.score.begin(), scores.score.end(), [](std::int64_t s) { return s == 0; })) {
    row.status = Status::all_zero;
    row.p_value = 1.0;
    row.distribution = Distribution::exact;
  } else if (scores.n == 1) {
    row.status = Status::too_few;
  }
  return row.status == Status::ok || row.status == Status::too_few;
}

// Two visits: the number of blocks with the larger score at one of them is binomial.
inline double two_visits_p(const Scores& scores) {
  double up = 0.0, n = 0.0;
  for (std::size_t i = 0; i < scores.n; ++i) {
    up += scores.block(i)[1] > 0 ? 1.0 : 0.0;
    n += scores.block(i)[1] != 0 ? 1.0 : 0.0;
  }
  return std::min(1.0, 2.0 * special::binomial_cdf(std::max(up, n - up), n, 0.5, special::Tail::upper));
}

// p of the squared length of the vector of sums. `signs`: two visits whose scores are all of one size. Returns false where
// the answer is asymptotic, or none.
inline bool permutation_p(const RankOptions& options, const Scores& scores, bool signs, std::uint64_t problem,
                          RankTestWorkspace& w, RankRow& row) {
  w.convolution.prepare(scores);
  const double work = signs ? 1.0 : w.convolution.work();
  if (too_large(options, work, row)) {
    return true;
  }
  row.distribution = choose_distribution(options, work);
  if (row.distribution == Distribution::exact) {
    row.p_value = signs ? two_visits_p(scores) : w.convolution.tail();
  } else if (row.distribution == Distribution::monte_carlo) {
    dense_values(scores, w.values);
    double reached = 0.0;
    draw_sums(w.values, options, problem, w.draws, [&](const double* sum) {
      double between = 0.0;
      for (std::size_t j = 0; j < scores.k; ++j) {
        between += sum[j] * sum[j];
      }
      reached += between >= w.sums.between ? 1.0 : 0.0;  // whole numbers below 2^53
    });
    store_monte_carlo(reached, false, options, row);
  }
  return row.distribution != Distribution::asymptotic;
}

// F = (n - 1) B / (A - B) and its df, B = between / n. true if F is finite and has df. All sums are of whole numbers.
inline bool store_f(double between, double total, double n, double k, RankRow& row) {
  row.df = k - 1.0;
  row.df_denominator = (n - 1.0) * (k - 1.0);
  const double within = n * total - between;
  const bool agree = within <= 0.0;
  row.statistic = n < 2.0 ? missing : agree ? infinity : (n - 1.0) * between / within;
  return n >= 2.0 && !agree;
}

// All blocks in perfect agreement: one arrangement of the first block in each of the others.
inline double agreement_p(const Scores& scores) {
  std::vector<std::int64_t> s(scores.block(0), scores.block(0) + scores.k);
  std::sort(s.begin(), s.end());
  double log_arrangements = 0.0, run = 0.0;
  for (std::size_t j = 0; j < scores.k; ++j) {
    run = j > 0 && s[j] == s[j - 1] ? run + 1.0 : 1.0;
    log_arrangements += std::log(static_cast<double>(j + 1) / run);
  }
  return std::exp(-log_arrangements * (static_cast<double>(scores.n) - 1.0));
}

}  // namespace detail

// Q of Friedman, and Kendall's W = Q / (n (k - 1)).
inline double friedman_statistic(const ScoreSums& sums, double k) { return (k - 1.0) * sums.between / sums.total; }
inline double kendall_w(const ScoreSums& sums, double n) { return sums.between / (n * sums.total); }

inline void solve_friedman(const RankOptions& options, const Blocks& blocks, const Scores& scores, std::uint64_t problem,
                           RankTestWorkspace& w, RankRow& row) {
  if (!detail::blocks_status(blocks, scores, row)) {
    return;
  }
  const double k = static_cast<double>(scores.k);
  sum_scores(scores, w.sums);
  row.statistic = friedman_statistic(w.sums, k);
  row.df = k - 1.0;
  if (!detail::permutation_p(options, scores, scores.k == 2, problem, w, row)) {
    row.p_value = special::chisq_cdf(row.statistic, row.df, special::Tail::upper);
  }
}

inline void solve_iman_davenport(const Blocks& blocks, const Scores& scores, RankTestWorkspace& w, RankRow& row) {
  if (!detail::blocks_status(blocks, scores, row)) {
    return;
  }
  sum_scores(scores, w.sums);
  const double n = static_cast<double>(scores.n);
  if (detail::store_f(w.sums.between, w.sums.total, n, static_cast<double>(scores.k), row)) {
    row.distribution = Distribution::asymptotic;
    row.p_value = special::f_cdf(row.statistic, row.df, row.df_denominator, special::Tail::upper);
  } else if (scores.n > 1) {
    row.status = Status::boundary;
    row.distribution = Distribution::exact;
    row.p_value = detail::agreement_p(scores);
  }
}

namespace detail {

// Doubled midranks of the ranges of the complete blocks, times their scores.
inline void quade_scores(const Blocks& blocks, const Scores& scores, RankTestWorkspace& w) {
  w.range.clear();
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks.complete(i)) {
      w.range.push_back(blocks.range[i]);
    }
  }
  w.order.resize(w.range.size());
  std::iota(w.order.begin(), w.order.end(), std::size_t{0});
  std::sort(w.order.begin(), w.order.end(), [&](std::size_t a, std::size_t b) { return w.range[a] < w.range[b]; });
  w.weighted = scores;
  for (std::size_t first = 0; first < w.order.size();) {
    std::size_t last = first;
    while (last + 1 < w.order.size() && w.range[w.order[last + 1]] - w.range[w.order[last]] <= blocks.range_rounding) {
      ++last;
    }
    for (std::size_t at = first; at <= last; ++at) {
      for (std::size_t j = 0; j < scores.k; ++j) {
        w.weighted.score[w.order[at] * scores.k + j] *= static_cast<std::int64_t>(first + last + 2);
      }
    }
    first = last + 1;
  }
}

}  // namespace detail

inline void solve_quade(const RankOptions& options, const Blocks& blocks, const Scores& scores, std::uint64_t problem,
                        RankTestWorkspace& w, RankRow& row) {
  if (!detail::blocks_status(blocks, scores, row)) {
    return;
  }
  detail::quade_scores(blocks, scores, w);
  sum_scores(w.weighted, w.sums);
  const double n = static_cast<double>(scores.n);
  const bool finite = detail::store_f(w.sums.between, w.sums.total, n, static_cast<double>(scores.k), row);
  if (scores.n > 1 && !finite) {
    row.status = Status::boundary;
    row.distribution = Distribution::exact;
    row.p_value = detail::agreement_p(scores);
    return;
  }
  if (!detail::permutation_p(options, w.weighted, false, problem, w, row) && finite) {
    row.p_value = special::f_cdf(row.statistic, row.df, row.df_denominator, special::Tail::upper);
  }
}

}  // namespace respondr::rm
