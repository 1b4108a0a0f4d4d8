# Long rows of a matrix of patients x visits, and of what is known of the patients.
rm_long <- function(y, between = NULL, visits = seq_len(ncol(y))) {
  out <- data.frame(id = as.vector(row(y)), visit = visits[as.vector(col(y))], y = as.vector(y))
  for (name in names(between)) out[[name]] <- between[[name]][out$id]
  out
}

# A result as bare columns of one method.
rm_rows <- function(x, method) {
  out <- as.data.frame(x)
  out[as.character(out$method) == method, ]
}

# Formula, data and problem of the oracle for a mixed model on rows with holes.
mmrm_oracle <- function(d, formula, structure = "us", reml = TRUE, ...) {
  d$visit <- factor(d$visit)
  oracle_mmrm(d$y, stats::model.matrix(formula, d), d$patient, as.integer(d$visit), structure, reml, ...)
}
