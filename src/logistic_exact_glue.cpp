// Exact conditional logistic regression. input: x (n x p), y (share of events), weight (or NULL), offset (or NULL), strata
// (codes from 1, or NULL). options: sets (list of columns from 1), conf_level, midp, exact_limit.
#include "columns.h"
#include "guard.h"

#include <respondr/logistic/exact.hpp>

using Rcpp::List;
using respondr_glue::entry;
namespace logistic = respondr::logistic;

namespace {

const double* doubles_or_null(const List& input, const char* name) {
  const SEXP x = entry(input, name);
  return Rf_isNull(x) ? nullptr : REAL(x);
}

logistic::ExactInput exact_input(const List& input) {
  const SEXP x = input["x"], strata = entry(input, "strata");
  logistic::ExactInput out;
  out.x = REAL(x);
  out.n = static_cast<std::size_t>(Rf_nrows(x));
  out.p = static_cast<std::size_t>(Rf_ncols(x));
  out.y = REAL(input["y"]);
  out.weight = doubles_or_null(input, "weight");
  out.offset = doubles_or_null(input, "offset");
  out.strata = Rf_isNull(strata) ? nullptr : INTEGER(strata);
  return out;
}

logistic::ExactOptions exact_options(const List& options) {
  logistic::ExactOptions out;
  for (const SEXP set : List(options["sets"])) {
    out.sets.emplace_back();
    for (const int column : Rcpp::as<std::vector<int>>(set)) {
      out.sets.back().push_back(static_cast<std::size_t>(column - 1));
    }
  }
  out.conf_level = options["conf_level"];
  out.midp = options["midp"];
  out.limit = options["exact_limit"];
  return out;
}

template <class Row>
List as_columns(const std::vector<Row>& rows) {
  const respondr_glue::Columns<Row> columns(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) columns.store(i, rows[i]);
  return columns.columns();
}

}  // namespace

// [[Rcpp::export]]
List logistic_exact(List input, List options) {
  return respondr_glue::guarded([&]() -> List {
    logistic::ExactResult result;
    logistic::solve_exact(exact_input(input), exact_options(options), result);
    return List::create(Rcpp::_["parameters"] = as_columns(result.parameters), Rcpp::_["tests"] = as_columns(result.tests));
  });
}
