#pragma once
// Four multivariate tests from the roots of E^-1 H: d contrasts of the visits, hypothesis on h and error on v degrees of freedom.
//
//   Pillai      sum l / (1 + l)       F on s (2 m + s + 1) and s (2 k + s + 1)                     (Pillai 1955; R, SAS, SPSS)
//   Wilks       product 1 / (1 + l)   Rao's (1951) F, exact where d or h is at most 2
//   Hotelling   sum l                 F of Pillai and Samson (1959) on s (2 m + s + 1) and 2 (s k + 1), as R and SPSS print;
//                                     `mckeon`: McKeon's (1974), what SAS prints by default
//   Roy         largest l             F = l (v - r + h) / r on r and v - r + h, r = max(d, h): an upper bound of F, so that its p
//                                     is a lower bound
// with s = min(d, h), m = (|d - h| - 1) / 2, k = (v - d - 1) / 2. All four are exact and equal where s = 1.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/rm/linear.hpp"
#include "respondr/special/central.hpp"
#include "respondr/types.hpp"

namespace respondr::rm::anova {

struct MultivariateTest {
  double value = missing, f = missing, df1 = missing, df2 = missing, p = missing;

  void finish() { p = special::f_cdf(f, df1, df2, special::Tail::upper); }
};

struct Multivariate {
  MultivariateTest pillai, wilks, hotelling, roy, mckeon;  // mckeon.value is that of hotelling
  bool exact = false;
};

struct RootsWorkspace {
  Matrix scaled, product;
  std::vector<double> roots;
};

// Roots of E^-1 H, largest first, H = G'G. factor: Cholesky factor of E; g: h x d.
inline void hypothesis_roots(const Matrix& factor, const Matrix& g, RootsWorkspace& w) {
  const std::size_t h = g.rows, d = g.cols;
  w.scaled.resize(d, h);
  for (std::size_t k = 0; k < h; ++k) {
    for (std::size_t j = 0; j < d; ++j) {
      w.scaled(j, k) = g(k, j);
    }
    forward_solve(factor, w.scaled.col(k));
  }
  const std::size_t s = std::min(h, d);
  w.product.resize(s, s);
  for (std::size_t i = 0; i < s; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = 0.0;
      if (h <= d) {
        sum = dot(w.scaled.col(i), w.scaled.col(j), d);
      } else {
        for (std::size_t k = 0; k < h; ++k) {
          sum += w.scaled(i, k) * w.scaled(j, k);
        }
      }
      w.product(i, j) = w.product(j, i) = sum;
    }
  }
  eigenvalues(w.product, w.roots);
  for (double& root : w.roots) {
    root = std::max(0.0, root);
  }
}

namespace detail {

inline void wilks_f(double log_wilks, double d, double h, double v, MultivariateTest& t) {
  const double both = d * d + h * h - 5.0;
  const double power = both > 0.0 ? std::sqrt((d * d * h * h - 4.0) / both) : 1.0;
  t.df1 = d * h;
  t.df2 = power * (v - 0.5 * (d - h + 1.0)) - 0.5 * (d * h - 2.0);
  t.f = std::expm1(-log_wilks / power) * t.df2 / t.df1;
}

inline void mckeon_f(double sum, double d, double h, double v, MultivariateTest& t) {
  const double k = 0.5 * (v - d - 1.0);
  if (!(k > 0.0)) {
    return;
  }
  const double above = (d + 2.0 * k) * (h + 2.0 * k), below = 2.0 * (2.0 * k + 1.0) * (k - 1.0);
  const double extra = (d * h + 2.0) * below / (above - below);  // (d h + 2) / (above / below - 1)
  const double c = (2.0 + extra) / (2.0 * k);
  t.df1 = d * h;
  t.df2 = 4.0 + extra;
  t.f = sum / c * t.df2 / t.df1;
}

}  // namespace detail

// d, h > 0; v >= d.
inline Multivariate multivariate_tests(const std::vector<double>& roots, double d, double h, double v) {
  Multivariate out;
  double pillai = 0.0, log_wilks = 0.0, sum = 0.0;
  for (const double l : roots) {
    pillai += l / (1.0 + l);
    log_wilks -= std::log1p(l);
    sum += l;
  }
  const double s = std::min(d, h), m = 0.5 * (std::fabs(d - h) - 1.0), k = 0.5 * (v - d - 1.0);
  out.exact = s == 1.0;
  const double sides = 2.0 * m + s + 1.0;
  out.pillai = {pillai, (2.0 * k + s + 1.0) / sides * pillai / (s - pillai), s * sides, s * (2.0 * k + s + 1.0), missing};
  out.wilks.value = std::exp(log_wilks);
  detail::wilks_f(log_wilks, d, h, v, out.wilks);
  out.hotelling = {sum, 2.0 * (s * k + 1.0) / (s * s * sides) * sum, s * sides, 2.0 * (s * k + 1.0), missing};
  out.mckeon.value = sum;
  if (out.exact) {
    out.mckeon = out.hotelling;
  } else {
    detail::mckeon_f(sum, d, h, v, out.mckeon);
  }
  const double largest = std::max(d, h), df2 = v - largest + h;
  out.roy = {roots[0], roots[0] * df2 / largest, largest, df2, missing};
  if (out.exact) {
    out.pillai.f = out.wilks.f = out.hotelling.f;  // the same number but for rounding
  }
  for (MultivariateTest* t : {&out.pillai, &out.wilks, &out.hotelling, &out.roy, &out.mckeon}) {
    t->finish();
  }
  return out;
}

}  // namespace respondr::rm::anova
