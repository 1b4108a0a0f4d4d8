#pragma once
// Residuals and what one row does to the fit (Pregibon 1981, Ann Stat 9:705), by one Newton step without it.
//   pearson      r = m (y - mu) / sqrt(m mu (1 - mu)),   standardised: r / sqrt(1 - h)
//   deviance     sign(y - mu) sqrt(2 m (y log(y / mu) + (1 - y) log((1 - y) / (1 - mu))))
//   cook         r^2 h / (1 - h)^2 / rank
//   dfbeta       V x m (y - mu) / (1 - h), the change of the coefficients (all rows less without the row)
// h: leverages at the estimate; with Firth's fit all of them with its probabilities.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/logistic/fit.hpp"

namespace respondr::logistic {

struct Influence {
  std::vector<double> pearson, standardised, deviance, cook;  // n
  std::vector<double> dfbeta;                                 // n x p
};

namespace detail {

inline double deviance_part(double y, double mu) { return y > 0.0 ? y * std::log(y / mu) : 0.0; }

inline double deviance_residual(double y, double mu, double m) {
  const double sum = deviance_part(y, mu) + deviance_part(1.0 - y, 1.0 - mu);
  return std::copysign(std::sqrt(std::max(0.0, 2.0 * m * sum)), y - mu);
}

}  // namespace detail

inline Influence influence(const Problem& problem, const Fit& fit) {
  const std::size_t n = problem.n, p = problem.p;
  Influence out;
  out.pearson.assign(n, missing);
  out.standardised = out.deviance = out.cook = out.pearson;
  out.dfbeta.assign(n * p, missing);
  double rank = 0.0;
  for (const unsigned char k : fit.kept) {
    rank += k;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double m = problem.weight ? problem.weight[i] : 1.0, mu = fit.fitted[i], y = problem.y[i];
    const double raw = m * (y - mu), left = 1.0 - fit.leverage[i], working = m * mu * (1.0 - mu);
    out.deviance[i] = detail::deviance_residual(y, mu, m);
    if (m == 0.0) {
      continue;
    }
    out.pearson[i] = raw / std::sqrt(working);
    out.standardised[i] = out.pearson[i] / std::sqrt(left);
    out.cook[i] = out.pearson[i] * out.pearson[i] * fit.leverage[i] / (left * left) / rank;
    for (std::size_t j = 0; j < p; ++j) {
      double sum = 0.0;
      for (std::size_t k = 0; k < p; ++k) {
        if (fit.kept[j] && fit.kept[k]) {
          sum += fit.vcov[j + k * p] * problem.x[i + k * n];
        }
      }
      out.dfbeta[i + j * n] = fit.kept[j] ? sum * raw / left : missing;
    }
  }
  return out;
}

}  // namespace respondr::logistic
