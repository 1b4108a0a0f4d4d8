#pragma once
// Replicates of the bootstrap: percentile and BCa limits (Efron 1987, J Am Stat Assoc 82:171) and the p that inverts them.
//
// Counting the observed data as one more replicate, the lower percentile limit at error alpha is the replicate of rank
// floor(alpha (B + 1)), and the p of the hypothesis theta against larger values is (1 + #{replicate <= theta}) / (B +
// 1): the
// limit is the smallest theta whose p exceeds alpha. BCa takes the rank at the level Phi(z0 + u / (1 - a u)), u = z0 +
// z(alpha);
// solved for alpha at a given level G this is p = Phi(w / (1 + a w) - z0), w = z(G) - z0. p is never below 1 / (B + 1).

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/random.hpp"
#include "respondr/row.hpp"
#include "respondr/sides.hpp"
#include "respondr/special/central.hpp"

namespace respondr {

class Bootstrap {
 public:
  // statistic(const std::uint32_t* index, std::size_t n) is the statistic of the pairs index[0], ..., index[n - 1].
  // Resamples in which it is not a number are left out.
  template <class Statistic>
  void run(std::size_t size, int replicates, std::uint64_t seed, std::uint64_t problem, Statistic&& statistic) {
    const std::uint32_t n = static_cast<std::uint32_t>(size);
    index_.resize(n);
    value_.clear();
    for (int replicate = 0; replicate < replicates; ++replicate) {
      Stream stream(seed, static_cast<std::uint64_t>(Tag::bootstrap), problem, static_cast<std::uint64_t>(replicate));
      for (std::uint32_t& i : index_) {
        i = stream.bounded(n);
      }
      const double x = statistic(static_cast<const std::uint32_t*>(index_.data()), std::size_t{n});
      if (x == x) {
        value_.push_back(x);
      }
    }
    std::sort(value_.begin(), value_.end());
    corrected_ = false;
  }

  // Replicates drawn elsewhere; those that are not a number are left out.
  void take(Span<double> replicates) {
    value_.clear();
    std::copy_if(replicates.begin(), replicates.end(), std::back_inserter(value_), [](double x) { return x == x; });
    std::sort(value_.begin(), value_.end());
    corrected_ = false;
  }

  // From here on BCa. false, and percentile as before, where the correction does not exist: all replicates on one side of
  // the observed value, or an acceleration that is not finite. Replicates within `rounding` of the observed are equal to it.
  bool correct(double observed, double acceleration, double rounding) {
    const auto first = std::lower_bound(value_.begin(), value_.end(), observed - rounding);
    const auto last = std::upper_bound(value_.begin(), value_.end(), observed + rounding);
    const double below = static_cast<double>(first - value_.begin());
    const double equal = static_cast<double>(last - first);
    bias_ = special::normal_quantile((below + 0.5 * equal) / replicates());
    acceleration_ = acceleration;
    corrected_ = std::isfinite(bias_) && std::isfinite(acceleration_);
    return corrected_;
  }

  // Acceleration by the jackknife (Efron 1987, eq. 6.6); beyond 5000 pairs by leaving out runs of them.
  template <class Statistic>
  double acceleration(std::size_t n, Statistic&& statistic) {
    const std::size_t groups = std::min<std::size_t>(n, 5000);
    left_out_.clear();
    for (std::size_t g = 0; g < groups; ++g) {
      const std::size_t from = g * n / groups, to = (g + 1) * n / groups;
      index_.clear();
      for (std::size_t i = 0; i < n; ++i) {
        if (i < from || i >= to) {
          index_.push_back(static_cast<std::uint32_t>(i));
        }
      }
      left_out_.push_back(statistic(static_cast<const std::uint32_t*>(index_.data()), index_.size()));
    }
    return -skewness_sixth({left_out_.data(), left_out_.size()});
  }

  // sum of cubes / (6 (sum of squares)^1.5) of the deviations from the mean; 0 without spread.
  static double skewness_sixth(Span<double> x) {
    const Moments m = Moments::of(x);
    const double root = std::sqrt(m.ss);
    CompensatedSum cubes;
    for (const double v : x) {
      const double z = (v - m.mean) / root;  // no power of a deviation overflows
      cubes.add(z * z * z);
    }
    return m.ss == 0.0 ? 0.0 : cubes.value() / 6.0;
  }

  double replicates() const { return static_cast<double>(value_.size()); }
  double std_error() const { return Moments::of({value_.data(), value_.size()}).sd(); }
  bool spread() const { return value_.size() > 1 && value_.front() < value_.back(); }
  ConfMethod method() const { return corrected_ ? ConfMethod::bca : ConfMethod::percentile; }

  Tails tails(double theta) const {
    const auto above = std::upper_bound(value_.begin(), value_.end(), theta);
    const auto from = std::lower_bound(value_.begin(), value_.end(), theta);
    return {one_sided(static_cast<double>(above - value_.begin()), 1.0),
            one_sided(static_cast<double>(value_.end() - from), -1.0)};
  }

  double limit(double alpha, bool low) const {
    const double total = replicates() + 1.0;
    const double rank = std::min(limit_rank(corrected_ ? level(alpha, low ? 1.0 : -1.0) : alpha, total), replicates());
    if (rank < 1.0 || limit_rank(alpha, total) < 1.0) {
      return low ? -infinity : infinity;
    }
    const std::size_t r = static_cast<std::size_t>(rank);
    return low ? value_[r - 1] : value_[value_.size() - r];
  }

 private:
  // sign -1 is the same rule for the statistic with its sign reversed, whose z0 and a are reversed too.
  double level(double alpha, double sign) const {
    const double z0 = sign * bias_, a = sign * acceleration_;
    const double u = z0 + special::normal_quantile(alpha);
    if (1.0 - a * u <= 0.0) {
      return u < 0.0 ? 0.0 : 1.0;
    }
    return special::normal_cdf(z0 + u / (1.0 - a * u), special::Tail::lower);
  }

  double one_sided(double reached, double sign) const {
    const double total = replicates() + 1.0;
    const double share = (reached + 1.0) / total;
    if (!corrected_) {
      return share;
    }
    const double z0 = sign * bias_, a = sign * acceleration_;
    if (share >= 1.0) {
      return a > 0.0 ? special::normal_cdf(1.0 / a - z0, special::Tail::lower) : 1.0;
    }
    const double w = special::normal_quantile(share) - z0;
    if (1.0 + a * w <= 0.0) {
      return w > 0.0 ? 1.0 : 1.0 / total;
    }
    return std::max(1.0 / total, special::normal_cdf(w / (1.0 + a * w) - z0, special::Tail::lower));
  }

  std::vector<std::uint32_t> index_;
  std::vector<double> value_, left_out_;
  double bias_ = 0.0, acceleration_ = 0.0;
  bool corrected_ = false;
};

}  // namespace respondr
