# The text of knit_print() as knitr would ask for it in a document of this format.
knitted <- function(x, to, generic = knit_print.respondr_result) {
  old <- knitr::opts_knit$get(c("rmarkdown.pandoc.to", "out.format"))
  on.exit(knitr::opts_knit$set(old))
  knitr::opts_knit$set(rmarkdown.pandoc.to = to, out.format = if (identical(to, "latex")) "latex" else "markdown")
  generic(x)
}

test_that("knitr finds the methods by itself", {
  skip_if_not_installed("knitr")
  expect_s3_class(knitr::knit_print(study_result()), "knit_asis")
  expect_s3_class(knitr::knit_print(study_description()), "knit_asis")
})

test_that("HTML gets a table of its own, kept from pandoc", {
  skip_if_not_installed("knitr")
  out <- knitted(study_result(), "html")
  expect_match(out, "{=html}", fixed = TRUE)
  expect_match(out, "<table", fixed = TRUE)
  expect_equal(lengths(regmatches(out, gregexpr("<tr>", out, fixed = TRUE))), 9L)
})

test_that("PDF gets a longtable and asks for its packages", {
  skip_if_not_installed("knitr")
  skip_if_not_installed("rmarkdown")
  out <- knitted(study_result(), "latex")
  expect_match(out, "\\begin{longtable}", fixed = TRUE)
  packages <- vapply(attr(out, "knit_meta"), `[[`, "", "name")
  expect_setequal(packages, c("booktabs", "longtable"))
})

test_that("Word gets a table of its own with every row", {
  skip_if_not_installed("knitr")
  out <- knitted(study_result(), "docx")
  expect_match(out, "{=openxml}", fixed = TRUE)
  expect_equal(lengths(regmatches(out, gregexpr("<w:tr>", out, fixed = TRUE))), 9L)
})

test_that("other formats get a pipe table", {
  skip_if_not_installed("knitr")
  out <- knitted(study_result(), "gfm")
  expect_match(out, "|outcome ", fixed = TRUE)
  expect_match(out, ":|", fixed = TRUE)
})

test_that("every format says method, contrast, interval, reference visit and status below or above its table", {
  skip_if_not_installed("knitr")
  x <- study_result(status = c("no_variance", rep("ok", 7)))
  for (to in c("html", "latex", "docx", "gfm")) {
    out <- knitted(x, to)
    expect_match(out, "after - before", fixed = TRUE)
    expect_match(out, "method t", fixed = TRUE)
    expect_match(out, "inversion of the t-test", fixed = TRUE)
    expect_match(out, "Reference visit: baseline", fixed = TRUE)
    expect_match(out, status_sentence("no_variance"), fixed = TRUE)
  }
})

test_that("the user's text is escaped in each format", {
  expect_equal(knit_escape("a<b & c", "html"), "a&lt;b &amp; c")
  expect_equal(knit_escape("a<b & c", "word"), "a&lt;b &amp; c")
  expect_equal(knit_escape("50% of_x #1 {a}", "latex"), "50\\% of\\_x \\#1 \\{a\\}")
  expect_equal(knit_escape("a\\b^2~", "latex"), "a\\textbackslash{}b\\textasciicircum{}2\\textasciitilde{}")
  expect_equal(knit_escape("a|b *c*", "pipe"), "a\\|b \\*c\\*")
})

test_that("numbers get a true minus, words keep their hyphen", {
  expect_equal(knit_escape(c("-0.5", "[-0.33, -Inf]", "t-test"), "html"),
    c("\u22120.5", "[\u22120.33, \u2212Inf]", "t-test"))
  expect_equal(knit_escape("-0.5", "latex"), "$-$0.5")
})

test_that("a small p does not open a tag in HTML", {
  skip_if_not_installed("knitr")
  out <- knitted(study_result(p_value = rep(1e-9, 8)), "html")
  expect_match(out, "&lt;0.001", fixed = TRUE)
  expect_false(grepl("<0.001", out, fixed = TRUE))
})

test_that("rows beyond the limit are counted below the table", {
  skip_if_not_installed("knitr")
  old <- options(respondr.knit_rows = 3)
  on.exit(options(old))
  expect_match(knitted(study_result(), "gfm"), "5 more rows are not shown", fixed = TRUE)
})

test_that("columns left out for want of width are named", {
  skip_if_not_installed("knitr")
  expect_match(knitted(study_result(methods = c("t", "signed_rank")), "latex"), "Left out for want of width",
    fixed = TRUE)
})

test_that("a description knits its three rows a comparison and names the rule of its quartiles", {
  skip_if_not_installed("knitr")
  out <- knitted(study_description(study_rows(outcomes = "hb")), "html", knit_print.respondr_description)
  expect_equal(lengths(regmatches(out, gregexpr("<tr>", out, fixed = TRUE))), 1L + 4L * 3L + 1L + 4L)
  expect_match(out, "type 7 of Hyndman and Fan", fixed = TRUE)
})

test_that("an empty result knits a sentence", {
  skip_if_not_installed("knitr")
  expect_match(knitted(study_result()[0, ], "html"), "0 rows", fixed = TRUE)
})

test_that("a document with results renders to HTML with its tables", {
  skip_if_not_installed("rmarkdown")
  skip_if(!rmarkdown::pandoc_available("2.0"), "pandoc is not installed")
  skip_on_cran()
  folder <- tempfile("knit")
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  file <- file.path(folder, "a.Rmd")
  writeLines(c("---", "title: a", "---", "", "```{r}", "x", "```", "", "```{r}", "d", "```"), file)
  env <- new.env()
  env$x <- study_result()
  env$d <- study_description()
  out <- rmarkdown::render(file, rmarkdown::html_document(theme = NULL, mathjax = NULL), envir = env, quiet = TRUE)
  html <- paste(readLines(out), collapse = "\n")
  expect_equal(lengths(regmatches(html, gregexpr("<table", html, fixed = TRUE))), 3L)
  expect_false(grepl("{=html}", html, fixed = TRUE))
})
