// One-way ANOVA, Welch, Brown and Forsythe, and contrasts of means (Tukey-Kramer, Games-Howell, Dunnett): naive formulas,
// printed values, figures against rows, statuses and hard numbers.

#include <gtest/gtest.h>

#include "groups_k_arms.hpp"

namespace {

using namespace respondr;
using namespace respondr::groups;
using groups_k::Arms;
using groups_k::Problem;

using Solve = void (*)(const KOptions&, const ArmFigures&, KRow&);

KRow solve(Solve test, const Arms& arms, const KOptions& o = KOptions()) {
  KRow row;
  test(o, Problem(arms).figures, row);
  return row;
}

double mean(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double v : x) {
    sum += v;
  }
  return sum / static_cast<double>(x.size());
}

double variance(const std::vector<double>& x) {
  double sum = 0.0;
  for (const double v : x) {
    sum += (v - mean(x)) * (v - mean(x));
  }
  return sum / (static_cast<double>(x.size()) - 1.0);
}

// SAS PROC ANOVA, sizes 8, 5, 5.
const Arms sas{
    {24.5, 23.5, 26.28, 26.4, 27.1, 29.9, 30.1, 30.1}, {28.4, 34.2, 29.5, 32.2, 30.1}, {26.1, 28.3, 24.3, 26.2, 27.8}};
// Maze scores of mice (control first), SAS and Minitab output of Western Michigan University, course Stat 664.
const Arms mice{{58, 32, 59, 64, 55, 49}, {73, 70, 68, 71, 60, 62}, {53, 74, 72, 62, 58, 61}};

TEST(Anova, EqualsTheFormula) {
  double all = 0.0, within = 0.0, n = 0.0, between = 0.0;
  for (const auto& a : sas) {
    n += static_cast<double>(a.size());
    all += mean(a) * static_cast<double>(a.size());
  }
  for (const auto& a : sas) {
    within += variance(a) * (static_cast<double>(a.size()) - 1.0);
    between += static_cast<double>(a.size()) * std::pow(mean(a) - all / n, 2);
  }
  const KRow row = solve(solve_anova, sas);
  EXPECT_NEAR(row.sum_sq, between, 1e-11 * between);
  EXPECT_NEAR(row.sum_sq_error, within, 1e-11 * within);
  EXPECT_NEAR(row.statistic, between / 2.0 / (within / 15.0), 1e-11);
  EXPECT_NEAR(row.p_value, std::pow(1.0 + 2.0 * row.statistic / 15.0, -7.5), 1e-13);  // F on 2 df
  KOptions o;
  o.effect = KEffect::eta2;
  EXPECT_NEAR(solve(solve_anova, sas, o).effect, between / (between + within), 1e-12);
  o.effect = KEffect::omega2;
  EXPECT_NEAR(solve(solve_anova, sas, o).effect, (between - 2.0 * within / 15.0) / (between + within + within / 15.0),
              1e-12);
  o.effect = KEffect::epsilon2;
  EXPECT_NEAR(solve(solve_anova, sas, o).effect, (between - 2.0 * within / 15.0) / (between + within), 1e-12);
}

TEST(Anova, PrintsWhatMinitabAndSasPrint) {
  const KRow row = solve(solve_anova, mice);
  EXPECT_NEAR(row.sum_sq, 673.0, 1e-10);
  EXPECT_NEAR(row.sum_sq_error, 1109.5, 1e-10);
  EXPECT_NEAR(row.statistic, 4.55, 0.005);
  EXPECT_NEAR(row.p_value, 0.0286, 0.00005);
  EXPECT_NEAR(row.effect, 0.377560, 5e-7);
}

TEST(Anova, EffectLimitsPutFAtTheTails) {
  KOptions o;
  o.conf_level = 0.90;
  const KRow row = solve(solve_anova, sas, o);
  const auto ncp = [](double share, double rest) { return share * rest / (1.0 - share); };
  EXPECT_NEAR(special::noncentral_f_cdf(row.statistic, 2, 15, ncp(row.effect_low, 18.0)), 0.95, 1e-9);
  EXPECT_NEAR(special::noncentral_f_cdf(row.statistic, 2, 15, ncp(row.effect_high, 18.0)), 0.05, 1e-9);
  EXPECT_EQ(row.conf_method, ConfMethod::noncentral_f_steiger);
  o.effect_limits = EffectLimits::error;
  const KRow error = solve(solve_anova, sas, o);
  EXPECT_NEAR(ncp(error.effect_high, 15.0), ncp(row.effect_high, 18.0), 1e-9);
  o.effect_limits = EffectLimits::none;
  EXPECT_TRUE(std::isnan(solve(solve_anova, sas, o).effect_low));
}

TEST(Anova, StataPrintsTheseLimits) {
  // esizei 2 40 7.47403193349075, level(90).
  KOptions o;
  o.conf_level = 0.90;
  o.effect_limits = EffectLimits::stata;
  OneWay a{3.0, 43.0, 2.0 * 7.47403193349075, 40.0};
  KRow row;
  row.statistic = 7.47403193349075;
  store_effect(o, a, row);
  store_effect_limits(o, a, row);
  EXPECT_NEAR(row.effect, 0.272039864828865, 1e-13);
  EXPECT_NEAR(row.effect_low, 0.0742092468714613, 1e-6);
  EXPECT_NEAR(row.effect_high, 0.41561168869748, 2e-5);  // Stata's own figure ends its search that early
  o.effect = KEffect::epsilon2;
  store_effect(o, a, row);
  store_effect_limits(o, a, row);
  EXPECT_NEAR(row.effect, 0.235641858070308, 1e-13);
  EXPECT_NEAR(row.effect_low, 0.0279197092150344, 1e-6);
  EXPECT_NEAR(row.effect_high, 0.386392273132355, 2e-5);
}

TEST(Welch, IsTheSquareOfWelchsTForTwoArms) {
  const Arms two{sas[0], sas[1]};
  const double vx = variance(sas[0]) / 8.0, vy = variance(sas[1]) / 5.0;
  const double t = (mean(sas[0]) - mean(sas[1])) / std::sqrt(vx + vy);
  const double df = (vx + vy) * (vx + vy) / (vx * vx / 7.0 + vy * vy / 4.0);
  const KRow welch = solve(solve_welch_anova, two), forsythe = solve(solve_f_star, two);
  EXPECT_NEAR(welch.statistic, t * t, 1e-11 * t * t);
  EXPECT_NEAR(welch.df_denominator, df, 1e-11 * df);
  EXPECT_NEAR(welch.p_value, 2.0 * special::t_cdf(-std::fabs(t), df), 1e-13);
  EXPECT_NEAR(forsythe.statistic, t * t, 1e-11 * t * t);
  EXPECT_NEAR(forsythe.df_denominator, df, 1e-11 * df);
  KOptions o;
  o.mehrotra = true;
  EXPECT_NEAR(solve(solve_f_star, two, o).df, 1.0, 1e-12);
}

TEST(Welch, PrintsWhatJanAndShiehPrint) {
  // Jan and Shieh (2019): Welch F = .1102 on 22.6536 df.
  const Arms jan{
      {112.488, 103.738, 86.344, 101.708, 95.108, 105.931, 95.815, 91.864, 102.479, 102.644},
      {100.421, 101.966, 99.636, 105.983, 88.377, 102.618, 105.486, 98.662, 94.137, 98.626, 89.367, 106.204},
      {84.846, 100.488, 119.763, 103.736, 93.141, 108.254, 99.51, 89.005, 108.2, 82.209, 100.104, 103.706, 107.067},
      {100.825, 100.255, 103.363, 93.23, 95.325, 100.288, 94.75, 107.129, 98.246, 96.365, 99.74, 106.049, 92.691, 93.111,
       98.243}};
  const KRow row = solve(solve_welch_anova, jan);
  EXPECT_NEAR(row.statistic, 0.1102, 5e-5);
  EXPECT_NEAR(row.df_denominator, 22.6536, 5e-5);
  EXPECT_NEAR(solve(solve_anova, jan).statistic, 0.0926, 5e-4);
}

TEST(BrownForsythe, EqualsTheFormulasOfItsDegreesOfFreedom) {
  double n = 18.0, sum = 0.0, squares = 0.0, fourth = 0.0, part = 0.0, part_fourth = 0.0;
  for (const auto& a : sas) {
    const double size = static_cast<double>(a.size()), v = variance(a), c = (1.0 - size / n) * v;
    sum += c;
    squares += c * c / (size - 1.0);
    fourth += v * v;
    part += size * v / n;
    part_fourth += size * v * v / n;
  }
  KOptions o;
  const KRow row = solve(solve_f_star, sas, o);
  EXPECT_NEAR(row.statistic, solve(solve_anova, sas).sum_sq / sum, 1e-12 * row.statistic);
  EXPECT_NEAR(row.df_denominator, sum * sum / squares, 1e-11);
  EXPECT_EQ(row.df, 2.0);
  o.mehrotra = true;
  EXPECT_NEAR(solve(solve_f_star, sas, o).df, sum * sum / (fourth + part * part - 2.0 * part_fourth), 1e-11);
}

TEST(Means, FiguresGiveWhatRowsGive) {
  ArmFigures figures;
  for (const auto& a : sas) {
    const double size = static_cast<double>(a.size());
    figures.arm.push_back({size, mean(a), variance(a) * (size - 1.0)});
  }
  figures.dropped.assign(3, 0);
  figures.rest.assign(3, 0.0);
  for (const Solve test : {solve_anova, solve_welch_anova, solve_f_star}) {
    KRow row;
    test(KOptions(), figures, row);
    EXPECT_NEAR(row.p_value, solve(test, sas).p_value, 1e-12);
    EXPECT_NEAR(row.effect, solve(test, sas).effect, 1e-12);
  }
}

TEST(Means, BearOffsetsAndScales) {
  for (const Solve test : {solve_anova, solve_welch_anova, solve_f_star}) {
    const KRow row = solve(test, mice);
    Arms moved = mice, large = mice, small = mice;
    for (std::size_t j = 0; j < 3; ++j) {
      for (std::size_t i = 0; i < mice[j].size(); ++i) {
        moved[j][i] += 1e8;
        large[j][i] *= 1e150;
        small[j][i] *= 1e-150;
      }
    }
    EXPECT_NEAR(solve(test, moved).statistic, row.statistic, 1e-12 * row.statistic);
    EXPECT_NEAR(solve(test, large).statistic, row.statistic, 1e-12 * row.statistic);
    EXPECT_NEAR(solve(test, small).statistic, row.statistic, 1e-12 * row.statistic);
    Arms turned{mice[2], mice[0], mice[1]};
    EXPECT_NEAR(solve(test, turned).p_value, row.p_value, 1e-13);
  }
}

TEST(Means, AreTheSameBitsWhereverTheValuesLie) {
  std::mt19937 engine(3);
  const Arms arms = groups_k::draw(engine, {13, 9, 11}, 0);
  const Problem p(arms);
  KRow first;
  solve_anova(KOptions(), p.figures, first);
  for (std::size_t offset = 0; offset < 8; ++offset) {
    Sample s = p.sample;
    s.values.insert(s.values.begin(), offset, 0.0);
    ArmFigures f = p.figures;
    for (std::size_t j = 0; j < 3; ++j) {
      f.arm[j] = Moments::of({s.values.data() + offset + s.start[j], s.start[j + 1] - s.start[j]});
    }
    KRow row;
    solve_anova(KOptions(), f, row);
    EXPECT_EQ(row.statistic, first.statistic);
    EXPECT_EQ(row.effect_low, first.effect_low);
  }
}

TEST(Means, SayWhyThereIsNoAnswer) {
  for (const Solve test : {solve_anova, solve_welch_anova, solve_f_star}) {
    EXPECT_EQ(solve(test, {{}, {}}).status, Status::no_data);
    EXPECT_EQ(solve(test, {{1, 2, 3}}).status, Status::one_level);
    EXPECT_EQ(solve(test, {{1, 2, 3}, {}}).status, Status::one_group_empty);
    EXPECT_EQ(solve(test, {{1}, {2}}).status, Status::too_few);
    EXPECT_EQ(solve(test, {{2, 2}, {2, 2}}).status, Status::no_variance);
    EXPECT_TRUE(std::isnan(solve(test, {{0.1, 0.1, 0.1}, {0.3, 0.3, 0.3}}).p_value));
    const KRow left = solve(test, {{1, 2, groups_k::na}, {}, {3, 4.5}});
    EXPECT_EQ(left.status, Status::ok);
    EXPECT_EQ(left.n_dropped, 1);
    EXPECT_NE(left.notes & static_cast<std::uint32_t>(Note::arm_left_out), 0u);
    EXPECT_NEAR(left.p_value, solve(test, {{1, 2}, {3, 4.5}}).p_value, 1e-15);
  }
  EXPECT_EQ(solve(solve_anova, {{0.1, 0.1, 0.1}, {0.3, 0.3, 0.3}}).effect, 1.0);
  EXPECT_EQ(solve(solve_welch_anova, {{1, 1, 1}, {2, 3, 4}}).status, Status::no_variance);
  EXPECT_EQ(solve(solve_f_star, {{1, 1, 1}, {2, 3, 4}}).status, Status::ok);
  EXPECT_EQ(solve(solve_anova, {{1}, {2, 3}}).status, Status::ok);
}

struct Pairs {
  const Problem problem;
  KOptions options;
  MeansFamily family;
  FamilyQuantiles quantiles;

  explicit Pairs(const Arms& arms, Alternative a = Alternative::two_sided, std::size_t reference = 0) : problem(arms) {
    options.alternative = a;
    family.prepare(options, problem.figures, reference);
  }
  KRow pooled(bool dunnett, std::size_t level, std::size_t reference = 0) {
    KRow row;
    solve_pooled_pair(options, dunnett, problem.figures, family, level, reference, quantiles, row);
    return row;
  }
  KRow games_howell(std::size_t level, std::size_t reference = 0) {
    KRow row;
    solve_games_howell(options, problem.figures, family, level, reference, quantiles, row);
    return row;
  }
};

TEST(Tukey, PrintsWhatSasPrints) {
  Pairs p(sas);
  const KRow a = p.pooled(false, 1, 0), b = p.pooled(false, 2, 0), c = p.pooled(false, 2, 1);
  EXPECT_NEAR(a.estimate, 3.645, 1e-12);
  EXPECT_NEAR(a.conf_low_adjusted, 0.2679292645, 5e-7);
  EXPECT_NEAR(a.conf_high_adjusted, 7.022070736, 5e-7);
  EXPECT_NEAR(b.conf_low_adjusted, -4.072070736, 5e-7);
  EXPECT_NEAR(b.conf_high_adjusted, 2.682070736, 5e-7);
  EXPECT_NEAR(c.estimate, -4.34, 1e-12);
  EXPECT_NEAR(c.conf_low_adjusted, -8.086523599, 5e-7);
  EXPECT_NEAR(c.conf_high_adjusted, -0.5934764007, 5e-7);
}

TEST(GamesHowell, PrintsWhatSpssPrints) {
  Pairs p({{24, 23, 31, 51}, {34, 18, 18, 26}, {17, 68, 59, 7}});
  const KRow a = p.games_howell(0, 1), b = p.games_howell(0, 2), c = p.games_howell(1, 2);
  EXPECT_EQ(a.estimate, 8.25);
  EXPECT_NEAR(a.conf_low_adjusted, -16.5492749527311, 1e-5);
  EXPECT_NEAR(a.p_adjusted, 0.558733632413559, 2e-8);
  EXPECT_NEAR(b.conf_high_adjusted, 52.6702454316458, 1e-5);
  EXPECT_NEAR(b.p_adjusted, 0.941147750599221, 2e-8);
  EXPECT_NEAR(c.conf_low_adjusted, -74.3174374251372, 1e-5);
  EXPECT_NEAR(c.p_adjusted, 0.682983914946841, 2e-8);
}

TEST(Dunnett, PrintsWhatMinitabPrints) {
  Pairs p(mice);
  const KRow a = p.pooled(true, 1), b = p.pooled(true, 2);
  EXPECT_NEAR(a.std_error, 4.965, 5e-4);
  EXPECT_NEAR(a.statistic, 2.920, 5e-4);
  EXPECT_NEAR(a.conf_low_adjusted, 2.388, 5e-3);  // printed limits are those of a critical value with three places
  EXPECT_NEAR(a.conf_high_adjusted, 26.61, 1e-2);
  EXPECT_NEAR(b.conf_low_adjusted, -1.612, 5e-3);
  EXPECT_NEAR(b.conf_high_adjusted, 22.61, 1e-2);
}

TEST(Pairs, OfTwoArmsAreTheTTest) {
  Pairs p(Arms{sas[0], sas[1]});
  for (const bool dunnett : {false, true}) {
    const KRow row = p.pooled(dunnett, 1);
    EXPECT_NEAR(row.p_adjusted, row.p_value, 1e-12);
    EXPECT_NEAR(row.conf_low_adjusted, row.conf_low, 1e-9);
    EXPECT_NEAR(row.conf_high_adjusted, row.conf_high, 1e-9);
  }
  EXPECT_NEAR(p.games_howell(1).p_adjusted, p.games_howell(1).p_value, 1e-12);
  for (const Alternative a : {Alternative::less, Alternative::greater}) {
    Pairs one(Arms{sas[0], sas[1]}, a);
    const KRow row = one.pooled(true, 1);
    EXPECT_NEAR(row.p_adjusted, row.p_value, 1e-12);
    EXPECT_EQ(std::isinf(row.conf_low), a == Alternative::less);
    EXPECT_EQ(std::isinf(row.conf_high_adjusted), a == Alternative::greater);
  }
}

// The family's limit touches 0 exactly where its p is alpha; and a wider family is never less strict.
TEST(Pairs, LimitsAreTheInversionOfTheirP) {
  std::mt19937 engine(29);
  for (int i = 0; i < 3; ++i) {
    const Arms arms = groups_k::draw(engine, {4, 6, 5, 7}, 0);
    for (const Alternative a : {Alternative::two_sided, Alternative::less, Alternative::greater}) {
      Pairs p(arms, a);
      for (std::size_t level = 1; level < 4; ++level) {
        for (const KRow& row : {p.pooled(true, level), p.pooled(false, level), p.games_howell(level)}) {
          EXPECT_EQ(row.p_value > 0.05, row.conf_low <= 0.0 && row.conf_high >= 0.0);
          EXPECT_EQ(row.p_adjusted > 0.05, row.conf_low_adjusted <= 0.0 && row.conf_high_adjusted >= 0.0);
          EXPECT_GE(row.p_adjusted, row.p_value * (1.0 - 1e-9));
        }
        const KRow dunnett = p.pooled(true, level);
        EXPECT_LE(dunnett.p_adjusted, 3.0 * dunnett.p_value * (1.0 + 1e-9));
      }
    }
    Pairs p(arms);
    EXPECT_NEAR(p.pooled(false, 2, 1).estimate, -p.pooled(false, 1, 2).estimate, 0.0);
    EXPECT_LE(p.pooled(true, 1).p_adjusted, p.pooled(false, 1).p_adjusted + 1e-12);
  }
}

TEST(Pairs, SayWhyThereIsNoAnswer) {
  Pairs p({{1, 2, 3}, {}, {4}, {5, groups_k::na, 6}});
  EXPECT_EQ(p.pooled(false, 1).status, Status::one_group_empty);
  EXPECT_EQ(p.pooled(true, 1).status, Status::one_group_empty);
  EXPECT_EQ(p.pooled(true, 2).status, Status::ok);
  EXPECT_EQ(p.games_howell(2).status, Status::too_few);
  EXPECT_EQ(p.games_howell(2).estimate, 2.0);
  EXPECT_EQ(p.pooled(false, 3).n_dropped, 1);
  EXPECT_EQ(p.pooled(false, 3).n, 2);
  EXPECT_EQ(p.pooled(false, 3).n_reference, 3);
  EXPECT_NE(p.pooled(false, 3).notes & static_cast<std::uint32_t>(Note::arm_left_out), 0u);
  EXPECT_EQ(Pairs(Arms{{}, {}}).pooled(false, 1).status, Status::no_data);
  EXPECT_EQ(Pairs(Arms{{1}, {2}}).pooled(false, 1).status, Status::too_few);
  EXPECT_EQ(Pairs(Arms{{1, 1}, {2, 2}}).pooled(true, 1).status, Status::no_variance);
  EXPECT_EQ(Pairs(Arms{{1, 1}, {2}}).pooled(true, 1).status, Status::no_variance);
  EXPECT_EQ(Pairs(Arms{{1, 2}, {4}}).pooled(false, 1).status, Status::ok);
  EXPECT_EQ(Pairs(Arms{{1, 2}, {4}}).pooled(false, 1).notes, 0u);
  EXPECT_EQ(Pairs(Arms{{1, 1}, {2, 2}, {3, 4}}).games_howell(1).status, Status::no_variance);
  EXPECT_EQ(Pairs(Arms{{1, 1}, {2, 2}, {3, 4}}).pooled(false, 1).status, Status::ok);
}

}  // namespace
