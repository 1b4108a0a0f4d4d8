#pragma once
// The predictors of a fit as orthonormal columns z, x = z r with r upper triangular in the order of the columns, in
// blocks of rows. basis_load.hpp makes it.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/logistic/blocks.hpp"
#include "respondr/logistic/buffer.hpp"
#include "respondr/logistic/types.hpp"
#include "respondr/rm/linear.hpp"

namespace respondr::logistic {

using rm::Matrix;

struct Basis {
  std::size_t n = 0;     // rows of the data
  std::size_t rows = 0;  // with those of the logF prior
  std::size_t blocks = 0, chunks = 0;
  std::size_t width = 0;  // columns of a block, of which the first `rank` count
  std::size_t rank = 0;
  bool intercept = false;  // column 0 of the data is constant
  bool unit = false;       // all weights are 1
  double trials = 0.0;     // sum of the weights
  double events = 0.0;     // sum of weight x share
  Buffer z, y, weight, offset;
  std::vector<std::size_t> column;  // of the data, by column of the basis
  std::vector<unsigned char> kept;  // by column of the data
  Matrix r;
  std::vector<double> partial, gram, scratch;  // workspace

  double* block(std::size_t b) { return z.data() + b * width * block_rows; }
  const double* block(std::size_t b) const { return z.data() + b * width * block_rows; }

  std::size_t block_size(std::size_t b) const {
    const std::size_t left = rows - b * block_rows;
    return left < block_rows ? (left + 3) / 4 * 4 : block_rows;
  }

  std::size_t chunk_end(std::size_t chunk) const { return std::min(blocks, (chunk + 1) * chunk_blocks); }

  double& at(std::size_t row, std::size_t j) { return block(row / block_rows)[j * block_rows + row % block_rows]; }
  double at(std::size_t row, std::size_t j) const { return block(row / block_rows)[j * block_rows + row % block_rows]; }

  // The coefficients of x from those of z.
  void coefficients(const double* gamma, std::vector<double>& beta) const {
    beta.assign(kept.size(), missing);
    for (std::size_t j = rank; j-- > 0;) {
      double sum = gamma[j];
      for (std::size_t k = j + 1; k < rank; ++k) {
        sum -= r(j, k) * beta[column[k]];
      }
      beta[column[j]] = sum / r(j, j);
    }
  }

  // c such that r(j, j) times the coefficient of basis column j is c'gamma.
  void contrast(std::size_t j, double* c) const {
    std::fill(c, c + rank, 0.0);
    c[j] = 1.0;
    for (std::size_t k = j + 1; k < rank; ++k) {
      double sum = 0.0;
      for (std::size_t i = j; i < k; ++i) {
        sum += r(i, k) * c[i];
      }
      c[k] = -sum / r(k, k);
    }
  }

  // The prior of the coefficient of basis column j: y = 1/2 with m trials at x that is 0 but for this column.
  void add_prior_row(std::size_t index, std::size_t j, double m, double* c) {
    contrast(j, c);
    const std::size_t row = n + index;
    for (std::size_t k = 0; k < rank; ++k) {
      at(row, k) = c[k] / r(j, j);
    }
    y[row] = 0.5;
    weight[row] = m;
    offset[row] = 0.0;
    unit = unit && m == 1.0;
  }
};

}  // namespace respondr::logistic
