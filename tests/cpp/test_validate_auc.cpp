// Areas, their variances and intervals, groups of risk, cut-points: by hand, against double loops, and by property.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "respondr/validate/auc.hpp"
#include "respondr/validate/cutpoint.hpp"
#include "respondr/validate/decision.hpp"
#include "respondr/validate/hosmer.hpp"

using namespace respondr;
using namespace respondr::validate;

namespace {

struct Sample {
  std::vector<double> event, score, weight;
  Patients patients() const { return {event.size(), event.data(), weight.empty() ? nullptr : weight.data()}; }
};

Marker measured(const Sample& s) {
  Ascending order;
  Marker out;
  measure(s.patients(), s.score.data(), order, out);
  return out;
}

Sample some(int n, unsigned seed, int levels) {
  std::mt19937 g(seed);
  Sample s;
  for (int i = 0; i < n; ++i) {
    s.event.push_back(i % 3 == 0 ? 1.0 : 0.0);
    s.score.push_back(static_cast<double>(g() % levels) + (i % 3 == 0 ? 1.0 : 0.0));
  }
  return s;
}

// Every pair compared.
void naive(const Sample& s, double& area, double& variance) {
  double m = 0, n = 0;
  std::vector<double> v(s.event.size(), 0.0);
  for (const double e : s.event) (e > 0.5 ? m : n) += 1.0;
  for (std::size_t i = 0; i < v.size(); ++i)
    for (std::size_t j = 0; j < v.size(); ++j)
      if (s.event[i] > 0.5 && s.event[j] < 0.5) {
        const double win = s.score[i] > s.score[j] ? 1.0 : s.score[i] == s.score[j] ? 0.5 : 0.0;
        v[i] += win / n;
        v[j] += win / m;
      }
  area = 0;
  for (std::size_t i = 0; i < v.size(); ++i) area += s.event[i] > 0.5 ? v[i] / m : 0.0;
  double a = 0, b = 0;
  for (std::size_t i = 0; i < v.size(); ++i) (s.event[i] > 0.5 ? a : b) += (v[i] - area) * (v[i] - area);
  variance = a / (m - 1) / m + b / (n - 1) / n;
}

}  // namespace

TEST(ValidateAuc, three_by_three_by_hand) {
  // events 3 5 5, others 1 3 5: pairs won 1.5 + 2.5 + 2.5 = 6.5 of 9.
  const Sample s{{1, 1, 1, 0, 0, 0}, {3, 5, 5, 1, 3, 5}, {}};
  const Marker m = measured(s);
  EXPECT_DOUBLE_EQ(m.area, 6.5 / 9.0);
  // V10 .5 5/6 5/6, V01 1 5/6 1/3: S10 = 1/27, S01 = 13/108.
  EXPECT_NEAR(m.variance, (1.0 / 27.0 + 13.0 / 108.0) / 3.0, 1e-15);
}

TEST(ValidateAuc, agrees_with_every_pair_compared) {
  for (const int levels : {2, 5, 1000000}) {
    const Sample s = some(61, 7, levels);
    double area = 0, variance = 0;
    naive(s, area, variance);
    const Marker m = measured(s);
    EXPECT_NEAR(m.area, area, 1e-14);
    EXPECT_NEAR(m.variance, variance, 1e-14 * (1 + variance));
  }
}

TEST(ValidateAuc, many_rows_are_sorted_as_few_are) {
  Sample s = some(5000, 13, 40);
  for (std::size_t i = 0; i < s.score.size(); ++i) s.score[i] = (s.score[i] - 20.0) * (i % 7 == 0 ? 1e-150 : 1e150);
  s.score[3] = -0.0;
  s.score[4] = 0.0;
  double area = 0, variance = 0;
  naive(s, area, variance);
  EXPECT_NEAR(measured(s).area, area, 1e-12);  // the naive sum of 8 million terms rounds
  EXPECT_NEAR(measured(s).variance, variance, 1e-12);
  Ascending order;
  order.sort(s.patients(), s.score.data());
  for (std::size_t k = 1; k < order.size(); ++k) ASSERT_LE(order.score(k - 1), order.score(k));
}

TEST(ValidateAuc, labels_swapped_and_monotone_scores) {
  Sample s = some(50, 3, 9);
  const Marker m = measured(s);
  Sample swapped = s;
  for (double& e : swapped.event) e = 1.0 - e;
  EXPECT_NEAR(measured(swapped).area, 1.0 - m.area, 1e-15);
  EXPECT_NEAR(measured(swapped).variance, m.variance, 1e-15);
  Sample grown = s;
  for (double& x : grown.score) x = std::exp(x) * 1e150;
  EXPECT_EQ(measured(grown).area, m.area);
  EXPECT_EQ(measured(grown).variance, m.variance);
}

TEST(ValidateAuc, weights_are_patients) {
  Sample s = some(30, 5, 6), many;
  for (std::size_t i = 0; i < s.event.size(); ++i) {
    s.weight.push_back(static_cast<double>(i % 4));
    for (std::size_t k = 0; k < i % 4; ++k) {
      many.event.push_back(s.event[i]);
      many.score.push_back(s.score[i]);
    }
  }
  EXPECT_NEAR(measured(s).area, measured(many).area, 1e-15);
  EXPECT_NEAR(measured(s).variance, measured(many).variance, 1e-15);
}

TEST(ValidateAuc, same_bits_at_every_address) {
  const Sample s = some(101, 11, 12);
  const Marker m = measured(s);
  std::vector<double> store(2 * 120);
  for (std::size_t shift = 0; shift < 8; ++shift) {
    double *event = store.data() + shift, *score = store.data() + 120 + shift;
    std::copy(s.event.begin(), s.event.end(), event);
    std::copy(s.score.begin(), s.score.end(), score);
    Ascending order;
    Marker again;
    measure({s.event.size(), event, nullptr}, score, order, again);
    EXPECT_EQ(again.area, m.area);
    EXPECT_EQ(again.variance, m.variance);
  }
}

TEST(ValidateAuc, newcombe_solves_its_equation_and_its_test_is_mann_whitney) {
  const double z = 1.959963984540054;
  for (const double a : {0.0, 0.02, 0.5, 0.71, 0.999, 1.0}) {
    const double low = newcombe_limit(a, 7, 12, z, true), high = newcombe_limit(a, 7, 12, z, false);
    EXPECT_LE(low, a);
    EXPECT_GE(high, a);
    for (const double t : {low, high}) {
      if (t > 0.0 && t < 1.0) {
        EXPECT_NEAR(std::fabs(a - t), z * std::sqrt(newcombe_variance(t, 7, 12)), 1e-12);
      }
    }
    EXPECT_NEAR(newcombe_limit(1 - a, 7, 12, z, true), 1 - high, 1e-13);
  }
  EXPECT_NEAR(newcombe_variance(0.5, 7, 12), 20.0 / (12.0 * 84.0), 1e-16);
}

TEST(ValidateAuc, statuses_of_what_has_no_delong_interval) {
  const auto row = [](std::vector<double> event, std::vector<double> score) {
    return auc_row(measured({std::move(event), std::move(score), {}}), AucInterval::delong, 0.95);
  };
  EXPECT_EQ(row({}, {}).status, Status::no_data);
  EXPECT_EQ(row({1, 1}, {1, 2}).status, Status::one_group_empty);
  const MeasureRow perfect = row({0, 0, 1, 1}, {1, 2, 3, 4});
  EXPECT_EQ(perfect.status, Status::boundary);
  EXPECT_EQ(perfect.conf_method, ConfMethod::newcombe_auc);
  EXPECT_LT(perfect.conf_low, 1.0);
  EXPECT_EQ(perfect.conf_high, 1.0);
  EXPECT_EQ(row({0, 1, 0, 1}, {2, 2, 2, 2}).status, Status::no_variance);
  EXPECT_EQ(row({0, 1, 0, 0}, {1, 2, 3, 2}).status, Status::too_few);
}

TEST(ValidateAuc, a_marker_is_no_better_than_itself_squared) {
  const Sample s = some(40, 2, 15);
  Sample t = s;
  for (double& x : t.score) x = x * x * x;
  const MeasureRow row = compare_paired_areas(s.patients(), measured(s), measured(t), 0.95);
  EXPECT_EQ(row.status, Status::no_variance);
  EXPECT_EQ(row.estimate, 0.0);
}

TEST(ValidateHosmer, groups_by_stata_and_by_sas) {
  Sample s;
  for (int i = 0; i < 32; ++i) {
    s.event.push_back(i % 2);
    s.score.push_back(0.02 * (i + 1));
  }
  Ascending order;
  order.sort(s.patients(), s.score.data());
  std::vector<double> sizes;
  for (const RiskGroup& g : risk_groups(s.patients(), order, 5, Grouping::stata)) sizes.push_back(g.n);
  EXPECT_EQ(sizes, (std::vector<double>{7, 6, 7, 6, 6}));
  sizes.clear();
  for (const RiskGroup& g : risk_groups(s.patients(), order, 5, Grouping::sas)) sizes.push_back(g.n);
  EXPECT_EQ(sizes, (std::vector<double>{6, 6, 6, 6, 8}));  // the 2 left over are at most [32 / 10] and join the fifth
}

TEST(ValidateCut, youden_by_hand_with_a_tie) {
  // events 4 6 8, others 1 2 6 (two): x >= 4: 3/3 + 2/4; x >= 8: 1/3 + 4/4; x >= 6: 2/3 + 2/4.
  const ValueTable t{{1, 2, 4, 6, 8}, {0, 0, 1, 1, 1}, {1, 1, 0, 2, 0}};
  CutOptions o;
  const Cut c = choose_cut(t, o);
  EXPECT_EQ(c.point, 4.0);
  EXPECT_EQ(c.neighbour, 2.0);
  EXPECT_EQ(c.tied, 1);
  EXPECT_DOUBLE_EQ(c.sensitivity, 1.0);
  EXPECT_DOUBLE_EQ(c.specificity, 0.5);
  // events 2 4, others 1 3: x >= 2 and x >= 4 both have an index of 1/2.
  const Cut tied = choose_cut({{1, 2, 3, 4}, {0, 1, 0, 1}, {1, 0, 1, 0}}, o);
  EXPECT_EQ(tied.tied, 2);
  EXPECT_EQ(tied.point, 2.0);
  o.direction = Direction::lower;
  EXPECT_EQ(choose_cut({{1, 2, 3}, {1, 1, 0}, {0, 0, 2}}, o).point, 2.0);
}

TEST(ValidateDecision, net_benefit_by_hand) {
  const std::vector<double> event{1, 0, 1, 0}, p{0.9, 0.6, 0.4, 0.2}, at{0.3, 0.5};
  const auto rows = decision_curve({4, event.data(), nullptr}, p.data(), {at.data(), 2}, {}, 1, {});
  EXPECT_NEAR(rows[0].model, 0.5 - 0.25 * 3.0 / 7.0, 1e-15);
  EXPECT_NEAR(rows[1].model, 0.0, 1e-15);
  EXPECT_NEAR(rows[0].all, 0.5 - 0.5 * 3.0 / 7.0, 1e-15);
}
