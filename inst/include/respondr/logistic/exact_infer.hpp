#pragma once
// What the conditional distribution says: for one sum the conditional likelihood, the two tails at any coefficient and the
// limits where they reach alpha / 2; for several sums at once the score and the probability test of no effect.
// Mehta and Patel (1995) Statistics in Medicine 14:2143, 10.1002/sim.4780141908; Hirji, Tsiatis and Mehta (1989) The
// American Statistician 43:7 for the median unbiased estimate.
//
//   f(u | b) = mass(u) exp(b u) / sum of the same;  low: P(T >= t | b) = alpha / 2, high: P(T <= t | b) = alpha / 2;
//   mid-p takes half of P(T = t) off both tails. Score: (t - mean)' V^-1 (t - mean) under b = 0; p: all u with no smaller
//   one.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "respondr/logistic/exact_types.hpp"
#include "respondr/moments.hpp"
#include "respondr/special/central.hpp"

namespace respondr::logistic {

namespace detail {

constexpr double score_tie = 1e-9, probability_tie = 1e-7;

// The distribution of one sum, as distances from the observed one in units of its standard deviation under no effect.
class OneSum {
 public:
  OneSum(const std::vector<double>& distance, const std::vector<double>& mass) {
    std::vector<std::size_t> order(mass.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return distance[a] < distance[b]; });
    for (const std::size_t i : order) {
      d_.push_back(distance[i]);
      log_mass_.push_back(std::log(mass[i]));
    }
  }

  bool lowest() const { return d_.front() == 0.0; }
  bool highest() const { return d_.back() == 0.0; }

  struct At {
    double log_less = -infinity, log_equal = -infinity, log_more = -infinity, mean = 0.0, variance = 0.0;
  };

  At at(double b) const {
    double top = -infinity;
    for (std::size_t i = 0; i < d_.size(); ++i) {
      top = std::max(top, log_mass_[i] + b * d_[i]);
    }
    CompensatedSum less, equal, more, first, second;
    for (std::size_t i = 0; i < d_.size(); ++i) {
      const double w = std::exp(log_mass_[i] + b * d_[i] - top);
      (d_[i] < 0.0 ? less : d_[i] > 0.0 ? more : equal).add(w);
      first.add(w * d_[i]);
      second.add(w * d_[i] * d_[i]);
    }
    const double total = less.value() + equal.value() + more.value();
    At out;
    out.log_less = std::log(less.value() / total);
    out.log_equal = std::log(equal.value() / total);
    out.log_more = std::log(more.value() / total);
    out.mean = first.value() / total;
    out.variance = second.value() / total - out.mean * out.mean;
    return out;
  }

  // Log of the tail that holds the observed sum; `share` of the observed sum itself counts.
  double log_tail(double b, bool upper, double share) const {
    const At a = at(b);
    const double beyond = upper ? a.log_more : a.log_less, own = a.log_equal + std::log(share);
    const double top = std::max(beyond, own);
    return top == -infinity ? top : top + std::log(std::exp(beyond - top) + std::exp(own - top));
  }

  // The coefficient at which the tail is `level`; the upper tail rises with it, the lower one falls.
  double where_tail(bool upper, double share, double level) const {
    const double goal = std::log(level);
    const double turn = upper ? 1.0 : -1.0;
    return turn * rising_root([&](double c) { return log_tail(turn * c, upper, share) - goal; });
  }

  double likeliest() const {
    double b = rising_root([this](double c) { return at(c).mean; });
    for (int i = 0; i < 3; ++i) {
      const At a = at(b);
      const double step = a.variance > 0.0 ? a.mean / a.variance : 0.0;
      b -= std::fabs(step) < 1e-3 * (1.0 + std::fabs(b)) ? step : 0.0;
    }
    return b;
  }

 private:
  template <class F>
  static double rising_root(F&& f) {
    const double start = f(0.0);
    if (start == 0.0) {
      return 0.0;
    }
    const double sign = start > 0.0 ? -1.0 : 1.0;
    double near = 0.0, near_f = start, far = sign, far_f = f(far);
    while (far_f * start > 0.0 && std::fabs(far) < 1e15) {
      near = far;
      near_f = far_f;
      far *= 2.0;
      far_f = f(far);
    }
    if (std::isinf(far_f)) {
      return halve(f, near, far, start > 0.0);
    }
    if (far_f * start > 0.0) {
      return sign * infinity;
    }
    const double root = special::detail::bracketed_root(f, near, near_f, far, far_f, 1e-15);
    return std::fabs(root) < 1e-14 ? 0.0 : root;
  }

  template <class F>
  static double halve(F&& f, double near, double far, bool positive) {
    for (int i = 0; i < 200; ++i) {
      const double middle = 0.5 * (near + far);
      ((f(middle) > 0.0) == positive ? near : far) = middle;
    }
    return 0.5 * (near + far);
  }

  std::vector<double> d_, log_mass_;
};

// Points as rows of `width` distances; what the two tests need.
struct JointTests {
  double df = 0.0, score = missing, p_score = missing, probability = missing, p_probability = missing;
};

// Inverse of the covariance on its range: columns are taken by largest remaining variance, those with none left are dropped.
inline std::size_t cholesky(std::vector<double>& v, std::size_t k, std::vector<std::size_t>& order) {
  order.resize(k);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<double> whole(k);
  for (std::size_t i = 0; i < k; ++i) {
    whole[i] = v[i * k + i];
  }
  std::size_t rank = 0;
  for (; rank < k; ++rank) {
    std::size_t best = rank;
    double left = -1.0;
    for (std::size_t i = rank; i < k; ++i) {
      const std::size_t c = order[i];
      const double share = whole[c] > 0.0 ? v[c * k + c] / whole[c] : -1.0;
      if (share > left) {
        left = share;
        best = i;
      }
    }
    if (!(left > 1e-10)) {
      break;
    }
    std::swap(order[rank], order[best]);
    const std::size_t c = order[rank];
    const double root = std::sqrt(v[c * k + c]);
    v[c * k + c] = root;
    for (std::size_t i = rank + 1; i < k; ++i) {
      v[order[i] * k + c] /= root;
    }
    for (std::size_t i = rank + 1; i < k; ++i) {
      for (std::size_t j = rank + 1; j <= i; ++j) {
        const double less = v[order[i] * k + c] * v[order[j] * k + c];
        v[order[i] * k + order[j]] -= less;
        v[order[j] * k + order[i]] = v[order[i] * k + order[j]];
      }
    }
  }
  return rank;
}

inline double quadratic(const std::vector<double>& root, const std::vector<std::size_t>& order, std::size_t rank,
                        std::size_t k, const double* d, std::vector<double>& z) {
  double sum = 0.0;
  for (std::size_t i = 0; i < rank; ++i) {
    double r = d[order[i]];
    for (std::size_t j = 0; j < i; ++j) {
      r -= root[order[i] * k + order[j]] * z[j];
    }
    z[i] = r / root[order[i] * k + order[i]];
    sum += z[i] * z[i];
  }
  return sum;
}

// Moves the points to mean 0 and returns the covariance; `observed` is moved with them.
inline std::vector<double> centre(std::vector<double>& points, const std::vector<double>& mass, std::size_t k,
                                  std::vector<double>& observed) {
  std::vector<double> v(k * k);
  for (std::size_t a = 0; a < k; ++a) {
    CompensatedSum mean;
    for (std::size_t i = 0; i < mass.size(); ++i) {
      mean.add(mass[i] * points[i * k + a]);
    }
    for (std::size_t i = 0; i < mass.size(); ++i) {
      points[i * k + a] -= mean.value();
    }
    observed[a] -= mean.value();
  }
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = 0; b <= a; ++b) {
      CompensatedSum sum;
      for (std::size_t i = 0; i < mass.size(); ++i) {
        sum.add(mass[i] * points[i * k + a] * points[i * k + b]);
      }
      v[a * k + b] = v[b * k + a] = sum.value();
    }
  }
  return v;
}

// `at` is the observed point's place.
inline JointTests joint_tests(std::vector<double> points, const std::vector<double>& mass, std::size_t k, std::size_t at) {
  JointTests out;
  std::vector<double> observed(points.begin() + static_cast<std::ptrdiff_t>(at * k),
                               points.begin() + static_cast<std::ptrdiff_t>((at + 1) * k));
  std::vector<double> root = centre(points, mass, k, observed), z(k);
  std::vector<std::size_t> order;
  const std::size_t rank = cholesky(root, k, order);
  out.df = static_cast<double>(rank);
  out.probability = mass[at];
  out.score = quadratic(root, order, rank, k, observed.data(), z);
  CompensatedSum by_score, by_probability;
  for (std::size_t i = 0; i < mass.size(); ++i) {
    if (quadratic(root, order, rank, k, points.data() + i * k, z) >= out.score * (1.0 - score_tie)) {
      by_score.add(mass[i]);
    }
    if (mass[i] <= out.probability * (1.0 + probability_tie)) {
      by_probability.add(mass[i]);
    }
  }
  out.p_score = std::min(1.0, by_score.value());
  out.p_probability = std::min(1.0, by_probability.value());
  return out;
}

}  // namespace detail
}  // namespace respondr::logistic
