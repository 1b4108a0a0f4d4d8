// Exact conditional logistic regression against a listing of all 2^n responses, the hypergeometric distribution of 2 x 2
// tables in strata, closed forms, a figure that SAS prints, and its own properties.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <map>
#include <random>
#include <vector>

#include "respondr/logistic/exact.hpp"

namespace {

using namespace respondr;
using namespace respondr::logistic;

struct Data {
  std::vector<std::vector<double>> columns;
  std::vector<double> y, weight, offset;
  std::vector<int> strata;
};

ExactResult solve(const Data& d, std::vector<std::vector<std::size_t>> sets, bool midp = false, double limit = 2e7,
                  double level = 0.95) {
  std::vector<double> x;
  for (const auto& c : d.columns) {
    x.insert(x.end(), c.begin(), c.end());
  }
  ExactInput in;
  in.x = x.data();
  in.n = d.y.size();
  in.p = d.columns.size();
  in.y = d.y.data();
  in.weight = d.weight.empty() ? nullptr : d.weight.data();
  in.offset = d.offset.empty() ? nullptr : d.offset.data();
  in.strata = d.strata.empty() ? nullptr : d.strata.data();
  ExactOptions o;
  o.sets = std::move(sets);
  o.midp = midp;
  o.limit = limit;
  o.conf_level = level;
  ExactResult out;
  solve_exact(in, o, out);
  return out;
}

// ---- the oracle: every response vector with the observed sums of the nuisance columns ----

using Point = std::vector<double>;

std::map<Point, double> listing(const Data& d, const std::vector<std::size_t>& interest, double scale) {
  const std::size_t n = d.y.size(), p = d.columns.size();
  const int strata = d.strata.empty() ? 0 : *std::max_element(d.strata.begin(), d.strata.end());
  const auto sums = [&](std::uint32_t response, Point& wanted, Point& rest) {
    wanted.clear();
    rest.clear();
    for (std::size_t c = 0; c < p; ++c) {
      double sum = 0.0;
      for (std::size_t i = 0; i < n; ++i) {
        sum += (response >> i & 1u) != 0 ? d.columns[c][i] : 0.0;
      }
      (std::find(interest.begin(), interest.end(), c) != interest.end() ? wanted : rest).push_back(std::rint(sum * scale));
    }
    for (int s = 1; s <= strata; ++s) {
      double events = 0.0;
      for (std::size_t i = 0; i < n; ++i) {
        events += d.strata[i] == s && (response >> i & 1u) != 0 ? 1.0 : 0.0;
      }
      rest.push_back(events);
    }
  };
  std::uint32_t seen = 0;
  for (std::size_t i = 0; i < n; ++i) {
    seen |= d.y[i] > 0.5 ? 1u << i : 0u;
  }
  Point observed, given, wanted, rest;
  sums(seen, observed, given);
  std::map<Point, double> out;
  double total = 0.0;
  for (std::uint32_t r = 0; r < (1u << n); ++r) {
    sums(r, wanted, rest);
    if (rest == given) {
      double tilt = 0.0;
      for (std::size_t i = 0; i < n && !d.offset.empty(); ++i) {
        tilt += (r >> i & 1u) != 0 ? d.offset[i] : 0.0;
      }
      out[wanted] += std::exp(tilt);
      total += std::exp(tilt);
    }
  }
  for (auto& point : out) {
    point.second /= total;
  }
  return out;
}

Point observed_of(const Data& d, const std::vector<std::size_t>& interest, double scale) {
  Point out;
  for (const std::size_t c : interest) {
    double sum = 0.0;
    for (std::size_t i = 0; i < d.y.size(); ++i) {
      sum += d.y[i] * d.columns[c][i];
    }
    out.push_back(std::rint(sum * scale));
  }
  return out;
}

double tail_at(const std::map<Point, double>& f, double t, double beta, double scale, bool upper, double share) {
  long double total = 0.0L, tail = 0.0L;
  for (const auto& [u, mass] : f) {
    const long double w = static_cast<long double>(mass) * std::exp(static_cast<long double>(beta * (u[0] - t) / scale));
    total += w;
    tail += u[0] == t ? share * w : (upper ? u[0] > t : u[0] < t) ? w : 0.0L;
  }
  return static_cast<double>(tail / total);
}

double mean_at(const std::map<Point, double>& f, double beta, double scale) {
  long double total = 0.0L, sum = 0.0L;
  for (const auto& [u, mass] : f) {
    const long double w = static_cast<long double>(mass) * std::exp(static_cast<long double>(beta * u[0] / scale));
    total += w;
    sum += w * u[0] / scale;
  }
  return static_cast<double>(sum / total);
}

void expect_parameter(const Data& d, std::size_t column, const ExactParameter& r, double scale, bool midp) {
  const auto f = listing(d, {column}, scale);
  const double t = observed_of(d, {column}, scale)[0], share = midp ? 0.5 : 1.0;
  if (f.size() == 1) {
    EXPECT_TRUE(r.status == Status::not_estimable || r.status == Status::one_level);
    return;
  }
  EXPECT_EQ(r.support, static_cast<int>(f.size()));
  EXPECT_NEAR(r.statistic, t / scale, 1e-9);
  EXPECT_NEAR(r.statistic_low, f.begin()->first[0] / scale, 1e-9);
  EXPECT_NEAR(r.statistic_high, f.rbegin()->first[0] / scale, 1e-9);
  EXPECT_NEAR(r.probability, f.at({t}), 1e-12);
  const bool lowest = f.begin()->first[0] == t, highest = f.rbegin()->first[0] == t;
  EXPECT_EQ(r.status, lowest || highest ? Status::boundary : Status::ok);
  if (lowest || highest) {
    EXPECT_NEAR(tail_at(f, t, r.estimate, scale, highest, 1.0), 0.5, 1e-10);
  } else {
    EXPECT_NEAR(mean_at(f, r.estimate, scale), t / scale, 1e-9 * (1.0 + std::fabs(t / scale)));
  }
  EXPECT_EQ(std::isinf(r.conf_low), lowest);
  EXPECT_EQ(std::isinf(r.conf_high), highest);
  EXPECT_NEAR(lowest ? 0.025 : tail_at(f, t, r.conf_low, scale, true, share), 0.025, 1e-11);
  EXPECT_NEAR(highest ? 0.025 : tail_at(f, t, r.conf_high, scale, false, share), 0.025, 1e-11);
  const double up = tail_at(f, t, 0.0, scale, true, share), down = tail_at(f, t, 0.0, scale, false, share);
  EXPECT_NEAR(r.p_value, std::min(1.0, 2.0 * std::min(up, down)), 1e-12);
}

// Score and probability test of a set, with the covariance inverted by Cramer for one and two columns.
void expect_test(const Data& d, const std::vector<std::size_t>& set, const ExactTest& r, double scale) {
  const auto f = listing(d, set, scale);
  const Point t = observed_of(d, set, scale);
  if (f.size() == 1) {
    EXPECT_NE(r.status, Status::ok);
    return;
  }
  const std::size_t k = set.size();
  double m[2] = {0, 0}, v[3] = {0, 0, 0};
  for (const auto& [u, mass] : f) {
    for (std::size_t a = 0; a < k; ++a) m[a] += mass * u[a];
  }
  for (const auto& [u, mass] : f) {
    v[0] += mass * (u[0] - m[0]) * (u[0] - m[0]);
    if (k == 2) {
      v[1] += mass * (u[0] - m[0]) * (u[1] - m[1]);
      v[2] += mass * (u[1] - m[1]) * (u[1] - m[1]);
    }
  }
  const double det = v[0] * v[2] - v[1] * v[1];
  if (k == 2 && det < 1e-8 * v[0] * v[2]) {
    EXPECT_EQ(r.df, v[0] > 1e-9 || v[2] > 1e-9 ? 1.0 : 0.0);
    return;
  }
  const auto score = [&](const Point& u) {
    const double a = u[0] - m[0];
    if (k == 1) return a * a / v[0];
    const double b = u[1] - m[1];
    return (v[2] * a * a - 2.0 * v[1] * a * b + v[0] * b * b) / det;
  };
  double p_score = 0.0, p_probability = 0.0;
  for (const auto& [u, mass] : f) {
    p_score += score(u) >= score(t) * (1.0 - 1e-9) ? mass : 0.0;
    p_probability += mass <= f.at(t) * (1.0 + 1e-7) ? mass : 0.0;
  }
  EXPECT_EQ(r.df, static_cast<double>(k));
  EXPECT_NEAR(r.score, score(t), 1e-8 * (1.0 + score(t)));
  EXPECT_NEAR(r.p_score, p_score, 1e-11);
  EXPECT_NEAR(r.p_score_midp, p_score - 0.5 * f.at(t), 1e-11);
  EXPECT_NEAR(r.p_probability, p_probability, 1e-11);
  EXPECT_NEAR(r.probability, f.at(t), 1e-12);
}

Data random_data(std::mt19937& engine, std::size_t n, bool strata, bool offset, bool decimals) {
  Data d;
  d.columns.assign(4, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) {
    d.columns[0][i] = 1.0;
    d.columns[1][i] = static_cast<double>(engine() % 2);
    d.columns[2][i] = static_cast<double>(engine() % 5) * (decimals ? 0.1 : 1.0);
    d.columns[3][i] = static_cast<double>(engine() % 3) - 1.0;
    d.y.push_back(static_cast<double>(engine() % 2));
    if (strata) d.strata.push_back(1 + static_cast<int>(engine() % 3));
    if (offset) d.offset.push_back(0.25 * static_cast<double>(engine() % 4));
  }
  return d;
}

TEST(LogisticExact, EveryFigureIsThatOfAListingOfAllResponses) {
  std::mt19937 engine(20);
  for (int round = 0; round < 40; ++round) {
    const bool strata = round % 4 == 1, offset = round % 4 == 2, decimals = round % 2 == 0, midp = round % 3 == 0;
    const Data d = random_data(engine, 8 + engine() % 4, strata, offset, decimals);
    SCOPED_TRACE(round);
    const ExactResult r = solve(d, {{1}, {2, 3}}, midp);
    ASSERT_EQ(r.parameters.size(), 3u);
    ASSERT_EQ(r.tests.size(), 3u);
    expect_parameter(d, 1, r.parameters[0], 10.0, midp);
    expect_parameter(d, 2, r.parameters[1], 10.0, midp);
    expect_parameter(d, 3, r.parameters[2], 10.0, midp);
    expect_test(d, {1}, r.tests[0], 10.0);
    expect_test(d, {2, 3}, r.tests[1], 10.0);
  }
}

TEST(LogisticExact, WithoutAnInterceptNothingButTheOtherSumsIsGiven) {
  std::mt19937 engine(3);
  for (int round = 0; round < 10; ++round) {
    Data d = random_data(engine, 10, false, false, true);
    d.columns.erase(d.columns.begin());
    const ExactResult r = solve(d, {{0}, {2}});
    expect_parameter(d, 0, r.parameters[0], 10.0, false);
    expect_parameter(d, 2, r.parameters[1], 10.0, false);
    expect_test(d, {0, 2}, r.tests[2], 10.0);
  }
}

TEST(LogisticExact, TheInterceptItselfMayBeAsked) {
  std::mt19937 engine(5);
  const Data d = random_data(engine, 11, false, false, false);
  const ExactResult r = solve(d, {{0}});
  expect_parameter(d, 0, r.parameters[0], 1.0, false);
}


Data grouped(std::vector<std::vector<double>> columns, const std::vector<double>& events, std::vector<double> trials) {
  Data d;
  d.columns = std::move(columns);
  d.columns.insert(d.columns.begin(), std::vector<double>(events.size(), 1.0));
  for (std::size_t i = 0; i < events.size(); ++i) {
    d.y.push_back(trials[i] > 0.0 ? events[i] / trials[i] : 0.0);
  }
  d.weight = std::move(trials);
  return d;
}

TEST(LogisticExact, SasPrintsTheseForARowWithoutEvents) {
  // 0 of 100 against 5 of 100: SAS PROC LOGISTIC EXACT, printed by Kleinman (SAS and R blog, example 8.16, 2010).
  const ExactResult r = solve(grouped({{0, 1}}, {0, 5}, {100, 100}), {{1}});
  EXPECT_NEAR(r.parameters[0].estimate, 1.9414, 5e-5);
  EXPECT_NEAR(r.parameters[0].conf_low, -0.0677, 5e-5);
  EXPECT_EQ(r.parameters[0].conf_high, infinity);
  EXPECT_NEAR(r.parameters[0].p_value, 0.0594, 5e-5);
  EXPECT_EQ(r.parameters[0].unbiased, 1);
}

TEST(LogisticExact, ThreeCellsAreAMultivariateHypergeometricDistribution) {
  // By hand: children of Hand et al. (1994), 13 of 21, 0 of 8 and 15 of 20 recovered; 28 of 49 in all.
  const ExactResult r = solve(grouped({{1, 0, 0}, {0, 1, 0}}, {13, 0, 15}, {21, 8, 20}), {{1}, {2}});
  const double spread = 28.0 * 21.0 / 48.0, a = 21.0 / 49.0, b = 8.0 / 49.0;
  const double v11 = spread * a * (1.0 - a), v22 = spread * b * (1.0 - b), v12 = -spread * a * b;
  const double d1 = 13.0 - 28.0 * a, d2 = -28.0 * b;
  const double score = (v22 * d1 * d1 - 2.0 * v12 * d1 * d2 + v11 * d2 * d2) / (v11 * v22 - v12 * v12);
  EXPECT_NEAR(r.tests[2].score, score, 1e-10 * score);
  const auto log_choose = [](double n, double k) {
    return std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1);
  };
  // None of the 8 among the 15 who recovered of 28.
  EXPECT_NEAR(r.parameters[1].p_value, 2.0 * std::exp(log_choose(20, 15) - log_choose(28, 15)), 1e-14);
  EXPECT_EQ(r.parameters[1].conf_low, -infinity);
}

// log odds ratio of the conditional maximum likelihood and the exact limits of 2 x 2 tables in strata, by their own sums.
std::map<Point, double> tables(const std::vector<std::array<int, 4>>& strata) {
  std::map<Point, double> out{{{0.0}, 1.0}};
  for (const auto& [x1, n1, x0, n0] : strata) {
    std::map<Point, double> next;
    for (const auto& [u, mass] : out) {
      for (int x = std::max(0, x1 + x0 - n0); x <= std::min(n1, x1 + x0); ++x) {
        next[{u[0] + x}] += mass * std::exp(std::lgamma(n1 + 1.0) - std::lgamma(x + 1.0) - std::lgamma(n1 - x + 1.0) +
                                            std::lgamma(n0 + 1.0) - std::lgamma(x1 + x0 - x + 1.0) -
                                            std::lgamma(n0 - x1 - x0 + x + 1.0));
      }
    }
    out.swap(next);
  }
  return out;
}

TEST(LogisticExact, TablesInStrataHaveTheHypergeometricDistribution) {
  const std::vector<std::array<int, 4>> strata = {{16, 27, 5, 25}, {12, 28, 7, 26}, {0, 4, 3, 9}, {5, 5, 6, 6}};
  Data d;
  d.columns.assign(1, {});
  double t = 0.0;
  for (std::size_t s = 0; s < strata.size(); ++s) {
    const auto& [x1, n1, x0, n0] = strata[s];
    d.columns[0].insert(d.columns[0].end(), {1.0, 0.0});
    d.y.insert(d.y.end(), {static_cast<double>(x1) / n1, static_cast<double>(x0) / n0});
    d.weight.insert(d.weight.end(), {static_cast<double>(n1), static_cast<double>(n0)});
    d.strata.insert(d.strata.end(), 2, static_cast<int>(s) + 1);
    t += x1;
  }
  const auto f = tables(strata);
  const ExactParameter r = solve(d, {{0}}).parameters[0];
  EXPECT_EQ(r.support, static_cast<int>(f.size()));
  EXPECT_NEAR(mean_at(f, r.estimate, 1.0), t, 1e-9);
  EXPECT_NEAR(tail_at(f, t, r.conf_low, 1.0, true, 1.0), 0.025, 1e-10);
  EXPECT_NEAR(tail_at(f, t, r.conf_high, 1.0, false, 1.0), 0.025, 1e-10);
}

TEST(LogisticExact, FrequenciesAreRowsWrittenOut) {
  const Data d = grouped({{0, 1, 0, 1, 2}, {0, 0, 1, 1, 0}}, {1, 3, 0, 4, 2}, {4, 5, 3, 4, 6});
  Data rows;
  rows.columns.assign(3, {});
  for (std::size_t i = 0; i < d.y.size(); ++i) {
    for (double k = 0; k < d.weight[i]; ++k) {
      for (std::size_t c = 0; c < 3; ++c) rows.columns[c].push_back(d.columns[c][i]);
      rows.y.push_back(k < std::rint(d.y[i] * d.weight[i]) ? 1.0 : 0.0);
    }
  }
  const ExactResult a = solve(d, {{1}, {2}}), b = solve(rows, {{1}, {2}});
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(a.parameters[i].estimate, b.parameters[i].estimate);
    EXPECT_EQ(a.parameters[i].conf_low, b.parameters[i].conf_low);
    EXPECT_EQ(a.tests[i].p_score, b.tests[i].p_score);
  }
}

TEST(LogisticExact, OrderOfRowsAndPlaceInMemoryChangeNoBit) {
  std::mt19937 engine(11);
  Data d = random_data(engine, 30, false, false, true);
  const ExactResult first = solve(d, {{2}, {1, 3}});
  for (int round = 0; round < 8; ++round) {
    for (std::size_t i = d.y.size() - 1; i > 0; --i) {
      const std::size_t j = engine() % (i + 1);
      for (auto& c : d.columns) std::swap(c[i], c[j]);
      std::swap(d.y[i], d.y[j]);
    }
    std::vector<std::vector<double>> room(static_cast<std::size_t>(round) + 1, std::vector<double>(3));
    const ExactResult again = solve(d, {{2}, {1, 3}});
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_EQ(first.parameters[k].estimate, again.parameters[k].estimate);
      EXPECT_EQ(first.parameters[k].conf_high, again.parameters[k].conf_high);
      EXPECT_EQ(first.tests[k].score, again.tests[k].score);
      EXPECT_EQ(first.tests[k].p_probability, again.tests[k].p_probability);
    }
  }
}

TEST(LogisticExact, ScaleAndOriginOfACovariateChangeOnlyItsUnit) {
  std::mt19937 engine(12);
  const Data d = random_data(engine, 24, false, false, true);
  const ExactResult plain = solve(d, {{2}});
  const double factor[] = {1e12, 1e-12, 1e150, 1e-150, 1.0, 1.0 / 7.0}, origin[] = {0.0, 0.0, 0.0, 0.0, 1e6, 0.3};
  for (int k = 0; k < 6; ++k) {
    Data moved = d;
    for (auto& v : moved.columns[2]) v = (v + origin[k]) * factor[k];
    const ExactResult r = solve(moved, {{2}});
    EXPECT_EQ(r.parameters[0].support, plain.parameters[0].support) << k;
    // 1e-8: an origin of 1e6 leaves ten digits of the values.
    EXPECT_NEAR(r.parameters[0].conf_low * factor[k] / plain.parameters[0].conf_low, 1.0, 1e-8) << k;
    EXPECT_NEAR(r.tests[0].p_score, plain.tests[0].p_score, 1e-12) << k;
  }
}

TEST(LogisticExact, ThePAndTheLimitsDecideAlike) {
  std::mt19937 engine(13);
  for (int round = 0; round < 30; ++round) {
    const bool midp = round % 2 == 0;
    const ExactResult r = solve(random_data(engine, 16, false, false, false), {{1}, {3}}, midp, 2e7, 0.8);
    for (const ExactParameter& p : r.parameters) {
      if (p.status == Status::ok || p.status == Status::boundary) {
        EXPECT_EQ(p.p_value < 0.2, p.conf_low > 0.0 || p.conf_high < 0.0);
        EXPECT_TRUE(p.conf_low <= p.estimate && p.estimate <= p.conf_high);
      }
    }
  }
}

TEST(LogisticExact, TurningTheResponseRoundTurnsTheSigns) {
  std::mt19937 engine(14);
  Data d = random_data(engine, 18, true, false, true);
  const ExactParameter a = solve(d, {{2}}).parameters[0];
  for (double& y : d.y) y = 1.0 - y;
  const ExactParameter b = solve(d, {{2}}).parameters[0];
  EXPECT_NEAR(a.estimate, -b.estimate, 1e-10);
  EXPECT_NEAR(a.conf_low, -b.conf_high, 1e-10);
  EXPECT_NEAR(a.p_probability, b.p_probability, 1e-12);
}

TEST(LogisticExact, WhatCannotBeAnsweredSaysWhy) {
  Data d = grouped({{0, 1, 2}}, {3, 3, 3}, {3, 3, 3});
  EXPECT_EQ(solve(d, {{1}}).parameters[0].status, Status::one_level);
  d = grouped({{0, 1, 2}}, {0, 0, 0}, {0, 0, 0});
  EXPECT_EQ(solve(d, {{1}}).parameters[0].status, Status::no_data);
  d = grouped({{0, 1, 2}, {0, 2, 4}}, {1, 1, 2}, {3, 3, 3});
  EXPECT_EQ(solve(d, {{2}}).parameters[0].status, Status::not_estimable) << "it is a copy of a column before it";
  const ExactResult alone = solve(grouped({{0, 1, 2}}, {1, 1, 2}, {3, 3, 3}), {{1}});
  EXPECT_EQ(solve(d, {{1}}).parameters[0].estimate, alone.parameters[0].estimate) << "a fit leaves the second copy out";
  const ExactResult both = solve(d, {{1}, {2}});
  EXPECT_EQ(both.parameters[0].conf_high, alone.parameters[0].conf_high);
  EXPECT_EQ(both.parameters[1].status, Status::not_estimable);
  EXPECT_EQ(both.tests[1].status, Status::not_estimable);
  EXPECT_EQ(both.tests[2].p_score, alone.tests[0].p_score);
  d = grouped({{4, 4, 4}}, {1, 1, 2}, {3, 3, 3});
  EXPECT_EQ(solve(d, {{1}}).tests[0].status, Status::not_estimable) << "constant";
  Data empty;
  empty.columns.assign(2, {});
  EXPECT_EQ(solve(empty, {{1}}).tests[0].status, Status::no_data);
  d = grouped({{0, 1, 2}}, {1, 1, 2}, {3, 3, 2.5});
  EXPECT_THROW(solve(d, {{1}}), input_error);
  d = grouped({{0, 1, infinity}}, {1, 1, 2}, {3, 3, 3});
  EXPECT_THROW(solve(d, {{1}}), input_error);
  EXPECT_THROW(solve(grouped({{0, 1}}, {1, 2}, {3, 3}), {{1}, {1}}), input_error);
}

TEST(LogisticExact, BeyondTheLimitThePartsAreTriedByThemselves) {
  std::mt19937 engine(15);
  Data d = random_data(engine, 60, false, false, false);
  const ExactResult all = solve(d, {{1}, {2, 3}});
  ASSERT_EQ(all.tests[2].status, Status::ok);
  const ExactResult some = solve(d, {{1}, {2, 3}}, false, all.tests[2].work - 1.0);
  EXPECT_EQ(some.tests[2].status, Status::too_large);
  EXPECT_EQ(some.parameters[0].status, all.parameters[0].status);
  EXPECT_NEAR(some.parameters[0].conf_low, all.parameters[0].conf_low, 1e-9);
  EXPECT_NEAR(some.tests[1].p_score, all.tests[1].p_score, 1e-11);
  const ExactResult none = solve(d, {{1}, {2, 3}}, false, 10.0);
  for (const ExactParameter& p : none.parameters) {
    EXPECT_EQ(p.status, Status::too_large);
    EXPECT_FALSE(std::isnan(p.statistic));
  }
}

TEST(LogisticExact, LongSeriesKeepTheirTails) {
  // One table of 2 x 2,000 patients: binomial numbers far beyond the range of a double.
  const ExactParameter r = solve(grouped({{0, 1}}, {900, 1000}, {2000, 2000}), {{1}}).parameters[0];
  EXPECT_EQ(r.status, Status::ok);
  EXPECT_NEAR(r.estimate, 0.2005, 1e-3);
  EXPECT_NEAR(r.std_error, std::sqrt(1 / 900.0 + 1 / 1100.0 + 2 / 1000.0), 1e-4);
}

}  // namespace
