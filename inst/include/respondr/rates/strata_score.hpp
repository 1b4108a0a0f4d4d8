#pragma once
// The stratified score tests and their inversion:
//   difference, ratio  z(theta) = sum w (p1 - p0 - delta) / sqrt(sum w^2 V(delta)), or p1 - phi p0, V the variance at the
//                      rates most likely under theta times N / (N - 1) (Miettinen and Nurminen 1985, Stat Med 4:213), w =
//                      n1 n0 / N (Mantel-Haenszel) or 1 / V (inverse variance)
//   odds ratio         z(psi) = sum (a - E(a | psi)) / sqrt(sum V(a | psi)), both of the noncentral hypergeometric
//   distribution
// With Mantel-Haenszel weights z at no effect is the Cochran-Mantel-Haenszel statistic in all three, with or without its
// continuity correction of a half, so that its p and these intervals agree.

#include <cmath>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/rates/noncentral_hypergeometric.hpp"
#include "respondr/rates/strata_mh.hpp"
#include "respondr/special/central.hpp"

namespace respondr::rates {

namespace strata_detail {

struct RatePair {
  double p1 = 0.0, p0 = 0.0;
};

// The most likely rates with p1 = p0 + delta: the root of the likelihood's slope in p0, which falls, by bisection.
inline RatePair rates_at_difference(const Stratum& h, double delta) {
  double low = std::fmax(0.0, -delta), high = std::fmin(1.0, 1.0 - delta);
  const double x1 = h.x1, y1 = h.n1 - h.x1, x0 = h.x0, y0 = h.n0 - h.x0;
  const auto part = [](double x, double p) { return x > 0.0 ? x / p : 0.0; };
  if (delta == 0.0) {
    const double p = (x1 + x0) / h.total();
    return {p, p};
  }
  for (int i = 0; i < 70 && low < high; ++i) {
    const double p = 0.5 * (low + high);
    if (p == low || p == high) {
      break;
    }
    const double slope = part(x1, p + delta) - part(y1, 1.0 - p - delta) + part(x0, p) - part(y0, 1.0 - p);
    (slope > 0.0 ? low : high) = p;
  }
  const double p = 0.5 * (low + high);
  return {std::fmin(1.0, std::fmax(0.0, p + delta)), p};
}

// With p1 = phi p0: the smaller root of a quadratic equation.
inline RatePair rates_at_ratio(const Stratum& h, double phi) {
  const double a = h.total() * phi, b = h.n1 * phi + h.x1 + h.n0 + h.x0 * phi, c = h.events();
  const double p0 = 2.0 * c / (b + std::sqrt(std::fmax(0.0, b * b - 4.0 * a * c)));
  return {std::fmin(1.0, phi * p0), std::fmin(1.0, p0)};
}

}  // namespace strata_detail

// Numerator and squared denominator of z at theta.
struct ScoreSums {
  double excess = 0.0, variance = 0.0;
};

class StrataScore {
 public:
  StrataScore(const std::vector<Stratum>& strata, StrataEstimand estimand, bool inverse_variance, bool continuity)
      : strata_(strata), estimand_(estimand), inverse_(inverse_variance), continuity_(continuity) {}

  // theta: difference, or the log of a ratio.
  ScoreSums at(double theta) {
    CompensatedSum excess, variance;
    for (const Stratum& h : strata_) {
      if (inverse_ && !h.varies()) {
        continue;
      }
      const ScoreSums one = estimand_ == StrataEstimand::odds_ratio ? odds(h, theta) : rates(h, theta);
      excess.add(one.excess);
      variance.add(one.variance);
    }
    return {excess.value(), variance.value()};
  }

  double z(double theta) {
    const ScoreSums s = at(theta);
    return continuity_corrected(s.excess, continuity_) / std::sqrt(s.variance);
  }

  // The limit where z = goal, from `from` towards smaller (goal > 0) or larger theta; `end` where there is none before it.
  double limit(double goal, double from, double end) {
    const double direction = goal > 0.0 ? -1.0 : 1.0;
    const auto beyond = [&](double theta) {
      const ScoreSums s = at(theta);
      return -direction * s.excess - (continuity_ ? 0.5 : 0.0) - std::fabs(goal) * std::sqrt(s.variance);
    };
    const bool bounded = estimand_ == StrataEstimand::difference;
    const double first = bounded ? 1.0 / 64.0 : 0.125, most = bounded ? 1.0 : 300.0;
    double near = from, f_near = beyond(near);
    // From an estimate without spread the first step goes into the accepted set, from an estimate of 0 or infinity back to
    // it.
    if (f_near == 0.0) {
      near += direction * 1e-9;
      f_near = beyond(near);
    }
    for (double step = first; f_near > 0.0; step *= 2.0) {
      near -= direction * step;
      if (std::fabs(near) >= most) {
        return from;
      }
      f_near = beyond(near);
    }
    for (double step = first;; step *= 2.0) {
      double far = near + direction * step;
      const bool last = std::fabs(far) >= most;
      if (last && !bounded) {
        return end;
      }
      far = last ? end : far;
      const double f_far = beyond(far);
      if (f_far > 0.0) {
        return special::detail::bracketed_root(beyond, near, f_near, far, f_far, 1e-15);
      }
      if (last) {
        return end;
      }
      near = far;
      f_near = f_far;
    }
  }

 private:
  ScoreSums odds(const Stratum& h, double log_odds) {
    const NoncentralMoments m = noncentral_moments(h, log_odds, mass_);
    return {h.x1 - m.mean, m.variance};
  }

  ScoreSums rates(const Stratum& h, double theta) const {
    const bool ratio = estimand_ == StrataEstimand::ratio;
    const double phi = ratio ? std::exp(theta) : 1.0, delta = ratio ? 0.0 : theta, n = h.total();
    const strata_detail::RatePair p =
        ratio ? strata_detail::rates_at_ratio(h, phi) : strata_detail::rates_at_difference(h, delta);
    const double variance =
        (p.p1 * (1.0 - p.p1) / h.n1 + phi * phi * p.p0 * (1.0 - p.p0) / h.n0) * n / (n - 1.0);
    const double excess = h.p1() - phi * h.p0() - delta;
    if (!inverse_) {
      return {h.weight() * excess, h.weight() * h.weight() * variance};
    }
    return variance > 0.0 ? ScoreSums{excess / variance, 1.0 / variance} : ScoreSums{};
  }

  const std::vector<Stratum>& strata_;
  StrataEstimand estimand_;
  bool inverse_, continuity_;
  std::vector<double> mass_;
};

}  // namespace respondr::rates
