#pragma once
// Exact null distribution of Kendall's sum of concordances S under ties: every order of one variable equally likely.
//
// Ties in one variable only: the orders of a multiset, whose inversions have the generating function [n]! / ([m_1]! [m_2]!
// ...) with [k]! = 1 (1 + q) ... (1 + q + ... + q^(k - 1)) (MacMahon 1915; Burr 1960, Biometrika 47:151). Ties in both: the
// groups of one variable, in their order, take values from what is left of the groups of the other, each choice weighted by
// the number of ways; what is left and S so far is the state.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace respondr::linear {

// Sizes of the groups of equal values, in the order of the values.
using Groups = std::vector<int>;

// probability[s + most]: P(S = s).
struct Concordances {
  std::vector<double> probability;
  int most = 0;
};

namespace detail {

inline double tied_pairs(const Groups& g) {
  double sum = 0.0;
  for (const int m : g) {
    sum += 0.5 * m * (m - 1.0);
  }
  return sum;
}

inline double states_of(const Groups& g) {
  double states = 1.0;
  for (const int m : g) {
    states *= m + 1.0;
  }
  return states;
}

inline bool untied(const Groups& g) {
  return std::all_of(g.begin(), g.end(), [](int m) { return m == 1; });
}

// p times (1 + q + ... + q^(k - 1)) / k.
inline void multiply_run(std::vector<double>& p, int k) {
  std::vector<double> out(p.size() + static_cast<std::size_t>(k) - 1, 0.0);
  double window = 0.0;
  for (std::size_t s = 0; s < out.size(); ++s) {
    window += s < p.size() ? p[s] : 0.0;
    window -= s >= static_cast<std::size_t>(k) && s - static_cast<std::size_t>(k) < p.size() ? p[s - static_cast<std::size_t>(k)]
                                                                                              : 0.0;
    out[s] = window / k;
  }
  p.swap(out);
}

// The reverse of multiply_run(), from either end to the middle.
inline void divide_run(std::vector<double>& p, int k) {
  const std::size_t size = p.size() - static_cast<std::size_t>(k) + 1, width = static_cast<std::size_t>(k);
  std::vector<double> out(size, 0.0);
  for (std::size_t s = 0; s < (size + 1) / 2; ++s) {
    const double before = s > 0 ? p[s - 1] : 0.0;
    out[s] = k * (p[s] - before) + (s >= width ? out[s - width] : 0.0);
    out[size - 1 - s] = out[s];
  }
  p.swap(out);
}

// What one group of `x` may take from the rest of the groups of `y`.
class Draws {
 public:
  explicit Draws(const Groups& y) : y_(y), place_(y.size(), 1), taken_(y.size(), 0), rest_(y.size(), 0) {
    for (std::size_t j = 1; j < y.size(); ++j) {
      place_[j] = place_[j - 1] * static_cast<std::size_t>(y[j - 1] + 1);
    }
  }

  std::size_t full() const { return states() - 1; }
  std::size_t states() const { return place_.back() * static_cast<std::size_t>(y_.back() + 1); }

  // f(state after, ways, step of S) for each way of taking `count` values.
  template <class F>
  void each(std::size_t state, int count, F&& f) {
    for (std::size_t j = 0; j < y_.size(); ++j) {
      rest_[j] = static_cast<int>(state / place_[j] % static_cast<std::size_t>(y_[j] + 1));
    }
    take(0, count, state, 1.0, f);
  }

 private:
  template <class F>
  void take(std::size_t j, int count, std::size_t state, double ways, F&& f) {
    if (j == y_.size()) {
      if (count == 0) {
        f(state, ways, step());
      }
      return;
    }
    double choose = 1.0;
    for (int k = 0; k <= std::min(count, rest_[j]); ++k) {
      taken_[j] = k;
      take(j + 1, count - k, state - static_cast<std::size_t>(k) * place_[j], ways * choose, f);
      choose *= static_cast<double>(rest_[j] - k) / (k + 1.0);
    }
  }

  // Values above less values below among what is left, for each value taken.
  int step() const {
    int above = 0, below = 0, sum = 0;
    for (std::size_t j = 0; j < y_.size(); ++j) {
      above += rest_[j] - taken_[j];
    }
    for (std::size_t j = 0; j < y_.size(); ++j) {
      const int left = rest_[j] - taken_[j];
      above -= left;
      sum += taken_[j] * (above - below);
      below += left;
    }
    return sum;
  }

  const Groups& y_;
  std::vector<std::size_t> place_;
  std::vector<int> taken_, rest_;
};

inline Concordances tied_once(const Groups& g) {
  std::vector<double> p{1.0};
  int placed = 0;
  for (const int m : g) {
    for (int k = 1; k <= m; ++k) {
      multiply_run(p, ++placed);
      divide_run(p, k);
    }
  }
  Concordances out;
  out.most = static_cast<int>(p.size()) - 1;
  out.probability.assign(2 * p.size() - 1, 0.0);
  for (std::size_t s = 0; s < p.size(); ++s) {
    out.probability[2 * s] = p[s];
  }
  return out;
}

inline Concordances tied_twice(const Groups& x, const Groups& y, int most) {
  Draws draws(y);
  const std::size_t width = 2 * static_cast<std::size_t>(most) + 1;
  std::vector<std::vector<double>> layer(draws.states()), next(draws.states());
  layer[draws.full()].assign(width, 0.0);
  layer[draws.full()][static_cast<std::size_t>(most)] = 1.0;
  for (const int count : x) {
    for (std::size_t state = 0; state < layer.size(); ++state) {
      const std::vector<double>& from = layer[state];
      if (from.empty()) {
        continue;
      }
      draws.each(state, count, [&](std::size_t after, double ways, int step) {
        std::vector<double>& to = next[after];
        to.resize(width, 0.0);
        const std::size_t first = static_cast<std::size_t>(std::max(0, -step));
        const std::size_t last = width - static_cast<std::size_t>(std::max(0, step));
        for (std::size_t s = first; s < last; ++s) {
          to[s + static_cast<std::size_t>(step)] += ways * from[s];
        }
      });
      layer[state].clear();
    }
    layer.swap(next);
  }
  Concordances out{layer[0], most};
  double all = 0.0;
  for (const double v : out.probability) {
    all += v;
  }
  for (double& v : out.probability) {
    v /= all;
  }
  return out;
}

}  // namespace detail

// Additions that the distribution takes, at most; also bounds its memory.
inline double concordance_work(const Groups& x, const Groups& y) {
  double n = 0.0;
  for (const int m : x) {
    n += m;
  }
  if (detail::untied(x) || detail::untied(y)) {
    return n * n * n;
  }
  const Groups &by = detail::states_of(x) < detail::states_of(y) ? y : x, &kept = &by == &x ? y : x;
  double ways = 0.0;
  for (const int t : by) {
    double each = 1.0;  // of t alike among the groups kept
    for (int k = 1; k <= t; ++k) {
      each *= (static_cast<double>(kept.size()) - 1.0 + k) / k;
    }
    ways = std::max(ways, each);
  }
  return detail::states_of(kept) * ways * n * n;
}

// The distribution of S. concordance_work() should have been asked before.
inline Concordances concordance_distribution(const Groups& x, const Groups& y) {
  if (detail::untied(x) || detail::untied(y)) {
    return detail::tied_once(detail::untied(x) ? y : x);
  }
  double n = 0.0;
  for (const int m : x) {
    n += m;
  }
  const int most = static_cast<int>(0.5 * n * (n - 1.0) - std::max(detail::tied_pairs(x), detail::tied_pairs(y)));
  return detail::states_of(x) < detail::states_of(y) ? detail::tied_twice(y, x, most) : detail::tied_twice(x, y, most);
}

}  // namespace respondr::linear
