# The grammar of conditions, quantities and printed figures.

test_that("a printed figure stands for all values that round to it", {
  x <- respondr:::printed_interval(c("6.8", "<0.001", ">0.05", "30%", "-2.10"))
  expect_equal(x$decimals, c(1L, 3L, 2L, 0L, 2L))
  expect_equal(x$low, c(6.75, -Inf, 0.05, 29.5, -2.105))
  expect_equal(x$high, c(6.85, 0.001, Inf, 30.5, -2.095))
})

test_that("conjunction binds before disjunction, and brackets before both", {
  world <- list(categories = list(a = c("n", "y"), b = c("n", "y"), c = c("n", "y")), columns = character(), subsets = list())
  codes <- as.matrix(expand.grid(0:1, 0:1, 0:1))
  holds <- function(text) respondr:::condition_holds(respondr:::read_condition(text, world), codes)
  a <- codes[, 1] == 1
  b <- codes[, 2] == 1
  c <- codes[, 3] == 1
  expect_identical(unname(holds("a == y | b == y & c == y")), unname(a | b & c))
  expect_identical(unname(holds("(a == y | b == y) & !c == y")), unname((a | b) & !c))
  expect_identical(unname(holds("a %in% c(n, y) & b != y")), unname(!b))
})
