#pragma once
// Counts of subsets by size and whole-numbered sum, read as the distribution of their means: how many have a mean of at
// most x,
// the empty subset among them whatever x is. What one-sided permutation p-values and their limits are made of.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

#include "respondr/detail/add.hpp"
#include "respondr/sides.hpp"
#include "respondr/types.hpp"

namespace respondr {

struct MeanLimit {
  double value = missing;
  double outside = 0.0;  // one-sided p just outside the limit
};

class MeanCounts {
 public:
  // rows: sizes 0, ..., rows - 1; the first place of a row is the sum -below.
  void clear(std::size_t rows, std::size_t below, std::size_t width) {
    rows_ = rows;
    width_ = width;
    below_ = static_cast<double>(below);
    table_.assign(rows * width, 0.0);
  }

  double* row(std::size_t size) { return table_.data() + size * width_; }

  // Each row becomes sums from its left up to the middle of its mass and sums from its right beyond: no small tail is ever
  // the difference of two large numbers.
  void accumulate() {
    total_.resize(rows_);
    middle_.resize(rows_);
    for (std::size_t m = 0; m < rows_; ++m) {
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
    all_ = std::accumulate(total_.begin(), total_.end(), 0.0);
  }

  // Share of subsets with sum <= x * size.
  double at_most(double x) const {
    double count = 0.0;
    for (std::size_t m = 0; m < rows_; ++m) {
      const double size = static_cast<double>(m);
      const double sum = std::floor(x * size + rounding(x, size)) + below_;
      if (sum >= static_cast<double>(width_ - 1)) {
        count += total_[m];
      } else if (sum >= 0.0) {
        const std::size_t s = static_cast<std::size_t>(sum);
        const double* row = table_.data() + m * width_;
        count += s < middle_[m] ? row[s] : total_[m] - row[s + 1];
      }
    }
    return std::min(1.0, count / all_);
  }

  double at_least(double x) const {
    double count = 0.0;
    for (std::size_t m = 0; m < rows_; ++m) {
      const double size = static_cast<double>(m);
      const double sum = std::ceil(x * size - rounding(x, size)) + below_;
      if (sum <= 0.0) {
        count += total_[m];
      } else if (sum <= static_cast<double>(width_ - 1)) {
        const std::size_t s = static_cast<std::size_t>(sum);
        const double* row = table_.data() + m * width_;
        count += s >= middle_[m] ? row[s] : total_[m] - row[s - 1];
      }
    }
    return std::min(1.0, count / all_);
  }

  // Smallest x with at_most(x) above alpha (low) or largest with at_least(x) above it; all means lie from lowest to highest.
  MeanLimit limit(double alpha, bool low, double lowest, double highest) const {
    const double n = static_cast<double>(rows_ - 1);
    const double reject = alpha * (1.0 + level_slack);
    const auto mass = [&](double x) { return low ? at_most(x) : at_least(x); };
    double rejected = low ? lowest - 1.0 : highest + 1.0;
    double accepted = low ? highest : lowest;
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
        return {x, mass(low ? x - 0.5 / (n * n) : x + 0.5 / (n * n))};
      }
    }
    return {middle, reject};
  }

 private:
  static double rounding(double x, double size) {
    return 8.0 * std::numeric_limits<double>::epsilon() * size * (std::fabs(x) + 1.0);
  }

  std::vector<double> table_, total_;
  std::vector<std::size_t> middle_;
  std::size_t rows_ = 0, width_ = 1;
  double below_ = 0.0, all_ = 1.0;
};

}  // namespace respondr
