#pragma once
// Percentages against counts: which counts of n, and which n, print as 100 k / n.
//
// column             given count and n   count alone   n alone   neither
// fits, fits_cut     yes                 -             -         -
// count_low, _high   yes                 -             yes       -
// n_low, n_high      yes                 yes           -         -
// An empty range has its lower end above its upper one; n_high is infinite where 0 prints as a percentage of any large n.

#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/audit/decimal.hpp"
#include "respondr/types.hpp"

namespace respondr::audit {

struct PercentRow {
  double recomputed = missing;  // percent
  bool fits = false, fits_cut = false;
  double count_low = missing, count_high = missing, n_low = missing, n_high = missing;
  Status status = Status::ok;
};

template <class F>
void visit_columns(const PercentRow*, F&& f) {
  f("recomputed", [](const PercentRow& r) -> const double& { return r.recomputed; });
  f("fits", [](const PercentRow& r) -> const bool& { return r.fits; });
  f("fits_cut", [](const PercentRow& r) -> const bool& { return r.fits_cut; });
  f("count_low", [](const PercentRow& r) -> const double& { return r.count_low; });
  f("count_high", [](const PercentRow& r) -> const double& { return r.count_high; });
  f("n_low", [](const PercentRow& r) -> const double& { return r.n_low; });
  f("n_high", [](const PercentRow& r) -> const double& { return r.n_high; });
  f("status", [](const PercentRow& r) -> const Status& { return r.status; });
}

// The n of which `count` prints as d percent: one stretch, since the percentage falls with n.
inline WholeRange denominators_of(const Decimal& d, double count) {
  const double twice = 200.0 * d.scale() * count;
  WholeRange out{std::ceil(twice / (2.0 * d.digits + 1.0)), std::floor(twice / (2.0 * d.digits - 1.0))};
  if (2.0 * d.digits - 1.0 <= 0.0) out.high = infinity;
  if (out.low < 1.0) out.low = 1.0;
  if (out.low < count) out.low = count;
  if (out.low > 1.0 && out.low - 1.0 >= count && prints_as(d, count, out.low - 1.0, 100.0)) out.low -= 1.0;
  while (out.low <= out.high && !prints_as(d, count, out.low, 100.0)) out.low += 1.0;
  if (std::isfinite(out.high)) {
    if (prints_as(d, count, out.high + 1.0, 100.0)) out.high += 1.0;
    while (out.low <= out.high && !prints_as(d, count, out.high, 100.0)) out.high -= 1.0;
  }
  return out;
}

// count, n: missing where not printed.
inline PercentRow solve_percent(const Decimal& d, double count, double n) {
  PercentRow row;
  const bool has_count = count == count, has_n = n == n;
  if (!d.known() || (has_n && n == 0.0)) {
    row.status = Status::no_data;
    return row;
  }
  if (std::fabs(d.digits) * 4.0 + 4.0 > whole_limit / ((has_n ? n : 1.0) + 1.0) ||
      (has_count && 400.0 * d.scale() * (count + 1.0) > whole_limit)) {
    row.status = Status::too_large;
    return row;
  }
  if (has_count && has_n) {
    row.recomputed = 100.0 * count / n;
    row.fits = prints_as(d, count, n, 100.0);
    row.fits_cut = cuts_to(d, count, n, 100.0);
  }
  if (has_n) {
    WholeRange k = numerators(d, n, 100.0);
    if (k.low < 0.0) k.low = 0.0;
    if (k.high > n) k.high = n;
    row.count_low = k.low;
    row.count_high = k.high;
  }
  if (has_count) {
    const WholeRange m = denominators_of(d, count);
    row.n_low = m.low;
    row.n_high = m.high;
  }
  return row;
}

// All n from 1 to limit that a percentage allows.
inline std::vector<int> denominators(const Decimal& d, int limit) {
  std::vector<int> out;
  for (int n = 1; n <= limit; ++n) {
    const WholeRange k = numerators(d, n, 100.0);
    if (!k.empty() && k.high >= 0.0 && k.low <= n) out.push_back(n);
  }
  return out;
}

}  // namespace respondr::audit
