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

// A maximum is wanted for its value: where the score has 1e-7 of a standard error left, that is right to 1e-14.
inline Options for_value(Options options) {
  options.tolerance = std::max(options.tolerance, 1e-5);
  return options;
}

// The constrained maximum in w.solver.now, from where the solver stands.
inline Outcome maximise_on(const Options& options, const Constraint& constraint, double enough, Workspace& w) {
  factor_hessian(false, 1e-12 * w.basis.trials, nullptr, w.solver);
  make_feasible(w, constraint, w.solver);
  return maximise(w.basis, for_value(options), &constraint, w.solver, enough);
}

// The same by way of `steps` constraints between the estimate and this one.
inline Outcome maximise_along(const Options& options, const Constraint& constraint, int steps, double enough,
                              Workspace& w) {
  Constraint way = constraint;
  Outcome outcome;
  w.solver.now = w.estimate;
  w.solver.secant = w.secant;
  for (int k = 1; k <= steps; ++k) {
    for (std::size_t a = 0; a < way.target.size(); ++a) {
      const double from = rm::dot(constraint.c.col(a), w.estimate.gamma.data(), w.basis.rank),
                   share = double(k) / steps;
      way.target[a] = k == steps ? constraint.target[a] : from + share * (constraint.target[a] - from);
    }
    outcome = maximise_on(options, way, enough, w);
  }
  return outcome;
}

// From the estimate. Held far from its maximum, Firth's likelihood may have several of the rest (the determinant is not
// concave): the higher of two is taken, one reached at once and one along a path of 2 logits (root mean square) a step.
inline Outcome maximise_within(const Options& options, const Constraint& constraint, double enough, Workspace& w) {
  Outcome outcome = maximise_along(options, constraint, 1, enough, w);
  if (options.estimator != Estimator::firth) {
    return outcome;
  }
  double moved = 0.0;
  for (std::size_t j = 0; j < w.basis.rank; ++j) {
    moved += (w.solver.now.gamma[j] - w.estimate.gamma[j]) * (w.solver.now.gamma[j] - w.estimate.gamma[j]);
  }
  if (moved <= 4.0) {
    return outcome;
  }
  const Evaluation direct = w.solver.now;
  const Outcome other =
      maximise_along(options, constraint, static_cast<int>(std::min(40.0, std::sqrt(moved))), enough, w);
  if (w.solver.now.value >= direct.value) {
    return other;
  }
  w.solver.now = direct;
  return outcome;
}

}  // namespace respondr::logistic::detail
