# The words of a cohort's specification: conditions ("phenotype == NTDT & known(hb@12)"), quantities ("hb@3 - hb@0") and
# printed figures. Nothing is evaluated: every text is read by the small grammar below.
#
#   condition  := conjunction { "|" conjunction }
#   conjunction:= negation { "&" negation }
#   negation   := "!" negation | "(" condition ")" | "known" "(" column ")" | "all" | subset | category test
#   test       := "==" level | "!=" level | "%in%" "c" "(" level { "," level } ")"
#   quantity   := term { ("+" | "-") term }, term := [ whole number "*" ] column, column := name [ "@" visit ]

cohort_tokens <- function(text, what, call) {
  pattern <- "\"[^\"]*\"|'[^']*'|==|!=|>=|<=|%in%|[A-Za-z_][A-Za-z0-9_.]*|[0-9]+([.][0-9]+)?|[-+*&|!(),@~<>]"
  at <- gregexpr(pattern, text, perl = TRUE)[[1]]
  found <- if (at[1] > 0) regmatches(text, list(at))[[1]] else character()
  rest <- gsub("\\s", "", gsub(pattern, "", text, perl = TRUE))
  if (nzchar(rest)) {
    stop_input("word", c(paste0("`", rest, "` in ", what, " `", text, "` is not understood."),
      i = "Conditions are like `phenotype == NTDT & known(hb@12)`, quantities like `hb@3 - hb@0`."), "figures", call)
  }
  found
}

# A reader of tokens: peek(), take(), expect().
token_reader <- function(tokens, text, what, call) {
  at <- 1L
  fail <- function(wanted) {
    stop_input("word", paste0("In ", what, " `", text, "`: expected ", wanted, ", found ",
      if (at > length(tokens)) "the end" else paste0("`", tokens[at], "`"), "."), "figures", call)
  }
  list(
    peek = function() if (at > length(tokens)) "" else tokens[at],
    take = function() {
      at <<- at + 1L
      tokens[at - 1L]
    },
    expect = function(word) {
      if (at > length(tokens) || tokens[at] != word) fail(paste0("`", word, "`"))
      at <<- at + 1L
    },
    done = function() at > length(tokens),
    fail = fail
  )
}

bare_word <- function(token) gsub("^[\"']|[\"']$", "", token)

is_name_token <- function(token) grepl("^[A-Za-z_]", token)

read_column <- function(reader, world) {
  name <- reader$take()
  if (!is_name_token(name)) reader$fail("the name of a measurement")
  visit <- if (reader$peek() == "@") {
    reader$take()
    bare_word(reader$take())
  }
  column <- if (is.null(visit)) name else paste0(name, "@", visit)
  if (!column %in% world$columns) {
    stop_input("word", c(paste0("`", column, "` is not measured in this cohort."),
      i = paste0("Measured: ", quoted(world$columns, 40), ".")), "figures", world$call)
  }
  column
}

# Steps in reverse Polish notation: op, column (from 0) and levels (bits), a vector each.
op_codes <- c(all = 0L, test = 1L, conjunction = 2L, disjunction = 3L, negation = 4L)

condition_step <- function(op, column = 0L, levels = 0) {
  list(op = op_codes[[op]], column = as.integer(column), levels = as.double(levels))
}

join_steps <- function(...) Map(c, ...)

read_condition <- function(text, world, what = "condition") {
  reader <- token_reader(cohort_tokens(text, what, world$call), text, what, world$call)
  out <- read_disjunction(reader, world)
  if (!reader$done()) reader$fail("the end")
  out
}

read_disjunction <- function(reader, world) {
  out <- read_conjunction(reader, world)
  while (reader$peek() == "|") {
    reader$take()
    out <- join_steps(out, read_conjunction(reader, world), condition_step("disjunction"))
  }
  out
}

read_conjunction <- function(reader, world) {
  out <- read_negation(reader, world)
  while (reader$peek() == "&") {
    reader$take()
    out <- join_steps(out, read_negation(reader, world), condition_step("conjunction"))
  }
  out
}

read_negation <- function(reader, world) {
  token <- reader$peek()
  if (token == "!") {
    reader$take()
    return(join_steps(read_negation(reader, world), condition_step("negation")))
  }
  if (token == "(") {
    reader$take()
    out <- read_disjunction(reader, world)
    reader$expect(")")
    return(out)
  }
  if (!is_name_token(token)) reader$fail("a category, a subset or `known(`")
  reader$take()
  if (token == "known") {
    reader$expect("(")
    column <- read_column(reader, world)
    reader$expect(")")
    return(known_condition(column, world))
  }
  if (token == "all" && !token %in% names(world$categories)) {
    return(condition_step("all"))
  }
  if (token %in% names(world$categories)) {
    return(read_test(token, reader, world))
  }
  if (token %in% names(world$subsets)) {
    world$depth <- (world$depth %||% 0L) + 1L
    if (world$depth > 20L) reader$fail("a subset that does not name itself")
    return(read_condition(world$subsets[[token]], world, "subset"))
  }
  stop_input("word", c(paste0("`", token, "` is neither a category nor a subset."),
    i = paste0("Categories: ", quoted(names(world$categories), 20), "; subsets: ", quoted(names(world$subsets), 20), ".")),
    "figures", world$call)
}

read_test <- function(name, reader, world) {
  relation <- reader$take()
  if (!relation %in% c("==", "!=", "%in%")) reader$fail("`==`, `!=` or `%in%`")
  wanted <- bare_word(reader$take())
  if (relation == "%in%") {
    if (wanted != "c") reader$fail("`c(`")
    reader$expect("(")
    wanted <- bare_word(reader$take())
    while (reader$peek() == ",") {
      reader$take()
      wanted <- c(wanted, bare_word(reader$take()))
    }
    reader$expect(")")
  }
  levels <- world$categories[[name]]
  at <- match(wanted, levels)
  if (anyNA(at)) {
    stop_input("word", c(paste0("`", name, "` has no level ", quoted(wanted[is.na(at)]), "."),
      i = paste0("Levels: ", quoted(levels, 20), ". One with a space or a sign stands in quotes: `", name, " == \"not known\"`.")),
      "figures", world$call)
  }
  bits <- sum(2^(unique(at) - 1))
  if (relation == "!=") bits <- 2^length(levels) - 1 - bits
  condition_step("test", match(name, names(world$categories)) - 1L, bits)
}

known_condition <- function(column, world) {
  known <- world$known[[column]]
  if (known == "free") {
    return(condition_step("test", match(paste0("known ", column), names(world$categories)) - 1L, 2))
  }
  world$depth <- (world$depth %||% 0L) + 1L
  if (world$depth > 20L) stop_input("word", paste0("The condition of `", column, "` names itself."), "variables", world$call)
  read_condition(known, world, "known")
}

# Columns and their whole-number coefficients.
read_quantity <- function(text, world) {
  reader <- token_reader(cohort_tokens(text, "quantity", world$call), text, "quantity", world$call)
  columns <- character()
  coefficients <- numeric()
  sign <- 1
  repeat {
    coefficient <- 1
    if (grepl("^[0-9]+$", reader$peek())) {
      coefficient <- as.numeric(reader$take())
      reader$expect("*")
    }
    columns <- c(columns, read_column(reader, world))
    coefficients <- c(coefficients, sign * coefficient)
    if (reader$done()) break
    operator <- reader$take()
    if (operator == ",") reader$fail("one quantity, such as the difference `hb@3 - hb@0`, not two")
    if (!operator %in% c("+", "-")) reader$fail("`+` or `-`")
    sign <- if (operator == "-") -1 else 1
  }
  list(columns = columns, coefficients = coefficients)
}

# The closed interval that a printed figure stands for, on its own scale; printed() reads it. Of whole numbers "<5" is 4 or less.
printed_interval <- function(text, argument = "printed", call = NULL, whole = FALSE) {
  text <- trimws(as.character(text))
  read <- function(one) {
    figure <- tryCatch(parse_printed(one, argument, call), respondr_error_figure = function(cnd) NULL)
    if (!is.null(figure) && !anyNA(unclass(figure)$value)) figure
  }
  figure <- unclass(read(text))
  if (is.null(figure)) {
    wrong <- vapply(text, function(one) is.null(read(one)), NA)
    stop_input("number", c(paste0("A printed figure is ", quoted(text[wrong]), "."),
      i = "Give the decimal text as it is printed, for example \"6.80\" or \"<0.001\"."), argument, call)
  }
  value <- figure$value
  half <- 0.5 * 10^-figure$decimals
  slack <- 1e-12 * (abs(value) + half)
  below <- figure$bound == "<"
  above <- figure$bound == ">"
  one <- ifelse(whole & !grepl("^.=|^[\u2264\u2265]", text), 1, 0)
  data.frame(value = value, decimals = figure$decimals,
    low = ifelse(below, -Inf, ifelse(above, value + one, value - half - slack)),
    high = ifelse(above, Inf, ifelse(below, value - one, value + half + slack)))
}
