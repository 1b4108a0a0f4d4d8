#pragma once
// Exact unconditional test of paired rates (Suissa and Shuster 1991, Biometrics 47:361): the statistic Z of McNemar, its p
// the largest over the unknown probability of change. Given d patients who changed, the gains are binomial with share one
// half, so that P(prob) = sum over d of P(d patients change) r(d), r(d) the conditional probability of a Z as extreme as
// the one seen; Z is compared in whole numbers.
//
// The interval inverts the same test at every difference D: Z(D) of Tango, its p the largest over the probability of a loss
// (Hsueh, Liu and Chen 2001, Biometrics 57:478). Z(D) rises with the gains, so that the extreme tables of a given number of
// losses are two runs. The p jumps with D: the limits are searched outwards from points around Tango's interval and 0, so
// that 0 is inside exactly if the p of the row is above alpha, or lies in a gap that makes the interval a hull.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/paired_rates/conditional.hpp"
#include "respondr/paired_rates/maximum.hpp"
#include "respondr/paired_rates/score.hpp"
#include "respondr/paired_rates/types.hpp"
#include "respondr/special/central.hpp"

namespace respondr::paired_rates {

class UnconditionalTest {
 public:
  void prepare(const PairCounts& c, Alternative alternative) {
    counts_ = c;
    alternative_ = alternative;
    n_ = static_cast<std::size_t>(c.n());
    factorial_.resize(n_ + 1);
    for (std::size_t i = 0; i <= n_; ++i) {
      factorial_[i] = special::ln_gamma(static_cast<double>(i) + 1.0);
    }
    weight_.resize(n_ + 1);
  }

  // Elementary steps of p_no_change(), p_at() and limits(), known before prepare().
  static double work(const PairCounts& c) { return 200.0 * c.n(); }
  static double work_at(const PairCounts& c) { return 2e3 * c.n(); }
  static double work_limits(const PairCounts& c) { return 2e5 * c.n(); }

  // p of no change.
  double p_no_change() {
    for (std::size_t d = 0; d <= n_; ++d) {
      weight_[d] = reached_given(static_cast<double>(d));
    }
    return largest(1.0, -1.0, [this](double change) {
      double sum = 0.0;
      each_binomial(n_, change, [&](std::size_t d, double p) { sum += p * weight_[d]; });
      return sum;
    });
  }

  // p of a difference, later minus reference. With `alpha` only which side of it the p lies on.
  double p_at(double difference, double alpha = -1.0) {
    if (std::fabs(difference) >= 1.0) {
      return difference * static_cast<double>(n_) == counts_.gained - counts_.lost ? 1.0 : 0.0;
    }
    const bool turned = difference < 0.0;
    const PairCounts c = turned ? counts_.reversed() : counts_;
    const double d = std::fabs(difference);
    find_runs(c, d, turned);
    return largest(0.5 * (1.0 - d), alpha, [this, d](double loss) {
      const double gain = loss < 1.0 ? std::fmin(1.0, (loss + d) / (1.0 - loss)) : 0.0;
      double sum = 0.0;
      each_binomial(n_, loss, [&](std::size_t l, double p) { sum += p * runs_probability(l, gain); });
      return sum;
    });
  }

  Limits limits(const Sides& s) {
    const double alpha = alternative_ == Alternative::two_sided ? 2.0 * s.alpha : s.alpha;
    Limits out{-1.0, 1.0};
    const Limits near = tango_limits(counts_, s);
    const double estimate = (counts_.gained - counts_.lost) / counts_.n();
    if (s.low) {
      out.low = limit(estimate, near.low, -1.0, alpha, out.hull);
    }
    if (s.high) {
      out.high = limit(estimate, near.high, 1.0, alpha, out.hull);
    }
    return out;
  }

 private:
  // P(a Z as extreme as seen | d changed).
  double reached_given(double d) const {
    const double m = counts_.discordant(), t = counts_.gained - counts_.lost;
    const Gains g{d, 0.0};
    if (alternative_ == Alternative::two_sided) {
      const double k = least_excess(t * t, d, m);
      return k <= 0.0 ? 1.0 : k > d ? 0.0 : 2.0 * g.at_least(0.5 * (d + k));
    }
    const double side = alternative_ == Alternative::greater ? t : -t;
    if (side > 0.0) {
      const double k = least_excess(side * side, d, m);
      return k > d ? 0.0 : g.at_least(0.5 * (d + k));
    }
    if (side == 0.0) {
      return g.at_least(std::ceil(0.5 * d));
    }
    // (2x - d) / sqrt(d) >= -|t| / sqrt(m): all but the results beyond.
    double k = std::floor(std::sqrt(side * side * d / m)) + 2.0;
    while (k > 0.0 && k * k * m > side * side * d) {
      k -= 1.0;
    }
    return g.at_least(std::ceil(0.5 * (d - k)));
  }

  // Smallest k of the parity of d with k^2 m >= t2 d; 0 where t2 is 0.
  static double least_excess(double t2, double d, double m) {
    if (t2 <= 0.0) {
      return 0.0;
    }
    if (d <= 0.0) {
      return 1.0;  // nobody changed: Z is 0
    }
    double k = std::fmax(0.0, std::floor(std::sqrt(t2 * d / m)) - 2.0);
    while (k * k * m < t2 * d) {
      k += 1.0;
    }
    return std::fmod(d - k, 2.0) == 0.0 ? k : k + 1.0;
  }

  // For each number of losses the gains from which Z(D) is as large as seen, and up to which it is as small.
  void find_runs(const PairCounts& c, double d, bool turned) {
    const double seen = tango_statistic(c, d), slack = 1e-9 * (1.0 + std::fabs(seen));
    const Alternative side = alternative_ == Alternative::two_sided              ? alternative_
                             : (alternative_ == Alternative::greater) != turned ? Alternative::greater
                                                                                 : Alternative::less;
    const double high = side == Alternative::two_sided ? std::fabs(seen) - slack : seen - slack;
    const double low = side == Alternative::two_sided ? -std::fabs(seen) + slack : seen + slack;
    from_.resize(n_ + 1);
    to_.resize(n_ + 1);
    const double n = static_cast<double>(n_);
    for (std::size_t l = 0; l <= n_; ++l) {
      const double lost = static_cast<double>(l);
      const long most = static_cast<long>(n_ - l);
      const auto z = [&](long gained) {
        const double g = static_cast<double>(gained);
        return tango_statistic({0.0, lost, g, n - lost - g}, d);
      };
      const auto first = [&](double bound) {  // smallest number of gains with Z >= bound; most + 1 if none
        long below = -1, reached = most + 1;
        while (reached - below > 1) {
          const long middle = (below + reached) / 2;
          (z(middle) >= bound ? reached : below) = middle;
        }
        return reached;
      };
      from_[l] = side == Alternative::less ? most + 1 : first(high);
      to_[l] = side == Alternative::greater ? -1 : first(std::nextafter(low, infinity)) - 1;
    }
  }

  double runs_probability(std::size_t l, double gain) const {
    const long most = static_cast<long>(n_ - l);
    if (from_[l] <= to_[l] + 1) {
      return 1.0;
    }
    return upper(most, from_[l], gain) + upper(most, most - to_[l], 1.0 - gain);
  }

  // P(X >= from), X binomial(size, p), from the side with the fewer terms.
  double upper(long size, long from, double p) const {
    if (from > size || from <= 0) {
      return from <= 0 ? 1.0 : 0.0;
    }
    if (p <= 0.0 || p >= 1.0) {
      return p <= 0.0 ? 0.0 : 1.0;
    }
    const double n = static_cast<double>(size);
    if (static_cast<double>(from) > n * p) {
      return run(size, from, p);
    }
    return std::fmax(0.0, 1.0 - run(size, size - from + 1, 1.0 - p));
  }

  // Sum of the probabilities from `from` up, which fall.
  double run(long size, long from, double p) const {
    if (from > size) {
      return 0.0;
    }
    const double odds = p / (1.0 - p);
    double term = std::exp(factorial_[size] - factorial_[from] - factorial_[size - from] +
                           static_cast<double>(from) * std::log(p) + static_cast<double>(size - from) * std::log1p(-p));
    double sum = term;
    for (long x = from; x < size && term > 1e-18 * sum; ++x) {
      term *= odds * static_cast<double>(size - x) / static_cast<double>(x + 1);
      sum += term;
    }
    return sum;
  }

  // f(x, P(X = x)) for the values of a binomial that matter.
  template <class F>
  void each_binomial(std::size_t n, double p, F&& f) const {
    if (p <= 0.0 || p >= 1.0) {
      f(p <= 0.0 ? 0 : n, 1.0);
      return;
    }
    const std::size_t mode = std::min(n, static_cast<std::size_t>((static_cast<double>(n) + 1.0) * p));
    const double odds = p / (1.0 - p), at = std::exp(factorial_[n] - factorial_[mode] - factorial_[n - mode] +
                                                     static_cast<double>(mode) * std::log(p) +
                                                     static_cast<double>(n - mode) * std::log1p(-p));
    f(mode, at);
    double term = at;
    for (std::size_t x = mode; x < n && term > 1e-18; ++x) {
      term *= odds * static_cast<double>(n - x) / static_cast<double>(x + 1);
      f(x + 1, term);
    }
    term = at;
    for (std::size_t x = mode; x > 0 && term > 1e-18; --x) {
      term *= static_cast<double>(x) / (odds * static_cast<double>(n - x + 1));
      f(x - 1, term);
    }
  }

  // Largest value of f over [0, top]: a grid finer than the spread of a binomial, then golden sections around its peaks.
  template <class F>
  double largest(double top, double alpha, F&& f) {
    const double spread = 4.0 * std::sqrt(static_cast<double>(n_) + 1.0);
    return std::fmin(1.0, detail::largest_on_grid(
                              [&](double angle) {
                                const double s = std::sin(angle);
                                return f(top * s * s);
                              },
                              1.5707963267948966, std::max<std::size_t>(24, static_cast<std::size_t>(spread)), alpha, grid_));
  }

  // The outermost accepted difference between the estimate and `end`, first on points around `near`, then by bisection.
  double limit(double estimate, double near, double end, double alpha, bool& hull) {
    const auto accepted = [&](double d) { return p_at(d, alpha) > alpha; };
    if (estimate == end || accepted(end)) {
      return end;
    }
    constexpr int points = 16;
    const double sign = end > estimate ? 1.0 : -1.0, reach = std::fabs(near - estimate);
    std::vector<double> at;
    for (int i = points; i >= 1; --i) {
      at.push_back(estimate + sign * reach * 1.6 * i / points);
    }
    at.push_back(0.0);
    const auto outside = [&](double d) { return sign * (d - estimate) <= 0.0 || sign * (end - d) <= 0.0; };
    at.erase(std::remove_if(at.begin(), at.end(), outside), at.end());
    std::sort(at.begin(), at.end(), [sign](double a, double b) { return sign * a > sign * b; });
    double outer = end, inner = estimate;
    std::size_t next = 0;
    for (; next < at.size(); ++next) {
      if (accepted(at[next])) {
        inner = at[next++];
        break;
      }
      outer = at[next];
    }
    for (; next < at.size() && !hull; ++next) {
      hull = !accepted(at[next]);
    }
    for (int i = 0; i < 60 && std::fabs(outer - inner) > 1e-11; ++i) {
      const double middle = 0.5 * (outer + inner);
      (accepted(middle) ? inner : outer) = middle;
    }
    return inner;
  }

  PairCounts counts_;
  Alternative alternative_ = Alternative::two_sided;
  std::size_t n_ = 0;
  std::vector<double> factorial_, weight_, grid_;
  std::vector<long> from_, to_;
};

}  // namespace respondr::paired_rates
