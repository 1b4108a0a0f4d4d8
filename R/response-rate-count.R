# Who is counted in response_rate(): the classes, the arms, and the ways to count a missing response.

response_rate_input <- function(formula, data, by, strata, subset, event, reference, words, env, call) {
  settings <- if (inherits(data, "respondr_classes")) attr(data, "settings")
  if (!inherits(formula, "formula") || length(formula) != 3L) {
    stop_input("formula", "`formula` must be `class ~ arm` or `class ~ 1`.", "formula", call)
  }
  if (is.null(data)) {
    stop_input("data", c("`data` is not given.", i = "Give a data frame, one row a patient."), "data", call)
  }
  data <- as_data(data, call)
  keep <- subset_rows(subset, data, env, call)
  if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  n <- nrow(data)
  one <- parse_rates_formula(formula, env, call)$one
  names_by <- select_columns(by, data, env, "by", call)
  check_apart(names_by, c(response = formula[[2]], arm = formula[[3]]), "by", call)
  names_strata <- response_strata_names(strata, data, formula, names_by, words, env, call)
  response <- response_counted(eval_column(formula[[2]], data, environment(formula), "formula", n, call),
    deparse_one(formula[[2]]), event, words$at_least, call)
  arm <- if (one) factor(rep("all", n), levels = "all") else
    response_arm(eval_column(formula[[3]], data, environment(formula), "formula", n, call), reference, call)
  if (one && any(words$missing %in% c("best", "worst"))) {
    stop_input("missing", c("\"best\" and \"worst\" compare arms.", i = "Use \"responder\" and \"nonresponder\"."),
      "missing", call)
  }
  if (one && !is.null(words$adjust)) {
    stop_input("adjust", "`adjust` needs arms to compare: `class ~ arm`.", "adjust", call)
  }
  taken <- intersect(names_by, c("counted", "missing", result_dictionary$name))
  if (length(taken)) {
    stop_input("by", c(paste0("A column of the result is called ", quoted(taken), "."), i = "Rename that of `by`."),
      "by", call)
  }
  # A class that the rule gave for want of a value is a missing response: the conventions here decide on it. What the rule
  # excludes is in no denominator.
  reason <- response_reasons(formula, data, n, call)
  given <- grepl("^(missing|no baseline): counted", reason)
  excluded <- grepl(": excluded$", reason)
  response$code[given] <- NA
  groups <- lapply(data[names_by], function(x) droplevels(as_levels(x)))
  stratum <- if (length(names_strata)) response_cells_of(lapply(data[names_strata], as_levels), n)
  whole <- !is.na(arm) & Reduce(`&`, lapply(groups, function(g) !is.na(g)), rep(TRUE, n))
  if (!is.null(stratum)) whole <- whole & !is.na(stratum)
  without <- sum(!whole)
  whole <- whole & !excluded
  code <- response_cells_of(groups, n)
  check_patient_rows(settings, data, code, whole, call)
  first <- match(levels(code), code)
  list(outcome = deparse_one(formula[[2]]), by = lapply(groups, `[`, first), groups = max(length(first), 1L),
    code = as.integer(code), arm = arm, arms = levels(arm), response = response, whole = whole, data = data,
    arm_name = deparse_one(formula[[3]]), skipped = without, stratum = stratum, strata_names = names_strata,
    by_rule = sum(given), excluded = sum(excluded))
}

# Why each patient has the class it has, where the response is the class of classify_response(), under whatever name and
# after a merge.
response_reasons <- function(formula, data, n, call) {
  known <- is.factor(data$reason) && "observed" %in% levels(data$reason) && !is.null(data$class)
  if (known) {
    response <- eval_column(formula[[2]], data, environment(formula), "formula", n, call)
    known <- identical(as.character(response), as.character(data$class))
  }
  if (known) as.character(data$reason) else rep("", n)
}

# Classes of several visits count a patient once a visit, and a visit once: rows that are no patients have no test here.
check_patient_rows <- function(settings, data, code, whole, call) {
  if (is.null(settings) || !settings$id %in% names(data)) {
    return(invisible())
  }
  twice <- whole & duplicated(data.frame(data[[settings$id]], code)) & !is.na(data[[settings$id]])
  if (any(twice)) {
    stop_input("duplicate_id", c(paste0("Patient ", quoted(as.character(data[[settings$id]][twice][1])),
      " has several rows that would be counted together, as if they were several patients."),
      i = if (!is.null(settings$visit)) "Count visit by visit, `by = visit`, or one visit, `subset = visit == ...`.",
      i = "A rule with `at = \"last\"` or `\"best\"` gives one class a patient."), "data", call)
  }
}

# Levels of a column: those of a factor, the labels of a labelled column in the order of its values (all that the file
# declares, but what it declares as missing), else the sorted values.
as_levels <- function(x) {
  if (!inherits(x, "haven_labelled")) {
    return(if (is.factor(x)) x else factor(x))
  }
  values <- bare_values(x)
  known <- attr(x, "labels")
  lost <- c(attr(x, "na_values"), if (length(attr(x, "na_range"))) known[known >= attr(x, "na_range")[1] &
    known <= attr(x, "na_range")[2]])
  known <- known[!is.na(known) & !known %in% lost]
  order <- sort(unique(c(unname(known), values[!is.na(values)])))
  text <- as.character(order)
  hit <- match(order, known)
  text[!is.na(hit)] <- names(known)[hit[!is.na(hit)]]
  if (anyDuplicated(text)) text <- make.unique(text, sep = " ")
  factor(text[match(values, order)], levels = text)
}

# One factor of all columns.
response_cells_of <- function(columns, n) {
  if (length(columns)) interaction(columns, drop = TRUE, lex.order = TRUE) else factor(rep("all", n))
}

# Strata of the comparison, or, with `adjust`, of the randomisation.
response_strata_names <- function(strata, data, formula, names_by, words, env, call) {
  names <- select_columns(strata, data, env, "strata", call)
  if (!length(names)) {
    return(names)
  }
  apart <- stats::setNames(lapply(names_by, as.name), rep("column of `by`", length(names_by)))
  check_apart(names, c(response = formula[[2]], arm = formula[[3]], apart), "strata", call)
  if (identical(formula[[3]], 1)) {
    stop_input("strata", "`strata` needs arms to compare: `class ~ arm`.", "strata", call)
  }
  if (!is.null(words$adjust) && !any(words$variance %in% c("ye", "ye_residual"))) {
    stop_input("strata", c("With `adjust`, `strata` are those of the randomisation, which only Ye's variance allows for.",
      i = "Ask for `variance = \"ye\"`, or name the strata in `adjust` as covariates."), "strata", call)
  }
  names
}

# The class as a number (NA missing), and what is counted: rows of `counted`, each with the numbers that are events.
response_counted <- function(x, name, event, at_least, call) {
  if (is.numeric(x) && !is.object(x) && !is.factor(x) && is.null(event) && !all(x %in% c(0, 1, NA))) {
    stop_input("event", paste0("`", name, "` holds other numbers than 0 and 1: name what is counted, `event = `."),
      "event", call)
  }
  if (inherits(x, "haven_labelled")) {
    if (is.numeric(event) && !is.object(event)) event <- labels_of(x, event)
    x <- as_levels(x)
  }
  f <- if (is.factor(x)) x else if (is.logical(x)) factor(x, c(FALSE, TRUE)) else
    if (is.numeric(x) && is.null(event)) factor(x, c(0, 1)) else factor(x)
  labels <- levels(f)
  k <- length(labels)
  if (!is.null(event)) {
    at <- event_places(labels, event, name, call)
    return(list(code = as.integer(f), counted = stats::setNames(list(at), paste(labels[at], collapse = " or ")), k = k,
      each = FALSE))
  }
  if (!at_least) {
    return(list(code = as.integer(f), counted = stats::setNames(as.list(seq_len(k)), labels), k = k, each = TRUE))
  }
  if (k < 2L || (k > 2L && !is.ordered(f))) {
    stop_input("event", c(paste0("What is counted of `", name, "` cannot be told: its values are ", quoted(labels, 12), "."),
      i = "Give an ordered factor (worst first), or name what is counted: `event = `."), "event", call)
  }
  text <- ifelse(seq_len(k) < k, paste("at least", labels), labels)
  list(code = as.integer(f), counted = stats::setNames(lapply(2:k, function(j) j:k), text[-1]), k = k, each = FALSE)
}

# The labels of values of a labelled column.
labels_of <- function(x, values) {
  known <- attr(x, "labels")
  hit <- match(values, known)
  ifelse(is.na(hit), as.character(values), names(known)[hit])
}

response_arm <- function(x, reference, call) {
  if (inherits(x, "haven_labelled") && is.numeric(reference) && !is.object(reference)) reference <- labels_of(x, reference)
  f <- as_levels(x)
  if (inherits(x, "haven_labelled")) f <- droplevels(f)
  labels <- levels(f)
  if (!length(labels)) {
    stop_input("arm", "No row has an arm.", "formula", call)
  }
  if (!is.null(reference)) {
    at <- match(as.character(reference), labels)
    if (length(at) != 1L || is.na(at)) {
      stop_input("reference", c(paste0("`reference` must be one of the arms: ", quoted(labels, 12), ".")), "reference", call)
    }
    labels <- c(labels[at], labels[-at])
  }
  factor(as.character(f), levels = labels)
}

# 1, 0 or NA of each patient under one convention.
response_value <- function(input, counted, convention) {
  y <- as.integer(input$response$code %in% input$response$counted[[counted]])
  lost <- is.na(input$response$code)
  in_reference <- as.integer(input$arm) == 1L
  worst_counted <- as.integer(input$response$each && 1L %in% input$response$counted[[counted]])
  y[lost] <- switch(convention, nonresponder = worst_counted, excluded = NA_integer_, responder = 1L,
    best = as.integer(!in_reference)[lost], worst = as.integer(in_reference)[lost])
  y
}

# Events and patients: arm fastest, then group, then what is counted, then convention.
response_rate_cells <- function(input, words) {
  k <- length(input$arms)
  grid <- expand.grid(group = seq_len(input$groups), counted = seq_along(input$response$counted),
    missing = seq_along(words$missing))
  cell <- as.integer(input$arm) + k * (input$code - 1L)
  count <- function(use) tabulate(cell[use], k * input$groups)
  runs <- unique(grid[c("counted", "missing")])
  tallies <- lapply(seq_len(nrow(runs)), function(r) {
    y <- response_value(input, runs$counted[r], words$missing[runs$missing[r]])
    list(events = count(which(input$whole & y == 1L)), n = count(which(input$whole & !is.na(y))))
  })
  unknown <- count(which(input$whole & is.na(input$response$code)))
  n <- unlist(lapply(tallies, `[[`, "n"))
  list(grid = grid, events = unlist(lapply(tallies, `[[`, "events")), n = n,
    lost = rep(count(which(input$whole)), nrow(runs)) - n, unknown = rep(unknown, nrow(runs)))
}
