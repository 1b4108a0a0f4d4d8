// The largest of correlated t (Dunnett, Steel): printed tables, cases with a closed form, the studentized range, halved
// steps.

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "respondr/groups/one_factor_max.hpp"
#include "respondr/studentized_range.hpp"

namespace {

using namespace respondr;
using namespace respondr::groups;

OneFactor equal(std::size_t m, double df, bool two_sided, double loading = std::sqrt(0.5)) {
  return {std::vector<double>(m, loading), df, two_sided};
}

TEST(OneFactor, OfOneComparisonIsT) {
  for (const double df : {1.0, 2.5, 7.0, 60.0, 1e4, infinity}) {
    for (const double c : {-2.0, 0.0, 0.3, 1.0, 2.5, 6.0, 15.0}) {
      const auto t = [&](double x) {
        return std::isinf(df) ? special::normal_cdf(x, special::Tail::upper) : special::t_cdf(x, df, special::Tail::upper);
      };
      EXPECT_NEAR(one_factor_tail(equal(1, df, false), c) / t(c), 1.0, 1e-9) << df << " " << c;
      if (c > 0.0) {
        EXPECT_NEAR(one_factor_tail(equal(1, df, true), c) / (2.0 * t(c)), 1.0, 1e-9) << df << " " << c;
      }
    }
  }
}

TEST(OneFactor, WithoutCorrelationIsTheProductAtInfiniteDf) {
  for (const double c : {0.5, 2.0, 4.0}) {
    const double inside = 1.0 - 2.0 * special::normal_cdf(c, special::Tail::upper);
    EXPECT_NEAR(one_factor_tail({{0, 0, 0}, infinity, true}, c), 1.0 - std::pow(inside, 3), 1e-13);
    EXPECT_NEAR(one_factor_tail({{0, 0}, infinity, false}, c), 1.0 - std::pow(special::normal_cdf(c), 2), 1e-13);
  }
}

// Two normals of correlation r: P(both below 0) = 1 / 4 + asin(r) / (2 pi) (Sheppard 1899).
TEST(OneFactor, HoldsSheppardsFormula) {
  for (const double a : {0.2, 0.7, 0.95}) {
    for (const double b : {0.1, 0.6, 0.99}) {
      for (const double df : {3.0, infinity}) {
        EXPECT_NEAR(one_factor_tail({{a, b}, df, false}, 0.0), 0.75 - std::asin(a * b) / (2.0 * M_PI), 1e-12);
      }
    }
  }
}

// Dunnett (1955), table 1a, one-sided, and Dunnett (1964), table II, two-sided, equal sizes, joint level .95. m is the
// number of comparisons; both print two decimals.
TEST(OneFactor, PrintsDunnettsTables) {
  struct Cell {
    double m, df, limit;
    bool two_sided;
  };
  const Cell cells[] = {{1, 5, 2.02, false},   {2, 5, 2.44, false},   {3, 5, 2.68, false},   {4, 10, 2.47, false},
                        {5, 20, 2.39, false},  {9, 20, 2.60, false},  {2, 30, 1.99, false},  {6, 60, 2.35, false},
                        {8, 120, 2.41, false}, {2, 1e9, 1.92, false}, {3, 1e9, 2.06, false}, {9, 1e9, 2.42, false},
                        {2, 5, 3.03, true},    {3, 5, 3.29, true},    {2, 10, 2.57, true},   {5, 10, 2.99, true},
                        {4, 20, 2.65, true},   {2, 60, 2.27, true}};
  for (const Cell& c : cells) {
    const OneFactor f = equal(static_cast<std::size_t>(c.m), c.df > 1e8 ? infinity : c.df, c.two_sided);
    EXPECT_NEAR(one_factor_quantile(f, 0.05), c.limit, 0.0061) << c.m << " " << c.df << " " << c.two_sided;
  }
}

// max |T_i - T_j| over all pairs of three arms is the studentized range; against the reference only, less.
TEST(OneFactor, LiesBelowTheStudentizedRange) {
  for (const double df : {4.0, 20.0}) {
    for (const double c : {1.0, 2.5, 4.0}) {
      EXPECT_LT(one_factor_tail(equal(2, df, true), c),
                special::studentized_range_cdf(std::sqrt(2.0) * c, 3.0, df, special::Tail::upper));
    }
  }
}

// A plain double sum with much finer steps.
double fine(const OneFactor& f, double c) {
  const auto inner = [&](double w) {
    double sum = 0.0;
    const double step = 0.02;
    for (double z = -10.0; z <= 10.0; z += step) {
      double inside = 1.0;
      for (const double l : f.loading) {
        const double sd = std::sqrt(1.0 - l * l);
        inside *= special::normal_cdf((w - l * z) / sd) - (f.two_sided ? special::normal_cdf((-w - l * z) / sd) : 0.0);
      }
      sum += step * std::exp(-0.5 * z * z) / std::sqrt(2.0 * M_PI) * inside;
    }
    return 1.0 - sum;
  };
  double sum = 0.0, mass = 0.0;
  for (double x = -6.0; x <= 2.0; x += 0.05) {
    const double weight = std::exp(f.df * (x - 0.5 * std::expm1(2.0 * x)));
    mass += weight;
    sum += weight > 1e-16 ? weight * inner(c * std::exp(x)) : 0.0;
  }
  return sum / mass;
}

TEST(OneFactor, AgreesWithAFineSumForUnequalSizes) {
  const OneFactor cases[] = {{{0.3, 0.8, 0.6, 0.9}, 12.0, true}, {{0.98, 0.2, 0.7}, 40.0, false}};
  for (const OneFactor& f : cases) {
    for (const double c : {0.8, 2.4}) {
      EXPECT_NEAR(one_factor_tail(f, c), fine(f, c), 2e-11) << c;
    }
  }
}

TEST(OneFactor, QuantileInvertsTheTail) {
  for (const bool two_sided : {true, false}) {
    for (const double df : {2.0, 9.0, 200.0, infinity}) {
      for (const double alpha : {0.5, 0.1, 0.05, 0.001, 1e-8}) {
        const OneFactor f{{0.4, 0.7, 0.9}, df, two_sided};
        const double c = one_factor_quantile(f, alpha);
        EXPECT_NEAR(one_factor_tail(f, c) / alpha, 1.0, 1e-9) << df << " " << alpha;
      }
    }
  }
}

TEST(OneFactor, SmallTailsKeepTheirRelativeError) {
  // Far out the events exclude each other: the tail is the sum of the tails.
  for (const double df : {30.0, infinity}) {
    const double c = std::isinf(df) ? 12.0 : 40.0;
    const double t =
        std::isinf(df) ? special::normal_cdf(c, special::Tail::upper) : special::t_cdf(c, df, special::Tail::upper);
    const double tail = one_factor_tail({{0.1, 0.2, 0.3}, df, true}, c);
    EXPECT_GT(tail, 0.8 * 6.0 * t);
    EXPECT_LE(tail, 6.0 * t * (1.0 + 1e-9));
  }
}

TEST(OneFactor, OutsideItsDomainIsMissing) {
  EXPECT_TRUE(std::isnan(one_factor_tail({{}, 3.0, true}, 1.0)));
  EXPECT_TRUE(std::isnan(one_factor_tail(equal(2, 0.0, true), 1.0)));
  EXPECT_TRUE(std::isnan(one_factor_tail(equal(2, 3.0, true), std::nan(""))));
  EXPECT_TRUE(std::isnan(one_factor_quantile(equal(2, 3.0, true), 0.0)));
  EXPECT_TRUE(std::isnan(one_factor_quantile(equal(2, 3.0, true), 1.0)));
  EXPECT_EQ(one_factor_tail(equal(2, 3.0, true), infinity), 0.0);
  EXPECT_EQ(one_factor_tail(equal(2, 3.0, false), -infinity), 1.0);
  EXPECT_EQ(one_factor_tail(equal(2, 3.0, true), 0.0), 1.0);
}

}  // namespace
