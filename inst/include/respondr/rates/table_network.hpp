#pragma once
// A table and its statistic as the network of network.hpp sees them.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "respondr/rates/network.hpp"
#include "respondr/rates/network_plan.hpp"
#include "respondr/rates/table_draws.hpp"
#include "respondr/rates/table_row.hpp"

namespace respondr::rates {

struct TableWorkspace {
  CountTable table;
  NetworkTable network;
  NetworkPlanner planner;
  Network solver;
  LogTable log;
  LnFactorial ln;
  DrawSpace draw;
  std::vector<double> per_count;  // of Monte Carlo: what a count adds to the statistic
};

// Patients up to which tables of logarithms are kept.
constexpr int most_patients_exact = 500000, most_patients_drawn = 2000000;

namespace table_detail {

// The network's rows are the shorter side of the table, sorted by class and size. `order[i]` is the row of t (or its
// column, if turned) that became row i.
struct Turned {
  bool turned = false;
  std::vector<std::size_t> order;
  std::vector<int> row, col;
};

// before(a, b, size): whether row a comes before row b; size are the margins.
template <class Larger>
Turned turn(const CountTable& t, Larger&& before) {
  Turned out;
  out.turned = t.rows() > t.cols();
  out.row = out.turned ? t.col : t.row;
  out.col = out.turned ? t.row : t.col;
  out.order.resize(out.row.size());
  std::iota(out.order.begin(), out.order.end(), std::size_t{0});
  std::stable_sort(out.order.begin(), out.order.end(), [&](std::size_t a, std::size_t b) { return before(a, b, out.row); });
  return out;
}

// v of the statistic into the network. `same` tells whether v treats two neighbours alike.
template <class Cell, class Same>
void fill_network(const Turned& turned, Cell&& cell, Same&& same, NetworkTable& out) {
  const std::size_t r = turned.row.size(), c = turned.col.size();
  out.row.clear();
  out.row_class.clear();
  for (std::size_t i = 0; i < r; ++i) {
    out.row.push_back(turned.row[turned.order[i]]);
    out.row_class.push_back(i == 0 ? 0 : out.row_class.back() + (same(turned.order[i], turned.order[i - 1]) ? 0 : 1));
  }
  out.col = turned.col;
  out.stride = 1 + static_cast<std::size_t>(std::min(*std::max_element(out.row.begin(), out.row.end()),
                                                     *std::max_element(out.col.begin(), out.col.end())));
  out.value.assign(r * c * out.stride, 0);
  for (std::size_t i = 0; i < r; ++i) {
    for (std::size_t j = 0; j < c; ++j) {
      for (int x = 0; x <= std::min(out.row[i], out.col[j]); ++x) {
        out.value[(i * c + j) * out.stride + static_cast<std::size_t>(x)] = cell(turned.order[i], j, x);
      }
    }
  }
}

// Least common multiple of the margins, or 0 if it is beyond `most`.
inline std::int64_t common_multiple(const std::vector<int>& margin, std::int64_t most) {
  std::int64_t out = 1;
  for (const int m : margin) {
    out = out / std::gcd(out, static_cast<std::int64_t>(m));
    if (out > most / m) {
      return 0;
    }
    out *= m;
  }
  return out;
}

// x^2 / (r_i c_j) in whole numbers: in units of 1 over the common multiples of the margins where these fit, else of 2^-50.
// Returns the tolerance.
inline std::int64_t fill_pearson(const Turned& turned, NetworkTable& out) {
  const std::int64_t most = std::int64_t{1} << 60;
  const std::int64_t rows = common_multiple(turned.row, most), cols = common_multiple(turned.col, most);
  const std::int64_t size = static_cast<std::int64_t>(turned.row.size());
  const bool whole = rows > 0 && cols > 0 && rows < most / cols / size;
  const auto same = [&](std::size_t a, std::size_t b) { return turned.row[a] == turned.row[b]; };
  fill_network(turned, [&](std::size_t i, std::size_t j, int x) {
    const std::int64_t square = static_cast<std::int64_t>(x) * x;
    if (whole) {
      return square * (rows / turned.row[i]) * (cols / turned.col[j]);
    }
    const double e = static_cast<double>(turned.row[i]) * static_cast<double>(turned.col[j]);
    return static_cast<std::int64_t>(std::llround(static_cast<double>(square) / e * 0x1.0p50));
  }, same, out);
  return whole ? 0 : static_cast<std::int64_t>(turned.row.size() * turned.col.size());
}

// The sum of v over the table's own cells.
inline std::int64_t observed_sum(const CountTable& t, const Turned& turned, const NetworkTable& network) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < network.rows(); ++i) {
    for (std::size_t j = 0; j < network.cols(); ++j) {
      sum += network.v(i, j, turned.turned ? t(j, turned.order[i]) : t(turned.order[i], j));
    }
  }
  return sum;
}

// The order in which the columns are taken out: the half with the largest column first, largest to smallest, then the other
// half from its smallest to its largest.
inline std::vector<std::size_t> column_order(const NetworkSplit& split) {
  std::vector<std::size_t> order = split.right;
  order.insert(order.end(), split.left.rbegin(), split.left.rend());
  return order;
}

// Runs the network where the work guessed beforehand allows. The guess knows nothing of what is settled early, by which
// tables need up to some hundred times less; the steps are counted, and never pass the limit.
inline bool solve_network(const Thresholds& thresholds, double value_range, double limit, TableWorkspace& w,
                          TailWeights& out) {
  constexpr double spared = 100.0;
  const NetworkSplit split = w.planner.best(w.network, value_range);
  return split.work <= spared * limit &&
         w.solver.tails(w.network, column_order(split), w.ln, thresholds, limit, out);
}

}  // namespace table_detail

}  // namespace respondr::rates
