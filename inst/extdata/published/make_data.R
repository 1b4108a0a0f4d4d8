# Writes data/*.rda from the CSV beside it. Run in the folder of the package: Rscript inst/extdata/published/make_data.R
for (name in c("thalidomide_table1", "thalidomide_table2", "thalidomide_text", "chelation_text")) {
  table <- utils::read.csv(file.path("inst/extdata/published", paste0(name, ".csv")), colClasses = "character", na.strings = "",
    check.names = FALSE, encoding = "UTF-8")
  for (column in intersect(names(table), c("month", "n"))) table[[column]] <- as.integer(table[[column]])
  assign(name, table)
  save(list = name, file = file.path("data", paste0(name, ".rda")), version = 2, compress = "xz")
}
