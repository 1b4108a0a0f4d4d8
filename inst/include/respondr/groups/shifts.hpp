#pragma once
// Differences of a value of the level and one of the reference by their rank, without a list of all of them where there
// are many.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "respondr/tally.hpp"
#include "respondr/types.hpp"

namespace respondr::groups {

// Distinct differences in ascending order; those that differ by no more than the rounding of the values are one.
struct ShiftSlice {
  std::vector<double> shift, weight;  // weight: how many pairs have this difference
  double below = 0.0;                 // pairs whose difference is less than the first
  bool first = true, last = true;     // does it begin, does it end with the extreme difference of all?

  std::size_t size() const { return shift.size(); }
};

class Shifts {
 public:
  static constexpr double listed = 20000.0;  // pairs of distinct values that are listed at once

  // rounding: absolute error of one value.
  void prepare(Span<double> level, Span<double> reference, double rounding) {
    prepare_values(level, reference, rounding);
    smallest_ = x_[0] - y_[y_.size - 1];
    largest_ = x_[x_.size - 1] - y_[0];
    complete_ = static_cast<double>(x_.size) * static_cast<double>(y_.size) <= listed;
    if (complete_) {
      list(smallest_, largest_, all_);
    }
  }

  // The values of both arms alone, for a statistic at one shift.
  void prepare_values(Span<double> level, Span<double> reference, double rounding) {
    level_.prepare(level, rounding);
    reference_.prepare(reference, rounding);
    tolerance_ = level_.tolerance();
    x_ = level_.values();
    y_ = reference_.values();
    before_.assign(1, 0.0);
    for (const double c : level_.counts()) {
      before_.push_back(before_.back() + c);
    }
    total_ = static_cast<double>(level.size) * static_cast<double>(reference.size);
  }

  const Tally& level() const { return level_; }
  const Tally& reference() const { return reference_; }
  double total() const { return total_; }
  double tolerance() const { return tolerance_; }
  bool complete() const { return complete_; }
  const ShiftSlice& all() const { return all_; }
  double below_all() const { return smallest_ - (1.0 + std::fabs(smallest_) + std::fabs(largest_)); }
  double above_all() const { return largest_ + (1.0 + std::fabs(smallest_) + std::fabs(largest_)); }

  // The differences of rank low, ..., high (from 1) and those equal to them.
  void slice(double low, double high, ShiftSlice& out) {
    const double from = select(std::max(low, 1.0)), to = select(std::min(high, total_));
    list(from - tolerance_, to + tolerance_, out);
    out.first = out.shift.front() <= smallest_ + tolerance_;
    out.last = out.shift.back() >= largest_ - tolerance_;
  }

  // Estimate of Hodges and Lehmann (1963): the median of all differences, of the two in the middle their mean.
  double median() {
    const double lower = select(std::floor(0.5 * (total_ + 1.0))), upper = select(std::floor(0.5 * total_) + 1.0);
    return lower + 0.5 * (upper - lower);
  }

  // The difference of this rank. Counting narrows a bracket until few pairs are left in it; those are listed.
  double select(double rank) {
    if (complete_) {
      return nth(all_, rank);
    }
    double low = std::nextafter(smallest_, -infinity), high = largest_;
    const double few = 4.0 * static_cast<double>(x_.size + y_.size) + 1024.0;
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

 private:
  static double nth(const ShiftSlice& slice, double rank) {
    double seen = slice.below;
    for (std::size_t k = 0; k < slice.size(); ++k) {
      seen += slice.weight[k];
      if (seen >= rank) {
        return slice.shift[k];
      }
    }
    return slice.shift.back();
  }

  // Calls f(j, first, last) for every j with the values i in [first, last) of the level for which x[i] - y[j] lies in
  // [low, high].
  template <class F>
  void bands(double low, double high, F&& f) const {
    std::size_t first = 0, last = 0;
    for (std::size_t j = 0; j < y_.size; ++j) {
      while (first < x_.size && x_[first] - y_[j] < low) {
        ++first;
      }
      while (last < x_.size && x_[last] - y_[j] <= high) {
        ++last;
      }
      f(j, first, std::max(first, last));
    }
  }

  double pairs_between(double low, double high) const {
    double pairs = 0.0;
    bands(low, high, [&](std::size_t, std::size_t a, std::size_t b) { pairs += static_cast<double>(b - a); });
    return pairs;
  }

  // Pairs whose difference is at most t.
  double at_most(double t) const {
    double pairs = 0.0;
    const Span<double> counts = reference_.counts();
    bands(-infinity, t, [&](std::size_t j, std::size_t, std::size_t last) { pairs += counts[j] * before_[last]; });
    return pairs;
  }

  void list(double low, double high, ShiftSlice& out) {
    pair_.clear();
    const Span<double> cx = level_.counts(), cy = reference_.counts();
    bands(low, high, [&](std::size_t j, std::size_t a, std::size_t b) {
      for (std::size_t i = a; i < b; ++i) {
        pair_.emplace_back(x_[i] - y_[j], cx[i] * cy[j]);
      }
    });
    std::sort(pair_.begin(), pair_.end());
    out.shift.clear();
    out.weight.clear();
    out.below = 0.0;
    out.first = out.last = true;
    for (const auto& p : pair_) {
      if (out.shift.empty() || p.first - out.shift.back() > tolerance_) {
        out.shift.push_back(p.first);
        out.weight.push_back(0.0);
      }
      out.weight.back() += p.second;
    }
    if (!out.shift.empty() && low > smallest_) {
      out.below = at_most(std::nextafter(out.shift.front(), -infinity));
    }
  }

  Tally level_, reference_;
  Span<double> x_, y_;
  std::vector<double> before_;  // before_[i]: values of the level below the i-th distinct one
  std::vector<std::pair<double, double>> pair_;
  ShiftSlice all_, bracket_;
  double total_ = 0.0, tolerance_ = 0.0, smallest_ = 0.0, largest_ = 0.0;
  bool complete_ = false;
};

}  // namespace respondr::groups
