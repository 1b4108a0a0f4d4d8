// Proportional-odds model. input: x (matrix), y (0-based classes), levels, weight and offset (or NULL). Columns come
// centred and scaled; sets of columns are 1-based. kind of tests: 0 likelihood ratio, 1 score, proportional odds with 2
// expected and 3 observed information.
#include "guard.h"

#include <respondr/response/ordinal_brant.hpp>
#include <respondr/response/ordinal_tests.hpp>
#include <respondr/response/wins.hpp>

using Rcpp::_;
using Rcpp::List;
using Rcpp::NumericVector;
using respondr_glue::entry;
namespace response = respondr::response;

namespace {

const double* numbers(SEXP x) { return Rf_isNull(x) ? nullptr : REAL(x); }

response::OrdinalProblem read_problem(const List& input) {
  const SEXP x = input["x"], y = input["y"];
  return {REAL(x),
          static_cast<std::size_t>(Rf_nrows(x)),
          static_cast<std::size_t>(Rf_ncols(x)),
          INTEGER(y),
          Rcpp::as<int>(input["levels"]),
          numbers(entry(input, "weight")),
          numbers(entry(input, "offset"))};
}

response::OrdinalFit fit_all(const response::OrdinalProblem& problem, response::OrdinalWork& work) {
  const std::vector<unsigned char> free(problem.size(), 1);
  return response::ordinal_maximise(problem, response::ordinal_start(problem), free, work);
}

std::vector<std::size_t> columns(SEXP x) {
  std::vector<std::size_t> out;
  for (int k : Rcpp::as<std::vector<int>>(x)) out.push_back(static_cast<std::size_t>(k - 1));
  return out;
}

Rcpp::NumericMatrix symmetric(const response::Matrix& lower) {
  const int q = static_cast<int>(lower.rows);
  Rcpp::NumericMatrix out(q, q);
  for (int j = 0; j < q; ++j) {
    for (int i = j; i < q; ++i) out(i, j) = out(j, i) = lower(i, j);
  }
  return out;
}

double shown(double x) { return x == x ? x : NA_REAL; }

}  // namespace

// [[Rcpp::export]]
List response_ordinal_fit(List input) {
  return respondr_glue::guarded([&]() -> List {
    const response::OrdinalProblem problem = read_problem(input);
    response::OrdinalWork work;
    const response::OrdinalFit fit = fit_all(problem, work);
    response::ordinal_detail::evaluate(problem, fit.gamma, work);
    const Rcpp::NumericMatrix observed = symmetric(work.information);
    const std::vector<std::size_t> none;
    std::vector<double> score;
    response::Matrix expected;
    response::ordinal_detail::expected(problem, fit.gamma, {none, problem.cuts(), problem.p}, score, expected);
    return List::create(_["gamma"] = NumericVector(fit.gamma.begin(), fit.gamma.end()), _["observed"] = observed,
                        _["expected"] = symmetric(expected), _["log_likelihood"] = shown(fit.log_likelihood),
                        _["largest"] = fit.largest, _["iterations"] = fit.iterations, _["converged"] = fit.converged);
  });
}

// [[Rcpp::export]]
List response_ordinal_limits(List input, Rcpp::IntegerVector at, NumericVector step, double level) {
  return respondr_glue::guarded([&]() -> List {
    const response::OrdinalProblem problem = read_problem(input);
    response::OrdinalWork work;
    const response::OrdinalFit fit = fit_all(problem, work);
    const R_xlen_t n = at.size();
    NumericVector low(n), high(n);
    Rcpp::IntegerVector low_end(n), high_end(n);
    for (R_xlen_t i = 0; i < n; ++i) {
      const auto limits =
          response::ordinal_profile(problem, fit, static_cast<std::size_t>(at[i] - 1), level, step[i], work);
      low[i] = shown(limits.low);
      high[i] = shown(limits.high);
      low_end[i] = static_cast<int>(limits.low_end);
      high_end[i] = static_cast<int>(limits.high_end);
    }
    return List::create(_["low"] = low, _["high"] = high, _["low_end"] = low_end, _["high_end"] = high_end);
  });
}

namespace {

List as_list(const std::vector<response::OrdinalTest>& tests) {
  const R_xlen_t n = static_cast<R_xlen_t>(tests.size());
  NumericVector statistic(n), df(n), p(n);
  Rcpp::IntegerVector status(n);
  for (R_xlen_t i = 0; i < n; ++i) {
    const response::OrdinalTest& test = tests[static_cast<std::size_t>(i)];
    statistic[i] = shown(test.statistic);
    df[i] = shown(test.df);
    p[i] = shown(test.p_value);
    status[i] = static_cast<int>(test.status);
  }
  return List::create(_["statistic"] = statistic, _["df"] = df, _["p_value"] = p, _["status"] = status);
}

}  // namespace

// [[Rcpp::export]]
List response_ordinal_tests(List input, List sets, int kind) {
  return respondr_glue::guarded([&]() -> List {
    const response::OrdinalProblem problem = read_problem(input);
    response::OrdinalWork work;
    const response::OrdinalFit fit = fit_all(problem, work);
    std::vector<response::OrdinalTest> out;
    for (R_xlen_t i = 0; i < sets.size(); ++i) {
      const std::vector<std::size_t> set = columns(sets[i]);
      out.push_back(kind == 0   ? response::ordinal_likelihood_ratio(problem, fit, set, work)
                    : kind == 1 ? response::ordinal_score(problem, set, work)
                                : response::ordinal_parallel(problem, fit, set, kind == 3));
    }
    return as_list(out);
  });
}

// Slopes and standard errors (columns x cuts) of the logistic models of the cuts, and Brant's tests of sets of columns.
// [[Rcpp::export]]
List response_ordinal_cuts(List input, List sets) {
  return respondr_glue::guarded([&]() -> List {
    const response::OrdinalProblem problem = read_problem(input);
    response::OrdinalWork work;
    const response::OrdinalCuts cuts = response::ordinal_cuts(problem, work);
    const int p = static_cast<int>(cuts.p), k = static_cast<int>(cuts.cuts);
    Rcpp::NumericMatrix slope(p, k), error(p, k);
    for (int j = 0; j < k; ++j) {
      for (int i = 0; i < p; ++i) {
        const std::size_t row = static_cast<std::size_t>(1 + i), column = static_cast<std::size_t>(j);
        slope(i, j) = cuts.gamma(row, column);
        error(i, j) = shown(cuts.error(row, column));
      }
    }
    std::vector<response::OrdinalTest> out;
    for (R_xlen_t i = 0; i < sets.size(); ++i) out.push_back(response::ordinal_brant(cuts, columns(sets[i])));
    List found = as_list(out);
    found.push_back(slope, "slope");
    found.push_back(error, "error");
    found.push_back(NumericVector(cuts.largest.begin(), cuts.largest.end()), "largest");
    found.push_back(Rcpp::LogicalVector(cuts.converged.begin(), cuts.converged.end()), "converged");
    return found;
  });
}

// Win ratio of two arms. level, reference: patients by class, worst first.
// [[Rcpp::export]]
List response_win_ratio(NumericVector level, NumericVector reference, double conf_level) {
  return respondr_glue::guarded([&]() -> List {
    const response::WinRatio x =
        response::win_ratio(level.begin(), reference.begin(), static_cast<std::size_t>(level.size()), conf_level);
    return List::create(_["estimate"] = shown(x.estimate), _["std_error"] = shown(x.std_error),
                        _["conf_low"] = shown(x.low), _["conf_high"] = shown(x.high),
                        _["statistic"] = shown(x.statistic), _["df"] = shown(x.df), _["p_value"] = shown(x.p_value),
                        _["status"] = static_cast<int>(x.status));
  });
}
