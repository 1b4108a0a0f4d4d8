// Scans of markers. input: x, y, weight, offset as for logistic_fit(); markers: a numeric or integer matrix, patients x markers.
// options: estimator, test (codes), conf_level, max_iterations, tolerance, progress (function or NULL).
#include "columns.h"
#include "guard.h"
#include "validation_summary.h"

#include <respondr/screen.hpp>

using Rcpp::List;
using namespace respondr;
using respondr_glue::entry;
using respondr_glue::word;
namespace logistic = respondr::logistic;
namespace validate = respondr::validate;

namespace {

const double* doubles_or_null(SEXP x) { return Rf_isNull(x) ? nullptr : REAL(x); }

logistic::Problem covariates(const List& input) {
  const SEXP x = input["x"];
  return {REAL(x), static_cast<std::size_t>(Rf_nrows(x)), static_cast<std::size_t>(Rf_ncols(x)), REAL(input["y"]),
          doubles_or_null(entry(input, "weight")), doubles_or_null(entry(input, "offset"))};
}

logistic::ScanOptions scan_options(const List& x) {
  logistic::ScanOptions o;
  o.estimator = word<logistic::ScanEstimator>(x, "estimator");
  o.test = word<logistic::ScanTest>(x, "test");
  o.conf_level = x["conf_level"];
  o.max_iterations = x["max_iterations"];
  o.tolerance = x["tolerance"];
  return o;
}

}  // namespace

// [[Rcpp::export]]
List screen_scan(List input, SEXP markers, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const logistic::ScanPlan plan(covariates(input), scan_options(options));
    const std::size_t count = static_cast<std::size_t>(Rf_ncols(markers));
    const respondr_glue::Columns<logistic::ScanRow> columns(count);
    const Hooks hooks = respondr_glue::r_hooks(options);
    if (TYPEOF(markers) == REALSXP) {
      logistic::scan(plan, REAL(markers), count, missing, threads, hooks, columns.sink());
    } else {
      logistic::scan(plan, INTEGER(markers), count, NA_INTEGER, threads, hooks, columns.sink());
    }
    return columns.columns();
  });
}

// [[Rcpp::export]]
List screen_sizes(double parameters, double prevalence, double r2, double shrinkage, double optimism, double margin, double mean,
                  double sd) {
  return respondr_glue::guarded([&]() -> List {
    const bool binary = prevalence == prevalence;
    const screen::SampleSizes s = binary ? screen::binary_sizes(parameters, prevalence, r2, shrinkage, optimism, margin)
                                         : screen::continuous_sizes(parameters, r2, shrinkage, optimism, mean, sd);
    using Rcpp::_;
    return List::create(_["shrinkage"] = s.shrinkage, _["optimism"] = s.optimism, _["risk"] = s.risk, _["variance"] = s.variance,
                        _["mean"] = s.mean, _["shrinkage_of_optimism"] = s.shrinkage_of_optimism, _["max_r2"] = s.max_r2);
  });
}

// The whole procedure in bootstrap samples. terms: columns of x by term, from 1. rule: selection (0 none, 1 univariable,
// 2 backward), threshold, test, estimator, fallback, conf_level, seed, progress.
// [[Rcpp::export]]
List screen_optimism(List input, List terms, List rule, int replicates, int threads) {
  return respondr_glue::guarded([&]() -> List {
    std::vector<std::vector<std::size_t>> columns;
    for (const Rcpp::IntegerVector own : terms) {
      columns.emplace_back();
      for (const int j : own) columns.back().push_back(static_cast<std::size_t>(j - 1));
    }
    screen::Rule asked;
    asked.selection = word<screen::Selection>(rule, "selection");
    asked.threshold = rule["threshold"];
    asked.test = word<logistic::TestKind>(rule, "test");
    asked.estimator = word<logistic::Estimator>(rule, "estimator");
    asked.fallback = rule["fallback"];
    const screen::Procedure procedure(covariates(input), columns, asked);
    const validate::BootstrapOptions o{replicates, true, rule["conf_level"], respondr_glue::seed_of(rule)};
    const screen::Optimism made = screen::optimism(procedure, o, threads, respondr_glue::r_hooks(rule));
    List out = respondr_glue::summary_of(made.validation, 0);
    out["included"] = made.included;
    return out;
  });
}
