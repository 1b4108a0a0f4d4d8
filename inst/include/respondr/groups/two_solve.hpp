#pragma once
// The plan of a batch of comparisons of two arms, the solve of one, and the way back to the units of the outcome.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "respondr/groups/brunner_munzel.hpp"
#include "respondr/groups/mann_whitney.hpp"
#include "respondr/groups/two_bootstrap.hpp"
#include "respondr/groups/two_effect.hpp"
#include "respondr/groups/two_load.hpp"
#include "respondr/groups/two_permutation.hpp"
#include "respondr/groups/two_t.hpp"
#include "respondr/groups/variances.hpp"
#include "respondr/parallel.hpp"

namespace respondr::groups {

struct TwoContrast {
  std::size_t level = 1, reference = 0;  // arms, from 0
};

// Fixed for the batch and shared by threads. Problems are numbered outcome first, then group, then contrast.
struct TwoPlan {
  std::vector<const double*> outcomes;
  std::vector<ArmRows> arms;  // group after group, k each
  std::size_t k = 2;
  std::vector<TwoContrast> contrasts;
  std::vector<std::uint64_t> problem_key;  // empty where no random numbers are drawn
  std::vector<KnownSd> known_sd;           // one a contrast; z only
  TwoOptions options;

  std::size_t groups() const { return arms.size() / k; }
  std::size_t size() const { return outcomes.size() * groups() * contrasts.size(); }
};

// order: rows by group and arm; start: groups * k + 1 offsets.
inline std::vector<ArmRows> arm_rows(Span<int> order, const std::vector<std::size_t>& start) {
  std::vector<ArmRows> out;
  for (std::size_t i = 0; i + 1 < start.size(); ++i) {
    ArmRows arm{order.data + start[i], start[i + 1] - start[i], true};
    for (std::size_t j = 1; j < arm.n && arm.contiguous; ++j) {
      arm.contiguous = arm.rows[j] == arm.rows[j - 1] + 1;
    }
    out.push_back(arm);
  }
  return out;
}

struct TwoWorkspace {
  TwoLoadWorkspace load;
  TwoQuantiles quantiles;
  MannWhitneyWorkspace mann_whitney;
  BrunnerMunzelWorkspace brunner_munzel;
  PermutationWorkspace permutation;
  TwoBootstrapWorkspace bootstrap;
  VarianceWorkspace variances;
};

namespace detail {

inline void solve_two_method(const TwoOptions& options, const TwoArms& arms, const KnownSd& sd, const Shift& shift,
                             TwoWorkspace& w, TwoRow& row) {
  switch (options.method) {
    case TwoMethod::student:
    case TwoMethod::welch:
    case TwoMethod::z: {
      const KnownSd in_units{sd.level * arms.per_unit, sd.reference * arms.per_unit};
      finish_means(options, Moments::of(arms.level), Moments::of(arms.reference), in_units, shift, w.quantiles, row);
      break;
    }
    case TwoMethod::mann_whitney: solve_mann_whitney(options, arms, shift, w.mann_whitney, row); break;
    case TwoMethod::brunner_munzel: solve_brunner_munzel(options, arms, shift, w.quantiles, w.brunner_munzel, row); break;
    case TwoMethod::permutation: solve_two_permutation(options, arms, shift, w.permutation, row); break;
    case TwoMethod::bootstrap: solve_two_bootstrap(options, arms, shift, w.bootstrap, row); break;
    case TwoMethod::f:
      finish_variance_ratio(options, Moments::of(arms.level), Moments::of(arms.reference), shift, row);
      break;
    default: solve_deviations(options, arms, shift, w.quantiles, w.variances, row); break;
  }
}

// Estimates that are no differences of measurements have no units.
inline bool has_units(TwoMethod method) {
  return method != TwoMethod::brunner_munzel && method != TwoMethod::f && method != TwoMethod::fligner;
}

inline void to_outcome_units(const TwoOptions& options, const TwoArms& arms, TwoRow& row) {
  if (!has_units(options.method) || arms.per_unit == 1.0) {
    return;
  }
  for (double* x : {&row.estimate, &row.conf_low, &row.conf_high, &row.std_error}) {
    *x = *x / arms.per_unit;  // 21 / 10 is the decimal 2.1, 21 * 0.1 is not
  }
  if (options.method == TwoMethod::permutation) {
    row.statistic /= arms.per_unit;
  }
}

inline void fill_two_effect(const TwoOptions& options, const TwoArms& arms, const Shift& shift, TwoWorkspace& w,
                            TwoRow& row) {
  if (arms.level.size == 0 || arms.reference.size == 0 || options.effect == TwoEffect::none) {
    return;
  }
  const double null = has_units(options.method) ? shift.null : 0.0;
  if (is_standardised(options.effect)) {
    finish_effect(options, Moments::of(arms.level), Moments::of(arms.reference), null, row);
    return;
  }
  w.mann_whitney.shifts.prepare_values(arms.level, arms.reference, value_rounding(arms));
  rank_at(null, w.mann_whitney);
  const double m = static_cast<double>(arms.level.size), n = static_cast<double>(arms.reference.size);
  store_effect(options, missing, superiority_effect(options, w.mann_whitney.ranks.superiority(), m, n), row);
}

// Student and Welch of arms that lie side by side without gaps: no copy. False: take the long way.
inline bool solve_dense(const TwoPlan& plan, const double* column, const ArmRows& level, const ArmRows& reference,
                        TwoWorkspace& w, TwoRow& row) {
  const TwoOptions& options = plan.options;
  const bool moments = options.method == TwoMethod::student || options.method == TwoMethod::welch;
  if (!moments || !level.contiguous || !reference.contiguous || level.n == 0 || reference.n == 0 || needs_grid(options)) {
    return false;
  }
  const Moments x = Moments::of({column + level.rows[0] - 1, level.n});
  const Moments y = Moments::of({column + reference.rows[0] - 1, reference.n});
  if (!std::isfinite(x.ss) || !std::isfinite(y.ss)) {
    return false;
  }
  row.n = static_cast<int>(level.n);
  row.n_reference = static_cast<int>(reference.n);
  const Shift shift{options.null, options.margin_low, options.margin_high};
  finish_means(options, x, y, KnownSd(), shift, w.quantiles, row);
  finish_effect(options, x, y, shift.null, row);
  return true;
}

}  // namespace detail

// Problem i of the plan. Returns false if a measurement is infinite: no row can be given then.
inline bool solve_two(const TwoPlan& plan, std::size_t i, TwoWorkspace& w, TwoRow& row) {
  const std::size_t c = i % plan.contrasts.size(), g = i / plan.contrasts.size() % plan.groups();
  const double* column = plan.outcomes[i / plan.contrasts.size() / plan.groups()];
  const ArmRows& level = plan.arms[g * plan.k + plan.contrasts[c].level];
  const ArmRows& reference = plan.arms[g * plan.k + plan.contrasts[c].reference];
  if (detail::solve_dense(plan, column, level, reference, w, row)) {
    return true;
  }
  TwoArms arms;
  Shift shift;
  if (load_arms(column, level, reference, plan.options, w.load, arms, shift, row) == TwoLoaded::infinite) {
    return false;
  }
  arms.problem = plan.problem_key.empty() ? 0 : plan.problem_key[i];
  const KnownSd sd = plan.known_sd.empty() ? KnownSd() : plan.known_sd[c];
  detail::solve_two_method(plan.options, arms, sd, shift, w, row);
  detail::fill_two_effect(plan.options, arms, shift, w, row);
  detail::to_outcome_units(plan.options, arms, row);
  return true;
}

// Solves every problem and hands row i to store(i, row), from whichever thread solved it. Returns the lowest problem
// that holds
// an infinite measurement, or no_problem.
template <class Store>
std::size_t solve_two_arms(const TwoPlan& plan, int threads, const Hooks& hooks, Store store) {
  LowestProblem infinite;
  parallel_map(
      plan.size(), threads, hooks, [] { return TwoWorkspace(); },
      [&](std::size_t i, TwoWorkspace& w) {
        TwoRow row;
        if (!solve_two(plan, i, w, row)) infinite.meet(i);
        store(i, row);
      });
  return infinite.get();
}

// Summary figures, one entry a comparison: sizes, means and standard deviations of both arms.
struct TwoFigures {
  std::vector<double> n, mean, sd, n_reference, mean_reference, sd_reference;
};

inline TwoRow solve_two_figures_row(const TwoOptions& options, const TwoFigures& f, std::size_t i, TwoQuantiles& quantiles) {
  TwoRow row;
  row.n_ties = missing_int;
  row.n_dropped = missing_int;
  row.n = f.n[i] == f.n[i] ? static_cast<int>(f.n[i]) : missing_int;
  row.n_reference = f.n_reference[i] == f.n_reference[i] ? static_cast<int>(f.n_reference[i]) : missing_int;
  const auto moments = [](double n, double mean, double sd) {
    return Moments{n, mean, n >= 2.0 ? sd * sd * (n - 1.0) : 0.0};
  };
  const Moments x = moments(f.n[i], f.mean[i], f.sd[i]);
  const Moments y = moments(f.n_reference[i], f.mean_reference[i], f.sd_reference[i]);
  if (x.n == 0.0 || y.n == 0.0) {
    row.status = x.n == 0.0 && y.n == 0.0 ? Status::no_data : Status::one_group_empty;
    return row;
  }
  const bool spread = options.method != TwoMethod::z;
  const bool means = options.method != TwoMethod::f;
  if (!(x.n == x.n && y.n == y.n) || (means && !(x.mean == x.mean && y.mean == y.mean)) ||
      (spread && !(x.ss == x.ss && y.ss == y.ss))) {
    row.status = Status::not_estimable;
    return row;
  }
  const Shift shift{options.null, options.margin_low, options.margin_high};
  if (means) {
    finish_means(options, x, y, KnownSd{f.sd[i], f.sd_reference[i]}, shift, quantiles, row);
    finish_effect(options, x, y, options.null, row);
  } else {
    finish_variance_ratio(options, x, y, shift, row);
  }
  return row;
}

}  // namespace respondr::groups
