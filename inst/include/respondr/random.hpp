#pragma once
// Counter-based random numbers: Threefry-4x64-20 (Salmon et al. 2011) from sitmo. The key is the seed and the method, the
// counter the problem, the replicate and the draw, so a number depends on what it is for and never on what ran before it.

#include <threefry.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace respondr {

enum class Tag : std::uint64_t {
  permutation = 1, bootstrap = 2, signed_rank = 3, max_t = 4, within_block = 21, rank_sum = 31, arms_permutation = 32,
  arms_bootstrap = 33, pair_swap = 71, validation = 81, cut_point = 82, net_benefit = 83, folds = 84, correlation = 91,
  screen = 101, standardised_rate = 121, threshold_band = 122, win_probability = 131, order_of_p = 141, cohort = 151,
  simulated_trial = 161
};

// Finaliser of splitmix64 (Steele, Lea and Flood 2014): every bit of the input moves every bit of the output.
inline std::uint64_t hash_mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t z = a + 0x9e3779b97f4a7c15ULL + (b * 0xbf58476d1ce4e5b9ULL ^ b >> 29);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

// FNV-1a over the bytes, finished by hash_mix.
inline std::uint64_t hash_bytes(const char* bytes, std::size_t n) {
  std::uint64_t h = 14695981039346656037ULL;
  for (std::size_t i = 0; i < n; ++i) {
    h = (h ^ static_cast<unsigned char>(bytes[i])) * 1099511628211ULL;
  }
  return hash_mix(h, n);
}

class Stream {
  // The key in halves, high before low. set_key() of the engine would leave the parity word of the key schedule as it was.
  struct Key {
    using result_type = std::uint32_t;
    result_type word[8];
    void generate(result_type* first, result_type* last) const { std::copy(word, word + (last - first), first); }
  };

 public:
  Stream(std::uint64_t seed, std::uint64_t tag, std::uint64_t problem, std::uint64_t replicate) {
    Key key{{static_cast<std::uint32_t>(seed >> 32), static_cast<std::uint32_t>(seed),
             static_cast<std::uint32_t>(tag >> 32), static_cast<std::uint32_t>(tag), 0, 0, 0, 0}};
    engine_.seed(key);
    engine_.set_counter(0, replicate, problem, 0);
  }

  std::uint64_t next() { return engine_(); }

  // In (0, 1), from the upper 53 bits.
  double uniform() { return (static_cast<double>(next() >> 11) + 0.5) * 0x1.0p-53; }

  // Uniform on 0, ..., n - 1 without bias (Lemire 2019). n > 0.
  std::uint32_t bounded(std::uint32_t n) {
    std::uint64_t product = (next() >> 32) * n;
    if (static_cast<std::uint32_t>(product) < n) {
      const std::uint32_t threshold = (0u - n) % n;
      while (static_cast<std::uint32_t>(product) < threshold) {
        product = (next() >> 32) * n;
      }
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

 private:
  sitmo::threefry_engine<std::uint64_t, 64, 20> engine_;
};

// The sign bits of one patient in replicates 256 * block, ..., 256 * block + 255, the same for every outcome.
inline std::array<std::uint64_t, 4> sign_bits(std::uint64_t seed, Tag tag, std::uint64_t patient, std::uint64_t block) {
  Stream stream(seed, static_cast<std::uint64_t>(tag), patient, block);
  return {stream.next(), stream.next(), stream.next(), stream.next()};
}

}  // namespace respondr
