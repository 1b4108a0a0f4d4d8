#pragma once
// The common odds ratio psi given the margins of every stratum: T, the events of the arm of interest, has P(t) proportional
// to g_t psi^t, g the convolution of the hypergeometric distributions of the strata (Gart 1970, Biometrika 57:471; Mehta,
// Patel and Gray 1985, J Am Stat Assoc 80:969). The estimate is the conditional maximum likelihood one.
//
// Two-sided p: central, twice the smaller tail; minlike, all t no more probable than the data. The interval inverts the
// same test. The p of minlike jumps where some g_s psi^s equals g_t psi^t and between two jumps is one less a unimodal
// function, so that the first psi that it accepts is found piece by piece; where pieces within are rejected the interval is
// the hull. mid_p takes half of the probability of the data off each tail.

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "respondr/rates/noncentral_hypergeometric.hpp"
#include "respondr/rates/value_list.hpp"
#include "respondr/special/central.hpp"

namespace respondr::rates {

class CommonOdds {
 public:
  // Steps of prepare() and, for minlike, of its limits: two looks at all of T for every piece.
  static double work(const std::vector<Stratum>& strata, bool minlike) {
    double steps = 0.0, reach = 1.0;
    for (const Stratum& h : strata) {
      const double range = h.high() - h.low() + 1;
      steps += reach * range;
      reach += range - 1.0;
    }
    return steps + (minlike ? 4.0 * reach * reach : 0.0);
  }

  void prepare(const std::vector<Stratum>& strata) {
    at_ = 0;
    std::size_t most = 0;
    for (const Stratum& h : strata) {
      at_ += static_cast<std::size_t>(h.x1 - h.low());
      most += static_cast<std::size_t>(h.high() - h.low());
    }
    tilt_ = find_tilt(strata, most);
    mass_.assign(1, 1.0);
    for (const Stratum& h : strata) {
      noncentral_masses(h, tilt_, one_);
      next_.assign(mass_.size() + one_.size() - 1, 0.0);
      for (std::size_t s = 0; s < mass_.size(); ++s) {
        for (std::size_t k = 0; k < one_.size(); ++k) {
          next_[s + k] += mass_[s] * one_[k];
        }
      }
      mass_.swap(next_);
    }
    log_mass_.resize(mass_.size());
    std::transform(mass_.begin(), mass_.end(), log_mass_.begin(), [](double m) { return std::log(m); });
  }

  bool at_bottom() const { return at_ == 0; }
  bool at_top() const { return at_ + 1 == mass_.size(); }

  // Conditional maximum likelihood: the log odds ratio at which the mean of T is the data.
  double estimate() const {
    if (at_bottom() || at_top()) {
      return at_bottom() ? -infinity : infinity;
    }
    return root([&](double theta) {
      std::vector<double> p;
      masses(theta, p);
      double mean = 0.0;
      for (std::size_t s = 0; s < p.size(); ++s) {
        mean += p[s] * (static_cast<double>(s) - static_cast<double>(at_));
      }
      return mean;
    });
  }

  double p_value(double theta, Alternative alternative, TableTwoSided rule, bool mid_p) const {
    std::vector<double> p;
    masses(theta, p);
    const double half = mid_p ? 0.5 * p[at_] : 0.0;
    const double upper = std::accumulate(p.begin() + static_cast<std::ptrdiff_t>(at_), p.end(), 0.0) - half;
    const double lower = std::accumulate(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(at_) + 1, 0.0) - half;
    if (alternative != Alternative::two_sided) {
      return alternative == Alternative::greater ? upper : lower;
    }
    if (rule == TableTwoSided::central) {
      return std::min(1.0, 2.0 * std::min(upper, lower));
    }
    double sum = 0.0;
    for (const double q : p) {
      const bool tied = std::fabs(q - p[at_]) <= table_tie * p[at_];
      sum += tied ? (mid_p ? 0.5 * q : q) : q < p[at_] ? q : 0.0;
    }
    return std::min(1.0, sum);
  }

  // The limit of one tail at error alpha, as a log odds ratio.
  double tail_limit(bool low, double alpha, bool mid_p) const {
    if (low ? at_bottom() : at_top()) {
      return low ? -infinity : infinity;
    }
    return root([&](double theta) {
      return (low ? 1.0 : -1.0) *
             (p_value(theta, low ? Alternative::greater : Alternative::less, TableTwoSided::central, mid_p) - alpha);
    });
  }

  // The limits of minlike at level 1 - alpha; `hole` if rejected values lie between them.
  void minlike_limits(double alpha, bool mid_p, double& low, double& high, bool& hole) const {
    CommonOdds mirror = *this;
    std::reverse(mirror.mass_.begin(), mirror.mass_.end());
    std::reverse(mirror.log_mass_.begin(), mirror.log_mass_.end());
    mirror.at_ = mass_.size() - 1 - at_;
    mirror.tilt_ = -tilt_;
    low = minlike_low(alpha, mid_p, hole);
    high = -mirror.minlike_low(alpha, mid_p, hole);
  }

 private:
  // Near the estimate, so that the masses that matter are far above the smallest double.
  static double find_tilt(const std::vector<Stratum>& strata, std::size_t most) {
    double total = 0.0, low = 0.0;
    for (const Stratum& h : strata) {
      total += h.x1;
      low += h.low();
    }
    const double goal = std::fmin(low + static_cast<double>(most) - 0.5, std::fmax(low + 0.5, total));
    std::vector<double> mass;
    const auto excess = [&](double theta) {
      double mean = 0.0;
      for (const Stratum& h : strata) {
        mean += noncentral_moments(h, theta, mass).mean;
      }
      return mean - goal;
    };
    double left = -1.0, right = 1.0;
    while (left > -600.0 && excess(left) > 0.0) left *= 2.0;
    while (right < 600.0 && excess(right) < 0.0) right *= 2.0;
    const double f_left = excess(left), f_right = excess(right);
    return f_left < 0.0 && f_right > 0.0 ? special::detail::bracketed_root(excess, left, f_left, right, f_right, 1e-6)
                                         : 0.0;
  }

  void masses(double theta, std::vector<double>& p) const {
    p.resize(mass_.size());
    double top = -infinity, sum = 0.0;
    for (std::size_t s = 0; s < p.size(); ++s) {
      p[s] = log_mass_[s] + (theta - tilt_) * (static_cast<double>(s) - static_cast<double>(at_));
      top = std::fmax(top, p[s]);
    }
    for (double& q : p) {
      q = std::exp(q - top);
      sum += q;
    }
    for (double& q : p) {
      q /= sum;
    }
  }

  // Root of an increasing function of the log odds ratio.
  template <class F>
  double root(F&& f) const {
    double left = tilt_, right = tilt_, step = 0.5, f_left = f(left), f_right = f_left;
    for (int i = 0; i < 12 && f_left > 0.0; ++i, step *= 2.0) {
      right = left;
      f_right = f_left;
      left -= step;
      f_left = f(left);
    }
    for (int i = 0; i < 12 && f_right < 0.0; ++i, step *= 2.0) {
      left = right;
      f_left = f_right;
      right += step;
      f_right = f(right);
    }
    if (f_left == 0.0 || f_right == 0.0) {
      return f_left == 0.0 ? left : right;
    }
    return f_left < 0.0 && f_right > 0.0 ? special::detail::bracketed_root(f, left, f_left, right, f_right, 1e-15) : missing;
  }

  // What minlike counts at theta below the estimate: `upper`, P(T >= at) less the half, which grows with theta, and `lower`,
  // P(T < from), which falls.
  struct Piece {
    double theta = 0.0, upper = 0.0, lower = 0.0, next = 0.0;  // next: P(T = from)
    double p() const { return upper + lower; }
  };

  Piece piece(double theta, std::size_t from, bool mid_p, std::vector<double>& p) const {
    masses(theta, p);
    Piece out;
    out.theta = theta;
    out.next = p[from];
    out.lower = std::accumulate(p.begin(), p.begin() + static_cast<std::ptrdiff_t>(from), 0.0);
    out.upper = std::accumulate(p.begin() + static_cast<std::ptrdiff_t>(at_), p.end(), mid_p ? -0.5 * p[at_] : 0.0);
    return out;
  }

  // The smallest log odds ratio that minlike accepts. Below the estimate s < at_ counts once theta reaches
  // (ln g_s - ln g_t) / (t - s), which grows with s; between the jumps of s - 1 and of s exactly those below s count. From
  // where the upper tail alone reaches alpha nothing is rejected any more.
  double minlike_low(double alpha, bool mid_p, bool& hole) const {
    if (at_bottom()) {
      return -infinity;
    }
    std::vector<double> p;
    std::size_t first = 0;
    while (first + 1 < at_ && std::isinf(log_mass_[first])) {  // too improbable to count
      ++first;
    }
    const auto jump = [&](std::size_t s) {
      return tilt_ + (log_mass_[s] - log_mass_[at_]) / static_cast<double>(at_ - s);
    };
    Piece before = piece(std::fmin(jump(first), tilt_) - 1.0, first, mid_p, p);
    for (double step = 2.0; step < 2000.0 && before.p() > 0.5 * alpha; step *= 2.0) {
      before = piece(before.theta - step, first, mid_p, p);
    }
    double found = missing, f_before = before.p() - alpha;
    for (std::size_t s = first; s < at_; ++s) {
      const Piece now = piece(std::fmax(before.theta, jump(s)), s, mid_p, p);
      const auto excess = [&](double theta) { return piece(theta, s, mid_p, p).p() - alpha; };
      const double f_now = now.p() - alpha;
      if (found == found) {
        const bool may_dip = before.upper + now.lower < alpha;
        hole = hole || (may_dip && dips(excess, before.theta, f_before, now.theta, f_now));
      } else if (f_now > 0.0) {
        found = special::detail::bracketed_root(excess, before.theta, f_before, now.theta, f_now, 1e-15);
      }
      if (found != found && f_now + now.next >= 0.0) {
        found = now.theta;
      }
      if (found == found && now.upper >= alpha) {
        return found;
      }
      before = now;
      f_before = f_now + now.next;
    }
    return found == found ? found : before.theta;
  }

  // Whether a function that falls and then grows is below 0 somewhere in [left, right].
  template <class F>
  static bool dips(F&& f, double left, double f_left, double right, double f_right) {
    constexpr double slack = 1e-12;
    if (f_left < -slack || f_right < -slack) {
      return true;
    }
    for (int i = 0; i < 40 && right - left > 1e-9; ++i) {
      const double a = left + (right - left) / 3.0, b = right - (right - left) / 3.0;
      const double f_a = f(a), f_b = f(b);
      if (f_a < -slack || f_b < -slack) {
        return true;
      }
      (f_a < f_b ? right : left) = f_a < f_b ? b : a;
    }
    return false;
  }

  std::size_t at_ = 0;  // the data, counted from the smallest T
  double tilt_ = 0.0;   // log odds ratio at which mass_ is taken
  std::vector<double> mass_, log_mass_, one_, next_;
};

}  // namespace respondr::rates
