#pragma once
// Power of a Wald test in logistic regression without simulation.
//
//   wald   sqrt(n) |b| / s(b), s^2 the element of the inverse of the information of one patient at the alternative, averaged
//          over the predictor (Demidenko 2007, Stat Med 26:3385, doi:10.1002/sim.2771)
//   hsieh  z_power = |b| sqrt(n p q) - z for a standard normal predictor, p the rate at its mean; for a binary one the
//          two-sample formula of rates (Hsieh, Bloch and Larsen 1998, Stat Med 17:1623, equations 1 and 2)
//
// Both times (1 - r^2) for a predictor that covariates explain to that share (the variance inflation of the same paper).
// The normal predictor is averaged over by the trapezoidal rule, which converges faster than any power of its step.

#include <cmath>

#include "respondr/power/trial_logistic.hpp"
#include "respondr/power/types.hpp"
#include "respondr/special.hpp"

namespace respondr::power {

// Standard deviation of b times sqrt(n).
inline double logistic_unit_error(const LogisticDesign& design, double effect) {
  const double intercept = std::log(design.rate / (1.0 - design.rate));
  double i00 = 0.0, i01 = 0.0, i11 = 0.0;
  const auto add = [&](double x, double mass) {
    const double p = 1.0 / (1.0 + std::exp(-intercept - effect * x)), weight = mass * p * (1.0 - p);
    i00 += weight;
    i01 += weight * x;
    i11 += weight * x * x;
  };
  if (design.predictor == Predictor::binary) {
    add(0.0, 1.0 - design.prevalence);
    add(1.0, design.prevalence);
  } else {
    constexpr double step = 0.0625;
    for (int k = -160; k <= 160; ++k) {
      const double x = k * step;
      add(x, step * std::exp(-0.5 * x * x) / std::sqrt(2.0 * 3.14159265358979323846));
    }
  }
  return std::sqrt(i00 / (i00 * i11 - i01 * i01));
}

inline double logistic_critical(const LogisticDesign& design) {
  return -special::normal_quantile(design.alternative == Alternative::two_sided ? 0.5 * design.alpha : design.alpha);
}

inline double logistic_wald_power(const LogisticDesign& design, double n, double effect) {
  const double z = logistic_critical(design);
  const double ncp = effect * std::sqrt(n * (1.0 - design.r2)) / logistic_unit_error(design, effect);
  return sided(special::normal_cdf(-ncp - z), special::normal_cdf(ncp - z), design.alternative);
}

inline double logistic_hsieh_power(const LogisticDesign& design, double n, double effect) {
  const double z = logistic_critical(design);
  const double toward = design.alternative == Alternative::two_sided ? std::fabs(effect)
                        : design.alternative == Alternative::less    ? -effect
                                                                     : effect;
  const double used = n * (1.0 - design.r2);
  if (design.predictor == Predictor::normal) {
    return special::normal_cdf(toward * std::sqrt(used * design.rate * (1.0 - design.rate)) - z);
  }
  const double odds = design.rate / (1.0 - design.rate) * std::exp(effect), p1 = design.rate, p2 = odds / (1.0 + odds);
  const double b = design.prevalence, mean = (1.0 - b) * p1 + b * p2;
  const double null = std::sqrt(mean * (1.0 - mean) / b);
  const double other = std::sqrt(p1 * (1.0 - p1) + p2 * (1.0 - p2) * (1.0 - b) / b);
  const double way = toward < 0.0 ? -1.0 : 1.0;
  return special::normal_cdf((way * std::fabs(p1 - p2) * std::sqrt(used * (1.0 - b)) - z * null) / other);
}

}  // namespace respondr::power
