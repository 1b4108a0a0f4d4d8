# Why no cohort was found: a proof with an irreducible set of figures, or the figures that the nearest cohort left open.

# Looked for before any search: a contradiction is told at once.
stop_if_impossible <- function(spec, plan, seed, time_limit, call) {
  counts <- counts_conflict(plan, min(5, time_limit))
  conflict <- if (is.null(counts)) ask_core(cohort_conflict(plan$problem), call) else
    list(proved = TRUE, figures = integer(), counts = counts)
  if (!conflict$proved) {
    pair <- order_conflict(spec)
    if (length(pair)) conflict <- list(proved = TRUE, figures = match(pair, plan$figure_rows) - 1L, counts = integer())
  }
  if (conflict$proved) stop_impossible(spec, plan, conflict, seed, time_limit, call)
}

stop_not_found <- function(spec, plan, made, call) {
  figures <- length(plan$figure_rows)
  of_limits <- unique(made$broken_figures[made$broken_figures >= figures]) - figures + 1L
  rows <- c(unlist(plan$count_rows[made$broken_counts + 1L]), plan$figure_rows[made$broken_figures[made$broken_figures < figures] + 1L])
  limits <- if (length(of_limits)) paste0("limit ", spec$limits$of[of_limits], " [", spec$limits$subset[of_limits], "]")
  open <- c(spec$figures$name[rows], limits)
  abort(c(
    "No cohort was found in the time given. That proves nothing: there may be one.",
    i = paste0("Nearest cohort: ", length(open), " of ", nrow(spec$figures), " figures not met: ", quoted(open, 12), "."),
    i = "Give more time (`time_limit`), leave figures out by `release`, or widen a limit."
  ), class = c("respondr_error_not_found", "respondr_error"), argument = "spec", call = call, figures = open, proved = FALSE)
}

stop_impossible <- function(spec, plan, conflict, seed, time_limit, call) {
  rows <- c(unlist(plan$count_rows[conflict$counts + 1L]), plan$figure_rows[conflict$figures + 1L])
  # Figures that say the same count are one fact: the first stands for them.
  first <- c(vapply(plan$count_rows[conflict$counts + 1L], `[[`, 1L, 1L), plan$figure_rows[conflict$figures + 1L])
  met <- vapply(seq_along(first), function(k) met_without(spec, first, k, seed, time_limit, call), NA)
  names <- spec$figures$name[first]
  shown <- paste0(names, " = ", spec$figures$printed[first])
  others <- setdiff(spec$figures$name[rows], names)
  abort(c(
    "These figures cannot be met together, whoever the patients are (proved):",
    stats::setNames(shown, rep("x", length(shown))),
    i = if (length(first) == 1L) "No patients whatever have this figure." else
      if (all(met)) "Without any one of them the others can be met: a cohort was found for each." else
      paste0("The proof needs each of them. Without ", quoted(names[!met]), ", no cohort of the others was found in the time given."),
    i = held_words(spec, first),
    i = if (length(others)) paste0("The same count is also said by ", quoted(others), "."),
    i = "Correct a figure, or leave one out by `release`."
  ), class = c("respondr_error_impossible", "respondr_error"), argument = "spec", call = call, figures = names, met_without = met,
  proved = TRUE)
}

# Bounds and limits of what the figures speak of: they were held to in the proof.
held_words <- function(spec, rows) {
  said <- unique(unlist(regmatches(spec$figures$of[rows], gregexpr("[A-Za-z_][A-Za-z0-9_.]*", spec$figures$of[rows]))))
  words <- vapply(intersect(said, names(spec$variables)), function(name) {
    v <- spec$variables[[name]]
    if (inherits(v, "respondr_category")) return("")
    paste0("`", name, "` from ", format(v$low), " to ", format(v$high), " in steps of ", format(10^-v$decimals))
  }, "")
  words <- words[nzchar(words)]
  limits <- spec$limits$of[vapply(spec$limits$of, function(of) any(vapply(said, grepl, NA, x = of, fixed = TRUE)), NA)]
  if (length(limits)) words <- c(words, paste0("the limits of ", quoted(unique(limits))))
  paste0("Held to: ", spec$patients, if (spec$patients == 1) " patient" else " patients", if (length(words)) paste0("; ", paste(words, collapse = "; ")), ".")
}

# Can the figures of the conflict be met without the k-th?
met_without <- function(spec, rows, k, seed, time_limit, call) {
  spec$figures <- spec$figures[rows[-k], ]
  plan <- cohort_plan(spec, call)
  isTRUE(solve_plan(plan, 1L, seed, min(10, time_limit), 1L, call)[[1]]$found)
}

# Two figures of the same patients that stand in the wrong order, whatever the values: rows of the spec, or none.
order_conflict <- function(spec) {
  f <- spec$figures
  interval <- printed_interval(f$printed)
  key <- paste(f$of, f$subset, f$scale, sep = "\r")
  for (chain in list(c("min", "q1", "median", "q3", "max"), c("min", "mean", "max"), c("or_low", "odds_ratio", "or_high"))) {
    rank <- match(f$kind, chain)
    for (i in which(!is.na(rank))) {
      above <- which(key == key[i] & !is.na(rank) & rank > rank[i] & interval$high < interval$low[i])
      if (length(above)) return(c(i, above[1]))
    }
  }
  integer()
}

# Counts that no numbers of patients meet: an irreducible set by deletion, proved by linear programming over the combinations of
# levels; NULL where the programme has a solution or there are too many combinations.
counts_conflict <- function(plan, seconds) {
  problem <- plan$problem
  problem$seconds <- seconds
  keep <- seq_along(problem$counts$condition)
  if (!length(keep) || !isFALSE(lib_counts_feasible(problem, keep))) {
    return(NULL)
  }
  for (k in keep) {
    if (isFALSE(lib_counts_feasible(problem, setdiff(keep, k)))) keep <- setdiff(keep, k)
  }
  keep - 1L
}

# The columns that a count speaks of.
count_columns <- function(problem, k) {
  parts <- c(problem$counts$condition[k], problem$counts$of[k])
  unique(unlist(lapply(problem$conditions[parts[parts >= 0] + 1L], function(c) c$column[c$op == op_codes[["test"]]])))
}

# TRUE or FALSE, by lpSolve, one variable a combination of levels; groups of counts without a column in common are apart.
lib_counts_feasible <- function(problem, keep, most = 3000) {
  columns <- lapply(keep, function(k) count_columns(problem, k))
  group <- seq_along(keep)
  for (i in seq_along(keep)) for (j in seq_len(i - 1L)) {
    if (length(intersect(columns[[i]], columns[[j]]))) group[group == group[i]] <- group[j]
  }
  out <- vapply(split(seq_along(keep), group), function(members) {
    group_feasible(problem, keep[members], sort(unique(unlist(columns[members]))), most)
  }, NA)
  if (any(!out, na.rm = TRUE)) FALSE else if (anyNA(out)) NA else TRUE
}

group_feasible <- function(problem, keep, columns, most) {
  levels <- problem$levels[columns + 1L]
  if (prod(levels) > most) {
    return(pairs_feasible(problem, keep, most))
  }
  codes <- matrix(0L, max(1, prod(levels)), length(problem$levels))
  if (length(columns)) codes[, columns + 1L] <- as.matrix(expand.grid(lapply(levels, function(l) seq_len(l) - 1L)))
  at <- function(c) condition_holds(problem$conditions[[c + 1L]], codes) * 1
  rows <- do.call(rbind, lapply(keep, function(k) {
    of <- problem$counts$of[k]
    if (of < 0) return(rbind(at(problem$counts$condition[k]), at(problem$counts$condition[k])))
    whole <- at(of)
    ends <- c(max(0, problem$counts$low[k]), min(100, problem$counts$high[k])) / 100
    # In whole coefficients of moderate size; more decimals than two are widened to these.
    unit <- 2 * 10^max(0, min(4, ceiling(-log10(max(ends[2] - ends[1], 1e-9)) - 1e-6)))
    part <- at(problem$counts$condition[k]) * whole
    rbind(unit * part - floor(unit * ends[1] + 1e-6) * whole, unit * part - ceiling(unit * ends[2] - 1e-6) * whole)
  }))
  bound <- unlist(lapply(keep, function(k) {
    if (problem$counts$of[k] < 0) c(max(0, ceiling(problem$counts$low[k])), min(1e6, floor(problem$counts$high[k]))) else c(0, 0)
  }))
  # Numbers of patients and coefficients are whole, and so are both sides of every row: half a step of room leaves no other
  # patients in, and the rounding of the program no patients out.
  direction <- rep(c(">=", "<="), length(keep) + 1L)
  bound <- c(bound, problem$patients, problem$patients) + rep(c(-0.5, 0.5), length(keep) + 1L)
  solve <- function(whole) {
    lpSolve::lp("min", rep(0, nrow(codes)), rbind(rows, 1, 1), direction, bound, all.int = whole,
      timeout = max(1L, as.integer(problem$seconds)))$status
  }
  status <- solve(FALSE)  # whole numbers are slow, and mostly not what fails
  if (status == 0L && nrow(codes) <= 64L) status <- solve(TRUE)
  if (status == 2L) FALSE else if (status == 0L) TRUE else NA
}

# Too many combinations for all counts at once: those of every two of their columns.
pairs_feasible <- function(problem, keep, most) {
  columns <- lapply(keep, function(k) count_columns(problem, k))
  seen <- sort(unique(unlist(columns)))
  for (i in seen) for (j in seen[seen >= i]) {
    inside <- keep[vapply(columns, function(c) all(c %in% c(i, j)), NA)]
    if (length(inside) > 1L && isFALSE(group_feasible(problem, inside, unique(c(i, j)), most))) {
      return(FALSE)
    }
  }
  NA
}
