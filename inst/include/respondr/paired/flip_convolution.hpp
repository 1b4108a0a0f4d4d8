#pragma once
// Exact sign-flip p-values at one hypothesis, for changes that are integers (decimals in units of the last place), by
// convolution over the sums of random subsets.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "respondr/paired/sides.hpp"
#include "respondr/subset_sum.hpp"

namespace respondr::paired {

// theta as a fraction with a power of ten below it, where it is one but for rounding; denominator 0 where not.
struct DecimalFraction {
  double numerator = 0.0, denominator = 0.0;
};

inline DecimalFraction decimal_fraction(double theta) {
  double denominator = 1.0;
  for (int places = 0; places <= 6; ++places, denominator *= 10.0) {
    const double x = theta * denominator;
    const double slack = 8.0 * std::numeric_limits<double>::epsilon() * std::fabs(x);
    if (std::fabs(x - std::rint(x)) <= slack && std::fabs(x) < 4503599627370496.0) {
      return {std::rint(x), denominator};
    }
  }
  return {};
}

class FlipConvolution {
 public:
  // Integers |change - theta| and their positive and negative sums; false if theta is no decimal fraction.
  bool prepare(Span<double> change, double theta) {
    const DecimalFraction t = decimal_fraction(theta);
    values_.clear();
    positive_ = negative_ = 0.0;
    if (t.denominator == 0.0) {
      return false;
    }
    std::int64_t step = 0;
    for (const double d : change) {
      const double a = d * t.denominator - t.numerator;
      if (std::fabs(a) >= 4503599627370496.0) {
        return false;
      }
      if (a != 0.0) {
        values_.push_back(static_cast<std::int64_t>(std::fabs(a)));
        step = std::gcd(step, values_.back());
        (a > 0.0 ? positive_ : negative_) += std::fabs(a);
      }
    }
    if (step > 1) {
      for (std::int64_t& a : values_) {
        a /= step;
      }
      positive_ /= static_cast<double>(step);
      negative_ /= static_cast<double>(step);
    }
    std::sort(values_.begin(), values_.end());
    return true;
  }

  // Cells to update: the smaller tail decides, the other follows by symmetry.
  double work() const { return SubsetSum::cells({values_.data(), values_.size()}, std::min(positive_, negative_)); }

  // With W the sum of a random subset of |change - theta|: p for `greater` is P(W >= positive sum) = P(W <= negative sum).
  Tails tails() {
    const std::size_t cap = static_cast<std::size_t>(std::min(positive_, negative_));
    const SubsetTail tail = sums_.tail({values_.data(), values_.size()}, cap);
    const double large = positive_ == negative_ ? tail.at_most : 1.0 - (tail.at_most - tail.at);
    return positive_ >= negative_ ? Tails{tail.at_most, large} : Tails{large, tail.at_most};
  }

 private:
  std::vector<std::int64_t> values_;
  SubsetSum sums_;
  double positive_ = 0.0, negative_ = 0.0;
};

}  // namespace respondr::paired
