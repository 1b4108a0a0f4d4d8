#pragma once
// Rank tests of values without ties: from which rank sums on they reject, and the rank sums of values.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/groups/rank_sum_exact.hpp"
#include "respondr/special.hpp"
#include "respondr/subset_sum.hpp"
#include "respondr/types.hpp"

namespace respondr::power {

namespace detail {

// Largest whole c in [0, last] with tail(c) <= alpha, tail growing; -1 where there is none.
template <class Tail>
double lower_critical(double last, double alpha, Tail&& tail) {
  double low = -1.0, high = last + 1.0;
  while (high - low > 1.0) {
    const double middle = std::floor(0.5 * (low + high));
    (tail(middle) <= alpha * (1.0 + 1e-12) ? low : high) = middle;
  }
  return low;
}

// Rejects where the statistic is at most `low` or at least `high`.
struct Region {
  double low = -infinity, high = infinity;

  static Region symmetric(double low, double total) { return {low, total - low}; }
  bool holds(double statistic, Alternative side) const {
    return (side != Alternative::greater && statistic <= low) || (side != Alternative::less && statistic >= high);
  }
};

// The sum of positive ranks of n changes without ties.
inline Region signed_rank_region(int n, double alpha) {
  const double total = 0.5 * n * (n + 1.0);
  std::vector<std::int64_t> ranks;
  for (int i = 1; i <= n; ++i) ranks.push_back(i);
  const Span<std::int64_t> all{ranks.data(), ranks.size()};
  if (30.0 * SubsetSum::cells(all, 0.5 * total) > 1e8) {
    const double reach = -special::normal_quantile(alpha) * std::sqrt(total * (2.0 * n + 1.0) / 12.0);
    return {0.5 * total - reach, 0.5 * total + reach};
  }
  SubsetSum sums;
  const double last = std::floor(0.5 * (total - 1.0));
  const auto tail = [&](double c) { return sums.tail(all, static_cast<std::size_t>(c)).at_most; };
  const double low = lower_critical(last, alpha, tail);
  return low < 0.0 ? Region() : Region::symmetric(low, total);
}

// Pairs (level, reference) of which the level is the larger, without ties.
inline Region rank_sum_region(int m, int n, double alpha) {
  const double total = static_cast<double>(m) * n;
  if (20.0 * groups::RankSumExact::work(m, n, false) > 1e8) {
    const double reach = -special::normal_quantile(alpha) * std::sqrt(total * (m + n + 1.0) / 12.0);
    return {0.5 * total - reach, 0.5 * total + reach};
  }
  groups::RankSumExact counts;
  const std::vector<std::size_t> ones(static_cast<std::size_t>(m) + static_cast<std::size_t>(n), 1);
  const std::size_t picks = static_cast<std::size_t>(std::min(m, n));
  const double low = lower_critical(std::floor(0.5 * (total - 1.0)), alpha, [&](double c) {
    return counts.tail({ones.data(), ones.size()}, picks, 2.0 * c).at_most;
  });
  return low < 0.0 ? Region() : Region::symmetric(low, total);
}

// How many of n values lie above a bar. Eight at a time, so that the compiler sees a fixed length.
inline double count_above(const double* x, std::size_t n, double bar) {
  double part[8] = {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0}, count = 0.0;
  std::size_t j = 0;
  for (; j + 8 <= n; j += 8) {
    for (std::size_t k = 0; k < 8; ++k) part[k] += x[j + k] > bar ? 1.0 : 0.0;
  }
  for (; j < n; ++j) count += x[j] > bar ? 1.0 : 0.0;
  for (const double p : part) count += p;
  return count;
}

// From here on sorting is faster than comparing every pair.
inline constexpr std::size_t many_values = 200;

// The sum of positive ranks (Tukey 1949): how many i <= j have x_i + x_j above 0; `sorted` is room.
inline double positive_walsh_sums(const std::vector<double>& x, std::vector<double>& sorted) {
  double count = 0.0;
  if (x.size() < many_values) {
    for (std::size_t i = 0; i < x.size(); ++i) count += count_above(x.data() + i, x.size() - i, -x[i]);
    return count;
  }
  sorted = x;
  std::sort(sorted.begin(), sorted.end());
  for (const double v : x) count += v > -v ? 1.0 : 0.0;
  for (std::size_t low = 0, high = sorted.size() - 1; low < high;) {
    if (sorted[high] > -sorted[low]) {  // and so does it with all between
      count += static_cast<double>(high - low);
      --high;
    } else {
      ++low;
    }
  }
  return count;
}

// How many pairs have a value of x above one of y - null.
inline double pairs_above(const std::vector<double>& x, const std::vector<double>& y, double null,
                          std::vector<double>& sorted) {
  double count = 0.0;
  if (x.size() < many_values) {
    for (const double v : y) count += count_above(x.data(), x.size(), v - null);
    return count;
  }
  sorted = x;
  std::sort(sorted.begin(), sorted.end());
  for (const double v : y) {
    count += static_cast<double>(sorted.end() - std::upper_bound(sorted.begin(), sorted.end(), v - null));
  }
  return count;
}

}  // namespace detail

}  // namespace respondr::power
