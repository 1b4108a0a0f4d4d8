# What compare_paired_rates() was given, as a respondr_input (R/input.R) with more in it:
#
# outcomes    named list of integer codes of levels
# responses   for each outcome its labels, kind and order (R/paired_rates-levels.R)
# tables      for counts (kind "counts"): square matrices, one an outcome; rows then absent
# cells       for four counts (kind "counts"): neither, lost, gained, both, a column a comparison; tables then absent

prates_input <- function(x, after, data, outcomes, baseline, by, subset, reference, visits, cells, env, call, grouped) {
  words <- lapply(list(outcomes = outcomes, baseline = baseline, by = by, subset = subset), null_word, env)
  given <- c(words, list(reference = reference, visits = visits))
  if (is.null(x)) {
    check_unused(given, "counts", call)
    return(prates_from_cells(cells, data, env, call))
  }
  sizes <- as.list(cells)[-1]
  check_unused(lapply(sizes[!vapply(sizes, is.null, NA)], null_word, env), "a formula, vectors or a table", call)
  if (inherits(x, "formula")) {
    if (is.null(data) && is.data.frame(after)) data <- after
    by <- group_columns(by, data, grouped, x, env, call)
    frame <- as_data(data, call)
    outcomes <- outcome_words(outcomes, frame, env, call)
    return(prates_from_formula(x, frame, outcomes, baseline_columns(baseline, frame, env), by, subset, reference, visits, call))
  }
  check_unused(c(given, list(data = data)), "vectors or a table", call)
  if (is.null(after)) {
    return(prates_from_tables(x, call))
  }
  prates_from_vectors(x, after, call)
}

prates_from_formula <- function(formula, data, outcomes, baseline, by, subset, reference, visits, call) {
  parsed <- parse_formula(formula, outcomes, call)
  if (length(data)) {
    keep <- subset_rows(subset, data, parsed$env, call)
    if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  }
  n <- if (length(data)) nrow(data)
  values <- lapply(parsed$outcomes, eval_column, data, parsed$env, "outcome", n, call)
  n <- n %||% NROW(values[[1]])
  check_rows(n, call)
  by_columns <- check_by(by, data, call)
  check_apart(by, c(response = parsed$outcomes[[1]], visit = if (!parsed$one) parsed$visit), "by", call)
  if (parsed$one) {
    return(prates_one_row(values, baseline, data, by_columns, n, parsed, call))
  }
  if (is.null(parsed$id)) {
    stop_input("no_id", c(
      paste0("The formula has no id: ", deparse_one(formula), "."), x = "Rows are matched by patient, never by their order.",
      i = "Write `response ~ visit | id`; without an id use wide columns (`after ~ 1, baseline = before`)."
    ), "formula", call)
  }
  if (!is.null(baseline)) {
    stop_input("argument", "`baseline` goes with `after ~ 1`; the formula here has visits.", "baseline", call)
  }
  responses <- lapply(stats::setNames(nm = names(values)), function(name) prates_response_levels(values[[name]], name, call))
  input <- input_long_form(lapply(responses, `[[`, "code"), parsed, data, by_columns, reference, visits, n, call)
  input$responses <- responses
  input
}

prates_one_row <- function(values, baseline, data, by_columns, n, parsed, call) {
  if (is.null(baseline) || !is.null(parsed$id)) {
    stop_input("formula", c("`response ~ 1` needs the earlier column.",
      i = "Write `after ~ 1` with `baseline = before`, or `response ~ visit | id` for long data."), "formula", call)
  }
  baseline <- pair_baselines(baseline, names(values), call)
  same <- vapply(parsed$outcomes, function(e) any(vapply(baseline, identical, NA, e)), NA)
  if (any(same)) {
    stop_input("baseline", c(paste0("`", names(values)[same][1], "` is its own baseline."),
      i = "Name the column measured before in `baseline`."), "baseline", call)
  }
  earlier <- lapply(baseline, eval_column, data, parsed$env, "baseline", n, call)
  names_before <- vapply(baseline, deparse_one, "")
  responses <- lapply(stats::setNames(seq_along(values), names(values)), function(i) {
    prates_stack_readings(earlier[[i]], values[[i]], names(values)[i], call)
  })
  one <- length(values) == 1L
  group <- group_codes(by_columns, n)
  order <- if (length(by_columns)) order(group$code, na.last = NA) else seq_len(n)
  start <- c(0L, if (length(by_columns)) cumsum(tabulate(group$code, nrow(group$labels))) else n)
  visits <- if (one) c(names_before, names(values)) else c("before", "after")
  prates_stacked_input(responses, order, n, start, group$labels, visits,
    if (length(by_columns)) sum(is.na(group$code)) else 0L, baseline_note(names_before, names(values)))
}

# Two readings a patient, stacked: patient i is rows i and n + i.
prates_stacked_input <- function(responses, order, n, group_start, by, visits, without_group, note) {
  new_input(
    kind = "long", outcomes = lapply(responses, `[[`, "code"), before = NULL,
    rows = matrix(c(order, n + order), ncol = 2L), visits = visits, reference = 1L, contrasts = 2L,
    group_start = as.integer(group_start), by = by, id_columns = list(rep(seq_len(n), 2L)), id_row = order,
    visit_note = note, skipped = c(id = 0L, visit = 0L, by = without_group), responses = responses
  )
}

prates_from_vectors <- function(x, after, call) {
  columns <- function(v) {
    if (is.data.frame(v)) as.list(v) else if (is.matrix(v)) {
      stats::setNames(lapply(seq_len(ncol(v)), function(j) v[, j]), colnames(v) %||% paste0("V", seq_len(ncol(v))))
    } else list(outcome = v)
  }
  before <- columns(x)
  later <- columns(after)
  if (setequal(names(before), names(later))) before <- before[names(later)]
  if (length(before) == 1L && !is.matrix(x) && !is.data.frame(x)) before <- list(same_rows(before[[1]], later[[1]]))
  if (length(before) != length(later) || any(lengths(before) != lengths(later))) {
    stop_input("length", c(paste0("`x` has ", NROW(x), " x ", NCOL(x), " values and `after` ", NROW(after), " x ", NCOL(after),
      "."), i = "Both hold one value per patient, in the same order; with ids use `response ~ visit | id`."), "after", call)
  }
  responses <- lapply(stats::setNames(seq_along(later), names(later)), function(i) {
    prates_stack_readings(before[[i]], later[[i]], names(later)[i], call)
  })
  n <- length(later[[1]])
  prates_stacked_input(responses, seq_len(n), n, c(0L, n), data.frame(row.names = 1L), c("before", "after"), 0L,
    "patient i is the i-th value of both")
}

# A square table of counts, or a list of them: levels before in rows, after in columns.
prates_from_tables <- function(x, call) {
  if (is.matrix(x) || is.table(x)) x <- list(table = x)
  if (!is.list(x) || !length(x) || is.data.frame(x)) {
    stop_input("x", c(paste0("`x` must be a formula, a table of counts or two vectors, not ", given_value(x), "."),
      i = "A table has the levels before in rows and after in columns."), "x", call)
  }
  if (is.null(names(x))) names(x) <- paste("table", seq_along(x))
  square <- lapply(x, prates_square_table, call)
  out <- prates_counts_input(lapply(square, `[[`, "table"), lapply(square, `[[`, "response"), call)
  sides <- names(dimnames(x[[1]]))
  if (length(x) == 1L && length(sides) == 2L && all(nzchar(sides)) && sides[1] != sides[2]) out$visits <- sides
  out
}

# Rows and columns matched by label; a label that only one side has is an empty level of the other.
prates_square_table <- function(x, call) {
  if (length(dim(x)) != 2L || !is.numeric(x) || anyNA(x) || any(x < 0 | x != round(x) | x > 1e9)) {
    stop_input("counts", "A table must hold whole counts of patients, before in rows and after in columns.", "x", call)
  }
  prates_check_total(sum(x), "x", call)
  rows <- rownames(x)
  columns <- colnames(x)
  if (is.null(rows) != is.null(columns) || is.null(rows) && nrow(x) != ncol(x)) {
    stop_input("counts", c(paste0("The table is ", nrow(x), " x ", ncol(x), " and its levels cannot be matched."),
      i = "Give it row and column names, the levels of the response."), "x", call)
  }
  kind <- if (nrow(x) == 2L && ncol(x) == 2L) "two" else "other"
  ordered <- TRUE
  if (is.null(rows)) rows <- columns <- as.character(seq_len(nrow(x)))
  if (anyDuplicated(rows) || anyDuplicated(columns)) {
    stop_input("counts", "The table names a level twice.", "x", call)
  }
  labels <- union(rows, columns)
  if (length(rows) > 1L && length(columns) > 1L && !any(rows %in% columns)) {
    stop_input("counts", c(paste0("Rows (", quoted(rows), ") and columns (", quoted(columns), ") have no level in common."),
      i = "Both name the levels of the response in the same words."), "x", call)
  }
  agree <- identical(intersect(rows, columns), intersect(columns, rows))
  if (!agree || length(labels) > max(length(rows), length(columns))) {
    kind <- "other"
    ordered <- FALSE
  } else if (length(labels) == 2L) {
    kind <- "two"
  }
  if (setequal(labels, c("FALSE", "TRUE")) || setequal(labels, c("0", "1"))) {
    labels <- sort(labels)
    kind <- "two"
  }
  out <- matrix(0, length(labels), length(labels))
  out[match(rows, labels), match(columns, labels)] <- as.double(x)
  list(table = out, response = list(code = NULL, labels = labels, kind = kind, ordered = ordered))
}

prates_check_total <- function(n, argument, call) {
  if (any(n > 1e9)) {
    stop_input("counts", "A comparison holds at most a billion patients.", argument, call)
  }
}

prates_counts_input <- function(tables, responses, call) {
  new_input(
    kind = "counts", outcomes = stats::setNames(vector("list", length(tables)), names(tables)), before = NULL, rows = NULL,
    visits = c("before", "after"), reference = 1L, contrasts = 2L, group_start = c(0L, 0L), by = data.frame(row.names = 1L),
    id_columns = NULL, visit_note = "counts", skipped = c(id = 0L, visit = 0L, by = 0L), responses = responses, tables = tables
  )
}

# Four cells, one or many; names of columns of `data` or values.
prates_from_cells <- function(cells, data, env, call) {
  data <- as_data(data, call)
  columns <- lapply(as.list(cells)[-1], function(e) if (is.null(e)) NULL else eval(e, data, env))
  absent <- names(columns)[vapply(columns, is.null, NA)]
  if (length(absent) == length(columns)) {
    stop_input("x", c("Nothing to compare was given.", i = "Give a formula, two vectors, a table, or the four counts."), "x", call)
  }
  if (length(absent)) {
    stop_input("counts", c(paste0("The four counts are incomplete: ", quoted(absent), " missing."),
      i = "Give `both`, `lost`, `gained` and `neither`."), absent[1], call)
  }
  size <- max(lengths(columns))
  for (name in names(columns)) {
    v <- columns[[name]]
    if (!is.numeric(v) || !length(v) %in% c(1L, size) || anyNA(v) || any(v < 0 | v != round(v) | v > 1e9)) {
      stop_input("counts", paste0("`", name, "` must hold whole counts of patients, ",
        if (size > 1L) paste0("1 or ", size) else "one", ", not ", given_value(v), "."), name, call)
    }
    columns[[name]] <- rep_len(as.double(v), size)
  }
  prates_check_total(columns$both + columns$lost + columns$gained + columns$neither, "both", call)
  names <- if ("outcome" %in% names(data) && nrow(data) == size) make.unique(as.character(data$outcome)) else
    if (size == 1L) "counts" else paste("counts", seq_len(size))
  response <- list(code = NULL, labels = c("no event", "event"), kind = "two", ordered = TRUE)
  responses <- stats::setNames(rep(list(response), size), names)
  out <- prates_counts_input(stats::setNames(vector("list", size), names), responses, call)
  out$tables <- NULL
  out$cells <- rbind(columns$neither, columns$lost, columns$gained, columns$both)  # a column a comparison: thousands at once
  out
}
