#pragma once
// Makes the orthonormal columns of a fit. The conditioning of the information matrix is then that of the weights alone,
// whatever the offset, scale and collinearity of x. Columns are shifted by their first value and centred (with an
// intercept in column 0), scaled by a power of two and made orthonormal in the inner product of the weights: from the
// Cholesky factor of their cross-products while each column leaves at least 1e-4 of its length after those before it,
// else by Gram-Schmidt run twice. A column that leaves nothing is aliased with those before it.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/logistic/orthonormal.hpp"

namespace respondr::logistic {
namespace detail {

inline void resize(const Problem& problem, std::size_t prior_rows, Basis& basis) {
  basis.n = problem.n;
  basis.rows = problem.n + prior_rows;
  basis.blocks = (basis.rows + block_rows - 1) / block_rows;
  basis.chunks = (basis.blocks + chunk_blocks - 1) / chunk_blocks;
  basis.rank = 0;
  basis.column.clear();
  basis.kept.assign(problem.p, 0);
  const std::size_t padded = basis.blocks * block_rows;
  basis.y.resize(padded);
  basis.weight.resize(padded);
  basis.offset.resize(padded);
}

// false if a value is not finite or out of its range.
inline bool load_rows(const Problem& problem, Basis& basis) {
  bool fine = true;
  basis.unit = true;
  CompensatedSum trials, events;
  for (std::size_t i = 0; i < basis.n; ++i) {
    const double m = problem.weight ? problem.weight[i] : 1.0;
    const double o = problem.offset ? problem.offset[i] : 0.0;
    const double y = problem.y[i];
    fine = fine && m >= 0.0 && y >= 0.0 && y <= 1.0 && (m - m) + (o - o) == 0.0;
    basis.unit = basis.unit && m == 1.0;
    trials.add(m);
    events.add(m * y);
    basis.y[i] = y;
    basis.weight[i] = m;
    basis.offset[i] = o;
  }
  // A padding row adds nothing to any sum: weight 0, and an offset at which log(1 + exp(offset)) is 0.
  for (std::size_t i = basis.n; i < basis.blocks * block_rows; ++i) {
    basis.y[i] = 0.0;
    basis.weight[i] = 0.0;
    basis.offset[i] = -800.0;
  }
  basis.trials = trials.value();
  basis.events = events.value();
  return fine;
}

// Shift, scale and centre of a column, of rows with weight. One that varies by no more than the rounding of its values
// (with an intercept), or is 0 throughout, has no spread.
inline void describe(const double* x, const Basis& basis, Column& c) {
  const double* m = basis.weight.data();
  const bool centred = basis.intercept && c.index > 0;
  std::size_t start = 0;
  while (m[start] == 0.0) {
    ++start;
  }
  c.first = centred ? x[start] : 0.0;
  double most = 0.0, bad = 0.0;
  for (std::size_t i = 0; i < basis.n; ++i) {
    bad += x[i] - x[i];
    if (m[i] > 0.0) {
      most = std::max(most, std::fabs(x[i] - c.first));
      c.largest = std::max(c.largest, std::fabs(x[i]));
    }
  }
  c.finite = bad == 0.0 && most < infinity;
  c.spread = most > 4.0 * eps * c.largest;
  if (!c.finite || !c.spread) {
    return;
  }
  int exponent = 0;
  std::frexp(most, &exponent);
  c.scale = std::ldexp(1.0, std::min(-exponent, 1023));
  double sum[4] = {0.0, 0.0, 0.0, 0.0};
  for (std::size_t i = 0; centred && i < basis.n; ++i) {
    sum[i % 4] += m[i] * ((x[i] - c.first) * c.scale);
  }
  c.centre = ((sum[0] + sum[1]) + (sum[2] + sum[3])) / basis.trials;
}

inline void fill_column(const double* x, const Column& c, const Basis& basis, std::size_t b, double* to) {
  const std::size_t start = b * block_rows, here = std::min(block_rows, basis.n > start ? basis.n - start : 0);
  for (std::size_t i = 0; i < here; ++i) {
    to[i] = (x[start + i] - c.first) * c.scale - c.centre;
  }
  std::fill(to + here, to + block_rows, 0.0);
}

inline bool load_columns(const Problem& problem, int threads, std::vector<Column>& columns, Basis& basis) {
  const double* x = problem.x;
  basis.intercept = problem.p > 0 && x[0] != 0.0 && std::all_of(x, x + basis.n, [x](double v) { return v == x[0]; });
  columns.assign(problem.p, Column{});
  for_chunks(problem.p, threads, [&](std::size_t j) {
    columns[j].index = j;
    describe(x + j * basis.n, basis, columns[j]);
  });
  if (!std::all_of(columns.begin(), columns.end(), [](const Column& c) { return c.finite; })) {
    return false;
  }
  columns.erase(std::remove_if(columns.begin(), columns.end(), [](const Column& c) { return !c.spread; }),
                columns.end());
  basis.width = columns.size();
  basis.z.resize(basis.blocks * block_rows * basis.width);
  for_chunks(basis.chunks, threads, [&](std::size_t chunk) {
    for (std::size_t b = chunk * chunk_blocks; b < basis.chunk_end(chunk); ++b) {
      for (std::size_t k = 0; k < basis.width; ++k) {
        fill_column(x + columns[k].index * basis.n, columns[k], basis, b, basis.block(b) + k * block_rows);
      }
    }
  });
  return true;
}

// r in the units of the data; `column` and `kept` by column of the data.
inline void to_units(const std::vector<Column>& columns, Basis& basis) {
  Matrix r(basis.rank, basis.rank);
  r.zero();
  const double one = basis.intercept ? 1.0 / basis.at(0, 0) : 0.0;  // the constant 1 in columns of z
  for (std::size_t k = 0; k < basis.rank; ++k) {
    const Column& c = columns[basis.column[k]];
    for (std::size_t j = 0; j <= k; ++j) {
      r(j, k) = basis.r(j, k) / c.scale;
    }
    if (basis.intercept && k > 0) {
      r(0, k) += (c.first + c.centre / c.scale) * one;
    }
    basis.column[k] = c.index;
    basis.kept[c.index] = 1;
  }
  basis.r = r;
}

}  // namespace detail

// ok, no_data (no row has weight) or not_estimable (a value is not finite or out of its range). prior_rows are left
// empty.
inline Status load_basis(const Problem& problem, std::size_t prior_rows, int threads, Basis& basis) {
  detail::resize(problem, prior_rows, basis);
  if (!detail::load_rows(problem, basis)) {
    return Status::not_estimable;
  }
  if (!(basis.trials > 0.0)) {
    return Status::no_data;
  }
  std::vector<detail::Column> columns;
  if (!detail::load_columns(problem, threads, columns, basis)) {
    return Status::not_estimable;
  }
  detail::cross_products(threads, basis);
  if (detail::factor_products(columns, basis)) {
    detail::for_chunks(basis.chunks, threads, [&](std::size_t chunk) {
      for (std::size_t b = chunk * chunk_blocks; b < basis.chunk_end(chunk); ++b) {
        detail::divide_by_factor(b, basis);
      }
    });
    basis.rank = basis.width;
    for (std::size_t j = 0; j < basis.width; ++j) {
      basis.column.push_back(j);
    }
  } else {
    detail::gram_schmidt(columns, basis);
  }
  detail::to_units(columns, basis);
  return Status::ok;
}

}  // namespace respondr::logistic
