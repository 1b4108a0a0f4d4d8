#pragma once
// Power of the score test of a difference of two rates against a margin, as for non-inferiority (Farrington and Manning
// 1990, doi:10.1002/sim.4780091208), over every outcome. z rises with the events of one arm and falls with those of the other
// (Roehmel and Mansmann 1999), so that the rejected tables lie beyond a staircase: some 2 n values of z in place of n^2.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/power/types.hpp"
#include "respondr/rates/score.hpp"
#include "respondr/special.hpp"

namespace respondr::power {

// upper[k] = P(X >= k), k = 0, ..., n + 1.
inline void upper_tails(const std::vector<double>& mass, std::vector<double>& upper) {
  upper.assign(mass.size() + 1, 0.0);
  for (std::size_t k = mass.size(); k-- > 0;) {
    upper[k] = upper[k + 1] + mass[k];
  }
}

// sum over x0 of P(x0) P(x1 >= first(x0)), first(x0) the smallest x1 whose one-sided p is at most `tail`.
inline double score_upper_power(const std::vector<double>& level_upper, const std::vector<double>& reference,
                                double difference, double tail) {
  const int n1 = static_cast<int>(level_upper.size()) - 2, n0 = static_cast<int>(reference.size()) - 1;
  const double limit = tail * (1.0 + 1e-12);
  const auto rejects = [&](int x1, int x0) {
    const double z = rates::score_z(rates::Estimand::difference, {x1, n1, x0, n0}, difference, rates::ScoreRule());
    return special::normal_cdf(z, special::Tail::upper) <= limit;
  };
  double power = 0.0;
  int first = 0;
  for (int x0 = 0; x0 <= n0; ++x0) {
    while (first <= n1 && !rejects(first, x0)) ++first;
    power += reference[static_cast<std::size_t>(x0)] * level_upper[static_cast<std::size_t>(first)];
  }
  return power;
}

// level, reference: masses of the events of both arms. Below is above with events and non-events exchanged.
inline double score_power(std::vector<double> level, std::vector<double> reference, double difference, double alpha,
                          Alternative alternative, std::vector<double>& upper) {
  const double tail = alternative == Alternative::two_sided ? 0.5 * alpha : alpha;
  double power = 0.0;
  if (alternative != Alternative::less) {
    upper_tails(level, upper);
    power += score_upper_power(upper, reference, difference, tail);
  }
  if (alternative != Alternative::greater) {
    std::reverse(level.begin(), level.end());
    std::reverse(reference.begin(), reference.end());
    upper_tails(level, upper);
    power += score_upper_power(upper, reference, -difference, tail);
  }
  return std::fmin(1.0, power);
}

}  // namespace respondr::power
