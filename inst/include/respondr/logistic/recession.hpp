#pragma once
// Separation (Albert and Anderson 1984, Biometrika 71:1) as the iteration shows it: a direction d of recession has x'd
// >= 0 for events, <= 0 for others, = 0 for rows with both, not all 0. Where Newton's method for the likelihood
// settles, there is none; where it does not, its step tends to one, which is checked row by row (to 1e-7 of a logit a
// step). The linear programme of Konis (2007) is the exact oracle.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/logistic/fit.hpp"

namespace respondr::logistic {

enum class Separation : int { none = 0, quasi, complete };

struct Recession {
  Separation verdict = Separation::none;
  std::vector<double> direction;       // p, of the coefficients; empty without separation
  std::vector<unsigned char> columns;  // p, the coefficients that are infinite
  int iterations = 0;
  Status status = Status::ok;  // not_converged: neither settled nor separated
};

// From a fit by maximum likelihood in w. Separation is complete if the likelihood tends to 1.
inline Recession recession(const Problem& problem, const Fit& fit, const Workspace& w) {
  Recession out;
  out.iterations = fit.iterations;
  out.columns.assign(problem.p, 0);
  if (!w.outcome.separated || fit.status == Status::no_data || fit.status == Status::not_estimable) {
    out.status = fit.status == Status::ok ? Status::ok : fit.status;
    return out;
  }
  out.verdict = fit.log_likelihood > -1e-6 ? Separation::complete : Separation::quasi;
  w.basis.coefficients(w.recession.data(), out.direction);
  double longest = 0.0;
  for (const double d : w.recession) {
    longest = std::max(longest, std::fabs(d));
  }
  for (std::size_t j = 0; j < w.basis.rank; ++j) {
    const std::size_t column = w.basis.column[j];
    out.columns[column] = std::fabs(out.direction[column] * w.basis.r(j, j)) > 1e-5 * longest;
  }
  return out;
}

inline Recession find_recession(const Problem& problem, Options options, Workspace& w, Fit& fit_out) {
  options.estimator = Estimator::ml;
  options.leverage = false;
  fit(problem, options, w, fit_out);
  return recession(problem, fit_out, w);
}

}  // namespace respondr::logistic
