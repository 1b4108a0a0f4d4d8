#pragma once
// Two arms: test, estimate and interval of one table. Everything is level (arm 1) minus or over reference (arm 0).
//
//   chisq      Pearson's chi-square, Yates' correction on request; exact: its conditional permutation distribution
//   n1_chisq   Pearson's times (N - 1) / N (Campbell 2007, Stat Med 26:3661, doi:10.1002/sim.2832)
//   score      the signed root of Pearson's statistic, for any value of the estimand under the null hypothesis
//   g          likelihood ratio
//   fisher     conditional exact, by the odds ratio (lattice_tests.hpp)
//   boschloo, barnard  unconditional exact (unconditional.hpp)
//
// Intervals that invert no test here: Wald; Newcombe's hybrid of two Wilson intervals (1998, Stat Med 17:873); Katz,
// Baptista, Azen and Pike (1978, Biometrics 34:469): exp(log ratio -+ z sqrt(1/x1 - 1/n1 + 1/x0 - 1/n0)); Woolf (1955):
// exp(log odds ratio -+ z sqrt(sum of 1 / cell)); none of the last two where a cell they divide by is 0. The number
// needed to treat is one over the difference, and so are its limits (Altman 1998, BMJ 317:1309).

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "respondr/rates/lattice_tests.hpp"
#include "respondr/rates/one_sample.hpp"
#include "respondr/rates/score.hpp"
#include "respondr/rates/unconditional_limits.hpp"

namespace respondr::rates {

struct TwoArmsWorkspace {
  Lattice lattice, mirror;
  UnconditionalWorkspace unconditional;
  OneSampleWorkspace one;
};

// The scale on which limits are computed.
inline Estimand scale_of(Estimand e) { return e == Estimand::nnt ? Estimand::difference : e; }

// Is the p made of one-sided tests?
inline bool two_tests(const Options& o) {
  return o.alternative != Alternative::two_sided || o.two_sided == TwoSided::central;
}

// The interval that inverts the test, or where there is none the one of Miettinen and Nurminen.
inline Interval own_interval(const Options& o) {
  const bool odds = o.estimand == Estimand::odds_ratio;
  switch (o.method) {
    case Method::chisq:
    case Method::score:
      return Interval::score;
    case Method::g:
      return Interval::profile;
    case Method::fisher:
      return odds ? Interval::conditional : Interval::miettinen_nurminen;
    case Method::boschloo:
      return Interval::test;
    case Method::barnard:
      return two_tests(o) ? Interval::test : Interval::agresti_min;
    default:
      return Interval::miettinen_nurminen;
  }
}

inline bool inverts_test(Interval interval, const Options& o) {
  if (interval != own_interval(o)) return false;
  switch (o.method) {
    case Method::fisher:
      return o.estimand == Estimand::odds_ratio;
    case Method::barnard:
      return o.pooled || two_tests(o);
    case Method::chisq:
    case Method::n1_chisq:
      return o.distribution != Distribution::exact;
    default:
      return true;
  }
}

namespace detail {

inline ScoreRule score_rule(const Options& o, Interval interval, const Table& t) {
  ScoreRule rule;
  const double n = t.total();
  if (interval == Interval::miettinen_nurminen) rule.inflate = n / (n - 1.0);
  rule.likelihood = interval == Interval::profile;
  rule.continuity = o.continuity && o.method == Method::chisq && interval == Interval::score;
  return rule;
}

inline UnconditionalTest unconditional_test(const Options& o, const Table& t, Interval interval) {
  UnconditionalTest test{t, scale_of(o.estimand), Order::score, o.two_sided, o.alternative, o.null};
  switch (interval) {
    case Interval::chan_zhang:
      test.two_sided = TwoSided::central;
      break;
    case Interval::agresti_min:
      test.two_sided = TwoSided::minlike;
      break;
    case Interval::santner_snell:
      test.order = Order::difference;
      break;
    default:
      if (o.method == Method::boschloo) {
        test.order = test.tails() ? Order::fisher_tail : Order::fisher;
      } else if (two_tests(o)) {
        test.order = o.pooled ? Order::null_score : Order::null_unpooled;
      } else if (!o.pooled) {
        test.order = Order::unpooled;
      }
  }
  return test;
}

inline void estimate_difference(const Table& t, RateRow& row) {
  row.estimate = t.p1() - t.p0();
  row.std_error = std::sqrt(t.p1() * (1.0 - t.p1()) / t.n1 + t.p0() * (1.0 - t.p0()) / t.n0);
}

// A zero leaves a ratio at the end of its range, and without standard error.
inline void estimate_ratio(const Table& t, bool odds, RateRow& row) {
  const double a = t.x1, b = odds ? t.n1 - t.x1 : t.n1, c = t.x0, d = odds ? t.n0 - t.x0 : t.n0;
  row.estimate = (a * d) / (b * c);
  if (a * d == 0.0 && b * c == 0.0) row.estimate = missing;
  const double variance = odds ? 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d : 1.0 / a - 1.0 / b + 1.0 / c - 1.0 / d;
  row.std_error = std::isfinite(variance) ? std::sqrt(variance) : missing;
  if (row.estimate == 0.0 || std::isinf(row.estimate)) row.status = Status::boundary;
}

inline void fill_estimate(const Options& o, const Table& t, TwoArmsWorkspace& w, RateRow& row) {
  switch (o.estimand) {
    case Estimand::ratio:
      estimate_ratio(t, false, row);
      break;
    case Estimand::odds_ratio:
      estimate_ratio(t, true, row);
      if (o.method == Method::fisher) {
        w.lattice.hypergeometric(t.n1, t.n0, t.events());
        row.estimate = std::exp(w.lattice.estimate(t.x1));
        row.std_error = missing;
      }
      break;
    case Estimand::nnt:
      row.estimate = 1.0 / (t.p1() - t.p0());
      if (std::isinf(row.estimate)) row.estimate = infinity;
      break;
    default:
      estimate_difference(t, row);
  }
}

// All tables of the same totals, by their distance from what is expected; whole numbers throughout.
inline double exact_pearson(const Options& o, const Table& t, Lattice& lattice) {
  lattice.hypergeometric(t.n1, t.n0, t.events());
  if (o.alternative != Alternative::two_sided)
    return lattice_p(lattice, {o.alternative, TwoSided::central, o.midp}, t.x1, 0.0);
  const auto from_mean = [&](int k) {
    return static_cast<long long>(t.total()) * k - static_cast<long long>(t.n1) * t.events();
  };
  const long long at = std::llabs(from_mean(t.x1));
  int below = lattice.low() - 1,
      above = lattice.high() + 1;  // the last count as far below the mean, the first as far above
  while (below < lattice.high() && from_mean(below + 1) < 0 && from_mean(below + 1) <= -at) ++below;
  while (above > lattice.low() && from_mean(above - 1) >= std::max(at, 0LL)) --above;
  const Masses m = lattice.masses(0.0, below, lattice.low() - 1, above);
  double p = m.lower + m.upper;
  for (const int k : {below, above}) {
    const bool tied = k >= lattice.low() && k <= lattice.high() && std::llabs(from_mean(k)) == at;
    if (o.midp && tied) p -= 0.5 * lattice.masses(0.0, lattice.low() - 1, k, lattice.high() + 1).at;
  }
  return std::fmin(1.0, p);
}

inline void asymptotic_p(const Options& o, const Table& t, Interval own, RateRow& row) {
  const Estimand e = scale_of(o.estimand);
  // Without events, or with nothing else, every odds ratio fits alike; two arms with events only still deny a ratio.
  const bool silent = e == Estimand::odds_ratio && t.one_level();
  const double z = silent ? 0.0 : score_z(e, t, o.null, score_rule(o, own, t));
  row.distribution = Distribution::asymptotic;
  row.p_value = combine(o.alternative, special::normal_cdf(z, special::Tail::upper), special::normal_cdf(z));
  const bool square = o.alternative == Alternative::two_sided && o.method != Method::score;
  row.statistic = square ? z * z : z;
  row.df = square ? 1.0 : missing;
}

}  // namespace detail

}  // namespace respondr::rates
