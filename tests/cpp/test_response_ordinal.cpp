// Proportional odds: derivatives against differences of the likelihood, a model worked by hand, separation.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "respondr/response/ordinal_brant.hpp"
#include "respondr/response/ordinal_tests.hpp"
#include "respondr/response/wins.hpp"

namespace response = respondr::response;

namespace {

struct Case {
  std::vector<double> x{0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 2.5, 1.0, 0.5, 0.7, 1.9, -1, 3, 2, 0.1, 0.2};
  std::vector<int> y{0, 0, 1, 2, 2, 1, 2, 0, 1, 1};
  std::vector<double> w{1, 2, 1, 0.5, 1, 1, 3, 1, 0, 1};
  response::OrdinalProblem problem() { return {x.data(), 10, 2, y.data(), 3, w.data(), nullptr}; }
};

}  // namespace

TEST(Ordinal, ScoreAndInformationAreTheSlopesOfTheLikelihood) {
  Case c;
  const auto problem = c.problem();
  std::vector<double> gamma{-0.4, 0.9, 0.3, -0.2};
  response::OrdinalWork work, up, down;
  work.resize(4);
  up.resize(4);
  down.resize(4);
  response::ordinal_detail::evaluate(problem, gamma, work);
  const double h = 1e-5;
  for (std::size_t j = 0; j < 4; ++j) {
    auto a = gamma, b = gamma;
    a[j] += h;
    b[j] -= h;
    const double slope =
        (response::ordinal_detail::log_likelihood(problem, a) - response::ordinal_detail::log_likelihood(problem, b)) /
        (2 * h);
    EXPECT_NEAR(work.score[j], slope, 1e-8);
    response::ordinal_detail::evaluate(problem, a, up);
    response::ordinal_detail::evaluate(problem, b, down);
    for (std::size_t i = j; i < 4; ++i)
      EXPECT_NEAR(work.information(i, j), -(up.score[i] - down.score[i]) / (2 * h), 1e-8);
  }
}

TEST(Ordinal, ObservedInformationByLoadsIsTheSameMatrix) {
  Case c;
  const auto problem = c.problem();
  const std::vector<double> gamma{-0.4, 0.9, 0.3, -0.2};
  response::OrdinalWork work;
  work.resize(4);
  response::ordinal_detail::evaluate(problem, gamma, work);
  const std::vector<std::size_t> none;
  std::vector<double> score;
  response::Matrix information;
  response::ordinal_detail::expected(problem, gamma, {none, 2, 2}, score, information, true);
  for (std::size_t j = 0; j < 4; ++j) {
    EXPECT_NEAR(score[j], work.score[j], 1e-13);
    for (std::size_t i = j; i < 4; ++i) EXPECT_NEAR(information(i, j), work.information(i, j), 1e-13);
  }
}

TEST(Ordinal, WithoutPredictorsTheCutsAreLogitsOfShares) {
  Case c;
  auto problem = c.problem();
  problem.p = 0;
  response::OrdinalWork work;
  const auto fit = response::ordinal_maximise(problem, response::ordinal_start(problem), {1, 1}, work);
  EXPECT_TRUE(fit.converged);
  EXPECT_NEAR(fit.gamma[0], std::log(4.0 / 7.5), 1e-12);
  EXPECT_NEAR(fit.gamma[1], std::log(7.0 / 4.5), 1e-12);
}

TEST(Ordinal, TwoClassesAndOneBinaryPredictorAreTheTwoByTwoTable) {
  const std::vector<double> x{0, 0, 1, 1}, w{3, 5, 2, 9};
  const std::vector<int> y{0, 1, 0, 1};
  const response::OrdinalProblem problem{x.data(), 4, 1, y.data(), 2, w.data(), nullptr};
  response::OrdinalWork work;
  const auto fit = response::ordinal_maximise(problem, response::ordinal_start(problem), {1, 1}, work);
  EXPECT_NEAR(fit.gamma[1], std::log((9.0 * 3.0) / (2.0 * 5.0)), 1e-10);
  EXPECT_EQ(response::ordinal_parallel(problem, fit, {0}, false).status, respondr::Status::not_estimable);
}

TEST(Ordinal, SeparatedDataReachTheSupremumAndAFiniteLowerLimit) {
  const std::vector<double> x{0, 0, 0, 1, 1, 1, 1, 1};
  const std::vector<int> y{0, 0, 0, 1, 1, 2, 2, 2};
  const response::OrdinalProblem problem{x.data(), 8, 1, y.data(), 3, nullptr, nullptr};
  response::OrdinalWork work;
  const auto fit = response::ordinal_maximise(problem, response::ordinal_start(problem), {1, 1, 1}, work);
  EXPECT_TRUE(fit.converged);
  EXPECT_NEAR(fit.log_likelihood, 2 * std::log(0.4) + 3 * std::log(0.6), 1e-8);
  const auto limits = response::ordinal_profile(problem, fit, 0, 0.95, 0.0, work);
  EXPECT_EQ(limits.low_end, response::OrdinalEnd::found);
  EXPECT_TRUE(limits.low > 0.0 && limits.low < 20.0);
}

TEST(Ordinal, BrantOfTwoArmsIsThatOfTheCollapsedTables) {
  const std::vector<double> x{0, 0, 0, 1, 1, 1}, w{10, 6, 4, 4, 10, 6};
  const std::vector<int> y{0, 1, 2, 0, 1, 2};
  response::OrdinalWork work;
  const auto cuts = response::ordinal_cuts({x.data(), 6, 1, y.data(), 3, w.data(), nullptr}, work);
  ASSERT_TRUE(cuts.all_converged());
  EXPECT_NEAR(cuts.gamma(1, 0), std::log(4.0), 1e-12);
  EXPECT_NEAR(cuts.gamma(1, 1), std::log(96.0 / 56.0), 1e-12);
  EXPECT_NEAR(cuts.covariance(3, 1), 1 / (20 * 0.5 * 0.8) + 1 / (20 * 0.8 * 0.7), 1e-12);
  EXPECT_NEAR(cuts.error(1, 0) * cuts.error(1, 0), 0.2 + 1 / 3.2, 1e-12);
  const auto test = response::ordinal_brant(cuts, {0});
  const double apart = std::log(4.0 * 56.0 / 96.0);
  const double spread = 0.2 + 1 / 3.2 + 1 / 3.2 + 1 / 4.2 - 2 * (1 / 8.0 + 1 / 11.2);
  EXPECT_NEAR(test.statistic, apart * apart / spread, 1e-12);
  EXPECT_EQ(test.df, 1.0);
  EXPECT_EQ(response::ordinal_brant(cuts, {}).status, respondr::Status::not_estimable);
}

TEST(Wins, RatioAndErrorAreThoseOfThePairsCounted) {
  const std::vector<double> level{2, 3, 5}, reference{6, 3, 2};
  const auto x = response::win_ratio(level.data(), reference.data(), 3, 0.95);
  // won: 3 * 6 + 5 * 9, lost: 2 * 5 + 3 * 2
  EXPECT_NEAR(x.estimate, 63.0 / 16.0, 1e-14);
  const double w = 63.0 / 110.0, l = 16.0 / 110.0;
  const double a[] = {-(5.0 / 11) / l, (6.0 / 11) / w - (2.0 / 11) / l, (9.0 / 11) / w};
  const double b[] = {0.8 / w, 0.5 / w - 0.2 / l, -0.5 / l};
  double level_sum = 0, reference_sum = 0;
  for (int k = 0; k < 3; ++k) {
    level_sum += level[k] * a[k] * a[k];
    reference_sum += reference[k] * b[k] * b[k];
  }
  const double va = level_sum / 90.0, vb = reference_sum / 110.0;
  EXPECT_NEAR(x.std_error, std::sqrt(va + vb), 1e-13);
  EXPECT_NEAR(x.df, (va + vb) * (va + vb) / (va * va / 9 + vb * vb / 10), 1e-10);
  EXPECT_NEAR(x.statistic, std::log(63.0 / 16.0) / x.std_error, 1e-13);
  EXPECT_NEAR(std::log(x.high) - std::log(x.estimate), std::log(x.estimate) - std::log(x.low), 1e-12);
  EXPECT_EQ(x.status, respondr::Status::ok);
}

TEST(Wins, WithoutLossesWithoutPairsAndWithoutPatients) {
  const std::vector<double> none{0, 0}, low{3, 0}, high{0, 2}, one{1, 0};
  const auto all = response::win_ratio(high.data(), low.data(), 2, 0.95);
  EXPECT_EQ(all.estimate, respondr::infinity);
  EXPECT_EQ(all.status, respondr::Status::boundary);
  EXPECT_TRUE(std::isnan(all.p_value));
  EXPECT_EQ(response::win_ratio(low.data(), high.data(), 2, 0.95).estimate, 0.0);
  EXPECT_EQ(response::win_ratio(low.data(), one.data(), 2, 0.95).status, respondr::Status::no_variance);
  EXPECT_EQ(response::win_ratio(none.data(), low.data(), 2, 0.95).status, respondr::Status::one_group_empty);
  const std::vector<double> both{1, 1};
  const auto single = response::win_ratio(one.data(), both.data(), 2, 0.95);
  EXPECT_EQ(single.status, respondr::Status::boundary);
}
