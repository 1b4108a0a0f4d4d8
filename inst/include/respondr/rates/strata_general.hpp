#pragma once
// Cochran-Mantel-Haenszel statistics of r x c tables in strata, given the margins of every stratum (Landis, Heyman and Koch
// 1978, Int Stat Rev 46:237). With G the sum over strata of x - e and V its covariance,
//   cov(x_ij, x_kl) = r_i (n [i = k] - r_k) c_j (n [j = l] - c_l) / (n^2 (n - 1)),
//   general      G' V^- G over all rows and columns
//   row_means    the same of the row sums of v_j (x_ij - e_ij), v the scores of the responses
//   correlation  of the sum of u_i v_j (x_ij - e_ij), u the scores of the arms
// df is the rank of V. Strata with fewer than two patients, or with one row or column only, say nothing.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/rates/strata.hpp"

namespace respondr::rates {

struct GeneralCmh {
  double statistic = missing;
  int df = 0;
};

namespace strata_detail {

// G' V^- G by elimination with the largest pivot; rows whose pivot vanishes are dropped. v: symmetric, row after row;
// destroyed.
inline GeneralCmh quadratic_form(std::vector<double>& v, std::vector<double>& g) {
  const std::size_t n = g.size();
  std::vector<double> scale(n);
  std::vector<char> used(n, 0);
  for (std::size_t i = 0; i < n; ++i) {
    scale[i] = v[i * n + i];
  }
  GeneralCmh out;
  out.statistic = 0.0;
  for (std::size_t step = 0; step < n; ++step) {
    std::size_t best = n;
    double largest = 1e-10;
    for (std::size_t i = 0; i < n; ++i) {
      if (used[i] == 0 && scale[i] > 0.0 && v[i * n + i] / scale[i] > largest) {
        largest = v[i * n + i] / scale[i];
        best = i;
      }
    }
    if (best == n) {
      break;
    }
    used[best] = 1;
    ++out.df;
    out.statistic += g[best] * g[best] / v[best * n + best];
    for (std::size_t i = 0; i < n; ++i) {
      if (used[i] != 0) {
        continue;
      }
      const double factor = v[i * n + best] / v[best * n + best];
      g[i] -= factor * g[best];
      for (std::size_t j = 0; j < n; ++j) {
        if (used[j] == 0) {
          v[i * n + j] -= factor * v[best * n + j];
        }
      }
    }
  }
  return out;
}

struct StratumTable {
  std::vector<double> x, row, col;
  double n = 0.0;
};

// false if the stratum says nothing.
inline bool load_stratum(const int* count, std::size_t rows, std::size_t cols, StratumTable& t) {
  t.row.assign(rows, 0.0);
  t.col.assign(cols, 0.0);
  t.x.assign(rows * cols, 0.0);
  t.n = 0.0;
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < cols; ++j) {
      const double x = count[i + j * rows];
      t.x[i * cols + j] = x;
      t.row[i] += x;
      t.col[j] += x;
      t.n += x;
    }
  }
  const auto several = [](const std::vector<double>& m) {
    return std::count_if(m.begin(), m.end(), [](double x) { return x > 0.0; }) > 1;
  };
  return several(t.row) && several(t.col);
}

// Scores of the rows (columns) as vectors: the unit vectors but the last where all are compared, else the one score.
inline std::vector<std::vector<double>> contrasts(std::size_t n, const std::vector<double>& score, bool all) {
  std::vector<std::vector<double>> out;
  if (!all) {
    return {score};
  }
  for (std::size_t i = 0; i + 1 < n; ++i) {
    out.emplace_back(n, 0.0);
    out.back()[i] = 1.0;
  }
  return out;
}

// n sum m a b - sum m a sum m b, by centred products: the covariance of two scores over a margin, times n^2.
inline double margin_product(const std::vector<double>& m, double n, const std::vector<double>& a,
                             const std::vector<double>& b) {
  double mean_a = 0.0, mean_b = 0.0, sum = 0.0;
  for (std::size_t i = 0; i < m.size(); ++i) {
    mean_a += m[i] * a[i] / n;
    mean_b += m[i] * b[i] / n;
  }
  for (std::size_t i = 0; i < m.size(); ++i) {
    sum += m[i] * (a[i] - mean_a) * (b[i] - mean_b);
  }
  return n * sum;
}

inline double score_excess(const StratumTable& t, const std::vector<double>& u, const std::vector<double>& v) {
  double sum = 0.0;
  for (std::size_t i = 0; i < t.row.size(); ++i) {
    for (std::size_t j = 0; j < t.col.size(); ++j) {
      sum += u[i] * v[j] * (t.x[i * t.col.size() + j] - t.row[i] * t.col[j] / t.n);
    }
  }
  return sum;
}

}  // namespace strata_detail

// counts: arm i, response j, stratum s at count[i + rows * (j + cols * s)]. Fills n and the numbers of strata of the row.
inline GeneralCmh general_cmh(const int* count, std::size_t rows, std::size_t cols, std::size_t strata, StrataMethod method,
                              const std::vector<double>& row_score, const std::vector<double>& col_score, TableRow& row) {
  using namespace strata_detail;
  const auto u = contrasts(rows, row_score, method != StrataMethod::correlation);
  const auto v = contrasts(cols, col_score, method == StrataMethod::general);
  const std::size_t n = u.size() * v.size();
  std::vector<double> g(n, 0.0), covariance(n * n, 0.0);
  StratumTable t;
  row.n = row.n_strata = row.n_strata_dropped = 0;
  for (std::size_t s = 0; s < strata; ++s) {
    const bool tells = load_stratum(count + s * rows * cols, rows, cols, t);
    row.n += static_cast<int>(t.n);
    ++(tells ? row.n_strata : row.n_strata_dropped);
    for (std::size_t a = 0; tells && a < n; ++a) {
      const auto &ua = u[a / v.size()], &va = v[a % v.size()];
      g[a] += score_excess(t, ua, va);
      for (std::size_t b = 0; b < n; ++b) {
        covariance[a * n + b] += margin_product(t.row, t.n, ua, u[b / v.size()]) *
                                 margin_product(t.col, t.n, va, v[b % v.size()]) / (t.n * t.n * (t.n - 1.0));
      }
    }
  }
  if (row.n_strata_dropped > 0) {
    row.add(Note::strata_left_out);
  }
  return quadratic_form(covariance, g);
}

}  // namespace respondr::rates
