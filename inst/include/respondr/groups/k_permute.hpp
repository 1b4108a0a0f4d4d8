#pragma once
// How the p of a rank test of several arms is found: exact, asymptotic, or by random permutations of the values over the
// arms.

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "respondr/groups/k_load.hpp"
#include "respondr/monte_carlo_p.hpp"
#include "respondr/random.hpp"

namespace respondr::groups {

constexpr std::uint64_t tag_over_arms = 36, tag_within_arms = 37;  // of random streams; see Tag in random.hpp

// The distribution to use where an exact answer takes `work` steps, known before it is begun. false: exact was asked for and
// takes too long, which the row then says.
inline bool choose_distribution(const KOptions& options, double work, KRow& row) {
  const bool fits = work <= options.exact_limit;
  row.distribution = options.distribution;
  if (options.distribution == Distribution::automatic) {
    row.distribution = fits ? Distribution::exact : Distribution::monte_carlo;
  }
  if (row.distribution == Distribution::exact && !fits) {
    row.distribution = Distribution::none;
    row.status = Status::too_large;
    return false;
  }
  return true;
}

// p after `reached` of the replicates were as extreme as the data, which count as one more replicate, and its 99 % interval.
inline void store_monte_carlo(double reached, bool doubled, int replicates, KRow& row) {
  const double total = static_cast<double>(replicates), twice = doubled ? 2.0 : 1.0;
  const ProbabilityInterval range = clopper_pearson(reached, total, 0.99);
  row.p_value = std::min(1.0, twice * (reached + 1.0) / (total + 1.0));
  row.p_low = std::min(1.0, twice * range.low);
  row.p_high = std::min(1.0, twice * range.high);
}

struct PermuteWorkspace {
  std::vector<std::size_t> arm;
};

// Calls see(arm) once a replicate, arm[i] the arm of the i-th value in ascending order.
template <class See>
void draw_arms(const PooledRanks& ranks, const KOptions& options, std::uint64_t problem, PermuteWorkspace& w, See&& see) {
  for (int replicate = 0; replicate < options.replicates; ++replicate) {
    Stream stream(options.seed, tag_over_arms, problem, static_cast<std::uint64_t>(replicate));
    // From arms in their order, not from the data: the order of the arms within a set of ties is then of no account.
    w.arm.clear();
    for (std::size_t j = 0; j < ranks.k(); ++j) {
      w.arm.insert(w.arm.end(), static_cast<std::size_t>(ranks.size[j]), j);
    }
    for (std::size_t i = w.arm.size(); i > 1; --i) {  // Fisher and Yates
      std::swap(w.arm[i - 1], w.arm[stream.bounded(static_cast<std::uint32_t>(i))]);
    }
    see(w.arm);
  }
}

}  // namespace respondr::groups
