// Classes of response: ties, three-valued logic, sustained and confirmed levels. Rates over cut-offs and their bands;
// standardised risks and their bootstrap, against cases that can be worked out on paper.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/response.hpp"

using namespace respondr::response;
using respondr::missing;

namespace {

Truth one(Measure measure, Relation relation, double cutoff, double before, double after) {
  unsigned lacks = 0;
  return compare({Op::leaf, 0, measure, relation, cutoff}, before, after, lacks);
}

std::vector<Verdict> course(std::initializer_list<int> levels) {
  std::vector<Verdict> out;
  for (const int level : levels) {
    Verdict v;
    v.level = level;
    v.handling = level == -1 ? Handling::open : Handling::classed;
    out.push_back(v);
  }
  return out;
}

std::vector<int> repeated(const Program& program, const std::vector<Verdict>& visits) {
  std::vector<Verdict> judged(visits.size());
  require_repeats(program, visits, judged);
  std::vector<int> out;
  for (const Verdict& v : judged) {
    out.push_back(v.level);
  }
  return out;
}

// Arm 0: 2 of 4 respond at z = 0, 3 of 4 at z = 1. Arm 1: 2 of 8 at z = 0, 2 of 4 at z = 1. In both arms z multiplies the
// odds by 3, so that the additive logistic model meets every cell.
struct Trial {
  std::vector<double> x, y;
  std::vector<int> arm;
  std::vector<double> code = {0.0, 1.0};
  std::size_t columns = 3;

  Trial() {
    const int counts[2][2][2] = {{{2, 4}, {3, 4}}, {{2, 8}, {2, 4}}};
    std::vector<double> treated, z;
    for (int a = 0; a < 2; ++a) {
      for (int c = 0; c < 2; ++c) {
        for (int i = 0; i < counts[a][c][1]; ++i) {
          arm.push_back(a);
          treated.push_back(a);
          z.push_back(c);
          y.push_back(i < counts[a][c][0] ? 1.0 : 0.0);
        }
      }
    }
    x.assign(y.size(), 1.0);
    x.insert(x.end(), treated.begin(), treated.end());
    x.insert(x.end(), z.begin(), z.end());
  }

  RiskProblem problem() const { return {x.data(), y.size(), columns, y.data(), arm.data(), 2, 1, 2, code.data()}; }
};

RiskReplicate risks(const Trial& trial, RiskModel model) {
  RiskReplicate out;
  RiskBootstrap::Workspace work;
  const RiskBootstrap bootstrap(trial.problem());
  bootstrap.observed(model, work, out);
  return out;
}

}  // namespace

TEST(Response, DecimalsTieAtTheBoundary) {
  EXPECT_EQ(one(Measure::change, Relation::at_least, 2.0, 6.2, 8.2), Truth::yes);
  EXPECT_EQ(one(Measure::change, Relation::greater, 2.0, 6.8, 8.8), Truth::no);
  EXPECT_EQ(one(Measure::change, Relation::greater, 2.0, 6.8, 8.8001), Truth::yes);
  EXPECT_EQ(one(Measure::percent_change, Relation::at_most, -50.0, 0.7, 0.35), Truth::yes);
  EXPECT_EQ(one(Measure::percent_change, Relation::at_most, -50.0, -2.0, -3.0), Truth::no);
  EXPECT_EQ(one(Measure::value, Relation::equal, 0.0, missing, 0.0), Truth::yes);
  EXPECT_EQ(one(Measure::value, Relation::equal, 0.0, missing, 1e-300), Truth::no);
}

TEST(Response, WhatStandsInTheWayIsNamed) {
  unsigned lacks = 0;
  const Step step{Op::leaf, 0, Measure::percent_change, Relation::less, -50.0};
  EXPECT_EQ(compare(step, 0.0, 1.0, lacks), Truth::unknown);
  EXPECT_EQ(lacks, has_zero_baseline);
  EXPECT_EQ(compare(step, missing, 1.0, lacks), Truth::unknown);
  EXPECT_EQ(lacks, has_zero_baseline | lacks_baseline);
}

TEST(Response, JoinsAreKleenes) {
  const Truth unknown_no[] = {Truth::unknown, Truth::no}, unknown_yes[] = {Truth::unknown, Truth::yes};
  EXPECT_EQ(join(unknown_no, 2, true), Truth::no);
  EXPECT_EQ(join(unknown_yes, 2, true), Truth::unknown);
  EXPECT_EQ(join(unknown_yes, 2, false), Truth::yes);
  EXPECT_EQ(join(unknown_no, 2, false), Truth::unknown);
}

TEST(Response, RepeatsTakeTheWorstLevelAndStayOpenWhereItIsUnknown) {
  Program program;
  program.sustained = 2;
  EXPECT_EQ(repeated(program, course({1, 2, 1, 0, 2, -1, 2, 0})), (std::vector<int>{0, 1, 1, 0, 0, -1, -1, 0}));
  program.sustained = 1;
  program.confirmed = true;
  EXPECT_EQ(repeated(program, course({1, 2, 1, -1, 2, 0})), (std::vector<int>{1, 1, -1, -1, 0, 0}));
}

TEST(Response, CarriedIsTheLastClassOfItsOwn) {
  std::vector<Verdict> visits = course({2, -1, -1});
  visits[1].handling = visits[2].handling = Handling::carried;
  carry(visits);
  EXPECT_EQ(visits[2].level, 2);
  std::vector<Verdict> none = course({-1});
  none[0].handling = Handling::carried;
  carry(none);
  EXPECT_EQ(none[0].level, -1);
  EXPECT_EQ(none[0].handling, Handling::open);
}

TEST(Threshold, RespondersAtACutOffAreThoseWhoMeetIt) {
  const double value[] = {-1.0, 0.5, 2.0};
  const std::vector<double> change = {0.5, -3.0, 2.0, 7.0, 0.0, 0.5};
  const respondr::Span<double> all{change.data(), change.size()};
  const Cutoffs up{value, 3, true}, down{value, 3, false};
  // Easiest cut-off first: at least -1, 0.5, 2; at most 2, 0.5, -1. The last is a slot for those who meet all.
  const std::vector<std::uint32_t> rise = responders_of(places(up, all), 3), fall = responders_of(places(down, all), 3);
  EXPECT_EQ(std::vector<std::uint32_t>(rise.begin(), rise.end() - 1), (std::vector<std::uint32_t>{5, 4, 2}));
  EXPECT_EQ(std::vector<std::uint32_t>(fall.begin(), fall.end() - 1), (std::vector<std::uint32_t>{5, 4, 1}));
  EXPECT_EQ(up.at(0), 0u);
  EXPECT_EQ(down.at(0), 2u);
}

TEST(Threshold, BandsAreThoseOfThePapers) {
  EXPECT_DOUBLE_EQ(dkw_half(50, 0.05), std::sqrt(std::log(40.0) / 100.0));
  const BandLimits band = rate_band(1, 10, 0.05);
  EXPECT_EQ(band.low, 0.0);
  EXPECT_DOUBLE_EQ(band.high, 0.1 + std::sqrt(std::log(40.0) / 20.0));
  EXPECT_EQ(rate_band(9, 10, 0.05).high, 1.0);
  EXPECT_TRUE(std::isnan(rate_band(0, 0, 0.05).low));
  EXPECT_DOUBLE_EQ(difference_band(0.2, 0.3).low, 0.2 - 0.3);
  EXPECT_EQ(difference_band(-0.9, 0.3).low, -1.0);
  EXPECT_EQ(difference_band(0.9, 0.3).high, 1.0);
  EXPECT_TRUE(std::isnan(difference_band(0.1, missing).high));
  const DifferenceCurve curve({3, 1, 0}, 4, {2, 2, 0}, 2);
  EXPECT_DOUBLE_EQ(curve.difference[1], 0.25 - 1.0);
  EXPECT_DOUBLE_EQ(curve.std_error[0], std::sqrt(0.75 * 0.25 / 4.0));
  const DifferenceCurve both({2, 0}, 8, {1, 0}, 5);
  EXPECT_DOUBLE_EQ(both.std_error[0], std::sqrt(0.25 * 0.75 / 8.0 + 0.2 * 0.8 / 5.0));
}

TEST(Threshold, SupTOfTwoPatientsIsWorkedOut) {
  // One arm has the changes 0 and 1, the other 0: at cut-off 1 the rate is 1/2, drawn again 0, 1/2 or 1, of which two are
  // sqrt(2) standard errors away and are half of all draws.
  const std::vector<std::uint32_t> level = {1, 2}, reference = {1};
  const DifferenceCurve curve({2, 1, 0}, 2, {1, 0, 0}, 1);
  SupTOptions options;
  options.replicates = 400;
  options.seed = 7;
  const SupT one = sup_t(level, reference, curve, options, {});
  EXPECT_NEAR(one.critical, std::sqrt(2.0), 1e-12);
  EXPECT_EQ(one.used, 400);
  options.conf_level = 0.2;
  EXPECT_EQ(sup_t(level, reference, curve, options, {}).critical, 0.0);
  options.conf_level = 0.95;
  options.threads = 3;
  EXPECT_EQ(sup_t(level, reference, curve, options, {}).critical, one.critical);
  const DifferenceCurve flat({1, 0}, 1, {1, 0}, 1);
  EXPECT_TRUE(std::isnan(sup_t({1}, {1}, flat, options, {}).critical));
}

TEST(Threshold, SupTIsTheQuantileOverAllResamples) {
  // Changes 0, 1, 2 against 0, 1, cut-offs 0.5 and 1.5: 27 x 4 resamples, each as likely as any.
  const std::vector<std::uint32_t> level = {0, 1, 2}, reference = {0, 1};
  const DifferenceCurve curve({2, 1, 0}, 3, {1, 0, 0}, 2);
  std::vector<double> largest;
  for (int i = 0; i < 108; ++i) {
    const int a = i % 3, b = i / 3 % 3, c = i / 9 % 3, d = i / 27 % 2, e = i / 54;
    double most = 0.0;
    for (int k = 1; k <= 2; ++k) {
      const double p1 = ((a >= k) + (b >= k) + (c >= k)) / 3.0, p0 = ((d >= k) + (e >= k)) / 2.0;
      const std::size_t at = static_cast<std::size_t>(k - 1);
      most = std::fmax(most, std::fabs(p1 - p0 - curve.difference[at]) / curve.std_error[at]);
    }
    largest.push_back(most);
  }
  std::sort(largest.begin(), largest.end());
  SupTOptions options;
  options.replicates = 20000;
  for (const double level_of : {0.5, 0.7, 0.9}) {  // none of them at a jump
    options.conf_level = level_of;
    EXPECT_NEAR(sup_t(level, reference, curve, options, {}).critical, largest[static_cast<std::size_t>(108 * level_of)], 1e-12);
  }
}

TEST(Standardise, AModelThatMeetsEveryCellGivesTheWeightedCells) {
  // 12 patients have z = 0 and 8 have z = 1.
  const RiskReplicate ml = risks(Trial(), RiskModel::ml);
  EXPECT_NEAR(ml.risk[0], (12 * 0.5 + 8 * 0.75) / 20, 1e-9);
  EXPECT_NEAR(ml.risk[1], (12 * 0.25 + 8 * 0.5) / 20, 1e-9);
  EXPECT_FALSE(ml.refitted || ml.failed);
}

TEST(Standardise, CorrectedModelsKeepTheNumberOfResponders) {
  // Without covariates the risks of the arms, times their sizes, are the 9 responders: FLIC and FLAC do not shift them.
  Trial trial;
  trial.columns = 2;
  for (const RiskModel model : {RiskModel::ml, RiskModel::flic}) {
    const RiskReplicate r = risks(trial, model);
    EXPECT_NEAR(8 * r.risk[0] + 12 * r.risk[1], 9.0, 1e-7);
  }
  // FLAC pulls the arms together, as Firth's penalty does, and not towards one half as a whole.
  const RiskReplicate flac = risks(trial, RiskModel::flac);
  EXPECT_GT(flac.risk[0], 0.5);
  EXPECT_LT(flac.risk[0], 0.625);
  EXPECT_LT(flac.risk[0] - flac.risk[1], 0.625 - 4.0 / 12.0);
}

TEST(Standardise, SeparatedAndEmptyReplicatesAreCounted) {
  Trial trial;
  for (std::size_t i = 0; i < trial.y.size(); ++i) {
    if (trial.arm[i] == 1) trial.y[i] = 1.0;
  }
  const RiskReplicate apart = risks(trial, RiskModel::ml);
  EXPECT_TRUE(apart.refitted);
  EXPECT_FALSE(apart.failed);
  EXPECT_LT(apart.risk[1], 1.0);
  trial.y.assign(trial.y.size(), 1.0);
  EXPECT_TRUE(risks(trial, RiskModel::ml).failed);
}

TEST(Standardise, ReplicatesDrawEachArmAgainAndLimitsAreTheirOrderStatistics) {
  Trial trial;
  trial.columns = 2;  // arms alone: the risks of a replicate are its rates
  RiskOptions options;
  options.replicates = 999;
  options.seed = 11;
  const RiskBootstrap bootstrap(trial.problem());
  RiskBootstrap::Workspace work;
  std::vector<double> difference;
  int refitted = 0;
  for (std::size_t b = 0; b < 999; ++b) {
    RiskReplicate r;
    bootstrap.replicate(options, b, work, r);
    refitted += r.refitted ? 1 : 0;
    if (!r.refitted) {
      EXPECT_NEAR(8 * r.risk[0], std::round(8 * r.risk[0]), 1e-6);
      EXPECT_NEAR(12 * r.risk[1], std::round(12 * r.risk[1]), 1e-6);
    }
    difference.push_back(r.risk[1] - r.risk[0]);
  }
  const RiskAnswer answer = bootstrap_risks(trial.problem(), options, {});
  std::sort(difference.begin(), difference.end());
  EXPECT_EQ(answer.refitted, refitted);
  EXPECT_GT(refitted, 0);
  EXPECT_EQ(answer.difference[0].low, difference[24]);
  EXPECT_EQ(answer.difference[0].high, difference[974]);
  const double estimate = answer.risk[1] - answer.risk[0];
  EXPECT_DOUBLE_EQ(answer.difference[0].basic_low, 2 * estimate - difference[974]);
  EXPECT_DOUBLE_EQ(answer.difference[0].basic_high, 2 * estimate - difference[24]);
  // Var = p q / n of each arm, but for the refitted replicates.
  EXPECT_NEAR(answer.difference[0].std_error, std::sqrt(0.625 * 0.375 / 8 + 2.0 / 9.0 / 12), 0.02);
  const double ratio = std::log(answer.risk[1] / answer.risk[0]);
  EXPECT_NEAR(std::log(answer.ratio[0].basic_low), 2 * ratio - std::log(answer.ratio[0].high), 1e-12);
  options.threads = 3;
  const RiskAnswer again = bootstrap_risks(trial.problem(), options, {});
  EXPECT_EQ(again.ratio[0].low, answer.ratio[0].low);
  EXPECT_EQ(again.difference[0].std_error, answer.difference[0].std_error);
}

TEST(RiskVariance, WithoutCovariatesYesIsThatOfTwoRates) {
  // 5 of 8 and 4 of 12, the model of the arms alone: y and mu do not vary together within an arm.
  Trial trial;
  trial.columns = 2;
  const std::vector<double> beta = {std::log(5.0 / 3.0), std::log(4.0 / 8.0) - std::log(5.0 / 3.0)};
  const double v0 = 1 / 5.0 + 1 / 3.0, v1 = 1 / 4.0 + 1 / 8.0;
  const std::vector<double> vcov = {v0, -v0, -v0, v0 + v1};
  RiskModelFit fit{trial.problem(), beta.data(), vcov.data(), nullptr, 0};
  const double p0 = 5.0 / 8, p1 = 4.0 / 12, q0 = p0 * (1 - p0), q1 = p1 * (1 - p1);
  const RiskTable table(fit);
  const auto error = [&](RiskVariance kind) { return risk_contrasts(table, kind, 0.95)[0].difference.std_error; };
  EXPECT_NEAR(table.risk()[1] - table.risk()[0], p1 - p0, 1e-12);
  EXPECT_NEAR(error(RiskVariance::ge), std::sqrt(q0 / 8 + q1 / 12), 1e-12);
  EXPECT_NEAR(error(RiskVariance::ge_hc0), std::sqrt(q0 / 8 + q1 / 12), 1e-12);
  const double sampled = std::sqrt(q0 * 8 / 7 / 8 + q1 * 12 / 11 / 12);
  EXPECT_NEAR(error(RiskVariance::ye), sampled, 1e-12);
  EXPECT_NEAR(error(RiskVariance::ye_residual), sampled, 1e-12);
  // One stratum of all patients: the residuals of each arm add up to 0, and nothing is taken away.
  const std::vector<int> all(20, 0);
  fit.stratum = all.data();
  fit.strata = 1;
  EXPECT_NEAR(risk_contrasts(RiskTable(fit), RiskVariance::ye, 0.95)[0].difference.std_error, sampled, 1e-12);
}

TEST(Multinomial, PoissonCutsAreSummedAndQuantilesFound) {
  detail::CutPoisson cell(2.0);
  cell.widen();
  cell.widen();  // 0 to 4
  double p[5], total = 0, mean = 0;
  for (int j = 0; j < 5; ++j) {
    p[j] = std::exp(-2.0) * std::pow(2.0, j) / std::tgamma(j + 1.0);
    total += p[j];
    mean += j * p[j];
  }
  double k[4];
  cell.cumulants(k);
  EXPECT_NEAR(cell.probability(), total, 1e-14);
  EXPECT_NEAR(2.0 + k[0], mean / total, 1e-14);
  double central[5] = {0, 0, 0, 0, 0};
  for (int j = 0; j < 5; ++j) {
    for (int r = 2; r < 5; ++r) central[r] += p[j] / total * std::pow(j - mean / total, r);
  }
  EXPECT_NEAR(k[1], central[2], 1e-13);
  EXPECT_NEAR(k[2], central[3], 1e-13);
  EXPECT_NEAR(k[3], central[4] - 3 * central[2] * central[2], 1e-13);
  EXPECT_NEAR(detail::poisson_at_mean(15.0), std::exp(15 * std::log(15.0) - 15 - std::lgamma(16.0)), 1e-13);
  EXPECT_NEAR(detail::poisson_at_mean(16.0), std::exp(16 * std::log(16.0) - 16 - std::lgamma(17.0)), 1e-13);
  EXPECT_NEAR(detail::chisq_upper(0.05, 2), -2 * std::log(0.05), 1e-12);
  const double count[] = {0, 4};
  ShareLimits limits[2];
  simultaneous_shares(SimultaneousMethod::quesenberry_hurst, count, 2, 0.95, limits);
  EXPECT_EQ(limits[0].low, 0.0);
  EXPECT_NEAR(limits[0].high, 3.841458820694124 / (4 + 3.841458820694124), 1e-12);
  EXPECT_EQ(limits[1].high, 1.0);
}

TEST(Block, ValuesAreThoseOfTheRowsAndMissingWithoutOne) {
  // Two patients more than a block holds; the rows stand backwards, every seventh is missing.
  const std::size_t n = Block::size + 2;
  std::vector<int> rows(2 * n);
  std::vector<double> x(2 * n), base(2 * n);
  for (std::size_t i = 0; i < 2 * n; ++i) {
    rows[i] = i % 7 == 0 ? -2147483647 - 1 : static_cast<int>(2 * n - i);
    x[2 * n - i - 1] = static_cast<double>(i);
    base[2 * n - i - 1] = 1000.0 + static_cast<double>(i);
  }
  Source source{rows.data(), n, 2, 1, {x.data()}, {}, {}};
  Block block(source);
  const auto same = [](double value, double wanted, bool known) { return known ? value == wanted : value != value; };
  for (std::size_t first = 0; first < n; first += Block::size) {
    const std::size_t last = std::min(n, first + Block::size);
    block.read(first, last);
    for (std::size_t p = first; p < last; ++p) {
      EXPECT_TRUE(same(block.after(0, p, 1), static_cast<double>(n + p), (n + p) % 7 != 0));
      EXPECT_TRUE(same(block.before(0, p, 1), static_cast<double>(p), p % 7 != 0));
    }
  }
  source.reference = 0;
  source.before = {base.data()};
  Block wide(source);
  wide.read(n - 2, n);
  EXPECT_TRUE(same(wide.before(0, n - 1, 1), 1000.0 + static_cast<double>(2 * n - 1), (2 * n - 1) % 7 != 0));
  source.before = {nullptr};
  Block none(source);
  none.read(0, 1);
  EXPECT_TRUE(none.before(0, 0, 1) != none.before(0, 0, 1));
}
