// Rates of one sample and of two arms. input: events and n (integers, arms x groups, arm running fastest), arms (their number),
// level and reference (numbers of arms from 1, one a pair). options: method, estimand, interval, alternative, two_sided,
// distribution (codes), null, conf_level, midp, continuity, pooled, exact_limit, progress (function or NULL).
#include "columns.h"
#include "guard.h"

#include <respondr/rates.hpp>

using Rcpp::List;
using namespace respondr;
using respondr_glue::word;
using respondr_glue::r_hooks;
namespace rates = respondr::rates;

namespace {

using RateColumns = respondr_glue::Columns<rates::RateRow>;

Span<int> integers(SEXP x) { return {INTEGER(x), static_cast<std::size_t>(Rf_xlength(x))}; }

std::vector<std::size_t> from_zero(const Rcpp::IntegerVector& places) {
  std::vector<std::size_t> out;
  for (const int place : places) out.push_back(static_cast<std::size_t>(place - 1));
  return out;
}

rates::Options read_options(const List& x) {
  rates::Options o;
  o.method = word<rates::Method>(x, "method");
  o.estimand = word<rates::Estimand>(x, "estimand");
  o.interval = word<rates::Interval>(x, "interval");
  o.alternative = word<Alternative>(x, "alternative");
  o.two_sided = word<rates::TwoSided>(x, "two_sided");
  o.distribution = word<Distribution>(x, "distribution");
  o.null = x["null"];
  o.conf_level = x["conf_level"];
  o.midp = x["midp"];
  o.continuity = x["continuity"];
  o.pooled = x["pooled"];
  o.exact_limit = x["exact_limit"];
  return o;
}

rates::RatePlan read_plan(const List& input, const List& options) {
  rates::RatePlan plan;
  plan.events = integers(input["events"]);
  plan.n = integers(input["n"]);
  plan.arms = Rcpp::as<std::size_t>(input["arms"]);
  plan.level = from_zero(input["level"]);
  plan.reference = from_zero(input["reference"]);
  plan.options = read_options(options);
  return plan;
}

}  // namespace

// [[Rcpp::export]]
List rates_solve(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const rates::RatePlan plan = read_plan(input, options);
    const RateColumns columns(plan.pairs());
    rates::solve_pairs(plan, threads, r_hooks(options), columns.sink());
    return columns.columns();
  });
}

// [[Rcpp::export]]
List rates_solve_arms(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const rates::RatePlan plan = read_plan(input, options);
    const RateColumns columns(plan.n.size);
    rates::solve_arms(plan, threads, r_hooks(options), columns.sink());
    return columns.columns();
  });
}
