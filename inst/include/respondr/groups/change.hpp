#pragma once
// Change within and between arms in one table. For each problem, with k arms and P pairs of them, rows in this order:
//   k   within         mean change of an arm, its own t-test (paired/t.hpp)
//   P   change_score   contrast of mean changes, pooled spread or HC3
//   P   ancova         contrast of outcomes at equal baseline
//   k   adjusted_mean  mean outcome of an arm at the mean baseline of all patients (ancova)
//   4   tests          arms (change_score), arms, slope and equal slopes (ancova)

#include <cstdint>
#include <vector>

#include "respondr/groups/k_solve.hpp"

namespace respondr::groups {

inline std::size_t change_rows(std::size_t k, std::size_t pairs) { return 2 * k + 2 * pairs + 4; }

inline void solve_within(const KOptions& options, const ChangeSample& data, std::size_t arm, paired::TWorkspace& w,
                         KRow& row) {
  paired::Options o;
  o.conf_level = options.conf_level;
  Row t;
  const double rounding = 0.5 * (data.rounding_baseline + data.rounding_outcome);
  paired::finish_t(o, Moments::of({data.change.data() + data.start[arm], data.n(arm)}), rounding, {}, w, t);
  row.n = static_cast<int>(data.n(arm));
  row.n_dropped = data.dropped[arm];
  row.estimate = t.estimate;
  row.std_error = t.std_error;
  row.conf_low = t.conf_low;
  row.conf_high = t.conf_high;
  row.statistic = t.statistic;
  row.df = t.df;
  row.p_value = t.p_value;
  row.conf_method = t.conf_method;
  row.p_matches = t.p_matches;
  row.status = t.status;
}

// Hands row (problem * change_rows + i) to store(i, row), and to count(problem, arm, sample) the patients left out.
template <class Store, class Count>
std::size_t solve_change(const KPlan& plan, const ArmPairs& pairs, bool hc3, int threads, const Hooks& hooks, Store store,
                         Count count) {
  LowestProblem infinite;
  const std::size_t k = plan.k, p = pairs.level.size(), rows = change_rows(k, p);
  parallel_map(
      plan.size(), threads, hooks, [] { return KWorkspace(); },
      [&](std::size_t problem, KWorkspace& w) {
        if (!load_change(plan.change(problem), w.change)) {
          infinite.meet(problem);
          return;
        }
        const KOptions& o = plan.options;
        const auto put = [&](std::size_t i, auto&& solve) {
          KRow row;
          solve(row);
          store(problem * rows + i, row);
        };
        for (std::size_t j = 0; j < k; ++j) {
          put(j, [&](KRow& row) { solve_within(o, w.change, j, w.t, row); });
          count(problem, j, w.change);
        }
        for (const bool change_score : {true, false}) {
          fit_ancova(w.change, change_score, hc3, w.fit);
          const std::size_t first = k + (change_score ? 0 : p);
          for (std::size_t i = 0; i < p; ++i) {
            put(first + i, [&](KRow& r) { solve_arm_contrast(o, w.change, w.fit, pairs.level[i], pairs.reference[i], r); });
          }
          put(2 * k + 2 * p + (change_score ? 0 : 1), [&](KRow& row) { solve_arms(w.change, w.fit, row); });
        }
        for (std::size_t j = 0; j < k; ++j) {
          put(k + 2 * p + j, [&](KRow& row) { solve_adjusted_mean(o, w.change, w.fit, j, row); });
        }
        put(2 * k + 2 * p + 2, [&](KRow& row) { solve_slope(o, w.change, w.fit, row); });
        put(2 * k + 2 * p + 3, [&](KRow& row) { solve_equal_slopes(w.change, w.fit, row); });
      });
  return infinite.get();
}

}  // namespace respondr::groups
