#pragma once
// Points of the ROC curve, and the decision curve (Vickers and Elkin 2006, Med Decis Making 26:565,
// doi:10.1177/0272989X06295361): net benefit of treating where p >= t is TP / n - FP / n * t / (1 - t); of treating all,
// with
// everybody positive; of treating none 0. Its interval: percentiles over resamples of patients (the share of events varies).

#include <algorithm>
#include <vector>

#include "respondr/bootstrap.hpp"
#include "respondr/parallel.hpp"
#include "respondr/validate/placements.hpp"
#include "respondr/validate/resample.hpp"

namespace respondr::validate {

// Score >= threshold is positive: true and false positives, from the highest threshold (infinity: nobody) down.
struct RocPoint {
  double threshold = infinity, true_positive = 0.0, false_positive = 0.0;
};

inline std::vector<RocPoint> roc_points(const Patients& patients, const Ascending& order) {
  const Classes all = count_classes(patients);
  std::vector<RocPoint> out;
  double events = 0.0, others = 0.0;
  for (std::size_t k = 0; k < order.size();) {
    const std::size_t end = order.block_end(k);
    out.push_back({order.score(k), all.events - events, all.others - others});
    const Classes block = detail::count_block(patients, order, k, end);
    events += block.events;
    others += block.others;
    k = end;
  }
  out.emplace_back();
  std::reverse(out.begin(), out.end());
  return out;
}

struct NetBenefit {
  double threshold = missing, model = missing, low = missing, high = missing, all = missing;
};

struct DecisionOptions {
  double conf_level = 0.95;
  int replicates = 0;
  std::uint64_t seed = 0;
};

namespace detail {

// bin[row]: thresholds at or below its probability.
inline std::vector<std::uint32_t> threshold_bins(const Patients& patients, const double* p, Span<double> thresholds) {
  std::vector<std::uint32_t> out(patients.n);
  for (std::size_t i = 0; i < patients.n; ++i) {
    out[i] = static_cast<std::uint32_t>(std::upper_bound(thresholds.begin(), thresholds.end(), p[i]) - thresholds.begin());
  }
  return out;
}

// counts: events, then others, of each bin. benefit: one a threshold.
inline void net_benefits(const std::vector<double>& counts, Span<double> thresholds, double* benefit) {
  const std::size_t bins = thresholds.size + 1;
  double total = 0.0, events = 0.0, others = 0.0;
  for (const double count : counts) {
    total += count;
  }
  for (std::size_t k = thresholds.size; k-- > 0;) {
    events += counts[k + 1];
    others += counts[bins + k + 1];
    benefit[k] = (events - others * thresholds[k] / (1.0 - thresholds[k])) / total;
  }
}

}  // namespace detail

// thresholds ascending, inside (0, 1).
inline std::vector<NetBenefit> decision_curve(const Patients& patients, const double* p, Span<double> thresholds,
                                              const DecisionOptions& options, int threads, const Hooks& hooks) {
  const std::size_t bins = thresholds.size + 1, size = thresholds.size;
  const std::vector<std::uint32_t> bin = detail::threshold_bins(patients, p, thresholds);
  std::vector<NetBenefit> out(size);
  std::vector<double> counts(2 * bins, 0.0), benefit(size);
  for (std::size_t i = 0; i < patients.n; ++i) {
    counts[(patients.event[i] > 0.5 ? 0 : bins) + bin[i]] += patients.count(i);
  }
  detail::net_benefits(counts, thresholds, benefit.data());
  const Classes classes = count_classes(patients);
  for (std::size_t k = 0; k < size; ++k) {
    const double odds = thresholds[k] / (1.0 - thresholds[k]);
    out[k].threshold = thresholds[k];
    out[k].model = benefit[k];
    out[k].all = (classes.events - classes.others * odds) / classes.total();
  }
  if (options.replicates < 1 || classes.total() <= 0.0) {
    return out;
  }
  const Resampler resampler(patients);
  const std::size_t replicates = static_cast<std::size_t>(options.replicates);
  std::vector<double> drawn(replicates * size);
  struct Space {
    std::vector<double> counts;
  };
  parallel_map(replicates, threads, hooks, [] { return Space(); }, [&](std::size_t b, Space& w) {
    Stream stream(options.seed, static_cast<std::uint64_t>(Tag::net_benefit), 0, b);
    w.counts.assign(2 * bins, 0.0);
    const std::uint32_t n = static_cast<std::uint32_t>(resampler.size());
    for (std::uint32_t k = 0; k < n; ++k) {
      const std::size_t patient = stream.bounded(n), row = resampler.row(patient);
      w.counts[(patients.event[row] > 0.5 ? 0 : bins) + bin[row]] += resampler.count(patient);
    }
    detail::net_benefits(w.counts, thresholds, drawn.data() + b * size);
  });
  Bootstrap bootstrap;
  std::vector<double> column(replicates);
  const double alpha = 0.5 * rounded_alpha(options.conf_level);
  for (std::size_t k = 0; k < size; ++k) {
    for (std::size_t b = 0; b < replicates; ++b) {
      column[b] = drawn[b * size + k];
    }
    bootstrap.take({column.data(), replicates});
    out[k].low = bootstrap.limit(alpha, true);
    out[k].high = bootstrap.limit(alpha, false);
  }
  return out;
}

}  // namespace respondr::validate
