#pragma once
// Correlation and its p, least-squares means with intervals, subgroups that must pool to the whole, and repeated measures
// from means, SDs, n and correlation.
// Pooling: with deviations e_i = m_i - M of the subgroups from the whole, the sum of squares left for the n_R others is
//   SS_R = (N - 1) S^2 - sum (n_i - 1) s_i^2 - sum n_i e_i^2 - (sum n_i e_i)^2 / n_R,
// a concave form in e: its minimum stands at a vertex; its maximum is bounded by the convex minimum of what is taken off.
// Repeated measures (one group, k visits, common correlation r): error mean square = mean s^2 - r mean s_i s_j, F = mean
// square of the visits over it on k - 1 and (k - 1)(n - 1). For -(k - 1) <= r <= 1 the error mean square is a convex
// form in the SDs.

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "respondr/audit/groups.hpp"
#include "respondr/audit/interval.hpp"

namespace respondr::audit {

namespace detail {

// a sum w x^2 + b (sum w x)^2 over the box of x, convex: coordinate descent from the middle for the minimum, bounded from
// below by its gradient over the box; vertices for the maximum.
class ConvexForm {
 public:
  ConvexForm(double a, double b, std::vector<double> weight, std::vector<Figure> box)
      : a_(a), b_(b), weight_(std::move(weight)), box_(std::move(box)), x_(box_.size()) {}

  double least() {
    for (std::size_t i = 0; i < x_.size(); ++i) x_[i] = 0.5 * (box_[i].low + box_[i].high);
    for (int sweep = 0; sweep < 200; ++sweep) {
      for (std::size_t i = 0; i < x_.size(); ++i) {
        const double curvature = a_ + b_ * weight_[i], rest = sum() - weight_[i] * x_[i];
        const double best = curvature > 0.0 ? -b_ * rest / curvature : x_[i];
        x_[i] = std::clamp(best, box_[i].low, box_[i].high);
      }
    }
    double bound = value();
    for (std::size_t i = 0; i < x_.size(); ++i) {
      const double slope = 2.0 * weight_[i] * (a_ * x_[i] + b_ * sum());
      bound += std::min(slope * (box_[i].low - x_[i]), slope * (box_[i].high - x_[i]));
    }
    return bound;
  }

  double most() {
    double out = 0.0;
    for (unsigned vertex = 0; vertex < 1u << x_.size(); ++vertex) {
      for (std::size_t i = 0; i < x_.size(); ++i) x_[i] = vertex >> i & 1u ? box_[i].high : box_[i].low;
      out = std::max(out, value());
    }
    return out;
  }

  double at_face() {
    for (std::size_t i = 0; i < x_.size(); ++i) x_[i] = box_[i].value;
    return value();
  }

 private:
  double sum() const {
    double s = 0.0;
    for (std::size_t i = 0; i < x_.size(); ++i) s += weight_[i] * x_[i];
    return s;
  }
  double value() const {
    double s = 0.0;
    for (std::size_t i = 0; i < x_.size(); ++i) s += weight_[i] * x_[i] * x_[i];
    return a_ * s + b_ * sum() * sum();
  }

  double a_, b_;
  std::vector<double> weight_;
  std::vector<Figure> box_;
  std::vector<double> x_;
};

inline Figure error_square(const std::vector<Group>& g, double r) {
  const double k = static_cast<double>(g.size()), rho = r / (k - 1.0);
  std::vector<Figure> sd;
  for (const Group& x : g) sd.push_back(x.sd);
  ConvexForm form((1.0 + rho) / k, -rho / k, std::vector<double>(g.size(), 1.0), sd);
  Figure out;
  out.low = std::max(0.0, form.least());
  out.high = form.most();
  out.value = std::max(0.0, form.at_face());
  return widened(out);
}

// Where a decreasing function falls to zero on [low, high]; an end where it does not.
template <class F>
double crossing(F&& excess, double low, double high) {
  for (int i = 0; i < 50; ++i) {
    const double middle = 0.5 * (low + high);
    (excess(middle) > 0.0 ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace detail

// What an F implies for the mean correlation between the visits; a missing range: no correlation gives this F.
struct RmRow {
  Figure mean_square, error_first, r;  // of the visits; of error at r = 1; implied correlation
  double error_most = missing, error_most_face = missing;  // of error at the most negative correlation
};

inline RmRow solve_rm(const std::vector<Group>& g, const Figure& f) {
  RmRow row;
  const double k = static_cast<double>(g.size());
  row.mean_square = times(between_squares(g), 1.0 / (k - 1.0));
  row.error_first = detail::error_square(g, 1.0);
  row.error_most = row.error_most_face = 0.0;
  double squares = 0.0, sum = 0.0;
  for (const Group& x : g) {
    row.error_most += x.sd.high * x.sd.high / (k - 1.0);
    row.error_most_face += x.sd.value * x.sd.value / (k - 1.0);
    squares += x.sd.value * x.sd.value;
    sum += x.sd.value;
  }
  if (!f.known()) {
    return row;
  }
  const Figure error = over(row.mean_square, f);
  row.r.value = (squares / k - error.value) / ((sum * sum - squares) / (k * (k - 1.0)));
  row.r.high = detail::crossing([&](double r) { return detail::error_square(g, r).high - error.low; }, 1.0 - k, 1.0);
  row.r.low = detail::crossing([&](double r) { return detail::error_square(g, r).low - error.high; }, 1.0 - k, 1.0);
  return row;
}

// Mean and SD of the patients who are in no subgroup; squares.high < 0: there are none such.
struct PoolRow {
  double n = missing;
  Figure mean, sd, squares;
};

inline PoolRow solve_pool(const std::vector<Group>& g, const Group& whole) {
  PoolRow row;
  std::vector<double> weight;
  std::vector<Figure> deviation;
  row.n = whole.n;
  Figure shift{0.0, 0.0, 0.0};
  for (const Group& x : g) {
    row.n -= x.n;
    weight.push_back(x.n);
    deviation.push_back(minus(x.mean, whole.mean));
    shift.low += x.n * deviation.back().low;
    shift.value += x.n * deviation.back().value;
    shift.high += x.n * deviation.back().high;
  }
  const Figure within = within_squares(g);
  const auto sd = [&](double squares, double n) { return n > 1.0 ? std::sqrt(std::max(0.0, squares) / (n - 1.0)) : 0.0; };
  if (row.n <= 0.0) {
    double n = whole.n - row.n;
    const Figure between = between_squares(g);
    row.mean = {0.0, 0.0, 0.0};
    for (const Group& x : g) {
      row.mean.low += x.n * x.mean.low / n;
      row.mean.value += x.n * x.mean.value / n;
      row.mean.high += x.n * x.mean.high / n;
    }
    row.squares = {within.low + between.low, within.value + between.value, within.high + between.high};
    row.mean = widened(row.mean);
    row.sd = widened({sd(row.squares.low, n), sd(row.squares.value, n), sd(row.squares.high, n)});
    return row;
  }
  // N M - sum n m = n_R m_R: M has weight N, each m its own.
  double low = whole.n * whole.mean.low, face = whole.n * whole.mean.value, high = whole.n * whole.mean.high;
  for (const Group& x : g) {
    low -= x.n * x.mean.high;
    face -= x.n * x.mean.value;
    high -= x.n * x.mean.low;
  }
  row.mean = {low / row.n, face / row.n, high / row.n};
  detail::ConvexForm off(1.0, 1.0 / row.n, weight, deviation);
  const auto total = [&](double s) { return (whole.n - 1.0) * s * s; };
  const double slack = 1e-11 * total(whole.sd.high);
  row.squares = {total(whole.sd.low) - within.high - off.most() - slack, 0.0,
                 total(whole.sd.high) - within.low - off.least() + slack};
  row.squares.value = total(whole.sd.value) - within.value - off.at_face();
  row.sd = {sd(row.squares.low, row.n), sd(row.squares.value, row.n), sd(row.squares.high, row.n)};
  return row;
}

// Two-sided p of Pearson's r, t on n - 2 degrees of freedom, or of Fisher's z = atanh(r) sqrt(n - 3).
inline GroupRow solve_correlation(double n, const Figure& r, bool fisher) {
  GroupRow row;
  const Figure size = magnitude(r);
  const auto t = [&](double x) {
    return x >= 1.0 ? infinity : (fisher ? std::atanh(x) * std::sqrt(n - 3.0) : x * std::sqrt((n - 2.0) / (1.0 - x * x)));
  };
  row.df = fisher ? infinity : n - 2.0;
  row.statistic = {t(size.low), t(size.value), t(size.high)};
  row.p = p_of(row.statistic, row.df);
  return row;
}

struct Estimate {
  Figure estimate, low, high;
};

// Difference of two estimates with intervals on quantile q, taken as independent; df may be infinite.
inline GroupRow solve_ls_means(const Estimate& a, const Estimate& b, double q, double df) {
  GroupRow row;
  const auto error = [&](const Estimate& x) {
    Figure s = times(minus(x.high, x.low), 0.5 / q);
    s.low = std::max(0.0, s.low);
    return s;
  };
  const Figure s = error(a), u = error(b);
  const Figure both{std::hypot(s.low, u.low), std::hypot(s.value, u.value), std::hypot(s.high, u.high)};
  row.df = df;
  row.statistic = over(magnitude(minus(b.estimate, a.estimate)), both);
  row.p = p_of(row.statistic, df);
  return row;
}

}  // namespace respondr::audit
