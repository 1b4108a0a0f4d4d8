// Contrasts by ranks: Steel, Dwass-Steel-Critchlow-Fligner, Dunn; the shift of Hodges and Lehmann and its limits by a plain
// scan.

#include <gtest/gtest.h>

#include "groups_k_arms.hpp"

namespace {

using namespace respondr;
using namespace respondr::groups;
using groups_k::Arms;
using groups_k::Problem;

struct Pairs {
  const Problem problem;
  KOptions options;
  RankPairsWorkspace w;
  FamilyQuantiles quantiles;

  explicit Pairs(const Arms& arms, Alternative a = Alternative::two_sided, std::size_t reference = 0) : problem(arms) {
    options.alternative = a;
    prepare_rank_pairs(options, problem.ranks, reference, w);
  }
  KRow sum(bool steel, std::size_t level, std::size_t reference = 0) {
    KRow row;
    solve_rank_sum_pair(options, steel, problem.ranks, problem.dropped, level, reference, quantiles, w, row);
    return row;
  }
  KRow dunn(std::size_t level, std::size_t reference = 0) {
    KRow row;
    solve_dunn(problem.ranks, problem.dropped, level, reference, w, row);
    return row;
  }
};

// z of the rank-sum test of x - theta against y, by counting.
double plain_z(std::vector<double> x, const std::vector<double>& y, double theta) {
  double u = 0.0, ties = 0.0;
  std::vector<double> all = y;
  for (double& v : x) {
    v -= theta;
    all.push_back(v);
    for (const double s : y) {
      u += v > s ? 1.0 : v == s ? 0.5 : 0.0;
    }
  }
  for (const double v : all) {
    const double t = static_cast<double>(std::count(all.begin(), all.end(), v));
    ties += t * t - 1.0;
  }
  const double n = static_cast<double>(x.size()), m = static_cast<double>(y.size()), both = n + m;
  return (u - 0.5 * n * m) / std::sqrt(n * m / 12.0 * (both + 1.0 - ties / (both * (both - 1.0))));
}

std::vector<double> differences(const std::vector<double>& x, const std::vector<double>& y) {
  std::vector<double> d;
  for (const double a : x) {
    for (const double b : y) {
      d.push_back(a - b);
    }
  }
  std::sort(d.begin(), d.end());
  return d;
}

// The hull of the shifts with |z| < c, looked for at every difference and between any two.
std::pair<double, double> plain_limits(const std::vector<double>& x, const std::vector<double>& y, double c) {
  const std::vector<double> d = differences(x, y);
  double low = infinity, high = -infinity;
  for (std::size_t i = 0; i <= d.size(); ++i) {
    const double left = i == 0 ? d.front() - 1.0 : d[i - 1], right = i == d.size() ? d.back() + 1.0 : d[i];
    if (right > left && std::fabs(plain_z(x, y, 0.5 * (left + right))) < c) {
      low = std::min(low, i == 0 ? -infinity : left);
      high = std::max(high, i == d.size() ? infinity : right);
    }
    if (i < d.size() && std::fabs(plain_z(x, y, d[i])) < c) {
      low = std::min(low, d[i]);
      high = std::max(high, d[i]);
    }
  }
  return {low, high};
}

TEST(RankPairs, LimitsAreTheHullOfAPlainScan) {
  std::mt19937 engine(31);
  for (int i = 0; i < 30; ++i) {
    const Arms arms = groups_k::draw(engine, {5, 7, 6}, i % 3 == 0 ? 0 : 4 + 4 * (i % 3));
    Pairs p(arms);
    for (std::size_t level = 1; level < 3; ++level) {
      const KRow steel = p.sum(true, level), dscf = p.sum(false, level);
      const std::vector<double> d = differences(arms[level], arms[0]);
      const std::size_t n = d.size();
      EXPECT_NEAR(steel.estimate, 0.5 * (d[(n - 1) / 2] + d[n / 2]), 1e-12);
      EXPECT_NEAR(steel.statistic, plain_z(arms[level], arms[0], 0.0), 1e-12);
      const double single = special::normal_quantile(0.975), family = one_factor_quantile(p.w.factor, 0.05);
      const auto a = plain_limits(arms[level], arms[0], single), b = plain_limits(arms[level], arms[0], family);
      EXPECT_EQ(steel.conf_low, a.first);
      EXPECT_EQ(steel.conf_high, a.second);
      EXPECT_EQ(steel.conf_low_adjusted, b.first);
      EXPECT_EQ(steel.conf_high_adjusted, b.second);
      const auto c =
          plain_limits(arms[level], arms[0], special::studentized_range_quantile(0.95, 3, infinity) / std::sqrt(2.0));
      EXPECT_EQ(dscf.conf_low_adjusted, c.first);
      EXPECT_EQ(dscf.conf_high_adjusted, c.second);
      EXPECT_EQ(dscf.p_value, steel.p_value);
    }
  }
}

TEST(RankPairs, ZeroIsInsideExactlyWherePExceedsAlphaOrTheHullIsNamed) {
  std::mt19937 engine(37);
  int hulls = 0;
  for (int i = 0; i < 150; ++i) {
    const Arms arms = groups_k::draw(engine, {6, 8, 7}, i % 2 == 0 ? 0 : 6);
    const Alternative a = i % 3 == 0 ? Alternative::two_sided : i % 3 == 1 ? Alternative::less : Alternative::greater;
    Pairs p(arms, a);
    const KRow row = p.sum(true, 1);
    const bool hull = (row.notes & static_cast<std::uint32_t>(Note::hull)) != 0;
    hulls += hull ? 1 : 0;
    const bool in = row.conf_low <= 0.0 && row.conf_high >= 0.0;
    const bool in_family = row.conf_low_adjusted <= 0.0 && row.conf_high_adjusted >= 0.0;
    EXPECT_TRUE(in == (row.p_value > 0.05) || hull);
    EXPECT_TRUE(in_family == (row.p_adjusted > 0.05) || hull);
    EXPECT_GE(row.p_adjusted, row.p_value * (1.0 - 1e-9));
    EXPECT_LE(row.p_adjusted, 2.0 * row.p_value * (1.0 + 1e-9));
  }
  EXPECT_LT(hulls, 30);
}

TEST(RankPairs, SteelHasTheCorrelationsOfU) {
  // Covariance of two counts against one reference over all ways to deal 2, 2 and 3 distinct values.
  const Arms arms{{1, 2}, {3, 4}, {5, 6, 7}};
  double a = 0.0, b = 0.0, ab = 0.0, aa = 0.0, bb = 0.0, all = 0.0;
  groups_k::deal(arms, [&](const Arms& d) {
    const double u = groups_k::textbook_j({d[0], d[1]}), v = groups_k::textbook_j({d[0], d[2]});
    all += 1.0;
    a += u;
    b += v;
    ab += u * v;
    aa += u * u;
    bb += v * v;
  });
  const double r =
      (ab / all - a * b / all / all) / std::sqrt((aa / all - a * a / all / all) * (bb / all - b * b / all / all));
  const Pairs p(arms);
  EXPECT_NEAR(p.w.factor.loading[0] * p.w.factor.loading[1], r, 1e-12);
}

TEST(RankPairs, OfTwoArmsAreTheSingleTest) {
  Pairs p(Arms{{1, 4, 6, 8, 9}, {3, 7, 10, 12}});
  for (const bool steel : {false, true}) {
    const KRow row = p.sum(steel, 1);
    EXPECT_NEAR(row.p_adjusted, row.p_value, 1e-12);
    EXPECT_EQ(row.conf_low, row.conf_low_adjusted);
  }
  const double z = p.dunn(1).statistic;
  KruskalWorkspace w;
  KRow h;
  KOptions o;
  o.distribution = Distribution::asymptotic;
  solve_kruskal(o, p.problem.ranks, 0, w, h);
  EXPECT_NEAR(z * z, h.statistic, 1e-12);
}

TEST(Dunn, PrintsWhatUniStatPrints) {
  // Zar (2010), pH of ponds; UniStat's Bonferroni p of six pairs.
  Pairs p({{7.68, 7.69, 7.7, 7.7, 7.72, 7.73, 7.73, 7.76},
           {7.71, 7.73, 7.74, 7.74, 7.78, 7.78, 7.8, 7.81},
           {7.74, 7.75, 7.77, 7.78, 7.8, 7.81, 7.84},
           {7.71, 7.71, 7.74, 7.79, 7.81, 7.85, 7.87, 7.91}});
  EXPECT_NEAR(6.0 * p.dunn(1).p_value, 0.1956, 5e-5);
  EXPECT_NEAR(6.0 * p.dunn(2).p_value, 0.0191, 5e-5);
  EXPECT_NEAR(6.0 * p.dunn(3).p_value, 0.0166, 5e-5);
  EXPECT_GT(6.0 * p.dunn(3, 2).p_value, 1.0);
  EXPECT_TRUE(std::isnan(p.dunn(1).conf_low));
  EXPECT_TRUE(std::isnan(p.dunn(1).p_adjusted));
}

TEST(PairDifferences, SelectWithoutAListIsTheSortedList) {
  std::mt19937 engine(41);
  for (const unsigned levels : {0u, 7u}) {
    Arms arms = groups_k::draw(engine, {160, 190}, levels);
    std::sort(arms[0].begin(), arms[0].end());
    std::sort(arms[1].begin(), arms[1].end());
    const std::vector<double> d = differences(arms[1], arms[0]);
    PairDifferences p;
    p.prepare({arms[1].data(), arms[1].size()}, {arms[0].data(), arms[0].size()});
    ASSERT_GT(p.pairs(), PairDifferences::listed);
    for (std::size_t rank = 1; rank <= d.size(); rank += 1013) {
      EXPECT_EQ(p.select(static_cast<double>(rank)), d[rank - 1]);
    }
    EXPECT_EQ(p.select(static_cast<double>(d.size())), d.back());
    EXPECT_NEAR(p.median(), 0.5 * (d[(d.size() - 1) / 2] + d[d.size() / 2]), 1e-12);
  }
}

TEST(RankPairs, TurnMoveAndScaleWithTheData) {
  std::mt19937 engine(43);
  const Arms arms = groups_k::draw(engine, {5, 6, 7}, 9);
  Arms other = arms;
  for (auto& arm : other) {
    for (double& x : arm) {
      x = 1e8 + 2.0 * x;
    }
  }
  Pairs p(arms), q(other);
  for (const bool steel : {false, true}) {
    const KRow a = p.sum(steel, 2), b = q.sum(steel, 2);
    EXPECT_NEAR(b.estimate, 2.0 * a.estimate, 1e-12);
    EXPECT_EQ(b.conf_high_adjusted, 2.0 * a.conf_high_adjusted);
    EXPECT_EQ(a.p_adjusted, b.p_adjusted);
  }
  EXPECT_EQ(p.sum(false, 2, 1).conf_low, -p.sum(false, 1, 2).conf_high);
  EXPECT_EQ(p.dunn(2, 1).statistic, -p.dunn(1, 2).statistic);
}

TEST(RankPairs, SayWhyThereIsNoAnswer) {
  Pairs p({{1, 1}, {}, {1, groups_k::na}, {2, 3, 3}});
  EXPECT_EQ(p.sum(true, 1).status, Status::one_group_empty);
  EXPECT_EQ(p.dunn(1).status, Status::one_group_empty);
  EXPECT_EQ(p.sum(false, 2).status, Status::no_variance);
  EXPECT_EQ(p.sum(false, 2).p_adjusted, 1.0);
  EXPECT_EQ(p.sum(true, 2).n_dropped, 1);
  EXPECT_EQ(p.sum(true, 3).status, Status::ok);
  EXPECT_EQ(p.sum(true, 3).n_ties, 4);
  EXPECT_EQ(p.dunn(2).status, Status::ok);
  EXPECT_EQ(p.dunn(2).estimate, 0.0);
  EXPECT_NE(p.sum(true, 3).notes & static_cast<std::uint32_t>(Note::arm_left_out), 0u);
  EXPECT_NE(p.sum(true, 3).notes & static_cast<std::uint32_t>(Note::unbounded), 0u);
  EXPECT_EQ(p.sum(true, 3).conf_low, -infinity);
  Pairs full(Arms{{1, 2}, {3, 4}});
  EXPECT_EQ(full.sum(true, 1).notes & static_cast<std::uint32_t>(Note::arm_left_out), 0u);
  EXPECT_EQ(full.dunn(1).notes & static_cast<std::uint32_t>(Note::arm_left_out), 0u);
  Pairs tied(Arms{{1, 1}, {1}, {1}});
  EXPECT_EQ(tied.dunn(1).status, Status::no_variance);
  EXPECT_EQ(tied.dunn(1).p_value, 1.0);
  EXPECT_EQ(Pairs(Arms{{}, {}}).sum(true, 1).status, Status::no_data);
}

}  // namespace
