#pragma once
// What goes into and comes out of a mixed model for repeated measures, free of any language binding.

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "respondr/parallel.hpp"
#include "respondr/rm/covariance.hpp"
#include "respondr/types.hpp"

namespace respondr::rm {

// Long rows, sorted by patient and then visit; a patient has a visit once and one covariance group. All codes start at 0.
struct MmrmData {
  int rows = 0;
  int columns = 0;
  int visits = 0;
  int groups = 1;
  const double* x = nullptr;           // rows x columns, column-major
  const int* patient = nullptr;
  const int* visit = nullptr;
  const int* group = nullptr;          // null: one group
  const double* weight = nullptr;      // null: all 1; the covariance of a row is divided by its weight
  const double* time = nullptr;        // null: visit numbers
  bool time_by_row = false;            // else one time a visit
  std::vector<const double*> outcome;  // NaN: not observed

  // The lowest outcome that holds an infinite value, or no_problem.
  std::size_t infinite_outcome() const {
    for (std::size_t k = 0; k < outcome.size(); ++k) {
      if (std::any_of(outcome[k], outcome[k] + rows, [](double y) { return std::isinf(y); })) return k;
    }
    return no_problem;
  }
};

struct MmrmOptions {
  std::vector<Structure> structures{Structure::us};  // the next one only where the one before gives no maximum
  bool reml = true;
  int max_iterations = 100;
  double tolerance = 1e-10;  // on the convergence measure g' H^-1 g
};

// One structure that was tried.
struct Attempt {
  Structure structure = Structure::us;
  Status status = Status::ok;
};

struct MmrmFit {
  Status status = Status::no_data;
  Structure structure = Structure::us;
  std::vector<Attempt> attempts;
  std::vector<int> kept, aliased;   // columns of x
  Eigen::VectorXd beta;             // of the kept columns
  Eigen::MatrixXd vcov;             // model-based, kept x kept
  Eigen::VectorXd theta;            // natural parameters, group after group
  std::vector<Eigen::MatrixXd> sigma;  // one a group
  Eigen::MatrixXd information_observed, information_expected;  // of theta
  Eigen::VectorXd gradient;         // of the log likelihood in theta
  double log_likelihood = missing;
  double convergence = missing;     // g' H^-1 g at theta
  int iterations = 0;
  int observations = 0;
  int patients = 0;
  std::vector<int> trouble;         // parameters (of theta) without information or variances without spread
  std::vector<double> times;        // visits as sp_exp saw them
};

}  // namespace respondr::rm
