#pragma once
// What effect sizes of several families share.

#include <cmath>

#include "respondr/special/central.hpp"

namespace respondr {

// J(df) = Gamma(df / 2) / (sqrt(df / 2) Gamma((df - 1) / 2)); 0 for one degree of freedom, where d has no expectation.
inline double hedges_correction(double df) {
  if (df <= 1.0) {
    return 0.0;
  }
  const double x = 0.5 * (df - 1.0);
  if (x < 200.0) {
    return std::exp(special::ln_gamma(0.5 * df) - special::ln_gamma(x)) / std::sqrt(0.5 * df);
  }
  // Gamma(x + 1/2) / (Gamma(x) sqrt(x)), where the difference of two logarithms would lose digits.
  const double y = 1.0 / x;
  const double ratio = 1.0 + y * (-1.0 / 8.0 + y * (1.0 / 128.0 + y * (5.0 / 1024.0 - y * 21.0 / 32768.0)));
  return ratio * std::sqrt((df - 1.0) / df);
}

}  // namespace respondr
