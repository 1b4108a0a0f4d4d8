// Two arms from table to row: printed figures, pairing of p and interval, statuses, the number needed to treat,
// batches.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "rates_naive.hpp"
#include "respondr/rates.hpp"

namespace {

using namespace respondr;
using namespace respondr::rates;

RateRow solve(const Options& o, const Table& t) {
  TwoArmsWorkspace w;
  RateRow row;
  solve_two(o, t, w, row);
  return row;
}

Options options(Method method, Estimand e = Estimand::difference, Interval interval = Interval::test) {
  Options o;
  o.method = method;
  o.estimand = e;
  o.interval = interval;
  o.null = no_effect(e);
  return o;
}

void expect_limits(const Options& o, double low, double high) {
  const RateRow row = solve(o, {36, 154, 12, 77});
  EXPECT_NEAR(row.conf_low, low, 5.1e-5);
  EXPECT_NEAR(row.conf_high, high, 5.1e-5);
}

bool has(const RateRow& row, Note note) { return (row.notes & static_cast<std::uint32_t>(note)) != 0; }

}  // namespace

TEST(RatesTwoArms, IntervalsAreThoseSasPrintsFor36Of154Against12Of77) {
  const Estimand d = Estimand::difference, r = Estimand::ratio, o = Estimand::odds_ratio;
  expect_limits(options(Method::n1_chisq, d), -0.0361, 0.1775);
  expect_limits(options(Method::chisq, d), -0.0358, 0.1773);
  expect_limits(options(Method::chisq, d, Interval::newcombe), -0.0361, 0.1751);
  expect_limits(options(Method::chisq, d, Interval::newcombe_continuity), -0.0440, 0.1810);
  expect_limits(options(Method::chisq, d, Interval::wald), -0.0271, 0.1830);
  expect_limits(options(Method::n1_chisq, r), 0.8482, 2.7322);
  expect_limits(options(Method::chisq, r), 0.8492, 2.7287);
  expect_limits(options(Method::chisq, r, Interval::wald), 0.8288, 2.7149);
  expect_limits(options(Method::n1_chisq, o), 0.8103, 3.3634);
  expect_limits(options(Method::chisq, o), 0.8115, 3.3584);
  expect_limits(options(Method::chisq, o, Interval::wald), 0.8043, 3.3952);
  Options fisher = options(Method::fisher, o);
  fisher.two_sided = TwoSided::central;
  expect_limits(fisher, 0.7730, 3.7320);
  fisher.midp = true;
  expect_limits(fisher, 0.8127, 3.5026);
}

TEST(RatesTwoArms, ExactPearsonIsTheSumOfItsDefinition) {
  std::mt19937_64 rng(41);
  for (int round = 0; round < 2000; ++round) {
    const int n1 = 1 + static_cast<int>(rng() % 15), n0 = 1 + static_cast<int>(rng() % 15);
    const Table t{static_cast<int>(rng() % (n1 + 1)), n1, static_cast<int>(rng() % (n0 + 1)), n0};
    const int m = t.events(), low = std::max(0, m - n0);
    const naive::Masses f = naive::hypergeometric(n1, n0, m, 0.0L);
    long double far = 0.0L, tied = 0.0L;
    for (std::size_t i = 0; i < f.size(); ++i) {
      const long at = std::labs(static_cast<long>(t.total()) * (low + static_cast<int>(i)) - static_cast<long>(n1) * m);
      const long own = std::labs(static_cast<long>(t.total()) * t.x1 - static_cast<long>(n1) * m);
      far += at >= own ? f[i] : 0.0L;
      tied += at == own ? f[i] : 0.0L;
    }
    Options o = options(Method::chisq);
    o.distribution = Distribution::exact;
    EXPECT_NEAR(solve(o, t).p_value, static_cast<double>(far), 1e-12);
    o.midp = true;
    EXPECT_NEAR(solve(o, t).p_value, static_cast<double>(far - 0.5L * tied), 1e-12);
  }
}

// For every pair of test and interval that claims to match: the null value is left out exactly when it is rejected.
TEST(RatesTwoArms, MatchingIntervalsAreDualToTheirTest) {
  std::mt19937_64 rng(42);
  TwoArmsWorkspace w;
  int asked = 0, hulls = 0, held = 0;
  for (int round = 0; round < 6000; ++round) {
    const int n1 = 2 + static_cast<int>(rng() % 30), n0 = 2 + static_cast<int>(rng() % 30);
    const Table t{static_cast<int>(rng() % (n1 + 1)), n1, static_cast<int>(rng() % (n0 + 1)), n0};
    Options o = options(static_cast<Method>(rng() % 5), static_cast<Estimand>(rng() % 3));
    o.two_sided = static_cast<TwoSided>(rng() % 3);
    o.alternative = static_cast<Alternative>(rng() % 3);
    o.continuity = rng() % 2 == 0;
    if (rng() % 2 == 0 && (o.method != Method::fisher || o.estimand == Estimand::odds_ratio)) {
      o.null = o.estimand == Estimand::difference ? -0.2 : 0.6;
    }
    RateRow row;
    solve_two(o, t, w, row);
    EXPECT_EQ(row.p_matches, o.method != Method::fisher || o.estimand == Estimand::odds_ratio);
    if (!row.p_matches || std::fabs(row.p_value - 0.05) < 1e-7) continue;
    const bool inside = o.null >= row.conf_low && o.null <= row.conf_high, accepted = row.p_value > 0.05;
    const bool hull = row.status == Status::hull || has(row, Note::hull);
    ++asked;
    hulls += hull ? 1 : 0;
    if (hull && inside && !accepted) {
      ++held;
      EXPECT_NE(o.two_sided, TwoSided::central);
      continue;
    }
    EXPECT_EQ(inside, accepted) << t.x1 << '/' << n1 << ' ' << t.x0 << '/' << n0 << " method "
                                << static_cast<int>(o.method) << " estimand " << static_cast<int>(o.estimand) << " p "
                                << row.p_value << " [" << row.conf_low << ", " << row.conf_high;
  }
  EXPECT_GT(asked, 5000);
  EXPECT_LE(held, hulls);
}

TEST(RatesTwoArms, UnconditionalIntervalsAreDualToTheirTest) {
  std::mt19937_64 rng(43);
  TwoArmsWorkspace w;
  int wrong = 0, asked = 0;
  for (int round = 0; round < 60; ++round) {
    const int n1 = 2 + static_cast<int>(rng() % 12), n0 = 2 + static_cast<int>(rng() % 12);
    const Table t{static_cast<int>(rng() % (n1 + 1)), n1, static_cast<int>(rng() % (n0 + 1)), n0};
    Options o = options(round % 2 == 0 ? Method::barnard : Method::boschloo, static_cast<Estimand>(rng() % 3));
    o.two_sided = static_cast<TwoSided>(rng() % 3);
    RateRow row;
    solve_two(o, t, w, row);
    EXPECT_TRUE(row.p_matches);
    EXPECT_EQ(row.distribution, Distribution::exact);
    if (std::fabs(row.p_value - 0.05) < 1e-7) continue;
    ++asked;
    const bool inside = o.null >= row.conf_low && o.null <= row.conf_high,
               hull = row.status == Status::hull || has(row, Note::hull);
    wrong += inside != (row.p_value > 0.05) && !(hull && inside) ? 1 : 0;
    if (o.two_sided == TwoSided::central) {
      EXPECT_FALSE(hull);
      EXPECT_EQ(row.conf_method, ConfMethod::unconditional);
    }
  }
  EXPECT_GT(asked, 50);
  EXPECT_EQ(wrong, 0);
}

TEST(RatesTwoArms, EmptyArmsAndOneResponseGiveWhatIsTrue) {
  EXPECT_EQ(solve(options(Method::n1_chisq), {0, 0, 0, 0}).status, Status::no_data);
  const RateRow empty = solve(options(Method::fisher), {0, 0, 2, 5});
  EXPECT_EQ(empty.status, Status::one_group_empty);
  EXPECT_EQ(empty.events_reference, 2);
  EXPECT_TRUE(std::isnan(empty.p_value));
  for (const Method m :
       {Method::chisq, Method::n1_chisq, Method::score, Method::g, Method::fisher, Method::boschloo, Method::barnard}) {
    for (const Estimand e : {Estimand::difference, Estimand::ratio, Estimand::odds_ratio}) {
      for (const Table& t : {Table{0, 10, 0, 20}, Table{10, 10, 20, 20}}) {
        const RateRow row = solve(options(m, e), t);
        EXPECT_EQ(row.status, Status::one_level);
        EXPECT_NEAR(row.p_value, 1.0, 1e-12);
        const double none = no_effect(e);
        EXPECT_LE(row.conf_low, none);
        EXPECT_GE(row.conf_high, none);
        if (e == Estimand::difference) {
          EXPECT_EQ(row.estimate, 0.0);
          // Given no event at all Fisher's p is 1 whatever the difference, and so is Boschloo's.
          EXPECT_EQ(row.conf_high < 0.5, m != Method::boschloo);
        }
      }
    }
  }
  const RateRow edge = solve(options(Method::n1_chisq), {0, 10, 0, 20});  // Newcombe (1998) example e
  EXPECT_NEAR(edge.conf_low, -0.1658, 5.1e-5);
  EXPECT_NEAR(edge.conf_high, 0.2844, 5.1e-5);
}

TEST(RatesTwoArms, ZerosPutRatiosAtTheEndOfTheirRange) {
  const RateRow none = solve(options(Method::n1_chisq, Estimand::ratio), {0, 12, 3, 8});
  EXPECT_EQ(none.estimate, 0.0);
  EXPECT_EQ(none.conf_low, 0.0);
  EXPECT_EQ(none.status, Status::boundary);
  EXPECT_TRUE(std::isnan(none.std_error));
  const RateRow infinite = solve(options(Method::n1_chisq, Estimand::odds_ratio), {3, 8, 0, 12});
  EXPECT_EQ(infinite.estimate, infinity);
  EXPECT_EQ(infinite.conf_high, infinity);
  const RateRow katz = solve(options(Method::n1_chisq, Estimand::ratio, Interval::wald), {0, 12, 3, 8});
  EXPECT_TRUE(std::isnan(katz.conf_low));
  EXPECT_EQ(katz.conf_method, ConfMethod::none);
  EXPECT_FALSE(katz.p_matches);
}

TEST(RatesTwoArms, TheNumberNeededToTreatRunsThroughInfinityWhereTheDifferenceHoldsNothing) {
  const Table close{36, 154, 12, 77}, far{56, 70, 48, 80};
  for (const Table& t : {close, far}) {
    const RateRow d = solve(options(Method::n1_chisq), t), nnt = solve(options(Method::n1_chisq, Estimand::nnt), t);
    EXPECT_NEAR(nnt.estimate * d.estimate, 1.0, 1e-13);
    EXPECT_EQ(nnt.p_value, d.p_value);
    const bool through = d.conf_low <= 0.0;
    EXPECT_EQ(has(nnt, Note::nnt_two_sided), through);
    EXPECT_NEAR(nnt.conf_low * (through ? d.conf_low : d.conf_high), 1.0, 1e-12);
    EXPECT_NEAR(nnt.conf_high * (through ? d.conf_high : d.conf_low), 1.0, 1e-12);
  }
  const RateRow harm = solve(options(Method::n1_chisq, Estimand::nnt), {48, 80, 56, 70});
  EXPECT_LT(harm.conf_low, harm.estimate);
  EXPECT_LT(harm.estimate, harm.conf_high);
  EXPECT_LT(harm.conf_high, 0.0);
  EXPECT_EQ(solve(options(Method::n1_chisq, Estimand::nnt), {3, 10, 3, 10}).estimate, infinity);
}

TEST(RatesTwoArms, BeyondTheLimitTheAsymptoticTestStandsInOrTheRowSaysSo) {
  Options o = options(Method::barnard);
  o.exact_limit = 10.0;
  const RateRow automatic = solve(o, {36, 154, 12, 77});
  EXPECT_EQ(automatic.distribution, Distribution::asymptotic);
  EXPECT_TRUE(has(automatic, Note::beyond_limit));
  EXPECT_EQ(automatic.p_value, solve(options(Method::n1_chisq), {36, 154, 12, 77}).p_value);
  EXPECT_TRUE(automatic.p_matches);
  o.distribution = Distribution::exact;
  const RateRow exact = solve(o, {36, 154, 12, 77});
  EXPECT_EQ(exact.status, Status::too_large);
  EXPECT_TRUE(std::isnan(exact.p_value));
  o = options(Method::barnard);
  o.exact_limit = 1e6;
  const RateRow half = solve(o, {36, 154, 12, 77});
  EXPECT_EQ(half.distribution, Distribution::exact);
  EXPECT_TRUE(has(half, Note::conf_asymptotic));
  EXPECT_FALSE(half.p_matches);
}

// A billion patients an arm would be lists of gigabytes.
TEST(RatesTwoArms, ConditionalTestsBeyondTheLimitDoNotBuildTheirLists) {
  const Table billion{300000000, 1000000000, 200000000, 1000000000};
  Options o = options(Method::fisher, Estimand::odds_ratio);
  const RateRow row = solve(o, billion);
  EXPECT_EQ(row.distribution, Distribution::asymptotic);
  EXPECT_TRUE(has(row, Note::beyond_limit));
  EXPECT_TRUE(row.p_matches);
  EXPECT_NEAR(row.estimate, 12.0 / 7.0, 1e-12);
  EXPECT_LT(row.p_value, 1e-300);
  o.distribution = Distribution::exact;
  const RateRow exact = solve(o, billion);
  EXPECT_EQ(exact.status, Status::too_large);
  EXPECT_NEAR(exact.estimate, 12.0 / 7.0, 1e-12);
  EXPECT_TRUE(std::isnan(exact.p_value));
  EXPECT_EQ(solve(options(Method::n1_chisq, Estimand::odds_ratio, Interval::conditional), billion).conf_method,
            ConfMethod::miettinen_nurminen);
}

TEST(RatesTwoArms, EventsOnlyInBothArmsStillDenyARatio) {
  Options o = options(Method::score, Estimand::ratio);
  o.null = 0.5;  // the likeliest rates are 1/2 and 1
  EXPECT_NEAR(solve(o, {5, 5, 7, 7}).statistic, 0.5 / std::sqrt(0.05), 1e-14);
  o.method = Method::g;
  EXPECT_NEAR(solve(o, {5, 5, 7, 7}).statistic, 10.0 * std::log(2.0), 1e-13);
  EXPECT_EQ(solve(o, {0, 5, 0, 7}).p_value, 1.0);
  o.estimand = Estimand::odds_ratio;
  EXPECT_EQ(solve(o, {5, 5, 7, 7}).p_value, 1.0);
}

TEST(RatesTwoArms, UnpooledBarnardHasTheIntervalOfTheScoreAndSaysSo) {
  Options o = options(Method::barnard);
  o.pooled = false;
  const RateRow row = solve(o, {5, 6, 0, 4});
  EXPECT_NEAR(row.p_value, 14.0 / 1024.0, 1e-12);
  EXPECT_NEAR(row.statistic, 5.477225575052, 1e-11);
  EXPECT_EQ(row.conf_method, ConfMethod::agresti_min);
  EXPECT_FALSE(row.p_matches);
  o.two_sided = TwoSided::central;
  EXPECT_TRUE(solve(o, {5, 6, 0, 4}).p_matches);
  EXPECT_GT(solve(o, {5, 6, 0, 4}).conf_low, 0.0);
  EXPECT_LE(solve(o, {5, 6, 0, 4}).p_value, 0.05);
}

TEST(RatesTwoArms, ABatchIsTheSameBitsForAnyThreadsAndPlace) {
  std::mt19937_64 rng(44);
  constexpr std::size_t groups = 60, arms = 3;
  std::vector<int> buffer_n(groups * arms + 8), buffer_x(groups * arms + 8);
  std::vector<RateRow> first;
  for (std::size_t offset = 0; offset < 8; ++offset) {
    rng.seed(44);
    for (std::size_t i = 0; i < groups * arms; ++i) {
      buffer_n[i + offset] = static_cast<int>(rng() % 30);
      buffer_x[i + offset] = static_cast<int>(rng() % (buffer_n[i + offset] + 1));
    }
    RatePlan plan;
    plan.n = {buffer_n.data() + offset, groups * arms};
    plan.events = {buffer_x.data() + offset, groups * arms};
    plan.arms = arms;
    plan.level = {1, 2, 2};
    plan.reference = {0, 0, 1};
    plan.options = options(Method::fisher, Estimand::odds_ratio);
    std::vector<RateRow> rows(plan.pairs());
    solve_pairs(plan, offset % 2 == 0 ? 1 : 3, Hooks(), [&](std::size_t i, const RateRow& row) { rows[i] = row; });
    if (offset == 0) first = rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(std::memcmp(&rows[i].p_value, &first[i].p_value, sizeof(double)), 0);
      EXPECT_EQ(std::memcmp(&rows[i].conf_low, &first[i].conf_low, sizeof(double)), 0);
      EXPECT_EQ(rows[i].status, first[i].status);
    }
    EXPECT_EQ(plan.table(5).x1, buffer_x[offset + 5]);  // group 1, arm 2 against arm 1
    EXPECT_EQ(plan.table(5).x0, buffer_x[offset + 4]);
  }
}

TEST(RatesTwoArms, StatisticsAreThoseOfTheirNames) {
  const Table t{15, 20, 8, 22};
  EXPECT_NEAR(solve(options(Method::chisq), t).statistic, 6.312669024339505, 1e-11);
  EXPECT_EQ(solve(options(Method::chisq), t).df, 1.0);
  EXPECT_NEAR(solve(options(Method::score), t).statistic, 2.5125025421558296, 1e-12);
  Options o = options(Method::boschloo);
  o.alternative = Alternative::less;
  EXPECT_NEAR(solve(o, t).statistic, fisher_upper_tail({8, 22, 15, 20}), 1e-13);
  o.alternative = Alternative::greater;
  EXPECT_NEAR(solve(o, t).statistic, fisher_upper_tail(t), 1e-13);
  EXPECT_EQ(solve(options(Method::fisher), t).p_value, solve(options(Method::fisher, Estimand::odds_ratio), t).p_value);
  const RateRow wald = solve(options(Method::chisq, Estimand::difference, Interval::wald), {1, 3, 3, 3});
  EXPECT_EQ(wald.conf_low, -1.0);
  EXPECT_LT(wald.conf_high, 0.0);
}
