#pragma once
// Power of the sign test, exact for every shape: patients whose change lies at the hypothesis (rounded values only)
// leave, and of those who stay the number above is binomial. power = sum_d P(D = d) P(reject | d), D ~ binomial(n, a + b),
// the number above given d ~ binomial(d, a / (a + b)); a and b: chances of a change above and below the hypothesis.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/power/counts.hpp"
#include "respondr/power/trial_means.hpp"
#include "respondr/special.hpp"

namespace respondr::power {

// P(value <= z) or P(value > z) of a shape, which has mean 0 and standard deviation 1.
inline double shape_tail(Shape shape, double z, special::Tail tail) {
  const bool upper = tail == special::Tail::upper;
  const double toward = upper ? -z : z;  // the lower tail of the shapes that are symmetric
  switch (shape) {
    case Shape::normal: return special::normal_cdf(toward);
    case Shape::uniform: return std::clamp(0.5 + toward / std::sqrt(12.0), 0.0, 1.0);
    case Shape::logistic: return 1.0 / (1.0 + std::exp(-toward * 3.14159265358979323846 / std::sqrt(3.0)));
    case Shape::laplace: {
      const double half = 0.5 * std::exp(-std::sqrt(2.0) * std::fabs(z));
      return toward < 0.0 ? half : 1.0 - half;
    }
    case Shape::lognormal: {
      const double mean = std::exp(0.125), x = mean + z * mean * std::sqrt(std::expm1(0.25));
      if (!(x > 0.0)) return upper ? 1.0 : 0.0;
      return special::normal_cdf(upper ? -2.0 * std::log(x) : 2.0 * std::log(x));
    }
    case Shape::t5: break;
  }
  return special::t_cdf(toward * std::sqrt(5.0 / 3.0), 5.0, special::Tail::lower);
}

// Changes above the hypothesis of n that are not at it: how many, or how few, reject.
inline detail::Region sign_region(int n, double alpha) {
  const double low = detail::lower_critical(
      n - 1.0, alpha, [&](double c) { return special::binomial_cdf(c, n, 0.5, special::Tail::lower); });
  return low < 0.0 ? detail::Region() : detail::Region::symmetric(low, n);
}

struct SignChances {
  double above = 0.0, below = 0.0;
};

// Of measured(effect + sd * value) against null. A rounded value lies above where the value lies above the middle between
// the last one that does not and the first one that does.
inline SignChances sign_chances(const MeansDesign& d, double effect) {
  double low = d.null, high = d.null;
  if (d.decimals >= 0) {
    const double scale = std::pow(10.0, d.decimals), unit = d.null * scale, nearest = std::rint(unit);
    const bool tie = std::fabs(unit - nearest) <= 1e-9 * std::fmax(1.0, std::fabs(unit));
    low = ((tie ? nearest - 1.0 : std::floor(unit)) + 0.5) / scale;
    high = ((tie ? nearest + 1.0 : std::ceil(unit)) - 0.5) / scale;
  }
  return {shape_tail(d.shape, (high - effect) / d.sd, special::Tail::upper),
          shape_tail(d.shape, (low - effect) / d.sd, special::Tail::lower)};
}

class SignPower {
 public:
  explicit SignPower(const MeansDesign& design) : design_(design) {}

  double at(double n, double effect) {
    const SignChances c = sign_chances(design_, effect);
    const double changes = std::fmin(1.0, c.above + c.below);
    if (!(changes > 0.0)) return 0.0;
    const int most = static_cast<int>(n);
    reach(most);
    if (design_.decimals < 0) return given(most, c.above / changes);
    factorials_.reserve(static_cast<std::size_t>(most));
    binomial_masses(most, changes, factorials_, mass_);
    CompensatedSum sum;
    for (int d = 1; d <= most; ++d) {
      const double mass = mass_[static_cast<std::size_t>(d)];
      if (mass > 1e-20) sum.add(mass * given(d, c.above / changes));
    }
    return std::fmin(1.0, sum.value());
  }

 private:
  void reach(int n) {
    for (int d = static_cast<int>(region_.size()); d <= n; ++d) region_.push_back(sign_region(d, design_.tail()));
  }

  // P(reject) with d changes of which each is above with this chance.
  double given(int d, double share) const {
    const detail::Region& region = region_[static_cast<std::size_t>(d)];
    if (region.low < 0.0) return 0.0;
    const double below = special::binomial_cdf(region.low, d, share, special::Tail::lower);
    const double above = special::binomial_cdf(region.low, d, 1.0 - share, special::Tail::lower);
    return sided(below, above, design_.alternative);
  }

  MeansDesign design_;
  std::vector<detail::Region> region_;
  LogFactorials factorials_;
  std::vector<double> mass_;
};

}  // namespace respondr::power
