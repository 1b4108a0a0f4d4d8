#pragma once
// Exact inference on one parameter of a count X whose probabilities are proportional to weight(k) psi^k: the binomial
// (psi the odds) and the number of events in one of two arms given their total (psi the odds ratio; Fisher 1935, J R
// Stat Soc 98:39).
//
//   central   twice the smaller tail (Clopper and Pearson 1934, Biometrika 26:404; Cornfield 1956)
//   minlike   all k whose probability is not above that of the observed one (Sterne 1954, Biometrika 41:275; Freeman
//   and
//             Halton 1951), with a relative tolerance of 1e-7 for ties, as base R has
//   blaker    the smaller tail and the largest opposite tail not above it (Blaker 2000, Can J Stat 28:783,
//             doi:10.2307/3315916), with the same tolerance
//
// mid-p counts half of what ties with the observed count (Lancaster 1961). The weights are log-concave, so that on each
// side the counts beyond the observed one leave the two-sided sum one by one as psi moves away; between two such points
// the sum is a constant less the probability of an interval of counts, which has one mode in psi. The limits are
// therefore found exactly, from the outermost stretch inwards, and so is every hole of the accepted set.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/rates/table.hpp"
#include "respondr/special/central.hpp"
#include "respondr/types.hpp"

namespace respondr::rates {

constexpr double tie_tolerance = 1e-7;
constexpr double alpha_slack = 1e-12;  // a p belongs to the accepted set if it is above alpha by more than its rounding

// Sums at one psi: of the counts up to `upto`, at `at`, and from `from` on.
struct Masses {
  double lower = 0.0, at = 0.0, upper = 0.0, mean = 0.0;
};

class Lattice {
 public:
  // Events of arm 1 of n1 patients, n0 in the other arm, m events in all.
  void hypergeometric(int n1, int n0, int m) {
    reset(std::max(0, m - n0), std::min(n1, m));
    for (int k = low_; k < high_; ++k) {
      add_step((static_cast<double>(n1 - k) * (m - k)) / (static_cast<double>(k + 1) * (n0 - m + k + 1)));
    }
  }

  void binomial(int n) {
    reset(0, n);
    for (int k = 0; k < n; ++k) add_step(static_cast<double>(n - k) / (k + 1));
  }

  // The same distribution of low + high - X, whose parameter is 1 / psi.
  void mirror_of(const Lattice& other) {
    reset(other.low_, other.high_);
    for (std::size_t i = other.step_.size(); i-- > 0;) add_step(other.back_[i]);
  }

  int low() const { return low_; }
  int high() const { return high_; }
  double weight_log(int k) const { return log_weight_[static_cast<std::size_t>(k - low_)]; }

  // From the mode outwards, until what is left is nothing beside every sum asked for.
  Masses masses(double log_psi, int upto, int at, int from) const {
    const double psi = std::exp(std::fmin(690.0, std::fmax(-690.0, log_psi))), down = 1.0 / psi;
    const int mode = mode_at(psi);
    const int up_to = std::max(at, from <= high_ ? from : low_);
    const int down_to = std::min(at >= low_ ? at : high_, upto >= low_ ? upto : high_);
    Masses m;
    double total = 0.0, moment = 0.0;
    const auto take = [&](int k, double f) {
      total += f;
      moment += f * (k - mode);
      m.lower += k <= upto ? f : 0.0;
      m.upper += k >= from ? f : 0.0;
      m.at = k == at ? f : m.at;
    };
    double f = 1.0;
    take(mode, f);
    for (int k = mode + 1; k <= high_; ++k) {
      f *= step(k - 1) * psi;
      take(k, f);
      if (k >= up_to && f < 1e-19 * (m.upper > 0.0 ? m.upper : total)) break;
    }
    f = 1.0;
    for (int k = mode - 1; k >= low_; --k) {
      f *= back_[static_cast<std::size_t>(k - low_)] * down;
      take(k, f);
      if (k <= down_to && f < 1e-19 * (m.lower > 0.0 ? m.lower : total)) break;
    }
    m.mean = mode + moment / total;
    m.lower /= total;
    m.upper /= total;
    m.at /= total;
    return m;
  }

  // P(X <= a), or P(X < a) + P(X = a) / 2.
  double less(double log_psi, int a, bool midp) const {
    const Masses m = masses(log_psi, a, a, high_ + 1);
    return midp ? m.lower - 0.5 * m.at : m.lower;
  }

  double greater(double log_psi, int a, bool midp) const {
    const Masses m = masses(log_psi, low_ - 1, a, a);
    return midp ? m.upper - 0.5 * m.at : m.upper;
  }

  // The psi (as a logarithm) at which X has mean a; the conditional maximum-likelihood estimate.
  double estimate(int a) const {
    if (a <= low_ || a >= high_) return low_ == high_ ? missing : a <= low_ ? -infinity : infinity;
    const double start = weight_log(a - 1) - weight_log(a + 1);  // twice the psi at which a - 1 and a + 1 tie
    return root([&](double s) { return a - masses(s, low_ - 1, low_ - 1, high_ + 1).mean; }, 0.5 * start);
  }

  // The psi at which a decreasing tail, P(X <= a), is `share`.
  double tail_root(int a, double share, bool midp) const {
    return root([&](double s) { return std::log(less(s, a, midp)) - std::log(share); }, tie_at(a));
  }

  // A psi at which a is the mode.
  double tie_at(int a) const {
    const int left = std::max(low_, a - 1), right = std::min(high_, a + 1);
    return left == right ? 0.0 : (weight_log(left) - weight_log(right)) / (right - left);
  }

  // Root of a function that falls with log psi.
  template <class F>
  double root(F&& f, double start) const {
    double step = 0.5, low = start, high = start, f_low = f(start), f_high = f_low;
    for (int i = 0; i < 40 && !(f_low > 0.0); ++i, step *= 2.0) {
      high = low;
      f_high = f_low;
      low -= step;
      f_low = f(low);
    }
    for (int i = 0; i < 40 && !(f_high <= 0.0); ++i, step *= 2.0) {
      low = high;
      f_low = f_high;
      high += step;
      f_high = f(high);
    }
    return special::detail::bracketed_root(f, low, f_low, high, f_high, 1e-14);
  }

 private:
  void reset(int low, int high) {
    low_ = low;
    high_ = high;
    step_.clear();
    back_.clear();
    log_weight_.assign(1, 0.0);
  }

  void add_step(double ratio) {
    step_.push_back(ratio);
    back_.push_back(1.0 / ratio);
    log_weight_.push_back(log_weight_.back() + std::log(ratio));
  }

  double step(int k) const { return step_[static_cast<std::size_t>(k - low_)]; }

  int mode_at(double psi) const {
    const double bound = 1.0 / psi;  // the ratios fall: the first one below leads to the mode
    const auto at = std::partition_point(step_.begin(), step_.end(), [bound](double r) { return r > bound; });
    return low_ + static_cast<int>(at - step_.begin());
  }

  int low_ = 0, high_ = 0;
  std::vector<double> step_, back_;  // weight(k + 1) / weight(k), and its inverse
  std::vector<double> log_weight_;
};

}  // namespace respondr::rates
