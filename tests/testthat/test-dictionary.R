test_that("every numeric column that C++ hands over stands in the dictionary with its type", {
  header <- system.file("include", "respondr", "row.hpp", package = "respondr")
  skip_if(!nzchar(header), "row.hpp is not installed")
  text <- paste(readLines(header), collapse = "\n")
  block <- function(name) {
    body <- sub(paste0(".*", name), "", text)
    body <- sub("\n}.*", "", body)
    regmatches(body, gregexpr("(?<=f\\(\")[a-z_]+", body, perl = TRUE))[[1]]
  }
  integers <- block("visit_integer_columns")
  doubles <- block("visit_double_columns")
  expect_gt(length(integers), 3)
  expect_gt(length(doubles), 10)
  expect_equal(dictionary_value(integers, "type"), rep("integer", length(integers)))
  expect_equal(dictionary_value(doubles, "type"), rep("double", length(doubles)))
})

test_that("names and broom names are each given once", {
  expect_false(anyDuplicated(result_dictionary$name) > 0)
  expect_false(anyDuplicated(result_dictionary$tidy) > 0)
  expect_false(any(grepl("_", result_dictionary$tidy, fixed = TRUE)))
})

test_that("every column has a sentence, a label and a known way of printing", {
  expect_true(all(nzchar(result_dictionary$doc)) && all(nzchar(result_dictionary$label)))
  expect_true(all(grepl("\\.$", result_dictionary$doc)))
  known <- c("text", "count", "estimate", "p", "level", "statistic", "effect", "flag")
  expect_equal(setdiff(result_dictionary$format, known), character())
})

test_that("the help page names every column, every status and every interval", {
  rd <- paste(dictionary_rd(), collapse = "\n")
  words <- c(result_dictionary$name, status_table$word, conf_method_table$word)
  found <- vapply(words, function(w) grepl(paste0("\\item{\\code{", w, "}}"), rd, fixed = TRUE), NA)
  expect_equal(words[!found], character())
})

test_that("a percent sign in the help page is escaped", {
  rd <- paste(dictionary_rd(), collapse = "\n")
  expect_true(grepl("99 \\%", rd, fixed = TRUE))
  expect_false(grepl("[^\\\\]%", rd))
})

test_that("build_result() orders columns by the dictionary, with the by columns after the outcome", {
  x <- study_result()
  columns <- as.list(as.data.frame(x))
  again <- build_result(rev(columns), "respondr_paired", attr(x, "settings"))
  expect_equal(names(again), names(x))
  expect_equal(names(x)[1:3], c("outcome", "arm", "contrast"))
})

test_that("text becomes a factor with levels in order of appearance", {
  x <- study_result()
  expect_equal(levels(x$outcome), c("hb", "ferritin"))
  expect_s3_class(x$arm, "factor")
  expect_s3_class(x$note, "factor")
})

test_that("a column of no name in the dictionary is refused", {
  x <- study_result()
  columns <- c(as.list(as.data.frame(x)), list(extra = 1))
  expect_error(build_result(columns, "respondr_paired", attr(x, "settings")), class = "respondr_error_internal")
})

test_that("a column of the wrong type is refused", {
  x <- study_result()
  columns <- as.list(as.data.frame(x))
  columns$estimate <- as.character(columns$estimate)
  expect_error(build_result(columns, "respondr_paired", attr(x, "settings")), "must be double",
    class = "respondr_error")
})

test_that("columns of different length are refused", {
  x <- study_result()
  columns <- as.list(as.data.frame(x))
  columns$p_value <- columns$p_value[-1]
  expect_error(build_result(columns, "respondr_paired", attr(x, "settings")), "differ in length",
    class = "respondr_error")
})

test_that("result_columns() is the table that tidy() uses", {
  columns <- result_columns()
  x <- study_result()
  known <- names(x) %in% columns$name
  expect_equal(names(tidy(x))[known], columns$tidy[match(names(x)[known], columns$name)])
})

test_that("the words of status stand in the order of types.hpp", {
  header <- system.file("include", "respondr", "types.hpp", package = "respondr")
  skip_if(!nzchar(header), "types.hpp is not installed")
  text <- paste(readLines(header), collapse = " ")
  body <- sub("}.*", "", sub(".*enum class Status : int \\{", "", text))
  words <- trimws(sub("=.*", "", strsplit(body, ",", fixed = TRUE)[[1]]))
  expect_equal(status_table$word, words)
})

test_that("the words of the intervals and the number of notes are those of row.hpp", {
  header <- system.file("include", "respondr", "row.hpp", package = "respondr")
  skip_if(!nzchar(header), "row.hpp is not installed")
  lines <- sub("//.*", "", readLines(header))
  text <- paste(lines, collapse = " ")
  body <- sub("}.*", "", sub(".*enum class ConfMethod : int \\{", "", text))
  expect_equal(conf_method_table$word, trimws(sub("=.*", "", strsplit(body, ",", fixed = TRUE)[[1]])))
  body <- sub("}.*", "", sub(".*enum class Note : std::uint32_t \\{", "", text))
  notes <- strsplit(body, ",", fixed = TRUE)[[1]]
  expect_equal(length(note_sentences), length(notes))
  expect_equal(as.integer(sub(".*<< *", "", notes)), seq_along(notes) - 1L)
})

test_that("status_factor() counts from 0 and has all words as levels", {
  expect_equal(as.character(status_factor(c(0L, 3L, 13L))), c("ok", "no_variance", "not_estimable"))
  expect_equal(levels(status_factor(integer())), status_table$word)
})

test_that("a code outside the list is an internal error", {
  expect_error(status_factor(1000L), class = "respondr_error_internal")
  expect_error(conf_method_factor(-1L), class = "respondr_error_internal")
  expect_error(distribution_factor(NA_integer_), class = "respondr_error_internal")
})

test_that("no distribution and no interval are missing values", {
  expect_equal(as.character(distribution_factor(c(0L, 2L, 4L))), c(NA, "exact", "monte_carlo"))
  expect_equal(as.character(conf_method_factor(c(0L, 1L, 9L))), c(NA, "t", "percentile"))
})

test_that("note_factor() joins the sentences of all bits, in the order of the bits", {
  out <- as.character(note_factor(c(0L, 8L, 1L + 512L)))
  expect_equal(out, c("", note_sentences[4], paste(note_sentences[c(1, 10)], collapse = "; ")))
})

test_that("the levels of notes do not depend on the order of rows", {
  bits <- c(4L, 0L, 12L)
  expect_equal(levels(note_factor(bits)), levels(note_factor(rev(bits))))
})

test_that("no sentence holds the mark that joins sentences", {
  expect_false(any(grepl("; ", c(note_sentences, status_table$sentence), fixed = TRUE)))
})

test_that("200,000 notes take no time to speak of", {
  bits <- rep(c(0L, 3L, 16L, 0L), 50000)
  expect_lt(system.time(note_factor(bits))[["elapsed"]], 0.5)
})
