#pragma once
// From rows to a triangle, and which columns of it say something of their own (see fit.hpp).

#include <algorithm>
#include <cmath>
#include <limits>

#include "respondr/linear/triangle.hpp"
#include "respondr/linear/types.hpp"
#include "respondr/moments.hpp"
#include "respondr/parallel.hpp"

namespace respondr::linear {

inline double Problem::root_weight(std::size_t i) const { return weight == nullptr ? 1.0 : std::sqrt(weight[i]); }

namespace detail {

constexpr std::size_t block_rows = 128, chunk_rows = std::size_t{1} << 15;

inline double power_of_two(double size) { return size > 0.0 ? std::ldexp(1.0, -std::ilogb(size)) : 1.0; }

// Centre and scale of the columns of x, and of y in the last place.
struct Frame {
  std::vector<double> centre, scale, largest;
};

inline double weighted_mean(const Problem& q, const double* column, double total) {
  if (q.weight == nullptr) {
    return respondr::detail::compensated_sum({column, q.n}, [](auto v) { return v; }) / total;
  }
  CompensatedSum sum;
  for (std::size_t i = 0; i < q.n; ++i) {
    if (q.weight[i] > 0.0) {
      sum.add(q.weight[i] / total * column[i]);
    }
  }
  return sum.value();
}

inline double largest_distance(const Problem& q, const double* column, double centre) {
  double most = 0.0;
  for (std::size_t i = 0; i < q.n; ++i) {
    if (q.weight == nullptr || q.weight[i] > 0.0) {
      most = std::max(most, std::fabs(column[i] - centre));
    }
  }
  return most;
}

inline Frame frame_of(const Problem& q, const std::vector<double>& response, bool intercept, double total) {
  Frame f;
  for (std::size_t j = 0; j <= q.p; ++j) {
    const double* column = j < q.p ? q.x + j * q.n : response.data();
    const bool centred = intercept && j > 0;
    f.centre.push_back(centred ? weighted_mean(q, column, total) : 0.0);
    f.scale.push_back(power_of_two(largest_distance(q, column, f.centre[j])));
    f.largest.push_back(largest_distance(q, column, 0.0));
  }
  return f;
}

// Rows first, ..., first + m - 1 of the weighted matrix of the columns listed (q.p is the response), by column.
template <class Columns>
void load_rows(const Problem& q, const std::vector<double>& response, const Frame& f, const Columns& columns,
               std::size_t first, std::size_t m, double* out, std::size_t stride) {
  std::size_t place = 0;
  for (const std::size_t j : columns) {
    const double* column = (j < q.p ? q.x + j * q.n : response.data()) + first;
    const double centre = f.centre[j], scale = f.scale[j];
    double* to = out + place++ * stride;
    for (std::size_t i = 0; i < m; ++i) {
      to[i] = (column[i] - centre) * scale;
    }
    if (q.weight != nullptr) {
      for (std::size_t i = 0; i < m; ++i) {
        to[i] *= q.root_weight(first + i);
      }
    }
  }
}

inline std::vector<std::size_t> count_up(std::size_t n) {
  std::vector<std::size_t> out(n);
  for (std::size_t i = 0; i < n; ++i) {
    out[i] = i;
  }
  return out;
}

inline Triangle reduce(const Problem& q, const std::vector<double>& response, const Frame& f, int threads,
                       const Hooks& hooks) {
  const std::size_t k = q.p + 1, chunks = (q.n + chunk_rows - 1) / chunk_rows;
  const std::vector<std::size_t> columns = count_up(k);
  std::vector<Triangle> parts(chunks, Triangle(k));
  parallel_map(
      chunks, threads, hooks, [&] { return std::vector<double>(block_rows * k); },
      [&](std::size_t c, std::vector<double>& block) {
        const std::size_t end = std::min(q.n, (c + 1) * chunk_rows);
        for (std::size_t first = c * chunk_rows; first < end; first += block_rows) {
          const std::size_t m = std::min(block_rows, end - first);
          load_rows(q, response, f, columns, first, m, block.data(), block_rows);
          parts[c].absorb(block.data(), m, block_rows);
        }
      });
  Triangle whole(k);
  for (Triangle& part : parts) {
    whole.absorb(std::move(part));
  }
  return whole;
}

// The triangle again, column after column; those that depend on others take no row. `a` becomes the staircase.
inline void reveal(Triangle& a, const Frame& f, std::size_t p, double total, std::vector<std::size_t>& kept) {
  constexpr double eps = std::numeric_limits<double>::epsilon(), tolerance = 1e-11;
  std::vector<double> rounding, work(a.k);
  for (std::size_t j = 0; j < p; ++j) {
    rounding.push_back(dot(&a(0, j), &a(0, j), a.k));
    rounding[j] = eps * (std::sqrt(rounding[j]) + std::fabs(f.centre[j]) * f.scale[j] * std::sqrt(total));
  }
  for (std::size_t j = 0; j < p; ++j) {
    const std::size_t r = kept.size();
    const double spread = std::sqrt(dot(&a(0, j), &a(0, j), a.k));
    const double rest = r < a.k ? std::sqrt(dot(&a(r, j), &a(r, j), a.k - r)) : 0.0;
    double noise = rounding[j];
    std::copy(&a(0, j), &a(0, j) + r, work.begin());
    for (std::size_t k = r; k-- > 0;) {
      work[k] /= a(k, kept[k]);
      for (std::size_t i = 0; i < k; ++i) {
        work[i] -= a(i, kept[k]) * work[k];
      }
      noise += std::fabs(work[k]) * rounding[kept[k]];
    }
    if (!(rest > tolerance * spread) || !(rest > 4.0 * noise)) {
      continue;
    }
    double* v = &a(r, j);
    const std::size_t m = a.k - r;
    const double pivot = v[0] > 0.0 ? -rest : rest;
    v[0] -= pivot;
    const double square = dot(v, v, m);
    for (std::size_t l = j + 1; l < a.k; ++l) {
      subtract(&a(r, l), v, 2.0 * dot(v, &a(r, l), m) / square, m);
    }
    v[0] = pivot;
    std::fill(v + 1, v + m, 0.0);
    kept.push_back(j);
  }
}

}  // namespace detail

}  // namespace respondr::linear
