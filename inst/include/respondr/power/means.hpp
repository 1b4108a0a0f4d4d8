#pragma once
// Power of tests of means: noncentral t and F, exact for normal values. Welch: given the share b of the reference arm in
// the sum of squares, t is a noncentral t on n1 + n2 - 2 degrees of freedom, over which b ~ beta is averaged (Moser,
// Stevens and Watts 1989, doi:10.1080/03610928908830169). Equivalence: both one-sided tests given the spread (Phillips
// 1990, doi:10.1007/BF01063556). Mann-Whitney: Noether (1987, doi:10.1080/01621459.1987.10478478).

#include <algorithm>
#include <cmath>

#include "respondr/moments.hpp"
#include "respondr/power/types.hpp"
#include "respondr/special.hpp"

namespace respondr::power {

// P(reject) of a t-test with this noncentrality.
inline double t_power(double ncp, double df, double alpha, Alternative alternative) {
  const double tail = alternative == Alternative::two_sided ? 0.5 * alpha : alpha;
  const double critical = -special::t_quantile(tail, df);
  const double above = special::noncentral_t_cdf(-critical, df, -ncp);
  const double below = special::noncentral_t_cdf(-critical, df, ncp);
  return std::fmin(1.0, sided(below, above, alternative));
}

// P(both one-sided tests reject): estimate normal with this standard error, spread chi on df degrees of freedom.
// Gauss-Legendre of 5 points on 64 panels of u = s / sigma, up to the spread beyond which no estimate lies within both
// limits.
inline double equivalence_power(double effect, double low, double high, double error, double df, double alpha) {
  static constexpr double node[3] = {0.0, 0.5384693101056831, 0.9061798459386640};
  static constexpr double weight[3] = {0.5688888888888889, 0.4786286704993665, 0.2369268850561891};
  constexpr int panels = 64;
  const double critical = -special::t_quantile(alpha, df);
  const double first = std::fmax(0.0, 1.0 - 12.0 / std::sqrt(2.0 * df));
  const double last = std::fmin(1.0 + 14.0 / std::sqrt(2.0 * df), (high - low) / (2.0 * error * critical));
  if (!(last > first)) {
    return last <= first ? 0.0 : missing;
  }
  const double constant = std::log(2.0) + 0.5 * df * std::log(0.5 * df) - special::ln_gamma(0.5 * df);
  const auto part = [&](double u) {
    const double density = std::exp(constant + (df - 1.0) * std::log(u) - 0.5 * df * u * u);
    const double upper = (high - effect) / error - critical * u, lower = (low - effect) / error + critical * u;
    return density * std::fmax(0.0, special::normal_cdf(upper) - special::normal_cdf(lower));
  };
  const double half = 0.5 * (last - first) / panels;
  CompensatedSum sum;
  for (int k = 0; k < panels; ++k) {
    const double centre = first + (2 * k + 1) * half;
    sum.add(weight[0] * part(centre));
    for (int j = 1; j < 3; ++j) {
      sum.add(weight[j] * (part(centre - half * node[j]) + part(centre + half * node[j])));
    }
  }
  return std::fmin(1.0, sum.value() * half);
}

// P(Welch's t rejects). The trapezoidal rule in the log odds of b converges faster than any power of its step.
inline double welch_power(double difference, double n1, double n2, double sd1, double sd2, double alpha,
                          Alternative alternative) {
  const double v1 = n1 - 1.0, v2 = n2 - 1.0, df = v1 + v2, sigma = std::sqrt(sd1 * sd1 / n1 + sd2 * sd2 / n2);
  const double tail = alternative == Alternative::two_sided ? 0.5 * alpha : alpha, ncp = difference / sigma;
  const double mode = std::log(v1 / v2), width = std::sqrt(2.0 / v1 + 2.0 / v2), step = std::fmin(0.5, width / 4.0);
  const auto log_density = [=](double y) {
    return -0.5 * v1 * std::log1p(std::exp(-y)) - 0.5 * v2 * std::log1p(std::exp(y));
  };
  CompensatedSum sum, total;
  const auto add = [&](double y) {
    const double log_weight = log_density(y) - log_density(mode);
    const double b = 1.0 / (1.0 + std::exp(-y)), weight = std::exp(log_weight);
    const double e1 = b * sd1 * sd1 / (v1 * n1), e2 = (1.0 - b) * sd2 * sd2 / (v2 * n2);
    const double welch_df = (e1 + e2) * (e1 + e2) / (e1 * e1 / v1 + e2 * e2 / v2);
    const double critical = -special::t_quantile(tail, welch_df) * std::sqrt((e1 + e2) * df) / sigma;
    const double above = special::noncentral_t_cdf(-critical, df, -ncp);
    const double below = special::noncentral_t_cdf(-critical, df, ncp);
    sum.add(weight * sided(below, above, alternative));
    total.add(weight);
    return log_weight > -37.0;
  };
  add(mode);
  for (int k = 1; k < 2000 && add(mode + k * step); ++k) {
  }
  for (int k = 1; k < 2000 && add(mode - k * step); ++k) {
  }
  return std::fmin(1.0, sum.value() / total.value());
}

// F of k groups of n; effect is Cohen's f, the spread of the means (divisor k) over that of the patients.
inline double anova_power(double f, double k, double n, double alpha) {
  const double df = k - 1.0, error = k * (n - 1.0);
  const double critical = special::f_quantile(alpha, df, error, special::Tail::upper);
  return special::noncentral_f_cdf(critical, df, error, k * n * f * f, special::Tail::upper);
}

// p: probability that a patient of the other arm lies above one of the reference.
inline double noether_power(double p, double n1, double n2, double alpha, Alternative alternative) {
  const double total = n1 + n2, shift = std::sqrt(12.0 * n1 * n2 / total) * (p - 0.5);
  const double z = -special::normal_quantile(alternative == Alternative::two_sided ? 0.5 * alpha : alpha);
  const double above = special::normal_cdf(shift - z), below = special::normal_cdf(-shift - z);
  return sided(below, above, alternative);
}

inline double means_power(const Design& d, double n, double effect) {
  if (d.test == Test::anova) {
    return n >= 2.0 ? anova_power(effect, d.groups, n, d.alpha) : missing;
  }
  const double level = std::ceil(n * d.ratio - 1e-9);
  if (d.test == Test::mann_whitney) {
    return n >= 1.0 && level >= 1.0 ? noether_power(effect, n, level, d.alpha, d.alternative) : missing;
  }
  const bool paired = d.test == Test::paired_t;
  const double df = paired ? n - 1.0 : d.test == Test::ancova ? n + level - 1.0 - d.groups : n + level - 2.0;
  if (!(df >= 1.0) || (d.test == Test::welch && !(std::fmin(n, level) >= 2.0)) || !(std::fmin(n, level) >= 1.0)) {
    return missing;
  }
  if (d.test == Test::welch) {
    return welch_power(effect - d.null, n, level, d.sd, d.sd_level, d.alpha, d.alternative);
  }
  const double error = d.sd * std::sqrt(paired ? 1.0 / n : 1.0 / n + 1.0 / level);
  if (d.alternative == Alternative::equivalence) {
    return equivalence_power(effect, d.low, d.high, error, df, d.alpha);
  }
  return t_power((effect - d.null) / error, df, d.alpha, d.alternative);
}

}  // namespace respondr::power
