#pragma once
// Moments that merge. Sums are carried in double-double arithmetic (Knuth's TwoSum), so that the order of the values and their
// place in memory change no bit of a result; spreads are centred, never differences of raw sums.

#include <cmath>
#include <cstddef>

#include "respondr/detail/lanes.hpp"
#include "respondr/types.hpp"

namespace respondr {

class CompensatedSum {
 public:
  CompensatedSum() = default;
  CompensatedSum(double high, double low) : high_(high), low_(low) {}
  void add(double x) {
    const double sum = high_ + x;
    const double part = sum - high_;
    low_ += (high_ - (sum - part)) + (x - part);
    high_ = sum;
  }
  void add(const CompensatedSum& other) {
    add(other.high_);
    low_ += other.low_;
  }
  double value() const { return high_ + low_; }

 private:
  double high_ = 0.0, low_ = 0.0;
};

namespace detail {

inline void add_lanes(Lanes x, Lanes& high, Lanes& low) {
  const Lanes sum = high + x;
  const Lanes part = sum - high;
  low += (high - (sum - part)) + (x - part);
  high = sum;
}

// Sum of f(x) over the values in eight independent chains: the dependent additions of one hide behind the others.
// f maps Lanes to Lanes and double to double.
template <class F>
inline double compensated_sum(Span<double> x, F&& f) {
  Lanes high[4] = {}, low[4] = {};
  std::size_t i = 0;
  for (; i + 8 <= x.size; i += 8) {
    add_lanes(f(load_lanes(x.data + i)), high[0], low[0]);
    add_lanes(f(load_lanes(x.data + i + 2)), high[1], low[1]);
    add_lanes(f(load_lanes(x.data + i + 4)), high[2], low[2]);
    add_lanes(f(load_lanes(x.data + i + 6)), high[3], low[3]);
  }
  for (std::size_t k = 0; i + 2 <= x.size; i += 2, ++k) {
    add_lanes(f(load_lanes(x.data + i)), high[k], low[k]);
  }
  for (std::size_t k = 1; k < 4; ++k) {
    add_lanes(high[k], high[0], low[0]);
    low[0] += low[k];
  }
  CompensatedSum total(high[0][0], low[0][0]);
  total.add(CompensatedSum(high[0][1], low[0][1]));
  if (i < x.size) {
    total.add(f(x[i]));
  }
  return total.value();
}

}  // namespace detail

// n, mean and centred sum of squares.
struct Moments {
  double n = 0.0;
  double mean = missing;
  double ss = 0.0;

  double variance() const { return n > 1.0 ? ss / (n - 1.0) : missing; }
  double sd() const { return std::sqrt(variance()); }

  static Moments of(Span<double> x) {
    Moments m;
    m.n = static_cast<double>(x.size);
    if (x.size == 0) {
      return m;
    }
    m.mean = detail::compensated_sum(x, [](auto v) { return v; }) / m.n;
    const double mean = m.mean;
    m.ss = detail::compensated_sum(x, [mean](auto v) { return (v - mean) * (v - mean); });
    return m;
  }

  // Chan, Golub and LeVeque (1983), eq. 2.1.
  static Moments merge(const Moments& a, const Moments& b) {
    if (a.n == 0.0) {
      return b;
    }
    if (b.n == 0.0) {
      return a;
    }
    Moments m;
    m.n = a.n + b.n;
    const double delta = b.mean - a.mean;
    m.mean = a.mean + delta * (b.n / m.n);
    m.ss = a.ss + b.ss + delta * delta * (a.n * b.n / m.n);
    return m;
  }
};

// The same of two variables, with the centred sum of products.
struct Comoments {
  double n = 0.0;
  double mean_x = missing, mean_y = missing;
  double ss_x = 0.0, ss_y = 0.0, sp = 0.0;

  double correlation() const { return ss_x > 0.0 && ss_y > 0.0 ? sp / (std::sqrt(ss_x) * std::sqrt(ss_y)) : missing; }

  static Comoments of(Span<double> x, Span<double> y) {
    const Moments mx = Moments::of(x);
    const Moments my = Moments::of(y);
    Comoments m;
    m.n = mx.n;
    m.mean_x = mx.mean;
    m.mean_y = my.mean;
    m.ss_x = mx.ss;
    m.ss_y = my.ss;
    CompensatedSum products;
    for (std::size_t i = 0; i < x.size; ++i) {
      products.add((x[i] - mx.mean) * (y[i] - my.mean));
    }
    m.sp = products.value();
    return m;
  }

  static Comoments merge(const Comoments& a, const Comoments& b) {
    if (a.n == 0.0) {
      return b;
    }
    if (b.n == 0.0) {
      return a;
    }
    const Moments x = Moments::merge({a.n, a.mean_x, a.ss_x}, {b.n, b.mean_x, b.ss_x});
    const Moments y = Moments::merge({a.n, a.mean_y, a.ss_y}, {b.n, b.mean_y, b.ss_y});
    const double product = (b.mean_x - a.mean_x) * (b.mean_y - a.mean_y) * (a.n * b.n / x.n);
    return {x.n, x.mean, y.mean, x.ss, y.ss, a.sp + b.sp + product};
  }
};

}  // namespace respondr
