#pragma once
// The class of a patient at each visit by a rule of response.
//
// A comparison of `after` and `before` with a cut-off c is decided on the form without division: after - before - c,
// after - (1 + c / 100) before, after - c before. It is a tie, and then equal, within 8 eps of the largest of its
// terms, for
// decimals in binary carry an error of that size: 8.2 - 6.2 is 2. Conditions are three-valued (Kleene 1952, Introduction to
// Metamathematics, section 64): a class is given if whatever is missing could not change it.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "respondr/response/types.hpp"

namespace respondr::response {

enum class Truth : std::uint8_t { no = 0, yes, unknown };

// What stood in the way: bits of causes.
constexpr unsigned lacks_value = 1, lacks_baseline = 2, has_zero_baseline = 4;

// Sign of (left - right), 0 within 8 eps of the largest of them and of `scale`.
inline int tied_sign(double left, double right, double scale) {
  const double gap = left - right;
  const double size = std::max({std::fabs(left), std::fabs(right), scale});
  const double eps = std::numeric_limits<double>::epsilon();
  if (left == right || std::fabs(gap) <= 8.0 * eps * size) {
    return 0;
  }
  return gap > 0.0 ? 1 : -1;
}

inline bool holds(Relation relation, int sign) {
  switch (relation) {
    case Relation::greater:
      return sign > 0;
    case Relation::at_least:
      return sign >= 0;
    case Relation::less:
      return sign < 0;
    case Relation::at_most:
      return sign <= 0;
    case Relation::equal:
      return sign == 0;
    default:
      return sign != 0;
  }
}

inline Truth compare(const Step& step, double before, double after, unsigned& lacks) {
  const bool needs_after = step.measure != Measure::baseline, needs_before = step.measure != Measure::value;
  const unsigned gaps = (needs_after && after != after ? lacks_value : 0u) |
                        (needs_before && before != before ? lacks_baseline : 0u);
  const bool divides = step.measure == Measure::percent_change || step.measure == Measure::ratio;
  const unsigned zero = divides && before == 0.0 ? has_zero_baseline : 0u;
  if ((gaps | zero) != 0) {
    lacks |= gaps | zero;
    return Truth::unknown;
  }
  const double c = step.cutoff;
  int sign = 0;
  switch (step.measure) {
    case Measure::value:
      sign = tied_sign(after, c, 0.0);
      break;
    case Measure::baseline:
      sign = tied_sign(before, c, 0.0);
      break;
    case Measure::percent_change:
      sign = tied_sign(after, (1.0 + c / 100.0) * before, std::fabs(before));
      break;
    case Measure::ratio:
      sign = tied_sign(after, c * before, 0.0);
      break;
    default:
      sign = tied_sign(after - before, c, std::max(std::fabs(after), std::fabs(before)));
  }
  return holds(step.relation, divides && before < 0.0 ? -sign : sign) ? Truth::yes : Truth::no;
}

// Room for one thread.
struct Workspace {
  std::vector<Truth> stack;
  std::vector<double> before, after;
  std::vector<Verdict> visits, judged;
};

inline Workspace make_workspace(const Program& program, std::size_t variables, std::size_t visits) {
  Workspace out;
  out.stack.resize(program.steps.size() + 1);
  out.before.resize(variables);
  out.after.resize(variables);
  out.visits.resize(visits);
  out.judged.resize(visits);
  return out;
}

// The last `count` results joined.
inline Truth join(const Truth* first, int count, bool all) {
  const Truth decides = all ? Truth::no : Truth::yes;
  Truth out = all ? Truth::yes : Truth::no;
  for (int i = 0; i < count; ++i) {
    if (first[i] == decides) {
      return decides;
    }
    out = first[i] == Truth::unknown ? Truth::unknown : out;
  }
  return out;
}

inline Truth evaluate(const Program& program, const Clause& clause, Workspace& work, unsigned& lacks) {
  Truth* top = work.stack.data();
  for (std::size_t i = clause.first; i < clause.last; ++i) {
    const Step& step = program.steps[i];
    const std::size_t k = static_cast<std::size_t>(step.argument);
    switch (step.op) {
      case Op::leaf:
        *top++ = compare(step, work.before[k], work.after[k], lacks);
        break;
      case Op::negate:
        top[-1] = top[-1] == Truth::unknown ? Truth::unknown : top[-1] == Truth::yes ? Truth::no : Truth::yes;
        break;
      case Op::constant:
        *top++ = step.argument != 0 ? Truth::yes : Truth::no;
        break;
      default:
        top -= step.argument;
        *top = join(top, step.argument, step.op == Op::all);
        ++top;
    }
  }
  return top[-1];
}

inline void handle(Cause cause, Handling handling, Verdict& out) {
  out.cause = cause;
  out.handling = handling;
  out.level = handling == Handling::nonresponder ? 0 : -1;
  out.clause = -1;
}

// The class by the values in the workspace: that of the first clause that holds, if no clause before it whose truth is
// unknown
// gives another level.
inline Verdict judge_values(const Program& program, std::size_t set, Workspace& work) {
  Verdict out;
  unsigned lacks = 0;
  int open_level = -1;
  bool several = false;
  for (std::size_t j = program.set_start[set]; j < program.set_start[set + 1]; ++j) {
    const Clause& clause = program.clauses[j];
    unsigned now = 0;
    const Truth truth = evaluate(program, clause, work, now);
    if (truth == Truth::no) {
      continue;
    }
    several = several || (open_level != -1 && open_level != clause.level);
    if (truth == Truth::yes) {
      if (several) {
        break;
      }
      out.level = clause.level;
      out.clause = static_cast<int>(j);
      return out;
    }
    open_level = clause.level;
    lacks |= now;
  }
  if (lacks == 0) {
    handle(Cause::no_level, Handling::open, out);
  } else if ((lacks & (lacks_value | lacks_baseline)) != 0) {
    handle((lacks & lacks_value) != 0 ? Cause::no_value : Cause::no_baseline, program.missing, out);
  } else {
    handle(Cause::zero_baseline, program.zero_baseline, out);
  }
  return out;
}

// Where a class is carried: that of the last visit before with a class of its own.
inline void carry(std::vector<Verdict>& visits) {
  const Verdict* last = nullptr;
  for (Verdict& v : visits) {
    if (v.handling == Handling::classed && v.level != -1) {
      last = &v;
    } else if (v.handling == Handling::carried) {
      if (last != nullptr) {
        v.level = last->level;
        v.clause = last->clause;
      } else {
        v.handling = Handling::open;
      }
    }
  }
}

// The level that holds over visits [first, last] of the patient: the worst of them. Unknown where a visit without a
// class could
// still lower it.
inline void lower(const std::vector<Verdict>& visits, std::size_t first, std::size_t last, Cause cause, Verdict& out) {
  const Verdict* open = nullptr;
  for (std::size_t v = first; v <= last; ++v) {
    const Verdict& other = visits[v];
    if (other.level == -1) {
      open = open == nullptr ? &other : open;
    } else if (other.level < out.level) {
      out.level = other.level;
      out.clause = other.clause;
      out.cause = cause;
      out.handling = Handling::classed;
    }
  }
  if (open != nullptr && out.level > 0) {
    out.level = out.clause = -1;
    out.cause = open->cause;
    out.handling = open->handling;
  }
}

inline void to_worst(Cause cause, Verdict& out) {
  if (out.level > 0) {
    out = Verdict{0, -1, out.visit, cause, Handling::classed};
  }
}

// Sustained: at the visit and the k - 1 judged visits before it. Confirmed: again at the next.
inline void require_repeats(const Program& program, const std::vector<Verdict>& visits, std::vector<Verdict>& judged) {
  const std::size_t n = visits.size(), k = static_cast<std::size_t>(program.sustained);
  for (std::size_t v = 0; v < n; ++v) {
    judged[v] = visits[v];
    if (judged[v].level == -1) {
      continue;
    }
    if (k > v + 1) {
      to_worst(Cause::not_sustained, judged[v]);
    } else if (k > 1) {
      lower(visits, v + 1 - k, v, Cause::not_sustained, judged[v]);
    }
    if (program.confirmed && judged[v].level > 0) {
      if (v + 1 == n) {
        to_worst(Cause::not_confirmed, judged[v]);
      } else {
        lower(visits, v + 1, v + 1, Cause::not_confirmed, judged[v]);
      }
    }
  }
}

// One verdict of all visits. last: of the last visit with a class of its own, unless the patient died and death is not
// carried.
// best: the best class at any visit, the earliest of equals.
inline Verdict summarise(const Program& program, const std::vector<Verdict>& judged) {
  const std::size_t n = judged.size();
  if (n == 0) {
    Verdict out;
    handle(Cause::no_value, program.missing == Handling::carried ? Handling::open : program.missing, out);
    return out;
  }
  if (program.moment == Moment::at) {
    return judged[static_cast<std::size_t>(program.visit)];
  }
  const bool dead = judged[n - 1].cause == Cause::died && program.death != Handling::carried;
  if (program.moment == Moment::last) {
    for (std::size_t v = n; v-- > 0 && !dead;) {
      if (judged[v].level != -1 && judged[v].handling == Handling::classed) {
        return judged[v];
      }
    }
    return judged[n - 1];
  }
  const Verdict* best = nullptr;
  for (const Verdict& v : judged) {
    if (v.level != -1 && (best == nullptr || v.level > best->level)) {
      best = &v;
    }
  }
  return best != nullptr ? *best : judged[n - 1];
}

}  // namespace respondr::response
