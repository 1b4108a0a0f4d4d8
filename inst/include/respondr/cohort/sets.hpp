#pragma once
// What the words of a specification say about sets of patients whoever they are: which set lies within which, and how many
// patients it has. Two sets are compared on all combinations of levels that they name, without those that a count of 0 excludes.

#include <algorithm>
#include <cstddef>
#include <vector>

#include "respondr/cohort/interval.hpp"
#include "respondr/cohort/problem.hpp"
#include "respondr/cohort/skeleton.hpp"

namespace respondr::cohort {

inline void add_columns(const Condition& condition, std::vector<int>& columns) {
  for (const Step& step : condition) {
    if (step.op == Op::test && std::find(columns.begin(), columns.end(), step.column) == columns.end()) {
      columns.push_back(step.column);
    }
  }
}

inline Condition both(Condition a, const Condition& b) {
  a.insert(a.end(), b.begin(), b.end());
  a.push_back({Op::conjunction, 0, 0});
  return a;
}

// The conditions of counts in use that no patient fulfils.
inline std::vector<const Condition*> excluded(const Problem& p, const std::vector<char>& counts) {
  std::vector<const Condition*> out;
  for (std::size_t c = 0; c < p.counts.size(); ++c) {
    if (counts[c] != 0 && p.counts[c].of < 0 && p.counts[c].high < 1.0) {
      out.push_back(&p.conditions[static_cast<std::size_t>(p.counts[c].condition)]);
    }
  }
  return out;
}

// Whether every combination of levels in `a` is in `b`. False also where there are too many to look at.
inline bool within(const Problem& p, const Condition& a, const Condition& b, const std::vector<const Condition*>& none) {
  constexpr double most = 20000.0;
  std::vector<int> columns;
  add_columns(a, columns);
  add_columns(b, columns);
  const auto combinations = [&](const std::vector<int>& c) {
    double product = 1.0;
    for (const int column : c) {
      product *= p.levels[static_cast<std::size_t>(column)];
    }
    return product;
  };
  std::vector<const Condition*> used;
  for (const Condition* n : none) {
    std::vector<int> more = columns, own;
    add_columns(*n, more);
    add_columns(*n, own);
    const bool touches = more.size() < columns.size() + own.size();
    if (touches && combinations(more) <= most) {
      columns = more;
      used.push_back(n);
    }
  }
  if (combinations(columns) > most) {
    return false;
  }
  std::vector<int> code(p.levels.size(), 0);
  for (;;) {
    const bool possible = std::none_of(used.begin(), used.end(), [&](const Condition* n) { return holds(*n, code.data()); });
    if (possible && holds(a, code.data()) && !holds(b, code.data())) {
      return false;
    }
    std::size_t k = 0;
    for (; k < columns.size(); ++k) {
      int& digit = code[static_cast<std::size_t>(columns[k])];
      if (++digit < p.levels[static_cast<std::size_t>(columns[k])]) {
        break;
      }
      digit = 0;
    }
    if (k == columns.size()) {
      return true;
    }
  }
}

// Sets of samples, each once, with who lies within whom and what the counts say of their sizes.
struct SetTable {
  std::vector<Condition> sets;
  std::vector<int> of_sample;
  std::vector<std::vector<char>> inside;  // inside[a][b]: every patient of a is in b
};

// What a proof may use.
struct Facts {
  std::vector<char> figures, counts;
};

// The sets of the samples that figures in use are computed from.
inline SetTable make_sets(const Problem& p, const Facts& facts) {
  SetTable out;
  const std::vector<const Condition*> none = excluded(p, facts.counts);
  std::vector<char> used(p.samples.size(), 0);
  for (std::size_t f = 0; f < p.figures.size(); ++f) {
    for (const int s : p.figures[f].samples) {
      used[static_cast<std::size_t>(s)] |= facts.figures[f];
    }
  }
  for (std::size_t s = 0; s < p.samples.size(); ++s) {
    const Sample& sample = p.samples[s];
    if (used[s] == 0) {
      out.of_sample.push_back(-1);
      continue;
    }
    Condition c = p.conditions[static_cast<std::size_t>(sample.condition)];
    for (const Term& t : p.quantities[static_cast<std::size_t>(sample.quantity)].terms) {
      c = both(c, p.conditions[static_cast<std::size_t>(p.columns[static_cast<std::size_t>(t.column)].known)]);
    }
    std::size_t at = 0;
    while (at < out.sets.size() && !(within(p, c, out.sets[at], none) && within(p, out.sets[at], c, none))) {
      ++at;
    }
    if (at == out.sets.size()) {
      out.sets.push_back(c);
    }
    out.of_sample.push_back(static_cast<int>(at));
  }
  for (const Condition& a : out.sets) {
    std::vector<char> row;
    for (const Condition& b : out.sets) {
      row.push_back(within(p, a, b, none) ? 1 : 0);
    }
    out.inside.push_back(row);
  }
  return out;
}

// Number of patients of a set, from counts of the same patients, of all others, and of sets within one another.
inline Interval set_size(const Problem& p, const Condition& set, const std::vector<char>& counts,
                         const std::vector<const Condition*>& none) {
  Interval n{0.0, static_cast<double>(p.patients)};
  if (within(p, Condition{}, set, none)) {
    n.low = static_cast<double>(p.patients);
  }
  for (std::size_t c = 0; c < p.counts.size(); ++c) {
    const Count& count = p.counts[c];
    if (counts[c] == 0 || count.of >= 0) {
      continue;
    }
    const Condition& counted = p.conditions[static_cast<std::size_t>(count.condition)];
    if (count.high < n.high && within(p, set, counted, none)) {
      n.high = std::fmin(n.high, std::floor(count.high));
    }
    if (count.low > n.low && within(p, counted, set, none)) {
      n.low = std::fmax(n.low, std::ceil(count.low));
    }
    Condition others = counted;
    others.push_back({Op::negation, 0, 0});
    const double all = static_cast<double>(p.patients), most = all - std::ceil(count.low), least = all - std::floor(count.high);
    if (most < n.high && within(p, set, others, none)) {
      n.high = most;
    }
    if (least > n.low && within(p, others, set, none)) {
      n.low = least;
    }
  }
  return n;
}

}  // namespace respondr::cohort
