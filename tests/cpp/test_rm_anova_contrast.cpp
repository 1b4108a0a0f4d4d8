// Contrasts of rm_anova(), tests from figures, bootstrap. byhand: paired t of differences. property: figures = rows, averaging,
// threads.

#include <gtest/gtest.h>

#include <cstring>

#include "respondr/rm/anova_bootstrap.hpp"
#include "respondr/rm/anova_contrast.hpp"
#include "respondr/rm/anova_figures.hpp"
#include "rm_anova_cases.hpp"

namespace {

using namespace rm_cases;
using namespace respondr::rm::anova;

std::vector<int> three_groups() { return {0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2}; }

Contrasts contrasts(const Table& l, const Table& c_rows, bool pooled = false) {
  Contrasts out;
  out.l = matrix(l);
  const Matrix c = matrix(c_rows);  // one contrast a row
  out.c.resize(c.cols, c.rows);
  for (std::size_t i = 0; i < c.rows; ++i) {
    for (std::size_t j = 0; j < c.cols; ++j) {
      out.c(j, i) = c(i, j);
    }
  }
  out.pooled = pooled;
  out.correlation = true;
  return out;
}

ContrastWorkspace solve(Case& c, const Contrasts& k) {
  ContrastWorkspace out;
  solve_all_contrasts(c.data, c.design, k, 1, Hooks(), [&](std::size_t, const ContrastWorkspace& w) { out = w; });
  return out;
}

// Figures of a case with groups.
Figures figures_of(const Table& y, const std::vector<int>& g, int groups) {
  Figures f;
  const std::size_t k = y[0].size();
  f.n.assign(groups, 0.0);
  f.mean.resize(groups, k);
  f.mean.zero();
  f.covariance.assign(groups, Matrix(k, k));
  for (std::size_t i = 0; i < y.size(); ++i) {
    f.n[g[i]] += 1.0;
  }
  for (std::size_t i = 0; i < y.size(); ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      f.mean(g[i], j) += y[i][j] / f.n[g[i]];
    }
  }
  for (std::size_t i = 0; i < y.size(); ++i) {
    for (std::size_t a = 0; a < k; ++a) {
      for (std::size_t b = 0; b < k; ++b) {
        f.covariance[g[i]](a, b) += (y[i][a] - f.mean(g[i], a)) * (y[i][b] - f.mean(g[i], b)) / (f.n[g[i]] - 1.0);
      }
    }
  }
  return f;
}

}  // namespace

TEST(RmAnovaContrast, ByHandOwnErrorIsThePairedT) {
  const Table y = made_up(12, 4);
  Case c(y, only_intercept(12), one_factor(4));
  const ContrastRow row = solve(c, contrasts({{1.0}}, {{-1.0, 0.0, 0.0, 1.0}})).rows[0];
  double mean = 0.0, ss = 0.0;
  for (const auto& p : y) {
    mean += (p[3] - p[0]) / 12.0;
  }
  for (const auto& p : y) {
    ss += (p[3] - p[0] - mean) * (p[3] - p[0] - mean);
  }
  const double se = std::sqrt(ss / 11.0 / 12.0);
  EXPECT_LT(relative(row.estimate, mean), 1e-12);
  EXPECT_LT(relative(row.std_error, se), 1e-12);
  EXPECT_EQ(row.df, 11.0);
  EXPECT_LT(relative(row.p, 2.0 * special::t_cdf(-std::fabs(mean / se), 11.0)), 1e-11);
  EXPECT_NEAR(row.conf_high - row.conf_low, 2.0 * se * special::t_quantile(0.975, 11.0), 1e-12);
}

TEST(RmAnovaContrast, ByHandGroupMeansAndTheirDifference) {
  const Table y = made_up(18, 3);
  const std::vector<int> g = three_groups();
  Case c(y, groups(g), one_factor(3));
  // Mean of group 1 at visit 2; group 2 - group 0 in the change of visit 3 from visit 1; mean of the groups over all visits.
  const ContrastWorkspace w = solve(c, contrasts({{1, 0, 1}, {0, -2, -1}, {1, 0, 0}},
                                                {{0, 1, 0}, {-1, 0, 1}, {1 / 3.0, 1 / 3.0, 1 / 3.0}}));
  double m[3][3] = {}, n[3] = {5, 7, 6};
  for (int i = 0; i < 18; ++i) {
    for (int j = 0; j < 3; ++j) {
      m[g[i]][j] += y[i][j] / n[g[i]];
    }
  }
  EXPECT_LT(relative(w.rows[0].estimate, m[1][1]), 1e-13);
  EXPECT_LT(relative(w.rows[1].estimate, (m[2][2] - m[2][0]) - (m[0][2] - m[0][0])), 1e-11);
  double all = 0.0;
  for (int k = 0; k < 9; ++k) {
    all += m[k / 3][k % 3] / 9.0;
  }
  EXPECT_LT(relative(w.rows[2].estimate, all), 1e-13);
  double ss1 = 0.0, ss2 = 0.0, cross = 0.0;
  for (int i = 0; i < 18; ++i) {
    const double u = y[i][1] - m[g[i]][1], v = (y[i][2] - y[i][0]) - (m[g[i]][2] - m[g[i]][0]);
    ss1 += u * u;
    ss2 += v * v;
    cross += u * v;
  }
  EXPECT_LT(relative(w.rows[0].std_error, std::sqrt(ss1 / 15.0 / 7.0)), 1e-11);
  EXPECT_LT(relative(w.rows[1].std_error, std::sqrt(ss2 / 15.0 * (1.0 / 6.0 + 1.0 / 5.0))), 1e-11);
  EXPECT_NEAR(w.correlation[1], 0.0, 1e-12);  // different groups: uncorrelated
  EXPECT_EQ(w.correlation[0], 1.0);
  // Both of group 1: the correlation of the scores.
  const ContrastWorkspace same = solve(c, contrasts({{1, 0, 1}, {1, 0, 1}}, {{0, 1, 0}, {-1, 0, 1}}));
  EXPECT_NEAR(same.correlation[1], cross / std::sqrt(ss1 * ss2), 1e-12);
}

TEST(RmAnovaContrast, ByHandPooledErrorIsTheMeanSquareOfTheTerm) {
  const Table y = made_up(18, 3);
  Case c(y, groups(three_groups()), one_factor(3));
  const auto rows = c.solve();
  const ContrastWorkspace w = solve(c, contrasts({{1, 0, 0}, {1, 0, 0}, {1, 0, 1}},
                                                {{-1, 0, 1}, {1 / 3.0, 1 / 3.0, 1 / 3.0}, {0, 1, 0}}, true));
  const double within = rows[3].ss_error / rows[3].df_error, level = rows[1].ss_error / rows[1].df_error;
  const double mean = (1.0 / 5.0 + 1.0 / 7.0 + 1.0 / 6.0) / 9.0;
  EXPECT_LT(relative(w.rows[0].std_error, std::sqrt(2.0 * within * mean)), 1e-11);
  EXPECT_EQ(w.rows[0].df, 30.0);
  EXPECT_LT(relative(w.rows[1].std_error, std::sqrt(level / 3.0 * mean)), 1e-11);
  EXPECT_EQ(w.rows[1].df, 15.0);
  // One visit has a third of the level and two thirds of the rest: Satterthwaite.
  const double a = level / 3.0, b = 2.0 * within / 3.0;
  EXPECT_LT(relative(w.rows[2].std_error, std::sqrt((a + b) / 7.0)), 1e-11);
  EXPECT_NEAR(w.rows[2].df, (a + b) * (a + b) / (a * a / 15.0 + b * b / 30.0), 1e-7);
  EXPECT_NEAR(w.correlation[1], 0.0, 1e-12);
  for (const ContrastRow& row : w.rows) {
    EXPECT_NEAR(row.conf_high, row.estimate + special::t_quantile(0.975, row.df) * row.std_error, 1e-12);
    EXPECT_NEAR(row.conf_low, row.estimate - special::t_quantile(0.975, row.df) * row.std_error, 1e-12);
  }
  // Two visits of one group: variance (level + 2 within) / 3, covariance (level - within) / 3.
  const ContrastWorkspace two = solve(c, contrasts({{1, 0, 1}, {1, 0, 1}, {1, 0, 1}}, {{0, 1, 0}, {0, 0, 1}, {0, -2, 0}}, true));
  const double r = (level - within) / (level + 2.0 * within);
  const double expected[9] = {1.0, r, -1.0, r, 1.0, -r, -1.0, -r, 1.0};
  for (std::size_t k = 0; k < 9; ++k) {
    EXPECT_NEAR(two.correlation[k], expected[k], 1e-12) << k;
    EXPECT_LE(std::fabs(two.correlation[k]), 1.0);
  }
}

TEST(RmAnovaContrast, PropertyLengthOfAContrastChangesNeitherTNorP) {
  const Table y = made_up(18, 3);
  Case c(y, groups(three_groups()), one_factor(3)), level(y, groups(three_groups()), {constant(3)});
  for (const bool pooled : {false, true}) {
    const ContrastRow one = solve(c, contrasts({{1, 0, 1}}, {{0, 1, 1}}, pooled)).rows[0];
    for (const double size : {1e-8, 1e8}) {
      const ContrastRow row = solve(c, contrasts({{1, 0, 1}}, {{0, size, size}}, pooled)).rows[0];
      EXPECT_LT(relative(row.estimate, size * one.estimate), 1e-13);
      EXPECT_LT(relative(row.std_error, size * one.std_error), 1e-11);
      EXPECT_NEAR(row.df, one.df, 1e-8);
      EXPECT_LT(relative(row.p, one.p), 1e-9);
      const ContrastRow twice = solve(c, contrasts({{2 * size, 0, 2 * size}}, {{0, 1, 1}}, pooled)).rows[0];
      EXPECT_LT(relative(twice.estimate, 2.0 * size * one.estimate), 1e-13);
      EXPECT_LT(relative(twice.std_error, 2.0 * size * one.std_error), 1e-11);
      EXPECT_EQ(solve(level, contrasts({{1, 0, 1}}, {{0, size, 0}}, true)).rows[0].status, Status::not_estimable);
    }
  }
}

TEST(RmAnovaContrast, PropertyOffsetGoesWhereWeightsAddUpToRoundingOnly) {
  // .1 + .2 - .3 is some 6e-17 in doubles.
  Table y = made_up(12, 3), far;
  for (auto& row : y) {
    for (double& v : row) {
      v = std::round(100.0 * v) / 100.0;
    }
    far.push_back({1e9 + row[0], 1e9 + row[1], 1e9 + row[2]});
  }
  Case near(y, only_intercept(12), one_factor(3)), off(far, only_intercept(12), one_factor(3));
  for (const double size : {1.0, 1e8}) {
    const Contrasts k = contrasts({{1}}, {{0.1 * size, 0.2 * size, -0.3 * size}});
    EXPECT_LT(relative(solve(off, k).rows[0].estimate, solve(near, k).rows[0].estimate), 1e-12);
  }
  // Unless asked for: own error, and no correlations.
  Contrasts plain;
  plain.l = matrix({{1}});
  plain.c = matrix({{-1}, {0}, {1}});
  const ContrastWorkspace w = solve(near, plain);
  EXPECT_EQ(w.rows[0].df, 11.0);
  EXPECT_EQ(w.rows[0].std_error, solve(near, contrasts({{1}}, {{-1, 0, 1}})).rows[0].std_error);
  EXPECT_TRUE(w.correlation.empty());
}

TEST(RmAnovaContrast, EdgeStatuses) {
  Table y = made_up(6, 3);
  Case c(y, groups({0, 0, 0, 1, 1, 1}), {constant(3)});
  const ContrastWorkspace w = solve(c, contrasts({{1, 0}}, {{-1, 0, 1}}, true));
  EXPECT_EQ(w.rows[0].status, Status::not_estimable);  // the within terms do not hold it
  EXPECT_NE(w.correlation[0], w.correlation[0]);
  for (auto& row : y) {
    row[2] = row[0] + 1.5;
  }
  Case constant_change(y, only_intercept(6), one_factor(3));
  const ContrastRow row = solve(constant_change, contrasts({{1}}, {{-1, 0, 1}})).rows[0];
  EXPECT_EQ(row.status, Status::no_variance);
  EXPECT_NEAR(row.estimate, 1.5, 1e-14);
  EXPECT_NE(row.p, row.p);
  Table none = y;
  for (auto& p : none) {
    p[1] = missing;
  }
  Case empty(none, only_intercept(6), one_factor(3));
  EXPECT_EQ(solve(empty, contrasts({{1}}, {{-1, 0, 1}})).rows[0].status, Status::no_data);
  Case one({{1, 2, 4}, {1, missing, 3}}, only_intercept(2), one_factor(3));
  const ContrastRow single = solve(one, contrasts({{1}}, {{-1, 0, 1}})).rows[0];
  EXPECT_EQ(single.status, Status::too_few);
  EXPECT_NEAR(single.estimate, 3.0, 1e-14);
  Case pair({{1, 2, 4}, {1, 2, 3}}, only_intercept(2), one_factor(3));
  const ContrastRow two = solve(pair, contrasts({{1}}, {{-1, 0, 1}})).rows[0];  // 3 and 2
  EXPECT_EQ(two.status, Status::ok);
  EXPECT_NEAR(two.conf_high, 2.5 + 0.5 * special::t_quantile(0.975, 1.0), 1e-12);
  Case equal(Table(6, std::vector<double>(3, 5.0)), only_intercept(6), one_factor(3));
  EXPECT_EQ(solve(equal, contrasts({{1}}, {{-1, 0, 1}})).rows[0].status, Status::no_variance);
  Table alike(8);  // every patient changes alike, but for rounding
  for (int i = 0; i < 8; ++i) {
    alike[i] = {7.1 * i / 3.0, (7.1 * i + 0.3) / 3.0, (7.1 * i + 0.6) / 3.0};
  }
  Case rounding(alike, only_intercept(8), one_factor(3));
  for (const double size : {1.0, 1e8}) {
    EXPECT_EQ(solve(rounding, contrasts({{1}}, {{-size, 0, size}})).rows[0].status, Status::no_variance) << size;
  }
}

TEST(RmAnovaContrast, EdgeGroupWithoutPatientsIsNotEstimable) {
  Table y = made_up(18, 3);
  const std::vector<int> g = three_groups();
  for (int i = 5; i < 12; ++i) {
    y[i][1] = missing;  // group 1 is gone
  }
  Case c(y, groups(g), one_factor(3));
  const ContrastWorkspace w = solve(c, contrasts({{1, 0, 1}, {1, 1, 0}, {0, 2, 1}}, {{-1, 0, 1}, {-1, 0, 1}, {-1, 0, 1}}));
  EXPECT_EQ(w.rows[0].status, Status::not_estimable);
  EXPECT_EQ(w.rows[1].status, Status::ok);   // group 0 stays
  EXPECT_EQ(w.rows[2].status, Status::ok);   // group 0 - group 2
  EXPECT_EQ(w.rows[1].df, 9.0);
  EXPECT_NE(w.correlation[1], w.correlation[1]);
  EXPECT_NE(w.correlation[3], w.correlation[3]);
  EXPECT_EQ(w.correlation[4], 1.0);
  EXPECT_EQ(w.correlation[5], w.correlation[7]);
  // Whatever the length of l.
  for (const double size : {1e-9, 1e9}) {
    const ContrastWorkspace s = solve(c, contrasts({{size, 0, size}, {size, size, 0}, {0, 2 * size, size}},
                                                  {{-1, 0, 1}, {-1, 0, 1}, {-1, 0, 1}}));
    EXPECT_EQ(s.rows[0].status, Status::not_estimable) << size;
    EXPECT_EQ(s.rows[1].status, Status::ok) << size;
    EXPECT_EQ(s.rows[2].status, Status::ok) << size;
  }
  EXPECT_THROW(solve(c, contrasts({{1, 0}}, {{-1, 0, 1}})), input_error);
  EXPECT_THROW(solve(c, contrasts({{1, 0, 1}}, {{-1, 1}})), input_error);
  EXPECT_THROW(solve(c, contrasts({{1, 0, 1}, {1, 0, 0}}, {{-1, 0, 1}})), input_error);
}

TEST(RmAnovaContrast, EdgeTwoGroupsWithoutPatients) {
  Table y = made_up(18, 3);
  for (int i = 5; i < 18; ++i) {
    y[i][1] = missing;
  }
  Case c(y, groups(three_groups()), one_factor(3));
  const ContrastWorkspace w = solve(c, contrasts({{1, 1, 0}, {1, 0, 1}, {1, -1, -1}, {0, 1, 0}, {1, 1, 1}},
                                                Table(5, {-1, 0, 1})));
  EXPECT_EQ(w.rows[0].status, Status::ok);
  for (std::size_t k = 1; k < 5; ++k) {
    EXPECT_EQ(w.rows[k].status, Status::not_estimable) << k;
  }
}

TEST(RmAnovaContrast, EdgeMeanBesideACovariateThatIsTheGroup) {
  std::vector<int> g;
  std::vector<double> covariate;
  for (int i = 0; i < 13; ++i) {
    g.push_back(i % 3 == 0 ? 0 : 1);
    covariate.push_back(0.7 * g[i] - 0.35);
  }
  Model m = groups(g);
  m.columns.push_back(covariate);
  m.assign.push_back(2);
  m.terms = 2;
  m.contains = {1, 0, 0, 1};
  Case c(made_up(13, 3), m, one_factor(3)), plain(made_up(13, 3), groups(g), one_factor(3));
  const Table change{{-1, 0, 1}};
  const ContrastRow row = solve(c, contrasts({{1, 0, 0}}, change)).rows[0];
  EXPECT_EQ(row.status, Status::ok);
  EXPECT_LT(relative(row.estimate, solve(plain, contrasts({{1, 0}}, change)).rows[0].estimate), 1e-12);
  EXPECT_EQ(solve(c, contrasts({{0, 0, 1}}, change)).rows[0].status, Status::not_estimable);
}

TEST(RmAnovaFigures, PropertyFiguresGiveWhatRowsGive) {
  const Table y = made_up(18, 4);
  const std::vector<int> g = three_groups();
  Case rows(y, groups(g), one_factor(4));
  Table means(3, std::vector<double>(4, 0.0));
  Case cells(means, groups({0, 1, 2}), one_factor(4));
  const Figures f = figures_of(y, g, 3);
  anova::ProblemRow a, b;
  const auto from_rows = rows.solve(anova::Options(), &a);
  FiguresWorkspace w;
  solve_figures(cells.design, f, anova::Options(), w, b);
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_LT(difference(w.contrasts.base.rows[k], from_rows[k]), 1e-9) << k;
  }
  EXPECT_NEAR(a.box.statistic, b.box.statistic, 1e-9);
  EXPECT_NEAR(a.compound_symmetry.p, b.compound_symmetry.p, 1e-10);
  EXPECT_EQ(b.n, 18);
  EXPECT_EQ(b.df_error, 15.0);
  for (const bool pooled : {false, true}) {
    const Contrasts k = contrasts({{1, 0, 1}, {0, 1, -1}, {1, 0, 0}},
                                  {{0, 1, 0, 0}, {-1, 0, 0, 1}, {.25, .25, .25, .25}}, pooled);
    const ContrastWorkspace one = solve(rows, k);
    solve_figures_contrasts(cells.design, f, k, w);
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_LT(relative(w.contrasts.rows[j].estimate, one.rows[j].estimate), 1e-10);
      EXPECT_LT(relative(w.contrasts.rows[j].std_error, one.rows[j].std_error), 1e-10);
      EXPECT_NEAR(w.contrasts.rows[j].p, one.rows[j].p, 1e-10);
      EXPECT_NEAR(w.contrasts.correlation[j], one.correlation[j], 1e-10);
    }
  }
  // One pooled covariance: everything but Box's M.
  Figures pooled = f;
  pooled.covariance.assign(1, Matrix(4, 4));
  for (int group = 0; group < 3; ++group) {
    for (std::size_t i = 0; i < 16; ++i) {
      pooled.covariance[0].data[i] += (f.n[group] - 1.0) / 15.0 * f.covariance[group].data[i];
    }
  }
  solve_figures(cells.design, pooled, anova::Options(), w, b);
  EXPECT_LT(difference(w.contrasts.base.rows[3], from_rows[3]), 1e-9);
  EXPECT_EQ(b.status_box, Status::not_estimable);
}

TEST(RmAnovaFigures, EdgeWhatIsMissing) {
  const Table y = made_up(18, 3);
  const std::vector<int> g = three_groups();
  Case cells(Table(3, std::vector<double>(3, 0.0)), groups({0, 1, 2}), one_factor(3));
  Figures f = figures_of(y, g, 3);
  FiguresWorkspace w;
  anova::ProblemRow row;
  f.covariance[1](0, 2) = missing;
  solve_figures(cells.design, f, anova::Options(), w, row);
  EXPECT_EQ(w.contrasts.base.rows[3].status, Status::not_estimable);
  solve_figures_contrasts(cells.design, f, contrasts({{1, 0, 0}}, {{-1, 0, 1}}), w);
  EXPECT_EQ(w.contrasts.rows[0].status, Status::not_estimable);
  f.n = {0.0, 0.0, 0.0};
  solve_figures(cells.design, f, anova::Options(), w, row);
  EXPECT_EQ(w.contrasts.base.rows[3].status, Status::no_data);
  f.n = {1.0};
  EXPECT_THROW(solve_figures(cells.design, f, anova::Options(), w, row), input_error);
  f = figures_of(y, g, 3);
  f.mean = Matrix(2, 3);
  EXPECT_THROW(solve_figures(cells.design, f, anova::Options(), w, row), input_error);
  f.mean = Matrix(3, 2);
  EXPECT_THROW(solve_figures(cells.design, f, anova::Options(), w, row), input_error);
}

TEST(RmAnovaFigures, PropertyGroupsOfAnySizeGiveWhatRowsGive) {
  // Groups of 1, 2 and 9 patients; the covariance of one patient is missing and is not needed.
  const Table y = made_up(12, 3);
  const std::vector<int> g{0, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2};
  Case rows(y, groups(g), one_factor(3)), cells(Table(3, std::vector<double>(3, 0.0)), groups({0, 1, 2}), one_factor(3));
  Figures f = figures_of(y, g, 3);
  std::fill(f.covariance[0].data.begin(), f.covariance[0].data.end(), missing);
  anova::ProblemRow a, b;
  FiguresWorkspace w;
  const auto from_rows = rows.solve(anova::Options(), &a);
  solve_figures(cells.design, f, anova::Options(), w, b);
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_LT(difference(w.contrasts.base.rows[k], from_rows[k]), 1e-9) << k;
  }
  EXPECT_EQ(b.n, 12);
  EXPECT_EQ(b.box_groups, a.box_groups);
  // Without the second group: no patients, or a mean that is not known.
  Table without = y;
  without[1][2] = without[2][0] = missing;
  Case fewer(without, groups(g), one_factor(3));
  const auto two = fewer.solve(anova::Options(), &a);
  for (const int how : {-1, 0, 1, 2}) {
    Figures part = f;
    if (how < 0) {
      part.n[1] = 0.0;
    } else {
      part.mean(1, static_cast<std::size_t>(how)) = missing;
    }
    solve_figures(cells.design, part, anova::Options(), w, b);
    EXPECT_EQ(b.n, 10);
    EXPECT_EQ(b.rank, a.rank);
    for (std::size_t k = 0; k < 4; ++k) {
      EXPECT_LT(difference(w.contrasts.base.rows[k], two[k]), 1e-9) << how << k;
    }
  }
}

TEST(RmAnovaFigures, PropertyOneAndTwoGroupsGiveWhatRowsGive) {
  const Table y = made_up(14, 3);
  std::vector<int> g(14, 0);
  anova::ProblemRow a, b;
  FiguresWorkspace w;
  Case rows(y, only_intercept(14), one_factor(3)), cells(Table(1, std::vector<double>(3, 0.0)), only_intercept(1), one_factor(3));
  const auto one = rows.solve(anova::Options(), &a);
  solve_figures(cells.design, figures_of(y, g, 1), anova::Options(), w, b);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_LT(difference(w.contrasts.base.rows[k], one[k]), 1e-9) << k;
  }
  EXPECT_NEAR(b.compound_symmetry.statistic, a.compound_symmetry.statistic, 1e-10);
  EXPECT_EQ(b.status_box, Status::one_level);
  std::fill(g.begin(), g.begin() + 6, 1);
  Case two_rows(y, groups(g), one_factor(3)), two_cells(Table(2, std::vector<double>(3, 0.0)), groups({0, 1}), one_factor(3));
  const auto two = two_rows.solve(anova::Options(), &a);
  b = anova::ProblemRow();
  solve_figures(two_cells.design, figures_of(y, g, 2), anova::Options(), w, b);
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_LT(difference(w.contrasts.base.rows[k], two[k]), 1e-9) << k;
  }
  EXPECT_EQ(b.status_box, Status::ok);
  EXPECT_NEAR(b.box.statistic, a.box.statistic, 1e-9);
  EXPECT_NEAR(b.box.f, a.box.f, 1e-10);
  Figures pooled = figures_of(y, g, 2);
  pooled.covariance.resize(1);
  anova::ProblemRow of_pooled;
  solve_figures(two_cells.design, pooled, anova::Options(), w, of_pooled);
  EXPECT_EQ(of_pooled.status_box, Status::not_estimable);
  // Means that differ and patients who do not.
  Figures still = figures_of(y, g, 2);
  for (Matrix& s : still.covariance) {
    s.zero();
  }
  solve_figures(two_cells.design, still, anova::Options(), w, b);
  EXPECT_EQ(w.contrasts.base.rows[3].status, Status::no_variance);
}

TEST(RmAnovaFigures, PropertyAMeanForEachGroupIsTheSameModel) {
  // No column of ones; a contrast of the means of two groups and of one group.
  const Table y = made_up(18, 3);
  const std::vector<int> g = three_groups();
  Model m = only_intercept(3);
  m.columns.assign(3, std::vector<double>(3, 0.0));
  m.columns[0][0] = m.columns[1][1] = m.columns[2][2] = 1.0;
  m.assign = {1, 1, 1};
  m.terms = 1;
  m.contains = {1};
  Case means(Table(3, std::vector<double>(3, 0.0)), m, one_factor(3)), rows(y, groups(g), one_factor(3));
  FiguresWorkspace w;
  const Figures f = figures_of(y, g, 3);
  solve_figures_contrasts(means.design, f, contrasts({{1, -1, 0}, {0, 1, 0}}, {{-1, 0, 1}, {0, 1, 0}}), w);
  const ContrastWorkspace plain = solve(rows, contrasts({{0, 1, -1}, {1, 0, 1}}, {{-1, 0, 1}, {0, 1, 0}}));
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_LT(relative(w.contrasts.rows[k].estimate, plain.rows[k].estimate), 1e-11);
    EXPECT_LT(relative(w.contrasts.rows[k].std_error, plain.rows[k].std_error), 1e-11);
  }
  // The same from rows.
  Model by_row = m;
  for (auto& column : by_row.columns) {
    std::vector<double> longer;
    for (const int group : g) {
      longer.push_back(column[group]);
    }
    column = longer;
  }
  by_row.cell.clear();
  Case again(y, by_row, one_factor(3));
  const ContrastWorkspace same = solve(again, contrasts({{1, -1, 0}, {0, 1, 0}}, {{-1, 0, 1}, {0, 1, 0}}));
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_LT(relative(same.rows[k].estimate, plain.rows[k].estimate), 1e-11);
    EXPECT_LT(relative(same.rows[k].std_error, plain.rows[k].std_error), 1e-11);
  }
}

TEST(RmAnovaBootstrap, PropertySameBitsForAnyThreadsAndOwnStreamAProblem) {
  const Table y = made_up(18, 3);
  Case c(y, groups(three_groups()), one_factor(3));
  const Plans plans = make_plans(c.data, c.design, 1, Hooks());
  BootstrapOptions o;
  o.replicates = 400;
  const auto run = [&](std::uint64_t key, int threads) {
    return bootstrap_problem(c.data, c.design, plans(0), 0, key, o, threads, Hooks());
  };
  const auto one = run(7, 1), three = run(7, 3), other = run(8, 1);
  for (std::size_t k = 1; k < 4; ++k) {
    EXPECT_EQ(one[k].eta2_low, three[k].eta2_low);
    EXPECT_EQ(one[k].omega2_high, three[k].omega2_high);
    EXPECT_NE(one[k].eta2_high, other[k].eta2_high);
    EXPECT_LE(one[k].eta2_low, one[k].eta2_high);
    EXPECT_EQ(one[k].eta2_method, ConfMethod::bca);
  }
  EXPECT_EQ(one[2].eta2, c.solve()[2].eta2_generalised);
  EXPECT_NE(one[0].eta2, one[0].eta2);  // the grand mean has none
}

TEST(RmAnovaBootstrap, OraclePercentileOfTheSameDraws) {
  // Draws by hand with the same stream; every replicate is solved as a problem of its own.
  const Table y = made_up(18, 3);
  const std::vector<int> g = three_groups();
  Case c(y, groups(g), one_factor(3));
  const Plans plans = make_plans(c.data, c.design, 1, Hooks());
  BootstrapOptions o;
  o.replicates = 39;
  o.bca = false;
  o.level = 0.90;
  o.seed = 11;
  std::vector<double> drawn;
  const int start[4] = {0, 5, 12, 18};
  for (int b = 0; b < o.replicates; ++b) {
    Stream stream(o.seed, static_cast<std::uint64_t>(Tag::bootstrap), 5, static_cast<std::uint64_t>(b));
    Table resample;
    for (int cell = 0; cell < 3; ++cell) {
      for (int i = start[cell]; i < start[cell + 1]; ++i) {
        resample.push_back(y[start[cell] + stream.bounded(static_cast<std::uint32_t>(start[cell + 1] - start[cell]))]);
      }
    }
    Case one(resample, groups(g), one_factor(3));
    drawn.push_back(one.solve()[3].eta2_generalised);
  }
  std::sort(drawn.begin(), drawn.end());
  const BootstrapRow row = bootstrap_problem(c.data, c.design, plans(0), 0, 5, o, 1, Hooks())[3];
  EXPECT_NEAR(row.eta2_low, drawn[1], 1e-12);    // rank floor(.05 * 40) = 2
  EXPECT_NEAR(row.eta2_high, drawn[37], 1e-12);
  EXPECT_EQ(row.eta2_method, ConfMethod::percentile);
}

TEST(RmAnovaBootstrap, PropertyACovariateGoesWithItsPatient) {
  // A covariate that is constant in the cells changes nothing but takes the road that makes a plan for every draw.
  const Table y = made_up(14, 3);
  Model m = only_intercept(14);
  std::vector<double> age;
  for (int i = 0; i < 14; ++i) {
    age.push_back(i - 6.5);
  }
  m.columns.push_back(age);
  m.assign.push_back(1);
  m.terms = 1;
  m.contains = {1};
  Case c(y, m, one_factor(3));
  const Plans plans = make_plans(c.data, c.design, 1, Hooks());
  BootstrapOptions o;
  o.replicates = 200;
  const auto rows = bootstrap_problem(c.data, c.design, plans(0), 0, 3, o, 2, Hooks());
  EXPECT_LT(rows[3].eta2_low, rows[3].eta2);
  EXPECT_GT(rows[3].eta2_high, rows[3].eta2);
  EXPECT_EQ(rows[3].replicates, 200);
}

TEST(RmAnovaBootstrap, EdgeNothingToDraw) {
  Table y = made_up(4, 3);
  for (auto& row : y) {
    row[0] = missing;
  }
  Case c(y, only_intercept(4), one_factor(3));
  const Plans plans = make_plans(c.data, c.design, 1, Hooks());
  const auto rows = bootstrap_problem(c.data, c.design, plans(0), 0, 3, BootstrapOptions(), 1, Hooks());
  EXPECT_EQ(rows[1].status, Status::no_data);
  EXPECT_EQ(rows[1].eta2_method, ConfMethod::none);
}
