#pragma once
// What is known of the values of one set of patients, and the rules that narrow it. No rule ever leaves out a value that some
// patients have; an empty interval says that there are none.

#include <cmath>

#include "respondr/cohort/interval.hpp"
#include "respondr/cohort/layout.hpp"
#include "respondr/cohort/problem.hpp"

namespace respondr::cohort {

struct Node {
  int set = -1, quantity = 0;  // set < 0: a remainder
  Interval n, mean, ss{0.0, infinity}, bounds;
};

// Every rule says whether something became narrower.
struct Narrowing {
  bool failed = false;

  bool meet(Interval& x, const Interval& y) {
    const bool less = x.meet(y);
    failed = failed || x.empty();
    return less;
  }

  // Bounds, whole numbers, one patient.
  bool inside(Node& node) {
    bool moved = false;
    node.n = {std::ceil(node.n.low - 1e-6), std::floor(node.n.high + 1e-6)};
    failed = failed || node.n.empty();
    if (failed || node.n.low < 1.0) {
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
    if (node.n.point() && node.ss.low > 1e-6) {  // one patient a step away from the others
      moved = meet(node.ss, {1.0 - 1.0 / node.n.low, infinity}) || moved;
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
      failed = failed || low > high;
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
    if (!(rest.n.low > 0.5) || !(part.n.low > 0.5) || failed) {
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

  // SS of a sum and of a difference: together twice those of the two.
  bool parallelogram(Node& a, Node& b, Node& d, Node& sum) {
    bool moved = meet(sum.mean, a.mean + b.mean);
    const Interval both = scaled(a.ss + b.ss, 2.0), parts = scaled(sum.ss + d.ss, 0.5);
    moved = meet(sum.ss, both - d.ss) || moved;
    moved = meet(d.ss, both - sum.ss) || moved;
    moved = meet(a.ss, parts - b.ss) || moved;
    return meet(b.ss, parts - a.ss) || moved;
  }

  bool paired(const Figure& f, Node& a) {
    if (!a.n.point() || failed) {
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
    if (!a.n.point() || !b.n.point() || failed || a.n.low + b.n.low < 3.0) {
      return false;
    }
    const double df = a.n.low + b.n.low - 2.0, k = (1.0 / a.n.low + 1.0 / b.n.low) / df;
    const Interval t2 = square({statistic_of_p(f.high, df), statistic_of_p(f.low, df)}), d2 = square(a.mean - b.mean);
    const Interval ss{t2.high < infinity ? d2.low / t2.high / k : 0.0, t2.low > 0.0 ? d2.high / t2.low / k : infinity};
    return meet(a.ss, ss - b.ss) | meet(b.ss, ss - a.ss);
  }

  bool correlated(const Figure& f, Node& a, Node& b, Node& total) {
    const Interval r{std::fmax(-1.0, f.low), std::fmin(1.0, f.high)};
    failed = failed || r.empty();
    return meet(total.ss, a.ss + b.ss + scaled(r * root(a.ss) * root(b.ss), 2.0));
  }
};

}  // namespace respondr::cohort
