#pragma once
// Power, number of patients or effect: whichever of the three a design leaves open.

#include <algorithm>
#include <cmath>

#include "respondr/power/counts.hpp"
#include "respondr/power/means.hpp"
#include "respondr/power/types.hpp"

namespace respondr::power {

inline bool counts(Test test) { return test >= Test::binomial; }

inline double power_at(const Design& d, double n, double effect, Workspace& w) {
  return counts(d.test) ? counts_power(d, n, effect, w) : means_power(d, n, effect);
}

// Where power grows with n doubling and halving find the smallest.
inline double smallest_by_halving(const Design& d, double most, Workspace& w) {
  const auto enough = [&](double n) { return power_at(d, n, d.effect, w) >= d.power; };
  double high = 2.0;
  while (high < most && !enough(high)) {
    high *= 2.0;
  }
  if (high >= most) {
    return missing;
  }
  double low = high == 2.0 ? 0.0 : 0.5 * high;
  while (high - low > 1.0) {
    const double middle = std::floor(0.5 * (low + high));
    if (enough(middle)) {
      high = middle;
    } else {
      low = middle;
    }
  }
  return high;
}

// Welch with arms of different sizes: where one has two or three patients, one more in the other can take power away. None of
// the larger trials, up to half as many again and 30 more, falls short.
inline double smallest_of_means(const Design& d, Workspace& w) {
  const double found = smallest_by_halving(d, 1e8, w);
  if (d.test != Test::welch || d.ratio == 1.0 || !(found <= 1000.0)) return found;
  double n = std::ceil(1.5 * found) + 30.0;
  while (n >= 1.0 && power_at(d, n, d.effect, w) >= d.power) n -= 1.0;
  return n + 1.0;
}

// Every outcome of a trial is gone through.
inline double most_patients(Test test) {
  switch (test) {
    case Test::binomial:
      return 20000.0;
    case Test::boschloo:
    case Test::barnard:
      return 250.0;
    case Test::score:
      return 5000.0;
    default:
      return 1500.0;
  }
}

// Tests of counts: power saws. From the first n with enough, half as many again and 30 more are looked at for one that
// falls short; where the last of them does, the search goes on beyond it.
inline double smallest_of_counts(const Design& d, Workspace& w) {
  const double most = most_patients(d.test);
  double first = 1.0;
  if (d.test == Test::score) {  // margins are small and trials large: from below, not from one patient on
    const double rough = smallest_by_halving(d, 2.0 * most, w);
    if (rough > 200.0) first = std::floor(0.8 * rough);
  }
  const auto enough = [&](double n) { return power_at(d, n, d.effect, w) >= d.power; };
  while (true) {
    while (first <= most && !enough(first)) {
      first += 1.0;
    }
    if (first > most) {
      return missing;
    }
    if (d.smallest == Smallest::first) {
      return first;
    }
    const double last = std::ceil(1.5 * first) + 30.0;
    double n = last;
    while (n > first && enough(n)) {
      n -= 1.0;
    }
    if (n < last) {
      return n > first ? n + 1.0 : first;
    }
    first = last + 1.0;  // the last one falls short itself
  }
}

// The effect nearest to the hypothesis that has the power, by halving; upward unless the alternative is less.
inline double detectable(const Design& d, Workspace& w) {
  const bool rates = counts(d.test), down = d.alternative == Alternative::less;
  double near = d.test == Test::mann_whitney ? 0.5 : d.test == Test::anova ? 0.0 : d.null;
  if (d.test == Test::score) near += d.difference;
  double far = rates || d.test == Test::mann_whitney ? (down ? 0.0 : 1.0) : near + (down ? -1.0 : 1.0) * d.sd;
  if (d.test == Test::mcnemar_exact && !down) {
    far = 1.0 - d.null;
  }
  const auto enough = [&](double effect) { return power_at(d, d.n, effect, w) >= d.power; };
  if (!rates && d.test != Test::mann_whitney) {
    for (int i = 0; i < 60 && !enough(far); ++i) {
      far = near + 2.0 * (far - near);
    }
  }
  if (!enough(far)) {
    return missing;
  }
  for (int i = 0; i < 100 && std::fabs(far - near) > 1e-14 * (std::fabs(far) + std::fabs(near)); ++i) {
    const double middle = 0.5 * (near + far);
    if (enough(middle)) {
      far = middle;
    } else {
      near = middle;
    }
  }
  return far;
}

inline Answer solve(Design d, Workspace& w) {
  Answer a;
  if (d.n != d.n) {
    d.n = counts(d.test) ? smallest_of_counts(d, w) : smallest_of_means(d, w);
  } else if (d.effect != d.effect) {
    d.effect = detectable(d, w);
  }
  a.n = d.n;
  a.effect = d.effect;
  if (a.n != a.n || a.effect != a.effect) {
    a.power = d.power;
    a.status = Status::not_estimable;
    return a;
  }
  a.n_level = std::ceil(d.n * d.ratio - 1e-9);
  a.power = power_at(d, d.n, d.effect, w);
  if (counts(d.test)) {
    const bool possible = d.test != Test::mcnemar_exact || 2.0 * d.null <= 1.0;  // gains like losses
    if (possible) a.size = power_at(d, d.n, d.null + d.difference, w);
  }
  if (a.power != a.power) {
    a.status = Status::too_few;
  }
  return a;
}

}  // namespace respondr::power
