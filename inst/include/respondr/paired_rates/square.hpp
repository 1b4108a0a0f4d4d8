#pragma once
// Tests of square tables of k levels, n patients, n_ij from level i to level j.
//
// Bowker (1948, JASA 43:572), symmetry: B = sum over i < j of (n_ij - n_ji)^2 / (n_ij + n_ji), chi-square on k (k - 1) / 2
// df; pairs that nobody moved between add 0 but count (noted), as SAS and R have it.
// Stuart (1955, Biometrika 42:412) and Maxwell (1970, Br J Psychiatry 116:651), equal margins: S = d' V^- d with d_i =
// n_.i - n_i., V_ii = n_i. + n_.i - 2 n_ii, V_ij = -(n_ij + n_ji), chi-square on the rank of V: k less the parts of the
// graph of moves. Bhapkar (1966, JASA 61:228): W = S / (1 - S / n), the Wald form of the same hypothesis. W grows with S,
// so that its exact and Monte Carlo p are those of S.
// Exact and Monte Carlo: swaps.hpp.
//
//   status     statistic  p
//   no_data    -          -
//   one_level  -          1    all patients have one level at both visits
//   all_zero   0          1    nobody moved
//   boundary   Inf        exact, or -   Bhapkar: everybody's moves agree (S = n)
//   too_large  yes        -

#include <cmath>

#include "respondr/paired_rates/distribution.hpp"
#include "respondr/paired_rates/swaps.hpp"
#include "respondr/special/central.hpp"

namespace respondr::paired_rates {

struct SquareWorkspace {
  SquareTable used;
  std::vector<std::size_t> kept;
  Swaps swaps;
};

namespace detail {

inline double unmoved(const SquareTable& table) {
  double sum = 0.0;
  for (std::size_t i = 0; i < table.k; ++i) {
    sum += table(i, i);
  }
  return sum;
}

// Counts, levels and the statuses of tables without a question. false: nothing to test.
inline bool square_status(const SquareTable& table, SquareWorkspace& w, RateRow& row) {
  used_levels(table, w.used, w.kept);
  row.n_pairs = static_cast<int>(table.n());
  row.n_zeros = static_cast<int>(unmoved(table));
  if (w.used.k < table.k && w.used.k > 0) {
    row.add(Note::level_left_out);
  }
  w.swaps.prepare(w.used);
  if (row.n_pairs == 0) {
    row.status = Status::no_data;
    return false;
  }
  if (w.used.k == 1 || w.swaps.pairs().empty()) {
    row.status = w.used.k == 1 ? Status::one_level : Status::all_zero;
    row.p_value = 1.0;
    row.distribution = Distribution::exact;
    if (w.used.k > 1) {
      row.statistic = 0.0;
    }
    return false;
  }
  return true;
}

// Exact or Monte Carlo p of a statistic of the moves; false where the answer is asymptotic, or none.
template <class Statistic>
bool swap_p(const Options& o, Swaps& swaps, Statistic&& statistic, double seen, std::uint64_t problem, RateRow& row) {
  const double k = static_cast<double>(swaps.k()), work = swaps.combinations() * (k * k + 20.0);
  const double least = least_reached(seen);
  const Distribution how = choose_distribution(o, work, swaps.draw_steps(), row);
  if (how == Distribution::exact) {
    row.p_value = swaps.enumerate(statistic, least);
  } else if (how == Distribution::monte_carlo) {
    store_monte_carlo(swaps.draw(o, problem, statistic, least), false, o, row);
  }
  return how != Distribution::asymptotic;
}

}  // namespace detail

inline void solve_bowker(const Options& o, const SquareTable& table, std::uint64_t problem, SquareWorkspace& w,
                         RateRow& row) {
  if (!detail::square_status(table, w, row)) {
    return;
  }
  const double k = static_cast<double>(w.used.k);
  row.statistic = Swaps::bowker(w.swaps.pairs());
  row.df = 0.5 * k * (k - 1.0);
  if (!detail::swap_p(o, w.swaps, Swaps::bowker, row.statistic, problem, row)) {
    row.p_value = special::chisq_cdf(row.statistic, row.df, special::Tail::upper);
    if (static_cast<double>(w.swaps.pairs().size()) < row.df) {
      row.add(Note::empty_pairs);
    }
  }
}

inline void solve_stuart(const Options& o, bool bhapkar, const SquareTable& table, std::uint64_t problem, SquareWorkspace& w,
                         RateRow& row) {
  if (!detail::square_status(table, w, row)) {
    return;
  }
  const double n = table.n(), stuart = w.swaps.stuart(w.swaps.pairs());
  const bool agree = bhapkar && stuart >= n * (1.0 - 1e-12);
  row.statistic = !bhapkar ? stuart : agree ? infinity : stuart / (1.0 - stuart / n);
  row.df = static_cast<double>(w.swaps.rank());
  if (w.swaps.rank() + 1 < w.used.k) {
    row.add(Note::levels_apart);
  }
  const auto statistic = [&w](const std::vector<LevelPair>& pairs) { return w.swaps.stuart(pairs); };
  const bool found = detail::swap_p(o, w.swaps, statistic, stuart, problem, row);
  if (!found && !agree) {
    row.p_value = special::chisq_cdf(row.statistic, row.df, special::Tail::upper);
  }
  if (agree && row.status == Status::ok) {
    row.status = Status::boundary;
  }
}

}  // namespace respondr::paired_rates
