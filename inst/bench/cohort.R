# Reconstruction of cohorts: Rscript inst/bench/cohort.R (from the root of the clone, after installing the package).
source(file.path("inst", "bench", "common.R"))
library(respondr)

spec <- read_cohort_spec(system.file("extdata", "cohort_thalidomide.yaml", package = "respondr"))
release <- readLines(system.file("extdata", "cohort_thalidomide_released.txt", package = "respondr"))
cat("62 patients, ", nrow(spec$figures), " figures, one core\n", sep = "")
times <- vapply(1:8, function(seed) {
  start <- proc.time()
  x <- try(reconstruct_cohort(spec, seed = seed, release = release, time_limit = 120), silent = TRUE)
  spent <- proc.time() - start
  cat(sprintf("seed %d: %s, %.1f s of processor, %.1f s elapsed\n", seed, if (inherits(x, "try-error")) "not found" else "found",
    spent[["user.self"]], spent[["elapsed"]]))
  spent[["user.self"]]
}, 0)
cat(sprintf("Median %.1f s (goal: under 10 s); slowest %.1f s\n%s\n", median(times), max(times), machine_words()))
