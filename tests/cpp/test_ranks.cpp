// The decimal grid, ties and midranks.
// byhand: measurements as people type them. oracle: integers behind the decimals, a map of distances, counted ranks.
// edge: the limit of 2^51, nine and ten places, tables that wrap around.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "respondr/ranks.hpp"

using namespace respondr;

namespace {

using Values = std::vector<double>;
constexpr double eps = std::numeric_limits<double>::epsilon();

Span<double> span(const Values& x) { return {x.data(), x.size()}; }
Grid grid(const Values& x, const Values& y = {}) { return find_grid(span(x), span(y)); }

// The double that a reader makes of `whole` with the point `places` from the right.
double typed(long long whole, int places) { return std::strtod((std::to_string(whole) + "e-" + std::to_string(places)).c_str(), nullptr); }

TieCounts naive_ties(const Values& change, double null) {
  std::map<double, int> distances;
  for (const double v : change) {
    ++distances[std::fabs(v - null)];
  }
  TieCounts out;
  for (const auto& d : distances) {
    if (d.first == 0.0) {
      out.zeros = d.second;
    } else if (d.second > 1) {
      out.ties += d.second;
    }
  }
  return out;
}

void expect_ties(const Values& change, double null, TieScratch& scratch) {
  const TieCounts got = count_ties(span(change), null, scratch), want = naive_ties(change, null);
  ASSERT_EQ(got.zeros, want.zeros) << "n " << change.size();
  ASSERT_EQ(got.ties, want.ties) << "n " << change.size();
}

}  // namespace

TEST(Grid, TheCoarsestThatHoldsEveryMeasurement) {
  EXPECT_EQ(grid({7, 8, -3}).places, 0);
  EXPECT_EQ(grid({7.1, 8}).places, 1);
  EXPECT_EQ(grid({8, 7.1}).places, 1);
  EXPECT_EQ(grid({7.1, 8.25}).places, 2);
  EXPECT_EQ(grid({8}, {7.125}).places, 3);
  EXPECT_EQ(grid({-0.000000001}).places, 9);
  const Grid g = grid({7.1, 8.25});
  EXPECT_TRUE(g.on);
  EXPECT_EQ(g.unit, 0.01);
  EXPECT_EQ(g.per_unit, 100.0);
}

TEST(Grid, NoValueAndZerosLieOnTheWholeNumbers) {
  EXPECT_TRUE(grid({}).on);
  EXPECT_EQ(grid({}).places, 0);
  EXPECT_EQ(grid({0.0, -0.0}).per_unit, 1.0);
}

TEST(Grid, OtherNumbersAreOnNone) {
  for (const Values& x : {Values{1 / 3.0}, Values{std::sqrt(2.0)}, Values{1, 2, M_PI}, Values{1e-10}, Values{5e-10, 1}}) {
    const Grid g = grid(x);
    EXPECT_FALSE(g.on);
    EXPECT_EQ(g.unit, 1.0);
    EXPECT_EQ(g.per_unit, 1.0);
    EXPECT_EQ(g.places, 0);
    EXPECT_FALSE(grid({1}, x).on);
  }
}

TEST(Grid, SumsOfFourStepsStayExact) {
  constexpr double limit = 2251799813685248.0;  // 2^51
  EXPECT_TRUE(grid({limit - 1}).on);
  EXPECT_TRUE(grid({1 - limit}).on);
  EXPECT_FALSE(grid({limit}).on);
  EXPECT_FALSE(grid({-limit}).on);
  EXPECT_FALSE(grid({1e300}).on);
  // Each alone is on a grid; together the large one passes the limit.
  EXPECT_TRUE(grid({1e14}).on);
  EXPECT_TRUE(grid({1e14, 0.1}).on);
  EXPECT_FALSE(grid({1e14, 0.01}).on);
  EXPECT_FALSE(grid({0.01}, {1e14}).on);
  EXPECT_FALSE(grid({1e14}, {0.01}).on);
}

TEST(Grid, ComputedDecimalsCountUpToEightUnitsInTheLastPlace) {
  EXPECT_EQ(grid({0.1 + 0.2}).places, 1);
  EXPECT_EQ(grid({(7.1 + 7.3 + 7.5) / 3}).places, 1);
  EXPECT_TRUE(grid({4.0 * (1 + 7 * eps)}).on);
  EXPECT_TRUE(grid({-4.0 * (1 - 7 * eps)}).on);
  EXPECT_FALSE(grid({4.0 * (1 + 10 * eps)}).on);
  EXPECT_FALSE(grid({4.0 * (1 - 10 * eps)}).on);
}

TEST(Grid, EveryTypedDecimalComesBackAsItsInteger) {
  std::mt19937_64 rng(1);
  for (int places = 0; places <= 9; ++places) {
    Values x{typed(1, places)};
    std::vector<long long> whole{1};
    for (int i = 0; i < 2000; ++i) {
      whole.push_back(static_cast<long long>(rng() % 2000000000000ull) - 1000000000000ll);
      x.push_back(typed(whole.back(), places));
    }
    const Grid g = grid(x);
    ASSERT_TRUE(g.on);
    EXPECT_EQ(g.places, places);
    EXPECT_EQ(g.per_unit, std::pow(10.0, places));
    EXPECT_EQ(g.unit, typed(1, places));
    for (std::size_t i = 0; i < x.size(); ++i) {
      ASSERT_EQ(to_units(x[i], g), static_cast<double>(whole[i]));
    }
  }
}

TEST(Grid, EqualDifferencesOfDecimalsTie) {
  const Grid g = grid({9.1, 7.1, 8.3, 6.3});
  EXPECT_NE(9.1 - 7.1, 8.3 - 6.3);
  EXPECT_EQ(to_units(9.1, g) - to_units(7.1, g), to_units(8.3, g) - to_units(6.3, g));
}

TEST(Grid, HypothesesOffTheGridAreScaledOnly) {
  const Grid g = grid({7.1});
  EXPECT_EQ(to_units(0.3, g), 3.0);
  EXPECT_EQ(to_units(0.25, g), 2.5);
  EXPECT_DOUBLE_EQ(to_units(1 / 3.0, g), 10 / 3.0);
  EXPECT_EQ(to_units(infinity, g), infinity);
  EXPECT_TRUE(std::isnan(to_units(missing, g)));
  EXPECT_EQ(to_units(0.30000000000000004, Grid()), 0.30000000000000004);
}

TEST(Ties, CountedByHand) {
  TieScratch scratch;
  // Distances 1, 1, 2, 0, 3, 3, 3, 0.
  TieCounts c = count_ties(span({1, -1, 2, 0, 3, -3, 3, 0}), 0.0, scratch);
  EXPECT_EQ(c.zeros, 2);
  EXPECT_EQ(c.ties, 5);
  // From 1: 0, 2, 1, 1, 2, 4, 2, 1.
  c = count_ties(span({1, -1, 2, 0, 3, -3, 3, 0}), 1.0, scratch);
  EXPECT_EQ(c.zeros, 1);
  EXPECT_EQ(c.ties, 6);
  c = count_ties(span({}), 0.0, scratch);
  EXPECT_EQ(c.zeros, 0);
  EXPECT_EQ(c.ties, 0);
  c = count_ties(span({0.0, -0.0, 5}), 0.0, scratch);
  EXPECT_EQ(c.zeros, 2);
  EXPECT_EQ(c.ties, 0);
}

// One scratch for all, so that what an earlier problem left behind would show.
TEST(Ties, AgreeWithAMapWhateverTheScratchHeld) {
  std::mt19937_64 rng(2);
  std::normal_distribution<double> normal;
  TieScratch scratch;
  for (int problem = 0; problem < 1500; ++problem) {
    const std::size_t n = problem % 50 == 0 ? 500 + rng() % 3000 : rng() % 60;
    const double steps = std::pow(10.0, static_cast<double>(rng() % 5));
    Values change(n);
    for (double& v : change) {
      v = problem % 3 == 0 ? normal(rng) : std::rint(steps * normal(rng));
    }
    expect_ties(change, problem % 2 == 0 ? 0.0 : 1.0, scratch);
  }
}

TEST(Ties, ValuesWithoutTiesHaveNoneAtAnySize) {
  TieScratch scratch;
  for (const std::size_t n : {1, 2, 100, 511, 512, 513, 40000}) {
    Values change(n);
    for (std::size_t i = 0; i < n; ++i) {
      change[i] = 0.37 * static_cast<double>(i + 1) * (i % 2 == 0 ? 1.0 : -1.0);
    }
    expect_ties(change, 0.0, scratch);
    change[n - 1] = 0.0;
    expect_ties(change, 0.0, scratch);
  }
}

TEST(Ties, AllEqual) {
  TieScratch scratch;
  for (const std::size_t n : {2, 511, 512, 2000}) {
    EXPECT_EQ(count_ties(span(Values(n, 3.0)), 0.0, scratch).ties, static_cast<int>(n));
    EXPECT_EQ(count_ties(span(Values(n, 3.0)), 3.0, scratch).zeros, static_cast<int>(n));
    EXPECT_EQ(count_ties(span(Values(n, 3.0)), 3.0, scratch).ties, 0);
  }
}

TEST(Ties, StampsThatWrapAroundForgetWhatTheyMarked) {
  TieScratch scratch;
  const Values tied{1, 2, 2, 5}, other{3, 4, 6, 7};
  for (int repeat = 0; repeat < 600; ++repeat) {
    expect_ties(repeat % 2 == 0 ? tied : other, 0.0, scratch);
  }
  for (const std::uint32_t stamp : {0xfffffffdu, 0xfffffffeu, 0xffffffffu}) {
    scratch.stamp = stamp;
    for (int repeat = 0; repeat < 4; ++repeat) {
      expect_ties(tied, 0.0, scratch);
    }
  }
  // Cells that hold the very stamp after the wrap, as a first use four thousand million problems ago would leave them.
  for (TieScratch::Slot& slot : scratch.slots) {
    slot = {0x4000000000000000u, 1, 1};
  }
  scratch.stamp = 0xffffffffu;
  expect_ties(tied, 0.0, scratch);
}

TEST(Ties, TheTableGrowsWithTheProblem) {
  TieScratch scratch;
  expect_ties({1, 1, 2}, 0.0, scratch);
  EXPECT_GE(scratch.slots.size(), 6u);
  Values change(1000, 1.0);
  change[0] = 2.0;
  expect_ties(change, 0.0, scratch);
  const std::size_t size = scratch.slots.size();
  EXPECT_GE(size, 2000u);
  EXPECT_EQ(size & (size - 1), 0u);
  expect_ties({1, 1, 2}, 0.0, scratch);
  EXPECT_EQ(scratch.slots.size(), size);
}

// A scratch that is too small would send the search round for ever; one twice the problem keeps it short.
TEST(Ties, AProblemOfTheLargestScreenUsesItsScreen) {
  TieScratch scratch;
  Values change;
  for (int i = 0; i < 100; ++i) {
    change.push_back(std::ldexp(1.0 + i, -3));
  }
  count_ties(span(change), 0.0, scratch);
  EXPECT_FALSE(scratch.seen.empty());
  EXPECT_EQ(count_ties(span(Values(700, 0.0)), 0.0, scratch).zeros, 700);
  EXPECT_EQ(scratch.seen_stamp, 1);
}

TEST(Midranks, WorkedOnPaper) {
  std::vector<int> ranks;
  doubled_midranks(span({1, 2, 2, 3, 5, 5, 5}), ranks);
  EXPECT_EQ(ranks, (std::vector<int>{2, 5, 5, 8, 12, 12, 12}));
  doubled_midranks(span({4}), ranks);
  EXPECT_EQ(ranks, std::vector<int>{2});
  doubled_midranks(span({4, 4, 4, 4}), ranks);
  EXPECT_EQ(ranks, std::vector<int>(4, 5));
  doubled_midranks(span({}), ranks);
  EXPECT_TRUE(ranks.empty());
}

TEST(Midranks, AgreeWithCounting) {
  std::mt19937_64 rng(3);
  std::vector<int> ranks;
  for (int repeat = 0; repeat < 300; ++repeat) {
    Values x(rng() % 40);
    const std::uint64_t distinct = 1 + rng() % 50;
    std::generate(x.begin(), x.end(), [&] { return static_cast<double>(rng() % distinct); });
    std::sort(x.begin(), x.end());
    doubled_midranks(span(x), ranks);
    ASSERT_EQ(ranks.size(), x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const auto below = std::count_if(x.begin(), x.end(), [&](double v) { return v < x[i]; });
      const auto equal = std::count(x.begin(), x.end(), x[i]);
      ASSERT_EQ(ranks[i], 2 * below + equal + 1);
    }
  }
}
