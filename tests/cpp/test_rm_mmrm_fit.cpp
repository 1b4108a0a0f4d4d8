// The fit of the mixed model. oracle: the dense likelihood and its derivatives. byhand: closed forms on complete visits.
// property: scale, shift, order, threads, memory. edge: data without a maximum, each with its status.

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "rm_mmrm_dense.hpp"

namespace {

using namespace dense;

MmrmFit fit(const Study& s, std::vector<Structure> structures = {Structure::us}, bool reml = true) {
  FitWorkspace ws;
  MmrmOptions o;
  o.structures = std::move(structures);
  o.reml = reml;
  return fit_mmrm(s.data(), s.y.data(), o, ws);
}

Study with_times(Study s) {
  s.time.resize(s.visits);
  for (int j = 0; j < s.visits; ++j) s.time[j] = j * j;
  return s;
}

// Complete visits, each with its own mean; values by patient and visit.
Study complete(const Matrix& values) {
  Study s;
  const int patients = static_cast<int>(values.rows());
  s.visits = static_cast<int>(values.cols());
  s.y.resize(patients * s.visits);
  s.x = Matrix::Zero(patients * s.visits, s.visits);
  for (int i = 0; i < patients; ++i) {
    for (int j = 0; j < s.visits; ++j) {
      const int r = i * s.visits + j;
      s.y[r] = values(i, j);
      s.x(r, 0) = 1.0;
      s.x(r, j) = 1.0;
      s.patient.push_back(i);
      s.visit.push_back(j);
    }
  }
  return s;
}

Matrix some_values(int patients, int visits) {
  Study s;
  Matrix out(patients, visits);
  for (int i = 0; i < patients; ++i) {
    const double level = s.normal();
    for (int j = 0; j < visits; ++j) out(i, j) = 3.0 + j + level + s.normal();
  }
  return out;
}

Matrix covariance_of(const Matrix& values) {
  const Matrix centred = values.rowwise() - values.colwise().mean();
  return centred.transpose() * centred / static_cast<double>(values.rows() - 1);
}

void expect_near(const Matrix& a, const Matrix& b, double tolerance, const std::string& what = "") {
  ASSERT_EQ(a.rows(), b.rows()) << what;
  ASSERT_EQ(a.cols(), b.cols()) << what;
  EXPECT_LT((a - b).cwiseAbs().maxCoeff(), tolerance * (1.0 + b.cwiseAbs().maxCoeff())) << what;
}

}  // namespace

TEST(RmMmrmFit, OracleLikelihoodOfAllStructures) {
  for (const Structure s : all_structures) {
    for (const bool reml : {true, false}) {
      Point at(with_times(make_study(12, 4, 0.3, 2)), s, reml);
      const Vector theta = at.theta();
      ASSERT_TRUE(at.value(theta)) << structure_word(s);
      const Dense d = at.solve(theta);
      EXPECT_NEAR(at.ws.evaluation.log_likelihood, d.log_likelihood, 1e-10 * std::fabs(d.log_likelihood));
      expect_near(at.ws.evaluation.beta, d.beta, 1e-10, structure_word(s));
      const Matrix c = at.ws.evaluation.combine.topLeftCorner(at.plan->rank, at.plan->rank);
      expect_near(c * c.transpose(), d.phi, 1e-10, structure_word(s));
    }
  }
}

// Expected: tr(P V_a P V_b) / 2, P without the projection under ML. Observed: y'P V_a P V_b P y less that, and V's curvature.
TEST(RmMmrmFit, OracleGradientAndInformation) {
  for (const Structure s : all_structures) {
    for (const Form form : {Form::natural, Form::cholesky}) {
      for (const bool reml : {true, false}) {
        Point at(with_times(make_study(10, 3, 0.25, 2)), s, reml, form);
        const Vector theta = at.theta();
        const MmrmWorkspace& ws = at.derivatives(theta);
        const Dense d = at.solve(theta);
        const Matrix& p = reml ? d.projection : d.inverse;
        const Vector u = d.inverse * d.residual;
        const auto between = [&u](const Matrix& m) { return Vector(m * u).dot(u); };
        const int q = static_cast<int>(theta.size());
        Vector gradient(q);
        Matrix expected(q, q), observed(q, q);
        for (int a = 0; a < q; ++a) {
          const Matrix va = at.dv(theta, a);
          gradient[a] = -0.5 * ((p * va).trace() - between(va));
          for (int b = 0; b < q; ++b) {
            const Matrix vb = at.dv(theta, b), vab = at.d2v(theta, a, b);
            expected(a, b) = 0.5 * (p * va * p * vb).trace();
            observed(a, b) =
                -expected(a, b) + between(va * d.projection * vb) + 0.5 * ((p * vab).trace() - between(vab));
          }
        }
        const std::string what = std::string(structure_word(s)) + (reml ? " reml" : " ml");
        expect_near(ws.gradient, gradient, 1e-11, what);
        expect_near(ws.expected, expected, 1e-11, what);
        expect_near(ws.observed, observed, 1e-11, what);
      }
    }
  }
}

TEST(RmMmrmFit, OracleGradientByDifferences) {
  for (const Structure s : all_structures) {
    for (const Form form : {Form::natural, Form::cholesky}) {
      Point at(with_times(make_study(20, 4, 0.2)), s, true, form);
      const Vector theta = at.theta();
      const MmrmWorkspace& ws = at.derivatives(theta);
      const Vector gradient = ws.gradient;
      const Matrix observed = ws.observed;
      for (int a = 0; a < theta.size(); ++a) {
        const double h = 1e-5;
        Vector up = theta, down = theta;
        up[a] += h;
        down[a] -= h;
        const Vector high = at.derivatives(up).gradient;
        const double l_high = at.ws.evaluation.log_likelihood;
        const Vector low = at.derivatives(down).gradient;
        const double l_low = at.ws.evaluation.log_likelihood;
        EXPECT_NEAR((l_high - l_low) / (2.0 * h), gradient[a], 1e-6 * (1.0 + gradient.cwiseAbs().maxCoeff()));
        expect_near(-(high - low) / (2.0 * h), observed.col(a), 1e-7, structure_word(s));
      }
    }
  }
}

TEST(RmMmrmFit, OracleWeightsGroupsAndUnits) {
  Study s = make_study(30, 3, 0.2, 2);
  s.y *= 7.0;
  s.weight.resize(s.y.size());
  for (Eigen::Index r = 0; r < s.y.size(); ++r) s.weight[r] = 0.5 + s.uniform();
  for (const bool reml : {true, false}) {
    const MmrmFit f = fit(s, {Structure::us}, reml);
    ASSERT_EQ(f.status, Status::ok);
    std::vector<Vector> packed{f.theta.head(6), f.theta.tail(6)};
    const Covariance cov(Structure::us, Form::natural, 3, {}, {{0, 0}, {1, 0}, {1, 1}, {2, 0}, {2, 1}, {2, 2}});
    const Dense d = dense::solve(s, s.x, spread(s, packed, cov.pairs(), s.visit), reml);
    EXPECT_NEAR(f.log_likelihood, d.log_likelihood, 1e-10 * std::fabs(d.log_likelihood));
    expect_near(f.beta, d.beta, 1e-10);
    expect_near(f.vcov, d.phi, 1e-10);
    EXPECT_EQ(f.sigma[1](2, 0), f.theta[9]);
    EXPECT_LT(f.gradient.cwiseAbs().maxCoeff(), 1e-8);
    EXPECT_LT(f.convergence, 1e-18);
    // Information in the unit of the data: differences of the dense likelihood's score by the variance of the first visit.
    const auto score = [&](double change) {
      std::vector<Vector> moved = packed;
      moved[0][0] += change;
      const Dense at = dense::solve(s, s.x, spread(s, moved, cov.pairs(), s.visit), reml);
      std::vector<Vector> unit{Vector::Unit(6, 0), Vector::Zero(6)};
      const Matrix va = spread(s, unit, cov.pairs(), s.visit);
      const Vector u = at.inverse * at.residual;
      return -0.5 * (((reml ? at.projection : at.inverse) * va).trace() - Vector(va * u).dot(u));
    };
    EXPECT_NEAR(-(score(1e-4) - score(-1e-4)) / 2e-4, f.information_observed(0, 0), 1e-6 * f.information_observed(0, 0));
  }
}

TEST(RmMmrmFit, ByHandCompleteVisitsGiveMeansAndCovariance) {
  const Matrix values = some_values(15, 4);
  const Matrix sample = covariance_of(values);
  const MmrmFit reml = fit(complete(values)), ml = fit(complete(values), {Structure::us}, false);
  ASSERT_EQ(reml.status, Status::ok);
  const Vector means = values.colwise().mean();
  EXPECT_NEAR(reml.beta[0], means[0], 1e-13);
  for (int j = 1; j < 4; ++j) EXPECT_NEAR(reml.beta[j], means[j] - means[0], 1e-13);
  expect_near(reml.sigma[0], sample, 1e-13);
  expect_near(ml.sigma[0], sample * 14.0 / 15.0, 1e-13);
}

// Analysis of variance: mean square of patients s2 + V c, of the rest s2.
TEST(RmMmrmFit, ByHandCompoundSymmetryIsAnova) {
  const Matrix values = some_values(11, 3);
  const MmrmFit f = fit(complete(values), {Structure::cs});
  ASSERT_EQ(f.status, Status::ok);
  const Vector patient = values.rowwise().mean();
  const double grand = values.mean();
  double between = 0.0, rest = 0.0;
  for (int i = 0; i < 11; ++i) {
    between += 3.0 * (patient[i] - grand) * (patient[i] - grand) / 10.0;
    for (int j = 0; j < 3; ++j) {
      const double r = values(i, j) - patient[i] - values.col(j).mean() + grand;
      rest += r * r / 20.0;
    }
  }
  EXPECT_NEAR(f.theta[1], rest, 1e-12);
  EXPECT_NEAR(f.theta[0], (between - rest) / 3.0, 1e-12);
}

TEST(RmMmrmFit, ByHandNegativeCorrelationUnderCompoundSymmetry) {
  Matrix values = some_values(25, 3);
  values.colwise() -= Vector(0.95 * values.rowwise().mean());
  const MmrmFit f = fit(complete(values), {Structure::cs});
  ASSERT_EQ(f.status, Status::ok);
  EXPECT_LT(f.theta[0], 0.0);
  EXPECT_GT(3.0 * f.theta[0] + f.theta[1], 0.0);
  EXPECT_LT(f.convergence, 1e-18);
}

// Small samples with many holes, where steps run into singular matrices: a maximum is one, and the one that the search in the
// other form ends at.
TEST(RmMmrmFit, PropertyHardSamplesHaveAMaximumOrAStatus) {
  int maxima = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Study s = make_study(9 + static_cast<int>(seed % 9), 4, 0.35, 1, 7919 * seed);
    for (const Structure structure : {Structure::us, Structure::toeph, Structure::adh, Structure::csh}) {
      const MmrmFit f = fit(s, {structure});
      if (f.status != Status::ok) {
        EXPECT_TRUE(f.status == Status::boundary || f.status == Status::not_converged || f.status == Status::not_estimable);
        continue;
      }
      ++maxima;
      EXPECT_LT(f.convergence, 1e-10);
      EXPECT_GT(f.information_observed.selfadjointView<Eigen::Lower>().eigenvalues().minCoeff(), 0.0);
      FitWorkspace ws;
      const MmrmPlan& plan = ws.plans.plan(s.data(), s.y.data(), false);
      load_outcome(plan, s.y.data(), ws.outcome);
      ws.evaluation.size_for(plan);
      const Covariance natural = covariance_for(plan, structure, Form::natural);
      const std::vector<double> start = start_natural(natural, plan, pair_moments(plan, ws.outcome, 0, true));
      const std::vector<double> c = cholesky_from_natural(natural, start.data());
      const Summit other = maximise(plan, covariance_for(plan, structure, Form::cholesky), ws.outcome, MmrmOptions(),
                                    Eigen::Map<const Vector>(c.data(), static_cast<Eigen::Index>(c.size())), ws.evaluation);
      if (other.status != Status::ok) continue;
      const double shift = (static_cast<double>(s.y.size()) - plan.rank) * std::log(ws.outcome.scale) + plan.log_det_root;
      EXPECT_NEAR(f.log_likelihood, ws.evaluation.log_likelihood - shift, 1e-8) << structure_word(structure) << seed;
    }
  }
  EXPECT_GT(maxima, 150);
}

TEST(RmMmrmFit, PropertyShiftAndScale) {
  const Study s = make_study(25, 4, 0.2);
  const MmrmFit f = fit(s);
  ASSERT_EQ(f.status, Status::ok);
  for (const double scale : {1e150, 1e-150, -1.0}) {
    Study t = s;
    t.y *= scale;
    const MmrmFit g = fit(t);
    ASSERT_EQ(g.status, Status::ok) << scale;
    expect_near(g.beta / scale, f.beta, 1e-11);
    expect_near(g.theta / scale / scale, f.theta, 1e-10);
    const double n = static_cast<double>(s.y.size() - s.x.cols());
    EXPECT_NEAR(g.log_likelihood + n * std::log(std::fabs(scale)), f.log_likelihood, 1e-9);
  }
  Study far = s;
  far.y.array() += 1e8;  // values carry an error of 1e-8
  const MmrmFit g = fit(far);
  ASSERT_EQ(g.status, Status::ok);
  expect_near(g.theta, f.theta, 1e-6);
  EXPECT_NEAR(g.beta[1], f.beta[1], 1e-6);
}

TEST(RmMmrmFit, PropertyUnequalSpreadOfVisits) {
  Study s = make_study(25, 3, 0.2);
  Study t = s;
  for (Eigen::Index r = 0; r < t.y.size(); ++r) t.y[r] *= t.visit[r] == 1 ? 1e-4 : 1.0;
  // x of the visits is saturated but for the arm, so take arms out.
  const auto saturated = [](Study& a) {
    a.x.conservativeResize(Eigen::NoChange, 3);
    for (Eigen::Index r = 0; r < a.y.size(); ++r) a.x.row(r) = Vector::Unit(3, a.visit[r]).transpose();
  };
  saturated(s);
  saturated(t);
  const MmrmFit f = fit(s), g = fit(t);
  ASSERT_EQ(g.status, Status::ok);
  EXPECT_NEAR(g.theta[2] * 1e8, f.theta[2], 1e-7 * f.theta[2]);
  EXPECT_NEAR(g.theta[1] * 1e4, f.theta[1], 1e-7 * f.theta[2]);
  EXPECT_NEAR(g.theta[5], f.theta[5], 1e-7 * f.theta[5]);
}

TEST(RmMmrmFit, PropertyAliasedColumnsAreNamed) {
  Study s = make_study(20, 3, 0.1);
  const MmrmFit f = fit(s);
  Matrix x(s.x.rows(), s.x.cols() + 2);
  x << s.x.leftCols(2), 2.0 * s.x.col(0) - s.x.col(1), s.x.rightCols(s.x.cols() - 2), s.x.col(2);
  s.x = x;
  const MmrmFit g = fit(s);
  EXPECT_EQ(g.status, Status::rank_deficient);
  EXPECT_EQ(g.aliased, (std::vector<int>{2, static_cast<int>(x.cols()) - 1}));
  expect_near(g.beta, f.beta, 1e-11);
  EXPECT_NEAR(g.log_likelihood, f.log_likelihood, 1e-9);
}

TEST(RmMmrmFit, PropertyTimesByRowAreTimesByVisit) {
  const Study by_visit = with_times(make_study(20, 4, 0.2));
  Study by_row = by_visit;
  by_row.time.resize(by_row.y.size());
  for (Eigen::Index r = 0; r < by_row.y.size(); ++r) by_row.time[r] = by_visit.time[by_visit.visit[r]];
  const MmrmFit f = fit(by_visit, {Structure::sp_exp}), g = fit(by_row, {Structure::sp_exp});
  ASSERT_EQ(f.status, Status::ok);
  ASSERT_EQ(g.status, Status::ok);
  expect_near(f.theta, g.theta, 1e-10);
  // Irregular days: more distinct times than the triangle is made for.
  Study days = by_row;
  for (Eigen::Index r = 0; r < days.y.size(); ++r) days.time[r] += 0.3 * days.uniform();
  const MmrmFit h = fit(days, {Structure::sp_exp});
  ASSERT_EQ(h.status, Status::ok);
  EXPECT_GT(h.times.size(), 60u);
  EXPECT_LT(h.convergence, 1e-15);
  EXPECT_TRUE(h.sigma.empty());
}

// More distinct times than the triangle is made for: only the pairs that occur are there.
TEST(RmMmrmFit, OracleManyDistinctTimes) {
  Study days = with_times(make_study(20, 4, 0.2));
  const Vector by_visit = days.time;
  days.time.resize(days.y.size());
  for (Eigen::Index r = 0; r < days.y.size(); ++r) days.time[r] = by_visit[days.visit[r]] + 0.3 * days.uniform();
  Point at(days, Structure::sp_exp, true);
  ASSERT_GT(at.plan->visits, 60);
  EXPECT_FALSE(at.plan->full);
  Vector theta(2);
  theta << 1.3, 1.7;
  const MmrmWorkspace& ws = at.derivatives(theta);
  const Dense d = at.solve(theta);
  EXPECT_NEAR(ws.log_likelihood, d.log_likelihood, 1e-10 * std::fabs(d.log_likelihood));
  const Vector u = d.inverse * d.residual;
  for (int a = 0; a < 2; ++a) {
    const Matrix va = at.dv(theta, a);
    EXPECT_NEAR(ws.gradient[a], -0.5 * ((d.projection * va).trace() - Vector(va * u).dot(u)), 1e-9);
    for (int b = 0; b < 2; ++b) {
      const Matrix vb = at.dv(theta, b);
      EXPECT_NEAR(ws.expected(a, b), 0.5 * (d.projection * va * d.projection * vb).trace(), 1e-9);
    }
  }
}

TEST(RmMmrmFit, PropertyManyOutcomesAnyThreads) {
  Study s = make_study(20, 4, 0.0);
  const int n = static_cast<int>(s.y.size()), many = 60;
  Matrix y(n, many);
  for (int k = 0; k < many; ++k) {
    for (int r = 0; r < n; ++r) y(r, k) = s.y[r] + s.normal();
    if (k % 3 == 1) y(5 + k % 2, k) = missing;
  }
  MmrmData d = s.data();
  d.outcome.clear();
  for (int k = 0; k < many; ++k) d.outcome.push_back(y.data() + static_cast<std::ptrdiff_t>(k) * n);
  const auto run = [&](int threads) {
    std::vector<MmrmFit> out(many);
    fit_all(d, MmrmOptions(), threads, Hooks(), [&](std::size_t k, MmrmFit&& f) { out[k] = std::move(f); });
    return out;
  };
  const std::vector<MmrmFit> one = run(1), three = run(3);
  for (int k = 0; k < many; ++k) {
    ASSERT_EQ(one[k].status, Status::ok) << k;
    EXPECT_EQ(one[k].observations, n - (k % 3 == 1));
    EXPECT_TRUE(one[k].theta == three[k].theta && one[k].beta == three[k].beta && one[k].vcov == three[k].vcov) << k;
    Study alone = s;
    alone.y = y.col(k);
    const MmrmFit f = fit(alone);
    EXPECT_TRUE(f.theta == one[k].theta && f.beta == one[k].beta) << k;
  }
}

TEST(RmMmrmFit, PropertyPlaceInMemory) {
  const Study s = make_study(15, 3, 0.2);
  const MmrmFit f = fit(s);
  std::vector<double> y(s.y.size() + 8), x(s.x.size() + 8);
  for (int offset = 0; offset < 8; ++offset) {
    MmrmData d = s.data();
    std::copy(s.y.data(), s.y.data() + s.y.size(), y.begin() + offset);
    std::copy(s.x.data(), s.x.data() + s.x.size(), x.begin() + offset);
    d.x = x.data() + offset;
    FitWorkspace ws;
    const MmrmFit g = fit_mmrm(d, y.data() + offset, MmrmOptions(), ws);
    EXPECT_TRUE(f.theta == g.theta && f.beta == g.beta && f.log_likelihood == g.log_likelihood);
  }
}

TEST(RmMmrmFit, EdgeNextStructureOnlyWithoutMaximum) {
  Matrix values = some_values(20, 4);
  for (int i = 0; i < 20; ++i) values(i, i < 10 ? 2 : 3) = missing;
  const Study s = complete(values);
  const MmrmFit us = fit(s);
  EXPECT_EQ(us.status, Status::not_estimable);
  EXPECT_EQ(us.trouble, (std::vector<int>{8}));  // covariance of visits 4 and 3
  const MmrmFit next = fit(s, {Structure::us, Structure::toeph, Structure::cs});
  EXPECT_EQ(next.status, Status::ok);
  EXPECT_EQ(next.structure, Structure::toeph);
  ASSERT_EQ(next.attempts.size(), 2u);
  EXPECT_EQ(next.attempts[0].status, Status::not_estimable);
  EXPECT_EQ(fit(complete(some_values(20, 4)), {Structure::us, Structure::cs}).structure, Structure::us);
}

TEST(RmMmrmFit, EdgeVisitNobodyHas) {
  Matrix values = some_values(12, 3);
  values.col(1).setConstant(missing);
  const Study s = complete(values);
  EXPECT_EQ(fit(s).status, Status::not_estimable);
  EXPECT_EQ(fit(s).trouble, (std::vector<int>{1, 2, 4}));
  EXPECT_EQ(fit(s, {Structure::ar1}).status, Status::rank_deficient);
}

TEST(RmMmrmFit, EdgeSingularCovariance) {
  Matrix values = some_values(20, 4);
  values.col(3) = values.col(0) + values.col(1);
  EXPECT_EQ(fit(complete(values)).status, Status::boundary);
  values(2, 1) = missing;
  EXPECT_EQ(fit(complete(values)).status, Status::boundary);
  EXPECT_EQ(fit(complete(some_values(5, 8))).status, Status::boundary);
  EXPECT_EQ(fit(complete(some_values(5, 8)), {Structure::us, Structure::cs}).structure, Structure::cs);
}

TEST(RmMmrmFit, EdgeVisitWithoutSpread) {
  Matrix values = some_values(12, 3);
  values.col(1).setConstant(5.0);
  const MmrmFit f = fit(complete(values));
  EXPECT_EQ(f.status, Status::boundary);
  EXPECT_EQ(f.trouble, (std::vector<int>{2}));
  EXPECT_EQ(fit(complete(values), {Structure::csh}).trouble, (std::vector<int>{1}));
  EXPECT_EQ(fit(complete(values), {Structure::cs}).status, Status::ok);
}

TEST(RmMmrmFit, EdgeOneCompletePatient) {
  Matrix values = some_values(12, 4);
  values.bottomRightCorner(11, 2).setConstant(missing);
  EXPECT_EQ(fit(complete(values)).status, Status::boundary);
  EXPECT_EQ(fit(complete(values), {Structure::cs}).status, Status::ok);
}

TEST(RmMmrmFit, EdgeNothingToFit) {
  Matrix values = some_values(6, 3);
  values.setConstant(missing);
  EXPECT_EQ(fit(complete(values)).status, Status::no_data);
  values.setConstant(3.0);
  EXPECT_EQ(fit(complete(values)).status, Status::no_variance);
  values.setZero();
  EXPECT_EQ(fit(complete(values)).status, Status::no_variance);
  EXPECT_EQ(fit(complete(some_values(1, 3))).status, Status::too_few);
}

// One mean for all visits: by compound symmetry of complete visits that of all values.
TEST(RmMmrmFit, ByhandOneCoefficientIsTheMean) {
  const Matrix values = some_values(12, 3);
  Study s = complete(values);
  s.x = Matrix::Ones(s.x.rows(), 1);
  const MmrmFit f = fit(s, {Structure::cs});
  ASSERT_EQ(f.status, Status::ok);
  EXPECT_NEAR(f.beta[0], values.sum() / 36.0, 1e-12);
}

TEST(RmMmrmFit, EdgeNegativeCorrelationUnderSpExp) {
  Matrix values = some_values(20, 3);
  values.col(1) = -values.col(0) + 0.2 * values.col(1);
  const MmrmFit f = fit(with_times(complete(values)), {Structure::sp_exp});
  EXPECT_EQ(f.status, Status::boundary);
  EXPECT_EQ(f.trouble, (std::vector<int>{1}));
}

TEST(RmMmrmFit, EdgeIterationLimitIsSaid) {
  const Study s = make_study(25, 4, 0.3);
  MmrmOptions o;
  o.max_iterations = 1;
  FitWorkspace ws;
  const MmrmFit f = fit_mmrm(s.data(), s.y.data(), o, ws);
  EXPECT_EQ(f.status, Status::not_converged);
  EXPECT_EQ(f.iterations, 2);  // one in each of the two searches
  EXPECT_GT(f.convergence, 1e-10);
}
