test_that("wrong words stop with the argument named and what to do", {
  d <- thal_like()
  text <- transform(d, month = paste("week", c("one", "two", "three")))
  double <- rbind(d, d[1, ])
  restart <- transform(d, id = rep(rep(1:3, each = 3), 2))
  infinite <- transform(d, hb = replace(hb, 2, Inf))
  expect_snapshot(error = TRUE, {
    compare_paired(hbb ~ month | id, d)
    compare_paired(hb ~ month | idd, d)
    compare_paired(hb ~ month, d)
    compare_paired(hb ~ month | id, double)
    compare_paired(hb ~ month | id, restart)
    compare_paired(hb ~ month | id, d[d$month == 0, ])
    compare_paired(arm ~ month | id, d)
    compare_paired(hb ~ month | id, infinite)
    compare_paired(hb ~ month | id, text)
    compare_paired(hb ~ month | id, text, reference = "week one")
    compare_paired(hb ~ month | id, d, reference = 6)
    compare_paired(hb ~ month | id, d, by = "centre")
    compare_paired(hb ~ month | id, d, method = "wilcoxon")
    compare_paired(hb ~ month | id, d, conf_level = 95)
    compare_paired(hb ~ month | id, d, metod = "t")
    compare_paired(hb ~ month | id, d, alternative = "equivalence")
    compare_paired(1:3, 1:4)
    compare_paired(n = 5, mean_before = 1, mean_after = 2)
    compare_paired()
  })
})

test_that("every wrong word is a respondr_error with its argument", {
  d <- thal_like()
  bad <- list(
    no_id = quote(compare_paired(hb ~ month, d)),
    column = quote(compare_paired(hbb ~ month | id, d)),
    duplicate_id = quote(compare_paired(hb ~ month | id, rbind(d, d[1, ]))),
    id_restarts = quote(compare_paired(hb ~ month | id, transform(d, id = rep(rep(1:3, each = 3), 2)))),
    visits = quote(compare_paired(hb ~ month | id, d[d$month == 0, ])),
    outcome = quote(compare_paired(arm ~ month | id, d)),
    infinite = quote(compare_paired(hb ~ month | id, transform(d, hb = Inf))),
    visit_order = quote(compare_paired(hb ~ v | id, transform(d, v = rep(c("x", "y", "z"), 6))))
  )
  for (what in names(bad)) {
    error <- tryCatch(eval(bad[[what]]), error = identity)
    expect_s3_class(error, paste0("respondr_error_", what))
    expect_s3_class(error, "respondr_error")
    expect_type(error$argument, "character")
  }
})

test_that("ids nested in arms are told apart by arm/id", {
  d <- thal_like()
  restart <- transform(d, id = rep(rep(1:3, each = 3), 2))
  x <- compare_paired(hb ~ month | arm/id, restart)
  expect_identical(x$estimate, compare_paired(hb ~ month | id, d)$estimate)
})

test_that("an id split over arms by a mistyped row is named in a warning", {
  d <- thal_like()
  d <- d[d$month < 12, ]
  d$arm[2] <- "b"
  expect_warning(compare_paired(hb ~ month | id, d, by = arm), class = "respondr_warning_split_id")
})

test_that("`by` takes a name, text, c() and a one-sided formula alike", {
  d <- thal_like()
  ref <- as.data.frame(compare_paired(hb ~ month | id, d, by = arm))
  column <- "arm"
  expect_identical(as.data.frame(compare_paired(hb ~ month | id, d, by = "arm")), ref)
  expect_identical(as.data.frame(compare_paired(hb ~ month | id, d, by = c(arm))), ref)
  expect_identical(as.data.frame(compare_paired(hb ~ month | id, d, by = ~arm)), ref)
  expect_identical(as.data.frame(compare_paired(hb ~ month | id, d, by = column)), ref)
})

test_that("subset keeps the rows that the condition names", {
  d <- thal_like()
  x <- compare_paired(hb ~ month | id, d, subset = arm == "a")
  expect_identical(x$estimate, compare_paired(hb ~ month | id, d[d$arm == "a", ])$estimate)
})
