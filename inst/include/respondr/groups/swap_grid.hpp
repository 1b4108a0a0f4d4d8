#pragma once
// Exact permutation distributions of a difference of means at every shift at once, for values that are whole numbers
// (decimals in
// units of the last place).
//
// A relabelling exchanges k values A of the level for k values B of the reference, and the permuted difference reaches
// the one
// observed, the level moved by theta, exactly if (sum A - sum B) <= k theta. Hence the one-sided p at theta is the share of
// relabellings, the identity included, whose (sum A - sum B) / k is at most theta, and limits are order statistics of
// these means
// (the two-sample form of Hartigan 1969, J Am Stat Assoc 64:1303). Counting by k and sum serves every theta.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "respondr/detail/add.hpp"
#include "respondr/groups/two_types.hpp"
#include "respondr/mean_counts.hpp"

namespace respondr::groups {

class SwapGrid {
 public:
  static constexpr double max_cells = 4e6;

  void prepare(const TwoArms& arms) {
    k_ = std::min(arms.level.size, arms.reference.size);
    std::int64_t step = 0;
    for (const Span<double>& values : {arms.level, arms.reference}) {
      for (const double v : values) {
        step = std::gcd(step, static_cast<std::int64_t>(v - values[0]));
      }
    }
    step_ = static_cast<double>(std::max<std::int64_t>(step, 1));
    x_.prepare(arms.level, step_);
    y_.prepare(arms.reference, step_);
    base_ = x_.smallest - y_.smallest;
  }

  // Steps of eight counts, or infinity where the tables would be too large to keep.
  double work() const {
    const double k = static_cast<double>(k_);
    const double wide = x_.widest(k_) + y_.widest(k_) + 1.0;
    if (!((k + 1.0) * wide <= max_cells)) {
      return infinity;
    }
    double steps = k * (x_.size() * x_.widest(k_) + y_.size() * y_.widest(k_));
    for (std::size_t j = 1; j <= k_; ++j) {
      steps += (x_.span(j) + 1.0) * (y_.span(j) + 8.0);
    }
    return steps / 8.0;
  }

  void build() {
    x_.count(k_);
    y_.count(k_);
    const std::size_t below = static_cast<std::size_t>(y_.widest(k_));
    counts_.clear(k_ + 1, below, static_cast<std::size_t>(x_.widest(k_) + y_.widest(k_)) + 1);
    std::vector<double> reversed;
    for (std::size_t k = 0; k <= k_; ++k) {
      const std::size_t first_x = x_.lowest(k), last_x = x_.highest(k), first_y = y_.lowest(k), last_y = y_.highest(k);
      reversed.assign(y_.row(k) + first_y, y_.row(k) + last_y + 1);
      std::reverse(reversed.begin(), reversed.end());
      for (std::size_t s = first_x; s <= last_x; ++s) {
        const double ways = x_.row(k)[s];
        if (ways > 0.0) {
          respondr::detail::add_scaled(counts_.row(k) + (below + s - last_y), reversed.data(), reversed.size(), ways);
        }
      }
    }
    counts_.accumulate();
  }

  Tails tails(double theta) const {
    const double x = (theta - base_) / step_;
    return {counts_.at_most(x), counts_.at_least(x)};
  }

  // Smallest theta whose `greater` p exceeds alpha (low) or largest whose `less` p does.
  MeanLimit limit(double alpha, bool low) const {
    MeanLimit found = counts_.limit(alpha, low, -y_.largest_value(), x_.largest_value());
    if (std::isfinite(found.value)) {
      found.value = base_ + step_ * found.value;
    }
    return found;
  }

 private:
  // Subsets of one arm by size and sum, the values held in steps from the smallest.
  struct Arm {
    std::vector<double> value, table, low, high;  // ascending values; sums of the smallest and of the largest k
    double smallest = 0.0;
    std::size_t width = 1;

    void prepare(Span<double> values, double step) {
      value.assign(values.begin(), values.end());
      std::sort(value.begin(), value.end());
      smallest = value[0];
      for (double& v : value) {
        v = (v - smallest) / step;
      }
      low.assign(1, 0.0);
      high.assign(1, 0.0);
      for (std::size_t k = 0; k < value.size(); ++k) {
        low.push_back(low.back() + value[k]);
        high.push_back(high.back() + value[value.size() - 1 - k]);
      }
    }
    double size() const { return static_cast<double>(value.size()); }
    double largest_value() const { return value.back(); }
    double widest(std::size_t k) const { return high[k]; }
    double span(std::size_t k) const { return high[k] - low[k]; }
    std::size_t lowest(std::size_t k) const { return static_cast<std::size_t>(low[k]); }
    std::size_t highest(std::size_t k) const { return static_cast<std::size_t>(high[k]); }
    const double* row(std::size_t k) const { return table.data() + k * width; }

    void count(std::size_t most) {
      width = highest(most) + 1;
      table.assign((most + 1) * width, 0.0);
      table[0] = 1.0;
      std::size_t reach = 0;
      for (std::size_t i = 0; i < value.size(); ++i) {
        const std::size_t v = static_cast<std::size_t>(value[i]);
        for (std::size_t k = std::min(i + 1, most); k >= 1; --k) {
          const std::size_t end = std::min(reach + 1, width - v);
          respondr::detail::add_into(table.data() + k * width + v, row(k - 1), end);
        }
        reach = std::min(width - 1, reach + v);
      }
    }
  };

  Arm x_, y_;
  MeanCounts counts_;
  std::size_t k_ = 0;
  double base_ = 0.0, step_ = 1.0;
};

}  // namespace respondr::groups
