#pragma once
// The plan of a batch of rank tests of repeated measures, and the map over its problems.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "respondr/parallel.hpp"
#include "respondr/rm/friedman_blocks.hpp"
#include "respondr/rm/friedman_effect.hpp"
#include "respondr/rm/friedman_page.hpp"
#include "respondr/rm/friedman_pairs.hpp"
#include "respondr/rm/friedman_skillings_mack.hpp"
#include "respondr/rm/friedman_tests.hpp"

namespace respondr::rm {

// Fixed for the batch and shared by threads. Problems are numbered outcome first, then group.
struct RankPlan {
  std::vector<const double*> outcomes;
  const int* rows = nullptr;               // patients x visits, patient running fastest; from 1, missing_int where not made
  std::size_t patients = 0, k = 0;
  std::vector<std::size_t> group_start;    // G + 1 offsets into the patients
  std::vector<std::uint64_t> problem_key;  // one a problem; empty where nothing is drawn
  RankOptions options;
  std::vector<RankMethod> methods;

  std::size_t groups() const { return group_start.size() - 1; }
  std::size_t size() const { return outcomes.size() * groups(); }
  std::uint64_t key(std::size_t problem) const { return problem_key.empty() ? 0 : problem_key[problem]; }

  BlockColumns columns(std::size_t problem) const {
    const std::size_t group = problem % groups(), start = group_start[group];
    return {outcomes[problem / groups()], rows + start, group_start[group + 1] - start, patients, k};
  }
};

struct RankWorkspace {
  BlockWorkspace load;
  Blocks blocks;
  Scores scores;
  RankTestWorkspace test;
  PageWorkspace page;
  SkillingsMackWorkspace skillings_mack;
  AgreementWorkspace agreement;
  PairPlan pairs;
};

inline RankRow solve_rank_test(const RankPlan& plan, RankMethod method, std::uint64_t key, RankWorkspace& w) {
  RankRow row;
  switch (method) {
    case RankMethod::friedman: solve_friedman(plan.options, w.blocks, w.scores, key, w.test, row); break;
    case RankMethod::iman_davenport: solve_iman_davenport(w.blocks, w.scores, w.test, row); break;
    case RankMethod::quade: solve_quade(plan.options, w.blocks, w.scores, key, w.test, row); break;
    case RankMethod::page: solve_page(plan.options, w.blocks, w.scores, key, w.page, row); break;
    case RankMethod::skillings_mack:
      solve_skillings_mack(plan.options, w.blocks, w.scores, key, w.test, w.skillings_mack, row);
      break;
  }
  return row;
}

// Loads each problem, scores its complete blocks and calls work(problem, workspace), on whichever thread has it. Returns the
// lowest problem that holds an infinite measurement, or no_problem.
template <class Work>
std::size_t map_rank_problems(const RankPlan& plan, int threads, const Hooks& hooks, Work work) {
  LowestProblem infinite;
  parallel_map(
      plan.size(), threads, hooks, [] { return RankWorkspace(); },
      [&](std::size_t problem, RankWorkspace& w) {
        if (!load_blocks(plan.columns(problem), w.load, w.blocks)) {
          infinite.meet(problem);
          return;
        }
        complete_scores(w.blocks, w.scores);
        work(problem, w);
      });
  return infinite.get();
}

// Hands row (problem * methods + method) to store(i, row).
template <class Store>
std::size_t solve_rank_tests(const RankPlan& plan, int threads, const Hooks& hooks, Store store) {
  const bool agreement = std::any_of(plan.methods.begin(), plan.methods.end(),
                                     [](RankMethod m) { return m != RankMethod::skillings_mack; });
  return map_rank_problems(plan, threads, hooks, [&](std::size_t problem, RankWorkspace& w) {
    const std::uint64_t key = plan.key(problem);
    const Agreement a = agreement ? solve_kendall_w(plan.options, w.scores, key, w.agreement) : Agreement();
    for (std::size_t m = 0; m < plan.methods.size(); ++m) {
      RankRow row = solve_rank_test(plan, plan.methods[m], key, w);
      if (plan.methods[m] != RankMethod::skillings_mack) {
        row.effect = a.w;
        row.effect_low = a.low;
        row.effect_high = a.high;
        row.conf_method = a.method;
        row.notes |= a.notes;
      }
      store(problem * plan.methods.size() + m, row);
    }
  });
}

// Pairs of visits, level and reference, by several methods. Row ((problem * pairs + pair) * methods + method).
struct PairSet {
  std::vector<std::size_t> level, reference;
  std::vector<PairMethod> methods;
  PairOptions options;

  std::size_t rows() const { return level.size() * methods.size(); }
};

template <class Store>
std::size_t solve_rank_pairs(const RankPlan& plan, const PairSet& pairs, int threads, const Hooks& hooks, Store store) {
  return map_rank_problems(plan, threads, hooks, [&](std::size_t problem, RankWorkspace& w) {
    w.pairs.prepare(pairs.options, w.scores);
    for (std::size_t i = 0; i < pairs.rows(); ++i) {
      const std::size_t pair = i / pairs.methods.size();
      RankRow row;
      solve_pair(pairs.options, pairs.methods[i % pairs.methods.size()], w.blocks, w.scores, pairs.level[pair],
                 pairs.reference[pair], w.pairs, row);
      store(problem * pairs.rows() + i, row);
    }
  });
}

}  // namespace respondr::rm
