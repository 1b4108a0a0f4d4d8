// Step-down max-T: all flips in a naive loop, missing pairs, threads, one row alone.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "respondr/max_t.hpp"

namespace {

using namespace respondr;

// Outcomes with their own missing patients.
struct Study {
  std::vector<std::vector<double>> score;
  std::vector<std::vector<int>> patient;
  std::vector<std::uint64_t> keys;
  std::vector<MaxTRow> rows() const {
    std::vector<MaxTRow> out;
    for (std::size_t j = 0; j < score.size(); ++j) {
      out.push_back({{score[j].data(), score[j].size()}, {patient[j].data(), patient[j].size()}});
    }
    return out;
  }
  Span<std::uint64_t> key_span() const { return {keys.data(), keys.size()}; }
};

Study draw_study(std::uint64_t seed, std::size_t patients, std::size_t outcomes, double missing_share, bool integers) {
  std::mt19937_64 rng(seed);
  const auto uniform = [&rng]() { return static_cast<double>(rng() >> 11) * 0x1.0p-53; };
  Study s;
  std::vector<double> level(patients);
  for (std::size_t i = 0; i < patients; ++i) {
    s.keys.push_back(hash_mix(seed, i));
    level[i] = uniform() - 0.5;
  }
  for (std::size_t j = 0; j < outcomes; ++j) {
    s.score.emplace_back();
    s.patient.emplace_back();
    for (std::size_t i = 0; i < patients; ++i) {
      if (uniform() >= missing_share) {
        const double x = level[i] + uniform() - 0.5 + 0.15 * static_cast<double>(j % 4);
        s.score.back().push_back(integers ? std::rint(6.0 * x) : x);
        s.patient.back().push_back(static_cast<int>(i));
      }
    }
  }
  return s;
}

double t_of(const std::vector<double>& score, Alternative alternative) {
  const double n = static_cast<double>(score.size());
  double sum = 0.0, squares = 0.0;
  for (const double a : score) {
    sum += a;
    squares += a * a;
  }
  if (squares == 0.0 || n < 2.0) {
    return 0.0;
  }
  const double spread = squares - sum * sum / n;
  const double t = spread <= 1e-12 * squares ? std::copysign(infinity, sum) : sum / n / std::sqrt(spread / (n * (n - 1.0)));
  return alternative == Alternative::two_sided ? std::fabs(t) : (alternative == Alternative::greater ? t : -t);
}

// Westfall and Young (1993), algorithm 4.1, over every flip of the patients, with the t of the flipped scores from scratch.
std::vector<double> naive(const Study& s, Alternative alternative) {
  const std::size_t m = s.score.size(), n = s.keys.size();
  std::vector<double> observed(m);
  std::vector<std::size_t> order(m);
  for (std::size_t j = 0; j < m; ++j) {
    observed[j] = t_of(s.score[j], alternative);
    order[j] = j;
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return observed[a] > observed[b]; });
  std::vector<double> count(m, 0.0);
  for (std::size_t flip = 0; flip < (std::size_t{1} << n); ++flip) {
    std::vector<double> t(m);
    for (std::size_t j = 0; j < m; ++j) {
      std::vector<double> flipped = s.score[j];
      for (std::size_t i = 0; i < flipped.size(); ++i) {
        if ((flip >> s.patient[j][i] & 1u) != 0) {
          flipped[i] = -flipped[i];
        }
      }
      t[j] = t_of(flipped, alternative);
    }
    for (std::size_t k = 0; k < m; ++k) {
      double largest = -infinity;
      for (std::size_t l = k; l < m; ++l) {
        largest = std::max(largest, t[order[l]]);
      }
      const double target = observed[order[k]];
      count[k] += largest >= (std::isinf(target) ? target : target - 1e-9 * std::fabs(target)) ? 1.0 : 0.0;
    }
  }
  std::vector<double> p(m);
  double before = 0.0;
  for (std::size_t k = 0; k < m; ++k) {
    before = std::max(before, std::ldexp(count[k], -static_cast<int>(n)));
    p[order[k]] = before;
  }
  return p;
}

TEST(MaxT, OracleCompleteEnumeration) {
  for (int rep = 0; rep < 60; ++rep) {
    const Study s = draw_study(100 + static_cast<std::uint64_t>(rep), 3 + rep % 8, 1 + rep % 6, rep % 2 == 0 ? 0.0 : 0.25, rep % 3 == 0);
    MaxTOptions o;
    o.alternative = static_cast<Alternative>(rep % 3);
    const MaxTResult result = max_t(s.rows(), s.key_span(), o, {});
    const std::vector<double> p = naive(s, o.alternative);
    EXPECT_TRUE(result.complete);
    for (std::size_t j = 0; j < p.size(); ++j) {
      if (!s.score[j].empty()) {
        EXPECT_NEAR(result.p_adjusted[j], p[j], 1e-14) << rep << " " << j;
      } else {
        EXPECT_TRUE(std::isnan(result.p_adjusted[j]));
      }
    }
  }
}

TEST(MaxT, ReplicatesComeNearTheEnumeration) {
  const Study s = draw_study(7, 12, 5, 0.1, false);
  MaxTOptions drawn;
  drawn.replicates = 4000;  // 2^12 flips are more
  drawn.seed = 3;
  const MaxTResult result = max_t(s.rows(), s.key_span(), drawn, {});
  EXPECT_FALSE(result.complete);
  const std::vector<double> p = naive(s, Alternative::two_sided);
  for (std::size_t j = 0; j < p.size(); ++j) {
    EXPECT_NEAR(result.p_adjusted[j], p[j], 4.0 * std::sqrt(p[j] * (1.0 - p[j]) / 4000.0) + 1e-3);
  }
}

TEST(MaxT, PropertySameBitsForAnyNumberOfThreadsAndOrderOfRows) {
  const Study s = draw_study(8, 40, 30, 0.2, false);
  MaxTOptions o;
  o.replicates = 3001;
  const std::vector<MaxTRow> rows = s.rows();
  const std::vector<double> one = max_t(rows, s.key_span(), o, {}).p_adjusted;
  o.threads = 4;
  EXPECT_EQ(max_t(rows, s.key_span(), o, {}).p_adjusted, one);
  std::vector<MaxTRow> back(rows.rbegin(), rows.rend());
  std::vector<double> reversed = max_t(back, s.key_span(), o, {}).p_adjusted;
  std::reverse(reversed.begin(), reversed.end());
  EXPECT_EQ(reversed, one);
}

TEST(MaxT, PropertyOneRowIsItsOwnFlipTest) {
  const Study s = draw_study(9, 11, 1, 0.0, true);
  double observed = 0.0, reached = 0.0;
  for (const double a : s.score[0]) {
    observed += a;
  }
  for (std::size_t flip = 0; flip < 2048; ++flip) {
    double sum = 0.0;
    for (std::size_t i = 0; i < 11; ++i) {
      sum += (flip >> i & 1u) != 0 ? -s.score[0][i] : s.score[0][i];
    }
    reached += std::fabs(sum) >= std::fabs(observed) ? 1.0 : 0.0;
  }
  EXPECT_DOUBLE_EQ(max_t(s.rows(), s.key_span(), {}, {}).p_adjusted[0], reached / 2048.0);
}

TEST(MaxT, PropertyIdenticalOutcomesCostNothing) {
  Study s = draw_study(10, 10, 1, 0.0, false);
  const double alone = max_t(s.rows(), s.key_span(), {}, {}).p_adjusted[0];
  for (int k = 0; k < 5; ++k) {
    s.score.push_back(s.score[0]);
    s.patient.push_back(s.patient[0]);
  }
  for (const double p : max_t(s.rows(), s.key_span(), {}, {}).p_adjusted) {
    EXPECT_DOUBLE_EQ(p, alone);
  }
}

TEST(MaxT, EdgeRowsWithoutScoresZerosAndOnePair) {
  Study s = draw_study(11, 8, 1, 0.0, true);
  const double alone = max_t(s.rows(), s.key_span(), {}, {}).p_adjusted[0];
  s.score.push_back({});
  s.patient.push_back({});
  s.score.push_back({0.0, 0.0, 0.0});
  s.patient.push_back({0, 1, 2});
  s.score.push_back({4.0});
  s.patient.push_back({3});
  const std::vector<double> p = max_t(s.rows(), s.key_span(), {}, {}).p_adjusted;
  EXPECT_DOUBLE_EQ(p[0], alone);
  EXPECT_TRUE(std::isnan(p[1]));
  EXPECT_DOUBLE_EQ(p[2], 1.0);
  EXPECT_DOUBLE_EQ(p[3], 1.0);
  EXPECT_TRUE(max_t({}, {}, {}, {}).p_adjusted.empty());
}

TEST(MaxT, StopsWhenAsked) {
  const Study s = draw_study(12, 40, 10, 0.0, false);
  Hooks hooks;
  hooks.cancelled = []() { return true; };
  EXPECT_THROW(max_t(s.rows(), s.key_span(), {}, hooks), cancelled_error);
  MaxTOptions o;
  o.alternative = Alternative::equivalence;
  EXPECT_THROW(max_t(s.rows(), s.key_span(), o, {}), input_error);
}

}  // namespace
