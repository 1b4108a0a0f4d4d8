// Thousands of random problems of two arms through the plan: every method, alternative and way of finding p, arms of 0 to 9
// patients, ties, missing values, values off the decimal grid. Properties: p within 0 and 1, limits in order, the estimate inside
// them, p at most alpha where the interval leaves out the null, an answer or a status.

#include <gtest/gtest.h>

#include "groups_cases.hpp"

namespace {

using namespace respondr;
using namespace respondr::groups;
using namespace groups_cases;

struct Problem {
  Values column;
  std::vector<int> order;
  std::vector<std::size_t> start;
};

Problem random_problem(std::mt19937& engine) {
  Problem p;
  const std::size_t sizes[2] = {engine() % 10, engine() % 10};
  const int most = std::vector<int>{1, 3, 12, 100}[engine() % 4];
  const double scale = std::vector<double>{1.0, 0.1, 1.0 / 3.0, 1e-150, 1e150}[engine() % 5];
  const double offset = engine() % 3 == 0 ? 1e8 * scale : 0.0;
  p.start = {0, sizes[0], sizes[0] + sizes[1]};
  for (std::size_t i = 0; i < sizes[0] + sizes[1]; ++i) {
    const double v = static_cast<double>(engine() % static_cast<unsigned>(most)) * scale + offset;
    p.column.push_back(engine() % 12 == 0 ? missing : v);
    p.order.push_back(static_cast<int>(i) + 1);
  }
  return p;
}

TwoRow answer(const Problem& p, const TwoOptions& o) {
  TwoPlan plan;
  plan.outcomes = {p.column.data()};
  plan.contrasts = {{1, 0}};
  plan.known_sd = {{1.0, 2.0}};
  plan.arms = arm_rows({p.order.data(), p.order.size()}, p.start);
  plan.options = o;
  TwoWorkspace w;
  TwoRow row;
  EXPECT_TRUE(solve_two(plan, 0, w, row));
  return row;
}

TwoOptions random_options(std::mt19937& engine) {
  TwoOptions o;
  o.method = static_cast<TwoMethod>(engine() % 11);
  o.alternative = static_cast<Alternative>(engine() % 4);
  o.distribution = static_cast<Distribution>(1 + engine() % 4);
  o.two_sided = static_cast<TwoSided>(engine() % 2);
  o.effect = static_cast<TwoEffect>(engine() % 6);
  o.conf_level = std::vector<double>{0.8, 0.95, 0.99}[engine() % 3];
  o.hedges = engine() % 2 == 0;
  o.replicates = 60;
  o.null = o.method == TwoMethod::f ? 1.0 : o.method == TwoMethod::brunner_munzel ? 0.5 : 0.0;
  const double reach = o.method == TwoMethod::f ? 0.5 : o.method == TwoMethod::brunner_munzel ? 0.2 : 3.0;
  o.margin_low = o.null - reach;
  o.margin_high = o.null + reach;
  return o;
}

// Draws of p and of the limits are one set of relabellings only for some methods.
bool decides(const TwoOptions& o, const TwoRow& row) {
  return row.p_matches && row.status == Status::ok && o.alternative != Alternative::equivalence && !std::isnan(row.conf_low);
}

TEST(GroupsRandom, PropertyEveryProblemHasAnAnswerOrAStatus) {
  std::mt19937 engine(31);
  int decided = 0, rejected = 0;
  for (int round = 0; round < 20000; ++round) {
    const Problem p = random_problem(engine);
    const TwoOptions o = random_options(engine);
    if (o.method == TwoMethod::permutation && o.distribution == Distribution::asymptotic) {
      continue;
    }
    const TwoRow row = answer(p, o);
    EXPECT_EQ(row.n + row.n_reference + row.n_dropped, static_cast<int>(p.column.size()));
    if (std::isnan(row.p_value)) {
      EXPECT_NE(row.status, Status::ok) << round;
    } else {
      EXPECT_GE(row.p_value, 0.0);
      EXPECT_LE(row.p_value, 1.0) << round << " method " << static_cast<int>(o.method);
    }
    EXPECT_FALSE(row.conf_low > row.conf_high);
    if (row.p_matches && o.method != TwoMethod::bootstrap && row.status == Status::ok) {
      const double slack = 1e-7 * (std::fabs(row.estimate) + std::fabs(row.conf_low));
      EXPECT_FALSE(row.conf_low > row.estimate + slack) << round;
    }
    EXPECT_FALSE(row.effect_low > row.effect || row.effect > row.effect_high) << round;
    double largest = 0.0;
    for (const double v : p.column) {
      largest = std::fmax(largest, std::fabs(v));
    }
    const double slack = 1e-9 * std::fabs(row.estimate) + 1e-14 * largest;  // a difference carries the rounding of its values
    if (decides(o, row) && std::fabs(row.conf_low - o.null) > slack && std::fabs(row.conf_high - o.null) > slack) {
      const bool outside = o.null < row.conf_low || o.null > row.conf_high;
      EXPECT_EQ(row.p_value <= rounded_alpha(o.conf_level) * (1.0 + 1e-12), outside)
          << round << " method " << static_cast<int>(o.method) << " p " << row.p_value << " " << row.conf_low << " "
          << row.conf_high;
      ++decided;
      rejected += outside ? 1 : 0;
    }
  }
  EXPECT_GT(decided, 1000);
  EXPECT_GT(rejected, 50);
}

}  // namespace
