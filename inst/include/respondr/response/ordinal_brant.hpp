#pragma once
// Brant's test of proportional odds (Brant 1990, Biometrics 46:1171, doi:10.2307/2532457): a logistic model of its own
// at each cut, class above the cut or not, and the Wald test that their slopes are the same.
//
// With u_i = (-1, x_i), p_j the fitted probability of being above cut j and I_j its information, the estimates of cuts
// j <= l have covariance I_j^-1 (sum of w_i u_i u_i' p_l (1 - p_j)) I_l^-1, for whoever is above cut l is above cut j.
// With D the differences of each slope from that of the first cut, (D b)' (D V D')^-1 (D b) is chi-squared.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "respondr/response/ordinal.hpp"
#include "respondr/response/ordinal_tests.hpp"
#include "respondr/rm/linear.hpp"
#include "respondr/types.hpp"

namespace respondr::response {

// The logistic models of all cuts. Parameters of a cut: minus its intercept, then the slopes.
struct OrdinalCuts {
  std::size_t cuts = 0, p = 0;
  Matrix gamma, error;                  // 1 + p x cuts; standard errors missing where a model has none
  Matrix covariance;                    // of all parameters, cut by cut; lower triangle
  std::vector<double> largest;          // spread of each linear predictor: large under separation
  std::vector<unsigned char> converged;
  bool all_converged() const {
    return std::all_of(converged.begin(), converged.end(), [](unsigned char c) { return c != 0; });
  }
};

namespace ordinal_detail {

// Inverse of a symmetric matrix given by its lower triangle; false where it has none.
inline bool invert(Matrix a, Matrix& out) {
  const std::size_t q = a.rows;
  if (!rm::cholesky(a, 1e-14)) return false;
  out.resize(q, q);
  out.zero();
  for (std::size_t j = 0; j < q; ++j) {
    double* x = out.col(j);
    x[j] = 1.0;
    rm::forward_solve(a, x);
    for (std::size_t i = q; i-- > 0;) {
      for (std::size_t k = i + 1; k < q; ++k) x[i] -= a(k, i) * x[k];
      x[i] /= a(i, i);
    }
  }
  return true;
}

inline double above(const OrdinalProblem& problem, const OrdinalCuts& cuts, std::size_t j, std::size_t i) {
  double eta = problem.offset ? problem.offset[i] : 0.0;
  for (std::size_t k = 0; k < problem.p; ++k) eta += problem.x[i + k * problem.n] * cuts.gamma(1 + k, j);
  return logistic(eta - cuts.gamma(0, j));
}

// Sum of w u u' p_l (1 - p_j), j <= l.
inline void shared_information(const OrdinalProblem& problem, const OrdinalCuts& cuts, std::size_t j, std::size_t l,
                               Matrix& out) {
  const std::size_t q = problem.p + 1;
  out.resize(q, q);
  out.zero();
  const auto u = [&](std::size_t i, std::size_t k) { return k == 0 ? -1.0 : problem.x[i + (k - 1) * problem.n]; };
  for (std::size_t i = 0; i < problem.n; ++i) {
    const double w = problem.weight ? problem.weight[i] : 1.0;
    if (!(w > 0.0)) continue;
    const double v = w * above(problem, cuts, l, i) * (1.0 - above(problem, cuts, j, i));
    for (std::size_t a = 0; a < q; ++a) {
      for (std::size_t b = 0; b <= a; ++b) out(a, b) += v * u(i, a) * u(i, b);
    }
  }
  for (std::size_t a = 0; a < q; ++a) {
    for (std::size_t b = a + 1; b < q; ++b) out(a, b) = out(b, a);
  }
}

// a b c, all of one size; a and c symmetric.
inline void sandwich(const Matrix& a, const Matrix& b, const Matrix& c, Matrix& room, Matrix& out) {
  const std::size_t q = a.rows;
  room.resize(q, q);
  out.resize(q, q);
  for (std::size_t i = 0; i < q; ++i) {
    for (std::size_t j = 0; j < q; ++j) room(j, i) = rm::dot(a.col(i), b.col(j), q);
  }
  for (std::size_t i = 0; i < q; ++i) {
    for (std::size_t j = 0; j < q; ++j) out(i, j) = rm::dot(room.col(i), c.col(j), q);
  }
}

}  // namespace ordinal_detail

inline OrdinalCuts ordinal_cuts(const OrdinalProblem& problem, OrdinalWork& work) {
  OrdinalCuts out;
  out.cuts = problem.cuts();
  out.p = problem.p;
  const std::size_t q = out.p + 1;
  out.gamma.resize(q, out.cuts);
  out.error.resize(q, out.cuts);
  std::fill(out.error.data.begin(), out.error.data.end(), missing);
  out.largest.assign(out.cuts, 0.0);
  out.converged.assign(out.cuts, 0);
  std::vector<Matrix> inverse(out.cuts);
  std::vector<int> y(problem.n);
  const std::vector<unsigned char> free(q, 1);
  for (std::size_t j = 0; j < out.cuts; ++j) {
    for (std::size_t i = 0; i < problem.n; ++i) y[i] = problem.y[i] > static_cast<int>(j) ? 1 : 0;
    const OrdinalProblem binary{problem.x, problem.n, problem.p, y.data(), 2, problem.weight, problem.offset};
    const OrdinalFit fit = ordinal_maximise(binary, ordinal_start(binary), free, work);
    std::copy(fit.gamma.begin(), fit.gamma.end(), out.gamma.col(j));
    ordinal_detail::evaluate(binary, fit.gamma, work);
    out.largest[j] = fit.largest;
    out.converged[j] = fit.converged && ordinal_detail::invert(work.information, inverse[j]) ? 1 : 0;
    for (std::size_t k = 0; k < q && out.converged[j]; ++k) out.error(k, j) = std::sqrt(inverse[j](k, k));
  }
  if (!out.all_converged()) return out;
  out.covariance.resize(q * out.cuts, q * out.cuts);
  out.covariance.zero();
  Matrix shared, room, block;
  for (std::size_t j = 0; j < out.cuts; ++j) {
    for (std::size_t l = j; l < out.cuts; ++l) {
      ordinal_detail::shared_information(problem, out, j, l, shared);
      ordinal_detail::sandwich(inverse[j], shared, inverse[l], room, block);
      for (std::size_t a = 0; a < q; ++a) {
        for (std::size_t b = 0; b < q; ++b) out.covariance(l * q + b, j * q + a) = block(a, b);
      }
    }
  }
  return out;
}

// The slopes of the columns `own` are the same at each cut. Degrees of freedom: (cuts - 1) times the number of columns.
inline OrdinalTest ordinal_brant(const OrdinalCuts& cuts, const std::vector<std::size_t>& own) {
  if (cuts.cuts < 2 || own.empty()) return {};
  if (!cuts.all_converged()) return {missing, missing, missing, Status::not_converged};
  const std::size_t more = cuts.cuts - 1, m = own.size(), q = cuts.p + 1;
  const auto v = [&](std::size_t j, std::size_t a, std::size_t l, std::size_t b) {
    const std::size_t r = j * q + 1 + own[a], c = l * q + 1 + own[b];
    return r >= c ? cuts.covariance(r, c) : cuts.covariance(c, r);
  };
  Matrix spread(more * m, more * m);
  std::vector<double> apart(more * m);
  for (std::size_t j = 0; j < more; ++j) {
    for (std::size_t a = 0; a < m; ++a) {
      apart[j * m + a] = cuts.gamma(1 + own[a], j + 1) - cuts.gamma(1 + own[a], 0);
      for (std::size_t l = 0; l < more; ++l) {
        for (std::size_t b = 0; b < m; ++b) {
          spread(j * m + a, l * m + b) = v(j + 1, a, l + 1, b) - v(j + 1, a, 0, b) - v(0, a, l + 1, b) + v(0, a, 0, b);
        }
      }
    }
  }
  if (!rm::cholesky(spread, 1e-10)) return {missing, missing, missing, Status::rank_deficient};
  rm::forward_solve(spread, apart.data());
  return ordinal_detail::chi_square(rm::dot(apart.data(), apart.data(), apart.size()), static_cast<double>(more * m));
}

}  // namespace respondr::response
