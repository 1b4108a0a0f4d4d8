#pragma once
// One estimate of several studies, from the estimate and standard error of each (two stages).
//
// fixed               weights 1 / s_i^2, z
// dersimonian_laird   tau^2 = max(0, (Q - (k - 1)) / (sum w - sum w^2 / sum w)) (1986, Control Clin Trials 7:177)
// paule_mandel        tau^2 at which Q of the weights 1 / (s_i^2 + tau^2) is k - 1 (1982, J Res Natl Bur Stand 87:377)
// reml                tau^2 of restricted maximum likelihood (Viechtbauer 2005, J Educ Behav Stat 30:261)
// Random effects have the interval of Hartung and Knapp (2001, Stat Med 20:3875) and Sidik and Jonkman (2002): t on k - 1
// degrees of freedom with variance sum w (b_i - b)^2 / ((k - 1) sum w), or that of Wald. Q on k - 1 degrees of freedom
// tests that the studies agree; I2 = max(0, 1 - (k - 1) / Q).

#include <cmath>
#include <vector>

#include "respondr/linear/tests.hpp"

namespace respondr::linear {

enum class Pooling : int { fixed = 0, dersimonian_laird, paule_mandel, reml };

struct Studies {
  std::vector<double> estimate, variance;
};

namespace detail {

struct WeightedMean {
  double mean = 0.0, total = 0.0, total2 = 0.0, q = 0.0, q2 = 0.0;  // sums of w, w^2, w (b - mean)^2, w^2 (b - mean)^2
};

inline WeightedMean weigh(const Studies& s, double tau2) {
  WeightedMean out;
  double sum = 0.0;
  for (std::size_t i = 0; i < s.estimate.size(); ++i) {
    const double w = 1.0 / (s.variance[i] + tau2);
    out.total += w;
    out.total2 += w * w;
    sum += w * (s.estimate[i] - s.estimate[0]);
  }
  out.mean = s.estimate[0] + sum / out.total;
  for (std::size_t i = 0; i < s.estimate.size(); ++i) {
    const double w = 1.0 / (s.variance[i] + tau2), d = s.estimate[i] - out.mean;
    out.q += w * d * d;
    out.q2 += w * w * d * d;
  }
  return out;
}

// The root of a function that falls through 0, in units of the mean variance; 0 if it starts below.
template <class F>
double falling_root(F&& f, double unit) {
  const auto at = [&](double x) { return f(x * unit); };
  double low = 0.0, f_low = at(0.0), high = 1.0, f_high = at(1.0);
  if (!(f_low > 0.0)) {
    return 0.0;
  }
  for (int i = 0; i < 1000 && f_high > 0.0; ++i) {
    low = high;
    f_low = f_high;
    high *= 2.0;
    f_high = at(high);
  }
  return unit * special::detail::bracketed_root(at, low, f_low, high, f_high, 1e-15);
}

}  // namespace detail

inline double between_variance(const Studies& s, Pooling method) {
  const double k = static_cast<double>(s.estimate.size());
  double unit = 0.0;
  for (const double v : s.variance) {
    unit += v / k;
  }
  if (method == Pooling::fixed || k < 2.0) {
    return 0.0;
  }
  if (method == Pooling::dersimonian_laird) {
    const detail::WeightedMean m = detail::weigh(s, 0.0);
    return std::fmax(0.0, (m.q - (k - 1.0)) / (m.total - m.total2 / m.total));
  }
  if (method == Pooling::paule_mandel) {
    return detail::falling_root([&](double tau2) { return detail::weigh(s, tau2).q - (k - 1.0); }, unit);
  }
  return detail::falling_root(
      [&](double tau2) {
        const detail::WeightedMean m = detail::weigh(s, tau2);
        return (m.q2 - m.total + m.total2 / m.total) / m.total;
      },
      unit);
}

struct PooledRow : TestRow {
  ConfMethod conf_method = ConfMethod::none;
};

// effect: tau^2.
inline PooledRow pool(const Studies& s, Pooling method, bool hartung_knapp, double conf_level) {
  PooledRow row;
  const double k = static_cast<double>(s.estimate.size());
  if (s.estimate.empty()) {
    row.status = Status::no_data;
    return row;
  }
  const double tau2 = between_variance(s, method);
  const detail::WeightedMean m = detail::weigh(s, tau2);
  const bool t = method != Pooling::fixed && hartung_knapp;
  if (t && k < 2.0) {
    row.estimate = m.mean;
    row.status = Status::one_level;
    return row;
  }
  const double variance = t ? m.q / ((k - 1.0) * m.total) : 1.0 / m.total;
  static_cast<TestRow&>(row) = t_row(m.mean, variance, t ? k - 1.0 : infinity, conf_level);
  row.df = t ? k - 1.0 : missing;
  row.effect = method == Pooling::fixed ? missing : tau2;
  row.conf_method = t ? ConfMethod::hartung_knapp : ConfMethod::wald;
  return row;
}

// estimate: none; statistic Q; effect: I2.
inline PooledRow heterogeneity(const Studies& s) {
  PooledRow row;
  row.df = static_cast<double>(s.estimate.size()) - 1.0;
  if (!(row.df >= 1.0)) {
    row.status = Status::one_level;
    row.df = missing;
    return row;
  }
  row.statistic = detail::weigh(s, 0.0).q;
  row.p_value = special::chisq_cdf(row.statistic, row.df, special::Tail::upper);
  row.effect = row.statistic > 0.0 ? std::fmax(0.0, 1.0 - row.df / row.statistic) : 0.0;
  return row;
}

}  // namespace respondr::linear
