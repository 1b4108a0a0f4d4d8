#pragma once
// Whether the iteration runs off along a direction of recession d: no row moves away from its outcome, rows with both
// outcomes do not move at all, and some row moves. Candidates are checked row by row, so that a verdict does not rest
// on where they come from.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/logistic/evaluate.hpp"

namespace respondr::logistic::detail {

// f(row, movement towards its outcome) for each row with weight, until f says false.
template <class F>
bool each_movement(const Basis& basis, const std::vector<double>& d, F&& f) {
  double eta[block_rows];
  for (std::size_t b = 0; b < basis.blocks; ++b) {
    const std::size_t here = basis.block_size(b);
    std::fill(eta, eta + here, 0.0);
    add_linear(basis.block(b), basis.rank, d.data(), here, eta);
    for (std::size_t i = 0; i < here; ++i) {
      const std::size_t row = b * block_rows + i;
      const double y = basis.y[row], toward = y == 1.0 ? eta[i] : y == 0.0 ? -eta[i] : -std::fabs(eta[i]);
      if (basis.weight[row] > 0.0 && !f(row, toward)) {
        return false;
      }
    }
  }
  return true;
}

// To 1e-7 of the largest movement.
inline bool is_recession(const Basis& basis, const std::vector<double>& d) {
  double most = 0.0, least = 0.0;
  each_movement(basis, d, [&](std::size_t, double toward) {
    most = std::max(most, toward);
    least = std::min(least, toward);
    return true;
  });
  return most > 0.0 && least > -1e-7 * most;
}

// Newton's step tends to a direction of recession by a factor e an iteration: rows at their outcome to .01 move on by
// about one logit, the others stop.
inline bool step_recedes(const Basis& basis, const Rows& rows, const std::vector<double>& step) {
  bool moves = false;
  return each_movement(basis, step,
                       [&](std::size_t row, double toward) {
                         moves = moves || (toward > 0.5 && std::fabs(basis.y[row] - rows.mu[row]) < 0.01);
                         return toward > -1e-7;
                       }) &&
         moves;
}

// The coefficients without what moves rows that are not at their outcome to 1e-4: where Newton's step, blind to rows
// without information, is no direction of recession, they are.
inline bool rest_recedes(const Basis& basis, const Rows& rows, const std::vector<double>& gamma, Matrix& work,
                         std::vector<double>& d) {
  const std::size_t p = basis.rank;
  work.zero();
  for (std::size_t row = 0; row < basis.rows; ++row) {
    if (basis.weight[row] > 0.0 && std::fabs(basis.y[row] - rows.mu[row]) > 1e-4) {
      for (std::size_t k = 0; k < p; ++k) {
        for (std::size_t j = k; j < p; ++j) {
          work(j, k) += 1e14 * basis.at(row, j) * basis.at(row, k);
        }
      }
    }
  }
  for (std::size_t j = 0; j < p; ++j) {
    work(j, j) += 1.0;
  }
  d = gamma;
  if (!rm::cholesky(work, 0.0)) {
    return false;
  }
  solve_factor(work, d.data());
  return is_recession(basis, d);
}

}  // namespace respondr::logistic::detail
