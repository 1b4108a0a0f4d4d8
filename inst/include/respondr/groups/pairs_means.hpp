#pragma once
// Contrasts of means, level less reference, over k arms. p_value and conf_low/high are those of the single comparison,
// p_adjusted and conf_low/high_adjusted hold for the whole family together.
//
// tukey (Tukey 1953; Kramer 1956, Biometrics 12:307): d / sqrt(MS within (1 / n + 1 / n')) on N - k df; family: sqrt(2) |t|
// against the studentized range of k. Exact for equal n, conservative otherwise (Hayter 1984).
// games_howell (1976, J Educ Stat 1:113): Welch's t and its df for the two arms; family: sqrt(2) |t| against the
// studentized range of k on those df.
// dunnett (1955, JASA 50:1096): as tukey, against the largest of the k - 1 correlated t of all arms with the reference,
// whose correlations have the loadings sqrt(n / (n + n reference)); one-sided as well.
// k counts the arms with values.
//
//   status           estimate  p, limits
//   no_data          -         -           no arm has values
//   one_group_empty  -         -           the level or the reference has none
//   too_few          yes       -           no degrees of freedom (games_howell: one of the two has a single value)
//   no_variance      yes       -           no spread within the arms (games_howell: within the two)

#include <cmath>
#include <vector>

#include "respondr/groups/anova.hpp"
#include "respondr/groups/one_factor_max.hpp"
#include "respondr/studentized_range.hpp"

namespace respondr::groups {

// Quantiles that the problems of a batch share; kept while the design stays the same.
struct FamilyQuantiles {
  OneFactor dunnett;
  double dunnett_alpha = missing, dunnett_limit = missing;
  double range_level = missing, range_k = missing, range_df = missing, range_limit = missing;

  // Of the studentized range, over sqrt(2).
  double range(double level, double k, double df) {
    if (!(level == range_level && k == range_k && df == range_df)) {
      range_level = level;
      range_k = k;
      range_df = df;
      range_limit = special::studentized_range_quantile(level, k, df) / std::sqrt(2.0);
    }
    return range_limit;
  }
  double one_factor(const OneFactor& f, double alpha) {
    const bool same =
        alpha == dunnett_alpha && f.df == dunnett.df && f.two_sided == dunnett.two_sided && f.loading == dunnett.loading;
    if (!same) {
      dunnett = f;
      dunnett_alpha = alpha;
      dunnett_limit = one_factor_quantile(f, alpha);
    }
    return dunnett_limit;
  }
};

inline double family_alpha(const KOptions& options) { return std::rint((1.0 - options.conf_level) * 1e14) / 1e14; }

// p of a t (or with infinite df z) for the alternative.
inline double t_p(Alternative alternative, double t, double df) {
  const auto cdf = [df](double x, special::Tail tail) {
    return std::isinf(df) ? special::normal_cdf(x, tail) : special::t_cdf(x, df, tail);
  };
  switch (alternative) {
    case Alternative::less:
      return cdf(t, special::Tail::lower);
    case Alternative::greater:
      return cdf(t, special::Tail::upper);
    default:
      return 2.0 * cdf(-std::fabs(t), special::Tail::lower);
  }
}

// estimate +- c std_error, open on the side that the alternative does not bound.
inline void wald_limits(Alternative alternative, double c, const KRow& row, double& low, double& high) {
  low = alternative == Alternative::less ? -infinity : row.estimate - c * row.std_error;
  high = alternative == Alternative::greater ? infinity : row.estimate + c * row.std_error;
}

// The single comparison: estimate and std_error are there.
inline void store_t(const KOptions& options, Alternative alternative, double df, ConfMethod method, KRow& row) {
  const double alpha = family_alpha(options);
  row.df = df;
  row.statistic = row.estimate / row.std_error;
  row.p_value = t_p(alternative, row.statistic, df);
  const double c = -special::t_quantile(alternative == Alternative::two_sided ? 0.5 * alpha : alpha, df);
  wald_limits(alternative, c, row, row.conf_low, row.conf_high);
  row.conf_method = method;
  row.p_matches = true;
}

// What all pairs of a problem share.
struct MeansFamily {
  OneWay a;
  OneFactor factor;

  void prepare(const KOptions& options, const ArmFigures& figures, std::size_t reference) {
    a = one_way(figures);
    factor.loading.clear();
    factor.df = a.df_within();
    factor.two_sided = options.alternative == Alternative::two_sided;
    const double n0 = figures.arm[reference].n;
    for (std::size_t j = 0; j < figures.k(); ++j) {
      const double n = figures.arm[j].n;
      if (j != reference && n > 0.0) {
        factor.loading.push_back(std::sqrt(n / (n + n0)));
      }
    }
  }
};

namespace detail {

// Counts, estimate, and whether a test can follow.
inline bool pair_status(const ArmFigures& figures, std::size_t level, std::size_t reference, double arms, KRow& row) {
  const Moments &x = figures.arm[level], &y = figures.arm[reference];
  row.n = static_cast<int>(x.n);
  row.n_reference = static_cast<int>(y.n);
  row.n_dropped = figures.dropped[level] + figures.dropped[reference];
  if (arms < static_cast<double>(figures.k())) {
    row.add(Note::arm_left_out);
  }
  if (x.n == 0.0 || y.n == 0.0) {
    row.status = arms == 0.0 ? Status::no_data : Status::one_group_empty;
    return false;
  }
  row.estimate = figures.difference(level, reference);
  return true;
}

inline void store_range(const KOptions& options, double k, double df, FamilyQuantiles& quantiles, KRow& row) {
  row.p_adjusted = special::studentized_range_cdf(std::sqrt(2.0) * std::fabs(row.statistic), k, df, special::Tail::upper);
  wald_limits(Alternative::two_sided, quantiles.range(options.conf_level, k, df), row, row.conf_low_adjusted,
              row.conf_high_adjusted);
}

inline void store_one_factor(const KOptions& options, const OneFactor& f, FamilyQuantiles& quantiles, KRow& row) {
  const double z = options.alternative == Alternative::less      ? -row.statistic
                   : options.alternative == Alternative::greater ? row.statistic
                                                                 : std::fabs(row.statistic);
  row.p_adjusted = one_factor_tail(f, z);
  wald_limits(options.alternative, quantiles.one_factor(f, family_alpha(options)), row, row.conf_low_adjusted,
              row.conf_high_adjusted);
}

}  // namespace detail

// tukey or dunnett; for dunnett the reference is that of `family`.
inline void solve_pooled_pair(const KOptions& options, bool dunnett, const ArmFigures& figures, const MeansFamily& family,
                              std::size_t level, std::size_t reference, FamilyQuantiles& quantiles, KRow& row) {
  const OneWay& a = family.a;
  if (!detail::pair_status(figures, level, reference, a.k, row)) {
    return;
  }
  if (a.df_within() < 1.0 || !spreads(a.ss_within, a.n, figures.rounding)) {
    row.status = a.df_within() < 1.0 ? Status::too_few : Status::no_variance;
    return;
  }
  row.std_error = std::sqrt(a.ms_within()) * std::sqrt(1.0 / figures.arm[level].n + 1.0 / figures.arm[reference].n);
  store_t(options, dunnett ? options.alternative : Alternative::two_sided, a.df_within(), ConfMethod::pooled_t, row);
  if (dunnett) {
    detail::store_one_factor(options, family.factor, quantiles, row);
  } else {
    detail::store_range(options, a.k, a.df_within(), quantiles, row);
  }
}

inline void solve_games_howell(const KOptions& options, const ArmFigures& figures, const MeansFamily& family,
                               std::size_t level, std::size_t reference, FamilyQuantiles& quantiles, KRow& row) {
  if (!detail::pair_status(figures, level, reference, family.a.k, row)) {
    return;
  }
  const Moments &x = figures.arm[level], &y = figures.arm[reference];
  if (x.n < 2.0 || y.n < 2.0 || !spreads(x.ss + y.ss, x.n + y.n, figures.rounding)) {
    row.status = x.n < 2.0 || y.n < 2.0 ? Status::too_few : Status::no_variance;
    return;
  }
  // Variances of the two means as shares of their sum.
  const double vx = x.variance() / x.n, vy = y.variance() / y.n;
  const double share = vx / (vx + vy), rest = vy / (vx + vy);
  const double df = 1.0 / (share * share / (x.n - 1.0) + rest * rest / (y.n - 1.0));
  row.std_error = std::sqrt(vx + vy);
  store_t(options, Alternative::two_sided, df, ConfMethod::welch_pair, row);
  detail::store_range(options, family.a.k, df, quantiles, row);
}

}  // namespace respondr::groups
