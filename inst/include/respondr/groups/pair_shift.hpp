#pragma once
// All differences of two samples by their rank, without a list of them where they are many: the shift of Hodges and Lehmann
// (1963, Ann Math Stat 34:598) and the limits that invert the rank-sum test are order statistics of the differences.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/types.hpp"

namespace respondr::groups {

class PairDifferences {
 public:
  static constexpr double listed = 20000.0;  // pairs that are listed at once

  // Ascending x and y; differences are x - y.
  void prepare(Span<double> x, Span<double> y) {
    x_ = x;
    y_ = y;
    pairs_ = static_cast<double>(x.size) * static_cast<double>(y.size);
    complete_ = pairs_ <= listed;
    if (complete_) {
      list(-infinity, infinity);
    }
  }

  double pairs() const { return pairs_; }

  double median() {
    const double lower = select(std::floor(0.5 * (pairs_ + 1.0))), upper = select(std::floor(0.5 * pairs_) + 1.0);
    return lower + 0.5 * (upper - lower);
  }

  // The difference of this rank, from 1.
  double select(double rank) {
    if (complete_) {
      return list_[static_cast<std::size_t>(rank) - 1];
    }
    double low = std::nextafter(x_[0] - y_[y_.size - 1], -infinity), high = x_[x_.size - 1] - y_[0];
    double below = 0.0, within = pairs_;
    const double few = 4.0 * static_cast<double>(x_.size + y_.size) + 1024.0;
    for (int i = 0; i < 200 && within > few; ++i) {
      const double middle = low + 0.5 * (high - low);
      if (!(middle > low && middle < high)) {
        break;
      }
      const double count = at_most(middle);
      if (count >= rank) {
        high = middle;
        within = count - below;
      } else {
        low = middle;
        within -= count - below;
        below = count;
      }
    }
    if (!(std::nextafter(low, infinity) < high)) {
      return high;  // what is left is one value, however often it stands
    }
    list(low, high);
    return list_[static_cast<std::size_t>(rank - below) - 1];
  }

 private:
  // Pairs whose difference is at most t.
  double at_most(double t) const {
    double pairs = 0.0;
    std::size_t first = 0;  // of the y that are near enough; grows with x
    for (const double x : x_) {
      while (first < y_.size && x - y_[first] > t) {
        ++first;
      }
      pairs += static_cast<double>(y_.size - first);
    }
    return pairs;
  }

  // Differences above low and at most high, ascending.
  void list(double low, double high) {
    list_.clear();
    std::size_t first = 0, last = 0;
    for (const double x : x_) {
      while (first < y_.size && x - y_[first] > high) {
        ++first;
      }
      while (last < y_.size && x - y_[last] > low) {
        ++last;
      }
      for (std::size_t j = first; j < last; ++j) {
        list_.push_back(x - y_[j]);
      }
    }
    std::sort(list_.begin(), list_.end());
  }

  Span<double> x_, y_;
  std::vector<double> list_;
  double pairs_ = 0.0;
  bool complete_ = false;
};

}  // namespace respondr::groups
