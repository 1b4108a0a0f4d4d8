library(testthat)
library(respondr)

# tools/test.sh counts the tests in the file that RESPONDR_JUNIT names.
junit <- Sys.getenv("RESPONDR_JUNIT")
reporter <- if (nzchar(junit)) {
  MultiReporter$new(reporters = list(CheckReporter$new(), JunitReporter$new(file = junit)))
} else {
  check_reporter()
}
test_check("respondr", reporter = reporter)
