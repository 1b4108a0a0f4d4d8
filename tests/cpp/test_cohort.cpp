// The kernel of cohorts: conditions, exact sums against sums made anew, the logistic fit, the search, and proofs.

#include <gtest/gtest.h>

#include <cmath>

#include "respondr/cohort/logit.hpp"
#include "respondr/cohort/conflict.hpp"
#include "respondr/cohort/search.hpp"
#include "respondr/cohort/skeleton.hpp"
#include "respondr/cohort/solve.hpp"

namespace {

using namespace respondr;
using namespace respondr::cohort;

Step test_step(int column, std::uint64_t levels) { return {Op::test, column, levels}; }

Figure figure_of(Kind kind, std::vector<int> samples, double low, double high) {
  Figure f;
  f.kind = kind;
  f.samples = std::move(samples);
  f.low = low;
  f.high = high;
  return f;
}

// n patients with two visits on a grid of 0.1 within 0 to 20: means, SDs and the P of the change.
Problem two_visits(std::size_t n, double p_low, double p_high) {
  Problem p;
  p.patients = n;
  p.conditions = {Condition{{Op::all, 0, 0}}};
  p.columns = {{0.1, 0.0, 20.0, Shape::normal, 0, 0}, {0.1, 0.0, 20.0, Shape::normal, 0, 0}};
  p.quantities = {{{{0, 1}}, 0.1}, {{{1, 1}}, 0.1}, {{{1, 1}, {0, -1}}, 0.1}};
  p.samples = {{0, 0}, {1, 0}, {2, 0}};
  p.figures = {figure_of(Kind::mean, {0}, 6.95, 7.05), figure_of(Kind::sd, {0}, 0.95, 1.05),
               figure_of(Kind::mean, {1}, 8.15, 8.25), figure_of(Kind::sd, {1}, 1.75, 1.85),
               figure_of(Kind::t_paired, {2}, p_low, p_high)};
  return p;
}

TEST(Cohort, ConditionsAreReadInReversePolishNotation) {
  const int code[] = {1, 0};
  EXPECT_TRUE(holds({}, code));
  EXPECT_TRUE(holds({test_step(0, 2)}, code));
  EXPECT_FALSE(holds({test_step(0, 2), test_step(1, 2), {Op::conjunction, 0, 0}}, code));
  EXPECT_TRUE(holds({test_step(0, 2), test_step(1, 2), {Op::disjunction, 0, 0}}, code));
  EXPECT_TRUE(holds({test_step(0, 2), test_step(1, 2), {Op::negation, 0, 0}, {Op::conjunction, 0, 0}}, code));
}

TEST(Cohort, FoundFiguresAreThoseOfTheValues) {
  const Problem p = two_visits(20, 0.0115, 0.0125);
  const Layout layout = make_layout(p, Codes{});
  ASSERT_EQ(layout.components.size(), 1u);
  Stream stream(1, 2, 3, 4), again(1, 2, 3, 4);
  const std::vector<std::int64_t> start(40, 75);
  Grid grid(layout, start), twin(layout, start);
  ASSERT_TRUE(grid.solve(layout.components[0], 400000, stream, {10.0, 18.0}));
  ASSERT_TRUE(twin.solve(layout.components[0], 400000, again, {10.0, 18.0}));
  EXPECT_EQ(grid.values(), twin.values());
  double before = 0.0, change = 0.0, square = 0.0;
  for (std::size_t i = 0; i < 20; ++i) {
    const double x = 0.1 * static_cast<double>(grid.values()[2 * i]), y = 0.1 * static_cast<double>(grid.values()[2 * i + 1]);
    before += x / 20.0;
    change += (y - x) / 20.0;
    square += (y - x) * (y - x);
  }
  EXPECT_NEAR(grid.figure(0), before, 1e-12);
  const double t = change / std::sqrt((square - 20.0 * change * change) / 19.0 / 20.0);
  EXPECT_NEAR(grid.figure(4), t, 1e-10);
  EXPECT_GE(special::t_two_sided(t, 19.0), 0.0115);
  EXPECT_LE(special::t_two_sided(t, 19.0), 0.0125);
}

TEST(Cohort, ACorrelationAboveOneIsProvedImpossibleAndEveryFigureIsNeeded) {
  // |t| = 1.2 sqrt(20) / sd with sd >= 0.7: at most 9.2, P 1e-8.
  const Conflict conflict = find_conflict(two_visits(20, 0.0, 1e-12));
  EXPECT_TRUE(conflict.proved);
  EXPECT_EQ(conflict.figures, (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_FALSE(find_conflict(two_visits(20, 0.0, 1e-4)).proved);
}

// The P of two groups whose sizes no count fixes: an assignment may leave one of them empty, or with one patient.
TEST(Cohort, GroupsWithoutPatientsAreNotMetAndDoNoHarm) {
  for (const Kind kind : {Kind::t_student, Kind::t_welch}) {
    Problem p;
    p.patients = 4;
    p.levels = {3};
    p.conditions = {Condition{{Op::all, 0, 0}}, Condition{test_step(0, 1)}, Condition{test_step(0, 6)}};
    p.columns = {{0.1, 0.0, 20.0, Shape::normal, 0, 0}};
    p.quantities = {{{{0, 1}}, 0.1}};
    p.samples = {{0, 1}, {0, 2}};
    p.figures = {figure_of(kind, {0, 1}, 0.045, 0.055)};
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      Budget budget;
      budget.seed = seed;
      budget.seconds = 0.5;
      budget.attempts = 60;
      const Cohort cohort = solve_cohort(p, budget, 0);
      if (!cohort.found) continue;
      ASSERT_EQ(cohort.figures.size(), 1u);
      EXPECT_GE(cohort.figures[0], 0.045);
      EXPECT_LE(cohort.figures[0], 0.055);
    }
  }
}

TEST(Cohort, TheLogisticFitIsThatOfATwoByTwoTable) {
  // 3 of 10 events at x = -1, 6 of 10 at x = 1: the slope is half the log odds ratio.
  std::vector<double> x;
  std::vector<char> event;
  for (int i = 0; i < 20; ++i) {
    x.push_back(i < 10 ? -1.0 : 1.0);
    event.push_back(i < 3 || (i >= 10 && i < 16) ? 1 : 0);
  }
  const LogitFit fit = fit_logit(x.data(), event.data(), x.size(), LogitFit{});
  ASSERT_TRUE(fit.converged);
  EXPECT_NEAR(fit.slope, 0.5 * std::log(6.0 * 7.0 / (4.0 * 3.0)), 1e-12);
  EXPECT_NEAR(fit.std_error, 0.5 * std::sqrt(1.0 / 3 + 1.0 / 7 + 1.0 / 6 + 1.0 / 4), 1e-12);
  event.assign(20, 0);
  for (int i = 10; i < 20; ++i) {
    event[static_cast<std::size_t>(i)] = 1;
  }
  EXPECT_FALSE(fit_logit(x.data(), event.data(), x.size(), LogitFit{}).converged);
}

TEST(Cohort, SetsAreComparedWithoutWhatACountOfNothingExcludes) {
  Problem p;
  p.patients = 10;
  p.levels = {2, 2};
  const Condition a{test_step(0, 2)}, b{test_step(1, 2)};
  const Condition a_not_b{test_step(0, 2), test_step(1, 2), {Op::negation, 0, 0}, {Op::conjunction, 0, 0}};
  EXPECT_FALSE(within(p, a, b, {}));
  EXPECT_TRUE(within(p, a, b, {&a_not_b}));
  EXPECT_TRUE(within(p, both(a, b), b, {}));
}

}  // namespace
