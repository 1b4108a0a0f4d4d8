// Simulated trials: critical values printed in tables, the search, repeated measures with and without simulation.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

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
  EXPECT_EQ(power::detail::sign_region(10, 0.025).low, 1.0);
  EXPECT_EQ(power::detail::sign_region(5, 0.025).low, -infinity);
  // Beyond the exact ones the normal approximation takes over without a jump.
  const double exact = power::detail::signed_rank_region(340, 0.025).low, mean = 340.0 * 341.0 / 4.0;
  EXPECT_NEAR((mean - exact) / std::sqrt(mean * 681.0 / 6.0), 1.96, 0.01);
  EXPECT_NEAR(power::detail::signed_rank_region(2000, 0.025).low, 2000.0 * 2001.0 / 4.0 - 1.959964 * std::sqrt(2000.0 * 2001.0 * 4001.0 / 24.0), 1.0);
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
  EXPECT_NEAR(smallest_effect_simulated(1.0, 2.0, 0.8, [](double e) { return e >= 5.25 ? 1.0 : 0.0; }), 5.25, 1e-6);
  EXPECT_NEAR(smallest_effect_simulated(1.0, 0.0, 0.8, [](double e) { return e <= -5.25 ? 1.0 : 0.0; }), -5.25, 1e-6);
  EXPECT_TRUE(std::isnan(smallest_effect_simulated(0.0, 1.0, 0.8, [](double) { return 0.0; })));
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
