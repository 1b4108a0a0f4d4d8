# Data and stored figures for the tests of validation.

validate_file <- function(folder, file) {
  read.csv(system.file("validation", folder, paste0(file, ".csv"), package = "respondr", mustWork = TRUE))
}

expect_stored <- function(folder, case, name, ours) {
  expected <- validate_file(folder, "expected")
  row <- expected[expected$case == case & expected$name == name, ]
  testthat::expect_equal(nrow(row), 1L, info = name)
  testthat::expect_true(isTRUE(abs(ours - row$value) <= row$tolerance * (1 + 1e-6)),
    info = sprintf("%s: ours %.15g, printed %.15g", name, ours, row$value))
}

measure_of <- function(x, method) as.data.frame(x)[x$method == method, ]

# Patients with a rare response, ties, and probabilities.
validate_case <- function(n = 60, seed = 1, ties = TRUE) {
  set.seed(seed)
  x <- rnorm(n)
  y <- rbinom(n, 1, plogis(-0.5 + x))
  z <- x + rnorm(n)
  data.frame(y = y, x = if (ties) round(x, 1) else x, z = if (ties) round(z) else z, p = plogis(-0.3 + 0.8 * x))
}

# Hanley and McNeil's standard error with both sample sizes less one replaced by their mean, as Newcombe has it.
oracle_hanley_se_mean <- function(auc, m, n) {
  star <- (m + n) / 2 - 1
  sqrt(auc * (1 - auc) / (m * n) * (1 + star * ((1 - auc) / (2 - auc) + auc / (1 + auc))))
}
