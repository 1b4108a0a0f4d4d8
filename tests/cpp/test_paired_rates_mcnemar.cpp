// McNemar's tests and the intervals of paired rates: printed values, all tables as the oracle, duality, symmetry, edges.

#include <gtest/gtest.h>

#include "paired_rates_cases.hpp"

namespace {

using namespace paired_rates_cases;

const PairCounts cavo{59, 6, 16, 80};      // Cavo et al. 2012: rows of the table are the later reading of the book's contrast
const PairCounts ezra{7, 2, 25, 68};       // Ezra et al. 2010
const PairCounts camis{20, 6, 15, 5};      // PSIAIMS/CAMIS, SAS %PAIRBINCI

Options with(Estimand e, Interval i = Interval::automatic, Alternative a = Alternative::two_sided) {
  Options o;
  o.estimand = e;
  o.interval = i;
  o.alternative = a;
  return o;
}

// The book has row minus column, we later minus reference: exchange gains and losses.
TEST(PairedRatesMcnemar, PrintedValuesOfFagerlandLydersenLaake) {
  const PairCounts c = cavo.reversed();
  const RateRow a = pairs(Method::mcnemar, c);
  EXPECT_NEAR(std::sqrt(a.statistic), 2.132, 5e-4);
  EXPECT_NEAR(a.p_value, 0.033006, 5e-7);
  EXPECT_NEAR(a.conf_low, -0.1240, 5e-5);
  EXPECT_NEAR(a.conf_high, -0.0054, 5e-5);
  EXPECT_TRUE(a.p_matches);
  Options corrected;
  corrected.continuity = true;
  const RateRow cc = pairs(Method::mcnemar, c, corrected);
  EXPECT_NEAR(std::sqrt(cc.statistic), 1.919, 5e-4);
  EXPECT_NEAR(cc.p_value, 0.055009, 5e-7);
  EXPECT_FALSE(cc.p_matches);
  EXPECT_NEAR(pairs(Method::mcnemar_exact, c).p_value, 0.052479, 5e-7);
  EXPECT_NEAR(pairs(Method::mcnemar_midp, c).p_value, 0.03469, 5e-6);
  const RateRow ratio = pairs(Method::mcnemar, c, with(Estimand::ratio));
  EXPECT_NEAR(ratio.estimate, 0.8667, 5e-5);
  EXPECT_NEAR(ratio.conf_low, 0.7476, 5e-5);
  EXPECT_NEAR(ratio.conf_high, 0.9876, 5e-5);
  const RateRow hybrid = pairs(Method::mcnemar, c, with(Estimand::ratio, Interval::bonett_price));
  EXPECT_NEAR(hybrid.conf_low, 0.7579, 5e-5);
  EXPECT_NEAR(hybrid.conf_high, 0.9910, 5e-5);
  const RateRow newcombe = pairs(Method::mcnemar, c, with(Estimand::difference, Interval::newcombe));
  EXPECT_NEAR(newcombe.conf_low, -0.1186, 5e-5);
  EXPECT_NEAR(newcombe.conf_high, -0.0046, 5e-5);
  const RateRow bonett = pairs(Method::mcnemar, c, with(Estimand::difference, Interval::bonett_price));
  EXPECT_NEAR(bonett.conf_low, -0.1195, 5e-5);
  EXPECT_NEAR(bonett.conf_high, -0.0032, 5e-5);
  const RateRow wilson = pairs(Method::mcnemar, c, with(Estimand::odds_ratio));
  EXPECT_NEAR(wilson.estimate, 0.375, 1e-12);
  EXPECT_NEAR(wilson.conf_low, 0.1514, 5e-5);
  EXPECT_NEAR(wilson.conf_high, 0.9287, 5e-5);
}

TEST(PairedRatesMcnemar, PrintedConditionalOddsRatios) {
  const RateRow exact = pairs(Method::mcnemar_exact, ezra);
  EXPECT_NEAR(exact.estimate, 12.5, 1e-12);
  EXPECT_NEAR(exact.conf_low, 3.1169, 5e-5);
  EXPECT_NEAR(exact.conf_high, 108.8892, 5e-5);
  const RateRow midp = pairs(Method::mcnemar_midp, ezra);
  EXPECT_NEAR(midp.conf_low, 3.4681, 5e-5);
  EXPECT_NEAR(midp.conf_high, 78.2972, 5e-5);
  Options o;
  o.two_sided = TwoSided::blaker;
  const RateRow blaker = pairs(Method::mcnemar_exact, ezra, o);
  EXPECT_NEAR(blaker.conf_low, 3.2994, 6e-4);  // the book stops its search at 1e-4 of the share
  EXPECT_NEAR(blaker.conf_high, 74.0582, 6e-2);
}

TEST(PairedRatesMcnemar, PrintedDifferencesOfCamis) {
  const RateRow tango = pairs(Method::mcnemar, camis);
  EXPECT_NEAR(tango.conf_low, 0.000419, 1e-6);
  EXPECT_NEAR(tango.conf_high, 0.377185, 1e-6);
  const RateRow newcombe = pairs(Method::mcnemar, camis, with(Estimand::difference, Interval::newcombe));
  EXPECT_NEAR(newcombe.conf_low, 0.002602, 1e-6);
  EXPECT_NEAR(newcombe.conf_high, 0.369943, 1e-6);
  const RateRow bonett = pairs(Method::mcnemar, camis, with(Estimand::difference, Interval::bonett_price));
  EXPECT_NEAR(bonett.conf_low, -0.001006, 1e-6);
  EXPECT_NEAR(bonett.conf_high, 0.376006, 1e-6);
}

TEST(PairedRatesMcnemar, PrintedExactAndCorrectedPOfVassar) {
  const double gained[] = {121, 70, 80, 30, 10, 10}, lost[] = {59, 59, 59, 60, 30, 10};
  const double exact[] = {4e-06, 0.378688, 0.089452, 0.00206, 0.002221, 1};
  const double corrected[] = {20.67222, 0.7751938, 2.87769784};
  Options o;
  o.continuity = true;
  for (int i = 0; i < 6; ++i) {
    const PairCounts c{5, lost[i], gained[i], 5};
    EXPECT_NEAR(pairs(Method::mcnemar_exact, c).p_value, exact[i], 5e-7);
    if (i < 3) {
      EXPECT_NEAR(pairs(Method::mcnemar, c, o).statistic, corrected[i], 1e-6 * corrected[i]);
    }
  }
  EXPECT_EQ(pairs(Method::mcnemar, PairCounts{1, 7, 7, 1}, o).p_value, 1.0);
}

TEST(PairedRatesMcnemar, TenConvertedNoneLost) {
  const PairCounts c{0, 0, 10, 0};
  const RateRow exact = pairs(Method::mcnemar_exact, c);
  EXPECT_NEAR(exact.p_value, 2.0 / 1024.0, 1e-16);
  EXPECT_EQ(exact.estimate, infinity);
  EXPECT_EQ(exact.conf_high, infinity);
  const double share = std::pow(0.025, 0.1);  // all ten: share^10 = .025
  EXPECT_NEAR(exact.conf_low, share / (1.0 - share), 1e-11);
  EXPECT_EQ(exact.status, Status::boundary);
  const RateRow score = pairs(Method::mcnemar, c);
  const double z2 = 3.841458820694124;
  EXPECT_EQ(score.conf_high, 1.0);
  EXPECT_NEAR(score.conf_low, (10.0 - z2) / (10.0 + z2), 1e-12);  // Z(D)^2 = n (1 - D) / (1 + D)
  EXPECT_EQ(score.status, Status::ok);
}

TEST(PairedRatesMcnemar, NobodyChangedGivesOneAndAnInterval) {
  const PairCounts c{4, 0, 0, 8};
  const double z2 = 3.841458820694124;
  for (const Method m : {Method::mcnemar, Method::mcnemar_exact, Method::mcnemar_midp, Method::mcnemar_unconditional}) {
    const RateRow row = pairs(m, c);
    EXPECT_EQ(row.p_value, 1.0);
    EXPECT_EQ(row.status, Status::all_zero);
    EXPECT_FALSE(std::isnan(row.conf_low) || std::isnan(row.conf_high));
    EXPECT_LT(row.conf_low, row.conf_high);
  }
  EXPECT_NEAR(pairs(Method::mcnemar, c).conf_high, z2 / (12.0 + z2), 1e-12);
  EXPECT_NEAR(pairs(Method::mcnemar, c).conf_low, -z2 / (12.0 + z2), 1e-12);
  const RateRow ratio = pairs(Method::mcnemar, c, with(Estimand::ratio));
  EXPECT_EQ(ratio.estimate, 1.0);
  EXPECT_NEAR(ratio.conf_low, 4.0 / (4.0 + z2), 1e-12);
  EXPECT_NEAR(ratio.conf_high, (4.0 + z2) / 4.0, 1e-11);
  const RateRow odds = pairs(Method::mcnemar_exact, c);
  EXPECT_TRUE(std::isnan(odds.estimate));
  EXPECT_EQ(odds.conf_low, 0.0);
  EXPECT_EQ(odds.conf_high, infinity);
}

TEST(PairedRatesMcnemar, StatusesOfEmptyTables) {
  for (const Method m : {Method::mcnemar, Method::mcnemar_exact, Method::mcnemar_midp, Method::mcnemar_unconditional}) {
    const RateRow none = pairs(m, PairCounts{});
    EXPECT_EQ(none.status, Status::no_data);
    EXPECT_TRUE(std::isnan(none.p_value) && std::isnan(none.estimate) && std::isnan(none.conf_low));
    const RateRow one = pairs(m, PairCounts{0, 0, 1, 0});
    EXPECT_GT(one.p_value, 0.3);
    EXPECT_FALSE(std::isnan(one.conf_low));
  }
  const RateRow never = pairs(Method::mcnemar, PairCounts{0, 0, 0, 5}, with(Estimand::ratio));
  EXPECT_EQ(never.status, Status::all_zero);
  EXPECT_TRUE(std::isnan(never.estimate));
  EXPECT_EQ(never.conf_high, infinity);
  const RateRow only = pairs(Method::mcnemar, PairCounts{0, 0, 5, 5}, with(Estimand::ratio));
  EXPECT_EQ(only.estimate, infinity);
  EXPECT_EQ(only.conf_high, infinity);
  EXPECT_GT(only.conf_low, 0.5);
  EXPECT_EQ(only.status, Status::boundary);
}

TEST(PairedRatesMcnemar, ScoreStatisticsAreThoseOfTheLikelihood) {
  // The likeliest probabilities by a dumb search, Z from its definition.
  std::mt19937 rng(11);
  for (int i = 0; i < 60; ++i) {
    const PairCounts c = random_counts(rng, 6);
    if (c.n() < 1.0) {
      continue;
    }
    const double d = -0.85 + 0.17 * (i % 11);
    double best = -infinity, at = 0.0;
    const double low = std::fmax(0.0, -d), high = 0.5 * (1.0 - d);
    for (int step = 1; step < 20000; ++step) {
      const double q = low + (high - low) * step / 20000.0;
      const auto part = [](double count, double p) { return count > 0.0 ? count * std::log(p) : 0.0; };
      const double like = part(c.gained, q + d) + part(c.lost, q) + part(c.both + c.neither, 1.0 - 2.0 * q - d);
      if (like > best) {
        best = like;
        at = q;
      }
    }
    const double z = (c.gained - c.lost - c.n() * d) / std::sqrt(c.n() * (2.0 * at + d * (1.0 - d)));
    EXPECT_NEAR(tango_statistic(c, d), z, 2e-3 * (1.0 + std::fabs(z)));  // the step of the search
  }
}

TEST(PairedRatesMcnemar, RatioStatisticIsThatOfTheLikelihood) {
  std::mt19937 rng(12);
  for (int i = 0; i < 60; ++i) {
    PairCounts c = random_counts(rng, 6);
    c.both += 1.0;
    const double r = std::exp(-1.6 + 0.31 * (i % 11));
    const double m = c.both + c.discordant();
    double best = -infinity, at = 0.0;
    for (int step = 1; step < 40000; ++step) {
      const double u = step / 40000.0, lost = r * u + 1.0 - r, both = r - (1.0 + r) * u;
      if (lost < 0.0 || both < 0.0) {
        continue;
      }
      const auto part = [](double count, double p) { return count > 0.0 ? count * std::log(p) : 0.0; };
      const double like = part(c.both, both) + part(c.gained, u) + part(c.lost, lost);
      if (like > best) {
        best = like;
        at = u;
      }
    }
    const double z = (c.after() - r * c.before()) / std::sqrt(r * m * ((1.0 + r) * at + 1.0 - r));
    EXPECT_NEAR(ratio_statistic(c, r), z, 5e-3 * (1.0 + std::fabs(z)));
  }
}

// p <= alpha exactly if the interval leaves the null out, for the pairs of test and interval that claim it.
TEST(PairedRatesMcnemar, TestsAndTheirIntervalsAgreeOnThousandsOfTables) {
  std::mt19937 rng(5);
  struct Claim {
    Method method;
    Estimand estimand;
    TwoSided rule;
  };
  const Claim claims[] = {{Method::mcnemar, Estimand::difference, TwoSided::central},
                          {Method::mcnemar, Estimand::ratio, TwoSided::central},
                          {Method::mcnemar, Estimand::odds_ratio, TwoSided::central},
                          {Method::mcnemar_exact, Estimand::odds_ratio, TwoSided::central},
                          {Method::mcnemar_exact, Estimand::odds_ratio, TwoSided::minlike},
                          {Method::mcnemar_exact, Estimand::odds_ratio, TwoSided::blaker},
                          {Method::mcnemar_midp, Estimand::odds_ratio, TwoSided::central}};
  int rejected = 0, hulls = 0;
  for (int i = 0; i < 2000; ++i) {
    const PairCounts c = random_counts(rng, i % 2 == 0 ? 14 : 40);
    for (const Claim& claim : claims) {
      for (const Alternative a : {Alternative::two_sided, Alternative::less, Alternative::greater}) {
        Options o = with(claim.estimand, Interval::automatic, a);
        o.two_sided = claim.rule;
        o.conf_level = i % 3 == 0 ? 0.9 : 0.95;
        const RateRow row = pairs(claim.method, c, o);
        if (row.status == Status::no_data) {
          continue;
        }
        EXPECT_TRUE(row.p_matches);
        const double null = claim.estimand == Estimand::difference ? 0.0 : 1.0, alpha = 1.0 - o.conf_level;
        const bool outside = row.conf_low > null || row.conf_high < null;
        const bool hull = row.status == Status::hull;
        hulls += hull ? 1 : 0;
        EXPECT_FALSE(hull && claim.rule == TwoSided::central);
        if (!hull && std::fabs(row.p_value - alpha) > 1e-10) {
          EXPECT_EQ(row.p_value <= alpha, outside) << c.gained << " " << c.lost << " " << row.p_value;
        }
        rejected += outside ? 1 : 0;
      }
    }
  }
  EXPECT_GT(rejected, 1000);
  EXPECT_GT(hulls, 0);
}

// At any hypothesis: the p there is above alpha just inside each limit, at most alpha just outside.
TEST(PairedRatesMcnemar, LimitsAreWhereTheTestTurns) {
  std::mt19937 rng(6);
  for (int i = 0; i < 300; ++i) {
    const PairCounts c = random_counts(rng, 12);
    if (c.discordant() < 1.0) {
      continue;
    }
    const auto turn = [&](Method method, Options o, double limit, double bound, double inward) {
      if (limit == bound) {
        return;
      }
      o.null = limit * (1.0 + 1e-7 * inward * (limit < 0.0 ? -1.0 : 1.0)) + 1e-9 * inward * (o.estimand == Estimand::difference);
      EXPECT_GT(pairs(method, c, o).p_value, 0.05) << c.gained << " " << c.lost << " " << limit;
      o.null = limit * (1.0 - 1e-7 * inward * (limit < 0.0 ? -1.0 : 1.0)) - 1e-9 * inward * (o.estimand == Estimand::difference);
      EXPECT_LE(pairs(method, c, o).p_value, 0.05 + 1e-9) << c.gained << " " << c.lost << " " << limit;
    };
    for (const Estimand e : {Estimand::difference, Estimand::ratio, Estimand::odds_ratio}) {
      const Options o = with(e);
      const RateRow row = pairs(Method::mcnemar, c, o);
      if (row.estimate == row.estimate) {
        turn(Method::mcnemar, o, row.conf_low, e == Estimand::difference ? -1.0 : 0.0, 1.0);
        turn(Method::mcnemar, o, row.conf_high, e == Estimand::difference ? 1.0 : infinity, -1.0);
      }
    }
    for (const TwoSided rule : {TwoSided::central, TwoSided::minlike, TwoSided::blaker}) {
      Options o;
      o.two_sided = rule;
      const RateRow row = pairs(Method::mcnemar_exact, c, o);
      o.estimand = Estimand::odds_ratio;
      turn(Method::mcnemar_exact, o, row.conf_low, 0.0, 1.0);
      turn(Method::mcnemar_exact, o, row.conf_high, infinity, -1.0);
    }
    Options o = with(Estimand::odds_ratio);
    const RateRow midp = pairs(Method::mcnemar_midp, c, o);
    turn(Method::mcnemar_midp, o, midp.conf_low, 0.0, 1.0);
    turn(Method::mcnemar_midp, o, midp.conf_high, infinity, -1.0);
  }
}

// The accepted odds of minlike and blaker by a dense scan of the naive p.
TEST(PairedRatesMcnemar, TwoSidedRulesByEnumeration) {
  const auto naive = [](TwoSided rule, int x, int m, double share) {
    double p = 0.0;
    const auto tail = [&](int y, bool low) {
      double sum = 0.0;
      for (int v = low ? 0 : y; v <= (low ? y : m); ++v) {
        sum += binomial(v, m, share);
      }
      return sum;
    };
    const double least = std::fmin(tail(x, true), tail(x, false));
    for (int y = 0; y <= m; ++y) {
      const bool in = rule == TwoSided::minlike
                          ? binomial(y, m, share) <= binomial(x, m, share) * (1.0 + 1e-7)
                          : std::fmin(tail(y, true), tail(y, false)) <= least * (1.0 + 1e-7);
      p += in ? binomial(y, m, share) : 0.0;
    }
    return std::fmin(1.0, p);
  };
  for (const TwoSided rule : {TwoSided::minlike, TwoSided::blaker}) {
    for (int m = 1; m <= 9; ++m) {
      for (int x = 0; x <= m; ++x) {
        Options o;
        o.two_sided = rule;
        double low = 1.0, high = 0.0;
        for (int i = 1; i < 4000; ++i) {
          const double share = i / 4000.0, odds = share / (1.0 - share);
          const double p = naive(rule, x, m, share);
          EXPECT_NEAR(conditional_p(Alternative::two_sided, rule, false, x, Gains{1.0 * m, std::log(odds)}), p, 1e-11)
              << m << " " << x << " " << share;
          if (p > 0.05) {
            low = std::fmin(low, share);
            high = std::fmax(high, share);
          }
        }
        const RateRow row = pairs(Method::mcnemar_exact, PairCounts{0, 1.0 * (m - x), 1.0 * x, 3}, o);
        EXPECT_NEAR(row.conf_low / (1.0 + row.conf_low), low, 2.6e-4) << m << " " << x;
        EXPECT_NEAR(std::isinf(row.conf_high) ? 1.0 : row.conf_high / (1.0 + row.conf_high), high, 2.6e-4) << m << " " << x;
      }
    }
  }
}

// A gap in the accepted odds, seen by a scan, is told; what is told is seen by a finer scan near it.
TEST(PairedRatesMcnemar, GapsOfTheTwoSidedRulesAreFound) {
  int gaps = 0;
  for (const TwoSided rule : {TwoSided::minlike, TwoSided::blaker}) {
    for (int m = 3; m <= 14; ++m) {
      for (int x = 0; x <= m; ++x) {
        std::vector<double> p;
        for (double odds = -7.0; odds <= 7.0; odds += 4e-3) {
          p.push_back(conditional_p(Alternative::two_sided, rule, false, x, Gains{1.0 * m, odds}));
        }
        for (const double alpha : {0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4}) {
          std::size_t first = p.size(), last = 0;
          for (std::size_t i = 0; i < p.size(); ++i) {
            if (p[i] > alpha) {
              first = std::min(first, i);
              last = i;
            }
          }
          double least = 1.0;
          for (std::size_t i = first; i <= last; ++i) {
            least = std::fmin(least, p[i]);
          }
          Options o;
          o.two_sided = rule;
          o.conf_level = 1.0 - alpha;
          const PairCounts c{0, 1.0 * (m - x), 1.0 * x, 3};
          const bool told = conditional_limits(o, rule, c, sides(o.alternative, o.conf_level), false).hull;
          if (std::fabs(least - alpha) > 2e-3 * alpha) {
            EXPECT_EQ(told, least < alpha) << m << " " << x << " " << alpha << " " << least;
          }
          gaps += told ? 1 : 0;
        }
      }
    }
  }
  EXPECT_GT(gaps, 5);
}

TEST(PairedRatesMcnemar, ExactAndMidPByEnumeration) {
  for (int m = 1; m <= 12; ++m) {
    for (int x = 0; x <= m; ++x) {
      double below = 0.0, above = 0.0;
      for (int y = 0; y <= m; ++y) {
        below += y <= x ? binomial(y, m, 0.5) : 0.0;
        above += y >= x ? binomial(y, m, 0.5) : 0.0;
      }
      const double here = binomial(x, m, 0.5);
      const PairCounts c{2, 1.0 * (m - x), 1.0 * x, 3};
      Options less, greater;
      less.alternative = Alternative::less;
      greater.alternative = Alternative::greater;
      EXPECT_NEAR(pairs(Method::mcnemar_exact, c).p_value, std::fmin(1.0, 2.0 * std::fmin(below, above)), 1e-14);
      EXPECT_NEAR(pairs(Method::mcnemar_exact, c, less).p_value, below, 1e-14);
      EXPECT_NEAR(pairs(Method::mcnemar_exact, c, greater).p_value, above, 1e-14);
      EXPECT_NEAR(pairs(Method::mcnemar_midp, c, less).p_value, below - 0.5 * here, 1e-14);
      EXPECT_NEAR(pairs(Method::mcnemar_midp, c).p_value,
                  std::fmin(1.0, 2.0 * (std::fmin(below, above) - 0.5 * here)), 1e-14);
    }
  }
}

TEST(PairedRatesMcnemar, ExchangingTheVisitsMirrorsEverything) {
  std::mt19937 rng(8);
  for (int i = 0; i < 200; ++i) {
    const PairCounts c = random_counts(rng, 15);
    for (const Method m : {Method::mcnemar, Method::mcnemar_exact, Method::mcnemar_midp}) {
      for (const Estimand e : {Estimand::difference, Estimand::ratio, Estimand::odds_ratio}) {
        const RateRow a = pairs(m, c, with(e)), b = pairs(m, c.reversed(), with(e));
        if (a.status == Status::no_data) {
          continue;
        }
        EXPECT_NEAR(a.p_value, b.p_value, 1e-14);
        if (e == Estimand::difference) {
          EXPECT_NEAR(a.conf_low, -b.conf_high, 1e-12);
        } else if (b.conf_high > 0.0 && std::isfinite(b.conf_high)) {
          EXPECT_NEAR(a.conf_low, 1.0 / b.conf_high, 1e-10 * (1.0 + a.conf_low)) << c.gained << " " << c.lost;
        }
      }
    }
  }
}

TEST(PairedRatesMcnemar, LargeCountsKeepTheirDigits) {
  const PairCounts c{1e6, 40000, 41000, 2e6};
  const RateRow exact = pairs(Method::mcnemar_exact, c), score = pairs(Method::mcnemar, c);
  EXPECT_NEAR(std::log(exact.p_value), std::log(score.p_value), 0.05);
  EXPECT_NEAR(exact.conf_low, 1.0 / pairs(Method::mcnemar_exact, c.reversed()).conf_high, 1e-11);
  const PairCounts rare{0, 1, 100000, 0};  // share of losses 1e-5: P(none or one lost) at the limit
  const RateRow row = pairs(Method::mcnemar_exact, rare);
  const double share = 1.0 / (1.0 + row.conf_high), m = 100001.0;
  const double tail = 1.0 - std::exp(m * std::log1p(-share));  // P(at least one lost)
  EXPECT_NEAR(tail, 0.025, 1e-10);
}

TEST(PairedRatesMcnemar, OneSidedIntervalsAreOpenAtTheBound) {
  const PairCounts c{5, 3, 9, 7};
  const RateRow up = pairs(Method::mcnemar, c, with(Estimand::difference, Interval::automatic, Alternative::greater));
  const RateRow down = pairs(Method::mcnemar_exact, c, with(Estimand::odds_ratio, Interval::automatic, Alternative::less));
  EXPECT_EQ(up.conf_high, 1.0);
  EXPECT_EQ(down.conf_low, 0.0);
  for (const Interval i : {Interval::newcombe, Interval::bonett_price}) {
    const RateRow row = pairs(Method::mcnemar, c, with(Estimand::difference, i, Alternative::greater));
    EXPECT_EQ(row.conf_high, 1.0);
    EXPECT_GT(row.conf_low, -1.0);
    EXPECT_FALSE(row.p_matches);
  }
}

TEST(PairedRatesMcnemar, TheCorrectionIsOfNoChangeOnly) {
  Options o, plain;
  o.continuity = true;
  o.null = plain.null = 0.1;
  EXPECT_EQ(pairs(Method::mcnemar, camis, o).p_value, pairs(Method::mcnemar, camis, plain).p_value);
  o.null = plain.null = 0.0;
  EXPECT_GT(pairs(Method::mcnemar, camis, o).p_value, pairs(Method::mcnemar, camis, plain).p_value);
}

TEST(PairedRatesMcnemar, TheEffectIsTheOtherMeasureWithItsOwnInterval) {
  Options o;
  o.effect = Estimand::difference;
  const RateRow row = pairs(Method::mcnemar_exact, camis, o);
  EXPECT_NEAR(row.effect, 9.0 / 46.0, 1e-15);
  EXPECT_NEAR(row.effect_low, 0.002602, 1e-6);
  o.effect = Estimand::odds_ratio;
  const RateRow odds = pairs(Method::mcnemar, camis, o);
  EXPECT_EQ(odds.effect, 2.5);
  EXPECT_EQ(odds.effect_low, pairs(Method::mcnemar_exact, camis).conf_low);
}

}  // namespace
