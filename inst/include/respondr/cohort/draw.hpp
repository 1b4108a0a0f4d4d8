#pragma once
// First values of a cohort: drawn about the printed means and SDs, the visits of one variable correlated within a patient.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/cohort/layout.hpp"
#include "respondr/cohort/problem.hpp"
#include "respondr/random.hpp"
#include "respondr/special.hpp"

namespace respondr::cohort {

// Where a cell is drawn: mean and SD in grid steps, and the scale on which values move freely (for skewed columns the logarithm
// of the distance from the lower bound).
struct CellPrior {
  double mean = 0.0, sd = 1.0;
  double base = 0.0, mu = 0.0, sigma = 1.0;
  bool skewed = false;

  double value(double u) const { return skewed ? base + std::exp(std::fmin(u, 60.0)) : u; }
  double slope(double u) const { return skewed ? std::exp(std::fmin(u, 60.0)) : 1.0; }
};

namespace detail {

// The figure of this kind of the smallest sample that holds the cell alone; NaN if there is none.
inline double printed_for(const Layout& layout, std::size_t patient, std::size_t column, Kind kind,
                          double parameter = 0.0) {
  const Problem& p = *layout.problem;
  double found = missing;
  std::size_t size = p.patients + 1;
  for (const Figure& figure : layout.figures) {
    if (figure.kind != kind || (kind == Kind::quantile && figure.parameter != parameter)) {
      continue;
    }
    const std::size_t s = static_cast<std::size_t>(figure.samples[0]);
    const Quantity& q = p.quantities[static_cast<std::size_t>(p.samples[s].quantity)];
    const std::vector<std::size_t>& in = layout.members[s];
    if (q.terms.size() == 1 && static_cast<std::size_t>(q.terms[0].column) == column && q.terms[0].coefficient == 1 &&
        in.size() < size && std::binary_search(in.begin(), in.end(), patient)) {
      size = in.size();
      found = 0.5 * (figure.low + figure.high) / q.unit;
    }
  }
  return found;
}

inline double printed_near(const Layout& layout, std::size_t patient, std::size_t column, Kind kind) {
  double found = printed_for(layout, patient, column, kind);
  for (std::size_t k = 0; k < layout.problem->columns.size() && !(found == found); ++k) {
    if (layout.problem->columns[k].variable == layout.problem->columns[column].variable) {
      found = printed_for(layout, patient, k, kind);
    }
  }
  return found;
}

// Where a column lies, and how wide it is, by whichever quantiles are printed; NaN where they do not tell.
struct Place {
  double middle = missing, width = missing;
};

inline Place printed_place(const Layout& layout, std::size_t patient, std::size_t column) {
  const auto at = [&](double parameter) { return printed_for(layout, patient, column, Kind::quantile, parameter); };
  const double q1 = at(0.25), q3 = at(0.75), least = at(0.0), most = at(1.0);
  Place out;
  for (const double x : {0.5 * (least + most), most, least, q3, q1, 0.5 * (q1 + q3), at(0.5)}) {
    if (std::fabs(x) < infinity) out.middle = x;  // the last that is known tells best
  }
  if (most - least > 0.0) out.width = (most - least) / 4.0;
  if (q3 - q1 > 0.0) out.width = (q3 - q1) / 1.35;
  return out;
}

// Quartiles are printed for a set of this patient, a mean is not.
inline bool quartiles_nearer(const Layout& layout, std::size_t patient, std::size_t column) {
  const double mean = printed_for(layout, patient, column, Kind::mean);
  const double median = printed_for(layout, patient, column, Kind::quantile, 0.5);
  return !(mean == mean) && median == median;
}

}  // namespace detail

inline CellPrior make_prior(const Layout& layout, std::size_t patient, std::size_t k) {
  const Column& column = layout.problem->columns[k];
  const double low = column.low / column.step, high = column.high / column.step;
  const bool bounded = low > -infinity && high < infinity;
  CellPrior prior;
  prior.mean = detail::printed_near(layout, patient, k, Kind::mean);
  prior.sd = detail::printed_near(layout, patient, k, Kind::sd);
  if (!(std::fabs(prior.mean) < infinity) || detail::quartiles_nearer(layout, patient, k)) {
    const detail::Place place = detail::printed_place(layout, patient, k);
    prior.mean = place.middle == place.middle ? place.middle : prior.mean;
    prior.sd = place.width > 0.0 ? place.width : prior.sd;
  }
  if (!(std::fabs(prior.mean) < infinity)) {
    prior.mean = bounded ? 0.5 * (low + high) : low > -infinity ? low + 50.0 : 0.0;
  }
  if (!(prior.sd > 0.0 && prior.sd < infinity)) {
    prior.sd = bounded ? (high - low) / 6.0 : std::fmax(5.0, 0.25 * std::fabs(prior.mean));
  }
  prior.mu = prior.mean;
  prior.sigma = prior.sd;
  const double base = low > -infinity ? low : 0.0;
  if (column.shape == Shape::skewed && prior.mean > base) {
    const double cv = prior.sd / (prior.mean - base), spread = std::fmin(std::log1p(cv * cv), 2.25);
    prior.skewed = true;
    prior.base = base;
    prior.sigma = std::sqrt(spread);
    prior.mu = std::log(prior.mean - base) - 0.5 * spread;
  }
  return prior;
}

inline double draw_normal(Stream& stream) { return special::normal_quantile(stream.uniform()); }

namespace detail {

inline bool within_limits(const Layout& layout, std::size_t patient, const std::vector<double>& x,
                          const std::vector<std::size_t>& limits) {
  const Problem& p = *layout.problem;
  for (const std::size_t l : limits) {
    const Limit& limit = p.limits[layout.limits[l].limit];
    double v = 0.0;
    for (const Term& t : p.quantities[static_cast<std::size_t>(limit.quantity)].terms) {
      v += static_cast<double>(t.coefficient) * x[layout.cell(patient, static_cast<std::size_t>(t.column))];
    }
    if (v < static_cast<double>(limit.low) || v > static_cast<double>(limit.high)) {
      return false;
    }
  }
  return true;
}

}  // namespace detail

// Draws u for every cell; a patient whose limits do not hold is drawn again, up to `tries` times.
inline std::vector<double> draw_cells(const Layout& layout, const std::vector<CellPrior>& prior, Stream& stream,
                                      int tries = 400) {
  const Problem& p = *layout.problem;
  constexpr double shared = 0.7;  // correlation of two visits
  int variables = 0;
  for (const Column& column : p.columns) {
    variables = std::max(variables, column.variable + 1);
  }
  std::vector<std::vector<std::size_t>> limits(p.patients);
  for (std::size_t l = 0; l < layout.limits.size(); ++l) {
    limits[layout.limits[l].patient].push_back(l);
  }
  std::vector<double> u(layout.cells.size(), 0.0), x(layout.cells.size(), 0.0), level(static_cast<std::size_t>(variables));
  for (std::size_t i = 0; i < p.patients; ++i) {
    for (int t = 0; t < tries; ++t) {
      for (double& a : level) {
        a = draw_normal(stream);
      }
      const double wide = t < tries / 2 ? 1.0 : 2.0;
      for (std::size_t k = 0; k < p.columns.size(); ++k) {
        const std::size_t c = layout.cell(i, k);
        const double e = std::sqrt(shared) * level[static_cast<std::size_t>(p.columns[k].variable)] +
                         std::sqrt(1.0 - shared) * draw_normal(stream);
        u[c] = prior[c].mu + wide * prior[c].sigma * e;
        x[c] = std::fmax(p.columns[k].low / p.columns[k].step,
                         std::fmin(p.columns[k].high / p.columns[k].step, prior[c].value(u[c])));
      }
      if (detail::within_limits(layout, i, x, limits[i])) {
        break;
      }
    }
  }
  return u;
}

}  // namespace respondr::cohort
