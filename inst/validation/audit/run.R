# Rscript inst/validation/audit/run.R: writes true_tables.csv (audits of 10,000 tables computed from random data, true test
# named) and planted_errors.csv (share of planted errors that are refuted). A few minutes.
folder <- "inst/validation/audit"
source(file.path(folder, "simulate.R"))
set.seed(20201)
grid <- audit_grid()
sets <- ceiling(10000 / nrow(grid))
count <- lapply(seq_len(nrow(grid)), function(i) {
  hit <- vapply(seq_len(sets), function(j) {
    x <- random_table(grid$type[i], grid$half[i], grid$divisor[i])
    wrong <- refuted(audit_random_table(x))
    if (wrong) dput(x)
    wrong
  }, NA)
  cbind(grid[i, ], tables = sets, refuted = sum(hit))
})
count <- do.call(rbind, count)
write.csv(count, file.path(folder, "true_tables.csv"), row.names = FALSE, quote = FALSE)
print(colSums(count[c("tables", "refuted")]))

set.seed(20202)
types <- c(means_types, "pearson", "odds", "chisq", "fisher", "percent", "grim")
caught <- lapply(types, function(type) {
  tables <- lapply(seq_len(300), function(j) random_table(type, "up", "n-1"))
  do.call(rbind, lapply(planted_errors, function(error) {
    hit <- unlist(lapply(seq_along(tables), function(j) {
      wrong <- plant_error(tables[[j]], error, tables[[j %% length(tables) + 1L]])
      if (!is.null(wrong)) refuted(audit_random_table(wrong))
    }))
    if (length(hit)) data.frame(type = type, error = error, tables = length(hit), caught = sum(hit),
      share = round(mean(hit), 3))
  }))
})
write.csv(do.call(rbind, caught), file.path(folder, "planted_errors.csv"), row.names = FALSE, quote = FALSE)
