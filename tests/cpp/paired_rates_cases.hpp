#pragma once
// What the tests of paired rates share: naive second programs over all tables, and random counts.

#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "respondr/paired_rates.hpp"

namespace paired_rates_cases {

using namespace respondr;
using namespace respondr::paired_rates;

inline double choose(double n, double k) {
  double c = 1.0;
  for (double i = 1.0; i <= k; i += 1.0) {
    c = c * (n - k + i) / i;
  }
  return c;
}

inline double binomial(double x, double n, double p) { return choose(n, x) * std::pow(p, x) * std::pow(1.0 - p, n - x); }

// f(counts) for every way n patients fall into gained, lost and the rest.
inline void all_tables(int n, const std::function<void(const PairCounts&)>& f) {
  for (int g = 0; g <= n; ++g) {
    for (int l = 0; g + l <= n; ++l) {
      f({0.0, static_cast<double>(l), static_cast<double>(g), static_cast<double>(n - g - l)});
    }
  }
}

// Probability of gains and losses at given probabilities of each.
inline double trinomial(const PairCounts& c, double gain, double loss) {
  const double n = c.n();
  return choose(n, c.gained) * choose(n - c.gained, c.lost) * std::pow(gain, c.gained) * std::pow(loss, c.lost) *
         std::pow(1.0 - gain - loss, n - c.gained - c.lost);
}

inline PairCounts random_counts(std::mt19937& rng, int most) {
  std::uniform_int_distribution<int> cell(0, most);
  return {static_cast<double>(cell(rng)), static_cast<double>(cell(rng)), static_cast<double>(cell(rng)),
          static_cast<double>(cell(rng))};
}

inline SquareTable square(std::size_t k, const std::vector<double>& rows) {
  SquareTable t;
  t.k = k;
  t.count = rows;
  return t;
}

inline RateRow pairs(Method method, const PairCounts& c, const Options& o = Options()) {
  UnconditionalTest w;
  RateRow row;
  solve_pairs(o, method, c, w, row);
  return row;
}

}  // namespace paired_rates_cases
