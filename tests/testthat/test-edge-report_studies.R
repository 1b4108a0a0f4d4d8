# Evidence: edge. The published studies in the demonstration report.

test_that("a vignette becomes a part: its title the heading, its front matter gone", {
  page <- c("---", "title: \"A study: again\"", "output: html_document", "---", "", "Text.", "---", "more")
  expect_equal(report_study_source(page), c("", "# A study: again", "", "", "Text.", "---", "more"))
})

test_that("pages are knitted in the order of the studies, with code folded, and a failure is told", {
  skip_if_not_installed("knitr")
  sources <- tempfile("vignettes")
  folder <- tempfile("studies")
  dir.create(sources)
  dir.create(folder)
  on.exit(unlink(c(sources, folder), recursive = TRUE))
  write <- function(code) {
    for (file in report_study_files) {
      writeLines(c("---", paste0("title: ", file), "---", "", "```{r}", code, "```"), file.path(sources, file))
    }
  }
  write("6 * 7")
  report_knit_studies(sources, folder)
  text <- report_studies(folder)
  expect_equal(grep("^# study", text, value = TRUE), paste("#", report_study_files))
  expect_equal(sum(grepl("[1] 42", text, fixed = TRUE)), 3L)
  expect_equal(sum(grepl("<details>", text, fixed = TRUE)), 3L)
  write("stop(\"no such figure\")")
  unlink(file.path(folder, "status"))
  expect_error(report_knit_studies(sources, folder), "no such figure")
  expect_error(report_studies(folder, patience = 1), class = "respondr_error")
})

test_that("without a second process the report has no studies", {
  expect_equal(report_studies(""), character())
  expect_equal(report_document_hook("plain text"), "plain text")
})
