// The scan of markers against fits of the whole model, the procedure of a screen against its steps, sample sizes against printed
// ones.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "respondr/screen.hpp"

namespace {

using namespace respondr;
using namespace respondr::logistic;
using screen::Model;
using screen::Procedure;
using screen::Rule;
using screen::Selection;

const double nan = std::numeric_limits<double>::quiet_NaN();

struct Data {
  std::size_t n, p;
  std::vector<double> x, y, weight, offset;
  Problem problem() const {
    return {x.data(), n, p, y.data(), weight.empty() ? nullptr : weight.data(), offset.empty() ? nullptr : offset.data()};
  }
  Data with(const std::vector<double>& marker) const {  // rows without the marker are left out
    Data out{0, p + 1, {}, {}, {}, {}};
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < n; ++i) {
      if (marker[i] == marker[i]) rows.push_back(i);
    }
    out.n = rows.size();
    for (std::size_t j = 0; j < p; ++j) {
      for (const std::size_t i : rows) out.x.push_back(x[j * n + i]);
    }
    for (const std::size_t i : rows) {
      out.x.push_back(marker[i]);
      out.y.push_back(y[i]);
      if (!weight.empty()) out.weight.push_back(weight[i]);
      if (!offset.empty()) out.offset.push_back(offset[i]);
    }
    return out;
  }
};

Data covariates(std::size_t n, unsigned seed, bool weighted) {
  std::mt19937 g(seed);
  std::normal_distribution<> z;
  Data d{n, 3, std::vector<double>(3 * n, 1.0), std::vector<double>(n), {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    d.x[n + i] = 40 + 12 * z(g);
    d.x[2 * n + i] = z(g) > 0.4;
    d.y[i] = z(g) + 0.03 * (d.x[n + i] - 40) > 0.2;
  }
  if (weighted) {
    for (std::size_t i = 0; i < n; ++i) {
      d.weight.push_back(static_cast<double>(g() % 4));
      d.offset.push_back(0.3 * z(g));
    }
  }
  return d;
}

ScanRow one(const Data& d, const std::vector<double>& marker, ScanOptions o = {}) {
  const ScanPlan plan(d.problem(), o);
  ScanRow out;
  scan(plan, marker.data(), 1, nan, 1, Hooks{}, [&](std::size_t, const ScanRow& r) { out = r; });
  return out;
}

std::vector<double> genotype(std::size_t n, unsigned seed, double missing_share = 0.0) {
  std::mt19937 g(seed);
  std::vector<double> out(n);
  for (double& v : out) {
    v = static_cast<double>(g() % 2 + g() % 2);
    if (static_cast<double>(g() % 1000) < 1000 * missing_share) v = nan;
  }
  return out;
}

void expect_same_as_fit(const Data& d, const std::vector<double>& marker, Estimator estimator, const ScanRow& row) {
  const Data whole = d.with(marker);
  Options o;
  o.estimator = estimator;
  Workspace w;
  Fit f;
  fit(whole.problem(), o, w, f);
  ASSERT_EQ(f.status, Status::ok);
  const std::size_t k = whole.p - 1;
  const double se = std::sqrt(f.vcov[k * whole.p + k]);
  EXPECT_NEAR(row.estimate, f.beta[k], 2e-8 * se);  // the scan ends at a last step of 1e-8 standard errors
  EXPECT_NEAR(row.std_error / se, 1.0, 2e-8);
}

TEST(Scan, EachMarkerIsTheFitOfItsWholeModel) {
  for (const bool weighted : {false, true}) {
    for (const double share : {0.0, 0.1}) {
      const Data d = covariates(157, 3, weighted);
      for (unsigned m = 1; m <= 8; ++m) {
        const std::vector<double> marker = genotype(d.n, m, share);
        const ScanRow row = one(d, marker);
        EXPECT_EQ(row.status, Status::ok);
        EXPECT_EQ(row.estimator, Estimator::ml);
        expect_same_as_fit(d, marker, Estimator::ml, row);
        ScanOptions o;
        o.estimator = ScanEstimator::firth;
        expect_same_as_fit(d, marker, Estimator::firth, one(d, marker, o));
      }
    }
  }
}

TEST(Scan, LikelihoodRatioAndScoreAreThoseOfTheWholeModel) {
  for (const double share : {0.0, 0.15}) {
    const Data d = covariates(120, 5, share > 0.0);
    const std::vector<double> marker = genotype(d.n, 77, share);
    const Data whole = d.with(marker);
    Workspace w;
    Fit f;
    for (const Estimator estimator : {Estimator::ml, Estimator::firth}) {
      Options o;
      o.estimator = estimator;
      fit(whole.problem(), o, w, f);
      ScanOptions s;
      s.estimator = estimator == Estimator::ml ? ScanEstimator::ml : ScanEstimator::firth;
      s.test = ScanTest::lr;
      EXPECT_NEAR(one(d, marker, s).statistic, test_columns(o, f, {3}, nullptr, TestKind::lr, w).statistic, 1e-9);
      if (estimator == Estimator::ml) {
        s.test = ScanTest::score;
        EXPECT_NEAR(one(d, marker, s).statistic, test_columns(o, f, {3}, nullptr, TestKind::score, w).statistic, 1e-8);
      }
    }
  }
}

TEST(Scan, AMarkerThatSeparatesIsFittedByFirth) {
  const Data d = covariates(60, 9, false);
  std::vector<double> marker(d.n, 0.0);
  int carriers = 0;
  for (std::size_t i = 0; i < d.n && carriers < 4; ++i) {
    if (d.y[i] == 1.0) {
      marker[i] = 1.0;
      ++carriers;
    }
  }
  const ScanRow row = one(d, marker);
  EXPECT_EQ(row.estimator, Estimator::firth);
  EXPECT_EQ(row.status, Status::ok);
  expect_same_as_fit(d, marker, Estimator::firth, row);
  ScanOptions o;
  o.estimator = ScanEstimator::ml;
  EXPECT_EQ(one(d, marker, o).status, Status::separated);
  EXPECT_TRUE(one(d, marker, o).estimate != one(d, marker, o).estimate);
  const ScanRow complete = one(d, d.y);
  EXPECT_EQ(complete.estimator, Estimator::firth);
  expect_same_as_fit(d, d.y, Estimator::firth, complete);
}

TEST(Scan, CovariatesThatSeparateLeaveEveryMarkerToFirth) {
  Data d = covariates(50, 11, false);
  for (std::size_t i = 0; i < d.n; ++i) d.x[2 * d.n + i] = d.y[i] == 1.0 && i < 12;
  const std::vector<double> marker = genotype(d.n, 4);
  const ScanRow row = one(d, marker);
  EXPECT_EQ(row.estimator, Estimator::firth);
  expect_same_as_fit(d, marker, Estimator::firth, row);
}

TEST(Scan, MarkersWithoutAnAnswerSayWhy) {
  const Data d = covariates(40, 13, false);
  EXPECT_EQ(one(d, std::vector<double>(d.n, 2.0)).status, Status::no_variance);
  EXPECT_EQ(one(d, std::vector<double>(d.n, nan)).status, Status::no_data);
  const std::vector<double> age(d.x.begin() + 40, d.x.begin() + 80);
  EXPECT_EQ(one(d, age).status, Status::rank_deficient);
  std::vector<double> infinite = genotype(d.n, 1);
  infinite[3] = infinity;
  EXPECT_EQ(one(d, infinite).status, Status::not_estimable);
  std::vector<double> only_events = genotype(d.n, 1);
  for (std::size_t i = 0; i < d.n; ++i) {
    if (d.y[i] == 0.0) only_events[i] = nan;
  }
  EXPECT_EQ(one(d, only_events).status, Status::one_level);
}

TEST(Scan, ShiftAndScaleOfAMarkerMoveNothingElse) {
  const Data d = covariates(90, 17, false);
  const std::vector<double> marker = genotype(d.n, 21, 0.05);
  const ScanRow plain = one(d, marker);
  for (const double scale : {1e-150, 1e-3, 1e150}) {
    std::vector<double> moved = marker;
    for (double& v : moved) v *= scale;
    EXPECT_NEAR(one(d, moved).estimate * scale / plain.estimate, 1.0, 1e-10);
    EXPECT_NEAR(one(d, moved).statistic / plain.statistic, 1.0, 1e-9);
  }
  std::vector<double> far = marker;
  for (double& v : far) v += 1e8;
  EXPECT_NEAR(one(d, far).estimate / plain.estimate, 1.0, 1e-8);
}

TEST(Scan, BitsDependOnNeitherThreadsNorNeighbours) {
  const Data d = covariates(200, 19, false);
  std::vector<double> markers;
  std::vector<std::vector<double>> single;
  for (unsigned m = 0; m < 20; ++m) {
    single.push_back(genotype(d.n, m + 100, m % 3 == 0 ? 0.1 : 0.0));
    markers.insert(markers.end(), single.back().begin(), single.back().end());
  }
  const ScanPlan plan(d.problem(), ScanOptions{});
  for (const int threads : {1, 3}) {
    std::vector<ScanRow> rows(20);
    scan(plan, markers.data(), 20, nan, threads, Hooks{}, [&](std::size_t i, const ScanRow& r) { rows[i] = r; });
    for (unsigned m = 0; m < 20; ++m) {
      const ScanRow alone = one(d, single[m]);
      EXPECT_EQ(rows[m].estimate, alone.estimate);
      EXPECT_EQ(rows[m].p_value, alone.p_value);
      EXPECT_EQ(rows[m].n, alone.n);
    }
  }
}

TEST(Scan, WholeNumbersGiveWhatDoublesGive) {
  const Data d = covariates(70, 23, false);
  const std::vector<double> marker = genotype(d.n, 5, 0.1);
  std::vector<int> whole;
  for (const double v : marker) whole.push_back(v == v ? static_cast<int>(v) : std::numeric_limits<int>::min());
  const ScanPlan plan(d.problem(), ScanOptions{});
  scan(plan, whole.data(), 1, std::numeric_limits<int>::min(), 1, Hooks{},
       [&](std::size_t, const ScanRow& r) { EXPECT_EQ(r.estimate, one(d, marker).estimate); });
}

Data candidates(std::size_t n, std::size_t p, unsigned seed) {
  std::mt19937 g(seed);
  std::normal_distribution<> z;
  Data d{n, p, std::vector<double>(n * p, 1.0), std::vector<double>(n), {}, {}};
  for (std::size_t j = 1; j < p; ++j) {
    for (std::size_t i = 0; i < n; ++i) d.x[j * n + i] = z(g);
  }
  for (std::size_t i = 0; i < n; ++i) d.y[i] = z(g) + 0.8 * d.x[n + i] > 0.3;
  return d;
}

TEST(Procedure, WithoutSelectionItIsTheFitOfAllTerms) {
  const Data d = candidates(62, 5, 29);
  const Procedure procedure(d.problem(), {{1}, {2}, {3, 4}}, Rule{});
  std::vector<std::uint32_t> rows(d.n);
  for (std::uint32_t i = 0; i < d.n; ++i) rows[i] = i;
  Procedure::Workspace w;
  Model m;
  procedure.run(rows.data(), nullptr, d.n, w, m);
  Workspace fw;
  Fit f;
  fit(d.problem(), Options{}, fw, f);
  for (std::size_t j = 0; j < 5; ++j) EXPECT_NEAR(m.beta[j], f.beta[j], 1e-9);
  EXPECT_FALSE(m.firth);
}

TEST(Procedure, KeepsTheTermsWhoseOwnPIsSmall) {
  const Data d = candidates(62, 5, 31);
  const std::vector<std::vector<std::size_t>> terms = {{1}, {2}, {3, 4}};
  std::vector<double> p;
  for (const auto& term : terms) {
    Data alone{d.n, 1 + term.size(), std::vector<double>(d.x.begin(), d.x.begin() + 62), d.y, {}, {}};
    std::vector<std::size_t> own;
    for (const std::size_t j : term) {
      own.push_back(own.size() + 1);
      alone.x.insert(alone.x.end(), d.x.begin() + static_cast<long>(j * d.n), d.x.begin() + static_cast<long>((j + 1) * d.n));
    }
    Workspace w;
    Fit f;
    fit(alone.problem(), Options{}, w, f);
    p.push_back(test_columns(Options{}, f, own, nullptr, TestKind::lr, w).p_value);
  }
  std::vector<std::uint32_t> rows(d.n);
  for (std::uint32_t i = 0; i < d.n; ++i) rows[i] = i;
  for (const double threshold : {0.0, 0.05, 0.3, 0.7, 1.0}) {
    Rule rule;
    rule.selection = Selection::univariable;
    rule.threshold = threshold;
    Procedure::Workspace w;
    Model m;
    Procedure(d.problem(), terms, rule).run(rows.data(), nullptr, d.n, w, m);
    for (std::size_t t = 0; t < 3; ++t) {
      EXPECT_EQ(m.chosen[t] != 0, p[t] <= threshold);
      for (const std::size_t j : terms[t]) EXPECT_EQ(m.beta[j] != 0.0, p[t] <= threshold);
    }
  }
}

TEST(Procedure, BackwardEliminationEndsWhereNoPIsAboveTheThreshold) {
  const Data d = candidates(80, 7, 37);
  std::vector<std::vector<std::size_t>> terms;
  for (std::size_t j = 1; j < 7; ++j) terms.push_back({j});
  Rule rule;
  rule.selection = Selection::backward;
  rule.threshold = 0.1;
  std::vector<std::uint32_t> rows(d.n);
  for (std::uint32_t i = 0; i < d.n; ++i) rows[i] = i;
  Procedure::Workspace w;
  Model m;
  Procedure(d.problem(), terms, rule).run(rows.data(), nullptr, d.n, w, m);
  EXPECT_TRUE(m.chosen[0]);
  std::size_t kept = 0;
  for (const auto c : m.chosen) kept += c;
  EXPECT_LT(kept, 6u);
  Rule again = rule;
  again.selection = Selection::none;
  std::vector<std::vector<std::size_t>> left;
  for (std::size_t t = 0; t < 6; ++t) {
    if (m.chosen[t]) left.push_back(terms[t]);
  }
  Model reduced;
  Procedure(d.problem(), left, again).run(rows.data(), nullptr, d.n, w, reduced);
  for (std::size_t j = 0; j < 7; ++j) EXPECT_NEAR(reduced.beta[j], m.beta[j], 1e-8);
}

TEST(Procedure, ASampleThatSeparatesIsFittedByFirthWithTheShareOfEventsKept) {
  Data d = candidates(40, 3, 41);
  for (std::size_t i = 0; i < d.n; ++i) d.x[2 * d.n + i] = d.y[i] == 1.0 && i % 3 == 0;
  std::vector<std::uint32_t> rows(d.n);
  for (std::uint32_t i = 0; i < d.n; ++i) rows[i] = i;
  Procedure::Workspace w;
  Model m;
  Procedure(d.problem(), {{1}, {2}}, Rule{}).run(rows.data(), nullptr, d.n, w, m);
  EXPECT_TRUE(m.firth);
  double events = 0.0, expected = 0.0;
  for (std::size_t i = 0; i < d.n; ++i) {
    events += d.y[i];
    expected += 1.0 / (1.0 + std::exp(-(m.beta[0] + m.beta[1] * d.x[d.n + i] + m.beta[2] * d.x[2 * d.n + i])));
  }
  EXPECT_NEAR(events, expected, 1e-8);
}

TEST(Optimism, DependsOnNoThreadAndWholeWeightsArePatients) {
  Data d = candidates(62, 4, 47);
  for (std::size_t i = 0; i < d.n; ++i) d.y[i] = i >= 4;
  Rule rule;
  rule.selection = Selection::univariable;
  rule.threshold = 0.3;
  const validate::BootstrapOptions options{60, true, 0.95, 7};
  const Procedure procedure(d.problem(), {{1}, {2}, {3}}, rule);
  const screen::Optimism one = screen::optimism(procedure, options, 1, Hooks{});
  const screen::Optimism three = screen::optimism(procedure, options, 3, Hooks{});
  EXPECT_EQ(one.validation.failed, 0);
  for (std::size_t t = 0; t < 3; ++t) {
    EXPECT_EQ(one.included[t], three.included[t]);
    EXPECT_GT(one.included[t], 0.0);
    EXPECT_LT(one.included[t], 1.0);
  }
  for (std::size_t m = 0; m < validate::measures; ++m) {
    const double a = one.validation.measure[m].optimism, b = three.validation.measure[m].optimism;
    EXPECT_TRUE(a == b || (a != a && b != b));
  }
  EXPECT_EQ(one.validation.measure[validate::auc].used, 60);  // both classes are in every sample
  Data weighted = d;
  weighted.weight.assign(d.n, 1.0);
  const Procedure by_weight(weighted.problem(), {{1}, {2}, {3}}, rule);
  const screen::Optimism same = screen::optimism(by_weight, options, 1, Hooks{});
  EXPECT_NEAR(one.validation.measure[validate::auc].optimism, same.validation.measure[validate::auc].optimism, 1e-9);
  EXPECT_EQ(one.included, same.included);
}

// pmsampsize 1.1.3, type = "b", csrsquared = .288, parameters = 24, prevalence = .174, and type = "c", rsquared = .2,
// parameters = 25, intercept = 1.9, sd = .6: Riley et al. (2020) print the first in their figure.
TEST(SampleSize, MatchesThePrintedOnes) {
  const screen::SampleSizes b = screen::binary_sizes(24, 0.174, 0.288, 0.9, 0.05, 0.05);
  EXPECT_EQ(b.shrinkage, 623.0);
  EXPECT_EQ(b.optimism, 662.0);
  EXPECT_EQ(b.risk, 221.0);
  EXPECT_NEAR(b.max_r2, 0.603, 5e-4);
  EXPECT_NEAR(b.shrinkage_of_optimism, 0.905, 5e-4);
  const screen::SampleSizes c = screen::continuous_sizes(25, 0.2, 0.9, 0.05, 1.9, 0.6);
  EXPECT_EQ(c.shrinkage, 918.0);
  EXPECT_EQ(c.optimism, 401.0);
  EXPECT_EQ(c.variance, 259.0);
}

TEST(SampleSize, EachCriterionHoldsAtItsSizeAndNotBelow) {
  const screen::SampleSizes c = screen::continuous_sizes(10, 0.3, 0.9, 0.05, 2.0, 5.0);
  EXPECT_GE(screen::linear_shrinkage(c.shrinkage, 10, 0.3), 0.9);
  EXPECT_LT(screen::linear_shrinkage(c.shrinkage - 1, 10, 0.3), 0.9);
  const auto half_width = [](double n) { return special::t_quantile(0.975, n - 11) * 5.0 * std::sqrt(0.7 / n); };
  EXPECT_LE(half_width(c.mean), 0.2);
  EXPECT_GT(half_width(c.mean - 1), 0.2);
}

}  // namespace
