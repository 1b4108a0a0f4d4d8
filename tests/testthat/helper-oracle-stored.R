# Figures printed by other programs and papers, stored in inst/validation/<source>, for the tests of the oracles.

oracle_stored <- function(source, file) {
  path <- testthat::test_path("..", "..", "inst", "validation", source, paste0(file, ".csv"))
  if (!file.exists(path)) path <- system.file("validation", source, paste0(file, ".csv"), package = "respondr")
  utils::read.csv(path)
}

# A stored table of counts as a matrix, rows as they stand in the source.
oracle_stored_table <- function(source, file, table = "table") {
  d <- oracle_stored(source, file)
  d <- d[d$table == table, ]
  matrix(d$count[order(d$column, d$row)], max(d$row))
}

# The named figures against the stored ones of a case. `skip` names the stored figures that belong to another method.
expect_oracle_stored <- function(source, case, ours, skip = NULL) {
  rows <- oracle_stored(source, "expected")
  rows <- rows[rows$case == case & !rows$name %in% skip, ]
  testthat::expect_setequal(names(ours), rows$name)
  for (i in seq_len(nrow(rows))) {
    mine <- ours[[rows$name[i]]]
    gap <- abs(mine - rows$value[i])
    testthat::expect_true(isTRUE(gap <= rows$tolerance[i] * (1 + 1e-6) + 1e-15 * abs(mine)), info = sprintf(
      "%s %s: ours %.15g, stored %.15g", case, rows$name[i], mine, rows$value[i]
    ))
  }
}
