# Does every patient belong to a level, and can every level be reached? For each variable the core lists the cells that the
# cut-offs can tell apart (response/rule_cells.hpp, exact arithmetic on the decimals); variables are free of each other, so
# that a rule is a table of all combinations.

rule_axis_codes <- c(value = 0L, baseline = 1L, change = 2L, percent_change = 3L, ratio = 4L, rci = 2L)
rule_cells_limit <- 2e6

# Gaps and levels out of reach stop the call; overlaps come back as a data frame, NULL where there were too many
# combinations to look at.
check_rule_sets <- function(sets, by, domain, exclusive, call) {
  parts <- Map(function(clauses, set) {
    if (!length(set_leaves(clauses))) {
      return(no_overlaps)
    }
    cells <- set_cells(clauses, domain, call)
    if (is.null(cells)) {
      return(NULL)
    }
    holds <- set_truth(clauses, cells)
    first <- first_clause(holds)
    check_reached(clauses, first, holds, set, by, domain, call)
    check_covered(clauses, first, cells, set, by, call)
    overlaps <- set_overlaps(clauses, holds, cells, set)
    if (exclusive && nrow(overlaps)) stop_overlap(overlaps[1, ], by, call)
    overlaps
  }, unname(sets), names(sets))
  if (any(vapply(parts, is.null, NA))) NULL else do.call(rbind, unname(parts))
}

no_overlaps <- data.frame(set = character(), better = character(), worse = character(), within = logical(),
  example = character())

# The clause that fires, one more than there are where none does.
first_clause <- function(holds) max.col(cbind(holds, TRUE), "first")

# axes: one row a variable, measure and visit; cuts: their cut-offs as typed, ascending; position: combinations x axes;
# before, after: for each variable the point of every combination (after: one column a visit of axis_visits()); found:
# FALSE where a variable of whole numbers was met in no such place (which proves nothing, so that it is neither a gap nor
# makes a level out of reach).
set_cells <- function(clauses, domain, call) {
  leaves <- set_leaves(clauses)
  keys <- vapply(leaves, axis_key, "", domain$judged)
  first <- which(!duplicated(keys))
  axes <- data.frame(key = keys[first], variable = vapply(leaves[first], `[[`, "", "variable"),
    measure = vapply(leaves[first], `[[`, "", "measure"),
    visit = vapply(leaves[first], leaf_visit, "", domain$judged))
  cuts <- lapply(axes$key, function(key) {
    typed <- unlist(lapply(leaves[keys == key], `[[`, "cutoff"))
    typed[!duplicated(decimal_canonical(typed))]
  })
  signed <- signed_variables(leaves)
  parts <- lapply(unique(axes$variable), function(variable) {
    own <- which(axes$variable == variable)
    geometry <- Map(function(i, cut) axis_geometry(leaves[[first[i]]], cut), own, cuts[own])
    range <- domain$range[[variable]] %||% c(if (variable %in% signed) "" else "0", "")
    visits <- axis_visits(axes[own, ])
    moment <- pmax(match(axes$visit[own], visits), 1L, na.rm = TRUE) - 1L
    out <- ask_core(response_rule_cells(rule_axis_codes[axes$measure[own]], moment, geometry, range,
      variable %in% domain$whole), call)
    c(out, list(own = own, variable = variable))
  })
  size <- prod(vapply(parts, function(part) nrow(part$position), 0))
  if (size > rule_cells_limit) {
    return(NULL)
  }
  c(combine_cells(axes, cuts, parts), list(judged = domain$judged))
}

# The visits whose values the axes of a variable look at, "" being the visit judged.
axis_visits <- function(axes) unique(axes$visit[axes$measure != "baseline"])

combine_cells <- function(axes, cuts, parts) {
  sizes <- vapply(parts, function(part) nrow(part$position), 0L)
  at <- as.matrix(do.call(expand.grid, lapply(sizes, seq_len)))
  position <- matrix(0L, nrow(at), nrow(axes))
  before <- matrix("", nrow(at), length(parts))
  after <- vector("list", length(parts))
  found <- rep(TRUE, nrow(at))
  for (k in seq_along(parts)) {
    part <- parts[[k]]
    position[, part$own] <- part$position[at[, k], ]
    before[, k] <- part$before[at[, k]]
    after[[k]] <- part$after[at[, k], , drop = FALSE]
    found <- found & part$found[at[, k]]
    for (j in seq_along(part$own)) cuts[[part$own[j]]] <- cuts[[part$own[j]]][order(part$rank[[j]])]
  }
  list(axes = axes, cuts = cuts, position = position, before = before, after = after, found = found,
    variables = vapply(parts, `[[`, "", "variable"))
}

axis_key <- function(leaf, judged = NULL) {
  paste(c(leaf$measure, unlist(leaf$parameters), leaf$variable, leaf_visit(leaf, judged)), collapse = "\r")
}

# "": the visit judged.
leaf_visit <- function(leaf, judged = NULL) {
  if (is.null(leaf$visit) || identical(leaf$visit, judged)) "" else leaf$visit
}

# Cut-offs of the reliable-change index on the scale of the change.
axis_geometry <- function(leaf, cuts) {
  if (leaf$measure != "rci") {
    return(cuts)
  }
  unit <- leaf$parameters$sd_baseline * sqrt(2 * (1 - leaf$parameters$reliability))
  vapply(cuts, function(cut) number_decimal(as.numeric(cut) * unit), "", USE.NAMES = FALSE)
}

# Variables that a cut-off shows to go below 0.
signed_variables <- function(leaves) {
  below <- vapply(leaves, function(leaf) {
    leaf$measure %in% c("value", "baseline") && (any(as.numeric(leaf$cutoff) < 0) || (leaf$relation == "<" &&
      as.numeric(leaf$cutoff[1]) <= 0))
  }, NA)
  unique(vapply(leaves[below], `[[`, "", "variable"))
}

# Combinations x clauses: does the condition hold?
set_truth <- function(clauses, cells) {
  out <- vapply(clauses, function(clause) node_truth(clause$condition, cells), logical(nrow(cells$position)))
  matrix(out, nrow(cells$position))
}

node_truth <- function(node, cells) {
  if (is.null(node)) {
    return(rep(TRUE, nrow(cells$position)))
  }
  if (node$op == "compare") {
    return(leaf_truth(node, cells))
  }
  parts <- lapply(node$args, node_truth, cells)
  switch(node$op, not = !parts[[1]], and = Reduce(`&`, parts), or = Reduce(`|`, parts))
}

leaf_truth <- function(leaf, cells) {
  axis <- match(axis_key(leaf, cells$judged), cells$axes$key)
  p <- cells$position[, axis]
  at <- 2L * match(decimal_canonical(leaf$cutoff), decimal_canonical(cells$cuts[[axis]]))
  if (leaf$relation == "between") {
    return((if (leaf$closed[1]) p >= at[1] else p > at[1]) & (if (leaf$closed[2]) p <= at[2] else p < at[2]))
  }
  match.fun(leaf$relation)(p, at)
}

check_reached <- function(clauses, first, holds, set, by, domain, call) {
  lost <- setdiff(seq_along(clauses), first)
  if (!length(lost)) {
    return(invisible())
  }
  j <- lost[1]
  level <- clauses[[j]]$level
  hint <- if (reached_anywhere(clauses, j, domain$judged, call)) {
    paste0("Variables are taken to be at least 0 unless `range` says more, for example `range = list(",
      name_text(set_leaves(clauses[seq_len(j)])[[1]]$variable), " = c(-Inf, Inf))`.")
  } else if (is.null(clauses[[j]]$condition)) {
    "Leave it out, or look at the boundaries of the others."
  } else if (any(holds[, j])) {
    "Levels are tried in the order written, and the first that holds wins: write the best level first."
  }
  stop_rule(c(paste0("Level `", level, "`", in_set(set, by), " can never be reached: ",
    unreached_reason(clauses, holds, j), "."),
    if (!is.null(hint)) c(i = hint)), level, call)
}

unreached_reason <- function(clauses, holds, j) {
  if (!any(holds[, j])) {
    return(paste0("no baseline and value meet `", clauses[[j]]$text, "`"))
  }
  taken <- which(colSums(holds[holds[, j], seq_len(j - 1L), drop = FALSE]) > 0L)
  alone <- taken[vapply(taken, function(k) all(holds[holds[, j], k]), NA)]
  names <- vapply(clauses, `[[`, "", "level")
  if (is.null(clauses[[j]]$condition)) {
    return("the levels before it take everyone")
  }
  paste0("whoever meets it meets ", if (length(alone)) paste0("`", names[alone[1]], "`") else
    paste(paste0("`", names[taken], "`"), collapse = " or "), ", which ",
      if (length(alone) || length(taken) == 1L) "is" else
      "are", " tried before")
}

# Would it be reached if every variable could be anything?
reached_anywhere <- function(clauses, j, judged, call) {
  variables <- unique(vapply(set_leaves(clauses), `[[`, "", "variable"))
  domain <- list(range = stats::setNames(rep(list(c("", "")), length(variables)), variables), judged = judged)
  cells <- set_cells(clauses, domain, call)
  !is.null(cells) && j %in% first_clause(set_truth(clauses, cells))
}

check_covered <- function(clauses, first, cells, set, by, call) {
  gap <- first > length(clauses) & cells$found
  if (!any(gap)) {
    return(invisible())
  }
  boxes <- gap_boxes(gap, cells)
  lines <- vapply(boxes$shown, function(box) {
    paste0(box_words(box, cells), " belongs to no level, for example ", box_witness(box, cells))
  }, "")
  stop_rule(c(
    paste0("The levels", in_set(set, by), " leave a gap: ", lines[1], "."),
    if (length(lines) > 1L) stats::setNames(paste0(capitalised(lines[-1]), "."), rep("x", length(lines) - 1L)),
    x = if (boxes$more) "There are further gaps.",
    i = "Move a cut-off, open or close a boundary, or end with `otherwise()`.",
    i = "What cannot be is said by `range` (a scale that ends) or `whole` (whole numbers only)."
  ), clauses[[length(clauses)]]$level, call)
}

# The gap as boxes of axes, each as large as it can be without touching what is covered; three at most.
gap_boxes <- function(gap, cells) {
  shown <- list()
  rest <- gap
  open <- rowSums(cells$position %% 2L == 0L)
  while (any(rest) && length(shown) < 3L) {
    candidates <- which(rest)
    box <- grow_box(candidates[which.min(open[candidates])], gap, cells)
    shown <- c(shown, list(box))
    rest <- rest & !in_box(box, cells)
  }
  list(shown = shown, more = any(rest))
}

grow_box <- function(start, gap, cells) {
  size <- 2L * lengths(cells$cuts) + 1L
  box <- list(low = cells$position[start, ], high = cells$position[start, ], start = start)
  fits <- function(box) all(gap[in_box(box, cells) & cells$found])
  for (axis in rev(seq_along(size))) {
    wide <- box
    wide$low[axis] <- 1L
    wide$high[axis] <- size[axis]
    if (fits(wide)) box <- wide
  }
  for (axis in seq_along(size)) {
    for (end in c("low", "high")) {
      repeat {
        wide <- box
        wide[[end]][axis] <- wide[[end]][axis] + if (end == "low") -1L else 1L
        if (wide[[end]][axis] < 1L || wide[[end]][axis] > size[axis] || !fits(wide)) break
        box <- wide
      }
    }
  }
  box
}

in_box <- function(box, cells) {
  inside <- rep(TRUE, nrow(cells$position))
  for (axis in seq_along(box$low)) {
    p <- cells$position[, axis]
    inside <- inside & p >= box$low[axis] & p <= box$high[axis]
  }
  inside
}

box_words <- function(box, cells) {
  limited <- which(box$low > 1L | box$high < 2L * lengths(cells$cuts) + 1L)
  words <- vapply(limited, function(axis) {
    cut <- cells$cuts[[axis]]
    low <- box$low[axis]
    high <- box$high[axis]
    range <- if (low == high && low %% 2L == 0L) paste("of exactly", cut[low / 2L]) else paste(c(
      if (low > 1L) paste(if (low %% 2L) "above" else "of at least", cut[low %/% 2L]),
      if (high <= 2L * length(cut)) paste(if (high %% 2L) "below" else "of at most", cut[(high + 1L) %/% 2L])
    ), collapse = " and ")
    range <- sub(" and of at most", " and at most", range, fixed = TRUE)
    paste(axis_noun(cells$axes$measure[axis], cells$axes$variable[axis], cells$axes$visit[axis]), range)
  }, "")
  paste(words, collapse = ", together with ")
}

axis_noun <- function(measure, variable, visit = "") {
  noun <- paste(switch(measure, value = "a value", baseline = "a baseline", change = "a change",
    percent_change = "a percent change",
    ratio = "a ratio", rci = "a reliable-change index"), "of", variable)
  if (nzchar(visit)) paste(noun, "at visit", visit) else noun
}

box_witness <- function(box, cells) {
  limited <- box$low > 1L | box$high < 2L * lengths(cells$cuts) + 1L
  witness_words(cells, box$start, unique(cells$axes$variable[limited]))
}

witness_words <- function(cells, row, variables = cells$variables) {
  words <- vapply(match(variables, cells$variables), function(k) {
    axes <- cells$axes[cells$axes$variable == cells$variables[k], ]
    values_only <- all(axes$measure == "value")
    visits <- axis_visits(axes)
    after <- paste0(cells$after[[k]][row, seq_along(visits)], ifelse(nzchar(visits), paste(" at visit", visits),
      if (values_only && length(visits) == 1L) "" else " after"))[seq_along(visits)]
    paste(cells$variables[k], listed(c(if (!values_only) paste(cells$before[row, k], "at baseline"), after)))
  }, "")
  paste(words, collapse = ", ")
}

# Pairs of clauses that can hold together; otherwise() is not one of them.
set_overlaps <- function(clauses, holds, cells, set) {
  own <- which(!vapply(clauses, function(clause) is.null(clause$condition), NA))
  pairs <- if (length(own) > 1L) utils::combn(own, 2L, simplify = FALSE) else list()
  rows <- lapply(pairs, function(pair) {
    both <- holds[, pair[1]] & holds[, pair[2]] & cells$found
    if (!any(both)) {
      return(NULL)
    }
    at <- which(both)
    at <- at[which.min(rowSums(cells$position[at, , drop = FALSE] %% 2L == 0L))]
    about <- vapply(set_leaves(clauses[pair]), `[[`, "", "variable")
    data.frame(set = set, better = clauses[[pair[1]]]$level, worse = clauses[[pair[2]]]$level,
      within = all(holds[holds[, pair[1]] & cells$found, pair[2]]), example = witness_words(cells, at, unique(about)))
  })
  do.call(rbind, c(list(no_overlaps), rows))
}

stop_overlap <- function(overlap, by, call) {
  stop_rule(c(
    paste0("Levels `", overlap$better, "` and `", overlap$worse, "`", in_set(overlap$set, by), " overlap: ",
      overlap$example,
      " meets both."),
    i = "Close the boundary between them, or leave out `exclusive = TRUE`: the better level is tried first."
  ), overlap$worse, call)
}
