#pragma once
// Many tables of the same shape, one after the other or on several threads, with the same bits.

#include <cstdint>
#include <vector>

#include "respondr/parallel.hpp"
#include "respondr/rates/strata_solve.hpp"
#include "respondr/rates/table_tests.hpp"
#include "respondr/rates/trend.hpp"

namespace respondr::rates {

// counts: problem after problem, within it stratum after stratum, column after column. problem_key: the number of a problem
// in random streams; its place where the list is empty.
struct TablePlan {
  const int* counts = nullptr;
  std::size_t rows = 0, cols = 0, strata = 1, problems = 0;
  std::vector<double> row_score, col_score;
  std::vector<std::uint64_t> problem_key;

  std::size_t cells() const { return rows * cols * strata; }
  const int* problem(std::size_t p) const { return counts + p * cells(); }
  std::uint64_t key(std::size_t p) const { return problem_key.empty() ? p : problem_key[p]; }
};

// store(row number, row), once a row: the methods of the first problem, then those of the second.
template <class Store>
void solve_tables(const TablePlan& plan, const TableOptions& options, const std::vector<TableMethod>& methods, int threads,
                  const Hooks& hooks, Store&& store) {
  parallel_map(plan.problems, threads, hooks, [] { return TableWorkspace(); }, [&](std::size_t p, TableWorkspace& w) {
    load_table({plan.problem(p), plan.rows, plan.cols}, w.table);
    for (std::size_t m = 0; m < methods.size(); ++m) {
      TableRow row;
      if (methods[m] == TableMethod::trend || methods[m] == TableMethod::linear) {
        solve_trend(options, methods[m], plan.row_score, plan.col_score, plan.key(p), w, row);
      } else {
        solve_table(options, methods[m], plan.key(p), w, row);
      }
      store(p * methods.size() + m, row);
    }
  });
}

template <class Store>
void solve_all_strata(const TablePlan& plan, const StrataOptions& options, const std::vector<StrataMethod>& methods,
                      int threads, const Hooks& hooks, Store&& store) {
  parallel_map(plan.problems, threads, hooks, [] { return StrataWorkspace(); }, [&](std::size_t p, StrataWorkspace& w) {
    for (std::size_t m = 0; m < methods.size(); ++m) {
      TableRow row;
      if (methods[m] >= StrataMethod::general) {
        solve_general(methods[m], plan.problem(p), plan.rows, plan.cols, plan.strata, plan.row_score, plan.col_score, row);
      } else {
        solve_strata(options, methods[m], {plan.problem(p), plan.strata}, plan.key(p), w, row);
      }
      store(p * methods.size() + m, row);
    }
  });
}

}  // namespace respondr::rates
