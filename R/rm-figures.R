# Repeated measures from a published table: patients, means and covariances of each group.

rm_input_figures <- function(n, mean, sd, r, covariance, reference, visits, call) {
  if (is.null(n) || is.null(mean)) {
    stop_input("figures", c("Nothing to analyse was given.",
      i = "Give a formula, or `n`, `mean` and either `covariance` or `sd` and `r`."),
      if (is.null(n)) "formula" else "mean", call)
  }
  mean <- figure_matrix(mean, "mean", NULL, call)
  groups <- nrow(mean)
  cells <- ncol(mean)
  if (!is.numeric(n) || !length(n) %in% c(1L, groups) || anyNA(n) || any(n < 1 | n != round(n))) {
    stop_input("figures", paste0("`n` must hold 1 or ", groups, " whole numbers of patients."), "n", call)
  }
  if (cells < 2L) {
    stop_input("figures", c("`mean` holds one visit.", i = "One column a visit, one row a group."), "mean", call)
  }
  names <- names(n) %||% rownames(mean) %||% paste0("group", seq_len(groups))
  n <- rep_len(as.double(n), groups)
  covariance <- figure_covariances(covariance, sd, r, groups, cells, call)
  labels <- as.character(visits %||% colnames(mean) %||% paste0("visit", seq_len(cells)))
  if (length(labels) != cells || anyDuplicated(labels)) {
    stop_input("visits", paste0("`visits` must name the ", cells, " columns of `mean`, each once."), "visits", call)
  }
  cell <- within_cells(list(visit = factor(labels, levels = labels)), reference, NULL, call)
  cell$note <- sub("order of the factor's levels", "order of the columns", cell$note, fixed = TRUE)
  cell$times <- visit_times(labels, labels)
  between <- if (groups > 1L) list(group = factor(names, levels = names)) else list()
  terms <- if (groups > 1L) c("group", "visit", "group:visit") else "visit"
  out <- new_rm_input(
    kind = "figures", outcomes = list(figures = NULL), rows = matrix(NA_integer_, groups, cells), cell = cell,
    group_start = c(0L, groups), by = data.frame(row.names = 1L), between = between, varying = list(),
    parsed = list(terms = stats::terms(stats::reformulate(terms))), id_columns = NULL, id_row = NULL,
    skipped = c(id = 0L, visit = 0L, by = 0L), found = FALSE, call = call
  )
  out$figures <- list(n = n, mean = unname(mean), covariance = covariance)
  out
}

# A vector is one group.
figure_matrix <- function(x, name, size, call) {
  if (is.data.frame(x)) x <- as.matrix(x)
  if (!is.matrix(x)) x <- matrix(x, 1L, dimnames = list(NULL, names(x)))
  if (!is.numeric(x) || anyNA(x) || any(is.infinite(x)) || (!is.null(size) && !identical(dim(x), size))) {
    stop_input("figures", paste0("`", name, "` must hold numbers, one row a group and one column a visit",
      if (!is.null(size)) paste0(" (", size[1], " x ", size[2], ")"), "."), name, call)
  }
  x
}

# One covariance matrix a group, from matrices or from SDs and correlations.
figure_covariances <- function(covariance, sd, r, groups, cells, call) {
  if (is.null(covariance)) {
    if (is.null(sd) || is.null(r)) {
      stop_input("figures", c("The spread of the visits is not given.",
        i = "Give `covariance`, or `sd` and `r` (a number, or a matrix of correlations)."), "covariance", call)
    }
    if (length(sd) == 1L) sd <- matrix(sd, groups, cells)
    if (!is.matrix(sd) && length(sd) == cells) sd <- matrix(sd, groups, cells, byrow = TRUE)
    sd <- figure_matrix(sd, "sd", c(groups, cells), call)
    correlation <- figure_correlation(r, cells, call)
    covariance <- lapply(seq_len(groups), function(g) correlation * tcrossprod(sd[g, ]))
  }
  if (!is.list(covariance)) covariance <- list(covariance)
  covariance <- rep_len(covariance, groups)
  for (s in covariance) {
    ok <- is.numeric(s) && is.matrix(s) && identical(dim(s), c(cells, cells)) && !anyNA(s) && isSymmetric(unname(s))
    if (!ok || min(eigen(s, symmetric = TRUE, only.values = TRUE)$values) < -1e-8 * max(abs(s))) {
      stop_input("figures", paste0("`covariance` must be a covariance matrix of ", cells,
        " visits, or a list of them; SDs and correlations must make one."), if (is.null(covariance)) "r" else "covariance",
        call)
    }
  }
  lapply(covariance, unname)
}

figure_correlation <- function(r, cells, call) {
  if (is.matrix(r)) {
    if (!is.numeric(r) || !identical(dim(r), c(cells, cells)) || anyNA(r) || any(abs(r) > 1 + 1e-12) ||
      any(abs(diag(r) - 1) > 1e-8)) {
      stop_input("figures", paste0("`r` must be a number or a ", cells, " x ", cells, " correlation matrix."), "r", call)
    }
    return(unname(r))
  }
  check_number(r, "r", call, -1, 1)
  out <- matrix(r, cells, cells)
  diag(out) <- 1
  out
}
