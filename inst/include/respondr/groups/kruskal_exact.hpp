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
#include "respondr/groups/kruskal_dense.hpp"
#include "respondr/groups/state_table.hpp"
#include "respondr/special/central.hpp"

namespace respondr::groups {

class DealtSums {
 public:
  // Sets up the scores: doubled ranks less the smallest, in steps that they share.
  void prepare(const PooledRanks& ranks) {
    k_ = ranks.k();
    d_.score.clear();
    std::int64_t step = 0;
    for (const int r : ranks.rank) {
      step = std::gcd(step, static_cast<std::int64_t>(r - ranks.rank[0]));
    }
    step_ = static_cast<double>(std::max<std::int64_t>(step, 1));
    for (const int r : ranks.rank) {
      d_.score.push_back(static_cast<std::uint64_t>((r - ranks.rank[0]) / std::max<std::int64_t>(step, 1)));
    }
    d_.prefix.assign(1, 0);
    for (const std::uint64_t s : d_.score) {
      d_.prefix.push_back(d_.prefix.back() + s);
    }
    // Largest arm last: it is the one that needs no place in a state. Arms of one size side by side.
    d_.size.clear();
    for (const double n : ranks.size) {
      d_.size.push_back(static_cast<std::uint64_t>(n));
    }
    std::sort(d_.size.begin(), d_.size.end());
    lay_out();
  }

  // Elementary steps of tail(), an upper bound; infinite where neither way to count is open, or the counts in the middle,
  // which have most states, take more than the limit by themselves.
  double work(double limit) {
    double nodes = 1.0;
    for (const std::uint64_t n : d_.size) {
      nodes *= static_cast<double>(n + 1);
    }
    if (nodes > 1e6) {
      return infinity;
    }
    std::vector<double> ln_factorial;
    for (std::size_t i = 0; i <= d_.score.size(); ++i) {
      ln_factorial.push_back(special::ln_gamma(static_cast<double>(i) + 1.0));
    }
    double cells = 0.0, states = 0.0;
    const auto add = [&](const std::vector<std::uint64_t>& count) {
      const double sums = node_sums(count);
      cells += sums;
      states += std::min(sums, node_ways(count, ln_factorial));
    };
    std::vector<std::uint64_t> count(k_, 0);
    std::transform(d_.size.begin(), d_.size.end(), count.begin(), [](std::uint64_t n) { return n / 2; });
    add(count);
    if (cheaper(cells, states) > limit) {
      return infinity;
    }
    cells = states = 0.0;
    std::fill(count.begin(), count.end(), 0);
    for (bool more = true; more; more = next_node(count)) {
      add(count);
    }
    return cheaper(cells, states);
  }

  // Which way to count; work() chooses the cheaper.
  void on_arrays(bool yes) { on_arrays_ = yes; }
  bool arrays() const { return on_arrays_; }

  // P(sum over the arms of the squared sums over n is at least that of `sum`, centred doubled ranks).
  // work() comes first.
  double tail(double observed) {
    // Distinct values of the statistic differ by more than this, and their rounding is less.
    const double least = observed * (1.0 - 1e-13);
    double reached = 0.0, all = 0.0;
    const auto see = [&](const std::vector<std::uint64_t>& sum, double weight) {
      all += weight;
      reached += statistic(sum) >= least ? weight : 0.0;
    };
    if (on_arrays_) {
      dense_.deal(d_, see);
      return reached / all;
    }
    table_.clear(16);
    table_.add(0, 1.0);
    for (std::size_t i = 0; i < d_.score.size(); ++i) {
      deal(i);
    }
    std::vector<std::uint64_t> sum(k_);
    table_.each([&](std::uint64_t key, double weight) {
      unpack(key, d_.score.size());
      std::transform(arm_.begin(), arm_.end(), sum.begin(), [](const auto& a) { return a.second; });
      see(sum, weight);
    });
    return reached / all;
  }

 private:
  // Steps of the way that takes fewer.
  double cheaper(double cells, double states) {
    constexpr double lookup = 60.0;  // steps that finding a state costs
    const double k = static_cast<double>(k_), sparse = bits_ > 63 ? infinity : lookup * k * states / same_;
    on_arrays_ = k * cells <= sparse;
    return std::min(k * cells, sparse);
  }

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
      const std::size_t n = d_.score.size();
      count_bits_[j] = width(d_.size[j]);
      sum_bits_[j] = width(d_.prefix[n] - d_.prefix[n - static_cast<std::size_t>(d_.size[j])]);
      bits_ += count_bits_[j] + sum_bits_[j];
    }
    double run = 1.0;
    for (std::size_t j = 1; j < k_; ++j) {
      run = d_.size[j] == d_.size[j - 1] ? run + 1.0 : 1.0;
      same_ *= run;
    }
    arm_.resize(k_);
  }

  // All counts of the arms, the last included.
  bool next_node(std::vector<std::uint64_t>& count) const {
    for (std::size_t j = 0; j < k_; ++j) {
      if (count[j] < d_.size[j]) {
        ++count[j];
        return true;
      }
      count[j] = 0;
    }
    return false;
  }

  // Sums that arms with these counts, the last left out, can have; and ways to deal that lead to the counts.
  double node_sums(const std::vector<std::uint64_t>& count) const {
    const std::uint64_t t = std::accumulate(count.begin(), count.end(), std::uint64_t{0});
    double sums = 1.0;
    for (std::size_t j = 0; j + 1 < k_; ++j) {
      sums *= static_cast<double>(d_.high(count[j], t) - d_.low(count[j])) + 1.0;
    }
    return sums;
  }
  static double node_ways(const std::vector<std::uint64_t>& count, const std::vector<double>& ln_factorial) {
    double ways = ln_factorial[std::accumulate(count.begin(), count.end(), std::uint64_t{0})];
    for (const std::uint64_t c : count) {
      ways -= ln_factorial[c];
    }
    return std::exp(ways);
  }

  // The state as one pair an arm, the last included.
  void unpack(std::uint64_t key, std::size_t dealt) {
    std::uint64_t count = dealt, sum = d_.prefix[dealt];
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
      while (last < k_ && d_.size[last] == d_.size[first]) {
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
    const double left = static_cast<double>(d_.score.size() - i);
    table_.each([&](std::uint64_t key, double weight) {
      unpack(key, i);
      for (std::size_t j = 0; j < k_; ++j) {
        if (arm_[j].first < d_.size[j]) {
          to_ = arm_;
          ++to_[j].first;
          to_[j].second += d_.score[i];
          next_.add(pack(to_), weight * static_cast<double>(d_.size[j] - arm_[j].first) / left);
        }
      }
    });
    table_.swap(next_);
  }

  // Sum of squares of the sums of centred doubled ranks, over n.
  double statistic(const std::vector<std::uint64_t>& sum) const {
    const double n = static_cast<double>(d_.score.size()), total = static_cast<double>(d_.prefix.back());
    double out = 0.0;
    for (std::size_t j = 0; j < k_; ++j) {
      const double size = static_cast<double>(d_.size[j]);
      // n times the centred sum is a whole number.
      const double centred = step_ * (n * static_cast<double>(sum[j]) - size * total);
      out += centred * centred / size;
    }
    return out / (n * n);
  }

  std::size_t k_ = 0;
  bool on_arrays_ = false;
  unsigned bits_ = 0;
  double step_ = 1.0, same_ = 1.0;
  DealtScores d_;
  DenseSums dense_;
  std::vector<unsigned> count_bits_, sum_bits_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> arm_, to_;
  StateTable table_, next_;
};

}  // namespace respondr::groups
