#pragma once
// The rank-sum statistic of two arms at one shift theta of the level, and its tails given the midranks.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/groups/rank_sum_exact.hpp"
#include "respondr/groups/two_types.hpp"
#include "respondr/sides.hpp"
#include "respondr/special/central.hpp"
#include "respondr/tally.hpp"

namespace respondr::groups {

// One-sided p-values and the two-sided one of the rule asked for.
struct RankTails {
  double greater = missing, less = missing, two_sided = missing;
};

inline double larger_half(double greater, double less) { return std::min(1.0, 2.0 * std::min(greater, less)); }

class RankSumAt {
 public:
  // Values of the level less theta against those of the reference; they are tied where they differ by no more than
  // tolerance.
  void build(const Tally& level, const Tally& reference, double theta, double tolerance) {
    size_.clear();
    const Span<double> x = level.values(), y = reference.values();
    const Span<double> cx = level.counts(), cy = reference.counts();
    m_ = n_ = twice_u_ = ties_ = n_ties_ = 0.0;
    std::size_t i = 0, j = 0;
    while (i < x.size || j < y.size) {
      const double a = i < x.size ? x[i] - theta : infinity, b = j < y.size ? y[j] : infinity;
      const double p = a <= b + tolerance ? cx[i++] : 0.0;
      const double q = b <= a + tolerance ? cy[j++] : 0.0;
      twice_u_ += p * (2.0 * n_ + q);
      m_ += p;
      n_ += q;
      const double size = p + q;
      if (size > 1.0) {
        ties_ += size * size * size - size;
        n_ties_ += size;
      }
      size_.push_back(static_cast<std::size_t>(size));
    }
    symmetric_ = m_ == n_ || ties_ == 0.0 || std::equal(size_.begin(), size_.begin() + size_.size() / 2, size_.rbegin());
  }

  double n_ties() const { return n_ties_; }  // values that share theirs with another
  double statistic() const { return 0.5 * twice_u_; }
  double pairs() const { return m_ * n_; }
  double superiority() const { return 0.5 * twice_u_ / (m_ * n_); }
  double variance() const {  // of U given the ties (Lehmann 1975, section 1.4)
    const double all = m_ + n_;
    return m_ * n_ / 12.0 * (all + 1.0 - (all > 1.0 ? ties_ / (all * (all - 1.0)) : 0.0));
  }
  double work() const { return RankSumExact::work(m_, n_, ties_ > 0.0) * (symmetric_ ? 1.0 : 2.0); }

  RankTails exact(TwoSided rule, RankSumExact& counts) {
    const double all = m_ * n_, cap = std::min(twice_u_, 2.0 * all - twice_u_);
    const bool low = twice_u_ <= all;
    const LowerTail near = tail(low, cap, counts);
    const double far = 1.0 - (near.at_most - near.at);
    RankTails t;
    t.greater = low ? far : near.at_most;
    t.less = low ? near.at_most : far;
    if (rule == TwoSided::central) {
      t.two_sided = larger_half(t.greater, t.less);
    } else if (twice_u_ == all) {
      t.two_sided = 1.0;
    } else {
      t.two_sided = std::min(1.0, near.at_most + (symmetric_ ? near.at_most : tail(!low, cap, counts).at_most));
    }
    return t;
  }

  // Normal, with half a pair of continuity or without.
  RankTails approximate(bool continuity) const {
    const double sd = std::sqrt(variance()), centred = 0.5 * (twice_u_ - m_ * n_), half = continuity ? 0.5 : 0.0;
    if (!(sd > 0.0)) {
      return {1.0, 1.0, 1.0};
    }
    RankTails t;
    t.greater = special::normal_cdf((centred - half) / sd, special::Tail::upper);
    t.less = special::normal_cdf((centred + half) / sd, special::Tail::lower);
    t.two_sided = larger_half(t.greater, t.less);
    return t;
  }

  // Both tails by the normal distribution with the next two terms of the Edgeworth series (moments of sampling without
  // replacement) and half a step of continuity.
  RankTails edgeworth(TwoSided rule) {
    cumulants();
    const double sd = std::sqrt(variance()), centred = 0.5 * (twice_u_ - m_ * n_), half = ties_ > 0.0 ? 0.25 : 0.5;
    RankTails t;
    t.greater = upper((centred - half) / sd, skewness_);
    t.less = upper((-centred - half) / sd, -skewness_);
    if (rule == TwoSided::central) {
      t.two_sided = larger_half(t.greater, t.less);
    } else {
      const double distance = (std::fabs(centred) - half) / sd;
      t.two_sided = std::min(1.0, upper(distance, skewness_) + upper(distance, -skewness_));
    }
    return t;
  }

 private:
  // The tail of small (low) or of large values of the level; the smaller arm is counted.
  LowerTail tail(bool low, double cap, RankSumExact& counts) {
    const bool level = m_ <= n_;
    if (level != low) {
      std::reverse(size_.begin(), size_.end());
    }
    const LowerTail t = counts.tail({size_.data(), size_.size()}, static_cast<std::size_t>(std::min(m_, n_)), cap);
    if (level != low) {
      std::reverse(size_.begin(), size_.end());
    }
    return t;
  }

  double upper(double x, double skewness) const {
    const double density = std::exp(-0.5 * x * x) * 0.3989422804014327, s = x * x;
    const double terms = skewness / 6.0 * (s - 1.0) + kurtosis_ / 24.0 * x * (s - 3.0) +
                         skewness * skewness / 72.0 * x * (s * s - 10.0 * s + 15.0);
    return special::normal_cdf(x, special::Tail::upper) + density * terms;
  }

  // Standardised third and fourth cumulant of the sum of m of the N midranks drawn without replacement.
  void cumulants() {
    const double all = m_ + n_, mean = 0.5 * (all + 1.0);
    double below = 0.0, s2 = 0.0, s3 = 0.0, s4 = 0.0;
    for (const std::size_t g : size_) {
      const double size = static_cast<double>(g), d = below + 0.5 * (size + 1.0) - mean, square = d * d;
      below += size;
      s2 += size * square;
      s3 += size * square * d;
      s4 += size * square * square;
    }
    const double mn = m_ * n_, base = mn / (all * (all - 1.0));
    const double k2 = base * s2;
    const double k3 = base * (n_ - m_) / (all - 2.0) * s3;
    const double fourth = base * ((all * (all + 1.0) - 6.0 * mn) * s4 + 3.0 * (m_ - 1.0) * (n_ - 1.0) * s2 * s2) /
                          ((all - 2.0) * (all - 3.0));
    skewness_ = k3 / (k2 * std::sqrt(k2));
    kurtosis_ = fourth / (k2 * k2) - 3.0;
  }

  std::vector<std::size_t> size_;  // of each group of ties, ascending
  double m_ = 0.0, n_ = 0.0, twice_u_ = 0.0, ties_ = 0.0, n_ties_ = 0.0;
  double skewness_ = 0.0, kurtosis_ = 0.0;
  bool symmetric_ = true;
};

}  // namespace respondr::groups
