#pragma once
// A logistic model as a procedure of validate_bootstrap(): the same columns are fitted again to each resample by the
// estimator
// of the model. Maximum likelihood that separates, or does not converge, is refitted by Firth's penalised likelihood; after
// Firth the intercept is that of FLIC. Columns that depend on others in a resample add nothing to its predictions.

#include <vector>

#include "respondr/logistic/correct.hpp"
#include "respondr/validate/bootstrap.hpp"

namespace respondr::validate {

struct LogisticProcedure {
  const double* x = nullptr;  // n x p by column
  std::size_t n = 0, p = 0;
  const double* event = nullptr;
  const double* offset = nullptr;
  logistic::Options options;
  bool flac = false;  // Firth, then maximum likelihood on the augmented data

  struct Workspace {
    logistic::Workspace work;
    logistic::Fit fit, augmented;
  };

  Workspace make() const { return Workspace(); }

  Refit operator()(const Resample& resample, Workspace& w, double* eta) const {
    Refit out;
    const logistic::Problem problem{x, n, p, event, resample.weight, offset};
    logistic::Options how = options;
    how.leverage = flac;
    logistic::fit(problem, how, w.work, w.fit);
    const bool lost = w.fit.status == Status::separated || w.fit.status == Status::not_converged;
    if (how.estimator != logistic::Estimator::firth && lost) {
      out.penalised = true;
      how.estimator = logistic::Estimator::firth;
      logistic::fit(problem, how, w.work, w.fit);
    }
    out.ok = w.fit.status == Status::ok;
    if (!out.ok) {
      return out;
    }
    if (flac) {
      out.ok = fit_augmented(problem, how, w);
    } else if (how.estimator == logistic::Estimator::firth) {
      logistic::correct_intercept(problem, how, w.work, w.fit);
    }
    out.aliased = predict(w.fit.beta, eta);
    return out;
  }

 private:
  bool fit_augmented(const logistic::Problem& problem, const logistic::Options& how, Workspace& w) const {
    const logistic::Augmented data = logistic::augment(problem, w.fit.leverage);
    logistic::Options ml = how;
    ml.estimator = logistic::Estimator::ml;
    ml.leverage = false;
    logistic::fit(data.problem(), ml, w.work, w.augmented);
    w.fit.beta.assign(w.augmented.beta.begin(), w.augmented.beta.begin() + static_cast<std::ptrdiff_t>(p));
    return w.augmented.status == Status::ok;
  }

  bool predict(const std::vector<double>& beta, double* eta) const {
    bool aliased = false;
    for (std::size_t i = 0; i < n; ++i) {
      eta[i] = offset ? offset[i] : 0.0;
    }
    for (std::size_t j = 0; j < p; ++j) {
      if (beta[j] != beta[j]) {
        aliased = true;
        continue;
      }
      const double* column = x + j * n;
      for (std::size_t i = 0; i < n; ++i) {
        eta[i] += beta[j] * column[i];
      }
    }
    return aliased;
  }
};

}  // namespace respondr::validate
