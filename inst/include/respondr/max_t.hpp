#pragma once
// Step-down max-T adjustment (Westfall and Young 1993, algorithm 4.1) over correlated paired outcomes by joint sign flips: a
// replicate flips all values of a patient together, and pairs that are missing contribute nothing.
//
// Statistic of a row with scores a: z = sum a / sqrt(sum a^2), turned into t = z sqrt((n - 1) / (n - z^2)), the t of the flipped
// scores, so that rows with different n compare. Signed for one-sided alternatives. All 2^N flips of the N patients are
// enumerated where they are no more than the replicates; else p = (1 + b) / (B + 1). The bits of the result do not depend on
// the number of threads, nor on the order of the rows unless the order of the patients within a row changes with it.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <deque>
#include <numeric>
#include <vector>

#include "respondr/error.hpp"
#include "respondr/parallel.hpp"
#include "respondr/sign_flips.hpp"
#include "respondr/types.hpp"

namespace respondr {

struct MaxTRow {
  Span<double> score;  // change - null, or signed ranks; empty for a row that has no p
  Span<int> patient;   // position of each score's patient among the keys; none twice
};

struct MaxTOptions {
  Alternative alternative = Alternative::two_sided;
  int replicates = 10000;
  std::uint64_t seed = 0;
  int threads = 1;
};

struct MaxTResult {
  std::vector<double> p_adjusted;  // missing for rows without scores
  double replicates = 0.0;         // flips used
  bool complete = false;           // all flips enumerated: p exact
};

namespace detail {

// t on a scale that keeps its order: t^2, with the sign of the sum for one-sided tests.
class MaxTStatistic {
 public:
  MaxTStatistic() = default;
  MaxTStatistic(Span<double> score, Alternative alternative) : alternative_(alternative) {
    n_ = static_cast<double>(score.size);
    for (const double a : score) {
      squares_ += a * a;
    }
  }
  double operator()(double sum) const {
    if (n_ < 2.0 || squares_ == 0.0) {
      return 0.0;
    }
    const double share = sum * sum / (squares_ * n_);  // z^2 / n, at most 1
    const double t2 = share > 1.0 - 1e-12 ? infinity : (n_ - 1.0) * share / (1.0 - share);
    if (alternative_ == Alternative::two_sided) {
      return t2;
    }
    return (alternative_ == Alternative::greater) == (sum > 0.0) ? t2 : -t2;
  }

 private:
  Alternative alternative_ = Alternative::two_sided;
  double n_ = 0.0, squares_ = 0.0;
};

struct MaxTPlan {
  std::vector<std::size_t> order;         // rows with scores, largest observed statistic first
  std::vector<MaxTStatistic> statistic;   // in that order
  std::vector<double> reach;              // observed statistic less its rounding, in that order
  std::vector<std::vector<int>> column;   // in that order: patients numbered among those that have scores
  std::vector<std::uint64_t> keys;
  double flips = 0.0;
  bool complete = false;
};

inline MaxTPlan plan_max_t(const std::vector<MaxTRow>& rows, Span<std::uint64_t> keys, const MaxTOptions& options) {
  MaxTPlan plan;
  std::vector<int> number(keys.size, -1);
  std::vector<double> observed(rows.size(), 0.0);
  std::vector<MaxTStatistic> statistic(rows.size());
  for (std::size_t j = 0; j < rows.size(); ++j) {
    if (rows[j].score.size == 0) {
      continue;
    }
    plan.order.push_back(j);
    statistic[j] = MaxTStatistic(rows[j].score, options.alternative);
    observed[j] = statistic[j](std::accumulate(rows[j].score.begin(), rows[j].score.end(), 0.0));
    for (const int i : rows[j].patient) {
      number[static_cast<std::size_t>(i)] = 0;
    }
  }
  for (std::size_t i = 0; i < keys.size; ++i) {
    if (number[i] == 0) {
      number[i] = static_cast<int>(plan.keys.size());
      plan.keys.push_back(keys[i]);
    }
  }
  std::stable_sort(plan.order.begin(), plan.order.end(),
                   [&](std::size_t a, std::size_t b) { return observed[a] > observed[b]; });
  for (const std::size_t j : plan.order) {
    plan.statistic.push_back(statistic[j]);
    plan.reach.push_back(std::isinf(observed[j]) ? observed[j] : observed[j] - 1e-10 * std::fabs(observed[j]));
    plan.column.emplace_back();
    for (const int i : rows[j].patient) {
      plan.column.back().push_back(number[static_cast<std::size_t>(i)]);
    }
  }
  plan.flips = options.replicates;
  plan.complete = plan.keys.size() < 31 && std::ldexp(1.0, static_cast<int>(plan.keys.size())) <= plan.flips;
  if (plan.complete) {
    plan.flips = std::ldexp(1.0, static_cast<int>(plan.keys.size()));
  }
  return plan;
}

struct MaxTWorkspace {
  SignTable signs;
  FlipBlock block;
  std::vector<double> sums, largest;
  std::vector<std::uint64_t> count;
};

// One block of replicates: from the smallest observed statistic up, the largest replicate so far against the observed.
inline void solve_max_t(const std::vector<MaxTRow>& rows, const MaxTPlan& plan, const MaxTOptions& options, std::size_t b,
                        MaxTWorkspace& w) {
  if (plan.complete) {
    w.block.enumerate(plan.keys.size(), b);
  } else {
    w.block.draw(options.seed, Tag::max_t, {plan.keys.data(), plan.keys.size()}, b);
  }
  const double left = plan.flips - static_cast<double>(b * flip_block);
  const std::size_t lanes = left < static_cast<double>(flip_block) ? static_cast<std::size_t>(left) : flip_block;
  w.largest.assign(flip_block, -infinity);
  w.sums.resize(flip_block);
  for (std::size_t k = plan.order.size(); k-- > 0;) {
    flipped_sums(w.signs, w.block, rows[plan.order[k]].score, plan.column[k].data(), w.sums.data());
    std::uint64_t reached = 0;
    for (std::size_t r = 0; r < lanes; ++r) {
      w.largest[r] = std::max(w.largest[r], plan.statistic[k](w.sums[r]));
      reached += w.largest[r] >= plan.reach[k] ? 1u : 0u;
    }
    w.count[k] += reached;
  }
}

}  // namespace detail

inline MaxTResult max_t(const std::vector<MaxTRow>& rows, Span<std::uint64_t> keys, const MaxTOptions& options,
                        const Hooks& hooks) {
  if (options.alternative == Alternative::equivalence) {
    throw input_error("p_adjust", "max-T has no form for equivalence tests; use \"holm\" there.");
  }
  const detail::MaxTPlan plan = detail::plan_max_t(rows, keys, options);
  MaxTResult result;
  result.p_adjusted.assign(rows.size(), missing);
  result.complete = plan.complete;
  result.replicates = plan.flips;
  std::deque<detail::MaxTWorkspace> workspaces;
  const auto make = [&]() {
    workspaces.emplace_back();
    workspaces.back().count.assign(plan.order.size(), 0);
    return &workspaces.back();
  };
  const std::size_t blocks = static_cast<std::size_t>(std::ceil(plan.flips / static_cast<double>(flip_block)));
  parallel_map(blocks, options.threads, hooks, make, [&](std::size_t b, detail::MaxTWorkspace* w) {
    detail::solve_max_t(rows, plan, options, b, *w);
  });
  const double one = plan.complete ? 0.0 : 1.0;  // all flips hold the observed data already
  double p = 0.0;
  for (std::size_t k = 0; k < plan.order.size(); ++k) {
    std::uint64_t reached = 0;
    for (const detail::MaxTWorkspace& w : workspaces) {
      reached += w.count[k];
    }
    p = std::max(p, (static_cast<double>(reached) + one) / (plan.flips + one));
    result.p_adjusted[plan.order[k]] = p;
  }
  return result;
}

}  // namespace respondr
