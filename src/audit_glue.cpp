// Audit. A figure is a list of three columns: low, value, high. paired: n, mean_before, sd_before, mean_after, sd_after, p.
// groups: n (list of columns, one a group), mean, sd (lists of figures, one a group), test (code).
#include "columns.h"
#include "guard.h"

#include <respondr/audit.hpp>

#include <vector>

using Rcpp::List;
using Rcpp::NumericVector;
using namespace respondr;

namespace {

struct FigureColumn {
  explicit FigureColumn(const List& x) : low(x[0]), value(x[1]), high(x[2]) {}
  audit::Figure operator[](R_xlen_t i) const { return {low[i], value[i], high[i]}; }
  NumericVector low, value, high;
};

std::vector<FigureColumn> figures(const List& x) {
  std::vector<FigureColumn> out;
  for (const SEXP element : x) out.emplace_back(List(element));
  return out;
}

}  // namespace

// [[Rcpp::export]]
List audit_paired_kernel(List input) {
  return respondr_glue::guarded([&]() -> List {
    const NumericVector n = input["n"];
    const FigureColumn m1(input["mean_before"]), s1(input["sd_before"]), m2(input["mean_after"]), s2(input["sd_after"]),
        p(input["p"]);
    const respondr_glue::Columns<audit::PairedRow> columns(n.size());
    for (R_xlen_t i = 0; i < n.size(); ++i) {
      columns.store(i, audit::solve_paired({n[i], m1[i], s1[i], m2[i], s2[i], p[i]}));
    }
    return columns.columns();
  });
}

// [[Rcpp::export]]
List audit_groups_kernel(List n, List mean, List sd, int test) {
  return respondr_glue::guarded([&]() -> List {
    std::vector<NumericVector> sizes;
    for (const SEXP element : n) sizes.emplace_back(element);
    const std::vector<FigureColumn> means = figures(mean), sds = figures(sd);
    const respondr_glue::Columns<audit::GroupRow> columns(sizes[0].size());
    std::vector<audit::Group> groups(sizes.size());
    for (R_xlen_t i = 0; i < sizes[0].size(); ++i) {
      for (std::size_t g = 0; g < groups.size(); ++g) groups[g] = {sizes[g][i], means[g][i], sds[g][i]};
      columns.store(i, audit::solve_groups(static_cast<audit::GroupTest>(test), groups));
    }
    return columns.columns();
  });
}
