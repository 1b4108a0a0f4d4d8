// Rank-sum test of two arms. Oracle: all relabellings listed; the interval by asking at every gap and point; screens and
// local
// searches against the full search. Byhand: 2 against 3. Properties: order, direction, shift, scale, threads of draws.
// Edges.

#include <gtest/gtest.h>

#include "groups_cases.hpp"
#include "respondr/groups/mann_whitney.hpp"

namespace {

using namespace respondr;
using namespace respondr::groups;
using namespace groups_cases;

TwoOptions options_of(Distribution how = Distribution::exact) {
  TwoOptions o;
  o.method = TwoMethod::mann_whitney;
  o.distribution = how;
  return o;
}

TwoRow solve(const Values& x, const Values& y, const TwoOptions& o, Shift shift = {}, bool on_grid = true) {
  MannWhitneyWorkspace w;
  TwoRow row;
  solve_mann_whitney(o, arms_of(x, y, on_grid), shift, w, row);
  return row;
}

// P by listing, at one shift.
RankTails listed(const Values& x, const Values& y, TwoSided rule = TwoSided::distance) {
  const double observed = mann_whitney_u(x, y), mean = 0.5 * static_cast<double>(x.size() * y.size());
  double all = 0.0, at_least = 0.0, at_most = 0.0, far = 0.0;
  relabel(x, y, [&](const Values& a, const Values& b) {
    const double u = mann_whitney_u(a, b);
    all += 1.0;
    at_least += u >= observed ? 1.0 : 0.0;
    at_most += u <= observed ? 1.0 : 0.0;
    far += std::fabs(u - mean) >= std::fabs(observed - mean) ? 1.0 : 0.0;
  });
  RankTails t{at_least / all, at_most / all, far / all};
  if (rule == TwoSided::central) {
    t.two_sided = larger_half(t.greater, t.less);
  }
  return t;
}

struct NaiveHull {
  double low = missing, high = missing;
  bool hole = false;
};

// Asks p(theta) at every difference and between any two.
template <class P>
NaiveHull hull_of(const Values& x, const Values& y, double alpha, P&& p) {
  Values d;
  for (const double a : x) {
    for (const double b : y) {
      d.push_back(a - b);
    }
  }
  std::sort(d.begin(), d.end());
  d.erase(std::unique(d.begin(), d.end()), d.end());
  NaiveHull out;
  bool left = false, inside = false;
  const auto visit = [&](double from, double to, double theta) {
    const bool accepted = p(theta) > alpha * (1.0 + 1e-12);
    if (accepted) {
      out.hole = out.hole || left;
      if (!inside && !left) {
        out.low = from;
      }
      out.high = to;
      inside = true;
      left = false;
    } else if (inside) {
      left = true;
    }
  };
  visit(-infinity, d.front(), d.front() - 1.0);
  for (std::size_t k = 0; k < d.size(); ++k) {
    visit(d[k], d[k], d[k]);
    const bool last = k + 1 == d.size();
    visit(d[k], last ? infinity : d[k + 1], last ? d[k] + 1.0 : 0.5 * (d[k] + d[k + 1]));
  }
  return out;
}

TEST(MannWhitney, ByhandTwoAgainstThree) {
  // 4, 5 against 1, 2, 3: U = 6, one of ten choices is as large.
  const TwoRow row = solve({4, 5}, {1, 2, 3}, options_of());
  EXPECT_EQ(row.statistic, 6.0);
  EXPECT_NEAR(row.p_value, 0.2, 1e-15);
  EXPECT_EQ(row.estimate, 2.5);
  EXPECT_EQ(row.notes & static_cast<std::uint32_t>(Note::local_scan), 0u);  // every shift was asked
  TwoOptions greater = options_of();
  greater.alternative = Alternative::greater;
  EXPECT_NEAR(solve({4, 5}, {1, 2, 3}, greater).p_value, 0.1, 1e-15);
}

TEST(MannWhitney, OracleExactTailsAreThoseOfAllRelabellings) {
  std::mt19937 engine(11);
  RankSumExact counts;
  for (int round = 0; round < 300; ++round) {
    const int most = round % 3 == 0 ? 4 : 40;
    const Values x = draw(engine, 1 + engine() % 6, most), y = draw(engine, 1 + engine() % 6, most);
    Tally a, b;
    a.prepare(span(x), 0.0);
    b.prepare(span(y), 0.0);
    RankSumAt ranks;
    ranks.build(a, b, 0.0, 0.0);
    EXPECT_EQ(ranks.statistic(), mann_whitney_u(x, y));
    for (const TwoSided rule : {TwoSided::distance, TwoSided::central}) {
      const RankTails t = ranks.exact(rule, counts), r = listed(x, y, rule);
      EXPECT_NEAR(t.greater, r.greater, 1e-14);
      EXPECT_NEAR(t.less, r.less, 1e-14);
      EXPECT_NEAR(t.two_sided, r.two_sided, 1e-14);
    }
  }
}

TEST(MannWhitney, OracleVarianceAndCumulantsAreThoseOfAllRelabellings) {
  std::mt19937 engine(12);
  for (int round = 0; round < 40; ++round) {
    const Values x = draw(engine, 3, 5), y = draw(engine, 6, 5);
    double all = 0.0, square = 0.0;
    relabel(x, y, [&](const Values& a, const Values& b) {
      const double u = mann_whitney_u(a, b) - 9.0;
      all += 1.0;
      square += u * u;
    });
    Tally a, b;
    a.prepare(span(x), 0.0);
    b.prepare(span(y), 0.0);
    RankSumAt ranks;
    ranks.build(a, b, 0.0, 0.0);
    EXPECT_NEAR(ranks.variance(), square / all, 1e-12 * square);
  }
}

TEST(MannWhitney, OracleSeriesIsCloseToTheExactTail) {
  std::mt19937 engine(13);
  RankSumExact counts;
  for (int round = 0; round < 60; ++round) {
    const Values x = moved(draw(engine, 12 + engine() % 10, 60), -static_cast<double>(engine() % 24));
    const Values y = draw(engine, 20 + engine() % 20, 60);
    Tally a, b;
    a.prepare(span(x), 0.0);
    b.prepare(span(y), 0.0);
    RankSumAt ranks;
    ranks.build(a, b, 0.0, 0.0);
    const double sd = std::sqrt(ranks.variance());
    for (const TwoSided rule : {TwoSided::distance, TwoSided::central}) {
      const RankTails t = ranks.exact(rule, counts), s = ranks.edgeworth(rule);
      if (t.two_sided > 0.01 && t.two_sided < 0.4) {
        const double size = static_cast<double>(x.size() * (x.size() + y.size()));
        EXPECT_NEAR(s.two_sided, t.two_sided, (2.0 / sd + 15.0 / size) * t.two_sided);
      }
    }
  }
}

TEST(MannWhitney, OracleLimitsAreTheHullOfTheAcceptedShifts) {
  std::mt19937 engine(14);
  int holes = 0, distance_holes = 0;
  for (int round = 0; round < 24; ++round) {
    const int most = round % 2 == 0 ? 6 : 30;
    const Values x = draw(engine, 3 + engine() % 4, most), y = draw(engine, 3 + engine() % 3, most);
    for (const TwoSided rule : {TwoSided::distance, TwoSided::central}) {
      for (const Alternative alternative : {Alternative::two_sided, Alternative::greater, Alternative::less}) {
        TwoOptions o = options_of();
        o.two_sided = rule;
        o.alternative = alternative;
        o.conf_level = 0.8;
        const TwoRow row = solve(x, y, o);
        const NaiveHull hull = hull_of(x, y, 0.2, [&](double theta) {
          const RankTails t = listed(moved(x, theta), y, rule);
          return alternative == Alternative::two_sided ? t.two_sided
                 : alternative == Alternative::greater ? t.greater
                                                       : t.less;
        });
        EXPECT_EQ(row.conf_low, alternative == Alternative::less ? -infinity : hull.low);
        EXPECT_EQ(row.conf_high, alternative == Alternative::greater ? infinity : hull.high);
        EXPECT_EQ(row.status == Status::hull || (row.notes & static_cast<std::uint32_t>(Note::hull)) != 0, hull.hole);
        holes += hull.hole && rule == TwoSided::central ? 1 : 0;
        distance_holes += hull.hole ? 1 : 0;
        EXPECT_TRUE(row.p_matches);
      }
    }
  }
  RecordProperty("holes_central", holes);
  RecordProperty("holes", distance_holes);
}

TEST(MannWhitney, PropertyScreensAndSeriesChangeNoLimit) {
  std::mt19937 engine(15);
  RankSumExact counts;
  for (int round = 0; round < 8; ++round) {
    const int most = round % 2 == 0 ? 25 : 200;
    const Values x = draw(engine, 9 + engine() % 6, most), y = draw(engine, 12 + engine() % 8, most);
    for (const TwoSided rule : {TwoSided::distance, TwoSided::central}) {
      TwoOptions o = options_of();
      o.two_sided = rule;
      const TwoRow row = solve(x, y, o);
      Tally b;
      b.prepare(span(y), 0.0);
      const NaiveHull hull = hull_of(x, y, 0.05, [&](double theta) {
        Tally a;
        const Values z = moved(x, theta);
        a.prepare(span(z), 0.0);
        RankSumAt ranks;
        ranks.build(a, b, 0.0, 0.0);
        return ranks.exact(rule, counts).two_sided;
      });
      EXPECT_EQ(row.conf_low, hull.low);
      EXPECT_EQ(row.conf_high, hull.high);
      EXPECT_EQ(row.status == Status::hull, hull.hole);
    }
  }
}

TEST(MannWhitney, PropertyLocalSearchFindsTheLimitsOfTheFullOne) {
  std::mt19937 engine(16);
  for (const bool continuity : {false, true}) {
    for (int round = 0; round < 4; ++round) {
      Values x(150), y(170);
      for (double& v : x) {
        v = static_cast<double>(engine() % 100000);
      }
      for (double& v : y) {
        v = static_cast<double>(engine() % 100000);
      }
      TwoOptions o = options_of(Distribution::asymptotic);
      o.continuity = continuity;
      const TwoRow row = solve(x, y, o);
      EXPECT_NE(row.notes & static_cast<std::uint32_t>(Note::local_scan), 0u);
      Tally b;
      b.prepare(span(y), 0.0);
      const auto p = [&](double theta) {
        Tally a;
        const Values z = moved(x, theta);
        a.prepare(span(z), 0.0);
        RankSumAt ranks;
        ranks.build(a, b, 0.0, 0.0);
        return ranks.approximate(continuity).two_sided;
      };
      EXPECT_GT(p(row.conf_low + 0.5), 0.05);
      EXPECT_LE(p(row.conf_low - 0.5), 0.05);
      EXPECT_GT(p(row.conf_high - 0.5), 0.05);
      EXPECT_LE(p(row.conf_high + 0.5), 0.05);
      // The median of a list of all differences.
      Values d;
      for (const double u : x) {
        for (const double v : y) {
          d.push_back(u - v);
        }
      }
      std::sort(d.begin(), d.end());
      EXPECT_EQ(row.estimate, 0.5 * (d[d.size() / 2 - 1] + d[d.size() / 2]));
    }
  }
}

TEST(MannWhitney, PropertyExactLocalSearchFindsTheLimitsOfTheFullOne) {
  std::mt19937 engine(20);
  int local = 0;
  for (int round = 0; round < 12; ++round) {
    const Values x = draw(engine, 14, 60), y = draw(engine, 11, 60);
    for (const TwoSided rule : {TwoSided::distance, TwoSided::central}) {
      for (const Alternative alternative : {Alternative::two_sided, Alternative::greater, Alternative::less}) {
        TwoOptions o = options_of();
        o.two_sided = rule;
        o.alternative = alternative;
        o.conf_level = 0.9995;  // too far out for the series
        o.exact_limit = infinity;
        const TwoRow full = solve(x, y, o);
        Tally a, b;
        a.prepare(span(x), 0.0);
        b.prepare(span(y), 0.0);
        RankSumAt ranks;
        ranks.build(a, b, 0.0, 0.0);
        o.exact_limit = 45.0 * ranks.work();
        const TwoRow near = solve(x, y, o);
        EXPECT_EQ(near.conf_low, full.conf_low);
        EXPECT_EQ(near.conf_high, full.conf_high);
        EXPECT_NEAR(near.conf_attained, full.conf_attained, 1e-14);
        local += (near.notes & static_cast<std::uint32_t>(Note::local_scan)) != 0 ? 1 : 0;
      }
    }
  }
  EXPECT_GT(local, 60);
}

TEST(MannWhitney, ByhandAsymptoticWithTiesAndContinuity) {
  // 1, 2, 2 against 2, 3: U = 1, ties of 3: variance 6 / 12 (6 - 24 / 20) = 2.4, mean 3.
  TwoOptions o = options_of(Distribution::asymptotic);
  EXPECT_NEAR(solve({1, 2, 2}, {2, 3}, o).p_value, 2.0 * special::normal_cdf(-2.0 / std::sqrt(2.4)), 1e-15);
  o.continuity = true;
  const TwoRow row = solve({1, 2, 2}, {2, 3}, o);
  EXPECT_EQ(row.statistic, 1.0);
  EXPECT_EQ(row.n_ties, 3);
  EXPECT_NEAR(row.p_value, 2.0 * special::normal_cdf(-1.5 / std::sqrt(2.4)), 1e-15);
}

TEST(MannWhitney, PropertyDirectionOrderShiftAndScale) {
  const Values x{5, 7, 7, 9, 12, 14}, y{1, 4, 5, 7, 8};
  const TwoRow row = solve(x, y, options_of()), back = solve(y, x, options_of());
  EXPECT_EQ(back.estimate, -row.estimate);
  EXPECT_EQ(back.conf_low, -row.conf_high);
  EXPECT_EQ(back.conf_high, -row.conf_low);
  EXPECT_NEAR(back.p_value, row.p_value, 1e-15);
  EXPECT_EQ(back.statistic, 30.0 - row.statistic);
  const TwoRow mixed = solve({14, 9, 7, 5, 12, 7}, {8, 1, 7, 5, 4}, options_of());
  EXPECT_EQ(mixed.p_value, row.p_value);
  EXPECT_EQ(mixed.conf_low, row.conf_low);
  const TwoRow far = solve(moved(x, -1e8), y, options_of(), {1e8});
  EXPECT_EQ(far.p_value, row.p_value);
  EXPECT_EQ(far.conf_low, row.conf_low + 1e8);
  Values wide = x, narrow = y;
  for (Values* v : {&wide, &narrow}) {
    for (double& u : *v) {
      u *= 1e150;
    }
  }
  const TwoRow huge = solve(wide, narrow, options_of(), {}, false);
  EXPECT_EQ(huge.p_value, row.p_value);
  EXPECT_EQ(huge.conf_low, row.conf_low * 1e150);
}

TEST(MannWhitney, PropertyPAndLimitsAgreeAtEveryNull) {
  std::mt19937 engine(17);
  int rejected = 0;
  for (int round = 0; round < 200; ++round) {
    const Values x = draw(engine, 4 + engine() % 5, 12), y = draw(engine, 4 + engine() % 5, 12);
    TwoOptions o = options_of();
    o.two_sided = TwoSided::central;
    const double null = 0.5 * (static_cast<double>(engine() % 40) - 20.0);
    const TwoRow row = solve(x, y, o, {null});
    const bool outside = null < row.conf_low || null > row.conf_high;
    if (row.status != Status::hull && null != row.conf_low && null != row.conf_high) {
      EXPECT_EQ(row.p_value <= 0.05 * (1.0 + 1e-12), outside);
    }
    rejected += outside ? 1 : 0;
    EXPECT_GE(row.conf_attained, 0.95 - 1e-12);
  }
  EXPECT_GT(rejected, 20);
}

TEST(MannWhitney, OracleEquivalenceTakesTheLargerOfTwo) {
  const Values x{5, 7, 7, 9, 12, 14}, y{4, 6, 8, 9, 11, 12};
  TwoOptions o = options_of();
  o.alternative = Alternative::equivalence;
  const TwoRow row = solve(x, y, o, {0.0, -4.0, 3.0});
  const double low = listed(moved(x, -4.0), y).greater, high = listed(moved(x, 3.0), y).less;
  EXPECT_NEAR(row.p_value, std::max(low, high), 1e-14);
  const NaiveHull hull = hull_of(x, y, 0.05, [&](double theta) {
    const RankTails t = listed(moved(x, theta), y);
    return std::min(t.greater, t.less);
  });
  EXPECT_EQ(row.conf_low, hull.low);
  EXPECT_EQ(row.conf_high, hull.high);
}

TEST(MannWhitney, PropertyDrawsHoldTheExactPInTheirInterval) {
  std::mt19937 engine(18);
  int held = 0;
  for (int round = 0; round < 40; ++round) {
    const Values x = draw(engine, 8, 20), y = moved(draw(engine, 9, 20), 4.0);
    for (const TwoSided rule : {TwoSided::distance, TwoSided::central}) {
      TwoOptions o = options_of(Distribution::monte_carlo);
      o.two_sided = rule;
      o.replicates = 2000;
      o.seed = static_cast<std::uint64_t>(round);
      const TwoRow drawn = solve(x, y, o);
      o.distribution = Distribution::exact;
      const double p = solve(x, y, o).p_value;
      held += drawn.p_low <= p && p <= drawn.p_high ? 1 : 0;
      EXPECT_EQ(drawn.distribution, Distribution::monte_carlo);
      EXPECT_FALSE(drawn.p_matches);
    }
  }
  EXPECT_GE(held, 76);  // 80 intervals of 99 %
  // The order of the rows changes no draw.
  TwoOptions o = options_of(Distribution::monte_carlo);
  EXPECT_EQ(solve({1, 5, 9}, {2, 4, 4}, o).p_value, solve({9, 1, 5}, {4, 2, 4}, o).p_value);
}

TEST(MannWhitney, EdgeLimitsOfWorkAndRules) {
  std::mt19937 engine(19);
  const Values x = draw(engine, 30, 50), y = draw(engine, 30, 50);
  TwoOptions o = options_of();
  o.exact_limit = 1e4;
  const TwoRow row = solve(x, y, o);
  EXPECT_EQ(row.status, Status::too_large);
  EXPECT_TRUE(std::isnan(row.p_value));
  EXPECT_FALSE(std::isnan(row.estimate));
  o.distribution = Distribution::automatic;
  o.replicates = 100;
  EXPECT_EQ(solve(x, y, o).distribution, Distribution::monte_carlo);
  o.exact_limit = 1e8;
  EXPECT_EQ(solve(x, y, o).distribution, Distribution::exact);
  o.exact_rule = TwoExactRule::never;
  EXPECT_EQ(solve(x, y, o).distribution, Distribution::asymptotic);
  o.exact_rule = TwoExactRule::n50_no_ties;
  EXPECT_EQ(solve(x, y, o).distribution, Distribution::asymptotic);
  EXPECT_EQ(solve({1, 3, 5}, {2, 4}, o).distribution, Distribution::exact);
}

TEST(MannWhitney, EdgeStatuses) {
  EXPECT_EQ(solve({}, {}, options_of()).status, Status::no_data);
  EXPECT_EQ(solve({1, 2}, {}, options_of()).status, Status::one_group_empty);
  EXPECT_EQ(solve({}, {1, 2}, options_of()).status, Status::one_group_empty);
  const TwoRow one = solve({3}, {1}, options_of());
  EXPECT_EQ(one.p_value, 1.0);
  EXPECT_EQ(one.estimate, 2.0);
  EXPECT_EQ(one.conf_low, -infinity);
  EXPECT_EQ(one.conf_high, infinity);
  const TwoRow ties = solve({2, 2, 2}, {2, 2}, options_of());
  EXPECT_EQ(ties.status, Status::no_variance);
  EXPECT_EQ(ties.p_value, 1.0);
  EXPECT_EQ(solve({2, 2, 2}, {2, 2}, options_of(Distribution::asymptotic)).p_value, 1.0);
}

TEST(MannWhitney, ByhandMosesLimitsAreOrderStatistics) {
  // 5 against 5: C = floor(12.5 - 1.96 sqrt(25 * 11 / 12)) = 3.
  const Values x{10, 20, 30, 40, 50}, y{1, 2, 3, 4, 5};
  TwoOptions o = options_of(Distribution::asymptotic);
  o.limits = ShiftLimits::moses;
  Values d;
  for (const double u : x) {
    for (const double v : y) {
      d.push_back(u - v);
    }
  }
  std::sort(d.begin(), d.end());
  const TwoRow row = solve(x, y, o);
  EXPECT_EQ(row.conf_low, d[2]);
  EXPECT_EQ(row.conf_high, d[22]);
  EXPECT_FALSE(row.p_matches);
}

}  // namespace
