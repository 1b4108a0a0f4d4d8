#include "guard.h"

#include <respondr/index.hpp>
#include <respondr/match.hpp>

using Rcpp::_;
using Rcpp::List;
using namespace respondr;

namespace {

// A string of R is a vector header and at least eight bytes, 56 bytes in all where addresses have 64 bits.
constexpr std::size_t string_spacing = sizeof(void*) == 8 ? 32 : 8;

// Bytes of a string in UTF-8; strings marked as bytes are taken as they are. Must not throw R errors: the core is
// below.
const char* utf8(SEXP s) { return Rf_getCharCE(s) == CE_BYTES ? CHAR(s) : Rf_translateCharUTF8(s); }

Span<std::int32_t> integers(SEXP x) { return {INTEGER(x), static_cast<std::size_t>(Rf_xlength(x))}; }

// A level that is NA is a missing value.
Levels code_factor(SEXP x, SEXP levels, std::int32_t* code) {
  std::int32_t na_level = 0;  // not the code of any level
  for (R_xlen_t i = 0; i < Rf_xlength(levels); ++i) {
    if (STRING_ELT(levels, i) == NA_STRING) na_level = static_cast<std::int32_t>(i) + 1;
  }
  if (na_level == 0) return code_integers<std::int32_t>(integers(x), NA_INTEGER, code);
  std::vector<std::int32_t> values(INTEGER(x), INTEGER(x) + Rf_xlength(x));
  std::replace(values.begin(), values.end(), na_level, NA_INTEGER);
  return code_integers<std::int32_t>({values.data(), values.size()}, NA_INTEGER, code);
}

Levels code_any(SEXP x, std::int32_t* code) {
  const std::size_t n = static_cast<std::size_t>(Rf_xlength(x));
  switch (TYPEOF(x)) {
    case LGLSXP:
      return code_integers<std::int32_t>({LOGICAL(x), n}, NA_LOGICAL, code);
    case INTSXP:
      if (Rf_isFactor(x)) return code_factor(x, Rf_getAttrib(x, R_LevelsSymbol), code);
      return code_integers<std::int32_t>(integers(x), NA_INTEGER, code);
    case REALSXP:
      if (Rf_inherits(x, "integer64")) {
        return code_integers<std::int64_t>({reinterpret_cast<const std::int64_t*>(REAL(x)), n},
                                           std::numeric_limits<std::int64_t>::min(), code);
      }
      return code_doubles({REAL(x), n}, code);
    case STRSXP: {
      const void* vmax = vmaxget();
      Levels out = code_strings<SEXP>({STRING_PTR_RO(x), n}, NA_STRING, string_spacing, utf8, code);
      vmaxset(vmax);
      return out;
    }
    default:
      throw input_error(
          "", std::string("A column of type ") + Rf_type2char(TYPEOF(x)) + " cannot name patients, visits or groups.");
  }
}

// Row numbers or codes from 0 (-1: none) to those of R.
Rcpp::IntegerVector from_zero(const std::vector<std::int32_t>& x) {
  Rcpp::IntegerVector out(Rcpp::no_init(static_cast<R_xlen_t>(x.size())));
  std::transform(x.begin(), x.end(), out.begin(), [](std::int32_t i) { return i == -1 ? NA_INTEGER : i + 1; });
  return out;
}

}  // namespace

// [[Rcpp::export]]
List index_codes(SEXP column) {
  return respondr_glue::guarded([&]() -> List {
    Rcpp::IntegerVector code(Rcpp::no_init(Rf_xlength(column)));
    const Levels levels = code_any(column, code.begin());
    std::transform(code.begin(), code.end(), code.begin(), [](int i) { return i == no_code ? NA_INTEGER : i + 1; });
    return List::create(_["code"] = code, _["n_levels"] = levels.size(), _["first_row"] = from_zero(levels.first_row));
  });
}

// [[Rcpp::export]]
List index_match(Rcpp::IntegerVector group, Rcpp::IntegerVector id, Rcpp::IntegerVector visit, int n_groups, int n_ids,
                 int n_visits) {
  return respondr_glue::guarded([&]() -> List {
    MatchInput in;
    in.group = integers(group);
    in.id = integers(id);
    in.visit = integers(visit);
    in.n_groups = n_groups;
    in.n_ids = n_ids;
    in.n_visits = n_visits;
    in.base = 1;
    const Matched out = match_rows(in);
    Rcpp::IntegerVector rows = from_zero(out.rows);
    rows.attr("dim") = Rcpp::Dimension(out.patients(), static_cast<std::size_t>(n_visits));
    return List::create(_["rows"] = rows, _["group_start"] = out.group_start, _["id_code"] = from_zero(out.id_code),
                        _["n_na_id"] = out.n_na_id, _["n_na_visit"] = out.n_na_visit, _["n_na_group"] = out.n_na_group,
                        _["duplicate"] = from_zero(out.duplicate),
                        _["split"] = List::create(_["id"] = from_zero(out.split.id), _["count"] = out.split.count));
  });
}
