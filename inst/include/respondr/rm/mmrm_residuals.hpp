#pragma once
// Fitted values and residuals of a fit, by row of the data.

#include <Eigen/Dense>

#include <cmath>
#include <vector>

#include "respondr/rm/mmrm_test.hpp"

namespace respondr::rm {

struct MmrmResiduals {
  std::vector<double> fitted, raw, pearson, normalized;
};

// normalized: L^-1 of the raw residuals of a patient in the order of his visits, L the lower Cholesky factor of their covariance.
inline MmrmResiduals residuals(const MmrmData& data, const double* y, const FitPoint& fit, InferenceWorkspace& ws) {
  MmrmResiduals out;
  for (auto* v : {&out.fitted, &out.raw, &out.pearson, &out.normalized}) v->assign(data.rows, missing);
  InferenceOptions options;
  options.df = DfMethod::asymptotic;
  if (prepare_inference(data, y, fit, options, ws) != Status::ok) return out;
  const MmrmPlan& plan = *ws.plan;
  const MmrmWorkspace& at = ws.fit.evaluation;
  const double scale = ws.fit.outcome.scale;
  const Eigen::VectorXd rest = ws.fit.outcome.residual - plan.basis * at.beta;
  const int width = plan.rank + 1;
  for (std::size_t i = 0; i < plan.patterns.size(); ++i) {
    const Pattern& s = plan.patterns[i];
    for (int j = 0; j < s.size(); ++j) {
      const Eigen::VectorXd whitened = at.b[i].middleCols(j * width, width) * at.combine.col(plan.rank);
      double variance = 0.0;
      for (int k = 0; k <= j; ++k) variance += at.l[i](j, k) * at.l[i](j, k);
      for (int k = 0; k < s.patients; ++k) {
        const int used = s.row[j * s.patients + k], row = plan.rows[used];
        out.raw[row] = rest[used] * scale / plan.root_weight[used];
        out.fitted[row] = y[row] - out.raw[row];
        out.pearson[row] = rest[used] / std::sqrt(variance);
        out.normalized[row] = whitened[k];
      }
    }
  }
  return out;
}

}  // namespace respondr::rm
