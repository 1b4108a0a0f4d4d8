#pragma once
// The two arms of one problem, without missing values, on the decimal grid where a method needs ties.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/groups/two_types.hpp"
#include "respondr/ranks.hpp"
#include "respondr/sides.hpp"

namespace respondr::groups {

// Rows of one arm, numbered from 1.
struct ArmRows {
  const int* rows = nullptr;
  std::size_t n = 0;
  bool contiguous = false;  // rows[0], rows[0] + 1, ...
};

struct TwoLoadWorkspace {
  std::vector<double> level, reference;
};

enum class TwoLoaded { ready, infinite };

namespace detail {

inline bool gather_arm(const double* column, const ArmRows& arm, std::vector<double>& out) {
  out.resize(arm.n);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < arm.n; ++i) {
    const double v = column[arm.rows[i] - 1];
    if (std::isinf(v)) {
      return false;
    }
    out[kept] = v;
    kept += v == v ? 1 : 0;
  }
  out.resize(kept);
  return true;
}

inline double largest_absolute(Span<double> x) {
  double out = 0.0;
  for (const double v : x) {
    out = std::max(out, std::fabs(v));
  }
  return out;
}

inline void into_units(const Grid& grid, std::vector<double>& x) {
  for (double& v : x) {
    v = to_units(v, grid);
  }
}

}  // namespace detail

// Which methods rank the values or count their sums, and so need them on the grid.
inline bool needs_grid(const TwoOptions& options) {
  switch (options.method) {
    case TwoMethod::student:
    case TwoMethod::welch:
    case TwoMethod::z:
    case TwoMethod::f:
    case TwoMethod::bootstrap:
      return options.effect == TwoEffect::rank_biserial || options.effect == TwoEffect::prob_superiority;
    default: return true;
  }
}

// The hypotheses in the units of the solver; probabilities and ratios have none.
inline Shift two_shift(const TwoOptions& options, const Grid& grid) {
  const bool bare = options.method == TwoMethod::brunner_munzel || options.method == TwoMethod::f ||
                    options.method == TwoMethod::fligner;
  const auto in_units = [&](double x) { return bare || !(x == x) ? x : to_units(x, grid); };
  return {in_units(options.null), in_units(options.margin_low), in_units(options.margin_high)};
}

// Fills arms and the counts of the row.
inline TwoLoaded load_arms(const double* column, const ArmRows& level, const ArmRows& reference, const TwoOptions& options,
                           TwoLoadWorkspace& w, TwoArms& arms, Shift& shift, TwoRow& row) {
  if (!detail::gather_arm(column, level, w.level) || !detail::gather_arm(column, reference, w.reference)) {
    return TwoLoaded::infinite;
  }
  row.n = static_cast<int>(w.level.size());
  row.n_reference = static_cast<int>(w.reference.size());
  row.n_dropped = static_cast<int>(level.n + reference.n) - row.n - row.n_reference;
  Grid grid;
  if (needs_grid(options)) {
    grid = find_grid({w.level.data(), w.level.size()}, {w.reference.data(), w.reference.size()});
    if (grid.on) {
      detail::into_units(grid, w.level);
      detail::into_units(grid, w.reference);
    }
  }
  arms.level = {w.level.data(), w.level.size()};
  arms.reference = {w.reference.data(), w.reference.size()};
  arms.on_grid = grid.on;
  arms.unit = grid.unit;
  arms.per_unit = grid.per_unit;
  arms.magnitude = std::max(detail::largest_absolute(arms.level), detail::largest_absolute(arms.reference));
  shift = two_shift(options, grid);
  return TwoLoaded::ready;
}

}  // namespace respondr::groups
