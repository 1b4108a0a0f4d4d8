#pragma once
// Tests that the coefficients of a set of columns have given values, the others free.
//   lr     2 (l - l_0); Firth, logF: of the penalised likelihood, the coefficients held and the penalty that of the
//   whole information matrix
//          (logistf's penalised likelihood ratio test)
//   wald   (b - b0)' V^-1 (b - b0)
//   score  U'I^-1 U at the constrained maximum; Firth: with the penalised score
// each chi-square on the number of columns that are not aliased. Where the data separate, lr compares suprema and wald
// has no answer.

#include <algorithm>
#include <cmath>
#include <vector>

#include "respondr/logistic/limits.hpp"

namespace respondr::logistic {

enum class TestKind : int { lr = 0, wald, score };

struct ColumnTest {
  double statistic = missing, df = missing, p_value = missing;
  Status status = Status::not_estimable;
};

namespace detail {

inline Constraint hold_columns(const Basis& basis, const std::vector<std::size_t>& columns, const double* null) {
  std::vector<std::size_t> places;
  for (const std::size_t column : columns) {
    const std::size_t j = basis_column(basis, column);
    if (j < basis.rank) {
      places.push_back(j);
    }
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  Constraint hold;
  hold.c.resize(basis.rank, places.size());
  for (std::size_t a = 0; a < places.size(); ++a) {
    basis.contrast(places[a], hold.c.col(a));
    hold.target.push_back(null ? null[basis.column[places[a]]] * basis.r(places[a], places[a]) : 0.0);
  }
  return hold;
}

inline double wald_statistic(const Constraint& hold, Workspace& w) {
  const std::size_t k = hold.c.cols, p = w.basis.rank;
  Matrix root = hold.c, middle(k, k);
  std::vector<double> excess(k);
  for (std::size_t a = 0; a < k; ++a) {
    excess[a] = rm::dot(hold.c.col(a), w.estimate.gamma.data(), p) - hold.target[a];
    rm::forward_solve(w.estimate.factor, root.col(a));
  }
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = 0; b < k; ++b) {
      middle(a, b) = rm::dot(root.col(a), root.col(b), p);
    }
  }
  rm::cholesky(middle, 0.0);
  rm::forward_solve(middle, excess.data());
  return rm::dot(excess.data(), excess.data(), k);
}

}  // namespace detail

// After fit() with the same problem, options and workspace. null: by column of the data; nullptr: 0.
inline ColumnTest test_columns(const Options& options, const Fit& fit, const std::vector<std::size_t>& columns,
                               const double* null, TestKind kind, Workspace& w) {
  ColumnTest out;
  if (fit.status == Status::no_data || fit.status == Status::not_estimable) {
    out.status = fit.status;
    return out;
  }
  const Constraint hold = detail::hold_columns(w.basis, columns, null);
  out.df = static_cast<double>(hold.c.cols);
  if (hold.c.cols == 0) {
    out.status = Status::rank_deficient;
    return out;
  }
  out.status = Status::ok;
  if (kind == TestKind::wald) {
    if (w.outcome.separated || !w.estimate.regular) {
      out.status = fit.status == Status::ok ? Status::not_estimable : fit.status;
      return out;
    }
    out.statistic = detail::wald_statistic(hold, w);
  } else {
    const Outcome outcome = detail::maximise_within(options, hold, infinity, w);
    const Evaluation& e = w.solver.now;
    if (!outcome.converged && !outcome.separated) {
      out.status = Status::not_converged;
    }
    out.statistic = kind == TestKind::lr ? std::max(0.0, 2.0 * (w.estimate.value - e.value))
                                         : detail::score_statistic(w.basis, w.solver);
  }
  out.p_value = special::chisq_cdf(out.statistic, out.df, special::Tail::upper);
  return out;
}

}  // namespace respondr::logistic
