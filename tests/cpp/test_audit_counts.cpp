// Percentages, granular means, ratios with their intervals, two means and the order of P values: cases worked on paper.
#include <gtest/gtest.h>

#include <respondr/audit/decimal.hpp>
#include <respondr/audit/grim.hpp>
#include <respondr/audit/groups.hpp>
#include <respondr/audit/odds.hpp>
#include <respondr/audit/order.hpp>
#include <respondr/audit/percent.hpp>

#include <cmath>
#include <vector>

namespace {

using namespace respondr;
using namespace respondr::audit;

TEST(AuditPercent, CountAndDenominatorsByHand) {
  const PercentRow row = solve_percent({632, 1}, 48, 77);  // 62.34 %
  EXPECT_FALSE(row.fits);
  EXPECT_EQ(row.n_low, 76.0);
  EXPECT_EQ(row.n_high, 76.0);
  EXPECT_GT(row.count_low, row.count_high);
  EXPECT_EQ(denominators({415, 1}, 106), (std::vector<int>{41, 53, 65, 82, 94, 106}));
}

TEST(AuditPercent, BothEndsOfTheRoundingBelongToIt) {
  EXPECT_TRUE(solve_percent({12, 0}, 1, 8).fits);  // 12.5 %
  EXPECT_TRUE(solve_percent({13, 0}, 1, 8).fits);
  EXPECT_FALSE(solve_percent({14, 0}, 1, 8).fits);
  EXPECT_TRUE(solve_percent({66, 0}, 2, 3).fits_cut);
  EXPECT_FALSE(solve_percent({66, 0}, 2, 3).fits);
  EXPECT_TRUE(std::isinf(solve_percent({0, 0}, 0, missing).n_high));
  EXPECT_EQ(solve_percent({0, 0}, 0, 0).status, Status::no_data);
}

GrimInput granular(Decimal mean, Decimal sd, double n) {
  GrimInput x;
  x.mean = mean;
  x.sd = sd;
  x.n = n;
  return x;
}

TEST(AuditGrim, MeansAndSdsByHand) {
  EXPECT_EQ(solve_grim(granular({519, 2}, {}, 28)).grim, 0);
  EXPECT_EQ(solve_grim(granular({518, 2}, {}, 28)).grim, 1);  // 145 / 28
  EXPECT_EQ(solve_grim(granular({73, 1}, {251, 2}, 12)).grimmer, 0);
  EXPECT_EQ(solve_grim(granular({35, 1}, {71, 2}, 2)).grimmer, 1);  // 3 and 4
  EXPECT_EQ(solve_grim(granular({35, 1}, {80, 2}, 2)).grimmer, 0);
  EXPECT_EQ(solve_grim(granular({3, 0}, {0, 0}, 1)).status, Status::one_pair);
  GrimInput binary = granular({50, 2}, {53, 2}, 8);  // sqrt(8 / 7) / 2 = 0.5345
  binary.binary = true;
  EXPECT_EQ(solve_grim(binary).grimmer, 1);
  binary.sd = {54, 2};
  EXPECT_EQ(solve_grim(binary).grimmer, 0);
}

TEST(AuditGrim, ScaleBoundsTheSquares) {
  GrimInput x = granular({30, 1}, {283, 2}, 2);  // 1 and 5
  x.lowest = 1.0;
  x.highest = 5.0;
  EXPECT_EQ(solve_grim(x).grimmer, 1);
  x.highest = 4.0;
  EXPECT_EQ(solve_grim(x).grimmer, 0);
}

Box log_box(double at, double half) { return {std::log(at - half), std::log(at), std::log(at + half)}; }

TEST(AuditOdds, PublishedOddsRatio) {
  const OddsRow row = solve_odds({log_box(1.111, 5e-4), log_box(1.006, 5e-4), log_box(1.226, 5e-4), 0.0, 0.95});
  EXPECT_NEAR(row.std_error, 0.05045367, 5e-9);
  EXPECT_NEAR(row.p_value, 0.0370, 1e-4);
  EXPECT_TRUE(row.middle_fits);
  EXPECT_LT(row.p_low, 0.03695323);
  EXPECT_GT(row.p_high, 0.0375);
}

TEST(AuditOdds, AnIntervalAcrossNoEffectReachesP1) {
  const OddsRow row = solve_odds({{}, {-1.1, -1.0, -0.9}, {0.9, 1.0, 1.1}, 0.0, 0.95});
  EXPECT_EQ(row.p_high, 1.0);
  EXPECT_EQ(solve_odds({{}, {0.9, 1.0, 1.1}, {0.9, 1.0, 1.1}, 0.0, 0.95}).status, Status::no_variance);
}

TEST(AuditGroups, PublishedDuration) {
  const std::vector<Group> g{{41, {15.235, 15.24, 15.245}, {9.785, 9.79, 9.795}},
                             {21, {13.415, 13.42, 13.425}, {9.285, 9.29, 9.295}}};
  const GroupRow row = solve_groups(GroupTest::student, g);
  EXPECT_NEAR(row.statistic.value, 0.704565, 5e-7);
  EXPECT_NEAR(row.p.value, 0.483807, 5e-7);
  for (const GroupTest test : {GroupTest::student, GroupTest::welch, GroupTest::anova, GroupTest::welch_anova}) {
    const GroupRow x = solve_groups(test, g);
    EXPECT_LT(x.p.low, x.p.value);
    EXPECT_GT(x.p.high, x.p.value);
  }
  // two groups: F is the square of Welch's t, on the same degrees of freedom
  EXPECT_NEAR(solve_groups(GroupTest::welch_anova, g).p.value, solve_groups(GroupTest::welch, g).p.value, 1e-12);
}

TEST(AuditOrder, ExchangeShiftAndChances) {
  // P j fits row i: rows 0 and 2 exchanged of four.
  std::vector<int> fits(16, 0);
  for (int i = 0; i < 4; ++i) fits[i + 4 * std::vector<int>{2, 1, 0, 3}[i]] = 1;
  const OrderAnswer x = solve_order({fits.data(), 4}, 1, 10);
  EXPECT_EQ(x.best.kind, OrderKind::exchanged);
  EXPECT_EQ(x.printed, 2);
  EXPECT_EQ(x.best.explained, 4);
  EXPECT_DOUBLE_EQ(x.chance, 1.0 / 24.0);
  EXPECT_DOUBLE_EQ(x.chance_rest, 0.5);
  std::fill(fits.begin(), fits.end(), 0);
  for (int i = 0; i < 4; ++i) fits[i + 4 * ((i + 1) % 4)] = 1;  // every P stands one row too low
  const OrderAnswer moved = solve_order({fits.data(), 4}, 1, 10);
  EXPECT_EQ(moved.best.kind, OrderKind::moved_up);
  EXPECT_EQ(moved.best.explained, 4);
  EXPECT_EQ(solve_order({nullptr, 0}, 1, 10).printed, 0);
}

}  // namespace
