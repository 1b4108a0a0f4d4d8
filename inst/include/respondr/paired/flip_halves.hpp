#pragma once
// Exact sign-flip distributions of any changes, by the sums of all subsets of two halves of the patients, kept sorted
// (Horowitz and Sahni 1974, J ACM 21:277): 2^n subsets are counted in about 2^(n/2) steps. See flip_grid.hpp for why subsets.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "respondr/paired/sides.hpp"
#include "respondr/special/central.hpp"

namespace respondr::paired {

class SubsetHalves {
 public:
  static constexpr std::size_t max_n = 40;  // 2^20 sums a half: 36 MB a worker

  // Steps of one count, and of a search for both limits.
  static double count_work(std::size_t n) { return n > max_n ? infinity : 6.0 * std::ldexp(1.0, static_cast<int>(n + 1) / 2); }
  static double search_work(std::size_t n) { return (n <= 13 ? 4.0 : 30.0) * count_work(n); }

  // rounding: absolute error that one change may carry; exact: sums at hypotheses that are integers carry none.
  void prepare(Span<double> change, double rounding, bool integers) {
    value_.assign(change.begin(), change.end());
    rounding_ = rounding;
    integers_ = integers;
    total_ = std::ldexp(1.0, static_cast<int>(value_.size()));
  }

  Tails tails(double theta) {
    build(theta, 1.0);
    const double slack = tolerance(theta);
    const double at_most = count(slack);
    const double below = count(std::nextafter(-slack, -infinity));
    return {at_most / total_, (total_ - below) / total_};
  }

  struct Limit {
    double value = missing;
    double outside = 0.0;  // one-sided p just outside the limit
  };

  Limit limit(double alpha, bool low) {
    const double rank = limit_rank(alpha, total_);
    const double sign = low ? 1.0 : -1.0;
    if (rank < 1.0) {
      return {-sign * infinity, 0.0};
    }
    // Largest means are the smallest of the changes with their sign reversed.
    Limit found = search(std::min(rank, total_ - 1.0), sign);
    found.value *= sign;
    return found;
  }

 private:
  struct Half {
    std::vector<double> sum;
    std::vector<std::uint8_t> size;
  };

  // Sums of all subsets of sign * change - theta, ascending, with the sizes of the subsets.
  void build(double theta, double sign) {
    const std::size_t middle = value_.size() / 2;
    build_half(0, middle, theta, sign, left_);
    build_half(middle, value_.size(), theta, sign, right_);
  }

  void build_half(std::size_t from, std::size_t to, double theta, double sign, Half& half) {
    const std::size_t full = std::size_t{1} << (to - from);
    half.sum.resize(full);
    half.size.resize(full);
    other_.sum.resize(full);
    other_.size.resize(full);
    half.sum[0] = 0.0;
    half.size[0] = 0;
    std::size_t length = 1;
    for (std::size_t i = from; i < to; ++i, length *= 2) {
      merge_shifted(half, length, sign * value_[i] - theta, other_);
      std::swap(half.sum, other_.sum);
      std::swap(half.size, other_.size);
    }
  }

  // The sorted list and the same list plus a, merged. The lower of the two copies always ends first.
  static void merge_shifted(const Half& from, std::size_t length, double a, Half& to) {
    const double low = std::min(a, 0.0), high = std::max(a, 0.0);
    const std::uint8_t grow_low = a < 0.0 ? 1 : 0, grow_high = a < 0.0 ? 0 : 1;
    std::size_t i = 0, j = 0, k = 0;
    while (i < length) {
      const double x = from.sum[i] + low, y = from.sum[j] + high;
      const bool second = y < x;
      to.sum[k] = second ? y : x;
      to.size[k] = static_cast<std::uint8_t>(second ? from.size[j] + grow_high : from.size[i] + grow_low);
      ++k;
      j += second ? 1 : 0;
      i += second ? 0 : 1;
    }
    for (; j < length; ++j, ++k) {
      to.sum[k] = from.sum[j] + high;
      to.size[k] = static_cast<std::uint8_t>(from.size[j] + grow_high);
    }
  }

  // Number of subsets, the empty one included, whose sum is at most t.
  double count(double t) const {
    std::size_t j = right_.sum.size();
    double n = 0.0;
    for (const double x : left_.sum) {
      while (j > 0 && x + right_.sum[j - 1] > t) {
        --j;
      }
      n += static_cast<double>(j);
    }
    return n;
  }

  // Sums that differ by less are taken for equal: each change carries rounding_, each addition half a unit in the last place.
  double tolerance(double theta) const {
    double size = 0.0;
    for (const double d : value_) {
      size += std::fabs(d - theta);
    }
    const double n = static_cast<double>(value_.size());
    if (integers_ && theta == std::rint(theta) && size < 4503599627370496.0) {
      return 0.0;
    }
    const double epsilon = std::numeric_limits<double>::epsilon();
    return 4.0 * epsilon * (size + n * std::fabs(theta)) + n * rounding_;
  }

  double probit(double count) const { return special::normal_quantile((count + 0.5) / total_); }

  // The rank-th smallest mean of the non-empty subsets of sign * change. Counts at trial hypotheses narrow a bracket until few
  // means are left in it; those are then listed. On the normal scale the count is nearly a straight line in theta.
  Limit search(double rank, double sign) {
    const auto range = std::minmax_element(value_.begin(), value_.end());
    Bracket b;
    b.low = sign > 0.0 ? *range.first : -*range.second;
    b.high = sign > 0.0 ? *range.second : -*range.first;
    const double scale = std::max(std::fabs(b.low), std::fabs(b.high));
    b.count_high = total_ - 1.0;
    const double target = probit(rank);
    double margin = 0.1;
    for (int step = 0; b.count_high - b.count_low > few && b.high - b.low > 4e-16 * scale; ++step) {
      const double g_low = probit(b.count_low), g_high = probit(b.count_high);
      const double aim = target + (b.last_below ? margin : -margin);
      double theta = b.low + (b.high - b.low) * (aim - g_low) / (g_high - g_low);
      if (step > 24 || step % 4 == 3 || !(theta > b.low && theta < b.high)) {
        theta = 0.5 * (b.low + b.high);
      }
      build(theta, sign);
      const double found = count(0.0) - 1.0;
      const bool below = found < rank;
      const double miss = std::fabs(probit(found) - aim);
      margin = below == b.last_below && step > 0 ? 3.0 * miss + margin : 2.0 * miss;
      margin = std::max(margin, probit(rank + few / 4.0) - target);
      b.last_below = below;
      (below ? b.low : b.high) = theta;
      (below ? b.count_low : b.count_high) = found;
    }
    return list(b, rank, sign);
  }

  struct Bracket {
    double low = 0.0, high = 0.0, count_low = 0.0, count_high = 0.0;
    bool last_below = false;
  };

  // Lists the means inside the bracket and takes the rank-th of all.
  Limit list(const Bracket& b, double rank, double sign) {
    const double theta = 0.5 * (b.low + b.high);
    build(theta, sign);
    const double slack = tolerance(sign * theta) + rounding_;
    const double band = static_cast<double>(value_.size()) * 0.5 * (b.high - b.low) + slack;
    const double below = count(std::nextafter(-band, -infinity));
    mean_.clear();
    std::size_t end = right_.sum.size();
    for (std::size_t i = 0; i < left_.sum.size() && mean_.size() < most; ++i) {
      while (end > 0 && left_.sum[i] + right_.sum[end - 1] > band) {
        --end;
      }
      for (std::size_t j = end; j > 0 && left_.sum[i] + right_.sum[j - 1] >= -band; --j) {
        const int size = left_.size[i] + right_.size[j - 1];
        if (size > 0) {
          mean_.push_back(theta + (left_.sum[i] + right_.sum[j - 1]) / size);
        }
      }
    }
    if (mean_.empty()) {
      return {theta, rank / total_};
    }
    // Beyond `most` the bracket is a single point and all means in it are equal but for rounding.
    const std::size_t wanted = static_cast<std::size_t>(std::max(0.0, rank - below - 1.0));
    const auto nth = mean_.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, mean_.size() - 1));
    std::nth_element(mean_.begin(), nth, mean_.end());
    const double value = *nth;
    const double same = value - 2.0 * slack;
    const auto less = std::count_if(mean_.begin(), mean_.end(), [same](double m) { return m < same; });
    return {value, (1.0 + below + static_cast<double>(less)) / total_};
  }

  static constexpr double few = 8192.0;
  static constexpr std::size_t most = std::size_t{1} << 17;

  std::vector<double> value_, mean_;
  Half left_, right_, other_;
  double total_ = 1.0, rounding_ = 0.0;
  bool integers_ = false;
};

}  // namespace respondr::paired
