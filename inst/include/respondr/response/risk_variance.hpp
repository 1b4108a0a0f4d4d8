#pragma once
// Differences and ratios of standardised risks with their standard errors. With mu_ia the probability that the model gives
// patient i in arm a, the risk of arm a is r_a = mean mu_ia over all n patients, pi_a the share of patients in arm a, and
// the covariance of the risks is
//
//   ge           D V D', D_a the gradient of r_a, V the covariance of the coefficients: the covariates are fixed
//                (Ge et al. 2011, Drug Inf J 45:481, doi 10.1177/009286151104500409)
//   ge_hc0       the same with V M V, M = sum (y - mu)^2 x x' (White 1980, HC0)
//   ye           Z / n: the patients, and with them the covariates, are a sample (Ye, Bannick, Yi, Shao 2023, Stat Theory
//                Relat Fields 7:159, doi 10.1080/24754269.2023.2205802),
//                  Z_aa = {Var_a(y) - 2 Cov_a(y, mu_a) + Var(mu_a)} / pi_a + 2 Cov_a(y, mu_a) - Var(mu_a)
//                  Z_ab = Cov_a(y, mu_b) + Cov_b(y, mu_a) - Cov(mu_a, mu_b)
//                with Var_a, Cov_a among the patients of arm a, Var and Cov among all, divisors n_a - 1 and n - 1; the
//                decomposition of Z_aa is that of RobinCar (variance type 1) and beeca
//   ye_residual  Z_aa with Var_a(y - mu_a) in the braces, as the paper writes it (RobinCar's type 2)
//
// Patients randomised in blocks within strata (eq. of the paper for stratified designs): Z loses
//   sum_z p_z R_z (diag(pi) - pi pi') R_z,  R_z = diag of the mean residual of arm a in stratum z over pi_a.
// Limits by the normal distribution, of a ratio on the logarithm. Sums are compensated, in the order of the patients.

#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/response/standardise.hpp"
#include "respondr/sides.hpp"
#include "respondr/special.hpp"
#include "respondr/types.hpp"

namespace respondr::response {

enum class RiskVariance : int { ge = 0, ge_hc0, ye, ye_residual };

// beta: not finite where a column adds nothing; vcov: p x p, of no matter there. strata: from 0, or nullptr.
struct RiskModelFit {
  RiskProblem data;
  const double *beta = nullptr, *vcov = nullptr;
  const int* stratum = nullptr;
  std::size_t strata = 0;
};

struct RiskContrast {
  double estimate = missing, std_error = missing, low = missing, high = missing, statistic = missing, p_value = missing;
};

struct RiskContrasts {
  RiskContrast difference, ratio;  // std_error and statistic of the ratio: of its logarithm
};

// What belongs to one fitted model, whatever the variance.
class RiskTable {
 public:
  explicit RiskTable(const RiskModelFit& fit) : fit_(fit), share_(fit.data.arms), risk_(fit.data.arms) {
    const RiskProblem& d = fit_.data;
    mu_.resize(d.n * d.arms);
    gradient_.resize(d.p * d.arms);
    size_.assign(d.arms, 0);
    for (std::size_t i = 0; i < d.n; ++i) ++size_[static_cast<std::size_t>(d.arm[i])];
    std::vector<double> eta(d.n);
    for (std::size_t i = 0; i < d.n; ++i) {
      CompensatedSum sum;
      for (std::size_t j = 0; j < d.p; ++j) {
        if (!of_arm(j)) sum.add(slope(j) * d.x[j * d.n + i]);
      }
      eta[i] = sum.value();
    }
    for (std::size_t a = 0; a < d.arms; ++a) give_arm(a, eta);
  }

  const std::vector<double>& risk() const { return risk_; }

  // arms x arms; NaN where an arm is too small for the variance.
  void covariance(RiskVariance kind, std::vector<double>& out) const {
    out.assign(fit_.data.arms * fit_.data.arms, 0.0);
    if (kind == RiskVariance::ge || kind == RiskVariance::ge_hc0) return fixed_covariates(kind, out);
    sampled_covariates(kind == RiskVariance::ye_residual, out);
    if (fit_.stratum) take_strata(out);
    for (double& v : out) v /= static_cast<double>(fit_.data.n);
  }

 private:
  bool of_arm(std::size_t j) const { return j >= fit_.data.first && j < fit_.data.last; }
  double slope(std::size_t j) const { return std::isfinite(fit_.beta[j]) ? fit_.beta[j] : 0.0; }
  double mu(std::size_t i, std::size_t a) const { return mu_[a * fit_.data.n + i]; }
  double residual(std::size_t i) const { return fit_.data.y[i] - mu(i, static_cast<std::size_t>(fit_.data.arm[i])); }

  void give_arm(std::size_t a, const std::vector<double>& eta) {
    const RiskProblem& d = fit_.data;
    double shift = 0.0;
    for (std::size_t j = d.first; j < d.last; ++j) shift += slope(j) * d.code[a + (j - d.first) * d.arms];
    CompensatedSum sum;
    for (std::size_t i = 0; i < d.n; ++i) {
      mu_[a * d.n + i] = 1.0 / (1.0 + std::exp(-(eta[i] + shift)));
      sum.add(mu(i, a));
    }
    const double n = static_cast<double>(d.n);
    risk_[a] = sum.value() / n;
    share_[a] = static_cast<double>(size_[a]) / n;
    for (std::size_t j = 0; j < d.p; ++j) {
      CompensatedSum g;
      for (std::size_t i = 0; i < d.n; ++i) {
        const double x = of_arm(j) ? d.code[a + (j - d.first) * d.arms] : d.x[j * d.n + i];
        g.add(mu(i, a) * (1.0 - mu(i, a)) * x);
      }
      gradient_[a * d.p + j] = g.value() / n;
    }
  }

  // V of coefficients j and k, 0 where one of them adds nothing.
  double model_covariance(std::size_t j, std::size_t k) const {
    return std::isfinite(fit_.beta[j]) && std::isfinite(fit_.beta[k]) ? fit_.vcov[j + k * fit_.data.p] : 0.0;
  }

  // The part of each patient in the covariance is the square of one number an arm: D_a V x_i (y_i - mu_i).
  void fixed_covariates(RiskVariance kind, std::vector<double>& out) const {
    const RiskProblem& d = fit_.data;
    std::vector<double> row(d.p * d.arms);  // D V
    for (std::size_t a = 0; a < d.arms; ++a) {
      for (std::size_t j = 0; j < d.p; ++j) {
        CompensatedSum sum;
        for (std::size_t k = 0; k < d.p; ++k) sum.add(gradient_[a * d.p + k] * model_covariance(k, j));
        row[a * d.p + j] = sum.value();
      }
    }
    for (std::size_t a = 0; a < d.arms; ++a) {
      for (std::size_t b = 0; b < d.arms; ++b) {
        CompensatedSum sum;
        if (kind == RiskVariance::ge) {
          for (std::size_t j = 0; j < d.p; ++j) sum.add(row[a * d.p + j] * gradient_[b * d.p + j]);
        } else {
          for (std::size_t i = 0; i < d.n; ++i) sum.add(influence(row, a, i) * influence(row, b, i));
        }
        out[a + b * d.arms] = sum.value();
      }
    }
  }

  double influence(const std::vector<double>& row, std::size_t a, std::size_t i) const {
    double sum = 0.0;
    for (std::size_t j = 0; j < fit_.data.p; ++j) sum += row[a * fit_.data.p + j] * fit_.data.x[j * fit_.data.n + i];
    return sum * residual(i);
  }

  // Covariance of f and g among the patients of an arm, or among all (arm = arms).
  template <class F, class G>
  double among(std::size_t arm, F f, G g) const {
    const RiskProblem& d = fit_.data;
    const bool all = arm == d.arms;
    const double n = static_cast<double>(all ? d.n : size_[arm]);
    if (!(n > 1.0)) return missing;
    const auto sum_of = [&](auto term) {
      CompensatedSum sum;
      for (std::size_t i = 0; i < d.n; ++i) {
        if (all || static_cast<std::size_t>(d.arm[i]) == arm) sum.add(term(i));
      }
      return sum.value();
    };
    const double mean_f = sum_of(f) / n, mean_g = sum_of(g) / n;
    return sum_of([&](std::size_t i) { return (f(i) - mean_f) * (g(i) - mean_g); }) / (n - 1.0);
  }

  void sampled_covariates(bool residuals, std::vector<double>& out) const {
    const std::size_t k = fit_.data.arms;
    const auto y = [&](std::size_t i) { return fit_.data.y[i]; };
    for (std::size_t a = 0; a < k; ++a) {
      const auto mu_a = [&](std::size_t i) { return mu(i, a); };
      const auto rest = [&](std::size_t i) { return residual(i); };
      const double own = among(a, y, mu_a), spread = among(k, mu_a, mu_a);
      const double error = residuals ? among(a, rest, rest) : among(a, y, y) - 2.0 * own + spread;
      out[a + a * k] = error / share_[a] + 2.0 * own - spread;
      for (std::size_t b = 0; b < a; ++b) {
        const auto mu_b = [&](std::size_t i) { return mu(i, b); };
        out[a + b * k] = out[b + a * k] = among(a, y, mu_b) + among(b, y, mu_a) - among(k, mu_a, mu_b);
      }
    }
  }

  // An arm without patients in a stratum says nothing of its residuals there, and takes nothing away.
  void take_strata(std::vector<double>& out) const {
    const RiskProblem& d = fit_.data;
    std::vector<CompensatedSum> sum(d.arms * fit_.strata);
    std::vector<double> count(d.arms * fit_.strata, 0.0), size(fit_.strata, 0.0);
    for (std::size_t i = 0; i < d.n; ++i) {
      const auto z = static_cast<std::size_t>(fit_.stratum[i]), cell = z * d.arms + static_cast<std::size_t>(d.arm[i]);
      sum[cell].add(residual(i));
      count[cell] += 1.0;
      size[z] += 1.0;
    }
    const auto mean = [&](std::size_t z, std::size_t a) {
      const std::size_t cell = z * d.arms + a;
      return count[cell] > 0.0 ? sum[cell].value() / count[cell] / share_[a] : 0.0;
    };
    for (std::size_t a = 0; a < d.arms; ++a) {
      for (std::size_t b = 0; b < d.arms; ++b) {
        const double omega = (a == b ? share_[a] : 0.0) - share_[a] * share_[b];
        CompensatedSum lost;
        for (std::size_t z = 0; z < fit_.strata; ++z) lost.add(size[z] * mean(z, a) * mean(z, b) * omega);
        out[a + b * d.arms] -= lost.value() / static_cast<double>(d.n);
      }
    }
  }

  RiskModelFit fit_;
  std::vector<double> mu_, gradient_;
  std::vector<std::size_t> size_;
  std::vector<double> share_, risk_;
};

namespace detail {

inline RiskContrast risk_contrast(double estimate, double variance, double quantile, bool logarithm) {
  RiskContrast out;
  if (!std::isfinite(estimate)) return out;
  out.estimate = logarithm ? std::exp(estimate) : estimate;
  if (!(variance > 0.0)) return out;
  out.std_error = std::sqrt(variance);
  const double low = estimate - quantile * out.std_error, high = estimate + quantile * out.std_error;
  out.low = logarithm ? std::exp(low) : low;
  out.high = logarithm ? std::exp(high) : high;
  out.statistic = estimate / out.std_error;
  out.p_value = 2.0 * special::normal_cdf(-std::fabs(out.statistic));
  return out;
}

}  // namespace detail

// Arm 1, 2, ... against arm 0.
inline std::vector<RiskContrasts> risk_contrasts(const RiskTable& table, RiskVariance kind, double conf_level) {
  std::vector<double> v;
  table.covariance(kind, v);
  const std::vector<double>& r = table.risk();
  const std::size_t k = r.size();
  const double quantile = -special::normal_quantile(0.5 * rounded_alpha(conf_level));
  std::vector<RiskContrasts> out;
  for (std::size_t a = 1; a < k; ++a) {
    const double own = v[a + a * k], zero = v[0], both = v[a];
    RiskContrasts one;
    one.difference = detail::risk_contrast(r[a] - r[0], own + zero - 2.0 * both, quantile, false);
    const double relative = own / (r[a] * r[a]) + zero / (r[0] * r[0]) - 2.0 * both / (r[a] * r[0]);
    one.ratio = detail::risk_contrast(std::log(r[a]) - std::log(r[0]), relative, quantile, true);
    out.push_back(one);
  }
  return out;
}

}  // namespace respondr::response
