#pragma once
// Makes the columns of a basis orthonormal in the inner product of the weights: from the Cholesky factor of their
// cross-products while each column leaves at least 1e-4 of its length after those before it, else by Gram-Schmidt run
// twice.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/logistic/basis.hpp"
#include "respondr/moments.hpp"

namespace respondr::logistic::detail {

constexpr double eps = 2.220446049250313e-16;

struct Column {
  std::size_t index = 0;
  double first = 0.0, scale = 1.0, centre = 0.0, largest = 0.0;
  bool finite = true, spread = true;
};

// Cross-products of the columns over the sum of the weights, lower triangle.
inline void cross_products(int threads, Basis& basis) {
  const std::size_t p = basis.width, square = p * p;
  basis.partial.assign(basis.chunks * square, 0.0);
  basis.scratch.resize(basis.chunks * p * block_rows);
  for_chunks(basis.chunks, threads, [&](std::size_t chunk) {
    for (std::size_t b = chunk * chunk_blocks; b < basis.chunk_end(chunk); ++b) {
      add_cross(basis.block(b), p, basis.weight.data() + b * block_rows, basis.block_size(b),
                basis.scratch.data() + chunk * p * block_rows, basis.partial.data() + chunk * square);
    }
  });
  basis.gram.assign(square, 0.0);
  for (std::size_t k = 0; k < square; ++k) {
    CompensatedSum sum;
    for (std::size_t c = 0; c < basis.chunks; ++c) {
      sum.add(basis.partial[c * square + k]);
    }
    basis.gram[k] = sum.value() / basis.trials;
  }
}

// Share of the length of a column below which it counts as nothing: rounding of values far from 0 makes as much.
inline double least_share(const Column& c, double length) {
  return std::max(1e-10, 16.0 * eps * c.largest * c.scale / length);
}

// r = L' of the cross-products; false if a column leaves less than 1e-4 of its length.
inline bool factor_products(const std::vector<Column>& columns, Basis& basis) {
  const std::size_t p = basis.width;
  double share = 1e-4;
  for (std::size_t j = 0; j < p; ++j) {
    share = std::max(share, least_share(columns[j], std::sqrt(basis.gram[j * p + j])));
  }
  basis.r.resize(p, p);
  std::copy(basis.gram.begin(), basis.gram.end(), basis.r.data.begin());
  if (!rm::cholesky(basis.r, share * share)) {
    return false;
  }
  for (std::size_t k = 0; k < p; ++k) {
    for (std::size_t j = 0; j < k; ++j) {
      basis.r(j, k) = basis.r(k, j);
      basis.r(k, j) = 0.0;
    }
  }
  return true;
}

inline void divide_by_factor(std::size_t b, Basis& basis) {
  double* z = basis.block(b);
  const std::size_t here = basis.block_size(b);
  for (std::size_t j = 0; j < basis.width; ++j) {
    double* to = z + j * block_rows;
    for (std::size_t k = 0; k < j; ++k) {
      rm::subtract_multiple(to, z + k * block_rows, basis.r(k, j), here);
    }
    const double inverse = 1.0 / basis.r(j, j);
    for (std::size_t i = 0; i < here; ++i) {
      to[i] *= inverse;
    }
  }
}

inline double inner(const Basis& basis, std::size_t j, std::size_t k) {
  double sum = 0.0;
  for (std::size_t b = 0; b < basis.blocks; ++b) {
    const double *u = basis.block(b) + j * block_rows, *v = basis.block(b) + k * block_rows;
    const double* m = basis.weight.data() + b * block_rows;
    double s0 = 0.0, s1 = 0.0;
    for (std::size_t i = 0; i < block_rows; i += 2) {
      s0 += m[i] * u[i] * v[i];
      s1 += m[i + 1] * u[i + 1] * v[i + 1];
    }
    sum += s0 + s1;
  }
  return sum / basis.trials;
}

// Column k -= factor x column j.
inline void subtract_column(Basis& basis, std::size_t k, std::size_t j, double factor) {
  for (std::size_t b = 0; b < basis.blocks; ++b) {
    rm::subtract_multiple(basis.block(b) + k * block_rows, basis.block(b) + j * block_rows, factor, block_rows);
  }
}

inline void move_column(Basis& basis, std::size_t from, std::size_t to, double factor) {
  for (std::size_t b = 0; b < basis.blocks; ++b) {
    double* z = basis.block(b);
    for (std::size_t i = 0; i < block_rows; ++i) {
      z[to * block_rows + i] = factor * z[from * block_rows + i];
    }
  }
}

// Twice is enough (Giraud, Langou and Rozloznik 2005). Aliased: less than 1e-10 of the length is left, or than the
// rounding of values far from 0 makes of nothing.
inline void gram_schmidt(const std::vector<Column>& columns, Basis& basis) {
  basis.r.resize(basis.width, basis.width);
  basis.r.zero();
  std::size_t rank = 0;
  double tolerance = 0.0;
  for (std::size_t j = 0; j < basis.width; ++j) {
    const double length = std::sqrt(inner(basis, j, j));
    tolerance = std::max(tolerance, least_share(columns[j], length));
    double* coordinate = basis.r.col(rank);
    std::fill(coordinate, coordinate + basis.width, 0.0);
    for (int pass = 0; pass < 2; ++pass) {
      for (std::size_t k = 0; k < rank; ++k) {
        const double c = inner(basis, k, j);
        subtract_column(basis, j, k, c);
        coordinate[k] += c;
      }
    }
    const double rest = std::sqrt(inner(basis, j, j));
    if (!(rest > tolerance * length)) {
      continue;
    }
    coordinate[rank] = rest;
    move_column(basis, j, rank, 1.0 / rest);
    basis.column.push_back(j);
    ++rank;
  }
  basis.rank = rank;
}

}  // namespace respondr::logistic::detail
