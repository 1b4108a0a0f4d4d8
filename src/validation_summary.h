// A validation as R sees it, of a model or of a whole screen.
#pragma once

#include <respondr/validate/bootstrap.hpp>

#include "columns.h"

namespace respondr_glue {

inline Rcpp::List summary_of(const respondr::validate::Validation& v, int folds) {
  const Columns<respondr::validate::MeasureSummary> rows(v.measure.size());
  for (std::size_t i = 0; i < v.measure.size(); ++i) rows.store(i, v.measure[i]);
  Rcpp::List out = rows.columns();
  out["status"] = static_cast<int>(v.status);
  out["replicates"] = v.replicates;
  out["failed"] = v.failed;
  out["penalised"] = v.penalised;
  out["aliased"] = v.aliased;
  out["slope_penalised"] = v.slope_penalised;
  out["left_out_used"] = v.left_out_used;
  out["folds"] = folds;
  return out;
}

}  // namespace respondr_glue
