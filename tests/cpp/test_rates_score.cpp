// Score and likelihood tests of two arms: restricted proportions against a search, known chi-squares, the limits by
// asking.

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "respondr/rates/score.hpp"

namespace {

using namespace respondr;
using namespace respondr::rates;

Table draw(std::mt19937_64& rng, int most) {
  Table t;
  t.n1 = 1 + static_cast<int>(rng() % most);
  t.n0 = 1 + static_cast<int>(rng() % most);
  t.x1 = static_cast<int>(rng() % (t.n1 + 1));
  t.x0 = static_cast<int>(rng() % (t.n0 + 1));
  return t;
}

double log_likelihood(const Table& t, double p1, double p0) {
  const auto one = [](double x, double n, double p) {
    return (x > 0 ? x * std::log(p) : 0.0) + (x < n ? (n - x) * std::log(1.0 - p) : 0.0);
  };
  return one(t.x1, t.n1, p1) + one(t.x0, t.n0, p0);
}

// By thirds over the free proportion, whose log-likelihood has one maximum.
double best_likelihood(Estimand e, const Table& t, double theta) {
  double low = 0.0, high = 1.0;
  if (e == Estimand::difference) {
    low = std::fmax(0.0, -theta);
    high = std::fmin(1.0, 1.0 - theta);
  } else if (e == Estimand::ratio) {
    high = std::fmin(1.0, 1.0 / theta);
  }
  const auto at = [&](double p0) {
    const double p1 = e == Estimand::difference ? p0 + theta
                      : e == Estimand::ratio    ? p0 * theta
                                                : theta * p0 / (1.0 - p0 + theta * p0);
    return log_likelihood(t, std::fmin(1.0, std::fmax(0.0, p1)), p0);
  };
  for (int i = 0; i < 200; ++i) {
    const double a = low + (high - low) / 3.0, b = high - (high - low) / 3.0;
    (at(a) < at(b) ? low : high) = at(a) < at(b) ? a : b;
  }
  return at(0.5 * (low + high));
}

const Estimand every_estimand[] = {Estimand::difference, Estimand::ratio, Estimand::odds_ratio};

double value(std::mt19937_64& rng, Estimand e) {
  const double u = (rng() % 1000 + 0.5) / 1000.0;
  return e == Estimand::difference ? 2.0 * u - 1.0 : std::exp(6.0 * u - 3.0);
}

}  // namespace

TEST(RatesScore, RestrictedProportionsMaximiseTheLikelihoodAndSatisfyTheHypothesis) {
  std::mt19937_64 rng(3);
  for (int round = 0; round < 3000; ++round) {
    const Table t = draw(rng, 40);
    for (const Estimand e : every_estimand) {
      const double theta = value(rng, e);
      const Proportions p = restricted(e, t, theta);
      const double got = log_likelihood(t, p.p1, p.p0), want = best_likelihood(e, t, theta);
      EXPECT_GE(got, want - 1e-9 * (1.0 + std::fabs(want)));
      const double held = e == Estimand::difference ? p.p1 - p.p0 - theta
                          : e == Estimand::ratio    ? p.p1 - theta * p.p0
                                                    : p.p1 * (1.0 - p.p0) - theta * p.p0 * (1.0 - p.p1);
      EXPECT_NEAR(held, 0.0, 1e-12 * (1.0 + theta));
      EXPECT_TRUE(p.p1 >= 0.0 && p.p1 <= 1.0 && p.p0 >= 0.0 && p.p0 <= 1.0);
    }
  }
}

TEST(RatesScore, NoDifferenceGivesPearsonYatesAndCampbell) {
  std::mt19937_64 rng(4);
  for (int round = 0; round < 2000; ++round) {
    const Table t = draw(rng, 60);
    if (t.one_level()) continue;
    const double a = t.x1, b = t.n1 - t.x1, c = t.x0, d = t.n0 - t.x0, n = t.total(), m = t.events();
    const double scale = n / (1.0 * t.n1 * t.n0 * m * (n - m)), cross = std::fabs(a * d - b * c);
    const double pearson = scale * cross * cross, yates = scale * std::pow(std::fmax(0.0, cross - n / 2.0), 2);
    for (const Estimand e : every_estimand) {
      const double none = no_effect(e);
      EXPECT_NEAR(std::pow(score_z(e, t, none, ScoreRule()), 2), pearson, 1e-11 * (1.0 + pearson));
      EXPECT_NEAR(std::pow(score_z(e, t, none, {n / (n - 1.0), false, false}), 2), pearson * (n - 1.0) / n,
                  1e-11 * (1.0 + pearson));
      EXPECT_NEAR(std::pow(score_z(e, t, none, {1.0, true, false}), 2), yates, 1e-11 * (1.0 + pearson));
      double g = 0.0;
      const double cell[] = {a, b, c, d}, row[] = {1.0 * t.n1, 1.0 * t.n1, 1.0 * t.n0, 1.0 * t.n0},
                   column[] = {m, n - m, m, n - m};
      for (int i = 0; i < 4; ++i) {
        g += cell[i] > 0.0 ? 2.0 * cell[i] * std::log(cell[i] * n / (row[i] * column[i])) : 0.0;
      }
      EXPECT_NEAR(std::pow(score_z(e, t, none, {1.0, false, true}), 2), g, 1e-9 * (1.0 + g));
    }
  }
}

// Duality: a value is between the limits exactly when its test does not reject it.
TEST(RatesScore, LimitsHoldExactlyTheAcceptedValues) {
  std::mt19937_64 rng(5);
  int asked = 0;
  for (int round = 0; round < 3000; ++round) {
    const Table t = draw(rng, 40);
    const double n = t.total();
    if (n < 3) continue;
    const ScoreRule rules[] = {ScoreRule(), {n / (n - 1.0), false, false}, {1.0, true, false}, {1.0, false, true}};
    for (const Estimand e : every_estimand) {
      if (e != Estimand::difference && t.one_level()) continue;
      for (const ScoreRule& rule : rules) {
        Sides side;
        side.alpha = round % 2 == 0 ? 0.05 : 0.3;
        const Limits out = score_limits(e, t, side, rule);
        const double theta = value(rng, e), z = score_z(e, t, theta, rule),
                     cut = -special::normal_quantile(side.alpha / 2.0);
        if (std::fabs(std::fabs(z) - cut) < 1e-6) continue;
        ++asked;
        EXPECT_EQ(std::fabs(z) < cut, theta >= out.low && theta <= out.high)
            << t.x1 << '/' << t.n1 << ' ' << t.x0 << '/' << t.n0 << " at " << theta << " z " << z << " [" << out.low
            << ", " << out.high << "] estimand " << static_cast<int>(e) << " rule " << &rule - rules;
      }
    }
  }
  EXPECT_GT(asked, 20000);
}

TEST(RatesScore, ExchangedArmsMirrorTheLimits) {
  std::mt19937_64 rng(6);
  for (int round = 0; round < 1000; ++round) {
    const Table t = draw(rng, 40), s{t.x0, t.n0, t.x1, t.n1};
    const Limits d = score_limits(Estimand::difference, t, Sides(), ScoreRule());
    const Limits m = score_limits(Estimand::difference, s, Sides(), ScoreRule());
    EXPECT_NEAR(d.low, -m.high, 1e-12);
    EXPECT_NEAR(d.high, -m.low, 1e-12);
    for (const Estimand e : {Estimand::ratio, Estimand::odds_ratio}) {
      const Limits a = score_limits(e, t, Sides(), ScoreRule()), b = score_limits(e, s, Sides(), ScoreRule());
      if (a.low > 0.0) {
        EXPECT_NEAR(a.low * b.high, 1.0, 1e-10);
      } else {
        EXPECT_EQ(b.high, infinity);
      }
    }
  }
}

TEST(RatesScore, OneSidedLimitsTakeTheWholeError) {
  const Table t{15, 20, 8, 22};
  Sides two, one;
  two.alpha = 0.1;
  one.two = false;
  for (const Estimand e : every_estimand) {
    one.low = true;
    one.high = false;
    EXPECT_NEAR(score_limits(e, t, one, ScoreRule()).low, score_limits(e, t, two, ScoreRule()).low, 1e-13);
    EXPECT_EQ(score_limits(e, t, one, ScoreRule()).high, e == Estimand::difference ? 1.0 : infinity);
    one.low = false;
    one.high = true;
    EXPECT_NEAR(score_limits(e, t, one, ScoreRule()).high, score_limits(e, t, two, ScoreRule()).high, 1e-13);
    EXPECT_EQ(score_limits(e, t, one, ScoreRule()).low, e == Estimand::difference ? -1.0 : 0.0);
  }
}

TEST(RatesScore, WithoutAWordTheVarianceIsNotInflated) {
  const double root = 2.5125025421558296;  // of Pearson's 6.3127
  EXPECT_NEAR(score_z(Estimand::difference, {15, 20, 8, 22}, 0.0, ScoreRule()), root, 1e-13);
}
