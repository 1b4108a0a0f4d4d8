#pragma once
// Kruskal and Wallis (1952, JASA 47:583). With s the doubled midranks of all values together less their mean, S their sum
// in an arm, H = (N - 1) sum S^2 / n / sum s^2, which allows for ties; asymptotic: chi-square on k - 1 df. Exact and Monte
// Carlo: all ways, or random ways, to deal the values to the arms.
//
// Effects: rank epsilon2 = H / (N - 1) (Kelley 1935, of the ranks), the share of the variance of the ranks between arms;
// rank eta2 = (H - k + 1) / (N - k) (Cohen 2008). Interval: bootstrap within the arms.
//
//   status                              H    p                     effect
//   no_data, one_level, one_group_empty -    -                     -
//   no_variance                         -    1                     -       all values tie
//   too_large                           yes  -                     yes

#include <cmath>

#include "respondr/groups/k_permute.hpp"
#include "respondr/groups/kruskal_exact.hpp"
#include "respondr/groups/rank_bootstrap.hpp"
#include "respondr/special/central.hpp"

namespace respondr::groups {

struct KruskalWorkspace {
  DealtSums dealt;
  PermuteWorkspace permute;
  RankBootstrapWorkspace bootstrap;
  std::vector<double> sum;
};

namespace detail {

// Sum of squared sums over n of centred doubled ranks; arm_of(i) is the arm of value i.
template <class ArmOf>
double between_ranks(const PooledRanks& ranks, std::vector<double>& sum, ArmOf&& arm_of) {
  sum.assign(ranks.k(), 0.0);
  const int mean = static_cast<int>(ranks.n()) + 1;
  for (std::size_t i = 0; i < ranks.n(); ++i) {
    sum[arm_of(i)] += static_cast<double>(ranks.rank[i] - mean);
  }
  double out = 0.0;
  for (std::size_t j = 0; j < ranks.k(); ++j) {
    out += sum[j] * sum[j] / ranks.size[j];
  }
  return out;
}

inline double total_ranks(const PooledRanks& ranks) {
  double out = 0.0;
  for (const int r : ranks.rank) {
    const double s = static_cast<double>(r - static_cast<int>(ranks.n()) - 1);
    out += s * s;
  }
  return out;
}

// H / (N - 1) of a table of counts; not a number where all values tie.
inline double rank_share(const CountTable& t, std::vector<double>& sum) {
  double n = 0.0, before = 0.0, total = 0.0, between = 0.0;
  for (const double size : t.size) {
    n += size;
  }
  sum.assign(t.k, 0.0);
  for (std::size_t g = 0; g < t.sets; ++g) {
    double here = 0.0;
    for (std::size_t j = 0; j < t.k; ++j) {
      here += t.at(g, j);
    }
    const double score = 2.0 * before + here - n;
    for (std::size_t j = 0; j < t.k; ++j) {
      sum[j] += t.at(g, j) * score;
    }
    total += here * score * score;
    before += here;
  }
  for (std::size_t j = 0; j < t.k; ++j) {
    between += sum[j] * sum[j] / t.size[j];
  }
  return between / total;
}

inline double rank_effect(RankEffect effect, double share, double n, double k) {
  return effect == RankEffect::rank_epsilon2 ? share : ((n - 1.0) * share - k + 1.0) / (n - k);
}

}  // namespace detail

inline void solve_kruskal_effect(const KOptions& options, const PooledRanks& ranks, double share, std::uint64_t problem,
                                 KruskalWorkspace& w, KRow& row) {
  if (options.rank_effect == RankEffect::none) {
    return;
  }
  const double n = static_cast<double>(ranks.n()), k = static_cast<double>(ranks.k());
  if (options.rank_effect == RankEffect::rank_eta2 && !(n > k)) {
    return;
  }
  row.effect = detail::rank_effect(options.rank_effect, share, n, k);
  if (!options.rank_interval) {
    return;
  }
  const double least = detail::rank_effect(options.rank_effect, 0.0, n, k);
  rank_bootstrap(options, ranks, problem, least, 1.0, w.bootstrap, row, [&](const CountTable& t) {
    double total = 0.0;
    for (const double size : t.size) {
      total += size;
    }
    return detail::rank_effect(options.rank_effect, detail::rank_share(t, w.sum), total, k);
  });
}

inline void solve_kruskal(const KOptions& options, const PooledRanks& ranks, std::uint64_t problem, KruskalWorkspace& w,
                          KRow& row) {
  row.n_dropped = ranks.n_dropped;
  row.n_ties = ranks.n_ties;
  const double n = static_cast<double>(ranks.n()), k = static_cast<double>(ranks.k());
  if (!arms_status(ranks.place.size(), ranks.k(), n, row)) {
    return;
  }
  row.df = k - 1.0;
  const double total = detail::total_ranks(ranks);
  if (total == 0.0) {
    row.status = Status::no_variance;
    row.p_value = 1.0;
    row.distribution = Distribution::exact;
    return;
  }
  const double between = detail::between_ranks(ranks, w.sum, [&](std::size_t i) { return ranks.arm[i]; });
  row.statistic = (n - 1.0) * between / total;
  solve_kruskal_effect(options, ranks, between / total, problem, w, row);
  double work = 0.0;
  if (options.distribution == Distribution::automatic || options.distribution == Distribution::exact) {
    w.dealt.prepare(ranks);
    work = w.dealt.work(options.exact_limit);
  }
  if (!choose_distribution(options, work, row)) {
    return;
  }
  if (row.distribution == Distribution::exact) {
    row.p_value = std::min(1.0, w.dealt.tail(between));
  } else if (row.distribution == Distribution::monte_carlo) {
    double reached = 0.0;
    draw_arms(ranks, options, problem, w.permute, [&](const std::vector<std::size_t>& arm) {
      const double drawn = detail::between_ranks(ranks, w.sum, [&](std::size_t i) { return arm[i]; });
      reached += drawn >= between * (1.0 - 1e-13) ? 1.0 : 0.0;
    });
    store_monte_carlo(reached, false, options.replicates, row);
  } else {
    row.p_value = special::chisq_cdf(row.statistic, row.df, special::Tail::upper);
  }
}

}  // namespace respondr::groups
