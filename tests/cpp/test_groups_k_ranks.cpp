// Kruskal-Wallis and Jonckheere-Terpstra: all ways to deal the values as the oracle, textbook statistics, printed values,
// statuses, ties by rounding, Monte Carlo, effects and their bootstrap.

#include <gtest/gtest.h>

#include "groups_k_arms.hpp"

namespace {

using namespace respondr;
using namespace respondr::groups;
using groups_k::Arms;
using groups_k::Problem;

KOptions with(Distribution d, Alternative a = Alternative::two_sided, bool central = false) {
  KOptions o;
  o.distribution = d;
  o.alternative = a;
  o.central = central;
  o.seed = 20260611;
  o.rank_interval = false;
  return o;
}

KRow kruskal(const Arms& arms, const KOptions& o) {
  const Problem p(arms);
  KruskalWorkspace w;
  KRow row;
  solve_kruskal(o, p.ranks, 7, w, row);
  return row;
}

KRow jonckheere(const Arms& arms, const KOptions& o) {
  const Problem p(arms);
  JonckheereWorkspace w;
  KRow row;
  solve_jonckheere(o, p.ranks, 7, w, row);
  return row;
}

const std::vector<std::vector<std::size_t>> shapes{{2, 3},       {2, 2, 3},       {3, 3, 3}, {1, 2, 4},
                                                   {2, 2, 2, 2}, {1, 1, 1, 2, 2}, {4, 5}};

TEST(KruskalExact, EqualsTheCountOfAllWaysToDeal) {
  std::mt19937 engine(11);
  for (const auto& sizes : shapes) {
    for (const unsigned levels : {0u, 3u, 5u}) {
      const Arms arms = groups_k::draw(engine, sizes, levels);
      const double h = groups_k::textbook_h(arms);
      if (!(h == h)) {
        continue;
      }
      double reached = 0.0, all = 0.0;
      groups_k::deal(arms, [&](const Arms& dealt) {
        all += 1.0;
        reached += groups_k::textbook_h(dealt) >= h - 1e-9 ? 1.0 : 0.0;
      });
      const KRow row = kruskal(arms, with(Distribution::exact));
      EXPECT_EQ(row.status, Status::ok);
      EXPECT_NEAR(row.statistic, h, 1e-10 * (1.0 + h));
      EXPECT_NEAR(row.p_value, reached / all, 1e-13) << sizes.size() << " " << levels;
    }
  }
}

TEST(KruskalExact, ArraysAndStatesCountTheSame) {
  std::mt19937 engine(12);
  for (const auto& sizes : shapes) {
    for (const unsigned levels : {0u, 4u}) {
      const Problem p(groups_k::draw(engine, sizes, levels));
      DealtSums dealt;
      dealt.prepare(p.ranks);
      EXPECT_GT(dealt.work(1e8), 0.0);
      std::vector<double> sum;
      const double b = groups::detail::between_ranks(p.ranks, sum, [&](std::size_t i) { return p.ranks.arm[i]; });
      dealt.on_arrays(true);
      const double arrays = dealt.tail(b);
      dealt.on_arrays(false);
      EXPECT_NEAR(dealt.tail(b), arrays, 1e-13);
      EXPECT_EQ(dealt.tail(0.0), 1.0);
    }
  }
}

// The estimate as its comment words it: cells of all arrays, or states at 60 steps each over the ways to swap arms of one
// size.
double plain_work(const std::vector<std::size_t>& sizes) {
  const std::size_t k = sizes.size();
  std::vector<std::size_t> sorted = sizes, count(k, 0);
  std::sort(sorted.begin(), sorted.end());
  double cells = 0.0, states = 0.0, same = 1.0;
  for (std::size_t i = 1, run = 1; i < k; ++i) {
    run = sorted[i] == sorted[i - 1] ? run + 1 : 1;
    same *= static_cast<double>(run);
  }
  for (bool more = true; more;) {
    double t = 0.0, sums = 1.0, ways = 1.0;
    for (std::size_t j = 0; j < k; ++j) {
      for (std::size_t c = 1; c <= count[j]; ++c) {
        t += 1.0;
        ways *= t / static_cast<double>(c);
      }
    }
    for (std::size_t j = 0; j + 1 < k; ++j) {
      const double m = static_cast<double>(count[j]);
      sums *= m * (t - m) + 1.0;  // of distinct scores 0, 1, ...
    }
    cells += sums;
    states += std::min(sums, ways);
    more = false;
    for (std::size_t j = 0; j < k && !more; ++j) {
      more = count[j] < sorted[j];
      count[j] = more ? count[j] + 1 : 0;
    }
  }
  return static_cast<double>(k) * std::min(cells, 60.0 * states / same);
}

TEST(KruskalExact, WorkIsTheEstimateItsCommentWords) {
  std::mt19937 engine(15);
  bool dense = false, sparse = false;
  for (const auto& sizes :
       std::vector<std::vector<std::size_t>>{{1, 1}, {3, 5}, {4, 2, 4}, {2, 2, 2, 2, 2, 2}, {3, 3, 3, 3}}) {
    const Problem p(groups_k::draw(engine, sizes, 0));
    DealtSums dealt;
    dealt.prepare(p.ranks);
    const double work = dealt.work(1e18);
    EXPECT_NEAR(work, plain_work(sizes), 1e-9 * work);
    EXPECT_EQ(dealt.work(1.0), infinity);
    (dealt.arrays() ? dense : sparse) = true;
  }
  EXPECT_TRUE(dense && sparse);
}

TEST(JonckheereExact, WorkIsTheEstimateItsCommentWords) {
  const auto work = [](const Arms& arms) {
    JonckheereCounts counts;
    counts.prepare(Problem(arms).ranks);
    return counts.work();
  };
  // 2 against 3: half the square of 6, and 13 places of 2 J; then 5 against 2, 10, of which each takes the 6 before.
  EXPECT_EQ(work({{1, 2}, {3, 4, 5}}), 18.0 + 13.0);
  EXPECT_EQ(work({{1, 2}, {3, 4, 5}, {6, 7}}), 18.0 + 50.0 + 60.0 + 33.0);
  // 2 and 3, one pair tied: sets of 2, 1, 1, 1. Nodes that hold 0, ..., 5 values: 1, 2, 3, 3, 2, 1; ways to split 2 over 2
  // arms: 3.
  EXPECT_EQ(work({{1, 2}, {1, 4, 5}}), 13.0 * (1.0 * 3.0 + 3.0 * 2.0 + 3.0 * 2.0 + 2.0 * 1.0));
}

TEST(Jonckheere, TauBIsTheShareOfPairsInOrder) {
  std::mt19937 engine(27);
  const Arms arms = groups_k::draw(engine, {4, 5, 3}, 4);
  double order = 0.0, pairs = 0.0, values = 0.0;
  for (std::size_t a = 0; a < 3; ++a) {
    for (std::size_t b = 0; b < 3; ++b) {
      for (const double x : arms[a]) {
        for (const double y : arms[b]) {
          order += a < b ? (y > x ? 1.0 : y < x ? -1.0 : 0.0) : 0.0;
          pairs += a != b ? 0.5 : 0.0;
          values += x != y ? 0.5 : 0.0;
        }
      }
    }
  }
  EXPECT_NEAR(jonckheere(arms, with(Distribution::exact)).effect, order / std::sqrt(pairs * values), 1e-13);
}

TEST(KruskalExact, AgreesWithPrintedTables) {
  // Kruskal and Wallis (1952), table 6.1: 5, 5, 5: P(H >= 5.78) = .049, P(H >= 7.98) = .010; 3, 2, 2: P(H >= 4.714) = .048.
  const KRow row = kruskal({{1, 2}, {3, 5}, {4, 6, 7}}, with(Distribution::exact));
  EXPECT_NEAR(row.statistic, 4.4642857142857, 1e-12);
  EXPECT_NEAR(row.p_value, 0.105, 5e-4);
  const KRow last = kruskal({{1, 2}, {3, 4}, {5, 6, 7}}, with(Distribution::exact));
  EXPECT_NEAR(last.statistic, 5.3571428571429, 1e-12);
  EXPECT_NEAR(last.p_value, 6.0 / 210.0,
              1e-14);  // 3! orders of three arms as far apart, of which those with 3 last or first
}

TEST(KruskalExact, WorkIsKnownBeforehandAndTheLimitHolds) {
  std::mt19937 engine(3);
  const Arms arms = groups_k::draw(engine, {12, 12, 12}, 0);
  KOptions o = with(Distribution::exact);
  o.exact_limit = 1e4;
  EXPECT_EQ(kruskal(arms, o).status, Status::too_large);
  o.distribution = Distribution::automatic;
  o.replicates = 200;
  const KRow row = kruskal(arms, o);
  EXPECT_EQ(row.distribution, Distribution::monte_carlo);
  EXPECT_LE(row.p_low, row.p_value);
  EXPECT_GE(row.p_high, row.p_value);
}

TEST(Kruskal, MonteCarloHoldsTheExactP) {
  std::mt19937 engine(5);
  for (int i = 0; i < 6; ++i) {
    const Arms arms = groups_k::draw(engine, {4, 5, 6}, i % 2 == 0 ? 0 : 4);
    const KRow exact = kruskal(arms, with(Distribution::exact)), drawn = kruskal(arms, with(Distribution::monte_carlo));
    EXPECT_GT(exact.p_value, drawn.p_low - 0.01);
    EXPECT_LT(exact.p_value, drawn.p_high + 0.01);
    const KRow trend = jonckheere(arms, with(Distribution::exact)),
               random = jonckheere(arms, with(Distribution::monte_carlo));
    EXPECT_NEAR(trend.p_value, random.p_value, 0.02);
    const KRow c = jonckheere(arms, with(Distribution::exact, Alternative::two_sided, true));
    const KRow d = jonckheere(arms, with(Distribution::monte_carlo, Alternative::two_sided, true));
    EXPECT_NEAR(c.p_value, d.p_value, 0.02);
  }
}

TEST(Kruskal, DoesNotMoveWithOrderShiftScaleOrSign) {
  std::mt19937 engine(7);
  const Arms arms = groups_k::draw(engine, {4, 5, 3}, 6);
  const KRow row = kruskal(arms, with(Distribution::automatic));
  Arms other = {arms[2], arms[0], arms[1]};
  for (auto& arm : other) {
    std::reverse(arm.begin(), arm.end());
    for (double& x : arm) {
      x = 1e8 - 3.0 * x;
    }
  }
  const KRow same = kruskal(other, with(Distribution::automatic));
  EXPECT_NEAR(row.statistic, same.statistic, 1e-12);
  EXPECT_NEAR(row.p_value, same.p_value, 1e-13);
  EXPECT_EQ(row.n_ties, same.n_ties);
  for (const double factor : {1e150, 1e-150}) {
    Arms scaled = arms;
    for (auto& arm : scaled) {
      for (double& x : arm) {
        x *= factor;
      }
    }
    EXPECT_EQ(kruskal(scaled, with(Distribution::automatic)).p_value, row.p_value);
  }
}

TEST(Kruskal, RandomNumbersDependOnLabelsNotOnRows) {
  const Arms arms{{3.1, 2.2, 5.0, 4.4}, {7.1, 6.0, 4.4}, {9.3, 8.8, 7.1, 4.4, 6.6}};
  Arms turned = arms;
  for (auto& arm : turned) {
    std::reverse(arm.begin(), arm.end());
  }
  KOptions o = with(Distribution::monte_carlo);
  o.rank_interval = true;
  o.replicates = 500;
  const KRow a = kruskal(arms, o), b = kruskal(turned, o);
  EXPECT_EQ(a.p_value, b.p_value);
  EXPECT_EQ(a.effect_low, b.effect_low);
  EXPECT_EQ(a.effect_high, b.effect_high);
  const KRow c = jonckheere(arms, o), d = jonckheere(turned, o);
  EXPECT_EQ(c.p_value, d.p_value);
  EXPECT_EQ(c.effect_low, d.effect_low);
}

TEST(Kruskal, ValuesThatTieOnPaperTie) {
  // 9.1 - 7.1 and 8.3 - 6.3 are both 2 on paper, not in binary.
  const KRow row = kruskal({{9.1 - 7.1, 1.0}, {8.3 - 6.3, 3.0}}, with(Distribution::exact));
  EXPECT_EQ(row.n_ties, 2);
  const KRow off = kruskal({{std::sqrt(2.0) * std::sqrt(2.0) * M_PI, 1.0}, {2.0 * M_PI, 9.0}}, with(Distribution::exact));
  EXPECT_EQ(off.n_ties, 2);
}

TEST(Kruskal, EffectsAreThoseOfTheFormula) {
  const Arms arms{{1, 2, 3, 4}, {5, 6, 2, 8}, {9, 10, 7, 12, 3}};
  KOptions o = with(Distribution::asymptotic);
  const double h = groups_k::textbook_h(arms);
  EXPECT_NEAR(kruskal(arms, o).effect, h / 12.0, 1e-13);
  o.rank_effect = RankEffect::rank_eta2;
  EXPECT_NEAR(kruskal(arms, o).effect, (h - 2.0) / 10.0, 1e-13);
  o.rank_effect = RankEffect::none;
  EXPECT_TRUE(std::isnan(kruskal(arms, o).effect));
  EXPECT_NEAR(kruskal(arms, o).p_value, std::exp(-0.5 * h), 1e-13);  // chi-square on 2 df
}

TEST(Kruskal, BootstrapIntervalHoldsTheEffectAndStaysInItsRange) {
  std::mt19937 engine(23);
  KOptions o = with(Distribution::asymptotic);
  o.rank_interval = true;
  o.replicates = 999;
  const Arms arms = groups_k::draw(engine, {9, 12, 10}, 0);
  const KRow bca = kruskal(arms, o);
  EXPECT_EQ(bca.conf_method, ConfMethod::bca);
  EXPECT_LT(bca.effect_low, bca.effect);
  EXPECT_GT(bca.effect_high, bca.effect);
  EXPECT_GE(bca.effect_low, 0.0);
  o.bootstrap_interval = paired::BootstrapInterval::percentile;
  const KRow percentile = kruskal(arms, o);
  EXPECT_EQ(percentile.conf_method, ConfMethod::percentile);
  EXPECT_NE(percentile.effect_low, bca.effect_low);
  const KRow trend = jonckheere(arms, o);
  EXPECT_LT(trend.effect_low, trend.effect);
  EXPECT_GT(trend.effect_high, trend.effect);
  // One value an arm: every resample is the data.
  EXPECT_NE(kruskal({{1}, {2}, {3}}, o).notes & static_cast<std::uint32_t>(Note::effect_unavailable), 0u);
}

TEST(RankBootstrap, AccelerationIsThatOfTheMeanOfOneArm) {
  // Statistic: mean position in arm 0. Its influence values are the positions less their mean; the other arm moves nothing.
  CountTable t;
  t.k = 2;
  t.sets = 4;
  t.count = {3, 1, 1, 0, 0, 2, 1, 1};
  t.size = {5, 4};
  std::vector<double> influence;
  const double a = groups::detail::stratified_acceleration(t, influence, [](const CountTable& x) {
    double sum = 0.0;
    for (std::size_t g = 0; g < x.sets; ++g) {
      sum += x.at(g, 0) * static_cast<double>(g);
    }
    return sum / x.size[0];
  });
  const double value[5] = {0, 0, 0, 1, 3}, mean = 0.8;
  double cubes = 0.0, squares = 0.0;
  for (const double v : value) {
    cubes += std::pow(v - mean, 3);
    squares += std::pow(v - mean, 2);
  }
  EXPECT_NEAR(a, cubes / (6.0 * std::pow(squares, 1.5)), 1e-13);
}

TEST(JonckheereExact, EqualsTheCountOfAllWaysToDeal) {
  std::mt19937 engine(13);
  for (const auto& sizes : shapes) {
    for (const unsigned levels : {0u, 3u, 5u}) {
      const Arms arms = groups_k::draw(engine, sizes, levels);
      if (!(groups_k::textbook_h(arms) == groups_k::textbook_h(arms))) {
        continue;
      }
      const double j = groups_k::textbook_j(arms);
      double less = 0.0, greater = 0.0, distant = 0.0, all = 0.0, sum = 0.0, squares = 0.0, mean = 0.0;
      for (std::size_t a = 0; a < sizes.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) {
          mean += 0.5 * static_cast<double>(sizes[a] * sizes[b]);
        }
      }
      groups_k::deal(arms, [&](const Arms& dealt) {
        const double d = groups_k::textbook_j(dealt);
        all += 1.0;
        sum += d;
        squares += d * d;
        less += d <= j ? 1.0 : 0.0;
        greater += d >= j ? 1.0 : 0.0;
        distant += std::fabs(d - mean) >= std::fabs(j - mean) ? 1.0 : 0.0;
      });
      const KRow two = jonckheere(arms, with(Distribution::exact));
      EXPECT_EQ(two.estimate, j);
      EXPECT_NEAR(sum / all, mean, 1e-9);
      EXPECT_NEAR(two.std_error * two.std_error, squares / all - mean * mean, 1e-9) << levels;
      EXPECT_NEAR(two.p_value, distant / all, 1e-12);
      EXPECT_NEAR(jonckheere(arms, with(Distribution::exact, Alternative::less)).p_value, less / all, 1e-12);
      EXPECT_NEAR(jonckheere(arms, with(Distribution::exact, Alternative::greater)).p_value, greater / all, 1e-12);
      EXPECT_NEAR(jonckheere(arms, with(Distribution::exact, Alternative::two_sided, true)).p_value,
                  std::min(1.0, 2.0 * std::min(less, greater) / all), 1e-12);
    }
  }
}

TEST(JonckheereExact, NetworkAndConvolutionAgreeAtLargerSizes) {
  // One tie between two values of one arm changes the way of counting, not the distribution of J far from it.
  std::mt19937 engine(17);
  Arms arms = groups_k::draw(engine, {8, 7, 9}, 0);
  const KRow plain = jonckheere(arms, with(Distribution::exact, Alternative::greater));
  const KRow z = jonckheere(arms, with(Distribution::asymptotic, Alternative::greater));
  EXPECT_NEAR(plain.p_value, z.p_value, 0.02);
  arms[0][1] = arms[0][0];
  EXPECT_EQ(jonckheere(arms, with(Distribution::exact)).distribution, Distribution::exact);
  EXPECT_NEAR(jonckheere(arms, with(Distribution::exact)).p_value, jonckheere(arms, with(Distribution::asymptotic)).p_value,
              0.03);
}

// For two arms both tests are the rank-sum test, two-sided by distance.
TEST(RankTests, OfTwoArmsAreOne) {
  std::mt19937 engine(19);
  for (int i = 0; i < 8; ++i) {
    const Arms arms = groups_k::draw(engine, {9, 6}, i % 2 == 0 ? 0 : 5);
    EXPECT_NEAR(kruskal(arms, with(Distribution::exact)).p_value, jonckheere(arms, with(Distribution::exact)).p_value,
                1e-12);
    EXPECT_NEAR(kruskal(arms, with(Distribution::asymptotic)).p_value,
                jonckheere(arms, with(Distribution::asymptotic)).p_value, 1e-12);
    const KRow up = jonckheere(arms, with(Distribution::exact, Alternative::greater));
    const KRow down = jonckheere({arms[1], arms[0]}, with(Distribution::exact, Alternative::less));
    EXPECT_NEAR(up.p_value, down.p_value, 1e-12);
  }
}

TEST(Jonckheere, AgreesWithPrintedValues) {
  // Hollander and Wolfe (1999), example 6.2, knowledge and performance: J = 79; J* = 2.02 and exact P = .0231 of their
  // tables make no allowance for ties. With it J* is larger and P smaller.
  const Arms arms{{40, 35, 38, 43, 44, 41}, {38, 40, 47, 44, 40, 42}, {48, 40, 45, 43, 46, 44}};
  const KRow row = jonckheere(arms, with(Distribution::asymptotic, Alternative::greater));
  EXPECT_EQ(row.estimate, 79.0);
  EXPECT_GT(row.statistic, 2.025);
  // The same count among 18 values without ties: P(J >= 79) of the tables.
  const Arms distinct{{1, 2, 3, 8, 12, 13}, {4, 5, 6, 14, 15, 9}, {7, 10, 11, 16, 17, 18}};
  EXPECT_EQ(jonckheere(distinct, with(Distribution::exact)).estimate, groups_k::textbook_j(distinct));
  EXPECT_NEAR((79.0 - 54.0) / jonckheere(distinct, with(Distribution::asymptotic)).std_error, 2.02, 0.005);
  JonckheereCounts counts;
  counts.prepare(Problem(distinct).ranks);
  double tail = 0.0;
  for (std::size_t x = 2 * 79; x < counts.mass().size(); ++x) {
    tail += counts.mass()[x];
  }
  EXPECT_NEAR(tail, 0.0231, 5e-5);
}

TEST(Jonckheere, TauIsOneInPerfectOrderAndTurnsWithTheArms) {
  const Arms up{{1, 2}, {3, 4}, {5, 6}}, down{{5, 6}, {3, 4}, {1, 2}};
  const KOptions o = with(Distribution::exact);
  EXPECT_NEAR(jonckheere(up, o).effect, 12.0 / std::sqrt(12.0 * 15.0), 1e-13);
  EXPECT_NEAR(jonckheere(down, o).effect, -jonckheere(up, o).effect, 1e-13);
  EXPECT_EQ(jonckheere(up, o).p_value, jonckheere(down, o).p_value);
  EXPECT_NEAR(jonckheere(up, o).p_value, 2.0 / 90.0, 1e-14);
}

TEST(RankTests, SayWhyThereIsNoAnswer) {
  const KOptions o = with(Distribution::automatic);
  for (const bool trend : {false, true}) {
    const auto solve = [&](const Arms& arms) { return trend ? jonckheere(arms, o) : kruskal(arms, o); };
    EXPECT_EQ(solve({{}, {}}).status, Status::no_data);
    EXPECT_EQ(solve({{1, 2}}).status, Status::one_level);
    EXPECT_EQ(solve({{1, 2}, {}}).status, Status::one_group_empty);
    EXPECT_EQ(solve({{1}, {1, 1}}).status, Status::no_variance);
    EXPECT_EQ(solve({{1}, {1, 1}}).p_value, 1.0);
    const KRow two = solve({{1}, {2}});
    EXPECT_EQ(two.status, Status::ok);
    EXPECT_EQ(two.p_value, 1.0);
    const KRow left = solve({{1, 2, groups_k::na}, {}, {3, 4}});
    EXPECT_EQ(left.status, Status::ok);
    EXPECT_EQ(left.n, 4);
    EXPECT_EQ(left.n_dropped, 1);
    EXPECT_NE(left.notes & static_cast<std::uint32_t>(Note::arm_left_out), 0u);
    EXPECT_NEAR(left.p_value, solve({{1, 2}, {3, 4}}).p_value, 0.0);
  }
  EXPECT_FALSE(Problem({{1, infinity}, {2}}).finite);
}

}  // namespace
