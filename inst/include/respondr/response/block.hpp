#pragma once
// Values of a block of patients, read before any of them is judged. The rows of long data stand in any order, so nearly
// every value is a memory access of its own: read together, with the addresses asked for some patients ahead, they overlap.

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "respondr/detail/radix.hpp"
#include "respondr/response/classify.hpp"
#include "respondr/response/types.hpp"

namespace respondr::response {

// rows: patients x visits, numbers of rows from 1, none where not positive. before empty: the baseline is the value at visit
// `reference` (from 1); else that of the same row, missing where a column is nullptr.
struct Source {
  const int* rows = nullptr;
  std::size_t patients = 0, visits = 0;
  int reference = 0;
  std::vector<const double*> after, before;
  std::vector<int> at;  // one a column: 0, read at the visit judged, or the visit (from 1) it is always read at; empty: all 0

  // Where column k is read when `visit` is judged.
  std::size_t read_at(std::size_t k, std::size_t visit) const {
    return at.empty() || at[k] == 0 ? visit : static_cast<std::size_t>(at[k]) - 1;
  }
  std::size_t judged() const { return visits - (reference == 0 ? 0 : 1); }
};

class Block {
 public:
  static constexpr std::size_t size = 128;  // patients; the values of two variables at ten visits fit the first cache

  explicit Block(const Source& source)
      : source_(&source), after_(source.after.size() * source.visits * size),
        before_(source.before.empty() ? 0 : after_.size()) {}

  // Patients first to last - 1.
  void read(std::size_t first, std::size_t last) {
    first_ = first;
    read_columns(source_->after, last, after_);
    if (!source_->before.empty()) read_columns(source_->before, last, before_);
  }

  double after(std::size_t variable, std::size_t patient, std::size_t visit) const {
    return after_[place(variable, patient, visit)];
  }

  double before(std::size_t variable, std::size_t patient, std::size_t visit) const {
    if (!source_->before.empty()) return before_[place(variable, patient, visit)];
    return source_->reference == 0 ? missing : after(variable, patient, static_cast<std::size_t>(source_->reference) - 1);
  }

  void take(std::size_t patient, std::size_t visit, Workspace& work) const {
    for (std::size_t k = 0; k < source_->after.size(); ++k) {
      const std::size_t own = source_->read_at(k, visit);
      work.after[k] = after(k, patient, own);
      work.before[k] = before(k, patient, own);
    }
  }

 private:
  std::size_t place(std::size_t variable, std::size_t patient, std::size_t visit) const {
    return (variable * source_->visits + visit) * size + (patient - first_);
  }

  void read_columns(const std::vector<const double*>& columns, std::size_t last, std::vector<double>& out) const {
    for (std::size_t v = 0; v < source_->visits; ++v) {
      const int* rows = source_->rows + v * source_->patients;
      const std::size_t end = source_->patients;
      for (std::size_t p = first_; p < last; ++p) {
        const std::size_t far = p + respondr::detail::look_ahead;
        const int row = rows[p], ahead = far < end ? rows[far] : 0;
        for (std::size_t k = 0; k < columns.size(); ++k) {
          const double* column = columns[k];
          if (ahead > 0 && column != nullptr) respondr::detail::prefetch(column + (ahead - 1));
          out[(k * source_->visits + v) * size + (p - first_)] =
              row > 0 && column != nullptr ? column[row - 1] : missing;
        }
      }
    }
  }

  const Source* source_;
  std::size_t first_ = 0;
  std::vector<double> after_, before_;
};

// A patient at the judged visits, into work.judged. set: from 1, none where not positive; death: the judged visit (from 1)
// from which the patient is dead, never where not positive.
inline void judge_patient(const Program& program, const Source& source, const Block& block, std::size_t patient, int set,
                          int death, Workspace& work) {
  std::size_t at = 0;
  for (std::size_t v = 0; v < source.visits; ++v) {
    if (static_cast<int>(v) + 1 == source.reference) continue;
    Verdict& out = work.visits[at];
    out = Verdict{};
    if (set > 0) {
      block.take(patient, v, work);
      out = judge_values(program, static_cast<std::size_t>(set - 1), work);
      const bool dead = death > 0 && static_cast<int>(at) + 1 >= death;
      if (dead && out.handling != Handling::classed) handle(Cause::died, program.death, out);
    } else {
      handle(Cause::no_set, Handling::open, out);
    }
    out.visit = static_cast<int>(v);
    ++at;
  }
  carry(work.visits);
  if (program.sustained > 1 || program.confirmed) {
    require_repeats(program, work.visits, work.judged);
  } else {
    std::swap(work.visits, work.judged);
  }
}

// The values that decided: those at the visit of the verdict, and the baseline.
struct Decided {
  double before = missing, after = missing, change = missing, percent = missing;  // percent: none of a baseline of 0
};

inline Decided decided(const Source& source, const Block& block, std::size_t variable, std::size_t patient,
                       const Verdict& verdict) {
  Decided out;
  const bool named = !source.at.empty() && source.at[variable] != 0, known = named || verdict.visit >= 0;
  const std::size_t visit = known ? source.read_at(variable, static_cast<std::size_t>(std::max(verdict.visit, 0))) : 0;
  if (known) out.after = block.after(variable, patient, visit);
  if (known || source.before.empty()) out.before = block.before(variable, patient, visit);
  out.change = out.after - out.before;
  if (out.before != 0.0) out.percent = 100.0 * out.change / out.before;
  return out;
}

}  // namespace respondr::response
