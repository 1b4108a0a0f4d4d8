#pragma once
// Summary of one problem that every test is a finisher of: the coordinates of the fitted means and the residual sums of squares
// and products, in the rotated cells. Patient rows and printed figures both end here.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/rm/anova_load.hpp"

namespace respondr::rm::anova {

struct Fit {
  double n = 0.0;
  Matrix effects;      // rank x width: Q' Z
  Matrix error;        // width x width: residual sums of squares and products of Z, both triangles
  double unit = 1.0;   // of Z
  double noise = 0.0;  // absolute rounding of one value of Z
  double level = 0.0;  // was taken from every measurement; only the test of the grand mean has to know
};

// Sums of squares and products of the columns of z.
inline void cross_products(const Matrix& z, Matrix& out) {
  out.resize(z.cols, z.cols);
  for (std::size_t j = 0; j < z.cols; ++j) {
    for (std::size_t i = 0; i <= j; ++i) {
      out(i, j) = out(j, i) = dot(z.col(i), z.col(j), z.rows);
    }
  }
}

// z = y * rotation.
inline void rotate(const Matrix& y, const Matrix& rotation, Matrix& z) {
  z.resize(y.rows, rotation.cols);
  for (std::size_t j = 0; j < rotation.cols; ++j) {
    double* to = z.col(j);
    for (std::size_t i = 0; i < y.rows; ++i) {
      to[i] = 0.0;
    }
    for (std::size_t c = 0; c < y.cols; ++c) {
      subtract_multiple(to, y.col(c), -rotation(c, j), y.rows);
    }
  }
}

// effects = Q' z; z becomes its residuals.
inline void project(const Matrix& q, Matrix& z, Matrix& effects) {
  effects.resize(q.cols, z.cols);
  for (std::size_t j = 0; j < z.cols; ++j) {
    for (std::size_t k = 0; k < q.cols; ++k) {
      effects(k, j) = dot(q.col(k), z.col(j), z.rows);
    }
    for (std::size_t k = 0; k < q.cols; ++k) {
      subtract_multiple(z.col(j), q.col(k), effects(k, j), z.rows);
    }
  }
}

// out += rotation' within rotation; nothing where within is null.
inline void add_rotated(const Matrix* within, const Matrix& rotation, Matrix& out) {
  if (within == nullptr) {
    return;
  }
  for (std::size_t j = 0; j < rotation.cols; ++j) {
    for (std::size_t i = 0; i <= j; ++i) {
      double sum = 0.0;
      for (std::size_t k = 0; k < within->cols; ++k) {
        sum += rotation(k, j) * dot(rotation.col(i), within->col(k), rotation.rows);
      }
      out(i, j) += sum;
      out(j, i) = out(i, j);
    }
  }
}

// z: the rotated measurements, which become residuals.
inline void fit_rows(const Plan& plan, const Block& block, Matrix& z, Fit& fit) {
  fit.n = plan.n;
  fit.unit = block.unit;
  fit.noise = block.noise;
  fit.level = block.pivot;
  project(plan.q, z, fit.effects);
  cross_products(z, fit.error);
}

}  // namespace respondr::rm::anova
