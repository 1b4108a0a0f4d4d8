#pragma once
// The tests of four counts, each p with the interval of its own test: McNemar with the score intervals (Tango, ratio,
// Wilson's odds), exact and mid-p with the conditional odds ratio, unconditional with its own inversion. Any other
// interval is named and p_matches is false. The statistic is McNemar's chi-square, or the number of gains in the
// conditional tests.
//
//   status         p    estimate  interval
//   no_data        -    -         -
//   all_zero       1    yes (1)   yes       nobody changed; (1) no odds ratio, and no ratio where the event is never seen
//   not_estimable  yes  -         yes       ratio: the event is at neither visit
//   boundary       yes  0 or Inf  yes       ratio or odds ratio with an empty count
//   hull           yes  yes       yes       the accepted values have a gap
//   too_large      -    yes       other     unconditional beyond the limit

#include <cmath>

#include "respondr/paired_rates/closed_form.hpp"
#include "respondr/paired_rates/conditional.hpp"
#include "respondr/paired_rates/distribution.hpp"
#include "respondr/paired_rates/score.hpp"
#include "respondr/paired_rates/unconditional.hpp"

namespace respondr::paired_rates {

inline Estimand default_estimand(Method method) {
  return method == Method::mcnemar_exact || method == Method::mcnemar_midp ? Estimand::odds_ratio : Estimand::difference;
}

// The interval that inverts the test of the method, or the customary one where there is none.
inline Interval default_interval(Method method, Estimand estimand) {
  if (method == Method::mcnemar) {
    return Interval::score;
  }
  if (method == Method::mcnemar_unconditional && estimand == Estimand::difference) {
    return Interval::unconditional;
  }
  switch (estimand) {
    case Estimand::difference: return Interval::newcombe;
    case Estimand::ratio: return Interval::bonett_price;
    default: return method == Method::mcnemar_midp ? Interval::midp : Interval::conditional;
  }
}

struct PairProblem {
  Method method = Method::mcnemar_exact;
  Estimand estimand = Estimand::odds_ratio;
  Interval interval = Interval::conditional;
  double null = 1.0;

  // The hypothesis where the test is about `own`; of another estimand only no change can be tested.
  double null_of(Estimand own) const { return estimand == own ? null : own == Estimand::difference ? 0.0 : 1.0; }
};

inline PairProblem pair_problem(const Options& o, Method method) {
  PairProblem p;
  p.method = method;
  p.estimand = o.estimand == Estimand::none ? default_estimand(method) : o.estimand;
  p.interval = o.interval == Interval::automatic ? default_interval(method, p.estimand) : o.interval;
  p.null = o.null == o.null ? o.null : p.estimand == Estimand::difference ? 0.0 : 1.0;
  return p;
}

namespace detail {

inline double pair_estimate(Estimand estimand, const PairCounts& c) {
  switch (estimand) {
    case Estimand::difference: return (c.gained - c.lost) / c.n();
    case Estimand::ratio: return c.after() + c.before() > 0.0 ? c.after() / c.before() : missing;
    case Estimand::odds_ratio: return c.discordant() > 0.0 ? c.gained / c.lost : missing;
    case Estimand::none: break;
  }
  return missing;
}

// Of the difference, or of the logarithm of a ratio (delta method).
inline double pair_error(Estimand estimand, const PairCounts& c) {
  const double n = c.n(), d = (c.gained - c.lost) / n;
  double variance = missing;
  if (estimand == Estimand::difference) {
    variance = (c.discordant() / n - d * d) / n;
  } else if (estimand == Estimand::ratio && c.after() > 0.0 && c.before() > 0.0) {
    variance = c.discordant() / (c.after() * c.before());
  } else if (estimand == Estimand::odds_ratio && c.gained > 0.0 && c.lost > 0.0) {
    variance = 1.0 / c.gained + 1.0 / c.lost;
  }
  return std::sqrt(variance);
}

inline Limits open_limits(Estimand estimand) {
  return estimand == Estimand::difference ? Limits{-1.0, 1.0} : Limits{0.0, infinity};
}

inline Limits score_limits(Estimand estimand, const PairCounts& c, const Sides& s, RateRow& row) {
  switch (estimand) {
    case Estimand::difference: row.conf_method = ConfMethod::tango; return tango_limits(c, s);
    case Estimand::ratio:
      row.conf_method = ConfMethod::ratio_score;
      return c.after() + c.before() > 0.0 ? ratio_score_limits(c, s) : open_limits(estimand);
    default: row.conf_method = ConfMethod::conditional_wilson;
  }
  return c.discordant() > 0.0 ? wilson_odds_limits(c, s) : open_limits(estimand);
}

inline ConfMethod conditional_name(TwoSided rule) {
  return rule == TwoSided::minlike  ? ConfMethod::conditional_minlike
         : rule == TwoSided::blaker ? ConfMethod::conditional_blaker
                                    : ConfMethod::conditional_central;
}

}  // namespace detail

// Unconditional intervals beyond the limit of work fall back on Tango's.
inline Limits pair_limits(const Options& o, const PairProblem& p, const PairCounts& c, UnconditionalTest& unconditional,
                          RateRow& row) {
  const Sides s = sides(o.alternative, o.conf_level);
  switch (p.interval) {
    case Interval::newcombe: row.conf_method = ConfMethod::paired_newcombe; return newcombe_limits(c, s);
    case Interval::bonett_price:
      if (p.estimand == Estimand::ratio) {
        row.conf_method = ConfMethod::ratio_bonett_price;
        return ratio_bonett_price_limits(c, s);
      }
      row.conf_method = ConfMethod::paired_bonett_price;
      return bonett_price_limits(c, s);
    case Interval::conditional:
      row.conf_method = detail::conditional_name(o.two_sided);
      return conditional_limits(o, o.two_sided, c, s, false);
    case Interval::midp:
      row.conf_method = ConfMethod::paired_midp;
      return conditional_limits(o, TwoSided::central, c, s, true);
    case Interval::unconditional:
      if (UnconditionalTest::work_limits(c) <= o.exact_limit) {
        unconditional.prepare(c, o.alternative);
        row.conf_method = ConfMethod::paired_unconditional;
        return unconditional.limits(s);
      }
      row.add(row.p_value == row.p_value ? Note::conf_asymptotic : Note::beyond_limit);
      break;
    default: break;
  }
  return detail::score_limits(p.estimand, c, s, row);
}

namespace detail {

inline void asymptotic_p(const Options& o, const PairProblem& p, const PairCounts& c, RateRow& row) {
  const double z = p.estimand == Estimand::difference ? tango_statistic(c, p.null)
                   : p.estimand == Estimand::ratio    ? ratio_statistic(c, p.null)
                                                      : share_statistic(c, p.null / (1.0 + p.null));
  // |g - l| is shortened by 1: off Z that is 1 over its standard deviation. Of no change only, as other programs have it.
  const bool no_change = p.null == (p.estimand == Estimand::difference ? 0.0 : 1.0);
  const bool shorten = o.continuity && no_change && c.discordant() > 0.0;
  const double correction = shorten ? 1.0 / std::sqrt(c.discordant()) : 0.0;
  const double shrunk = std::fmax(0.0, std::fabs(z) - correction);
  row.statistic = shrunk * shrunk;
  row.df = 1.0;
  row.distribution = Distribution::asymptotic;
  row.p_value = normal_p(o.alternative, z, correction);
}

inline void unconditional_p(const Options& o, const PairProblem& p, const PairCounts& c, UnconditionalTest& test,
                            RateRow& row) {
  const double null = p.null_of(Estimand::difference), z = tango_statistic(c, null);
  row.statistic = z * z;
  if ((null == 0.0 ? UnconditionalTest::work(c) : UnconditionalTest::work_at(c)) > o.exact_limit) {
    row.status = Status::too_large;
    return;
  }
  test.prepare(c, o.alternative);
  row.distribution = Distribution::exact;
  row.p_value = null == 0.0 ? test.p_no_change() : test.p_at(null);
}

inline void pair_p(const Options& o, const PairProblem& p, const PairCounts& c, UnconditionalTest& test, RateRow& row) {
  if (p.method == Method::mcnemar) {
    asymptotic_p(o, p, c, row);
  } else if (p.method == Method::mcnemar_unconditional) {
    unconditional_p(o, p, c, test, row);
  } else {
    const bool midp = p.method == Method::mcnemar_midp;
    row.statistic = c.gained;
    row.distribution = Distribution::exact;
    const Gains null{c.discordant(), std::log(p.null_of(Estimand::odds_ratio))};
    row.p_value = conditional_p(o.alternative, o.two_sided, midp, c.gained, null);
  }
}

inline bool own_interval(const Options& o, const PairProblem& p, const RateRow& row) {
  switch (p.method) {
    case Method::mcnemar: return p.interval == Interval::score && !o.continuity;
    case Method::mcnemar_exact: return p.interval == Interval::conditional;
    case Method::mcnemar_midp: return p.interval == Interval::midp;
    default: return row.conf_method == ConfMethod::paired_unconditional;
  }
}

inline void pair_effect(const Options& o, const PairCounts& c, UnconditionalTest& test, RateRow& row) {
  if (o.effect == Estimand::none) {
    return;
  }
  PairProblem p;
  p.estimand = o.effect;
  p.interval = default_interval(Method::mcnemar_exact, o.effect);
  Options two_sided = o;
  two_sided.alternative = Alternative::two_sided;
  two_sided.two_sided = TwoSided::central;
  RateRow other;
  const Limits limits = pair_limits(two_sided, p, c, test, other);
  row.effect = pair_estimate(o.effect, c);
  row.effect_low = limits.low;
  row.effect_high = limits.high;
}

}  // namespace detail

inline void store_counts(const PairCounts& c, RateRow& row) {
  row.n_pairs = static_cast<int>(c.n());
  row.n_zeros = static_cast<int>(c.both + c.neither);
  row.events = static_cast<int>(c.after());
  row.events_reference = static_cast<int>(c.before());
  row.n_gained = static_cast<int>(c.gained);
  row.n_lost = static_cast<int>(c.lost);
}

inline void solve_pairs(const Options& o, Method method, const PairCounts& c, UnconditionalTest& test, RateRow& row) {
  store_counts(c, row);
  if (c.n() <= 0.0) {
    row.status = Status::no_data;
    return;
  }
  const PairProblem p = pair_problem(o, method);
  detail::pair_p(o, p, c, test, row);
  row.estimate = detail::pair_estimate(p.estimand, c);
  row.std_error = detail::pair_error(p.estimand, c);
  const Limits limits = pair_limits(o, p, c, test, row);
  row.conf_low = limits.low;
  row.conf_high = limits.high;
  row.p_matches = row.p_value == row.p_value && detail::own_interval(o, p, row);
  if (row.status == Status::ok) {
    const bool edge = p.estimand != Estimand::difference && (row.estimate == 0.0 || std::isinf(row.estimate));
    row.status = c.discordant() <= 0.0             ? Status::all_zero
                 : row.estimate != row.estimate     ? Status::not_estimable
                 : edge                             ? Status::boundary
                 : limits.hull                      ? Status::hull
                                                    : Status::ok;
  }
  if (limits.hull && row.status != Status::hull) {
    row.add(Note::hull);
  }
  detail::pair_effect(o, c, test, row);
}

}  // namespace respondr::paired_rates
