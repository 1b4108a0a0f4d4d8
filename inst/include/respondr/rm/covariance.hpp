#pragma once
// Covariance structures of the visits of one patient. Natural parameters are those SAS PROC MIXED prints; the Cholesky form is
// the unconstrained one of the mmrm package (log standard deviations and unit lower triangle; transformed correlations).
//
//   us      natural: the elements, row by row of the lower triangle       cholesky: log D, L of D L L' D
//   cs      covariance, residual (the common diagonal is their sum)       log sd, logit of (rho + a) / (1 + a), a = 1 / (V - 1)
//   toep    bands: variance, covariance at lag 1, 2, ...                  log sd, rho / sqrt(1 - rho^2)
//   ar1 ad  variance, correlation(s)                                      log sd, rho / sqrt(1 - rho^2)
//   toeph ar1h csh adh   variances, correlation(s)                        log sds, correlations as above
//   sp_exp  variance, range (correlation exp(-distance / range))          log sd, logit of exp(-1 / range)

#include <Eigen/Dense>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "respondr/error.hpp"
#include "respondr/rm/hyperdual.hpp"

namespace respondr::rm {

enum class Structure : int { us = 0, toep, toeph, ar1, ar1h, cs, csh, ad, adh, sp_exp };
enum class Form : int { natural = 0, cholesky };
enum class ParameterKind : int { variance = 0, covariance, correlation, residual, range };

inline const char* structure_word(Structure s) {
  constexpr const char* words[] = {"us", "toep", "toeph", "ar1", "ar1h", "cs", "csh", "ad", "adh", "sp_exp"};
  return words[static_cast<int>(s)];
}

inline Structure structure_of(const std::string& word) {
  for (int s = 0; s <= static_cast<int>(Structure::sp_exp); ++s) {
    if (word == structure_word(static_cast<Structure>(s))) {
      return static_cast<Structure>(s);
    }
  }
  throw input_error("covariance", "'" + word + "' is no covariance structure");
}

inline bool heterogeneous(Structure s) {
  return s == Structure::toeph || s == Structure::ar1h || s == Structure::csh || s == Structure::adh;
}

// Two visits, later one first; 0-based.
struct VisitPair {
  int high;
  int low;
};

inline std::size_t triangle(int high, int low) { return static_cast<std::size_t>(high) * (high + 1) / 2 + low; }

// Meaning of a natural parameter: 1-based visits for variances, covariances and correlations between two named visits; for
// structures by lag, high is the lag and low is 0; 0, 0 where one parameter serves all visits.
struct ParameterLabel {
  ParameterKind kind;
  int high;
  int low;
};

class Covariance {
 public:
  // times: of the visits, used by sp_exp alone. pairs: the elements wanted, in this order.
  Covariance(Structure structure, Form form, int visits, std::vector<double> times, std::vector<VisitPair> pairs)
      : structure_(structure), form_(form), visits_(visits), times_(std::move(times)), pairs_(std::move(pairs)) {}

  Structure structure() const { return structure_; }
  Form form() const { return form_; }
  int visits() const { return visits_; }
  const std::vector<double>& times() const { return times_; }
  const std::vector<VisitPair>& pairs() const { return pairs_; }
  int elements() const { return static_cast<int>(pairs_.size()); }
  int variances() const { return heterogeneous(structure_) ? visits_ : 1; }
  bool identity() const { return structure_ == Structure::us && form_ == Form::natural; }

  // Second derivatives vanish.
  bool linear() const {
    return form_ == Form::natural &&
           (structure_ == Structure::us || structure_ == Structure::cs || structure_ == Structure::toep);
  }

  int size() const {
    switch (structure_) {
      case Structure::us: return visits_ * (visits_ + 1) / 2;
      case Structure::ar1:
      case Structure::ar1h:
      case Structure::cs:
      case Structure::csh:
      case Structure::sp_exp: return variances() + (visits_ > 1 ? 1 : 0);
      default: return variances() + visits_ - 1;
    }
  }

  // Elements of Sigma at the pairs.
  void values(const double* theta, double* out) const {
    fill(theta, [out](std::size_t e, double x) { out[e] = x; });
  }

  // jacobian: elements x size.
  void first(const double* theta, Eigen::MatrixXd& jacobian) const {
    jacobian.resize(elements(), size());
    if (identity()) {
      jacobian.setIdentity();
      return;
    }
    std::vector<HyperDual> t(theta, theta + size());
    for (int a = 0; a < size(); ++a) {
      t[a].first = 1.0;
      fill(t.data(), [&](std::size_t e, const HyperDual& x) { jacobian(e, a) = x.first; });
      t[a].first = 0.0;
    }
  }

  // use(a, b, e, d2 element e / da db) for a >= b; not called for linear structures.
  template <class Use>
  void second(const double* theta, Use use) const {
    if (linear()) return;
    std::vector<HyperDual> t(theta, theta + size());
    for (int a = 0; a < size(); ++a) {
      t[a].first = 1.0;
      for (int b = 0; b <= a; ++b) {
        t[b].second = 1.0;
        fill(t.data(), [&](std::size_t e, const HyperDual& x) { use(a, b, e, x.mixed); });
        t[b].second = 0.0;
      }
      t[a].first = 0.0;
    }
  }

  // Power of the unit of the outcome in natural parameter a: 2, or 0 for correlations and ranges.
  int unit_power(int a) const {
    const bool elements_all =
        structure_ == Structure::us || structure_ == Structure::cs || structure_ == Structure::toep;
    return elements_all || a < variances() ? 2 : 0;
  }

  ParameterLabel label(int a) const;

  // Natural parameters from those of the Cholesky form.
  std::vector<double> natural(const double* theta) const;

 private:
  template <class T, class Put>
  void fill(const T* theta, Put put) const {
    std::vector<T> spread, correlation;
    prepare(theta, spread, correlation);
    for (std::size_t e = 0; e < pairs_.size(); ++e) {
      put(e, element(theta, spread, correlation, pairs_[e].high, pairs_[e].low));
    }
  }

  // Standard deviations of the visits (one variance if homogeneous) and correlations on their own scale.
  template <class T>
  void prepare(const T* theta, std::vector<T>& spread, std::vector<T>& correlation) const {
    using std::exp;
    using std::sqrt;
    if (linear() || structure_ == Structure::us) {
      spread.clear();
      for (int j = 0; j < visits_ && structure_ == Structure::us && form_ == Form::cholesky; ++j) {
        spread.push_back(exp(theta[j]));
      }
      return;
    }
    const bool natural = form_ == Form::natural, many = heterogeneous(structure_);
    for (int j = 0; j < variances(); ++j) {
      const T own = theta[j];
      if (natural) {
        spread.push_back(many ? T(sqrt(own)) : own);
      } else {
        spread.push_back(exp(many ? own : T(own + own)));
      }
    }
    for (int a = variances(); a < size(); ++a) correlation.push_back(natural ? T(theta[a]) : own_scale(theta[a]));
  }

  // From the unconstrained scale.
  template <class T>
  T own_scale(const T& x) const {
    using std::exp;
    using std::sqrt;
    if (structure_ == Structure::sp_exp) return reciprocal(T(T(1.0) + exp(T(0.0) - x)));
    if (structure_ == Structure::cs || structure_ == Structure::csh) {
      const double a = 1.0 / (visits_ - 1.0);
      return reciprocal(T(T(1.0) + exp(T(0.0) - x))) * T(1.0 + a) - T(a);
    }
    return x * reciprocal(T(sqrt(T(1.0) + x * x)));
  }

  template <class T>
  T element(const T* theta, const std::vector<T>& spread, const std::vector<T>& correlation, int high, int low) const {
    if (structure_ == Structure::us) {
      return form_ == Form::natural ? theta[triangle(high, low)] : factor(theta, spread, high, low);
    }
    if (linear()) {
      if (structure_ == Structure::toep) return theta[high - low];
      return visits_ == 1 ? theta[0] : high == low ? T(theta[0] + theta[1]) : T(theta[0]);
    }
    const bool many = heterogeneous(structure_);
    if (high == low) return many ? spread[high] * spread[high] : spread[0];
    return (many ? spread[high] * spread[low] : spread[0]) * correlate(correlation, high, low);
  }

  // Element of D L L' D.
  template <class T>
  T factor(const T* theta, const std::vector<T>& spread, int high, int low) const {
    const auto unit = [&](int j, int k) { return j == k ? T(1.0) : T(theta[visits_ + j * (j - 1) / 2 + k]); };
    T sum(0.0);
    for (int k = 0; k <= low; ++k) sum = sum + unit(high, k) * unit(low, k);
    return spread[high] * spread[low] * sum;
  }

  template <class T>
  T correlate(const std::vector<T>& r, int high, int low) const {
    using std::exp;
    using std::pow;
    switch (structure_) {
      case Structure::ar1:
      case Structure::ar1h: return pow(r[0], static_cast<double>(high - low));
      case Structure::toep:
      case Structure::toeph: return r[high - low - 1];
      case Structure::ad:
      case Structure::adh: {
        T product = r[low];
        for (int k = low + 1; k < high; ++k) product = product * r[k];
        return product;
      }
      case Structure::sp_exp: {
        const double distance = std::fabs(times_[high] - times_[low]);
        return form_ == Form::natural ? T(exp(T(-distance) * reciprocal(r[0]))) : T(pow(r[0], distance));
      }
      default: return r[0];
    }
  }

  Structure structure_;
  Form form_;
  int visits_;
  std::vector<double> times_;
  std::vector<VisitPair> pairs_;
};

inline std::vector<double> Covariance::natural(const double* theta) const {
  std::vector<double> spread, correlation, out;
  prepare(theta, spread, correlation);
  if (structure_ == Structure::us) {
    for (int j = 0; j < visits_; ++j) {
      for (int k = 0; k <= j; ++k) out.push_back(factor(theta, spread, j, k));
    }
    return out;
  }
  const bool products = structure_ == Structure::toep || structure_ == Structure::cs;
  for (double s : spread) out.push_back(heterogeneous(structure_) ? s * s : s);
  for (double r : correlation) {
    out.push_back(products ? out[0] * r : structure_ == Structure::sp_exp ? -1.0 / std::log(r) : r);
  }
  if (structure_ == Structure::cs && visits_ > 1) out = {out[1], out[0] - out[1]};
  return out;
}

inline ParameterLabel Covariance::label(int a) const {
  if (structure_ == Structure::us) {
    int high = 0;
    while (static_cast<int>(triangle(high + 1, 0)) <= a) ++high;
    const int low = a - static_cast<int>(triangle(high, 0));
    return {high == low ? ParameterKind::variance : ParameterKind::covariance, high + 1, low + 1};
  }
  if (structure_ == Structure::cs) {
    if (visits_ == 1) return {ParameterKind::variance, 0, 0};
    return {a == 0 ? ParameterKind::covariance : ParameterKind::residual, 0, 0};
  }
  if (a < variances()) {
    const int visit = heterogeneous(structure_) ? a + 1 : 0;
    return {ParameterKind::variance, visit, visit};
  }
  const int k = a - variances() + 1;
  switch (structure_) {
    case Structure::toep: return {ParameterKind::covariance, k, 0};
    case Structure::toeph: return {ParameterKind::correlation, k, 0};
    case Structure::ad:
    case Structure::adh: return {ParameterKind::correlation, k + 1, k};
    case Structure::sp_exp: return {ParameterKind::range, 0, 0};
    default: return {ParameterKind::correlation, 0, 0};
  }
}

}  // namespace respondr::rm
