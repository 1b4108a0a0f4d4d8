#pragma once
// A batch of tables: the plan, and the map over its problems.

#include <cstddef>
#include <vector>

#include "respondr/parallel.hpp"
#include "respondr/rates/two_arms_solve.hpp"

namespace respondr::rates {

// Events and patients of each arm of each group, arm running fastest. Problems are numbered group first, then pair.
struct RatePlan {
  Span<int> events, n;
  std::size_t arms = 0;
  std::vector<std::size_t> level, reference;  // arms of each pair
  Options options;

  std::size_t groups() const { return arms == 0 ? 0 : n.size / arms; }
  std::size_t pairs() const { return groups() * level.size(); }

  Table table(std::size_t i) const {
    const std::size_t group = i / level.size() * arms, pair = i % level.size();
    const std::size_t a = group + level[pair], b = group + reference[pair];
    return {events[a], n[a], events[b], n[b]};
  }
};

// Hands row i to store(i, row).
template <class Store>
void solve_pairs(const RatePlan& plan, int threads, const Hooks& hooks, Store store) {
  parallel_map(
      plan.pairs(), threads, hooks, [] { return TwoArmsWorkspace(); },
      [&](std::size_t i, TwoArmsWorkspace& w) {
        RateRow row;
        solve_two(plan.options, plan.table(i), w, row);
        store(i, row);
      });
}

// Every arm of every group by itself.
template <class Store>
void solve_arms(const RatePlan& plan, int threads, const Hooks& hooks, Store store) {
  parallel_map(
      plan.n.size, threads, hooks, [] { return OneSampleWorkspace(); },
      [&](std::size_t i, OneSampleWorkspace& w) {
        RateRow row;
        solve_one(plan.options, plan.events[i], plan.n[i], w, row);
        store(i, row);
      });
}

}  // namespace respondr::rates
