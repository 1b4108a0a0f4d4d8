#pragma once
// One comparison of two arms from its table to its row.

#include <cmath>

#include "respondr/rates/two_arms.hpp"

namespace respondr::rates {

namespace detail {

inline Limits wald_limits(const Options& o, const Table& t) {
  const Sides side = sides(o);
  const double z = -special::normal_quantile(side.each());
  if (scale_of(o.estimand) == Estimand::difference) {
    RateRow difference;
    estimate_difference(t, difference);
    const double half = z * difference.std_error;
    return {std::fmax(-1.0, difference.estimate - half), std::fmin(1.0, difference.estimate + half), false};
  }
  RateRow ratio;
  estimate_ratio(t, o.estimand == Estimand::odds_ratio, ratio);
  return {ratio.estimate * std::exp(-z * ratio.std_error), ratio.estimate * std::exp(z * ratio.std_error), false};
}

inline Limits newcombe_limits(const Options& o, const Table& t, bool continuity) {
  const double z = -special::normal_quantile(sides(o).each()), d = t.p1() - t.p0();
  const double l1 = wilson_limit(t.x1, t.n1, z, true, continuity), u1 = wilson_limit(t.x1, t.n1, z, false, continuity);
  const double l0 = wilson_limit(t.x0, t.n0, z, true, continuity), u0 = wilson_limit(t.x0, t.n0, z, false, continuity);
  return {std::fmax(-1.0, d - std::hypot(t.p1() - l1, u0 - t.p0())),
          std::fmin(1.0, d + std::hypot(u1 - t.p1(), t.p0() - l0)), false};
}

inline Limits conditional_limits(const Options& o, const Table& t, TwoArmsWorkspace& w) {
  w.lattice.hypergeometric(t.n1, t.n0, t.events());
  Limits out = lattice_limits(w.lattice, {o.alternative, o.two_sided, o.midp}, t.x1, sides(o).alpha, w.mirror);
  out.low = std::exp(out.low);
  out.high = std::exp(out.high);
  return out;
}

inline Limits arm_limits(const Options& o, const Table& t, Interval interval, TwoArmsWorkspace& w) {
  const Sides side = sides(o);
  switch (interval) {
    case Interval::score:
    case Interval::miettinen_nurminen:
    case Interval::profile:
      return score_limits(scale_of(o.estimand), t, side, score_rule(o, interval, t));
    case Interval::wald:
      return wald_limits(o, t);
    case Interval::newcombe:
      return newcombe_limits(o, t, false);
    case Interval::newcombe_continuity:
      return newcombe_limits(o, t, true);
    case Interval::conditional:
      return conditional_limits(o, t, w);
    default:
      break;
  }
  const UnconditionalTest test = unconditional_test(o, t, interval);
  test.plan(w.unconditional);
  return unconditional_limits(test, side, w.unconditional);
}

inline ConfMethod conf_method(Interval interval, const Options& o) {
  const Estimand e = scale_of(o.estimand);
  switch (interval) {
    case Interval::score:
      if (o.continuity && o.method == Method::chisq) return ConfMethod::score_continuity;
      return e == Estimand::ratio        ? ConfMethod::koopman
             : e == Estimand::odds_ratio ? ConfMethod::score_odds
                                         : ConfMethod::mee;
    case Interval::miettinen_nurminen:
      return ConfMethod::miettinen_nurminen;
    case Interval::profile:
      return ConfMethod::profile;
    case Interval::wald:
      return e == Estimand::ratio ? ConfMethod::katz : e == Estimand::odds_ratio ? ConfMethod::woolf : ConfMethod::wald;
    case Interval::newcombe:
      return ConfMethod::newcombe;
    case Interval::newcombe_continuity:
      return ConfMethod::newcombe_continuity;
    case Interval::conditional:
      return o.midp ? ConfMethod::conditional_midp : ConfMethod::conditional;
    case Interval::chan_zhang:
      return ConfMethod::chan_zhang;
    case Interval::agresti_min:
      return ConfMethod::agresti_min;
    case Interval::santner_snell:
      return ConfMethod::santner_snell;
    default:
      return ConfMethod::unconditional;
  }
}

inline bool is_unconditional(Interval interval) {
  return interval == Interval::test || interval == Interval::chan_zhang || interval == Interval::agresti_min ||
         interval == Interval::santner_snell;
}

// Tables that one inversion visits, about.
constexpr double inversion_steps = 250.0;

inline double interval_work(const Options& o, const Table& t, Interval interval) {
  if (is_unconditional(interval)) {
    const UnconditionalTest test = unconditional_test(o, t, interval);
    return test.work() * (test.fixed() ? 40.0 : inversion_steps);
  }
  if (interval != Interval::conditional) return 0.0;
  return lattice_work(lattice_size(t), {o.alternative, o.two_sided, o.midp});
}

// To one over the difference. An interval that holds 0 runs from its harm through infinity to its benefit.
inline void to_number_needed(RateRow& row) {
  const double low = row.conf_low, high = row.conf_high;
  if (!(low == low)) return;
  if (low <= 0.0 && high >= 0.0) {
    row.conf_low = low < 0.0 ? 1.0 / low : -infinity;
    row.conf_high = high > 0.0 ? 1.0 / high : infinity;
    row.add(Note::nnt_two_sided);
  } else {
    row.conf_low = 1.0 / high;
    row.conf_high = 1.0 / low;
  }
}

inline void fill_interval(const Options& o, const Table& t, bool exact_p, TwoArmsWorkspace& w, RateRow& row) {
  Interval interval = o.interval == Interval::test ? own_interval(o) : o.interval;
  if (interval_work(o, t, interval) > o.exact_limit) {
    interval = Interval::miettinen_nurminen;
    if (exact_p) row.add(Note::conf_asymptotic);
  }
  const Limits limits = arm_limits(o, t, interval, w);
  row.conf_low = limits.low;
  row.conf_high = limits.high;
  if (row.conf_low == row.conf_low) row.conf_method = conf_method(interval, o);
  const Sides side = sides(o);
  const bool difference = scale_of(o.estimand) == Estimand::difference;
  if (!side.low) row.conf_low = difference ? -1.0 : 0.0;
  if (!side.high) row.conf_high = difference ? 1.0 : infinity;
  row.p_matches = row.p_value == row.p_value && row.conf_method != ConfMethod::none && inverts_test(interval, o);
  if (limits.hole) note_hull(row);
  if (o.estimand == Estimand::nnt) to_number_needed(row);
}

inline void exact_p(const Options& o, const Table& t, TwoArmsWorkspace& w, RateRow& row) {
  row.distribution = Distribution::exact;
  if (o.method == Method::chisq || o.method == Method::n1_chisq) {
    row.statistic = t.one_level() ? 0.0 : std::pow(score_z(Estimand::difference, t, 0.0, ScoreRule()), 2);
    row.p_value = exact_pearson(o, t, w.lattice);
  } else if (o.method == Method::fisher) {
    w.lattice.hypergeometric(t.n1, t.n0, t.events());
    const double log_psi = o.estimand == Estimand::odds_ratio ? std::log(o.null) : 0.0;
    row.p_value = lattice_p(w.lattice, {o.alternative, o.two_sided, o.midp}, t.x1, log_psi);
  } else {
    const UnconditionalTest test = unconditional_test(o, t, Interval::test);
    test.plan(w.unconditional);
    row.p_value = test.p(w.unconditional, o.null);
    const double statistic = w.unconditional.up.statistic(o.null);
    if (o.method == Method::barnard) {
      row.statistic = statistic;
    } else if (test.order == Order::fisher) {
      row.statistic = -statistic;
    } else {
      const double less = std::exp(-w.unconditional.down.statistic(o.null)), greater = std::exp(-statistic);
      row.statistic = o.alternative == Alternative::two_sided ? std::fmin(less, greater)
                      : o.alternative == Alternative::less    ? less
                                                              : greater;
    }
  }
}

inline bool tests_exactly(const Options& o) {
  return o.method == Method::fisher || o.method == Method::boschloo || o.method == Method::barnard ||
         o.distribution == Distribution::exact;
}

inline double test_work(const Options& o, const Table& t) {
  const bool unconditional = o.method == Method::boschloo || o.method == Method::barnard;
  return unconditional ? unconditional_test(o, t, Interval::test).work() : steps_a_count * lattice_size(t);
}

}  // namespace detail

inline void solve_two(Options o, const Table& t, TwoArmsWorkspace& w, RateRow& row) {
  row.n = t.n1;
  row.n_reference = t.n0;
  row.events = t.x1;
  row.events_reference = t.x0;
  if (t.n1 == 0 || t.n0 == 0) {
    row.status = t.total() == 0 ? Status::no_data : Status::one_group_empty;
    return;
  }
  bool exact = detail::tests_exactly(o);
  if (exact && detail::test_work(o, t) > o.exact_limit) {
    if (o.distribution == Distribution::exact) {
      if (o.method == Method::fisher) o.method = Method::n1_chisq;  // the conditional estimate is as far away
      detail::fill_estimate(o, t, w, row);
      row.status = Status::too_large;
      return;
    }
    exact = false;
    o.method = Method::n1_chisq;
    row.add(Note::beyond_limit);
  }
  detail::fill_estimate(o, t, w, row);
  if (t.one_level()) row.status = Status::one_level;
  if (exact) {
    detail::exact_p(o, t, w, row);
  } else {
    detail::asymptotic_p(o, t, own_interval(o), row);
  }
  detail::fill_interval(o, t, exact, w, row);
}

}  // namespace respondr::rates
