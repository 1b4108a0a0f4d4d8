#pragma once
// Which tables of two arms an unconditional test of the rates family rejects, all of them at once. An unconditional test orders the tables
// by a statistic and its p grows along the order, so that the last rejected place is found by halving, with some twelve P
// values in place of one a table. The order is that of rates/unconditional.hpp: Boschloo's test by Fisher's p, Barnard's by
// the pooled z; one-sided, by the tail. A test at no difference of two sides by minimal likelihood (boschloo) or |z|
// (barnard).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "respondr/rates/two_arms_solve.hpp"

namespace respondr::power {

class ArmsRegion {
 public:
  // method: boschloo or barnard. rejects(x1, x0) afterwards.
  void build(rates::Method method, int n1, int n0, double alpha, Alternative alternative) {
    n0_ = n0;
    const std::size_t size = (static_cast<std::size_t>(n1) + 1) * (static_cast<std::size_t>(n0) + 1);
    rejected_.assign(size, 0);
    options_ = rates::Options();
    options_.method = method;
    options_.alternative = alternative;
    options_.interval = rates::Interval::wald;  // of no use here, and quick
    options_.exact_limit = infinity;
    n1_ = n1;
    alpha_ = alpha * (1.0 + 1e-12);
    by_order(method, alternative);
  }

  bool rejects(int x1, int x0) const { return rejected_[index(x1, x0)] != 0; }

 private:
  std::size_t index(int x1, int x0) const {
    return static_cast<std::size_t>(x1) * (static_cast<std::size_t>(n0_) + 1) + static_cast<std::size_t>(x0);
  }
  rates::Table table(std::size_t i) const {
    const std::size_t row = static_cast<std::size_t>(n0_) + 1;
    return {static_cast<int>(i / row), n1_, static_cast<int>(i % row), n0_};
  }
  double p(std::size_t i) {
    rates::RateRow row;
    rates::solve_two(options_, table(i), work_, row);
    return row.p_value;
  }

  // Larger is more extreme.
  double extreme(rates::Method method, Alternative alternative, const rates::Table& t) const {
    if (method == rates::Method::barnard) {
      const double z = rates::score_z(rates::Estimand::difference, t, 0.0, rates::ScoreRule());
      return alternative == Alternative::two_sided ? std::fabs(z) : alternative == Alternative::less ? -z : z;
    }
    if (alternative == Alternative::two_sided) {
      return -rates::lattice_p(lattices_[static_cast<std::size_t>(t.events())], rates::LatticeRule(), t.x1, 0.0);
    }
    const rates::Table other{t.n1 - t.x1, t.n1, t.n0 - t.x0, t.n0};
    return -rates::fisher_upper_tail(alternative == Alternative::less ? other : t);
  }

  void by_order(rates::Method method, Alternative alternative) {
    if (method == rates::Method::boschloo && alternative == Alternative::two_sided) {
      lattices_.resize(static_cast<std::size_t>(n1_ + n0_) + 1);
      for (int m = 0; m <= n1_ + n0_; ++m) lattices_[static_cast<std::size_t>(m)].hypergeometric(n1_, n0_, m);
    }
    value_.resize(rejected_.size());
    for (std::size_t i = 0; i < value_.size(); ++i) value_[i] = extreme(method, alternative, table(i));
    order_.resize(value_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return value_[a] > value_[b] || (value_[a] == value_[b] && a < b);
    });
    std::size_t low = 0, high = order_.size();  // the first `low` are rejected, the one at `high` is not
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (p(order_[middle]) <= alpha_) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (std::size_t k = 0; k < low; ++k) rejected_[order_[k]] = 1;
  }

  int n1_ = 0, n0_ = 0;
  double alpha_ = 0.05;
  rates::Options options_;
  rates::TwoArmsWorkspace work_;
  std::vector<unsigned char> rejected_;
  std::vector<double> value_;
  std::vector<std::size_t> order_;
  std::vector<rates::Lattice> lattices_;
};

}  // namespace respondr::power
