#pragma once
// The restraints of one component of a cohort (cells that figures or limits tie together) as functions of the scale on which its
// values move freely, with their gradients.

#include <Eigen/Dense>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "respondr/cohort/draw.hpp"
#include "respondr/cohort/evaluate.hpp"
#include "respondr/cohort/layout.hpp"
#include "respondr/cohort/problem.hpp"

namespace respondr::cohort {

// What one component must meet: figures, limits of patients, and bounds of cells that are drawn near them.
struct Restraint {
  enum class What { figure, limit, bound } what = What::figure;
  std::size_t at = 0;
  double low = -infinity, high = infinity, width = 1.0;
};

// The restraints of one component as functions of u.
class Component {
 public:
  Component(const Layout& layout, const std::vector<CellPrior>& prior, const std::vector<std::size_t>& cells,
            std::vector<double> u, Stream& stream)
      : layout_(layout), problem_(*layout.problem), prior_(prior), cells_(cells), u_(std::move(u)), x_(u_.size(), 0.0),
        printed_(layout.figures) {
    for (Figure& figure : printed_) {
      figure.sign = figure.sign != 0 ? figure.sign : stream.uniform() < 0.5 ? -1 : 1;  // one direction at a time
    }
    find_restraints();
    place_.assign(u_.size(), -1);
    for (std::size_t j = 0; j < cells.size(); ++j) {
      place_[cells[j]] = static_cast<int>(j);
    }
    sums_.resize(problem_.samples.size());
    space_.fits.resize(problem_.figures.size());
    place(Eigen::VectorXd::Zero(static_cast<Eigen::Index>(cells.size())));
  }

  const std::vector<Restraint>& restraints() const { return restraints_; }
  std::size_t cells() const { return cells_.size(); }
  const std::vector<double>& values() const { return x_; }

  // The state u + move.
  void place(const Eigen::VectorXd& move) {
    for (std::size_t j = 0; j < cells_.size(); ++j) {
      const std::size_t c = cells_[j];
      x_[c] = prior_[c].value(u_[c] + move[static_cast<Eigen::Index>(j)]);
    }
    move_ = move;
    for (const std::size_t f : figures_) {
      for (const int s : layout_.figures[f].samples) {
        sums_[static_cast<std::size_t>(s)] = sum(static_cast<std::size_t>(s));
      }
    }
  }

  // The state becomes the origin.
  void settle(const Eigen::VectorXd& move) {
    place(move);
    for (std::size_t j = 0; j < cells_.size(); ++j) {
      u_[cells_[j]] += move[static_cast<Eigen::Index>(j)];
    }
    move_.setZero();
  }

  double value(const Restraint& r) {
    switch (r.what) {
      case Restraint::What::bound:
        return x_[r.at];
      case Restraint::What::limit:
        return combination(limit_of(r).quantity, layout_.limits[r.at].patient);
      default:
        return figure_value(r.at);
    }
  }

  // Derivatives by u, over the cells of the component.
  Eigen::VectorXd gradient(const Restraint& r) {
    Eigen::VectorXd out = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(cells_.size()));
    if (r.what == Restraint::What::bound) {
      out[place_[r.at]] = prior_[r.at].slope(u_[r.at] + move_[place_[r.at]]);
    } else if (r.what == Restraint::What::limit) {
      spread_out(limit_of(r).quantity, layout_.limits[r.at].patient, 1.0, out);
    } else {
      const Figure& figure = printed_[r.at];
      for (const int sample : figure.samples) {
        const std::size_t s = static_cast<std::size_t>(sample);
        needs_values(figure.kind) ? by_value(r.at, s, out) : by_sums(figure, s, out);
      }
    }
    return out;
  }

 private:
  const Limit& limit_of(const Restraint& r) const { return problem_.limits[layout_.limits[r.at].limit]; }

  void find_restraints() {
    std::vector<char> figure(problem_.figures.size(), 0), limit(layout_.limits.size(), 0);
    for (const std::size_t c : cells_) {
      for (const int f : layout_.cells[c].figures) {
        const std::size_t at = static_cast<std::size_t>(f);
        if (figure[at] == 0) {
          figure[at] = 1;
          figures_.push_back(at);
          restraints_.push_back({Restraint::What::figure, at, printed_[at].low, printed_[at].high, 1.0});
        }
      }
    }
    for (const std::size_t c : cells_) {
      for (const int l : layout_.cells[c].limits) {
        const std::size_t at = static_cast<std::size_t>(l);
        if (limit[at] == 0) {
          limit[at] = 1;
          add_limit(at);
        }
      }
      const Column& column = problem_.columns[c % problem_.columns.size()];
      const double low = column.low / column.step, high = column.high / column.step;
      const double near = prior_[c].skewed ? prior_[c].mean : prior_[c].mean - 3.0 * prior_[c].sd;
      if (near < low || prior_[c].mean + 3.0 * prior_[c].sd > high) {
        restraints_.push_back({Restraint::What::bound, c, low, high, 0.1 * prior_[c].sd});
      }
    }
  }

  void add_limit(std::size_t at) {
    const Limit& limit = problem_.limits[layout_.limits[at].limit];
    double width = 1.0;
    for (const Term& t : problem_.quantities[static_cast<std::size_t>(limit.quantity)].terms) {
      width = std::fmax(width, std::fabs(static_cast<double>(t.coefficient)));
    }
    restraints_.push_back({Restraint::What::limit, at, limit.low == INT64_MIN ? -infinity : static_cast<double>(limit.low),
                           limit.high == INT64_MAX ? infinity : static_cast<double>(limit.high), width});
  }

  double figure_value(std::size_t f) {
    const Figure& figure = printed_[f];
    if (!needs_values(figure.kind)) {
      return moment_figure(problem_, figure, sums_);
    }
    const std::size_t s = static_cast<std::size_t>(figure.samples[0]);
    return value_figure(layout_, f, space_, [&](std::size_t i) { return quantity(s, i); });
  }

  double quantity(std::size_t s, std::size_t i) const { return combination(problem_.samples[s].quantity, i); }

  double combination(int q, std::size_t i) const {
    double v = 0.0;
    for (const Term& t : problem_.quantities[static_cast<std::size_t>(q)].terms) {
      v += static_cast<double>(t.coefficient) * x_[layout_.cell(i, static_cast<std::size_t>(t.column))];
    }
    return v;
  }

  Sums sum(std::size_t s) const {
    Sums out;
    for (const std::size_t i : layout_.members[s]) {
      out.n += 1.0;
      out.mean += (quantity(s, i) - out.mean) / out.n;
    }
    for (const std::size_t i : layout_.members[s]) {
      const double d = quantity(s, i) - out.mean;
      out.ss += d * d;
    }
    return out;
  }

  void by_sums(const Figure& figure, std::size_t s, Eigen::VectorXd& out) {
    const Sums here = sums_[s];
    if (!(here.n > 0.0)) {
      return;
    }
    const double spread = std::sqrt(here.ss / here.n) + 1e-9 * (1.0 + std::fabs(here.mean));
    const double h_mean = 1e-5 * spread, h_ss = 1e-5 * spread * spread * here.n;
    const auto at = [&](double mean, double ss) {
      sums_[s] = {here.n, mean, ss};
      return moment_figure(problem_, figure, sums_);
    };
    const double by_mean = (at(here.mean + h_mean, here.ss) - at(here.mean - h_mean, here.ss)) / (2.0 * h_mean);
    const double by_ss = (at(here.mean, here.ss + h_ss) - at(here.mean, std::fmax(0.0, here.ss - h_ss))) /
                         (here.ss > h_ss ? 2.0 * h_ss : h_ss + here.ss);
    sums_[s] = here;
    for (const std::size_t i : layout_.members[s]) {
      const double slope = by_mean / here.n + 2.0 * by_ss * (quantity(s, i) - here.mean);
      spread_out(problem_.samples[s].quantity, i, slope, out);
    }
  }

  void by_value(std::size_t f, std::size_t s, Eigen::VectorXd& out) {
    const double base = figure_value(f);
    const double spread = std::sqrt(sums_[s].ss / std::fmax(1.0, sums_[s].n)) + 1e-6;
    const double h = 1e-4 * spread;
    const LogitFit fit = space_.fits[f];
    for (const std::size_t i : layout_.members[s]) {
      const auto shifted = [&](std::size_t j) { return quantity(s, j) + (j == i ? h : 0.0); };
      const double slope = (value_figure(layout_, f, space_, shifted) - base) / h;
      space_.fits[f] = fit;
      spread_out(problem_.samples[s].quantity, i, slope, out);
    }
  }

  void spread_out(int q, std::size_t i, double slope, Eigen::VectorXd& out) const {
    if (!std::isfinite(slope)) {
      return;
    }
    for (const Term& t : problem_.quantities[static_cast<std::size_t>(q)].terms) {
      const std::size_t c = layout_.cell(i, static_cast<std::size_t>(t.column));
      const int j = place_[c];
      if (j >= 0) {
        out[j] += slope * static_cast<double>(t.coefficient) * prior_[c].slope(u_[c] + move_[j]);
      }
    }
  }

  const Layout& layout_;
  const Problem& problem_;
  const std::vector<CellPrior>& prior_;
  const std::vector<std::size_t>& cells_;
  std::vector<double> u_, x_;
  std::vector<Figure> printed_;
  Eigen::VectorXd move_;
  std::vector<std::size_t> figures_;
  std::vector<Restraint> restraints_;
  std::vector<int> place_;
  std::vector<Sums> sums_;
  FigureSpace space_;
};

}  // namespace respondr::cohort
