#pragma once
// One logistic model for each of many markers: maximum likelihood from the fit of the covariates; where the marker separates or the
// maximum is not found, Firth's estimate (Firth 1993, Biometrika 80:27).
//
// Wald: z = b / SE. Score: U^2 / V at the fit of the covariates, V the information of the marker less what the covariates take from
// it. Likelihood ratio: twice the gain over the coefficient held at 0; for Firth's estimate of the penalised likelihood, whose
// penalty is that of the whole model (Heinze and Schemper 2002, Stat Med 21:2409).

#include <cmath>
#include <cstddef>

#include "respondr/logistic/scan_marker.hpp"
#include "respondr/parallel.hpp"
#include "respondr/special/central.hpp"

namespace respondr::logistic {

class Scan {
 public:
  explicit Scan(const ScanPlan& plan) : plan_(plan), z_(special::normal_quantile(0.5 + 0.5 * plan.options.conf_level)) {}

  // absent: the value that stands for none, beside NaN.
  template <class Value>
  ScanRow solve(const Value* x, Value absent, ScanWorkspace& w) const {
    ScanRow row;
    double unit = missing;
    if (plan_.rank() == 0 && plan_.start().empty()) {
      row.status = plan_.status();
      return row;
    }
    if (!detail::load_marker(plan_, x, absent, w, row, unit)) {
      return row;
    }
    const bool firth_only = plan_.options.estimator == ScanEstimator::firth;
    if (!firth_only && estimate(Estimator::ml, unit, w, row)) {
      return row;
    }
    if (plan_.options.estimator != ScanEstimator::ml) estimate(Estimator::firth, unit, w, row);
    return row;
  }

 private:
  bool estimate(Estimator estimator, double unit, ScanWorkspace& w, ScanRow& row) const {
    Options o;
    o.estimator = row.estimator = estimator;
    o.max_iterations = plan_.options.max_iterations;
    o.tolerance = plan_.options.tolerance;
    const std::size_t last = w.basis.rank - 1;
    double null_value = plan_.log_likelihood();
    const bool score = plan_.options.test == ScanTest::score && estimator == Estimator::ml;
    const bool lr = plan_.options.test == ScanTest::lr;
    begin(o, w);
    if ((lr || score) && (w.masked || estimator == Estimator::firth || plan_.status() != Status::ok)) {
      maximise(w.basis, o, &w.none, w.solver);
      null_value = w.solver.now.value;
    }
    if (score) take_score(o, w, row);
    const Outcome outcome = search(o, w);
    const Evaluation& e = w.solver.now;
    if (outcome.separated || !outcome.converged || !e.regular) {
      row.status = outcome.separated ? Status::separated : Status::not_converged;
      return false;
    }
    if (lr) row.statistic = std::fmax(0.0, 2.0 * (e.value - null_value));
    finish(e.gamma[last] / unit, 1.0 / (e.factor(last, last) * unit), row);
    return true;
  }

  // From coefficients 0, or from the maximum with the marker's coefficient held.
  Outcome search(const Options& o, ScanWorkspace& w) const {
    if (o.estimator == Estimator::ml && !w.masked && plan_.status() == Status::ok) {
      detail::start_marker(plan_, w);
      return maximise_from(w.basis, o, nullptr, w.solver);
    }
    return maximise(w.basis, o, nullptr, w.solver);
  }

  void begin(const Options& o, ScanWorkspace& w) const {
    std::fill(w.solver.now.gamma.begin(), w.solver.now.gamma.end(), 0.0);
    std::fill(w.solver.now.penalty.begin(), w.solver.now.penalty.end(), 0.0);
    std::fill(w.solver.trial.penalty.begin(), w.solver.trial.penalty.end(), 0.0);
    w.solver.secant.zero();
    if (o.estimator == Estimator::firth) {
      evaluate(w.basis, Estimator::firth, 1, w.solver.rows, w.solver.now);
      const double share = static_cast<double>(w.basis.rank) / w.basis.trials;
      for (std::size_t k = 0; k < w.solver.secant.data.size(); ++k) {
        w.solver.secant.data[k] = share * w.solver.now.information.data[k];
      }
    }
  }

  void take_score(const Options& o, ScanWorkspace& w, ScanRow& row) const {
    evaluate(w.basis, o.estimator, 1, w.solver.rows, w.solver.now);
    const std::size_t last = w.basis.rank - 1;
    if (w.solver.now.regular) {
      const double root = w.solver.now.score[last] / w.solver.now.factor(last, last);
      row.statistic = root * root;
    }
  }

  void finish(double b, double se, ScanRow& row) const {
    row.estimate = b;
    row.std_error = se;
    row.conf_low = b - z_ * se;
    row.conf_high = b + z_ * se;
    row.status = Status::ok;
    const bool other = plan_.options.test == ScanTest::lr || (plan_.options.test == ScanTest::score && row.estimator == Estimator::ml);
    if (other) {
      row.df = 1.0;
      row.p_value = special::chisq_cdf(row.statistic, 1.0, special::Tail::upper);
    } else {
      row.statistic = b / se;
      row.p_value = 2.0 * special::normal_cdf(std::fabs(row.statistic), special::Tail::upper);
      row.p_matches = true;
    }
  }

  const ScanPlan& plan_;
  double z_;
};

// Every marker of a matrix, n values each, to sink(marker, row). A value equal to `absent` or NaN is none.
template <class Value, class Sink>
void scan(const ScanPlan& plan, const Value* markers, std::size_t count, Value absent, int threads, const Hooks& hooks,
          Sink&& sink) {
  const Scan scan(plan);
  parallel_map(count, threads, hooks, [&] { return scan_workspace(plan); },
               [&](std::size_t i, ScanWorkspace& w) { sink(i, scan.solve(markers + i * plan.problem.n, absent, w)); });
}

}  // namespace respondr::logistic
