#pragma once
// Exact unconditional tests of two proportions and their inversion. The p of a value theta is the largest probability,
// over the proportions that satisfy theta, of the tables at least as extreme as the observed one:
//
//   score        by the score z of theta (at no difference Barnard's pooled test); one-sided tests give the interval of
//   Chan
//                and Zhang (1999, Biometrics 55:1202, doi:10.1111/j.0006-341X.1999.01202.x), |z| that of Agresti and
//                Min (2001, Biometrics 57:963)
//   unpooled     by (p^1 - p^0 - delta) / sqrt(p^1 q^1 / n1 + p^0 q^0 / n0); ratio: the same with p^1 - phi p^0
//   fisher       by the two-sided conditional p (lattice_tests.hpp) at the odds ratio of the restricted proportions; at
//   no
//                difference Boschloo's test (1970, Stat Neerl 24:1)
//   fisher_tail  by the one-sided conditional p of no difference, whatever theta
//   difference   by p^1 - p^0, whatever theta (Santner and Snell 1980, J Am Stat Assoc 75:386)
//   null_score, null_unpooled  by score or unpooled at the hypothesis tested, whatever theta
//
// Orders that do not depend on theta give one-sided p-values that grow with theta, hence intervals without holes. The
// others are inverted by a search in steps of 1/128 (difference) or 1/16 (logarithm of a ratio), each step decided
// exactly. Values that tie as numbers on paper tie here: differences of 1e-9 of the statistic do not count.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/rates/lattice_tests.hpp"
#include "respondr/rates/region.hpp"
#include "respondr/rates/score.hpp"

namespace respondr::rates {

enum class Order : int { score = 0, unpooled, fisher, fisher_tail, difference, null_score, null_unpooled };

// Orders that do not depend on theta.
inline bool is_fixed(Order order) { return order >= Order::fisher_tail; }

inline double unpooled_z(Estimand e, const Table& t, double theta) {
  const double p1 = t.p1(), p0 = t.p0(), factor = e == Estimand::ratio ? theta * theta : 1.0;
  return detail::quotient(score_distance(e, t, theta), p1 * (1.0 - p1) / t.n1 + factor * p0 * (1.0 - p0) / t.n0);
}

// P(X >= x1) given all events, no difference.
inline double fisher_upper_tail(const Table& t) {
  const double m = t.events(), n1 = t.n1, n0 = t.n0;
  const double first = special::ln_choose(n1, t.x1) + special::ln_choose(n0, t.x0) - special::ln_choose(n1 + n0, m);
  double f = 1.0, sum = 1.0;
  for (double k = t.x1; k < std::fmin(n1, m) && f > 1e-18 * sum; ++k) {
    f *= (n1 - k) * (m - k) / ((k + 1.0) * (n0 - m + k + 1.0));
    sum += f;
  }
  return std::exp(first) * sum;
}

// One orientation of the arms: everything is asked for "at least as far above theta". Room is made by plan() once a
// table.
class Unconditional {
 public:
  void plan(const Table& t, Estimand e, Order order, TwoSided rule, double null = 0.0) {
    t_ = t;
    e_ = e;
    order_ = order;
    rule_.two_sided = rule;
    nuisance_.plan(t.n1, t.n0);
    fixed_ = is_fixed(order);
    if (order == Order::fisher) plan_lattices();
    if (fixed_) build_fixed(null);
  }

  // The one-sided p of theta, or some value above `enough`.
  double greater(double theta, double enough = 2.0) {
    if (!fixed_) build_greater(theta);
    return nuisance_.supremum(region_, e_, theta, enough);
  }

  // The two-sided p by an order that is two-sided itself.
  double both(double theta, double enough = 2.0) {
    build_both(theta);
    return nuisance_.supremum(region_, e_, theta, enough);
  }

  double statistic(double theta) const { return statistic(t_, theta); }
  const Region& region() const { return region_; }

 private:
  double statistic(const Table& t, double theta) const {
    switch (order_) {
      case Order::score:
      case Order::null_score:
        return score_z(e_, t, theta, ScoreRule());
      case Order::unpooled:
      case Order::null_unpooled:
        return unpooled_z(e_, t, theta);
      case Order::fisher:
        return -two_sided_p(t, theta);
      case Order::fisher_tail:
        return -std::log(fisher_upper_tail(t));
      case Order::difference:
        return static_cast<double>(t.x1) * t.n0 - static_cast<double>(t.x0) * t.n1;
    }
    return missing;
  }

  Table table(int x1, int x0) const { return {x1, t_.n1, x0, t_.n0}; }

  double two_sided_p(const Table& t, double theta) const {
    double log_psi = 0.0;
    if (theta != no_effect(e_)) {
      if (e_ == Estimand::odds_ratio) {
        log_psi = std::log(theta);
      } else {
        const Proportions p = restricted(e_, t, theta);
        log_psi = std::log(p.p1) + std::log1p(-p.p0) - std::log(p.p0) - std::log1p(-p.p1);
        if (!(log_psi == log_psi)) log_psi = 0.0;
      }
    }
    return lattice_p(lattices_[t.events()], rule_, t.x1, log_psi);
  }

  void plan_lattices() {
    lattices_.resize(t_.total() + 1);
    for (int m = 0; m <= t_.total(); ++m) lattices_[m].hypergeometric(t_.n1, t_.n0, m);
  }

  static double slack(double z) { return std::isfinite(z) ? 1e-9 * (1.0 + std::fabs(z)) : 0.0; }

  // Rows whose first `reach` counts belong to the region; the reach grows with x1.
  template <class Z>
  void staircase(Z&& z, double bound) {
    region_.clear(t_.n1);
    int reach = 0;
    for (int x1 = 0; x1 <= t_.n1; ++x1) {
      while (reach <= t_.n0 && z(x1, reach) >= bound) ++reach;
      region_.add(0, reach);
      region_.end_row();
    }
  }

  void build_fixed(double null) {
    const double at = statistic(t_, null), bound = order_ == Order::difference ? at : at - slack(at);
    staircase([&](int x1, int x0) { return statistic(table(x1, x0), null); }, bound);
  }

  void build_greater(double theta) {
    const double at = statistic(t_, theta), bound = at - slack(at);
    if (order_ == Order::score) {
      staircase([&](int x1, int x0) { return statistic(table(x1, x0), theta); }, bound);
    } else {
      scan([&](const Table& t) { return statistic(t, theta) >= bound; });
    }
  }

  void build_both(double theta) {
    if (order_ == Order::fisher) {
      const double bound = two_sided_p(t_, theta) * (1.0 + 1e-9);
      scan([&](const Table& t) { return two_sided_p(t, theta) <= bound; });
      return;
    }
    const double at = std::fabs(statistic(t_, theta)), bound = at - slack(at);
    if (order_ == Order::unpooled) {
      scan([&](const Table& t) { return std::fabs(statistic(t, theta)) >= bound; });
      return;
    }
    region_.clear(t_.n1);
    int above = 0, below = 0;  // counts of arm 0 that are far above theta, and the first that is far below
    for (int x1 = 0; x1 <= t_.n1; ++x1) {
      while (above <= t_.n0 && statistic(table(x1, above), theta) >= bound) ++above;
      while (below <= t_.n0 && statistic(table(x1, below), theta) > -bound) ++below;
      region_.add(0, above);
      region_.add(below, t_.n0 + 1);
      region_.end_row();
    }
  }

  template <class Extreme>
  void scan(Extreme&& extreme) {
    region_.clear(t_.n1);
    for (int x1 = 0; x1 <= t_.n1; ++x1) {
      for (int x0 = 0; x0 <= t_.n0; ++x0) {
        if (extreme(table(x1, x0))) region_.add(x0, x0 + 1);
      }
      region_.end_row();
    }
  }

  Table t_;
  Estimand e_ = Estimand::difference;
  Order order_ = Order::score;
  LatticeRule rule_;
  bool fixed_ = false;
  Region region_;
  Nuisance nuisance_;
  std::vector<Lattice> lattices_;
};

}  // namespace respondr::rates
