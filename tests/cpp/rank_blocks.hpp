// Blocks from a table of patients by visits, and all permutations within blocks, for the tests of rank tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include "respondr/rm/friedman.hpp"

namespace rank_blocks {

using Table = std::vector<std::vector<double>>;
constexpr double na = std::numeric_limits<double>::quiet_NaN();

// The rows of a table lie in one column, patient after patient; a visit not made has no row in one patient of two, and a
// missing value in the other.
struct Problem {
  std::vector<double> value;
  std::vector<int> rows;
  respondr::rm::Blocks blocks;
  respondr::rm::Scores scores;
  bool finite = true;

  explicit Problem(const Table& table) {
    const std::size_t n = table.size(), k = table.empty() ? 0 : table[0].size();
    rows.assign(n * k, respondr::missing_int);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < k; ++j) {
        if (table[i][j] == table[i][j] || i % 2 == 0) {
          value.push_back(table[i][j]);
          rows[i + j * n] = static_cast<int>(value.size());
        }
      }
    }
    respondr::rm::BlockWorkspace w;
    finite = respondr::rm::load_blocks({value.data(), rows.data(), n, n, k}, w, blocks);
    respondr::rm::complete_scores(blocks, scores);
  }
};

// Midranks of the values that are there.
inline std::vector<double> midranks(const std::vector<double>& x) {
  std::vector<double> rank(x.size(), na);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] != x[i]) {
      continue;
    }
    double below = 0.0, equal = 0.0;
    for (const double y : x) {
      below += y < x[i] ? 1.0 : 0.0;
      equal += y == x[i] ? 1.0 : 0.0;
    }
    rank[i] = below + 0.5 * (equal + 1.0);
  }
  return rank;
}

inline Table midranks(const Table& table) {
  Table out;
  for (const auto& row : table) {
    out.push_back(midranks(row));
  }
  return out;
}

// Calls see(table) for every arrangement of the values within the blocks, equal values counted apart.
inline void every_arrangement(const Table& table, const std::function<void(const Table&)>& see) {
  Table now = table;
  std::vector<std::vector<std::size_t>> place(table.size()), order(table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    for (std::size_t j = 0; j < table[i].size(); ++j) {
      if (table[i][j] == table[i][j]) {
        place[i].push_back(j);
      }
    }
  }
  const std::function<void(std::size_t)> block = [&](std::size_t i) {
    if (i == table.size()) {
      see(now);
      return;
    }
    order[i] = place[i];
    do {
      for (std::size_t j = 0; j < place[i].size(); ++j) {
        now[i][place[i][j]] = table[i][order[i][j]];
      }
      block(i + 1);
    } while (std::next_permutation(order[i].begin(), order[i].end()));
  };
  block(0);
}

// P(statistic >= observed) over all arrangements.
inline double enumerate(const Table& table, const std::function<double(const Table&)>& statistic) {
  const double observed = statistic(table);
  double reached = 0.0, all = 0.0;
  every_arrangement(table, [&](const Table& t) {
    all += 1.0;
    reached += statistic(t) >= observed - 1e-9 * (1.0 + std::fabs(observed)) ? 1.0 : 0.0;
  });
  return reached / all;
}

}  // namespace rank_blocks
