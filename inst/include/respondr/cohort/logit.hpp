#pragma once
// Logistic regression of an event on one predictor, warm-started: the search fits it once a move. Newton-Raphson with step
// halving on the log likelihood; Wald interval as published odds ratios have it.

#include <cmath>
#include <cstddef>

#include "respondr/types.hpp"

namespace respondr::cohort {

struct LogitFit {
  double slope = 0.0, std_error = infinity;
  double intercept = 0.0;
  bool converged = false;
};

namespace detail {

struct LogitState {
  double log_likelihood = 0.0, g0 = 0.0, g1 = 0.0, h00 = 0.0, h01 = 0.0, h11 = 0.0;
};

inline LogitState logit_state(const double* x, const char* event, std::size_t n, double a, double b) {
  LogitState s;
  for (std::size_t i = 0; i < n; ++i) {
    const double eta = a + b * x[i], e = std::exp(-std::fabs(eta)), p_small = e / (1.0 + e);
    const double p = eta >= 0.0 ? 1.0 - p_small : p_small, w = p_small * (1.0 - p_small);
    const double y = event[i] != 0 ? 1.0 : 0.0;
    s.log_likelihood += (event[i] != 0 ? std::fmin(eta, 0.0) : std::fmin(-eta, 0.0)) - std::log1p(e);
    s.g0 += y - p;
    s.g1 += (y - p) * x[i];
    s.h00 += w;
    s.h01 += w * x[i];
    s.h11 += w * x[i] * x[i];
  }
  return s;
}

}  // namespace detail

// x about centred, n values. `start` gives intercept and slope.
inline LogitFit fit_logit(const double* x, const char* event, std::size_t n, const LogitFit& start) {
  LogitFit fit;
  double a = start.converged ? start.intercept : 0.0, b = start.converged ? start.slope : 0.0;
  detail::LogitState s = detail::logit_state(x, event, n, a, b);
  for (int step = 0; step < 40; ++step) {
    const double determinant = s.h00 * s.h11 - s.h01 * s.h01;
    if (!(determinant > 1e-14 * s.h00 * s.h11)) {
      return fit;  // separated, or no spread
    }
    double da = (s.h11 * s.g0 - s.h01 * s.g1) / determinant, db = (s.h00 * s.g1 - s.h01 * s.g0) / determinant;
    const double gain = da * s.g0 + db * s.g1;
    if (gain < 1e-18) {
      fit.converged = true;
      fit.intercept = a;
      fit.slope = b;
      fit.std_error = std::sqrt(s.h00 / determinant);
      return fit;
    }
    detail::LogitState next = detail::logit_state(x, event, n, a + da, b + db);
    for (int half = 0; half < 12 && !(next.log_likelihood >= s.log_likelihood - 1e-12); ++half) {
      da *= 0.5;
      db *= 0.5;
      next = detail::logit_state(x, event, n, a + da, b + db);
    }
    a += da;
    b += db;
    s = next;
  }
  return fit;
}

}  // namespace respondr::cohort
