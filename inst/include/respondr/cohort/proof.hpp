#pragma once
// Proof that figures cannot be met by any patients, by interval propagation over n, mean and sum of squares of every set:
//   values lie within bounds: m in [a, b], SS <= n (b - m)(m - a) (Bhatia and Davis 2000, doi:10.2307/2589180), sums are whole
//   numbers of grid steps, and so are sums of squares, of the parity of the sum (Brown and Heathers 2017,
//   doi:10.1177/1948550616673876; Allard 2018);
//   a set and its part leave a remainder: SS = SS_1 + SS_2 + n_1 n_2 / n (m_1 - m_2)^2 with SS_2 >= 0;
//   SDs of two visits and of their difference form a triangle, which is |r| <= 1, in every set and every remainder;
//   a P, r or F fixes one of these by the others.
// No empty interval proves nothing.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/cohort/interval.hpp"
#include "respondr/cohort/layout.hpp"
#include "respondr/cohort/narrowing.hpp"
#include "respondr/cohort/problem.hpp"
#include "respondr/cohort/sets.hpp"

namespace respondr::cohort {

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
    add_limited();
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
    for (int round = 0; round < rounds && moved && !rules_.failed; ++round) {
      moved = false;
      for (std::size_t f = 0; f < p_.figures.size(); ++f) {
        if (facts_.figures[f] != 0) {
          moved = figure(p_.figures[f]) || moved;
        }
      }
      for (Node& node : nodes_) {
        moved = rules_.inside(node) || moved;
      }
      for (const Part& part : parts_) {
        moved = rules_.divide(nodes_[part.whole], nodes_[part.part], nodes_[part.rest]) || moved;
      }
      for (const Triangle& t : triangles_) {
        moved = rules_.triangle(nodes_[t.a], nodes_[t.b], nodes_[t.difference]) || moved;
        if (t.sum < nodes_.size()) {
          moved = rules_.parallelogram(nodes_[t.a], nodes_[t.b], nodes_[t.difference], nodes_[t.sum]) || moved;
        }
      }
    }
    return rules_.failed;
  }

 private:
  struct Part {
    std::size_t whole, part, rest;
  };
  struct Triangle {
    std::size_t a, b, difference, sum;  // sum: none where there is no such node
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

  // The sum of the same two visits as a difference, in the same set.
  std::size_t sum_of(std::size_t d) const {
    const std::vector<Term>& t = p_.quantities[static_cast<std::size_t>(nodes_[d].quantity)].terms;
    for (std::size_t k = 0; k < nodes_.size(); ++k) {
      const std::vector<Term>& s = p_.quantities[static_cast<std::size_t>(nodes_[k].quantity)].terms;
      if (nodes_[k].set >= 0 && nodes_[k].set == nodes_[d].set && s.size() == 2 && s[0].coefficient == 1 &&
          s[1].coefficient == 1 &&
          ((s[0].column == t[0].column && s[1].column == t[1].column) || (s[0].column == t[1].column && s[1].column == t[0].column))) {
        return k;
      }
    }
    return static_cast<std::size_t>(-1);
  }

  // A limit on a difference holds for the mean of every stated set that it binds and whose patients all have both values; it is a
  // node there, tied by a triangle.
  void add_limited() {
    std::vector<int> sets;
    for (const Node& node : nodes_) {
      if (std::find(sets.begin(), sets.end(), node.set) == sets.end()) sets.push_back(node.set);
    }
    for (const Limit& limit : p_.limits) {
      const std::vector<Term>& terms = p_.quantities[static_cast<std::size_t>(limit.quantity)].terms;
      if (terms.size() != 2) continue;
      for (const int set : sets) {
        const auto all = [&](int condition) {
          return within(p_, table_.sets[static_cast<std::size_t>(set)], p_.conditions[static_cast<std::size_t>(condition)], {});
        };
        const auto known = [&](const Term& t) { return all(p_.columns[static_cast<std::size_t>(t.column)].known); };
        if (all(limit.condition) && known(terms[0]) && known(terms[1])) {
          node_of(set, limit.quantity);
        }
      }
    }
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
            triangles_.push_back({a, b, d, sum_of(d)});
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
        return rules_.meet(a.n, {1.0, infinity}) | rules_.meet(a.mean, {f.low / unit(f), f.high / unit(f)});
      case Kind::sd: {
        const Interval sd{std::fmax(0.0, f.low) / unit(f), f.high / unit(f)};
        return rules_.meet(a.n, {2.0, infinity}) | rules_.meet(a.ss, (a.n - Interval{1.0, 1.0}) * square(sd));
      }
      case Kind::t_paired:
        return rules_.meet(a.n, {2.0, infinity}) | rules_.paired(f, a);
      case Kind::t_student:
        return rules_.meet(a.n, {1.0, infinity}) | rules_.student(f, a, node(f, 1));
      case Kind::correlation:
        return rules_.correlated(f, a, node(f, 1), node(f, 2));
      case Kind::f_repeated:
        return rules_.meet(a.n, {2.0, infinity}) | repeated(f);
      case Kind::quantile:
        if (f.parameter == 0.0) {
          return rules_.meet(a.bounds, {f.low / unit(f), infinity}) | rules_.meet(a.n, {1.0, infinity});
        }
        return rules_.meet(a.n, {1.0, infinity}) | (f.parameter == 1.0 && rules_.meet(a.bounds, {-infinity, f.high / unit(f)}));
      default:
        return false;
    }
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
    bool moved = rules_.meet(total.ss, {0.0, roots.high * roots.high});
    const Interval n = node(f, 0).n, top = n * (n - Interval{1.0, 1.0}) * between;
    const Interval wanted = over(top, {std::fmax(0.0, f.low), f.high});
    moved = rules_.meet(total.ss, scaled(error - wanted, visits)) || moved;
    Interval left = error - scaled(total.ss, 1.0 / visits);
    rules_.meet(left, wanted);
    return moved;
  }

  const Problem& p_;
  const SetTable& table_;
  const Facts& facts_;
  std::vector<const Condition*> none_;
  std::vector<Node> nodes_;
  std::vector<Part> parts_;
  std::vector<Triangle> triangles_;
  Narrowing rules_;
};

inline bool proved_impossible(const Problem& problem, const Facts& facts, const SetTable& table) {
  return Propagation(problem, table, facts).impossible();
}

}  // namespace respondr::cohort
