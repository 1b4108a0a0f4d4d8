// Least squares, tests of its terms, correlations, pooled studies and change against baseline.
// problem: x (n x p), y, weight and offset (n, or NULL).
#include "columns.h"
#include "guard.h"

#include <respondr/linear.hpp>

using Rcpp::List;
using namespace respondr;
using respondr_glue::entry;
using respondr_glue::word;
namespace linear = respondr::linear;

namespace {

const double* or_null(SEXP x) { return Rf_isNull(x) ? nullptr : REAL(x); }

linear::Problem read_problem(const List& problem) {
  linear::Problem q;
  const Rcpp::NumericMatrix x = problem["x"];
  q.x = x.begin();
  q.n = static_cast<std::size_t>(x.nrow());
  q.p = static_cast<std::size_t>(x.ncol());
  q.y = REAL(SEXP(problem["y"]));
  q.weight = or_null(entry(problem, "weight"));
  q.offset = or_null(entry(problem, "offset"));
  return q;
}

Rcpp::NumericVector na(const std::vector<double>& x) {
  Rcpp::NumericVector out(x.begin(), x.end());
  std::replace_if(out.begin(), out.end(), [](double v) { return v != v; }, NA_REAL);
  return out;
}

List fit_list(const linear::Fit& f) {
  using Rcpp::_;
  return List::create(_["beta"] = na(f.beta), _["kept"] = Rcpp::LogicalVector(f.kept.begin(), f.kept.end()),
                      _["fitted"] = Rcpp::wrap(f.fitted), _["residual"] = Rcpp::wrap(f.residual),
                        _["map"] = Rcpp::wrap(f.map),
                      _["root"] = Rcpp::wrap(f.root), _["centre"] = Rcpp::wrap(f.centre), _["scale"] = Rcpp::wrap(f.scale),
                      _["triangle"] = Rcpp::wrap(f.triangle), _["intercept"] = f.intercept, _["n_used"] = f.n_used,
                      _["rss"] = f.rss, _["tss"] = f.tss, _["df"] = f.df, _["log_weight"] = f.log_weight,
                      _["refinements"] = f.refinements, _["status"] = static_cast<int>(f.status));
}

std::vector<double> numbers(const List& x, const char* name) { return Rcpp::as<std::vector<double>>(x[name]); }

linear::Fit read_fit(const List& x) {
  linear::Fit f;
  f.beta = numbers(x, "beta");
  for (const int kept : Rcpp::LogicalVector(SEXP(x["kept"]))) f.kept.push_back(static_cast<unsigned char>(kept));
  for (std::size_t j = 0; j < f.kept.size(); ++j) {
    if (f.kept[j] != 0) f.column.push_back(j);
  }
  f.rank = f.column.size();
  f.map = numbers(x, "map");
  f.root = numbers(x, "root");
  f.centre = numbers(x, "centre");
  f.scale = numbers(x, "scale");
  f.triangle = numbers(x, "triangle");
  f.residual = numbers(x, "residual");
  f.n_used = x["n_used"];
  f.rss = x["rss"];
  f.df = x["df"];
  f.status = word<Status>(x, "status");
  return f;
}

std::vector<std::size_t> from_zero(SEXP places) {
  std::vector<std::size_t> out;
  for (const int place : Rcpp::IntegerVector(places)) out.push_back(static_cast<std::size_t>(place - 1));
  return out;
}

linear::CorrelationOptions read_options(const List& x) {
  linear::CorrelationOptions o;
  o.method = word<linear::Coefficient>(x, "method");
  o.interval = word<linear::RankInterval>(x, "interval");
  o.alternative = word<Alternative>(x, "alternative");
  o.distribution = word<Distribution>(x, "distribution");
  o.conf_level = x["conf_level"];
  o.exact_limit = x["exact_limit"];
  o.replicates = x["replicates"];
  o.seed = respondr_glue::seed_of(x);
  return o;
}

}  // namespace

// [[Rcpp::export]]
List linear_fit(List problem, int threads) {
  return respondr_glue::guarded(
      [&]() -> List { return fit_list(linear::fit(read_problem(problem), threads, respondr_glue::r_hooks(problem))); });
}

// cluster: codes from 1, or NULL.
// [[Rcpp::export]]
List linear_variance(List problem, List fit, int kind, SEXP cluster, int clusters) {
  return respondr_glue::guarded([&]() -> List {
    std::vector<int> codes;
    if (!Rf_isNull(cluster)) codes = Rcpp::as<std::vector<int>>(cluster);
    for (int& code : codes) --code;
    const linear::Variance v = linear::variance(read_problem(problem), read_fit(fit), static_cast<linear::Covariance>(kind),
                                                codes.data(), static_cast<std::size_t>(clusters));
    return List::create(Rcpp::_["vcov"] = na(v.matrix), Rcpp::_["df"] = na(v.df),
                        Rcpp::_["status"] = static_cast<int>(v.status));
  });
}

// [[Rcpp::export]]
List linear_leverage(List problem, List fit) {
  return respondr_glue::guarded([&]() -> List {
    std::vector<double> h;
    linear::leverage(read_problem(problem), read_fit(fit), h);
    return List::create(Rcpp::_["leverage"] = Rcpp::wrap(h));
  });
}

// Rows of estimates with their variances and degrees of freedom.
// [[Rcpp::export]]
List linear_t(Rcpp::NumericVector estimate, Rcpp::NumericVector variance, Rcpp::NumericVector df, double conf_level) {
  return respondr_glue::guarded([&]() -> List {
    const respondr_glue::Columns<linear::TestRow> columns(estimate.size());
    for (R_xlen_t i = 0; i < estimate.size(); ++i) {
      columns.store(i, linear::t_row(estimate[i], variance[i], df[i], conf_level));
    }
    return columns.columns();
  });
}

// sets: for each test a list of three vectors of columns from 1: those before, its own, those that contain it.
// [[Rcpp::export]]
List linear_terms(List fit, Rcpp::NumericVector vcov, Rcpp::NumericVector df, List sets, double conf_level) {
  return respondr_glue::guarded([&]() -> List {
    const linear::Fit f = read_fit(fit);
    const std::vector<double> v(vcov.begin(), vcov.end());
    const respondr_glue::Columns<linear::TestRow> columns(sets.size());
    for (R_xlen_t i = 0; i < sets.size(); ++i) {
      const List set = sets[i];
      columns.store(i, linear::term_row(f, v, df[i], from_zero(set[0]), from_zero(set[1]), from_zero(set[2]), conf_level));
    }
    return columns.columns();
  });
}

// The same by CR2. cluster: codes from 1.
// [[Rcpp::export]]
List linear_cluster_terms(List problem, List fit, Rcpp::NumericVector vcov, Rcpp::IntegerVector cluster, int clusters,
                          List sets, double conf_level) {
  return respondr_glue::guarded([&]() -> List {
    const linear::Problem q = read_problem(problem);
    const linear::Fit f = read_fit(fit);
    const std::vector<double> v(vcov.begin(), vcov.end());
    std::vector<int> codes(cluster.begin(), cluster.end());
    for (int& code : codes) --code;
    const respondr_glue::Columns<linear::TestRow> columns(sets.size());
    for (R_xlen_t i = 0; i < sets.size(); ++i) {
      const List set = sets[i];
      columns.store(i, linear::cluster_term_row(q, f, v, codes.data(), static_cast<std::size_t>(clusters),
                                                {from_zero(set[0]), from_zero(set[1]), from_zero(set[2])}, conf_level));
    }
    return columns.columns();
  });
}

// input: x (list of columns), y, order, start, keys of the predictors and of the groups (labels).
// [[Rcpp::export]]
List linear_correlate(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    linear::CorrelationPlan plan;
    plan.x = respondr_glue::column_pointers(input["x"]);
    plan.y = REAL(SEXP(input["y"]));
    plan.order = INTEGER(SEXP(input["order"]));
    plan.start = INTEGER(SEXP(input["start"]));
    plan.groups = static_cast<std::size_t>(Rf_xlength(input["start"])) - 1;
    plan.options = read_options(options);
    plan.keys = respondr_glue::label_keys(input["keys"]);
    const respondr_glue::Columns<linear::CorrelationRow> columns(plan.problems());
    linear::solve_correlations(plan, threads, respondr_glue::r_hooks(options), columns.sink());
    return columns.columns();
  });
}

// [[Rcpp::export]]
List linear_pool(Rcpp::NumericVector estimate, Rcpp::NumericVector variance, Rcpp::IntegerVector methods,
  bool hartung_knapp,
                 double conf_level) {
  return respondr_glue::guarded([&]() -> List {
    linear::Studies s;
    s.estimate.assign(estimate.begin(), estimate.end());
    s.variance.assign(variance.begin(), variance.end());
    const respondr_glue::Columns<linear::TestRow> columns(methods.size() + 1);
    for (R_xlen_t i = 0; i < methods.size(); ++i) {
      columns.store(i, linear::pool(s, static_cast<linear::Pooling>(methods[i]), hartung_knapp, conf_level));
    }
    columns.store(methods.size(), linear::heterogeneity(s));
    return columns.columns();
  });
}

// Rows of one group: before and after (complete), a method and the value it takes as known for each row.
// [[Rcpp::export]]
List linear_baseline(Rcpp::NumericVector before, Rcpp::NumericVector after, int dropped, Rcpp::IntegerVector methods,
                     Rcpp::NumericVector assumed, double conf_level) {
  return respondr_glue::guarded([&]() -> List {
    linear::BaselineSample s;
    s.before.assign(before.begin(), before.end());
    s.after.assign(after.begin(), after.end());
    s.dropped = dropped;
    const respondr_glue::Columns<linear::BaselineRow> columns(methods.size());
    for (R_xlen_t i = 0; i < methods.size(); ++i) {
      columns.store(i, linear::solve_baseline(s, static_cast<linear::BaselineMethod>(methods[i]), assumed[i], conf_level));
    }
    return columns.columns();
  });
}
