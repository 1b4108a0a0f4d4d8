#pragma once
// From columns of measurements to one Sample: complete pairs, the scale, the decimal grid, the counts.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "respondr/detail/lanes.hpp"
#include "respondr/paired/sample.hpp"
#include "respondr/ranks.hpp"
#include "respondr/sides.hpp"

namespace respondr::paired {

// Where the measurements of one problem lie. Row numbers count from 1; missing_int marks a visit the patient did not make.
struct PairColumns {
  const double* before = nullptr;      // null for a change column
  const double* after = nullptr;       // the change itself where before is null
  const int* rows_before = nullptr;    // null: patient i is row i
  const int* rows_after = nullptr;
  const std::uint64_t* patient = nullptr;  // null where no random numbers are drawn
  std::size_t n = 0;                   // patients of the group
};

struct LoadWorkspace {
  std::vector<double> before, after;
  std::vector<std::uint64_t> patient;
  TieScratch ties;
};

namespace detail {

inline double fetch(const double* column, const int* rows, std::size_t i) {
  if (rows == nullptr) {
    return column[i];
  }
  return rows[i] == missing_int ? missing : column[rows[i] - 1];
}

// Complete pairs of the problem; false if a measurement is infinite.
inline bool gather(const PairColumns& c, LoadWorkspace& w) {
  w.before.resize(c.n);
  w.after.resize(c.n);
  w.patient.resize(c.patient != nullptr ? c.n : 0);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < c.n; ++i) {
    const double b = c.before == nullptr ? 0.0 : fetch(c.before, c.rows_before, i);
    const double a = fetch(c.after, c.rows_after, i);
    if (std::isinf(a) || std::isinf(b)) {
      return false;
    }
    w.before[kept] = b;
    w.after[kept] = a;
    if (c.patient != nullptr) {
      w.patient[kept] = c.patient[i];
    }
    kept += (a == a && b == b) ? 1 : 0;
  }
  w.before.resize(kept);
  w.after.resize(kept);
  if (c.patient != nullptr) {
    w.patient.resize(kept);
  }
  return true;
}

// Two measurements in lowest terms: on a decimal grid as whole numbers without a common factor, so that 3 / 1 and 0.6 / 0.2 are
// the same ratio to the last bit.
inline void lowest_terms(const Grid& grid, double& before, double& after) {
  if (!grid.on || before == 0.0 || after == 0.0) {
    return;
  }
  const std::int64_t b = static_cast<std::int64_t>(to_units(before, grid)), a = static_cast<std::int64_t>(to_units(after, grid));
  const double common = static_cast<double>(std::gcd(a, b));
  before = static_cast<double>(b) / common;
  after = static_cast<double>(a) / common;
}

// Change of one pair on a scale of ratios; false if the scale has no place for it, with the reason in the row.
inline bool scaled_change(Scale scale, double before, double after, double& change, Row& row) {
  if (scale == Scale::symmetric_percent) {
    if (before < 0.0 || after < 0.0) {
      row.add(Note::negative);
      return false;
    }
    if (before + after == 0.0) {
      row.add(Note::zero_sum);
      return false;
    }
    change = 100.0 * (after - before) / (after + before);
    return true;
  }
  if (before <= 0.0 || after <= 0.0) {
    row.add(Note::not_positive);
    return false;
  }
  change = std::log(after) - std::log(before);
  return true;
}

}  // namespace detail

// A number of the user's scale in sample units.
inline double sample_units(const Options& options, const Grid& grid, double x) {
  switch (options.scale) {
    case Scale::ratio: return std::log(x);
    case Scale::log_percent: return x / 100.0;
    case Scale::symmetric_percent: return x;
    default: return to_units(x, grid);
  }
}

inline Shift sample_shift(const Options& options, const Grid& grid) {
  Shift shift;
  shift.null = sample_units(options, grid, options.null);
  if (options.alternative == Alternative::equivalence) {
    shift.margin_low = sample_units(options, grid, options.margin_low);
    shift.margin_high = sample_units(options, grid, options.margin_high);
  }
  return shift;
}

enum class Loaded { ready, infinite };

namespace detail {

inline void count(Sample& sample, const Shift& shift, LoadWorkspace& w, Row& row) {
  const TieCounts counts = count_ties({sample.change.data(), sample.size()}, shift.null, w.ties);
  sample.n_zeros = row.n_zeros = counts.zeros;
  sample.n_ties = row.n_ties = counts.ties;
}

// The common case of a batch: both columns whole, nothing missing, differences of values that are no decimals, and nothing asked
// of the measurements beyond their difference. False: take the long way.
inline bool load_dense(const PairColumns& c, const Options& options, LoadWorkspace& w, Sample& sample, Shift& shift,
                       Row& row) {
  if (options.scale != Scale::difference || options.effect != Effect::none || c.patient != nullptr || c.n == 0 ||
      c.before == nullptr || c.rows_before != nullptr || c.rows_after != nullptr) {
    return false;
  }
  sample.change.resize(c.n);
  if (!respondr::detail::dense_change(c.before, c.after, c.n, sample.change.data(), sample.magnitude) ||
      find_grid({c.after, c.n}, {c.before, c.n}).on) {
    return false;
  }
  sample.on_grid = false;
  sample.unit = sample.per_unit = 1.0;
  sample.n_patients = row.n_pairs = static_cast<int>(c.n);
  sample.before.clear();
  sample.after.clear();
  sample.patient.clear();
  shift = sample_shift(options, Grid());
  count(sample, shift, w, row);
  return true;
}

}  // namespace detail

namespace detail {

inline void load_differences(const PairColumns& columns, const Grid& grid, const LoadWorkspace& w, Sample& sample) {
  const bool has_visits = columns.before != nullptr;
  sample.unit = grid.unit;
  sample.per_unit = grid.per_unit;
  for (std::size_t i = 0; i < w.after.size(); ++i) {
    const double b = grid.on && has_visits ? to_units(w.before[i], grid) : w.before[i];
    const double a = grid.on ? to_units(w.after[i], grid) : w.after[i];
    sample.magnitude = std::max(sample.magnitude, std::max(std::fabs(a), std::fabs(b)));
    sample.change.push_back(has_visits ? a - b : a);
  }
}

// Pairs that have no place on the scale leave, and count as dropped.
inline void load_ratios(const Options& options, const Grid& grid, LoadWorkspace& w, Sample& sample, Row& row) {
  const bool percent = options.scale == Scale::symmetric_percent, keyed = !w.patient.empty();
  sample.unit = options.scale == Scale::log_percent ? 100.0 : 1.0;
  sample.per_unit = 1.0 / sample.unit;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < w.after.size(); ++i) {
    double b = w.before[i], a = w.after[i], change = 0.0;
    lowest_terms(grid, b, a);
    if (!scaled_change(options.scale, b, a, change, row)) {
      continue;
    }
    // Relative rounding of the measurements becomes absolute rounding of their logarithm or percentage.
    const double size = percent ? 100.0 : std::max({1.0, std::fabs(std::log(a)), std::fabs(std::log(b))});
    sample.magnitude = std::max(sample.magnitude, size);
    sample.change.push_back(change);
    w.before[kept] = w.before[i];
    w.after[kept] = w.after[i];
    if (keyed) {
      w.patient[kept] = w.patient[i];
    }
    ++kept;
  }
  w.before.resize(kept);
  w.after.resize(kept);
  w.patient.resize(keyed ? kept : 0);
}

}  // namespace detail

// Fills sample and shift for one problem. The counts of the row are filled whatever happens.
inline Loaded load(const PairColumns& columns, const Options& options, LoadWorkspace& w, Sample& sample, Shift& shift,
                   Row& row) {
  if (detail::load_dense(columns, options, w, sample, shift, row)) {
    return Loaded::ready;
  }
  if (!detail::gather(columns, w)) {
    return Loaded::infinite;
  }
  const bool has_visits = columns.before != nullptr, differences = options.scale == Scale::difference;
  const Grid grid = find_grid({w.after.data(), w.after.size()}, {w.before.data(), has_visits ? w.before.size() : 0});
  sample.on_grid = differences && grid.on;
  sample.n_patients = static_cast<int>(columns.n);
  sample.change.clear();
  sample.magnitude = 0.0;
  if (differences) {
    detail::load_differences(columns, grid, w, sample);
  } else {
    detail::load_ratios(options, grid, w, sample, row);
  }
  row.n_pairs = static_cast<int>(sample.size());
  row.n_dropped = sample.n_patients - row.n_pairs;
  shift = sample_shift(options, grid);
  if (has_visits) {
    std::swap(sample.before, w.before);
    std::swap(sample.after, w.after);
  } else {
    sample.before.clear();
    sample.after.clear();
  }
  std::swap(sample.patient, w.patient);
  detail::count(sample, shift, w, row);
  return Loaded::ready;
}

}  // namespace respondr::paired
