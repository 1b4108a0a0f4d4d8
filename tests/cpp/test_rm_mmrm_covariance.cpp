// Covariance structures. byhand: elements worked out by hand. oracle: central differences of Sigma. property: both forms give the
// same Sigma; derivatives of a structure written in either form.

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "rm_mmrm_dense.hpp"

namespace {

using namespace dense;

std::vector<VisitPair> whole(int visits) {
  std::vector<VisitPair> out;
  for (int j = 0; j < visits; ++j) {
    for (int k = 0; k <= j; ++k) out.push_back({j, k});
  }
  return out;
}

Covariance make(Structure s, Form f, int visits = 4) { return Covariance(s, f, visits, {0.0, 3.0, 4.5, 9.0}, whole(visits)); }

Vector values(const Covariance& cov, const Vector& theta) {
  Vector out(cov.elements());
  cov.values(theta.data(), out.data());
  return out;
}

Vector some_theta(Structure s, Form f) {
  switch (s) {
    case Structure::us: {
      Vector t(10);
      t << 2.0, 0.5, 1.5, -0.3, 0.4, 1.8, 0.2, 0.1, 0.7, 2.2;
      if (f == Form::natural) return t;
      const std::vector<double> c = cholesky_from_natural(make(s, Form::natural), t.data());
      return Eigen::Map<const Vector>(c.data(), 10);
    }
    default: break;
  }
  const Covariance natural = make(s, Form::natural);
  Vector t(natural.size());
  for (int a = 0; a < t.size(); ++a) {
    const ParameterKind kind = natural.label(a).kind;
    const bool big = kind == ParameterKind::variance || kind == ParameterKind::residual;
    t[a] = big ? 1.5 + 0.3 * a : kind == ParameterKind::range ? 4.0 : 0.45 - 0.07 * (a % 5);
  }
  if (f == Form::natural) return t;
  const std::vector<double> c = cholesky_from_natural(natural, t.data());
  return Eigen::Map<const Vector>(c.data(), t.size());
}

}  // namespace

TEST(RmMmrmCovariance, ByHandElements) {
  const auto at = [](Structure s, std::vector<double> t, int high, int low) {
    const Vector all = values(make(s, Form::natural), Eigen::Map<Vector>(t.data(), static_cast<Eigen::Index>(t.size())));
    return all[static_cast<Eigen::Index>(triangle(high, low))];
  };
  EXPECT_DOUBLE_EQ(at(Structure::us, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 2, 1), 5.0);
  EXPECT_DOUBLE_EQ(at(Structure::cs, {0.5, 2.0}, 3, 3), 2.5);
  EXPECT_DOUBLE_EQ(at(Structure::cs, {-0.5, 2.0}, 3, 1), -0.5);
  EXPECT_DOUBLE_EQ(at(Structure::csh, {1, 4, 9, 16, 0.5}, 3, 1), 4.0);
  EXPECT_DOUBLE_EQ(at(Structure::toep, {4, 3, 2, 1}, 3, 1), 2.0);
  EXPECT_DOUBLE_EQ(at(Structure::toeph, {1, 4, 9, 16, 0.5, 0.25, 0.1}, 3, 1), 2.0);
  EXPECT_DOUBLE_EQ(at(Structure::ar1, {2, -0.5}, 3, 0), -0.25);
  EXPECT_DOUBLE_EQ(at(Structure::ar1h, {1, 4, 9, 16, 0.5}, 3, 1), 2.0);
  EXPECT_DOUBLE_EQ(at(Structure::ad, {2, 0.5, 0.4, 0.3}, 3, 0), 0.12);
  EXPECT_DOUBLE_EQ(at(Structure::adh, {1, 4, 9, 16, 0.5, 0.4, 0.3}, 3, 1), 0.96);
  EXPECT_DOUBLE_EQ(at(Structure::sp_exp, {2, 3}, 3, 1), 2.0 * std::exp(-2.0));
}

TEST(RmMmrmCovariance, ByHandCholeskyForm) {
  // us: D = diag(exp 0, exp ln 2), L = [1 0; 3 1]: Sigma = [1 3; 3 10] with rows and columns of the second visit times 2.
  const Covariance us(Structure::us, Form::cholesky, 2, {}, whole(2));
  Vector t(3);
  t << 0.0, std::log(2.0), 3.0;
  Vector v = values(us, t);
  EXPECT_DOUBLE_EQ(v[0], 1.0);
  EXPECT_DOUBLE_EQ(v[1], 6.0);
  EXPECT_DOUBLE_EQ(v[2], 40.0);
  const Covariance ar1(Structure::ar1, Form::cholesky, 2, {}, whole(2));
  Vector r(2);
  r << std::log(3.0), 0.75;  // sd 3, correlation 0.6
  v = values(ar1, r);
  EXPECT_NEAR(v[0], 9.0, 1e-14);
  EXPECT_NEAR(v[1], 5.4, 1e-14);
  const Covariance cs(Structure::cs, Form::cholesky, 3, {}, whole(3));
  r << 0.0, 0.0;  // half way between -1/2 and 1
  EXPECT_NEAR(values(cs, r)[1], 0.25, 1e-15);
  const Covariance sp(Structure::sp_exp, Form::cholesky, 2, {0.0, 2.0}, whole(2));
  EXPECT_NEAR(values(sp, r)[1], 0.25, 1e-15);  // (1/2)^2
}

TEST(RmMmrmCovariance, OracleFirstDerivatives) {
  for (const Structure s : all_structures) {
    for (const Form f : {Form::natural, Form::cholesky}) {
      const Covariance cov = make(s, f);
      const Vector theta = some_theta(s, f);
      Matrix jacobian;
      cov.first(theta.data(), jacobian);
      for (int a = 0; a < cov.size(); ++a) {
        const double h = 1e-5 * std::max(1.0, std::fabs(theta[a]));
        Vector up = theta, down = theta;
        up[a] += h;
        down[a] -= h;
        const Vector slope = (values(cov, up) - values(cov, down)) / (2.0 * h);
        EXPECT_LT((slope - jacobian.col(a)).cwiseAbs().maxCoeff(), 2e-9) << structure_word(s) << " " << a;
      }
    }
  }
}

TEST(RmMmrmCovariance, OracleSecondDerivatives) {
  for (const Structure s : all_structures) {
    for (const Form f : {Form::natural, Form::cholesky}) {
      const Covariance cov = make(s, f);
      const Vector theta = some_theta(s, f);
      std::vector<Matrix> second(cov.elements(), Matrix::Zero(cov.size(), cov.size()));
      cov.second(theta.data(), [&](int a, int b, std::size_t e, double d) { second[e](a, b) = second[e](b, a) = d; });
      for (int b = 0; b < cov.size(); ++b) {
        const double h = 1e-5 * std::max(1.0, std::fabs(theta[b]));
        Vector up = theta, down = theta;
        up[b] += h;
        down[b] -= h;
        Matrix high, low;
        cov.first(up.data(), high);
        cov.first(down.data(), low);
        const Matrix slope = (high - low) / (2.0 * h);
        for (int e = 0; e < cov.elements(); ++e) {
          EXPECT_LT((slope.row(e).transpose() - second[e].col(b)).cwiseAbs().maxCoeff(), 5e-9) << structure_word(s) << " " << b;
        }
      }
      EXPECT_EQ(cov.linear(), f == Form::natural && (s == Structure::us || s == Structure::cs || s == Structure::toep));
    }
  }
}

TEST(RmMmrmCovariance, PropertyFormsAgree) {
  for (const Structure s : all_structures) {
    const Vector natural = values(make(s, Form::natural), some_theta(s, Form::natural));
    const Vector cholesky = values(make(s, Form::cholesky), some_theta(s, Form::cholesky));
    EXPECT_LT((natural - cholesky).cwiseAbs().maxCoeff(), 1e-14) << structure_word(s);
    const std::vector<double> back = make(s, Form::cholesky).natural(some_theta(s, Form::cholesky).data());
    const Vector theta = some_theta(s, Form::natural);
    ASSERT_EQ(static_cast<Eigen::Index>(back.size()), theta.size());
    for (Eigen::Index a = 0; a < theta.size(); ++a) EXPECT_NEAR(back[a], theta[a], 1e-13) << structure_word(s);
    EXPECT_EQ(structure_of(structure_word(s)), s);
  }
  EXPECT_THROW(structure_of("unstructured"), input_error);
}

TEST(RmMmrmCovariance, ByHandLabels) {
  const auto label = [](Structure s, int a) { return make(s, Form::natural).label(a); };
  EXPECT_EQ(label(Structure::us, 4).high, 3);
  EXPECT_EQ(label(Structure::us, 4).low, 2);
  EXPECT_EQ(label(Structure::us, 4).kind, ParameterKind::covariance);
  EXPECT_EQ(label(Structure::us, 5).kind, ParameterKind::variance);
  EXPECT_EQ(label(Structure::cs, 0).kind, ParameterKind::covariance);
  EXPECT_EQ(label(Structure::cs, 1).kind, ParameterKind::residual);
  EXPECT_EQ(label(Structure::toeph, 5).high, 2);
  EXPECT_EQ(label(Structure::adh, 6).high, 4);
  EXPECT_EQ(label(Structure::adh, 6).low, 3);
  EXPECT_EQ(label(Structure::sp_exp, 1).kind, ParameterKind::range);
  EXPECT_EQ(label(Structure::ar1h, 3).high, 4);
  EXPECT_EQ(label(Structure::ar1h, 4).kind, ParameterKind::correlation);
  // Visits are named where a parameter is theirs alone, lags where it is that of a band.
  const auto places = [&](Structure s, int a, int high, int low) {
    return label(s, a).high == high && label(s, a).low == low;
  };
  EXPECT_TRUE(places(Structure::cs, 0, 0, 0) && places(Structure::cs, 1, 0, 0));
  EXPECT_TRUE(places(Structure::ar1, 0, 0, 0) && places(Structure::ar1, 1, 0, 0));
  EXPECT_TRUE(places(Structure::csh, 3, 4, 4) && places(Structure::csh, 4, 0, 0));
  EXPECT_TRUE(places(Structure::toep, 0, 0, 0) && places(Structure::toep, 3, 3, 0));
  EXPECT_TRUE(places(Structure::toeph, 4, 1, 0) && places(Structure::ad, 1, 2, 1));
  EXPECT_TRUE(places(Structure::sp_exp, 0, 0, 0) && places(Structure::sp_exp, 1, 0, 0));
}

TEST(RmMmrmCovariance, ByHandDefiniteness) {
  const auto pivot = [](Structure s, std::vector<double> t) { return definiteness(make(s, Form::natural), t.data()); };
  EXPECT_GT(pivot(Structure::cs, {-0.33, 1.33}), 0.0);  // correlation above -1/3
  EXPECT_EQ(pivot(Structure::cs, {-0.34, 1.34}), 0.0);
  EXPECT_EQ(pivot(Structure::ar1, {1.0, 1.0}), 0.0);
  EXPECT_EQ(pivot(Structure::ar1, {-1.0, 0.0}), 0.0);
  EXPECT_NEAR(pivot(Structure::ar1, {1.0, 0.6}), 0.64, 1e-14);
  EXPECT_EQ(pivot(Structure::csh, {1, 1, missing, 1, 0.2}), 0.0);
  EXPECT_EQ(pivot(Structure::sp_exp, {1, -1}), 0.0);
  // Scale does not matter: standard deviations of 1e-75 and 1e75.
  EXPECT_NEAR(pivot(Structure::ar1h, {1e-150, 1.0, 1e150, 1.0, 0.6}), 0.64, 1e-14);
}

// Beyond 60 visits no matrix is made: the parameters alone decide.
TEST(RmMmrmCovariance, EdgeManyTimes) {
  std::vector<double> times;
  for (int j = 0; j < 61; ++j) times.push_back(j);
  const Covariance natural(Structure::sp_exp, Form::natural, 61, times, {{0, 0}, {60, 0}});
  const auto inside = [&](std::vector<double> t) { return definiteness(natural, t.data()); };
  EXPECT_EQ(inside({1.0, 1.0}), 1.0);
  EXPECT_EQ(inside({1.0, 0.0}), 0.0);
  EXPECT_EQ(inside({1.0, -1.0}), 0.0);
  EXPECT_EQ(inside({0.0, 1.0}), 0.0);
  EXPECT_EQ(inside({infinity, 1.0}), 0.0);
  EXPECT_EQ(inside({missing, 1.0}), 0.0);
  const Covariance cholesky(Structure::sp_exp, Form::cholesky, 61, times, {{0, 0}, {60, 0}});
  const double any[2] = {-3.0, -2.0};
  EXPECT_EQ(definiteness(cholesky, any), 1.0);
  // The matrix of 60 visits decides itself.
  const Covariance sixty(Structure::sp_exp, Form::natural, 60, times, [] {
    std::vector<VisitPair> all;
    for (int j = 0; j < 60; ++j) {
      for (int k = 0; k <= j; ++k) all.push_back({j, k});
    }
    return all;
  }());
  const double theta[2] = {2.0, 1.0};
  EXPECT_NEAR(definiteness(sixty, theta), 1.0 - std::exp(-2.0), 1e-12);
}

// Complete visits: averages of the moments of the residuals.
TEST(RmMmrmCovariance, ByHandStartValues) {
  const int n = 30;
  Study s = make_study(n, 4, 0.0);
  s.time.resize(4);
  s.time << 0.0, 1.0, 4.0, 9.0;
  for (const bool reml : {true, false}) {
    Point at(s, Structure::us, reml);
    const Vector& e = at.ws.outcome.residual;
    Matrix m = Matrix::Zero(4, 4);
    for (int i = 0; i < n; ++i) {
      const Vector r = e.segment(4 * i, 4);
      m += r * r.transpose() / n;
    }
    if (reml) m *= 4.0 * n / (4.0 * n - s.x.cols());
    const double pooled = m.trace() / 4.0;
    const PairMoments moments = pair_moments(*at.plan, at.ws.outcome, 0, reml);
    EXPECT_EQ(moments.count.minCoeff(), n);
    const auto start = [&](Structure which) {
      const std::vector<double> t = start_natural(make(which, Form::natural), *at.plan, moments);
      return Vector(Eigen::Map<const Vector>(t.data(), static_cast<Eigen::Index>(t.size())));
    };
    const auto lag = [&](int d, bool many) {
      double sum = 0.0;
      for (int j = d; j < 4; ++j) sum += m(j, j - d) / (many ? std::sqrt(m(j, j) * m(j - d, j - d)) : pooled);
      return sum / (4 - d);
    };
    const auto near = [&](Structure which, const std::vector<double>& expected) {
      const Vector t = start(which);
      ASSERT_EQ(static_cast<std::size_t>(t.size()), expected.size());
      for (int a = 0; a < t.size(); ++a) EXPECT_NEAR(t[a], expected[a], 1e-12) << structure_word(which) << " " << a;
    };
    near(Structure::us, {m(0, 0), m(1, 0), m(1, 1), m(2, 0), m(2, 1), m(2, 2), m(3, 0), m(3, 1), m(3, 2), m(3, 3)});
    near(Structure::toep, {pooled, pooled * lag(1, false), pooled * lag(2, false), pooled * lag(3, false)});
    near(Structure::toeph, {m(0, 0), m(1, 1), m(2, 2), m(3, 3), lag(1, true), lag(2, true), lag(3, true)});
    near(Structure::ar1, {pooled, lag(1, false)});
    near(Structure::ar1h, {m(0, 0), m(1, 1), m(2, 2), m(3, 3), lag(1, true)});
    near(Structure::ad, {pooled, m(1, 0) / pooled, m(2, 1) / pooled, m(3, 2) / pooled});
    const double all = (3.0 * lag(1, false) + 2.0 * lag(2, false) + lag(3, false)) / 6.0;
    near(Structure::cs, {pooled * all, pooled * (1.0 - all)});
    near(Structure::csh, {m(0, 0), m(1, 1), m(2, 2), m(3, 3), (3.0 * lag(1, true) + 2.0 * lag(2, true) + lag(3, true)) / 6.0});
    near(Structure::sp_exp, {pooled, -(1.0 + 4.0 + 9.0 + 3.0 + 8.0 + 5.0) / 6.0 / std::log(all)});
  }
}

TEST(RmMmrmCovariance, EdgeOneVisit) {
  for (const Structure s : all_structures) {
    const Covariance cov(s, Form::natural, 1, {0.0}, whole(1));
    EXPECT_EQ(cov.size(), 1) << structure_word(s);
    Vector t(1);
    t << 2.5;
    EXPECT_DOUBLE_EQ(values(cov, t)[0], 2.5) << structure_word(s);
    EXPECT_EQ(cov.label(0).kind, ParameterKind::variance) << structure_word(s);
  }
}
