#pragma once
// Power of tests of counts, by going through every outcome: no approximation but the test's own. One rate: binomial
// test, two sided as two tests at alpha / 2. Two arms: Pearson's chi-square without correction, Fisher's test (two sided
// by probability), the N - 1 chi-square, Boschloo and Barnard as the rates family tests (arms.hpp), the score test against a
// margin (score.hpp). Paired: exact McNemar, over the binomial number of changes (Duffy 1984, doi:10.2307/2531156).

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/moments.hpp"
#include "respondr/power/arms.hpp"
#include "respondr/power/score.hpp"
#include "respondr/power/types.hpp"
#include "respondr/special.hpp"

namespace respondr::power {

class LogFactorials {
 public:
  void reserve(std::size_t n) {
    for (std::size_t k = value_.size(); k <= n; ++k) {
      value_.push_back(special::ln_gamma(static_cast<double>(k) + 1.0));
    }
  }
  double choose(int n, int k) const { return value_[n] - value_[k] - value_[n - k]; }

 private:
  std::vector<double> value_;
};

struct Workspace {
  LogFactorials factorials;
  std::vector<double> level, reference, table;
  std::vector<char> rejected;
  ArmsRegion arms;
};

inline void binomial_masses(int n, double p, const LogFactorials& f, std::vector<double>& mass) {
  mass.assign(n + 1, 0.0);
  if (p <= 0.0 || p >= 1.0) {
    mass[p <= 0.0 ? 0 : n] = 1.0;
    return;
  }
  for (int k = 0; k <= n; ++k) {
    mass[k] = std::exp(f.choose(n, k) + k * std::log(p) + (n - k) * std::log1p(-p));
  }
}

// Smallest k with P(X >= k) <= alpha, n + 1 where there is none. A P equal to alpha but for rounding rejects.
inline int upper_critical(int n, double p, double alpha) {
  const double limit = alpha * (1.0 + 1e-12);
  int low = 0, high = n + 1;
  while (low < high) {
    const int middle = low + (high - low) / 2;
    if (special::binomial_cdf(middle, n, p, special::Tail::upper) <= limit) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

// P(the test of rate = null rejects) where the rate is p.
inline double one_rate_power(int n, double p, double null, double alpha, Alternative alternative) {
  const double tail = alternative == Alternative::two_sided ? 0.5 * alpha : alpha;
  double power = 0.0;
  if (alternative != Alternative::less) {
    power += special::binomial_cdf(upper_critical(n, null, tail), n, p, special::Tail::upper);
  }
  if (alternative != Alternative::greater) {
    power += special::binomial_cdf(upper_critical(n, 1.0 - null, tail), n, 1.0 - p, special::Tail::upper);
  }
  return power;
}

// Exact McNemar: gains and losses are the rates of patients who change one way and the other.
inline double mcnemar_power(int n, double gains, double losses, double alpha, Alternative alternative, Workspace& w) {
  const double changes = gains + losses;
  w.factorials.reserve(n);
  binomial_masses(n, changes, w.factorials, w.level);
  CompensatedSum sum;
  for (int d = 1; d <= n; ++d) {
    if (w.level[d] > 0.0) {
      sum.add(w.level[d] * one_rate_power(d, gains / changes, 0.5, alpha, alternative));
    }
  }
  return sum.value();
}

// Which events of the other arm (low, ..., low + size - 1) Fisher's test rejects, given their probabilities in w.table.
inline void fisher_region(double alpha, Alternative alternative, Workspace& w) {
  int a = 0, b = static_cast<int>(w.table.size()) - 1;
  w.rejected.assign(w.table.size(), 0);
  const double limit = alpha * (1.0 + 1e-12);
  double sum = 0.0;
  while (a <= b) {
    const double left = alternative == Alternative::greater ? infinity : w.table[a];
    const double right = alternative == Alternative::less ? infinity : w.table[b];
    const double bound = std::min(left, right) * (1.0 + 1e-7);
    const bool take_left = left <= bound, take_right = right <= bound && (a < b || !take_left);
    sum += (take_left ? left : 0.0) + (take_right ? right : 0.0);
    if (!(sum <= limit)) {
      return;
    }
    if (take_left) {
      w.rejected[a++] = 1;
    }
    if (take_right) {
      w.rejected[b--] = 1;
    }
  }
}

// A table without events, or with nothing else, rejects nothing.
inline void chisq_region(Test test, int n_level, int n_reference, int events, int low, double z, Alternative alternative,
                         Workspace& w) {
  const double n = static_cast<double>(n_level) + n_reference, m = events;
  for (std::size_t i = 0; i < w.rejected.size(); ++i) {
    const double x = low + static_cast<double>(i), y = m - x;
    const double cross = x * n_reference - y * n_level;
    const double variance = m * (n - m) * n_level * n_reference / (test == Test::n1_chisq ? n - 1.0 : n);
    const double root = variance > 0.0 ? cross / std::sqrt(variance) : 0.0;
    const bool above = alternative != Alternative::less && root >= z;
    const bool below = alternative != Alternative::greater && -root >= z;
    w.rejected[i] = variance > 0.0 && (above || below) ? 1 : 0;
  }
}

// P(reject) with events of rate p in n_level patients and of rate p_reference in n_reference.
inline double two_arms_power(Test test, int n_level, double p, int n_reference, double p_reference, double alpha,
                             Alternative alternative, Workspace& w) {
  const int n = n_level + n_reference;
  w.factorials.reserve(n);
  binomial_masses(n_level, p, w.factorials, w.level);
  binomial_masses(n_reference, p_reference, w.factorials, w.reference);
  const double z = -special::normal_quantile(alternative == Alternative::two_sided ? 0.5 * alpha : alpha);
  CompensatedSum power;
  for (int m = 0; m <= n; ++m) {
    const int low = std::max(0, m - n_reference), high = std::min(m, n_level);
    w.rejected.assign(high - low + 1, 0);
    if (test == Test::fisher) {
      w.table.resize(high - low + 1);
      for (int x = low; x <= high; ++x) {
        w.table[x - low] = std::exp(w.factorials.choose(n_level, x) + w.factorials.choose(n_reference, m - x) -
                                    w.factorials.choose(n, m));
      }
      fisher_region(alpha, alternative, w);
    } else {
      chisq_region(test, n_level, n_reference, m, low, z, alternative, w);
    }
    for (int x = low; x <= high; ++x) {
      if (w.rejected[x - low]) {
        power.add(w.level[x] * w.reference[m - x]);
      }
    }
  }
  return power.value();
}

// The same for the tests whose region is found for all tables at once.
inline double region_power(Test test, int n_level, double p, int n_reference, double p_reference, double alpha,
                           Alternative alternative, Workspace& w) {
  const rates::Method method = test == Test::boschloo ? rates::Method::boschloo : rates::Method::barnard;
  w.arms.build(method, n_level, n_reference, alpha, alternative);
  w.factorials.reserve(std::max(n_level, n_reference));
  binomial_masses(n_level, p, w.factorials, w.level);
  binomial_masses(n_reference, p_reference, w.factorials, w.reference);
  CompensatedSum power;
  for (int x1 = 0; x1 <= n_level; ++x1) {
    for (int x0 = 0; x0 <= n_reference; ++x0) {
      if (w.arms.rejects(x1, x0)) power.add(w.level[x1] * w.reference[x0]);
    }
  }
  return power.value();
}

inline double counts_power(const Design& d, double n, double effect, Workspace& w) {
  if (!(n >= 1.0 && n <= 1e6)) {
    return missing;
  }
  const int whole = static_cast<int>(n), level = static_cast<int>(std::ceil(n * d.ratio - 1e-9));
  if (d.test == Test::binomial) {
    return one_rate_power(whole, effect, d.null, d.alpha, d.alternative);
  }
  if (d.test == Test::mcnemar_exact) {
    return effect + d.null > 0.0 ? mcnemar_power(whole, effect, d.null, d.alpha, d.alternative, w) : 0.0;
  }
  if (d.test == Test::score) {
    w.factorials.reserve(static_cast<std::size_t>(std::max(level, whole)));
    binomial_masses(level, effect, w.factorials, w.level);
    binomial_masses(whole, d.null, w.factorials, w.reference);
    return score_power(w.level, w.reference, d.difference, d.alpha, d.alternative, w.table);
  }
  if (d.test == Test::boschloo || d.test == Test::barnard) {
    return region_power(d.test, level, effect, whole, d.null, d.alpha, d.alternative, w);
  }
  return two_arms_power(d.test, level, effect, whole, d.null, d.alpha, d.alternative, w);
}

}  // namespace respondr::power
