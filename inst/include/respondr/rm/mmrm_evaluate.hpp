#pragma once
// The (restricted) log likelihood of one outcome, its gradient and both informations, at given covariance matrices.
//
// In whitened rows B_i = L_i^-1 [X_i y_i], Sigma_i = L_i L_i', with C C' = Phi = (X'V^-1 X)^-1 and beta = Phi X'V^-1 y, all
// that is needed comes from Z_i = Sigma_i^-1 [X_i C, y_i - X_i beta]: with M_jk the sum of z_ij z_ik' over patients who made
// visits j and k, dl / dSigma = -(m W - K - U) / 2 with K and U the traces of M_jk without and the corner with the residual, and
//   tr(P V_a P V_b) = sum over patients tr(V_a W V_b (W - 2 K)) + tr(P_a P_b),   y'P V_a P V_b P y = tr(V_a W V_b U) - q_a'q_b,
// where P_a = C'X'W V_a W X C and q_a = C'X'W V_a W r are sums of M_jk (Harville 1977; Gilmour, Thompson and Cullis 1995).

#include <Eigen/Dense>

#include <cmath>
#include <vector>

#include "respondr/rm/mmrm_plan.hpp"

namespace respondr::rm {

constexpr double log_two_pi = 1.83787706640934548356;

// An outcome in the orthonormal basis: y = basis * coefficient + scale * residual, weights applied; residual has length
// sqrt(n - rank).
struct Outcome {
  Eigen::VectorXd residual, coefficient;
  double scale = 0.0;
};

struct MmrmWorkspace {
  std::vector<Eigen::MatrixXd> b, z, l, w;  // one a pattern
  Eigen::MatrixXd sigma;                    // elements x groups
  Eigen::MatrixXd gram, root, combine, crossed, wide;
  Eigen::VectorXd beta;
  double log_likelihood = 0.0;
  Eigen::MatrixXd element_gradient;         // elements x groups
  Eigen::MatrixXd sums;                     // M: (rank + 1)^2 x (elements * groups)
  Eigen::MatrixXd slopes;                   // P_a, q_a: (rank + 1)^2 x parameters
  std::vector<Eigen::MatrixXd> jacobian;    // one a group
  Eigen::VectorXd gradient;
  Eigen::MatrixXd expected, observed;
  Eigen::MatrixXd inverse_term, expected_term, observed_term, direction;

  void size_for(const MmrmPlan& plan) {
    const std::size_t patterns = plan.patterns.size();
    for (auto* all : {&b, &z, &l, &w}) all->resize(patterns);
    const int width = plan.rank + 1;
    gram.resize(width, width);
    combine.resize(width, width);
  }
};

// Lower Cholesky factor; false where a pivot is not above 1e-14 of its diagonal element.
inline bool small_cholesky(Eigen::MatrixXd& a) {
  const Eigen::Index n = a.rows();
  for (Eigen::Index j = 0; j < n; ++j) {
    const double diagonal = a(j, j);
    double pivot = diagonal;
    for (Eigen::Index k = 0; k < j; ++k) pivot -= a(j, k) * a(j, k);
    if (!(pivot > 1e-14 * diagonal) || !(diagonal > 0.0) || !std::isfinite(diagonal)) return false;
    a(j, j) = std::sqrt(pivot);
    for (Eigen::Index i = j + 1; i < n; ++i) {
      double x = a(i, j);
      for (Eigen::Index k = 0; k < j; ++k) x -= a(i, k) * a(j, k);
      a(i, j) = x / a(j, j);
      a(j, i) = 0.0;
    }
  }
  return true;
}

namespace detail {

// Elements of Sigma, in the order of the plan's pairs, as the matrix of a pattern.
inline void pattern_matrix(const Pattern& s, const double* elements, Eigen::MatrixXd& out) {
  out.resize(s.size(), s.size());
  std::size_t e = 0;
  for (int j = 0; j < s.size(); ++j) {
    for (int k = 0; k <= j; ++k, ++e) out(j, k) = out(k, j) = elements[s.pair[e]];
  }
}

inline void whiten(const Pattern& s, const Outcome& outcome, int width, const Eigen::MatrixXd& l, Eigen::MatrixXd& b) {
  b = s.x;
  for (int j = 0; j < s.size(); ++j) {
    double* column = b.data() + static_cast<std::size_t>(j * width + width - 1) * s.patients;
    for (int i = 0; i < s.patients; ++i) column[i] = outcome.residual[s.row[j * s.patients + i]];
  }
  Eigen::Map<Eigen::MatrixXd> tall(b.data(), static_cast<Eigen::Index>(s.patients) * width, s.size());
  l.triangularView<Eigen::Lower>().transpose().solveInPlace<Eigen::OnTheRight>(tall);
}

}  // namespace detail

// ws.sigma given. False: a covariance matrix is not positive definite.
inline bool evaluate_value(const MmrmPlan& plan, const Outcome& outcome, bool reml, MmrmWorkspace& ws) {
  const int r = plan.rank, width = r + 1;
  double log_det = 0.0;
  ws.gram.setZero();
  for (std::size_t i = 0; i < plan.patterns.size(); ++i) {
    const Pattern& s = plan.patterns[i];
    detail::pattern_matrix(s, ws.sigma.col(s.group).data(), ws.l[i]);
    if (!small_cholesky(ws.l[i])) return false;
    for (int j = 0; j < s.size(); ++j) log_det += 2.0 * s.patients * std::log(ws.l[i](j, j));
    detail::whiten(s, outcome, width, ws.l[i], ws.b[i]);
    for (int j = 0; j < s.size(); ++j) {
      ws.gram.selfadjointView<Eigen::Lower>().rankUpdate(ws.b[i].middleCols(j * width, width).transpose());
    }
  }
  ws.root = ws.gram.topLeftCorner(r, r);
  if (!small_cholesky(ws.root)) return false;
  ws.beta = ws.gram.row(r).head(r).transpose();
  ws.root.triangularView<Eigen::Lower>().solveInPlace(ws.beta);
  ws.root.triangularView<Eigen::Lower>().transpose().solveInPlace(ws.beta);
  ws.combine.setIdentity();
  ws.root.triangularView<Eigen::Lower>().transpose().solveInPlace(ws.combine.topLeftCorner(r, r));
  ws.combine.col(r).head(r) = -ws.beta;
  double squares = 0.0;
  for (std::size_t i = 0; i < plan.patterns.size(); ++i) {
    const Pattern& s = plan.patterns[i];
    for (int j = 0; j < s.size(); ++j) {
      squares += (ws.b[i].middleCols(j * width, width) * ws.combine.col(r)).squaredNorm();
    }
  }
  double minus_twice = log_det + squares + plan.observations() * log_two_pi;
  for (int k = 0; k < r && reml; ++k) minus_twice += 2.0 * std::log(ws.root(k, k)) - log_two_pi;
  ws.log_likelihood = -0.5 * minus_twice;
  return std::isfinite(ws.log_likelihood);
}

namespace detail {

// tr(V_e W V_f Y) between single elements e = (a, b), f = (c, d) of one pattern, for two Y at once.
inline void add_element_terms(const Pattern& s, std::size_t offset, const Eigen::MatrixXd& w, MmrmWorkspace& ws) {
  const Eigen::MatrixXd &y1 = ws.expected_term, &y2 = ws.observed_term;
  std::size_t e = 0;
  for (int a = 0; a < s.size(); ++a) {
    for (int b = 0; b <= a; ++b, ++e) {
      const std::size_t row = offset + s.pair[e];
      std::size_t f = 0;
      for (int c = 0; c <= a; ++c) {
        for (int d = 0; d <= c && f <= e; ++d, ++f) {
          const double share = (a == b ? 0.5 : 1.0) * (c == d ? 0.5 : 1.0);
          const double wbc = w(b, c), wbd = w(b, d), wac = w(a, c), wad = w(a, d);
          const std::size_t column = offset + s.pair[f];
          ws.expected(row, column) += share * (wbc * y1(d, a) + wbd * y1(c, a) + wac * y1(d, b) + wad * y1(c, b));
          ws.observed(row, column) += share * (wbc * y2(d, a) + wbd * y2(c, a) + wac * y2(d, b) + wad * y2(c, b));
        }
      }
    }
  }
}

// The same between parameters.
inline void add_parameter_terms(const Pattern& s, std::size_t offset, const Eigen::MatrixXd& w,
                                const Eigen::MatrixXd& jacobian, MmrmWorkspace& ws) {
  const Eigen::Index q = jacobian.cols(), c = s.size();
  Eigen::MatrixXd left(c * c, q), first(c * c, q), second(c * c, q);
  for (Eigen::Index a = 0; a < q; ++a) {
    pattern_matrix(s, jacobian.col(a).data(), ws.direction);
    Eigen::Map<Eigen::MatrixXd>(left.col(a).data(), c, c).noalias() = ws.direction * w;
    Eigen::Map<Eigen::MatrixXd>(first.col(a).data(), c, c).noalias() = ws.expected_term * ws.direction;
    Eigen::Map<Eigen::MatrixXd>(second.col(a).data(), c, c).noalias() = ws.observed_term * ws.direction;
  }
  ws.expected.block(offset, offset, q, q).noalias() += left.transpose() * first;
  ws.observed.block(offset, offset, q, q).noalias() += left.transpose() * second;
}

// Adds the sums M of one pattern, and from their traces the gradient and the terms in V_a W V_b.
inline void add_pattern(const Pattern& s, std::size_t i, const Covariance& cov, const MmrmPlan& plan, bool reml,
                        MmrmWorkspace& ws) {
  const int width = plan.rank + 1, c = s.size();
  const Eigen::Index elements = cov.elements();
  ws.z[i].resize(s.patients, static_cast<Eigen::Index>(c) * width);
  for (int j = 0; j < c; ++j) ws.z[i].middleCols(j * width, width).noalias() = ws.b[i].middleCols(j * width, width) * ws.combine;
  Eigen::Map<Eigen::MatrixXd> tall(ws.z[i].data(), static_cast<Eigen::Index>(s.patients) * width, c);
  ws.l[i].triangularView<Eigen::Lower>().solveInPlace<Eigen::OnTheRight>(tall);
  ws.w[i] = Eigen::MatrixXd::Identity(c, c);
  ws.l[i].triangularView<Eigen::Lower>().solveInPlace(ws.w[i]);
  ws.l[i].triangularView<Eigen::Lower>().transpose().solveInPlace(ws.w[i]);
  ws.crossed = Eigen::MatrixXd::Zero(c * width, c * width);
  ws.crossed.selfadjointView<Eigen::Lower>().rankUpdate(ws.z[i].transpose());
  Eigen::MatrixXd &k = ws.expected_term, &u = ws.observed_term, &mw = ws.inverse_term;
  k.resize(c, c);
  u.resize(c, c);
  mw = s.patients * ws.w[i];
  std::size_t e = 0;
  for (int a = 0; a < c; ++a) {
    for (int b = 0; b <= a; ++b, ++e) {
      auto block = ws.crossed.block(a * width, b * width, width, width);
      if (a == b) block.triangularView<Eigen::StrictlyUpper>() = block.transpose();
      k(a, b) = k(b, a) = reml ? block.diagonal().head(plan.rank).sum() : 0.0;
      u(a, b) = u(b, a) = block(plan.rank, plan.rank);
      Eigen::Map<Eigen::MatrixXd> sum(ws.sums.col(s.group * elements + s.pair[e]).data(), width, width);
      sum += block;
      if (a != b) sum += block.transpose();
      ws.element_gradient(s.pair[e], s.group) -= (a == b ? 0.5 : 1.0) * (mw(a, b) - u(a, b) - k(a, b));
    }
  }
  u += k - 0.5 * mw;      // observed: tr(V_a W V_b (U + K - m W / 2))
  k = 0.5 * mw - k;       // expected: tr(V_a W V_b (m W / 2 - K))
  const std::size_t offset = static_cast<std::size_t>(s.group) * cov.size();
  if (cov.identity()) {
    add_element_terms(s, offset, ws.w[i], ws);
  } else {
    add_parameter_terms(s, offset, ws.w[i], ws.jacobian[s.group], ws);
  }
}

// The terms through beta and, for the observed information, through the curvature of Sigma.
inline void finish_information(const Covariance& cov, const Eigen::VectorXd& theta, int groups, int rank, bool reml,
                               MmrmWorkspace& ws) {
  const int q = cov.size(), width = rank + 1;
  const Eigen::Index elements = cov.elements();
  ws.slopes.resize(width * width, q * groups);
  for (int g = 0; g < groups; ++g) {
    if (cov.identity()) {
      ws.slopes.middleCols(g * q, q) = ws.sums.middleCols(g * elements, elements);
    } else {
      ws.slopes.middleCols(g * q, q).noalias() = ws.sums.middleCols(g * elements, elements) * ws.jacobian[g];
    }
    ws.gradient.segment(g * q, q).noalias() = ws.jacobian[g].transpose() * ws.element_gradient.col(g);
    cov.second(theta.data() + g * q, [&](int a, int b, std::size_t e, double curve) {
      ws.observed(g * q + a, g * q + b) -= ws.element_gradient(e, g) * curve;
    });
  }
  const auto through = ws.slopes.middleRows(rank * width, rank);
  const auto corner = ws.slopes.row(rank * width + rank);
  const Eigen::MatrixXd by_residual = through.transpose() * through;
  if (reml) {
    const Eigen::MatrixXd by_beta =
        ws.slopes.transpose() * ws.slopes - 2.0 * by_residual - corner.transpose() * corner;
    ws.expected += 0.5 * by_beta;
    ws.observed -= 0.5 * by_beta;
  }
  ws.observed -= by_residual;
  ws.expected.triangularView<Eigen::StrictlyUpper>() = ws.expected.transpose();
  ws.observed.triangularView<Eigen::StrictlyUpper>() = ws.observed.transpose();
}

}  // namespace detail

// After evaluate_value() at the same theta.
inline void evaluate_derivatives(const MmrmPlan& plan, const Covariance& cov, const Eigen::VectorXd& theta, bool reml,
                                 MmrmWorkspace& ws) {
  const int q = cov.size(), width = plan.rank + 1;
  const Eigen::Index all = static_cast<Eigen::Index>(q) * plan.groups;
  ws.expected.setZero(all, all);
  ws.observed.setZero(all, all);
  ws.gradient.setZero(all);
  ws.element_gradient.setZero(cov.elements(), plan.groups);
  ws.sums.setZero(width * width, static_cast<Eigen::Index>(cov.elements()) * plan.groups);
  ws.jacobian.resize(plan.groups);
  for (int g = 0; g < plan.groups; ++g) cov.first(theta.data() + g * q, ws.jacobian[g]);
  for (std::size_t i = 0; i < plan.patterns.size(); ++i) detail::add_pattern(plan.patterns[i], i, cov, plan, reml, ws);
  detail::finish_information(cov, theta, plan.groups, plan.rank, reml, ws);
}

}  // namespace respondr::rm
