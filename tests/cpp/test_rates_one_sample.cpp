// One proportion: figures printed by SAS and by Newcombe (1998), coverage of the exact intervals, duality, edges.

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "rates_naive.hpp"
#include "respondr/rates/one_sample.hpp"

namespace {

using namespace respondr;
using namespace respondr::rates;

RateRow solve(const Options& o, int x, int n) {
  OneSampleWorkspace w;
  RateRow row;
  solve_one(o, x, n, w, row);
  return row;
}

Options options(Interval interval, double null = missing) {
  Options o;
  o.method = Method::binomial;
  o.estimand = Estimand::rate;
  o.interval = interval;
  o.null = null;
  return o;
}

double coverage(Interval interval, int n, double p) {
  OneSampleWorkspace w;
  double sum = 0.0;
  for (int x = 0; x <= n; ++x) {
    RateRow row;
    solve_one(options(interval), x, n, w, row);
    if (row.conf_low <= p && p <= row.conf_high)
      sum += static_cast<double>(naive::choose(n, x)) * std::pow(p, x) * std::pow(1.0 - p, n - x);
  }
  return sum;
}

}  // namespace

TEST(RatesOneSample, IntervalsAreThoseSasPrintsFor36Of154) {
  const struct {
    Interval interval;
    double low, high;
  } printed[] = {{Interval::agresti_coull, 0.1736, 0.3069},
                 {Interval::jeffreys, 0.1723, 0.3051},
                 {Interval::midp, 0.1720, 0.3055},
                 {Interval::wald, 0.1669, 0.3006},
                 {Interval::wilson, 0.1739, 0.3066},
                 {Interval::blaker, 0.1701, 0.3073},
                 {Interval::clopper_pearson, 0.1694, 0.3086},
                 {Interval::wilson_continuity, 0.1710, 0.3101}};
  for (const auto& want : printed) {
    const RateRow row = solve(options(want.interval), 36, 154);
    EXPECT_NEAR(row.conf_low, want.low, 5.1e-5) << static_cast<int>(want.interval);
    EXPECT_NEAR(row.conf_high, want.high, 5.1e-5) << static_cast<int>(want.interval);
  }
}

TEST(RatesOneSample, ThePIsTheSumOfItsDefinition) {
  for (const TwoSided two_sided : {TwoSided::minlike, TwoSided::central, TwoSided::blaker}) {
    for (const Alternative alternative : {Alternative::two_sided, Alternative::less, Alternative::greater}) {
      for (int x = 0; x <= 12; ++x) {
        Options o = options(Interval::test, 0.3);
        o.two_sided = two_sided;
        o.alternative = alternative;
        const double want = naive::p(naive::binomial(12, std::log(0.3L / 0.7L)), x, {alternative, two_sided, false});
        const RateRow row = solve(o, x, 12);
        EXPECT_NEAR(row.p_value, want, 1e-13);
        EXPECT_TRUE(row.p_matches);
        EXPECT_EQ(row.distribution, Distribution::exact);
      }
    }
  }
}

// Every interval that claims to invert the test leaves out the stated rate exactly when it is rejected.
TEST(RatesOneSample, MatchingIntervalsAreDualToTheirTest) {
  std::mt19937_64 rng(31);
  int asked = 0;
  for (int round = 0; round < 4000; ++round) {
    Options o = options(Interval::test, (rng() % 999 + 1) / 1000.0);
    o.method = round % 4 == 0 ? Method::score : Method::binomial;
    o.continuity = round % 8 == 0;
    o.two_sided = static_cast<TwoSided>(rng() % 3);
    o.midp = o.method == Method::binomial && o.two_sided != TwoSided::blaker && rng() % 3 == 0;
    o.alternative = static_cast<Alternative>(rng() % 3);
    const int n = 1 + static_cast<int>(rng() % 40), x = static_cast<int>(rng() % (n + 1));
    const RateRow row = solve(o, x, n);
    ASSERT_TRUE(row.p_matches);
    if (std::fabs(row.p_value - 0.05) < 1e-7) continue;
    const bool inside = o.null >= row.conf_low && o.null <= row.conf_high, accepted = row.p_value > 0.05;
    ++asked;
    if (row.status == Status::hull && inside) continue;  // the hull may hold a rejected value
    EXPECT_EQ(inside, accepted) << x << '/' << n << " at " << o.null << " p " << row.p_value;
  }
  EXPECT_GT(asked, 3500);
}

TEST(RatesOneSample, ExactIntervalsCoverAndCasellasLimitsCannotMove) {
  for (const int n : {1, 2, 7, 10, 19}) {
    for (int i = 1; i < 200; ++i) {
      for (const Interval interval : {Interval::clopper_pearson, Interval::blaker, Interval::blyth_still_casella}) {
        EXPECT_GE(coverage(interval, n, i / 200.0), 0.95 - 1e-12);
      }
    }
    for (int x = 1; x <= n; ++x) {
      const double low = solve(options(Interval::blyth_still_casella), x, n).conf_low;
      const double mirror = 1.0 - solve(options(Interval::blyth_still_casella), n - x, n).conf_high;
      EXPECT_GE(low, solve(options(Interval::clopper_pearson), x, n).conf_low - 1e-12);
      EXPECT_NEAR(low, mirror, 1e-15);
    }
  }
}

// StatXact's algorithm as rbscCI 0.1.1 computes it.
TEST(RatesOneSample, BlythStillCasellaIsThatOfRbscCI) {
  const RateRow row = solve(options(Interval::blyth_still_casella), 25, 100);
  EXPECT_NEAR(row.conf_low, 0.171, 5e-4);
  EXPECT_NEAR(row.conf_high, 0.341, 5e-4);
  EXPECT_NEAR(solve(options(Interval::blyth_still_casella), 0, 10).conf_high, 0.2670487525, 1e-9);
}

TEST(RatesOneSample, EndsAndEmptyArmsHaveWhatIsTrue) {
  for (const Interval interval :
       {Interval::wald, Interval::clopper_pearson, Interval::wilson, Interval::wilson_continuity, Interval::jeffreys,
        Interval::agresti_coull, Interval::midp, Interval::blaker, Interval::blyth_still_casella, Interval::test}) {
    const RateRow none = solve(options(interval, 0.3), 0, 9), all = solve(options(interval, 0.3), 9, 9);
    EXPECT_EQ(none.conf_low, 0.0);
    EXPECT_EQ(all.conf_high, 1.0);
    EXPECT_EQ(none.estimate, 0.0);
    EXPECT_NEAR(none.conf_high, 1.0 - all.conf_low, 1e-12);
    EXPECT_EQ(none.status, Status::ok);
  }
  EXPECT_NEAR(solve(options(Interval::clopper_pearson), 0, 9).conf_high, 1.0 - std::pow(0.025, 1.0 / 9.0), 1e-12);
  const RateRow empty = solve(options(Interval::test, 0.3), 0, 0);
  EXPECT_EQ(empty.status, Status::no_data);
  EXPECT_TRUE(std::isnan(empty.conf_low));
  EXPECT_TRUE(std::isnan(empty.p_value));
}

TEST(RatesOneSample, WithoutARateThereIsAnIntervalAndNoTest) {
  const RateRow row = solve(options(Interval::test), 3, 10);
  EXPECT_TRUE(std::isnan(row.p_value));
  EXPECT_FALSE(row.p_matches);
  EXPECT_GT(row.conf_low, 0.0);
}

TEST(RatesOneSample, BeyondTheLimitWilsonStandsIn) {
  Options o = options(Interval::test, 0.3);
  o.exact_limit = 900.0;  // the list of 31 counts is within it, the search of limits that go through it is not
  const RateRow row = solve(o, 3, 30);
  EXPECT_EQ(row.conf_method, ConfMethod::wilson);
  EXPECT_EQ(row.distribution, Distribution::exact);
  EXPECT_FALSE(row.p_matches);
  EXPECT_NE(row.notes & static_cast<std::uint32_t>(Note::beyond_limit), 0u);
  o.exact_limit = 300.0;
  const RateRow far = solve(o, 3, 30);
  EXPECT_EQ(far.distribution, Distribution::asymptotic);
  EXPECT_EQ(far.conf_method, ConfMethod::wilson);
  EXPECT_TRUE(far.p_matches);
  o.distribution = Distribution::exact;
  EXPECT_EQ(solve(o, 3, 30).status, Status::too_large);
  o = options(Interval::clopper_pearson);
  o.exact_limit = 300.0;
  EXPECT_EQ(solve(o, 3, 30).conf_method, ConfMethod::wilson);
}

TEST(RatesOneSample, AnIntervalMatchesWhereItInvertsTheTestUnderAnyName) {
  const auto matches = [](TwoSided two_sided, bool midp, Interval interval) {
    Options o = options(interval, 0.3);
    o.two_sided = two_sided;
    o.midp = midp;
    return solve(o, 7, 20).p_matches;
  };
  EXPECT_TRUE(matches(TwoSided::central, false, Interval::clopper_pearson));
  EXPECT_TRUE(matches(TwoSided::central, true, Interval::midp));
  EXPECT_TRUE(matches(TwoSided::blaker, false, Interval::blaker));
  EXPECT_FALSE(matches(TwoSided::minlike, false, Interval::clopper_pearson));
  EXPECT_FALSE(matches(TwoSided::central, false, Interval::midp));
  EXPECT_FALSE(matches(TwoSided::central, false, Interval::blaker));
  EXPECT_FALSE(matches(TwoSided::central, false, Interval::jeffreys));
  EXPECT_FALSE(matches(TwoSided::central, false, Interval::blyth_still_casella));
  EXPECT_FALSE(matches(TwoSided::central, false, Interval::wilson));
}

// A lower limit that passes one half takes its mirror along.
TEST(RatesOneSample, CasellasLimitsMeetTheirMirrorAtOneHalf) {
  for (const int n : {1, 3, 6, 11, 20}) {
    for (int x = 0; x <= n; ++x) {
      const RateRow row = solve(options(Interval::blyth_still_casella), x, n);
      for (const double p : {0.5 - 1e-9, 0.5, 0.5 + 1e-9}) {
        EXPECT_GE(coverage(Interval::blyth_still_casella, n, p), 0.95 - 1e-9);
      }
      EXPECT_LT(row.conf_low, row.conf_high);
    }
  }
}
