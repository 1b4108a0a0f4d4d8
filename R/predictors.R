# From `response ~ predictors` to a response and a model matrix: class respondr_predictors, for all families that predict.
#
# y, trials       response (0/1, or the share of events of `trials` patients; a continuous value)
# x, assign       model matrix, intercept first if there is one; number of the term of each column, 0 the intercept
# terms, labels   terms object, whose environment knows ns(), bs() and rcs(); labels of its terms
# xlevels, contrasts, reference   of factors: levels, contrast matrices, reference level
# frame, rows     model frame of the rows used; their numbers in `data`
# n, n_dropped, missing   patients used; rows left out; rows without a value by column
# outcome, event, levels  label of the response; of the event; of the other and of the event
# unused, constant        levels that no row has (named list); predictors of a single value
# offset_word             the expression of `offset =`, computed again for new rows

predictor_input <- function(formula, data, subset, weights, offset, event, reference, response, env, call,
                            leave_out = character()) {
  data <- as_data(data, call)
  parsed <- parse_predictors(formula, env, response, call)
  keep <- if (length(data)) subset_rows(subset, data, parsed$env, call)
  if (!is.null(keep)) data <- data[keep, , drop = FALSE]
  size <- if (length(data)) nrow(data)
  check_rows(size, call)
  read <- predictor_response(parsed, data, size, event, response, call)
  size <- size %||% length(read$y)
  extra <- list(weights = predictor_weights(weights, data, parsed$env, size, call),
    offset = predictor_number(offset, "offset", data, parsed$env, size, call))
  tt <- predictor_terms(parsed, data, c(leave_out, all.vars(weights), all.vars(offset)), call)
  raw <- raw_predictors(tt, data, size, call)
  gaps <- lapply(c(stats::setNames(list(read$y), read$outcome), raw, extra[lengths(extra) > 0L]), is_gap)
  known <- !Reduce(`|`, gaps, logical(size))
  frame <- predictor_frame(tt, data, raw, known, call)
  rows <- which(known)[frame$finite]
  missing <- c(vapply(gaps, sum, 0L), frame$missing)
  place <- if (is.null(keep)) rows else which(keep)[rows]
  take <- function(x) if (length(x)) x[rows]
  trials <- take(read$trials) %||% rep(1, length(rows))
  out <- structure(c(list(
    y = read$y[rows], trials = trials, weights = take(extra$weights),
    offset = predictor_offset(tt, frame$frame, take(extra$offset)), n = as.integer(sum(trials)), rows = place,
    n_dropped = size - length(rows), missing = missing[missing > 0L], outcome = read$outcome, event = read$event,
    levels = read$levels, data_names = names(data), offset_word = offset
  ), design_of(tt, frame$frame, reference, call)), class = "respondr_predictors")
  out
}

parse_predictors <- function(formula, env, response, call) {
  if (!inherits(formula, "formula") || length(formula) != 3L) {
    stop_input("formula", c("`formula` must name a response and its predictors.",
      i = "Write `response ~ hbf + spleen`."), "formula", call)
  }
  rhs <- formula[[3]]
  if (is.call(rhs) && identical(rhs[[1]], as.name("|"))) {
    stop_input("formula", c("`|` names an id, and here every patient is one row.",
      i = "For repeated measurements use `rm_mmrm()`; clusters of a linear model go in `cluster =`."), "formula", call)
  }
  list(response = formula[[2]], formula = formula, env = environment(formula) %||% env, binary = response == "binary")
}

# y, and for a binary response the labels.
predictor_response <- function(parsed, data, size, event, response, call) {
  if (!parsed$binary) {
    x <- eval_column(parsed$response, data, parsed$env, "response", size, call)
    name <- deparse_one(parsed$response)
    return(list(y = finite_column(check_outcome(x, name, call), name, call), outcome = name))
  }
  read <- rates_response(parsed, data, size, event, call)
  if (is.null(read$event)) {
    stop_input("event", c(paste0("`", read$outcome, "` holds ", quoted(read$labels, 12), ": which is the event?"),
      i = paste0("Name it, for example `event = ", deparse_one(read$labels[1]), "`, or several.")), "event", call)
  }
  others <- paste(read$labels[!read$event], collapse = " + ")
  out <- list(outcome = read$outcome, event = read$event_label, levels = c(others, read$event_label))
  if (read$kind == "rows") {
    return(c(out, list(y = as.double(read$event[read$code]))))
  }
  trials <- rowSums(read$count)
  events <- rowSums(read$count[, read$event, drop = FALSE])
  c(out, list(y = ifelse(trials > 0, events / trials, 0 * trials), trials = as.double(trials)))
}

finite_column <- function(x, name, call) {
  if (any(is.infinite(x))) {
    stop_input("infinite", c(paste0("`", name, "` holds infinite values."), i = "Correct them or set them to NA."), name,
      call)
  }
  x
}

predictor_number <- function(e, argument, data, env, size, call) {
  x <- if (!is.null(e)) eval_column(e, data, env, argument, size, call)
  if (is.null(x)) {
    return(NULL)
  }
  if (!is.numeric(x) || is.factor(x)) {
    stop_input("column", paste0("`", argument, "` must be numbers, not ", class(x)[1], "."), argument, call)
  }
  finite_column(as.double(x), argument, call)
}

predictor_weights <- function(e, data, env, size, call) {
  x <- predictor_number(e, "weights", data, env, size, call)
  if (any(x < 0, na.rm = TRUE)) {
    stop_input("weights", "`weights` must be numbers of at least 0.", "weights", call)
  }
  x
}

# The terms; `.` stands for all columns that have no other part in the call.
predictor_terms <- function(parsed, data, taken, call) {
  formula <- parsed$formula
  environment(formula) <- spline_words(parsed$env)
  others <- data[setdiff(names(data), setdiff(taken, all.vars(parsed$response)))]
  tt <- tryCatch(stats::terms(formula, data = if (length(others)) others), error = function(cnd) {
    stop_input("formula", paste0("The formula cannot be read: ", conditionMessage(cnd), "."), "formula", call)
  })
  unknown <- setdiff(all.vars(stats::delete.response(tt)), names(data))
  unknown <- unknown[!vapply(unknown, exists, NA, envir = environment(tt))]
  if (length(unknown)) eval_column(as.name(unknown[1]), data, environment(tt), "formula", NULL, call)
  tt
}

# Splines by their usual names, where the user has not loaded functions of these names.
spline_words <- function(env) {
  words <- list(ns = splines::ns, bs = splines::bs, rcs = lib_rcs)
  own <- vapply(names(words), exists, NA, envir = env, mode = "function")
  list2env(words[!own], parent = env)
}

# The columns that the terms are computed from; what is not as long as the data is a constant of the formula.
raw_predictors <- function(tt, data, size, call) {
  names <- all.vars(stats::delete.response(tt))
  out <- lapply(stats::setNames(names, names), function(name) {
    if (name %in% names(data)) data[[name]] else get(name, environment(tt))
  })
  long <- vapply(out, function(x) !is.function(x) && NROW(x) == size, NA)
  for (name in names[long]) {
    if (is.double(out[[name]]) && !is.object(out[[name]])) finite_column(out[[name]], name, call)
  }
  out[long]
}

is_gap <- function(x) if (length(dim(x)) == 2L) rowSums(is.na(x)) > 0 else is.na(x)

# The model frame of the rows known; rows that a transformation makes missing (log of 0) are left out and counted under its
# name.
predictor_frame <- function(tt, data, raw, known, call) {
  all_known <- all(known)
  rows <- lapply(raw, function(x) if (all_known) x else if (length(dim(x)) == 2L) x[known, , drop = FALSE] else x[known])
  frame <- tryCatch(
    stats::model.frame(stats::delete.response(tt), structure(rows, row.names = .set_row_names(sum(known)), class = "data.frame"),
      na.action = stats::na.pass),
    error = function(cnd) {
      stop_input("formula", paste0("The predictors cannot be computed: ", conditionMessage(cnd), "."), "formula", call)
    }
  )
  broken <- lapply(frame, broken_rows)
  bad <- Reduce(`|`, broken[lengths(broken) > 0L], logical(sum(known)))
  missing <- vapply(broken, sum, 0L)
  terms <- attr(frame, "terms")
  if (any(bad)) frame <- frame[!bad, , drop = FALSE]
  attr(frame, "terms") <- terms
  list(frame = frame, finite = !bad, missing = missing)
}

# Rows without a finite value; none as a vector of length 0.
broken_rows <- function(x) {
  if (is.double(x) && is.null(dim(x))) {
    return(if (is.finite(sum(x)) || all(is.finite(x))) logical() else !is.finite(x))
  }
  if (is.numeric(x)) rowSums(!is.finite(as.matrix(x))) > 0 else is_gap(x)
}

predictor_offset <- function(tt, frame, given) {
  inside <- stats::model.offset(frame)
  if (is.null(inside) && is.null(given)) {
    return(NULL)
  }
  as.double((inside %||% 0) + (given %||% 0))
}

# Model matrix of a frame with factors made of text, logicals and labelled columns; treatment contrasts against the reference,
# unless a column brings contrasts of its own.
design_of <- function(tt, frame, reference, call) {
  terms <- attr(frame, "terms")
  inputs <- setdiff(names(frame), offset_names(terms))
  levels <- lapply(frame[inputs], factor_labels)
  levels <- levels[lengths(levels) > 0L]
  reference <- as.list(reference)
  check_references(reference, names(levels), call)
  used <- lapply(stats::setNames(nm = names(levels)), function(name) {
    seen <- levels[[name]][levels[[name]] %in% as.character(frame[[name]])]
    reference_level(seen, reference[[name]], name, call)
  })
  own <- lapply(frame[names(used)], attr, "contrasts")
  frame <- as_factors(frame, used)
  many <- lengths(used) > 1L
  contrasts <- lapply(stats::setNames(nm = names(used)[many]), function(name) {
    if (is.null(own[[name]])) stats::contr.treatment(used[[name]]) else own[[name]]
  })
  made <- design_matrix(terms, frame, used, contrasts)
  list(
    x = made$x, assign = made$assign, terms = terms, labels = attr(terms, "term.labels"), xlevels = used,
    contrasts = contrasts, reference = vapply(used[many], `[`, "", 1L), frame = frame,
    unused = drop_empty(Map(setdiff, levels, used)),
    constant = c(names(used)[!many], inputs[vapply(frame[inputs], is_constant_number, NA)])
  )
}

drop_empty <- function(x) x[lengths(x) > 0L]

is_constant_number <- function(x) is.numeric(x) && is.null(dim(x)) && length(x) > 0L && all(x == x[1])

offset_names <- function(terms) {
  at <- attr(terms, "offset")
  vapply(as.list(attr(terms, "variables"))[-1][at], deparse_one, "")
}

# NULL for numbers.
factor_labels <- function(x) {
  if (is.factor(x)) levels(x) else if (is.logical(x)) c("FALSE", "TRUE") else if (is.character(x)) sort(unique(x)) else
    if (inherits(x, "haven_labelled") && is.character(unclass(x))) sort(unique(as.character(x)))
}

check_references <- function(reference, factors, call) {
  named <- names(reference) %||% rep("", length(reference))
  if (length(reference) && (any(!nzchar(named)) || anyDuplicated(named) || any(!named %in% factors))) {
    stop_input("reference", c(
      paste0("`reference` must name factors of the formula, such as `c(", if (length(factors)) factors[1] else "spleen",
        " = \"no\")`."),
      i = paste0("Factors: ", if (length(factors)) quoted(factors, 12) else "none", ".")
    ), "reference", call)
  }
}

reference_level <- function(levels, wanted, name, call) {
  if (is.null(wanted)) {
    return(levels)
  }
  at <- match(as.character(wanted), levels)
  if (is.na(at)) {
    stop_input("reference", c(paste0("`reference` of `", name, "` is ", quoted(wanted), "."),
      i = paste0("Levels found: ", quoted(levels, 12), ".")), "reference", call)
  }
  levels[c(at, seq_along(levels)[-at])]
}

as_factors <- function(frame, levels) {
  for (name in names(levels)) frame[[name]] <- factor(as.character(frame[[name]]), levels = levels[[name]])
  frame
}

# A factor of one level is a column of zeros, which the fit names as one that depends on others.
design_matrix <- function(terms, frame, levels, contrasts) {
  for (name in names(levels)[lengths(levels) < 2L]) frame[[name]] <- numeric(nrow(frame))
  x <- stats::model.matrix(terms, frame, contrasts.arg = if (length(contrasts)) contrasts)
  assign <- attr(x, "assign")
  attributes(x) <- list(dim = dim(x), dimnames = list(NULL, colnames(x)))
  list(x = x, assign = assign)
}

# The matrix of new rows; a row with a missing predictor is a row of NA.
# `offset`: that of the call too, which what sets a variable of the fit's own rows does not ask for.
predictor_matrix <- function(input, newdata, call, offset = FALSE) {
  newdata <- as_data(newdata, call)
  wanted <- all.vars(input$terms)
  lost <- setdiff(wanted[wanted %in% input$data_names], names(newdata))
  if (length(lost)) {
    stop_input("newdata", paste0("`newdata` lacks the column", if (length(lost) > 1L) "s", " ", quoted(lost), "."), "newdata",
      call)
  }
  frame <- tryCatch(stats::model.frame(input$terms, newdata, na.action = stats::na.pass), error = function(cnd) {
    stop_input("newdata", paste0("The predictors of `newdata` cannot be computed: ", conditionMessage(cnd), "."), "newdata", call)
  })
  for (name in names(input$xlevels)) {
    strange <- setdiff(as.character(frame[[name]])[!is.na(frame[[name]])], input$xlevels[[name]])
    if (length(strange)) {
      stop_input("newdata", c(paste0("`", name, "` has levels the model does not know: ", quoted(strange), "."),
        i = paste0("Levels of the model: ", quoted(input$xlevels[[name]], 12), ".")), "newdata", call)
    }
  }
  frame <- as_factors(frame, input$xlevels)
  made <- design_matrix(input$terms, frame, input$xlevels, input$contrasts)
  given <- if (offset && !is.null(input$offset_word)) {
    predictor_number(input$offset_word, "offset", newdata, environment(input$terms), nrow(newdata), call)
  }
  list(x = made$x, offset = predictor_offset(input$terms, frame, given))
}

# What each column of the matrix says: its term, for a factor of treatment contrasts also its level and the reference.
predictor_columns <- function(input) {
  term <- c("(Intercept)", input$labels)[input$assign + 1L]
  single <- names(input$reference)[names(input$reference) %in% input$labels]
  level <- rep(NA_character_, length(term))
  reference <- level
  for (name in single) {
    at <- which(term == name)
    shown <- input$xlevels[[name]]
    if (length(at) == length(shown) - 1L) {
      level[at] <- shown[-1]
      reference[at] <- shown[1]
    } else if (length(at) == length(shown)) {
      level[at] <- shown  # no intercept: every level for itself
    }
  }
  data.frame(column = colnames(input$x), term = term, level = level, reference = reference, stringsAsFactors = FALSE)
}
