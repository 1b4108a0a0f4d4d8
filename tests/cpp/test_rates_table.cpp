// Tests of association and trend in r x c tables: all tables with the margins as the oracle, printed values, statuses, the
// limit of the work, Monte Carlo, any order of rows and columns, threads.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "rates_naive_tables.hpp"
#include "respondr/rates/table_map.hpp"

namespace {

using namespace respondr;
using namespace respondr::rates;
using naive_tables::Cells;

TableOptions with(Distribution d, Alternative a = Alternative::two_sided, TableTwoSided rule = TableTwoSided::distance) {
  TableOptions o;
  o.distribution = d;
  o.alternative = a;
  o.two_sided = rule;
  o.seed = 20240611;
  o.replicates = 3000;
  return o;
}

TableRow test(const Cells& t, TableMethod method, const TableOptions& o) {
  const std::vector<int> counts = naive_tables::column_major(t);
  TableWorkspace w;
  TableRow row;
  load_table({counts.data(), t.size(), t[0].size()}, w.table);
  solve_table(o, method, 7, w, row);
  return row;
}

TableRow trend(const Cells& t, TableMethod method, const TableOptions& o, const std::vector<double>& u,
               const std::vector<double>& v) {
  const std::vector<int> counts = naive_tables::column_major(t);
  TableWorkspace w;
  TableRow row;
  load_table({counts.data(), t.size(), t[0].size()}, w.table);
  solve_trend(o, method, u, v, 7, w, row);
  return row;
}

const Cells job = {{1, 3, 10, 6}, {2, 3, 10, 7}, {1, 6, 14, 12}, {0, 1, 9, 11}};

const Cells ordered = {{3, 4, 2}, {2, 3, 3}, {1, 2, 6}, {0, 1, 5}};

std::vector<Cells> small_tables(int count) {
  std::mt19937 engine(5);
  std::vector<Cells> out;
  while (static_cast<int>(out.size()) < count) {
    const std::size_t r = 2 + engine() % 3, c = 2 + engine() % 3;
    const Cells t = naive_tables::random_table(engine, r, c, 2 + static_cast<int>(engine() % 12));
    const auto rows = naive_tables::row_sums(t), cols = naive_tables::col_sums(t);
    const auto filled = [](const std::vector<int>& m) {
      return std::count_if(m.begin(), m.end(), [](int x) { return x > 0; });
    };
    if (filled(rows) > 1 && filled(cols) > 1) out.push_back(t);
  }
  return out;
}

TEST(TableFisher, equals_the_sum_over_all_tables) {
  for (const Cells& t : small_tables(150)) {
    double observed = 0.0, all = 0.0, at = 0.0, sum = 0.0;
    naive_tables::enumerate(t, [&](const Cells& x, double p) { if (x == t) observed = p; });
    naive_tables::enumerate(t, [&](const Cells&, double p) {
      all += p;
      sum += p <= observed * (1.0 + 1e-7) ? p : 0.0;
      at += std::fabs(p / observed - 1.0) <= 1e-7 ? p : 0.0;
    });
    ASSERT_NEAR(all, 1.0, 1e-11);
    TableOptions o = with(Distribution::exact);
    EXPECT_NEAR(test(t, TableMethod::fisher, o).p_value / sum, 1.0, 1e-11);
    o.mid_p = true;
    EXPECT_NEAR(test(t, TableMethod::fisher, o).p_value, sum - 0.5 * at, 1e-11);
  }
}

TEST(TableExact, orders_by_the_statistic_asked_for) {
  for (const Cells& t : small_tables(120)) {
    for (const TableMethod method : {TableMethod::chisq, TableMethod::n1_chisq, TableMethod::g}) {
      const auto statistic = [&](const Cells& x) {
        return method == TableMethod::g ? naive_tables::likelihood_ratio(x) : naive_tables::pearson(x);
      };
      const double observed = statistic(t);
      double sum = 0.0, at = 0.0;
      naive_tables::enumerate(t, [&](const Cells& x, double p) {
        const double s = statistic(x);
        sum += s >= observed - 1e-8 ? p : 0.0;
        at += std::fabs(s - observed) <= 1e-8 ? p : 0.0;
      });
      TableOptions o = with(Distribution::exact);
      EXPECT_NEAR(test(t, method, o).p_value / sum, 1.0, 1e-11);
      o.mid_p = true;
      EXPECT_NEAR(test(t, method, o).p_value, sum - 0.5 * at, 1e-11);
    }
  }
}

TEST(TableExact, holds_where_margins_have_no_small_common_multiple) {
  // The margins' multiples pass 2^60, so that x^2 / (r c) is rounded; ties by symmetry must stay ties.
  const Cells wide = {{2, 0, 1, 0, 1, 0, 1, 0, 0, 1}, {9, 13, 16, 19, 22, 29, 30, 37, 41, 42}};
  double sum = 0.0;
  const double observed = naive_tables::pearson(wide);
  naive_tables::enumerate(wide, [&](const Cells& x, double p) {
    sum += naive_tables::pearson(x) >= observed - 1e-9 ? p : 0.0;
  });
  EXPECT_NEAR(test(wide, TableMethod::chisq, with(Distribution::exact)).p_value / sum, 1.0, 1e-11);
}

TEST(TableFisher, agrees_with_printed_values) {
  // R's fisher.test and Agresti (2002, p. 57).
  EXPECT_NEAR(test(job, TableMethod::fisher, with(Distribution::exact)).p_value, 0.782684938965639, 1e-7);
  const Cells davis = {{3, 6}, {2, 19}};
  EXPECT_NEAR(test(davis, TableMethod::chisq, with(Distribution::exact)).p_value, 0.286030061892131, 1e-12);
  TableOptions mid = with(Distribution::exact);
  mid.mid_p = true;
  EXPECT_NEAR(test(davis, TableMethod::chisq, mid).p_value, 0.152740937223696, 1e-12);  // Lydersen and Laake 2003
  const TableRow chisq = test({{32, 19}, {20, 29}}, TableMethod::chisq, with(Distribution::automatic));
  EXPECT_NEAR(chisq.statistic, 4.81448989852351, 1e-12);
  EXPECT_NEAR(chisq.p_value, 0.0282214233450228, 1e-12);
  EXPECT_EQ(chisq.distribution, Distribution::asymptotic);
  const Cells lung = {{22, 39}, {39, 113}};  // SAS PROC FREQ, 4 decimals
  EXPECT_NEAR(test(lung, TableMethod::n1_chisq, with(Distribution::automatic)).statistic, 2.29637939679, 1e-10);
  EXPECT_NEAR(test(lung, TableMethod::g, with(Distribution::automatic)).statistic, 2.24901483237, 1e-10);
}

TEST(TableFisher, keeps_the_digits_of_a_tiny_p) {
  const Cells t = {{12, 0, 0}, {0, 12, 0}, {0, 0, 12}};
  double ln = 6.0 * std::lgamma(13.0) - std::lgamma(37.0) - 3.0 * std::lgamma(13.0);
  EXPECT_NEAR(test(t, TableMethod::fisher, with(Distribution::exact)).p_value / (6.0 * std::exp(ln)), 1.0, 1e-11);
}

TEST(TableFisher, is_the_same_in_any_order_of_rows_and_columns) {
  std::mt19937 engine(3);
  for (int round = 0; round < 20; ++round) {
    const Cells t = naive_tables::random_table(engine, 3, 5, 30);
    Cells turned(5, std::vector<int>(3)), mixed = t;
    for (std::size_t i = 0; i < 3; ++i)
      for (std::size_t j = 0; j < 5; ++j) {
        turned[j][i] = t[i][j];
        mixed[(i + 1) % 3][(3 * j + 1) % 5] = t[i][j];
      }
    for (const TableMethod method : {TableMethod::fisher, TableMethod::chisq, TableMethod::g}) {
      const double p = test(t, method, with(Distribution::exact)).p_value;
      EXPECT_NEAR(test(turned, method, with(Distribution::exact)).p_value / p, 1.0, 1e-12);
      EXPECT_NEAR(test(mixed, method, with(Distribution::exact)).p_value / p, 1.0, 1e-12);
    }
  }
}

TEST(TableFisher, takes_no_notice_of_empty_rows_and_columns) {
  const Cells t = {{3, 0, 1, 5}, {0, 0, 0, 0}, {2, 0, 6, 1}};
  const Cells without = {{3, 1, 5}, {2, 6, 1}};
  EXPECT_EQ(test(t, TableMethod::fisher, with(Distribution::exact)).p_value,
            test(without, TableMethod::fisher, with(Distribution::exact)).p_value);
  EXPECT_EQ(test(t, TableMethod::chisq, with(Distribution::asymptotic)).df, 2.0);
}

TEST(TableStatus, says_what_cannot_be_answered) {
  for (const TableMethod method : {TableMethod::chisq, TableMethod::fisher}) {
    EXPECT_EQ(test({{0, 0}, {0, 0}}, method, with(Distribution::automatic)).status, Status::no_data);
    EXPECT_EQ(test({{4, 3}, {0, 0}}, method, with(Distribution::automatic)).status, Status::one_group_empty);
    EXPECT_EQ(test({{4, 0}, {7, 0}}, method, with(Distribution::automatic)).status, Status::one_level);
  }
  EXPECT_EQ(test({{4, 0}, {7, 0}}, TableMethod::fisher, with(Distribution::automatic)).p_value, 1.0);
  EXPECT_TRUE(std::isnan(test({{4, 0}, {7, 0}}, TableMethod::chisq, with(Distribution::automatic)).p_value));
  EXPECT_TRUE(std::isnan(test({{4, 3}, {0, 0}}, TableMethod::fisher, with(Distribution::automatic)).p_value));
  EXPECT_EQ(test({{1, 0}, {0, 1}}, TableMethod::fisher, with(Distribution::automatic)).p_value, 1.0);
}

TEST(TableLimit, stops_at_the_limit_and_draws_beyond) {
  Cells wide(6, std::vector<int>(8, 12));
  wide[0][0] = 30;
  TableOptions o = with(Distribution::exact);
  o.exact_limit = 1e6;
  EXPECT_EQ(test(wide, TableMethod::fisher, o).status, Status::too_large);
  o.distribution = Distribution::automatic;
  const TableRow drawn = test(wide, TableMethod::fisher, o);
  EXPECT_EQ(drawn.distribution, Distribution::monte_carlo);
  EXPECT_LT(drawn.p_low, drawn.p_value);
  EXPECT_GE(drawn.p_high, drawn.p_value);
  o.exact_limit = 100.0;  // counted steps, not only the guess, keep within it
  EXPECT_EQ(test(job, TableMethod::fisher, o).distribution, Distribution::monte_carlo);
  o.exact_limit = 3e5;
  EXPECT_EQ(test(job, TableMethod::fisher, o).distribution, Distribution::monte_carlo);
  o.exact_limit = 1e8;
  EXPECT_EQ(test(job, TableMethod::fisher, o).distribution, Distribution::exact);
}

TEST(TableLimit, guesses_the_work_within_a_factor_known) {
  std::mt19937 engine(8);
  for (int round = 0; round < 20; ++round) {
    const Cells t = naive_tables::random_table(engine, 3 + round % 2, 4, 20 + static_cast<int>(engine() % 30));
    const std::vector<int> counts = naive_tables::column_major(t);
    TableWorkspace w;
    TableRow row;
    load_table({counts.data(), t.size(), t[0].size()}, w.table);
    solve_table(with(Distribution::exact), TableMethod::fisher, 1, w, row);
    const double guess = w.planner.best(w.network, infinity).work, steps = w.solver.steps();
    EXPECT_LT(steps, 4.0 * guess + 2000.0);
    EXPECT_GT(steps, guess / 200.0);
  }
}

TEST(TableMonteCarlo, holds_the_exact_p_in_its_interval) {
  for (const TableMethod method : {TableMethod::fisher, TableMethod::chisq, TableMethod::g}) {
    const double exact = test(job, method, with(Distribution::exact)).p_value;
    const TableRow drawn = test(job, method, with(Distribution::monte_carlo));
    EXPECT_LT(drawn.p_low, exact);
    EXPECT_GT(drawn.p_high, exact);
    EXPECT_EQ(drawn.p_value, test(job, method, with(Distribution::monte_carlo)).p_value);
  }
}

TEST(TableMonteCarlo, draws_every_table_as_often_as_it_should) {
  const Cells t = {{2, 1, 1}, {1, 2, 0}};
  const std::vector<int> counts = naive_tables::column_major(t);
  TableWorkspace w;
  load_table({counts.data(), 2, 3}, w.table);
  w.ln.prepare(10);
  std::vector<std::pair<std::vector<int>, double>> expected;
  naive_tables::enumerate(t, [&](const Cells& x, double p) {
    std::vector<int> flat;
    for (const auto& row : x) flat.insert(flat.end(), row.begin(), row.end());
    expected.push_back({flat, p});
  });
  std::vector<double> seen(expected.size(), 0.0);
  const int replicates = 20000;
  for (int k = 0; k < replicates; ++k) {
    Stream stream(1, table_tag, 2, static_cast<std::uint64_t>(k));
    draw_table(stream, w.table, w.ln, w.draw);
    for (std::size_t e = 0; e < expected.size(); ++e) seen[e] += expected[e].first == w.draw.cell ? 1.0 : 0.0;
  }
  double chisq = 0.0;
  for (std::size_t e = 0; e < expected.size(); ++e) {
    const double mean = replicates * expected[e].second;
    chisq += (seen[e] - mean) * (seen[e] - mean) / mean;
  }
  EXPECT_LT(chisq, static_cast<double>(expected.size()) + 5.0 * std::sqrt(2.0 * static_cast<double>(expected.size())));
}

TEST(Trend, equals_the_sum_over_all_tables) {
  const std::vector<std::vector<double>> scores = {
      {1, 2, 3, 4}, {0, 0.5, 1.5, 4}, {-1, 0.1, 0.1, 7}, {0, std::sqrt(2.0), 3, std::exp(1.0)}};
  const auto first = [](const std::vector<double>& all, std::size_t k) {
    return std::vector<double>(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(k));
  };
  std::size_t round = 0;
  for (const Cells& t : small_tables(100)) {
    const std::vector<double> u = first(scores[round % 4], t.size()), v = first(scores[round / 4 % 3], t[0].size());
    ++round;
    double mean = 0.0, up = 0.0, down = 0.0, away = 0.0, at = 0.0;
    const double observed = naive_tables::scored(t, u, v);
    naive_tables::enumerate(t, [&](const Cells& x, double p) { mean += p * naive_tables::scored(x, u, v); });
    naive_tables::enumerate(t, [&](const Cells& x, double p) {
      const double s = naive_tables::scored(x, u, v);
      up += s >= observed - 1e-5 ? p : 0.0;
      down += s <= observed + 1e-5 ? p : 0.0;
      away += std::fabs(s - mean) >= std::fabs(observed - mean) - 1e-5 ? p : 0.0;
      at += std::fabs(std::fabs(s - mean) - std::fabs(observed - mean)) <= 1e-5 ? p : 0.0;
    });
    const auto p = [&](Alternative a, TableTwoSided rule = TableTwoSided::distance) {
      return trend(t, TableMethod::linear, with(Distribution::exact, a, rule), u, v);
    };
    if (p(Alternative::greater).status == Status::no_variance) continue;
    EXPECT_NEAR(p(Alternative::greater).p_value, up, 1e-11);
    EXPECT_NEAR(p(Alternative::less).p_value, down, 1e-11);
    EXPECT_NEAR(p(Alternative::two_sided).p_value, away, 1e-11);
    EXPECT_NEAR(p(Alternative::two_sided, TableTwoSided::central).p_value, std::min(1.0, 2.0 * std::min(up, down)), 1e-11);
    TableOptions mid = with(Distribution::exact);
    mid.mid_p = true;
    EXPECT_NEAR(trend(t, TableMethod::linear, mid, u, v).p_value, away - 0.5 * at, 1e-11);
  }
}

TEST(Trend, counts_a_sum_at_the_mean_once) {
  TableOptions o = with(Distribution::exact);
  const Cells even = {{2, 2}, {2, 2}};
  EXPECT_NEAR(trend(even, TableMethod::linear, o, {1, 2}, {1, 2}).p_value, 1.0, 1e-14);
  o.mid_p = true;
  EXPECT_NEAR(trend(even, TableMethod::linear, o, {1, 2}, {1, 2}).p_value, 1.0 - 18.0 / 70.0, 1e-14);
}

const Cells malformation = {{17066, 48}, {14464, 38}, {788, 5}, {126, 1}, {37, 1}};

TEST(Trend, agrees_with_statxact) {
  // StatXact 6, pp. 793-807: z on n - 1; the exact one-sided p of midpoint scores is in Agresti (2002, section 3.5.3).
  const TableOptions o = with(Distribution::asymptotic);
  EXPECT_NEAR(trend(malformation, TableMethod::linear, o, {0, 1, 2, 3, 4}, {0, 1}).statistic, 1.352, 5e-4);
  EXPECT_NEAR(trend(malformation, TableMethod::linear, o, {0, 1, 2, 3, 4}, {0, 1}).p_value, 0.1764, 5e-5);
  EXPECT_NEAR(trend(malformation, TableMethod::linear, o, {0, 0.5, 1.5, 4, 7}, {0, 1}).p_value, 0.0104, 5e-5);
  const TableOptions exact = with(Distribution::exact, Alternative::greater);
  EXPECT_NEAR(trend(malformation, TableMethod::trend, exact, {0, 0.5, 1.5, 4, 7}, {0, 1}).p_value, 0.0168, 5e-5);
}

TEST(Trend, does_not_change_with_the_scale_of_the_scores) {
  for (const Distribution d : {Distribution::exact, Distribution::asymptotic}) {
    const TableRow one = trend(ordered, TableMethod::linear, with(d), {1, 2, 3, 4}, {1, 2, 3});
    const TableRow far = trend(ordered, TableMethod::linear, with(d), {1e8 + 1, 1e8 + 2, 1e8 + 3, 1e8 + 4}, {-2, -4, -6});
    EXPECT_NEAR(far.p_value, one.p_value, 1e-10);
    EXPECT_NEAR(far.statistic, -one.statistic, 1e-10);
  }
}

TEST(Trend, has_the_slope_of_least_squares_and_its_interval) {
  const Cells t = {{8, 2}, {6, 4}, {3, 7}};
  const TableRow row = trend(t, TableMethod::trend, with(Distribution::asymptotic), {1, 2, 3}, {0, 1});
  EXPECT_EQ(row.n, 30);
  EXPECT_EQ(row.events, 13);
  EXPECT_NEAR(row.estimate, 0.25, 1e-14);  // rates .2 .4 .7
  const double se = std::sqrt((0.16 + 0.21) / 10.0) / 2.0;
  EXPECT_NEAR(row.std_error, se, 1e-14);
  EXPECT_NEAR(row.conf_low, 0.25 - 1.959963984540054 * se, 1e-12);
  EXPECT_NEAR(row.statistic, 5.0 / std::sqrt(13.0 / 30.0 * 17.0 / 30.0 * 20.0), 1e-12);
  EXPECT_FALSE(row.p_matches);
  const TableRow one = trend(t, TableMethod::trend, with(Distribution::asymptotic, Alternative::greater), {1, 2, 3}, {0, 1});
  EXPECT_TRUE(std::isinf(one.conf_high));
  EXPECT_NEAR(one.conf_low, 0.25 - 1.6448536269514722 * se, 1e-12);
}

TEST(Trend, says_what_cannot_be_answered) {
  const auto o = with(Distribution::automatic);
  EXPECT_EQ(trend({{0, 0}, {0, 0}}, TableMethod::trend, o, {1, 2}, {0, 1}).status, Status::no_data);
  EXPECT_EQ(trend({{3, 1}, {0, 0}}, TableMethod::trend, o, {1, 2}, {0, 1}).status, Status::one_group_empty);
  const TableRow none = trend({{3, 0}, {5, 0}}, TableMethod::trend, o, {1, 2}, {0, 1});
  EXPECT_EQ(none.status, Status::one_level);
  EXPECT_EQ(none.p_value, 1.0);
  TableOptions mid = o;
  mid.mid_p = true;
  EXPECT_EQ(trend({{3, 0}, {5, 0}}, TableMethod::trend, mid, {1, 2}, {0, 1}).p_value, 0.5);
  EXPECT_EQ(none.events, 0);
  EXPECT_EQ(trend({{0, 3}, {0, 5}}, TableMethod::trend, o, {1, 2}, {0, 1}).events, 8);
  EXPECT_EQ(trend({{3, 1}, {2, 2}}, TableMethod::trend, o, {1, 1}, {0, 1}).status, Status::no_variance);
}

TEST(Trend, draws_what_it_cannot_count) {
  TableOptions o = with(Distribution::monte_carlo);
  for (const Alternative a : {Alternative::two_sided, Alternative::less, Alternative::greater}) {
    for (const TableTwoSided rule : {TableTwoSided::distance, TableTwoSided::central}) {
      o.alternative = a;
      o.two_sided = rule;
      TableOptions exact = o;
      exact.distribution = Distribution::exact;
      const double p = trend(ordered, TableMethod::linear, exact, {1, 2, 3, 4}, {1, 2, 3}).p_value;
      const TableRow drawn = trend(ordered, TableMethod::linear, o, {1, 2, 3, 4}, {1, 2, 3});
      EXPECT_LT(drawn.p_low, p);
      EXPECT_GT(drawn.p_high, p);
    }
  }
  o.distribution = Distribution::automatic;
  o.exact_limit = 10.0;
  EXPECT_EQ(trend(ordered, TableMethod::linear, o, {1, 2, 3, 4}, {1, 2, 3}).distribution, Distribution::monte_carlo);
}

TEST(TableMap, gives_the_same_bits_on_any_number_of_threads) {
  std::mt19937 engine(9);
  std::vector<int> counts;
  TablePlan plan;
  plan.rows = 3;
  plan.cols = 3;
  plan.problems = 12;
  for (std::size_t p = 0; p < plan.problems; ++p) {
    const std::vector<int> one = naive_tables::column_major(naive_tables::random_table(engine, 3, 3, 20));
    counts.insert(counts.end(), one.begin(), one.end());
  }
  plan.counts = counts.data();
  plan.row_score = plan.col_score = {1, 2, 3};
  const std::vector<TableMethod> methods = {TableMethod::fisher, TableMethod::chisq, TableMethod::linear};
  const auto run = [&](int threads, Distribution d) {
    std::vector<double> p(plan.problems * methods.size());
    solve_tables(plan, with(d), methods, threads, {}, [&](std::size_t i, const TableRow& row) { p[i] = row.p_value; });
    return p;
  };
  EXPECT_EQ(run(1, Distribution::exact), run(3, Distribution::exact));
  EXPECT_EQ(run(1, Distribution::monte_carlo), run(3, Distribution::monte_carlo));
}

TEST(LogTable, makes_equal_products_equal_integers) {
  LogTable log;
  log.prepare(200);
  EXPECT_EQ(log.factorial(6) + log.factorial(7), log.factorial(10));  // 6! 7! = 10!
  EXPECT_EQ(log.factorial(4), log.factorial(3) + 2 * log.factorial(2));
  EXPECT_NEAR(static_cast<double>(log.factorial(200)) / log_steps, std::lgamma(201.0), 1e-9);
  EXPECT_NEAR(static_cast<double>(log.product(37)) / log_steps, 37.0 * std::log(37.0), 1e-9);
}

}  // namespace
