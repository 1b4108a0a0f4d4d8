# From a data frame to what the core of classify_response() reads: rows by patient and visit, columns of doubles, the set
# and the visit of death of each patient.

classify_input <- function(data, rule, words, visits, env, call) {
  data <- as_data(data, call)
  check_rows(nrow(data), call)
  words <- lapply(words, null_word, env)
  variables <- rule_variables(rule$sets)
  known_columns(c(variables, rule$by), data, "rule", call)
  one <- function(argument) {
    found <- select_columns(words[[argument]], data, env, argument, call)
    if (length(found) > 1L) {
      stop_input("column", paste0("`", argument, "` names ", length(found), " columns; name one."), argument, call)
    }
    found
  }
  id <- one("id")
  visit <- one("visit")
  base <- classify_baseline(words$baseline, data, variables, env, call)
  if (length(visit) && !length(id)) {
    stop_input("no_id", c("`visit` needs `id`.", x = "Rows are matched by patient, never by their order."), "id", call)
  }
  sources <- rule_sources(rule)
  lacking <- setdiff(sources$variable[sources$needed], names(base$columns))
  if (length(lacking) && (length(base$columns) || !length(visit))) {
    stop_input("baseline", c(paste0("The rule needs the baseline of ", quoted(lacking), "."),
      i = paste0("Name its column: `baseline = c(", lacking[1], " = ...)`, or give long data with `visit` and `id`.")),
      "baseline", call)
  }
  matched <- classify_match(data, id, visit, base, visits, call)
  sources$at <- classify_named_visits(sources$visit, matched, length(visit) > 0L, call)
  values <- lapply(stats::setNames(nm = variables), function(v) classify_column(data, v, matched, call))
  after <- stats::setNames(values[sources$variable], sources$name)
  before <- if (length(base$columns)) {
    lapply(seq_len(nrow(sources)), function(k) {
      if (sources$needed[k]) classify_column(data, base$columns[[sources$variable[k]]], matched, call) else
        rep(NA_real_, nrow(data))
    })
  } else if (!matched$reference) {
    lapply(after, function(x) rep(NA_real_, nrow(data)))
  } else {
    list()
  }
  keep <- setdiff(select_columns(words$keep, data, env, "keep", call), c(id, rule$by))
  taken <- intersect(c(keep, rule$by), c("class", "clause", "reason", if (length(visit)) "visit"))
  if (length(taken)) {
    stop_input("by", paste0("Column ", quoted(taken), " has a name that the result uses itself."), "keep", call)
  }
  carried <- lapply(stats::setNames(nm = c(rule$by, keep)), function(name) {
    one <- constant_column(data[[name]], name, matched, call)
    if (identical(name, rule$by)) one$label else one$value
  })
  c(matched, list(after = after, before = before, id = id, visit_column = visit, carried = carried, data = data,
    set = classify_sets(rule, carried, matched), sources = sources, at = sources$at,
    death = classify_death(one("death"), data, after, matched, call)))
}

# What the conditions look at: a variable at the visit judged (`visit` missing) or at a visit of its own; `needed`: its
# baseline too.
rule_sources <- function(rule) {
  leaves <- unlist(lapply(unname(rule$sets), set_leaves), recursive = FALSE)
  of <- function(field) vapply(leaves, function(leaf) leaf[[field]] %||% NA_character_, "")
  all <- data.frame(variable = of("variable"), visit = of("visit"), measure = of("measure"))
  all$name <- ifelse(is.na(all$visit), all$variable, paste0(all$variable, "_at_", all$visit))
  out <- all[!duplicated(all[c("variable", "visit")]), c("variable", "visit", "name")]
  with <- function(measures) out$name %in% all$name[all$measure %in% measures]
  out$needed <- with(setdiff(names(response_measures), "value"))
  out$changed <- with(setdiff(names(response_measures), c("value", "baseline")))
  out$percent <- with("percent_change")
  row.names(out) <- NULL
  out
}

# The positions of named visits among all, 0 for the visit judged.
classify_named_visits <- function(visits, matched, long, call) {
  at <- match(visits, matched$labels)
  lost <- which(!is.na(visits) & (is.na(at) | !long))
  if (length(lost)) {
    stop_input("visits", c(paste0("The rule looks at visit ", quoted(visits[lost]), if (long)
      ", which is not among the visits." else ", and the data have no visits."),
      i = if (long) paste0("Visits: ", quoted(matched$labels, 12), ".") else "Give long data with `visit` and `id`."),
      "visit", call)
  }
  ifelse(is.na(at), 0L, at)
}

classify_column <- function(data, name, matched, call) {
  x <- as.double(check_outcome(data[[name]], name, call))
  bad <- which(is.infinite(x))
  if (length(bad)) {
    stop_input("outcome", c(paste0("`", name, "` is infinite in row ", bad[1], "."), i = "Set what was not measured to NA."),
      "data", call)
  }
  x
}

# A visit label, or columns named by the variables of the rule.
classify_baseline <- function(e, data, variables, env, call) {
  if (is.null(e)) {
    return(list())
  }
  parts <- if (is.call(e) && identical(e[[1]], as.name("c"))) as.list(e)[-1] else list(e)
  text <- lapply(parts, function(p) {
    if (is.symbol(p) && as.character(p) %in% names(data)) return(as.character(p))
    eval(p, env)
  })
  flat <- unlist(text)
  named <- if (length(parts) == 1L && length(names(text[[1]]))) names(text[[1]]) else names(parts)
  if (is.null(named) && length(flat) == 1L && length(variables) == 1L && as.character(flat) %in% names(data)) {
    named <- variables
  }
  if (is.null(named)) {
    if (length(flat) != 1L) {
      stop_input("baseline", c("`baseline` names several columns without their variables.",
        i = paste0("Write `baseline = c(", variables[1], " = ...)`.")), "baseline", call)
    }
    return(list(visit = if (is.factor(text[[1]])) as.character(text[[1]]) else flat))
  }
  if (!all(named %in% variables) || anyDuplicated(named)) {
    stop_input("baseline", c(paste0("`baseline` names ", quoted(setdiff(named, variables)), ", not a variable of the rule."),
      i = paste0("Variables of the rule: ", quoted(variables, 12), ".")), "baseline", call)
  }
  known_columns(as.character(flat), data, "baseline", call)
  list(columns = stats::setNames(as.list(as.character(flat)), named))
}

# rows, visits, judged labels, reference (0: none); id_row: a row of each patient.
classify_match <- function(data, id, visit, base, visits, call) {
  n <- nrow(data)
  if (!length(visit)) {
    if (!is.null(base$visit)) {
      stop_input("baseline", c(paste0("`baseline` is ", quoted(base$visit), ", no column of `data`."),
        i = "Without `visit` the data are wide, and `baseline` names columns."), "baseline", call)
    }
    codes <- if (length(id)) index_codes(data[[id]]) else list(code = seq_len(n), n_levels = n, first_row = seq_len(n))
    at <- list(labels = "after", code = rep(1L, n), reference = 0L, note = if (!length(id)) "one row is one patient")
  } else {
    codes <- index_codes(data[[id]])
    at <- classify_visits(data[[visit]], visit, base, visits, call)
  }
  found <- index_match(integer(), codes$code, at$code, 1L, codes$n_levels, length(at$labels))
  if (length(found$duplicate)) {
    rows <- found$duplicate
    stop_input("duplicate_id", c(paste0("Id ", quoted(id_text(list(data[[id]]), rows[1])), " has ",
      length(rows), " rows",
      if (length(visit)) paste0(" for visit ", quoted(at$labels[at$code[rows[1]]])), " (rows ",
      paste(utils::head(rows, 5), collapse = ", "), ")."), i = "Each patient needs one row per visit."), "id", call)
  }
  list(ids = if (length(id)) data[[id]][codes$first_row[found$id_code]],
    rows = found$rows, visits = length(at$labels), labels = at$labels, reference = at$reference,
    judged = at$labels[setdiff(seq_along(at$labels), at$reference)], code = at$code, note = at$note, id_code = found$id_code,
    patient = if (length(codes$code)) match_codes(codes$code, found$id_code, codes$n_levels),
    id_row = codes$first_row[found$id_code], n_na_id = found$n_na_id, n_na_visit = found$n_na_visit)
}

# The patient of each row.
match_codes <- function(code, patients, n_levels) {
  place <- rep(NA_integer_, n_levels)
  place[patients] <- seq_along(patients)
  place[code]
}

classify_visits <- function(x, name, base, visits, call) {
  if (length(base$columns)) {
    coded <- index_codes(x)
    found <- visit_labels(x, coded$first_row)
    if (length(found) > 1L && is.character(x) && is.null(visits)) {
      stop_input("visit_order", c(paste0("The visits of `", name, "` are text, and text has no order in time."),
        i = "Give all in order: `visits = c(...)`."), "visits", call)
    }
    order <- if (is.null(visits)) seq_along(found) else match_visits(visits, found, x, "visits", name, call)
    return(list(labels = as.character(found)[order], code = match(coded$code, order), reference = 0L,
      note = "baselines from columns"))
  }
  visit_levels(x, base$visit, visits, name, call)
}

# One value a patient; another is an error, missing ones take the value of the others. `label`: as a factor; `value`:
# numbers, dates and logicals as they were.
constant_column <- function(x, name, matched, call) {
  if (!is.factor(x)) {
    coded <- index_codes(x)
    labels <- as.character(visit_labels(x, coded$first_row))
    code <- coded$code
  } else {
    labels <- levels(x)
    code <- as.integer(x)
  }
  solved <- ask_core(response_constant(code, matched$patient, length(matched$id_row)), call)
  one <- solved$one
  if (solved$other) {
    row <- solved$other
    who <- id_text(list(matched_ids(matched)), matched$patient[row])
    stop_input("by", c(paste0("`", name, "` changes within patient ", quoted(who), ": ",
      quoted(labels[unique(c(one[matched$patient[row]], code[row]))]), " (row ", row, ")."),
      i = "A subgroup or arm has one value a patient."), name, call)
  }
  label <- structure(one, levels = labels, class = "factor")
  plain <- bare_values(x)
  named <- is.factor(x) || length(attr(x, "labels"))  # values with labels are classes
  if (named || !(is.numeric(plain) || is.logical(plain) || inherits(plain, c("Date", "POSIXct")))) {
    return(list(label = label, value = label))
  }
  known <- rev(which(!is.na(code) & !is.na(matched$patient)))
  row <- rep(NA_integer_, length(matched$id_row))
  row[matched$patient[known]] <- known
  list(label = label, value = plain[row])
}

matched_ids <- function(matched) matched$ids %||% seq_along(matched$id_row)

classify_sets <- function(rule, carried, matched) {
  n <- length(matched$id_row)
  if (is.null(rule$by)) {
    return(rep(1L, n))
  }
  match(as.character(carried[[rule$by]]), names(rule$sets))
}

# The first judged visit at which a patient is dead.
classify_death <- function(name, data, after, matched, call) {
  n <- length(matched$id_row)
  out <- rep(NA_integer_, n)
  if (!length(name)) {
    return(out)
  }
  x <- bare_values(data[[name]])
  judged <- match(seq_len(matched$visits), setdiff(seq_len(matched$visits), matched$reference))
  row <- which(!is.na(x) & !is.na(matched$patient) & !is.na(matched$code))
  flag <- is.logical(x) || is.numeric(x) && all(x[row] %in% 0:1)
  if (flag) {
    row <- row[x[row] == 1]
    at <- judged[matched$code[row]]
    at[is.na(at)] <- 1L
  } else {
    times <- suppressWarnings(as.numeric(matched$judged))
    if (!is.numeric(x) || anyNA(times) || is.unsorted(times)) {
      stop_input("death", c(paste0("`death` column `", name, "` is neither TRUE/FALSE (or 0/1) nor a time on the scale ",
        "of numeric visits."),
        i = "Mark the visits at which a patient is known to have died."), "death", call)
    }
    at <- findInterval(x[row], times, left.open = TRUE) + 1L
    late <- at > length(times)
    row <- row[!late]
    at <- at[!late]
  }
  order <- order(at, decreasing = TRUE)
  out[matched$patient[row[order]]] <- at[order]
  check_alive(out, after, matched, judged, call)
  out
}

check_alive <- function(death, after, matched, judged, call) {
  measured <- Reduce(`|`, lapply(after, function(x) !is.na(x)))
  at <- judged[matched$code]
  late <- which(measured & !is.na(at) & !is.na(matched$patient) & at > death[matched$patient])
  if (length(late)) {
    who <- id_text(list(matched_ids(matched)), matched$patient[late[1]])
    stop_input("death", c(paste0("Patient ", quoted(who), " has values at visit ",
      quoted(matched$labels[matched$code[late[1]]]), ", after death (row ", late[1], ")."),
      i = "Correct `death` or the visit."), "death", call)
  }
}
