// ANCOVA and change scores: least squares by elimination as the oracle, with its classical and its HC3 covariance; SAS PROC
// GLM; statuses and hard numbers; the table of change.

#include <gtest/gtest.h>

#include "groups_k_arms.hpp"
#include "respondr/groups/change.hpp"

namespace {

using namespace respondr;
using namespace respondr::groups;

using Matrix = std::vector<std::vector<double>>;

Matrix inverse(Matrix a) {
  const std::size_t n = a.size();
  Matrix b(n, std::vector<double>(n, 0.0));
  for (std::size_t i = 0; i < n; ++i) {
    b[i][i] = 1.0;
  }
  for (std::size_t j = 0; j < n; ++j) {
    std::size_t pivot = j;
    for (std::size_t i = j; i < n; ++i) {
      pivot = std::fabs(a[i][j]) > std::fabs(a[pivot][j]) ? i : pivot;
    }
    std::swap(a[j], a[pivot]);
    std::swap(b[j], b[pivot]);
    const double d = a[j][j];
    for (std::size_t l = 0; l < n; ++l) {
      a[j][l] /= d;
      b[j][l] /= d;
    }
    for (std::size_t i = 0; i < n; ++i) {
      const double f = i == j ? 0.0 : a[i][j];
      for (std::size_t l = 0; l < n; ++l) {
        a[i][l] -= f * a[j][l];
        b[i][l] -= f * b[j][l];
      }
    }
  }
  return b;
}

// y on the columns of x.
struct Ols {
  std::vector<double> beta;
  Matrix classical, hc3;
  double rss = 0.0, df = 0.0;

  Ols(const Matrix& x, const std::vector<double>& y) {
    const std::size_t n = x.size(), p = x[0].size();
    Matrix xx(p, std::vector<double>(p, 0.0)), meat = xx;
    std::vector<double> xy(p, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t a = 0; a < p; ++a) {
        xy[a] += x[i][a] * y[i];
        for (std::size_t b = 0; b < p; ++b) {
          xx[a][b] += x[i][a] * x[i][b];
        }
      }
    }
    const Matrix inv = inverse(xx);
    beta.assign(p, 0.0);
    for (std::size_t a = 0; a < p; ++a) {
      for (std::size_t b = 0; b < p; ++b) {
        beta[a] += inv[a][b] * xy[b];
      }
    }
    for (std::size_t i = 0; i < n; ++i) {
      double e = y[i], h = 0.0;
      for (std::size_t a = 0; a < p; ++a) {
        e -= x[i][a] * beta[a];
        for (std::size_t b = 0; b < p; ++b) {
          h += x[i][a] * inv[a][b] * x[i][b];
        }
      }
      rss += e * e;
      for (std::size_t a = 0; a < p; ++a) {
        for (std::size_t b = 0; b < p; ++b) {
          meat[a][b] += x[i][a] * x[i][b] * e * e / (1.0 - h) / (1.0 - h);
        }
      }
    }
    df = static_cast<double>(n - p);
    classical = hc3 = Matrix(p, std::vector<double>(p, 0.0));
    for (std::size_t a = 0; a < p; ++a) {
      for (std::size_t b = 0; b < p; ++b) {
        classical[a][b] = rss / df * inv[a][b];
        for (std::size_t c = 0; c < p; ++c) {
          for (std::size_t d = 0; d < p; ++d) {
            hc3[a][b] += inv[a][c] * meat[c][d] * inv[d][b];
          }
        }
      }
    }
  }
};

struct Patients {
  std::vector<double> before, after;
  std::vector<int> order, start{0};
  ChangeSample sample;
  bool finite = true;

  Patients(const groups_k::Arms& x, const groups_k::Arms& y) {
    for (std::size_t j = 0; j < x.size(); ++j) {
      for (std::size_t i = 0; i < x[j].size(); ++i) {
        before.push_back(x[j][i]);
        after.push_back(y[j][i]);
        order.push_back(static_cast<int>(before.size()));
      }
      start.push_back(static_cast<int>(before.size()));
    }
    finite = load_change({before.data(), after.data(), order.data(), start.data(), x.size()}, sample);
  }
  AncovaFit fit(bool change_score, bool hc3) const {
    AncovaFit f;
    fit_ancova(sample, change_score, hc3, f);
    return f;
  }
};

// SAS PROC GLM, DrugTest: drugs A, D, F, before and after.
const groups_k::Arms pre{
    {11, 8, 5, 14, 19, 6, 10, 6, 11, 3}, {6, 6, 7, 8, 18, 8, 19, 8, 5, 15}, {16, 13, 11, 9, 21, 16, 12, 12, 7, 12}};
const groups_k::Arms post{
    {6, 0, 2, 8, 11, 4, 13, 1, 8, 0}, {0, 2, 3, 1, 18, 4, 14, 9, 1, 9}, {13, 10, 18, 5, 23, 12, 5, 16, 1, 20}};

TEST(Ancova, PrintsWhatSasPrints) {
  const Patients p(pre, post);
  const AncovaFit f = p.fit(false, false);
  KOptions o;
  const auto contrast = [&](std::size_t level, std::size_t reference) {
    KRow row;
    solve_arm_contrast(o, p.sample, f, level, reference, row);
    return row;
  };
  EXPECT_NEAR(f.ss_residual, 417.202597, 5e-7);
  EXPECT_NEAR(contrast(0, 2).estimate, -3.44613828, 5e-9);
  EXPECT_NEAR(contrast(0, 2).std_error, 1.88678065, 5e-9);
  EXPECT_NEAR(contrast(0, 2).p_value, 0.0793, 5e-5);
  EXPECT_NEAR(contrast(1, 2).estimate, -3.337166948, 5e-10);
  EXPECT_NEAR(contrast(1, 2).std_error, 1.85386642, 5e-9);
  EXPECT_NEAR(contrast(0, 1).p_value, 0.9521, 5e-5);
  KRow slope, arms, same;
  solve_slope(o, p.sample, f, slope);
  EXPECT_NEAR(slope.estimate, 0.987183811, 5e-10);
  EXPECT_NEAR(slope.std_error, 0.16449757, 5e-9);
  solve_arms(p.sample, f, arms);
  EXPECT_NEAR(arms.sum_sq, 68.5537106, 5e-8);
  EXPECT_NEAR(arms.statistic, 2.14, 5e-3);
  EXPECT_NEAR(arms.p_value, 0.1384, 5e-5);
  const double lsm[] = {6.7149635, 6.8239348, 10.1611017}, se[] = {1.2884943, 1.272469, 1.3159234};
  for (std::size_t j = 0; j < 3; ++j) {
    KRow row;
    solve_adjusted_mean(o, p.sample, f, j, row);
    EXPECT_NEAR(row.estimate, lsm[j], 5e-8);
    EXPECT_NEAR(row.std_error, se[j], 5e-8);
    EXPECT_TRUE(std::isnan(row.p_value));
  }
  solve_equal_slopes(p.sample, f, same);
  EXPECT_EQ(same.df, 2.0);
  EXPECT_EQ(same.df_denominator, 24.0);
}

// Columns: arm 0, ..., arm k - 1, and baseline if asked; or one baseline an arm.
Matrix design(const groups_k::Arms& x, bool baseline, bool apart) {
  Matrix out;
  for (std::size_t j = 0; j < x.size(); ++j) {
    for (const double v : x[j]) {
      std::vector<double> row(x.size() + (apart ? x.size() : baseline ? 1 : 0), 0.0);
      row[j] = 1.0;
      if (apart) {
        row[x.size() + j] = v;
      } else if (baseline) {
        row[x.size()] = v;
      }
      out.push_back(row);
    }
  }
  return out;
}

std::vector<double> flat(const groups_k::Arms& x) {
  std::vector<double> out;
  for (const auto& a : x) {
    out.insert(out.end(), a.begin(), a.end());
  }
  return out;
}

TEST(Ancova, EqualsLeastSquaresByElimination) {
  std::mt19937 engine(47);
  for (int i = 0; i < 10; ++i) {
    const groups_k::Arms x = groups_k::draw(engine, {5, 7, 6}, 0), y = groups_k::draw(engine, {5, 7, 6}, 0);
    const Patients p(x, y);
    const Ols ols(design(x, true, false), flat(y)), apart(design(x, false, true), flat(y));
    std::vector<double> change = flat(y);
    for (std::size_t r = 0; r < change.size(); ++r) {
      change[r] -= flat(x)[r];
    }
    const Ols score(design(x, false, false), change);
    KOptions o;
    for (const bool hc3 : {false, true}) {
      for (const bool change_score : {false, true}) {
        const AncovaFit f = p.fit(change_score, hc3);
        const Ols& m = change_score ? score : ols;
        const Matrix& v = hc3 ? m.hc3 : m.classical;
        for (std::size_t level = 1; level < 3; ++level) {
          KRow row;
          solve_arm_contrast(o, p.sample, f, level, 0, row);
          const double se = std::sqrt(v[level][level] + v[0][0] - 2.0 * v[level][0]);
          EXPECT_NEAR(row.estimate, m.beta[level] - m.beta[0], 1e-9);
          EXPECT_NEAR(row.std_error, se, 1e-9 * se);
          EXPECT_EQ(row.df, m.df);
          EXPECT_NEAR(row.conf_high - row.conf_low, 2.0 * special::t_quantile(0.975, m.df) * se, 1e-8);
        }
        // F of both contrasts with arm 0 by the inverse of their covariance.
        const auto cov = [&](std::size_t a, std::size_t b) { return v[a][b] - v[a][0] - v[0][b] + v[0][0]; };
        const Matrix c = inverse({{cov(1, 1), cov(1, 2)}, {cov(2, 1), cov(2, 2)}});
        const double d1 = m.beta[1] - m.beta[0], d2 = m.beta[2] - m.beta[0];
        KRow arms;
        solve_arms(p.sample, f, arms);
        EXPECT_NEAR(arms.statistic, 0.5 * (d1 * d1 * c[0][0] + 2.0 * d1 * d2 * c[0][1] + d2 * d2 * c[1][1]), 1e-7);
        if (!change_score) {
          KRow slope, mean, same;
          solve_slope(o, p.sample, f, slope);
          EXPECT_NEAR(slope.estimate, m.beta[3], 1e-10);
          EXPECT_NEAR(slope.std_error, std::sqrt(v[3][3]), 1e-9);
          double at = 0.0;
          for (const double b : flat(x)) {
            at += b / 18.0;
          }
          solve_adjusted_mean(o, p.sample, f, 1, mean);
          EXPECT_NEAR(mean.estimate, m.beta[1] + at * m.beta[3], 1e-9);
          EXPECT_NEAR(mean.std_error, std::sqrt(v[1][1] + 2.0 * at * v[1][3] + at * at * v[3][3]), 1e-9);
          const Matrix& u = hc3 ? apart.hc3 : apart.classical;
          const auto cs = [&](std::size_t a, std::size_t b) { return u[a][b] - u[a][3] - u[3][b] + u[3][3]; };
          const Matrix ci = inverse({{cs(4, 4), cs(4, 5)}, {cs(5, 4), cs(5, 5)}});
          const double s1 = apart.beta[4] - apart.beta[3], s2 = apart.beta[5] - apart.beta[3];
          solve_equal_slopes(p.sample, f, same);
          EXPECT_NEAR(same.statistic, 0.5 * (s1 * s1 * ci[0][0] + 2.0 * s1 * s2 * ci[0][1] + s2 * s2 * ci[1][1]), 1e-7);
          EXPECT_EQ(same.df_denominator, 12.0);
        }
      }
    }
  }
}

TEST(Ancova, BearsOffsetsScalesAndAnyOrderOfPatients) {
  KOptions o;
  const Patients p(pre, post);
  groups_k::Arms x = pre, y = post;
  for (std::size_t j = 0; j < 3; ++j) {
    std::reverse(x[j].begin(), x[j].end());
    std::reverse(y[j].begin(), y[j].end());
  }
  const Patients turned(x, y);
  for (const bool hc3 : {false, true}) {
    KRow a, b, c, d;
    solve_arm_contrast(o, p.sample, p.fit(false, hc3), 1, 0, a);
    solve_arm_contrast(o, turned.sample, turned.fit(false, hc3), 1, 0, b);
    EXPECT_EQ(a.p_value, b.p_value);
    EXPECT_EQ(a.conf_low, b.conf_low);
    for (auto* arms : {&x, &y}) {
      for (auto& arm : *arms) {
        for (double& v : arm) {
          v += 1e8;
        }
      }
    }
    const Patients far(x, y);
    solve_arm_contrast(o, far.sample, far.fit(false, hc3), 1, 0, c);
    EXPECT_NEAR(c.std_error, a.std_error, 1e-9);  // a mean near 1e8 carries an error of 7e-9
    for (auto* arms : {&x, &y}) {
      for (auto& arm : *arms) {
        for (double& v : arm) {
          v = (v - 1e8) * 1e-100;
        }
      }
    }
    const Patients small(x, y);
    solve_arm_contrast(o, small.sample, small.fit(false, hc3), 1, 0, d);
    EXPECT_NEAR(d.p_value, a.p_value, 1e-10);
    x = pre;
    y = post;
  }
}

TEST(Ancova, SaysWhyThereIsNoAnswer) {
  KOptions o;
  const double na = groups_k::na;
  const auto contrast = [&](const Patients& p, bool change_score, bool hc3) {
    KRow row;
    solve_arm_contrast(o, p.sample, p.fit(change_score, hc3), 1, 0, row);
    return row;
  };
  EXPECT_EQ(contrast(Patients({{}, {}}, {{}, {}}), false, false).status, Status::no_data);
  EXPECT_EQ(contrast(Patients({{1, 2}, {na}}, {{1, 2}, {3}}), false, false).status, Status::one_group_empty);
  EXPECT_EQ(contrast(Patients({{1, 2}, {na}}, {{1, 2}, {3}}), false, false).n_dropped, 1);
  EXPECT_EQ(contrast(Patients({{2, 2}, {2, 2}}, {{1, 2}, {3, 5}}), false, false).status, Status::rank_deficient);
  EXPECT_EQ(contrast(Patients({{2, 2}, {2, 2}}, {{1, 2}, {3, 5}}), true, false).status, Status::ok);
  EXPECT_EQ(contrast(Patients({{1}, {2}}, {{1}, {3}}), true, false).status, Status::too_few);
  EXPECT_EQ(contrast(Patients({{1}, {2}}, {{1}, {3}}), true, false).estimate, 1.0);
  EXPECT_EQ(contrast(Patients({{1}, {2, 3}}, {{1}, {3, 5}}), false, false).status, Status::too_few);
  EXPECT_EQ(contrast(Patients({{1, 2, 3}, {2, 3, 5}}, {{2, 4, 6}, {5, 7, 11}}), false, false).status, Status::no_variance);
  EXPECT_EQ(contrast(Patients({{0.1, 0.2}, {0.3, 0.4}}, {{0.2, 0.3}, {0.6, 0.7}}), true, false).status, Status::no_variance);
  const Patients lone({{1}, {2, 3, 5, 7}}, {{1}, {3, 5, 4, 9}});
  EXPECT_EQ(contrast(lone, false, false).status, Status::ok);
  EXPECT_EQ(contrast(lone, false, true).status, Status::not_estimable);
  KRow slopes;
  solve_equal_slopes(lone.sample, lone.fit(false, false), slopes);
  EXPECT_EQ(slopes.status, Status::too_few);
  KRow one, empty;
  const Patients single({{1, 2, 4}}, {{2, 3, 8}});
  solve_arms(single.sample, single.fit(true, false), one);
  EXPECT_EQ(one.status, Status::one_level);
  const Patients half({{1, 2, 4}, {}}, {{2, 3, 8}, {}});
  solve_arms(half.sample, half.fit(true, false), empty);
  EXPECT_EQ(empty.status, Status::one_group_empty);
  EXPECT_FALSE(Patients({{1}, {infinity}}, {{1}, {2}}).finite);
}

TEST(ChangeTable, HoldsEveryBlockAndCountsThePatientsLeftOut) {
  const double na = groups_k::na;
  const std::vector<double> before{1, 2, 4, na, 3, 5, 6, 8}, after{2, 4, 5, 6, 5, na, 6, 9};
  const std::vector<int> order{1, 2, 3, 4, 5, 6, 7, 8}, start{0, 4, 8};
  KPlan plan;
  plan.outcomes = {after.data()};
  plan.baselines = {before.data()};
  plan.order = order.data();
  plan.start = start.data();
  plan.k = 2;
  const ArmPairs pairs{{1}, {0}};
  std::vector<KRow> rows(change_rows(2, 1));
  std::vector<int> lost;
  const std::size_t bad = solve_change(
      plan, pairs, false, 1, Hooks(), [&](std::size_t i, const KRow& r) { rows[i] = r; },
      [&](std::size_t, std::size_t j, const ChangeSample& s) {
        lost.push_back(s.no_baseline[j]);
        lost.push_back(s.no_outcome[j]);
      });
  EXPECT_EQ(bad, no_problem);
  EXPECT_EQ(lost, (std::vector<int>{1, 0, 0, 1}));
  EXPECT_EQ(rows[0].n, 3);
  EXPECT_EQ(rows[0].n_dropped, 1);
  EXPECT_NEAR(rows[0].estimate, 4.0 / 3.0, 1e-14);
  EXPECT_NEAR(rows[0].statistic, 4.0, 1e-12);
  EXPECT_NEAR(rows[1].estimate, 1.0, 1e-14);
  EXPECT_NEAR(rows[2].estimate, 1.0 - 4.0 / 3.0, 1e-14);                         // change scores
  EXPECT_NEAR(rows[6].statistic, rows[2].statistic * rows[2].statistic, 1e-12);  // arms, change scores
  EXPECT_NEAR(rows[7].statistic, rows[3].statistic * rows[3].statistic, 1e-12);  // arms, ancova
  EXPECT_NEAR(rows[5].estimate - rows[4].estimate, rows[3].estimate, 1e-13);
  EXPECT_EQ(rows[8].df, 3.0);
}

TEST(Batch, GivesTheSameBitsForAnyNumberOfThreadsAndNamesTheInfiniteProblem) {
  std::mt19937 engine(53);
  std::vector<std::vector<double>> column(6);
  for (auto& c : column) {
    c = groups_k::draw(engine, {24}, 12)[0];
  }
  std::vector<int> order(24), start{0, 4, 8, 12, 16, 20, 24};
  std::iota(order.begin(), order.end(), 1);
  KPlan plan;
  for (const auto& c : column) {
    plan.outcomes.push_back(c.data());
  }
  plan.order = order.data();
  plan.start = start.data();
  plan.k = 3;
  plan.groups = 2;
  for (std::uint64_t i = 0; i < 12; ++i) {
    plan.problem_key.push_back(i);
  }
  plan.options.replicates = 200;
  plan.options.distribution = Distribution::monte_carlo;
  const std::vector<KMethod> methods{KMethod::anova, KMethod::welch_anova, KMethod::kruskal_wallis, KMethod::jonckheere};
  const ArmPairs pairs{{1, 2, 2}, {0, 0, 1}};
  const std::vector<PairsMethod> by{PairsMethod::tukey, PairsMethod::dscf, PairsMethod::dunn};
  std::vector<double> first;
  for (const int threads : {1, 3}) {
    std::vector<double> p(48 + 108);
    const auto put = [&](std::size_t at) {
      return [&p, at](std::size_t i, const KRow& r) {
        p[at + i] = r.p_value + 7.0 * r.effect_low + (at > 0 ? r.p_adjusted : 0.0);
      };
    };
    EXPECT_EQ(solve_k(plan, methods, threads, Hooks(), put(0)), no_problem);
    EXPECT_EQ(solve_pairs(plan, pairs, by, threads, Hooks(), put(48)), no_problem);
    if (threads == 1) {
      first = p;
    }
    for (std::size_t i = 0; i < p.size(); ++i) {
      EXPECT_TRUE(p[i] == first[i] || (std::isnan(p[i]) && std::isnan(first[i])));
    }
  }
  column[4][13] = infinity;
  EXPECT_EQ(solve_k(plan, methods, 2, Hooks(), [](std::size_t, const KRow&) {}), 9u);
}

}  // namespace
