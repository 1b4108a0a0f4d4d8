#pragma once
// Words shared by every family: status of a problem, the options that mean the same everywhere, missing values.

#include <cstddef>
#include <cstdint>
#include <limits>

namespace respondr {

// Why a row looks as it does. A closed list: later families add at the end, never rename. R/status.R holds word and sentence.
enum class Status : int {
  ok = 0,
  no_data,
  one_pair,
  no_variance,
  all_zero,
  one_group_empty,
  one_level,
  rank_deficient,
  separated,
  not_converged,
  boundary,
  hull,
  too_large,
  not_estimable,
  too_few,
  singular
};

enum class Alternative : int { two_sided = 0, less, greater, equivalence };

// How a null distribution was obtained. `none` for tests with a single reference distribution (t).
enum class Distribution : int { none = 0, automatic, exact, asymptotic, monte_carlo };

constexpr double missing = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr int missing_int = std::numeric_limits<int>::min();  // what R reads as NA_integer_

// A view of someone else's memory; never owns.
template <class T>
struct Span {
  const T* data = nullptr;
  std::size_t size = 0;
  const T& operator[](std::size_t i) const { return data[i]; }
  const T* begin() const { return data; }
  const T* end() const { return data + size; }
};

}  // namespace respondr
