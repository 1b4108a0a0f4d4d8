// Response rates over all cut-offs. input: arms (list of changes), cutoffs (ascending), at_least, level and reference
// (numbers of arms from 1, one a contrast), conf_level, replicates (0: bands of DKW for the differences), seed, threads.
// Matrices of the result: arms or contrasts in rows, cut-offs in columns.
// Bootstrap of standardised risks. input: x, y, arm (from 1), code (arms in rows), first (number of columns before those of
// the arm), model, conf_level, replicates, seed, problem, threads. Result: one row an arm but the first.
// Simultaneous limits of shares. counts: classes in rows, one problem a column.
// Variance of standardised risks. input: x, y, arm, code, first as above, beta, vcov, variance, stratum (from 1; empty:
// none), strata, conf_level.
#include "guard.h"

#include <respondr/response/multinomial.hpp>
#include <respondr/response/risk_variance.hpp>
#include <respondr/response/standardise.hpp>
#include <respondr/response/threshold.hpp>

using Rcpp::_;
using Rcpp::List;
using Rcpp::NumericMatrix;
using Rcpp::NumericVector;
namespace response = respondr::response;

namespace {

struct Arm {
  std::vector<std::uint32_t> places, responders;
};

double shown(double x) { return x == x ? x : NA_REAL; }

}  // namespace

// [[Rcpp::export]]
List response_threshold_curve(List input) {
  return respondr_glue::guarded([&]() -> List {
    const NumericVector cut = input["cutoffs"];
    const response::Cutoffs cutoffs{cut.begin(), static_cast<std::size_t>(cut.size()), Rcpp::as<bool>(input["at_least"])};
    const List values = input["arms"];
    const Rcpp::IntegerVector level = input["level"], reference = input["reference"];
    response::SupTOptions options;
    options.conf_level = Rcpp::as<double>(input["conf_level"]);
    options.replicates = Rcpp::as<int>(input["replicates"]);
    options.threads = Rcpp::as<int>(input["threads"]);
    const double alpha = respondr::rounded_alpha(options.conf_level);
    const int m = static_cast<int>(cut.size()), k = static_cast<int>(values.size());
    const int pairs = static_cast<int>(level.size());
    Rcpp::IntegerMatrix events(k, m);
    NumericMatrix low(k, m), high(k, m), difference_low(pairs, m), difference_high(pairs, m);
    NumericVector critical(pairs, NA_REAL);
    std::vector<Arm> arms(static_cast<std::size_t>(k));
    for (int a = 0; a < k; ++a) {
      const NumericVector x = values[a];
      Arm& arm = arms[static_cast<std::size_t>(a)];
      arm.places = response::places(cutoffs, {x.begin(), static_cast<std::size_t>(x.size())});
      arm.responders = response::responders_of(arm.places, cutoffs.size);
      for (std::size_t j = 0; j < cutoffs.size; ++j) {
        const int at = static_cast<int>(cutoffs.at(j));
        const response::BandLimits band = response::rate_band(arm.responders[j], arm.places.size(), alpha);
        events(a, at) = static_cast<int>(arm.responders[j]);
        low(a, at) = shown(band.low);
        high(a, at) = shown(band.high);
      }
    }
    if (options.replicates > 0) options.seed = respondr_glue::seed_of(input);
    for (int i = 0; i < pairs; ++i) {
      const Arm& one = arms[static_cast<std::size_t>(level[i] - 1)];
      const Arm& zero = arms[static_cast<std::size_t>(reference[i] - 1)];
      const std::size_t n1 = one.places.size(), n0 = zero.places.size();
      const response::DifferenceCurve curve(one.responders, n1, zero.responders, n0);
      const double half = response::dkw_half(n1, 0.5 * alpha) + response::dkw_half(n0, 0.5 * alpha);
      options.problem = static_cast<std::uint64_t>(i);
      if (options.replicates > 0) {
        const respondr::Hooks hooks = respondr_glue::r_hooks(input);
        critical[i] = shown(response::sup_t(one.places, zero.places, curve, options, hooks).critical);
      }
      for (std::size_t j = 0; j < cutoffs.size; ++j) {
        const int at = static_cast<int>(cutoffs.at(j));
        const double s = curve.std_error[j];
        const double reach = options.replicates == 0 ? half : s > 0.0 ? critical[i] * s : respondr::missing;
        const response::BandLimits band = response::difference_band(curve.difference[j], reach);
        difference_low(i, at) = shown(band.low);
        difference_high(i, at) = shown(band.high);
      }
    }
    return List::create(_["events"] = events, _["low"] = low, _["high"] = high, _["difference_low"] = difference_low,
                        _["difference_high"] = difference_high, _["critical"] = critical);
  });
}

namespace {

// Rows of patients as the core reads them; R's vectors stay alive with it.
struct Patients {
  NumericMatrix x, code;
  NumericVector y;
  std::vector<int> arm;
  response::RiskProblem problem;

  explicit Patients(const List& input) : x(input["x"]), code(input["code"]), y(input["y"]), arm(from_zero(input["arm"])) {
    problem.x = x.begin();
    problem.n = static_cast<std::size_t>(x.nrow());
    problem.p = static_cast<std::size_t>(x.ncol());
    problem.y = y.begin();
    problem.arm = arm.data();
    problem.arms = static_cast<std::size_t>(code.nrow());
    problem.first = static_cast<std::size_t>(Rcpp::as<int>(input["first"]));
    problem.last = problem.first + static_cast<std::size_t>(code.ncol());
    problem.code = code.begin();
  }

  static std::vector<int> from_zero(const Rcpp::IntegerVector& from_one) {
    std::vector<int> out(from_one.begin(), from_one.end());
    for (int& a : out) --a;
    return out;
  }
};

NumericMatrix contrast_matrix(const std::vector<response::RiskContrasts>& rows,
                              response::RiskContrast response::RiskContrasts::*which) {
  NumericMatrix out(static_cast<int>(rows.size()), 6);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const response::RiskContrast& r = rows[i].*which;
    const double value[] = {r.estimate, r.std_error, r.low, r.high, r.statistic, r.p_value};
    for (int j = 0; j < 6; ++j) out(static_cast<int>(i), j) = shown(value[j]);
  }
  Rcpp::colnames(out) =
      Rcpp::CharacterVector::create("estimate", "std_error", "conf_low", "conf_high", "statistic", "p_value");
  return out;
}

NumericMatrix limits_matrix(const std::vector<response::RiskLimits>& rows) {
  NumericMatrix out(static_cast<int>(rows.size()), 5);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const response::RiskLimits& r = rows[i];
    const double value[] = {r.std_error, r.low, r.high, r.basic_low, r.basic_high};
    for (int j = 0; j < 5; ++j) out(static_cast<int>(i), j) = shown(value[j]);
  }
  return out;
}

}  // namespace

// [[Rcpp::export]]
List response_risk_bootstrap(List input) {
  return respondr_glue::guarded([&]() -> List {
    const Patients patients(input);
    const response::RiskProblem& problem = patients.problem;
    response::RiskOptions options;
    options.model = respondr_glue::word<response::RiskModel>(input, "model");
    options.conf_level = Rcpp::as<double>(input["conf_level"]);
    options.replicates = Rcpp::as<int>(input["replicates"]);
    options.threads = Rcpp::as<int>(input["threads"]);
    options.seed = respondr_glue::seed_of(input);
    options.problem = static_cast<std::uint64_t>(Rcpp::as<int>(input["problem"]));
    const response::RiskAnswer answer = response::bootstrap_risks(problem, options, respondr_glue::r_hooks(input));
    return List::create(_["risk"] = NumericVector(answer.risk.begin(), answer.risk.end()),
                        _["difference"] = limits_matrix(answer.difference), _["ratio"] = limits_matrix(answer.ratio),
                        _["refitted"] = answer.refitted, _["failed"] = answer.failed);
  });
}

// [[Rcpp::export]]
List response_risk_variance(List input) {
  return respondr_glue::guarded([&]() -> List {
    const Patients patients(input);
    const NumericVector beta = input["beta"];
    const NumericMatrix vcov = input["vcov"];
    const std::vector<int> stratum = Patients::from_zero(input["stratum"]);
    response::RiskModelFit fit;
    fit.data = patients.problem;
    fit.beta = beta.begin();
    fit.vcov = vcov.begin();
    fit.stratum = stratum.empty() ? nullptr : stratum.data();
    fit.strata = static_cast<std::size_t>(Rcpp::as<int>(input["strata"]));
    const response::RiskTable table(fit);
    const auto kind = respondr_glue::word<response::RiskVariance>(input, "variance");
    const auto rows = response::risk_contrasts(table, kind, Rcpp::as<double>(input["conf_level"]));
    return List::create(_["difference"] = contrast_matrix(rows, &response::RiskContrasts::difference),
                        _["ratio"] = contrast_matrix(rows, &response::RiskContrasts::ratio));
  });
}

// [[Rcpp::export]]
List response_share_limits(NumericMatrix counts, int method, double conf_level) {
  return respondr_glue::guarded([&]() -> List {
    const int k = counts.nrow(), problems = counts.ncol();
    NumericMatrix low(k, problems), high(k, problems);
    std::vector<response::ShareLimits> limits(static_cast<std::size_t>(k));
    for (int j = 0; j < problems; ++j) {
      response::simultaneous_shares(static_cast<response::SimultaneousMethod>(method), &counts(0, j), limits.size(),
                                    conf_level, limits.data());
      for (int i = 0; i < k; ++i) {
        low(i, j) = shown(limits[static_cast<std::size_t>(i)].low);
        high(i, j) = shown(limits[static_cast<std::size_t>(i)].high);
      }
    }
    return List::create(_["low"] = low, _["high"] = high);
  });
}
