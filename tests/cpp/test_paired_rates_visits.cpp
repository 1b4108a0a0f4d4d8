// Cochran's Q and the Cochran-Mantel-Haenszel statistic with the patient as stratum: printed values, every arrangement as the
// oracle, their identity on complete data, missing visits, edges, threads.

#include <gtest/gtest.h>

#include <algorithm>

#include "paired_rates_cases.hpp"

namespace {

using namespace paired_rates_cases;
using Table = std::vector<std::vector<int>>;  // patients x visits: 0, 1, -1 where not known

Options with(Distribution d) {
  Options o;
  o.distribution = d;
  o.seed = 5;
  return o;
}

struct Batch {
  std::vector<int> code, rows;
  Plan plan;

  explicit Batch(const Table& t, const Options& o = Options()) {
    const std::size_t n = t.size(), k = t[0].size();
    code.resize(n * k);
    rows.resize(n * k);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < k; ++j) {
        rows[i + j * n] = static_cast<int>(i * k + j) + 1;
        code[i * k + j] = t[i][j] < 0 ? missing_int : t[i][j] + 1;
      }
    }
    plan.outcomes = {code.data()};
    plan.levels = {2};
    plan.rows = rows.data();
    plan.patients = n;
    plan.visits = k;
    plan.group_start = {0, n};
    plan.options = o;
  }

  RateRow solve(VisitMethod m) const {
    RateRow out;
    solve_visits(plan, {m}, 1, Hooks(), [&](std::size_t, const RateRow& r) { out = r; });
    return out;
  }
};

RateRow solve(VisitMethod m, const Table& t, Distribution d = Distribution::asymptotic) { return Batch(t, with(d)).solve(m); }

// The statistic from its definition, with a plain solve of the first visits.
double naive_cmh(const Table& t) {
  const std::size_t k = t[0].size();
  std::vector<double> a(k, 0.0), v(k * k, 0.0);
  for (const auto& p : t) {
    double m = 0.0, u = 0.0;
    for (const int x : p) {
      m += x >= 0;
      u += x > 0;
    }
    if (m < 2.0) {
      continue;
    }
    const double mean = u / m, variance = mean * (1.0 - mean);
    for (std::size_t i = 0; i < k; ++i) {
      if (p[i] < 0) {
        continue;
      }
      a[i] += p[i] - mean;
      for (std::size_t j = 0; j < k; ++j) {
        v[i * k + j] += p[j] < 0 ? 0.0 : i == j ? variance : -variance / (m - 1.0);
      }
    }
  }
  const std::size_t r = k - 1;  // leave the last visit out; eliminate
  std::vector<double> x(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(r)), s(r * r);
  for (std::size_t i = 0; i < r; ++i) {
    for (std::size_t j = 0; j < r; ++j) {
      s[i * r + j] = v[i * k + j];
    }
  }
  std::vector<double> b = x;
  for (std::size_t c = 0; c < r; ++c) {
    for (std::size_t i = c + 1; i < r; ++i) {
      const double f = s[i * r + c] / s[c * r + c];
      for (std::size_t j = c; j < r; ++j) {
        s[i * r + j] -= f * s[c * r + j];
      }
      b[i] -= f * b[c];
    }
  }
  std::vector<double> y(r);
  for (std::size_t i = r; i-- > 0;) {
    y[i] = b[i];
    for (std::size_t j = i + 1; j < r; ++j) {
      y[i] -= s[i * r + j] * y[j];
    }
    y[i] /= s[i * r + i];
  }
  double form = 0.0;
  for (std::size_t i = 0; i < r; ++i) {
    form += x[i] * y[i];
  }
  return form;
}

double cochran(const Table& t) {
  const double k = static_cast<double>(t[0].size());
  double n = 0.0, squares = 0.0, rows = 0.0;
  for (std::size_t j = 0; j < t[0].size(); ++j) {
    double x = 0.0;
    for (const auto& p : t) {
      x += p[j];
    }
    n += x;
    squares += x * x;
  }
  for (const auto& p : t) {
    double u = 0.0;
    for (const int v : p) {
      u += v;
    }
    rows += u * u;
  }
  return (k - 1.0) * (k * squares - n * n) / (k * n - rows);
}

// Every arrangement of every patient's responses over the visits he has.
double naive_p(const Table& t, const std::function<double(const Table&)>& statistic) {
  Table now = t;
  const double least = statistic(t) - 1e-9;
  double reached = 0.0, all = 0.0;
  const std::function<void(std::size_t)> walk = [&](std::size_t i) {
    if (i == t.size()) {
      all += 1.0;
      reached += statistic(now) >= least ? 1.0 : 0.0;
      return;
    }
    std::vector<std::size_t> place;
    std::vector<int> v;
    for (std::size_t j = 0; j < t[i].size(); ++j) {
      if (t[i][j] >= 0) {
        place.push_back(j);
        v.push_back(t[i][j]);
      }
    }
    std::sort(v.begin(), v.end());
    do {
      for (std::size_t j = 0; j < place.size(); ++j) {
        now[i][place[j]] = v[j];
      }
      walk(i + 1);
    } while (std::next_permutation(v.begin(), v.end()));
  };
  walk(0);
  return reached / all;
}

Table random_table(std::mt19937& rng, std::size_t n, std::size_t k, double missing_share) {
  std::uniform_real_distribution<double> u(0.0, 1.0);
  Table t(n, std::vector<int>(k));
  for (auto& p : t) {
    for (std::size_t j = 0; j < k; ++j) {
      p[j] = u(rng) < missing_share ? -1 : u(rng) < 0.3 + 0.1 * static_cast<double>(j) ? 1 : 0;
    }
  }
  return t;
}

TEST(PairedRatesVisits, PrintedDrugsOfSas) {
  const std::vector<std::vector<int>> pattern = {{1, 1, 1}, {1, 1, 0}, {1, 0, 1}, {1, 0, 0},
                                                 {0, 1, 1}, {0, 1, 0}, {0, 0, 1}, {0, 0, 0}};
  const int count[] = {6, 16, 2, 4, 2, 4, 6, 6};
  Table t;
  for (int i = 0; i < 8; ++i) {
    t.insert(t.end(), static_cast<std::size_t>(count[i]), pattern[static_cast<std::size_t>(i)]);
  }
  for (const VisitMethod m : {VisitMethod::cochran_q, VisitMethod::cmh}) {
    const RateRow row = solve(m, t);
    EXPECT_NEAR(row.statistic, 8.4706, 5e-5);
    EXPECT_NEAR(row.p_value, 0.0145, 5e-5);
    EXPECT_EQ(row.df, 2.0);
    EXPECT_EQ(row.n, 46);
  }
}

TEST(PairedRatesVisits, PrintedTablesOfStatsmodels) {
  const Table a = {{1, 0, 1, 1}, {0, 1, 1, 1}, {1, 1, 1, 0}, {0, 1, 0, 0}, {0, 1, 0, 0},
                   {1, 0, 1, 0}, {0, 1, 0, 0}, {1, 1, 1, 1}, {0, 1, 0, 0}};
  const Table b = {{0, 0, 1, 1, 0}, {0, 1, 0, 1, 0}, {0, 1, 1, 0, 1}, {1, 0, 0, 0, 1}, {1, 1, 0, 0, 0},
                   {1, 0, 1, 0, 0}, {0, 1, 0, 0, 0}, {0, 0, 1, 1, 0}, {0, 0, 0, 0, 0}};
  EXPECT_NEAR(solve(VisitMethod::cochran_q, a).statistic, 4.2, 1e-12);
  EXPECT_EQ(solve(VisitMethod::cochran_q, a).df, 3.0);
  EXPECT_NEAR(solve(VisitMethod::cochran_q, b).statistic, 1.2174, 1.3e-4);
  EXPECT_EQ(solve(VisitMethod::cochran_q, b).df, 4.0);
}

TEST(PairedRatesVisits, CompleteDataGiveOneStatistic) {
  std::mt19937 rng(1);
  for (int i = 0; i < 60; ++i) {
    const Table t = random_table(rng, 20, 2 + static_cast<std::size_t>(i) % 4, 0.0);
    const RateRow q = solve(VisitMethod::cochran_q, t), cmh = solve(VisitMethod::cmh, t);
    EXPECT_NEAR(q.statistic, cochran(t), 1e-10);
    EXPECT_NEAR(naive_cmh(t), cochran(t), 1e-9);
    EXPECT_EQ(q.statistic, cmh.statistic);
    EXPECT_EQ(q.p_value, cmh.p_value);
  }
}

TEST(PairedRatesVisits, ExactByEveryArrangement) {
  std::mt19937 rng(2);
  for (int i = 0; i < 12; ++i) {
    const Table t = random_table(rng, 5, 4, 0.0), gaps = random_table(rng, 6, 4, 0.25);
    EXPECT_NEAR(solve(VisitMethod::cochran_q, t, Distribution::exact).p_value, naive_p(t, cochran), 1e-12);
    const RateRow cmh = solve(VisitMethod::cmh, gaps, Distribution::exact);
    if (cmh.status == Status::ok) {
      EXPECT_NEAR(cmh.statistic, naive_cmh(gaps), 1e-9);
      EXPECT_NEAR(cmh.p_value, naive_p(gaps, naive_cmh), 1e-12);
    }
  }
}

TEST(PairedRatesVisits, TwoVisitsAreMcnemar) {
  std::mt19937 rng(3);
  for (int i = 0; i < 30; ++i) {
    const Table t = random_table(rng, 25, 2, 0.0);
    PairCounts c;
    for (const auto& p : t) {
      (p[0] == 1 ? (p[1] == 1 ? c.both : c.lost) : (p[1] == 1 ? c.gained : c.neither)) += 1.0;
    }
    EXPECT_NEAR(solve(VisitMethod::cochran_q, t).statistic, pairs(Method::mcnemar, c).statistic, 1e-12);
    EXPECT_NEAR(solve(VisitMethod::cochran_q, t, Distribution::exact).p_value, pairs(Method::mcnemar_exact, c).p_value, 1e-12);
  }
}

TEST(PairedRatesVisits, MissingVisitsKeepTheirPatients) {
  Table t = {{0, 1, 1}, {0, 1, 1}, {1, 1, 0}, {0, 0, 1}, {0, -1, 1}, {0, 1, -1}, {-1, 1, -1}, {-1, -1, -1}};
  const RateRow q = solve(VisitMethod::cochran_q, t), cmh = solve(VisitMethod::cmh, t);
  EXPECT_EQ(q.n, 4);
  EXPECT_EQ(q.n_dropped, 3);  // the last was never seen
  EXPECT_EQ(cmh.n, 6);
  EXPECT_EQ(cmh.n_dropped, 1);
  EXPECT_NEAR(cmh.statistic, naive_cmh(t), 1e-12);
  const RateRow drawn = solve(VisitMethod::cmh, t, Distribution::monte_carlo);
  EXPECT_NEAR(drawn.p_value, naive_p(t, naive_cmh), 0.02);
}

TEST(PairedRatesVisits, Statuses) {
  for (const VisitMethod m : {VisitMethod::cochran_q, VisitMethod::cmh}) {
    EXPECT_EQ(solve(m, {{-1, 1, -1}}).status, Status::no_data);
    EXPECT_EQ(solve(m, {{1, 1, 1}, {0, 0, 0}}).status, Status::all_zero);
    EXPECT_EQ(solve(m, {{1, 1, 1}, {0, 0, 0}}).p_value, 1.0);
    EXPECT_EQ(solve(m, {{1, 0, 1}}).status, Status::too_few);
  }
  EXPECT_EQ(solve(VisitMethod::cmh, {{1, 1, -1}, {-1, 0, 0}}).status, Status::all_zero);
  // Visits 1 and 2, and 3 and 4, without a patient who joins them.
  const RateRow apart = solve(VisitMethod::cmh, {{1, 0, -1, -1}, {1, 0, -1, -1}, {-1, -1, 0, 1}, {-1, -1, 1, 0}});
  EXPECT_EQ(apart.status, Status::rank_deficient);
  EXPECT_EQ(apart.df, 2.0);
  EXPECT_NEAR(apart.statistic, 2.0, 1e-12);  // (2 - 0)^2 / 2 and 0
  const RateRow unseen = solve(VisitMethod::cmh, {{1, 0, -1}, {1, 0, -1}, {0, 1, -1}, {1, 0, -1}});
  EXPECT_EQ(unseen.df, 1.0);
  EXPECT_TRUE((unseen.notes & static_cast<std::uint32_t>(Note::visit_left_out)) != 0);
}

TEST(PairedRatesVisits, AnyOrderOfPatientsAndAnyThreadsGiveTheSame) {
  std::mt19937 rng(7);
  Table t = random_table(rng, 60, 5, 0.2);
  const RateRow a = solve(VisitMethod::cmh, t, Distribution::asymptotic);
  std::reverse(t.begin(), t.end());
  EXPECT_NEAR(solve(VisitMethod::cmh, t, Distribution::asymptotic).statistic, a.statistic, 1e-11);
  Batch batch(t, with(Distribution::monte_carlo));
  const std::vector<const int*> one = batch.plan.outcomes;
  batch.plan.outcomes.assign(6, one[0]);
  batch.plan.levels.assign(6, 2);
  batch.plan.key = {1, 2, 3, 4, 5, 6};
  std::vector<double> p1(6), p3(6);
  solve_visits(batch.plan, {VisitMethod::cmh}, 1, Hooks(), [&](std::size_t i, const RateRow& r) { p1[i] = r.p_value; });
  solve_visits(batch.plan, {VisitMethod::cmh}, 3, Hooks(), [&](std::size_t i, const RateRow& r) { p3[i] = r.p_value; });
  EXPECT_EQ(p1, p3);
  EXPECT_NE(p1[0], p1[1]);
}

TEST(PairedRatesVisits, TablesFromRowsCountPatientsOnce) {
  const Table t = {{1, 0}, {0, 1}, {0, 1}, {1, 1}, {0, 0}, {-1, 1}, {0, -1}};
  Batch batch(t);
  batch.plan.level = {1};
  batch.plan.reference = {0};
  RateRow row;
  solve_tables(batch.plan, {Method::mcnemar_exact}, 1, Hooks(), [&](std::size_t, const RateRow& r) { row = r; });
  EXPECT_EQ(row.n_pairs, 5);
  EXPECT_EQ(row.n_dropped, 2);
  EXPECT_EQ(row.n_gained, 2);
  EXPECT_EQ(row.n_lost, 1);
  EXPECT_EQ(row.events, 3);
  EXPECT_EQ(row.events_reference, 2);
  EXPECT_EQ(row.n_zeros, 2);
}

}  // namespace
