// Power against figures worked by hand, and properties that need no second program.
#include <gtest/gtest.h>

#include <cmath>

#include "respondr/power/simon.hpp"
#include "respondr/power/solve.hpp"

using namespace respondr;
using namespace respondr::power;

namespace {

using PowerTest = respondr::power::Test;  // in a test body `Test` is gtest's

Design design(Test test, double n, double effect, double power) {
  Design d;
  d.test = test;
  d.n = n, d.effect = effect, d.power = power;
  return d;
}

TEST(Power, FiveOfFive) {
  EXPECT_NEAR(one_rate_power(5, 0.8, 0.5, 0.05, Alternative::greater), std::pow(0.8, 5.0), 1e-13);
  EXPECT_EQ(upper_critical(4, 0.5, 0.05), 5);  // never rejects
  // P(X >= k) itself as the level rejects at k, whatever its last digit.
  for (int k = 1; k <= 60; ++k) {
    const double p = special::binomial_cdf(k, 60.0, 0.3, special::Tail::upper);
    EXPECT_EQ(upper_critical(60, 0.3, p * (1.0 - 1e-15)), k);
    EXPECT_EQ(upper_critical(60, 0.3, p * (1.0 - 1e-9)), k + 1);
  }
}

TEST(Power, FisherRegionTakesTiesTogether) {
  Workspace w;
  w.table = {0.025, 0.475, 0.475, 0.025};
  fisher_region(0.05, Alternative::two_sided, w);
  EXPECT_EQ(w.rejected, (std::vector<char>{1, 0, 0, 1}));
  fisher_region(0.049, Alternative::two_sided, w);
  EXPECT_EQ(w.rejected, (std::vector<char>{0, 0, 0, 0}));
  fisher_region(0.025, Alternative::less, w);
  EXPECT_EQ(w.rejected, (std::vector<char>{1, 0, 0, 0}));
  w.table = {1.0};
  fisher_region(0.05, Alternative::two_sided, w);
  EXPECT_EQ(w.rejected[0], 0);
}

TEST(Power, ScoreTestOfAMarginGoesThroughEveryTable) {
  Workspace w;
  Design d = design(PowerTest::score, 6.0, 0.7, missing);
  LogFactorials factorials;
  factorials.reserve(9);
  std::vector<double> level, reference;
  binomial_masses(9, 0.7, factorials, level);
  binomial_masses(6, 0.6, factorials, reference);
  d.null = 0.6, d.difference = -0.25, d.ratio = 1.5, d.alpha = 0.1;
  for (const Alternative side : {Alternative::greater, Alternative::less, Alternative::two_sided}) {
    d.alternative = side;
    double expected = 0.0;
    for (int x1 = 0; x1 <= 9; ++x1) {
      for (int x0 = 0; x0 <= 6; ++x0) {
        rates::Options options;
        options.method = rates::Method::score;
        options.alternative = side;
        options.null = -0.25;
        rates::TwoArmsWorkspace work;
        rates::RateRow row;
        rates::solve_two(options, {x1, 9, x0, 6}, work, row);
        if (row.p_value <= 0.1) {
          expected += level[static_cast<std::size_t>(x1)] * reference[static_cast<std::size_t>(x0)];
        }
      }
    }
    EXPECT_NEAR(power_at(d, 6.0, 0.7, w), expected, 1e-12);
  }
}

TEST(Power, SmallestOfMeansIsSmallest) {
  Workspace w;
  for (const PowerTest test : {PowerTest::paired_t, PowerTest::student, PowerTest::welch, PowerTest::ancova}) {
    const Answer a = solve(design(test, missing, 0.5, 0.8), w);
    ASSERT_EQ(a.status, Status::ok);
    EXPECT_GE(a.power, 0.8);
    EXPECT_LT(power_at(design(test, missing, 0.5, 0.8), a.n - 1.0, 0.5, w), 0.8);
  }
}

TEST(Power, WelchOfEqualSpreadsKeepsItsLevelClosely) {
  EXPECT_NEAR(welch_power(0.0, 20, 20, 1.0, 1.0, 0.05, Alternative::two_sided), 0.05, 1e-3);
  EXPECT_GT(welch_power(0.0, 2, 2, 1.0, 3.0, 0.05, Alternative::two_sided), 0.0);
}

TEST(Power, EquivalenceWithoutRoomIsZero) {
  EXPECT_LT(equivalence_power(0.0, -0.1, 0.1, 1.0, 5.0, 0.05), 1e-3);
  EXPECT_NEAR(equivalence_power(0.0, -50.0, 50.0, 1.0, 50.0, 0.05), 1.0, 1e-12);
}

TEST(Power, TwoStageKeepsBothErrors) {
  TwoStageSearch search(0.1, 0.3, 0.05, 0.8, 40);
  search.search();
  EXPECT_LE(search.optimal.size, 0.05);
  EXPECT_GE(search.minimax.power, 0.8);
  EXPECT_LE(search.minimax.n, search.optimal.n);
  EXPECT_LE(search.optimal.expected, search.minimax.expected);
}

TEST(Power, RegionsAreTheTablesRejectedOneByOne) {
  ArmsRegion region;
  rates::TwoArmsWorkspace w;
  for (const rates::Method method : {rates::Method::boschloo, rates::Method::barnard}) {
    for (const Alternative side : {Alternative::two_sided, Alternative::less, Alternative::greater}) {
      region.build(method, 4, 3, 0.2, side);
      int rejected = 0;
      for (int x1 = 0; x1 <= 4; ++x1) {
        for (int x0 = 0; x0 <= 3; ++x0) {
          rates::Options options;
          options.method = method;
          options.alternative = side;
          rates::RateRow row;
          rates::solve_two(options, {x1, 4, x0, 3}, w, row);
          EXPECT_EQ(region.rejects(x1, x0), row.p_value <= 0.2) << x1 << " " << x0;
          rejected += region.rejects(x1, x0) ? 1 : 0;
        }
      }
      EXPECT_GT(rejected, 0);
    }
  }
}

// Chances of all tables that the rates family rejects, one by one. A table without events, or with events only, is none.
TEST(Power, ChiSquaresRejectWhatTheRatesFamilyRejects) {
  rates::TwoArmsWorkspace t;
  Workspace w;
  std::vector<double> level, reference;
  w.factorials.reserve(12);
  binomial_masses(7, 0.6, w.factorials, level);
  binomial_masses(5, 0.25, w.factorials, reference);
  const std::pair<power::Test, rates::Method> tests[] = {{power::Test::chisq, rates::Method::chisq},
                                                          {power::Test::n1_chisq, rates::Method::n1_chisq}};
  for (const auto& test : tests) {
    for (const Alternative side : {Alternative::two_sided, Alternative::less, Alternative::greater}) {
      for (const double alpha : {0.05, 0.2, 0.5}) {
        double sum = 0.0;
        for (int x1 = 0; x1 <= 7; ++x1) {
          for (int x0 = 0; x0 <= 5; ++x0) {
            rates::Options options;
            options.method = test.second;
            options.alternative = side;
            rates::RateRow row;
            rates::solve_two(options, {x1, 7, x0, 5}, t, row);
            const bool flat = x1 + x0 == 0 || x1 + x0 == 12;
            if (row.p_value <= alpha && !flat) sum += level[static_cast<std::size_t>(x1)] * reference[static_cast<std::size_t>(x0)];
          }
        }
        EXPECT_NEAR(two_arms_power(test.first, 7, 0.6, 5, 0.25, alpha, side, w), sum, 1e-12);
      }
    }
  }
}

TEST(Power, CountsLookBeyondATrialThatFallsShort) {
  Workspace w;
  Design d;
  d.test = power::Test::binomial;
  d.alternative = Alternative::less;
  d.n = missing;
  d.power = 0.85;
  d.alpha = 0.05;
  d.null = 0.005;
  d.effect = 0.0002;
  const Answer a = solve(d, w);
  EXPECT_GE(a.power, 0.85);
  for (double n = a.n; n <= std::ceil(1.5 * a.n) + 30.0; n += 1.0) {
    EXPECT_GE(counts_power(d, n, d.effect, w), 0.85) << n;
  }
  EXPECT_LT(counts_power(d, a.n - 1.0, d.effect, w), 0.85);
}

}  // namespace
