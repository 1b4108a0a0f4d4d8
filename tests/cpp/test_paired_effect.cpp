// Effect sizes: published values of JASP, statpsych and effectsize's formulas, worked cases, bootstrap limits, statuses.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "respondr/paired/effect.hpp"

namespace {

using namespace respondr;
using namespace respondr::paired;

Sample make_sample(const std::vector<double>& before, const std::vector<double>& after) {
  Sample s;
  s.before = before;
  s.after = after;
  for (std::size_t i = 0; i < before.size(); ++i) {
    s.change.push_back(after[i] - before[i]);
    s.magnitude = std::max({s.magnitude, std::fabs(before[i]), std::fabs(after[i])});
  }
  return s;
}

Sample change_column(const std::vector<double>& change) {
  Sample s;
  s.change = change;
  s.on_grid = true;
  return s;
}

Row effect(Effect which, const Sample& sample, Options o = {}, double null = 0.0) {
  EffectWorkspace w;
  Row row;
  o.effect = which;
  fill_effect(o, sample, {null}, w, row);
  return row;
}

bool unavailable(const Row& row) { return (row.notes & static_cast<std::uint32_t>(Note::effect_unavailable)) != 0u; }

const std::vector<double> before{101, 96, 110, 88, 120, 105, 99, 93, 131, 107, 90, 115};
const std::vector<double> after{108, 95, 121, 97, 126, 111, 99, 104, 128, 119, 97, 122};

// jaspTTests, test-verified-ttestonesample.R: n = 100, d = 2; JASP, stated there to agree with R, SPSS, SAS and Minitab.
TEST(Effect, PublishedJaspCohensD) {
  Options o;
  o.effect = Effect::d_z;
  Row row;
  finish_effect(o, {100.0, 2.0, 1.0}, 0.0, row);
  EXPECT_DOUBLE_EQ(row.effect, 2.0);
  EXPECT_NEAR(row.effect_low, 1.65788291072626, 1e-8);
  EXPECT_NEAR(row.effect_high, 2.33846083735979, 1e-8);
}

// statpsych, ci.stdmean.ps(.05, 110.4, 102.1, 15.3, 14.6, .75, 25): Bonett (2008). Measurement 1 is the standardiser of d_b
// and the minuend there, so here the change is the reverse.
TEST(Effect, PublishedBonettIntervals) {
  Options o;
  Row row;
  const EffectFigures f = effect_figures(25.0, 102.1 - 110.4, 15.3, 14.6, 0.75, missing);
  o.effect = Effect::d_av;
  finish_effect(o, f, 0.0, row);
  EXPECT_NEAR(row.effect, -0.5550319, 5e-8);
  EXPECT_NEAR(row.effect_high, -0.2394905, 5e-8);
  EXPECT_NEAR(row.effect_low, -0.8705732, 5e-8);
  o.effect = Effect::d_b;
  finish_effect(o, f, 0.0, row);
  EXPECT_NEAR(row.effect, -0.5424837, 5e-8);
  EXPECT_NEAR(row.effect_high, -0.2258515, 5e-8);
  EXPECT_NEAR(row.effect_low, -0.8591158, 5e-8);
}

// pingouin, test_pairwise.py: drug B against drug C, JASP .030.
TEST(Effect, PublishedJaspRankBiserial) {
  const std::vector<double> b{6, 4, 8, 9, 4, 5, 6, 4, 5, 1, 4}, c{5, 6, 6, 4, 5, 4, 4, 5, 4, 4, 7};
  const Row row = effect(Effect::rank_biserial, make_sample(c, b));
  EXPECT_NEAR(row.effect, 0.030303030303, 1e-10);
}

TEST(Effect, ByHandRankBiserialWithZeros) {
  // Changes 0 0 1 -2 2 5: without zeros ranks 1 2.5 2.5 4, so (1 + 2.5 + 4 - 2.5) / 10; under Pratt 3 4.5 4.5 6: 9 / 18.
  const Sample s = change_column({0, 0, 1, -2, 2, 5});
  EXPECT_DOUBLE_EQ(effect(Effect::rank_biserial, s).effect, 0.5);
  Options pratt;
  pratt.zeros = Zeros::pratt;
  EXPECT_DOUBLE_EQ(effect(Effect::rank_biserial, s, pratt).effect, 0.5);
  const Sample t = change_column({0, 0, 1, -2, 3});
  EXPECT_DOUBLE_EQ(effect(Effect::rank_biserial, t).effect, 2.0 / 6.0);
  EXPECT_DOUBLE_EQ(effect(Effect::rank_biserial, t, pratt).effect, 4.0 / 12.0);
}

TEST(Effect, OracleRankBiserialInterval) {
  const Sample s = change_column({3, -1, 4, -2, 5, 9, -6, 7});
  const Row row = effect(Effect::rank_biserial, s);
  const double n = 8.0;
  const double se = std::sqrt((2 * n * n * n + 3 * n * n + n) / 6.0) / ((n * n + n) / 2.0);  // effectsize, rank_diff.R
  EXPECT_DOUBLE_EQ(row.effect, (36.0 - 18.0) / 36.0);
  EXPECT_NEAR(row.effect_low, std::tanh(std::atanh(0.5) - 1.959963984540054 * se), 1e-12);
  EXPECT_NEAR(row.effect_high, std::tanh(std::atanh(0.5) + 1.959963984540054 * se), 1e-12);
}

TEST(Effect, ByHandProbabilityOfSuperiority) {
  // 7 above, 2 equal, 1 below: .8. Wilson by its quadratic: limits p with |.8 - p| = z sqrt(p (1 - p) / 10).
  const Row row = effect(Effect::prob_superiority, change_column({1, 2, 3, 4, 5, 6, 7, 0, 0, -1}));
  EXPECT_DOUBLE_EQ(row.effect, 0.8);
  for (const double p : {row.effect_low, row.effect_high}) {
    EXPECT_NEAR(std::fabs(0.8 - p), 1.959963984540054 * std::sqrt(p * (1.0 - p) / 10.0), 1e-12);
  }
  const Row all = effect(Effect::prob_superiority, change_column({1, 2, 3}));
  EXPECT_EQ(all.effect_high, 1.0);
  EXPECT_NEAR(all.effect_low, 3.0 / (3.0 + 3.841458820694124), 1e-12);
}

TEST(Effect, OracleRowsAndFiguresAgree) {
  const Sample s = make_sample(before, after);
  const Moments mb = Moments::of({before.data(), 12}), ma = Moments::of({after.data(), 12});
  const double r = Comoments::of({before.data(), 12}, {after.data(), 12}).correlation();
  const EffectFigures f = effect_figures(12.0, ma.mean - mb.mean, mb.sd(), ma.sd(), r, missing);
  for (const Effect e : {Effect::d_z, Effect::d_av, Effect::d_rm, Effect::d_b}) {
    for (const bool hedges : {false, true}) {
      Options o;
      o.hedges = hedges;
      const Row rows = effect(e, s, o, 1.5);
      Row figures;
      o.effect = e;
      finish_effect(o, f, 1.5, figures);
      EXPECT_NEAR(rows.effect, figures.effect, 1e-12);
      EXPECT_NEAR(rows.effect_low, figures.effect_low, 1e-11);
      EXPECT_NEAR(rows.effect_high, figures.effect_high, 1e-11);
    }
  }
}

TEST(Effect, OracleDefinitions) {
  const Sample s = make_sample(before, after);
  const Moments mb = Moments::of({before.data(), 12}), ma = Moments::of({after.data(), 12});
  const Moments mc = Moments::of({s.change.data(), 12});
  const double r = Comoments::of({before.data(), 12}, {after.data(), 12}).correlation();
  EXPECT_NEAR(effect(Effect::d_z, s).effect, mc.mean / mc.sd(), 1e-13);
  EXPECT_NEAR(effect(Effect::d_rm, s).effect, mc.mean / mc.sd() * std::sqrt(2.0 * (1.0 - r)), 1e-13);
  EXPECT_NEAR(effect(Effect::d_av, s).effect, mc.mean / std::sqrt((mb.variance() + ma.variance()) / 2.0), 1e-13);
  EXPECT_NEAR(effect(Effect::d_b, s).effect, mc.mean / mb.sd(), 1e-13);
  const Row z = effect(Effect::d_z, s), rm = effect(Effect::d_rm, s);
  EXPECT_NEAR(rm.effect_low / z.effect_low, std::sqrt(2.0 * (1.0 - r)), 1e-12);
  EXPECT_NEAR(special::noncentral_t_cdf(z.effect * std::sqrt(12.0), 11.0, z.effect_high * std::sqrt(12.0)), 0.025, 1e-10);
  EXPECT_NEAR(special::noncentral_t_cdf(z.effect * std::sqrt(12.0), 11.0, z.effect_low * std::sqrt(12.0)), 0.975, 1e-10);
}

TEST(Effect, UnitsOfTheSampleDoNotMatter) {
  Sample tenths = make_sample(before, after);
  for (std::size_t i = 0; i < 12; ++i) {
    tenths.before[i] /= 10.0;
    tenths.after[i] /= 10.0;
  }
  tenths.on_grid = true;
  tenths.unit = 0.1;
  tenths.per_unit = 10.0;
  const Sample whole = make_sample(before, after);
  for (const Effect e : {Effect::d_z, Effect::d_av, Effect::d_rm, Effect::d_b, Effect::rank_biserial}) {
    EXPECT_NEAR(effect(e, whole, {}, 2.0).effect, effect(e, tenths, {}, 2.0).effect, 1e-13);
    EXPECT_NEAR(effect(e, whole, {}, 2.0).effect_low, effect(e, tenths, {}, 2.0).effect_low, 1e-12);
  }
}

TEST(Effect, RatioScaleStandardisesLogarithms) {
  Sample raw = make_sample(before, after);
  std::vector<double> log_before, log_after;
  for (std::size_t i = 0; i < 12; ++i) {
    log_before.push_back(std::log(before[i]));
    log_after.push_back(std::log(after[i]));
    raw.change[i] = log_after[i] - log_before[i];
  }
  const Sample logs = make_sample(log_before, log_after);
  Options ratio;
  ratio.scale = Scale::ratio;
  for (const Effect e : {Effect::d_z, Effect::d_av, Effect::d_rm, Effect::d_b}) {
    EXPECT_NEAR(effect(e, raw, ratio).effect, effect(e, logs).effect, 1e-13);
  }
  ratio.scale = Scale::symmetric_percent;
  EXPECT_TRUE(unavailable(effect(Effect::d_av, raw, ratio)));
  EXPECT_FALSE(unavailable(effect(Effect::d_z, raw, ratio)));
}

TEST(Effect, ByHandHedgesCorrection) {
  const double pi = 3.14159265358979324;  // gamma(1/2) = sqrt(pi)
  EXPECT_NEAR(hedges_correction(2.0), 1.0 / std::sqrt(pi), 1e-14);
  EXPECT_NEAR(hedges_correction(3.0), std::sqrt(pi / 6.0), 1e-14);
  EXPECT_NEAR(hedges_correction(4.0), std::sqrt(2.0 / pi), 1e-14);
  EXPECT_EQ(hedges_correction(1.0), 0.0);
  const double df = 399.0;  // the two formulas meet
  EXPECT_NEAR(hedges_correction(df),
              std::exp(std::lgamma(df / 2.0) - std::lgamma((df - 1.0) / 2.0)) / std::sqrt(df / 2.0), 1e-12);
  EXPECT_NEAR(hedges_correction(403.0),
              std::exp(std::lgamma(201.5) - std::lgamma(201.0)) / std::sqrt(201.5), 1e-12);
}

TEST(Effect, PropertyHedgesMultipliesEstimateAndLimits) {
  const Sample s = make_sample(before, after);
  Options g;
  g.hedges = true;
  const double j = hedges_correction(11.0);
  for (const Effect e : {Effect::d_z, Effect::d_av, Effect::d_rm, Effect::d_b}) {
    const Row d = effect(e, s), corrected = effect(e, s, g);
    EXPECT_DOUBLE_EQ(corrected.effect, j * d.effect);
    EXPECT_DOUBLE_EQ(corrected.effect_low, j * d.effect_low);
    EXPECT_DOUBLE_EQ(corrected.effect_high, j * d.effect_high);
  }
  EXPECT_DOUBLE_EQ(effect(Effect::rank_biserial, s, g).effect, effect(Effect::rank_biserial, s).effect);
}

TEST(Effect, PropertyOneSidedLimitsAreThoseOfTheWiderLevel) {
  const Sample s = make_sample(before, after);
  Options one, two;
  two.conf_level = 0.9;
  for (const Effect e : {Effect::d_z, Effect::d_av, Effect::d_rm, Effect::d_b, Effect::rank_biserial, Effect::prob_superiority}) {
    const double lowest = e == Effect::rank_biserial ? -1.0 : e == Effect::prob_superiority ? 0.0 : -infinity;
    const double highest = e == Effect::rank_biserial || e == Effect::prob_superiority ? 1.0 : infinity;
    one.alternative = Alternative::greater;
    EXPECT_NEAR(effect(e, s, one).effect_low, effect(e, s, two).effect_low, 1e-11);
    EXPECT_EQ(effect(e, s, one).effect_high, highest);
    one.alternative = Alternative::less;
    EXPECT_NEAR(effect(e, s, one).effect_high, effect(e, s, two).effect_high, 1e-11);
    EXPECT_EQ(effect(e, s, one).effect_low, lowest);
    one.alternative = Alternative::equivalence;
    EXPECT_NEAR(effect(e, s, one).effect_low, effect(e, s, two).effect_low, 1e-11);
    EXPECT_NEAR(effect(e, s, one).effect_high, effect(e, s, two).effect_high, 1e-11);
  }
}

TEST(Effect, BootstrapLimitsAreNearTheAnalyticOnes) {
  std::mt19937_64 rng(1);
  std::normal_distribution<double> normal;
  std::vector<double> b, a;
  for (int i = 0; i < 150; ++i) {
    const double level = 100.0 + 10.0 * normal(rng);
    b.push_back(level + 5.0 * normal(rng));
    a.push_back(level + 4.0 + 5.0 * normal(rng));
  }
  const Sample s = make_sample(b, a);
  Options o;
  o.effect_interval = EffectInterval::bootstrap;
  o.replicates = 2000;
  for (const Effect e : {Effect::d_z, Effect::d_av, Effect::d_rm, Effect::d_b, Effect::rank_biserial, Effect::prob_superiority}) {
    const Row analytic = effect(e, s), drawn = effect(e, s, o);
    EXPECT_DOUBLE_EQ(analytic.effect, drawn.effect);
    EXPECT_NEAR(analytic.effect_low, drawn.effect_low, 0.09) << static_cast<int>(e);
    EXPECT_NEAR(analytic.effect_high, drawn.effect_high, 0.09) << static_cast<int>(e);
  }
}

TEST(Effect, EdgeUnavailable) {
  const Sample column = change_column({1, 2, 4, -1});
  for (const Effect e : {Effect::d_av, Effect::d_rm, Effect::d_b}) {
    EXPECT_TRUE(unavailable(effect(e, column)));
    EXPECT_TRUE(std::isnan(effect(e, column).effect));
  }
  EXPECT_FALSE(unavailable(effect(Effect::d_z, column)));
  EXPECT_TRUE(unavailable(effect(Effect::d_z, change_column({2, 2, 2}))));
  EXPECT_TRUE(unavailable(effect(Effect::d_z, change_column({2}))));
  EXPECT_TRUE(unavailable(effect(Effect::d_b, make_sample({5, 5, 5}, {6, 7, 9}))));
  EXPECT_TRUE(unavailable(effect(Effect::rank_biserial, change_column({0, 0}))));
  const Row all_up = effect(Effect::rank_biserial, change_column({1, 2, 3}));
  EXPECT_DOUBLE_EQ(all_up.effect, 1.0);  // Fisher's z of 1 is infinite: no interval
  EXPECT_TRUE(unavailable(all_up));
  Options g;
  g.hedges = true;
  EXPECT_TRUE(unavailable(effect(Effect::d_z, change_column({1, 2}), g)));  // one degree of freedom
  EXPECT_TRUE(std::isnan(effect(Effect::none, column).effect));
}

TEST(Effect, EdgeEqualChangesUpToRounding) {
  // 0.3 - 0.1 and 0.5 - 0.3 differ in the last bit: no spread.
  const Row row = effect(Effect::d_z, make_sample({0.1, 0.3, 0.7}, {0.3, 0.5, 0.9}));
  EXPECT_TRUE(unavailable(row));
}

}  // namespace
