#pragma once
// Two visits of a Friedman design, over the blocks that are complete at all k visits. Estimate: the difference D of the mean
// ranks, level less reference.
//
// conover (Conover 1999, 5.8): t = D / se with se^2 = 2 s^2 / n, s^2 the mean square of the ranks after blocks and visits, on
// (n - 1)(k - 1) df; interval D +- t se.
// nemenyi (1963): q = |D| / sqrt(v / n), v the variance of the ranks within blocks (k (k + 1) / 12 without ties, smaller with),
// against the studentized range of k on infinite df; p and interval D +- q sqrt(v / n) hold for all pairs together.
// exact (Eisinga, Heskes, Pelzer and Te Grotenhuis 2017, BMC Bioinformatics 18:68): the difference of two rank sums is a sum of
// independent differences, one a block, each the difference of two of the block's ranks drawn without replacement. Its
// distribution is convolved, with ties as they lie; p = P(|difference| >= observed). It has no interval.
//
//   status       estimate  p
//   no_data      -         -
//   too_few      yes       exact only
//   all_zero     0         1
//   no_variance  yes       -           conover: all blocks agree, s is 0
//   too_large    yes       -           exact only

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "respondr/rm/friedman_blocks.hpp"
#include "respondr/rm/friedman_draws.hpp"
#include "respondr/rm/friedman_tests.hpp"
#include "respondr/special.hpp"
#include "respondr/studentized_range.hpp"

namespace respondr::rm {

struct PairOptions {
  double conf_level = 0.95;
  double exact_limit = 1e8;
};

// What all pairs of a problem share.
class PairPlan {
 public:
  void prepare(const PairOptions& options, const Scores& scores) {
    sum_scores(scores, sums_);
    n_ = static_cast<double>(scores.n);
    k_ = static_cast<double>(scores.k);
    df_ = (n_ - 1.0) * (k_ - 1.0);
    const double level = 0.5 + 0.5 * options.conf_level;
    t_limit_ = df_ > 0.0 ? special::t_quantile(level, df_) : missing;
    q_limit_ = special::studentized_range_quantile(options.conf_level, k_, infinity);
    ready_ = false;
  }

  double difference(std::size_t level, std::size_t reference) const {
    return 0.5 * static_cast<double>(sums_.sum[level] - sums_.sum[reference]) / n_;
  }

  void conover(double d, RankRow& row) const {
    // Scores are doubled ranks: their squares are four times too large.
    const double within = 0.25 * (sums_.total - sums_.between / n_);
    if (!(df_ > 0.0)) {
      return;
    }
    if (within <= 0.0) {
      row.status = Status::no_variance;
      return;
    }
    row.df = df_;
    row.std_error = std::sqrt(2.0 * within / df_ / n_);
    row.statistic = d / row.std_error;
    row.p_value = 2.0 * special::t_cdf(std::fabs(row.statistic), df_, special::Tail::upper);
    row.distribution = Distribution::asymptotic;
    row.conf_low = d - t_limit_ * row.std_error;
    row.conf_high = d + t_limit_ * row.std_error;
    row.conf_method = ConfMethod::rank_t;
  }

  void nemenyi(double d, RankRow& row) const {
    if (n_ < 2.0) {
      return;
    }
    const double unit = std::sqrt(0.25 * sums_.total / (n_ * (k_ - 1.0)) / n_);  // sqrt(v / n)
    row.std_error = std::sqrt(2.0) * unit;
    row.statistic = std::fabs(d) / unit;
    row.p_value = special::studentized_range_cdf(row.statistic, k_, infinity, special::Tail::upper);
    row.distribution = Distribution::asymptotic;
    row.conf_low = d - q_limit_ * unit;
    row.conf_high = d + q_limit_ * unit;
    row.conf_method = ConfMethod::rank_range;
  }

  void exact(const PairOptions& options, const Scores& scores, std::size_t level, std::size_t reference, RankRow& row) {
    if (!ready_) {
      collect(scores);
    }
    row.statistic = 0.5 * static_cast<double>(sums_.sum[level] - sums_.sum[reference]);
    if (work_ > options.exact_limit) {
      row.status = Status::too_large;
      return;
    }
    if (!convolved_) {
      convolve(scores.k);
    }
    // Differences from -reach to reach in steps of step_.
    const std::int64_t observed = std::abs(sums_.sum[level] - sums_.sum[reference]) / step_;
    const std::int64_t reach = static_cast<std::int64_t>(mass_.size() / 2);
    double p = 0.0;
    for (std::int64_t x = -reach; x <= reach; ++x) {
      p += std::abs(x) >= observed ? mass_[static_cast<std::size_t>(x + reach)] : 0.0;
    }
    row.p_value = observed == 0 ? 1.0 : std::min(1.0, p);
    row.distribution = Distribution::exact;
  }

 private:
  // Patterns of all blocks in an order that does not depend on the patients', and the steps their convolution takes.
  void collect(const Scores& scores) {
    patterns_.clear();
    step_ = 0;
    for (std::size_t i = 0; i < scores.n; ++i) {
      patterns_.emplace_back(scores.block(i), scores.block(i) + scores.k);
      std::sort(patterns_.back().begin(), patterns_.back().end());
      for (const std::int64_t s : patterns_.back()) {
        step_ = std::gcd(step_, s - patterns_.back()[0]);
      }
    }
    std::sort(patterns_.begin(), patterns_.end());
    step_ = std::max<std::int64_t>(step_, 1);
    work_ = 0.0;
    double reach = 0.0;
    for (const std::vector<std::int64_t>& p : patterns_) {
      const double span = static_cast<double>((p.back() - p.front()) / step_);
      reach += span;
      work_ += (2.0 * reach + 1.0) * (2.0 * span + 1.0);
    }
    ready_ = true;
    convolved_ = false;
  }

  void convolve(std::size_t k) {
    mass_.assign(1, 1.0);
    for (const std::vector<std::int64_t>& p : patterns_) {
      const std::int64_t span = (p.back() - p.front()) / step_;
      block_.assign(static_cast<std::size_t>(2 * span + 1), 0.0);
      const double share = 1.0 / static_cast<double>(k * (k - 1));
      for (std::size_t a = 0; a < k; ++a) {
        for (std::size_t b = 0; b < k; ++b) {
          block_[static_cast<std::size_t>((p[a] - p[b]) / step_ + span)] += a != b ? share : 0.0;
        }
      }
      next_.assign(mass_.size() + static_cast<std::size_t>(2 * span), 0.0);
      for (std::size_t i = 0; i < mass_.size(); ++i) {
        for (std::size_t j = 0; j < block_.size(); ++j) {
          next_[i + j] += mass_[i] * block_[j];
        }
      }
      mass_.swap(next_);
    }
    convolved_ = true;
  }

  ScoreSums sums_;
  double n_ = 0.0, k_ = 0.0, df_ = 0.0, t_limit_ = missing, q_limit_ = missing, work_ = 0.0;
  std::int64_t step_ = 1;
  bool ready_ = false, convolved_ = false;
  std::vector<std::vector<std::int64_t>> patterns_;
  std::vector<double> mass_, next_, block_;
};

// One pair by one method; plan prepared for these scores.
inline void solve_pair(const PairOptions& options, PairMethod method, const Blocks& blocks, const Scores& scores,
                       std::size_t level, std::size_t reference, PairPlan& plan, RankRow& row) {
  const bool go = detail::blocks_status(blocks, scores, row);
  if (row.status == Status::no_data) {
    return;
  }
  row.estimate = plan.difference(level, reference);
  if (!go) {
    return;
  }
  switch (method) {
    case PairMethod::conover: plan.conover(row.estimate, row); break;
    case PairMethod::nemenyi: plan.nemenyi(row.estimate, row); break;
    case PairMethod::exact: plan.exact(options, scores, level, reference, row); break;
  }
}

}  // namespace respondr::rm
