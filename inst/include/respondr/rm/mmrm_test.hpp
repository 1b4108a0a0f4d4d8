#pragma once
// Tests of contrasts of beta: t for one, F for several at once.

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/rm/mmrm_robust.hpp"
#include "respondr/special.hpp"

namespace respondr::rm {

struct TestOptions {
  InferenceOptions inference;
  double conf_level = 0.95;
  Alternative alternative = Alternative::two_sided;
};

// A contrast over all columns of X: rows x columns.
struct Contrast {
  Eigen::MatrixXd rows;
  double null = 0.0;  // one row only
};

struct TestRow {
  double estimate = missing, std_error = missing, statistic = missing, df = missing, df_denominator = missing;
  double p_value = missing, conf_low = missing, conf_high = missing;
  Status status = Status::ok;
};

// Brings ws to the fit. ok, or why nothing can be said.
inline Status prepare_inference(const MmrmData& data, const double* y, const FitPoint& fit, const InferenceOptions& options,
                                InferenceWorkspace& ws) {
  if (!usable(fit.status)) return fit.status;
  const MmrmPlan& plan = ws.fit.plans.plan(data, y, by_time(data, fit.structure));
  ws.plan = &plan;
  MmrmWorkspace& at = ws.fit.evaluation;
  const Status loaded = load_outcome(plan, y, ws.fit.outcome);
  if (loaded != Status::ok) return loaded;
  const Covariance natural = covariance_for(plan, fit.structure, Form::natural);
  Eigen::VectorXd theta = fit.theta.cwiseQuotient(detail::units(natural, plan.groups, ws.fit.outcome.scale));
  const bool cholesky = options.df == DfMethod::kenward_roger_cholesky;
  if (cholesky) {
    for (int g = 0; g < plan.groups; ++g) {
      const std::vector<double> t = cholesky_from_natural(natural, theta.data() + g * natural.size());
      std::copy(t.begin(), t.end(), theta.data() + g * natural.size());
    }
  }
  const Covariance cov = cholesky ? covariance_for(plan, fit.structure, Form::cholesky) : natural;
  at.size_for(plan);
  double pivot = 0.0;
  if (!detail::set_sigma(cov, theta, plan.groups, at, &pivot) || !evaluate_value(plan, ws.fit.outcome, options.reml, at)) {
    return Status::boundary;
  }
  const int r = plan.rank;
  const auto root = plan.root.triangularView<Eigen::Upper>();
  ws.beta = root.solve(ws.fit.outcome.coefficient + ws.fit.outcome.scale * at.beta);
  ws.to_original = root.solve(at.combine.topLeftCorner(r, r).eval());
  ws.middle = Eigen::MatrixXd::Identity(r, r);
  if (options.df == DfMethod::between_within) detail::between_within_parts(data, plan, ws);
  if (options.vcov != VcovType::model) {
    ws.middle = robust_middle(plan, options, at, ws.robust);
    return Status::ok;
  }
  if (options.df != DfMethod::satterthwaite && !kenward_roger(options.df)) return Status::ok;
  evaluate_derivatives(plan, cov, theta, options.reml, at);
  const Eigen::MatrixXd& information = options.information == Information::observed ? at.observed : at.expected;
  if (!detail::invert_information(information, ws.theta_cov)) return Status::not_estimable;
  if (kenward_roger(options.df)) {
    ws.middle = detail::kenward_roger_middle(plan, cov, theta, ws.theta_cov,
                                             options.df != DfMethod::kenward_roger_linear, at);
  }
  return Status::ok;
}

// Covariance of the kept coefficients in the unit of the data.
inline Eigen::MatrixXd coefficient_covariance(const InferenceWorkspace& ws) {
  const Eigen::MatrixXd half = ws.to_original * ws.fit.outcome.scale;
  return half * ws.middle * half.transpose();
}

namespace detail {

// Satterthwaite (Giesbrecht and Burns 1985), also Kenward and Roger's for one contrast: 2 (n'n)^2 / (g' A g), g_a = n'P_a n.
inline double satterthwaite_df(const InferenceWorkspace& ws, const Eigen::VectorXd& n) {
  const MmrmWorkspace& at = ws.fit.evaluation;
  Eigen::VectorXd gradient(ws.theta_cov.rows());
  for (int a = 0; a < gradient.size(); ++a) gradient[a] = n.dot(slope_of(at, a, ws.plan->rank) * n);
  const double variance = n.squaredNorm();
  return 2.0 * variance * variance / gradient.dot(ws.theta_cov * gradient);
}

inline double one_df(const InferenceWorkspace& ws, const InferenceOptions& options, const Eigen::VectorXd& n) {
  return options.vcov == VcovType::model ? satterthwaite_df(ws, n) : robust_df(ws.robust, n);
}

// Degrees of freedom of F from those of its independent components (Fai and Cornelius 1996).
inline double combine_df(const std::vector<double>& each, Convention convention) {
  const double q = static_cast<double>(each.size());
  const auto range = std::minmax_element(each.begin(), each.end());
  if (*range.second - *range.first < 1e-8 * *range.second) return each[0];
  if (convention == Convention::mmrm && *range.first <= 2.0) return 2.0;
  double sum = 0.0;
  for (double df : each) sum += df > 2.0 ? df / (df - 2.0) : 0.0;
  return sum > q ? 2.0 * sum / (sum - q) : missing;
}

inline double between_within_df(const InferenceWorkspace& ws, const Contrast& c, Structure structure, Convention convention) {
  const bool sas = convention == Convention::sas;
  if (sas && structure == Structure::us) return ws.between;
  bool any_within = false, any_between = false;
  for (int k = 0; k < ws.plan->rank; ++k) {
    if (c.rows.col(ws.plan->kept[k]).isZero(0.0)) continue;
    const bool within = ws.varies[k] || (!sas && ws.constant[k]);
    (within ? any_within : any_between) = true;
  }
  if (sas) return any_within ? ws.within : ws.between;
  return any_within && any_between ? std::min(ws.within, ws.between) : any_within ? ws.within : ws.between;
}

inline double other_df(const InferenceWorkspace& ws, const Contrast& c, Structure structure,
                       const InferenceOptions& options) {
  if (options.df == DfMethod::between_within) return between_within_df(ws, c, structure, options.convention);
  return options.df == DfMethod::residual ? ws.plan->observations() - ws.plan->rank : infinity;
}

// Kenward and Roger (1997), section 4: scale and denominator df of F for the orthonormal columns u.
struct ScaledF {
  double scale, df;
};

inline ScaledF kenward_roger_f(const InferenceWorkspace& ws, const Eigen::MatrixXd& u) {
  const Eigen::Index k = u.cols(), q = ws.theta_cov.rows();
  Eigen::MatrixXd turned(k * k, q);
  Eigen::VectorXd traces(q);
  for (Eigen::Index a = 0; a < q; ++a) {
    Eigen::Map<Eigen::MatrixXd> t(turned.col(a).data(), k, k);
    t = u.transpose() * slope_of(ws.fit.evaluation, static_cast<int>(a), ws.plan->rank) * u;
    traces[a] = t.trace();
  }
  const double a1 = traces.dot(ws.theta_cov * traces);
  const double a2 = ws.theta_cov.cwiseProduct(turned.transpose() * turned).sum();
  const double l = static_cast<double>(k);
  const double b = (a1 + 6.0 * a2) / (2.0 * l);
  const double g = ((l + 1.0) * a1 - (l + 4.0) * a2) / ((l + 2.0) * a2);
  const double below = 3.0 * l + 2.0 * (1.0 - g);
  const double c1 = g / below, c2 = (l - g) / below, c3 = (l + 2.0 - g) / below;
  const double mean = 1.0 / (1.0 - a2 / l);
  const double variance = 2.0 / l * (1.0 + c1 * b) / ((1.0 - c2 * b) * (1.0 - c2 * b) * (1.0 - c3 * b));
  const double ratio = variance / (2.0 * mean * mean);
  const double df = 4.0 + (l + 2.0) / (l * ratio - 1.0);
  return {df / (mean * (df - 2.0)), df};
}

inline void finish_t(const TestOptions& o, double null, TestRow& row) {
  using special::Tail;
  row.statistic = (row.estimate - null) / row.std_error;
  const double t = row.statistic, df = row.df;
  const bool two = o.alternative == Alternative::two_sided;
  row.p_value = two ? 2.0 * special::t_cdf(-std::fabs(t), df)
                    : special::t_cdf(t, df, o.alternative == Alternative::less ? Tail::lower : Tail::upper);
  const double half = -special::t_quantile((1.0 - o.conf_level) * (two ? 0.5 : 1.0), df) * row.std_error;
  row.conf_low = o.alternative == Alternative::less ? -infinity : row.estimate - half;
  row.conf_high = o.alternative == Alternative::greater ? infinity : row.estimate + half;
}

inline bool estimable(const MmrmPlan& plan, const Contrast& c) {
  for (std::size_t a = 0; a < plan.aliased.size(); ++a) {
    for (Eigen::Index i = 0; i < c.rows.rows(); ++i) {
      double value = 0.0, size = std::fabs(c.rows(i, plan.aliased[a]));
      for (int k = 0; k < plan.rank; ++k) {
        value += c.rows(i, plan.kept[k]) * plan.alias(k, static_cast<Eigen::Index>(a));
        size += std::fabs(c.rows(i, plan.kept[k]) * plan.alias(k, static_cast<Eigen::Index>(a)));
      }
      if (std::fabs(value - c.rows(i, plan.aliased[a])) > 1e-6 * size) return false;
    }
  }
  return true;
}

inline void test_one(const InferenceWorkspace& ws, const Contrast& c, const Eigen::VectorXd& n, double estimate,
                     Structure structure, const TestOptions& o, TestRow& row) {
  row.estimate = estimate;
  const double variance = n.dot(ws.middle * n);
  const bool own = o.inference.df == DfMethod::satterthwaite || kenward_roger(o.inference.df);
  row.df = own ? one_df(ws, o.inference, n) : other_df(ws, c, structure, o.inference);
  if (!(variance > 0.0) || !(row.df > 0.0)) {
    row.df = missing;
    row.status = Status::not_estimable;
    return;
  }
  row.std_error = ws.fit.outcome.scale * std::sqrt(variance);
  finish_t(o, c.null, row);
}

inline void test_many(const InferenceWorkspace& ws, const Contrast& c, const Eigen::MatrixXd& all,
                      const Eigen::VectorXd& estimates, Structure structure, const TestOptions& o, TestRow& row) {
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> qr(all);
  qr.setThreshold(1e-9);
  const Eigen::Index k = qr.rank();
  if (k == 0) {
    row.status = Status::not_estimable;
    return;
  }
  Eigen::MatrixXd n(all.rows(), k);
  Eigen::VectorXd value(k);
  for (Eigen::Index i = 0; i < k; ++i) {
    const Eigen::Index from = qr.colsPermutation().indices()[i];
    n.col(i) = all.col(from);
    value[i] = estimates[from] / ws.fit.outcome.scale;
  }
  row.df = static_cast<double>(k);
  const Eigen::MatrixXd cover = n.transpose() * ws.middle * n;
  Eigen::MatrixXd root = cover;
  double scale = 1.0;
  if (small_cholesky(root)) {
    if (kenward_roger(o.inference.df)) {
      const Eigen::MatrixXd u = qr.householderQ() * Eigen::MatrixXd::Identity(all.rows(), k);
      const ScaledF f = kenward_roger_f(ws, u);
      scale = k == 1 ? 1.0 : f.scale;
      row.df_denominator = k == 1 ? satterthwaite_df(ws, n.col(0)) : f.df;
    } else if (o.inference.df == DfMethod::satterthwaite) {
      // Of all rows, so that which of dependent rows come first makes no difference.
      const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(all.transpose() * ws.middle * all);
      std::vector<double> each;
      for (Eigen::Index i = all.cols() - k; i < all.cols(); ++i) {
        each.push_back(one_df(ws, o.inference, all * eigen.eigenvectors().col(i)));
      }
      row.df_denominator = combine_df(each, o.inference.convention);
    } else {
      row.df_denominator = other_df(ws, c, structure, o.inference);
    }
    root.triangularView<Eigen::Lower>().solveInPlace(value);
    row.statistic = scale * value.squaredNorm() / static_cast<double>(k);
  }
  if (!(row.df_denominator > 0.0) || !(scale > 0.0)) {
    row.statistic = row.df_denominator = missing;
    row.status = Status::not_estimable;
    return;
  }
  row.p_value = special::f_cdf(row.statistic, row.df, row.df_denominator, special::Tail::upper);
}

}  // namespace detail

inline TestRow test_contrast(const InferenceWorkspace& ws, const Contrast& c, Structure structure, const TestOptions& o) {
  TestRow row;
  const MmrmPlan& plan = *ws.plan;
  if (!detail::estimable(plan, c)) {
    row.status = Status::not_estimable;
    return row;
  }
  Eigen::MatrixXd kept(c.rows.rows(), plan.rank);
  for (int k = 0; k < plan.rank; ++k) kept.col(k) = c.rows.col(plan.kept[k]);
  const Eigen::MatrixXd n = ws.to_original.transpose() * kept.transpose();
  const Eigen::VectorXd estimates = kept * ws.beta;
  if (kept.rows() == 1) {
    detail::test_one(ws, c, n.col(0), estimates[0], structure, o, row);
  } else {
    detail::test_many(ws, c, n, estimates, structure, o, row);
  }
  return row;
}

// store(outcome, matrix) once for each, from any thread; an empty matrix where there is no answer.
template <class Store>
void covariance_all(const MmrmData& data, const std::vector<FitPoint>& fits, const InferenceOptions& options, int threads,
                    const Hooks& hooks, Store store) {
  parallel_map(
      fits.size(), threads, hooks, [] { return InferenceWorkspace(); },
      [&](std::size_t k, InferenceWorkspace& ws) {
        const Status status = prepare_inference(data, data.outcome[k], fits[k], options, ws);
        store(k, status == Status::ok ? coefficient_covariance(ws) : Eigen::MatrixXd());
      });
}

// store(outcome, contrast, row) once for each, from any thread.
template <class Store>
void test_all(const MmrmData& data, const std::vector<FitPoint>& fits, const std::vector<Contrast>& contrasts,
              const TestOptions& options, int threads, const Hooks& hooks, Store store) {
  parallel_map(
      fits.size(), threads, hooks, [] { return InferenceWorkspace(); },
      [&](std::size_t k, InferenceWorkspace& ws) {
        const Status status = prepare_inference(data, data.outcome[k], fits[k], options.inference, ws);
        for (std::size_t c = 0; c < contrasts.size(); ++c) {
          TestRow row;
          row.status = status;
          store(k, c, status == Status::ok ? test_contrast(ws, contrasts[c], fits[k].structure, options) : row);
        }
      });
}

}  // namespace respondr::rm
