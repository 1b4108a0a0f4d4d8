// Validation by resampling: against the same resamples worked by hand, for any number of threads, with rare events, weights
// and separation.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "respondr/validate/folds.hpp"
#include "respondr/validate/refit.hpp"

using namespace respondr;
using namespace respondr::validate;

namespace {

struct Data {
  std::vector<double> x, event, weight;
  std::size_t n() const { return event.size(); }
  Patients patients() const { return {n(), event.data(), weight.empty() ? nullptr : weight.data()}; }
  LogisticProcedure procedure() const {
    LogisticProcedure p;
    p.x = x.data();
    p.n = n();
    p.p = x.size() / n();
    p.event = event.data();
    return p;
  }
};

Data some(std::size_t n, std::size_t events, std::size_t columns, unsigned seed) {
  std::mt19937 g(seed);
  std::normal_distribution<double> z;
  Data d;
  d.x.assign(n * (columns + 1), 1.0);
  for (std::size_t i = 0; i < n; ++i) d.event.push_back(i < events ? 1.0 : 0.0);
  for (std::size_t k = n; k < d.x.size(); ++k) d.x[k] = z(g) + (k % n < events ? 0.7 : 0.0);
  return d;
}

double expit(double eta) { return 1.0 / (1.0 + std::exp(-eta)); }

}  // namespace

// Predicts the share of events of the resample, tilted by x: nothing to fit, so that all can be done again by hand.
struct Tilt {
  const Data* data;
  int make() const { return 0; }
  Refit operator()(const Resample& r, int&, double* eta) const {
    double sum = 0.0;
    for (std::size_t k = 0; k < r.size; ++k) sum += data->x[data->n() + r.index[k]];
    for (std::size_t i = 0; i < data->n(); ++i) eta[i] = data->x[data->n() + i] - sum / static_cast<double>(r.size);
    return {true, false, false};
  }
};

TEST(ValidateBootstrap, brier_is_that_of_the_same_resamples_by_hand) {
  const Data d = some(30, 10, 1, 4);
  BootstrapOptions o;
  o.replicates = 50;
  o.seed = 9;
  const Validation v = validate_bootstrap(d.patients(), Tilt{&d}, o, 1, {});
  const Resampler resampler(d.patients());
  std::vector<std::uint32_t> drawn;
  std::vector<double> loss(30, 0.0), count(30, 0.0);
  double optimism = 0.0;
  for (std::uint64_t b = 0; b < 50; ++b) {
    Stream stream(9, static_cast<std::uint64_t>(Tag::validation), 0, b);
    resampler.draw(stream, true, drawn);
    double mean = 0.0, inside = 0.0, original = 0.0;
    for (std::size_t k = 0; k < 30; ++k) mean += drawn[k] * d.x[30 + k] / 30.0;
    for (std::size_t k = 0; k < 30; ++k) {
      const double e = expit(d.x[30 + k] - mean) - d.event[k];
      inside += drawn[k] * e * e / 30.0;
      original += e * e / 30.0;
      if (drawn[k] == 0) {
        loss[k] += e * e;
        count[k] += 1.0;
      }
    }
    optimism += (inside - original) / 50.0;
  }
  const MeasureSummary& s = v.measure[brier_score];
  EXPECT_NEAR(s.optimism, optimism, 1e-13);
  EXPECT_NEAR(s.corrected, s.apparent - optimism, 1e-13);
  double left = 0.0, none = 0.0, own = 0.0;
  for (std::size_t k = 0; k < 30; ++k) own += d.x[30 + k] / 30.0;
  for (std::size_t k = 0; k < 30; ++k) left += loss[k] / count[k] / 30.0;
  for (std::size_t i = 0; i < 30; ++i)
    for (std::size_t j = 0; j < 30; ++j) none += std::pow(d.event[i] - expit(d.x[30 + j] - own), 2) / 900.0;
  const double rate = (left - s.apparent) / (none - s.apparent), w = .632 / (1 - .368 * rate);
  ASSERT_GT(left, s.apparent);
  ASSERT_LT(left, none);
  EXPECT_NEAR(s.left_out, left, 1e-13);
  EXPECT_NEAR(s.plus632, (1 - w) * s.apparent + w * left, 1e-13);
}

TEST(ValidateBootstrap, efron_and_tibshirani_at_the_ends) {
  EXPECT_DOUBLE_EQ(err_632_plus(0.0, 0.5, 0.5), 0.5);             // all overfit: weight 1
  EXPECT_DOUBLE_EQ(err_632_plus(0.2, 0.2, 0.5), 0.2);             // none
  EXPECT_DOUBLE_EQ(err_632_plus(0.3, 0.2, 0.5), 0.368 * 0.3 + 0.632 * 0.2);
  EXPECT_DOUBLE_EQ(err_632_plus(0.1, 0.9, 0.5), 0.5);             // worse than no information counts as none
}

TEST(ValidateBootstrap, same_bits_for_any_threads) {
  const Data d = some(62, 21, 3, 1);
  BootstrapOptions o;
  o.replicates = 100;
  o.seed = 3;
  const Validation one = validate_bootstrap(d.patients(), d.procedure(), o, 1, {});
  const Validation four = validate_bootstrap(d.patients(), d.procedure(), o, 4, {});
  for (std::size_t m = 0; m < measures; ++m) {
    EXPECT_EQ(one.measure[m].optimism, four.measure[m].optimism);
    EXPECT_EQ(one.measure[m].plus632, four.measure[m].plus632);
    if (m != intercept && m != slope) {
      EXPECT_EQ(one.measure[m].low, four.measure[m].low);
    }
    EXPECT_EQ(one.measure[m].used, 100);
  }
  EXPECT_NEAR(one.measure[slope].apparent, 1.0, 1e-8);
  EXPECT_NEAR(one.measure[intercept].apparent, 0.0, 1e-8);
  EXPECT_GT(one.measure[auc].optimism, 0.0);
  EXPECT_LT(one.measure[slope].corrected, 1.0);
}

TEST(ValidateBootstrap, four_events_survive_every_resample_and_separation_is_counted) {
  const Data d = some(62, 4, 2, 8);
  BootstrapOptions o;
  o.replicates = 200;
  const Validation v = validate_bootstrap(d.patients(), d.procedure(), o, 1, {});
  EXPECT_EQ(v.status, Status::ok);
  EXPECT_EQ(v.failed, 0);
  EXPECT_GT(v.penalised, 0);
  EXPECT_EQ(v.measure[auc].used, 200);
  EXPECT_TRUE(std::isfinite(v.measure[slope].corrected));
  EXPECT_LT(v.left_out_used, 200);  // some resamples hold all four events
}

TEST(ValidateBootstrap, weights_are_patients) {
  Data d = some(20, 8, 1, 5), many;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < 20; ++i) {
    d.weight.push_back(1.0 + static_cast<double>(i % 2));
    rows.insert(rows.end(), 1 + i % 2, i);
  }
  for (const std::size_t i : rows) many.event.push_back(d.event[i]);
  many.x.assign(rows.size(), 1.0);
  for (const std::size_t i : rows) many.x.push_back(d.x[20 + i]);
  BootstrapOptions o;
  o.replicates = 60;
  const Validation a = validate_bootstrap(d.patients(), d.procedure(), o, 1, {});
  const Validation b = validate_bootstrap(many.patients(), many.procedure(), o, 1, {});
  for (std::size_t m = 0; m < measures; ++m) {
    EXPECT_NEAR(a.measure[m].corrected, b.measure[m].corrected, 1e-8);
    if (m != brier_score && m != scaled_brier_score) {
      EXPECT_NEAR(a.measure[m].plus632, b.measure[m].plus632, 1e-8);
    }
  }
}

TEST(ValidateBootstrap, classes_that_are_not_there) {
  Data d = some(12, 12, 1, 1);
  EXPECT_EQ(validate_bootstrap(d.patients(), d.procedure(), {}, 1, {}).status, Status::one_group_empty);
  d = some(4, 2, 1, 2);
  BootstrapOptions o;
  o.replicates = 40;
  EXPECT_EQ(validate_bootstrap(d.patients(), d.procedure(), o, 1, {}).replicates, 40);
}

TEST(ValidateFolds, as_many_folds_as_the_rarer_class_and_the_same_bits) {
  const Data d = some(40, 6, 2, 6);
  FoldOptions o;
  o.repeats = 8;
  int folds = 0;
  const Validation one = validate_folds(d.patients(), d.procedure(), o, 1, {}, folds);
  EXPECT_EQ(folds, 6);
  const Validation two = validate_folds(d.patients(), d.procedure(), o, 2, {}, folds);
  for (std::size_t m = 0; m < measures; ++m) {
    EXPECT_EQ(one.measure[m].corrected, two.measure[m].corrected);
  }
  EXPECT_LT(one.measure[auc].corrected, one.measure[auc].apparent);
  const Data few = some(10, 1, 1, 6);
  EXPECT_EQ(validate_folds(few.patients(), few.procedure(), o, 1, {}, folds).status, Status::too_few);
}

TEST(ValidateCalibration, slope_and_intercept_of_doubled_log_odds) {
  const Data d = some(50, 20, 1, 12);
  Calibrator c;
  std::vector<double> eta(d.x.begin() + 50, d.x.end()), twice = eta;
  for (double& e : twice) e *= 2.0;
  const Calibrator::Line a = c.fit(d.patients(), eta.data(), false), b = c.fit(d.patients(), twice.data(), false);
  EXPECT_NEAR(b.slope, 0.5 * a.slope, 1e-9);
  EXPECT_NEAR(b.slope_se, 0.5 * a.slope_se, 1e-9);
  std::fill(twice.begin(), twice.end(), 0.3);
  EXPECT_EQ(c.fit(d.patients(), twice.data(), false).slope_status, Status::no_variance);
  for (std::size_t i = 0; i < 50; ++i) twice[i] = d.event[i] - 0.5;
  EXPECT_EQ(c.fit(d.patients(), twice.data(), false).slope_status, Status::separated);
  EXPECT_TRUE(c.fit(d.patients(), twice.data(), true).penalised);
  twice[0] = infinity;
  EXPECT_EQ(c.fit(d.patients(), twice.data(), false).intercept_status, Status::not_estimable);
}
