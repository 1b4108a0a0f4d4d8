#pragma once
// Distribution of twice the statistic of Jonckheere and Terpstra over all ways to deal the values to the arms.
//
// Without ties it is a sum of independent counts of Mann and Whitney, arm j against all arms before it (Terpstra 1952),
// each by the recursion of Mann and Whitney (1947) on its probabilities. With ties a node is how many values each arm holds
// so far, and sets of equal values are dealt one set at a time (the network of Mehta, Patel and Senchaudhuri 1988): what
// the set adds to the statistic depends on the node alone.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

#include "respondr/groups/k_load.hpp"
#include "respondr/special/central.hpp"

namespace respondr::groups {

class JonckheereCounts {
 public:
  void prepare(const PooledRanks& ranks) {
    size_.clear();
    for (const double n : ranks.size) {
      size_.push_back(static_cast<std::size_t>(n));
    }
    set_.clear();
    for (std::size_t g = 0; g < ranks.sets(); ++g) {
      set_.push_back(ranks.tie_start[g + 1] - ranks.tie_start[g]);
    }
    tied_ = ranks.n_ties > 0;
    pairs_ = 0;
    std::size_t before = 0;
    for (const std::size_t n : size_) {
      pairs_ += before * n;
      before += n;
    }
  }

  // Elementary steps of mass(), and its memory: both are bounded by it.
  double work() const {
    const double range = 2.0 * static_cast<double>(pairs_) + 1.0;
    if (!tied_) {
      double total = 0.0, before = static_cast<double>(size_[0]), reach = 0.0;
      for (std::size_t j = 1; j < size_.size(); ++j) {
        const double n = static_cast<double>(size_[j]), u = before * n;
        total += 0.5 * u * u + reach * u;
        reach += u;
        before += n;
      }
      return total + range;
    }
    double nodes = 1.0;
    for (const std::size_t n : size_) {
      nodes *= static_cast<double>(n) + 1.0;
    }
    if (nodes > 1e6) {
      return infinity;
    }
    // Ways to split a set over the arms times the nodes that stand before it; the ways are at most those without full arms.
    double total = 0.0;
    std::size_t dealt = 0;
    std::vector<double> level = nodes_by_total();
    for (const std::size_t t : set_) {
      const double k = static_cast<double>(size_.size());
      const double ways = std::exp(special::ln_choose(static_cast<double>(t) + k - 1.0, k - 1.0));
      total += level[dealt] * std::min(ways, level_limit(level, dealt, t)) * range;
      dealt += t;
    }
    return total;
  }

  // mass[x] = P(2 J = x), x from 0 to twice the number of pairs of values in different arms.
  const std::vector<double>& mass() {
    if (tied_) {
      deal_sets();
    } else {
      convolve();
    }
    return mass_;
  }

  std::size_t pairs() const { return pairs_; }

 private:
  // How many nodes hold t values, t = 0, ..., N.
  std::vector<double> nodes_by_total() const {
    std::vector<double> level(1, 1.0);
    for (const std::size_t n : size_) {
      std::vector<double> next(level.size() + n, 0.0);
      for (std::size_t a = 0; a < level.size(); ++a) {
        for (std::size_t b = 0; b <= n; ++b) {
          next[a + b] += level[a];
        }
      }
      level.swap(next);
    }
    return level;
  }
  static double level_limit(const std::vector<double>& level, std::size_t dealt, std::size_t t) { return level[dealt + t]; }

  // u of m values against n: P(m, n; u) = m / (m + n) P(m - 1, n; u - n) + n / (m + n) P(m, n - 1; u), the largest value
  // being one of the m, or of the n.
  static void mann_whitney(std::size_t m, std::size_t n, std::vector<std::vector<double>>& table) {
    table.assign(n + 1, std::vector<double>(1, 1.0));
    for (std::size_t i = 1; i <= m; ++i) {
      for (std::size_t j = 1; j <= n; ++j) {
        const double share = static_cast<double>(i) / static_cast<double>(i + j);
        std::vector<double>& at = table[j];              // of i - 1 and j
        const std::vector<double>& left = table[j - 1];  // of i and j - 1
        at.resize(i * j + 1, 0.0);
        for (std::size_t u = i * j + 1; u-- > 0;) {
          const double up = u >= j ? at[u - j] : 0.0, stay = u < left.size() ? left[u] : 0.0;
          at[u] = share * up + (1.0 - share) * stay;
        }
      }
    }
  }

  void convolve() {
    std::vector<double> sum(1, 1.0), next;
    std::size_t before = size_[0];
    for (std::size_t j = 1; j < size_.size(); ++j) {
      mann_whitney(before, size_[j], table_);
      const std::vector<double>& u = table_[size_[j]];
      next.assign(sum.size() + u.size() - 1, 0.0);
      for (std::size_t a = 0; a < sum.size(); ++a) {
        for (std::size_t b = 0; b < u.size(); ++b) {
          next[a + b] += sum[a] * u[b];
        }
      }
      sum.swap(next);
      before += size_[j];
    }
    mass_.assign(2 * pairs_ + 1, 0.0);
    for (std::size_t x = 0; x < sum.size(); ++x) {
      mass_[2 * x] = sum[x];
    }
  }

  using Node = std::vector<std::size_t>;

  // All ways to split `left` more values from arm j on; chance is that of drawing them without replacement.
  void split(std::size_t j, std::size_t left, double ln_weight, const Node& from, Node& to,
             const std::vector<double>& mass) {
    if (j + 1 == size_.size()) {
      if (left > size_[j] - from[j]) {
        return;
      }
      to[j] = from[j] + left;
      add(from, to, ln_weight + choose(size_[j] - from[j], left), mass);
      return;
    }
    for (std::size_t a = 0; a <= std::min(left, size_[j] - from[j]); ++a) {
      to[j] = from[j] + a;
      split(j + 1, left - a, ln_weight + choose(size_[j] - from[j], a), from, to, mass);
    }
  }

  double choose(std::size_t n, std::size_t k) const { return ln_factorial_[n] - ln_factorial_[k] - ln_factorial_[n - k]; }

  void add(const Node& from, const Node& to, double ln_weight, const std::vector<double>& mass) {
    std::size_t shift = 0, below = 0, equal = 0;  // values of earlier arms: smaller ones, and in this set
    for (std::size_t j = 0; j < size_.size(); ++j) {
      const std::size_t a = to[j] - from[j];
      shift += a * (2 * below + equal);
      below += from[j];
      equal += a;
    }
    const double weight = std::exp(ln_weight);
    std::vector<double>& out = next_[to];
    if (out.size() < mass.size() + shift) {
      out.resize(mass.size() + shift, 0.0);
    }
    for (std::size_t x = 0; x < mass.size(); ++x) {
      out[x + shift] += weight * mass[x];
    }
  }

  void deal_sets() {
    std::size_t left = 0;
    for (const std::size_t n : size_) {
      left += n;
    }
    ln_factorial_.assign(1, 0.0);
    for (std::size_t i = 1; i <= left; ++i) {
      ln_factorial_.push_back(special::ln_gamma(static_cast<double>(i) + 1.0));
    }
    nodes_.clear();
    nodes_[Node(size_.size(), 0)] = {1.0};
    Node to(size_.size(), 0);
    for (const std::size_t t : set_) {
      next_.clear();
      for (const auto& node : nodes_) {
        split(0, t, -choose(left, t), node.first, to, node.second);
      }
      nodes_.swap(next_);
      left -= t;
    }
    mass_ = nodes_.begin()->second;
    mass_.resize(2 * pairs_ + 1, 0.0);
  }

  std::vector<std::size_t> size_, set_;
  bool tied_ = false;
  std::size_t pairs_ = 0;
  std::vector<double> mass_, ln_factorial_;
  std::vector<std::vector<double>> table_;
  std::map<Node, std::vector<double>> nodes_, next_;
};

}  // namespace respondr::groups
