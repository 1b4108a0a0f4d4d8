// Student, Welch and z of two arms and their effect sizes. Byhand: a case on paper. Oracle: formulas written out.
// Published: Bonett's
// example of standardised differences (statpsych). Properties and edges.

#include <gtest/gtest.h>

#include "groups_cases.hpp"

namespace {

using namespace respondr;
using namespace respondr::groups;
using namespace groups_cases;

TwoRow solve(const Values& x, const Values& y, TwoOptions o, Shift shift = {}, KnownSd sd = {}) {
  TwoQuantiles quantiles;
  TwoRow row;
  finish_means(o, Moments::of(span(x)), Moments::of(span(y)), sd, shift, quantiles, row);
  return row;
}

TwoOptions options_of(TwoMethod method, Alternative alternative = Alternative::two_sided) {
  TwoOptions o;
  o.method = method;
  o.alternative = alternative;
  return o;
}

// P(T <= t) with three degrees of freedom.
double t3(double t) { return 0.5 + (std::atan(t / std::sqrt(3.0)) + t * std::sqrt(3.0) / (3.0 + t * t)) / M_PI; }

TEST(GroupMeans, ByhandStudentOfThreeAndTwo) {
  // 4, 6, 8 against 1, 3: difference 4, pooled variance (8 + 2) / 3, standard error sqrt(10 / 3 * 5 / 6) = 5 / 3.
  const TwoRow row = solve({4, 6, 8}, {1, 3}, options_of(TwoMethod::student));
  EXPECT_DOUBLE_EQ(row.estimate, 4.0);
  EXPECT_DOUBLE_EQ(row.std_error, 5.0 / 3.0);
  EXPECT_DOUBLE_EQ(row.statistic, 2.4);
  EXPECT_EQ(row.df, 3.0);
  EXPECT_NEAR(row.p_value, 2.0 * t3(-2.4), 1e-14);
  EXPECT_NEAR(t3((row.conf_high - 4.0) / row.std_error), 0.975, 1e-13);
  EXPECT_NEAR(t3((row.conf_low - 4.0) / row.std_error), 0.025, 1e-13);
  const TwoRow greater = solve({4, 6, 8}, {1, 3}, options_of(TwoMethod::student, Alternative::greater), {1.0});
  EXPECT_NEAR(greater.p_value, 1.0 - t3(1.8), 1e-14);
  EXPECT_EQ(greater.conf_high, infinity);
  EXPECT_NEAR(t3((greater.conf_low - 4.0) / row.std_error), 0.05, 1e-13);
  const TwoRow less = solve({4, 6, 8}, {1, 3}, options_of(TwoMethod::student, Alternative::less), {1.0});
  EXPECT_NEAR(less.p_value, t3(1.8), 1e-14);
  EXPECT_EQ(less.conf_low, -infinity);
  EXPECT_NEAR(t3((less.conf_high - 4.0) / row.std_error), 0.95, 1e-13);
}

TEST(GroupMeans, OracleWelch) {
  const Values x{4, 6, 8, 13}, y{1, 3, 2};
  const TwoRow row = solve(x, y, options_of(TwoMethod::welch));
  const double a = Moments::of(span(x)).variance() / 4.0, b = 1.0 / 3.0;
  EXPECT_NEAR(row.std_error, std::sqrt(a + b), 1e-14);
  EXPECT_NEAR(row.df, (a + b) * (a + b) / (a * a / 3.0 + b * b / 2.0), 1e-13);
  EXPECT_NEAR(row.p_value, 2.0 * special::t_cdf(-row.statistic, row.df), 1e-14);
  EXPECT_EQ(row.conf_method, ConfMethod::t_welch);
}

TEST(GroupMeans, ByhandZWithKnownSd) {
  const TwoRow row = solve({4, 6, 8}, {1, 3}, options_of(TwoMethod::z), {}, {3.0, 4.0});
  EXPECT_NEAR(row.std_error, std::sqrt(11.0), 1e-14);
  EXPECT_NEAR(row.p_value, 2.0 * special::normal_cdf(-4.0 / std::sqrt(11.0)), 1e-15);
  EXPECT_TRUE(std::isnan(row.df));
  EXPECT_NEAR(row.conf_high, 4.0 + 1.959963984540054 * std::sqrt(11.0), 1e-12);
}

TEST(GroupMeans, OracleEquivalenceTakesTheLargerOfTwo) {
  for (const double high : {5.0, 9.0}) {
    const TwoOptions o = options_of(TwoMethod::student, Alternative::equivalence);
    const TwoRow row = solve({4, 6, 8}, {1, 3}, o, {0.0, -1.0, high});
    EXPECT_NEAR(row.p_value, std::max(1.0 - t3(3.0), t3((4.0 - high) * 0.6)), 1e-14);
    EXPECT_NEAR(row.statistic, high == 5.0 ? -0.6 : (1.0 - t3(3.0) >= t3(-3.0) ? 3.0 : -3.0), 1e-12);
    EXPECT_NEAR(t3((row.conf_low - 4.0) / row.std_error), 0.05, 1e-13);
  }
}

TEST(GroupMeans, PropertyOffsetScaleDirectionAndAddress) {
  std::mt19937 engine(3);
  const Values x = draw(engine, 31, 1000), y = draw(engine, 20, 1000);
  for (const TwoMethod method : {TwoMethod::student, TwoMethod::welch}) {
    const TwoRow row = solve(x, y, options_of(method));
    const TwoRow far = solve(moved(x, -1e8), moved(y, -1e8), options_of(method));
    EXPECT_NEAR(far.p_value, row.p_value, 1e-10 * row.p_value);
    const TwoRow back = solve(y, x, options_of(method));
    EXPECT_EQ(back.statistic, -row.statistic);
    EXPECT_EQ(back.conf_low, -row.conf_high);
    for (const double scale : {1e150, 1e-150}) {
      Values a = x, b = y;
      for (Values* v : {&a, &b}) {
        for (double& u : *v) {
          u *= scale;
        }
      }
      EXPECT_NEAR(solve(a, b, options_of(method)).p_value, row.p_value, 1e-12);
    }
    for (std::size_t offset = 0; offset < 8; ++offset) {
      Values a(offset + x.size()), b(offset + y.size());
      std::reverse_copy(x.begin(), x.end(), a.begin() + offset);
      std::copy(y.begin(), y.end(), b.begin() + offset);
      TwoQuantiles quantiles;
      TwoRow other;
      finish_means(options_of(method), Moments::of({a.data() + offset, x.size()}),
                   Moments::of({b.data() + offset, y.size()}), {}, {}, quantiles, other);
      EXPECT_EQ(other.p_value, row.p_value);
      EXPECT_EQ(other.conf_low, row.conf_low);
    }
  }
}

TEST(GroupMeans, EdgeStatuses) {
  for (const TwoMethod method : {TwoMethod::student, TwoMethod::welch, TwoMethod::z}) {
    const TwoOptions o = options_of(method);
    EXPECT_EQ(solve({}, {}, o).status, Status::no_data);
    EXPECT_EQ(solve({1}, {}, o).status, Status::one_group_empty);
    EXPECT_EQ(solve({}, {1}, o).status, Status::one_group_empty);
    EXPECT_TRUE(std::isnan(solve({}, {1}, o).estimate));
  }
  const TwoOptions student = options_of(TwoMethod::student), welch = options_of(TwoMethod::welch);
  EXPECT_EQ(solve({1}, {2}, student).status, Status::too_few);
  EXPECT_EQ(solve({1}, {2}, student).estimate, -1.0);
  EXPECT_EQ(solve({1}, {2, 4}, student).status, Status::ok);
  EXPECT_EQ(solve({1}, {2, 4}, welch).status, Status::too_few);
  EXPECT_EQ(solve({1.1, 1.1, 1.1}, {0.1, 0.1}, student).status, Status::no_variance);
  EXPECT_EQ(solve({1.1, 1.1, 1.1}, {0.1, 0.1}, welch).status, Status::no_variance);
  EXPECT_EQ(solve({1, 1, 1}, {2, 4}, welch).status, Status::ok);
  EXPECT_NEAR(solve({1, 1, 1}, {2, 4}, welch).df, 1.0, 1e-14);
}

TwoRow effect_of(TwoEffect effect, double n, double mean, double sd, double n0, double mean0, double sd0,
                 bool hedges = false) {
  TwoOptions o = options_of(TwoMethod::welch);
  o.effect = effect;
  o.hedges = hedges;
  const TwoFigures f{{n}, {mean}, {sd}, {n0}, {mean0}, {sd0}};
  TwoQuantiles quantiles;
  return solve_two_figures_row(o, f, 0, quantiles);
}

TEST(GroupEffects, OracleCohensDHasTheNoncentralTAtItsLimits) {
  const TwoRow row = effect_of(TwoEffect::d, 12, 10, 3, 15, 8, 2.5);
  const double s = std::sqrt((11 * 9 + 14 * 6.25) / 25.0), root = std::sqrt(1.0 / 12 + 1.0 / 15);
  EXPECT_NEAR(row.effect, 2.0 / s, 1e-14);
  EXPECT_NEAR(special::noncentral_t_cdf(2.0 / s / root, 25, row.effect_low / root), 0.975, 1e-9);
  EXPECT_NEAR(special::noncentral_t_cdf(2.0 / s / root, 25, row.effect_high / root), 0.025, 1e-9);
  const TwoRow g = effect_of(TwoEffect::d, 12, 10, 3, 15, 8, 2.5, true);
  const double j = std::exp(std::lgamma(12.5) - std::lgamma(12.0)) / std::sqrt(12.5);
  EXPECT_NEAR(g.effect, j * row.effect, 1e-12);
  EXPECT_NEAR(g.effect_high, j * row.effect_high, 1e-12);
}

TEST(GroupEffects, PublishedStandardisedDifferencesOfBonett) {
  // statpsych (Bonett), help of ci.stdmean2(.05, 35.1, 26.7, 7.32, 6.98, 30, 30), printed to seven figures.
  const TwoRow average = effect_of(TwoEffect::d_av, 30, 35.1, 7.32, 30, 26.7, 6.98);
  EXPECT_NEAR(average.effect, 1.174493, 5e-7);
  EXPECT_NEAR(average.effect_low, 0.6170771, 6e-8);
  EXPECT_NEAR(average.effect_high, 1.731909, 5e-7);
  const TwoRow second = effect_of(TwoEffect::glass_delta, 30, 35.1, 7.32, 30, 26.7, 6.98);
  EXPECT_NEAR(second.effect, 1.203438, 5e-7);
  EXPECT_NEAR(second.effect_low, 0.5918268, 6e-8);
  EXPECT_NEAR(second.effect_high, 1.815050, 5e-7);
}

TEST(GroupEffects, OracleNewcombeLimitsSolveTheirEquation) {
  for (const double p : {0.0, 0.1, 0.5, 0.83, 1.0}) {
    TwoOptions o;
    o.effect = TwoEffect::prob_superiority;
    const TwoEffectValue v = superiority_effect(o, p, 9, 14);
    for (const double t : {v.low, v.high}) {
      if (t > 0.0 && t < 1.0) {
        const double variance = t * (1 - t) * (1 + 10.5 * ((1 - t) / (2 - t) + t / (1 + t))) / 126.0;
        EXPECT_NEAR(std::fabs(t - p), 1.959963984540054 * std::sqrt(variance), 1e-10);
      }
    }
    EXPECT_LE(v.low, p);
    EXPECT_GE(v.high, p);
    EXPECT_EQ(v.low == 0.0, p == 0.0);
    EXPECT_EQ(v.high == 1.0, p == 1.0);
    o.effect = TwoEffect::rank_biserial;
    const TwoEffectValue r = superiority_effect(o, p, 9, 14);
    EXPECT_NEAR(r.estimate, 2 * p - 1, 1e-15);
    EXPECT_NEAR(r.low, 2 * v.low - 1, 1e-15);
  }
}

TEST(GroupEffects, EdgeOneSidedAndUnavailable) {
  TwoOptions o;
  o.effect = TwoEffect::prob_superiority;
  o.alternative = Alternative::greater;
  EXPECT_EQ(superiority_effect(o, 0.7, 5, 6).high, 1.0);
  o.alternative = Alternative::less;
  EXPECT_EQ(superiority_effect(o, 0.7, 5, 6).low, 0.0);
  EXPECT_TRUE(std::isnan(effect_of(TwoEffect::glass_delta, 5, 2, 1, 1, 1, 0).effect));
  const std::uint32_t notes = effect_of(TwoEffect::glass_delta, 5, 2, 1, 5, 1, 0).notes;
  EXPECT_NE(notes & static_cast<std::uint32_t>(Note::effect_unavailable), 0u);
}

// Patients of the plan in the order of arms; the second group first in the columns.
struct Batch {
  Values column;
  std::vector<int> order;
  std::vector<std::size_t> start;
};

TEST(GroupPlan, PropertyRowsFiguresThreadsAndOrderAgree) {
  std::mt19937 engine(4);
  Values a = draw(engine, 24, 100), b = draw(engine, 24, 100);
  a[3] = missing;
  std::vector<int> order(24), shuffled;
  for (int i = 0; i < 24; ++i) {
    order[i] = i + 1;
  }
  const std::vector<std::size_t> start{0, 5, 11, 12, 18, 24, 24};
  shuffled = order;
  for (std::size_t j = 0; j + 1 < start.size(); ++j) {
    std::reverse(shuffled.begin() + start[j], shuffled.begin() + start[j + 1]);
  }
  for (const TwoMethod method : {TwoMethod::student, TwoMethod::welch, TwoMethod::mann_whitney, TwoMethod::permutation,
                                 TwoMethod::bootstrap, TwoMethod::brunner_munzel, TwoMethod::f, TwoMethod::levene}) {
    TwoPlan plan;
    plan.outcomes = {a.data(), b.data()};
    plan.k = 3;
    plan.contrasts = {{1, 0}, {2, 0}, {2, 1}};
    plan.options = options_of(method);
    plan.options.null = method == TwoMethod::f ? 1.0 : method == TwoMethod::brunner_munzel ? 0.5 : 0.0;
    plan.options.effect = TwoEffect::d;
    plan.options.replicates = 200;
    plan.arms = arm_rows({order.data(), order.size()}, start);
    std::vector<TwoRow> one(plan.size()), two(plan.size()), other(plan.size());
    EXPECT_EQ(plan.size(), 12u);
    EXPECT_EQ(solve_two_arms(plan, 1, {}, [&](std::size_t i, const TwoRow& r) { one[i] = r; }), no_problem);
    solve_two_arms(plan, 2, {}, [&](std::size_t i, const TwoRow& r) { two[i] = r; });
    plan.arms = arm_rows({shuffled.data(), shuffled.size()}, start);
    solve_two_arms(plan, 1, {}, [&](std::size_t i, const TwoRow& r) { other[i] = r; });
    for (std::size_t i = 0; i < one.size(); ++i) {
      for (const TwoRow* r : {&two[i], &other[i]}) {
        EXPECT_TRUE(r->p_value == one[i].p_value || (std::isnan(r->p_value) && std::isnan(one[i].p_value)));
        EXPECT_TRUE(r->conf_low == one[i].conf_low || (std::isnan(r->conf_low) && std::isnan(one[i].conf_low)));
        EXPECT_EQ(r->status, one[i].status);
      }
      EXPECT_EQ(one[i].n_dropped, i == 0 || i == 1 ? 1 : 0);
    }
    EXPECT_EQ(one[4].status, Status::one_group_empty);  // the third arm of the second group has no patient
  }
}

TEST(GroupPlan, EdgeInfiniteValuesAreTheLowestProblem) {
  Values a{1, 2, 3, 4}, b{1, infinity, 3, 4};
  std::vector<int> order{1, 2, 3, 4};
  TwoPlan plan;
  plan.outcomes = {a.data(), b.data()};
  plan.contrasts = {{1, 0}};
  plan.arms = arm_rows({order.data(), order.size()}, {0, 2, 4});
  EXPECT_EQ(solve_two_arms(plan, 1, {}, [](std::size_t, const TwoRow&) {}), 1u);
}

TEST(GroupPlan, PropertyDecimalsAreExactAndComeBackInTheirUnits) {
  Values a{7.1, 8.3, 6.3, 9.1, 5.1, 6.1};
  std::vector<int> order{1, 2, 3, 4, 5, 6};
  TwoPlan plan;
  plan.outcomes = {a.data()};
  plan.contrasts = {{1, 0}};
  plan.options.method = TwoMethod::mann_whitney;
  plan.options.conf_level = 0.5;
  plan.arms = arm_rows({order.data(), order.size()}, {0, 3, 6});
  TwoRow row;
  TwoWorkspace w;
  EXPECT_TRUE(solve_two(plan, 0, w, row));
  EXPECT_EQ(row.estimate, -1.0);  // the fifth of -3.2, -2.2, -2, -1.2, -1, -0.2, 0.8, 2, 2.8
}

}  // namespace
