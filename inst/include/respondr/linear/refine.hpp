#pragma once
// Iterative refinement of a least-squares solution (Bjorck 1967, BIT 7:257): residuals of the equations
// r + X b = y, X' W r = 0 in twice the precision, corrections by an orthonormal basis of the columns.

#include <algorithm>
#include <cmath>
#include <limits>

#include "respondr/linear/reduce.hpp"

namespace respondr::linear::detail {

// a * b as a sum of two doubles (Dekker 1971).
inline void add_product(CompensatedSum& sum, double a, double b) {
  constexpr double splitter = 134217729.0;  // 2^27 + 1
  const double product = a * b;
  const double ta = splitter * a, tb = splitter * b;
  const double ah = ta - (ta - a), bh = tb - (tb - b);
  const double al = a - ah, bl = b - bh;
  sum.add(product);
  sum.add(((ah * bh - product) + ah * bl + al * bh) + al * bl);
}

// Orthonormal basis of the kept columns, n x rank by column; R of `out` becomes its triangle. Twice, so that it is
// orthonormal to rounding however close the columns are to dependent.
inline std::vector<double> basis(const Problem& q, const std::vector<double>& response, const Frame& f, Fit& out) {
  const std::size_t r = out.rank;
  std::vector<double> basis(q.n * r), block(block_rows * r);
  load_rows(q, response, f, out.column, 0, q.n, basis.data(), q.n);
  divide_by_triangle(out.triangle.data(), r, basis.data(), q.n, q.n);
  Triangle again(r);
  for (std::size_t first = 0; first < q.n; first += block_rows) {
    const std::size_t m = std::min(block_rows, q.n - first);
    for (std::size_t j = 0; j < r; ++j) {
      std::copy(&basis[first + j * q.n], &basis[first + j * q.n] + m, &block[j * block_rows]);
    }
    again.absorb(block.data(), m, block_rows);
  }
  divide_by_triangle(again.data.data(), r, basis.data(), q.n, q.n);
  std::vector<double> product(r * r, 0.0);
  for (std::size_t j = 0; j < r; ++j) {
    for (std::size_t i = 0; i <= j; ++i) {
      for (std::size_t k = i; k <= j; ++k) {
        product[i + j * r] += again(i, k) * out.triangle[k + j * r];
      }
    }
  }
  out.triangle = std::move(product);
  return basis;
}

// X' W r of one column, centred and scaled.
inline double equation(const Problem& q, const Frame& f, std::size_t j, const std::vector<double>& residual,
                       const CompensatedSum& constant) {
  CompensatedSum sum;
  const double* column = q.x + j * q.n;
  for (std::size_t i = 0; i < q.n; ++i) {
    if (q.weight == nullptr) {
      add_product(sum, column[i], residual[i]);
    } else if (q.weight[i] > 0.0) {
      add_product(sum, column[i], q.weight[i] * residual[i]);
    }
  }
  add_product(sum, -f.centre[j], constant.value());
  return f.scale[j] * sum.value();
}

inline double largest_ratio(const Fit& out) {
  double most = 1.0;
  for (std::size_t j = 0; j < out.rank; ++j) {
    const double* column = out.triangle.data() + j * out.rank;
    most = std::max(most, std::sqrt(dot(column, column, j + 1)) / std::fabs(column[j]));
  }
  return most;
}

// One correction; its size beside that of the coefficients, both in the scaled columns.
inline double correct(const Problem& q, const std::vector<double>& response, const Frame& f,
                      const std::vector<double>& basis, Fit& out) {
  const std::size_t r = out.rank;
  std::vector<double> open(q.n), along(r), condition(r);
  for (std::size_t i = 0; i < q.n; ++i) {
    CompensatedSum sum(response[i], 0.0);
    sum.add(-out.residual[i]);
    for (const std::size_t j : out.column) {
      add_product(sum, -q.x[i + j * q.n], out.beta[j]);
    }
    open[i] = sum.value() * q.root_weight(i);
  }
  CompensatedSum constant;
  for (std::size_t i = 0; i < q.n; ++i) {
    constant.add(q.weight == nullptr ? out.residual[i] : q.weight[i] * out.residual[i]);
  }
  for (std::size_t k = 0; k < r; ++k) {
    condition[k] = -equation(q, f, out.column[k], out.residual, constant);
    along[k] = dot(&basis[k * q.n], open.data(), q.n);
  }
  forward_solve(out.triangle.data(), r, condition.data());
  std::vector<double> change(r);
  for (std::size_t k = 0; k < r; ++k) {
    change[k] = along[k] - condition[k];
    subtract(open.data(), &basis[k * q.n], change[k], q.n);
  }
  back_solve(out.triangle.data(), r, change.data());
  double moved = 0.0, size = 0.0;
  for (std::size_t k = 0; k < r; ++k) {
    const std::size_t j = out.column[k];
    const double step = change[k] * f.scale[j];
    out.beta[j] += step;
    if (out.intercept && j > 0) {
      out.beta[0] -= step * f.centre[j];
    }
    moved = std::max(moved, std::fabs(change[k]));
    size = std::max(size, std::fabs(out.beta[j] / f.scale[j]));
  }
  for (std::size_t i = 0; i < q.n; ++i) {
    const double root = q.root_weight(i);
    if (root > 0.0) {
      out.residual[i] += open[i] / root;
    }
  }
  return size > 0.0 ? moved / size : 0.0;
}

// Only where the columns are close to dependent, and for tables that fit in memory twice.
inline void refine(const Problem& q, const std::vector<double>& response, const Frame& f, Fit& out) {
  constexpr double well = 100.0, cells = 4e6;
  const double work = static_cast<double>(q.n) * static_cast<double>(q.p);
  if (out.rank == 0 || work > cells || largest_ratio(out) < well) {
    return;
  }
  const std::vector<double> q_basis = basis(q, response, f, out);
  double before = infinity;
  for (int k = 0; k < 10; ++k) {
    const double step = correct(q, response, f, q_basis, out);
    ++out.refinements;
    if (!(step > 0.25 * std::numeric_limits<double>::epsilon()) || !(step < 0.5 * before)) {
      break;
    }
    before = step;
  }
}

}  // namespace respondr::linear::detail
