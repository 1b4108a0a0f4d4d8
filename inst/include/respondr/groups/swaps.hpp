#pragma once
// Random relabellings of two arms: which of the pooled values, in ascending order, go to the level. The same for any
// order of the
// rows, because a draw belongs to a place in the order of the values.

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

#include "respondr/random.hpp"

namespace respondr::groups {

class Swaps {
 public:
  void begin(std::size_t total, std::size_t picks) {
    place_.resize(total);
    picks_ = picks;
  }

  // The picks places of one replicate, in no order.
  const std::uint32_t* draw(std::uint64_t seed, Tag tag, std::uint64_t problem, std::uint64_t replicate) {
    std::iota(place_.begin(), place_.end(), std::uint32_t{0});
    Stream stream(seed, static_cast<std::uint64_t>(tag), problem, replicate);
    const std::uint32_t total = static_cast<std::uint32_t>(place_.size());
    for (std::uint32_t i = 0; i < picks_; ++i) {
      std::swap(place_[i], place_[i + stream.bounded(total - i)]);
    }
    return place_.data();
  }

  std::size_t picks() const { return picks_; }

 private:
  std::vector<std::uint32_t> place_;
  std::size_t picks_ = 0;
};

// Visits all subsets of `picks` of 0, ..., total - 1 in lexicographic order: f(const std::size_t* chosen).
template <class F>
void each_subset(std::size_t total, std::size_t picks, F&& f) {
  std::vector<std::size_t> chosen(picks);
  std::iota(chosen.begin(), chosen.end(), std::size_t{0});
  for (;;) {
    f(static_cast<const std::size_t*>(chosen.data()));
    std::size_t i = picks;
    while (i > 0 && chosen[i - 1] == total - picks + i - 1) {
      --i;
    }
    if (i == 0) {
      return;
    }
    ++chosen[i - 1];
    for (std::size_t j = i; j < picks; ++j) {
      chosen[j] = chosen[j - 1] + 1;
    }
  }
}

}  // namespace respondr::groups
