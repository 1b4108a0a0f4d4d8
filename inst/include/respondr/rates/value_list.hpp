#pragma once
// Discrete distributions whose values are whole numbers (int64): ascending values with their weights. Logarithms are held in
// steps of 2^-40 built from the logarithms of primes, so that equal products of factorials are equal integers.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/types.hpp"

namespace respondr::rates {

struct ValueWeight {
  std::int64_t value = 0;
  double weight = 0.0;
};

// Adds up weights by value. Open addressing; clear() costs no more than what was put in.
class ValueTally {
 public:
  ValueTally() : slot_(256), used_(256, 0) {}

  void add(std::int64_t value, double weight) {
    if (2 * (entries_.size() + 1) > slot_.size()) {
      grow();
    }
    std::size_t at = hash(value) & (slot_.size() - 1);
    while (used_[at] != 0 && entries_[slot_[at]].value != value) {
      at = (at + 1) & (slot_.size() - 1);
    }
    if (used_[at] == 0) {
      used_[at] = 1;
      slot_[at] = static_cast<std::uint32_t>(entries_.size());
      entries_.push_back({value, 0.0});
    }
    entries_[slot_[at]].weight += weight;
  }

  // Moves the entries, ascending by value, to the end of out.
  void take(std::vector<ValueWeight>& out) {
    for (const ValueWeight& e : entries_) {
      std::size_t at = hash(e.value) & (slot_.size() - 1);
      while (used_[at] != 0) {
        used_[at] = 0;
        at = (at + 1) & (slot_.size() - 1);
      }
    }
    const std::ptrdiff_t first = static_cast<std::ptrdiff_t>(out.size());
    out.insert(out.end(), entries_.begin(), entries_.end());
    entries_.clear();
    std::sort(out.begin() + first, out.end(), [](const ValueWeight& a, const ValueWeight& b) { return a.value < b.value; });
  }

 private:
  static std::size_t hash(std::int64_t value) {
    const std::uint64_t h = static_cast<std::uint64_t>(value) * 0x9e3779b97f4a7c15ULL;
    return static_cast<std::size_t>(h ^ (h >> 32));
  }

  void grow() {
    slot_.assign(2 * slot_.size(), 0);
    used_.assign(slot_.size(), 0);
    for (std::size_t e = 0; e < entries_.size(); ++e) {
      std::size_t at = hash(entries_[e].value) & (slot_.size() - 1);
      while (used_[at] != 0) {
        at = (at + 1) & (slot_.size() - 1);
      }
      used_[at] = 1;
      slot_[at] = static_cast<std::uint32_t>(e);
    }
  }

  std::vector<ValueWeight> entries_;
  std::vector<std::uint32_t> slot_;
  std::vector<std::uint8_t> used_;
};

// Sorts by value and adds up equal values.
inline void merge_values(std::vector<ValueWeight>& list) {
  std::sort(list.begin(), list.end(), [](const ValueWeight& a, const ValueWeight& b) {
    return a.value != b.value ? a.value < b.value : a.weight < b.weight;
  });
  std::size_t kept = 0;
  for (std::size_t e = 0; e < list.size(); ++e) {
    if (kept > 0 && list[kept - 1].value == list[e].value) {
      list[kept - 1].weight += list[e].weight;
    } else {
      list[kept++] = list[e];
    }
  }
  list.resize(kept);
}

// What a test asks of the sum of two independent values: P(sum >= above) and, with two tails, P(sum <= below). With `ties`
// also the same without the sums that tie with the observed one: >= above_tie, <= below_tie.
struct Thresholds {
  std::int64_t above = 0, above_tie = 0;
  std::int64_t below = 0, below_tie = 0;
  bool two_tails = false, ties = false;
};

struct TailWeights {
  double reached = 0.0;  // ties included
  double beyond = 0.0;   // without them
};

// A list, ascending by value.
struct ListView {
  const ValueWeight* data = nullptr;
  std::size_t size = 0;
};

// P(A + B >= threshold), summed from the small terms of the tail.
inline double upper_tail(const ListView& a, const ListView& b, std::int64_t threshold) {
  double sum = 0.0, weight = 0.0;
  std::size_t j = b.size;
  for (std::size_t i = 0; i < a.size; ++i) {
    while (j > 0 && a.data[i].value + b.data[j - 1].value >= threshold) {
      --j;
      weight += b.data[j].weight;
    }
    sum += a.data[i].weight * weight;
  }
  return sum;
}

// P(A + B <= threshold).
inline double lower_tail(const ListView& a, const ListView& b, std::int64_t threshold) {
  double sum = 0.0, weight = 0.0;
  std::size_t j = 0;
  for (std::size_t i = a.size; i > 0; --i) {
    while (j < b.size && a.data[i - 1].value + b.data[j].value <= threshold) {
      weight += b.data[j].weight;
      ++j;
    }
    sum += a.data[i - 1].weight * weight;
  }
  return sum;
}

inline void add_tails(const ListView& a, const ListView& b, const Thresholds& t, double share, TailWeights& out) {
  out.reached += share * upper_tail(a, b, t.above);
  if (t.two_tails) {
    out.reached += share * lower_tail(a, b, t.below);
  }
  if (t.ties) {
    out.beyond += share * (upper_tail(a, b, t.above_tie) + (t.two_tails ? lower_tail(a, b, t.below_tie) : 0.0));
  }
}

constexpr double log_steps = 1099511627776.0;  // 2^40: steps of a logarithm

// Relative tolerance of probabilities that count as equal, as R's fisher.test has it.
constexpr double table_tie = 1e-7;

// ln x! and x ln x in steps, x = 0, ..., n.
class LogTable {
 public:
  void prepare(std::size_t n) {
    if (n + 1 <= factorial_.size()) {
      return;
    }
    std::vector<std::int64_t> log(n + 1, 0);
    for (std::size_t p = 2; p <= n; ++p) {
      if (log[p] != 0) {
        continue;  // not a prime
      }
      const std::int64_t step = std::llround(std::log(static_cast<double>(p)) * log_steps);
      for (std::size_t power = p; power <= n; power *= p) {
        for (std::size_t x = power; x <= n; x += power) {
          log[x] += step;
        }
        if (power > n / p) {
          break;
        }
      }
    }
    factorial_.assign(n + 1, 0);
    product_.assign(n + 1, 0);
    for (std::size_t x = 1; x <= n; ++x) {
      factorial_[x] = factorial_[x - 1] + log[x];
      product_[x] = static_cast<std::int64_t>(x) * log[x];
    }
  }
  std::int64_t factorial(std::size_t x) const { return factorial_[x]; }
  std::int64_t product(std::size_t x) const { return product_[x]; }

 private:
  std::vector<std::int64_t> factorial_, product_;
};

// ln x! as accurate as its place in a double, with the part below, so that differences of large ones keep their digits.
class LnFactorial {
 public:
  void prepare(std::size_t n) {
    if (value_.empty()) {
      value_.assign(1, 0.0L);
    }
    while (value_.size() <= n) {
      value_.push_back(value_.back() + std::log(static_cast<long double>(value_.size())));
    }
  }
  long double operator()(std::size_t x) const { return value_[x]; }
  long double log(std::size_t x) const { return value_[x] - value_[x - 1]; }
  long double choose(std::size_t n, std::size_t k) const { return value_[n] - value_[k] - value_[n - k]; }

 private:
  std::vector<long double> value_;
};

}  // namespace respondr::rates
