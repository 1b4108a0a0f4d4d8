# Rows of repeated measures as patients x cells: class respondr_rm_input, a respondr_input (R/input.R) with more in it.
#
# outcomes    named list of numeric columns
# rows        integer matrix, patients x cells, of row numbers (NA: not measured); patients sorted by group, then id
# group_start, by                 offsets of each `by` group over the patients; one row of labels a group
# visits, reference, contrasts    labels of the cells, position of the reference cell, positions compared with it
# within      data frame, one row a cell, one factor a within factor; times: numbers of the single within factor, or NULL
# between     data frame, one row a patient: the factors and covariates of the formula that do not vary within patients
# varying     named list of columns that vary within patients without being within factors (mixed models only)
# model       terms of the formula; `within_names`, `between_names`: the labels of its variables by kind
# notes       sentences for the print: what was found from the data

rm_input <- function(formula, data, outcomes, within, by, subset, reference, visits, call, allow_covariates = FALSE) {
  data <- as_data(data, call)
  parsed <- parse_rm_formula(formula, outcomes, call)
  if (length(data)) {
    keep <- subset_rows(subset, data, parsed$env, call)
    if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  }
  n <- if (length(data)) nrow(data)
  columns <- outcome_columns(parsed, data, n, call)
  n <- n %||% NROW(columns[[1]])
  values <- lapply(parsed$variables, eval_column, data, parsed$env, "formula", n, call)
  check_rows(n, call)
  by_columns <- check_by(by, data, call)
  if (parsed$wide) {
    return(rm_input_wide(columns, values, parsed, data, by_columns, reference, visits, n, call))
  }
  if (is.null(parsed$id)) {
    stop_input("no_id", c(
      paste0("The formula has no id: ", deparse_one(formula), "."),
      x = "Rows are matched by patient, never by their order.",
      i = "Write `outcome ~ group * visit | id`; wide columns go in `cbind(month0, month3) ~ group`."
    ), "formula", call)
  }
  rm_input_long(columns, values, parsed, data, by_columns, within %||% parsed$within, reference, visits, n,
    allow_covariates, call)
}

rm_input_long <- function(columns, values, parsed, data, by_columns, within, reference, visits, n, allow_covariates, call) {
  id_columns <- lapply(parsed$id, eval_column, data, parsed$env, "id", n, call)
  id <- nested_codes(id_columns)
  group <- group_codes(by_columns, n)
  key <- if (length(by_columns)) index_codes((as.double(group$code) - 1) * id$n_levels + id$code)$code else id$code
  label_of_key <- function(k) id_text(id_columns, match(k, key))
  varying <- varying_variables(values, key)
  chosen <- choose_within(values, varying, within, label_of_key, id$n_levels, allow_covariates, call)
  cell <- within_cells(values[chosen], reference, visits, call)
  matched <- index_match(group$code, id$code, cell$code, nrow(group$labels), id$n_levels, nrow(cell$within))
  if (length(matched$duplicate)) {
    stop_duplicate(matched$duplicate, id_columns, list(labels = cell$labels, code = cell$code),
      list(id = parsed$id, visit = as.name(chosen[1]), outcomes = parsed$outcomes), data, by_columns, call)
  }
  patient_key <- key_of_patients(matched, id, group, key)
  rest <- setdiff(names(values), chosen)
  varies <- rest[vapply(varying[rest], `[[`, NA, "varies")]
  constant <- setdiff(rest, varies)
  between <- lapply(values[constant], value_of_patient, key, patient_key)
  new_rm_input(
    kind = "long", outcomes = columns, rows = matched$rows, cell = cell, group_start = matched$group_start,
    by = group$labels, between = between, varying = values[varies], parsed = parsed, id_columns = id_columns,
    id_row = id$first_row[matched$id_code],
    skipped = c(id = matched$n_na_id, visit = matched$n_na_visit, by = matched$n_na_group),
    found = is.null(within), call = call
  )
}

# The patient key (id within by group) of each patient of the matched rows.
key_of_patients <- function(matched, id, group, key) {
  rows <- matched$rows
  first <- rows[cbind(seq_len(nrow(rows)), max.col(!is.na(rows), ties.method = "first"))]
  key[first]
}

# The first known value of a variable in each patient.
value_of_patient <- function(x, key, patient_key) {
  known <- rev(which(!is.na(x) & !is.na(key)))
  row <- rep(NA_integer_, max(key, 0L, na.rm = TRUE))
  row[key[known]] <- known
  out <- x[row[patient_key]]
  as_between(out)
}

# Factors keep their levels, numbers stay numbers, everything else becomes a factor in the order of its values.
as_between <- function(x) {
  if (is.factor(x)) {
    return(factor(x))
  }
  if (inherits(x, "integer64")) {
    return(as.double(x))
  }
  if (!is_factor_like(x)) {
    return(as.double(x))
  }
  coded <- index_codes(x)
  text <- as.character(visit_labels(x, coded$first_row))
  factor(text[coded$code], levels = unique(text))
}

# Levels of each within factor and their crossing; the last factor runs fastest.
within_cells <- function(values, reference, visits, call) {
  pick <- function(x, name) if (is.list(x) || length(values) > 1L && !is.null(names(x))) x[[name]] else x
  if (length(values) > 1L && !is.null(reference) && is.null(names(reference))) {
    stop_input("reference", paste0("With several within factors name the reference of each: `reference = c(",
      names(values)[1], " = \"...\")`."), "reference", call)
  }
  coded <- lapply(stats::setNames(names(values), names(values)), function(name) {
    ref <- if (length(values) == 1L) unlist(reference) else if (name %in% names(reference)) reference[[name]]
    visit_levels(values[[name]], ref, if (is.null(visits)) NULL else pick(visits, name), name, call)
  })
  sizes <- vapply(coded, function(v) length(v$labels), 0L)
  grid <- rev(expand.grid(rev(lapply(sizes, seq_len)), KEEP.OUT.ATTRS = FALSE))
  code <- rep(0, length(coded[[1]]$code))
  for (name in names(coded)) code <- code * sizes[[name]] + coded[[name]]$code - 1
  within <- quick_frame(lapply(stats::setNames(names(coded), names(coded)), function(name) {
    enumerated(coded[[name]]$labels, grid[[name]])
  }))
  list(
    code = as.integer(code) + 1L, within = within, labels = cell_labels(within),
    reference_level = vapply(coded, `[[`, 0L, "reference"),
    reference = which(Reduce(`&`, lapply(names(coded), function(name) grid[[name]] == coded[[name]]$reference)))[1],
    times = if (length(values) == 1L) visit_times(coded[[1]]$labels, values[[1]]),
    note = if (length(coded) == 1L) coded[[1]]$note else vapply(names(coded), function(name) {
      sub("reference visit", paste("reference of", name), coded[[name]]$note)
    }, "")
  )
}

cell_labels <- function(within) do.call(paste, c(lapply(within, as.character), sep = ":"))

# The visits as numbers: numeric and date visits themselves, else the one number in each label; NULL if there is none.
visit_times <- function(labels, x) {
  if (inherits(x, "Date")) {
    return(as.numeric(as.Date(labels)))
  }
  direct <- suppressWarnings(as.numeric(labels))
  if (!anyNA(direct)) {
    return(direct)
  }
  lower <- tolower(trimws(labels))
  text <- sub("^\\D*([0-9]+\\.?[0-9]*)\\D*$", "\\1", lower)
  text[lower %in% baseline_words] <- "0"
  number <- suppressWarnings(as.numeric(text))
  if (anyNA(number) || is.unsorted(number, strictly = TRUE)) NULL else number
}

# cbind(month0, month3) ~ group: one row a patient, the columns are the visits.
rm_input_wide <- function(columns, values, parsed, data, by_columns, reference, visits, n, call) {
  labels <- if (is.null(visits)) names(columns) else as.character(visits)
  if (length(labels) != length(columns)) {
    stop_input("visits", paste0("`visits` names ", length(labels), " visits for ", length(columns), " columns."), "visits",
      call)
  }
  if (length(columns) < 2L) {
    stop_input("visits", "Repeated measures need at least two visits in `cbind()`.", "formula", call)
  }
  visit <- factor(rep(labels, each = n), levels = unique(labels))
  cell <- within_cells(list(visit = visit), reference, NULL, call)
  cell$times <- visit_times(labels, labels)
  cell$note <- sub("order of the factor's levels", "order of the columns", cell$note, fixed = TRUE)
  group <- group_codes(by_columns, n)
  code <- if (length(by_columns)) group$code else rep(1L, n)
  order <- order(code, na.last = NA)
  id_columns <- if (!is.null(parsed$id)) lapply(parsed$id, eval_column, data, parsed$env, "id", n, call)
  if (!is.null(id_columns) && anyDuplicated(nested_codes(id_columns)$code)) {
    stop_input("duplicate_id", c("An id stands in two rows of wide data.", i = "Wide data hold one row per patient."),
      "id", call)
  }
  rows <- matrix(seq_len(n * length(labels)), n)[order, , drop = FALSE]
  new_rm_input(
    kind = "long", outcomes = list(outcome = unlist(columns, use.names = FALSE)), rows = rows, cell = cell,
    group_start = c(0L, cumsum(tabulate(code[order], max(1L, nrow(group$labels))))), by = group$labels,
    between = lapply(lapply(values, `[`, order), as_between), varying = list(),
    parsed = rm_wide_terms(parsed), id_columns = id_columns %||% list(seq_len(n)), id_row = order,
    skipped = c(id = 0L, visit = 0L, by = sum(is.na(code))), found = FALSE, call = call
  )
}

# Wide columns are crossed with everything on the right: visit * (right side).
rm_wide_terms <- function(parsed) {
  labels <- attr(parsed$terms, "term.labels")
  all <- c("visit", labels, if (length(labels)) paste0(labels, ":visit"))
  parsed$terms <- stats::terms(stats::reformulate(all))
  parsed
}

new_rm_input <- function(kind, outcomes, rows, cell, group_start, by, between, varying, parsed, id_columns, id_row,
                         skipped, found, call) {
  n <- nrow(rows)
  frame <- quick_frame(between, n)
  labels <- cell$labels
  notes <- c(
    paste0("within patients: ", paste0(names(cell$within), " (", vapply(cell$within, nlevels, 0L), " levels)",
      collapse = ", "), if (found) ", found from the data"),
    if (length(between)) paste0("between patients: ", paste(vapply(names(between), function(name) {
      x <- between[[name]]
      if (is.factor(x)) paste0(name, " (", paste(levels(x), collapse = ", "), ")") else paste0(name, " (number)")
    }, ""), collapse = ", ")),
    unname(cell$note)
  )
  structure(list(
    kind = kind, outcomes = outcomes, before = NULL, rows = rows, visits = labels, reference = cell$reference,
    contrasts = setdiff(seq_along(labels), cell$reference), group_start = as.integer(group_start), by = by,
    id_columns = id_columns, id_row = id_row, visit_note = paste(cell$note, collapse = "; "), skipped = skipped,
    columns = NULL, within = cell$within, reference_level = cell$reference_level, times = cell$times, between = frame,
    varying = varying, model = parsed$terms, within_names = names(cell$within), between_names = names(between),
    notes = notes
  ), class = c("respondr_rm_input", "respondr_input"))
}
