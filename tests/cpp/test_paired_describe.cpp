// The before/after table of one comparison.
// byhand: eight pairs worked on paper. published: quantiles of Hyndman and Fan's definitions as R 4.2.2 prints them.
// oracle: naive formulas in long double. edge: 0, 1 and 2 pairs, constant changes, offset 1e8.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include "respondr/paired/describe.hpp"

using namespace respondr;
using namespace respondr::paired;

namespace {

using Values = std::vector<double>;

Sample sample_of(const Values& before, const Values& after, double per_unit = 1.0) {
  Sample s;
  s.before = before;
  s.after = after;
  s.per_unit = per_unit;
  s.unit = 1.0 / per_unit;
  s.on_grid = per_unit != 1.0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double change = after[i] - before[i];
    s.change.push_back(s.on_grid ? std::rint(change * per_unit) : change);
    s.magnitude = std::max({s.magnitude, std::fabs(before[i] * per_unit), std::fabs(after[i] * per_unit)});
  }
  s.n_patients = static_cast<int>(before.size());
  return s;
}

Description describe(const Sample& s, QuantileType type = QuantileType::linear) {
  DescribeWorkspace w;
  return paired::describe(s, type, w);
}

double quantile_of(Values x, double p, QuantileType type) {
  std::sort(x.begin(), x.end());
  return quantile({x.data(), x.size()}, p, type);
}

// Hyndman and Fan (1996), eq. 1: (1 - g) x_j + g x_(j+1) with j = floor(n p + m), written for one-based x.
double hyndman_fan(Values x, double p, QuantileType type) {
  std::sort(x.begin(), x.end());
  const long double n = static_cast<long double>(x.size());
  const long double m = type == QuantileType::averaged ? 0.0L : type == QuantileType::weibull ? p : 1.0L - p;
  const long double j = std::floor(n * p + m);
  long double g = n * p + m - j;
  if (type == QuantileType::averaged) {
    g = g > 0.0L ? 1.0L : 0.5L;
  }
  const auto at = [&](long double k) {
    return static_cast<long double>(x[static_cast<std::size_t>(std::min(std::max(k, 1.0L), n)) - 1]);
  };
  return static_cast<double>((1.0L - g) * at(j) + g * at(j + 1.0L));
}

constexpr QuantileType all_types[] = {QuantileType::averaged, QuantileType::weibull, QuantileType::linear};

void expect_spread_near(const Spread& got, const Values& x, QuantileType type, double tolerance) {
  long double mean = 0.0L, ss = 0.0L;
  for (const double v : x) {
    mean += static_cast<long double>(v) / static_cast<long double>(x.size());
  }
  for (const double v : x) {
    ss += (static_cast<long double>(v) - mean) * (static_cast<long double>(v) - mean);
  }
  EXPECT_NEAR(got.mean, static_cast<double>(mean), tolerance);
  EXPECT_NEAR(got.sd, static_cast<double>(std::sqrt(ss / static_cast<long double>(x.size() - 1))), tolerance);
  EXPECT_NEAR(got.median, hyndman_fan(x, .5, type), tolerance);
  EXPECT_NEAR(got.q1, hyndman_fan(x, .25, type), tolerance);
  EXPECT_NEAR(got.q3, hyndman_fan(x, .75, type), tolerance);
  EXPECT_EQ(got.min, *std::min_element(x.begin(), x.end()));
  EXPECT_EQ(got.max, *std::max_element(x.begin(), x.end()));
}

}  // namespace

TEST(Describe, EightPairsWorkedOnPaper) {
  const Sample s = sample_of({1, 2, 3, 4, 5, 6, 7, 8}, {3, 4, 5, 6, 7, 8, 9, 30});
  const Description d = describe(s);
  EXPECT_EQ(d.status, Status::ok);
  EXPECT_EQ(d.n_pairs, 8);
  EXPECT_EQ(d.n_dropped, 0);
  EXPECT_DOUBLE_EQ(d.before.mean, 4.5);
  EXPECT_DOUBLE_EQ(d.before.sd, std::sqrt(6.0));
  EXPECT_DOUBLE_EQ(d.before.q1, 2.75);
  EXPECT_DOUBLE_EQ(d.before.q3, 6.25);
  EXPECT_DOUBLE_EQ(d.after.median, 6.5);
  EXPECT_DOUBLE_EQ(d.after.max, 30.0);
  // Changes: seven times 2 and once 22. Mean 4.5, deviations -2.5 and 17.5; m2 = 43.75, m3 = 656.25, m4 = 11757.8125.
  EXPECT_DOUBLE_EQ(d.change.mean, 4.5);
  EXPECT_DOUBLE_EQ(d.change.sd, std::sqrt(50.0));
  EXPECT_EQ(d.outliers, 1);
  EXPECT_NEAR(d.skewness, 656.25 / std::pow(43.75, 1.5), 1e-14);
  EXPECT_NEAR(d.excess_kurtosis, 11757.8125 / (43.75 * 43.75) - 3.0, 1e-14);
  EXPECT_EQ(d.n_percent, 8);
  EXPECT_NEAR(d.percent_mean, (200 + 100 + 200 / 3. + 50 + 40 + 100 / 3. + 200 / 7. + 275) / 8, 1e-12);
  EXPECT_NEAR(d.percent_median, (200 / 3. + 50) / 2, 1e-12);
  // Products: 42 + 20 * 3.5. Squares of after: 42 + 2 * 20 * 3.5 + 400 * 7 / 8.
  EXPECT_NEAR(d.correlation, 112.0 / std::sqrt(42.0 * 532.0), 1e-14);
}

TEST(Describe, QuartilesOfTheThreeRulesAsPrintedByR) {
  // quantile(c(1, 2, 4, 8, 16, 32), c(.25, .5, .75), type = 2), then 6, then 7.
  const Values x{1, 2, 4, 8, 16, 32};
  const std::map<QuantileType, Values> printed{{QuantileType::averaged, {2, 6, 16}},
                                               {QuantileType::weibull, {1.75, 6, 20}},
                                               {QuantileType::linear, {2.5, 6, 14}}};
  for (const auto& rule : printed) {
    for (int k = 0; k < 3; ++k) {
      EXPECT_DOUBLE_EQ(quantile_of(x, .25 * (k + 1), rule.first), rule.second[static_cast<std::size_t>(k)]);
    }
  }
  // n p a whole number: quantile(c(1, 2, 4, 8), .25, type = 2) is the mean of two values.
  EXPECT_DOUBLE_EQ(quantile_of({1, 2, 4, 8}, .25, QuantileType::averaged), 1.5);
  EXPECT_DOUBLE_EQ(quantile_of({1, 2, 4, 8}, .75, QuantileType::averaged), 6);
}

TEST(Describe, QuantilesFollowTheDefinitionAtEverySize) {
  std::mt19937_64 rng(1);
  std::normal_distribution<double> normal;
  for (std::size_t n = 1; n < 40; ++n) {
    Values x(n);
    std::generate(x.begin(), x.end(), [&] { return normal(rng); });
    for (const QuantileType type : all_types) {
      for (const double p : {0., .125, .25, .5, .75, 1.}) {
        EXPECT_NEAR(quantile_of(x, p, type), hyndman_fan(x, p, type), 1e-15) << n << " " << p;
      }
    }
  }
}

TEST(Describe, AgreesWithNaiveFormulasOnRandomPairs) {
  std::mt19937_64 rng(2);
  std::normal_distribution<double> normal;
  for (const std::size_t n : {3, 4, 17, 62}) {
    Values before(n), after(n), change(n);
    for (std::size_t i = 0; i < n; ++i) {
      before[i] = 5 + normal(rng);
      after[i] = .6 * before[i] + normal(rng);
      change[i] = after[i] - before[i];
    }
    for (const QuantileType type : all_types) {
      const Description d = describe(sample_of(before, after), type);
      expect_spread_near(d.before, before, type, 1e-13);
      expect_spread_near(d.after, after, type, 1e-13);
      expect_spread_near(d.change, change, type, 1e-13);
      long double sums[4] = {0, 0, 0, 0};
      for (const double c : change) {
        for (int k = 2; k < 5; ++k) {
          sums[k - 1] += std::pow(static_cast<long double>(c) - static_cast<long double>(d.change.mean), k) /
                         static_cast<long double>(n);
        }
      }
      EXPECT_NEAR(d.skewness, static_cast<double>(sums[2] / std::pow(sums[1], 1.5L)), 1e-12);
      EXPECT_NEAR(d.excess_kurtosis, static_cast<double>(sums[3] / (sums[1] * sums[1]) - 3.0L), 1e-12);
      int outliers = 0;
      const double reach = 1.5 * (d.change.q3 - d.change.q1);
      for (const double c : change) {
        outliers += c < d.change.q1 - reach || c > d.change.q3 + reach ? 1 : 0;
      }
      EXPECT_EQ(d.outliers, outliers);
    }
  }
}

TEST(Describe, AValueOnTheFenceIsNoOutlier) {
  // Quartiles 1 and 3 under type 7; fences at -2 and 6.
  const Values before(9, 0.0);
  EXPECT_EQ(describe(sample_of(before, {-2, 1, 1, 2, 2, 2, 3, 3, 6})).outliers, 0);
  EXPECT_EQ(describe(sample_of(before, {-2.001, 1, 1, 2, 2, 2, 3, 3, 6.001})).outliers, 2);
}

TEST(Describe, DecimalsComeBackAsDecimals) {
  const Sample s = sample_of({7.1, 8.3, 6.9}, {9.1, 10.3, 9.2}, 10.0);
  const Description d = describe(s);
  EXPECT_EQ(d.change.median, 2.0);
  EXPECT_EQ(d.change.max, 2.3);
  EXPECT_DOUBLE_EQ(d.change.mean, 2.1);
  EXPECT_DOUBLE_EQ(d.change.sd, std::sqrt(.03));
}

TEST(Describe, PercentChangeLeavesOutBaselinesAtOrBelowZeroAndSaysSo) {
  const Description d = describe(sample_of({0, -4, 2, 4}, {1, 1, 3, 5}));
  EXPECT_EQ(d.n_percent, 2);
  EXPECT_DOUBLE_EQ(d.percent_mean, 37.5);
  EXPECT_NE(d.notes & static_cast<std::uint32_t>(Note::baseline_not_positive), 0u);
  EXPECT_EQ(describe(sample_of({1, 2, 2, 4}, {1, 1, 3, 5})).notes, 0u);
  const Description none = describe(sample_of({0, -1, 0}, {1, 2, 4}));
  EXPECT_EQ(none.n_percent, 0);
  EXPECT_TRUE(std::isnan(none.percent_mean));
}

TEST(Describe, AChangeColumnHasNoVisits) {
  Sample s;
  s.change = {1, 2, 4};
  s.n_patients = 5;
  const Description d = describe(s);
  EXPECT_EQ(d.n_dropped, 2);
  EXPECT_EQ(d.n_percent, missing_int);
  EXPECT_TRUE(std::isnan(d.before.mean));
  EXPECT_TRUE(std::isnan(d.correlation));
  EXPECT_EQ(d.change.median, 2.0);
}

TEST(Describe, NoPairOnePairAndConstantChangesKeepWhatIsTrue) {
  Sample empty;
  empty.n_patients = 3;
  const Description none = describe(empty);
  EXPECT_EQ(none.status, Status::no_data);
  EXPECT_EQ(none.n_dropped, 3);
  EXPECT_EQ(none.outliers, missing_int);
  EXPECT_TRUE(std::isnan(none.change.mean));
  const Description one = describe(sample_of({4}, {5}));
  EXPECT_EQ(one.status, Status::one_pair);
  EXPECT_EQ(one.change.median, 1.0);
  EXPECT_TRUE(std::isnan(one.change.sd));
  EXPECT_TRUE(std::isnan(one.correlation));
  const Description same = describe(sample_of({1, 2, 4}, {2, 3, 5}));
  EXPECT_EQ(same.status, Status::no_variance);
  EXPECT_EQ(same.change.sd, 0.0);
  EXPECT_DOUBLE_EQ(same.correlation, 1.0);
  EXPECT_TRUE(std::isnan(same.skewness));
  EXPECT_EQ(describe(sample_of({1, 2, 4}, {1, 2, 4})).status, Status::all_zero);
  const Description flat = describe(sample_of({.1, .1, .1}, {1, 2, 4}));
  EXPECT_EQ(flat.before.sd, 0.0);
  EXPECT_TRUE(std::isnan(flat.correlation));
}

TEST(Describe, TwoPairs) {
  const Description d = describe(sample_of({1, 2}, {2, 5}));
  EXPECT_EQ(d.status, Status::ok);
  EXPECT_DOUBLE_EQ(d.skewness, 0.0);
  EXPECT_DOUBLE_EQ(d.excess_kurtosis, -2.0);
  EXPECT_DOUBLE_EQ(d.correlation, 1.0);
}

TEST(Describe, AnOffsetOfAHundredMillionCostsNoDigitOfTheSpread) {
  Values before{1, 2, 3, 4, 5}, after{2, 2, 5, 4, 9};
  const Description small = describe(sample_of(before, after));
  for (double* x : {before.data(), after.data()}) {
    std::for_each(x, x + 5, [](double& v) { v += 1e8; });
  }
  const Description large = describe(sample_of(before, after));
  EXPECT_DOUBLE_EQ(large.before.sd, small.before.sd);
  EXPECT_DOUBLE_EQ(large.correlation, small.correlation);
  EXPECT_DOUBLE_EQ(large.skewness, small.skewness);
}

TEST(Describe, HugeAndTinyValuesKeepTheirShape) {
  for (const double scale : {1e150, 1e-150}) {
    const Description d = describe(sample_of({0, 0, 0, 0}, {1 * scale, 2 * scale, 4 * scale, 8 * scale}));
    const Description unit = describe(sample_of({0, 0, 0, 0}, {1, 2, 4, 8}));
    EXPECT_NEAR(d.skewness, unit.skewness, 1e-13);
    EXPECT_NEAR(d.excess_kurtosis, unit.excess_kurtosis, 1e-13);
  }
  EXPECT_EQ(quantile_of({-1.7e308, 1.7e308}, .5, QuantileType::linear), 0.0);
}

TEST(Describe, TheOrderOfPairsChangesNoBit) {
  std::mt19937_64 rng(3);
  std::normal_distribution<double> normal;
  std::vector<std::pair<double, double>> pairs(300);
  for (auto& p : pairs) {
    p = {8 + normal(rng), 9 + normal(rng)};
  }
  const auto run = [&pairs] {
    Values before, after;
    for (const auto& p : pairs) {
      before.push_back(p.first);
      after.push_back(p.second);
    }
    return describe(sample_of(before, after));
  };
  const Description a = run();
  for (int repeat = 0; repeat < 20; ++repeat) {
    std::shuffle(pairs.begin(), pairs.end(), rng);
    const Description b = run();
    visit_description_columns([&](const char* name, auto get) { EXPECT_EQ(get(a), get(b)) << name; });
  }
}

TEST(Describe, ColumnsHaveTheNamesOfTheTableAndTheirOwnFields) {
  Description d;
  d.before.q1 = 1.0;
  d.after.sd = 2.0;
  d.change.max = 3.0;
  std::map<std::string, double> seen;
  visit_description_columns([&](const char* name, auto get) { seen[name] = get(d); });
  EXPECT_EQ(seen.size(), 33u);
  EXPECT_EQ(seen.at("q1_before"), 1.0);
  EXPECT_EQ(seen.at("sd_after"), 2.0);
  EXPECT_EQ(seen.at("max_change"), 3.0);
  EXPECT_EQ(seen.at("n_pairs"), 0.0);
}

TEST(Describe, OtherQuantileRulesAreRefused) {
  EXPECT_EQ(quantile_type(6), QuantileType::weibull);
  EXPECT_THROW(quantile_type(5), input_error);
}
