#pragma once
// Tests of equal means where the arms differ in spread.
//
// Welch (1951, Biometrika 38:330): weights w = n / s^2, W their sum; F = [sum w (mean - weighted mean)^2 / (k - 1)] /
// [1 + 2 (k - 2) L / (k^2 - 1)], L = sum (1 - w / W)^2 / (n - 1); df k - 1 and (k^2 - 1) / (3 L). Two arms: Welch's t,
// squared. Brown and Forsythe (1974, Technometrics 16:129): F* = SS between / sum (1 - n / N) s^2; denominator df by
// Satterthwaite, 1 / sum c^2 / (n - 1), c the share of each arm in the sum; numerator df k - 1, or as corrected by Mehrotra
// (1997, Commun Stat Simul 26:1139): (sum (1 - n / N) s^2)^2 / [sum s^4 + (sum n s^2 / N)^2 - 2 sum n s^4 / N].
//
//   status       F, p
//   too_few      -     an arm has a single value
//   no_variance  -     Welch: an arm has no spread; F*: no arm has
//   others as in anova.hpp
//
// The effect is that of the sums of squares, without an interval: noncentral F needs equal spreads.

#include <cmath>

#include "respondr/groups/anova.hpp"

namespace respondr::groups {

namespace detail {

// What both tests need. false: the row says why there is no test.
inline bool unequal_status(const KOptions& options, const ArmFigures& figures, const OneWay& a, bool every_arm, KRow& row) {
  figures_counts(figures, row);
  if (!arms_status(figures.k(), static_cast<std::size_t>(a.k), a.n, row)) {
    return false;
  }
  row.df = a.df_between();
  bool single = false, still = false, moves = false;
  for (const Moments& m : figures.arm) {
    if (m.n > 0.0) {
      single = single || m.n < 2.0;
      const bool spread = m.n > 1.0 && spreads(m.ss, m.n, figures.rounding);
      still = still || !spread;
      moves = moves || spread;
    }
  }
  if (single || !moves || (every_arm && still)) {
    row.status = single ? Status::too_few : Status::no_variance;
    return false;
  }
  store_effect(options, a, row);
  return true;
}

}  // namespace detail

inline void solve_welch_anova(const KOptions& options, const ArmFigures& figures, KRow& row) {
  const OneWay a = one_way(figures);
  if (!detail::unequal_status(options, figures, a, true, row)) {
    return;
  }
  const std::size_t base = first_arm(figures);
  double total = 0.0, shift = 0.0;
  for (std::size_t j = base; j < figures.k(); ++j) {
    const Moments& m = figures.arm[j];
    if (m.n > 0.0) {
      const double weight = m.n / m.variance();
      total += weight;
      shift += weight * figures.difference(j, base);
    }
  }
  shift /= total;
  double between = 0.0, lambda = 0.0;
  for (std::size_t j = base; j < figures.k(); ++j) {
    const Moments& m = figures.arm[j];
    if (m.n > 0.0) {
      const double weight = m.n / m.variance(), d = figures.difference(j, base) - shift, rest = 1.0 - weight / total;
      between += weight * d * d;
      lambda += rest * rest / (m.n - 1.0);
    }
  }
  const double k = a.k, squares = k * k - 1.0;
  row.statistic = between / (k - 1.0) / (1.0 + 2.0 * (k - 2.0) * lambda / squares);
  row.df_denominator = squares / (3.0 * lambda);
  row.p_value = special::f_cdf(row.statistic, row.df, row.df_denominator, special::Tail::upper);
}

inline void solve_f_star(const KOptions& options, const ArmFigures& figures, KRow& row) {
  const OneWay a = one_way(figures);
  if (!detail::unequal_status(options, figures, a, false, row)) {
    return;
  }
  // Variances as shares of the largest, so that their squares neither overflow nor vanish.
  double scale = 0.0;
  for (const Moments& m : figures.arm) {
    scale = m.n > 0.0 ? std::fmax(scale, m.variance()) : scale;
  }
  double sum = 0.0, squares = 0.0, fourth = 0.0, mean = 0.0, mean_fourth = 0.0;
  for (const Moments& m : figures.arm) {
    if (m.n > 0.0) {
      const double v = m.variance() / scale, share = m.n / a.n, part = (1.0 - share) * v;
      sum += part;
      squares += part * part / (m.n - 1.0);
      fourth += v * v;
      mean += share * v;
      mean_fourth += share * v * v;
    }
  }
  row.statistic = a.ss_between / scale / sum;
  row.df_denominator = sum * sum / squares;
  if (options.mehrotra) {
    row.df = sum * sum / (fourth + mean * mean - 2.0 * mean_fourth);
  }
  row.p_value = special::f_cdf(row.statistic, row.df, row.df_denominator, special::Tail::upper);
}

}  // namespace respondr::groups
