#pragma once
// Test of Brunner and Munzel (2000, Biometrical J 42:17) for p = P(level > reference) + P(equal) / 2, and its
// permutation form
// (Neubert and Brunner 2007, Comput Stat Data Anal 51:5192; interval of Pauly, Asendorf and Konietschke 2016, Biometrical J
// 58:1319).
//
// Placement of a value: how many of the other arm lie below it, ties one half. With S1^2, S0^2 the variances of the
// placements in
// the level and the reference, V = S1^2 / (n1 n0^2) + S0^2 / (n0 n1^2); T = (p - null) / sqrt(V) is about t with the
// degrees of
// freedom of Satterthwaite. Permuted: T of all relabellings of the pooled values about 1/2 is the distribution;
// two-sided p is
// twice the smaller tail. Interval: the nulls accepted, within 0 to 1.
//
//   status           estimate  p                        limits
//   no_data          -         -                        -
//   one_group_empty  -         -                        -
//   too_few          yes       -                        -
//   boundary         yes       permuted only            -       all of one arm above the other: V is 0
//   no_variance      yes       permuted only            -       V is 0 otherwise
//   too_large        yes       -                        -

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/groups/mann_whitney.hpp"
#include "respondr/groups/two_t.hpp"
#include "respondr/monte_carlo_p.hpp"

namespace respondr::groups {

struct BrunnerMunzelWorkspace {
  std::vector<double> pooled;
  std::vector<std::size_t> group_end;  // of each group of ties in the pooled values
  std::vector<std::uint8_t> is_level;
  std::vector<double> statistic;  // of the relabellings
  Swaps swaps;
};

namespace detail {

// Sums over the placements of one labelling, doubled so that they are whole numbers.
struct Placements {
  double m = 0.0, n = 0.0;  // level, reference
  double sum_x = 0.0, square_x = 0.0, sum_y = 0.0, square_y = 0.0;

  double superiority() const { return 0.5 * sum_x / (m * n); }
  // Four times the centred sums of squares times the size: differences of whole numbers, exact up to 2^53.
  double spread_x() const { return std::max(0.0, m * square_x - sum_x * sum_x); }
  double spread_y() const { return std::max(0.0, n * square_y - sum_y * sum_y); }
  double part_x() const { return spread_x() / (4.0 * m * (m - 1.0) * m * n * n); }
  double part_y() const { return spread_y() / (4.0 * n * (n - 1.0) * n * m * m); }
  double std_error() const { return std::sqrt(part_x() + part_y()); }
  double df() const {
    const double all = part_x() + part_y(), p = part_x() / all, q = part_y() / all;
    return 1.0 / (p * p / (m - 1.0) + q * q / (n - 1.0));
  }
  // Without spread a superiority on one side of the null is infinitely far from it.
  double t(double null) const {
    const double se = std_error(), distance = superiority() - null;
    return se > 0.0 ? distance / se : distance == 0.0 ? 0.0 : std::copysign(infinity, distance);
  }
};

inline void pool(const TwoArms& arms, BrunnerMunzelWorkspace& w) {
  std::vector<std::pair<double, std::uint8_t>> both;
  both.reserve(arms.size());
  for (const double x : arms.level) {
    both.emplace_back(x, std::uint8_t{1});
  }
  for (const double y : arms.reference) {
    both.emplace_back(y, std::uint8_t{0});
  }
  std::sort(both.begin(), both.end());
  w.group_end.clear();
  w.is_level.clear();
  for (std::size_t i = 0; i < both.size(); ++i) {
    w.is_level.push_back(both[i].second);
    if (i + 1 == both.size() || both[i + 1].first > both[i].first) {
      w.group_end.push_back(i + 1);
    }
  }
}

inline Placements placements(const std::vector<std::uint8_t>& is_level, const std::vector<std::size_t>& group_end) {
  Placements out;
  std::size_t i = 0;
  for (const std::size_t end : group_end) {
    double p = 0.0, q = 0.0;
    for (; i < end; ++i) {
      (is_level[i] != 0 ? p : q) += 1.0;
    }
    const double of_x = 2.0 * out.n + q, of_y = 2.0 * out.m + p;
    out.sum_x += p * of_x;
    out.square_x += p * of_x * of_x;
    out.sum_y += q * of_y;
    out.square_y += q * of_y * of_y;
    out.m += p;
    out.n += q;
  }
  return out;
}

inline double number_of_ties(const std::vector<std::size_t>& group_end) {
  double ties = 0.0;
  std::size_t begin = 0;
  for (const std::size_t end : group_end) {
    ties += end - begin > 1 ? static_cast<double>(end - begin) : 0.0;
    begin = end;
  }
  return ties;
}

inline double relabelling_work(const TwoArms& arms) {
  const double all = static_cast<double>(arms.size()), m = static_cast<double>(arms.level.size);
  return choose(all, m) * (2.0 * all + 20.0);
}

// T of all relabellings (exact) or of random ones, ascending.
inline void permute_statistics(const TwoOptions& options, const TwoArms& arms, bool exact, BrunnerMunzelWorkspace& w) {
  std::vector<std::uint8_t> label(arms.size());
  w.statistic.clear();
  const auto add = [&](const auto* chosen) {
    std::fill(label.begin(), label.end(), std::uint8_t{0});
    for (std::size_t i = 0; i < arms.level.size; ++i) {
      label[chosen[i]] = 1;
    }
    w.statistic.push_back(placements(label, w.group_end).t(0.5));
  };
  if (exact) {
    each_subset(arms.size(), arms.level.size, add);
  } else {
    w.swaps.begin(arms.size(), arms.level.size);
    for (int r = 0; r < options.replicates; ++r) {
      add(w.swaps.draw(options.seed, Tag::rank_sum, arms.problem, static_cast<std::uint64_t>(r)));
    }
  }
  std::sort(w.statistic.begin(), w.statistic.end());
}

// The observed labelling is one of all, and one more beside random ones. Statistics equal but for rounding are equal.
class PermutedT {
 public:
  PermutedT(const std::vector<double>& sorted, bool exact) : sorted_(sorted), extra_(exact ? 0.0 : 1.0) {}

  double total() const { return static_cast<double>(sorted_.size()) + extra_; }

  Tails tails(double t) const {
    const double slack = std::isfinite(t) ? 1e-11 * (1.0 + std::fabs(t)) : 0.0;
    const auto from = std::lower_bound(sorted_.begin(), sorted_.end(), t - slack);
    const auto past = std::upper_bound(sorted_.begin(), sorted_.end(), t + slack);
    return {(static_cast<double>(sorted_.end() - from) + extra_) / total(),
            (static_cast<double>(past - sorted_.begin()) + extra_) / total()};
  }

  // The largest statistic that is not rejected for being large (upper), or the smallest not rejected for being small.
  double critical(double alpha, bool upper) const {
    const double rank = limit_rank(alpha, total()) + 1.0 - extra_;
    if (rank < 1.0 || rank > static_cast<double>(sorted_.size())) {
      return upper ? infinity : -infinity;
    }
    const std::size_t r = static_cast<std::size_t>(rank);
    return upper ? sorted_[sorted_.size() - r] : sorted_[r - 1];
  }

 private:
  const std::vector<double>& sorted_;
  double extra_;
};

inline void superiority_limits(const TwoOptions& options, double se, double above, double below, TwoRow& row) {
  const Sides s = sides(options.alternative, options.conf_level);
  row.conf_low = s.low ? std::max(0.0, row.estimate - above * se) : 0.0;
  row.conf_high = s.high ? std::min(1.0, row.estimate - below * se) : 1.0;
  row.p_matches = true;
}

inline void brunner_munzel_t(const TwoOptions& options, const Placements& p, const Shift& shift, TwoQuantiles& quantiles,
                             TwoRow& row) {
  row.distribution = Distribution::asymptotic;
  if (!(row.std_error > 0.0)) {
    return;
  }
  row.df = p.df();
  const CombinedP combined = combine_p(options.alternative, shift, [&](double null) {
    const double t = p.t(null);
    return Tails{special::t_cdf(t, row.df, special::Tail::upper), special::t_cdf(t, row.df, special::Tail::lower)};
  });
  row.p_value = combined.value;
  row.statistic = p.t(combined.theta);
  const double t = quantiles(row.df, sides(options.alternative, options.conf_level).alpha);
  superiority_limits(options, row.std_error, t, -t, row);
  row.conf_method = ConfMethod::brunner_munzel_t;
}

inline void brunner_munzel_permuted(const TwoOptions& options, const TwoArms& arms, const Placements& p, const Shift& shift,
                                    bool exact, BrunnerMunzelWorkspace& w, TwoRow& row) {
  permute_statistics(options, arms, exact, w);
  const PermutedT permuted(w.statistic, exact);
  const CombinedP combined =
      combine_p(options.alternative, shift, [&](double null) { return permuted.tails(p.t(null)); });
  row.p_value = combined.value;
  row.statistic = p.t(combined.theta);
  row.distribution = exact ? Distribution::exact : Distribution::monte_carlo;
  if (!exact) {
    monte_carlo_range(combined.one_sided, combined.doubled, static_cast<double>(options.replicates), row);
  }
  if (row.std_error > 0.0) {
    const double alpha = sides(options.alternative, options.conf_level).alpha;
    superiority_limits(options, row.std_error, permuted.critical(alpha, true), permuted.critical(alpha, false), row);
    row.conf_method = ConfMethod::brunner_munzel_permutation;
  }
}

}  // namespace detail

inline void solve_brunner_munzel(const TwoOptions& options, const TwoArms& arms, const Shift& shift, TwoQuantiles& quantiles,
                                 BrunnerMunzelWorkspace& w, TwoRow& row) {
  if (!both_arms(static_cast<double>(arms.level.size), static_cast<double>(arms.reference.size), row)) {
    return;
  }
  detail::pool(arms, w);
  const detail::Placements p = detail::placements(w.is_level, w.group_end);
  row.estimate = p.superiority();
  row.n_ties = static_cast<int>(detail::number_of_ties(w.group_end));
  if (p.m < 2.0 || p.n < 2.0) {
    row.status = Status::too_few;
    return;
  }
  row.std_error = p.std_error();
  if (!(row.std_error > 0.0)) {
    row.std_error = missing;
    row.status = row.estimate == 0.0 || row.estimate == 1.0 ? Status::boundary : Status::no_variance;
  }
  if (options.distribution == Distribution::automatic || options.distribution == Distribution::asymptotic) {
    detail::brunner_munzel_t(options, p, shift, quantiles, row);
    return;
  }
  const bool exact = options.distribution == Distribution::exact;
  if (exact && detail::relabelling_work(arms) > options.exact_limit) {
    row.status = Status::too_large;
    return;
  }
  detail::brunner_munzel_permuted(options, arms, p, shift, exact, w, row);
}

}  // namespace respondr::groups
