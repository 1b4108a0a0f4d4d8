#pragma once
// The signed-rank statistic at one hypothesis theta, and its tails given the midranks of |change - theta|.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "respondr/paired/sides.hpp"
#include "respondr/tally.hpp"
#include "respondr/special/central.hpp"
#include "respondr/subset_sum.hpp"

namespace respondr::paired {

// Midranks of the changes that differ from theta, doubled so that they are whole numbers.
class RanksAt {
 public:
  // twice_theta is on the scale of the sums of two changes. Distances that differ by no more than the tolerance are tied, one
  // within it is a zero. Zeros take no rank (Wilcoxon 1945) or the lowest ranks, which then leave (Pratt 1959).
  void build(const Tally& tally, double twice_theta, Zeros zeros) {
    clear();
    const Span<double> values = tally.values(), counts = tally.counts();
    const double tolerance = tolerance_ = tally.tolerance();
    const std::size_t m = values.size;
    std::size_t high = static_cast<std::size_t>(
        std::upper_bound(values.begin(), values.end(), 0.5 * (twice_theta + tolerance)) - values.begin());
    std::size_t low = high;  // values below `low` lie below theta
    while (low > 0 && 2.0 * values[low - 1] >= twice_theta - tolerance) {
      n_zeros_ += counts[--low];
    }
    double rank = zeros == Zeros::pratt ? n_zeros_ : 0.0;
    while (low > 0 || high < m) {
      const double below = low > 0 ? twice_theta - 2.0 * values[low - 1] : infinity;
      const double above = high < m ? 2.0 * values[high] - twice_theta : infinity;
      const double negative = below <= above + tolerance ? counts[--low] : 0.0;
      const double positive = above <= below + tolerance ? counts[high++] : 0.0;
      distance_.push_back(std::min(below, above));
      add(negative + positive, positive, 2.0 * rank + negative + positive + 1.0);
      rank += negative + positive;
    }
  }

  double n() const { return n_; }  // changes that are not zeros
  double n_zeros() const { return n_zeros_; }
  double n_ties() const { return n_ties_; }
  double twice_positive() const { return positive_; }  // 2 T+
  double twice_total() const { return total_; }
  double statistic() const { return 0.5 * positive_; }
  double rank_biserial() const { return (2.0 * positive_ - total_) / total_; }  // (T+ - T-) / (T+ + T-)
  double centred() const { return 0.5 * positive_ - 0.25 * total_; }  // T+ less its mean
  double variance() const { return squares_ / 16.0; }                 // of T+ given the midranks (Lehmann 1975, section 3.2)
  double excess_kurtosis() const { return -2.0 * fourths_ / (squares_ * squares_); }
  std::size_t groups() const { return rank_.size(); }

  // 2 r of the changes at this distance from theta; 0 of zeros.
  double twice_rank_of(double distance) const {
    const auto at = std::lower_bound(distance_.begin(), distance_.end(), 2.0 * distance - tolerance_);
    const bool known = at != distance_.end() && *at <= 2.0 * distance + tolerance_;
    return known ? static_cast<double>(rank_[static_cast<std::size_t>(at - distance_.begin())]) : 0.0;
  }

  // Steps of eight cells that the convolution takes at the largest value its cap can have.
  double work() {
    const Span<std::int64_t> values = integers(0.5 * total_);
    return 0.125 * SubsetSum::cells(values, cap_) + n_;
  }

  Tails exact(SubsetSum& sums) {
    const double less = std::min(positive_, total_ - positive_);
    const Span<std::int64_t> values = integers(less);
    const SubsetTail tail = sums.tail(values, static_cast<std::size_t>(cap_));
    const double large = 2.0 * positive_ == total_ ? tail.at_most : 1.0 - (tail.at_most - tail.at);
    return 2.0 * positive_ >= total_ ? Tails{tail.at_most, large} : Tails{large, tail.at_most};
  }

  // Normal, or with the t of SAS: S sqrt(N - 1) / sqrt(N V - S^2) on N - 1 degrees of freedom, N the changes not zero.
  Tails approximate(bool continuity, Approximation approximation) const {
    if (n_ == 0.0) {
      return {1.0, 1.0};
    }
    const double half = continuity ? 0.5 : 0.0, sd = std::sqrt(variance());
    return {upper(approximation, (centred() - half) / sd), upper(approximation, -(centred() + half) / sd)};
  }

  // `greater` by the normal distribution with the next term of the Edgeworth series and half a step of continuity.
  double edgeworth_greater(double centred) const {
    const double x = (centred - 0.25) / std::sqrt(variance());
    const double density = std::exp(-0.5 * x * x) * 0.3989422804014327;
    return special::normal_cdf(x, special::Tail::upper) + density * excess_kurtosis() / 24.0 * x * (x * x - 3.0);
  }

 private:
  void clear() {
    rank_.clear();
    size_.clear();
    distance_.clear();
    n_ = n_zeros_ = n_ties_ = positive_ = total_ = squares_ = fourths_ = 0.0;
  }

  void add(double size, double positive, double twice_rank) {
    rank_.push_back(static_cast<std::int64_t>(twice_rank));
    size_.push_back(static_cast<std::int64_t>(size));
    const double square = twice_rank * twice_rank;
    n_ += size;
    n_ties_ += size > 1.0 ? size : 0.0;
    positive_ += positive * twice_rank;
    total_ += size * twice_rank;
    squares_ += size * square;
    fourths_ += size * square * square;
  }

  double upper(Approximation approximation, double z) const {
    if (approximation == Approximation::normal || n_ < 2.0) {
      return special::normal_cdf(z, special::Tail::upper);
    }
    const double rest = n_ - z * z;
    return special::t_cdf(rest > 0.0 ? z * std::sqrt((n_ - 1.0) / rest) : std::copysign(infinity, z), n_ - 1.0,
                          special::Tail::upper);
  }

  // The doubled ranks one by one, divided by their common factor; sets cap_ to the doubled sum in the same units.
  Span<std::int64_t> integers(double twice_sum) {
    std::int64_t step = 0;
    for (const std::int64_t r : rank_) {
      step = std::gcd(step, r);
    }
    step = std::max<std::int64_t>(step, 1);
    value_.clear();
    for (std::size_t g = 0; g < rank_.size(); ++g) {
      value_.insert(value_.end(), static_cast<std::size_t>(size_[g]), rank_[g] / step);
    }
    cap_ = std::floor(twice_sum / static_cast<double>(step));
    return {value_.data(), value_.size()};
  }

  std::vector<std::int64_t> rank_, size_;  // by group of ties, ascending: 2 r, how many
  std::vector<double> distance_;           // twice the distance from theta
  std::vector<std::int64_t> value_;
  double n_ = 0.0, n_zeros_ = 0.0, n_ties_ = 0.0;
  double positive_ = 0.0, total_ = 0.0, squares_ = 0.0, fourths_ = 0.0;
  double cap_ = 0.0, tolerance_ = 0.0;
};

}  // namespace respondr::paired
