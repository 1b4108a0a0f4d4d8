#pragma once
// The maximum under linear constraints, from the maximum without them. What limits and tests share.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/logistic/fit.hpp"

namespace respondr::logistic::detail {

// Moves s.now.gamma to where the constraint holds: along the information's metric at the estimate, or straight where
// that goes far (the information is all but singular there). s.now must be an evaluation; its value is out of date
// afterwards.
inline void make_feasible(const Workspace& w, const Constraint& constraint, Solver& s) {
  std::fill(s.now.score.begin(), s.now.score.end(), 0.0);
  std::fill(s.now.penalty.begin(), s.now.penalty.end(), 0.0);
  find_step(&constraint, s);
  if (!(rm::dot(s.step.data(), s.step.data(), s.step.size()) < 100.0)) {
    s.hessian.zero();
    for (std::size_t j = 0; j < w.basis.rank; ++j) {
      s.hessian(j, j) = 1.0;
    }
    find_step(&constraint, s);
  }
  for (std::size_t j = 0; j < s.step.size(); ++j) {
    s.now.gamma[j] += s.step[j];
  }
}

// The constrained maximum in w.solver.now, started from the estimate.
inline Outcome maximise_within(const Options& options, const Constraint& constraint, Workspace& w) {
  Solver& s = w.solver;
  s.now = w.estimate;
  s.secant = w.secant;
  factor_hessian(w.basis, options.estimator == Estimator::firth, s);
  make_feasible(w, constraint, s);
  return maximise(w.basis, options, &constraint, s);
}

// Where the search starts from the last constrained maximum instead.
inline Outcome maximise_on(const Options& options, const Constraint& constraint, Workspace& w) {
  factor_hessian(w.basis, options.estimator == Estimator::firth, w.solver);
  make_feasible(w, constraint, w.solver);
  return maximise(w.basis, options, &constraint, w.solver);
}

}  // namespace respondr::logistic::detail
