#pragma once
// One problem of several arms as the kernels see it: moments of each arm, or midranks of all values together.
//
// Arms without values are left out of every test: `arm` of a value counts the others only, and `place` says where each arm
// went. Values that tie on paper tie here: decimals of at most nine places are compared as integers (ranks.hpp), others
// count as equal within four units in their last place. Ranks are held doubled, so that every sum of ranks is exact.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>
#include <vector>

#include "respondr/groups/k_row.hpp"
#include "respondr/groups/sample.hpp"
#include "respondr/moments.hpp"
#include "respondr/ranks.hpp"

namespace respondr::groups {

// Where the values of one problem lie: rows order[start[j]], ..., order[start[j + 1] - 1] of arm j, from 1.
struct ArmColumns {
  const double* value = nullptr;
  const int* order = nullptr;
  const int* start = nullptr;
  std::size_t k = 0;
};

// Values of arm j without missing ones; dropped[j] counts those. false if a value is infinite.
inline bool load_sample(const ArmColumns& columns, Sample& out, std::vector<int>& dropped) {
  out.values.clear();
  out.start.assign(1, 0);
  dropped.assign(columns.k, 0);
  for (std::size_t j = 0; j < columns.k; ++j) {
    for (int i = columns.start[j]; i < columns.start[j + 1]; ++i) {
      const double x = columns.value[columns.order[i] - 1];
      if (std::isinf(x)) {
        return false;
      }
      if (x == x) {
        out.values.push_back(x);
      } else {
        ++dropped[j];
      }
    }
    out.start.push_back(out.values.size());
  }
  return true;
}

// The figures of all arms, with or without values, and what a spread must exceed to be one.
struct ArmFigures {
  std::vector<Moments> arm;
  std::vector<double> rest;  // what rounding took from each mean: the mean is arm[j].mean + rest[j]
  std::vector<int> dropped;
  double rounding = 0.0;  // absolute error that one value may carry; 0 for summary figures

  // Difference of two means, to the accuracy that an offset leaves in the values.
  double difference(std::size_t level, std::size_t reference) const {
    return (arm[level].mean - arm[reference].mean) + (rest[level] - rest[reference]);
  }

  std::size_t k() const { return arm.size(); }
};

inline void take_figures(const Sample& sample, const std::vector<int>& dropped, ArmFigures& out) {
  const std::size_t k = sample.start.size() - 1;
  out.arm.resize(k);
  out.rest.resize(k);
  out.dropped = dropped;
  for (std::size_t j = 0; j < k; ++j) {
    const Span<double> x{sample.values.data() + sample.start[j], sample.start[j + 1] - sample.start[j]};
    out.arm[j] = Moments::of(x);
    const double mean = out.arm[j].mean;
    out.rest[j] =
        x.size > 0 ? respondr::detail::compensated_sum(x, [mean](auto v) { return v - mean; }) / out.arm[j].n : 0.0;
  }
  double magnitude = 0.0;
  for (const double x : sample.values) {
    magnitude = std::max(magnitude, std::fabs(x));
  }
  out.rounding = 2.0 * std::numeric_limits<double>::epsilon() * magnitude;
}

constexpr std::size_t no_arm = static_cast<std::size_t>(-1);

// Doubled midranks of all values together, in ascending order; values that tie stand in the order of their arms.
struct PooledRanks {
  std::vector<std::size_t> place;  // of each arm among those with values; no_arm without
  std::vector<double> size;        // of the arms with values
  std::vector<double> value;       // ascending, in units of the decimal grid
  std::vector<std::size_t> arm;    // place of the arm of each
  std::vector<int> rank;
  std::vector<std::size_t> tie_start;  // first of each set of equal values, and one past the last
  Grid grid;
  int n_ties = 0, n_dropped = 0;

  std::size_t n() const { return value.size(); }
  std::size_t k() const { return size.size(); }
  std::size_t sets() const { return tie_start.size() - 1; }
};

namespace detail {

inline bool ties(double low, double high, bool on_grid) {
  const double size = std::fmax(std::fabs(low), std::fabs(high));
  return low == high || (!on_grid && high - low <= 4.0 * std::numeric_limits<double>::epsilon() * size);
}

}  // namespace detail

struct RankWorkspace {
  std::vector<std::pair<double, std::size_t>> order;
};

inline void rank_sample(const Sample& sample, const std::vector<int>& dropped, RankWorkspace& w, PooledRanks& out) {
  const std::size_t k = sample.start.size() - 1;
  out.grid = find_grid({sample.values.data(), sample.values.size()}, {});
  out.n_dropped = std::accumulate(dropped.begin(), dropped.end(), 0);
  out.place.assign(k, no_arm);
  out.size.clear();
  w.order.clear();
  for (std::size_t j = 0; j < k; ++j) {
    if (sample.start[j + 1] > sample.start[j]) {
      out.place[j] = out.size.size();
      out.size.push_back(static_cast<double>(sample.start[j + 1] - sample.start[j]));
    }
    for (std::size_t i = sample.start[j]; i < sample.start[j + 1]; ++i) {
      w.order.emplace_back(to_units(sample.values[i], out.grid), out.place[j]);
    }
  }
  std::sort(w.order.begin(), w.order.end());
  const std::size_t n = w.order.size();
  out.value.resize(n);
  out.arm.resize(n);
  out.rank.resize(n);
  out.tie_start.assign(1, 0);
  out.n_ties = 0;
  for (std::size_t first = 0; first < n;) {
    std::size_t last = first;
    while (last + 1 < n && detail::ties(w.order[last].first, w.order[last + 1].first, out.grid.on)) {
      ++last;
    }
    std::fill(out.rank.begin() + first, out.rank.begin() + last + 1, static_cast<int>(first + last + 2));
    out.n_ties += last > first ? static_cast<int>(last - first + 1) : 0;
    first = last + 1;
    out.tie_start.push_back(first);
  }
  for (std::size_t i = 0; i < n; ++i) {
    out.value[i] = w.order[i].first;
    out.arm[i] = w.order[i].second;
  }
}

// Counts and the status that the sizes of the arms give a test of all of them. false: nothing can be tested.
inline bool arms_status(std::size_t k, std::size_t with_values, double n, KRow& row) {
  row.n = static_cast<int>(n);
  if (with_values < k) {
    row.add(Note::arm_left_out);
  }
  if (with_values == 0) {
    row.status = Status::no_data;
  } else if (k < 2) {
    row.status = Status::one_level;
  } else if (with_values < 2) {
    row.status = Status::one_group_empty;
  }
  return row.status == Status::ok;
}

}  // namespace respondr::groups
