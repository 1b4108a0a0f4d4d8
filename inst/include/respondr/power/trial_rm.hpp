#pragma once
// Repeated measures: g arms of n patients each at q visits, multivariate normal with one covariance. Effects: of the visits
// (within patients, means of the arms weighted alike) and of the arms on the course (arm x visit).
//
//   anova         F = (tr H / (b d)) / (tr E / (nu d)) of orthonormal contrasts, d = q - 1, nu = g (n - 1), b = 1 or
//                 g - 1. Under sphericity its power is that of a noncentral F with tr(H at the means) / s^2; else trials
//                 are simulated
//   gg, hf        the same F on epsilon times its degrees of freedom, epsilon of each trial's E: simulated
//   multivariate  b = 1: Hotelling's T^2, for any covariance a noncentral F on d and nu - d + 1 with ncp = h' S^-1 h

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/power/draws.hpp"
#include "respondr/rm/linear.hpp"
#include "respondr/rm/sphericity.hpp"
#include "respondr/special.hpp"

namespace respondr::power {

enum class RmTest : int { anova = 0, gg, hf, multivariate };
enum class RmEffect : int { visit = 0, interaction };

struct RmDesign {
  RmEffect effect = RmEffect::visit;
  std::size_t visits = 2, arms = 1;
  rm::Matrix mean;        // visits x arms
  rm::Matrix covariance;  // visits x visits
  double alpha = 0.05;
};

namespace detail {

// u_j' y: the mean of the first j values less the next one, to length 1 (Helmert).
inline void helmert(const double* y, std::size_t q, double* out) {
  double sum = 0.0;
  for (std::size_t j = 1; j < q; ++j) {
    sum += y[j - 1];
    const double m = static_cast<double>(j);
    out[j - 1] = (sum - m * y[j]) / std::sqrt(m * (m + 1.0));
  }
}

}  // namespace detail

class RmTrial {
 public:
  struct Workspace {
    std::vector<double> z, mean, sum;
    rm::Matrix error, factor;
  };

  // scale: the means of the design times this.
  RmTrial(const RmDesign& design, const std::vector<RmTest>& tests, int n, double scale)
      : tests_(tests), effect_(design.effect), d_(design.visits - 1), g_(design.arms), n_(static_cast<std::size_t>(n)),
        alpha_(design.alpha), mean_(d_, g_), factor_(d_, d_) {
    rm::Matrix half(d_, design.visits), turned(design.visits, d_);
    for (std::size_t a = 0; a < g_; ++a) {
      detail::helmert(design.mean.col(a), design.visits, mean_.col(a));
      for (std::size_t j = 0; j < d_; ++j) mean_(j, a) *= scale;
    }
    for (std::size_t c = 0; c < design.visits; ++c) detail::helmert(design.covariance.col(c), design.visits, half.col(c));
    for (std::size_t j = 0; j < d_; ++j) {
      for (std::size_t c = 0; c < design.visits; ++c) turned(c, j) = half(j, c);
      detail::helmert(turned.col(j), design.visits, factor_.col(j));
    }
    // In units of the spread of the changes, so that no square leaves the range of numbers.
    double widest = 0.0;
    for (std::size_t j = 0; j < d_; ++j) widest = std::max(widest, factor_(j, j));
    if (widest > 0.0) {
      for (double& x : factor_.data) x /= widest;
      for (double& x : mean_.data) x /= std::sqrt(widest);
    }
    covariance_ = factor_;
    positive_ = rm::cholesky(factor_, 1e-12);
  }

  std::size_t tests() const { return tests_.size(); }
  bool positive() const { return positive_; }
  double nu() const { return static_cast<double>(g_) * (static_cast<double>(n_) - 1.0); }
  double between() const { return effect_ == RmEffect::visit ? 1.0 : static_cast<double>(g_) - 1.0; }

  // Do the contrasts have equal variances and no covariance?
  bool spherical() const {
    const double s = covariance_(0, 0);
    for (std::size_t i = 0; i < d_; ++i) {
      for (std::size_t j = 0; j < d_; ++j) {
        if (std::fabs(covariance_(i, j) - (i == j ? s : 0.0)) > 1e-10 * s) return false;
      }
    }
    return true;
  }

  // Power without simulation; missing where there is none.
  double exact(RmTest test) const {
    const double d = static_cast<double>(d_), b = between();
    std::vector<double> h(d_ * static_cast<std::size_t>(b > 1.0 ? g_ : 1));
    if (test == RmTest::anova && spherical() && nu() >= 1.0) {
      return f_power(b * d, nu() * d, hypothesis(mean_) / covariance_(0, 0));
    }
    if (test == RmTest::multivariate && b == 1.0 && nu() - d + 1.0 >= 1.0) {
      direction(mean_, h.data());
      rm::forward_solve(factor_, h.data());
      return f_power(d, nu() - d + 1.0, rm::dot(h.data(), h.data(), d_));
    }
    return missing;
  }

  // The contrasts of all patients, arms in turn, one patient after another.
  std::vector<double> draw(std::uint64_t seed, std::uint64_t trial) const {
    std::vector<double> out, z(d_);
    for (std::size_t a = 0; a < g_; ++a) {
      Draws draws(seed, trial * g_ + a, Shape::normal);
      for (std::size_t i = 0; i < n_; ++i) {
        patient(draws, z);
        for (std::size_t r = 0; r < d_; ++r) out.push_back(mean_(r, a) + z[r]);
      }
    }
    return out;
  }

  std::uint32_t run(std::uint64_t seed, std::uint64_t trial, Workspace& w) const {
    load(seed, trial, w);
    double trace = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < d_; ++i) {
      trace += w.error(i, i);
      for (std::size_t j = 0; j < d_; ++j) squares += w.error(i, j) * w.error(i, j);
    }
    const double d = static_cast<double>(d_), b = between();
    rm::Matrix means(d_, g_);
    means.data = w.mean;
    const double f = hypothesis(means) / (b * d) / (trace / (nu() * d));
    rm::anova::Sphericity s;
    rm::anova::epsilons(trace, squares, d, static_cast<double>(g_ * n_), nu(), s);
    std::uint32_t out = 0;
    for (std::size_t k = 0; k < tests_.size(); ++k) {
      const double epsilon = tests_[k] == RmTest::gg ? s.gg : tests_[k] == RmTest::hf ? s.hf_used : 1.0;
      const double p = tests_[k] == RmTest::multivariate
                           ? hotelling_p(means, w)
                           : special::f_cdf(f, epsilon * b * d, epsilon * nu() * d, special::Tail::upper);
      if (p <= alpha_) out |= 1u << k;
    }
    return out;
  }

 private:
  double f_power(double df1, double df2, double ncp) const {
    const double critical = special::f_quantile(alpha_, df1, df2, special::Tail::upper);
    return special::noncentral_f_cdf(critical, df1, df2, ncp, special::Tail::upper);
  }

  // tr H.
  double hypothesis(const rm::Matrix& mean) const {
    const double n = static_cast<double>(n_), g = static_cast<double>(g_);
    double sum = 0.0;
    for (std::size_t j = 0; j < d_; ++j) {
      double all = 0.0, squares = 0.0;
      for (std::size_t a = 0; a < g_; ++a) all += mean(j, a);
      all /= g;
      for (std::size_t a = 0; a < g_; ++a) squares += (mean(j, a) - all) * (mean(j, a) - all);
      sum += effect_ == RmEffect::visit ? n * g * all * all : n * squares;
    }
    return sum;
  }

  // h with H = h h', where b is 1.
  void direction(const rm::Matrix& mean, double* h) const {
    const double n = static_cast<double>(n_), g = static_cast<double>(g_);
    for (std::size_t j = 0; j < d_; ++j) {
      if (effect_ == RmEffect::visit) {
        double all = 0.0;
        for (std::size_t a = 0; a < g_; ++a) all += mean(j, a);
        h[j] = std::sqrt(n / g) * all;
      } else {
        h[j] = std::sqrt(0.5 * n) * (mean(j, 1) - mean(j, 0));
      }
    }
  }

  // Contrasts about their means.
  void patient(Draws& draws, std::vector<double>& z) const {
    for (double& x : z) x = draws.normal();
    for (std::size_t r = d_; r-- > 0;) {
      double x = 0.0;
      for (std::size_t c = 0; c <= r; ++c) x += factor_(r, c) * z[c];
      z[r] = x;
    }
  }

  // Means of the arms and E. Arms in turn, each patient's contrasts after those of the one before.
  void load(std::uint64_t seed, std::uint64_t trial, Workspace& w) const {
    w.z.resize(d_);
    w.mean.assign(d_ * g_, 0.0);
    w.sum.resize(d_);
    w.error.resize(d_, d_);
    w.error.zero();
    for (std::size_t a = 0; a < g_; ++a) {
      Draws draws(seed, trial * g_ + a, Shape::normal);
      std::fill(w.sum.begin(), w.sum.end(), 0.0);
      for (std::size_t i = 0; i < n_; ++i) {
        patient(draws, w.z);
        for (std::size_t r = 0; r < d_; ++r) {
          w.sum[r] += w.z[r];
          for (std::size_t c = 0; c <= r; ++c) w.error(r, c) += w.z[r] * w.z[c];
        }
      }
      const double n = static_cast<double>(n_);
      for (std::size_t r = 0; r < d_; ++r) {
        w.mean[r + a * d_] = mean_(r, a) + w.sum[r] / n;
        for (std::size_t c = 0; c <= r; ++c) w.error(r, c) -= w.sum[r] * w.sum[c] / n;
      }
    }
    for (std::size_t r = 0; r < d_; ++r) {
      for (std::size_t c = 0; c < r; ++c) w.error(c, r) = w.error(r, c);
    }
  }

  double hotelling_p(const rm::Matrix& mean, Workspace& w) const {
    const double d = static_cast<double>(d_), rest = nu() - d + 1.0;
    w.factor = w.error;
    if (!(rest >= 1.0) || !rm::cholesky(w.factor, rm::anova::singular_tolerance)) return 1.0;
    direction(mean, w.sum.data());
    rm::forward_solve(w.factor, w.sum.data());
    return special::f_cdf(rm::dot(w.sum.data(), w.sum.data(), d_) * rest / d, d, rest, special::Tail::upper);
  }

  std::vector<RmTest> tests_;
  RmEffect effect_;
  std::size_t d_, g_, n_;
  double alpha_;
  rm::Matrix mean_, covariance_, factor_;
  bool positive_ = false;
};

}  // namespace respondr::power
