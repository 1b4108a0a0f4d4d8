// Rows of any struct as named columns of R.
#pragma once

#include <Rcpp.h>

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace respondr_glue {

// Rows become columns named by visit_columns(row, f), which stands beside the row: f(name, get), where get(row) is a reference
// to an int, a double, a flag or an enum. R allocates before the map; store() may be called from any thread, each row once.
template <class RowType>
class Columns {
 public:
  explicit Columns(std::size_t n) : n_(static_cast<R_xlen_t>(n)) {
    visit_columns(static_cast<const RowType*>(nullptr), [this](const char* name, auto get) {
      using Value = std::decay_t<decltype(get(std::declval<const RowType&>()))>;
      if constexpr (std::is_same_v<Value, double>) {
        Rcpp::NumericVector column(Rcpp::no_init(n_));
        doubles_.push_back(column.begin());
        columns_.push_back(column, name);
      } else {
        integers_.push_back(index(name));
      }
    });
  }

  int* index(const char* name) {
    Rcpp::IntegerVector column(Rcpp::no_init(n_));
    columns_.push_back(column, name);
    return column.begin();
  }

  void store(std::size_t i, const RowType& row) const {
    std::size_t at_double = 0, at_integer = 0;
    visit_columns(&row, [&](const char*, auto get) {
      const auto& value = get(row);
      if constexpr (std::is_same_v<std::decay_t<decltype(value)>, double>) {
        doubles_[at_double++][i] = value == value ? value : NA_REAL;
      } else {
        integers_[at_integer++][i] = static_cast<int>(value);
      }
    });
  }

  auto sink() const {
    return [this](std::size_t i, const RowType& row) { store(i, row); };
  }

  Rcpp::List columns() const { return columns_; }

 private:
  R_xlen_t n_;
  Rcpp::List columns_;
  std::vector<double*> doubles_;
  std::vector<int*> integers_;
};

}  // namespace respondr_glue
