#pragma once
// The naive second program for tables of counts: every table with the margins, one after the other.

#include <cmath>
#include <functional>
#include <random>
#include <vector>

namespace naive_tables {

using Cells = std::vector<std::vector<int>>;  // [row][column]

inline std::vector<int> row_sums(const Cells& t) {
  std::vector<int> out;
  for (const auto& row : t) {
    int sum = 0;
    for (const int x : row) sum += x;
    out.push_back(sum);
  }
  return out;
}

inline std::vector<int> col_sums(const Cells& t) {
  std::vector<int> out(t[0].size(), 0);
  for (const auto& row : t)
    for (std::size_t j = 0; j < row.size(); ++j) out[j] += row[j];
  return out;
}

// see(table, probability) for every table with the margins of t.
inline void enumerate(const Cells& t, const std::function<void(const Cells&, double)>& see) {
  const std::vector<int> rows = row_sums(t), cols = col_sums(t);
  double constant = 0.0, n = 0.0;
  for (const int r : rows) constant += std::lgamma(r + 1.0), n += r;
  for (const int c : cols) constant += std::lgamma(c + 1.0);
  constant -= std::lgamma(n + 1.0);
  Cells now(rows.size(), std::vector<int>(cols.size(), 0));
  std::vector<int> left_row = rows, left_col = cols;
  std::function<void(std::size_t)> place = [&](std::size_t cell) {
    const std::size_t i = cell / cols.size(), j = cell % cols.size();
    if (i == rows.size()) {
      for (const int x : left_col)
        if (x != 0) return;
      double ln = constant;
      for (const auto& row : now)
        for (const int x : row) ln -= std::lgamma(x + 1.0);
      see(now, std::exp(ln));
      return;
    }
    const int forced = i + 1 == rows.size() ? left_col[j] : j + 1 == cols.size() ? left_row[i] : 0;
    const int most = i + 1 == rows.size() ? forced : std::min(left_row[i], left_col[j]);
    for (int x = forced; x <= most; ++x) {
      now[i][j] = x;
      left_row[i] -= x;
      left_col[j] -= x;
      place(cell + 1);
      left_row[i] += x;
      left_col[j] += x;
    }
  };
  place(0);
}

inline double pearson(const Cells& t) {
  const std::vector<int> rows = row_sums(t), cols = col_sums(t);
  double n = 0.0, sum = 0.0;
  for (const int r : rows) n += r;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < cols.size(); ++j) {
      const double e = rows[i] * static_cast<double>(cols[j]) / n;
      if (e > 0.0) sum += (t[i][j] - e) * (t[i][j] - e) / e;
    }
  return sum;
}

inline double likelihood_ratio(const Cells& t) {
  const std::vector<int> rows = row_sums(t), cols = col_sums(t);
  double n = 0.0, sum = 0.0;
  for (const int r : rows) n += r;
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t j = 0; j < cols.size(); ++j)
      if (t[i][j] > 0) sum += 2.0 * t[i][j] * std::log(t[i][j] * n / (rows[i] * static_cast<double>(cols[j])));
  return sum;
}

inline double scored(const Cells& t, const std::vector<double>& u, const std::vector<double>& v) {
  double sum = 0.0;
  for (std::size_t i = 0; i < t.size(); ++i)
    for (std::size_t j = 0; j < t[i].size(); ++j) sum += u[i] * v[j] * t[i][j];
  return sum;
}

// A random table of n patients.
inline Cells random_table(std::mt19937& engine, std::size_t rows, std::size_t cols, int n) {
  Cells t(rows, std::vector<int>(cols, 0));
  for (int k = 0; k < n; ++k) ++t[engine() % rows][engine() % cols];
  return t;
}

inline std::vector<int> column_major(const Cells& t) {
  std::vector<int> out;
  for (std::size_t j = 0; j < t[0].size(); ++j)
    for (const auto& row : t) out.push_back(row[j]);
  return out;
}

}  // namespace naive_tables
