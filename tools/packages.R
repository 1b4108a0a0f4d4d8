# Which R packages are missing, and their installation from CRAN. Called by setup.sh:
#   packages.R missing DESCRIPTION report|test     names of the packages that do not load, one a line
#   packages.R install FILE LIBRARY                installs the packages named in FILE into LIBRARY
#   packages.R why FILE                            the errors of the packages named in FILE
args <- commandArgs(TRUE)

fields <- function(file, names) {
  text <- read.dcf(file, names)
  parts <- trimws(unlist(strsplit(text[!is.na(text)], ",")))
  setdiff(sub("[[:space:](].*$", "", parts), c("", "R", rownames(installed.packages(priority = "base"))))
}

# The report needs no more than it uses. testthat's JUnit reporter needs xml2, the comparison of man/ with its source
# roxygen2.
wanted <- function(file, purpose) {
  hard <- fields(file, c("Depends", "Imports", "LinkingTo"))
  report <- c("ggplot2", "knitr", "rmarkdown", "MASS")
  unique(c(hard, report, if (purpose == "test") c(fields(file, "Suggests"), "testthat", "xml2", "roxygen2")))
}

# NULL if the package loads, else the error.
load_error <- function(package) {
  tryCatch({
    suppressWarnings(suppressMessages(loadNamespace(package)))
    NULL
  }, error = conditionMessage)
}

# knitr and its helpers load in versions that do not work together: only knitting a page tells.
knit_error <- function() {
  dir <- tempfile("knit")
  dir.create(dir)
  page <- file.path(dir, "page.Rmd")
  writeLines(c("---", "title: probe", "---", "", "```{r}", "plot(1)", "knitr::kable(head(cars))", "```"), page)
  tryCatch({
    html <- rmarkdown::html_document(theme = NULL, mathjax = NULL, highlight = NULL)
    suppressWarnings(suppressMessages(rmarkdown::render(page, html, quiet = TRUE)))
    NULL
  }, error = conditionMessage)
}

knitting <- c("knitr", "rmarkdown", "xfun", "evaluate", "highr", "tinytex")

if (args[1] == "missing") {
  packages <- wanted(args[2], args[3])
  gone <- packages[!vapply(packages, function(p) is.null(load_error(p)), NA)]
  if (!any(knitting %in% gone) && !is.null(knit_error())) gone <- c(gone, knitting)
  writeLines(gone)
} else if (args[1] == "install") {
  repos <- getOption("repos")
  if (any(repos == "@CRAN@")) {
    chooseCRANmirror(ind = 1)
    repos <- getOption("repos")
  }
  cores <- max(1L, parallel::detectCores(), na.rm = TRUE)
  install.packages(readLines(args[2]), lib = args[3], repos = repos, Ncpus = cores, dependencies = NA,
    INSTALL_opts = "--no-lock")
} else {
  for (p in readLines(args[2])) message(p, ": ", load_error(p))
  if (!is.null(error <- knit_error())) message("knitting a page: ", error)
}
