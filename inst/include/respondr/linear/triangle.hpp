#pragma once
// The triangular factor of a tall matrix, made from blocks of rows by Householder reflections (Golub and Van Loan 2013,
// 5.2 and 5.3; blocks of rows: Demmel et al. 2012). Factors of parts merge by absorbing one into the other, so that
// threads, chunks and sites end in the same place. The order of every sum is fixed.

#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/detail/lanes.hpp"

namespace respondr::linear {

namespace detail {

using respondr::detail::Lanes;
using respondr::detail::load_lanes;
using respondr::detail::store_lanes;

// Sums of products in eight chains that are always joined in the same way.
inline double dot(const double* a, const double* b, std::size_t n) {
  Lanes s[4] = {};
  std::size_t i = 0;
  for (; i + 8 <= n; i += 8) {
    for (std::size_t k = 0; k < 4; ++k) {
      s[k] += load_lanes(a + i + 2 * k) * load_lanes(b + i + 2 * k);
    }
  }
  const Lanes t = (s[0] + s[1]) + (s[2] + s[3]);
  double rest = t[0] + t[1];
  for (; i < n; ++i) {
    rest += a[i] * b[i];
  }
  return rest;
}

inline void subtract(double* a, const double* b, double factor, std::size_t n) {
  const Lanes f = {factor, factor};
  std::size_t i = 0;
  for (; i + 2 <= n; i += 2) {
    store_lanes(a + i, load_lanes(a + i) - f * load_lanes(b + i));
  }
  if (i < n) {
    a[i] -= factor * b[i];
  }
}

}  // namespace detail

// Upper triangular, by column.
struct Triangle {
  std::size_t k = 0;
  std::vector<double> data;

  explicit Triangle(std::size_t columns = 0) : k(columns), data(columns * columns, 0.0) {}
  double& operator()(std::size_t i, std::size_t j) { return data[i + j * k]; }
  double operator()(std::size_t i, std::size_t j) const { return data[i + j * k]; }

  // Takes in m rows of k columns, by column, `stride` apart; they are destroyed.
  void absorb(double* block, std::size_t m, std::size_t stride) {
    for (std::size_t j = 0; j < k; ++j) {
      double* v = block + j * stride;
      const double below = detail::dot(v, v, m);
      if (below == 0.0) {
        continue;
      }
      double& head = (*this)(j, j);
      const double length = std::sqrt(head * head + below);
      const double pivot = head > 0.0 ? -length : length;
      const double tau = (pivot - head) / pivot, divisor = 1.0 / (head - pivot);
      for (std::size_t i = 0; i < m; ++i) {
        v[i] *= divisor;
      }
      head = pivot;
      for (std::size_t l = j + 1; l < k; ++l) {
        double* column = block + l * stride;
        double& top = (*this)(j, l);
        const double along = tau * (top + detail::dot(v, column, m));
        top -= along;
        detail::subtract(column, v, along, m);
      }
    }
  }

  void absorb(Triangle other) { absorb(other.data.data(), k, k); }
};

// row vectors z with z R = x, in place: `m` rows by column; R upper triangular r x r.
inline void divide_by_triangle(const double* triangle, std::size_t r, double* x, std::size_t m, std::size_t stride) {
  for (std::size_t j = 0; j < r; ++j) {
    double* column = x + j * stride;
    for (std::size_t k = 0; k < j; ++k) {
      detail::subtract(column, x + k * stride, triangle[k + j * r], m);
    }
    const double pivot = triangle[j + j * r];
    for (std::size_t i = 0; i < m; ++i) {
      column[i] /= pivot;
    }
  }
}

// R x = b and R' x = b, in place.
inline void back_solve(const double* triangle, std::size_t r, double* b) {
  for (std::size_t j = r; j-- > 0;) {
    b[j] /= triangle[j + j * r];
    for (std::size_t i = 0; i < j; ++i) {
      b[i] -= triangle[i + j * r] * b[j];
    }
  }
}

inline void forward_solve(const double* triangle, std::size_t r, double* b) {
  for (std::size_t j = 0; j < r; ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      b[j] -= triangle[i + j * r] * b[i];
    }
    b[j] /= triangle[j + j * r];
  }
}

}  // namespace respondr::linear
