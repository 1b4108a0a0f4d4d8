#pragma once
// What the changes of a paired problem say before any test: their rounding, their status, their units.

#include <algorithm>
#include <cmath>
#include <limits>

#include "respondr/paired/sample.hpp"
#include "respondr/sides.hpp"
#include "respondr/special/central.hpp"

namespace respondr::paired {

inline Sides sides(const Options& options) { return respondr::sides(options.alternative, options.conf_level); }

// Absolute error that one change may carry from the rounding of its measurements.
inline double change_rounding(const Sample& sample) {
  return sample.on_grid ? 0.0 : 2.0 * std::numeric_limits<double>::epsilon() * sample.magnitude;
}

// All changes equal but for rounding; then `value` is that change.
inline bool constant_change(const Sample& sample, double& value) {
  const auto range = std::minmax_element(sample.change.begin(), sample.change.end());
  value = *range.first;
  return *range.second - *range.first <= 2.0 * change_rounding(sample);
}

// The status that the changes themselves give the row.
inline void status_of_changes(const Sample& sample, const Shift& shift, Row& row) {
  double constant = 0.0;
  if (sample.size() == 0) {
    row.status = Status::no_data;
  } else if (sample.size() == 1) {
    row.status = Status::one_pair;
  } else if (constant_change(sample, constant)) {
    const bool at_null = std::fabs(constant - shift.null) <= 2.0 * change_rounding(sample);
    row.status = at_null ? Status::all_zero : Status::no_variance;
  }
}

// A sum of changes in the units of the outcome.
inline double outcome_units(const Sample& sample, double x) {
  return sample.unit < 1.0 ? x / sample.per_unit : x * sample.unit;
}

}  // namespace respondr::paired
