#pragma once
// Exact conditional logistic regression for one or two terms: the sufficient statistics of all other columns (and the
// number of events of each stratum) are held at what was observed, so that their coefficients play no part.
// Cox (1970); Hirji, Mehta and Patel (1987); Mehta and Patel (1995) 10.1002/sim.4780141908. The analysis of SAS
// PROC LOGISTIC's EXACT statement.
//
//   parameters, status   filled
//   ok                   all
//   boundary             all; one limit is infinite, the estimate is median unbiased (P of the tail 1/2), no standard error
//   not_estimable        the statistic and its one possible value: nothing is left to vary given the rest
//   one_level            likewise: no events, or nothing but events, in every stratum
//   no_data              nothing; no patient
//   too_large            statistic only
// Tests of terms: the same words, never boundary.

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <vector>

#include "respondr/logistic/exact_infer.hpp"
#include "respondr/logistic/exact_network.hpp"
#include "respondr/sides.hpp"

namespace respondr::logistic {

namespace detail {

// Points in which all columns of `all` but those of `wanted` have their observed sums.
inline ExactDistribution slice(const ExactPlan& plan, const ExactDistribution& all, const std::vector<std::size_t>& wanted) {
  ExactDistribution out;
  out.columns = wanted;
  out.work = all.work;
  std::vector<std::size_t> kept, held;
  for (const std::size_t j : wanted) {
    kept.push_back(static_cast<std::size_t>(std::find(all.columns.begin(), all.columns.end(), j) - all.columns.begin()));
  }
  for (std::size_t a = 0; a < all.width(); ++a) {
    if (std::find(kept.begin(), kept.end(), a) == kept.end()) {
      held.push_back(a);
    }
  }
  CompensatedSum total;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::int64_t* u = all.values.data() + i * all.width();
    const bool here = std::all_of(held.begin(), held.end(), [&](std::size_t a) {
      return u[a] == plan.columns[all.columns[a]].total;
    });
    if (here) {
      for (const std::size_t a : kept) {
        out.values.push_back(u[a]);
      }
      out.mass.push_back(all.mass[i]);
      total.add(all.mass[i]);
    }
  }
  for (double& m : out.mass) {
    m /= total.value();
  }
  if (!(total.value() > 0.0)) {
    out.status = Status::too_large;
  }
  return out;
}

inline std::size_t observed_point(const ExactPlan& plan, const ExactDistribution& d) {
  for (std::size_t i = 0; i < d.size(); ++i) {
    bool same = true;
    for (std::size_t a = 0; a < d.width(); ++a) {
      same = same && d.values[i * d.width() + a] == plan.columns[d.columns[a]].total;
    }
    if (same) {
      return i;
    }
  }
  return d.size();
}

// Distances from the observed point.
inline std::vector<double> distances(const ExactPlan& plan, const ExactDistribution& d) {
  std::vector<double> out(d.values.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<double>(d.values[i] - plan.columns[d.columns[i % d.width()]].total);
  }
  return out;
}

inline bool one_class(const ExactPlan& plan) {
  bool out = plan.counted;
  for (std::size_t s = 0; s < plan.events.size(); ++s) {
    out = out && (plan.events[s] == 0 || plan.events[s] == plan.trials[s]);
  }
  return out;
}

// Whether there is anything to say, and the status if not.
inline bool answerable(const ExactPlan& plan, const ExactDistribution& d, Status& status) {
  if (d.status != Status::ok) {
    status = d.status;
    return false;
  }
  if (d.size() < 2) {
    status = one_class(plan) ? Status::one_level : Status::not_estimable;
    return false;
  }
  if (!(d.mass[observed_point(plan, d)] > 0.0)) {
    status = Status::too_large;
    return false;
  }
  return true;
}

template <class Row>
void copy_tests(const JointTests& t, Row& row) {
  row.score = t.score;
  row.p_score = t.p_score;
  row.p_score_midp = std::max(0.0, t.p_score - 0.5 * t.probability);
  row.probability = t.probability;
  row.p_probability = t.p_probability;
  row.p_probability_midp = std::max(0.0, t.p_probability - 0.5 * t.probability);
}

inline void fill_estimate(const OneSum& one, double scale, const ExactOptions& options, ExactParameter& row) {
  const double alpha = 0.5 * rounded_alpha(options.conf_level), share = options.midp ? 0.5 : 1.0;
  row.unbiased = one.lowest() || one.highest() ? 1 : 0;
  if (row.unbiased) {
    row.status = Status::boundary;
    row.estimate = one.where_tail(one.highest(), 1.0, 0.5) / scale;
  } else {
    const double b = one.likeliest();
    row.estimate = b / scale;
    row.std_error = 1.0 / std::sqrt(one.at(b).variance) / scale;
  }
  row.conf_low = one.lowest() ? -infinity : one.where_tail(true, share, alpha) / scale;
  row.conf_high = one.highest() ? infinity : one.where_tail(false, share, alpha) / scale;
  const double upper = std::exp(one.log_tail(0.0, true, share)), lower = std::exp(one.log_tail(0.0, false, share));
  row.p_value = std::min(1.0, 2.0 * std::min(upper, lower));
}

inline void fill_parameter(const ExactPlan& plan, const ExactDistribution& d, const ExactOptions& options,
                           ExactParameter& row) {
  const std::size_t j = d.columns.empty() ? 0 : d.columns[0];
  row.work = d.work;
  if (d.status == Status::ok) {
    const auto [low, high] = std::minmax_element(d.values.begin(), d.values.end());
    row.statistic_low = plan.real(j, *low);
    row.statistic_high = plan.real(j, *high);
    row.support = static_cast<int>(d.size());
  }
  if (!answerable(plan, d, row.status)) {
    return;
  }
  std::vector<double> distance = distances(plan, d);
  const JointTests tests = joint_tests(distance, d.mass, 1, observed_point(plan, d));
  copy_tests(tests, row);
  CompensatedSum mean, square;
  for (std::size_t i = 0; i < d.size(); ++i) {
    mean.add(d.mass[i] * distance[i]);
  }
  for (std::size_t i = 0; i < d.size(); ++i) {
    square.add(d.mass[i] * (distance[i] - mean.value()) * (distance[i] - mean.value()));
  }
  const double sd = std::sqrt(square.value());
  for (double& x : distance) {
    x /= sd;
  }
  fill_estimate(OneSum(distance, d.mass), sd * plan.columns[j].unit, options, row);
}

inline void fill_test(const ExactPlan& plan, const ExactDistribution& d, ExactTest& row) {
  row.work = d.work;
  if (d.status == Status::ok) {
    row.support = static_cast<int>(d.size());
  }
  if (!answerable(plan, d, row.status)) {
    return;
  }
  const JointTests tests = joint_tests(distances(plan, d), d.mass, d.width(), observed_point(plan, d));
  row.df = tests.df;
  copy_tests(tests, row);
}

// Distributions of ever fewer columns: a part is cut out of what is at hand, and made anew only where that was too large.
class ExactSolver {
 public:
  ExactSolver(const ExactInput& input, const ExactOptions& options)
      : options_(options), plan_(exact_plan(input, wanted(input.p, options))), place_(input.p, 0) {
    for (std::size_t j = 0; j < plan_.columns.size(); ++j) {
      place_[plan_.columns[j].column] = j;
    }
  }

  void solve(ExactResult& out) {
    std::vector<std::size_t> all;
    for (const auto& set : options_.sets) {
      const std::vector<std::size_t> own = independent(set);
      all.insert(all.end(), own.begin(), own.end());
    }
    const ExactDistribution joint = make(all, nullptr);
    for (std::size_t s = 0; s < options_.sets.size(); ++s) {
      const ExactDistribution term = make(independent(options_.sets[s]), &joint);
      ExactTest test;
      test.set = static_cast<int>(s) + 1;
      fill_test(plan_, term, test);
      out.tests.push_back(test);
      for (const std::size_t c : options_.sets[s]) {
        out.parameters.push_back(parameter(c, static_cast<int>(s) + 1, term));
      }
    }
    if (options_.sets.size() > 1) {
      ExactTest test;
      fill_test(plan_, joint, test);
      out.tests.push_back(test);
    }
  }

 private:
  static std::vector<bool> wanted(std::size_t p, const ExactOptions& options) {
    std::vector<bool> out(p, false);
    for (const auto& set : options.sets) {
      for (const std::size_t c : set) {
        if (c >= p || out[c]) {
          throw input_error("sets", "each term needs columns of its own");
        }
        out[c] = true;
      }
    }
    return out;
  }

  std::vector<std::size_t> independent(const std::vector<std::size_t>& set) const {
    std::vector<std::size_t> out;
    std::copy_if(set.begin(), set.end(), std::back_inserter(out), [this](std::size_t c) { return !plan_.dependent[c]; });
    return out;
  }

  ExactParameter parameter(std::size_t c, int set, const ExactDistribution& term) const {
    ExactParameter row;
    row.column = static_cast<int>(c) + 1;
    row.set = set;
    if (plan_.all_trials > 0) {
      row.statistic = plan_.statistic[c];
    }
    if (plan_.dependent[c] && plan_.all_trials > 0) {
      row.statistic_low = row.statistic_high = row.statistic;
      row.support = 1;
      row.status = one_class(plan_) ? Status::one_level : Status::not_estimable;
      return row;
    }
    fill_parameter(plan_, make(independent({c}), &term), options_, row);
    return row;
  }

  // The point of no column is the observed one alone.
  ExactDistribution make(const std::vector<std::size_t>& columns, const ExactDistribution* larger) const {
    if (!plan_.fits || plan_.all_trials == 0) {
      ExactDistribution none;
      none.status = plan_.fits ? Status::no_data : Status::too_large;
      return none;
    }
    if (columns.empty()) {
      ExactDistribution point;
      point.mass.push_back(1.0);
      return point;
    }
    std::vector<std::size_t> places;
    std::vector<bool> interest(plan_.columns.size(), false);
    for (const std::size_t c : columns) {
      places.push_back(place_[c]);
      interest[place_[c]] = true;
    }
    if (larger != nullptr && larger->status == Status::ok) {
      return slice(plan_, *larger, places);
    }
    if (larger != nullptr && larger->width() == columns.size()) {
      return *larger;
    }
    return exact_distribution(plan_, interest, options_.limit);
  }

  const ExactOptions& options_;
  ExactPlan plan_;
  std::vector<std::size_t> place_;
};

}  // namespace detail

inline void solve_exact(const ExactInput& input, const ExactOptions& options, ExactResult& out) {
  detail::ExactSolver(input, options).solve(out);
}

}  // namespace respondr::logistic
