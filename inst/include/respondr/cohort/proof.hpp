#pragma once
// Proof that figures cannot be met by any patients, by interval propagation over n, mean and sum of squares of every set:
//   values lie within bounds: m in [a, b], SS <= n (b - m)(m - a) (Bhatia and Davis 2000, doi:10.2307/2589180), sums are whole
//   numbers of grid steps, and so are sums of squares, of the parity of the sum (Brown and Heathers 2017,
//   doi:10.1177/1948550616673876; Allard 2018);
//   a set and its part leave a remainder: SS = SS_1 + SS_2 + n_1 n_2 / n (m_1 - m_2)^2 with SS_2 >= 0;
//   SDs of two visits and of their difference form a triangle, which is |r| <= 1, in every set and every remainder;
//   a P, r or F fixes one of these by the others.
// No empty interval proves nothing.

#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/cohort/interval.hpp"
#include "respondr/cohort/layout.hpp"
#include "respondr/cohort/problem.hpp"
#include "respondr/cohort/sets.hpp"

namespace respondr::cohort {

struct Node {
  int set = -1, quantity = 0;  // set < 0: a remainder
  Interval n, mean, ss{0.0, infinity}, bounds;
};

class Propagation {
 public:
  Propagation(const Problem& problem, const SetTable& table, const Facts& facts)
      : p_(problem), table_(table), facts_(facts), none_(excluded(problem, facts.counts)) {
    for (std::size_t f = 0; f < p_.figures.size(); ++f) {
      if (facts.figures[f] != 0) {
        for (const int s : p_.figures[f].samples) {
          node_of(table.of_sample[static_cast<std::size_t>(s)], p_.samples[static_cast<std::size_t>(s)].quantity);
        }
      }
    }
    const std::size_t stated = nodes_.size();
    for (std::size_t a = 0; a < stated; ++a) {
      for (std::size_t b = 0; b < stated; ++b) {
        if (a != b && nodes_[a].set != nodes_[b].set && same_columns(nodes_[a].quantity, nodes_[b].quantity) &&
            table.inside[static_cast<std::size_t>(nodes_[b].set)][static_cast<std::size_t>(nodes_[a].set)] != 0) {
          Node rest;
          rest.quantity = nodes_[a].quantity;
          rest.n = {0.0, static_cast<double>(p_.patients)};
          rest.bounds = nodes_[a].bounds;
          parts_.push_back({a, b, nodes_.size()});
          nodes_.push_back(rest);
        }
      }
    }
    find_triangles();
  }

  // True: proved impossible.
  bool impossible() {
    constexpr int rounds = 60;
    bool moved = true;
    for (int round = 0; round < rounds && moved && !failed_; ++round) {
      moved = false;
      for (std::size_t f = 0; f < p_.figures.size(); ++f) {
        if (facts_.figures[f] != 0) {
          moved = figure(p_.figures[f]) || moved;
        }
      }
      for (Node& node : nodes_) {
        moved = inside(node) || moved;
      }
      for (const Part& part : parts_) {
        moved = divide(nodes_[part.whole], nodes_[part.part], nodes_[part.rest]) || moved;
      }
      for (const Triangle& t : triangles_) {
        moved = triangle(nodes_[t.a], nodes_[t.b], nodes_[t.difference]) || moved;
      }
    }
    return failed_;
  }

 private:
  struct Part {
    std::size_t whole, part, rest;
  };
  struct Triangle {
    std::size_t a, b, difference;
  };

  bool same_columns(int q, int r) const {
    const Quantity &a = p_.quantities[static_cast<std::size_t>(q)], &b = p_.quantities[static_cast<std::size_t>(r)];
    return a.terms.size() == b.terms.size() && std::equal(a.terms.begin(), a.terms.end(), b.terms.begin(), [](Term x, Term y) {
             return x.column == y.column && x.coefficient == y.coefficient;
           });
  }

  std::size_t node_of(int set, int quantity) {
    for (std::size_t k = 0; k < nodes_.size(); ++k) {
      if (nodes_[k].set == set && same_columns(nodes_[k].quantity, quantity)) {
        return k;
      }
    }
    Node node;
    node.set = set;
    node.quantity = quantity;
    node.n = set_size(p_, table_.sets[static_cast<std::size_t>(set)], facts_.counts, none_);
    node.bounds = bounds_of(set, quantity);
    nodes_.push_back(node);
    return nodes_.size() - 1;
  }

  // What every single value must keep to.
  Interval bounds_of(int set, int quantity) const {
    Interval out{0.0, 0.0};
    for (const Term& t : p_.quantities[static_cast<std::size_t>(quantity)].terms) {
      const Column& c = p_.columns[static_cast<std::size_t>(t.column)];
      out = out + scaled({std::ceil(c.low / c.step - 1e-9), std::floor(c.high / c.step + 1e-9)},
                         static_cast<double>(t.coefficient));
    }
    for (const Limit& limit : p_.limits) {
      if (same_columns(limit.quantity, quantity) &&
          within(p_, table_.sets[static_cast<std::size_t>(set)], p_.conditions[static_cast<std::size_t>(limit.condition)], {})) {
        out.meet(limit.low == INT64_MIN ? -infinity : static_cast<double>(limit.low),
                 limit.high == INT64_MAX ? infinity : static_cast<double>(limit.high));
      }
    }
    return out;
  }

  // Differences of two visits, for stated sets and for remainders of the same two sets.
  void find_triangles() {
    const auto single = [&](std::size_t k, int column) {
      const std::vector<Term>& t = p_.quantities[static_cast<std::size_t>(nodes_[k].quantity)].terms;
      return t.size() == 1 && t[0].column == column && t[0].coefficient == 1;
    };
    const auto alike = [&](std::size_t i, std::size_t j) {
      if (nodes_[i].set >= 0 || nodes_[j].set >= 0) {
        return nodes_[i].set == nodes_[j].set;
      }
      return sets_of_rest(i) == sets_of_rest(j);
    };
    for (std::size_t d = 0; d < nodes_.size(); ++d) {
      const std::vector<Term>& t = p_.quantities[static_cast<std::size_t>(nodes_[d].quantity)].terms;
      if (t.size() != 2 || t[0].coefficient != 1 || t[1].coefficient != -1) {
        continue;
      }
      for (std::size_t a = 0; a < nodes_.size(); ++a) {
        for (std::size_t b = 0; b < nodes_.size(); ++b) {
          if (single(a, t[0].column) && single(b, t[1].column) && alike(a, d) && alike(b, d)) {
            triangles_.push_back({a, b, d});
          }
        }
      }
    }
  }

  std::pair<int, int> sets_of_rest(std::size_t k) const {
    for (const Part& part : parts_) {
      if (part.rest == k) {
        return {nodes_[part.whole].set, nodes_[part.part].set};
      }
    }
    return {-1, -1};
  }

  bool meet(Interval& x, const Interval& y) {
    const bool less = x.meet(y);
    failed_ = failed_ || x.empty();
    return less;
  }

  // Bounds, whole numbers, one patient.
  bool inside(Node& node) {
    bool moved = false;
    node.n = {std::ceil(node.n.low - 1e-6), std::floor(node.n.high + 1e-6)};
    failed_ = failed_ || node.n.empty();
    if (failed_ || node.n.low < 1.0) {
      return false;
    }
    moved = meet(node.mean, node.bounds) || moved;
    moved = meet(node.ss, {0.0, infinity}) || moved;
    if (std::isfinite(node.bounds.low) && std::isfinite(node.bounds.high)) {
      const double middle = std::fmin(node.mean.high, std::fmax(node.mean.low, 0.5 * (node.bounds.low + node.bounds.high)));
      const double most = (node.bounds.high - middle) * (middle - node.bounds.low);
      moved = meet(node.ss, {0.0, node.n.high * std::fmax(0.0, most)}) || moved;
    }
    if (node.n.high < 1.5) {
      moved = meet(node.ss, {0.0, 0.0}) || moved;
    }
    return (node.n.point() && whole_sums(node)) || moved;
  }

  bool whole_sums(Node& node) {
    const double n = node.n.low, slack = 1e-7;
    if (!std::isfinite(node.mean.low) || !std::isfinite(node.mean.high) || n * node.mean.high > 1e12) {
      return false;
    }
    const double first = std::ceil(n * node.mean.low - slack), last = std::floor(n * node.mean.high + slack);
    bool moved = meet(node.mean, {first / n, last / n});
    if (first == last && std::isfinite(node.ss.high)) {
      const double shift = first * first / n;
      double low = std::ceil(node.ss.low + shift - slack * (1.0 + shift) * 1e-3 - slack);
      double high = std::floor(node.ss.high + shift + slack * (1.0 + shift) * 1e-3 + slack);
      const auto odd = [](double x) { return std::fmod(std::fabs(x), 2.0); };
      low += odd(low) != odd(first) ? 1.0 : 0.0;
      high -= odd(high) != odd(first) ? 1.0 : 0.0;
      failed_ = failed_ || low > high;
      moved = meet(node.ss, {low - shift, high - shift}) || moved;
    }
    return moved;
  }

  bool divide(Node& whole, Node& part, Node& rest) {
    bool moved = meet(rest.n, whole.n - part.n);
    moved = meet(part.n, whole.n - rest.n) || moved;
    moved = meet(whole.n, part.n + rest.n) || moved;
    if (rest.n.high < 0.5) {
      moved = meet(part.mean, whole.mean) || moved;
      moved = meet(whole.mean, part.mean) || moved;
      moved = meet(part.ss, whole.ss) || moved;
      return meet(whole.ss, part.ss) || moved;
    }
    if (!(rest.n.low > 0.5) || !(part.n.low > 0.5) || failed_) {
      return moved;
    }
    const Interval sum = whole.n * whole.mean, part_sum = part.n * part.mean, rest_sum = rest.n * rest.mean;
    moved = meet(rest.mean, over(sum - part_sum, rest.n)) || moved;
    moved = meet(part.mean, over(sum - rest_sum, part.n)) || moved;
    moved = meet(whole.mean, over(part_sum + rest_sum, whole.n)) || moved;
    const Interval between = over(part.n * rest.n, whole.n) * square(part.mean - rest.mean);
    moved = meet(whole.ss, part.ss + rest.ss + between) || moved;
    moved = meet(rest.ss, whole.ss - part.ss - between) || moved;
    return meet(part.ss, whole.ss - rest.ss - between) || moved;
  }

  bool triangle(Node& a, Node& b, Node& d) {
    bool moved = meet(d.mean, a.mean - b.mean);
    moved = meet(a.mean, d.mean + b.mean) || moved;
    moved = meet(b.mean, a.mean - d.mean) || moved;
    Node* side[3] = {&a, &b, &d};
    for (int k = 0; k < 3; ++k) {
      const Interval x = root(side[(k + 1) % 3]->ss), y = root(side[(k + 2) % 3]->ss);
      const double least = std::fmax(0.0, std::fmax(x.low - y.high, y.low - x.high)), most = x.high + y.high;
      moved = meet(side[k]->ss, {least * least, most * most}) || moved;
    }
    return moved;
  }

  Node& node(const Figure& figure, std::size_t k) {
    const std::size_t s = static_cast<std::size_t>(figure.samples[k]);
    return nodes_[node_of(table_.of_sample[s], p_.samples[s].quantity)];
  }

  double unit(const Figure& figure) const {
    const std::size_t s = static_cast<std::size_t>(figure.samples[0]);
    return p_.quantities[static_cast<std::size_t>(p_.samples[s].quantity)].unit;
  }

  bool figure(const Figure& f) {
    Node& a = node(f, 0);
    switch (f.kind) {
      case Kind::mean:
        return meet(a.n, {1.0, infinity}) | meet(a.mean, {f.low / unit(f), f.high / unit(f)});
      case Kind::sd: {
        const Interval sd{std::fmax(0.0, f.low) / unit(f), f.high / unit(f)};
        return meet(a.n, {2.0, infinity}) | meet(a.ss, (a.n - Interval{1.0, 1.0}) * square(sd));
      }
      case Kind::t_paired:
        return meet(a.n, {2.0, infinity}) | paired(f, a);
      case Kind::t_student:
        return meet(a.n, {1.0, infinity}) | student(f, a, node(f, 1));
      case Kind::correlation:
        return correlated(f, a, node(f, 1), node(f, 2));
      case Kind::f_repeated:
        return meet(a.n, {2.0, infinity}) | repeated(f);
      case Kind::quantile:
        if (f.parameter == 0.0) {
          return meet(a.bounds, {f.low / unit(f), infinity}) | meet(a.n, {1.0, infinity});
        }
        return meet(a.n, {1.0, infinity}) | (f.parameter == 1.0 && meet(a.bounds, {-infinity, f.high / unit(f)}));
      default:
        return false;
    }
  }

  bool paired(const Figure& f, Node& a) {
    if (!a.n.point() || failed_) {
      return false;
    }
    const double df = a.n.low - 1.0, k = a.n.low * df;
    const Interval t2 = square({statistic_of_p(f.high, df), statistic_of_p(f.low, df)}), m2 = square(a.mean);
    bool moved = meet(a.ss, {t2.high < infinity ? m2.low * k / t2.high : 0.0, t2.low > 0.0 ? m2.high * k / t2.low : infinity});
    const Interval size = root({t2.low * a.ss.low / k, t2.high < infinity ? t2.high * a.ss.high / k : infinity});
    if (a.mean.low >= 0.0 || a.mean.high <= 0.0) {
      moved = meet(a.mean, a.mean.low >= 0.0 ? size : Interval{-size.high, -size.low}) || moved;
    } else {
      moved = meet(a.mean, {-size.high, size.high}) || moved;
    }
    return moved;
  }

  bool student(const Figure& f, Node& a, Node& b) {
    if (!a.n.point() || !b.n.point() || failed_ || a.n.low + b.n.low < 3.0) {
      return false;
    }
    const double df = a.n.low + b.n.low - 2.0, k = (1.0 / a.n.low + 1.0 / b.n.low) / df;
    const Interval t2 = square({statistic_of_p(f.high, df), statistic_of_p(f.low, df)}), d2 = square(a.mean - b.mean);
    const Interval ss{t2.high < infinity ? d2.low / t2.high / k : 0.0, t2.low > 0.0 ? d2.high / t2.low / k : infinity};
    return meet(a.ss, ss - b.ss) | meet(b.ss, ss - a.ss);
  }

  bool correlated(const Figure& f, Node& a, Node& b, Node& total) {
    const Interval r{std::fmax(-1.0, f.low), std::fmin(1.0, f.high)};
    failed_ = failed_ || r.empty();
    return meet(total.ss, a.ss + b.ss + scaled(r * root(a.ss) * root(b.ss), 2.0));
  }

  bool repeated(const Figure& f) {
    const std::size_t k = f.samples.size() - 1;
    const double visits = static_cast<double>(k);
    Interval error{0.0, 0.0}, between{0.0, 0.0}, roots{0.0, 0.0};
    for (std::size_t i = 0; i < k; ++i) {
      error = error + node(f, i).ss;
      roots = roots + root(node(f, i).ss);
      for (std::size_t j = i + 1; j < k; ++j) {
        between = between + scaled(square(node(f, i).mean - node(f, j).mean), 1.0 / visits);
      }
    }
    Node& total = node(f, k);
    bool moved = meet(total.ss, {0.0, roots.high * roots.high});
    const Interval n = node(f, 0).n, top = n * (n - Interval{1.0, 1.0}) * between;
    const Interval wanted = over(top, {std::fmax(0.0, f.low), f.high});
    moved = meet(total.ss, scaled(error - wanted, visits)) || moved;
    Interval left = error - scaled(total.ss, 1.0 / visits);
    meet(left, wanted);
    return moved;
  }

  const Problem& p_;
  const SetTable& table_;
  const Facts& facts_;
  std::vector<const Condition*> none_;
  std::vector<Node> nodes_;
  std::vector<Part> parts_;
  std::vector<Triangle> triangles_;
  bool failed_ = false;
};

inline bool proved_impossible(const Problem& problem, const Facts& facts, const SetTable& table) {
  return Propagation(problem, table, facts).impossible();
}

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
