#pragma once
// From drawn values to printed moments. Every step moves all values of a component at once along the gradients of the figures
// and limits that are not met: for means and SDs these are the shift and the stretch of a set, so that the move is the affine
// transformation of every (nested) set at once, and for P values and correlations the exchange of parts between visits. How far
// along each solves the linearised figures with the shortest move (Gauss and Newton; damped by Levenberg 1944,
// doi:10.1090/qam/10666, and Marquardt 1963, doi:10.1137/0111030).

#include <Eigen/Dense>

#include <cmath>
#include <cstddef>
#include <vector>

#include "respondr/cohort/component.hpp"
#include "respondr/cohort/draw.hpp"
#include "respondr/cohort/layout.hpp"
#include "respondr/random.hpp"

namespace respondr::cohort {

// Residuals of the restraints from their targets, in widths; one that is only bounded counts while it is not met.
class ComponentResiduals {
 public:
  ComponentResiduals(const std::vector<Restraint>& restraints, const Eigen::VectorXd& target)
      : restraints_(restraints), target_(target) {}

  double width(Eigen::Index j) const {
    const Restraint& r = restraints_[static_cast<std::size_t>(j)];
    const double half = 0.5 * (r.high - r.low);
    if (r.what != Restraint::What::figure) {
      return r.width;
    }
    return half < infinity && half > 0.0 ? half : 0.05 * std::fabs(target_[j]) + 1e-9;
  }

  double operator()(Eigen::Index j, double value) const {
    const Restraint& r = restraints_[static_cast<std::size_t>(j)];
    if (!std::isfinite(value)) {
      return 1e3;
    }
    const bool open = r.what != Restraint::What::figure || r.low == -infinity || r.high == infinity;
    if (!open) {
      return (value - target_[j]) / width(j);
    }
    if (value >= r.low && value <= r.high) {
      return 0.0;
    }
    const double inner = r.what == Restraint::What::figure ? target_[j] : value < r.low ? r.low : r.high;
    return (value - inner) / width(j);
  }

 private:
  const std::vector<Restraint>& restraints_;
  const Eigen::VectorXd& target_;
};

// Targets within the middle of each interval, drawn so that cohorts differ; a little inside where there is one bound.
inline Eigen::VectorXd draw_targets(const std::vector<Restraint>& restraints, Stream& stream) {
  Eigen::VectorXd target(static_cast<Eigen::Index>(restraints.size()));
  for (std::size_t j = 0; j < restraints.size(); ++j) {
    const Restraint& r = restraints[j];
    const double u = 0.2 + 0.6 * stream.uniform();
    double at = r.low + u * (r.high - r.low);
    if (r.high == infinity) {
      at = r.low + 0.05 * std::fabs(r.low);
    } else if (r.low == -infinity) {
      at = r.high - 0.05 * std::fabs(r.high);
    }
    target[static_cast<Eigen::Index>(j)] = at;
  }
  return target;
}

struct Start {
  std::vector<double> values;  // in grid steps, by cell
  double worst = 0.0;          // the largest residual left
};

namespace detail {

// Residuals of all restraints, and of those that are not met the gradients: rows in widths, columns in spreads of the cells.
struct Linear {
  Eigen::VectorXd residual, open;
  Eigen::MatrixXd slope;

  void measure(Component& component, const ComponentResiduals& residuals) {
    residual.resize(static_cast<Eigen::Index>(component.restraints().size()));
    for (Eigen::Index j = 0; j < residual.size(); ++j) {
      residual[j] = residuals(j, component.value(component.restraints()[static_cast<std::size_t>(j)]));
    }
  }

  void differentiate(Component& component, const ComponentResiduals& residuals, const Eigen::VectorXd& spread) {
    const Eigen::Index rows = (residual.array() != 0.0).count();
    slope.resize(rows, spread.size());
    open.resize(rows);
    for (Eigen::Index j = 0, row = 0; j < residual.size(); ++j) {
      if (residual[j] == 0.0) continue;
      const Restraint& r = component.restraints()[static_cast<std::size_t>(j)];
      slope.row(row) = (component.gradient(r).array() * spread.array()).transpose() / residuals.width(j);
      open[row++] = residual[j];
    }
  }
};

}  // namespace detail

// Moves u so that the figures of the component come near their targets; returns the values in grid steps. Every step is the
// shortest, in spreads of the cells, that meets the linearised restraints (Gauss and Newton), damped as by Levenberg (1944)
// and Marquardt (1963) while it does not bring the residuals down.
inline Start meet_moments(const Layout& layout, const std::vector<CellPrior>& prior, const std::vector<std::size_t>& cells,
                          const std::vector<double>& u, Stream& stream) {
  constexpr int steps = 100;
  constexpr double close = 0.5, slow = 0.999, longest = 3.0;
  Component component(layout, prior, cells, u, stream);
  if (component.restraints().empty()) {
    return {component.values(), 0.0};
  }
  const Eigen::VectorXd target = draw_targets(component.restraints(), stream);
  const ComponentResiduals residuals(component.restraints(), target);
  Eigen::VectorXd spread(static_cast<Eigen::Index>(cells.size()));
  for (std::size_t c = 0; c < cells.size(); ++c) spread[static_cast<Eigen::Index>(c)] = prior[cells[c]].sigma;
  detail::Linear now, next;
  now.measure(component, residuals);
  double damping = 1e-2;
  for (int step = 0; step < steps && now.residual.cwiseAbs().maxCoeff() > close && damping < 1e8; ++step) {
    now.differentiate(component, residuals, spread);
    Eigen::MatrixXd square = now.slope * now.slope.transpose();
    const double size = square.trace() / static_cast<double>(square.rows());
    bool better = false;
    while (!better && damping < 1e8) {
      Eigen::MatrixXd damped = square;
      damped.diagonal().array() += damping * size;
      Eigen::VectorXd move = now.slope.transpose() * damped.llt().solve(-now.open);
      if (move.cwiseAbs().maxCoeff() > longest) {
        damping *= 5.0;
        continue;
      }
      move.array() *= spread.array();
      component.place(move);
      next.measure(component, residuals);
      better = next.residual.squaredNorm() < now.residual.squaredNorm();
      if (better) {
        component.settle(move);
      }
      damping = better ? std::fmax(1e-9, 0.2 * damping) : 5.0 * damping;
    }
    if (!better || next.residual.norm() > slow * now.residual.norm()) {
      if (better) now.residual = next.residual;
      break;
    }
    now.residual = next.residual;
  }
  return {component.values(), now.residual.cwiseAbs().maxCoeff()};
}

}  // namespace respondr::cohort
