#pragma once
// One proportion: the test of a stated rate and the intervals. x events of n, p^ = x / n, z the normal quantile.
//
//   binomial   exact, by lattice_tests.hpp with psi the odds: central inverts to Clopper and Pearson (1934), minlike to
//   Sterne
//              (1954), blaker to Blaker (2000); mid-p to Lancaster's (1961)
//   score      (p^ - p) / sqrt(p q / n), with |p^ - p| less 1 / (2n) for continuity; inverts to Wilson (1927, J Am Stat
//   Assoc
//              22:209)
//   jeffreys, agresti_coull  Brown, Cai and DasGupta (2001, Stat Sci 16:101, doi:10.1214/ss/1009213286): beta quantiles
//   of
//              (x + 1/2, n - x + 1/2) with 0 and 1 at the ends; p~ = (x + z^2/2) / (n + z^2) and its Wald interval
//   blyth_still_casella  blyth_still.hpp

#include <algorithm>
#include <cmath>

#include "respondr/rates/blyth_still.hpp"
#include "respondr/rates/lattice_tests.hpp"
#include "respondr/rates/table.hpp"
#include "respondr/special/central.hpp"

namespace respondr::rates {

struct OneSampleWorkspace {
  Lattice lattice, mirror;
  BlythStill blyth_still;
};

namespace detail {

inline double odds_to_rate(double s) { return 1.0 / (1.0 + std::exp(-s)); }

inline double beta_quantile(double tail, double a, double b) {
  const auto excess = [=](double p) { return special::beta_cdf(p, a, b) - tail; };
  return special::detail::bracketed_root(excess, 0.0, -tail, 1.0, 1.0 - tail, 1e-15);
}

// z of the score test falls with p; its roots solve a quadratic.
inline double wilson_limit(double x, double n, double z, bool low, bool continuity) {
  if (low ? x == 0.0 : x == n) return low ? 0.0 : 1.0;
  const double shift = continuity ? (low ? -0.5 : 0.5) : 0.0, at = (x + shift) / n, sign = low ? -1.0 : 1.0;
  const double centre = at + z * z / (2.0 * n);
  const double half = z * std::sqrt(at * (1.0 - at) / n + z * z / (4.0 * n * n));
  return std::fmin(1.0, std::fmax(0.0, (centre + sign * half) / (1.0 + z * z / n)));
}

inline LatticeRule one_sample_rule(Interval interval, const Options& options) {
  LatticeRule rule{options.alternative, TwoSided::central, false};
  if (interval == Interval::blaker) rule.two_sided = TwoSided::blaker;
  if (interval == Interval::midp) rule.midp = true;
  if (interval == Interval::test) rule = {options.alternative, options.two_sided, options.midp};
  return rule;
}

inline Limits lattice_rates(const Options& options, Interval interval, int x, int n, OneSampleWorkspace& w) {
  w.lattice.binomial(n);
  Limits out = lattice_limits(w.lattice, one_sample_rule(interval, options), x, sides(options).alpha, w.mirror);
  out.low = odds_to_rate(out.low);
  out.high = odds_to_rate(out.high);
  return out;
}

inline Limits rate_limits(const Options& options, Interval interval, int x, int n, OneSampleWorkspace& w) {
  const Sides side = sides(options);
  const double z = -special::normal_quantile(side.each()), p = static_cast<double>(x) / n;
  Limits out{0.0, 1.0, false};
  const auto symmetric = [&](double centre, double half) {
    return Limits{std::fmax(0.0, centre - half), std::fmin(1.0, centre + half), false};
  };
  switch (interval) {
    case Interval::wald:
      out = symmetric(p, z * std::sqrt(p * (1.0 - p) / n));
      break;
    case Interval::agresti_coull: {
      const double m = n + z * z, centre = (x + 0.5 * z * z) / m;
      out = symmetric(centre, z * std::sqrt(centre * (1.0 - centre) / m));
      break;
    }
    case Interval::wilson:
    case Interval::wilson_continuity:
      out.low = wilson_limit(x, n, z, true, interval == Interval::wilson_continuity);
      out.high = wilson_limit(x, n, z, false, interval == Interval::wilson_continuity);
      break;
    case Interval::jeffreys:
      out.low = x == 0 ? 0.0 : beta_quantile(side.each(), x + 0.5, n - x + 0.5);
      out.high = x == n ? 1.0 : beta_quantile(1.0 - side.each(), x + 0.5, n - x + 0.5);
      break;
    case Interval::blyth_still_casella:
      out = w.blyth_still.limits(n, x, side.alpha);
      break;
    default:
      out = lattice_rates(options, interval, x, n, w);
  }
  if (!side.low) out.low = 0.0;
  if (!side.high) out.high = 1.0;
  return out;
}

inline ConfMethod one_sample_conf(Interval interval, const Options& options) {
  switch (interval) {
    case Interval::wald:
      return ConfMethod::wald;
    case Interval::wilson:
      return ConfMethod::wilson;
    case Interval::wilson_continuity:
      return ConfMethod::score_continuity;
    case Interval::jeffreys:
      return ConfMethod::jeffreys;
    case Interval::agresti_coull:
      return ConfMethod::agresti_coull;
    case Interval::blyth_still_casella:
      return ConfMethod::blyth_still_casella;
    default:
      break;
  }
  const LatticeRule rule = one_sample_rule(interval, options);
  if (rule.midp) return ConfMethod::binomial_midp;
  if (rule.alternative != Alternative::two_sided || rule.two_sided == TwoSided::central)
    return ConfMethod::clopper_pearson;
  return rule.two_sided == TwoSided::blaker ? ConfMethod::blaker : ConfMethod::sterne;
}

inline void one_sample_p(const Options& options, int x, int n, OneSampleWorkspace& w, RateRow& row) {
  const double p = options.null;
  if (options.method == Method::score) {
    double distance = row.estimate - p;
    if (options.continuity) distance = std::copysign(std::fmax(0.0, std::fabs(distance) - 0.5 / n), distance);
    row.statistic = distance / std::sqrt(p * (1.0 - p) / n);
    row.distribution = Distribution::asymptotic;
    row.p_value = combine(options.alternative, special::normal_cdf(row.statistic, special::Tail::upper),
                          special::normal_cdf(row.statistic));
    return;
  }
  w.lattice.binomial(n);
  row.distribution = Distribution::exact;
  row.p_value =
      lattice_p(w.lattice, {options.alternative, options.two_sided, options.midp}, x, std::log(p) - std::log1p(-p));
}

inline double rate_interval_work(const Options& options, Interval interval, double size) {
  switch (interval) {
    case Interval::wald:
    case Interval::agresti_coull:
    case Interval::wilson:
    case Interval::wilson_continuity:
    case Interval::jeffreys:
      return 1.0;
    case Interval::blyth_still_casella:
      return size * size;
    case Interval::test: {
      const bool minlike = options.two_sided == TwoSided::minlike && options.alternative == Alternative::two_sided;
      return minlike ? size * size : steps_a_count * size;
    }
    default:
      return steps_a_count * size;
  }
}

}  // namespace detail

// The interval that inverts the test of these options.
inline Interval own_one_sample(const Options& options) {
  if (options.method != Method::score) return Interval::test;
  return options.continuity ? Interval::wilson_continuity : Interval::wilson;
}

// Is this interval the inversion of the test, under whatever name?
inline bool inverts_one_sample(Interval interval, const Options& options) {
  const Interval own = own_one_sample(options);
  if (interval == own) return true;
  if (own != Interval::test ||
      (interval != Interval::clopper_pearson && interval != Interval::midp && interval != Interval::blaker)) {
    return false;
  }
  const LatticeRule a = detail::one_sample_rule(interval, options), b = detail::one_sample_rule(own, options);
  return a.midp == b.midp && (a.two_sided == b.two_sided || a.alternative != Alternative::two_sided);
}

inline void solve_one(Options options, int x, int n, OneSampleWorkspace& w, RateRow& row) {
  row.n = n;
  row.events = x;
  if (n == 0) {
    row.status = Status::no_data;
    return;
  }
  row.estimate = static_cast<double>(x) / n;
  row.std_error = std::sqrt(row.estimate * (1.0 - row.estimate) / n);
  const bool tested = options.null == options.null;
  const double size = n + 1.0;
  if (tested && options.method == Method::binomial && steps_a_count * size > options.exact_limit) {
    if (options.distribution == Distribution::exact) {
      row.status = Status::too_large;
      return;
    }
    options.method = Method::score;
    row.add(Note::beyond_limit);
  }
  if (tested) detail::one_sample_p(options, x, n, w, row);
  Interval interval = options.interval == Interval::test ? own_one_sample(options) : options.interval;
  if (detail::rate_interval_work(options, interval, size) > options.exact_limit) {
    interval = Interval::wilson;
    row.add(Note::beyond_limit);
  }
  const Limits limits = detail::rate_limits(options, interval, x, n, w);
  row.conf_low = limits.low;
  row.conf_high = limits.high;
  row.conf_method = detail::one_sample_conf(interval, options);
  row.p_matches = tested && inverts_one_sample(interval, options);
  if (limits.hole) note_hull(row);
}

}  // namespace respondr::rates
