#pragma once
// One cohort: assign patients to levels, draw values, meet the moments, round to the grid, repair on the grid.

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "respondr/cohort/draw.hpp"
#include "respondr/cohort/layout.hpp"
#include "respondr/cohort/moments.hpp"
#include "respondr/cohort/problem.hpp"
#include "respondr/cohort/search.hpp"
#include "respondr/cohort/skeleton.hpp"
#include "respondr/parallel.hpp"
#include "respondr/random.hpp"

namespace respondr::cohort {

struct Cohort {
  bool found = false;
  int attempts = 0;
  Codes codes;                        // patients x categorical columns
  std::vector<std::int64_t> values;   // patients x measured columns, in steps
  std::vector<char> known;            // patients x measured columns
  std::vector<double> figures;        // as reproduced, on the scale of each kind
  std::vector<int> broken_counts, broken_figures;  // where it was not found: what the nearest cohort leaves open
};

namespace detail {

using Clock = std::chrono::steady_clock;

inline std::vector<std::int64_t> to_grid(const Layout& layout, const std::vector<double>& x) {
  std::vector<std::int64_t> z(x.size(), 0);
  const Problem& p = *layout.problem;
  for (std::size_t c = 0; c < x.size(); ++c) {
    const Column& column = p.columns[c % p.columns.size()];
    const double low = std::ceil(column.low / column.step - 1e-9), high = std::floor(column.high / column.step + 1e-9);
    const double most = 1e7;
    const double value = std::isfinite(x[c]) ? std::fmax(-most, std::fmin(most, std::round(x[c]))) : 0.0;
    z[c] = static_cast<std::int64_t>(std::fmax(low, std::fmin(high, value)));
  }
  return z;
}

// How far single moves reach in each column: the SD of its figures.
inline std::vector<double> reaches(const Layout& layout, const std::vector<CellPrior>& prior) {
  const std::size_t columns = layout.problem->columns.size();
  std::vector<double> out(columns, 2.0);
  for (std::size_t c = 0; c < prior.size(); ++c) {
    out[c % columns] = std::fmax(out[c % columns], prior[c].sd);
  }
  return out;
}

struct Fill {
  std::vector<std::int64_t> values;
  std::vector<std::vector<std::size_t>> open;  // cells of components that were not met
};

// The nearest of several draws of a component after each has been led to its moments.
inline Start nearest_start(const Layout& layout, const std::vector<CellPrior>& prior, const std::vector<std::size_t>& cells,
                           Stream& stream) {
  constexpr int draws = 16;
  constexpr double near = 1.0;
  Start best;
  best.worst = infinity;
  for (int draw = 0; draw < draws && best.worst > near; ++draw) {
    Start start = meet_moments(layout, prior, cells, draw_cells(layout, prior, stream), stream);
    if (draw == 0 || start.worst < best.worst) best = std::move(start);
  }
  return best;
}

// Values for one assignment. Components that hold with the values of `before`, all of whose cells were `known` then, keep them;
// each other is drawn anew until it holds, or `starts` times.
inline Fill fill(const Layout& layout, const Budget& budget, Stream& stream, Clock::time_point end, int starts,
                 const std::vector<std::int64_t>& before, const std::vector<char>& known) {
  const Problem& p = *layout.problem;
  std::vector<CellPrior> prior(layout.cells.size());
  for (std::size_t c = 0; c < prior.size(); ++c) {
    if (layout.known[c]) {
      prior[c] = make_prior(layout, c / p.columns.size(), c % p.columns.size());
    }
  }
  constexpr double hopeless = 40.0;  // half widths left by a start: this assignment can hardly have the figures
  const std::vector<double> reach = reaches(layout, prior);
  Fill out;
  out.values = before.empty() ? std::vector<std::int64_t>(layout.cells.size(), 0) : before;
  std::vector<char> done(layout.components.size(), 0);
  if (!before.empty()) {
    Grid grid(layout, before);
    for (std::size_t k = 0; k < done.size(); ++k) {
      const std::vector<std::size_t>& cells = layout.components[k];
      const bool old = std::all_of(cells.begin(), cells.end(), [&](std::size_t c) { return known[c] != 0; });
      done[k] = old && grid.holds(cells) ? 1 : 0;
    }
  }
  for (int start = 0; start < starts; ++start) {
    for (std::size_t k = 0; k < layout.components.size(); ++k) {
      if (done[k] || (start > 0 && Clock::now() > end)) {
        continue;
      }
      const std::vector<std::size_t>& cells = layout.components[k];
      const Start first = nearest_start(layout, prior, cells, stream);
      Grid grid(layout, to_grid(layout, first.values));
      done[k] = grid.solve(cells, first.worst > hopeless ? budget.moves / 20 : budget.moves, stream, reach) ? 1 : 0;
      for (const std::size_t c : cells) {
        out.values[c] = grid.values()[c];
      }
    }
  }
  for (std::size_t k = 0; k < done.size(); ++k) {
    if (!done[k]) {
      out.open.push_back(layout.components[k]);
    }
  }
  return out;
}

// Which categorical columns a component of cells depends on.
inline std::vector<char> columns_behind(const Layout& layout, const std::vector<std::size_t>& cells) {
  const Problem& p = *layout.problem;
  std::vector<char> out(p.levels.size(), 0);
  const auto mark = [&](int condition) {
    for (const Step& step : p.conditions[static_cast<std::size_t>(condition)]) {
      if (step.op == Op::test) {
        out[static_cast<std::size_t>(step.column)] = 1;
      }
    }
  };
  for (const std::size_t c : cells) {
    mark(p.columns[c % p.columns.size()].known);
    for (const auto& use : layout.cells[c].samples) {
      mark(p.samples[static_cast<std::size_t>(use.first)].condition);
    }
    for (const int f : layout.cells[c].figures) {
      if (layout.figures[static_cast<std::size_t>(f)].event >= 0) {
        mark(layout.figures[static_cast<std::size_t>(f)].event);
      }
    }
    for (const int l : layout.cells[c].limits) {
      mark(p.limits[layout.limits[static_cast<std::size_t>(l)].limit].condition);
    }
  }
  return out;
}

// Columns to deal out anew: those behind the open components that at most so many other components depend on.
inline std::vector<std::size_t> columns_to_free(const Layout& layout, const Fill& fill, Stream& stream) {
  std::vector<int> open(layout.problem->levels.size(), 0), all(layout.problem->levels.size(), 0);
  for (const auto& cells : fill.open) {
    const std::vector<char> behind = columns_behind(layout, cells);
    for (std::size_t c = 0; c < behind.size(); ++c) {
      open[c] += behind[c];
    }
  }
  for (const auto& cells : layout.components) {
    const std::vector<char> behind = cells.size() > 1 ? columns_behind(layout, cells) : std::vector<char>(all.size(), 0);
    for (std::size_t c = 0; c < behind.size(); ++c) {
      all[c] += behind[c];
    }
  }
  constexpr int most[] = {0, 2, 4, 1000};
  const int others = most[stream.bounded(4)];
  std::vector<std::size_t> free;
  for (std::size_t c = 0; c < open.size(); ++c) {
    if (open[c] > 0 && all[c] - open[c] <= others) {
      free.push_back(c);
    }
  }
  return free;
}

// The state as it is told to the user.
inline Cohort describe(const Layout& layout, const std::vector<std::int64_t>& values) {
  Cohort out;
  const Problem& p = *layout.problem;
  Grid grid(layout, values);
  out.codes = layout.codes;
  out.known = layout.known;
  out.values = values;
  for (std::size_t f = 0; f < p.figures.size(); ++f) {
    const double value = grid.figure(f);
    const Figure& figure = layout.figures[f];
    out.figures.push_back(is_test(figure.kind) ? p_of_statistic(std::fabs(value), statistic_df(layout, figure)) : value);
    if (grid.cost_of_figure(f) > 0.0) {
      out.broken_figures.push_back(static_cast<int>(f));
    }
  }
  for (std::size_t l = 0; l < layout.limits.size(); ++l) {
    if (grid.cost_of_limit(l) > 0.0) {
      out.broken_figures.push_back(static_cast<int>(p.figures.size() + layout.limits[l].limit));
    }
  }
  out.found = out.broken_figures.empty();
  return out;
}

}  // namespace detail

// Cohort number `index`. The same seed and index give the same cohort, unless the time runs out.
inline Cohort solve_cohort(const Problem& problem, const Budget& budget, std::uint64_t index) {
  constexpr std::size_t moves = 600000;  // for the assignment of patients to levels
  constexpr int again = 12;              // changes of one assignment before a new one is made
  const auto end = detail::Clock::now() + std::chrono::duration_cast<detail::Clock::duration>(
                                              std::chrono::duration<double>(budget.seconds));
  Cohort best;
  std::size_t fewest = static_cast<std::size_t>(-1), parts = 0;
  Codes codes;
  std::vector<std::int64_t> values;
  std::vector<char> known;  // with the values
  std::vector<std::size_t> free;
  for (int attempt = 0; attempt < budget.attempts && (attempt == 0 || detail::Clock::now() < end); ++attempt) {
    Stream stream(budget.seed, static_cast<std::uint64_t>(Tag::cohort), index, static_cast<std::uint64_t>(attempt));
    Skeleton skeleton(problem, stream);
    const bool fresh = codes.empty() || attempt % again == 0;
    const bool placed = fresh ? skeleton.solve(moves) : skeleton.solve_again(codes, free, moves / 4);
    if (!placed && fresh) {
      codes.clear();
      if (best.values.empty() && skeleton.broken().size() < fewest) {
        fewest = skeleton.broken().size();
        best.codes = skeleton.codes();
        best.broken_counts.assign(1, 0);
        const std::vector<std::size_t> wrong = skeleton.broken();
        best.broken_counts.assign(wrong.begin(), wrong.end());
      }
      continue;
    }
    if (fresh) {
      values.clear();
      parts = static_cast<std::size_t>(-1);
    }
    const Layout layout = make_layout(problem, placed ? skeleton.codes() : codes);
    const detail::Fill fill = detail::fill(layout, budget, stream, end, 2, values, known);
    if (fill.open.size() <= parts) {
      parts = fill.open.size();
      codes = layout.codes;
      values = fill.values;
      known = layout.known;
      Cohort state = detail::describe(layout, fill.values);
      if (state.found || best.values.empty() || state.broken_figures.size() < best.broken_figures.size()) {
        best = std::move(state);
      }
      best.attempts = attempt + 1;
      if (best.found) {
        return best;
      }
    }
    free = detail::columns_to_free(layout, fill, stream);
  }
  return best;
}

template <class Sink>
void solve_cohorts(const Problem& problem, const Budget& budget, std::size_t n, int threads, const Hooks& hooks, Sink&& sink) {
  parallel_map(
      n, threads, hooks, [] { return 0; },
      [&](std::size_t i, int&) { sink(i, solve_cohort(problem, budget, static_cast<std::uint64_t>(i))); });
}

}  // namespace respondr::cohort
