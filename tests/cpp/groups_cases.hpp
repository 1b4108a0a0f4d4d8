// Two arms for the tests: made from values, permuted by listing all relabellings.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "respondr/groups/two_solve.hpp"

namespace groups_cases {

using respondr::Span;
using Values = std::vector<double>;

inline Span<double> span(const Values& x) { return {x.data(), x.size()}; }

// Whole numbers are on the grid.
inline respondr::groups::TwoArms arms_of(const Values& x, const Values& y, bool on_grid = true) {
  respondr::groups::TwoArms arms;
  arms.level = span(x);
  arms.reference = span(y);
  arms.on_grid = on_grid;
  arms.problem = 7;
  for (const Values* v : {&x, &y}) {
    for (const double value : *v) {
      arms.magnitude = std::max(arms.magnitude, std::fabs(value));
    }
  }
  return arms;
}

// Whole numbers from 0 to most - 1.
inline Values draw(std::mt19937& engine, std::size_t n, int most) {
  Values out(n);
  for (double& v : out) {
    v = static_cast<double>(engine() % static_cast<unsigned>(most));
  }
  return out;
}

// Calls f(level, reference) for every relabelling of the pooled values.
template <class F>
void relabel(const Values& x, const Values& y, F&& f) {
  Values pooled = x;
  pooled.insert(pooled.end(), y.begin(), y.end());
  const std::size_t total = pooled.size();
  for (std::size_t bits = 0; bits < (std::size_t{1} << total); ++bits) {
    Values a, b;
    for (std::size_t i = 0; i < total; ++i) {
      ((bits >> i & 1u) != 0 ? a : b).push_back(pooled[i]);
    }
    if (a.size() == x.size()) {
      f(a, b);
    }
  }
}

inline double mann_whitney_u(const Values& x, const Values& y) {
  double u = 0.0;
  for (const double a : x) {
    for (const double b : y) {
      u += a > b ? 1.0 : a == b ? 0.5 : 0.0;
    }
  }
  return u;
}

inline Values moved(Values x, double theta) {
  for (double& v : x) {
    v -= theta;
  }
  return x;
}

}  // namespace groups_cases
