#pragma once
// What a power computation is about. The numbers of Test are those of power_tests in R/power.R.

#include "respondr/types.hpp"

namespace respondr::power {

// The tail or tails that a test of this side rejects in.
inline double sided(double below, double above, Alternative alternative) {
  return alternative == Alternative::greater ? above : alternative == Alternative::less ? below : below + above;
}

enum class Test : int {
  paired_t = 0,
  student,
  welch,
  ancova,
  mann_whitney,
  anova,
  binomial,  // from here on counts
  chisq,
  fisher,
  mcnemar_exact,
  n1_chisq,
  boschloo,
  barnard,
  score
};

// Of the numbers of patients with enough power: the smallest, or the smallest that no larger one falls short of (the
// power of an exact test goes up and down with n).
enum class Smallest : int { all = 0, first };

// One row. n counts pairs, patients of the reference arm, or patients of each of k groups. Of n, effect and power the
// one that is missing is the one asked for.
struct Design {
  Test test = Test::paired_t;
  Alternative alternative = Alternative::two_sided;
  Smallest smallest = Smallest::all;
  double n = missing, effect = missing, power = missing;
  double alpha = 0.05;
  double sd = 1.0;        // of the change, of the reference arm, or common
  double sd_level = 1.0;  // of the other arm (welch)
  double ratio = 1.0;     // patients of the other arm for one of the reference
  double null = 0.0;      // difference or rate of the hypothesis; the reference rate of two arms; rate of losses (mcnemar)
  double low = missing, high = missing;  // margins of equivalence
  double difference = 0.0;  // of the rates under the hypothesis (score)
  double groups = 2.0;    // k of anova; 1 + covariates of ancova
};

struct Answer {
  double n = missing, n_level = missing, effect = missing, power = missing;
  double size = missing;  // probability of rejection where the hypothesis holds, for tests of counts
  Status status = Status::ok;
};

template <class F>
void visit_columns(const Answer*, F&& f) {
  f("n", [](const Answer& a) -> const double& { return a.n; });
  f("n_level", [](const Answer& a) -> const double& { return a.n_level; });
  f("effect", [](const Answer& a) -> const double& { return a.effect; });
  f("power", [](const Answer& a) -> const double& { return a.power; });
  f("size", [](const Answer& a) -> const double& { return a.size; });
  f("status", [](const Answer& a) -> const Status& { return a.status; });
}

}  // namespace respondr::power
