#pragma once
// Power by simulated trials: the share that rejects, and the smallest number of patients or the smallest effect with enough.
// Trial b draws the same numbers whatever the number of patients, the effect or the threads, so that power rises with both
// but for few trials.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/parallel.hpp"
#include "respondr/types.hpp"

namespace respondr::power {

struct Simulation {
  int trials = 10000, threads = 1;
  std::uint64_t seed = 0;
};

// Rejections of each test.
template <class Trial>
std::vector<int> simulate(const Trial& trial, const Simulation& s, const Hooks& hooks) {
  constexpr std::size_t block = 64;
  const std::size_t total = static_cast<std::size_t>(s.trials), blocks = (total + block - 1) / block;
  std::vector<std::vector<int>> count(blocks, std::vector<int>(trial.tests(), 0));
  parallel_map(
      blocks, s.threads, hooks, [] { return typename Trial::Workspace(); },
      [&](std::size_t b, typename Trial::Workspace& w) {
        for (std::size_t i = b * block; i < std::min(total, (b + 1) * block); ++i) {
          const std::uint32_t rejected = trial.run(s.seed, i, w);
          for (std::size_t k = 0; k < trial.tests(); ++k) count[b][k] += static_cast<int>(rejected >> k & 1u);
        }
      });
  std::vector<int> out(trial.tests(), 0);
  for (const std::vector<int>& part : count) {
    for (std::size_t k = 0; k < out.size(); ++k) out[k] += part[k];
  }
  return out;
}

// Smallest n of at least `least` with power(n) >= wanted, by doubling and halving; missing above `most`.
template <class Power>
double smallest_simulated(double least, double most, double wanted, Power&& power) {
  double low = least - 1.0, high = std::max(least, 8.0);
  while (high < most && !(power(high) >= wanted)) {
    low = high;
    high = std::min(most, 2.0 * high);
  }
  if (high >= most && !(power(most) >= wanted)) return missing;
  while (high - low > 1.0) {
    const double middle = std::floor(0.5 * (low + high));
    (power(middle) >= wanted ? high : low) = middle;
  }
  return high;
}

// How far beyond the first n with enough a search looks for one that falls short: so many more, and this share of n. Not
// where the first lies above `upto`, beyond which the saw is finer than the trials tell.
struct Saw {
  double more = 0.0, share = 0.0, upto = infinity;

  double last(double first) const { return first > upto ? first : first + more + std::ceil(share * first); }
};

// The same for a test whose power saws, because its attained level changes from one n to the next: the smallest n that no
// larger one within reach of the saw (and up to `most`) falls short of.
template <class Power>
double smallest_sawing(double least, double most, const Saw& saw, double wanted, Power&& power) {
  double first = smallest_simulated(least, most, wanted, power);
  while (first == first) {
    const double last = std::min(most, saw.last(first));
    double n = last;
    while (n >= least && power(n) >= wanted) n -= 1.0;
    if (n < last) return n + 1.0;
    if (last == most) return missing;  // the last one falls short itself
    first = smallest_simulated(last + 1.0, most, wanted, power);
  }
  return missing;
}

// How a search for an effect steps outward and where it stops. Power of a Wald test rises and falls again, and a long step
// would pass over its top. precision: of the effect, relative to its distance from the hypothesis.
struct EffectSearch {
  double growth = 2.0, precision = 0x1.0p-24;
};

// Effect nearest to `near` with enough, towards `far`, which is moved outward where it has not (or inward, where little is
// enough).
template <class Power>
double smallest_effect_simulated(double near, double far, double wanted, const EffectSearch& search, Power&& power) {
  const double null = near, reach = 1048576.0 * std::fabs(far - near);
  while (!(power(far) >= wanted)) {
    near = far;
    far = null + search.growth * (far - null);
    if (!(std::fabs(far - null) <= reach)) return missing;
  }
  for (int i = 0; i < 1100 && std::fabs(far - near) > search.precision * std::fabs(far - null); ++i) {
    const double middle = 0.5 * (near + far);
    (power(middle) >= wanted ? far : near) = middle;
  }
  return far;
}

}  // namespace respondr::power
