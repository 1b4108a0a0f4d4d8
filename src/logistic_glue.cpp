// Logistic regression. input: x (matrix), y, weight and offset (or NULL). options: estimator (0 ML, 1 Firth, 2 logF),
// logf_m, penalised (logical, one a column, or NULL), max_iterations, tolerance, threads.
#include "guard.h"

#include <respondr/logistic.hpp>

using Rcpp::_;
using Rcpp::List;
using respondr_glue::entry;
namespace logistic = respondr::logistic;

namespace {

const double* numbers(SEXP x) { return Rf_isNull(x) ? nullptr : REAL(x); }

logistic::Problem read_problem(const List& input) {
  const SEXP x = input["x"];
  return {REAL(x),
          static_cast<std::size_t>(Rf_nrows(x)),
          static_cast<std::size_t>(Rf_ncols(x)),
          numbers(input["y"]),
          numbers(entry(input, "weight")),
          numbers(entry(input, "offset"))};
}

// Options and the flags they point to.
struct Asked {
  logistic::Options options;
  std::vector<unsigned char> penalised;

  explicit Asked(const List& x) {
    options.estimator = respondr_glue::word<logistic::Estimator>(x, "estimator");
    options.logf_m = x["logf_m"];
    options.max_iterations = x["max_iterations"];
    options.tolerance = x["tolerance"];
    options.threads = x["threads"];
    const SEXP flags = entry(x, "penalised");
    if (!Rf_isNull(flags)) {
      penalised.assign(LOGICAL(flags), LOGICAL(flags) + Rf_xlength(flags));
      options.penalised = penalised.data();
    }
  }
  Asked(const Asked&) = delete;
};

Rcpp::NumericVector values(const std::vector<double>& x) {
  Rcpp::NumericVector out(Rcpp::no_init(static_cast<R_xlen_t>(x.size())));
  std::transform(x.begin(), x.end(), out.begin(), [](double v) { return v == v ? v : NA_REAL; });
  return out;
}

Rcpp::NumericVector square(const std::vector<double>& x, std::size_t rows) {
  Rcpp::NumericVector out = values(x);
  out.attr("dim") = Rcpp::Dimension(rows, rows == 0 ? 0 : x.size() / rows);
  return out;
}

Rcpp::LogicalVector flags(const std::vector<unsigned char>& x) { return Rcpp::LogicalVector(x.begin(), x.end()); }

List fit_list(const logistic::Fit& fit) {
  return List::create(_["beta"] = values(fit.beta), _["vcov"] = square(fit.vcov, fit.beta.size()),
                      _["fitted"] = values(fit.fitted), _["leverage"] = values(fit.leverage),
                      _["kept"] = flags(fit.kept), _["log_likelihood"] = fit.log_likelihood,
                      _["penalised"] = fit.penalised, _["iterations"] = fit.iterations, _["converged"] = fit.converged,
                      _["status"] = static_cast<int>(fit.status));
}

std::vector<std::size_t> from_zero(const Rcpp::IntegerVector& places) {
  std::vector<std::size_t> out;
  for (const int place : places) out.push_back(static_cast<std::size_t>(place - 1));
  return out;
}

}  // namespace

// [[Rcpp::export]]
List logistic_core_fit(List input, List options) {
  return respondr_glue::guarded([&]() -> List {
    const Asked asked(options);
    logistic::Workspace workspace;
    logistic::Fit fit;
    logistic::fit(read_problem(input), asked.options, workspace, fit);
    return fit_list(fit);
  });
}

// [[Rcpp::export]]
List logistic_core_flic(List input, List options) {
  return respondr_glue::guarded([&]() -> List {
    Asked asked(options);
    asked.options.estimator = logistic::Estimator::firth;
    const logistic::Problem problem = read_problem(input);
    logistic::Workspace workspace;
    logistic::Fit fit;
    logistic::fit(problem, asked.options, workspace, fit);
    logistic::correct_intercept(problem, asked.options, workspace, fit);
    return fit_list(fit);
  });
}

// The data of FLAC as an input of the other functions, by maximum likelihood; the last column is the added covariate.
// [[Rcpp::export]]
List logistic_core_flac_data(List input, List options) {
  return respondr_glue::guarded([&]() -> List {
    Asked asked(options);
    asked.options.estimator = logistic::Estimator::firth;
    const logistic::Problem problem = read_problem(input);
    logistic::Workspace workspace;
    logistic::Fit fit;
    logistic::fit(problem, asked.options, workspace, fit);
    const logistic::Augmented data = logistic::augment(problem, fit.leverage);
    return List::create(_["x"] = square(data.x, data.y.size()), _["y"] = values(data.y),
                        _["weight"] = values(data.weight), _["offset"] = values(data.offset),
                        _["status"] = static_cast<int>(fit.status));
  });
}

// kind: 0 profile, 1 score, 2 Wald.
// [[Rcpp::export]]
List logistic_core_limits(List input, List options, Rcpp::IntegerVector columns, double conf_level, int kind) {
  return respondr_glue::guarded([&]() -> List {
    const Asked asked(options);
    logistic::Workspace workspace;
    logistic::Fit fit;
    logistic::fit(read_problem(input), asked.options, workspace, fit);
    const R_xlen_t n = columns.size();
    Rcpp::NumericVector low(n), high(n);
    Rcpp::IntegerVector low_reason(n), high_reason(n), evaluations(n);
    for (R_xlen_t i = 0; i < n; ++i) {
      const logistic::Limits limits =
          logistic::find_limits(asked.options, fit, static_cast<std::size_t>(columns[i] - 1), conf_level,
                                static_cast<logistic::LimitKind>(kind), workspace);
      low[i] = limits.low == limits.low ? limits.low : NA_REAL;
      high[i] = limits.high == limits.high ? limits.high : NA_REAL;
      low_reason[i] = static_cast<int>(limits.low_reason);
      high_reason[i] = static_cast<int>(limits.high_reason);
      evaluations[i] = limits.evaluations;
    }
    return List::create(_["low"] = low, _["high"] = high, _["low_reason"] = low_reason, _["high_reason"] = high_reason,
                        _["evaluations"] = evaluations);
  });
}

// kind: 0 likelihood ratio, 1 Wald, 2 score.
// [[Rcpp::export]]
List logistic_core_tests(List input, List options, List sets, int kind, SEXP null) {
  return respondr_glue::guarded([&]() -> List {
    const Asked asked(options);
    logistic::Workspace workspace;
    logistic::Fit fit;
    logistic::fit(read_problem(input), asked.options, workspace, fit);
    const R_xlen_t n = sets.size();
    Rcpp::NumericVector statistic(n), df(n), p_value(n);
    Rcpp::IntegerVector status(n);
    for (R_xlen_t i = 0; i < n; ++i) {
      const logistic::ColumnTest test = logistic::test_columns(asked.options, fit, from_zero(sets[i]), numbers(null),
                                                               static_cast<logistic::TestKind>(kind), workspace);
      statistic[i] = test.statistic == test.statistic ? test.statistic : NA_REAL;
      df[i] = test.df == test.df ? test.df : NA_REAL;
      p_value[i] = test.p_value == test.p_value ? test.p_value : NA_REAL;
      status[i] = static_cast<int>(test.status);
    }
    return List::create(_["statistic"] = statistic, _["df"] = df, _["p_value"] = p_value, _["status"] = status);
  });
}

// [[Rcpp::export]]
List logistic_core_recession(List input, List options) {
  return respondr_glue::guarded([&]() -> List {
    const Asked asked(options);
    logistic::Workspace workspace;
    logistic::Fit fit;
    const logistic::Recession found = logistic::find_recession(read_problem(input), asked.options, workspace, fit);
    return List::create(_["separated"] = static_cast<int>(found.verdict), _["direction"] = values(found.direction),
                        _["columns"] = flags(found.columns), _["iterations"] = found.iterations,
                        _["status"] = static_cast<int>(found.status));
  });
}

// [[Rcpp::export]]
List logistic_core_influence(List input, List fit) {
  return respondr_glue::guarded([&]() -> List {
    const logistic::Problem problem = read_problem(input);
    logistic::Fit at;
    at.fitted = Rcpp::as<std::vector<double>>(fit["fitted"]);
    at.leverage = Rcpp::as<std::vector<double>>(fit["leverage"]);
    at.vcov = Rcpp::as<std::vector<double>>(fit["vcov"]);
    const Rcpp::LogicalVector kept = fit["kept"];
    at.kept.assign(kept.begin(), kept.end());
    const logistic::Influence found = logistic::influence(problem, at);
    return List::create(_["pearson"] = values(found.pearson), _["standardised"] = values(found.standardised),
                        _["deviance"] = values(found.deviance), _["cook"] = values(found.cook),
                        _["dfbeta"] = square(found.dfbeta, problem.n));
  });
}
