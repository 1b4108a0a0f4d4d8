// Repeated-measures ANOVA where there is little to go by: no patient, one, fewer patients than visits, visits without spread or
// that depend on each other, empty cells, collinear columns, infinite values, offsets.

#include <gtest/gtest.h>

#include "rm_anova_cases.hpp"

namespace {

using namespace rm_cases;

bool gone(double x) { return x != x; }

}  // namespace

TEST(RmAnovaEdge, NoCompletePatient) {
  Table y = made_up(4, 3);
  for (int i = 0; i < 4; ++i) {
    y[i][i % 3] = missing;
  }
  Case c(y, only_intercept(4), one_factor(3));
  anova::ProblemRow problem;
  const auto rows = c.solve(anova::Options(), &problem);
  EXPECT_EQ(rows[1].status, Status::no_data);
  EXPECT_EQ(rows[1].status_multivariate, Status::no_data);
  EXPECT_TRUE(gone(rows[1].ss) && gone(rows[1].f) && gone(rows[1].p) && gone(rows[1].eta2_generalised));
  EXPECT_EQ(problem.n, 0);
  EXPECT_EQ(problem.n_dropped, 4);
  EXPECT_EQ(problem.status_compound_symmetry, Status::no_data);
}

TEST(RmAnovaEdge, OneCompletePatient) {
  Table y = made_up(4, 3);
  y[0][1] = y[1][1] = y[3][0] = missing;
  Case c(y, only_intercept(4), one_factor(3));
  const auto rows = c.solve();
  EXPECT_EQ(rows[1].status, Status::too_few);
  EXPECT_EQ(rows[1].status_sphericity, Status::too_few);
  EXPECT_EQ(rows[1].df_error, 0.0);
  EXPECT_FALSE(gone(rows[1].ss));
  EXPECT_TRUE(gone(rows[1].f) && gone(rows[1].p) && gone(rows[1].sphericity.gg) && gone(rows[1].eta2_generalised));
}

TEST(RmAnovaEdge, MoreVisitsThanPatients) {
  Case c(made_up(4, 7), only_intercept(4), one_factor(7));
  anova::ProblemRow problem;
  const anova::Row r = c.solve(anova::Options(), &problem)[1];
  EXPECT_EQ(r.status, Status::ok);
  EXPECT_EQ(r.status_sphericity, Status::too_few);
  EXPECT_EQ(r.status_multivariate, Status::too_few);
  EXPECT_FALSE(gone(r.f) || gone(r.p_gg) || gone(r.p_hf));
  EXPECT_GE(r.sphericity.gg, 1.0 / 6.0);
  EXPECT_LE(r.sphericity.gg, 0.5);  // three degrees of freedom leave at most three of six roots
  EXPECT_TRUE(gone(r.sphericity.w) && gone(r.multivariate.wilks.value));
  EXPECT_EQ(problem.status_compound_symmetry, Status::too_few);
}

TEST(RmAnovaEdge, AsManyErrorDegreesOfFreedomAsContrasts) {
  Case c(made_up(4, 4), only_intercept(4), one_factor(4));
  const anova::Row r = c.solve()[1];
  EXPECT_EQ(r.status_multivariate, Status::ok);
  EXPECT_EQ(r.multivariate.wilks.df2, 1.0);
  EXPECT_FALSE(gone(r.multivariate.pillai.p) || gone(r.sphericity.w));
}

TEST(RmAnovaEdge, VisitsThatDependOnEachOther) {
  Table y = made_up(12, 4);
  for (auto& row : y) {
    row[3] = 2.0 * row[1] - row[0];
  }
  Case c(y, only_intercept(12), one_factor(4));
  anova::ProblemRow problem;
  const anova::Row r = c.solve(anova::Options(), &problem)[1];
  EXPECT_EQ(r.status, Status::ok);
  EXPECT_EQ(r.status_multivariate, Status::singular);
  EXPECT_EQ(r.status_sphericity, Status::singular);
  EXPECT_EQ(problem.status_compound_symmetry, Status::singular);
  EXPECT_TRUE(gone(r.multivariate.roy.f) && gone(r.sphericity.w));
  EXPECT_FALSE(gone(r.p_gg));
}

TEST(RmAnovaEdge, OneVisitWithoutSpreadIsNoObstacle) {
  Table y = made_up(12, 3);
  for (auto& row : y) {
    row[1] = 9.0;
  }
  Case c(y, only_intercept(12), one_factor(3));
  anova::ProblemRow problem;
  const anova::Row r = c.solve(anova::Options(), &problem)[1];
  EXPECT_EQ(r.status, Status::ok);
  EXPECT_EQ(r.status_multivariate, Status::ok);
  EXPECT_EQ(problem.status_compound_symmetry, Status::singular);
}

TEST(RmAnovaEdge, ErrorThatIsNothingButRounding) {
  for (const double size : {1.0, 0.1, 1e9, 1.0 / 3.0}) {
    Table y(8);
    for (int i = 0; i < 8; ++i) {
      for (int j = 0; j < 3; ++j) {
        y[i].push_back(size * (7.1 * i + 0.3 * j));  // every patient moves alike
      }
    }
    Case c(y, only_intercept(8), one_factor(3));
    const anova::Row r = c.solve()[1];
    EXPECT_EQ(r.status, Status::no_variance) << size;
    EXPECT_EQ(r.status_multivariate, Status::no_variance);
    EXPECT_TRUE(gone(r.f) && gone(r.p) && gone(r.eta2) && gone(r.eta2_generalised)) << size;
    EXPECT_GT(r.ss, 0.0);
    EXPECT_EQ(c.solve()[0].status, Status::ok);
  }
}

TEST(RmAnovaEdge, EmptyBetweenCell) {
  // Crossed factors whose fourth cell nobody is in: the interaction has no degree of freedom left.
  std::vector<int> a, b;
  for (int i = 0; i < 18; ++i) {
    a.push_back(i < 6 ? 0 : i < 12 ? 0 : 1);
    b.push_back(i < 6 ? 0 : i < 12 ? 1 : 0);
  }
  const Table y = made_up(18, 3);
  for (const anova::Type type : {anova::Type::sequential, anova::Type::marginal, anova::Type::partial}) {
    Case c(y, crossed(a, b), one_factor(3), type);
    anova::ProblemRow problem;
    const auto rows = c.solve(anova::Options(), &problem);
    EXPECT_EQ(problem.rank, 3);
    EXPECT_EQ(rows[3].status, Status::rank_deficient);
    EXPECT_EQ(rows[3].df_lost, 1);
    EXPECT_EQ(rows[3].df, 0.0);
    EXPECT_TRUE(gone(rows[3].f) && gone(rows[3].ss));
    EXPECT_EQ(rows[7].status, Status::rank_deficient);
    EXPECT_EQ(rows[1].status, Status::ok);
    EXPECT_EQ(problem.box_groups, 3);
  }
}

TEST(RmAnovaEdge, CovariateThatIsTheGroup) {
  std::vector<int> g;
  for (int i = 0; i < 14; ++i) {
    g.push_back(i % 2);
  }
  Model m = groups(g);
  std::vector<double> covariate;
  for (const int k : g) {
    covariate.push_back(3.0 * k - 1.5);
  }
  m.columns.push_back(covariate);
  m.assign.push_back(2);
  m.terms = 2;
  m.contains = {1, 0, 0, 1};
  Case c(made_up(14, 3), m, one_factor(3));
  anova::ProblemRow problem;
  const auto rows = c.solve(anova::Options(), &problem);
  EXPECT_EQ(rows[2].status, Status::rank_deficient);
  EXPECT_EQ(rows[1].status, Status::ok);
  EXPECT_EQ(problem.df_error, 12.0);
  EXPECT_EQ(problem.status_box, Status::ok);
}

TEST(RmAnovaEdge, PatientWithoutCovariateIsLeftOut) {
  Model m = only_intercept(10);
  std::vector<double> age;
  for (int i = 0; i < 10; ++i) {
    age.push_back(i == 4 ? missing : i - 4.5);
  }
  m.columns.push_back(age);
  m.assign.push_back(1);
  m.terms = 1;
  m.contains = {1};
  Case c(made_up(10, 3), m, one_factor(3));
  anova::ProblemRow problem;
  const auto rows = c.solve(anova::Options(), &problem);
  EXPECT_EQ(problem.n, 9);
  EXPECT_EQ(problem.n_dropped, 1);
  EXPECT_EQ(rows[1].status, Status::ok);
  EXPECT_EQ(rows[1].df_error, 7.0);
}

TEST(RmAnovaEdge, InfiniteMeasurementNamesTheLowestProblem) {
  Table y = made_up(6, 3);
  Case c(y, only_intercept(6), one_factor(3));
  for (int k = 1; k < 5; ++k) {
    Table z = y;
    z[2][1] = k >= 2 ? infinity : 1.0;
    c.add_outcome(z);
  }
  c.solve(anova::Options(), nullptr, 0, 2);
  EXPECT_EQ(c.infinite, 2u);
}

TEST(RmAnovaEdge, OffsetsTakeNoDigits) {
  // Tenths: exact on the decimal grid. Eighths: exact without it.
  for (const double step : {0.1, 0.125}) {
    Table plain(9), far(9);
    for (int i = 0; i < 9; ++i) {
      for (int j = 0; j < 4; ++j) {
        const double k = std::round(40.0 * noise(i, j) + 5.0 * j);
        plain[i].push_back(step == 0.1 ? k / 10.0 : k / 8.0);
        far[i].push_back(step == 0.1 ? (1e9 * 10.0 + k) / 10.0 : 1e9 + k / 8.0);
      }
    }
    Case a(plain, groups({0, 0, 0, 0, 1, 1, 1, 1, 1}), one_factor(4)), b(far, groups({0, 0, 0, 0, 1, 1, 1, 1, 1}), one_factor(4));
    for (std::size_t k = 1; k < 4; ++k) {
      EXPECT_LT(difference(b.solve()[k], a.solve()[k]), 1e-12);
    }
  }
}

TEST(RmAnovaEdge, ExtremeScales) {
  const Table y = made_up(10, 3);
  Case plain(y, groups({0, 0, 0, 0, 1, 1, 1, 1, 1, 1}), one_factor(3));
  for (const double size : {1e-140, 1e140}) {
    Table z = y;
    for (auto& row : z) {
      for (double& v : row) {
        v *= size;
      }
    }
    Case c(z, groups({0, 0, 0, 0, 1, 1, 1, 1, 1, 1}), one_factor(3));
    for (std::size_t k = 1; k < 4; ++k) {
      EXPECT_LT(difference(c.solve()[k], plain.solve()[k], "ss"), 1e-9) << size;
    }
  }
}

TEST(RmAnovaEdge, WithinTermsMustBeOrthonormal) {
  Matrix crooked = helmert(3);
  crooked(0, 0) += 0.1;
  EXPECT_THROW(Case(made_up(5, 3), only_intercept(5), {constant(3), crooked}), input_error);
}
