#pragma once
// Agreement of two readings of the same patients. With weights w (1 on the diagonal), p_ij the shares of the table and
// p_i., p_.j its margins: kappa = (po - pe) / (1 - pe), po = sum w_ij p_ij, pe = sum w_ij p_i. p_.j (Cohen 1960, Educ
// Psychol Meas 20:37; 1968, Psychol Bull 70:213). Standard errors of Fleiss, Cohen and Everitt (1969, Psychol Bull
// 72:323), with v_ij = sum_j w_ij p_.j + sum_i w_ij p_i.:
//   n (1 - pe)^2 SE^2 = sum p_ij (w_ij - v_ij (1 - kappa))^2 - (kappa - pe (1 - kappa))^2     for the interval,
//   n (1 - pe)^2 SE0^2 = sum p_i. p_.j (w_ij - v_ij)^2 - pe^2                                  for the test of kappa = 0.
// The effect beside it is the share of patients with equal readings, with Wilson's interval.
//
//   status         kappa  interval  p
//   no_data        -      -         -
//   one_level      -      -         -    all patients have one level in both readings
//   no_variance    yes    -         yes  SE = 0 (perfect agreement, or one reading is constant)

#include <cmath>
#include <vector>

#include "respondr/paired_rates/score.hpp"
#include "respondr/paired_rates/square.hpp"
#include "respondr/paired_rates/types.hpp"

namespace respondr::paired_rates {

enum class Weights : int { unweighted = 0, linear, quadratic, custom };

struct AgreementOptions {
  Alternative alternative = Alternative::two_sided;
  double conf_level = 0.95;
};

// Weights of k ordered levels; custom ones are given row by row.
inline std::vector<double> agreement_weights(Weights kind, std::size_t k) {
  std::vector<double> w(k * k, 1.0);
  const double reach = std::fmax(1.0, static_cast<double>(k) - 1.0);
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const double distance = std::fabs(static_cast<double>(i) - static_cast<double>(j)) / reach;
      w[i * k + j] = kind == Weights::linear      ? 1.0 - distance
                     : kind == Weights::quadratic ? 1.0 - distance * distance
                                                  : (i == j ? 1.0 : 0.0);
    }
  }
  return w;
}

struct KappaFigures {
  double kappa = missing, std_error = missing, null_error = missing;
};

inline KappaFigures kappa_figures(const SquareTable& t, const std::vector<double>& weight) {
  const std::size_t k = t.k;
  const double n = t.n();
  std::vector<double> row(k, 0.0), column(k, 0.0), by_row(k, 0.0), by_column(k, 0.0);
  double po = 0.0, pe = 0.0;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      row[i] += t(i, j) / n;
      column[j] += t(i, j) / n;
      po += weight[i * k + j] * t(i, j) / n;
    }
  }
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      by_row[i] += weight[i * k + j] * column[j];
      by_column[j] += weight[i * k + j] * row[i];
    }
    pe += row[i] * by_row[i];
  }
  KappaFigures out;
  const double room = 1.0 - pe;
  if (!(room > 1e-14)) {
    return out;
  }
  out.kappa = (po - pe) / room;
  double variance = 0.0, null_variance = 0.0;
  const double rest = 1.0 - out.kappa, centre = out.kappa - pe * rest;
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j) {
      const double w = weight[i * k + j], v = by_row[i] + by_column[j];
      // Each term less the square of the mean: no difference of large sums.
      variance += t(i, j) / n * ((w - v * rest) - centre) * ((w - v * rest) - centre);
      null_variance += row[i] * column[j] * (w - v + pe) * (w - v + pe);
    }
  }
  out.std_error = std::sqrt(variance / n) / room;
  out.null_error = std::sqrt(null_variance / n) / room;
  return out;
}

inline void solve_kappa(const AgreementOptions& o, const std::vector<double>& weight, const SquareTable& table,
                        RateRow& row) {
  row.n_pairs = static_cast<int>(table.n());
  row.n_zeros = static_cast<int>(detail::unmoved(table));
  if (row.n_pairs == 0) {
    row.status = Status::no_data;
    return;
  }
  const double n = table.n(), z = -special::normal_quantile(0.5 * (1.0 - o.conf_level));
  const Limits share = wilson(row.n_zeros, n, z);
  row.effect = row.n_zeros / n;
  row.effect_low = share.low;
  row.effect_high = share.high;
  const KappaFigures f = kappa_figures(table, weight);
  if (f.kappa != f.kappa) {
    row.status = Status::one_level;
    return;
  }
  row.estimate = f.kappa;
  row.std_error = f.std_error;
  if (f.null_error > 1e-12) {
    row.statistic = f.kappa / f.null_error;
    row.p_value = normal_p(o.alternative, row.statistic);
    row.distribution = Distribution::asymptotic;
  }
  if (!(f.std_error > 1e-12)) {
    row.status = Status::no_variance;
    return;
  }
  const Sides s = sides(o.alternative, o.conf_level);
  const double half = -special::normal_quantile(s.alpha) * f.std_error;
  row.conf_low = s.low ? std::fmax(-1.0, f.kappa - half) : -1.0;
  row.conf_high = s.high ? std::fmin(1.0, f.kappa + half) : 1.0;
  row.conf_method = ConfMethod::kappa_asymptotic;
}

}  // namespace respondr::paired_rates
