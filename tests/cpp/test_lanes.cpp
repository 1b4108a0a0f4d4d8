// Two doubles at a time: what a loop over single values gives.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "respondr/detail/lanes.hpp"
#include "respondr/types.hpp"

using namespace respondr;

namespace {

using Values = std::vector<double>;

Values draw(std::mt19937_64& rng, std::size_t n) {
  std::normal_distribution<double> normal(1.0, 3.0);
  Values x(n);
  std::generate(x.begin(), x.end(), [&] { return normal(rng); });
  return x;
}

}  // namespace

TEST(Lanes, AbsoluteValuesAndTheLargerOfTwo) {
  const double x[2] = {-2.5, 1.0}, y[2] = {-3.0, 1.5};
  double out[2];
  detail::store_lanes(out, detail::absolute(detail::load_lanes(x)));
  EXPECT_EQ(out[0], 2.5);
  EXPECT_EQ(out[1], 1.0);
  detail::store_lanes(out, detail::larger(detail::load_lanes(x), detail::load_lanes(y)));
  EXPECT_EQ(out[0], -2.5);
  EXPECT_EQ(out[1], 1.5);
  const double zero[2] = {-0.0, -infinity};
  detail::store_lanes(out, detail::absolute(detail::load_lanes(zero)));
  EXPECT_FALSE(std::signbit(out[0]));
  EXPECT_EQ(out[1], infinity);
}

TEST(Lanes, ChangesAndTheLargestMeasurementAtEverySize) {
  std::mt19937_64 rng(1);
  for (std::size_t n = 0; n < 24; ++n) {
    for (int repeat = 0; repeat < 10; ++repeat) {
      const Values before = draw(rng, n), after = draw(rng, n);
      Values change(n + 1, 77.0);
      double magnitude = -1.0, largest = 0.0;
      EXPECT_TRUE(detail::dense_change(before.data(), after.data(), n, change.data(), magnitude));
      for (std::size_t i = 0; i < n; ++i) {
        EXPECT_EQ(change[i], after[i] - before[i]);
        largest = std::max({largest, std::fabs(before[i]), std::fabs(after[i])});
      }
      EXPECT_EQ(magnitude, largest);
      EXPECT_EQ(change[n], 77.0);
    }
  }
}

TEST(Lanes, EveryMeasurementMayBeTheLargest) {
  for (std::size_t n = 1; n < 8; ++n) {
    for (std::size_t at = 0; at < n; ++at) {
      for (const double sign : {-1.0, 1.0}) {
        Values a(n, 1.0), b(n, 2.0), change(n);
        a[at] = 9.0 * sign;
        double magnitude = 0.0;
        detail::dense_change(a.data(), b.data(), n, change.data(), magnitude);
        EXPECT_EQ(magnitude, 9.0);
        detail::dense_change(b.data(), a.data(), n, change.data(), magnitude);
        EXPECT_EQ(magnitude, 9.0);
      }
    }
  }
}

TEST(Lanes, AMissingOrInfiniteMeasurementIsSeenWhereverItStands) {
  for (std::size_t n = 1; n < 8; ++n) {
    for (std::size_t at = 0; at < n; ++at) {
      for (const double bad : {missing, infinity, -infinity}) {
        Values a(n, 1.0), b(n, 2.0), change(n);
        a[at] = bad;
        double magnitude = 0.0;
        EXPECT_FALSE(detail::dense_change(a.data(), b.data(), n, change.data(), magnitude));
        EXPECT_FALSE(detail::dense_change(b.data(), a.data(), n, change.data(), magnitude));
      }
    }
  }
}
