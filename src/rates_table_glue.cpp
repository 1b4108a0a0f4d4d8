// Tables of counts. input: counts (integers, arm x response x stratum x problem), dim (these four numbers), row_score,
// col_score (doubles, of arms and responses). options: methods (codes of TableMethod or StrataMethod), distribution,
// alternative, two_sided (codes), mid_p, conf_level, exact_limit, replicates, seed (two integers), problem_labels (text,
// one a problem, or empty), progress (function or NULL); for strata estimand, interval (codes) and continuity. Rows: the
// methods of the first problem, then those of the second.
#include "columns.h"
#include "guard.h"

#include <respondr/rates/table_map.hpp>

#include <algorithm>
#include <vector>

using Rcpp::List;
using namespace respondr;
using respondr_glue::seed_of;
namespace rates = respondr::rates;

namespace {

rates::TablePlan read_plan(const List& input, const List& options) {
  rates::TablePlan plan;
  const std::vector<int> dim = Rcpp::as<std::vector<int>>(input["dim"]);
  plan.counts = INTEGER(input["counts"]);
  plan.rows = static_cast<std::size_t>(dim[0]);
  plan.cols = static_cast<std::size_t>(dim[1]);
  plan.strata = static_cast<std::size_t>(dim[2]);
  plan.problems = static_cast<std::size_t>(dim[3]);
  plan.row_score = Rcpp::as<std::vector<double>>(input["row_score"]);
  plan.col_score = Rcpp::as<std::vector<double>>(input["col_score"]);
  plan.problem_key = respondr_glue::label_keys(options["problem_labels"]);
  return plan;
}

template <class Options>
Options read_options(const List& options) {
  Options out;
  out.distribution = static_cast<Distribution>(Rcpp::as<int>(options["distribution"]));
  out.alternative = static_cast<Alternative>(Rcpp::as<int>(options["alternative"]));
  out.two_sided = static_cast<rates::TableTwoSided>(Rcpp::as<int>(options["two_sided"]));
  out.mid_p = options["mid_p"];
  out.conf_level = options["conf_level"];
  out.exact_limit = options["exact_limit"];
  out.replicates = options["replicates"];
  out.seed = seed_of(options);
  return out;
}

template <class Method>
std::vector<Method> read_methods(const List& options) {
  const Rcpp::IntegerVector codes = options["methods"];
  std::vector<Method> out(codes.size());
  std::transform(codes.begin(), codes.end(), out.begin(), [](int code) { return static_cast<Method>(code); });
  return out;
}

using TableColumns = respondr_glue::Columns<rates::TableRow>;

}  // namespace

// [[Rcpp::export]]
List rates_table_solve(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const rates::TablePlan plan = read_plan(input, options);
    const auto methods = read_methods<rates::TableMethod>(options);
    const TableColumns columns(plan.problems * methods.size());
    rates::solve_tables(plan, read_options<rates::TableOptions>(options), methods, threads, respondr_glue::r_hooks(options),
                        columns.sink());
    return columns.columns();
  });
}

// [[Rcpp::export]]
List rates_strata_solve(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const rates::TablePlan plan = read_plan(input, options);
    const auto methods = read_methods<rates::StrataMethod>(options);
    rates::StrataOptions strata = read_options<rates::StrataOptions>(options);
    strata.estimand = static_cast<rates::StrataEstimand>(Rcpp::as<int>(options["estimand"]));
    strata.interval = static_cast<rates::StrataInterval>(Rcpp::as<int>(options["interval"]));
    strata.continuity = options["continuity"];
    const TableColumns columns(plan.problems * methods.size());
    rates::solve_all_strata(plan, strata, methods, threads, respondr_glue::r_hooks(options), columns.sink());
    return columns.columns();
  });
}
