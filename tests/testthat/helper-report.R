# A report needs suggested packages and pandoc; tools/test.sh has them and counts this skip as a failure.
skip_without_report <- function() {
  for (package in c("rmarkdown", "knitr", "ggplot2")) skip_if_not_installed(package)
  skip_if_not(rmarkdown::pandoc_available("2.0"), "pandoc 2.0 or newer")
}
