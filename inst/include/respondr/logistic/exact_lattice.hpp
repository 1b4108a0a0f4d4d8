#pragma once
// The values of a covariate as whole numbers, so that equal sums are equal: value = origin + unit * step. Decimals as they
// were typed stand on a lattice of a power of ten; multiples of a common gap (standardised decimals) on that gap. Values on
// neither are rounded to 2^-40 of their range: sums of the same values still tie, sums that are equal by a law we do not
// see do not.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <vector>

#include "respondr/types.hpp"

namespace respondr::logistic {

struct Lattice {
  double origin = 0.0, unit = 1.0;
  std::vector<std::int64_t> step;
};

namespace detail {

constexpr double lattice_reach = 1125899906842624.0;  // 2^50

// Whole after scaling, up to the rounding of one decimal that was read and scaled.
inline bool whole(double scaled, double slack) {
  return std::fabs(scaled) < lattice_reach && std::fabs(scaled - std::rint(scaled)) <= slack;
}

inline bool by_decimals(const std::vector<double>& v, double& unit) {
  double scale = 1.0;
  for (int digits = 0; digits <= 9; ++digits, scale *= 10.0) {
    const bool all = std::all_of(v.begin(), v.end(), [scale](double x) {
      return whole(x * scale, 4e-16 * std::fabs(x * scale));
    });
    if (all) {
      unit = 1.0 / scale;
      return true;
    }
  }
  return false;
}

// v are distances from the origin, each known to `noise`. A fraction of the smallest distance that all are multiples of.
inline bool by_gap(const std::vector<double>& v, double noise, double& unit) {
  double smallest = infinity, largest = 0.0;
  for (const double x : v) {
    if (std::fabs(x) > 2.0 * noise) {
      smallest = std::min(smallest, std::fabs(x));
    }
    largest = std::max(largest, std::fabs(x));
  }
  if (!(smallest < infinity)) {
    unit = 1.0;
    return true;
  }
  for (int parts = 1; parts <= 4096; ++parts) {
    const double gap = smallest / parts, error = 4.0 * noise / gap;
    const double slack = error * (1.0 + largest / smallest);
    if (slack > 1e-3) {
      return false;
    }
    if (std::all_of(v.begin(), v.end(), [&](double x) { return whole(x / gap, slack); })) {
      unit = gap;
      return true;
    }
  }
  return false;
}

inline void divide_out(Lattice& out) {
  std::int64_t common = 0;
  for (const std::int64_t k : out.step) {
    common = std::gcd(common, k);
  }
  if (common > 1) {
    for (std::int64_t& k : out.step) {
      k /= common;
    }
    out.unit *= static_cast<double>(common);
  }
}

}  // namespace detail

// `shift`: the number of events is given, so that the origin may be moved to the smallest value.
inline Lattice lattice_of(const std::vector<double>& values, bool shift) {
  Lattice out;
  double low = infinity, high = -infinity;
  for (const double x : values) {
    low = std::min(low, x);
    high = std::max(high, x);
  }
  if (values.empty()) {
    return out;
  }
  std::vector<double> v = values;
  const double size = std::max(std::fabs(low), std::fabs(high));
  if (detail::by_decimals(v, out.unit)) {
    const double scale = std::rint(1.0 / out.unit);
    const std::int64_t first = shift ? std::llrint(low * scale) : 0;
    for (const double x : v) {
      out.step.push_back(std::llrint(x * scale) - first);
    }
    out.origin = static_cast<double>(first) / scale;
  } else {
    out.origin = shift ? low : 0.0;
    for (double& x : v) {
      x -= out.origin;
    }
    if (!detail::by_gap(v, 4.5e-16 * size, out.unit)) {
      out.unit = std::ldexp(shift ? high - low : size, -40);
    }
    for (const double x : v) {
      out.step.push_back(std::llrint(x / out.unit));
    }
  }
  detail::divide_out(out);
  return out;
}

}  // namespace respondr::logistic
