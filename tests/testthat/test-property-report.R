page_of <- function(file) paste(readLines(file, warn = FALSE, encoding = "UTF-8"), collapse = "\n")

# The page without its pictures and its date.
words_of <- function(page) gsub("<h4 class=\"date\">[^<]*</h4>", "", gsub("data:[a-z/]*;base64,[^\"]*", "", page))

test_that("a report holds its pictures, needs no network and leaves the working folder alone", {
  skip_without_report()
  folder <- tempfile("work")
  dir.create(folder)
  old <- setwd(folder)
  on.exit(setwd(old))
  file <- study_report(hb ~ month | id, thal_like(), by = arm)
  expect_identical(list.files(folder, all.files = TRUE, no.. = TRUE), character())
  page <- page_of(file)
  expect_match(page, "<img src=\"data:image/png;base64,", fixed = TRUE)
  expect_false(grepl("(src|href)=\"(https?:)?//", page))
  named <- study_report(hb ~ month | id, thal_like(), by = arm, output = "my report.html")
  expect_identical(list.files(folder, all.files = TRUE, no.. = TRUE), "my report.html")
  expect_identical(words_of(page_of(named)), words_of(page))
})

test_that("the order of the rows does not show in a report", {
  skip_without_report()
  d <- thal_like()
  straight <- words_of(page_of(study_report(hb ~ month | id, d)))
  shuffled <- words_of(page_of(study_report(hb ~ month | id, d[c(13:18, 1:6, 12:7), ])))
  expect_identical(shuffled, straight)
})

test_that("a report says the sentences of report_text()", {
  skip_without_report()
  result <- compare_paired(hb ~ month | id, thal_like(), method = c("t", "sign"))
  text <- gsub("<[^>]*>", "", page_of(study_report(result)))
  squash <- function(x) gsub("[^[:alnum:].]+", " ", x)
  for (sentence in as.character(report_text(result))) expect_match(squash(text), squash(sentence), fixed = TRUE)
})
