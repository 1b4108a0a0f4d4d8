#pragma once
// Nodes and arcs of network.hpp: the vectors of row sums that the columns still to come may have, and the ways one column
// leads from one vector to the next.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "respondr/rates/value_list.hpp"

namespace respondr::rates {

// Margins with v(i, j, x) at value[(i * cols + j) * stride + x]. Rows of one class are neighbours with descending sums.
struct NetworkTable {
  std::vector<int> row, col;   // margins, all > 0
  std::vector<int> row_class;  // ascending; v treats rows of one class alike
  std::vector<std::int64_t> value;
  std::size_t stride = 0;

  std::size_t rows() const { return row.size(); }
  std::size_t cols() const { return col.size(); }
  std::int64_t v(std::size_t i, std::size_t j, int x) const {
    return value[(i * cols() + j) * stride + static_cast<std::size_t>(x)];
  }
};

// Vectors of row sums of one level, found by hash.
class NodeTable {
 public:
  void clear(std::size_t rows) {
    rows_ = rows;
    count_ = 0;
    vectors_.clear();
    slots_.assign(64, 0);
  }
  std::size_t size() const { return count_; }
  const int* node(std::size_t k) const { return vectors_.data() + k * rows_; }

  // All u <= the row margins with this sum, descending within classes.
  void list(const NetworkTable& t, int sum) {
    clear(t.rows());
    std::vector<int> u(t.rows(), 0), room(t.rows() + 1, 0);
    for (std::size_t i = t.rows(); i-- > 0;) {
      room[i] = room[i + 1] + t.row[i];
    }
    extend(t, 0, sum, u, room);
  }

  // u is in the table.
  std::size_t find(const int* u) const {
    std::size_t at = hash(u) & (slots_.size() - 1);
    while (!std::equal(u, u + rows_, node(slots_[at] - 1))) {
      at = (at + 1) & (slots_.size() - 1);
    }
    return slots_[at] - 1;
  }

 private:
  void extend(const NetworkTable& t, std::size_t i, int left, std::vector<int>& u, const std::vector<int>& room) {
    if (i == t.rows()) {
      add(u.data());
      return;
    }
    const bool same = i > 0 && t.row_class[i] == t.row_class[i - 1];
    const int high = std::min({left, t.row[i], same ? u[i - 1] : left});
    for (int x = std::max(0, left - room[i + 1]); x <= high; ++x) {
      u[i] = x;
      extend(t, i + 1, left - x, u, room);
    }
  }

  void add(const int* u) {
    if (4 * (count_ + 1) > 3 * slots_.size()) {
      slots_.assign(2 * slots_.size(), 0);
      for (std::size_t k = 0; k < count_; ++k) {
        slots_[free_slot(node(k))] = static_cast<std::uint32_t>(k + 1);
      }
    }
    vectors_.insert(vectors_.end(), u, u + rows_);
    slots_[free_slot(u)] = static_cast<std::uint32_t>(++count_);
  }

  std::size_t free_slot(const int* u) const {
    std::size_t at = hash(u) & (slots_.size() - 1);
    while (slots_[at] != 0) {
      at = (at + 1) & (slots_.size() - 1);
    }
    return at;
  }

  std::size_t hash(const int* u) const {
    std::uint64_t h = 0;
    for (std::size_t i = 0; i + 1 < rows_; ++i) {
      h = (h ^ static_cast<std::uint64_t>(u[i])) * 0x9e3779b97f4a7c15ULL;
      h ^= h >> 29;
    }
    return static_cast<std::size_t>(h);
  }

  std::size_t rows_ = 0, count_ = 0;
  std::vector<int> vectors_;
  std::vector<std::uint32_t> slots_;
};

// The ways to take one column out of a vector of row sums.
class ArcWalk {
 public:
  void start(const NetworkTable& t, const LnFactorial& ln, std::size_t column, const NodeTable& children) {
    table_ = &t;
    ln_ = &ln;
    column_ = column;
    children_ = &children;
    rest_.assign(t.rows(), 0);
    sorted_ = rest_;
    room_.assign(t.rows() + 1, 0);
  }

  // see(child, value, ln) for every arc: ln is the logarithm of the hypergeometric probability of the arc given the node.
  // Rows of one class with equal sums are exchangeable: only descending shares of the column, counted with their
  // arrangements.
  template <class See>
  void walk(const int* node, See&& see) {
    node_ = node;
    for (std::size_t i = table_->rows(); i-- > 0;) {
      room_[i] = room_[i + 1] + node[i];
    }
    const int c = table_->col[column_];
    step(0, c, 0, -ln_->choose(static_cast<std::size_t>(room_[0]), static_cast<std::size_t>(c)), 1, 1, see);
  }

 private:
  // `alike` rows up to i - 1 are exchangeable with row i - 1, the last `equal` of them have the same share.
  template <class See>
  void step(std::size_t i, int left, std::int64_t value, long double ln, int alike, int equal, See& see) {
    const NetworkTable& t = *table_;
    if (i == t.rows()) {
      sort_within_classes();
      see(children_->find(sorted_.data()), value, static_cast<double>(ln));
      return;
    }
    const bool same = i > 0 && t.row_class[i] == t.row_class[i - 1] && node_[i] == node_[i - 1];
    const int before = same ? node_[i - 1] - rest_[i - 1] : left;
    const int high = std::min({left, node_[i], before});
    for (int x = std::max(0, left - room_[i + 1]); x <= high; ++x) {
      rest_[i] = node_[i] - x;
      const int now = same ? alike + 1 : 1, run = same && x == before ? equal + 1 : 1;
      long double next = ln + ln_->choose(static_cast<std::size_t>(node_[i]), static_cast<std::size_t>(x));
      if (now != run) {
        next += ln_->log(static_cast<std::size_t>(now)) - ln_->log(static_cast<std::size_t>(run));
      }
      step(i + 1, left - x, value + t.v(i, column_, x), next, now, run, see);
    }
  }

  void sort_within_classes() {
    const std::vector<int>& of = table_->row_class;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      const int x = rest_[i];
      std::size_t at = i;
      for (; at > 0 && of[at - 1] == of[i] && sorted_[at - 1] < x; --at) {
        sorted_[at] = sorted_[at - 1];
      }
      sorted_[at] = x;
    }
  }

  const NetworkTable* table_ = nullptr;
  const LnFactorial* ln_ = nullptr;
  const NodeTable* children_ = nullptr;
  std::size_t column_ = 0;
  const int* node_ = nullptr;
  std::vector<int> rest_, sorted_, room_;
};

}  // namespace respondr::rates
