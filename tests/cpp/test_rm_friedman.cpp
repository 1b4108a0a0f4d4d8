// Friedman, Iman-Davenport, Quade and Page: all permutations within blocks as the oracle, printed values, statuses, ties by
// rounding, the work estimate, Monte Carlo.

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>
#include <vector>

#include "rank_blocks.hpp"

namespace {

using namespace respondr;
using namespace respondr::rm;
using rank_blocks::enumerate;
using rank_blocks::midranks;
using rank_blocks::na;
using rank_blocks::Problem;
using rank_blocks::Table;

RankOptions with(Distribution d, Alternative a = Alternative::two_sided) {
  RankOptions o;
  o.distribution = d;
  o.alternative = a;
  o.seed = 20240611;
  return o;
}

RankRow friedman(const Table& t, Distribution d = Distribution::automatic) {
  const Problem p(t);
  RankTestWorkspace w;
  RankRow row;
  solve_friedman(with(d), p.blocks, p.scores, 7, w, row);
  return row;
}

RankRow iman_davenport(const Table& t) {
  const Problem p(t);
  RankTestWorkspace w;
  RankRow row;
  solve_iman_davenport(p.blocks, p.scores, w, row);
  return row;
}

RankRow quade(const Table& t, Distribution d = Distribution::automatic) {
  const Problem p(t);
  RankTestWorkspace w;
  RankRow row;
  solve_quade(with(d), p.blocks, p.scores, 7, w, row);
  return row;
}

RankRow page(const Table& t, Distribution d = Distribution::automatic, Alternative a = Alternative::greater) {
  const Problem p(t);
  PageWorkspace w;
  RankRow row;
  solve_page(with(d, a), p.blocks, p.scores, 7, w, row);
  return row;
}

// Friedman's statistic as textbooks print it, with the correction for ties.
double textbook(const Table& t) {
  const double n = static_cast<double>(t.size()), k = static_cast<double>(t[0].size());
  std::vector<double> sum(t[0].size(), 0.0);
  double ties = 0.0;
  for (const auto& row : t) {
    const auto r = midranks(row);
    for (std::size_t j = 0; j < r.size(); ++j) {
      sum[j] += r[j];
      const double size = static_cast<double>(std::count(r.begin(), r.end(), r[j]));
      ties += size * size - 1.0;  // over the members of a group of t: t^3 - t
    }
  }
  double s = 0.0;
  for (const double r : sum) {
    s += (r - n * (k + 1.0) / 2.0) * (r - n * (k + 1.0) / 2.0);
  }
  return 12.0 * s / (n * k * (k + 1.0) - ties / (k - 1.0));
}

double textbook_quade(const Table& t) {
  const std::size_t n = t.size(), k = t[0].size();
  std::vector<double> range;
  for (const auto& row : t) {
    range.push_back(*std::max_element(row.begin(), row.end()) - *std::min_element(row.begin(), row.end()));
  }
  const auto q = midranks(range);
  double a = 0.0, b = 0.0;
  std::vector<double> sum(k, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    const auto r = midranks(t[i]);
    for (std::size_t j = 0; j < k; ++j) {
      const double s = q[i] * (r[j] - 0.5 * (static_cast<double>(k) + 1.0));
      a += s * s;
      sum[j] += s;
    }
  }
  for (const double s : sum) {
    b += s * s / static_cast<double>(n);
  }
  return (static_cast<double>(n) - 1.0) * b / (a - b);
}

double textbook_page(const Table& t) {
  double l = 0.0;
  for (const auto& row : t) {
    const auto r = midranks(row);
    for (std::size_t j = 0; j < r.size(); ++j) {
      l += static_cast<double>(j + 1) * r[j];
    }
  }
  return l;
}

// Small tables of whole numbers; few values give many ties.
std::vector<Table> tables() {
  std::mt19937 engine(11);
  std::vector<Table> out;
  for (const auto& size : {std::pair<int, int>{2, 3}, {3, 3}, {5, 3}, {2, 4}, {3, 4}, {6, 2}, {2, 5}, {4, 3}}) {
    for (const unsigned values : {3u, 5u, 1000u}) {
      Table t(static_cast<std::size_t>(size.first), std::vector<double>(static_cast<std::size_t>(size.second)));
      for (auto& row : t) {
        for (double& x : row) {
          x = static_cast<double>(engine() % values);
        }
      }
      out.push_back(t);
    }
  }
  return out;
}

// JASP's verification data (jaspAnova, test-verified-anovarepeatedmeasures.R; agrees with R, SPSS, SAS and Minitab).
const Table jasp = {{1, 4, 8, 0},  {2, 3, 13, 1},  {10, 0, 11, 3}, {12, 11, 13, 10}, {1, 3, 10, 0}, {10, 3, 11, 9},
                    {4, 12, 10, 11}, {10, 4, 5, 3}, {10, 4, 9, 3},  {14, 4, 7, 2},    {3, 2, 4, 13}};
const Table wine = {{10, 7, 8}, {8, 5, 5}, {7, 8, 6}, {9, 6, 4}, {7, 5, 7},  {4, 7, 5},
                    {5, 9, 3},  {6, 6, 7}, {5, 4, 6}, {10, 6, 4}, {4, 7, 4}, {7, 3, 3}};
// Hollander and Wolfe (1973), p. 140: rounding first base.
const Table bases = {{5.40, 5.50, 5.55}, {5.85, 5.70, 5.75}, {5.20, 5.60, 5.50}, {5.55, 5.50, 5.40}, {5.90, 5.85, 5.70},
                     {5.45, 5.55, 5.60}, {5.40, 5.40, 5.35}, {5.45, 5.50, 5.35}, {5.25, 5.15, 5.00}, {5.85, 5.80, 5.70},
                     {5.25, 5.20, 5.10}, {5.65, 5.55, 5.45}, {5.60, 5.35, 5.45}, {5.05, 5.00, 4.95}, {5.50, 5.50, 5.40},
                     {5.45, 5.55, 5.50}, {5.55, 5.55, 5.35}, {5.45, 5.50, 5.55}, {5.50, 5.45, 5.25}, {5.65, 5.60, 5.40},
                     {5.70, 5.65, 5.55}, {6.30, 6.30, 6.25}};
// Conover (1999), p. 375: sales of five brands in seven stores; Quade's F is 3.8293 on 4 and 24 df.
const Table brands = {{5, 4, 7, 10, 12}, {1, 3, 1, 0, 2}, {16, 12, 22, 22, 35}, {5, 4, 3, 5, 4}, {10, 9, 7, 13, 10},
                      {19, 18, 28, 37, 58}, {10, 7, 6, 8, 7}};

TEST(Friedman, PrintsWhatOthersPrint) {
  RankRow row = friedman(jasp, Distribution::asymptotic);
  EXPECT_NEAR(row.statistic, 11.9454545454546, 1e-12);
  EXPECT_NEAR(row.p_value, 0.00757236506542182, 1e-14);
  EXPECT_EQ(row.df, 3.0);
  row = friedman(wine, Distribution::asymptotic);
  EXPECT_NEAR(row.statistic, 2.0, 1e-14);
  EXPECT_NEAR(row.p_value, 0.367879441171442, 1e-14);
  row = friedman(bases, Distribution::asymptotic);
  EXPECT_NEAR(row.statistic, 11.1428571428571, 1e-12);
  EXPECT_NEAR(row.p_value, 0.003805, 5e-7);
  EXPECT_EQ(row.n_ties, 8);
}

// Kendall and Babington Smith's exact distribution, as tabled in every textbook: k = 3, n = 4: P(6.5) = .042, P(8) = .005; k = 4,
// n = 3: P(7.4) = .033; k = 4, n = 4: P(7.8) = .036.
TEST(Friedman, PrintsTheTabledExactProbabilities) {
  const auto exact = [](const Table& t) { return friedman(t, Distribution::exact); };
  RankRow row = exact({{1, 2, 3}, {1, 2, 3}, {1, 2, 3}, {1, 3, 2}});
  EXPECT_NEAR(row.statistic, 6.5, 1e-12);
  EXPECT_NEAR(row.p_value, 0.042, 5e-4);
  row = exact({{1, 2, 3}, {1, 2, 3}, {1, 2, 3}, {1, 2, 3}});
  EXPECT_NEAR(row.statistic, 8.0, 1e-12);
  EXPECT_NEAR(row.p_value, 1.0 / 216.0, 1e-15);
  row = exact({{1, 2, 3, 4}, {1, 2, 3, 4}, {2, 1, 4, 3}});
  EXPECT_NEAR(row.statistic, 7.4, 1e-12);
  EXPECT_NEAR(row.p_value, 0.033, 5e-4);
}

TEST(Friedman, ExactIsTheShareOfAllArrangements) {
  for (const Table& t : tables()) {
    const RankRow row = friedman(t, Distribution::exact);
    if (row.status == Status::all_zero) {
      continue;
    }
    EXPECT_NEAR(row.statistic, textbook(t), 1e-12 * row.statistic);
    EXPECT_NEAR(row.p_value, enumerate(t, textbook), 1e-13);
    EXPECT_EQ(row.distribution, Distribution::exact);
  }
}

TEST(Friedman, OfTwoVisitsIsTheSignTest) {
  Table t;
  for (int i = 0; i < 40; ++i) {
    t.push_back({0.0, i < 27 ? 1.0 : i < 36 ? -1.0 : 0.0});
  }
  const RankRow row = friedman(t);
  EXPECT_NEAR(row.statistic, (27.0 - 9.0) * (27.0 - 9.0) / 36.0, 1e-12);
  EXPECT_NEAR(row.p_value, 2.0 * special::binomial_cdf(27, 36, 0.5, special::Tail::upper), 1e-15);
  EXPECT_EQ(row.distribution, Distribution::exact);
  const Table small(t.begin(), t.begin() + 9);
  EXPECT_NEAR(friedman(small).p_value, std::ldexp(1.0, -8), 1e-16);
}

// A step beyond the range of enumeration: a second convolution that keeps every arrangement of the sums apart.
TEST(Friedman, ConvolvesManyBlocks) {
  std::mt19937 engine(5);
  Table t(14, std::vector<double>(3));
  for (auto& row : t) {
    for (double& x : row) {
      x = static_cast<double>(engine() % 4);
    }
  }
  std::map<std::vector<double>, double> mass{{{0.0, 0.0, 0.0}, 1.0}};
  for (const auto& row : t) {
    std::map<std::vector<double>, double> next;
    auto r = midranks(row);
    std::vector<std::size_t> order{0, 1, 2};
    do {
      for (const auto& state : mass) {
        next[{state.first[0] + r[order[0]], state.first[1] + r[order[1]], state.first[2] + r[order[2]]}] += state.second / 6.0;
      }
    } while (std::next_permutation(order.begin(), order.end()));
    mass = next;
  }
  const auto length = [&](const std::vector<double>& s) {
    const double mean = 2.0 * static_cast<double>(t.size());
    return (s[0] - mean) * (s[0] - mean) + (s[1] - mean) * (s[1] - mean) + (s[2] - mean) * (s[2] - mean);
  };
  std::vector<double> observed(3, 0.0);
  for (const auto& row : t) {
    const auto r = midranks(row);
    for (std::size_t j = 0; j < 3; ++j) {
      observed[j] += r[j];
    }
  }
  double p = 0.0;
  for (const auto& state : mass) {
    p += length(state.first) >= length(observed) ? state.second : 0.0;
  }
  EXPECT_NEAR(friedman(t, Distribution::exact).p_value, p, 1e-13);
}

TEST(Friedman, DoesNotDependOnTheOrderOfPatientsAndVisits) {
  Table t = jasp;
  const RankRow row = friedman(t);
  std::reverse(t.begin(), t.end());
  for (auto& block : t) {
    std::rotate(block.begin(), block.begin() + 1, block.end());
  }
  const RankRow other = friedman(t);
  EXPECT_EQ(row.p_value, other.p_value);
  EXPECT_EQ(row.statistic, other.statistic);
  EXPECT_EQ(row.distribution, Distribution::exact);
}

TEST(Friedman, DecimalsThatTieOnPaperTie) {
  const RankRow typed = friedman({{0.3, 0.3, 1.0}, {2.0, 1.0, 3.0}, {7.1, 8.2, 9.3}});
  const RankRow computed = friedman({{0.1 + 0.2, 0.3, 1.0}, {2.0, 1.0, 3.0}, {7.1, 8.2, 9.3}});
  EXPECT_EQ(computed.n_ties, 2);
  EXPECT_EQ(typed.statistic, computed.statistic);
  EXPECT_EQ(typed.p_value, computed.p_value);
  // No decimals of nine places: equal within the last places, but no further.
  const double third = 1.0 / 3.0;
  EXPECT_EQ(friedman({{third, std::nextafter(third, 1.0), 1.0}, {2.0, 1.0, 3.0}}).n_ties, 2);
  EXPECT_EQ(friedman({{third, third + 1e-14, 1.0}, {2.0, 1.0, 3.0}}).n_ties, 0);
  EXPECT_EQ(friedman({{1e-150, 2e-150, 1e150}, {2.0, 1.0, 3.0}}).n_ties, 0);
}

TEST(Friedman, SaysWhatCannotBeTested) {
  RankRow row = friedman({{1, na, 2}, {na, 1, 2}});
  EXPECT_EQ(row.status, Status::no_data);
  EXPECT_EQ(row.n, 0);
  EXPECT_EQ(row.n_dropped, 2);
  EXPECT_TRUE(std::isnan(row.p_value));
  row = friedman({{4, 4, 4}, {2, 2, 2}});
  EXPECT_EQ(row.status, Status::all_zero);
  EXPECT_EQ(row.p_value, 1.0);
  EXPECT_TRUE(std::isnan(row.statistic));
  row = friedman({{4, 5, 6}, {2, na, 2}, {na, na, na}});
  EXPECT_EQ(row.status, Status::too_few);
  EXPECT_EQ(row.n_dropped, 2);
  EXPECT_EQ(row.p_value, 1.0);
  EXPECT_EQ(friedman({{4, 4, 4}, {2, 3, 2}}).p_value, 1.0);
  EXPECT_FALSE(Problem({{1, infinity, 2}}).finite);
  EXPECT_FALSE(Problem({{1, 2, 3}, {-infinity, 2, 3}}).finite);
  EXPECT_EQ(friedman({}).status, Status::no_data);
}

TEST(Friedman, KnowsItsWorkBeforeItStarts) {
  std::mt19937 engine(3);
  for (const std::size_t n : {10u, 100u, 1000u}) {
    Table t(n, std::vector<double>(5));
    for (auto& row : t) {
      for (double& x : row) {
        x = static_cast<double>(engine() % 1000000);
      }
    }
    const RankRow row = friedman(t);
    EXPECT_EQ(row.distribution, n <= 10 ? Distribution::exact : Distribution::monte_carlo) << n;
    EXPECT_EQ(row.status, Status::ok);
    EXPECT_EQ(friedman(t, Distribution::exact).status, n <= 10 ? Status::ok : Status::too_large);
  }
}

// Four steps for each state met, visit and arrangement: with the first block as the only state, then all it can make.
TEST(Friedman, CountsOnlyDifferentArrangements) {
  const auto work = [](const Table& t) {
    const Problem p(t);
    RankSumConvolution c;
    c.prepare(p.scores);
    return c.work();
  };
  EXPECT_EQ(work({{1, 2, 3}, {3, 2, 1}}), 1.0 + 4.0 * 3.0 * 6.0);
  EXPECT_EQ(work({{1, 2, 3}, {3, 1, 1}}), 1.0 + 4.0 * 3.0 * 3.0);
  EXPECT_EQ(work({{1, 2, 3, 4}, {3, 3, 1, 1}}), 1.0 + 4.0 * 4.0 * 6.0);
  EXPECT_EQ(work({{1, 1, 1}, {3, 3, 3}}), 1.0);
  // Sums of two blocks reach 4: about 1 + C(7, 3) / sqrt(2 pi 3 * 4 * 8 / 12) sorted vectors, fewer than the six arrangements.
  EXPECT_NEAR(work({{1, 2, 3}, {3, 2, 1}, {2, 1, 3}}), 1.0 + 72.0 + 72.0 * (1.0 + 35.0 / std::sqrt(16.0 * M_PI)), 1e-9);
  // Three arrangements a block, sums that reach 2: C(5, 3) = 10.
  const double two = 1.0 + 36.0, three = 36.0 * std::fmin(3.0, 1.0 + 10.0 / std::sqrt(2.0 * M_PI * 3.0 * 2.0 * 6.0 / 12.0));
  EXPECT_NEAR(work({{1, 1, 2}, {1, 2, 2}, {1, 1, 2}}), two + three, 1e-9);
}

// exact_limit counts those steps: with as many allowed the answer is exact, with one fewer it is not.
TEST(Friedman, IsExactUpToItsLimit) {
  const Problem p(jasp);
  RankSumConvolution c;
  c.prepare(p.scores);
  for (const bool enough : {true, false}) {
    for (const Distribution d : {Distribution::automatic, Distribution::exact}) {
      RankOptions o = with(d);
      o.exact_limit = c.work() - (enough ? 0.0 : 1.0);
      o.replicates = 99;
      RankTestWorkspace w;
      RankRow row;
      solve_friedman(o, p.blocks, p.scores, 7, w, row);
      if (enough) {
        EXPECT_EQ(row.distribution, Distribution::exact);
        EXPECT_EQ(row.p_value, friedman(jasp, Distribution::exact).p_value);
      } else if (d == Distribution::automatic) {
        EXPECT_EQ(row.distribution, Distribution::monte_carlo);
      } else {
        EXPECT_EQ(row.status, Status::too_large);
        EXPECT_EQ(row.distribution, Distribution::none);
        EXPECT_TRUE(std::isnan(row.p_value));
      }
    }
  }
}

TEST(Friedman, MonteCarloAgreesWithExact) {
  const RankRow exact = friedman(jasp, Distribution::exact), drawn = friedman(jasp, Distribution::monte_carlo);
  EXPECT_LE(drawn.p_low, exact.p_value);
  EXPECT_GE(drawn.p_high, exact.p_value);
  EXPECT_LT(drawn.p_low, drawn.p_value);
  EXPECT_GT(drawn.p_high, drawn.p_value);
  EXPECT_EQ(drawn.p_value, friedman(jasp, Distribution::monte_carlo).p_value);
  const RankRow ties = friedman(wine, Distribution::exact), drawn_ties = friedman(wine, Distribution::monte_carlo);
  EXPECT_LE(drawn_ties.p_low, ties.p_value);
  EXPECT_GE(drawn_ties.p_high, ties.p_value);
}

TEST(ImanDavenport, IsTheFOfFriedmansStatistic) {
  const RankRow row = iman_davenport(jasp);
  EXPECT_NEAR(row.statistic, 10.0 * 11.9454545454545454 / (33.0 - 11.9454545454545454), 1e-12);
  EXPECT_EQ(row.df, 3.0);
  EXPECT_EQ(row.df_denominator, 30.0);
  EXPECT_NEAR(row.p_value, special::f_cdf(row.statistic, 3, 30, special::Tail::upper), 1e-16);
}

TEST(ImanDavenport, OfPerfectAgreementHasNoDenominator) {
  const RankRow row = iman_davenport({{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
  EXPECT_EQ(row.status, Status::boundary);
  EXPECT_EQ(row.statistic, infinity);
  EXPECT_NEAR(row.p_value, 1.0 / 36.0, 1e-15);
  EXPECT_NEAR(iman_davenport({{1, 1, 3}, {4, 4, 6}}).p_value, 1.0 / 3.0, 1e-15);
  const RankRow single = iman_davenport({{1, 2, 3}});
  EXPECT_EQ(single.status, Status::too_few);
  EXPECT_TRUE(std::isnan(single.statistic) && std::isnan(single.p_value));
  // Two blocks: rank sums 2, 5 and 5, Q = 3, F = 3 / (4 - 3).
  const RankRow two = iman_davenport({{1, 2, 3}, {1, 3, 2}});
  EXPECT_EQ(two.status, Status::ok);
  EXPECT_NEAR(two.statistic, 3.0, 1e-14);
  EXPECT_NEAR(two.p_value, special::f_cdf(3.0, 2.0, 2.0, special::Tail::upper), 1e-15);
}

TEST(Quade, PrintsConoversExample) {
  const RankRow row = quade(brands, Distribution::asymptotic);
  EXPECT_NEAR(row.statistic, 3.8293, 5e-5);
  EXPECT_NEAR(row.p_value, 0.01519, 5e-6);
  EXPECT_EQ(row.df, 4.0);
  EXPECT_EQ(row.df_denominator, 24.0);
}

TEST(Quade, ExactIsTheShareOfAllArrangements) {
  for (const Table& t : tables()) {
    const RankRow row = quade(t, Distribution::exact);
    if (row.status != Status::ok) {
      continue;
    }
    EXPECT_NEAR(row.statistic, textbook_quade(t), 1e-9 * row.statistic);
    EXPECT_NEAR(row.p_value, enumerate(t, textbook_quade), 1e-13);
  }
  const RankRow agree = quade({{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, Distribution::asymptotic);
  EXPECT_EQ(agree.status, Status::boundary);
  EXPECT_NEAR(agree.p_value, 1.0 / 36.0, 1e-15);
}

TEST(Quade, RangesThatTieOnPaperTie) {
  const RankRow typed = quade({{71, 91, 80}, {83, 63, 70}, {1, 5, 2}});
  const RankRow decimals = quade({{7.1, 9.1, 8.0}, {8.3, 6.3, 7.0}, {0.1, 0.5, 0.2}});
  EXPECT_EQ(typed.statistic, decimals.statistic);
  // Off the grid of decimals equal within the last places, but no further.
  const RankRow thirds = quade({{71 / 3.0, 91 / 3.0, 80 / 3.0}, {83 / 3.0, 63 / 3.0, 70 / 3.0}, {1 / 3.0, 5 / 3.0, 2 / 3.0}});
  EXPECT_EQ(typed.statistic, thirds.statistic);
  EXPECT_NE(typed.statistic, quade({{71, 91.001, 80}, {83, 63, 70}, {1, 5, 2}}).statistic);
  const RankRow single = quade({{1, 2, 3}});
  EXPECT_EQ(single.status, Status::too_few);
  EXPECT_EQ(single.p_value, 1.0);
  EXPECT_TRUE(std::isnan(single.statistic));
}

TEST(Page, ExactIsTheShareOfAllArrangements) {
  for (const Table& t : tables()) {
    const RankRow up = page(t, Distribution::exact, Alternative::greater), down = page(t, Distribution::exact, Alternative::less);
    if (up.status != Status::ok) {
      continue;
    }
    EXPECT_NEAR(up.statistic, textbook_page(t), 1e-10);
    EXPECT_NEAR(up.p_value, enumerate(t, textbook_page), 1e-12);
    EXPECT_NEAR(down.p_value, enumerate(t, [](const Table& x) { return -textbook_page(x); }), 1e-12);
    EXPECT_NEAR(page(t, Distribution::exact, Alternative::two_sided).p_value,
                std::fmin(1.0, 2.0 * std::fmin(up.p_value, down.p_value)), 1e-12);
  }
}

// n blocks of the ranks 1 to k whose L is the wanted.
Table with_l(int n, int k, int wanted) {
  std::mt19937 engine(1);
  Table t(static_cast<std::size_t>(n), std::vector<double>(static_cast<std::size_t>(k)));
  for (auto& row : t) {
    std::iota(row.begin(), row.end(), 1.0);
  }
  while (textbook_page(t) != wanted) {
    for (auto& row : t) {
      std::shuffle(row.begin(), row.end(), engine);
    }
  }
  return t;
}

// Page (1963), table 2: smallest L of level .05, .01, .001.
TEST(Page, PrintsTheTabledCriticalValues) {
  struct Critical {
    int n, k, l;
    double level;
  };
  for (const Critical& c : {Critical{2, 3, 28, 0.05}, {2, 4, 58, 0.05}, {2, 4, 60, 0.01}, {2, 5, 103, 0.05}, {2, 5, 106, 0.01},
                            {2, 5, 109, 0.001}, {3, 3, 41, 0.05}, {3, 3, 42, 0.01}, {3, 4, 84, 0.05}, {3, 4, 87, 0.01},
                            {3, 4, 89, 0.001}, {3, 5, 150, 0.05}, {3, 5, 155, 0.01}, {3, 5, 160, 0.001}}) {
    const RankRow at = page(with_l(c.n, c.k, c.l), Distribution::exact);
    const RankRow below = page(with_l(c.n, c.k, c.l - 1), Distribution::exact);
    ASSERT_EQ(at.statistic, c.l);
    ASSERT_EQ(below.statistic, c.l - 1);
    EXPECT_LE(at.p_value, c.level) << c.n << " " << c.k << " " << c.l;
    EXPECT_GT(below.p_value, c.level) << c.n << " " << c.k << " " << c.l;
  }
}

TEST(Page, NormalApproximationHasTheVarianceOfThePermutations) {
  for (const Table& t : {jasp, wine, brands}) {
    const double k = static_cast<double>(t[0].size()), n = static_cast<double>(t.size());
    double variance = 0.0;
    for (const auto& row : t) {
      double squares = 0.0;
      for (const double r : midranks(row)) {
        squares += (r - 0.5 * (k + 1.0)) * (r - 0.5 * (k + 1.0));
      }
      variance += squares / (k - 1.0) * k * (k * k - 1.0) / 12.0;
    }
    const double z = (textbook_page(t) - n * k * (k + 1.0) * (k + 1.0) / 4.0) / std::sqrt(variance);
    EXPECT_NEAR(page(t, Distribution::asymptotic).p_value, special::normal_cdf(z, special::Tail::upper), 1e-14);
    EXPECT_NEAR(page(t, Distribution::asymptotic, Alternative::less).p_value, special::normal_cdf(z), 1e-14);
    const RankRow exact = page(t, Distribution::exact), drawn = page(t, Distribution::monte_carlo);
    EXPECT_NEAR(exact.p_value, special::normal_cdf(z, special::Tail::upper), 0.02);
    EXPECT_LE(drawn.p_low, exact.p_value);
    EXPECT_GE(drawn.p_high, exact.p_value);
  }
}

// Placements of tie groups times visits times sums of one block, once a pattern, and the convolutions. Doubled ranks from 0:
// 0 0 3 has 3 * 2 placements and sums from 3 to 9; 0 2 4 has 2^3 and sums from 8 to 16.
TEST(Page, KnowsItsWorkBeforeItStarts) {
  const Problem p({{1, 2, 3}, {1, 1, 2}, {3, 2, 1}});
  PageConvolution c;
  c.prepare(p.scores);
  const double steps = 1.0 + (6.0 * 3.0 * 10.0 + 7.0 * 7.0) + (8.0 * 3.0 * 17.0 + 16.0 * 9.0) + 25.0 * 9.0;
  EXPECT_EQ(c.work(), steps);
  PageWorkspace w;
  RankOptions o = with(Distribution::exact);
  o.exact_limit = steps;
  RankRow row, refused;
  solve_page(o, p.blocks, p.scores, 7, w, row);
  EXPECT_EQ(row.distribution, Distribution::exact);
  o.exact_limit = steps - 1.0;
  solve_page(o, p.blocks, p.scores, 7, w, refused);
  EXPECT_EQ(refused.status, Status::too_large);
  EXPECT_TRUE(std::isnan(refused.p_value));
  EXPECT_EQ(refused.statistic, row.statistic);
}

TEST(Page, DrawsEitherSideAndBoth) {
  for (const Table& t : {jasp, wine, brands, Table{{1, 2, 3}, {3, 2, 1}, {1, 3, 2}}}) {
    for (const Alternative a : {Alternative::greater, Alternative::less, Alternative::two_sided}) {
      const RankRow exact = page(t, Distribution::exact, a), drawn = page(t, Distribution::monte_carlo, a);
      EXPECT_LE(drawn.p_low, exact.p_value);
      EXPECT_GE(drawn.p_high, exact.p_value);
      EXPECT_LE(drawn.p_high, 1.0);
      EXPECT_LE(drawn.p_value, 1.0);
    }
    const double up = page(t, Distribution::monte_carlo).p_value;
    const double down = page(t, Distribution::monte_carlo, Alternative::less).p_value;
    EXPECT_EQ(page(t, Distribution::monte_carlo, Alternative::two_sided).p_value, std::fmin(1.0, 2.0 * std::fmin(up, down)));
    EXPECT_NEAR(page(t, Distribution::asymptotic, Alternative::two_sided).p_value,
                2.0 * std::fmin(page(t, Distribution::asymptotic).p_value,
                                page(t, Distribution::asymptotic, Alternative::less).p_value), 1e-15);
  }
  EXPECT_EQ(page({{2, 2, 2}, {3, 3, 3}}).status, Status::all_zero);
  EXPECT_EQ(page({{2, 2, 2}, {3, 3, 3}}).p_value, 1.0);
}

TEST(Page, TestsASinglePatient) {
  const RankRow row = page({{1, 2, 3, 4}});
  EXPECT_EQ(row.status, Status::ok);
  EXPECT_NEAR(row.p_value, 1.0 / 24.0, 1e-15);
}

}  // namespace
