# The input that the tests of several arms take, from columns of values and their arms, without the formula.
k_input <- function(outcomes, arm, by = NULL, baselines = NULL) {
  if (!is.list(outcomes)) outcomes <- list(y = outcomes)
  outcomes <- lapply(outcomes, as.double)
  arm <- if (is.factor(arm)) arm else factor(arm, unique(arm))
  k <- nlevels(arm)
  by_code <- if (is.null(by)) rep(1L, length(arm)) else as.integer(factor(by))
  groups <- max(by_code)
  cell <- (by_code - 1L) * k + as.integer(arm)
  out <- list(
    outcomes = outcomes, order = order(cell, na.last = NA), start = c(0L, cumsum(tabulate(cell, groups * k))), k = k,
    arms = levels(arm), arm = "arm", by = if (!is.null(by)) data.frame(by = factor(levels(factor(by))))
  )
  if (!is.null(baselines)) out$baselines <- lapply(baselines, as.double)
  out
}

k_figures <- function(n, mean, sd, arms = letters[seq_along(n)]) {
  list(outcomes = list(y = NULL), k = length(arms), arms = arms, arm = "arm",
    arm_figures = list(n = n, mean = mean, sd = sd))
}

k_core <- function(name, ...) getFromNamespace(name, "respondr")(...)

k_published <- function(source, case) {
  rows <- utils::read.csv(system.file("validation", source, "expected.csv", package = "respondr", mustWork = TRUE))
  rows[rows$case == case, ]
}

k_data <- function(source, file) {
  utils::read.csv(system.file("validation", source, paste0(file, ".csv"), package = "respondr", mustWork = TRUE))
}

expect_k <- function(rows, ours) {
  testthat::expect_true(all(names(ours) %in% rows$name))
  for (name in names(ours)) {
    row <- rows[rows$name == name, ]
    testthat::expect_true(isTRUE(abs(ours[[name]] - row$value) <= row$tolerance * (1 + 1e-6)), info = sprintf(
      "%s %s: ours %.12g, printed %.12g", row$case, name, ours[[name]], row$value
    ))
  }
}
