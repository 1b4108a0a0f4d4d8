#pragma once
// Confidence limits of one coefficient.
//   profile  2 (l(b^) - l_p(b)) = z^2, l_p the maximum with the coefficient held at b, of the likelihood or of the
//   penalised likelihood
//            (Heinze and Schemper 2002; the penalty is that of the whole information matrix)
//   score    U(b)' I(b)^-1 U(b) = z^2 at the same constrained maximum (Firth: the penalised score and the information)
//   wald     b^ +- z standard errors
// A profile limit is sought by Newton's method on all coefficients at once (Venzon and Moolgavkar 1988, Appl Stat
// 37:87), which one evaluation a step serves; where that does not settle in its basin, by a bracket on the signed root,
// which is monotone. A side on which the likelihood stays within the quantile all the way is infinite: proved by a
// direction of recession, or, `flat`, seen as far as the search goes.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/logistic/constrained.hpp"
#include "respondr/sides.hpp"
#include "respondr/special/central.hpp"

namespace respondr::logistic {

enum class LimitKind : int { profile = 0, score, wald };
enum class LimitReason : int { ok = 0, infinite, flat, aliased, not_converged, not_estimable };

struct Limits {
  double low = missing, high = missing;
  LimitReason low_reason = LimitReason::not_estimable, high_reason = LimitReason::not_estimable;
  int evaluations = 0;  // of the likelihood by the joint search, of constrained maxima by the bracket
};

struct Limit {
  double value = missing;
  LimitReason reason = LimitReason::not_estimable;
};

namespace detail {

// U'I^-1 U; where the information is singular (rows at their outcome have none), with a ridge of 1e-14 of its bound.
inline double score_statistic(const Basis& basis, Solver& s) {
  const std::size_t p = s.step.size();
  if (s.now.regular) {
    s.hessian.data = s.now.factor.data;
  } else {
    s.hessian.data = s.now.information.data;
    for (std::size_t j = 0; j < p; ++j) {
      s.hessian(j, j) += 0.25e-14 * basis.trials;
    }
    rm::cholesky(s.hessian, 0.0);
  }
  for (std::size_t j = 0; j < p; ++j) {
    s.step[j] = s.now.score[j] + s.now.penalty[j];
  }
  rm::forward_solve(s.hessian, s.step.data());
  return rm::dot(s.step.data(), s.step.data(), p);
}

// One side of one coefficient; places are c'gamma, the coefficient times r(j, j).
class Side {
 public:
  Side(const Options& options, LimitKind kind, double z, double side, std::size_t j, Workspace& w)
      : options_(options), kind_(kind), z_(z), side_(side), w_(w) {
    hold_.c.resize(w.basis.rank, 1);
    hold_.target.assign(1, 0.0);
    w.basis.contrast(j, hold_.c.col(0));
    centre_ = along(w.estimate.gamma);
  }

  Limit find() {
    if (recedes_to_infinity()) {
      return {side_ * infinity, LimitReason::infinite};
    }
    Limit limit;
    if (kind_ == LimitKind::profile && !w_.outcome.separated && joint(limit.value)) {
      limit.reason = LimitReason::ok;
      return limit;
    }
    return bracket();
  }

  int evaluations() const { return evaluations_; }

 private:
  const Options& options_;
  LimitKind kind_;
  double z_, side_, centre_ = 0.0;
  Workspace& w_;
  Constraint hold_;
  int evaluations_ = 0;
  bool settled_ = true;

  bool firth() const { return options_.estimator == Estimator::firth; }
  double along(const std::vector<double>& gamma) const { return rm::dot(hold_.c.col(0), gamma.data(), gamma.size()); }

  bool recedes_to_infinity() const {
    if (!w_.outcome.separated) {
      return false;
    }
    const double *c = hold_.c.col(0), *d = w_.recession.data();
    const std::size_t p = w_.basis.rank;
    return side_ * rm::dot(c, d, p) > 1e-6 * std::sqrt(rm::dot(c, c, p) * rm::dot(d, d, p));
  }

  // One step of the joint search from s.now: `a` towards the ridge of the profile, t along it to where its parabola
  // meets the level.
  struct Joint {
    double ridge = 0.0, t = 0.0, scale = 0.0;
  };

  Joint joint_step(double level) {
    Solver& s = w_.solver;
    Joint step;
    if (!factor_hessian(firth(), 0.0, nullptr, s) && !(firth() && factor_hessian(false, 0.0, nullptr, s))) {
      step.t = missing;
      return step;
    }
    hold_.target[0] = along(s.now.gamma);
    step.ridge = find_step(&hold_, s);
    const double curvature = 1.0 / (s.middle(0, 0) * s.middle(0, 0)), slope = s.multiplier[0];
    const double gap = s.now.value + 0.5 * step.ridge - level;
    const double inside = slope * slope + 2.0 * curvature * gap;
    step.scale = std::sqrt(curvature);
    step.t = inside >= 0.0 ? (slope + side_ * std::sqrt(inside)) / curvature : missing;
    return step;
  }

  double moved() const {
    double sum = 0.0;
    for (std::size_t j = 0; j < w_.basis.rank; ++j) {
      sum += (w_.solver.now.gamma[j] - w_.estimate.gamma[j]) * (w_.solver.now.gamma[j] - w_.estimate.gamma[j]);
    }
    return std::sqrt(sum);
  }

  bool joint(double& place) {
    Solver& s = w_.solver;
    const std::size_t p = w_.basis.rank;
    const double level = w_.estimate.value - 0.5 * z_ * z_, near = std::sqrt(options_.tolerance);
    s.now = w_.estimate;
    s.secant = w_.secant;
    for (int k = 0; k < 25; ++k) {
      const Joint step = joint_step(level);
      if (!(std::fabs(step.t) * step.scale < 10.0 + 3.0 * z_) || !(step.ridge >= 0.0)) {
        return false;
      }
      const double t = std::min(1.0, 3.0 * z_ / (std::fabs(step.t) * step.scale + 1e-300)) * step.t;
      if (std::fabs(step.t) * step.scale <= near && std::sqrt(step.ridge) <= near) {
        place = hold_.target[0] + step.t;
        return side_ * (place - centre_) > 0.0 && (!firth() || (k < 9 && moved() < 6.0));
      }
      for (std::size_t j = 0; j < p; ++j) {
        s.trial.gamma[j] = s.now.gamma[j] + s.step[j] + t * s.solved(j, 0) * step.scale * step.scale;
      }
      evaluate(w_.basis, options_.estimator, options_.threads, s.rows, s.trial);
      ++evaluations_;
      std::swap(s.now, s.trial);
      if (!s.now.regular || !(s.now.value > -infinity)) {
        return false;
      }
      if (firth()) {
        learn_penalty(s.trial, s.now, s);
      }
    }
    return false;
  }

  // Signed root of twice the fall of the profile, or the signed root of the score statistic, less z: negative inside.
  // Profile: where any value above the level will do, `inside_only`, the maximum need not be found.
  double excess(double place, bool inside_only = false) {
    Solver& s = w_.solver;
    hold_.target[0] = place;
    const bool stop = inside_only && kind_ == LimitKind::profile;
    const double enough = stop ? w_.estimate.value - 0.49 * z_ * z_ : infinity;
    const Outcome outcome =
        firth() ? maximise_within(options_, hold_, enough, w_) : maximise_on(options_, hold_, enough, w_);
    ++evaluations_;
    settled_ = outcome.converged || outcome.separated;
    if (kind_ == LimitKind::profile) {
      return std::sqrt(std::max(0.0, 2.0 * (w_.estimate.value - s.now.value))) - z_;
    }
    return std::sqrt(score_statistic(w_.basis, s)) - z_;
  }

  // Far out, the coefficients themselves are a direction of recession but for what is small beside them.
  bool drifts_apart() {
    const Basis& basis = w_.basis;
    std::vector<double> eta(block_rows);
    for (std::size_t b = 0; b < basis.blocks; ++b) {
      std::fill(eta.begin(), eta.end(), 0.0);
      add_linear(basis.block(b), basis.rank, w_.solver.now.gamma.data(), basis.block_size(b), eta.data());
      for (std::size_t i = 0; i < basis.block_size(b) && b * block_rows + i < basis.rows; ++i) {
        const double y = basis.y[b * block_rows + i], away = y == 1.0 ? -eta[i] : y == 0.0 ? eta[i] : std::fabs(eta[i]);
        if (basis.weight[b * block_rows + i] > 0.0 && away > 100.0) {
          return false;
        }
      }
    }
    return true;
  }

  // Outwards by doubled steps until the excess is positive, then inwards.
  Limit bracket() {
    Solver& s = w_.solver;
    s.now = w_.estimate;
    s.secant = w_.secant;
    factor_hessian(false, 1e-12 * w_.basis.trials, nullptr, s);
    std::vector<double> v(hold_.c.data);
    rm::forward_solve(s.hessian, v.data());
    const double error = std::sqrt(rm::dot(v.data(), v.data(), v.size()));
    double step = w_.outcome.separated || !(error < 1.0) ? 1.0 : 0.5 * z_ * error, inside = centre_, f_inside = -z_;
    double outside = centre_ + side_ * step, f_outside = excess(outside, true);
    while (!(f_outside > 0.0) && step < 1e5) {
      inside = outside;
      f_inside = f_outside;
      step *= 2.0;
      outside = centre_ + side_ * step;
      f_outside = excess(outside, true);
    }
    if (!(f_outside > 0.0)) {
      const bool proved = drifts_apart();
      return {side_ * infinity, proved     ? LimitReason::infinite
                                : settled_ ? LimitReason::flat
                                           : LimitReason::not_converged};
    }
    const double root = special::detail::bracketed_root([this](double x) { return excess(x); }, inside, f_inside,
                                                        outside, std::min(f_outside, 1e6), 1e-13);
    return {root, settled_ ? LimitReason::ok : LimitReason::not_converged};
  }
};

inline std::size_t basis_column(const Basis& basis, std::size_t column) {
  for (std::size_t j = 0; j < basis.rank; ++j) {
    if (basis.column[j] == column) {
      return j;
    }
  }
  return basis.rank;
}

}  // namespace detail

// Limits of the coefficient of a column of the data, after fit() with the same problem, options and workspace.
inline Limits find_limits(const Options& options, const Fit& fit, std::size_t column, double conf_level, LimitKind kind,
                          Workspace& w) {
  Limits out;
  if (fit.status == Status::no_data || fit.status == Status::not_estimable) {
    return out;
  }
  const std::size_t j = detail::basis_column(w.basis, column);
  if (j == w.basis.rank) {
    out.low_reason = out.high_reason = LimitReason::aliased;
    return out;
  }
  const double z = special::normal_quantile(1.0 - rounded_alpha(conf_level) / 2.0), unit = w.basis.r(j, j);
  if (kind == LimitKind::wald) {
    const double error = std::sqrt(fit.vcov[column + column * fit.beta.size()]);
    out.low = fit.beta[column] - z * error;
    out.high = fit.beta[column] + z * error;
    out.low_reason = out.high_reason = error == error ? LimitReason::ok : LimitReason::not_estimable;
    return out;
  }
  detail::Side below(options, kind, z, unit > 0.0 ? -1.0 : 1.0, j, w);
  const Limit low = below.find();
  detail::Side above(options, kind, z, unit > 0.0 ? 1.0 : -1.0, j, w);
  const Limit high = above.find();
  out.low = low.value / unit;
  out.high = high.value / unit;
  out.low_reason = low.reason;
  out.high_reason = high.reason;
  out.evaluations = below.evaluations() + above.evaluations();
  return out;
}

}  // namespace respondr::logistic
