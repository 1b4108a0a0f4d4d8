// Classes of response. input: rows (patients x visits of row numbers, NA: no row), after and before (lists of double
// columns;
// before empty: the row of visit `reference`), at (for each column 0, the visit judged, or the number of the visit it is
// read at), reference (0: none), set (one number a patient from 1, NA: none), death (one
// position a patient among the judged visits from which he is dead; NA: never). program: what R/response-classify-program.R
// writes. Rows of the result: patient by patient, visits in order.
#include "guard.h"

#include <respondr/response/classify.hpp>

using Rcpp::_;
using Rcpp::List;
namespace response = respondr::response;

namespace {

response::Program read_program(const List& from) {
  response::Program out;
  const Rcpp::IntegerVector op = from["op"], argument = from["argument"], measure = from["measure"],
                            relation = from["relation"], level = from["level"], first = from["first"],
                            last = from["last"], start = from["set_start"];
  const Rcpp::NumericVector cutoff = from["cutoff"];
  for (R_xlen_t i = 0; i < op.size(); ++i) {
    out.steps.push_back({static_cast<response::Op>(op[i]), argument[i], static_cast<response::Measure>(measure[i]),
                         static_cast<response::Relation>(relation[i]), cutoff[i]});
  }
  for (R_xlen_t j = 0; j < level.size(); ++j) {
    out.clauses.push_back({level[j], static_cast<std::size_t>(first[j]), static_cast<std::size_t>(last[j])});
  }
  out.set_start.assign(start.begin(), start.end());
  out.missing = respondr_glue::word<response::Handling>(from, "missing");
  out.zero_baseline = respondr_glue::word<response::Handling>(from, "zero_baseline");
  out.death = respondr_glue::word<response::Handling>(from, "death");
  out.moment = respondr_glue::word<response::Moment>(from, "moment");
  out.visit = Rcpp::as<int>(from["visit"]);
  out.sustained = Rcpp::as<int>(from["sustained"]);
  out.confirmed = Rcpp::as<bool>(from["confirmed"]);
  return out;
}

struct Input {
  Rcpp::IntegerVector rows, set, death, at;
  std::vector<const double*> after, before;
  std::size_t patients, visits;
  int reference;
};

struct Output {
  int *level, *clause, *cause, *handling, *visit;
  void store(std::size_t i, const response::Verdict& v) const {
    level[i] = v.level == -1 ? NA_INTEGER : v.level + 1;
    clause[i] = v.clause == -1 ? NA_INTEGER : v.clause + 1;
    cause[i] = static_cast<int>(v.cause) + 1;
    handling[i] = static_cast<int>(v.handling) + 1;
    visit[i] = v.visit == -1 ? NA_INTEGER : v.visit + 1;
  }
};

void read_values(const Input& in, std::size_t p, std::size_t v, response::Workspace& work) {
  const int* rows = in.rows.begin();
  const int judged = rows[v * in.patients + p];
  const int* at = in.at.begin();
  for (std::size_t k = 0; k < in.after.size(); ++k) {
    const int row = at[k] == 0 ? judged : rows[static_cast<std::size_t>(at[k] - 1) * in.patients + p];
    const int base = in.reference == 0 ? row : rows[static_cast<std::size_t>(in.reference - 1) * in.patients + p];
    const double* before = in.before.empty() ? in.after[k] : in.before[k];
    work.after[k] = row == NA_INTEGER ? respondr::missing : in.after[k][row - 1];
    work.before[k] = base == NA_INTEGER || before == nullptr ? respondr::missing : before[base - 1];
  }
}

void judge_patient(const response::Program& program, const Input& in, std::size_t p, response::Workspace& work) {
  std::size_t at = 0;
  for (std::size_t v = 0; v < in.visits; ++v) {
    if (static_cast<int>(v) + 1 == in.reference) continue;
    response::Verdict& out = work.visits[at];
    out = response::Verdict{};
    if (in.set[p] == NA_INTEGER) {
      response::handle(response::Cause::no_set, response::Handling::open, out);
    } else {
      read_values(in, p, v, work);
      out = response::judge_values(program, static_cast<std::size_t>(in.set[p] - 1), work);
      const bool dead = in.death[p] != NA_INTEGER && static_cast<int>(at) + 1 >= in.death[p];
      if (dead && out.handling != response::Handling::classed)
        response::handle(response::Cause::died, program.death, out);
    }
    out.visit = static_cast<int>(v);
    ++at;
  }
  response::carry(work.visits);
  if (program.sustained > 1 || program.confirmed) {
    response::require_repeats(program, work.visits, work.judged);
  } else {
    std::swap(work.visits, work.judged);
  }
}

}  // namespace

// [[Rcpp::export]]
List response_classify(List input, List program_list, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const response::Program program = read_program(program_list);
    Input in;
    in.rows = input["rows"];
    in.set = input["set"];
    in.death = input["death"];
    in.at = input["at"];
    in.after = respondr_glue::column_pointers(input["after"]);
    in.before = respondr_glue::column_pointers(input["before"]);
    in.reference = Rcpp::as<int>(input["reference"]);
    in.patients = static_cast<std::size_t>(in.set.size());
    in.visits = static_cast<std::size_t>(Rcpp::as<int>(input["visits"]));
    const std::size_t judged = in.visits - (in.reference == 0 ? 0 : 1);
    const bool each = program.moment == response::Moment::each;
    const R_xlen_t n = static_cast<R_xlen_t>(in.patients * (each ? judged : 1));
    Rcpp::IntegerVector level(Rcpp::no_init(n)), clause(Rcpp::no_init(n)), cause(Rcpp::no_init(n)),
        handling(Rcpp::no_init(n)), visit(Rcpp::no_init(n));
    const Output out{level.begin(), clause.begin(), cause.begin(), handling.begin(), visit.begin()};
    const std::size_t block = 256;
    respondr::parallel_map(
        (in.patients + block - 1) / block, threads, respondr_glue::r_hooks(List()),
        [&] { return response::make_workspace(program, in.after.size(), judged); },
        [&](std::size_t b, response::Workspace& work) {
          for (std::size_t p = b * block; p < std::min(in.patients, (b + 1) * block); ++p) {
            judge_patient(program, in, p, work);
            if (each) {
              for (std::size_t v = 0; v < judged; ++v) out.store(p * judged + v, work.judged[v]);
            } else {
              out.store(p, response::summarise(program, work.judged));
            }
          }
        });
    return List::create(_["level"] = level, _["clause"] = clause, _["cause"] = cause, _["handling"] = handling,
                        _["visit"] = visit);
  });
}
