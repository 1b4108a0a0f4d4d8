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
  bool constant = false;   // within each stratum, where the number of events is given
};

struct ExactPlan {
  bool counted = false;  // the number of events of each stratum is given
  bool fits = true;      // all sums are below 2^62
  std::vector<ExactColumn> columns;
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

inline bool same_within(const std::vector<double>& v, const std::vector<int>& stratum, bool by_stratum) {
  std::vector<double> first;
  std::vector<bool> seen;
  for (std::size_t i = 0; i < v.size(); ++i) {
    const std::size_t s = by_stratum ? static_cast<std::size_t>(stratum[i]) : 0;
    if (s >= seen.size()) {
      seen.resize(s + 1, false);
      first.resize(s + 1, 0.0);
    }
    if (seen[s] && first[s] != v[i]) {
      return false;
    }
    seen[s] = true;
    first[s] = v[i];
  }
  return true;
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

}  // namespace detail

// `interest[c]`: column c is not conditioned on. Nuisance columns that are constant within strata say nothing beside the
// numbers of events and are left out.
inline ExactPlan exact_plan(const ExactInput& input, const std::vector<bool>& interest) {
  const detail::ExactRows rows = detail::exact_rows(input);
  ExactPlan plan;
  std::vector<std::vector<double>> values(input.p);
  plan.counted = input.strata != nullptr;
  for (std::size_t c = 0; c < input.p; ++c) {
    values[c] = detail::exact_column(input, rows, c);
    const bool level = !values[c].empty() && values[c][0] != 0.0 && detail::same_within(values[c], rows.stratum, false);
    plan.counted = plan.counted || (!interest[c] && level);
  }
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
  for (std::size_t c = 0; c < input.p; ++c) {
    ExactColumn column;
    column.column = c;
    column.constant = plan.counted && detail::same_within(values[c], rows.stratum, true);
    if (column.constant && !interest[c]) {
      continue;
    }
    const Lattice lattice = lattice_of(values[c], plan.counted);
    double reach = 0.0;
    for (std::size_t i = 0; i < rows.used.size(); ++i) {
      reach += std::fabs(static_cast<double>(lattice.step[i])) * static_cast<double>(rows.trials[i]);
    }
    if (!(reach < 4.6e18)) {
      plan.fits = false;
      return plan;
    }
    column.origin = lattice.origin;
    column.unit = lattice.unit;
    for (std::size_t i = 0; i < rows.used.size(); ++i) {
      plan.patterns[i].value.push_back(lattice.step[i]);
      column.total += lattice.step[i] * rows.events[i];
    }
    plan.columns.push_back(column);
  }
  detail::merge_patterns(plan);
  return plan;
}

}  // namespace respondr::logistic
