// The exact unconditional test of paired rates: all tables as the oracle, printed values, duality with its own interval.

#include <gtest/gtest.h>

#include "paired_rates_cases.hpp"

namespace {

using namespace paired_rates_cases;

Options with(Alternative a, double null = missing) {
  Options o;
  o.alternative = a;
  o.null = null;
  return o;
}

// sup over the probability of a loss of P(Z as extreme), every table visited, every probability on a fine grid.
double naive_p(const PairCounts& c, Alternative a, double d) {
  const double seen = tango_statistic(c, d), slack = 1e-9 * (1.0 + std::fabs(seen));
  double best = 0.0;
  const double low = std::fmax(0.0, -d), high = 0.5 * (1.0 - d);
  for (int i = 0; i <= 2000; ++i) {
    const double loss = low + (high - low) * i / 2000.0;
    double p = 0.0;
    all_tables(static_cast<int>(c.n()), [&](const PairCounts& t) {
      const double z = tango_statistic(t, d);
      const bool in = a == Alternative::two_sided ? std::fabs(z) >= std::fabs(seen) - slack
                      : a == Alternative::greater ? z >= seen - slack
                                                  : z <= seen + slack;
      p += in ? trinomial(t, loss + d, loss) : 0.0;
    });
    best = std::fmax(best, p);
  }
  return std::fmin(1.0, best);
}

TEST(PairedRatesUnconditional, NoChangeByEnumeration) {
  for (int n : {1, 2, 4, 7}) {
    all_tables(n, [](const PairCounts& c) {
      for (const Alternative a : {Alternative::two_sided, Alternative::less, Alternative::greater}) {
        EXPECT_NEAR(pairs(Method::mcnemar_unconditional, c, with(a)).p_value, naive_p(c, a, 0.0), 5e-6)
            << c.gained << " " << c.lost << " " << c.n();  // the grid of the oracle
      }
    });
  }
}

TEST(PairedRatesUnconditional, OtherDifferencesByEnumeration) {
  std::mt19937 rng(3);
  for (int i = 0; i < 16; ++i) {
    const PairCounts c = random_counts(rng, 3);
    if (c.n() < 1.0) {
      continue;
    }
    const double d = -0.7 + 0.2 * (i % 8);
    for (const Alternative a : {Alternative::two_sided, Alternative::less, Alternative::greater}) {
      EXPECT_NEAR(pairs(Method::mcnemar_unconditional, c, with(a, d)).p_value, naive_p(c, a, d), 5e-6)
          << c.gained << " " << c.lost << " " << c.n() << " " << d;
    }
  }
}

TEST(PairedRatesUnconditional, BothWaysToTheSameP) {
  std::mt19937 rng(4);
  for (int i = 0; i < 40; ++i) {
    const PairCounts c = random_counts(rng, 12);
    for (const Alternative a : {Alternative::two_sided, Alternative::less, Alternative::greater}) {
      UnconditionalTest t;
      t.prepare(c, a);
      EXPECT_NEAR(t.p_no_change(), t.p_at(0.0), 1e-10) << c.gained << " " << c.lost << " " << c.n();
    }
  }
}

// Printed with gamma = 1e-4 of Berger and Boos added to the p, the range of the nuisance cut accordingly.
TEST(PairedRatesUnconditional, PrintedValueOfTheTextbook) {
  EXPECT_NEAR(pairs(Method::mcnemar_unconditional, PairCounts{5, 0, 1, 8}).p_value + 1e-4, 0.542071, 1e-6);  // the largest of 1,000 points
}

TEST(PairedRatesUnconditional, MonotoneStatistic) {
  for (double d : {0.0, 0.05, 0.3, 0.8}) {
    const double n = 25;
    for (double l = 0; l <= n; ++l) {
      for (double g = 1; g + l <= n; ++g) {
        EXPECT_GE(tango_statistic({0, l, g, n - l - g}, d), tango_statistic({0, l, g - 1, n - l - g + 1}, d) - 1e-12);
      }
    }
  }
}

TEST(PairedRatesUnconditional, TheIntervalInvertsTheTest) {
  std::mt19937 rng(9);
  int rejected = 0, hulls = 0, tables = 0;
  for (int i = 0; i < 100; ++i) {
    const PairCounts c = random_counts(rng, i % 2 == 0 ? 5 : 10);
    for (const Alternative a : {Alternative::two_sided, Alternative::greater, Alternative::less}) {
      if (i % 3 != 0 && a != Alternative::two_sided) {
        continue;
      }
      const RateRow row = pairs(Method::mcnemar_unconditional, c, with(a));
      if (row.status == Status::no_data) {
        continue;
      }
      ++tables;
      EXPECT_EQ(row.conf_method, ConfMethod::paired_unconditional);
      EXPECT_TRUE(row.p_matches);
      const bool outside = row.conf_low > 0.0 || row.conf_high < 0.0;
      const bool hull = row.status == Status::hull || (row.notes & static_cast<std::uint32_t>(Note::hull)) != 0;
      if (row.p_value > 0.05) {
        EXPECT_FALSE(outside) << c.gained << " " << c.lost << " " << c.n();
      } else if (!hull) {
        EXPECT_TRUE(outside) << c.gained << " " << c.lost << " " << c.n();
      }
      rejected += outside ? 1 : 0;
      hulls += hull ? 1 : 0;
      UnconditionalTest t;
      t.prepare(c, a);
      if (row.conf_low > -1.0) {
        EXPECT_GT(t.p_at(row.conf_low + 1e-8), 0.05 - 1e-9);
        EXPECT_LE(t.p_at(row.conf_low - 1e-8), 0.05 + 1e-7);
      }
      if (row.conf_high < 1.0) {
        EXPECT_GT(t.p_at(row.conf_high - 1e-8), 0.05 - 1e-9);
        EXPECT_LE(t.p_at(row.conf_high + 1e-8), 0.05 + 1e-7);
      }
    }
  }
  EXPECT_GT(rejected, 20);
  std::printf("tables %d, hulls %d\n", tables, hulls);
}

TEST(PairedRatesUnconditional, BeyondTheLimitTheIntervalIsTangos) {
  const PairCounts c{100, 30, 60, 400};
  Options o;
  o.exact_limit = 1e7;
  const RateRow row = pairs(Method::mcnemar_unconditional, c, o);
  EXPECT_EQ(row.conf_method, ConfMethod::tango);
  EXPECT_FALSE(row.p_matches);
  EXPECT_TRUE((row.notes & static_cast<std::uint32_t>(Note::conf_asymptotic)) != 0);
  EXPECT_EQ(row.distribution, Distribution::exact);
  o.exact_limit = 1e4;
  const RateRow none = pairs(Method::mcnemar_unconditional, c, o);
  EXPECT_EQ(none.status, Status::too_large);
  EXPECT_TRUE(std::isnan(none.p_value));
}

}  // namespace
