// Sums of flipped scores and the interval of a Monte Carlo p.

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>
#include <vector>

#include "respondr/monte_carlo_p.hpp"
#include "respondr/sign_flips.hpp"

namespace {

using namespace respondr;

// The sign of patient i in replicate r, read back from the block.
double sign_of(const FlipBlock& block, std::size_t r, std::size_t i) {
  return (block.octet(r / 8)[i] >> (r % 8) & 1u) != 0 ? -1.0 : 1.0;
}

}  // namespace

TEST(SignFlips, ByHandTheTableHoldsTheBitsOfEachByte) {
  const SignTable table;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    for (std::size_t k = 0; k < 8; ++k) {
      EXPECT_EQ(table[byte][k], (byte >> k & 1u) != 0 ? -1.0 : 1.0);
    }
  }
}

TEST(SignFlips, OracleEnumerationRunsThroughAllFlipsOnce) {
  FlipBlock block;
  std::set<std::vector<double>> seen;
  for (std::uint64_t b = 0; b < 4; ++b) {
    block.enumerate(10, b);
    EXPECT_EQ(block.patients(), 10u);
    for (std::size_t r = 0; r < flip_block; ++r) {
      std::vector<double> signs;
      for (std::size_t i = 0; i < 10; ++i) {
        signs.push_back(sign_of(block, r, i));
      }
      seen.insert(signs);
    }
  }
  EXPECT_EQ(seen.size(), 1024u);
}

TEST(SignFlips, OracleSumsByANaiveLoop) {
  std::mt19937_64 rng(51);
  const SignTable table;
  FlipBlock block;
  std::vector<std::uint64_t> keys;
  std::vector<double> score;
  for (std::size_t i = 0; i < 23; ++i) {
    keys.push_back(rng());
    score.push_back(static_cast<double>(static_cast<int>(rng() % 200) - 90));
  }
  block.draw(7, Tag::max_t, {keys.data(), keys.size()}, 3);
  const std::vector<int> column{4, 0, 22, 9, 17};
  std::vector<double> sums(flip_block), some(flip_block);
  flipped_sums(table, block, {score.data(), score.size()}, nullptr, sums.data());
  flipped_sums(table, block, {score.data(), column.size()}, column.data(), some.data());
  for (std::size_t r = 0; r < flip_block; ++r) {
    double all = 0.0, part = 0.0;
    for (std::size_t i = 0; i < score.size(); ++i) {
      all += sign_of(block, r, i) * score[i];
    }
    for (std::size_t i = 0; i < column.size(); ++i) {
      part += sign_of(block, r, static_cast<std::size_t>(column[i])) * score[i];
    }
    EXPECT_EQ(sums[r], all);
    EXPECT_EQ(some[r], part);
  }
}

TEST(SignFlips, PropertyAFlipBelongsToThePatient) {
  FlipBlock one, two;
  const std::vector<std::uint64_t> keys{5, 6, 7}, other{7, 99};
  one.draw(1, Tag::permutation, {keys.data(), 3}, 2);
  two.draw(1, Tag::permutation, {other.data(), 2}, 2);
  std::size_t plus = 0;
  for (std::size_t r = 0; r < flip_block; ++r) {
    EXPECT_EQ(sign_of(one, r, 2), sign_of(two, r, 0));
    plus += sign_of(one, r, 0) > 0.0 ? 1u : 0u;
  }
  EXPECT_NEAR(static_cast<double>(plus), 128.0, 40.0);  // five standard deviations
}

TEST(MonteCarloP, OracleClopperPearsonByBinomialTails) {
  for (const double replicates : {20.0, 999.0, 1e6}) {
    for (const double share : {0.0, 0.01, 0.05, 0.4, 1.0}) {
      const double reached = std::floor(share * replicates);
      const ProbabilityInterval i = clopper_pearson(reached, replicates, 0.99);
      if (reached == 0.0) {
        EXPECT_EQ(i.low, 0.0);
        EXPECT_NEAR(i.high, 1.0 - std::pow(0.005, 1.0 / replicates), 1e-12);
      } else if (reached == replicates) {
        EXPECT_EQ(i.high, 1.0);
        EXPECT_NEAR(i.low, std::pow(0.005, 1.0 / replicates), 1e-12);
      } else {
        EXPECT_NEAR(special::binomial_cdf(reached, replicates, i.low, special::Tail::upper), 0.005, 1e-9);
        EXPECT_NEAR(special::binomial_cdf(reached, replicates, i.high, special::Tail::lower), 0.005, 1e-9);
      }
    }
  }
}

TEST(MonteCarloP, ByHandTheRangeOfADoubledPIsDoubledAndCapped) {
  Row row;
  monte_carlo_range(25.0 / 1000.0, true, 999.0, row);
  const ProbabilityInterval i = clopper_pearson(24.0, 999.0, 0.99);
  EXPECT_DOUBLE_EQ(row.p_low, 2.0 * i.low);
  EXPECT_DOUBLE_EQ(row.p_high, 2.0 * i.high);
  monte_carlo_range(0.5, true, 999.0, row);
  EXPECT_EQ(row.p_high, 1.0);
  monte_carlo_range(25.0 / 1000.0, false, 999.0, row);
  EXPECT_DOUBLE_EQ(row.p_low, i.low);
}
