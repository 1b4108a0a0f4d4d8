#pragma once
// From data to fits: structures in the order asked for, figures back in the unit of the data, many outcomes on one design.

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "respondr/parallel.hpp"
#include "respondr/rm/mmrm_fit.hpp"

namespace respondr::rm {

inline Covariance covariance_for(const MmrmPlan& plan, Structure structure, Form form) {
  return Covariance(structure, form, plan.visits, plan.times, plan.pairs);
}

inline bool by_time(const MmrmData& data, Structure structure) {
  return structure == Structure::sp_exp && data.time && data.time_by_row;
}

inline std::vector<int> observed_rows(const MmrmData& data, const double* y) {
  std::vector<int> rows;
  for (int i = 0; i < data.rows; ++i) {
    if (y[i] == y[i]) rows.push_back(i);
  }
  return rows;
}

// Plans of one set of observed rows, made when first asked for. Kept by a worker while outcomes have the same rows.
class PlanCache {
 public:
  const MmrmPlan& plan(const MmrmData& data, const double* y, bool times) {
    std::vector<int> rows = observed_rows(data, y);
    if (rows != rows_ || !any_) {
      made_[0] = made_[1] = false;
      rows_ = std::move(rows);
      any_ = true;
    }
    if (!made_[times]) {
      plans_[times] = make_plan(data, rows_, times);
      made_[times] = true;
    }
    return plans_[times];
  }

 private:
  std::vector<int> rows_;
  bool any_ = false;
  bool made_[2] = {false, false};
  MmrmPlan plans_[2];
};

struct FitWorkspace {
  PlanCache plans;
  MmrmWorkspace evaluation;
  Outcome outcome;
};

namespace detail {

// Variances that are nothing beside the others: a visit whose residuals are all 0.
inline std::vector<int> without_spread(const Covariance& cov, const Eigen::VectorXd& theta, int groups) {
  constexpr double nothing = 1e-24;
  std::vector<int> out;
  for (int a = 0; a < cov.size() * groups; ++a) {
    const ParameterLabel label = cov.label(a % cov.size());
    if (label.kind == ParameterKind::variance && !(theta[a] > nothing)) out.push_back(a);
  }
  return out;
}

// Ranges so small that visits next to each other in time are all but independent: what sp_exp makes of negative correlations.
inline std::vector<int> without_correlation(const MmrmPlan& plan, const Covariance& cov, const Eigen::VectorXd& theta) {
  constexpr double small = 0.01;
  double gap = infinity;
  for (const VisitPair& pair : plan.pairs) {
    if (pair.high != pair.low) gap = std::min(gap, std::fabs(plan.times[pair.high] - plan.times[pair.low]));
  }
  std::vector<int> out;
  for (int a = 1; a < theta.size(); a += cov.size()) {
    if (cov.size() == 2 && std::exp(-gap / theta[a]) < small) out.push_back(a);
  }
  return out;
}

// A second search from the same start, in parameters without bounds. A maximum it finds is where the first goes on; else Sigma is
// all but singular at the end of one of them, or neither converged.
inline void climb_unconstrained(const MmrmPlan& plan, const Covariance& cov, const Outcome& outcome,
                                const MmrmOptions& options, Eigen::VectorXd theta, MmrmWorkspace& ws, Summit& out) {
  constexpr double near_singular = 1e-5;
  MmrmOptions fewer = options;
  fewer.max_iterations = std::min(options.max_iterations, 50);
  const Covariance cholesky = covariance_for(plan, cov.structure(), Form::cholesky);
  for (int g = 0; g < plan.groups; ++g) {
    const std::vector<double> t = cholesky_from_natural(cov, theta.data() + g * cov.size());
    std::copy(t.begin(), t.end(), theta.data() + g * cov.size());
  }
  const Summit other = maximise(plan, cholesky, outcome, fewer, theta, ws);
  theta = out.theta;
  for (int g = 0; g < plan.groups && other.status == Status::ok; ++g) {
    const std::vector<double> t = cholesky.natural(other.theta.data() + g * cov.size());
    std::copy(t.begin(), t.end(), theta.data() + g * cov.size());
  }
  const Summit first = out;
  fewer.max_iterations = other.status == Status::ok ? options.max_iterations : 0;
  out = maximise(plan, cov, outcome, fewer, theta, ws);  // also brings the workspace back to where the first search ended
  out.iterations += first.iterations + other.iterations;
  if (out.status == Status::ok) return;
  out.status = std::min(first.pivot, other.pivot) < near_singular ? Status::boundary : first.status;
}

inline Summit climb(const MmrmPlan& plan, const Covariance& cov, const Outcome& outcome, const MmrmOptions& options,
                    MmrmWorkspace& ws) {
  Summit out;
  Eigen::VectorXd theta(cov.size() * plan.groups);
  for (int g = 0; g < plan.groups; ++g) {
    const std::vector<double> start = start_natural(cov, plan, pair_moments(plan, outcome, g, options.reml));
    std::copy(start.begin(), start.end(), theta.data() + g * cov.size());
  }
  out.theta = theta;
  out.trouble = without_spread(cov, theta, plan.groups);
  if (!out.trouble.empty()) {
    out.status = Status::boundary;
    return out;
  }
  ws.size_for(plan);
  out = maximise(plan, cov, outcome, options, theta, ws);
  if (out.status != Status::not_converged && out.status != Status::boundary) return out;
  if (cov.structure() != Structure::sp_exp) {
    climb_unconstrained(plan, cov, outcome, options, theta, ws, out);
  } else if (out.status == Status::not_converged) {
    out.trouble = without_correlation(plan, cov, out.theta);
    if (!out.trouble.empty()) out.status = Status::boundary;
  }
  return out;
}

// Powers of the scale of the outcome in each parameter.
inline Eigen::VectorXd units(const Covariance& cov, int groups, double scale) {
  Eigen::VectorXd out(cov.size() * groups);
  for (int a = 0; a < out.size(); ++a) out[a] = cov.unit_power(a % cov.size()) == 2 ? scale * scale : 1.0;
  return out;
}

inline void report(const MmrmPlan& plan, const Covariance& cov, const Outcome& outcome, const Summit& summit, bool reml,
                   const MmrmWorkspace& ws, MmrmFit& fit) {
  const Eigen::VectorXd unit = units(cov, plan.groups, outcome.scale);
  fit.theta = summit.theta.cwiseProduct(unit);
  fit.iterations = summit.iterations;
  fit.convergence = summit.decrement;
  fit.trouble = summit.trouble;
  fit.times = plan.times;
  if (!(summit.decrement == summit.decrement)) return;  // never evaluated
  fit.gradient = ws.gradient.cwiseQuotient(unit);
  const Eigen::VectorXd inverse = unit.cwiseInverse();
  fit.information_observed = inverse.asDiagonal() * ws.observed * inverse.asDiagonal();
  fit.information_expected = inverse.asDiagonal() * ws.expected * inverse.asDiagonal();
  const auto root = plan.root.triangularView<Eigen::Upper>();
  fit.beta = root.solve(outcome.coefficient + outcome.scale * ws.beta);
  const Eigen::MatrixXd c = root.solve(ws.combine.topLeftCorner(plan.rank, plan.rank).eval()) * outcome.scale;
  fit.vcov = c * c.transpose();
  const int free = plan.observations() - (reml ? plan.rank : 0);
  fit.log_likelihood = ws.log_likelihood - free * std::log(outcome.scale) + 0.5 * plan.sum_log_weight -
                       (reml ? plan.log_det_root : 0.0);
  for (int g = 0; g < plan.groups && plan.full; ++g) {
    Eigen::MatrixXd sigma(plan.visits, plan.visits);
    for (std::size_t e = 0; e < plan.pairs.size(); ++e) {
      sigma(plan.pairs[e].high, plan.pairs[e].low) = sigma(plan.pairs[e].low, plan.pairs[e].high) =
          ws.sigma(e, g) * outcome.scale * outcome.scale;
    }
    fit.sigma.push_back(sigma);
  }
}

}  // namespace detail

inline MmrmFit fit_mmrm(const MmrmData& data, const double* y, const MmrmOptions& options, FitWorkspace& ws) {
  MmrmFit fit;
  for (const Structure structure : options.structures) {
    const std::vector<Attempt> before = fit.attempts;
    fit = MmrmFit();
    fit.attempts = before;
    fit.structure = structure;
    const MmrmPlan& plan = ws.plans.plan(data, y, by_time(data, structure));
    fit.kept = plan.kept;
    fit.aliased = plan.aliased;
    fit.observations = plan.observations();
    fit.patients = plan.patients;
    fit.status = load_outcome(plan, y, ws.outcome);
    if (fit.status != Status::ok) {
      fit.attempts.push_back({structure, fit.status});
      return fit;
    }
    const Covariance cov = covariance_for(plan, structure, Form::natural);
    const Summit summit = detail::climb(plan, cov, ws.outcome, options, ws.evaluation);
    detail::report(plan, cov, ws.outcome, summit, options.reml, ws.evaluation, fit);
    fit.status = summit.status;
    fit.attempts.push_back({structure, summit.status});
    if (summit.status == Status::ok) {
      if (!plan.aliased.empty()) fit.status = Status::rank_deficient;
      return fit;
    }
  }
  return fit;
}

// store(i, fit) is called once for each outcome, from any thread.
template <class Store>
void fit_all(const MmrmData& data, const MmrmOptions& options, int threads, const Hooks& hooks, Store store) {
  // Outcomes with the same rows follow each other, so that a worker's plan serves them all.
  std::vector<std::string> mask(data.outcome.size());
  for (std::size_t k = 0; k < mask.size() && mask.size() > 1; ++k) {
    mask[k].resize(data.rows);
    for (int i = 0; i < data.rows; ++i) mask[k][i] = data.outcome[k][i] == data.outcome[k][i] ? '1' : '0';
  }
  std::vector<std::size_t> order(mask.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return mask[a] < mask[b]; });
  parallel_map(
      order.size(), threads, hooks, [] { return FitWorkspace(); },
      [&](std::size_t i, FitWorkspace& ws) { store(order[i], fit_mmrm(data, data.outcome[order[i]], options, ws)); });
}

}  // namespace respondr::rm
