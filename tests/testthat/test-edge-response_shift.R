classes3 <- c("none", "minor", "main")

test_that("patients lost are counted in the row and named in the print and in shift_patients()", {
  d <- data.frame(id = c("a", "b", "c", "a", "b"), visit = c(0, 0, 0, 1, 1),
    class = factor(c("none", "none", "main", "main", NA), levels = classes3))
  x <- response_shift(class ~ visit | id, d)
  expect_true(all(x$n_pairs == 1L & x$n_dropped == 2L))
  expect_match(paste(format(x), collapse = " "), "2 patients (`b`, `c`)", fixed = TRUE)
  expect_identical(as.character(shift_patients(x)$moved), c("rose", "not known", "not known"))
})

test_that("two classes have one cut and no test over all classes", {
  d <- data.frame(id = rep(1:4, 2), visit = rep(0:1, each = 4), class = c(FALSE, FALSE, TRUE, FALSE, TRUE, TRUE, TRUE,
    FALSE))
  x <- response_shift(class ~ visit | id, d)
  expect_identical(as.character(x$method), c("mcnemar_exact", "mcnemar_midp"))
  expect_identical(as.character(x$event), c("TRUE", "TRUE"))
})

test_that("text, one class, no id and columns of another kind are refused with what to do", {
  d <- data.frame(id = rep(1:4, 2), visit = rep(0:1, each = 4), class = rep(classes3, length.out = 8),
    stringsAsFactors = FALSE)
  expect_error(response_shift(class ~ visit | id, d), class = "respondr_error_levels")
  d$class <- factor("main")
  expect_error(response_shift(class ~ visit | id, d), class = "respondr_error_levels")
  expect_error(response_shift(class ~ visit, d), class = "respondr_error_no_id")
  expect_error(response_shift(), class = "respondr_error_x")
  expect_error(response_shift(class ~ visit | id, d, arm = id), class = "respondr_error_argument")
})

test_that("no pairs, one pair and unused levels have their status and no made-up p", {
  d <- data.frame(id = 1:4, visit = rep(0:1, each = 2), class = factor(c("none", "main", "main", "main"), levels = classes3))
  none <- response_shift(class ~ visit | id, d)
  expect_true(all(none$n_pairs == 0L) && all(is.na(none$p_value)) && all(none$status == "no_data"))
  d$id <- c(1, 2, 1, 3)
  one <- response_shift(class ~ visit | id, d)
  expect_true(all(one$n_pairs == 1L) && all(one$p_value[one$method == "mcnemar_exact"] == 1))
  expect_equal(one$p_value[one$method == "mcnemar_midp"], c(0.5, 0.5))
  x <- response_shift(class ~ visit | id, data.frame(id = rep(1:3, 2), visit = rep(0:1, each = 3),
    class = factor(rep(c("a", "b", "b"), 2), levels = c("a", "b", "never"))))
  expect_false(anyNA(x$n_pairs))
})

test_that("counts have no patients to name, and a part of a result still prints", {
  x <- response_shift(matrix(c(3, 1, 2, 4), 2, dimnames = list(c("no", "yes"), c("no", "yes"))))
  expect_error(shift_patients(x), class = "respondr_error_x")
  expect_output(print(x[1, ]), "Shift between classes")
  expect_output(print(x[c("n_pairs", "p_value")]), "p_value")
})

test_that("wide data, as the message of a formula without id advises, are the same shift as long data", {
  d <- data.frame(id = 1:5, early = factor(c("none", "minor", "minor", "main", NA), levels = classes3),
    late = factor(c("minor", "main", "minor", "minor", "main"), levels = classes3), arm = c("a", "a", "b", "b", "b"))
  message <- tryCatch(response_shift(late ~ early, d), error = conditionMessage)
  expect_match(message, "baseline = ", fixed = TRUE)
  wide <- response_shift(late ~ 1, d, baseline = early)
  long <- response_shift(class ~ visit | id, data.frame(id = rep(1:5, 2), visit = rep(0:1, each = 5),
    class = factor(c(as.character(d$early), as.character(d$late)), levels = classes3)))
  columns <- c("method", "event", "n_pairs", "events", "events_reference", "n_gained", "n_lost", "estimate", "p_value")
  expect_equal(as.data.frame(wide)[columns], as.data.frame(long)[columns])
  expect_identical(as.character(shift_patients(wide)$moved), c("rose", "rose", "stayed", "fell", "not known"))
  expect_identical(unique(as.character(response_shift(late ~ 1, d, baseline = early, by = arm)$arm)), c("a", "b"))
  expect_error(response_shift(late ~ 1, d), "baseline = before", class = "respondr_error_formula")
})
