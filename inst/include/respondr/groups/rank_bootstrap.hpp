#pragma once
// Bootstrap interval of an effect that depends on the ranks of several arms: each arm is resampled on its own and all
// values are ranked anew. BCa (Efron 1987) with the acceleration of several samples (Davison and Hinkley 1997, eq. 5.23),
// or percentile.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/groups/k_permute.hpp"
#include "respondr/paired/bootstrap.hpp"

namespace respondr::groups {

// How often each distinct value stands in each arm: set * k + arm.
struct CountTable {
  std::size_t k = 0, sets = 0;
  std::vector<double> count, size;

  double& at(std::size_t set, std::size_t arm) { return count[set * k + arm]; }
  double at(std::size_t set, std::size_t arm) const { return count[set * k + arm]; }
};

inline void count_values(const PooledRanks& ranks, CountTable& out) {
  out.k = ranks.k();
  out.sets = ranks.sets();
  out.size = ranks.size;
  out.count.assign(out.k * out.sets, 0.0);
  for (std::size_t g = 0; g < out.sets; ++g) {
    for (std::size_t i = ranks.tie_start[g]; i < ranks.tie_start[g + 1]; ++i) {
      out.at(g, ranks.arm[i]) += 1.0;
    }
  }
}

struct RankBootstrapWorkspace {
  CountTable data, draw;
  std::vector<std::size_t> set, start;  // distinct value of each member of each arm, ascending
  std::vector<double> value, influence;
  paired::BootstrapWorkspace pairs;  // its sorted replicates
};

namespace detail {

// What each member moves the statistic by, arm by arm; cubes and squares as the acceleration needs them.
template <class Statistic>
double stratified_acceleration(CountTable& t, std::vector<double>& influence, Statistic&& statistic) {
  CompensatedSum cubes, squares;
  for (std::size_t j = 0; j < t.k; ++j) {
    const double n = t.size[j];
    if (n < 2.0) {
      continue;
    }
    influence.clear();
    double sum = 0.0;
    t.size[j] = n - 1.0;
    for (std::size_t g = 0; g < t.sets; ++g) {
      const double here = t.at(g, j);
      if (here > 0.0) {
        t.at(g, j) = here - 1.0;
        influence.push_back(statistic(t));
        t.at(g, j) = here;
        sum += here * influence.back();
      }
    }
    t.size[j] = n;
    std::size_t at = 0;
    for (std::size_t g = 0; g < t.sets; ++g) {
      if (t.at(g, j) > 0.0) {
        const double l = (n - 1.0) * (sum / n - influence[at++]) / n;
        cubes.add(t.at(g, j) * l * l * l);
        squares.add(t.at(g, j) * l * l);
      }
    }
  }
  const double root = std::sqrt(squares.value());
  return root > 0.0 ? cubes.value() / (6.0 * root * root * root) : 0.0;
}

}  // namespace detail

// Limits of statistic(table), whose value on the data is `observed`; cut to [lowest, highest].
template <class Statistic>
void rank_bootstrap(const KOptions& options, const PooledRanks& ranks, std::uint64_t problem, double lowest, double highest,
                    RankBootstrapWorkspace& w, KRow& row, Statistic&& statistic) {
  constexpr double most_influence = 4e6;  // cells to read for the acceleration
  count_values(ranks, w.data);
  w.draw = w.data;
  w.set.clear();
  w.start.assign(1, 0);
  for (std::size_t j = 0; j < w.data.k; ++j) {
    for (std::size_t g = 0; g < w.data.sets; ++g) {
      w.set.insert(w.set.end(), static_cast<std::size_t>(w.data.at(g, j)), g);
    }
    w.start.push_back(w.set.size());
  }
  w.value.clear();
  for (int replicate = 0; replicate < options.replicates; ++replicate) {
    Stream stream(options.seed, tag_within_arms, problem, static_cast<std::uint64_t>(replicate));
    std::fill(w.draw.count.begin(), w.draw.count.end(), 0.0);
    for (std::size_t j = 0; j < w.data.k; ++j) {
      const std::size_t n = w.start[j + 1] - w.start[j];
      for (std::size_t i = 0; i < n; ++i) {
        w.draw.at(w.set[w.start[j] + stream.bounded(static_cast<std::uint32_t>(n))], j) += 1.0;
      }
    }
    w.value.push_back(statistic(w.draw));
  }
  w.pairs.bootstrap.take({w.value.data(), w.value.size()});
  if (!w.pairs.bootstrap.spread() || w.pairs.bootstrap.replicates() < 0.5 * options.replicates) {
    row.add(Note::effect_unavailable);
    return;
  }
  if (options.bootstrap_interval == paired::BootstrapInterval::bca) {
    const double cells = static_cast<double>(w.data.sets) * static_cast<double>(w.set.size());
    const double a = cells > most_influence ? missing : detail::stratified_acceleration(w.data, w.influence, statistic);
    if (!w.pairs.bootstrap.correct(row.effect, a, 1e-13 * (1.0 + std::fabs(row.effect)))) {
      row.add(Note::skewed);
    }
  }
  const double alpha = 0.5 * std::rint((1.0 - options.conf_level) * 1e14) / 1e14;
  row.effect_low = std::max(lowest, w.pairs.bootstrap.limit(alpha, true));
  row.effect_high = std::min(highest, w.pairs.bootstrap.limit(alpha, false));
  row.conf_method = w.pairs.bootstrap.method();
  if (*std::min_element(ranks.size.begin(), ranks.size.end()) < 5.0) {
    row.add(Note::small_bootstrap);
  }
}

}  // namespace respondr::groups
