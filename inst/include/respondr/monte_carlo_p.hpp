#pragma once
// What a Monte Carlo p says about the p that all permutations would give.

#include <algorithm>
#include <cmath>

#include "respondr/row.hpp"
#include "respondr/special/central.hpp"

namespace respondr {

struct ProbabilityInterval {
  double low = 0.0, high = 1.0;
};

// Clopper and Pearson (1934) interval of a probability after `reached` of `replicates` draws.
inline ProbabilityInterval clopper_pearson(double reached, double replicates, double level) {
  const double tail = 0.5 * (1.0 - level);
  const double share = reached / replicates;
  const double reach = 8.0 * std::sqrt((share * (1.0 - share) + 8.0 / replicates) / replicates);
  const double left = std::fmax(0.0, share - reach), right = std::fmin(1.0, share + reach);
  const auto root = [tail](double low, double high, auto&& p_tail) {
    const auto excess = [&](double p) { return p_tail(p) - tail; };
    return special::detail::bracketed_root(excess, low, excess(low), high, excess(high), 1e-14);
  };
  ProbabilityInterval out;
  if (reached > 0.0) {
    out.low = root(left, share, [&](double p) {
      return special::beta_cdf(p, reached, replicates - reached + 1.0, special::Tail::lower);
    });
  }
  if (reached < replicates) {
    out.high = root(share, right, [&](double p) {
      return special::beta_cdf(p, reached + 1.0, replicates - reached, special::Tail::upper);
    });
  }
  return out;
}

// The 99 % interval of the p that all permutations would give, after a p of (reached + 1) / (replicates + 1), doubled or not.
template <class AnyRow>
void monte_carlo_range(double one_sided, bool doubled, double replicates, AnyRow& row) {
  const double twice = doubled ? 2.0 : 1.0;
  const ProbabilityInterval all = clopper_pearson(std::rint(one_sided * (replicates + 1.0)) - 1.0, replicates, 0.99);
  row.p_low = std::min(1.0, twice * all.low);
  row.p_high = std::min(1.0, twice * all.high);
}

}  // namespace respondr
