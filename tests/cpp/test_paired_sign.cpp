// Sign test: binomial sums as the oracle, the interval by asking at every gap and change, statuses.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "respondr/paired/sign.hpp"

namespace {

using namespace respondr;
using namespace respondr::paired;
using Values = std::vector<double>;

Sample sample_of(const Values& change, bool on_grid = true) {
  Sample s;
  s.change = change;
  s.on_grid = on_grid;
  for (const double d : change) {
    s.magnitude = std::max(s.magnitude, std::fabs(d));
  }
  return s;
}

Row solve(const Sample& s, const Options& o, Shift shift = {}) {
  SignWorkspace w;
  Row row;
  solve_sign(o, s, shift, w, row);
  return row;
}

double choose(int n, int k) {
  double c = 1.0;
  for (int i = 1; i <= k; ++i) {
    c = c * (n - k + i) / i;
  }
  return c;
}

Tails naive(const Values& d, double theta) {
  int above = 0, n = 0;
  for (const double x : d) {
    above += x > theta ? 1 : 0;
    n += x != theta ? 1 : 0;
  }
  Tails t{0.0, 0.0};
  for (int k = 0; k <= n; ++k) {
    const double p = std::ldexp(choose(n, k), -n);
    t.greater += k >= above ? p : 0.0;
    t.less += k <= above ? p : 0.0;
  }
  return t;
}

Tails naive_normal(const Values& d, double theta, bool continuity) {
  double above = 0.0, n = 0.0;
  for (const double x : d) {
    above += x > theta ? 1.0 : 0.0;
    n += x != theta ? 1.0 : 0.0;
  }
  if (n == 0.0) {
    return {1.0, 1.0};
  }
  const double half = continuity ? 0.5 : 0.0, off = above - n / 2.0, sd = std::sqrt(n / 4.0);
  return {0.5 * std::erfc((off - half) / sd / std::sqrt(2.0)), 0.5 * std::erfc(-(off + half) / sd / std::sqrt(2.0))};
}

bool is_hull(const Row& row) {
  return row.status == Status::hull || (row.notes & static_cast<std::uint32_t>(Note::hull)) != 0;
}

template <class TailsAt>
void expect_hull(const Values& d, double alpha, const Row& row, TailsAt&& tails) {
  Values points = d;
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  double low = missing, high = missing;
  bool inside = false, left = false, hole = false;
  const auto visit = [&](double from, double to, double theta) {
    const Tails t = tails(theta);
    const bool now = t.greater > alpha && t.less > alpha;
    if (now) {
      low = std::isnan(low) ? from : low;
      high = to;
      hole = hole || left;
    }
    left = left || (inside && !now);
    inside = now;
  };
  visit(-infinity, points.front(), points.front() - 1.0);
  for (std::size_t k = 0; k < points.size(); ++k) {
    const bool last = k + 1 == points.size();
    visit(points[k], points[k], points[k]);
    visit(points[k], last ? infinity : points[k + 1], last ? points[k] + 1.0 : (points[k] + points[k + 1]) / 2.0);
  }
  EXPECT_EQ(row.conf_low, low);
  EXPECT_EQ(row.conf_high, high);
  EXPECT_EQ(is_hull(row), hole);
}

Values draw(std::mt19937_64& rng, std::size_t n, int spread) {
  Values d(n);
  for (double& x : d) {
    x = static_cast<double>(static_cast<int>(rng() % static_cast<std::uint64_t>(2 * spread)) - spread / 2);
  }
  return d;
}

}  // namespace

TEST(Sign, ByHandSevenGainsOneLossOneZero) {
  const Row row = solve(sample_of({0, -1, 2, 3, 4, 5, 6, 7, 8}), Options());
  EXPECT_DOUBLE_EQ(row.p_value, 18.0 / 256.0);
  EXPECT_EQ(row.estimate, 4.0);
  EXPECT_EQ(row.statistic, 7.0);
  EXPECT_EQ(row.n_zeros, 1);
  EXPECT_EQ(row.distribution, Distribution::exact);
  EXPECT_EQ(row.conf_method, ConfMethod::sign_exact);
  EXPECT_TRUE(row.p_matches);
}

TEST(Sign, OracleExactTailsAndHull) {
  std::mt19937_64 rng(31);
  for (int round = 0; round < 200; ++round) {
    const Values d = draw(rng, 1 + rng() % 24, round % 2 == 0 ? 4 : 50);
    for (const double null : {0.0, 1.0, 0.5}) {
      const Tails want = naive(d, null);
      Options o;
      o.alternative = Alternative::greater;
      EXPECT_NEAR(solve(sample_of(d), o, {null}).p_value, want.greater, 1e-13);
      o.alternative = Alternative::less;
      EXPECT_NEAR(solve(sample_of(d), o, {null}).p_value, want.less, 1e-13);
    }
    Options o;
    o.conf_level = round % 3 == 0 ? 0.8 : 0.95;
    expect_hull(d, (1.0 - o.conf_level) / 2.0 * (1.0 + 1e-12), solve(sample_of(d), o), [&](double t) { return naive(d, t); });
  }
}

TEST(Sign, OracleAsymptoticTailsAndHull) {
  std::mt19937_64 rng(32);
  for (int round = 0; round < 200; ++round) {
    const Values d = draw(rng, 1 + rng() % 40, round % 2 == 0 ? 4 : 50);
    Options o;
    o.distribution = Distribution::asymptotic;
    o.continuity = round % 3 == 0;
    const auto at = [&](double t) { return naive_normal(d, t, o.continuity); };
    const Row row = solve(sample_of(d), o, {1.0});
    EXPECT_NEAR(row.p_value, std::min(1.0, 2.0 * std::min(at(1.0).less, at(1.0).greater)), 1e-13);
    expect_hull(d, 0.025 * (1.0 + 1e-12), row, at);
  }
}

TEST(Sign, ByHandAttainedLevelOfOrderStatistics) {
  // Seven changes: P(X <= 0) = 1 / 128 a side. Six distinct and the least one twice: nothing lies below it, 1 / 128 again.
  EXPECT_DOUBLE_EQ(solve(sample_of({1, 2, 3, 4, 5, 6, 7}), Options()).conf_attained, 126.0 / 128.0);
  Options o;
  o.conf_level = 0.8;  // rank 2 a side: P(X <= 1) = 8 / 128 are rejected
  EXPECT_DOUBLE_EQ(solve(sample_of({1, 2, 3, 4, 5, 6, 7}), o).conf_attained, 112.0 / 128.0);
  const Row tied = solve(sample_of({1, 1, 3, 4, 5, 6, 7}), o);
  EXPECT_EQ(tied.conf_low, 1.0);
  EXPECT_EQ(tied.conf_high, 6.0);
  EXPECT_DOUBLE_EQ(tied.conf_attained, 1.0 - 1.0 / 128.0 - 8.0 / 128.0);
}

TEST(Sign, EdgeOneSidedLimits) {
  Options o;
  o.alternative = Alternative::greater;
  const Row greater = solve(sample_of({1, 2, 3, 4, 5, 6, 7}), o);
  EXPECT_EQ(greater.conf_low, 1.0);  // P(X <= 0) = 1 / 128 <= .05 < P(X <= 1)
  EXPECT_EQ(greater.conf_high, infinity);
  o.alternative = Alternative::less;
  const Row less = solve(sample_of({1, 2, 3, 4, 5, 6, 7}), o);
  EXPECT_EQ(less.conf_low, -infinity);
  EXPECT_EQ(less.conf_high, 7.0);
}

TEST(Sign, EdgeRules) {
  const auto how = [](std::size_t n, ExactRule rule) {
    Values d(n, 1.0);
    d[0] = 2.0;
    d.insert(d.end(), 9, 0.0);  // zeros do not count
    Options o;
    o.exact_rule = rule;
    return solve(sample_of(d), o).distribution;
  };
  EXPECT_EQ(how(25, ExactRule::n25), Distribution::exact);
  EXPECT_EQ(how(26, ExactRule::n25), Distribution::asymptotic);
  EXPECT_EQ(how(900, ExactRule::work), Distribution::exact);
  EXPECT_EQ(how(900, ExactRule::n20), Distribution::exact);
  EXPECT_EQ(how(3, ExactRule::never), Distribution::asymptotic);
}

TEST(Sign, EdgeStatuses) {
  EXPECT_EQ(solve(sample_of({}), Options()).status, Status::no_data);
  const Row one = solve(sample_of({3}), Options());
  EXPECT_EQ(one.status, Status::one_pair);
  EXPECT_EQ(one.p_value, 1.0);
  EXPECT_EQ(one.conf_low, -infinity);
  EXPECT_NE(one.notes & static_cast<std::uint32_t>(Note::unbounded), 0u);
  const Row zeros = solve(sample_of({0, 0, 0}), Options());
  EXPECT_EQ(zeros.status, Status::all_zero);
  EXPECT_EQ(zeros.p_value, 1.0);
  const Row constant = solve(sample_of({2, 2, 2, 2, 2, 2, 2}), Options());
  EXPECT_EQ(constant.status, Status::no_variance);
  EXPECT_DOUBLE_EQ(constant.p_value, 2.0 / 128.0);
  EXPECT_EQ(constant.conf_low, 2.0);
  EXPECT_EQ(constant.conf_high, 2.0);
}

TEST(Sign, EdgeEquivalenceTakesTheLargerTail) {
  const Values d{-2, -1, 0, 1, 1, 2, 3, 1, 0, -1};
  Options o;
  o.alternative = Alternative::equivalence;
  const Row row = solve(sample_of(d), o, {0.0, -3.0, 2.5});
  EXPECT_DOUBLE_EQ(row.p_value, std::max(naive(d, -3.0).greater, naive(d, 2.5).less));
}

TEST(Sign, EdgeAZeroButForRoundingOffTheGrid) {
  const double almost = 1.0 - 3.0 * (1.0 / 3.0 - 1e-17);
  EXPECT_EQ(solve(sample_of({almost + 1e-16, 1.0, 2.0}, false), Options()).n_zeros, 1);
}
