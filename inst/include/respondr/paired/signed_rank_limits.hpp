#pragma once
// The interval that inverts a signed-rank test: the convex hull of the hypotheses that the test accepts.
//
// The p changes only at the Walsh averages. Between two of them (a gap) and at each of them (a point) it is one number, so the
// accepted set is found by asking there. Far from the limits the answer is known without the exact distribution: the Edgeworth
// series settles what it puts clearly above or below alpha. Where even the points are too many, only those near the limits
// are asked, and the row says so (Note::local_scan).

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/paired/sides.hpp"
#include "respondr/paired/signed_rank_at.hpp"
#include "respondr/paired/walsh.hpp"

namespace respondr::paired {

// The test as the row uses it, at every hypothesis.
struct SignedRankTest {
  bool exact = true;
  bool continuity = false;
  Approximation approximation = Approximation::normal;
  Zeros zeros = Zeros::wilcoxon;
};

struct SignedRankLimits {
  double low = missing, high = missing;                // in the units of the changes
  double outside_low = 0.0, outside_high = 0.0;        // one-sided p just outside
  bool hole = false, local = false;
};

class SignedRankInversion {
 public:
  // `walsh` holds the changes; exact_limit bounds the steps of all exact answers together.
  SignedRankLimits run(WalshSums& walsh, const SignedRankTest& test, const Sides& sides, double exact_limit) {
    walsh_ = &walsh;
    test_ = test;
    sides_ = sides;
    alpha_ = sides.alpha * (1.0 + level_slack);
    prepare_screen();
    SignedRankLimits out;
    if (walsh.complete() && (!test.exact || series_ || cost_ * 2.0 * (walsh.all().size() + 1.0) <= exact_limit)) {
      scan_all(out);
    } else {
      out.local = true;
      out.low = sides.low ? near_limit(true, out) : -infinity;
      out.high = sides.high ? near_limit(false, out) : infinity;
    }
    return out;
  }

 private:
  // Position 2 k is the gap below sum k, position 2 k + 1 the point at sum k, position 2 size the gap above the last.
  double twice_theta(const WalshSlice& s, std::size_t position) const {
    const std::size_t k = position / 2;
    if (position % 2 == 1) {
      return s.sum[k];
    }
    const double reach = 1.0 + std::fabs(s.sum.front()) + std::fabs(s.sum.back());
    if (k == 0) {
      return s.sum.front() - reach;
    }
    return k == s.size() ? s.sum.back() + reach : s.sum[k - 1] + 0.5 * (s.sum[k] - s.sum[k - 1]);
  }

  double low_end(const WalshSlice& s, std::size_t position) const {
    return position == 0 ? -infinity : 0.5 * s.sum[(position - 1) / 2];
  }
  double high_end(const WalshSlice& s, std::size_t position) const {
    return position == 2 * s.size() ? infinity : 0.5 * s.sum[position / 2];
  }

  void rank_at(double twice_theta) {
    ranks_.build(walsh_->tally(), twice_theta, test_.zeros);
  }

  Tails tails_at(const WalshSlice& s, std::size_t position) {
    rank_at(twice_theta(s, position));
    return test_.exact ? ranks_.exact(sums_) : ranks_.approximate(test_.continuity, test_.approximation);
  }

  bool accepts(const Tails& t) const {
    return (!sides_.low || t.greater > alpha_) && (!sides_.high || t.less > alpha_);
  }

  // Ties at a point lower the variance of T+ by less than a third where no value has a quarter of the patients: a z far from
  // the critical one settles it. The Edgeworth series is trusted where the sums of ranks lie dense besides: the other ranks
  // spread wider than the step of any group of ties.
  void prepare_screen() {
    rank_at(twice_below());
    n_ = ranks_.n();
    deviation_ = std::sqrt(ranks_.variance());
    kurtosis_ = test_.exact ? ranks_.excess_kurtosis() : 0.0;
    cost_ = ranks_.work();
    const double most = *std::max_element(walsh_->counts().begin(), walsh_->counts().end());
    screen_ = n_ > 12.0 && sides_.alpha >= 1e-3 && sides_.alpha <= 0.2 && 4.0 * most <= n_;
    series_ = screen_ && test_.exact && n_ / 12.0 >= 1.0 + 0.25 * most;
    critical_ = -special::normal_quantile(sides_.alpha);
    // Twice the error expected of the series: steps of one rank, and terms of the order of 1 / n^2.
    margin_ = 1.0 + 2.0 * (3.0 / deviation_ + 10.0 / (n_ * n_));
  }

  double twice_below() const {
    const Span<double> v = walsh_->values();
    return 2.0 * v[0] - (1.0 + 2.0 * std::fabs(v[0]) + 2.0 * std::fabs(v[v.size - 1]));
  }

  // -1 rejected, 1 accepted, 0 to be asked. `below`: pairs whose sum is smaller, `at`: pairs with the sum of the point.
  int screen(double below, double at, bool zero) const {
    const double z = (0.5 * walsh_->total() - below - 0.5 * at) / deviation_;  // of T+ less its mean
    const double worst = sides_.low && sides_.high ? std::fabs(z) : sides_.low ? z : -z;
    if (zero) {
      return 0;
    }
    return worst <= 0.8 * critical_ ? 1 : worst >= 1.3 * critical_ ? -1 : 0;
  }

  bool accepts_by_series(bool& known) {
    const double centred = ranks_.centred();
    const double greater = sides_.low ? ranks_.edgeworth_greater(centred) : 1.0;
    const double less = sides_.high ? ranks_.edgeworth_greater(-centred) : 1.0;
    const double p = std::min(greater, less);
    known = p > alpha_ * margin_ || p * margin_ < alpha_;
    return p > alpha_;
  }

  bool accepts_position(const WalshSlice& s, std::size_t position, double below, bool zero) {
    if (screen_) {
      const int clear = screen(below, position % 2 == 1 ? s.weight[position / 2] : 0.0, zero);
      if (clear != 0) {
        return clear > 0;
      }
    }
    if (series_) {
      rank_at(twice_theta(s, position));
      bool known = false;
      const bool accepted = ranks_.groups() >= 12 && accepts_by_series(known);
      if (known) {
        return accepted;
      }
    }
    return accepts(tails_at(s, position));
  }

  void scan_all(SignedRankLimits& out) {
    const WalshSlice& s = walsh_->all();
    const Span<double> values = walsh_->values();
    const std::size_t end = 2 * s.size() + 1;
    std::size_t first = end, last = 0, next = 0, accepted = 0;
    double below = 0.0;
    for (std::size_t position = 0; position < end; ++position) {
      const bool point = position % 2 == 1;
      while (point && next < values.size && 2.0 * values[next] < s.sum[position / 2] - walsh_->tolerance()) {
        ++next;
      }
      const bool zero = point && next < values.size && 2.0 * values[next] <= s.sum[position / 2] + walsh_->tolerance();
      if (accepts_position(s, position, below, zero)) {
        first = std::min(first, position);
        last = position;
        ++accepted;
      }
      below += point ? s.weight[position / 2] : 0.0;
    }
    if (accepted == 0) {
      return;
    }
    out.low = sides_.low ? low_end(s, first) : -infinity;
    out.high = sides_.high ? high_end(s, last) : infinity;
    out.hole = accepted < last - first + 1;
    out.outside_low = sides_.low ? outside(s, first, true) : 0.0;
    out.outside_high = sides_.high ? outside(s, last, false) : 0.0;
  }

  // The larger p of the two positions beyond the limit. A point that is rejected while the gap inside it is accepted is the
  // limit itself, and so not beyond it.
  double outside(const WalshSlice& s, std::size_t position, bool low) {
    const std::size_t skip = position % 2 == 0 ? 2 : 1;
    double largest = 0.0;
    for (std::size_t step = skip; step < skip + 2; ++step) {
      if (low ? position >= step : position + step <= 2 * s.size()) {
        const Tails t = tails_at(s, low ? position - step : position + step);
        largest = std::max(largest, low ? t.greater : t.less);
      }
    }
    return largest;
  }

  // Number of sums beyond the limit by the expansion of Cornish and Fisher (1938).
  double expected_rank() const {
    const double z = critical_;
    return std::floor(0.5 * walsh_->total() - deviation_ * (z + kurtosis_ / 24.0 * z * (z * z - 3.0)));
  }

  // Asks around the expected place, wider until the limit lies inside.
  double near_limit(bool low, SignedRankLimits& out) {
    const double total = walsh_->total();
    for (double reach = test_.exact ? 6.0 : 24.0;; reach *= 8.0) {
      const double at = expected_rank();
      const double from = std::clamp(low ? at - reach : total + 1.0 - at - reach, 1.0, total);
      const double to = std::clamp(low ? at + reach : total + 1.0 - at + reach, 1.0, total);
      walsh_->slice(from, to, near_);
      const std::size_t end = 2 * near_.size();
      const std::size_t begin = near_.first ? 0 : 1, stop = near_.last ? end : end - 1;
      std::size_t found = end + 1;
      double last = 0.0, last_but_one = 0.0;  // p of the positions rejected
      for (std::size_t k = 0; k + begin <= stop && found > end; ++k) {
        const std::size_t position = low ? begin + k : stop - k;
        const Tails t = tails_at(near_, position);
        const double p = low ? t.greater : t.less;
        if (p > alpha_) {
          found = position;
        } else {
          last_but_one = last;
          last = p;
        }
      }
      const bool open = low ? near_.first : near_.last;
      const std::size_t outermost = low ? begin : stop;
      if (found <= end && (found != outermost || open)) {
        (low ? out.outside_low : out.outside_high) = found % 2 == 0 ? last_but_one : last;
        return low ? low_end(near_, found) : high_end(near_, found);
      }
      if (near_.first && near_.last) {
        return missing;
      }
    }
  }

  WalshSums* walsh_ = nullptr;
  SignedRankTest test_;
  Sides sides_;
  RanksAt ranks_;
  SubsetSum sums_;
  WalshSlice near_;
  double alpha_ = 0.0, critical_ = 0.0, deviation_ = 0.0, margin_ = 1.0, n_ = 0.0, cost_ = 0.0, kurtosis_ = 0.0;
  bool screen_ = false, series_ = false;
};

}  // namespace respondr::paired
