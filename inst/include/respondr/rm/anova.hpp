#pragma once
// Every test of a repeated-measures ANOVA from the summary of a problem (Fit), and the walk over all problems.
//
//   status (of F)      ss  ss_error, df_error  F, p, epsilons, partial sizes  cause
//   ok                 yes yes                 yes
//   no_data            -   -                   -                              no complete patient
//   too_few            yes df_error = 0        -                              no patients left for the error
//   rank_deficient     -   yes                 -                              the term has no degree of freedom of its own
//   no_variance        yes yes                 -                              the error is nothing but rounding
//   status_sphericity, status_multivariate: too_few where df_error < d (epsilons are given still), singular where the contrasts of
//   the visits depend on each other; ok where d = 1, with nothing to test.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "respondr/rm/anova_fit.hpp"
#include "respondr/rm/anova_row.hpp"
#include "respondr/rm/effect.hpp"

namespace respondr::rm::anova {

struct Options {
  bool grand_mean = false;     // also the test of the grand mean
  bool p_values = true;        // of F; the bootstrap needs none
  bool multivariate = true;
  bool sphericity = true;
  bool structure = true;       // compound symmetry and Box's M
  EtaLimits limits = EtaLimits::steiger;
  double effect_level = 0.90;  // of the limits of partial eta2 and omega2
};

struct Workspace {
  Block block;
  Matrix z, group, products;
  Fit fit;
  Matrix g, factor;
  RootsWorkspace roots;
  std::vector<Row> rows;
  std::vector<double> variance;
};

// One row for each within term (outer) and the intercept or between term (inner); without the grand mean unless asked for.
inline std::size_t rows_per_problem(const Design& design, const Options& options) {
  return design.within.size() * (design.terms + 1) - (options.grand_mean ? 0 : 1);
}

namespace detail {

// What all tests of one within term share.
struct WithinError {
  double d = 0.0, nu = 0.0, ss = 0.0;
  Sphericity sphericity;
  Status status = Status::ok;
  bool spread = false, positive = false;  // positive: w.factor holds the Cholesky factor of E
};

inline WithinError within_error(const Design& design, std::size_t term, double nu, const Options& options, Workspace& w) {
  WithinError out;
  const std::size_t d = design.d(term), at = design.offset[term];
  out.d = static_cast<double>(d);
  out.nu = nu;
  w.factor.resize(d, d);
  double squares = 0.0;
  for (std::size_t j = 0; j < d; ++j) {
    for (std::size_t i = 0; i < d; ++i) {
      const double e = w.factor(i, j) = w.fit.error(at + i, at + j);
      squares += e * e;
      out.ss += i == j ? e : 0.0;
    }
  }
  out.spread = nu > 0.0 && out.ss > out.d * w.fit.n * w.fit.noise * w.fit.noise;
  if (!out.spread) {
    out.status = nu > 0.0 ? Status::no_variance : Status::too_few;
    return out;
  }
  epsilons(out.ss, squares, out.d, w.fit.n, nu, out.sphericity);
  out.status = nu < out.d ? Status::too_few : Status::ok;
  if (out.status == Status::ok) {
    out.positive = cholesky(w.factor, singular_tolerance);
    out.status = out.positive ? Status::ok : Status::singular;
  }
  if (out.positive && options.sphericity && d > 1) {
    mauchly(log_determinant(w.factor), out.ss, out.d, nu, out.sphericity);
  }
  return out;
}

inline void fill_effects(const Design& design, std::size_t term, const Options& options, Row& row) {
  row.eta2 = row.ss / (row.ss + row.ss_error);
  const double levels = static_cast<double>(design.within_levels[term]);
  const double means = static_cast<double>(row.n) * levels;
  row.omega2 = partial_omega2(row.f, row.df, means);
  if (options.limits == EtaLimits::none) {
    return;
  }
  const Limits l = noncentrality(row.f, row.df, row.df_error, options.effect_level);
  const double rest = options.limits == EtaLimits::steiger ? row.df + row.df_error + 1.0 : row.df_error;
  const Limits eta2 = share_limits(l, rest), omega2 = share_limits(l, means);
  row.eta2_low = eta2.low;
  row.eta2_high = eta2.high;
  row.omega2_low = omega2.low;
  row.omega2_high = omega2.high;
}

inline void fill_p(double f, double df1, double df2, Row& row) {
  const auto p = [=](double epsilon) { return special::f_cdf(f, epsilon * df1, epsilon * df2, special::Tail::upper); };
  const Sphericity& s = row.sphericity;
  row.p = p(1.0);
  const auto used = [&](double epsilon) { return epsilon == 1.0 ? row.p : p(epsilon); };
  row.p_lower = used(s.lower);
  row.p_gg = used(s.gg);
  row.p_hf = used(s.hf_used);
  row.p_hf_lecoutre = used(s.hf_lecoutre_used);
}

// G = basis' effects of the within term: sums of squares and products of the hypothesis are G'G. first: coordinates of the column
// of ones, for the test of the grand mean; null elsewhere.
inline double hypothesis_ss(const Design& design, const Hypothesis& h, std::size_t term, const Fit& fit, const double* first,
                            Matrix& g) {
  const std::size_t d = design.d(term), rank = h.basis.rows;
  const double level = first == nullptr ? 0.0 : fit.level * std::sqrt(static_cast<double>(design.cells));
  g.resize(h.df(), d);
  double ss = 0.0;
  for (std::size_t j = 0; j < d; ++j) {
    for (std::size_t k = 0; k < h.df(); ++k) {
      g(k, j) = dot(h.basis.col(k), fit.effects.col(design.offset[term] + j), rank);
      g(k, j) += level != 0.0 ? level * dot(h.basis.col(k), first, rank) : 0.0;
      ss += g(k, j) * g(k, j);
    }
  }
  return ss;
}

inline void fill_row(const Design& design, const Plan& plan, std::size_t term, std::size_t between, const WithinError& error,
                     const Options& options, Workspace& w, Row& row) {
  const Hypothesis& h = plan.hypotheses[between];
  row.n = static_cast<int>(w.fit.n);
  row.df_lost = h.lost;
  row.ss_error = squared_units(error.ss, w.fit.unit);
  row.df_error = error.nu * error.d;
  row.sphericity = error.sphericity;
  row.df = static_cast<double>(h.df()) * error.d;
  row.status_sphericity = error.d > 1.0 ? error.status : Status::ok;
  if (h.df() == 0) {
    row.status = row.status_multivariate = Status::rank_deficient;
    return;
  }
  const bool grand_mean = term == 0 && between == 0 && plan.has_intercept;
  const double ss = hypothesis_ss(design, h, term, w.fit, grand_mean ? plan.r.col(0) : nullptr, w.g);
  row.ss = squared_units(ss, w.fit.unit);
  row.status_multivariate = error.d > 1.0 ? error.status : Status::ok;
  if (!error.spread) {
    row.status = error.status;
    return;
  }
  row.f = (ss / row.df) / (error.ss / row.df_error);
  if (options.p_values) {
    fill_p(row.f, row.df, row.df_error, row);
  }
  fill_effects(design, term, options, row);
  if (options.multivariate && error.positive && error.d > 1.0) {
    hypothesis_roots(w.factor, w.g, w.roots);
    row.multivariate = multivariate_tests(w.roots.roots, error.d, static_cast<double>(h.df()), error.nu);
  }
}

// Generalised sizes need all tests of the problem, the grand mean left out.
inline void fill_generalised(const Design& design, Workspace& w) {
  const std::size_t terms = design.terms + 1;
  const double cells = static_cast<double>(design.cells);
  Totals totals;
  w.variance.assign(w.rows.size(), 0.0);
  for (std::size_t i = 0; i < w.rows.size(); ++i) {
    const Row& row = w.rows[i];
    if (i % terms == 0) {
      totals.ss_error += row.ss_error;
      totals.variance_patients += static_cast<double>(design.d(i / terms)) * row.ss_error / row.df_error / cells;
    }
    if (i > 0 && row.ss == row.ss) {
      w.variance[i] = effect_variance(row.ss, row.df, row.ss_error / row.df_error, w.fit.n, cells);
      const bool observed = design.is_observed(i / terms, i % terms);
      totals.ss_observed += observed ? row.ss : 0.0;
      totals.variance_observed += observed ? w.variance[i] : 0.0;
    }
  }
  for (std::size_t i = 1; i < w.rows.size(); ++i) {
    if (w.rows[i].status == Status::ok) {
      const bool observed = design.is_observed(i / terms, i % terms);
      w.rows[i].eta2_generalised = generalised_eta2(w.rows[i].ss, observed, totals);
      w.rows[i].omega2_generalised = generalised_omega2(w.variance[i], observed, totals);
    }
  }
}

}  // namespace detail

// w.rows from w.fit: within terms outer, the intercept and the between terms inner, the grand mean first.
inline void finish(const Design& design, const Plan& plan, const Options& options, Workspace& w) {
  w.rows.assign(design.within.size() * (design.terms + 1), Row());
  const double nu = plan.df_error();
  for (std::size_t term = 0, i = 0; term < design.within.size(); ++term) {
    if (plan.n == 0.0) {
      for (std::size_t b = 0; b <= design.terms; ++b, ++i) {
        Row& row = w.rows[i];
        row.status = row.status_sphericity = row.status_multivariate = Status::no_data;
      }
      continue;
    }
    const detail::WithinError error = detail::within_error(design, term, nu, options, w);
    for (std::size_t b = 0; b <= design.terms; ++b, ++i) {
      detail::fill_row(design, plan, term, b, error, options, w, w.rows[i]);
    }
  }
  detail::fill_generalised(design, w);
}

}  // namespace respondr::rm::anova
