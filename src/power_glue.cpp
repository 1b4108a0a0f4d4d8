// Power, sample size, detectable effect. input: one vector of doubles for each number of a design, NA for the one asked for;
// test, alternative and smallest are codes of all rows.
#include "columns.h"
#include "guard.h"

#include <respondr/power/simon.hpp>
#include <respondr/power/solve.hpp>

using Rcpp::List;
using Rcpp::NumericVector;
using namespace respondr;
namespace power = respondr::power;

namespace {

power::Design read_design(const List& x, R_xlen_t i) {
  const auto number = [&](const char* name) { return static_cast<double>(NumericVector(x[name])[i]); };
  power::Design d;
  d.test = respondr_glue::word<power::Test>(x, "test");
  d.alternative = respondr_glue::word<Alternative>(x, "alternative");
  d.smallest = respondr_glue::word<power::Smallest>(x, "smallest");
  d.n = number("n"), d.effect = number("effect"), d.power = number("power"), d.alpha = number("alpha");
  d.sd = number("sd"), d.sd_level = number("sd_level"), d.ratio = number("ratio"), d.null = number("null");
  d.low = number("low"), d.high = number("high"), d.groups = number("groups"), d.difference = number("difference");
  return d;
}

}  // namespace

// [[Rcpp::export]]
List power_solve(List input, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const R_xlen_t rows = Rf_xlength(input["n"]);
    std::vector<power::Design> designs;
    for (R_xlen_t i = 0; i < rows; ++i) designs.push_back(read_design(input, i));
    const respondr_glue::Columns<power::Answer> columns(designs.size());
    parallel_map(designs.size(), threads, respondr_glue::r_hooks(input), [] { return power::Workspace(); },
                 [&](std::size_t i, power::Workspace& w) { columns.store(i, power::solve(designs[i], w)); });
    return columns.columns();
  });
}

// [[Rcpp::export]]
List power_simon(double p0, double p1, double alpha, double target, int most) {
  return respondr_glue::guarded([&]() -> List {
    power::TwoStageSearch search(p0, p1, alpha, target, most);
    search.search();
    const respondr_glue::Columns<power::TwoStage> columns(2);
    columns.store(0, search.optimal);
    columns.store(1, search.minimax);
    return columns.columns();
  });
}
