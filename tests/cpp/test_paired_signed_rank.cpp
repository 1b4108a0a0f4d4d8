// Signed-rank test: all sign vectors listed as the oracle, the interval by asking at every gap and point, Walsh averages by a
// full list, screens and local searches against the full search.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <vector>

#include "respondr/paired/signed_rank.hpp"

namespace {

using namespace respondr;
using namespace respondr::paired;
using Values = std::vector<double>;

Sample sample_of(const Values& change, bool on_grid = true) {
  Sample s;
  s.change = change;
  s.on_grid = on_grid;
  for (std::size_t i = 0; i < change.size(); ++i) {
    s.patient.push_back(hash_mix(5, i));
    s.magnitude = std::max(s.magnitude, std::fabs(change[i]));
  }
  return s;
}

Row solve(const Sample& s, const Options& o, Shift shift = {}) {
  SignedRankWorkspace w;
  Row row;
  solve_signed_rank(o, s, shift, w, row);
  return row;
}

// Midranks of |d - theta| by counting, zeros by the rule; positive ones marked.
struct Ranked {
  Values rank;
  std::vector<bool> positive;
};

Ranked rank_naively(const Values& d, double theta, Zeros zeros) {
  Values x;
  for (const double v : d) {
    if (zeros == Zeros::pratt || v != theta) {
      x.push_back(v - theta);
    }
  }
  Ranked out;
  for (const double v : x) {
    if (v != 0.0) {
      double below = 0.0, same = 0.0;
      for (const double u : x) {
        below += std::fabs(u) < std::fabs(v) ? 1.0 : 0.0;
        same += std::fabs(u) == std::fabs(v) ? 1.0 : 0.0;
      }
      out.rank.push_back(below + 0.5 * (same + 1.0));
      out.positive.push_back(v > 0.0);
    }
  }
  return out;
}

Tails enumerate(const Values& d, double theta, Zeros zeros = Zeros::wilcoxon) {
  const Ranked r = rank_naively(d, theta, zeros);
  double observed = 0.0;
  for (std::size_t i = 0; i < r.rank.size(); ++i) {
    observed += r.positive[i] ? r.rank[i] : 0.0;
  }
  double at_least = 0.0, at_most = 0.0;
  for (std::size_t sign = 0; sign < (std::size_t{1} << r.rank.size()); ++sign) {
    double sum = 0.0;
    for (std::size_t i = 0; i < r.rank.size(); ++i) {
      sum += (sign >> i & 1u) != 0 ? r.rank[i] : 0.0;
    }
    at_least += sum >= observed ? 1.0 : 0.0;
    at_most += sum <= observed ? 1.0 : 0.0;
  }
  const double all = std::ldexp(1.0, static_cast<int>(r.rank.size()));
  return {at_least / all, at_most / all};
}

Values sorted_sums(const Values& d) {
  Values sums;
  for (std::size_t i = 0; i < d.size(); ++i) {
    for (std::size_t j = i; j < d.size(); ++j) {
      sums.push_back(d[i] + d[j]);
    }
  }
  std::sort(sums.begin(), sums.end());
  return sums;
}

struct Hull {
  double low = missing, high = missing;
  bool hole = false;
};

// Asks tails(theta) at every Walsh average and between any two of them.
template <class TailsAt>
Hull invert_naively(const Values& d, double alpha, TailsAt&& tails) {
  Values points = sorted_sums(d);
  points.erase(std::unique(points.begin(), points.end()), points.end());
  Hull out;
  bool left = false, inside = false;
  const auto visit = [&](double from, double to, double theta) {
    const Tails t = tails(theta);
    const bool now = t.greater > alpha && t.less > alpha;
    if (now) {
      out.low = std::isnan(out.low) ? from : out.low;
      out.high = to;
      out.hole = out.hole || left;
    }
    left = left || (inside && !now);
    inside = now;
  };
  visit(-infinity, points.front() / 2.0, points.front() / 2.0 - 1.0);
  for (std::size_t k = 0; k < points.size(); ++k) {
    visit(points[k] / 2.0, points[k] / 2.0, points[k] / 2.0);
    const bool last = k + 1 == points.size();
    visit(points[k] / 2.0, last ? infinity : points[k + 1] / 2.0,
          last ? points[k] / 2.0 + 1.0 : (points[k] + points[k + 1]) / 4.0);
  }
  return out;
}

// Whole numbers with more or fewer ties.
Values draw(std::mt19937_64& rng, std::size_t n, int spread, int shift) {
  Values d(n);
  for (double& x : d) {
    x = static_cast<double>(static_cast<int>(rng() % static_cast<std::uint64_t>(2 * spread + 1)) - spread + shift);
  }
  return d;
}

bool is_hull(const Row& row) {
  return row.status == Status::hull || (row.notes & static_cast<std::uint32_t>(Note::hull)) != 0;
}

}  // namespace

TEST(SubsetSum, ByHandSumsOfOneTwoThree) {
  SubsetSum sums;
  const std::vector<std::int64_t> values{1, 2, 3};  // sums 0 1 2 3 3 4 5 6
  const double at_most[] = {1, 2, 3, 5, 6, 7, 8}, at[] = {1, 1, 1, 2, 1, 1, 1};
  for (std::size_t cap = 0; cap <= 6; ++cap) {
    const SubsetTail tail = sums.tail({values.data(), 3}, cap);
    EXPECT_EQ(tail.at_most, at_most[cap] / 8.0);
    EXPECT_EQ(tail.at, at[cap] / 8.0);
  }
  EXPECT_EQ(SubsetSum::cells({values.data(), 3}, 6), 2.0 + 4.0 + 7.0);
  EXPECT_EQ(SubsetSum::cells({values.data(), 3}, 2), 2.0 + 3.0 + 3.0);
}

TEST(SubsetSum, OracleRandomValues) {
  std::mt19937_64 rng(11);
  SubsetSum sums;
  for (int round = 0; round < 50; ++round) {
    std::vector<std::int64_t> values(1 + rng() % 14);
    for (std::int64_t& v : values) {
      v = static_cast<std::int64_t>(rng() % 40);
    }
    std::sort(values.begin(), values.end());
    std::map<std::int64_t, double> count;
    for (std::size_t subset = 0; subset < (std::size_t{1} << values.size()); ++subset) {
      std::int64_t sum = 0;
      for (std::size_t i = 0; i < values.size(); ++i) {
        sum += (subset >> i & 1u) != 0 ? values[i] : 0;
      }
      count[sum] += std::ldexp(1.0, -static_cast<int>(values.size()));
    }
    for (const std::size_t cap : {std::size_t{0}, std::size_t{7}, std::size_t{30}, std::size_t{61}, std::size_t{200}}) {
      double at_most = 0.0;
      for (const auto& c : count) {
        at_most += c.first <= static_cast<std::int64_t>(cap) ? c.second : 0.0;
      }
      const SubsetTail tail = sums.tail({values.data(), values.size()}, cap);
      EXPECT_DOUBLE_EQ(tail.at_most, at_most);
      EXPECT_DOUBLE_EQ(tail.at, count.count(static_cast<std::int64_t>(cap)) != 0 ? count[static_cast<std::int64_t>(cap)] : 0.0);
    }
  }
}

TEST(Walsh, OracleListsAndSelects) {
  std::mt19937_64 rng(12);
  WalshSums walsh;
  for (const std::size_t n : {1u, 2u, 3u, 10u, 60u, 250u, 400u}) {
    for (const int spread : {1, 5, 100000}) {
      const Values d = draw(rng, n, spread, 1);
      const Values sums = sorted_sums(d);
      walsh.prepare({d.data(), n}, 0.0);
      EXPECT_EQ(walsh.total(), static_cast<double>(sums.size()));
      EXPECT_EQ(walsh.median(), (sums[(sums.size() - 1) / 2] + sums[sums.size() / 2]) / 2.0);
      for (int round = 0; round < 5; ++round) {
        const std::size_t low = rng() % sums.size(), high = std::min(sums.size() - 1, low + rng() % 50);
        WalshSlice slice;
        walsh.slice(static_cast<double>(low + 1), static_cast<double>(high + 1), slice);
        ASSERT_EQ(slice.sum.front(), sums[low]);
        ASSERT_EQ(slice.sum.back(), sums[high]);
        double below = 0.0, within = 0.0, weight = 0.0;
        for (const double s : sums) {
          below += s < sums[low] ? 1.0 : 0.0;
          within += s >= sums[low] && s <= sums[high] ? 1.0 : 0.0;
        }
        for (const double w : slice.weight) {
          weight += w;
        }
        EXPECT_EQ(slice.below, below);
        EXPECT_EQ(weight, within);
        EXPECT_EQ(slice.first, sums[low] == sums.front());
        EXPECT_EQ(slice.last, sums[high] == sums.back());
      }
    }
  }
}

TEST(Walsh, EdgeSmallAndLargeScales) {
  std::mt19937_64 rng(13);
  for (const double scale : {1e-150, 1e150, 0.1}) {
    Values d = draw(rng, 300, 1000000, 0);
    for (double& x : d) {
      x *= scale;
    }
    const Values sums = sorted_sums(d);
    WalshSums walsh;
    walsh.prepare({d.data(), d.size()}, 2e-16 * 1e6 * scale);
    const double middle = 0.5 * (sums[(sums.size() - 1) / 2] + sums[sums.size() / 2]);
    EXPECT_NEAR(walsh.median() / scale, middle / scale, 1e-6 * 1e-3);
  }
}

TEST(SignedRank, OracleExactTailsUnderBothZeroRules) {
  std::mt19937_64 rng(14);
  for (int round = 0; round < 60; ++round) {
    const Values d = draw(rng, 2 + rng() % 10, round % 3 == 0 ? 2 : 30, 1);
    for (const Zeros zeros : {Zeros::wilcoxon, Zeros::pratt}) {
      for (const double null : {0.0, 1.0, 0.5, -2.5}) {
        const Tails want = enumerate(d, null, zeros);
        Options o;
        o.zeros = zeros;
        o.alternative = Alternative::greater;
        EXPECT_NEAR(solve(sample_of(d), o, {null}).p_value, want.greater, 1e-13);
        o.alternative = Alternative::less;
        EXPECT_NEAR(solve(sample_of(d), o, {null}).p_value, want.less, 1e-13);
        o.alternative = Alternative::two_sided;
        EXPECT_NEAR(solve(sample_of(d), o, {null}).p_value, std::min(1.0, 2.0 * std::min(want.less, want.greater)), 1e-13);
      }
    }
  }
}

TEST(SignedRank, OracleExactHull) {
  std::mt19937_64 rng(15);
  int holes = 0;
  for (int round = 0; round < 150; ++round) {
    const Values d = draw(rng, 3 + rng() % 8, round % 2 == 0 ? 3 : 40, 1);
    for (const Zeros zeros : {Zeros::wilcoxon, Zeros::pratt}) {
      Options o;
      o.zeros = zeros;
      o.conf_level = round % 3 == 0 ? 0.8 : 0.9;
      const Hull want = invert_naively(d, (1.0 - o.conf_level) / 2.0 + 1e-13, [&](double t) { return enumerate(d, t, zeros); });
      const Row row = solve(sample_of(d), o);
      EXPECT_EQ(row.conf_low, want.low);
      EXPECT_EQ(row.conf_high, want.high);
      EXPECT_EQ(is_hull(row), want.hole);
      holes += want.hole ? 1 : 0;
    }
  }
  EXPECT_GT(holes, 0);  // or the search for holes is not tried
}

// The screens by z and by the Edgeworth series against the exact test asked at every gap and point.
TEST(SignedRank, OracleScreenedHullIsTheFullHull) {
  std::mt19937_64 rng(16);
  RanksAt ranks;
  SubsetSum sums;
  Tally tally;
  for (int round = 0; round < 60; ++round) {
    const std::size_t n = 13 + rng() % 24;
    const int spread = round % 4 == 0 ? 12 : round % 4 == 1 ? 40 : 3000;
    const Values d = draw(rng, n, spread, spread / 5);
    for (const double level : {0.7, 0.95, 0.99}) {
      Options o;
      o.conf_level = level;
      tally.prepare({d.data(), n}, 0.0);
      const Hull want = invert_naively(d, (1.0 - level) / 2.0 * (1.0 + level_slack), [&](double t) {
        ranks.build(tally, 2.0 * t, Zeros::wilcoxon);
        return ranks.exact(sums);
      });
      const Row row = solve(sample_of(d), o);
      ASSERT_EQ(row.conf_low, want.low);
      ASSERT_EQ(row.conf_high, want.high);
      ASSERT_EQ(is_hull(row), want.hole);
      ASSERT_EQ(row.notes & static_cast<std::uint32_t>(Note::local_scan), 0u);
    }
  }
}

TEST(SignedRank, OracleLimitsOfManyPairsAreOrderStatisticsOfWalshAverages) {
  // Without ties the limit is the k-th smallest Walsh average with P(T <= k - 1) <= alpha < P(T <= k), T of ranks 1, ..., n.
  std::mt19937_64 rng(17);
  for (const std::size_t n : {std::size_t{30}, std::size_t{150}, std::size_t{260}}) {
    Values d(n);
    std::vector<std::int64_t> ranks(n);
    for (std::size_t i = 0; i < n; ++i) {
      d[i] = static_cast<double>(static_cast<std::int64_t>(rng() >> 20)) * 1e-6 - 8e6;
      ranks[i] = static_cast<std::int64_t>(i) + 1;
    }
    const Values sums = sorted_sums(d);
    SubsetSum subset;
    std::size_t rejected = 0, k = sums.size() / 2;
    while (k - rejected > 1) {
      const std::size_t middle = (rejected + k) / 2;
      (subset.tail({ranks.data(), n}, middle).at_most <= 0.025 ? rejected : k) = middle;
    }
    Options o;
    o.distribution = Distribution::exact;
    const Row row = solve(sample_of(d, false), o);
    EXPECT_DOUBLE_EQ(row.conf_low, 0.5 * sums[k - 1]);
    EXPECT_DOUBLE_EQ(row.conf_high, 0.5 * sums[sums.size() - k]);
    EXPECT_NEAR(row.conf_attained, 1.0 - 2.0 * subset.tail({ranks.data(), n}, k - 1).at_most, 1e-12);
    EXPECT_EQ((row.notes & static_cast<std::uint32_t>(Note::local_scan)) != 0, n > 199);
  }
}

TEST(SignedRank, OracleAsymptoticHullWithContinuityAndTheTOfSas) {
  std::mt19937_64 rng(18);
  RanksAt ranks;
  Tally tally;
  for (int round = 0; round < 60; ++round) {
    const std::size_t n = 3 + rng() % 40;
    const Values d = draw(rng, n, round % 2 == 0 ? 6 : 300, 2);
    tally.prepare({d.data(), n}, 0.0);
    for (const bool continuity : {false, true}) {
      for (const Approximation approximation : {Approximation::normal, Approximation::student}) {
        Options o;
        o.distribution = Distribution::asymptotic;
        o.continuity = continuity;
        o.approximation = approximation;
        const Hull want = invert_naively(d, 0.025 * (1.0 + level_slack), [&](double t) {
          ranks.build(tally, 2.0 * t, Zeros::wilcoxon);
          return ranks.approximate(continuity, approximation);
        });
        const Row row = solve(sample_of(d), o);
        ASSERT_EQ(row.conf_low, want.low);
        ASSERT_EQ(row.conf_high, want.high);
      }
    }
  }
}

TEST(SignedRank, OracleAsymptoticLimitsOfManyPairs) {
  std::mt19937_64 rng(19);
  const std::size_t n = 700;
  Values d(n);
  for (double& x : d) {
    x = static_cast<double>(rng() >> 11) * 0x1.0p-53 - 0.4;
  }
  const Values sums = sorted_sums(d);
  const double total = static_cast<double>(sums.size()), nn = static_cast<double>(n);
  const double sd = std::sqrt(nn * (nn + 1.0) * (2.0 * nn + 1.0) / 24.0);
  // In the gap above the k-th smallest sum T- = k: accepted once (total / 2 - k) / sd < 1.96.
  const std::size_t k = static_cast<std::size_t>(std::ceil(0.5 * total + special::normal_quantile(0.025) * sd));
  Options o;
  o.distribution = Distribution::asymptotic;
  const Row row = solve(sample_of(d, false), o);
  EXPECT_DOUBLE_EQ(row.conf_low, 0.5 * sums[k - 1]);
  EXPECT_DOUBLE_EQ(row.conf_high, 0.5 * sums[sums.size() - k]);
}

TEST(SignedRank, PropertyMonteCarloCountsTheObservedSignsAndNearsTheExactP) {
  std::mt19937_64 rng(20);
  const Values d = draw(rng, 14, 9, 2);
  Options o;
  o.alternative = Alternative::greater;
  const double exact = solve(sample_of(d), o).p_value;
  o.distribution = Distribution::monte_carlo;
  o.replicates = 99999;
  const Row row = solve(sample_of(d), o);
  EXPECT_NEAR(row.p_value * 1e5, std::rint(row.p_value * 1e5), 1e-6);
  EXPECT_NEAR(row.p_value, exact, 5.0 * std::sqrt(exact * (1.0 - exact) / 1e5));
  EXPECT_LE(row.p_low, exact);
  EXPECT_GE(row.p_high, exact);
  EXPECT_FALSE(row.p_matches);
  EXPECT_EQ(row.conf_method, ConfMethod::signed_rank_asymptotic);
}

TEST(SignedRank, EdgeRulesChooseTheDistribution) {
  const auto how = [](const Values& d, ExactRule rule, double limit = 1e8) {
    Options o;
    o.exact_rule = rule;
    o.exact_limit = limit;
    o.replicates = 50;
    return solve(sample_of(d), o).distribution;
  };
  Values twenty, more, clean;
  for (int i = 1; i <= 50; ++i) {
    clean.push_back(i % 2 == 0 ? i : -i);
  }
  twenty.assign(clean.begin(), clean.begin() + 20);
  twenty.insert(twenty.end(), 15, 0.0);  // zeros do not count
  more.assign(clean.begin(), clean.begin() + 21);
  EXPECT_EQ(how(twenty, ExactRule::n20), Distribution::exact);
  EXPECT_EQ(how(more, ExactRule::n20), Distribution::asymptotic);
  EXPECT_EQ(how(twenty, ExactRule::never), Distribution::asymptotic);
  EXPECT_EQ(how(twenty, ExactRule::n50_no_ties), Distribution::asymptotic);
  EXPECT_EQ(how(more, ExactRule::n50_no_ties), Distribution::exact);
  EXPECT_EQ(how(clean, ExactRule::n50_no_ties), Distribution::asymptotic);
  EXPECT_EQ(how(clean, ExactRule::work), Distribution::exact);
  EXPECT_EQ(how(clean, ExactRule::work, 100.0), Distribution::monte_carlo);
  Options o;
  o.distribution = Distribution::exact;
  o.exact_limit = 100.0;
  const Row row = solve(sample_of(clean), o);
  EXPECT_EQ(row.status, Status::too_large);
  EXPECT_TRUE(std::isnan(row.p_value) && std::isnan(row.conf_low));
  EXPECT_FALSE(std::isnan(row.estimate));
}

TEST(SignedRank, EdgeTiesByRoundingOffTheGrid) {
  const double third = 1.0 / 3.0;
  const Values d{third, -(1.0 - 2.0 * third), 5.0 * third, 7.0 * third};  // the first two are tied but for the last bit
  const Row row = solve(sample_of(d, false), Options());
  EXPECT_EQ(row.n_ties, 2);
  EXPECT_EQ(row.statistic, 1.5 + 3.0 + 4.0);
}

TEST(SignedRank, PropertySameBitsAtEveryAddress) {
  std::mt19937_64 rng(21);
  Values d(40);
  for (double& x : d) {
    x = static_cast<double>(rng() >> 11) * 0x1.0p-53 - 0.3;
  }
  Row first;
  for (std::size_t offset = 0; offset < 8; ++offset) {
    Values room(48);
    std::copy(d.begin(), d.end(), room.begin() + static_cast<std::ptrdiff_t>(offset));
    const Sample s = sample_of(Values(room.begin() + static_cast<std::ptrdiff_t>(offset),
                                      room.begin() + static_cast<std::ptrdiff_t>(offset) + 40), false);
    const Row row = solve(s, Options());
    if (offset == 0) {
      first = row;
    }
    EXPECT_EQ(row.p_value, first.p_value);
    EXPECT_EQ(row.estimate, first.estimate);
    EXPECT_EQ(row.conf_low, first.conf_low);
    EXPECT_EQ(row.conf_high, first.conf_high);
  }
}
