// Rank tests of repeated measures. input: as R/rm-input.R makes it. options: methods (codes of RankMethod or PairMethod),
// distribution, alternative (codes), conf_level, exact_limit, replicates, seed (two integers), effect_interval (flag),
// bootstrap_interval (code), problem_labels (text, one a problem, or empty), progress (function or NULL); for pairs level and
// reference (numbers of visits from 1).
#include "guard.h"

#include <respondr/rm/friedman.hpp>

#include <algorithm>
#include <functional>

using Rcpp::List;
using namespace respondr;
namespace rm = respondr::rm;

namespace {

std::vector<std::uint64_t> problem_keys(const Rcpp::CharacterVector& labels) {
  std::vector<std::uint64_t> out(labels.size());
  std::transform(labels.begin(), labels.end(), out.begin(),
                 [](SEXP s) { return hash_bytes(CHAR(s), static_cast<std::size_t>(LENGTH(s))); });
  return out;
}

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
  plan.problem_key = problem_keys(options["problem_labels"]);
  plan.options.distribution = static_cast<Distribution>(Rcpp::as<int>(options["distribution"]));
  plan.options.alternative = static_cast<Alternative>(Rcpp::as<int>(options["alternative"]));
  plan.options.conf_level = options["conf_level"];
  plan.options.exact_limit = options["exact_limit"];
  plan.options.replicates = options["replicates"];
  const Rcpp::IntegerVector seed = options["seed"];
  plan.options.seed = hash_mix(static_cast<std::uint32_t>(seed[0]), static_cast<std::uint32_t>(seed[1]));
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

// Interrupts and progress come from R, on the main thread only.
Hooks r_hooks(const List& options) {
  Hooks hooks;
  hooks.cancelled = [] { return R_ToplevelExec([](void*) { R_CheckUserInterrupt(); }, nullptr) == FALSE; };
  const SEXP progress = options["progress"];
  if (!Rf_isNull(progress)) {
    const Rcpp::Function report(progress);
    hooks.progress = [report](std::size_t done, std::size_t total) {
      report(static_cast<double>(done), static_cast<double>(total));
    };
  }
  return hooks;
}

// Rows as named columns; R allocates them before the map, store() may be called from any thread.
class RankColumns {
 public:
  explicit RankColumns(std::size_t n) : n_(static_cast<R_xlen_t>(n)) {
    rm::visit_rank_integers([&](const char* name, int rm::RankRow::*field) { integers_.emplace_back(integer(name), field); });
    rm::visit_rank_doubles([&](const char* name, double rm::RankRow::*field) {
      Rcpp::NumericVector column(n_, NA_REAL);
      doubles_.emplace_back(column.begin(), field);
      columns_.push_back(column, name);
    });
    distribution_ = integer("distribution");
    conf_method_ = integer("conf_method");
    status_ = integer("status");
    notes_ = integer("notes");
  }

  void operator()(std::size_t i, const rm::RankRow& row) const {
    for (const auto& column : integers_) column.first[i] = row.*column.second;
    for (const auto& column : doubles_) {
      const double value = row.*column.second;
      column.first[i] = value == value ? value : NA_REAL;
    }
    distribution_[i] = static_cast<int>(row.distribution);
    conf_method_[i] = static_cast<int>(row.conf_method);
    status_[i] = static_cast<int>(row.status);
    notes_[i] = static_cast<int>(row.notes);
  }

  List columns() const { return columns_; }

 private:
  int* integer(const char* name) {
    Rcpp::IntegerVector column(n_);
    columns_.push_back(column, name);
    return column.begin();
  }

  R_xlen_t n_;
  List columns_;
  std::vector<std::pair<int*, int rm::RankRow::*>> integers_;
  std::vector<std::pair<double*, double rm::RankRow::*>> doubles_;
  int *distribution_, *conf_method_, *status_, *notes_;
};

// The message is the number of the outcome; R has its name.
List answer(const rm::RankPlan& plan, std::size_t infinite, const RankColumns& columns) {
  if (infinite == rm::no_rank_problem) return columns.columns();
  return respondr_glue::core_error("infinite", "outcome", std::to_string(infinite / plan.groups() + 1));
}

}  // namespace

// [[Rcpp::export]]
List rm_friedman_solve(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    rm::RankPlan plan = read_plan(input, options);
    plan.methods = read_methods<rm::RankMethod>(options);
    const RankColumns columns(plan.size() * plan.methods.size());
    return answer(plan, rm::solve_rank_tests(plan, threads, r_hooks(options), std::cref(columns)), columns);
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
    return answer(plan, rm::solve_rank_pairs(plan, pairs, threads, r_hooks(options), std::cref(columns)), columns);
  });
}
