#pragma once
// One row of counts added to another.

#include <cstddef>

namespace respondr::detail {

// to[k] += from[k]; the ranges do not overlap. Eight at a time, so that the compiler sees a fixed length.
inline void add_into(double* to, const double* from, std::size_t n) {
  std::size_t k = 0;
  for (; k + 8 <= n; k += 8) {
    double sum[8];
    for (std::size_t j = 0; j < 8; ++j) {
      sum[j] = to[k + j] + from[k + j];
    }
    for (std::size_t j = 0; j < 8; ++j) {
      to[k + j] = sum[j];
    }
  }
  for (; k < n; ++k) {
    to[k] += from[k];
  }
}

// to[k] += ways * from[k], likewise.
inline void add_scaled(double* to, const double* from, std::size_t n, double ways) {
  std::size_t k = 0;
  for (; k + 8 <= n; k += 8) {
    double sum[8];
    for (std::size_t j = 0; j < 8; ++j) {
      sum[j] = to[k + j] + ways * from[k + j];
    }
    for (std::size_t j = 0; j < 8; ++j) {
      to[k + j] = sum[j];
    }
  }
  for (; k < n; ++k) {
    to[k] += ways * from[k];
  }
}

}  // namespace respondr::detail
