# Counts the results of a test run: count.R LABEL testthat|gtest FILE_OR_FOLDER ALLOWED_SKIPS
# Prints the failures, then "passed failed" as the last line. A skip whose reason is not listed counts as failed.
args <- commandArgs(TRUE)

# The <testcase> elements of one file as text: those with a body first, then the empty ones.
cases <- function(file) {
  text <- paste(readLines(file, warn = FALSE, encoding = "UTF-8"), collapse = "\n")
  pattern <- "(?s)<testcase\\b(?:[^>\"]|\"[^\"]*\")*?(?:/>|>.*?</testcase>)"
  regmatches(text, gregexpr(pattern, text, perl = TRUE))[[1]]
}

attribute <- function(x, name) {
  hit <- regmatches(x, regexpr(paste0("\\b", name, "=\"[^\"]*\""), x, perl = TRUE))
  if (length(hit)) gsub("&quot;", "'", sub("\"$", "", sub("^[^\"]*\"", "", hit))) else ""
}

state <- function(case, allowed) {
  if (grepl("<(failure|error)\\b", case)) return("failed")
  skipped <- grepl("<skipped\\b", case) || grepl("result=\"(skipped|suppressed)\"", case)
  if (!skipped) return("passed")
  if (any(vapply(allowed, grepl, NA, x = case, fixed = TRUE))) "allowed" else "skipped"
}

xml <- if (args[2] == "gtest") list.files(args[3], "\\.xml$", full.names = TRUE, recursive = TRUE) else args[3]
xml <- xml[file.exists(xml)]
allowed <- readLines(args[4])
allowed <- allowed[nzchar(allowed) & !startsWith(allowed, "#")]
all <- unlist(lapply(xml, cases))
states <- vapply(all, state, "", allowed = allowed, USE.NAMES = FALSE)
for (i in which(states %in% c("failed", "skipped"))) {
  body <- gsub("<[^>]*>|&#10;", " ", substr(all[i], 1, 600))
  message <- attribute(sub("^<testcase[^>]*>", "", all[i]), "message")
  cat(states[i], ": ", args[1], " ", attribute(all[i], "classname"), " ", attribute(all[i], "name"), " ",
    trimws(if (nzchar(message)) message else body), "\n", sep = "")
}
if (!length(all)) cat("failed: no result of the", args[1], "tests\n")
bad <- sum(states %in% c("failed", "skipped")) + !length(all)
cat(sprintf("%s: %d passed, %d failed, %d skipped for a listed reason\n", args[1], sum(states == "passed"), bad,
  sum(states == "allowed")))
cat(sum(states == "passed"), bad, "\n")
