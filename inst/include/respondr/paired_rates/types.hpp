#pragma once
// Paired rates: options, the row of a result, and the counts of one comparison.
//
// One comparison is a square table of patients: the level of their response at the reference visit in rows, at the later
// visit in columns. With two levels, the second of them the event, it is four counts. The direction is always later minus
// (or over) reference: `gained` are the patients without the event before and with it after.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/row.hpp"
#include "respondr/types.hpp"

namespace respondr::paired_rates {

enum class Method : int {
  mcnemar = 0,
  mcnemar_exact,
  mcnemar_midp,
  mcnemar_unconditional,
  bowker,
  stuart_maxwell,
  bhapkar,
  marginal_homogeneity
};
enum class Estimand : int { none = 0, difference, ratio, odds_ratio };
enum class Interval : int { automatic = 0, score, newcombe, bonett_price, conditional, midp, unconditional };
enum class TwoSided : int { minlike = 0, central, blaker };

struct Options {
  Alternative alternative = Alternative::two_sided;
  Estimand estimand = Estimand::none;  // none: that of the method
  Estimand effect = Estimand::none;    // shown beside the estimate
  Interval interval = Interval::automatic;
  TwoSided two_sided = TwoSided::central;
  double null = missing;               // missing: no change
  double conf_level = 0.95;
  bool continuity = false;             // of the asymptotic McNemar test
  Distribution distribution = Distribution::automatic;
  double exact_limit = 1e8;            // elementary steps an exact answer may take
  int replicates = 10000;
  std::uint64_t seed = 0;
};

struct PairCounts {
  double both = 0.0, lost = 0.0, gained = 0.0, neither = 0.0;

  double n() const { return both + lost + gained + neither; }
  double discordant() const { return lost + gained; }
  double before() const { return both + lost; }
  double after() const { return both + gained; }
  PairCounts reversed() const { return {both, gained, lost, neither}; }  // the visits exchanged
};

struct SquareTable {
  std::size_t k = 0;
  std::vector<double> count;  // count[i * k + j]: level i before, level j after

  void clear(std::size_t levels) {
    k = levels;
    count.assign(k * k, 0.0);
  }
  double operator()(std::size_t i, std::size_t j) const { return count[i * k + j]; }
  double& operator()(std::size_t i, std::size_t j) { return count[i * k + j]; }
  double n() const {
    double sum = 0.0;  // whole numbers
    for (const double c : count) {
      sum += c;
    }
    return sum;
  }
  double moved(std::size_t i, std::size_t j) const { return (*this)(i, j) + (*this)(j, i); }
  // Of a table of two levels, the second of them the event.
  PairCounts pairs() const { return {count[3], count[2], count[1], count[0]}; }
};

// One row of a result; the names are those of the dictionary (R/dictionary.R). Counts that a method has not are
// missing_int.
struct RateRow {
  int n = missing_int, n_pairs = missing_int, n_dropped = 0, n_zeros = missing_int;
  int events = missing_int, events_reference = missing_int, n_gained = missing_int, n_lost = missing_int;
  double estimate = missing, std_error = missing, conf_low = missing, conf_high = missing;
  double statistic = missing, df = missing, p_value = missing, p_low = missing, p_high = missing;
  double effect = missing, effect_low = missing, effect_high = missing;
  Distribution distribution = Distribution::none;
  ConfMethod conf_method = ConfMethod::none;
  bool p_matches = false;
  Status status = Status::ok;
  std::uint32_t notes = 0;

  void add(Note note) { notes |= static_cast<std::uint32_t>(note); }
};

// f(name, get) for every column; get(row) is a reference to the field.
template <class F>
void visit_columns(const RateRow*, F&& f) {
  f("n", [](auto& r) -> auto& { return r.n; });
  f("n_pairs", [](auto& r) -> auto& { return r.n_pairs; });
  f("n_dropped", [](auto& r) -> auto& { return r.n_dropped; });
  f("n_zeros", [](auto& r) -> auto& { return r.n_zeros; });
  f("events", [](auto& r) -> auto& { return r.events; });
  f("events_reference", [](auto& r) -> auto& { return r.events_reference; });
  f("n_gained", [](auto& r) -> auto& { return r.n_gained; });
  f("n_lost", [](auto& r) -> auto& { return r.n_lost; });
  f("estimate", [](auto& r) -> auto& { return r.estimate; });
  f("std_error", [](auto& r) -> auto& { return r.std_error; });
  f("conf_low", [](auto& r) -> auto& { return r.conf_low; });
  f("conf_high", [](auto& r) -> auto& { return r.conf_high; });
  f("statistic", [](auto& r) -> auto& { return r.statistic; });
  f("df", [](auto& r) -> auto& { return r.df; });
  f("p_value", [](auto& r) -> auto& { return r.p_value; });
  f("p_low", [](auto& r) -> auto& { return r.p_low; });
  f("p_high", [](auto& r) -> auto& { return r.p_high; });
  f("effect", [](auto& r) -> auto& { return r.effect; });
  f("effect_low", [](auto& r) -> auto& { return r.effect_low; });
  f("effect_high", [](auto& r) -> auto& { return r.effect_high; });
  f("distribution", [](auto& r) -> auto& { return r.distribution; });
  f("conf_method", [](auto& r) -> auto& { return r.conf_method; });
  f("p_matches", [](auto& r) -> auto& { return r.p_matches; });
  f("status", [](auto& r) -> auto& { return r.status; });
  f("notes", [](auto& r) -> auto& { return r.notes; });
}

// Lower and upper limit; a side that the alternative does not ask for is the bound of the estimand.
struct Limits {
  double low = missing, high = missing;
  bool hull = false;
};

// Error allowed to each limit, and which limits are wanted.
struct Sides {
  bool low = true, high = true;
  double alpha = 0.0;
};

inline Sides sides(Alternative alternative, double conf_level) {
  Sides s;
  const double alpha = std::rint((1.0 - conf_level) * 1e14) / 1e14;  // 1 - .95 is 4e-17 above .05
  s.low = alternative != Alternative::less;
  s.high = alternative != Alternative::greater;
  s.alpha = alternative == Alternative::two_sided ? 0.5 * alpha : alpha;
  return s;
}

// `less` and `greater`: P under the hypothesis of a result at most, or at least, as large as the one seen.
struct Tails {
  double less = missing, greater = missing;

  double p(Alternative alternative) const {
    return alternative == Alternative::less      ? less
           : alternative == Alternative::greater ? greater
                                                 : std::fmin(1.0, 2.0 * std::fmin(less, greater));
  }
};

}  // namespace respondr::paired_rates
