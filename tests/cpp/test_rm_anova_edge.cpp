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
  Case two(y, groups({0, 0, 1, 1}), one_factor(3));
  for (const anova::Row& row : two.solve()) {
    EXPECT_EQ(row.status, Status::no_data);
  }
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
  // Two visits have no sphericity and one contrast only.
  Case two({{1, 3}}, only_intercept(1), one_factor(2));
  const anova::Row r = two.solve()[1];
  EXPECT_EQ(r.status, Status::too_few);
  EXPECT_EQ(r.status_sphericity, Status::ok);
  EXPECT_EQ(r.status_multivariate, Status::ok);
}

TEST(RmAnovaEdge, TwoPatientsAndTwoVisits) {
  // Changes 1 and 2: t = 3 on one degree of freedom.
  Case c({{1, 2}, {1, 3}}, only_intercept(2), one_factor(2));
  const anova::Row r = c.solve()[1];
  EXPECT_EQ(r.status, Status::ok);
  EXPECT_NEAR(r.f, 9.0, 1e-13);
  EXPECT_EQ(r.df_error, 1.0);
  EXPECT_NEAR(r.p, 2.0 * special::t_cdf(-3.0, 1.0), 1e-14);
  EXPECT_TRUE(gone(r.multivariate.wilks.value));
  EXPECT_EQ(r.sphericity.hf, 1.0);
  EXPECT_EQ(r.sphericity.hf_lecoutre, 1.0);
}

TEST(RmAnovaEdge, AllMeasurementsEqual) {
  Case c(Table(9, std::vector<double>(3, 5.0)), groups({0, 0, 0, 0, 1, 1, 1, 1, 1}), one_factor(3));
  anova::ProblemRow problem;
  for (const anova::Row& row : c.solve(anova::Options(), &problem)) {
    EXPECT_EQ(row.status, Status::no_variance);
    EXPECT_TRUE(gone(row.f) && gone(row.p) && gone(row.omega2));
  }
  EXPECT_EQ(problem.status_compound_symmetry, Status::no_variance);
  EXPECT_EQ(problem.status_box, Status::too_few);
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
    anova::ProblemRow problem;
    const anova::Row r = c.solve(anova::Options(), &problem)[1];
    EXPECT_EQ(problem.status_compound_symmetry, Status::no_variance);
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
  // The first patient, who is in no cell, counts as little.
  c.design.between_cell.assign(10, 0);
  c.design.between_cell[0] = c.design.between_cell[7] = -1;
  c.solve(anova::Options(), &problem);
  EXPECT_EQ(problem.n, 7);
  EXPECT_EQ(problem.n_dropped, 3);
  // A model of one covariate, which the first patient has not.
  Model slope = only_intercept(10);
  slope.columns = {age};
  slope.columns[0][0] = missing;
  slope.assign = {1};
  slope.terms = 1;
  slope.contains = {1};
  Case no_intercept(made_up(10, 3), slope, one_factor(3));
  no_intercept.solve(anova::Options(), &problem);
  EXPECT_EQ(problem.n, 8);
  EXPECT_EQ(problem.df_error, 7.0);
}

TEST(RmAnovaEdge, ByGroupsAreProblemsOfTheirOwn) {
  // 40 patients and then 120 (more than a word of bits), holes at different places of two outcomes.
  const int n[2] = {40, 120};
  Table y = made_up(160, 3), z = made_up(160, 3, 5);
  std::vector<int> g;
  for (int i = 0; i < 160; ++i) {
    g.push_back(i % 2);
  }
  y[3][1] = y[36][0] = y[81][2] = y[149][0] = missing;
  z[26][2] = z[80][1] = z[158][1] = missing;
  Case both(y, groups(g), one_factor(3));
  both.add_outcome(z);
  both.data.group_start = {0, 40, 160};
  for (const int threads : {1, 3}) {
    for (std::size_t outcome = 0; outcome < 2; ++outcome) {
      for (std::size_t group = 0; group < 2; ++group) {
        const Table& from = outcome == 0 ? y : z;
        const int start = group == 0 ? 0 : 40;
        Case alone(Table(from.begin() + start, from.begin() + start + n[group]),
                   groups(std::vector<int>(g.begin() + start, g.begin() + start + n[group])), one_factor(3));
        anova::ProblemRow a, b;
        const auto one = alone.solve(anova::Options(), &a), all = both.solve(anova::Options(), &b, 2 * outcome + group, threads);
        for (std::size_t k = 0; k < 4; ++k) {
          EXPECT_EQ(difference(all[k], one[k]), 0.0) << outcome << group << k;
        }
        EXPECT_EQ(b.n, a.n);
        EXPECT_EQ(b.n_dropped, a.n_dropped);
        EXPECT_EQ(a.n_dropped, outcome == 0 ? 2 : group == 0 ? 1 : 2);
        EXPECT_EQ(b.box.statistic, a.box.statistic);
        EXPECT_EQ(b.compound_symmetry.p, a.compound_symmetry.p);
      }
    }
  }
  both.data.group_start = {0, 160};
  anova::ProblemRow first, second;
  both.solve(anova::Options(), &first, 0);
  both.solve(anova::Options(), &second, 1);
  EXPECT_EQ(first.n, 156);
  EXPECT_EQ(second.n, 157);
}

TEST(RmAnovaEdge, ModelWithoutAColumnOfOnes) {
  // A mean for each group: the same space, so the same residuals and interaction with the visits.
  const std::vector<int> g{0, 0, 0, 0, 1, 1, 1, 1, 1, 1};
  Model m = only_intercept(10);
  m.columns.assign(2, std::vector<double>(10, 0.0));
  for (std::size_t i = 0; i < 10; ++i) {
    m.columns[g[i]][i] = 1.0;
  }
  m.assign = {1, 1};
  m.terms = 1;
  m.contains = {1};
  const Table y = made_up(10, 3);
  Case means(y, m, one_factor(3)), plain(y, groups(g), one_factor(3));
  const auto a = means.solve(), b = plain.solve();
  EXPECT_EQ(a[0].status, Status::rank_deficient);  // no intercept to test
  EXPECT_LT(relative(a[1].ss_error, b[1].ss_error), 1e-11);
  EXPECT_LT(relative(a[3].ss_error, b[3].ss_error), 1e-11);
  double ss = 0.0;  // both means against 0
  for (int group = 0; group < 2; ++group) {
    double sum = 0.0;
    for (int i = 4 * group; i < 4 + 6 * group; ++i) {
      sum += (y[i][0] + y[i][1] + y[i][2]) / std::sqrt(3.0);
    }
    ss += sum * sum / (4.0 + 2.0 * group);
  }
  EXPECT_LT(relative(a[1].ss, ss), 1e-11);
}

TEST(RmAnovaEdge, RowsMustFitTheDesign) {
  Case patients(made_up(5, 3), only_intercept(5), one_factor(3));
  patients.data.patients = 4;
  EXPECT_THROW(patients.solve(), input_error);
  Case cells(made_up(5, 3), only_intercept(5), one_factor(3));
  cells.data.cells = 2;
  EXPECT_THROW(cells.solve(), input_error);
}

TEST(RmAnovaEdge, AProblemLeavesNothingToTheNext) {
  Case c(made_up(9, 4), groups({0, 0, 0, 0, 1, 1, 1, 1, 1}), one_factor(4));
  Case alone(made_up(9, 4, 10), groups({0, 0, 0, 0, 1, 1, 1, 1, 1}), one_factor(4));
  c.add_outcome(made_up(9, 4, 10));
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_EQ(difference(c.solve(anova::Options(), nullptr, 1, 1)[k], alone.solve()[k]), 0.0);
  }
}

TEST(RmAnovaEdge, DecimalsComeBackAsTyped) {
  EXPECT_EQ(anova::outcome_units(3.0, 0.1), 0.3);
  EXPECT_EQ(anova::outcome_units(3.0, 1.0), 3.0);
  EXPECT_EQ(anova::squared_units(3.0, 1024.0), 3.0 * 1048576.0);
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
      EXPECT_LT(relative(c.solve()[k].ss / size / size, plain.solve()[k].ss), 1e-9) << size;
    }
  }
}

TEST(RmAnovaEdge, WithinTermsMustBeOrthonormal) {
  Matrix crooked = helmert(3);
  crooked(0, 0) += 0.1;
  EXPECT_THROW(Case(made_up(5, 3), only_intercept(5), {constant(3), crooked}), input_error);
}
