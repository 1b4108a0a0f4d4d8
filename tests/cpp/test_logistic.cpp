// Fits of the logistic core: closed forms of 2 x 2 tables, a naive program in long double, invariances, rank,
// separation, edges.

#include <gtest/gtest.h>

#include "logistic_cases.hpp"

namespace {

using namespace respondr;
using namespace logistic_cases;
using respondr::detail::exp_of_negative;
using respondr::detail::Lanes;

Fit solve(const Data& d, const Options& options) {
  Workspace w;
  Fit out;
  fit(d.problem(), options, w, out);
  return out;
}

Fit solve(const Data& d, Estimator estimator) { return solve(d, by(estimator)); }

void expect_close(double ours, Real reference, Real relative = 1e-10L) {
  EXPECT_LE(std::fabs(ours - reference), relative * std::max<Real>(1e-3L, std::fabs(reference)))
      << ours << " " << (double)reference;
}

TEST(LogisticExp, IsWithinTwoUnitsInTheLastPlace) {
  for (double x = -707.9; x <= 0.0; x += 0.0371) {
    const Lanes both = exp_of_negative(Lanes{x, 0.5 * x});
    EXPECT_NEAR(both[0] / std::exp(x), 1.0, 4.5e-16) << x;
    EXPECT_NEAR(both[1] / std::exp(0.5 * x), 1.0, 4.5e-16) << x;
  }
  EXPECT_EQ(exp_of_negative(Lanes{0.0, -0.0})[0], 1.0);
  EXPECT_LT(exp_of_negative(Lanes{-1e9, -infinity})[1], 1e-300);
}

TEST(LogisticFit, SaturatedTablesHaveTheirClosedForms) {
  const double a = 12, b = 5, c = 7, d = 21;
  const Data data = cells(a, b, c, d);
  const Fit ml = solve(data, Estimator::ml);
  expect_close(ml.beta[1], std::log(a * d / (b * c)), 1e-13L);
  expect_close(ml.beta[0], std::log(c / d), 1e-13L);
  expect_close(ml.vcov[3], 1 / a + 1 / b + 1 / c + 1 / d, 1e-13L);
  expect_close(ml.log_likelihood,
               a * std::log(a / 17) + b * std::log(b / 17) + c * std::log(c / 28) + d * std::log(d / 28), 1e-14L);
  const Fit firth = solve(data, Estimator::firth);  // a half added to each cell
  expect_close(firth.beta[1], std::log(12.5 * 21.5 / (5.5 * 7.5)), 1e-12L);
  expect_close(firth.beta[0], std::log(7.5 / 21.5), 1e-12L);
  const double p = 12.5 / 18, q = 7.5 / 29, determinant = 17 * p * (1 - p) * 28 * q * (1 - q);
  expect_close(firth.vcov[3], 1 / (17 * p * (1 - p)) + 1 / (28 * q * (1 - q)), 1e-12L);
  expect_close(firth.penalised - firth.log_likelihood, 0.5 * std::log(determinant), 1e-12L);
  const Fit zero = solve(cells(10, 0, 25, 25), Estimator::firth);
  expect_close(zero.beta[1], std::log(10.5 / 0.5), 1e-11L);
}

TEST(LogisticFit, SolvesTheScoreEquationsOfANaiveProgram) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Data d = drawn(40 + 9 * seed, 2 + seed % 4, seed, seed % 2 == 0);
    const Fit ml = solve(d, Estimator::ml), firth = solve(d, Estimator::firth);
    ASSERT_EQ(ml.status, Status::ok);
    ASSERT_EQ(firth.status, Status::ok);
    const std::vector<Real> by_ml = naive_fit(d, false, widen(ml.beta)),
                            by_firth = naive_fit(d, true, widen(firth.beta));
    const Naive at = evaluate_naive(d, by_firth);
    for (std::size_t j = 0; j < d.p; ++j) {
      expect_close(ml.beta[j], by_ml[j]);
      expect_close(firth.beta[j], by_firth[j]);
      for (std::size_t k = 0; k < d.p; ++k) expect_close(firth.vcov[j + k * d.p], at.inverse[j * d.p + k]);
    }
    expect_close(firth.log_likelihood, at.log_likelihood, 1e-12L);
    expect_close(firth.penalised, at.log_likelihood + 0.5L * at.log_determinant, 1e-12L);
    for (std::size_t i = 0; i < d.n; ++i) expect_close(firth.leverage[i], at.leverage[i]);
  }
}

TEST(LogisticFit, LogFIsOneMoreRowForEachCoefficient) {
  const Data d = drawn(50, 3, 5);
  Options o = by(Estimator::logf);
  o.logf_m = 2.0;
  const Fit prior = solve(d, o);
  Data more;
  more.n = d.n + 2;
  more.p = d.p;
  more.x.assign(more.n * more.p, 0.0);
  more.y.assign(more.n, 0.5);
  more.weight.assign(more.n, 2.0);
  for (std::size_t i = 0; i < d.n; ++i) {
    for (std::size_t j = 0; j < d.p; ++j) more.at(i, j) = d.at(i, j);
    more.y[i] = d.y[i];
    more.weight[i] = 1.0;
  }
  more.at(d.n, 1) = more.at(d.n + 1, 2) = 1.0;
  const std::vector<Real> naive = naive_fit(more, false, std::vector<Real>(d.p, 0.0L));
  const Naive at = evaluate_naive(more, naive), own = evaluate_naive(d, naive);
  for (std::size_t j = 0; j < d.p; ++j) expect_close(prior.beta[j], naive[j]);
  expect_close(prior.vcov[4], at.inverse[4]);
  expect_close(prior.penalised, at.log_likelihood, 1e-12L);
  expect_close(prior.log_likelihood, own.log_likelihood, 1e-12L);
  const unsigned char only_second[] = {0, 0, 1};
  o.penalised = only_second;
  more.weight[d.n] = 0.0;
  expect_close(solve(d, o).beta[1], naive_fit(more, false, naive)[1]);
}

TEST(LogisticFit, ShiftScaleAndOrderOfRowsChangeNothing) {
  for (const Estimator estimator : {Estimator::ml, Estimator::firth}) {
    const Data d = drawn(62, 4, 3);
    const Fit plain = solve(d, estimator);
    Data moved = d, reversed = d;
    const double scale[] = {1.0, 0x1p500, 0x1p-500, 1.0}, shift[] = {0.0, 0.0, 0.0, 0x1p27};
    for (std::size_t i = 0; i < d.n; ++i) {
      reversed.y[i] = d.y[d.n - 1 - i];
      for (std::size_t j = 0; j < d.p; ++j) {
        moved.at(i, j) = d.at(i, j) * scale[j] + shift[j];
        reversed.at(i, j) = d.at(d.n - 1 - i, j);
      }
    }
    const Fit far = solve(moved, estimator), back = solve(reversed, estimator);
    for (std::size_t j = 1; j < d.p; ++j) {
      expect_close(far.beta[j] * scale[j], plain.beta[j], 1e-12L);
      expect_close(std::sqrt(far.vcov[j + 4 * j]) * scale[j], std::sqrt(plain.vcov[j + 4 * j]), 1e-12L);
      expect_close(back.beta[j], plain.beta[j], 1e-12L);
    }
    expect_close(far.beta[0], plain.beta[0] - plain.beta[3] * static_cast<Real>(shift[3]), 1e-12L);
    expect_close(far.log_likelihood, plain.log_likelihood, 1e-13L);
    expect_close(far.penalised, plain.penalised, 1e-12L);
  }
}

// The fit of u and u + v / 2^30 is that of u and v, coefficients carried over. Rounding (1e-16) times the condition
// (1e9) is what any backward stable method leaves; normal equations leave no digit.
TEST(LogisticFit, IsAccurateWhereColumnsAllButCoincide) {
  const Data d = drawn(62, 4, 8);
  const Fit apart = solve(d, Estimator::ml);
  Data close = d;
  for (std::size_t i = 0; i < d.n; ++i) close.at(i, 3) = d.at(i, 1) + 0x1p-30 * d.at(i, 3);
  const Fit together = solve(close, Estimator::ml);
  EXPECT_EQ(together.kept[3], 1);
  expect_close(together.beta[3] * 0x1p-30, apart.beta[3], 1e-6L);
  expect_close(together.beta[1] + together.beta[3], apart.beta[1], 1e-6L);
  expect_close(together.log_likelihood, apart.log_likelihood, 1e-8L);
}

TEST(LogisticFit, AliasedColumnsAreNamed) {
  Data d = drawn(30, 3, 9);
  const Fit plain = solve(d, Estimator::firth);
  d.p = 7;
  d.x.resize(d.n * d.p, 4.0);  // column 3: constant
  for (std::size_t i = 0; i < d.n; ++i) {
    d.at(i, 4) = 0.1 * d.at(i, 1) - 3.0 * d.at(i, 2) + 0.7;
    d.at(i, 5) = 0.0;
    d.at(i, 6) = 1e8 + d.at(i, 2);
  }
  const Fit more = solve(d, Estimator::firth);
  EXPECT_EQ(more.kept, (std::vector<unsigned char>{1, 1, 1, 0, 0, 0, 0}));
  for (std::size_t j = 0; j < 3; ++j) expect_close(more.beta[j], plain.beta[j], 1e-12L);
  EXPECT_TRUE(std::isnan(more.beta[4]) && std::isnan(more.vcov[4 * 7 + 4]) && std::isnan(more.vcov[4]));
  expect_close(more.penalised, plain.penalised, 1e-12L);
}

TEST(LogisticFit, WeightsCountRowsAndRowsWithoutWeightDoNot) {
  const Data d = drawn(40, 3, 11);
  Data twice = d, weighted = d;
  weighted.weight.assign(d.n, 1.0);
  twice.n = 80;
  twice.x.assign(240, 1.0);
  twice.y.resize(80);
  for (std::size_t i = 0; i < 80; ++i) {
    for (std::size_t j = 0; j < 3; ++j) twice.at(i, j) = d.at(i / 2, j);
    twice.y[i] = d.y[i / 2];
  }
  for (double& m : weighted.weight) m = 2.0;
  const Fit a = solve(twice, Estimator::firth), b = solve(weighted, Estimator::firth);
  for (std::size_t j = 0; j < 3; ++j) expect_close(a.beta[j], b.beta[j], 1e-12L);
  expect_close(a.penalised, b.penalised, 1e-12L);
  weighted.weight.assign(d.n, 1.0);
  weighted.weight[4] = 0.0;
  weighted.at(4, 1) = 1e6;
  Data without = weighted;
  without.weight.clear();
  without.n = 39;
  without.x.clear();
  without.y.erase(without.y.begin() + 4);
  for (std::size_t j = 0; j < 3; ++j) {
    for (std::size_t i = 0; i < 40; ++i) {
      if (i != 4) without.x.push_back(weighted.at(i, j));
    }
  }
  const Fit c = solve(weighted, Estimator::firth), e = solve(without, Estimator::firth);
  for (std::size_t j = 0; j < 3; ++j) expect_close(c.beta[j], e.beta[j], 1e-11L);
  EXPECT_EQ(c.leverage[4], 0.0);
  for (const double m : {0x1p-450, 0x1p450}) {
    weighted.weight.assign(d.n, m);
    const Fit scaled = solve(weighted, Estimator::ml), plain = solve(weighted, Estimator::ml);
    expect_close(scaled.beta[2], plain.beta[2], 1e-12L);
    EXPECT_NE(scaled.beta[2], 0.0);
  }
}

TEST(LogisticFit, BitsDependNeitherOnThreadsNorOnTheAddress) {
  const Data d = drawn(20000, 5, 13);
  for (const Estimator estimator : {Estimator::ml, Estimator::firth}) {
    Options o = by(estimator);
    const Fit one = solve(d, o);
    for (o.threads = 2; o.threads <= 4; o.threads += 2) {
      const Fit many = solve(d, o);
      EXPECT_EQ(many.beta, one.beta);
      EXPECT_EQ(many.vcov, one.vcov);
      EXPECT_EQ(many.leverage, one.leverage);
      EXPECT_EQ(many.penalised, one.penalised);
    }
  }
  const Data small = drawn(61, 4, 14);
  const Fit here = solve(small, Estimator::firth);
  std::vector<double> room(small.x.size() + 8);
  for (std::size_t offset = 0; offset < 8; ++offset) {
    std::copy(small.x.begin(), small.x.end(), room.begin() + static_cast<std::ptrdiff_t>(offset));
    Problem there = small.problem();
    there.x = room.data() + offset;
    Workspace w;
    Fit moved;
    fit(there, by(Estimator::firth), w, moved);
    EXPECT_EQ(moved.beta, here.beta);
    EXPECT_EQ(moved.leverage, here.leverage);
  }
}

TEST(LogisticFit, AWorkspaceRemembersNothing) {
  Workspace w;
  Fit reused;
  for (const Data& d : {drawn(300, 5, 1), cells(5, 0, 3, 4), drawn(20, 2, 2), drawn(150, 3, 3, true)}) {
    for (const Estimator estimator : {Estimator::firth, Estimator::ml, Estimator::logf}) {
      fit(d.problem(), by(estimator), w, reused);
      const Fit fresh = solve(d, estimator);
      EXPECT_EQ(reused.beta, fresh.beta);
      EXPECT_EQ(reused.status, fresh.status);
      EXPECT_EQ(reused.leverage.size(), fresh.leverage.size());
    }
  }
}

Recession separation(const Data& d) {
  Workspace w;
  Fit ml;
  return find_recession(d.problem(), Options{}, w, ml);
}

TEST(LogisticRecession, TellsCompleteFromQuasiAndNamesTheColumns) {
  Data d;
  d.n = 10;
  d.p = 3;
  d.x.assign(30, 1.0);
  for (std::size_t i = 0; i < 10; ++i) {
    d.at(i, 1) = static_cast<double>(i);
    d.at(i, 2) = static_cast<double>((7 * i) % 5);
    d.y.push_back(i < 5 ? 0.0 : 1.0);
  }
  EXPECT_EQ(separation(d).verdict, Separation::complete);
  EXPECT_EQ(solve(d, Estimator::ml).status, Status::separated);
  EXPECT_NEAR(solve(d, Estimator::ml).log_likelihood, 0.0, 1e-9);
  EXPECT_EQ(solve(d, Estimator::firth).status, Status::ok);
  d.y[4] = 1.0;
  d.y[5] = 0.0;
  d.at(4, 1) = d.at(5, 1) = 4.5;
  d.at(4, 2) = d.at(5, 2);
  const Recession quasi = separation(d);
  EXPECT_EQ(quasi.verdict, Separation::quasi);
  EXPECT_EQ(quasi.columns[1], 1);
  for (std::size_t i = 0; i < 10; ++i) {
    double toward = 0.0;
    for (std::size_t j = 0; j < 3; ++j) toward += d.at(i, j) * quasi.direction[j];
    EXPECT_GE(d.y[i] == 1.0 ? toward : -toward, -1e-6);
  }
  EXPECT_NEAR(solve(d, Estimator::ml).log_likelihood, -2.0 * std::log(2.0), 1e-9);
  d.y = {0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0};
  EXPECT_EQ(separation(d).verdict, Separation::none);
  EXPECT_EQ(solve(d, Estimator::ml).status, Status::ok);
}

TEST(LogisticRecession, AnEmptyCellIsQuasiSeparation) {
  const Recession found = separation(cells(10, 0, 25, 25));
  EXPECT_EQ(found.verdict, Separation::quasi);
  EXPECT_EQ(found.columns, (std::vector<unsigned char>{0, 1}));
  EXPECT_EQ(separation(cells(10, 1, 25, 25)).verdict, Separation::none);
  EXPECT_EQ(separation(cells(1e6, 1, 25, 25)).verdict, Separation::none);  // near, but not
}

TEST(LogisticFit, EdgesHaveAStatus) {
  Data d = drawn(20, 2, 4);
  Data none = d;
  none.n = 0;
  EXPECT_EQ(solve(none, Estimator::ml).status, Status::no_data);
  Data weightless = d;
  weightless.weight.assign(d.n, 0.0);
  EXPECT_EQ(solve(weightless, Estimator::firth).status, Status::no_data);
  for (const double bad : {missing, infinity}) {
    Data broken = d;
    broken.at(3, 1) = bad;
    EXPECT_EQ(solve(broken, Estimator::ml).status, Status::not_estimable);
    EXPECT_TRUE(std::isnan(solve(broken, Estimator::ml).beta[0]));
  }
  Data beyond = d;
  beyond.y[0] = 1.5;
  EXPECT_EQ(solve(beyond, Estimator::ml).status, Status::not_estimable);
  Data same = d;
  same.y.assign(d.n, 1.0);
  EXPECT_EQ(solve(same, Estimator::ml).status, Status::one_level);
  const Fit firth = solve(same, Estimator::firth);
  EXPECT_EQ(firth.status, Status::ok);
  Data one = d;
  one.n = 1;
  one.x = {1.0, 3.0};
  one.y = {1.0};
  EXPECT_EQ(solve(one, Estimator::firth).kept, (std::vector<unsigned char>{1, 0}));
  expect_close(solve(one, Estimator::firth).beta[0], std::log(3.0), 1e-12L);
  Data empty = d;
  empty.p = 0;
  EXPECT_NEAR(solve(empty, Estimator::ml).log_likelihood, -20.0 * std::log(2.0), 1e-12);
}

TEST(LogisticFit, FarOffsetsAreMet) {
  Data d = drawn(40, 3, 6);
  const Fit plain = solve(d, Estimator::ml);
  d.offset.assign(d.n, 1024.0);
  for (std::size_t i = 0; i < d.n; ++i) d.offset[i] += 512.0 * d.at(i, 1);
  const Fit far = solve(d, Estimator::ml);
  expect_close(far.beta[0] + 1024.0, plain.beta[0], 1e-10L);
  expect_close(far.beta[1] + 512.0, plain.beta[1], 1e-10L);
  expect_close(far.log_likelihood, plain.log_likelihood, 1e-11L);
}

TEST(LogisticCorrect, FlicBalancesTheEventsAndFlacSolvesItsEquations) {
  const Data d = drawn(60, 3, 21);
  Workspace w;
  Fit firth, flic;
  fit(d.problem(), by(Estimator::firth), w, firth);
  flic = firth;
  correct_intercept(d.problem(), by(Estimator::firth), w, flic);
  double events = 0.0, expected = 0.0, biased = 0.0;
  for (std::size_t i = 0; i < d.n; ++i) {
    events += d.y[i];
    expected += flic.fitted[i];
    biased += firth.fitted[i];
  }
  EXPECT_NEAR(expected, events, 1e-11);
  EXPECT_GT(std::fabs(biased - events), 1e-2);
  EXPECT_EQ(flic.beta[1], firth.beta[1]);
  const Naive at = evaluate_naive(d, widen(flic.beta));
  expect_close(flic.vcov[4], at.inverse[4]);
  expect_close(flic.log_likelihood, at.log_likelihood, 1e-12L);
  const Augmented data = augment(d.problem(), firth.leverage);
  Fit flac;
  fit(data.problem(), by(Estimator::ml), w, flac);
  for (std::size_t j = 0; j < 4; ++j) {
    Real score = 0.0L;
    for (std::size_t i = 0; i < d.n; ++i) {
      const Real x = j < 3 ? d.at(i, j) : 0.0L, copy = j < 3 ? d.at(i, j) : 1.0L;
      score += (d.y[i] - flac.fitted[i]) * x + firth.leverage[i] * (0.5L - flac.fitted[d.n + i]) * copy;
    }
    EXPECT_NEAR(static_cast<double>(score), 0.0, 1e-9);
  }
  Data same = d;
  same.y.assign(d.n, 0.0);
  fit(same.problem(), by(Estimator::firth), w, firth);
  correct_intercept(same.problem(), by(Estimator::firth), w, firth);
  EXPECT_EQ(firth.status, Status::one_level);
}

TEST(LogisticInfluence, IsTheNewtonStepWithoutARow) {
  const Data d = drawn(30, 3, 31);
  const Fit ml = solve(d, Estimator::ml);
  const Influence found = influence(d.problem(), ml);
  for (const std::size_t i : {0u, 7u, 29u}) {
    Data less = d;
    less.weight.assign(d.n, 1.0);
    less.weight[i] = 0.0;
    const Naive at = evaluate_naive(less, widen(ml.beta));
    Real cook = 0.0L;
    const Naive all = evaluate_naive(d, widen(ml.beta));
    std::vector<Real> change(3, 0.0L);
    for (std::size_t j = 0; j < 3; ++j) {
      for (std::size_t k = 0; k < 3; ++k) change[j] -= at.inverse[j * 3 + k] * at.score[k];
      EXPECT_NEAR(found.dfbeta[i + j * d.n], static_cast<double>(change[j]), 1e-9);
    }
    for (std::size_t j = 0; j < 3; ++j) {
      for (std::size_t k = 0; k < 3; ++k) cook += change[j] * all.information[j * 3 + k] * change[k] / 3.0L;
    }
    expect_close(found.cook[i], cook, 1e-8L);
    const Real mu = ml.fitted[i], y = d.y[i];
    expect_close(found.standardised[i], (y - mu) / std::sqrt(mu * (1 - mu) * (1 - all.leverage[i])), 1e-9L);
    expect_close(found.deviance[i], (y > mu ? 1 : -1) * std::sqrt(-2 * std::log(y > mu ? mu : 1 - mu)), 1e-9L);
  }
}

}  // namespace
