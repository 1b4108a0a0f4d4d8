#pragma once
// Page's test of a trend along the visits, in their order (Page 1963, JASA 58:216): L = sum over the visits of their number
// 1, ..., k times their rank sum; large where the outcome grows. Given the ranks every block is permuted on its own, so that L is
// a sum of independent block sums whose distribution is counted for each pattern of ties and convolved. Asymptotic: normal with
// mean n k (k + 1)^2 / 4 and the variance of that permutation. The distribution is symmetric (read the visits backwards), so that
// the two-sided p is twice the smaller tail under either rule.
//
// Statuses as in friedman_tests.hpp; a single block is a test here.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/rm/friedman_blocks.hpp"
#include "respondr/rm/friedman_draws.hpp"
#include "respondr/rm/friedman_tests.hpp"
#include "respondr/special/central.hpp"

namespace respondr::rm {

// Distribution of sum over the blocks of sum_j j * score_j, by dynamic programming within blocks over how many values of each
// tie group are placed, and convolution between blocks. Scores are shifted to start at 0 in each block.
class PageConvolution {
 public:
  void prepare(const Scores& scores) {
    k_ = scores.k;
    patterns_.clear();
    for (std::size_t i = 0; i < scores.n; ++i) {
      Pattern p;
      p.value.assign(scores.block(i), scores.block(i) + k_);
      std::sort(p.value.begin(), p.value.end());
      const std::int64_t low = p.value[0];
      std::transform(p.value.begin(), p.value.end(), p.value.begin(), [low](std::int64_t v) { return v - low; });
      patterns_.push_back(p);
    }
    std::sort(patterns_.begin(), patterns_.end(), [](const Pattern& a, const Pattern& b) { return a.value < b.value; });
  }

  double work() const {
    double steps = 1.0, reach = 0.0;
    for (std::size_t b = 0; b < patterns_.size(); ++b) {
      const double span = static_cast<double>(largest(patterns_[b]) - smallest(patterns_[b])) + 1.0;
      if (b == 0 || patterns_[b].value != patterns_[b - 1].value) {
        steps += placements(patterns_[b]) * static_cast<double>(k_) * static_cast<double>(largest(patterns_[b]) + 1);
      }
      reach += span;
      steps += reach * span;
    }
    return steps;
  }

  // upper: P(L >= observed), else P(L <= observed), for observed = sum of the blocks' own sums after their shift.
  double tail(std::int64_t observed, bool upper) {
    mass_.assign(1, 1.0);
    std::int64_t low = 0;
    for (std::size_t b = 0; b < patterns_.size(); ++b) {
      if (b == 0 || patterns_[b].value != patterns_[b - 1].value) {
        count(patterns_[b]);
      }
      low += smallest(patterns_[b]);
      next_.assign(mass_.size() + block_.size() - 1, 0.0);
      for (std::size_t i = 0; i < mass_.size(); ++i) {
        for (std::size_t j = 0; j < block_.size(); ++j) {
          next_[i + j] += mass_[i] * block_[j];
        }
      }
      mass_.swap(next_);
    }
    double p = 0.0;
    for (std::size_t i = 0; i < mass_.size(); ++i) {
      const std::int64_t at = low + static_cast<std::int64_t>(i);
      p += (upper ? at >= observed : at <= observed) ? mass_[i] : 0.0;
    }
    return std::min(1.0, p);
  }

 private:
  struct Pattern {
    std::vector<std::int64_t> value;  // ascending, from 0
  };

  // Sum of j * value_j in the ascending order, and in the descending.
  std::int64_t largest(const Pattern& p) const {
    std::int64_t sum = 0;
    for (std::size_t j = 0; j < k_; ++j) {
      sum += static_cast<std::int64_t>(j + 1) * p.value[j];
    }
    return sum;
  }
  std::int64_t smallest(const Pattern& p) const {
    std::int64_t sum = 0;
    for (std::size_t j = 0; j < k_; ++j) {
      sum += static_cast<std::int64_t>(k_ - j) * p.value[j];
    }
    return sum;
  }

  // Tie groups of a pattern as value and size.
  static void groups(const Pattern& p, std::vector<std::int64_t>& value, std::vector<std::size_t>& size) {
    value.clear();
    size.clear();
    for (const std::int64_t v : p.value) {
      if (value.empty() || value.back() != v) {
        value.push_back(v);
        size.push_back(0);
      }
      ++size.back();
    }
  }

  double placements(const Pattern& p) const {
    std::vector<std::int64_t> value;
    std::vector<std::size_t> size;
    groups(p, value, size);
    double states = 1.0;
    for (const std::size_t s : size) {
      states *= static_cast<double>(s + 1);
    }
    return states;
  }

  // Distribution of a block's sum from its smallest value up, into block_. A state tells how many of each tie group stand at
  // the visits so far, in mixed radix; states of one more value have larger numbers.
  void count(const Pattern& p) {
    std::vector<std::int64_t> value;
    std::vector<std::size_t> size, unit(1, 1);
    groups(p, value, size);
    for (const std::size_t s : size) {
      unit.push_back(unit.back() * (s + 1));
    }
    const std::size_t width = static_cast<std::size_t>(largest(p)) + 1, states = unit.back();
    ways_.assign(states * width, 0.0);
    ways_[0] = 1.0;
    for (std::size_t s = 0; s < states; ++s) {
      std::size_t placed = 0;
      for (std::size_t g = 0; g < size.size(); ++g) {
        placed += s / unit[g] % (size[g] + 1);
      }
      for (std::size_t g = 0; g < size.size(); ++g) {
        const std::size_t used = s / unit[g] % (size[g] + 1);
        if (used == size[g]) {
          continue;
        }
        const std::size_t step = (placed + 1) * static_cast<std::size_t>(value[g]);
        // Each of the values left is as likely to come next.
        const double share = static_cast<double>(size[g] - used) / static_cast<double>(k_ - placed);
        const double* from = ways_.data() + s * width;
        double* to = ways_.data() + (s + unit[g]) * width + step;
        for (std::size_t x = 0; x + step < width; ++x) {
          to[x] += share * from[x];
        }
      }
    }
    const std::size_t low = static_cast<std::size_t>(smallest(p));
    block_.assign(ways_.end() - static_cast<std::ptrdiff_t>(width - low), ways_.end());
  }

  std::size_t k_ = 0;
  std::vector<Pattern> patterns_;
  std::vector<double> mass_, next_, block_, ways_;
};

struct PageWorkspace {
  PageConvolution convolution;
  BlockValues values;
  DrawWorkspace draws;
};

namespace detail {

// sum over the blocks of sum_j j * score_j with centred scores: twice (L - its mean).
inline std::int64_t centred_page(const Scores& scores) {
  std::int64_t total = 0;
  for (std::size_t i = 0; i < scores.n; ++i) {
    for (std::size_t j = 0; j < scores.k; ++j) {
      total += static_cast<std::int64_t>(j + 1) * scores.block(i)[j];
    }
  }
  return total;
}

// What the shift of PageConvolution adds to the centred sum.
inline std::int64_t page_shift(const Scores& scores) {
  std::int64_t shift = 0;
  const std::int64_t k = static_cast<std::int64_t>(scores.k);
  for (std::size_t i = 0; i < scores.n; ++i) {
    shift -= *std::min_element(scores.block(i), scores.block(i) + scores.k) * k * (k + 1) / 2;
  }
  return shift;
}

// The p of the alternative from both tails; the tails may be probabilities or counts of replicates.
inline double page_side(Alternative alternative, double upper, double lower) {
  return alternative == Alternative::greater ? upper : alternative == Alternative::less ? lower : std::min(upper, lower);
}

inline double page_z(const Scores& scores, std::int64_t centred) {
  double squares = 0.0;
  for (const std::int64_t s : scores.score) {
    squares += static_cast<double>(s * s);
  }
  const double k = static_cast<double>(scores.k);
  const double variance = squares / (k - 1.0) * k * (k * k - 1.0) / 12.0;
  return static_cast<double>(centred) / std::sqrt(variance);
}

inline void page_draws(const RankOptions& options, const Scores& scores, double centred, std::uint64_t problem,
                       PageWorkspace& w, RankRow& row) {
  dense_values(scores, w.values);
  double upper = 0.0, lower = 0.0;
  draw_sums(w.values, options, problem, w.draws, [&](const double* sum) {
    double l = 0.0;
    for (std::size_t j = 0; j < scores.k; ++j) {
      l += static_cast<double>(j + 1) * sum[j];
    }
    upper += l >= centred ? 1.0 : 0.0;
    lower += l <= centred ? 1.0 : 0.0;
  });
  const bool doubled = options.alternative == Alternative::two_sided;
  store_monte_carlo(page_side(options.alternative, upper, lower), doubled, options, row);
}

}  // namespace detail

inline void solve_page(const RankOptions& options, const Blocks& blocks, const Scores& scores, std::uint64_t problem,
                       PageWorkspace& w, RankRow& row) {
  if (!detail::blocks_status(blocks, scores, row)) {
    return;
  }
  row.status = Status::ok;
  const std::int64_t centred = detail::centred_page(scores);
  const double n = static_cast<double>(scores.n), k = static_cast<double>(scores.k);
  row.statistic = n * k * (k + 1.0) * (k + 1.0) / 4.0 + 0.5 * static_cast<double>(centred);
  w.convolution.prepare(scores);
  const double work = w.convolution.work();
  if (too_large(options, work, row)) {
    return;
  }
  row.distribution = choose_distribution(options, work);
  if (row.distribution == Distribution::monte_carlo) {
    detail::page_draws(options, scores, static_cast<double>(centred), problem, w, row);
    return;
  }
  double upper = 0.0, lower = 0.0;
  if (row.distribution == Distribution::exact) {
    const std::int64_t observed = centred + detail::page_shift(scores);
    upper = w.convolution.tail(observed, true);
    lower = w.convolution.tail(observed, false);
  } else {
    const double z = detail::page_z(scores, centred);
    upper = special::normal_cdf(z, special::Tail::upper);
    lower = special::normal_cdf(z, special::Tail::lower);
  }
  const double side = detail::page_side(options.alternative, upper, lower);
  row.p_value = std::min(1.0, options.alternative == Alternative::two_sided ? 2.0 * side : side);
}

}  // namespace respondr::rm
