# Conditions as text, and back. A small scanner goes ahead of R's parser so that numbers keep the text that was typed and
# the words and, or, not can be used.

rule_token <- paste0("(*UCP)`(?:[^`\\\\]|\\\\.)*`|\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|",
  "(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[\\p{L}.][\\p{L}\\p{N}._]*|\\s+|[<>=!]=|.")

rule_signs <- c("\u2264" = "<=", "\u2265" = ">=", "\u2260" = "!=", "\u2212" = "-")

# The expression of a text; its numbers are strings now.
rule_expression <- function(text, level, call) {
  text <- enc2utf8(text)
  tokens <- regmatches(text, gregexpr(rule_token, text, perl = TRUE))[[1]]
  tokens <- ifelse(tokens %in% names(rule_signs), rule_signs[tokens], tokens)
  number <- grepl("^\\.?[0-9]", tokens)
  tokens[number] <- paste0("\"", tokens[number], "\"")
  tokens <- infix_words(tokens)
  parsed <- tryCatch(parse(text = paste(tokens, collapse = ""), keep.source = FALSE, encoding = "UTF-8"),
    error = function(cnd) NULL)
  if (length(parsed) != 1L) {
    stop_rule(c(paste0("Level `", level, "`: \"", text, "\" is no condition."),
      i = "Write for example \"change(hb) > 2.0\" or \"percent_change(units) <= -50 and units > 0\"."), level, call)
  }
  parsed[[1]]
}

# `and`, `or` between two operands and `not` before one; and(a, b), or(a, b), not(a) are calls.
infix_words <- function(tokens) {
  solid <- which(!grepl("^\\s+$", tokens))
  operand_end <- "[)`\"'\\p{L}\\p{N}._]$"
  for (k in seq_along(solid)) {
    i <- solid[k]
    word <- tolower(tokens[i])
    if (!tokens[i] %in% c("and", "or", "not", "AND", "OR", "NOT")) next
    after_operand <- k > 1L && grepl(operand_end, tokens[solid[k - 1L]], perl = TRUE)
    if (word == "not") {
      tokens[i] <- "!"
    } else if (after_operand) {
      tokens[i] <- if (word == "and") "&" else "|"
    }
  }
  tokens
}

# The grammar's own text of a condition, which reads back as the same condition.
node_text <- function(node, outer = "") {
  if (is.null(node)) {
    return("otherwise()")
  }
  if (node$op == "compare") {
    return(leaf_text(node))
  }
  if (node$op == "not") {
    return(paste0("!(", node_text(node$args[[1]]), ")"))
  }
  if (!is.null(node$at_least)) {
    return(paste0("at_least(", node$at_least, ", ", paste(vapply(node$of, node_text, ""), collapse = ", "), ")"))
  }
  sign <- if (node$op == "and") " & " else " | "
  out <- paste(vapply(node$args, node_text, "", outer = node$op), collapse = sign)
  if (outer %in% c("and", "or")) paste0("(", out, ")") else out
}

leaf_text <- function(leaf) {
  measure <- at_text(leaf)
  cutoff <- if (is.null(leaf$mid)) leaf$cutoff else
    paste0("mid(", leaf$cutoff, if (nzchar(leaf$mid)) paste0(", ", text_quoted(leaf$mid)), ")")
  if (leaf$relation != "between") {
    return(paste(measure, leaf$relation, cutoff))
  }
  closed <- closed_words[match(paste(leaf$closed, collapse = " "), closed_keys)]
  paste0("between(", measure, ", ", cutoff[1], ", ", cutoff[2], if (closed != "both") paste0(", closed = \"", closed, "\""),
    ")")
}

closed_words <- c("both", "left", "right", "none")
closed_keys <- c("TRUE TRUE", "TRUE FALSE", "FALSE TRUE", "FALSE FALSE")

measure_text <- function(leaf) {
  variable <- name_text(leaf$variable)
  if (leaf$measure == "value") {
    return(variable)
  }
  more <- vapply(names(leaf$parameters), function(name) {
    paste0(", ", name, " = ", number_decimal(leaf$parameters[[name]]))
  }, "")
  paste0(leaf$measure, "(", variable, paste(more, collapse = ""), ")")
}

at_text <- function(leaf) {
  measure <- measure_text(leaf)
  if (is.null(leaf$visit)) measure else paste0("at(", measure, ", ", text_quoted(leaf$visit), ")")
}

name_text <- function(x) {
  plain <- grepl("^([A-Za-z]|\\.(?![0-9]))[A-Za-z0-9._]*$", x, perl = TRUE) &&
    !tolower(x) %in% c("and", "or", "not", "otherwise") && make.names(x) == x
  if (plain) x else paste0("`", gsub("([`\\\\])", "\\\\\\1", x), "`")
}

text_quoted <- function(x) paste0("\"", gsub("([\"\\\\])", "\\\\\\1", x), "\"")
