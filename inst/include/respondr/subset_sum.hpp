#pragma once
// Distribution of the sum of a random subset of whole numbers, each taken with probability one half, by convolution from below
// up to a cap (Pagano and Tritchler 1983, J Am Stat Assoc 78:435).

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "respondr/types.hpp"

namespace respondr {

struct SubsetTail {
  double at_most = 1.0;  // P(sum <= cap)
  double at = 1.0;       // P(sum = cap)
};

class SubsetSum {
 public:
  // Cells to update for tail(). values: ascending, not negative.
  static double cells(Span<std::int64_t> values, double cap) {
    double cells = 0.0, reach = 0.0;
    for (const std::int64_t a : values) {
      reach = std::min(cap, reach + static_cast<double>(a));
      cells += reach + 1.0;
    }
    return cells;
  }

  SubsetTail tail(Span<std::int64_t> values, std::size_t cap) {
    mass_.assign(cap + 1, 0.0);
    mass_[0] = 1.0;
    std::size_t reach = 0;
    for (const std::int64_t a : values) {
      const std::size_t shift = static_cast<std::size_t>(a);
      reach = std::min(cap, reach + shift);
      add_value(shift, reach);
    }
    return {std::accumulate(mass_.begin(), mass_.end(), 0.0), mass_[cap]};
  }

 private:
  // mass[s] <- (mass[s] + mass[s - shift]) / 2, from above so that what is read has not been written. Eight at a time, so
  // that the compiler sees a fixed length.
  void add_value(std::size_t shift, std::size_t reach) {
    double* f = mass_.data();
    std::size_t s = reach + 1;
    while (s >= shift + 8) {
      s -= 8;
      double next[8];
      for (std::size_t j = 0; j < 8; ++j) {
        next[j] = 0.5 * (f[s + j] + f[s + j - shift]);
      }
      for (std::size_t j = 0; j < 8; ++j) {
        f[s + j] = next[j];
      }
    }
    while (s > shift) {
      --s;
      f[s] = 0.5 * (f[s] + f[s - shift]);
    }
    while (s > 0) {
      --s;
      f[s] *= 0.5;
    }
  }

  std::vector<double> mass_;
};

}  // namespace respondr
