// Moments that merge.
// byhand: small columns. published: NIST StRD NumAcc3 and NumAcc4. oracle: naive sums in long double. property: order,
// position in memory and merge tree. edge: no value, one value, cancellation, offset 1e8, 1e+-150, NaN and infinity.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "respondr/moments.hpp"

using namespace respondr;

namespace {

using Values = std::vector<double>;

Span<double> span(const Values& x) { return {x.data(), x.size()}; }
Moments moments(const Values& x) { return Moments::of(span(x)); }

double sum(const Values& x) {
  return detail::compensated_sum(span(x), [](auto v) { return v; });
}

Values draw(std::uint64_t seed, std::size_t n, double mean = 0.0, double sd = 1.0) {
  std::mt19937_64 rng(seed);
  std::normal_distribution<double> normal(mean, sd);
  Values x(n);
  std::generate(x.begin(), x.end(), [&] { return normal(rng); });
  return x;
}

long double naive_mean(const Values& x) {
  return std::accumulate(x.begin(), x.end(), 0.0L) / static_cast<long double>(x.size());
}

long double naive_products(const Values& x, const Values& y) {
  const long double mx = naive_mean(x), my = naive_mean(y);
  long double products = 0.0L;
  for (std::size_t i = 0; i < x.size(); ++i) {
    products += (static_cast<long double>(x[i]) - mx) * (static_cast<long double>(y[i]) - my);
  }
  return products;
}

void expect_relative(double got, long double want, double tolerance) {
  EXPECT_NEAR(got, static_cast<double>(want), tolerance * std::fabs(static_cast<double>(want)));
}

void expect_same_bits(const Moments& a, const Moments& b) {
  EXPECT_EQ(a.n, b.n);
  EXPECT_EQ(a.mean, b.mean);
  EXPECT_EQ(a.ss, b.ss);
}

}  // namespace

TEST(Moments, EightValuesWorkedOnPaper) {
  const Moments m = moments({2, 4, 4, 4, 5, 5, 7, 9});
  EXPECT_EQ(m.n, 8.0);
  EXPECT_EQ(m.mean, 5.0);
  EXPECT_EQ(m.ss, 32.0);
  EXPECT_EQ(m.variance(), 32.0 / 7.0);
  EXPECT_EQ(m.sd(), std::sqrt(32.0 / 7.0));
}

TEST(Moments, NoValueOneValueAndTwo) {
  const Moments none = moments({});
  EXPECT_EQ(none.n, 0.0);
  EXPECT_TRUE(std::isnan(none.mean));
  EXPECT_EQ(none.ss, 0.0);
  EXPECT_TRUE(std::isnan(none.variance()));
  const Moments one = moments({4.5});
  EXPECT_EQ(one.n, 1.0);
  EXPECT_EQ(one.mean, 4.5);
  EXPECT_EQ(one.ss, 0.0);
  EXPECT_TRUE(std::isnan(one.variance()));
  EXPECT_TRUE(std::isnan(one.sd()));
  const Moments two = moments({1, 4});
  EXPECT_EQ(two.mean, 2.5);
  EXPECT_EQ(two.variance(), 4.5);
}

// The digits lost are those of the decimals when they became binary: 1e7 eps over .1 leaves eight.
TEST(Moments, PublishedNumericalAccuracyOfNist) {
  for (const double large : {1e6, 1e7}) {
    Values x{large + .2};
    for (int i = 0; i < 500; ++i) {
      x.push_back(large + .1);
      x.push_back(large + .3);
    }
    expect_relative(moments(x).mean, large + .2, 1e-15);
    expect_relative(moments(x).sd(), .1, large * 3e-16 / .1);
  }
}

TEST(Moments, AgreeWithLongDoubleAtEverySize) {
  for (std::size_t n = 1; n < 70; ++n) {
    const Values x = draw(n, n, 3.0);
    const Moments m = moments(x);
    EXPECT_EQ(m.n, static_cast<double>(n));
    expect_relative(m.mean, naive_mean(x), 1e-15);
    expect_relative(m.ss, naive_products(x, x), 1e-14);
  }
}

TEST(Moments, AgreeWithLongDoubleOnManyValues) {
  const Values x = draw(1, 100001, 1e3);
  expect_relative(moments(x).mean, naive_mean(x), 1e-15);
  expect_relative(moments(x).ss, naive_products(x, x), 1e-14);
}

// Whatever lane the two large values fall into, what they swallow comes back when they cancel.
TEST(Moments, CancellationLosesNoDigitInAnyLane) {
  for (std::size_t n = 2; n < 28; ++n) {
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        if (i != j) {
          Values x(n, 1.0);
          x[i] = 1e17;
          x[j] = -1e17;
          ASSERT_EQ(sum(x), static_cast<double>(n - 2)) << n << " " << i << " " << j;
        }
      }
    }
  }
}

TEST(Moments, ACompensatedSumKeepsWhatItsParentsLost) {
  CompensatedSum a, b;
  a.add(1e17);
  a.add(1.0);
  b.add(1.0);
  b.add(-1e17);
  a.add(b);
  EXPECT_EQ(a.value(), 2.0);
  CompensatedSum small;
  small.add(1.0);
  small.add(1e17);
  small.add(3.0);
  small.add(-1e17);
  EXPECT_EQ(small.value(), 4.0);
  EXPECT_EQ(CompensatedSum(2.0, 0.5).value(), 2.5);
  EXPECT_EQ(CompensatedSum().value(), 0.0);
}

TEST(Moments, AFunctionIsAppliedToEveryValue) {
  for (std::size_t n = 0; n < 30; ++n) {
    Values x(n);
    std::iota(x.begin(), x.end(), 1.0);
    const double squares = detail::compensated_sum(span(x), [](auto v) { return v * v; });
    EXPECT_EQ(squares, static_cast<double>(n * (n + 1) * (2 * n + 1) / 6));
  }
}

TEST(Moments, TheOrderOfValuesChangesNoBit) {
  Values x = draw(2, 777, 8.0);
  const Moments m = moments(x);
  std::mt19937_64 rng(3);
  for (int repeat = 0; repeat < 50; ++repeat) {
    std::shuffle(x.begin(), x.end(), rng);
    expect_same_bits(moments(x), m);
  }
}

TEST(Moments, TheirPlaceInMemoryChangesNoBit) {
  for (const std::size_t n : {3, 8, 37, 500}) {
    const Values x = draw(n, n, 100.0), y = draw(n + 1, n, -4.0);
    const Moments m = moments(x);
    const Comoments c = Comoments::of(span(x), span(y));
    for (std::size_t offset = 0; offset < 8; ++offset) {
      Values room(n + offset), other(n + 7 - offset);
      std::copy(x.begin(), x.end(), room.begin() + static_cast<std::ptrdiff_t>(offset));
      std::copy(y.begin(), y.end(), other.begin() + static_cast<std::ptrdiff_t>(7 - offset));
      const Span<double> moved{room.data() + offset, n}, moved_y{other.data() + 7 - offset, n};
      expect_same_bits(Moments::of(moved), m);
      const Comoments d = Comoments::of(moved, moved_y);
      EXPECT_EQ(d.sp, c.sp);
      EXPECT_EQ(d.ss_y, c.ss_y);
    }
  }
}

TEST(Moments, AnOffsetCostsNoDigitOfTheSpread) {
  Values x{1, 2, 4, 8, 16, 32, 64, 128, 256, 512};
  const Moments small = moments(x);
  for (double& v : x) {
    v += 1e8;
  }
  expect_relative(moments(x).ss, small.ss, 1e-14);
  EXPECT_EQ(moments(x).mean, small.mean + 1e8);
}

TEST(Moments, HugeAndTinyValuesScale) {
  const Values x{1, 2, 4, 8, 16, 32, 64, 128, 256};
  for (const double scale : {1e150, 1e-150}) {
    Values y = x;
    for (double& v : y) {
      v *= scale;
    }
    expect_relative(moments(y).mean, moments(x).mean * scale, 1e-15);
    expect_relative(moments(y).sd(), moments(x).sd() * scale, 1e-15);
  }
}

TEST(Moments, ConstantValuesHaveNoSpread) {
  for (const double value : {0.1, 1e8 + 0.1, -1e-150}) {
    const Moments m = moments(Values(1001, value));
    EXPECT_EQ(m.mean, value);
    EXPECT_EQ(m.ss, 0.0);
  }
}

TEST(Moments, WhatIsNotFiniteShows) {
  for (const double bad : {missing, infinity}) {
    for (std::size_t at = 0; at < 11; ++at) {
      Values x(11, 1.0);
      x[at] = bad;
      EXPECT_FALSE(std::isfinite(moments(x).mean));
    }
  }
}

TEST(Moments, MergedByHand) {
  const Moments m = Moments::merge(moments({1, 2, 3}), moments({7, 9}));
  EXPECT_EQ(m.n, 5.0);
  EXPECT_DOUBLE_EQ(m.mean, 4.4);
  EXPECT_DOUBLE_EQ(m.ss, 2 + 2 + 36 * 6 / 5.0);
}

TEST(Moments, MergingWithNothingChangesNoBit) {
  const Moments m = moments({1.5, 2.25, 9.1});
  expect_same_bits(Moments::merge(m, Moments()), m);
  expect_same_bits(Moments::merge(Moments(), m), m);
  EXPECT_EQ(Moments::merge(Moments(), Moments()).n, 0.0);
  EXPECT_TRUE(std::isnan(Moments::merge(Moments(), Moments()).mean));
}

TEST(Moments, AnyTreeOfMergesGivesTheWhole) {
  const Values x = draw(5, 1000, 1e4), y = draw(6, 1000, -20.0);
  const Moments whole = moments(x);
  const Comoments whole_pairs = Comoments::of(span(x), span(y));
  std::mt19937_64 rng(7);
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::vector<Moments> parts;
    std::vector<Comoments> pairs;
    for (std::size_t first = 0; first < x.size();) {
      const std::size_t n = std::min<std::size_t>(x.size() - first, rng() % 90);
      parts.push_back(Moments::of({x.data() + first, n}));
      pairs.push_back(Comoments::of({x.data() + first, n}, {y.data() + first, n}));
      first += n;
    }
    while (parts.size() > 1) {
      const std::size_t k = rng() % (parts.size() - 1);
      parts[k] = Moments::merge(parts[k], parts[k + 1]);
      pairs[k] = Comoments::merge(pairs[k], pairs[k + 1]);
      parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(k) + 1);
      pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(k) + 1);
    }
    EXPECT_EQ(parts[0].n, whole.n);
    // Rounding of the parts' means, 1e4 times eps, moves the spread.
    expect_relative(parts[0].mean, whole.mean, 1e-14);
    expect_relative(parts[0].ss, whole.ss, 1e-12);
    EXPECT_EQ(pairs[0].n, whole_pairs.n);
    EXPECT_NEAR(pairs[0].mean_x, whole_pairs.mean_x, 1e-10);
    EXPECT_NEAR(pairs[0].mean_y, whole_pairs.mean_y, 1e-12);
    expect_relative(pairs[0].ss_x, whole_pairs.ss_x, 1e-12);
    expect_relative(pairs[0].ss_y, whole_pairs.ss_y, 1e-12);
    EXPECT_NEAR(pairs[0].sp, whole_pairs.sp, 1e-12 * std::sqrt(whole_pairs.ss_x * whole_pairs.ss_y));
  }
}

TEST(Comoments, FourPairsWorkedOnPaper) {
  const Values x{1, 2, 3, 6}, y{2, 1, 5, 4};
  const Comoments c = Comoments::of(span(x), span(y));
  EXPECT_EQ(c.n, 4.0);
  EXPECT_EQ(c.mean_x, 3.0);
  EXPECT_EQ(c.mean_y, 3.0);
  EXPECT_EQ(c.ss_x, 14.0);
  EXPECT_EQ(c.ss_y, 10.0);
  EXPECT_EQ(c.sp, 2.0 + 2.0 + 0.0 + 3.0);
  EXPECT_DOUBLE_EQ(c.correlation(), 7.0 / std::sqrt(140.0));
}

TEST(Comoments, AgreeWithLongDouble) {
  for (std::size_t n = 2; n < 60; ++n) {
    const Values x = draw(n, n, 50.0), y = draw(n + 100, n, 2.0);
    const Comoments c = Comoments::of(span(x), span(y));
    const double scale = std::sqrt(c.ss_x * c.ss_y);
    expect_relative(c.ss_x, naive_products(x, x), 1e-14);
    expect_relative(c.ss_y, naive_products(y, y), 1e-14);
    EXPECT_NEAR(c.sp, static_cast<double>(naive_products(x, y)), 1e-14 * scale);
  }
}

// Products that cancel by seventeen digits: 1, then +-1e17 + 1 twice.
TEST(Comoments, ProductsAreSummedWithoutLoss) {
  const Values x{1, -1, 1, -1}, y{1e17, 0, 0, 1e17};
  EXPECT_EQ(Comoments::of(span(x), span(y)).sp, 0.0);
  const Values u{1, -1, 1, -1, 1e-8, -1e-8}, v{1e8, 0, 0, 1e8, 1e8, 0};
  EXPECT_DOUBLE_EQ(Comoments::of(span(u), span(v)).sp, 1.0);
}

TEST(Comoments, MergedByHandAndWithNothing) {
  const Values x{1, 2, 3, 6}, y{2, 1, 5, 4};
  const Comoments whole = Comoments::of(span(x), span(y));
  const Comoments a = Comoments::of({x.data(), 1}, {y.data(), 1}), b = Comoments::of({x.data() + 1, 3}, {y.data() + 1, 3});
  const Comoments merged = Comoments::merge(a, b);
  EXPECT_EQ(merged.n, 4.0);
  EXPECT_DOUBLE_EQ(merged.mean_x, 3.0);
  EXPECT_DOUBLE_EQ(merged.mean_y, 3.0);
  EXPECT_DOUBLE_EQ(merged.ss_x, 14.0);
  EXPECT_DOUBLE_EQ(merged.ss_y, 10.0);
  EXPECT_DOUBLE_EQ(merged.sp, 7.0);
  EXPECT_EQ(Comoments::merge(whole, Comoments()).sp, whole.sp);
  EXPECT_EQ(Comoments::merge(Comoments(), whole).sp, whole.sp);
  EXPECT_EQ(Comoments::merge(Comoments(), whole).mean_x, whole.mean_x);
}

TEST(Comoments, CorrelationNeedsSpreadInBoth) {
  const Values flat(5, 0.1), line{1, 2, 3, 4, 5};
  EXPECT_TRUE(std::isnan(Comoments::of(span(flat), span(line)).correlation()));
  EXPECT_TRUE(std::isnan(Comoments::of(span(line), span(flat)).correlation()));
  EXPECT_TRUE(std::isnan(Comoments().correlation()));
}

TEST(Comoments, ALineHasCorrelationOneAtAnyScale) {
  for (const double scale : {1.0, 1e150, 1e-150}) {
    Values x{1, 2, 4, 8, 16}, y, z;
    for (double& v : x) {
      v *= scale;
      y.push_back(3.0 * v + scale);
      z.push_back(-v);
    }
    EXPECT_NEAR(Comoments::of(span(x), span(y)).correlation(), 1.0, 1e-15);
    EXPECT_NEAR(Comoments::of(span(x), span(z)).correlation(), -1.0, 1e-15);
  }
}
