// Audit. A figure is a list of three columns: low, value, high. paired: n, mean_before, sd_before, mean_after, sd_after, p.
// groups: n (list of columns, one a group), mean, sd (lists of figures, one a group), test (code).
#include "columns.h"
#include "guard.h"

#include <respondr/audit.hpp>

#include <algorithm>
#include <iterator>
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

// Rows of a correlation.
// [[Rcpp::export]]
List audit_correlation_kernel(Rcpp::NumericVector n, List r, bool fisher) {
  return respondr_glue::guarded([&]() -> List {
    const FigureColumn figure(r);
    const respondr_glue::Columns<audit::GroupRow> columns(n.size());
    for (R_xlen_t i = 0; i < n.size(); ++i) columns.store(i, audit::solve_correlation(n[i], figure[i], fisher));
    return columns.columns();
  });
}

// x: estimate, low, high of the first arm, then of the second (figures); q: quantile of their intervals.
// [[Rcpp::export]]
List audit_ls_means_kernel(List x, Rcpp::NumericVector q, Rcpp::NumericVector df) {
  return respondr_glue::guarded([&]() -> List {
    const std::vector<FigureColumn> f = figures(x);
    const respondr_glue::Columns<audit::GroupRow> columns(q.size());
    for (R_xlen_t i = 0; i < q.size(); ++i) {
      columns.store(i, audit::solve_ls_means({f[0][i], f[1][i], f[2][i]}, {f[3][i], f[4][i], f[5][i]}, q[i], df[i]));
    }
    return columns.columns();
  });
}

// The last group of n, mean and sd is the whole.
// [[Rcpp::export]]
List audit_pool_kernel(List n, List mean, List sd) {
  return respondr_glue::guarded([&]() -> List {
    const std::vector<FigureColumn> means = figures(mean), sds = figures(sd);
    const R_xlen_t rows = Rf_xlength(n[0]);
    Rcpp::NumericMatrix out(rows, 10);
    for (R_xlen_t i = 0; i < rows; ++i) {
      std::vector<audit::Group> groups;
      for (std::size_t g = 0; g < means.size(); ++g) groups.push_back({NumericVector(n[g])[i], means[g][i], sds[g][i]});
      const audit::Group whole = groups.back();
      groups.pop_back();
      const audit::PoolRow row = audit::solve_pool(groups, whole);
      const double values[] = {row.n, row.mean.value, row.mean.low, row.mean.high, row.sd.value, row.sd.low, row.sd.high,
                               row.squares.value, row.squares.low, row.squares.high};
      std::copy(std::begin(values), std::end(values), out.row(i).begin());
    }
    return List::create(Rcpp::_["rows"] = out);
  });
}

// f: F of each row as a figure.
// [[Rcpp::export]]
List audit_rm_kernel(List n, List mean, List sd, List f) {
  return respondr_glue::guarded([&]() -> List {
    const std::vector<FigureColumn> means = figures(mean), sds = figures(sd);
    const FigureColumn statistic(f);
    const R_xlen_t rows = Rf_xlength(n[0]);
    Rcpp::NumericMatrix out(rows, 11);
    for (R_xlen_t i = 0; i < rows; ++i) {
      std::vector<audit::Group> groups;
      for (std::size_t g = 0; g < means.size(); ++g) groups.push_back({NumericVector(n[g])[i], means[g][i], sds[g][i]});
      const audit::RmRow row = audit::solve_rm(groups, statistic[i]);
      const double values[] = {row.mean_square.value, row.mean_square.low, row.mean_square.high, row.error_first.value,
                               row.error_first.low, row.error_first.high, row.error_most, row.error_most_face, row.r.value,
                               row.r.low, row.r.high};
      std::copy(std::begin(values), std::end(values), out.row(i).begin());
    }
    return List::create(Rcpp::_["rows"] = out);
  });
}
