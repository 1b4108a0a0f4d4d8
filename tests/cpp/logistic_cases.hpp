// Data and deliberately naive programs (long double, no step control, no centring) for the tests of the logistic core.
#pragma once

#include <respondr/logistic.hpp>

#include <cmath>
#include <cstdint>
#include <vector>

namespace logistic_cases {

using namespace respondr::logistic;
using Real = long double;

struct Data {
  std::vector<double> x, y, weight, offset;
  std::size_t n = 0, p = 0;

  Problem problem() const {
    return {
        x.data(), n, p, y.data(), weight.empty() ? nullptr : weight.data(), offset.empty() ? nullptr : offset.data()};
  }
  double& at(std::size_t i, std::size_t j) { return x[i + j * n]; }
  double at(std::size_t i, std::size_t j) const { return x[i + j * n]; }
};

// A congruential generator: the same data everywhere.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed * 2862933555777941757ULL + 3037000493ULL) {}
  double uniform() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(state_ >> 11) * 0x1p-53;
  }
  double whole(double range) { return std::floor(uniform() * range); }

 private:
  std::uint64_t state_;
};

// Whole-number predictors beside an intercept, so that shifts by powers of two are exact.
inline Data drawn(std::size_t n, std::size_t p, std::uint64_t seed, bool weighted = false) {
  Draw draw(seed);
  Data d;
  d.n = n;
  d.p = p;
  d.x.assign(n * p, 1.0);
  d.y.assign(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    double eta = -0.4;
    for (std::size_t j = 1; j < p; ++j) {
      d.at(i, j) = draw.whole(j % 2 == 1 ? 9.0 : 2.0) - 1.0;
      eta += (j % 2 == 1 ? 0.15 : -0.7) * d.at(i, j);
    }
    d.y[i] = draw.uniform() < 1.0 / (1.0 + std::exp(-eta)) ? 1.0 : 0.0;
    if (weighted) {
      d.weight.push_back(1.0 + draw.whole(4.0));
      d.offset.push_back(draw.uniform() - 0.5);
      d.y[i] = std::floor(draw.uniform() * (d.weight[i] + 1.0)) / d.weight[i];
    }
  }
  return d;
}

struct Naive {
  Real log_likelihood = 0.0, log_determinant = 0.0;
  std::vector<Real> score, information, inverse;  // of the likelihood alone; penalty: Firth's part of the score
  std::vector<Real> penalty, leverage;
};

inline void invert(std::vector<Real>& a, std::size_t p, Real& log_determinant) {
  std::vector<Real> b(p * p, 0.0L);
  log_determinant = 0.0L;
  for (std::size_t j = 0; j < p; ++j) b[j * p + j] = 1.0L;
  for (std::size_t k = 0; k < p; ++k) {
    const Real pivot = a[k * p + k];
    log_determinant += std::log(pivot);
    for (std::size_t j = 0; j < p; ++j) {
      a[k * p + j] /= pivot;
      b[k * p + j] /= pivot;
    }
    for (std::size_t i = 0; i < p; ++i) {
      if (i == k) continue;
      const Real factor = a[i * p + k];
      for (std::size_t j = 0; j < p; ++j) {
        a[i * p + j] -= factor * a[k * p + j];
        b[i * p + j] -= factor * b[k * p + j];
      }
    }
  }
  a = b;
}

inline Naive evaluate_naive(const Data& d, const std::vector<Real>& beta) {
  Naive out;
  const std::size_t n = d.n, p = d.p;
  out.score.assign(p, 0.0L);
  out.penalty.assign(p, 0.0L);
  out.information.assign(p * p, 0.0L);
  std::vector<Real> mu(n), w(n);
  for (std::size_t i = 0; i < n; ++i) {
    Real eta = d.offset.empty() ? 0.0L : d.offset[i];
    const Real m = d.weight.empty() ? 1.0L : d.weight[i];
    for (std::size_t j = 0; j < p; ++j) eta += beta[j] * d.at(i, j);
    mu[i] = 1.0L / (1.0L + std::exp(-eta));
    w[i] = m * mu[i] * (1.0L - mu[i]);
    out.log_likelihood += m * (d.y[i] * eta - (eta > 0 ? eta + std::log1p(std::exp(-eta)) : std::log1p(std::exp(eta))));
    for (std::size_t j = 0; j < p; ++j) {
      out.score[j] += m * (d.y[i] - mu[i]) * d.at(i, j);
      for (std::size_t k = 0; k < p; ++k) out.information[j * p + k] += w[i] * d.at(i, j) * d.at(i, k);
    }
  }
  out.inverse = out.information;
  invert(out.inverse, p, out.log_determinant);
  for (std::size_t i = 0; i < n; ++i) {
    Real h = 0.0L;
    for (std::size_t j = 0; j < p; ++j) {
      for (std::size_t k = 0; k < p; ++k) h += w[i] * d.at(i, j) * out.inverse[j * p + k] * d.at(i, k);
    }
    out.leverage.push_back(h);
    for (std::size_t j = 0; j < p; ++j) out.penalty[j] += h * (0.5L - mu[i]) * d.at(i, j);
  }
  return out;
}

inline std::vector<Real> widen(const std::vector<double>& x) { return std::vector<Real>(x.begin(), x.end()); }

// Scoring until nothing changes: maximum likelihood (firth = false) or Firth's, with the columns of `held` at their
// start.
inline std::vector<Real> naive_fit(const Data& d, bool firth, std::vector<Real> beta,
                                   const std::vector<int>& held = {}) {
  for (int k = 0; k < 3000; ++k) {
    const Naive at = evaluate_naive(d, beta);
    std::vector<Real> reduced(d.p * d.p, 0.0L), step(d.p, 0.0L);
    const auto is_held = [&](std::size_t j) { return !held.empty() && held[j] != 0; };
    for (std::size_t j = 0; j < d.p; ++j) {
      for (std::size_t i = 0; i < d.p; ++i) {
        const bool free = !is_held(i) && !is_held(j);
        reduced[i * d.p + j] = free ? at.information[i * d.p + j] : (i == j ? 1.0L : 0.0L);
      }
    }
    Real unused = 0.0L, largest = 0.0L;
    invert(reduced, d.p, unused);
    for (std::size_t j = 0; j < d.p; ++j) {
      for (std::size_t i = 0; i < d.p; ++i) {
        if (!is_held(i) && !is_held(j))
          step[j] += reduced[j * d.p + i] * (at.score[i] + (firth ? at.penalty[i] : 0.0L));
      }
      largest = std::max(largest, std::fabs(step[j]));
    }
    const Real factor = largest > 1.0L ? 1.0L / largest : 1.0L;
    for (std::size_t j = 0; j < d.p; ++j) beta[j] += factor * step[j];
    if (largest < 1e-17L) break;
  }
  return beta;
}

inline Data cells(double events1, double others1, double events0, double others0) {
  Data d;
  d.n = 4;
  d.p = 2;
  d.x = {1, 1, 1, 1, 1, 1, 0, 0};
  d.y = {1, 0, 1, 0};
  d.weight = {events1, others1, events0, others0};
  return d;
}

inline Options by(Estimator estimator) {
  Options o;
  o.estimator = estimator;
  return o;
}

}  // namespace logistic_cases
