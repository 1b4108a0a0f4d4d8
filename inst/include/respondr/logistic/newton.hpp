#pragma once
// The maximum of the (penalised) likelihood over the coefficients of the basis, free or with linear constraints C'gamma
// = t. Newton's steps (Fisher's for the likelihood part of Firth's), halved until the likelihood does not fall. Where
// the information is singular the bound W <= m / 4 gives a step that cannot lower the likelihood (Boehning and Lindsay
// 1988, Ann Inst Stat Math 40:641).
//
// Firth's penalty has a Hessian of its own, which scoring leaves out: it then converges linearly. A symmetric rank-one
// secant correction from the penalty's score alone (Conn, Gould and Toint 1991, Math Program 50:177) restores fast
// convergence for p^2 operations.

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "respondr/logistic/recedes.hpp"

namespace respondr::logistic {

struct Constraint {
  Matrix c;  // rank x number of constraints
  std::vector<double> target;
};

struct Outcome {
  bool converged = false;
  bool separated = false;  // a direction of recession was met: the value is the supremum to 1e-12
  int iterations = 0;
};

struct Solver {
  Rows rows;
  Evaluation now, trial;
  Matrix secant, hessian;  // minus the Hessian of the penalty; factor of the whole
  Matrix solved, middle;   // H^-1 C and the factor of C'H^-1 C
  std::vector<double> step, multiplier, change, direction;
  bool indefinite = false;  // Firth's likelihood is not concave here

  void resize(std::size_t p) {
    now.resize(p);
    trial.resize(p);
    secant.resize(p, p);
    secant.zero();
    hessian.resize(p, p);
    step.assign(p, 0.0);
    change.assign(p, 0.0);
    direction.assign(p, 0.0);
  }
};

namespace detail {

// Factor of the information, plus the penalty's part, with `ridge` on its diagonal. A multiple of CC' changes no step
// within the constraints, and only what they leave free must be positive definite. false if it is not.
inline bool factor_hessian(bool with_penalty, double ridge, const Constraint* constraint, Solver& s) {
  const Evaluation& e = s.now;
  const std::size_t p = s.step.size();
  const double share = with_penalty ? 1.0 : 0.0;
  double trace = 0.0;
  for (std::size_t k = 0; k < s.hessian.data.size(); ++k) {
    s.hessian.data[k] = e.information.data[k] + share * s.secant.data[k];
  }
  for (std::size_t j = 0; j < p; ++j) {
    s.hessian(j, j) += ridge;
    trace += e.information(j, j) + share * std::fabs(s.secant(j, j)) + ridge;
  }
  for (std::size_t a = 0; constraint && a < constraint->c.cols; ++a) {
    const double* c = constraint->c.col(a);
    const double multiple = trace / rm::dot(c, c, p);
    for (std::size_t k = 0; k < p; ++k) {
      rm::subtract_multiple(s.hessian.col(k), c, -multiple * c[k], p);
    }
  }
  return rm::cholesky(s.hessian, with_penalty ? 1e-12 : 1e-15);
}

// The step from s.now within the constraints, and its length: twice the gain that the quadratic model promises.
inline double find_step(const Constraint* constraint, Solver& s) {
  const std::size_t p = s.step.size();
  for (std::size_t j = 0; j < p; ++j) {
    s.step[j] = s.now.score[j] + s.now.penalty[j];
  }
  solve_factor(s.hessian, s.step.data());
  if (constraint && constraint->c.cols > 0) {
    const std::size_t k = constraint->c.cols;
    s.solved = constraint->c;
    s.middle.resize(k, k);
    s.multiplier.resize(k);
    for (std::size_t a = 0; a < k; ++a) {
      solve_factor(s.hessian, s.solved.col(a));
      s.multiplier[a] = rm::dot(constraint->c.col(a), s.step.data(), p) +
                        rm::dot(constraint->c.col(a), s.now.gamma.data(), p) - constraint->target[a];
    }
    for (std::size_t a = 0; a < k; ++a) {
      for (std::size_t b = 0; b < k; ++b) {
        s.middle(a, b) = rm::dot(constraint->c.col(a), s.solved.col(b), p);
      }
    }
    rm::cholesky(s.middle, 0.0);
    solve_factor(s.middle, s.multiplier.data());
    for (std::size_t a = 0; a < k; ++a) {
      rm::subtract_multiple(s.step.data(), s.solved.col(a), s.multiplier[a], p);
    }
  }
  double length = 0.0;
  for (std::size_t j = 0; j < p; ++j) {
    const double part = rm::dot(s.hessian.col(j) + j, s.step.data() + j, p - j);
    length += part * part;
  }
  return length;
}

// The step of find_step() if it is not longer than 8 logits (root mean square over the rows) and twice the
// coefficients, else one shortened by a ridge (Levenberg 1944), which turns it towards the gradient; so also where
// Firth's likelihood is not concave. The bound W <= m / 4 (Boehning and Lindsay 1988) says that a ridge of a quarter of
// the trials cannot lower the likelihood.
inline double find_bounded_step(const Basis& basis, bool firth, const Constraint* constraint, Solver& s) {
  const std::size_t p = s.step.size();
  const double reach = 8.0 + 2.0 * std::sqrt(rm::dot(s.now.gamma.data(), s.now.gamma.data(), p));
  double length = missing;
  s.indefinite = false;
  for (double ridge = 0.0; ridge <= 0.25 * basis.trials; ridge = ridge > 0.0 ? 8.0 * ridge : 1e-12 * basis.trials) {
    if (factor_hessian(firth, ridge, constraint, s)) {
      length = find_step(constraint, s);
      if (rm::dot(s.step.data(), s.step.data(), p) <= reach * reach) {
        return length;
      }
    } else if (ridge == 0.0) {
      s.indefinite = firth;
    }
  }
  return length == length                                            ? length
         : factor_hessian(false, 0.25 * basis.trials, constraint, s) ? find_step(constraint, s)
                                                                     : missing;
}

// Minus the Hessian of the penalty learns what the last step did to the penalty's score.
inline void learn_penalty(const Evaluation& before, const Evaluation& after, Solver& s) {
  const std::size_t p = s.step.size();
  double size = 0.0, left_size = 0.0, product = 0.0;
  for (std::size_t j = 0; j < p; ++j) {
    s.change[j] = after.gamma[j] - before.gamma[j];
  }
  for (std::size_t j = 0; j < p; ++j) {
    s.direction[j] = before.penalty[j] - after.penalty[j] - rm::dot(s.secant.col(j), s.change.data(), p);
    size += s.change[j] * s.change[j];
    left_size += s.direction[j] * s.direction[j];
    product += s.direction[j] * s.change[j];
  }
  if (!(std::fabs(product) > 1e-6 * std::sqrt(size * left_size))) {
    return;
  }
  for (std::size_t k = 0; k < p; ++k) {
    for (std::size_t j = 0; j < p; ++j) {
      s.secant(j, k) += s.direction[j] * s.direction[k] / product;
    }
  }
}

// s.trial = s.now + factor x step, evaluated.
inline void try_step(const Basis& basis, const Options& options, double factor, Solver& s) {
  for (std::size_t j = 0; j < s.step.size(); ++j) {
    s.trial.gamma[j] = s.now.gamma[j] + factor * s.step[j];
  }
  evaluate(basis, options.estimator, options.threads, s.rows, s.trial);
}

// Moves s.now along s.step, as far as the value does not fall. false if it falls however short the step. Where the
// likelihood is not concave a step may be far too short (near a saddle): it is doubled while the value rises.
inline bool advance(const Basis& basis, const Options& options, double length, Solver& s) {
  const double slack = 1e-13 * (1.0 + std::fabs(s.now.value));
  double factor = 1.0;
  for (int halving = 0; halving < 40; ++halving, factor *= 0.5) {
    try_step(basis, options, factor, s);
    if (s.trial.value >= s.now.value - slack || (halving == 0 && length < 1e-9 && s.trial.value > -infinity)) {
      break;
    }
    if (halving == 39) {
      return false;
    }
  }
  if (s.indefinite && factor == 1.0) {
    double best = s.trial.value;
    for (; factor < 1024.0; factor *= 2.0) {
      try_step(basis, options, 2.0 * factor, s);
      if (!(s.trial.value > best)) {
        break;
      }
      best = s.trial.value;
    }
    try_step(basis, options, factor, s);
  }
  std::swap(s.now, s.trial);
  return true;
}

}  // namespace detail

// From s.now.gamma, which must meet the constraint. Stops, as converged, where the value reaches `enough`.
inline Outcome maximise(const Basis& basis, const Options& options, const Constraint* constraint, Solver& s,
                        double enough = infinity) {
  const bool firth = options.estimator == Estimator::firth;
  Outcome out;
  evaluate(basis, options.estimator, options.threads, s.rows, s.now);
  const double unit =
      std::min(1.0, basis.trials);  // where the weights are tiny, their information is no measure of a step
  double before = infinity;
  for (out.iterations = 0; out.iterations < options.max_iterations; ++out.iterations) {
    const double length = detail::find_bounded_step(basis, firth, constraint, s) / unit;
    double largest = 0.0, size = 1.0;
    for (std::size_t j = 0; j < basis.rank; ++j) {
      largest = std::max(largest, std::fabs(s.step[j]));
      size = std::max(size, std::fabs(s.now.gamma[j]));
    }
    const bool stalled = length < 1e-18 && length > 0.25 * before;  // what is left is rounding
    if (std::sqrt(length) <= 0.01 * options.tolerance || stalled || largest <= 1e-14 * size || s.now.value >= enough) {
      out.converged = true;
      break;
    }
    if (!firth && !out.separated && length > 0.01 * before && largest > 0.1) {
      s.direction = s.step;
      out.separated = detail::step_recedes(basis, s.rows, s.step) ||
                      (out.iterations > 8 && detail::rest_recedes(basis, s.rows, s.now.gamma, s.hessian, s.direction));
    }
    if (out.separated && length < 1e-12) {
      break;
    }
    before = length;
    if (!detail::advance(basis, options, length, s)) {
      out.converged = length < 1e-9;
      evaluate(basis, options.estimator, options.threads, s.rows, s.now);
      break;
    }
    if (firth) {
      detail::learn_penalty(s.trial, s.now, s);
    }
  }
  return out;
}

}  // namespace respondr::logistic
