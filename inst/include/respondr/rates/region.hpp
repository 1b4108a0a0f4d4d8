#pragma once
// The tables at least as extreme as the observed one, and their probability along the line of a hypothesis, maximised
// over the proportion that the hypothesis leaves open (Barnard 1945, Nature 156:177; Suissa and Shuster 1985, J R Stat
// Soc A 148:317).
//
// The probability is a binomial average of a function of the tables, so it cannot vary faster than the spread of the
// binomial, which on the arcsine scale is 1 / (2 sqrt(N)) everywhere. The line is searched at a quarter of that, and
// each local maximum of the search is refined by golden sections.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/golden.hpp"
#include "respondr/rates/score.hpp"
#include "respondr/rates/table.hpp"

namespace respondr::rates {

// Probabilities of 0..n events and their sums from below and from above; room is made once.
class BinomialSums {
 public:
  void plan(int n) {
    n_ = n;
    mass_.assign(n + 1, 0.0);
    below_.assign(n + 2, 0.0);
    above_.assign(n + 2, 0.0);
    log_choose_.assign(n + 1, 0.0);
    for (int k = 0; k < n; ++k) {
      log_choose_[k + 1] = log_choose_[k] + std::log(static_cast<double>(n - k) / (k + 1));
    }
  }

  void fill(double p) {
    std::fill(mass_.begin(), mass_.end(), 0.0);
    if (p <= 0.0 || p >= 1.0) {
      mass_[p <= 0.0 ? 0 : n_] = 1.0;
    } else {
      const int mode = std::min(n_, static_cast<int>((n_ + 1) * p));
      const double odds = p / (1.0 - p), back = 1.0 / odds;
      double f = std::exp(log_choose_[mode] + mode * std::log(p) + (n_ - mode) * std::log1p(-p));
      mass_[mode] = f;
      for (int k = mode; k < n_ && f > 0.0; ++k) mass_[k + 1] = f *= odds * (n_ - k) / (k + 1);
      f = mass_[mode];
      for (int k = mode; k > 0 && f > 0.0; --k) mass_[k - 1] = f *= back * k / (n_ - k + 1);
    }
  }

  void add_up() {
    for (int k = 0; k <= n_; ++k) below_[k + 1] = below_[k] + mass_[k];
    above_[n_ + 1] = 0.0;
    for (int k = n_; k >= 0; --k) above_[k] = above_[k + 1] + mass_[k];
  }

  double mass(int k) const { return mass_[k]; }

  // P(from <= X < to), from the end where nothing cancels.
  double between(int from, int to) const {
    if (from == 0) return below_[to];
    if (to == n_ + 1) return above_[from];
    return below_[to] - below_[from];
  }

 private:
  int n_ = 0;
  std::vector<double> mass_, below_, above_, log_choose_;
};

// For each count of arm 1 the stretches of counts of arm 0 that belong to the region.
class Region {
 public:
  void clear(int n1) {
    start_.assign(1, 0);
    start_.reserve(n1 + 2);
    from_.clear();
    to_.clear();
  }
  void add(int from, int to) {
    if (to <= from) return;
    if (from_.size() > static_cast<std::size_t>(start_.back()) && to_.back() >= from) {
      to_.back() = std::max(to_.back(), to);
      return;
    }
    from_.push_back(from);
    to_.push_back(to);
  }
  void end_row() { start_.push_back(static_cast<int>(from_.size())); }

  bool holds(int x1, int x0) const {
    for (int i = start_[x1]; i < start_[x1 + 1]; ++i) {
      if (x0 >= from_[i] && x0 < to_[i]) return true;
    }
    return false;
  }

  double probability(BinomialSums& arm1, BinomialSums& arm0, const Proportions& p) const {
    arm1.fill(p.p1);
    arm0.fill(p.p0);
    arm0.add_up();
    double sum = 0.0;
    for (std::size_t x1 = 0; x1 + 1 < start_.size(); ++x1) {
      double row = 0.0;
      for (int i = start_[x1]; i < start_[x1 + 1]; ++i) row += arm0.between(from_[i], to_[i]);
      sum += row * arm1.mass(static_cast<int>(x1));
    }
    return sum;
  }

 private:
  std::vector<int> start_, from_, to_;
};

// The line of a hypothesis, walked by t from 0 to 1.
inline Proportions on_line(Estimand e, double theta, double t) {
  const double sine = std::sin(0.5 * M_PI * t), s = sine * sine;
  if (e == Estimand::ratio) return theta > 1.0 ? Proportions{s, s / theta} : Proportions{theta * s, s};
  if (e == Estimand::odds_ratio) {
    const double root = std::sqrt(theta);
    return {s * root / (1.0 - s + s * root), s / (s + (1.0 - s) * root)};
  }
  const double low = std::fmax(0.0, -theta), high = std::fmin(1.0, 1.0 - theta), p0 = low + (high - low) * s;
  return {std::fmin(1.0, std::fmax(0.0, p0 + theta)), p0};
}

class Nuisance {
 public:
  void plan(int n1, int n0) {
    arm1_.plan(n1);
    arm0_.plan(n0);
    steps_ = static_cast<int>(std::ceil(4.0 * M_PI * std::sqrt(n1 + n0))) + 8;
    value_.assign(steps_ + 1, 0.0);
  }

  int steps() const { return steps_; }

  // The largest probability of the region. Stops at the first one above `enough`.
  double supremum(const Region& region, Estimand e, double theta, double enough = 2.0) {
    const auto at = [&](double t) { return region.probability(arm1_, arm0_, on_line(e, theta, t)); };
    double best = 0.0;
    for (int round = 0; round < 2; ++round) {  // every fourth step first: most accepted values are seen at once
      for (int i = 0; i <= steps_; ++i) {
        if ((i % 4 == 0) != (round == 0)) continue;
        value_[i] = at(static_cast<double>(i) / steps_);
        best = std::fmax(best, value_[i]);
        if (best > enough) return best;
      }
    }
    constexpr double near = 0.95;  // a peak between two steps rises by far less above them
    if (best < near * enough && enough < 1.0) return best;
    const double candidate = near * best;
    for (int i = 0; i <= steps_; ++i) {
      const bool peak = (i == 0 || value_[i] >= value_[i - 1]) && (i == steps_ || value_[i] >= value_[i + 1]);
      if (!peak || value_[i] < candidate) continue;
      best = std::fmax(best, refine(at, std::max(0, i - 1), std::min(steps_, i + 1)));
      if (best > enough) return best;
    }
    return best;
  }

 private:
  template <class F>
  double refine(F&& at, int from, int to) const {
    return golden_maximum(at, static_cast<double>(from) / steps_, static_cast<double>(to) / steps_, 26);
  }

  int steps_ = 0;
  BinomialSums arm1_, arm0_;
  std::vector<double> value_;
};

}  // namespace respondr::rates
