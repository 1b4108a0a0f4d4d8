# From what the user wrote to nodes. A node is list(op = "and" | "or", args, perhaps with at_least and of), list(op =
# "not", args) or a leaf list(op = "compare", measure, variable, relation, cutoff, closed, parameters, visit, mid);
# cut-offs are decimal text. Nothing a condition holds is evaluated but its cut-offs, and these only in a call of
# response_rule() (env is NULL for text that comes from a file).

stop_rule <- function(message, argument, call) stop_input("rule", message, argument, call)

rule_measures <- c("value", "baseline", "change", "percent_change", "ratio", "rci", "rise", "fall", "percent_rise",
  "percent_fall")
rule_measure_calls <- c(rule_measures, "at")
rule_relations <- c(">", ">=", "<", "<=", "==", "!=")
relation_flipped <- c(">" = "<", ">=" = "<=", "<" = ">", "<=" = ">=", "==" = "==", "!=" = "!=")

# Where a condition stands: names the level in messages.
rule_place <- function(level, env, call) list(level = level, env = env, call = call)

stop_place <- function(place, ..., i = NULL) {
  stop_rule(c(paste0("Level `", place$level, "`: ", ...), if (!is.null(i)) c(i = i)), place$level, place$call)
}

# One clause of a set; a condition of NULL is otherwise().
parse_clause <- function(expr, place) {
  if (rlang::is_quosure(expr)) {
    place$env <- rlang::quo_get_env(expr)
    expr <- rlang::quo_get_expr(expr)
  }
  if (is.character(expr) && length(expr) == 1L && !is.na(expr)) {
    expr <- rule_expression(expr, place$level, place$call)
    if (is.character(expr)) stop_place(place, "\"", expr, "\" is no condition.",
      i = "Write for example \"change(hb) > 2.0\".")
  }
  condition <- if (!is_otherwise(expr)) parse_node(expr, place)
  list(level = place$level, condition = condition, text = node_text(condition))
}

is_otherwise <- function(expr) {
  identical(expr, quote(otherwise)) || (is.call(expr) && identical(expr[[1]], quote(otherwise)) && length(expr) == 1L)
}

parse_node <- function(expr, place) {
  if (rlang::is_quosure(expr)) {
    place$env <- rlang::quo_get_env(expr)
    return(parse_node(rlang::quo_get_expr(expr), place))
  }
  head <- call_name(expr)
  args <- if (is.call(expr)) unname(as.list(expr)[-1])
  if (head == "(" || head == "{" && length(args) == 1L) {
    return(parse_node(args[[1]], place))
  }
  if (head %in% c("&", "&&", "and", "|", "||", "or")) {
    return(parse_joined(if (head %in% c("&", "&&", "and")) "and" else "or", args, place))
  }
  if (head %in% c("!", "not") && length(args) == 1L) {
    return(list(op = "not", args = list(parse_node(args[[1]], place))))
  }
  if (head %in% rule_relations && length(args) == 2L) {
    return(parse_comparison(head, args, place))
  }
  if (head == "at_least") {
    return(parse_at_least(args, place))
  }
  if (head == "between") {
    return(parse_between(as.list(expr)[-1], place))
  }
  stop_no_condition(expr, head, place)
}

call_name <- function(expr) {
  if (is.call(expr) && is.symbol(expr[[1]])) as.character(expr[[1]]) else ""
}

parse_joined <- function(op, args, place) {
  if (!length(args)) stop_place(place, "`", op, "()` holds no condition.")
  nodes <- lapply(args, parse_node, place)
  flat <- unlist(lapply(nodes, function(node) if (node$op == op && is.null(node$at_least)) node$args else list(node)),
    recursive = FALSE)
  if (length(flat) == 1L) flat[[1]] else list(op = op, args = flat)
}

# at_least(2, a, b, c) is (a & b) | (a & c) | (b & c); `at_least` and `of` keep what was written.
parse_at_least <- function(args, place) {
  k <- if (length(args)) typed_cutoff(args[[1]])
  k <- if (is.symbol(k) || is.call(k)) evaluated_cutoff(k, place) else k
  k <- if (is.character(k) && isTRUE(is_decimal(k))) as.numeric(k) else k
  n <- length(args) - 1L
  if (!is.numeric(k) || length(k) != 1L || !isTRUE(k == round(k) && k >= 1 && k <= n) || choose(n, k) > 1000) {
    stop_place(place, "`at_least()` takes a number and at least as many conditions.",
      i = "Write at_least(2, change(a) > 1, change(b) > 1, change(c) > 1).")
  }
  if (k == 1 || k == n) {
    return(parse_joined(if (k == 1) "or" else "and", args[-1], place))
  }
  nodes <- lapply(args[-1], parse_node, place)
  list(op = "or", args = utils::combn(nodes, k, function(some) list(op = "and", args = some), simplify = FALSE),
    at_least = as.integer(k), of = nodes)
}

stop_no_condition <- function(expr, head, place) {
  shown <- paste(deparse(expr), collapse = " ")
  if (is_otherwise(expr)) {
    stop_place(place, "`otherwise()` stands alone, as the last level.")
  }
  if (head %in% c("=", "<-")) {
    stop_place(place, "`", shown, "` assigns.", i = "Write `==` to compare.")
  }
  if (isTRUE(expr)) {
    stop_place(place, "`TRUE` is no condition.", i = "What is left over is `otherwise()`.")
  }
  if (head %in% rule_measure_calls || is.symbol(expr)) {
    stop_place(place, "`", shown, "` is compared with nothing.", i = paste0("Write for example `", shown, " >= 1.0`",
      if (is.symbol(expr)) paste0("; a condition that is the value of a variable is given by `!!", shown, "`"), "."))
  }
  stop_place(place, "`", shown, "` is no condition.",
    i = "Use >, >=, <, <=, ==, != or between(), joined by & (and), | (or), ! (not), at_least().")
}

parse_comparison <- function(relation, args, place) {
  calls <- vapply(args, function(e) call_name(e) %in% rule_measure_calls || is_pronoun(e), NA)
  if (all(calls)) {
    stop_place(place, "two measures are compared with each other.", i = "Compare a measure with a cut-off.")
  }
  at <- if (any(calls)) which(calls) else which(vapply(args, is.symbol, NA))
  if (!length(at)) {
    stop_place(place, "`", paste(deparse(args[[1]]), collapse = " "), "` is no measure of a variable.",
      i = paste0("Use the variable's name, or ", paste0(rule_measure_calls[-1], "()", collapse = ", "), "."))
  }
  if (at[1] == 2L) relation <- relation_flipped[[relation]]
  cutoff <- parse_cutoff(args[[3L - at[1]]], place)
  new_leaf(parse_measure(args[[at[1]]], place), relation, cutoff$text, NULL, cutoff$mid, place)
}

parse_between <- function(args, place) {
  names <- names(args) %||% rep("", length(args))
  if (any(!names %in% c("", "closed")) || sum(names == "") != 3L) {
    stop_place(place, "`between()` takes a measure and two cut-offs.",
      i = "Write between(change(hb), 1.0, 2.0), with closed = \"left\" if 2.0 itself is not meant.")
  }
  closed <- args[["closed"]] %||% "both"
  if (!is.character(closed) || !closed %in% closed_words) {
    stop_place(place, "`closed` must be one of ", quoted(closed_words), ".")
  }
  plain <- args[names == ""]
  if (!is_measure(plain[[1]])) {
    stop_place(place, "`", paste(deparse(plain[[1]]), collapse = " "), "` is no measure of a variable.")
  }
  cutoff <- lapply(plain[2:3], parse_cutoff, place)
  if (as.numeric(cutoff[[1]]$text) > as.numeric(cutoff[[2]]$text)) {
    stop_place(place, "`between()` holds ", cutoff[[1]]$text, " before ", cutoff[[2]]$text, ".",
      i = "The lower cut-off stands first.")
  }
  closed <- closed_keys[match(closed, closed_words)]
  new_leaf(parse_measure(plain[[1]], place), "between", c(cutoff[[1]]$text, cutoff[[2]]$text),
    strsplit(closed, " ")[[1]] == "TRUE", NULL, place)
}

# A bare name, a call of a measure, .data$x or .data[["x"]].
is_measure <- function(expr) {
  is.symbol(expr) || call_name(expr) %in% rule_measure_calls || is_pronoun(expr)
}

is_pronoun <- function(expr) {
  is.call(expr) && length(expr) == 3L && call_name(expr) %in% c("$", "[[") && identical(expr[[2]], quote(.data))
}

parse_measure <- function(expr, place) {
  if (!is.call(expr) || is_pronoun(expr)) {
    return(list(measure = "value", variable = variable_name(expr, place), parameters = NULL))
  }
  args <- as.list(expr)[-1]
  measure <- call_name(expr)
  if (measure == "at") {
    return(parse_at(args, place))
  }
  names <- names(args) %||% rep("", length(args))
  wanted <- if (measure == "rci") c("sd_baseline", "reliability")
  if (sum(names == "") != 1L || !setequal(names[names != ""], wanted)) {
    stop_place(place, if (measure == "rci")
      "`rci()` needs the variable, `sd_baseline` and `reliability`." else
      paste0("`", measure, "()` takes the name of one variable."),
      i = if (measure == "rci") "Write rci(score, sd_baseline = 7.5, reliability = 0.80) >= 1.96.")
  }
  list(measure = measure, variable = variable_name(args[names == ""][[1]], place),
    parameters = if (measure == "rci") rci_parameters(args, place))
}

# at(change(hb), "month 3"): a measure at a visit of its own, whichever visit is judged.
parse_at <- function(args, place) {
  names <- names(args) %||% rep("", length(args))
  if (length(args) != 2L || !all(names %in% c("", "visit")) || names[1] != "") {
    stop_place(place, "`at()` takes a measure and the name of a visit.", i = "Write at(change(hb), \"month 3\") >= 1.0.")
  }
  if (!is_measure(args[[1]]) || call_name(args[[1]]) %in% c("at", "baseline")) {
    stop_place(place, "`", paste(deparse(args[[1]]), collapse = " "), "` has no visit of its own.",
      i = if (call_name(args[[1]]) == "baseline") "The baseline is the same at every visit: leave out `at()`." else
        "Write at(change(hb), \"month 3\") >= 1.0.")
  }
  c(parse_measure(args[[1]], place), list(visit = visit_name(args[[2]], place)))
}

visit_name <- function(expr, place) {
  if (rlang::is_quosure(expr)) {
    place$env <- rlang::quo_get_env(expr)
    expr <- rlang::quo_get_expr(expr)
  }
  value <- if (is.symbol(expr) || is.call(expr)) evaluated_cutoff(expr, place) else expr
  if (is.factor(value)) value <- as.character(value)
  if (is.numeric(value) && length(value) == 1L && is.finite(value)) value <- number_decimal(value)
  if (!is.character(value) || length(value) != 1L || is.na(value) || !nzchar(value)) {
    stop_place(place, "`", paste(deparse(expr), collapse = " "), "` is no name of a visit.",
      i = "Write at(change(hb), \"month 3\") >= 1.0.")
  }
  value
}

rci_parameters <- function(args, place) {
  value <- function(name) as.numeric(parse_cutoff(args[[name]], place)$text)
  out <- list(sd_baseline = value("sd_baseline"), reliability = value("reliability"))
  if (out$sd_baseline <= 0) stop_place(place, "`sd_baseline` must be above 0.")
  if (out$reliability < 0 || out$reliability >= 1) stop_place(place, "`reliability` must be at least 0 and below 1.")
  out
}

variable_name <- function(expr, place) {
  if (is_pronoun(expr)) expr <- if (call_name(expr) == "$") as.character(expr[[3]]) else expr[[3]]
  if (is.symbol(expr)) expr <- as.character(expr)
  if (!is.character(expr) || length(expr) != 1L || is.na(expr) || !nzchar(expr)) {
    stop_place(place, "`", paste(deparse(expr), collapse = " "), "` is no name of a variable.",
      i = "Compute it as a column of the data first.")
  }
  expr
}

# Falls are changes with the sign turned.
new_leaf <- function(measure, relation, cutoff, closed, mid, place) {
  name <- measure$measure
  if (name %in% c("fall", "percent_fall")) {
    cutoff <- rev(vapply(cutoff, decimal_negated, "", USE.NAMES = FALSE))
    closed <- rev(closed)
    if (relation != "between") relation <- relation_flipped[[relation]]
  }
  name <- c(rise = "change", fall = "change", percent_rise = "percent_change", percent_fall = "percent_change")[name]
  measure$measure <- if (is.na(name)) measure$measure else unname(name)
  if (!is.null(mid) && !measure$measure %in% c("change", "percent_change")) {
    stop_place(place, "`mid()` is a change or a percent change.")
  }
  Filter(Negate(is.null), list(op = "compare", measure = measure$measure, variable = measure$variable, relation = relation,
    cutoff = cutoff, closed = closed, parameters = measure$parameters, visit = measure$visit, mid = mid))
}

# A cut-off: a number, decimal text, or in response_rule() an expression that gives one. mid(1.0, "source") marks a minimal
# important difference.
parse_cutoff <- function(expr, place) {
  if (rlang::is_quosure(expr)) {
    place$env <- rlang::quo_get_env(expr)
    expr <- rlang::quo_get_expr(expr)
  }
  if (call_name(expr) == "mid") {
    args <- unname(as.list(expr)[-1])
    source <- if (length(args) > 1L) args[[2]] else ""
    if (!length(args) || length(args) > 2L || !is.character(source) || length(source) != 1L) {
      stop_place(place, "`mid()` takes the difference and, if wanted, its source as text.")
    }
    return(list(text = parse_cutoff(args[[1]], place)$text, mid = source))
  }
  value <- typed_cutoff(expr)
  if (is.symbol(value) || is.call(value)) value <- evaluated_cutoff(expr, place)
  list(text = cutoff_text(value, expr, place), mid = NULL)
}

# Signs and brackets before decimal text leave it text.
typed_cutoff <- function(expr) {
  if (call_name(expr) == "(") {
    return(typed_cutoff(expr[[2]]))
  }
  if (!call_name(expr) %in% c("-", "+") || length(expr) != 2L) {
    return(expr)
  }
  inner <- typed_cutoff(expr[[2]])
  if (!is.character(inner) || !isTRUE(is_decimal(inner))) {
    return(expr)
  }
  if (call_name(expr) == "-") decimal_negated(inner) else inner
}

cutoff_text <- function(value, expr, place) {
  if (is.numeric(value) && length(value) == 1L && is.finite(value) && !inherits(value, c("Date", "POSIXt", "difftime"))) {
    return(number_decimal(value))
  }
  if (is.character(value) && length(value) == 1L && isTRUE(is_decimal(trimws(value)))) {
    return(sub("^[+]", "", trimws(value)))
  }
  shown <- if (is.atomic(value) && length(value) == 1L) paste0("`", value, "`") else
    paste0("`", paste(deparse(expr), collapse = " "), "`")
  stop_place(place, "the cut-off ", shown, " is no finite number of at most 15 digits.",
    i = if (is.logical(value)) "Compare with 0 or 1." else "Give a number, or its decimal text such as \"2.0\".")
}

evaluated_cutoff <- function(expr, place) {
  if (is.null(place$env)) {
    stop_place(place, "the cut-off `", paste(deparse(expr), collapse = " "), "` is no number.",
      i = "Text and files hold cut-offs as numbers; nothing in them is evaluated.")
  }
  tryCatch(rlang::eval_tidy(numbers_again(expr), env = place$env), error = function(cnd) {
    stop_place(place, "the cut-off `", paste(deparse(expr), collapse = " "), "` cannot be computed: ",
      conditionMessage(cnd))
  })
}

# In "0.1 + 0.2" the scanner made strings of the numbers.
numbers_again <- function(expr) {
  if (is.character(expr) && length(expr) == 1L && isTRUE(is_decimal(expr))) {
    return(as.numeric(expr))
  }
  if (is.call(expr)) expr[] <- lapply(as.list(expr), numbers_again)
  expr
}
