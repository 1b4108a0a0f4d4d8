#pragma once
// Exact sign-flip distributions at every hypothesis at once, for changes that are integers (decimals in units of the last place).
//
// A flip reverses a subset A of the changes, and the flipped sum reaches the observed one exactly if sum over A of
// (change - theta) <= 0. Hence the one-sided p at theta is the share of subsets, the empty one included, whose mean is at most
// theta (Hartigan 1969, J Am Stat Assoc 64:1303), and limits are order statistics of subset means. Counting subsets by size
// and sum serves every theta.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "respondr/mean_counts.hpp"
#include "respondr/paired/flip_convolution.hpp"
#include "respondr/sides.hpp"

namespace respondr::paired {

// Counts of subsets by size and sum. Changes are held as integers from a middle value, in units of their common step.
class SubsetMeanGrid {
 public:
  static constexpr double max_cells = 4e6;

  void prepare(Span<double> change) {
    offset_.assign(change.begin(), change.end());
    const std::size_t middle = offset_.size() / 2;
    std::nth_element(offset_.begin(), offset_.begin() + static_cast<std::ptrdiff_t>(middle), offset_.end());
    base_ = offset_[middle];
    std::int64_t step = 0;
    for (double& c : offset_) {
      c -= base_;
      step = std::gcd(step, static_cast<std::int64_t>(c));
    }
    step_ = static_cast<double>(std::max<std::int64_t>(step, 1));
    below_ = above_ = 0.0;
    for (double& c : offset_) {
      c /= step_;
      (c < 0.0 ? below_ : above_) += std::fabs(c);
    }
    std::sort(offset_.begin(), offset_.end(), [](double a, double b) {
      return std::fabs(a) < std::fabs(b) || (std::fabs(a) == std::fabs(b) && a < b);
    });
  }

  // Cells to update, or infinity where the table would be too large to keep.
  double work() const {
    const double n = static_cast<double>(offset_.size());
    if (n > 1000.0 || (n + 1.0) * (below_ + above_ + 1.0) > max_cells) {
      return infinity;
    }
    double cells = 0.0, reach = 1.0, i = 0.0;
    for (const double c : offset_) {
      i += 1.0;
      cells += i * reach;
      reach += std::fabs(c);
    }
    return cells;
  }

  void build() {
    const std::size_t n = offset_.size();
    const std::size_t width = static_cast<std::size_t>(below_ + above_) + 1;
    counts_.clear(n + 1, static_cast<std::size_t>(below_), width);
    std::size_t low = static_cast<std::size_t>(below_), high = low;
    counts_.row(0)[low] = 1.0;
    for (std::size_t i = 0; i < n; ++i) {
      const std::ptrdiff_t c = static_cast<std::ptrdiff_t>(offset_[i]);
      for (std::size_t m = i + 1; m >= 1; --m) {
        double* to = counts_.row(m) + (static_cast<std::ptrdiff_t>(low) + c);
        respondr::detail::add_into(to, counts_.row(m - 1) + low, high - low + 1);
      }
      low = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(low) + std::min<std::ptrdiff_t>(c, 0));
      high = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(high) + std::max<std::ptrdiff_t>(c, 0));
    }
    counts_.accumulate();
  }

  Tails tails(double theta) const {
    const DecimalFraction t = decimal_fraction(theta);
    const double x = t.denominator == 0.0 ? (theta - base_) / step_
                                          : (t.numerator - base_ * t.denominator) / (t.denominator * step_);
    return {counts_.at_most(x), counts_.at_least(x)};
  }

  // Smallest theta whose `greater` p exceeds alpha (low) or largest whose `less` p does.
  MeanLimit limit(double alpha, bool low) const {
    const auto range = std::minmax_element(offset_.begin(), offset_.end());
    MeanLimit found = counts_.limit(alpha, low, *range.first, *range.second);
    if (std::isfinite(found.value)) {
      found.value = base_ + step_ * found.value;
    }
    return found;
  }

 private:
  std::vector<double> offset_;
  MeanCounts counts_;
  double base_ = 0.0, step_ = 1.0, below_ = 0.0, above_ = 0.0;
};

}  // namespace respondr::paired
