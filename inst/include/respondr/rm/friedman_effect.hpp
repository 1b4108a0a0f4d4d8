#pragma once
// Interval of Kendall's W (Kendall and Babington Smith 1939, Ann Math Stat 10:275; corrected for ties), by the bootstrap of
// patients: ranks stay within the patient. A resample repeats patients and so agrees with itself; BCa corrects for the bias that
// this gives. Where BCa does not exist the interval is the percentile interval, and a note says so.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/paired/bootstrap.hpp"
#include "respondr/rm/friedman_blocks.hpp"
#include "respondr/rm/friedman_tests.hpp"

namespace respondr::rm {

struct AgreementWorkspace {
  Bootstrap bootstrap;
  paired::Sample sample;
  ScoreSums sums;
  std::vector<double> sum, score, square;
};

struct Agreement {
  double w = missing, low = missing, high = missing;
  ConfMethod method = ConfMethod::none;
  std::uint32_t notes = 0;
};

inline Agreement solve_kendall_w(const RankOptions& options, const Scores& scores, std::uint64_t problem,
                                 AgreementWorkspace& w) {
  Agreement out;
  sum_scores(scores, w.sums);
  if (w.sums.total == 0.0) {  // no blocks, or all of them tied
    return out;
  }
  const std::size_t k = scores.k;
  out.w = kendall_w(w.sums, static_cast<double>(scores.n));
  if (!options.effect_interval || scores.n < 2) {
    return out;
  }
  w.score.assign(scores.score.begin(), scores.score.end());
  w.square.resize(scores.n);
  for (std::size_t i = 0; i < scores.n; ++i) {
    w.square[i] = 0.0;
    for (std::size_t j = 0; j < k; ++j) {
      w.square[i] += w.score[i * k + j] * w.score[i * k + j];
    }
  }
  w.sum.resize(k);
  const auto statistic = [&](const std::uint32_t* index, std::size_t n) {
    std::fill(w.sum.begin(), w.sum.end(), 0.0);
    double total = 0.0, between = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const double* s = w.score.data() + index[i] * k;
      for (std::size_t j = 0; j < k; ++j) {
        w.sum[j] += s[j];
      }
      total += w.square[index[i]];
    }
    for (const double s : w.sum) {
      between += s * s;
    }
    return between / (static_cast<double>(n) * total);  // not a number where all drawn patients are tied
  };
  paired::Options bootstrap;
  bootstrap.conf_level = options.conf_level;
  bootstrap.bootstrap_interval = options.bootstrap_interval;
  bootstrap.replicates = options.replicates;
  bootstrap.seed = options.seed;
  w.sample.change.assign(scores.n, 0.0);
  w.sample.problem = problem;
  const paired::BootstrapLimits limits = paired::bootstrap_interval(bootstrap, w.sample, out.w, w.bootstrap, statistic);
  out.method = limits.method;
  const auto note = [&out](Note n) { out.notes |= static_cast<std::uint32_t>(n); };
  if (limits.method == ConfMethod::none) {
    note(Note::effect_unavailable);
    return out;
  }
  out.low = std::max(0.0, limits.low);
  out.high = std::min(1.0, limits.high);
  if (limits.method == ConfMethod::percentile && options.bootstrap_interval == paired::BootstrapInterval::bca) {
    note(Note::skewed);
  }
  if (scores.n < 10) {
    note(Note::small_bootstrap);
  }
  return out;
}

}  // namespace respondr::rm
