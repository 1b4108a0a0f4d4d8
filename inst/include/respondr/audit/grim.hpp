#pragma once
// Means and SDs of whole numbers.
//
// GRIM (Brown and Heathers 2017, Soc Psychol Personal Sci 8:363, doi:10.1177/1948550616673876): a mean of n patients and
// `items` whole-number items is T / (n items), T whole.
// GRIMMER (Anaya 2016, PeerJ Preprints 4:e2400v1; as corrected by Allard 2018): with t_i the whole total of patient i,
// sum t_i = T and S = sum t_i^2, a whole number of the parity of T,
//     (n - 1) items^2 SD^2 = S - T^2 / n          (n in place of n - 1 for the SD of a population),
// S at least that of totals as equal as T allows, and where the scale has ends at most that of totals at the ends. With two
// patients S = (T^2 + k^2) / 2, k of the parity of T, which is tested too. For three patients and more the conditions are
// necessary, not sufficient.
// DEBIT (Heathers and Brown 2019): of 0 and 1, T ones, SD^2 = n / (n - 1) p (1 - p), p = T / n.

#include <cmath>

#include "respondr/audit/decimal.hpp"
#include "respondr/types.hpp"

namespace respondr::audit {

struct GrimInput {
  Decimal mean, sd;
  double n = missing, items = 1.0;
  double lowest = missing, highest = missing;  // ends of the scale of one item
  bool binary = false, population = false;
};

// A test that was not asked for, or comes after a failed one, is missing (-1).
struct GrimRow {
  int grim = -1, grimmer = -1;
  double sum_low = missing, sum_high = missing;  // totals that print as the mean
  double near_low = missing, near_high = missing;  // the possible means around the printed one
  double sd_near = missing;                        // the possible SD nearest to the printed one, with these totals
  bool coarse = true;                              // can some mean of this many decimals fail?
  Status status = Status::ok;
};

template <class F>
void visit_columns(const GrimRow*, F&& f) {
  f("grim", [](const GrimRow& r) -> const int& { return r.grim; });
  f("grimmer", [](const GrimRow& r) -> const int& { return r.grimmer; });
  f("sum_low", [](const GrimRow& r) -> const double& { return r.sum_low; });
  f("sum_high", [](const GrimRow& r) -> const double& { return r.sum_high; });
  f("near_low", [](const GrimRow& r) -> const double& { return r.near_low; });
  f("near_high", [](const GrimRow& r) -> const double& { return r.near_high; });
  f("sd_near", [](const GrimRow& r) -> const double& { return r.sd_near; });
  f("coarse", [](const GrimRow& r) -> const bool& { return r.coarse; });
  f("status", [](const GrimRow& r) -> const Status& { return r.status; });
}

// Sums of squares that totals adding to T may have.
struct SquareRange {
  double low, high;
};

inline SquareRange square_range(const GrimInput& x, double total) {
  const double q = std::floor(total / x.n), r = total - x.n * q;
  SquareRange out{(x.n - r) * q * q + r * (q + 1.0) * (q + 1.0), infinity};
  if (x.lowest == x.lowest && x.highest == x.highest) {
    const double c = x.items * x.lowest, width = x.items * (x.highest - x.lowest), u = total - x.n * c;
    const double at_end = width > 0.0 ? std::floor(u / width) : 0.0, rest = u - at_end * width;
    out.high = at_end * width * width + rest * rest + 2.0 * c * total - x.n * c * c;
  }
  return out;
}

inline bool is_square(double x) {
  const double root = std::rint(std::sqrt(x));
  return x >= 0.0 && root * root == x;
}

inline bool squares_possible(const GrimInput& x, double total, double squares) {
  if (x.n == 1.0) return squares == total * total;
  return x.n != 2.0 || is_square(2.0 * squares - total * total);
}

inline double sd_of_squares(const GrimInput& x, double total, double squares) {
  const double df = x.population ? x.n : x.n - 1.0;
  return std::sqrt(std::fmax(0.0, squares - total * total / x.n) / df) / x.items;
}

// Walks the sums of squares from the smallest that may fit to the first beyond; keeps the SD nearest to the printed one.
inline bool sd_fits(const GrimInput& x, double total, double& nearest) {
  const SquareRange range = square_range(x, total);
  const double df = x.population ? x.n : x.n - 1.0, unit = df * x.items * x.items, centre = total * total / x.n;
  const double sd_low = std::fmax(0.0, x.sd.low()), sd_high = x.sd.high(), slack = 1e-9 * (1.0 + x.sd.value());
  double squares = std::fmax(range.low, std::floor(unit * sd_low * sd_low + centre) - 2.0);
  if (std::fmod(std::fabs(squares - total), 2.0) != 0.0) squares += 1.0;
  if (squares > range.high) squares = range.high;
  for (; squares <= range.high; squares += 2.0) {
    if (!squares_possible(x, total, squares)) {
      if (sd_of_squares(x, total, squares) > sd_high + 1.0) return false;
      continue;
    }
    const double sd = sd_of_squares(x, total, squares);
    if (!(std::fabs(sd - x.sd.value()) >= std::fabs(nearest - x.sd.value()))) nearest = sd;
    if (sd >= sd_low - slack && sd <= sd_high + slack) return true;
    if (sd > sd_high) return false;
  }
  return false;
}

inline GrimRow solve_grim(const GrimInput& x) {
  GrimRow row;
  const double size = x.n * x.items;
  if (!x.mean.known() || !(size > 0.0)) {
    row.status = Status::no_data;
    return row;
  }
  if ((2.0 * std::fabs(x.mean.digits) + 1.0) * size > whole_limit) {
    row.status = Status::too_large;
    return row;
  }
  WholeRange totals = numerators(x.mean, size);
  if (x.lowest == x.lowest && totals.low < size * x.lowest) totals.low = size * x.lowest;
  if (x.highest == x.highest && totals.high > size * x.highest) totals.high = size * x.highest;
  row.coarse = size < x.mean.scale();
  row.grim = totals.empty() ? 0 : 1;
  row.near_low = std::floor(x.mean.value() * size) / size;
  row.near_high = std::ceil(x.mean.value() * size) / size;
  row.sum_low = totals.low;
  row.sum_high = totals.high;
  if (totals.empty() || !x.sd.known()) {
    return row;
  }
  if (x.n < 2.0 && !x.population) {
    row.status = Status::one_pair;
    return row;
  }
  // Squares beyond exact whole numbers, or more totals than are worth a walk, cannot fail.
  const double most = std::fmax(std::fabs(totals.low), std::fabs(totals.high));
  if (totals.high - totals.low > 1e5 || most * most + x.n * x.items * x.items * x.sd.high() * x.sd.high() > whole_limit) {
    row.status = Status::too_large;
    return row;
  }
  row.grimmer = 0;
  for (double total = totals.low; total <= totals.high && row.grimmer == 0; total += 1.0) {
    if (x.binary) {
      const double sd = sd_of_squares(x, total, total), slack = 1e-12;
      if (!(std::fabs(sd - x.sd.value()) >= std::fabs(row.sd_near - x.sd.value()))) row.sd_near = sd;
      row.grimmer = sd >= x.sd.low() - slack && sd <= x.sd.high() + slack;
    } else {
      row.grimmer = sd_fits(x, total, row.sd_near);
    }
  }
  return row;
}

}  // namespace respondr::audit
