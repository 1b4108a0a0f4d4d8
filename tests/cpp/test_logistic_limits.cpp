// Limits and tests of the logistic core: intervals of one proportion and of 2 x 2 tables in closed form, the duality of
// p and limit, a naive profile, infinite sides.

#include <gtest/gtest.h>

#include "logistic_cases.hpp"

namespace {

using namespace respondr;
using namespace logistic_cases;

constexpr double z = 1.959963984540054;

struct Fitted {
  Data data;
  Options options;
  Workspace w;
  Fit out;

  Fitted(const Data& d, Estimator estimator) : data(d), options(by(estimator)) { fit(data.problem(), options, w, out); }
  Limits limits(std::size_t j, LimitKind kind = LimitKind::profile, double level = 0.95) {
    return find_limits(options, out, j, level, kind, w);
  }
  ColumnTest test(const std::vector<std::size_t>& columns, TestKind kind = TestKind::lr, const double* null = nullptr) {
    return test_columns(options, out, columns, null, kind, w);
  }
};

Data proportion(double events, double n) {
  Data d;
  d.n = 2;
  d.p = 1;
  d.x = {1.0, 1.0};
  d.y = {1.0, 0.0};
  d.weight = {events, n - events};
  return d;
}

double logit(double p) { return std::log(p / (1.0 - p)); }

// Root of a decreasing f by halving.
template <class F>
double halve(F&& f, double low, double high) {
  for (int k = 0; k < 200; ++k) {
    const double middle = 0.5 * (low + high);
    (f(middle) > 0.0 ? low : high) = middle;
  }
  return low;
}

TEST(LogisticLimits, OfOneProportionAreThoseOfTheBinomial) {
  const double x = 7.0, n = 24.0;
  Fitted ml(proportion(x, n), Estimator::ml), firth(proportion(x, n), Estimator::firth);
  const double centre = (x + z * z / 2) / (n + z * z);
  const double half = z / (n + z * z) * std::sqrt(x * (n - x) / n + z * z / 4);
  const Limits wilson = ml.limits(0, LimitKind::score);
  EXPECT_NEAR(wilson.low, logit(centre - half), 1e-10);
  EXPECT_NEAR(wilson.high, logit(centre + half), 1e-10);
  const auto fall = [](double a, double b, double p) {
    const double best = a / (a + b);
    return z * z - 2.0 * (a * std::log(best / p) + b * std::log((1 - best) / (1 - p)));
  };
  const Limits lr = ml.limits(0);
  EXPECT_NEAR(lr.low, logit(halve([&](double p) { return -fall(x, n - x, p); }, 1e-9, x / n)), 1e-9);
  EXPECT_NEAR(lr.high, logit(halve([&](double p) { return fall(x, n - x, p); }, x / n, 1.0 - 1e-9)), 1e-9);
  const Limits penalised = firth.limits(0);  // the determinant adds half an event and half another
  EXPECT_NEAR(penalised.high,
              logit(halve([&](double p) { return fall(x + 0.5, n - x + 0.5, p); }, (x + 0.5) / (n + 1), 1.0 - 1e-9)),
              1e-9);
  const Limits wald = ml.limits(0, LimitKind::wald, 0.9);
  EXPECT_NEAR(wald.high, logit(x / n) + 1.6448536269514722 * std::sqrt(1 / x + 1 / (n - x)), 1e-12);
}

TEST(LogisticLimits, WithoutOtherResponsesOneSideIsInfinite) {
  Fitted all(proportion(20, 20), Estimator::ml);
  EXPECT_EQ(all.out.status, Status::one_level);
  const Limits lr = all.limits(0), score = all.limits(0, LimitKind::score), wald = all.limits(0, LimitKind::wald);
  EXPECT_NEAR(lr.low, logit(std::exp(-z * z / 40.0)), 1e-8);
  EXPECT_EQ(lr.high, infinity);
  EXPECT_EQ(lr.high_reason, LimitReason::infinite);
  EXPECT_NEAR(score.low, logit(20.0 / (20.0 + z * z)), 1e-8);
  EXPECT_EQ(score.high_reason, LimitReason::infinite);
  EXPECT_EQ(wald.low_reason, LimitReason::not_estimable);
  Fitted none(proportion(0, 20), Estimator::ml);
  EXPECT_EQ(none.limits(0).low, -infinity);
  Fitted firth(proportion(20, 20), Estimator::firth);
  EXPECT_LT(firth.limits(0).high, 30.0);
}

double naive_value(const Data& d, bool firth, const std::vector<Real>& beta) {
  const Naive at = evaluate_naive(d, beta);
  return static_cast<double>(at.log_likelihood + (firth ? 0.5L * at.log_determinant : 0.0L));
}

TEST(LogisticLimits, LieWhereANaiveProfileFallsByHalfTheQuantile) {
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const Data d = drawn(45 + 5 * seed, 2 + seed % 3, seed, seed % 2 == 0);
    for (const Estimator estimator : {Estimator::ml, Estimator::firth}) {
      const bool firth = estimator == Estimator::firth;
      Fitted f(d, estimator);
      ASSERT_EQ(f.out.status, Status::ok);
      const double top = naive_value(d, firth, widen(f.out.beta));
      for (std::size_t j = 0; j < d.p; ++j) {
        const Limits found = f.limits(j);
        std::vector<int> held(d.p, 0);
        held[j] = 1;
        for (const double b : {found.low, found.high}) {
          std::vector<Real> start = widen(f.out.beta);
          start[j] = b;
          const double fall = 2.0 * (top - naive_value(d, firth, naive_fit(d, firth, start, held)));
          EXPECT_NEAR(fall, z * z, 1e-7) << seed << " " << j << " " << b;
        }
      }
    }
  }
}

TEST(LogisticLimits, TheTestOfALimitHasTheErrorOfTheLevel) {
  for (const Estimator estimator : {Estimator::ml, Estimator::firth, Estimator::logf}) {
    Fitted f(drawn(55, 4, 17), estimator);
    for (std::size_t j = 0; j < 4; ++j) {
      for (int kind = 0; kind < 3; ++kind) {
        const Limits found = f.limits(j, static_cast<LimitKind>(kind), 0.9);
        EXPECT_LT(found.low, f.out.beta[j]);
        for (const double b : {found.low, found.high}) {
          std::vector<double> null(4, 0.0);
          null[j] = b;
          const TestKind same[] = {TestKind::lr, TestKind::score, TestKind::wald};
          EXPECT_NEAR(f.test({j}, same[kind], null.data()).p_value, 0.1, 1e-8);
        }
      }
    }
  }
}

TEST(LogisticLimits, ScaleWithTheUnitsOfTheColumn) {
  for (const Estimator estimator : {Estimator::ml, Estimator::firth}) {
    const Data d = drawn(40, 3, 23);
    Data scaled = d;
    for (std::size_t i = 0; i < d.n; ++i) {
      scaled.at(i, 1) = -d.at(i, 1) * 0x1p-500 + 0x1p-480;
      scaled.at(i, 0) = -2.0;
    }
    Fitted a(d, estimator), b(scaled, estimator);
    const Limits plain = a.limits(1), far = b.limits(1);
    EXPECT_NEAR(-far.low * 0x1p-500, plain.high, 1e-9);
    EXPECT_NEAR(-far.high * 0x1p-500, plain.low, 1e-9);
    EXPECT_NEAR(a.limits(2).low, b.limits(2).low, 1e-9);
    const Limits down = b.limits(0);
    EXPECT_LT(down.low, down.high);
  }
}

TEST(LogisticLimits, OfASeparatedTableAreOneSided) {
  const Data d = cells(9, 0, 11, 14);
  Fitted ml(d, Estimator::ml);
  EXPECT_EQ(ml.out.status, Status::separated);
  const Limits slope = ml.limits(1), other = ml.limits(0);
  EXPECT_EQ(slope.high, infinity);
  EXPECT_EQ(slope.high_reason, LimitReason::infinite);
  EXPECT_EQ(slope.low_reason, LimitReason::ok);
  const double top = 11 * std::log(11 / 25.0) + 14 * std::log(14 / 25.0);
  const double fall = 2.0 * (top - naive_value(d, false, naive_fit(d, false, {0.0L, slope.low}, {0, 1})));
  EXPECT_NEAR(fall, z * z, 1e-7);
  Fitted alone(proportion(11, 25), Estimator::ml);  // the other arm says nothing of the intercept
  EXPECT_NEAR(other.low, alone.limits(0).low, 1e-6);
  EXPECT_NEAR(other.high, alone.limits(0).high, 1e-6);
  const ColumnTest lr = ml.test({1}), wald = ml.test({1}, TestKind::wald), score = ml.test({1}, TestKind::score);
  const double null = 20 * std::log(20 / 34.0) + 14 * std::log(14 / 34.0);
  EXPECT_NEAR(lr.statistic, 2.0 * (top - null), 1e-8);
  EXPECT_EQ(wald.status, Status::separated);
  EXPECT_TRUE(std::isnan(wald.p_value));
  EXPECT_NEAR(score.statistic, 34.0 * 126 * 126 / (9.0 * 25 * 20 * 14), 1e-8);  // Pearson's chi-square
}

TEST(LogisticLimits, HaveAReasonWhereThereIsNone) {
  Data d = drawn(30, 3, 2);
  for (std::size_t i = 0; i < d.n; ++i) d.at(i, 2) = 2.0 * d.at(i, 1);
  Fitted f(d, Estimator::firth);
  EXPECT_EQ(f.limits(2).low_reason, LimitReason::aliased);
  EXPECT_TRUE(std::isnan(f.limits(2).low));
  EXPECT_EQ(f.limits(1).low_reason, LimitReason::ok);
  d.n = 0;
  Fitted none(d, Estimator::ml);
  EXPECT_EQ(none.limits(0).high_reason, LimitReason::not_estimable);
  EXPECT_EQ(none.test({0}).status, Status::no_data);
}

TEST(LogisticTests, LikelihoodRatioIsThatOfTwoFits) {
  const Data d = drawn(70, 5, 41, true);
  Data less = d;
  less.p = 3;
  Fitted full(d, Estimator::ml), part(less, Estimator::ml);
  const ColumnTest lr = full.test({4, 3, 4}), wald = full.test({3, 4}, TestKind::wald),
                   score = full.test({3, 4}, TestKind::score);
  EXPECT_EQ(lr.df, 2.0);
  EXPECT_NEAR(lr.statistic, 2.0 * (full.out.log_likelihood - part.out.log_likelihood), 1e-10);
  EXPECT_NEAR(lr.p_value, std::exp(-lr.statistic / 2.0), 1e-12);
  const double* v = full.out.vcov.data();
  const double a = v[18], b = v[19], c = v[24], x = full.out.beta[3], y = full.out.beta[4];
  EXPECT_NEAR(wald.statistic, (c * x * x - 2 * b * x * y + a * y * y) / (a * c - b * b), 1e-9);
  std::vector<Real> null = widen(part.out.beta);
  null.resize(5, 0.0L);
  const Naive at = evaluate_naive(d, null);
  Real naive = 0.0L;
  for (std::size_t j = 0; j < 5; ++j) {
    for (std::size_t k = 0; k < 5; ++k) naive += at.score[j] * at.inverse[j * 5 + k] * at.score[k];
  }
  EXPECT_NEAR(score.statistic, static_cast<double>(naive), 1e-9);
}

TEST(LogisticTests, FirthKeepsThePenaltyOfTheWholeMatrix) {
  const Data d = drawn(50, 4, 43);
  Fitted full(d, Estimator::firth);
  const std::vector<Real> held = naive_fit(d, true, {0.0L, 0.0L, 0.0L, 0.0L}, {0, 1, 0, 1});
  const double fall = naive_value(d, true, widen(full.out.beta)) - naive_value(d, true, held);
  EXPECT_NEAR(full.test({1, 3}).statistic, 2.0 * fall, 1e-9);
  const Naive at = evaluate_naive(d, held);
  Real naive = 0.0L;
  for (std::size_t j = 0; j < 4; ++j) {
    for (std::size_t k = 0; k < 4; ++k) {
      naive += (at.score[j] + at.penalty[j]) * at.inverse[j * 4 + k] * (at.score[k] + at.penalty[k]);
    }
  }
  EXPECT_NEAR(full.test({1, 3}, TestKind::score).statistic, static_cast<double>(naive), 1e-9);
}

TEST(LogisticTests, AliasedColumnsDoNotCount) {
  Data d = drawn(40, 4, 47);
  for (std::size_t i = 0; i < d.n; ++i) d.at(i, 3) = 1.0 - d.at(i, 2);
  Fitted f(d, Estimator::ml);
  EXPECT_EQ(f.test({2, 3}).df, 1.0);
  EXPECT_EQ(f.test({2, 3}).statistic, f.test({2}).statistic);
  EXPECT_EQ(f.test({3}).status, Status::rank_deficient);
  EXPECT_EQ(f.test({}).df, 0.0);
}

}  // namespace
