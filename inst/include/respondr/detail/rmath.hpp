#pragma once
// The symbols of Rmath that special.hpp uses, declared without Rmath.h, whose macros (sign, beta, choose) leak.
// Inside R they carry the prefix Rf_; the standalone library has plain names.

#ifdef MATHLIB_STANDALONE
#define RESPONDR_RMATH(name) name
#else
#define RESPONDR_RMATH(name) Rf_##name
#endif

extern "C" {
double RESPONDR_RMATH(pnorm5)(double x, double mean, double sd, int lower, int log);
double RESPONDR_RMATH(qnorm5)(double p, double mean, double sd, int lower, int log);
double RESPONDR_RMATH(pt)(double t, double df, int lower, int log);
double RESPONDR_RMATH(pf)(double f, double df1, double df2, int lower, int log);
double RESPONDR_RMATH(pchisq)(double x, double df, int lower, int log);
double RESPONDR_RMATH(pbeta)(double x, double a, double b, int lower, int log);
double RESPONDR_RMATH(lgammafn)(double x);
}

namespace respondr::detail::rmath {
inline double normal(double x, bool lower) { return RESPONDR_RMATH(pnorm5)(x, 0.0, 1.0, lower, 0); }
inline double normal_quantile(double p) { return RESPONDR_RMATH(qnorm5)(p, 0.0, 1.0, 1, 0); }
inline double t(double x, double df, bool lower) { return RESPONDR_RMATH(pt)(x, df, lower, 0); }
inline double f(double x, double df1, double df2, bool lower) { return RESPONDR_RMATH(pf)(x, df1, df2, lower, 0); }
inline double chisq(double x, double df, bool lower) { return RESPONDR_RMATH(pchisq)(x, df, lower, 0); }
inline double beta(double x, double a, double b, bool lower) { return RESPONDR_RMATH(pbeta)(x, a, b, lower, 0); }
inline double ln_gamma(double x) { return RESPONDR_RMATH(lgammafn)(x); }
}  // namespace respondr::detail::rmath

#undef RESPONDR_RMATH
