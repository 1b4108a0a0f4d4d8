#pragma once
// One row of a stratified comparison.
//
// status           estimate  interval  statistic  p
// no_data          -         -         -          -
// one_group_empty  -         -         -          -      no stratum has patients in both arms
// one_level        yes *     yes *     -          1      no stratum has both events and others (tests of the odds ratio)
// boundary         0 or Inf  *         yes        yes    where the interval of that name does not exist (note
// no_finite_interval)
// too_large        -         -         -          -
// not_estimable    -         -         -          -      homogeneity with fewer than two strata that tell, or an odds ratio
// 0 or Inf
// hull             yes       yes       yes        yes
// * where the estimand has one: a difference or a ratio may; every odds ratio fits alike, so that of exact is 0 to Inf.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/rates/strata_exact.hpp"
#include "respondr/rates/strata_general.hpp"
#include "respondr/rates/strata_homogeneity.hpp"
#include "respondr/rates/strata_newcombe.hpp"
#include "respondr/rates/strata_score.hpp"
#include "respondr/rates/table_draws.hpp"
#include "respondr/special/central.hpp"

namespace respondr::rates {

struct StrataWorkspace {
  std::vector<Stratum> strata;
  CommonOdds odds;
  Zelen zelen;
};

namespace strata_detail {

inline void keep_sides(const StrataSides& sides, StrataEstimand e, TableRow& row) {
  row.conf_low = sides.low ? row.conf_low : least_value(e);
  row.conf_high = sides.high ? row.conf_high : largest_value(e);
}

// Estimate, its error, and the closed interval asked for.
inline void fill_closed(const StrataOptions& options, const std::vector<Stratum>& strata, const StrataSides& sides,
                        TableRow& row) {
  const StrataEstimand e = options.estimand;
  StrataEstimate out;
  if (e == StrataEstimand::difference) {
    const bool newcombe = options.interval == StrataInterval::newcombe;
    const bool klingenberg = options.interval == StrataInterval::klingenberg;
    out = newcombe ? newcombe_strata(strata, sides.z) : mh_difference(strata, sides.z, klingenberg);
    row.conf_method = newcombe      ? ConfMethod::strata_newcombe
                      : klingenberg ? ConfMethod::klingenberg
                                    : ConfMethod::sato;
  } else {
    const bool odds = e == StrataEstimand::odds_ratio;
    out = odds ? mh_odds_ratio(strata, sides.z) : mh_risk_ratio(strata, sides.z);
    row.conf_method = odds ? ConfMethod::robins_breslow_greenland : ConfMethod::greenland_robins;
  }
  row.estimate = out.estimate;
  row.std_error = out.std_error;
  row.conf_low = out.low;
  row.conf_high = out.high;
  if (out.low != out.low || out.high != out.high) {
    row.conf_method = ConfMethod::none;
    row.conf_low = row.conf_high = missing;
    if (out.estimate == out.estimate) {
      row.status = Status::boundary;
      row.add(Note::no_finite_interval);
    }
    return;
  }
  keep_sides(sides, e, row);
}

// The inversion of the score test.
inline void fill_score(const StrataOptions& options, const std::vector<Stratum>& strata, const StrataSides& sides,
                       bool inverse, TableRow& row) {
  const StrataEstimand e = options.estimand;
  const bool log_scale = e != StrataEstimand::difference;
  StrataScore score(strata, e, inverse, options.continuity);
  StrataScore centre(strata, e, inverse, false);
  const auto back = [log_scale](double x) { return log_scale ? std::exp(x) : x; };
  const double bottom = log_scale ? -infinity : -1.0, top = log_scale ? infinity : 1.0;
  double from = log_scale ? std::log(row.estimate) : row.estimate;
  if (inverse) {
    from = 0.0;
    const double excess = centre.at(0.0).excess;
    from = excess == 0.0 ? 0.0 : centre.limit(excess > 0.0 ? -1e-300 : 1e-300, 0.0, excess > 0.0 ? top : bottom);
    row.estimate = back(from);
    row.std_error = missing;
  }
  if (!std::isfinite(from)) {
    from = 0.0;
  }
  row.conf_low = sides.low ? back(score.limit(sides.z, from, bottom)) : least_value(e);
  row.conf_high = sides.high ? back(score.limit(-sides.z, from, top)) : largest_value(e);
  row.conf_method = inverse                            ? ConfMethod::strata_score_iv
                    : e == StrataEstimand::odds_ratio  ? ConfMethod::strata_conditional_score
                                                       : ConfMethod::strata_score_mh;
  row.p_matches = true;
}

inline double z_p(double z, Alternative alternative) {
  return alternative == Alternative::greater ? special::normal_cdf(z, special::Tail::upper)
         : alternative == Alternative::less  ? special::normal_cdf(z)
                                             : std::fmin(1.0, 2.0 * special::normal_cdf(-std::fabs(z)));
}

// cmh and score_iv.
inline void solve_score(const StrataOptions& options, bool inverse, StrataWorkspace& w, TableRow& row) {
  const StrataSides sides = strata_sides(options);
  row.distribution = Distribution::asymptotic;
  fill_closed(options, w.strata, sides, row);
  if (options.interval == StrataInterval::test && row.estimate == row.estimate) {
    row.status = row.status == Status::boundary ? Status::ok : row.status;
    row.notes &= ~static_cast<std::uint32_t>(Note::no_finite_interval);
    fill_score(options, w.strata, sides, inverse, row);
  }
  const bool varies = std::any_of(w.strata.begin(), w.strata.end(), [](const Stratum& h) { return h.varies(); });
  if (!varies) {
    row.status = Status::one_level;
    row.p_value = 1.0;
    return;
  }
  StrataScore score(w.strata, inverse ? options.estimand : StrataEstimand::odds_ratio, inverse, options.continuity);
  double z = score.z(0.0);
  if (!inverse) {
    const CmhSums s = cmh_sums(w.strata);
    z = continuity_corrected(s.excess, options.continuity) / std::sqrt(s.variance);
  }
  row.statistic = z * z;
  row.df = 1.0;
  row.p_value = z_p(z, options.alternative);
}

inline void solve_exact(const StrataOptions& options, StrataWorkspace& w, TableRow& row) {
  if (w.strata.empty()) {  // the margins allow one table only
    const bool doubled = options.alternative == Alternative::two_sided && options.two_sided == TableTwoSided::central;
    row.status = Status::one_level;
    row.p_value = options.mid_p && !doubled ? 0.5 : 1.0;
    row.distribution = Distribution::exact;
    row.conf_low = 0.0;  // every odds ratio fits alike
    row.conf_high = infinity;
    row.conf_method = ConfMethod::strata_exact;
    row.p_matches = true;
    return;
  }
  const bool minlike = options.alternative == Alternative::two_sided && options.two_sided != TableTwoSided::central;
  if (CommonOdds::work(w.strata, minlike) > options.exact_limit) {
    row.status = Status::too_large;
    return;
  }
  const StrataSides sides = strata_sides(options);
  CommonOdds& odds = w.odds;
  odds.prepare(w.strata);
  row.distribution = Distribution::exact;
  row.estimate = std::exp(odds.estimate());
  row.statistic = 0.0;
  for (const Stratum& h : w.strata) {
    row.statistic += h.x1;
  }
  row.p_value = odds.p_value(0.0, options.alternative, options.two_sided, options.mid_p);
  double low = -infinity, high = infinity;
  if (minlike) {
    bool hole = false;
    odds.minlike_limits(2.0 * sides.alpha, options.mid_p, low, high, hole);
    if (hole) {
      row.status = Status::hull;
      row.add(Note::hull);
    }
  } else {
    low = sides.low ? odds.tail_limit(true, sides.alpha, options.mid_p) : low;
    high = sides.high ? odds.tail_limit(false, sides.alpha, options.mid_p) : high;
  }
  row.conf_low = std::exp(low);
  row.conf_high = std::exp(high);
  row.conf_method = ConfMethod::strata_exact;
  row.p_matches = true;
}

inline void solve_zelen(const StrataOptions& options, std::uint64_t problem, StrataWorkspace& w, TableRow& row) {
  if (options.distribution == Distribution::asymptotic) {
    row.status = Status::not_estimable;
    return;
  }
  double p = missing;
  if (options.distribution != Distribution::monte_carlo && w.zelen.solve(w.strata, options.exact_limit, options.mid_p, p)) {
    row.p_value = p;
    row.distribution = Distribution::exact;
    return;
  }
  if (options.distribution == Distribution::exact) {
    row.status = Status::too_large;
    return;
  }
  double reached = 0.0, tied = 0.0;
  w.zelen.draw(w.strata, options.seed, table_tag, problem, options.replicates, reached, tied);
  TableOptions drawn;
  drawn.replicates = options.replicates;
  drawn.mid_p = options.mid_p;
  store_monte_carlo(reached, tied, drawn, row);
}

inline void solve_homogeneity(const StrataOptions& options, StrataMethod method, std::uint64_t problem, StrataWorkspace& w,
                              TableRow& row) {
  const double psi = mh_odds_ratio(w.strata, 1.0).estimate;
  const bool fitted = method == StrataMethod::breslow_day || method == StrataMethod::tarone;
  if (w.strata.size() < 2 || (fitted && !(psi > 0.0 && std::isfinite(psi)))) {
    row.status = Status::not_estimable;
    return;
  }
  if (method == StrataMethod::zelen) {
    solve_zelen(options, problem, w, row);
    return;
  }
  bool added = false;
  const Homogeneity both = fitted ? breslow_day(w.strata, psi) : Homogeneity{};
  row.statistic = method == StrataMethod::breslow_day ? both.breslow_day
                  : method == StrataMethod::tarone    ? both.tarone
                                                      : woolf_statistic(w.strata, added);
  if (added) {
    row.add(Note::zero_cells);
  }
  row.df = static_cast<double>(w.strata.size()) - 1.0;
  row.p_value = special::chisq_cdf(row.statistic, row.df, special::Tail::upper);
  row.distribution = Distribution::asymptotic;
}

}  // namespace strata_detail

// Two arms, two responses.
inline void solve_strata(const StrataOptions& options, StrataMethod method, const StrataView& view, std::uint64_t problem,
                         StrataWorkspace& w, TableRow& row) {
  using namespace strata_detail;
  const bool odds = method != StrataMethod::cmh;
  load_strata(view, odds ? StrataEstimand::odds_ratio : options.estimand, w.strata, row);
  row.status = strata_status(view, row);
  if (row.status != Status::ok && row.status != Status::one_level) {
    return;
  }
  if (method == StrataMethod::exact) {
    solve_exact(options, w, row);
  } else if (method == StrataMethod::cmh || method == StrataMethod::score_iv) {
    row.status = Status::ok;
    solve_score(options, method == StrataMethod::score_iv && options.estimand != StrataEstimand::odds_ratio, w, row);
  } else {
    row.status = Status::ok;
    solve_homogeneity(options, method, problem, w, row);
  }
}

// Any number of arms and responses: general, row_means, correlation.
inline void solve_general(StrataMethod method, const int* count, std::size_t rows, std::size_t cols, std::size_t strata,
                          const std::vector<double>& row_score, const std::vector<double>& col_score, TableRow& row) {
  const GeneralCmh out = general_cmh(count, rows, cols, strata, method, row_score, col_score, row);
  if (row.n == 0 || out.df == 0) {
    row.status = row.n == 0 ? Status::no_data : Status::no_variance;
    return;
  }
  row.statistic = out.statistic;
  row.df = out.df;
  row.p_value = special::chisq_cdf(out.statistic, row.df, special::Tail::upper);
  row.distribution = Distribution::asymptotic;
}

}  // namespace respondr::rates
