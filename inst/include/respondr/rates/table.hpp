#pragma once
// Two arms with a binary response, the options of the family and the row its solvers write.

#include <cmath>
#include <cstdint>

#include "respondr/row.hpp"
#include "respondr/types.hpp"

namespace respondr::rates {

// Arm 1 is the level, arm 0 the reference.
struct Table {
  int x1 = 0, n1 = 0, x0 = 0, n0 = 0;

  int events() const { return x1 + x0; }
  int total() const { return n1 + n0; }
  double p1() const { return static_cast<double>(x1) / n1; }
  double p0() const { return static_cast<double>(x0) / n0; }
  bool one_level() const { return events() == 0 || events() == total(); }
};

enum class Method : int { chisq = 0, n1_chisq, score, g, fisher, boschloo, barnard, binomial };
enum class Estimand : int { difference = 0, ratio, odds_ratio, nnt, rate };
enum class TwoSided : int { minlike = 0, central, blaker };

// `test` is the inversion of the test itself.
enum class Interval : int {
  test = 0,
  score,  // without (N - 1) / N: Mee, Koopman, Cornfield
  miettinen_nurminen,
  profile,
  wald,  // difference: Wald; ratio: Katz; odds ratio: Woolf
  newcombe,
  newcombe_continuity,
  conditional,
  chan_zhang,
  agresti_min,
  santner_snell,
  clopper_pearson,
  wilson,
  wilson_continuity,
  jeffreys,
  agresti_coull,
  midp,
  blaker,
  blyth_still_casella
};

struct Options {
  Method method = Method::n1_chisq;
  Estimand estimand = Estimand::difference;
  Interval interval = Interval::test;
  Alternative alternative = Alternative::two_sided;
  TwoSided two_sided = TwoSided::minlike;
  Distribution distribution = Distribution::automatic;
  double null = 0.0;  // of the estimand; missing: no test
  double conf_level = 0.95;
  bool midp = false;
  bool continuity = false;  // Yates' correction of chisq; of score in one sample
  bool pooled = true;       // Barnard's statistic
  double exact_limit = 1e8;
};

struct RateRow {
  int n = 0, n_reference = missing_int, events = 0, events_reference = missing_int;
  double estimate = missing, std_error = missing, conf_low = missing, conf_high = missing;
  double statistic = missing, df = missing, p_value = missing;
  Distribution distribution = Distribution::none;
  ConfMethod conf_method = ConfMethod::none;
  bool p_matches = false;
  Status status = Status::ok;
  std::uint32_t notes = 0;

  void add(Note note) { notes |= static_cast<std::uint32_t>(note); }
};

template <class F>
void visit_columns(const RateRow*, F&& f) {
  f(
      "n", [](auto& r) -> auto& { return r.n; });
  f(
      "n_reference", [](auto& r) -> auto& { return r.n_reference; });
  f(
      "events", [](auto& r) -> auto& { return r.events; });
  f(
      "events_reference", [](auto& r) -> auto& { return r.events_reference; });
  f(
      "estimate", [](auto& r) -> auto& { return r.estimate; });
  f(
      "std_error", [](auto& r) -> auto& { return r.std_error; });
  f(
      "conf_low", [](auto& r) -> auto& { return r.conf_low; });
  f(
      "conf_high", [](auto& r) -> auto& { return r.conf_high; });
  f(
      "statistic", [](auto& r) -> auto& { return r.statistic; });
  f(
      "df", [](auto& r) -> auto& { return r.df; });
  f(
      "p_value", [](auto& r) -> auto& { return r.p_value; });
  f(
      "distribution", [](auto& r) -> auto& { return r.distribution; });
  f(
      "conf_method", [](auto& r) -> auto& { return r.conf_method; });
  f(
      "p_matches", [](auto& r) -> auto& { return r.p_matches; });
  f(
      "status", [](auto& r) -> auto& { return r.status; });
  f(
      "notes", [](auto& r) -> auto& { return r.notes; });
}

struct Limits {
  double low = missing, high = missing;
  bool hole = false;
};

// Which limits the alternative asks for, and the error allowed to each.
struct Sides {
  bool low = true, high = true, two = true;
  double alpha = 0.05;  // of the whole interval

  double each() const { return two ? 0.5 * alpha : alpha; }
};

inline Sides sides(const Options& options) {
  Sides s;
  s.alpha = std::rint((1.0 - options.conf_level) * 1e14) / 1e14;  // 1 - .95 is 4e-17 above .05
  s.two = options.alternative == Alternative::two_sided;
  s.low = options.alternative != Alternative::less;
  s.high = options.alternative != Alternative::greater;
  return s;
}

// The p of an alternative from two one-sided ones.
inline double combine(Alternative alternative, double greater, double less) {
  if (alternative == Alternative::two_sided) return std::fmin(1.0, 2.0 * std::fmin(greater, less));
  return alternative == Alternative::greater ? greater : less;
}

// A hull is the status, or where another cause stands there already, a note.
inline void note_hull(RateRow& row) {
  if (row.status == Status::ok) {
    row.status = Status::hull;
  } else {
    row.add(Note::hull);
  }
}

}  // namespace respondr::rates
