# Changing and comparing rules.

#' @importFrom stats update
#' @export
update.respondr_rule <- function(object, ..., by, at, sustained, confirmed, missing, zero_baseline, death, order, range,
                                 whole, exclusive) {
  call <- sys.call()
  sets <- updated_sets(object, rlang::enquos(...), call)
  now <- object$time
  given <- function(absent, value, old) if (absent) old else value
  old_at <- if (now$kind == "at") structure(list(label = now$visit), class = "respondr_visit") else now$kind
  settings <- list(
    by = if (base::missing(by)) object$by else rule_by(rlang::enquo(by), call),
    at = if (base::missing(at)) old_at else rlang::enquo(at),
    sustained = given(base::missing(sustained), sustained, now$sustained),
    confirmed = given(base::missing(confirmed), confirmed, now$confirmed),
    missing = given(base::missing(missing), missing, object$missing),
    zero_baseline = given(base::missing(zero_baseline), zero_baseline, object$zero_baseline),
    death = given(base::missing(death), death, object$death),
    order = given(base::missing(order), order, kept_order(object, sets)),
    range = given(base::missing(range), range, object$range[names(object$range) %in% rule_variables(sets)]),
    whole = given(base::missing(whole), whole, intersect(object$whole, rule_variables(sets))),
    exclusive = given(base::missing(exclusive), exclusive, object$exclusive)
  )
  if (!base::missing(order)) sets <- lapply(sets, ordered_clauses, order)
  if (is.null(object$by) && !is.null(settings$by)) check_no_by(settings$by, call)
  if (!is.null(object$by) && is.null(settings$by)) {
    stop_rule(c("The rule has a set for each subgroup, which `by = NULL` leaves without a column."), "by", call)
  }
  new_rule(sets, settings, call)
}

# Clauses in the order of the levels; otherwise() stays where it is, at the end.
ordered_clauses <- function(clauses, order) {
  open <- vapply(clauses, function(clause) is.null(clause$condition), NA)
  place <- match(vapply(clauses, `[[`, "", "level"), order)
  clauses[base::order(open, place)]
}

# The old order of the levels where they are the same, else as in a new rule.
kept_order <- function(object, sets) {
  levels <- unique(vapply(unlist(unname(sets), recursive = FALSE), `[[`, "", "level"))
  if (setequal(levels, object$levels)) rev(object$levels)
}

# In a rule with one set, levels are named; in a rule with several, sets; NULL takes one out. A level that is new stands
# before otherwise().
updated_sets <- function(object, quos, call) {
  sets <- object$sets
  if (!length(quos)) {
    return(sets)
  }
  names <- names(quos)
  if (is.null(object$by)) {
    check_names(names, "level", call)
    for (i in seq_along(quos)) {
      clause <- if (!is.null(rlang::quo_get_expr(quos[[i]]))) parse_clause(quos[[i]], rule_place(names[i], NULL, call))
      sets[[1]] <- updated_clauses(sets[[1]], names[i], clause, call)
    }
    return(sets)
  }
  check_names(names, "set of levels", call)
  for (i in seq_along(quos)) {
    if (is.null(rlang::quo_get_expr(quos[[i]])) && names[i] %in% names(sets)) {
      sets[[names[i]]] <- NULL
      next
    }
    if (!is_set_expr(rlang::quo_get_expr(quos[[i]]))) {
      stop_rule(c(paste0("`", names[i], "` is no set of levels."), i = paste0("The rule has sets for ", quoted(names(sets)),
        ": write `", names[i], " = levels(...)`.")), names[i], call)
    }
    sets[[names[i]]] <- parse_set_quo(quos[[i]], names[i], call)
  }
  sets
}

updated_clauses <- function(clauses, level, clause, call) {
  levels <- vapply(clauses, `[[`, "", "level")
  at <- match(level, levels)
  if (is.null(clause) && is.na(at)) {
    stop_rule(c(paste0("There is no level `", level, "` to take out."), i = paste0("Levels: ", quoted(levels, 20), ".")),
      level,
      call)
  }
  if (!is.na(at)) {
    clauses[at] <- list(clause)
    return(clauses[!vapply(clauses, is.null, NA)])
  }
  open <- is.null(clauses[[length(clauses)]]$condition)
  append(clauses, list(clause), length(clauses) - open)
}

# What a rule says, with one spelling for each number.
rule_meaning <- function(rule) {
  sets <- lapply(rule$sets, lapply, function(clause) list(level = clause$level, condition = node_meaning(clause$condition)))
  if (!is.null(rule$by)) sets <- sets[order(names(sets), method = "radix")]
  list(levels = rule$levels, by = rule$by, sets = sets, time = rule$time, missing = rule$missing,
    zero_baseline = rule$zero_baseline, death = rule$death,
    range = lapply(rule$range[sort(as.character(names(rule$range)), method = "radix")], function(end) {
      ifelse(nzchar(end), decimal_canonical(end), "")
    }), whole = sort(rule$whole, method = "radix"),
    exclusive = rule$exclusive)
}

node_meaning <- function(node) {
  if (is.null(node)) {
    return("otherwise")
  }
  if (node$op == "compare") {
    node$cutoff <- decimal_canonical(node$cutoff)
    return(node)
  }
  node$args <- lapply(node$args, node_meaning)
  node$of <- NULL
  node
}

#' @export
Ops.respondr_rule <- function(e1, e2) {
  if (!.Generic %in% c("==", "!=")) {
    stop_input("argument", c(paste0("`", .Generic, "` has no meaning for rules."), i = "Use `==` or `all.equal()`."),
      .Generic,
      sys.call())
  }
  same <- inherits(e1, "respondr_rule") && inherits(e2, "respondr_rule") && identical(rule_meaning(e1), rule_meaning(e2))
  if (.Generic == "==") same else !same
}

#' @method all.equal respondr_rule
#' @export
all.equal.respondr_rule <- function(target, current, ...) {
  if (!inherits(current, "respondr_rule")) {
    return("`current` is no rule of response")
  }
  a <- rule_meaning(target)
  b <- rule_meaning(current)
  differ <- names(a)[!vapply(names(a), function(name) identical(a[[name]], b[[name]]), NA)]
  if (!length(differ)) {
    return(TRUE)
  }
  words <- setdiff(differ, "sets")
  c(if (length(words)) paste0("`", words, "` differs"), if ("sets" %in% differ) set_differences(target, current))
}

set_differences <- function(target, current) {
  a <- rule_meaning(target)$sets
  b <- rule_meaning(current)$sets
  if (!identical(names(a), names(b))) {
    return(paste0("sets: ", quoted(names(a), 20), " against ", quoted(names(b), 20)))
  }
  text <- function(rule, set) vapply(rule$sets[[set]], function(clause) paste0(clause$level, ": ", clause$text), "")
  differ <- which(!mapply(identical, a, b))
  unlist(use.names = FALSE, lapply(differ, function(k) {
    one <- text(target, match(names(a)[k], names(target$sets)))
    other <- text(current, match(names(b)[k], names(current$sets)))
    paste0(setdiff(c(one, other), intersect(one, other)), ifelse(setdiff(c(one, other), intersect(one, other)) %in% one,
      " (only in the first)", " (only in the second)"))
  }))
}

#' @export
levels.respondr_rule <- function(x) x$levels
