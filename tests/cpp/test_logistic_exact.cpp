// Exact conditional logistic regression against a listing of all 2^n responses, the hypergeometric distribution of 2 x 2
// tables in strata, figures that SAS and Stata print, and its own properties.

#include <gtest/gtest.h>

#include <algorithm>
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

}  // namespace
