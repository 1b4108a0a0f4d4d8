#pragma once
// Distinct values in ascending order and how often each stands.

#include <algorithm>
#include <vector>

#include "respondr/types.hpp"

namespace respondr {

class Tally {
 public:
  // rounding: absolute error of one value; values within twice that are one.
  void prepare(Span<double> values, double rounding) {
    sorted_.assign(values.begin(), values.end());
    std::sort(sorted_.begin(), sorted_.end());
    tolerance_ = 4.0 * rounding;
    value_.clear();
    count_.clear();
    for (const double d : sorted_) {
      if (value_.empty() || d - value_.back() > 2.0 * rounding) {
        value_.push_back(d);
        count_.push_back(0.0);
      }
      count_.back() += 1.0;
    }
  }

  Span<double> values() const { return {value_.data(), value_.size()}; }
  Span<double> counts() const { return {count_.data(), count_.size()}; }
  double tolerance() const { return tolerance_; }  // sums of two values that differ by no more are equal

 private:
  std::vector<double> sorted_, value_, count_;
  double tolerance_ = 0.0;
};

}  // namespace respondr
