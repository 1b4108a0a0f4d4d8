#pragma once
// Tests of two means from the moments of the arms: Student (1908), Welch (1947, Biometrika 34:28) and z with known standard
// deviations, each with two one-sided tests for equivalence (Schuirmann 1987). Rows and summary figures end in the same
// finisher.
//
//   student  (m1 - m0) / (s sqrt(1/n1 + 1/n0)), s^2 = (SS1 + SS0) / (n1 + n0 - 2), t on n1 + n0 - 2 df
//   welch    (m1 - m0) / sqrt(v1 + v0), v = s^2 / n, t on (v1 + v0)^2 / (v1^2 / (n1 - 1) + v0^2 / (n0 - 1)) df
//   z        (m1 - m0) / sqrt(sigma1^2 / n1 + sigma0^2 / n0), normal
//
//   status            estimate  std_error, df   p, limits
//   no_data           -         -               -
//   one_group_empty   -         -               -
//   too_few           yes       -               -
//   no_variance       yes       df only         -

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "respondr/groups/two_types.hpp"
#include "respondr/moments.hpp"
#include "respondr/sides.hpp"
#include "respondr/special.hpp"

namespace respondr::groups {

// Quantiles of t; in a batch the degrees of freedom of many problems are the same.
class TwoQuantiles {
 public:
  // Upper quantile at probability 1 - tail; df infinite: normal.
  double operator()(double df, double tail) {
    if (!(df == df_ && tail == tail_)) {
      df_ = df;
      tail_ = tail;
      value_ = -special::t_quantile(tail, df);
    }
    return value_;
  }

 private:
  double df_ = missing, tail_ = missing, value_ = missing;
};

struct KnownSd {
  double level = missing, reference = missing;
};

namespace detail {

inline double t_or_z(double x, double df, special::Tail tail) {
  return std::isinf(df) ? special::normal_cdf(x, tail) : special::t_cdf(x, df, tail);
}

inline void test_of_means(const TwoOptions& options, const Shift& shift, double df, double se, TwoRow& row) {
  row.statistic = (row.estimate - shift.null) / se;
  switch (options.alternative) {
    case Alternative::two_sided:
      row.p_value = std::isinf(df) ? 2.0 * special::normal_cdf(-std::fabs(row.statistic))
                                   : special::t_two_sided(row.statistic, df);
      break;
    case Alternative::less: row.p_value = t_or_z(row.statistic, df, special::Tail::lower); break;
    case Alternative::greater: row.p_value = t_or_z(row.statistic, df, special::Tail::upper); break;
    case Alternative::equivalence: {
      const double above_low = (row.estimate - shift.margin_low) / se;
      const double below_high = (row.estimate - shift.margin_high) / se;
      const double p_low = t_or_z(above_low, df, special::Tail::upper);
      const double p_high = t_or_z(below_high, df, special::Tail::lower);
      row.p_value = std::max(p_low, p_high);
      row.statistic = p_low >= p_high ? above_low : below_high;
      break;
    }
  }
}

// A spread within the rounding of the mean is none.
inline bool has_spread(const Moments& m) {
  const double rounding = 2.0 * std::numeric_limits<double>::epsilon() * std::fabs(m.mean);
  return m.ss > m.n * rounding * rounding;
}

struct SpreadOfMeans {
  double se = missing, df = missing;
  bool enough = true;
};

inline SpreadOfMeans spread_of_means(TwoMethod method, const Moments& x, const Moments& y, const KnownSd& sd) {
  SpreadOfMeans out;
  if (method == TwoMethod::z) {
    out.df = infinity;
    out.se = std::hypot(sd.level / std::sqrt(x.n), sd.reference / std::sqrt(y.n));
  } else if (method == TwoMethod::student) {
    out.df = x.n + y.n - 2.0;
    out.enough = out.df >= 1.0;
    if (out.enough && (has_spread(x) || has_spread(y))) {
      out.se = std::sqrt((x.ss + y.ss) / out.df) * std::sqrt(1.0 / x.n + 1.0 / y.n);
    }
  } else {
    out.enough = x.n >= 2.0 && y.n >= 2.0;
    if (out.enough && (has_spread(x) || has_spread(y))) {
      const double a = x.sd() / std::sqrt(x.n), b = y.sd() / std::sqrt(y.n);
      out.se = std::hypot(a, b);
      const double p = a / out.se, q = b / out.se;  // no power of a standard error overflows
      out.df = 1.0 / (p * p * p * p / (x.n - 1.0) + q * q * q * q / (y.n - 1.0));
    }
  }
  return out;
}

}  // namespace detail

// The status of two arms by their numbers; true if both have patients.
inline bool both_arms(double n, double n_reference, TwoRow& row) {
  if (n > 0.0 && n_reference > 0.0) {
    return true;
  }
  row.status = n > 0.0 || n_reference > 0.0 ? Status::one_group_empty : Status::no_data;
  return false;
}

// x: moments of the level, y: of the reference.
inline void finish_means(const TwoOptions& options, const Moments& x, const Moments& y, const KnownSd& sd,
                         const Shift& shift, TwoQuantiles& quantiles, TwoRow& row) {
  if (!both_arms(x.n, y.n, row)) {
    return;
  }
  row.estimate = x.mean - y.mean;
  const detail::SpreadOfMeans spread = detail::spread_of_means(options.method, x, y, sd);
  if (!spread.enough) {
    row.status = Status::too_few;
    return;
  }
  row.df = std::isinf(spread.df) ? missing : spread.df;
  if (!(spread.se > 0.0)) {
    row.status = Status::no_variance;
    return;
  }
  row.std_error = spread.se;
  detail::test_of_means(options, shift, spread.df, spread.se, row);
  const Sides side = sides(options.alternative, options.conf_level);
  const double half_width = spread.se * quantiles(spread.df, side.alpha);
  row.conf_low = side.low ? row.estimate - half_width : -infinity;
  row.conf_high = side.high ? row.estimate + half_width : infinity;
  row.conf_method = options.method == TwoMethod::student ? ConfMethod::t_pooled
                    : options.method == TwoMethod::welch ? ConfMethod::t_welch
                                                         : ConfMethod::z;
  row.p_matches = true;
}

}  // namespace respondr::groups
