#pragma once
// Tables of counts: options, the row of a result, and the table of one problem without its empty rows and columns.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "respondr/row.hpp"
#include "respondr/types.hpp"

namespace respondr::rates {

enum class TableMethod : int { chisq = 0, n1_chisq, g, fisher, trend, linear };

// Rule of a two-sided exact p. minlike: what is no more probable than the data; distance: what lies no nearer to the mean;
// central: twice the smaller tail.
enum class TableTwoSided : int { minlike = 0, central, distance };

struct TableOptions {
  Distribution distribution = Distribution::automatic;
  Alternative alternative = Alternative::two_sided;    // trend and linear: greater is growth along the scores
  TableTwoSided two_sided = TableTwoSided::distance;   // trend and linear
  bool mid_p = false;
  double conf_level = 0.95;
  double exact_limit = 1e8;  // elementary steps an exact answer may take
  int replicates = 10000;
  std::uint64_t seed = 0;
};

// One row of a result; the names are those of the dictionary (R/dictionary.R).
struct TableRow {
  int n = 0, events = missing_int, n_strata = missing_int, n_strata_dropped = missing_int;
  double estimate = missing, std_error = missing, conf_low = missing, conf_high = missing;
  double statistic = missing, df = missing, p_value = missing, p_low = missing, p_high = missing;
  double effect = missing;
  Distribution distribution = Distribution::none;
  ConfMethod conf_method = ConfMethod::none;
  bool p_matches = false;
  Status status = Status::ok;
  std::uint32_t notes = 0;

  void add(Note note) { notes |= static_cast<std::uint32_t>(note); }
};

// f(name, get) for every column; get(row) is a reference to the field.
template <class F>
void visit_columns(const TableRow*, F&& f) {
  f("n", [](auto& r) -> auto& { return r.n; });
  f("events", [](auto& r) -> auto& { return r.events; });
  f("n_strata", [](auto& r) -> auto& { return r.n_strata; });
  f("n_strata_dropped", [](auto& r) -> auto& { return r.n_strata_dropped; });
  f("estimate", [](auto& r) -> auto& { return r.estimate; });
  f("std_error", [](auto& r) -> auto& { return r.std_error; });
  f("conf_low", [](auto& r) -> auto& { return r.conf_low; });
  f("conf_high", [](auto& r) -> auto& { return r.conf_high; });
  f("statistic", [](auto& r) -> auto& { return r.statistic; });
  f("df", [](auto& r) -> auto& { return r.df; });
  f("p_value", [](auto& r) -> auto& { return r.p_value; });
  f("p_low", [](auto& r) -> auto& { return r.p_low; });
  f("p_high", [](auto& r) -> auto& { return r.p_high; });
  f("effect", [](auto& r) -> auto& { return r.effect; });
  f("distribution", [](auto& r) -> auto& { return r.distribution; });
  f("conf_method", [](auto& r) -> auto& { return r.conf_method; });
  f("p_matches", [](auto& r) -> auto& { return r.p_matches; });
  f("status", [](auto& r) -> auto& { return r.status; });
  f("notes", [](auto& r) -> auto& { return r.notes; });
}

// Counts of one problem, column after column: arm i, response j at count[i + j * rows].
struct CountView {
  const int* count = nullptr;
  std::size_t rows = 0, cols = 0;

  int operator()(std::size_t i, std::size_t j) const { return count[i + j * rows]; }
};

// The table without empty rows and columns.
struct CountTable {
  std::vector<int> cell;                    // row after row
  std::vector<int> row, col;                // margins, all > 0
  std::vector<std::size_t> from_row, from_col;
  int n = 0;

  std::size_t rows() const { return row.size(); }
  std::size_t cols() const { return col.size(); }
  int operator()(std::size_t i, std::size_t j) const { return cell[i * col.size() + j]; }
};

inline void load_table(const CountView& view, CountTable& t) {
  t.row.clear();
  t.col.clear();
  t.from_row.clear();
  t.from_col.clear();
  t.cell.clear();
  t.n = 0;
  for (std::size_t i = 0; i < view.rows; ++i) {
    int sum = 0;
    for (std::size_t j = 0; j < view.cols; ++j) {
      sum += view(i, j);
    }
    if (sum > 0) {
      t.row.push_back(sum);
      t.from_row.push_back(i);
      t.n += sum;
    }
  }
  for (std::size_t j = 0; j < view.cols; ++j) {
    int sum = 0;
    for (std::size_t i = 0; i < view.rows; ++i) {
      sum += view(i, j);
    }
    if (sum > 0) {
      t.col.push_back(sum);
      t.from_col.push_back(j);
    }
  }
  for (const std::size_t i : t.from_row) {
    for (const std::size_t j : t.from_col) {
      t.cell.push_back(view(i, j));
    }
  }
}

// What keeps a table from being tested: nobody, one arm only, one response only.
inline Status table_status(const CountTable& t) {
  return t.n == 0 ? Status::no_data : t.rows() < 2 ? Status::one_group_empty : t.cols() < 2 ? Status::one_level : Status::ok;
}

}  // namespace respondr::rates
