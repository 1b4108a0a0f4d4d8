#pragma once
// Hyper-dual numbers (Fike and Alonso 2011): a value with its exact first derivatives in two directions and the mixed second
// one. A covariance structure is written once, as a template, and its derivatives come from the same lines.

#include <cmath>

namespace respondr::rm {

struct HyperDual {
  double value = 0.0;
  double first = 0.0;    // derivative in direction a
  double second = 0.0;   // derivative in direction b
  double mixed = 0.0;    // d2 / da db

  HyperDual() = default;
  HyperDual(double v) : value(v) {}  // a constant; implicit, so that formulas read as they are printed
  HyperDual(double v, double a, double b, double ab) : value(v), first(a), second(b), mixed(ab) {}
};

inline HyperDual operator+(const HyperDual& x, const HyperDual& y) {
  return {x.value + y.value, x.first + y.first, x.second + y.second, x.mixed + y.mixed};
}

inline HyperDual operator-(const HyperDual& x, const HyperDual& y) {
  return {x.value - y.value, x.first - y.first, x.second - y.second, x.mixed - y.mixed};
}

inline HyperDual operator*(const HyperDual& x, const HyperDual& y) {
  return {x.value * y.value, x.first * y.value + x.value * y.first, x.second * y.value + x.value * y.second,
          x.mixed * y.value + x.first * y.second + x.second * y.first + x.value * y.mixed};
}

namespace detail {

// g(x) from g, g' and g'' at the value of x.
inline HyperDual chain(const HyperDual& x, double g, double slope, double curve) {
  return {g, slope * x.first, slope * x.second, slope * x.mixed + curve * x.first * x.second};
}

}  // namespace detail

inline HyperDual exp(const HyperDual& x) {
  const double g = std::exp(x.value);
  return detail::chain(x, g, g, g);
}

inline HyperDual sqrt(const HyperDual& x) {
  const double g = std::sqrt(x.value);
  return detail::chain(x, g, 0.5 / g, -0.25 / (g * x.value));
}

inline HyperDual reciprocal(const HyperDual& x) {
  const double g = 1.0 / x.value;
  return detail::chain(x, g, -g * g, 2.0 * g * g * g);
}

inline double reciprocal(double x) { return 1.0 / x; }

// Also for a negative base where the power is a whole number. A vanishing factor is left out, so that 0 has a slope.
inline HyperDual pow(const HyperDual& x, double power) {
  const double slope = power == 0.0 ? 0.0 : power * std::pow(x.value, power - 1.0);
  const double curve = power == 0.0 || power == 1.0 ? 0.0 : power * (power - 1.0) * std::pow(x.value, power - 2.0);
  return detail::chain(x, std::pow(x.value, power), slope, curve);
}

}  // namespace respondr::rm
