// A throw-away second family: Student's two-group t-test on many outcomes, its plan shared by all of them and its combine
// a step-down max-T over flips of the patients' residuals. Built on the shared primitives alone, it shows that the road carries
// more than the paired family: codes, plan, solve, combine, Moments, Row, Status, the parallel map, streams, special functions.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "respondr/index.hpp"
#include "respondr/max_t.hpp"
#include "respondr/moments.hpp"
#include "respondr/parallel.hpp"
#include "respondr/row.hpp"
#include "respondr/special.hpp"

namespace {

using namespace respondr;
using Values = std::vector<double>;

// Once a design: which patient is in which of two groups, in an order that does not depend on the order of the rows.
struct GroupPlan {
  std::vector<std::int32_t> group;   // 0 or 1, by row
  std::vector<std::size_t> row;      // rows in the order of the ids
  std::vector<const double*> outcome;
  double conf_level = 0.95;
};

struct GroupWorkspace {
  Values value[2];
};

GroupPlan plan_groups(const std::vector<std::int32_t>& arm, const std::vector<std::int32_t>& id,
                      const std::vector<Values>& outcomes) {
  GroupPlan plan;
  plan.group.resize(arm.size());
  code_integers<std::int32_t>({arm.data(), arm.size()}, missing_int, plan.group.data());
  std::vector<std::int32_t> code(id.size());
  const Levels ids = code_integers<std::int32_t>({id.data(), id.size()}, missing_int, code.data());
  for (const std::int32_t row : ids.first_row) {
    plan.row.push_back(static_cast<std::size_t>(row));
  }
  for (const Values& v : outcomes) {
    plan.outcome.push_back(v.data());
  }
  return plan;
}

// Rows and summary figures end here.
void finish_groups(const Moments& reference, const Moments& level, double conf_level, Row& row) {
  if (reference.n == 0.0 && level.n == 0.0) {
    row.status = Status::no_data;
    return;
  }
  if (reference.n == 0.0 || level.n == 0.0) {
    row.status = Status::one_group_empty;
    return;
  }
  row.estimate = level.mean - reference.mean;
  row.df = reference.n + level.n - 2.0;
  const double ss = reference.ss + level.ss;
  if (row.df < 1.0 || ss == 0.0) {
    row.status = Status::no_variance;
    return;
  }
  row.std_error = std::sqrt(ss / row.df * (1.0 / reference.n + 1.0 / level.n));
  row.statistic = row.estimate / row.std_error;
  row.p_value = 2.0 * special::t_cdf(-std::fabs(row.statistic), row.df);
  const double half = -special::t_quantile(0.5 * (1.0 - conf_level), row.df) * row.std_error;
  row.conf_low = row.estimate - half;
  row.conf_high = row.estimate + half;
}

void gather(const GroupPlan& plan, std::size_t outcome, GroupWorkspace& w) {
  w.value[0].clear();
  w.value[1].clear();
  for (const std::size_t row : plan.row) {
    const double x = plan.outcome[outcome][row];
    if (x == x && plan.group[row] != no_code) {
      w.value[plan.group[row]].push_back(x);
    }
  }
}

Row solve_groups(const GroupPlan& plan, std::size_t outcome, GroupWorkspace& w) {
  Row row;
  gather(plan, outcome, w);
  const Moments reference = Moments::of({w.value[0].data(), w.value[0].size()});
  finish_groups(reference, Moments::of({w.value[1].data(), w.value[1].size()}), plan.conf_level, row);
  return row;
}

std::vector<Row> solve_all(const GroupPlan& plan, int threads) {
  std::vector<Row> rows(plan.outcome.size());
  parallel_map(
      plan.outcome.size(), threads, Hooks(), [] { return GroupWorkspace(); },
      [&](std::size_t i, GroupWorkspace& w) { rows[i] = solve_groups(plan, i, w); });
  return rows;
}

// Combine: the products of centred group and centred outcome are flipped by patient, jointly over outcomes.
MaxTResult combine(const GroupPlan& plan, int threads) {
  std::vector<std::uint64_t> keys;
  for (std::size_t i = 0; i < plan.row.size(); ++i) {
    keys.push_back(hash_mix(3, i));
  }
  std::vector<Values> score(plan.outcome.size());
  std::vector<std::vector<int>> patient(plan.outcome.size());
  for (std::size_t j = 0; j < plan.outcome.size(); ++j) {
    GroupWorkspace w;
    gather(plan, j, w);
    Values all = w.value[0];
    all.insert(all.end(), w.value[1].begin(), w.value[1].end());
    const double mean = Moments::of({all.data(), all.size()}).mean;
    for (std::size_t i = 0; i < plan.row.size(); ++i) {
      const double x = plan.outcome[j][plan.row[i]];
      if (x == x) {
        score[j].push_back((x - mean) * (plan.group[plan.row[i]] == 0 ? -1.0 : 1.0));
        patient[j].push_back(static_cast<int>(i));
      }
    }
  }
  std::vector<MaxTRow> rows;
  for (std::size_t j = 0; j < score.size(); ++j) {
    rows.push_back({{score[j].data(), score[j].size()}, {patient[j].data(), patient[j].size()}});
  }
  MaxTOptions options;
  options.replicates = 2000;
  options.seed = 9;
  options.threads = threads;
  return max_t(rows, {keys.data(), keys.size()}, options, Hooks());
}

struct Study {
  std::vector<std::int32_t> arm, id;
  std::vector<Values> outcomes;
};

Study draw_study(std::size_t patients, std::size_t outcomes) {
  std::mt19937_64 rng(41);
  Study s;
  for (std::size_t i = 0; i < patients; ++i) {
    s.arm.push_back(static_cast<std::int32_t>(10 + 7 * (rng() % 2)));
    s.id.push_back(static_cast<std::int32_t>(3 * i + 1));
  }
  for (std::size_t j = 0; j < outcomes; ++j) {
    s.outcomes.emplace_back();
    for (std::size_t i = 0; i < patients; ++i) {
      const double u = static_cast<double>(rng() >> 11) * 0x1.0p-53;
      s.outcomes.back().push_back(rng() % 9 == 0 ? missing : u + (s.arm[i] == 17 ? 0.05 * static_cast<double>(j) : 0.0));
    }
  }
  return s;
}

Study shuffled(const Study& s, std::uint64_t seed) {
  std::vector<std::size_t> order(s.id.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::mt19937_64 rng(seed);
  std::shuffle(order.begin(), order.end(), rng);
  Study out;
  for (const std::size_t i : order) {
    out.arm.push_back(s.arm[i]);
    out.id.push_back(s.id[i]);
  }
  for (const Values& v : s.outcomes) {
    out.outcomes.emplace_back();
    for (const std::size_t i : order) {
      out.outcomes.back().push_back(v[i]);
    }
  }
  return out;
}

bool same_bits(const Row& a, const Row& b) {
  const auto same = [](double x, double y) { return std::memcmp(&x, &y, sizeof x) == 0 || (x != x && y != y); };
  bool all = a.status == b.status;
  visit_double_columns([&](const char*, double Row::*field) { all = all && same(a.*field, b.*field); });
  return all;
}

}  // namespace

TEST(SecondFamily, OracleStudentsTByANaiveLoop) {
  const Study s = draw_study(40, 12);
  const std::vector<Row> rows = solve_all(plan_groups(s.arm, s.id, s.outcomes), 1);
  for (std::size_t j = 0; j < rows.size(); ++j) {
    long double n[2] = {}, sum[2] = {}, squares[2] = {};
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t i = 0; i < s.id.size(); ++i) {
        const double x = s.outcomes[j][i];
        const int g = s.arm[i] == 17 ? 1 : 0;
        if (x == x) {
          const long double d = pass == 0 ? 0.0L : x - sum[g] / n[g];
          n[g] += pass == 0 ? 1.0L : 0.0L;
          sum[g] += pass == 0 ? x : 0.0L;
          squares[g] += d * d;
        }
      }
    }
    const long double difference = sum[1] / n[1] - sum[0] / n[0];
    const long double se = std::sqrt((squares[0] + squares[1]) / (n[0] + n[1] - 2) * (1 / n[0] + 1 / n[1]));
    EXPECT_NEAR(rows[j].estimate, static_cast<double>(difference), 1e-14);
    EXPECT_NEAR(rows[j].statistic, static_cast<double>(difference / se), 1e-12);
    EXPECT_EQ(rows[j].df, static_cast<double>(n[0] + n[1] - 2));
    // The limit is the difference whose p is .05.
    const double t = (rows[j].conf_low - rows[j].estimate) / rows[j].std_error;
    EXPECT_NEAR(2.0 * special::t_cdf(t, rows[j].df), 0.05, 1e-12);
  }
}

TEST(SecondFamily, PropertySameBitsForAnyThreadsAndAnyOrder) {
  const Study s = draw_study(33, 300);
  const GroupPlan plan = plan_groups(s.arm, s.id, s.outcomes);
  const std::vector<Row> rows = solve_all(plan, 1);
  const MaxTResult adjusted = combine(plan, 1);
  const std::vector<Row> threaded = solve_all(plan, 3);
  EXPECT_EQ(combine(plan, 3).p_adjusted, adjusted.p_adjusted);
  const Study other = shuffled(s, 42);
  const GroupPlan other_plan = plan_groups(other.arm, other.id, other.outcomes);
  const std::vector<Row> moved = solve_all(other_plan, 2);
  EXPECT_EQ(combine(other_plan, 2).p_adjusted, adjusted.p_adjusted);
  for (std::size_t j = 0; j < rows.size(); ++j) {
    EXPECT_TRUE(same_bits(rows[j], threaded[j]));
    EXPECT_TRUE(same_bits(rows[j], moved[j]));
  }
}

TEST(SecondFamily, PropertyAdjustedPIsNotBelowTheLargestStepBefore) {
  const Study s = draw_study(33, 20);
  const MaxTResult adjusted = combine(plan_groups(s.arm, s.id, s.outcomes), 1);
  EXPECT_FALSE(adjusted.complete);
  for (const double p : adjusted.p_adjusted) {
    EXPECT_GE(p, 1.0 / 2001.0);
    EXPECT_LE(p, 1.0);
  }
}

TEST(SecondFamily, PropertyFiguresOfTwoHospitalsEndInTheSameRow) {
  const Study s = draw_study(40, 1);
  const GroupPlan plan = plan_groups(s.arm, s.id, s.outcomes);
  GroupWorkspace w;
  const Row rows = solve_groups(plan, 0, w);
  Moments merged[2];
  for (int g = 0; g < 2; ++g) {
    const std::size_t half = w.value[g].size() / 3;
    const Moments first = Moments::of({w.value[g].data(), half});
    const Moments second = Moments::of({w.value[g].data() + half, w.value[g].size() - half});
    merged[g] = Moments::merge(first, second);
  }
  Row figures;
  finish_groups(merged[0], merged[1], 0.95, figures);
  EXPECT_NEAR(figures.statistic, rows.statistic, 1e-12);
  EXPECT_NEAR(figures.conf_low, rows.conf_low, 1e-12);
  EXPECT_NEAR(figures.p_value, rows.p_value, 1e-12);
}

TEST(SecondFamily, EdgeStatusesLeaveTheOtherOutcomesAlone) {
  Study s = draw_study(12, 4);
  for (std::size_t i = 0; i < s.id.size(); ++i) {
    s.outcomes[0][i] = missing;
    s.outcomes[1][i] = s.arm[i] == 17 ? missing : 1.0;
    s.outcomes[2][i] = s.arm[i] == 17 ? 3.0 : 1.0;
  }
  const std::vector<Row> rows = solve_all(plan_groups(s.arm, s.id, s.outcomes), 2);
  EXPECT_EQ(rows[0].status, Status::no_data);
  EXPECT_EQ(rows[1].status, Status::one_group_empty);
  EXPECT_EQ(rows[2].status, Status::no_variance);
  EXPECT_EQ(rows[2].estimate, 2.0);
  EXPECT_EQ(rows[3].status, Status::ok);
}
