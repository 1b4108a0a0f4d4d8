// What a prediction is worth. input: event (0/1), weight (or NULL) and what is judged: scores (list of double columns),
// p and
// eta (probabilities, log odds), or x and offset (a logistic model that is refitted). options: words as codes, numbers,
// seed.
#include "columns.h"
#include "guard.h"
#include "validation_summary.h"

#include <respondr/validate.hpp>

using Rcpp::List;
using Rcpp::NumericVector;
using namespace respondr;
using respondr_glue::entry;
using respondr_glue::r_hooks;
using respondr_glue::word;
namespace validate = respondr::validate;

namespace {

using Rows = respondr_glue::Columns<validate::MeasureRow>;

const double* numbers(const List& input, const char* name) {
  const SEXP x = entry(input, name);
  return Rf_isNull(x) ? nullptr : REAL(x);
}

validate::Patients patients_of(const List& input) {
  const SEXP event = entry(input, "event");
  return {static_cast<std::size_t>(Rf_xlength(event)), REAL(event), numbers(input, "weight")};
}

std::vector<validate::Marker> measure_all(const List& input) {
  const validate::Patients patients = patients_of(input);
  const std::vector<const double*> scores = respondr_glue::column_pointers(entry(input, "scores"));
  std::vector<validate::Marker> out(scores.size());
  validate::Ascending order;
  for (std::size_t j = 0; j < scores.size(); ++j) validate::measure(patients, scores[j], order, out[j]);
  return out;
}

List store_all(const std::vector<validate::MeasureRow>& rows) {
  const Rows columns(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) columns.store(i, rows[i]);
  return columns.columns();
}

template <class T, class Get>
NumericVector column(const std::vector<T>& rows, Get get) {
  NumericVector out(rows.size());
  std::transform(rows.begin(), rows.end(), out.begin(), [&](const T& row) {
    const double value = get(row);
    return value == value ? value : NA_REAL;
  });
  return out;
}

}  // namespace

// Rows of the markers, then of the pairs (first, second: numbers of markers from 1) on the same patients.
// [[Rcpp::export]]
List validate_areas(List input, List options) {
  return respondr_glue::guarded([&]() -> List {
    const auto interval = word<validate::AucInterval>(options, "interval");
    const double level = options["conf_level"];
    const std::vector<validate::Marker> markers = measure_all(input);
    std::vector<validate::MeasureRow> rows;
    for (const validate::Marker& m : markers) rows.push_back(validate::auc_row(m, interval, level));
    const Rcpp::IntegerVector first = input["first"], second = input["second"];
    for (R_xlen_t k = 0; k < first.size(); ++k) {
      rows.push_back(
          validate::compare_paired_areas(patients_of(input), markers[first[k] - 1], markers[second[k] - 1], level));
    }
    return store_all(rows);
  });
}

// inputs: one a group of patients, each with one score. Rows of the groups, then of the pairs.
// [[Rcpp::export]]
List validate_independent_areas(List inputs, Rcpp::IntegerVector first, Rcpp::IntegerVector second, List options) {
  return respondr_glue::guarded([&]() -> List {
    const auto interval = word<validate::AucInterval>(options, "interval");
    const double level = options["conf_level"];
    std::vector<validate::Marker> markers;
    for (R_xlen_t g = 0; g < inputs.size(); ++g) markers.push_back(measure_all(List(inputs[g]))[0]);
    std::vector<validate::MeasureRow> rows;
    for (const validate::Marker& m : markers) rows.push_back(validate::auc_row(m, interval, level));
    for (R_xlen_t k = 0; k < first.size(); ++k) {
      rows.push_back(validate::compare_independent_areas(markers[first[k] - 1], markers[second[k] - 1], interval, level));
    }
    return store_all(rows);
  });
}

// Rows: Brier, scaled Brier, log score, intercept, slope, Hosmer-Lemeshow; and its groups.
// [[Rcpp::export]]
List validate_probabilities(List input, List options) {
  return respondr_glue::guarded([&]() -> List {
    const validate::Patients patients = patients_of(input);
    const double *p = numbers(input, "p"), *eta = numbers(input, "eta");
    const double level = options["conf_level"];
    std::vector<validate::MeasureRow> rows{validate::brier_row(patients, p, level),
                                           validate::scaled_brier_row(patients, p, level),
                                           validate::log_score_row(patients, p, level)};
    rows.resize(5);
    validate::Calibrator calibrator;
    validate::calibration_rows(patients, eta, level, calibrator, rows[3], rows[4]);
    validate::Ascending order;
    order.sort(patients, p);
    const int wanted = options["groups"];
    const auto groups = validate::risk_groups(patients, order, wanted, word<validate::Grouping>(options, "grouping"));
    rows.push_back(validate::hosmer_row(patients, groups, wanted, options["fitted"]));
    using Group = validate::RiskGroup;
    const List table = List::create(Rcpp::_["n"] = column(groups, [](const Group& g) { return g.n; }),
                                    Rcpp::_["events"] = column(groups, [](const Group& g) { return g.events; }),
                                    Rcpp::_["expected"] = column(groups, [](const Group& g) { return g.expected; }),
                                    Rcpp::_["low"] = column(groups, [](const Group& g) { return g.low; }),
                                    Rcpp::_["high"] = column(groups, [](const Group& g) { return g.high; }));
    return List::create(Rcpp::_["rows"] = store_all(rows), Rcpp::_["groups"] = table);
  });
}

// [[Rcpp::export]]
List validate_roc(List input) {
  return respondr_glue::guarded([&]() -> List {
    const validate::Patients patients = patients_of(input);
    validate::Ascending order;
    order.sort(patients, respondr_glue::column_pointers(entry(input, "scores"))[0]);
    using Point = validate::RocPoint;
    const std::vector<Point> points = validate::roc_points(patients, order);
    return List::create(Rcpp::_["threshold"] = column(points, [](const Point& q) { return q.threshold; }),
                        Rcpp::_["true_positive"] = column(points, [](const Point& q) { return q.true_positive; }),
                        Rcpp::_["false_positive"] = column(points, [](const Point& q) { return q.false_positive; }));
  });
}

// [[Rcpp::export]]
List validate_decisions(List input, NumericVector thresholds, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    validate::DecisionOptions o{options["conf_level"], options["replicates"], respondr_glue::seed_of(options)};
    const auto rows = validate::decision_curve(patients_of(input), numbers(input, "p"),
                                               {thresholds.begin(), static_cast<std::size_t>(thresholds.size())}, o,
                                               threads, r_hooks(options));
    using Point = validate::NetBenefit;
    return List::create(Rcpp::_["threshold"] = column(rows, [](const Point& q) { return q.threshold; }),
                        Rcpp::_["net_benefit"] = column(rows, [](const Point& q) { return q.model; }),
                        Rcpp::_["conf_low"] = column(rows, [](const Point& q) { return q.low; }),
                        Rcpp::_["conf_high"] = column(rows, [](const Point& q) { return q.high; }),
                        Rcpp::_["treat_all"] = column(rows, [](const Point& q) { return q.all; }));
  });
}

// The model x, refitted in resamples, or where options$folds is above 0 in cross-validation.
// [[Rcpp::export]]
List validate_model(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const validate::Patients patients = patients_of(input);
    validate::LogisticProcedure procedure;
    procedure.x = numbers(input, "x");
    procedure.n = patients.n;
    procedure.p = static_cast<std::size_t>(Rf_ncols(entry(input, "x")));
    procedure.event = patients.event;
    procedure.offset = numbers(input, "offset");
    procedure.options.estimator = word<logistic::Estimator>(options, "estimator");
    procedure.options.logf_m = options["logf_m"];
    procedure.flac = options["flac"];
    const int folds = options["folds"];
    if (folds > 0) {
      int used = folds;
      const validate::FoldOptions o{folds, options["replicates"], options["conf_level"], respondr_glue::seed_of(options)};
      const validate::Validation v = validate::validate_folds(patients, procedure, o, threads, r_hooks(options), used);
      return respondr_glue::summary_of(v, used);
    }
    const validate::BootstrapOptions o{options["replicates"], options["stratified"], options["conf_level"],
                                       respondr_glue::seed_of(options)};
    return respondr_glue::summary_of(validate::validate_bootstrap(patients, procedure, o, threads, r_hooks(options)), 0);
  });
}

// [[Rcpp::export]]
List validate_cutpoint(List input, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    validate::CutOptions o;
    o.criterion = word<validate::Criterion>(options, "criterion");
    o.direction = word<validate::Direction>(options, "direction");
    o.bound = options["bound"];
    o.cost = options["cost"];
    o.replicates = options["replicates"];
    o.conf_level = options["conf_level"];
    o.seed = respondr_glue::seed_of(options);
    const double* marker = respondr_glue::column_pointers(entry(input, "scores"))[0];
    const validate::CutValidation v = validate::validate_cut(patients_of(input), marker, o, threads, r_hooks(options));
    return List::create(
        Rcpp::_["status"] = static_cast<int>(v.cut.status), Rcpp::_["higher"] = v.cut.higher,
        Rcpp::_["point"] = v.cut.point, Rcpp::_["neighbour"] = v.cut.neighbour, Rcpp::_["tied"] = v.cut.tied,
        Rcpp::_["true_positive"] = v.cut.true_positive, Rcpp::_["true_negative"] = v.cut.true_negative,
        Rcpp::_["limits"] = NumericVector::create(v.low, v.high),
        Rcpp::_["sensitivity"] = NumericVector::create(v.cut.sensitivity, v.sensitivity_optimism, v.sensitivity_low,
                                                       v.sensitivity_high),
        Rcpp::_["specificity"] = NumericVector::create(v.cut.specificity, v.specificity_optimism, v.specificity_low,
                                                       v.specificity_high),
        Rcpp::_["used"] = v.used, Rcpp::_["turned"] = v.turned);
  });
}
