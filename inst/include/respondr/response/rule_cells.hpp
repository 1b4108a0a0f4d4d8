// The values of one variable that the cut-offs of a rule can tell apart. A patient is a point (b, a): baseline and value
// after. Each cut-off is a line: a = c (value), b = c (baseline), a - b = c (change), a = (1 + c / 100) b (percent
// change), a = c b (ratio). The faces of their arrangement are found by a sweep over b: between two neighbouring
// crossings the lines keep their order, so that a point in every gap between crossings and lines meets every face (de
// Berg et al. 2008, Computational Geometry, chapter 8). Where a rule also looks at named visits there is an a for each of
// these moments, with lines of its own, and one b for all: the faces are then met by all combinations of these points.
// Decimals are rationals here and nothing is rounded: a face exists or it does not.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "respondr/response/decimal.hpp"

namespace respondr::response {

enum class RuleAxis : int { value, baseline, change, percent_change, ratio };

// Cut-offs ascending; the position of a point is 2k + 1 between cut-offs k and k + 1 (from 0 below the first), 2k on
// cut-off k.
struct AxisCuts {
  RuleAxis axis;
  std::vector<Rational> cuts;
  std::size_t moment = 0;  // which value after
};

struct VariableCuts {
  std::vector<AxisCuts> axes;
  std::optional<Rational> low = Rational(0), high;  // ends of what the variable can be
  bool whole = false;                               // whole numbers only
  std::size_t moments = 1;
};

struct RuleCell {
  std::vector<int> position;       // one an axis
  std::string before;              // a point of the cell
  std::vector<std::string> after;  // one a moment
  bool found;                      // false: whole numbers only, and none was met
};

namespace detail {

inline void sort_unique(std::vector<Rational>& x) {
  std::sort(x.begin(), x.end());
  x.erase(std::unique(x.begin(), x.end()), x.end());
}

// Every point, a point between neighbours, and beyond the ends.
inline std::vector<Rational> between_and_beyond(const std::vector<Rational>& x) {
  std::vector<Rational> out{x.front() - 1};
  for (std::size_t i = 0; i < x.size(); ++i) {
    out.push_back(x[i]);
    out.push_back(i + 1 < x.size() ? Rational((x[i] + x[i + 1]) / 2) : Rational(x[i] + 1));
  }
  return out;
}

// a = slope b + offset, for each moment; vertical lines are kept as their b.
struct Lines {
  std::vector<std::vector<std::pair<Rational, Rational>>> rising;
  std::vector<Rational> vertical;
  bool quotient = false;  // b = 0 has no percent change
};

inline Lines lines_of(const VariableCuts& variable) {
  Lines out;
  out.rising.resize(variable.moments);
  out.vertical.push_back(0);
  for (const auto& end : {variable.low, variable.high}) {
    if (!end) continue;
    out.vertical.push_back(*end);
    for (auto& lines : out.rising) lines.emplace_back(0, *end);
  }
  for (const AxisCuts& axis : variable.axes) {
    auto& rising = out.rising[axis.moment];
    out.quotient = out.quotient || axis.axis == RuleAxis::percent_change || axis.axis == RuleAxis::ratio;
    for (const Rational& c : axis.cuts) {
      switch (axis.axis) {
        case RuleAxis::value: rising.emplace_back(0, c); break;
        case RuleAxis::baseline: out.vertical.push_back(c); break;
        case RuleAxis::change: rising.emplace_back(1, c); break;
        case RuleAxis::percent_change: rising.emplace_back(1 + c / 100, 0); break;
        case RuleAxis::ratio: rising.emplace_back(c, 0); break;
      }
    }
  }
  return out;
}

using Values = std::vector<Rational>;

// Every way to take one of each.
template <class F>
void each_combination(const std::vector<Values>& from, F&& visit) {
  for (const Values& values : from) {
    if (values.empty()) return;
  }
  std::vector<std::size_t> at(from.size(), 0);
  Values point(from.size());
  for (;;) {
    for (std::size_t m = 0; m < from.size(); ++m) point[m] = from[m][at[m]];
    visit(point);
    std::size_t m = 0;
    while (m < from.size() && ++at[m] == from[m].size()) at[m++] = 0;
    if (m == from.size()) return;
  }
}

class Sweep {
 public:
  explicit Sweep(const VariableCuts& variable) : variable_(variable), lines_(lines_of(variable)) {}

  std::vector<RuleCell> cells() {
    const Values crossings = crossing_baselines();
    for (const Rational& b : inside(between_and_beyond(crossings))) add_points(b, found_);
    if (variable_.whole) {
      find_whole(crossings);
    } else {
      make_readable();
    }
    std::vector<RuleCell> out;
    for (const auto& cell : found_) {
      const bool found = !variable_.whole || whole_.count(cell.first);
      const auto& point = variable_.whole && found ? whole_.at(cell.first) : cell.second;
      std::vector<std::string> after;
      for (const Rational& a : point.second) after.push_back(decimal_text(a));
      out.push_back({cell.first, decimal_text(point.first), after, found});
    }
    return out;
  }

 private:
  using Point = std::pair<Rational, Values>;
  using Cells = std::map<std::vector<int>, Point>;

  bool in_range(const Rational& x) const {
    return (!variable_.low || x >= *variable_.low) && (!variable_.high || x <= *variable_.high);
  }
  bool allowed(const Rational& b) const { return in_range(b) && !(lines_.quotient && b == 0); }

  Values inside(Values x) const {
    x.erase(std::remove_if(x.begin(), x.end(), [this](const Rational& value) { return !in_range(value); }), x.end());
    return x;
  }

  Values crossing_baselines() const {
    Values out = lines_.vertical;
    for (const auto& rising : lines_.rising) {
      for (std::size_t i = 0; i < rising.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          const auto &p = rising[i], &q = rising[j];
          if (p.first != q.first) out.push_back((q.second - p.second) / (p.first - q.first));
        }
      }
    }
    sort_unique(out);
    return out;
  }

  Values lines_at(const Rational& b, std::size_t moment) const {
    Values out;
    for (const auto& line : lines_.rising[moment]) out.push_back(line.first * b + line.second);
    if (out.empty()) out.push_back(0);
    sort_unique(out);
    return out;
  }

  void add_points(const Rational& b, Cells& cells) const {
    if (!allowed(b)) return;
    std::vector<Values> values;
    for (std::size_t m = 0; m < variable_.moments; ++m) values.push_back(inside(between_and_beyond(lines_at(b, m))));
    each_combination(values, [&](const Values& a) { cells.emplace(position(b, a), Point(b, a)); });
  }

  std::vector<int> position(const Rational& b, const Values& after) const {
    std::vector<int> out;
    for (const AxisCuts& axis : variable_.axes) {
      const Rational& a = after[axis.moment];
      Rational x = a;
      switch (axis.axis) {
        case RuleAxis::value: break;
        case RuleAxis::baseline: x = b; break;
        case RuleAxis::change: x = a - b; break;
        case RuleAxis::percent_change: x = 100 * (a - b) / b; break;
        case RuleAxis::ratio: x = a / b; break;
      }
      const auto at = std::lower_bound(axis.cuts.begin(), axis.cuts.end(), x);
      const int below = static_cast<int>(at - axis.cuts.begin());
      out.push_back(2 * below + (at != axis.cuts.end() && *at == x ? 2 : 1));
    }
    return out;
  }

  // Points that a reader can check in the head: round baselines first, then as few decimals as the cell allows.
  void make_readable() {
    Cells nice;
    for (const int start : {10, 100, 1000, 20, 50, 1, 10000}) {
      if (nice.size() != found_.size()) add_points(start, nice);
    }
    for (auto& cell : found_) {
      const auto better = nice.find(cell.first);
      if (better != nice.end()) cell.second = better->second;
      shorten(cell.first, cell.second);
    }
  }

  void shorten(const std::vector<int>& where, Point& point) const {
    for (int decimals = 0; decimals <= 6; ++decimals) {
      Point shorter(rounded(point.first, decimals), point.second);
      for (Rational& a : shorter.second) a = rounded(a, decimals);
      const Values& a = shorter.second;
      if (!allowed(shorter.first) || inside(a).size() != a.size() || position(shorter.first, a) != where) continue;
      point = shorter;
      return;
    }
  }

  // Whole baselines up to a hundred beyond the last crossing (5,000 of them at most), and the whole numbers around each
  // line.
  void find_whole(const Values& crossings) {
    const Integer reach = whole_below(std::max(Rational(-crossings.front()), crossings.back())) + 100;
    const int limit = reach > 2500 ? 2500 : reach.convert_to<int>();
    std::vector<Integer> starts;
    for (int i = 0; i <= limit; ++i) starts.insert(starts.end(), {Integer(i), Integer(-i)});
    for (const Rational& crossing : crossings) {
      for (int i = -50; i <= 50; ++i) starts.push_back(whole_below(crossing) + i);
    }
    for (const Integer& b : starts) {
      if (whole_.size() == found_.size()) return;
      if (!allowed(b)) continue;
      std::vector<Values> values(variable_.moments);
      for (std::size_t m = 0; m < variable_.moments; ++m) {
        for (const Rational& line : lines_at(b, m)) {
          for (int i = -1; i <= 2; ++i) values[m].push_back(whole_below(line) + i);
        }
        values[m] = inside(values[m]);
        sort_unique(values[m]);
      }
      each_combination(values, [&](const Values& a) { whole_.emplace(position(b, a), Point(b, a)); });
    }
  }

  const VariableCuts& variable_;
  Lines lines_;
  Cells found_, whole_;
};

}  // namespace detail

// All faces, in the order of their positions. At most 4 L^3 points are looked at for L cut-offs, with several moments
// the product of their cut-offs for each baseline.
inline std::vector<RuleCell> rule_cells(const VariableCuts& variable) { return detail::Sweep(variable).cells(); }

}  // namespace respondr::response
