#pragma once
// Events of one arm given the margins of a 2 x 2 table and its odds ratio (Fisher's noncentral hypergeometric
// distribution), by the ratio of neighbours from the mode, so that every probability keeps its digits.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/rates/strata.hpp"

namespace respondr::rates {

// Probabilities of x1 = low, ..., high at the odds ratio exp(log_odds) into mass.
inline void noncentral_masses(const Stratum& h, double log_odds, std::vector<double>& mass) {
  const int low = h.low(), high = h.high(), m = h.events();
  mass.assign(static_cast<std::size_t>(high - low + 1), 0.0);
  const double psi = std::exp(log_odds);
  // P(x + 1) / P(x).
  const auto ratio = [&](int x) {
    return static_cast<double>(h.n1 - x) / (x + 1.0) * (static_cast<double>(m - x) / (h.n0 - m + x + 1.0)) * psi;
  };
  int left = low, right = high;
  while (left < right) {  // the ratio falls: the mode is the first x whose ratio is below 1
    const int x = left + (right - left) / 2;
    if (ratio(x) >= 1.0) {
      left = x + 1;
    } else {
      right = x;
    }
  }
  mass[static_cast<std::size_t>(left - low)] = 1.0;
  double sum = 1.0, p = 1.0;
  for (int x = left; x < high && p > 0.0; ++x) {
    p *= ratio(x);
    mass[static_cast<std::size_t>(x + 1 - low)] = p;
    sum += p;
  }
  p = 1.0;
  for (int x = left; x > low && p > 0.0; --x) {
    p /= ratio(x - 1);
    mass[static_cast<std::size_t>(x - 1 - low)] = p;
    sum += p;
  }
  for (double& q : mass) {
    q /= sum;
  }
}

struct NoncentralMoments {
  double mean = 0.0, variance = 0.0;
};

inline NoncentralMoments noncentral_moments(const Stratum& h, double log_odds, std::vector<double>& mass) {
  noncentral_masses(h, log_odds, mass);
  NoncentralMoments out;
  for (std::size_t k = 0; k < mass.size(); ++k) {
    out.mean += mass[k] * static_cast<double>(k);
  }
  for (std::size_t k = 0; k < mass.size(); ++k) {
    const double d = static_cast<double>(k) - out.mean;
    out.variance += mass[k] * d * d;
  }
  out.mean += h.low();
  return out;
}

}  // namespace respondr::rates
