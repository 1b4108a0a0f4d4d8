#pragma once
// Logistic regression: what is asked, what is answered.

#include <cstddef>
#include <vector>

#include "respondr/types.hpp"

namespace respondr::logistic {

enum class Estimator : int { ml = 0, firth, logf };

// Views of someone else's memory.
struct Problem {
  const double* x = nullptr;  // by column, leading dimension n; column 0 is the intercept if there is one
  std::size_t n = 0, p = 0;
  const double* y = nullptr;       // share of events, in [0, 1]
  const double* weight = nullptr;  // trials x case weight, >= 0; nullptr: 1
  const double* offset = nullptr;  // nullptr: 0
};

struct Options {
  Estimator estimator = Estimator::ml;
  double logf_m = 1.0;
  const unsigned char* penalised = nullptr;  // logF: the columns that get the prior; nullptr: all but the intercept
  int max_iterations = 200;
  double tolerance = 1e-10;  // error left in the coefficients, in standard errors
  int threads = 1;           // same bits for any number
  bool leverage = true;      // false: Fit::leverage stays empty (a refit in a bootstrap, a scan)
};

struct Fit {
  std::vector<double> beta;      // p; NaN where the column is aliased with earlier ones
  std::vector<double> vcov;      // p x p; inverse information at the estimate, NaN where aliased
  std::vector<double> fitted;    // n; probability of the event
  std::vector<double> leverage;  // n; their sum is the rank (less with a logF prior)
  std::vector<unsigned char> kept;
  double log_likelihood = missing;  // of the data, without binomial coefficients
  double penalised = missing;       // with Firth's half log determinant of X'WX or the logarithm of the logF prior
  int iterations = 0;
  bool converged = false;
  Status status = Status::no_data;
};

}  // namespace respondr::logistic
