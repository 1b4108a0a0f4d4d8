// Mixed models for repeated measures: lists of R in, lists of R out. Numbers of rows, columns, visits, groups and parameters
// are 1-based in R. Words are those of R/rm_mmrm*.R.
//
// problem
//   x         double matrix n x p, all columns of the model (aliased ones too)
//   y         double vector of length n, matrix n x K, or list of K vectors; NA: not observed
//   patient   int n, rows sorted by patient
//   visit     int n in 1..n_visits; a patient has a visit once
//   n_visits  int
//   group     int n in 1..n_groups (covariance groups), or NULL
//   n_groups  int, 1 if group is NULL
//   weights   double n, positive, or NULL: the variance of a row is divided by its weight
//   times     NULL, double n_visits (of the visits) or double n (of the rows); used by sp_exp alone. By row, the visits of sp_exp
//             are the distinct times
//
// rm_mmrm_fit(problem, options, threads): options
//   structures      character: us toep toeph ar1 ar1h cs csh ad adh sp_exp; the next one only where the one before has no maximum
//   reml            logical
//   max_iterations  int (100), of the first search; where it finds no maximum a second one, of at most 50, has no bounds
//   tolerance       double (1e-10), on the convergence measure;  progress  NULL or function(done, total)
// gives a list of K fits:
//   status               int, Status: ok; rank_deficient (a good fit, aliased columns left out); no_data; no_variance (X explains
//                        y); too_few (no more measurements than coefficients); not_converged; boundary (Sigma singular or a visit without
//                        spread); not_estimable (parameters without information: `trouble`)
//   structure            character(1), the one reported;  tried, tried_status  character and int: those tried, in order
//   kept, aliased        int: columns of x;  beta  double p, NA for aliased;  vcov  kept x kept, model-based
//   theta                double matrix q x groups, natural parameters;  theta_kind  int q: 0 variance, 1 covariance,
//                        2 correlation, 3 residual variance (cs), 4 range (sp_exp); theta_high, theta_low  int q: visits (us, ad:
//                        both; variances: the visit twice), for toep(h) the lag and 0, 0 0 where one parameter serves all
//   sigma                list of groups: visits x visits (empty for more than 60 distinct times)
//   times                double: of the visits as the structure saw them
//   log_likelihood       with all constants, as SAS, nlme and mmrm count them
//   information_observed, information_expected   q groups square, of theta;  gradient  of the log likelihood in theta
//   convergence          g' H^-1 g;  iterations;  n_observations, n_patients   int
//   trouble              int: parameters (group after group) that explain boundary or not_estimable
//
// rm_mmrm_test(problem, fits, contrasts, options, threads): fits is what rm_mmrm_fit() gave for this problem; contrasts is a
// list of double matrices k x p over all columns of x (k = 1: t test; k > 1: F test of the independent rows). options
//   reml            logical, as in the fit
//   df              int: 0 satterthwaite, 1 kenward_roger (SAS DDFM=KR: natural parameters with second derivatives),
//                   2 kenward_roger_linear (SAS KR(FIRSTORDER)), 3 kenward_roger_cholesky (mmrm's parameters), 4 between_within,
//                   5 residual, 6 asymptotic
//   vcov            int: 0 model (KR methods: adjusted), 1 CR0, 2 CR2, 3 CR3; robust ones not with KR methods
//   conf_level      double;  alternative  int (0 two-sided, 1 less, 2 greater; t tests only)
//   null            double, one value a contrast (t tests only) or NULL
//   information     int: 0 observed (SAS, mmrm), 1 expected (Kenward and Roger's paper, pbkrtest)
//   convention      int: 0 sas, 1 mmrm. Satterthwaite F where a component has 2 or fewer df: sas leaves it out, mmrm gives 2 df;
//                   between_within: sas gives the between df to all under us and to a contrast without within-patient columns,
//                   mmrm the smaller df of the columns in it, the intercept counting as within; CR2: sas the root of
//                   Pustejovsky and Tipton (clubSandwich), mmrm the root of that package
//   progress        NULL or function(done, total)
// gives a list of columns of length K x contrasts, contrast fastest:
//   outcome, contrast   int;  estimate, std_error, statistic (t or F), df (numerator df for F), df_denominator (F only),
//   p_value, conf_low, conf_high   double;  status  int: ok, not_estimable (aliased columns), or that of a fit without answer.
//   For t tests df has the degrees of freedom and df_denominator is NA.
//
// rm_mmrm_covariance(problem, fits, options, threads): options reml, df, vcov, information, convention as above. List of K:
//   vcov of the kept columns.
//
// rm_mmrm_residuals(problem, fits): list of K lists of double n: fitted, raw, pearson (raw over its standard deviation),
//   normalized (L^-1 raw, L the lower Cholesky factor of the covariance of the patient); NA where y is.
#include "guard.h"

#include <respondr/rm/mmrm.hpp>

using Rcpp::_;
using Rcpp::List;
using namespace respondr;
using respondr_glue::r_hooks;

namespace {

// Codes from 0 live as long as the reader.
struct ProblemReader {
  rm::MmrmData data;
  std::vector<int> patient, visit, group;

  explicit ProblemReader(const List& problem) {
    const SEXP x = problem["x"];
    data.rows = Rf_nrows(x);
    data.columns = Rf_ncols(x);
    data.x = REAL(x);
    patient = codes(problem["patient"]);
    visit = codes(problem["visit"]);
    data.patient = patient.data();
    data.visit = visit.data();
    data.visits = Rcpp::as<int>(problem["n_visits"]);
    if (present(problem, "group")) {
      group = codes(problem["group"]);
      data.group = group.data();
      data.groups = Rcpp::as<int>(problem["n_groups"]);
    }
    if (present(problem, "weights")) data.weight = REAL(problem["weights"]);
    if (present(problem, "times")) {
      data.time = REAL(problem["times"]);
      data.time_by_row = Rf_length(problem["times"]) == data.rows;
    }
    read_outcomes(problem["y"]);
  }

 private:
  static bool present(const List& x, const char* name) { return x.containsElementNamed(name) && !Rf_isNull(x[name]); }

  static std::vector<int> codes(const Rcpp::IntegerVector& x) {
    std::vector<int> out(x.size());
    std::transform(x.begin(), x.end(), out.begin(), [](int code) { return code - 1; });
    return out;
  }

  void read_outcomes(SEXP y) {
    if (TYPEOF(y) == VECSXP) {
      for (R_xlen_t k = 0; k < Rf_xlength(y); ++k) data.outcome.push_back(REAL(VECTOR_ELT(y, k)));
      return;
    }
    const std::size_t count = Rf_isMatrix(y) ? Rf_ncols(y) : 1;
    for (std::size_t k = 0; k < count; ++k) data.outcome.push_back(REAL(y) + k * data.rows);
  }
};

Rcpp::NumericVector vector_to_r(const Eigen::VectorXd& x) { return Rcpp::NumericVector(x.data(), x.data() + x.size()); }

Rcpp::NumericMatrix matrix_to_r(const Eigen::MatrixXd& x) {
  Rcpp::NumericMatrix out(static_cast<int>(x.rows()), static_cast<int>(x.cols()));
  std::copy(x.data(), x.data() + x.size(), out.begin());
  return out;
}

Rcpp::IntegerVector numbers_to_r(const std::vector<int>& x) {
  Rcpp::IntegerVector out(x.size());
  std::transform(x.begin(), x.end(), out.begin(), [](int i) { return i + 1; });
  return out;
}

List parameters_to_r(const rm::MmrmFit& fit, int visits) {
  const rm::Covariance cov(fit.structure, rm::Form::natural, visits, {}, {});
  const int q = fit.theta.size() == 0 ? 0 : cov.size();
  Rcpp::IntegerVector kind(q), high(q), low(q);
  for (int a = 0; a < q; ++a) {
    const rm::ParameterLabel label = cov.label(a);
    kind[a] = static_cast<int>(label.kind);
    high[a] = label.high;
    low[a] = label.low;
  }
  Rcpp::NumericMatrix theta(q, q == 0 ? 0 : static_cast<int>(fit.theta.size()) / q);
  std::copy(fit.theta.data(), fit.theta.data() + fit.theta.size(), theta.begin());
  return List::create(_["theta"] = theta, _["theta_kind"] = kind, _["theta_high"] = high, _["theta_low"] = low);
}

List fit_to_r(const rm::MmrmFit& fit, const rm::MmrmData& data) {
  List out = List::create(_["status"] = static_cast<int>(fit.status), _["structure"] = rm::structure_word(fit.structure));
  Rcpp::CharacterVector tried(fit.attempts.size());
  Rcpp::IntegerVector tried_status(fit.attempts.size());
  for (std::size_t k = 0; k < fit.attempts.size(); ++k) {
    tried[k] = rm::structure_word(fit.attempts[k].structure);
    tried_status[k] = static_cast<int>(fit.attempts[k].status);
  }
  out["tried"] = tried;
  out["tried_status"] = tried_status;
  out["kept"] = numbers_to_r(fit.kept);
  out["aliased"] = numbers_to_r(fit.aliased);
  Rcpp::NumericVector beta(data.columns, NA_REAL);
  for (Eigen::Index k = 0; k < fit.beta.size(); ++k) beta[fit.kept[k]] = fit.beta[k];
  out["beta"] = beta;
  out["vcov"] = matrix_to_r(fit.vcov);
  const List parameters = parameters_to_r(fit, fit.times.empty() ? data.visits : static_cast<int>(fit.times.size()));
  for (const char* name : {"theta", "theta_kind", "theta_high", "theta_low"}) out[name] = parameters[name];
  List sigma(fit.sigma.size());
  std::transform(fit.sigma.begin(), fit.sigma.end(), sigma.begin(), matrix_to_r);
  out["sigma"] = sigma;
  out["times"] = Rcpp::wrap(fit.times);
  out["log_likelihood"] = fit.log_likelihood == fit.log_likelihood ? fit.log_likelihood : NA_REAL;
  out["information_observed"] = matrix_to_r(fit.information_observed);
  out["information_expected"] = matrix_to_r(fit.information_expected);
  out["gradient"] = vector_to_r(fit.gradient);
  out["convergence"] = fit.convergence == fit.convergence ? fit.convergence : NA_REAL;
  out["iterations"] = fit.iterations;
  out["n_observations"] = fit.observations;
  out["n_patients"] = fit.patients;
  out["trouble"] = numbers_to_r(fit.trouble);
  return out;
}

rm::MmrmOptions read_options(const List& x) {
  rm::MmrmOptions o;
  o.structures.clear();
  for (const std::string& word : Rcpp::as<std::vector<std::string>>(x["structures"])) {
    o.structures.push_back(rm::structure_of(word));
  }
  o.reml = Rcpp::as<bool>(x["reml"]);
  if (x.containsElementNamed("max_iterations")) o.max_iterations = Rcpp::as<int>(x["max_iterations"]);
  if (x.containsElementNamed("tolerance")) o.tolerance = Rcpp::as<double>(x["tolerance"]);
  return o;
}

int integer_or(const List& x, const char* name, int otherwise) {
  return x.containsElementNamed(name) ? Rcpp::as<int>(x[name]) : otherwise;
}

rm::InferenceOptions read_inference(const List& x) {
  rm::InferenceOptions o;
  o.reml = Rcpp::as<bool>(x["reml"]);
  o.df = static_cast<rm::DfMethod>(integer_or(x, "df", 0));
  o.vcov = static_cast<rm::VcovType>(integer_or(x, "vcov", 0));
  o.information = static_cast<rm::Information>(integer_or(x, "information", 0));
  o.convention = static_cast<rm::Convention>(integer_or(x, "convention", 0));
  if (rm::kenward_roger(o.df) && o.vcov != rm::VcovType::model) {
    throw input_error("vcov", "Kenward-Roger has its own covariance matrix and goes with no robust one");
  }
  return o;
}

std::vector<rm::FitPoint> read_fits(const List& fits) {
  std::vector<rm::FitPoint> out(fits.size());
  for (std::size_t k = 0; k < out.size(); ++k) {
    const List fit = fits[k];
    out[k].status = static_cast<Status>(Rcpp::as<int>(fit["status"]));
    out[k].structure = rm::structure_of(Rcpp::as<std::string>(fit["structure"]));
    const Rcpp::NumericVector theta = fit["theta"];
    out[k].theta = Eigen::Map<const Eigen::VectorXd>(theta.begin(), theta.size());
  }
  return out;
}

std::vector<rm::Contrast> read_contrasts(const List& contrasts, const List& options) {
  std::vector<rm::Contrast> out(contrasts.size());
  for (std::size_t c = 0; c < out.size(); ++c) {
    const Rcpp::NumericMatrix rows = contrasts[c];
    out[c].rows = Eigen::Map<const Eigen::MatrixXd>(rows.begin(), rows.nrow(), rows.ncol());
  }
  if (options.containsElementNamed("null") && !Rf_isNull(options["null"])) {
    const Rcpp::NumericVector null = options["null"];
    for (std::size_t c = 0; c < out.size(); ++c) out[c].null = null[c];
  }
  return out;
}

constexpr std::pair<const char*, double rm::TestRow::*> test_columns[] = {
    {"estimate", &rm::TestRow::estimate},   {"std_error", &rm::TestRow::std_error},
    {"statistic", &rm::TestRow::statistic}, {"df", &rm::TestRow::df},
    {"df_denominator", &rm::TestRow::df_denominator}, {"p_value", &rm::TestRow::p_value},
    {"conf_low", &rm::TestRow::conf_low},   {"conf_high", &rm::TestRow::conf_high}};

List tests_to_r(const std::vector<rm::TestRow>& rows, std::size_t contrasts) {
  const R_xlen_t n = static_cast<R_xlen_t>(rows.size());
  Rcpp::IntegerVector outcome(n), contrast(n), status(n);
  for (R_xlen_t i = 0; i < n; ++i) {
    outcome[i] = static_cast<int>(i / contrasts) + 1;
    contrast[i] = static_cast<int>(i % contrasts) + 1;
    status[i] = static_cast<int>(rows[i].status);
  }
  List out = List::create(_["outcome"] = outcome, _["contrast"] = contrast);
  for (const auto& column : test_columns) {
    Rcpp::NumericVector values(n);
    std::transform(rows.begin(), rows.end(), values.begin(), [&column](const rm::TestRow& row) {
      const double x = row.*column.second;
      return x == x ? x : NA_REAL;
    });
    out[column.first] = values;
  }
  out["status"] = status;
  return out;
}

Rcpp::NumericVector values_to_r(const std::vector<double>& x) {
  Rcpp::NumericVector out(x.size());
  std::transform(x.begin(), x.end(), out.begin(), [](double v) { return v == v ? v : NA_REAL; });
  return out;
}

}  // namespace

// [[Rcpp::export]]
List rm_mmrm_fit(List problem, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const ProblemReader reader(problem);
    const std::size_t infinite = reader.data.infinite_outcome();
    if (infinite != no_problem) return respondr_glue::core_error("infinite", "outcome", std::to_string(infinite + 1));
    std::vector<rm::MmrmFit> fits(reader.data.outcome.size());
    rm::fit_all(reader.data, read_options(options), threads, r_hooks(options),
                [&fits](std::size_t k, rm::MmrmFit&& fit) { fits[k] = std::move(fit); });
    List out(fits.size());
    std::transform(fits.begin(), fits.end(), out.begin(), [&](const rm::MmrmFit& fit) { return fit_to_r(fit, reader.data); });
    return out;
  });
}

// [[Rcpp::export]]
List rm_mmrm_test(List problem, List fits, List contrasts, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const ProblemReader reader(problem);
    const std::vector<rm::Contrast> asked = read_contrasts(contrasts, options);
    rm::TestOptions o;
    o.inference = read_inference(options);
    o.conf_level = Rcpp::as<double>(options["conf_level"]);
    o.alternative = static_cast<Alternative>(integer_or(options, "alternative", 0));
    std::vector<rm::TestRow> rows(reader.data.outcome.size() * asked.size());
    rm::test_all(reader.data, read_fits(fits), asked, o, threads, r_hooks(options),
                 [&](std::size_t k, std::size_t c, const rm::TestRow& row) { rows[k * asked.size() + c] = row; });
    return tests_to_r(rows, asked.size());
  });
}

// [[Rcpp::export]]
List rm_mmrm_covariance(List problem, List fits, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const ProblemReader reader(problem);
    const std::vector<rm::FitPoint> points = read_fits(fits);
    std::vector<Eigen::MatrixXd> vcov(points.size());
    rm::covariance_all(reader.data, points, read_inference(options), threads, r_hooks(options),
                       [&](std::size_t k, Eigen::MatrixXd&& v) { vcov[k] = std::move(v); });
    List out(vcov.size());
    std::transform(vcov.begin(), vcov.end(), out.begin(), matrix_to_r);
    return out;
  });
}

// [[Rcpp::export]]
List rm_mmrm_residuals(List problem, List fits) {
  return respondr_glue::guarded([&]() -> List {
    const ProblemReader reader(problem);
    const std::vector<rm::FitPoint> points = read_fits(fits);
    rm::InferenceWorkspace ws;
    List out(points.size());
    for (std::size_t k = 0; k < points.size(); ++k) {
      const rm::MmrmResiduals r = rm::residuals(reader.data, reader.data.outcome[k], points[k], ws);
      out[k] = List::create(_["fitted"] = values_to_r(r.fitted), _["raw"] = values_to_r(r.raw),
                            _["pearson"] = values_to_r(r.pearson), _["normalized"] = values_to_r(r.normalized));
    }
    return out;
  });
}
