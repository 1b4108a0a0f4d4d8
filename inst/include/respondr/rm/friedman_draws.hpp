#pragma once
// How the p of a rank test is found: exact, asymptotic, or by random permutations within the blocks.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "respondr/monte_carlo_p.hpp"
#include "respondr/random.hpp"
#include "respondr/rm/friedman_blocks.hpp"

namespace respondr::rm {

// The distribution to use where an exact answer takes `work` steps, known before it is begun.
inline Distribution choose_distribution(const RankOptions& options, double work) {
  if (options.distribution != Distribution::automatic) {
    return options.distribution;
  }
  return work <= options.exact_limit ? Distribution::exact : Distribution::monte_carlo;
}

// true if exact was asked for and takes too long; the row then says so.
inline bool too_large(const RankOptions& options, double work, RankRow& row) {
  if (options.distribution != Distribution::exact || work <= options.exact_limit) {
    return false;
  }
  row.status = Status::too_large;
  return true;
}

// p after `reached` of the replicates were as extreme as the data, which count as one more replicate, and its 99 % interval.
inline void store_monte_carlo(double reached, bool doubled, const RankOptions& options, RankRow& row) {
  const double replicates = static_cast<double>(options.replicates);
  const double one_sided = (reached + 1.0) / (replicates + 1.0), twice = doubled ? 2.0 : 1.0;
  const ProbabilityInterval range = clopper_pearson(reached, replicates, 0.99);
  row.p_value = std::min(1.0, twice * one_sided);
  row.p_low = std::min(1.0, twice * range.low);
  row.p_high = std::min(1.0, twice * range.high);
}

// Scores of blocks whose missing visits stay where they are. `place` holds the visits of each block that take part.
struct BlockValues {
  std::size_t k = 0;
  std::vector<double> value;        // of the places, block after block
  std::vector<std::size_t> place;   // visit of each value
  std::vector<std::size_t> start;   // first value of each block, and one past the last

  void clear(std::size_t visits) {
    k = visits;
    value.clear();
    place.clear();
    start.assign(1, 0);
  }
  void close_block() { start.push_back(value.size()); }
  std::size_t size() const { return start.size() - 1; }
};

inline void dense_values(const Scores& scores, BlockValues& out) {
  out.clear(scores.k);
  for (std::size_t i = 0; i < scores.n; ++i) {
    for (std::size_t j = 0; j < scores.k; ++j) {
      out.value.push_back(static_cast<double>(scores.block(i)[j]));
      out.place.push_back(j);
    }
    out.close_block();
  }
}

struct DrawWorkspace {
  std::vector<double> shuffled, sum;
};

// Calls see(sums) once a replicate with the sum over the blocks for each visit, every block permuted on its own.
template <class See>
void draw_sums(const BlockValues& blocks, const RankOptions& options, std::uint64_t problem, DrawWorkspace& w, See&& see) {
  w.sum.resize(blocks.k);
  for (int replicate = 0; replicate < options.replicates; ++replicate) {
    Stream stream(options.seed, static_cast<std::uint64_t>(Tag::within_block), problem,
                  static_cast<std::uint64_t>(replicate));
    w.shuffled = blocks.value;
    std::fill(w.sum.begin(), w.sum.end(), 0.0);
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const std::size_t first = blocks.start[i], m = blocks.start[i + 1] - first;
      double* v = w.shuffled.data() + first;
      for (std::size_t j = m; j > 1; --j) {  // Fisher and Yates
        std::swap(v[j - 1], v[stream.bounded(static_cast<std::uint32_t>(j))]);
      }
      for (std::size_t j = 0; j < m; ++j) {
        w.sum[blocks.place[first + j]] += v[j];
      }
    }
    see(static_cast<const double*>(w.sum.data()));
  }
}

}  // namespace respondr::rm
