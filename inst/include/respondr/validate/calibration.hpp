#pragma once
// How well probabilities agree with what happened. p: predicted probability; eta: its log odds; w: patients of a row.
//
//   Brier score      sum w (p - y)^2 / sum w, interval by the standard error of a mean (Brier 1950)
//   scaled           1 - Brier / (s (1 - s)), s the share of events; 0 for a model that gives everybody s
//   log score        - sum w log(probability of what happened) / sum w; infinite where that probability was 0
//   intercept        a of logit P = a + eta, eta an offset: calibration in the large (Cox 1958, Biometrika 45:562); null 0
//   slope            b of logit P = a + b eta; null 1. Both by maximum likelihood with Wald intervals and tests.
// Status: no_data, one_group_empty; no_variance for a loss that is the same for everybody (no interval); not_estimable
// where some p is 0 or 1 (no log odds); no_variance where eta is constant;
// separated where eta tells the classes apart without error (the slope is infinite).

#include <cmath>
#include <vector>

#include "respondr/logistic/fit.hpp"
#include "respondr/moments.hpp"
#include "respondr/sides.hpp"
#include "respondr/special/central.hpp"
#include "respondr/validate/types.hpp"

namespace respondr::validate {

inline double log_odds(double p) { return std::log(p) - std::log1p(-p); }

inline double share_of_events(const Classes& classes) { return classes.events / classes.total(); }

inline double brier(const Patients& patients, const double* p, const Classes& classes) {
  CompensatedSum sum;
  for (std::size_t i = 0; i < patients.n; ++i) {
    const double d = p[i] - patients.event[i], w = patients.count(i);
    if (w > 0.0) {
      sum.add(w * d * d);
    }
  }
  return sum.value() / classes.total();
}

// The mean of a loss over patients with its interval.
template <class Loss>
MeasureRow loss_row(const Patients& patients, const double* p, double conf_level, Loss&& loss) {
  MeasureRow row;
  const Classes classes = count_classes(patients);
  row.count(classes);
  if (row.status == Status::no_data) {
    return row;
  }
  row.status = Status::ok;
  const double total = classes.total();
  CompensatedSum sum, spread;
  for (std::size_t i = 0; i < patients.n; ++i) {
    if (patients.count(i) > 0.0) {
      sum.add(patients.count(i) * loss(patients.event[i], p[i]));
    }
  }
  row.estimate = sum.value() / total;
  if (!std::isfinite(row.estimate)) {
    row.status = Status::boundary;
    row.estimate = infinity;
    return row;
  }
  for (std::size_t i = 0; i < patients.n; ++i) {
    const double d = loss(patients.event[i], p[i]) - row.estimate;
    if (patients.count(i) > 0.0) {
      spread.add(patients.count(i) * d * d);
    }
  }
  if (spread.value() <= 0.0) {
    row.status = Status::no_variance;
  } else if (total > 1.0) {
    const double z = -special::normal_quantile(0.5 * rounded_alpha(conf_level));
    row.std_error = std::sqrt(spread.value() / (total - 1.0) / total);
    row.conf_low = std::fmax(0.0, row.estimate - z * row.std_error);
    row.conf_high = row.estimate + z * row.std_error;
    row.conf_method = ConfMethod::mean_wald;
  }
  return row;
}

inline MeasureRow brier_row(const Patients& patients, const double* p, double conf_level) {
  MeasureRow row = loss_row(patients, p, conf_level, [](double y, double q) { return (q - y) * (q - y); });
  if (row.conf_high == row.conf_high) {
    row.conf_high = std::fmin(1.0, row.conf_high);
  }
  return row;
}

inline MeasureRow log_score_row(const Patients& patients, const double* p, double conf_level) {
  return loss_row(patients, p, conf_level, [](double y, double q) { return y > 0.5 ? -std::log(q) : -std::log1p(-q); });
}

inline double scaled_brier(double brier, const Classes& classes) {
  const double share = share_of_events(classes);
  return 1.0 - brier / (share * (1.0 - share));
}

// The influence function of 1 - B / (s (1 - s)): (d_i - B) and (y_i - s), by the delta method.
inline MeasureRow scaled_brier_row(const Patients& patients, const double* p, double conf_level) {
  MeasureRow row;
  const Classes classes = count_classes(patients);
  row.count(classes);
  if (row.status != Status::ok) {
    return row;
  }
  const double b = brier(patients, p, classes), share = share_of_events(classes), most = share * (1.0 - share);
  row.estimate = scaled_brier(b, classes);
  CompensatedSum spread;
  for (std::size_t i = 0; i < patients.n; ++i) {
    const double y = patients.event[i], d = (p[i] - y) * (p[i] - y) - b;
    const double u = -d / most + b / (most * most) * (1.0 - 2.0 * share) * (y - share);
    spread.add(patients.count(i) * u * u);
  }
  const double total = classes.total(), z = -special::normal_quantile(0.5 * rounded_alpha(conf_level));
  if (spread.value() <= 1e-28 * total) {
    row.status = Status::no_variance;
    return row;
  }
  row.std_error = std::sqrt(spread.value() / (total - 1.0) / total);
  row.conf_low = row.estimate - z * row.std_error;
  row.conf_high = std::fmin(1.0, row.estimate + z * row.std_error);
  row.conf_method = ConfMethod::mean_wald;
  return row;
}

// Workspace of the two recalibration fits.
class Calibrator {
 public:
  struct Line {
    double intercept = missing, intercept_se = missing, slope = missing, slope_se = missing;
    Status intercept_status = Status::not_estimable, slope_status = Status::not_estimable;
    bool penalised = false;
  };

  // firth: where the slope is infinite, Firth's estimate stands in its place (resamples of few events).
  Line fit(const Patients& patients, const double* eta, bool firth) {
    Line out;
    const std::size_t n = patients.n;
    for (std::size_t i = 0; i < n; ++i) {
      if (patients.count(i) > 0.0 && !std::isfinite(eta[i])) {
        return out;
      }
    }
    x_.assign(2 * n, 1.0);
    std::copy(eta, eta + n, x_.begin() + static_cast<std::ptrdiff_t>(n));
    weight_.assign(n, 1.0);
    for (std::size_t i = 0; patients.weight && i < n; ++i) {
      weight_[i] = patients.weight[i];
      if (!(weight_[i] > 0.0)) {
        x_[n + i] = 0.0;
      }
    }
    options_.leverage = false;
    options_.estimator = logistic::Estimator::ml;
    logistic::fit({x_.data(), n, 1, patients.event, weight_.data(), x_.data() + n}, options_, work_, fit_);
    out.intercept_status = fit_.status;
    if (fit_.status == Status::ok) {
      out.intercept = fit_.beta[0];
      out.intercept_se = std::sqrt(fit_.vcov[0]);
    }
    slope(patients, n, firth, out);
    return out;
  }

 private:
  void slope(const Patients& patients, std::size_t n, bool firth, Line& out) {
    const logistic::Problem problem{x_.data(), n, 2, patients.event, weight_.data(), nullptr};
    logistic::fit(problem, options_, work_, fit_);
    if (firth && (fit_.status == Status::separated || fit_.status == Status::not_converged)) {
      options_.estimator = logistic::Estimator::firth;
      logistic::fit(problem, options_, work_, fit_);
      out.penalised = true;
    }
    out.slope_status = fit_.status;
    if (fit_.kept.size() == 2 && fit_.kept[1] == 0) {
      out.slope_status = Status::no_variance;
    } else if (fit_.status == Status::ok) {
      out.slope = fit_.beta[1];
      out.slope_se = std::sqrt(fit_.vcov[3]);
    }
  }

  logistic::Workspace work_;
  logistic::Fit fit_;
  logistic::Options options_;
  std::vector<double> x_, weight_;
};

// Rows of intercept (first) and slope.
inline void calibration_rows(const Patients& patients, const double* eta, double conf_level, Calibrator& calibrator,
                             MeasureRow& intercept, MeasureRow& slope) {
  const Classes classes = count_classes(patients);
  const double z = -special::normal_quantile(0.5 * rounded_alpha(conf_level));
  bool certain = false;
  for (std::size_t i = 0; i < patients.n; ++i) {
    certain = certain || (patients.count(i) > 0.0 && std::isinf(eta[i]));
  }
  const Calibrator::Line line = calibrator.fit(patients, eta, false);
  const auto write = [&](MeasureRow& row, double estimate, double se, double null, Status status) {
    row.count(classes);
    if (row.status != Status::ok) {
      return;
    }
    row.status = status;
    if (certain) {
      row.add(Note::certain_predictions);
    }
    if (status == Status::ok) {
      row.estimate = estimate;
      row.std_error = se;
      row.conf_low = estimate - z * se;
      row.conf_high = estimate + z * se;
      row.statistic = (estimate - null) / se;
      row.p_value = std::fmin(1.0, 2.0 * special::normal_cdf(-std::fabs(row.statistic)));
      row.conf_method = ConfMethod::wald;
      row.p_matches = true;
    }
  };
  write(intercept, line.intercept, line.intercept_se, 0.0, line.intercept_status);
  write(slope, line.slope, line.slope_se, 1.0, line.slope_status);
}

}  // namespace respondr::validate
