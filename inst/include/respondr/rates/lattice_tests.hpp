#pragma once
// p-values and limits on a lattice (lattice.hpp) by the three two-sided rules.

#include <algorithm>
#include <cmath>

#include "respondr/golden.hpp"
#include "respondr/rates/lattice.hpp"

namespace respondr::rates {

struct LatticeRule {
  Alternative alternative = Alternative::two_sided;
  TwoSided two_sided = TwoSided::minlike;
  bool midp = false;
};

namespace detail {

// Where the counts above `a` leave the two-sided sum as psi grows beyond the psi that makes a the mode: count k belongs
// to it up to leaves_at(k), which grows with k.
struct MinlikeExit {
  const Lattice& lattice;
  int a;
  double operator()(int k) const {
    return (lattice.weight_log(a) - lattice.weight_log(k) + std::log1p(tie_tolerance)) / (k - a);
  }
};

struct BlakerExit {
  const Lattice& lattice;
  int a;
  double operator()(int k) const {
    return lattice.root(
        [this, k](double s) {
          const Masses m = lattice.masses(s, a, a, k);
          return std::log(m.lower) - std::log(m.upper) + std::log1p(tie_tolerance);
        },
        lattice.tie_at(a));
  }
};

// P(X <= a) + P(X >= from) at psi, the observed count halved for mid-p.
inline double two_tails(const Lattice& lattice, double log_psi, int a, int from, bool midp) {
  const Masses m = lattice.masses(log_psi, a, a, from);
  return m.lower + m.upper - (midp ? 0.5 * m.at : 0.0);
}

// Does the sum fall to alpha somewhere between `left` and `right`, where the counts from `from` on belong to it? There
// it has one minimum.
inline bool dips(const Lattice& lattice, int a, int from, double left, double right, double alpha, bool midp) {
  const auto p = [&](double s) { return two_tails(lattice, s, a, from, midp); };
  if (right - left <= 0.0) return false;
  const double low_tail = lattice.less(right, a, midp),
               high_tail = from > lattice.high() ? 0.0 : lattice.greater(left, from, false);
  if (low_tail + high_tail > alpha) return false;
  if (p(left) <= alpha || p(right) <= alpha) return true;
  return golden_maximum([&](double x) { return -p(x); }, left, right, 40, -alpha) >= -alpha;
}

// The largest log psi that the two-sided test accepts, from the outermost stretch inwards. A stretch is named by the
// lowest count that belongs to the sum; first is the outermost, last the innermost that may end in rejection; below
// `inner` everything is accepted, above `outer` nothing.
template <class Exit>
double outer_limit(const Lattice& lattice, const Exit& leaves_at, int first, int last, double inner, double outer,
                   double alpha, bool midp, bool& hole) {
  const int a = leaves_at.a;
  double left = inner, right = outer, limit = inner;
  int from = first;
  bool found = false;
  for (; from >= last && !found; --from) {
    left = std::fmax(inner, leaves_at(from - 1));
    const auto p = [&](double s) { return two_tails(lattice, s, a, from, midp); };
    if (std::isfinite(right) && p(right) > alpha) {
      found = true;
      limit = right;
      hole = hole || dips(lattice, a, from, left, right, alpha, midp);
    } else if (p(left) > alpha) {
      const auto excess = [&](double s) { return std::log(p(s)) - std::log(alpha); };
      double end = right;
      for (double step = 0.5; !std::isfinite(end) || (end != right && p(end) > alpha); step *= 2.0) end = left + step;
      found = true;
      limit = special::detail::bracketed_root(excess, left, excess(left), end, excess(end), 1e-14);
    }
    right = left;
  }
  for (; from >= last && !hole && lattice.less(right, a, midp) <= alpha; --from) {
    left = std::fmax(inner, leaves_at(from - 1));
    hole = dips(lattice, a, from, left, right, alpha, midp);
    right = left;
  }
  return found ? limit : std::fmax(inner, right);
}

inline double two_sided_limit(const Lattice& lattice, const LatticeRule& rule, int a, double alpha, bool& hole) {
  if (a >= lattice.high()) return infinity;
  const double level = alpha * (1.0 + alpha_slack);
  if (rule.two_sided == TwoSided::central) return lattice.tail_root(a, 0.5 * level, rule.midp);
  if (rule.two_sided == TwoSided::minlike) {
    const MinlikeExit leaves_at{lattice, a};
    return outer_limit(lattice, leaves_at, lattice.high() + 1, a + 2, leaves_at(a + 1), infinity, level, rule.midp,
                       hole);
  }
  // Blaker's p is at least the smaller tail and at most twice it.
  const BlakerExit leaves_at{lattice, a};
  const double inner = lattice.tail_root(a, level, false), outer = lattice.tail_root(a, 0.5 * level, false);
  int first = a + 1, last = a + 1;
  while (first <= lattice.high() && leaves_at(first) < outer) ++first;
  while (last < first && leaves_at(last) < inner) ++last;
  return outer_limit(lattice, leaves_at, first, last, inner, outer, level, false, hole);
}

inline double minlike_p(const Lattice& lattice, double log_psi, int a, bool midp) {
  const double at = lattice.weight_log(a), tolerance = std::log1p(tie_tolerance);
  const auto log_ratio = [&](int k) { return lattice.weight_log(k) - at + (k - a) * log_psi; };
  // The counts left out are one stretch beside a, on the side of the mode.
  int below = a - 1, above = a + 1;
  while (below >= lattice.low() && log_ratio(below) > tolerance) --below;
  while (above <= lattice.high() && log_ratio(above) > tolerance) ++above;
  const Masses m = lattice.masses(log_psi, below, a, above);
  double p = m.lower + m.at + m.upper;
  if (midp) {
    p -= 0.5 * m.at;
    if (below >= lattice.low() && log_ratio(below) > -tolerance)
      p -= 0.5 * lattice.masses(log_psi, below, below, above).at;
    if (above <= lattice.high() && log_ratio(above) > -tolerance)
      p -= 0.5 * lattice.masses(log_psi, below, above, above).at;
  }
  return std::fmin(1.0, p);
}

// The opposite tail is the largest one not above `tail`.
inline double blaker_p(const Lattice& lattice, double log_psi, int a) {
  const double less = lattice.less(log_psi, a, false), greater = lattice.greater(log_psi, a, false);
  const double tail = std::fmin(less, greater), bound = tail * (1.0 + tie_tolerance);
  const bool upper = less <= greater;
  int inside = a, outside = upper ? lattice.high() + 1 : lattice.low() - 1;  // tails from `inside` are above the bound
  const auto opposite = [&](int k) {
    return k > lattice.high() || k < lattice.low() ? 0.0
           : upper                                 ? lattice.greater(log_psi, k, false)
                                                   : lattice.less(log_psi, k, false);
  };
  if (opposite(a) <= bound) return 1.0;
  while (std::abs(outside - inside) > 1) {
    const int middle = (inside + outside) / 2;
    (opposite(middle) <= bound ? outside : inside) = middle;
  }
  return std::fmin(1.0, tail + opposite(outside));
}

}  // namespace detail

inline double lattice_p(const Lattice& lattice, const LatticeRule& rule, int a, double log_psi) {
  if (rule.alternative != Alternative::two_sided || rule.two_sided == TwoSided::central) {
    return combine(rule.alternative, lattice.greater(log_psi, a, rule.midp), lattice.less(log_psi, a, rule.midp));
  }
  return rule.two_sided == TwoSided::minlike ? detail::minlike_p(lattice, log_psi, a, rule.midp)
                                             : detail::blaker_p(lattice, log_psi, a);
}

// Limits of log psi. `mirror` is room for the mirrored lattice.
inline Limits lattice_limits(const Lattice& lattice, const LatticeRule& rule, int a, double alpha, Lattice& mirror) {
  Limits out{-infinity, infinity, false};
  mirror.mirror_of(lattice);
  const int b = lattice.low() + lattice.high() - a;
  if (rule.alternative == Alternative::two_sided) {
    out.high = detail::two_sided_limit(lattice, rule, a, alpha, out.hole);
    out.low = -detail::two_sided_limit(mirror, rule, b, alpha, out.hole);
  } else if (rule.alternative == Alternative::less) {
    out.high = a >= lattice.high() ? infinity : lattice.tail_root(a, alpha * (1.0 + alpha_slack), rule.midp);
  } else {
    out.low = b >= mirror.high() ? -infinity : -mirror.tail_root(b, alpha * (1.0 + alpha_slack), rule.midp);
  }
  return out;
}

// Elementary steps of the limits at most.
inline double lattice_work(double size, const LatticeRule& rule) {
  return rule.alternative == Alternative::two_sided && rule.two_sided == TwoSided::minlike ? size * size : 100.0 * size;
}

// Counts that events of arm 1 can take given all events.
inline double lattice_size(const Table& t) {
  return static_cast<double>(std::min(t.n1, t.events())) - std::max(0, t.events() - t.n0) + 1.0;
}

constexpr double steps_a_count = 10.0;  // a count of a lattice has its ratio, its inverse and a logarithm

}  // namespace respondr::rates
