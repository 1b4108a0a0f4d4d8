#pragma once
// What ties paired problems together after the map: step-down max-T over the rows of one family.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "respondr/max_t.hpp"
#include "respondr/paired/solve.hpp"
#include "respondr/ranks.hpp"

namespace respondr::paired {

namespace detail {

// Signed midranks of the changes; zeros have rank 0 and, under the Wilcoxon rule, take no rank from the others.
inline void signed_ranks(std::vector<double>& change, Zeros zeros) {
  std::vector<std::size_t> order(change.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (zeros == Zeros::wilcoxon) {
    order.erase(std::remove_if(order.begin(), order.end(), [&](std::size_t i) { return change[i] == 0.0; }), order.end());
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t i, std::size_t j) { return std::fabs(change[i]) < std::fabs(change[j]); });
  std::vector<double> ascending(order.size());
  std::transform(order.begin(), order.end(), ascending.begin(), [&](std::size_t i) { return std::fabs(change[i]); });
  std::vector<int> ranks;
  doubled_midranks({ascending.data(), ascending.size()}, ranks);
  for (std::size_t k = 0; k < order.size(); ++k) {
    double& x = change[order[k]];
    x = x == 0.0 ? 0.0 : std::copysign(0.5 * ranks[k], x);
  }
}

// Each patient once, whatever the number of groups the id is in, so that a flip is the patient's.
inline std::vector<int> positions(const std::vector<std::uint64_t>& keys, std::vector<std::uint64_t>& distinct) {
  distinct = keys;
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  std::vector<int> at(keys.size());
  std::transform(keys.begin(), keys.end(), at.begin(), [&](std::uint64_t key) {
    return static_cast<int>(std::lower_bound(distinct.begin(), distinct.end(), key) - distinct.begin());
  });
  return at;
}

}  // namespace detail

// problems[j] is the problem of row j of the family and methods[j] its method.
inline MaxTResult adjust_max_t(const Plan& plan, const std::vector<std::size_t>& problems,
                               const std::vector<Method>& methods, int threads, const Hooks& hooks) {
  std::vector<std::uint64_t> keys;
  const std::vector<int> position = detail::positions(plan.patient_key, keys);
  std::vector<std::uint64_t> number(position.size());
  std::iota(number.begin(), number.end(), std::uint64_t{0});
  std::vector<std::vector<double>> scores(problems.size());
  std::vector<std::vector<int>> patients(problems.size());
  LoadWorkspace w;
  Sample sample;
  Shift shift;
  for (std::size_t j = 0; j < problems.size(); ++j) {
    PairColumns columns = plan.columns(problems[j]);
    columns.patient = number.data() + plan.group_start[problems[j] / plan.contrasts() % plan.groups()];
    Row row;
    if (load(columns, plan.options, w, sample, shift, row) != Loaded::ready) {
      continue;
    }
    scores[j] = sample.change;
    for (double& x : scores[j]) {
      x -= shift.null;
    }
    if (methods[j] == Method::signed_rank) {
      detail::signed_ranks(scores[j], plan.options.zeros);
    }
    patients[j].resize(sample.size());
    std::transform(sample.patient.begin(), sample.patient.end(), patients[j].begin(),
                   [&](std::uint64_t i) { return position[i]; });
  }
  std::vector<MaxTRow> rows(problems.size());
  for (std::size_t j = 0; j < rows.size(); ++j) {
    rows[j] = {{scores[j].data(), scores[j].size()}, {patients[j].data(), patients[j].size()}};
  }
  MaxTOptions options;
  options.alternative = plan.options.alternative;
  options.replicates = plan.options.replicates;
  options.seed = plan.options.seed;
  options.threads = threads;
  return max_t(rows, {keys.data(), keys.size()}, options, hooks);
}

}  // namespace respondr::paired
