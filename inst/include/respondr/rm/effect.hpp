#pragma once
// Effect sizes of one test.
//
//   partial eta2      SS / (SS + SS error)
//   partial omega2    df (F - 1) / (df (F - 1) + N), the share of the variance of the effect in that of effect and its own error
//                     (Keren and Lewis 1979). N counts the means that the analysis would have if the visits were first averaged over the
//                     factors that are not in the term: patients for a between term, patients x levels for a within term, so that
//                     averaging changes F as little as omega2.
//   limits            from the noncentrality l at which F is the upper and the lower (1 - level) / 2 point (Steiger 2004):
//                     l / (l + df1 + df2 + 1) for eta2 (Steiger; Stata's esize) or l / (l + df2) (R's effectsize); for omega2,
//                     whose population value is l / (l + N), l / (l + N).
//   generalised eta2  SS / (d SS + SS of all tests with a measured factor + all error SS), d = 0 for a test with a measured factor
//                     (Olejnik and Algina 2003, eq. 1 and table 3).
//   generalised omega2  the same of variance components: df (MS - MS error) / (patients x cells) for an effect, and
//                     sum over the errors (df per patient x MS error) / cells for the patients (Olejnik and Algina 2003).

#include <cmath>

#include "respondr/special.hpp"
#include "respondr/types.hpp"

namespace respondr::rm::anova {

// `steiger`: l / (l + df1 + df2 + 1); `error`: l / (l + df2).
enum class EtaLimits : int { none = 0, steiger, error };

struct Limits {
  double low = missing, high = missing;
};

inline Limits noncentrality(double f, double df1, double df2, double level) {
  const double tail = 0.5 * std::rint((1.0 - level) * 1e14) / 1e14;
  return {special::noncentral_f_ncp(f, df1, df2, 1.0 - tail), special::noncentral_f_ncp(f, df1, df2, tail)};
}

inline Limits share_limits(const Limits& noncentral, double rest) {
  return {noncentral.low / (noncentral.low + rest), noncentral.high / (noncentral.high + rest)};
}

inline double partial_omega2(double f, double df1, double n) {
  const double above = df1 * (f - 1.0);
  return above / (above + n);
}

// Sums over all tests of a problem that the generalised sizes divide by.
struct Totals {
  double ss_error = 0.0, ss_observed = 0.0;
  double variance_patients = 0.0, variance_observed = 0.0;
};

inline double effect_variance(double ss, double df, double ms_error, double n, double cells) {
  return (ss - df * ms_error) / (n * cells);
}

inline double generalised_eta2(double ss, bool observed, const Totals& t) {
  return ss / ((observed ? 0.0 : ss) + t.ss_observed + t.ss_error);
}

inline double generalised_omega2(double variance, bool observed, const Totals& t) {
  return variance / ((observed ? 0.0 : variance) + t.variance_observed + t.variance_patients);
}

}  // namespace respondr::rm::anova
