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

#include "respondr/logistic/evaluate.hpp"

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

// x = (L L')^-1 x.
inline void solve_factor(const Matrix& factor, double* x) {
  rm::forward_solve(factor, x);
  for (std::size_t i = factor.rows; i-- > 0;) {
    for (std::size_t k = i + 1; k < factor.rows; ++k) {
      x[i] -= factor(k, i) * x[k];
    }
    x[i] /= factor(i, i);
  }
}

// Factor of the information plus the penalty's part; of the information alone where that is not positive definite; else
// of the bound.
inline void factor_hessian(const Basis& basis, bool firth, Solver& s) {
  const Evaluation& e = s.now;
  if (firth && e.regular) {
    for (std::size_t k = 0; k < s.hessian.data.size(); ++k) {
      s.hessian.data[k] = e.information.data[k] + s.secant.data[k];
    }
    if (rm::cholesky(s.hessian, 1e-12)) {
      return;
    }
  }
  if (e.regular) {
    s.hessian.data = e.factor.data;
    return;
  }
  s.hessian.zero();
  for (std::size_t j = 0; j < basis.rank; ++j) {
    s.hessian(j, j) = std::sqrt(0.25 * basis.trials);
  }
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
    length += s.step[j] * (s.now.score[j] + s.now.penalty[j]);
  }
  return length;
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

// Moves s.now along s.step, as far as the value does not fall. false if it falls however short the step.
inline bool advance(const Basis& basis, const Options& options, double length, Solver& s) {
  const std::size_t p = s.step.size();
  double longest = 0.0;
  for (std::size_t j = 0; j < p; ++j) {
    longest += s.step[j] * s.step[j];
  }
  double factor = std::min(1.0, 8.0 / std::sqrt(longest));
  const double slack = 1e-13 * (1.0 + std::fabs(s.now.value));
  for (int halving = 0; halving < 40; ++halving, factor *= 0.5) {
    for (std::size_t j = 0; j < p; ++j) {
      s.trial.gamma[j] = s.now.gamma[j] + factor * s.step[j];
    }
    evaluate(basis, options.estimator, options.threads, s.rows, s.trial);
    if (s.trial.value >= s.now.value - slack || (halving == 0 && length < 1e-9 && s.trial.value > -infinity)) {
      std::swap(s.now, s.trial);
      return true;
    }
  }
  return false;
}

// Whether step is a direction of recession: it moves no row away from its outcome, rows with both outcomes not at all,
// and some row, already at its outcome to .01, by half a logit or more. Newton's step tends to such a direction by a
// factor e an iteration, where it exists.
inline bool recedes(const Basis& basis, const Rows& rows, const std::vector<double>& step, std::size_t count,
                    double* eta) {
  bool moves = false;
  for (std::size_t b = 0; b < basis.blocks; ++b) {
    const std::size_t here = basis.block_size(b);
    std::fill(eta, eta + here, 0.0);
    add_linear(basis.block(b), basis.rank, step.data(), here, eta);
    for (std::size_t i = 0; i < here && b * block_rows + i < count; ++i) {
      const std::size_t row = b * block_rows + i;
      if (basis.weight[row] == 0.0) {
        continue;
      }
      const double y = basis.y[row], toward = y == 1.0 ? eta[i] : y == 0.0 ? -eta[i] : -std::fabs(eta[i]);
      if (toward < -1e-7) {
        return false;
      }
      moves = moves || (toward > 0.5 && std::fabs(y - rows.mu[row]) < 0.01);
    }
  }
  return moves;
}

}  // namespace detail

// From the evaluation in s.now, whose coefficients must meet the constraint.
inline Outcome maximise_from(const Basis& basis, const Options& options, const Constraint* constraint, Solver& s) {
  const bool firth = options.estimator == Estimator::firth;
  Outcome out;
  std::vector<double> eta(block_rows);
  double before = infinity;
  for (out.iterations = 0; out.iterations < options.max_iterations; ++out.iterations) {
    detail::factor_hessian(basis, firth, s);
    const double length = detail::find_step(constraint, s);
    double largest = 0.0, size = 1.0;
    for (std::size_t j = 0; j < basis.rank; ++j) {
      largest = std::max(largest, std::fabs(s.step[j]));
      size = std::max(size, std::fabs(s.now.gamma[j]));
    }
    if (std::sqrt(std::fabs(length)) <= options.tolerance || largest <= 1e-14 * size) {
      out.converged = true;
      break;
    }
    if (!firth && !out.separated && length > 0.01 * before && largest > 0.1) {
      out.separated = detail::recedes(basis, s.rows, s.step, basis.rows, eta.data());
      if (out.separated) {
        s.direction = s.step;
      }
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

// From s.now.gamma, which must meet the constraint.
inline Outcome maximise(const Basis& basis, const Options& options, const Constraint* constraint, Solver& s) {
  evaluate(basis, options.estimator, options.threads, s.rows, s.now);
  return maximise_from(basis, options, constraint, s);
}

}  // namespace respondr::logistic
