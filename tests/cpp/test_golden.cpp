#include <gtest/gtest.h>

#include <cmath>

#include "respondr/golden.hpp"

using respondr::golden_maximum;

TEST(GoldenMaximum, FindsThePeakOfAParabolaAndOfAnEnd) {
  EXPECT_NEAR(golden_maximum([](double x) { return 3.0 - (x - 0.3) * (x - 0.3); }, 0.0, 1.0, 40), 3.0, 1e-14);
  EXPECT_NEAR(golden_maximum([](double x) { return x; }, 0.0, 1.0, 60), 1.0, 1e-12);
  EXPECT_NEAR(golden_maximum([](double x) { return -x; }, 2.0, 5.0, 60), -2.0, 1e-12);
}

TEST(GoldenMaximum, KeepsTheBestValueSeen) {
  // The peak at the left is lost to the sections, its value at the first of them is not.
  const auto f = [](double x) { return std::fabs(x - 0.3819660112501051) < 1e-9 ? 5.0 : x; };
  EXPECT_EQ(golden_maximum(f, 0.0, 1.0, 30), 5.0);
}

TEST(GoldenMaximum, StopsWhereEnoughIsReached) {
  int calls = 0;
  const auto f = [&calls](double x) {
    ++calls;
    return x;
  };
  EXPECT_GE(golden_maximum(f, 0.0, 1.0, 50, 0.5), 0.5);
  EXPECT_EQ(calls, 2);
  EXPECT_LT(golden_maximum(f, 0.0, 0.4, 5, 0.5), 0.5);
  EXPECT_EQ(calls, 2 + 2 + 5);
}
