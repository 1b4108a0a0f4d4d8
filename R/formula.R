# The one formula grammar: outcome ~ visit | id, outcome ~ 1, ~ visit | id with `outcomes =`.

parse_formula <- function(formula, outcomes, call) {
  lhs <- if (length(formula) == 3L) formula[[2]]
  rhs <- formula[[length(formula)]]
  id <- NULL
  if (is.call(rhs) && identical(rhs[[1]], as.name("|"))) {
    id <- rhs[[3]]
    rhs <- rhs[[2]]
  }
  check_visit_term(rhs, call)
  list(
    outcomes = formula_outcomes(lhs, outcomes, call),
    one = identical(rhs, 1) || identical(rhs, 1L),
    visit = rhs,
    id = if (!is.null(id)) id_factors(id, call),
    env = environment(formula) %||% parent.frame()
  )
}

# One term names the visit. A sum or product of columns is no visit.
check_visit_term <- function(rhs, call) {
  operator <- if (is.call(rhs)) as.character(rhs[[1]])[1] else ""
  if (operator == "|") {
    stop_input("formula", c("The formula has two `|`.", i = "Write `outcome ~ visit | id`; nested ids are `centre/id`."),
      "formula", call)
  }
  if (operator %in% c("+", "*", ":", "-", "%in%", "^")) {
    stop_input("formula", c(
      paste0("`", deparse_one(rhs), "` is more than one term; the right side names the visit alone."),
      i = "Write `outcome ~ visit | id`, with `by =` for groups; for group by visit use `rm_anova()` or `rm_mmrm()`."
    ), "formula", call)
  }
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
  parts <- if (is.call(lhs) && identical(lhs[[1]], as.name("cbind"))) as.list(lhs)[-1] else sum_parts(lhs)
  check_outcome_parts(parts, lhs, call)
  labels <- vapply(parts, deparse_one, "")
  named <- names(parts)
  if (!is.null(named)) labels[nzchar(named)] <- named[nzchar(named)]
  if (anyDuplicated(labels)) {
    stop_input("outcomes", c(paste0("The formula names ", quoted(unique(labels[duplicated(labels)])), " twice."),
      i = "Give each outcome once, or names of their own: `cbind(a = hb, b = log(hb))`."), "formula", call)
  }
  stats::setNames(parts, labels)
}

# hb + hbf are two outcomes, as in a table of variables; their sum is I(hb + hbf).
sum_parts <- function(e) {
  plus <- is.call(e) && identical(e[[1]], as.name("+")) && length(e) == 3L
  if (plus) c(sum_parts(e[[2]]), sum_parts(e[[3]])) else list(e)
}

check_outcome_parts <- function(parts, lhs, call) {
  bare <- vapply(parts, function(e) !length(all.vars(e)), NA)
  if (any(bare)) {
    stop_input("outcomes", c(paste0("`", deparse_one(parts[[which(bare)[1]]]), "` is no outcome: `+` stands between outcomes."),
      i = paste0("For the sum write `I(", deparse_one(lhs), ")`.")), "formula", call)
  }
}

id_factors <- function(e, call) {
  out <- formula_factors(e)
  operator <- unlist(lapply(out, function(x) if (is.call(x)) as.character(x[[1]])[1]))
  if (any(operator %in% c("+", "*", "|", "-"))) {
    stop_input("formula", c(paste0("The id `", deparse_one(e), "` is no column."),
      i = "Nested ids are written `| centre/id`; groups go in `by =`."), "formula", call)
  }
  out
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

# Many expressions at once: bare names of columns are looked up together.
eval_columns <- function(expressions, data, env, argument, n, call) {
  bare <- vapply(expressions, is.symbol, NA)
  at <- rep(NA_integer_, length(expressions))
  at[bare] <- match(vapply(expressions[bare], as.character, ""), names(data))
  lapply(stats::setNames(seq_along(expressions), names(expressions)), function(i) {
    x <- if (!is.na(at[i])) .subset2(data, at[i])
    if (is.null(x) || !is.null(dim(x)) || !is.numeric(x)) eval_column(expressions[[i]], data, env, argument, n, call) else x
  })
}

# The value of one expression among the columns of `data`, then in the formula's environment.
eval_column <- function(e, data, env, argument, n, call) {
  wanted <- all.vars(e)
  unknown <- wanted[!wanted %in% names(data)]
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
  x <- tryCatch(eval(e, data, env), error = function(cnd) {
    stop_input("column", paste0("`", deparse_one(e), "` cannot be computed: ", conditionMessage(cnd), "."), argument, call)
  })
  if ((!is.atomic(x) && !is.factor(x)) || is.null(x) || is.complex(x) || is.raw(x) || NCOL(x) > 1L || length(dim(x)) > 2L) {
    stop_input("column", c(paste0("`", deparse(e)[1], "` is ", if (NCOL(x) > 1L) "a matrix" else class(x)[1],
      ", not a column."), i = "One formula term is one column."), argument, call)
  }
  if (!is.null(n) && NROW(x) != n) {
    stop_input("column", c(
      paste0("`", deparse(e)[1], "` has ", NROW(x), " values where `data` has ", n, " rows."),
      i = "Is it a variable of the session, not a column?"
    ), argument, call)
  }
  x
}

# Columns named by an argument such as `by`: bare names, text, c(...), a + b, a one-sided formula, or a variable that holds
# names. Whatever is none of these stops the call: a word that is passed over would pool what should be apart.
select_columns <- function(e, data, env, argument, call) {
  if (is.null(e)) {
    return(character())
  }
  if (is.symbol(e) && as.character(e) %in% names(data)) {
    return(as.character(e))
  }
  if (is.call(e) && as.character(e[[1]])[1] %in% c("c", "+", "~", "(")) {
    return(unique(unlist(lapply(as.list(e)[-1], select_columns, data, env, argument, call))))
  }
  embraced <- is.call(e) && identical(e[[1]], as.name("{")) && length(e) == 2L && is.call(e[[2]]) &&
    identical(e[[2]][[1]], as.name("{"))
  if (embraced) {
    return(select_columns(eval(call("substitute", e[[2]][[2]]), env), data, parent.env(env), argument, call))
  }
  x <- tryCatch(eval(e, env), error = function(cnd) NULL)
  if (inherits(x, "formula")) {
    return(select_columns(x[[length(x)]], data, env, argument, call))
  }
  if (is.null(x) && (identical(e, quote(NULL)) || is.symbol(e) && exists(as.character(e), envir = env))) {
    return(character())
  }
  if (is.character(x)) {
    return(known_columns(x, data, argument, call))
  }
  stop_input("column", c(
    paste0("`", argument, "` is ", deparse_one(e), ", which names no column of `data`."),
    i = paste0("Columns of `data`: ", quoted(names(data), 12), "."),
    i = if (is.call(e)) "Make what you want a column of `data` first, then name it."
  ), argument, call)
}

known_columns <- function(x, data, argument, call) {
  unknown <- setdiff(x, names(data))
  if (length(unknown)) {
    stop_input("column", c(
      paste0("`", argument, "` names ", quoted(unknown), ", which is not in `data`."),
      i = paste0("Columns of `data`: ", quoted(names(data), 12), ".")
    ), argument, call)
  }
  unique(x)
}

deparse_one <- function(e) paste(deparse(e, width.cutoff = 500L), collapse = " ")
