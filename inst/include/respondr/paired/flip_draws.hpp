#pragma once
// Monte Carlo sign-flip distributions: sums and sizes of random subsets of the changes. Counting the observed data as one more
// replicate makes p and the limits, order statistics of the subset means, invert each other exactly (see flip_grid.hpp).

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "respondr/paired/sides.hpp"
#include "respondr/sign_flips.hpp"

namespace respondr::paired {

class SubsetDraws {
 public:
  void draw(const Options& options, const Sample& sample, double centre) {
    const std::size_t n = sample.size();
    centre_ = sample.on_grid ? std::rint(centre) : centre;
    rounding_ = change_rounding(sample);
    offset_.resize(n);
    ones_.assign(n, 1.0);
    size_of_all_ = 0.0;
    double all = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      offset_[i] = sample.change[i] - centre_;
      all += offset_[i];
      size_of_all_ += std::fabs(offset_[i]);
    }
    const std::size_t replicates = static_cast<std::size_t>(options.replicates);
    const std::size_t blocks = (replicates + flip_block - 1) / flip_block;
    sum_.resize(blocks * flip_block);
    size_.resize(blocks * flip_block);
    for (std::size_t b = 0; b < blocks; ++b) {
      block_.draw(options.seed, Tag::permutation, {sample.patient.data(), n}, b);
      flipped_sums(signs_, block_, {offset_.data(), n}, nullptr, sum_.data() + b * flip_block);
      flipped_sums(signs_, block_, {ones_.data(), n}, nullptr, size_.data() + b * flip_block);
    }
    sum_.resize(replicates);
    size_.resize(replicates);
    for (std::size_t r = 0; r < replicates; ++r) {
      sum_[r] = 0.5 * (all - sum_[r]);  // the subset of the flipped patients
      size_[r] = 0.5 * (static_cast<double>(n) - size_[r]);
    }
  }

  double replicates() const { return static_cast<double>(sum_.size()); }

  Tails tails(double theta) const {
    const double t = theta - centre_;
    const double n = static_cast<double>(offset_.size());
    const double epsilon = std::numeric_limits<double>::epsilon();
    const double slack = 4.0 * epsilon * (size_of_all_ + n * (std::fabs(t) + std::fabs(theta))) + n * rounding_;
    double at_most = 1.0, at_least = 1.0;
    for (std::size_t r = 0; r < sum_.size(); ++r) {
      const double excess = sum_[r] - t * size_[r];
      at_most += excess <= slack ? 1.0 : 0.0;
      at_least += excess >= -slack ? 1.0 : 0.0;
    }
    return {at_most / (replicates() + 1.0), at_least / (replicates() + 1.0)};
  }

  double limit(double alpha, bool low) {
    const double rank = std::min(limit_rank(alpha, replicates() + 1.0), replicates());
    const double unbounded = low ? -infinity : infinity;
    if (rank < 1.0) {
      return unbounded;
    }
    mean_.resize(sum_.size());
    for (std::size_t r = 0; r < sum_.size(); ++r) {
      mean_[r] = size_[r] > 0.0 ? sum_[r] / size_[r] : unbounded;
    }
    const std::size_t from_end = static_cast<std::size_t>(rank) - 1;
    const auto nth = mean_.begin() + static_cast<std::ptrdiff_t>(low ? from_end : mean_.size() - 1 - from_end);
    std::nth_element(mean_.begin(), nth, mean_.end());
    return centre_ + *nth;
  }

 private:
  SignTable signs_;
  FlipBlock block_;
  std::vector<double> offset_, ones_, sum_, size_, mean_;
  double centre_ = 0.0, rounding_ = 0.0, size_of_all_ = 0.0;
};

}  // namespace respondr::paired
