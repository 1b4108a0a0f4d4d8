// Percentages, granular means, odds ratios with their intervals, and the order of P values. Printed figures come as digits
// (whole doubles, NA where absent) and decimals (integers).
#include "columns.h"
#include "guard.h"

#include <respondr/audit/decimal.hpp>
#include <respondr/audit/grim.hpp>
#include <respondr/audit/odds.hpp>
#include <respondr/audit/order.hpp>
#include <respondr/audit/percent.hpp>

using Rcpp::List;
namespace audit = respondr::audit;

namespace {

using Doubles = Rcpp::NumericVector;

audit::Decimal decimal(const Doubles& digits, const Rcpp::IntegerVector& decimals, R_xlen_t i) {
  audit::Decimal out;
  out.digits = digits[i];
  out.decimals = out.known() ? decimals[i] : 0;
  return out;
}

template <class Row, class Solve>
List rows(R_xlen_t n, Solve&& solve) {
  return respondr_glue::guarded([&]() -> List {
    const respondr_glue::Columns<Row> columns(static_cast<std::size_t>(n));
    for (R_xlen_t i = 0; i < n; ++i) columns.store(static_cast<std::size_t>(i), solve(i));
    return columns.columns();
  });
}

audit::Box box(const Rcpp::NumericMatrix& x, R_xlen_t i) { return {x(i, 0), x(i, 1), x(i, 2)}; }

}  // namespace

// [[Rcpp::export]]
List audit_percent_solve(Rcpp::NumericVector digits, Rcpp::IntegerVector decimals, Rcpp::NumericVector count,
                         Rcpp::NumericVector n) {
  return rows<audit::PercentRow>(digits.size(), [&](R_xlen_t i) {
    return audit::solve_percent(decimal(digits, decimals, i), count[i], n[i]);
  });
}

// [[Rcpp::export]]
Rcpp::IntegerVector audit_denominators(double digits, int decimals, int limit) {
  return Rcpp::wrap(audit::denominators({digits, decimals}, limit));
}

// [[Rcpp::export]]
List audit_grim_solve(List mean, List sd, List design) {
  const Doubles mean_digits = mean["digits"], sd_digits = sd["digits"];
  const Rcpp::IntegerVector mean_decimals = mean["decimals"], sd_decimals = sd["decimals"];
  const Doubles n = design["n"], items = design["items"], lowest = design["lowest"], highest = design["highest"];
  const bool binary = design["binary"], population = design["population"];
  return rows<audit::GrimRow>(n.size(), [&](R_xlen_t i) {
    return audit::solve_grim({decimal(mean_digits, mean_decimals, i), decimal(sd_digits, sd_decimals, i), n[i], items[i],
                              lowest[i], highest[i], binary, population});
  });
}

// estimate, lower, upper: low, as printed and high of each, on the symmetric scale.
// [[Rcpp::export]]
List audit_odds_solve(Rcpp::NumericMatrix estimate, Rcpp::NumericMatrix lower, Rcpp::NumericMatrix upper, double null,
                      Rcpp::NumericVector conf_level) {
  return rows<audit::OddsRow>(lower.nrow(), [&](R_xlen_t i) {
    return audit::solve_odds({box(estimate, i), box(lower, i), box(upper, i), null, conf_level[i]});
  });
}

// fits: rows x P values, 0 or 1.
// [[Rcpp::export]]
List audit_order_solve(Rcpp::IntegerMatrix fits, List options) {
  return respondr_glue::guarded([&]() -> List {
    const audit::Fits all(fits.begin(), static_cast<std::size_t>(fits.nrow()));
    const audit::OrderAnswer a = audit::solve_order(all, respondr_glue::seed_of(options),
      Rcpp::as<int>(options["replicates"]));
    return List::create(Rcpp::_["at"] = a.best.at, Rcpp::_["explained"] = a.best.explained, Rcpp::_["printed"] = a.printed,
                        Rcpp::_["most"] = a.most, Rcpp::_["kind"] = static_cast<int>(a.best.kind),
                        Rcpp::_["first"] = a.best.first, Rcpp::_["last"] = a.best.last, Rcpp::_["chance"] = a.chance,
                        Rcpp::_["chance_printed"] = a.chance_printed, Rcpp::_["chance_rest"] = a.chance_rest,
                        Rcpp::_["exact"] = a.exact);
  });
}
