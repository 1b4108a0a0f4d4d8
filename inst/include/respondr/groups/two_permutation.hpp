#pragma once
// Permutation test of a difference of means (Fisher 1935, Pitman 1937) and the interval that inverts it (see swap_grid.hpp).
//
// Hypothesis theta: the level less theta has the distribution of the reference. Statistic: the difference of means less
// theta. p:
// share of all relabellings whose difference is at least as large (greater) or small (less); two-sided twice the smaller.
//
//   status           estimate  p    limits                  note
//   no_data          -         -    -
//   one_group_empty  -         -    -
//   no_variance      yes       yes  the difference of the constants, or infinite
//   too_large        yes       -    -

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "respondr/groups/mann_whitney.hpp"
#include "respondr/groups/swap_grid.hpp"
#include "respondr/moments.hpp"
#include "respondr/monte_carlo_p.hpp"

namespace respondr::groups {

// Exchanged sums and numbers of many relabellings: all of them, or random ones beside the observed.
class SwapSums {
 public:
  static double work(const TwoArms& arms) {
    return choose(static_cast<double>(arms.size()), static_cast<double>(arms.level.size)) *
           (4.0 * static_cast<double>(arms.level.size) + 40.0);
  }

  // centre: about the observed difference, so that sums stay small.
  void all(const TwoArms& arms, double centre) {
    begin(arms, centre, 0.0);
    each_subset(pooled_.size(), arms.level.size, [&](const std::size_t* chosen) { add(arms, chosen); });
  }

  void draw(const TwoOptions& options, const TwoArms& arms, double centre) {
    begin(arms, centre, 1.0);
    Swaps swaps;
    swaps.begin(pooled_.size(), arms.level.size);
    for (int r = 0; r < options.replicates; ++r) {
      add(arms, swaps.draw(options.seed, Tag::arms_permutation, arms.problem, static_cast<std::uint64_t>(r)));
    }
  }

  Tails tails(double theta) const {
    const double t = theta - centre_, most = static_cast<double>(most_);
    const double slack = 4.0 * std::numeric_limits<double>::epsilon() * (reach_ + most * (std::fabs(t) + std::fabs(theta))) +
                         2.0 * most * rounding_;
    double at_most = extra_, at_least = extra_;
    for (std::size_t r = 0; r < sum_.size(); ++r) {
      const double excess = sum_[r] - t * size_[r];
      at_most += excess <= slack ? 1.0 : 0.0;
      at_least += excess >= -slack ? 1.0 : 0.0;
    }
    return {at_most / total(), at_least / total()};
  }

  // Smallest theta whose `greater` p exceeds alpha (low) or largest whose `less` p does, with the p just outside.
  MeanLimit limit(double alpha, bool low) {
    const double unbounded = low ? -infinity : infinity;
    const double rank = limit_rank(alpha, total()) + 1.0 - extra_;
    if (rank < 1.0 || rank > static_cast<double>(sum_.size())) {
      return {unbounded, 0.0};
    }
    mean_.resize(sum_.size());
    for (std::size_t r = 0; r < sum_.size(); ++r) {
      mean_[r] = size_[r] > 0.0 ? sum_[r] / size_[r] : unbounded;
    }
    const std::size_t from_end = static_cast<std::size_t>(rank) - 1;
    const auto nth = mean_.begin() + static_cast<std::ptrdiff_t>(low ? from_end : mean_.size() - 1 - from_end);
    std::nth_element(mean_.begin(), nth, mean_.end());
    const double value = *nth, slack = 4.0 * std::numeric_limits<double>::epsilon() * reach_ + 2.0 * rounding_;
    const auto beyond = std::count_if(mean_.begin(), mean_.end(), [&](double m) {
      return low ? m < value - slack : m > value + slack;
    });
    return {centre_ + value, (static_cast<double>(beyond) + extra_) / total()};
  }

  double total() const { return static_cast<double>(sum_.size()) + extra_; }

 private:
  // The places of the pooled values, each arm ascending: those of the level, then those of the reference.
  void begin(const TwoArms& arms, double centre, double extra) {
    extra_ = extra;
    centre_ = arms.on_grid ? std::rint(centre) : centre;
    rounding_ = value_rounding(arms);
    most_ = std::min(arms.level.size, arms.reference.size);
    pooled_.assign(arms.level.begin(), arms.level.end());
    pooled_.insert(pooled_.end(), arms.reference.begin(), arms.reference.end());
    const auto middle = pooled_.begin() + static_cast<std::ptrdiff_t>(arms.level.size);
    std::sort(pooled_.begin(), middle);
    std::sort(middle, pooled_.end());
    level_sum_ = reach_ = 0.0;
    for (std::size_t i = 0; i < pooled_.size(); ++i) {
      if (i < arms.level.size) {
        pooled_[i] -= centre_;
        level_sum_ += pooled_[i];
      }
      reach_ += std::fabs(pooled_[i]);
    }
    sum_.clear();
    size_.clear();
  }

  template <class Index>
  void add(const TwoArms& arms, const Index* chosen) {
    double kept = 0.0, taken = 0.0, size = 0.0;
    for (std::size_t i = 0; i < arms.level.size; ++i) {
      const bool other = chosen[i] >= arms.level.size;
      (other ? taken : kept) += pooled_[chosen[i]];
      size += other ? 1.0 : 0.0;
    }
    sum_.push_back(size > 0.0 ? level_sum_ - kept - taken : 0.0);
    size_.push_back(size);
  }

  std::vector<double> pooled_, sum_, size_, mean_;
  std::size_t most_ = 0;
  double centre_ = 0.0, rounding_ = 0.0, level_sum_ = 0.0, reach_ = 0.0, extra_ = 0.0;
};

struct PermutationWorkspace {
  SwapGrid grid;
  SwapSums sums;
};

namespace detail {

template <class Engine>
void permutation_answer(const TwoOptions& options, const Shift& shift, bool exact, Engine& engine, TwoRow& row) {
  const double difference = row.estimate;
  const CombinedP p = combine_p(options.alternative, shift, [&](double theta) { return engine.tails(theta); });
  row.p_value = p.value;
  row.statistic = difference - p.theta;
  row.distribution = exact ? Distribution::exact : Distribution::monte_carlo;
  const Sides s = sides(options.alternative, options.conf_level);
  const MeanLimit low = s.low ? engine.limit(s.alpha, true) : MeanLimit{-infinity, 0.0};
  const MeanLimit high = s.high ? engine.limit(s.alpha, false) : MeanLimit{infinity, 0.0};
  row.conf_low = low.value;
  row.conf_high = high.value;
  row.conf_method = exact ? ConfMethod::permutation_exact : ConfMethod::permutation_monte_carlo;
  row.p_matches = true;
  if (exact) {
    row.conf_attained = 1.0 - low.outside - high.outside;
  } else {
    monte_carlo_range(p.one_sided, p.doubled, static_cast<double>(options.replicates), row);
  }
  note_unbounded(s, row);
}

}  // namespace detail

// Distribution::asymptotic has no meaning here.
inline void solve_two_permutation(const TwoOptions& options, const TwoArms& arms, const Shift& shift,
                                  PermutationWorkspace& w, TwoRow& row) {
  if (!both_arms(static_cast<double>(arms.level.size), static_cast<double>(arms.reference.size), row)) {
    return;
  }
  const Moments x = Moments::of(arms.level), y = Moments::of(arms.reference);
  row.estimate = x.mean - y.mean;
  if (!detail::has_spread(x) && !detail::has_spread(y)) {
    row.status = Status::no_variance;
  }
  double grid = infinity, listed = infinity;
  if (options.distribution != Distribution::monte_carlo) {
    listed = SwapSums::work(arms);
    if (arms.on_grid) {
      w.grid.prepare(arms);
      grid = w.grid.work();
    }
  }
  if (std::min(grid, listed) <= options.exact_limit) {
    if (grid <= listed) {
      w.grid.build();
      detail::permutation_answer(options, shift, true, w.grid, row);
    } else {
      w.sums.all(arms, row.estimate);
      detail::permutation_answer(options, shift, true, w.sums, row);
    }
  } else if (options.distribution == Distribution::exact) {
    row.status = Status::too_large;
  } else {
    w.sums.draw(options, arms, row.estimate);
    detail::permutation_answer(options, shift, false, w.sums, row);
  }
}

}  // namespace respondr::groups
