#pragma once
// Effect sizes from the measurements of a problem, with bootstrap intervals. Definitions: effect_figures.hpp.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/paired/bootstrap.hpp"
#include "respondr/paired/effect_figures.hpp"
#include "respondr/paired/sides.hpp"
#include "respondr/paired/signed_rank_at.hpp"
#include "respondr/tally.hpp"

namespace respondr::paired {

struct EffectWorkspace {
  Bootstrap bootstrap;
  std::vector<double> before, after;                            // in the units of the change
  std::vector<double> drawn_before, drawn_after, drawn_change;  // a resample
  Tally tally;
  RanksAt ranks;
};

namespace detail {

// Changes within their rounding of the null are equal to it.
inline double share_above(Span<double> change, double null, double rounding) {
  double above = 0.0;
  for (const double d : change) {
    above += d > null + rounding ? 1.0 : (d >= null - rounding ? 0.5 : 0.0);
  }
  return above / static_cast<double>(change.size);
}

// Both visits in the units of the change: logarithms where the change is one. false if the effect needs visits that are not
// there or a scale on which the change is no difference of two visits.
inline bool effect_columns(const Options& options, const Sample& sample, EffectWorkspace& w) {
  if (!needs_visits(options.effect)) {
    return true;
  }
  if (sample.before.empty() || options.scale == Scale::symmetric_percent) {
    return false;
  }
  w.before = sample.before;
  w.after = sample.after;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const bool difference = options.scale == Scale::difference;
    w.before[i] = difference ? w.before[i] * sample.per_unit : std::log(w.before[i]);
    w.after[i] = difference ? w.after[i] * sample.per_unit : std::log(w.after[i]);
  }
  return true;
}

// rounding: a spread of the changes within it is no spread.
inline EffectFigures figures_of(Effect effect, Span<double> change, Span<double> before, Span<double> after,
                                double rounding) {
  EffectFigures f;
  const Moments m = Moments::of(change);
  f.n = m.n;
  f.mean_change = m.mean;
  f.sd_change = m.ss > m.n * rounding * rounding ? m.sd() : 0.0;
  if (needs_visits(effect)) {
    const Comoments c = Comoments::of(before, after);
    f.sd_before = std::sqrt(c.ss_x / (c.n - 1.0));
    f.sd_after = std::sqrt(c.ss_y / (c.n - 1.0));
    f.r = c.correlation();
  }
  return f;
}

// Value of the effect without its interval.
inline double effect_estimate(const Options& options, Span<double> change, Span<double> before, Span<double> after,
                              double null, double rounding, EffectWorkspace& w) {
  if (options.effect == Effect::rank_biserial) {
    w.tally.prepare(change, rounding);
    w.ranks.build(w.tally, 2.0 * null, options.zeros);
    return w.ranks.rank_biserial();
  }
  if (options.effect == Effect::prob_superiority) {
    return share_above(change, null, rounding);
  }
  const EffectFigures f = figures_of(options.effect, change, before, after, rounding);
  const double s = standardiser(options.effect, f);
  return s > 0.0 && std::isfinite(s) ? (f.mean_change - null) / s : missing;
}

inline void effect_bootstrap(const Options& options, const Sample& sample, double null, double rounding,
                             EffectWorkspace& w, EffectValue& v, Row& row) {
  const bool visits = needs_visits(options.effect);
  w.drawn_change.resize(sample.size());
  w.drawn_before.resize(visits ? sample.size() : 0);
  w.drawn_after.resize(visits ? sample.size() : 0);
  const auto statistic = [&](const std::uint32_t* index, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      w.drawn_change[i] = sample.change[index[i]];
    }
    for (std::size_t i = 0; visits && i < n; ++i) {
      w.drawn_before[i] = w.before[index[i]];
      w.drawn_after[i] = w.after[index[i]];
    }
    return effect_estimate(options, {w.drawn_change.data(), n}, {w.drawn_before.data(), visits ? n : 0},
                           {w.drawn_after.data(), visits ? n : 0}, null, rounding, w);
  };
  const BootstrapLimits limits = bootstrap_interval(options, sample, v.estimate, w.bootstrap, statistic);
  const double lowest = is_d(options.effect) ? -infinity : options.effect == Effect::rank_biserial ? -1.0 : 0.0;
  const double highest = is_d(options.effect) ? infinity : 1.0;
  v.low = limits.method == ConfMethod::none ? missing : std::max(lowest, limits.low);
  v.high = limits.method == ConfMethod::none ? missing : std::min(highest, limits.high);
  if (limits.method == ConfMethod::percentile && options.bootstrap_interval == BootstrapInterval::bca) {
    row.add(Note::skewed);
  }
  if (sample.size() < 10) {
    row.add(Note::small_bootstrap);
  }
}

inline EffectValue rank_effect(const Options& options, Span<double> change, double null, double rounding, EffectWorkspace& w) {
  EffectValue v;
  const double n = static_cast<double>(change.size);
  v.estimate = effect_estimate(options, change, {}, {}, null, rounding, w);
  if (options.effect == Effect::rank_biserial) {
    rank_biserial_interval(options, n, w.ranks.n_zeros(), v);
  } else {
    wilson_interval(options, n, v);
  }
  return v;
}

}  // namespace detail

// Effect of the row by options.effect, from the measurements. Writes effect, its limits and notes only.
inline void fill_effect(const Options& options, const Sample& sample, const Shift& shift, EffectWorkspace& w, Row& row) {
  const std::size_t n = sample.size();
  if (options.effect == Effect::none || n == 0) {
    return;
  }
  if (!detail::effect_columns(options, sample, w)) {
    row.add(Note::effect_unavailable);
    return;
  }
  const double rounding = change_rounding(sample);
  const Span<double> change{sample.change.data(), n};
  detail::EffectValue v;
  if (detail::is_d(options.effect)) {
    const std::size_t m = detail::needs_visits(options.effect) ? n : 0;
    v = detail::d_effect(
        options, detail::figures_of(options.effect, change, {w.before.data(), m}, {w.after.data(), m}, rounding), shift.null);
  } else {
    v = detail::rank_effect(options, change, shift.null, rounding, w);
  }
  if (options.effect_interval == EffectInterval::bootstrap && v.estimate == v.estimate) {
    detail::effect_bootstrap(options, sample, shift.null, rounding, w, v, row);
  }
  detail::store_effect(options, static_cast<double>(n), v, row);
}

}  // namespace respondr::paired
