#pragma once
// P(H >= h) over all ways to deal the values to the arms, ties as they lie, for the test of Kruskal and Wallis.
//
// Values are dealt one by one in ascending order. A state is what each arm but the last holds so far, a number of values and
// their sum of scores; all ways that lead to a state are one (Pagano and Tritchler 1983; Mehta, Patel and Senchaudhuri
// 1988). Arms of one size may change places without changing H, so that of states which differ by that only one is kept.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "respondr/groups/k_load.hpp"
#include "respondr/special.hpp"

namespace respondr::groups {

class DealtSums {
 public:
  // Sets up the scores: doubled ranks less the smallest, in steps that they share.
  void prepare(const PooledRanks& ranks) {
    k_ = ranks.k();
    score_.clear();
    std::int64_t step = 0;
    for (const int r : ranks.rank) {
      step = std::gcd(step, static_cast<std::int64_t>(r - ranks.rank[0]));
    }
    step_ = static_cast<double>(std::max<std::int64_t>(step, 1));
    for (const int r : ranks.rank) {
      score_.push_back(static_cast<std::uint64_t>((r - ranks.rank[0]) / std::max<std::int64_t>(step, 1)));
    }
    prefix_.assign(1, 0);
    for (const std::uint64_t s : score_) {
      prefix_.push_back(prefix_.back() + s);
    }
    // Largest arm last: it is the one that needs no place in a state. Arms of one size side by side.
    size_.clear();
    for (const double n : ranks.size) {
      size_.push_back(static_cast<std::uint64_t>(n));
    }
    std::sort(size_.begin(), size_.end());
    lay_out();
  }

  // Elementary steps of tail(), an upper bound; infinite where a state does not fit into 64 bits.
  double work() const {
    double nodes = 1.0;
    for (const std::uint64_t n : size_) {
      nodes *= static_cast<double>(n + 1);
    }
    if (bits_ > 63 || nodes > 1e6) {
      return infinity;
    }
    std::vector<double> ln_factorial;
    for (std::size_t i = 0; i <= score_.size(); ++i) {
      ln_factorial.push_back(special::ln_gamma(static_cast<double>(i) + 1.0));
    }
    double total = 0.0;
    std::vector<std::uint64_t> count(k_, 0);
    for (bool more = true; more; more = next_node(count)) {
      total += node_states(count, ln_factorial);
    }
    return total * static_cast<double>(k_) / same_;
  }

  // P(sum over the arms of the squared sums over n is at least that of `sum`, centred doubled ranks).
  double tail(double observed) {
    table_.clear(16);
    table_.add(0, 1.0);
    for (std::size_t i = 0; i < score_.size(); ++i) {
      deal(i);
    }
    // Distinct values of the statistic differ by more than this, and their rounding is less.
    const double least = observed * (1.0 - 1e-13);
    double reached = 0.0, all = 0.0;
    table_.each([&](std::uint64_t key, double weight) {
      all += weight;
      reached += statistic(key) >= least ? weight : 0.0;
    });
    return reached / all;
  }

 private:
  // Weights of states by open addressing; slots in the order of the keys' hashes, which depend on the problem only.
  class Table {
   public:
    void clear(std::size_t expected) {
      std::size_t size = 64;
      while (size < 2 * expected) {
        size *= 2;
      }
      key_.assign(size, empty);
      weight_.assign(size, 0.0);
      used_ = 0;
    }
    void add(std::uint64_t key, double weight) {
      if (2 * used_ >= key_.size()) {
        grow();
      }
      put(key, weight);
    }
    template <class F>
    void each(F&& f) const {
      for (std::size_t i = 0; i < key_.size(); ++i) {
        if (key_[i] != empty) {
          f(key_[i], weight_[i]);
        }
      }
    }
    std::size_t used() const { return used_; }
    void swap(Table& other) {
      key_.swap(other.key_);
      weight_.swap(other.weight_);
      std::swap(used_, other.used_);
    }

   private:
    static constexpr std::uint64_t empty = ~std::uint64_t{0};
    void put(std::uint64_t key, double weight) {
      const std::size_t mask = key_.size() - 1;
      std::size_t at = (key * 0x9e3779b97f4a7c15ULL) >> 20 & mask;
      while (key_[at] != empty && key_[at] != key) {
        at = (at + 1) & mask;
      }
      used_ += key_[at] == empty ? 1 : 0;
      key_[at] = key;
      weight_[at] += weight;
    }
    void grow() {
      std::vector<std::uint64_t> key(2 * key_.size(), empty);
      std::vector<double> weight(2 * weight_.size(), 0.0);
      key.swap(key_);
      weight.swap(weight_);
      used_ = 0;
      for (std::size_t i = 0; i < key.size(); ++i) {
        if (key[i] != empty) {
          put(key[i], weight[i]);
        }
      }
    }
    std::vector<std::uint64_t> key_;
    std::vector<double> weight_;
    std::size_t used_ = 0;
  };

  static unsigned width(std::uint64_t largest) {
    unsigned bits = 0;
    for (; largest > 0; largest >>= 1) {
      ++bits;
    }
    return bits;
  }

  void lay_out() {
    bits_ = 0;
    same_ = 1.0;
    count_bits_.assign(k_, 0);
    sum_bits_.assign(k_, 0);
    for (std::size_t j = 0; j + 1 < k_; ++j) {
      const std::size_t n = score_.size();
      count_bits_[j] = width(size_[j]);
      sum_bits_[j] = width(prefix_[n] - prefix_[n - static_cast<std::size_t>(size_[j])]);
      bits_ += count_bits_[j] + sum_bits_[j];
    }
    double run = 1.0;
    for (std::size_t j = 1; j < k_; ++j) {
      run = size_[j] == size_[j - 1] ? run + 1.0 : 1.0;
      same_ *= run;
    }
    arm_.resize(k_);
  }

  // All counts of the arms, the last included.
  bool next_node(std::vector<std::uint64_t>& count) const {
    for (std::size_t j = 0; j < k_; ++j) {
      if (count[j] < size_[j]) {
        ++count[j];
        return true;
      }
      count[j] = 0;
    }
    return false;
  }

  // At most so many states have these counts: ways to deal, and sums that can arise.
  double node_states(const std::vector<std::uint64_t>& count, const std::vector<double>& ln_factorial) const {
    const std::uint64_t t = std::accumulate(count.begin(), count.end(), std::uint64_t{0});
    double sums = 1.0, ways = ln_factorial[t];
    for (std::size_t j = 0; j < k_; ++j) {
      const std::uint64_t c = count[j];
      ways -= ln_factorial[c];
      if (j + 1 < k_) {
        sums *= static_cast<double>((prefix_[t] - prefix_[t - c]) - prefix_[c]) + 1.0;
      }
    }
    return std::min(sums, std::exp(ways));
  }

  // The state as one pair an arm, the last included.
  void unpack(std::uint64_t key, std::size_t dealt) {
    std::uint64_t count = dealt, sum = prefix_[dealt];
    for (std::size_t j = 0; j + 1 < k_; ++j) {
      arm_[j].first = key & ((std::uint64_t{1} << count_bits_[j]) - 1);
      key >>= count_bits_[j];
      arm_[j].second = key & ((std::uint64_t{1} << sum_bits_[j]) - 1);
      key >>= sum_bits_[j];
      count -= arm_[j].first;
      sum -= arm_[j].second;
    }
    arm_[k_ - 1] = {count, sum};
  }

  std::uint64_t pack(std::vector<std::pair<std::uint64_t, std::uint64_t>>& arm) const {
    for (std::size_t first = 0; first < k_;) {
      std::size_t last = first + 1;
      while (last < k_ && size_[last] == size_[first]) {
        ++last;
      }
      if (last - first > 1) {
        std::sort(arm.begin() + static_cast<std::ptrdiff_t>(first), arm.begin() + static_cast<std::ptrdiff_t>(last));
      }
      first = last;
    }
    std::uint64_t key = 0;
    unsigned at = 0;
    for (std::size_t j = 0; j + 1 < k_; ++j) {
      key |= arm[j].first << at;
      at += count_bits_[j];
      key |= arm[j].second << at;
      at += sum_bits_[j];
    }
    return key;
  }

  // Weights stay probabilities: the next value goes to an arm with the chance of its free places.
  void deal(std::size_t i) {
    next_.clear(2 * table_.used());
    const double left = static_cast<double>(score_.size() - i);
    table_.each([&](std::uint64_t key, double weight) {
      unpack(key, i);
      for (std::size_t j = 0; j < k_; ++j) {
        if (arm_[j].first < size_[j]) {
          to_ = arm_;
          ++to_[j].first;
          to_[j].second += score_[i];
          next_.add(pack(to_), weight * static_cast<double>(size_[j] - arm_[j].first) / left);
        }
      }
    });
    table_.swap(next_);
  }

  // Of a final state: sum of squares of the sums of centred doubled ranks, over n.
  double statistic(std::uint64_t key) {
    unpack(key, score_.size());
    const double n = static_cast<double>(score_.size()), total = static_cast<double>(prefix_.back());
    double out = 0.0;
    for (std::size_t j = 0; j < k_; ++j) {
      const double size = static_cast<double>(size_[j]);
      // n times the centred sum is a whole number.
      const double centred = step_ * (n * static_cast<double>(arm_[j].second) - size * total);
      out += centred * centred / size;
    }
    return out / (n * n);
  }

  std::size_t k_ = 0;
  unsigned bits_ = 0;
  double step_ = 1.0, same_ = 1.0;
  std::vector<std::uint64_t> score_, prefix_, size_;
  std::vector<unsigned> count_bits_, sum_bits_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> arm_, to_;
  Table table_, next_;
};

}  // namespace respondr::groups
