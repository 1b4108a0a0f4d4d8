#pragma once
// Maximum of the (restricted) likelihood in the natural parameters: Fisher scoring far from it, Newton steps near it, each
// halved until Sigma is positive definite and the likelihood does not fall.

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/rm/covariance_start.hpp"

namespace respondr::rm {

// y: by row of the data. ok, no_data, too_few (no more measurements than coefficients), no_variance (X explains y to rounding).
inline Status load_outcome(const MmrmPlan& plan, const double* y, Outcome& out) {
  const int n = plan.observations();
  if (n == 0 || plan.rank == 0) return Status::no_data;
  Eigen::VectorXd& v = out.residual;
  v.resize(n);
  double largest = 0.0;
  for (int i = 0; i < n; ++i) {
    v[i] = y[plan.rows[i]] * plan.root_weight[i];
    largest = std::max(largest, std::fabs(v[i]));
  }
  if (n <= plan.rank) return Status::too_few;
  if (!(largest > 0.0)) return Status::no_variance;
  v /= largest;
  out.coefficient.setZero(plan.rank);
  Eigen::VectorXd step(plan.rank);
  for (int pass = 0; pass < 2; ++pass) {
    step.noalias() = plan.basis.transpose() * v;
    v.noalias() -= plan.basis * step;
    out.coefficient += step;
  }
  out.coefficient *= largest;
  const double deviation = std::sqrt(v.squaredNorm() / (n - plan.rank));
  if (!(deviation > 64.0 * std::numeric_limits<double>::epsilon())) return Status::no_variance;
  v /= deviation;
  out.scale = deviation * largest;
  return Status::ok;
}

// Where the search ended, in the unit of Outcome::residual.
struct Summit {
  Status status = Status::not_converged;
  Eigen::VectorXd theta;
  double decrement = missing;
  double pivot = 0.0;  // smallest of the correlation matrix: 0 is singular
  int iterations = 0;
  std::vector<int> trouble;
};

namespace detail {

inline bool set_sigma(const Covariance& cov, const Eigen::VectorXd& theta, int groups, MmrmWorkspace& ws, double* pivot) {
  ws.sigma.resize(cov.elements(), groups);
  *pivot = 1.0;
  for (int g = 0; g < groups; ++g) {
    const double* t = theta.data() + static_cast<std::ptrdiff_t>(g) * cov.size();
    *pivot = std::min(*pivot, definiteness(cov, t));
    if (!(*pivot > 0.0)) return false;
    cov.values(t, ws.sigma.col(g).data());
  }
  return true;
}

// Size of a natural parameter beside which its standard error is judged: products of standard deviations, 1 for correlations.
inline double natural_size(const Covariance& cov, const double* theta, int a) {
  switch (cov.structure()) {
    case Structure::us: {
      const ParameterLabel label = cov.label(a);
      return std::sqrt(theta[triangle(label.high - 1, label.high - 1)] * theta[triangle(label.low - 1, label.low - 1)]);
    }
    case Structure::cs: return cov.visits() > 1 ? theta[0] + theta[1] : theta[0];
    case Structure::toep: return theta[0];
    case Structure::sp_exp: return theta[a];
    default: return a < cov.variances() ? theta[a] : 1.0;
  }
}

// Parameters about which the data say nothing: no patient made the visits, or X takes up all there is.
inline std::vector<int> without_information(const Covariance& cov, const Eigen::VectorXd& theta,
                                            const Eigen::MatrixXd& information) {
  constexpr double nothing = 1e-9;  // patients
  std::vector<int> out;
  for (int a = 0; a < information.rows(); ++a) {
    const int group = a / cov.size();
    const double size = natural_size(cov, theta.data() + group * cov.size(), a % cov.size());
    if (!(information(a, a) * size * size > nothing)) out.push_back(a);
  }
  return out;
}

// H^-1 g with H scaled to unit diagonal; false if H is not positive definite.
inline bool newton_step(const Eigen::MatrixXd& h, const Eigen::VectorXd& g, Eigen::VectorXd& step) {
  const Eigen::VectorXd scale = h.diagonal().cwiseAbs().cwiseMax(1e-300).cwiseSqrt().cwiseInverse();
  Eigen::MatrixXd root = scale.asDiagonal() * h * scale.asDiagonal();
  if (!small_cholesky(root)) return false;
  step = g.cwiseProduct(scale);
  root.triangularView<Eigen::Lower>().solveInPlace(step);
  root.triangularView<Eigen::Lower>().transpose().solveInPlace(step);
  step = step.cwiseProduct(scale);
  return step.allFinite();
}

// The expected information with a ridge that grows until it can be inverted.
inline void scoring_step(const Eigen::MatrixXd& expected, const Eigen::VectorXd& g, Eigen::VectorXd& step) {
  Eigen::MatrixXd h = expected;
  for (double ridge = 0.0; !newton_step(h, g, step) && ridge < 1e3; ridge = ridge == 0.0 ? 1e-8 : 10.0 * ridge) {
    h = expected;
    h.diagonal() += ridge * expected.diagonal().cwiseAbs();
  }
}

}  // namespace detail

inline Summit maximise(const MmrmPlan& plan, const Covariance& cov, const Outcome& outcome, const MmrmOptions& options,
                       Eigen::VectorXd theta, MmrmWorkspace& ws) {
  constexpr double flat = 1e-9;    // pivot of the correlation matrix below which Sigma counts as singular
  constexpr double nearer = 0.05;  // of the way to a singular Sigma that one step may not pass
  Summit out;
  double pivot = 0.0;
  out.theta = theta;
  if (!detail::set_sigma(cov, theta, plan.groups, ws, &pivot) || !evaluate_value(plan, outcome, options.reml, ws)) {
    out.status = Status::boundary;
    return out;
  }
  evaluate_derivatives(plan, cov, theta, options.reml, ws);
  if (cov.form() == Form::natural) out.trouble = detail::without_information(cov, theta, ws.expected);
  if (!out.trouble.empty()) {
    out.status = Status::not_estimable;
    return out;
  }
  Eigen::VectorXd step(theta.size()), trial;
  for (bool polished = false;; ++out.iterations) {
    detail::scoring_step(ws.expected, ws.gradient, step);
    double gain = ws.gradient.dot(step);
    if (gain < 0.1 && detail::newton_step(ws.observed, ws.gradient, trial)) {
      step = trial;
      gain = ws.gradient.dot(step);
    }
    out.theta = theta;
    out.decrement = gain;
    out.pivot = pivot;
    if (pivot < flat) {
      out.status = Status::boundary;
      return out;
    }
    if (gain <= 1e-22 || (polished && gain <= options.tolerance)) {
      out.status = Status::ok;
      return out;
    }
    if (out.iterations >= options.max_iterations) return out;
    const double pivot_before = pivot, before = ws.log_likelihood, noise = 1e-13 * (std::fabs(before) + plan.observations());
    double length = 1.0;
    for (;; length *= 0.5) {
      if (length < 1e-9) {  // no step of this size is seen in the likelihood
        detail::set_sigma(cov, theta, plan.groups, ws, &pivot);
        evaluate_value(plan, outcome, options.reml, ws);
        evaluate_derivatives(plan, cov, theta, options.reml, ws);
        out.status = gain <= 1e2 * options.tolerance ? Status::ok : Status::not_converged;
        return out;
      }
      trial = theta + length * step;
      if (detail::set_sigma(cov, trial, plan.groups, ws, &pivot) && pivot > nearer * pivot_before &&
          evaluate_value(plan, outcome, options.reml, ws) &&
          ws.log_likelihood >= before + 1e-4 * length * gain - noise) {
        break;
      }
    }
    polished = gain <= options.tolerance && length == 1.0;
    theta = trial;
    evaluate_derivatives(plan, cov, theta, options.reml, ws);
  }
}

}  // namespace respondr::rm
