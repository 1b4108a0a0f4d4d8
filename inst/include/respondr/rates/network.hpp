#pragma once
// Tail of the null distribution of a statistic of an r x c table given its margins, where the statistic is a sum over cells
// of whole numbers v(i, j, x): ln x! for Fisher, Freeman and Halton (1951), x^2 / (r_i c_j) for Pearson, u_i v_j x for
// linear-by-linear association.
//
// Columns are taken out one after the other. A node is the vector of row sums left to the columns still to come (Mehta and
// Patel 1983, J Am Stat Assoc 78:427); rows that v treats alike are one class whose sums are kept in descending order, so
// that their permutations are one node. From the top every node gets the list of the values of the columns gone, from the
// bottom the list of the values of those to come, each value once with its probability. The two fronts meet where the next
// step of either would cost most, and pairs of values are counted from sorted lists. The exact smallest and largest value
// of both sides is known for every node beforehand: what cannot change the answer any more is settled at once.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "respondr/rates/network_nodes.hpp"
#include "respondr/rates/value_list.hpp"

namespace respondr::rates {

class Network {
 public:
  // `order`: the columns in the order in which they are taken out, at least two. false if more than `limit` steps are
  // needed.
  bool tails(const NetworkTable& t, const std::vector<std::size_t>& order, const LnFactorial& ln,
             const Thresholds& thresholds, double limit, TailWeights& out) {
    table_ = &t;
    ln_ = &ln;
    order_ = order;
    thresholds_ = thresholds;
    limit_ = limit;
    steps_ = 0.0;
    out_ = {};
    const Thresholds& h = thresholds;
    top_ = h.ties ? std::max(h.above, h.above_tie) : h.above;
    bottom_ = !h.two_tails ? h.above - 1 : h.ties ? std::min(h.below, h.below_tie) : h.below;
    if (!list_levels()) {
      return false;
    }
    start_lists();
    while (level_ < bottom_level_) {
      const double down = static_cast<double>(down_entries_) / static_cast<double>(levels_[level_].nodes.size()) *
                          levels_[level_].arcs;
      const double up = static_cast<double>(up_.size()) / static_cast<double>(levels_[bottom_level_].nodes.size()) *
                        levels_[bottom_level_ - 1].arcs;
      // Where the next step would pass the limit it is not begun.
      if (steps_ + std::min(down, up) > limit || !(down < up ? go_down() : go_up())) {
        return false;
      }
    }
    meet();
    out = out_;
    return true;
  }
  double steps() const { return steps_; }

 private:
  struct Level {
    NodeTable nodes;
    std::vector<std::int64_t> past_low, past_high, future_low, future_high;
    double arcs = 0.0;
  };
  struct Arc {
    std::size_t first = 0, last = 0;
    std::int64_t shift = 0;
    double weight = 0.0;
  };

  static constexpr std::size_t most_entries = 20000000;  // of one side; 16 bytes each

  // Nodes of all levels, and what their pasts and futures can be.
  bool list_levels() {
    const NetworkTable& t = *table_;
    const std::size_t k = t.cols();
    levels_.resize(k);
    int sum = std::accumulate(t.row.begin(), t.row.end(), 0);
    for (std::size_t l = 0; l < k; ++l) {
      Level& level = levels_[l];
      level.nodes.list(t, sum);
      sum -= t.col[order_[l]];
      level.past_low.assign(level.nodes.size(), l == 0 ? 0 : std::numeric_limits<std::int64_t>::max());
      level.past_high.assign(level.nodes.size(), l == 0 ? 0 : std::numeric_limits<std::int64_t>::min());
    }
    for (std::size_t l = 0; l + 1 < k; ++l) {
      if (!bound_pasts(levels_[l], levels_[l + 1], order_[l])) {
        return false;
      }
    }
    bound_last(levels_[k - 1], order_[k - 1]);
    for (std::size_t l = k - 1; l-- > 0;) {
      bound_futures(levels_[l], levels_[l + 1], order_[l]);
    }
    return true;
  }

  bool bound_pasts(Level& from, Level& to, std::size_t column) {
    walk_.start(*table_, *ln_, column, to.nodes);
    from.arcs = 0.0;
    for (std::size_t k = 0; k < from.nodes.size(); ++k) {
      walk_.walk(from.nodes.node(k), [&](std::size_t child, std::int64_t value, double) {
        to.past_low[child] = std::min(to.past_low[child], from.past_low[k] + value);
        to.past_high[child] = std::max(to.past_high[child], from.past_high[k] + value);
        from.arcs += 1.0;
      });
      if (steps_ + 8.0 * from.arcs > limit_) {
        return false;
      }
    }
    steps_ += 8.0 * from.arcs;
    return true;
  }

  void bound_futures(Level& from, const Level& to, std::size_t column) {
    walk_.start(*table_, *ln_, column, to.nodes);
    from.future_low.assign(from.nodes.size(), std::numeric_limits<std::int64_t>::max());
    from.future_high.assign(from.nodes.size(), std::numeric_limits<std::int64_t>::min());
    for (std::size_t k = 0; k < from.nodes.size(); ++k) {
      walk_.walk(from.nodes.node(k), [&](std::size_t child, std::int64_t value, double) {
        from.future_low[k] = std::min(from.future_low[k], to.future_low[child] + value);
        from.future_high[k] = std::max(from.future_high[k], to.future_high[child] + value);
      });
    }
  }

  void bound_last(Level& level, std::size_t column) {
    level.future_low.clear();
    for (std::size_t k = 0; k < level.nodes.size(); ++k) {
      std::int64_t value = 0;
      for (std::size_t i = 0; i < table_->rows(); ++i) {
        value += table_->v(i, column, level.nodes.node(k)[i]);
      }
      level.future_low.push_back(value);
    }
    level.future_high = level.future_low;
  }

  void start_lists() {
    level_ = 0;
    bottom_level_ = table_->cols() - 1;
    down_.resize(std::max<std::size_t>(down_.size(), 1));
    down_[0].assign(1, {0, 1.0});
    down_entries_ = 1;
    const Level& last = levels_[bottom_level_];
    up_.clear();
    up_start_.assign(1, 0);
    for (std::size_t k = 0; k < last.nodes.size(); ++k) {
      up_.push_back({clamp(last, k, last.future_low[k]), 1.0});
      up_start_.push_back(up_.size());
    }
  }

  // A future that settles the answer for every past is as good as any other that does.
  std::int64_t clamp(const Level& level, std::size_t k, std::int64_t future) const {
    return std::max(bottom_ - level.past_high[k], std::min(top_ - level.past_low[k], future));
  }

  // One column further from the top: each child collects what its parents send it.
  bool go_down() {
    const Level &from = levels_[level_], &to = levels_[level_ + 1];
    walk_.start(*table_, *ln_, order_[level_], to.nodes);
    next_down_.resize(std::max(next_down_.size(), to.nodes.size()));
    room_for_.assign(to.nodes.size(), 256);
    for (std::size_t k = 0; k < to.nodes.size(); ++k) {
      next_down_[k].clear();
    }
    down_entries_ = 0;
    for (std::size_t k = 0; k < from.nodes.size(); ++k) {
      const std::vector<ValueWeight>& list = down_[k];
      if (list.empty()) {
        continue;
      }
      sum_ends(list);
      walk_.walk(from.nodes.node(k), [&](std::size_t child, std::int64_t value, double ln) {
        send(list, to, child, value, std::exp(ln));
      });
      if (steps_ > limit_ || down_entries_ > most_entries) {
        return false;
      }
    }
    down_entries_ = 0;
    for (std::size_t k = 0; k < to.nodes.size(); ++k) {
      merge_values(next_down_[k]);
      down_entries_ += next_down_[k].size();
    }
    down_.swap(next_down_);
    ++level_;
    return true;
  }

  void sum_ends(const std::vector<ValueWeight>& list) {
    head_.assign(list.size() + 1, 0.0);
    tail_.assign(list.size() + 1, 0.0);
    for (std::size_t e = 0; e < list.size(); ++e) {
      head_[e + 1] = head_[e] + list[e].weight;
    }
    for (std::size_t e = list.size(); e-- > 0;) {
      tail_[e] = tail_[e + 1] + list[e].weight;
    }
  }

  void send(const std::vector<ValueWeight>& list, const Level& to, std::size_t child, std::int64_t value, double weight) {
    const auto below = [](const ValueWeight& e, std::int64_t v) { return e.value < v; };
    const auto first = std::lower_bound(list.begin(), list.end(), bottom_ - to.future_high[child] - value + 1, below);
    const auto last = std::lower_bound(first, list.end(), top_ - to.future_low[child] - value, below);
    const double settled = weight * tail_[static_cast<std::size_t>(last - list.begin())] +
                           (thresholds_.two_tails ? weight * head_[static_cast<std::size_t>(first - list.begin())] : 0.0);
    out_.reached += settled;
    out_.beyond += settled;
    std::vector<ValueWeight>& bin = next_down_[child];
    for (auto e = first; e != last; ++e) {
      bin.push_back({e->value + value, weight * e->weight});
    }
    steps_ += static_cast<double>(8 + (last - first));
    down_entries_ += static_cast<std::size_t>(last - first);
    if (bin.size() > room_for_[child]) {
      const std::size_t before = bin.size();
      merge_values(bin);
      down_entries_ -= before - bin.size();
      room_for_[child] = std::max<std::size_t>(256, 2 * bin.size());
    }
  }

  // One column further from the bottom. Each parent collects the lists of its children.
  bool go_up() {
    const Level &from = levels_[bottom_level_ - 1], &to = levels_[bottom_level_];
    walk_.start(*table_, *ln_, order_[bottom_level_ - 1], to.nodes);
    next_up_.clear();
    next_up_start_.assign(1, 0);
    for (std::size_t k = 0; k < from.nodes.size(); ++k) {
      arcs_.clear();
      walk_.walk(from.nodes.node(k), [&](std::size_t child, std::int64_t value, double ln) {
        arcs_.push_back({up_start_[child], up_start_[child + 1], value, std::exp(ln)});
      });
      add_up(from, k);
      next_up_start_.push_back(next_up_.size());
      if (steps_ > limit_ || next_up_.size() > most_entries) {
        return false;
      }
    }
    up_.swap(next_up_);
    up_start_.swap(next_up_start_);
    --bottom_level_;
    return true;
  }

  // Adds the shifted lists of all arcs of node k, long ones window by window of values: the tally stays in near memory.
  void add_up(const Level& level, std::size_t k) {
    double entries = 0.0;
    for (const Arc& arc : arcs_) {
      entries += static_cast<double>(8 + arc.last - arc.first);
    }
    steps_ += entries;
    const std::int64_t low = clamp(level, k, level.future_low[k]), high = clamp(level, k, level.future_high[k]);
    const std::int64_t windows = 1 + static_cast<std::int64_t>(entries / 8192.0), width = (high - low) / windows + 1;
    for (std::int64_t first = low; first <= high; first += width) {
      const std::int64_t end = first + width > high ? std::numeric_limits<std::int64_t>::max() : first + width;
      for (Arc& arc : arcs_) {
        std::size_t e = arc.first;
        for (; e < arc.last && arc.shift + up_[e].value < end; ++e) {
          tally_.add(std::max(low, std::min(high, arc.shift + up_[e].value)), arc.weight * up_[e].weight);
        }
        arc.first = e;
      }
      tally_.take(next_up_);
    }
  }

  void meet() {
    for (std::size_t k = 0; k < levels_[level_].nodes.size(); ++k) {
      const ListView a{down_[k].data(), down_[k].size()}, b{up_.data() + up_start_[k], up_start_[k + 1] - up_start_[k]};
      if (a.size > 0) {
        add_tails(a, b, thresholds_, 1.0, out_);
        steps_ += static_cast<double>(a.size + b.size);
      }
    }
  }

  const NetworkTable* table_ = nullptr;
  const LnFactorial* ln_ = nullptr;
  std::vector<std::size_t> order_;
  Thresholds thresholds_;
  std::int64_t top_ = 0, bottom_ = 0;  // sums from top_ on and up to bottom_ are settled
  double limit_ = 0.0, steps_ = 0.0;
  TailWeights out_;
  std::vector<Level> levels_;
  std::size_t level_ = 0, bottom_level_ = 0, down_entries_ = 0;
  std::vector<std::vector<ValueWeight>> down_, next_down_;  // by node
  std::vector<ValueWeight> up_, next_up_;                   // node after node
  std::vector<std::size_t> up_start_, next_up_start_, room_for_;
  std::vector<double> head_, tail_;  // weights of the first entries of a list, and of those from one on
  std::vector<Arc> arcs_;
  ArcWalk walk_;
  ValueTally tally_;
};

}  // namespace respondr::rates
