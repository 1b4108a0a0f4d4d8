#pragma once
// Golden-section search for the maximum of a function with one peak (Kiefer 1953, Proc Am Math Soc 4:502).

#include <cmath>

#include "respondr/types.hpp"

namespace respondr {

// The largest value seen on [low, high] in `steps` sections; stops at the first one that reaches `enough`.
template <class F>
double golden_maximum(F&& f, double low, double high, int steps, double enough = infinity) {
  constexpr double ratio = 0.6180339887498949;
  double a = high - ratio * (high - low), b = low + ratio * (high - low), fa = f(a), fb = f(b);
  double best = std::fmax(fa, fb);
  for (int i = 0; i < steps && !(best >= enough); ++i) {
    if (fa > fb) {
      high = b;
      b = a;
      fb = fa;
      a = high - ratio * (high - low);
      fa = f(a);
    } else {
      low = a;
      a = b;
      fa = fb;
      b = low + ratio * (high - low);
      fb = f(b);
    }
    best = std::fmax(best, std::fmax(fa, fb));
  }
  return best;
}

}  // namespace respondr
