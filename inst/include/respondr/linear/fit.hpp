#pragma once
// Least squares by QR.
//
// Columns are centred (where there is an intercept), brought to size by powers of 2 and reduced to a triangle in blocks of
// rows; the triangle is then made again column after column, and a column that is no more than rounding away from those
// before it is left out: what is left of it is below 1e-11 of its spread, or below the rounding of the columns that make
// it. Where the columns left are close to dependent the solution is refined with residuals in twice the precision (Bjorck
// 1967, BIT 7:257), which gives the digits that the data as stored determine.
//
// status        beta   covariance
// no_data       -      -           no row of positive weight
// too_few       yes    -           as many coefficients as rows
// no_variance   yes    -           the model explains every value
// ok            yes    yes

#include <algorithm>
#include <cmath>
#include <limits>

#include "respondr/linear/reduce.hpp"
#include "respondr/linear/refine.hpp"

namespace respondr::linear {

namespace detail {

inline bool all_ones(const Problem& q) {
  if (q.p == 0) {
    return false;
  }
  for (std::size_t i = 0; i < q.n; ++i) {
    if (q.x[i] != 1.0) {
      return false;
    }
  }
  return q.n > 0;
}

// Coefficients on the scale of the user, from those of the centred and scaled columns.
inline void place_beta(const Frame& f, const std::vector<double>& scaled, std::size_t p, Fit& out) {
  out.beta.assign(p, missing);
  CompensatedSum intercept;
  for (std::size_t k = 0; k < out.rank; ++k) {
    const std::size_t j = out.column[k];
    out.beta[j] = scaled[k] * (f.scale[j] / f.scale[p]);
    if (j > 0) {
      intercept.add(-out.beta[j] * f.centre[j]);
    }
  }
  if (out.intercept && out.rank > 0 && out.column[0] == 0) {
    intercept.add(out.beta[0]);
    intercept.add(f.centre[p]);
    out.beta[0] = intercept.value();
  }
}

// Residuals from centred columns, so that a common offset takes no digits.
inline void place_residuals(const Problem& q, const std::vector<double>& response, const Frame& f,
                            const std::vector<double>& scaled, Fit& out) {
  out.residual.assign(q.n, 0.0);
  for (std::size_t i = 0; i < q.n; ++i) {
    out.residual[i] = response[i] - f.centre[q.p];
  }
  for (std::size_t k = 0; k < out.rank; ++k) {
    const std::size_t j = out.column[k];
    const double b = scaled[k] * (f.scale[j] / f.scale[q.p]), centre = f.centre[j];
    const double* column = q.x + j * q.n;
    for (std::size_t i = 0; i < q.n; ++i) {
      out.residual[i] -= b * (column[i] - centre);
    }
  }
}

// map = K R^-1: K takes centred and scaled coefficients to those of the user.
inline void place_map(const Frame& f, std::size_t p, Fit& out) {
  const std::size_t r = out.rank;
  out.map.assign(p * r, 0.0);
  std::vector<double> unit(r);
  for (std::size_t k = 0; k < r; ++k) {
    std::fill(unit.begin(), unit.end(), 0.0);
    unit[k] = 1.0;
    back_solve(out.triangle.data(), r, unit.data());
    double* column = out.map.data() + k * p;
    for (std::size_t i = 0; i < r; ++i) {
      const std::size_t j = out.column[i];
      column[j] = unit[i] * f.scale[j];
      if (out.intercept && j > 0) {
        column[0] -= column[j] * f.centre[j];
      }
    }
  }
}

// Q' X of the user's columns, aliased ones included.
inline void place_root(const Triangle& a, const Frame& f, std::size_t p, Fit& out) {
  const std::size_t r = out.rank;
  out.root.assign(r * p, 0.0);
  std::vector<double> first(r, 0.0);
  for (std::size_t j = 0; j < p; ++j) {
    double* column = out.root.data() + j * r;
    for (std::size_t i = 0; i < r; ++i) {
      column[i] = a(i, j) / f.scale[j] + (j > 0 ? f.centre[j] * first[i] : 0.0);
      if (j == 0) {
        first[i] = out.intercept ? column[i] : 0.0;
      }
    }
  }
}

inline void place_sums(const Problem& q, const std::vector<double>& response, const Frame& f, Fit& out) {
  CompensatedSum rss, tss, logs;
  for (std::size_t i = 0; i < q.n; ++i) {
    const double w = q.weight == nullptr ? 1.0 : q.weight[i];
    if (w > 0.0) {
      const double d = response[i] - f.centre[q.p];
      rss.add(w * out.residual[i] * out.residual[i]);
      tss.add(w * d * d);
      if (q.weight != nullptr) {
        logs.add(std::log(w));
      }
    }
  }
  out.rss = rss.value();
  out.tss = tss.value();
  out.log_weight = logs.value();
}

// Residuals within the rounding of the values that they are differences of are none.
inline bool explained(const Frame& f, double total, std::size_t p, const Fit& out) {
  constexpr double unit = 4.0 * std::numeric_limits<double>::epsilon();
  double size = f.largest[p];
  for (const std::size_t j : out.column) {
    if (!(out.intercept && j == 0)) {
      size += std::fabs(out.beta[j]) * f.largest[j];
    }
  }
  return !(out.rss > total * unit * unit * size * size);
}

}  // namespace detail

inline Fit fit(const Problem& q, int threads = 1, const Hooks& hooks = {}) {
  Fit out;
  std::vector<double> response(q.n);
  double total = 0.0;
  for (std::size_t i = 0; i < q.n; ++i) {
    response[i] = q.response(i);
    const double w = q.weight == nullptr ? 1.0 : q.weight[i];
    total += w;
    out.n_used += w > 0.0 ? 1.0 : 0.0;
  }
  out.kept.assign(q.p, 0);
  out.beta.assign(q.p, missing);
  if (out.n_used == 0.0) {
    out.status = Status::no_data;
    return out;
  }
  out.intercept = detail::all_ones(q);
  const detail::Frame f = detail::frame_of(q, response, out.intercept, total);
  Triangle a = detail::reduce(q, response, f, threads, hooks);
  detail::reveal(a, f, q.p, total, out.column);
  const std::size_t r = out.rank = out.column.size();
  for (const std::size_t j : out.column) {
    out.kept[j] = 1;
  }
  out.df = out.n_used - static_cast<double>(r);
  out.centre = f.centre;
  out.scale = f.scale;
  out.triangle.assign(r * r, 0.0);
  std::vector<double> scaled(&a(0, q.p), &a(0, q.p) + r);
  for (std::size_t k = 0; k < r; ++k) {
    std::copy(&a(0, out.column[k]), &a(0, out.column[k]) + k + 1, out.triangle.begin() + k * r);
  }
  back_solve(out.triangle.data(), r, scaled.data());
  detail::place_beta(f, scaled, q.p, out);
  detail::place_residuals(q, response, f, scaled, out);
  detail::refine(q, response, f, out);
  detail::place_map(f, q.p, out);
  detail::place_root(a, f, q.p, out);
  detail::place_sums(q, response, f, out);
  out.fitted.resize(q.n);
  for (std::size_t i = 0; i < q.n; ++i) {
    out.fitted[i] = q.y[i] - out.residual[i];
  }
  if (out.df < 1.0) {
    out.status = Status::too_few;
  } else if (detail::explained(f, total, q.p, out)) {
    out.status = Status::no_variance;
  }
  return out;
}

}  // namespace respondr::linear
