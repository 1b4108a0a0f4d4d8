#pragma once
// Contrasts by ranks, level against reference, over k arms. p_value and conf_low/high are those of the single comparison,
// p_adjusted and conf_low/high_adjusted hold for the whole family together.
//
// steel (1959, Biometrics 15:560) and dscf (Steel 1960; Dwass 1960; Critchlow and Fligner 1991, Commun Stat A 20:127) rank
// the two arms by themselves: z = (U - n n' / 2) / sqrt(V), V = n n' [n + n' + 1 - sum (t^3 - t) / ((n + n')(n + n' - 1))]
// / 12 with the t tied values of each set, no continuity correction. Estimate: the shift of Hodges and Lehmann.
//   steel: family of all arms with the reference, the largest of z that are jointly normal with the correlations that U has
//   under the null hypothesis without ties, loadings sqrt(n / (n + n reference + 1)) (Munzel and Hothorn 2001, Biom J
//   43:553). dscf: family of all pairs, sqrt(2) |z| against the studentized range of k on infinite df.
// Limits are the hull of the shifts at which |z|, ties counted anew, is below its critical value.
// dunn (1964, Technometrics 6:241): ranks of all arms together; difference of mean ranks over sqrt(A (1 / n + 1 / n')), A =
// N (N + 1) / 12 - sum (t^3 - t) / (12 (N - 1)). No interval, and p_adjusted is left to the caller.
//
//   status           estimate  p, limits
//   no_data, one_group_empty   as in pairs_means.hpp
//   no_variance      yes       p 1, no limits      all values of the two arms (dunn: of all arms) tie

#include <cmath>
#include <vector>

#include "respondr/groups/pair_shift.hpp"
#include "respondr/groups/pairs_means.hpp"

namespace respondr::groups {

struct RankPairsWorkspace {
  std::vector<std::vector<double>> value;  // of each arm with values, ascending, in units
  std::vector<std::vector<int>> rank;      // their doubled ranks among all
  OneFactor factor;
  PairDifferences difference;
  std::vector<double> rank_sum;
  double ties = 0.0;  // sum of t^3 - t over all values
};

inline void prepare_rank_pairs(const KOptions& options, const PooledRanks& ranks, std::size_t reference,
                               RankPairsWorkspace& w) {
  w.value.assign(ranks.k(), {});
  w.rank.assign(ranks.k(), {});
  w.rank_sum.assign(ranks.k(), 0.0);
  for (std::size_t i = 0; i < ranks.n(); ++i) {
    w.value[ranks.arm[i]].push_back(ranks.value[i]);
    w.rank[ranks.arm[i]].push_back(ranks.rank[i]);
    w.rank_sum[ranks.arm[i]] += 0.5 * ranks.rank[i];
  }
  w.ties = 0.0;
  for (std::size_t g = 0; g < ranks.sets(); ++g) {
    const double t = static_cast<double>(ranks.tie_start[g + 1] - ranks.tie_start[g]);
    w.ties += t * t * t - t;
  }
  w.factor.loading.clear();
  w.factor.df = infinity;
  w.factor.two_sided = options.alternative == Alternative::two_sided;
  const std::size_t at = ranks.place[reference];
  for (std::size_t j = 0; at != no_arm && j < ranks.k(); ++j) {
    if (j != at) {
      w.factor.loading.push_back(std::sqrt(ranks.size[j] / (ranks.size[j] + ranks.size[at] + 1.0)));
    }
  }
}

namespace detail {

// U of two ascending samples by their ranks among all, and sums of t^3 - t: of the two together, and of each by itself.
struct TwoRanks {
  double u = 0.0, ties = 0.0, ties_within = 0.0;
  int n_ties = 0;
};

inline TwoRanks two_ranks(const std::vector<int>& x, const std::vector<int>& y) {
  TwoRanks out;
  const auto cubes = [](double t) { return t * t * t - t; };
  double twice = 0.0;
  for (std::size_t i = 0, j = 0; i < x.size() || j < y.size();) {
    const int r = j == y.size() || (i < x.size() && x[i] < y[j]) ? x[i] : y[j];
    double p = 0.0, q = 0.0;
    const double below = static_cast<double>(j);
    for (; i < x.size() && x[i] == r; ++i) {
      p += 1.0;
    }
    for (; j < y.size() && y[j] == r; ++j) {
      q += 1.0;
    }
    twice += p * (2.0 * below + q);
    out.ties += cubes(p + q);
    out.ties_within += cubes(p) + cubes(q);
    out.n_ties += p + q > 1.0 ? static_cast<int>(p + q) : 0;
  }
  out.u = 0.5 * twice;
  return out;
}

inline double rank_sum_sd(double n, double m, double ties) {
  const double all = n + m;
  return std::sqrt(n * m / 12.0 * (all + 1.0 - ties / (all * (all - 1.0))));
}

inline double outcome_units(const Grid& grid, double x) { return grid.on ? x / grid.per_unit : x; }

// Limits at the critical value c. Between two differences next to one another no values of the arms tie and U is constant:
// the first such piece that is accepted, |z| < c, begins at the difference of this rank.
inline void shift_limits(Alternative alternative, double c, double sd, const Grid& grid, PairDifferences& d, double& low,
                         double& high) {
  const double rank = std::floor(0.5 * d.pairs() - c * sd * (1.0 - 1e-12)) + 1.0;
  const bool bounded = rank >= 1.0;
  low = alternative == Alternative::less || !bounded ? -infinity : outcome_units(grid, d.select(rank));
  high = alternative == Alternative::greater || !bounded ? infinity : outcome_units(grid, d.select(d.pairs() - rank + 1.0));
}

// The family's or the single comparison's limits; says so where 0 lies in a gap that the hull has closed, or no limit is
// finite.
inline void note_limits(double low, double high, double p, double alpha, KRow& row) {
  if (low <= 0.0 && high >= 0.0 && p <= alpha) {
    row.add(Note::hull);
  }
  if (std::isinf(low) && std::isinf(high)) {
    row.add(Note::unbounded);
  }
}

inline bool rank_pair_status(const PooledRanks& ranks, const std::vector<int>& dropped, std::size_t level,
                             std::size_t reference, KRow& row) {
  const std::size_t x = ranks.place[level], y = ranks.place[reference];
  row.n = x == no_arm ? 0 : static_cast<int>(ranks.size[x]);
  row.n_reference = y == no_arm ? 0 : static_cast<int>(ranks.size[y]);
  row.n_dropped = dropped[level] + dropped[reference];
  if (ranks.k() < ranks.place.size()) {
    row.add(Note::arm_left_out);
  }
  if (x == no_arm || y == no_arm) {
    row.status = ranks.n() == 0 ? Status::no_data : Status::one_group_empty;
  }
  return row.status == Status::ok;
}

}  // namespace detail

// steel or dscf; for steel the reference is that of the workspace.
inline void solve_rank_sum_pair(const KOptions& options, bool steel, const PooledRanks& ranks,
                                const std::vector<int>& dropped, std::size_t level, std::size_t reference,
                                FamilyQuantiles& quantiles, RankPairsWorkspace& w, KRow& row) {
  if (!detail::rank_pair_status(ranks, dropped, level, reference, row)) {
    return;
  }
  const std::size_t x = ranks.place[level], y = ranks.place[reference];
  const double n = ranks.size[x], m = ranks.size[y], alpha = family_alpha(options);
  w.difference.prepare({w.value[x].data(), w.value[x].size()}, {w.value[y].data(), w.value[y].size()});
  const detail::TwoRanks two = detail::two_ranks(w.rank[x], w.rank[y]);
  row.n_ties = two.n_ties;
  row.estimate = detail::outcome_units(ranks.grid, w.difference.median());
  const double sd = detail::rank_sum_sd(n, m, two.ties);
  if (!(sd > 0.0)) {
    row.status = Status::no_variance;
    row.p_value = row.p_adjusted = 1.0;
    row.distribution = Distribution::exact;
    return;
  }
  const Alternative alternative = steel ? options.alternative : Alternative::two_sided;
  const double z = (two.u - 0.5 * n * m) / sd;
  row.statistic = z;
  row.distribution = Distribution::asymptotic;
  row.p_value = t_p(alternative, z, infinity);
  const double single = -special::normal_quantile(alternative == Alternative::two_sided ? 0.5 * alpha : alpha);
  // At a shift that leaves no two values of the arms tied, only ties within an arm count.
  const double untied = detail::rank_sum_sd(n, m, two.ties_within), k = static_cast<double>(ranks.k());
  double family = missing;
  if (steel) {
    row.p_adjusted = one_factor_tail(w.factor, alternative == Alternative::two_sided ? std::fabs(z)
                                               : alternative == Alternative::less    ? -z
                                                                                     : z);
    family = quantiles.one_factor(w.factor, alpha);
  } else {
    row.p_adjusted = special::studentized_range_cdf(std::sqrt(2.0) * std::fabs(z), k, infinity, special::Tail::upper);
    family = quantiles.range(options.conf_level, k, infinity);
  }
  detail::shift_limits(alternative, single, untied, ranks.grid, w.difference, row.conf_low, row.conf_high);
  detail::shift_limits(alternative, family, untied, ranks.grid, w.difference, row.conf_low_adjusted, row.conf_high_adjusted);
  detail::note_limits(row.conf_low, row.conf_high, row.p_value, alpha, row);
  detail::note_limits(row.conf_low_adjusted, row.conf_high_adjusted, row.p_adjusted, alpha, row);
  row.conf_method = ConfMethod::rank_sum_shift;
  row.p_matches = true;
}

inline void solve_dunn(const PooledRanks& ranks, const std::vector<int>& dropped, std::size_t level, std::size_t reference,
                       const RankPairsWorkspace& w, KRow& row) {
  row.n_ties = ranks.n_ties;
  if (!detail::rank_pair_status(ranks, dropped, level, reference, row)) {
    return;
  }
  const std::size_t x = ranks.place[level], y = ranks.place[reference];
  const double n = static_cast<double>(ranks.n()), a = (n * (n + 1.0) - w.ties / (n - 1.0)) / 12.0;
  row.estimate = w.rank_sum[x] / ranks.size[x] - w.rank_sum[y] / ranks.size[y];
  if (!(a > 0.0)) {
    row.status = Status::no_variance;
    row.p_value = 1.0;
    row.distribution = Distribution::exact;
    return;
  }
  row.std_error = std::sqrt(a * (1.0 / ranks.size[x] + 1.0 / ranks.size[y]));
  row.statistic = row.estimate / row.std_error;
  row.p_value = t_p(Alternative::two_sided, row.statistic, infinity);
  row.distribution = Distribution::asymptotic;
}

}  // namespace respondr::groups
