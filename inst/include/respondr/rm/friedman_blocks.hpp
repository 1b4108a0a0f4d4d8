#pragma once
// Rank tests of repeated measures: the options, the row, and the midranks of one problem (one outcome in one group).
//
// A block is a patient; its values at the visits are ranked among themselves. Values that tie on paper tie here: decimals of at
// most nine places are compared as integers (ranks.hpp), others count as equal within four units in their last place. Ranks are
// held doubled, as whole numbers, so that every sum of ranks is exact.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "respondr/paired/sample.hpp"
#include "respondr/ranks.hpp"
#include "respondr/row.hpp"
#include "respondr/types.hpp"

namespace respondr::rm {

enum class RankMethod : int { friedman = 0, iman_davenport, quade, page, skillings_mack };
enum class PairMethod : int { conover = 0, nemenyi, exact };

struct RankOptions {
  Distribution distribution = Distribution::automatic;
  Alternative alternative = Alternative::two_sided;  // Page only: greater is growth along the visits
  double conf_level = 0.95;
  double exact_limit = 1e8;  // elementary steps an exact answer may take
  int replicates = 10000;
  std::uint64_t seed = 0;
  bool effect_interval = true;  // of Kendall's W
  paired::BootstrapInterval bootstrap_interval = paired::BootstrapInterval::bca;
};

// One row of a result; the names are those of the dictionary (R/dictionary.R).
struct RankRow {
  int n = 0, n_dropped = 0, n_ties = 0;
  double estimate = missing, std_error = missing, conf_low = missing, conf_high = missing;  // pairs only
  double statistic = missing, df = missing, df_denominator = missing;
  double p_value = missing, p_low = missing, p_high = missing;
  double effect = missing, effect_low = missing, effect_high = missing;
  Distribution distribution = Distribution::none;
  ConfMethod conf_method = ConfMethod::none;  // of the effect, or of the estimate of a pair
  Status status = Status::ok;
  std::uint32_t notes = 0;

  void add(Note note) { notes |= static_cast<std::uint32_t>(note); }
};

// f(name, get) for every column; get(row) is a reference to the field.
template <class F>
void visit_columns(const RankRow*, F&& f) {
  f("n", [](auto& r) -> auto& { return r.n; });
  f("n_dropped", [](auto& r) -> auto& { return r.n_dropped; });
  f("n_ties", [](auto& r) -> auto& { return r.n_ties; });
  f("estimate", [](auto& r) -> auto& { return r.estimate; });
  f("std_error", [](auto& r) -> auto& { return r.std_error; });
  f("conf_low", [](auto& r) -> auto& { return r.conf_low; });
  f("conf_high", [](auto& r) -> auto& { return r.conf_high; });
  f("statistic", [](auto& r) -> auto& { return r.statistic; });
  f("df", [](auto& r) -> auto& { return r.df; });
  f("df_denominator", [](auto& r) -> auto& { return r.df_denominator; });
  f("p_value", [](auto& r) -> auto& { return r.p_value; });
  f("p_low", [](auto& r) -> auto& { return r.p_low; });
  f("p_high", [](auto& r) -> auto& { return r.p_high; });
  f("effect", [](auto& r) -> auto& { return r.effect; });
  f("effect_low", [](auto& r) -> auto& { return r.effect_low; });
  f("effect_high", [](auto& r) -> auto& { return r.effect_high; });
  f("distribution", [](auto& r) -> auto& { return r.distribution; });
  f("conf_method", [](auto& r) -> auto& { return r.conf_method; });
  f("status", [](auto& r) -> auto& { return r.status; });
  f("notes", [](auto& r) -> auto& { return r.notes; });
}

// Where the measurements of one problem lie: row numbers of patient i at visit j in rows[i + j * stride], from 1; missing_int
// marks a visit that was not made.
struct BlockColumns {
  const double* value = nullptr;
  const int* rows = nullptr;
  std::size_t n = 0, stride = 0, k = 0;

  double operator()(std::size_t i, std::size_t j) const {
    const int row = rows[i + j * stride];
    return row == missing_int ? missing : value[row - 1];
  }
};

// Doubled midranks of the patients with at least two visits. A missing visit has rank 0.
struct Blocks {
  std::size_t k = 0;             // visits
  std::size_t n_patients = 0;    // of the group, with or without measurements
  std::vector<int> rank;         // block after block, k each
  std::vector<int> observed;     // visits of each block
  std::vector<int> ties;         // values of each block that share their rank
  std::vector<double> range;     // largest less smallest value of each block, in units of the decimal grid
  double range_rounding = 0.0;   // ranges this near are equal

  std::size_t size() const { return observed.size(); }
  const int* block(std::size_t i) const { return rank.data() + i * k; }
  bool complete(std::size_t i) const { return observed[i] == static_cast<int>(k); }
};

struct BlockWorkspace {
  std::vector<double> all;            // observed values of the problem
  std::vector<double> value;          // of one block
  std::vector<std::size_t> order;
};

namespace detail {

// Ranks of one block; returns the number of values that share their rank.
inline int rank_block(std::vector<double>& value, std::vector<std::size_t>& order, bool on_grid, int* rank) {
  const std::size_t m = order.size();
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return value[a] < value[b] || (value[a] == value[b] && a < b);
  });
  const auto tied = [&](std::size_t at) {
    const double low = value[order[at]], high = value[order[at + 1]];
    const double size = std::fmax(std::fabs(low), std::fabs(high));
    return low == high || (!on_grid && high - low <= 4.0 * std::numeric_limits<double>::epsilon() * size);
  };
  int ties = 0;
  for (std::size_t first = 0; first < m;) {
    std::size_t last = first;
    while (last + 1 < m && tied(last)) {
      ++last;
    }
    for (std::size_t at = first; at <= last; ++at) {
      rank[order[at]] = static_cast<int>(first + last + 2);
    }
    ties += last > first ? static_cast<int>(last - first + 1) : 0;
    first = last + 1;
  }
  return ties;
}

}  // namespace detail

// Reads and ranks one problem. false if a measurement is infinite.
inline bool load_blocks(const BlockColumns& columns, BlockWorkspace& w, Blocks& blocks) {
  blocks.k = columns.k;
  blocks.n_patients = columns.n;
  blocks.rank.clear();
  blocks.observed.clear();
  blocks.ties.clear();
  blocks.range.clear();
  w.all.clear();
  double magnitude = 0.0;
  for (std::size_t i = 0; i < columns.n; ++i) {
    for (std::size_t j = 0; j < columns.k; ++j) {
      const double x = columns(i, j);
      if (std::isinf(x)) {
        return false;
      }
      if (x == x) {
        w.all.push_back(x);
        magnitude = std::max(magnitude, std::fabs(x));
      }
    }
  }
  const Grid grid = find_grid({w.all.data(), w.all.size()}, {});
  blocks.range_rounding = grid.on ? 0.0 : 4.0 * std::numeric_limits<double>::epsilon() * magnitude;
  w.value.resize(columns.k);
  for (std::size_t i = 0; i < columns.n; ++i) {
    w.order.clear();
    for (std::size_t j = 0; j < columns.k; ++j) {
      w.value[j] = to_units(columns(i, j), grid);
      if (w.value[j] == w.value[j]) {
        w.order.push_back(j);
      }
    }
    if (w.order.size() < 2) {
      continue;
    }
    blocks.rank.resize(blocks.rank.size() + columns.k, 0);
    blocks.ties.push_back(detail::rank_block(w.value, w.order, grid.on, blocks.rank.data() + blocks.rank.size() - columns.k));
    blocks.observed.push_back(static_cast<int>(w.order.size()));
    blocks.range.push_back(w.value[w.order.back()] - w.value[w.order.front()]);
  }
  return true;
}

// Blocks measured at every visit, as tests on complete blocks see them. `score` holds for each block k whole numbers that add
// to 0: doubled midranks less their mean, or a whole multiple of that.
struct Scores {
  std::size_t n = 0, k = 0;
  std::vector<std::int64_t> score;
  int n_ties = 0;

  const std::int64_t* block(std::size_t i) const { return score.data() + i * k; }
};

inline void complete_scores(const Blocks& blocks, Scores& out) {
  out.n = 0;
  out.k = blocks.k;
  out.score.clear();
  out.n_ties = 0;
  const std::int64_t mean = static_cast<std::int64_t>(blocks.k) + 1;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (!blocks.complete(i)) {
      continue;
    }
    ++out.n;
    out.n_ties += blocks.ties[i];
    std::transform(blocks.block(i), blocks.block(i) + blocks.k, std::back_inserter(out.score),
                   [mean](int rank) { return rank - mean; });
  }
}

// Sum over the blocks for each visit, its sum of squares, and the sum of all squared scores.
struct ScoreSums {
  std::vector<std::int64_t> sum;
  double between = 0.0, total = 0.0;
};

inline void sum_scores(const Scores& scores, ScoreSums& out) {
  out.sum.assign(scores.k, 0);
  out.between = out.total = 0.0;
  for (std::size_t i = 0; i < scores.n; ++i) {
    const std::int64_t* s = scores.block(i);
    for (std::size_t j = 0; j < scores.k; ++j) {
      out.sum[j] += s[j];
      out.total += static_cast<double>(s[j]) * static_cast<double>(s[j]);
    }
  }
  for (const std::int64_t s : out.sum) {
    out.between += static_cast<double>(s) * static_cast<double>(s);
  }
}

}  // namespace respondr::rm
