# From what the user gave to columns and rows by group and arm: a respondr_input that C++ can walk.
#
# kind      "rows" or "figures"
# outcomes  named list of numeric columns, or a numeric matrix with one column an outcome
# order     row numbers sorted by group and arm; start: groups * k + 1 offsets into it, the reference being the first arm
# arms      labels of the arms, the reference first; arm: name of their column; by: one row of labels a group
# level, reference   of each contrast, positions in arms
# sigma     known standard deviations, one an arm, or NULL

groups_from_formula <- function(formula, data, outcomes, by, subset, reference, contrasts, call) {
  data <- as_data(data, call)
  parsed <- parse_groups_formula(formula, outcomes, call)
  keep <- if (length(data)) subset_rows(subset, data, parsed$env, call)
  if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  n <- if (length(data)) nrow(data)
  columns <- groups_columns(parsed, data, n, call)
  n <- n %||% NROW(if (is.matrix(columns)) columns else columns[[1]])
  check_rows(n, call)
  by_columns <- check_by(by, data, call)
  check_apart(by, c(arm = parsed$arm, outcome = parsed$outcomes[[1]]), "by", call)
  arm <- eval_column(parsed$arm, data, parsed$env, "arm", n, call)
  groups_from_columns(columns, arm, by_columns, n, reference, deparse_one(parsed$arm), contrasts, call)
}

# outcome ~ arm; nothing stands behind a bar.
parse_groups_formula <- function(formula, outcomes, call) {
  lhs <- if (length(formula) == 3L) formula[[2]]
  rhs <- formula[[length(formula)]]
  operator <- if (is.call(rhs)) as.character(rhs[[1]])[1] else ""
  if (operator == "|") {
    stop_input("formula", c(
      paste0("`", deparse_one(rhs), "` has an id, and independent patients have one row each."),
      i = "Write `outcome ~ arm`; strata go in `by =`. For visits of the same patients use `compare_paired()`.",
      i = "To compare changes between arms write `outcome ~ arm * visit | id`, or `after ~ arm` with `baseline = before`."
    ), "formula", call)
  }
  if (operator %in% c("+", "*", ":", "-", "%in%", "^", "/")) {
    stop_input("formula", c(
      paste0("`", deparse_one(rhs), "` is more than one term; the right side names the arm alone."),
      i = "Write `outcome ~ arm`, with `by =` for analyses apart."
    ), "formula", call)
  }
  if (!length(all.vars(rhs))) {
    stop_input("formula", c(paste0("The formula names no arm: ", deparse_one(formula), "."), i = "Write `outcome ~ arm`."),
      "formula", call)
  }
  parts <- formula_outcomes(lhs, outcomes, call)
  if (is.symbol(rhs) && any(vapply(parts, identical, NA, rhs))) {
    stop_input("formula", paste0("`", rhs, "` is outcome and arm at once."), "formula", call)
  }
  list(outcomes = parts, arm = rhs, env = environment(formula) %||% parent.frame())
}

# A numeric matrix with one row a patient is many outcomes and stays one.
groups_columns <- function(parsed, data, n, call) {
  first <- parsed$outcomes[[1]]
  if (length(parsed$outcomes) == 1L && is.symbol(first) && !as.character(first) %in% names(data)) {
    x <- get0(as.character(first), envir = parsed$env)
    if (is.matrix(x) && is.numeric(x)) {
      if (!is.null(n) && nrow(x) != n) {
        stop_input("column", paste0("`", deparse_one(first), "` has ", nrow(x), " rows where `data` has ", n, "."),
          "outcome", call)
      }
      return(double_matrix(x, deparse_one(first), call))
    }
  }
  outcome_columns(parsed, data, n, call)
}

double_matrix <- function(x, name, call) {
  x <- vector_input(x, name, call)
  if (!is.double(x)) storage.mode(x) <- "double"
  x
}

groups_from_columns <- function(columns, arm, by_columns, n, reference, arm_name, contrasts, call) {
  levels <- arm_levels(arm, reference, arm_name, call)
  group <- group_codes(by_columns, n)
  by_code <- if (length(by_columns)) group$code else rep.int(1L, n)
  k <- length(levels$labels)
  cell <- (by_code - 1L) * k + levels$code
  order <- order(cell, na.last = NA, method = "radix")
  pairs <- arm_pairs(k, contrasts)
  new_input(
    kind = "rows", outcomes = columns, order = order, start = c(0L, cumsum(tabulate(cell, nrow(group$labels) * k))), k = k,
    arms = levels$labels, arm = arm_name, by = group$labels, level = pairs$level, reference = pairs$reference,
    contrasts = seq_along(pairs$level), arm_note = levels$note,
    skipped = c(arm = sum(is.na(levels$code) & !is.na(by_code)), by = sum(is.na(by_code)))
  )
}

arm_pairs <- function(k, contrasts) {
  if (contrasts == "reference") {
    return(list(level = seq_len(k)[-1], reference = rep(1L, k - 1L)))
  }
  both <- utils::combn(k, 2L)
  list(level = both[2, ], reference = both[1, ])
}

# The arms that occur, in their order, the reference moved to the front.
arm_levels <- function(x, reference, name, call) {
  if (length(reference) > 1L) {
    stop_input("reference", paste0("`reference` names ", length(reference), " arms; name one."), "reference", call)
  }
  coded <- index_codes(x)
  labels <- as.character(visit_labels(x, coded$first_row))
  if (length(labels) < 2L) {
    stop_input("arms", c(
      paste0("`", name, "` holds ", length(labels), " arm", if (length(labels) != 1L) "s",
        if (length(labels)) paste0(": ", quoted(labels)), "."),
      i = "A comparison needs at least two arms with patients."
    ), "arm", call)
  }
  if (length(labels) > 1000L) {
    stop_input("arms", c(paste0("`", name, "` holds ", length(labels), " different values, too many for arms."),
      i = "Is it a measurement? The arm stands on the right of `~`."), "arm", call)
  }
  first <- 1L
  note <- paste0("reference arm: ", labels[1], ", the first")
  if (!is.null(reference)) {
    text <- if (is.numeric(reference) && !is.object(reference)) format_numbers(reference) else as.character(reference)
    first <- match(text, labels)
    if (is.na(first)) {
      stop_input("reference", c(paste0("`reference` is ", quoted(text), ", which `", name, "` does not hold."),
        i = paste0("Arms found: ", quoted(labels, 12), ".")), "reference", call)
    }
    note <- paste0("reference arm: ", labels[first], ", given in `reference`")
  }
  order <- c(first, seq_along(labels)[-first])
  list(labels = labels[order], code = match(coded$code, order), note = note)
}

# Two vectors or matrices, or values and their arms.
groups_from_vectors <- function(x, y, reference, contrasts, call) {
  if (is.null(y)) {
    stop_input("y", c("`y` is missing.", i = "Give two vectors, values and their arms, or a formula with `data`."), "y",
      call)
  }
  if (is.factor(y) || is.character(y) || is.logical(y) && !is.logical(x)) {
    columns <- vector_columns(x, "x", call)
    if (length(y) != NROW(x)) {
      stop_input("length", paste0("`x` has ", NROW(x), " values and `y`, the arms, ", length(y), "."), "y", call)
    }
    return(groups_from_columns(columns, y, list(), NROW(x), reference, "arm", contrasts, call))
  }
  x <- vector_columns(x, "x", call)
  y <- vector_columns(y, "y", call)
  if (is.matrix(x) != is.matrix(y) || NCOL(x) != NCOL(y)) {
    stop_input("length", c("`x` and `y` hold different outcomes.",
      i = "Give two vectors, or two matrices with one row a patient and the same columns."), "y", call)
  }
  if (is.matrix(x)) {
    columns <- rbind(x, same_columns(y, x))
    n <- c(nrow(x), nrow(y))
  } else {
    n <- c(length(x[[1]]), length(y[[1]]))
    columns <- stats::setNames(list(c(x[[1]], y[[1]])), "outcome")
  }
  arm <- factor(rep(c("x", "y"), n), levels = c("x", "y"))
  if (any(n == 0L)) {
    stop_input("no_rows", paste0("`", c("x", "y")[n == 0L][1], "` has no values."), c("x", "y")[n == 0L][1], call)
  }
  groups_from_columns(columns, arm, list(), sum(n), reference, "sample", contrasts, call)
}

vector_columns <- function(v, name, call) {
  v <- vector_input(v, name, call)
  if (is.matrix(v)) {
    if (!is.numeric(v)) stop_input("outcome", paste0("`", name, "` must be numeric."), name, call)
    return(double_matrix(v, name, call))
  }
  list(outcome = check_outcome(v, name, call))
}

# Summary figures, one entry an arm of each outcome; names of columns of `data` or values.
groups_from_figures <- function(figures, data, by, reference, contrasts, env, call) {
  data <- as_data(data, call)
  columns <- lapply(as.list(figures)[-1], function(e) if (is.null(e)) NULL else eval(e, data, env))
  columns <- columns[!vapply(columns, is.null, NA)]
  for (name in intersect(c("mean", "sd"), names(columns))) {
    if (is.logical(columns[[name]]) && all(is.na(columns[[name]]))) columns[[name]] <- as.double(columns[[name]])
  }
  check_figure_columns(columns, call)
  columns <- figures_by_name(columns, call)
  size <- length(columns$n)
  arm <- columns$arms %||% names(columns$mean) %||% names(columns$n) %||% names(columns$sd)
  if (is.null(arm)) {
    if (size != 2L) {
      stop_input("figures", c("The figures do not say which arm they belong to.",
        i = "Give `arms`, one label an entry."), "arms", call)
    }
    arm <- c("arm 1", "arm 2")
  }
  outcome <- if (nrow(data) == size && "outcome" %in% names(data)) as.character(data$outcome) else rep("figures", size)
  levels <- arm_levels(if (is.character(arm)) factor(arm, unique(arm)) else arm, reference, "arms", call)
  group <- group_codes(check_by(by, data, call), size)
  by_code <- if (length(by)) group$code else rep.int(1L, size)
  names <- unique(outcome)
  k <- length(levels$labels)
  groups <- nrow(group$labels)
  at <- (match(outcome, names) - 1L) * groups * k + (by_code - 1L) * k + levels$code
  if (anyDuplicated(at[!is.na(at)])) {
    stop_input("figures", c("An arm of one outcome has two entries.",
      i = "Name further columns that tell them apart in `by`, or an `outcome` column in `data`."), "arms", call)
  }
  pairs <- arm_pairs(k, contrasts)
  arm_figures <- lapply(columns[c("n", "mean", "sd")], function(x) {
    full <- rep(NA_real_, length(names) * groups * k)
    full[at[!is.na(at)]] <- as.double(x)[!is.na(at)]
    full
  })
  new_input(
    kind = "figures", figures = figure_pairs(arm_figures, length(names) * groups, k, pairs), arm_figures = arm_figures,
    outcomes = stats::setNames(vector("list", length(names)), names), arms = levels$labels, arm = "arm", k = k,
    by = group$labels, level = pairs$level, reference = pairs$reference, contrasts = seq_along(pairs$level),
    arm_note = levels$note, skipped = c(arm = 0L, by = 0L), start = c(0L, 0L)
  )
}

# Figures with names are matched by them: to `arms`, or to each other.
figures_by_name <- function(columns, call) {
  figures <- intersect(c("mean", "n", "sd"), names(columns))
  named <- Filter(function(name) !is.null(names(columns[[name]])), figures)
  if (!length(named)) return(columns)
  labels <- if (is.null(columns$arms)) names(columns[[named[1]]]) else as.character(columns$arms)
  for (name in named) {
    own <- names(columns[[name]])
    if (identical(own, labels)) next
    if (anyDuplicated(own) || anyDuplicated(labels) || !setequal(own, labels)) {
      stop_input("figures", c(paste0("`", name, "` names ", quoted(own), ", and ",
        if (is.null(columns$arms)) paste0("`", named[1], "` names ") else "`arms` are ", quoted(labels), "."),
        i = "Give every figure the same names, or none and `arms`."), name, call)
    }
    columns[[name]] <- columns[[name]][match(labels, own)]
  }
  columns
}

check_figure_columns <- function(columns, call) {
  if (!length(columns)) {
    stop_input("x", c("Nothing to compare was given.",
      i = "Give a formula, two vectors, or summary figures (`n`, `mean`, `sd`, one entry an arm)."), "x", call)
  }
  absent <- setdiff(c("n", "mean", "sd"), names(columns))
  if (length(absent)) {
    stop_input("figures", c("Summary figures are incomplete.", i = "Give `n`, `mean` and `sd`, one entry an arm."),
      absent[1], call)
  }
  size <- length(columns$n)
  for (name in names(columns)) {
    x <- columns[[name]]
    if (length(x) != size || size < 2L) {
      stop_input("figures", paste0("`", name, "` has ", length(x), " entr", if (length(x) == 1L) "y" else "ies",
        "; give one an arm, as many as `n` has", if (size < 2L) ", for at least two arms", "."), name, call)
    }
    if (name == "arms") next
    if (!is.numeric(x) || any(is.infinite(x)) || name == "sd" && any(x < 0, na.rm = TRUE) ||
      name == "n" && any(x < 0 | x != round(x) | x > 1e9, na.rm = TRUE)) {
      stop_input("figures", paste0("`", name, "` must hold ", switch(name, n = "whole numbers of patients",
        sd = "standard deviations, not negative", "finite means"), "."), name, call)
    }
  }
}

# Both sides of every contrast; an arm without an entry is missing.
figure_pairs <- function(figures, problems, k, pairs) {
  side <- function(name, arm) figures[[name]][rep((seq_len(problems) - 1L) * k, each = length(arm)) + arm]
  list(
    n = side("n", pairs$level), mean = side("mean", pairs$level), sd = side("sd", pairs$level),
    n_reference = side("n", pairs$reference), mean_reference = side("mean", pairs$reference),
    sd_reference = side("sd", pairs$reference)
  )
}

# One column of figures by outcome, group and arm, the arm running fastest.
# Known standard deviations by arm: one for all, or one named by each.
arm_sigma <- function(sigma, input, call) {
  if (is.null(sigma)) {
    return(NULL)
  }
  if (!is.numeric(sigma) || anyNA(sigma) || any(!is.finite(sigma)) || any(sigma <= 0)) {
    stop_input("sigma", "`sigma` must hold standard deviations above 0.", "sigma", call)
  }
  if (length(sigma) == 1L) {
    return(rep(as.double(sigma), input$k))
  }
  at <- match(input$arms, names(sigma))
  if (anyNA(at) || length(sigma) != input$k) {
    stop_input("sigma", c("`sigma` does not name the arms.",
      i = paste0("One number, or one for each of ", quoted(input$arms, 12), " under its name.")), "sigma", call)
  }
  unname(as.double(sigma[at]))
}

# Rows of a result: outcome first, then group, then contrast; the order that C++ numbers problems in.
groups_labels <- function(input, between = " - ") {
  outcome <- outcome_names(input)
  contrasts <- length(input$level)
  each <- nrow(input$by) * contrasts
  n <- length(outcome) * each
  out <- list(outcome = enumerated(outcome, rep(seq_along(outcome), each = each)))
  for (b in names(input$by)) out[[b]] <- rep(rep(input$by[[b]], each = contrasts), length(outcome))
  at <- rep_len(seq_len(contrasts), n)
  out$contrast <- enumerated(paste0(input$arms[input$level], between, input$arms[input$reference]), at)
  out$level <- enumerated(input$arms, input$level[at])
  out$reference <- enumerated(input$arms, input$reference[at])
  out
}
