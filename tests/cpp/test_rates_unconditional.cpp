// Unconditional tests: the maximum over the open proportion against a certified bound, regions against a full scan,
// figures by hand, the accepted set by asking.

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "rates_naive.hpp"
#include "respondr/rates/unconditional_limits.hpp"

namespace {

using namespace respondr;
using namespace respondr::rates;
using Values = std::vector<double>;

Table draw(std::mt19937_64& rng, int most) {
  Table t;
  t.n1 = 1 + static_cast<int>(rng() % most);
  t.n0 = 1 + static_cast<int>(rng() % most);
  t.x1 = static_cast<int>(rng() % (t.n1 + 1));
  t.x0 = static_cast<int>(rng() % (t.n0 + 1));
  return t;
}

// At no difference the probability of a region is a polynomial in the common proportion whose Bernstein coefficients
// are the shares of the region among the tables of each total; it lies below its largest coefficient on every piece.
// Pieces are halved (de Casteljau) until the bound is within 1e-11 of a value attained.
double certified_maximum(const Region& region, int n1, int n0) {
  const int n = n1 + n0;
  Values share(n + 1, 0.0);
  for (int x1 = 0; x1 <= n1; ++x1) {
    for (int x0 = 0; x0 <= n0; ++x0) {
      if (region.holds(x1, x0)) {
        share[x1 + x0] +=
            static_cast<double>(naive::choose(n1, x1) * naive::choose(n0, x0) / naive::choose(n, x1 + x0));
      }
    }
  }
  double best = std::max(share.front(), share.back());
  std::vector<Values> pieces{share};
  while (!pieces.empty()) {
    Values right = pieces.back(), left(n + 1);
    pieces.pop_back();
    if (*std::max_element(right.begin(), right.end()) <= best + 1e-11) continue;
    for (int i = 0; i <= n; ++i) {
      left[i] = right[0];
      for (int j = 0; j + 1 <= n - i; ++j) right[j] = 0.5 * (right[j] + right[j + 1]);
    }
    best = std::max({best, left[n], right[0]});
    pieces.push_back(left);
    pieces.push_back(right);
  }
  return best;
}

UnconditionalTest make(const Table& t, Order order, TwoSided two_sided = TwoSided::central,
                       Estimand e = Estimand::difference) {
  UnconditionalTest test;
  test.table = t;
  test.order = order;
  test.two_sided = two_sided;
  test.estimand = e;
  return test;
}

const Order every_order[] = {Order::score, Order::unpooled, Order::fisher, Order::fisher_tail, Order::difference};

}  // namespace

TEST(RatesUnconditional, TheMaximumIsTheCertifiedOne) {
  std::mt19937_64 rng(21);
  Unconditional one;
  for (int round = 0; round < 150; ++round) {
    const Table t = draw(rng, round % 20 == 0 ? 40 : 16);
    for (const Order order : every_order) {
      one.plan(t, Estimand::difference, order, TwoSided::minlike);
      const bool both =
          order == Order::fisher || (order != Order::fisher_tail && order != Order::difference && round % 2 == 0);
      const double p = both ? one.both(0.0) : one.greater(0.0), want = certified_maximum(one.region(), t.n1, t.n0);
      EXPECT_NEAR(p, want, 1e-10 + 1e-9 * want);
    }
  }
}

TEST(RatesUnconditional, RegionsHoldTheTablesOfTheirDefinition) {
  std::mt19937_64 rng(22);
  Unconditional one;
  for (int round = 0; round < 150; ++round) {
    const Table t = draw(rng, 14);
    for (const Estimand e : {Estimand::difference, Estimand::ratio, Estimand::odds_ratio}) {
      const double theta =
          e == Estimand::difference ? -0.9 + 1.8 * (rng() % 100) / 99.0 : std::exp(-2.0 + 4.0 * (rng() % 100) / 99.0);
      for (const bool both : {false, true}) {
        one.plan(t, e, Order::score, TwoSided::minlike);
        both ? one.both(theta) : one.greater(theta);
        const double at = score_z(e, t, theta, ScoreRule()), slack = 1e-9 * (1.0 + std::fabs(at));
        for (int x1 = 0; x1 <= t.n1; ++x1) {
          for (int x0 = 0; x0 <= t.n0; ++x0) {
            const double z = score_z(e, {x1, t.n1, x0, t.n0}, theta, ScoreRule());
            const bool extreme = both ? std::fabs(z) >= std::fabs(at) - slack : z >= at - slack;
            EXPECT_EQ(one.region().holds(x1, x0), extreme) << x1 << '/' << t.n1 << ' ' << x0 << '/' << t.n0 << " theta "
                                                           << theta << " z " << z << " against " << at;
          }
        }
      }
    }
  }
}

// The staircase of an order that stays as it is holds the tables that a full scan finds.
TEST(RatesUnconditional, FixedRegionsHoldTheTablesOfTheirDefinition) {
  std::mt19937_64 rng(27);
  Unconditional one;
  for (int round = 0; round < 200; ++round) {
    const Table t = draw(rng, 14);
    for (const Order order : {Order::difference, Order::fisher_tail, Order::null_score, Order::null_unpooled}) {
      const double null = order == Order::null_score && round % 2 == 0 ? -0.15 : 0.0;
      one.plan(t, Estimand::difference, order, TwoSided::central, null);
      const auto statistic = [&](const Table& s) {
        if (order == Order::difference) return s.p1() - s.p0();
        if (order == Order::fisher_tail) return -std::log(fisher_upper_tail(s));
        return order == Order::null_score ? score_z(Estimand::difference, s, null, ScoreRule())
                                          : unpooled_z(Estimand::difference, s, null);
      };
      const double at = statistic(t), slack = std::isfinite(at) ? 1e-9 * (1.0 + std::fabs(at)) : 0.0;
      for (int x1 = 0; x1 <= t.n1; ++x1) {
        for (int x0 = 0; x0 <= t.n0; ++x0) {
          EXPECT_EQ(one.region().holds(x1, x0), statistic({x1, t.n1, x0, t.n0}) >= at - slack)
              << x1 << '/' << t.n1 << ' ' << x0 << '/' << t.n0 << " order " << static_cast<int>(order);
        }
      }
    }
  }
}

TEST(RatesUnconditional, FishersUpperTailIsItsSum) {
  for (int x1 = 0; x1 <= 6; ++x1) {
    for (int x0 = 0; x0 <= 9; ++x0) {
      const naive::Masses f = naive::hypergeometric(6, 9, x1 + x0, 0.0L);
      const std::size_t place = static_cast<std::size_t>(x1 - std::max(0, x1 + x0 - 9));
      const double want = naive::p(f, place, {Alternative::greater, TwoSided::central, false});
      EXPECT_NEAR(fisher_upper_tail({x1, 6, x0, 9}), want, 1e-13);
    }
  }
}

TEST(RatesUnconditional, ByHand) {
  UnconditionalWorkspace w;
  const Table five{5, 6, 0, 4};
  const UnconditionalTest pooled = make(five, Order::score, TwoSided::minlike);
  pooled.plan(w);
  EXPECT_NEAR(pooled.p(w, 0.0), 14.0 / 1024.0, 1e-12);
  const UnconditionalTest unpooled = make(five, Order::unpooled, TwoSided::minlike);
  unpooled.plan(w);
  EXPECT_NEAR(unpooled.p(w, 0.0), 14.0 / 1024.0, 1e-12);  // the mirrored table ties
  const UnconditionalTest tea = make({3, 4, 1, 4}, Order::score, TwoSided::minlike);
  tea.plan(w);
  EXPECT_NEAR(tea.p(w, 0.0), 74.0 / 256.0, 1e-12);
  // One patient an arm: the p of 1/1 against 0/1 is the largest p q, a quarter, on one side and a half on both.
  for (const Order order : every_order) {
    const UnconditionalTest single =
        make({1, 1, 0, 1}, order, order == Order::fisher ? TwoSided::minlike : TwoSided::central);
    single.plan(w);
    EXPECT_NEAR(single.p(w, 0.0), order == Order::fisher ? 1.0 : 0.5, 1e-12);
  }
}

// The largest probability along a line of any hypothesis, by a far finer search.
TEST(RatesUnconditional, TheMaximumOnOtherLinesIsThatOfAFinerSearch) {
  std::mt19937_64 rng(23);
  Unconditional one;
  BinomialSums a, b;
  for (int round = 0; round < 30; ++round) {
    const Table t = draw(rng, 25);
    a.plan(t.n1);
    b.plan(t.n0);
    for (const Estimand e : {Estimand::difference, Estimand::ratio, Estimand::odds_ratio}) {
      const double theta =
          e == Estimand::difference ? -0.95 + 1.9 * (rng() % 100) / 99.0 : std::exp(-4.0 + 8.0 * (rng() % 100) / 99.0);
      one.plan(t, e, Order::score, TwoSided::minlike);
      const double p = one.greater(theta);
      double want = 0.0;
      for (int i = 0; i <= 2000; ++i)
        want = std::fmax(want, one.region().probability(a, b, on_line(e, theta, i / 2000.0)));
      EXPECT_GE(p, want * (1.0 - 1e-9));
      EXPECT_LE(p, want * (1.0 + 1e-3) + 1e-300);
      const Proportions at = on_line(e, theta, 0.3);
      EXPECT_NEAR(e == Estimand::difference ? at.p1 - at.p0
                  : e == Estimand::ratio    ? at.p1 / at.p0
                                            : at.p1 * (1.0 - at.p0) / (at.p0 * (1.0 - at.p1)),
                  theta, 1e-12 * (1.0 + theta));
    }
  }
}

TEST(RatesUnconditional, ThePOfARegionIsTheSumOfItsTables) {
  Unconditional one;
  one.plan({7, 9, 2, 8}, Estimand::difference, Order::score, TwoSided::minlike);
  one.both(0.1);
  BinomialSums a, b;
  a.plan(9);
  b.plan(8);
  const Proportions p{0.55, 0.45};
  const naive::Masses f = naive::binomial(9, std::log(0.55L / 0.45L)), g = naive::binomial(8, std::log(0.45L / 0.55L));
  long double want = 0.0L;
  for (int i = 0; i <= 9; ++i) {
    for (int j = 0; j <= 8; ++j) want += one.region().holds(i, j) ? f[i] * g[j] : 0.0L;
  }
  EXPECT_NEAR(one.region().probability(a, b, p), static_cast<double>(want), 1e-14);
}

// Orders that do not move have no holes: their limits are exact. The others are searched in steps; what the search
// misses is counted.
TEST(RatesUnconditional, LimitsHoldTheAcceptedValues) {
  std::mt19937_64 rng(24);
  UnconditionalWorkspace w;
  int asked = 0, missed = 0, holes = 0;
  for (int round = 0; round < 24; ++round) {
    const Table t = draw(rng, 12);
    for (const Estimand e : {Estimand::difference, Estimand::ratio, Estimand::odds_ratio}) {
      for (const Order order : {Order::score, Order::fisher, Order::fisher_tail, Order::difference, Order::null_score,
                                Order::null_unpooled}) {
        UnconditionalTest test =
            make(t, order, order == Order::fisher || round % 2 ? TwoSided::minlike : TwoSided::central, e);
        test.null = round % 3 == 0 && e == Estimand::difference ? -0.1 : no_effect(e);
        test.plan(w);
        const Limits out = unconditional_limits(test, Sides(), w);
        holes += out.hole ? 1 : 0;
        for (int i = 0; i < 6; ++i) {
          const double u = (rng() % 1000 + 0.5) / 1000.0,
                       theta = e == Estimand::difference ? 2.0 * u - 1.0 : std::exp(5.0 * u - 2.5);
          const double p = test.p(w, theta);
          if (std::fabs(p - 0.05) < 1e-6) continue;
          ++asked;
          const bool inside = theta >= out.low && theta <= out.high;
          if (test.fixed()) {
            EXPECT_EQ(p > 0.05, inside) << t.x1 << '/' << t.n1 << ' ' << t.x0 << '/' << t.n0 << " at " << theta << " p "
                                        << p << " [" << out.low << ", " << out.high << "]";
            EXPECT_FALSE(out.hole);
          } else {
            missed += (p > 0.05) != inside && !out.hole ? 1 : 0;
          }
        }
      }
    }
  }
  EXPECT_GT(asked, 1200);
  EXPECT_LE(missed, 2) << "holes " << holes;
}

// A limit is where the one-sided p passes alpha, however far from the estimate that is.
TEST(RatesUnconditional, FixedOrdersEndWhereTheirOneSidedPPassesAlpha) {
  std::mt19937_64 rng(26);
  UnconditionalWorkspace w;
  int far_off = 0;
  const Order fixed[] = {Order::difference, Order::fisher_tail, Order::null_score, Order::null_unpooled};
  for (int round = 0; round < 60; ++round) {
    const Table t = draw(rng, 14);
    for (const Estimand e : {Estimand::difference, Estimand::ratio, Estimand::odds_ratio}) {
      UnconditionalTest test = make(t, fixed[round % 4], TwoSided::central, e);
      test.null = no_effect(e);
      test.plan(w);
      const Limits out = unconditional_limits(test, Sides(), w), near = score_limits(e, t, Sides(), ScoreRule());
      const double end = e == Estimand::difference ? 1.0 : infinity, start = e == Estimand::difference ? -1.0 : 0.0;
      if (out.high < end) {
        EXPECT_NEAR(w.down.greater(test.exchanged(out.high)), 0.025, 1e-8);
      } else if (e != Estimand::difference && near.high < end) {
        EXPECT_GT(w.down.greater(1e-15), 0.025);
      }
      if (out.low > start) {
        EXPECT_NEAR(w.up.greater(out.low), 0.025, 1e-8);
      }
      far_off += e != Estimand::difference && out.high > 60.0 * near.high ? 1 : 0;
    }
  }
  EXPECT_GT(far_off, 0);
}

TEST(RatesUnconditional, ExchangedArmsMirrorPAndLimits) {
  std::mt19937_64 rng(25);
  UnconditionalWorkspace w;
  for (int round = 0; round < 15; ++round) {
    const Table t = draw(rng, 12), s{t.x0, t.n0, t.x1, t.n1};
    for (const Order order : {Order::score, Order::fisher, Order::fisher_tail, Order::difference}) {
      const UnconditionalTest one = make(t, order, TwoSided::minlike), two = make(s, order, TwoSided::minlike);
      one.plan(w);
      const double p = one.p(w, 0.0);
      const Limits a = unconditional_limits(one, Sides(), w);
      two.plan(w);
      EXPECT_NEAR(p, two.p(w, 0.0), 1e-10);
      const Limits b = unconditional_limits(two, Sides(), w);
      EXPECT_NEAR(a.low, -b.high, 1e-8);
      EXPECT_NEAR(a.high, -b.low, 1e-8);
    }
  }
}
