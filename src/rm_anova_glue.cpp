// Glue of rm_anova(). Conversions only; what the numbers mean is said in inst/include/respondr/rm/.
//
// rm_anova_solve(input, design, options, threads)
//   input    outcomes     named list of double columns (or a double matrix)
//            rows         integer matrix, patients x cells, of row numbers from 1; NA: visit not made
//            group_start  offsets of the `by` groups over patients: 0, ..., number of patients
//   design   x            double matrix, patients x q; first column 1 (intercept), sum-to-zero contrasts and centred covariates;
//                         a row with NA leaves the patient out
//            assign       integer[q]: 0 the intercept, t the t-th between term
//            contains     logical matrix terms x terms: [i, j] TRUE if term j contains term i (0 x 0 without between terms)
//            within       list of double matrices cells x d with orthonormal columns, the first the constant 1 / sqrt(cells);
//                         the within terms must be orthogonal to each other
//            within_levels  integer, one a within term: number of cells of the table of its factors (constant 1; A of A x B:
//                         levels of A); NULL: the number of cells, 1 for the constant
//            observed     logical matrix within terms x (terms + 1), columns intercept, terms: the pair holds a measured factor
//                         or covariate; NULL: none does
//            between_cell integer, one a patient: his cell of the between factors, from 1; NULL: one cell
//            type         1, 2 or 3
//   options  grand_mean   logical: also the test of the grand mean (first row of a problem)
//            multivariate, sphericity, structure   logical: compute these (structure: compound symmetry and Box's M)
//            effect_limits  0 none, 1 l / (l + df1 + df2 + 1) (Steiger 2004, Stata), 2 l / (l + df2) (R's effectsize)
//            effect_level   level of these limits, e.g. .90
//            progress     NULL or function(done, total)
//   value    list(tests, problems)
//   tests    one row for problem (outcome first, then group) x within term x (intercept, between terms), the last fastest;
//            problem, within, between: integers, from 1, between 0 for the intercept;
//            n; ss ss_error df df_error f p;
//            epsilon_lower epsilon_gg epsilon_hf (SPSS) epsilon_hf_lecoutre as computed (gg is within its range by itself),
//            epsilon_hf_used epsilon_hf_lecoutre_used cut at 1; p_lower p_gg p_hf p_hf_lecoutre by the used ones;
//            mauchly_w mauchly_chisq mauchly_df mauchly_p (second-order, R and SPSS) mauchly_p_first (chi-square alone, SAS);
//            pillai wilks hotelling roy, each with _f _df1 _df2 _p; mckeon_f mckeon_df1 mckeon_df2 mckeon_p (the other F of
//            hotelling); eta2 omega2 (partial) with _low _high; eta2_generalised omega2_generalised;
//            df_lost (columns of the term that depend on others); status status_sphericity status_multivariate (codes of Status)
//   problems one row a problem: n n_dropped rank df_error; symmetry_chisq symmetry_df symmetry_p; box_m box_df box_p_chisq
//            (M times its factor as a chi-square) box_f box_df1 box_df2 box_p (F) box_groups (cells used); status_symmetry
//            status_box
//   An infinite measurement: core error of kind "infinite", message the number of the outcome, as in paired_solve.
//
// rm_anova_contrasts(input, design, l, c, options, threads)
//   input, design as above (type, observed, between_cell not used)
//   l        double matrix k x q; row j gives the means l[j, ] B
//   c        double matrix cells x k; contrast j is l[j, ] B c[, j]
//   options  pooled       logical: error of the within terms instead of each contrast's own
//            correlation  logical: also the correlations of the estimates
//            conf_level, progress
//   value    list(contrasts, correlation): one row for problem x contrast (contrast fastest): problem, contrast, n estimate
//            std_error df statistic p conf_low conf_high status; correlation: array k x k x problems, or NULL
//
// rm_anova_figures(figures, design, options), rm_anova_figure_contrasts(figures, design, l, c, options)
//   figures  one problem: list(n = double[G], mean = double matrix G x cells, covariance = list of G (or one pooled) double
//            matrices cells x cells) for G cells of patients; cells with n 0 or NA means are left out
//   design   as above with G rows of x, one a cell of patients; between_cell is not used
//   value    as rm_anova_solve and rm_anova_contrasts
//
// rm_anova_bootstrap(input, design, options, threads): limits of the generalised sizes; patients drawn within between_cell
//   options  replicates, bca (logical; FALSE: percentile), conf_level, seed (integer[2]), problem_labels (character, one a
//            problem: the names of outcome and group, which make the random numbers of the problem its own), progress
//   value    one row a test, in the order of rm_anova_solve without the grand mean: eta2_generalised omega2_generalised, each
//            with _low _high; replicates (in which the size exists); eta2_method omega2_method (codes of ConfMethod: 0 none,
//            8 bca, 9 percentile); status; problem within between
#include "columns.h"
#include "guard.h"

#include <respondr/rm/anova_bootstrap.hpp>
#include <respondr/rm/anova_contrast.hpp>
#include <respondr/rm/anova_figures.hpp>

#include <memory>

using Rcpp::_;
using Rcpp::List;
using namespace respondr;
using respondr_glue::seed_of;
using respondr_glue::column_pointers;
using respondr_glue::Columns;
using respondr_glue::entry;
using respondr_glue::r_hooks;
namespace anova = respondr::rm::anova;

namespace {

anova::Data read_data(const List& input) {
  anova::Data data;
  data.outcomes = column_pointers(input["outcomes"]);
  const SEXP rows = input["rows"];
  if (TYPEOF(rows) != INTSXP || !Rf_isMatrix(rows)) throw input_error("rows", "The rows must be an integer matrix.");
  data.rows = INTEGER(rows);
  data.patients = Rf_nrows(rows);
  data.cells = Rf_ncols(rows);
  data.group_start = Rcpp::as<std::vector<std::size_t>>(input["group_start"]);
  return data;
}

rm::Matrix read_matrix(SEXP x) {
  const Rcpp::NumericMatrix m(x);
  rm::Matrix out(m.nrow(), m.ncol());
  std::copy(m.begin(), m.end(), out.data.begin());
  return out;
}

std::vector<char> read_flags(SEXP x) {
  if (Rf_isNull(x)) return {};
  const Rcpp::LogicalVector v(x);
  return std::vector<char>(v.begin(), v.end());
}

anova::Design read_design(const List& x) {
  anova::Design design;
  const SEXP model = x["x"];
  if (TYPEOF(model) != REALSXP || !Rf_isMatrix(model)) throw input_error("x", "The model must be a double matrix.");
  design.patients = Rf_nrows(model);
  design.columns = Rf_ncols(model);
  design.x = REAL(model);
  design.assign = Rcpp::as<std::vector<int>>(x["assign"]);
  design.contains = read_flags(entry(x, "contains"));
  while (design.terms * design.terms < design.contains.size()) ++design.terms;
  const List within = x["within"];
  for (R_xlen_t w = 0; w < within.size(); ++w) design.within.push_back(read_matrix(within[w]));
  design.cells = design.within.empty() ? 0 : design.within[0].rows;
  const SEXP levels = entry(x, "within_levels");
  design.within_levels.assign(design.within.size(), static_cast<int>(design.cells));
  if (!design.within.empty()) design.within_levels[0] = 1;
  if (!Rf_isNull(levels)) design.within_levels = Rcpp::as<std::vector<int>>(levels);
  design.observed = read_flags(entry(x, "observed"));
  const SEXP cell = entry(x, "between_cell");
  if (!Rf_isNull(cell)) {
    for (const int code : Rcpp::IntegerVector(cell)) {
      design.between_cell.push_back(code == NA_INTEGER ? -1 : code - 1);
      design.between_cells = std::max(design.between_cells, code);
    }
  }
  design.type = static_cast<anova::Type>(Rcpp::as<int>(x["type"]));
  design.finish();
  return design;
}

anova::Options read_options(const List& x) {
  anova::Options o;
  o.grand_mean = Rcpp::as<bool>(x["grand_mean"]);
  o.multivariate = Rcpp::as<bool>(x["multivariate"]);
  o.sphericity = Rcpp::as<bool>(x["sphericity"]);
  o.structure = Rcpp::as<bool>(x["structure"]);
  o.limits = static_cast<anova::EtaLimits>(Rcpp::as<int>(x["effect_limits"]));
  o.effect_level = Rcpp::as<double>(x["effect_level"]);
  return o;
}

List infinite_error(const anova::Data& data, std::size_t problem) {
  return respondr_glue::core_error("infinite", "outcome", std::to_string(data.outcome(problem) + 1));
}

// The rows of tests of all problems, with the numbers of problem, within and between term.
template <class RowType>
class Tests {
 public:
  Tests(std::size_t problems, const anova::Design& design, const anova::Options& options)
      : design_(design), skip_(options.grand_mean ? 0 : 1), per_(anova::rows_per_problem(design, options)),
        table_(problems * per_), problem_(table_.index("problem")), within_(table_.index("within")),
        between_(table_.index("between")) {}

  void store(std::size_t problem, const std::vector<RowType>& rows) const {
    for (std::size_t k = skip_; k < rows.size(); ++k) {
      const std::size_t i = problem * per_ + k - skip_;
      table_.store(i, rows[k]);
      problem_[i] = static_cast<int>(problem) + 1;
      within_[i] = static_cast<int>(k / (design_.terms + 1)) + 1;
      between_[i] = static_cast<int>(k % (design_.terms + 1));
    }
  }
  List columns() const { return table_.columns(); }

 private:
  const anova::Design& design_;
  std::size_t skip_, per_;
  Columns<RowType> table_;
  int *problem_, *within_, *between_;
};

// The rows of contrasts of all problems, and the correlations of their estimates where asked for.
class ContrastTable {
 public:
  ContrastTable(std::size_t problems, const anova::Contrasts& contrasts)
      : k_(contrasts.size()), correlated_(contrasts.correlation), rows_(problems * k_), problem_(rows_.index("problem")),
        number_(rows_.index("contrast")), correlation_(contrasts.correlation ? problems * k_ * k_ : 0),
        cells_(correlation_.begin()) {
    if (correlated_) correlation_.attr("dim") = Rcpp::Dimension(k_, k_, problems);
  }

  void store(std::size_t i, const anova::ContrastWorkspace& w) const {
    for (std::size_t j = 0; j < k_; ++j) {
      rows_.store(i * k_ + j, w.rows[j]);
      problem_[i * k_ + j] = static_cast<int>(i) + 1;
      number_[i * k_ + j] = static_cast<int>(j) + 1;
    }
    for (std::size_t j = 0; correlated_ && j < k_ * k_; ++j) {
      cells_[i * k_ * k_ + j] = w.correlation[j] == w.correlation[j] ? w.correlation[j] : NA_REAL;
    }
  }
  List columns() const {
    return List::create(_["contrasts"] = rows_.columns(), _["correlation"] = correlated_ ? SEXP(correlation_) : R_NilValue);
  }

 private:
  std::size_t k_;
  bool correlated_;
  Columns<anova::ContrastRow> rows_;
  int *problem_, *number_;
  Rcpp::NumericVector correlation_;
  double* cells_;
};

anova::Contrasts read_contrasts(const Rcpp::NumericMatrix& l, const Rcpp::NumericMatrix& c, const List& options) {
  anova::Contrasts contrasts;
  contrasts.l = read_matrix(l);
  contrasts.c = read_matrix(c);
  contrasts.pooled = Rcpp::as<bool>(options["pooled"]);
  contrasts.correlation = Rcpp::as<bool>(options["correlation"]);
  contrasts.conf_level = Rcpp::as<double>(options["conf_level"]);
  return contrasts;
}

anova::Figures read_figures(const List& x) {
  anova::Figures figures;
  figures.n = Rcpp::as<std::vector<double>>(x["n"]);
  figures.mean = read_matrix(x["mean"]);
  const List covariance = x["covariance"];
  for (R_xlen_t g = 0; g < covariance.size(); ++g) figures.covariance.push_back(read_matrix(covariance[g]));
  const bool fits = figures.covariance.size() == 1 || figures.covariance.size() == figures.n.size();
  for (const rm::Matrix& s : figures.covariance) {
    if (s.rows != figures.mean.cols || s.cols != s.rows) {
      throw input_error("covariance", "A covariance matrix does not fit the means.");
    }
  }
  if (!fits) throw input_error("covariance", "Give one covariance matrix for each group, or one pooled over them.");
  return figures;
}

}  // namespace

// [[Rcpp::export]]
List rm_anova_solve(List input, List design, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const anova::Data data = read_data(input);
    const anova::Design model = read_design(design);
    const anova::Options o = read_options(options);
    const Tests<anova::Row> tests(data.size(), model, o);
    const Columns<anova::ProblemRow> problems(data.size());
    const std::size_t infinite = anova::solve_all(
        data, model, o, threads, r_hooks(options),
        [&](std::size_t i, const std::vector<anova::Row>& rows, const anova::ProblemRow& problem) {
          tests.store(i, rows);
          problems.store(i, problem);
        });
    if (infinite != no_problem) return infinite_error(data, infinite);
    return List::create(_["tests"] = tests.columns(), _["problems"] = problems.columns());
  });
}

// [[Rcpp::export]]
List rm_anova_contrasts(List input, List design, Rcpp::NumericMatrix l, Rcpp::NumericMatrix c, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const anova::Data data = read_data(input);
    const anova::Contrasts contrasts = read_contrasts(l, c, options);
    const ContrastTable table(data.size(), contrasts);
    const std::size_t infinite =
        anova::solve_all_contrasts(data, read_design(design), contrasts, threads, r_hooks(options),
                                   [&table](std::size_t i, const anova::ContrastWorkspace& w) { table.store(i, w); });
    return infinite == no_problem ? table.columns() : infinite_error(data, infinite);
  });
}

// [[Rcpp::export]]
List rm_anova_figures(List figures, List design, List options) {
  return respondr_glue::guarded([&]() -> List {
    const anova::Design model = read_design(design);
    const anova::Options o = read_options(options);
    const Tests<anova::Row> tests(1, model, o);
    const Columns<anova::ProblemRow> problems(1);
    anova::FiguresWorkspace w;
    anova::ProblemRow row;
    anova::solve_figures(model, read_figures(figures), o, w, row);
    tests.store(0, w.contrasts.base.rows);
    problems.store(0, row);
    return List::create(_["tests"] = tests.columns(), _["problems"] = problems.columns());
  });
}

// [[Rcpp::export]]
List rm_anova_figure_contrasts(List figures, List design, Rcpp::NumericMatrix l, Rcpp::NumericMatrix c, List options) {
  return respondr_glue::guarded([&]() -> List {
    const anova::Contrasts contrasts = read_contrasts(l, c, options);
    const ContrastTable table(1, contrasts);
    anova::FiguresWorkspace w;
    anova::solve_figures_contrasts(read_design(design), read_figures(figures), contrasts, w);
    table.store(0, w.contrasts);
    return table.columns();
  });
}

// [[Rcpp::export]]
List rm_anova_bootstrap(List input, List design, List options, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const anova::Data data = read_data(input);
    const anova::Design model = read_design(design);
    const Hooks hooks = r_hooks(options);
    anova::BootstrapOptions o;
    o.replicates = Rcpp::as<int>(options["replicates"]);
    o.bca = Rcpp::as<bool>(options["bca"]);
    o.level = Rcpp::as<double>(options["conf_level"]);
    o.seed = seed_of(options);
    const Rcpp::CharacterVector labels = options["problem_labels"];
    const anova::Plans plans = anova::make_plans(data, model, threads, hooks);
    if (plans.infinite != no_problem) return infinite_error(data, plans.infinite);
    const Tests<anova::BootstrapRow> tests(data.size(), model, anova::Options());
    // One problem: progress of its replicates; several: of the problems.
    const Hooks inner{hooks.cancelled, data.size() == 1 ? hooks.progress : nullptr};
    for (std::size_t i = 0; i < data.size(); ++i) {
      const SEXP label = labels[i];
      const std::uint64_t key = hash_bytes(CHAR(label), static_cast<std::size_t>(LENGTH(label)));
      tests.store(i, anova::bootstrap_problem(data, model, plans(i), i, key, o, threads, inner));
      if (hooks.progress && data.size() > 1) hooks.progress(i + 1, data.size());
    }
    return tests.columns();
  });
}
