# Long rows of a 2x2 table: id, visit, response; in any order of rows.
rate_rows <- function(both, lost, gained, neither, shuffle = TRUE) {
  before <- rep(c(1, 1, 0, 0), c(both, lost, gained, neither))
  after <- rep(c(1, 0, 1, 0), c(both, lost, gained, neither))
  n <- length(before)
  out <- data.frame(id = rep(seq_len(n), 2), visit = rep(c(0, 1), each = n), response = c(before, after))
  if (shuffle) out[order((seq_len(2 * n) * 7919) %% (2 * n + 1)), ] else out
}

published_rates <- function(case, ours) {
  rows <- utils::read.csv(system.file("validation", "paired_rates", "expected.csv", package = "respondr", mustWork = TRUE))
  rows <- rows[rows$case == case, ]
  testthat::expect_true(all(names(ours) %in% rows$name), info = case)
  for (name in names(ours)) {
    row <- rows[rows$name == name, ]
    testthat::expect_true(isTRUE(abs(ours[[name]] - row$value) <= row$tolerance * (1 + 1e-6)), info = sprintf(
      "%s %s: ours %.12g, printed %.12g", case, name, ours[[name]], row$value))
  }
}
