#pragma once
// Small dense linear algebra of the repeated-measures tests: a handful of columns, fixed order of every sum, no allocation once a
// matrix has its size. Matrices are by column.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace respondr::rm {

struct Matrix {
  std::size_t rows = 0, cols = 0;
  std::vector<double> data;

  Matrix() = default;
  Matrix(std::size_t r, std::size_t c) { resize(r, c); }
  void resize(std::size_t r, std::size_t c) {
    rows = r;
    cols = c;
    data.resize(r * c);
  }
  void zero() { std::fill(data.begin(), data.end(), 0.0); }
  double* col(std::size_t j) { return data.data() + j * rows; }
  const double* col(std::size_t j) const { return data.data() + j * rows; }
  double& operator()(std::size_t i, std::size_t j) { return data[i + j * rows]; }
  double operator()(std::size_t i, std::size_t j) const { return data[i + j * rows]; }
};

// Four chains of additions, always paired in the same way.
inline double dot(const double* a, const double* b, std::size_t n) {
  double s0 = 0.0, s1 = 0.0, s2 = 0.0, s3 = 0.0;
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (; i < n; ++i) {
    s0 += a[i] * b[i];
  }
  return (s0 + s1) + (s2 + s3);
}

inline void subtract_multiple(double* a, const double* b, double factor, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    a[i] -= factor * b[i];
  }
}

// Adds the direction of v to the first `rank` columns of q. Gram-Schmidt run twice keeps the columns orthogonal to rounding
// (Giraud, Langou and Rozloznik 2005). coordinate, of rank + 1 places, becomes Q' v. false, and no new column, if what is left of v
// is within tolerance of its length.
inline bool add_direction(Matrix& q, std::size_t rank, const double* v, double tolerance, double* coordinate) {
  const std::size_t n = q.rows;
  std::fill(coordinate, coordinate + rank + (rank < q.cols ? 1 : 0), 0.0);
  const double length = std::sqrt(dot(v, v, n));
  if (rank == q.cols || !(length > 0.0)) {
    for (std::size_t k = 0; k < rank; ++k) {
      coordinate[k] = dot(q.col(k), v, n);
    }
    return false;
  }
  double* left = q.col(rank);
  std::copy(v, v + n, left);
  for (int pass = 0; pass < 2; ++pass) {
    for (std::size_t k = 0; k < rank; ++k) {
      const double c = dot(q.col(k), left, n);
      subtract_multiple(left, q.col(k), c, n);
      coordinate[k] += c;
    }
  }
  const double rest = std::sqrt(dot(left, left, n));
  if (!(rest > tolerance * length)) {
    return false;
  }
  for (std::size_t i = 0; i < n; ++i) {
    left[i] /= rest;
  }
  coordinate[rank] = rest;
  return true;
}

// Lower Cholesky factor of a symmetric matrix, in place (lower triangle). false if a pivot is within tolerance of its diagonal: the
// variable depends on those before it.
inline bool cholesky(Matrix& a, double tolerance) {
  const std::size_t n = a.rows;
  for (std::size_t j = 0; j < n; ++j) {
    double pivot = a(j, j);
    for (std::size_t k = 0; k < j; ++k) {
      pivot -= a(j, k) * a(j, k);
    }
    if (!(pivot > tolerance * a(j, j))) {
      return false;
    }
    const double root = std::sqrt(pivot);
    a(j, j) = root;
    for (std::size_t i = j + 1; i < n; ++i) {
      double s = a(i, j);
      for (std::size_t k = 0; k < j; ++k) {
        s -= a(i, k) * a(j, k);
      }
      a(i, j) = s / root;
    }
  }
  return true;
}

inline double log_determinant(const Matrix& factor) {
  double sum = 0.0;
  for (std::size_t j = 0; j < factor.rows; ++j) {
    sum += std::log(factor(j, j));
  }
  return 2.0 * sum;
}

// x = L^-1 x.
inline void forward_solve(const Matrix& factor, double* x) {
  for (std::size_t i = 0; i < factor.rows; ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      x[i] -= factor(i, k) * x[k];
    }
    x[i] /= factor(i, i);
  }
}

// Eigenvalues of a symmetric matrix by Jacobi's rotations, largest first; a is destroyed, its diagonal holds them.
inline void eigenvalues(Matrix& a, std::vector<double>& values) {
  const std::size_t n = a.rows;
  for (int sweep = 0; sweep < 60; ++sweep) {
    double off = 0.0, on = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
      on += a(j, j) * a(j, j);
      for (std::size_t i = 0; i < j; ++i) {
        off += a(i, j) * a(i, j);
      }
    }
    if (!(off > 1e-34 * on)) {
      break;
    }
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = p + 1; q < n; ++q) {
        if (a(p, q) == 0.0) {
          continue;
        }
        const double theta = 0.5 * (a(q, q) - a(p, p)) / a(p, q);
        const double t = (theta >= 0.0 ? 1.0 : -1.0) / (std::fabs(theta) + std::hypot(1.0, theta));
        const double c = 1.0 / std::hypot(1.0, t), s = t * c;
        for (std::size_t k = 0; k < n; ++k) {
          const double x = a(k, p), y = a(k, q);
          a(k, p) = c * x - s * y;
          a(k, q) = s * x + c * y;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const double x = a(p, k), y = a(q, k);
          a(p, k) = c * x - s * y;
          a(q, k) = s * x + c * y;
        }
      }
    }
  }
  values.resize(n);
  for (std::size_t j = 0; j < n; ++j) {
    values[j] = a(j, j);
  }
  std::sort(values.begin(), values.end(), [](double x, double y) { return x > y; });
}

}  // namespace respondr::rm
