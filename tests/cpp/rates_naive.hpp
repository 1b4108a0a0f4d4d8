#pragma once
// The oracle of the rates tests: sums in long double by the definitions, nothing shared with the core but its words.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/rates/lattice_tests.hpp"

namespace naive {

using respondr::Alternative;
using respondr::rates::LatticeRule;
using respondr::rates::TwoSided;
using Masses = std::vector<long double>;

inline long double choose(int n, int k) {
  long double c = 1.0L;
  for (int i = 1; i <= k; ++i) c = c * (n - k + i) / i;
  return c;
}

// Probabilities of low..high, proportional to weight psi^k.
inline Masses normalised(Masses weight, int low, long double log_psi) {
  long double total = 0.0L;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    weight[i] *= std::exp(log_psi * (low + static_cast<int>(i)));
    total += weight[i];
  }
  for (long double& w : weight) w /= total;
  return weight;
}

inline Masses hypergeometric(int n1, int n0, int m, long double log_psi) {
  const int low = std::max(0, m - n0), high = std::min(n1, m);
  Masses w;
  for (int k = low; k <= high; ++k) w.push_back(choose(n1, k) * choose(n0, m - k));
  return normalised(w, low, log_psi);
}

inline Masses binomial(int n, long double log_odds) {
  Masses w;
  for (int k = 0; k <= n; ++k) w.push_back(choose(n, k));
  return normalised(w, 0, log_odds);
}

// i: place of the observed count.
inline double p(const Masses& f, std::size_t i, const LatticeRule& rule) {
  long double below = 0.0L, above = 0.0L;
  for (std::size_t j = 0; j < f.size(); ++j) {
    below += j < i ? f[j] : 0.0L;
    above += j > i ? f[j] : 0.0L;
  }
  const long double own = rule.midp ? 0.5L * f[i] : f[i], less = below + own, greater = above + own;
  if (rule.alternative == Alternative::less) return static_cast<double>(less);
  if (rule.alternative == Alternative::greater) return static_cast<double>(greater);
  if (rule.two_sided == TwoSided::central) return static_cast<double>(std::min(1.0L, 2.0L * std::min(less, greater)));
  long double sum = 0.0L;
  if (rule.two_sided == TwoSided::minlike) {
    for (const long double g : f) {
      const bool tied = std::fabs(g / f[i] - 1.0L) <= 1e-7L;
      sum += g <= f[i] * (1.0L + 1e-7L) ? (tied && rule.midp ? 0.5L * g : g) : 0.0L;
    }
    return static_cast<double>(std::min(1.0L, sum));
  }
  const auto tail = [&](std::size_t j) {
    long double lower = 0.0L, upper = 0.0L;
    for (std::size_t k = 0; k < f.size(); ++k) {
      lower += k <= j ? f[k] : 0.0L;
      upper += k >= j ? f[k] : 0.0L;
    }
    return std::min(lower, upper);
  };
  for (std::size_t j = 0; j < f.size(); ++j) sum += tail(j) <= tail(i) * (1.0L + 1e-7L) ? f[j] : 0.0L;
  return static_cast<double>(std::min(1.0L, sum));
}

}  // namespace naive
