// Paired t-test from moments. byhand: changes 2 3 0 3. oracle: the closed form of t with 3 degrees of freedom. edge: statuses,
// rounding, the memory of quantiles, addresses.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "respondr/paired/t.hpp"

namespace {

using namespace respondr;
using namespace respondr::paired;
using Values = std::vector<double>;

Row solve(const Values& change, const Options& o = Options(), Shift shift = {}) {
  TWorkspace w;
  Row row;
  finish_t(o, Moments::of({change.data(), change.size()}), 0.0, shift, w, row);
  return row;
}

// P(T <= t), 3 degrees of freedom.
double t3(double t) {
  const double u = t / std::sqrt(3.0);
  return 0.5 + (u / (1.0 + u * u) + std::atan(u)) / 3.14159265358979323846;
}

const Values change{2, 3, 0, 3};  // mean 2, squares 6, variance 2, se sqrt(1 / 2)

}  // namespace

TEST(PairedT, ByHandFourChanges) {
  const Row row = solve(change);
  EXPECT_DOUBLE_EQ(row.estimate, 2.0);
  EXPECT_DOUBLE_EQ(row.std_error, std::sqrt(0.5));
  EXPECT_DOUBLE_EQ(row.statistic, std::sqrt(8.0));
  EXPECT_EQ(row.df, 3.0);
  EXPECT_NEAR(row.p_value, 2.0 * t3(-std::sqrt(8.0)), 1e-15);
  EXPECT_EQ(row.conf_method, ConfMethod::t);
  EXPECT_TRUE(row.p_matches);
  EXPECT_NEAR(t3((row.conf_high - 2.0) / row.std_error), 0.975, 1e-13);
  EXPECT_NEAR(row.conf_low + row.conf_high, 4.0, 1e-14);
}

TEST(PairedT, OracleNullAndSides) {
  Options o;
  for (const double null : {-1.0, 0.0, 1.5, 4.0}) {
    const double t = (2.0 - null) / std::sqrt(0.5);
    o.alternative = Alternative::greater;
    const Row greater = solve(change, o, {null});
    EXPECT_NEAR(greater.p_value, t3(-t), 1e-14);
    EXPECT_EQ(greater.conf_high, infinity);
    EXPECT_NEAR(t3((2.0 - greater.conf_low) / greater.std_error), 0.95, 1e-13);
    o.alternative = Alternative::less;
    const Row less = solve(change, o, {null});
    EXPECT_NEAR(less.p_value, t3(t), 1e-14);
    EXPECT_EQ(less.conf_low, -infinity);
    EXPECT_NEAR(t3((less.conf_high - 2.0) / less.std_error), 0.95, 1e-13);
    o.alternative = Alternative::two_sided;
    EXPECT_NEAR(solve(change, o, {null}).p_value, 2.0 * t3(-std::fabs(t)), 1e-14);
  }
}

TEST(PairedT, OracleEquivalenceTakesTheLargerOfTwo) {
  Options o;
  o.alternative = Alternative::equivalence;
  const double low = t3(-(2.0 + 1.0) / std::sqrt(0.5)), high = t3((2.0 - 3.5) / std::sqrt(0.5));
  const Row row = solve(change, o, {0.0, -1.0, 3.5});
  EXPECT_NEAR(row.p_value, std::max(low, high), 1e-14);
  EXPECT_NEAR(row.statistic, (2.0 - 3.5) / std::sqrt(0.5), 1e-14);
  EXPECT_NEAR(t3((row.conf_high - 2.0) / row.std_error), 0.95, 1e-13);
  EXPECT_NEAR(t3((2.0 - row.conf_low) / row.std_error), 0.95, 1e-13);
  const Row other = solve(change, o, {0.0, 1.5, 30.0});
  EXPECT_NEAR(other.p_value, t3(-0.5 / std::sqrt(0.5)), 1e-14);
  EXPECT_NEAR(other.statistic, 0.5 / std::sqrt(0.5), 1e-14);
}

TEST(PairedT, EdgeStatuses) {
  EXPECT_EQ(solve({}).status, Status::no_data);
  EXPECT_TRUE(std::isnan(solve({}).estimate));
  const Row one = solve({3});
  EXPECT_EQ(one.status, Status::one_pair);
  EXPECT_EQ(one.estimate, 3.0);
  EXPECT_TRUE(std::isnan(one.p_value) && std::isnan(one.df));
  const Row constant = solve({3, 3, 3});
  EXPECT_EQ(constant.status, Status::no_variance);
  EXPECT_TRUE(std::isnan(constant.p_value) && std::isnan(constant.conf_low));
  EXPECT_EQ(solve({0, 0, 0}).status, Status::all_zero);
  EXPECT_EQ(solve({3, 3, 3}, Options(), {3.0}).status, Status::all_zero);
}

TEST(PairedT, EdgeASpreadWithinTheRoundingOfTheMeasurementsIsNone) {
  Sample s;
  s.change = {2.0, 2.0 + 4e-16, 2.0 - 4e-16};
  s.magnitude = 10.0;  // one measurement carries about 1e-15
  TWorkspace w;
  Row row;
  solve_t(Options(), s, {}, w, row);
  EXPECT_EQ(row.status, Status::no_variance);
  s.magnitude = 1e-3;
  Row spread;
  solve_t(Options(), s, {}, w, spread);
  EXPECT_EQ(spread.status, Status::ok);
  s.on_grid = true;  // whole numbers of units carry no rounding
  s.magnitude = 1e9;
  s.change = {2, 3, 2};
  Row grid;
  solve_t(Options(), s, {}, w, grid);
  EXPECT_EQ(grid.status, Status::ok);
}

TEST(PairedT, EdgeQuantilesAreRememberedByTailAndDegreesOfFreedom) {
  TQuantiles quantiles;
  for (int round = 0; round < 2; ++round) {
    for (const double tail : {0.025, 0.05, 0.025}) {
      for (const double df : {3.0, 1.0, 28.0, 3.0, 2.5, 200000.0}) {
        EXPECT_EQ(quantiles(df, tail), -special::t_quantile(tail, df));
      }
    }
  }
}

TEST(PairedT, PropertySameBitsAtEveryAddress) {
  Values room(72);
  Row first;
  for (std::size_t offset = 0; offset < 8; ++offset) {
    for (std::size_t i = 0; i < 61; ++i) {
      room[offset + i] = std::sin(static_cast<double>(i * i)) + 0.1;
    }
    TWorkspace w;
    Row row;
    finish_t(Options(), Moments::of({room.data() + offset, 61}), 0.0, {}, w, row);
    if (offset == 0) {
      first = row;
    }
    for (double Row::*field : {&Row::estimate, &Row::std_error, &Row::p_value, &Row::conf_low, &Row::conf_high}) {
      EXPECT_EQ(std::memcmp(&(row.*field), &(first.*field), sizeof(double)), 0);
    }
  }
}
