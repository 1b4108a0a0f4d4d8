#pragma once
// Tests and limits of the proportional-odds model: likelihood ratio, score (expected information), profile limits, and
// the score test of proportional odds (Peterson and Harrell 1990, Appl Stat 39:205), which gives predictors slopes of
// their own at each cut.

#include "respondr/response/ordinal.hpp"
#include "respondr/special.hpp"

namespace respondr::response {

struct OrdinalTest {
  double statistic = missing, df = missing, p_value = missing;
  Status status = Status::not_estimable;
};

enum class OrdinalEnd : int { found = 0, infinite, not_converged };

struct OrdinalLimits {
  double low = missing, high = missing;
  OrdinalEnd low_end = OrdinalEnd::not_converged, high_end = OrdinalEnd::not_converged;
};

namespace ordinal_detail {

inline OrdinalTest chi_square(double statistic, double df) {
  OrdinalTest out;
  out.statistic = std::max(0.0, statistic);
  out.df = df;
  out.p_value = special::chisq_cdf(out.statistic, df, special::Tail::upper);
  out.status = Status::ok;
  return out;
}

// How the parameters move the cuts of a row: theta_c its own cut; beta_k every cut by -x_k; the deviation of column k
// at cut c that cut only. The parameters are thetas, betas, then for each column of `own` the cuts 1 .. levels - 2.
struct CutLoads {
  const std::vector<std::size_t>& own;
  std::size_t cuts, p;
  std::size_t size() const { return cuts + p + own.size() * (cuts - 1); }
  double load(const double* row, std::size_t stride, std::size_t parameter, std::size_t cut) const {
    if (parameter < cuts) return parameter == cut ? 1.0 : 0.0;
    if (parameter < cuts + p) return -row[(parameter - cuts) * stride];
    const std::size_t at = parameter - cuts - p, column = own[at / (cuts - 1)], own_cut = 1 + at % (cuts - 1);
    return own_cut == cut ? -row[column * stride] : 0.0;
  }
};

// Cuts of one row: slopes of their distribution and probabilities of the classes between.
struct RowCuts {
  std::vector<double> density, probability;
};

inline void row_cuts(const OrdinalProblem& problem, const std::vector<double>& gamma, double eta, RowCuts& out) {
  const std::size_t k = problem.cuts();
  out.density.resize(k);
  out.probability.resize(k + 1);
  for (std::size_t j = 0; j < k; ++j) out.density[j] = logistic(gamma[j] - eta) * logistic(eta - gamma[j]);
  for (std::size_t j = 0; j <= k; ++j) {
    out.probability[j] = std::exp(class_term(problem, gamma, static_cast<int>(j), eta).log_p);
  }
}

// Row c of the information by cuts, times the loads: expected, and of the class seen.
inline double expected_curve(const RowCuts& row, std::size_t c, const double* load, std::size_t cuts) {
  const auto inverse = [&](std::size_t j) { return row.probability[j] > 0.0 ? 1.0 / row.probability[j] : 0.0; };
  double s = row.density[c] * (inverse(c) + inverse(c + 1)) * load[c];
  if (c > 0) s -= row.density[c - 1] * inverse(c) * load[c - 1];
  if (c + 1 < cuts) s -= row.density[c + 1] * inverse(c + 1) * load[c + 1];
  return row.density[c] * s;
}

inline double curved(const ClassTerm& t, int y, std::size_t c, const double* load) {
  const int cut = static_cast<int>(c);
  if (cut == y - 1) return t.curve_aa * load[c] + (t.curve_ab != 0.0 ? t.curve_ab * load[c + 1] : 0.0);
  if (cut == y) return t.curve_bb * load[c] + (t.curve_ab != 0.0 ? t.curve_ab * load[c - 1] : 0.0);
  return 0.0;
}

// Score and expected (or observed) information, lower triangle, of the parameters of `loads`.
inline void expected(const OrdinalProblem& problem, const std::vector<double>& gamma, const CutLoads& loads,
                     std::vector<double>& score, Matrix& information, bool observed = false) {
  const std::size_t q = loads.size(), cuts = problem.cuts();
  score.assign(q, 0.0);
  information.resize(q, q);
  information.zero();
  RowCuts row;
  std::vector<double> moved(q * cuts), weighted(cuts);
  for (std::size_t i = 0; i < problem.n; ++i) {
    const double w = problem.weight ? problem.weight[i] : 1.0;
    if (!(w > 0.0)) continue;
    const double eta = linear_predictor(problem, gamma, i);
    const int y = problem.y[i];
    const ClassTerm t = class_term(problem, gamma, y, eta);
    row_cuts(problem, gamma, eta, row);
    for (std::size_t a = 0; a < q; ++a) {
      for (std::size_t c = 0; c < cuts; ++c) moved[a * cuts + c] = loads.load(problem.x + i, problem.n, a, c);
      if (y > 0) score[a] += w * t.slope_a * moved[a * cuts + y - 1];
      if (y < static_cast<int>(cuts)) score[a] += w * t.slope_b * moved[a * cuts + y];
    }
    for (std::size_t a = 0; a < q; ++a) {
      const double* load = &moved[a * cuts];
      for (std::size_t c = 0; c < cuts; ++c)
        weighted[c] = observed ? curved(t, y, c, load) : expected_curve(row, c, load, cuts);
      for (std::size_t b = 0; b <= a; ++b) information(a, b) += w * rm::dot(weighted.data(), &moved[b * cuts], cuts);
    }
  }
}

// U' I^- U of all parameters. A parameter whose information is a combination of those before it is passed over, which
// is a generalised inverse; returns how many were not.
inline std::size_t quadratic(std::vector<double> score, Matrix l, double& out) {
  const std::size_t q = score.size();
  std::size_t rank = 0;
  out = 0.0;
  for (std::size_t j = 0; j < q; ++j) {
    double pivot = l(j, j);
    for (std::size_t k = 0; k < j; ++k) pivot -= l(j, k) * l(j, k);
    const bool known = pivot > 1e-10 * l(j, j) && l(j, j) > 0.0;
    const double root = known ? std::sqrt(pivot) : 1.0;
    for (std::size_t i = j + 1; i < q; ++i) {
      double s = l(i, j);
      for (std::size_t k = 0; k < j; ++k) s -= l(i, k) * l(j, k);
      l(i, j) = known ? s / root : 0.0;
    }
    for (std::size_t k = 0; k < j; ++k) score[j] -= l(j, k) * score[k];
    score[j] = known ? score[j] / root : 0.0;
    out += score[j] * score[j];
    rank += known ? 1 : 0;
  }
  return rank;
}

}  // namespace ordinal_detail

// The model without the columns `out`, their coefficients 0.
inline OrdinalFit ordinal_without(const OrdinalProblem& problem, const std::vector<std::size_t>& out,
                                  OrdinalWork& work) {
  std::vector<unsigned char> free(problem.size(), 1);
  for (std::size_t k : out) free[problem.cuts() + k] = 0;
  return ordinal_maximise(problem, ordinal_start(problem), free, work);
}

inline OrdinalTest ordinal_likelihood_ratio(const OrdinalProblem& problem, const OrdinalFit& fit,
                                            const std::vector<std::size_t>& out, OrdinalWork& work) {
  const OrdinalFit less = ordinal_without(problem, out, work);
  if (!less.converged || !fit.converged) return {missing, missing, missing, Status::not_converged};
  return ordinal_detail::chi_square(2.0 * (fit.log_likelihood - less.log_likelihood), static_cast<double>(out.size()));
}

inline OrdinalTest ordinal_score(const OrdinalProblem& problem, const std::vector<std::size_t>& out,
                                 OrdinalWork& work) {
  const OrdinalFit less = ordinal_without(problem, out, work);
  if (!less.converged) return {missing, missing, missing, Status::not_converged};
  const std::vector<std::size_t> none;
  std::vector<double> score;
  Matrix information;
  ordinal_detail::expected(problem, less.gamma, {none, problem.cuts(), problem.p}, score, information);
  double statistic = 0.0;
  if (ordinal_detail::quadratic(score, information, statistic) < score.size()) return {};
  return ordinal_detail::chi_square(statistic, static_cast<double>(out.size()));
}

// Proportional odds of the columns `own` together. With the observed information, as SAS prints it, levels of a
// predictor without patients at a cut say nothing about it: a generalised inverse passes them over and the degrees of
// freedom stay.
inline OrdinalTest ordinal_parallel(const OrdinalProblem& problem, const OrdinalFit& fit,
                                    const std::vector<std::size_t>& own, bool observed) {
  if (problem.levels < 3 || own.empty()) return {};
  if (!fit.converged) return {missing, missing, missing, Status::not_converged};
  const ordinal_detail::CutLoads loads{own, problem.cuts(), problem.p};
  std::vector<double> score;
  Matrix information;
  ordinal_detail::expected(problem, fit.gamma, loads, score, information, observed);
  double statistic = 0.0;
  const std::size_t rank = ordinal_detail::quadratic(score, information, statistic);
  if (!observed && rank < score.size()) return {missing, missing, missing, Status::rank_deficient};
  return ordinal_detail::chi_square(statistic, static_cast<double>(own.size() * (problem.cuts() - 1)));
}

namespace ordinal_detail {

// Where the profile log likelihood of coefficient k has fallen by `drop`, on one side of the estimate. The search
// doubles its step until the fall is enough, then halves the bracket by false position (Illinois).
inline double profile_end(const OrdinalProblem& problem, const OrdinalFit& fit, std::size_t k, double side, double step,
                          double drop, OrdinalWork& work, OrdinalEnd& end) {
  const std::size_t at = problem.cuts() + k;
  std::vector<unsigned char> free(problem.size(), 1);
  free[at] = 0;
  std::vector<double> from = fit.gamma;
  bool failed = false;
  const auto fall = [&](double value) {
    from[at] = value;
    OrdinalFit there = ordinal_maximise(problem, from, free, work);
    failed = failed || !there.converged;
    if (there.converged) from = there.gamma;
    return fit.log_likelihood - there.log_likelihood - drop;
  };
  double inside = fit.gamma[at], f_inside = -drop, outside = inside, f_outside = -drop;
  for (int i = 0; i < 60 && f_outside < 0.0 && !failed; ++i, step *= 2.0) {
    inside = outside;
    f_inside = f_outside;
    outside = inside + side * step;
    if (std::fabs(outside) > 500.0) {
      end = OrdinalEnd::infinite;
      return side * infinity;
    }
    f_outside = fall(outside);
  }
  for (int i = 0; i < 100 && !failed; ++i) {
    if (std::fabs(outside - inside) <= 1e-11 * (1.0 + std::fabs(outside)) || f_outside == 0.0) break;
    double middle = outside - f_outside * (outside - inside) / (f_outside - f_inside);
    if (i % 4 == 3) middle = 0.5 * (inside + outside);
    const double f = fall(middle);
    if (f >= 0.0) {
      outside = middle;
      f_outside = f;
      f_inside *= 0.5;
    } else {
      inside = middle;
      f_inside = f;
      f_outside *= 0.5;
    }
    if (std::fabs(f) <= 1e-13 * (1.0 + drop)) {
      outside = middle;
      break;
    }
  }
  end = failed ? OrdinalEnd::not_converged : OrdinalEnd::found;
  return failed ? missing : outside;
}

}  // namespace ordinal_detail

// Limits of the coefficient of column k by the profile likelihood. step: its standard error, or any positive first
// step.
inline OrdinalLimits ordinal_profile(const OrdinalProblem& problem, const OrdinalFit& fit, std::size_t k, double level,
                                     double step, OrdinalWork& work) {
  OrdinalLimits out;
  if (!fit.converged) return out;
  const double z = special::normal_quantile(0.5 + 0.5 * level), drop = 0.5 * z * z;
  const double first = step > 0.0 && step < 50.0 ? z * step : 1.0;
  out.low = ordinal_detail::profile_end(problem, fit, k, -1.0, first, drop, work, out.low_end);
  out.high = ordinal_detail::profile_end(problem, fit, k, 1.0, first, drop, work, out.high_end);
  return out;
}

}  // namespace respondr::response
