// From columns to one problem: pairs, scales, the decimal grid, counts.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

#include "respondr/paired/load.hpp"
#include "respondr/paired/sides.hpp"

namespace {

using namespace respondr;
using namespace respondr::paired;
using Values = std::vector<double>;

struct Problem {
  Loaded loaded = Loaded::ready;
  Sample sample;
  Shift shift;
  Row row;
};

Problem load_pairs(const Values& before, const Values& after, const Options& o = Options(),
                   const std::vector<std::uint64_t>& keys = {}) {
  PairColumns c;
  c.before = before.empty() ? nullptr : before.data();
  c.after = after.data();
  c.patient = keys.empty() ? nullptr : keys.data();
  c.n = after.size();
  LoadWorkspace w;
  Problem p;
  p.loaded = load(c, o, w, p.sample, p.shift, p.row);
  return p;
}

bool noted(const Problem& p, Note note) { return (p.row.notes & static_cast<std::uint32_t>(note)) != 0u; }

Options scaled(Scale scale) {
  Options o;
  o.scale = scale;
  o.null = scale == Scale::ratio ? 1.0 : 0.0;
  return o;
}

}  // namespace

TEST(Load, ByHandDecimalsBecomeWholeNumbersOfTheirLastPlace) {
  const Problem p = load_pairs({7.1, 6.3, 5.25}, {9.1, 8.3, 5.0});
  EXPECT_TRUE(p.sample.on_grid);
  EXPECT_EQ(p.sample.change, (Values{200, 200, -25}));
  EXPECT_EQ(p.sample.unit, 0.01);
  EXPECT_EQ(p.row.n_ties, 2);
  EXPECT_EQ(outcome_units(p.sample, -25.0), -0.25);
}

TEST(Load, ByHandNullAndMarginsGoAlong) {
  Options o;
  o.null = 0.25;
  o.alternative = Alternative::equivalence;
  o.margin_low = -1.5;
  o.margin_high = 2.0;
  const Problem p = load_pairs({7.1, 6.3}, {9.1, 8.3}, o);
  EXPECT_DOUBLE_EQ(p.shift.null, 2.5);
  EXPECT_EQ(p.shift.margin_low, -15.0);
  EXPECT_EQ(p.shift.margin_high, 20.0);
}

TEST(Load, EdgeMissingPairsLeaveAndKeysStayWithTheirPatients) {
  const Problem p = load_pairs({1.5, missing, 3, 4}, {2, 3, missing, 6}, Options(), {11, 12, 13, 14});
  EXPECT_EQ(p.row.n_pairs, 2);
  EXPECT_EQ(p.row.n_dropped, 2);
  EXPECT_EQ(p.sample.n_patients, 4);
  EXPECT_EQ(p.sample.patient, (std::vector<std::uint64_t>{11, 14}));
  EXPECT_EQ(p.sample.before, (Values{1.5, 4}));
  EXPECT_EQ(p.sample.after, (Values{2, 6}));
}

TEST(Load, EdgeInfiniteMeasurementsAreRefused) {
  EXPECT_EQ(load_pairs({1, infinity}, {2, 3}).loaded, Loaded::infinite);
  EXPECT_EQ(load_pairs({1, 2}, {2, -infinity}).loaded, Loaded::infinite);
  EXPECT_EQ(load_pairs({}, {2, infinity}).loaded, Loaded::infinite);
  EXPECT_EQ(load_pairs({std::sqrt(2.0), infinity}, {std::sqrt(3.0), 1}).loaded, Loaded::infinite);
}

TEST(Load, EdgeRowNumbersFindTheMeasurements) {
  const Values column{10, 20, 30, 40, 50};
  const std::vector<int> rows_before{5, 1, missing_int}, rows_after{2, 3, 4};
  PairColumns c;
  c.before = c.after = column.data();
  c.rows_before = rows_before.data();
  c.rows_after = rows_after.data();
  c.n = 3;
  LoadWorkspace w;
  Problem p;
  p.loaded = load(c, Options(), w, p.sample, p.shift, p.row);
  EXPECT_EQ(p.sample.change, (Values{-30, 20}));
  EXPECT_EQ(p.row.n_dropped, 1);
}

TEST(Load, EdgeAColumnOfChangesHasNoVisits) {
  const Problem p = load_pairs({}, {1, 0, -1, 2});
  EXPECT_TRUE(p.sample.before.empty() && p.sample.after.empty());
  EXPECT_EQ(p.row.n_zeros, 1);
  EXPECT_EQ(p.row.n_ties, 2);
}

TEST(Load, PropertyTheDensePathIsTheLongPathBitForBit) {
  Values before, after;
  for (int i = 0; i < 37; ++i) {
    before.push_back(std::sqrt(2.0 + i));
    after.push_back(std::sqrt(3.0 + i * i));
  }
  const Problem dense = load_pairs(before, after);
  Options o;
  o.effect = Effect::d_av;  // asks for the measurements, and so for the long path
  const Problem full = load_pairs(before, after, o);
  ASSERT_EQ(dense.sample.size(), full.sample.size());
  EXPECT_EQ(std::memcmp(dense.sample.change.data(), full.sample.change.data(), 37 * sizeof(double)), 0);
  EXPECT_EQ(dense.sample.magnitude, full.sample.magnitude);
  EXPECT_EQ(dense.row.n_zeros, full.row.n_zeros);
  EXPECT_EQ(dense.row.n_ties, full.row.n_ties);
  EXPECT_FALSE(full.sample.on_grid);
}

TEST(Load, ByHandRatiosInLowestTermsTieToTheLastBit) {
  for (const Scale scale : {Scale::ratio, Scale::log_percent, Scale::symmetric_percent}) {
    const Problem p = load_pairs({1, 2, 3, 0.1, 0.7}, {3, 6, 1, 0.3, 0.7}, scaled(scale));
    EXPECT_EQ(p.sample.change[0], p.sample.change[1]);
    EXPECT_EQ(p.sample.change[0], p.sample.change[3]);
    EXPECT_EQ(p.sample.change[0], -p.sample.change[2]);
    EXPECT_EQ(p.row.n_ties, 4);
    EXPECT_EQ(p.row.n_zeros, 1);
    EXPECT_FALSE(p.sample.on_grid);
  }
  EXPECT_DOUBLE_EQ(load_pairs({1}, {3}, scaled(Scale::ratio)).sample.change[0], std::log(3.0));
  EXPECT_DOUBLE_EQ(load_pairs({1}, {3}, scaled(Scale::symmetric_percent)).sample.change[0], 50.0);
  const Problem percent = load_pairs({1}, {3}, scaled(Scale::log_percent));
  EXPECT_DOUBLE_EQ(outcome_units(percent.sample, percent.sample.change[0]), 100.0 * std::log(3.0));
}

TEST(Load, EdgePairsWithoutAPlaceOnTheScaleAreDroppedWithTheReason) {
  const std::vector<std::uint64_t> keys{1, 2, 3, 4};
  const Problem ratio = load_pairs({0, 1, 2, 3}, {1, 2, -3, 5}, scaled(Scale::ratio), keys);
  EXPECT_EQ(ratio.row.n_pairs, 2);
  EXPECT_EQ(ratio.row.n_dropped, 2);
  EXPECT_TRUE(noted(ratio, Note::not_positive));
  EXPECT_EQ(ratio.sample.patient, (std::vector<std::uint64_t>{2, 4}));
  EXPECT_EQ(ratio.sample.before, (Values{1, 3}));
  const Problem percent = load_pairs({0, 0, 2, 3}, {1, 0, -3, 5}, scaled(Scale::symmetric_percent), keys);
  EXPECT_EQ(percent.sample.change, (Values{100, 25}));
  EXPECT_TRUE(noted(percent, Note::zero_sum));
  EXPECT_TRUE(noted(percent, Note::negative));
  EXPECT_FALSE(noted(percent, Note::not_positive));
  EXPECT_EQ(load_pairs({0, -1}, {1, 2}, scaled(Scale::ratio)).row.n_pairs, 0);
}

TEST(Load, ByHandNullAndMarginsOfRatiosAreLogarithms) {
  Options o = scaled(Scale::ratio);
  o.null = 1.1;
  o.alternative = Alternative::equivalence;
  o.margin_low = 0.8;
  o.margin_high = 1.25;
  const Problem p = load_pairs({1, 2}, {2, 3}, o);
  EXPECT_DOUBLE_EQ(p.shift.null, std::log(1.1));
  EXPECT_DOUBLE_EQ(p.shift.margin_low, std::log(0.8));
  EXPECT_DOUBLE_EQ(p.shift.margin_high, std::log(1.25));
  Options percent = scaled(Scale::log_percent);
  percent.null = 5.0;
  EXPECT_DOUBLE_EQ(load_pairs({1, 2}, {2, 3}, percent).shift.null, 0.05);
}
