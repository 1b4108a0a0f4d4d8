#pragma once
// A naive second program for the tests of the mixed model: the whole n x n covariance matrix, formulas as the papers print them.

#include <Eigen/Dense>

#include <cmath>
#include <vector>

#include "respondr/rm/mmrm.hpp"

namespace dense {

using namespace respondr;
using namespace respondr::rm;
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

// Data that own their memory. Numbers from a linear congruential generator: the same on every machine.
struct Study {
  Matrix x;
  Vector y, weight, time;
  std::vector<int> patient, visit, group;
  int visits = 0, groups = 1;
  std::uint64_t state = 12345;

  double uniform() {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (static_cast<double>(state >> 11) + 0.5) / 9007199254740992.0;
  }
  double normal() { return special::normal_quantile(uniform()); }

  MmrmData data() const {
    MmrmData d;
    d.rows = static_cast<int>(y.size());
    d.columns = static_cast<int>(x.cols());
    d.visits = visits;
    d.groups = groups;
    d.x = x.data();
    d.patient = patient.data();
    d.visit = visit.data();
    d.group = groups > 1 ? group.data() : nullptr;
    d.weight = weight.size() > 0 ? weight.data() : nullptr;
    d.time = time.size() > 0 ? time.data() : nullptr;
    d.time_by_row = time.size() == y.size();
    d.outcome = {y.data()};
    return d;
  }
};

// patients x visits, a share of the visits missed, two arms, correlated values; x: intercept, arm, visits, arm at the last visit.
inline Study make_study(int patients, int visits, double missed, int groups = 1, std::uint64_t seed = 12345) {
  Study s;
  s.state = seed;
  s.visits = visits;
  s.groups = groups;
  std::vector<double> y;
  for (int i = 0; i < patients; ++i) {
    const double level = s.normal();
    double carry = s.normal();
    for (int j = 0; j < visits; ++j) {
      carry = 0.6 * carry + 0.8 * s.normal();
      const double value = 10.0 + 0.7 * j + 0.8 * level + (1.0 + 0.3 * j) * carry + 0.5 * (i % 2);
      if (s.uniform() < missed && i >= 4) continue;
      y.push_back(value);
      s.patient.push_back(i);
      s.visit.push_back(j);
      s.group.push_back(i % groups);
    }
  }
  const int n = static_cast<int>(y.size());
  s.y = Eigen::Map<Vector>(y.data(), n);
  s.x = Matrix::Zero(n, visits + 2);
  for (int r = 0; r < n; ++r) {
    const int arm = s.patient[r] % 2;
    s.x(r, 0) = 1.0;
    s.x(r, 1) = arm;
    if (s.visit[r] > 0) s.x(r, 1 + s.visit[r]) = 1.0;
    if (s.visit[r] == visits - 1) s.x(r, visits + 1) = arm;
  }
  return s;
}

// Entry (r, c): element of the patient's matrix, by packed triangles of the groups, over the roots of the weights.
inline Matrix spread(const Study& s, const std::vector<Vector>& packed, const std::vector<VisitPair>& pairs,
                     const std::vector<int>& visit) {
  const int n = static_cast<int>(s.y.size());
  Matrix v = Matrix::Zero(n, n);
  for (int r = 0; r < n; ++r) {
    for (int c = 0; c < n; ++c) {
      if (s.patient[r] != s.patient[c]) continue;
      const int high = std::max(visit[r], visit[c]), low = std::min(visit[r], visit[c]);
      const Vector& sigma = packed[s.groups > 1 ? s.group[r] : 0];
      for (std::size_t e = 0; e < pairs.size(); ++e) {
        if (pairs[e].high == high && pairs[e].low == low) v(r, c) = sigma[static_cast<Eigen::Index>(e)];
      }
      if (s.weight.size() > 0) v(r, c) /= std::sqrt(s.weight[r] * s.weight[c]);
    }
  }
  return v;
}

struct Dense {
  Matrix v, inverse, phi, projection;
  Vector beta, residual;
  double log_likelihood = 0.0;
};

inline double log_det(const Matrix& a) { return 2.0 * a.llt().matrixL().toDenseMatrix().diagonal().array().log().sum(); }

// Harville (1977); the constants of PROC MIXED and nlme.
inline Dense solve(const Study& s, const Matrix& x, const Matrix& v, bool reml) {
  Dense d;
  const int n = static_cast<int>(s.y.size());
  d.v = v;
  d.inverse = v.llt().solve(Matrix::Identity(n, n));
  const Matrix information = x.transpose() * d.inverse * x;
  d.phi = information.inverse();
  d.beta = d.phi * (x.transpose() * (d.inverse * s.y));
  d.residual = s.y - x * d.beta;
  d.projection = d.inverse - d.inverse * x * d.phi * x.transpose() * d.inverse;
  double minus_twice = log_det(v) + Vector(d.inverse * d.residual).dot(d.residual) + n * std::log(2.0 * M_PI);
  if (reml) minus_twice += log_det(information) - x.cols() * std::log(2.0 * M_PI);
  d.log_likelihood = -0.5 * minus_twice;
  return d;
}

// The core at one theta, with the dense program beside it.
struct Point {
  Study study;
  FitWorkspace ws;
  const MmrmPlan* plan = nullptr;
  bool reml;
  Structure structure;
  Form form;

  Point(Study s, Structure which, bool restricted, Form f = Form::natural)
      : study(std::move(s)), reml(restricted), structure(which), form(f) {
    const MmrmData d = study.data();
    plan = &ws.plans.plan(d, study.y.data(), by_time(d, structure));
    load_outcome(*plan, study.y.data(), ws.outcome);
    ws.evaluation.size_for(*plan);
  }
  Covariance covariance() const { return covariance_for(*plan, structure, form); }

  // Some theta inside the parameter space, natural and in the unit of the outcome, other in each group.
  Vector theta() const {
    const Covariance natural = covariance_for(*plan, structure, Form::natural);
    Vector out(natural.size() * plan->groups);
    for (int g = 0; g < plan->groups; ++g) {
      Vector t(natural.size());
      for (int a = 0; a < t.size(); ++a) {
        const ParameterLabel label = natural.label(a);
        const bool long_gap = label.kind == ParameterKind::covariance && label.low == 0 && label.high > 0;
        switch (label.kind) {
          case ParameterKind::variance: t[a] = 1.2 + 0.2 * (label.high > 0 ? label.high : 1) + 0.3 * g; break;
          case ParameterKind::covariance: t[a] = long_gap ? 0.5 / label.high : 0.3 + 0.05 * label.low; break;
          case ParameterKind::residual: t[a] = 0.9 + 0.1 * g; break;
          case ParameterKind::range: t[a] = 1.7 + g; break;
          default: t[a] = label.high > 0 ? 0.5 / (1 + label.low + 0.3 * label.high) : 0.35; break;
        }
      }
      if (form == Form::cholesky) {
        const std::vector<double> c = cholesky_from_natural(natural, t.data());
        t = Eigen::Map<const Vector>(c.data(), t.size());
      }
      out.segment(g * natural.size(), natural.size()) = t;
    }
    return out;
  }

  bool value(const Vector& theta) {
    double pivot = 0.0;
    return respondr::rm::detail::set_sigma(covariance(), theta, plan->groups, ws.evaluation, &pivot) &&
           evaluate_value(*plan, ws.outcome, reml, ws.evaluation);
  }
  MmrmWorkspace& derivatives(const Vector& theta) {
    value(theta);
    evaluate_derivatives(*plan, covariance(), theta, reml, ws.evaluation);
    return ws.evaluation;
  }

  // In the basis and unit of the core: y is the least-squares residual over its standard deviation, x the orthonormal basis.
  Study standard() const {
    Study s = study;
    s.weight.resize(0);
    s.y = ws.outcome.residual;
    return s;
  }
  Matrix v(const Vector& theta) const {
    const Covariance cov = covariance();
    std::vector<Vector> packed;
    for (int g = 0; g < plan->groups; ++g) {
      packed.emplace_back(cov.elements());
      cov.values(theta.data() + g * cov.size(), packed.back().data());
    }
    return spread(standard(), packed, plan->pairs, plan->visit_of_row);
  }
  // dV by parameter a of all groups.
  Matrix dv(const Vector& theta, int a) const {
    const Covariance cov = covariance();
    std::vector<Vector> packed(plan->groups, Vector::Zero(cov.elements()));
    Matrix jacobian;
    cov.first(theta.data() + a / cov.size() * cov.size(), jacobian);
    packed[a / cov.size()] = jacobian.col(a % cov.size());
    return spread(standard(), packed, plan->pairs, plan->visit_of_row);
  }
  Matrix d2v(const Vector& theta, int a, int b) const {
    const Covariance cov = covariance();
    std::vector<Vector> packed(plan->groups, Vector::Zero(cov.elements()));
    const int g = a / cov.size(), high = std::max(a, b) % cov.size(), low = std::min(a, b) % cov.size();
    if (b / cov.size() == g) {
      cov.second(theta.data() + g * cov.size(), [&](int i, int j, std::size_t e, double d) {
        if (i == high && j == low) packed[g][static_cast<Eigen::Index>(e)] = d;
      });
    }
    return spread(standard(), packed, plan->pairs, plan->visit_of_row);
  }
  Dense solve(const Vector& theta) const { return dense::solve(standard(), plan->basis, v(theta), reml); }
};

constexpr Structure all_structures[] = {Structure::us,   Structure::toep, Structure::toeph, Structure::ar1, Structure::ar1h,
                                        Structure::cs,   Structure::csh,  Structure::ad,    Structure::adh, Structure::sp_exp};

}  // namespace dense
