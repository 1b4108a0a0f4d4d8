// Comparisons of two arms. input: outcomes (list of double columns or a matrix, one row a patient), order (row numbers from 1, by
// group and arm), start (groups * k + 1 offsets into it), k, and of each contrast the arms level and reference (from 1) and
// sd_level, sd_reference (known standard deviations or NA). options: the words of R/groups-words.R as codes, problem_labels.
#include "columns.h"
#include "guard.h"

#include <respondr/groups.hpp>

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

groups::TwoOptions read_options(const List& x) {
  groups::TwoOptions o;
  o.method = word<groups::TwoMethod>(x, "method");
  o.alternative = word<Alternative>(x, "alternative");
  o.null = x["null"];
  o.margin_low = x["margin_low"];
  o.margin_high = x["margin_high"];
  o.conf_level = x["conf_level"];
  o.distribution = word<Distribution>(x, "distribution");
  o.two_sided = word<groups::TwoSided>(x, "two_sided");
  o.exact_rule = word<groups::TwoExactRule>(x, "exact_rule");
  o.limits = word<groups::ShiftLimits>(x, "limits");
  o.continuity = x["continuity"];
  o.exact_limit = x["exact_limit"];
  o.effect = word<groups::TwoEffect>(x, "effect");
  o.hedges = x["hedges"];
  o.bca = x["bca"];
  o.replicates = x["replicates"];
  o.seed = seed_of(x);
  return o;
}

// order must outlive the plan.
groups::TwoPlan read_plan(const List& input, const List& options, const Rcpp::IntegerVector& order) {
  groups::TwoPlan plan;
  plan.outcomes = column_pointers(input["outcomes"]);
  plan.k = Rcpp::as<std::size_t>(input["k"]);
  plan.arms = groups::arm_rows({order.begin(), static_cast<std::size_t>(order.size())},
                               Rcpp::as<std::vector<std::size_t>>(input["start"]));
  const Rcpp::IntegerVector level = input["level"], reference = input["reference"];
  const Rcpp::NumericVector sd_level = input["sd_level"], sd_reference = input["sd_reference"];
  for (R_xlen_t c = 0; c < level.size(); ++c) {
    plan.contrasts.push_back({static_cast<std::size_t>(level[c] - 1), static_cast<std::size_t>(reference[c] - 1)});
    plan.known_sd.push_back({sd_level[c], sd_reference[c]});
  }
  plan.problem_key = label_keys(options["problem_labels"]);
  plan.options = read_options(options);
  return plan;
}

}  // namespace

// [[Rcpp::export]]
List groups_solve(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const Rcpp::IntegerVector order = input["order"];
    const groups::TwoPlan plan = read_plan(input, options, order);
    const respondr_glue::Columns<groups::TwoRow> rows(plan.size());
    const std::size_t infinite = groups::solve_two_arms(plan, threads, r_hooks(options), rows.sink());
    if (infinite == no_problem) return rows.columns();
    const std::size_t outcome = infinite / (plan.groups() * plan.contrasts.size()) + 1;
    return respondr_glue::core_error("infinite", "outcome", std::to_string(outcome));  // R has its name
  });
}

// figures: n, mean, sd, n_reference, mean_reference, sd_reference, one entry a comparison.
// [[Rcpp::export]]
List groups_solve_figures(List figures, List options) {
  return respondr_glue::guarded([&]() -> List {
    const auto column = [&](const char* name) { return Rcpp::as<std::vector<double>>(figures[name]); };
    const groups::TwoFigures f{column("n"), column("mean"), column("sd"), column("n_reference"), column("mean_reference"),
                               column("sd_reference")};
    const groups::TwoOptions o = read_options(options);
    const respondr_glue::Columns<groups::TwoRow> rows(f.n.size());
    groups::TwoQuantiles quantiles;
    for (std::size_t i = 0; i < f.n.size(); ++i) rows.store(i, groups::solve_two_figures_row(o, f, i, quantiles));
    return rows.columns();
  });
}
