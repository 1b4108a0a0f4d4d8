# Which patients can the printed odds ratio of a main response per point of HbF, 1.111 (1.006 to 1.226), P 0.038, come from?
# Each set takes the place of the one in the spec; all other printed figures stay. Writes odds_ratio.csv beside this script:
# found (a cohort that meets every figure), impossible (proved), or not found in the time given.
# Rscript inst/validation/cohort/odds_ratio.R [seconds a try]
library(respondr)
seconds <- c(as.numeric(commandArgs(TRUE)), 120)[1]
spec <- read_cohort_spec(system.file("extdata", "cohort_thalidomide.yaml", package = "respondr"))
release <- readLines(system.file("extdata", "cohort_thalidomide_released.txt", package = "respondr"))
ours <- startsWith(spec$figures$name, "text HbF")
sets <- c("all 62" = "all", "HbF measured again" = "known(hbf@3)", "39 NTDT" = "NTDT")
tried <- lapply(names(sets), function(name) {
  other <- spec
  other$figures$subset[ours] <- sets[[name]]
  answers <- vapply(1:3, function(seed) {
    tryCatch({
      reconstruct_cohort(other, seed = seed, release = release, time_limit = seconds)
      "found"
    }, error = function(cnd) if (inherits(cnd, "respondr_error_impossible")) "impossible" else "not found")
  }, "")
  cat(name, answers, "\n")
  data.frame(set = name, subset = sets[[name]], tries = length(answers), found = sum(answers == "found"),
    impossible = sum(answers == "impossible"), not_found = sum(answers == "not found"), seconds = seconds)
})
write.csv(do.call(rbind, tried), "inst/validation/cohort/odds_ratio.csv", row.names = FALSE)
