// Sign-flip test: enumeration of all flips as the oracle, Fisher's (1935) count, duality of p and interval.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "respondr/paired/flip.hpp"

namespace {

using namespace respondr;
using namespace respondr::paired;

Sample make_sample(std::vector<double> change, bool on_grid) {
  Sample s;
  s.change = std::move(change);
  s.on_grid = on_grid;
  for (std::size_t i = 0; i < s.change.size(); ++i) {
    s.patient.push_back(hash_mix(77, i));
    s.magnitude = std::max(s.magnitude, std::fabs(s.change[i]));
  }
  return s;
}

Row solve(const Sample& sample, const Options& options, Shift shift = {}) {
  FlipWorkspace w;
  Row row;
  solve_permutation(options, sample, shift, w, row);
  return row;
}

// All 2^n sign flips of (change - theta), one by one.
Tails enumerate(const std::vector<double>& change, double theta) {
  const std::size_t n = change.size();
  long double observed = 0.0L, size = 0.0L;
  for (const double d : change) {
    observed += static_cast<long double>(d) - theta;
    size += std::fabs(d) + std::fabs(theta);
  }
  const long double slack = 1e-14L * size;
  double at_least = 0.0, at_most = 0.0;
  for (std::size_t flip = 0; flip < (std::size_t{1} << n); ++flip) {
    long double sum = 0.0L;
    for (std::size_t i = 0; i < n; ++i) {
      const long double a = static_cast<long double>(change[i]) - theta;
      sum += (flip >> i & 1u) != 0 ? -a : a;
    }
    at_least += sum >= observed - slack ? 1.0 : 0.0;
    at_most += sum <= observed + slack ? 1.0 : 0.0;
  }
  const double all = std::ldexp(1.0, static_cast<int>(n));
  return {at_least / all, at_most / all};
}

double p_of(Alternative alternative, const Tails& t) {
  return alternative == Alternative::two_sided ? std::min(1.0, 2.0 * std::min(t.greater, t.less))
                                               : (alternative == Alternative::greater ? t.greater : t.less);
}

std::vector<double> subset_means(const std::vector<double>& change) {
  std::vector<double> means;
  for (std::size_t a = 1; a < (std::size_t{1} << change.size()); ++a) {
    double sum = 0.0, size = 0.0;
    for (std::size_t i = 0; i < change.size(); ++i) {
      if ((a >> i & 1u) != 0) {
        sum += change[i];
        size += 1.0;
      }
    }
    means.push_back(sum / size);
  }
  std::sort(means.begin(), means.end());
  means.erase(std::unique(means.begin(), means.end(), [](double x, double y) { return y - x < 1e-11; }), means.end());
  return means;
}

// Hull of {theta: p(theta) > alpha} over all subset means, the gaps between them and the two ends.
std::pair<double, double> accepted(const std::vector<double>& change, Alternative alternative, double alpha) {
  const std::vector<double> means = subset_means(change);
  std::pair<double, double> hull{infinity, -infinity};
  const auto take = [&](double theta, double low, double high) {
    if (p_of(alternative, enumerate(change, theta)) > alpha + 1e-12) {
      hull.first = std::min(hull.first, low);
      hull.second = std::max(hull.second, high);
    }
  };
  take(means.front() - 1.0, -infinity, means.front());
  take(means.back() + 1.0, means.back(), infinity);
  for (std::size_t k = 0; k < means.size(); ++k) {
    take(means[k], means[k], means[k]);
    if (k + 1 < means.size()) {
      take(0.5 * (means[k] + means[k + 1]), means[k], means[k + 1]);
    }
  }
  return hull;
}

std::vector<double> draw_change(std::mt19937_64& rng, std::size_t n, int kind) {
  std::vector<double> d(n);
  for (double& x : d) {
    const double u = static_cast<double>(rng() >> 11) * 0x1.0p-53;
    x = kind == 0 ? std::floor(9.0 * u) - 3.0 : kind == 1 ? std::floor(200.0 * u) - 60.0 : 3.0 * u - 1.0;
  }
  return d;
}

TEST(Flip, ByHandThreeGains) {
  Options o;
  const Row row = solve(make_sample({1, 2, 3}, true), o);
  EXPECT_DOUBLE_EQ(row.p_value, 0.25);  // 2 * 1 / 8
  EXPECT_DOUBLE_EQ(row.estimate, 2.0);
  EXPECT_DOUBLE_EQ(row.statistic, 6.0);
  EXPECT_EQ(row.conf_low, -infinity);
  EXPECT_EQ(row.conf_high, infinity);
  EXPECT_NE(row.notes & static_cast<std::uint32_t>(Note::unbounded), 0u);
}

TEST(Flip, ByHandLimitsAtFiftyPercent) {
  Options o;
  o.conf_level = 0.5;  // rank floor(.25 * 8) = 2 of the means 1 1.5 2 2 2.5 3 and the mean of all, 2
  const Row row = solve(make_sample({1, 2, 3}, true), o);
  EXPECT_DOUBLE_EQ(row.conf_low, 1.5);
  EXPECT_DOUBLE_EQ(row.conf_high, 2.5);
  EXPECT_DOUBLE_EQ(row.conf_attained, 0.5);
}

// Fisher (1935), The Design of Experiments, section 21: Darwin's maize, eighths of an inch. 863 of 32768 sums reach 314.
TEST(Flip, PublishedFisherDarwinMaize) {
  const std::vector<double> d{49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
  for (const bool grid : {true, false}) {
    Options o;
    const Row row = solve(make_sample(d, grid), o);
    EXPECT_DOUBLE_EQ(row.statistic, 314.0);
    EXPECT_DOUBLE_EQ(row.p_value, 2.0 * 863.0 / 32768.0);
    EXPECT_EQ(row.distribution, Distribution::exact);
  }
}

TEST(Flip, OraclePValueOfAllFlips) {
  std::mt19937_64 rng(1);
  for (int rep = 0; rep < 600; ++rep) {
    const int kind = rep % 3;
    const std::vector<double> d = draw_change(rng, 1 + rep % 11, kind);
    const double null = rep % 2 == 0 ? 0.0 : (kind == 2 ? 0.31 : 0.5);
    Options o;
    o.alternative = static_cast<Alternative>(rep / 3 % 3);
    const double p = p_of(o.alternative, enumerate(d, null));
    EXPECT_NEAR(solve(make_sample(d, kind != 2), o, {null}).p_value, p, 1e-14) << rep;
    EXPECT_NEAR(solve(make_sample(d, false), o, {null}).p_value, p, 1e-14) << rep;
  }
}

TEST(Flip, OracleIntervalIsTheAcceptedSet) {
  std::mt19937_64 rng(2);
  for (int rep = 0; rep < 240; ++rep) {
    const int kind = rep % 3;
    const std::vector<double> d = draw_change(rng, 2 + rep % 7, kind);
    Options o;
    o.alternative = static_cast<Alternative>(rep / 3 % 3);
    o.conf_level = rep % 4 == 0 ? 0.95 : 0.8;
    const auto hull = accepted(d, o.alternative, 1.0 - o.conf_level);
    for (const bool grid : {kind != 2, false}) {
      const Row row = solve(make_sample(d, grid), o);
      if (std::isinf(hull.first)) {
        EXPECT_EQ(row.conf_low, hull.first) << rep;
      } else {
        EXPECT_NEAR(row.conf_low, hull.first, 1e-10) << rep;
      }
      if (std::isinf(hull.second)) {
        EXPECT_EQ(row.conf_high, hull.second) << rep;
      } else {
        EXPECT_NEAR(row.conf_high, hull.second, 1e-10) << rep;
      }
    }
  }
}

TEST(Flip, PropertyDualityOfExactPAndInterval) {
  std::mt19937_64 rng(3);
  for (int rep = 0; rep < 3000; ++rep) {
    const int kind = rep % 3;
    const Sample sample = make_sample(draw_change(rng, 3 + rep % 18, kind), kind != 2);
    Options o;
    o.conf_level = rep % 2 == 0 ? 0.95 : 0.9;
    const Row row = solve(sample, o);
    const double alpha = 1.0 - o.conf_level, step = 1e-9;
    double outside = 0.0;
    for (const double limit : {row.conf_low, row.conf_high}) {
      if (std::isinf(limit)) {
        continue;
      }
      EXPECT_GT(solve(sample, o, {limit}).p_value, alpha - 1e-12) << rep;
      const double beyond = limit == row.conf_low ? limit - step : limit + step;
      const double p = solve(sample, o, {beyond}).p_value;
      EXPECT_LT(p, alpha + 1e-12) << rep;
      outside += 0.5 * p;
    }
    if (row.conf_low < row.conf_high) {
      EXPECT_NEAR(row.conf_attained, 1.0 - outside, 1e-12) << rep;
    }
  }
}

TEST(Flip, OracleGridAndHalvesAgree) {
  std::mt19937_64 rng(4);
  for (int rep = 0; rep < 60; ++rep) {
    const std::vector<double> d = draw_change(rng, 14 + rep % 12, rep % 2);
    Options o;
    o.conf_level = rep % 3 == 0 ? 0.99 : 0.95;
    const Sample integers = make_sample(d, true);
    SubsetMeanGrid grid;
    SubsetHalves halves;
    FlipConvolution convolution;
    grid.prepare({d.data(), d.size()});
    grid.build();
    halves.prepare({d.data(), d.size()}, 0.0, true);
    for (const double theta : {0.0, 0.5, -3.0, 7.25, 1.0 / 3.0}) {
      const Tails a = grid.tails(theta), b = halves.tails(theta);
      EXPECT_NEAR(a.greater, b.greater, 1e-15);
      EXPECT_NEAR(a.less, b.less, 1e-15);
      if (theta != 1.0 / 3.0) {
        ASSERT_TRUE(convolution.prepare({d.data(), d.size()}, theta));
        const Tails c = convolution.tails();
        EXPECT_NEAR(a.greater, c.greater, 1e-15);
        EXPECT_NEAR(a.less, c.less, 1e-15);
      }
    }
    for (const bool low : {true, false}) {
      const auto a = grid.limit(0.025, low);
      const auto b = halves.limit(0.025, low);
      EXPECT_NEAR(a.value, b.value, 1e-12);
      EXPECT_NEAR(a.outside, b.outside, 1e-15);
    }
  }
}

TEST(Flip, OracleLongConvolutionAgainstNormalTail) {
  std::mt19937_64 rng(5);
  const std::vector<double> d = draw_change(rng, 3000, 0);
  Options o;
  o.exact_limit = 1e9;
  o.alternative = Alternative::greater;
  double sum = 0.0, squares = 0.0;
  for (const double x : d) {
    sum += x - 1.0;
    squares += (x - 1.0) * (x - 1.0);
  }
  const Row row = solve(make_sample(d, true), o, {1.0});
  EXPECT_EQ(row.distribution, Distribution::exact);
  // Continuity: sums move in steps of 2.
  EXPECT_NEAR(row.p_value, special::normal_cdf((sum - 1.0) / std::sqrt(squares), special::Tail::upper), 1e-4);
}

TEST(Flip, PropertyReversalAndShift) {
  std::mt19937_64 rng(6);
  for (int rep = 0; rep < 200; ++rep) {
    const int kind = rep % 3;
    std::vector<double> d = draw_change(rng, 7 + rep % 10, kind);
    Options o;
    const Row row = solve(make_sample(d, kind != 2), o, {1.0});
    std::vector<double> reversed, moved;
    for (const double x : d) {
      reversed.push_back(-x);
      moved.push_back(x + 1024.0);
    }
    const Row back = solve(make_sample(reversed, kind != 2), o, {-1.0});
    EXPECT_NEAR(row.p_value, back.p_value, 1e-14);
    EXPECT_NEAR(row.conf_low, -back.conf_high, 1e-12);
    EXPECT_NEAR(row.conf_high, -back.conf_low, 1e-12);
    const Row far = solve(make_sample(moved, kind != 2), o, {1025.0});
    EXPECT_NEAR(row.p_value, far.p_value, 1e-14);
    EXPECT_NEAR(row.conf_low + 1024.0, far.conf_low, 1e-9);
  }
}

TEST(Flip, PropertyEquivalenceIsTwoOneSidedTests) {
  std::mt19937_64 rng(7);
  for (int rep = 0; rep < 200; ++rep) {
    const int kind = rep % 3;
    const Sample sample = make_sample(draw_change(rng, 8 + rep % 6, kind), kind != 2);
    Options tost, greater, less, two;
    tost.alternative = Alternative::equivalence;
    greater.alternative = Alternative::greater;
    less.alternative = Alternative::less;
    two.conf_level = 0.9;
    const Row row = solve(sample, tost, {0.0, -2.0, 2.5});
    EXPECT_DOUBLE_EQ(row.p_value,
                     std::max(solve(sample, greater, {-2.0}).p_value, solve(sample, less, {2.5}).p_value));
    EXPECT_DOUBLE_EQ(row.conf_low, solve(sample, two).conf_low);
    EXPECT_DOUBLE_EQ(row.conf_high, solve(sample, two).conf_high);
  }
}

TEST(Flip, MonteCarloPCoversTheExactP) {
  std::mt19937_64 rng(8);
  int outside = 0;
  for (int rep = 0; rep < 200; ++rep) {
    const Sample sample = make_sample(draw_change(rng, 12, rep % 3), rep % 3 != 2);
    Options exact, drawn;
    drawn.distribution = Distribution::monte_carlo;
    drawn.replicates = 999;
    drawn.seed = static_cast<std::uint64_t>(rep);
    const double p = solve(sample, exact, {0.5}).p_value;
    const Row row = solve(sample, drawn, {0.5});
    EXPECT_EQ(row.distribution, Distribution::monte_carlo);
    EXPECT_EQ(row.conf_method, ConfMethod::flip_monte_carlo);
    EXPECT_LE(row.p_low, row.p_value);
    EXPECT_GE(row.p_high, row.p_value - 2.1 / 1000.0);
    outside += p < row.p_low || p > row.p_high ? 1 : 0;
  }
  EXPECT_LE(outside, 8);  // 1 in 100 expected, 8 of 200 has probability 4e-4
}

TEST(Flip, PropertyDualityOfMonteCarloPAndInterval) {
  std::mt19937_64 rng(9);
  for (int rep = 0; rep < 1000; ++rep) {
    const int kind = rep % 3;
    const Sample sample = make_sample(draw_change(rng, 6 + rep % 30, kind), kind != 2);
    Options o;
    o.distribution = Distribution::monte_carlo;
    o.replicates = rep % 2 == 0 ? 499 : 1000;
    o.seed = 5;
    const Row row = solve(sample, o);
    EXPECT_TRUE(row.p_matches);
    for (const double limit : {row.conf_low, row.conf_high}) {
      if (std::isfinite(limit)) {
        EXPECT_GT(solve(sample, o, {limit}).p_value, 0.05 - 1e-12) << rep;
        const double beyond = limit == row.conf_low ? limit - 1e-9 : limit + 1e-9;
        EXPECT_LT(solve(sample, o, {beyond}).p_value, 0.05 + 1e-12) << rep;
      }
    }
  }
}

TEST(Flip, MonteCarloIntervalIsNearTheExactOne) {
  std::mt19937_64 rng(10);
  const Sample sample = make_sample(draw_change(rng, 24, 2), false);
  Options exact, drawn;
  drawn.distribution = Distribution::monte_carlo;
  drawn.replicates = 100000;
  const Row a = solve(sample, exact), b = solve(sample, drawn);
  EXPECT_EQ(a.conf_method, ConfMethod::flip_exact);
  EXPECT_NEAR(a.conf_low, b.conf_low, 0.02);
  EXPECT_NEAR(a.conf_high, b.conf_high, 0.02);
}

TEST(Flip, TiesBeyondTheGridCountAsTies) {
  // ln 2 - ln 1, ln 4 - ln 2 and ln 6 - ln 3 are one number but for rounding.
  const std::vector<double> d{std::log(2.0) - std::log(1.0), std::log(4.0) - std::log(2.0), std::log(3.0) - std::log(6.0),
                              std::log(10.0) - std::log(5.0), std::log(14.0) - std::log(7.0)};
  Options o;
  o.alternative = Alternative::greater;
  EXPECT_DOUBLE_EQ(solve(make_sample(d, false), o).p_value, 6.0 / 32.0);
}

TEST(Flip, EdgeStatuses) {
  Options o;
  Row row = solve(make_sample({}, true), o);
  EXPECT_EQ(row.status, Status::no_data);
  EXPECT_TRUE(std::isnan(row.p_value));
  row = solve(make_sample({3}, true), o);
  EXPECT_EQ(row.status, Status::one_pair);
  EXPECT_DOUBLE_EQ(row.p_value, 1.0);
  EXPECT_DOUBLE_EQ(row.estimate, 3.0);
  EXPECT_EQ(row.conf_high, infinity);
  row = solve(make_sample(std::vector<double>(8, 0.0), true), o);
  EXPECT_EQ(row.status, Status::all_zero);
  EXPECT_DOUBLE_EQ(row.p_value, 1.0);
  EXPECT_DOUBLE_EQ(row.conf_low, 0.0);
  EXPECT_DOUBLE_EQ(row.conf_high, 0.0);
  for (const bool grid : {true, false}) {
    row = solve(make_sample(std::vector<double>(8, 2.0), grid), o);
    EXPECT_EQ(row.status, Status::no_variance);
    EXPECT_DOUBLE_EQ(row.p_value, 2.0 / 256.0);
    EXPECT_DOUBLE_EQ(row.conf_low, 2.0);
    EXPECT_DOUBLE_EQ(row.conf_high, 2.0);
  }
}

TEST(Flip, EdgeLimitOfWork) {
  std::mt19937_64 rng(11);
  const Sample sample = make_sample(draw_change(rng, 60, 2), false);
  Options o;
  o.distribution = Distribution::exact;
  Row row = solve(sample, o);
  EXPECT_EQ(row.status, Status::too_large);
  EXPECT_TRUE(std::isnan(row.p_value));
  EXPECT_TRUE(std::isfinite(row.estimate));
  const Sample integers = make_sample(draw_change(rng, 60, 1), true);
  o.exact_limit = 3e5;  // the convolution at one hypothesis fits, the table for all does not
  row = solve(integers, o);
  EXPECT_EQ(row.status, Status::too_large);
  EXPECT_TRUE(std::isfinite(row.p_value));
  EXPECT_TRUE(std::isnan(row.conf_low));
  o.distribution = Distribution::automatic;
  row = solve(integers, o);
  EXPECT_EQ(row.status, Status::ok);
  EXPECT_EQ(row.distribution, Distribution::exact);
  EXPECT_EQ(row.conf_method, ConfMethod::flip_monte_carlo);
  EXPECT_FALSE(row.p_matches);
}

TEST(Flip, EdgeScaleAndOffset) {
  std::mt19937_64 rng(12);
  const std::vector<double> d = draw_change(rng, 15, 2);
  Options o;
  const Row row = solve(make_sample(d, false), o);
  for (const double factor : {1e-150, 1e150}) {
    std::vector<double> scaled = d;
    for (double& x : scaled) {
      x *= factor;
    }
    const Row other = solve(make_sample(scaled, false), o);
    EXPECT_DOUBLE_EQ(row.p_value, other.p_value);
    EXPECT_NEAR(row.conf_low, other.conf_low / factor, 1e-12);
  }
}

TEST(Flip, ClopperPearsonInvertsTheBinomial) {
  // Of 10 draws none reached: upper limit 1 - .005^(1/10).
  EXPECT_NEAR(clopper_pearson(0.0, 10.0, 0.99).high, 1.0 - std::pow(0.005, 0.1), 1e-12);
  EXPECT_EQ(clopper_pearson(0.0, 10.0, 0.99).low, 0.0);
  EXPECT_NEAR(clopper_pearson(10.0, 10.0, 0.99).low, std::pow(0.005, 0.1), 1e-12);
  for (const double k : {1.0, 7.0, 250.0, 5000.0, 9999.0}) {
    const ProbabilityInterval p = clopper_pearson(k, 10000.0, 0.99);
    EXPECT_NEAR(special::beta_cdf(p.low, k, 10001.0 - k, special::Tail::lower), 0.005, 1e-9);
    EXPECT_NEAR(special::beta_cdf(p.high, k + 1.0, 10000.0 - k, special::Tail::upper), 0.005, 1e-9);
  }
}

}  // namespace
