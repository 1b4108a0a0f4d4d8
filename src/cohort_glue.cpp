// Cohorts. problem: patients, levels (of the categorical columns), conditions (lists of op, column, levels), and data frames
// counts, columns, quantities (with a list of terms), samples, figures (with a list of samples) and limits; numbers from 0.
// options: seed, seconds, attempts, moves, progress.
#include "guard.h"

#include <respondr/cohort.hpp>

using Rcpp::_;
using Rcpp::IntegerVector;
using Rcpp::List;
using Rcpp::NumericVector;
using namespace respondr;
namespace cohort = respondr::cohort;

namespace {

cohort::Condition read_condition(const List& x) {
  const IntegerVector op = x["op"], column = x["column"];
  const NumericVector levels = x["levels"];
  cohort::Condition out(static_cast<std::size_t>(op.size()));
  for (std::size_t k = 0; k < out.size(); ++k) {
    out[k] = {static_cast<cohort::Op>(op[k]), column[k], static_cast<std::uint64_t>(levels[k])};
  }
  return out;
}

std::int64_t whole(double x) {
  return x == R_NegInf ? INT64_MIN : x == R_PosInf ? INT64_MAX : static_cast<std::int64_t>(x);
}

// Calls take(row) for every row of a data frame; columns by name.
template <class Take>
void each_row(const List& frame, const char* first, Take&& take) {
  const R_xlen_t n = Rf_xlength(frame[first]);
  for (R_xlen_t i = 0; i < n; ++i) take(i);
}

void read_columns(const List& x, cohort::Problem& p) {
  const NumericVector step = x["step"], low = x["low"], high = x["high"];
  const IntegerVector shape = x["shape"], known = x["known"], variable = x["variable"];
  each_row(x, "step", [&](R_xlen_t i) {
    p.columns.push_back({step[i], low[i], high[i], static_cast<cohort::Shape>(shape[i]), known[i], variable[i]});
  });
}

void read_quantities(const List& x, cohort::Problem& p) {
  const List columns = x["columns"], coefficients = x["coefficients"];
  const NumericVector unit = x["unit"];
  each_row(x, "unit", [&](R_xlen_t i) {
    const IntegerVector column = columns[i];
    const NumericVector coefficient = coefficients[i];
    cohort::Quantity q;
    q.unit = unit[i];
    std::transform(column.begin(), column.end(), coefficient.begin(), std::back_inserter(q.terms),
                   [](int k, double c) { return cohort::Term{k, static_cast<std::int64_t>(c)}; });
    p.quantities.push_back(q);
  });
}

void read_figures(const List& x, cohort::Problem& p) {
  const IntegerVector kind = x["kind"], event = x["event"];
  const List samples = x["samples"];
  const NumericVector low = x["low"], high = x["high"], parameter = x["parameter"];
  each_row(x, "kind", [&](R_xlen_t i) {
    p.figures.push_back({static_cast<cohort::Kind>(kind[i]), Rcpp::as<std::vector<int>>(samples[i]), low[i], high[i],
                         parameter[i], event[i]});
  });
}

cohort::Problem read_problem(const List& x) {
  cohort::Problem p;
  p.patients = Rcpp::as<std::size_t>(x["patients"]);
  p.levels = Rcpp::as<std::vector<int>>(x["levels"]);
  const List conditions = x["conditions"], counts = x["counts"], samples = x["samples"], limits = x["limits"];
  for (R_xlen_t i = 0; i < conditions.size(); ++i) p.conditions.push_back(read_condition(conditions[i]));
  const IntegerVector condition = counts["condition"], of = counts["of"], quantity = samples["quantity"],
                      within = samples["condition"], limited = limits["quantity"], bound = limits["condition"];
  const NumericVector low = counts["low"], high = counts["high"], from = limits["low"], to = limits["high"];
  each_row(counts, "of", [&](R_xlen_t i) { p.counts.push_back({condition[i], of[i], low[i], high[i]}); });
  each_row(samples, "quantity", [&](R_xlen_t i) { p.samples.push_back({quantity[i], within[i]}); });
  each_row(limits, "low", [&](R_xlen_t i) {
    p.limits.push_back({limited[i], bound[i], whole(from[i]), whole(to[i])});
  });
  read_columns(x["columns"], p);
  read_quantities(x["quantities"], p);
  read_figures(x["figures"], p);
  return p;
}

cohort::Budget read_budget(const List& x) {
  cohort::Budget budget;
  budget.seed = respondr_glue::seed_of(x);
  budget.seconds = x["seconds"];
  budget.attempts = x["attempts"];
  budget.moves = Rcpp::as<std::size_t>(x["moves"]);
  return budget;
}

List cohort_to_r(const cohort::Cohort& c) {
  Rcpp::NumericVector values(c.values.begin(), c.values.end());
  for (R_xlen_t i = 0; i < values.size(); ++i) {
    if (!c.known[static_cast<std::size_t>(i)]) values[i] = NA_REAL;
  }
  return List::create(_["found"] = c.found, _["attempts"] = c.attempts, _["codes"] = Rcpp::wrap(c.codes), _["values"] = values,
                      _["figures"] = Rcpp::wrap(c.figures), _["broken_counts"] = Rcpp::wrap(c.broken_counts),
                      _["broken_figures"] = Rcpp::wrap(c.broken_figures));
}

}  // namespace

// [[Rcpp::export]]
List cohort_solve(List problem, List options, int n, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const cohort::Problem p = read_problem(problem);
    std::vector<cohort::Cohort> found(static_cast<std::size_t>(n));
    cohort::solve_cohorts(p, read_budget(options), found.size(), threads, respondr_glue::r_hooks(options),
                          [&](std::size_t i, cohort::Cohort&& c) { found[i] = std::move(c); });
    List out(n);
    std::transform(found.begin(), found.end(), out.begin(), cohort_to_r);
    return out;
  });
}

// [[Rcpp::export]]
List cohort_conflict(List problem) {
  return respondr_glue::guarded([&]() -> List {
    const cohort::Conflict conflict = cohort::find_conflict(read_problem(problem));
    return List::create(_["proved"] = conflict.proved, _["figures"] = Rcpp::wrap(conflict.figures),
                        _["counts"] = Rcpp::wrap(conflict.counts));
  });
}
