// The parts of rm_anova(): linear algebra, sphericity, structure of the covariance, multivariate tests, effect sizes. byhand:
// diagonal matrices and closed forms. oracle: the same quantity by another route.

#include <gtest/gtest.h>

#include "respondr/rm/effect.hpp"
#include "rm_anova_cases.hpp"

namespace {

using namespace rm_cases;
using namespace respondr::rm;
using namespace respondr::rm::anova;

}  // namespace

TEST(RmAnovaParts, ByHandGramSchmidtKeepsCoordinatesAndFindsWhatDepends) {
  Matrix q(3, 3);
  double c[4];
  const double a[3] = {3.0, 0.0, 4.0}, b[3] = {6.0, 2.0, 8.0}, twice[3] = {6.0, 0.0, 8.0};
  EXPECT_TRUE(add_direction(q, 0, a, 1e-7, c));
  EXPECT_EQ(c[0], 5.0);
  EXPECT_FALSE(add_direction(q, 1, twice, 1e-7, c));
  EXPECT_EQ(c[0], 10.0);
  EXPECT_TRUE(add_direction(q, 1, b, 1e-7, c));
  EXPECT_NEAR(c[0], 10.0, 1e-14);
  EXPECT_NEAR(c[1], 2.0, 1e-14);
  EXPECT_NEAR(q(1, 1), 1.0, 1e-15);
}

TEST(RmAnovaParts, OracleEigenvaluesSatisfyTraceDeterminantAndCharacteristicPolynomial) {
  // Second differences of size 6: eigenvalues 2 - 2 cos(k pi / 7).
  Matrix a(6, 6);
  a.zero();
  for (std::size_t i = 0; i < 6; ++i) {
    a(i, i) = 2.0;
    if (i > 0) {
      a(i, i - 1) = a(i - 1, i) = -1.0;
    }
  }
  Matrix factor = a;
  EXPECT_TRUE(cholesky(factor, 1e-12));
  EXPECT_NEAR(log_determinant(factor), std::log(7.0), 1e-14);
  std::vector<double> values;
  eigenvalues(a, values);
  for (int k = 1; k <= 6; ++k) {
    EXPECT_NEAR(values[6 - k], 2.0 - 2.0 * std::cos(k * std::acos(-1.0) / 7.0), 1e-14);
  }
}

TEST(RmAnovaParts, ByHandEpsilons) {
  // Roots 3, 2, 1 of E: gg = 36 / (3 * 14) = 6/7; n = 12, nu = 10: hf = (12 * 18/7 - 2) / (3 (10 - 18/7)).
  Sphericity s;
  epsilons(6.0, 14.0, 3.0, 12.0, 10.0, s);
  EXPECT_NEAR(s.gg, 6.0 / 7.0, 1e-15);
  EXPECT_NEAR(s.hf, (216.0 / 7.0 - 2.0) / (3.0 * 52.0 / 7.0), 1e-14);
  EXPECT_NEAR(s.hf_lecoutre, (198.0 / 7.0 - 2.0) / (3.0 * 52.0 / 7.0), 1e-14);
  EXPECT_GT(s.hf, 1.0);
  EXPECT_EQ(s.hf_used, 1.0);
  EXPECT_NEAR(s.lower, 1.0 / 3.0, 1e-16);
  // As many degrees of freedom as equal roots: no finite Huynh-Feldt value.
  Sphericity none;
  epsilons(2.0, 2.0, 2.0, 3.0, 2.0, none);
  EXPECT_EQ(none.gg, 1.0);
  EXPECT_NE(none.hf, none.hf);
  EXPECT_NE(none.hf_lecoutre, none.hf_lecoutre);
  EXPECT_EQ(none.hf_used, 1.0);
  // Roots 1.1 and .9: gg = 1 / 1.01 and a small denominator, 4 (1 - gg).
  epsilons(2.0, 2.02, 2.0, 3.0, 2.0, s);
  EXPECT_NEAR(s.hf, (6.0 / 1.01 - 2.0) / (4.0 - 4.0 / 1.01), 1e-11);
  EXPECT_NEAR(s.hf_lecoutre, s.hf, 1e-11);
  // Rounding may leave the sum of squares a little below that of equal roots.
  epsilons(3.0, std::nextafter(3.0, 0.0), 3.0, 12.0, 10.0, s);
  EXPECT_EQ(s.gg, 1.0);
}

TEST(RmAnovaParts, ByHandMauchly) {
  // E = diag(1, 4): W = 4 / 2.5^2 = .64; two contrasts: P(W <= w) = w^((nu - 1) / 2) exactly.
  Sphericity s;
  mauchly(std::log(4.0), 5.0, 2.0, 9.0, s);
  EXPECT_NEAR(s.w, 0.64, 1e-15);
  EXPECT_NEAR(s.p, std::pow(0.64, 4.0), 1e-14);
  EXPECT_EQ(s.df, 2.0);
  // Three contrasts: the second term of Anderson's expansion, written out.
  mauchly(std::log(6.0), 6.0, 3.0, 20.0, s);
  const double rho = 1.0 - 23.0 / 360.0, z = -20.0 * rho * std::log(6.0 / 8.0);
  const double w2 = 5.0 * 2.0 * 1.0 * 119.0 / (288.0 * std::pow(60.0 * rho, 2.0));
  const double p5 = special::chisq_cdf(z, 5.0, special::Tail::upper), p9 = special::chisq_cdf(z, 9.0, special::Tail::upper);
  EXPECT_NEAR(s.statistic, z, 1e-13);
  EXPECT_NEAR(s.p_first, p5, 1e-15);
  EXPECT_NEAR(s.p, p5 + w2 * (p9 - p5), 1e-15);
  // The second term of many contrasts on few degrees of freedom can lead beyond 1.
  mauchly(-12.0, 20.0, 20.0, 20.0, s);
  EXPECT_LT(s.p_first, 1.0);
  EXPECT_EQ(s.p, 1.0);
  // Rounding may leave |E| a little above that of equal roots.
  mauchly(1e-14, 3.0, 3.0, 20.0, s);
  EXPECT_EQ(s.w, 1.0);
  EXPECT_EQ(s.statistic, 0.0);
  EXPECT_EQ(s.p, 1.0);
}

TEST(RmAnovaParts, ByHandCompoundSymmetryOfTwoVisitsIsEqualVariances) {
  // Two visits: sums and differences are uncorrelated (Pitman 1939; Morgan 1939). The ratio of likelihoods is 1 - r^2.
  const double nu = 17.0, e00 = 5.0, e11 = 2.0, e01 = 1.2;
  const StructureTest t = compound_symmetry(std::log(e00 * e11 - e01 * e01), e00, e11, 2.0, nu);
  EXPECT_EQ(t.df, 1.0);
  EXPECT_NEAR(t.statistic, -(nu - 1.5) * std::log(1.0 - e01 * e01 / (e00 * e11)), 1e-13);
  // Winer (1971): (1 - C) with C = q (q + 1)^2 (2 q - 3) / (6 nu (q - 1) (q^2 + q - 4)) for four visits.
  const StructureTest four = compound_symmetry(0.5, 2.0, 6.0, 4.0, 20.0);
  EXPECT_EQ(four.df, 8.0);
  EXPECT_NEAR(four.statistic, (1.0 - 4.0 * 25.0 * 5.0 / (6.0 * 20.0 * 3.0 * 16.0)) * 20.0 * (std::log(16.0) - 0.5), 1e-12);
  const StructureTest equal = compound_symmetry(1e-14, 1.0, 1.0, 2.0, 20.0);  // rounding
  EXPECT_EQ(equal.statistic, 0.0);
  EXPECT_EQ(equal.p, 1.0);
}

TEST(RmAnovaParts, OracleCompoundSymmetryFromTheCovarianceMatrix) {
  // |S| / (v^q (1 - r)^(q - 1) (1 + (q - 1) r)), v and r v the mean variance and covariance (Votaw 1948).
  const Table y = made_up(14, 3);
  double mean[3] = {}, s[3][3] = {};
  for (const auto& row : y) {
    for (int j = 0; j < 3; ++j) {
      mean[j] += row[j] / 14.0;
    }
  }
  for (const auto& row : y) {
    for (int i = 0; i < 3; ++i) {
      for (int j = 0; j < 3; ++j) {
        s[i][j] += (row[i] - mean[i]) * (row[j] - mean[j]) / 13.0;
      }
    }
  }
  const double det = s[0][0] * (s[1][1] * s[2][2] - s[1][2] * s[1][2]) - s[0][1] * (s[0][1] * s[2][2] - s[1][2] * s[0][2]) +
                     s[0][2] * (s[0][1] * s[1][2] - s[1][1] * s[0][2]);
  const double v = (s[0][0] + s[1][1] + s[2][2]) / 3.0, r = (s[0][1] + s[0][2] + s[1][2]) / (3.0 * v);
  const double ratio = det / (v * v * v * (1.0 - r) * (1.0 - r) * (1.0 + 2.0 * r));
  Case c(y, only_intercept(14), one_factor(3));
  anova::ProblemRow problem;
  c.solve(anova::Options(), &problem);
  EXPECT_EQ(problem.status_compound_symmetry, Status::ok);
  EXPECT_EQ(problem.compound_symmetry.df, 4.0);
  EXPECT_NEAR(problem.compound_symmetry.statistic, -(13.0 - 1.5) * std::log(ratio), 1e-10);  // 3 16 3 / (6 2 8) = 1.5
}

TEST(RmAnovaParts, ByHandBoxMOfOneVisitIsBartlettsTest) {
  // Variances 2, 5 and 3 on 9, 14 and 11 degrees of freedom.
  const double nu[3] = {9.0, 14.0, 11.0}, s[3] = {2.0, 5.0, 3.0};
  double pooled = 0.0, logs = 0.0, inverse = 0.0, squares = 0.0;
  for (int g = 0; g < 3; ++g) {
    pooled += nu[g] * s[g] / 34.0;
    logs += nu[g] * std::log(s[g]);
    inverse += 1.0 / nu[g];
    squares += 1.0 / (nu[g] * nu[g]);
  }
  const double m = 34.0 * std::log(pooled) - logs;
  const StructureTest t = box_m(m, inverse, squares, 34.0, 3.0, 1.0);
  const double bartlett = m / (1.0 + (inverse - 1.0 / 34.0) / 6.0);  // his factor, the same to first order
  EXPECT_EQ(t.df, 2.0);
  EXPECT_NEAR(t.p, special::chisq_cdf(m * (1.0 - (inverse - 1.0 / 34.0) / 6.0), 2.0, special::Tail::upper), 1e-15);
  EXPECT_NEAR(t.p, special::chisq_cdf(bartlett, 2.0, special::Tail::upper), 1e-3);
  EXPECT_NEAR(t.p_f, t.p, 1e-3);
  EXPECT_EQ(t.df1, 2.0);
  // Box's F of one visit: F = df2 m / (df1 (b - m)), df2 = (df1 + 2) / a1^2, b = df2 / c.
  const double a1 = (inverse - 1.0 / 34.0) / 6.0, df2 = 4.0 / (a1 * a1), c = 1.0 - a1 + 2.0 / df2;
  EXPECT_NEAR(t.df2, df2, 1e-9 * df2);
  EXPECT_NEAR(t.f, m * c / 2.0 / (1.0 - m * c / df2), 1e-12);
  EXPECT_EQ(box_m(1e9, inverse, squares, 34.0, 3.0, 1.0).p_f, 0.0);  // m beyond b
}

TEST(RmAnovaParts, PublishedBoxMOfTheIrises) {
  // SPSS: three species of 50 flowers, four measurements: M 146.663, F 7.045 on 20 and 77566.751.
  const StructureTest t = box_m(146.66324, 3.0 / 49.0, 3.0 / 2401.0, 147.0, 3.0, 4.0);
  EXPECT_NEAR(t.f, 7.045, 5.0001e-4);
  EXPECT_EQ(t.df1, 20.0);
  EXPECT_NEAR(t.df2, 77566.751, 5.0001e-4);
}

TEST(RmAnovaParts, ByHandMultivariateTestsOfTwoRoots) {
  // Roots 3 and 1/3, three contrasts, hypothesis on 2 and error on 10 degrees of freedom.
  const Multivariate t = multivariate_tests({3.0, 1.0 / 3.0}, 3.0, 2.0, 10.0);
  EXPECT_NEAR(t.pillai.value, 1.0, 1e-15);
  EXPECT_NEAR(t.wilks.value, 3.0 / 16.0, 1e-15);
  EXPECT_NEAR(t.hotelling.value, 10.0 / 3.0, 1e-15);
  EXPECT_EQ(t.roy.value, 3.0);
  // s = 2, m = 0, k = 3.
  EXPECT_EQ(t.pillai.df1, 6.0);
  EXPECT_EQ(t.pillai.df2, 18.0);
  EXPECT_NEAR(t.pillai.f, 9.0 / 3.0 * 1.0, 1e-14);
  // Wilks is exact for h = 2: (1 - sqrt(w)) / sqrt(w) * (v - d + 1) / d on 2 d and 2 (v - d + 1).
  const double root = std::sqrt(3.0 / 16.0);
  EXPECT_EQ(t.wilks.df1, 6.0);
  EXPECT_NEAR(t.wilks.df2, 16.0, 1e-13);
  EXPECT_NEAR(t.wilks.f, (1.0 - root) / root * 8.0 / 3.0, 1e-13);
  EXPECT_EQ(t.hotelling.df2, 14.0);
  EXPECT_NEAR(t.hotelling.f, 2.0 * 7.0 / (4.0 * 3.0) * 10.0 / 3.0, 1e-14);
  EXPECT_EQ(t.roy.df1, 3.0);
  EXPECT_EQ(t.roy.df2, 9.0);
  EXPECT_NEAR(t.roy.f, 9.0, 1e-14);
  // McKeon: b = 9 * 8 / (2 * 7 * 2) = 18/7, df2 = 4 + 8 / (11/7) = 100/11, c = (2 + 56/11) / 6 = 13/11.
  EXPECT_NEAR(t.mckeon.df2, 100.0 / 11.0, 1e-13);
  EXPECT_NEAR(t.mckeon.f, (10.0 / 3.0) / (13.0 / 11.0) * (100.0 / 11.0) / 6.0, 1e-13);
  // Roots 1 and 1/3: Pillai's 3/4, F = 9 / 3 * (3/4) / (5/4).
  EXPECT_NEAR(multivariate_tests({1.0, 1.0 / 3.0}, 3.0, 2.0, 10.0).pillai.f, 1.8, 1e-14);
}

TEST(RmAnovaParts, EdgeMcKeonOnTheFewestDegreesOfFreedom) {
  // v - d = 2: k = 1/2, above 9, below -2, df2 = 4 - 12 / 11 = 32/11, c = 2 - 12 / 11 = 10/11.
  const Multivariate t = multivariate_tests({3.0, 1.0 / 3.0}, 2.0, 2.0, 4.0);
  EXPECT_NEAR(t.mckeon.df2, 32.0 / 11.0, 1e-14);
  EXPECT_NEAR(t.mckeon.f, (10.0 / 3.0) / (10.0 / 11.0) * (32.0 / 11.0) / 4.0, 1e-13);
  const Multivariate none = multivariate_tests({3.0, 1.0 / 3.0}, 2.0, 2.0, 3.0);  // k = 0
  EXPECT_NE(none.mckeon.df2, none.mckeon.df2);
  EXPECT_NE(none.mckeon.p, none.mckeon.p);
  EXPECT_EQ(none.mckeon.value, 10.0 / 3.0);
}

TEST(RmAnovaParts, PropertyOneRootGivesOneExactF) {
  // Hotelling's T2 = v l: F = T2 (v - d + 1) / (v d).
  const Multivariate t = multivariate_tests({0.8}, 3.0, 1.0, 12.0);
  EXPECT_TRUE(t.exact);
  for (const MultivariateTest* x : {&t.pillai, &t.wilks, &t.hotelling, &t.roy, &t.mckeon}) {
    EXPECT_NEAR(x->f, 0.8 * 10.0 / 3.0, 1e-13);
    EXPECT_EQ(x->df1, 3.0);
    EXPECT_NEAR(x->df2, 10.0, 1e-13);
  }
}

TEST(RmAnovaParts, PropertyRootsFromEitherSide) {
  // Two hypotheses and three contrasts, or the other way round: E^-1 H and H E^-1 have the same roots.
  Matrix e(3, 3), g(2, 3), wide(3, 3), tall(4, 3);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) {
      e(i, j) = i == j ? 4.0 : 1.0;
    }
    g(0, i) = 1.0 + static_cast<double>(i);
    g(1, i) = 2.0 - static_cast<double>(i * i);
    wide(0, i) = g(0, i);
    wide(1, i) = 0.6 * g(1, i);
    wide(2, i) = 0.8 * g(1, i);  // the same H
    tall(0, i) = 0.6 * g(0, i);
    tall(1, i) = 0.8 * g(0, i);
    tall(2, i) = wide(1, i);
    tall(3, i) = wide(2, i);
  }
  ASSERT_TRUE(cholesky(e, 1e-12));
  RootsWorkspace w;
  hypothesis_roots(e, g, w);
  const std::vector<double> two = w.roots;
  // E^-1 = (I - J / 6) / 3, so that the trace of G E^-1 G' is 8/3 + 53/18 and its determinant 8/3 * 53/18 - 1.
  EXPECT_NEAR(two[0] + two[1], 101.0 / 18.0, 1e-13);
  EXPECT_NEAR(two[0] * two[1], 424.0 / 54.0 - 1.0, 1e-13);
  hypothesis_roots(e, wide, w);
  EXPECT_NEAR(w.roots[0], two[0], 1e-13);
  EXPECT_NEAR(w.roots[1], two[1], 1e-13);
  EXPECT_NEAR(w.roots[2], 0.0, 1e-14);
  hypothesis_roots(e, tall, w);
  ASSERT_EQ(w.roots.size(), 3u);
  EXPECT_NEAR(w.roots[0], two[0], 1e-13);
  EXPECT_NEAR(w.roots[1], two[1], 1e-13);
  EXPECT_NEAR(w.roots[2], 0.0, 1e-14);
}

TEST(RmAnovaParts, PublishedStataEtaSquaredLimits) {
  // esizei 2 40 7.474, level(90), and Steiger (2004): F(3, 76) = 5.
  const double f = 7.47403193349075;
  const Limits l = noncentrality(f, 2.0, 40.0, 0.90), eta2 = share_limits(l, 43.0);
  EXPECT_LT(relative(2.0 * f / (2.0 * f + 40.0), 0.272039864828865), 1e-12);
  EXPECT_LT(relative(eta2.low, 0.0742092468714613), 1e-6);   // Stata solves to some seven digits
  EXPECT_LT(relative(eta2.high, 0.41561168869748), 1e-6);
  const auto adjusted = [](double x) { return x - (1.0 - x) * 2.0 / 40.0; };  // Stata calls it omega2
  EXPECT_LT(relative(adjusted(eta2.low), 0.0279197092150344), 1e-6);
  EXPECT_LT(relative(adjusted(eta2.high), 0.386392273132355), 1e-6);
  const Limits steiger = noncentrality(5.0, 3.0, 76.0, 0.95);
  EXPECT_NEAR(steiger.low, 1.8666, 1e-4);
  EXPECT_NEAR(steiger.high, 32.563, 1e-3);
}

TEST(RmAnovaParts, ByHandDenominatorsOfTheLimits) {
  Case c(made_up(9, 4), only_intercept(9), one_factor(4));
  anova::Options o;
  const anova::Row steiger = c.solve(o)[1];
  const Limits l = noncentrality(steiger.f, 3.0, 24.0, 0.90);
  EXPECT_NEAR(steiger.eta2_low, l.low / (l.low + 28.0), 1e-13);
  EXPECT_NEAR(steiger.eta2_high, l.high / (l.high + 28.0), 1e-13);
  o.limits = EtaLimits::error;
  const anova::Row error = c.solve(o)[1];
  EXPECT_NEAR(error.eta2_low, l.low / (l.low + 24.0), 1e-13);
  EXPECT_NEAR(error.eta2_high, l.high / (l.high + 24.0), 1e-13);
  EXPECT_NEAR(error.omega2_high, l.high / (l.high + 36.0), 1e-13);
  o.limits = EtaLimits::none;
  EXPECT_NE(c.solve(o)[1].eta2_high, c.solve(o)[1].eta2_high);
}

TEST(RmAnovaParts, ByHandOmegaSquaredOfOneWayDesigns) {
  // Between: (SS - df MSe) / (SS + SSe + MSe). Within: the same of the mean squares, patients x visits values.
  EXPECT_NEAR(partial_omega2(3.0, 2.0, 33.0), (60.0 - 2.0 * 10.0) / (60.0 + 300.0 + 10.0), 1e-15);  // F 3 on 2, 30; MSe 10
  const Table y = made_up(9, 4);
  Case c(y, only_intercept(9), one_factor(4));
  const auto rows = c.solve();
  const anova::Row& r = rows[1];
  EXPECT_NEAR(r.omega2, 3.0 * (r.f - 1.0) / (3.0 * (r.f - 1.0) + 36.0), 1e-14);
  // Olejnik and Algina (2003): (SS - df MSe) / (SS total + MS patients).
  const double total = r.ss + r.ss_error + rows[0].ss_error;
  EXPECT_NEAR(r.omega2_generalised, (r.ss - r.df * r.ss_error / r.df_error) / (total + rows[0].ss_error / 8.0), 1e-13);
  EXPECT_NEAR(r.eta2_generalised, r.ss / total, 1e-14);
}

TEST(RmAnovaParts, PropertyAveragingOverAnotherFactorLeavesOmegaSquared) {
  // A (2) x B (3): the test of B is that of the means over A.
  const Table y = made_up(10, 6);
  Table means(10);
  for (std::size_t i = 0; i < 10; ++i) {
    for (std::size_t b = 0; b < 3; ++b) {
      means[i].push_back(0.5 * (y[i][b] + y[i][b + 3]));
    }
  }
  Case both(y, groups({0, 0, 0, 0, 1, 1, 1, 1, 1, 1}),
            {constant(6), kronecker(helmert(2), constant(3)), kronecker(constant(2), helmert(3)),
             kronecker(helmert(2), helmert(3))});
  both.design.within_levels = {1, 2, 3, 6};
  Case one(means, groups({0, 0, 0, 0, 1, 1, 1, 1, 1, 1}), one_factor(3));
  one.design.within_levels = {1, 3};
  const auto a = both.solve(), b = one.solve();
  EXPECT_NEAR(a[4].f, b[2].f, 1e-11);
  EXPECT_NEAR(a[4].omega2, b[2].omega2, 1e-12);
  EXPECT_NEAR(a[4].omega2_high, b[2].omega2_high, 1e-10);
  EXPECT_NEAR(a[1].omega2, b[1].omega2, 1e-12);  // the group
  EXPECT_NEAR(a[5].eta2, b[3].eta2, 1e-12);
}

TEST(RmAnovaParts, ByHandMeasuredFactorStaysInTheDenominator) {
  const Table y = made_up(12, 3);
  Case c(y, groups({0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1}), one_factor(3));
  c.design.observed = {0, 0, 1, 1};  // [within + 2 between]: the group is measured
  const auto rows = c.solve();
  const double error = rows[0].ss_error + rows[2].ss_error, measured = rows[1].ss + rows[3].ss;
  EXPECT_NEAR(rows[1].eta2_generalised, rows[1].ss / (measured + error), 1e-14);
  EXPECT_NEAR(rows[3].eta2_generalised, rows[3].ss / (measured + error), 1e-14);
  EXPECT_NEAR(rows[2].eta2_generalised, rows[2].ss / (rows[2].ss + measured + error), 1e-14);
  const auto variance = [&](int k) { return (rows[k].ss - rows[k].df * rows[k].ss_error / rows[k].df_error) / 36.0; };
  const double patients = (rows[0].ss_error / 10.0 + 2.0 * rows[2].ss_error / 20.0) / 3.0;
  EXPECT_NEAR(rows[2].omega2_generalised, variance(2) / (variance(2) + variance(1) + variance(3) + patients), 1e-13);
  EXPECT_NEAR(rows[1].omega2_generalised, variance(1) / (variance(1) + variance(3) + patients), 1e-13);
  EXPECT_NEAR(rows[3].omega2_generalised, variance(3) / (variance(1) + variance(3) + patients), 1e-13);
}

TEST(RmAnovaParts, PropertyMeasuredTermWithoutADegreeOfFreedomTakesNothing) {
  // The fourth cell of a * b is empty: its interaction has no sum of squares.
  std::vector<int> a, b;
  for (int i = 0; i < 18; ++i) {
    a.push_back(i < 12 ? 0 : 1);
    b.push_back(i < 6 ? 0 : i < 12 ? 1 : 0);
  }
  const Table y = made_up(18, 3);
  Case c(y, crossed(a, b), one_factor(3)), plain(y, crossed(a, b), one_factor(3));
  c.design.observed = {0, 0, 0, 0, 0, 0, 1, 1};
  for (std::size_t k = 1; k < 8; ++k) {
    EXPECT_LT(difference(c.solve()[k], plain.solve()[k]), 1e-15) << k;
  }
}

TEST(RmAnovaParts, OracleBoxMFromTheCovariancesOfTheGroups) {
  // Two visits: determinants by hand.
  const Table y = made_up(17, 2);
  std::vector<int> g;
  for (int i = 0; i < 17; ++i) {
    g.push_back(i < 7 ? 0 : 1);
  }
  double s[2][3] = {}, mean[2][2] = {};
  const double n[2] = {7.0, 10.0};
  for (int i = 0; i < 17; ++i) {
    mean[g[i]][0] += y[i][0] / n[g[i]];
    mean[g[i]][1] += y[i][1] / n[g[i]];
  }
  for (int i = 0; i < 17; ++i) {
    const double u = y[i][0] - mean[g[i]][0], v = y[i][1] - mean[g[i]][1];
    s[g[i]][0] += u * u;
    s[g[i]][1] += u * v;
    s[g[i]][2] += v * v;
  }
  const auto log_det = [](double a, double b, double c, double nu) { return std::log((a * c - b * b) / (nu * nu)); };
  const double m = 15.0 * log_det(s[0][0] + s[1][0], s[0][1] + s[1][1], s[0][2] + s[1][2], 15.0) -
                   6.0 * log_det(s[0][0], s[0][1], s[0][2], 6.0) - 9.0 * log_det(s[1][0], s[1][1], s[1][2], 9.0);
  Case c(y, groups(g), one_factor(2));
  anova::ProblemRow problem;
  c.solve(anova::Options(), &problem);
  EXPECT_LT(relative(problem.box.statistic, m), 1e-11);
  EXPECT_EQ(problem.box.df, 3.0);
  const double a1 = (1.0 / 6.0 + 1.0 / 9.0 - 1.0 / 15.0) * 13.0 / 18.0;
  EXPECT_NEAR(problem.box.p, special::chisq_cdf(m * (1.0 - a1), 3.0, special::Tail::upper), 1e-12);
  const double a2 = (1.0 / 36.0 + 1.0 / 81.0 - 1.0 / 225.0) * 4.0 / 6.0, df2 = 5.0 / (a2 - a1 * a1);
  EXPECT_NEAR(problem.box.df2, df2, 1e-9 * df2);
  EXPECT_NEAR(problem.box.f, m * (1.0 - a1 - 3.0 / df2) / 3.0, 1e-11);
}

TEST(RmAnovaParts, EdgeGroupsThatBoxMCanUse) {
  // As many degrees of freedom as visits are enough, one fewer is not; twice the same group: M = 0.
  const Table y = made_up(12, 3);
  anova::ProblemRow problem;
  Case four(y, groups({0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1}), one_factor(3));
  four.solve(anova::Options(), &problem);
  EXPECT_EQ(problem.box_groups, 2);
  EXPECT_EQ(problem.status_box, Status::ok);
  Case three(y, groups({0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1}), one_factor(3));
  three.solve(anova::Options(), &problem);
  EXPECT_EQ(problem.box_groups, 1);
  EXPECT_EQ(problem.status_box, Status::too_few);
  Table twice(y.begin(), y.begin() + 6);
  twice.insert(twice.end(), y.begin(), y.begin() + 6);
  Case same(twice, groups({0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}), one_factor(3));
  same.solve(anova::Options(), &problem);
  EXPECT_GE(problem.box.statistic, 0.0);
  EXPECT_LT(problem.box.statistic, 1e-11);
  // One visit, which one of three groups does not vary in but for rounding.
  for (const double value : {1.0 / 3.0, 1.0 / 7.0, 1.0 / 11.0, 1.0 / 13.0, 1.0 / 17.0}) {
    Table one;
    std::vector<int> g;
    for (int i = 0; i < 21; ++i) {
      one.push_back({i < 14 ? y[i % 12][i / 7] : value});
      g.push_back(i / 7);
    }
    Case c(one, groups(g), one_factor(1));
    c.solve(anova::Options(), &problem);
    EXPECT_EQ(problem.box_groups, 2) << value;
  }
}

TEST(RmAnovaParts, EdgeWhenTheStructureCannotBeTested) {
  const Table y = made_up(12, 3);
  const std::vector<int> g{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1};
  anova::ProblemRow problem;
  Case part(y, groups(g), {constant(3)});  // the within terms do not make up all cells
  part.solve(anova::Options(), &problem);
  EXPECT_EQ(problem.status_compound_symmetry, Status::not_estimable);
  EXPECT_EQ(problem.status_box, Status::not_estimable);
  Case single(y, only_intercept(12), {constant(3)});
  single.solve(anova::Options(), &problem);
  EXPECT_EQ(problem.status_box, Status::one_level);
  Case one(Table{{1}, {2}, {4}, {3}}, only_intercept(4), one_factor(1));
  one.solve(anova::Options(), &problem);
  EXPECT_EQ(problem.status_compound_symmetry, Status::not_estimable);
  Case two(Table{{1, 2}, {2, 2}, {4, 5}}, only_intercept(3), one_factor(2));  // as many degrees of freedom as visits
  two.solve(anova::Options(), &problem);
  EXPECT_EQ(problem.status_compound_symmetry, Status::ok);
  EXPECT_EQ(problem.compound_symmetry.df, 1.0);
  EXPECT_EQ(rows_per_problem(two.design, anova::Options()), 1u);
  EXPECT_EQ(rows_per_problem(part.design, anova::Options()), 1u);
  anova::Options all;
  all.grand_mean = true;
  EXPECT_EQ(rows_per_problem(part.design, all), 2u);
  Case many(y, groups(g), one_factor(3));
  EXPECT_EQ(rows_per_problem(many.design, all), 4u);
}
