#pragma once
// Firth's estimate pulls the probabilities towards 1/2; two corrections (Puhr, Heinze, Nold, Lusa and Geroldinger 2017,
// Stat Med 36:2302).
//   FLIC  the intercept is estimated again by maximum likelihood, the other coefficients held; the mean probability is
//   then the share of events.
//         vcov: inverse information at the corrected coefficients (logistf 1.26 leaves 1 - mu out of its weights
//         there).
//   FLAC  maximum likelihood on the data and a copy with y = 1/2 and weights h (the leverages of Firth's fit), told
//   apart by an added covariate.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/logistic/fit.hpp"

namespace respondr::logistic {
namespace detail {

// Sum of m (y - mu) and of its slope with eta shifted by a.
inline void shifted(const Basis& basis, const std::vector<double>& eta, double a, double& excess, double& slope) {
  CompensatedSum u, i;
  for (std::size_t k = 0; k < basis.n; ++k) {
    const double t = eta[k] + a, far = std::exp(-std::fabs(t)), near = 1.0 / (1.0 + far), rest = far * near;
    const double event = t > 0.0 ? near : rest, other = t > 0.0 ? rest : near;
    u.add(basis.weight[k] * (basis.y[k] * other - (1.0 - basis.y[k]) * event));
    i.add(basis.weight[k] * event * other);
  }
  excess = u.value();
  slope = i.value();
}

// The shift at which the excess is 0: Newton's step, halved into the bracket.
inline double balance(const Basis& basis, const std::vector<double>& eta) {
  double low = -infinity, high = infinity, a = 0.0;
  for (int k = 0; k < 200; ++k) {
    double excess = 0.0, slope = 0.0;
    shifted(basis, eta, a, excess, slope);
    (excess > 0.0 ? low : high) = a;
    double next = a + std::max(-5.0, std::min(5.0, slope > 0.0 ? excess / slope : (excess > 0.0 ? 5.0 : -5.0)));
    if (!(next > low && next < high)) {
      next = low > -infinity && high < infinity ? 0.5 * (low + high) : a;
    }
    if (std::fabs(next - a) <= 1e-15 * (1.0 + std::fabs(a))) {
      return next;
    }
    a = next;
  }
  return a;
}

}  // namespace detail

// After fit() by Firth with w. one_level where all responses are the same: no intercept balances them, and the fit
// stays Firth's.
inline void correct_intercept(const Problem& problem, const Options& options, Workspace& w, Fit& out) {
  const Basis& basis = w.basis;
  if (out.status != Status::ok) {
    return;
  }
  if (!basis.intercept || detail::one_class(basis)) {
    out.status = basis.intercept ? Status::one_level : Status::not_estimable;
    return;
  }
  std::vector<double> eta(basis.blocks * block_rows);
  for (std::size_t b = 0; b < basis.blocks; ++b) {
    detail::block_eta(basis, b, w.estimate.gamma.data(), eta.data() + b * block_rows);
  }
  w.solver.now = w.estimate;
  w.solver.now.gamma[0] += detail::balance(basis, eta) / basis.at(0, 0);
  evaluate(basis, Estimator::firth, options.threads, w.solver.rows, w.solver.now);
  basis.coefficients(w.solver.now.gamma.data(), out.beta);
  detail::covariance(basis, w.solver.now.factor, problem.p, w.inverse, out.vcov);
  detail::describe_rows(options, w, out);
  detail::describe_likelihood(options, w, out);
}

// The data of FLAC; a fit, limits and tests of it are maximum likelihood on problem().
struct Augmented {
  std::vector<double> x, y, weight, offset;
  std::size_t p = 0;

  Problem problem() const { return {x.data(), y.size(), p, y.data(), weight.data(), offset.data()}; }
};

inline Augmented augment(const Problem& problem, const std::vector<double>& leverage) {
  const std::size_t n = problem.n;
  Augmented out;
  out.p = problem.p + 1;
  out.x.assign(2 * n * out.p, 0.0);
  out.y.assign(2 * n, 0.5);
  out.weight.assign(2 * n, 1.0);
  out.offset.assign(2 * n, 0.0);
  for (std::size_t j = 0; j < problem.p; ++j) {
    for (int copy = 0; copy < 2; ++copy) {
      std::copy(problem.x + j * n, problem.x + (j + 1) * n, out.x.data() + 2 * j * n + copy * n);
    }
  }
  std::fill(out.x.begin() + static_cast<std::ptrdiff_t>(2 * problem.p * n + n), out.x.end(), 1.0);
  for (std::size_t i = 0; i < n; ++i) {
    out.y[i] = problem.y[i];
    out.weight[i] = problem.weight ? problem.weight[i] : 1.0;
    out.weight[n + i] = leverage[i];
    out.offset[i] = out.offset[n + i] = problem.offset ? problem.offset[i] : 0.0;
  }
  return out;
}

}  // namespace respondr::logistic
