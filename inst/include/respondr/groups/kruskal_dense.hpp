#pragma once
// Chances of the sums of scores that several arms hold once all values are dealt, on arrays: for each number of values an
// arm may hold, one array over the sums of all arms but the last. Cheap where few arms hold many values.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/types.hpp"

namespace respondr::groups {

// Ascending scores of the values, what the first of them add to, and the sizes of the arms.
struct DealtScores {
  std::vector<std::uint64_t> score, prefix, size;

  std::size_t k() const { return size.size(); }
  // Smallest and largest sum of m of the first t values.
  std::uint64_t low(std::uint64_t m) const { return prefix[m]; }
  std::uint64_t high(std::uint64_t m, std::uint64_t t) const { return prefix[t] - prefix[t - m]; }
};

class DenseSums {
 public:
  // Calls see(sums of all arms, chance) for every cell that can arise.
  template <class See>
  void deal(const DealtScores& scores, See&& see) {
    const std::size_t d = scores.k() - 1;
    std::size_t nodes = 1;
    stride_.assign(d, 0);
    for (std::size_t j = 0; j < d; ++j) {
      stride_[j] = nodes;
      nodes *= static_cast<std::size_t>(scores.size[j]) + 1;
    }
    at_.resize(nodes);
    next_.resize(nodes);
    for (std::size_t i = 0; i < nodes; ++i) {
      at_[i].mass.clear();
      next_[i].mass.clear();
    }
    shift_.assign(d, 0);
    count_.assign(d, 0);
    shape(scores, 0, at_[0]);
    at_[0].mass[0] = 1.0;
    for (std::uint64_t t = 0; t < scores.score.size(); ++t) {
      step(scores, t);
      at_.swap(next_);
    }
    finish(scores, at_[nodes - 1], see);
  }

 private:
  struct Node {
    std::vector<double>
        mass;  // sums of the arms less their smallest, the first arm running fastest; empty where not reached
    std::vector<std::size_t> width;
  };

  // Array of a node after t values; count_ is the node.
  void shape(const DealtScores& scores, std::uint64_t t, Node& node) const {
    std::size_t cells = 1;
    node.width.resize(count_.size());
    for (std::size_t j = 0; j < count_.size(); ++j) {
      node.width[j] = static_cast<std::size_t>(scores.high(count_[j], t) - scores.low(count_[j])) + 1;
      cells *= node.width[j];
    }
    node.mass.assign(cells, 0.0);
  }

  // Deals value t: every node of t + 1 values from those that are one value short. The arm gets it with the chance of its
  // free places.
  void step(const DealtScores& scores, std::uint64_t t) {
    const std::size_t d = count_.size();
    const double left = static_cast<double>(scores.score.size() - t);
    std::fill(count_.begin(), count_.end(), 0);
    for (std::size_t i = 0; i < at_.size(); ++i) {
      std::uint64_t held = 0;
      for (const std::uint64_t m : count_) {
        held += m;
      }
      next_[i].mass.clear();
      if (held <= t + 1 && t + 1 - held <= scores.size[d]) {
        shape(scores, t + 1, next_[i]);
        if (held <= t) {
          add(at_[i], static_cast<double>(scores.size[d] - (t - held)) / left, next_[i]);
        }
        for (std::size_t j = 0; j < d; ++j) {
          if (count_[j] > 0) {
            const std::uint64_t before = count_[j] - 1;
            shift_[j] = static_cast<std::size_t>(scores.score[t] - scores.score[before]);
            add(at_[i - stride_[j]], static_cast<double>(scores.size[j] - before) / left, next_[i]);
            shift_[j] = 0;
          }
        }
      }
      for (std::size_t j = 0; j < d && ++count_[j] > scores.size[j]; ++j) {
        count_[j] = 0;
      }
    }
  }

  // Adds a node's chances, moved by shift_.
  void add(const Node& from, double weight, Node& to) {
    if (from.mass.empty()) {
      return;
    }
    const std::size_t d = from.width.size(), run = from.width[0];
    cell_.assign(d, 0);
    for (std::size_t row = 0; row < from.mass.size(); row += run) {
      std::size_t at = 0;
      for (std::size_t j = d; j-- > 0;) {
        at = at * to.width[j] + cell_[j] + shift_[j];
      }
      const double* in = from.mass.data() + row;
      double* out = to.mass.data() + at;
      for (std::size_t x = 0; x < run; ++x) {
        out[x] += weight * in[x];
      }
      for (std::size_t j = 1; j < d && ++cell_[j] == from.width[j]; ++j) {
        cell_[j] = 0;
      }
    }
  }

  template <class See>
  void finish(const DealtScores& scores, const Node& node, See&& see) {
    const std::size_t d = node.width.size();
    std::vector<std::uint64_t> sum(d + 1);
    cell_.assign(d, 0);
    for (const double mass : node.mass) {
      if (mass > 0.0) {
        sum[d] = scores.prefix.back();
        for (std::size_t j = 0; j < d; ++j) {
          sum[j] = scores.low(scores.size[j]) + cell_[j];
          sum[d] -= sum[j];
        }
        see(sum, mass);
      }
      for (std::size_t j = 0; j < d && ++cell_[j] == node.width[j]; ++j) {
        cell_[j] = 0;
      }
    }
  }

  std::vector<Node> at_, next_;
  std::vector<std::size_t> stride_, shift_, cell_;
  std::vector<std::uint64_t> count_;
};

}  // namespace respondr::groups
