#pragma once
// Tests of a value theta of the difference, ratio or odds ratio of two proportions by likelihood, and their inversion.
//
// p~ are the maximum-likelihood proportions under the hypothesis (Mee 1984, Biometrics 40:1175; Miettinen and Nurminen
// 1985, Stat Med 4:213, doi:10.1002/sim.4780040211):
//   difference  p1 - p0 = delta: root of p0 q0 (x1 - n1 p1) + p1 q1 (x0 - n0 p0), p1 = p0 + delta
//   ratio       p1 = phi p0: N phi p0^2 - (n1 phi + x1 + n0 + x0 phi) p0 + m = 0 (Koopman 1984, Biometrics 40:513)
//   odds ratio  a~ (n0 - m + a~) = psi (n1 - a~)(m - a~) (Cornfield 1956)
// and z is
//   difference  (p^1 - p^0 - delta) / sqrt(p~1 q~1 / n1 + p~0 q~0 / n0)
//   ratio       (p^1 - phi p^0) / sqrt(p~1 q~1 / n1 + phi^2 p~0 q~0 / n0)
//   odds ratio  (x1 - a~) sqrt(1/a~ + 1/(n1 - a~) + 1/(m - a~) + 1/(n0 - m + a~))
// z^2 at no difference is Pearson's chi-square; with the variance times N / (N - 1) it is the N - 1 chi-square. The
// continuity correction takes (1/n1 + theta/n0) / 2 (difference: theta = 1; odds ratio: 1/2 of a patient) from the
// numerator, which is Yates' at no difference. The likelihood ratio takes the signed root of twice the loss of
// log-likelihood.

#include <algorithm>
#include <cmath>

#include "respondr/rates/table.hpp"
#include "respondr/special/central.hpp"

namespace respondr::rates {

struct Proportions {
  double p1 = missing, p0 = missing;
};

inline double no_effect(Estimand e) { return e == Estimand::difference || e == Estimand::nnt ? 0.0 : 1.0; }

namespace detail {

// Newton steps on the cubic, kept inside the bracket that its sign gives.
inline Proportions restricted_difference(const Table& t, double delta) {
  const double low = std::fmax(0.0, -delta), high = std::fmin(1.0, 1.0 - delta);
  const double x1 = t.x1, n1 = t.n1, x0 = t.x0, n0 = t.n0;
  const auto slope = [&](double p0) {  // of the log-likelihood, at the ends, where one term may be infinite
    const double p1 = p0 + delta;
    const auto term = [](double x, double p) { return x == 0.0 ? 0.0 : x / std::fmax(p, 0.0); };
    return term(x1, p1) - term(n1 - x1, 1.0 - p1) + term(x0, p0) - term(n0 - x0, 1.0 - p0);
  };
  const auto ends = [&](double p0) { return Proportions{std::fmin(1.0, std::fmax(0.0, p0 + delta)), p0}; };
  if (!(high > low) || slope(low) <= 0.0) return ends(low);
  if (slope(high) >= 0.0) return ends(high);
  double left = low, right = high, p0 = std::fmin(high, std::fmax(low, (x0 + x1 - n1 * delta) / (n1 + n0)));
  if (p0 <= low || p0 >= high) p0 = 0.5 * (low + high);
  for (int i = 0; i < 100; ++i) {
    const double p1 = p0 + delta, v1 = p1 * (1.0 - p1), v0 = p0 * (1.0 - p0), r1 = x1 - n1 * p1, r0 = x0 - n0 * p0;
    const double f = v0 * r1 + v1 * r0;
    if (f == 0.0) break;
    (f > 0.0 ? left : right) = p0;
    const double d = (1.0 - 2.0 * p0) * r1 - n1 * v0 + (1.0 - 2.0 * p1) * r0 - n0 * v1;
    double next = p0 - f / d;
    if (!(next > left && next < right)) next = 0.5 * (left + right);
    const double moved = std::fabs(next - p0);
    p0 = next;
    if (moved <= 2e-16 * (1.0 + p0) || right - left <= 1e-16) break;
  }
  return ends(p0);
}

inline Proportions restricted_ratio(const Table& t, double phi) {
  const double m = t.events(), b = t.n1 * phi + t.x1 + t.n0 + t.x0 * phi;
  const double root = std::sqrt(std::fmax(0.0, b * b - 4.0 * t.total() * phi * m));
  const double p0 = std::fmin(1.0, 2.0 * m / (b + root));
  return {std::fmin(1.0, phi * p0), p0};
}

// Expected events of arm 1 given all events.
inline double expected_events(const Table& t, double psi) {
  const double m = t.events(), n1 = t.n1, b = t.n0 - m + psi * (n1 + m), c = psi * n1 * m;
  const double root = std::sqrt(std::fmax(0.0, b * b + 4.0 * (1.0 - psi) * c));
  return b >= 0.0 ? 2.0 * c / (b + root) : (root - b) / (2.0 * (1.0 - psi));
}

inline Proportions restricted_odds(const Table& t, double psi) {
  const double a = std::fmin(t.n1, std::fmax(0.0, expected_events(t, psi)));
  return {a / t.n1, std::fmin(1.0, std::fmax(0.0, (t.events() - a) / t.n0))};
}

inline double log_likelihood(double x, double n, double p) {
  return (x > 0.0 ? x * std::log(p) : 0.0) + (x < n ? (n - x) * std::log1p(-p) : 0.0);
}

// 0 / 0 is 0: the limit of z where both proportions lie at one end.
inline double quotient(double numerator, double variance) {
  if (std::fabs(numerator) < 1e-13) return 0.0;
  return variance > 0.0 ? numerator / std::sqrt(variance) : std::copysign(infinity, numerator);
}

}  // namespace detail

inline Proportions restricted(Estimand e, const Table& t, double theta) {
  switch (e) {
    case Estimand::ratio:
      return detail::restricted_ratio(t, theta);
    case Estimand::odds_ratio:
      return detail::restricted_odds(t, theta);
    default:
      return detail::restricted_difference(t, theta);
  }
}

struct ScoreRule {
  double inflate = 1.0;  // factor of the variance
  bool continuity = false;
  bool likelihood = false;
};

// What z divides, before the correction: falls with theta.
inline double score_distance(Estimand e, const Table& t, double theta) {
  switch (e) {
    case Estimand::ratio:
      return t.p1() - theta * t.p0();
    case Estimand::odds_ratio:
      return t.x1 - detail::expected_events(t, theta);
    default:
      return t.p1() - t.p0() - theta;
  }
}

inline double score_variance(Estimand e, const Table& t, double theta) {
  const Proportions p = restricted(e, t, theta);
  const double v1 = p.p1 * (1.0 - p.p1), v0 = p.p0 * (1.0 - p.p0);
  if (e == Estimand::odds_ratio) {  // 1 / (1/(n1 v1) + 1/(n0 v0))
    const double w1 = t.n1 * v1, w0 = t.n0 * v0;
    return w1 > 0.0 && w0 > 0.0 ? w1 * w0 / (w1 + w0) : 0.0;
  }
  return v1 / t.n1 + (e == Estimand::ratio ? theta * theta : 1.0) * v0 / t.n0;
}

inline double score_z(Estimand e, const Table& t, double theta, const ScoreRule& rule) {
  double distance = score_distance(e, t, theta);
  if (rule.likelihood) {
    const Proportions p = restricted(e, t, theta);
    const auto loss = [](double x, double n, double at) {
      return detail::log_likelihood(x, n, x / n) - detail::log_likelihood(x, n, at);
    };
    const double twice = 2.0 * (loss(t.x1, t.n1, p.p1) + loss(t.x0, t.n0, p.p0));
    return std::copysign(std::sqrt(std::fmax(0.0, twice)), distance);
  }
  if (rule.continuity) {
    const double c = e == Estimand::odds_ratio ? 0.5 : 0.5 / t.n1 + 0.5 * (e == Estimand::ratio ? theta : 1.0) / t.n0;
    distance = std::copysign(std::fmax(0.0, std::fabs(distance) - c), distance);
  }
  return detail::quotient(distance, score_variance(e, t, theta) * rule.inflate);
}

namespace detail {

// Where z, which falls with theta, passes `goal`; on the logarithm of a ratio.
inline double score_limit(Estimand e, const Table& t, double goal, const ScoreRule& rule) {
  const bool difference = e == Estimand::difference || e == Estimand::nnt;
  const auto z = [&](double s) { return score_z(e, t, difference ? s : std::exp(s), rule) - goal; };
  const double half1 = (t.x1 + 0.5) / (t.n1 + 1.0), half0 = (t.x0 + 0.5) / (t.n0 + 1.0);
  double low = -1.0, high = 1.0;
  if (!difference) {
    const double start = e == Estimand::ratio ? std::log(half1 / half0)
                                              : std::log(half1 / (1.0 - half1)) - std::log(half0 / (1.0 - half0));
    low = high = start;
    for (double step = 0.5; low > -300.0 && !(z(low) > 0.0); step *= 2.0) low -= step;
    for (double step = 0.5; high < 300.0 && !(z(high) < 0.0); step *= 2.0) high += step;
  }
  const double f_low = z(low), f_high = z(high);
  if (!(f_low > 0.0)) return difference ? -1.0 : 0.0;
  if (!(f_high < 0.0)) return difference ? 1.0 : infinity;
  const double s = special::detail::bracketed_root(z, low, f_low, high, f_high, 1e-14);
  return difference ? s : std::exp(s);
}

}  // namespace detail

// The values that the test accepts. An arm without events, or with nothing else, leaves a ratio open on its side.
inline Limits score_limits(Estimand e, const Table& t, const Sides& side, const ScoreRule& rule) {
  const bool difference = e == Estimand::difference || e == Estimand::nnt;
  Limits out{difference ? -1.0 : 0.0, difference ? 1.0 : infinity, false};
  const double goal = -special::normal_quantile(side.each());
  const bool odds = e == Estimand::odds_ratio;
  const bool open_low = !difference && (t.x1 == 0 || (odds && t.x0 == t.n0));
  const bool open_high = !difference && (t.x0 == 0 || (odds && t.x1 == t.n1));
  if (side.low && !open_low) out.low = detail::score_limit(e, t, goal, rule);
  if (side.high && !open_high) out.high = detail::score_limit(e, t, -goal, rule);
  return out;
}

}  // namespace respondr::rates
