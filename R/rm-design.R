# The model of a repeated-measures ANOVA as matrices: between patients (x) and within patients (orthonormal bases).

# Patients of one `by` group: an input of its own, without levels that no patient of the group has.
rm_group_input <- function(input, g) {
  if (length(input$group_start) == 2L) {
    return(input)
  }
  patients <- seq.int(input$group_start[g] + 1L, length.out = input$group_start[g + 1L] - input$group_start[g])
  rm_take_patients(input, patients, input$by[g, , drop = FALSE])
}

rm_take_patients <- function(input, patients, by = input$by) {
  input$rows <- input$rows[patients, , drop = FALSE]
  input$id_row <- input$id_row[patients]
  input$between <- droplevels(input$between[patients, , drop = FALSE])
  input$group_start <- c(0L, length(patients))
  input$by <- by
  row.names(input$by) <- NULL
  input
}

# The parts of each term: which within factors, which variables between patients.
rm_term_parts <- function(input) {
  tt <- input$model
  labels <- attr(tt, "term.labels")
  factors <- attr(tt, "factors")
  part <- function(label, names) {
    present <- rownames(factors)[factors[, label] > 0]
    paste(intersect(names, present), collapse = ":")
  }
  quick_frame(list(
    term = labels, within = vapply(labels, part, "", input$within_names, USE.NAMES = FALSE),
    between = vapply(labels, part, "", input$between_names, USE.NAMES = FALSE)
  ))
}

# Model matrix of the between terms: sum-to-zero contrasts, covariates centred at the mean of the patients.
rm_between_matrix <- function(between, terms, centre = NULL) {
  n <- nrow(between)
  if (!length(terms)) {
    return(list(x = matrix(1, n, 1L), assign = 0L, contains = matrix(FALSE, 0L, 0L), terms = character(),
      centre = centre))
  }
  used <- unique(unlist(strsplit(terms, ":", fixed = TRUE)))
  frame <- between[used]
  numbers <- used[vapply(frame, is.numeric, NA)]
  if (is.null(centre)) centre <- vapply(frame[numbers], mean, 0, na.rm = TRUE)
  for (name in numbers) frame[[name]] <- frame[[name]] - centre[[name]]
  names(frame) <- paste0("v", seq_along(used))
  rename <- function(term) paste(paste0("v", match(strsplit(term, ":", fixed = TRUE)[[1]], used)), collapse = ":")
  tt <- stats::terms(stats::reformulate(vapply(terms, rename, "")), keep.order = TRUE)
  one_level <- vapply(frame, function(x) is.factor(x) && nlevels(x) < 2L, NA)
  x <- sum_matrix(tt, frame, one_level)
  contains <- outer(seq_along(terms), seq_along(terms), Vectorize(function(i, j) {
    i != j && all(strsplit(terms[i], ":", fixed = TRUE)[[1]] %in% strsplit(terms[j], ":", fixed = TRUE)[[1]])
  }))
  list(x = x$x, assign = x$assign, contains = matrix(contains, length(terms)), terms = terms, centre = centre)
}

# model.matrix() refuses factors of one level; their columns are constant, and the core finds that they add nothing.
sum_matrix <- function(tt, frame, one_level) {
  for (name in names(frame)[one_level]) frame[[name]] <- as.numeric(frame[[name]])
  factors <- names(frame)[vapply(frame, is.factor, NA)]
  contrasts <- stats::setNames(rep(list("contr.sum"), length(factors)), factors)
  frame <- stats::model.frame(tt, frame, na.action = stats::na.pass)
  x <- stats::model.matrix(tt, frame, contrasts.arg = if (length(factors)) contrasts)
  assign <- attr(x, "assign")
  attr(x, "assign") <- attr(x, "contrasts") <- NULL
  dimnames(x) <- NULL
  list(x = x, assign = assign)
}

# An orthonormal basis for each set of within factors; "" is the mean of all cells.
rm_within_bases <- function(within, sets) {
  lapply(stats::setNames(sets, sets), function(set) {
    chosen <- strsplit(set, ":", fixed = TRUE)[[1]]
    out <- matrix(1, 1L, 1L)
    for (name in names(within)) {
      k <- nlevels(within[[name]])
      part <- if (name %in% chosen) orthonormal_contrasts(k) else matrix(1 / sqrt(k), k, 1L)
      out <- kronecker(out, part)
    }
    out
  })
}

# Helmert contrasts of unit length.
orthonormal_contrasts <- function(k) {
  h <- stats::contr.helmert(k)
  sweep(h, 2, sqrt(colSums(h^2)), "/")
}

# One call of the core for each set of between terms: one only where the formula crosses everything.
rm_designs <- function(input) {
  parts <- rm_term_parts(input)
  sets <- unique(c("", parts$within))
  between <- lapply(sets, function(w) parts$between[parts$within == w & parts$between != ""])
  key <- vapply(between, function(b) paste(sort(b), collapse = "+"), "")
  lapply(split(seq_along(sets), factor(key, levels = unique(key))), function(at) {
    c(rm_between_matrix(input$between, between[[at[1]]]), list(sets = sets[at]))
  })
}
