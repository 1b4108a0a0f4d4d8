#pragma once
// One marker of a scan as the last column of the basis: shifted, scaled, and less what the covariates say of it in the information
// of their own fit. Score and information at the start of the marker's fit are then those of the covariates and two sums.

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

struct Range {
  double low = infinity, high = -infinity;  // of rows with weight
  int gaps = 0;
};

// Values into the last column, NaN where there is none.
template <class Value>
Range read_marker(const Value* x, Value absent, Basis& basis) {
  const std::size_t last = basis.rank - 1;
  Range r;
  for (std::size_t b = 0; b < basis.blocks; ++b) {
    const std::size_t start = b * block_rows, here = std::min(block_rows, basis.n - start);
    double* to = basis.block(b) + last * block_rows;
    const double* m = basis.weight.data() + start;
    for (std::size_t i = 0; i < here; ++i) {
      const Value value = x[start + i];
      const bool gap = value == absent || value != value;
      const double number = gap ? missing : static_cast<double>(value);
      r.gaps += gap;
      r.low = number < r.low && m[i] > 0.0 ? number : r.low;
      r.high = number > r.high && m[i] > 0.0 ? number : r.high;
      to[i] = number;
    }
    std::fill(to + here, to + block_rows, 0.0);
  }
  return r;
}

// Rows without the marker get weight 0, and the mean of the others.
inline int mask(ScanWorkspace& w) {
  Basis& basis = w.basis;
  const std::size_t last = basis.rank - 1;
  CompensatedSum sum, trials, events;
  double count = 0.0;
  int used = 0;
  for (std::size_t i = 0; i < basis.n; ++i) {
    const double value = basis.at(i, last);
    if (value != value) {
      basis.weight[i] = 0.0;
      continue;
    }
    sum.add(value);
    count += 1.0;
    trials.add(basis.weight[i]);
    events.add(basis.weight[i] * basis.y[i]);
    used += basis.weight[i] > 0.0;
  }
  for (std::size_t i = 0; i < basis.n; ++i) {
    double& value = basis.at(i, last);
    if (value != value) value = sum.value() / count;
  }
  basis.unit = false;
  basis.trials = trials.value();
  basis.events = events.value();
  w.masked = true;
  return used;
}

inline void place_marker(double shift, double scale, Basis& basis) {
  const std::size_t last = basis.rank - 1;
  for (std::size_t b = 0; b < basis.blocks; ++b) {
    double* to = basis.block(b) + last * block_rows;
    const std::size_t here = std::min(block_rows, basis.n - b * block_rows);
    for (std::size_t i = 0; i < here; ++i) to[i] = (to[i] - shift) * scale;
  }
}

// Z'Wg and g'Wg of the marker's column g, W the information weights of the covariates' fit.
inline void project_marker(const ScanPlan& plan, ScanWorkspace& w) {
  const Basis& basis = w.basis;
  const std::size_t last = basis.rank - 1;
  alignas(16) double weighted[block_rows];
  std::fill(w.projection.begin(), w.projection.end(), 0.0);
  for (std::size_t b = 0; b < basis.blocks; ++b) {
    const std::size_t here = basis.block_size(b);
    const double *own = basis.block(b) + last * block_rows, *u = plan.information_weight() + b * block_rows;
    for (std::size_t i = 0; i < here; i += 2) {
      store_lanes(weighted + i, load_lanes(own + i) * load_lanes(u + i));
    }
    add_projection(basis.block(b), basis.rank, weighted, here, w.projection.data());
  }
}

// The marker's column less its projection, so that it has information `trials`; a second pass where little is left. Returns what it
// was divided by, and 0 if less than 1e-10 of its length is left.
inline double take_out_covariates(const ScanPlan& plan, ScanWorkspace& w) {
  Basis& basis = w.basis;
  const std::size_t last = basis.rank - 1;
  double whole = 0.0, left = 0.0;
  for (int pass = 0; pass < 3; ++pass) {
    project_marker(plan, w);
    const double now = w.projection[last];
    if (pass == 0) whole = now;
    std::copy_n(w.projection.begin(), last, w.step.begin());
    solve_factor(plan.null_factor(), w.step.data());
    left = now;
    for (std::size_t j = 0; j < last; ++j) {
      left -= w.projection[j] * w.step[j];
      w.step[j] = -w.step[j];
    }
    if (!(left > 1e-20 * whole)) {
      return 0.0;
    }
    for (std::size_t b = 0; b < basis.blocks; ++b) {
      add_linear(basis.block(b), last, w.step.data(), basis.block_size(b), basis.block(b) + last * block_rows);
    }
    if (left > 0.05 * now) {
      break;
    }
  }
  const double length = std::sqrt(left / plan.covariates().trials), inverse = 1.0 / length;
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
  const Range range = read_marker(x, absent, basis);
  row.n_dropped = range.gaps;
  row.n = range.gaps > 0 ? mask(w) : plan.n();
  row.events = basis.events;
  const double shift = basis.intercept ? range.low : 0.0;
  const double most = std::fmax(std::fabs(range.high - shift), std::fabs(range.low - shift));
  if (row.n == 0) {
    row.status = Status::no_data;
  } else if (!(basis.events > 0.0 && basis.events < basis.trials)) {
    row.status = Status::one_level;
  } else if (!(most < infinity)) {
    row.status = Status::not_estimable;
  } else if (most == 0.0) {
    row.status = Status::no_variance;
  }
  if (row.status != Status::ok) {
    return false;
  }
  int exponent = 0;
  std::frexp(most, &exponent);
  const double scale = std::ldexp(1.0, std::min(-exponent, 1023));
  place_marker(shift, scale, basis);
  unit = take_out_covariates(plan, w) / scale;
  if (!(unit > 0.0)) row.status = Status::rank_deficient;
  return row.status == Status::ok;
}

// The evaluation at coefficients 0 from that of the covariates: no row is missing, and they are at their maximum.
inline void start_marker(const ScanPlan& plan, ScanWorkspace& w) {
  Evaluation& e = w.solver.now;
  const Basis& basis = w.basis;
  const std::size_t last = basis.rank - 1;
  std::fill(e.gamma.begin(), e.gamma.end(), 0.0);
  std::fill(e.score.begin(), e.score.end(), 0.0);
  std::fill(e.penalty.begin(), e.penalty.end(), 0.0);
  for (std::size_t b = 0; b < basis.blocks; ++b) {
    add_projection(basis.block(b) + last * block_rows, 1, plan.residual() + b * block_rows, basis.block_size(b), &e.score[last]);
  }
  for (std::size_t k = 0; k < last; ++k) {
    for (std::size_t j = 0; j < last; ++j) {
      e.information(j, k) = plan.null_information()(j, k);
      e.factor(j, k) = plan.null_factor()(j, k);
    }
    e.information(last, k) = e.information(k, last) = e.factor(last, k) = e.factor(k, last) = 0.0;
  }
  e.information(last, last) = plan.covariates().trials;
  e.factor(last, last) = std::sqrt(plan.covariates().trials);
  e.log_likelihood = e.value = plan.log_likelihood();
  e.regular = true;
}

}  // namespace respondr::logistic::detail
