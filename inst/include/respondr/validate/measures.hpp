#pragma once
// The measures that are corrected for optimism, of one set of predictions, and Efron and Tibshirani's .632+.

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "respondr/validate/calibration.hpp"
#include "respondr/validate/placements.hpp"

namespace respondr::validate {

enum Measure : std::size_t { auc = 0, brier_score, scaled_brier_score, intercept, slope };
constexpr std::size_t measures = 5;

// Missing where a class is empty; intercept and slope also where the log odds are constant or infinite.
struct Performance {
  std::array<double, measures> value{missing, missing, missing, missing, missing};
  bool penalised = false;  // the slope is Firth's: these log odds tell the classes apart without error
};

inline double event_probability(double eta) { return 1.0 / (1.0 + std::exp(-eta)); }

struct Assessor {
  Ascending order;
  Calibrator calibrator;
  std::vector<double> p;
};

// eta: n log odds. calibrate = false leaves intercept and slope out.
inline Performance assess(const Patients& patients, const double* eta, bool calibrate, Assessor& w) {
  Performance out;
  const Classes classes = count_classes(patients);
  if (classes.total() <= 0.0) {
    return out;
  }
  w.p.resize(patients.n);
  std::transform(eta, eta + patients.n, w.p.begin(), event_probability);
  out.value[brier_score] = brier(patients, w.p.data(), classes);
  if (class_status(classes) != Status::ok) {
    return out;
  }
  w.order.sort(patients, eta);
  out.value[auc] = area(patients, w.order, classes);
  out.value[scaled_brier_score] = scaled_brier(out.value[brier_score], classes);
  if (calibrate) {
    const Calibrator::Line line = w.calibrator.fit(patients, eta, true);
    out.value[intercept] = line.intercept;
    out.value[slope] = line.slope;
    out.penalised = line.penalised;
  }
  return out;
}

// Efron and Tibshirani (1997, J Am Stat Assoc 92:548, eq. 27 to 32), for errors: apparent, of the patients left out, and
// without information. The relative overfitting is 0 where the order of the three is not the expected one.
inline double err_632_plus(double apparent, double left_out, double none) {
  const double most = std::fmin(left_out, none);
  const double rate = most > apparent && none > apparent ? (most - apparent) / (none - apparent) : 0.0;
  const double weight = 0.632 / (1.0 - 0.368 * rate);
  return (1.0 - weight) * apparent + weight * most;
}

// Mean squared error where response and prediction are paired at random.
inline double brier_without_information(const Patients& patients, const double* eta, const Classes& classes) {
  CompensatedSum first, second;
  for (std::size_t i = 0; i < patients.n; ++i) {
    const double w = patients.count(i), p = event_probability(eta[i]);
    if (w > 0.0) {
      first.add(w * p);
      second.add(w * p * p);
    }
  }
  const double share = share_of_events(classes);
  return share - 2.0 * share * first.value() / classes.total() + second.value() / classes.total();
}

}  // namespace respondr::validate
