#pragma once
// Bootstrap of the pairs (bootstrap.hpp has the limits and their p).
//
//   status                  estimate  std_error, p, limits
//   no_data                 -         -
//   one_pair, no_variance,
//   all_zero                yes       -

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "respondr/bootstrap.hpp"
#include "respondr/moments.hpp"
#include "respondr/paired/sides.hpp"

namespace respondr::paired {

struct BootstrapWorkspace {
  Bootstrap bootstrap;
};

struct BootstrapLimits {
  double low = missing, high = missing, std_error = missing;
  ConfMethod method = ConfMethod::none;  // none: the statistic is the same, or no number, in nearly all resamples
};

// Interval of any statistic of the pairs. `observed` is its value on the data.
template <class Statistic>
BootstrapLimits bootstrap_interval(const Options& options, const Sample& sample, double observed, Bootstrap& bootstrap,
                                   Statistic&& statistic) {
  BootstrapLimits out;
  bootstrap.run(sample.size(), options.replicates, options.seed, sample.problem, statistic);
  if (!bootstrap.spread() || bootstrap.replicates() < 0.5 * options.replicates) {
    return out;
  }
  if (options.bootstrap_interval == BootstrapInterval::bca) {
    bootstrap.correct(observed, bootstrap.acceleration(sample.size(), statistic),
                      1e-13 * (std::fabs(observed) + bootstrap.std_error()));
  }
  const Sides s = sides(options);
  out.low = s.low ? bootstrap.limit(s.alpha, true) : -infinity;
  out.high = s.high ? bootstrap.limit(s.alpha, false) : infinity;
  out.std_error = bootstrap.std_error();
  out.method = bootstrap.method();
  return out;
}

// Mean change. The patients must lie in an order that does not depend on the order of the rows of the user's table.
inline void solve_bootstrap(const Options& options, const Sample& sample, const Shift& shift, BootstrapWorkspace& w,
                            Row& row) {
  const Span<double> change{sample.change.data(), sample.size()};
  status_of_changes(sample, shift, row);
  if (change.size == 0) {
    return;
  }
  row.estimate = Moments::of(change).mean;
  if (row.status != Status::ok) {
    return;
  }
  Bootstrap& b = w.bootstrap;
  b.run(sample.size(), options.replicates, options.seed, sample.problem, [&](const std::uint32_t* index, std::size_t n) {
    double sum = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      sum += change[index[i]];
    }
    return sum / static_cast<double>(n);
  });
  // Leaving pair i out moves the mean by (mean - change[i]) / (n - 1): the acceleration is the skewness of the changes.
  if (options.bootstrap_interval == BootstrapInterval::bca && !b.correct(row.estimate, Bootstrap::skewness_sixth(change), 4.0 * change_rounding(sample))) {
    row.add(Note::skewed);
  }
  if (change.size < 10) {
    row.add(Note::small_bootstrap);
  }
  row.std_error = b.std_error();
  const CombinedP p = combine_p(options.alternative, shift, [&b](double theta) { return b.tails(theta); });
  row.p_value = p.value;
  const Sides s = sides(options);
  row.conf_low = s.low ? b.limit(s.alpha, true) : -infinity;
  row.conf_high = s.high ? b.limit(s.alpha, false) : infinity;
  row.conf_method = b.method();
  row.p_matches = true;
  note_unbounded(s, row);
}

}  // namespace respondr::paired
