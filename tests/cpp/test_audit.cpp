#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "respondr/audit.hpp"

using namespace respondr;
using audit::Figure;

TEST(AuditInterval, DifferencesAndMagnitudesHoldTheirEnds) {
  const Figure d = audit::magnitude(audit::minus({1.0, 2.0, 3.0}, {0.0, 1.5, 2.5}));
  EXPECT_EQ(d.low, 0.0);
  EXPECT_EQ(d.value, 0.5);
  EXPECT_EQ(d.high, 3.0);
}

TEST(AuditPaired, CorrelationOfFourPatientsByHand) {
  const double p = audit::two_sided_p(2.0, 3.0);
  const auto row = audit::solve_paired({4.0, audit::exact(1.0), audit::exact(2.0), audit::exact(3.0), audit::exact(2.0),
                                        audit::exact(p)});
  EXPECT_NEAR(row.sd_change.value, 2.0, 1e-12);
  EXPECT_NEAR(row.r.value, 0.5, 1e-12);
  EXPECT_LE(row.r.low, 0.5);
  EXPECT_GE(row.r.high, 0.5);
}

TEST(AuditPaired, ChangeWithoutSpreadIsReachedWhereTheSdsMeet) {
  EXPECT_EQ(audit::detail::change_sd({1.0, 1.1, 1.2}, {1.1, 1.2, 1.3}, 1.0).low, 0.0);
  EXPECT_NEAR(audit::detail::change_sd({1.0, 1.1, 1.2}, {1.5, 1.6, 1.7}, 1.0).low, 0.3, 1e-15);
  EXPECT_NEAR(audit::detail::change_sd({1.0, 1.1, 1.2}, {1.5, 1.6, 1.7}, -1.0).high, 2.9, 1e-15);
}

TEST(AuditGroups, ManyGroupsAreBoundedByACommonCentre) {
  std::vector<audit::Group> few, many;
  for (int i = 0; i < 10; ++i) few.push_back({5.0, {i - 0.1, 1.0 * i, i + 0.1}, audit::exact(1.0)});
  many = few;
  for (int i = 0; i < 2; ++i) many.push_back({5.0, {4.4, 4.5, 4.6}, audit::exact(1.0)});
  const Figure a = audit::between_squares(few), b = audit::between_squares(many);
  EXPECT_LT(a.low, a.value);
  EXPECT_LT(a.value, a.high);
  EXPECT_LT(b.value, b.high);
  EXPECT_GE(b.high, a.high);
}

TEST(AuditPool, TheLastPatientOfThree) {
  const auto row = audit::solve_pool({{2.0, audit::exact(2.0), audit::exact(std::sqrt(2.0))}},
                                     {3.0, audit::exact(2.0), audit::exact(1.0)});
  EXPECT_EQ(row.n, 1.0);
  EXPECT_NEAR(row.mean.value, 2.0, 1e-15);
  EXPECT_NEAR(row.squares.value, 0.0, 1e-12);
}
