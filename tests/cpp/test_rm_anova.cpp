// Repeated-measures ANOVA from patient rows. published: SPSS (UCLA), JASP, jamovi and ezANOVA, NIST SmLs. byhand: two visits.
// property: balance, scale, shift, order of cells and patients, any basis, addresses, threads.

#include <gtest/gtest.h>

#include <cstring>

#include "rm_anova_cases.hpp"

namespace {

using namespace rm_cases;

const Table ucla{{100, 90, 130}, {90, 100, 100}, {110, 110, 109}, {100, 90, 109}, {100, 100, 130}};
const Table jasp{{8, 6}, {9, 8}, {5, 3}, {4, 2}, {2, 1}, {10, 7}, {3, 1}, {12, 7}, {6, 6}, {11, 9}};

// Time (2) x metric (3), metric fastest.
const std::vector<std::vector<double>> jamovi_columns{
    {13, 12, 17, 12, 19, 6, 17, 18, 23, 18}, {12, 19, 19, 25, 27, 12, 18, 29, 30, 12}, {17, 18, 24, 25, 19, 6, 30, 36, 24, 24},
    {18, 6, 21, 18, 18, 6, 24, 22, 18, 24},  {30, 18, 31, 39, 28, 18, 36, 36, 38, 25}, {34, 30, 32, 40, 27, 23, 38, 40, 32, 34}};

Table transposed(const Table& columns) {
  Table rows(columns[0].size());
  for (const auto& column : columns) {
    for (std::size_t i = 0; i < column.size(); ++i) {
      rows[i].push_back(column[i]);
    }
  }
  return rows;
}

std::vector<Matrix> two_by_three() {
  return {constant(6), kronecker(helmert(2), constant(3)), kronecker(constant(2), helmert(3)), kronecker(helmert(2), helmert(3))};
}

std::vector<int> halves(int a, int b) {
  std::vector<int> g(a, 0);
  g.resize(a + b, 1);
  return g;
}

}  // namespace

TEST(RmAnova, PublishedSpssFiveSubjectsThreeConditions) {
  Case c(ucla, only_intercept(5), one_factor(3));
  const anova::Row r = c.solve()[1];
  const double half = 5.0001e-4;
  EXPECT_NEAR(r.f, 4.725, half);
  EXPECT_NEAR(r.p, 0.044, half);
  EXPECT_NEAR(r.ss, 928.533, half);
  EXPECT_NEAR(r.ss_error, 786.133, half);
  EXPECT_NEAR(r.sphericity.gg, 0.634, half);
  EXPECT_NEAR(r.p_gg, 0.077, half);
  EXPECT_NEAR(r.sphericity.hf, 0.795, half);
  EXPECT_NEAR(r.p_hf, 0.060, half);
  EXPECT_EQ(r.sphericity.lower, 0.5);
  EXPECT_NEAR(r.p_lower, 0.095, half);
  EXPECT_NEAR(r.sphericity.w, 0.424, half);
  EXPECT_NEAR(r.sphericity.statistic, 2.578, half);
  EXPECT_EQ(r.sphericity.df, 2.0);
  EXPECT_NEAR(r.multivariate.wilks.f, 2.401, half);
  EXPECT_NEAR(r.multivariate.wilks.p, 0.238, half);
  EXPECT_NEAR(r.multivariate.wilks.value, 0.385, half);
  // One group: n = n - groups + 1, so that both formulas are one.
  EXPECT_EQ(r.sphericity.hf, r.sphericity.hf_lecoutre);
  // Two contrasts: exact, P(W <= w) = w^((n - 2) / 2) with n - 1 = 4 (Anderson 2003, section 10.7.3).
  EXPECT_NEAR(r.sphericity.p, std::pow(r.sphericity.w, 1.5), 1e-14);
}

TEST(RmAnova, PublishedJaspTwoVisits) {
  Case c(jasp, only_intercept(10), one_factor(2));
  const anova::Row r = c.solve()[1];
  EXPECT_NEAR(r.f, 22.5, 1e-13);
  EXPECT_LT(relative(r.p, 0.00105387125701656), 1e-12);
  EXPECT_NEAR(r.ss, 20.0, 1e-13);
  EXPECT_NEAR(r.ss_error, 8.0, 1e-13);
  EXPECT_NEAR(c.solve()[0].ss_error, 182.0, 1e-12);
  EXPECT_NEAR(c.solve()[0].ss, 20.0 * 6.0 * 6.0, 1e-12);  // (70 + 50) / 20 = 6
  EXPECT_EQ(r.sphericity.gg, 1.0);
  EXPECT_EQ(r.p_gg, r.p);
  EXPECT_EQ(r.p_hf, r.p);
  EXPECT_NE(r.sphericity.w, r.sphericity.w);  // nothing to test
  EXPECT_EQ(r.status_sphericity, Status::ok);
}

TEST(RmAnova, PublishedJamoviTwoFactorsWithin) {
  Case c(transposed(jamovi_columns), only_intercept(10), two_by_three());
  const std::vector<anova::Row> rows = c.solve();
  const anova::Row &time = rows[1], &metric = rows[2], &both = rows[3];
  const double half = 5.0001e-6;
  EXPECT_NEAR(time.ss / time.df, 828.81667, half);
  EXPECT_NEAR(metric.ss / metric.df, 682.61667, half);
  EXPECT_NEAR(both.ss / both.df, 112.21667, half);
  EXPECT_NEAR(time.f, 33.85228, half);
  EXPECT_NEAR(metric.f, 26.95919, half);
  EXPECT_NEAR(both.f, 12.63227, half);
  EXPECT_NEAR(time.eta2_generalised, 0.25401, half);
  EXPECT_NEAR(metric.eta2_generalised, 0.35933, half);
  EXPECT_NEAR(both.eta2_generalised, 0.08442, half);
  EXPECT_NEAR(time.eta2, 0.78998, half);
  EXPECT_NEAR(metric.eta2, 0.74972, half);
  EXPECT_NEAR(both.eta2, 0.58395, half);
  EXPECT_NEAR(metric.sphericity.gg, 0.969103, 5.0001e-7);
  EXPECT_NEAR(both.sphericity.gg, 0.7271664, 5.0001e-7);
  EXPECT_NEAR(both.sphericity.hf, 0.831161, half);
  EXPECT_NEAR(metric.sphericity.w, 0.968, 5.0001e-4);
  EXPECT_NEAR(metric.sphericity.p, 0.8784418, 1e-6);
  EXPECT_NEAR(both.sphericity.w, 0.625, 5.0001e-4);
  EXPECT_NEAR(both.sphericity.p, 0.1523917, 1e-6);
}

TEST(RmAnova, PublishedNistSmLsToTheLastDigit) {
  // Nine groups of 21; the first value of each, then pairs a tenth below and above it.
  for (const double offset : {1.0, 1e6, 1e12}) {
    Table y;
    std::vector<int> group;
    for (int g = 0; g < 9; ++g) {
      const double tenths = g == 0 ? 4.0 : g % 2 == 1 ? 3.0 : 5.0;
      for (int i = 0; i < 21; ++i) {
        y.push_back({offset + (tenths + (i == 0 ? 0.0 : i % 2 == 1 ? -1.0 : 1.0)) / 10.0});
        group.push_back(g);
      }
    }
    Case c(y, groups(group), one_factor(1));
    const anova::Row r = c.solve()[1];
    EXPECT_LT(relative(r.f, 21.0), 1e-12) << offset;
    EXPECT_LT(relative(r.ss, 1.68), 1e-12) << offset;
    EXPECT_LT(relative(r.ss_error, 1.8), 1e-12) << offset;
    EXPECT_LT(relative(r.eta2, 0.482758620689655), 1e-12) << offset;
    EXPECT_LT(relative(std::sqrt(r.ss_error / r.df_error), 0.1), 1e-12) << offset;
    EXPECT_EQ(r.df_error, 180.0);
  }
}

TEST(RmAnova, ByHandTwoVisitsAreThePairedT) {
  const Table y = made_up(13, 2);
  Case c(y, only_intercept(13), one_factor(2));
  const anova::Row r = c.solve()[1];
  double mean = 0.0, ss = 0.0;
  for (const auto& row : y) {
    mean += (row[1] - row[0]) / 13.0;
  }
  for (const auto& row : y) {
    ss += (row[1] - row[0] - mean) * (row[1] - row[0] - mean);
  }
  const double t = mean / std::sqrt(ss / 12.0 / 13.0);
  EXPECT_LT(relative(r.f, t * t), 1e-12);
  EXPECT_LT(relative(r.p, 2.0 * special::t_cdf(-std::fabs(t), 12.0)), 1e-12);
}

TEST(RmAnova, ByHandGroupsOfTwoVisitsAreTwoSampleTs) {
  // Group x visit is the two-sample t of the changes, group that of the sums (pooled variance).
  const Table y = made_up(11, 2);
  Case c(y, groups(halves(4, 7)), one_factor(2));
  const std::vector<anova::Row> rows = c.solve();
  for (const int sign : {1, -1}) {
    double mean[2] = {0.0, 0.0}, ss = 0.0;
    for (int i = 0; i < 11; ++i) {
      mean[i < 4 ? 0 : 1] += (y[i][1] + sign * y[i][0]) / (i < 4 ? 4.0 : 7.0);
    }
    for (int i = 0; i < 11; ++i) {
      const double d = y[i][1] + sign * y[i][0] - mean[i < 4 ? 0 : 1];
      ss += d * d;
    }
    const double t = (mean[0] - mean[1]) / std::sqrt(ss / 9.0 * (1.0 / 4.0 + 1.0 / 7.0));
    const anova::Row& r = rows[sign == 1 ? 1 : 3];
    EXPECT_LT(relative(r.f, t * t), 1e-11);
    EXPECT_EQ(r.df_error, 9.0);
  }
}

TEST(RmAnova, PropertyTypesAgreeInBalancedData) {
  std::vector<int> a, b;
  for (int i = 0; i < 20; ++i) {
    a.push_back(i / 10);
    b.push_back(i % 2);
  }
  const Table y = made_up(20, 4);
  Case one(y, crossed(a, b), one_factor(4), anova::Type::sequential);
  Case two(y, crossed(a, b), one_factor(4), anova::Type::marginal);
  Case three(y, crossed(a, b), one_factor(4), anova::Type::partial);
  for (std::size_t k = 0; k < 8; ++k) {
    EXPECT_LT(difference(one.solve()[k], three.solve()[k]), 1e-10) << k;
    EXPECT_LT(difference(two.solve()[k], three.solve()[k]), 1e-10) << k;
  }
}

TEST(RmAnova, PropertyTypesDifferAsTheyShouldInUnbalancedData) {
  std::vector<int> a, b;
  for (int i = 0; i < 23; ++i) {
    a.push_back(i < 9 ? 0 : 1);
    b.push_back((i * 5) % 3 == 0 ? 0 : 1);
  }
  const Table y = made_up(23, 3);
  Case one(y, crossed(a, b), one_factor(3), anova::Type::sequential);
  Case two(y, crossed(a, b), one_factor(3), anova::Type::marginal);
  Case three(y, crossed(a, b), one_factor(3), anova::Type::partial);
  const auto r1 = one.solve(), r2 = two.solve(), r3 = three.solve();
  EXPECT_GT(relative(r1[1].ss, r2[1].ss), 1e-3);       // the first term: alone, or after the second
  EXPECT_LT(relative(r1[2].ss, r2[2].ss), 1e-10);      // the second after the first: the same in types 1 and 2
  EXPECT_GT(relative(r2[1].ss, r3[1].ss), 1e-3);
  EXPECT_LT(relative(r1[3].ss, r3[3].ss), 1e-10);      // the interaction is last in all
  EXPECT_LT(relative(r2[3].ss, r3[3].ss), 1e-10);
  // Type 1 adds up to the whole.
  double total = r1[0].ss_error;
  for (int k = 1; k < 4; ++k) {
    total += r1[k].ss;
  }
  double mean = 0.0, whole = 0.0;
  for (const auto& row : y) {
    mean += (row[0] + row[1] + row[2]) / std::sqrt(3.0) / 23.0;
  }
  for (const auto& row : y) {
    const double d = (row[0] + row[1] + row[2]) / std::sqrt(3.0) - mean;
    whole += d * d;
  }
  EXPECT_LT(relative(total, whole), 1e-10);
}

TEST(RmAnova, PropertyScaleAndShiftChangeOnlyTheSumsOfSquares) {
  const Table y = made_up(15, 4);
  Table z = y;
  for (auto& row : z) {
    for (double& v : row) {
      v = 300.0 - 2.5 * v;
    }
  }
  Case a(y, groups(halves(6, 9)), one_factor(4)), b(z, groups(halves(6, 9)), one_factor(4));
  for (std::size_t k = 1; k < 4; ++k) {
    EXPECT_LT(relative(b.solve()[k].ss, 6.25 * a.solve()[k].ss), 1e-9);
    EXPECT_LT(difference(a.solve()[k], b.solve()[k], "ss"), 1e-9);
  }
}

TEST(RmAnova, PropertyAnyBasisAndAnyOrderOfVisitsOrPatients) {
  const Table y = made_up(15, 4);
  std::vector<int> g = halves(6, 9);
  Case plain(y, groups(g), one_factor(4));
  Table turned, mirrored;
  for (const auto& row : y) {
    turned.push_back({row[2], row[0], row[3], row[1]});
  }
  for (std::size_t i = y.size(); i-- > 0;) {
    mirrored.push_back(y[i]);
  }
  Case cells(turned, groups(g), one_factor(4));
  std::vector<int> other = g;
  std::reverse(other.begin(), other.end());
  Case patients(mirrored, groups(other), one_factor(4));
  Matrix turn = helmert(4);  // two of its columns turned by an angle
  const double c = std::cos(0.7), s = std::sin(0.7);
  for (std::size_t i = 0; i < 4; ++i) {
    const double u = turn(i, 0), v = turn(i, 2);
    turn(i, 0) = c * u + s * v;
    turn(i, 2) = c * v - s * u;
  }
  Case basis(y, groups(g), {constant(4), turn});
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_LT(difference(cells.solve()[k], plain.solve()[k]), 1e-10);
    EXPECT_LT(difference(patients.solve()[k], plain.solve()[k]), 1e-10);
    EXPECT_LT(difference(basis.solve()[k], plain.solve()[k]), 1e-10);
  }
}

TEST(RmAnova, PropertySameBitsAtEveryAddressAndForAnyThreads) {
  const Table y = made_up(21, 4);
  Case c(y, groups(halves(8, 13)), one_factor(4));
  for (int k = 1; k < 40; ++k) {
    c.add_outcome(made_up(21, 4, 10 * k));
  }
  const std::vector<anova::Row> first = c.solve();
  std::vector<double> room(y.size() * 4 + 8);
  for (std::size_t offset = 0; offset < 8; ++offset) {
    std::copy(c.outcomes[0].begin(), c.outcomes[0].end(), room.begin() + static_cast<std::ptrdiff_t>(offset));
    c.data.outcomes[0] = room.data() + offset;
    const std::vector<anova::Row> moved = c.solve();
    for (std::size_t k = 0; k < first.size(); ++k) {
      const std::vector<double> a = numbers(first[k]), b = numbers(moved[k]);
      EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(double)), 0);
    }
  }
  for (std::size_t which = 0; which < 40; which += 13) {
    const auto one = c.solve(anova::Options(), nullptr, which, 1), four = c.solve(anova::Options(), nullptr, which, 4);
    for (std::size_t k = 0; k < one.size(); ++k) {
      const std::vector<double> a = numbers(one[k]), b = numbers(four[k]);
      EXPECT_EQ(std::memcmp(a.data(), b.data(), a.size() * sizeof(double)), 0);
    }
  }
}

TEST(RmAnova, PropertyMissingPatientsArePatientsWhoAreNotThere) {
  Table y = made_up(16, 3);
  Table holes = y;
  holes[2][1] = holes[9][2] = missing;
  std::vector<int> g = halves(7, 9), kept;
  Table fewer;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (i != 2 && i != 9) {
      fewer.push_back(y[i]);
      kept.push_back(g[i]);
    }
  }
  Case whole(holes, groups(g), one_factor(3)), less(fewer, groups(kept), one_factor(3));
  whole.add_outcome(y);
  anova::ProblemRow problem;
  const auto a = whole.solve(anova::Options(), &problem), b = less.solve();
  for (std::size_t k = 0; k < a.size(); ++k) {
    EXPECT_EQ(difference(a[k], b[k]), 0.0);
  }
  EXPECT_EQ(problem.n, 14);
  EXPECT_EQ(problem.n_dropped, 2);
  EXPECT_EQ(whole.solve(anova::Options(), nullptr, 1)[0].n, 16);
}
