#pragma once
// A rule of response as a flat program, and the class that it gives.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/types.hpp"

namespace respondr::response {

// Codes shared with R/response-classify-program.R.
enum class Measure : int { value = 0, baseline, change, percent_change, ratio, rci };
enum class Relation : int { greater = 0, at_least, less, at_most, equal, not_equal };
enum class Op : int { leaf = 0, all, any, negate, constant };
enum class Handling : int { classed = 0, nonresponder, excluded, carried, open };
enum class Moment : int { each = 0, at, last, best };

// Why a patient has the class he has at a visit.
enum class Cause : int {
  observed = 0,
  no_value,
  no_baseline,
  zero_baseline,
  died,
  no_set,
  no_level,
  not_sustained,
  not_confirmed
};

// A step of a condition in postfix order. leaf: variable `argument` by `measure` against `cutoff` (for rci on the scale
// of the
// change); all, any: the last `argument` results; constant: the truth `argument`.
struct Step {
  Op op;
  int argument;
  Measure measure;
  Relation relation;
  double cutoff;
};

struct Clause {
  int level;  // 0 = worst
  std::size_t first, last;  // steps
};

// Sets of clauses, each in the order tried; set s holds clauses start[s] to start[s + 1].
struct Program {
  std::vector<Step> steps;
  std::vector<Clause> clauses;
  std::vector<std::size_t> set_start;
  int n_levels = 0;
  Handling missing = Handling::nonresponder, zero_baseline = Handling::excluded, death = Handling::nonresponder;
  Moment moment = Moment::each;
  int visit = -1;  // position of the visit of Moment::at
  int sustained = 1;
  bool confirmed = false;
};

// The class of a patient at one visit. level and clause are -1 where there is none.
struct Verdict {
  int level = -1, clause = -1, visit = -1;
  Cause cause = Cause::observed;
  Handling handling = Handling::classed;
};

}  // namespace respondr::response
