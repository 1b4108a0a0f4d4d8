#pragma once
// Null distribution of the squared length of the vector of rank sums when every block is permuted on its own, by convolution
// over the blocks. All visits are permuted alike, so that a vector of sums and any rearrangement of it are equally likely: the
// states are sorted vectors, k! times fewer. Each block keeps its own pattern of ties.
//
// Sums are whole numbers in steps of the largest common divisor of all differences between scores, so that probabilities are
// compared with the observed length without rounding.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "respondr/random.hpp"
#include "respondr/rm/friedman_blocks.hpp"
#include "respondr/special/central.hpp"

namespace respondr::rm {

class RankSumConvolution {
  using Cell = std::uint32_t;

 public:
  // Reads the scores; from here on work() and tail() are about them.
  void prepare(const Scores& scores) {
    k_ = scores.k;
    step_ = 0;
    for (std::size_t i = 0; i < scores.n; ++i) {
      const std::int64_t* s = scores.block(i);
      for (std::size_t j = 1; j < k_; ++j) {
        step_ = std::gcd(step_, s[j] - s[0]);
      }
    }
    patterns_.clear();
    observed_.assign(k_, 0);
    for (std::size_t i = 0; i < scores.n && step_ > 0; ++i) {
      add_pattern(scores.block(i));
    }
    // The last block makes no states, so the largest number of states meets the fewest arrangements.
    std::sort(patterns_.begin(), patterns_.end(), [](const Pattern& a, const Pattern& b) {
      return a.arrangements != b.arrangements ? a.arrangements > b.arrangements : a.cell < b.cell;
    });
  }

  // Elementary steps of tail(), known beforehand: states before each block times arrangements of the block.
  double work() const {
    double states = 1.0, arranged = 1.0, reach = 0.0, steps = 1.0;
    for (std::size_t b = 0; b < patterns_.size(); ++b) {
      if (b > 0) {
        steps += 4.0 * static_cast<double>(k_) * states * patterns_[b].arrangements;
        arranged *= patterns_[b].arrangements;
      }
      reach += static_cast<double>(patterns_[b].cell.back());
      states = std::min(arranged, sorted_vectors(reach));
    }
    return steps;
  }

  // P(squared length >= observed).
  double tail() {
    if (patterns_.size() < 2) {
      return 1.0;
    }
    const double observed = squared_length(observed_.data());
    state_ = patterns_[0].cell;
    mass_.assign(1, 1.0);
    for (std::size_t b = 1; b + 1 < patterns_.size(); ++b) {
      arrange(patterns_[b]);
      convolve();
    }
    arrange(patterns_.back());
    return last_block(observed);
  }

 private:
  struct Pattern {
    std::vector<Cell> cell;  // ascending, from 0
    double arrangements = 1.0;
  };

  void add_pattern(const std::int64_t* s) {
    const std::int64_t low = *std::min_element(s, s + k_);
    Pattern p;
    p.cell.resize(k_);
    for (std::size_t j = 0; j < k_; ++j) {
      p.cell[j] = static_cast<Cell>((s[j] - low) / step_);
      observed_[j] += p.cell[j];
    }
    std::sort(p.cell.begin(), p.cell.end());
    if (p.cell.back() == 0) {
      return;  // all tied: adds the same to every visit
    }
    double run = 0.0;
    for (std::size_t j = 0; j < k_; ++j) {
      run = j > 0 && p.cell[j] == p.cell[j - 1] ? run + 1.0 : 1.0;
      p.arrangements *= static_cast<double>(j + 1) / run;
    }
    p.arrangements = std::rint(p.arrangements);
    patterns_.push_back(p);
  }

  // About how many ascending vectors of k numbers from 0 to reach have the middle sum: all of them, times the normal density of
  // their sum at its mean (the middle coefficient of a Gaussian binomial).
  double sorted_vectors(double reach) const {
    const double k = static_cast<double>(k_);
    const double variance = k * reach * (reach + k + 1.0) / 12.0;
    return 1.0 + std::exp(special::ln_choose(reach + k, k)) / std::sqrt(6.283185307179586 * variance);
  }

  double squared_length(const Cell* v) const {
    double sum = 0.0;
    for (std::size_t j = 0; j < k_; ++j) {
      sum += static_cast<double>(v[j]) * static_cast<double>(v[j]);
    }
    return sum;
  }

  // All different arrangements of a pattern, one after the other.
  void arrange(const Pattern& p) {
    if (arranged_ == p.cell) {
      return;
    }
    arranged_ = p.cell;
    arrangement_.clear();
    std::vector<Cell> v = p.cell;
    do {
      arrangement_.insert(arrangement_.end(), v.begin(), v.end());
    } while (std::next_permutation(v.begin(), v.end()));
  }

  void convolve() {
    const std::size_t states = mass_.size(), arrangements = arrangement_.size() / k_;
    next_state_.clear();
    next_mass_.clear();
    slots_.assign(64, 0);
    sum_.resize(k_);
    for (std::size_t s = 0; s < states; ++s) {
      const double share = mass_[s] / static_cast<double>(arrangements);
      for (std::size_t a = 0; a < arrangements; ++a) {
        add_sorted(state_.data() + s * k_, arrangement_.data() + a * k_);
        next_mass_[find_state()] += share;
      }
    }
    state_.swap(next_state_);
    mass_.swap(next_mass_);
  }

  // sum_ = a + b, ascending.
  void add_sorted(const Cell* a, const Cell* b) {
    for (std::size_t j = 0; j < k_; ++j) {
      const Cell x = a[j] + b[j];
      std::size_t at = j;
      for (; at > 0 && sum_[at - 1] > x; --at) {
        sum_[at] = sum_[at - 1];
      }
      sum_[at] = x;
    }
  }

  // Number of the state sum_, new if it was not met before. Open addressing; a slot holds the number plus one.
  std::size_t find_state() {
    if (4 * (next_mass_.size() + 1) > 3 * slots_.size()) {
      grow();
    }
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash(sum_.data()) & mask;
    for (; slots_[at] != 0; at = (at + 1) & mask) {
      const std::size_t found = slots_[at] - 1;
      if (std::equal(sum_.begin(), sum_.end(), next_state_.begin() + static_cast<std::ptrdiff_t>(found * k_))) {
        return found;
      }
    }
    next_state_.insert(next_state_.end(), sum_.begin(), sum_.end());
    next_mass_.push_back(0.0);
    slots_[at] = static_cast<std::uint32_t>(next_mass_.size());
    return next_mass_.size() - 1;
  }

  void grow() {
    slots_.assign(2 * slots_.size(), 0);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t s = 0; s < next_mass_.size(); ++s) {
      std::size_t at = hash(next_state_.data() + s * k_) & mask;
      while (slots_[at] != 0) {
        at = (at + 1) & mask;
      }
      slots_[at] = static_cast<std::uint32_t>(s + 1);
    }
  }

  std::size_t hash(const Cell* v) const {
    std::uint64_t h = 0;
    for (std::size_t j = 0; j < k_; ++j) {
      h = (h ^ v[j]) * 0x9e3779b97f4a7c15ULL;
      h ^= h >> 29;
    }
    return static_cast<std::size_t>(h);
  }

  double last_block(double observed) const {
    const std::size_t states = mass_.size(), arrangements = arrangement_.size() / k_;
    double p = 0.0;
    for (std::size_t s = 0; s < states; ++s) {
      const Cell* v = state_.data() + s * k_;
      double reached = 0.0;
      for (std::size_t a = 0; a < arrangements; ++a) {
        const Cell* x = arrangement_.data() + a * k_;
        double sum = 0.0;
        for (std::size_t j = 0; j < k_; ++j) {
          const double y = static_cast<double>(v[j] + x[j]);
          sum += y * y;
        }
        reached += sum >= observed ? 1.0 : 0.0;
      }
      p += mass_[s] * (reached / static_cast<double>(arrangements));
    }
    return std::min(1.0, p);
  }

  std::size_t k_ = 0;
  std::int64_t step_ = 0;
  std::vector<Pattern> patterns_;
  std::vector<Cell> observed_, state_, next_state_, arrangement_, arranged_, sum_;
  std::vector<double> mass_, next_mass_;
  std::vector<std::uint32_t> slots_;
};

}  // namespace respondr::rm
