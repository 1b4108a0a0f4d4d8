#pragma once
// Values of simulated patients, all with mean 0 and standard deviation 1.
//
//   normal     by the ziggurat (Marsaglia and Tsang 2000, doi:10.18637/jss.v005.i08) of Boost
//   uniform, logistic, laplace  by their quantile functions
//   lognormal  exp(0.5 z), which has skewness 1.75, shifted and scaled
//   t5         t on 5 degrees of freedom, scaled: heavy tails; by the ratio of uniforms (Kinderman and Monahan 1977,
//              doi:10.1145/355744.355750), three of four tries are taken

#include <cmath>
#include <cstdint>

#include <boost/random/normal_distribution.hpp>

#include "respondr/random.hpp"

namespace respondr::power {

enum class Shape : int { normal = 0, uniform, logistic, laplace, lognormal, t5 };

class Draws {
  struct Bits {
    using result_type = std::uint64_t;
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return ~result_type{0}; }
    result_type operator()() { return stream.next(); }
    Stream stream;
  };

 public:
  Draws(std::uint64_t seed, std::uint64_t trial, Shape shape)
      : bits_{Stream(seed, static_cast<std::uint64_t>(Tag::simulated_trial), 0, trial)}, shape_(shape) {}

  double uniform() { return bits_.stream.uniform(); }

  double normal() { return normal_(bits_); }

  double value() {
    switch (shape_) {
      case Shape::normal: return normal();
      case Shape::uniform: return std::sqrt(12.0) * (bits_.stream.uniform() - 0.5);
      case Shape::logistic: {
        const double u = bits_.stream.uniform();
        return std::log(u / (1.0 - u)) * std::sqrt(3.0) / 3.14159265358979323846;
      }
      case Shape::laplace: {
        const double u = bits_.stream.uniform() - 0.5, size = -std::log1p(-2.0 * std::fabs(u)) / std::sqrt(2.0);
        return u < 0.0 ? -size : size;
      }
      case Shape::lognormal: {
        const double mean = std::exp(0.125), sd = mean * std::sqrt(std::expm1(0.25));
        return (std::exp(0.5 * normal()) - mean) / sd;
      }
      case Shape::t5: break;
    }
    // Both uniforms from one number, 32 bits each. (1 + x^2 / 5)^-3 is the density, and |x| times its root is largest at
    // x^2 = 5 / 2; the test for u > 0 and x = v / u is free of divisions.
    const double side = std::sqrt(2.5 / (1.5 * 1.5 * 1.5)) * 0x1.0p-31;
    for (;;) {
      const std::uint64_t bits = bits_.stream.next();
      const double u = (static_cast<double>(static_cast<std::int64_t>(bits >> 32)) + 0.5) * 0x1.0p-32;
      const double v = side * (static_cast<double>(static_cast<std::int32_t>(bits)) + 0.5);
      const double uu = u * u, f = uu + 0.2 * v * v;
      if (f * f * f <= uu * uu) return v / u * std::sqrt(0.6);
    }
  }

 private:
  Bits bits_;
  Shape shape_;
  boost::random::normal_distribution<double> normal_;
};

// Measured to so many decimals; negative: not rounded.
inline double measured(double x, int decimals) {
  if (decimals < 0) return x;
  const double scale = std::pow(10.0, decimals);
  return std::rint(x * scale) / scale;
}

}  // namespace respondr::power
