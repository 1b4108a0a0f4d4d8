// Cells of one variable of a rule of response. axes: codes of RuleAxis; cuts: for each axis its distinct decimal texts,
// in any order; moment: which value after each axis looks at (0 the visit judged, 1, 2, ... named visits); range: two
// decimal texts, empty where there is no end. Gives rank (of every cut-off in its axis), position (cells x axes), before
// and after (cells x moments; a point of each cell), found (FALSE: no whole numbers were met in it).
#include "guard.h"

#include <respondr/response/rule_cells.hpp>

using Rcpp::List;
namespace response = respondr::response;

namespace {

// Sorts the cut-offs of an axis; their ranks go to `rank`.
response::AxisCuts read_axis(int axis, std::size_t moment, const Rcpp::CharacterVector& texts,
                             Rcpp::IntegerVector rank) {
  response::AxisCuts out{static_cast<response::RuleAxis>(axis), {}, moment};
  std::vector<response::Rational> given;
  for (const auto& text : texts) given.push_back(response::decimal_rational(Rcpp::as<std::string>(text)));
  out.cuts = given;
  std::sort(out.cuts.begin(), out.cuts.end());
  for (std::size_t i = 0; i < given.size(); ++i) {
    rank[i] = static_cast<int>(std::lower_bound(out.cuts.begin(), out.cuts.end(), given[i]) - out.cuts.begin()) + 1;
  }
  return out;
}

std::optional<response::Rational> read_end(const Rcpp::String& text) {
  const std::string end = text;
  if (end.empty()) return std::nullopt;
  return response::decimal_rational(end);
}

}  // namespace

// [[Rcpp::export]]
List response_rule_cells(Rcpp::IntegerVector axes, Rcpp::IntegerVector moment, List cuts, Rcpp::CharacterVector range,
                         bool whole) {
  return respondr_glue::guarded([&]() -> List {
    response::VariableCuts variable;
    variable.low = read_end(range[0]);
    variable.high = read_end(range[1]);
    variable.whole = whole;
    for (int m : moment) variable.moments = std::max(variable.moments, static_cast<std::size_t>(m) + 1);
    List rank(axes.size());
    for (R_xlen_t i = 0; i < axes.size(); ++i) {
      const Rcpp::CharacterVector texts = cuts[i];
      const Rcpp::IntegerVector ranks(texts.size());
      variable.axes.push_back(read_axis(axes[i], static_cast<std::size_t>(moment[i]), texts, ranks));
      rank[i] = ranks;
    }
    const std::vector<response::RuleCell> cells = response::rule_cells(variable);
    Rcpp::IntegerMatrix position(static_cast<int>(cells.size()), static_cast<int>(axes.size()));
    Rcpp::CharacterVector before(cells.size());
    Rcpp::CharacterMatrix after(static_cast<int>(cells.size()), static_cast<int>(variable.moments));
    Rcpp::LogicalVector found(cells.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
      for (R_xlen_t j = 0; j < axes.size(); ++j) position(i, j) = cells[i].position[static_cast<std::size_t>(j)];
      before[i] = cells[i].before;
      for (std::size_t m = 0; m < variable.moments; ++m) {
        after(static_cast<int>(i), static_cast<int>(m)) = cells[i].after[m];
      }
      found[i] = cells[i].found;
    }
    return List::create(Rcpp::_["rank"] = rank, Rcpp::_["position"] = position, Rcpp::_["before"] = before,
                        Rcpp::_["after"] = after, Rcpp::_["found"] = found);
  });
}
