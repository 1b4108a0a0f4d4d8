#pragma once
// Eigenvalues and vectors of a small symmetric matrix.

#include <cmath>
#include <cstddef>
#include <vector>

namespace respondr::linear::detail {

// Eigenvalues (diagonal of a) and vectors (columns of v) of a symmetric matrix by Jacobi's rotations.
inline void eigen(std::vector<double>& a, std::vector<double>& v, std::size_t n) {
  v.assign(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    v[i + i * n] = 1.0;
  }
  for (int sweep = 0; sweep < 60; ++sweep) {
    double off = 0.0, on = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
      on += a[j + j * n] * a[j + j * n];
      for (std::size_t i = 0; i < j; ++i) {
        off += a[i + j * n] * a[i + j * n];
      }
    }
    if (!(off > 1e-34 * on)) {
      break;
    }
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = p + 1; q < n; ++q) {
        if (a[p + q * n] == 0.0) {
          continue;
        }
        const double theta = 0.5 * (a[q + q * n] - a[p + p * n]) / a[p + q * n];
        const double t = (theta >= 0.0 ? 1.0 : -1.0) / (std::fabs(theta) + std::hypot(1.0, theta));
        const double c = 1.0 / std::hypot(1.0, t), s = t * c;
        const auto turn = [c, s](double& x, double& y) {
          const double old = x;
          x = c * old - s * y;
          y = s * old + c * y;
        };
        for (std::size_t k = 0; k < n; ++k) {
          turn(a[k + p * n], a[k + q * n]);
        }
        for (std::size_t k = 0; k < n; ++k) {
          turn(a[p + k * n], a[q + k * n]);
          turn(v[k + p * n], v[k + q * n]);
        }
      }
    }
  }
}

}  // namespace respondr::linear::detail
