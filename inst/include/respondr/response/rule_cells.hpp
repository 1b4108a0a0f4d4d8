// The values of one variable that the cut-offs of a rule can tell apart. A patient is a point (b, a): baseline and value
// after. Each cut-off is a line: a = c (value), b = c (baseline), a - b = c (change), a = (1 + c / 100) b (percent
// change), a = c b (ratio). The faces of their arrangement are found by a sweep over b: between two neighbouring
// crossings the lines keep their order, so that a point in every gap between crossings and lines meets every face (de
// Berg et al. 2008, Computational Geometry, chapter 8). Decimals are rationals here and nothing is rounded: a face
// exists or it does not.
#pragma once

#include <respondr/error.hpp>

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <locale>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace respondr::response {

using Integer = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<>, boost::multiprecision::et_off>;
using RationalBackend = boost::multiprecision::rational_adaptor<boost::multiprecision::cpp_int_backend<>>;
using Rational = boost::multiprecision::number<RationalBackend, boost::multiprecision::et_off>;

enum class RuleAxis : int { value, baseline, change, percent_change, ratio };

// Cut-offs ascending; the position of a point is 2k + 1 between cut-offs k and k + 1 (from 0 below the first), 2k on
// cut-off k.
struct AxisCuts {
  RuleAxis axis;
  std::vector<Rational> cuts;
};

struct VariableCuts {
  std::vector<AxisCuts> axes;
  std::optional<Rational> low = Rational(0), high;  // ends of what the variable can be
  bool whole = false;                               // whole numbers only
};

struct RuleCell {
  std::vector<int> position;  // one an axis
  std::string before, after;  // a point of the cell
  bool found;                 // false: whole numbers only, and none was met
};

inline Rational power_of_ten(long exponent) {
  const Integer power = boost::multiprecision::pow(Integer(10), static_cast<unsigned>(std::abs(exponent)));
  return exponent < 0 ? Rational(Integer(1), power) : Rational(power);
}

// Decimal text, as R has checked it, without loss.
inline Rational decimal_rational(const std::string& text) {
  Integer digits = 0;
  long exponent = 0;
  bool negative = false, fraction = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      digits = digits * 10 + (c - '0');
      if (fraction) --exponent;
    } else if (c == '.') {
      fraction = true;
    } else if (c == 'e' || c == 'E') {
      exponent += std::strtol(text.c_str() + i + 1, nullptr, 10);
      break;
    } else if (c == '-') {
      negative = true;
    } else if (c != '+') {
      throw input_error("cutoff", "a cut-off is no decimal: " + text);
    }
  }
  return Rational(negative ? Integer(-digits) : digits) * power_of_ten(exponent);
}

namespace detail {

inline Integer whole_below(const Rational& x) {
  const Integer n = boost::multiprecision::numerator(x), d = boost::multiprecision::denominator(x);
  return n >= 0 ? Integer(n / d) : Integer(-((-n + d - 1) / d));
}

// Half away from zero, to a number of decimals.
inline Rational rounded(const Rational& x, int decimals) {
  const Rational scaled = x * power_of_ten(decimals);
  const bool negative = scaled < 0;
  const Integer n = boost::multiprecision::numerator(scaled), d = boost::multiprecision::denominator(scaled);
  const Integer whole = ((negative ? Integer(-n) : n) * 2 + d) / (d * 2);
  return Rational(negative ? Integer(-whole) : whole) * power_of_ten(-decimals);
}

// Decimal text of a rational whose decimals end, else its nearest double.
inline std::string decimal_text(const Rational& x) {
  for (int decimals = 0; decimals <= 12; ++decimals) {
    if (rounded(x, decimals) != x) continue;
    std::string digits = Integer(boost::multiprecision::numerator(Rational(abs(x) * power_of_ten(decimals)))).str();
    const auto places = static_cast<std::size_t>(decimals);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    if (places) digits.insert(digits.size() - places, ".");
    return (x < 0 ? "-" : "") + digits;
  }
  std::ostringstream out;
  out.imbue(std::locale::classic());
  out.precision(15);
  out << x.convert_to<double>();
  return out.str();
}

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

// a = slope b + offset; vertical lines are kept as their b.
struct Lines {
  std::vector<std::pair<Rational, Rational>> rising;
  std::vector<Rational> vertical;
  bool quotient = false;  // b = 0 has no percent change
};

inline Lines lines_of(const VariableCuts& variable) {
  Lines out;
  out.vertical.push_back(0);
  for (const auto& end : {variable.low, variable.high}) {
    if (!end) continue;
    out.vertical.push_back(*end);
    out.rising.emplace_back(0, *end);
  }
  for (const AxisCuts& axis : variable.axes) {
    out.quotient = out.quotient || axis.axis == RuleAxis::percent_change || axis.axis == RuleAxis::ratio;
    for (const Rational& c : axis.cuts) {
      switch (axis.axis) {
        case RuleAxis::value: out.rising.emplace_back(0, c); break;
        case RuleAxis::baseline: out.vertical.push_back(c); break;
        case RuleAxis::change: out.rising.emplace_back(1, c); break;
        case RuleAxis::percent_change: out.rising.emplace_back(1 + c / 100, 0); break;
        case RuleAxis::ratio: out.rising.emplace_back(c, 0); break;
      }
    }
  }
  return out;
}

class Sweep {
 public:
  explicit Sweep(const VariableCuts& variable) : variable_(variable), lines_(lines_of(variable)) {}

  std::vector<RuleCell> cells() {
    const std::vector<Rational> crossings = crossing_baselines();
    for (const Rational& b : inside(between_and_beyond(crossings))) {
      if (!allowed(b)) continue;
      for (const Rational& a : values_at(b)) found_.emplace(position(b, a), std::make_pair(b, a));
    }
    if (variable_.whole) {
      find_whole(crossings);
    } else {
      make_readable();
    }
    std::vector<RuleCell> out;
    for (const auto& cell : found_) {
      const bool found = !variable_.whole || whole_.count(cell.first);
      const auto& point = variable_.whole && found ? whole_.at(cell.first) : cell.second;
      out.push_back({cell.first, decimal_text(point.first), decimal_text(point.second), found});
    }
    return out;
  }

 private:
  using Cells = std::map<std::vector<int>, std::pair<Rational, Rational>>;

  bool in_range(const Rational& x) const {
    return (!variable_.low || x >= *variable_.low) && (!variable_.high || x <= *variable_.high);
  }
  bool allowed(const Rational& b) const { return in_range(b) && !(lines_.quotient && b == 0); }

  std::vector<Rational> inside(std::vector<Rational> x) const {
    x.erase(std::remove_if(x.begin(), x.end(), [this](const Rational& value) { return !in_range(value); }), x.end());
    return x;
  }

  std::vector<Rational> crossing_baselines() const {
    std::vector<Rational> out = lines_.vertical;
    for (std::size_t i = 0; i < lines_.rising.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const auto &p = lines_.rising[i], &q = lines_.rising[j];
        if (p.first != q.first) out.push_back((q.second - p.second) / (p.first - q.first));
      }
    }
    sort_unique(out);
    return out;
  }

  std::vector<Rational> lines_at(const Rational& b) const {
    std::vector<Rational> out;
    for (const auto& line : lines_.rising) out.push_back(line.first * b + line.second);
    if (out.empty()) out.push_back(0);
    sort_unique(out);
    return out;
  }

  std::vector<Rational> values_at(const Rational& b) const { return inside(between_and_beyond(lines_at(b))); }

  std::vector<int> position(const Rational& b, const Rational& a) const {
    std::vector<int> out;
    for (const AxisCuts& axis : variable_.axes) {
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
      const Rational b = start;
      if (nice.size() == found_.size() || !allowed(b)) continue;
      for (const Rational& a : values_at(b)) nice.emplace(position(b, a), std::make_pair(b, a));
    }
    for (auto& cell : found_) {
      const auto better = nice.find(cell.first);
      if (better != nice.end()) cell.second = better->second;
      shorten(cell.first, cell.second);
    }
  }

  void shorten(const std::vector<int>& where, std::pair<Rational, Rational>& point) const {
    for (int decimals = 0; decimals <= 6; ++decimals) {
      const Rational b = rounded(point.first, decimals), a = rounded(point.second, decimals);
      if (!allowed(b) || !in_range(a) || position(b, a) != where) continue;
      point = {b, a};
      return;
    }
  }

  // Whole baselines up to a hundred beyond the last crossing (5,000 of them at most), and the whole numbers around each
  // line.
  void find_whole(const std::vector<Rational>& crossings) {
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
      for (const Rational& line : lines_at(b)) {
        for (int i = -1; i <= 2; ++i) {
          const Rational a = whole_below(line) + i;
          if (in_range(a)) whole_.emplace(position(b, a), std::make_pair(Rational(b), a));
        }
      }
    }
  }

  const VariableCuts& variable_;
  Lines lines_;
  Cells found_, whole_;
};

}  // namespace detail

// All faces, in the order of their positions. At most 4 L^3 points are looked at for L cut-offs.
inline std::vector<RuleCell> rule_cells(const VariableCuts& variable) { return detail::Sweep(variable).cells(); }

}  // namespace respondr::response
