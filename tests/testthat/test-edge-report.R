test_that("wrong words of a report stop with the argument named and what to do", {
  r <- compare_paired(hb ~ month | id, thal_like())
  missing_file <- "no such file.csv"
  expect_snapshot(error = TRUE, {
    study_report(r, output = "no such folder/report.html")
    study_report(r, output = NA)
    study_report(r, title = 1)
    study_report(r, by = arm)
    parse_flags("--colour")
    parse_flags(c("--data", "x.csv", "--by"))
    report_csv(list(data = "x.csv"), "out.html")
    report_csv(list(data = missing_file, formula = "hb ~ visit | id"), "out.html")
    flag_formula("hb ~")
    flag_number("much", "conf-level")
    report_demo(list(by = "arm"), "out.html")
  })
})

test_that("degenerate patients do not stop a report", {
  skip_without_report()
  d <- data.frame(
    id = rep(1:4, 2), visit = rep(0:1, each = 4), arm = c("one", "same", "same", "gone"),
    x = c(1, 2, 3, 4, 2, 3, 4, NA)
  )
  file <- suppressWarnings(study_report(x ~ visit | id, d, by = arm))
  on.exit(unlink(file))
  expect_gt(file.size(file), 1e4)
})

test_that("summary figures make a report without pictures", {
  skip_without_report()
  file <- study_report(n = 39, mean_before = 7.9, sd_before = 1.1, mean_after = 9.6, sd_after = 1.3, r = 0.5)
  on.exit(unlink(file))
  page <- paste(readLines(file, warn = FALSE), collapse = "\n")
  expect_false(grepl("<img", page, fixed = TRUE))
  expect_match(page, "Summary figures were given", fixed = TRUE)
})
