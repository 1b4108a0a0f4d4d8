// Classes of response: ties, three-valued logic, sustained and confirmed levels.
#include <gtest/gtest.h>

#include "respondr/response.hpp"

using namespace respondr::response;
using respondr::missing;

namespace {

Truth one(Measure measure, Relation relation, double cutoff, double before, double after) {
  unsigned lacks = 0;
  return compare({Op::leaf, 0, measure, relation, cutoff}, before, after, lacks);
}

std::vector<Verdict> course(std::initializer_list<int> levels) {
  std::vector<Verdict> out;
  for (const int level : levels) {
    Verdict v;
    v.level = level;
    v.handling = level == -1 ? Handling::open : Handling::classed;
    out.push_back(v);
  }
  return out;
}

std::vector<int> repeated(const Program& program, const std::vector<Verdict>& visits) {
  std::vector<Verdict> judged(visits.size());
  require_repeats(program, visits, judged);
  std::vector<int> out;
  for (const Verdict& v : judged) {
    out.push_back(v.level);
  }
  return out;
}

}  // namespace

TEST(Response, DecimalsTieAtTheBoundary) {
  EXPECT_EQ(one(Measure::change, Relation::at_least, 2.0, 6.2, 8.2), Truth::yes);
  EXPECT_EQ(one(Measure::change, Relation::greater, 2.0, 6.8, 8.8), Truth::no);
  EXPECT_EQ(one(Measure::change, Relation::greater, 2.0, 6.8, 8.8001), Truth::yes);
  EXPECT_EQ(one(Measure::percent_change, Relation::at_most, -50.0, 0.7, 0.35), Truth::yes);
  EXPECT_EQ(one(Measure::percent_change, Relation::at_most, -50.0, -2.0, -3.0), Truth::no);
  EXPECT_EQ(one(Measure::value, Relation::equal, 0.0, missing, 0.0), Truth::yes);
  EXPECT_EQ(one(Measure::value, Relation::equal, 0.0, missing, 1e-300), Truth::no);
}

TEST(Response, WhatStandsInTheWayIsNamed) {
  unsigned lacks = 0;
  const Step step{Op::leaf, 0, Measure::percent_change, Relation::less, -50.0};
  EXPECT_EQ(compare(step, 0.0, 1.0, lacks), Truth::unknown);
  EXPECT_EQ(lacks, has_zero_baseline);
  EXPECT_EQ(compare(step, missing, 1.0, lacks), Truth::unknown);
  EXPECT_EQ(lacks, has_zero_baseline | lacks_baseline);
}

TEST(Response, JoinsAreKleenes) {
  const Truth unknown_no[] = {Truth::unknown, Truth::no}, unknown_yes[] = {Truth::unknown, Truth::yes};
  EXPECT_EQ(join(unknown_no, 2, true), Truth::no);
  EXPECT_EQ(join(unknown_yes, 2, true), Truth::unknown);
  EXPECT_EQ(join(unknown_yes, 2, false), Truth::yes);
  EXPECT_EQ(join(unknown_no, 2, false), Truth::unknown);
}

TEST(Response, RepeatsTakeTheWorstLevelAndStayOpenWhereItIsUnknown) {
  Program program;
  program.sustained = 2;
  EXPECT_EQ(repeated(program, course({1, 2, 1, 0, 2, -1, 2, 0})), (std::vector<int>{0, 1, 1, 0, 0, -1, -1, 0}));
  program.sustained = 1;
  program.confirmed = true;
  EXPECT_EQ(repeated(program, course({1, 2, 1, -1, 2, 0})), (std::vector<int>{1, 1, -1, -1, 0, 0}));
}

TEST(Response, CarriedIsTheLastClassOfItsOwn) {
  std::vector<Verdict> visits = course({2, -1, -1});
  visits[1].handling = visits[2].handling = Handling::carried;
  carry(visits);
  EXPECT_EQ(visits[2].level, 2);
  std::vector<Verdict> none = course({-1});
  none[0].handling = Handling::carried;
  carry(none);
  EXPECT_EQ(none[0].level, -1);
  EXPECT_EQ(none[0].handling, Handling::open);
}
