#pragma once
// Start values of a covariance structure from the moments of least-squares residuals, always positive definite.

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/rm/mmrm_evaluate.hpp"

namespace respondr::rm {

// Sums of products of residuals and numbers of patients, by pair of visits, for one group. Under REML the sums are inflated by
// n / (n - rank), which makes them exact for complete visits with their own means.
struct PairMoments {
  Eigen::VectorXd sum, count;
};

inline PairMoments pair_moments(const MmrmPlan& plan, const Outcome& outcome, int group, bool reml) {
  PairMoments out;
  out.sum = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(plan.pairs.size()));
  out.count = out.sum;
  for (const Pattern& s : plan.patterns) {
    if (s.group != group) continue;
    std::size_t e = 0;
    for (int j = 0; j < s.size(); ++j) {
      for (int k = 0; k <= j; ++k, ++e) {
        out.count[s.pair[e]] += s.patients;
        for (int i = 0; i < s.patients; ++i) {
          out.sum[s.pair[e]] += outcome.residual[s.row[j * s.patients + i]] * outcome.residual[s.row[k * s.patients + i]];
        }
      }
    }
  }
  if (reml) out.sum *= static_cast<double>(plan.observations()) / (plan.observations() - plan.rank);
  return out;
}

// Smallest pivot of the correlation matrix of a packed lower triangle; 0 if it is not positive definite. It is one less the
// squared multiple correlation of a visit with those before it.
inline double smallest_pivot(const double* packed, int visits) {
  Eigen::MatrixXd a(visits, visits);
  for (int j = 0; j < visits; ++j) {
    for (int k = 0; k <= j; ++k) a(j, k) = packed[triangle(j, k)];
  }
  for (int j = 0; j < visits; ++j) {
    if (!(a(j, j) > 0.0) || !std::isfinite(a(j, j))) return 0.0;
  }
  for (int j = 0; j < visits; ++j) {
    for (int k = 0; k < j; ++k) a(j, k) /= std::sqrt(a(j, j)) * std::sqrt(a(k, k));
  }
  a.diagonal().setOnes();
  double smallest = 1.0;
  for (int j = 0; j < visits; ++j) {
    double pivot = 1.0;
    for (int k = 0; k < j; ++k) pivot -= a(j, k) * a(j, k);
    if (!(pivot > 1e-14)) return 0.0;
    smallest = std::min(smallest, pivot);
    a(j, j) = std::sqrt(pivot);
    for (int i = j + 1; i < visits; ++i) {
      for (int k = 0; k < j; ++k) a(i, j) -= a(i, k) * a(j, k);
      a(i, j) /= a(j, j);
    }
  }
  return smallest;
}

// 0: outside the parameter space. Structures on many distinct times are sp_exp, which is definite wherever it is defined.
inline double definiteness(const Covariance& cov, const double* theta) {
  if (cov.structure() == Structure::sp_exp) {
    const bool inside = theta[0] > 0.0 && (cov.visits() == 1 || theta[1] > 0.0);
    if (cov.form() == Form::natural && !(inside && std::isfinite(theta[0]))) return 0.0;
    if (cov.visits() > 60) return 1.0;
  }
  std::vector<double> packed(cov.pairs().size());
  cov.values(theta, packed.data());
  return smallest_pivot(packed.data(), cov.visits());
}

namespace detail {

inline double clip(double x, double low, double high) { return std::min(high, std::max(low, x)); }

inline std::vector<double> start_us(const MmrmPlan& plan, const PairMoments& m) {
  std::vector<double> full(plan.pairs.size()), out(plan.pairs.size());
  for (std::size_t e = 0; e < full.size(); ++e) full[e] = m.count[e] > 0.0 ? m.sum[e] / m.count[e] : 0.0;
  for (const double keep : {1.0, 0.95, 0.8, 0.6, 0.3, 0.0}) {
    for (std::size_t e = 0; e < full.size(); ++e) {
      out[e] = plan.pairs[e].high == plan.pairs[e].low ? (m.count[e] > 0.0 ? full[e] : 1.0) : keep * full[e];
    }
    if (smallest_pivot(out.data(), plan.visits) > (keep == 1.0 ? 1e-11 : 1e-3)) break;
  }
  return out;
}

// Average correlation of the pairs that take part, and their average distance.
template <class Takes>
double average_correlation(const MmrmPlan& plan, const PairMoments& m, const std::vector<double>& variance, Takes takes) {
  double sum = 0.0, count = 0.0;
  for (std::size_t e = 0; e < plan.pairs.size(); ++e) {
    const VisitPair pair = plan.pairs[e];
    if (pair.high == pair.low || !takes(pair)) continue;
    const double sd = std::sqrt(variance[pair.high] * variance[pair.low]);
    if (sd > 0.0) sum += m.sum[e] / sd;
    count += m.count[e];
  }
  return count > 0.0 ? clip(sum / count, -0.95, 0.95) : 0.3;
}

inline double average_gap(const MmrmPlan& plan, const PairMoments& m) {
  double sum = 0.0, count = 0.0;
  for (std::size_t e = 0; e < plan.pairs.size(); ++e) {
    const VisitPair pair = plan.pairs[e];
    if (pair.high == pair.low) continue;
    sum += m.count[e] * std::fabs(plan.times[pair.high] - plan.times[pair.low]);
    count += m.count[e];
  }
  return count > 0.0 ? sum / count : 1.0;
}

// Correlation parameters of all structures but us.
inline std::vector<double> start_correlations(const Covariance& cov, const MmrmPlan& plan, const PairMoments& m,
                                              const std::vector<double>& variance) {
  std::vector<double> r;
  const auto average = [&](auto takes) { return average_correlation(plan, m, variance, takes); };
  const auto all = [](VisitPair) { return true; };
  for (int k = 0; k < cov.visits() - 1; ++k) {
    switch (cov.structure()) {
      case Structure::toep:
      case Structure::toeph: r.push_back(average([k](VisitPair p) { return p.high - p.low == k + 1; })); break;
      case Structure::ad:
      case Structure::adh: r.push_back(average([k](VisitPair p) { return p.low == k && p.high == k + 1; })); break;
      case Structure::ar1:
      case Structure::ar1h: return {average([](VisitPair p) { return p.high - p.low == 1; })};
      case Structure::sp_exp: return {-average_gap(plan, m) / std::log(clip(average(all), 0.05, 0.95))};
      default: return {average(all)};
    }
  }
  return r;
}

}  // namespace detail

// Natural parameters of one group. moments of variance 0 give variance 0, which the caller must refuse.
inline std::vector<double> start_natural(const Covariance& cov, const MmrmPlan& plan, const PairMoments& m) {
  if (cov.structure() == Structure::us) return detail::start_us(plan, m);
  double sum = 0.0, count = 0.0;
  for (std::size_t e = 0; e < plan.pairs.size(); ++e) {
    if (plan.pairs[e].high == plan.pairs[e].low) {
      sum += m.sum[e];
      count += m.count[e];
    }
  }
  const double pooled = count > 0.0 ? sum / count : 1.0;
  std::vector<double> variance(cov.visits(), pooled);
  for (std::size_t e = 0; e < plan.pairs.size() && heterogeneous(cov.structure()); ++e) {
    if (plan.pairs[e].high == plan.pairs[e].low && m.count[e] > 0.0) variance[plan.pairs[e].high] = m.sum[e] / m.count[e];
  }
  std::vector<double> r = detail::start_correlations(cov, plan, m, variance), theta;
  for (int attempt = 0; attempt < 12; ++attempt) {
    theta.assign(variance.begin(), variance.begin() + cov.variances());
    if (cov.structure() == Structure::cs && cov.visits() > 1) theta = {pooled * r[0], pooled * (1.0 - r[0])};
    if (cov.structure() == Structure::toep) {
      for (double x : r) theta.push_back(pooled * x);
    } else if (cov.structure() != Structure::cs) {
      theta.insert(theta.end(), r.begin(), r.end());
    }
    if (definiteness(cov, theta.data()) > 1e-3 || cov.structure() == Structure::sp_exp) break;
    for (double& x : r) x *= attempt < 10 ? 0.75 : 0.0;
  }
  return theta;
}

// Parameters of the Cholesky form from Sigma as a packed lower triangle and the natural parameters.
inline std::vector<double> cholesky_from_natural(const Covariance& natural, const double* theta) {
  const int v = natural.visits();
  std::vector<double> out;
  if (natural.structure() == Structure::us) {
    Eigen::MatrixXd l(v, v);
    for (int j = 0; j < v; ++j) {
      for (int k = 0; k <= j; ++k) l(j, k) = l(k, j) = theta[triangle(j, k)];
    }
    small_cholesky(l);
    for (int j = 0; j < v; ++j) out.push_back(std::log(l(j, j)));
    for (int j = 0; j < v; ++j) {
      for (int k = 0; k < j; ++k) out.push_back(l(j, k) / l(j, j));
    }
    return out;
  }
  const Structure s = natural.structure();
  const bool cs = s == Structure::cs && v > 1;
  const int first = natural.variances();
  for (int j = 0; j < first; ++j) out.push_back(0.5 * std::log(cs ? theta[0] + theta[1] : theta[j]));
  const double a = 1.0 / (v - 1.0);
  for (int k = first; k < natural.size(); ++k) {
    const double r = cs ? theta[0] / (theta[0] + theta[1]) : s == Structure::toep ? theta[k] / theta[0] : theta[k];
    if (s == Structure::sp_exp) {
      out.push_back(-1.0 / r - std::log(-std::expm1(-1.0 / r)));
    } else if (s == Structure::cs || s == Structure::csh) {
      out.push_back(std::log((r + a) / (1.0 - r)));
    } else {
      out.push_back(r / std::sqrt(1.0 - r * r));
    }
  }
  return out;
}

}  // namespace respondr::rm
