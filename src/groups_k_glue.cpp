// Tests of several arms. input: outcomes (list of double columns or a matrix), order (row numbers from 1, by group and
// arm), start (groups * k + 1 offsets), k; or figures: n, mean, sd, arm running fastest. baselines (list or matrix) for
// change. options: the words of R/groups-k.R as codes; methods; problem_labels (text, one a problem, or empty); for pairs
// level and reference (arms from 1); hc3.
#include "columns.h"
#include "guard.h"

#include <respondr/groups/change.hpp>
#include <respondr/groups/k_solve.hpp>

#include <algorithm>

using Rcpp::List;
using namespace respondr;
using respondr_glue::word;
using respondr_glue::seed_of;
using respondr_glue::column_pointers;
using respondr_glue::label_keys;
using respondr_glue::r_hooks;
namespace groups = respondr::groups;

namespace {

groups::KOptions read_options(const List& x) {
  groups::KOptions o;
  o.distribution = word<Distribution>(x, "distribution");
  o.alternative = word<Alternative>(x, "alternative");
  o.central = x["central"];
  o.mehrotra = x["mehrotra"];
  o.conf_level = x["conf_level"];
  o.exact_limit = x["exact_limit"];
  o.replicates = x["replicates"];
  o.seed = seed_of(x);
  o.effect = word<groups::KEffect>(x, "effect");
  o.effect_limits = word<groups::EffectLimits>(x, "effect_limits");
  o.rank_effect = word<groups::RankEffect>(x, "rank_effect");
  o.rank_interval = x["rank_interval"];
  o.bootstrap_interval = word<paired::BootstrapInterval>(x, "bootstrap_interval");
  return o;
}

// input must outlive the plan.
groups::KPlan read_plan(const List& input, const List& options) {
  groups::KPlan plan;
  plan.k = Rcpp::as<std::size_t>(input["k"]);
  plan.options = read_options(options);
  plan.problem_key = label_keys(options["problem_labels"]);
  const SEXP figures = respondr_glue::entry(input, "figures");
  if (!Rf_isNull(figures)) {
    const List f(figures);
    plan.n = REAL(f["n"]);
    plan.mean = REAL(f["mean"]);
    plan.sd = REAL(f["sd"]);
    plan.figure_problems = static_cast<std::size_t>(Rf_xlength(f["n"])) / plan.k;
    return plan;
  }
  plan.outcomes = column_pointers(input["outcomes"]);
  plan.order = INTEGER(input["order"]);
  const SEXP start = input["start"];
  plan.start = INTEGER(start);
  plan.groups = static_cast<std::size_t>(Rf_xlength(start) - 1) / plan.k;
  return plan;
}

template <class Method>
std::vector<Method> read_methods(const List& options) {
  const Rcpp::IntegerVector codes = options["methods"];
  std::vector<Method> out(codes.size());
  std::transform(codes.begin(), codes.end(), out.begin(), [](int code) { return static_cast<Method>(code); });
  return out;
}

groups::ArmPairs read_pairs(const List& options) {
  groups::ArmPairs pairs;
  for (const int level : Rcpp::as<std::vector<int>>(options["level"])) pairs.level.push_back(level - 1);
  for (const int level : Rcpp::as<std::vector<int>>(options["reference"])) pairs.reference.push_back(level - 1);
  return pairs;
}

using KColumns = respondr_glue::Columns<groups::KRow>;

// The message is the number of the outcome; R has its name.
List answer(const groups::KPlan& plan, std::size_t infinite, const List& columns) {
  if (infinite == no_problem) return columns;
  return respondr_glue::core_error("infinite", "outcome", std::to_string(infinite / plan.groups + 1));
}

}  // namespace

// [[Rcpp::export]]
List groups_k_solve(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const groups::KPlan plan = read_plan(input, options);
    const std::vector<groups::KMethod> methods = read_methods<groups::KMethod>(options);
    const KColumns columns(plan.size() * methods.size());
    return answer(plan, groups::solve_k(plan, methods, threads, r_hooks(options), columns.sink()), columns.columns());
  });
}

// [[Rcpp::export]]
List groups_k_solve_pairs(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const groups::KPlan plan = read_plan(input, options);
    const std::vector<groups::PairsMethod> methods = read_methods<groups::PairsMethod>(options);
    const groups::ArmPairs pairs = read_pairs(options);
    const KColumns columns(plan.size() * pairs.level.size() * methods.size());
    return answer(plan, groups::solve_pairs(plan, pairs, methods, threads, r_hooks(options), columns.sink()),
                  columns.columns());
  });
}

// Rows as in change.hpp; beside them no_baseline and no_outcome, one a problem and arm.
// [[Rcpp::export]]
List groups_change_solve(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    groups::KPlan plan = read_plan(input, options);
    plan.baselines = column_pointers(input["baselines"]);
    const groups::ArmPairs pairs = read_pairs(options);
    const KColumns columns(plan.size() * groups::change_rows(plan.k, pairs.level.size()));
    Rcpp::IntegerVector baseline(plan.size() * plan.k), outcome(plan.size() * plan.k);
    int *no_baseline = baseline.begin(), *no_outcome = outcome.begin();
    const auto count = [&](std::size_t problem, std::size_t arm, const groups::ChangeSample& s) {
      no_baseline[problem * plan.k + arm] = s.no_baseline[arm];
      no_outcome[problem * plan.k + arm] = s.no_outcome[arm];
    };
    const std::size_t infinite =
        groups::solve_change(plan, pairs, options["hc3"], threads, r_hooks(options), columns.sink(), count);
    return answer(plan, infinite,
                  List::create(Rcpp::_["rows"] = columns.columns(), Rcpp::_["no_baseline"] = baseline,
                               Rcpp::_["no_outcome"] = outcome));
  });
}
