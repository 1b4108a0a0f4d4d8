// Least squares, rank distributions, pooling and change against baseline, without R.
#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

#include "respondr/linear.hpp"

namespace {

using namespace respondr;
using namespace respondr::linear;

struct Table {
  std::size_t n, p;
  std::vector<double> x, y, w;
  Problem problem(bool weighted = false) const {
    return {x.data(), n, p, y.data(), weighted ? w.data() : nullptr, nullptr};
  }
};

Table table(std::size_t n, std::size_t p) {
  Table t{n, p, std::vector<double>(n * p), std::vector<double>(n), std::vector<double>(n)};
  Stream stream(7, 1, n, p);
  for (std::size_t i = 0; i < n * p; ++i) {
    t.x[i] = i < n ? 1.0 : stream.uniform();
  }
  for (std::size_t i = 0; i < n; ++i) {
    t.y[i] = stream.uniform() + (p > 1 ? t.x[n + i] : 0.0);
    t.w[i] = 0.5 + stream.uniform();
  }
  return t;
}

// X'W(y - X b) of every column.
double worst_equation(const Table& t, const Problem& q, const std::vector<double>& b) {
  double worst = 0.0;
  for (std::size_t j = 0; j < t.p; ++j) {
    double sum = 0.0;
    for (std::size_t i = 0; i < t.n; ++i) {
      double e = t.y[i];
      for (std::size_t k = 0; k < t.p; ++k) {
        e -= t.x[i + k * t.n] * (b[k] == b[k] ? b[k] : 0.0);
      }
      sum += t.x[i + j * t.n] * e * (q.weight == nullptr ? 1.0 : q.weight[i]);
    }
    worst = std::max(worst, std::fabs(sum));
  }
  return worst;
}

TEST(LeastSquares, SolvesTheNormalEquationsForAnySizeOfTable) {
  for (const std::size_t n : {3u, 127u, 128u, 129u, 500u}) {
    const Table t = table(n, 3);
    for (const bool weighted : {false, true}) {
      const Problem q = t.problem(weighted);
      EXPECT_LT(worst_equation(t, q, fit(q).beta), 1e-11) << n;
    }
  }
}

TEST(LeastSquares, ThreadsAndPlaceInMemoryChangeNoBit) {
  const Table t = table(3 * 32768 + 11, 3);
  const Fit one = fit(t.problem(true), 1);
  const Fit many = fit(t.problem(true), 4);
  EXPECT_EQ(one.beta, many.beta);
  EXPECT_EQ(one.rss, many.rss);
  const Table s = table(77, 4);
  const Fit base = fit(s.problem());
  const Variance v = variance(s.problem(), base, Covariance::hc3, nullptr, 0);
  std::vector<double> room(77 * 4 + 8);
  for (std::size_t shift = 0; shift < 8; ++shift) {
    std::memcpy(room.data() + shift, s.x.data(), s.x.size() * sizeof(double));
    Problem q = s.problem();
    q.x = room.data() + shift;
    const Fit moved = fit(q);
    EXPECT_EQ(moved.beta, base.beta);
    EXPECT_EQ(moved.residual, base.residual);
    EXPECT_EQ(variance(q, moved, Covariance::hc3, nullptr, 0).matrix, v.matrix);
  }
}

TEST(LeastSquares, LeavesOutWhatDependsOnOthersAndNothingElse) {
  Table t = table(40, 5);
  for (std::size_t i = 0; i < 40; ++i) {
    t.x[i + 2 * 40] = 3.0 - 2.0 * t.x[i + 40];
    t.x[i + 4 * 40] = t.x[i + 40] + 1e-7 * t.x[i + 3 * 40] * t.x[i + 40];
  }
  const Fit f = fit(t.problem());
  EXPECT_EQ(f.kept, (std::vector<unsigned char>{1, 1, 0, 1, 1}));
  EXPECT_GT(f.refinements, 0);
  EXPECT_EQ(f.rank, 4u);
}

TEST(LeastSquares, LeverageAddsUpToTheRankAndTheBasisIsOrthonormal) {
  const Table t = table(300, 4);
  const Problem q = t.problem(true);
  const Fit f = fit(q);
  std::vector<double> h;
  leverage(q, f, h);
  EXPECT_NEAR(std::accumulate(h.begin(), h.end(), 0.0), 4.0, 1e-12);
}

TEST(LeastSquares, EmptyTablesAndTablesWithoutColumnsAreAnswered) {
  const Table none = table(0, 2);
  EXPECT_EQ(fit(none.problem()).status, Status::no_data);
  Table bare = table(5, 1);
  bare.p = 0;
  const Fit f = fit(bare.problem());
  EXPECT_EQ(f.rank, 0u);
  EXPECT_DOUBLE_EQ(f.df, 5.0);
  const Table small = table(2, 4);
  const Fit full = fit(small.problem());
  EXPECT_EQ(full.rank, 2u);
  EXPECT_EQ(full.status, Status::too_few);
}

TEST(RankDistributions, CountEveryOrder) {
  const std::vector<double> counts = spearman_counts({0, 1, 2, 3}, {0, 1, 2, 3});
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0.0), 24.0);
  EXPECT_EQ(counts.back(), 1.0);
  EXPECT_EQ(counts[13], 3.0);  // three swaps of neighbours
  const std::vector<double> ties = spearman_counts({0, 3, 3, 6}, {0, 0, 4, 6});
  EXPECT_EQ(std::accumulate(ties.begin(), ties.end(), 0.0), 24.0);
  const std::vector<double> p = inversion_probabilities(4);  // 1 3 5 6 5 3 1 of 24
  EXPECT_NEAR(inversions_at_most(p, 4, 1.0), 4.0 / 24.0, 1e-15);
  EXPECT_NEAR(inversions_at_most(p, 4, 4.0), 20.0 / 24.0, 1e-15);
  EXPECT_NEAR(inversions_at_most(inversion_probabilities(200), 200, 9949.0), 0.5, 0.01);
}

TEST(RankDistributions, ConcordanceIsThatOfAllPairs) {
  Stream stream(3, 1, 1, 1);
  for (int round = 0; round < 20; ++round) {
    const std::size_t n = 3 + stream.bounded(60);
    std::vector<std::pair<double, double>> pairs(n);
    for (auto& pair : pairs) {
      pair = {stream.bounded(9), stream.bounded(12)};
    }
    std::sort(pairs.begin(), pairs.end());
    std::vector<double> x, y, spare;
    double naive = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      x.push_back(pairs[i].first);
      y.push_back(pairs[i].second);
      for (std::size_t j = 0; j < i; ++j) {
        const double d = (x[i] - x[j]) * (y[i] - y[j]);
        naive += d > 0.0 ? 1.0 : d < 0.0 ? -1.0 : 0.0;
      }
    }
    std::vector<double> sorted = y;
    std::sort(sorted.begin(), sorted.end());
    const double tied_x = linear::detail::ties_of(x).pairs, tied_y = linear::detail::ties_of(sorted).pairs;
    EXPECT_EQ(linear::detail::concordance(x, y, tied_x, tied_y, spare), naive);
  }
}

TEST(Pooling, TauIsTheRootOfItsEquationAndHasNoUnit) {
  const Studies s{{0.1, 0.9, 0.4, 1.6}, {0.04, 0.02, 0.09, 0.05}};
  const double pm = between_variance(s, Pooling::paule_mandel);
  EXPECT_NEAR(linear::detail::weigh(s, pm).q, 3.0, 1e-10);
  Studies big = s;
  for (std::size_t i = 0; i < 4; ++i) {
    big.estimate[i] *= 1e-70;
    big.variance[i] *= 1e-140;
  }
  for (const Pooling method : {Pooling::dersimonian_laird, Pooling::paule_mandel, Pooling::reml}) {
    EXPECT_NEAR(between_variance(big, method) * 1e140 / between_variance(s, method), 1.0, 1e-9);
  }
}

TEST(Baseline, EveryMethodAnswersTinyAndConstantSamples) {
  for (const std::size_t n : {0u, 1u, 2u, 3u}) {
    for (int method = 0; method < 7; ++method) {
      const BaselineSample s{std::vector<double>(n, 4.0), std::vector<double>(n, 5.0), 0};
      const BaselineRow row = solve_baseline(s, static_cast<BaselineMethod>(method), 0.5, 0.95);
      EXPECT_NE(row.status, Status::ok);
      EXPECT_TRUE(row.p_value != row.p_value);
    }
  }
}

TEST(Correlation, OneProblemIsTheSameInAnyCompany) {
  const Table t = table(60, 9);
  std::vector<int> order(60), start{0, 60};
  std::iota(order.begin(), order.end(), 1);
  CorrelationPlan plan;
  for (std::size_t j = 1; j < 9; ++j) {
    plan.x.push_back(t.x.data() + j * 60);
    plan.keys.push_back(j);
  }
  plan.y = t.y.data();
  plan.order = order.data();
  plan.start = start.data();
  plan.groups = 1;
  plan.options.distribution = Distribution::monte_carlo;
  plan.options.replicates = 200;
  for (const Coefficient method : {Coefficient::pearson, Coefficient::spearman, Coefficient::kendall}) {
    plan.options.method = method;
    std::vector<double> one(8), many(8);
    solve_correlations(plan, 1, {}, [&](std::size_t i, const CorrelationRow& row) { one[i] = row.p_value; });
    solve_correlations(plan, 3, {}, [&](std::size_t i, const CorrelationRow& row) { many[i] = row.p_value; });
    EXPECT_EQ(one, many);
  }
}

}  // namespace
