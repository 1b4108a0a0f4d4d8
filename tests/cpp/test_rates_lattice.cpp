// Exact tests on a lattice: sums in long double as the oracle, the limits by asking at a fine grid, statuses of the
// support.

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "rates_naive.hpp"
#include "respondr/rates/lattice_tests.hpp"

namespace {

using namespace respondr;
using namespace respondr::rates;

const LatticeRule every_rule[] = {
    {Alternative::two_sided, TwoSided::minlike, false}, {Alternative::two_sided, TwoSided::central, false},
    {Alternative::two_sided, TwoSided::blaker, false},  {Alternative::two_sided, TwoSided::minlike, true},
    {Alternative::two_sided, TwoSided::central, true},  {Alternative::less, TwoSided::minlike, false},
    {Alternative::greater, TwoSided::minlike, true}};

struct Case {
  int n1, n0, m, a;
  int low() const { return std::max(0, m - n0); }
  int high() const { return std::min(n1, m); }
};

Case draw(std::mt19937_64& rng, int most) {
  Case c;
  c.n1 = 1 + static_cast<int>(rng() % most);
  c.n0 = 1 + static_cast<int>(rng() % most);
  c.m = static_cast<int>(rng() % (c.n1 + c.n0 + 1));
  c.a = c.low() + static_cast<int>(rng() % (c.high() - c.low() + 1));
  return c;
}

bool open_ended(const LatticeRule& rule, bool low) {
  return rule.alternative == (low ? Alternative::less : Alternative::greater);
}

}  // namespace

TEST(RatesLattice, PValuesAreTheSumsOfTheirDefinition) {
  std::mt19937_64 rng(7);
  Lattice lattice;
  for (int round = 0; round < 4000; ++round) {
    const Case c = draw(rng, 24);
    const double log_psi = round % 3 == 0 ? 0.0 : -4.0 + 8.0 * (rng() % 1000) / 999.0;
    lattice.hypergeometric(c.n1, c.n0, c.m);
    const naive::Masses f = naive::hypergeometric(c.n1, c.n0, c.m, log_psi);
    for (const LatticeRule& rule : every_rule) {
      const double want = naive::p(f, c.a - c.low(), rule);
      EXPECT_NEAR(lattice_p(lattice, rule, c.a, log_psi), want, 1e-12 * want + 1e-300)
          << c.a << " of " << c.n1 << ", " << c.m - c.a << " of " << c.n0 << " at " << log_psi;
    }
  }
}

TEST(RatesLattice, BinomialPValuesAreTheSumsOfTheirDefinition) {
  Lattice lattice;
  for (int n = 0; n <= 25; ++n) {
    lattice.binomial(n);
    for (int x = 0; x <= n; ++x) {
      for (const double p : {0.03, 0.3, 0.5, 0.9}) {
        const double s = std::log(p / (1.0 - p));
        for (const LatticeRule& rule : every_rule) {
          EXPECT_NEAR(lattice_p(lattice, rule, x, s), naive::p(naive::binomial(n, s), x, rule), 1e-12);
        }
      }
    }
  }
}

// The hull of what a fine grid accepts lies inside the limits.
TEST(RatesLattice, LimitsAreTheHullOfTheAcceptedSet) {
  std::mt19937_64 rng(11);
  Lattice lattice, mirror;
  int holes = 0, missed = 0;
  constexpr double step = 0.01, reach = 9.0;
  for (int round = 0; round < 250; ++round) {
    const Case c = draw(rng, 16);
    const double alpha = round % 2 == 0 ? 0.05 : 0.2;
    lattice.hypergeometric(c.n1, c.n0, c.m);
    for (const LatticeRule& rule : every_rule) {
      const Limits out = lattice_limits(lattice, rule, c.a, alpha, mirror);
      double first = infinity, last = -infinity;
      bool hole = false;
      for (double s = -reach; s <= reach; s += step) {
        if (lattice_p(lattice, rule, c.a, s) <= alpha) continue;
        hole = hole || (std::isfinite(last) && s - last > 1.5 * step);
        first = std::fmin(first, s);
        last = s;
      }
      EXPECT_GE(first, out.low - 1e-9);
      EXPECT_LE(last, out.high + 1e-9);
      // Beyond the limits nothing is accepted, and just inside of them something is; mid-p has a tie of that width
      // there.
      const double hair = rule.midp ? 1e-6 : 1e-9, share = rule.midp ? 1e-4 : 1e-7;
      if (std::isfinite(out.low)) {
        EXPECT_GT(lattice_p(lattice, rule, c.a, out.low + hair), alpha * (1.0 - share));
      }
      if (std::isfinite(out.high)) {
        EXPECT_GT(lattice_p(lattice, rule, c.a, out.high - hair), alpha * (1.0 - share));
      }
      if (open_ended(rule, true)) {
        EXPECT_EQ(out.low, -infinity);
      }
      if (open_ended(rule, false)) {
        EXPECT_EQ(out.high, infinity);
      }
      if (rule.two_sided == TwoSided::central) {
        EXPECT_FALSE(out.hole || hole);
      }
      if (hole) {
        EXPECT_TRUE(out.hole);
      }
      missed += out.hole && !hole ? 1 : 0;
      holes += hole ? 1 : 0;
    }
  }
  EXPECT_GT(holes, 10);          // the search for holes is put to the test
  EXPECT_LT(missed, 2 * holes);  // holes narrower than the grid
}

// At the ends of the stretches the p jumps; a grid of the ends themselves sees accepted sets of one point.
TEST(RatesLattice, NothingOutsideTheLimitsIsAcceptedAtAJump) {
  std::mt19937_64 rng(12);
  Lattice lattice, mirror;
  for (int round = 0; round < 400; ++round) {
    const Case c = draw(rng, 20);
    lattice.hypergeometric(c.n1, c.n0, c.m);
    for (const TwoSided two_sided : {TwoSided::minlike, TwoSided::blaker}) {
      const LatticeRule rule{Alternative::two_sided, two_sided, false};
      const Limits out = lattice_limits(lattice, rule, c.a, 0.05, mirror);
      for (int k = c.low(); k <= c.high(); ++k) {
        if (k == c.a) continue;
        const double s = (lattice.weight_log(c.a) - lattice.weight_log(k)) / (k - c.a);
        for (const double d : {-1e-6, 0.0, 1e-6}) {
          const bool accepted = lattice_p(lattice, rule, c.a, s + d) > 0.05;
          const bool inside = s + d >= out.low - 1e-9 && s + d <= out.high + 1e-9;
          EXPECT_TRUE(inside || !accepted);
        }
      }
    }
  }
}

TEST(RatesLattice, NoneOfTwelveAgainstThreeOfEightLeavesOutOne) {
  Lattice lattice, mirror;
  lattice.hypergeometric(12, 8, 3);
  const LatticeRule minlike{Alternative::two_sided, TwoSided::minlike, false};
  EXPECT_NEAR(lattice_p(lattice, minlike, 0, 0.0), 56.0 / 1140.0, 1e-15);
  const Limits out = lattice_limits(lattice, minlike, 0, 0.05, mirror);
  EXPECT_EQ(out.low, -infinity);
  EXPECT_LT(out.high, 0.0);
  const LatticeRule central{Alternative::two_sided, TwoSided::central, false};
  EXPECT_NEAR(lattice_p(lattice, central, 0, 0.0), 112.0 / 1140.0, 1e-15);
  EXPECT_GT(lattice_limits(lattice, central, 0, 0.05, mirror).high, 0.0);
}

TEST(RatesLattice, ExchangedArmsTurnTheOddsRatioOver) {
  std::mt19937_64 rng(13);
  Lattice one, two, mirror;
  for (int round = 0; round < 500; ++round) {
    const Case c = draw(rng, 30);
    one.hypergeometric(c.n1, c.n0, c.m);
    two.hypergeometric(c.n0, c.n1, c.m);
    for (const TwoSided two_sided : {TwoSided::minlike, TwoSided::central, TwoSided::blaker}) {
      const LatticeRule rule{Alternative::two_sided, two_sided, false};
      EXPECT_NEAR(lattice_p(one, rule, c.a, 0.0), lattice_p(two, rule, c.m - c.a, 0.0), 1e-12);
      const Limits a = lattice_limits(one, rule, c.a, 0.05, mirror),
                   b = lattice_limits(two, rule, c.m - c.a, 0.05, mirror);
      if (std::isfinite(a.low)) {
        EXPECT_NEAR(a.low, -b.high, 1e-10);
      }
      if (std::isfinite(a.high)) {
        EXPECT_NEAR(a.high, -b.low, 1e-10);
      }
      EXPECT_EQ(a.hole, b.hole);
    }
  }
}

TEST(RatesLattice, TheConditionalEstimateHasTheObservedMean) {
  std::mt19937_64 rng(14);
  Lattice lattice;
  for (int round = 0; round < 500; ++round) {
    const Case c = draw(rng, 40);
    lattice.hypergeometric(c.n1, c.n0, c.m);
    const double s = lattice.estimate(c.a);
    if (c.low() == c.high()) {
      EXPECT_TRUE(std::isnan(s));
    } else if (c.a == c.low() || c.a == c.high()) {
      EXPECT_EQ(s, c.a == c.low() ? -infinity : infinity);
    } else {
      const naive::Masses f = naive::hypergeometric(c.n1, c.n0, c.m, s);
      long double mean = c.low();
      for (std::size_t i = 0; i < f.size(); ++i) mean += f[i] * i;
      EXPECT_NEAR(static_cast<double>(mean), c.a, 1e-10);
    }
  }
}

TEST(RatesLattice, LargeCountsAgreeWithTheBetaDistribution) {
  Lattice lattice, mirror;
  const LatticeRule central{Alternative::two_sided, TwoSided::central, false};
  for (const int n : {1000, 100000}) {
    lattice.binomial(n);
    for (const int x : {1, n / 3, n - 2}) {
      const Limits out = lattice_limits(lattice, central, x, 0.05, mirror);
      const double low = 1.0 / (1.0 + std::exp(-out.low)), high = 1.0 / (1.0 + std::exp(-out.high));
      EXPECT_NEAR(special::beta_cdf(low, x, n - x + 1.0), 0.025, 1e-9);  // rounding of n multiplications
      EXPECT_NEAR(special::beta_cdf(high, x + 1.0, n - x), 0.975, 1e-9);
    }
  }
}

TEST(RatesLattice, OnePossibleCountSaysNothing) {
  Lattice lattice, mirror;
  for (const int m : {0, 9}) {
    lattice.hypergeometric(4, 5, m);
    const int a = m == 0 ? 0 : 4;
    for (const LatticeRule& rule : every_rule) {
      if (!rule.midp) {
        EXPECT_EQ(lattice_p(lattice, rule, a, 0.3), 1.0);
      }
      const Limits out = lattice_limits(lattice, rule, a, 0.05, mirror);
      EXPECT_EQ(out.low, -infinity);
      EXPECT_EQ(out.high, infinity);
    }
  }
}
