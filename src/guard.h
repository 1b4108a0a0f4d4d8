// The one handler of the core's errors: hands them to R as a value that ask_core() (R/core.R) turns into a classed
// condition with the user's call. Also what every family's glue needs: hooks, keys
// of labels and columns of rows.
#pragma once

#include <Rcpp.h>

#include <respondr/error.hpp>
#include <respondr/parallel.hpp>
#include <respondr/random.hpp>
#include <respondr/row.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace respondr_glue {

inline Rcpp::List core_error(const char* kind, const std::string& argument, const std::string& what) {
  Rcpp::List out = Rcpp::List::create(Rcpp::_["kind"] = kind, Rcpp::_["argument"] = argument, Rcpp::_["message"] = what);
  out.attr("class") = "respondr_core_error";
  return out;
}

template <class Work>
Rcpp::List guarded(Work&& work) {
  try {
    return work();
  } catch (const respondr::input_error& e) {
    return core_error("input", e.argument(), e.what());
  } catch (const respondr::cancelled_error&) {
    return core_error("interrupt", "", "interrupted");
  } catch (const std::bad_alloc&) {
    return core_error("memory", "", "not enough memory for this call");
  } catch (const std::exception& e) {
    return core_error("internal", "", e.what());
  }
}

inline SEXP entry(const Rcpp::List& x, const char* name) {
  return x.containsElementNamed(name) ? SEXP(x[name]) : R_NilValue;
}

// A word of R as its code.
template <class Enum>
Enum word(const Rcpp::List& options, const char* name) {
  return static_cast<Enum>(Rcpp::as<int>(options[name]));
}

inline std::uint64_t seed_of(const Rcpp::List& options) {
  const Rcpp::IntegerVector seed = options["seed"];
  return respondr::hash_mix(static_cast<std::uint32_t>(seed[0]), static_cast<std::uint32_t>(seed[1]));
}

// Double columns of a list or of a matrix, without a copy.
inline std::vector<const double*> column_pointers(SEXP x) {
  if (Rf_isMatrix(x)) {
    std::vector<const double*> out(Rf_ncols(x));
    for (std::size_t j = 0; j < out.size(); ++j) out[j] = REAL(x) + j * static_cast<std::size_t>(Rf_nrows(x));
    return out;
  }
  const Rcpp::List columns(x);
  std::vector<const double*> out(columns.size());
  std::transform(columns.begin(), columns.end(), out.begin(), [](SEXP column) { return REAL(column); });
  return out;
}

// Interrupts and progress come from R, on the main thread only.
inline respondr::Hooks r_hooks(const Rcpp::List& options) {
  respondr::Hooks hooks;
  hooks.cancelled = [] { return R_ToplevelExec([](void*) { R_CheckUserInterrupt(); }, nullptr) == FALSE; };
  const SEXP progress = entry(options, "progress");
  if (!Rf_isNull(progress)) {
    const Rcpp::Function report(progress);
    hooks.progress = [report](std::size_t done, std::size_t total) {
      report(static_cast<double>(done), static_cast<double>(total));
    };
  }
  return hooks;
}

// The number that labels give to a problem or a patient in random streams: the same wherever it stands in the data.
inline std::vector<std::uint64_t> label_keys(const Rcpp::CharacterVector& labels) {
  std::vector<std::uint64_t> out(labels.size());
  std::transform(labels.begin(), labels.end(), out.begin(),
                 [](SEXP s) { return respondr::hash_bytes(CHAR(s), static_cast<std::size_t>(LENGTH(s))); });
  return out;
}

// Rows become named columns; the names are those of the dictionary. R allocates the columns before the map; store() may be
// called from any thread, each row once. Columns that stay missing in all rows are one vector.
class RowColumns {
 public:
  explicit RowColumns(std::size_t n, const std::vector<std::string>& missing = {}) : n_(static_cast<R_xlen_t>(n)) {
    const Rcpp::NumericVector empty(missing.empty() ? 0 : n_, NA_REAL);
    respondr::visit_integer_columns([&](const char* name, int respondr::Row::*field) {
      integers_.emplace_back(integer(name), field);
    });
    respondr::visit_double_columns([&](const char* name, double respondr::Row::*field) {
      if (std::find(missing.begin(), missing.end(), name) != missing.end()) {
        columns_.push_back(empty, name);
        return;
      }
      Rcpp::NumericVector column(Rcpp::no_init(n_));
      doubles_.emplace_back(column.begin(), field);
      columns_.push_back(column, name);
    });
    distribution_ = integer("distribution");
    conf_method_ = integer("conf_method");
    p_matches_ = integer("p_matches");
    status_ = integer("status");
    notes_ = integer("notes");
  }

  void store(std::size_t i, const respondr::Row& row) const {
    for (const auto& column : integers_) column.first[i] = row.*column.second;
    for (const auto& column : doubles_) {
      const double value = row.*column.second;
      column.first[i] = value == value ? value : NA_REAL;
    }
    distribution_[i] = static_cast<int>(row.distribution);
    conf_method_[i] = static_cast<int>(row.conf_method);
    p_matches_[i] = row.p_matches ? 1 : 0;
    status_[i] = static_cast<int>(row.status);
    notes_[i] = static_cast<int>(row.notes);
  }

  Rcpp::List columns() const { return columns_; }

 private:
  int* integer(const char* name) {
    Rcpp::IntegerVector column(Rcpp::no_init(n_));
    columns_.push_back(column, name);
    return column.begin();
  }

  R_xlen_t n_;
  Rcpp::List columns_;
  std::vector<std::pair<int*, int respondr::Row::*>> integers_;
  std::vector<std::pair<double*, double respondr::Row::*>> doubles_;
  int *distribution_, *conf_method_, *p_matches_, *status_, *notes_;
};

}  // namespace respondr_glue
