# Evidence: a naive second reading of 150 random rules on a grid of patients (helper-oracle-response_rule.R).

test_that("a rule is refused where a patient of the grid has no level or a level has no patient, and accepted elsewhere", {
  set.seed(71)
  seen <- c(accepted = 0, gap = 0, unreached = 0)
  for (i in 1:150) {
    texts <- vapply(seq_len(sample(2:3, 1)), function(k) random_condition(), "")
    names(texts) <- letters[seq_along(texts)]
    otherwise <- stats::runif(1) < 0.5
    rule <- tryCatch(response_rule(!!!as.list(c(texts, if (otherwise) c(none = "otherwise")))),
      respondr_error_rule = identity)
    grid <- naive_grid(any(grepl("percent|ratio", texts)))
    holds <- naive_truth(texts, grid$before, grid$after)
    first <- max.col(cbind(holds, TRUE), "first")
    levels <- length(texts) + otherwise
    unreached <- !all(seq_len(levels) %in% first)
    gap <- !otherwise && any(first > levels)
    if (inherits(rule, "respondr_rule")) {
      seen["accepted"] <- seen["accepted"] + 1
      expect_false(gap, label = paste(texts, collapse = "; "))
    } else if (grepl("leave a gap", conditionMessage(rule))) {
      seen["gap"] <- seen["gap"] + 1
      expect_true(witness_without_level(conditionMessage(rule), texts), label = conditionMessage(rule))
    } else {
      seen["unreached"] <- seen["unreached"] + 1
      expect_match(conditionMessage(rule), "can never be reached")
      expect_true(unreached, label = conditionMessage(rule))
    }
  }
  expect_true(all(seen > 15))
})

test_that("a level that the grid reaches by one patient only is still reached, and one more condition puts it out of reach", {
  expect_s3_class(response_rule(a = "change(x) == 1 & ratio(x) == 2", b = "otherwise"), "respondr_rule")
  expect_error(response_rule(a = "change(x) == 1 & ratio(x) == 2 & x != 2", b = "otherwise"), "never be reached")
  expect_s3_class(response_rule(a = "change(x) >= 1 & percent_change(x) <= 10 & x <= 11", b = "otherwise"), "respondr_rule")
  expect_error(response_rule(a = "change(x) > 1 & percent_change(x) <= 10 & x <= 11", b = "otherwise"), "never be reached")
})

test_that("every cell holds the point it names, and no point of the plane is outside the cells", {
  set.seed(72)
  place <- function(x, cuts) 2L * findInterval(x, cuts, left.open = TRUE) + ifelse(x %in% cuts, 2L, 1L)
  for (i in 1:25) {
    cuts <- list(sort(sample(seq(0, 6, 0.5), 2)), sort(sample(seq(0, 6, 0.5), 1)), sort(sample(seq(-3, 3, 0.5), 2)),
      sort(sample(c(-50, -25, 25, 100), 2)), sort(sample(c(0.25, 0.5, 2, 3), 1)))
    cells <- respondr:::response_rule_cells(0:4, rep(0L, 5), lapply(cuts, as.character), c("0", ""), FALSE)
    positions <- function(b, a) {
      mapply(place, list(a, b, a - b, 100 * (a - b) / b, a / b), cuts)
    }
    b <- as.numeric(cells$before)
    a <- as.numeric(cells$after)
    dyadic <- a * 64 == round(a * 64) & b * 64 == round(b * 64)
    expect_equal(positions(b, a)[dyadic, ], cells$position[dyadic, ])
    key <- apply(cells$position, 1, paste, collapse = " ")
    expect_false(anyDuplicated(key) > 0)
    points <- expand.grid(b = sample(seq(0.125, 16, 0.125), 60), a = sample(seq(0, 16, 0.125), 60))
    expect_true(all(apply(positions(points$b, points$a), 1, paste, collapse = " ") %in% key))
  }
})

test_that("baselines and named visits hang together by the patient: gaps and levels out of reach are those of a grid", {
  set.seed(74)
  seen <- c(accepted = 0, gap = 0, unreached = 0)
  for (i in 1:40) {
    texts <- vapply(seq_len(sample(2:3, 1)), function(k) random_moment_condition(), "")
    names(texts) <- letters[seq_along(texts)]
    otherwise <- stats::runif(1) < 0.5
    rule <- tryCatch(response_rule(!!!as.list(c(texts, if (otherwise) c(none = "otherwise")))),
      respondr_error_rule = identity)
    grid <- moment_truth(texts)
    first <- max.col(cbind(grid$holds, TRUE), "first")
    levels <- length(texts) + otherwise
    what <- paste(texts, collapse = "; ")
    if (inherits(rule, "respondr_rule")) {
      seen["accepted"] <- seen["accepted"] + 1
      expect_false(!otherwise && any(first > levels), label = what)
      expect_true(all(seq_len(levels) %in% first), label = what)
    } else if (grepl("leave a gap", conditionMessage(rule))) {
      seen["gap"] <- seen["gap"] + 1
      expect_true(any(first > levels), label = what)
    } else {
      seen["unreached"] <- seen["unreached"] + 1
      expect_false(all(seq_len(levels) %in% first), label = what)
    }
  }
  expect_true(all(seen > 5))
})

test_that("cells of several moments are exactly the positions that points with one baseline can have", {
  place <- function(x, cuts) 2L * findInterval(x, cuts, left.open = TRUE) + ifelse(x %in% cuts, 2L, 1L)
  cells <- respondr:::response_rule_cells(c(1L, 2L, 2L, 0L), c(0L, 0L, 1L, 1L), list(c("3", "5"), c("-1", "1"), "2", "4"),
    c("0", ""), FALSE)
  points <- expand.grid(b = seq(0, 8, 0.25), a = seq(0, 10, 0.25), m = seq(0, 11, 0.25))
  own <- paste(place(points$b, c(3, 5)), place(points$a - points$b, c(-1, 1)), place(points$m - points$b, 2),
    place(points$m, 4))
  expect_setequal(apply(cells$position, 1, paste, collapse = " "), unique(own))
  b <- as.numeric(cells$before)
  after <- matrix(as.numeric(cells$after), nrow(cells$after))
  expect_identical(paste(place(b, c(3, 5)), place(after[, 1] - b, c(-1, 1)), place(after[, 2] - b, 2), place(after[, 2],
    4)), apply(cells$position, 1, paste, collapse = " "))
})
