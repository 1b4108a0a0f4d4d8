#pragma once
// One marker of a scan as the last column of the basis: shifted, scaled, and less what the covariates say of it.

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "respondr/logistic/scan_plan.hpp"
#include "respondr/moments.hpp"

namespace respondr::logistic::detail {

// Weights and counts of all rows, where the marker before this one lacked some.
inline void unmask(const ScanPlan& plan, ScanWorkspace& w) {
  const Basis& from = plan.covariates();
  std::copy_n(from.weight.data(), from.blocks * block_rows, w.basis.weight.data());
  w.basis.unit = from.unit;
  w.basis.trials = from.trials;
  w.basis.events = from.events;
  w.masked = false;
}

// Rows without the marker get weight 0, and the mean of the others in its column.
template <class Value>
int mask(const Value* x, Value absent, ScanWorkspace& w, ScanRow& row, double& fill) {
  Basis& basis = w.basis;
  CompensatedSum sum, trials, events;
  int used = 0;
  for (std::size_t i = 0; i < basis.n; ++i) {
    if (x[i] == absent || x[i] != x[i]) {
      basis.weight[i] = 0.0;
      continue;
    }
    sum.add(static_cast<double>(x[i]));
    trials.add(basis.weight[i]);
    events.add(basis.weight[i] * basis.y[i]);
    used += basis.weight[i] > 0.0;
  }
  fill = sum.value() / static_cast<double>(basis.n - static_cast<std::size_t>(row.n_dropped));
  basis.unit = false;
  basis.trials = trials.value();
  basis.events = events.value();
  w.masked = true;
  return used;
}

struct Range {
  double low = infinity, high = -infinity;
};

template <class Value>
Range range_of(const Value* x, Value absent, const Basis& basis) {
  Range r;
  for (std::size_t i = 0; i < basis.n; ++i) {
    const double value = static_cast<double>(x[i]);
    const bool counts = !(x[i] == absent) && x[i] == x[i] && basis.weight[i] > 0.0;
    r.low = counts && value < r.low ? value : r.low;
    r.high = counts && value > r.high ? value : r.high;
  }
  return r;
}

template <class Value>
void fill_marker(const Value* x, Value absent, double fill, double shift, double scale, Basis& basis) {
  const std::size_t last = basis.rank - 1;
  for (std::size_t b = 0; b < basis.blocks; ++b) {
    const std::size_t start = b * block_rows, here = std::min(block_rows, basis.n - start);
    double* to = basis.block(b) + last * block_rows;
    for (std::size_t i = 0; i < here; ++i) {
      const Value value = x[start + i];
      to[i] = ((value == absent || value != value ? fill : static_cast<double>(value)) - shift) * scale;
    }
    std::fill(to + here, to + block_rows, 0.0);
  }
}

// The marker's column less its projection on the others in the inner product of the plan's weights, to length 1; twice is enough.
// Returns its length, and 0 if less than 1e-10 of it is left.
inline double take_out_covariates(const ScanPlan& plan, ScanWorkspace& w) {
  Basis& basis = w.basis;
  const std::size_t last = basis.rank - 1;
  const double trials = plan.covariates().trials;
  alignas(16) double weighted[block_rows];
  double whole = 0.0, left = 0.0;
  for (int pass = 0; pass < 3; ++pass) {  // the third only measures
    std::fill(w.projection.begin(), w.projection.end(), 0.0);
    for (std::size_t b = 0; b < basis.blocks; ++b) {
      const std::size_t here = basis.block_size(b);
      const double *own = basis.block(b) + last * block_rows, *m = plan.covariates().weight.data() + b * block_rows;
      for (std::size_t i = 0; i < here; i += 2) {
        store_lanes(weighted + i, load_lanes(own + i) * load_lanes(m + i));
      }
      add_projection(basis.block(b), basis.rank, weighted, here, w.projection.data());
    }
    left = w.projection[last] / trials;
    if (pass == 0) whole = left;
    if (pass == 2) break;
    for (std::size_t j = 0; j < last; ++j) w.projection[j] /= -trials;
    for (std::size_t b = 0; b < basis.blocks; ++b) {
      add_linear(basis.block(b), last, w.projection.data(), basis.block_size(b), basis.block(b) + last * block_rows);
    }
  }
  if (!(left > 1e-20 * whole)) {
    return 0.0;
  }
  const double length = std::sqrt(left), inverse = 1.0 / length;
  for (std::size_t b = 0; b < basis.blocks; ++b) {
    double* own = basis.block(b) + last * block_rows;
    for (std::size_t i = 0; i < block_rows; ++i) own[i] *= inverse;
  }
  return length;
}

// false, with the status, where there is nothing to fit. unit: the marker's coefficient is that of the basis over it.
template <class Value>
bool load_marker(const ScanPlan& plan, const Value* x, Value absent, ScanWorkspace& w, ScanRow& row, double& unit) {
  Basis& basis = w.basis;
  if (w.masked) unmask(plan, w);
  for (std::size_t i = 0; i < basis.n; ++i) row.n_dropped += x[i] == absent || x[i] != x[i];
  double fill = 0.0;
  row.n = row.n_dropped > 0 ? mask(x, absent, w, row, fill) : plan.n();
  row.events = basis.events;
  const Range range = range_of(x, absent, basis);
  if (row.n == 0) {
    row.status = Status::no_data;
  } else if (!(basis.events > 0.0 && basis.events < basis.trials)) {
    row.status = Status::one_level;
  } else if (!(range.low > -infinity && range.high < infinity)) {
    row.status = Status::not_estimable;
  } else if (!(basis.intercept ? range.low < range.high : range.low != 0.0 || range.high != 0.0)) {
    row.status = Status::no_variance;
  }
  if (row.status != Status::ok) {
    return false;
  }
  const double shift = basis.intercept ? range.low : 0.0;
  const double most = std::fmax(std::fabs(range.high - shift), std::fabs(range.low - shift));
  int exponent = 0;
  std::frexp(most < infinity ? most : range.high, &exponent);
  const double scale = std::ldexp(1.0, std::min(-exponent, 1023));
  if (!(most < infinity)) {
    row.status = Status::not_estimable;
    return false;
  }
  fill_marker(x, absent, fill, shift, scale, basis);
  unit = take_out_covariates(plan, w) / scale;
  if (!(unit > 0.0)) row.status = Status::rank_deficient;
  return row.status == Status::ok;
}

}  // namespace respondr::logistic::detail
