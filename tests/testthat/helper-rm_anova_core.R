# Calls of the core of rm_anova() on a plain matrix, patients x cells, for the tests that come before any formula.

# Orthonormal contrasts of k levels.
core_helmert <- function(k) {
  m <- stats::contr.helmert(k)
  sweep(m, 2, sqrt(colSums(m^2)), "/")
}

core_constant <- function(k) matrix(1 / sqrt(k), k, 1)

matrix_input <- function(...) {
  y <- list(...)
  list(outcomes = lapply(y, function(m) as.double(m)), rows = matrix(seq_along(y[[1]]), nrow(y[[1]])),
    group_start = c(0, nrow(y[[1]])))
}

# `between`: data frame of factors and covariates of the patients, all interactions of the factors; `within`: bases.
matrix_design <- function(cells, between = NULL, type = 3L, within = NULL, patients = nrow(between), ...) {
  if (is.null(within)) within <- list(core_constant(cells), core_helmert(cells))
  out <- list(x = matrix(1, patients, 1), assign = 0L, contains = matrix(FALSE, 0, 0), within = within, type = type)
  if (!is.null(between)) {
    is_factor <- vapply(between, is.factor, NA)
    factors <- names(between)[is_factor]
    numbers <- names(between)[!is_factor]
    between[numbers] <- lapply(between[numbers], function(x) x - mean(x))
    right <- c(numbers, if (length(factors)) paste(factors, collapse = "*"))
    terms <- stats::terms(stats::reformulate(paste(right, collapse = "+")))
    coding <- stats::setNames(rep(list("contr.sum"), length(factors)), factors)
    x <- stats::model.matrix(terms, between, contrasts.arg = coding)
    holds <- attr(terms, "factors") > 0
    k <- ncol(holds)
    out$assign <- attr(x, "assign")
    out$x <- matrix(as.double(x), nrow(x))
    out$contains <- outer(seq_len(k), seq_len(k), Vectorize(function(i, j) all(holds[, j] | !holds[, i])))
    out$terms <- colnames(holds)
    if (length(factors)) out$between_cell <- as.integer(interaction(between[factors]))
  }
  utils::modifyList(out, list(...))
}

matrix_options <- function(...) {
  utils::modifyList(list(grand_mean = FALSE, multivariate = TRUE, sphericity = TRUE, structure = TRUE,
    effect_limits = 1L, effect_level = 0.95), list(...))
}

matrix_tests <- function(y, between = NULL, ..., options = matrix_options()) {
  design <- matrix_design(ncol(y), between, patients = nrow(y), ...)
  solved <- rm_anova_solve(matrix_input(y), design, options, 1L)
  out <- as.data.frame(solved$tests)
  out$term <- c("", design$terms)[out$between + 1L]
  attr(out, "problem") <- as.data.frame(solved$problems)
  out
}
