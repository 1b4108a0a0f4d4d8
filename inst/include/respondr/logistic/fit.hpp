#pragma once
// One logistic regression: maximum likelihood, Firth's penalised likelihood, or a logF(m, m) prior (Greenland and
// Mansournia 2015, Stat Med 34:3133; m trials at y = 1/2 for each coefficient, by augmentation).
//
//   status          beta, vcov                 log_likelihood
//   ok              the estimate               its maximum
//   one_level       last iterate, vcov NaN     its supremum (ML: every response is the same)
//   separated       last iterate, vcov NaN     its supremum (ML, logF: some coefficient is infinite)
//   not_converged   last iterate               at it; vcov NaN where a logF prior outweighs the data 1e15-fold (the unit
//                                              of a column is far beyond its values): the maximum is beyond double precision
//   no_data         NaN                        NaN (no row with weight)
//   not_estimable   NaN                        NaN (a value that is not finite or out of its range)
// vcov of Firth's estimate is the inverse of the information X'WX there, as in SAS PROC LOGISTIC and brglm2; logistf
// from 1.24.1 takes the information of the augmented data, of weights m + h, and prints smaller standard errors.
// Firth's estimate is finite for any responses (Kosmidis and Firth 2021, Biometrika 108:71).

#include <cmath>
#include <utility>
#include <vector>

#include "respondr/logistic/basis_load.hpp"
#include "respondr/logistic/newton.hpp"

namespace respondr::logistic {

// Reused from fit to fit; one a thread.
class Workspace {
 public:
  Basis basis;
  Solver solver;
  Outcome outcome;
  Evaluation estimate;            // the maximum
  Matrix secant;                  // minus the Hessian of the penalty there, about
  std::vector<double> recession;  // direction of recession in the basis, where the data separate
  std::vector<double> inverse, scratch;
};

namespace detail {

inline bool has_prior(const Options& options, bool intercept, std::size_t j) {
  return options.penalised ? options.penalised[j] != 0 : !(intercept && j == 0);
}

inline Status load(const Problem& problem, const Options& options, Workspace& w) {
  const bool logf = options.estimator == Estimator::logf && options.logf_m > 0.0;
  const Status status = load_basis(problem, logf ? problem.p : 0, options.threads, w.basis);
  if (status != Status::ok) {
    return status;
  }
  w.scratch.resize(w.basis.rank + 1);
  for (std::size_t j = 0; logf && j < w.basis.rank; ++j) {
    const std::size_t column = w.basis.column[j];
    if (has_prior(options, w.basis.intercept, column)) {
      w.basis.add_prior_row(column, j, options.logf_m, w.scratch.data());
    }
  }
  w.solver.resize(w.basis.rank);
  return Status::ok;
}

// The intercept at which the expected number of events is the observed one, the other coefficients 0. Newton's step in
// a bracket.
inline double start_intercept(const Basis& basis) {
  const double events = basis.events + 0.5, others = basis.trials - basis.events + 0.5;
  double low = infinity, high = -infinity;
  for (std::size_t i = 0; i < basis.n; ++i) {
    low = std::min(low, -basis.offset[i]);
    high = std::max(high, -basis.offset[i]);
  }
  const double middle = std::log(events / others);
  low += middle;
  high += middle;
  double a = 0.5 * (low + high);
  for (int k = 0; k < 30 && high - low > 0.1; ++k) {
    double excess = events * basis.trials / (events + others), slope = 0.0;
    for (std::size_t i = 0; i < basis.n; ++i) {
      const double mu = 1.0 / (1.0 + std::exp(-(basis.offset[i] + a)));
      excess -= basis.weight[i] * mu;
      slope += basis.weight[i] * mu * (1.0 - mu);
    }
    (excess > 0.0 ? low : high) = a;
    const double next = a + excess / slope;
    const bool close = std::fabs(next - a) < 0.1;
    a = next > low && next < high ? next : 0.5 * (low + high);
    if (close) {
      break;
    }
  }
  return a;
}

// Where offsets lie far apart, from the coefficients that take most of them away (least squares): far from there no row
// has information.
inline bool start_from_offsets(Workspace& w) {
  const Basis& basis = w.basis;
  const auto range = std::minmax_element(basis.offset.data(), basis.offset.data() + basis.n);
  if (!(*range.second - *range.first > 10.0)) {
    return false;
  }
  std::fill(w.solver.now.gamma.begin(), w.solver.now.gamma.end(), 0.0);
  std::vector<double> scaled(block_rows);
  for (std::size_t b = 0; b < basis.blocks; ++b) {
    for (std::size_t i = 0; i < basis.block_size(b); ++i) {
      scaled[i] = -basis.offset[b * block_rows + i] * (basis.weight[b * block_rows + i] / basis.trials);
    }
    add_projection(basis.block(b), basis.rank, scaled.data(), basis.block_size(b), w.solver.now.gamma.data());
  }
  return true;
}

inline void start(Workspace& w) {
  std::vector<double>& gamma = w.solver.now.gamma;
  w.solver.secant.zero();
  if (start_from_offsets(w)) {
    return;
  }
  std::fill(gamma.begin(), gamma.end(), 0.0);
  if (w.basis.intercept && w.basis.rank > 0) {
    gamma[0] = start_intercept(w.basis) / w.basis.at(0, 0);
  }
}

// With many rows, Newton's first steps are taken on every sixteenth block of them, which leaves the others two or
// three.
inline void start_from_sample(const Options& options, Workspace& w) {
  if (w.basis.chunks < 8 || w.basis.rank == 0) {
    return;
  }
  const std::vector<double> first = w.solver.now.gamma;
  Options rough = options;
  rough.estimator = Estimator::ml;
  rough.tolerance = 1.0;
  rough.max_iterations = 12;
  w.basis.every = 16;
  const Outcome outcome = maximise(w.basis, rough, nullptr, w.solver);
  w.basis.every = 1;
  if (!outcome.converged || outcome.separated || !w.solver.now.regular) {
    w.solver.now.gamma = first;
  }
}

// The penalty is about a row with weight rank / n of the information, exactly so in a saturated model.
inline void start_secant(const Options& options, Workspace& w) {
  evaluate(w.basis, Estimator::ml, options.threads, w.solver.rows, w.solver.now);
  const double share = static_cast<double>(w.basis.rank) / w.basis.trials;
  for (std::size_t k = 0; k < w.solver.secant.data.size(); ++k) {
    w.solver.secant.data[k] = share * w.solver.now.information.data[k];
  }
}

// Inverse of (L'r)' (L'r), spread over the columns of the data.
inline void covariance(const Basis& basis, const Matrix& factor, std::size_t p, std::vector<double>& inverse,
                       std::vector<double>& vcov) {
  const std::size_t k = basis.rank;
  vcov.assign(p * p, missing);
  inverse.assign(k * k, 0.0);
  Matrix root(k, k);
  for (std::size_t j = 0; j < k; ++j) {
    for (std::size_t i = 0; i <= j; ++i) {
      double sum = 0.0;
      for (std::size_t l = i; l <= j; ++l) {
        sum += factor(l, i) * basis.r(l, j);
      }
      root(i, j) = sum;
    }
  }
  for (std::size_t j = 0; j < k; ++j) {
    inverse[j + j * k] = 1.0 / root(j, j);
    for (std::size_t i = j; i-- > 0;) {
      double sum = 0.0;
      for (std::size_t l = i + 1; l <= j; ++l) {
        sum += root(i, l) * inverse[l + j * k];
      }
      inverse[i + j * k] = -sum / root(i, i);
    }
  }
  for (std::size_t j = 0; j < k; ++j) {
    for (std::size_t i = 0; i <= j; ++i) {
      double sum = 0.0;
      for (std::size_t l = j; l < k; ++l) {
        sum += inverse[i + l * k] * inverse[j + l * k];
      }
      vcov[basis.column[i] + basis.column[j] * p] = sum;
      vcov[basis.column[j] + basis.column[i] * p] = sum;
    }
  }
}

// Logarithm of the prior at beta, and of the determinant of x'Wx in the units of the data.
inline double log_prior(const Options& options, const Basis& basis, const std::vector<double>& beta) {
  double sum = 0.0;
  for (const std::size_t j : basis.column) {
    if (has_prior(options, basis.intercept, j)) {
      const double b = std::fabs(beta[j]);
      sum += -options.logf_m * (0.5 * b + std::log1p(std::exp(-b)));
    }
  }
  return sum;
}

inline double log_units(const Basis& basis) {
  double sum = 0.0;
  for (std::size_t j = 0; j < basis.rank; ++j) {
    sum += std::log(std::fabs(basis.r(j, j)));
  }
  return sum;
}

inline void describe_rows(const Options& options, Workspace& w, Fit& fit) {
  const Basis& basis = w.basis;
  fit.fitted.assign(w.solver.rows.mu.data(), w.solver.rows.mu.data() + basis.n);
  fit.leverage.clear();
  if (!options.leverage) {
    return;
  }
  fit.leverage.assign(basis.blocks * block_rows, missing);
  if (w.solver.now.regular) {
    invert_factor(w.solver.now.factor, w.solver.rows.inverse);
    for_chunks(basis.chunks, options.threads, [&](std::size_t chunk) {
      for (std::size_t b = chunk * chunk_blocks; b < basis.chunk_end(chunk); ++b) {
        block_leverage(basis, b, w.solver.rows, fit.leverage.data() + b * block_rows);
      }
    });
  }
  fit.leverage.resize(basis.n);
}

inline void describe_likelihood(const Options& options, const Workspace& w, Fit& fit) {
  const Evaluation& e = w.solver.now;
  fit.log_likelihood = e.log_likelihood;
  fit.penalised = e.value;
  if (options.estimator == Estimator::firth) {
    fit.penalised += log_units(w.basis);
  } else if (options.estimator == Estimator::logf) {
    fit.log_likelihood -= log_prior(options, w.basis, fit.beta);
  }
}

inline void no_fit(const Problem& problem, Status status, Fit& fit) {
  fit = Fit{};
  fit.beta.assign(problem.p, missing);
  fit.vcov.assign(problem.p * problem.p, missing);
  fit.fitted.assign(problem.n, missing);
  fit.leverage.assign(problem.n, missing);
  fit.kept.assign(problem.p, 0);
  fit.status = status;
}

inline bool one_class(const Basis& basis) { return basis.events <= 0.0 || basis.events >= basis.trials; }

}  // namespace detail

// Fits, and leaves the basis and the maximum in the workspace, from where limits.hpp and tests.hpp go on.
inline void fit(const Problem& problem, const Options& options, Workspace& w, Fit& out) {
  const Status loaded = detail::load(problem, options, w);
  if (loaded != Status::ok) {
    detail::no_fit(problem, loaded, out);
    return;
  }
  detail::start(w);
  detail::start_from_sample(options, w);
  if (options.estimator == Estimator::firth) {
    detail::start_secant(options, w);
  }
  w.outcome = maximise(w.basis, options, nullptr, w.solver);
  out.iterations = w.outcome.iterations;
  const bool lost = options.estimator == Estimator::logf && !w.solver.now.regular;
  out.converged = w.outcome.converged && !w.outcome.separated && !lost;
  out.kept = w.basis.kept;
  w.basis.coefficients(w.solver.now.gamma.data(), out.beta);
  w.estimate = w.solver.now;
  w.secant = w.solver.secant;
  w.recession = w.outcome.separated ? w.solver.direction : std::vector<double>();
  const bool finite = !w.outcome.separated && w.solver.now.regular;
  if (finite) {
    detail::covariance(w.basis, w.solver.now.factor, problem.p, w.inverse, out.vcov);
  } else {
    out.vcov.assign(problem.p * problem.p, missing);
  }
  detail::describe_rows(options, w, out);
  detail::describe_likelihood(options, w, out);
  out.status = w.outcome.separated ? (detail::one_class(w.basis) ? Status::one_level : Status::separated)
               : out.converged     ? Status::ok
                                   : Status::not_converged;
}

}  // namespace respondr::logistic
