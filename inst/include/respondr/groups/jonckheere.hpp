#pragma once
// Trend over the arms in their order (Terpstra 1952; Jonckheere 1954, Biometrika 41:133). J counts the pairs of patients in
// different arms of which the one in the later arm has the larger value, ties one half; `greater` is growth along the arms.
//
// Asymptotic: normal, with the variance of J over all ways to deal the values to the arms, ties as they lie (Kendall 1970;
// Hollander, Wolfe and Chicken 2014, eq. 6.19), without continuity correction. Exact, Monte Carlo: all, or random, such
// ways. Two-sided `distance`: P(|J - mean| >= observed); `central`: twice the smaller tail.
// Effect: Kendall's tau b between the arms and the values; interval by bootstrap within the arms.
//
//   status                               J    p     effect
//   no_data, one_level, one_group_empty  -    -     -
//   no_variance                          yes  1     -        all values tie
//   too_large                            yes  -     yes

#include <cmath>
#include <vector>

#include "respondr/groups/jonckheere_exact.hpp"
#include "respondr/groups/k_permute.hpp"
#include "respondr/groups/rank_bootstrap.hpp"
#include "respondr/special/central.hpp"

namespace respondr::groups {

struct JonckheereWorkspace {
  JonckheereCounts counts;
  PermuteWorkspace permute;
  RankBootstrapWorkspace bootstrap;
  CountTable table;
  std::vector<double> below, here;
};

namespace detail {

// Twice J; arm_of(i) is the arm of the i-th value in ascending order.
template <class ArmOf>
double twice_jonckheere(const PooledRanks& ranks, JonckheereWorkspace& w, ArmOf&& arm_of) {
  const std::size_t k = ranks.k();
  w.below.assign(k, 0.0);
  double out = 0.0;
  for (std::size_t g = 0; g < ranks.sets(); ++g) {
    w.here.assign(k, 0.0);
    for (std::size_t i = ranks.tie_start[g]; i < ranks.tie_start[g + 1]; ++i) {
      w.here[arm_of(i)] += 1.0;
    }
    double before = 0.0;
    for (std::size_t j = 0; j < k; ++j) {
      out += w.here[j] * before;
      before += 2.0 * w.below[j] + w.here[j];
      w.below[j] += w.here[j];
    }
  }
  return out;
}

// Kendall's tau b of a table of counts; not a number where all values tie.
inline double tau_b(const CountTable& t, std::vector<double>& below) {
  below.assign(t.k, 0.0);
  double twice = 0.0, n = 0.0, arms = 0.0, ties = 0.0;
  for (const double size : t.size) {
    arms += 0.5 * size * (size - 1.0);
    n += size;
  }
  for (std::size_t g = 0; g < t.sets; ++g) {
    double before = 0.0, set = 0.0;
    for (std::size_t j = 0; j < t.k; ++j) {
      const double here = t.at(g, j);
      twice += here * before;
      before += 2.0 * below[j] + here;
      below[j] += here;
      set += here;
    }
    ties += 0.5 * set * (set - 1.0);
  }
  const double all = 0.5 * n * (n - 1.0);
  return (twice - (all - arms)) / std::sqrt((all - arms) * (all - ties));
}

inline double jonckheere_variance(const PooledRanks& ranks) {
  const double n = static_cast<double>(ranks.n());
  double arms[3] = {0.0, 0.0, 0.0}, ties[3] = {0.0, 0.0, 0.0};
  const auto add = [](double m, double* sums) {
    sums[0] += m * (m - 1.0) * (2.0 * m + 5.0);
    sums[1] += m * (m - 1.0) * (m - 2.0);
    sums[2] += m * (m - 1.0);
  };
  for (const double m : ranks.size) {
    add(m, arms);
  }
  for (std::size_t g = 0; g < ranks.sets(); ++g) {
    add(static_cast<double>(ranks.tie_start[g + 1] - ranks.tie_start[g]), ties);
  }
  double v = (n * (n - 1.0) * (2.0 * n + 5.0) - arms[0] - ties[0]) / 72.0;
  v += n > 2.0 ? arms[1] * ties[1] / (36.0 * n * (n - 1.0) * (n - 2.0)) : 0.0;
  return v + arms[2] * ties[2] / (8.0 * n * (n - 1.0));
}

// p of the probabilities that 2 J is at most, at least, and at least as far from its mean as observed.
struct TrendTails {
  double less = 0.0, greater = 0.0, distant = 0.0;
};

inline double trend_p(const KOptions& options, const TrendTails& t) {
  switch (options.alternative) {
    case Alternative::less:
      return std::min(1.0, t.less);
    case Alternative::greater:
      return std::min(1.0, t.greater);
    default:
      return std::min(1.0, options.central ? 2.0 * std::min(t.less, t.greater) : t.distant);
  }
}

inline void count_tails(double x, double observed, double mean, double weight, TrendTails& t) {
  t.less += x <= observed ? weight : 0.0;
  t.greater += x >= observed ? weight : 0.0;
  t.distant += std::fabs(x - mean) >= std::fabs(observed - mean) ? weight : 0.0;
}

}  // namespace detail

// p of twice J = `observed` under options' distribution, already chosen.
inline void jonckheere_p(const KOptions& options, const PooledRanks& ranks, double observed, std::uint64_t problem,
                         JonckheereWorkspace& w, KRow& row) {
  const double mean = static_cast<double>(w.counts.pairs());  // of 2 J
  if (row.distribution == Distribution::exact) {
    const std::vector<double>& mass = w.counts.mass();
    detail::TrendTails t;
    for (std::size_t x = 0; x < mass.size(); ++x) {
      detail::count_tails(static_cast<double>(x), observed, mean, mass[x], t);
    }
    row.p_value = detail::trend_p(options, t);
  } else if (row.distribution == Distribution::monte_carlo) {
    detail::TrendTails t;
    draw_arms(ranks, options, problem, w.permute, [&](const std::vector<std::size_t>& arm) {
      const double drawn = detail::twice_jonckheere(ranks, w, [&](std::size_t i) { return arm[i]; });
      detail::count_tails(drawn, observed, mean, 1.0, t);
    });
    const bool two = options.alternative == Alternative::two_sided, doubled = two && options.central;
    const double reached = options.alternative == Alternative::less      ? t.less
                           : options.alternative == Alternative::greater ? t.greater
                           : doubled                                     ? std::min(t.less, t.greater)
                                                                         : t.distant;
    store_monte_carlo(reached, doubled, options.replicates, row);
  } else {
    const double z = row.statistic;
    row.p_value = options.alternative == Alternative::less      ? special::normal_cdf(z)
                  : options.alternative == Alternative::greater ? special::normal_cdf(z, special::Tail::upper)
                                                                : 2.0 * special::normal_cdf(-std::fabs(z));
  }
}

// `estimate` is J, `statistic` its standardized form, `std_error` the standard deviation of J under the null hypothesis.
inline void solve_jonckheere(const KOptions& options, const PooledRanks& ranks, std::uint64_t problem,
                             JonckheereWorkspace& w, KRow& row) {
  row.n_dropped = ranks.n_dropped;
  row.n_ties = ranks.n_ties;
  if (!arms_status(ranks.place.size(), ranks.k(), static_cast<double>(ranks.n()), row)) {
    return;
  }
  w.counts.prepare(ranks);
  const double observed = detail::twice_jonckheere(ranks, w, [&](std::size_t i) { return ranks.arm[i]; });
  row.estimate = 0.5 * observed;
  if (ranks.sets() == 1) {
    row.status = Status::no_variance;
    row.p_value = 1.0;
    row.distribution = Distribution::exact;
    return;
  }
  row.std_error = std::sqrt(detail::jonckheere_variance(ranks));
  row.statistic = 0.5 * (observed - static_cast<double>(w.counts.pairs())) / row.std_error;
  if (options.rank_effect != RankEffect::none) {
    count_values(ranks, w.table);
    row.effect = detail::tau_b(w.table, w.below);
    if (options.rank_interval) {
      rank_bootstrap(options, ranks, problem, -1.0, 1.0, w.bootstrap, row,
                     [&](const CountTable& t) { return detail::tau_b(t, w.below); });
    }
  }
  const bool counts = options.distribution == Distribution::automatic || options.distribution == Distribution::exact;
  if (choose_distribution(options, counts ? w.counts.work() : 0.0, row)) {
    jonckheere_p(options, ranks, observed, problem, w, row);
  }
}

}  // namespace respondr::groups
