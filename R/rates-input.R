# From rows or counts to one array of counts: response x arm x stratum x group, class respondr_input.
#
# kind       "rows" or "counts"
# counts     integer array; only rows whose response, arm, stratum and group are known
# response, event, event_label   labels of the response, which of them count, and how they are called
# arms       labels, the reference first, of the column arm_name; one: TRUE for `response ~ 1`
# by, strata one row of labels a group, a stratum
# n_dropped  arm x group: rows without a response

rates_input <- function(formula, data, by, strata, subset, event, reference, events, n, env, call, grouped) {
  if (!is.null(events) || !is.null(n)) {
    return(rates_from_figures(formula, data, by, strata, subset, event, reference, events, n, call))
  }
  if (is.null(formula) || !inherits(formula, "formula")) {
    stop_input("formula", c("`formula` must be a formula.",
      i = "Write `response ~ arm`, `cbind(events, others) ~ arm` or `response ~ 1`, or give `events` and `n`."),
      "formula", call)
  }
  by_names <- group_columns(by, data, grouped, formula, env, call)
  data <- as_data(data, call)
  strata_names <- select_columns(strata, data, env, "strata", call)
  parsed <- parse_rates_formula(formula, env, call)
  keep <- if (length(data)) subset_rows(subset, data, parsed$env, call)
  if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  size <- if (length(data)) nrow(data)
  check_rows(size, call)
  response <- rates_response(parsed, data, size, event, call)
  size <- size %||% response$size
  arm <- rates_arms_of(parsed, data, size, reference, call)
  terms <- c(response = parsed$response, arm = if (!parsed$one) parsed$arm)
  check_apart(by_names, terms, "by", call)
  apart <- stats::setNames(lapply(by_names, as.name), rep("column of `by`", length(by_names)))
  check_apart(strata_names, c(terms, apart), "strata", call)
  groups <- group_codes(check_by(by_names, data, call), size)
  blocks <- group_codes(group_values(strata_names, data, "strata", call), size)
  out <- rates_tally(response, arm, groups, blocks, size, parsed$one, length(by_names), length(strata_names), call)
  out$arm_name <- if (parsed$one) "arm" else deparse_one(parsed$arm)
  out
}

parse_rates_formula <- function(formula, env, call) {
  rhs <- formula[[length(formula)]]
  if (length(formula) < 3L) {
    stop_input("formula", c("The formula names no response.", i = "Write `response ~ arm`."), "formula", call)
  }
  if (is.call(rhs) && identical(rhs[[1]], as.name("|"))) {
    stop_input("formula", c("`|` names an id, and independent patients have none.",
      i = "For the same patients at two visits use `compare_paired_rates()`; strata go in `strata =`."), "formula",
      call)
  }
  operator <- if (is.call(rhs)) as.character(rhs[[1]])[1] else ""
  if (operator %in% c("+", "*", ":", "-", "^")) {
    stop_input("formula", c(paste0("`", deparse_one(rhs),
      "` is more than one term; the right side names the arm alone."),
      i = "Groups go in `by =`, strata in `strata =`, and combined arms are `interaction(a, b)`."), "formula", call)
  }
  if (is.symbol(rhs) && identical(rhs, formula[[2]])) {
    stop_input("formula", paste0("`", rhs, "` is response and arm at once."), "formula", call)
  }
  list(response = formula[[2]], arm = rhs, one = identical(rhs, 1) || identical(rhs, 1L),
    env = environment(formula) %||% env)
}

# size rows; code: level of each row (NA: unknown), or count: one column a level.
rates_response <- function(parsed, data, size, event, call) {
  e <- parsed$response
  if (is.call(e) && identical(e[[1]], as.name("cbind"))) {
    return(rates_count_columns(as.list(e)[-1], data, size, event, parsed$env, call))
  }
  x <- blank_missing(eval_column(e, data, parsed$env, "response", size, call))
  name <- deparse_one(e)
  plain <- FALSE
  coded <- index_codes(x)
  labels <- as.character(visit_labels(x, coded$first_row))
  if (is.factor(x)) {
    coded$code <- match(labels, levels(x))[coded$code]
    labels <- levels(x)
  } else if (inherits(x, "haven_labelled") && all(bare_values(x)[coded$first_row] %in% 0:1)) {
    plain <- TRUE  # 0 and 1 under other names
    whole <- c("0", "1")
    known <- match(0:1, attr(x, "labels"))
    whole[!is.na(known)] <- names(attr(x, "labels"))[known[!is.na(known)]]
    coded$code <- match(labels, whole)[coded$code]
    labels <- whole
  } else if (is.logical(x) || (is.numeric(x) && !is.object(x) && all(labels %in% c("0", "1")))) {
    whole <- if (is.logical(x)) c("FALSE", "TRUE") else c("0", "1")
    coded$code <- match(labels, whole)[coded$code]
    labels <- whole
  }
  plain <- plain || is.factor(x) || is.logical(x) || identical(labels, c("0", "1"))
  c(list(size = length(x), outcome = name, kind = "rows", code = coded$code, labels = labels),
    event_levels(labels, event, if (plain && length(labels) == 2L) 2L, name, call))
}

rates_count_columns <- function(parts, data, size, event, env, call) {
  labels <- vapply(parts, deparse_one, "")
  named <- names(parts) %||% rep("", length(parts))
  labels[nzchar(named)] <- named[nzchar(named)]
  columns <- lapply(seq_along(parts), function(i) {
    check_counts(eval_column(parts[[i]], data, env, "response", size, call), labels[i], call)
  })
  if (length(columns) < 2L || length(unique(lengths(columns))) > 1L) {
    stop_input("response", c("Counts need a column for each response, all of one length.",
      i = "Write `cbind(events, others) ~ arm`."), "response", call)
  }
  count <- matrix(unlist(columns), ncol = length(columns))
  c(list(size = nrow(count), outcome = labels[1], kind = "counts", count = count, labels = labels),
    event_levels(labels, event, if (length(labels) == 2L) 1L, "cbind()", call))
}

check_counts <- function(x, name, call) {
  if (!(is.numeric(x) || is.logical(x)) || any(x < 0 | x != round(x) | x > 1e9, na.rm = TRUE)) {
    stop_input("response", c(paste0("`", name, "` must hold counts: whole numbers from 0, at most a billion."),
      i = "For one row a patient write `response ~ arm`."), "response", call)
  }
  as.integer(x)
}

# Which labels are the event; place: where it is without a word, or NULL.
event_levels <- function(labels, event, place, name, call) {
  if (is.null(event)) {
    if (is.null(place)) {
      return(list(event = NULL, event_label = NA_character_))
    }
    return(list(event = seq_along(labels) == place, event_label = labels[place]))
  }
  at <- event_places(labels, event, name, call)
  list(event = seq_along(labels) %in% at, event_label = paste(labels[unique(at)], collapse = " + "))
}

# Arms in their own order, the reference first.
rates_arms_of <- function(parsed, data, size, reference, call) {
  if (parsed$one) {
    if (!is.null(reference)) {
      stop_input("argument", "`reference` names an arm, and `response ~ 1` has none.", "reference", call)
    }
    return(list(code = rep(1L, size), labels = "all"))
  }
  name <- deparse_one(parsed$arm)
  x <- eval_column(parsed$arm, data, parsed$env, "arm", size, call)
  coded <- index_codes(x)
  labels <- as.character(visit_labels(x, coded$first_row))
  code <- coded$code
  if (is.factor(x)) {
    code <- match(labels, levels(x))[code]
    labels <- levels(x)
  }
  if (length(labels) < 2L) {
    found <- if (length(labels)) paste0("one arm: ", quoted(labels)) else "no arm"
    stop_input("arm", c(paste0("`", name, "` holds ", found, "."),
      i = "A comparison needs two; for one sample write `response ~ 1`."), "arm", call)
  }
  reference_first(code, labels, reference, name, call)
}

reference_first <- function(code, labels, reference, name, call) {
  if (is.null(reference)) {
    return(list(code = code, labels = labels, source = "first level"))
  }
  wanted <- if (is.numeric(reference) && !is.object(reference)) format_numbers(reference) else as.character(reference)
  at <- match(wanted, labels)
  if (length(at) != 1L || is.na(at)) {
    stop_input("reference", c(paste0("`reference` names ", quoted(wanted), ", which is no single arm of `", name, "`."),
      i = paste0("Arms found: ", quoted(labels, 12), ".")), "reference", call)
  }
  order <- c(at, seq_along(labels)[-at])
  list(code = match(code, order), labels = labels[order], source = "given in `reference`")
}

rates_tally <- function(response, arm, groups, blocks, size, one, has_by, has_strata, call) {
  k <- length(arm$labels)
  r <- length(response$labels)
  code_of <- function(coded) if (length(coded$code)) coded$code else rep(1L, size)
  group <- code_of(groups)
  block <- code_of(blocks)
  g <- nrow(groups$labels)
  s <- nrow(blocks$labels)
  placed <- !is.na(arm$code) & !is.na(group) & !is.na(block)
  cell <- (as.double(group - 1L) * s + (block - 1L)) * k + arm$code
  if (is.null(response$count)) {
    known <- placed & !is.na(response$code)
    counts <- tabulate_cells((cell - 1) * r + response$code, known, r * k * s * g)
    dropped <- placed & is.na(response$code)
  } else {
    dropped <- placed & rowSums(is.na(response$count)) > 0
    known <- placed & !dropped
    check_arm_totals(rowSums(response$count)[known], cell[known], call)
    counts <- vapply(seq_len(r), function(j) sum_cells(cell, response$count[, j], known, k * s * g), integer(k * s * g))
    counts <- as.vector(t(matrix(counts, ncol = r)))
  }
  arm_of_group <- (group - 1L) * k + arm$code
  missing <- c(arm = if (!one) sum(is.na(arm$code)), by = if (has_by) sum(is.na(group)),
    strata = if (has_strata) sum(is.na(block)))
  new_input(
    kind = response$kind, outcome = response$outcome, counts = array(counts, c(r, k, s, g)), response = response$labels,
    event = response$event, event_label = response$event_label, arms = arm$labels, one = one, by = groups$labels,
    strata = blocks$labels, n_dropped = matrix(tabulate_cells(arm_of_group, dropped, k * g), k),
    skipped = missing[missing > 0],
    notes = if (!one) paste0("reference arm: ", arm$labels[1], ", ", arm$source)
  )
}

# C++ counts the patients of two arms in an integer.
check_arm_totals <- function(n, cell, call) {
  if (sum(n) > 1e9 && any(rowsum(n, cell) > 1e9)) {
    stop_input("figures", c("An arm has more than a billion patients.", i = "Rates of so many need no test."), "response",
      call)
  }
}

tabulate_cells <- function(cell, use, n) tabulate(as.integer(cell[use]), n)

sum_cells <- function(cell, count, use, n) {
  out <- numeric(n)
  if (!anyDuplicated(cell[use])) {
    out[cell[use]] <- count[use]
  } else {
    out[sort(unique(cell[use]))] <- rowsum(as.double(count[use]), cell[use])
  }
  as.integer(out)
}

# events and n, named by arm; a single pair of numbers is one sample.
rates_from_figures <- function(formula, data, by, strata, subset, event, reference, events, n, call) {
  check_unused(list(formula = formula, data = data, by = by, strata = strata, subset = subset, event = event),
    "`events` and `n`", call)
  if (is.null(events) || is.null(n)) {
    stop_input("figures", c("Counts are incomplete.", i = "Give both `events` and `n`, named by arm."),
      if (is.null(n)) "n" else "events", call)
  }
  n <- figure_counts(n, "n", call)
  events <- figure_counts(events, "events", call)
  arms <- names(n) %||% names(events)
  if (!is.null(names(events)) && !is.null(names(n))) {
    if (!setequal(names(events), names(n)) || anyDuplicated(names(n))) {
      stop_input("figures", c("`events` and `n` name different arms.",
        i = "Both hold one number an arm, under the same names."),
        "n", call)
    }
    events <- events[arms]
  }
  if (length(events) != length(n) || any(events > n)) {
    stop_input("figures", if (length(events) != length(n)) {
      paste0("`events` has ", length(events), " values and `n` ", length(n), ".")
    } else {
      "An arm has more events than patients."
    }, "events", call)
  }
  one <- length(n) == 1L
  arm <- if (one) list(code = 1L, labels = arms %||% "all") else {
    reference_first(seq_along(n), arms %||% paste("arm", seq_along(n)), reference, "n", call)
  }
  response <- list(size = length(n), outcome = "response", kind = "counts", labels = c("event", "other"),
    count = cbind(unname(events), unname(n - events)), event = c(TRUE, FALSE), event_label = "event")
  nothing <- list(code = integer(), labels = data.frame(row.names = 1L))
  out <- rates_tally(response, arm, nothing, nothing, length(n), one, FALSE, FALSE, call)
  out$arm_name <- "arm"
  out
}

figure_counts <- function(x, name, call) {
  if (!is.numeric(x) || !length(x) || anyNA(x) || any(x < 0 | x != round(x) | x > 1e9)) {
    stop_input("figures", c(paste0("`", name, "` must hold counts: whole numbers from 0, at most a billion."),
      i = "For example `events = c(drug = 12, control = 5), n = c(drug = 30, control = 31)`."), name, call)
  }
  stats::setNames(as.integer(x), names(x))
}
