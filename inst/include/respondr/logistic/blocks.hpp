#pragma once
// Sums over rows in blocks that stay in the cache: predictors times coefficients, cross-products, quadratic forms. A
// block holds its columns one after the other, `block_rows` values each, the rows used rounded up to a multiple of
// four; rows added by that carry weight 0. The order of every sum is fixed by the block.

#include <cstddef>
#include <utility>

#include "respondr/detail/lanes.hpp"
#include "respondr/detail/lanes_exp.hpp"
#include "respondr/parallel.hpp"

namespace respondr::logistic {

constexpr std::size_t block_rows = 128;
constexpr std::size_t chunk_blocks = 32;  // what one thread sums at a time

namespace detail {

using respondr::detail::exp_of_negative;
using respondr::detail::Lanes;
using respondr::detail::load_lanes;
using respondr::detail::store_lanes;

// f(chunk) for each chunk, in any order.
template <class F>
void for_chunks(std::size_t chunks, int threads, F&& f) {
  if (threads <= 1 || chunks < 2) {
    for (std::size_t c = 0; c < chunks; ++c) {
      f(c);
    }
    return;
  }
  parallel_map(
      chunks, threads, Hooks{}, [] { return 0; }, [&f](std::size_t c, int&) { f(c); });
}

// out(j, k) += sum over rows of a_j b_k for the J columns at a and the K columns at b; the accumulators stay in
// registers.
template <std::size_t J, std::size_t K, std::size_t... I>
inline void add_products(const double* a, const double* b, std::size_t rows, double* out, std::size_t ld,
                         std::index_sequence<I...>) {
  Lanes s[J * K] = {};
  for (std::size_t i = 0; i < rows; i += 2) {
    ((s[I] += load_lanes(a + (I / K) * block_rows + i) * load_lanes(b + (I % K) * block_rows + i)), ...);
  }
  ((out[I / K + (I % K) * ld] += s[I][0] + s[I][1]), ...);
}

template <std::size_t J, std::size_t K>
inline void add_products(const double* a, const double* b, std::size_t rows, double* out, std::size_t ld) {
  add_products<J, K>(a, b, rows, out, ld, std::make_index_sequence<J * K>{});
}

template <std::size_t K>
inline void add_panel(const double* a, std::size_t j, std::size_t p, const double* b, std::size_t rows, double* out,
                      std::size_t ld) {
  for (; j + 3 <= p; j += 3) {
    add_products<3, K>(a + j * block_rows, b, rows, out + j, ld);
  }
  if (p - j == 2) {
    add_products<2, K>(a + j * block_rows, b, rows, out + j, ld);
  } else if (p - j == 1) {
    add_products<1, K>(a + j * block_rows, b, rows, out + j, ld);
  }
}

// The lower triangle of out (p x p) += Z' diag(w) Z; scratch holds p columns of a block.
inline void add_cross(const double* z, std::size_t p, const double* w, std::size_t rows, double* scratch, double* out) {
  for (std::size_t j = 0; j < p; ++j) {
    const double* from = z + j * block_rows;
    double* to = scratch + j * block_rows;
    for (std::size_t i = 0; i < rows; i += 2) {
      store_lanes(to + i, load_lanes(from + i) * load_lanes(w + i));
    }
  }
  std::size_t k = 0;
  for (; k + 3 <= p; k += 3) {
    add_panel<3>(scratch, k, p, z + k * block_rows, rows, out + k * p, p);
  }
  if (p - k == 2) {
    add_panel<2>(scratch, k, p, z + k * block_rows, rows, out + k * p, p);
  } else if (p - k == 1) {
    add_panel<1>(scratch, k, p, z + k * block_rows, rows, out + k * p, p);
  }
}

// out (p) += Z' v.
inline void add_projection(const double* z, std::size_t p, const double* v, std::size_t rows, double* out) {
  add_panel<1>(z, 0, p, v, rows, out, p);
}

template <std::size_t... I>
inline void add_columns(const double* z, const double* coefficient, std::size_t rows, double* eta,
                        std::index_sequence<I...>) {
  const Lanes c[sizeof...(I)] = {Lanes{coefficient[I], coefficient[I]}...};
  for (std::size_t i = 0; i < rows; i += 2) {
    Lanes sum = load_lanes(eta + i);
    ((sum += c[I] * load_lanes(z + I * block_rows + i)), ...);
    store_lanes(eta + i, sum);
  }
}

// eta += Z coefficient.
inline void add_linear(const double* z, std::size_t p, const double* coefficient, std::size_t rows, double* eta) {
  std::size_t j = 0;
  for (; j + 4 <= p; j += 4) {
    add_columns(z + j * block_rows, coefficient + j, rows, eta, std::make_index_sequence<4>{});
  }
  switch (p - j) {
    case 3:
      add_columns(z + j * block_rows, coefficient + j, rows, eta, std::make_index_sequence<3>{});
      break;
    case 2:
      add_columns(z + j * block_rows, coefficient + j, rows, eta, std::make_index_sequence<2>{});
      break;
    case 1:
      add_columns(z + j * block_rows, coefficient + j, rows, eta, std::make_index_sequence<1>{});
      break;
    default:
      break;
  }
}

// form_i = |T z_i|^2 with T lower triangular, its rows one after the other.
inline void quadratic_form(const double* z, std::size_t p, const double* t, std::size_t rows, double* form) {
  for (std::size_t i = 0; i < rows; i += 4) {
    Lanes sum_a = {}, sum_b = {};
    const double* row = t;
    for (std::size_t j = 0; j < p; ++j) {
      Lanes a = {}, b = {};
      for (std::size_t k = 0; k <= j; ++k) {
        const double* at = z + k * block_rows + i;
        a += row[k] * load_lanes(at);
        b += row[k] * load_lanes(at + 2);
      }
      sum_a += a * a;
      sum_b += b * b;
      row += j + 1;
    }
    store_lanes(form + i, sum_a);
    store_lanes(form + i + 2, sum_b);
  }
}

}  // namespace detail
}  // namespace respondr::logistic
