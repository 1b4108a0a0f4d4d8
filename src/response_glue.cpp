// Classes of response. input: rows (patients x visits of row numbers, NA: no row), after and before (lists of double
// columns;
// before empty: the row of visit `reference`), at (for each column 0, the visit judged, or the number of the visit it is
// read at), reference (0: none), set (one number a patient from 1, NA: none), death (one
// position a patient among the judged visits from which he is dead; NA: never). program: what R/response-classify-program.R
// writes. wanted: see Values. Rows of the result: patient by patient, visits in order.
#include "guard.h"

#include <respondr/response/block.hpp>

using Rcpp::_;
using Rcpp::IntegerVector;
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

// One column for each that R asks for, in the order baseline, value, change, percent of each variable.
struct Values {
  Rcpp::IntegerVector wanted;  // bits a column: 1 baseline, 2 change, 4 percent; empty: no values at all
  std::vector<double*> before, after, change, percent;
  List columns;

  Values(const Rcpp::IntegerVector& bits, R_xlen_t n) : wanted(bits) {
    const auto column = [&](bool has) -> double* {
      if (!has) return nullptr;
      Rcpp::NumericVector out(Rcpp::no_init(n));
      columns.push_back(out);
      return out.begin();
    };
    for (const int bit : wanted) {
      before.push_back(column((bit & 1) != 0));
      after.push_back(column(true));
      change.push_back(column((bit & 2) != 0));
      percent.push_back(column((bit & 4) != 0));
    }
  }

  static void put(double* column, std::size_t i, double x) {
    if (column != nullptr) column[i] = x == x ? x : NA_REAL;
  }

  void store(std::size_t i, const response::Source& in, const response::Block& block, std::size_t p,
             const response::Verdict& v) const {
    for (std::size_t k = 0; k < after.size(); ++k) {
      const response::Decided x = response::decided(in, block, k, p, v);
      put(before[k], i, x.before);
      put(after[k], i, x.after);
      put(change[k], i, x.change);
      put(percent[k], i, x.percent);
    }
  }
};

// visit: the position among the judged visits; reason: 5 cause + handling.
struct Output {
  int *level, *clause, *reason, *visit;
  int reference;
  void store(std::size_t i, const response::Verdict& v) const {
    level[i] = v.level == -1 ? NA_INTEGER : v.level + 1;
    clause[i] = v.clause == -1 ? NA_INTEGER : v.clause + 1;
    reason[i] = 5 * static_cast<int>(v.cause) + static_cast<int>(v.handling) + 1;
    visit[i] = v.visit == -1 ? NA_INTEGER : v.visit + (reference == 0 || v.visit < reference ? 1 : 0);
  }
};

response::Source read_source(const List& input, const Rcpp::IntegerVector& rows, std::size_t patients) {
  response::Source in;
  in.rows = rows.begin();
  in.after = respondr_glue::column_pointers(input["after"]);
  in.before = respondr_glue::column_pointers(input["before"]);
  in.at = Rcpp::as<std::vector<int>>(input["at"]);
  in.reference = Rcpp::as<int>(input["reference"]);
  in.patients = patients;
  in.visits = static_cast<std::size_t>(Rcpp::as<int>(input["visits"]));
  return in;
}

struct Room {
  response::Workspace work;
  response::Block block;
};

}  // namespace

// [[Rcpp::export]]
List response_classify(List input, List program_list, IntegerVector wanted, int threads) {
  return respondr_glue::guarded([&]() -> List {
    const response::Program program = read_program(program_list);
    const IntegerVector rows = input["rows"], set = input["set"], death = input["death"];
    const response::Source in = read_source(input, rows, static_cast<std::size_t>(set.size()));
    const std::size_t judged = in.judged(), times = program.moment == response::Moment::each ? judged : 1;
    const R_xlen_t n = static_cast<R_xlen_t>(in.patients * times);
    IntegerVector level(Rcpp::no_init(n)), clause(Rcpp::no_init(n)), reason(Rcpp::no_init(n)), visit(Rcpp::no_init(n));
    const Output out{level.begin(), clause.begin(), reason.begin(), visit.begin(), in.reference};
    const Values values(wanted, n);
    constexpr std::size_t size = response::Block::size;
    respondr::parallel_map(
        (in.patients + size - 1) / size, threads, respondr_glue::r_hooks(List()),
        [&] { return Room{response::make_workspace(program, in.after.size(), judged), response::Block(in)}; },
        [&](std::size_t b, Room& room) {
          const std::size_t last = std::min(in.patients, (b + 1) * size);
          room.block.read(b * size, last);
          for (std::size_t p = b * size; p < last; ++p) {
            response::judge_patient(program, in, room.block, p, set[p], death[p], room.work);
            for (std::size_t v = 0; v < times; ++v) {
              const response::Verdict verdict =
                  program.moment == response::Moment::each ? room.work.judged[v] : summarise(program, room.work.judged);
              out.store(p * times + v, verdict);
              values.store(p * times + v, in, room.block, p, verdict);
            }
          }
        });
    return List::create(_["level"] = level, _["clause"] = clause, _["reason"] = reason, _["visit"] = visit,
                        _["values"] = values.columns);
  });
}

// The code of each patient (from 1 to `patients`) in the last of his rows that has one, and the first row with another (0:
// none).
// [[Rcpp::export]]
List response_constant(IntegerVector code, IntegerVector patient, int patients) {
  return respondr_glue::guarded([&]() -> List {
    IntegerVector one(patients, NA_INTEGER);
    int* of = one.begin();
    const R_xlen_t n = code.size();
    const auto known = [&](R_xlen_t i) { return code[i] != NA_INTEGER && patient[i] != NA_INTEGER; };
    for (R_xlen_t i = 0; i < n; ++i) {
      if (known(i)) of[patient[i] - 1] = code[i];
    }
    R_xlen_t other = 0;
    for (R_xlen_t i = 0; i < n && other == 0; ++i) {
      if (known(i) && of[patient[i] - 1] != code[i]) other = i + 1;
    }
    return List::create(_["one"] = one, _["other"] = static_cast<double>(other));
  });
}
