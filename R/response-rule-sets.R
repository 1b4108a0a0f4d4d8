# Sets of levels: one, or one for each value of `by`.

# quos: what stood in the dots. Sets are calls of levels() or list(), injected lists, or named text of several levels.
rule_sets <- function(quos, by, call) {
  names <- names(quos) %||% rep("", length(quos))
  if (!length(quos)) {
    stop_rule(c("The rule has no level.",
      i = "Write for example `response_rule(main = change(hb) > 2.0, none = otherwise())`."), "...", call)
  }
  is_set <- vapply(quos, function(quo) is_set_expr(rlang::quo_get_expr(quo)), NA)
  if (any(is_set) && !all(is_set)) {
    stop_rule(c("The rule mixes levels and sets of levels.", i = "Write every set as `value = levels(...)`."),
      names[!is_set][1],
      call)
  }
  if (!any(is_set)) {
    check_no_by(by, call)
    return(stats::setNames(list(parse_set(lapply(quos, identity), NULL, "", call)), ""))
  }
  if (length(quos) == 1L && !nzchar(names) && is.null(by)) {
    return(stats::setNames(list(parse_set_quo(quos[[1]], "", call)), ""))
  }
  if (is.null(by)) {
    stop_rule(c("The rule has a set of levels for each subgroup, and no `by`.",
      i = "Name the column whose value chooses the set, for example `by = phenotype`."), "by", call)
  }
  check_names(names, "set of levels", call)
  stats::setNames(lapply(seq_along(quos), function(i) parse_set_quo(quos[[i]], names[i], call)), names)
}

check_no_by <- function(by, call) {
  if (!is.null(by)) {
    stop_rule(c(paste0("`by` is `", by, "`, and the rule is the same for everyone."),
      i = "Leave out `by`, or write one `levels(...)` for each of its values."), "by", call)
  }
}

is_set_expr <- function(expr) {
  if (is.call(expr)) {
    return(call_name(expr) %in% c("levels", "list"))
  }
  is.list(expr) || (is.character(expr) && !is.null(names(expr)))
}

parse_set_quo <- function(quo, set, call) {
  expr <- rlang::quo_get_expr(quo)
  args <- if (is.call(expr)) as.list(expr)[-1] else as.list(expr)
  parse_set(args, rlang::quo_get_env(quo), set, call)
}

parse_set <- function(args, env, set, call) {
  names <- names(args) %||% rep("", length(args))
  check_names(names, "level", call, set)
  empty <- vapply(seq_along(args), function(i) {
    rlang::is_missing(args[[i]]) || (rlang::is_quosure(args[[i]]) && rlang::quo_is_missing(args[[i]]))
  }, NA)
  if (any(empty)) {
    stop_rule(c(paste0("Level `", names[empty][1], "`", in_set(set), " has no condition."),
      i = "What is left over is `otherwise()`."), names[empty][1], call)
  }
  clauses <- lapply(seq_along(args), function(i) parse_clause(args[[i]], rule_place(names[i], env, call)))
  open <- which(vapply(clauses, function(clause) is.null(clause$condition), NA))
  if (length(open) && open[1] != length(clauses)) {
    stop_rule(c(paste0("Level `", names[open[1] + 1L], "` stands behind `otherwise()`", in_set(set),
      " and can never be reached."),
      i = "Levels are tried in the order written: best first, `otherwise()` last."), names[open[1] + 1L], call)
  }
  clauses
}

in_set <- function(set, by = NULL) {
  if (nzchar(set)) paste0(" (", if (!is.null(by)) paste0(by, " "), set, ")") else ""
}

check_names <- function(names, what, call, set = "") {
  if (!length(names)) {
    stop_rule(paste0("`levels()`", in_set(set), " holds no level."), "...", call)
  }
  if (any(is.na(names) | !nzchar(trimws(names)))) {
    stop_rule(c(paste0("A ", what, " has no name", in_set(set), "."), i = "Write `name = condition`."), "...", call)
  }
  if (anyDuplicated(names)) {
    twice <- names[duplicated(names)][1]
    stop_rule(c(paste0("There are two of the ", what, " `", twice, "`", in_set(set), "."),
      i = if (what == "level") "Join their conditions by `|`."), twice, call)
  }
}

# All levels, best first. The sets must leave one order only, or `order` gives it.
rule_levels <- function(sets, order, call) {
  orders <- lapply(sets, function(clauses) vapply(clauses, `[[`, "", "level"))
  all <- unique(unlist(orders, use.names = FALSE))
  if (length(all) < 2L) {
    stop_rule(c(paste0("The rule has the one level `", all, "`."),
      i = "Add what the others are, for example `none = otherwise()`."),
      all, call)
  }
  if (!is.null(order)) {
    check_order(order, all, call)
    orders <- c(orders, list(order))
  }
  out <- character()
  while (length(out) < length(all)) {
    rest <- lapply(orders, setdiff, out)
    left <- setdiff(all, out)
    free <- left[vapply(left, function(level) all(vapply(rest, function(x) !level %in% x[-1], NA)), NA)]
    if (!length(free)) {
      stop_rule(c(paste0("The sets disagree on the order of ", quoted(left), "."),
        i = "In every set the better level stands first."), "order", call)
    }
    if (length(free) > 1L) {
      stop_rule(c(paste0("Nothing says which of ", quoted(free), " is better: no set holds both."),
        i = paste0("Give all levels, best first: `order = c(", paste0("\"", c(out, left), "\"", collapse = ", "), ")`.")),
        "order", call)
    }
    out <- c(out, free)
  }
  out
}

check_order <- function(order, all, call) {
  if (!is.character(order) || anyNA(order) || anyDuplicated(order) || !setequal(order, all)) {
    stop_rule(c("`order` must hold every level once, best first.", i = paste0("Levels: ", quoted(all, 20), ".")), "order",
      call)
  }
}
