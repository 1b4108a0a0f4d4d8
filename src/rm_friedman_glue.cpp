// Rank tests of repeated measures. input: as R/rm-input.R makes it. options: methods (codes of RankMethod or PairMethod),
// distribution, alternative (codes), conf_level, exact_limit, replicates, seed (two integers), effect_interval (flag),
// bootstrap_interval (code), problem_labels (text, one a problem, or empty), progress (function or NULL); for pairs level and
// reference (numbers of visits from 1).
#include "columns.h"
#include "guard.h"

#include <respondr/rm/friedman.hpp>

#include <algorithm>
#include <functional>

using Rcpp::List;
using namespace respondr;
using respondr_glue::seed_of;
using respondr_glue::label_keys;
using respondr_glue::r_hooks;
namespace rm = respondr::rm;

namespace {

rm::RankPlan read_plan(const List& input, const List& options) {
  rm::RankPlan plan;
  const List outcomes = input["outcomes"];
  plan.outcomes.resize(outcomes.size());
  std::transform(outcomes.begin(), outcomes.end(), plan.outcomes.begin(), [](SEXP column) { return REAL(column); });
  const SEXP rows = input["rows"];
  plan.rows = INTEGER(rows);
  plan.patients = Rf_nrows(rows);
  plan.k = Rf_ncols(rows);
  plan.group_start = Rcpp::as<std::vector<std::size_t>>(input["group_start"]);
  plan.problem_key = label_keys(options["problem_labels"]);
  plan.options.distribution = static_cast<Distribution>(Rcpp::as<int>(options["distribution"]));
  plan.options.alternative = static_cast<Alternative>(Rcpp::as<int>(options["alternative"]));
  plan.options.conf_level = options["conf_level"];
  plan.options.exact_limit = options["exact_limit"];
  plan.options.replicates = options["replicates"];
  plan.options.seed = seed_of(options);
  plan.options.effect_interval = options["effect_interval"];
  plan.options.bootstrap_interval =
      static_cast<paired::BootstrapInterval>(Rcpp::as<int>(options["bootstrap_interval"]));
  return plan;
}

template <class Method>
std::vector<Method> read_methods(const List& options) {
  const Rcpp::IntegerVector codes = options["methods"];
  std::vector<Method> out(codes.size());
  std::transform(codes.begin(), codes.end(), out.begin(), [](int code) { return static_cast<Method>(code); });
  return out;
}

using RankColumns = respondr_glue::Columns<rm::RankRow>;

// The message is the number of the outcome; R has its name.
List answer(const rm::RankPlan& plan, std::size_t infinite, const RankColumns& columns) {
  if (infinite == no_problem) return columns.columns();
  return respondr_glue::core_error("infinite", "outcome", std::to_string(infinite / plan.groups() + 1));
}

}  // namespace

// [[Rcpp::export]]
List rm_friedman_solve(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    rm::RankPlan plan = read_plan(input, options);
    plan.methods = read_methods<rm::RankMethod>(options);
    const RankColumns columns(plan.size() * plan.methods.size());
    return answer(plan, rm::solve_rank_tests(plan, threads, r_hooks(options), columns.sink()), columns);
  });
}

// [[Rcpp::export]]
List rm_friedman_solve_pairs(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const rm::RankPlan plan = read_plan(input, options);
    rm::PairSet pairs;
    pairs.methods = read_methods<rm::PairMethod>(options);
    for (const int level : Rcpp::as<std::vector<int>>(options["level"])) pairs.level.push_back(level - 1);
    for (const int level : Rcpp::as<std::vector<int>>(options["reference"])) pairs.reference.push_back(level - 1);
    pairs.options = {plan.options.conf_level, plan.options.exact_limit};
    const RankColumns columns(plan.size() * pairs.rows());
    return answer(plan, rm::solve_rank_pairs(plan, pairs, threads, r_hooks(options), columns.sink()), columns);
  });
}
