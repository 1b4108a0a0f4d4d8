#pragma once
// The largest value of a p over a nuisance parameter.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/golden.hpp"

namespace respondr::paired_rates {

namespace detail {

// Largest value of f on [0, end], smooth at the distance of the points; peaks within a tenth of the best are refined.
// Where only `alpha` is asked about (not negative), a value above it is enough, and so is a grid that stays a fifth below
// it.
template <class F>
double largest_on_grid(F&& f, double end, std::size_t points, double alpha, std::vector<double>& grid) {
  const double step = end / static_cast<double>(points);
  grid.resize(points + 1);
  for (std::size_t i = 0; i <= points; ++i) {
    grid[i] = f(step * static_cast<double>(i));
    if (alpha >= 0.0 && grid[i] > alpha) {
      return grid[i];
    }
  }
  const double best = *std::max_element(grid.begin(), grid.end());
  if (best < 0.8 * alpha) {
    return best;
  }
  double found = best;
  for (std::size_t i = 0; i <= points; ++i) {
    const bool peak = (i == 0 || grid[i] >= grid[i - 1]) && (i == points || grid[i] >= grid[i + 1]);
    if (peak && grid[i] > 0.9 * best) {
      const double at = step * static_cast<double>(i);
      found = std::fmax(found, golden_maximum(f, std::fmax(0.0, at - step), std::fmin(end, at + step), 34));
    }
  }
  return found;
}

}  // namespace detail

}  // namespace respondr::paired_rates
