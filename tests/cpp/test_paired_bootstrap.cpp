// Bootstrap: naive percentile and BCa by another road, duality of p and interval, statuses.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "respondr/paired/bootstrap.hpp"

namespace {

using namespace respondr;
using namespace respondr::paired;

Sample make_sample(std::vector<double> change, bool on_grid = false) {
  Sample s;
  s.change = std::move(change);
  s.on_grid = on_grid;
  s.problem = 99;
  for (const double d : s.change) {
    s.magnitude = std::max(s.magnitude, std::fabs(d));
  }
  return s;
}

Row solve(const Sample& sample, const Options& options, Shift shift = {}) {
  BootstrapWorkspace w;
  Row row;
  solve_bootstrap(options, sample, shift, w, row);
  return row;
}

std::vector<double> draw_change(std::mt19937_64& rng, std::size_t n, bool skewed) {
  std::vector<double> d(n);
  for (double& x : d) {
    const double u = (static_cast<double>(rng() >> 11) + 0.5) * 0x1.0p-53;
    x = skewed ? -std::log(u) - 0.4 : 2.0 * u - 0.7;
  }
  return d;
}

// The resamples of solve_bootstrap, made again from the documented key.
std::vector<double> resampled_means(const Sample& sample, const Options& o) {
  std::vector<double> means;
  for (int r = 0; r < o.replicates; ++r) {
    Stream stream(o.seed, static_cast<std::uint64_t>(Tag::bootstrap), sample.problem, static_cast<std::uint64_t>(r));
    double sum = 0.0;
    for (std::size_t i = 0; i < sample.size(); ++i) {
      sum += sample.change[stream.bounded(static_cast<std::uint32_t>(sample.size()))];
    }
    means.push_back(sum / static_cast<double>(sample.size()));
  }
  std::sort(means.begin(), means.end());
  return means;
}

double mean_of(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double v : x) {
    sum += v;
  }
  return sum / static_cast<double>(x.size());
}

TEST(Bootstrap, OraclePercentileLimitsAreOrderStatistics) {
  std::mt19937_64 rng(1);
  const Sample sample = make_sample(draw_change(rng, 25, true));
  Options o;
  o.bootstrap_interval = BootstrapInterval::percentile;
  o.replicates = 1999;
  o.seed = 11;
  const std::vector<double> means = resampled_means(sample, o);
  const Row row = solve(sample, o);
  EXPECT_DOUBLE_EQ(row.conf_low, means[49]);     // rank 50 of 2000
  EXPECT_DOUBLE_EQ(row.conf_high, means[1949]);  // rank 50 from above
  double squares = 0.0;
  const double centre = mean_of(means);
  for (const double m : means) {
    squares += (m - centre) * (m - centre);
  }
  EXPECT_NEAR(row.std_error, std::sqrt(squares / 1998.0), 1e-12);
  EXPECT_EQ(row.conf_method, ConfMethod::percentile);
}

TEST(Bootstrap, OracleBcaByTheFormulaOfEfron) {
  std::mt19937_64 rng(2);
  const Sample sample = make_sample(draw_change(rng, 30, true));
  Options o;
  o.replicates = 4999;
  o.seed = 12;
  const std::vector<double> means = resampled_means(sample, o);
  const double observed = mean_of(sample.change), n = 30.0;
  double below = 0.0;
  for (const double m : means) {
    below += m < observed ? 1.0 : 0.0;
  }
  const double z0 = special::normal_quantile(below / 4999.0);
  // Jackknife from means without one pair.
  std::vector<double> left_out;
  for (const double d : sample.change) {
    left_out.push_back((n * observed - d) / (n - 1.0));
  }
  const double centre = mean_of(left_out);
  double cubes = 0.0, squares = 0.0;
  for (const double m : left_out) {
    cubes += std::pow(centre - m, 3);
    squares += std::pow(centre - m, 2);
  }
  const double a = cubes / (6.0 * std::pow(squares, 1.5));
  EXPECT_GT(a, 0.0);
  const auto level = [&](double z) { return special::normal_cdf(z0 + (z0 + z) / (1.0 - a * (z0 + z)), special::Tail::lower); };
  const double z = special::normal_quantile(0.975);
  const Row row = solve(sample, o);
  EXPECT_EQ(row.conf_method, ConfMethod::bca);
  EXPECT_DOUBLE_EQ(row.conf_low, means[static_cast<std::size_t>(std::floor(level(-z) * 5000.0)) - 1]);
  const double upper_rank = std::floor((1.0 - level(z)) * 5000.0);
  EXPECT_DOUBLE_EQ(row.conf_high, means[4999 - static_cast<std::size_t>(upper_rank)]);
}

TEST(Bootstrap, PropertyDualityOfPAndInterval) {
  std::mt19937_64 rng(3);
  for (int rep = 0; rep < 400; ++rep) {
    const Sample sample = make_sample(draw_change(rng, 4 + rep % 20, rep % 2 == 0));
    Options o;
    o.bootstrap_interval = rep % 4 < 2 ? BootstrapInterval::bca : BootstrapInterval::percentile;
    o.alternative = static_cast<Alternative>(rep % 3);
    o.conf_level = rep % 5 == 0 ? 0.8 : 0.95;
    o.replicates = 399;
    o.seed = static_cast<std::uint64_t>(rep);
    const Row row = solve(sample, o);
    const double alpha = 1.0 - o.conf_level;
    for (const double limit : {row.conf_low, row.conf_high}) {
      if (std::isfinite(limit)) {
        const double beyond = limit == row.conf_low ? limit - 1e-9 : limit + 1e-9;
        EXPECT_GT(solve(sample, o, {limit}).p_value, alpha - 1e-9) << rep;
        EXPECT_LT(solve(sample, o, {beyond}).p_value, alpha + 1e-9) << rep;
      }
    }
    EXPECT_TRUE(row.p_matches);
  }
}

TEST(Bootstrap, PropertyPIsNeverBelowOneReplicate) {
  std::mt19937_64 rng(4);
  const Sample sample = make_sample(draw_change(rng, 20, true));
  Options o;
  o.replicates = 999;
  for (const auto kind : {BootstrapInterval::bca, BootstrapInterval::percentile}) {
    o.bootstrap_interval = kind;
    EXPECT_DOUBLE_EQ(solve(sample, o, {-50.0}).p_value, 0.002);
    EXPECT_GE(solve(sample, o, {50.0}).p_value, 0.002);  // the acceleration of BCa keeps it above
    o.alternative = Alternative::less;
    EXPECT_DOUBLE_EQ(solve(sample, o, {-50.0}).p_value, 1.0) << static_cast<int>(kind);
    o.alternative = Alternative::two_sided;
  }
}

TEST(Bootstrap, PropertyReversal) {
  std::mt19937_64 rng(5);
  const std::vector<double> d = draw_change(rng, 40, true);
  std::vector<double> reversed;
  for (const double x : d) {
    reversed.push_back(-x);
  }
  Options o;
  const Row a = solve(make_sample(d), o, {0.3}), b = solve(make_sample(reversed), o, {-0.3});
  EXPECT_NEAR(a.p_value, b.p_value, 1e-12);
  EXPECT_DOUBLE_EQ(a.conf_low, -b.conf_high);
  EXPECT_DOUBLE_EQ(a.conf_high, -b.conf_low);
}

TEST(Bootstrap, PropertyEquivalenceIsTwoOneSidedTests) {
  std::mt19937_64 rng(6);
  const Sample sample = make_sample(draw_change(rng, 40, true));
  Options tost, greater, less, two;
  tost.alternative = Alternative::equivalence;
  greater.alternative = Alternative::greater;
  less.alternative = Alternative::less;
  two.conf_level = 0.9;
  const Row row = solve(sample, tost, {0.0, 0.2, 0.9});
  EXPECT_DOUBLE_EQ(row.p_value, std::max(solve(sample, greater, {0.2}).p_value, solve(sample, less, {0.9}).p_value));
  EXPECT_DOUBLE_EQ(row.conf_low, solve(sample, two).conf_low);
}

TEST(Bootstrap, CoverageOfBcaOnSkewedChanges) {
  std::mt19937_64 rng(7);
  int bca = 0;
  Options o;
  o.replicates = 999;
  for (int rep = 0; rep < 400; ++rep) {
    o.seed = static_cast<std::uint64_t>(rep);
    const Row row = solve(make_sample(draw_change(rng, 40, true)), o);
    bca += row.conf_low <= 0.6 && row.conf_high >= 0.6 ? 1 : 0;
  }
  EXPECT_NEAR(bca / 400.0, 0.93, 0.04);  // known to fall a little short of .95 at n = 40
}

TEST(Bootstrap, AccelerationByJackknifeIsTheSkewnessForTheMean) {
  std::mt19937_64 rng(8);
  const Sample sample = make_sample(draw_change(rng, 17, true));
  Bootstrap b;
  const double a = b.acceleration(sample.size(), [&](const std::uint32_t* index, std::size_t n) {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      sum += sample.change[index[i]];
    }
    return sum / static_cast<double>(n);
  });
  EXPECT_NEAR(a, Bootstrap::skewness_sixth({sample.change.data(), sample.size()}), 1e-12);
}

TEST(Bootstrap, EdgeStatuses) {
  Options o;
  EXPECT_EQ(solve(make_sample({}), o).status, Status::no_data);
  Row row = solve(make_sample({2.0}), o);
  EXPECT_EQ(row.status, Status::one_pair);
  EXPECT_DOUBLE_EQ(row.estimate, 2.0);
  EXPECT_TRUE(std::isnan(row.p_value));
  EXPECT_EQ(solve(make_sample({2.0, 2.0, 2.0}), o).status, Status::no_variance);
  EXPECT_EQ(solve(make_sample({0.0, 0.0, 0.0}), o).status, Status::all_zero);
  row = solve(make_sample({1.0, 2.0, 4.0}), o);
  EXPECT_EQ(row.status, Status::ok);
  EXPECT_NE(row.notes & static_cast<std::uint32_t>(Note::small_bootstrap), 0u);
  o.replicates = 20;  // too few for a limit at 2.5 percent
  row = solve(make_sample({1.0, 2.0, 4.0}), o);
  EXPECT_EQ(row.conf_low, -infinity);
  EXPECT_NE(row.notes & static_cast<std::uint32_t>(Note::unbounded), 0u);
}

}  // namespace
