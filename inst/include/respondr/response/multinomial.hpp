#pragma once
// Simultaneous limits of the shares of K classes, x_1 + ... + x_K = n.
//
//   goodman            the score interval of each share, n (p - P)^2 <= b P (1 - P), b the chi-square quantile of one
//                      degree of freedom at 1 - alpha / K (Goodman 1965, Technometrics 7:247): Wilson with Bonferroni
//   quesenberry_hurst  the same with b of K - 1 degrees of freedom at 1 - alpha (1964, Technometrics 6:191)
//   sison_glaz         p - c / n to p + (c + 2 d) / n, within 0 and 1: c the largest whole number for which all counts lie
//                      within x_k +- c with a probability below 1 - alpha, d the share of the next step that is needed
//                      (Sison and Glaz 1995, JASA 90:366, doi 10.1080/01621459.1995.10476521; May and Johnson 2000,
//                      J Stat Softw 5(6), doi 10.18637/jss.v005.i06)
// That probability is the product of those of Poisson counts with means x_k, times the density of their sum at n by an
// Edgeworth expansion over the Poisson probability of n (Levin 1981). Moments are kept about x_k, one term more on each
// side a step, so that nothing cancels as it does in the factorial moments of the published programs.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/types.hpp"
#include "respondr/sides.hpp"
#include "respondr/special.hpp"

namespace respondr::response {

enum class SimultaneousMethod : int { goodman = 0, quesenberry_hurst, sison_glaz };

struct ShareLimits {
  double low = missing, high = missing;
};

namespace detail {

// The lower root of n (x / n - P)^2 = b P (1 - P), without cancellation.
inline double share_score_low(double x, double n, double b) {
  if (x <= 0.0) return 0.0;
  const double middle = 2.0 * x + b, reach = std::sqrt(b * (b + 4.0 * x * (n - x) / n));
  return 2.0 * x * x / (n * (middle + reach));
}

// Upper quantile of chi-square by bisection.
inline double chisq_upper(double alpha, double df) {
  double low = 0.0, high = df + 10.0;
  while (special::chisq_cdf(high, df, special::Tail::upper) > alpha) high *= 2.0;
  for (int i = 0; i < 200 && high - low > 1e-15 * high; ++i) {
    const double middle = 0.5 * (low + high);
    (special::chisq_cdf(middle, df, special::Tail::upper) > alpha ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

// Poisson probability of x where the mean is x.
inline double poisson_at_mean(double x) {
  if (x < 16.0) {
    double p = std::exp(-x);
    for (double j = 1.0; j <= x; j += 1.0) p *= x / j;
    return p;
  }
  const double s = x * x;
  const double stirling =
      (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / s) / s) / s) / s) / x;  // of log x!
  return std::exp(-stirling) / std::sqrt(2.0 * 3.14159265358979323846 * x);
}

// A Poisson count of mean x, cut off at x - c and x + c.
class CutPoisson {
 public:
  explicit CutPoisson(double x) : x_(x), up_(poisson_at_mean(x)), down_(up_) { sum_[0] = up_; }

  void widen() {
    step_ += 1.0;
    up_ *= x_ / (x_ + step_);
    add(up_, step_);
    if (step_ > x_) return;
    down_ *= (x_ - step_ + 1.0) / x_;
    add(down_, -step_);
  }

  double probability() const { return sum_[0]; }

  // Mean less x, variance, third cumulant, fourth cumulant.
  void cumulants(double (&k)[4]) const {
    const double m1 = sum_[1] / sum_[0], m2 = sum_[2] / sum_[0], m3 = sum_[3] / sum_[0], m4 = sum_[4] / sum_[0];
    k[0] = m1;
    k[1] = m2 - m1 * m1;
    k[2] = m3 - 3.0 * m1 * m2 + 2.0 * m1 * m1 * m1;
    const double fourth = m4 - 4.0 * m1 * m3 + 6.0 * m1 * m1 * m2 - 3.0 * m1 * m1 * m1 * m1;
    k[3] = fourth - 3.0 * k[1] * k[1];
  }

 private:
  void add(double p, double d) {
    double term = p;
    for (double& s : sum_) {
      s += term;
      term *= d;
    }
  }

  double x_, up_, down_, step_ = 0.0;
  double sum_[5] = {0.0, 0.0, 0.0, 0.0, 0.0};
};

// Probability that all counts lie within their cuts.
inline double all_within(const std::vector<CutPoisson>& cells, double probability_of_n) {
  double total[4] = {0.0, 0.0, 0.0, 0.0}, logs = 0.0;
  for (const CutPoisson& cell : cells) {
    double k[4];
    cell.cumulants(k);
    for (int r = 0; r < 4; ++r) total[r] += k[r];
    logs += std::log(cell.probability());
  }
  const double sd = std::sqrt(total[1]), z = -total[0] / sd, w = z * z;
  const double skew = total[2] / (sd * total[1]), excess = total[3] / (total[1] * total[1]);
  const double series = 1.0 + skew * z * (w - 3.0) / 6.0 + excess * (w * (w - 6.0) + 3.0) / 24.0 +
                        skew * skew * (w * (w * (w - 15.0) + 45.0) - 15.0) / 72.0;
  const double density = series * std::exp(-0.5 * w) / std::sqrt(2.0 * 3.14159265358979323846);
  return std::exp(logs) * density / (sd * probability_of_n);
}

// c and c + 2 d in counts; n and n where the probability never reaches the level (very few patients).
inline void sison_glaz_reach(const double* count, std::size_t k, double n, double level, double& below, double& above) {
  std::vector<CutPoisson> cells;
  for (std::size_t i = 0; i < k; ++i) cells.emplace_back(count[i]);
  const double whole = poisson_at_mean(n);
  double before = 0.0;
  below = above = n;
  for (double c = 1.0; c <= n; c += 1.0) {
    for (CutPoisson& cell : cells) cell.widen();
    const double now = all_within(cells, whole);
    if (now > level && before < level) {
      below = c - 1.0;
      above = below + 2.0 * (level - before) / (now - before);
      return;
    }
    before = now;
  }
}

}  // namespace detail

// counts: whole numbers; limits of each class, missing without patients.
inline void simultaneous_shares(SimultaneousMethod method, const double* count, std::size_t k, double conf_level,
                                ShareLimits* out) {
  double n = 0.0;
  for (std::size_t i = 0; i < k; ++i) n += count[i];
  std::fill(out, out + k, ShareLimits());
  const double alpha = rounded_alpha(conf_level);
  if (!(n > 0.0) || (k < 2 && method != SimultaneousMethod::goodman)) return;
  if (method == SimultaneousMethod::sison_glaz) {
    double below, above;
    detail::sison_glaz_reach(count, k, n, 1.0 - alpha, below, above);
    for (std::size_t i = 0; i < k; ++i) {
      out[i] = {std::max(0.0, (count[i] - below) / n), std::min(1.0, (count[i] + above) / n)};
    }
    return;
  }
  const double z = special::normal_quantile(0.5 * alpha / static_cast<double>(k));
  const double b =
      method == SimultaneousMethod::goodman ? z * z : detail::chisq_upper(alpha, static_cast<double>(k) - 1.0);
  for (std::size_t i = 0; i < k; ++i) {
    out[i] = {detail::share_score_low(count[i], n, b), 1.0 - detail::share_score_low(n - count[i], n, b)};
  }
}

}  // namespace respondr::response
