#pragma once
// The plan of a batch of problems of several arms, and the map over its problems. Problems are numbered outcome first, then
// group.

#include <cstdint>
#include <vector>

#include "respondr/groups/ancova_tests.hpp"
#include "respondr/groups/anova.hpp"
#include "respondr/groups/jonckheere.hpp"
#include "respondr/groups/kruskal.hpp"
#include "respondr/groups/pairs_means.hpp"
#include "respondr/groups/pairs_ranks.hpp"
#include "respondr/groups/welch.hpp"
#include "respondr/paired/t.hpp"
#include "respondr/parallel.hpp"

namespace respondr::groups {

// Fixed for the batch and shared by threads. Rows, or summary figures.
struct KPlan {
  std::vector<const double*> outcomes, baselines;  // baselines: change only, one an outcome
  const int *order = nullptr, *start = nullptr;    // rows from 1, by group then arm; offsets of group g, arm j at g k + j
  std::size_t k = 0, groups = 1;
  const double *n = nullptr, *mean = nullptr, *sd = nullptr;  // figures: of problem p, arm j at p k + j; without outcomes
  std::size_t figure_problems = 0;
  std::vector<std::uint64_t> problem_key;  // one a problem; empty where nothing is drawn
  KOptions options;

  bool from_figures() const { return n != nullptr; }
  std::size_t size() const { return from_figures() ? figure_problems : outcomes.size() * groups; }
  std::uint64_t key(std::size_t problem) const { return problem_key.empty() ? 0 : problem_key[problem]; }
  ArmColumns columns(std::size_t problem) const {
    return {outcomes[problem / groups], order, start + problem % groups * k, k};
  }
  ChangeColumns change(std::size_t problem) const {
    return {baselines[problem / groups], outcomes[problem / groups], order, start + problem % groups * k, k};
  }
};

struct KWorkspace {
  Sample sample;
  std::vector<int> dropped;
  ArmFigures figures;
  RankWorkspace rank;
  PooledRanks ranks;
  bool ranked = false;
  KruskalWorkspace kruskal;
  JonckheereWorkspace jonckheere;
  MeansFamily means;
  RankPairsWorkspace rank_pairs;
  FamilyQuantiles tukey, dunnett, steel, dscf;
  ChangeSample change;
  AncovaFit fit;
  paired::TWorkspace t;
};

namespace detail {

inline void read_figures(const KPlan& plan, std::size_t problem, ArmFigures& out) {
  out.arm.resize(plan.k);
  out.rest.assign(plan.k, 0.0);
  out.dropped.assign(plan.k, 0);
  out.rounding = 0.0;
  for (std::size_t j = 0; j < plan.k; ++j) {
    const std::size_t at = problem * plan.k + j;
    const double n = plan.n[at] > 0.0 ? plan.n[at] : 0.0, sd = plan.sd[at];
    out.arm[j].n = n;
    out.arm[j].mean = n > 0.0 ? plan.mean[at] : missing;
    out.arm[j].ss = n > 1.0 ? (n - 1.0) * sd * sd : 0.0;
  }
}

inline const PooledRanks& ranked(KWorkspace& w) {
  if (!w.ranked) {
    rank_sample(w.sample, w.dropped, w.rank, w.ranks);
    w.ranked = true;
  }
  return w.ranks;
}

}  // namespace detail

// Loads each problem and calls work(problem, workspace), on whichever thread has it. Returns the lowest problem that holds
// an infinite value, or no_problem.
template <class Work>
std::size_t map_arms(const KPlan& plan, int threads, const Hooks& hooks, Work work) {
  LowestProblem infinite;
  parallel_map(
      plan.size(), threads, hooks, [] { return KWorkspace(); },
      [&](std::size_t problem, KWorkspace& w) {
        w.ranked = false;
        if (plan.from_figures()) {
          detail::read_figures(plan, problem, w.figures);
        } else if (!load_sample(plan.columns(problem), w.sample, w.dropped)) {
          infinite.meet(problem);
          return;
        } else {
          take_figures(w.sample, w.dropped, w.figures);
        }
        work(problem, w);
      });
  return infinite.get();
}

inline KRow solve_arms_test(const KPlan& plan, KMethod method, std::uint64_t key, KWorkspace& w) {
  KRow row;
  switch (method) {
    case KMethod::anova:
      solve_anova(plan.options, w.figures, row);
      break;
    case KMethod::welch_anova:
      solve_welch_anova(plan.options, w.figures, row);
      break;
    case KMethod::f_star:
      solve_f_star(plan.options, w.figures, row);
      break;
    case KMethod::kruskal_wallis:
      solve_kruskal(plan.options, detail::ranked(w), key, w.kruskal, row);
      break;
    case KMethod::jonckheere:
      solve_jonckheere(plan.options, detail::ranked(w), key, w.jonckheere, row);
      break;
  }
  return row;
}

// Hands row (problem * methods + method) to store(i, row).
template <class Store>
std::size_t solve_k(const KPlan& plan, const std::vector<KMethod>& methods, int threads, const Hooks& hooks, Store store) {
  return map_arms(plan, threads, hooks, [&](std::size_t problem, KWorkspace& w) {
    for (std::size_t m = 0; m < methods.size(); ++m) {
      store(problem * methods.size() + m, solve_arms_test(plan, methods[m], plan.key(problem), w));
    }
  });
}

// Pairs of arms, level and reference. Families against one reference: dunnett and steel, whose pairs share it.
struct ArmPairs {
  std::vector<std::size_t> level, reference;
};

inline KRow solve_pair(const KPlan& plan, PairsMethod method, std::size_t level, std::size_t reference, KWorkspace& w) {
  KRow row;
  const KOptions& o = plan.options;
  switch (method) {
    case PairsMethod::tukey:
      solve_pooled_pair(o, false, w.figures, w.means, level, reference, w.tukey, row);
      break;
    case PairsMethod::dunnett:
      solve_pooled_pair(o, true, w.figures, w.means, level, reference, w.dunnett, row);
      break;
    case PairsMethod::games_howell:
      solve_games_howell(o, w.figures, w.means, level, reference, w.tukey, row);
      break;
    case PairsMethod::steel:
      solve_rank_sum_pair(o, true, w.ranks, w.dropped, level, reference, w.steel, w.rank_pairs, row);
      break;
    case PairsMethod::dscf:
      solve_rank_sum_pair(o, false, w.ranks, w.dropped, level, reference, w.dscf, w.rank_pairs, row);
      break;
    case PairsMethod::dunn:
      solve_dunn(w.ranks, w.dropped, level, reference, w.rank_pairs, row);
      break;
  }
  return row;
}

// Row ((problem * pairs + pair) * methods + method).
template <class Store>
std::size_t solve_pairs(const KPlan& plan, const ArmPairs& pairs, const std::vector<PairsMethod>& methods, int threads,
                        const Hooks& hooks, Store store) {
  const std::size_t count = pairs.level.size();
  const bool by_ranks = std::any_of(methods.begin(), methods.end(), [](PairsMethod m) { return m >= PairsMethod::steel; });
  return map_arms(plan, threads, hooks, [&](std::size_t problem, KWorkspace& w) {
    if (count == 0) {
      return;
    }
    w.means.prepare(plan.options, w.figures, pairs.reference[0]);
    if (by_ranks) {
      prepare_rank_pairs(plan.options, detail::ranked(w), pairs.reference[0], w.rank_pairs);
    }
    for (std::size_t p = 0; p < count; ++p) {
      for (std::size_t m = 0; m < methods.size(); ++m) {
        store((problem * count + p) * methods.size() + m,
              solve_pair(plan, methods[m], pairs.level[p], pairs.reference[p], w));
      }
    }
  });
}

}  // namespace respondr::groups
