#pragma once
// The before/after table of a batch.

#include <cstddef>
#include <vector>

#include "respondr/paired/describe.hpp"
#include "respondr/paired/load.hpp"
#include "respondr/paired/solve.hpp"
#include "respondr/parallel.hpp"

namespace respondr::paired {

// Describes every problem of the plan on the difference scale and hands it to store(i, description), from whichever
// thread. Returns the lowest problem that holds an infinite measurement, or no_problem.
template <class Store>
std::size_t describe_all(const Plan& plan, QuantileType type, int threads, const Hooks& hooks, Store store) {
  struct Work {
    LoadWorkspace load;
    Sample sample;
    Shift shift;
    DescribeWorkspace describe;
  };
  Options options;
  options.effect = Effect::d_av;  // load() keeps the measurements only for who needs them
  std::vector<char> infinite(plan.size(), 0);
  parallel_map(
      plan.size(), threads, hooks, [] { return Work(); },
      [&](std::size_t i, Work& w) {
        Row row;
        const bool loaded = load(plan.columns(i), options, w.load, w.sample, w.shift, row) == Loaded::ready;
        infinite[i] = loaded ? 0 : 1;
        store(i, loaded ? describe(w.sample, type, w.describe) : Description());
      });
  for (std::size_t i = 0; i < infinite.size(); ++i) {
    if (infinite[i] != 0) {
      return i;
    }
  }
  return no_problem;
}

}  // namespace respondr::paired
