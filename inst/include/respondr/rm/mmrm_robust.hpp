#pragma once
// Sandwich estimators with the patient as cluster: CR0 (Liang and Zeger 1986), CR2 (Bell and McCaffrey 2002; Pustejovsky and
// Tipton 2018), CR3 (the jackknife's approximation), and the Satterthwaite degrees of freedom that go with them, the fitted model
// being the working one.

#include <Eigen/Dense>

#include <cmath>
#include <vector>

#include "respondr/rm/mmrm_inference.hpp"

namespace respondr::rm {

namespace detail {

// Symmetric a to a negative power; directions without weight are left out (Moore-Penrose).
inline Eigen::MatrixXd symmetric_power(const Eigen::MatrixXd& a, double power) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(a);
  const double largest = eigen.eigenvalues().cwiseAbs().maxCoeff();
  Eigen::VectorXd values(a.rows());
  for (Eigen::Index k = 0; k < a.rows(); ++k) {
    values[k] = eigen.eigenvalues()[k] > 1e-10 * largest ? std::pow(eigen.eigenvalues()[k], power) : 0.0;
  }
  return eigen.eigenvectors() * values.asDiagonal() * eigen.eigenvectors().transpose();
}

// Adjustment of the whitened residuals of one patient. leverage: L^-1 X Phi X' L^-T, L the lower Cholesky factor of V.
inline Eigen::MatrixXd adjustment(VcovType type, Convention convention, const Eigen::MatrixXd& leverage,
                                  const Eigen::MatrixXd& l) {
  const Eigen::MatrixXd rest = Eigen::MatrixXd::Identity(l.rows(), l.cols()) - leverage;
  switch (type) {
    case VcovType::cr2: {
      if (convention == Convention::mmrm) return symmetric_power(rest, -0.5);
      const Eigen::MatrixXd square = l.transpose() * l;  // their B is D (V - X Phi X') D' with D = L'
      return symmetric_power(square * rest * square, -0.5) * square;
    }
    case VcovType::cr3: return symmetric_power(rest, -1.0);
    default: return Eigen::MatrixXd::Identity(l.rows(), l.cols());
  }
}

}  // namespace detail

// Fills ws.robust and gives the sum over patients of u u', u the adjusted score in coordinates of C.
inline Eigen::MatrixXd robust_middle(const MmrmPlan& plan, const InferenceOptions& options, const MmrmWorkspace& at,
                                     RobustRows& out) {
  const int r = plan.rank, width = r + 1, n = plan.observations();
  out.whitened.resize(n, r);
  out.adjusted.resize(n, r);
  out.start.clear();
  Eigen::MatrixXd middle = Eigen::MatrixXd::Zero(r, r), rows, leverage, root, adjusting, turned;
  int next = 0;
  for (std::size_t i = 0; i < plan.patterns.size(); ++i) {
    const Pattern& s = plan.patterns[i];
    turned.resize(s.patients, static_cast<Eigen::Index>(s.size()) * width);
    for (int j = 0; j < s.size(); ++j) {
      turned.middleCols(j * width, width).noalias() = at.b[i].middleCols(j * width, width) * at.combine;
    }
    rows.resize(s.size(), width);
    for (int k = 0; k < s.patients; ++k) {
      root = at.l[i];
      for (int j = 0; j < s.size(); ++j) {
        rows.row(j) = turned.row(k).segment(j * width, width);
        root.row(j) /= plan.root_weight[s.row[j * s.patients + k]];
      }
      leverage.noalias() = rows.leftCols(r) * rows.leftCols(r).transpose();
      adjusting = detail::adjustment(options.vcov, options.convention, leverage, root);
      out.start.push_back(next);
      out.whitened.middleRows(next, s.size()) = rows.leftCols(r);
      out.adjusted.middleRows(next, s.size()).noalias() = adjusting.transpose() * rows.leftCols(r);
      const Eigen::VectorXd score = out.adjusted.middleRows(next, s.size()).transpose() * rows.col(r);
      middle.noalias() += score * score.transpose();
      next += s.size();
    }
  }
  out.start.push_back(next);
  return middle;
}

// Degrees of freedom of the contrast n: (tr O)^2 / tr O^2 with O_ij = a_i' (delta_ij I - B_i B_j') a_j, a_i the adjusted rows
// times n (Pustejovsky and Tipton 2018, section 3.1).
inline double robust_df(const RobustRows& rows, const Eigen::VectorXd& n) {
  const Eigen::VectorXd a = rows.adjusted * n;
  const Eigen::Index r = rows.whitened.cols();
  Eigen::MatrixXd cross = Eigen::MatrixXd::Zero(r, r);
  Eigen::VectorXd f(r);
  double trace = 0.0, squares = 0.0;
  for (std::size_t i = 0; i + 1 < rows.start.size(); ++i) {
    const int first = rows.start[i], count = rows.start[i + 1] - first;
    const double d = a.segment(first, count).squaredNorm();
    f.noalias() = rows.whitened.middleRows(first, count).transpose() * a.segment(first, count);
    const double hidden = f.squaredNorm();
    trace += d - hidden;
    squares += d * d - 2.0 * d * hidden;
    cross.noalias() += f * f.transpose();
  }
  squares += cross.squaredNorm();
  return trace * trace / squares;
}

}  // namespace respondr::rm
