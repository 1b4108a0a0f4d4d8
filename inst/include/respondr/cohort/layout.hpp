#pragma once
// A problem for one assignment of patients to levels: who is in which sample, which limits bind whom, and what each cell
// touches, so that a move of one value costs no more than the figures it enters.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include "respondr/cohort/problem.hpp"
#include "respondr/cohort/skeleton.hpp"
#include "respondr/special.hpp"

namespace respondr::cohort {

struct BoundLimit {
  std::size_t patient = 0, limit = 0;
};

struct CellUse {
  std::vector<std::pair<int, std::int64_t>> samples;  // sample and coefficient
  std::vector<int> figures, limits;                   // that the cell enters
};

struct Layout {
  const Problem* problem = nullptr;
  Codes codes;
  std::vector<char> known;                       // patients x columns
  std::vector<std::vector<std::size_t>> members; // patients of each sample
  std::vector<std::vector<char>> events;         // of each figure with an event: along the members of its sample
  std::vector<BoundLimit> limits;
  std::vector<Figure> figures;                   // with the interval of |t| or |z| in place of that of P
  std::vector<CellUse> cells;                    // patients x columns
  std::vector<std::vector<std::size_t>> components; // cells that figures or limits tie together

  std::size_t cell(std::size_t patient, std::size_t column) const { return patient * problem->columns.size() + column; }
  bool condition(std::size_t c, std::size_t patient) const {
    return holds(problem->conditions[c], codes.data() + patient * problem->levels.size());
  }
};

// Two-sided P as the absolute statistic, and back. Welch's degrees of freedom move with the data: its P stays as it is.
inline double statistic_df(const Layout& layout, const Figure& figure) {
  const auto n = [&](std::size_t i) {
    return static_cast<double>(layout.members[static_cast<std::size_t>(figure.samples[i])].size());
  };
  return figure.kind == Kind::t_paired ? n(0) - 1.0 : figure.kind == Kind::t_student ? n(0) + n(1) - 2.0 : infinity;
}

inline bool is_test(Kind kind) { return kind == Kind::t_paired || kind == Kind::t_student || kind == Kind::z_logistic; }

inline double statistic_of_p(double p, double df) {
  return p <= 0.0 ? infinity : p >= 1.0 ? 0.0 : -special::t_quantile(0.5 * p, df);
}

inline double p_of_statistic(double statistic, double df) {
  return df == infinity ? 2.0 * special::normal_cdf(-statistic) : special::t_two_sided(statistic, df);
}

namespace detail {

inline void find_intervals(Layout& layout) {
  layout.figures = layout.problem->figures;
  for (Figure& figure : layout.figures) {
    const double df = statistic_df(layout, figure);
    if (is_test(figure.kind) && df > 0.0) {
      const double low = statistic_of_p(figure.high, df);
      figure.high = statistic_of_p(figure.low, df);
      figure.low = low;
    }
  }
}

// The printed mean of a single column of the patients of this condition; NaN if there is none.
inline double printed_mean(const Problem& p, int column, int condition) {
  for (const Figure& figure : p.figures) {
    const Sample& sample = p.samples[static_cast<std::size_t>(figure.samples[0])];
    const Quantity& q = p.quantities[static_cast<std::size_t>(sample.quantity)];
    if (figure.kind == Kind::mean && sample.condition == condition && q.terms.size() == 1 && q.terms[0].column == column) {
      return 0.5 * (figure.low + figure.high) / q.unit;
    }
  }
  return missing;
}

inline void find_signs(Layout& layout) {
  const Problem& p = *layout.problem;
  for (Figure& figure : layout.figures) {
    if (figure.kind != Kind::t_paired && figure.kind != Kind::t_student) {
      continue;
    }
    double difference = 0.0;
    for (std::size_t k = 0; k < figure.samples.size(); ++k) {
      const Sample& sample = p.samples[static_cast<std::size_t>(figure.samples[k])];
      for (const Term& term : p.quantities[static_cast<std::size_t>(sample.quantity)].terms) {
        const double mean = static_cast<double>(term.coefficient) * printed_mean(p, term.column, sample.condition);
        difference += k == 0 ? mean : -mean;
      }
    }
    figure.sign = difference > 1e-9 ? 1 : difference < -1e-9 ? -1 : 0;
  }
}

inline bool has_all(const Layout& layout, const Quantity& quantity, std::size_t patient) {
  return std::all_of(quantity.terms.begin(), quantity.terms.end(), [&](const Term& t) {
    return layout.known[layout.cell(patient, static_cast<std::size_t>(t.column))] != 0;
  });
}

inline void find_members(Layout& layout) {
  const Problem& p = *layout.problem;
  for (const Sample& sample : p.samples) {
    std::vector<std::size_t> in;
    for (std::size_t i = 0; i < p.patients; ++i) {
      if (layout.condition(static_cast<std::size_t>(sample.condition), i) &&
          has_all(layout, p.quantities[static_cast<std::size_t>(sample.quantity)], i)) {
        in.push_back(i);
      }
    }
    layout.members.push_back(std::move(in));
  }
  for (const Figure& figure : p.figures) {
    std::vector<char> event;
    if (figure.event >= 0) {
      for (const std::size_t i : layout.members[static_cast<std::size_t>(figure.samples[0])]) {
        event.push_back(layout.condition(static_cast<std::size_t>(figure.event), i) ? 1 : 0);
      }
    }
    layout.events.push_back(std::move(event));
  }
  for (std::size_t l = 0; l < p.limits.size(); ++l) {
    for (std::size_t i = 0; i < p.patients; ++i) {
      if (layout.condition(static_cast<std::size_t>(p.limits[l].condition), i) &&
          has_all(layout, p.quantities[static_cast<std::size_t>(p.limits[l].quantity)], i)) {
        layout.limits.push_back({i, l});
      }
    }
  }
}

inline void find_uses(Layout& layout) {
  const Problem& p = *layout.problem;
  layout.cells.assign(p.patients * p.columns.size(), {});
  for (std::size_t s = 0; s < p.samples.size(); ++s) {
    for (const Term& term : p.quantities[static_cast<std::size_t>(p.samples[s].quantity)].terms) {
      for (const std::size_t i : layout.members[s]) {
        layout.cells[layout.cell(i, static_cast<std::size_t>(term.column))].samples.emplace_back(static_cast<int>(s),
                                                                                                term.coefficient);
      }
    }
  }
  std::vector<std::vector<int>> figures(p.samples.size());
  for (std::size_t f = 0; f < p.figures.size(); ++f) {
    for (const int s : p.figures[f].samples) {
      figures[static_cast<std::size_t>(s)].push_back(static_cast<int>(f));
    }
  }
  for (CellUse& use : layout.cells) {
    for (const auto& entry : use.samples) {
      const std::vector<int>& more = figures[static_cast<std::size_t>(entry.first)];
      use.figures.insert(use.figures.end(), more.begin(), more.end());
    }
    std::sort(use.figures.begin(), use.figures.end());
    use.figures.erase(std::unique(use.figures.begin(), use.figures.end()), use.figures.end());
  }
  for (std::size_t l = 0; l < layout.limits.size(); ++l) {
    const Limit& limit = p.limits[layout.limits[l].limit];
    for (const Term& term : p.quantities[static_cast<std::size_t>(limit.quantity)].terms) {
      layout.cells[layout.cell(layout.limits[l].patient, static_cast<std::size_t>(term.column))].limits.push_back(
          static_cast<int>(l));
    }
  }
}

// Union and find over the cells; figures and limits join theirs.
class Joined {
 public:
  explicit Joined(std::size_t n) : parent_(n) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
  std::size_t root(std::size_t i) {
    while (parent_[i] != i) {
      parent_[i] = parent_[parent_[i]];
      i = parent_[i];
    }
    return i;
  }
  void join(std::size_t a, std::size_t b) {
    const std::size_t x = root(a), y = root(b);
    parent_[std::max(x, y)] = std::min(x, y);
  }

 private:
  std::vector<std::size_t> parent_;
};

inline void find_components(Layout& layout) {
  Joined joined(layout.cells.size());
  std::vector<std::size_t> of_figure(layout.problem->figures.size(), layout.cells.size());
  std::vector<std::size_t> of_limit(layout.limits.size(), layout.cells.size());
  for (std::size_t c = 0; c < layout.cells.size(); ++c) {
    for (const int f : layout.cells[c].figures) {
      std::size_t& first = of_figure[static_cast<std::size_t>(f)];
      first == layout.cells.size() ? void(first = c) : joined.join(first, c);
    }
    for (const int l : layout.cells[c].limits) {
      std::size_t& first = of_limit[static_cast<std::size_t>(l)];
      first == layout.cells.size() ? void(first = c) : joined.join(first, c);
    }
  }
  std::vector<std::size_t> place(layout.cells.size(), layout.cells.size());
  for (std::size_t c = 0; c < layout.cells.size(); ++c) {
    if (layout.known[c] == 0) {
      continue;
    }
    const std::size_t root = joined.root(c);
    if (place[root] == layout.cells.size()) {
      place[root] = layout.components.size();
      layout.components.emplace_back();
    }
    layout.components[place[root]].push_back(c);
  }
}

}  // namespace detail

inline Layout make_layout(const Problem& problem, Codes codes) {
  Layout layout;
  layout.problem = &problem;
  layout.codes = std::move(codes);
  layout.known.assign(problem.patients * problem.columns.size(), 0);
  for (std::size_t i = 0; i < problem.patients; ++i) {
    for (std::size_t k = 0; k < problem.columns.size(); ++k) {
      layout.known[layout.cell(i, k)] = layout.condition(static_cast<std::size_t>(problem.columns[k].known), i) ? 1 : 0;
    }
  }
  detail::find_members(layout);
  detail::find_intervals(layout);
  detail::find_signs(layout);
  detail::find_uses(layout);
  detail::find_components(layout);
  return layout;
}

}  // namespace respondr::cohort
