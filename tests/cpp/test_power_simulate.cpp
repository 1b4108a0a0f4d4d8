// Simulated trials: critical values printed in tables, the search, repeated measures with and without simulation.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/power/sign.hpp"
#include "respondr/power/simulate.hpp"
#include "respondr/power/trial_logistic.hpp"
#include "respondr/power/trial_means.hpp"
#include "respondr/power/trial_rm.hpp"

using namespace respondr;
using namespace respondr::power;

namespace {

// Tables of Wilcoxon, of Mann and Whitney, and of the sign test at 5 % two-sided (2.5 % a side).
TEST(PowerSimulate, CriticalValuesAreThoseOfTheTables) {
  EXPECT_EQ(power::detail::signed_rank_region(6, 0.025).low, 0.0);
  EXPECT_EQ(power::detail::signed_rank_region(10, 0.025).low, 8.0);
  EXPECT_EQ(power::detail::signed_rank_region(10, 0.025).high, 47.0);
  EXPECT_EQ(power::detail::signed_rank_region(25, 0.025).low, 89.0);
  EXPECT_EQ(power::detail::signed_rank_region(5, 0.025).low, -infinity);
  EXPECT_EQ(power::detail::rank_sum_region(10, 10, 0.025).low, 23.0);
  EXPECT_EQ(power::detail::rank_sum_region(5, 8, 0.025).low, 6.0);
  EXPECT_EQ(power::detail::rank_sum_region(8, 5, 0.025).high, 34.0);
  EXPECT_EQ(power::detail::rank_sum_region(3, 3, 0.025).low, -infinity);
  EXPECT_EQ(sign_region(10, 0.025).low, 1.0);
  EXPECT_EQ(sign_region(5, 0.025).low, -infinity);
  // Beyond the exact ones the normal approximation takes over without a jump.
  const double exact = power::detail::signed_rank_region(340, 0.025).low, mean = 340.0 * 341.0 / 4.0;
  EXPECT_NEAR((mean - exact) / std::sqrt(mean * 681.0 / 6.0), 1.96, 0.01);
  const double n = 2000.0, sd = std::sqrt(n * (n + 1.0) * (2.0 * n + 1.0) / 24.0);
  const power::detail::Region far = power::detail::signed_rank_region(2000, 0.025);
  EXPECT_NEAR(far.low, n * (n + 1.0) / 4.0 - 1.959964 * sd, 1.0);
  EXPECT_NEAR(far.low + far.high, 0.5 * n * (n + 1.0), 1e-6);
  const power::detail::Region arms = power::detail::rank_sum_region(500, 700, 0.025);
  EXPECT_NEAR(arms.low, 175000.0 - 1.959964 * std::sqrt(350000.0 * 1201.0 / 12.0), 1.0);
  EXPECT_NEAR(arms.low + arms.high, 350000.0, 1e-6);
  const power::detail::Region whole = power::detail::rank_sum_region(60, 40, 0.025);  // exact
  EXPECT_EQ(whole.low, std::floor(whole.low));
  EXPECT_NEAR(whole.low, 1200.0 - 1.959964 * std::sqrt(2400.0 * 101.0 / 12.0), 3.0);
}

TEST(PowerSimulate, RegionsKeepTheirSide) {
  const power::detail::Region region{2.0, 8.0};
  EXPECT_TRUE(region.holds(2.0, Alternative::two_sided) && region.holds(8.0, Alternative::two_sided));
  EXPECT_FALSE(region.holds(3.0, Alternative::two_sided));
  EXPECT_FALSE(region.holds(2.0, Alternative::greater) || region.holds(8.0, Alternative::less));
}

TEST(PowerSimulate, ValuesAboveABarAreCountedOverEveryLength) {
  std::vector<double> x;
  for (int n = 0; n < 20; ++n) {
    EXPECT_EQ(power::detail::count_above(x.data(), x.size(), 4.5), std::max(0, n - 5));
    x.push_back(n);
  }
}

// Pair by pair, on both sides of the length from which they are sorted; sums of exactly 0 and equal values among them.
TEST(PowerSimulate, RankStatisticsAreThoseOfEveryPair) {
  for (const std::size_t n : {1u, 2u, 31u, 199u, 200u, 201u, 517u}) {
    for (const int spread : {3, 40, 1000000}) {
      std::vector<double> x, y, room;
      std::uint32_t state = static_cast<std::uint32_t>(7 * n + static_cast<std::size_t>(spread));
      const auto next = [&] { return static_cast<double>((state = 1664525u * state + 1013904223u) >> 8); };
      for (std::size_t i = 0; i < n; ++i) x.push_back(std::fmod(next(), 2.0 * spread + 1.0) - spread);
      for (std::size_t i = 0; i < n + 13; ++i) y.push_back(std::fmod(next(), 2.0 * spread + 1.0) - spread);
      const std::vector<double> before = x;
      double walsh = 0.0, above = 0.0;
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i; j < n; ++j) walsh += x[i] + x[j] > 0.0 ? 1.0 : 0.0;
        for (const double v : y) above += x[i] > v - 2.0 ? 1.0 : 0.0;
      }
      EXPECT_EQ(power::detail::positive_walsh_sums(x, room), walsh) << n << ' ' << spread;
      EXPECT_EQ(power::detail::pairs_above(x, y, 2.0, room), above) << n << ' ' << spread;
      EXPECT_EQ(x, before);
    }
  }
}

TEST(PowerSimulate, MeasuredRoundsToDecimals) {
  EXPECT_EQ(measured(2.345, -1), 2.345);
  EXPECT_EQ(measured(2.36, 1), 2.4);
  EXPECT_EQ(measured(-0.04, 1), 0.0);
}

TEST(PowerSimulate, SearchesFindTheSmallest) {
  const auto power = [](double n) { return n >= 37.0 ? 0.9 : 0.1; };
  EXPECT_EQ(smallest_simulated(2.0, 1000.0, 0.8, power), 37.0);
  EXPECT_EQ(smallest_simulated(2.0, 37.0, 0.8, power), 37.0);
  EXPECT_TRUE(std::isnan(smallest_simulated(2.0, 36.0, 0.8, power)));
  EXPECT_EQ(smallest_simulated(2.0, 1000.0, 0.05, power), 2.0);
  EXPECT_EQ(smallest_simulated(4.0, 1000.0, 0.05, power), 4.0);
  EXPECT_NEAR(smallest_effect_simulated(1.0, 2.0, 0.8, EffectSearch(), [](double e) { return e >= 5.25 ? 1.0 : 0.0; }), 5.25, 1e-6);
  EXPECT_NEAR(smallest_effect_simulated(1.0, 0.0, 0.8, EffectSearch(), [](double e) { return e <= -5.25 ? 1.0 : 0.0; }), -5.25, 1e-6);
  EXPECT_TRUE(std::isnan(smallest_effect_simulated(0.0, 1.0, 0.8, EffectSearch(), [](double) { return 0.0; })));
  // Enough from 5 to 6 only, and an effect far below the first guess.
  const auto hump = [](double e) { return e >= 5.0 && e <= 6.0 ? 1.0 : 0.0; };
  EXPECT_NEAR(smallest_effect_simulated(0.0, 0.25, 0.8, EffectSearch{1.05, 1e-12}, hump), 5.0, 1e-10);
  const auto tiny = [](double e) { return e >= 3e-9 ? 1.0 : 0.0; };
  EXPECT_NEAR(smallest_effect_simulated(0.0, 1.0, 0.8, EffectSearch{1.05, 1e-12}, tiny) / 3e-9, 1.0, 1e-10);
}

TEST(PowerSimulate, SearchesLookBeyondTheFirst) {
  // Enough from 20, but not at 23, 30 and 90.
  const auto power = [](double n) { return n >= 20.0 && n != 23.0 && n != 30.0 && n != 90.0 ? 0.9 : 0.1; };
  EXPECT_EQ(smallest_sawing(2.0, 1000.0, Saw(), 0.8, power), 20.0);
  EXPECT_EQ(smallest_sawing(2.0, 1000.0, {2.0}, 0.8, power), 20.0);
  EXPECT_EQ(smallest_sawing(2.0, 1000.0, {3.0}, 0.8, power), 24.0);  // the last one falls short: looked for again above it
  EXPECT_EQ(smallest_sawing(2.0, 1000.0, {24.0}, 0.8, power), 31.0);
  EXPECT_EQ(smallest_sawing(2.0, 1000.0, {0.0, 1.0}, 0.8, power), 31.0);
  EXPECT_EQ(smallest_sawing(2.0, 1000.0, {24.0, 0.0, 19.0}, 0.8, power), 20.0);
  EXPECT_EQ(smallest_sawing(2.0, 22.0, {24.0}, 0.8, power), 20.0);
  EXPECT_TRUE(std::isnan(smallest_sawing(2.0, 23.0, {24.0}, 0.8, power)));
  EXPECT_TRUE(std::isnan(smallest_sawing(2.0, 19.0, {24.0}, 0.8, power)));
  EXPECT_EQ(smallest_sawing(2.0, 1000.0, {5.0}, 0.8, [](double) { return 0.9; }), 2.0);
}

TEST(PowerSimulate, ShapesHaveTheirTails) {
  for (const Shape shape : {Shape::normal, Shape::uniform, Shape::logistic, Shape::laplace, Shape::lognormal, Shape::t5}) {
    for (const double z : {-3.0, -0.7, 0.0, 1.3}) {
      EXPECT_NEAR(shape_tail(shape, z, special::Tail::lower) + shape_tail(shape, z, special::Tail::upper), 1.0, 1e-14);
      double below = 0.0;
      Draws draws(1, 2, shape);
      for (int i = 0; i < 20000; ++i) below += draws.value() <= z ? 1.0 : 0.0;
      EXPECT_NEAR(below / 20000.0, shape_tail(shape, z, special::Tail::lower), 0.015);  // four standard errors
    }
  }
  EXPECT_EQ(shape_tail(Shape::uniform, 2.0, special::Tail::upper), 0.0);
  EXPECT_EQ(shape_tail(Shape::lognormal, -2.0, special::Tail::lower), 0.0);
  EXPECT_NEAR(shape_tail(Shape::laplace, 1.0, special::Tail::upper), 0.5 * std::exp(-std::sqrt(2.0)), 1e-15);
}

TEST(PowerSimulate, RoundedChangesLieAboveBelowOrAtTheHypothesis) {
  MeansDesign d;
  d.shape = Shape::uniform;
  d.sd = 4.0 / std::sqrt(12.0);  // between -2 and 2
  const auto near = [&](double above, double below) {
    const SignChances c = sign_chances(d, 0.0);
    EXPECT_NEAR(c.above, above, 1e-14);
    EXPECT_NEAR(c.below, below, 1e-14);
  };
  near(0.5, 0.5);
  d.decimals = 0;
  near(0.375, 0.375);  // 0 takes a quarter
  d.null = 1.0;
  near(0.125, 0.625);
  d.null = 0.3;  // none lies at it: 1 and 2 above, 0 and less below
  near(0.375, 0.625);
  d.null = -0.3;
  near(0.625, 0.375);
}

TEST(PowerSimulate, SignTestOfFiveAndSix) {
  MeansDesign d;
  d.shape = Shape::uniform;
  d.sd = 4.0 / std::sqrt(12.0);
  EXPECT_EQ(SignPower(d).at(5.0, 1.0), 0.0);  // 2 / 32 is above 0.05
  EXPECT_NEAR(SignPower(d).at(6.0, 1.0), std::pow(0.75, 6.0) + std::pow(0.25, 6.0), 1e-14);
  d.alternative = Alternative::greater;
  EXPECT_NEAR(SignPower(d).at(5.0, 1.0), std::pow(0.75, 5.0), 1e-14);
  d.alternative = Alternative::less;
  EXPECT_NEAR(SignPower(d).at(5.0, 1.0), std::pow(0.25, 5.0), 1e-14);
  d.decimals = 0;  // with ties: all six stay, or five of six
  const double up = 0.125, down = 0.625, tie = 0.25;  // at effect -1: 1, 0 and -1, -2, -3
  EXPECT_NEAR(SignPower(d).at(6.0, -1.0), std::pow(down, 6.0) + 6.0 * tie * std::pow(down, 5.0), 1e-14);
  EXPECT_GT(SignPower(d).at(8.0, -1.0), std::pow(down, 8.0) + 8.0 * up * std::pow(down, 7.0));
  d.sd = 1e-9;
  EXPECT_EQ(SignPower(d).at(8.0, 0.0), 0.0);  // every change rounds to 0
}

TEST(PowerSimulate, ValuesWithoutSpreadDoNotReject) {
  MeansDesign d;
  d.decimals = 1;
  d.sd = d.sd_level = 1e-9;
  PairedTrial::Workspace w;
  GroupsTrial::Workspace v;
  EXPECT_EQ(PairedTrial(d, {PairedTest::t}, 3, 0.1).run(1, 0, w), 0u);
  EXPECT_EQ(GroupsTrial(d, {GroupsTest::student, GroupsTest::welch}, 3, 3, 0.1).run(1, 0, v), 0u);
}

RmDesign course(std::size_t visits, std::size_t arms, double r) {
  RmDesign d;
  d.visits = visits;
  d.arms = arms;
  d.mean = rm::Matrix(visits, arms);
  d.covariance = rm::Matrix(visits, visits);
  for (std::size_t i = 0; i < visits; ++i) {
    for (std::size_t j = 0; j < visits; ++j) d.covariance(i, j) = i == j ? 1.0 : r;
    d.mean(i, arms - 1) = 0.3 * static_cast<double>(i);
  }
  return d;
}

TEST(PowerSimulate, TwoVisitsArePairedAndUnpairedT) {
  // One arm: the paired t. Two arms: the t-test of the changes. Changes have the variance 2 (1 - r).
  RmDesign d = course(2, 1, 0.5);
  const double t = special::t_quantile(0.975, 11.0), ncp = 0.3 * std::sqrt(12.0);
  const double paired = 1.0 - special::noncentral_t_cdf(t, 11.0, ncp) + special::noncentral_t_cdf(-t, 11.0, ncp);
  EXPECT_NEAR(RmTrial(d, {}, 12, 1.0).exact(RmTest::anova), paired, 1e-9);
  EXPECT_NEAR(RmTrial(d, {}, 12, 1.0).exact(RmTest::multivariate), paired, 1e-9);
  d = course(2, 2, 0.5);
  d.effect = RmEffect::interaction;
  const double u = special::t_quantile(0.975, 22.0), shift = 0.6 * std::sqrt(6.0);
  const double arms = 1.0 - special::noncentral_t_cdf(u, 22.0, shift) + special::noncentral_t_cdf(-u, 22.0, shift);
  EXPECT_NEAR(RmTrial(d, {}, 12, 2.0).exact(RmTest::multivariate), arms, 1e-9);
  EXPECT_NEAR(RmTrial(d, {}, 12, 2.0).exact(RmTest::anova), arms, 1e-9);
}

TEST(PowerSimulate, TrialsOfRepeatedMeasuresAgreeWithTheFormula) {
  const std::vector<RmTest> tests = {RmTest::anova, RmTest::multivariate, RmTest::gg};
  for (const std::size_t arms : {std::size_t{1}, std::size_t{2}}) {
    RmDesign d = course(3, arms, 0.4);
    if (arms == 2) d.effect = RmEffect::interaction;
    const RmTrial trial(d, tests, 10, 1.5);
    Simulation s;
    s.trials = 4000;
    s.seed = 5;
    const std::vector<int> found = simulate(trial, s, Hooks());
    EXPECT_NEAR(found[0] / 4000.0, trial.exact(RmTest::anova), 0.03);  // some four standard errors
    EXPECT_NEAR(found[1] / 4000.0, trial.exact(RmTest::multivariate), 0.03);
    EXPECT_LE(found[2], found[0]);
    s.threads = 3;
    EXPECT_EQ(simulate(trial, s, Hooks()), found);
  }
  EXPECT_TRUE(std::isnan(RmTrial(course(3, 1, 0.4), {}, 10, 1.0).exact(RmTest::gg)));
  EXPECT_TRUE(std::isnan(RmTrial(course(4, 1, 0.4), {}, 3, 1.0).exact(RmTest::multivariate)));
  RmDesign uneven = course(3, 1, 0.4);
  uneven.covariance(2, 2) = 4.0;
  EXPECT_FALSE(RmTrial(uneven, {}, 10, 1.0).spherical());
  EXPECT_TRUE(std::isnan(RmTrial(uneven, {}, 10, 1.0).exact(RmTest::anova)));
}

TEST(PowerSimulate, UnitsOfRepeatedMeasuresChangeNothing) {
  const std::vector<RmTest> tests = {RmTest::anova, RmTest::gg, RmTest::hf, RmTest::multivariate};
  Simulation s;
  s.trials = 500;
  s.seed = 8;
  const std::vector<int> found = simulate(RmTrial(course(4, 1, 0.4), tests, 9, 1.0), s, Hooks());
  for (const double unit : {1e-140, 1e140}) {
    RmDesign d = course(4, 1, 0.4);
    for (double& x : d.mean.data) x *= unit;
    for (double& x : d.covariance.data) x *= unit * unit;
    EXPECT_EQ(simulate(RmTrial(d, tests, 9, 1.0), s, Hooks()), found);
    EXPECT_NEAR(RmTrial(d, {}, 9, 1.0).exact(RmTest::multivariate),
                RmTrial(course(4, 1, 0.4), {}, 9, 1.0).exact(RmTest::multivariate), 1e-10);
  }
}

TEST(PowerSimulate, LogisticTrialsDrawTheRateTheyAreAskedFor) {
  LogisticDesign d;
  d.predictor = Predictor::binary;
  d.rate = 0.25;
  d.prevalence = 0.4;
  d.r2 = 0.5;
  const LogisticTrial trial(d, {LogisticTest::lr}, 20000, std::log(3.0));
  LogisticTrial::Workspace w;
  trial.draw(1, 0, w);
  double n1 = 0.0, y1 = 0.0, y0 = 0.0, zx = 0.0;
  for (std::size_t i = 0; i < 20000; ++i) {
    const double x = w.x[20000 + i];
    n1 += x;
    (x > 0.0 ? y1 : y0) += w.y[i];
    zx += w.x[40000 + i] * (x - 0.4) / std::sqrt(0.24);
  }
  EXPECT_NEAR(n1 / 20000.0, 0.4, 0.015);
  EXPECT_NEAR(y0 / (20000.0 - n1), 0.25, 0.02);
  EXPECT_NEAR(y1 / n1, 0.5, 0.025);
  EXPECT_NEAR(zx / 20000.0, std::sqrt(0.5), 0.03);
  EXPECT_EQ(trial.columns(), 3u);
  // Alone in its class or separated: no rejection by what has no answer.
  d.rate = 1e-9;
  LogisticDesign rare = d;
  rare.r2 = 0.0;
  LogisticTrial::Workspace v;
  EXPECT_EQ(LogisticTrial(rare, {LogisticTest::lr, LogisticTest::wald, LogisticTest::firth}, 20, 0.0).run(1, 0, v), 0u);
}

}  // namespace
