#pragma once
// The log-likelihood, its score and the information at given coefficients of the basis.
//   l = sum m (y eta - log(1 + exp(eta))),   U = Z' m (y - mu),   I = Z' W Z,   W = m mu (1 - mu);
// Firth (1993, Biometrika 80:27; Heinze and Schemper 2002, Stat Med 21:2409) adds log |I| / 2 to l and Z' h (1/2 - mu)
// to U, with h the leverages, the diagonal of W^1/2 Z I^-1 Z' W^1/2.

#include <cmath>
#include <utility>
#include <vector>

#include "respondr/logistic/basis.hpp"
#include "respondr/moments.hpp"

namespace respondr::logistic {

struct Evaluation {
  std::vector<double> gamma, score, penalty;  // score without the penalty's part
  Matrix information, factor;                 // lower triangles; factor: of the information, if regular
  double log_likelihood = missing;            // with the rows of a logF prior
  double value = missing;                     // what is maximised
  bool regular = false;                       // the information is positive definite

  void resize(std::size_t p) {
    gamma.assign(p, 0.0);
    score.assign(p, 0.0);
    penalty.assign(p, 0.0);
    information.resize(p, p);
    factor.resize(p, p);
  }
};

// What belongs to the rows and to the sums of one evaluation after the other.
struct Rows {
  Buffer mu, working;           // by row: probability, weight of the information
  std::vector<double> partial;  // by chunk
  std::vector<double> scratch;  // by chunk
  std::vector<double> inverse;  // of the factor, by row
};

namespace detail {

// From eta of a block: mu, the working weight, the residual m (y - mu) and the sum of m (y eta - log(1 + exp(eta))).
// Both tails of the probability are computed, so that nothing cancels. With unit weights the logarithm is taken once,
// of the product.
inline double block_likelihood(const Basis& basis, std::size_t b, const double* eta, double* mu, double* working,
                               double* residual) {
  const std::size_t here = basis.block_size(b), start = b * block_rows;
  const double *y = basis.y.data() + start, *m = basis.weight.data() + start;
  Lanes linear = {}, product = {1.0, 1.0};
  double logs = 0.0;
  for (std::size_t i = 0; i < here; i += 2) {
    const Lanes t = load_lanes(eta + i), share = load_lanes(y + i), weight = load_lanes(m + i), zero = {};
    const Lanes far = exp_of_negative(-respondr::detail::absolute(t)), sum = 1.0 + far;
    const Lanes near = 1.0 / sum, rest = far * near;
    const Lanes event = t > zero ? near : rest, other = t > zero ? rest : near;
    store_lanes(mu + i, event);
    store_lanes(working + i, weight * (event * other));
    store_lanes(residual + i, weight * (share * other - (1.0 - share) * event));
    linear += weight * (share * t - larger(t, zero));
    if (basis.unit) {
      product *= sum;
    } else {
      logs += m[i] * std::log1p(far[0]) + m[i + 1] * std::log1p(far[1]);
    }
  }
  return (linear[0] + linear[1]) - (basis.unit ? std::log(product[0] * product[1]) : logs);
}

inline void block_eta(const Basis& basis, std::size_t b, const double* gamma, double* eta) {
  const std::size_t here = basis.block_size(b);
  std::copy(basis.offset.data() + b * block_rows, basis.offset.data() + b * block_rows + here, eta);
  add_linear(basis.block(b), basis.rank, gamma, here, eta);
}

// Sums the partial results of the chunks in their order.
inline void add_up(const std::vector<double>& partial, std::size_t chunks, std::size_t size, std::size_t from,
                   std::size_t count, double* out) {
  for (std::size_t k = 0; k < count; ++k) {
    CompensatedSum sum;
    for (std::size_t c = 0; c < chunks; ++c) {
      sum.add(partial[c * size + from + k]);
    }
    out[k] = sum.value();
  }
}

// Likelihood, score and information.
inline void evaluate_likelihood(const Basis& basis, int threads, Rows& rows, Evaluation& e) {
  const std::size_t p = basis.rank, size = p * p + p + 1, room = (p + 2) * block_rows;
  rows.partial.assign(basis.chunks * size, 0.0);
  rows.scratch.resize(basis.chunks * room);
  for_chunks(basis.chunks, threads, [&](std::size_t chunk) {
    double *sums = rows.partial.data() + chunk * size, *scratch = rows.scratch.data() + chunk * room;
    double *eta = scratch + p * block_rows, *residual = eta + block_rows;
    for (std::size_t b = chunk * chunk_blocks; b < basis.chunk_end(chunk); b += basis.every) {
      const std::size_t here = basis.block_size(b);
      double* working = rows.working.data() + b * block_rows;
      block_eta(basis, b, e.gamma.data(), eta);
      sums[0] += block_likelihood(basis, b, eta, rows.mu.data() + b * block_rows, working, residual);
      add_projection(basis.block(b), p, residual, here, sums + 1);
      add_cross(basis.block(b), p, working, here, scratch, sums + 1 + p);
    }
  });
  add_up(rows.partial, basis.chunks, size, 0, 1, &e.log_likelihood);
  add_up(rows.partial, basis.chunks, size, 1, p, e.score.data());
  add_up(rows.partial, basis.chunks, size, 1 + p, p * p, e.information.data.data());
  e.factor.data = e.information.data;
  e.regular = rm::cholesky(e.factor, 1e-15);
  e.value = e.log_likelihood;
}

// x = (L L')^-1 x.
inline void solve_factor(const Matrix& factor, double* x) {
  rm::forward_solve(factor, x);
  for (std::size_t i = factor.rows; i-- > 0;) {
    for (std::size_t k = i + 1; k < factor.rows; ++k) {
      x[i] -= factor(k, i) * x[k];
    }
    x[i] /= factor(i, i);
  }
}

// The inverse of the factor, lower triangle by row.
inline void invert_factor(const Matrix& factor, std::vector<double>& inverse) {
  const std::size_t p = factor.rows;
  inverse.resize(p * (p + 1) / 2);
  for (std::size_t k = 0; k < p; ++k) {
    inverse[k * (k + 1) / 2 + k] = 1.0 / factor(k, k);
    for (std::size_t i = k + 1; i < p; ++i) {
      double sum = 0.0;
      for (std::size_t j = k; j < i; ++j) {
        sum += factor(i, j) * inverse[j * (j + 1) / 2 + k];
      }
      inverse[i * (i + 1) / 2 + k] = -sum / factor(i, i);
    }
  }
}

// Leverages of a block.
inline void block_leverage(const Basis& basis, std::size_t b, const Rows& rows, double* leverage) {
  const std::size_t here = basis.block_size(b);
  quadratic_form(basis.block(b), basis.rank, rows.inverse.data(), here, leverage);
  const double* working = rows.working.data() + b * block_rows;
  for (std::size_t i = 0; i < here; i += 2) {
    store_lanes(leverage + i, load_lanes(leverage + i) * load_lanes(working + i));
  }
}

// Firth's part, at the evaluation that rows hold.
inline void evaluate_penalty(const Basis& basis, int threads, Rows& rows, Evaluation& e) {
  const std::size_t p = basis.rank;
  if (!e.regular) {
    e.value = -infinity;
    return;
  }
  invert_factor(e.factor, rows.inverse);
  rows.partial.assign(basis.chunks * p, 0.0);
  rows.scratch.resize(basis.chunks * block_rows);
  for_chunks(basis.chunks, threads, [&](std::size_t chunk) {
    double* h = rows.scratch.data() + chunk * block_rows;
    for (std::size_t b = chunk * chunk_blocks; b < basis.chunk_end(chunk); b += basis.every) {
      const std::size_t here = basis.block_size(b);
      const double* mu = rows.mu.data() + b * block_rows;
      block_leverage(basis, b, rows, h);
      for (std::size_t i = 0; i < here; i += 2) {
        store_lanes(h + i, load_lanes(h + i) * (0.5 - load_lanes(mu + i)));
      }
      add_projection(basis.block(b), p, h, here, rows.partial.data() + chunk * p);
    }
  });
  add_up(rows.partial, basis.chunks, p, 0, p, e.penalty.data());
  e.value += 0.5 * rm::log_determinant(e.factor);
}

}  // namespace detail

inline void evaluate(const Basis& basis, Estimator estimator, int threads, Rows& rows, Evaluation& e) {
  const std::size_t padded = basis.blocks * block_rows;
  rows.mu.resize(padded);
  rows.working.resize(padded);
  detail::evaluate_likelihood(basis, threads, rows, e);
  if (estimator == Estimator::firth) {
    detail::evaluate_penalty(basis, threads, rows, e);
  }
}

}  // namespace respondr::logistic
