#pragma once
// Chances of states that are whole numbers below 2^63, by open addressing.

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace respondr::groups {

// Slots stand in the order of the keys' hashes, which depend on the problem only.
class StateTable {
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
  void swap(StateTable& other) {
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

}  // namespace respondr::groups
