#pragma once
// How far the covariance of the visits is from what the univariate F asks for.
//
// With E the residual sums of squares and products of d orthonormal contrasts on nu degrees of freedom, n patients:
//   Greenhouse-Geisser (1959)  g = tr(E)^2 / (d tr(E E))
//   Huynh-Feldt as SPSS prints (n d g - 2) / (d (nu - d g))          Huynh and Feldt (1976), with n for n - groups + 1
//   Lecoutre (1991)            ((nu + 1) d g - 2) / (d (nu - d g))   what SAS prints as HFL, and R's anova.mlm as HF
//   lower bound                1 / d
// Used values are cut at 1. Mauchly (1940): W = |E| / (tr(E) / d)^d; -rho nu ln W is about chi-square on d (d + 1) / 2 - 1,
// rho = 1 - (2 d^2 + d + 2) / (6 d nu) (Box 1949; Anderson 2003, section 10.7.4). `p` carries the second term of the expansion,
// as SPSS and R's mauchly.test do (R has the number of visits for d in one place of it, some 1e-4 of p); `p_first` is the
// chi-square alone, as SAS prints.

#include <algorithm>
#include <cmath>

#include "respondr/rm/linear.hpp"
#include "respondr/special/central.hpp"
#include "respondr/types.hpp"

namespace respondr::rm::anova {

// A contrast of the visits whose residual variance given the others is within this share of its variance depends on them.
constexpr double singular_tolerance = 1e-11;

struct Sphericity {
  double lower = missing, gg = missing, hf = missing, hf_lecoutre = missing;
  double hf_used = missing, hf_lecoutre_used = missing;
  double w = missing, statistic = missing, df = missing, p = missing, p_first = missing;
};

inline double cut(double epsilon, double lower) { return epsilon == epsilon ? std::min(1.0, std::max(lower, epsilon)) : 1.0; }

// trace, squares: tr(E), tr(E E).
inline void epsilons(double trace, double squares, double d, double n, double nu, Sphericity& s) {
  s.lower = 1.0 / d;
  s.gg = std::min(1.0, std::max(s.lower, trace * trace / (d * squares)));
  const double x = d * s.gg, below = d * (nu - x);
  if (d == 1.0) {
    s.hf = s.hf_lecoutre = 1.0;
  } else if (below > 0.0) {  // else as many contrasts as degrees of freedom and equal roots: no finite value
    s.hf = (n * x - 2.0) / below;
    s.hf_lecoutre = ((nu + 1.0) * x - 2.0) / below;
  }
  s.hf_used = cut(s.hf, s.lower);
  s.hf_lecoutre_used = cut(s.hf_lecoutre, s.lower);
}

// log_det of E. d > 1 and nu >= d, so that rho is at least 1/2.
inline void mauchly(double log_det, double trace, double d, double nu, Sphericity& s) {
  const double log_w = std::min(0.0, log_det - d * std::log(trace / d));
  const double rho = 1.0 - (2.0 * d * d + d + 2.0) / (6.0 * d * nu);
  s.w = std::exp(log_w);
  s.df = 0.5 * d * (d + 1.0) - 1.0;
  s.statistic = -nu * rho * log_w;
  const double scale = nu * d * rho;
  const double w2 = (d + 2.0) * (d - 1.0) * (d - 2.0) * (2.0 * d * d * d + 6.0 * d * d + 3.0 * d + 2.0) / (288.0 * scale * scale);
  s.p_first = special::chisq_cdf(s.statistic, s.df, special::Tail::upper);
  const double next = special::chisq_cdf(s.statistic, s.df + 4.0, special::Tail::upper);  // at least p_first
  s.p = std::min(1.0, s.p_first + w2 * (next - s.p_first));
}

// Chi-square test of a structure of the covariance.
struct StructureTest {
  double statistic = missing, df = missing, p = missing;
  double f = missing, df1 = missing, df2 = missing, p_f = missing;  // Box's M only
};

// Compound symmetry of q visits: likelihood ratio (Wilks 1946; Votaw 1948) with Box's (1950) factor as in Winer (1971), nu = n -
// groups >= q,
// so that the factor is positive. log_det of E; level: E of the constant contrast; rest: sum of E over the other contrasts.
inline StructureTest compound_symmetry(double log_det, double level, double rest, double q, double nu) {
  StructureTest t;
  const double log_ratio = log_det - std::log(level) - (q - 1.0) * std::log(rest / (q - 1.0));
  const double factor = nu - q * (q + 1.0) * (q + 1.0) * (2.0 * q - 3.0) / (6.0 * (q - 1.0) * (q * q + q - 4.0));
  t.df = 0.5 * q * (q + 1.0) - 2.0;
  t.statistic = -factor * std::min(0.0, log_ratio);
  t.p = special::chisq_cdf(t.statistic, t.df, special::Tail::upper);
  return t;
}

// Box's M (1949) from what the groups leave: m = sum(nu_i) ln|S| - sum(nu_i ln|S_i|), inverse = sum(1 / nu_i), squares likewise.
// groups > 1 and every nu_i >= q, so that a1 is below 1.
inline StructureTest box_m(double m, double inverse, double inverse_squares, double nu, double groups, double q) {
  StructureTest t;
  t.statistic = m;
  t.df = t.df1 = 0.5 * q * (q + 1.0) * (groups - 1.0);
  const double a1 = (inverse - 1.0 / nu) * (2.0 * q * q + 3.0 * q - 1.0) / (6.0 * (groups - 1.0) * (q + 1.0));
  const double a2 = (inverse_squares - 1.0 / (nu * nu)) * (q - 1.0) * (q + 2.0) / (6.0 * (groups - 1.0));
  const double difference = a2 - a1 * a1;
  t.p = special::chisq_cdf(m * (1.0 - a1), t.df, special::Tail::upper);
  t.df2 = (t.df1 + 2.0) / std::fabs(difference);
  if (difference > 0.0) {
    t.f = m * (1.0 - a1 - t.df1 / t.df2) / t.df1;
  } else {
    const double b = t.df2 / (1.0 - a1 + 2.0 / t.df2);
    t.f = m < b ? t.df2 * m / (t.df1 * (b - m)) : infinity;
  }
  t.p_f = special::f_cdf(t.f, t.df1, t.df2, special::Tail::upper);
  return t;
}

}  // namespace respondr::rm::anova
