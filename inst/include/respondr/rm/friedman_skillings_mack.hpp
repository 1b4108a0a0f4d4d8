#pragma once
// Skillings and Mack's test (1981, Technometrics 23:171) for blocks with missing visits. In a block with m visits the midranks
// less (m + 1) / 2, times sqrt(12 / (m + 1)), add to A, one sum a visit. Without ties the covariance of A is S: minus the number
// of blocks that hold both visits off the diagonal, rows adding to 0. T = A' S^- A is chi-square, on as many df as S has rank.
// Blocks with a single visit say nothing and are dropped.
//
// S is what the authors print, ties or not; ties shrink the true covariance, so that the asymptotic p is then too large (noted).
// Exact (all arrangements within blocks) and Monte Carlo p allow for ties. Where nothing is missing and nothing tied T is
// Friedman's Q.
//
//   status          statistic  p
//   no_data         -          -       no block with two visits
//   too_few         yes        yes
//   all_zero        0          1
//   rank_deficient  yes        yes     two sets of visits that no block joins: each is tested within itself
//   too_large       yes        -

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/laplacian_form.hpp"
#include "respondr/rm/friedman_blocks.hpp"
#include "respondr/rm/friedman_draws.hpp"
#include "respondr/rm/friedman_tests.hpp"
#include "respondr/special/central.hpp"

namespace respondr::rm {

struct SkillingsMackWorkspace {
  BlockValues values;
  DrawWorkspace draws;
  LaplacianForm form;
  std::vector<double> joint, sum;
};

namespace detail {

inline void skillings_mack_values(const Blocks& blocks, SkillingsMackWorkspace& w, RankRow& row) {
  const std::size_t k = blocks.k;
  w.values.clear(k);
  w.joint.assign(k * k, 0.0);
  w.sum.assign(k, 0.0);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const int* rank = blocks.block(i);
    const double m = blocks.observed[i], weight = 0.5 * std::sqrt(12.0 / (m + 1.0));
    for (std::size_t j = 0; j < k; ++j) {
      if (rank[j] == 0) {
        continue;
      }
      const double score = weight * (rank[j] - (m + 1.0));
      w.values.value.push_back(score);
      w.values.place.push_back(j);
      w.sum[j] += score;
      for (std::size_t other = 0; other < k; ++other) {
        w.joint[j * k + other] += rank[other] != 0 && other != j ? 1.0 : 0.0;
      }
    }
    w.values.close_block();
    row.n_ties += blocks.ties[i];
  }
  row.n = static_cast<int>(blocks.size());
  row.n_dropped = static_cast<int>(blocks.n_patients - blocks.size());
}

// Different arrangements of all blocks: the terms of an exact p.
inline double arrangements(const BlockValues& values) {
  double all = 1.0;
  std::vector<double> v;
  for (std::size_t i = 0; i < values.size() && all < 1e300; ++i) {
    v.assign(values.value.begin() + static_cast<std::ptrdiff_t>(values.start[i]),
             values.value.begin() + static_cast<std::ptrdiff_t>(values.start[i + 1]));
    std::sort(v.begin(), v.end());
    double run = 0.0;
    for (std::size_t j = 0; j < v.size(); ++j) {
      run = j > 0 && v[j] == v[j - 1] ? run + 1.0 : 1.0;
      all *= static_cast<double>(j + 1) / run;
    }
  }
  return all;
}

// P(form >= least) by running through all arrangements, the last block fastest; sums of the blocks before are kept.
inline double enumerate_blocks(const BlockValues& b, LaplacianForm& form, double least) {
  const std::size_t k = b.k, n = b.size();
  std::vector<double> permuted = b.value;
  const auto block = [&](std::size_t i) { return permuted.begin() + static_cast<std::ptrdiff_t>(b.start[i]); };
  std::vector<double> partial((n + 1) * k, 0.0);
  const auto add = [&](std::size_t i) {
    std::copy(partial.begin() + i * k, partial.begin() + (i + 1) * k, partial.begin() + (i + 1) * k);
    for (std::size_t at = b.start[i]; at < b.start[i + 1]; ++at) {
      partial[(i + 1) * k + b.place[at]] += permuted[at];
    }
  };
  for (std::size_t i = 0; i < n; ++i) {
    std::sort(block(i), block(i + 1));
    add(i);
  }
  double reached = 0.0, all = 0.0;
  for (;;) {
    all += 1.0;
    reached += form(partial.data() + n * k) >= least ? 1.0 : 0.0;
    std::size_t i = n;
    while (i > 0 && !std::next_permutation(block(i - 1), block(i))) {
      --i;
    }
    if (i == 0) {
      return reached / all;
    }
    for (--i; i < n; ++i) {
      add(i);
    }
  }
}

}  // namespace detail

// Where nothing is missing T grows with Friedman's Q, so that the p of the permutations is that of Q.
inline void solve_skillings_mack(const RankOptions& options, const Blocks& blocks, const Scores& complete,
                                 std::uint64_t problem, RankTestWorkspace& friedman, SkillingsMackWorkspace& w,
                                 RankRow& row) {
  detail::skillings_mack_values(blocks, w, row);
  if (row.n == 0) {
    row.status = Status::no_data;
    return;
  }
  w.form.factor(w.joint, blocks.k);
  row.df = static_cast<double>(w.form.rank());
  row.statistic = w.form(w.sum.data());
  if (w.form.visits() < blocks.k) {
    row.add(Note::visit_left_out);
  }
  if (std::all_of(w.values.value.begin(), w.values.value.end(), [](double v) { return v == 0.0; })) {
    row.status = Status::all_zero;
    row.p_value = 1.0;
    row.distribution = Distribution::exact;
    return;
  }
  row.status = w.form.parts() > 1 ? Status::rank_deficient : row.n == 1 ? Status::too_few : Status::ok;
  if (complete.n == blocks.size() && options.distribution != Distribution::asymptotic) {
    sum_scores(complete, friedman.sums);
    detail::permutation_p(options, complete, complete.k == 2, problem, friedman, row);
    return;
  }
  const double least = row.statistic * (1.0 - 1e-10) - 1e-10;  // equal but for rounding
  const double k = static_cast<double>(blocks.k), work = detail::arrangements(w.values) * (k * k + 8.0 * k);
  if (too_large(options, work, row)) {
    return;
  }
  row.distribution = choose_distribution(options, work);
  if (row.distribution == Distribution::exact) {
    row.p_value = detail::enumerate_blocks(w.values, w.form, least);
  } else if (row.distribution == Distribution::monte_carlo) {
    double reached = 0.0;
    draw_sums(w.values, options, problem, w.draws, [&](const double* sum) { reached += w.form(sum) >= least ? 1.0 : 0.0; });
    store_monte_carlo(reached, false, options, row);
  } else {
    row.p_value = special::chisq_cdf(row.statistic, row.df, special::Tail::upper);
    if (row.n_ties > 0) {
      row.add(Note::ties_conservative);
    }
  }
}

}  // namespace respondr::rm
