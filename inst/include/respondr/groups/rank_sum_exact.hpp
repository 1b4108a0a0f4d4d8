#pragma once
// Exact distribution of the rank sum of one arm given the midranks (shift algorithm of Streitberg and Roehmel 1986, Stat
// Software Newsletter 12:10), from its lower end up to a cap.
//
// Subsets of k of the first i values are counted by 2 U, twice the number of pairs (chosen, left out) in which the
// chosen is the
// larger, a tie counting one half. A group of g tied values of which j are chosen when k of the i below are chosen adds
// j (2 (i - k) + g - j), which is never negative. What the values still to come must add at least bounds the counts to
// be kept.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/detail/add.hpp"
#include "respondr/types.hpp"

namespace respondr::groups {

struct LowerTail {
  double at_most = 1.0;  // P(2 U <= cap)
  double at = 1.0;       // P(2 U = cap)
};

// Number of subsets of size k of n; multiplied before it is divided, so that it stays whole as long as doubles are.
inline double choose(double n, double k) {
  double out = 1.0;
  const double m = std::min(k, n - k);
  for (double i = 1.0; i <= m; i += 1.0) {
    out = out * (n - m + i) / i;
  }
  return out;
}

class RankSumExact {
 public:
  // Steps of eight counts for one tail of arms of these sizes; infinite where the counts are no doubles.
  static double work(double m, double n, bool ties) {
    const double picks = std::min(m, n);
    if (!(choose(m + n, picks) < 1e300)) {
      return infinity;
    }
    return (m + n) * picks * (8.0 + (ties ? 0.3 : 0.15) * m * n) / 8.0;
  }

  // size: how many values each group of ties holds, in the order of the values; picks: size of the arm counted.
  LowerTail tail(Span<std::size_t> size, std::size_t picks, double cap) {
    std::size_t total = 0;
    bool odd = true;
    for (const std::size_t g : size) {
      total += g;
      odd = odd && g % 2 == 1;
    }
    step_ = odd ? 2 : 1;  // groups of odd size: 2 U of all subsets is even
    picks_ = picks;
    cap_ = static_cast<std::ptrdiff_t>(std::floor(cap / static_cast<double>(step_)));
    width_ = static_cast<std::size_t>(cap_) + 1;
    count_.resize((picks + 1) * width_);
    last_.assign(picks + 1, -1);  // no count yet
    count_[0] = 1.0;
    last_[0] = 0;
    std::size_t below = 0;
    for (const std::size_t g : size) {
      add_group(below, g);
      below += g;
    }
    double sum = 0.0;
    const double* row = count_.data() + picks * width_;
    for (std::ptrdiff_t s = 0; s <= last_[picks]; ++s) {
      sum += row[s];
    }
    const double all = choose(static_cast<double>(total), static_cast<double>(picks));
    const bool whole = cap_ * static_cast<std::ptrdiff_t>(step_) == static_cast<std::ptrdiff_t>(cap);
    const bool reached = whole && last_[picks] == cap_;
    const double at_most = std::min(1.0, sum / all);
    return {at_most, reached ? std::min(at_most, row[cap_] / all) : 0.0};
  }

 private:
  // Largest count worth keeping when k of the first i are chosen, in steps; negative: none.
  std::ptrdiff_t bound(std::size_t i, std::size_t k) const {
    const std::ptrdiff_t left_out = static_cast<std::ptrdiff_t>(i) - static_cast<std::ptrdiff_t>(k);
    const std::ptrdiff_t rest = static_cast<std::ptrdiff_t>(picks_ - k);
    const std::ptrdiff_t unit = static_cast<std::ptrdiff_t>(step_);
    const std::ptrdiff_t possible = 2 * static_cast<std::ptrdiff_t>(k) * left_out / unit;
    return std::min(possible, cap_ - 2 * rest * left_out / unit);
  }

  // Rows from the largest number chosen down: what a row takes from others has not been changed.
  void add_group(std::size_t below, std::size_t g) {
    const std::size_t top = std::min(picks_, below + g);
    for (std::size_t k = top + 1; k-- > 0;) {
      const std::ptrdiff_t limit = std::max<std::ptrdiff_t>(-1, bound(below + g, k));
      const std::ptrdiff_t before = std::min(last_[k], limit);
      double* row = count_.data() + k * width_;
      if (limit > before) {
        std::fill(row + (before + 1), row + (limit + 1), 0.0);
      }
      std::ptrdiff_t reach = before;
      double ways = 1.0;
      for (std::size_t j = 1; j <= std::min(k, g); ++j) {
        ways = ways * static_cast<double>(g - j + 1) / static_cast<double>(j);
        const std::size_t from = k - j;
        if (from > below || last_[from] < 0) {
          continue;
        }
        const std::size_t shift = j * (2 * (below - from) + g - j) / step_;
        const std::ptrdiff_t end = std::min(last_[from] + static_cast<std::ptrdiff_t>(shift), limit);
        const std::ptrdiff_t length = end - static_cast<std::ptrdiff_t>(shift) + 1;
        if (length > 0) {
          respondr::detail::add_scaled(row + shift, count_.data() + from * width_, static_cast<std::size_t>(length), ways);
          reach = std::max(reach, end);
        }
      }
      last_[k] = reach;
    }
  }

  std::vector<double> count_;
  std::vector<std::ptrdiff_t> last_;  // last count that may differ from 0; -1: none
  std::size_t picks_ = 0, width_ = 1, step_ = 1;
  std::ptrdiff_t cap_ = 0;
};

}  // namespace respondr::groups
