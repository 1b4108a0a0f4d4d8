// Bowker, Stuart-Maxwell, Bhapkar, marginal homogeneity by scores and kappa: printed values, every assignment of moves as the
// oracle, identities with McNemar, edges.

#include <gtest/gtest.h>

#include "paired_rates_cases.hpp"

namespace {

using namespace paired_rates_cases;

const SquareTable peterson = square(4, {596, 18, 6, 5, 0, 2, 0, 0, 0, 0, 42, 0, 11, 0, 0, 0});
const SquareTable fischer =
    square(5, {1, 0, 1, 0, 0, 0, 2, 8, 4, 4, 1, 1, 31, 14, 11, 1, 0, 15, 9, 12, 0, 0, 2, 1, 3});

Options with(Distribution d, Alternative a = Alternative::two_sided) {
  Options o;
  o.distribution = d;
  o.alternative = a;
  o.seed = 77;
  return o;
}

RateRow solve(Method m, const SquareTable& t, const Options& o, const std::vector<double>& score = {}) {
  Plan plan;
  plan.tables = {t};
  plan.levels = {t.k};
  plan.group_start = {0, 0};
  plan.level = {1};
  plan.options = o;
  plan.scores = {score};
  std::vector<RateRow> rows(1);
  solve_tables(plan, {m}, 1, Hooks(), [&](std::size_t i, const RateRow& r) { rows[i] = r; });
  return rows[0];
}

// P(statistic >= seen) over every direction of every patient who moved, one by one.
double naive_p(const SquareTable& t, const std::function<double(const SquareTable&)>& statistic) {
  struct Mover {
    std::size_t i, j;
  };
  std::vector<Mover> movers;
  SquareTable fixed = t;
  for (std::size_t i = 0; i < t.k; ++i) {
    for (std::size_t j = 0; j < t.k; ++j) {
      if (i != j) {
        movers.insert(movers.end(), static_cast<std::size_t>(t(i, j)), {i, j});
        fixed(i, j) = 0.0;
      }
    }
  }
  const double seen = statistic(t), least = seen - 1e-9 * (1.0 + std::fabs(seen));
  double reached = 0.0;
  for (std::uint32_t bits = 0; bits < (1u << movers.size()); ++bits) {
    SquareTable now = fixed;
    for (std::size_t m = 0; m < movers.size(); ++m) {
      const bool turned = (bits >> m & 1u) != 0;
      now(turned ? movers[m].j : movers[m].i, turned ? movers[m].i : movers[m].j) += 1.0;
    }
    reached += statistic(now) >= least ? 1.0 : 0.0;
  }
  return reached / static_cast<double>(1u << movers.size());
}

double naive_bowker(const SquareTable& t) {
  double sum = 0.0;
  for (std::size_t i = 0; i < t.k; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double m = t(i, j) + t(j, i);
      sum += m > 0.0 ? (t(i, j) - t(j, i)) * (t(i, j) - t(j, i)) / m : 0.0;
    }
  }
  return sum;
}

// Stuart's closed form for three levels (Fleiss and Everitt 1971).
double fleiss_everitt(const SquareTable& t) {
  const double m12 = 0.5 * (t(0, 1) + t(1, 0)), m13 = 0.5 * (t(0, 2) + t(2, 0)), m23 = 0.5 * (t(1, 2) + t(2, 1));
  double d[3];
  for (std::size_t i = 0; i < 3; ++i) {
    d[i] = 0.0;
    for (std::size_t j = 0; j < 3; ++j) {
      d[i] += t(i, j) - t(j, i);
    }
  }
  return (m23 * d[0] * d[0] + m13 * d[1] * d[1] + m12 * d[2] * d[2]) / (2.0 * (m12 * m13 + m12 * m23 + m13 * m23));
}

SquareTable random_table(std::mt19937& rng, std::size_t k, int movers) {
  SquareTable t;
  t.clear(k);
  std::uniform_int_distribution<std::size_t> level(0, k - 1);
  for (int m = 0; m < movers; ++m) {
    const std::size_t i = level(rng), j = level(rng);
    t(i, j) += 1.0;
  }
  for (std::size_t i = 0; i < k; ++i) {
    t(i, i) += 1.0;
  }
  return t;
}

TEST(PairedRatesSquare, PrintedValuesOfFagerlandPeterson) {
  const Options o = with(Distribution::asymptotic);
  const RateRow bowker = solve(Method::bowker, peterson, o), stuart = solve(Method::stuart_maxwell, peterson, o),
                bhapkar = solve(Method::bhapkar, peterson, o);
  EXPECT_NEAR(bowker.statistic, 26.25, 1e-12);
  EXPECT_EQ(bowker.df, 6.0);
  EXPECT_NEAR(bowker.p_value, 0.0002, 5e-7);
  EXPECT_TRUE((bowker.notes & static_cast<std::uint32_t>(Note::empty_pairs)) != 0);
  EXPECT_NEAR(stuart.statistic, 26.25, 1e-9);
  EXPECT_EQ(stuart.df, 3.0);
  EXPECT_NEAR(stuart.p_value, 8e-6, 5e-7);
  EXPECT_NEAR(bhapkar.statistic, 27.304, 5e-4);
  EXPECT_NEAR(bhapkar.p_value, 5e-6, 5e-7);
}

TEST(PairedRatesSquare, PrintedBowkerOfR) {
  const Options o = with(Distribution::asymptotic);
  SquareTable t1 = square(5, {0, 3, 4, 4, 2, 4, 1, 2, 4, 3, 5, 3, 0, 0, 2, 2, 3, 0, 0, 1, 5, 5, 5, 5, 5});
  SquareTable t2 = square(5, {2, 2, 3, 6, 2, 3, 4, 3, 6, 6, 6, 7, 1, 9, 6, 7, 1, 1, 9, 8, 0, 1, 8, 9, 4});
  EXPECT_NEAR(solve(Method::bowker, t1, o).statistic, 7.001587, 1e-6);
  EXPECT_NEAR(solve(Method::bowker, t1, o).p_value, 0.7252951, 1e-7);
  EXPECT_NEAR(solve(Method::bowker, t2, o).statistic, 18.76432, 1e-5);
  EXPECT_NEAR(solve(Method::bowker, t2, o).p_value, 0.04336035, 1e-8);
  for (SquareTable* t : {&t1, &t2}) {
    for (double& c : t->count) {
      c += 1.0;
    }
  }
  EXPECT_NEAR(solve(Method::bowker, t1, o).statistic, 5.355988, 1e-6);
  EXPECT_NEAR(solve(Method::bowker, t2, o).statistic, 14.55256, 1e-5);
}

TEST(PairedRatesSquare, PrintedStuartOfFleiss) {
  const SquareTable fleiss = square(3, {35, 5, 0, 15, 20, 5, 10, 5, 5});
  const RateRow row = solve(Method::stuart_maxwell, fleiss, with(Distribution::asymptotic));
  EXPECT_NEAR(row.statistic, 14.0, 1e-9);
  EXPECT_NEAR(row.p_value, 0.000912, 5e-7);
}

TEST(PairedRatesSquare, PrintedMarginalScoresOfFischer) {
  const RateRow row =
      solve(Method::marginal_homogeneity, fischer, with(Distribution::asymptotic), {8, 3.5, 0, -3.5, -8});
  EXPECT_NEAR(row.estimate, -1.6942, 5e-5);  // the book has rows minus columns
  EXPECT_NEAR(row.conf_low, -2.5115, 5e-5);
  EXPECT_NEAR(row.conf_high, -0.8769, 5e-5);
  EXPECT_TRUE(row.p_matches);
}

TEST(PairedRatesSquare, StuartByTheClosedFormOfThreeLevels) {
  std::mt19937 rng(2);
  for (int i = 0; i < 100; ++i) {
    const SquareTable t = random_table(rng, 3, 30);
    EXPECT_NEAR(solve(Method::stuart_maxwell, t, with(Distribution::asymptotic)).statistic, fleiss_everitt(t), 1e-9);
  }
}

TEST(PairedRatesSquare, ExactByEveryDirectionOfEveryPatient) {
  std::mt19937 rng(1);
  const Options o = with(Distribution::exact);
  for (int i = 0; i < 12; ++i) {
    const SquareTable t = random_table(rng, i % 2 == 0 ? 3 : 4, 13);
    EXPECT_NEAR(solve(Method::bowker, t, o).p_value, naive_p(t, naive_bowker), 1e-12);
    if (t.k == 3) {
      const double p = naive_p(t, fleiss_everitt);
      EXPECT_NEAR(solve(Method::stuart_maxwell, t, o).p_value, p, 1e-12);
      EXPECT_NEAR(solve(Method::bhapkar, t, o).p_value, p, 1e-12);
    }
    const std::vector<double> scores = {0.5, 1.25, 4.0, 4.5};
    const std::vector<double> score(scores.begin(), scores.begin() + static_cast<std::ptrdiff_t>(t.k));
    const auto change = [&](const SquareTable& x) {
      double sum = 0.0;
      for (std::size_t a = 0; a < x.k; ++a) {
        for (std::size_t b = 0; b < x.k; ++b) {
          sum += x(a, b) * (score[b] - score[a]);
        }
      }
      return sum;
    };
    EXPECT_NEAR(solve(Method::marginal_homogeneity, t, o, score).p_value,
                naive_p(t, [&](const SquareTable& x) { return std::fabs(change(x)); }), 1e-12);
    EXPECT_NEAR(solve(Method::marginal_homogeneity, t, with(Distribution::exact, Alternative::greater), score).p_value,
                naive_p(t, change), 1e-12);
    EXPECT_NEAR(solve(Method::marginal_homogeneity, t, with(Distribution::exact, Alternative::less), score).p_value,
                naive_p(t, [&](const SquareTable& x) { return -change(x); }), 1e-12);
  }
}

TEST(PairedRatesSquare, MonteCarloHoldsTheExactP) {
  std::mt19937 rng(21);
  for (int i = 0; i < 10; ++i) {
    const SquareTable t = random_table(rng, 3, 40);
    for (const Method m : {Method::bowker, Method::stuart_maxwell, Method::bhapkar, Method::marginal_homogeneity}) {
      const double exact = solve(m, t, with(Distribution::exact)).p_value;
      const RateRow drawn = solve(m, t, with(Distribution::monte_carlo));
      EXPECT_NEAR(drawn.p_value, exact, 0.02);
      EXPECT_LT(drawn.p_low, drawn.p_value);
      EXPECT_GT(drawn.p_high, drawn.p_value);
      EXPECT_EQ(drawn.p_value, solve(m, t, with(Distribution::monte_carlo)).p_value);
    }
  }
  // Scores that are no decimals are drawn.
  const SquareTable t = random_table(rng, 3, 25);
  const std::vector<double> score = {0.0, std::sqrt(2.0), 3.0};
  const RateRow row = solve(Method::marginal_homogeneity, t, with(Distribution::automatic), score);
  EXPECT_EQ(row.distribution, Distribution::monte_carlo);
  EXPECT_EQ(solve(Method::marginal_homogeneity, t, with(Distribution::exact), score).status, Status::too_large);
}

TEST(PairedRatesSquare, TwoLevelsAreMcnemar) {
  std::mt19937 rng(14);
  for (int i = 0; i < 50; ++i) {
    const PairCounts c = random_counts(rng, 20);
    if (c.discordant() < 1.0 || c.both + c.neither < 1.0) {
      continue;
    }
    const SquareTable t = square(2, {c.neither, c.gained, c.lost, c.both});
    const RateRow mcnemar = pairs(Method::mcnemar, c), exact = pairs(Method::mcnemar_exact, c);
    for (const Method m : {Method::bowker, Method::stuart_maxwell}) {
      const RateRow row = solve(m, t, with(Distribution::asymptotic));
      EXPECT_NEAR(row.statistic, mcnemar.statistic, 1e-12 * (1.0 + mcnemar.statistic));
      EXPECT_NEAR(row.p_value, mcnemar.p_value, 1e-13);
      EXPECT_NEAR(solve(m, t, with(Distribution::exact)).p_value, exact.p_value, 1e-13);
    }
    const RateRow score = solve(Method::marginal_homogeneity, t, with(Distribution::exact));
    EXPECT_NEAR(score.p_value, exact.p_value, 1e-13);
    EXPECT_NEAR(score.estimate, mcnemar.estimate, 1e-14);
  }
}

TEST(PairedRatesSquare, StatusesWhereNothingCanBeTested) {
  const Options o = with(Distribution::automatic);
  for (const Method m : {Method::bowker, Method::stuart_maxwell, Method::bhapkar, Method::marginal_homogeneity}) {
    const RateRow none = solve(m, square(3, std::vector<double>(9, 0.0)), o);
    EXPECT_EQ(none.status, Status::no_data);
    EXPECT_TRUE(std::isnan(none.p_value));
    const RateRow one = solve(m, square(3, {0, 0, 0, 0, 7, 0, 0, 0, 0}), o);
    EXPECT_EQ(one.status, Status::one_level);
    EXPECT_EQ(one.p_value, 1.0);
    const RateRow still = solve(m, square(2, {3, 0, 0, 4}), o);
    EXPECT_EQ(still.status, Status::all_zero);
    EXPECT_EQ(still.p_value, 1.0);
    const RateRow unused = solve(m, square(3, {3, 0, 4, 0, 0, 0, 1, 0, 2}), o);
    const RateRow used = solve(m, square(2, {3, 4, 1, 2}), o);
    EXPECT_EQ(unused.p_value, used.p_value);
    EXPECT_TRUE((unused.notes & static_cast<std::uint32_t>(Note::level_left_out)) != 0);
  }
  const RateRow flat = solve(Method::marginal_homogeneity, square(2, {3, 4, 1, 2}), o, {1, 1});
  EXPECT_EQ(flat.status, Status::all_zero);
  EXPECT_EQ(flat.p_value, 1.0);
  // Two sets of levels that nobody moves between.
  const SquareTable apart = square(4, {1, 5, 0, 0, 2, 1, 0, 0, 0, 0, 1, 6, 0, 0, 1, 1});
  const RateRow parts = solve(Method::stuart_maxwell, apart, with(Distribution::asymptotic));
  EXPECT_EQ(parts.df, 2.0);
  EXPECT_NEAR(parts.statistic, 9.0 / 7.0 + 25.0 / 7.0, 1e-12);
  EXPECT_TRUE((parts.notes & static_cast<std::uint32_t>(Note::levels_apart)) != 0);
}

TEST(PairedRatesSquare, BhapkarWithoutADenominator) {
  const SquareTable all = square(2, {0, 8, 0, 0});
  const RateRow asymptotic = solve(Method::bhapkar, all, with(Distribution::asymptotic));
  EXPECT_EQ(asymptotic.statistic, infinity);
  EXPECT_EQ(asymptotic.status, Status::boundary);
  EXPECT_TRUE(std::isnan(asymptotic.p_value));
  EXPECT_NEAR(solve(Method::bhapkar, all, with(Distribution::exact)).p_value, 2.0 / 256.0, 1e-15);
}

TEST(PairedRatesSquare, BeyondTheLimit) {
  SquareTable big;
  big.clear(5);
  std::fill(big.count.begin(), big.count.end(), 40.0);
  big(0, 1) = 55;
  Options o = with(Distribution::exact);
  EXPECT_EQ(solve(Method::bowker, big, o).status, Status::too_large);
  EXPECT_TRUE(std::isnan(solve(Method::bowker, big, o).p_value));
  o.distribution = Distribution::automatic;
  EXPECT_EQ(solve(Method::stuart_maxwell, big, o).distribution, Distribution::monte_carlo);
  EXPECT_EQ(solve(Method::marginal_homogeneity, big, o).distribution, Distribution::exact);  // a convolution
}

TEST(PairedRatesSquare, ABillionPatientsTakeNoMemory) {
  const SquareTable vast = square(2, {2e8, 3e8, 2.9997e8, 2e8});
  EXPECT_EQ(solve(Method::bowker, vast, with(Distribution::automatic)).status, Status::too_large);
  EXPECT_EQ(solve(Method::marginal_homogeneity, vast, with(Distribution::automatic)).status, Status::too_large);
  EXPECT_GT(solve(Method::bowker, vast, with(Distribution::asymptotic)).p_value, 0.0);
  EXPECT_EQ(pairs(Method::mcnemar_unconditional, vast.pairs()).status, Status::too_large);
  const RateRow exact = pairs(Method::mcnemar_exact, vast.pairs());
  EXPECT_NEAR(std::log(exact.p_value) / std::log(pairs(Method::mcnemar, vast.pairs()).p_value), 1.0, 1e-3);
}

KappaFigures kappa(const SquareTable& t, Weights w) { return kappa_figures(t, agreement_weights(w, t.k)); }

TEST(PairedRatesSquare, PrintedKappasOfSas) {
  const KappaFigures colds = kappa(square(2, {707, 256, 144, 212}), Weights::unweighted);
  EXPECT_NEAR(colds.kappa, 0.2999, 5e-5);
  EXPECT_NEAR(colds.std_error, 0.0273, 5e-5);
  const SquareTable t = square(3, {0, 4, 1, 0, 8, 0, 0, 1, 5});
  const KappaFigures plain = kappa(t, Weights::unweighted), linear = kappa(t, Weights::linear);
  EXPECT_NEAR(plain.kappa, 0.4842, 5e-5);
  EXPECT_NEAR(plain.std_error, 0.1380, 5e-5);
  EXPECT_NEAR(plain.null_error, 0.1484, 5e-5);
  EXPECT_NEAR(linear.kappa, 0.4701, 5e-5);
  EXPECT_NEAR(linear.std_error, 0.1457, 5e-5);
  EXPECT_NEAR(linear.null_error, 0.1426, 5e-5);
  RateRow row;
  solve_kappa(AgreementOptions(), agreement_weights(Weights::linear, 3), t, row);
  EXPECT_NEAR(row.conf_low, 0.1845, 5e-5);
  EXPECT_NEAR(row.conf_high, 0.7558, 5e-5);
  EXPECT_NEAR(row.statistic, 3.2971, 5e-5);
  EXPECT_NEAR(row.p_value, 0.0010, 5e-5);
}

// The formulas as printed, large sums and all.
TEST(PairedRatesSquare, KappaErrorsByThePrintedFormula) {
  std::mt19937 rng(31);
  for (int i = 0; i < 40; ++i) {
    const SquareTable t = random_table(rng, 4, 30);
    for (const Weights kind : {Weights::unweighted, Weights::linear, Weights::quadratic}) {
      const std::vector<double> w = agreement_weights(kind, 4);
      const double n = t.n();
      double row[4] = {0}, col[4] = {0}, po = 0.0, pe = 0.0, a = 0.0, b = 0.0;
      for (int x = 0; x < 4; ++x) {
        for (int y = 0; y < 4; ++y) {
          row[x] += t(x, y) / n;
          col[y] += t(x, y) / n;
        }
      }
      for (int x = 0; x < 4; ++x) {
        for (int y = 0; y < 4; ++y) {
          po += w[x * 4 + y] * t(x, y) / n;
          pe += w[x * 4 + y] * row[x] * col[y];
        }
      }
      const double k = (po - pe) / (1.0 - pe);
      for (int x = 0; x < 4; ++x) {
        for (int y = 0; y < 4; ++y) {
          double v = 0.0;
          for (int z = 0; z < 4; ++z) {
            v += w[x * 4 + z] * col[z] + w[z * 4 + y] * row[z];
          }
          a += t(x, y) / n * std::pow(w[x * 4 + y] - v * (1.0 - k), 2);
          b += row[x] * col[y] * std::pow(w[x * 4 + y] - v, 2);
        }
      }
      a -= std::pow(k - pe * (1.0 - k), 2);
      b -= pe * pe;
      const KappaFigures f = kappa_figures(t, w);
      EXPECT_NEAR(f.kappa, k, 1e-12);
      EXPECT_NEAR(f.std_error, std::sqrt(a / n) / (1.0 - pe), 1e-10);
      EXPECT_NEAR(f.null_error, std::sqrt(b / n) / (1.0 - pe), 1e-10);
    }
  }
}

TEST(PairedRatesSquare, KappaEdges) {
  const auto solved = [](const SquareTable& t) {
    RateRow row;
    solve_kappa(AgreementOptions(), agreement_weights(Weights::unweighted, t.k), t, row);
    return row;
  };
  EXPECT_EQ(solved(square(2, {0, 0, 0, 0})).status, Status::no_data);
  EXPECT_EQ(solved(square(2, {9, 0, 0, 0})).status, Status::one_level);
  const RateRow perfect = solved(square(2, {5, 0, 0, 7}));
  EXPECT_EQ(perfect.estimate, 1.0);
  EXPECT_EQ(perfect.status, Status::no_variance);
  EXPECT_TRUE(std::isnan(perfect.conf_low));
  EXPECT_LT(perfect.p_value, 0.01);
  const RateRow constant = solved(square(2, {3, 3, 0, 0}));  // one reader always says the same
  EXPECT_NEAR(constant.estimate, 0.0, 1e-15);
  EXPECT_EQ(constant.status, Status::no_variance);
  EXPECT_NEAR(perfect.effect, 1.0, 0.0);
  EXPECT_EQ(perfect.effect_high, 1.0);
}

}  // namespace
