#pragma once
// The search on the grid of measurements. The objective is the sum of squared distances of the figures outside their printed
// intervals; sums are whole numbers and exact, a move changes only those of its cell, and a worse state is taken with a
// probability that falls (Metropolis).

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/cohort/evaluate.hpp"
#include "respondr/cohort/layout.hpp"
#include "respondr/cohort/problem.hpp"
#include "respondr/random.hpp"

namespace respondr::cohort {

class Grid {
 public:
  Grid(const Layout& layout, std::vector<std::int64_t> z) : layout_(layout), problem_(*layout.problem), z_(std::move(z)) {
    first_.resize(problem_.samples.size());
    second_.resize(problem_.samples.size());
    sums_.resize(problem_.samples.size());
    space_.fits.resize(problem_.figures.size());
    figure_cost_.resize(problem_.figures.size());
    limit_cost_.resize(layout.limits.size());
    scale_.assign(problem_.figures.size(), 1.0);
    touched_.assign(problem_.figures.size(), 0);
    for (std::size_t k = 0; k < problem_.columns.size(); ++k) {
      const Column& column = problem_.columns[k];
      low_.push_back(bound(std::ceil(column.low / column.step - 1e-9)));
      high_.push_back(bound(std::floor(column.high / column.step + 1e-9)));
    }
    for (std::size_t c = 0; c < z_.size(); ++c) {
      const std::size_t k = c % problem_.columns.size();
      z_[c] = std::max(low_[k], std::min(high_[k], z_[c]));
    }
    for (std::size_t s = 0; s < problem_.samples.size(); ++s) {
      for (const std::size_t i : layout.members[s]) {
        const std::int64_t v = quantity(static_cast<std::size_t>(problem_.samples[s].quantity), i);
        first_[s] += v;
        second_[s] += v * v;
      }
      refresh(s);
    }
    for (std::size_t f = 0; f < problem_.figures.size(); ++f) {
      figure_cost_[f] = figure_cost(f);
    }
    for (std::size_t l = 0; l < layout.limits.size(); ++l) {
      limit_cost_[l] = limit_cost(l);
    }
  }

  // Makes the figures of one component hold; false: not within so many moves.
  bool solve(const std::vector<std::size_t>& cells, std::size_t moves, Stream& stream, const std::vector<double>& reach) {
    collect(cells);
    measure_steps(stream);
    constexpr double hot = 0.2, cold = 0.05;
    double current = energy();
    for (std::size_t m = 0; m < moves && current > 0.0; ++m) {
      const double share = static_cast<double>(m) / static_cast<double>(moves);
      current = try_move(cells, current, hot * std::pow(cold / hot, share), stream, reach);
      if (m % 1024 == 1023) {
        current = energy();
      }
    }
    return energy() == 0.0;
  }

  // Whether everything that the cells enter holds already.
  bool holds(const std::vector<std::size_t>& cells) {
    collect(cells);
    return energy() == 0.0;
  }

  const std::vector<std::int64_t>& values() const { return z_; }
  double cost_of_figure(std::size_t f) const { return figure_cost_[f]; }
  double cost_of_limit(std::size_t l) const { return limit_cost_[l]; }

  double figure(std::size_t f) {
    const Figure& figure = layout_.figures[f];
    if (!needs_values(figure.kind)) {
      return moment_figure(problem_, figure, sums_);
    }
    const std::size_t q =
        static_cast<std::size_t>(problem_.samples[static_cast<std::size_t>(figure.samples[0])].quantity);
    return value_figure(layout_, f, space_, [&](std::size_t i) { return static_cast<double>(quantity(q, i)); });
  }

 private:
  static constexpr double open_cost = 0.2;  // of a figure or limit that does not hold, however near

  struct Undo {
    bool figure;
    std::size_t at;
    double cost;
  };

  static std::int64_t bound(double x) {
    constexpr double most = 4e15;
    return static_cast<std::int64_t>(std::fmax(-most, std::fmin(most, x)));
  }

  std::int64_t quantity(std::size_t q, std::size_t patient) const {
    std::int64_t v = 0;
    for (const Term& t : problem_.quantities[q].terms) {
      v += t.coefficient * z_[layout_.cell(patient, static_cast<std::size_t>(t.column))];
    }
    return v;
  }

  void refresh(std::size_t s) {
    const double n = static_cast<double>(layout_.members[s].size());
    const std::int64_t whole = static_cast<std::int64_t>(layout_.members[s].size());
    sums_[s].n = n;
    sums_[s].mean = n > 0.0 ? static_cast<double>(first_[s]) / n : 0.0;
    sums_[s].ss = n > 0.0 ? static_cast<double>(whole * second_[s] - first_[s] * first_[s]) / n : 0.0;
  }

  double figure_cost(std::size_t f) {
    const double distance = outside(figure(f), layout_.figures[f].low, layout_.figures[f].high);
    return distance > 0.0 ? open_cost + std::log1p(distance * scale_[f]) : 0.0;
  }

  double limit_cost(std::size_t l) const {
    const Limit& limit = problem_.limits[layout_.limits[l].limit];
    const Quantity& q = problem_.quantities[static_cast<std::size_t>(limit.quantity)];
    const std::int64_t v = quantity(static_cast<std::size_t>(limit.quantity), layout_.limits[l].patient);
    const std::int64_t off = v < limit.low ? limit.low - v : v > limit.high ? v - limit.high : 0;
    double weight = 0.0;
    for (const Term& t : q.terms) {
      weight = std::fmax(weight, std::fabs(static_cast<double>(t.coefficient)));
    }
    return off == 0 ? 0.0 : open_cost + std::log1p(static_cast<double>(off) / weight);
  }

  void collect(const std::vector<std::size_t>& cells) {
    std::vector<char> figure(problem_.figures.size(), 0), limit(layout_.limits.size(), 0);
    figures_.clear();
    limits_.clear();
    in_component_.assign(layout_.cells.size(), 0);
    for (const std::size_t c : cells) {
      in_component_[c] = 1;
      for (const int f : layout_.cells[c].figures) {
        if (!figure[static_cast<std::size_t>(f)]) {
          figure[static_cast<std::size_t>(f)] = 1;
          figures_.push_back(static_cast<std::size_t>(f));
        }
      }
      for (const int l : layout_.cells[c].limits) {
        if (!limit[static_cast<std::size_t>(l)]) {
          limit[static_cast<std::size_t>(l)] = 1;
          limits_.push_back(static_cast<std::size_t>(l));
        }
      }
    }
  }

  double energy() const {
    double sum = 0.0;
    for (const std::size_t f : figures_) {
      sum += figure_cost_[f];
    }
    for (const std::size_t l : limits_) {
      sum += limit_cost_[l];
    }
    return sum;
  }

  // Distances are measured in half widths, but in nothing finer than what one step of one value moves a figure by: no single
  // step would seem to lead to a narrow figure otherwise.
  void measure_steps(Stream& stream) {
    constexpr int tries = 12;
    for (const std::size_t f : figures_) {
      const Figure& printed = layout_.figures[f];
      const double half = 0.5 * (printed.high - printed.low), width = half < infinity ? half : 0.05 * std::fabs(printed.low);
      double moved = 0.0;
      int seen = 0;
      for (int t = 0; t < tries; ++t) {
        const std::size_t cell = cell_of(f, stream);
        const double before = figure(f);
        shift(cell, 1);
        const double change = std::fabs(figure(f) - before);
        shift(cell, -1);
        if (change < infinity) {
          moved += change;
          ++seen;
        }
      }
      const double step = seen > 0 ? moved / seen : 0.0;
      scale_[f] = step > width && width > 0.0 ? width / step : 1.0;
      figure_cost_[f] = figure_cost(f);
    }
  }

  // A cell that the figure is computed from.
  std::size_t cell_of(std::size_t f, Stream& stream) const {
    const std::vector<int>& samples = layout_.figures[f].samples;
    const std::size_t s =
        static_cast<std::size_t>(samples[stream.bounded(static_cast<std::uint32_t>(samples.size()))]);
    const std::vector<std::size_t>& in = layout_.members[s];
    const std::vector<Term>& terms = problem_.quantities[static_cast<std::size_t>(problem_.samples[s].quantity)].terms;
    if (in.empty()) {
      return 0;
    }
    return layout_.cell(
        in[stream.bounded(static_cast<std::uint32_t>(in.size()))],
        static_cast<std::size_t>(terms[stream.bounded(static_cast<std::uint32_t>(terms.size()))].column));
  }

  void shift(std::size_t cell, std::int64_t by) {
    const std::size_t patient = cell / problem_.columns.size();
    for (const auto& use : layout_.cells[cell].samples) {
      const std::size_t s = static_cast<std::size_t>(use.first);
      const std::int64_t v = quantity(static_cast<std::size_t>(problem_.samples[s].quantity), patient), d = use.second * by;
      first_[s] += d;
      second_[s] += 2 * v * d + d * d;
      refresh(s);
    }
    z_[cell] += by;
  }

  struct Shift {
    std::size_t cell;
    std::int64_t by;
  };

  // A cell of a figure that does not hold, mostly; any cell of the component otherwise. `sample` is the one it was taken from.
  std::size_t pick_cell(const std::vector<std::size_t>& cells, Stream& stream, int& sample) {
    sample = -1;
    if (stream.uniform() < 0.75) {
      std::size_t open = 0, chosen = 0;
      for (const std::size_t f : figures_) {
        if (figure_cost_[f] > 0.0 && stream.bounded(static_cast<std::uint32_t>(++open)) == 0) {
          chosen = f;
        }
      }
      if (open > 0) {
        const std::vector<int>& samples = layout_.figures[chosen].samples;
        sample = samples[stream.bounded(static_cast<std::uint32_t>(samples.size()))];
        const std::vector<std::size_t>& in = layout_.members[static_cast<std::size_t>(sample)];
        const Sample& s = problem_.samples[static_cast<std::size_t>(sample)];
        const std::vector<Term>& terms = problem_.quantities[static_cast<std::size_t>(s.quantity)].terms;
        if (!in.empty()) {
          return layout_.cell(in[stream.bounded(static_cast<std::uint32_t>(in.size()))],
                              static_cast<std::size_t>(
                                  terms[stream.bounded(static_cast<std::uint32_t>(terms.size()))].column));
        }
        sample = -1;  // this assignment leaves the sample empty
      }
    }
    return cells[stream.bounded(static_cast<std::uint32_t>(cells.size()))];
  }

  // The same visit of another patient, of the sample if there is one.
  std::size_t pick_partner(const std::vector<std::size_t>& cells, std::size_t a, int sample, Stream& stream) {
    const std::size_t columns = problem_.columns.size(), column = a % columns;
    if (sample >= 0 && stream.uniform() < 0.8) {
      const std::vector<std::size_t>& in = layout_.members[static_cast<std::size_t>(sample)];
      return layout_.cell(in[stream.bounded(static_cast<std::uint32_t>(in.size()))], column);
    }
    for (int k = 0; k < 8; ++k) {
      const std::size_t b = cells[stream.bounded(static_cast<std::uint32_t>(cells.size()))];
      if (b % columns == column) {
        return b;
      }
    }
    return a;
  }

  // Another column of the same patient within the component; the cell itself if there is none.
  std::size_t pick_visit(std::size_t a, Stream& stream) {
    const std::size_t columns = problem_.columns.size(), first = a - a % columns;
    std::size_t found = a, seen = 0;
    for (std::size_t c = first; c < first + columns; ++c) {
      const bool same = c != a && layout_.known[c] != 0 && in_component_[c] != 0;
      if (same && stream.bounded(static_cast<std::uint32_t>(++seen)) == 0) {
        found = c;
      }
    }
    return found;
  }

  // One value; two patients in opposite directions; two visits of one patient together; both; an exchange of two patients.
  void propose(const std::vector<std::size_t>& cells, Stream& stream, const std::vector<double>& reach) {
    shifts_.clear();
    int sample = -1;
    const std::size_t a = pick_cell(cells, stream, sample);
    const double size = std::exp(stream.uniform() * std::log(std::fmax(2.0, reach[a % problem_.columns.size()])));
    const std::int64_t by = (stream.uniform() < 0.5 ? -1 : 1) * static_cast<std::int64_t>(size);
    const double kind = stream.uniform();
    if (kind < 0.3) {
      shifts_.push_back({a, by});
      return;
    }
    const std::size_t b = pick_partner(cells, a, sample, stream);
    if (kind < 0.6) {
      shifts_.push_back({a, by});
      if (b != a) {
        shifts_.push_back({b, -by});
      }
    } else if (kind < 0.75) {
      shifts_.push_back({a, by});
      const std::size_t c = pick_visit(a, stream);
      if (c != a) {
        shifts_.push_back({c, stream.uniform() < 0.7 ? by : -by});
      }
    } else if (kind < 0.9) {
      const std::size_t columns = problem_.columns.size(), c = pick_visit(a, stream), d = b - b % columns + c % columns;
      shifts_.push_back({a, by});
      if (b != a && c != a && layout_.known[d] != 0) {
        shifts_.push_back({b, -by});
        shifts_.push_back({c, by});
        shifts_.push_back({d, -by});
      }
    } else if (b != a) {
      shifts_.push_back({a, z_[b] - z_[a]});
      shifts_.push_back({b, z_[a] - z_[b]});
    }
  }

  double try_move(const std::vector<std::size_t>& cells, double current, double heat, Stream& stream,
                  const std::vector<double>& reach) {
    propose(cells, stream, reach);
    for (const Shift& s : shifts_) {
      if (!inside(s.cell, s.by)) {
        return current;
      }
    }
    for (const Shift& s : shifts_) {
      shift(s.cell, s.by);
    }
    undo_.clear();
    double next = current;
    for (const Shift& s : shifts_) {
      next = settle(s.cell, next);
    }
    for (const Undo& u : undo_) {
      if (u.figure) {
        touched_[u.at] = 0;
      }
    }
    if (next <= current || (heat > 0.0 && stream.uniform() < std::exp((current - next) / heat))) {
      return next < 1e-12 ? energy() : next;
    }
    for (const Shift& s : shifts_) {
      shift(s.cell, -s.by);
    }
    for (std::size_t u = undo_.size(); u > 0; --u) {
      (undo_[u - 1].figure ? figure_cost_ : limit_cost_)[undo_[u - 1].at] = undo_[u - 1].cost;
    }
    return current;
  }

  bool inside(std::size_t cell, std::int64_t by) const {
    const std::size_t k = cell % problem_.columns.size();
    return z_[cell] + by >= low_[k] && z_[cell] + by <= high_[k];
  }

  double settle(std::size_t cell, double sum) {
    for (const int f : layout_.cells[cell].figures) {
      const std::size_t at = static_cast<std::size_t>(f);
      if (touched_[at]) {
        continue;
      }
      touched_[at] = 1;
      undo_.push_back({true, at, figure_cost_[at]});
      const double cost = figure_cost(at);
      sum += cost - figure_cost_[at];
      figure_cost_[at] = cost;
    }
    for (const int l : layout_.cells[cell].limits) {
      const std::size_t at = static_cast<std::size_t>(l);
      undo_.push_back({false, at, limit_cost_[at]});
      const double cost = limit_cost(at);
      sum += cost - limit_cost_[at];
      limit_cost_[at] = cost;
    }
    return sum;
  }

  const Layout& layout_;
  const Problem& problem_;
  std::vector<std::int64_t> z_, low_, high_, first_, second_;
  std::vector<Sums> sums_;
  FigureSpace space_;
  std::vector<double> figure_cost_, limit_cost_, scale_;
  std::vector<char> touched_;
  std::vector<std::size_t> figures_, limits_;
  std::vector<Undo> undo_;
  std::vector<Shift> shifts_;
  std::vector<char> in_component_;
};

}  // namespace respondr::cohort
