#pragma once
// Hosmer and Lemeshow (1980, Commun Stat A9:1043): groups by predicted probability, sum of (O - E)^2 / (E (1 - E / n)).
// Chi-square with G - 2 degrees of freedom where the probabilities were fitted to these patients, G where they come from
// elsewhere; G: groups that exist. Patients with equal probabilities stay together.
//   stata   cut-points are the k / g quantiles (empirical distribution, averaged at its steps), each in the group below it
//   sas     target size M = [N / g + 1/2]; a block of equal probabilities joins the group while that holds fewer than M and
//           with half of the block no more than M; a last group of at most [N / (2 g)] joins the one before it (PROC
//           LOGISTIC)

#include <cmath>
#include <vector>

#include "respondr/special/central.hpp"
#include "respondr/validate/placements.hpp"

namespace respondr::validate {

enum class Grouping : int { stata = 0, sas };

struct RiskGroup {
  double n = 0.0, events = 0.0, expected = 0.0, low = missing, high = missing;
};

namespace detail {

inline void add_block(const Patients& patients, const Ascending& order, std::size_t first, std::size_t last, bool fresh,
                      std::vector<RiskGroup>& groups) {
  const Classes block = count_block(patients, order, first, last);
  if (fresh || groups.empty()) {
    groups.emplace_back();
    groups.back().low = order.score(first);
  }
  RiskGroup& group = groups.back();
  group.n += block.total();
  group.events += block.events;
  group.expected += block.total() * order.score(first);
  group.high = order.score(first);
}

inline void join_small_end(double smallest, std::vector<RiskGroup>& groups) {
  if (groups.size() < 2 || groups.back().n > smallest) {
    return;
  }
  const RiskGroup last = groups.back();
  groups.pop_back();
  RiskGroup& group = groups.back();
  group.n += last.n;
  group.events += last.events;
  group.expected += last.expected;
  group.high = last.high;
}

}  // namespace detail

inline std::vector<RiskGroup> risk_groups(const Patients& patients, const Ascending& order, int wanted, Grouping rule) {
  std::vector<RiskGroup> out;
  const double total = count_classes(patients).total(), target = std::floor(total / wanted + 0.5);
  double before = 0.0, current = 0.0;
  int at = -1;
  for (std::size_t k = 0; k < order.size();) {
    const std::size_t end = order.block_end(k);
    const double size = detail::count_block(patients, order, k, end).total();
    bool fresh = false;
    if (rule == Grouping::stata) {
      const int group = std::min(wanted - 1, static_cast<int>(std::floor(before * wanted / total * (1.0 + 1e-12))));
      fresh = group != at;
      at = group;
    } else {
      fresh = !(current < target && current + std::floor(0.5 * size) <= target);
      current = fresh ? size : current + size;
    }
    detail::add_block(patients, order, k, end, fresh, out);
    before += size;
    k = end;
  }
  if (rule == Grouping::sas) {
    detail::join_small_end(std::floor(total / (2.0 * wanted)), out);
  }
  return out;
}

inline MeasureRow hosmer_row(const Patients& patients, const std::vector<RiskGroup>& groups, int wanted, bool fitted) {
  MeasureRow row;
  row.count(count_classes(patients));
  if (row.status == Status::no_data) {
    return row;
  }
  row.status = Status::ok;
  const int used = static_cast<int>(groups.size());
  if (used < wanted) {
    row.add(Note::groups_joined);
  }
  row.df = used - (fitted ? 2.0 : 0.0);
  if (row.df < 1.0) {
    row.df = missing;
    row.status = Status::too_few;
    return row;
  }
  double sum = 0.0;
  for (const RiskGroup& g : groups) {
    const double gap = g.events - g.expected;
    sum += gap == 0.0 ? 0.0 : gap * gap / (g.expected * (1.0 - g.expected / g.n));
  }
  row.estimate = row.statistic = sum;
  row.p_value = special::chisq_cdf(sum, row.df, special::Tail::upper);
  if (std::isinf(sum)) {
    row.status = Status::boundary;
  }
  return row;
}

}  // namespace respondr::validate
