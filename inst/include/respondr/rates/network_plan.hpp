#pragma once
// How the columns of a table are split for network.hpp, and what that costs, known before it is begun.

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "respondr/rates/network_nodes.hpp"

namespace respondr::rates {

struct NetworkSplit {
  std::vector<std::size_t> left, right;  // columns, largest first
  double work = std::numeric_limits<double>::infinity();
};

// Counts the nodes of every level without listing them and guesses how many different values their lists hold: about as
// many as there are tables, until values repeat. Different products of factorials of S patients in cells grow about as the
// partitions of S to the power 0.6 (found by trial; within a factor of three of the true steps in the tests); other
// statistics have no more values than their range.
class NetworkPlanner {
 public:
  // value_range: largest less smallest value of a whole table, for statistics that take every whole number; else infinite.
  NetworkSplit best(const NetworkTable& t, double value_range) {
    prepare(t, value_range);
    const std::size_t k = t.cols();
    std::vector<std::size_t> order(k);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return t.col[a] > t.col[b]; });
    NetworkSplit out;
    constexpr std::size_t most = 11;
    for (std::size_t bits = 0; bits < (std::size_t{1} << (std::min(k, most) - 1)); ++bits) {
      NetworkSplit split;
      int sum_left = 0, sum_right = 0;
      split.right.push_back(order[0]);
      sum_right += t.col[order[0]];
      for (std::size_t j = 1; j < k; ++j) {
        const bool left = j < most ? ((bits >> (j - 1)) & 1) != 0 : sum_left < sum_right;
        (left ? split.left : split.right).push_back(order[j]);
        (left ? sum_left : sum_right) += t.col[order[j]];
      }
      if (!split.left.empty()) {
        split.work = work(t, split);
        if (split.work < out.work) {
          out = split;
        }
      }
    }
    return out;
  }

 private:
  void prepare(const NetworkTable& t, double value_range) {
    range_ = value_range;
    total_ = static_cast<std::size_t>(std::accumulate(t.row.begin(), t.row.end(), 0));
    vectors_.assign(total_ + 1, 0.0);
    vectors_[0] = 1.0;
    for (const int r : t.row) {
      widen(static_cast<std::size_t>(r));
    }
    nodes_ = vectors_;
    if (total_ <= 400) {
      count_nodes(t);
    }
  }

  // vectors_[s] becomes the number of vectors with sum s when one more number from 0 to r is added.
  void widen(std::size_t r) {
    std::vector<double> before(total_ + 2, 0.0);
    for (std::size_t s = 0; s <= total_; ++s) {
      before[s + 1] = before[s] + vectors_[s];
    }
    for (std::size_t s = 0; s <= total_; ++s) {
      vectors_[s] = before[s + 1] - before[s > r ? s - r : 0];
    }
  }

  // Vectors that descend within classes.
  void count_nodes(const NetworkTable& t) {
    std::vector<double> all(total_ + 1, 0.0), next(total_ + 1);
    all[0] = 1.0;
    for (std::size_t first = 0, last = 0; first < t.rows(); first = last) {
      while (last < t.rows() && t.row_class[last] == t.row_class[first]) {
        ++last;
      }
      const std::vector<double> one = count_class(t, first, last);
      std::fill(next.begin(), next.end(), 0.0);
      for (std::size_t a = 0; a <= total_; ++a) {
        for (std::size_t b = 0; all[a] > 0.0 && a + b <= total_; ++b) {
          next[a + b] += all[a] * one[b];
        }
      }
      all.swap(next);
    }
    nodes_ = all;
  }

  // Of one class: at(x, s) counts the descending vectors so far that end in x and have the sum s.
  std::vector<double> count_class(const NetworkTable& t, std::size_t first, std::size_t last) const {
    const std::size_t high = static_cast<std::size_t>(t.row[first]), width = total_ + 1;
    std::vector<double> at((high + 1) * width, 0.0), from(width), sum(width, 0.0);
    for (std::size_t x = 0; x <= high; ++x) {
      at[x * width + x] = 1.0;
    }
    for (std::size_t i = first + 1; i < last; ++i) {
      std::fill(from.begin(), from.end(), 0.0);
      for (std::size_t x = high + 1; x-- > 0;) {
        for (std::size_t s = 0; s < width; ++s) {
          from[s] += at[x * width + s];
        }
        const bool fits = x <= static_cast<std::size_t>(t.row[i]);
        for (std::size_t s = width; s-- > 0;) {
          at[x * width + s] = fits && s >= x ? from[s - x] : 0.0;
        }
      }
    }
    for (std::size_t x = 0; x <= high; ++x) {
      for (std::size_t s = 0; s < width; ++s) {
        sum[s] += at[x * width + s];
      }
    }
    return sum;
  }

  double different(double tables, double sum) const {
    if (std::isfinite(range_)) {
      return std::min(tables, 1.0 + range_ * sum / static_cast<double>(total_));
    }
    const double ln_partitions = 2.565099660323728 * std::sqrt(sum) - std::log(6.928203230275509 * sum);
    const double most = 4.0 * std::exp(0.6 * std::max(0.0, ln_partitions));
    return 1.0 / (1.0 / std::pow(tables, 0.95) + 1.0 / most);
  }

  // Steps of one half; the length of the lists at its top.
  double half(const NetworkTable& t, const std::vector<std::size_t>& columns, double& length) const {
    double steps = 0.0, tables = 1.0;
    std::size_t sum = 0;
    length = 1.0;
    for (const std::size_t j : columns) {
      const std::size_t before = sum, c = static_cast<std::size_t>(t.col[j]);
      sum += c;
      const double arcs = std::max(1.0, vectors_[c] * vectors_[before] / vectors_[sum]);
      if (before > 0) {
        steps += nodes_[sum] * arcs * (8.0 + length);
        tables *= arcs;
        length = different(tables, static_cast<double>(sum));
      }
    }
    return steps;
  }

  double work(const NetworkTable& t, const NetworkSplit& split) const {
    double left = 1.0, right = 1.0, steps = half(t, split.left, left) + half(t, split.right, right);
    std::size_t sum = 0;
    for (const std::size_t j : split.left) {
      sum += static_cast<std::size_t>(t.col[j]);
    }
    return steps + vectors_[sum] * (8.0 + left + right);
  }

  double range_ = 0.0;
  std::size_t total_ = 0;
  std::vector<double> vectors_, nodes_;  // vectors of row sums by their sum: all, and descending within classes
};

}  // namespace respondr::rates
