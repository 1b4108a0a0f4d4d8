// Tests of contrasts in the mixed model. oracle: Kenward and Roger (1997), Satterthwaite and the sandwich with dense matrices.
// byhand: the paired t-test and the analysis of variance. edge: contrasts that cannot be estimated.

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "rm_mmrm_dense.hpp"

namespace {

using namespace dense;

struct Fitted {
  Study study;
  MmrmFit fit;
  FitPoint point;

  explicit Fitted(Study s, Structure structure = Structure::us, bool reml = true) : study(std::move(s)) {
    FitWorkspace ws;
    MmrmOptions o;
    o.structures = {structure};
    o.reml = reml;
    fit = fit_mmrm(study.data(), study.y.data(), o, ws);
    point = {fit.status, fit.structure, fit.theta};
  }

  TestRow test(const Matrix& l, TestOptions o, double null = 0.0) const {
    InferenceWorkspace ws;
    TestRow row;
    row.status = prepare_inference(study.data(), study.y.data(), point, o.inference, ws);
    return row.status == Status::ok ? test_contrast(ws, {l, null}, fit.structure, o) : row;
  }
  TestRow test(const Matrix& l, DfMethod df) const { return test(l, with(df)); }

  static TestOptions with(DfMethod df, VcovType vcov = VcovType::model, Convention convention = Convention::sas) {
    TestOptions o;
    o.inference.df = df;
    o.inference.vcov = vcov;
    o.inference.convention = convention;
    return o;
  }
};

// A fit at its maximum with the dense program beside it, in the core's unit and basis; l over original columns as l R^-1.
struct AtMaximum {
  Fitted fitted;
  Point point;
  Vector theta;
  Dense dense;
  Matrix w;

  AtMaximum(const Study& s, Structure structure, Form form, Information information = Information::observed)
      : fitted(s, structure), point(s, structure, true, form) {
    const Covariance natural = covariance_for(*point.plan, structure, Form::natural);
    theta = fitted.fit.theta.cwiseQuotient(respondr::rm::detail::units(natural, point.plan->groups, point.ws.outcome.scale));
    for (int g = 0; g < point.plan->groups && form == Form::cholesky; ++g) {
      const std::vector<double> c = cholesky_from_natural(natural, theta.data() + g * natural.size());
      std::copy(c.begin(), c.end(), theta.data() + g * natural.size());
    }
    const MmrmWorkspace& ws = point.derivatives(theta);
    w = (information == Information::observed ? ws.observed : ws.expected).inverse();
    dense = point.solve(theta);
  }
  Matrix rows(const Matrix& l) const { return l * point.plan->root.inverse(); }
  double scale() const { return point.ws.outcome.scale; }
  Vector beta(const Matrix& l) const { return l * fitted.fit.beta / scale(); }
};

// Kenward and Roger (1997), their notation.
struct KenwardRoger {
  Matrix adjusted;
  double df, lambda, f;
};

KenwardRoger kenward_roger_dense(const AtMaximum& m, const Matrix& l, bool curved) {
  const Matrix &x = m.point.plan->basis, &inverse = m.dense.inverse, &phi = m.dense.phi;
  const int q = static_cast<int>(m.theta.size());
  std::vector<Matrix> p(q), d(q);
  for (int a = 0; a < q; ++a) {
    d[a] = -inverse * m.point.dv(m.theta, a) * inverse;
    p[a] = x.transpose() * d[a] * x;
  }
  const Matrix r = m.rows(l), theta = r.transpose() * (r * phi * r.transpose()).inverse() * r;
  Matrix middle = Matrix::Zero(x.cols(), x.cols());
  double a1 = 0.0, a2 = 0.0;
  for (int a = 0; a < q; ++a) {
    for (int b = 0; b < q; ++b) {
      Matrix term = x.transpose() * d[a] * m.dense.v * d[b] * x - p[a] * phi * p[b];
      if (curved) term -= 0.25 * x.transpose() * inverse * m.point.d2v(m.theta, a, b) * inverse * x;
      middle += m.w(a, b) * term;
      a1 += m.w(a, b) * (theta * phi * p[a] * phi).trace() * (theta * phi * p[b] * phi).trace();
      a2 += m.w(a, b) * (theta * phi * p[a] * phi * theta * phi * p[b] * phi).trace();
    }
  }
  KenwardRoger out;
  out.adjusted = phi + 2.0 * phi * middle * phi;
  const double k = static_cast<double>(l.rows());
  const double b = (a1 + 6 * a2) / (2 * k), g = ((k + 1) * a1 - (k + 4) * a2) / ((k + 2) * a2);
  const double c1 = g / (3 * k + 2 * (1 - g)), c2 = (k - g) / (3 * k + 2 * (1 - g)), c3 = (k + 2 - g) / (3 * k + 2 * (1 - g));
  const double mean = 1 / (1 - a2 / k);
  const double variance = 2 / k * (1 + c1 * b) / (std::pow(1 - c2 * b, 2) * (1 - c3 * b));
  const double rho = variance / (2 * mean * mean);
  out.df = 4 + (k + 2) / (k * rho - 1);
  out.lambda = out.df / (mean * (out.df - 2));
  const Vector e = m.beta(l);
  out.f = out.lambda / k * e.dot(Vector((r * out.adjusted * r.transpose()).inverse() * e));
  return out;
}

Matrix unit_row(int columns, int k) { return Matrix(Vector::Unit(columns, k).transpose()); }

Study two_visits(int patients) {
  Study s = make_study(patients, 2, 0.0);
  s.x.conservativeResize(Eigen::NoChange, 2);
  for (Eigen::Index r = 0; r < s.y.size(); ++r) s.x(r, 1) = s.visit[r];
  return s;
}

Study with_times(Study s) {
  s.time.resize(s.visits);
  for (int j = 0; j < s.visits; ++j) s.time[j] = j * j;
  return s;
}

}  // namespace

TEST(RmMmrmTest, ByHandTwoVisitsIsThePairedT) {
  for (const int n : {3, 5, 12, 40}) {
    const Fitted f(two_visits(n));
    double mean = 0.0, squares = 0.0;
    for (int i = 0; i < n; ++i) mean += (f.study.y[2 * i + 1] - f.study.y[2 * i]) / n;
    for (int i = 0; i < n; ++i) squares += std::pow(f.study.y[2 * i + 1] - f.study.y[2 * i] - mean, 2);
    const double se = std::sqrt(squares / (n - 1) / n), t = mean / se;
    for (const DfMethod df : {DfMethod::satterthwaite, DfMethod::kenward_roger, DfMethod::kenward_roger_linear,
                              DfMethod::between_within}) {
      for (const Convention c : {Convention::sas, Convention::mmrm}) {
        const TestRow row = f.test(unit_row(2, 1), Fitted::with(df, VcovType::model, c));
        ASSERT_EQ(row.status, Status::ok);
        EXPECT_NEAR(row.estimate, mean, 1e-11);
        EXPECT_NEAR(row.std_error, se, 1e-11 * se);
        EXPECT_NEAR(row.df, n - 1.0, 1e-9 * n);
        EXPECT_NEAR(row.statistic, t, 1e-10 * std::fabs(t));
        EXPECT_NEAR(row.p_value, 2.0 * special::t_cdf(-std::fabs(t), n - 1.0), 1e-11);
        EXPECT_NEAR(row.conf_high - row.conf_low, 2.0 * se * special::t_quantile(0.975, n - 1.0), 1e-9 * se);
      }
    }
  }
}

TEST(RmMmrmTest, ByHandSidesAndNull) {
  const Fitted f(two_visits(12));
  TestOptions o = Fitted::with(DfMethod::satterthwaite);
  const TestRow both = f.test(unit_row(2, 1), o, 0.4);
  EXPECT_NEAR(both.statistic, (both.estimate - 0.4) / both.std_error, 1e-12);
  o.alternative = Alternative::greater;
  const TestRow greater = f.test(unit_row(2, 1), o, 0.4);
  o.alternative = Alternative::less;
  const TestRow less = f.test(unit_row(2, 1), o, 0.4);
  EXPECT_NEAR(greater.p_value + less.p_value, 1.0, 1e-14);
  EXPECT_NEAR(2.0 * std::min(greater.p_value, less.p_value), both.p_value, 1e-14);
  EXPECT_EQ(greater.conf_high, infinity);
  EXPECT_NEAR(greater.conf_low, greater.estimate - special::t_quantile(0.95, greater.df) * greater.std_error, 1e-12);
  EXPECT_EQ(less.conf_low, -infinity);
}

// F of the visits with V - 1 and (V - 1)(n - 1) degrees of freedom.
TEST(RmMmrmTest, ByHandCompoundSymmetryIsAnova) {
  Study s = make_study(9, 4, 0.0);
  s.x = Matrix::Zero(36, 4);
  for (int r = 0; r < 36; ++r) {
    s.x(r, 0) = 1.0;
    s.x(r, s.visit[r]) = 1.0;
  }
  const Eigen::Map<const Eigen::Matrix<double, -1, -1, Eigen::RowMajor>> y(s.y.data(), 9, 4);
  double visits = 0.0, rest = 0.0;
  for (int j = 0; j < 4; ++j) {
    visits += 9.0 * std::pow(y.col(j).mean() - y.mean(), 2) / 3.0;
    for (int i = 0; i < 9; ++i) rest += std::pow(y(i, j) - y.col(j).mean() - y.row(i).mean() + y.mean(), 2) / 24.0;
  }
  const Fitted f(s, Structure::cs);
  ASSERT_EQ(f.fit.status, Status::ok);
  const Matrix l = Matrix::Identity(4, 4).bottomRows(3);
  for (const DfMethod df : {DfMethod::satterthwaite, DfMethod::kenward_roger, DfMethod::kenward_roger_linear,
                            DfMethod::between_within}) {
    const TestRow row = f.test(l, df);
    ASSERT_EQ(row.status, Status::ok);
    EXPECT_EQ(row.df, 3.0);
    EXPECT_NEAR(row.df_denominator, 24.0, 1e-7);
    EXPECT_NEAR(row.statistic, visits / rest, 1e-9 * visits / rest);
    EXPECT_NEAR(row.p_value, special::f_cdf(visits / rest, 3.0, 24.0, special::Tail::upper), 1e-10);
  }
}

TEST(RmMmrmTest, OracleKenwardRogerOfAllStructures) {
  const Study s = with_times(make_study(22, 3, 0.25));
  const int p = static_cast<int>(s.x.cols());
  const Matrix l = Matrix::Identity(p, p).middleRows(1, 3);
  for (const Structure structure : all_structures) {
    for (const DfMethod df :
         {DfMethod::kenward_roger, DfMethod::kenward_roger_linear, DfMethod::kenward_roger_cholesky}) {
      for (const Information information : {Information::observed, Information::expected}) {
        const AtMaximum m(s, structure, df == DfMethod::kenward_roger_cholesky ? Form::cholesky : Form::natural, information);
        ASSERT_EQ(m.fitted.fit.status, Status::ok) << structure_word(structure);
        const KenwardRoger expected = kenward_roger_dense(m, l, df != DfMethod::kenward_roger_linear);
        TestOptions o = Fitted::with(df);
        o.inference.information = information;
        const TestRow row = m.fitted.test(l, o);
        EXPECT_NEAR(row.statistic, expected.f, 1e-8 * expected.f) << structure_word(structure);
        EXPECT_NEAR(row.df_denominator, expected.df, 1e-7 * expected.df) << structure_word(structure);
        EXPECT_NEAR(row.p_value, special::f_cdf(expected.f, 3.0, expected.df, special::Tail::upper), 1e-8);
        for (int k = 0; k < p; ++k) {
          const Matrix one = unit_row(p, k), r = m.rows(one);
          const TestRow t = m.fitted.test(one, o);
          EXPECT_NEAR(t.std_error, m.scale() * std::sqrt((r * expected.adjusted * r.transpose())(0, 0)), 1e-9);
          EXPECT_NEAR(t.df, kenward_roger_dense(m, one, true).df, 1e-6 * t.df);
        }
      }
    }
  }
}

TEST(RmMmrmTest, OracleKenwardRogerWithGroups) {
  const Study s = make_study(40, 3, 0.2, 2);
  const int p = static_cast<int>(s.x.cols());
  const Matrix l = Matrix::Identity(p, p).middleRows(1, 2);
  for (const Structure structure : {Structure::us, Structure::ar1h}) {
    const AtMaximum m(s, structure, Form::natural);
    ASSERT_EQ(m.fitted.fit.status, Status::ok);
    const KenwardRoger expected = kenward_roger_dense(m, l, true);
    const TestRow row = m.fitted.test(l, DfMethod::kenward_roger);
    EXPECT_NEAR(row.statistic, expected.f, 1e-8 * expected.f);
    EXPECT_NEAR(row.df_denominator, expected.df, 1e-7 * expected.df);
  }
}

// Gradient of l Phi l' by differences; several rows by Fai and Cornelius (1996).
TEST(RmMmrmTest, OracleSatterthwaite) {
  const Study s = with_times(make_study(22, 3, 0.25));
  const int p = static_cast<int>(s.x.cols());
  const Matrix several = Matrix::Identity(p, p).middleRows(1, 2);
  for (const Structure structure : all_structures) {
    const AtMaximum m(s, structure, Form::natural);
    const auto one = [&](const Matrix& l) {
      const Matrix r = m.rows(l);
      Vector gradient(m.theta.size());
      for (int a = 0; a < gradient.size(); ++a) {
        const double h = 1e-4 * std::fabs(m.theta[a]);
        const auto variance = [&](double step) {
          Vector t = m.theta;
          t[a] += step;
          return (r * m.point.solve(t).phi * r.transpose())(0, 0);
        };
        gradient[a] = (8.0 * (variance(h) - variance(-h)) - variance(2.0 * h) + variance(-2.0 * h)) / (12.0 * h);
      }
      const double variance = (r * m.dense.phi * r.transpose())(0, 0);
      return 2.0 * variance * variance / gradient.dot(Vector(m.w * gradient));
    };
    for (int k = 0; k < p; ++k) {
      const TestRow row = m.fitted.test(unit_row(p, k), DfMethod::satterthwaite);
      EXPECT_NEAR(row.df, one(unit_row(p, k)), 1e-6 * row.df) << structure_word(structure);
    }
    const Matrix r = m.rows(several), cover = r * m.dense.phi * r.transpose();
    const Eigen::SelfAdjointEigenSolver<Matrix> eigen(cover);
    double e = 0.0;
    for (int k = 0; k < 2; ++k) {
      const double df = one(eigen.eigenvectors().col(k).transpose() * several);
      e += df / (df - 2.0);
    }
    const TestRow row = m.fitted.test(several, DfMethod::satterthwaite);
    EXPECT_NEAR(row.df_denominator, 2.0 * e / (e - 2.0), 1e-6 * row.df_denominator) << structure_word(structure);
    const Vector value = m.beta(several);
    EXPECT_NEAR(row.statistic, value.dot(Vector(cover.inverse() * value)) / 2.0, 1e-9 * row.statistic);
    EXPECT_EQ(row.df, 2.0);
  }
}

TEST(RmMmrmTest, OracleSandwich) {
  Study s = make_study(18, 3, 0.25);
  s.weight.resize(s.y.size());
  for (Eigen::Index r = 0; r < s.y.size(); ++r) s.weight[r] = 0.5 + s.uniform();
  const int p = static_cast<int>(s.x.cols()), n = static_cast<int>(s.y.size());
  const Fitted f(s, Structure::us);
  const Covariance cov(Structure::us, Form::natural, 3, {}, {{0, 0}, {1, 0}, {1, 1}, {2, 0}, {2, 1}, {2, 2}});
  const Dense d = dense::solve(s, s.x, spread(s, {f.fit.theta}, cov.pairs(), s.visit), true);
  const auto power = [](const Matrix& a, double exponent) {
    const Eigen::SelfAdjointEigenSolver<Matrix> eigen(a);
    return Matrix(eigen.eigenvectors() * eigen.eigenvalues().array().pow(exponent).matrix().asDiagonal() *
                  eigen.eigenvectors().transpose());
  };
  const Matrix hat_free = Matrix::Identity(n, n) - s.x * d.phi * s.x.transpose() * d.inverse;
  for (const VcovType type : {VcovType::cr0, VcovType::cr2, VcovType::cr3}) {
    for (const Convention convention : {Convention::sas, Convention::mmrm}) {
      for (int k = 0; k < p; ++k) {
        Matrix meat = Matrix::Zero(p, p), g = Matrix::Zero(n, 18);
        for (int i = 0, first = 0, last; i < 18; ++i, first = last) {
          for (last = first; last < n && s.patient[last] == i;) ++last;
          const int c = last - first;
          const Matrix v = d.v.block(first, first, c, c), x = s.x.middleRows(first, c), hat = x * d.phi * x.transpose();
          Matrix a = Matrix::Identity(c, c);
          if (type == VcovType::cr3) a = (Matrix::Identity(c, c) - hat * v.inverse()).inverse();
          if (type == VcovType::cr2 && convention == Convention::sas) {
            const Matrix root = v.llt().matrixU();
            a = root.transpose() * power(root * (v - hat) * root.transpose(), -0.5) * root;
          }
          if (type == VcovType::cr2 && convention == Convention::mmrm) {
            const Matrix root = power(v, -0.5);
            a = root.inverse() * power(Matrix::Identity(c, c) - root * hat * root, -0.5) * root;
          }
          const Matrix weight = x.transpose() * v.inverse() * a;
          const Vector score = weight * d.residual.segment(first, c);
          meat += score * score.transpose();
          g.col(i) = hat_free.middleRows(first, c).transpose() * weight.transpose() * d.phi.col(k);
        }
        const Matrix omega = g.transpose() * d.v * g;
        const TestRow row = f.test(unit_row(p, k), Fitted::with(DfMethod::satterthwaite, type, convention));
        EXPECT_NEAR(row.std_error, std::sqrt((d.phi * meat * d.phi)(k, k)), 1e-9 * row.std_error);
        EXPECT_NEAR(row.df, std::pow(omega.trace(), 2) / omega.squaredNorm(), 1e-8 * row.df);
      }
    }
  }
}

TEST(RmMmrmTest, ByHandBetweenWithinResidualAsymptotic) {
  const Study s = make_study(20, 3, 0.2);  // columns: intercept, arm, two visits, arm at the last
  const double n = static_cast<double>(s.y.size());
  const Fitted us(s), ar1(s, Structure::ar1);
  const auto df = [](const Fitted& f, int k, DfMethod m, Convention c) {
    return f.test(unit_row(5, k), Fitted::with(m, VcovType::model, c)).df;
  };
  const double between = 20 - 2, within = n - 5 - between;
  for (int k = 0; k < 5; ++k) {
    EXPECT_EQ(df(us, k, DfMethod::between_within, Convention::sas), between);
    EXPECT_EQ(df(ar1, k, DfMethod::between_within, Convention::sas), k < 2 ? between : within);
    EXPECT_EQ(df(us, k, DfMethod::between_within, Convention::mmrm), k == 1 ? between : within);
    EXPECT_EQ(df(us, k, DfMethod::residual, Convention::sas), n - 5);
    EXPECT_EQ(df(us, k, DfMethod::asymptotic, Convention::sas), infinity);
  }
  Matrix mixed = unit_row(5, 1) + unit_row(5, 4);
  EXPECT_EQ(ar1.test(mixed, DfMethod::between_within).df, within);
  EXPECT_EQ(ar1.test(mixed, Fitted::with(DfMethod::between_within, VcovType::model, Convention::mmrm)).df,
            std::min(between, within));
  const TestRow z = us.test(unit_row(5, 1), DfMethod::asymptotic);
  EXPECT_NEAR(z.p_value, 2.0 * special::normal_cdf(-std::fabs(z.statistic)), 1e-14);
  const TestRow chi = us.test(Matrix::Identity(5, 5).middleRows(1, 2), DfMethod::asymptotic);
  EXPECT_NEAR(chi.p_value, special::chisq_cdf(2.0 * chi.statistic, 2.0, special::Tail::upper), 1e-13);
}

TEST(RmMmrmTest, PropertyDependentRows) {
  const Fitted f(make_study(30, 3, 0.2));
  Matrix l = Matrix::Identity(5, 5).middleRows(1, 2), more(4, 5), turned(4, 5);
  more << l, l.row(0) + l.row(1), 2.0 * l.row(1);
  turned << more.row(3), more.row(2), more.row(1), more.row(0);
  for (const DfMethod df : {DfMethod::kenward_roger, DfMethod::between_within, DfMethod::satterthwaite}) {
    const TestRow plain = f.test(l, df), longer = f.test(more, df), other = f.test(turned, df);
    EXPECT_EQ(longer.df, 2.0);
    EXPECT_NEAR(longer.statistic, plain.statistic, 1e-10 * plain.statistic);
    EXPECT_NEAR(longer.df_denominator, other.df_denominator, 1e-9 * other.df_denominator);
    if (df != DfMethod::satterthwaite) {  // whose df depend on the rows that say the same
      EXPECT_NEAR(longer.df_denominator, plain.df_denominator, 1e-9 * plain.df_denominator);
    }
  }
  const TestRow t = f.test(unit_row(5, 2), DfMethod::kenward_roger);
  Matrix twice(2, 5);
  twice << unit_row(5, 2), unit_row(5, 2);
  const TestRow same = f.test(twice, DfMethod::kenward_roger);
  EXPECT_EQ(same.df, 1.0);
  EXPECT_NEAR(same.statistic, t.statistic * t.statistic, 1e-10 * same.statistic);
  EXPECT_NEAR(same.p_value, t.p_value, 1e-12);
}

TEST(RmMmrmTest, PropertyCoefficientCovariance) {
  const Fitted f(make_study(30, 3, 0.2));
  for (const DfMethod df : {DfMethod::satterthwaite, DfMethod::kenward_roger}) {
    InferenceWorkspace ws;
    TestOptions o = Fitted::with(df);
    ASSERT_EQ(prepare_inference(f.study.data(), f.study.y.data(), f.point, o.inference, ws), Status::ok);
    const Matrix v = coefficient_covariance(ws);
    for (int k = 0; k < 5; ++k) EXPECT_NEAR(std::sqrt(v(k, k)), f.test(unit_row(5, k), df).std_error, 1e-12);
    if (df == DfMethod::satterthwaite) {
      EXPECT_LT((v - f.fit.vcov).cwiseAbs().maxCoeff(), 1e-12);
    }
  }
}

TEST(RmMmrmTest, EdgeFaiCorneliusWithFewDegreesOfFreedom) {
  using respondr::rm::detail::combine_df;
  EXPECT_NEAR(combine_df({10.0, 20.0}, Convention::sas), 2.0 * (10.0 / 8 + 20.0 / 18) / (10.0 / 8 + 20.0 / 18 - 2.0), 1e-13);
  EXPECT_EQ(combine_df({5.0, 5.0}, Convention::sas), 5.0);
  EXPECT_EQ(combine_df({1.5, 20.0}, Convention::mmrm), 2.0);
  EXPECT_TRUE(std::isnan(combine_df({1.5, 20.0}, Convention::sas)));  // 20 / 18 is no more than 2
  EXPECT_NEAR(combine_df({1.5, 2.5}, Convention::sas), 2.0 * 5.0 / 3.0, 1e-13);
}

TEST(RmMmrmTest, EdgeNotEstimable) {
  Study s = make_study(20, 3, 0.1);
  Matrix x(s.x.rows(), 6);
  x << s.x, s.x.col(0) - s.x.col(1);  // the other arm
  s.x = x;
  const Fitted f(s);
  ASSERT_EQ(f.fit.status, Status::rank_deficient);
  EXPECT_EQ(f.test(unit_row(6, 5), DfMethod::satterthwaite).status, Status::not_estimable);
  EXPECT_EQ(f.test(unit_row(6, 0), DfMethod::satterthwaite).status, Status::not_estimable);
  const TestRow arms = f.test(unit_row(6, 1) - unit_row(6, 5), DfMethod::satterthwaite);
  EXPECT_EQ(arms.status, Status::ok);
  EXPECT_EQ(f.test(Matrix::Zero(1, 6), DfMethod::satterthwaite).status, Status::not_estimable);
  EXPECT_EQ(f.test(Matrix::Zero(2, 6), DfMethod::satterthwaite).status, Status::not_estimable);
  EXPECT_EQ(f.test(Matrix::Zero(1, 6), DfMethod::asymptotic).status, Status::not_estimable);
  for (const double size : {1e-9, 1e9}) {  // whatever the length of a contrast
    EXPECT_EQ(f.test(size * unit_row(6, 0), DfMethod::asymptotic).status, Status::not_estimable) << size;
    const TestRow scaled = f.test(size * (unit_row(6, 1) - unit_row(6, 5)), DfMethod::satterthwaite);
    EXPECT_EQ(scaled.status, Status::ok) << size;
    EXPECT_NEAR(scaled.statistic, arms.statistic, 1e-10 * std::fabs(arms.statistic)) << size;
    EXPECT_NEAR(scaled.df, arms.df, 1e-8 * arms.df) << size;
  }
  const FitPoint broken{Status::boundary, Structure::us, {}};
  InferenceWorkspace ws;
  EXPECT_EQ(prepare_inference(s.data(), s.y.data(), broken, InferenceOptions(), ws), Status::boundary);
}

TEST(RmMmrmTest, OracleResiduals) {
  Study s = make_study(20, 3, 0.2);
  s.weight.resize(s.y.size());
  for (Eigen::Index r = 0; r < s.y.size(); ++r) s.weight[r] = 0.5 + s.uniform();
  const int n = static_cast<int>(s.y.size());
  const Fitted f(s);
  ASSERT_EQ(f.fit.status, Status::ok);
  InferenceWorkspace ws;
  const MmrmResiduals r = residuals(s.data(), s.y.data(), f.point, ws);
  const Covariance cov(Structure::us, Form::natural, 3, {}, {{0, 0}, {1, 0}, {1, 1}, {2, 0}, {2, 1}, {2, 2}});
  const Dense d = dense::solve(s, s.x, spread(s, {f.fit.theta}, cov.pairs(), s.visit), true);
  const Vector normalized = d.v.llt().matrixL().solve(d.residual);
  for (int i = 0; i < n; ++i) {
    EXPECT_NEAR(r.raw[i], d.residual[i], 1e-10);
    EXPECT_NEAR(r.fitted[i], s.y[i] - d.residual[i], 1e-10);
    EXPECT_NEAR(r.pearson[i], d.residual[i] / std::sqrt(d.v(i, i)), 1e-10);
    EXPECT_NEAR(r.normalized[i], normalized[i], 1e-10);
  }
}

TEST(RmMmrmTest, PropertyAnyThreads) {
  Study s = make_study(20, 3, 0.0);
  const int n = static_cast<int>(s.y.size()), many = 30;
  Matrix y(n, many);
  for (Eigen::Index i = 0; i < y.size(); ++i) y.data()[i] = s.y[i % n] + s.normal();
  MmrmData d = s.data();
  d.outcome.clear();
  std::vector<FitPoint> points;
  for (int k = 0; k < many; ++k) {
    d.outcome.push_back(y.data() + static_cast<std::ptrdiff_t>(k) * n);
    Study one = s;
    one.y = y.col(k);
    points.push_back(Fitted(one).point);
  }
  points[3].status = Status::not_converged;
  const std::vector<Contrast> contrasts{{unit_row(5, 1), 0.0}, {Matrix::Identity(5, 5).middleRows(1, 3), 0.0}};
  const auto run = [&](int threads) {
    std::vector<TestRow> out(2 * many);
    test_all(d, points, contrasts, Fitted::with(DfMethod::kenward_roger), threads, Hooks(),
             [&](std::size_t k, std::size_t c, const TestRow& row) { out[2 * k + c] = row; });
    return out;
  };
  const std::vector<TestRow> one = run(1), two = run(2);
  for (int i = 0; i < 2 * many; ++i) {
    EXPECT_EQ(one[i].status, i / 2 == 3 ? Status::not_converged : Status::ok);
    if (i / 2 != 3) {
      EXPECT_TRUE(one[i].p_value == two[i].p_value && one[i].statistic == two[i].statistic);
    }
  }
}
