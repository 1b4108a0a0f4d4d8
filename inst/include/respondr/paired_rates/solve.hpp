#pragma once
// The plan of a batch of paired rates, and the maps over its problems.

#include <cstdint>
#include <vector>

#include "respondr/paired_rates/kappa.hpp"
#include "respondr/paired_rates/marginal_homogeneity.hpp"
#include "respondr/paired_rates/mcnemar.hpp"
#include "respondr/paired_rates/square.hpp"
#include "respondr/paired_rates/types.hpp"
#include "respondr/paired_rates/visits.hpp"
#include "respondr/parallel.hpp"

namespace respondr::paired_rates {

// Fixed for the batch and shared by threads. Problems are numbered outcome first, then group, then contrast. Responses are
// codes of levels from 1; any other number is missing. Tables given as counts stand in `tables`, one a problem, instead of
// rows.
struct Plan {
  std::vector<const int*> outcomes;
  std::vector<std::size_t> levels;               // of each outcome, or of each table
  const int* rows = nullptr;                     // patients x visits, patient running fastest; from 1, missing_int: not made
  std::size_t patients = 0, visits = 0;
  std::vector<std::size_t> group_start;          // G + 1 offsets into the patients
  std::vector<std::size_t> level, reference;     // visits of each contrast, from 0
  std::vector<SquareTable> tables;
  std::vector<std::vector<double>> scores;       // of the levels of each outcome; empty: 1, 2, ...
  std::vector<std::uint64_t> key;                // one a problem; empty where nothing is drawn
  Options options;

  std::size_t groups() const { return group_start.size() - 1; }
  std::size_t contrasts() const { return level.size(); }
  std::size_t size() const { return tables.empty() ? outcomes.size() * groups() * contrasts() : tables.size(); }
  std::size_t outcome(std::size_t problem) const {
    return tables.empty() ? problem / contrasts() / groups() : problem;
  }
  std::uint64_t stream(std::size_t problem) const { return key.empty() ? 0 : key[problem]; }

  // Code of a response, from 0; -1 where there is none.
  int response(std::size_t o, std::size_t patient, std::size_t visit) const {
    const int row = rows[patient + visit * patients];
    const int code = row == missing_int ? 0 : outcomes[o][row - 1];
    return code >= 1 && code <= static_cast<int>(levels[o]) ? code - 1 : -1;
  }
};

// The table of one problem; returns the patients of the group who are not in it.
inline int load_table(const Plan& plan, std::size_t problem, SquareTable& table) {
  if (!plan.tables.empty()) {
    table = plan.tables[problem];
    return 0;
  }
  const std::size_t contrast = problem % plan.contrasts(), group = problem / plan.contrasts() % plan.groups();
  const std::size_t o = plan.outcome(problem);
  table.clear(plan.levels[o]);
  int dropped = 0;
  for (std::size_t i = plan.group_start[group]; i < plan.group_start[group + 1]; ++i) {
    const int before = plan.response(o, i, plan.reference[contrast]), after = plan.response(o, i, plan.level[contrast]);
    if (before < 0 || after < 0) {
      ++dropped;
    } else {
      table(static_cast<std::size_t>(before), static_cast<std::size_t>(after)) += 1.0;
    }
  }
  return dropped;
}

struct Workspace {
  SquareTable table;
  UnconditionalTest unconditional;
  SquareWorkspace square;
  ScoreWorkspace score;
};

inline void solve_method(const Plan& plan, Method method, std::size_t problem, Workspace& w, RateRow& row) {
  const Options& o = plan.options;
  const std::uint64_t key = plan.stream(problem);
  switch (method) {
    case Method::bowker: solve_bowker(o, w.table, key, w.square, row); break;
    case Method::stuart_maxwell: solve_stuart(o, false, w.table, key, w.square, row); break;
    case Method::bhapkar: solve_stuart(o, true, w.table, key, w.square, row); break;
    case Method::marginal_homogeneity: {
      std::vector<double> score(w.table.k);
      for (std::size_t i = 0; i < score.size(); ++i) {
        score[i] = static_cast<double>(i + 1);
      }
      const std::size_t at = plan.outcome(problem);
      solve_marginal_homogeneity(o, at < plan.scores.size() && !plan.scores[at].empty() ? plan.scores[at] : score, w.table,
                                 key, w.score, row);
      break;
    }
    default: solve_pairs(o, method, w.table.pairs(), w.unconditional, row);
  }
}

// Hands row (problem * methods + method) to store(i, row).
template <class Store>
void solve_tables(const Plan& plan, const std::vector<Method>& methods, int threads, const Hooks& hooks, Store store) {
  parallel_map(
      plan.size(), threads, hooks, [] { return Workspace(); },
      [&](std::size_t problem, Workspace& w) {
        const int dropped = load_table(plan, problem, w.table);
        for (std::size_t m = 0; m < methods.size(); ++m) {
          RateRow row;
          row.n_dropped = dropped;
          solve_method(plan, methods[m], problem, w, row);
          store(problem * methods.size() + m, row);
        }
      });
}

// Kappa by each set of weights; weights[problem's outcome][set] is a matrix of the levels, row by row.
template <class Store>
void solve_agreement(const Plan& plan, const AgreementOptions& options,
                     const std::vector<std::vector<std::vector<double>>>& weights, int threads, const Hooks& hooks,
                     Store store) {
  parallel_map(
      plan.size(), threads, hooks, [] { return SquareTable(); },
      [&](std::size_t problem, SquareTable& table) {
        const int dropped = load_table(plan, problem, table);
        const auto& sets = weights[plan.outcome(problem)];
        for (std::size_t m = 0; m < sets.size(); ++m) {
          RateRow row;
          row.n_dropped = dropped;
          solve_kappa(options, sets[m], table, row);
          store(problem * sets.size() + m, row);
        }
      });
}

// Binary responses over all visits; problems are numbered outcome first, then group, and `key` is one of these.
template <class Store>
void solve_visits(const Plan& plan, const std::vector<VisitMethod>& methods, int threads, const Hooks& hooks, Store store) {
  parallel_map(
      plan.outcomes.size() * plan.groups(), threads, hooks, [] { return VisitWorkspace(); },
      [&](std::size_t problem, VisitWorkspace& w) {
        const std::size_t o = problem / plan.groups(), group = problem % plan.groups();
        Responses& r = w.responses;
        r.k = plan.visits;
        r.n = 0;
        r.value.clear();
        for (std::size_t i = plan.group_start[group]; i < plan.group_start[group + 1]; ++i) {
          bool known = false;
          for (std::size_t j = 0; j < plan.visits; ++j) {
            r.value.push_back(plan.response(o, i, j));
            known = known || r.value.back() >= 0;
          }
          r.n += known ? 1 : 0;
          r.value.resize(r.n * r.k);
        }
        for (std::size_t m = 0; m < methods.size(); ++m) {
          RateRow row;
          if (methods[m] == VisitMethod::cmh) {
            solve_cmh(plan.options, plan.stream(problem), w, row);
          } else {
            solve_cochran_q(plan.options, plan.stream(problem), w, row);
          }
          store(problem * methods.size() + m, row);
        }
      });
}

}  // namespace respondr::paired_rates
