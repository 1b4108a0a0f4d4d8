# The one formula grammar: outcome ~ visit | id, outcome ~ 1, ~ visit | id with `outcomes =`.

parse_formula <- function(formula, outcomes, call) {
  lhs <- if (length(formula) == 3L) formula[[2]]
  rhs <- formula[[length(formula)]]
  id <- NULL
  if (is.call(rhs) && identical(rhs[[1]], as.name("|"))) {
    id <- rhs[[3]]
    rhs <- rhs[[2]]
  }
  list(
    outcomes = formula_outcomes(lhs, outcomes, call),
    one = identical(rhs, 1) || identical(rhs, 1L),
    visit = rhs,
    id = if (!is.null(id)) formula_factors(id),
    env = environment(formula) %||% parent.frame()
  )
}

formula_outcomes <- function(lhs, outcomes, call) {
  if (!is.null(outcomes)) {
    if (!is.character(outcomes) || !length(outcomes) || anyNA(outcomes) || anyDuplicated(outcomes)) {
      stop_input("outcomes", "`outcomes` must be distinct column names, as text.", "outcomes", call)
    }
    if (!is.null(lhs)) {
      stop_input("outcomes", c(
        "Outcomes are named twice: left of `~` and in `outcomes`.",
        i = "Write `~ visit | id` with `outcomes = c(...)`, or `cbind(a, b) ~ visit | id`."
      ), "outcomes", call)
    }
    return(stats::setNames(lapply(outcomes, as.name), outcomes))
  }
  if (is.null(lhs)) {
    stop_input("formula", c(
      "The formula names no outcome.",
      i = "Write `outcome ~ visit | id`, or give `outcomes = c(...)`."
    ), "formula", call)
  }
  parts <- if (is.call(lhs) && identical(lhs[[1]], as.name("cbind"))) as.list(lhs)[-1] else list(lhs)
  labels <- vapply(parts, function(e) paste(deparse(e, width.cutoff = 500L), collapse = " "), "")
  named <- names(parts)
  if (!is.null(named)) labels[nzchar(named)] <- named[nzchar(named)]
  stats::setNames(parts, labels)
}

# centre/id and centre:id are ids nested in a centre.
formula_factors <- function(e) {
  if (is.call(e) && (identical(e[[1]], as.name("/")) || identical(e[[1]], as.name(":")))) {
    return(c(formula_factors(e[[2]]), formula_factors(e[[3]])))
  }
  if (is.call(e) && identical(e[[1]], as.name("("))) {
    return(formula_factors(e[[2]]))
  }
  list(e)
}

# The value of one expression among the columns of `data`, then in the formula's environment.
eval_column <- function(e, data, env, argument, n, call) {
  unknown <- setdiff(all.vars(e), names(data))
  unknown <- unknown[!vapply(unknown, exists, NA, envir = env)]
  if (length(unknown)) {
    near <- if (length(data)) {
      d <- utils::adist(unknown[1], names(data), ignore.case = TRUE)
      names(data)[order(d)][seq_len(min(5L, length(data)))]
    }
    stop_input("column", c(
      paste0("Column ", quoted(unknown), " is not in `data`."),
      i = if (length(near)) paste0("Nearest names: ", quoted(near), ".") else "Give `data`, or vectors of that name."
    ), argument, call)
  }
  x <- eval(e, data, env)
  if (!is.atomic(x) && !is.factor(x)) {
    stop_input("column", paste0("`", deparse(e)[1], "` is ", class(x)[1], ", not a column."), argument, call)
  }
  if (!is.null(n) && NROW(x) != n) {
    stop_input("column", c(
      paste0("`", deparse(e)[1], "` has ", NROW(x), " values where `data` has ", n, " rows."),
      i = "Is it a variable of the session, not a column?"
    ), argument, call)
  }
  x
}

# Columns named by an argument such as `by`: bare names, text, c(...), or a one-sided formula.
select_columns <- function(e, data, env, argument, call) {
  if (is.null(e)) {
    return(character())
  }
  if (is.symbol(e) && as.character(e) %in% names(data)) {
    return(as.character(e))
  }
  if (is.call(e) && identical(e[[1]], as.name("~"))) {
    return(all.vars(e))
  }
  if (is.call(e) && identical(e[[1]], as.name("c"))) {
    return(unlist(lapply(as.list(e)[-1], select_columns, data, env, argument, call)))
  }
  x <- tryCatch(eval(e, env), error = function(cnd) NULL)
  if (is.null(x) && !is.symbol(e)) {
    return(character())
  }
  if (inherits(x, "formula")) {
    return(all.vars(x))
  }
  if (is.character(x)) {
    unknown <- setdiff(x, names(data))
    if (!length(unknown)) {
      return(x)
    }
    stop_input("column", c(
      paste0("`", argument, "` names ", quoted(unknown), ", which is not in `data`."),
      i = paste0("Columns of `data`: ", quoted(names(data), 12), ".")
    ), argument, call)
  }
  if (is.null(x) && is.symbol(e) && exists(as.character(e), envir = env)) {
    return(character())
  }
  stop_input("column", c(
    paste0("`", argument, "` is ", paste(deparse(e), collapse = " "), ", which names no column of `data`."),
    i = paste0("Columns of `data`: ", quoted(names(data), 12), ".")
  ), argument, call)
}
