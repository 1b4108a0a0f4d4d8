#pragma once
// What a fit says about beta: covariance matrices and degrees of freedom. In coordinates where Phi is the identity: beta enters
// as C'(...), Phi = C C', so that a contrast l is the vector n = C'l and P_a, Q_ab and R_ab of Kenward and Roger (1997) are sums
// over the Z_i of mmrm_evaluate.hpp.

#include <Eigen/Dense>

#include <cmath>
#include <vector>

#include "respondr/rm/mmrm_solve.hpp"

namespace respondr::rm {

enum class DfMethod : int {
  satterthwaite = 0,
  kenward_roger,
  kenward_roger_linear,
  kenward_roger_cholesky,
  between_within,
  residual,
  asymptotic
};
enum class VcovType : int { model = 0, cr0, cr2, cr3 };
enum class Information : int { observed = 0, expected };
enum class Convention : int { sas = 0, mmrm };

struct InferenceOptions {
  bool reml = true;
  DfMethod df = DfMethod::satterthwaite;
  VcovType vcov = VcovType::model;
  Information information = Information::observed;
  Convention convention = Convention::sas;
};

inline bool kenward_roger(DfMethod m) {
  return m == DfMethod::kenward_roger || m == DfMethod::kenward_roger_linear || m == DfMethod::kenward_roger_cholesky;
}

// What is needed of a fit to say more about it.
struct FitPoint {
  Status status = Status::no_data;
  Structure structure = Structure::us;
  Eigen::VectorXd theta;  // natural, unit of the data
};

inline bool usable(Status status) { return status == Status::ok || status == Status::rank_deficient; }

// Robust pieces, rows of all patients one after another.
struct RobustRows {
  Eigen::MatrixXd whitened;  // L^-1 X C
  Eigen::MatrixXd adjusted;  // A' L^-1 X C, A the adjustment in whitened coordinates
  std::vector<int> start;    // of each patient, and the end
};

struct InferenceWorkspace {
  FitWorkspace fit;
  const MmrmPlan* plan = nullptr;
  Eigen::MatrixXd theta_cov;  // covariance of theta
  Eigen::MatrixXd middle;     // covariance of beta is scale^2 C middle C'
  Eigen::VectorXd beta;       // of the kept columns
  Eigen::MatrixXd to_original;  // R^-1 C: a contrast l over kept columns is n = to_original' l
  RobustRows robust;
  double between = 0.0, within = 0.0;
  std::vector<char> varies;   // kept column changes within a patient
  std::vector<char> constant; // kept column is the intercept
};

namespace detail {

inline bool invert_information(const Eigen::MatrixXd& information, Eigen::MatrixXd& out) {
  const Eigen::VectorXd scale = information.diagonal().cwiseAbs().cwiseMax(1e-300).cwiseSqrt().cwiseInverse();
  Eigen::MatrixXd root = scale.asDiagonal() * information * scale.asDiagonal();
  if (!small_cholesky(root)) return false;
  Eigen::MatrixXd inverse = Eigen::MatrixXd::Identity(root.rows(), root.cols());
  root.triangularView<Eigen::Lower>().solveInPlace(inverse);
  out = scale.asDiagonal() * (inverse.transpose() * inverse) * scale.asDiagonal();
  return out.allFinite();
}

// The sum of w_ab Q_ab of one group's patterns: S = sum of w_ab V_a W V_b between the Z of each patient.
inline void add_q_terms(const MmrmPlan& plan, const Covariance& cov, int group, const Eigen::MatrixXd& weighted,
                        MmrmWorkspace& ws, Eigen::MatrixXd& middle) {
  const int r = plan.rank, width = r + 1;
  Eigen::MatrixXd between, other, s_matrix, turned;
  for (std::size_t i = 0; i < plan.patterns.size(); ++i) {
    const Pattern& s = plan.patterns[i];
    if (s.group != group) continue;
    s_matrix.setZero(s.size(), s.size());
    for (int a = 0; a < cov.size(); ++a) {
      pattern_matrix(s, ws.jacobian[group].col(a).data(), between);
      pattern_matrix(s, weighted.col(a).data(), other);
      s_matrix.noalias() += between * ws.w[i] * other;
    }
    const Eigen::Map<const Eigen::MatrixXd> tall(ws.z[i].data(), static_cast<Eigen::Index>(s.patients) * width, s.size());
    turned.noalias() = tall * s_matrix;
    const Eigen::Map<const Eigen::MatrixXd> back(turned.data(), s.patients, static_cast<Eigen::Index>(s.size()) * width);
    for (int j = 0; j < s.size(); ++j) {
      middle.noalias() += ws.z[i].middleCols(j * width, r).transpose() * back.middleCols(j * width, r);
    }
  }
}

// P_a in coordinates of C.
inline Eigen::Map<const Eigen::MatrixXd, 0, Eigen::OuterStride<>> slope_of(const MmrmWorkspace& ws, int a, int rank) {
  return {ws.slopes.col(a).data(), rank, rank, Eigen::OuterStride<>(rank + 1)};
}

// Kenward and Roger (1997), Phi_A: identity + 2 sum of w_ab (Q_ab - P_a P_b - R_ab / 4).
inline Eigen::MatrixXd kenward_roger_middle(const MmrmPlan& plan, const Covariance& cov, const Eigen::VectorXd& theta,
                                            const Eigen::MatrixXd& theta_cov, bool curved, MmrmWorkspace& ws) {
  const int r = plan.rank, q = cov.size(), width = r + 1;
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(r, r);
  for (int g = 0; g < plan.groups; ++g) {
    const Eigen::MatrixXd w = theta_cov.block(g * q, g * q, q, q);
    add_q_terms(plan, cov, g, ws.jacobian[g] * w, ws, sum);
    Eigen::VectorXd curve = Eigen::VectorXd::Zero(cov.elements());
    if (curved) {
      cov.second(theta.data() + g * q, [&](int a, int b, std::size_t e, double d) {
        curve[e] += (a == b ? 1.0 : 2.0) * w(a, b) * d;
      });
    }
    for (int e = 0; e < cov.elements(); ++e) {
      if (curve[e] == 0.0) continue;
      const Eigen::Map<const Eigen::MatrixXd> m(ws.sums.col(g * cov.elements() + e).data(), width, width);
      sum -= 0.25 * curve[e] * m.topLeftCorner(r, r);
    }
  }
  const Eigen::MatrixXd mixed = ws.slopes * theta_cov;
  for (int a = 0; a < q * plan.groups; ++a) {
    const Eigen::Map<const Eigen::MatrixXd, 0, Eigen::OuterStride<>> other(mixed.col(a).data(), r, r,
                                                                          Eigen::OuterStride<>(width));
    sum.noalias() -= slope_of(ws, a, r) * other;
  }
  return Eigen::MatrixXd::Identity(r, r) + sum + sum.transpose();
}

// Columns that change within a patient and the two parts of the residual degrees of freedom (Schluchter and Elashoff 1990).
inline void between_within_parts(const MmrmData& data, const MmrmPlan& plan, InferenceWorkspace& ws) {
  ws.varies.assign(plan.rank, 0);
  ws.constant.assign(plan.rank, 1);
  int fixed = 0;
  for (int k = 0; k < plan.rank; ++k) {
    const double* column = data.x + static_cast<std::size_t>(plan.kept[k]) * data.rows;
    const double first = column[plan.rows[0]];
    for (std::size_t i = 1; i < plan.rows.size(); ++i) {
      const bool same_patient = plan.patient_of_row[i] == plan.patient_of_row[i - 1];
      if (same_patient && column[plan.rows[i]] != column[plan.rows[i - 1]]) ws.varies[k] = 1;
      if (column[plan.rows[i]] != first) ws.constant[k] = 0;
    }
    fixed += ws.varies[k] ? 0 : 1;
  }
  ws.between = plan.patients - fixed;
  ws.within = plan.observations() - plan.rank - ws.between;
}

}  // namespace detail
}  // namespace respondr::rm
