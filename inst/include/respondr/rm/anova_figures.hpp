#pragma once
// The tests and contrasts from printed figures: n, means and covariances of the cells of patients. Each cell is one row of the model
// with the weight n; what the patients of a cell differ by enters the residual sums of squares and products.

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "respondr/rm/anova_contrast.hpp"

namespace respondr::rm::anova {

// One problem. The design has one row of x for each cell of patients.
struct Figures {
  std::vector<double> n;            // of each cell of patients
  Matrix mean;                      // cells of patients x cells
  std::vector<Matrix> covariance;   // one for each cell of patients, or one pooled over them
};

struct FiguresWorkspace {
  ContrastWorkspace contrasts;
  Matrix within;                    // sums of squares and products inside the cells of patients
};

namespace detail {

inline bool whole(const Figures& figures, std::size_t cell) {
  bool known = figures.n[cell] >= 1.0;
  for (std::size_t c = 0; c < figures.mean.cols; ++c) {
    known = known && std::isfinite(figures.mean(cell, c));
  }
  return known;
}

}  // namespace detail

inline Plan plan_figures(const Design& design, const Figures& figures) {
  if (figures.n.size() != design.patients || figures.mean.rows != design.patients || figures.mean.cols != design.cells) {
    throw input_error("figures", "The figures do not fit the design.");
  }
  std::vector<int> cells;
  std::vector<double> weight;
  for (std::size_t i = 0; i < figures.n.size(); ++i) {
    if (detail::whole(figures, i)) {
      cells.push_back(static_cast<int>(i));
      weight.push_back(figures.n[i]);
    }
  }
  return make_plan(design, std::move(cells), weight.data());
}

// The block whose rows are the means times sqrt(n), and the sums of squares and products inside the cells. false if a covariance that
// is needed is missing.
inline bool load_figures(const Figures& figures, const Plan& plan, Block& block, Matrix& within) {
  const std::size_t cells = figures.mean.cols;
  const bool pooled = figures.covariance.size() == 1;
  double largest = 0.0, spread = 0.0;
  within.resize(cells, cells);
  within.zero();
  block.y.resize(plan.size(), cells);
  block.unit = 1.0;
  block.pivot = plan.has_intercept && plan.size() > 0 ? figures.mean(static_cast<std::size_t>(plan.patients[0]), 0) : 0.0;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const std::size_t cell = static_cast<std::size_t>(plan.patients[i]);
    const double n = figures.n[cell];
    for (std::size_t c = 0; c < cells; ++c) {
      const double moved = figures.mean(cell, c) - block.pivot;
      largest = std::max(largest, std::fabs(figures.mean(cell, c)));
      spread = std::max(spread, std::fabs(moved));
      block.y(i, c) = std::sqrt(n) * moved;
    }
    if (n > 1.0) {
      const Matrix& s = figures.covariance[pooled ? 0 : cell];
      for (std::size_t k = 0; k < s.data.size(); ++k) {
        within.data[k] += (n - 1.0) * s.data[k];
      }
    }
  }
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  block.noise = 4.0 * epsilon * spread * std::sqrt(static_cast<double>(cells)) + epsilon * largest;
  return std::all_of(within.data.begin(), within.data.end(), [](double x) { return std::isfinite(x); });
}

inline void box_figures(const Design& design, const Figures& figures, const Plan& plan, Workspace& w, ProblemRow& row) {
  if (plan.size() < 2 || figures.covariance.size() == 1) {
    row.status_box = plan.size() < 2 ? Status::one_level : Status::not_estimable;
    return;
  }
  BoxGroups box;
  for (const int cell : plan.patients) {
    const double nu = figures.n[static_cast<std::size_t>(cell)] - 1.0;
    w.group = figures.covariance[static_cast<std::size_t>(cell)];
    if (nu >= static_cast<double>(design.cells)) {
      for (double& value : w.group.data) {
        value *= nu;
      }
      box.add(w.group, nu, w.factor);
    }
  }
  box.finish(w.factor, row);
}

namespace detail {

// All rows of a problem whose figures do not suffice.
inline void all_rows(const Design& design, const Plan& plan, Status status, Workspace& w, ProblemRow& row) {
  w.rows.assign(design.within.size() * (design.terms + 1), Row());
  for (Row& test : w.rows) {
    test.n = static_cast<int>(plan.n);
    test.status = test.status_sphericity = test.status_multivariate = status;
  }
  row.status_compound_symmetry = row.status_box = status;
}

}  // namespace detail

inline void solve_figures(const Design& design, const Figures& figures, const Options& options, FiguresWorkspace& fw, ProblemRow& row) {
  const Plan plan = plan_figures(design, figures);
  Workspace& w = fw.contrasts.base;
  row.n = static_cast<int>(plan.n);
  row.rank = static_cast<int>(plan.rank());
  row.df_error = plan.df_error();
  if (plan.size() == 0 || !load_figures(figures, plan, w.block, fw.within)) {
    detail::all_rows(design, plan, plan.size() == 0 ? Status::no_data : Status::not_estimable, w, row);
    return;
  }
  rotate(w.block.y, design.rotation, w.z);
  fit_rows(plan, w.block, w.z, w.fit);
  add_rotated(&fw.within, design.rotation, w.fit.error);
  if (options.structure) {
    box_figures(design, figures, plan, w, row);
    finish_symmetry(design, plan, w, row);
  }
  finish(design, plan, options, w);
}

// fw.contrasts holds the rows.
inline void solve_figures_contrasts(const Design& design, const Figures& figures, const Contrasts& contrasts, FiguresWorkspace& fw) {
  check_contrasts(design, contrasts);
  const Plan plan = plan_figures(design, figures);
  const bool known = load_figures(figures, plan, fw.contrasts.base.block, fw.within);
  solve_contrasts(design, plan, plan_contrasts(plan, contrasts), contrasts, &fw.within, fw.contrasts);
  for (ContrastRow& row : fw.contrasts.rows) {
    if (!known && row.status != Status::no_data) {
      row = ContrastRow();
      row.n = static_cast<int>(plan.n);
      row.status = Status::not_estimable;
    }
  }
}

}  // namespace respondr::rm::anova
