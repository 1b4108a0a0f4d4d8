#pragma once
// Covariance of the coefficients.
//
// With rows q_i of the orthonormal basis (X = Q R, weighted rows), residual e_i, leverage h_i = q_i' q_i, n rows and k
// coefficients
// classical  s^2 (X'X)^-1, s^2 = sum e^2 / (n - k)
// hc0 ... 4  sandwich with e^2 times 1, n / (n - k), 1 / (1 - h), 1 / (1 - h)^2, (1 - h)^-min(4, n h / k) (White 1980;
//            MacKinnon and White 1985; Cribari-Neto 2004); t on n - k degrees of freedom. From hc2 on there is none where
//            a row alone determines a coefficient (h = 1).
// cr0, cr1   sandwich of the sums of scores of clusters (Liang and Zeger 1986); cr1 times G / (G - 1) (n - 1) / (n - k);
//            G - 1 degrees of freedom
// cr2        scores of cluster g with (I - H_gg)^(-1/2), equal variances (times 1 / weight) as working model, and degrees
//            of freedom of each coefficient by Satterthwaite (Bell and McCaffrey 2002, Surv Methodol 28:169; Pustejovsky
//            and Tipton 2018, J Bus Econ Stat 36:672). Directions that a cluster alone determines are left out.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/linear/eigen.hpp"
#include "respondr/linear/reduce.hpp"
#include "respondr/linear/types.hpp"

namespace respondr::linear {

struct Variance {
  std::vector<double> matrix;  // p x p, missing for aliased coefficients
  std::vector<double> df;      // p
  std::size_t clusters = 0;
  Status status = Status::ok;
};

namespace detail {

// map M map', M symmetric rank x rank.
inline void place_variance(const Fit& f, const std::vector<double>& m, Variance& out) {
  const std::size_t p = f.kept.size(), r = f.rank;
  std::vector<double> half(p * r, 0.0);
  for (std::size_t k = 0; k < r; ++k) {
    for (std::size_t l = 0; l < r; ++l) {
      subtract(&half[k * p], &f.map[l * p], -m[l + k * r], p);
    }
  }
  out.matrix.assign(p * p, missing);
  for (std::size_t i = 0; i < p; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      if (f.kept[i] == 0 || f.kept[j] == 0) {
        continue;
      }
      double sum = 0.0;
      for (std::size_t k = 0; k < r; ++k) {
        sum += half[i + k * p] * f.map[j + k * p];
      }
      out.matrix[i + j * p] = out.matrix[j + i * p] = sum;
    }
  }
}

inline void add_outer(std::vector<double>& m, const double* z, std::size_t r, double factor = 1.0) {
  for (std::size_t j = 0; j < r; ++j) {
    for (std::size_t i = 0; i < r; ++i) {
      m[i + j * r] += factor * z[i] * z[j];
    }
  }
}

}  // namespace detail

// Blocks of rows of Q: visit(first, m, block), row i of the block in block[i + k * block_rows].
template <class Visit>
void visit_basis(const Problem& q, const Fit& f, Visit&& visit) {
  detail::Frame frame;
  frame.centre = f.centre;
  frame.scale = f.scale;
  const std::vector<double> none;
  std::vector<double> block(detail::block_rows * f.rank);
  for (std::size_t first = 0; first < q.n; first += detail::block_rows) {
    const std::size_t m = std::min(detail::block_rows, q.n - first);
    detail::load_rows(q, none, frame, f.column, first, m, block.data(), detail::block_rows);
    divide_by_triangle(f.triangle.data(), f.rank, block.data(), m, detail::block_rows);
    visit(first, m, block.data());
  }
}

inline void leverage(const Problem& q, const Fit& f, std::vector<double>& out) {
  out.assign(q.n, 0.0);
  visit_basis(q, f, [&](std::size_t first, std::size_t m, const double* block) {
    for (std::size_t k = 0; k < f.rank; ++k) {
      for (std::size_t i = 0; i < m; ++i) {
        const double z = block[i + k * detail::block_rows];
        out[first + i] += z * z;
      }
    }
  });
}

inline bool full_leverage(double h) { return h > 1.0 - 1e-10; }

inline double hc_factor(Covariance kind, double h, double n, double k) {
  switch (kind) {
    case Covariance::hc1: return n / (n - k);
    case Covariance::hc2: return 1.0 / (1.0 - h);
    case Covariance::hc3: return 1.0 / ((1.0 - h) * (1.0 - h));
    case Covariance::hc4: return std::pow(1.0 - h, -std::min(4.0, n * h / k));
    default: return 1.0;
  }
}

inline void sandwich(const Problem& q, const Fit& f, Covariance kind, Variance& out) {
  const std::size_t r = f.rank;
  std::vector<double> h, meat(r * r, 0.0);
  leverage(q, f, h);
  for (std::size_t i = 0; i < q.n; ++i) {
    if (kind >= Covariance::hc2 && full_leverage(h[i])) {
      out.status = Status::not_estimable;
      return;
    }
  }
  std::vector<double> scaled(detail::block_rows * r);
  Triangle whole(r);
  visit_basis(q, f, [&](std::size_t first, std::size_t m, const double* block) {
    for (std::size_t k = 0; k < r; ++k) {
      for (std::size_t i = 0; i < m; ++i) {
        const std::size_t at = first + i;
        const double factor = std::sqrt(hc_factor(kind, h[at], f.n_used, static_cast<double>(r)));
        scaled[i + k * detail::block_rows] = block[i + k * detail::block_rows] * f.residual[at] * q.root_weight(at) * factor;
      }
    }
    whole.absorb(scaled.data(), m, detail::block_rows);
  });
  for (std::size_t j = 0; j < r; ++j) {
    for (std::size_t i = 0; i < r; ++i) {
      meat[i + j * r] = detail::dot(&whole.data[i * r], &whole.data[j * r], std::min(i, j) + 1);
    }
  }
  detail::place_variance(f, meat, out);
}

namespace detail {

// Sums over clusters that Satterthwaite's degrees of freedom of one coefficient need: of the quadratic forms P_gh.
struct FormSums {
  double d = 0.0, d2 = 0.0, v2 = 0.0, dv2 = 0.0;
  std::vector<double> vv;
  double df(std::size_t r) const {
    double square = 0.0;
    for (std::size_t i = 0; i < r * r; ++i) {
      square += vv[i] * vv[i];
    }
    return (d - v2) * (d - v2) / (d2 - 2.0 * dv2 + square);
  }
};

// (I - M)^(-1/2) of the rows of one cluster, directions of eigenvalue 1 left out.
inline void adjustment(std::vector<double> m, std::size_t r, std::vector<double>& out) {
  std::vector<double> v;
  eigen(m, v, r);
  out.assign(r * r, 0.0);
  for (std::size_t k = 0; k < r; ++k) {
    const double rest = 1.0 - m[k + k * r];
    add_outer(out, &v[k * r], r, rest > 1e-10 ? 1.0 / std::sqrt(rest) : 0.0);
  }
}

inline void multiply(const std::vector<double>& m, const double* x, std::size_t r, double* out) {
  std::fill(out, out + r, 0.0);
  for (std::size_t k = 0; k < r; ++k) {
    subtract(out, &m[k * r], -x[k], r);
  }
}

inline void add_forms(const Fit& f, const std::vector<double>& adjust, const std::vector<double>& m,
                      std::vector<FormSums>& forms) {
  const std::size_t r = f.rank, p = f.kept.size();
  std::vector<double> a(r), u(r), v(r);
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t k = 0; k < r; ++k) {
      a[k] = f.map[j + k * p];
    }
    multiply(adjust, a.data(), r, u.data());
    multiply(m, u.data(), r, v.data());
    const double d = dot(u.data(), v.data(), r), length = dot(v.data(), v.data(), r);
    FormSums& s = forms[j];
    s.d += d;
    s.d2 += d * d;
    s.v2 += length;
    s.dv2 += d * length;
    add_outer(s.vv, v.data(), r);
  }
}

}  // namespace detail

namespace detail {

// For each cluster the sum of scores in the basis, and if wanted the sum of products of its rows.
inline void cluster_sums(const Problem& q, const Fit& f, const int* cluster, std::size_t clusters, bool products,
                         std::vector<double>& score, std::vector<double>& inner) {
  const std::size_t r = f.rank;
  score.assign(clusters * r, 0.0);
  inner.assign(products ? clusters * r * r : 0, 0.0);
  std::vector<double> z(r);
  visit_basis(q, f, [&](std::size_t first, std::size_t m, const double* block) {
    for (std::size_t i = 0; i < m; ++i) {
      const std::size_t g = static_cast<std::size_t>(cluster[first + i]);
      for (std::size_t k = 0; k < r; ++k) {
        z[k] = block[i + k * block_rows];
        score[g * r + k] += z[k] * f.residual[first + i] * q.root_weight(first + i);
      }
      for (std::size_t k = 0; products && k < r; ++k) {
        subtract(&inner[(g * r + k) * r], z.data(), -z[k], r);
      }
    }
  });
}

}  // namespace detail

// cluster: codes from 0, `clusters` of them; every one occurs.
inline void cluster_sandwich(const Problem& q, const Fit& f, Covariance kind, const int* cluster, std::size_t clusters,
                             Variance& out) {
  const std::size_t r = f.rank, p = f.kept.size();
  out.clusters = clusters;
  if (clusters < 2) {
    out.status = Status::one_level;
    return;
  }
  const bool cr2 = kind == Covariance::cr2;
  std::vector<double> score, inner, meat(r * r, 0.0), z(r);
  detail::cluster_sums(q, f, cluster, clusters, cr2, score, inner);
  detail::FormSums empty;
  empty.vv.assign(r * r, 0.0);
  std::vector<detail::FormSums> forms(cr2 ? p : 0, empty);
  std::vector<double> adjust;
  for (std::size_t g = 0; g < clusters; ++g) {
    if (!cr2) {
      detail::add_outer(meat, &score[g * r], r);
      continue;
    }
    const std::vector<double> m(inner.begin() + g * r * r, inner.begin() + (g + 1) * r * r);
    detail::adjustment(m, r, adjust);
    detail::multiply(adjust, &score[g * r], r, z.data());
    detail::add_outer(meat, z.data(), r);
    detail::add_forms(f, adjust, m, forms);
  }
  const double count = static_cast<double>(clusters), k = static_cast<double>(r);
  if (kind == Covariance::cr1) {
    const double factor = count / (count - 1.0) * (f.n_used - 1.0) / (f.n_used - k);
    std::transform(meat.begin(), meat.end(), meat.begin(), [factor](double x) { return factor * x; });
  }
  detail::place_variance(f, meat, out);
  out.df.assign(p, count - 1.0);
  for (std::size_t j = 0; cr2 && j < p; ++j) {
    out.df[j] = f.kept[j] != 0 ? forms[j].df(r) : missing;
  }
}

inline Variance variance(const Problem& q, const Fit& f, Covariance kind, const int* cluster, std::size_t clusters) {
  Variance out;
  const std::size_t p = f.kept.size(), r = f.rank;
  out.matrix.assign(p * p, missing);
  out.df.assign(p, f.df);
  if (f.df < 1.0 || f.status == Status::no_data) {
    out.status = f.status;
    return out;
  }
  if (kind == Covariance::classical) {
    std::vector<double> m(r * r, 0.0);
    for (std::size_t k = 0; k < r; ++k) {
      m[k + k * r] = f.rss / f.df;
    }
    detail::place_variance(f, m, out);
  } else if (kind < Covariance::cr0) {
    sandwich(q, f, kind, out);
  } else {
    cluster_sandwich(q, f, kind, cluster, clusters, out);
  }
  return out;
}

}  // namespace respondr::linear
