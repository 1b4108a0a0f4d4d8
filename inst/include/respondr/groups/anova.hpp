#pragma once
// One-way analysis of variance of k arms (Fisher 1925) from the moments of the arms; rows and summary figures end here.
//
// F = MS between / MS within on k - 1 and N - k degrees of freedom. Effects:
//   eta2      SS between / SS total
//   omega2    (SS between - (k - 1) MS within) / (SS total + MS within)   (Hays 1963)
//   epsilon2  (SS between - (k - 1) MS within) / SS total                 (Kelley 1935)
// Limits from the noncentrality l at which F is the upper and the lower (1 - level) / 2 point (Steiger 2004, Psychol Methods
// 9:164): l / (l + N), the share that the three estimate, or as other programs print them (EffectLimits).
//
//   status           sums of squares  F, p   effect   meaning
//   no_data          -                -      -
//   one_level        -                -      -        one arm was given
//   one_group_empty  -                -      -        one arm has values
//   too_few          yes              -      eta2     one value an arm
//   no_variance      yes              -      eta2     no spread within the arms; eta2 unless there is none at all

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/groups/k_load.hpp"
#include "respondr/rm/effect.hpp"
#include "respondr/special.hpp"

namespace respondr::groups {

// Sums of squares of the arms with values. Means are compared with that of the first of them, so that an offset cancels.
struct OneWay {
  double k = 0.0, n = 0.0, ss_between = 0.0, ss_within = 0.0;
  double df_between() const { return k - 1.0; }
  double df_within() const { return n - k; }
  double ms_within() const { return ss_within / (n - k); }
};

// The first arm with values, or their number.
inline std::size_t first_arm(const ArmFigures& figures) {
  const auto filled = [](const Moments& m) { return m.n > 0.0; };
  return static_cast<std::size_t>(std::find_if(figures.arm.begin(), figures.arm.end(), filled) - figures.arm.begin());
}

inline OneWay one_way(const ArmFigures& figures) {
  OneWay out;
  CompensatedSum within, shift;
  const std::size_t base = first_arm(figures);
  for (std::size_t j = base; j < figures.k(); ++j) {
    const Moments& m = figures.arm[j];
    if (m.n > 0.0) {
      out.k += 1.0;
      out.n += m.n;
      within.add(m.ss);
      shift.add(m.n * figures.difference(j, base));
    }
  }
  CompensatedSum between;
  for (std::size_t j = base; j < figures.k(); ++j) {
    if (figures.arm[j].n > 0.0) {
      const double d = figures.difference(j, base) - shift.value() / out.n;
      between.add(figures.arm[j].n * d * d);
    }
  }
  out.ss_within = within.value();
  out.ss_between = between.value();
  return out;
}

// Is there spread beyond the rounding of n values?
inline bool spreads(double ss, double n, double rounding) { return ss > n * rounding * rounding; }

inline void figures_counts(const ArmFigures& figures, KRow& row) {
  row.n_dropped = std::accumulate(figures.dropped.begin(), figures.dropped.end(), 0);
}

// Point estimate of the effect; F-based limits are added for the F of the classical test only.
inline void store_effect(const KOptions& options, const OneWay& a, KRow& row) {
  const double total = a.ss_between + a.ss_within, above = a.ss_between - a.df_between() * a.ms_within();
  switch (options.effect) {
    case KEffect::none:
      return;
    case KEffect::eta2:
      row.effect = a.ss_between / total;
      break;
    case KEffect::omega2:
      row.effect = above / (total + a.ms_within());
      break;
    case KEffect::epsilon2:
      row.effect = above / total;
      break;
  }
}

inline void store_effect_limits(const KOptions& options, const OneWay& a, KRow& row) {
  if (options.effect == KEffect::none || options.effect_limits == EffectLimits::none) {
    return;
  }
  const double df1 = a.df_between(), df2 = a.df_within();
  const rm::anova::Limits ncp = rm::anova::noncentrality(row.statistic, df1, df2, options.conf_level);
  const bool error = options.effect_limits == EffectLimits::error;
  const rm::anova::Limits share = rm::anova::share_limits(ncp, error ? df2 : a.n);
  const bool adjust = options.effect_limits == EffectLimits::stata && options.effect != KEffect::eta2;
  const auto adjusted = [=](double x) { return adjust ? x - (1.0 - x) * df1 / df2 : x; };
  row.effect_low = adjusted(share.low);
  row.effect_high = adjusted(share.high);
  if (row.effect_low == row.effect_low && row.effect_high == row.effect_high) {
    row.conf_method = error                                          ? ConfMethod::noncentral_f_error
                      : options.effect_limits == EffectLimits::stata ? ConfMethod::noncentral_f_stata
                                                                     : ConfMethod::noncentral_f_steiger;
  } else {
    row.add(Note::effect_unavailable);
  }
}

inline void solve_anova(const KOptions& options, const ArmFigures& figures, KRow& row) {
  const OneWay a = one_way(figures);
  figures_counts(figures, row);
  if (!arms_status(figures.k(), static_cast<std::size_t>(a.k), a.n, row)) {
    return;
  }
  row.sum_sq = a.ss_between;
  row.sum_sq_error = a.ss_within;
  row.df = a.df_between();
  row.df_denominator = a.df_within();
  if (a.df_within() < 1.0 || !spreads(a.ss_within, a.n, figures.rounding)) {
    row.status = a.df_within() < 1.0 ? Status::too_few : Status::no_variance;
    if (options.effect == KEffect::eta2 && spreads(a.ss_between, a.n, figures.rounding)) {
      row.effect = a.ss_between / (a.ss_between + a.ss_within);
    }
    return;
  }
  row.statistic = a.ss_between / a.df_between() / a.ms_within();
  row.p_value = special::f_cdf(row.statistic, row.df, row.df_denominator, special::Tail::upper);
  store_effect(options, a, row);
  store_effect_limits(options, a, row);
}

}  // namespace respondr::groups
