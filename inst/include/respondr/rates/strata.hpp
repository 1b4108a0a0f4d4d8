#pragma once
// Two arms with a binary response in strata: options, and the strata of one problem.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/rates/table_row.hpp"
#include "respondr/special/central.hpp"
#include "respondr/types.hpp"

namespace respondr::rates {

enum class StrataMethod : int {
  cmh = 0,      // Cochran-Mantel-Haenszel
  score_iv,     // stratified score test, weights one over the variance under the null hypothesis
  exact,        // all tables with the margins of every stratum
  breslow_day,  // homogeneity of the odds ratios
  tarone,
  woolf,
  zelen,
  general,      // r x c x S: general association, row mean scores, correlation
  row_means,
  correlation
};
enum class StrataEstimand : int { difference = 0, ratio, odds_ratio };

// `test` inverts the row's own test.
enum class StrataInterval : int { test = 0, mantel_haenszel, klingenberg, newcombe };

struct StrataOptions {
  StrataEstimand estimand = StrataEstimand::odds_ratio;
  StrataInterval interval = StrataInterval::test;
  Distribution distribution = Distribution::automatic;
  Alternative alternative = Alternative::two_sided;
  TableTwoSided two_sided = TableTwoSided::minlike;  // exact: minlike or central
  bool mid_p = false;
  bool continuity = false;
  double conf_level = 0.95;
  double exact_limit = 1e8;
  int replicates = 10000;
  std::uint64_t seed = 0;
};

// x1 of n1 have the event in the arm of interest, x0 of n0 in the reference.
struct Stratum {
  int x1 = 0, n1 = 0, x0 = 0, n0 = 0;

  int events() const { return x1 + x0; }
  int total() const { return n1 + n0; }
  bool both_arms() const { return n1 > 0 && n0 > 0; }
  bool varies() const { return both_arms() && events() > 0 && events() < total(); }
  // Range of x1 given the margins.
  int low() const { return std::max(0, events() - n0); }
  int high() const { return std::min(n1, events()); }
  double weight() const { return static_cast<double>(n1) * static_cast<double>(n0) / static_cast<double>(total()); }
  double p1() const { return static_cast<double>(x1) / static_cast<double>(n1); }
  double p0() const { return static_cast<double>(x0) / static_cast<double>(n0); }
};

// Counts of one problem: arm i (0 the reference), response j (1 the event), stratum s at count[i + 2 (j + 2 s)].
struct StrataView {
  const int* count = nullptr;
  std::size_t strata = 0;

  Stratum operator()(std::size_t s) const {
    const int* c = count + 4 * s;
    return {c[3], c[1] + c[3], c[2], c[0] + c[2]};
  }
};

// Error of each limit, and its normal quantile.
struct StrataSides {
  bool low = true, high = true;
  double alpha = 0.0, z = 0.0;
};

inline StrataSides strata_sides(const StrataOptions& options) {
  StrataSides s;
  s.alpha = std::rint((1.0 - options.conf_level) * 1e14) / 1e14;
  s.low = options.alternative != Alternative::less;
  s.high = options.alternative != Alternative::greater;
  s.alpha /= options.alternative == Alternative::two_sided ? 2.0 : 1.0;
  s.z = -special::normal_quantile(s.alpha);
  return s;
}

inline double least_value(StrataEstimand e) { return e == StrataEstimand::difference ? -1.0 : 0.0; }
inline double largest_value(StrataEstimand e) { return e == StrataEstimand::difference ? 1.0 : infinity; }
inline double null_value(StrataEstimand e) { return e == StrataEstimand::difference ? 0.0 : 1.0; }

// The strata that say something about the estimand; the others are counted.
inline void load_strata(const StrataView& view, StrataEstimand e, std::vector<Stratum>& out, TableRow& row) {
  out.clear();
  row.n = row.events = row.n_strata_dropped = 0;
  for (std::size_t s = 0; s < view.strata; ++s) {
    const Stratum one = view(s);
    row.n += one.total();
    row.events += one.events();
    const bool tells = e == StrataEstimand::odds_ratio ? one.varies()
                       : e == StrataEstimand::ratio    ? one.both_arms() && one.events() > 0
                                                       : one.both_arms();
    if (tells) {
      out.push_back(one);
    } else {
      ++row.n_strata_dropped;
    }
  }
  row.n_strata = static_cast<int>(out.size());
  if (row.n_strata_dropped > 0) {
    row.add(Note::strata_left_out);
  }
}

// What keeps the strata from being tested.
inline Status strata_status(const StrataView& view, const TableRow& row) {
  if (row.n == 0) {
    return Status::no_data;
  }
  bool arms = false;
  for (std::size_t s = 0; s < view.strata; ++s) {
    if (view(s).varies()) {
      return Status::ok;
    }
    arms = arms || view(s).both_arms();
  }
  return arms ? Status::one_level : Status::one_group_empty;
}

}  // namespace respondr::rates
