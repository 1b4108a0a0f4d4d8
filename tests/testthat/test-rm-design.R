# Model matrices of the repeated-measures ANOVA.

test_that("within bases are orthonormal and orthogonal to each other", {
  within <- expand.grid(visit = factor(c(0, 3, 12)), eye = factor(c("l", "r")))[2:1]
  bases <- respondr:::rm_within_bases(within, c("", "eye", "visit", "eye:visit"))
  all <- do.call(cbind, bases)
  expect_equal(crossprod(all), diag(6), tolerance = 1e-14)
  expect_identical(vapply(bases, ncol, 0L), c(1L, 1L, 2L, 2L), ignore_attr = TRUE)
})

test_that("between columns sum to zero over the levels and covariates are centred", {
  between <- data.frame(arm = factor(c("a", "b", "c", "a", "b", "c")), age = c(1, 2, 3, 4, 5, 9))
  m <- respondr:::rm_between_matrix(between, c("arm", "age", "arm:age"))
  expect_identical(m$assign, c(0L, 1L, 1L, 2L, 3L, 3L))
  expect_equal(colSums(m$x)[2:4], c(0, 0, 0))
  expect_identical(m$contains, rbind(c(FALSE, FALSE, TRUE), c(FALSE, FALSE, TRUE), FALSE))
})

test_that("a factor of one level gives a constant column, not an error", {
  m <- respondr:::rm_between_matrix(data.frame(arm = factor(c("a", "a"))), "arm")
  expect_identical(m$x, matrix(1, 2, 2))
})

test_that("a formula without all crossings has a design for each set of between terms", {
  d <- expand.grid(id = 1:4, visit = c(0, 3))
  d$arm <- factor(ifelse(d$id < 3, "a", "b"))
  d$y <- 1
  input <- function(f) respondr:::rm_input(f, d, NULL, NULL, character(), NULL, NULL, NULL, quote(f()))
  expect_length(respondr:::rm_designs(input(y ~ arm * visit | id)), 1L)
  expect_length(respondr:::rm_designs(input(y ~ arm + visit | id)), 2L)
})
