#pragma once
// The data of exact logistic regression as the convolution wants them: rows with the same covariates, offset and stratum are
// one pattern with its trials; columns are whole numbers; each column has its observed sum.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "respondr/error.hpp"
#include "respondr/logistic/exact_lattice.hpp"
#include "respondr/logistic/exact_types.hpp"
#include "respondr/moments.hpp"

namespace respondr::logistic {

struct ExactPattern {
  int stratum = 0;
  double offset = 0.0;
  std::int64_t trials = 0;
  std::vector<std::int64_t> value;  // one a column kept
};

struct ExactColumn {
  std::size_t column = 0;  // in x
  double origin = 0.0, unit = 1.0;
  std::int64_t total = 0;  // observed sum on the lattice
};

struct ExactPlan {
  bool counted = false;  // the number of events of each stratum is given
  bool fits = true;      // all sums are below 2^62
  std::vector<ExactColumn> columns;  // those that do not depend on others before them
  std::vector<bool> dependent;       // of x
  std::vector<double> statistic;     // observed sums of x
  std::vector<ExactPattern> patterns;  // by stratum
  std::vector<std::int64_t> events, trials;  // of each stratum
  std::int64_t all_events = 0, all_trials = 0;

  double real(std::size_t j, std::int64_t sum) const {
    return columns[j].origin * static_cast<double>(all_events) + columns[j].unit * static_cast<double>(sum);
  }
};

namespace detail {

struct ExactRows {
  std::vector<std::size_t> used;
  std::vector<std::int64_t> trials, events;
  std::vector<int> stratum;
};

inline std::int64_t whole_number(double x, const char* what) {
  const double near = std::rint(x);
  if (!(std::fabs(x - near) <= 1e-9 * std::max(1.0, std::fabs(x))) || near < 0.0 || near > 2e9) {
    throw input_error("weights", what);
  }
  return static_cast<std::int64_t>(near);
}

inline ExactRows exact_rows(const ExactInput& input) {
  ExactRows out;
  std::vector<int> codes;
  for (std::size_t i = 0; i < input.n; ++i) {
    const double w = input.weight == nullptr ? 1.0 : input.weight[i];
    const std::int64_t trials = whole_number(w, "exact logistic regression counts patients: weights must be whole numbers");
    if (trials == 0) {
      continue;
    }
    out.used.push_back(i);
    out.trials.push_back(trials);
    out.events.push_back(whole_number(input.y[i] * w, "the number of events of a row must be a whole number"));
    codes.push_back(input.strata == nullptr ? 0 : input.strata[i]);
  }
  std::vector<int> levels = codes;
  std::sort(levels.begin(), levels.end());
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  for (const int code : codes) {
    out.stratum.push_back(static_cast<int>(std::lower_bound(levels.begin(), levels.end(), code) - levels.begin()));
  }
  return out;
}

inline std::vector<double> exact_column(const ExactInput& input, const ExactRows& rows, std::size_t column) {
  std::vector<double> v;
  for (const std::size_t i : rows.used) {
    v.push_back(input.x[column * input.n + i]);
    if (!std::isfinite(v.back())) {
      throw input_error("x", "the predictors must be finite");
    }
  }
  return v;
}

inline bool all_equal(const std::vector<double>& v) {
  return std::all_of(v.begin(), v.end(), [&](double x) { return x == v[0]; });
}

inline bool pattern_less(const ExactPattern& a, const ExactPattern& b, const std::vector<std::size_t>& order) {
  if (a.stratum != b.stratum) {
    return a.stratum < b.stratum;
  }
  for (const std::size_t j : order) {
    if (a.value[j] != b.value[j]) {
      return a.value[j] < b.value[j];
    }
  }
  return a.offset < b.offset;
}

// Columns with few values first: once their value changes, their sum is settled and states fall together.
inline std::vector<std::size_t> pattern_order(const std::vector<ExactPattern>& patterns, std::size_t k) {
  std::vector<std::size_t> order(k), distinct(k);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t j = 0; j < k; ++j) {
    std::vector<std::int64_t> v;
    for (const ExactPattern& p : patterns) {
      v.push_back(p.value[j]);
    }
    std::sort(v.begin(), v.end());
    distinct[j] = static_cast<std::size_t>(std::unique(v.begin(), v.end()) - v.begin());
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return distinct[a] < distinct[b]; });
  return order;
}

inline void merge_patterns(ExactPlan& plan) {
  const std::vector<std::size_t> order = pattern_order(plan.patterns, plan.columns.size());
  std::sort(plan.patterns.begin(), plan.patterns.end(), [&](const ExactPattern& a, const ExactPattern& b) {
    return pattern_less(a, b, order);
  });
  std::vector<ExactPattern> out;
  for (const ExactPattern& p : plan.patterns) {
    if (!out.empty() && !pattern_less(out.back(), p, order)) {
      out.back().trials += p.trials;
    } else {
      out.push_back(p);
    }
  }
  plan.patterns.swap(out);
}

// Divides by the length, which is returned.
inline double scale_to_one(std::vector<double>& v) {
  double largest = 0.0, square = 0.0;
  for (const double x : v) {
    largest = std::max(largest, std::fabs(x));
  }
  for (double& x : v) {
    x /= largest > 0.0 ? largest : 1.0;
    square += x * x;
  }
  for (double& x : v) {
    x /= square > 0.0 ? std::sqrt(square) : 1.0;
  }
  return largest * std::sqrt(square);
}

// Columns that depend on those before them (and on the strata, where their numbers of events are given), left to right as a
// fit drops them: what is left of each, of length 1 at first, after two rounds of Gram and Schmidt.
inline std::vector<bool> dependent_columns(std::vector<std::vector<double>> columns, const std::vector<int>& stratum,
                                           std::size_t strata, bool counted) {
  std::vector<std::vector<double>> basis;
  for (std::size_t s = 0; counted && s < strata; ++s) {
    std::vector<double> of(stratum.size());
    std::transform(stratum.begin(), stratum.end(), of.begin(), [s](int k) { return k == static_cast<int>(s) ? 1.0 : 0.0; });
    basis.push_back(std::move(of));
  }
  std::vector<bool> out;
  for (std::vector<double>& v : basis) {
    scale_to_one(v);
  }
  for (std::vector<double>& v : columns) {
    scale_to_one(v);
    for (int round = 0; round < 2; ++round) {
      for (const std::vector<double>& u : basis) {
        const double part = std::inner_product(u.begin(), u.end(), v.begin(), 0.0);
        std::transform(v.begin(), v.end(), u.begin(), v.begin(), [part](double x, double y) { return x - part * y; });
      }
    }
    out.push_back(!(scale_to_one(v) > 1e-11));
    if (!out.back()) {
      basis.push_back(std::move(v));
    }
  }
  return out;
}

// Patterns without values yet, and the numbers of each stratum.
inline void count_rows(const ExactInput& input, const ExactRows& rows, ExactPlan& plan) {
  plan.patterns.resize(rows.used.size());
  plan.events.assign(rows.stratum.empty() ? 0 : 1 + *std::max_element(rows.stratum.begin(), rows.stratum.end()), 0);
  plan.trials.assign(plan.events.size(), 0);
  for (std::size_t i = 0; i < rows.used.size(); ++i) {
    plan.patterns[i].stratum = rows.stratum[i];
    plan.patterns[i].trials = rows.trials[i];
    plan.patterns[i].offset = input.offset == nullptr ? 0.0 : input.offset[rows.used[i]];
    plan.events[rows.stratum[i]] += rows.events[i];
    plan.trials[rows.stratum[i]] += rows.trials[i];
  }
  plan.all_events = std::accumulate(plan.events.begin(), plan.events.end(), std::int64_t{0});
  plan.all_trials = std::accumulate(plan.trials.begin(), plan.trials.end(), std::int64_t{0});
}

// False where the sums would leave the range of whole numbers.
inline bool add_column(const std::vector<double>& values, const ExactRows& rows, std::size_t c, ExactPlan& plan) {
  const Lattice lattice = lattice_of(values, plan.counted);
  double reach = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    reach += std::fabs(static_cast<double>(lattice.step[i])) * static_cast<double>(rows.trials[i]);
  }
  if (!(reach < 4.6e18)) {
    return false;
  }
  ExactColumn column{c, lattice.origin, lattice.unit, 0};
  for (std::size_t i = 0; i < values.size(); ++i) {
    plan.patterns[i].value.push_back(lattice.step[i]);
    column.total += lattice.step[i] * rows.events[i];
  }
  plan.columns.push_back(column);
  return true;
}

}  // namespace detail

// `interest[c]`: column c is not conditioned on. Columns that depend on those before them are left out, as a fit leaves them
// out.
inline ExactPlan exact_plan(const ExactInput& input, const std::vector<bool>& interest) {
  const detail::ExactRows rows = detail::exact_rows(input);
  ExactPlan plan;
  std::vector<std::vector<double>> values(input.p);
  plan.counted = input.strata != nullptr;
  detail::count_rows(input, rows, plan);
  for (std::size_t c = 0; c < input.p; ++c) {
    values[c] = detail::exact_column(input, rows, c);
    const bool level = !values[c].empty() && values[c][0] != 0.0 && detail::all_equal(values[c]);
    plan.counted = plan.counted || (!interest[c] && level);
    CompensatedSum statistic;
    for (std::size_t i = 0; i < values[c].size(); ++i) {
      statistic.add(values[c][i] * static_cast<double>(rows.events[i]));
    }
    plan.statistic.push_back(statistic.value());
  }
  plan.dependent = detail::dependent_columns(values, rows.stratum, plan.events.size(), plan.counted);
  for (std::size_t c = 0; c < input.p && plan.fits; ++c) {
    plan.fits = plan.dependent[c] || detail::add_column(values[c], rows, c, plan);
  }
  if (plan.fits) {
    detail::merge_patterns(plan);
  }
  return plan;
}

}  // namespace respondr::logistic
