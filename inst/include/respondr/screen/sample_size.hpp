#pragma once
// Patients that a prediction model needs (Riley, Snell, Ensor et al. 2019, Stat Med 38:1276 and 38:1262; Riley et al. 2020,
// BMJ 368:m441). P parameters, R2 the share of variation that the model is expected to explain (Cox-Snell, or adjusted R2).
//
// Binary response, prevalence f, max R2 = 1 - (f^f (1 - f)^(1 - f))^2:
//   shrinkage   n = P / ((S - 1) ln(1 - R2 / S))                      expected uniform shrinkage of at least S
//   optimism    the same with S = R2 / (R2 + d max R2)                 apparent less true Nagelkerke R2 at most d
//   risk        n = (z / margin)^2 f (1 - f)                          overall risk within +- margin
// Continuous response:
//   shrinkage   smallest n with 1 + (P - 2) / (n ln(1 - (R2 (n - P - 1) + P) / (n - 1))) >= S
//   optimism    n = 1 + P (1 - R2) / d
//   variance    n = 234 + P                                           residual SD within 10 percent
//   mean        smallest n with mean + t sqrt(sd^2 (1 - R2) / n) <= mean x 1.1, t on n - P - 1 df

#include <cmath>

#include "respondr/special.hpp"
#include "respondr/types.hpp"

namespace respondr::screen {

struct SampleSizes {
  double shrinkage = missing, optimism = missing, risk = missing, variance = missing, mean = missing;
  double shrinkage_of_optimism = missing, max_r2 = missing;
};

inline double max_cox_snell(double prevalence) {
  const double f = prevalence;
  return -std::expm1(2.0 * (f * std::log(f) + (1.0 - f) * std::log1p(-f)));
}

inline double size_for_shrinkage(double parameters, double r2, double shrinkage) {
  return std::ceil(parameters / ((shrinkage - 1.0) * std::log1p(-r2 / shrinkage)));
}

// 0 < r2 < shrinkage < 1 and r2 < max R2.
inline SampleSizes binary_sizes(double parameters, double prevalence, double r2, double shrinkage, double optimism, double margin) {
  SampleSizes out;
  out.max_r2 = max_cox_snell(prevalence);
  out.shrinkage = size_for_shrinkage(parameters, r2, shrinkage);
  out.shrinkage_of_optimism = r2 / (r2 + optimism * out.max_r2);
  out.optimism = size_for_shrinkage(parameters, r2, out.shrinkage_of_optimism);
  const double z = 1.96;  // as printed by the authors
  out.risk = std::ceil(z / margin * (z / margin) * prevalence * (1.0 - prevalence));
  return out;
}

inline double linear_shrinkage(double n, double parameters, double r2) {
  return 1.0 + (parameters - 2.0) / (n * std::log1p(-(r2 * (n - parameters - 1.0) + parameters) / (n - 1.0)));
}

// The smallest whole n >= from at which enough(n) holds, if it holds for all larger ones; infinity beyond 1e9.
template <class Enough>
double smallest_size(double from, Enough&& enough) {
  double step = 1.0, high = from;
  while (!enough(high)) {
    if (high > 1e9) {
      return infinity;
    }
    high = from + step;
    step *= 2.0;
  }
  double low = from - 1.0;
  while (high - low > 1.0) {
    const double middle = std::floor(0.5 * (low + high));
    (enough(middle) ? high : low) = middle;
  }
  return high;
}

// mean and sd: of the response; missing where its mean is not to be estimated.
inline SampleSizes continuous_sizes(double parameters, double r2, double shrinkage, double optimism, double mean, double sd) {
  SampleSizes out;
  out.shrinkage = smallest_size(parameters + 2.0, [&](double n) { return linear_shrinkage(n, parameters, r2) >= shrinkage; });
  out.optimism = std::ceil(1.0 + parameters * (1.0 - r2) / optimism);
  out.variance = 234.0 + parameters;
  if (mean == mean && sd == sd) {
    out.mean = smallest_size(parameters + 2.0, [&](double n) {
      const double t = special::t_quantile(0.975, n - parameters - 1.0);
      return t * sd * std::sqrt((1.0 - r2) / n) <= 0.1 * std::fabs(mean);
    });
  }
  return out;
}

}  // namespace respondr::screen
