// Codes of ids and levels, and the matching of rows by group, id and visit.
// byhand: small columns. oracle: std::map over random data. property: the order of rows changes nothing.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "respondr/index.hpp"
#include "respondr/match.hpp"

using namespace respondr;

namespace {

constexpr std::int32_t na_int = std::numeric_limits<std::int32_t>::min();
constexpr std::int64_t na_int64 = std::numeric_limits<std::int64_t>::min();
const double inf = std::numeric_limits<double>::infinity();
using Ints = std::vector<std::int32_t>;

template <class T>
Span<T> span(const std::vector<T>& x) {
  return {x.data(), x.size()};
}

struct Codes {
  Ints code;
  Levels levels;
};

Codes code(const Ints& x) {
  Codes out{Ints(x.size(), 99), {}};
  out.levels = code_integers<std::int32_t>(span(x), na_int, out.code.data());
  return out;
}
Codes code(const std::vector<std::int64_t>& x) {
  Codes out{Ints(x.size(), 99), {}};
  out.levels = code_integers<std::int64_t>(span(x), na_int64, out.code.data());
  return out;
}
Codes code(const std::vector<double>& x) {
  Codes out{Ints(x.size(), 99), {}};
  out.levels = code_doubles(span(x), out.code.data());
  return out;
}
// A null pointer stands for the NA string.
Codes code(const std::vector<const char*>& x) {
  Codes out{Ints(x.size(), 99), {}};
  out.levels = code_strings<const char*>(
      span(x), nullptr, 1, [](const char* s) { return s; }, out.code.data());
  return out;
}

// Naive second program: levels in order of value, lowest row of each.
template <class T, class Missing>
void expect_codes(const std::vector<T>& x, Missing missing) {
  std::map<T, std::int32_t> first;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!missing(x[i])) {
      first.emplace(x[i], static_cast<std::int32_t>(i));
    }
  }
  const Codes got = code(x);
  ASSERT_EQ(got.levels.first_row.size(), first.size());
  std::map<T, std::int32_t> rank;
  for (const auto& level : first) {
    const std::int32_t r = static_cast<std::int32_t>(rank.size());
    rank[level.first] = r;
    ASSERT_EQ(got.levels.first_row[static_cast<std::size_t>(r)], level.second);
  }
  for (std::size_t i = 0; i < x.size(); ++i) {
    ASSERT_EQ(got.code[i], missing(x[i]) ? no_code : rank.at(x[i])) << "row " << i;
  }
}

bool is_na(double x) { return std::isnan(x); }
bool is_na(std::int32_t x) { return x == na_int; }
bool is_na(std::int64_t x) { return x == na_int64; }

struct Problem {
  Ints group, id, visit;
  std::int32_t n_groups, n_ids, n_visits;
  std::vector<std::uint8_t> keep;
};

MatchInput input(const Problem& p) {
  MatchInput in;
  in.group = span(p.group);
  in.id = span(p.id);
  in.visit = span(p.visit);
  in.n_groups = p.n_groups;
  in.n_ids = p.n_ids;
  in.n_visits = p.n_visits;
  in.keep = p.keep.empty() ? nullptr : p.keep.data();
  return in;
}

// Naive second program for the matching.
void expect_match(const Problem& p) {
  std::map<std::pair<int, int>, std::map<int, Ints>> patients;
  int na_visit = 0, na_id = 0, na_group = 0;
  for (std::size_t i = 0; i < p.id.size(); ++i) {
    if (!p.keep.empty() && p.keep[i] == 0) {
      continue;
    }
    const int group = p.group.empty() ? 0 : p.group[i];
    if (p.visit[i] < 0 || p.id[i] < 0 || group < 0) {
      ++(p.visit[i] < 0 ? na_visit : p.id[i] < 0 ? na_id : na_group);
      continue;
    }
    patients[{group, p.id[i]}][p.visit[i]].push_back(static_cast<std::int32_t>(i));
  }
  const Matched got = match_rows(input(p));
  EXPECT_EQ(got.n_na_visit, na_visit);
  EXPECT_EQ(got.n_na_id, na_id);
  EXPECT_EQ(got.n_na_group, na_group);
  ASSERT_EQ(got.patients(), patients.size());
  ASSERT_EQ(got.rows.size(), patients.size() * static_cast<std::size_t>(p.n_visits));
  Ints start(static_cast<std::size_t>(p.n_groups) + 1, 0), duplicate;
  std::size_t k = 0;
  std::map<int, std::map<int, int>> visits_of;
  std::map<int, int> groups_of;
  for (const auto& patient : patients) {
    EXPECT_EQ(got.id_code[k], patient.first.second);
    for (int g = patient.first.first + 1; g <= p.n_groups; ++g) {
      ++start[static_cast<std::size_t>(g)];
    }
    ++groups_of[patient.first.second];
    for (int v = 0; v < p.n_visits; ++v) {
      const auto at = patient.second.find(v);
      const std::int32_t row = got.rows[static_cast<std::size_t>(v) * patients.size() + k];
      if (at == patient.second.end()) {
        EXPECT_EQ(row, -1);
        continue;
      }
      EXPECT_EQ(row, at->second.back());
      ++visits_of[patient.first.second][v];
      if (at->second.size() > 1 && duplicate.empty()) {
        duplicate = at->second;
      }
    }
    ++k;
  }
  EXPECT_EQ(got.group_start, start);
  EXPECT_EQ(got.duplicate, duplicate);
  Ints split;
  for (const auto& id : groups_of) {
    const auto& visits = visits_of[id.first];
    const bool twice = std::any_of(visits.begin(), visits.end(), [](const auto& v) { return v.second > 1; });
    if (id.second > 1 && !twice) {
      split.push_back(id.first);
    }
  }
  EXPECT_EQ(got.split.count, static_cast<std::int32_t>(split.size()));
  split.resize(std::min<std::size_t>(split.size(), 5));
  EXPECT_EQ(got.split.id, split);
}

// Every patient at every visit, some rows left out, in random order.
Problem random_problem(std::mt19937& rng, int ids, int groups, int visits, double absent, double missing) {
  std::uniform_real_distribution<double> u(0, 1);
  std::vector<std::tuple<int, int, int>> rows;
  for (int id = 0; id < ids; ++id) {
    for (int v = 0; v < visits; ++v) {
      const int group =
          static_cast<int>(u(rng) < .05 ? rng() % static_cast<unsigned>(groups) : static_cast<unsigned>(id % groups));
      if (u(rng) >= absent) {
        rows.emplace_back(u(rng) < missing ? -1 : group, u(rng) < missing ? -1 : id, u(rng) < missing ? -1 : v);
      }
    }
  }
  std::shuffle(rows.begin(), rows.end(), rng);
  Problem p{{}, {}, {}, groups, ids, visits, {}};
  for (const auto& row : rows) {
    p.group.push_back(std::get<0>(row));
    p.id.push_back(std::get<1>(row));
    p.visit.push_back(std::get<2>(row));
  }
  return p;
}

}  // namespace

TEST(Index, NumbersAreCodedByValueAndMissingOnesAreNot) {
  const Codes c = code(Ints{7, 3, na_int, 7, -2});
  EXPECT_EQ(c.code, (Ints{2, 1, no_code, 2, 0}));
  EXPECT_EQ(c.levels.first_row, (Ints{4, 1, 0}));
}

TEST(Index, NoRowsAndOneRow) {
  EXPECT_EQ(code(Ints{}).levels.size(), 0);
  EXPECT_EQ(code(std::vector<double>{}).levels.size(), 0);
  EXPECT_EQ(code(std::vector<const char*>{}).levels.size(), 0);
  EXPECT_EQ(code(Ints{5}).code, Ints{0});
  EXPECT_EQ(code(std::vector<double>{.5}).code, Ints{0});
  EXPECT_EQ(code(std::vector<const char*>{"a"}).levels.first_row, Ints{0});
}

TEST(Index, AColumnOfMissingValuesHasNoLevels) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(code(Ints{na_int, na_int}).code, (Ints{no_code, no_code}));
  EXPECT_EQ(code(std::vector<double>{nan, -nan}).code, (Ints{no_code, no_code}));
  EXPECT_EQ(code(std::vector<std::int64_t>{na_int64}).code, Ints{no_code});
  const Codes text = code(std::vector<const char*>{nullptr, nullptr});
  EXPECT_EQ(text.code, (Ints{no_code, no_code}));
  EXPECT_EQ(text.levels.size(), 0);
}

TEST(Index, ZerosOfBothSignsAreOneLevelAndInfinitiesAreLevels) {
  const std::vector<double> x{inf, .25, -0.0, 0.0, -inf, std::nan(""), -1.5};
  EXPECT_EQ(code(x).code, (Ints{4, 3, 2, 2, 0, no_code, 1}));
  EXPECT_EQ(code(x).levels.first_row, (Ints{4, 6, 2, 1, 0}));
  EXPECT_EQ(code(std::vector<double>{-0.0, 0.0, 1.0}).code, (Ints{0, 0, 1}));
}

TEST(Index, HugeIdsKeepTheirLastDigit) {
  EXPECT_EQ(code(std::vector<double>{1e15 + 1, 1e15, 1e15 + 2, -1e15}).code, (Ints{2, 1, 3, 0}));
  EXPECT_EQ(code(std::vector<double>{9007199254740992., 1e300, -1e300, 9007199254740991.}).code, (Ints{2, 3, 0, 1}));
  const std::int64_t big = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(code(std::vector<std::int64_t>{big, big - 1, -big, na_int64, 0}).code, (Ints{3, 2, 0, no_code, 1}));
  const std::int32_t top = std::numeric_limits<std::int32_t>::max();
  EXPECT_EQ(code(Ints{top, -top, na_int, 0}).code, (Ints{2, 0, no_code, 1}));
}

TEST(Index, AgreesWithAMapOnRandomNumbers) {
  std::mt19937_64 rng(1);
  for (const std::int64_t range : {std::int64_t{1}, std::int64_t{30}, std::int64_t{20000}, std::int64_t{2000000000}}) {
    Ints x;
    std::vector<double> whole, broken;
    std::vector<std::int64_t> wide;
    for (int i = 0; i < 5000; ++i) {
      const std::int64_t v = static_cast<std::int64_t>(rng() % static_cast<std::uint64_t>(range)) - range / 2;
      const bool missing = rng() % 50 == 0;
      x.push_back(missing ? na_int : static_cast<std::int32_t>(v));
      whole.push_back(missing ? std::nan("") : static_cast<double>(v));
      broken.push_back(missing ? std::nan("") : static_cast<double>(v) + .1);
      wide.push_back(missing ? na_int64 : v * 4000000000 + (v & 1));
    }
    expect_codes(x, [](std::int32_t v) { return is_na(v); });
    expect_codes(wide, [](std::int64_t v) { return is_na(v); });
    for (const std::vector<double>* d : {&whole, &broken}) {
      expect_codes(*d, [](double v) { return is_na(v); });
    }
  }
}

TEST(Index, AgreesWithAMapWhereTheTableOfKeysGrows) {
  std::mt19937_64 rng(2);
  std::vector<double> late(60000, .5);  // few distinct values first: the guess of their number is far too low
  std::generate(late.begin() + 30000, late.end(), [&] { return std::ldexp(static_cast<double>(rng()), -70); });
  expect_codes(late, [](double v) { return is_na(v); });
}

TEST(Index, TextIsOrderedByBytesAndEqualBytesAreOneLevel) {
  const std::string twin_a = "ID-007", twin_b = "ID-007", empty, upper = "\xc3\xa9", longer = "ID-0070";
  const std::vector<const char*> x{longer.c_str(), twin_a.c_str(), nullptr,       upper.c_str(),
                                   twin_b.c_str(), empty.c_str(),  twin_a.c_str()};
  const Codes c = code(x);
  EXPECT_EQ(c.code, (Ints{2, 1, no_code, 3, 1, 0, 1}));
  EXPECT_EQ(c.levels.first_row, (Ints{5, 1, 0, 3}));
}

TEST(Index, AgreesWithAMapOnRandomText) {
  std::mt19937 rng(3);
  for (const std::size_t prefix : {0, 3, 8, 21, 60}) {
    std::vector<std::string> pool;
    // Few long beginnings: runs that only a later piece of the text tells apart.
    const std::string beginnings[3] = {"Universitaetsklinikum/Station 1/", "Universitaetsspital/Station/Bett", "U"};
    for (int i = 0; i < 6000; ++i) {
      pool.push_back(beginnings[rng() % 3] + std::string(prefix, '-') + std::to_string(rng() % 5000));
    }
    for (int i = 0; i < 3000; ++i) {
      std::string s(prefix, 'p');
      const std::size_t length = rng() % 20;
      for (std::size_t k = 0; k < length; ++k) {
        s += static_cast<char>(k < 9 ? 'a' : 1 + rng() % 255);
      }
      pool.push_back(s);  // equal texts at different addresses are wanted
    }
    std::vector<const char*> x;
    std::vector<std::string> text;
    for (int i = 0; i < 20000; ++i) {
      const std::size_t k = rng() % (pool.size() + 10);
      x.push_back(k < pool.size() ? pool[k].c_str() : nullptr);
      text.push_back(k < pool.size() ? pool[k] : std::string("\xff\xff NA"));
    }
    std::map<std::string, std::int32_t> first;
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (x[i] != nullptr) {
        first.emplace(text[i], static_cast<std::int32_t>(i));
      }
    }
    const Codes got = code(x);
    ASSERT_EQ(got.levels.first_row.size(), first.size());
    std::map<std::string, std::int32_t> rank;
    for (const auto& level : first) {
      EXPECT_EQ(got.levels.first_row[rank.size()], level.second);
      rank.emplace(level.first, static_cast<std::int32_t>(rank.size()));
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
      ASSERT_EQ(got.code[i], x[i] == nullptr ? no_code : rank.at(text[i]));
    }
  }
}

TEST(Index, LongTextsAreOrderedByTheirFirstDifference) {
  std::mt19937 rng(8);
  std::vector<std::string> text(1500, std::string(60, 'a'));
  for (std::string& s : text) {
    std::generate(s.begin(), s.end(), [&rng] { return rng() % 2 == 0 ? 'a' : 'b'; });
  }
  std::vector<const char*> x;
  for (const std::string& s : text) {
    x.push_back(s.c_str());
  }
  const Codes got = code(x);
  std::vector<std::string> sorted = text;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_EQ(sorted[static_cast<std::size_t>(got.code[i])], text[i]);
  }
}

TEST(Index, TheOrderOfRowsChangesNoCode) {
  std::mt19937_64 rng(4);
  std::vector<double> value;
  for (int i = 0; i < 4000; ++i) {
    value.push_back(static_cast<double>(rng() % 1500) * 1.7e9 + .5);
  }
  std::vector<std::size_t> order(value.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::shuffle(order.begin(), order.end(), rng);
  std::vector<double> shuffled;
  for (const std::size_t i : order) {
    shuffled.push_back(value[i]);
  }
  const Codes a = code(value), b = code(shuffled);
  for (std::size_t i = 0; i < order.size(); ++i) {
    ASSERT_EQ(b.code[i], a.code[order[i]]);
  }
}

TEST(Match, PairsRowsByIdAndNotByTheirOrder) {
  const Problem p{{}, {2, 0, 1, 0, 2}, {0, 1, 0, 0, 1}, 1, 3, 2, {}};
  const Matched m = match_rows(input(p));
  EXPECT_EQ(m.id_code, (Ints{0, 1, 2}));
  EXPECT_EQ(m.rows, (Ints{3, 2, 0, 1, -1, 4}));
  EXPECT_EQ(m.group_start, (Ints{0, 3}));
  EXPECT_TRUE(m.duplicate.empty());
}

TEST(Match, NoRowsOneRowAndNoVisits) {
  const Matched none = match_rows(input({{}, {}, {}, 1, 0, 2, {}}));
  EXPECT_EQ(none.patients(), 0u);
  EXPECT_EQ(none.group_start, (Ints{0, 0}));
  const Matched one = match_rows(input({{1}, {0}, {1}, 3, 1, 2, {}}));
  EXPECT_EQ(one.rows, (Ints{-1, 0}));
  EXPECT_EQ(one.group_start, (Ints{0, 0, 1, 1}));
  EXPECT_EQ(match_rows(input({{}, {0}, {-1}, 1, 1, 0, {}})).n_na_visit, 1);
}

TEST(Match, MissingCodesAreCountedOnceAndNeverMatched) {
  const Problem p{{0, -1, 0, -1, 0}, {0, 0, -1, -1, 0}, {0, 1, 1, -1, -1}, 1, 1, 2, {}};
  const Matched m = match_rows(input(p));
  EXPECT_EQ(m.rows, (Ints{0, -1}));
  EXPECT_EQ(m.n_na_visit, 2);
  EXPECT_EQ(m.n_na_id, 1);
  EXPECT_EQ(m.n_na_group, 1);
}

TEST(Match, CodesMayStartAtOneWithTheMissingValueOfR) {
  const Ints id{1, 2, na_int, 1}, visit{1, 1, 1, 2};
  MatchInput in;
  in.id = span(id);
  in.visit = span(visit);
  in.n_ids = 2;
  in.n_visits = 2;
  in.base = 1;
  const Matched m = match_rows(in);
  EXPECT_EQ(m.rows, (Ints{0, 1, 3, -1}));
  EXPECT_EQ(m.id_code, (Ints{0, 1}));
  EXPECT_EQ(m.n_na_id, 1);
}

TEST(Match, AllRowsOfTheLowestDoubledPatientAndVisitAreNamed) {
  const Problem p{{}, {4, 1, 1, 4, 1, 1}, {0, 1, 0, 0, 1, 1}, 1, 5, 2, {}};
  EXPECT_EQ(match_rows(input(p)).duplicate, (Ints{1, 4, 5}));
}

TEST(Match, RowsThatAreNotKeptAreNotThere) {
  Problem p{{}, {0, 0, 0, -1}, {0, 1, 1, 0}, 1, 1, 2, {1, 1, 0, 0}};
  const Matched m = match_rows(input(p));
  EXPECT_TRUE(m.duplicate.empty());
  EXPECT_EQ(m.rows, (Ints{0, 1}));
  EXPECT_EQ(m.n_na_id, 0);
}

TEST(Match, AnIdWhoseVisitsLieInDifferentGroupsIsSplit) {
  // Id 0: one visit in each group. Id 1 starts again in each group. Id 2 is whole.
  const Problem p{{0, 1, 0, 0, 1, 1, 1, 1}, {0, 0, 1, 1, 1, 1, 2, 2}, {0, 1, 0, 1, 0, 1, 0, 1}, 2, 3, 2, {}};
  const Matched m = match_rows(input(p));
  EXPECT_EQ(m.split.id, Ints{0});
  EXPECT_EQ(m.split.count, 1);
  EXPECT_EQ(m.group_start, (Ints{0, 2, 5}));
}

TEST(Match, OnlyTheFirstFiveSplitIdsAreNamedButAllAreCounted) {
  Problem p{{}, {}, {}, 2, 9, 2, {}};
  for (int id = 8; id >= 0; --id) {
    for (int v = 0; v < 2; ++v) {
      p.group.push_back(v);
      p.id.push_back(id);
      p.visit.push_back(v);
    }
  }
  const Matched m = match_rows(input(p));
  EXPECT_EQ(m.split.id, (Ints{0, 1, 2, 3, 4}));
  EXPECT_EQ(m.split.count, 9);
}

TEST(Match, AgreesWithAMapOnRandomRows) {
  std::mt19937 rng(5);
  for (const int groups : {1, 2, 7}) {
    for (const int visits : {1, 2, 5}) {
      for (const double absent : {0., .3, .97}) {
        Problem p = random_problem(rng, 400, groups, visits, absent, .03);
        expect_match(p);
        if (!p.id.empty()) {
          p.id.push_back(p.id[0]);  // a double row
          p.visit.push_back(p.visit[0]);
          p.group.push_back(p.group[0]);
          expect_match(p);
        }
        if (groups == 1) {
          p.group.clear();
          expect_match(p);
        }
        p.keep.assign(p.id.size(), 1);
        for (std::size_t i = 0; i < p.keep.size(); i += 3) {
          p.keep[i] = 0;
        }
        expect_match(p);
      }
    }
  }
}

TEST(Match, ManyGroupsWithIdsOfTheirOwnAgreeWithAMap) {
  std::mt19937 rng(9);
  Problem p = random_problem(rng, 3000, 1, 2, .1, .01);
  p.n_groups = 70;  // the last ones empty
  for (std::size_t i = 0; i < p.id.size(); ++i) {
    p.group[i] = p.id[i] == -1 || p.group[i] == -1 ? -1 : (p.id[i] * 37) % 61;
  }
  expect_match(p);
}

TEST(Match, ManyGroupsOfFewPatientsNeedNoTableOfAllIds) {
  std::mt19937 rng(6);
  expect_match(random_problem(rng, 3000, 500, 2, .1, .01));
  Problem p = random_problem(rng, 50, 3, 4, .1, .01);
  p.n_ids = 2000000;  // most ids unused
  for (std::int32_t& id : p.id) {
    id = id == -1 ? -1 : 1999999 - 1000 * id;
  }
  const Matched m = match_rows(input(p));
  EXPECT_TRUE(std::is_sorted(m.id_code.begin(), m.id_code.begin() + m.group_start[1]));
}

TEST(Match, ShuffledRowsGiveTheSamePatientsInTheSameOrder) {
  std::mt19937 rng(7);
  const Problem p = random_problem(rng, 300, 3, 3, .2, .05);
  Ints order(p.id.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = static_cast<std::int32_t>(i);
  }
  std::shuffle(order.begin(), order.end(), rng);
  Problem q{{}, {}, {}, 3, 300, 3, {}};
  for (const std::int32_t i : order) {
    q.group.push_back(p.group[static_cast<std::size_t>(i)]);
    q.id.push_back(p.id[static_cast<std::size_t>(i)]);
    q.visit.push_back(p.visit[static_cast<std::size_t>(i)]);
  }
  const Matched a = match_rows(input(p)), b = match_rows(input(q));
  EXPECT_EQ(a.id_code, b.id_code);
  EXPECT_EQ(a.group_start, b.group_start);
  ASSERT_EQ(a.rows.size(), b.rows.size());
  for (std::size_t i = 0; i < a.rows.size(); ++i) {
    EXPECT_EQ(a.rows[i], b.rows[i] == -1 ? -1 : order[static_cast<std::size_t>(b.rows[i])]);
  }
}

TEST(Match, ColumnsOfDifferentLengthAndImpossibleTablesAreRefused) {
  const Ints a{0, 0}, b{0};
  MatchInput in;
  in.id = span(a);
  in.visit = span(b);
  EXPECT_THROW(match_rows(in), input_error);
  const Problem p{{}, Ints(20000), Ints(20000, 0), 1, 20000, 2000000000, {}};
  Problem many = p;
  for (int i = 0; i < 20000; ++i) {
    many.id[static_cast<std::size_t>(i)] = i;
  }
  EXPECT_THROW(match_rows(input(many)), input_error);
}
