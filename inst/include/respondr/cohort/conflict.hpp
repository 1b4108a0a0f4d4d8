#pragma once
// Figures that contradict each other, none of which can be left out.

#include <algorithm>
#include <cstddef>
#include <vector>

#include "respondr/cohort/proof.hpp"

namespace respondr::cohort {

// Facts of a proof, none of which can be left out of it; nothing where there is no proof.
struct Conflict {
  bool proved = false;
  std::vector<int> figures, counts;
};

namespace detail {

// Leaves out what the proof does not need: blocks first, then halves of them, down to single ones (Zeller and Hildebrandt 2002,
// doi:10.1109/32.988498).
template <class Holds>
void leave_out(std::vector<char>& used, Holds&& holds_without) {
  for (std::size_t block = used.size(); block > 0; block /= 2) {
    for (std::size_t first = 0; first < used.size(); first += block) {
      const std::size_t last = std::min(used.size(), first + block);
      const std::vector<char> before = used;
      std::fill(used.begin() + static_cast<std::ptrdiff_t>(first), used.begin() + static_cast<std::ptrdiff_t>(last), char{0});
      if (used != before && !holds_without()) {
        used = before;
      }
    }
  }
}

inline std::vector<int> places(const std::vector<char>& used) {
  std::vector<int> out;
  for (std::size_t k = 0; k < used.size(); ++k) {
    if (used[k] != 0) {
      out.push_back(static_cast<int>(k));
    }
  }
  return out;
}

}  // namespace detail

inline Conflict find_conflict(const Problem& problem) {
  Facts facts{std::vector<char>(problem.figures.size(), 1), std::vector<char>(problem.counts.size(), 1)};
  const SetTable table = make_sets(problem, facts);
  Conflict out;
  out.proved = proved_impossible(problem, facts, table);
  if (!out.proved) {
    return out;
  }
  detail::leave_out(facts.figures, [&] { return proved_impossible(problem, facts, table); });
  detail::leave_out(facts.counts, [&] { return proved_impossible(problem, facts, make_sets(problem, facts)); });
  detail::leave_out(facts.figures, [&] { return proved_impossible(problem, facts, make_sets(problem, facts)); });
  out.figures = detail::places(facts.figures);
  out.counts = detail::places(facts.counts);
  return out;
}

}  // namespace respondr::cohort
