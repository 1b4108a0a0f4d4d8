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

#include "respondr/paired/flip_convolution.hpp"
#include "respondr/paired/sides.hpp"

namespace respondr::paired {

namespace detail {

// to[k] += from[k]; the ranges do not overlap. Eight at a time, so that the compiler sees a fixed length.
inline void add_into(double* to, const double* from, std::size_t n) {
  std::size_t k = 0;
  for (; k + 8 <= n; k += 8) {
    double sum[8];
    for (std::size_t j = 0; j < 8; ++j) {
      sum[j] = to[k + j] + from[k + j];
    }
    for (std::size_t j = 0; j < 8; ++j) {
      to[k + j] = sum[j];
    }
  }
  for (; k < n; ++k) {
    to[k] += from[k];
  }
}

}  // namespace detail

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
    width_ = static_cast<std::size_t>(below_ + above_) + 1;
    table_.assign((n + 1) * width_, 0.0);
    std::size_t low = static_cast<std::size_t>(below_), high = low;
    table_[low] = 1.0;
    for (std::size_t i = 0; i < n; ++i) {
      const std::ptrdiff_t c = static_cast<std::ptrdiff_t>(offset_[i]);
      for (std::size_t m = i + 1; m >= 1; --m) {
        const double* from = table_.data() + (m - 1) * width_ + low;
        detail::add_into(table_.data() + static_cast<std::ptrdiff_t>(m * width_ + low) + c, from, high - low + 1);
      }
      low = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(low) + std::min<std::ptrdiff_t>(c, 0));
      high = static_cast<std::size_t>(static_cast<std::ptrdiff_t>(high) + std::max<std::ptrdiff_t>(c, 0));
    }
    accumulate();
  }

  Tails tails(double theta) const {
    const DecimalFraction t = decimal_fraction(theta);
    const double x = t.denominator == 0.0 ? (theta - base_) / step_
                                          : (t.numerator - base_ * t.denominator) / (t.denominator * step_);
    return {at_most(x), at_least(x)};
  }

  struct Limit {
    double value = missing;
    double outside = 0.0;  // one-sided p just outside the limit
  };

  // Smallest theta whose `greater` p exceeds alpha (low) or largest whose `less` p does.
  Limit limit(double alpha, bool low) const {
    const double n = static_cast<double>(offset_.size());
    const double reject = alpha * (1.0 + level_slack);
    const auto mass = [&](double x) { return low ? at_most(x) : at_least(x); };
    const auto range = std::minmax_element(offset_.begin(), offset_.end());
    double rejected = low ? *range.first - 1.0 : *range.second + 1.0;
    double accepted = low ? *range.second : *range.first;
    if (mass(rejected) > reject) {
      return {low ? -infinity : infinity, 0.0};
    }
    // Two different means of subsets lie at least 1 / n^2 apart.
    while (std::fabs(accepted - rejected) > 0.25 / (n * n)) {
      const double x = 0.5 * (accepted + rejected);
      (mass(x) > reject ? accepted : rejected) = x;
    }
    const double middle = 0.5 * (accepted + rejected);
    for (double m = 1.0; m <= n; m += 1.0) {
      const double sum = std::rint(middle * m);
      if (std::fabs(sum / m - middle) <= 0.2 / (n * n)) {
        const double x = sum / m;
        return {base_ + step_ * sum / m, mass(low ? x - 0.5 / (n * n) : x + 0.5 / (n * n))};
      }
    }
    return {base_ + step_ * middle, reject};
  }

 private:
  // Each row becomes sums from its left up to the middle of its mass and sums from its right beyond: no small tail is ever
  // the difference of two large numbers.
  void accumulate() {
    const std::size_t rows = offset_.size() + 1;
    total_.resize(rows);
    middle_.resize(rows);
    for (std::size_t m = 0; m < rows; ++m) {
      double* row = table_.data() + m * width_;
      total_[m] = std::accumulate(row, row + width_, 0.0);
      std::size_t s = 0;
      double sum = 0.0;
      for (; s < width_ && 2.0 * (sum + row[s]) <= total_[m]; ++s) {
        sum += row[s];
        row[s] = sum;
      }
      middle_[m] = s;
      sum = 0.0;
      for (std::size_t k = width_; k > s; --k) {
        sum += row[k - 1];
        row[k - 1] = sum;
      }
    }
  }

  // Share of subsets, the empty one included, with sum <= x * size.
  double at_most(double x) const {
    double count = 0.0;
    for (std::size_t m = 0; m <= offset_.size(); ++m) {
      const double size = static_cast<double>(m);
      const double sum = std::floor(x * size + rounding(x, size)) + below_;
      if (sum >= below_ + above_) {
        count += total_[m];
      } else if (sum >= 0.0) {
        const std::size_t s = static_cast<std::size_t>(sum);
        const double* row = table_.data() + m * width_;
        count += s < middle_[m] ? row[s] : total_[m] - row[s + 1];
      }
    }
    return std::ldexp(count, -static_cast<int>(offset_.size()));
  }

  double at_least(double x) const {
    double count = 0.0;
    for (std::size_t m = 0; m <= offset_.size(); ++m) {
      const double size = static_cast<double>(m);
      const double sum = std::ceil(x * size - rounding(x, size)) + below_;
      if (sum <= 0.0) {
        count += total_[m];
      } else if (sum <= below_ + above_) {
        const std::size_t s = static_cast<std::size_t>(sum);
        const double* row = table_.data() + m * width_;
        count += s >= middle_[m] ? row[s] : total_[m] - row[s - 1];
      }
    }
    return std::ldexp(count, -static_cast<int>(offset_.size()));
  }

  static double rounding(double x, double size) {
    return 8.0 * std::numeric_limits<double>::epsilon() * size * (std::fabs(x) + 1.0);
  }

  std::vector<double> offset_, table_, total_;
  std::vector<std::size_t> middle_;
  std::size_t width_ = 1;
  double base_ = 0.0, step_ = 1.0, below_ = 0.0, above_ = 0.0;
};

}  // namespace respondr::paired
