#include "guard.h"

#include <respondr/paired.hpp>
#include <respondr/paired/describe_all.hpp>

#include <memory>
#include <type_traits>

using Rcpp::_;
using Rcpp::List;
using namespace respondr;
using respondr_glue::column_pointers;
using respondr_glue::word;
using respondr_glue::seed_of;
using respondr_glue::label_keys;
using respondr_glue::r_hooks;
namespace paired = respondr::paired;

namespace {

paired::Options read_options(const List& x) {
  paired::Options o;
  o.method = word<paired::Method>(x, "method");
  o.scale = word<paired::Scale>(x, "scale");
  o.alternative = word<Alternative>(x, "alternative");
  o.null = x["null"];
  o.margin_low = x["margin_low"];
  o.margin_high = x["margin_high"];
  o.conf_level = x["conf_level"];
  o.distribution = word<Distribution>(x, "distribution");
  o.exact_rule = word<paired::ExactRule>(x, "exact_rule");
  o.zeros = word<paired::Zeros>(x, "zeros");
  o.continuity = x["continuity"];
  o.approximation = word<paired::Approximation>(x, "approximation");
  o.exact_limit = x["exact_limit"];
  o.effect = word<paired::Effect>(x, "effect");
  o.hedges = x["hedges"];
  o.effect_interval = word<paired::EffectInterval>(x, "effect_interval");
  o.bootstrap_interval = word<paired::BootstrapInterval>(x, "bootstrap_interval");
  o.replicates = x["replicates"];
  o.seed = seed_of(x);
  return o;
}

paired::Plan read_plan(const List& input, const List& options) {
  paired::Plan plan;
  plan.options = read_options(options);
  plan.after = column_pointers(input["outcomes"]);
  const SEXP before = input["before"];
  if (Rf_isNull(before)) {
    plan.before.assign(plan.after.size(), nullptr);
  } else {
    plan.before = column_pointers(before);
  }
  const std::string kind = input["kind"];
  if (kind == "long") plan.before = plan.after;
  const Rcpp::IntegerVector contrasts = input["contrasts"];
  const int reference = input["reference"];
  const SEXP rows = input["rows"];
  const auto visit_rows = [rows](int visit) -> const int* {
    return Rf_isNull(rows) ? nullptr : INTEGER(rows) + static_cast<std::size_t>(visit - 1) * Rf_nrows(rows);
  };
  plan.rows_after.resize(contrasts.size());
  std::transform(contrasts.begin(), contrasts.end(), plan.rows_after.begin(), visit_rows);
  plan.rows_before.assign(contrasts.size(), visit_rows(reference));
  plan.group_start = Rcpp::as<std::vector<std::size_t>>(input["group_start"]);
  plan.patient_key = label_keys(options["patient_labels"]);
  plan.problem_key = label_keys(options["problem_labels"]);
  return plan;
}

// The message is the number of the outcome; R has its name.
List infinite_error(const paired::Plan& plan, std::size_t problem) {
  return respondr_glue::core_error("infinite", "outcome", std::to_string(problem / (plan.groups() * plan.contrasts()) + 1));
}

struct DescriptionColumns {
  const std::vector<paired::Description>& rows;
  List columns;

  template <class Get>
  void operator()(const char* name, Get get) {
    using Value = decltype(get(rows[0]));
    using Column = std::conditional_t<std::is_same<Value, int>::value, Rcpp::IntegerVector, Rcpp::NumericVector>;
    Column column(Rcpp::no_init(static_cast<R_xlen_t>(rows.size())));
    std::transform(rows.begin(), rows.end(), column.begin(), [get](const paired::Description& d) { return to_r(get(d)); });
    columns.push_back(column, name);
  }
  static int to_r(int x) { return x; }
  static double to_r(double x) { return x == x ? x : NA_REAL; }
};

List description_columns(const std::vector<paired::Description>& rows) {
  DescriptionColumns out{rows, List()};
  paired::visit_description_columns(out);
  return out.columns;
}

}  // namespace

// [[Rcpp::export]]
List paired_solve(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const paired::Plan plan = read_plan(input, options);
    const respondr_glue::RowColumns rows(plan.size(), paired::never_filled(plan.options));
    const std::size_t infinite = paired::solve_all(plan, threads, r_hooks(options),
                                                   [&rows](std::size_t i, const Row& row) { rows.store(i, row); });
    return infinite == no_problem ? rows.columns() : infinite_error(plan, infinite);
  });
}

// [[Rcpp::export]]
List paired_solve_figures(List figures, List options) {
  return respondr_glue::guarded([&]() -> List {
    const auto column = [&](const char* name) { return Rcpp::as<std::vector<double>>(figures[name]); };
    const paired::Figures f{column("n"), column("mean_before"), column("sd_before"), column("mean_after"),
                            column("sd_after"), column("r"), column("sd_change")};
    const respondr_glue::RowColumns rows(f.n.size());
    paired::solve_figures(read_options(options), f, [&rows](std::size_t i, const Row& row) { rows.store(i, row); });
    return rows.columns();
  });
}

// [[Rcpp::export]]
List paired_describe(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const paired::Plan plan = read_plan(input, options);
    std::vector<paired::Description> rows(plan.size());
    const std::size_t infinite = paired::describe_all(
        plan, paired::quantile_type(options["quantile_type"]), threads, r_hooks(options),
        [&rows](std::size_t i, const paired::Description& description) { rows[i] = description; });
    return infinite == no_problem ? description_columns(rows) : infinite_error(plan, infinite);
  });
}

// [[Rcpp::export]]
List paired_max_t(List input, List options, std::vector<std::size_t> problems, std::vector<int> methods, int threads) {
  return respondr_glue::guarded([&]() -> List {
    std::vector<paired::Method> method(methods.size());
    std::transform(methods.begin(), methods.end(), method.begin(), [](int m) { return static_cast<paired::Method>(m); });
    const MaxTResult result = paired::adjust_max_t(read_plan(input, options), problems, method, threads, r_hooks(options));
    return List::create(_["p_adjusted"] = result.p_adjusted, _["complete"] = result.complete);
  });
}
