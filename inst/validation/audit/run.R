# Rscript inst/validation/audit/run.R: writes true_tables.csv (audits of tables computed from random data, true test named)
# and planted_errors.csv (share of planted errors that are refuted). About two minutes.
folder <- "inst/validation/audit"
source(file.path(folder, "simulate.R"))
set.seed(20201)
grid <- expand.grid(type = audit_types, half = c("up", "even"), divisor = c("n-1", "n"), stringsAsFactors = FALSE)
grid <- grid[grid$divisor == "n-1" | grid$type %in% c("t", "student", "welch", "z", "anova"), ]
sets <- ceiling(10000 / nrow(grid))
count <- lapply(seq_len(nrow(grid)), function(i) {
  hit <- vapply(seq_len(sets), function(j) {
    refuted(audit_random_table(random_table(grid$type[i], grid$half[i], grid$divisor[i])))
  }, NA)
  cbind(grid[i, ], tables = sets, refuted = sum(hit))
})
write.csv(do.call(rbind, count), file.path(folder, "true_tables.csv"), row.names = FALSE, quote = FALSE)

set.seed(20202)
errors <- c("digits of a mean swapped", "digits of P swapped", "standard error in place of the SD",
  "P of two rows exchanged")
caught <- lapply(c("t", "student", "welch", "anova"), function(type) {
  tables <- lapply(seq_len(300), function(j) random_table(type, "up", "n-1"))
  do.call(rbind, lapply(errors, function(error) {
    hit <- unlist(lapply(seq_along(tables), function(j) {
      wrong <- plant_error(tables[[j]], error, tables[[j %% length(tables) + 1L]])
      if (!is.null(wrong)) refuted(audit_random_table(wrong))
    }))
    data.frame(type = type, error = error, tables = length(hit), caught = sum(hit), share = round(mean(hit), 3))
  }))
})
write.csv(do.call(rbind, caught), file.path(folder, "planted_errors.csv"), row.names = FALSE, quote = FALSE)
