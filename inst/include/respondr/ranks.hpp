#pragma once
// The decimal grid, ties and midranks.
//
// Measurements are decimals typed by people: 9.1 - 7.1 and 8.3 - 6.3 are both 2, but their binary differences are not equal.
// Where all measurements of a problem are decimals of at most nine places they are held as integers in units of the last
// place; differences, ties, zeros and sums of two changes are then exact.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

#include "respondr/types.hpp"

namespace respondr {

struct Grid {
  bool on = false;
  double unit = 1.0;      // value of one step of the grid
  double per_unit = 1.0;  // exact power of ten
  int places = 0;
};

namespace detail {

// x * power rounded, if x is a decimal with that many places up to the rounding of its computation (an average of two
// readings is a few units in the last place away from the typed decimal).
inline bool on_grid(double x, double power, double& steps) {
  constexpr double tolerance = 8.0 * std::numeric_limits<double>::epsilon();
  constexpr double largest = 2251799813685248.0;  // 2^51: sums of four such integers are exact
  constexpr double rounder = 1.5 * 4503599627370496.0;  // adding and taking away 1.5 * 2^52 rounds to an integer
  const double scaled = x * power;
  if (!(std::fabs(scaled) < largest)) {
    return false;
  }
  steps = (scaled + rounder) - rounder;
  return std::fabs(scaled - steps) <= tolerance * std::fabs(scaled);
}

}  // namespace detail

// A number of the user in steps of the grid; numbers that are not on it are scaled only.
inline double to_units(double x, const Grid& grid) {
  if (!grid.on) {
    return x;
  }
  double steps = 0.0;
  return detail::on_grid(x, grid.per_unit, steps) ? steps : x * grid.per_unit;
}

// The coarsest grid of at most nine decimal places that holds every value of x and y (finite; y may be empty).
inline Grid find_grid(Span<double> x, Span<double> y) {
  static constexpr double powers[] = {1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  int places = 0;
  for (const Span<double>& column : {x, y}) {
    for (const double value : column) {
      double steps = 0.0;
      while (places < 10 && !detail::on_grid(value, powers[places], steps)) {
        ++places;
      }
      if (places == 10) {
        return Grid();
      }
    }
  }
  // A value that fitted a coarser grid must still fit below the limit on the final one.
  for (const Span<double>& column : {x, y}) {
    for (const double value : column) {
      double steps = 0.0;
      if (!detail::on_grid(value, powers[places], steps)) {
        return Grid();
      }
    }
  }
  return Grid{true, 1.0 / powers[places], powers[places], places};
}

// Tables reused over problems.
struct TieScratch {
  struct Slot {
    std::uint64_t bits = 0;
    std::uint32_t stamp = 0;
    std::uint32_t count = 0;
  };
  std::vector<Slot> slots;  // open addressing by absolute value
  std::uint32_t stamp = 0;
  std::vector<std::uint8_t> seen;  // the screen: one byte a hash, stamped
  std::uint8_t seen_stamp = 0;
};

struct TieCounts {
  int zeros = 0;  // values equal to null
  int ties = 0;   // other values that share their distance from null with another
};

namespace detail {

inline std::uint64_t tie_hash(double distance) {
  std::uint64_t bits = 0;
  std::memcpy(&bits, &distance, sizeof bits);
  return bits * 0x9e3779b97f4a7c15ULL;
}

// True if no two distances share a hash, and none has that of 0: no ties and no zeros. Cheap enough for hundreds of thousands
// of problems; one in thirty of 62 values falls through by chance.
inline bool screen_ties(Span<double> change, double null, TieScratch& scratch) {
  constexpr std::size_t size = std::size_t{1} << 16;
  if (scratch.seen.empty() || scratch.seen_stamp == 255) {
    scratch.seen.assign(size, 0);
    scratch.seen_stamp = 0;
  }
  const std::uint8_t stamp = ++scratch.seen_stamp;
  std::uint8_t* seen = scratch.seen.data();
  unsigned shared = 0;
  for (const double value : change) {
    std::uint8_t& slot = seen[tie_hash(std::fabs(value - null)) >> 48];
    shared |= slot == stamp ? 1u : 0u;
    slot = stamp;
  }
  return shared == 0 && seen[tie_hash(0.0) >> 48] != stamp;
}

}  // namespace detail

inline TieCounts count_ties(Span<double> change, double null, TieScratch& scratch) {
  TieCounts counts;
  if (change.size < 512 && detail::screen_ties(change, null, scratch)) {
    return counts;
  }
  std::size_t size = 16;
  while (size < 2 * change.size) {
    size *= 2;
  }
  if (scratch.slots.size() < size || scratch.stamp == std::numeric_limits<std::uint32_t>::max()) {
    scratch.slots.assign(size, TieScratch::Slot());
    scratch.stamp = 0;
  }
  const std::size_t mask = scratch.slots.size() - 1;
  ++scratch.stamp;
  for (const double value : change) {
    const double distance = std::fabs(value - null);
    if (distance == 0.0) {
      ++counts.zeros;
      continue;
    }
    std::uint64_t bits = 0;
    std::memcpy(&bits, &distance, sizeof bits);
    std::size_t at = detail::tie_hash(distance) >> 32 & mask;
    while (scratch.slots[at].stamp == scratch.stamp && scratch.slots[at].bits != bits) {
      at = (at + 1) & mask;
    }
    TieScratch::Slot& slot = scratch.slots[at];
    if (slot.stamp != scratch.stamp) {
      slot = {bits, scratch.stamp, 1};
      continue;
    }
    counts.ties += slot.count == 1 ? 2 : 1;  // the first of them is found tied together with the second
    ++slot.count;
  }
  return counts;
}

// Twice the midranks of values in ascending order, which are whole numbers.
inline void doubled_midranks(Span<double> ascending, std::vector<int>& ranks) {
  ranks.resize(ascending.size);
  for (std::size_t first = 0; first < ascending.size;) {
    std::size_t last = first;
    while (last + 1 < ascending.size && ascending[last + 1] == ascending[first]) {
      ++last;
    }
    std::fill(ranks.begin() + first, ranks.begin() + last + 1, static_cast<int>(first + last + 2));
    first = last + 1;
  }
}

}  // namespace respondr
