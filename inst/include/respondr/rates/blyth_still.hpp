#pragma once
// The interval of Blyth and Still (1983, J Am Stat Assoc 78:108, doi:10.1080/01621459.1983.10477938) as refined by
// Casella (1986, Can J Stat 14:113): the limits of Clopper and Pearson, moved inwards one count after the other as far
// as the coverage allows, upper limits being the mirror of the lower ones.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/rates/table.hpp"
#include "respondr/special/central.hpp"

namespace respondr::rates {

class BlythStill {
 public:
  Limits limits(int n, int x, double alpha) {
    if (n != n_ || alpha != alpha_) build(n, alpha);
    return {low_[x], high(x), false};
  }

 private:
  double high(int x) const { return 1.0 - low_[n_ - x]; }

  // P(from <= X <= to) - (1 - alpha) at p.
  double spare(int from, int to, double p) const {
    return alpha_ - special::binomial_cdf(from - 1, n_, p) - special::binomial_cdf(to + 1, n_, p, special::Tail::upper);
  }

  void build(int n, double alpha) {
    n_ = n;
    alpha_ = alpha;
    low_.assign(n + 1, 0.0);
    for (int k = 1; k <= n; ++k) {
      const auto excess = [&](double p) { return special::binomial_cdf(k, n, p, special::Tail::upper) - 0.5 * alpha; };
      low_[k] = special::detail::bracketed_root(excess, 0.0, -0.5 * alpha, 1.0, 1.0 - 0.5 * alpha, 1e-15);
    }
    for (int k = n; k >= 1; --k) low_[k] = raised(k);
  }

  // How far the lower limit of k can go up: p loses k from its acceptance set, which then runs from the first count
  // whose upper limit is at least p to k - 1.
  double raised(int k) const {
    const double roof = k == n_ ? 1.0 : low_[k + 1];
    double p = low_[k];
    int from = 0;
    while (from < k && top(from, k) <= p) ++from;  // just above p
    while (p < roof && from < k) {
      if (spare(from, k - 1, p) < 0.0) return p;
      const double next = std::fmin(roof, top(from, k)), left = spare(from, k - 1, next);
      if (left < 0.0) {
        const auto excess = [&](double q) { return spare(from, k - 1, q); };
        return special::detail::bracketed_root(excess, p, spare(from, k - 1, p), next, left, 1e-15);
      }
      p = next;
      while (from < k && top(from, k) <= p) ++from;
    }
    return p;
  }

  // The mirror of the limit that moves comes down to meet it at one half.
  double top(int x, int k) const { return x == n_ - k && low_[k] < 0.5 ? 0.5 : high(x); }

  int n_ = -1;
  double alpha_ = missing;
  std::vector<double> low_;  // of each count
};

}  // namespace respondr::rates
