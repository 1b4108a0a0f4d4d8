#pragma once
// Least squares: what is fitted and what comes back.

#include <cstddef>
#include <vector>

#include "respondr/types.hpp"

namespace respondr::linear {

enum class Covariance : int { classical = 0, hc0, hc1, hc2, hc3, hc4, cr0, cr1, cr2 };

// Views. x is by column, n x p. Rows of weight 0 count nowhere but have a fitted value.
struct Problem {
  const double* x = nullptr;
  std::size_t n = 0, p = 0;
  const double* y = nullptr;
  const double* weight = nullptr;  // inverse variances up to a factor; nullptr: 1
  const double* offset = nullptr;  // nullptr: 0

  double root_weight(std::size_t i) const;
  double response(std::size_t i) const { return offset == nullptr ? y[i] : y[i] - offset[i]; }
};

struct Fit {
  std::vector<double> beta;               // p; missing where a column depends on those before it
  std::vector<unsigned char> kept;        // p
  std::vector<double> fitted, residual;   // n; fitted includes the offset
  std::vector<double> map;                // p x rank, by column: beta = map z, z with the identity as covariance / sigma^2
  std::vector<double> root;               // rank x p, by column: of the weighted matrix, X = Q root
  std::size_t rank = 0;
  bool intercept = false;                 // the first column is 1
  double n_used = 0.0, rss = missing, tss = missing, df = 0.0, log_weight = 0.0;
  int refinements = 0;
  Status status = Status::ok;
  // What makes rows of Q again: x in units of scale from centre, times root weight, solved with triangle (rank x rank).
  std::vector<double> centre, scale, triangle;
  std::vector<std::size_t> column;        // kept columns, rank
};

}  // namespace respondr::linear
