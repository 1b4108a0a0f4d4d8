#pragma once
// Proportional-odds model of an ordered response (McCullagh 1980, J R Stat Soc B 42:109): logit P(Y <= j) = theta_j -
// x'beta, so that a positive beta goes with better classes and exp(beta) is the odds ratio of being above any cut.
//
// With a = theta_{j-1} - x'beta and b = theta_j - x'beta the probability of class j is F(b) (1 - F(a)) (1 - exp(a -
// b)), whose logarithm and derivatives lose no digits in the tails. The log likelihood is concave in theta and beta
// (Pratt 1981, J Am Stat Assoc 76:103), so Newton's steps on the observed information, halved where they overshoot,
// reach the maximum.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/rm/linear.hpp"
#include "respondr/types.hpp"

namespace respondr::response {

using rm::Matrix;

// Views of someone else's memory.
struct OrdinalProblem {
  const double* x = nullptr;  // by column, n x p, without an intercept
  std::size_t n = 0, p = 0;
  const int* y = nullptr;          // 0 .. levels - 1, each at least once
  int levels = 0;                  // >= 2
  const double* weight = nullptr;  // >= 0; nullptr: 1
  const double* offset = nullptr;  // nullptr: 0
  std::size_t cuts() const { return static_cast<std::size_t>(levels) - 1; }
  std::size_t size() const { return cuts() + p; }  // thetas, then betas
};

struct OrdinalFit {
  std::vector<double> gamma;  // thetas, then betas
  double log_likelihood = missing;
  double largest = 0.0;  // spread of the linear predictor: large under separation
  int iterations = 0;
  bool converged = false;
};

struct OrdinalWork {
  std::vector<double> trial, score, step;
  Matrix information, factor;
  void resize(std::size_t q) {
    trial.assign(q, 0.0);
    score.assign(q, 0.0);
    step.assign(q, 0.0);
    information.resize(q, q);
    factor.resize(q, q);
  }
};

namespace ordinal_detail {

inline double logistic(double z) { return z >= 0.0 ? 1.0 / (1.0 + std::exp(-z)) : std::exp(z) / (1.0 + std::exp(z)); }

// log(1 + exp(z))
inline double softplus(double z) { return z > 0.0 ? z + std::log1p(std::exp(-z)) : std::log1p(std::exp(z)); }

inline double linear_predictor(const OrdinalProblem& problem, const std::vector<double>& gamma, std::size_t i) {
  double eta = problem.offset ? problem.offset[i] : 0.0;
  for (std::size_t k = 0; k < problem.p; ++k) eta += problem.x[i + k * problem.n] * gamma[problem.cuts() + k];
  return eta;
}

// Logarithm of the probability of class y at eta, its slopes and minus its curvatures by the lower cut (a) and the
// upper (b).
struct ClassTerm {
  double log_p = 0.0, slope_a = 0.0, slope_b = 0.0, curve_aa = 0.0, curve_bb = 0.0, curve_ab = 0.0;
};

inline ClassTerm class_term(const OrdinalProblem& problem, const std::vector<double>& gamma, int y, double eta) {
  ClassTerm t;
  const bool lower = y > 0, upper = y + 1 < problem.levels;
  const double a = lower ? gamma[y - 1] - eta : 0.0, b = upper ? gamma[y] - eta : 0.0;
  if (upper) {
    const double f = logistic(b);
    t.log_p -= softplus(-b);
    t.slope_b = logistic(-b);
    t.curve_bb = f * logistic(-b);
  }
  if (lower) {
    const double f = logistic(a);
    t.log_p -= softplus(a);
    t.slope_a = -f;
    t.curve_aa = f * logistic(-a);
  }
  if (lower && upper) {
    const double gap = b - a;
    if (!(gap > 0.0)) {
      t.log_p = -infinity;
      return t;
    }
    const double d = 1.0 / std::expm1(gap), both = d * (1.0 + d);
    t.log_p += std::log(-std::expm1(-gap));
    t.slope_b += d;
    t.slope_a -= d;
    t.curve_bb += both;
    t.curve_aa += both;
    t.curve_ab = -both;
  }
  return t;
}

inline double log_likelihood(const OrdinalProblem& problem, const std::vector<double>& gamma) {
  CompensatedSum sum;
  for (std::size_t i = 0; i < problem.n; ++i) {
    const double w = problem.weight ? problem.weight[i] : 1.0;
    if (!(w > 0.0)) continue;
    const double log_p = class_term(problem, gamma, problem.y[i], linear_predictor(problem, gamma, i)).log_p;
    if (!(log_p > -infinity)) return -infinity;
    sum.add(w * log_p);
  }
  return sum.value();
}

// Adds the part of row i: cuts by cuts, coefficients by cuts, coefficients by coefficients.
inline void add_information(const OrdinalProblem& problem, std::size_t i, double w, const ClassTerm& t, Matrix& out) {
  const std::size_t k0 = problem.cuts();
  const int y = problem.y[i];
  const double to_a = t.curve_aa + t.curve_ab, to_b = t.curve_bb + t.curve_ab;
  if (y > 0) out(y - 1, y - 1) += w * t.curve_aa;
  if (y < static_cast<int>(k0)) out(y, y) += w * t.curve_bb;
  if (y > 0 && y < static_cast<int>(k0)) out(y, y - 1) += w * t.curve_ab;
  for (std::size_t k = 0; k < problem.p; ++k) {
    const double xk = problem.x[i + k * problem.n];
    if (y > 0) out(k0 + k, y - 1) -= w * to_a * xk;
    if (y < static_cast<int>(k0)) out(k0 + k, y) -= w * to_b * xk;
    for (std::size_t l = 0; l <= k; ++l) out(k0 + k, k0 + l) += w * (to_a + to_b) * xk * problem.x[i + l * problem.n];
  }
}

// Score and observed information (lower triangle).
inline void evaluate(const OrdinalProblem& problem, const std::vector<double>& gamma, OrdinalWork& work) {
  const std::size_t k0 = problem.cuts();
  std::fill(work.score.begin(), work.score.end(), 0.0);
  work.information.zero();
  for (std::size_t i = 0; i < problem.n; ++i) {
    const double w = problem.weight ? problem.weight[i] : 1.0;
    if (!(w > 0.0)) continue;
    const int y = problem.y[i];
    const ClassTerm t = class_term(problem, gamma, y, linear_predictor(problem, gamma, i));
    if (y > 0) work.score[y - 1] += w * t.slope_a;
    if (y < static_cast<int>(k0)) work.score[y] += w * t.slope_b;
    for (std::size_t k = 0; k < problem.p; ++k) {
      work.score[k0 + k] -= w * (t.slope_a + t.slope_b) * problem.x[i + k * problem.n];
    }
    add_information(problem, i, w, t, work.information);
  }
}

// Factor of the information of the free parameters. Towards infinity (separation) it turns singular; `ridge` then keeps
// the step finite in directions that hardly matter any more.
inline bool factor_information(const std::vector<unsigned char>& free, double ridge, OrdinalWork& work) {
  const std::size_t q = work.score.size();
  work.factor = work.information;
  for (std::size_t j = 0; j < q; ++j) {
    work.factor(j, j) *= 1.0 + ridge;
    if (free[j]) continue;
    for (std::size_t k = 0; k < q; ++k) (k < j ? work.factor(j, k) : work.factor(k, j)) = 0.0;
    work.factor(j, j) = 1.0;
  }
  return rm::cholesky(work.factor, 1e-14);
}

// Solves information * step = score over the free parameters; false where that cannot be done.
inline bool newton_step(const std::vector<unsigned char>& free, OrdinalWork& work) {
  const std::size_t q = work.score.size();
  if (!factor_information(free, 0.0, work) && !factor_information(free, 1e-8, work)) return false;
  for (std::size_t j = 0; j < q; ++j) {
    double s = free[j] ? work.score[j] : 0.0;
    for (std::size_t k = 0; k < j; ++k) s -= work.factor(j, k) * work.step[k];
    work.step[j] = s / work.factor(j, j);
  }
  for (std::size_t j = q; j-- > 0;) {
    double s = work.step[j];
    for (std::size_t k = j + 1; k < q; ++k) s -= work.factor(k, j) * work.step[k];
    work.step[j] = s / work.factor(j, j);
  }
  return true;
}

}  // namespace ordinal_detail

// Cuts of the model without predictors: the logits of the cumulative shares.
inline std::vector<double> ordinal_start(const OrdinalProblem& problem) {
  std::vector<double> gamma(problem.size(), 0.0), count(problem.levels, 0.0);
  for (std::size_t i = 0; i < problem.n; ++i) count[problem.y[i]] += problem.weight ? problem.weight[i] : 1.0;
  double total = 0.0, below = 0.0;
  for (double c : count) total += c;
  for (std::size_t j = 0; j < problem.cuts(); ++j) {
    below += count[j];
    gamma[j] = std::log(below / (total - below));
  }
  return gamma;
}

// The maximum over the free parameters from `start`; the others keep their value.
inline OrdinalFit ordinal_maximise(const OrdinalProblem& problem, std::vector<double> start,
                                   const std::vector<unsigned char>& free, OrdinalWork& work,
                                   int max_iterations = 100) {
  using namespace ordinal_detail;
  OrdinalFit fit;
  fit.gamma = std::move(start);
  work.resize(problem.size());
  fit.log_likelihood = log_likelihood(problem, fit.gamma);
  for (; fit.iterations < max_iterations; ++fit.iterations) {
    evaluate(problem, fit.gamma, work);
    if (!newton_step(free, work)) break;
    double gain = 0.0;
    for (std::size_t j = 0; j < work.step.size(); ++j) gain += free[j] ? work.step[j] * work.score[j] : 0.0;
    double size = 1.0, value = -infinity;
    for (int halving = 0; halving < 40; ++halving, size *= 0.5) {
      for (std::size_t j = 0; j < work.trial.size(); ++j) work.trial[j] = fit.gamma[j] + size * work.step[j];
      value = log_likelihood(problem, work.trial);
      if (value >= fit.log_likelihood - 1e-13 * (1.0 + std::fabs(fit.log_likelihood))) break;
    }
    if (!(value > -infinity)) break;
    fit.gamma = work.trial;
    fit.log_likelihood = value;
    if (gain <= 1e-18) {
      fit.converged = true;
      break;
    }
  }
  for (std::size_t i = 0; i < problem.n; ++i) {
    const double eta = linear_predictor(problem, fit.gamma, i) - (problem.offset ? problem.offset[i] : 0.0);
    fit.largest = std::max(fit.largest, std::fabs(eta));
  }
  return fit;
}

}  // namespace respondr::response
