# classify_response() again, patient by patient, from the words of ?classify_response and not from its code: exact
# arithmetic on
# integers (tenths), three-valued logic by R's own NA.
oracle_leaf <- function(leaf, before, after) {
  zero <- leaf$measure %in% c("percent_change", "ratio") && !is.na(before) && before == 0
  if (zero) {
    return(NA)
  }
  x <- switch(leaf$measure, value = after, baseline = before, change = after - before,
    percent_change = 100 * (after - before) / before,
    ratio = after / before)
  x <- round(x, 9)
  cut <- as.numeric(leaf$cutoff)
  if (leaf$relation == "between") {
    return((if (leaf$closed[1]) x >= cut[1] else x > cut[1]) & (if (leaf$closed[2]) x <= cut[2] else x < cut[2]))
  }
  match.fun(leaf$relation)(x, cut)
}

oracle_node <- function(node, before, after) {
  if (is.null(node)) {
    return(TRUE)
  }
  if (node$op == "compare") {
    seen <- if (is.null(node$visit)) after() else after(node$visit)
    return(oracle_leaf(node, before[[node$variable]], seen[[node$variable]]))
  }
  parts <- vapply(node$args, oracle_node, NA, before, after)
  switch(node$op, not = !parts, and = all(parts), or = any(parts))
}

# All levels that some completion of the missing truths could give.
oracle_class <- function(clauses, before, after) {
  possible <- character()
  for (clause in clauses) {
    truth <- oracle_node(clause$condition, before, after)
    if (!isFALSE(truth)) possible <- c(possible, clause$level)
    if (isTRUE(truth)) break
  }
  if (length(unique(possible)) == 1L) possible[1] else NA_character_
}

# d: id, visit (0 = baseline), the variables, the by column. One row a patient and visit after 0; NA where not told by
# values.
oracle_classify <- function(d, rule, visits) {
  variables <- unique(vapply(set_leaves_oracle(rule), `[[`, "", "variable"))
  ids <- sort(unique(d$id))
  out <- list()
  for (i in ids) {
    own <- d[d$id == i, ]
    set <- if (is.null(rule$by)) rule$sets[[1]] else rule$sets[[as.character(own[[rule$by]][1])]]
    at <- function(v) {
      row <- own[own$visit == v, variables, drop = FALSE]
      if (nrow(row)) as.list(row) else as.list(stats::setNames(rep(NA_real_, length(variables)), variables))
    }
    for (v in visits) {
      out <- c(out, list(data.frame(id = i, visit = v, class = oracle_class(set, at(0), function(w = v) at(w)))))
    }
  }
  do.call(rbind, out)
}

set_leaves_oracle <- function(rule) {
  walk <- function(node) if (is.null(node)) list() else if (node$op == "compare") list(node) else
    unlist(lapply(node$args, walk), recursive = FALSE)
  unlist(lapply(unlist(unname(rule$sets), recursive = FALSE), function(clause) walk(clause$condition)), recursive = FALSE)
}
