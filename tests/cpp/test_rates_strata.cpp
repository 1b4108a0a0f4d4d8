// Two arms in strata: sums over all tables as the oracle of the exact tests, printed values, each p against the interval of
// its own test, strata that say nothing.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "respondr/rates/table_map.hpp"

namespace {

using namespace respondr;
using namespace respondr::rates;
using Strata = std::vector<Stratum>;

std::vector<int> counts_of(const Strata& strata) {
  std::vector<int> out;
  for (const Stratum& h : strata) {
    out.insert(out.end(), {h.n0 - h.x0, h.n1 - h.x1, h.x0, h.x1});
  }
  return out;
}

TableRow solve(const Strata& strata, StrataMethod method, const StrataOptions& o = {}) {
  const std::vector<int> counts = counts_of(strata);
  StrataWorkspace w;
  TableRow row;
  solve_strata(o, method, {counts.data(), strata.size()}, 7, w, row);
  return row;
}

StrataOptions about(StrataEstimand e, StrataInterval i = StrataInterval::test) {
  StrataOptions o;
  o.estimand = e;
  o.interval = i;
  return o;
}

StrataOptions exactly(Alternative a, TableTwoSided rule, bool mid = false, double level = 0.95) {
  StrataOptions o;
  o.alternative = a;
  o.two_sided = rule;
  o.mid_p = mid;
  o.conf_level = level;
  return o;
}

const Strata migraine = {{16, 27, 5, 25}, {12, 28, 7, 26}};

Strata random_strata(std::mt19937& engine, std::size_t most, int patients) {
  Strata out(1 + engine() % most);
  for (Stratum& h : out) {
    h.n1 = static_cast<int>(engine() % static_cast<unsigned>(patients));
    h.n0 = static_cast<int>(engine() % static_cast<unsigned>(patients));
    h.x1 = static_cast<int>(engine() % static_cast<unsigned>(h.n1 + 1));
    h.x0 = static_cast<int>(engine() % static_cast<unsigned>(h.n0 + 1));
  }
  return out;
}

double choose(int n, int k) { return std::exp(std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0)); }

// see(T, weight at psi, probability of the configuration given the margins up to a constant) over all configurations.
template <class See>
void configurations(const Strata& strata, double psi, See&& see, std::size_t s = 0, int t = 0, double weight = 1.0,
                    double plain = 1.0) {
  if (s == strata.size()) {
    see(t, weight, plain);
    return;
  }
  const Stratum& h = strata[s];
  for (int x = h.low(); x <= h.high(); ++x) {
    const double p = choose(h.n1, x) * choose(h.n0, h.events() - x);
    configurations(strata, psi, see, s + 1, t + x, weight * p * std::pow(psi, x), plain * p);
  }
}

std::vector<double> distribution_of_t(const Strata& strata, double psi) {
  std::vector<double> p(200, 0.0);
  double sum = 0.0;
  configurations(strata, psi, [&](int t, double w, double) { p[static_cast<std::size_t>(t)] += w, sum += w; });
  for (double& q : p) q /= sum;
  return p;
}

int total(const Strata& strata) {
  int t = 0;
  for (const Stratum& h : strata) t += h.x1;
  return t;
}

double naive_p(const Strata& strata, double psi, Alternative a, TableTwoSided rule, bool mid) {
  const std::vector<double> p = distribution_of_t(strata, psi);
  const std::size_t at = static_cast<std::size_t>(total(strata));
  double up = 0.0, down = 0.0, like = 0.0;
  for (std::size_t t = 0; t < p.size(); ++t) {
    const double half = mid && t == at ? 0.5 : 1.0;
    up += t >= at ? half * p[t] : 0.0;
    down += t <= at ? half * p[t] : 0.0;
    const bool tied = std::fabs(p[t] / p[at] - 1.0) <= 1e-7;
    like += tied ? (mid ? 0.5 : 1.0) * p[t] : p[t] < p[at] ? p[t] : 0.0;
  }
  return a == Alternative::greater ? up
         : a == Alternative::less  ? down
         : rule == TableTwoSided::central ? std::min(1.0, 2.0 * std::min(up, down))
                                          : std::min(1.0, like);
}

TEST(StrataExact, has_the_p_of_all_tables_with_the_margins) {
  std::mt19937 engine(1);
  for (int round = 0; round < 200; ++round) {
    const Strata strata = random_strata(engine, 3, 8);
    for (const Alternative a : {Alternative::two_sided, Alternative::less, Alternative::greater}) {
      for (const TableTwoSided rule : {TableTwoSided::minlike, TableTwoSided::central}) {
        for (const bool mid : {false, true}) {
          const TableRow row = solve(strata, StrataMethod::exact, exactly(a, rule, mid));
          if (row.status == Status::ok || row.status == Status::hull) {
            EXPECT_NEAR(row.p_value, naive_p(strata, 1.0, a, rule, mid), 1e-10);
          }
        }
      }
    }
  }
}

TEST(StrataExact, has_limits_where_its_own_p_crosses_alpha) {
  std::mt19937 engine(2);
  int hulls = 0;
  for (int round = 0; round < 120; ++round) {
    const Strata strata = random_strata(engine, 3, 8);
    const double alpha = 0.01 + 0.005 * static_cast<double>(engine() % 60);
    for (const TableTwoSided rule : {TableTwoSided::minlike, TableTwoSided::central}) {
      for (const bool mid : {false, true}) {
        const TableRow row = solve(strata, StrataMethod::exact, exactly(Alternative::two_sided, rule, mid, 1.0 - alpha));
        if (row.status != Status::ok && row.status != Status::hull) continue;
        const auto p = [&](double psi) { return naive_p(strata, psi, Alternative::two_sided, rule, mid); };
        hulls += row.status == Status::hull ? 1 : 0;
        EXPECT_TRUE(row.status == Status::ok || rule == TableTwoSided::minlike);
        if (row.conf_low > 0.0) {
          EXPECT_LT(p(row.conf_low * (1.0 - 1e-6)), alpha);
          EXPECT_GE(p(row.conf_low * (1.0 + 1e-6)), alpha - 1e-5);
          for (double x = 0.02; x < 1.0; x += 0.02) EXPECT_LT(p(row.conf_low * x), alpha);
        }
        if (std::isfinite(row.conf_high)) {
          EXPECT_LT(p(row.conf_high * (1.0 + 1e-6)), alpha);
          EXPECT_GE(p(row.conf_high * (1.0 - 1e-6)), alpha - 1e-5);
          for (double x = 0.02; x < 1.0; x += 0.02) EXPECT_LT(p(row.conf_high / x), alpha);
        }
        bool hole = false;
        const double low = std::max(row.conf_low, 1e-3), high = std::min(row.conf_high, 1e3);
        for (double x = low * (1.0 + 1e-6); x < high * (1.0 - 1e-6); x *= 1.01) hole = hole || p(x) < alpha - 1e-9;
        EXPECT_TRUE(!hole || row.status == Status::hull);
        EXPECT_TRUE(row.p_value < alpha + 1e-9 || (row.conf_low < 1.0 + 1e-9 && row.conf_high > 1.0 - 1e-9));
        EXPECT_TRUE(row.status == Status::hull || row.p_value > alpha - 1e-9 || row.conf_low > 1.0 - 1e-9 ||
                    row.conf_high < 1.0 + 1e-9);
      }
    }
  }
  EXPECT_GT(hulls, 0);
}

TEST(StrataExact, has_one_sided_limits) {
  for (const bool mid : {false, true}) {
    const TableRow up = solve(migraine, StrataMethod::exact, exactly(Alternative::greater, TableTwoSided::minlike, mid));
    EXPECT_TRUE(std::isinf(up.conf_high));
    EXPECT_NEAR(naive_p(migraine, up.conf_low, Alternative::greater, TableTwoSided::central, mid), 0.05, 1e-10);
    const TableRow down = solve(migraine, StrataMethod::exact, exactly(Alternative::less, TableTwoSided::minlike, mid));
    EXPECT_EQ(down.conf_low, 0.0);
    EXPECT_NEAR(naive_p(migraine, down.conf_high, Alternative::less, TableTwoSided::central, mid), 0.05, 1e-10);
  }
}

TEST(StrataExact, estimates_where_the_mean_is_the_data) {
  std::mt19937 engine(4);
  for (int round = 0; round < 50; ++round) {
    const Strata strata = random_strata(engine, 3, 9);
    const TableRow row = solve(strata, StrataMethod::exact);
    if (!(row.estimate > 0.0 && std::isfinite(row.estimate))) continue;
    const std::vector<double> p = distribution_of_t(strata, row.estimate);
    double mean = 0.0;
    for (std::size_t t = 0; t < p.size(); ++t) mean += p[t] * static_cast<double>(t);
    EXPECT_NEAR(mean, total(strata), 1e-9);
  }
  EXPECT_EQ(solve({{0, 5, 3, 5}, {0, 4, 1, 4}}, StrataMethod::exact).estimate, 0.0);
  EXPECT_EQ(solve({{0, 5, 3, 5}}, StrataMethod::exact).conf_low, 0.0);
  EXPECT_TRUE(std::isinf(solve({{5, 5, 3, 5}}, StrataMethod::exact).conf_high));
}

TEST(StrataExact, keeps_the_digits_of_many_patients) {
  const Strata large = {{900, 1000, 100, 1000}, {850, 1000, 120, 1000}};
  const TableRow row = solve(large, StrataMethod::exact, exactly(Alternative::two_sided, TableTwoSided::central));
  EXPECT_EQ(row.status, Status::ok);
  EXPECT_LT(row.conf_low, row.estimate);
  EXPECT_GT(row.conf_high, row.estimate);
  EXPECT_GT(row.conf_low, 40.0);
  StrataOptions o = exactly(Alternative::two_sided, TableTwoSided::minlike);
  const TableRow like = solve(large, StrataMethod::exact, o);  // the far masses are below the smallest double
  EXPECT_NEAR(like.conf_low / row.conf_low, 1.0, 0.02);
  EXPECT_NEAR(like.conf_high / row.conf_high, 1.0, 0.02);
  o.exact_limit = 1e4;
  EXPECT_EQ(solve(large, StrataMethod::exact, o).status, Status::too_large);
}

TEST(StrataCmh, agrees_with_sas_on_the_migraine_trial) {
  // SAS/STAT, PROC FREQ, Example "Cochran-Mantel-Haenszel Statistics".
  const StrataInterval mh = StrataInterval::mantel_haenszel;
  const TableRow odds = solve(migraine, StrataMethod::cmh, about(StrataEstimand::odds_ratio, mh));
  EXPECT_NEAR(odds.statistic, 8.3052, 5e-5);
  EXPECT_NEAR(odds.p_value, 0.0040, 5e-5);
  EXPECT_NEAR(odds.estimate, 3.3132, 5e-5);
  EXPECT_NEAR(odds.conf_low, 1.4456, 5e-5);
  EXPECT_NEAR(odds.conf_high, 7.5934, 5e-5);
  EXPECT_FALSE(odds.p_matches);
  const TableRow ratio = solve(migraine, StrataMethod::cmh, about(StrataEstimand::ratio, mh));
  EXPECT_NEAR(ratio.estimate, 2.1636, 5e-5);
  EXPECT_NEAR(ratio.conf_low, 1.2336, 5e-5);
  EXPECT_NEAR(ratio.conf_high, 3.7948, 5e-5);
  const TableRow day = solve(migraine, StrataMethod::breslow_day);
  EXPECT_NEAR(day.statistic, 1.4929, 5e-5);
  EXPECT_NEAR(day.p_value, 0.2218, 5e-5);
  EXPECT_EQ(day.df, 1.0);
}

TEST(StrataScore, inverts_its_own_test) {
  std::mt19937 engine(6);
  const double z = 1.959963984540054;
  for (int round = 0; round < 150; ++round) {
    const Strata strata = random_strata(engine, 4, 15);
    for (const StrataMethod method : {StrataMethod::cmh, StrataMethod::score_iv}) {
      for (const StrataEstimand e : {StrataEstimand::difference, StrataEstimand::ratio, StrataEstimand::odds_ratio}) {
        for (const bool continuity : {false, true}) {
          const bool inverse = method == StrataMethod::score_iv;
          if (inverse && e == StrataEstimand::odds_ratio) continue;
          StrataOptions o = about(e);
          o.continuity = continuity && !inverse;
          const TableRow row = solve(strata, method, o);
          if (row.status != Status::ok) continue;
          const std::vector<int> counts = counts_of(strata);
          Strata used;
          TableRow ignored;
          load_strata({counts.data(), strata.size()}, inverse ? StrataEstimand::odds_ratio : e, used, ignored);
          StrataScore score(used, e, inverse, o.continuity);
          const auto scale = [&](double x) { return e == StrataEstimand::difference ? x : std::log(x); };
          if (row.conf_low > least_value(e)) {
            EXPECT_NEAR(score.z(scale(row.conf_low)), z, 1e-7);
          }
          if (row.conf_high < largest_value(e)) {
            EXPECT_NEAR(score.z(scale(row.conf_high)), -z, 1e-7);
          }
          EXPECT_LE(row.conf_low, row.conf_high);
          EXPECT_EQ(row.p_value > 0.05, row.conf_low < null_value(e) && row.conf_high > null_value(e))
              << "p " << row.p_value << " low " << row.conf_low << " high " << row.conf_high;
          EXPECT_TRUE(row.p_matches);
        }
      }
    }
  }
}

TEST(StrataScore, is_the_cmh_test_at_no_effect_in_every_estimand) {
  std::mt19937 engine(7);
  for (int round = 0; round < 60; ++round) {
    Strata strata = random_strata(engine, 4, 15);
    const TableRow row = solve(strata, StrataMethod::cmh);
    if (row.status != Status::ok) continue;
    strata.erase(std::remove_if(strata.begin(), strata.end(), [](const Stratum& h) { return !h.varies(); }), strata.end());
    for (const StrataEstimand e : {StrataEstimand::difference, StrataEstimand::ratio, StrataEstimand::odds_ratio}) {
      const double z = StrataScore(strata, e, false, false).z(0.0);
      EXPECT_NEAR(z * z, row.statistic, 1e-9 * (1.0 + row.statistic));
    }
  }
}

TEST(StrataScore, restricts_the_rates_to_the_most_likely) {
  std::mt19937 engine(8);
  for (int round = 0; round < 200; ++round) {
    const Strata one = random_strata(engine, 1, 12);
    const Stratum h = one[0];
    if (!h.both_arms()) continue;
    const auto likelihood = [&](double p1, double p0) {
      const auto part = [](int x, double p) { return x > 0 ? x * std::log(p) : 0.0; };
      return part(h.x1, p1) + part(h.n1 - h.x1, 1.0 - p1) + part(h.x0, p0) + part(h.n0 - h.x0, 1.0 - p0);
    };
    for (const double delta : {-0.7, -0.2, 0.1, 0.5}) {
      const auto p = strata_detail::rates_at_difference(h, delta);
      const double best = likelihood(p.p1, p.p0);
      for (double x = std::max(0.0, -delta); x <= std::min(1.0, 1.0 - delta); x += 0.01) {
        EXPECT_GE(best, likelihood(x + delta, x) - 1e-9);
      }
    }
    for (const double phi : {0.2, 0.8, 1.5, 4.0}) {
      const auto p = strata_detail::rates_at_ratio(h, phi);
      const double best = likelihood(p.p1, p.p0);
      for (double x = 0.005; x <= std::min(1.0, 1.0 / phi); x += 0.01) EXPECT_GE(best, likelihood(phi * x, x) - 1e-9);
    }
  }
}

TEST(StrataClosed, of_one_stratum_are_the_formulas_of_one_table) {
  const Strata one = {{9, 20, 4, 25}};
  const TableRow sato = solve(one, StrataMethod::cmh, about(StrataEstimand::difference, StrataInterval::mantel_haenszel));
  EXPECT_NEAR(sato.estimate, 9.0 / 20.0 - 4.0 / 25.0, 1e-14);
  const double n = 45.0, p = (400.0 * 4.0 - 625.0 * 9.0 + 500.0 * 2.5) / (n * n), q = (9.0 * 21.0 + 4.0 * 11.0) / (2.0 * n);
  const double w = 500.0 / n, se = std::sqrt(0.29 * p + q) / w;
  EXPECT_NEAR(sato.std_error, se, 1e-12);
  const TableRow k = solve(one, StrataMethod::cmh, about(StrataEstimand::difference, StrataInterval::klingenberg));
  const double z2 = 3.8414588206941236;
  for (const double delta : {k.conf_low, k.conf_high}) {
    EXPECT_NEAR((0.29 - delta) * (0.29 - delta), z2 * (delta * p + q) / (w * w), 1e-10);
  }
}

TEST(StrataNewcombe, of_one_stratum_is_newcombe) {
  // Newcombe (1998, Stat Med 17:873), method 10, 56/70 against 48/80: .0524, .3339.
  const StrataOptions o = about(StrataEstimand::difference, StrataInterval::newcombe);
  const TableRow row = solve({{56, 70, 48, 80}}, StrataMethod::cmh, o);
  const auto wilson = [](double x, double m, double z) {
    const double p = x / m;
    return (p + z * z / (2 * m) + z * std::sqrt(p * (1 - p) / m + z * z / (4 * m * m))) / (1 + z * z / m);
  };
  const double z = 1.959963984540054;
  const double l1 = wilson(56, 70, -z), u1 = wilson(56, 70, z), l0 = wilson(48, 80, -z), u0 = wilson(48, 80, z);
  EXPECT_NEAR(row.conf_low, 0.2 - z * std::sqrt(l1 * (1 - l1) / 70 + u0 * (1 - u0) / 80), 1e-12);
  EXPECT_NEAR(row.conf_high, 0.2 + z * std::sqrt(u1 * (1 - u1) / 70 + l0 * (1 - l0) / 80), 1e-12);
  EXPECT_NEAR(row.conf_low, 0.0524, 5e-5);
  EXPECT_NEAR(row.conf_high, 0.3339, 5e-5);
}

TEST(Zelen, has_the_p_of_all_configurations_with_the_sum) {
  std::mt19937 engine(10);
  int done = 0;
  for (int round = 0; round < 200; ++round) {
    const Strata strata = random_strata(engine, 4, 8);
    StrataOptions o;
    const TableRow row = solve(strata, StrataMethod::zelen, o);
    if (row.status != Status::ok) continue;
    ++done;
    double observed = 1.0, sum = 0.0, all = 0.0, at = 0.0;
    for (const Stratum& h : strata) observed *= choose(h.n1, h.x1) * choose(h.n0, h.x0);
    configurations(strata, 1.0, [&](int t, double, double p) {
      if (t != total(strata)) return;
      all += p;
      sum += p <= observed * (1.0 + 1e-7) ? p : 0.0;
      at += std::fabs(p / observed - 1.0) <= 1e-7 ? p : 0.0;
    });
    EXPECT_NEAR(row.p_value, sum / all, 1e-10);
    o.mid_p = true;
    EXPECT_NEAR(solve(strata, StrataMethod::zelen, o).p_value, (sum - 0.5 * at) / all, 1e-10);
  }
  EXPECT_GT(done, 50);
}

TEST(Zelen, draws_what_it_cannot_count) {
  const Strata strata = {{4, 10, 2, 9}, {1, 8, 6, 12}, {3, 7, 3, 11}};
  StrataOptions o;
  const double p = solve(strata, StrataMethod::zelen, o).p_value;
  o.distribution = Distribution::monte_carlo;
  const TableRow drawn = solve(strata, StrataMethod::zelen, o);
  EXPECT_LT(drawn.p_low, p);
  EXPECT_GT(drawn.p_high, p);
  o.distribution = Distribution::exact;
  o.exact_limit = 1.0;
  EXPECT_EQ(solve(strata, StrataMethod::zelen, o).status, Status::too_large);
  o.distribution = Distribution::automatic;
  EXPECT_EQ(solve(strata, StrataMethod::zelen, o).distribution, Distribution::monte_carlo);
}

TEST(Homogeneity, fits_the_events_of_the_common_odds_ratio) {
  for (const double psi : {0.05, 0.7, 1.0, 2.5, 80.0}) {
    for (const Stratum& h : Strata{{16, 27, 5, 25}, {1, 3, 9, 10}, {0, 7, 2, 9}}) {
      const double e = fitted_events(h, psi);
      EXPECT_GT(e, h.low());
      EXPECT_LT(e, h.high());
      EXPECT_NEAR(e * (h.n0 - h.events() + e) / ((h.n1 - e) * (h.events() - e)) / psi, 1.0, 1e-10);
    }
  }
}

TEST(Homogeneity, of_tarone_takes_off_the_square_of_the_sum) {
  const Strata strata = {{4, 10, 2, 9}, {1, 8, 6, 12}, {3, 7, 3, 11}};
  const double psi = mh_odds_ratio(strata, 1.0).estimate;
  double chisq = 0.0, excess = 0.0, total_v = 0.0;
  for (const Stratum& h : strata) {
    double low = h.low(), high = h.high();
    for (int i = 0; i < 100; ++i) {
      const double e = 0.5 * (low + high);
      (e * (h.n0 - h.events() + e) < psi * (h.n1 - e) * (h.events() - e) ? low : high) = e;
    }
    const double e = low, v = 1.0 / (1.0 / e + 1.0 / (h.n1 - e) + 1.0 / (h.events() - e) + 1.0 / (h.n0 - h.events() + e));
    chisq += (h.x1 - e) * (h.x1 - e) / v;
    excess += h.x1 - e;
    total_v += v;
  }
  EXPECT_NEAR(solve(strata, StrataMethod::breslow_day).statistic, chisq, 1e-10);
  EXPECT_NEAR(solve(strata, StrataMethod::tarone).statistic, chisq - excess * excess / total_v, 1e-10);
  EXPECT_EQ(solve(strata, StrataMethod::tarone).df, 2.0);
}

TEST(Homogeneity, of_woolf_adds_a_half_where_a_cell_is_empty) {
  const TableRow plain = solve({{4, 10, 2, 9}, {1, 8, 6, 12}}, StrataMethod::woolf);
  const double a = std::log(4.0 * 7.0 / (6.0 * 2.0)), b = std::log(1.0 * 6.0 / (7.0 * 6.0));
  const double v = (0.25 + 1.0 / 7.0 + 1.0 / 6.0 + 0.5) + (1.0 + 1.0 / 6.0 + 1.0 / 7.0 + 1.0 / 6.0);
  EXPECT_NEAR(plain.statistic, (a - b) * (a - b) / v, 1e-12);
  EXPECT_EQ(plain.notes, 0u);
  const TableRow zero = solve({{0, 10, 2, 9}, {1, 8, 6, 12}}, StrataMethod::woolf);
  EXPECT_NE(zero.notes & static_cast<std::uint32_t>(Note::zero_cells), 0u);
  EXPECT_TRUE(std::isfinite(zero.statistic));
}

TEST(Homogeneity, needs_two_strata_and_an_odds_ratio) {
  for (const StrataMethod m : {StrataMethod::breslow_day, StrataMethod::tarone, StrataMethod::woolf, StrataMethod::zelen}) {
    EXPECT_EQ(solve({{4, 10, 2, 9}}, m).status, Status::not_estimable);
    EXPECT_EQ(solve({{4, 10, 2, 9}, {0, 5, 0, 5}}, m).status, Status::not_estimable);
  }
  EXPECT_EQ(solve({{0, 10, 2, 9}, {0, 5, 1, 5}}, StrataMethod::tarone).status, Status::not_estimable);
}

TEST(StrataThatSayNothing, change_nothing_and_are_counted) {
  Strata more = migraine;
  more.push_back({0, 12, 0, 10});  // no events
  more.push_back({4, 4, 7, 7});    // events only
  more.push_back({2, 5, 0, 0});    // one arm
  more.push_back({0, 0, 0, 0});
  for (const StrataMethod m : {StrataMethod::cmh, StrataMethod::exact, StrataMethod::tarone, StrataMethod::woolf,
                               StrataMethod::zelen, StrataMethod::breslow_day}) {
    const TableRow row = solve(more, m), plain = solve(migraine, m);
    EXPECT_EQ(row.p_value, plain.p_value);
    EXPECT_TRUE(row.estimate == plain.estimate || std::isnan(plain.estimate));
    EXPECT_TRUE(row.conf_low == plain.conf_low || std::isnan(plain.conf_low));
    EXPECT_EQ(row.n_strata, 2);
    EXPECT_EQ(row.n_strata_dropped, 4);
    EXPECT_NE(row.notes & static_cast<std::uint32_t>(Note::strata_left_out), 0u);
    EXPECT_EQ(row.n, plain.n + 22 + 11 + 5);
  }
  const TableRow difference = solve(more, StrataMethod::cmh, about(StrataEstimand::difference));
  EXPECT_EQ(difference.n_strata, 4);  // arms without a difference are still a difference of 0
  EXPECT_EQ(difference.p_value, solve(migraine, StrataMethod::cmh).p_value);
  EXPECT_EQ(solve(more, StrataMethod::cmh, about(StrataEstimand::ratio)).n_strata, 3);
}

TEST(StrataStatus, says_what_cannot_be_answered) {
  EXPECT_EQ(solve({{0, 0, 0, 0}}, StrataMethod::cmh).status, Status::no_data);
  EXPECT_EQ(solve({{2, 5, 0, 0}, {0, 0, 1, 3}}, StrataMethod::exact).status, Status::one_group_empty);
  const Strata silent = {{0, 8, 0, 9}, {0, 5, 0, 5}};
  for (const StrataInterval i : {StrataInterval::test, StrataInterval::mantel_haenszel, StrataInterval::newcombe,
                                 StrataInterval::klingenberg}) {
    const TableRow row = solve(silent, StrataMethod::cmh, about(StrataEstimand::difference, i));
    EXPECT_EQ(row.status, Status::one_level);
    EXPECT_EQ(row.p_value, 1.0);
    EXPECT_EQ(row.estimate, 0.0);
    EXPECT_LE(row.conf_low, 0.0);
    EXPECT_GE(row.conf_high, 0.0);
    EXPECT_TRUE(row.conf_low < 0.0 || i == StrataInterval::mantel_haenszel || i == StrataInterval::klingenberg);
  }
  EXPECT_EQ(solve(silent, StrataMethod::exact).p_value, 1.0);
  EXPECT_EQ(solve(silent, StrataMethod::exact, exactly(Alternative::two_sided, TableTwoSided::minlike, true)).p_value, 0.5);
  EXPECT_EQ(solve(silent, StrataMethod::exact, exactly(Alternative::two_sided, TableTwoSided::central, true)).p_value, 1.0);
  const TableRow edge = solve({{0, 10, 2, 9}, {0, 5, 1, 5}}, StrataMethod::cmh,
                              about(StrataEstimand::odds_ratio, StrataInterval::mantel_haenszel));
  EXPECT_EQ(edge.status, Status::boundary);
  EXPECT_EQ(edge.estimate, 0.0);
  EXPECT_TRUE(std::isnan(edge.conf_low));
  const TableRow own = solve({{0, 10, 2, 9}, {0, 5, 1, 5}}, StrataMethod::cmh);
  EXPECT_EQ(own.status, Status::ok);
  EXPECT_EQ(own.conf_low, 0.0);
  EXPECT_TRUE(std::isfinite(own.conf_high));
}

TEST(GeneralCmh, is_the_cmh_test_of_two_arms_and_two_responses) {
  const std::vector<int> counts = counts_of(migraine);
  for (const StrataMethod m : {StrataMethod::general, StrataMethod::row_means, StrataMethod::correlation}) {
    TableRow row;
    solve_general(m, counts.data(), 2, 2, 2, {1, 2}, {1, 2}, row);
    EXPECT_NEAR(row.statistic, 8.3052, 5e-5);
    EXPECT_EQ(row.df, 1.0);
    EXPECT_EQ(row.n_strata, 2);
  }
}

TEST(GeneralCmh, of_one_stratum_is_the_test_on_n_less_one) {
  const std::vector<int> counts = {3, 2, 1, 4, 3, 2, 2, 3, 6};  // 3 x 3, column after column
  TableWorkspace w;
  load_table({counts.data(), 3, 3}, w.table);
  TableRow pearson, linear, general, correlation;
  TableOptions o;
  o.distribution = Distribution::asymptotic;
  solve_table(o, TableMethod::n1_chisq, 1, w, pearson);
  solve_trend(o, TableMethod::linear, {1, 2, 4}, {0, 1, 5}, 1, w, linear);
  solve_general(StrataMethod::general, counts.data(), 3, 3, 1, {1, 2, 4}, {0, 1, 5}, general);
  solve_general(StrataMethod::correlation, counts.data(), 3, 3, 1, {1, 2, 4}, {0, 1, 5}, correlation);
  EXPECT_NEAR(general.statistic, pearson.statistic, 1e-10);
  EXPECT_EQ(general.df, 4.0);
  EXPECT_NEAR(correlation.statistic, linear.statistic * linear.statistic, 1e-10);
}

TEST(GeneralCmh, counts_the_rank_and_not_the_empty_rows) {
  const std::vector<int> counts = {3, 0, 1, 4, 0, 2};  // 3 x 2, the second row empty
  TableRow row;
  solve_general(StrataMethod::general, counts.data(), 3, 2, 1, {1, 2, 3}, {0, 1}, row);
  EXPECT_EQ(row.df, 1.0);
  const std::vector<int> none = {0, 0, 0, 4, 0, 2};
  TableRow still;
  solve_general(StrataMethod::general, none.data(), 3, 2, 1, {1, 2, 3}, {0, 1}, still);
  EXPECT_EQ(still.status, Status::no_variance);
}

TEST(StrataMap, gives_the_same_bits_on_any_number_of_threads) {
  std::mt19937 engine(12);
  std::vector<int> counts;
  TablePlan plan;
  plan.rows = plan.cols = 2;
  plan.strata = 3;
  plan.problems = 30;
  for (std::size_t p = 0; p < plan.problems; ++p) {
    Strata strata;
    for (int s = 0; s < 3; ++s) strata.push_back(random_strata(engine, 1, 10)[0]);
    const std::vector<int> one = counts_of(strata);
    counts.insert(counts.end(), one.begin(), one.end());
  }
  plan.counts = counts.data();
  const std::vector<StrataMethod> methods = {StrataMethod::cmh, StrataMethod::exact, StrataMethod::zelen};
  const auto run = [&](int threads) {
    std::vector<double> p(plan.problems * methods.size());
    solve_all_strata(plan, StrataOptions{}, methods, threads, {}, [&](std::size_t i, const TableRow& row) {
      p[i] = row.p_value == row.p_value ? row.p_value : -1.0;
    });
    return p;
  };
  EXPECT_EQ(run(1), run(3));
}

}  // namespace
