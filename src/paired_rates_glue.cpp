// Paired rates. input: outcomes (list of integer columns, codes of levels from 1, NA where not known), levels (number of
// levels of each), rows (patients x visits, row numbers from 1), group_start, level and reference (visits of each
// contrast, from 1); or tables (list of square matrices of counts, level before in rows), one a problem; or cells
// (neither, lost, gained, both; a column a problem). options: methods (codes), alternative, estimand, effect, interval,
// two_sided, distribution (codes), null (NA: no change), conf_level, continuity, exact_limit, replicates, seed (two
// integers), scores (list of numbers, one an outcome), problem_labels (text, one a problem, or empty), progress (function
// or NULL); for agreement weights (list of lists of matrices, one an outcome and a method).
#include "columns.h"
#include "guard.h"

#include <respondr/paired_rates.hpp>

#include <algorithm>

using Rcpp::List;
using namespace respondr;
using respondr_glue::word;
using respondr_glue::seed_of;
using respondr_glue::label_keys;
using respondr_glue::r_hooks;
namespace rates = respondr::paired_rates;

namespace {

rates::Options read_options(const List& x) {
  rates::Options o;
  o.alternative = word<Alternative>(x, "alternative");
  o.estimand = word<rates::Estimand>(x, "estimand");
  o.effect = word<rates::Estimand>(x, "effect");
  o.interval = word<rates::Interval>(x, "interval");
  o.two_sided = word<rates::TwoSided>(x, "two_sided");
  o.null = x["null"];
  o.conf_level = x["conf_level"];
  o.continuity = x["continuity"];
  o.distribution = word<Distribution>(x, "distribution");
  o.exact_limit = x["exact_limit"];
  o.replicates = x["replicates"];
  o.seed = seed_of(x);
  return o;
}

// The level of the rows of a matrix of counts runs fastest in R, slowest in the core.
rates::SquareTable read_table(SEXP x) {
  const Rcpp::NumericMatrix matrix(x);
  rates::SquareTable table;
  table.clear(static_cast<std::size_t>(matrix.nrow()));
  for (std::size_t i = 0; i < table.k; ++i) {
    for (std::size_t j = 0; j < table.k; ++j) table(i, j) = matrix(i, j);
  }
  return table;
}

std::vector<std::vector<double>> read_numbers(SEXP x) {
  std::vector<std::vector<double>> out;
  for (const SEXP element : List(x)) out.push_back(Rcpp::as<std::vector<double>>(element));
  return out;
}

std::vector<std::size_t> from_one(const List& input, const char* name) {
  std::vector<std::size_t> out;
  for (const int visit : Rcpp::as<std::vector<int>>(input[name])) out.push_back(static_cast<std::size_t>(visit - 1));
  return out;
}

void read_rows(const List& input, rates::Plan& plan) {
  const List outcomes = input["outcomes"];
  plan.outcomes.resize(outcomes.size());
  std::transform(outcomes.begin(), outcomes.end(), plan.outcomes.begin(), [](SEXP column) { return INTEGER(column); });
  plan.levels = Rcpp::as<std::vector<std::size_t>>(input["levels"]);
  const SEXP rows = input["rows"];
  plan.rows = INTEGER(rows);
  plan.patients = Rf_nrows(rows);
  plan.visits = Rf_ncols(rows);
  plan.group_start = Rcpp::as<std::vector<std::size_t>>(input["group_start"]);
  plan.level = from_one(input, "level");
  plan.reference = from_one(input, "reference");
}

rates::Plan read_input(const List& input) {
  rates::Plan plan;
  const SEXP cells = respondr_glue::entry(input, "cells");
  if (!Rf_isNull(cells)) {
    const Rcpp::NumericMatrix four(cells);
    plan.tables.resize(four.ncol());
    for (int i = 0; i < four.ncol(); ++i) {
      plan.tables[i].k = 2;
      plan.tables[i].count = {four(0, i), four(2, i), four(1, i), four(3, i)};
    }
    return plan;
  }
  const SEXP tables = respondr_glue::entry(input, "tables");
  if (Rf_isNull(tables)) {
    read_rows(input, plan);
    return plan;
  }
  for (const SEXP table : List(tables)) plan.tables.push_back(read_table(table));
  return plan;
}

rates::Plan read_plan(const List& input, const List& options) {
  rates::Plan plan = read_input(input);
  plan.options = read_options(options);
  plan.scores = read_numbers(options["scores"]);
  plan.key = label_keys(options["problem_labels"]);
  return plan;
}

template <class Method>
std::vector<Method> read_methods(const List& options) {
  std::vector<Method> out;
  for (const int code : Rcpp::as<std::vector<int>>(options["methods"])) out.push_back(static_cast<Method>(code));
  return out;
}

using RateColumns = respondr_glue::Columns<rates::RateRow>;

}  // namespace

// [[Rcpp::export]]
List paired_rates_solve(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const rates::Plan plan = read_plan(input, options);
    const std::vector<rates::Method> methods = read_methods<rates::Method>(options);
    const RateColumns columns(plan.size() * methods.size());
    rates::solve_tables(plan, methods, threads, r_hooks(options), columns.sink());
    return columns.columns();
  });
}

// [[Rcpp::export]]
List paired_rates_visits(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const rates::Plan plan = read_plan(input, options);
    const std::vector<rates::VisitMethod> methods = read_methods<rates::VisitMethod>(options);
    const RateColumns columns(plan.outcomes.size() * plan.groups() * methods.size());
    rates::solve_visits(plan, methods, threads, r_hooks(options), columns.sink());
    return columns.columns();
  });
}

// [[Rcpp::export]]
List paired_rates_agreement(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const rates::Plan plan = read_input(input);
    const rates::AgreementOptions agreement{word<Alternative>(options, "alternative"), options["conf_level"]};
    std::vector<std::vector<std::vector<double>>> weights;
    for (const SEXP sets : List(options["weights"])) weights.push_back(read_numbers(sets));
    const std::size_t sets = weights.empty() ? 0 : weights[0].size();
    const RateColumns columns(plan.size() * sets);
    rates::solve_agreement(plan, agreement, weights, threads, r_hooks(options), columns.sink());
    return columns.columns();
  });
}

// The tables of all problems, as matrices, and the patients left out of each.
// [[Rcpp::export]]
List paired_rates_tables(List input) {
  return respondr_glue::guarded([&]() -> List {
    const rates::Plan plan = read_input(input);
    List tables(plan.size());
    Rcpp::IntegerVector dropped(plan.size());
    rates::SquareTable table;
    for (std::size_t i = 0; i < plan.size(); ++i) {
      dropped[i] = rates::load_table(plan, i, table);
      Rcpp::NumericMatrix matrix(static_cast<int>(table.k), static_cast<int>(table.k));
      for (std::size_t a = 0; a < table.k; ++a) {
        for (std::size_t b = 0; b < table.k; ++b) matrix(a, b) = table(a, b);
      }
      tables[i] = matrix;
    }
    return List::create(Rcpp::_["tables"] = tables, Rcpp::_["n_dropped"] = dropped);
  });
}

// Wilson intervals of x of n.
// [[Rcpp::export]]
List paired_rates_shares(std::vector<double> x, std::vector<double> n, double conf_level) {
  return respondr_glue::guarded([&]() -> List {
    const double z = -special::normal_quantile(0.5 * (1.0 - conf_level));
    Rcpp::NumericVector low(x.size(), NA_REAL), high(x.size(), NA_REAL);
    for (std::size_t i = 0; i < x.size(); ++i) {
      if (n[i] > 0.0) {
        const rates::Limits limits = rates::wilson(x[i], n[i], z);
        low[i] = limits.low;
        high[i] = limits.high;
      }
    }
    return List::create(Rcpp::_["low"] = low, Rcpp::_["high"] = high);
  });
}
