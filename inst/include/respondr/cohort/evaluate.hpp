#pragma once
// Figures from sums. `Sums` holds n, mean and centred sum of squares of a sample in grid steps; the search makes them from exact
// whole-number sums, the start from doubles.
// Repeated measures: with visits j = 1..k, F = [n sum_j (m_j - m)^2 / (k - 1)] / [SS_error / ((n - 1)(k - 1))], where SS_error is
// the sum of the visits' sums of squares less that of the patients' totals over k (Winer 1971, Statistical principles, 4.2).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/cohort/layout.hpp"
#include "respondr/cohort/logit.hpp"
#include "respondr/cohort/problem.hpp"
#include "respondr/special.hpp"

namespace respondr::cohort {

struct Sums {
  double n = 0.0, mean = 0.0, ss = 0.0;
};

// Room for figures that need the values themselves, and the last fit of each model.
struct FigureSpace {
  std::vector<double> values;
  std::vector<LogitFit> fits;  // by figure
};

inline bool needs_values(Kind kind) {
  return kind == Kind::quantile || kind == Kind::odds_ratio || kind == Kind::odds_low || kind == Kind::odds_high ||
         kind == Kind::z_logistic;
}

namespace detail {

inline double ratio(double top, double bottom) {
  return bottom > 0.0 ? top / bottom : top == 0.0 ? 0.0 : top < 0.0 ? -infinity : infinity;
}

inline double directed(double difference, int sign) { return sign == 0 ? std::fabs(difference) : sign * difference; }

inline double two_group(const Sums& a, const Sums& b, bool welch, int sign) {
  const double difference = directed(a.mean - b.mean, welch ? 0 : sign);
  if (!welch) {
    const double pooled = (a.ss + b.ss) / (a.n + b.n - 2.0);
    return ratio(difference, std::sqrt(pooled * (1.0 / a.n + 1.0 / b.n)));
  }
  const double va = a.ss / (a.n - 1.0) / a.n, vb = b.ss / (b.n - 1.0) / b.n;
  if (!(va + vb > 0.0)) {
    return difference > 0.0 ? 0.0 : 1.0;
  }
  const double df = (va + vb) * (va + vb) / (va * va / (a.n - 1.0) + vb * vb / (b.n - 1.0));
  return special::t_two_sided(difference / std::sqrt(va + vb), df);
}

// Samples: the visits, then the patients' totals.
inline double repeated_f(const Figure& figure, const std::vector<Sums>& sums) {
  const std::size_t k = figure.samples.size() - 1;
  const double visits = static_cast<double>(k);
  double mean = 0.0, error = 0.0, between = 0.0, n = 0.0;
  for (std::size_t j = 0; j < k; ++j) {
    const Sums& s = sums[static_cast<std::size_t>(figure.samples[j])];
    mean += s.mean / visits;
    error += s.ss;
    n = s.n;
  }
  for (std::size_t j = 0; j < k; ++j) {
    const double d = sums[static_cast<std::size_t>(figure.samples[j])].mean - mean;
    between += n * d * d;
  }
  error -= sums[static_cast<std::size_t>(figure.samples[k])].ss / visits;
  return ratio(between, error / (n - 1.0));
}

// Quantile of type 7 (Hyndman and Fan 1996).
inline double quantile_of(std::vector<double>& x, double p) {
  if (x.empty()) {
    return missing;
  }
  const double at = p * static_cast<double>(x.size() - 1);
  const std::size_t low = static_cast<std::size_t>(std::floor(at + 1e-9));
  std::nth_element(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(low), x.end());
  const double a = x[low], share = at - static_cast<double>(low);
  if (share < 1e-9 || low + 1 >= x.size()) {
    return a;
  }
  return a + share * (*std::min_element(x.begin() + static_cast<std::ptrdiff_t>(low) + 1, x.end()) - a);
}

}  // namespace detail

// The value of a figure made of sums alone.
inline double moment_figure(const Problem& problem, const Figure& figure, const std::vector<Sums>& sums) {
  const auto sample = [&](std::size_t i) -> const Sums& { return sums[static_cast<std::size_t>(figure.samples[i])]; };
  const Sums& a = sample(0);
  const double unit = problem.quantities[static_cast<std::size_t>(
      problem.samples[static_cast<std::size_t>(figure.samples[0])].quantity)].unit;
  switch (figure.kind) {
    case Kind::mean:
      return a.n > 0.0 ? unit * a.mean : missing;
    case Kind::sd:
      return a.n > 1.0 ? unit * std::sqrt(std::fmax(0.0, a.ss) / (a.n - 1.0)) : missing;
    case Kind::t_paired:
      return a.n > 1.0 ? detail::ratio(detail::directed(a.mean, figure.sign), std::sqrt(std::fmax(0.0, a.ss) / (a.n * (a.n - 1.0))))
                       : missing;
    case Kind::correlation: {
      const double product = 0.5 * (sample(2).ss - a.ss - sample(1).ss);
      return a.ss > 0.0 && sample(1).ss > 0.0 ? product / std::sqrt(a.ss * sample(1).ss) : missing;
    }
    case Kind::t_student:
    case Kind::t_welch:
      return a.n > 1.0 && sample(1).n > 1.0 ? detail::two_group(a, sample(1), figure.kind == Kind::t_welch, figure.sign) : missing;
    case Kind::f_repeated:
      return a.n > 1.0 ? detail::repeated_f(figure, sums) : missing;
    default:
      return missing;
  }
}

// The value of a figure that needs the values; value(patient) in grid steps.
template <class Value>
double value_figure(const Layout& layout, std::size_t f, FigureSpace& space, Value&& value) {
  const Figure& figure = layout.figures[f];
  const std::size_t s = static_cast<std::size_t>(figure.samples[0]);
  const std::vector<std::size_t>& members = layout.members[s];
  const double unit =
      layout.problem->quantities[static_cast<std::size_t>(layout.problem->samples[s].quantity)].unit;
  space.values.clear();
  double mean = 0.0;
  for (const std::size_t i : members) {
    space.values.push_back(unit * value(i));
    mean += space.values.back() / static_cast<double>(members.size());
  }
  if (figure.kind == Kind::quantile) {
    return detail::quantile_of(space.values, figure.parameter);
  }
  for (double& x : space.values) {
    x -= mean;
  }
  LogitFit& fit = space.fits[f];
  LogitFit next = fit_logit(space.values.data(), layout.events[f].data(), members.size(), fit);
  if (!next.converged && fit.converged) {
    next = fit_logit(space.values.data(), layout.events[f].data(), members.size(), LogitFit{});
  }
  fit = next;
  if (!fit.converged) {
    return missing;
  }
  constexpr double z = 1.959963984540054;
  switch (figure.kind) {
    case Kind::odds_ratio:
      return std::exp(fit.slope);
    case Kind::odds_low:
      return std::exp(fit.slope - z * fit.std_error);
    case Kind::odds_high:
      return std::exp(fit.slope + z * fit.std_error);
    default:
      return std::fabs(fit.slope) / fit.std_error;
  }
}

}  // namespace respondr::cohort
