#pragma once
// Sums of sign-flipped scores, 256 replicates at a time. A flip belongs to a patient, not to a value: every outcome and visit
// of a patient is flipped together, so that the correlation between outcomes is kept.

#include <array>
#include <cstdint>
#include <vector>

#include "respondr/random.hpp"
#include "respondr/types.hpp"

namespace respondr {

constexpr std::size_t flip_block = 256;

// The eight signs of each byte, bit k set meaning -1: small enough to stay in the first-level cache.
class SignTable {
 public:
  SignTable() : signs_(256 * 8) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      for (std::size_t k = 0; k < 8; ++k) {
        signs_[8 * byte + k] = (byte >> k & 1u) != 0 ? -1.0 : 1.0;
      }
    }
  }
  const double* operator[](std::size_t byte) const { return signs_.data() + 8 * byte; }

 private:
  std::vector<double> signs_;
};

// The flips of all patients in one block of replicates. Bytes lie patient beside patient, eight replicates after eight.
class FlipBlock {
 public:
  void draw(std::uint64_t seed, Tag tag, Span<std::uint64_t> patients, std::uint64_t block) {
    resize(patients.size);
    for (std::size_t i = 0; i < patients.size; ++i) {
      store(i, sign_bits(seed, tag, patients[i], block));
    }
  }

  // Replicate r flips patient i if bit i of r is set: blocks 0, 1, ... run through all 2^n flips. n_patients < 64.
  void enumerate(std::size_t n_patients, std::uint64_t block) {
    resize(n_patients);
    for (std::size_t i = 0; i < n_patients; ++i) {
      std::array<std::uint64_t, 4> words{};
      for (std::size_t r = 0; r < flip_block; ++r) {
        const std::uint64_t bit = (flip_block * block + r) >> i & 1u;
        words[r / 64] |= bit << (r % 64);
      }
      store(i, words);
    }
  }

  std::size_t patients() const { return n_; }
  const std::uint8_t* octet(std::size_t g) const { return bytes_.data() + g * n_; }

 private:
  void resize(std::size_t n) {
    n_ = n;
    bytes_.resize(n * flip_block / 8);
  }
  void store(std::size_t i, const std::array<std::uint64_t, 4>& words) {
    for (std::size_t g = 0; g < flip_block / 8; ++g) {
      bytes_[g * n_ + i] = static_cast<std::uint8_t>(words[g / 8] >> (8 * (g % 8)));
    }
  }

  std::size_t n_ = 0;
  std::vector<std::uint8_t> bytes_;
};

// sums[r] = sum over i of the sign of patient column[i] in replicate r times score[i]. column null: value i is patient i.
inline void flipped_sums(const SignTable& table, const FlipBlock& block, Span<double> score, const int* column,
                         double* sums) {
  for (std::size_t g = 0; g < flip_block / 8; ++g) {
    const std::uint8_t* bytes = block.octet(g);
    double total[8] = {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
    for (std::size_t i = 0; i < score.size; ++i) {
      const std::size_t at = column == nullptr ? i : static_cast<std::size_t>(column[i]);
      const double* sign = table[bytes[at]];
      const double value = score[i];
      for (std::size_t k = 0; k < 8; ++k) {
        total[k] += value * sign[k];
      }
    }
    for (std::size_t k = 0; k < 8; ++k) {
      sums[8 * g + k] = total[k];
    }
  }
}

}  // namespace respondr
