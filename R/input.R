# From what the user gave to columns, groups and row numbers that C++ can walk: class respondr_input.
#
# kind      "long", "wide", "change" or "figures"
# outcomes  named list of numeric columns, or a numeric matrix with one column an outcome (the later visit in "wide")
# before    the earlier visit in "wide"; NULL otherwise
# rows      integer matrix, patients x visits, of row numbers (NA: visit not made); NULL: patient i is row i
# visits, reference, contrasts   labels, position of the reference, positions compared with it
# group_start, by                offsets of each group of patients; one row of labels a group
# id_column, id_row              the id column and, for each patient, a row that holds its id

new_input <- function(...) structure(list(...), class = "respondr_input")

input_from_formula <- function(formula, data, words, outcomes, baseline, by, subset, reference, visits, call) {
  data <- as_data(data, call)
  parsed <- parse_formula(formula, outcomes, call)
  n <- if (length(data)) nrow(data)
  if (length(data)) {
    keep <- subset_rows(subset, data, parsed$env, call)
    if (!is.null(keep)) {
      data <- data[keep, , drop = FALSE]
      n <- nrow(data)
    }
  }
  columns <- outcome_columns(parsed, data, n, call)
  n <- n %||% NROW(columns[[1]])
  check_rows(n, call)
  by_columns <- check_by(by, data, call)
  check_apart(by, c(outcome = parsed$outcomes[[1]], visit = if (!parsed$one) parsed$visit), "by", call)
  if (parsed$one) {
    if (!is.null(parsed$id)) {
      stop_input("formula", c(
        "`outcome ~ 1 | id` has an id but no visit.",
        i = "Write `outcome ~ visit | id` for long data, or `outcome ~ 1` for one row per patient."
      ), "formula", call)
    }
    return(input_one_row(columns, baseline, data, by_columns, n, parsed$env, call))
  }
  if (is.null(parsed$id)) {
    stop_input("no_id", c(
      paste0("The formula has no id: ", paste(deparse(formula), collapse = " "), "."),
      x = "Rows are matched by patient, never by their order.",
      i = "Write `outcome ~ visit | id`; without an id use wide columns (`after ~ 1, baseline = before`)."
    ), "formula", call)
  }
  if (!is.null(baseline)) {
    stop_input("argument", c("`baseline` goes with `after ~ 1`, one row per patient; the formula here has visits.",
      i = "Name the visit to compare with in `reference`."), "baseline", call)
  }
  input_long_form(columns, parsed, data, by_columns, reference, visits, n, call)
}

# The outcomes of a formula as doubles; without data the first tells the number of rows.
outcome_columns <- function(parsed, data, n, call) {
  values <- eval_columns(parsed$outcomes, data, parsed$env, "outcome", n, call)
  columns <- check_outcomes(values, call)
  sizes <- lengths(columns)
  if (any(sizes != sizes[1])) {
    stop_input("column", paste0("Outcomes `", names(columns)[1], "` and `", names(columns)[sizes != sizes[1]][1],
      "` have different numbers of values."), "outcome", call)
  }
  columns
}

# By position: a look-up by name is quadratic in the number of outcomes.
check_outcomes <- function(values, call) {
  names <- names(values)
  stats::setNames(lapply(seq_along(values), function(i) check_outcome(values[[i]], names[i], call)), names)
}

check_rows <- function(n, call) {
  if (identical(n, 0L)) {
    stop_input("no_rows", c("`data` has no rows.", i = "Did `subset` or a join leave none?"), "data", call)
  }
}

# Columns of groups, under names that a result can carry beside its own.
check_by <- function(by, data, call) {
  if (!length(by)) {
    return(list())
  }
  taken <- intersect(by, c(result_dictionary$name, "value", "id", "visit", "change", "before", "after", "panel"))
  if (length(taken)) {
    stop_input("by", c(paste0("`by` names ", quoted(taken), ", a name that the result uses itself."),
      i = paste0("Rename the column, for example `group_", taken[1], "`.")), "by", call)
  }
  group_values(by, data, "by", call)
}

# The columns themselves, which must be able to name groups.
group_values <- function(by, data, argument, call) {
  columns <- lapply(stats::setNames(by, by), function(b) data[[b]])
  for (b in by) {
    x <- columns[[b]]
    if ((!is.atomic(x) && !is.factor(x)) || is.complex(x) || is.raw(x) || NCOL(x) > 1L) {
      stop_input("by", paste0("`", argument, "` column `", b, "` is ", class(x)[1], ", which names no groups."), argument,
        call)
    }
    if (length(x) && all(is.na(x))) {
      stop_input("by", paste0("`", argument, "` column `", b, "` is missing in every row."), argument, call)
    }
  }
  columns
}

as_data <- function(data, call) {
  if (is.null(data)) {
    return(data.frame())
  }
  if (!is.data.frame(data)) {
    stop_input("data", paste0("`data` must be a data frame, not ", given_value(data), "."), "data", call)
  }
  if (inherits(data, c("data.table", "tbl_df", "grouped_df"))) data <- as.data.frame(data)
  declared <- which(vapply(data, inherits, NA, "haven_labelled_spss"))
  for (i in declared) data[[i]] <- user_missing(data[[i]])
  data
}

# Values that an SPSS file declares as missing (99 = not done) are missing.
user_missing <- function(x) {
  kept <- attributes(x)
  values <- bare_values(x)
  range <- kept$na_range
  lost <- values %in% kept$na_values
  if (length(range) == 2L) lost <- lost | (!is.na(values) & values >= range[1] & values <= range[2])
  values[lost] <- NA
  attributes(values) <- kept
  values
}

subset_rows <- function(subset, data, env, call) {
  if (is.null(subset)) {
    return(NULL)
  }
  keep <- tryCatch(eval(subset, data, env), error = function(cnd) {
    stop_input("subset", c(paste0("`subset` cannot be computed: ", conditionMessage(cnd), "."),
      i = paste0("Columns of `data`: ", quoted(names(data), 12), ".")), "subset", call)
  })
  if (is.null(keep)) {
    return(NULL)
  }
  if (!is.logical(keep) || length(keep) != nrow(data)) {
    stop_input("subset", "`subset` must be a condition with one TRUE or FALSE per row of `data`.", "subset", call)
  }
  keep & !is.na(keep)
}

input_long_form <- function(columns, parsed, data, by_columns, reference, visits, n, call) {
  visit_name <- paste(deparse(parsed$visit), collapse = " ")
  visit <- visit_levels(eval_column(parsed$visit, data, parsed$env, "visit", n, call), reference, visits, visit_name, call)
  id_columns <- lapply(parsed$id, eval_column, data, parsed$env, "id", n, call)
  id <- nested_codes(id_columns)
  group <- group_codes(by_columns, n)
  matched <- index_match(group$code, id$code, visit$code, nrow(group$labels), id$n_levels, length(visit$labels))
  if (length(matched$duplicate)) {
    stop_duplicate(matched$duplicate, id_columns, visit, parsed, data, by_columns, call)
  }
  if (matched$split$count > 0) {
    ids <- id_text(id_columns, id$first_row[matched$split$id])
    warn_input("split_id", c(
      paste0(matched$split$count, if (matched$split$count == 1) " id is" else " ids are",
        " split over the levels of `by`, a visit in each: ", quoted(ids), "."),
      i = "A mistyped row? Such a patient has no pair in any level and is counted as dropped."
    ), "by", call)
  }
  new_input(
    kind = "long", outcomes = columns, before = NULL, rows = matched$rows, visits = visit$labels,
    reference = visit$reference, contrasts = setdiff(seq_along(visit$labels), visit$reference),
    group_start = matched$group_start, by = group$labels, id_columns = id_columns,
    id_row = id$first_row[matched$id_code], visit_note = visit$note,
    skipped = c(id = matched$n_na_id, visit = matched$n_na_visit, by = matched$n_na_group)
  )
}

# Ids within ids: one code for each combination that occurs.
nested_codes <- function(columns) {
  coded <- lapply(columns, index_codes)
  out <- coded[[1]]
  for (inner in coded[-1]) {
    both <- (as.double(out$code) - 1) * inner$n_levels + inner$code
    out <- index_codes(both)
  }
  out
}

group_codes <- function(by_columns, n) {
  if (!length(by_columns)) {
    one <- structure(list(), names = character(), row.names = .set_row_names(1L), class = "data.frame")
    return(list(code = integer(), labels = one))
  }
  coded <- nested_codes(by_columns)
  labels <- lapply(by_columns, function(x) {
    single <- index_codes(x)
    text <- as.character(visit_labels(x, single$first_row))
    factor(text[single$code[coded$first_row]], levels = unique(text))
  })
  list(code = coded$code, labels = as.data.frame(labels, optional = TRUE))
}

id_text <- function(columns, rows, sep = "/") {
  do.call(paste, c(lapply(columns, function(x) as.character(bare_values(x)[rows])), sep = sep))
}

# Labelled columns as the values below the labels: as.character() of their class may need the package that made it.
# An empty cell of a file is no level: text without a character is missing.
blank_missing <- function(x) {
  if (is.factor(x)) {
    if (all(nzchar(trimws(levels(x))), na.rm = TRUE)) return(x)
    keep <- levels(x)[nzchar(trimws(levels(x)))]
    return(factor(x, keep, ordered = is.ordered(x)))
  }
  if (is.character(x)) x[!nzchar(trimws(x))] <- NA
  x
}

bare_values <- function(x) {
  if (inherits(x, "haven_labelled")) {
    x <- unclass(x)
    attributes(x) <- NULL
  }
  x
}

stop_duplicate <- function(rows, id_columns, visit, parsed, data, by_columns, call) {
  used <- c(unlist(lapply(parsed$id, all.vars)), all.vars(parsed$visit), names(by_columns))
  restart <- restarting_column(data, setdiff(names(data), c(used, names(parsed$outcomes))), id_columns, visit$code, by_columns)
  first <- rows[1]
  abort(
    c(
      paste0("Id ", quoted(id_text(id_columns, first)), " has ", length(rows), " rows for visit ",
        quoted(visit$labels[visit$code[first]]), " (rows ", paste(utils::head(rows, 5), collapse = ", "), ")."),
      i = if (!is.null(restart)) {
        paste0("The ids start again in each level of `", restart, "`: write `| ", restart, "/",
          deparse(parsed$id[[length(parsed$id)]]), "`.")
      } else {
        "Each patient needs one row per visit: correct or average the double rows, or name what tells them apart in `by`."
      }
    ),
    class = c(if (!is.null(restart)) "respondr_error_id_restarts", "respondr_error_duplicate_id", "respondr_error"),
    argument = "id", call = call
  )
}

# The first column within whose levels every id has one row per visit: ids that restart in each arm.
restarting_column <- function(data, candidates, id_columns, visit_code, by_columns) {
  for (name in candidates) {
    x <- data[[name]]
    if (!(is.factor(x) || is.character(x) || is.logical(x) || is.integer(x))) next
    if (length(unique(x)) > 50L) next
    key <- do.call(paste, c(lapply(c(id_columns, unname(by_columns), list(visit_code, x)), as.character), sep = "\r"))
    if (!anyDuplicated(key[!is.na(visit_code)])) {
      return(name)
    }
  }
  NULL
}

# One row a patient: a change column, or a later visit beside its baseline.
input_one_row <- function(columns, baseline, data, by_columns, n, env, call) {
  before <- NULL
  reference <- NA_character_
  if (!is.null(baseline)) {
    baseline <- pair_baselines(baseline, names(columns), call)
    before <- lapply(baseline, function(e) check_outcome(eval_column(e, data, env, "baseline", n, call), deparse(e)[1], call))
    reference <- vapply(baseline, function(e) paste(deparse(e), collapse = " "), "")
  }
  group <- group_codes(by_columns, n)
  rows <- NULL
  start <- c(0L, as.integer(n))
  if (length(by_columns)) {
    matched <- index_match(group$code, seq_len(n), rep(1L, n), nrow(group$labels), n, 1L)
    rows <- matched$rows
    start <- matched$group_start
  }
  new_input(
    kind = if (is.null(before)) "change" else "wide", outcomes = columns, before = before, rows = rows,
    visits = c("before", "after"), reference = 1L, contrasts = 1L, group_start = start, by = group$labels,
    id_columns = NULL, id_row = NULL, columns = reference,
    visit_note = if (is.null(before)) "a column of changes" else baseline_note(reference, names(columns)),
    skipped = c(id = 0L, visit = 0L, by = if (length(by_columns)) sum(is.na(group$code)) else 0L)
  )
}

# Data frames become matrices column by column; more than two dimensions, or none of an outcome, are refused.
vector_input <- function(x, name, call) {
  if (is.data.frame(x)) {
    columns <- unname(check_outcomes(x, call))
    x <- matrix(as.double(unlist(columns)), nrow(x), length(columns), dimnames = list(NULL, names(x)))
  }
  if (length(dim(x)) > 2L || (is.matrix(x) && ncol(x) == 0L)) {
    stop_input("outcome", c(paste0("`", name, "` has ", if (length(dim(x)) > 2L) paste(length(dim(x)), "dimensions") else
      "no columns", "."), i = "Give a vector, or a matrix with one row a patient and one column an outcome."),
      if (name == "after") "after" else "x", call)
  }
  if (is.matrix(x) && anyDuplicated(colnames(x))) colnames(x) <- make.unique(colnames(x))
  x
}

# Columns of the same names in another order are matched by name.
same_columns <- function(before, after) {
  a <- colnames(before)
  b <- colnames(after)
  if (is.null(a) || is.null(b) || identical(a, b) || !setequal(a, b)) {
    return(before)
  }
  before[, b, drop = FALSE]
}

# Patients of the same names in another order are matched by name.
same_rows <- function(before, after) {
  name_of <- function(x) if (is.matrix(x)) rownames(x) else names(x)
  a <- name_of(before)
  b <- name_of(after)
  if (is.null(a) || is.null(b) || identical(a, b) || anyDuplicated(a) || anyDuplicated(b) || !setequal(a, b)) {
    return(before)
  }
  if (is.matrix(before)) before[b, , drop = FALSE] else before[b]
}

# Vectors or matrices; rows are patients, columns are outcomes.
input_from_vectors <- function(x, after, call) {
  change <- is.null(after)
  x <- vector_input(x, if (change) "x" else "before", call)
  after <- vector_input(after, "after", call)
  x <- same_columns(x, after)
  x <- same_rows(x, after)
  if (!change && (NROW(x) != NROW(after) || NCOL(x) != NCOL(after))) {
    stop_input("length", c(
      paste0("`x` has ", NROW(x), " x ", NCOL(x), " values and `after` ", NROW(after), " x ", NCOL(after), "."),
      i = "Both hold one value per patient, in the same order; with ids use `outcome ~ visit | id`."
    ), "after", call)
  }
  later <- if (change) x else after
  as_columns <- function(v, name) {
    if (is.matrix(v)) {
      if (!is.numeric(v)) stop_input("outcome", paste0("`", name, "` must be numeric."), name, call)
      if (!is.double(v)) storage.mode(v) <- "double"
      return(v)
    }
    stats::setNames(list(check_outcome(v, name, call)), if (change) "change" else "outcome")
  }
  outcomes <- as_columns(later, if (change) "x" else "after")
  new_input(
    kind = if (change) "change" else "wide", outcomes = outcomes, before = if (!change) as_columns(x, "x"),
    rows = NULL, visits = c("before", "after"), reference = 1L, contrasts = 1L, group_start = c(0L, NROW(later)),
    by = data.frame(row.names = 1L), id_columns = NULL, id_row = NULL, columns = NULL,
    visit_note = if (change) "a column of changes" else "patient i is the i-th value of both",
    skipped = c(id = 0L, visit = 0L, by = 0L)
  )
}

outcome_names <- function(input) {
  if (is.matrix(input$outcomes)) {
    colnames(input$outcomes) %||% paste0("V", seq_len(ncol(input$outcomes)))
  } else {
    names(input$outcomes)
  }
}

# Rows of a result: outcome first, then group, then contrast; the order that C++ numbers problems in.
result_labels <- function(input, scale) {
  outcome <- outcome_names(input)
  groups <- nrow(input$by)
  level <- if (input$kind == "long") input$visits[input$contrasts] else "after"
  reference <- if (input$kind == "long") input$visits[input$reference] else "before"
  between <- if (scale == "ratio") " / " else " - "
  each <- groups * length(level)
  out <- list(outcome = enumerated(outcome, rep(seq_along(outcome), each = each)))
  for (b in names(input$by)) {
    out[[b]] <- rep(rep(input$by[[b]], each = length(level)), length(outcome))
  }
  n <- length(outcome) * each
  if (input$kind == "change") level <- reference <- NA_character_
  contrast <- if (input$kind == "change") "change" else paste0(level, between, reference)
  out$contrast <- enumerated(contrast, rep_len(seq_along(contrast), n))
  out$level <- enumerated(level, rep_len(seq_along(level), n))
  out$reference <- enumerated(reference, rep_len(1L, n))
  if (input$kind == "wide" && !is.null(input$columns)) {
    out$contrast <- enumerated(paste0(outcome, between, input$columns), as.integer(out$outcome))
    out$level <- enumerated(outcome, as.integer(out$outcome))
    out$reference <- factor(input$columns[as.integer(out$outcome)], levels = unique(input$columns))
  }
  out
}

# A factor from codes and labels without the cost of matching text.
enumerated <- function(labels, code) {
  if (anyNA(labels)) {
    code[is.na(labels)[code]] <- NA_integer_
    labels <- unique(labels[!is.na(labels)])
  }
  if (anyDuplicated(labels)) {
    return(factor(labels[code], levels = unique(labels)))
  }
  code <- as.integer(code)
  attributes(code) <- list(levels = labels, class = "factor")
  code
}
