# Writes again what is generated, in a copy of the package, and fails if a file changes: generated.R PACKAGE
# The package must be installed in the libraries of the call. roxygen2 only in the version that DESCRIPTION names.
package <- commandArgs(TRUE)[1]

snapshot <- function() {
  files <- c("DESCRIPTION", "NAMESPACE", "R/RcppExports.R", "src/RcppExports.cpp", list.files(file.path(package, "man"),
    "\\.Rd$", full.names = FALSE))
  files <- ifelse(grepl("\\.Rd$", files), file.path("man", files), files)
  files <- files[file.exists(file.path(package, files))]
  vapply(files, function(f) paste(readLines(file.path(package, f), warn = FALSE), collapse = "\n"), "")
}

before <- snapshot()
Rcpp::compileAttributes(package)
wanted <- read.dcf(file.path(package, "DESCRIPTION"), "RoxygenNote")[[1]]
if (!is.na(wanted) && packageVersion("roxygen2") == wanted) {
  roxygen2::roxygenise(package, load_code = "installed")
} else {
  message("man/ and NAMESPACE not compared: roxygen2 ", wanted, " is not installed")
}
after <- snapshot()
names <- union(names(before), names(after))
changed <- names[!mapply(identical, unname(before[names]), unname(after[names]))]
for (f in changed) message("differs: ", f)
quit(status = length(changed) > 0)
