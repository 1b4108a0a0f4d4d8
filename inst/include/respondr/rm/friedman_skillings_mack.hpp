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

#include "respondr/rm/friedman_blocks.hpp"
#include "respondr/rm/friedman_draws.hpp"
#include "respondr/rm/friedman_tests.hpp"
#include "respondr/special.hpp"

namespace respondr::rm {

// x' S^- x for the Laplacian S of a graph of visits and x that adds to 0 in each connected part: one visit of each part is left
// out and S is inverted on the rest (Cholesky), which gives the same form whatever visit is left out.
class LaplacianForm {
 public:
  // joint: k x k, the number of blocks that hold both visits.
  void factor(const std::vector<double>& joint, std::size_t k) {
    k_ = k;
    visits_ = parts_ = 0;
    find_parts(joint);
    rank_ = kept_.size();
    root_.assign(rank_ * rank_, 0.0);
    for (std::size_t a = 0; a < rank_; ++a) {
      for (std::size_t b = 0; b <= a; ++b) {
        double s = -joint[kept_[a] * k + kept_[b]];
        if (a == b) {
          s = 0.0;
          for (std::size_t j = 0; j < k; ++j) {
            s += j == kept_[a] ? 0.0 : joint[kept_[a] * k + j];
          }
        }
        for (std::size_t c = 0; c < b; ++c) {
          s -= root_[a * rank_ + c] * root_[b * rank_ + c];
        }
        root_[a * rank_ + b] = a == b ? std::sqrt(s) : s / root_[b * rank_ + b];
      }
    }
    solved_.resize(rank_);
  }

  double operator()(const double* x) {
    double form = 0.0;
    for (std::size_t a = 0; a < rank_; ++a) {
      double s = x[kept_[a]];
      for (std::size_t c = 0; c < a; ++c) {
        s -= root_[a * rank_ + c] * solved_[c];
      }
      solved_[a] = s / root_[a * rank_ + a];
      form += solved_[a] * solved_[a];
    }
    return form;
  }

  std::size_t rank() const { return rank_; }
  std::size_t visits() const { return visits_; }  // that some block holds
  std::size_t parts() const { return parts_; }

 private:
  // Every visit but the first of each part.
  void find_parts(const std::vector<double>& joint) {
    std::vector<std::size_t> part(k_, 0), stack;
    kept_.clear();
    for (std::size_t first = 0; first < k_; ++first) {
      const auto joins = [&](std::size_t a, std::size_t b) { return a != b && joint[a * k_ + b] > 0.0; };
      bool alone = true;
      for (std::size_t j = 0; j < k_; ++j) {
        alone = alone && !joins(first, j);
      }
      visits_ += alone ? 0 : 1;
      if (alone || part[first] != 0) {
        continue;
      }
      part[first] = ++parts_;
      stack.assign(1, first);
      while (!stack.empty()) {
        const std::size_t at = stack.back();
        stack.pop_back();
        for (std::size_t j = 0; j < k_; ++j) {
          if (part[j] == 0 && joins(at, j)) {
            part[j] = parts_;
            kept_.push_back(j);
            stack.push_back(j);
          }
        }
      }
    }
    std::sort(kept_.begin(), kept_.end());
  }

  std::size_t k_ = 0, rank_ = 0, visits_ = 0, parts_ = 0;
  std::vector<std::size_t> kept_;
  std::vector<double> root_, solved_;
};

struct SkillingsMackWorkspace {
  BlockValues values;
  DrawWorkspace draws;
  LaplacianForm form;
  std::vector<double> joint, sum, permuted;
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

// P(T >= least) by running through all arrangements, the last block fastest; sums of the blocks before are kept.
inline double enumerate_skillings_mack(SkillingsMackWorkspace& w, double least) {
  const BlockValues& b = w.values;
  const std::size_t k = b.k, n = b.size();
  w.permuted = b.value;
  const auto block = [&](std::size_t i) { return w.permuted.begin() + static_cast<std::ptrdiff_t>(b.start[i]); };
  std::vector<double> partial((n + 1) * k, 0.0);
  const auto add = [&](std::size_t i) {
    std::copy(partial.begin() + i * k, partial.begin() + (i + 1) * k, partial.begin() + (i + 1) * k);
    for (std::size_t at = b.start[i]; at < b.start[i + 1]; ++at) {
      partial[(i + 1) * k + b.place[at]] += w.permuted[at];
    }
  };
  for (std::size_t i = 0; i < n; ++i) {
    std::sort(block(i), block(i + 1));
    add(i);
  }
  double reached = 0.0, all = 0.0;
  for (;;) {
    all += 1.0;
    reached += w.form(partial.data() + n * k) >= least ? 1.0 : 0.0;
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
    row.p_value = detail::enumerate_skillings_mack(w, least);
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
