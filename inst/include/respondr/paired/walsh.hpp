#pragma once
// Sums of two changes, twice the Walsh averages, by their rank, without a list of all of them where there are many.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "respondr/tally.hpp"
#include "respondr/types.hpp"

namespace respondr::paired {

// Distinct sums in ascending order. Sums that differ by no more than the rounding of the changes are one.
struct WalshSlice {
  std::vector<double> sum, weight;  // weight: how many pairs i <= j have this sum
  double below = 0.0;               // pairs whose sum is less than the first
  bool first = true, last = true;   // does it begin, does it end with the extreme sum of all?

  std::size_t size() const { return sum.size(); }
  void clear() {
    sum.clear();
    weight.clear();
    below = 0.0;
    first = last = true;
  }
};

class WalshSums {
 public:
  static constexpr double listed = 20000.0;  // pairs of distinct changes that are listed at once

  // rounding: absolute error of one change.
  void prepare(Span<double> change, double rounding) {
    tally_.prepare(change, rounding);
    tolerance_ = tally_.tolerance();
    value_ = tally_.values();
    count_ = tally_.counts();
    before_.assign(1, 0.0);
    for (const double c : count_) {
      before_.push_back(before_.back() + c);
    }
    const double n = static_cast<double>(change.size);
    total_ = 0.5 * n * (n + 1.0);
    const double m = static_cast<double>(value_.size);
    complete_ = 0.5 * m * (m + 1.0) <= listed;
    if (complete_) {
      list(2.0 * value_[0], 2.0 * value_[value_.size - 1], all_);
    }
  }

  const Tally& tally() const { return tally_; }
  Span<double> values() const { return value_; }
  Span<double> counts() const { return count_; }
  double total() const { return total_; }
  double tolerance() const { return tolerance_; }
  bool complete() const { return complete_; }
  const WalshSlice& all() const { return all_; }

  // The sums of rank low, ..., high (from 1) and those equal to them.
  void slice(double low, double high, WalshSlice& out) {
    const double from = select(std::max(low, 1.0));
    const double to = select(std::min(high, total_));
    list(from - tolerance_, to + tolerance_, out);
    out.first = out.sum.front() <= 2.0 * value_[0] + tolerance_;
    out.last = out.sum.back() >= 2.0 * value_[value_.size - 1] - tolerance_;
  }

  // Median of the sums (of the two in the middle their mean): twice the estimate of Hodges and Lehmann (1963).
  double median() {
    const double lower = select(std::floor(0.5 * (total_ + 1.0)));
    const double upper = select(std::floor(0.5 * total_) + 1.0);
    return lower + 0.5 * (upper - lower);
  }

 private:
  // The sum of this rank. Counting narrows a bracket until few pairs are left in it; those are listed.
  double select(double rank) {
    if (complete_) {
      return nth(all_, rank);
    }
    double low = std::nextafter(2.0 * value_[0], -infinity), high = 2.0 * value_[value_.size - 1];
    const double few = 4.0 * static_cast<double>(value_.size) + 1024.0;
    for (int i = 0; i < 200 && pairs_between(low, high) > few; ++i) {
      const double middle = low + 0.5 * (high - low);
      if (!(middle > low && middle < high)) {
        break;
      }
      (at_most(middle) >= rank ? high : low) = middle;
    }
    list(std::nextafter(low, high), high, bracket_);
    return nth(bracket_, rank);
  }

  static double nth(const WalshSlice& slice, double rank) {
    double seen = slice.below;
    for (std::size_t k = 0; k < slice.size(); ++k) {
      seen += slice.weight[k];
      if (seen >= rank) {
        return slice.sum[k];
      }
    }
    return slice.sum.back();
  }

  // Calls f(i, first, last) for every i with the values j in [first, last), j >= i, whose sum with value i lies in [low, high].
  template <class F>
  void bands(double low, double high, F&& f) const {
    std::size_t first = value_.size, last = value_.size;
    for (std::size_t i = 0; i < value_.size; ++i) {
      while (first > 0 && value_[i] + value_[first - 1] >= low) {
        --first;
      }
      while (last > 0 && value_[i] + value_[last - 1] > high) {
        --last;
      }
      f(i, std::max(first, i), std::max(last, i));
    }
  }

  double pairs_between(double low, double high) const {
    double pairs = 0.0;
    bands(low, high, [&](std::size_t, std::size_t a, std::size_t b) { pairs += b > a ? static_cast<double>(b - a) : 0.0; });
    return pairs;
  }

  double weight(std::size_t i, std::size_t j) const {
    return i == j ? 0.5 * count_[i] * (count_[i] + 1.0) : count_[i] * count_[j];
  }

  // Pairs whose sum is at most t.
  double at_most(double t) const {
    double pairs = 0.0;
    bands(-infinity, t, [&](std::size_t i, std::size_t, std::size_t last) {
      if (last > i) {
        pairs += weight(i, i) + count_[i] * (before_[last] - before_[i + 1]);
      }
    });
    return pairs;
  }

  void list(double low, double high, WalshSlice& out) {
    pair_.clear();
    bands(low, high, [&](std::size_t i, std::size_t a, std::size_t b) {
      for (std::size_t j = a; j < b; ++j) {
        pair_.emplace_back(value_[i] + value_[j], weight(i, j));
      }
    });
    std::sort(pair_.begin(), pair_.end());
    out.clear();
    for (const auto& p : pair_) {
      if (out.sum.empty() || p.first - out.sum.back() > tolerance_) {
        out.sum.push_back(p.first);
        out.weight.push_back(0.0);
      }
      out.weight.back() += p.second;
    }
    if (!out.sum.empty() && low > 2.0 * value_[0]) {
      out.below = at_most(std::nextafter(out.sum.front(), -infinity));
    }
  }

  Tally tally_;
  Span<double> value_, count_;   // of the tally
  std::vector<double> before_;   // before_[i]: changes below value i
  std::vector<std::pair<double, double>> pair_;
  WalshSlice all_, bracket_;
  double total_ = 0.0, tolerance_ = 0.0;
  bool complete_ = false;
};

}  // namespace respondr::paired
