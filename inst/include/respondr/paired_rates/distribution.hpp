#pragma once
// How a p is found where an exact answer takes `work` steps, known before it is begun.

#include <algorithm>
#include <cmath>

#include "respondr/monte_carlo_p.hpp"
#include "respondr/paired_rates/types.hpp"

namespace respondr::paired_rates {

constexpr double longest_draw = 1e11;  // steps: minutes

// The distribution to use; none where the answer takes too long, and the row then says so. `draw`: steps of one replicate.
inline Distribution choose_distribution(const Options& options, double work, double draw, RateRow& row) {
  Distribution d = options.distribution;
  if (d == Distribution::automatic) {
    d = work <= options.exact_limit ? Distribution::exact : Distribution::monte_carlo;
  }
  const bool too_long = d == Distribution::monte_carlo && draw * options.replicates > longest_draw;
  if (too_long || (d == Distribution::exact && work > options.exact_limit)) {
    row.status = Status::too_large;
    d = Distribution::none;
  }
  row.distribution = d;
  return d;
}

// p after `reached` of the replicates were as extreme as the data, which count as one more, and its 99 % interval.
inline void store_monte_carlo(double reached, bool doubled, const Options& options, RateRow& row) {
  const double replicates = static_cast<double>(options.replicates), twice = doubled ? 2.0 : 1.0;
  const ProbabilityInterval range = clopper_pearson(reached, replicates, 0.99);
  row.p_value = std::fmin(1.0, twice * (reached + 1.0) / (replicates + 1.0));
  row.p_low = std::fmin(1.0, twice * range.low);
  row.p_high = std::fmin(1.0, twice * range.high);
}

// Statistics that are equal but for rounding count as reached.
inline double least_reached(double statistic) { return statistic - 1e-10 * (1.0 + std::fabs(statistic)); }

}  // namespace respondr::paired_rates
