// Skillings-Mack, pairs of visits, Kendall's W, and the batch: all permutations as the oracle, printed values, statuses.

#include <gtest/gtest.h>

#include <Eigen/Dense>

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

RankRow skillings_mack(const Table& t, Distribution d = Distribution::automatic) {
  const Problem p(t);
  RankTestWorkspace f;
  SkillingsMackWorkspace w;
  RankRow row;
  RankOptions o;
  o.distribution = d;
  o.seed = 99;
  solve_skillings_mack(o, p.blocks, p.scores, 3, f, w, row);
  return row;
}

RankRow friedman(const Table& t, Distribution d) {
  const Problem p(t);
  RankTestWorkspace w;
  RankRow row;
  RankOptions o;
  o.distribution = d;
  solve_friedman(o, p.blocks, p.scores, 3, w, row);
  return row;
}

RankRow pair(const Table& t, PairMethod method, std::size_t level, std::size_t reference, PairOptions o = {}) {
  const Problem p(t);
  PairPlan plan;
  plan.prepare(o, p.scores);
  RankRow row;
  solve_pair(o, method, p.blocks, p.scores, level, reference, plan, row);
  return row;
}

// A' S^- A with the generalised inverse from the eigenvectors of the covariance.
double textbook_skillings_mack(const Table& t) {
  const int k = static_cast<int>(t[0].size());
  Eigen::VectorXd a = Eigen::VectorXd::Zero(k);
  Eigen::MatrixXd s = Eigen::MatrixXd::Zero(k, k);
  for (const auto& row : t) {
    const auto r = midranks(row);
    const double m = static_cast<double>(std::count_if(r.begin(), r.end(), [](double x) { return x == x; }));
    if (m < 2.0) {
      continue;
    }
    for (int j = 0; j < k; ++j) {
      const double rank = r[j] == r[j] ? r[j] : 0.5 * (m + 1.0);
      a[j] += std::sqrt(12.0 / (m + 1.0)) * (rank - 0.5 * (m + 1.0));
      for (int i = 0; i < k; ++i) {
        if (i != j && r[i] == r[i] && r[j] == r[j]) {
          s(i, j) -= 1.0;
          s(i, i) += 1.0;
        }
      }
    }
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(s);
  double q = 0.0;
  for (int j = 0; j < k; ++j) {
    if (eigen.eigenvalues()[j] > 1e-9) {
      const double x = eigen.eigenvectors().col(j).dot(a);
      q += x * x / eigen.eigenvalues()[j];
    }
  }
  return q;
}

// Skillings and Mack (1981), table 1: four ways of assembling, nine workers.
const Table assembly = {{3.2, 4.1, 3.8, 4.2}, {3.1, 3.9, 3.4, 4.0}, {4.3, 3.5, 4.6, 4.8}, {3.5, 3.6, 3.9, 4.0},
                        {3.6, 4.2, 3.7, 3.9}, {4.5, 4.7, 3.7, na},  {na, 4.2, 3.4, na},   {4.3, 4.6, 4.4, 4.9},
                        {3.5, na, 3.7, 3.9}};

TEST(SkillingsMack, PrintsTheAuthorsExample) {
  const RankRow row = skillings_mack(assembly, Distribution::asymptotic);
  EXPECT_NEAR(row.statistic, 15.493049, 5e-7);  // R package Skillings.Mack
  EXPECT_NEAR(row.p_value, 0.001440296302, 5e-13);
  EXPECT_EQ(row.df, 3.0);
  EXPECT_EQ(row.n, 9);
  EXPECT_EQ(row.notes, 0u);
}

TEST(SkillingsMack, IsTheFormWithTheGeneralisedInverse) {
  std::mt19937 engine(8);
  for (int round = 0; round < 30; ++round) {
    Table t(5, std::vector<double>(4));
    for (auto& row : t) {
      for (double& x : row) {
        x = engine() % 4 == 0 ? na : static_cast<double>(engine() % 6);
      }
    }
    const RankRow row = skillings_mack(t, Distribution::asymptotic);
    EXPECT_NEAR(row.statistic, textbook_skillings_mack(t), 1e-10 * (1.0 + row.statistic));
  }
}

TEST(SkillingsMack, ExactIsTheShareOfAllArrangements) {
  for (const Table& t : {Table{{1, 2, na}, {3, na, 1}, {2, 3, 1}, {na, 5, 4}}, Table{{1, 1, na}, {3, 2, 1}, {2, 3, 2}},
                         Table{{1, 2, 3, na}, {4, 3, na, 1}, {na, na, 2, 9}}, Table{{1, 2, 3}, {2, 1, 2}, {5, 4, 1}}}) {
    EXPECT_NEAR(skillings_mack(t, Distribution::exact).p_value, enumerate(t, textbook_skillings_mack), 1e-12);
  }
}

TEST(SkillingsMack, OfCompleteBlocksWithoutTiesIsFriedman) {
  const Table t = {{1, 4, 8, 0}, {2, 3, 13, 1}, {10, 0, 11, 3}, {12, 11, 13, 10}, {1, 3, 10, 0}};
  for (const Distribution d : {Distribution::exact, Distribution::asymptotic}) {
    EXPECT_NEAR(skillings_mack(t, d).statistic, friedman(t, d).statistic, 1e-12);
    EXPECT_NEAR(skillings_mack(t, d).p_value, friedman(t, d).p_value, 1e-12);
  }
}

TEST(SkillingsMack, DrawsWhereExactTakesTooLong) {
  const RankRow row = skillings_mack(assembly);
  EXPECT_EQ(row.distribution, Distribution::monte_carlo);
  EXPECT_LT(row.p_value, 0.002);
  EXPECT_LE(row.p_low, row.p_value);
  EXPECT_EQ(skillings_mack(assembly, Distribution::exact).status, Status::too_large);
  const Table small = {{1, 2, na, 4}, {3, na, 1, 5}, {2, 3, 1, 6}, {na, 5, 4, 7}};
  const RankRow exact = skillings_mack(small, Distribution::exact), drawn = skillings_mack(small, Distribution::monte_carlo);
  EXPECT_LE(drawn.p_low, exact.p_value);
  EXPECT_GE(drawn.p_high, exact.p_value);
}

// 3! 3! 4! 3! arrangements, and k^2 + 8 k steps for each; ties make fewer.
TEST(SkillingsMack, IsExactUpToItsLimit) {
  const auto at = [](const Table& t, Distribution d, double limit) {
    const Problem p(t);
    RankTestWorkspace f;
    SkillingsMackWorkspace w;
    RankRow row;
    RankOptions o;
    o.distribution = d;
    o.exact_limit = limit;
    o.replicates = 99;
    solve_skillings_mack(o, p.blocks, p.scores, 3, f, w, row);
    return row;
  };
  const Table plain = {{1, 2, na, 4}, {3, na, 1, 5}, {2, 3, 1, 6}, {na, 5, 4, 7}};
  const Table tied = {{1, 2, na, 2}, {3, na, 3, 3}, {2, 3, 2, 3}, {na, 5, 4, 7}};
  for (const auto& x : {std::pair<Table, double>{plain, 5184.0 * 48.0}, {tied, 3.0 * 6.0 * 6.0 * 48.0}}) {
    EXPECT_EQ(at(x.first, Distribution::automatic, x.second).distribution, Distribution::exact);
    EXPECT_EQ(at(x.first, Distribution::exact, x.second).status, Status::ok);
    EXPECT_EQ(at(x.first, Distribution::automatic, x.second - 1.0).distribution, Distribution::monte_carlo);
    const RankRow refused = at(x.first, Distribution::exact, x.second - 1.0);
    EXPECT_EQ(refused.status, Status::too_large);
    EXPECT_TRUE(std::isnan(refused.p_value));
  }
}

TEST(SkillingsMack, DropsPatientsOfOneVisitAndSaysWhatItCannotDo) {
  RankRow row = skillings_mack({{1, na, na}, {na, na, na}});
  EXPECT_EQ(row.status, Status::no_data);
  EXPECT_EQ(row.n_dropped, 2);
  row = skillings_mack({{1, 2, na}, {2, 1, na}, {3, 4, na}, {na, 5, na}}, Distribution::asymptotic);
  EXPECT_EQ(row.n, 3);
  EXPECT_EQ(row.n_dropped, 1);
  EXPECT_EQ(row.df, 1.0);
  EXPECT_EQ(row.notes, static_cast<std::uint32_t>(Note::visit_left_out));
  EXPECT_NEAR(row.statistic, 1.0 / 3.0, 1e-14);
  row = skillings_mack({{1, 2, na, na}, {2, 1, na, na}, {na, na, 3, 4}, {na, na, 3, 5}}, Distribution::asymptotic);
  EXPECT_EQ(row.status, Status::rank_deficient);
  EXPECT_EQ(row.df, 2.0);
  EXPECT_NEAR(row.statistic, 2.0, 1e-14);
  row = skillings_mack({{2, 2, na}, {na, 4, 4}});
  EXPECT_EQ(row.status, Status::all_zero);
  EXPECT_EQ(row.p_value, 1.0);
  EXPECT_EQ(skillings_mack({{2, 3, na}}).status, Status::too_few);
  row = skillings_mack({{1, 2, na}, {3, na, 1}, {2, 1, na}}, Distribution::asymptotic);  // all joined by the first
  EXPECT_EQ(row.notes, 0u);
  EXPECT_EQ(row.df, 2.0);
  EXPECT_EQ(row.status, Status::ok);
  row = skillings_mack({{2, 2, 3}, {1, 2, na}}, Distribution::asymptotic);
  EXPECT_EQ(row.notes, static_cast<std::uint32_t>(Note::ties_conservative));
}

const Table jasp = {{1, 4, 8, 0},  {2, 3, 13, 1},  {10, 0, 11, 3}, {12, 11, 13, 10}, {1, 3, 10, 0}, {10, 3, 11, 9},
                    {4, 12, 10, 11}, {10, 4, 5, 3}, {10, 4, 9, 3},  {14, 4, 7, 2},    {3, 2, 4, 13}};

// The two-way analysis of variance of the ranks.
TEST(Conover, IsTheLeastSignificantDifferenceOfTheRanks) {
  const Table ties = {{10, 7, 8}, {8, 5, 5}, {7, 8, 6}, {9, 6, 4}, {7, 5, 7}, {4, 7, 5}};
  for (const Table& t : {jasp, ties}) {
    const double n = static_cast<double>(t.size()), k = static_cast<double>(t[0].size());
    std::vector<double> sum(t[0].size(), 0.0);
    double squares = 0.0;
    for (const auto& row : t) {
      const auto r = midranks(row);
      for (std::size_t j = 0; j < r.size(); ++j) {
        sum[j] += r[j];
        squares += r[j] * r[j];
      }
    }
    double columns = 0.0;
    for (const double s : sum) {
      columns += s * s;
    }
    const double se = std::sqrt(2.0 * (n * squares - columns) / ((n - 1.0) * (k - 1.0)));  // of rank sums: Conover (1999), 5.8
    const RankRow row = pair(t, PairMethod::conover, 2, 0);
    EXPECT_NEAR(row.estimate, (sum[2] - sum[0]) / n, 1e-14);
    EXPECT_NEAR(row.statistic, (sum[2] - sum[0]) / se, 1e-12);
    EXPECT_EQ(row.df, (n - 1.0) * (k - 1.0));
    EXPECT_NEAR(row.p_value, 2.0 * special::t_cdf(-std::fabs(row.statistic), row.df), 1e-14);
    EXPECT_NEAR(row.conf_high - row.conf_low, 2.0 * special::t_quantile(0.975, row.df) * se / n, 1e-12);
    EXPECT_NEAR(row.conf_high + row.conf_low, 2.0 * row.estimate, 1e-12);
  }
}

TEST(Nemenyi, IsTheStudentizedRangeOfMeanRanks) {
  const RankRow row = pair(jasp, PairMethod::nemenyi, 3, 2);
  const double q = std::fabs(row.estimate) / std::sqrt(4.0 * 5.0 / (12.0 * 11.0));
  EXPECT_NEAR(row.statistic, q, 1e-12);
  EXPECT_NEAR(row.p_value, special::studentized_range_cdf(q, 4, infinity, special::Tail::upper), 1e-15);
  // Demsar (2006): critical difference q(.05) sqrt(k (k + 1) / (6 n)), q(.05; k = 4) = 2.569.
  EXPECT_NEAR(0.5 * (row.conf_high - row.conf_low), 2.569 * std::sqrt(4.0 * 5.0 / 66.0), 5e-4);
  const RankRow of_two = pair({{1, 2}, {2, 1}, {3, 4}, {4, 5}, {1, 2}}, PairMethod::nemenyi, 1, 0);
  EXPECT_NEAR(of_two.p_value, special::chisq_cdf(9.0 / 5.0, 1, special::Tail::upper), 1e-12);
  // Ties: the ranks 1.5 1.5 3, 1 2.5 2.5 and 1 2 3 vary by 3/4, 3/4 and 1, on the average 5/6.
  const RankRow tied = pair({{1, 1, 3}, {1, 3, 3}, {1, 2, 3}}, PairMethod::nemenyi, 2, 0);
  EXPECT_NEAR(tied.estimate, 5.0 / 3.0, 1e-15);
  EXPECT_NEAR(tied.statistic, 5.0 / 3.0 / std::sqrt(5.0 / 18.0), 1e-14);
  EXPECT_NEAR(tied.std_error, std::sqrt(5.0 / 9.0), 1e-15);
  const RankRow single = pair({{1, 2, 3}}, PairMethod::nemenyi, 2, 0);
  EXPECT_EQ(single.status, Status::too_few);
  EXPECT_TRUE(std::isnan(single.p_value) && std::isnan(single.conf_low));
  EXPECT_EQ(single.estimate, 2.0);
}

double difference(const Table& t) {
  double d = 0.0;
  for (const auto& row : t) {
    const auto r = midranks(row);
    d += r[1] - r[0];
  }
  return std::fabs(d);
}

TEST(ExactPair, IsTheShareOfAllArrangements) {
  for (const Table& t : {Table{{1, 2, 3}, {1, 3, 2}, {1, 2, 3}, {4, 6, 5}}, Table{{1, 1, 3}, {1, 3, 3}, {1, 2, 3}, {4, 4, 4}},
                         Table{{1, 2, 3, 4}, {2, 5, 3, 3}, {1, 4, 4, 2}}, Table{{1, 2}, {2, 1}, {3, 3}, {1, 4}, {0, 4}}}) {
    EXPECT_NEAR(pair(t, PairMethod::exact, 1, 0).p_value, enumerate(t, difference), 1e-13);
    EXPECT_EQ(pair(t, PairMethod::exact, 1, 0).p_value, pair(t, PairMethod::exact, 0, 1).p_value);
  }
}

// Without ties a difference x of two ranks of a block has k - |x| ways, x not 0 (Eisinga et al. 2017): k = 4, n = 5, d = 9.
TEST(ExactPair, CountsTheWaysOfEisingaAndOthers) {
  std::map<int, double> ways{{0, 1.0}};
  for (int block = 0; block < 5; ++block) {
    std::map<int, double> next;
    for (const auto& w : ways) {
      for (int x = 1; x < 4; ++x) {
        next[w.first + x] += w.second * (4 - x);
        next[w.first - x] += w.second * (4 - x);
      }
    }
    ways = next;
  }
  double tail = 0.0;
  for (const auto& w : ways) {
    tail += std::abs(w.first) >= 9 ? w.second : 0.0;
  }
  const RankRow row = pair({{1, 4, 2, 3}, {1, 4, 2, 3}, {1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3, 4}}, PairMethod::exact, 1, 0);
  EXPECT_EQ(row.statistic, 9.0);
  EXPECT_NEAR(row.p_value, tail / std::pow(12.0, 5.0), 1e-15);
}

TEST(Pairs, SayWhatCannotBeTested) {
  EXPECT_EQ(pair({{1, na, 2}}, PairMethod::exact, 1, 0).status, Status::no_data);
  RankRow row = pair({{1, 2, 3}, {1, 2, 3}}, PairMethod::conover, 1, 0);
  EXPECT_EQ(row.status, Status::no_variance);
  EXPECT_EQ(row.estimate, 1.0);
  EXPECT_TRUE(std::isnan(row.p_value));
  EXPECT_NEAR(pair({{1, 2, 3}, {1, 2, 3}}, PairMethod::exact, 2, 0).p_value, 2.0 / 36.0, 1e-15);
  row = pair({{1, 1, 1}, {2, 2, 2}}, PairMethod::nemenyi, 1, 0);
  EXPECT_EQ(row.status, Status::all_zero);
  EXPECT_EQ(row.p_value, 1.0);
  EXPECT_EQ(row.estimate, 0.0);
  row = pair({{1, 2, 3}}, PairMethod::conover, 1, 0);
  EXPECT_EQ(row.status, Status::too_few);
  EXPECT_TRUE(std::isnan(row.p_value));
  EXPECT_NEAR(pair({{1, 2, 3}}, PairMethod::exact, 2, 0).p_value, 1.0 / 3.0, 1e-15);
  PairOptions little;
  little.exact_limit = 10.0;
  EXPECT_EQ(pair(jasp, PairMethod::exact, 1, 0, little).status, Status::too_large);
  // Ranks in steps of 1, reach 3 a block: 7 steps for each of the 6 b + 1 places of b blocks.
  little.exact_limit = 7.0 * (6.0 * 66.0 + 11.0);
  EXPECT_EQ(pair(jasp, PairMethod::exact, 1, 0, little).distribution, Distribution::exact);
  little.exact_limit -= 1.0;
  row = pair(jasp, PairMethod::exact, 1, 0, little);
  EXPECT_EQ(row.status, Status::too_large);
  EXPECT_TRUE(std::isnan(row.p_value));
  EXPECT_EQ(row.statistic, pair(jasp, PairMethod::exact, 1, 0).statistic);
}

TEST(KendallW, HasAnIntervalOfPatients) {
  const Problem p(jasp);
  RankOptions o;
  o.seed = 4;
  AgreementWorkspace w;
  const Agreement a = solve_kendall_w(o, p.scores, 1, w);
  EXPECT_NEAR(a.w, 0.36198347107438, 1e-13);  // JASP
  EXPECT_EQ(a.method, ConfMethod::bca);
  EXPECT_GT(a.w, a.low);
  EXPECT_LT(a.w, a.high);
  const Problem same({{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
  const Agreement one = solve_kendall_w(o, same.scores, 1, w);
  EXPECT_EQ(one.w, 1.0);
  EXPECT_TRUE(std::isnan(one.low));
  EXPECT_EQ(one.notes, static_cast<std::uint32_t>(Note::effect_unavailable));
  const Problem tied({{1, 1, 1}, {4, 4, 4}});
  EXPECT_TRUE(std::isnan(solve_kendall_w(o, tied.scores, 1, w).w));
  EXPECT_EQ(solve_kendall_w(o, tied.scores, 1, w).notes, 0u);
  const Problem none({{1, na, 2}});
  EXPECT_TRUE(std::isnan(solve_kendall_w(o, none.scores, 1, w).w));
  EXPECT_EQ(solve_kendall_w(o, none.scores, 1, w).notes, 0u);
  const Problem single({{1, 2, 3}});
  EXPECT_EQ(solve_kendall_w(o, single.scores, 1, w).w, 1.0);
  EXPECT_TRUE(std::isnan(solve_kendall_w(o, single.scores, 1, w).low));
  EXPECT_EQ(solve_kendall_w(o, single.scores, 1, w).notes, 0u);
  // Nine patients are few, ten are not; two who differ have an interval.
  const Problem nine(Table(jasp.begin(), jasp.begin() + 9)), ten(Table(jasp.begin(), jasp.begin() + 10));
  EXPECT_EQ(solve_kendall_w(o, nine.scores, 1, w).notes, static_cast<std::uint32_t>(Note::small_bootstrap));
  EXPECT_EQ(solve_kendall_w(o, ten.scores, 1, w).notes, 0u);
  o.bootstrap_interval = paired::BootstrapInterval::percentile;
  const Problem two({{1, 2, 3}, {1, 3, 2}});
  const Agreement pair_of = solve_kendall_w(o, two.scores, 1, w);
  EXPECT_EQ(pair_of.high, 1.0);  // of one patient drawn twice
  EXPECT_NEAR(pair_of.low, 0.75, 1e-15);
  EXPECT_EQ(pair_of.notes, static_cast<std::uint32_t>(Note::small_bootstrap));
  o.effect_interval = false;
  EXPECT_TRUE(std::isnan(solve_kendall_w(o, ten.scores, 1, w).low));
}

// The limits are replicates of the right rank: a naive percentile bootstrap over the same draws.
TEST(KendallW, PercentileLimitsAreRanksOfTheReplicates) {
  const Problem p(jasp);
  RankOptions o;
  o.seed = 4;
  o.replicates = 999;
  o.bootstrap_interval = paired::BootstrapInterval::percentile;
  AgreementWorkspace w;
  const Agreement a = solve_kendall_w(o, p.scores, 1, w);
  std::vector<double> replicate;
  for (std::uint64_t r = 0; r < 999; ++r) {
    Stream stream(4, static_cast<std::uint64_t>(Tag::bootstrap), 1, r);
    std::vector<double> sum(4, 0.0);
    for (std::size_t i = 0; i < jasp.size(); ++i) {
      const auto rank = midranks(jasp[stream.bounded(11)]);
      for (std::size_t j = 0; j < 4; ++j) {
        sum[j] += rank[j];
      }
    }
    double s = 0.0;
    for (const double x : sum) {
      s += (x - 27.5) * (x - 27.5);
    }
    replicate.push_back(12.0 * s / (121.0 * 60.0));
  }
  std::sort(replicate.begin(), replicate.end());
  EXPECT_NEAR(a.low, replicate[24], 1e-12);
  EXPECT_NEAR(a.high, replicate[974], 1e-12);
}

// Two outcomes in two groups, twice: at one thread and three, and with the columns at other addresses.
TEST(RankBatch, GivesTheSameBitsForAnyThreadsAndAddress) {
  const std::size_t n = 24, k = 3;
  std::mt19937 engine(17);
  std::vector<double> first(n * k + 8), second(n * k + 8);
  std::vector<int> rows(n * k);
  std::iota(rows.begin(), rows.end(), 1);
  rows[5] = missing_int;
  for (std::size_t i = 0; i < n * k; ++i) {
    first[i] = static_cast<double>(engine() % 50) / 10.0;
    second[i] = static_cast<double>(engine()) / 7.0;
  }
  const auto run = [&](std::size_t offset, int threads) {
    std::vector<double> a(n * k + 8), b(n * k + 8);
    std::copy(first.begin(), first.begin() + n * k, a.begin() + static_cast<std::ptrdiff_t>(offset));
    std::copy(second.begin(), second.begin() + n * k, b.begin() + static_cast<std::ptrdiff_t>(offset));
    RankPlan plan;
    plan.outcomes = {a.data() + offset, b.data() + offset};
    plan.rows = rows.data();
    plan.patients = n;
    plan.k = k;
    plan.group_start = {0, 11, n};
    plan.problem_key = {1, 2, 3, 4};
    plan.options.replicates = 500;
    plan.methods = {RankMethod::friedman, RankMethod::iman_davenport, RankMethod::quade, RankMethod::page,
                    RankMethod::skillings_mack};
    std::vector<RankRow> out(plan.size() * plan.methods.size());
    EXPECT_EQ(solve_rank_tests(plan, threads, {}, [&](std::size_t i, const RankRow& row) { out[i] = row; }), no_problem);
    return out;
  };
  const auto reference = run(0, 1);
  EXPECT_EQ(reference[0].n, 10);
  EXPECT_EQ(reference[0].n_dropped, 1);
  EXPECT_EQ(reference[4].n, 11);
  for (std::size_t offset = 0; offset < 8; ++offset) {
    const auto other = run(offset, offset % 2 == 0 ? 3 : 1);
    ASSERT_EQ(other.size(), reference.size());
    for (std::size_t i = 0; i < other.size(); ++i) {
      visit_columns(&reference[i], [&](const char* name, auto get) {
        const auto x = static_cast<double>(get(reference[i])), y = static_cast<double>(get(other[i]));
        EXPECT_TRUE(x == y || (std::isnan(x) && std::isnan(y))) << name << " of row " << i;
      });
    }
  }
}

// p after 3 of 99 replicates: 4 / 100, twice that where both sides count, never above 1; each replicate is seen once.
TEST(RankDraws, CountTheDataAsOneMoreReplicate) {
  RankOptions o;
  o.replicates = 99;
  const ProbabilityInterval range = clopper_pearson(3.0, 99.0, 0.99);
  RankRow one, two, all;
  store_monte_carlo(3.0, false, o, one);
  EXPECT_EQ(one.p_value, 0.04);
  EXPECT_EQ(one.p_low, range.low);
  EXPECT_EQ(one.p_high, range.high);
  store_monte_carlo(3.0, true, o, two);
  EXPECT_EQ(two.p_value, 0.08);
  EXPECT_EQ(two.p_low, 2.0 * range.low);
  EXPECT_EQ(two.p_high, 2.0 * range.high);
  store_monte_carlo(98.0, true, o, all);
  EXPECT_EQ(all.p_value, 1.0);
  EXPECT_EQ(all.p_low, 1.0);
  EXPECT_EQ(all.p_high, 1.0);
  const Problem p(jasp);
  BlockValues values;
  dense_values(p.scores, values);
  DrawWorkspace w;
  int seen = 0;
  draw_sums(values, o, 1, w, [&](const double* sum) {
    ++seen;
    EXPECT_EQ(sum[0] + sum[1] + sum[2] + sum[3], 0.0);
  });
  EXPECT_EQ(seen, 99);
}

// Each row of a batch is that of its test alone, with Kendall's W beside those on complete blocks.
TEST(RankBatch, TestsAreThoseOfEachProblemAlone) {
  std::vector<double> value;
  std::vector<int> rows(44);
  for (std::size_t j = 0; j < 4; ++j) {
    for (const auto& patient : jasp) value.push_back(patient[j]);
  }
  std::iota(rows.begin(), rows.end(), 1);
  RankPlan plan;
  plan.outcomes = {value.data()};
  plan.rows = rows.data();
  plan.patients = 11;
  plan.k = 4;
  plan.group_start = {0, 11};
  plan.methods = {RankMethod::friedman, RankMethod::iman_davenport, RankMethod::quade, RankMethod::page,
                  RankMethod::skillings_mack};
  plan.options.distribution = Distribution::asymptotic;
  std::vector<RankRow> out(5);
  EXPECT_EQ(solve_rank_tests(plan, 1, {}, [&](std::size_t i, const RankRow& row) { out.at(i) = row; }), no_problem);
  const Problem p(jasp);
  RankTestWorkspace w;
  PageWorkspace pages;
  SkillingsMackWorkspace skillings;
  std::vector<RankRow> alone(5);
  solve_friedman(plan.options, p.blocks, p.scores, 0, w, alone[0]);
  solve_iman_davenport(p.blocks, p.scores, w, alone[1]);
  solve_quade(plan.options, p.blocks, p.scores, 0, w, alone[2]);
  solve_page(plan.options, p.blocks, p.scores, 0, pages, alone[3]);
  solve_skillings_mack(plan.options, p.blocks, p.scores, 0, w, skillings, alone[4]);
  for (std::size_t m = 0; m < 5; ++m) {
    EXPECT_EQ(out[m].statistic, alone[m].statistic) << m;
    EXPECT_EQ(out[m].p_value, alone[m].p_value) << m;
    EXPECT_EQ(out[m].n, 11) << m;
    if (m < 4) {
      EXPECT_NEAR(out[m].effect, 0.36198347107438, 1e-13) << m;
      EXPECT_LT(out[m].effect_low, out[m].effect) << m;
    } else {
      EXPECT_TRUE(std::isnan(out[m].effect) && std::isnan(out[m].effect_low));
    }
  }
  plan.methods = {RankMethod::page};
  EXPECT_EQ(solve_rank_tests(plan, 1, {}, [&](std::size_t i, const RankRow& row) { out.at(i) = row; }), no_problem);
  EXPECT_NEAR(out[0].effect, 0.36198347107438, 1e-13);
}

// All pairs of a problem share a plan, and problems share its memory: each row is that of the pair alone.
TEST(RankBatch, PairsAreThoseOfEachProblemAlone) {
  const Table first(jasp.begin(), jasp.begin() + 6), second(jasp.begin() + 6, jasp.end());
  std::vector<double> value, squared;
  for (std::size_t j = 0; j < 4; ++j) {
    for (const auto& patient : jasp) {
      value.push_back(patient[j]);
      squared.push_back(std::fmod(patient[j] * 7.0, 5.0));  // other ranks, many ties
    }
  }
  std::vector<int> rows(44);
  std::iota(rows.begin(), rows.end(), 1);
  RankPlan plan;
  plan.outcomes = {value.data(), squared.data()};
  plan.rows = rows.data();
  plan.patients = 11;
  plan.k = 4;
  plan.group_start = {0, 6, 11};
  PairSet pairs;
  pairs.level = {1, 2, 3};
  pairs.reference = {0, 0, 1};
  pairs.methods = {PairMethod::exact, PairMethod::conover, PairMethod::nemenyi};
  std::vector<RankRow> out(36);
  EXPECT_EQ(solve_rank_pairs(plan, pairs, 1, {}, [&](std::size_t i, const RankRow& row) { out.at(i) = row; }), no_problem);
  for (std::size_t problem = 0; problem < 4; ++problem) {
    Table t = problem % 2 == 0 ? first : second;
    for (auto& patient : t) {
      for (double& x : patient) {
        x = problem < 2 ? x : std::fmod(x * 7.0, 5.0);
      }
    }
    for (std::size_t i = 0; i < 9; ++i) {
      const RankRow alone = pair(t, pairs.methods[i % 3], pairs.level[i / 3], pairs.reference[i / 3]);
      const RankRow& row = out[9 * problem + i];
      EXPECT_EQ(row.p_value, alone.p_value) << problem << " " << i;
      EXPECT_EQ(row.estimate, alone.estimate) << problem << " " << i;
      EXPECT_EQ(row.statistic, alone.statistic) << problem << " " << i;
    }
  }
}

TEST(RankBatch, NamesTheLowestProblemWithAnInfiniteValue) {
  std::vector<double> good{1, 2, 3, 4}, bad{1, 2, infinity, 4};
  const std::vector<int> rows{1, 2, 3, 4};
  RankPlan plan;
  plan.outcomes = {good.data(), bad.data()};
  plan.rows = rows.data();
  plan.patients = 2;
  plan.k = 2;
  plan.group_start = {0, 1, 2};
  plan.methods = {RankMethod::friedman};
  EXPECT_EQ(solve_rank_tests(plan, 2, {}, [](std::size_t, const RankRow&) {}), 2u);
  PairSet pairs;
  pairs.level = {1};
  pairs.reference = {0};
  pairs.methods = {PairMethod::exact, PairMethod::conover};
  std::size_t stored = 0;
  EXPECT_EQ(solve_rank_pairs(plan, pairs, 1, {}, [&](std::size_t, const RankRow&) { ++stored; }), 2u);
  EXPECT_EQ(stored, 6u);
}

}  // namespace
