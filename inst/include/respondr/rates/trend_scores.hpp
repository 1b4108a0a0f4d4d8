#pragma once
// Scores of the rows and columns of a table as whole numbers, so that sums of scores tie exactly where they tie on paper.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "respondr/ranks.hpp"
#include "respondr/rates/table_network.hpp"

namespace respondr::rates {

// T = sum u_i v_j x_ij in steps, for the rows and columns that are not empty.
struct Scores {
  std::vector<std::int64_t> row, col;
  bool whole = true;           // decimals of at most nine places, held without rounding
  std::int64_t tolerance = 0;  // sums this near are equal
};

namespace table_detail {

// Scores less the smallest, in units of their largest common divisor; false if they are no decimals or too many units.
inline bool whole_scores(const std::vector<double>& score, double most, std::vector<std::int64_t>& out) {
  const Grid grid = find_grid({score.data(), score.size()}, {});
  const double low = *std::min_element(score.begin(), score.end()), high = *std::max_element(score.begin(), score.end());
  if (!grid.on || (high - low) * grid.per_unit > 1e15) {
    return false;
  }
  out.clear();
  std::int64_t unit = 0;
  for (const double s : score) {
    out.push_back(static_cast<std::int64_t>(to_units(s, grid) - to_units(low, grid)));
    unit = std::gcd(unit, out.back());
  }
  std::int64_t largest = 0;
  for (std::int64_t& s : out) {
    s = unit > 0 ? s / unit : s;
    largest = std::max(largest, s);
  }
  return static_cast<double>(largest) <= most;
}

// Scores on a scale from 0 to `steps`, rounded.
inline void rounded_scores(const std::vector<double>& score, double steps, std::vector<std::int64_t>& out) {
  const double low = *std::min_element(score.begin(), score.end()), high = *std::max_element(score.begin(), score.end());
  out.clear();
  for (const double s : score) {
    out.push_back(high > low ? std::llround((s - low) / (high - low) * steps) : 0);
  }
}

}  // namespace table_detail

// n T must fit in 62 bits.
inline Scores load_scores(const CountTable& t, const std::vector<double>& row_score, const std::vector<double>& col_score) {
  std::vector<double> u, v;
  for (const std::size_t i : t.from_row) {
    u.push_back(row_score[i]);
  }
  for (const std::size_t j : t.from_col) {
    v.push_back(col_score[j]);
  }
  const double n = static_cast<double>(t.n), most = std::sqrt(0x1.0p61 / (n * n));
  Scores out;
  out.whole = table_detail::whole_scores(u, most, out.row) && table_detail::whole_scores(v, most, out.col);
  if (!out.whole) {
    const double steps = std::fmin(1048576.0, std::floor(most));
    table_detail::rounded_scores(u, steps, out.row);
    table_detail::rounded_scores(v, steps, out.col);
    out.tolerance = static_cast<std::int64_t>(n * steps);
  }
  return out;
}

inline std::int64_t score_sum(const CountTable& t, const std::vector<int>& cell, const Scores& s) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    std::int64_t in_row = 0;
    for (std::size_t j = 0; j < t.cols(); ++j) {
      in_row += s.col[j] * cell[i * t.cols() + j];
    }
    sum += s.row[i] * in_row;
  }
  return sum;
}

// The sums at least as extreme as `observed`; greater: the upper tail, less: the lower, two_sided: as far from the mean.
inline Thresholds score_thresholds(const CountTable& t, const Scores& s, std::int64_t observed, Alternative tail) {
  std::int64_t rows = 0, cols = 0;
  for (std::size_t i = 0; i < t.rows(); ++i) {
    rows += s.row[i] * t.row[i];
  }
  for (std::size_t j = 0; j < t.cols(); ++j) {
    cols += s.col[j] * t.col[j];
  }
  Thresholds out;
  const std::int64_t largest = std::int64_t{1} << 62, slack = s.tolerance;
  out.above = out.above_tie = largest;
  out.below = out.below_tie = -1;
  if (tail == Alternative::greater) {
    out.above = observed - slack;
    out.above_tie = observed + slack + 1;
    return out;
  }
  out.two_tails = true;
  if (tail == Alternative::less) {
    out.below = observed + slack;
    out.below_tie = observed - slack - 1;
    return out;
  }
  const std::int64_t n = t.n, mean = rows * cols;  // n times the mean of T
  const std::int64_t distance = std::llabs(n * observed - mean);
  const auto up = [n](std::int64_t x) { return x <= 0 ? 0 : (x + n - 1) / n; };
  const auto down = [n](std::int64_t x) { return x < 0 ? -1 : x / n; };
  out.above = up(mean + std::max<std::int64_t>(0, distance - n * slack));
  out.above_tie = up(mean + distance + n * slack + 1);
  out.below = std::min(out.above - 1, down(mean - std::max<std::int64_t>(0, distance - n * slack)));
  out.below_tie = down(mean - distance - n * slack - 1);
  return out;
}

}  // namespace respondr::rates
