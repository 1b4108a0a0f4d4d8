// Counter-based random numbers and hashes.
// published: the known answers of Random123 (Salmon et al. 2011, kat_vectors), of FNV-1a (Fowler, Noll and Vo) and of
// splitmix64. oracle: Threefry and Lemire's method written plainly. property: what each part of key and counter moves.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "respondr/random.hpp"

using namespace respondr;

namespace {

using Block = std::array<std::uint64_t, 4>;

// Salmon et al. (2011), section 4.2: twenty rounds, a key every four.
Block threefry(const Block& key, const Block& counter) {
  static constexpr int turns[8][2] = {{14, 16}, {52, 57}, {23, 40}, {5, 37}, {25, 33}, {46, 12}, {58, 22}, {32, 32}};
  const std::array<std::uint64_t, 5> k{key[0], key[1], key[2], key[3],
                                       0x1bd11bdaa9fc1a22ULL ^ key[0] ^ key[1] ^ key[2] ^ key[3]};
  Block x = counter;
  for (std::size_t word = 0; word < 4; ++word) {
    x[word] += k[word];
  }
  const auto mix = [&x](std::size_t a, std::size_t b, int turn) {
    x[a] += x[b];
    x[b] = (x[b] << turn | x[b] >> (64 - turn)) ^ x[a];
  };
  for (std::size_t round = 0; round < 20; ++round) {
    mix(0, round % 2 == 0 ? 1 : 3, turns[round % 8][0]);
    mix(2, round % 2 == 0 ? 3 : 1, turns[round % 8][1]);
    if (round % 4 == 3) {
      const std::size_t s = round / 4 + 1;
      for (std::size_t word = 0; word < 4; ++word) {
        x[word] += k[(s + word) % 5];
      }
      x[3] += s;
    }
  }
  return x;
}

std::vector<std::uint64_t> draws(Stream stream, std::size_t n) {
  std::vector<std::uint64_t> out(n);
  std::generate(out.begin(), out.end(), [&] { return stream.next(); });
  return out;
}

int bits_set(std::uint64_t x) {
  int count = 0;
  for (; x != 0; x &= x - 1) {
    ++count;
  }
  return count;
}

}  // namespace

TEST(Threefry, PublishedKnownAnswersOfRandom123) {
  struct Answer {
    Block counter, key, expected;
  };
  const std::uint64_t all = ~std::uint64_t{0};
  const std::vector<Answer> answers{
      {{0, 0, 0, 0}, {0, 0, 0, 0}, {0x09218ebde6c85537, 0x55941f5266d86105, 0x4bd25e16282434dc, 0xee29ec846bd2e40b}},
      {{all, all, all, all},
       {all, all, all, all},
       {0x29c24097942bba1b, 0x0371bbfb0f6f4e11, 0x3c231ffa33f83a1c, 0xcd29113fde32d168}},
      {{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
       {0x452821e638d01377, 0xbe5466cf34e90c6c, 0xbe5466cf34e90c6c, 0xc0ac29b7c97c50dd},
       {0xa7e8fde591651bd9, 0xbaafd0c30138319b, 0x84a5c1a729e685b9, 0x901d406ccebc1ba4}}};
  for (const Answer& a : answers) {
    EXPECT_EQ(threefry(a.key, a.counter), a.expected);
  }
}

TEST(Stream, KeyAndCounterAreWhatTheHeaderSays) {
  const std::uint64_t seed = 0x123456789abcdef0, tag = 3, problem = 0xfedcba9876543210, replicate = 77;
  const std::vector<std::uint64_t> got = draws(Stream(seed, tag, problem, replicate), 12);
  for (std::uint64_t block = 0; block < 3; ++block) {
    const Block want = threefry({seed, tag, 0, 0}, {block, replicate, problem, 0});
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_EQ(got[4 * block + k], want[k]);
    }
  }
}

TEST(Stream, StoredNumbers) {
  const std::vector<std::uint64_t> zero{0x09218ebde6c85537, 0x55941f5266d86105, 0x4bd25e16282434dc, 0xee29ec846bd2e40b};
  EXPECT_EQ(draws(Stream(0, 0, 0, 0), 4), zero);
  EXPECT_EQ(static_cast<int>(Tag::permutation), 1);
  EXPECT_EQ(static_cast<int>(Tag::bootstrap), 2);
  EXPECT_EQ(static_cast<int>(Tag::signed_rank), 3);
  EXPECT_EQ(static_cast<int>(Tag::max_t), 4);
}

TEST(Stream, EveryPartMovesEveryNumberAndNoStreamsOverlap) {
  std::set<std::uint64_t> seen;
  std::size_t drawn = 0;
  for (std::uint64_t part = 0; part < 4; ++part) {
    for (std::uint64_t value = part == 0 ? 0 : 1; value < 40; ++value) {
      std::uint64_t at[4] = {5, 1, 5, 5};
      at[part] += value;
      for (const std::uint64_t x : draws(Stream(at[0], at[1], at[2], at[3]), 500)) {
        seen.insert(x);
        ++drawn;
      }
    }
  }
  EXPECT_EQ(seen.size(), drawn);
}

TEST(Stream, UniformsAreTheUpperBitsInsideTheOpenInterval) {
  Stream uniform(1, 2, 3, 4);
  double sum = 0.0;
  for (const std::uint64_t x : draws(Stream(1, 2, 3, 4), 20000)) {
    const double u = uniform.uniform();
    EXPECT_EQ(u, std::ldexp(static_cast<double>(x >> 11), -53) + std::ldexp(0.5, -53));
    EXPECT_GT(u, 0.0);
    EXPECT_LT(u, 1.0);
    sum += u;
  }
  EXPECT_NEAR(sum / 20000, 0.5, 5.0 * std::sqrt(1.0 / 12.0 / 20000));
}

// Lemire (2019), algorithm 5, with 64-bit remainders.
TEST(Stream, BoundedNumbersFollowLemire) {
  for (const std::uint32_t n : {1u, 2u, 3u, 10u, 1000003u, 0x80000001u, 0xc0000000u, 0xffffffffu}) {
    Stream stream(9, 8, 7, n);
    const std::vector<std::uint64_t> raw = draws(Stream(9, 8, 7, n), 4000);
    std::size_t at = 0;
    for (int k = 0; k < 1000; ++k) {
      const std::uint64_t reject_below = (std::uint64_t{1} << 32) % n;
      std::uint64_t product = (raw[at++] >> 32) * n;
      while (product % (std::uint64_t{1} << 32) < reject_below) {
        product = (raw[at++] >> 32) * n;
      }
      ASSERT_EQ(stream.bounded(n), product >> 32) << n;
    }
    EXPECT_EQ(stream.next(), raw[at]);
  }
}

// Chi-square below its 1 - 1e-6 quantile, so that a run that fails is a fault.
TEST(Stream, BoundedNumbersAreUniform) {
  const std::vector<std::pair<std::uint32_t, double>> quantiles{{2, 23.93}, {7, 38.26}, {20, 65.98}};
  for (const auto& q : quantiles) {
    Stream stream(2026, 1, q.first, 0);
    std::vector<double> count(q.first, 0.0);
    const int total = 70000;
    for (int k = 0; k < total; ++k) {
      count[stream.bounded(q.first)] += 1.0;
    }
    double chi = 0.0;
    for (const double c : count) {
      const double expected = static_cast<double>(total) / q.first;
      chi += (c - expected) * (c - expected) / expected;
    }
    EXPECT_LT(chi, q.second);
  }
}

TEST(SignBits, AreTheFirstBlockOfThePatientsStream) {
  const std::array<std::uint64_t, 4> bits = sign_bits(11, Tag::max_t, 22, 33);
  EXPECT_EQ(bits, threefry({11, 4, 0, 0}, {0, 33, 22, 0}));
  EXPECT_NE(bits, sign_bits(11, Tag::permutation, 22, 33));
  EXPECT_NE(bits, sign_bits(11, Tag::max_t, 33, 22));
}

TEST(Hash, PublishedNumbersOfSplitmix64) {
  // Seed 1234567, the first five numbers.
  const std::vector<std::uint64_t> expected{6457827717110365317u, 3203168211198807973u, 9817491932198370423u,
                                            4593380528125082431u, 16408922859458223821u};
  std::uint64_t state = 1234567;
  for (const std::uint64_t x : expected) {
    EXPECT_EQ(hash_mix(state, 0), x);
    state += 0x9e3779b97f4a7c15u;
  }
}

TEST(Hash, TheSecondNumberIsScatteredBeforeItIsAdded) {
  for (const std::uint64_t b : {1ull, 2ull, 1ull << 29, 1ull << 40, ~0ull}) {
    EXPECT_EQ(hash_mix(5, b), hash_mix(5 + ((b * 0xbf58476d1ce4e5b9u) ^ (b >> 29)), 0));
  }
  EXPECT_EQ(hash_mix(1, 2), 0x0u + hash_mix(1, 2));
  EXPECT_NE(hash_mix(1, 2), hash_mix(2, 1));
}

TEST(Hash, PublishedNumbersOfFnv) {
  const std::vector<std::pair<std::string, std::uint64_t>> published{
      {"", 0xcbf29ce484222325}, {"a", 0xaf63dc4c8601ec8c}, {"foobar", 0x85944171f73967e8}};
  for (const auto& p : published) {
    EXPECT_EQ(hash_bytes(p.first.data(), p.first.size()), hash_mix(p.second, p.first.size()));
  }
}

TEST(Hash, BytesBeyondAsciiAreUnsigned) {
  const std::string text = "Th\xc3\xa4\xff";
  std::uint64_t h = 0xcbf29ce484222325;
  for (const unsigned char c : std::vector<unsigned char>{0x54, 0x68, 0xc3, 0xa4, 0xff}) {
    h = (h ^ c) * 0x100000001b3;
  }
  EXPECT_EQ(hash_bytes(text.data(), text.size()), hash_mix(h, 5));
}

TEST(Hash, ABytePerLabelIsEnoughToTellLabelsApart) {
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 200000; ++i) {
    const std::string label = "site " + std::to_string(i);
    seen.insert(hash_bytes(label.data(), label.size()));
  }
  EXPECT_EQ(seen.size(), 200000u);
  EXPECT_NE(hash_bytes("\0\0", 2), hash_bytes("\0", 1));
}

TEST(Hash, PairsOfSmallNumbersDoNotCollide) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t a = 0; a < 700; ++a) {
    for (std::uint64_t b = 0; b < 700; ++b) {
      all.push_back(hash_mix(a, b));
    }
  }
  std::sort(all.begin(), all.end());
  EXPECT_EQ(std::adjacent_find(all.begin(), all.end()), all.end());
}

TEST(Hash, EveryBitOfEitherNumberMovesAboutHalfTheBits) {
  for (std::uint64_t bit = 0; bit < 64; ++bit) {
    int moved_a = 0, moved_b = 0;
    for (std::uint64_t k = 0; k < 64; ++k) {
      const std::uint64_t a = hash_mix(k, 99), b = hash_mix(k, 7);
      moved_a += bits_set(hash_mix(a ^ std::uint64_t{1} << bit, b) ^ hash_mix(a, b));
      moved_b += bits_set(hash_mix(a, b ^ std::uint64_t{1} << bit) ^ hash_mix(a, b));
    }
    EXPECT_NEAR(moved_a / 64.0, 32.0, 4.0) << bit;
    EXPECT_NEAR(moved_b / 64.0, 32.0, 4.0) << bit;
  }
}
