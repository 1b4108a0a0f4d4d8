# Stores the reconstructed cohorts: Rscript inst/validation/cohort/store.R TABLES [NAME...]
# TABLES: folder of the transcribed tables (thalidomide_table1.csv, ...). Writes inst/extdata/cohort_NAME.{csv,yaml}.
library(respondr)
here <- "inst/validation/cohort"
arguments <- commandArgs(TRUE)
wanted <- if (length(arguments) > 1) arguments[-1] else c("thalidomide", "chelation", "myocardial_iron")

store <- function(name, spec, release, seed = 1) {
  x <- reconstruct_cohort(spec, seed = seed, release = release, time_limit = 300)
  attr(x, "figures") <- NULL
  write_cohort_spec(spec, file.path("inst/extdata", paste0("cohort_", name, ".yaml")))
  data <- as.data.frame(x)
  for (column in names(data)) if (is.double(data[[column]])) data[[column]] <- format(data[[column]], trim = TRUE, nsmall = 0)
  data[data == "NA"] <- ""
  utils::write.csv(data, file.path("inst/extdata", paste0("cohort_", name, ".csv")), row.names = FALSE, quote = FALSE, na = "")
  writeLines(release, file.path("inst/extdata", paste0("cohort_", name, "_released.txt")))
}

for (name in wanted) {
  source(file.path(here, paste0(name, ".R")))
  make <- get(paste0(name, "_spec"))
  store(name, make(arguments[1]), get(paste0(name, "_release")))
}
