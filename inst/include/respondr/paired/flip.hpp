#pragma once
// Sign-flip permutation test of the mean change (Fisher 1935) and the interval that inverts it.
//
// Hypothesis theta: the changes are symmetric about theta. Statistic: the sum of (change - theta), printed in the units of the
// outcome. p: share of the 2^n sign flips of (change - theta) whose sum is at least as large (greater), small (less); two-sided
// twice the smaller, which by symmetry is also the share at least as far from 0.
//
//   status       estimate  p    limits                  note
//   no_data      -         -    -
//   one_pair     yes       yes  infinite                unbounded
//   no_variance  yes       yes  the constant change, infinite below about six pairs
//   all_zero     yes       1    as no_variance
//   too_large    yes       p and limits only where each fits the limit of work

#include <cmath>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/monte_carlo_p.hpp"
#include "respondr/paired/flip_convolution.hpp"
#include "respondr/paired/flip_draws.hpp"
#include "respondr/paired/flip_grid.hpp"
#include "respondr/paired/flip_halves.hpp"
#include "respondr/paired/sides.hpp"

namespace respondr::paired {

struct FlipWorkspace {
  SubsetMeanGrid grid;
  FlipConvolution convolution;
  SubsetHalves halves;
  SubsetDraws draws;
};

namespace detail {

enum class FlipEngine { none, grid, convolution, halves };

struct FlipPlan {
  FlipEngine p = FlipEngine::none;
  FlipEngine limits = FlipEngine::none;
};

inline FlipPlan flip_plan(const Options& options, const Sample& sample, const Shift& shift, FlipWorkspace& w) {
  FlipPlan plan;
  if (options.distribution == Distribution::monte_carlo) {
    return plan;
  }
  const Span<double> change{sample.change.data(), sample.size()};
  w.halves.prepare(change, change_rounding(sample), sample.on_grid);
  double grid_work = infinity, convolution_work = infinity;
  if (sample.on_grid) {
    w.grid.prepare(change);
    grid_work = w.grid.work();
    const bool tost = options.alternative == Alternative::equivalence;
    convolution_work = w.convolution.prepare(change, tost ? shift.margin_low : shift.null) ? w.convolution.work() : infinity;
    if (tost) {
      convolution_work += w.convolution.prepare(change, shift.margin_high) ? w.convolution.work() : infinity;
    }
  }
  const double search_work = SubsetHalves::search_work(sample.size());
  if (std::min(grid_work, search_work) <= options.exact_limit) {
    plan.limits = grid_work <= search_work ? FlipEngine::grid : FlipEngine::halves;
    plan.p = plan.limits;
    return plan;
  }
  const double count_work = SubsetHalves::count_work(sample.size());
  if (std::min(convolution_work, count_work) <= options.exact_limit) {
    plan.p = convolution_work <= count_work ? FlipEngine::convolution : FlipEngine::halves;
  }
  return plan;
}

inline Tails exact_tails(FlipEngine engine, const Sample& sample, double theta, FlipWorkspace& w) {
  if (engine == FlipEngine::grid) {
    return w.grid.tails(theta);
  }
  if (engine == FlipEngine::halves) {
    return w.halves.tails(theta);
  }
  w.convolution.prepare({sample.change.data(), sample.size()}, theta);
  return w.convolution.tails();
}

inline void exact_limits(FlipEngine engine, const Sides& s, FlipWorkspace& w, Row& row) {
  double outside = 0.0;
  for (const bool low : {true, false}) {
    if (low ? !s.low : !s.high) {
      (low ? row.conf_low : row.conf_high) = low ? -infinity : infinity;
      continue;
    }
    if (engine == FlipEngine::grid) {
      const MeanLimit limit = w.grid.limit(s.alpha, low);
      (low ? row.conf_low : row.conf_high) = limit.value;
      outside += limit.outside;
    } else {
      const SubsetHalves::Limit limit = w.halves.limit(s.alpha, low);
      (low ? row.conf_low : row.conf_high) = limit.value;
      outside += limit.outside;
    }
  }
  row.conf_attained = 1.0 - outside;
  row.conf_method = ConfMethod::flip_exact;
}

inline void drawn_limits(const Sides& s, FlipWorkspace& w, Row& row) {
  row.conf_low = s.low ? w.draws.limit(s.alpha, true) : -infinity;
  row.conf_high = s.high ? w.draws.limit(s.alpha, false) : infinity;
  row.conf_method = ConfMethod::flip_monte_carlo;
}

inline double sum_of_change(const Sample& sample, double theta) {
  CompensatedSum sum;
  for (const double d : sample.change) {
    sum.add(d - theta);
  }
  return sum.value();
}

}  // namespace detail

// The keys of the patients must be in sample where the answer may be Monte Carlo. Distribution::asymptotic has no meaning here.
inline void solve_permutation(const Options& options, const Sample& sample, const Shift& shift, FlipWorkspace& w, Row& row) {
  status_of_changes(sample, shift, row);
  if (sample.size() == 0) {
    return;
  }
  row.estimate = Moments::of({sample.change.data(), sample.size()}).mean;
  const detail::FlipPlan plan = detail::flip_plan(options, sample, shift, w);
  const bool exact_p = plan.p != detail::FlipEngine::none, exact_limits = plan.limits != detail::FlipEngine::none;
  const bool only_exact = options.distribution == Distribution::exact;
  if (only_exact && !exact_limits) {
    row.status = Status::too_large;
  }
  if (only_exact && !exact_p) {
    return;
  }
  if (plan.limits == detail::FlipEngine::grid) {
    w.grid.build();
  }
  if (!exact_limits && !only_exact) {
    w.draws.draw(options, sample, row.estimate);
  }
  const CombinedP p = combine_p(options.alternative, shift, [&](double theta) {
    return exact_p ? detail::exact_tails(plan.p, sample, theta, w) : w.draws.tails(theta);
  });
  row.p_value = p.value;
  row.statistic = outcome_units(sample, detail::sum_of_change(sample, p.theta));
  row.distribution = exact_p ? Distribution::exact : Distribution::monte_carlo;
  if (!exact_p) {
    monte_carlo_range(p.one_sided, p.doubled, w.draws.replicates(), row);
  }
  const Sides s = sides(options);
  if (exact_limits) {
    detail::exact_limits(plan.limits, s, w, row);
  } else if (!only_exact) {
    detail::drawn_limits(s, w, row);
  }
  row.p_matches = exact_p == exact_limits;
  note_unbounded(s, row);
}

}  // namespace respondr::paired
