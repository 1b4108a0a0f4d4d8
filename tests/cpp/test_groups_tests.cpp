// Brunner-Munzel, permutation of means, bootstrap and tests of spread of two arms. Oracle: all relabellings listed and
// formulas
// written out by counting. Published: Brunner-Munzel of lawstat. Properties and edges.

#include <gtest/gtest.h>

#include "groups_cases.hpp"

namespace {

using namespace respondr;
using namespace respondr::groups;
using namespace groups_cases;

TwoOptions options_of(TwoMethod method, Distribution how = Distribution::automatic) {
  TwoOptions o;
  o.method = method;
  o.distribution = how;
  return o;
}

TwoRow solve(const Values& x, const Values& y, const TwoOptions& o, Shift shift = {}, bool on_grid = true) {
  TwoWorkspace w;
  TwoRow row;
  respondr::groups::detail::solve_two_method(o, arms_of(x, y, on_grid), {}, shift, w, row);
  return row;
}

// The statistic of Brunner and Munzel by counting.
double bm_t(const Values& x, const Values& y, double null) {
  const auto below = [](double v, const Values& other) {
    double n = 0.0;
    for (const double u : other) {
      n += u < v ? 1.0 : u == v ? 0.5 : 0.0;
    }
    return n;
  };
  Values p, q;
  for (const double v : x) {
    p.push_back(below(v, y));
  }
  for (const double v : y) {
    q.push_back(below(v, x));
  }
  const double m = static_cast<double>(x.size()), n = static_cast<double>(y.size());
  const double estimate = Moments::of(span(p)).mean / n;
  const double v = Moments::of(span(p)).variance() / (m * n * n) + Moments::of(span(q)).variance() / (n * m * m);
  const double distance = estimate - null;
  return v > 1e-14 ? distance / std::sqrt(v) : std::fabs(distance) < 1e-12 ? 0.0 : std::copysign(infinity, distance);
}

const Values lawstat_x{1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 1}, lawstat_y{3, 3, 4, 3, 1, 2, 3, 1, 1, 5, 4};

TEST(BrunnerMunzel, PublishedLawstat) {
  const TwoRow row = solve(lawstat_y, lawstat_x, options_of(TwoMethod::brunner_munzel), {0.5});
  EXPECT_NEAR(row.statistic, 3.13746748230295, 1e-12);
  EXPECT_NEAR(row.p_value, 0.00578620866615154, 1e-12);
  EXPECT_NEAR(row.df, 17.6828419794815, 1e-10);
  EXPECT_NEAR(row.estimate, 0.788961038961039, 1e-14);
  EXPECT_NEAR(row.conf_low, 0.595216864253737, 1e-12);
  EXPECT_NEAR(row.conf_high, 0.982705213668342, 1e-12);
  EXPECT_EQ(row.n_ties, 24);
}

TEST(BrunnerMunzel, OraclePermutedStatisticsAreThoseOfAllRelabellings) {
  std::mt19937 engine(21);
  for (int round = 0; round < 12; ++round) {
    const Values x = draw(engine, 3 + engine() % 3, 7), y = moved(draw(engine, 4, 7), -1.0);
    Values t;
    relabel(x, y, [&](const Values& a, const Values& b) { t.push_back(bm_t(a, b, 0.5)); });
    const double slack = 1e-9;
    const auto tails = [&](double observed) {
      double at_least = 0.0, at_most = 0.0;
      for (const double v : t) {
        at_least += v >= observed - (std::isinf(observed) ? 0.0 : slack) ? 1.0 : 0.0;
        at_most += v <= observed + (std::isinf(observed) ? 0.0 : slack) ? 1.0 : 0.0;
      }
      const double all = static_cast<double>(t.size());
      return RankTails{at_least / all, at_most / all, larger_half(at_least / all, at_most / all)};
    };
    TwoOptions o = options_of(TwoMethod::brunner_munzel, Distribution::exact);
    o.conf_level = 0.8;
    const TwoRow row = solve(x, y, o, {0.5});
    EXPECT_NEAR(row.p_value, tails(bm_t(x, y, 0.5)).two_sided, 1e-12);
    if (std::isnan(row.conf_low)) {
      continue;
    }
    // Inside the limits the null is accepted, outside it is not.
    for (double null = 0.013; null < 1.0; null += 0.021) {
      const bool inside = row.conf_low < null && null < row.conf_high;
      EXPECT_EQ(tails(bm_t(x, y, null)).two_sided > 0.2 * (1.0 + 1e-12), inside) << null;
    }
  }
}

TEST(BrunnerMunzel, EdgeStatuses) {
  const TwoOptions o = options_of(TwoMethod::brunner_munzel);
  EXPECT_EQ(solve({}, {}, o).status, Status::no_data);
  EXPECT_EQ(solve({1}, {}, o).status, Status::one_group_empty);
  EXPECT_EQ(solve({1}, {2, 3}, o).status, Status::too_few);
  const TwoRow apart = solve({5, 6, 7}, {1, 2, 3}, o, {0.5});
  EXPECT_EQ(apart.status, Status::boundary);
  EXPECT_EQ(apart.estimate, 1.0);
  EXPECT_TRUE(std::isnan(apart.p_value));
  const TwoRow exact = solve({5, 6, 7}, {1, 2, 3}, options_of(TwoMethod::brunner_munzel, Distribution::exact), {0.5});
  EXPECT_NEAR(exact.p_value, 0.1, 1e-15);
  EXPECT_TRUE(std::isnan(exact.conf_low));
  const TwoRow same = solve({2, 2, 2}, {2, 2}, options_of(TwoMethod::brunner_munzel, Distribution::exact), {0.5});
  EXPECT_EQ(same.status, Status::no_variance);
  EXPECT_EQ(same.p_value, 1.0);
  TwoOptions small = options_of(TwoMethod::brunner_munzel, Distribution::exact);
  small.exact_limit = 10.0;
  EXPECT_EQ(solve({5, 6, 7}, {1, 2, 6}, small, {0.5}).status, Status::too_large);
}

TEST(BrunnerMunzel, PropertyDirectionAndDraws) {
  const TwoOptions o = options_of(TwoMethod::brunner_munzel);
  const TwoRow row = solve(lawstat_y, lawstat_x, o, {0.5}), back = solve(lawstat_x, lawstat_y, o, {0.5});
  EXPECT_NEAR(back.estimate, 1.0 - row.estimate, 1e-15);
  EXPECT_NEAR(back.conf_low, 1.0 - row.conf_high, 1e-14);
  const Values x{1, 4, 6, 8, 9, 9}, y{2, 3, 4, 1, 5};
  TwoOptions drawn = options_of(TwoMethod::brunner_munzel, Distribution::monte_carlo);
  drawn.replicates = 4000;
  const TwoRow sampled = solve(x, y, drawn, {0.5});
  const double p = solve(x, y, options_of(TwoMethod::brunner_munzel, Distribution::exact), {0.5}).p_value;
  EXPECT_LE(sampled.p_low, p);
  EXPECT_GE(sampled.p_high, p);
}

// P by listing, at one shift; differences equal but for rounding are equal.
Tails listed(const Values& x, const Values& y) {
  const auto difference = [](const Values& a, const Values& b) {
    return Moments::of(span(a)).mean - Moments::of(span(b)).mean;
  };
  const double observed = difference(x, y);
  double all = 0.0, at_least = 0.0, at_most = 0.0;
  relabel(x, y, [&](const Values& a, const Values& b) {
    const double d = difference(a, b);
    all += 1.0;
    at_least += d >= observed - 1e-9 ? 1.0 : 0.0;
    at_most += d <= observed + 1e-9 ? 1.0 : 0.0;
  });
  return {at_least / all, at_most / all};
}

TEST(GroupPermutation, OracleBothEnginesAreAllRelabellingsAtEveryShift) {
  std::mt19937 engine(22);
  for (int round = 0; round < 40; ++round) {
    const Values x = draw(engine, 2 + engine() % 4, 9), y = draw(engine, 2 + engine() % 4, 30);
    SwapGrid grid;
    const TwoArms arms = arms_of(x, y);
    grid.prepare(arms);
    grid.build();
    SwapSums sums;
    sums.all(arms, 1.3);
    for (const double theta : {0.0, -3.0, 2.5, 7.25, 1.0 / 3.0}) {
      const Tails naive = listed(moved(x, theta), y);
      for (const Tails& t : {grid.tails(theta), sums.tails(theta)}) {
        EXPECT_NEAR(t.greater, naive.greater, 1e-13);
        EXPECT_NEAR(t.less, naive.less, 1e-13);
      }
    }
    for (const double alpha : {0.05, 0.1, 0.3}) {
      for (const bool low : {true, false}) {
        const MeanLimit a = grid.limit(alpha, low), b = sums.limit(alpha, low);
        if (std::isinf(a.value)) {
          EXPECT_EQ(a.value, b.value);
          continue;
        }
        EXPECT_NEAR(a.value, b.value, 1e-10);
        EXPECT_NEAR(a.outside, b.outside, 1e-13);
        const double step = low ? -1e-6 : 1e-6;
        const Tails outside = listed(moved(x, a.value + step), y), inside = listed(moved(x, a.value - step), y);
        EXPECT_LE(low ? outside.greater : outside.less, alpha + 1e-12);
        EXPECT_GT(low ? inside.greater : inside.less, alpha);
        EXPECT_NEAR(low ? outside.greater : outside.less, a.outside, 1e-12);
      }
    }
  }
}

TEST(GroupPermutation, ByhandThreeAgainstTwo) {
  // 5, 6, 9 against 1, 2: one of ten relabellings is as large.
  TwoOptions o = options_of(TwoMethod::permutation);
  o.alternative = Alternative::greater;
  const TwoRow row = solve({5, 6, 9}, {1, 2}, o, {1.0});
  EXPECT_NEAR(row.p_value, 0.1, 1e-15);
  EXPECT_NEAR(row.statistic, 20.0 / 3.0 - 1.5 - 1.0, 1e-14);
  EXPECT_EQ(row.conf_low, -infinity);
  EXPECT_EQ(row.distribution, Distribution::exact);
}

TEST(GroupPermutation, PropertyValuesOffTheGridAndDraws) {
  std::mt19937 engine(23);
  Values x = draw(engine, 8, 1000), y = draw(engine, 7, 1000);
  const TwoRow grid = solve(x, y, options_of(TwoMethod::permutation));
  for (Values* v : {&x, &y}) {
    for (double& u : *v) {
      u /= 3.0;
    }
  }
  const TwoRow off = solve(x, y, options_of(TwoMethod::permutation), {}, false);
  EXPECT_NEAR(off.p_value, grid.p_value, 1e-14);
  EXPECT_NEAR(off.conf_low, grid.conf_low / 3.0, 1e-10);
  EXPECT_NEAR(off.conf_high, grid.conf_high / 3.0, 1e-10);
  TwoOptions drawn = options_of(TwoMethod::permutation, Distribution::monte_carlo);
  drawn.replicates = 5000;
  const TwoRow sampled = solve(x, y, drawn, {}, false);
  EXPECT_LE(sampled.p_low, grid.p_value);
  EXPECT_GE(sampled.p_high, grid.p_value);
  EXPECT_NEAR(sampled.conf_low, off.conf_low, 0.1 * (off.conf_high - off.conf_low));
  EXPECT_TRUE(sampled.p_matches);
  // Drawn p and drawn limits invert each other.
  for (double null = off.conf_low - 20.0; null < off.conf_high + 20.0; null += 7.1) {
    const TwoRow at = solve(x, y, drawn, {null}, false);
    EXPECT_EQ(at.p_value > 0.05, sampled.conf_low < null && null < sampled.conf_high);
  }
}

TEST(GroupPermutation, EdgeStatuses) {
  const TwoOptions o = options_of(TwoMethod::permutation);
  EXPECT_EQ(solve({}, {}, o).status, Status::no_data);
  EXPECT_EQ(solve({1}, {}, o).status, Status::one_group_empty);
  const TwoRow one = solve({3}, {1}, o);
  EXPECT_EQ(one.p_value, 1.0);
  EXPECT_EQ(one.conf_high, infinity);
  EXPECT_EQ(solve({2, 2}, {2, 2, 2}, o).p_value, 1.0);
  EXPECT_EQ(solve({2, 2}, {2, 2, 2}, o).status, Status::no_variance);
  TwoOptions exact = options_of(TwoMethod::permutation, Distribution::exact);
  exact.exact_limit = 3.0;
  EXPECT_EQ(solve({2, 3}, {2, 5, 9}, exact).status, Status::too_large);
}

TEST(GroupBootstrap, PropertyPInvertsTheLimitsAndSpreadIsThatOfTheMeans) {
  std::mt19937 engine(24);
  const Values x = draw(engine, 25, 100), y = draw(engine, 30, 60);
  for (const bool bca : {true, false}) {
    TwoOptions o = options_of(TwoMethod::bootstrap);
    o.bca = bca;
    o.replicates = 4000;
    const TwoRow row = solve(x, y, o);
    const Moments a = Moments::of(span(x)), b = Moments::of(span(y));
    EXPECT_NEAR(row.std_error, std::sqrt(a.ss / a.n / a.n + b.ss / b.n / b.n), 0.05 * row.std_error);
    EXPECT_EQ(row.conf_method, bca ? ConfMethod::bca : ConfMethod::percentile);
    for (const double null : {row.conf_low, row.conf_high}) {
      EXPECT_GT(solve(x, y, o, {null}).p_value, 0.05);
      EXPECT_LE(solve(x, y, o, {null + (null == row.conf_low ? -0.2 : 0.2)}).p_value, 0.05);
    }
    Values z = x;
    std::reverse(z.begin(), z.end());
    EXPECT_EQ(solve(z, y, o).conf_low, row.conf_low);
  }
}

TEST(GroupBootstrap, EdgeStatuses) {
  TwoOptions o = options_of(TwoMethod::bootstrap);
  o.replicates = 50;
  EXPECT_EQ(solve({}, {}, o).status, Status::no_data);
  EXPECT_EQ(solve({1, 2}, {3}, o).status, Status::too_few);
  EXPECT_EQ(solve({1, 1}, {3, 3}, o).status, Status::no_variance);
  const TwoRow small = solve({1, 2, 3}, {3, 5}, o);
  EXPECT_NE(small.notes & static_cast<std::uint32_t>(Note::small_arms), 0u);
}

TEST(Variances, OracleRatioAndItsInterval) {
  const Values x{1, 4, 8, 9, 15}, y{2, 3, 3, 6};
  const TwoRow row = solve(x, y, options_of(TwoMethod::f), {1.0});
  const double ratio = Moments::of(span(x)).variance() / Moments::of(span(y)).variance();
  EXPECT_NEAR(row.estimate, ratio, 1e-12);
  EXPECT_NEAR(row.p_value, 2.0 * special::f_cdf(ratio, 4, 3, special::Tail::upper), 1e-13);
  EXPECT_NEAR(special::f_cdf(ratio / row.conf_low, 4, 3, special::Tail::upper), 0.025, 1e-12);
  EXPECT_NEAR(special::f_cdf(ratio / row.conf_high, 4, 3, special::Tail::lower), 0.025, 1e-12);
  TwoOptions o = options_of(TwoMethod::f);
  o.alternative = Alternative::less;
  const TwoRow less = solve(x, y, o, {2.0});
  EXPECT_NEAR(less.p_value, special::f_cdf(ratio / 2.0, 4, 3), 1e-13);
  EXPECT_EQ(less.conf_low, 0.0);
}

TEST(Variances, OracleLeveneAndBrownForsytheAreTheFOfDeviations) {
  const Values x{1, 4, 8, 9, 15}, y{2, 3, 3, 6, 7, 11};
  const auto f_of = [](Values a, double ca, Values b, double cb) {
    for (double& v : a) {
      v = std::fabs(v - ca);
    }
    for (double& v : b) {
      v = std::fabs(v - cb);
    }
    const Moments p = Moments::of(span(a)), q = Moments::of(span(b)), all = Moments::merge(p, q);
    return (all.ss - p.ss - q.ss) / ((p.ss + q.ss) / 9.0);
  };
  const double by_mean = f_of(x, 7.4, y, 32.0 / 6.0), by_median = f_of(x, 8.0, y, 4.5);
  const TwoRow levene = solve(x, y, options_of(TwoMethod::levene)), bf = solve(x, y, options_of(TwoMethod::brown_forsythe));
  EXPECT_NEAR(levene.statistic, by_mean, 1e-12);
  EXPECT_NEAR(levene.p_value, special::f_cdf(by_mean, 1, 9, special::Tail::upper), 1e-13);
  EXPECT_EQ(levene.df, 1.0);
  EXPECT_EQ(levene.df_denominator, 9.0);
  EXPECT_NEAR(bf.statistic, by_median, 1e-12);
  EXPECT_NEAR(bf.p_value, special::f_cdf(by_median, 1, 9, special::Tail::upper), 1e-13);
}

TEST(Variances, OracleFlignerByScores) {
  const Values x{1, 4, 8, 9, 15}, y{2, 3, 3, 6, 7, 11};
  Values d;
  for (const double v : x) {
    d.push_back(std::fabs(v - 8.0));
  }
  for (const double v : y) {
    d.push_back(std::fabs(v - 4.5));
  }
  Values score;
  for (const double v : d) {
    double rank = 0.5;
    for (const double u : d) {
      rank += u < v ? 1.0 : u == v ? 0.5 : 0.0;
    }
    score.push_back(special::normal_quantile(0.5 * (1.0 + rank / 12.0)));
  }
  const Moments all = Moments::of(span(score)), a = Moments::of({score.data(), 5}), b = Moments::of({score.data() + 5, 6});
  const double p = a.mean - all.mean, q = b.mean - all.mean, chi = (5.0 * p * p + 6.0 * q * q) / all.variance();
  const TwoRow row = solve(x, y, options_of(TwoMethod::fligner));
  EXPECT_NEAR(row.statistic, chi, 1e-12);
  EXPECT_NEAR(row.p_value, special::chisq_cdf(chi, 1, special::Tail::upper), 1e-13);
  TwoOptions o = options_of(TwoMethod::fligner);
  o.alternative = Alternative::greater;
  EXPECT_NEAR(solve(x, y, o).p_value, row.estimate > 0 ? 0.5 * row.p_value : 1.0 - 0.5 * row.p_value, 1e-13);
}

TEST(Variances, EdgeStatuses) {
  for (const TwoMethod method : {TwoMethod::f, TwoMethod::levene, TwoMethod::brown_forsythe, TwoMethod::fligner}) {
    const TwoOptions o = options_of(method);
    EXPECT_EQ(solve({}, {}, o, {1.0}).status, Status::no_data);
    EXPECT_EQ(solve({1, 2}, {}, o, {1.0}).status, Status::one_group_empty);
    EXPECT_EQ(solve({1, 2}, {3}, o, {1.0}).status, Status::too_few);
    EXPECT_EQ(solve({2, 2}, {3, 3}, o, {1.0}).status, Status::no_variance);
  }
  EXPECT_EQ(solve({2, 2}, {3, 5}, options_of(TwoMethod::f), {1.0}).estimate, 0.0);
  // Both values of an arm of two lie equally far from their median, whatever the rounding.
  EXPECT_EQ(solve({0.1, 0.4}, {0.2, 0.5}, options_of(TwoMethod::brown_forsythe), {}, false).status, Status::no_variance);
}

TEST(Special, OracleTwoSidedTIsTwiceTheTail) {
  for (const double df : {1.0, 2.0, 3.0, 4.0, 5.0, 17.0, 60.0, 61.0, 255.0, 256.0, 257.0, 258.0, 2.5, 61.5, 1e6}) {
    for (const double t : {0.0, 1e-8, 0.3, -1.0, 1.9, 2.33, -4.0, 40.0, 1e10}) {
      const double p = 2.0 * special::t_cdf(-std::fabs(t), df);
      EXPECT_NEAR(special::t_two_sided(t, df), p, 1e-13 * p) << t << " " << df;  // a hundredth of 1 loses two digits
    }
  }
  EXPECT_TRUE(std::isnan(special::t_two_sided(missing, 10.0)));
}

TEST(Special, OracleFQuantileIsTheInverse) {
  for (const double df1 : {1.0, 4.0, 30.5}) {
    for (const double df2 : {1.0, 7.0, 400.0}) {
      for (const double p : {1e-10, 0.025, 0.5, 0.999}) {
        EXPECT_NEAR(special::f_cdf(special::f_quantile(p, df1, df2), df1, df2), p, 1e-12 * p + 1e-15);
        const double above = special::f_quantile(p, df1, df2, special::Tail::upper);
        EXPECT_NEAR(special::f_cdf(above, df1, df2, special::Tail::upper), p, 1e-12 * p + 1e-15);
      }
    }
  }
  EXPECT_TRUE(std::isnan(special::f_quantile(0.0, 1, 1)));
}

}  // namespace
